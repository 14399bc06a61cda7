//! The part of the walk that runs queries.

use super::Walk;
use serde_json::{Value, json};

/// Jobs from their issue to their result.
pub fn jobs(walk: &mut Walk) {
    walk.ok("GET", "/v3/job/list", None);
    let text = "SELECT 'one' AS word";
    let first = issue(walk, json!({"query": text, "priority": 1, "retry_limit": 2, "pool_name": "p"}));
    while walk.ok("GET", &format!("/v3/job/status/{first}"), None)["status"] != "success" {}
    let shown = walk.ok("GET", &format!("/v3/job/show/{first}"), None);
    assert_eq!(shown["query"], text);
    let result = walk.ok("GET", &format!("/v3/job/result/{first}?header=true&nullify_special=true"), None);
    assert_eq!(result, "word\none\n");
    let failed = issue(walk, json!({"query": "SELECT * FROM nothing"}));
    while walk.ok("GET", &format!("/v3/job/status/{failed}"), None)["status"] != "error" {}
    walk.ok("GET", &format!("/v3/job/show/{failed}"), None);
    walk.platform.control("pace", json!({"jobs": "never"}));
    let endless = issue(walk, json!({"query": text}));
    walk.ok("GET", &format!("/v3/job/show/{endless}"), None);
    assert_eq!(walk.ok("POST", &format!("/v3/job/kill/{endless}"), None)["job_id"], endless.as_str());
    walk.ok("GET", "/v3/job/list", None);
    walk.platform.control("pace", json!({"jobs": "now"}));
    for (path, status) in [("show/1", 404), ("status/1", 404), ("result/1", 404)] {
        assert_eq!(walk.say("GET", &format!("/v3/job/{path}"), None, &[]).0, status, "{path}");
    }
}

fn issue(walk: &mut Walk, body: Value) -> String {
    let answer = walk.ok("POST", "/v3/job/issue/trino/web_events", Some(body));
    answer["job_id"].as_str().expect("a job has an id").to_owned()
}

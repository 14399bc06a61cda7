//! How far a job is: virtual time, kills, faults, restarts.

use super::{ended, issue, issue_as, result, rows, succeeded, table};
use crate::common::Platform;
use serde_json::{Value, json};
use tdx_rt::sandbox::Options;

/// A query that runs until it is stopped.
const ENDLESS: &str = "SELECT count(*) FROM numbers a, numbers b, numbers c, numbers d, numbers e \
                       WHERE a.n + b.n + c.n + d.n + e.n < 0";

fn status(platform: &Platform, id: &str) -> Value {
    platform.get(&format!("/v3/job/status/{id}"))["status"].clone()
}

fn numbers(platform: &Platform) {
    let records: Vec<Value> = (0..100).map(|n| json!({"n": n})).collect();
    table(platform, "numbers", &records);
}

#[test]
fn a_job_from_its_issue_to_its_result() {
    let platform = Platform::start();
    table(&platform, "visits", &[json!({"page": "a", "n": 1}), json!({"page": "b", "n": 2})]);
    let id = succeeded(&platform, "SELECT page, n FROM visits ORDER BY n");
    let job = platform.get(&format!("/v3/job/show/{id}"));
    let time = "2025-11-01 00:00:00 UTC";
    assert_eq!(
        (&job["created_at"], &job["start_at"], &job["end_at"]),
        (&json!(time), &json!(time), &json!(time))
    );
    assert_eq!((&job["num_records"], &job["duration"]), (&json!(2), &json!(0)));
    assert_eq!(job["hive_result_schema"], r#"[["page","varchar"],["n","bigint"]]"#);
    assert_eq!(job["debug"]["stderr"], Value::Null);
    let printed = job["debug"]["cmdout"].as_str().expect("a string");
    assert!(
        printed.starts_with("started at 2025-11-01 00:00:00 UTC\nexecuting query: SELECT page"),
        "{printed}"
    );
    let (_, _, packed) = result(&platform, &id, "format=msgpack.gz", &[]);
    assert_eq!(job["result_size"], packed.len());
    // The listing has the same fields.
    let listed = platform.get("/v3/job/list");
    let mut fields = job.as_object().expect("an object").clone();
    fields.remove("debug");
    assert_eq!(listed, json!({"count": 1, "from": null, "to": null, "jobs": [fields]}));
    for path in ["show/999", "status/999", "result/999", "show/x", "show/00"] {
        let (status, answer) = platform.request("GET", &format!("/v3/job/{path}"), None);
        assert!(
            status == 404 && answer["error"].as_str().is_some_and(|e| e.contains("Couldn't find Job")),
            "{answer}"
        );
    }
    assert_eq!(platform.request("POST", "/v3/job/kill/999", None).0, 404);
}

#[test]
fn an_error_is_in_the_engines_words() {
    let platform = Platform::start();
    let id = issue(&platform, "SELECT 1 FROM nothing");
    let job = ended(&platform, &id);
    assert_eq!((&job["status"], &job["hive_result_schema"]), (&json!("error"), &Value::Null));
    let words = job["debug"]["stderr"].as_str().expect("a string");
    assert!(
        words.starts_with("Query 20251101_000000_") && words.contains("_tdxrt failed: line 1:15: Table "),
        "{words}"
    );
    assert!(words.ends_with("does not exist"), "{words}");
    assert!(job["debug"]["cmdout"].as_str().is_some_and(|text| text.contains(words)), "{job}");
    let (status, _, _) = result(&platform, &id, "format=json", &[]);
    assert_eq!(status, 404);
    let (status, answer) = issue_as(&platform, "hive", json!({"query": "SELECT 1"}));
    assert_eq!(status, 200, "{answer}");
    let job = ended(&platform, answer["job_id"].as_str().expect("an id"));
    assert!(
        job["status"] == "error" && job["debug"]["stderr"].as_str().is_some_and(|e| e.contains("type trino"))
    );
    assert_eq!(job["type"], "hive");
}

#[test]
fn each_pace() {
    let platform = Platform::start();
    platform.control("pace", json!({"jobs": "90s"}));
    let id = issue(&platform, "SELECT 1");
    // Its query has ended by the time that another one has.
    platform.control("pace", json!({"jobs": "now"}));
    succeeded(&platform, "SELECT 2");
    platform.advance(89);
    let running = platform.get(&format!("/v3/job/show/{id}"));
    assert_eq!(
        (&running["status"], &running["end_at"], &running["num_records"]),
        (&json!("running"), &json!(""), &Value::Null)
    );
    assert_eq!(running["hive_result_schema"], Value::Null);
    assert_eq!(result(&platform, &id, "format=json", &[]).0, 404, "not yet");
    platform.advance(100);
    let job = platform.get(&format!("/v3/job/show/{id}"));
    assert_eq!((&job["status"], &job["duration"]), (&json!("success"), &json!(90)));
    assert_eq!(job["end_at"], "2025-11-01 00:01:30 UTC");
    platform.control("pace", json!({"jobs": "3reads"}));
    let id = issue(&platform, "SELECT 1");
    platform.control("pace", json!({"jobs": "now"}));
    succeeded(&platform, "SELECT 2");
    let seen: Vec<Value> = (0..4).map(|_| status(&platform, &id)).collect();
    assert_eq!(seen, ["running", "running", "running", "success"]);
}

#[test]
fn the_list_in_parts() {
    let platform = Platform::start();
    let ids: Vec<String> = (0..25).map(|n| succeeded(&platform, &format!("SELECT {n}"))).collect();
    let failed = issue(&platform, "SELECT");
    ended(&platform, &failed);
    let listed = |query: &str| {
        let list = platform.get(&format!("/v3/job/list{query}"));
        let jobs = list["jobs"].as_array().expect("a list").iter();
        let ids: Vec<String> = jobs.map(|job| job["job_id"].as_str().expect("an id").to_owned()).collect();
        assert_eq!(list["count"], ids.len());
        ids
    };
    let latest: Vec<String> = ids.iter().rev().cloned().collect();
    assert_eq!((listed("").len(), &listed("")[0], &listed("")[1]), (20, &failed, &latest[0]));
    assert_eq!(listed("?from=1&to=3"), latest[..3]);
    assert_eq!(listed("?from=20"), latest[19..]);
    assert_eq!(listed("?from=0&to=1&status=success"), latest[..2]);
    assert_eq!(listed("?status=error"), [failed]);
    assert_eq!(listed("?status=booting"), Vec::<String>::new());
    for bad in ["?from=-1", "?to=x", "?status=done"] {
        assert_eq!(platform.request("GET", &format!("/v3/job/list{bad}"), None).0, 422, "{bad}");
    }
}

#[test]
fn a_kill_stops_a_query_at_once() {
    let platform = Platform::start();
    numbers(&platform);
    // More than run at once: the last ones are queued.
    let jobs: Vec<String> = (0..6).map(|_| issue(&platform, ENDLESS)).collect();
    assert_eq!(status(&platform, &jobs[5]), "queued");
    let kill = |id: &str| platform.request("POST", &format!("/v3/job/kill/{id}"), None).1;
    assert_eq!(kill(&jobs[5]), json!({"job_id": jobs[5], "former_status": "queued"}));
    platform.advance(7);
    let begun = std::time::Instant::now();
    for id in &jobs[..5] {
        assert_eq!(kill(id)["job_id"], id.as_str());
    }
    // Their threads are free again.
    assert_eq!(rows(&platform, "SELECT 5"), [json!([5])]);
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    let job = ended(&platform, &jobs[0]);
    assert_eq!((&job["status"], &job["end_at"]), (&json!("killed"), &json!("2025-11-01 00:00:07 UTC")));
    assert_eq!((&job["duration"], &job["debug"]["stderr"]), (&json!(7), &Value::Null));
    assert_eq!(kill(&jobs[0])["former_status"], "killed");
    let done = succeeded(&platform, "SELECT 1");
    assert_eq!(kill(&done)["former_status"], "success");
    assert_eq!(status(&platform, &done), "success", "it stays as it is");
    assert_eq!(result(&platform, &jobs[0], "format=json", &[]).0, 404);
}

#[test]
fn faults_of_jobs() {
    let platform = Platform::start();
    let rule = json!({"kind": "fail_later", "operation": "POST /v3/job/issue/{}/{}", "message": "line 1:1: no luck"});
    platform.control("faults", rule);
    let job = ended(&platform, &issue(&platform, "SELECT 1"));
    assert_eq!(job["status"], "error");
    assert!(
        job["debug"]["stderr"].as_str().is_some_and(|text| text.ends_with("failed: line 1:1: no luck")),
        "{job}"
    );
    let id = succeeded(&platform, "SELECT 1");
    for operation in
        ["GET /v3/job/status/{}", "GET /v3/job/show/{}", "GET /v3/job/result/{}", "POST /v3/job/kill/{}"]
    {
        platform.control("faults", json!({"kind": "status", "status": 503, "operation": operation}));
        let (method, path) = operation.split_once(' ').expect("two words");
        assert_eq!(platform.request(method, &path.replace("{}", &id), None).0, 503, "{operation}");
    }
    platform.control(
        "faults",
        json!({"kind": "status", "status": 429, "path": "/v3/job/issue", "retry_after": 3}),
    );
    assert_eq!(issue_as(&platform, "trino", json!({"query": "SELECT 1"})).0, 429);
    assert_eq!(platform.get("/v3/job/list?status=success")["count"], 1, "nothing was issued");
}

#[test]
fn jobs_are_kept_over_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = || Options { state: Some(folder.path().to_owned()), ..Options::default() };
    let platform = Platform::with(options());
    numbers(&platform);
    let (status, answer) = issue_as(&platform, "trino", json!({"query": "SELECT 7 AS n", "domain_key": "k"}));
    assert_eq!(status, 200, "{answer}");
    let id = answer["job_id"].as_str().expect("an id").to_owned();
    let before = ended(&platform, &id);
    let endless = issue(&platform, ENDLESS);
    platform.stop();
    let platform = Platform::with(options());
    let mut after = platform.get(&format!("/v3/job/show/{id}"));
    // Its address is that of another sandbox.
    after["url"] = before["url"].clone();
    assert_eq!(after, before);
    assert_eq!(result(&platform, &id, "format=json", &[]).2, b"[7]\n");
    assert_eq!(platform.get("/v3/job/status_by_domain_key/k")["job_id"], id.as_str());
    let stopped = platform.get(&format!("/v3/job/show/{endless}"));
    assert_eq!(stopped["status"], "error");
    assert!(
        stopped["debug"]["stderr"].as_str().is_some_and(|text| text.contains("was stopped")),
        "{stopped}"
    );
    // A reset forgets them, and their results.
    platform.control("reset", json!({}));
    assert_eq!(platform.get("/v3/job/list")["jobs"], json!([]));
    let left = std::fs::read_dir(folder.path().join("results")).expect("a folder").count();
    assert_eq!(left, 0);
}

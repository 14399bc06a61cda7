//! Runs of a parent segment.

use super::PS;
use crate::common::Platform;
use serde_json::{Value, json};
use tdx_rt::sandbox::Options;

fn run(platform: &Platform) -> (u16, Value) {
    platform.request("POST", &format!("{PS}/run"), None)
}

fn executions(platform: &Platform) -> Value {
    platform.get(&format!("{PS}/executions"))
}

fn states(platform: &Platform) -> Vec<Value> {
    executions(platform).as_array().expect("a list").iter().map(|run| run["status"].clone()).collect()
}

#[test]
fn a_run_takes_its_time_and_there_is_one_at_once() {
    let platform = Platform::start();
    platform.control("pace", json!({"runs": "1200s"}));
    assert_eq!(executions(&platform), json!([]));
    let (status, begun) = run(&platform);
    assert_eq!((status, &begun["status"], &begun["finishedAt"]), (200, &json!("running"), &Value::Null));
    assert_eq!(begun["audienceId"], "394649");
    let (status, refused) = run(&platform);
    assert_eq!((status, refused["code"].as_str()), (409, Some("conflict")), "{refused}");
    assert!(refused["message"].as_str().is_some_and(|text| text.contains("running already")), "{refused}");
    // Another parent segment has a workflow of its own.
    assert_eq!(platform.request("POST", "/audiences/394651/run", None).0, 200, "real-time is not needed");
    platform.control("clock", json!({"advance_seconds": 1_199}));
    assert_eq!(states(&platform), ["running"]);
    platform.control("clock", json!({"advance_seconds": 3_600}));
    let ended = &executions(&platform)[0];
    assert_eq!(
        (&ended["status"], &ended["finishedAt"]),
        (&json!("success"), &json!("2025-11-01T00:20:00.000Z"))
    );
    assert_eq!(platform.get(PS)["matrixUpdatedAt"], ended["finishedAt"]);
    assert_eq!(run(&platform).0, 200);
    assert_eq!(states(&platform), ["running", "success"], "latest first");
    for path in ["/audiences/1/run", "/audiences/0394649/run", "/audiences/x/run"] {
        assert_eq!(platform.request("POST", path, None).0, 404, "{path}");
    }
    assert_eq!(platform.request("GET", "/audiences/1/executions", None).0, 404);
}

#[test]
fn each_pace_of_a_run() {
    let platform = Platform::start();
    for (pace, seen) in [("now", vec!["success"]), ("2reads", vec!["running", "running", "success"])] {
        platform.control("pace", json!({"runs": pace}));
        assert_eq!(run(&platform).0, 200, "{pace}");
        let first = |_| executions(&platform)[0]["status"].clone();
        assert_eq!((0..seen.len()).map(first).collect::<Vec<_>>(), seen, "{pace}");
    }
    platform.control("pace", json!({"runs": "never"}));
    assert_eq!(run(&platform).0, 200);
    platform.control("clock", json!({"advance_seconds": 1_000_000}));
    assert_eq!(states(&platform)[0], "running");
    let (status, refused) = platform.request("POST", "/_sandbox/pace", Some(json!({"runs": "inconsistent"})));
    assert!(
        status == 400 && refused["message"].as_str().is_some_and(|text| text.contains("never")),
        "{refused}"
    );
    assert_eq!(platform.get("/_sandbox/pace"), json!({"runs": "never", "jobs": "now"}));
}

#[test]
fn a_run_can_fail() {
    let platform = Platform::start();
    platform.control("faults", json!({"kind": "fail_later", "operation": "POST /audiences/{}/run"}));
    platform.control("pace", json!({"runs": "1s"}));
    let (status, begun) = run(&platform);
    assert_eq!((status, &begun["status"]), (200, &json!("running")));
    platform.control("clock", json!({"advance_seconds": 1}));
    assert_eq!(states(&platform), ["error"]);
    assert_eq!(platform.get(PS)["matrixUpdatedAt"], platform.get(PS)["createdAt"], "nothing is refreshed");
}

#[test]
fn runs_are_kept_over_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = || Options { state: Some(folder.path().to_owned()), ..Options::default() };
    let platform = Platform::with(options());
    platform.control("pace", json!({"runs": "3600s"}));
    let (_, begun) = run(&platform);
    platform.stop();
    let platform = Platform::with(options());
    assert_eq!(executions(&platform), json!([begun]));
    platform.control("clock", json!({"advance_seconds": 3_600}));
    assert_eq!(states(&platform), ["success"]);
    assert_eq!(platform.get("/_sandbox/pace")["runs"], "3600s");
}

/// How many customers of the parent segment have the address of the imported one.
fn customers_of_that_name(platform: &Platform) -> Value {
    let rule = json!({"type": "And", "conditions": [{"type": "Value", "leftValue": {"name": "email"}, "exclude": false,
        "arrayMatching": null, "operator": {"type": "Equal", "rightValue": "new@example.com", "not": false}}]});
    let body = json!({"name": format!("New {}", platform.requests().len()), "rule": rule});
    let (status, segment) = platform.request("POST", &format!("{PS}/segments"), Some(body));
    assert_eq!(status, 200, "{segment}");
    segment["population"].clone()
}

#[test]
fn imported_records_are_read_by_the_next_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = || Options { state: Some(folder.path().to_owned()), ..Options::default() };
    let platform = Platform::with(options());
    platform.control("pace", json!({"runs": "now"}));
    let key = format!("TD1 {}", platform.api_key);
    let record = json!({"customer_id": "c-new", "email": "new@example.com"}).to_string().into_bytes();
    let path = "/v3/table/import/crm/customers/json";
    assert_eq!(platform.raw("PUT", path, &[("authorization", &key)], record).0, 200);
    let population = |platform: &Platform| platform.get(PS)["population"].as_u64().expect("a number");
    let before = population(&platform);
    assert_eq!(customers_of_that_name(&platform), 0, "not yet");
    assert_eq!(run(&platform).1["status"], "success");
    assert_eq!((population(&platform), customers_of_that_name(&platform)), (before + 1, json!(1)));
    platform.stop();
    let platform = Platform::with(options());
    assert_eq!(
        (population(&platform), customers_of_that_name(&platform)),
        (before + 1, json!(1)),
        "after a restart"
    );
}

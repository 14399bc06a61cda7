//! `ps-run`: a parent segment is run, and a run that is under way is followed.

use super::{PS, configured, said};
use crate::common::{Output, Platform};
use serde_json::{Value, json};

fn run(platform: &Platform, more: &[&str]) -> Output {
    platform.tdx(&[&["ps-run", PS][..], more].concat()).run()
}

fn started(platform: &Platform) -> usize {
    platform.requests().iter().filter(|line| line.starts_with("POST")).count()
}

/// A platform on which a run takes as many looks as `pace` says.
fn paced(pace: &str) -> Platform {
    let platform = configured();
    platform.control("pace", json!({"runs": pace}));
    platform.forget_requests();
    platform
}

const WAIT: [&str; 3] = ["--wait", "--interval", "5ms"];

#[test]
fn a_run_begins_and_is_followed_to_its_end() {
    let platform = paced("4reads");
    let begun = run(&platform, &[]).document();
    assert_eq!(
        (&begun["run"]["action"], &begun["run"]["status"], &begun["run"]["finished_at"]),
        (&json!("started"), &json!("running"), &Value::Null)
    );
    let followed = run(&platform, &WAIT).document();
    assert_eq!(
        (&followed["run"]["action"], &followed["run"]["id"]),
        (&json!("followed"), &begun["run"]["id"])
    );
    assert_eq!(followed["run"]["status"], "success");
    assert!(followed["run"]["finished_at"].is_string(), "{followed}");
    assert_eq!(started(&platform), 1, "nothing runs twice: {:?}", platform.requests());
    // The next one is another run.
    let next = run(&platform, &[]).document();
    assert_eq!(next["run"]["action"], "started");
    assert_ne!(next["run"]["id"], begun["run"]["id"]);
}

#[test]
fn time_that_is_up_leaves_it_running() {
    let platform = paced("1000reads");
    let error = run(&platform, &["--timeout", "0"]).error(8, "not-ready");
    assert!(said(&error, "message").contains("is still 'running' after 0ns"), "{error}");
    assert_eq!((&error["retryable"], &error["details"]["run"]["action"]), (&json!(true), &json!("started")));
    assert_eq!(run(&platform, &[]).document()["run"]["action"], "followed");
    assert_eq!(started(&platform), 1);
}

#[test]
fn a_run_that_fails_is_an_error() {
    let platform = paced("2reads");
    platform
        .control("faults", json!({"kind": "fail_later", "operation": "POST /audiences/{}/run", "count": 1}));
    let error = run(&platform, &WAIT).error(1, "run-failed");
    assert!(said(&error, "message").ends_with("ended with 'error'"), "{error}");
    assert_eq!(error["details"]["run"]["status"], "error");
    // Without a wait it has begun, whatever becomes of it.
    assert_eq!(run(&platform, &WAIT).document()["run"]["status"], "success");
}

#[test]
fn a_lost_answer_begins_no_second_run() {
    let platform = paced("5reads");
    let lost = json!({"kind": "commit_then_drop", "operation": "POST /audiences/{}/run", "count": 1});
    platform.control("faults", lost);
    let begun = run(&platform, &[]).document();
    assert_eq!((&begun["run"]["action"], started(&platform)), (&json!("started"), 1));
    // One that never arrived is not repeated either: the platform may have begun it.
    let platform = paced("5reads");
    let refused = json!({"kind": "status", "status": 500, "operation": "POST /audiences/{}/run", "count": 1});
    platform.control("faults", refused);
    let error = run(&platform, &[]).error(9, "server");
    assert!(said(&error, "hint").contains("no run has begun; run the same command again"), "{error}");
}

#[test]
fn imported_values_are_new_after_it() {
    let platform = paced("now");
    let document = run(&platform, &WAIT).document();
    assert_eq!(document["parent_segment"], json!({"id": PS, "name": "Customer 360"}));
    assert_eq!(document["run"]["status"], "success");
    let planned = run(&platform, &["--dry-run"]).document();
    let request = &planned["requests"][0];
    assert_eq!((&request["method"], &request["body"]), (&json!("POST"), &Value::Null));
    platform.tdx(&["ps-run", "Customer 36"]).run().error(3, "not-found");
}

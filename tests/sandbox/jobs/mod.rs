//! Jobs of the TD API, and what the vendor's clients do with tables.

mod bodies;

use crate::common::Platform;
use serde_json::Value;

fn issue_as(platform: &Platform, kind: &str, body: Value) -> (u16, Value) {
    platform.request("POST", &format!("/v3/job/issue/{kind}/web_events"), Some(body))
}

/// The job once its query has ended, which takes real time.
#[track_caller]
fn ended(platform: &Platform, id: &str) -> Value {
    for _ in 0..100_000 {
        let status = platform.get(&format!("/v3/job/status/{id}"));
        if !["queued", "running"].contains(&status["status"].as_str().expect("a word")) {
            return platform.get(&format!("/v3/job/show/{id}"));
        }
    }
    panic!("the job {id} does not end");
}

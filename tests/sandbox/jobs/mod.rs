//! Jobs of the TD API, and what the vendor's clients do with tables.

mod bodies;
mod client;
mod imports;
mod life;
mod results;

use crate::common::Platform;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

/// Issues a job as the contract says; its id.
#[track_caller]
fn issue(platform: &Platform, query: &str) -> String {
    let (status, answer) = issue_as(platform, "trino", json!({"query": query}));
    assert_eq!(status, 200, "{answer}");
    answer["job_id"].as_str().expect("a job has an id").to_owned()
}

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

/// A job that has ended in success; its id.
#[track_caller]
fn succeeded(platform: &Platform, query: &str) -> String {
    let id = issue(platform, query);
    let job = ended(platform, &id);
    assert_eq!(job["status"], "success", "{query}: {job}");
    id
}

/// The result: status, headers and bytes. `options`: `format=json&header=true`.
fn result(
    platform: &Platform,
    id: &str,
    options: &str,
    headers: &[(&str, &str)],
) -> (u16, HeaderMap, Vec<u8>) {
    let key = format!("TD1 {}", platform.api_key);
    let headers = [&[("authorization", key.as_str())], headers].concat();
    platform.raw("GET", &format!("/v3/job/result/{id}?{options}"), &headers, Vec::new())
}

/// The rows of a result.
#[track_caller]
fn rows(platform: &Platform, query: &str) -> Vec<Value> {
    let id = succeeded(platform, query);
    let (status, _, bytes) = result(platform, &id, "format=json", &[]);
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert_eq!(status, 200, "{text}");
    text.lines().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect()
}

/// Imports records into a table of `web_events` that is made for them.
#[track_caller]
fn table(platform: &Platform, name: &str, records: &[Value]) {
    let made = platform.request("POST", &format!("/v3/table/create/web_events/{name}/log"), None);
    assert_eq!(made.0, 200, "{}", made.1);
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let (status, answer) =
        put(platform, &format!("/v3/table/import/web_events/{name}/json"), lines.join("\n").into_bytes());
    assert_eq!(status, 200, "{answer}");
}

fn put(platform: &Platform, path: &str, body: Vec<u8>) -> (u16, Value) {
    let key = format!("TD1 {}", platform.api_key);
    let headers = [("authorization", key.as_str()), ("content-type", "application/octet-stream")];
    let (status, _, answer) = platform.raw("PUT", path, &headers, body);
    (status, crate::common::body(&answer))
}

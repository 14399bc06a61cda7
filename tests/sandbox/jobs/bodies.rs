//! Every way to issue a job.

use super::{ended, issue_as};
use crate::common::Platform;
use serde_json::{Value, json};

fn send(platform: &Platform, query: &str, media: &str, body: &str) -> (u16, Value) {
    let key = format!("TD1 {}", platform.api_key);
    let mut headers = vec![("authorization", key.as_str())];
    if !media.is_empty() {
        headers.push(("content-type", media));
    }
    let path = format!("/v3/job/issue/trino/web_events{query}");
    let (status, _, answer) = platform.raw("POST", &path, &headers, body.as_bytes().to_vec());
    (status, crate::common::body(&answer))
}

const MULTIPART: &str = "multipart/form-data; boundary=b0undary";

/// As urllib3 writes it for td-client-python.
fn multipart(fields: &[(&str, &str)]) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    format!("{}--b0undary--\r\n", fields.iter().map(part).collect::<String>())
}

#[test]
fn a_body_in_each_form() {
    let platform = Platform::start();
    let sql = "SELECT 'a&b=c', \"time\" FROM pageviews -- \u{e4}";
    let form = "query=SELECT+%27a%26b%3Dc%27%2C+%22time%22+FROM+pageviews+--+%C3%A4&priority=1&retry_limit=2";
    let query = format!("?{form}");
    let parts = multipart(&[("query", sql), ("priority", "1"), ("retry_limit", "2")]);
    let json = json!({"query": sql, "priority": 1, "retry_limit": 2, "unknown": [1]}).to_string();
    for (query, media, body) in [
        ("", "application/json; charset=utf-8", json.as_str()),
        ("", "application/x-www-form-urlencoded", form),
        ("", MULTIPART, parts.as_str()),
        (query.as_str(), "", ""),
        // td-client-java sends an empty object with it where there is a configuration.
        (query.as_str(), "application/json", "{}"),
    ] {
        let (status, answer) = send(&platform, query, media, body);
        assert_eq!(status, 200, "{media}: {answer}");
        assert_eq!((&answer["job"], &answer["database"]), (&answer["job_id"], &json!("web_events")));
        let job = ended(&platform, answer["job_id"].as_str().expect("an id"));
        assert_eq!(
            (&job["query"], &job["priority"], &job["retry_limit"]),
            (&json!(sql), &json!(1), &json!(2))
        );
        assert_eq!((&job["type"], &job["database"]), (&json!("trino"), &json!("web_events")));
    }
    // The journal shows each of them alike.
    let requests = platform.get("/_sandbox/requests?method=POST");
    for entry in requests["requests"].as_array().expect("a list").iter().take(3) {
        assert_eq!(entry["body"]["query"], sql, "{entry}");
    }
}

#[test]
fn what_is_wrong_with_a_job_is_said() {
    let platform = Platform::start();
    let (status, answer) = issue_as(&platform, "pig", json!({"query": "x"}));
    assert!(status == 422 && answer["error"].as_str().is_some_and(|text| text.contains("'pig'")), "{answer}");
    let path = "/v3/job/issue/trino/nothing";
    assert_eq!(platform.request("POST", path, Some(json!({"query": "SELECT 1"}))).0, 404);
    for (status, media, body) in [
        (422, "", ""),
        (422, "application/json", "{}"),
        (422, "application/json", "{\"query\": \"\"}"),
        (422, "application/json", "{\"query\": 5}"),
        (422, "application/json", "{\"query\": \"SELECT 1\", \"priority\": 3}"),
        (422, "application/json", "{\"query\": \"SELECT 1\", \"priority\": \"high\"}"),
        (422, "application/json", "{\"query\": \"SELECT 1\", \"retry_limit\": -1}"),
        (422, "application/json", "{\"query\": \"SELECT 1\", \"scheduled_time\": \"soon\"}"),
        (400, "application/json", "{\"query\": "),
        (400, "application/json", "[]"),
        (415, "text/plain", "SELECT 1"),
        (415, "", "SELECT 1"),
        (400, MULTIPART, "--b0undary\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nSELECT 1"),
        (400, "multipart/form-data", "x"),
    ] {
        let (found, answer) = send(&platform, "", media, body);
        assert!(found == status && answer["error"].is_string(), "{media} {body}: {found} {answer}");
    }
    assert_eq!(platform.get("/v3/job/list")["jobs"], json!([]), "nothing was issued");
}

#[test]
fn a_domain_key_belongs_to_one_job() {
    let platform = Platform::start();
    let job =
        |query: &str| issue_as(&platform, "presto", json!({"query": query, "domain_key": "k/1 \u{e4}"}));
    let (status, first) = job("SELECT 1");
    assert_eq!(status, 200, "{first}");
    let (status, refused) = job("SELECT 2");
    assert_eq!(status, 409, "{refused}");
    assert_eq!(refused["details"]["conflicts_with"], first["job_id"], "where td-client-java looks");
    let found = platform.get("/v3/job/status_by_domain_key/k%2F1%20%C3%A4");
    assert_eq!(found["job_id"], first["job_id"]);
    assert_eq!(platform.request("GET", "/v3/job/status_by_domain_key/other", None).0, 404);
    assert_eq!(platform.get("/v3/job/list")["count"], 1);
    let long = "k".repeat(256);
    assert_eq!(issue_as(&platform, "trino", json!({"query": "SELECT 1", "domain_key": long})).0, 422);
}

#[test]
fn no_password_is_kept() {
    let platform = Platform::start();
    let secret = "mysql://me:s3cret@db.example.com/x";
    let (status, answer) = issue_as(&platform, "trino", json!({"query": "SELECT 1", "result": secret}));
    assert_eq!(status, 200, "{answer}");
    let job = ended(&platform, answer["job_id"].as_str().expect("an id"));
    assert_eq!(
        (&job["status"], &job["result"]),
        (&json!("error"), &json!("mysql://me:***@db.example.com/x"))
    );
    assert!(job["debug"]["stderr"].as_str().is_some_and(|text| text.contains("without 'result'")), "{job}");
    send(&platform, &format!("?query=SELECT+1&result={secret}&priority=0"), "", "");
    let journal = platform.get("/_sandbox/requests").to_string();
    assert!(!journal.contains("s3cret") && journal.contains("result=[hidden]&priority=0"), "{journal}");
    assert!(!journal.contains(&platform.api_key));
}

//! What `-v` and `-vv` report.

use crate::cli::{PS, configured, said};
use crate::common::{Platform, Tdx};
use serde_json::{Value, json};

/// The writes that `-vv` reported, with the bodies that stand below them.
pub fn writes(stderr: &str) -> Vec<Value> {
    let mut writes: Vec<Value> = Vec::new();
    let mut reading = false;
    for line in stderr.lines() {
        if let Some(body) = line.strip_prefix("  ") {
            assert!(!reading, "a read has no body: {stderr}");
            writes.last_mut().unwrap()["body"] = serde_json::from_str(body).unwrap();
        } else if let [method, url, _status, ..] = line.split(' ').collect::<Vec<_>>()[..]
            && url.starts_with("http")
        {
            reading = method == "GET";
            if !reading {
                writes.push(json!({"method": method, "url": url, "body": null}));
            }
        }
    }
    writes
}

/// The same as the sandbox's journal has it, which keeps no events.
pub fn as_in_the_journal(mut write: Value) -> Value {
    let url = write["url"].as_str().unwrap();
    if !["/audiences/", "/entities/", "/v4/"].iter().any(|part| url.contains(part)) {
        write["body"] = Value::Null;
    }
    write
}

/// Times and sizes are other ones each time.
fn shape(stderr: &str, url: &str) -> String {
    let numbers = regex::Regex::new(r"\d+\.\d ms|\d+ bytes").unwrap();
    let shorter = stderr.replace(url, "URL");
    let shape = numbers.replace_all(&shorter, |found: &regex::Captures<'_>| {
        found[0].split(' ').next_back().map_or(String::new(), |unit| format!("N {unit}"))
    });
    shape.into_owned()
}

const EVENT: [&str; 5] = ["rt-events", "--ps", PS, "--event", "view=web_events.legacy_clicks"];

#[test]
fn one_v_tells_requests_tries_and_the_total() {
    let platform = Platform::start();
    platform.control(
        "faults",
        json!({"kind": "status", "status": 429, "operation": "POST /audiences/{}/realtime_key_events"}),
    );
    let output = platform.tdx(&[&EVENT[..], &["-v"]].concat()).run();
    assert_eq!(output.code, 0);
    let mut lines: Vec<String> = shape(&output.stderr, &platform.url).lines().map(str::to_owned).collect();
    // These are sent at once.
    lines[1..4].sort();
    assert_eq!(
        lines,
        [
            "GET URL/entities/parent_segments/394649 200 N ms",
            "GET URL/audiences/394649/realtime_key_events 200 N ms",
            "GET URL/audiences/394649/realtime_setting 200 N ms",
            "GET URL/v3/table/show/web_events/legacy_clicks 200 N ms",
            "POST URL/audiences/394649/realtime_key_events 429 N ms",
            "POST URL/audiences/394649/realtime_key_events 200 N ms (try 2)",
            "GET URL/audiences/394649/realtime_key_events 200 N ms",
            "7 requests in N ms",
        ]
    );
    let quiet = platform.tdx(&[&EVENT[..], &["-vv", "-q"]].concat()).run();
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
}

#[test]
fn two_tell_bodies_and_sizes() {
    let platform = Platform::start();
    let output = platform.tdx(&[&EVENT[..], &["-vv", "--error-format", "json"]].concat()).run();
    let shape = shape(&output.stderr, &platform.url);
    let lines: Vec<&str> = shape.lines().collect();
    assert_eq!(
        &lines[4..],
        [
            "POST URL/audiences/394649/realtime_key_events 200 N ms, N bytes",
            r#"  {"name":"view","databaseName":"web_events","tableName":"legacy_clicks","filterRule":{"type":"And","conditions":[]}}"#,
            "GET URL/audiences/394649/realtime_key_events 200 N ms, N bytes",
            "6 requests in N ms",
        ]
    );
    assert!(
        lines[..4].iter().all(|line| line.starts_with("GET ") && line.ends_with(" 200 N ms, N bytes")),
        "{shape}"
    );
}

#[test]
fn an_error_comes_after_all_that_is_reported() {
    let platform = Platform::start();
    let output = platform.tdx(&["rt-events", "delete", "nothing", "--ps", PS, "-v"]).run();
    assert_eq!((output.code, output.stdout.as_str()), (3, ""));
    let lines: Vec<&str> = output.stderr.lines().collect();
    assert!(lines[lines.len() - 2].starts_with("8 requests in "), "{lines:?}");
    let error: Value = serde_json::from_str(lines[lines.len() - 1]).unwrap();
    assert_eq!(said(&error["error"], "code"), "not-found");
    let offline = Tdx::new(&["config", "-vv"]).run();
    assert_eq!((offline.code, offline.stderr.as_str()), (0, ""), "no request, nothing to report");
}

#[test]
fn a_connection_that_breaks_is_reported_too() {
    let platform = Platform::start();
    platform.control("faults", json!({"kind": "reset", "operation": "GET /audiences/{}/realtime_setting"}));
    let output = platform.tdx(&["rt-keys", "list", "--ps", PS, "-vv"]).run();
    assert_eq!(output.code, 0);
    let shape = shape(&output.stderr, &platform.url);
    assert!(shape.contains("GET URL/audiences/394649/realtime_setting no answer N ms\n"), "{shape}");
    assert!(
        shape.contains("GET URL/audiences/394649/realtime_setting 200 N ms (try 2), N bytes\n"),
        "{shape}"
    );
}

#[test]
fn secrets_are_in_nothing_that_is_reported() {
    let platform = configured();
    let key = platform.api_key.split_once('/').unwrap().1;
    let canary = format!("1/1/{}", "beadfeed".repeat(4));
    let create = ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "views"];
    platform.tdx(&create).run().document();
    // Even where the user makes the secret a part of what is sent.
    let field = format!("td_path={canary}");
    let in_key = format!("td_client_id={}", platform.api_key);
    let test = ["pz-test", "--ps", PS, "--personalization", "web", "--trigger", "page_view"];
    let test =
        [&test[..], &["--interval", "5ms", "--token", &canary, "--key", &in_key, "--field", &field]].concat();
    let output = platform.tdx(&[&test[..], &["-vv"]].concat()).run();
    assert_eq!(output.code, 4, "{}", output.stderr);
    assert!(!output.stderr.contains(key) && !output.stderr.contains(&canary), "{}", output.stderr);
    assert!(output.stderr.contains(r#""td_path":"****""#), "{}", output.stderr);
    for command in [
        &create[..],
        &["rt-keys", "--ps", PS, "--key", "email"],
        &["export", PS],
        &["sandbox", "settle", "never"],
    ] {
        for how in ["--dry-run", "--curl", "-v", "-vv"] {
            let output = platform.tdx(&[command, &[how]].concat()).env("TDX_RT_TOKEN", &canary).run();
            assert_eq!(output.code, 0, "{command:?} {how}: {output:?}");
            for text in [&output.stdout, &output.stderr] {
                assert!(!text.contains(key) && !text.contains(&canary), "{command:?} {how}: {output:?}");
            }
        }
    }
}

//! The connections of a plan's activations are checked before the first write.

use super::{BASE, PS, said};
use crate::common::{Output, Platform, Tdx};
use serde_json::{Value, json};

/// The demo data and one connection of another connector.
fn platform() -> Platform {
    let platform = Platform::start();
    let other = json!({"auth_type": "salesforce_mc_out", "auth_name": "sf", "direction": "out", "auth": {"client_id": "x"}});
    let (status, made) = platform.request("POST", "/v4/streaming_task_auths", Some(other));
    assert_eq!(status, 200, "{made}");
    platform.forget_requests();
    platform
}

/// A plan with much to write before its journey.
fn plan(activation: &Value) -> String {
    let journeys = json!([{"name": "j", "trigger_event": "page_view", "steps": [activation]}]);
    format!("{BASE}journeys: {journeys}\n")
}

fn webhook(connection: &str, url: &str) -> Value {
    json!({"activate": "webhook", "connection": connection, "url": url})
}

const GOOD: &str = "https://hooks.example.com/in";

/// The connections that will not do: what is said of each, and the exit code.
fn cases() -> Vec<(&'static str, Value, i32, &'static str)> {
    let raw = |kind: &str| json!({"activate": "connection", "connection": "sf", "connector_type": kind, "parameters": {}});
    vec![
        ("a wrong name", webhook("demo_wbehook", GOOD), 3, "unknown-connection"),
        ("a name like no other", webhook("weather", GOOD), 3, "unknown-connection"),
        ("a wrong id", webhook("424242", GOOD), 3, "unknown-connection"),
        ("another type", webhook("sf", GOOD), 6, "wrong-connection"),
        ("another type, of a connector", raw("braze_out"), 6, "wrong-connection"),
        (
            "outside the prefix",
            webhook("demo_webhook", "https://hooks.example.org/in"),
            6,
            "wrong-connection",
        ),
        (
            "outside the prefix by its scheme",
            webhook("8501", "http://hooks.example.com/in"),
            6,
            "wrong-connection",
        ),
    ]
}

fn commands(platform: &Platform, plan: &str) -> Vec<Output> {
    let steps: [&[&str]; 3] = [&["apply", "-"], &["diff", "-"], &["apply", "-", "--dry-run"]];
    steps.iter().map(|arguments| platform.tdx(arguments).stdin(plan).run()).collect()
}

fn errors(output: &Output) -> Vec<String> {
    let report: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    let found = report["findings"].as_array().unwrap().iter();
    // A warning of its own that plain http gets.
    let found = found.filter(|finding| finding["code"] != "plain-http");
    found.map(|finding| format!("{} {}", said(finding, "severity"), said(finding, "code"))).collect()
}

#[test]
fn a_connection_that_will_not_do_leaves_zero_writes() {
    let platform = platform();
    for (what, activation, exit_code, finding) in cases() {
        let plan = plan(&activation);
        for output in commands(&platform, &plan) {
            assert_eq!((output.code, output.stdout.as_str()), (exit_code, ""), "{what}: {output:?}");
        }
        let live = platform.tdx(&["validate", "--live"]).stdin(plan).run();
        assert_eq!(errors(&live), [format!("error {finding}")], "{what}");
        assert_eq!(platform.writes(), Vec::<String>::new(), "{what}");
    }
}

#[test]
fn journey_create_checks_as_well() {
    let platform = super::configured();
    let other = json!({"auth_type": "salesforce_mc_out", "auth_name": "sf", "direction": "out", "auth": {}});
    platform.request("POST", "/v4/streaming_task_auths", Some(other));
    platform.forget_requests();
    for (what, activation, exit_code, _) in cases() {
        let journeys = json!([{"name": "j", "trigger_event": "page_view", "steps": [activation]}]);
        let plan = json!({"parent_segment_id": PS, "journeys": journeys});
        let output = platform.tdx(&["journey-create"]).stdin(plan.to_string()).run();
        assert_eq!((output.code, output.stdout.as_str()), (exit_code, ""), "{what}: {output:?}");
        assert_eq!(platform.writes(), Vec::<String>::new(), "{what}");
    }
}

#[test]
fn what_fits_is_written_without_a_word() {
    let platform = platform();
    let raw = json!({"activate": "connection", "connection": "sf", "connector_type": "salesforce_mc_out", "parameters": {}});
    let unnamed = json!({"activate": "webhook", "url": "https://other.example.com/in"});
    for activation in [webhook("demo_webhook", GOOD), webhook("8501", GOOD), raw, unnamed] {
        platform.control("reset", json!({}));
        let other =
            json!({"auth_type": "salesforce_mc_out", "auth_name": "sf", "direction": "out", "auth": {}});
        platform.request("POST", "/v4/streaming_task_auths", Some(other));
        let plan = plan(&activation);
        let live = platform.tdx(&["validate", "--live"]).stdin(plan.clone()).run();
        assert_eq!(errors(&live), Vec::<String>::new(), "{activation}");
        let output = platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(plan).run();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{activation}");
    }
}

/// The listing is no published operation: every kind of failure to answer.
#[test]
fn without_the_listing_a_warning_says_what_was_not_checked() {
    for fault in [
        json!({"status": 404}),
        json!({"status": 403}),
        json!({"status": 501}),
        json!({"kind": "html"}),
        json!({"kind": "redirect", "status": 302, "location": "/"}),
    ] {
        let platform = platform();
        let mut rule = json!({"operation": "GET /v4/streaming_task_auths", "count": 100});
        rule.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
        platform.control("faults", rule);
        let good = plan(&webhook("demo_webhook", GOOD));
        let live = platform.tdx(&["validate", "--live", "--retries", "0"]).stdin(good.clone()).run();
        assert_eq!(
            (live.code, errors(&live)),
            (0, vec!["warning connection-unchecked".to_owned()]),
            "{fault}"
        );
        let strict =
            platform.tdx(&["validate", "--live", "--strict", "--retries", "0"]).stdin(good.clone()).run();
        assert_eq!(strict.code, 2, "{fault}");
        let output = platform.tdx(&["apply", "-", "--retries", "0", "--interval", "5ms"]).stdin(good).run();
        let warning: Value = serde_json::from_str(&output.stderr).unwrap();
        assert_eq!(
            (output.code, &warning["warning"]["code"]),
            (0, &json!("connection-unchecked")),
            "{output:?}"
        );
        assert!(said(&warning["warning"], "message").contains("'j_activation'"), "{warning}");
    }
}

#[test]
fn a_refusal_after_writes_says_exactly_what_was_written() {
    let platform = platform();
    platform
        .control("faults", json!({"operation": "GET /v4/streaming_task_auths", "status": 404, "count": 100}));
    let output = platform
        .tdx(&["apply", "-", "--interval", "5ms"])
        .stdin(plan(&webhook("demo_webhook", "https://hooks.example.org/in")))
        .run();
    let text = output.stderr.lines().last().unwrap();
    let error = &serde_json::from_str::<Value>(text).unwrap()["error"];
    assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{output:?}");
    let written = error["details"]["written"].as_array().unwrap();
    let written: Vec<String> =
        written.iter().map(|one| format!("{} {}", said(one, "method"), said(one, "path"))).collect();
    // The last write of the journal is the one that was refused.
    let mut sent = platform.writes();
    let refused = sent.pop().unwrap();
    assert!(refused.contains("/activations") && sent.len() > 3, "{refused} {sent:?}");
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list
    };
    assert_eq!(sorted(written), sorted(sent));
    assert!(
        said(error, "hint").contains("written before it: PATCH /audiences/394649/realtime_setting"),
        "{error}"
    );
}

#[test]
fn an_error_before_any_write_names_none() {
    let error = Tdx::new(&["apply", "/nowhere.yaml"]).run().error(3, "not-found");
    assert!(error.get("details").is_none(), "{error}");
}

//! `--jq` is checked against the schema of the output before anything is asked or written.

use super::{PS, said};
use crate::common::{Output, Platform};
use serde_json::{Value, json};

#[track_caller]
fn refused(platform: &Platform, output: &Output, message: &str) -> Value {
    let error = output.error(2, "jq");
    assert_eq!(said(&error, "message"), message);
    assert!(said(&error, "hint").contains("--no-jq-check"), "{error}");
    assert_eq!(platform.requests(), Vec::<String>::new());
    error
}

#[test]
fn a_field_that_cannot_be_there_is_an_error_before_any_request() {
    let platform = Platform::start();
    let run = |arguments: &[&str]| platform.tdx(arguments).run();
    for (arguments, message) in [
        (
            &["ps-check", "--jq", ".[] | select(.redy) | .name"][..],
            "--jq: there is no field 'redy' in .[]; did you mean 'ready'?",
        ),
        (
            &["ps-check", PS, "--jq", ".rt_statsu"],
            "--jq: there is no field 'rt_statsu' in .; did you mean 'rt_status'?",
        ),
        (
            &["rt-events", "list", "--ps", PS, "--jq", ".[].databse"],
            "--jq: there is no field 'databse' in .[]; did you mean 'database'?",
        ),
        (
            &["rt-events", "list", "--ps", PS, "--jq", ".[].tableName"],
            "--jq: there is no field 'tableName' in .[]; did you mean 'table'?",
        ),
        (
            &["rt-attrs", "list", "--ps", PS, "--jq", ".[].realtimeKeyEventId"],
            "--jq: there is no field 'realtimeKeyEventId' in .[]; did you mean 'source_event_id'?",
        ),
        (
            &["sandbox", "requests", "--jq", ".requests[].at_ms"],
            "--jq: there is no field 'at_ms' in .requests[]; did you mean 'at'?",
        ),
        (
            &["rt-keys", "list", "--ps", PS, "--jq", ".[].validRegexp"],
            "--jq: there is no field 'validRegexp' in .[]; did you mean 'valid_regex'?",
        ),
        (
            &[
                "rt-events",
                "--ps",
                PS,
                "--event",
                "pv=web_events.pageviews",
                "--jq",
                ".parent_segment.rt_state",
            ],
            "--jq: there is no field 'rt_state' in .parent_segment; did you mean 'rt_status'?",
        ),
        (
            &[
                "rt-events",
                "--ps",
                PS,
                "--event",
                "pv=web_events.pageviews",
                "--dry-run",
                "--jq",
                ".request[].method",
            ],
            "--jq: there is no field 'request' in .; did you mean 'requests'?",
        ),
        (
            &["config", "--jq", ".site.vlaue"],
            "--jq: there is no field 'vlaue' in .site; did you mean 'value'?",
        ),
    ] {
        let output = run(arguments);
        let error = output.error(2, "jq");
        assert!(said(&error, "message").starts_with(message), "{error}");
        assert_eq!(platform.requests(), Vec::<String>::new(), "{arguments:?}");
    }
    refused(
        &platform,
        &platform.tdx(&["ps-check", "-", "--jq", ".result.redy"]).stdin("394649\n").run(),
        "--jq: there is no field 'redy' in .result; did you mean 'ready'?",
    );
}

#[test]
fn keys_of_ones_own_pass_through_and_may_be_asked_for() {
    let platform = Platform::start();
    let plan = json!({
        "parent_segment_id": PS, "team": {"lead": "ann"},
        "events": [{"name": "pv", "database": "web_events", "table": "pageviews", "ticket": 7}],
    })
    .to_string();
    let run = |filter: &str| platform.tdx(&["rt-events", "--jq", filter]).stdin(plan.clone()).run();
    let found = run("[.team.lead, .events[0].ticket, .events[0].action] | @csv");
    assert_eq!((found.code, found.stdout.as_str()), (0, "\"ann\",7,\"created\"\n"), "{found:?}");
    platform.forget_requests();
    refused(
        &platform,
        &run(".events[0].tickt"),
        "--jq: there is no field 'tickt' in .events[]; did you mean 'ticket'?",
    );
}

#[test]
fn the_check_can_be_left_out_or_answered_in_the_filter() {
    let platform = Platform::start();
    let run = |arguments: &[&str]| platform.tdx(&[&["ps-check", PS], arguments].concat()).run();
    assert_eq!(run(&["--jq", ".nothing", "--no-jq-check"]).stdout, "null\n");
    assert_eq!(run(&["--jq", ".nothing?"]).stdout, "null\n");
    assert_eq!(run(&["--jq", "has(\"nothing\")"]).stdout, "false\n");
    run(&["--no-jq-check"]).error(2, "usage");
}

#[test]
fn the_form_that_the_arguments_ask_for_is_known() {
    let platform = Platform::start();
    let run = |arguments: &[&str]| platform.tdx(arguments).run();
    // One parent segment is an object, several are a list: what fits only the other is refused.
    run(&["ps-check", "--jq", ".name"]).error(2, "jq");
    run(&["ps-check", PS, "--jq", ".[].redy"]).error(2, "jq");
    assert_eq!(run(&["ps-check", PS, "--jq", ".name"]).stdout, "Customer 360\n");
}

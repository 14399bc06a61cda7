//! How commands end early: Ctrl-C, SIGTERM and `--deadline`. That they end is what is tested: one that did not
//! would hang the test.

use super::{PS, Written, said, setting};
use crate::common::{Platform, Running, Tdx, side_by_side};
use serde_json::{Value, json};
use std::fs::File;
use std::net::TcpListener;

/// The error of a command that has ended.
#[track_caller]
fn ended(running: Running, exit_code: i32, code: &str) -> Value {
    let (ended, line) = running.end();
    let error: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {ended} {line}"));
    assert_eq!((ended, &error["error"]["code"]), (exit_code, &json!(code)), "{error}");
    assert_eq!(error["error"]["exit_code"], exit_code);
    error["error"].clone()
}

/// A command that reports its requests, once it has reported the first.
fn reporting(tdx: Tdx) -> Running {
    let mut running = tdx.spawn();
    assert!(running.has_reported().contains("GET "));
    running
}

#[test]
fn a_filter_without_an_end_is_ended() {
    let platform = Platform::start();
    for (signal, exit_code, code) in [("INT", 130, "interrupted"), ("TERM", 143, "terminated")] {
        let running = reporting(platform.tdx(&["ps-check", PS, "-v", "--jq", "def f: f; f"]));
        running.signal(signal);
        let error = ended(running, exit_code, code);
        assert_eq!(said(&error, "hint"), "nothing was written");
    }
    let running = platform.tdx(&["ps-check", PS, "--deadline", "10ms", "--jq", "def f: f; f"]).spawn();
    let error = ended(running, 8, "deadline");
    assert_eq!(error["retryable"], true);
    // Twice, whatever it has said by then.
    let running = reporting(platform.tdx(&["ps-check", PS, "-v", "--jq", "def f: f; f"]));
    running.signal("INT");
    running.signal("INT");
    assert_eq!(running.end().0, 130);
}

/// What a thread says in place of a command that can't goes through the same filter.
#[test]
fn it_shows_no_credential() {
    let platform = Platform::start();
    // A key that is not in use, and that a path has a part of.
    let tdx = platform.tdx(&[
        "rt-keys",
        "--ps",
        PS,
        "--key",
        "target",
        "-v",
        "--interval",
        "5ms",
        "--jq",
        "def f: f; f",
    ]);
    let running = tdx.env("TD_API_KEY", "1/realtime_setting").spawn();
    let mut running = running;
    while platform.writes().is_empty() {
        if running.has_ended() {
            panic!("{:?}", running.end());
        }
        std::thread::yield_now();
    }
    running.signal("INT");
    let error = ended(running, 130, "interrupted");
    assert!(error["details"]["written"][0]["method"] == "PATCH", "{error}");
    assert!(!error.to_string().contains("realtime_setting"), "{error}");
}

#[test]
fn a_reader_that_reads_nothing_is_not_waited_for() {
    let platform = Platform::start();
    // More than a pipe holds.
    let running = reporting(platform.tdx(&["ps-check", PS, "-v", "--jq", "[range(100000)]"]));
    running.signal("TERM");
    ended(running, 143, "terminated");
}

#[test]
fn a_lock_of_another_process_is_not_waited_for() {
    let platform = Platform::start();
    let state = tempfile::tempdir().unwrap();
    let plan = Written::new("plan.yaml", super::BASE);
    let lock = File::create(state.path().join("ownership.lock")).unwrap();
    lock.lock().unwrap();
    let tdx = platform.tdx(&["apply", plan.path(), "-v", "--interval", "5ms"]);
    let running = reporting(tdx.env("TDX_RT_STATE_DIR", state.path().to_str().unwrap()));
    running.signal("INT");
    let error = ended(running, 130, "interrupted");
    assert_eq!(said(&error, "hint"), "nothing was written");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn a_wait_is_ended() {
    let platform = Platform::start();
    platform.control("settle", json!({"ps": PS, "status": "updating"}));
    for command in
        [&["ps-check", PS, "--wait=1h", "-v"][..], &["rt-attrs", "--ps", PS, "--import", "city", "-v"]]
    {
        let running = reporting(platform.tdx(command));
        running.signal("TERM");
        ended(running, 143, "terminated");
    }
}

/// Runs a command until its first `PATCH` is carried out and not answered, and interrupts it then.
fn interrupted_at_a_write(platform: &Platform, tdx: Tdx) -> Value {
    platform.forget_requests();
    platform.control("faults", json!({"kind": "endless", "method": "PATCH"}));
    let running = tdx.spawn();
    let is_struck = |entry: &Value| entry["fault"] == "endless";
    while !platform.get("/_sandbox/requests")["requests"].as_array().unwrap().iter().any(is_struck) {
        std::thread::yield_now();
    }
    running.signal("INT");
    ended(running, 130, "interrupted")
}

#[test]
fn it_says_what_was_written_and_what_was_under_way() {
    // Its lookup key, which cannot be taken back, is set.
    let platform = super::plans::platform();
    let state = tempfile::tempdir().unwrap();
    let tdx =
        |arguments: &[&str]| platform.tdx(arguments).env("TDX_RT_STATE_DIR", state.path().to_str().unwrap());
    tdx(&["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"]).run().document();
    let before = setting(&platform);
    for command in [&["rt-keys", "--ps", PS, "--key", "email", "--interval", "5ms"][..], &["undo", "--yes"]] {
        let error = interrupted_at_a_write(&platform, tdx(command));
        let hint = said(&error, "hint");
        assert!(hint.contains("what was sent before stays"), "{error}");
        assert!(
            hint.contains("PATCH /audiences/394649/realtime_setting (perhaps: its answer was lost)"),
            "{error}"
        );
        assert_eq!(error["details"]["written"][0]["confirmed"], false);
    }
    assert_eq!(setting(&platform), before, "the undo of what was interrupted was carried out as well");
}

#[test]
fn a_deadline_ends_a_command_between_two_writes() {
    let platform = Platform::start();
    let plan = Written::new("plan.yaml", super::BASE);
    // The first write is answered after the time is over.
    platform.control("faults", json!({"kind": "slow", "delay_ms": 2_500, "method": "PATCH"}));
    let tdx = platform.tdx(&["apply", plan.path(), "--deadline", "1500ms", "--interval", "5ms"]);
    let error = tdx.run().error(8, "deadline");
    let written = error["details"]["written"].as_array().unwrap();
    assert_eq!(written.len(), platform.writes().len(), "{error}");
    assert!(written.iter().all(|write| write["confirmed"] == true), "{error}");
    assert_eq!(written[0]["method"], "PATCH");
    let again = platform.tdx(&["apply", plan.path(), "--deadline", "10m", "--interval", "5ms"]).run();
    assert_eq!(again.code, 0, "{again:?}");
}

/// A test event counts as a write does: none begins when the time is over, and one that is under way is waited for.
#[test]
fn a_deadline_ends_test_events() {
    let web = ["--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "last"];
    let later =
        ["--ps", PS, "--name", "later", "--trigger", "page_view", "--webhook", "http://127.0.0.1:9/in"];
    let test = ["pz-test", "--ps", PS, "--personalization", "web", "--trigger", "page_view"];
    let people: Vec<String> = (0..40).map(|i| format!("u{i}")).collect();
    let cases = [
        ([&test[..], &["--key", "td_client_id=u1", "--repeat", "40"]].concat(), String::new()),
        ([&test[..], &["-", "--key", "td_client_id", "--concurrency", "2"]].concat(), people.join("\n")),
        (vec!["journey-test", "later", "--ps", PS, "--key", "td_client_id=u1"], String::new()),
    ];
    side_by_side(cases, |(arguments, stdin)| {
        let (platform, state) = (super::configured(), tempfile::tempdir().unwrap());
        let tdx = |arguments: &[&str]| {
            platform.tdx(arguments).env("TDX_RT_STATE_DIR", state.path().to_str().unwrap())
        };
        tdx(&[&["pz-create"], &web[..]].concat()).run().document();
        tdx(&[&["journey-create"], &later[..], &["--launch", "--interval", "5ms"]].concat()).run().document();
        platform.forget_requests();
        platform.control("faults", json!({"kind": "slow", "delay_ms": 1_500, "method": "POST", "count": 0}));
        let command = tdx(&[&arguments[..], &["--deadline", "1s"]].concat()).stdin(stdin);
        let output = command.run();
        platform.request("DELETE", "/_sandbox/faults", None);
        let sent = platform.requests().iter().filter(|line| line.starts_with("POST /web_events")).count();
        let answered = output.stdout.lines().filter(|line| line.contains("\"ok\":true")).count();
        let stderr = output.stderr.lines().last().unwrap();
        let error = &serde_json::from_str::<Value>(stderr).unwrap()["error"];
        assert_eq!((output.code, &error["code"]), (8, &json!("deadline")), "{arguments:?}: {output:?}");
        assert!((1..=2).contains(&sent), "{arguments:?}: {sent}");
        if arguments.contains(&"-") {
            assert_eq!(answered, sent, "{output:?}");
            assert!(output.stdout.lines().count() < 10, "{output:?}");
        }
    });
}

#[test]
fn a_deadline_ends_what_only_reads() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let tdx = Tdx::new(&["ps-check", PS, "--deadline", "50ms"]);
    let error = tdx.env("TDX_RT_ENDPOINT", &url).env("TDX_API_KEY", "1/x").run().error(8, "deadline");
    assert!(said(&error, "message").contains("--deadline (50ms)"), "{error}");
    assert_eq!(said(&error, "hint"), "nothing was written");
}

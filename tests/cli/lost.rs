//! Changes whose document cannot be printed: they are distinguished from changes that were not made, and
//! the document is kept.

use super::{PS, Written, configured, said};
use crate::common::{Platform, Tdx, binary};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PLAN: &str = include_str!("../../examples/web-personalization.yaml");

/// Kinds of values that a step of the filter does not go with, for commands that read and write.
#[test]
fn a_filter_for_another_kind_of_document_is_refused_before_any_request() {
    let platform = configured();
    let plan = Written::new("plan.yaml", PLAN);
    platform.forget_requests();
    for (command, filter) in [
        (&["rt-attrs", "list", "--ps", PS][..], ".name"),
        (&["rt-events", "list", "--ps", PS], ".name"),
        (&["rt-events", "list", "--ps", PS], ".[].name[]"),
        (&["apply", plan.path()], ".[0]"),
        (&["apply", plan.path()], ".summary[0]"),
        (&["apply", plan.path()], ".events.name"),
        (&["apply", plan.path()], ".service.token[]"),
        (&["pz-create", "-f", plan.path()], ".[0]"),
        (&["rt-keys", "-f", plan.path()], ".parent_segment[0]"),
        (&["undo", "-y", "--ps", PS], ".[0].journal"),
        (&["journey-create", "list", "--ps", PS], ".id"),
    ] {
        let output = platform.tdx(&[command, &["--jq", filter]].concat()).run();
        let error = output.error(2, "jq");
        assert!(said(&error, "message").contains("does not go with that"), "{command:?} {filter}: {error}");
        assert!(said(&error, "hint").contains("--no-jq-check"), "{error}");
    }
    assert_eq!(platform.requests(), Vec::<String>::new());
}

/// An error of exit code 11, with the document that was not printed.
#[track_caller]
fn lost(error: &Value) -> &Value {
    assert_eq!(
        (&error["code"], &error["exit_code"], &error["retryable"]),
        (&"output-lost".into(), &11.into(), &false.into())
    );
    assert!(said(error, "message").starts_with("the changes were made, but the output is lost: "), "{error}");
    &error["details"]["document"]
}

#[test]
fn a_filter_that_fails_after_the_writes_exits_11_and_keeps_the_document() {
    let platform = Platform::start();
    let plan = Written::new("plan.yaml", PLAN);
    let state = tempfile::tempdir().unwrap();
    let run = |tdx: Tdx| tdx.env("TDX_RT_STATE_DIR", state.path().to_str().unwrap()).run();
    let failing = ["--interval", "5ms", "--jq", ".summary | error(\"no\")"];
    let error = run(platform.tdx(&[&["apply", plan.path()], &failing[..]].concat())).error(11, "output-lost");
    let document = lost(&error);
    assert_eq!(document["service"]["action"], "created");
    assert!(Path::new(document["journal"].as_str().unwrap()).exists());
    assert_eq!(error["details"]["cause"], "jq");
    let token = document["service"]["token"].as_str().unwrap();
    assert!(token.contains("****"), "the token is kept, and in no log: {token}");
    // The same plan again changes nothing: the same failure is one of the filter alone.
    let error = run(platform.tdx(&[&["apply", plan.path()], &failing[..]].concat())).error(2, "jq");
    assert!(!said(&error, "message").contains("changes were made"), "{error}");
    let applied = run(platform.tdx(&["apply", plan.path(), "--interval", "5ms"])).document();
    assert!(!applied["service"]["token"].as_str().unwrap().contains("****"), "it was kept");
    // Every other command that writes.
    let fail = ["--jq", "error(\"no\")"];
    for command in [
        &["rt-events", "--ps", PS, "--event", "more=web_events.pageviews"][..],
        &["rt-attrs", "--ps", PS, "--counter", "n=more"],
        &["rt-attrs", "delete", "n", "--ps", PS],
        &["rt-events", "delete", "more", "--ps", PS],
        &["undo", "-y", "--ps", PS, "--interval", "5ms"],
        &["sandbox", "clock", "advance", "1h"],
    ] {
        let error = run(platform.tdx(&[command, &fail].concat())).error(11, "output-lost");
        lost(&error);
    }
    for command in
        [&["ps-check"][..], &["rt-events", "list", "--ps", PS], &["config"], &["sandbox", "health"]]
    {
        run(platform.tdx(&[command, &fail].concat())).error(2, "jq");
    }
}

/// Runs a script in `sh` with the binary on PATH and the sandbox as the platform.
fn sh(platform: &Platform, dir: &Path, text: &str) -> Output {
    let bin = binary().parent().unwrap();
    Command::new("sh")
        .args(["-c", text])
        .env_clear()
        .env("HOME", dir)
        .env("PATH", format!("{}:{}", bin.display(), std::env::var("PATH").unwrap()))
        .envs([("TDX_RT_ENDPOINT", platform.url.as_str()), ("TDX_API_KEY", platform.api_key.as_str())])
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn an_output_that_fails_after_the_writes_exits_11_and_keeps_the_document() {
    let platform = Platform::start();
    for (index, script) in [
        "W > /dev/full",
        // Files may grow to 200 KiB, and this one has them already.
        "head -c 204800 /dev/zero > out; trap '' XFSZ; ulimit -f 400; W >> out",
        "head -c 204800 /dev/zero > out; trap '' XFSZ; ulimit -f 400; W -o /dev/fd/3 3>> out",
    ]
    .into_iter()
    .enumerate()
    {
        let dir = tempfile::tempdir().unwrap();
        let command = format!("tdx-rt rt-events --ps {PS} --event view{index}=web_events.pageviews");
        let output = sh(&platform, dir.path(), &script.replace('W', &command));
        let said: Value =
            serde_json::from_slice(&output.stderr).unwrap_or_else(|e| panic!("{e}: {output:?}"));
        assert_eq!(output.status.code(), Some(11), "{script}: {output:?}");
        let document = lost(&said["error"]);
        assert_eq!(document["events"][0]["action"], "created", "{script}");
        assert_eq!(said["error"]["details"]["cause"], "io");
    }
    // As text, the document follows the message.
    let dir = tempfile::tempdir().unwrap();
    let command =
        format!("tdx-rt rt-events --ps {PS} --event view9=web_events.pageviews --error-format text");
    let output = sh(&platform, dir.path(), &format!("{command} > /dev/full"));
    assert_eq!(output.status.code(), Some(11));
    let text = String::from_utf8(output.stderr).unwrap();
    let document = text.lines().find(|line| line.starts_with('{')).expect(&text);
    assert_eq!(serde_json::from_str::<Value>(document).unwrap()["events"][0]["name"], "view9");
}

#[test]
fn a_file_that_was_mended_is_a_change_as_well() {
    let plan = Written::new("plan.yaml", "event:\n  - {name: a, database: d, table: t}\n");
    let fix = ["validate", "--fix", plan.path(), "--jq", "error(\"no\")"];
    let before = std::fs::read_to_string(plan.path()).unwrap();
    let output = Tdx::new(&fix).run();
    let changed = std::fs::read_to_string(plan.path()).unwrap() != before;
    assert_eq!(output.code, if changed { 11 } else { 2 }, "{output:?}");
    assert!(changed, "the input has something to mend");
}

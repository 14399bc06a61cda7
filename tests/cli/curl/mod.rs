//! What is said to be sent is what is sent: `--dry-run`, `--curl` and `-vv` of every command that
//! writes, against what the command itself does to a sandbox of the same kind.

mod cases;
mod commands;
mod state;
mod verbose;

use crate::common::{Output, Platform, Tdx};
use cases::{Case, cases};
use serde_json::Value;
use state::{Ids, State, forget_but_one, journal_of_writes};
use std::process::Command;
use tempfile::TempDir;

/// A sandbox with the folder where the binary keeps tokens, journals and ownership.
pub struct World {
    /// The sandbox.
    pub platform: Platform,
    folder: TempDir,
}

impl World {
    fn new() -> Self {
        World { platform: Platform::start(), folder: tempfile::tempdir().unwrap() }
    }

    fn tdx(&self, arguments: &[&str]) -> Tdx {
        let tdx = self.platform.tdx(arguments).dir(self.folder.path());
        tdx.env("TDX_RT_STATE_DIR", self.folder.path().join("state").to_str().unwrap())
    }

    /// A command that must succeed.
    #[track_caller]
    pub fn run(&self, arguments: &[&str], stdin: Option<&str>) -> Value {
        let output = self.output(arguments, stdin);
        assert_eq!(output.code, 0, "{arguments:?}: {}", output.stderr);
        crate::common::body(output.stdout.as_bytes())
    }

    fn output(&self, arguments: &[&str], stdin: Option<&str>) -> Output {
        let tdx = self.tdx(arguments);
        match stdin {
            Some(text) => tdx.stdin(text),
            None => tdx,
        }
        .run()
    }

    /// The token that was kept here; empty when there is none.
    fn token(&self) -> String {
        let kept = match std::fs::read_to_string(self.folder.path().join("state/tokens.json")) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return String::new(),
            kept => kept.unwrap(),
        };
        let tokens: Value = serde_json::from_str(&kept).unwrap();
        let first = tokens.as_object().unwrap().values().next();
        first.map_or_else(String::new, |token| token["value"].as_str().unwrap().to_owned())
    }

    /// Neither the key nor a token is in this text.
    #[track_caller]
    fn assert_no_secret(&self, text: &str) {
        let key = self.platform.api_key.split_once('/').unwrap().1;
        assert!(!text.contains(key), "the key: {text}");
        let token = self.token();
        assert!(token.is_empty() || !text.contains(&token), "the token: {text}");
    }

    fn sh(&self, script: &str) -> (i32, String) {
        let file = self.folder.path().join("script.sh");
        std::fs::write(&file, script).unwrap();
        let mut command = Command::new("sh");
        command.arg(&file).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        command.env("TDX_API_KEY", &self.platform.api_key);
        let token = self.token();
        if !token.is_empty() {
            command.env("TDX_RT_TOKEN", token);
        }
        let ran = command.output().unwrap();
        (ran.status.code().unwrap_or(-1), String::from_utf8_lossy(&ran.stderr).into_owned())
    }
}

/// Runs a case three ways and compares.
fn check(case: &Case) {
    let name = case.name();
    let (by_command, by_curl) = (World::new(), World::new());
    for world in [&by_command, &by_curl] {
        (case.prepare)(world);
    }
    let stdin = case.stdin.as_deref();
    let with = |more: &[&'static str]| [&case.arguments[..], more].concat();

    // What would be sent, and that nothing is.
    forget_but_one(&by_curl.platform);
    let before = State::of(&by_curl.platform);
    let ids = Ids::of(&by_curl.platform);
    let dry = by_curl.output(&with(&["--dry-run"]), stdin);
    assert_eq!((dry.code, dry.stderr.as_str()), (0, ""), "{name}");
    let document: Value = serde_json::from_str(&dry.stdout).unwrap();
    let keys: Vec<_> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((keys, &document["dry_run"]), (vec!["dry_run", "requests"], &Value::Bool(true)), "{name}");
    let planned = ids.planned(&document["requests"], &by_curl.platform.url);
    assert!(!planned.is_empty(), "{name}: nothing would be sent");
    let script = by_curl.output(&with(&["--curl"]), stdin);
    assert_eq!((script.code, script.stderr.as_str()), (0, ""), "{name}");
    let verbose = by_curl.output(&with(&["--curl", "-vv"]), stdin);
    for output in [&dry, &script, &verbose] {
        by_curl.assert_no_secret(&output.stdout);
        by_curl.assert_no_secret(&output.stderr);
    }
    assert_eq!(journal_of_writes(&by_curl.platform), Vec::<Value>::new(), "{name}");
    assert_eq!(State::of(&by_curl.platform), before, "{name}: a dry run has changed something");

    // What is sent.
    let mut ids = Ids::of(&by_command.platform);
    forget_but_one(&by_command.platform);
    let done = by_command.output(&with(&["-vv"]), stdin);
    assert_eq!(done.code, 0, "{name}: {}", done.stderr);
    by_command.assert_no_secret(&done.stderr);
    let journal = journal_of_writes(&by_command.platform);
    let after = State::of(&by_command.platform);
    ids.learn(&by_command.platform);
    let reported = verbose::writes(&done.stderr);
    let sent = ids.planned(&Value::Array(reported.clone()), &by_command.platform.url);
    assert_eq!(planned, sent, "{name}: what a dry run shows and what is sent");
    if case.arguments[0] != "sandbox" {
        let journalled = ids.planned(&Value::Array(journal), "");
        let reported = reported.into_iter().map(verbose::as_in_the_journal).collect();
        assert_eq!(journalled, ids.planned(&Value::Array(reported), &by_command.platform.url), "{name}: -vv");
    }

    // What the script does.
    let (code, error) = by_curl.sh(&script.stdout);
    assert_eq!(code, 0, "{name}: {error}\n{}", script.stdout);
    let by_script = State::of(&by_curl.platform);
    assert_ne!(by_script, before, "{name}: the case changes nothing");
    by_script.assert_same(&after, &name);
}

fn check_all(fits: impl Fn(&Case) -> bool) {
    let cases: Vec<Case> = cases().into_iter().filter(fits).collect();
    assert!(!cases.is_empty());
    cases.iter().for_each(check);
}

#[test]
fn steps_do_what_they_say() {
    check_all(|case| case.command[0].starts_with("rt-") && case.command.len() == 1);
}

#[test]
fn deletes_do_what_they_say() {
    check_all(|case| case.command.get(1) == Some(&"delete"));
}

#[test]
fn journeys_do_what_they_say() {
    check_all(|case| case.command[0].starts_with("journey-") && case.command.get(1) != Some(&"delete"));
}

#[test]
fn personalizations_do_what_they_say() {
    check_all(|case| case.command[0].starts_with("pz-") && case.command.len() == 1);
}

#[test]
fn tokens_and_runs_do_what_they_say() {
    check_all(|case| case.command == ["ps-run"] || case.command.get(1) == Some(&"token"));
}

#[test]
fn apply_does_what_it_says() {
    check_all(|case| case.command == ["apply"]);
}

#[test]
fn undo_does_what_it_says() {
    check_all(|case| case.command == ["undo"]);
}

#[test]
fn controls_do_what_they_say() {
    check_all(|case| case.command[0] == "sandbox");
}

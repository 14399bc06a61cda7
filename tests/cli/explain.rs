//! `explain`: every code of errors and findings.

use super::said;
use crate::common::{Platform, Tdx};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tdx_rt::error::Code;
use tdx_rt::explain::{Kind, entries};
use tdx_rt::plan::RULES;

fn explain(arguments: &[&str]) -> Value {
    Tdx::new(&[&["explain"], arguments].concat()).run().document()
}

#[test]
fn every_code_is_listed_and_explained() {
    let list = explain(&[]);
    let list = list.as_array().unwrap();
    let of = |kind: &str| -> BTreeSet<&str> {
        list.iter()
            .filter(|entry| entry["kind"] == kind)
            .map(|entry| entry["code"].as_str().unwrap())
            .collect()
    };
    assert_eq!(of("error"), Code::ALL.iter().map(|code| code.as_str()).collect());
    assert_eq!(of("finding"), RULES.iter().map(|(code, _)| *code).collect());
    for code in Code::ALL {
        let entry = list.iter().find(|entry| entry["kind"] == "error" && entry["code"] == code.as_str());
        assert_eq!(entry.unwrap()["exit_code"], code.exit_code());
    }
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(list.iter().all(|entry| keys(entry) == ["code", "kind", "exit_code", "meaning"]));
    let error = explain(&["auth"]);
    let fields = [
        "code",
        "kind",
        "exit_code",
        "meaning",
        "cause",
        "what_to_do",
        "order",
        "commands",
        "example",
        "also",
    ];
    assert_eq!(keys(&error), fields);
    assert_eq!((&error["exit_code"], &error["example"]), (&4.into(), &Value::Null));
    let finding = explain(&["Bad-Regex"]);
    assert_eq!(keys(&finding), fields);
    assert_eq!((&finding["kind"], &finding["exit_code"]), (&"finding".into(), &Value::Null));
    assert!(finding["example"]["bad"].as_str().unwrap().contains("pattern: '('"), "{finding}");
}

#[test]
fn a_word_that_is_both_gives_both_and_a_number_the_errors_behind_it() {
    for word in ["rt-not-enabled", "unknown-column"] {
        let both = explain(&[word]);
        assert_eq!([said(&both, "kind"), said(&both["also"], "kind")], ["error", "finding"], "{word}");
        let list = explain(&[word, "auth"]);
        assert_eq!(
            (&list[0], said(&list[1], "code")),
            (&both, "auth"),
            "one is an object, several are a list"
        );
    }
    let codes: Vec<Value> =
        explain(&["4"]).as_array().unwrap().iter().map(|entry| entry["code"].clone()).collect();
    assert_eq!(codes, ["auth", "token"]);
    // Beside others an exit code is each of its errors.
    let codes: Vec<Value> =
        explain(&["8", "auth"]).as_array().unwrap().iter().map(|entry| entry["code"].clone()).collect();
    assert_eq!(codes.last(), Some(&json!("auth")));
    assert!(codes.contains(&json!("rt-updating")) && codes.len() > 2, "{codes:?}");
    let meaning = Tdx::new(&["explain", "6", "--jq", ".[].meaning"]).run();
    assert_eq!(meaning.stdout, "what exists contradicts what is wanted\n");
}

#[test]
fn an_unknown_code_names_the_nearest() {
    let error = Tdx::new(&["explain", "not-fuond"]).run().error(3, "not-found");
    assert_eq!(
        (said(&error, "message"), said(&error, "hint")),
        ("there is no code 'not-fuond'", "did you mean 'not-found'?")
    );
    let error = Tdx::new(&["explain", "weather"]).run().error(3, "not-found");
    assert_eq!(said(&error, "hint"), "`tdx-rt explain` lists all codes");
    // All that are unknown.
    let error = Tdx::new(&["explain", "not-fuond", "auth", "0", "weather"]).run().error(3, "not-found");
    assert_eq!(
        said(&error, "message"),
        "there is no code 'not-fuond'; no error ends with exit code 0; there is no code 'weather'"
    );
    assert!(
        said(&error, "hint").starts_with("did you mean 'not-found'?\nit says that all went well\n"),
        "{error}"
    );
    for (number, hint) in
        [("0", "all went well"), ("10", "diff --exit-code"), ("77", "tdx-rt man exit-codes")]
    {
        let error = Tdx::new(&["explain", number]).run().error(3, "not-found");
        assert!(said(&error, "hint").contains(hint), "{error}");
    }
}

/// The codes of the findings of a plan, and whether it is right.
fn findings(platform: Option<(&Platform, &str)>, text: &str) -> (Vec<String>, bool) {
    let output = match platform {
        Some((platform, state)) => {
            platform.tdx(&["validate", "--live"]).env("TDX_RT_STATE_DIR", state).stdin(text).run()
        }
        None => Tdx::new(&["validate"]).stdin(text).run(),
    };
    let report: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    let codes = report["findings"].as_array().unwrap().iter().map(|finding| said(finding, "code").to_owned());
    (codes.collect(), report["valid"] == true)
}

#[test]
fn the_examples_are_what_they_say() {
    let (platform, state) = (super::validate::live::platform(), tempfile::tempdir().unwrap());
    let state = state.path().to_str().unwrap();
    let mut wrong = Vec::new();
    for entry in entries().iter().filter(|entry| entry.kind == Kind::Finding) {
        let Some(example) = entry.example else { continue };
        let live = entry.commands.iter().any(|command| command.contains("--live"));
        let platform = live.then_some((&platform, state));
        // Not the plan's fault, but the account's, which does not answer.
        if entry.code == "connection-unchecked" {
            let fault = json!({"operation": "GET /v4/streaming_task_auths", "status": 404, "count": 1});
            platform.unwrap().0.control("faults", fault);
        }
        // Another plan names it.
        if entry.code == "renamed-elsewhere" {
            let other = platform.unwrap().0.tdx(&["apply", "-", "--plan-name", "other", "--interval", "5ms"]);
            other.env("TDX_RT_STATE_DIR", state).stdin(example.good).run().document();
        }
        let (bad, _) = findings(platform, example.bad);
        if bad.iter().any(|code| code != entry.code) || bad.is_empty() {
            wrong.push(format!("{}: the bad one has {bad:?}", entry.code));
        }
        let (good, valid) = findings(platform, example.good);
        if !valid || !good.is_empty() {
            wrong.push(format!("{}: the good one has {good:?}", entry.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_error_carries_a_hint() {
    for code in Code::ALL {
        let error = json!(tdx_rt::error::Error::new(code, "x").document());
        assert!(said(&error["error"], "hint").len() > 10, "{error}");
        let own = json!(tdx_rt::error::Error::new(code, "x").hint("y").document());
        assert_eq!(own["error"]["hint"], "y");
    }
}

#[test]
fn on_a_terminal_it_is_text_and_errors_end_with_where_to_read_on() {
    let binary = crate::common::binary().display().to_string();
    let on_terminal = |arguments: &str| {
        let home = tempfile::tempdir().unwrap();
        let mut command = std::process::Command::new("script");
        command.args(["-qec", &format!("{binary} --color never {arguments}"), "/dev/null"]);
        command.env_clear().env("HOME", home.path()).env("PATH", "/usr/bin:/bin");
        command.stdin(std::process::Stdio::null());
        match command.output() {
            Ok(output) => Some(String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n")),
            Err(error) => {
                let required = std::env::var_os("TDX_RT_REQUIRE_TOOLS").is_some_and(|value| value == "1");
                assert!(!required, "script is required: {error}");
                crate::common::skipped(&format!("script cannot be run: {error}"));
                None
            }
        }
    };
    let Some(text) = on_terminal("explain bad-regex") else { return };
    assert!(
        text.starts_with("bad-regex (finding): a regular expression that does not compile\n\nWhy"),
        "{text}"
    );
    assert!(
        text.contains("\nWithout it\n  events:") && text.ends_with("  tdx-rt validate plan.yaml\n"),
        "{text}"
    );
    let text = on_terminal("explain 6").unwrap();
    assert_eq!(
        text,
        "CODE      EXIT_CODE  MEANING\nconflict          6  what exists contradicts what is wanted\n"
    );
    let text = on_terminal("explain nope").unwrap();
    let expected = "error: there is no code 'nope'
→ `tdx-rt explain` lists all codes
→ tdx-rt explain not-found
";
    assert_eq!(text, expected);
}

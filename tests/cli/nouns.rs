//! Nouns as aliases: a closed list, each of which answers as its command.

use super::{PS, configured};
use crate::common::{Output, Platform, Tdx};
use tdx_rt::program::nouns::NOUNS;

/// The list as users know it; a further alias is a decision.
const LIST: [(&str, &str); 18] = [
    ("ps check", "ps-check"),
    ("ps run", "ps-run"),
    ("events", "rt-events"),
    ("keys", "rt-keys"),
    ("attrs", "rt-attrs"),
    ("pz create", "pz-create"),
    ("pz list", "pz-create list"),
    ("pz delete", "pz-create delete"),
    ("pz test", "pz-test"),
    ("pz token", "pz-create token"),
    ("journey create", "journey-create"),
    ("journey list", "journey-create list"),
    ("journey delete", "journey-create delete"),
    ("journey launch", "journey-create launch"),
    ("journey pause", "journey-create pause"),
    ("journey resume", "journey-create resume"),
    ("journey test", "journey-test"),
    ("journey monitor", "journey-monitor"),
];

fn words<'w>(parts: &[&'w str]) -> Vec<&'w str> {
    parts.iter().flat_map(|part| part.split(' ')).filter(|word| !word.is_empty()).collect()
}

/// What a command line prints, and what it asks.
fn answer(platform: &Platform, parts: &[&str]) -> (Output, Vec<String>) {
    platform.forget_requests();
    let output = platform.tdx(&words(parts)).run();
    let mut requests = platform.requests();
    // Some are sent at once.
    requests.sort();
    (output, requests)
}

#[track_caller]
fn same(platform: &Platform, one: &[&str], other: &[&str]) -> Output {
    let ((one_said, one_asked), (other_said, other_asked)) = (answer(platform, one), answer(platform, other));
    assert_eq!(
        (one_said.code, &one_said.stdout, &one_said.stderr, one_asked),
        (other_said.code, &other_said.stdout, &other_said.stderr, other_asked),
        "{one:?} and {other:?}"
    );
    one_said
}

#[test]
fn the_list_is_closed() {
    assert_eq!(NOUNS, LIST);
}

#[test]
fn each_alias_answers_as_its_command() {
    let platform = configured();
    // A run that is under way is followed by all of them.
    platform.control("pace", serde_json::json!({"runs": "1000reads"}));
    platform.tdx(&["ps-run", PS]).run().document();
    for (alias, command) in LIST {
        let help = same(&platform, &[alias, "--help"], &[command, "--help"]);
        assert!(help.code == 0 && help.stdout.contains(&format!("\nAlias: tdx-rt {alias}\n")), "{help:?}");
        same(&platform, &["help", alias], &[command, "--help"]);
        same(&platform, &["man", alias], &["man", command]);
        same(&platform, &["schema", alias], &["schema", command]);
        // As it stands, with something that is not there, with a wrong flag, and a filter of a field that is not there.
        let ps = format!("--ps {PS}");
        for rest in ["", &ps, "Nobody", &format!("nobody {ps}"), "--nope", "--jq .nonsense", "lst"] {
            same(&platform, &[alias, rest], &[command, rest]);
        }
    }
    // `list` and `delete` of the nouns that are one word.
    for (alias, command) in
        [("events", "rt-events"), ("keys", "rt-keys"), ("attrs", "rt-attrs"), ("pz create", "pz-create")]
    {
        assert_eq!(same(&platform, &[alias, "list --ps", PS], &[command, "list --ps", PS]).code, 0);
        same(&platform, &[alias, "delete nobody --ps", PS], &[command, "delete nobody --ps", PS]);
    }
}

#[test]
fn global_options_may_stand_anywhere() {
    let platform = configured();
    let expected = answer(&platform, &["journey-create list --ps", PS, "--jq length --quiet"]);
    assert_eq!(expected.0.code, 0);
    for line in [
        "--quiet --jq length journey list --ps 394649",
        "journey --quiet --jq=length list --ps 394649",
        "--site us01 journey -q --jq length list --ps 394649",
        "-q journey --jq length create list --ps 394649",
        "journey list --ps 394649 --jq length -q",
    ] {
        let (output, requests) = answer(&platform, &[line]);
        assert_eq!(
            (output.code, &output.stdout, requests),
            (0, &expected.0.stdout, expected.1.clone()),
            "{line}: {output:?}"
        );
    }
}

#[test]
fn a_noun_alone_says_what_there_is() {
    for (noun, verbs) in [
        ("ps", &["check", "run"][..]),
        ("pz", &["create", "list", "delete", "test", "token"]),
        ("journey", &["create", "list", "delete", "launch", "pause", "resume", "test", "monitor"]),
    ] {
        let help = Tdx::new(&[noun, "-h"]).run();
        assert_eq!(help.code, 0);
        for verb in verbs {
            assert!(
                help.stdout.lines().any(|line| line.starts_with(&format!("  {verb} "))),
                "{verb}: {}",
                help.stdout
            );
        }
        assert_eq!(Tdx::new(&["help", noun]).run().stdout.lines().next(), help.stdout.lines().next());
        // Without a terminal, nothing but an error: stdout is data.
        let error = Tdx::new(&[noun]).run().error(2, "usage");
        assert_eq!(error["message"], format!("no command is given behind `tdx-rt {noun}`"));
        assert_eq!(error["hint"], format!("one of {}; see `tdx-rt {noun} --help`", verbs.join(", ")));
        let error = Tdx::new(&[noun, "weather"]).run().error(2, "usage");
        assert_eq!(error["hint"], format!("`tdx-rt {noun}` has: {}", verbs.join(", ")));
    }
    let error = Tdx::new(&["journey", "paus", "x"]).run().error(2, "usage");
    assert_eq!(error["hint"], "did you mean 'pause'?");
}

#[test]
fn an_alias_is_completed_as_its_command() {
    let platform = Platform::start();
    let home = tempfile::tempdir().unwrap();
    let offers = |line: &str| {
        let words: Vec<&str> = ["__complete", "fish", "tdx-rt"].into_iter().chain(line.split(' ')).collect();
        let output = platform.tdx(&words).env("XDG_CACHE_HOME", home.path().to_str().unwrap()).run();
        output.stdout.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (alias, command) in LIST {
        for rest in ["-", "--ps 3946", "--jq .na", "", "--site j"] {
            let there = |words: &str| offers(&format!("{words} {rest}"));
            assert_eq!(there(alias), there(command), "{alias} {rest}");
        }
    }
    assert_eq!(offers("--quiet journey -v create --ps Cust"), ["Customer 360"]);
    assert_eq!(offers("ps chec"), ["check"]);
    assert_eq!(offers("journey la"), ["launch"]);
    assert_eq!(offers("ev"), ["events"], "where no other command begins so");
    assert_eq!(offers("jour"), ["journey-create", "journey-test", "journey-monitor"], "the documented names");
    assert!(offers("").iter().all(|offer| !["journey", "events", "pz", "options"].contains(&offer.as_str())));
}

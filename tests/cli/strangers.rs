//! What others wrote (the platform, a plan, a checked-out folder) is shown, and does nothing: to a
//! terminal. In `keys`, what becomes of keys.

use super::client::{EMPTY_SETTING, KEY, answer, at, server};
use super::man::walk;
use super::plans::plan_with_spares;
use super::terminal::Run;
use super::{PS, Written};
use crate::common::{Output, Platform, Tdx};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// Sets a title, colours in two ways, begins a line anew, and turns the order of reading.
const EVIL: &str = "a\u{1b}]0;pwned\u{7}\u{9b}31mb\r\u{202e}c\u{2066}d\u{200f}\u{7f}";
/// A part of it, visible.
const SHOWN: &str = r"\u202ec\u2066d\u200f\u007f";

/// No character of a stranger acts here. A terminal's own line ends are `\n` by now; of its codes only
/// those of colours and of the spinner are the program's.
#[track_caller]
fn harmless(text: &str, what: &dyn std::fmt::Debug) {
    let acts = |c: char| {
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
            || c.is_control() && !matches!(c, '\n' | '\t')
    };
    let mut ours = text.to_owned();
    for code in ["\u{1b}[2K", "\u{1b}[1A", "\u{1b}[1B", "\u{1b}[?25l", "\u{1b}[?25h", "\r"] {
        ours = ours.replace(code, "");
    }
    // A line that is begun anew was a spinner's.
    assert!(!text.contains("b\r"), "{what:?}: {text:?}");
    assert!(!ours.contains(acts), "{what:?}: {ours:?}");
}

/// A line for each command: with what it needs, and, where it takes one, with a plan or a parent segment.
pub fn lines(plan: &str) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    walk(&tdx_rt::cli::command(), "tdx-rt", &mut |command, path| {
        let words: Vec<String> = path.split(' ').skip(1).map(str::to_owned).collect();
        // Alone, `sandbox` starts one.
        if words.is_empty() || command.is_subcommand_required_set() || path == "tdx-rt sandbox" {
            return;
        }
        let required = command.get_positionals().filter(|argument| argument.is_required_set());
        let needed: Vec<String> = words.into_iter().chain(required.map(|_| "x".to_owned())).collect();
        let takes = |flag: &str| command.get_arguments().any(|argument| argument.get_long() == Some(flag));
        let more = [("ps", PS), ("file", plan)].map(|(flag, value)| {
            takes(flag).then(|| [&needed[..], &[format!("--{flag}"), value.to_owned()]].concat())
        });
        lines.extend(more.into_iter().flatten());
        lines.push(needed);
    });
    lines
}

pub fn words(line: &[String]) -> Vec<&str> {
    line.iter().map(String::as_str).collect()
}

/// Both streams of a run whose errors are text.
fn said(tdx: Tdx, what: &[String]) -> String {
    let Output { stdout, stderr, .. } = tdx.run();
    // A document in a pipe is data.
    if serde_json::from_str::<Value>(&stdout).is_err() {
        harmless(&stdout, &what);
    }
    harmless(&stderr, &what);
    stderr
}

#[test]
fn no_error_of_the_platform_reaches_a_terminal_as_it_is() {
    let plan = Written::new("plan.json", &plan_with_spares().to_string());
    let page = json!({"data": [], "status": "ok", "pagination": {"nextPage": EVIL}});
    let wrong = json!({"data": [{"id": "1", "name": EVIL, "attributes": {"name": EVIL}}]});
    let bodies = [
        ("422 Unprocessable Content", json!({"message": EVIL}).to_string()),
        ("422 Unprocessable Content", EVIL.to_owned()),
        ("200 OK", wrong.to_string()),
        ("200 OK", page.to_string()),
    ];
    let known = json!({"data": {"id": PS, "attributes": {"name": EVIL, "population": 1}}}).to_string();
    let servers = bodies.map(|(status, body)| {
        let known = known.clone();
        server(move |request| match request.lines().next().unwrap() {
            line if status == "200 OK" && line.starts_with("GET /entities/parent_segments/") => {
                answer(status, "", &known)
            }
            line if status == "200 OK" && line.contains("/realtime_setting ") => {
                answer(status, "", EMPTY_SETTING)
            }
            _ => answer(status, "", &body),
        })
    });
    let mut quoted = [0; 4];
    for line in lines(plan.path()) {
        let all = [&words(&line)[..], &["--error-format", "text", "--retries", "0"]].concat();
        for turn in 0..4 {
            quoted[turn] += usize::from(said(at(&servers[turn].0, &all), &line).contains(SHOWN));
        }
    }
    assert!(quoted.iter().all(|quoted| *quoted > 2) && quoted[0] > 50, "{quoted:?}");
}

#[test]
fn no_file_and_no_word_reaches_a_terminal_as_it_is() {
    let folder = TempDir::new().unwrap();
    let bad = |text: &str| std::fs::write(folder.path().join("tdx.json"), text).unwrap();
    let plan = Written::new("plan.json", &json!({EVIL: 1, "events": [{"name": EVIL}]}).to_string());
    let mut quoted = [0; 3];
    for line in lines(plan.path()) {
        let text = [&words(&line)[..], &["--error-format", "text"]].concat();
        bad(&json!({ "site": EVIL }).to_string());
        let key = |tdx: Tdx| tdx.env("TDX_API_KEY", KEY);
        quoted[0] += usize::from(said(key(Tdx::new(&text)).dir(folder.path()), &line).contains(SHOWN));
        bad("{}");
        let wrong = [&text[..], &["--x\u{202e}\u{9b}2J"]].concat();
        quoted[1] += usize::from(said(Tdx::new(&wrong), &line).contains(r"--x\u202e"));
        if line.iter().any(|word| word == plan.path()) {
            let offline = at("http://127.0.0.1:9", &[&text[..], &["--retries", "0"]].concat());
            quoted[2] += usize::from(said(offline.dir(folder.path()), &line).contains(SHOWN));
        }
    }
    assert!(quoted[0] > 50 && quoted[1] > 60 && quoted[2] > 7, "{quoted:?}");
}

/// A plan whose names and strings are all evil, as far as the platform takes them.
fn evil() -> Value {
    let named = |name: &str| format!("{name} {EVIL}");
    let mut plan = plan_with_spares();
    plan["events"][0]["description"] = json!(EVIL);
    let service = &mut plan["personalization_service"];
    service["name"] = json!(named("web"));
    for section in service["sections"].as_array_mut().unwrap() {
        section["name"] = json!(named(section["name"].as_str().unwrap()));
        section["strings"] = json!({"hello": EVIL});
    }
    for journey in plan["journeys"].as_array_mut().unwrap() {
        journey["name"] = json!(named(journey["name"].as_str().unwrap()));
        journey["description"] = json!(EVIL);
    }
    plan
}

#[test]
fn no_name_of_a_plan_reaches_a_terminal_as_it_is() {
    let platform = Platform::start();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("plan.json");
    let file = file.to_str().unwrap();
    std::fs::write(file, evil().to_string()).unwrap();
    let mut less = evil();
    less["journeys"].as_array_mut().unwrap().truncate(1);
    less["personalization_service"]["sections"].as_array_mut().unwrap().truncate(1);
    less["attributes"][1]["description"] = json!(EVIL);
    let other = folder.path().join("less.json");
    let other = other.to_str().unwrap();
    std::fs::write(other, less.to_string()).unwrap();
    let draft = format!("draft {EVIL}");
    let mut shown = 0;
    let mut run = |arguments: &[&str], answer| {
        let more = ["--color", "never", "--interval", "5ms"];
        let waits = matches!(arguments[..2], ["apply", _] | ["undo", ..]) && arguments[1] != "list";
        let all = [arguments, &more[..if waits { 4 } else { 2 }]].concat();
        let seen = terminal(&platform, folder.path(), &all, answer);
        harmless(&seen, &arguments);
        shown += usize::from(seen.contains(SHOWN));
        seen
    };
    for arguments in [
        &["validate", file][..],
        &["diff", file],
        &["diff", file, "--unified"],
        &["apply", file, "--curl"],
        &["apply", file, "--dry-run"],
        &["apply", file, "--plan-name", "evil", "-vv"],
        &["diff", other],
        &["diff", other, "--plan-name", "evil", "--prune"],
        &["export", PS],
        &["export", PS, "--json"],
        &["export", PS, "--yaml"],
        &["export", PS, "--jq", ".journeys[].name"],
        &["export", PS, "--jq", ".journeys[].name | stderr | debug | halt_error"],
        &["export", PS, "--jsonl", "--color", "always", "--jq", ".journeys[]"],
        &["pz-create", "list", "--ps", PS],
        &["journey-create", "list", "--ps", PS],
        &["graph", file],
        &["graph", file, "--format", "dot"],
        &["graph", file, "--format", "svg"],
        &["graph", "--ps", PS, "--format", "mermaid"],
        &["undo", "list"],
        &["undo", "--diff"],
        &["undo", "--dry-run"],
    ] {
        if arguments.contains(&"always") {
            let coloured = terminal(&platform, folder.path(), arguments, "");
            assert!(
                coloured.contains("\u{1b}[") && !coloured.contains(['\u{9b}', '\u{202e}']),
                "{coloured:?}"
            );
            continue;
        }
        run(arguments, "");
    }
    for (arguments, part) in [
        (&["apply", other, "--plan-name", "evil", "--prune"][..], "[y/N]"),
        (&["journey-create", "delete", &draft, "--ps", PS], "[y/N]"),
        (&["undo", "--last", "1"], "[y/N]"),
    ] {
        let seen = run(arguments, "n\n");
        assert!(seen.contains(part), "{arguments:?}: {seen}");
    }
    assert!(shown > 12, "{shown}");
}

/// The screen after a command.
fn terminal(platform: &Platform, folder: &Path, arguments: &[&str], answer: &str) -> String {
    let folder = Some(folder);
    Run { platform, arguments, variables: &[], piped: false, answer, folder }.run().screen
}

#[test]
fn a_drawing_and_a_script_are_harmless_in_a_pipe_and_json_is_data() {
    let platform = Platform::start();
    let plan = evil().to_string();
    for arguments in [
        &["graph", "--format", "dot"][..],
        &["graph", "--format", "mermaid"],
        &["graph", "--format", "svg"],
        &["apply", "-", "--curl"],
        &["diff", "-", "--unified"],
    ] {
        let output = platform.tdx(arguments).stdin(plan.clone()).run();
        assert_eq!(output.code, 0, "{arguments:?}: {}", output.stderr);
        harmless(&output.stdout, &arguments);
    }
    let applied = platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(plan).run();
    assert_eq!(applied.code, 0, "{}", applied.stderr);
    let listed = platform.tdx(&["journey-create", "list", "--ps", PS]).run();
    assert!(listed.stdout.contains("\u{202e}c\u{2066}d"), "{}", listed.stdout);
    let raw = platform.tdx(&["export", PS, "--jq", ".journeys[0].name"]).run();
    assert_eq!(raw.stdout, format!("draft {EVIL}\n"));
}

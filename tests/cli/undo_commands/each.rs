//! Each command by itself: it is undone, the undo is undone, and that is undone again.

use super::{Document, Shell, configured, last_header, run, state, undo};
use crate::cli::plans::{SOURCE, assert_same, plan_with_spares};
use serde_json::{Value, json};
use std::path::Path;

/// Words of a command and its arguments, each of which changes [`plan_with_spares`].
pub const COMMANDS: [(&str, &[&str]); 19] = [
    ("rt-events", &["--event", "added=web_events.cart_view"]),
    (
        "rt-events",
        &[
            "--event",
            "page_view=web_events.pageviews",
            "--where",
            "td_path LIKE '/p%'",
            "--description",
            "New",
        ],
    ),
    ("rt-keys", &["--key", "customer_id"]),
    ("rt-keys", &["--key", "td_client_id", "--exclude-regex", "td_client_id=^x"]),
    ("rt-attrs", &["--single", "path=page_view.td_path", "--list", "tags=page_view.product_id"]),
    ("rt-attrs", &["--counter", "n=page_view", "--import", "vip_status"]),
    ("rt-attrs", &["--list", "seen=page_view.product_id", "--max-items", "7"]),
    ("pz-create", &["--name", "more", "--trigger", "page_view", "--attribute", "last"]),
    ("pz-create", &["--name", "web", "--trigger", "page_view", "--section", "Added", "--string", "hi=there"]),
    ("journey-create", &["--name", "later", "--trigger", "page_view", "--webhook", "http://127.0.0.1:9/in"]),
    ("journey-create pause", &["welcome"]),
    ("journey-create resume", &["held"]),
    ("journey-create delete", &["draft"]),
    ("rt-events delete", &["spare_event"]),
    ("rt-events delete", &["web_events.add_to_cart"]),
    ("rt-keys delete", &["email"]),
    ("rt-attrs delete", &["spare"]),
    ("rt-attrs delete", &["city"]),
    ("pz-create delete", &["web", "--service"]),
];

fn is_deletion(words: &str) -> bool {
    words.ends_with(" delete")
}

#[test]
fn every_command_is_undone_and_done_again() {
    let shell = configured();
    shell.platform.control("snapshots", json!({"name": "base"}));
    let before = state(&shell);
    for (index, (words, arguments)) in COMMANDS.into_iter().enumerate() {
        let what = format!("{words} {arguments:?}");
        let undone = |flags: &[&str]| {
            let document: Document = undo(&shell, flags).decode();
            assert_eq!(document.words(), [words], "{what}");
            check(&document, &what);
            // What is made again was deleted, and the reverse.
            let made_again = document.undone.iter().any(|item| item.action == "restored");
            assert!(made_again || !is_deletion(words), "{what}: {:?}", document.undone);
            assert_same(&state(&shell), &before, &json!(format!("{what}, undone")));
        };
        let command: Vec<&str> = words.split(' ').chain(arguments.iter().copied()).collect();
        run(&shell, &command);
        let after = state(&shell);
        assert_ne!(before, after, "{what} changes something");
        let header = last_header(&shell);
        assert_eq!((&header["command"], &header["plan"]), (&json!(words), &json!("flags")), "{what}");
        undone(&[]);
        let document: Document = undo(&shell, &["--redo"]).decode();
        assert_eq!(document.words(), ["undo"], "{what}");
        check(&document, &what);
        assert_same(&state(&shell), &after, &json!(format!("{what}, done again")));
        if index % 4 == 0 {
            // It counts as not undone.
            undone(&["--ps", SOURCE]);
        }
        let count = if index % 4 == 0 { 4 } else { 3 };
        assert_eq!(shell.journals().len(), count, "{what}: of the command, and one of each undo");
        every_journal_is_for_its_user_alone(&shell);
        std::fs::remove_dir_all(shell.state().join("journals")).unwrap();
        shell.platform.control("snapshots/base/restore", json!({}));
    }
}

/// What holds for every document of an undo.
#[track_caller]
fn check(document: &Document, what: &str) {
    assert_eq!(document.parent_segment.id, SOURCE, "{what}");
    assert_eq!(document.parent_segment.rt_status.as_deref(), Some("ok"), "{what}");
    // A service that is made again has no tokens; everything else exists again.
    let tokens_only = document.not_undone.iter().all(|why| why.starts_with("the tokens of the service"));
    assert!(tokens_only, "{what}: {:?}", document.not_undone);
    assert!(!document.undone.is_empty() && document.items.values().sum::<u64>() > 0, "{what}");
    for item in &document.undone {
        assert!(matches!(item.action.as_str(), "restored" | "deleted"), "{what}: {item:?}");
        assert!(!item.kind.is_empty() && !item.name.is_empty(), "{what}: {item:?}");
        assert_ne!(item.id.as_deref(), Some(""), "{what}: {item:?}");
    }
    let latest = &document.commands[0];
    assert_eq!((&document.journal, &document.plan), (&latest.journal, &latest.plan), "{what}");
    assert!(latest.started.parse::<jiff::Timestamp>().is_ok(), "{what}: {}", latest.started);
    assert!(Path::new(&document.journal).exists(), "{what}");
    let own = document.own_journal.as_ref().unwrap_or_else(|| panic!("{what} wrote something"));
    assert!(Path::new(own).exists() && *own != document.journal, "{what}");
}

#[cfg(unix)]
fn every_journal_is_for_its_user_alone(shell: &Shell) {
    use std::os::unix::fs::PermissionsExt;
    let tokens = std::fs::read_to_string(shell.state().join("tokens.json")).unwrap();
    let tokens: Value = serde_json::from_str(&tokens).unwrap();
    for journal in shell.journals() {
        assert_eq!(std::fs::metadata(&journal).unwrap().permissions().mode() & 0o777, 0o600, "{journal:?}");
        let text = std::fs::read_to_string(&journal).unwrap();
        for token in tokens.as_object().unwrap().values() {
            assert!(!text.contains(token["value"].as_str().unwrap()), "{journal:?}");
        }
        assert!(!text.contains(&shell.platform.api_key), "{journal:?}");
    }
}

#[cfg(not(unix))]
fn every_journal_is_for_its_user_alone(_: &Shell) {}

#[test]
fn a_personalization_that_was_deleted_without_its_service_comes_back_to_it() {
    let shell = configured();
    let service = shell.item("services", "web")["id"].clone();
    let before = state(&shell);
    run(&shell, &["pz-create", "delete", "web"]);
    let document: Document = undo(&shell, &[]).decode();
    assert_eq!(document.words(), ["pz-create delete"]);
    assert_eq!(shell.item("services", "web")["id"], service, "the service was not touched");
    assert_same(&state(&shell), &before, &Value::Null);
}

#[test]
fn a_launch_stays_and_is_named() {
    let shell = configured();
    run(&shell, &["journey-create", "launch", "draft"]);
    let launched = state(&shell);
    let output = undo(&shell, &["--skip-changed"]);
    assert_same(&state(&shell), &launched, &Value::Null);
    let document: Document = output.decode();
    assert_eq!(document.words(), ["journey-create launch"]);
    let said = [document.not_undone, document.lost].concat();
    assert!(said.iter().any(|why| why.contains("'draft'") && why.contains("launched")), "{said:?}");
    assert_eq!((document.undone.len(), document.own_journal), (0, None), "nothing was written");
}

#[test]
fn a_journey_that_ran_comes_back_as_a_draft_and_says_so() {
    let shell = configured();
    let mut before = state(&shell);
    run(&shell, &["journey-create", "delete", "welcome"]);
    let document: Document = undo(&shell, &[]).decode();
    let said = [document.not_undone, document.lost].concat();
    assert!(said.iter().any(|why| why.contains("'welcome'") && why.contains("draft")), "{said:?}");
    for journey in before["journeys"].as_array_mut().unwrap() {
        if journey["attributes"]["name"] == "welcome" {
            journey["attributes"]["state"] = json!("draft");
        }
    }
    assert_same(&state(&shell), &before, &Value::Null);
}

#[test]
fn a_journey_that_was_paused_says_so_and_how_it_is_paused_again() {
    let shell = configured();
    run(&shell, &["journey-create", "delete", "held"]);
    let document: Document = undo(&shell, &[]).decode();
    let said = document.lost.join("\n");
    let commands = ["launch", "pause"].map(|word| format!("tdx-rt journey-create {word} held --ps {SOURCE}"));
    assert!(said.contains("it was paused") && said.contains(&commands.join(" && ")), "{said}");
}

/// The commands of a plan keep the plan's name in their journals.
#[test]
fn a_step_of_a_plan_says_which_plan_it_was() {
    let shell = Shell::new();
    let file = crate::cli::Written::new("plan.json", &plan_with_spares().to_string());
    run(&shell, &["rt-events", "-f", file.path()]);
    assert_eq!(last_header(&shell)["plan"], file.path());
    shell.run(&["rt-keys"], &plan_with_spares());
    assert_eq!(last_header(&shell)["plan"], "stdin");
    let document: Document = undo(&shell, &["--last", "2"]).decode();
    let plans: Vec<&str> = document.commands.iter().map(|command| command.plan.as_str()).collect();
    assert_eq!((document.plan.as_str(), plans), ("stdin", vec!["stdin", file.path()]));
}

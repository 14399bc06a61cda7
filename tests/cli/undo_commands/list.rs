//! `undo list`, and what an undo changes as `diff` shows it.

use super::{Command, Document, Shell, configured, run, state, three_commands, undo};
use crate::cli::plans::{SOURCE, TARGET, assert_same, plan_with_spares};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    id: String,
    started: String,
    command: String,
    plan: String,
    parent_segment: String,
    journal: String,
    changes: Vec<Change>,
    complete: bool,
    undone: bool,
    not_undone: Vec<String>,
    undo: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    action: String,
    kind: String,
    name: String,
    path: Option<String>,
}

fn list(shell: &Shell, arguments: &[&str]) -> Vec<Item> {
    shell.tdx(&[&["undo", "list"][..], arguments].concat()).run().decode()
}

fn changes(item: &Item) -> Vec<String> {
    let listed =
        item.changes.iter().map(|change| format!("{} {} {}", change.action, change.kind, change.name));
    let mut listed: Vec<String> = listed.collect();
    listed.sort();
    listed
}

#[test]
fn a_list_says_when_which_command_which_plan_and_what_it_changed() {
    let shell = configured();
    assert!(list(&shell, &[]).is_empty());
    three_commands(&shell);
    run(&shell, &["rt-attrs", "delete", "spare"]);
    run(&shell, &["rt-keys", "--key", "customer_id"]);
    run(&shell, &["journey-create", "pause", "welcome"]);
    run(&shell, &["pz-create", "delete", "web", "--service"]);
    let file = crate::cli::Written::new("plan.json", &plan_with_spares().to_string());
    shell.tdx(&["apply", file.path(), "--interval", "5ms"]).run().document();
    shell.platform.forget_requests();
    let items = list(&shell, &["--ps", SOURCE]);
    let words: Vec<&str> = items.iter().map(|item| item.command.as_str()).collect();
    let newest_first = [
        "apply",
        "pz-create delete",
        "journey-create pause",
        "rt-keys",
        "rt-attrs delete",
        "rt-events",
        "rt-attrs",
        "rt-events",
    ];
    assert_eq!(words, newest_first);
    let journals: Vec<&str> = items.iter().map(|item| item.journal.as_str()).collect();
    let mut files = shell.journals();
    files.reverse();
    assert_eq!(journals, files.iter().map(|file| file.to_str().unwrap()).collect::<Vec<_>>());
    assert_eq!((items[0].plan.as_str(), items[1].plan.as_str()), (file.path(), "flags"));
    assert!(items.is_sorted_by(|a, b| a.started >= b.started), "newest first: {items:?}");
    for item in &items {
        assert!(item.complete && !item.undone && !item.undo, "{item:?}");
        assert_eq!(item.parent_segment, SOURCE);
    }
    assert_eq!(changes(&items[2]), ["updated journey welcome"]);
    assert_eq!(items[2].changes[0].path.as_deref(), Some("journeys.welcome"));
    // As much of its file's name as is needed takes one back.
    assert!(items.iter().all(|item| item.journal.contains(&item.id)), "{items:?}");
    let mut ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    ids.dedup();
    assert_eq!(ids.len(), items.len());
    let several = shell.tdx(&["undo", "2", "--yes"]).run().error(2, "usage");
    assert!(crate::cli::said(&several, "message").contains("journals begin with '2'"), "{several}");
    assert_eq!(changes(&items[3]), ["created stitching_key customer_id"]);
    assert_eq!(changes(&items[4]), ["deleted attribute spare"]);
    assert_eq!(changes(&items[5]), ["updated key_event cart"]);
    assert_eq!(changes(&items[6]), ["created attribute carts"]);
    assert_eq!(changes(&items[7]), ["created event_table web_events.cart_view", "created key_event cart"]);
    let gone = changes(&items[1]);
    for item in ["deleted personalization web", "deleted service web"] {
        assert!(gone.iter().any(|change| change == item), "{item}: {gone:?}");
    }
    assert!(changes(&items[0]).contains(&"created attribute spare".to_owned()), "{:?}", items[0]);
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
}

#[test]
fn a_list_says_what_was_undone_and_which_are_undos() {
    let shell = Shell::new();
    three_commands(&shell);
    let flags =
        |items: &[Item]| -> Vec<[bool; 2]> { items.iter().map(|item| [item.undo, item.undone]).collect() };
    undo(&shell, &[]).document();
    assert_eq!(flags(&list(&shell, &[])), [[true, false], [false, true], [false, false], [false, false]]);
    undo(&shell, &["--redo"]).document();
    let items = list(&shell, &[]);
    assert_eq!(
        flags(&items),
        [[true, false], [true, true], [false, false], [false, false], [false, false]],
        "what an undo took back counts as not undone again"
    );
    assert_eq!(changes(&items[0]), ["updated key_event cart"]);
    assert!(items[..2].iter().all(|item| item.command == "undo"), "{items:?}");
    assert!(items.iter().all(|item| item.not_undone.is_empty()), "{items:?}");
}

#[test]
fn a_list_has_every_parent_segment_or_one() {
    let shell = Shell::new();
    for ps in [SOURCE, TARGET, SOURCE] {
        let event = format!("e{}=web_events.cart_view", shell.journals().len());
        shell.tdx(&["rt-events", "--ps", ps, "--event", &event]).run().document();
    }
    let segments =
        |items: Vec<Item>| -> Vec<String> { items.into_iter().map(|item| item.parent_segment).collect() };
    assert_eq!(segments(list(&shell, &[])), [SOURCE, TARGET, SOURCE]);
    assert_eq!(segments(list(&shell, &["--ps", TARGET])), [TARGET]);
    assert_eq!(segments(list(&shell, &["--ps", "Empty"])), [TARGET], "by its name");
}

#[test]
fn a_journal_that_cannot_be_read_is_an_item_with_its_error() {
    let shell = Shell::new();
    three_commands(&shell);
    let second = shell.journals().remove(1);
    std::fs::write(&second, "{}\n").unwrap();
    let items = shell.tdx(&["undo", "list", "--ps", SOURCE]).run().document();
    let items = items.as_array().unwrap();
    assert_eq!(items.len(), 3);
    let damaged: Vec<&Value> = items.iter().filter(|item| item.get("error").is_some()).collect();
    assert_eq!(damaged.len(), 1, "{items:?}");
    assert_eq!(damaged[0]["journal"], second.to_str().unwrap());
    assert!(damaged[0]["error"].as_str().is_some_and(|error| !error.is_empty()), "{}", damaged[0]);
}

#[test]
fn a_command_that_was_cut_off_is_listed_as_incomplete() {
    let shell = Shell::new();
    let before = state(&shell);
    // Its table is in the setting then.
    let rule = json!({"kind": "status", "status": 500, "count": 0,
        "operation": "POST /audiences/{}/realtime_key_events"});
    shell.platform.control("faults", rule);
    let flags = ["rt-events", "--ps", SOURCE, "--event", "a=web_events.logins", "--retries", "0"];
    let error = shell.tdx(&flags).run().error(9, "server");
    assert!(error["hint"].as_str().unwrap().contains("tdx-rt undo"), "{error}");
    assert_eq!(error["details"]["journal"], shell.journals()[0].to_str().unwrap());
    shell.platform.request("DELETE", "/_sandbox/faults", None);
    let items = list(&shell, &[]);
    assert!(!items[0].complete && !items[0].undone, "{items:?}");
    undo(&shell, &[]).document();
    assert_same(&state(&shell), &before, &Value::Null);
}

/// What `undo --diff` prints.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WayBack {
    parent_segment: Value,
    site: String,
    commands: Vec<Command>,
    changed: bool,
    changes: Vec<Value>,
    lost: Vec<String>,
    not_undone: Vec<String>,
    items: BTreeMap<String, u64>,
}

fn way_back(shell: &Shell, arguments: &[&str]) -> WayBack {
    shell.tdx(&[&["undo", "--diff"][..], arguments].concat()).run().decode()
}

/// The change that takes a change back.
fn reversed(change: &Value) -> Value {
    let action = match change["action"].as_str().unwrap() {
        "create" => "delete",
        "delete" => "create",
        other => other,
    };
    json!({"action": action, "path": change["path"], "from": change["to"], "to": change["from"]})
}

fn sorted(mut changes: Vec<Value>) -> Vec<Value> {
    changes.sort_by_key(Value::to_string);
    changes
}

#[test]
fn the_way_back_is_shown_as_diff_shows_the_way_there() {
    let shell = Shell::new();
    let mut edited = plan_with_spares();
    edited["events"][0]["description"] = json!("Other");
    edited["attributes"][1]["max_items"] = json!(7);
    edited["personalization_service"]["sections"][0]["criteria"] = json!("tier = 'Gold'");
    let (mut there, mut items) = (Vec::new(), Vec::new());
    for plan in [plan_with_spares(), edited] {
        let diff = shell.run(&["diff", "-f", "-"], &plan);
        there.push(diff["changes"].as_array().unwrap().iter().map(reversed).collect::<Vec<_>>());
        items.push(diff["items"].clone());
        shell.apply(&plan);
    }
    assert!(there[0].len() > 10 && there[1].len() == 3, "{there:?}");
    shell.platform.forget_requests();
    let back = way_back(&shell, &[]);
    assert_eq!((back.parent_segment["id"].as_str(), back.site.as_str()), (Some(SOURCE), "us01"));
    assert_eq!(back.parent_segment["name"], "Customer 360");
    assert_eq!((back.changed, back.commands.len()), (true, 1));
    let items = |words: [&str; 3]| words.map(|word| items[1][word].as_u64().unwrap());
    let counted = ["created", "updated", "deleted"].map(|word| back.items[word]);
    assert_eq!(counted, items(["deleted", "updated", "created"]));
    assert_eq!(sorted(back.changes), sorted(there[1].clone()));
    assert_eq!((back.lost, back.not_undone), (vec![], vec![]));
    // Of both at once it leads back to the beginning.
    let whole = way_back(&shell, &["--last", "2"]);
    assert_eq!(whole.commands.len(), 2);
    let paths = |changes: &[Value]| -> Vec<String> {
        let mut paths: Vec<String> =
            changes.iter().map(|change| format!("{} {}", change["action"], change["path"])).collect();
        paths.sort();
        paths
    };
    assert_eq!(paths(&whole.changes), paths(&there[0]));
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    let undone: Document = undo(&shell, &["--last", "2"]).decode();
    assert_eq!(undone.commands.len(), 2);
    let nothing = shell.run(&["diff", "-f", "-"], &plan_with_spares());
    let again = nothing["changes"].as_array().unwrap().iter().map(reversed).collect();
    assert_eq!(sorted(again), sorted(there[0].clone()));
}

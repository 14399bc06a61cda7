//! What was undone is skipped from then on; an undo is a command of its own.

use super::{Document, Shell, run, state, three_commands, undo};
use crate::cli::plans::{SOURCE, assert_same};
use serde_json::{Value, json};

#[test]
fn each_undo_takes_the_next_one_back() {
    let shell = Shell::new();
    let states = three_commands(&shell);
    for (index, words) in [(2, "rt-events"), (1, "rt-attrs"), (0, "rt-events")] {
        let document: Document = undo(&shell, &[]).decode();
        assert_eq!(document.words(), [words]);
        assert_same(&state(&shell), &states[index], &json!(index));
    }
    shell.platform.forget_requests();
    for flags in [&[][..], &["--last", "3"], &["--since", "1h"], &["--ps", SOURCE]] {
        undo(&shell, flags).error(3, "not-found");
    }
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
}

#[test]
fn a_command_after_an_undo_is_the_last_one() {
    let shell = Shell::new();
    let states = three_commands(&shell);
    undo(&shell, &[]).document();
    run(&shell, &["rt-events", "--event", "more=web_events.logins"]);
    let document: Document = undo(&shell, &["--last", "2"]).decode();
    assert_eq!(document.words(), ["rt-events", "rt-attrs"]);
    assert_same(&state(&shell), &states[1], &Value::Null);
}

#[test]
fn a_command_is_undone_by_the_name_of_its_journal() {
    let shell = Shell::new();
    let before = state(&shell);
    run(&shell, &["rt-events", "--event", "one=web_events.logins"]);
    run(&shell, &["rt-events", "--event", "two=web_events.purchases"]);
    let two = shell.item("events", "two");
    let first = shell.journals()[0].to_str().unwrap().to_owned();
    let document: Document = undo(&shell, &[&first]).decode();
    assert_eq!(document.journal, first);
    assert_eq!(shell.item("events", "two"), two, "the later one stays");
    // By its name it can be undone again, and does nothing.
    shell.platform.forget_requests();
    let again: Document = undo(&shell, &[&first]).decode();
    assert_eq!((again.undone.len(), again.own_journal), (0, None));
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    let document: Document = undo(&shell, &[]).decode();
    assert_ne!(document.journal, first, "what was undone is skipped");
    assert_same(&state(&shell), &before, &Value::Null);
    undo(&shell, &[]).error(3, "not-found");
}

/// What another command stands on does not go by the name of its journal.
#[test]
fn an_earlier_command_that_a_later_one_needs_is_a_conflict() {
    let shell = Shell::new();
    let states = three_commands(&shell);
    let first = shell.journals()[0].to_str().unwrap().to_owned();
    shell.platform.forget_requests();
    let error = undo(&shell, &[&first]).error(6, "conflict");
    assert!(error["message"].as_str().unwrap().contains("'cart'"), "{error}");
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    assert_same(&state(&shell), &states[3], &Value::Null);
}

#[test]
fn what_was_undone_is_done_again_in_the_order_it_was_done() {
    let shell = Shell::new();
    let states = three_commands(&shell);
    undo(&shell, &[]).document();
    undo(&shell, &["--last", "2"]).document();
    assert_same(&state(&shell), &states[0], &Value::Null);
    for index in [2, 3] {
        let document: Document = undo(&shell, &["--redo"]).decode();
        assert_eq!(document.words(), ["undo"]);
        assert_same(&state(&shell), &states[index], &json!(index));
    }
    undo(&shell, &["--redo"]).error(3, "not-found");
    // They count as not undone again.
    for index in [2, 1, 0] {
        undo(&shell, &[]).document();
        assert_same(&state(&shell), &states[index], &json!(index));
    }
    undo(&shell, &[]).error(3, "not-found");
}

#[test]
fn an_undo_is_undone_by_the_name_of_its_own_journal() {
    let shell = Shell::new();
    let states = three_commands(&shell);
    let first: Document = undo(&shell, &[]).decode();
    let second: Document = undo(&shell, &[]).decode();
    assert_same(&state(&shell), &states[1], &Value::Null);
    let again: Document = undo(&shell, &[&second.own_journal.unwrap()]).decode();
    assert_eq!(again.words(), ["undo"]);
    assert_same(&state(&shell), &states[2], &Value::Null);
    // And that one as well.
    let back: Document = undo(&shell, &[&again.own_journal.unwrap()]).decode();
    assert_eq!(back.words(), ["undo"]);
    assert_same(&state(&shell), &states[1], &Value::Null);
    // The latest undo that is not undone itself.
    undo(&shell, &["--redo"]).document();
    assert_same(&state(&shell), &states[2], &Value::Null);
    undo(&shell, &[&first.own_journal.unwrap()]).document();
    assert_same(&state(&shell), &states[3], &Value::Null);
    let last: Document = undo(&shell, &[]).decode();
    assert_eq!(last.words(), ["rt-events"]);
    assert_same(&state(&shell), &states[2], &Value::Null);
}

/// A dry run and a look mark nothing.
#[test]
fn a_dry_run_and_a_look_leave_it_to_be_undone() {
    let shell = Shell::new();
    let states = three_commands(&shell);
    let files = || -> Vec<Vec<u8>> {
        shell.journals().iter().map(|journal| std::fs::read(journal).unwrap()).collect()
    };
    let before = files();
    shell.platform.forget_requests();
    for look in ["--dry-run", "--diff", "--curl"] {
        let looked = shell.tdx(&["undo", look, "--last", "3"]).run();
        assert_eq!((looked.code, looked.stderr.as_str()), (0, ""), "{look}: {looked:?}");
    }
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    assert_eq!(files(), before);
    undo(&shell, &["--last", "3"]).document();
    assert_same(&state(&shell), &states[0], &Value::Null);
}

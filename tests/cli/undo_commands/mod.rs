//! `undo` of every command that writes; that of an `apply` alone is in `undo`.

mod each;
mod edges;
mod list;
mod lost;
mod nothing;
mod ours;
mod several;
mod skipped;

pub use each::COMMANDS;

use super::plans::{SOURCE, Shell, by_name, plan_with_spares};
use crate::common::Output;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What `undo` prints, declared again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    parent_segment: Segment,
    journal: String,
    plan: String,
    commands: Vec<Command>,
    undone: Vec<Undone>,
    not_undone: Vec<String>,
    lost: Vec<String>,
    own_journal: Option<String>,
    items: BTreeMap<String, u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Segment {
    id: String,
    rt_status: Option<String>,
}

/// A command that was undone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Command {
    journal: String,
    command: String,
    plan: String,
    started: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Undone {
    kind: String,
    name: String,
    id: Option<String>,
    path: Option<String>,
    action: String,
}

impl Document {
    /// The words of the commands that were undone, the latest first.
    fn words(&self) -> Vec<&str> {
        let items =
            self.undone.iter().filter(|item| ["attribute", "key_event"].contains(&item.kind.as_str()));
        items.for_each(|item| {
            assert!(item.path.as_ref().is_some_and(|path| path.contains(&item.name)), "{item:?}")
        });
        self.commands.iter().map(|command| command.command.as_str()).collect()
    }
}

/// Runs `undo` without a terminal to ask on.
fn undo(shell: &Shell, arguments: &[&str]) -> Output {
    shell.tdx(&[&["undo", "--yes", "--interval", "5ms"][..], arguments].concat()).run()
}

/// Runs a command that needs no document, with a short interval.
#[track_caller]
fn run(shell: &Shell, arguments: &[&str]) -> Value {
    let output = shell.tdx(&[arguments, &["--ps", SOURCE, "--interval", "5ms"]].concat()).run();
    assert_eq!(output.code, 0, "{arguments:?}: {}", output.stderr);
    output.document()
}

fn state(shell: &Shell) -> Value {
    by_name(&shell.platform, SOURCE)
}

/// The first line of the latest journal.
fn last_header(shell: &Shell) -> Value {
    let journal = shell.journals().pop().expect("there is a journal");
    let text = std::fs::read_to_string(journal).unwrap();
    serde_json::from_str(text.lines().next().unwrap()).unwrap()
}

/// A platform with [`plan_with_spares`] on it, and no journal.
fn configured() -> Shell {
    let shell = Shell::new();
    shell.apply(&plan_with_spares());
    std::fs::remove_dir_all(shell.state().join("journals")).unwrap();
    shell.platform.forget_requests();
    shell
}

/// Three commands, each of which the next one stands on; the state before each, and after the last.
fn three_commands(shell: &Shell) -> Vec<Value> {
    let mut states = vec![state(shell)];
    for command in [
        &["rt-events", "--event", "cart=web_events.cart_view"][..],
        &["rt-attrs", "--counter", "carts=cart"],
        &["rt-events", "--event", "cart=web_events.cart_view", "--description", "Looks into the cart"],
    ] {
        run(shell, command);
        states.push(state(shell));
    }
    states
}

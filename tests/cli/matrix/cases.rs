//! A command line, at least, for every command.

use super::super::Written;
use super::super::crash::commands::Case;
use super::super::plans::{SOURCE, TARGET};
use std::collections::BTreeSet;

/// What a command talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The platform.
    Platform,
    /// A sandbox's controls, which no rule of faults ever hits.
    Controls,
    /// Nothing.
    Offline,
}

/// In place of a plan's file.
const FILE: &str = "@FILE@";

/// Commands that read the platform, where there is one of everything.
const READERS: &[&[&str]] = &[
    &["ps-check", SOURCE],
    &["ps-check", "Customer 360"],
    &["ps-check"],
    &["ps-check", "-"],
    &["discover", "databases"],
    &["discover", "tables", "web_events"],
    &["discover", "columns", "web_events.pageviews"],
    &["discover", "keys", "web_events"],
    &["discover", "attributes", "--ps", SOURCE],
    &["discover", "--use-case", "web", "--database", "web_events", "--ps", SOURCE],
    &["rt-events", "list", "--ps", SOURCE],
    &["rt-keys", "list", "--ps", SOURCE],
    &["rt-attrs", "list", "--ps", SOURCE],
    &["pz-create", "list", "--ps", SOURCE],
    &["pz-create", "token", "list", "--ps", SOURCE],
    &["pz-create", "token", "create", "--ps", SOURCE, "--service", "web"],
    &["pz-create", "token", "rotate", "--ps", SOURCE, "--service", "web"],
    &["ps-run", SOURCE],
    &["journey-create", "list", "--ps", SOURCE],
    &["journey-monitor", "--ps", SOURCE, "--interval", "5ms"],
    &["export", SOURCE],
    &["export", SOURCE, "--seed"],
    &["graph", "--ps", SOURCE, "--format", "json"],
    &["diff", "-f", FILE],
    &["validate", "--live", FILE],
    &["apply", FILE, "--dry-run"],
    &["undo", "--diff"],
    &[
        "pz-test",
        "--ps",
        SOURCE,
        "--personalization",
        "web",
        "--trigger",
        "page_view",
        "--key",
        "td_client_id=u1",
    ],
    &[
        "journey-test",
        "welcome",
        "--ps",
        SOURCE,
        "--key",
        "td_client_id=u1",
        "--no-send",
        "--interval",
        "5ms",
    ],
];

/// The controls of a sandbox.
pub const CONTROLS: &[&[&str]] = &[
    &["health"],
    &["clock"],
    &["clock", "advance", "1h"],
    &["clock", "set", "2026-01-02T03:04:05Z"],
    &["settle"],
    &["status"],
    &["pace"],
    &["faults"],
    &["faults", "add", "reset"],
    &["faults", "remove", "1"],
    &["faults", "clear"],
    &["requests"],
    &["requests", "clear"],
    &["inbox"],
    &["inbox", "answer", "x", "500"],
    &["inbox", "clear"],
    &["activations"],
    &["activations", "clear"],
    &["profile", "--ps", SOURCE, "td_client_id=u1"],
    &["snapshot"],
    &["snapshot", "list"],
    &["snapshot", "save", "x"],
    &["snapshot", "restore", "x"],
    &["snapshot", "delete", "x"],
    &["reset"],
];

/// Those that send nothing and need an argument. One without a case here, and without subcommands, is run by its
/// words alone.
const OFFLINE: &[&[&str]] = &[
    &["validate", FILE],
    &["graph", FILE],
    &["undo", "list"],
    &["sandbox", "--", "true"],
    &["explain", "auth"],
    &["completions", "bash"],
    &["shell-init", "bash"],
    &["install-links", "."],
];

/// Every case: those of commands that write are given.
pub fn all(writers: Vec<Case>, plan: &Written) -> Vec<(Reach, Case)> {
    let case = |words: &[&str]| {
        let words: Vec<&str> =
            words.iter().map(|word| if *word == FILE { plan.path() } else { *word }).collect();
        let stdin = if words.contains(&"-") { [SOURCE, TARGET, SOURCE].join("\n") } else { String::new() };
        Case::reading(&words, &stdin)
    };
    let mut all: Vec<(Reach, Case)> = writers.into_iter().map(|case| (Reach::Platform, case)).collect();
    all.extend(READERS.iter().map(|words| (Reach::Platform, case(words))));
    let controls = CONTROLS.iter().map(|words| case(&[&["sandbox"], *words].concat()));
    all.extend(controls.map(|case| (Reach::Controls, case)));
    all.extend(OFFLINE.iter().map(|words| (Reach::Offline, case(words))));
    let covered: BTreeSet<String> = all.iter().map(|(_, case)| case.arguments[0].clone()).collect();
    let root = tdx_rt::cli::command();
    let names = root.get_subcommands().map(clap::Command::get_name);
    let others = names.filter(|name| *name != "help" && !covered.contains(*name));
    all.extend(others.map(|name| (Reach::Offline, case(&[name]))));
    all
}

//! A command line parsed, with what clap does not see.

use super::{Cli, parser};
use crate::input::bulk;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, FromArgMatches};
use std::time::Duration;

/// A command line that is right.
pub(super) struct Parsed {
    pub(super) cli: Cli,
    /// The words of the command, such as `rt-events list`.
    pub(super) words: String,
    /// Whether `-` stands for many items of stdin.
    pub(super) bulk: bool,
    /// Whether one document stands for the answers to all of them.
    pub(super) summary: bool,
    /// Whether items are printed as the platform has them, which no schema describes.
    pub(super) raw: bool,
}

/// Parses a command line, and refuses what clap lets pass.
pub(super) fn parse(arguments: &[std::ffi::OsString]) -> Result<Parsed, clap::Error> {
    let mut command = parser();
    let matches = command.try_get_matches_from_mut(arguments)?;
    if let Some(error) = misplaced(&mut command, &matches) {
        return Err(error);
    }
    if two_durations(&matches) {
        let message = "--wait=DURATION and --timeout both say how long to wait\n\n  tip: write --wait without a duration, or leave --timeout out";
        return Err(command.error(ErrorKind::ArgumentConflict, message));
    }
    let (mut words, mut inner, mut innermost) = (Vec::new(), &matches, &command);
    while let Some((word, next)) = inner.subcommand() {
        words.push(word);
        inner = next;
        innermost = innermost.find_subcommand(word).unwrap_or(innermost);
    }
    let (cli, bulk) = (Cli::from_arg_matches(&matches)?, reads_items(innermost, inner));
    let has = |flag: &str| matches!(inner.try_get_one::<bool>(flag), Ok(Some(true)));
    let (raw, summary) = (has("raw"), has("summary"));
    if has("csv") && !bulk {
        let message = "--csv is for many items: it goes with `-`, which reads them from stdin";
        return Err(command.error(ErrorKind::ArgumentConflict, message));
    }
    if has("csv") && has("json") {
        let message = "--csv writes CSV: --json does not go with it\n\n  tip: --jsonl reads CSV and writes JSON, a line for each row";
        return Err(command.error(ErrorKind::ArgumentConflict, message));
    }
    Ok(Parsed { bulk, summary, raw, words: words.join(" "), cli })
}

/// Whether `-` stands in the place of an item of a command that takes many at once.
fn reads_items(command: &clap::Command, matches: &ArgMatches) -> bool {
    let takes_many = command.get_arguments().any(|argument| argument.get_id() == "concurrency");
    let mut items = command.get_positionals().filter_map(|item| matches.get_raw(item.get_id().as_str()));
    takes_many && items.any(|mut given| given.any(|item| item == bulk::STDIN))
}

/// Whether both flags say how long to wait.
fn two_durations(matches: &ArgMatches) -> bool {
    let says = |flag: &str| matches!(matches.try_get_one::<Duration>(flag), Ok(Some(_)));
    let own = matches!(matches.try_contains_id("wait"), Ok(true)) && says("wait") && says("timeout");
    own || matches.subcommand().is_some_and(|(_, inner)| two_durations(inner))
}

/// A command's own arguments mean nothing to its subcommands; the global ones may stand anywhere.
/// clap's `args_conflicts_with_subcommands` refuses these as well.
fn misplaced(command: &mut clap::Command, matches: &ArgMatches) -> Option<clap::Error> {
    let (name, inner) = matches.subcommand()?;
    let given = |argument: &&Arg| {
        let source = matches.value_source(argument.get_id().as_str());
        !argument.is_global_set() && source == Some(ValueSource::CommandLine)
    };
    let Some(argument) = command.get_arguments().find(given) else {
        return misplaced(command.find_subcommand_mut(name)?, inner);
    };
    let mut message = format!("the subcommand '{name}' cannot be used with '{argument}'");
    let same = |other: &Arg| other.get_long().is_some() && other.get_long() == argument.get_long();
    if command.find_subcommand(name).is_some_and(|sub| sub.get_arguments().any(same)) {
        message.push_str(&format!("\n\n  tip: write it after '{name}'"));
    }
    Some(command.error(ErrorKind::ArgumentConflict, message))
}

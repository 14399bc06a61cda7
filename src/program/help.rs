//! How help reads: the examples come first, then usage and options, and last what else there is to say.
//!
//! A command lists its examples in `before_help`, below the line `Examples:`. Each begins with two
//! spaces, and its further lines with more; a remark on one stands behind it as a shell
//! comment. A line has at most [`WIDTH`] characters. `after_help` has notes and exit codes. What
//! `-h`, `--help` and the man pages show of it is decided here; a test runs every example.

use clap::builder::{Resettable, StyledStr};
use std::fmt::Write as _;

/// Characters of a line of help.
pub const WIDTH: usize = 100;
/// What stands above the examples.
pub const HEADING: &str = "Examples:";

/// Examples that `-h` shows.
const SHORT: usize = 3;
const TEMPLATE: &str = "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

/// A command and all its subcommands, arranged so.
pub fn arranged(command: clap::Command) -> clap::Command {
    let all = examples(&command);
    let notes = command.get_after_help().cloned();
    let command = match all.is_empty() {
        true => command,
        false => command.before_help(block(&all, SHORT)).before_long_help(block(&all, all.len())),
    };
    command
        .help_template(TEMPLATE)
        .after_help(Resettable::Reset)
        .after_long_help(notes.map_or(Resettable::Reset, Resettable::Value))
        .mut_subcommands(arranged)
}

/// The examples of a command, arranged or not; one of several lines keeps its line breaks.
pub fn examples(command: &clap::Command) -> Vec<String> {
    let help = command.get_before_long_help().or_else(|| command.get_before_help());
    let text = help.map(StyledStr::to_string).unwrap_or_default();
    let Some(lines) = text.strip_prefix(HEADING) else { return Vec::new() };
    let mut all: Vec<String> = Vec::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let line = line.strip_prefix("  ").unwrap_or(line);
        match all.last_mut() {
            Some(last) if line.starts_with(' ') => {
                last.push('\n');
                last.push_str(line);
            }
            _ => all.push(line.to_owned()),
        }
    }
    all
}

/// What stands at the end of a command's help.
pub fn notes(command: &clap::Command) -> Option<String> {
    command.get_after_long_help().map(StyledStr::to_string)
}

fn block(examples: &[String], count: usize) -> StyledStr {
    let header = clap::builder::Styles::styled().get_header().to_owned();
    let mut text = StyledStr::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "{header}{HEADING}{header:#}");
    for line in examples.iter().take(count).flat_map(|example| example.lines()) {
        let _ = write!(text, "\n  {line}");
    }
    text
}

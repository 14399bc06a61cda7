//! How help reads: the examples come first, then usage and options, and last what else there is to say.
//!
//! A command lists its examples in `before_help`, below the line `Examples:`. Each begins with two
//! spaces, and its further lines with more; a remark on one stands behind it as a shell
//! comment. A line has at most [`WIDTH`] characters. `after_help` has notes and exit codes. What
//! `-h`, `--help` and the man pages show of it is decided here; a test runs every example.

use super::{narrow, nouns};
use clap::builder::{Resettable, StyledStr};
use clap::{Arg, ArgAction, Command};
use std::fmt::Write as _;

/// Characters of a line of help.
pub const WIDTH: usize = 100;
/// What stands above the examples.
pub const HEADING: &str = "Examples:";
/// What stands above the options that every command has.
pub const GLOBAL: &str = "Global options";
/// The page that describes those: `tdx-rt help options`.
pub const OPTIONS: &str = "options";

/// What stands above the examples in the program's own short help.
const FIRST: &str = "First steps:";
/// Examples that `-h` shows.
const SHORT: usize = 3;

/// Commands that the program's own help shows together.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// What stands above them.
    pub heading: &'static str,
    /// The modules of the commands, which have the same names.
    pub modules: &'static [&'static str],
}

impl Group {
    /// The names of its commands.
    pub fn commands(&self) -> impl Iterator<Item = String> {
        self.modules.iter().map(|module| module.replace('_', "-"))
    }
}

/// The program and all its commands, arranged so.
pub fn arranged(root: Command) -> Command {
    arranged_at(root, "").mut_args(|argument| match is_global(&argument) {
        // They have a page of their own.
        true => argument.hide_short_help(true).hide_long_help(true),
        false => argument,
    })
}

fn arranged_at(command: Command, path: &str) -> Command {
    let all = examples(&command);
    let notes = command.get_after_help().cloned();
    let heading = if path.is_empty() { FIRST } else { HEADING };
    let command = match all.is_empty() {
        true => command,
        false => {
            command.before_help(block(heading, &all, SHORT)).before_long_help(block(HEADING, &all, all.len()))
        }
    };
    command
        .help_template(template(path))
        .after_help(Resettable::Reset)
        .after_long_help(notes.map_or(Resettable::Reset, Resettable::Value))
        .mut_subcommands(|sub| {
            let path = format!("{path} {}", sub.get_name());
            arranged_at(sub, path.trim_start())
        })
}

fn template(path: &str) -> String {
    let header = clap::builder::Styles::styled().get_header().to_owned();
    let alias = nouns::alias(path).map(|alias| format!("\n{header}Alias:{header:#} tdx-rt {alias}"));
    let alias = alias.unwrap_or_default();
    format!(
        "{{about-with-newline}}\n{{before-help}}{{usage-heading}} {{usage}}{alias}\n\n{{all-args}}\n\n\
         {header}{GLOBAL}:{header:#} tdx-rt help {OPTIONS}{{after-help}}"
    )
}

fn is_global(argument: &Arg) -> bool {
    argument.get_help_heading() == Some(GLOBAL)
}

/// The place of the page of global options, so that its name is known before [`with_pages`] writes it.
pub fn with_place_of_options(root: Command) -> Command {
    root.subcommand(Command::new(OPTIONS).hide(true).arg_required_else_help(true))
}

/// With what takes longer to make and is needed only where help is shown: the program's own page, that of the
/// global options, and everything laid out for a window of this width.
pub fn with_pages(root: Command, groups: &[Group], width: Option<usize>) -> Command {
    let width = width.unwrap_or(WIDTH).min(WIDTH);
    let root = if width < WIDTH { narrowed(root, width) } else { root }.term_width(width);
    let header = clap::builder::Styles::styled().get_header().to_owned();
    let global: Vec<Arg> = root
        .get_arguments()
        .filter(|argument| is_global(argument))
        .map(|argument| argument.clone().global(false).hide_short_help(false).hide_long_help(false))
        .collect();
    let options = Command::new(OPTIONS)
        .about("Options that every command has; they may stand anywhere in its command line")
        .term_width(width)
        .disable_help_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).hide(true))
        .args(global)
        .hide(true)
        .arg_required_else_help(true);
    let section = options.clone().help_template("{all-args}").render_help().ansi().to_string();
    let section = section.trim_end();
    let notes = notes(&root).unwrap_or_default();
    let template = format!(
        "{{about-with-newline}}\n{{before-help}}{{usage-heading}} {{usage}}\n\n{}\n\n\
         {header}Options:{header:#}\n{{options}}{{after-help}}",
        in_groups(&root, groups, width)
    );
    root.help_template(template)
        .after_help(format!("{header}{GLOBAL}:{header:#} tdx-rt help {OPTIONS}\n{MORE}"))
        .after_long_help(format!("{section}\n\n{notes}"))
        .mut_subcommand(OPTIONS, |_| options.help_template(format!("{{about-with-newline}}\n{section}")))
}

/// A command and all its subcommands for a narrow window.
fn narrowed(command: Command, width: usize) -> Command {
    let fitted = |text: &StyledStr| {
        let lines = text.ansi().to_string();
        let lines: Vec<String> = lines.lines().flat_map(|line| narrow::example(line, width)).collect();
        StyledStr::from(lines.join("\n"))
    };
    let (short, long) = (command.get_before_help().map(fitted), command.get_before_long_help().map(fitted));
    let notes = notes(&command).map(|notes| narrow::paragraphs(&notes));
    let command = match (short, long) {
        (Some(short), Some(long)) => command.before_help(short).before_long_help(long),
        _ => command,
    };
    let command = match notes {
        Some(notes) => command.after_long_help(notes),
        None => command,
    };
    command.mut_subcommands(|sub| narrowed(sub, width))
}

/// What the program's own help says last.
const MORE: &str = "\
`tdx-rt help COMMAND` has a command's examples, `tdx-rt man` the manual. Nouns are aliases: `tdx-rt journey pause NAME` \
is `tdx-rt journey-create pause NAME`; `tdx-rt journey`, `tdx-rt pz` and `tdx-rt ps` list theirs.";

/// The commands below the headings of their groups, wrapped and aligned as clap does it.
fn in_groups(root: &Command, groups: &[Group], width: usize) -> String {
    let names: Vec<String> = groups.iter().flat_map(Group::commands).collect();
    let commands = names.iter().enumerate().filter_map(|(order, name)| {
        let about = root.find_subcommand(name)?.get_about().cloned().unwrap_or_default();
        Some(Command::new(name.clone()).about(about).display_order(order))
    });
    let list = Command::new("list").disable_help_subcommand(true).term_width(width).subcommands(commands);
    let list = list.help_template("{subcommands}").render_help().ansi().to_string();
    let styles = clap::builder::Styles::styled();
    let (literal, header) = (styles.get_literal(), styles.get_header());
    groups.iter().fold(list.trim_end().to_owned(), |list, group| {
        let Some(first) = group.commands().next() else { return list };
        let line = format!("  {literal}{first}{literal:#}");
        let blank = if list.starts_with(&line) { "" } else { "\n" };
        list.replacen(&line, &format!("{blank}{header}{}:{header:#}\n{line}", group.heading), 1)
    })
}

/// The examples of a command, arranged or not; one of several lines keeps its line breaks.
pub fn examples(command: &Command) -> Vec<String> {
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
pub fn notes(command: &Command) -> Option<String> {
    command.get_after_long_help().map(StyledStr::to_string)
}

fn block(heading: &str, examples: &[String], count: usize) -> StyledStr {
    let header = clap::builder::Styles::styled().get_header().to_owned();
    let mut text = StyledStr::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "{header}{heading}{header:#}");
    for line in examples.iter().take(count).flat_map(|example| example.lines()) {
        let _ = write!(text, "\n  {line}");
    }
    text
}

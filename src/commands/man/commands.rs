//! The pages of the commands, from the same data as their help.

use super::Page;
use super::writer::{Writer, term};
use crate::program::help::{self, GLOBAL, Group, OPTIONS};
use crate::program::{Program, nouns};
use clap::builder::StyledStr;
use clap::{Arg, Command};
use roff::{Inline, bold, italic, roman};

/// A page for every command, with its subcommands behind it.
pub(super) fn pages(program: &Program) -> Vec<Page> {
    let mut root = program.command();
    root.build();
    let mut pages = Vec::new();
    collect(&root, None, program.groups, &mut pages);
    pages
}

/// The page of the options that every command has.
pub(super) fn options_page(program: &Program) -> Page {
    let mut page = Writer::new(&format!("tdx-rt-{OPTIONS}"), "7", "options that every tdx-rt command has");
    page.section("DESCRIPTION");
    page.text(
        "These may stand anywhere in a command line. Which of them wins over variables and files is in \
         tdx-rt-environment(7).",
    );
    page.section("OPTIONS");
    let mut root = program.command();
    root.build();
    for argument in root.get_arguments().filter(|argument| is_global(argument) && !argument.is_hide_set()) {
        option(&mut page, argument);
    }
    page.section("EXAMPLES");
    page.literal(EXAMPLES.lines());
    page.see_also(&[("tdx-rt".to_owned(), "1"), ("tdx-rt-environment".to_owned(), "7")]);
    page.finish()
}

const EXAMPLES: &str = "\
tdx-rt ps-check --jq '.[] | select(.ready) | .name'
tdx-rt --site us01 config --yaml
tdx-rt apply plan.yaml --dry-run --curl -o requests.sh";

fn is_global(argument: &Arg) -> bool {
    argument.get_help_heading() == Some(GLOBAL)
}

fn collect(command: &Command, parent: Option<&str>, groups: &[Group], pages: &mut Vec<Page>) {
    let name = match parent {
        Some(parent) => format!("{parent}-{}", command.get_name()),
        None => command.get_name().to_owned(),
    };
    pages.push(page(command, &name, parent, groups));
    for sub in subcommands(command) {
        collect(sub, Some(&name), groups, pages);
    }
}

fn subcommands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
}

fn page(command: &Command, name: &str, parent: Option<&str>, groups: &[Group]) -> Page {
    let about = command.get_about().map(StyledStr::to_string).unwrap_or_default();
    let mut page = Writer::new(name, "1", &lower(&about));
    let usage = command.clone().render_usage().to_string();
    page.section("SYNOPSIS");
    let lines = usage.strip_prefix("Usage:").unwrap_or(&usage).lines().map(str::trim);
    page.synopsis(command.get_bin_name().unwrap_or(name), lines);
    page.section("DESCRIPTION");
    let long = command.get_long_about().map(StyledStr::to_string);
    page.text(&sentences(long.as_deref().unwrap_or(&about)));
    if let Some(alias) =
        nouns::alias(command.get_bin_name().and_then(|name| name.strip_prefix("tdx-rt ")).unwrap_or_default())
    {
        page.paragraph();
        page.text(&format!("`tdx-rt {alias}` is the same command."));
    }
    let notes = help::notes(command).unwrap_or_default();
    let (status, notes): (Vec<&str>, Vec<&str>) =
        notes.split("\n\n").partition(|paragraph| paragraph.starts_with("Exit codes:"));
    for paragraph in notes.into_iter().filter(|paragraph| !paragraph.is_empty()) {
        page.paragraph();
        page.text(paragraph);
    }
    page.section("EXAMPLES");
    for example in help::examples(command) {
        page.literal(example.lines());
    }
    children(&mut page, command, name, if parent.is_none() { groups } else { &[] });
    options(&mut page, command);
    page.section("EXIT STATUS");
    for paragraph in status {
        page.text(paragraph.trim_start_matches("Exit codes:").trim());
        page.paragraph();
    }
    page.text("All exit codes, and the code of every error, are in tdx-rt-exit-codes(7).");
    page.section("ENVIRONMENT");
    page.text("Variables, files, and which of them wins are in tdx-rt-environment(7).");
    page.see_also(&related(command, name, parent));
    page.finish()
}

/// `Print a man page` as it stands behind a name.
fn lower(about: &str) -> String {
    let mut letters = about.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Each paragraph of a description ends with a full stop.
fn sentences(text: &str) -> String {
    let ended = |text: &str| {
        let text = text.trim_end();
        if text.ends_with(['.', ':']) { text.to_owned() } else { format!("{text}.") }
    };
    text.split("\n\n").map(ended).collect::<Vec<_>>().join("\n\n")
}

fn children(page: &mut Writer, command: &Command, name: &str, groups: &[Group]) {
    if subcommands(command).next().is_none() {
        return;
    }
    page.section("COMMANDS");
    for sub in subcommands(command) {
        let begun =
            groups.iter().find(|group| group.commands().next().is_some_and(|first| first == sub.get_name()));
        if let Some(group) = begun {
            page.part(group.heading);
        }
        let about = sub.get_about().map(StyledStr::to_string).unwrap_or_default();
        let text = format!("{} See {name}-{}(1).", sentences(&about), sub.get_name());
        page.item(term(sub.get_name(), ""), &text);
    }
}

fn options(page: &mut Writer, command: &Command) {
    let own = command.get_arguments().filter(|argument| !argument.is_hide_set() && !is_global(argument));
    // Positional ones first, as they are typed most.
    let (positional, flags): (Vec<&Arg>, Vec<&Arg>) = own.partition(|a| a.is_positional());
    page.section("OPTIONS");
    for argument in positional.into_iter().chain(flags) {
        option(page, argument);
    }
    page.section("GLOBAL OPTIONS");
    page.text(&format!(
        "Options that every command has, such as `--site`, `--jq` and `--dry-run`, are in tdx-rt-{OPTIONS}(7)."
    ));
}

fn option(page: &mut Writer, argument: &Arg) {
    let help = argument.get_long_help().or_else(|| argument.get_help()).map(StyledStr::to_string);
    let mut text = sentences(&help.unwrap_or_default());
    let takes = argument.get_num_args().is_some_and(|count| count.takes_values());
    let values: Vec<_> =
        argument.get_possible_values().into_iter().filter(|value| !value.is_hide_set()).collect();
    if takes && !values.is_empty() {
        let names: Vec<String> = values.iter().map(|value| format!("`{}`", value.get_name())).collect();
        text.push_str(&format!(" One of {}.", names.join(", ")));
    }
    let defaults = argument.get_default_values();
    if takes && !defaults.is_empty() && !argument.is_hide_default_value_set() {
        let defaults: Vec<_> = defaults.iter().map(|value| value.to_string_lossy()).collect();
        text.push_str(&format!(" The default is `{}`.", defaults.join(" ")));
    }
    page.item(spelling(argument, takes), &text);
}

/// `-f, --file FILE`, with what may be left out in brackets.
fn spelling(argument: &Arg, takes: bool) -> Vec<Inline> {
    let mut spelled = Vec::new();
    if let Some(short) = argument.get_short() {
        spelled.push(bold(format!("-{short}")));
    }
    if let Some(long) = argument.get_long() {
        if !spelled.is_empty() {
            spelled.push(roman(", "));
        }
        spelled.push(bold(format!("--{long}")));
    }
    if !takes {
        return spelled;
    }
    let names = argument.get_value_names().unwrap_or_default();
    let mut value = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ");
    let count = argument.get_num_args().unwrap_or_default();
    if argument.is_positional() {
        if count.max_values() > names.len().max(1) {
            value.push_str("...");
        }
        return match argument.is_required_set() {
            true => vec![italic(value)],
            false => vec![roman("["), italic(value), roman("]")],
        };
    }
    match count.min_values() {
        0 => spelled.extend([roman(" ["), italic(value), roman("]")]),
        _ => spelled.extend([roman(" "), italic(value)]),
    }
    spelled
}

/// The page above, those below and those beside.
fn related(command: &Command, name: &str, parent: Option<&str>) -> Vec<(String, &'static str)> {
    let mut pages: Vec<(String, &str)> = parent.map(|parent| (parent.to_owned(), "1")).into_iter().collect();
    if parent.is_some_and(|parent| parent != "tdx-rt") {
        pages.insert(0, ("tdx-rt".to_owned(), "1"));
    }
    pages.extend(subcommands(command).map(|sub| (format!("{name}-{}", sub.get_name()), "1")));
    pages.extend([("tdx-rt-plan".to_owned(), "5")]);
    pages.extend([(format!("tdx-rt-{OPTIONS}"), "7")]);
    pages.extend([("tdx-rt-environment".to_owned(), "7"), ("tdx-rt-exit-codes".to_owned(), "7")]);
    pages
}

//! Nouns that stand for commands: `tdx-rt journey pause NAME` is `tdx-rt journey-create pause NAME`.
//!
//! The words of a command line are replaced before it is parsed, so that an alias answers as its command in every
//! way: one table serves parsing, `help`, `man`, `schema` and completion, and neither clap nor a command knows
//! of a second name. clap's aliases have one word each; the nouns of two words would need a second tree of
//! commands, whose matches no derived type reads.

use super::Program;
use clap::Command;
use std::ffi::{OsStr, OsString};

/// Each alias with its command. The list is closed, and what follows the words stays as it is: `events list` is
/// `rt-events list`.
pub const NOUNS: [(&str, &str); 18] = [
    ("ps check", "ps-check"),
    ("ps run", "ps-run"),
    ("events", "rt-events"),
    ("keys", "rt-keys"),
    ("attrs", "rt-attrs"),
    ("pz create", "pz-create"),
    ("pz list", "pz-create list"),
    ("pz delete", "pz-create delete"),
    ("pz test", "pz-test"),
    ("pz token", "pz-create token"),
    ("journey create", "journey-create"),
    ("journey list", "journey-create list"),
    ("journey delete", "journey-create delete"),
    ("journey launch", "journey-create launch"),
    ("journey pause", "journey-create pause"),
    ("journey resume", "journey-create resume"),
    ("journey test", "journey-test"),
    ("journey monitor", "journey-monitor"),
];

/// Commands whose arguments are the words of a command.
const ABOUT_COMMANDS: [&str; 3] = ["help", "man", "schema"];

/// The command line with commands in place of nouns.
pub fn resolved(mut arguments: Vec<OsString>, program: &Program) -> Vec<OsString> {
    // The usual case, and no reason to build the whole parser.
    if !arguments.iter().any(|word| is_first(word)) {
        return arguments;
    }
    let mut words = words(&arguments, &program.command());
    if words.first().is_some_and(|(_, word)| ABOUT_COMMANDS.contains(&word.as_str())) {
        words.remove(0);
    }
    let given: Vec<&str> = words.iter().map(|(_, word)| word.as_str()).collect();
    if let Some((count, command)) = of_noun(&given) {
        let replaced: Vec<usize> = words.iter().take(count).map(|(at, _)| *at).collect();
        // Options between the words are global ones, which may as well stand in front of them.
        let last = replaced.last().copied().unwrap_or_default();
        arguments.splice(last..=last, command.split(' ').map(OsString::from));
        for at in replaced.iter().rev().skip(1) {
            arguments.remove(*at);
        }
    }
    arguments
}

/// Whether an alias begins with this word.
pub(crate) fn is_first(word: &OsStr) -> bool {
    NOUNS.iter().any(|(noun, _)| Some(first(noun)) == word.to_str())
}

/// How many words, from the first, are an alias, and the words of its command.
pub(crate) fn of_noun(words: &[&str]) -> Option<(usize, &'static str)> {
    NOUNS.iter().find_map(|(noun, command)| {
        let noun: Vec<&str> = noun.split(' ').collect();
        words.starts_with(&noun).then_some((noun.len(), *command))
    })
}

/// The alias of a command, by its words without the program: `journey pause` of `journey-create pause`, and
/// `events list` of `rt-events list`.
pub(crate) fn alias(path: &str) -> Option<String> {
    let rest =
        |command: &str| path.strip_prefix(command).filter(|rest| rest.is_empty() || rest.starts_with(' '));
    let found = NOUNS.iter().filter_map(|(noun, command)| Some((command.len(), *noun, rest(command)?)));
    found.max_by_key(|(length, ..)| *length).map(|(_, noun, rest)| format!("{noun}{rest}"))
}

/// The command line with the nouns, hidden, for their help and for completion: those of two words as commands of
/// their own, which are never run.
pub(crate) fn with_nouns(root: Command) -> Command {
    let single = |command: &Command| {
        NOUNS
            .iter()
            .find(|(noun, name)| !noun.contains(' ') && *name == command.get_name())
            .map(|(noun, _)| *noun)
    };
    let mut groups: Vec<Command> = Vec::new();
    for (noun, verb, command) in NOUNS.iter().filter_map(|(words, command)| {
        let (noun, verb) = words.split_once(' ')?;
        Some((noun, verb, *command))
    }) {
        let about = found(&root, command).and_then(Command::get_about).map(ToString::to_string);
        let about = format!("{} (tdx-rt {command})", about.unwrap_or_default());
        let last = groups.pop_if(|group| group.get_name() == noun).unwrap_or_else(|| group(noun));
        groups.push(last.subcommand(Command::new(verb).about(about)));
    }
    root.mut_subcommands(|sub| match single(&sub) {
        Some(noun) => sub.alias(noun),
        None => sub,
    })
    .subcommands(groups)
}

fn group(noun: &'static str) -> Command {
    let mut commands: Vec<&str> =
        NOUNS.iter().filter(|(words, _)| first(words) == noun).map(|(_, command)| first(command)).collect();
    commands.dedup();
    Command::new(noun)
        .about(format!("Short words for {}", commands.join(" and ")))
        .hide(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

fn found<'c>(root: &'c Command, path: &str) -> Option<&'c Command> {
    path.split(' ').try_fold(root, |command, word| command.find_subcommand(word))
}

fn first(words: &'static str) -> &'static str {
    words.split(' ').next().unwrap_or_default()
}

/// The words of a command line with their places, without the global options and their values; it ends
/// before anything else.
fn words(arguments: &[OsString], root: &Command) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut values = 0_usize;
    for (at, argument) in arguments.iter().enumerate().skip(1) {
        if values > 0 {
            values = values.saturating_sub(1);
            continue;
        }
        let Some(argument) = argument.to_str() else { break };
        match argument.strip_prefix('-') {
            None | Some("") => found.push((at, argument.to_owned())),
            Some(flags) => match values_behind(flags, root) {
                Some(count) => values = count,
                None => break,
            },
        }
    }
    found
}

/// How many arguments behind it are values of a global option, which is given without its first hyphen; `None` for
/// any other option, and for `--`.
fn values_behind(flags: &str, root: &Command) -> Option<usize> {
    let takes = |argument: &clap::Arg| match argument.get_action().takes_values() {
        true => argument.get_num_args().map_or(1, |count| count.min_values()),
        false => 0,
    };
    if let Some(long) = flags.strip_prefix('-') {
        let (long, value) = long.split_once('=').map_or((long, None), |(long, value)| (long, Some(value)));
        let option = root.get_arguments().find(|argument| argument.get_long() == Some(long));
        return match option {
            Some(option) => Some(if value.is_some() { 0 } else { takes(option) }),
            None => (long == "help").then_some(0),
        };
    }
    for (at, flag) in flags.char_indices() {
        let option = root.get_arguments().find(|argument| argument.get_short() == Some(flag));
        match option.map(takes) {
            Some(0) => {}
            // What is left of the argument is its value.
            Some(count) => return Some(if flags.len() > at.saturating_add(1) { 0 } else { count }),
            None if flag == 'h' => {}
            None => return None,
        }
    }
    Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(line: &str) -> String {
        let arguments = line.split(' ').map(OsString::from).collect();
        let words = resolved(arguments, &crate::cli::PROGRAM);
        words.iter().map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_words_of_a_noun_become_those_of_its_command() {
        for (given, expected) in [
            ("t journey pause welcome", "t journey-create pause welcome"),
            ("t --site jp01 journey --quiet pause x", "t --site jp01 --quiet journey-create pause x"),
            ("t --site=jp01 events list", "t --site=jp01 rt-events list"),
            ("t -qo journey journey -vv test x", "t -qo journey -vv journey-test x"),
            ("t -ojourney pz create", "t -ojourney pz-create"),
            ("t --jq -1 --arg events keys pz list", "t --jq -1 --arg events keys pz-create list"),
            ("t help journey pause", "t help journey-create pause"),
            ("t -h journey pause", "t -h journey-create pause"),
            ("t --help journey pause", "t --help journey-create pause"),
            ("t schema keys list", "t schema rt-keys list"),
            ("t man pz test", "t man pz-test"),
            ("t ps check -", "t ps-check -"),
            // What is no word of the command stays.
            ("t journey", "t journey"),
            ("t journey paus x", "t journey paus x"),
            ("t journey --ps pause", "t journey --ps pause"),
            ("t -- journey pause", "t -- journey pause"),
            ("t rt-events delete events", "t rt-events delete events"),
            ("t events events", "t rt-events events"),
            ("t --profile events config", "t --profile events config"),
            ("t explain keys", "t explain keys"),
            ("t --site", "t --site"),
        ] {
            assert_eq!(rewritten(given), expected, "{given}");
        }
    }

    #[test]
    fn every_alias_leads_to_a_command_and_back() {
        let root = with_nouns(crate::cli::command());
        for (noun, command) in NOUNS {
            assert!(found(&root, command).is_some_and(|command| !command.is_hide_set()), "{noun}");
            assert_eq!(alias(command).as_deref(), Some(noun));
            // No command is hidden behind a noun.
            assert!(
                root.find_subcommand(first(noun))
                    .is_some_and(|sub| sub.is_hide_set() || sub.get_name() == command)
            );
        }
        assert_eq!(alias("rt-events list").as_deref(), Some("events list"));
        assert_eq!(alias("journey-create pause").as_deref(), Some("journey pause"));
        assert_eq!([alias("rt-event"), alias("apply"), alias("journey-testing")], [None, None, None]);
    }
}

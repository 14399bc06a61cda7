//! A command line that could not be parsed.

use super::{PROGRAM, command, meaning, parser};
use crate::context::{LateCredentials, hide_credentials};
use crate::error::{Code, Error};
use crate::input::parse_duration;
use crate::plan::nearest::{did_you_mean, meant, nearest};
use crate::program::help;
use crate::settings::{Environment, Flags};
use crate::ui::{ErrorFormat, Ui, UiOptions};
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Help and version go to stdout; a wrong command line is an error like any other.
pub(super) fn parse_failed(error: &clap::Error, arguments: &[std::ffi::OsString], env: &Environment) -> u8 {
    let ui = Ui::new(UiOptions {
        error_format: error_format(arguments),
        no_color: super::no_color(env),
        columns: super::columns(env),
        ..UiOptions::default()
    });
    hide_credentials(&ui, env, &Flags::default(), LateCredentials::default());
    match error.kind() {
        ErrorKind::DisplayVersion => show(error, &ui),
        ErrorKind::DisplayHelp => show(help(arguments, &ui).as_ref().unwrap_or(error), &ui),
        // A person gets help; a script that has lost its arguments, or a pipe, gets an error.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if ui.is_to_terminal() => {
            let asked: Vec<_> = arguments.iter().cloned().chain(["-h".into()]).collect();
            show(help(&asked, &ui).as_ref().unwrap_or(error), &ui)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let root = parser();
            let (command, path) = innermost(&root, arguments, "");
            let names = names(command);
            let behind = if command.get_name() == root.get_name() {
                String::new()
            } else {
                format!(" behind `{path}`")
            };
            let error = Error::new(Code::Usage, format!("no command is given{behind}"));
            let error = match names.is_empty() {
                true => error.hint(format!("`tdx-rt help {}` shows that page", command.get_name())),
                false => error.hint(format!("one of {}; see `{path} --help`", names.join(", "))),
            };
            ui.error(&error);
            error.code.exit_code()
        }
        _ => {
            let text = error.render().to_string();
            let text = text.trim_start_matches("error: ").trim();
            let (message, rest) = text.split_once("\n\n").unwrap_or((text, ""));
            let meaning = meaning(error, arguments);
            let parts = rest.split("\n\n").map(|part| without_dashes(part.trim()));
            // What is near by its letters for clap, and the usage, say less than the meaning of the word.
            let parts = parts.filter(|part| !part.is_empty() && meaning.is_none());
            let hint = parts
                .chain(meaning.clone())
                .chain(owners(error))
                .chain(misspelt(error))
                .chain(wait_hint(arguments).map(|(_, hint)| hint))
                .collect::<Vec<_>>()
                .join("\n");
            let error = Error::new(Code::Usage, message);
            let error = if hint.is_empty() { error } else { error.hint(hint) };
            ui.error(&error);
            error.code.exit_code()
        }
    }
}

/// A part of clap's text without the tip to pass a word like `--database` as a value: it is a flag of another command,
/// or misspelt.
fn without_dashes(part: &str) -> String {
    let lines = part.lines().filter(|line| !line.trim_start().starts_with("tip: to pass '--"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Help and version on stdout.
fn show(error: &clap::Error, ui: &Ui) -> u8 {
    match error.print() {
        // The reader has closed the pipe.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let error = Error::new(Code::Io, format!("cannot write to stdout: {error}"));
            ui.error(&error);
            error.code.exit_code()
        }
        _ => 0,
    }
}

/// The help that a command line asks for, with all its pages, for the window.
fn help(arguments: &[std::ffi::OsString], ui: &Ui) -> Option<clap::Error> {
    help::with_pages(parser(), PROGRAM.groups, ui.page().width).try_get_matches_from(arguments).err()
}

/// The command that the words of a command line lead to, up to one that is none, with its words.
fn innermost<'c>(
    root: &'c clap::Command,
    arguments: &[std::ffi::OsString],
    end: &str,
) -> (&'c clap::Command, String) {
    let words = arguments.iter().skip(1).filter_map(|word| word.to_str()).take_while(|word| *word != end);
    words.fold((root, root.get_name().to_owned()), |(command, path), word| {
        match command.find_subcommand(word) {
            Some(sub) => (sub, format!("{path} {}", sub.get_name())),
            None => (command, path),
        }
    })
}

/// A duration behind `--wait`, which takes it with `=` only: the word, and how it is written.
fn wait_hint(arguments: &[std::ffi::OsString]) -> Option<(&str, String)> {
    let words = arguments.iter().zip(arguments.iter().skip(1));
    let behind = words.filter(|(word, _)| *word == "--wait").filter_map(|(_, next)| next.to_str());
    // A number alone is the id of a parent segment.
    let duration = |word: &&str| word.contains(char::is_alphabetic) && parse_duration(word).is_ok();
    let word = behind.into_iter().find(duration)?;
    Some((word, format!("the duration of --wait stands behind a '=': --wait={word}")))
}

/// The same for an error about something that the word was taken for.
pub(super) fn with_wait_hint(error: Error, arguments: &[std::ffi::OsString]) -> Error {
    let taken =
        |word: &str| [format!("'{word}'"), format!(" {word}:")].iter().any(|it| error.message.contains(it));
    match wait_hint(arguments).filter(|(word, _)| error.code == Code::NotFound && taken(word)) {
        Some((_, hint)) => error.hint(hint),
        None => error,
    }
}

/// A flag that this command lacks: which commands have it.
fn owners(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else { return None };
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let long = flag.strip_prefix("--")?;
    let long = long.split_once('=').map_or(long, |(name, _)| name);
    let mut found = Vec::new();
    let root = command();
    collect(&root, root.get_name(), long, &mut found);
    (!found.is_empty()).then(|| format!("--{long} belongs to: {}", found.join(", ")))
}

/// What clap does not suggest: a value whose slip is a swap.
fn misspelt(error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::InvalidValue || error.get(ContextKind::SuggestedValue).is_some() {
        return None;
    }
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else { return None };
    let Some(ContextValue::Strings(known)) = error.get(ContextKind::ValidValue) else { return None };
    did_you_mean(value, known.iter().map(String::as_str))
}

/// What a word means that is no command here: one that is near by its letters, or the word of another tool.
fn meaning(error: &clap::Error, arguments: &[std::ffi::OsString]) -> Option<String> {
    let context = match error.kind() {
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        _ => return None,
    };
    let Some(ContextValue::String(word)) = error.get(context) else { return None };
    if word.starts_with('-') {
        return None;
    }
    let root = parser();
    let (command, path) = innermost(&root, arguments, word);
    let is_root = path == root.get_name();
    let of = |word: &str| meaning::of(word, command, is_root);
    let near = || {
        let names = command
            .get_subcommands()
            .flat_map(|sub| [sub.get_name()].into_iter().chain(sub.get_all_aliases()));
        let near = nearest(word, names.chain(meaning::words()))?;
        if command.find_subcommand(near).is_some() { Some(meant(word, near)) } else { of(near) }
    };
    // A noun has few.
    let all = || command.is_hide_set().then(|| format!("`{path}` has: {}", names(command).join(", ")));
    of(word).or_else(near).or_else(all)
}

/// The names of a command's subcommands.
fn names(command: &clap::Command) -> Vec<&str> {
    command.get_subcommands().filter(|sub| !sub.is_hide_set()).map(clap::Command::get_name).collect()
}

fn collect(command: &clap::Command, path: &str, long: &str, found: &mut Vec<String>) {
    for sub in command.get_subcommands() {
        let path = format!("{path} {}", sub.get_name());
        if sub.get_arguments().any(|argument| argument.get_long() == Some(long) && !argument.is_hide_set()) {
            found.push(path.clone());
        }
        collect(sub, &path, long, found);
    }
}

/// The wanted error format of a command line that could not be parsed.
fn error_format(arguments: &[std::ffi::OsString]) -> ErrorFormat {
    let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
    let value =
        words.iter().enumerate().find_map(|(index, word)| match word.strip_prefix("--error-format") {
            Some("") => words.get(index.saturating_add(1)).map(|next| next.to_string()),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        });
    match value.as_deref() {
        Some("text") => ErrorFormat::Text,
        Some("json") => ErrorFormat::Json,
        _ => ErrorFormat::Auto,
    }
}

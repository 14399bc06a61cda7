//! A command line that could not be parsed.

use super::command;
use crate::context::{LateCredentials, hide_credentials};
use crate::error::{Code, Error};
use crate::input::parse_duration;
use crate::plan::nearest::did_you_mean;
use crate::settings::{Environment, Flags};
use crate::ui::{ErrorFormat, Ui, UiOptions};
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Help and version go to stdout; a wrong command line is an error like any other.
pub(super) fn parse_failed(error: &clap::Error, arguments: &[std::ffi::OsString], env: &Environment) -> u8 {
    let ui = Ui::new(UiOptions {
        error_format: error_format(arguments),
        no_color: super::no_color(env),
        ..UiOptions::default()
    });
    hide_credentials(&ui, env, &Flags::default(), LateCredentials::default());
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
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
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let names: Vec<_> = command().get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
            let error = Error::new(Code::Usage, "no command is given")
                .hint(format!("one of {}; see `tdx-rt --help`", names.join(", ")));
            ui.error(&error);
            error.code.exit_code()
        }
        _ => {
            let text = error.render().to_string();
            let text = text.trim_start_matches("error: ").trim();
            let (message, rest) = text.split_once("\n\n").unwrap_or((text, ""));
            let hint = rest
                .split("\n\n")
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .chain(owners(error))
                .chain(misspelt(error, arguments))
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

/// What clap does not suggest: a value whose slip is a swap, and a word that is near a subcommand of a
/// command that need not have one.
fn misspelt(error: &clap::Error, arguments: &[std::ffi::OsString]) -> Option<String> {
    if error.kind() == ErrorKind::InvalidValue && error.get(ContextKind::SuggestedValue).is_none() {
        let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else { return None };
        let Some(ContextValue::Strings(known)) = error.get(ContextKind::ValidValue) else { return None };
        return did_you_mean(value, known.iter().map(String::as_str));
    }
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else { return None };
    if error.kind() != ErrorKind::UnknownArgument || word.starts_with('-') {
        return None;
    }
    let root = command();
    let mut at = &root;
    for word in arguments.iter().skip(1).filter_map(|word| word.to_str()) {
        at = at.find_subcommand(word).unwrap_or(at);
    }
    did_you_mean(word, at.get_subcommands().map(clap::Command::get_name))
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

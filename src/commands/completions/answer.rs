//! What the completion scripts ask: `tdx-rt __complete SHELL …`. The answer is a line for each
//! candidate, and nothing at all when anything fails: a completion never disturbs the line that is
//! being typed.

use super::names::{Begun, REFRESH, begin};
use super::source::Source;
use super::values::{Values, attach};
use super::words::{Line, of_bash};
use crate::context::{Context, RequestOptions};
use crate::program::shell::command_of_name;
use crate::program::{Program, nouns};
use crate::settings::{Environment, Flags};
use crate::ui::{Ui, UiOptions};
use clap::ArgAction;
use std::ffi::OsString;
use std::time::Duration;

/// The word in front of a completion's question.
pub(super) const COMPLETE: &str = "__complete";

/// How long a refresh takes at the most: longer than a completion waits for it.
const REFRESH_TIME: Duration = Duration::from_secs(5);

/// A candidate with its description.
type Candidate = (String, Option<String>);

/// Answers a completion script's question; `None` when the command line is none.
pub fn run(arguments: &[OsString], env: &Environment, program: Program) -> Option<u8> {
    let [_, word, shell, rest @ ..] = arguments else { return None };
    if word != COMPLETE {
        return None;
    }
    let rest: Vec<String> = rest.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    if shell == REFRESH {
        return Some(u8::from(refresh(&rest, env, program).is_none()));
    }
    // The parser of unfinished lines is a library's; should it fail, nothing is offered.
    std::panic::set_hook(Box::new(|_| {}));
    let answer = std::panic::catch_unwind(|| match shell.to_str() {
        Some("bash") => bash(&rest, env, program),
        Some(shell) => described(&rest, env, program, shell),
        None => None,
    });
    let text = answer.ok().flatten().unwrap_or_default();
    // The shell that asked may be gone.
    let _ = Ui::new(UiOptions::default()).text(&text);
    Some(0)
}

/// Bash: the first line says whether a space follows; the values are cut and quoted.
fn bash(rest: &[String], env: &Environment, program: Program) -> Option<String> {
    let [breaks, line, at, pieces @ ..] = rest else { return None };
    let line = of_bash(line, pieces, at.parse().ok()?, breaks);
    let found = candidates(&line, env, program);
    if found.is_empty() {
        return None;
    }
    let open = found.iter().any(|(value, _)| is_part(value));
    let mut text = String::from(if open { "nospace\n" } else { "space\n" });
    for inserted in found.iter().filter_map(|(value, _)| line.insert(value)) {
        text.push_str(&inserted);
        text.push('\n');
    }
    Some(text)
}

/// The others quote by themselves: value, tab, description.
fn described(rest: &[String], env: &Environment, program: Program, shell: &str) -> Option<String> {
    let mut words = rest.to_vec();
    if shell == "powershell" {
        // Its last word is marked with `=`, because an empty one would be lost.
        let last = words.last_mut()?;
        *last = last.strip_prefix('=')?.to_owned();
    }
    let line = Line { words, quote: None, kept: String::new() };
    let mut text = String::new();
    for (value, about) in candidates(&line, env, program) {
        text.push_str(&value);
        if let Some(about) = about.filter(|about| !about.is_empty()) {
            text.push('\t');
            text.push_str(&about);
        }
        text.push('\n');
    }
    Some(text)
}

/// Whether more is typed behind a value: `NAME=`, `DB.`, a folder.
fn is_part(value: &str) -> bool {
    value.ends_with(['=', '.', '/'])
}

fn candidates(line: &Line, env: &Environment, program: Program) -> Vec<Candidate> {
    let mut arguments = line.arguments();
    as_program(&mut arguments, &program);
    let Some(current) = arguments.last().map(|word| word.to_string_lossy().into_owned()) else {
        return Vec::new();
    };
    // The word that is being typed may be anything yet.
    let typed = arguments.pop();
    let mut arguments = nouns::resolved(arguments, &program);
    arguments.extend(typed);
    let words: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let mut command = nouns::with_nouns(attach(program.command(), &Values::new(&words, env, program)));
    let at = arguments.len().saturating_sub(1);
    let found = clap_complete::engine::complete(&mut command, arguments, at, env.current_dir.as_deref());
    let given = given_once(&command, &words);
    let mut found: Vec<Candidate> = found
        .unwrap_or_default()
        .into_iter()
        // A noun is offered where no other command begins with what is typed.
        .filter(|candidate| !candidate.is_hide_set() || nouns::is_first(candidate.get_value()))
        .map(|candidate| {
            let about = candidate.get_help().map(|help| first_line(&help.to_string()));
            (candidate.get_value().to_string_lossy().into_owned(), about)
        })
        // A line break would be two candidates.
        .filter(|(value, _)| !value.contains(['\n', '\r', '\t']) && !given.contains(value))
        .collect();
    // Flags only where they are asked for, or where nothing else can stand.
    if !current.starts_with('-') {
        let flags = takes_only_flags(&command, &words);
        found.retain(|(value, _)| !value.starts_with('-') || flags && value.starts_with("--"));
    }
    found
}

/// Whether the command of a line has neither arguments nor subcommands.
fn takes_only_flags(command: &clap::Command, words: &[String]) -> bool {
    let named = |command: &clap::Command, word: &String| command.find_subcommand(word).cloned();
    let mut command = command.clone();
    for word in words {
        command = named(&command, word).unwrap_or(command);
    }
    command.get_positionals().next().is_none() && !command.has_subcommands()
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// `tdx rt …` and `tdx-ps-check …` are this program as well.
fn as_program(words: &mut Vec<OsString>, program: &Program) {
    let name = words.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
    if name == "tdx" && words.get(1).is_some_and(|word| word == "rt") {
        words.remove(0);
    } else if let Some(command) = command_of_name(&name, program) {
        words.insert(1, command.into());
    }
}

/// The flags that stand in the line before the cursor and may stand there only once.
fn given_once(command: &clap::Command, words: &[String]) -> Vec<String> {
    let before = words.len().saturating_sub(1);
    let flags = words.iter().take(before).filter(|word| word.starts_with("--"));
    let flags = flags.map(|word| word.split_once('=').map_or(word.as_str(), |(flag, _)| flag));
    let repeats = |flag: &str| {
        let long = flag.trim_start_matches('-');
        let arguments = everything(command);
        arguments.into_iter().any(|arg| {
            arg.get_long() == Some(long) && matches!(arg.get_action(), ArgAction::Append | ArgAction::Count)
        })
    };
    flags.filter(|flag| !repeats(flag)).map(str::to_owned).collect()
}

fn everything(command: &clap::Command) -> Vec<&clap::Arg> {
    let mut all: Vec<_> = command.get_arguments().collect();
    all.extend(command.get_subcommands().flat_map(everything));
    all
}

/// Asks the platform for names and keeps them.
fn refresh(rest: &[String], env: &Environment, program: Program) -> Option<()> {
    let source = Source::of_text(rest.first()?)?;
    let ui = Ui::new(UiOptions { quiet: true, ..UiOptions::default() });
    let requests =
        RequestOptions { timeout: REFRESH_TIME, retries: 0, dry_run: false, curl: false, verbose: 0 };
    let ctx = Context::new(ui, env.clone(), flags(rest), requests, program);
    let refresh = match begin(env, ctx.settings().ok()?, &source)? {
        Begun::Here(refresh) => refresh,
        Begun::Elsewhere => return Some(()),
    };
    let client = ctx.client().ok()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let listing = runtime.block_on(async { tokio::time::timeout(REFRESH_TIME, source.fetch(client)).await });
    runtime.shutdown_background();
    refresh.end(&listing.ok()?.ok()?)
}

/// The flags of a command line that choose the account, whether the rest of it is right or not.
pub(super) fn flags(words: &[String]) -> Flags {
    Flags {
        site: value_of(words, "--site"),
        profile: value_of(words, "--profile"),
        endpoint: value_of(words, "--endpoint"),
        ..Flags::default()
    }
}

/// The value of a flag in an unfinished command line; the last word is still being typed.
pub(super) fn value_of(words: &[String], flag: &str) -> Option<String> {
    values_of(words, flag).pop()
}

/// Each value of a flag.
pub(super) fn values_of(words: &[String], flag: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match word.strip_prefix(flag) {
            Some("") => found.extend(rest.clone().next().cloned()),
            Some(rest) => found.extend(rest.strip_prefix('=').map(str::to_owned)),
            None => {}
        }
    }
    found
}

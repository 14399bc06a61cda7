//! A shell at a terminal, in a sandbox: where one is, a mark on the prompt, and how to leave.
//!
//! No file of the user's is touched: bash and zsh read files of this run's own folder, which read the user's,
//! and fish runs a script behind its configuration. Where nothing is known of a shell, or it has been given arguments of
//! its own, its prompt stays as it is.

use crate::context::Context;
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::path::Path;

/// Shells that people type into.
const SHELLS: [&str; 10] = ["bash", "zsh", "fish", "sh", "dash", "ash", "ksh", "tcsh", "nu", "elvish"];

/// The name of the shell that people type into, when the command is one; `None` for another command, and where
/// there is no terminal.
pub fn name<'p>(program: &'p OsStr, rest: &[OsString]) -> Option<&'p str> {
    let name = Path::new(program).file_stem()?.to_str().filter(|name| SHELLS.contains(name))?;
    // A script, or a command behind -c.
    let runs = |word: &OsString| match word.to_str().and_then(|word| word.strip_prefix('-')) {
        Some(long) if long.starts_with('-') => long.starts_with("-command"),
        Some(flags) => flags.contains('c'),
        None => true,
    };
    let typed = !rest.iter().any(runs) && io::stdin().is_terminal() && io::stderr().is_terminal();
    typed.then_some(name)
}

/// Says where one is and how to leave.
pub fn greet(ctx: &Context, url: &str) {
    ctx.ui.status(format!("sandbox: an offline platform at {url}; nothing here reaches your account"));
    ctx.ui.status("begin with: tdx-rt ps-check; leave with: exit or Ctrl-D, which ends the sandbox as well");
}

/// A variable of the command, or `None` where it is to have none of this name.
pub type Variable = (String, Option<OsString>);

/// The arguments that mark the prompt, in place of `rest`, and more variables. Files go into `folder`; without
/// them the shell runs as it is.
pub fn marked(
    name: &str,
    rest: &[OsString],
    folder: &Path,
    ctx: &Context,
    variables: &mut Vec<Variable>,
) -> Vec<OsString> {
    let plain = rest.iter().all(|word| word == "-i");
    let more = if plain { mark(name, folder, ctx, variables).unwrap_or_default() } else { Vec::new() };
    more.into_iter().chain(rest.iter().cloned()).collect()
}

fn mark(
    name: &str,
    folder: &Path,
    ctx: &Context,
    variables: &mut Vec<Variable>,
) -> io::Result<Vec<OsString>> {
    std::fs::create_dir_all(folder)?;
    let before = ctx.env.var_os("ZDOTDIR").map(|value| value.to_string_lossy().into_owned());
    let filled = |text: &str| {
        let set = if name == "fish" { set_in_fish(variables) } else { set(variables) };
        text.replace("@SET@", &set)
            .replace("@ZDOTDIR@", &quoted(before.as_deref().unwrap_or_default()))
            .replace("@FOLDER@", &quoted(&folder.to_string_lossy()))
    };
    match name {
        "bash" => {
            let file = folder.join("bashrc");
            std::fs::write(&file, filled(include_str!("shells/bashrc")))?;
            Ok(vec!["--rcfile".into(), file.into()])
        }
        "zsh" => {
            std::fs::write(folder.join(".zshenv"), filled(include_str!("shells/zshenv")))?;
            std::fs::write(folder.join(".zshrc"), filled(include_str!("shells/zshrc")))?;
            variables.push(("ZDOTDIR".into(), Some(folder.into())));
            Ok(Vec::new())
        }
        "fish" => Ok(vec!["-C".into(), filled(include_str!("shells/init.fish")).into()]),
        _ => Ok(Vec::new()),
    }
}

/// Lines that set the variables in bash and zsh. What the user has put in front of `PATH` stays on it.
fn set(variables: &[Variable]) -> String {
    given(variables)
        .map(|(name, value)| match first_of_path(name, value) {
            Some(folder) => format!("export PATH={}:\"$PATH\"\n", quoted(&folder)),
            None => format!("export {name}={}\n", quoted(value)),
        })
        .collect()
}

fn set_in_fish(variables: &[Variable]) -> String {
    let quoted = |value: &str| quoted(&value.replace('\\', "\\\\"));
    given(variables)
        .map(|(name, value)| match first_of_path(name, value) {
            Some(folder) => format!("set -gx PATH {} $PATH\n", quoted(&folder)),
            None => format!("set -gx {name} {}\n", quoted(value)),
        })
        .collect()
}

fn given(variables: &[Variable]) -> impl Iterator<Item = (&str, &str)> {
    variables.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_ref()?.to_str()?)))
}

/// The folder of this program, which stands first on its PATH.
fn first_of_path(name: &str, value: &str) -> Option<String> {
    let first = std::env::split_paths(value).next().filter(|_| name == "PATH")?;
    Some(first.to_string_lossy().into_owned())
}

/// Text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

//! `completions --install`: the script of a shell where the shell looks for it.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::file::install::{Installable, InstalledFile, install, no_home, remove};
use crate::outcome::{Outcome, Text};
use crate::program::shell::{PROGRAM, script};
use clap::ValueEnum as _;
use clap_complete::Shell;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::path::{Path, PathBuf};

/// What every script begins with.
const MARK: &str = "# Completion of tdx-rt for ";

/// Where bash's loader of completions is, as packages install it.
const BASH_LOADERS: [&str; 4] = [
    "/usr/share/bash-completion/bash_completion",
    "/usr/local/share/bash-completion/bash_completion",
    "/opt/homebrew/share/bash-completion/bash_completion",
    "/opt/homebrew/etc/profile.d/bash_completion.sh",
];

/// A completion script that was installed or removed.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct InstalledCompletions {
    /// Shell
    shell: String,
    /// The script; empty where there was none to remove
    files: Vec<InstalledFile>,
    /// What is left to do
    next: Option<String>,
}

/// Installs the script, or with `removes` removes it. Without a shell, it is that of `SHELL`.
pub(super) fn run(shell: Option<Shell>, removes: bool, ctx: &Context) -> anyhow::Result<Outcome> {
    let shell = shell.map_or_else(|| of_environment(ctx), Ok)?;
    let path = place(shell, ctx)?;
    let is_own = |text: &str| text.lines().take(3).any(|line| line.starts_with(MARK));
    let dry_run = ctx.requests.dry_run;
    let files = match removes {
        true => remove(std::slice::from_ref(&path), is_own, dry_run)?,
        false => {
            install(&[Installable { path: path.clone(), text: script(shell).to_owned() }], is_own, dry_run)?
        }
    };
    let next = (!removes).then(|| next(shell, &path));
    let mut lines: Vec<String> = files
        .iter()
        .map(|file| format!("{}: {}", json!(file.action).as_str().unwrap_or_default(), file.path))
        .collect();
    if files.is_empty() {
        lines.push(format!("there is no completion script of tdx-rt at {}", path.display()));
    }
    lines.extend(next.iter().map(|next| format!("next: {next}")));
    let document = InstalledCompletions { shell: shell.to_string(), files, next };
    let text = Text::new(&(lines.join("\n") + "\n"), false);
    // A dry run prints the same document: no request is part of it.
    Ok(Outcome { text: Some(text), ..Outcome::read(json!(document)) })
}

fn of_environment(ctx: &Context) -> Result<Shell, Error> {
    let all: Vec<String> = Shell::value_variants().iter().map(ToString::to_string).collect();
    let advice = format!("name it: tdx-rt completions --install bash (or {})", all.join(", "));
    let Some(path) = ctx.env.var("SHELL") else {
        return Err(Error::new(Code::Usage, "SHELL does not say which shell is used").hint(advice));
    };
    let unknown =
        || Error::new(Code::Usage, format!("SHELL is {path}, for which there is no script")).hint(advice);
    Shell::from_shell_path(&path).ok_or_else(unknown)
}

/// Where a shell looks for the scripts of its user.
fn place(shell: Shell, ctx: &Context) -> Result<PathBuf, Error> {
    let (data, config) = (ctx.env.data_home(), ctx.env.config_home());
    let place = match shell {
        Shell::Bash => {
            let own =
                ctx.env.var("BASH_COMPLETION_USER_DIR").map(PathBuf::from).filter(|dir| dir.is_absolute());
            own.or_else(|| Some(data?.join("bash-completion")))
                .map(|dir| dir.join("completions").join(PROGRAM))
        }
        Shell::Zsh => data.map(|dir| dir.join("zsh/site-functions").join(format!("_{PROGRAM}"))),
        Shell::Fish => config.map(|dir| dir.join("fish/completions").join(format!("{PROGRAM}.fish"))),
        Shell::Elvish => config.map(|dir| dir.join("elvish/lib").join(format!("{PROGRAM}.elv"))),
        other => {
            let message = format!("{other} has no folder for completion scripts");
            let advice =
                "add this to its profile: tdx-rt completions powershell | Out-String | Invoke-Expression";
            return Err(Error::new(Code::Usage, message).hint(advice));
        }
    };
    let variable =
        if matches!(shell, Shell::Bash | Shell::Zsh) { "XDG_DATA_HOME" } else { "XDG_CONFIG_HOME" };
    place.ok_or_else(|| no_home(variable))
}

fn next(shell: Shell, path: &Path) -> String {
    let folder = path.parent().unwrap_or(path).display();
    match shell {
        Shell::Bash if BASH_LOADERS.iter().any(|loader| Path::new(loader).exists()) => {
            "open a new shell".to_owned()
        }
        Shell::Bash => format!(
            "install the package bash-completion, which was not found, or add this to ~/.bashrc: source {}",
            path.display()
        ),
        Shell::Zsh => format!(
            "add this to ~/.zshrc, and open a new shell: fpath=({folder} $fpath); autoload -Uz compinit; compinit"
        ),
        Shell::Elvish => "add `use tdx-rt` to rc.elv, and open a new shell".to_owned(),
        _ => "open a new shell".to_owned(),
    }
}

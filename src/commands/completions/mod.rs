//! `tdx-rt completions`: completion scripts.

mod answer;
mod fields;
mod names;
mod source;
mod values;
mod words;

use crate::cli::shell::script;
use crate::context::Context;
use crate::file::write_atomically;
use clap::Args;
use clap_complete::Shell;
use std::path::{Path, PathBuf};

pub use answer::run as answer;

/// Print the completion script of a shell
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt completions bash > ~/.local/share/bash-completion/completions/tdx-rt
  tdx-rt completions zsh > ~/.zfunc/_tdx-rt    # a folder of $fpath
  tdx-rt completions fish > ~/.config/fish/completions/tdx-rt.fish")]
pub struct CompletionsArgs {
    /// Shell
    #[arg(required_unless_present = "dir")]
    shell: Option<Shell>,
    /// Write the scripts of all shells into this folder
    #[arg(long, value_name = "DIR", hide = true)]
    dir: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &CompletionsArgs, ctx: &Context) -> anyhow::Result<()> {
    if let Some(dir) = &args.dir {
        return write_all(dir);
    }
    match args.shell {
        Some(shell) => ctx.ui.text(script(shell)),
        None => Ok(()),
    }
}

fn write_all(dir: &Path) -> anyhow::Result<()> {
    for (shell, file) in [
        (Shell::Bash, "tdx-rt.bash"),
        (Shell::Zsh, "_tdx-rt"),
        (Shell::Fish, "tdx-rt.fish"),
        (Shell::Elvish, "tdx-rt.elv"),
        (Shell::PowerShell, "_tdx-rt.ps1"),
    ] {
        write_atomically(&dir.join(file), script(shell).as_bytes())?;
    }
    Ok(())
}

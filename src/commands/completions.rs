//! `tdx-rt completions`: completion scripts.

use crate::cli::command;
use crate::context::Context;
use crate::ui::write_atomically;
use clap::Args;
use clap_complete::{Shell, generate};
use std::path::{Path, PathBuf};

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
        Some(shell) => ctx.ui.text(&String::from_utf8_lossy(&script(shell))),
        None => Ok(()),
    }
}

fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut command(), "tdx-rt", &mut script);
    script
}

fn write_all(dir: &Path) -> anyhow::Result<()> {
    for (shell, file) in [
        (Shell::Bash, "tdx-rt.bash"),
        (Shell::Zsh, "_tdx-rt"),
        (Shell::Fish, "tdx-rt.fish"),
        (Shell::Elvish, "tdx-rt.elv"),
        (Shell::PowerShell, "_tdx-rt.ps1"),
    ] {
        write_atomically(&dir.join(file), &script(shell))?;
    }
    Ok(())
}

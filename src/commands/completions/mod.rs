//! `tdx-rt completions`: completion scripts.

mod answer;
mod fields;
mod names;
mod source;
mod values;
mod words;

use crate::context::Context;
use crate::file::write_atomically;
use crate::outcome::Outcome;
use crate::program::shell::{PROGRAM, script};
use crate::schema::Output;
use clap::{Args, ValueEnum};
use clap_complete::{Generator, Shell};
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

/// It prints a script.
pub const OUTPUTS: &[Output] = &[];

/// Runs the command.
pub async fn run(args: &CompletionsArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    match (&args.dir, args.shell) {
        (Some(dir), _) => write_all(dir)?,
        (None, Some(shell)) => ctx.ui.text(script(shell))?,
        (None, None) => {}
    }
    Ok(Outcome::printed())
}

fn write_all(dir: &Path) -> anyhow::Result<()> {
    for shell in Shell::value_variants() {
        write_atomically(&dir.join(shell.file_name(PROGRAM)), script(*shell).as_bytes())?;
    }
    Ok(())
}

//! `tdx-rt completions`: completion scripts.

mod answer;
mod fields;
mod install;
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
use install::InstalledCompletions;
use std::path::{Path, PathBuf};

pub use answer::run as answer;

/// Print or install the completion script of a shell
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt completions --install                 # for the shell of SHELL, in the user's own folder
  tdx-rt completions --install zsh
  tdx-rt completions --uninstall zsh
  tdx-rt completions bash > ~/.local/share/bash-completion/completions/tdx-rt
  tdx-rt completions zsh > ~/.zfunc/_tdx-rt    # a folder of $fpath
  tdx-rt completions fish > ~/.config/fish/completions/tdx-rt.fish")]
pub struct CompletionsArgs {
    /// Shell
    #[arg(required_unless_present_any = ["dir", "install", "uninstall"])]
    shell: Option<Shell>,
    /// Put the script where the shell looks for it, instead of printing it [default shell: that of SHELL]
    ///
    /// bash: ~/.local/share/bash-completion/completions, zsh: ~/.local/share/zsh/site-functions, fish:
    /// ~/.config/fish/completions, elvish: ~/.config/elvish/lib. A file that is no script of tdx-rt is never
    /// replaced.
    #[arg(long, conflicts_with = "dir")]
    install: bool,
    /// Remove the script that --install has put there
    #[arg(long, conflicts_with_all = ["dir", "install"])]
    uninstall: bool,
    /// Write the scripts of all shells into this folder
    #[arg(long, value_name = "DIR", hide = true)]
    dir: Option<PathBuf>,
}

/// What --install and --uninstall print; a script has no schema.
pub const OUTPUTS: &[Output] = &[Output::of::<InstalledCompletions>(
    "completions",
    "Installed completions",
    "The script that --install wrote, or --uninstall removed",
)];

/// Runs the command.
pub async fn run(args: &CompletionsArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    if args.install || args.uninstall {
        return install::run(args.shell, args.uninstall, ctx);
    }
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

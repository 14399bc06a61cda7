//! `tdx-rt shell-init`: `tdx rt …` as a plugin of the official CLI, and completion.

use crate::context::Context;
use crate::outcome::Outcome;
use crate::program::shell::{link_names, script};
use crate::schema::Output;
use clap::{Args, ValueEnum};
use clap_complete::Shell;

/// Print what makes `tdx rt COMMAND` work in a shell, with completion
///
/// Everything but `tdx rt` goes to what `tdx` was before: the official CLI, or a function or alias of
/// one's own. Completion covers `tdx-rt`, `tdx rt` and the links of `tdx-rt install-links`.
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  eval \"$(tdx-rt shell-init bash)\"      # in ~/.bashrc
  eval \"$(tdx-rt shell-init zsh)\"       # in ~/.zshrc
  tdx-rt shell-init fish | source       # in ~/.config/fish/config.fish")]
pub struct ShellInitArgs {
    /// Shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: InitShell,
}

/// The shells that a function can be given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum InitShell {
    Bash,
    Zsh,
    Fish,
}

/// It prints a script.
pub const OUTPUTS: &[Output] = &[];

/// Runs the command.
pub async fn run(args: &ShellInitArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let (completion, plugin) = match args.shell {
        InitShell::Bash => (script(Shell::Bash), include_str!("tdx.bash")),
        InitShell::Zsh => (script(Shell::Zsh), include_str!("tdx.zsh")),
        InitShell::Fish => (script(Shell::Fish), include_str!("tdx.fish")),
    };
    let links: Vec<String> = link_names(&ctx.program).collect();
    ctx.ui.text(format!("{completion}\n{}", plugin.replace("@LINKS@", &links.join(" "))))?;
    Ok(Outcome::printed())
}

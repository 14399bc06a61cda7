//! `tdx-rt man`: man pages.

use crate::cli::command;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::plan::nearest;
use crate::ui::write_atomically;
use clap::Args;
use clap_mangen::Man;
use std::path::{Path, PathBuf};

/// Print a man page
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  tdx-rt man | man -l -
  tdx-rt man rt-events | man -l -")]
pub struct ManArgs {
    /// Command; without one, the program's own page
    #[arg(value_name = "COMMAND")]
    page: Option<String>,
    /// Write all pages into this folder
    #[arg(long, value_name = "DIR", hide = true)]
    dir: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &ManArgs, ctx: &Context) -> anyhow::Result<()> {
    if let Some(dir) = &args.dir {
        return write_all(dir);
    }
    let root = command();
    let page = match &args.page {
        None => root,
        Some(name) => {
            let names: Vec<&str> = root.get_subcommands().map(clap::Command::get_name).collect();
            let Some(found) = root.find_subcommand(name) else {
                let error = Error::new(Code::NotFound, format!("there is no command '{name}'"));
                return Err(match nearest(name, names.iter().copied()) {
                    Some(near) => error.hint(format!("did you mean '{near}'?")),
                    None => error.hint(format!("the commands are: {}", names.join(", "))),
                }
                .into());
            };
            page_of(found)
        }
    };
    ctx.ui.text(&String::from_utf8_lossy(&roff(page)?))
}

fn page_of(command: &clap::Command) -> clap::Command {
    let name = format!("tdx-rt-{}", command.get_name());
    command.clone().name(name.clone()).display_name(name)
}

fn roff(command: clap::Command) -> anyhow::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    Ok(page)
}

fn write_all(dir: &Path) -> anyhow::Result<()> {
    let root = command();
    for sub in root.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        write_atomically(&dir.join(format!("tdx-rt-{}.1", sub.get_name())), &roff(page_of(sub))?)?;
    }
    write_atomically(&dir.join("tdx-rt.1"), &roff(root)?)
}

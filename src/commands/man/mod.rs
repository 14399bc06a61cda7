//! `tdx-rt man`: the manual.

mod commands;
mod install;
mod plan;
mod topics;
mod writer;

use crate::context::Context;
use crate::error::{Code, Error};
use crate::file::write_atomically;
use crate::outcome::Outcome;
use crate::plan::nearest;
use crate::program::Program;
use crate::schema::Output;
use clap::Args;
use install::InstalledPages;
use std::path::{Path, PathBuf};

/// Print a man page
///
/// There is one for every command and subcommand, and four more: plan (the format of plans), exit-codes,
/// environment, and options (those that every command has).
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt man | man -l -
  tdx-rt man rt-events list | man -l -
  tdx-rt man plan | man -l -                   # the format of plans
  tdx-rt man exit-codes | man -l -
  tdx-rt man --install                         # all pages, where man finds them
  tdx-rt man --dir share/man                   # all pages, a file each")]
pub struct ManArgs {
    /// Command with its subcommand, or a page's name; without one, the program's own page
    #[arg(value_name = "PAGE")]
    page: Vec<String>,
    /// Write all pages into this folder, which is made where it is missing
    #[arg(long, value_name = "DIR", conflicts_with = "page")]
    dir: Option<PathBuf>,
    /// Put all pages into ~/.local/share/man, and remove those of an earlier version
    ///
    /// A file that is no page of tdx-rt is never replaced.
    #[arg(long, conflicts_with_all = ["page", "dir"])]
    install: bool,
    /// Remove the pages that --install has put there
    #[arg(long, conflicts_with_all = ["page", "dir", "install"])]
    uninstall: bool,
}

/// A page of the manual.
struct Page {
    /// Such as `tdx-rt-plan`.
    name: String,
    /// Section of the manual.
    section: &'static str,
    source: String,
}

/// What --install and --uninstall print; a page has no schema.
pub const OUTPUTS: &[Output] = &[Output::of::<InstalledPages>(
    "man",
    "Installed man pages",
    "The pages that --install wrote, or --uninstall removed",
)];

/// Runs the command.
pub async fn run(args: &ManArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    let pages = pages(&ctx.program);
    if args.install || args.uninstall {
        return install::run(&pages, args.uninstall, ctx);
    }
    if let Some(dir) = &args.dir {
        write_all(&pages, dir)?;
        return Ok(Outcome::printed());
    }
    let wanted = wanted(&args.page);
    let Some(page) = pages.iter().find(|page| page.name == wanted) else {
        return Err(unknown(&args.page.join(" "), &wanted, &pages).into());
    };
    ctx.ui.text(&page.source)?;
    Ok(Outcome::printed())
}

/// `rt-events list`, `plan`, `tdx-rt-plan` and `tdx-rt-plan.5` as the name of a page.
fn wanted(words: &[String]) -> String {
    let words = words.join("-");
    let name = words.strip_suffix(|last: char| last.is_ascii_digit()).and_then(|name| name.strip_suffix('.'));
    let name = name.unwrap_or(&words);
    match name {
        "" | "tdx-rt" => "tdx-rt".to_owned(),
        name if name.starts_with("tdx-rt-") => name.to_owned(),
        name => format!("tdx-rt-{name}"),
    }
}

fn unknown(given: &str, wanted: &str, pages: &[Page]) -> Error {
    let error = Error::new(Code::NotFound, format!("there is no page '{given}'"));
    let short = |page: &Page| page.name.strip_prefix("tdx-rt-").unwrap_or(&page.name).to_owned();
    match nearest(wanted, pages.iter().map(|page| page.name.as_str())) {
        Some(near) => error.hint(format!("did you mean '{}'?", near.strip_prefix("tdx-rt-").unwrap_or(near))),
        None => {
            error.hint(format!("the pages are: {}", pages.iter().map(short).collect::<Vec<_>>().join(", ")))
        }
    }
}

/// Every page, the program's own first.
fn pages(program: &Program) -> Vec<Page> {
    let mut pages = commands::pages(program);
    pages.extend([
        plan::page(),
        topics::exit_codes(),
        topics::environment(),
        commands::options_page(program),
    ]);
    pages
}

fn write_all(pages: &[Page], dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir)
        .map_err(|error| Error::new(Code::Io, format!("cannot make {}: {error}", dir.display())))?;
    for page in pages {
        write_atomically(&dir.join(format!("{}.{}", page.name, page.section)), page.source.as_bytes())?;
    }
    Ok(())
}

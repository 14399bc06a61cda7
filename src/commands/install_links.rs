//! `tdx-rt install-links`: links such as `tdx-ps-check`, under which the program is that command.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::outcome::Outcome;
use crate::plan::counted;
use crate::program::shell::{PROGRAM, link_names};
use crate::schema::Output;
use crate::steps::Action;
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Make links such as tdx-ps-check, each of which is one command
///
/// Called as tdx-ps-check the program is `tdx-rt ps-check`. A file that is no link to tdx-rt is never
/// replaced or removed.
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:
  tdx-rt install-links ~/.local/bin
  tdx-rt install-links ~/.local/bin --jq '.[].name'
  tdx-rt install-links ~/.local/bin --remove")]
pub struct InstallLinksArgs {
    /// Folder, best one of PATH
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,
    /// Remove the links instead
    #[arg(long)]
    remove: bool,
}

/// What stands where a link belongs.
enum There {
    Nothing,
    /// A link to this program, as wanted or not.
    Link(PathBuf),
    /// Something else.
    Other,
}

/// A link.
#[derive(Serialize, JsonSchema)]
struct LinkItem {
    /// What the program is called by it, such as tdx-ps-check
    name: String,
    /// The link's file
    path: String,
    action: Action,
}

/// What the command prints.
pub const OUTPUTS: &[Output] = &[Output::list::<LinkItem>(
    "install-links",
    "Links",
    "The links that were made, found as wanted, or removed",
)];

/// Runs the command.
pub async fn run(args: &InstallLinksArgs, ctx: &Context) -> anyhow::Result<Outcome> {
    if !args.dir.is_dir() {
        let message = format!("there is no folder {}", args.dir.display());
        return Err(Error::new(Code::NotFound, message)
            .hint(format!("make it first: mkdir -p {}", args.dir.display()))
            .into());
    }
    let target = target(&args.dir, ctx)?;
    let names: Vec<String> = link_names(&ctx.program).collect();
    // All of it is looked at before anything is written.
    let mut plan = Vec::new();
    for name in &names {
        let path = args.dir.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let there = look(&path).map_err(|error| failed(&path, &error))?;
        if let (There::Other, false) = (&there, args.remove) {
            let message = format!("{} exists already and is no link to tdx-rt", path.display());
            return Err(Error::new(Code::Conflict, message)
                .hint("nothing was made; choose another folder, or move that file away")
                .into());
        }
        plan.push((name, path, there));
    }
    let mut links = Vec::new();
    for (name, path, there) in plan {
        let action = match (args.remove, there) {
            (true, There::Link(_)) => Some(Action::Deleted),
            (true, _) => None,
            (false, There::Nothing) => Some(Action::Created),
            (false, There::Link(to)) if to == target => Some(Action::Unchanged),
            (false, _) => Some(Action::Updated),
        };
        let Some(action) = action else { continue };
        if !ctx.requests.dry_run {
            carry_out(action, &target, &path).map_err(|error| failed(&path, &error))?;
        }
        links.push(LinkItem { name: name.clone(), path: path.display().to_string(), action });
    }
    let summary = match args.remove {
        true => format!("{} removed from {}", counted(links.len(), "link"), args.dir.display()),
        false => format!("{} in {}", counted(links.len(), "link"), args.dir.display()),
    };
    // A dry run prints the same document: no request is part of it.
    Ok(Outcome::read(json!(links)).summary(summary))
}

/// What the links lead to: the program beside them by its name alone, else as it is found on PATH
/// (a package manager's link outlives the versions it points to), else the file itself.
fn target(dir: &Path, ctx: &Context) -> anyhow::Result<PathBuf> {
    let file = std::env::current_exe()?;
    let same = |path: &Path| fs::canonicalize(path).ok() == fs::canonicalize(&file).ok();
    let program = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    if same(&dir.join(&program)) {
        return Ok(PathBuf::from(program));
    }
    let path = ctx.env.var_os("PATH").cloned().unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|dir| dir.join(&program));
    Ok(on_path.filter(|path| path.is_absolute()).find(|path| same(path)).unwrap_or(file))
}

fn look(path: &Path) -> io::Result<There> {
    // The program may have another name than usual.
    let here = |path: &Path| {
        let file = std::env::current_exe().and_then(fs::canonicalize).ok();
        file.is_some() && file == fs::canonicalize(path).ok()
    };
    match fs::read_link(path) {
        Ok(to) if to.file_stem() == Some(OsStr::new(PROGRAM)) || here(path) => Ok(There::Link(to)),
        Ok(_) => Ok(There::Other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(There::Nothing),
        // It exists, and is no link.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(There::Other),
        Err(error) => Err(error),
    }
}

fn carry_out(action: Action, target: &Path, path: &Path) -> io::Result<()> {
    match action {
        Action::Unchanged => Ok(()),
        Action::Deleted => fs::remove_file(path),
        Action::Created => link(target, path),
        Action::Updated => {
            fs::remove_file(path)?;
            link(target, path)
        }
    }
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(windows)]
fn link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, path)
}

fn failed(path: &Path, error: &io::Error) -> Error {
    Error::new(Code::Io, format!("cannot look at, make or remove the link {}: {error}", path.display()))
        .hint("what was done so far stays; the command can be run again")
}

//! `man --install`: the pages where `man` looks for them.

use super::Page;
use crate::context::Context;
use crate::file::install::{FileAction, Installable, InstalledFile, install, no_home, remove};
use crate::outcome::{Outcome, Text};
use crate::plan::counted;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Man pages that were installed or removed.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct InstalledPages {
    /// The folder with the sections of the manual
    folder: String,
    /// The pages; those of an earlier version that exist no more are removed
    files: Vec<InstalledFile>,
    /// What is left to do
    next: Option<String>,
}

/// Installs the pages, or with `removes` removes them.
pub(super) fn run(pages: &[Page], removes: bool, ctx: &Context) -> anyhow::Result<Outcome> {
    let data = ctx.env.data_home().ok_or_else(|| no_home("XDG_DATA_HOME"))?;
    let folder = data.join("man");
    let path = |page: &Page| {
        folder.join(format!("man{}", page.section)).join(format!("{}.{}", page.name, page.section))
    };
    let wanted: Vec<Installable> =
        pages.iter().map(|page| Installable { path: path(page), text: page.source.clone() }).collect();
    let mut gone = present(&folder);
    if !removes {
        gone.retain(|there| !wanted.iter().any(|file| file.path == *there));
    }
    let mut files = if removes { Vec::new() } else { install(&wanted, is_own, ctx.requests.dry_run)? };
    files.extend(remove(&gone, is_own, ctx.requests.dry_run)?);
    let next = (!removes).then(|| next(&data, ctx));
    let count = |action| files.iter().filter(|file| file.action == action).count();
    let actions = [
        (FileAction::Created, "created"),
        (FileAction::Updated, "updated"),
        (FileAction::Unchanged, "unchanged"),
        (FileAction::Deleted, "deleted"),
    ];
    let counts =
        actions.map(|(action, word)| (count(action), word)).into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> =
        counts.map(|(count, word)| format!("{word}: {}", counted(count, "page"))).collect();
    let counts = if counts.is_empty() { "no pages of tdx-rt".to_owned() } else { counts.join(", ") };
    let mut text = format!("{counts} in {}\n", folder.display());
    text.extend(next.iter().map(|next| format!("next: {next}\n")));
    let document = InstalledPages { folder: folder.display().to_string(), files, next };
    let text = Text::new(&text, false);
    // A dry run prints the same document: no request is part of it.
    Ok(Outcome { text: Some(text), ..Outcome::read(json!(document)) })
}

fn is_own(text: &str) -> bool {
    text.lines().take(5).any(|line| line.starts_with(".TH TDX-RT"))
}

/// Files named like a page of ours.
fn present(folder: &Path) -> Vec<PathBuf> {
    let mut found = BTreeSet::new();
    for section in ["1", "5", "7"] {
        let entries = std::fs::read_dir(folder.join(format!("man{section}"))).into_iter().flatten();
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        found.extend(paths.filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let stem = name.strip_suffix(section).and_then(|stem| stem.strip_suffix('.'));
            stem.is_some_and(|stem| stem == "tdx-rt" || stem.starts_with("tdx-rt-"))
        }));
    }
    found.into_iter().collect()
}

/// `man` looks beside the folders of PATH: `~/.local/share/man` for `~/.local/bin`.
fn next(data: &Path, ctx: &Context) -> String {
    let bin = data.parent().map(|above| above.join("bin")).unwrap_or_default();
    let path = ctx.env.var_os("PATH").cloned().unwrap_or_default();
    let is_found = data.ends_with("share") && std::env::split_paths(&path).any(|dir| dir == bin);
    match is_found {
        true => "man tdx-rt".to_owned(),
        false => format!(
            "add this to your shell's profile, because {} is not on the PATH: export MANPATH=\"{}:${{MANPATH:-}}\"; then: man tdx-rt",
            bin.display(),
            data.join("man").display()
        ),
    }
}

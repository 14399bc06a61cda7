//! Files that are put where other programs find them: completion scripts and man pages. What is no file of this
//! program stays as it is.

use super::write_atomically;
use crate::error::{Code, Error};
use schemars::JsonSchema;
use serde::Serialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The error where the user has no folder for such files. `variable` is what else says where they go.
pub fn no_home(variable: &str) -> Error {
    Error::new(Code::BadSetting, "there is no home folder to install into: HOME is empty or not set")
        .hint(format!("set HOME, or {variable} to the full path of a folder; nothing was written"))
}

/// A file to install.
#[derive(Debug, Clone)]
pub struct Installable {
    /// Where it goes.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

/// What was done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileAction {
    /// It did not exist.
    Created,
    /// It was one of another version.
    Updated,
    /// It was there as it should be.
    Unchanged,
    /// It was removed.
    Deleted,
}

/// A file that was installed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InstalledFile {
    /// Where it is
    pub path: String,
    /// What was done with it
    pub action: FileAction,
}

/// What stands at a path.
enum Found {
    Nothing,
    Own(String),
    Other,
}

/// Writes files, with the folders that are missing. All are looked at before the first is written; with
/// `dry_run`, that is all. `is_own` says by its text whether a file is one of this program.
///
/// # Errors
/// [`Code::Conflict`] when something else stands at one of the paths: then nothing was written.
pub fn install(
    files: &[Installable],
    is_own: fn(&str) -> bool,
    dry_run: bool,
) -> anyhow::Result<Vec<InstalledFile>> {
    let mut planned = Vec::with_capacity(files.len());
    for file in files {
        let action = match look(&file.path, is_own)? {
            Found::Nothing => FileAction::Created,
            Found::Own(text) if text == file.text => FileAction::Unchanged,
            Found::Own(_) => FileAction::Updated,
            Found::Other => {
                let message = format!("{} exists already and is no file of tdx-rt", file.path.display());
                let advice = "nothing was written; move that file away, and run this again";
                return Err(Error::new(Code::Conflict, message).hint(advice).into());
            }
        };
        planned.push((file, action));
    }
    for (file, action) in &planned {
        if !dry_run && matches!(action, FileAction::Created | FileAction::Updated) {
            if let Some(folder) = file.path.parent() {
                fs::create_dir_all(folder).map_err(|error| failed("make", folder, &error))?;
            }
            write_atomically(&file.path, file.text.as_bytes())?;
        }
    }
    Ok(planned.into_iter().map(|(file, action)| installed(&file.path, action)).collect())
}

/// Removes those of the files that are of this program; the others and the folders stay.
pub fn remove(
    paths: &[PathBuf],
    is_own: fn(&str) -> bool,
    dry_run: bool,
) -> anyhow::Result<Vec<InstalledFile>> {
    let mut removed = Vec::new();
    for path in paths {
        if let Found::Own(_) = look(path, is_own)? {
            if !dry_run {
                fs::remove_file(path).map_err(|error| failed("remove", path, &error))?;
            }
            removed.push(installed(path, FileAction::Deleted));
        }
    }
    Ok(removed)
}

fn installed(path: &Path, action: FileAction) -> InstalledFile {
    InstalledFile { path: path.display().to_string(), action }
}

fn look(path: &Path, is_own: fn(&str) -> bool) -> Result<Found, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(match String::from_utf8(bytes) {
            Ok(text) if is_own(&text) => Found::Own(text),
            _ => Found::Other,
        }),
        // A link that leads nowhere is not ours.
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => {
            Ok(Found::Nothing)
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::IsADirectory) => {
            Ok(Found::Other)
        }
        Err(error) => Err(failed("read", path, &error)),
    }
}

fn failed(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::new(Code::Io, format!("cannot {what} {}: {error}", path.display()))
}

//! Snapshots: the whole state under a name, one file each.
//!
//! A snapshot is written under a temporary name and renamed once it is whole on the disk, so a save
//! that fails leaves an older snapshot of the same name as it was.

use super::file::{FileError, SaveBatch, StateFile};
use super::kept::KeptState;
use crate::sandbox::clock::iso;
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use crate::sandbox::rows::RowsError;
use schemars::JsonSchema;
use serde::Serialize;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;
use tempfile::TempDir;

/// The folder of snapshots inside a state folder.
const FOLDER: &str = "snapshots";
const ENDING: &str = "sqlite3";
/// The prefix of the name of an unfinished snapshot's folder.
const UNFINISHED: &str = ".saving-";
/// Characters of a name.
const NAME_MAX: usize = 64;

/// The folder of snapshots: in the state folder, else one that is deleted with the process.
#[derive(Debug)]
pub struct Snapshots {
    folder: Option<PathBuf>,
    /// Created with the first snapshot of a sandbox without a state folder.
    passing: Mutex<Option<TempDir>>,
}

/// A snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// When it was saved, by the system's clock.
    #[schemars(extend("format" = "date-time"))]
    pub saved_at: String,
    /// Size in bytes.
    pub bytes: u64,
}

impl Snapshots {
    /// The snapshots of a state folder, or of a process.
    pub fn new(state: Option<&Path>) -> Self {
        Snapshots { folder: state.map(|folder| folder.join(FOLDER)), passing: Mutex::default() }
    }

    /// Removes the files of an interrupted save. Only for the owner of the state folder.
    pub fn clean(&self) {
        let entries = self.folder.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                // Leftovers do no harm.
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }

    /// Saves a snapshot; one of the same name is replaced. `also` adds to the file.
    pub fn save(
        &self,
        name: &str,
        batch: &SaveBatch,
        also: impl FnOnce(&Path) -> Result<(), RowsError>,
    ) -> Result<Snapshot, Refusal> {
        check(name)?;
        let folder = self.folder().map_err(|error| failed("saved", name, &error))?;
        let write = || -> Result<(), String> {
            let mut builder = tempfile::Builder::new();
            let unfinished = builder.prefix(UNFINISHED).tempdir_in(&folder).map_err(|e| e.to_string())?;
            let file = unfinished.path().join("snapshot");
            StateFile::create(&file, batch).map_err(|error| error.to_string())?;
            also(&file).map_err(|error| error.to_string())?;
            std::fs::rename(&file, path(&folder, name)).map_err(|error| error.to_string())
        };
        write().map_err(|error| failed("saved", name, &error))?;
        describe(&path(&folder, name)).ok_or_else(|| missing(name))
    }

    /// Reads a snapshot, and gives its file to `also`.
    pub fn load<T>(
        &self,
        name: &str,
        also: impl FnOnce(&Path) -> Result<T, RowsError>,
    ) -> Result<(KeptState, T), Refusal> {
        check(name)?;
        let file = self.folder().map(|folder| path(&folder, name));
        let file = file.ok().filter(|file| file.is_file()).ok_or_else(|| missing(name))?;
        let broken = |error: FileError| failed("restored", name, &error);
        let kept = KeptState::read(&StateFile::read(&file).map_err(broken)?).map_err(broken)?;
        Ok((kept, also(&file).map_err(|error| failed("restored", name, &error))?))
    }

    /// All snapshots by name.
    pub fn list(&self) -> Result<Vec<Snapshot>, Refusal> {
        let unreadable = |error: io::Error| {
            Refusal::new(
                Reason::SnapshotFolderUnreadable,
                RefusalKind::Internal,
                format!("the folder of snapshots cannot be read: {error}"),
            )
        };
        let folder = self.folder().map_err(unreadable)?;
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            found.extend(describe(&entry.map_err(unreadable)?.path()));
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Deletes a snapshot.
    pub fn delete(&self, name: &str) -> Result<(), Refusal> {
        check(name)?;
        let folder = self.folder().map_err(|error| failed("deleted", name, &error))?;
        std::fs::remove_file(path(&folder, name)).map_err(|error| match error.kind() {
            ErrorKind::NotFound => missing(name),
            _ => failed("deleted", name, &error),
        })
    }

    /// The folder, created when it is missing.
    fn folder(&self) -> io::Result<PathBuf> {
        if let Some(folder) = &self.folder {
            std::fs::create_dir_all(folder)?;
            return Ok(folder.clone());
        }
        let mut passing = self.passing.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *passing {
            Some(folder) => Ok(folder.path().to_owned()),
            none => {
                let folder = tempfile::Builder::new().prefix("tdx-rt-snapshots-").tempdir()?;
                Ok(none.insert(folder).path().to_owned())
            }
        }
    }
}

fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{ENDING}"))
}

/// A name is a valid file name on every system, and never hidden.
fn check(name: &str) -> Result<(), Refusal> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !name.is_empty() && name.len() <= NAME_MAX && name.bytes().all(fits) && !name.starts_with('.') {
        return Ok(());
    }
    Err(Refusal::bad_request(
        Reason::SnapshotNameInvalid,
        format!(
            "'{name}' is not a name for a snapshot: use 1 to {NAME_MAX} letters, digits, '-', '_' or '.', and begin without '.'"
        ),
    ))
}

fn describe(file: &Path) -> Option<Snapshot> {
    let name = file.file_name()?.to_str()?.strip_suffix(ENDING)?.strip_suffix('.')?.to_owned();
    check(&name).ok()?;
    let data = file.metadata().ok().filter(|data| data.is_file() && data.len() > 0)?;
    let saved = data.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let saved_at = iso(i64::try_from(saved.as_millis()).unwrap_or(i64::MAX));
    Some(Snapshot { name, saved_at, bytes: data.len() })
}

fn missing(name: &str) -> Refusal {
    Refusal::not_found(Reason::SnapshotMissing, format!("there is no snapshot '{name}'"))
}

fn failed(what: &str, name: &str, error: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(
        Reason::SnapshotFailed,
        RefusalKind::Internal,
        format!("the snapshot '{name}' could not be {what}: {error}"),
    )
}

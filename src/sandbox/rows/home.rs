//! Where the files of rows are.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;

/// The beginning of the names of all files.
const PREFIX: &str = "rows-";

/// The place of the files of rows.
#[derive(Debug)]
pub enum Home {
    /// A folder that is made when it is needed and deleted with the process.
    Passing {
        /// The folder.
        folder: Mutex<Option<TempDir>>,
        /// As that of a state folder, which these records wait for.
        epoch: u64,
    },
    /// A state folder.
    Kept {
        /// The folder.
        folder: PathBuf,
        /// Counts how often all rows were replaced, by a reset or by a snapshot.
        epoch: u64,
    },
}

impl Default for Home {
    fn default() -> Self {
        Home::Passing { folder: Mutex::default(), epoch: 0 }
    }
}

impl Home {
    /// The epoch.
    pub fn epoch(&self) -> u64 {
        match self {
            Home::Passing { epoch, .. } | Home::Kept { epoch, .. } => *epoch,
        }
    }

    /// The database.
    pub fn database(&self) -> io::Result<PathBuf> {
        self.path("sqlite3")
    }

    /// The database of a state folder, where it has one already.
    pub fn known_database(&self) -> Option<PathBuf> {
        match self {
            Home::Passing { .. } => None,
            Home::Kept { .. } => self.database().ok().filter(|file| file.exists()),
        }
    }

    /// A file with rows that are not in the database yet, by its number.
    pub fn spool(&self, number: u64) -> io::Result<PathBuf> {
        self.path(&format!("{number}.jsonl"))
    }

    /// The number of the last of those files; 0 without one.
    pub fn last_spool(&self) -> io::Result<u64> {
        let Home::Kept { folder, epoch } = self else { return Ok(0) };
        let prefix = format!("{PREFIX}{epoch}.");
        let mut last = 0;
        for entry in std::fs::read_dir(folder)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix(&prefix)?.strip_suffix(".jsonl"));
            last = last.max(number.and_then(|number| number.parse().ok()).unwrap_or(0));
        }
        Ok(last)
    }

    /// The home of the rows that replace these.
    pub fn next(&self) -> Self {
        match self {
            Home::Passing { .. } => Home::default(),
            Home::Kept { folder, epoch } => {
                Home::Kept { folder: folder.clone(), epoch: epoch.saturating_add(1) }
            }
        }
    }

    /// Deletes the files of all epochs of a folder.
    pub fn empty(folder: &Path) {
        Home::Kept { folder: folder.to_owned(), epoch: u64::MAX }.clean(true);
    }

    /// Deletes the files of other epochs; those of the one before only where `all` says so, because the state
    /// file may not know yet that they were replaced.
    pub fn clean(&self, all: bool) {
        let Home::Kept { folder, epoch } = self else { return };
        let keeps = |other: u64| other == *epoch || (!all && other.saturating_add(1) == *epoch);
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let other =
                name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('.').next()?.parse().ok());
            if other.is_some_and(|other| !keeps(other)) {
                // Leftovers do no harm.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    fn path(&self, ending: &str) -> io::Result<PathBuf> {
        let name = format!("{PREFIX}{}.{ending}", self.epoch());
        match self {
            Home::Kept { folder, .. } => Ok(folder.join(name)),
            Home::Passing { folder, .. } => {
                let mut folder = folder.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(folder) = &*folder {
                    return Ok(folder.path().join(name));
                }
                let made = tempfile::Builder::new().prefix("tdx-rt-rows-").tempdir()?;
                Ok(Path::join(folder.insert(made).path(), name))
            }
        }
    }
}

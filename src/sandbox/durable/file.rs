//! The state file: one SQLite database in write-ahead mode.
//!
//! A committed transaction survives the death of the process whatever SQLite's `synchronous` says;
//! `NORMAL` adds that the file stays consistent when the machine itself crashes, where the last
//! transactions may be lost. The file is locked for as long as it is open, so that no two sandboxes share it.

use crate::sandbox::engine::ProfileChanges;
use crate::sandbox::store::record::{RowChange, RowPlace, SavedRow, SavedRows};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, params};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The form of the tables below. A file with a higher number is refused.
const SCHEMA: i64 = 1;
/// Marks the file as a sandbox's (`PRAGMA application_id`): "tdxr".
const APPLICATION: i64 = 0x7464_7872;

/// How long to wait for a lock: that of a killed process is released shortly after it.
const LOCK_PATIENCE: Duration = Duration::from_millis(300);

const TABLES: &str = "
    CREATE TABLE note (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE resource (
        kind TEXT NOT NULL, segment INTEGER NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (segment, kind, id)) WITHOUT ROWID;
    CREATE TABLE name (
        segment INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (segment, number)) WITHOUT ROWID;
    CREATE TABLE profile (
        segment INTEGER NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (segment, number)) WITHOUT ROWID;
    CREATE TABLE request (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
";

/// Why a state file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Another process has it open.
    #[error("another sandbox has the state file {} open; stop it or choose another folder", .0.display())]
    Taken(PathBuf),
    /// It is another program's database.
    #[error("{} is not the state of a sandbox; choose another folder", .0.display())]
    Foreign(PathBuf),
    /// A later version made it.
    #[error(
        "the state file {} has form {found}, made by a later tdx-rt; this one knows forms up to {SCHEMA}: \
         update tdx-rt or choose another folder", file.display()
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its form.
        found: i64,
    },
    /// It can be opened but its content is not valid.
    #[error("the state file {} is damaged: {reason}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Reading or writing failed.
    #[error("the state file {} cannot be used: {reason}", file.display())]
    Failed {
        /// The file.
        file: PathBuf,
        /// The error of SQLite or the system.
        reason: String,
    },
}

impl FileError {
    /// An error about what a file holds.
    pub fn damaged(file: &Path, reason: impl ToString) -> Self {
        FileError::Damaged { file: file.to_owned(), reason: reason.to_string() }
    }

    fn failed(file: &Path, reason: impl ToString) -> Self {
        FileError::Failed { file: file.to_owned(), reason: reason.to_string() }
    }
}

/// What is written in one transaction.
#[derive(Debug, Default)]
pub struct SaveBatch {
    /// The changes to the store.
    pub changes: Vec<RowChange>,
    /// Notes by name.
    pub notes: Vec<(&'static str, String)>,
    /// New journal entries: id and JSON.
    pub requests: Vec<(u64, String)>,
    /// Journal entries up to this id are deleted.
    pub forget: Option<u64>,
}

impl SaveBatch {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.notes.is_empty() && self.requests.is_empty() && self.forget.is_none()
    }
}

/// An open state file.
#[derive(Debug)]
pub struct StateFile {
    file: PathBuf,
    connection: Connection,
}

impl StateFile {
    /// Whether there is no state file; an error where a part of one is left.
    pub fn is_missing(file: &Path) -> Result<bool, FileError> {
        let missing = !file.try_exists().map_err(|error| FileError::failed(file, error))?;
        match write_ahead(file).filter(|_| missing) {
            Some(part) => {
                Err(FileError::damaged(file, format!("it is missing, and {} is there", part.display())))
            }
            None => Ok(missing),
        }
    }

    /// Makes a state file that is whole from its beginning; false where there is one already.
    pub fn make(file: &Path, batch: &SaveBatch) -> Result<bool, FileError> {
        let failed = |error| FileError::failed(file, error);
        let folder = file.parent().unwrap_or(Path::new("."));
        let unfinished = tempfile::Builder::new().prefix(".new-").tempfile_in(folder).map_err(failed)?;
        let unfinished = unfinished.into_temp_path();
        Self::create(&unfinished, batch).map_err(|error| match error {
            FileError::Failed { reason, .. } => FileError::failed(file, reason),
            error => error,
        })?;
        match unfinished.persist_noclobber(file) {
            Err(lost) if lost.error.kind() == ErrorKind::AlreadyExists => Ok(false),
            result => result.map(|()| true).map_err(|error| failed(error.error)),
        }
    }

    /// Opens a state file. Nothing is written, not even by its end, before [`StateFile::keep`].
    pub fn open(file: &Path) -> Result<Self, FileError> {
        let state = Self::connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // SQLite makes a new database of an empty file.
        if file.metadata().is_ok_and(|data| data.len() == 0) {
            return Err(state.damaged("it is empty"));
        }
        // What is not moved yet stays where it is; an empty write-ahead file is deleted again.
        state.move_at_end(write_ahead(file).is_none())?;
        state.run("PRAGMA locking_mode = EXCLUSIVE")?;
        state.check()?;
        Ok(state)
    }

    /// Begins to write: what it holds is known to be whole.
    pub fn keep(&self) -> Result<(), FileError> {
        self.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
        self.move_at_end(true)
    }

    /// Whether what is in the write-ahead file is moved when this is closed.
    fn move_at_end(&self, moved: bool) -> Result<(), FileError> {
        let config = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        self.connection.set_db_config(config, !moved).map(drop).map_err(|error| self.failed(error))
    }

    /// Opens a finished file to read it.
    pub fn read(file: &Path) -> Result<Self, FileError> {
        let state = Self::connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        state.check()?;
        Ok(state)
    }

    /// Makes a new file that is whole on the disk when this returns.
    pub fn create(file: &Path, batch: &SaveBatch) -> Result<(), FileError> {
        let mut state = Self::connect(file, OpenFlags::default())?;
        state.run("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = FULL;")?;
        state.make_tables()?;
        state.commit(batch)
    }

    fn connect(file: &Path, flags: OpenFlags) -> Result<Self, FileError> {
        let connection =
            Connection::open_with_flags(file, flags).map_err(|error| FileError::failed(file, error))?;
        connection.set_prepared_statement_cache_capacity(32);
        let state = StateFile { file: file.to_owned(), connection };
        state.connection.busy_timeout(LOCK_PATIENCE).map_err(|error| state.failed(error))?;
        Ok(state)
    }

    fn make_tables(&self) -> Result<(), FileError> {
        self.run(&format!(
            "BEGIN IMMEDIATE; {TABLES} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {SCHEMA}; COMMIT;"
        ))
    }

    fn check(&self) -> Result<(), FileError> {
        let pragma = |name: &str| {
            let value = self.connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
            value.map_err(|error| self.failed(error))
        };
        if pragma("application_id")? != APPLICATION {
            return Err(FileError::Foreign(self.file.clone()));
        }
        match pragma("user_version")? {
            SCHEMA => {}
            found => return Err(FileError::Newer { file: self.file.clone(), found }),
        }
        let found = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        match found.map_err(|error| self.failed(error))?.as_str() {
            "ok" => Ok(()),
            found => Err(self.damaged(found)),
        }
    }

    fn run(&self, sql: &str) -> Result<(), FileError> {
        self.connection.execute_batch(sql).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: rusqlite::Error) -> FileError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => FileError::Taken(self.file.clone()),
            Some(ErrorCode::NotADatabase) => FileError::Foreign(self.file.clone()),
            Some(ErrorCode::DatabaseCorrupt) => self.damaged(error),
            // A value is not of the type that it was written with.
            None => self.damaged(error),
            _ => FileError::failed(&self.file, error),
        }
    }

    /// An error about what is to be written.
    pub fn unwritten(&self, reason: impl ToString) -> FileError {
        FileError::failed(&self.file, reason)
    }

    /// An error about what the file holds.
    pub fn damaged(&self, reason: impl ToString) -> FileError {
        FileError::damaged(&self.file, reason)
    }

    /// The whole store.
    pub fn load(&self) -> Result<SavedRows, FileError> {
        self.load_store().map_err(|error| self.failed(error))
    }

    fn load_store(&self) -> rusqlite::Result<SavedRows> {
        let mut written = SavedRows::default();
        let mut rows = self
            .connection
            .prepare("SELECT kind, segment, id, place, body FROM resource ORDER BY segment, kind, place")?;
        let rows = rows.query_map([], |row| {
            let place = RowPlace { kind: row.get(0)?, segment: unsigned(row.get(1)?), id: row.get(2)? };
            Ok(SavedRow { place, order: unsigned(row.get(3)?), body: row.get(4)? })
        })?;
        for row in rows {
            written.rows.push(row?);
        }
        let mut names =
            self.connection.prepare("SELECT segment, number, name FROM name ORDER BY segment, number")?;
        let mut names = names.query([])?;
        while let Some(row) = names.next()? {
            let changes: &mut ProfileChanges = written.profiles.entry(unsigned(row.get(0)?)).or_default();
            changes.names.push((unsigned(row.get(1)?), row.get(2)?));
        }
        let mut profiles =
            self.connection.prepare("SELECT segment, number, body FROM profile ORDER BY segment, number")?;
        let mut profiles = profiles.query([])?;
        while let Some(row) = profiles.next()? {
            let changes: &mut ProfileChanges = written.profiles.entry(unsigned(row.get(0)?)).or_default();
            changes.profiles.push((unsigned(row.get(1)?), Some(row.get(2)?)));
        }
        Ok(written)
    }

    /// A note by name.
    pub fn note(&self, name: &str) -> Result<Option<String>, FileError> {
        let mut found = self
            .connection
            .prepare_cached("SELECT body FROM note WHERE name = ?1")
            .map_err(|error| self.failed(error))?;
        let mut rows = found.query_map([name], |row| row.get(0)).map_err(|error| self.failed(error))?;
        rows.next().transpose().map_err(|error| self.failed(error))
    }

    /// The journal's entries, oldest first.
    pub fn requests(&self) -> Result<Vec<String>, FileError> {
        let bodies = || {
            let mut found = self.connection.prepare("SELECT body FROM request ORDER BY id")?;
            let rows = found.query_map([], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<Vec<String>>>()
        };
        bodies().map_err(|error| self.failed(error))
    }

    /// Writes a batch, all of it or nothing.
    pub fn commit(&mut self, batch: &SaveBatch) -> Result<(), FileError> {
        let mut write = || {
            let transaction = self.connection.transaction()?;
            batch.changes.iter().try_for_each(|change| apply(&transaction, change))?;
            for (name, body) in &batch.notes {
                execute(&transaction, "INSERT OR REPLACE INTO note VALUES (?1, ?2)", (*name, body))?;
            }
            for (id, body) in &batch.requests {
                execute(&transaction, "INSERT OR REPLACE INTO request VALUES (?1, ?2)", (signed(*id), body))?;
            }
            if let Some(id) = batch.forget {
                execute(&transaction, "DELETE FROM request WHERE id <= ?1", [signed(id)])?;
            }
            transaction.commit()
        };
        let written = write();
        written.map_err(|error| self.failed(error))
    }
}

/// The write-ahead file of a state file, where something is in it.
fn write_ahead(file: &Path) -> Option<PathBuf> {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    Some(PathBuf::from(name)).filter(|part| part.metadata().is_ok_and(|data| data.len() > 0))
}

fn apply(transaction: &Transaction<'_>, change: &RowChange) -> rusqlite::Result<()> {
    match change {
        RowChange::Clear => ["resource", "name", "profile"]
            .into_iter()
            .try_for_each(|table| execute(transaction, &format!("DELETE FROM {table}"), [])),
        RowChange::RemoveSegment(segment) => {
            ["resource", "name", "profile"].into_iter().try_for_each(|table| {
                execute(transaction, &format!("DELETE FROM {table} WHERE segment = ?1"), [signed(*segment)])
            })
        }
        RowChange::Put(SavedRow { place: RowPlace { kind, segment, id }, order, body }) => execute(
            transaction,
            "INSERT OR REPLACE INTO resource (kind, segment, id, place, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![kind, signed(*segment), id, signed(*order), body],
        ),
        RowChange::Remove(RowPlace { kind, segment, id }) => execute(
            transaction,
            "DELETE FROM resource WHERE segment = ?1 AND kind = ?2 AND id = ?3",
            params![signed(*segment), kind, id],
        ),
        RowChange::Profiles(segment, changes) => apply_profiles(transaction, signed(*segment), changes),
    }
}

fn apply_profiles(
    transaction: &Transaction<'_>,
    segment: i64,
    changes: &ProfileChanges,
) -> rusqlite::Result<()> {
    for (number, name) in &changes.names {
        let row = params![segment, signed(*number), name];
        execute(transaction, "INSERT OR REPLACE INTO name VALUES (?1, ?2, ?3)", row)?;
    }
    for (number, body) in &changes.profiles {
        match body {
            Some(body) => {
                let row = params![segment, signed(*number), body];
                execute(transaction, "INSERT OR REPLACE INTO profile VALUES (?1, ?2, ?3)", row)?;
            }
            None => {
                let row = params![segment, signed(*number)];
                execute(transaction, "DELETE FROM profile WHERE segment = ?1 AND number = ?2", row)?;
            }
        }
    }
    Ok(())
}

fn execute(transaction: &Transaction<'_>, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
    transaction.prepare_cached(sql)?.execute(values).map(drop)
}

/// SQLite's integers have a sign. All 64 bits are kept, so [`unsigned`] gives the number back.
fn signed(number: u64) -> i64 {
    number.cast_signed()
}

fn unsigned(number: i64) -> u64 {
    number.cast_unsigned()
}

#[cfg(test)]
mod tests;

//! The records of all tables: in one SQLite database, with a typed column for each column of a table, which is
//! filled from files of new records when it is read.
//!
//! An event costs the writing of one line. A query moves what has arrived since the last one into the database,
//! in transactions, and reads it through a connection of its own that cannot write. Nothing but records is in
//! these files: no settings, no tokens, no keys.
//!
//! Knows no catalog: its caller says which tables there are, and their columns.

mod base;
mod cell;
mod home;
mod spool;

pub use base::{RowColumn, StoredShape};
pub use cell::column_kind;

use crate::platform::wire::EventTable;
use base::Base;
use home::Home;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value};
use spool::Spool;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Why records cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// An error of the system.
    #[error("the records of tables cannot be stored: {0}")]
    File(#[from] std::io::Error),
    /// An error of SQLite.
    #[error("the records of tables cannot be stored: {0}")]
    Database(#[from] rusqlite::Error),
    /// The database of a state folder cannot be opened.
    #[error("{}, where the records of tables are, cannot be used: {reason}", file.display())]
    Unusable {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Records could not be written and are gone; a reset begins anew.
    #[error("records are lost, they could not be written: {0}")]
    Lost(String),
}

/// A table that exists.
#[derive(Debug, Clone)]
pub struct KnownTable<'a> {
    /// Its columns, in order.
    pub columns: Vec<RowColumn>,
    /// The records that it begins with.
    pub first: &'a [Map<String, Value>],
}

/// All tables that exist.
pub type KnownTables<'a> = HashMap<EventTable, KnownTable<'a>>;

/// The records of all tables.
#[derive(Debug, Default)]
pub struct Rows {
    home: Home,
    spool: Mutex<Spool>,
    base: Mutex<Option<Base>>,
}

impl Rows {
    /// The records that a state folder holds under this epoch.
    pub fn kept(folder: &Path, epoch: u64) -> Result<Self, RowsError> {
        let home = Home::Kept { folder: folder.to_owned(), epoch };
        let open = |file: PathBuf| {
            Base::open(&file, true).map_err(|error| RowsError::Unusable { file, reason: error.to_string() })
        };
        let base = home.known_database().map(open).transpose()?;
        let loaded = base.as_ref().map_or(0, Base::loaded);
        let spool = Spool::after(home.last_spool()?.max(loaded));
        Ok(Rows { home, spool: Mutex::new(spool), base: Mutex::new(base) })
    }

    /// Empties the state folder and begins there.
    pub fn begin(folder: &Path) -> Result<Self, RowsError> {
        Home::empty(folder);
        Self::kept(folder, 0)
    }

    /// No records, until [`Rows::kept`] opens those of this epoch.
    pub fn waiting(epoch: u64) -> Self {
        Rows { home: Home::Passing { folder: Mutex::default(), epoch }, ..Rows::default() }
    }

    /// The place of the records that replace these; empty.
    pub fn next(&self) -> Self {
        let home = self.home.next();
        Rows { home, ..Rows::default() }
    }

    /// Counts how often a state folder's records were replaced as a whole.
    pub fn epoch(&self) -> u64 {
        self.home.epoch()
    }

    /// Deletes what records of other epochs have left in the state folder.
    pub fn clean(&self, all: bool) {
        self.home.clean(all);
    }

    /// Adds a record. It never waits for the database; an error is that of the next [`Rows::flush`] or query.
    pub fn append(&self, table: &EventTable, record: &Map<String, Value>) {
        // A map of values always has a JSON form.
        let line = serde_json::to_vec(record).unwrap_or_default();
        self.spool().append(&self.home, table, &line);
    }

    /// Writes what is in memory of a state folder's records: they survive a `kill -9` from then on.
    pub fn flush(&self) -> Result<(), RowsError> {
        match self.home {
            Home::Passing { .. } => Ok(()),
            Home::Kept { .. } => self.spool().flush(&self.home),
        }
    }

    /// Ends what is being written, so that the known tables can be looked up which it belongs to. Its result is
    /// for [`Rows::load`].
    pub fn seal(&self) -> Result<u64, RowsError> {
        self.spool().seal(&self.home)
    }

    /// Moves the records up to [`Rows::seal`] into the database. Those of tables that are not known are dropped.
    pub fn load(&self, sealed: u64, known: &KnownTables<'_>) -> Result<(), RowsError> {
        self.with(|base, home| base.load(home, sealed, known))
    }

    /// How a table is stored.
    pub fn shape(&self, table: &EventTable, known: &KnownTable<'_>) -> Result<StoredShape, RowsError> {
        self.with(|base, _| base.shape(table, known))
    }

    /// Adds records at once.
    pub fn import(
        &self,
        table: &EventTable,
        known: &KnownTable<'_>,
        records: &[Map<String, Value>],
    ) -> Result<(), RowsError> {
        self.with(|base, _| base.import(table, known, records))
    }

    /// The last records of a table, oldest first.
    pub fn last(
        &self,
        table: &EventTable,
        known: &KnownTable<'_>,
        count: u64,
    ) -> Result<Vec<Map<String, Value>>, RowsError> {
        self.with(|base, _| base.last(table, known, count))
    }

    /// Deletes all records of a table.
    pub fn drop_table(&self, table: &EventTable) -> Result<(), RowsError> {
        self.with(|base, _| base.drop_table(table))
    }

    /// A connection that cannot write.
    pub fn reader(&self) -> Result<Connection, RowsError> {
        let file = self.with(|base, _| Ok(base.file().to_owned()))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Connection::open_with_flags(file, flags)?)
    }

    /// Copies everything that was loaded into a database that exists.
    pub fn save(&self, file: &Path) -> Result<(), RowsError> {
        self.with(|base, _| base.save(file))
    }

    /// Reads what [`Rows::save`] has written.
    pub fn restore(&self, file: &Path) -> Result<(), RowsError> {
        self.with(|base, _| base.restore(file))
    }

    /// Whether there was ever anything to store.
    pub fn is_used(&self) -> bool {
        self.spool().is_used() || self.base().is_some()
    }

    /// Whether the database has everything up to [`Rows::seal`].
    pub fn is_loaded(&self, sealed: u64) -> bool {
        self.base().as_ref().map_or(0, Base::loaded) >= sealed
    }

    fn with<T>(&self, work: impl FnOnce(&mut Base, &Home) -> Result<T, RowsError>) -> Result<T, RowsError> {
        let mut base = self.base();
        match &mut *base {
            Some(base) => work(base, &self.home),
            none => {
                let file: PathBuf = self.home.database()?;
                work(none.insert(Base::open(&file, matches!(self.home, Home::Kept { .. }))?), &self.home)
            }
        }
    }

    fn base(&self) -> MutexGuard<'_, Option<Base>> {
        self.base.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spool(&self) -> MutexGuard<'_, Spool> {
        self.spool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

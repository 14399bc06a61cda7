//! All tables with their records: what queries and the calls of the TD API about tables work on.
//!
//! The catalog and what has arrived are the one list of tables and columns ([`Store::columns`]); the records are
//! in [`Rows`]. What an engine has done is in tables of its own (`store::logs`).

#[cfg(test)]
mod tests;

use super::refusal::{Reason, Refusal, RefusalKind};
use super::rows::{KnownTable, KnownTables, RowColumn, Rows, RowsError};
use super::store::Store;
use super::store::catalog::TableRows;
use super::store::live::arrive;
use super::trino::{
    self, Bounds, Missing, QueryError, QueryErrorKind, QueryRequest, ResultSink, Schema, ShapeColumn,
    TableShape,
};
use crate::platform::wire::EventTable;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The tables of a sandbox.
#[derive(Debug, Clone, Copy)]
pub struct Warehouse<'s> {
    store: &'s RwLock<Store>,
    now_ms: i64,
}

/// A table as it is listed.
struct Listed {
    columns: Vec<(RowColumn, String)>,
    first: TableRows,
}

impl Listed {
    fn of(store: &Store, table: &EventTable) -> Option<Self> {
        let columns = store.columns(table)?;
        let first = store.catalog.table(&table.database, &table.table).map(|table| table.data.clone());
        Some(Listed { columns, first: first.unwrap_or_default() })
    }

    fn known(&self) -> KnownTable<'_> {
        KnownTable {
            columns: self.columns.iter().map(|(column, _)| column.clone()).collect(),
            first: &self.first,
        }
    }
}

/// Moves all new records into the database.
pub fn gather(store: &Store) -> Result<(), RowsError> {
    let sealed = store.rows.seal()?;
    load(&store.rows, sealed, || listed(store))
}

/// All tables, as they are listed.
fn listed(store: &Store) -> HashMap<EventTable, Listed> {
    let databases = store.databases();
    let tables = databases.iter().flat_map(|database| {
        database.tables.iter().map(|table| EventTable::new(database.name.as_str(), table.name.as_str()))
    });
    tables.filter_map(|table| Some((table.clone(), Listed::of(store, &table)?))).collect()
}

fn load(
    rows: &Rows,
    sealed: u64,
    listed: impl FnOnce() -> HashMap<EventTable, Listed>,
) -> Result<(), RowsError> {
    if rows.is_loaded(sealed) {
        return Ok(());
    }
    let listed = listed();
    let known: KnownTables<'_> =
        listed.iter().map(|(table, listed)| (table.clone(), listed.known())).collect();
    rows.load(sealed, &known)
}

impl<'s> Warehouse<'s> {
    /// The tables of a store, at a time in milliseconds since the epoch.
    pub fn new(store: &'s RwLock<Store>, now_ms: i64) -> Self {
        Warehouse { store, now_ms }
    }

    /// Adds a record to a table; nothing without the table. It is counted, it has a time (the clock's, when
    /// it names none), and the columns that the table lacks are added as events add them.
    pub fn append(&self, database: &str, table: &str, record: &Map<String, Value>) {
        let mut record = record.clone();
        let now = self.now_ms.div_euclid(1_000);
        arrive(&mut record, now);
        self.read().note(&EventTable::new(database, table), &record, now);
    }

    /// Makes an empty table in a database that exists. 404 without the database, 409 when the table exists.
    pub fn create_table(&self, database: &str, table: &str) -> Result<(), Refusal> {
        self.write().create_table(database, table)
    }

    /// Deletes a table with its records, or 404.
    pub fn delete_table(&self, database: &str, table: &str) -> Result<(), Refusal> {
        let mut store = self.write();
        // What waits for the database would come back with a table of the same name.
        gather(&store).map_err(internal)?;
        store.delete_table(database, table)?;
        store.rows.drop_table(&EventTable::new(database, table)).map_err(internal)
    }

    /// Adds records to a table at once, or 404. As [`Warehouse::append`], but they are in the database when this
    /// returns. Answers how many there were.
    pub fn import(
        &self,
        database: &str,
        table: &str,
        mut records: Vec<Map<String, Value>>,
    ) -> Result<u64, Refusal> {
        let table = EventTable::new(database, table);
        let now = self.now_ms.div_euclid(1_000);
        let (rows, listed) = {
            let store = self.read();
            store.database(database)?.table(&table.table)?;
            for record in &mut records {
                arrive(record, now);
                store.count(&table, record, now);
            }
            (Arc::clone(&store.rows), Listed::of(&store, &table))
        };
        self.gather().map_err(internal)?;
        if let Some(listed) = listed {
            rows.import(&table, &listed.known(), &records).map_err(internal)?;
        }
        Ok(u64::try_from(records.len()).unwrap_or(u64::MAX))
    }

    /// The last records of a table, oldest first, or 404.
    pub fn tail(&self, database: &str, table: &str, count: u64) -> Result<Vec<Map<String, Value>>, Refusal> {
        self.read().database(database)?.table(table)?;
        self.last(&EventTable::new(database, table), count)
    }

    /// All records of a table, oldest first; none without the table.
    pub fn known_rows(&self, table: &EventTable) -> Result<Vec<Map<String, Value>>, Refusal> {
        self.last(table, u64::MAX)
    }

    fn last(&self, table: &EventTable, count: u64) -> Result<Vec<Map<String, Value>>, Refusal> {
        let rows = self.gather().map_err(internal)?;
        let Some(listed) = Listed::of(&self.read(), table) else { return Ok(Vec::new()) };
        rows.last(table, &listed.known(), count).map_err(internal)
    }

    /// Runs a query over everything that has arrived before it.
    pub fn query(
        &self,
        request: &QueryRequest<'_>,
        bounds: &Bounds,
        stop: &Arc<AtomicBool>,
        sink: &mut dyn ResultSink,
    ) -> Result<(), QueryError> {
        let rows = self.gather().map_err(failed)?;
        let mut connection = rows.reader().map_err(failed)?;
        let tables = Tables { warehouse: *self, rows: &rows, error: RefCell::default() };
        let done = trino::run(&mut connection, &tables, request, bounds, stop, sink);
        match tables.error.into_inner() {
            Some(error) => Err(failed(error)),
            None => done,
        }
    }

    /// Moves all new records into the database.
    fn gather(&self) -> Result<Arc<Rows>, RowsError> {
        let rows = Arc::clone(&self.read().rows);
        let sealed = rows.seal()?;
        // Looked up after that: a table has the columns of every record that arrived.
        load(&rows, sealed, || listed(&self.read()))?;
        Ok(rows)
    }

    fn read(&self) -> RwLockReadGuard<'s, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'s, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The tables as a query sees them.
struct Tables<'s> {
    warehouse: Warehouse<'s>,
    rows: &'s Rows,
    /// Why a table could not be made ready.
    error: RefCell<Option<RowsError>>,
}

impl Schema for Tables<'_> {
    fn table(&self, database: &str, table: &str) -> Result<TableShape, Missing> {
        let table = EventTable::new(database, table);
        let listed = {
            let store = self.warehouse.read();
            store.database(database).map_err(|_| Missing::Database)?;
            Listed::of(&store, &table).ok_or(Missing::Table)?
        };
        let stored = self.rows.shape(&table, &listed.known()).map_err(|error| {
            *self.error.borrow_mut() = Some(error);
            Missing::Table
        })?;
        let places: HashMap<&str, &(RowColumn, String)> =
            stored.columns.iter().map(|stored| (stored.0.name.as_str(), stored)).collect();
        // Names have no case in queries: the first of several counts.
        let mut seen = HashSet::new();
        let columns = listed.columns.iter().filter_map(|(column, name)| {
            let (name, (stored, storage)) = (name.to_lowercase(), places.get(column.name.as_str())?);
            let is_new = seen.insert(name.clone());
            is_new.then(|| ShapeColumn { name, storage: storage.clone(), kind: stored.kind.clone() })
        });
        Ok(TableShape { columns: columns.collect(), storage: stored.table })
    }
}

fn internal(error: RowsError) -> Refusal {
    Refusal::new(Reason::Internal, RefusalKind::Internal, error.to_string())
}

fn failed(error: RowsError) -> QueryError {
    QueryError { name: "GENERIC_INTERNAL_ERROR", message: error.to_string(), kind: QueryErrorKind::Internal }
}

//! Databases and tables that are made and deleted through the TD API, and the ids of imports.

use super::Store;
use super::catalog::StoredDatabase;
use super::segment::ParentSegment;
use crate::platform::wire::EventTable;
use crate::sandbox::refusal::{Reason, Refusal};
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The ids of imports that were given one, by `database.table`.
#[derive(Debug, Default)]
pub struct ImportedIds(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    ids: BTreeSet<(String, String)>,
    /// Whether they have changed since they were last saved.
    changed: bool,
}

impl ImportedIds {
    /// Notes an import; false when the table has had one with this id.
    pub fn begin(&self, table: &EventTable, id: &str) -> bool {
        let mut inner = self.inner();
        let is_new = inner.ids.insert((place(table), id.to_owned()));
        inner.changed |= is_new;
        is_new
    }

    /// The import has failed: it may be repeated.
    pub fn undo(&self, table: &EventTable, id: &str) {
        let mut inner = self.inner();
        inner.changed |= inner.ids.remove(&(place(table), id.to_owned()));
    }

    /// The table is gone.
    pub fn forget(&self, table: &EventTable) {
        let (mut inner, gone) = (self.inner(), place(table));
        inner.ids.retain(|(place, _)| *place != gone);
        inner.changed = true;
    }

    /// All of them, if they have changed since the last call.
    pub fn take_changes(&self) -> Option<BTreeSet<(String, String)>> {
        let mut inner = self.inner();
        std::mem::take(&mut inner.changed).then(|| inner.ids.clone())
    }

    /// All of them.
    pub fn all(&self) -> BTreeSet<(String, String)> {
        self.inner().ids.clone()
    }

    /// Takes saved ones.
    pub fn load(&self, ids: BTreeSet<(String, String)>) {
        self.inner().ids = ids;
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn place(table: &EventTable) -> String {
    format!("{}.{}", table.database, table.table)
}

impl Store {
    /// Makes an empty database; 409 when it exists.
    pub fn create_database(&mut self, name: &str, now: i64) -> Result<(), Refusal> {
        if self.database(name).is_ok() {
            let message = format!("Database {name} already exists");
            return Err(Refusal::conflict(Reason::DatabaseTaken, message));
        }
        self.catalog.databases.push(StoredDatabase {
            name: name.to_owned(),
            created: now,
            tables: Vec::new(),
        });
        self.changed.anything = true;
        self.changed.databases.insert(name.to_owned());
        Ok(())
    }

    /// Deletes a database whose tables are deleted, or 404.
    pub fn delete_database(&mut self, name: &str) -> Result<(), Refusal> {
        self.catalog.databases.retain(|database| database.name != name);
        self.changed.anything = true;
        self.changed.databases.insert(name.to_owned());
        Ok(())
    }

    /// Refuses to delete a table (all of the database for `None`) that a parent segment reads (our choice).
    pub fn check_unused(&self, database: &str, table: Option<&str>) -> Result<(), Refusal> {
        let used = |of: &str, name: &str| of == database && table.is_none_or(|table| table == name);
        match self.segments().find(|segment| reads(segment, &used)) {
            None => Ok(()),
            Some(segment) => {
                let name = table.map_or_else(|| database.to_owned(), |table| format!("{database}.{table}"));
                let message =
                    format!("{name} can't be deleted: the parent segment '{}' reads it", segment.name);
                Err(Refusal::conflict(Reason::TableInUse, message))
            }
        }
    }
}

fn reads(segment: &ParentSegment, used: &dyn Fn(&str, &str) -> bool) -> bool {
    let sources = segment.columns.iter().filter_map(|column| column.table.as_ref());
    let realtime = segment.realtime.iter();
    let events = realtime.clone().flat_map(|realtime| &realtime.key_events);
    let tables = realtime.flat_map(|realtime| &realtime.setting.event_tables);
    used(&segment.master.database, &segment.master.table)
        || sources.into_iter().any(|table| used(&table.database, &table.table))
        || segment.behaviors.iter().any(|behavior| used(&behavior.database, &behavior.table))
        || events.into_iter().any(|event| used(&event.database_name, &event.table_name))
        || tables.into_iter().any(|table| used(&table.database, &table.table))
}

//! The tables that the platform itself fills, for each parent segment: what was sent, who is who, which keys
//! were dropped. Their databases, names and columns are published (td-skills `activations`, `identity`,
//! `id-graph-ids`); where those leave a choice, it is noted at the column.

use super::Store;
use super::catalog::{StoredDatabase, StoredTable, TableRows};
use crate::platform::wire::{Column, EventTable};
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::rows::{RowColumn, column_kind};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A table that the platform fills. It exists from its first record on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogTable {
    /// `cdp_audience_<id>_rt.activations`: a record for each attempt to send.
    Activations,
    /// `cdp_audience_<id>_rt.id_changes`: profiles that were made, changed by stitching, merged away, or lost ids.
    IdChanges,
    /// `cdp_audience_<id>_rt.validation_failures`: values of stitching keys that are no ids.
    ValidationFailures,
    /// `cdp_audience_<id>.ids_updated`: the ids of each profile, at each run of the parent segment.
    IdsUpdated,
}

impl LogTable {
    /// All of them.
    const ALL: [LogTable; 4] =
        [LogTable::Activations, LogTable::IdChanges, LogTable::ValidationFailures, LogTable::IdsUpdated];

    /// The table of a parent segment, by its number.
    pub fn of(self, segment: u64) -> EventTable {
        let (ending, name) = match self {
            LogTable::Activations => ("_rt", "activations"),
            LogTable::IdChanges => ("_rt", "id_changes"),
            LogTable::ValidationFailures => ("_rt", "validation_failures"),
            LogTable::IdsUpdated => ("", "ids_updated"),
        };
        EventTable::new(format!("cdp_audience_{segment}{ending}"), name)
    }

    /// Its columns in order: names and types.
    fn columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            LogTable::Activations => &[
                ("time", "int"),
                ("delivered", "string"),
                ("status", "long"),
                ("timestamp", "long"),
                ("activation_type", "string"),
                ("log_time", "long"),
                ("journey_name", "string"),
                ("journey_stage_name", "string"),
                ("activation_name", "string"),
                ("rid", "string"),
                ("error", "string"),
                ("activation_id", "string"),
                ("event_id", "string"),
                ("response", "string"),
            ],
            LogTable::IdChanges => &[
                ("time", "int"),
                ("event_type", "string"),
                ("key_values", "string"),
                ("reactor_instance_id", "string"),
                ("profile_change_type", "string"),
                ("current_id_attributes", "string"),
                ("current_rid", "string"),
                ("merged_rids", "string"),
                ("evicted_ids", "string"),
                ("td_rt_tracking_id", "string"),
            ],
            LogTable::ValidationFailures => &[
                ("time", "int"),
                ("event_type", "string"),
                ("reactor_instance_id", "string"),
                ("invalid_keys", "array<string>"),
                ("td_rt_tracking_id", "string"),
            ],
            LogTable::IdsUpdated => {
                &[("time", "int"), ("canonical_id", "string"), ("id_set", "array<string>")]
            }
        }
    }
}

/// The first id of a table that is in no catalog: far from all ids that are given out one by one.
const FIRST_ID: u64 = 900_000_000_000;

impl Store {
    /// Adds a record to a table that the platform fills; `cells` in the order of its columns, the first of
    /// which is `time`.
    pub fn log(&self, segment: u64, log: LogTable, cells: impl IntoIterator<Item = Value>) {
        let columns = log.columns();
        let names = columns.iter().map(|(name, _)| (*name).to_owned());
        let record: Map<String, Value> = names.zip(cells).collect();
        let table = log.of(segment);
        self.arrivals.log(&table, record.get("time").and_then(Value::as_i64).unwrap_or_default(), || {
            let column = |(name, kind): &(&str, &str)| Column {
                name: (*name).to_owned(),
                kind: (*kind).to_owned(),
                alias: None,
                description: None,
            };
            columns.iter().map(column).collect()
        });
        self.rows.append(&table, &record);
    }

    /// All databases: those of the catalog, and those of the tables that the platform fills.
    pub fn databases(&self) -> Vec<Cow<'_, StoredDatabase>> {
        let mut found: Vec<Cow<'_, StoredDatabase>> =
            self.catalog.databases.iter().map(Cow::Borrowed).collect();
        for (table, arrived) in self.arrivals.outside(&self.catalog) {
            let place = match found.iter().position(|database| database.name == table.database) {
                Some(place) => place,
                None => {
                    found.push(Cow::Owned(StoredDatabase {
                        name: table.database.clone(),
                        created: arrived.first_record.unwrap_or_default().saturating_mul(1_000),
                        tables: Vec::new(),
                    }));
                    found.len().saturating_sub(1)
                }
            };
            if let Some(database) = found.get_mut(place) {
                database.to_mut().tables.push(unlisted(&table));
            }
        }
        found
    }

    /// A database of [`Store::databases`], or 404.
    pub fn database(&self, name: &str) -> Result<Cow<'_, StoredDatabase>, Refusal> {
        match self.databases().into_iter().find(|database| database.name == name) {
            Some(found) => Ok(found),
            None => self.catalog.database(name).map(Cow::Borrowed),
        }
    }

    /// All columns of a table as queries see them, with `time`, which every table has; `None` without the
    /// table. The second name is the one in queries.
    pub fn columns(&self, table: &EventTable) -> Option<Vec<(RowColumn, String)>> {
        let listed = self.catalog.table(&table.database, &table.table);
        let arrived = self.arrivals.known(table);
        if listed.is_err() && arrived.is_none() {
            return None;
        }
        let listed = listed.map_or(&[][..], |table| &table.columns);
        Some(all_columns(listed, &arrived.unwrap_or_default().columns))
    }
}

impl Store {
    /// Makes an empty table in a database that exists. 404 without the database, 409 when the table exists.
    pub fn create_table(&mut self, database: &str, name: &str) -> Result<(), Refusal> {
        let table = EventTable::new(database, name);
        if self.columns(&table).is_some() {
            let message = format!("Table {database}.{name} already exists");
            return Err(Refusal::conflict(Reason::TableTaken, message));
        }
        self.database(database)?;
        let id = self.ids().fresh().parse().unwrap_or_default();
        let made = StoredTable { id, name: name.to_owned(), ..unlisted(&table) };
        let databases = &mut self.catalog.databases;
        match databases.iter_mut().find(|known| known.name == database) {
            Some(known) => known.tables.push(made),
            // The database of a table that the platform fills.
            None => {
                databases.push(StoredDatabase { name: database.to_owned(), created: 0, tables: vec![made] })
            }
        }
        self.changed.databases.insert(database.to_owned());
        Ok(())
    }

    /// Deletes a table, or 404. Its records are the caller's to delete.
    pub fn delete_table(&mut self, database: &str, name: &str) -> Result<(), Refusal> {
        self.database(database)?.table(name)?;
        if let Some(known) = self.catalog.databases.iter_mut().find(|known| known.name == database) {
            known.tables.retain(|table| table.name != name);
        }
        self.arrivals.remove(&EventTable::new(database, name));
        self.changed.anything = true;
        self.changed.databases.insert(database.to_owned());
        Ok(())
    }
}

/// The columns of the catalog and those that arrived.
fn all_columns(listed: &[Column], arrived: &[Column]) -> Vec<(RowColumn, String)> {
    let column = |column: &Column| {
        let row = RowColumn { name: column.name.clone(), kind: column_kind(&column.name, &column.kind) };
        (row, column.alias.clone().unwrap_or_else(|| column.name.clone()))
    };
    let mut columns: Vec<_> = listed.iter().chain(arrived).map(column).collect();
    if !columns.iter().any(|(column, _)| column.name == "time") {
        let time = RowColumn { name: "time".to_owned(), kind: column_kind("time", "") };
        columns.push((time, "time".to_owned()));
    }
    columns
}

/// A table that is in no catalog. Its columns and its count are those of what arrived.
fn unlisted(table: &EventTable) -> StoredTable {
    let segment = table.database.split('_').find_map(|part| part.parse().ok()).unwrap_or(0_u64);
    let place = LogTable::ALL.iter().position(|log| log.of(segment) == *table).unwrap_or_default();
    let place = u64::try_from(place).unwrap_or_default();
    StoredTable {
        id: FIRST_ID.saturating_add(segment.saturating_mul(4)).saturating_add(place),
        name: table.table.clone(),
        description: None,
        rows: 0,
        data: TableRows::default(),
        last_record: None,
        columns: Vec::new(),
    }
}

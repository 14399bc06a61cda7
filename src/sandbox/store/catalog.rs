//! Databases and tables.

use super::no_record;
use crate::platform::wire::{Column, KeyEventColumn};
use crate::sandbox::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// All databases, in order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Catalog {
    /// The databases.
    pub databases: Vec<Database>,
}

/// A database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Database {
    /// Its name.
    pub name: String,
    /// Milliseconds since the epoch.
    pub created: i64,
    /// Its tables, in order.
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Table {
    /// Id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Number of records.
    pub rows: u64,
    /// Time of the last record in seconds since the epoch.
    pub last_record: Option<i64>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

impl Catalog {
    /// A database, or 404.
    pub fn database(&self, name: &str) -> Result<&Database, Refusal> {
        let found = self.databases.iter().find(|database| database.name == name);
        found.ok_or_else(|| Refusal::not_found(format!("Resource not found: the database {name}")))
    }

    /// A table, or 404.
    pub fn table(&self, database: &str, name: &str) -> Result<&Table, Refusal> {
        let missing = || Refusal::not_found(format!("Resource not found: the table {database}.{name}"));
        self.database(database)?.tables.iter().find(|table| table.name == name).ok_or_else(missing)
    }

    /// Whether there is such a table.
    pub fn has(&self, database: &str, table: &str) -> bool {
        self.table(database, table).is_ok()
    }

    /// The columns of an event table as the real-time API shows them.
    pub fn event_columns(&self, database: &str, table: &str) -> Result<Vec<KeyEventColumn>, Refusal> {
        let table = self.table(database, table).map_err(|_| no_record())?;
        Ok(table.columns.iter().map(event_column).collect())
    }
}

fn event_column(column: &Column) -> KeyEventColumn {
    KeyEventColumn {
        query_as: column.alias.clone().unwrap_or_else(|| column.name.clone()),
        data_column: column.name.clone(),
        data_type: cdp_type(column).to_owned(),
    }
}

/// The CDP API's name of a column's type (`ColumnType` of the contract).
pub fn cdp_type(column: &Column) -> &'static str {
    match column.kind.as_str() {
        _ if column.name == "time" => "timestamp",
        "array<string>" => "string_array",
        kind if kind.starts_with("array<") => "number_array",
        "boolean" => "boolean",
        _ if column.is_number() => "number",
        _ => "string",
    }
}

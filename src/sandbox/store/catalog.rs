//! Databases and tables.

use super::no_record;
use crate::platform::wire::{Column, KeyEventColumn};
use crate::sandbox::refusal::{Reason, Refusal};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// All databases, in order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Catalog {
    /// The databases.
    pub databases: Vec<StoredDatabase>,
}

/// A database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredDatabase {
    /// Its name.
    pub name: String,
    /// Milliseconds since the epoch.
    pub created: i64,
    /// Its tables, in order.
    pub tables: Vec<StoredTable>,
}

/// A table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredTable {
    /// Id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Number of records; those in `data` and others without content.
    pub rows: u64,
    /// The records with content.
    #[serde(default)]
    pub data: TableRows,
    /// Time of the last record in seconds since the epoch.
    pub last_record: Option<i64>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

/// A record: values by column.
pub type TableRow = Map<String, Value>;

/// Records of a table. They never change, so that clones share them, and each column has an index
/// from its first lookup on.
#[derive(Debug, Clone, Default)]
pub struct TableRows(Arc<Indexed>);

#[derive(Debug, Default)]
struct Indexed {
    rows: Vec<TableRow>,
    /// Places in `rows` by column and key string.
    columns: HashMap<String, OnceLock<HashMap<String, Vec<usize>>>>,
}

impl From<Vec<TableRow>> for TableRows {
    fn from(rows: Vec<TableRow>) -> Self {
        let columns = rows.iter().flat_map(TableRow::keys).map(|column| (column.clone(), OnceLock::new()));
        let columns = columns.collect();
        TableRows(Arc::new(Indexed { rows, columns }))
    }
}

impl Deref for TableRows {
    type Target = [TableRow];

    fn deref(&self) -> &[TableRow] {
        &self.0.rows
    }
}

impl Serialize for TableRows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.rows.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TableRows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<TableRow>::deserialize(deserializer).map(TableRows::from)
    }
}

impl TableRows {
    /// The records with this key in a column, in order.
    pub fn find(&self, column: &str, key: &str) -> impl Iterator<Item = &TableRow> {
        let index = self.0.columns.get(column).map(|index| {
            index.get_or_init(|| {
                let mut index: HashMap<String, Vec<usize>> = HashMap::new();
                for (place, row) in self.iter().enumerate() {
                    if let Some(key) = row.get(column).and_then(key_text) {
                        index.entry(key.into_owned()).or_default().push(place);
                    }
                }
                index
            })
        });
        let places = index.and_then(|index| index.get(key)).into_iter().flatten();
        places.filter_map(|place| self.get(*place))
    }
}

/// A value as a key that joins tables: a number is the same as the string that spells it, and `5.0`
/// is `5`. Nulls, booleans, arrays and objects join nothing.
pub fn key_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => match number.as_f64() {
            // Only exact numbers: ids beyond 2^53 stay as they are written.
            Some(float) if float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0 => {
                Some(Cow::Owned((float as i64).to_string()))
            }
            _ => Some(Cow::Owned(number.to_string())),
        },
        _ => None,
    }
}

impl StoredDatabase {
    /// A table, or 404.
    pub fn table(&self, name: &str) -> Result<&StoredTable, Refusal> {
        let missing = || {
            Refusal::not_found(
                Reason::TableMissing,
                format!("Resource not found: the table {}.{name}", self.name),
            )
        };
        self.tables.iter().find(|table| table.name == name).ok_or_else(missing)
    }
}

impl Catalog {
    /// A database, or 404.
    pub fn database(&self, name: &str) -> Result<&StoredDatabase, Refusal> {
        let found = self.databases.iter().find(|database| database.name == name);
        found.ok_or_else(|| {
            Refusal::not_found(Reason::DatabaseMissing, format!("Resource not found: the database {name}"))
        })
    }

    /// A table, or 404.
    pub fn table(&self, database: &str, name: &str) -> Result<&StoredTable, Refusal> {
        self.database(database)?.table(name)
    }

    /// The records with content that a table began with, or 404.
    pub fn rows(&self, database: &str, name: &str) -> Result<TableRows, Refusal> {
        Ok(self.table(database, name)?.data.clone())
    }

    /// Whether there is such a table.
    pub fn has(&self, database: &str, table: &str) -> bool {
        self.table(database, table).is_ok()
    }

    /// The columns of an event table as the real-time API shows them.
    /// `arrived` are the columns that came with events.
    pub fn event_columns(
        &self,
        database: &str,
        table: &str,
        arrived: &[Column],
    ) -> Result<Vec<KeyEventColumn>, Refusal> {
        let table = self.table(database, table).map_err(|_| no_record())?;
        Ok(table.columns.iter().chain(arrived).map(event_column).collect())
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn records_are_found_by_key_and_come_back() {
        let rows =
            json!([{"id": 5, "x": 1}, {"id": "5", "x": 2}, {"id": 5.0, "x": null}, {"id": null}, {"x": 3}]);
        let rows: TableRows = serde_json::from_value(rows).unwrap();
        let found =
            |column: &str, key: &str| rows.find(column, key).map(|row| row["x"].clone()).collect::<Vec<_>>();
        assert_eq!(found("id", "5"), [json!(1), json!(2), Value::Null]);
        assert_eq!((found("id", "6"), found("y", "5")), (vec![], vec![]));
        let again: TableRows = serde_json::from_str(&serde_json::to_string(&rows).unwrap()).unwrap();
        assert_eq!(*again, *rows);
    }
}

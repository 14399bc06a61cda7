//! Batch data of a parent segment: its attributes, its customers and their segments.

use super::catalog::{Catalog, TableRow, TableRows, key_text};
use crate::sandbox::engine::Batch;
use crate::sandbox::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The master table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Master {
    /// Its database.
    pub database: String,
    /// Its name.
    pub table: String,
    /// The column that identifies a customer; the only `extLookupKey` that is taken.
    pub profile_key: String,
}

/// A batch attribute of a parent segment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BatchColumn {
    /// Id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The column that it comes from.
    pub column: String,
    /// `ColumnType` of the contract.
    pub kind: String,
    /// Description.
    pub description: Option<String>,
    /// The attribute table; `None` for a column of the master table itself.
    pub table: Option<AttributeTable>,
}

/// Where a batch attribute comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AttributeTable {
    /// Its database.
    pub database: String,
    /// Its name.
    pub table: String,
    /// Its join key.
    pub parent_key: String,
    /// The master table's join key.
    pub foreign_key: String,
}

/// Customers with their batch attributes, by the value of the profile key.
pub type Customers = HashMap<String, Map<String, Value>>;

/// Customers and batch segments of one parent segment.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct BatchData {
    /// Names `customers`: parent segments with the same name share them.
    pub set: String,
    /// The customers; parent segments over the same master table share them.
    #[serde(skip)]
    pub customers: Arc<Customers>,
    /// The tables that real-time attributes can look something up in.
    #[serde(skip)]
    pub tables: LookupTables,
    /// The batch segments, in order.
    pub segments: Vec<StoredSegment>,
}

/// Tables as lookup catalogs: by `database.table`, and those of the master table's database by
/// their bare names as well (our choice: the contract's `lookupCatalogTableName` has no database).
#[derive(Debug, Clone, Default)]
pub struct LookupTables(HashMap<String, LookupTable>);

/// A table that can be looked up.
#[derive(Debug, Clone)]
pub struct LookupTable {
    /// Its columns.
    pub columns: Vec<String>,
    rows: TableRows,
}

impl LookupTables {
    /// All tables, as a parent segment with its master table in `database` names them.
    pub fn of(catalog: &Catalog, database: &str) -> Self {
        let mut tables = HashMap::new();
        for known in &catalog.databases {
            for table in &known.tables {
                let columns = table.columns.iter().map(|column| column.name.clone()).collect();
                let lookup = LookupTable { columns, rows: table.data.clone() };
                if known.name == database {
                    tables.insert(table.name.clone(), lookup.clone());
                }
                tables.insert(format!("{}.{}", known.name, table.name), lookup);
            }
        }
        LookupTables(tables)
    }

    /// The table of a lookup catalog.
    pub fn get(&self, name: &str) -> Option<&LookupTable> {
        self.0.get(name)
    }
}

/// A batch segment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredSegment {
    /// Id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// The folder that it lies in; the root for `None`.
    #[serde(default)]
    pub folder: Option<String>,
    /// Its rule as it was sent; none for a segment of the seed, which lists its members.
    #[serde(default)]
    pub rule: Option<Value>,
    /// When it was made, in milliseconds since the epoch; with its parent segment for `None`.
    #[serde(default)]
    pub created: Option<i64>,
    /// The profile key values of its members.
    pub members: HashSet<String>,
}

/// The records of a table by database and name, or 404.
pub type TableSource<'a> = dyn Fn(&str, &str) -> Result<TableRows, Refusal> + 'a;

/// The result of the batch layer: every record of the master table that has a profile
/// key, with the batch attributes that the attribute tables hold for it. Where a table has several
/// records for one key, the last one counts (our choice).
pub fn join(rows: &TableSource<'_>, master: &Master, columns: &[BatchColumn]) -> Result<Customers, Refusal> {
    let people = rows(&master.database, &master.table)?;
    let mut sources = Vec::new();
    for column in columns {
        let rows = match &column.table {
            Some(table) => Some((rows(&table.database, &table.table)?, table)),
            None => None,
        };
        sources.push((column.name.as_str(), column.column.as_str(), rows));
    }
    let mut customers = Customers::new();
    for person in people.iter() {
        let Some(key) = person.get(&master.profile_key).and_then(key_text) else { continue };
        let value = |(name, column, source): &(&str, &str, Option<(TableRows, &AttributeTable)>)| {
            let row: Option<&TableRow> = match source {
                None => Some(person),
                Some((rows, table)) => {
                    let key = person.get(&table.foreign_key).and_then(key_text);
                    key.and_then(|key| rows.find(&table.parent_key, &key).last())
                }
            };
            let value = row.and_then(|row| row.get(*column)).cloned().unwrap_or_default();
            ((*name).to_owned(), value)
        };
        customers.insert(key.into_owned(), sources.iter().map(value).collect());
    }
    Ok(customers)
}

/// Names the customers that a parent segment has: those with the same master table and the same
/// attributes are the same ones.
pub fn set_name(master: &Master, columns: &[BatchColumn]) -> String {
    let named = |column: &BatchColumn| match column.name == column.column {
        true => column.name.clone(),
        false => format!("{} as {}", column.column, column.name),
    };
    let column = |column: &BatchColumn| match &column.table {
        None => named(column),
        Some(AttributeTable { database, table, parent_key, foreign_key }) => {
            format!("{database}.{table}.{} on {parent_key}={foreign_key}", named(column))
        }
    };
    let columns: Vec<String> = columns.iter().map(column).collect();
    format!("{}.{}/{}: {}", master.database, master.table, master.profile_key, columns.join(", "))
}

impl BatchData {
    /// A batch segment by id.
    pub fn segment(&self, id: &str) -> Option<&StoredSegment> {
        self.segments.iter().find(|segment| segment.id == id)
    }
}

impl Batch for BatchData {
    fn customer(&self, key: &str) -> Option<&Map<String, Value>> {
        self.customers.get(key)
    }

    fn in_segment(&self, segment_id: &str, key: &str) -> bool {
        self.segment(segment_id).is_some_and(|segment| segment.members.contains(key))
    }

    fn segment_name(&self, segment_id: &str) -> Option<&str> {
        self.segment(segment_id).map(|segment| segment.name.as_str())
    }

    fn catalog_rows(&self, table: &str, column: &str, key: &Value) -> Vec<&Map<String, Value>> {
        let rows = self.tables.get(table).zip(key_text(key));
        rows.into_iter().flat_map(|(table, key)| table.rows.find(column, &key).collect::<Vec<_>>()).collect()
    }
}

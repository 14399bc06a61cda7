//! `lookupCatalog`: rows of a table, looked up by another attribute's value.
//!
//! Source: the contract has the table, its columns and its `lookupKeys`; the published rules of a
//! payload say that a single or a list drives a lookup. How the keys of the attribute itself get
//! their values is not published. Our choices: a lookup key is a column of the table, and the single
//! or list attribute whose identifier is that column's name drives it; with several keys a row must
//! have all of them; a list brings each of its items' ids. The value is a list of rows, in the order
//! of the driving values and then of the table, also when there is only one; a row is an object of the
//! attribute's columns. A `subAttributeIdentifier` is the name of one of these columns and
//! brings that column's values alone, without nulls.

use crate::platform::wire::LookupCatalogSpec;
use serde_json::{Map, Value};

/// A compiled [`LookupCatalogSpec`].
#[derive(Debug, Clone)]
pub struct ProgramCatalog {
    /// The table.
    pub table: String,
    /// The columns that it answers; all columns of a row when this is empty.
    columns: Vec<String>,
    /// The columns that must match.
    pub keys: Vec<String>,
    /// The attribute that drives each key, by its place in the program; `None` while a key
    /// has no driver; then nothing is found.
    pub drivers: Option<Vec<usize>>,
}

impl ProgramCatalog {
    /// Compiles it; [`ProgramCatalog::drivers`] are set when all attributes are known.
    pub fn new(spec: &LookupCatalogSpec) -> Self {
        ProgramCatalog {
            table: spec.lookup_catalog_table_name.clone(),
            columns: spec.lookup_catalog_columns.iter().map(|column| column.name.clone()).collect(),
            keys: spec.lookup_keys.iter().map(|key| key.id.clone()).collect(),
            drivers: None,
        }
    }

    /// The columns, which a `subAttributeIdentifier` may name.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// The value of these rows; `sub` is the position of a column.
    pub fn value(&self, rows: &[&Map<String, Value>], sub: Option<usize>) -> Value {
        let Some(sub) = sub else {
            return rows.iter().map(|row| Value::Object(self.shown(row))).collect();
        };
        let values = rows.iter().filter_map(|row| row.get(self.columns.get(sub)?));
        values.filter(|value| !value.is_null()).cloned().collect()
    }

    fn shown(&self, row: &Map<String, Value>) -> Map<String, Value> {
        if self.columns.is_empty() {
            return row.clone();
        }
        let cell = |column: &String| (column.clone(), row.get(column).cloned().unwrap_or_default());
        self.columns.iter().map(cell).collect()
    }
}

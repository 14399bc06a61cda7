//! TD API v3: databases and tables.

use serde::{Deserialize, Serialize};

/// `GET /v3/database/list`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DatabaseList {
    /// All databases that the key may see.
    pub databases: Vec<Database>,
}

/// A database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Database {
    /// Its name.
    pub name: String,
    /// Number of records in all its tables.
    #[serde(default)]
    pub count: u64,
    /// `2020-12-31 11:22:33 UTC`.
    #[serde(default)]
    pub created_at: String,
    /// `2020-12-31 11:22:33 UTC`.
    #[serde(default)]
    pub updated_at: String,
    /// The owning organization.
    #[serde(default)]
    pub organization: Option<String>,
    /// What the key may do.
    #[serde(default)]
    pub permission: Option<String>,
    /// Whether it is protected against deletion.
    #[serde(default)]
    pub delete_protected: bool,
}

/// `GET /v3/table/list/{db}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TableList {
    /// The database.
    pub database: String,
    /// Its tables.
    pub tables: Vec<Table>,
}

/// A table of a database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Number of records.
    #[serde(default)]
    pub count: u64,
    /// When `count` was last brought up to date (ISO 8601).
    #[serde(default)]
    pub counter_updated_at: Option<String>,
    /// Time of the last record in seconds since the epoch; tells whether the table is alive.
    #[serde(default)]
    pub last_log_timestamp: Option<i64>,
    /// `2020-12-31 11:22:33 UTC`.
    #[serde(default)]
    pub created_at: String,
    /// `2020-12-31 11:22:33 UTC`.
    #[serde(default)]
    pub updated_at: String,
    /// Whether it is protected against deletion.
    #[serde(default)]
    pub delete_protected: bool,
    /// Bytes.
    #[serde(default)]
    pub estimated_storage_size: u64,
    /// Days after which records are dropped.
    #[serde(default)]
    pub expire_days: Option<u64>,
    /// Deprecated Hive column `v`.
    #[serde(default)]
    pub include_v: bool,
    /// A JSON *string*: `[["column","type","alias"?,"description"?],…]`; see [`Table::columns`].
    #[serde(default)]
    pub schema: String,
    /// Always `log`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Free text.
    #[serde(default)]
    pub description: Option<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name in the data.
    pub name: String,
    /// Type as the platform writes it: `string`, `int`, `long`, `double`, `float`, `array<…>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name to use in queries when it differs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alias: Option<String>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
}

impl Column {
    /// Whether the values are numbers.
    pub fn is_number(&self) -> bool {
        matches!(self.kind.as_str(), "int" | "long" | "double" | "float" | "number" | "bigint")
    }
}

impl Table {
    /// The columns, decoded from [`Table::schema`]. An empty schema has none. The error is
    /// serde's, for a text that is not such an array.
    pub fn columns(&self) -> Result<Vec<Column>, serde_json::Error> {
        if self.schema.trim().is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<Vec<Option<String>>> = serde_json::from_str(&self.schema)?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let mut cells = row.into_iter();
                let name = cells.next().flatten()?;
                let kind = cells.next().flatten().unwrap_or_else(|| "string".to_owned());
                let not_empty = |text: &String| !text.is_empty();
                let alias = cells.next().flatten().filter(not_empty);
                let description = cells.next().flatten().filter(not_empty);
                Some(Column { name, kind, alias, description })
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_a_json_text_with_two_to_four_cells() {
        let table: Table = serde_json::from_value(serde_json::json!({
            "id": 1, "name": "t",
            "schema": r#"[["a","string"],["b","long","bee"],["c","double","","price"]]"#
        }))
        .unwrap();
        let columns = table.columns().unwrap();
        assert_eq!(columns.len(), 3);
        assert_eq!(columns[1].alias.as_deref(), Some("bee"));
        assert_eq!((columns[2].alias.as_deref(), columns[2].description.as_deref()), (None, Some("price")));
        assert!(columns[2].is_number() && !columns[0].is_number());
    }
}

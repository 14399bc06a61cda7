//! `GET|PATCH /audiences/{id}/realtime_setting`.

use super::{Later, or_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The real-time setting of a parent segment as it is read (`RealtimeSetting`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeSetting {
    /// Id of the setting.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The four fields that a write must carry together, and those of later versions.
    #[serde(flatten)]
    pub attributes: RealtimeSettingAttributes,
    /// Where the configuration stands; one that this version does not know does not prevent reading
    /// the rest.
    #[serde(default, deserialize_with = "or_default")]
    pub status: RealtimeStatus,
    /// What the platform says about the status, in its own words.
    #[serde(default)]
    pub status_detailed: Option<serde_json::Value>,
}

/// What `PATCH` takes (`RealtimeSettingAttributes`). All four fields are required and each list
/// replaces what is live: read, merge, write. Reading requires the lists too: a missing one, taken
/// as empty, would delete what is live with the next write.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeSettingAttributes {
    /// The stitching keys.
    pub key_columns: Vec<KeyColumn>,
    /// The tables whose streams are read.
    pub event_tables: Vec<EventTable>,
    /// The batch attributes that are imported.
    pub batch_attributes: Vec<BatchAttribute>,
    /// The profile key column of the master table. Once set it can neither be changed nor unset.
    #[serde(default)]
    pub ext_lookup_key: Option<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub later: Later,
}

impl RealtimeSettingAttributes {
    /// What it lists, for people: `event table DB.TABLE`, `stitching key 'NAME'`, `imported attribute 'COLUMN'`.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let tables = self.event_tables.iter().map(|table| format!("event table {table}"));
        let keys = self.key_columns.iter().map(|key| format!("stitching key '{}'", key.name));
        let imports =
            self.batch_attributes.iter().map(|batch| format!("imported attribute '{}'", batch.column));
        tables.chain(keys).chain(imports)
    }

    /// The names of fields that this version does not know.
    pub fn later(&self) -> impl Iterator<Item = &str> {
        let tables = self.event_tables.iter().map(|table| &table.later);
        let keys = self.key_columns.iter().map(|key| &key.later);
        let imports = self.batch_attributes.iter().map(|batch| &batch.later);
        let all = tables.chain(keys).chain(imports).chain([&self.later]);
        all.flat_map(|later| later.0.keys().map(String::as_str))
    }
}

/// A stitching key (`RealtimeKeyColumn`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyColumn {
    /// Column of the event tables that holds the id.
    pub name: String,
    /// A value that does not match is no id.
    #[serde(default)]
    pub valid_regexp: Option<String>,
    /// Values that are no ids, as whole strings.
    #[serde(default)]
    pub invalid_texts: Vec<String>,
    /// Set by the platform on keys of its own.
    #[serde(default)]
    pub internal: bool,
    /// Fields of later versions.
    #[serde(flatten)]
    pub later: Later,
}

/// A table whose stream is read (`RealtimeEventTable`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventTable {
    /// Database name.
    pub database: String,
    /// Table name.
    pub table: String,
    /// Fields of later versions.
    #[serde(flatten)]
    pub later: Later,
}

impl EventTable {
    /// A table of a database.
    pub fn new(database: impl Into<String>, table: impl Into<String>) -> Self {
        EventTable { database: database.into(), table: table.into(), later: Later::default() }
    }
}

impl fmt::Display for EventTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.database, self.table)
    }
}

/// An imported batch attribute (`RealtimeBatchAttribute`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchAttribute {
    /// Name of the parent segment's attribute.
    pub column: String,
    /// Its display name.
    #[serde(default)]
    pub name: Option<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub later: Later,
}

impl BatchAttribute {
    /// The import of a column, called by it.
    pub fn new(column: impl Into<String>) -> Self {
        BatchAttribute { column: column.into(), ..BatchAttribute::default() }
    }
}

/// State of a real-time configuration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RealtimeStatus {
    /// Real-time is not enabled for this parent segment; only the vendor can enable it.
    NotInitialized,
    /// Enabled, nothing configured yet.
    Initialized,
    /// A change is being rolled out, typically for 30 to 90 seconds.
    Updating,
    /// Ready.
    Ok,
    /// A roll-out failed; waiting does not mend it.
    Inconsistent,
    /// None of the published ones, or none at all.
    #[default]
    #[serde(skip_deserializing)]
    Unknown,
}

impl RealtimeStatus {
    /// The wire spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            RealtimeStatus::NotInitialized => "not_initialized",
            RealtimeStatus::Initialized => "initialized",
            RealtimeStatus::Updating => "updating",
            RealtimeStatus::Ok => "ok",
            RealtimeStatus::Inconsistent => "inconsistent",
            RealtimeStatus::Unknown => "unknown",
        }
    }
}

impl fmt::Display for RealtimeStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

//! `/audiences/{id}/realtime_key_events`.

use super::EventTable;
use crate::platform::rule::Rule;
use serde::{Deserialize, Serialize};

/// A key event as it is sent and read (`RealtimeKeyEventAttributes` plus `id`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyEvent {
    /// Given by the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Unique within the parent segment.
    pub name: String,
    /// Database of the event table.
    pub database_name: String,
    /// The event table; must be one of the setting's event tables.
    pub table_name: String,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Which events of the table count; an empty `And` takes them all.
    pub filter_rule: Rule,
}

impl KeyEvent {
    /// The table that it comes from.
    pub fn event_table(&self) -> EventTable {
        EventTable::new(&*self.database_name, &*self.table_name)
    }
}

/// A column of a key event or an event table (`RealtimeKeyEventColumn`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyEventColumn {
    /// Name to use in queries.
    pub query_as: String,
    /// Name in the data.
    pub data_column: String,
    /// One of the platform's column types.
    pub data_type: String,
}

//! The rows of `list`: each item as a plan has it, with its id and with the values that a plan leaves out because they
//! are the defaults.

use super::{Exporter, put_filter};
use crate::plan::Configuration;
use crate::platform::keys::split_valid_regexp;
use crate::platform::wire::{KeyColumn, KeyEvent, RealtimeAttribute};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Rows with what they cannot show.
#[derive(Debug)]
pub struct Rows<T> {
    /// The rows, in the order of the platform.
    pub rows: Vec<T>,
    /// What they leave out, as sentences without a full stop.
    pub warnings: Vec<String>,
}

impl<T> Rows<T> {
    /// Rows that show everything.
    pub fn of(rows: Vec<T>) -> Self {
        Rows { rows, warnings: Vec::new() }
    }
}

/// A key event, or an event table that no key event uses.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EventRow {
    /// Id of the key event; null for a table that no key event uses
    pub id: Option<String>,
    /// Name of the key event; null for a table that no key event uses
    pub name: Option<String>,
    /// Database of its table
    pub database: String,
    /// Its table, without the database
    pub table: String,
    /// Description of the key event
    pub description: Option<String>,
    /// Criteria of the rows that count; null for all rows, or where `filter` has them
    pub r#where: Option<String>,
    /// The same as a rule of the platform, where criteria cannot express it
    pub filter: Option<Value>,
}

/// A stitching key.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KeyRow {
    /// Column of the event tables
    pub name: String,
    /// A value that does not match is no id
    pub valid_regex: Option<String>,
    /// A value that matches is no id
    pub exclude_regex: Option<String>,
    /// Values that are no ids
    pub invalid: Vec<String>,
    /// Whether it is the platform's own
    pub internal: bool,
    /// Whether it is the external lookup key
    pub ext_lookup_key: bool,
}

/// The key events, and behind them the event tables that none of them uses.
pub fn events(live: &Configuration) -> Rows<EventRow> {
    let mut warnings = Vec::new();
    let mut rows: Vec<EventRow> = live.events.iter().map(|event| event_row(event, &mut warnings)).collect();
    for table in &live.setting.event_tables {
        if rows.iter().any(|row| row.database == table.database && row.table == table.table) {
            continue;
        }
        rows.push(EventRow {
            id: None,
            name: None,
            database: table.database.clone(),
            table: table.table.clone(),
            description: None,
            r#where: None,
            filter: None,
        });
    }
    Rows { rows, warnings }
}

fn event_row(event: &KeyEvent, warnings: &mut Vec<String>) -> EventRow {
    let KeyEvent { id, name, database_name, table_name, description, filter_rule } = event;
    let mut rule = Map::new();
    if let Err(why) = put_filter(&mut rule, ["filter", "where"], filter_rule) {
        warnings.push(format!("the filter of key event '{name}' is shown as the platform has it: {why}"));
        rule.insert("filter".to_owned(), json!(filter_rule));
    }
    EventRow {
        id: id.clone(),
        name: Some(name.clone()),
        database: database_name.clone(),
        table: table_name.clone(),
        description: description.clone(),
        r#where: rule.get("where").and_then(Value::as_str).map(str::to_owned),
        filter: rule.shift_remove("filter"),
    }
}

/// The stitching keys, those of the platform among them.
pub fn stitching_keys(live: &Configuration) -> Vec<KeyRow> {
    let lookup = live.setting.ext_lookup_key.as_deref();
    let row = |key: &KeyColumn| {
        let pattern = key.valid_regexp.as_deref().filter(|pattern| !pattern.is_empty());
        let (valid_regex, exclude_regex) = pattern.map(split_valid_regexp).unwrap_or_default();
        KeyRow {
            name: key.name.clone(),
            valid_regex,
            exclude_regex,
            invalid: key.invalid_texts.clone(),
            internal: key.internal,
            ext_lookup_key: lookup == Some(key.name.as_str()),
        }
    };
    live.setting.key_columns.iter().map(row).collect()
}

/// The attributes.
pub fn attributes(live: &Configuration) -> Rows<Map<String, Value>> {
    let mut exporter = Exporter { live, whole: true, warnings: Vec::new() };
    let rows = live.attributes.iter().map(|attribute| attribute_row(&mut exporter, attribute)).collect();
    Rows { rows, warnings: exporter.warnings }
}

fn attribute_row(exporter: &mut Exporter<'_>, attribute: &RealtimeAttribute) -> Map<String, Value> {
    let mut row = Map::from_iter([("id".to_owned(), attribute.id.as_deref().into())]);
    match exporter.attribute(attribute) {
        Ok(item) => row.extend(item),
        Err(why) => {
            exporter.warn(format!("attribute '{}' is not shown whole: {why}", attribute.name));
            row.insert("name".into(), attribute.name.as_str().into());
            let kind = match attribute.spec.kind() {
                "imported" => "imported_batch",
                "lookupCatalog" => "lookup_catalog",
                kind => kind,
            };
            row.insert("type".into(), kind.into());
        }
    }
    if let Some(event) = attribute.spec.key_event() {
        row.insert("source_event_id".into(), event.into());
    }
    row
}

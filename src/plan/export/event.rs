//! Key events, event tables and stitching keys.

use super::{Exporter, put, put_filter, put_list};
use crate::platform::keys::split_valid_regexp;
use crate::platform::pattern::Pattern;
use crate::platform::wire::{EventTable, KeyColumn, KeyEvent, RealtimeSettingAttributes};
use serde_json::{Map, Value, json};

impl Exporter<'_> {
    pub(super) fn events(&mut self) -> Vec<Value> {
        let live = self.live;
        let item = |event: &KeyEvent| self.or_warn(&format!("key event '{}'", event.name), one(event));
        live.events.iter().filter_map(item).collect()
    }

    /// The event tables that no key event names.
    pub(super) fn event_tables(&mut self) -> Vec<Value> {
        let live = self.live;
        let named = |table: &EventTable| {
            live.events
                .iter()
                .any(|event| event.database_name == table.database && event.table_name == table.table)
        };
        let mut tables = Vec::new();
        for table in live.setting.event_tables.iter().filter(|table| !named(table)) {
            match (table.database.contains('.'), table.table.contains('.')) {
                (_, true) => self.warn(format!("event table {table} is left out: its name has a dot")),
                (false, false) => tables.push(table.to_string().into()),
                (true, false) => tables.push(json!({"database": table.database, "table": table.table})),
            }
        }
        tables
    }

    /// Stitching keys and external lookup key. The platform's own keys are not a plan's.
    pub(super) fn id_stitching(&mut self) -> Option<Value> {
        let RealtimeSettingAttributes {
            key_columns,
            // Those that no key event names, and those that are no attribute, are exported by themselves.
            event_tables: _,
            batch_attributes: _,
            ext_lookup_key,
            later: _,
        } = &self.live.setting;
        let mut stitching = Map::new();
        let internal = key_columns.iter().filter(|column| column.internal);
        let internal: Vec<&str> = internal.map(|column| column.name.as_str()).collect();
        if !internal.is_empty() {
            let names = internal.join(", ");
            self.warn(format!("the platform's own stitching keys are left out: {names}"));
        }
        let own = key_columns.iter().filter(|column| !column.internal);
        let keys = own.map(|column| self.key(column)).collect();
        put_list(&mut stitching, "stitching_keys", keys);
        put(&mut stitching, "ext_lookup_key", ext_lookup_key.clone());
        if stitching.is_empty() { None } else { Some(Value::Object(stitching)) }
    }

    fn key(&mut self, column: &KeyColumn) -> Value {
        let KeyColumn { name, valid_regexp, invalid_texts, internal: _, later: _ } = column;
        let mut key = Map::new();
        key.insert("name".into(), name.as_str().into());
        // An empty pattern matches everything, as none does.
        if let Some(pattern) = valid_regexp.as_deref().filter(|pattern| !pattern.is_empty()) {
            match Pattern::new(pattern) {
                Ok(_) => {
                    let (valid, exclude) = split_valid_regexp(pattern);
                    put(&mut key, "valid_regex", valid);
                    put(&mut key, "exclude_regex", exclude);
                }
                Err(why) => {
                    self.warn(format!("the pattern of stitching key '{name}' is left out: {why}"));
                }
            }
        }
        put_list(&mut key, "invalid", invalid_texts.iter().map(|text| text.as_str().into()).collect());
        Value::Object(key)
    }
}

fn one(event: &KeyEvent) -> Result<Map<String, Value>, String> {
    let KeyEvent { id: _, name, database_name, table_name, description, filter_rule } = event;
    if table_name.contains('.') {
        return Err(format!("the name of its table '{table_name}' has a dot"));
    }
    let mut map = Map::new();
    map.insert("name".into(), name.as_str().into());
    map.insert("database".into(), database_name.as_str().into());
    map.insert("table".into(), table_name.as_str().into());
    put(&mut map, "description", description.clone());
    put_filter(&mut map, ["filter", "where"], filter_rule)?;
    Ok(map)
}

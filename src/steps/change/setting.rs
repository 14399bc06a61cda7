//! The real-time setting: all four fields are written together, so it is read, merged and written. Nothing
//! that others configured is dropped.

use crate::platform::wire::{EventTable, KeyColumn, RealtimeSettingAttributes};
use crate::steps::Action;
use crate::steps::kind::ItemKind;

/// What is added to the setting, and what goes; imports have an operation of their own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SettingChange {
    /// Tables that are added.
    pub tables: Vec<EventTable>,
    /// Keys that are added, or become what they are here.
    pub keys: Vec<KeyColumn>,
    /// The external lookup key, where it is set.
    pub lookup_key: Option<String>,
    /// Tables that go.
    pub gone_tables: Vec<EventTable>,
    /// Names of keys that go.
    pub gone_keys: Vec<String>,
    /// The order of keys in which added ones have their place; they are the last where it says nothing.
    pub order: Vec<String>,
}

impl SettingChange {
    /// What differs, as two changes: what is added, and what goes.
    pub fn between(live: &RealtimeSettingAttributes, wanted: &RealtimeSettingAttributes) -> [Self; 2] {
        let missing = |from: &RealtimeSettingAttributes, other: &RealtimeSettingAttributes| {
            let tables = from.event_tables.iter().filter(|table| !other.event_tables.contains(table));
            tables.cloned().collect::<Vec<_>>()
        };
        let keys: Vec<_> =
            wanted.key_columns.iter().filter(|key| !live.key_columns.contains(key)).cloned().collect();
        let order = wanted.key_columns.iter().filter(|_| !keys.is_empty()).map(|key| key.name.clone());
        let gone = live.key_columns.iter().map(|key| &key.name);
        let gone = gone.filter(|name| !wanted.key_columns.iter().any(|key| key.name == **name));
        let lookup_key = wanted.ext_lookup_key.clone().filter(|_| live.ext_lookup_key.is_none());
        let more = SettingChange {
            tables: missing(wanted, live),
            order: order.collect(),
            keys,
            lookup_key,
            ..SettingChange::default()
        };
        let less = SettingChange {
            gone_tables: missing(live, wanted),
            gone_keys: gone.cloned().collect(),
            ..SettingChange::default()
        };
        [more, less]
    }

    /// The change over what is live now.
    pub fn over(&self, live: &RealtimeSettingAttributes) -> RealtimeSettingAttributes {
        let mut setting = live.clone();
        setting.event_tables.retain(|table| !self.gone_tables.contains(table));
        setting.key_columns.retain(|key| !self.gone_keys.contains(&key.name));
        for table in &self.tables {
            if !setting.event_tables.contains(table) {
                setting.event_tables.push(table.clone());
            }
        }
        for key in &self.keys {
            match setting.key_columns.iter_mut().find(|there| there.name == key.name) {
                Some(there) => *there = KeyColumn { later: std::mem::take(&mut there.later), ..key.clone() },
                None => {
                    let mut later = self.order.iter().skip_while(|name| **name != key.name).skip(1);
                    let there = |name: &String| setting.key_columns.iter().position(|key| key.name == *name);
                    let place = later.find_map(there).unwrap_or(setting.key_columns.len());
                    setting.key_columns.insert(place, key.clone());
                }
            }
        }
        if setting.ext_lookup_key.is_none() {
            setting.ext_lookup_key.clone_from(&self.lookup_key);
        }
        setting
    }

    /// Its tables and keys, with what happens to them; `live` is the setting before.
    pub fn items(&self, live: &RealtimeSettingAttributes) -> Vec<(Action, ItemKind, String)> {
        let is_there = |name: &str| live.key_columns.iter().any(|key| key.name == name);
        let added = |name: &str| if is_there(name) { Action::Updated } else { Action::Created };
        let tables =
            self.tables.iter().map(|table| (Action::Created, ItemKind::EventTable, table.to_string()));
        let keys = self.keys.iter().map(|key| (added(&key.name), ItemKind::StitchingKey, key.name.clone()));
        let gone =
            self.gone_tables.iter().map(|table| (Action::Deleted, ItemKind::EventTable, table.to_string()));
        let gone_keys =
            self.gone_keys.iter().map(|key| (Action::Deleted, ItemKind::StitchingKey, key.clone()));
        tables.chain(keys).chain(gone).chain(gone_keys).collect()
    }
}

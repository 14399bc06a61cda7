//! The real-time setting: table by table and key by key, so that what others added since stays.

use super::Prepared;
use crate::platform::wire::{EventTable, KeyColumn, RealtimeSettingAttributes};
use crate::steps::change::SettingChange;
use serde_json::Value;

/// What is done to the setting.
#[derive(Debug, Default)]
pub struct SettingWork {
    /// Tables and keys that come back, and keys as they were.
    again: (Vec<EventTable>, Vec<KeyColumn>),
    /// Tables and keys that go.
    gone: (Vec<EventTable>, Vec<String>),
    /// The order that the keys had.
    order: Vec<String>,
}

impl SettingWork {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        let SettingWork { again, gone, .. } = self;
        again.0.is_empty() && again.1.is_empty() && gone.0.is_empty() && gone.1.is_empty()
    }

    /// Takes back the deletion of a table; whether it would have gone.
    pub fn keep_table(&mut self, table: &EventTable) -> bool {
        let count = self.gone.0.len();
        self.gone.0.retain(|gone| gone != table);
        self.gone.0.len() < count
    }

    /// Takes back the deletion of a key; whether it would have gone.
    pub fn keep_key(&mut self, key: &str) -> bool {
        let count = self.gone.1.len();
        self.gone.1.retain(|gone| gone != key);
        self.gone.1.len() < count
    }

    /// Takes back the deletion of all keys; which ones.
    pub fn keep_keys(&mut self) -> Vec<String> {
        std::mem::take(&mut self.gone.1)
    }

    /// Takes back the deletion of all tables; which ones.
    pub fn keep_tables(&mut self) -> Vec<EventTable> {
        std::mem::take(&mut self.gone.0)
    }

    /// The setting with what comes back and without what goes.
    pub fn over(&self, live: &RealtimeSettingAttributes) -> RealtimeSettingAttributes {
        let (tables, keys) = self.again.clone();
        let (gone_tables, gone_keys) = self.gone.clone();
        let order = self.order.clone();
        SettingChange { tables, keys, gone_tables, gone_keys, order, lookup_key: None }.over(live)
    }
}

/// Compares the setting before and after the run with the live one.
pub fn prepare(
    prepared: &mut Prepared,
    before: &Value,
    after: &Value,
    live: &RealtimeSettingAttributes,
) -> SettingWork {
    let read = |value: &Value| serde_json::from_value::<RealtimeSettingAttributes>(value.clone());
    let (Ok(before), Ok(after)) = (read(before), read(after)) else {
        prepared.conflicts.push("the journal's real-time setting can't be read".to_owned());
        return SettingWork::default();
    };
    let order = before.key_columns.iter().map(|key| key.name.clone()).collect();
    let mut work = SettingWork { order, ..SettingWork::default() };
    let not_in = |tables: &[EventTable], table: &&EventTable| !tables.contains(table);
    work.gone.0 = after.event_tables.iter().filter(|t| not_in(&before.event_tables, t)).cloned().collect();
    work.gone.0.retain(|table| live.event_tables.contains(table));
    work.again.0 = before.event_tables.iter().filter(|t| not_in(&after.event_tables, t)).cloned().collect();
    work.again.0.retain(|table| !live.event_tables.contains(table));
    let names = before
        .key_columns
        .iter()
        .chain(after.key_columns.iter().filter(|key| find(&before, &key.name).is_none()));
    for name in names.map(|key| key.name.clone()) {
        let (was, left, is) = (find(&before, &name), find(&after, &name), find(live, &name));
        if was == left || is == was {
            continue;
        }
        if is != left {
            prepared.key_stays |= was.is_none() && is.is_some();
            prepared.conflicts.push(format!("the stitching key '{name}' was changed since"));
            continue;
        }
        match was {
            Some(was) => work.again.1.push(was.clone()),
            None => work.gone.1.push(name),
        }
    }
    if let (None, Some(key)) = (&before.ext_lookup_key, &after.ext_lookup_key)
        && live.ext_lookup_key.as_ref() == Some(key)
    {
        prepared.without.push(format!("the external lookup key '{key}': the platform fixes it for good"));
    }
    work
}

fn find<'a>(setting: &'a RealtimeSettingAttributes, name: &str) -> Option<&'a KeyColumn> {
    setting.key_columns.iter().find(|key| key.name == name)
}

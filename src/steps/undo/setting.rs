//! The real-time setting: table by table and key by key, so that what others added since stays.

use super::Prepared;
use crate::platform::wire::{KeyColumn, RealtimeSettingAttributes};
use crate::steps::change::SettingChange;
use serde_json::Value;

/// Compares the setting before and after the run with the live one: what comes back, and what goes. `undone`
/// is what undos that began to take this back have written.
pub fn prepare(
    prepared: &mut Prepared,
    [before, after]: [&Value; 2],
    undone: &[Value],
    live: &RealtimeSettingAttributes,
) -> SettingChange {
    let read = |value: &Value| serde_json::from_value::<RealtimeSettingAttributes>(value.clone());
    let (Ok(before), Ok(after)) = (read(before), read(after)) else {
        prepared.conflicts.push("the journal's real-time setting can't be read".to_owned());
        return SettingChange::default();
    };
    let undone: Vec<_> = undone.iter().filter_map(|setting| read(setting).ok()).collect();
    let [mut work, less] = SettingChange::between(&after, &before);
    work.gone_tables =
        less.gone_tables.into_iter().filter(|table| live.event_tables.contains(table)).collect();
    work.tables.retain(|table| !live.event_tables.contains(table));
    (work.keys, work.lookup_key) = (Vec::new(), None);
    let names = before
        .key_columns
        .iter()
        .chain(after.key_columns.iter().filter(|key| find(&before, &key.name).is_none()));
    for name in names.map(|key| key.name.clone()) {
        let (was, left, is) = (find(&before, &name), find(&after, &name), find(live, &name));
        if was == left || is == was {
            continue;
        }
        if is != left && undone.iter().all(|undone| find(undone, &name) != is) {
            prepared.key_stays |= was.is_none() && is.is_some();
            prepared.conflicts.push(format!("the stitching key '{name}' was changed since"));
            continue;
        }
        match was {
            Some(was) => work.keys.push(was.clone()),
            None => work.gone_keys.push(name),
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

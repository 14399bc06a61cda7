//! The real-time setting: read, merge, write all four fields. Nothing that is configured already
//! is ever dropped.

use super::Action;
use crate::api::Client;
use crate::error::{Code, Error};
use crate::platform::limits;
use crate::platform::wire::{
    Audience, AudienceAttribute, EventTable, KeyColumn, RealtimeSetting, RealtimeSettingAttributes,
};
use std::collections::HashMap;

/// What is wanted of a setting.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Event tables that must be there.
    pub event_tables: Vec<EventTable>,
    /// Stitching keys that must be there.
    pub keys: Vec<WantedKey>,
    /// The external lookup key, when one is wanted.
    pub ext_lookup_key: Option<String>,
    /// Whether somebody has asked for it. One that was only found is set together with the first
    /// keys, and never later: it can't be taken back.
    pub lookup_key_said: bool,
}

/// A stitching key with what was said about it.
#[derive(Debug, Clone)]
pub struct WantedKey {
    /// Its wire form.
    pub column: KeyColumn,
    /// Whether patterns were given; when not, those that are there stay.
    pub patterns_given: bool,
    /// Whether invalid texts were given; when not, those that are there stay.
    pub texts_given: bool,
}

/// A merged setting, with what happened to each part.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The setting as it should be.
    pub attributes: RealtimeSettingAttributes,
    /// What happened to each wanted key, in order.
    pub keys: Vec<Action>,
    /// Whether the external lookup key is set for the first time.
    pub lookup_key_set: bool,
    /// Whether anything differs from what is there.
    pub changed: bool,
}

/// Merges what is wanted into what is there.
pub fn merge(live: &RealtimeSettingAttributes, wanted: &Wanted) -> Result<Merged, Error> {
    let mut merged = live.clone();
    for table in &wanted.event_tables {
        if !merged.event_tables.contains(table) {
            merged.event_tables.push(table.clone());
        }
    }
    let mut keys = Vec::new();
    for wanted in &wanted.keys {
        keys.push(merge_key(&mut merged.key_columns, wanted));
    }
    match (&live.ext_lookup_key, &wanted.ext_lookup_key) {
        (Some(live), Some(wanted)) if live != wanted => return Err(fixed_lookup_key(live, wanted)),
        (None, Some(key)) if wanted.lookup_key_said || keys.contains(&Action::Created) => {
            merged.ext_lookup_key = Some(key.clone());
        }
        _ => {}
    }
    limit("event tables", merged.event_tables.len(), limits::EVENT_TABLES, "rt-events")?;
    limit("stitching keys", merged.key_columns.len(), limits::STITCHING_KEYS, "rt-keys")?;
    let changed = merged != *live;
    let lookup_key_set = merged.ext_lookup_key != live.ext_lookup_key;
    Ok(Merged { attributes: merged, keys, lookup_key_set, changed })
}

fn merge_key(columns: &mut Vec<KeyColumn>, wanted: &WantedKey) -> Action {
    let Some(live) = columns.iter_mut().find(|column| column.name == wanted.column.name) else {
        columns.push(wanted.column.clone());
        return Action::Created;
    };
    let before = live.clone();
    if wanted.patterns_given {
        live.valid_regexp.clone_from(&wanted.column.valid_regexp);
    }
    if wanted.texts_given {
        for text in &wanted.column.invalid_texts {
            if !live.invalid_texts.contains(text) {
                live.invalid_texts.push(text.clone());
            }
        }
    }
    if *live == before { Action::Unchanged } else { Action::Updated }
}

fn fixed_lookup_key(live: &str, wanted: &str) -> Error {
    let message = format!(
        "the external lookup key is '{live}' and can't become '{wanted}': the platform fixes it for good"
    );
    Error::new(Code::Conflict, message)
        .hint(format!("leave ext_lookup_key out, or say '{live}'; another key needs another parent segment"))
}

/// An error when a documented limit is exceeded; `command` lists and deletes what there is.
pub fn limit(what: &str, count: usize, limit: usize, command: &str) -> Result<(), Error> {
    if count <= limit {
        return Ok(());
    }
    let message =
        format!("{count} {what} would be more than the platform's limit of {limit} per parent segment");
    Err(Error::new(Code::InvalidPlan, message).hint(format!(
        "remove some first: `tdx-rt {command} list` shows what is there, `tdx-rt {command} delete NAME` removes one"
    )))
}

/// Writes the setting when it differs.
pub async fn write(
    client: &Client,
    ps: &str,
    live: RealtimeSetting,
    merged: &Merged,
) -> Result<RealtimeSetting, Error> {
    if !merged.changed {
        return Ok(live);
    }
    Ok(client.write_setting(ps, &merged.attributes).await?)
}

/// The profile key column of a parent segment's master table: as the master says, else the column
/// that most batch attributes are joined by.
pub fn profile_key(audience: &Audience) -> Option<String> {
    if let Some(key) = audience.master.as_ref().and_then(|master| master.profile_key()) {
        return Some(key.to_owned());
    }
    most_joined_by(&audience.attributes)
}

fn most_joined_by(attributes: &[AudienceAttribute]) -> Option<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for key in attributes.iter().filter_map(|attribute| attribute.foreign_key.as_deref()) {
        *counts.entry(key).or_default() += 1;
    }
    // The name breaks a tie, so that the answer does not change from call to call.
    counts
        .into_iter()
        .max_by_key(|(key, count)| (*count, std::cmp::Reverse(*key)))
        .map(|(key, _)| key.to_owned())
}

/// The lookup key to write: the one that is set, for good; else the wanted one, checked against the
/// profile key; else the profile key.
pub fn lookup_key(
    wanted: Option<&str>,
    live: Option<&str>,
    profile_key: Option<&str>,
) -> Result<Option<String>, Error> {
    match (wanted, live, profile_key) {
        (Some(wanted), Some(live), _) if wanted != live => Err(fixed_lookup_key(live, wanted)),
        (_, Some(live), _) => Ok(Some(live.to_owned())),
        (Some(wanted), None, Some(key)) if wanted != key => {
            let message = format!(
                "ext_lookup_key must be the profile key of the parent segment's master table, '{key}', not '{wanted}'"
            );
            Err(Error::new(Code::InvalidPlan, message)
                .hint(format!("say '{key}', or leave ext_lookup_key out; it can't be changed later")))
        }
        (wanted, None, key) => Ok(wanted.or(key).map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn live() -> RealtimeSettingAttributes {
        serde_json::from_value(json!({
            "keyColumns": [{"name": "legacy", "validRegexp": "^x", "invalidTexts": ["n"], "internal": true}],
            "eventTables": [{"database": "d", "table": "old"}],
            "batchAttributes": [{"column": "tier", "name": "Tier"}],
            "extLookupKey": "customer_id"
        }))
        .unwrap()
    }

    fn key(name: &str) -> WantedKey {
        let column =
            KeyColumn { name: name.into(), valid_regexp: None, invalid_texts: Vec::new(), internal: false };
        WantedKey { column, patterns_given: false, texts_given: false }
    }

    #[test]
    fn nothing_that_is_there_is_dropped() {
        let wanted = Wanted {
            event_tables: vec![EventTable { database: "d".into(), table: "new".into() }],
            keys: vec![key("legacy"), key("email")],
            ext_lookup_key: Some("customer_id".into()),
            ..Wanted::default()
        };
        let merged = merge(&live(), &wanted).unwrap();
        assert_eq!(merged.keys, [Action::Unchanged, Action::Created]);
        assert_eq!(merged.attributes.key_columns[0], live().key_columns[0]);
        assert_eq!(merged.attributes.event_tables.len(), 2);
        assert_eq!(merged.attributes.batch_attributes, live().batch_attributes);
        assert!(merged.changed);
        assert!(!merge(&merged.attributes, &wanted).unwrap().changed, "a second merge changes nothing");
    }

    #[test]
    fn the_lookup_key_is_fixed_for_good() {
        let wanted = Wanted { ext_lookup_key: Some("email".into()), ..Wanted::default() };
        assert_eq!(merge(&live(), &wanted).unwrap_err().code, Code::Conflict);
        let key = Some("customer_id");
        assert_eq!(lookup_key(Some("email"), None, key).unwrap_err().code, Code::InvalidPlan);
        assert_eq!(lookup_key(Some("email"), key, key).unwrap_err().code, Code::Conflict);
        assert_eq!(lookup_key(None, None, key).unwrap().as_deref(), key);
        assert_eq!(lookup_key(None, Some("old"), key).unwrap().as_deref(), Some("old"), "what is set stays");
    }

    use proptest::prelude::*;

    fn table() -> impl Strategy<Value = EventTable> {
        ("[ab]", "[a-e]").prop_map(|(database, table)| EventTable { database, table })
    }

    fn column() -> impl Strategy<Value = KeyColumn> {
        ("[a-e]", proptest::option::of("[xy]"), proptest::collection::vec("[pq]", 0..3), any::<bool>())
            .prop_map(|(name, valid_regexp, invalid_texts, internal)| KeyColumn {
                name,
                valid_regexp,
                invalid_texts,
                internal,
            })
    }

    prop_compose! {
        fn any_live()(
            mut key_columns in proptest::collection::vec(column(), 0..5),
            event_tables in proptest::collection::vec(table(), 0..5),
            ext_lookup_key in proptest::option::of(Just("customer_id".to_owned())),
        ) -> RealtimeSettingAttributes {
            let mut seen = std::collections::HashSet::new();
            key_columns.retain(|column| seen.insert(column.name.clone()));
            RealtimeSettingAttributes { key_columns, event_tables, batch_attributes: live().batch_attributes, ext_lookup_key }
        }
    }

    prop_compose! {
        fn any_wanted()(
            event_tables in proptest::collection::vec(table(), 0..5),
            columns in proptest::collection::vec((column(), any::<bool>(), any::<bool>()), 0..5),
        ) -> Wanted {
            let keys = columns
                .into_iter()
                .map(|(column, patterns_given, texts_given)| WantedKey { column, patterns_given, texts_given })
                .collect();
            Wanted { event_tables, keys, ext_lookup_key: None, ..Wanted::default() }
        }
    }

    proptest! {
        #[test]
        fn a_merge_keeps_everything_and_a_second_one_changes_nothing(live in any_live(), wanted in any_wanted()) {
            let merged = merge(&live, &wanted).unwrap();
            let after = &merged.attributes;
            prop_assert_eq!(&after.batch_attributes, &live.batch_attributes);
            prop_assert_eq!(&after.ext_lookup_key, &live.ext_lookup_key);
            prop_assert_eq!(after.event_tables.get(..live.event_tables.len()).unwrap(), &live.event_tables);
            for column in &live.key_columns {
                let kept = after.key_columns.iter().find(|there| there.name == column.name).unwrap();
                prop_assert!(column.invalid_texts.iter().all(|text| kept.invalid_texts.contains(text)));
                prop_assert_eq!(kept.internal, column.internal);
                let asked = wanted.keys.iter().any(|key| key.column.name == column.name && key.patterns_given);
                prop_assert!(asked || kept.valid_regexp == column.valid_regexp);
            }
            for key in &wanted.keys {
                prop_assert!(after.key_columns.iter().any(|there| there.name == key.column.name));
            }
            // Two contradicting wishes for one key have no fixed point; a plan cannot hold them.
            let mut names: Vec<_> = wanted.keys.iter().map(|key| &key.column.name).collect();
            names.sort();
            let twice = names.windows(2).any(|pair| pair.first() == pair.last());
            if !twice {
                prop_assert!(!merge(after, &wanted).unwrap().changed);
            }
        }
    }
}

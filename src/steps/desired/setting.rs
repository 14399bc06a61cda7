//! The real-time setting as a plan wants it. Nothing that is configured already is ever dropped.

use crate::error::{Code, Error};
use crate::plan::{Document, IdStitching};
use crate::platform::limits;
use crate::platform::wire::{Audience, AudienceAttribute, EventTable, KeyColumn, RealtimeSettingAttributes};
use crate::steps::live::TableSchemas;
use std::collections::HashMap;

/// What is wanted of a setting.
#[derive(Debug, Clone, Default)]
pub struct WantedSetting {
    /// Event tables that must exist.
    pub event_tables: Vec<EventTable>,
    /// Stitching keys that must exist.
    pub keys: Vec<WantedKey>,
    /// The external lookup key, when one is wanted.
    pub ext_lookup_key: Option<String>,
    /// Whether the plan asks for it. One that was only found is set together with the first
    /// keys, and never later: it can't be taken back.
    pub lookup_key_given: bool,
}

/// A stitching key, and what the plan gives of it.
#[derive(Debug, Clone, Default)]
pub struct WantedKey {
    /// Its wire form.
    pub column: KeyColumn,
    /// Whether patterns were given; when not, the live ones stay.
    pub patterns_given: bool,
    /// Whether invalid values were given; when not, the live ones stay.
    pub texts_given: bool,
}

/// Merges what is wanted into what is live.
pub fn merge(
    live: &RealtimeSettingAttributes,
    wanted: &WantedSetting,
) -> Result<RealtimeSettingAttributes, Error> {
    let mut merged = live.clone();
    for table in &wanted.event_tables {
        if !merged.event_tables.contains(table) {
            merged.event_tables.push(table.clone());
        }
    }
    let before = merged.key_columns.len();
    wanted.keys.iter().for_each(|wanted| merge_key(&mut merged.key_columns, wanted));
    let added = merged.key_columns.len() > before;
    match (&live.ext_lookup_key, &wanted.ext_lookup_key) {
        (Some(live), Some(wanted)) if live != wanted => return Err(fixed_lookup_key(live, wanted)),
        (None, Some(key)) if wanted.lookup_key_given || added => {
            merged.ext_lookup_key = Some(key.clone());
        }
        _ => {}
    }
    limit("event tables", merged.event_tables.len(), limits::EVENT_TABLES, "rt-events")?;
    limit("stitching keys", merged.key_columns.len(), limits::STITCHING_KEYS, "rt-keys")?;
    Ok(merged)
}

fn merge_key(columns: &mut Vec<KeyColumn>, wanted: &WantedKey) {
    // Whether a key is the platform's own is not the plan's to say.
    let KeyColumn { name, valid_regexp, invalid_texts, internal: _, later: _ } = &wanted.column;
    let Some(live) = columns.iter_mut().find(|column| column.name == *name) else {
        columns.push(wanted.column.clone());
        return;
    };
    if wanted.patterns_given {
        live.valid_regexp.clone_from(valid_regexp);
    }
    if wanted.texts_given {
        for text in invalid_texts {
            if !live.invalid_texts.contains(text) {
                live.invalid_texts.push(text.clone());
            }
        }
    }
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
        "remove some first: `tdx-rt {command} list` shows what exists, `tdx-rt {command} delete NAME` removes one"
    )))
}

/// The plan's keys, with what it gives of each.
pub fn wanted_keys(document: &Document, stitching: &IdStitching) -> Vec<WantedKey> {
    let wanted = stitching.stitching_keys.iter().map(|key| WantedKey {
        column: key.to_wire(),
        patterns_given: document.gives(&key.at, &["valid_regex", "exclude_regex"]),
        texts_given: document.gives(&key.at, &["invalid"]),
    });
    wanted.collect()
}

/// The platform accepts keys that no event table has, and then does nothing with them. Keys that are
/// configured already were accepted before.
pub fn check(
    keys: &[WantedKey],
    live: &RealtimeSettingAttributes,
    schemas: &TableSchemas,
) -> Result<(), Error> {
    let is_new = |key: &&WantedKey| !live.key_columns.iter().any(|there| there.name == key.column.name);
    keys.iter().filter(is_new).try_for_each(|key| {
        let name = &key.column.name;
        schemas.anywhere(name, &format!("stitching key '{name}'"))
    })
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
        let count = counts.entry(key).or_default();
        *count = count.saturating_add(1);
    }
    // The name breaks a tie, so that the answer does not change from call to call.
    let most = counts.into_iter().max_by_key(|(key, count)| (*count, std::cmp::Reverse(*key)));
    most.map(|(key, _)| key.to_owned())
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
        let column = KeyColumn { name: name.into(), ..KeyColumn::default() };
        WantedKey { column, ..WantedKey::default() }
    }

    #[test]
    fn nothing_that_is_there_is_dropped() {
        let wanted = WantedSetting {
            event_tables: vec![EventTable::new("d", "new")],
            keys: vec![key("legacy"), key("email")],
            ext_lookup_key: Some("customer_id".into()),
            ..WantedSetting::default()
        };
        let merged = merge(&live(), &wanted).unwrap();
        let names: Vec<_> = merged.key_columns.iter().map(|key| key.name.as_str()).collect();
        assert_eq!(names, ["legacy", "email"]);
        assert_eq!(merged.key_columns[0], live().key_columns[0]);
        assert_eq!(merged.event_tables.len(), 2);
        assert_eq!(merged.batch_attributes, live().batch_attributes);
        assert_eq!(merge(&merged, &wanted).unwrap(), merged, "a second merge changes nothing");
    }

    #[test]
    fn the_lookup_key_is_fixed_for_good() {
        let wanted = WantedSetting { ext_lookup_key: Some("email".into()), ..WantedSetting::default() };
        assert_eq!(merge(&live(), &wanted).unwrap_err().code, Code::Conflict);
        let key = Some("customer_id");
        assert_eq!(lookup_key(Some("email"), None, key).unwrap_err().code, Code::InvalidPlan);
        assert_eq!(lookup_key(Some("email"), key, key).unwrap_err().code, Code::Conflict);
        assert_eq!(lookup_key(None, None, key).unwrap().as_deref(), key);
        assert_eq!(lookup_key(None, Some("old"), key).unwrap().as_deref(), Some("old"), "what is set stays");
    }

    use proptest::prelude::*;

    fn table() -> impl Strategy<Value = EventTable> {
        ("[ab]", "[a-e]").prop_map(|(database, table)| EventTable::new(database, table))
    }

    fn column() -> impl Strategy<Value = KeyColumn> {
        ("[a-e]", proptest::option::of("[xy]"), proptest::collection::vec("[pq]", 0..3), any::<bool>())
            .prop_map(|(name, valid_regexp, invalid_texts, internal)| KeyColumn {
                name,
                valid_regexp,
                invalid_texts,
                internal,
                later: Default::default(),
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
            RealtimeSettingAttributes { key_columns, event_tables, batch_attributes: live().batch_attributes, ext_lookup_key, later: Default::default() }
        }
    }

    prop_compose! {
        fn any_wanted()(
            event_tables in proptest::collection::vec(table(), 0..5),
            columns in proptest::collection::vec((column(), any::<bool>(), any::<bool>()), 0..5),
        ) -> WantedSetting {
            let keys = columns
                .into_iter()
                .map(|(column, patterns_given, texts_given)| WantedKey { column, patterns_given, texts_given })
                .collect();
            WantedSetting { event_tables, keys, ext_lookup_key: None, ..WantedSetting::default() }
        }
    }

    proptest! {
        #[test]
        fn a_merge_keeps_everything_and_a_second_one_changes_nothing(live in any_live(), wanted in any_wanted()) {
            let merged = merge(&live, &wanted).unwrap();
            let after = &merged;
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
                prop_assert_eq!(&merge(after, &wanted).unwrap(), after);
            }
        }
    }
}

//! Made-up configurations, as odd as the wire types allow.

use super::live::{by_name, over, read};
use super::random_attributes::attributes;
use super::random_sections::section;
use super::tape::Tape;
use crate::plan::export::export;
use crate::plan::{Configuration, Document, default_sub};
use crate::platform::keys::valid_regexp;
use crate::platform::limits::FILTER_CHARACTERS;
use crate::platform::pattern::Pattern;
use crate::platform::rule::Rule;
use crate::platform::wire::*;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

fn key_events(tape: &mut Tape) -> Vec<KeyEvent> {
    let mut names = tape.names(4);
    if names.is_empty() {
        names.push("plain".to_owned());
    }
    let one = |(index, name): (usize, String)| KeyEvent {
        id: Some(format!("{}", 100 + index)),
        name,
        database_name: (*tape.of(&["db", "d.b"])).to_owned(),
        table_name: (*tape.of(&["t", "u"])).to_owned(),
        description: tape.text(),
        filter_rule: tape.filter(),
    };
    let mut events: Vec<KeyEvent> = names.into_iter().enumerate().map(one).collect();
    let mut characters = 0;
    for event in &mut events {
        characters += event.filter_rule.characters();
        if characters > FILTER_CHARACTERS {
            event.filter_rule = Rule::everything();
        }
    }
    events
}

fn setting(tape: &mut Tape, events: &[KeyEvent]) -> RealtimeSettingAttributes {
    let mut event_tables: Vec<EventTable> = events.iter().map(KeyEvent::event_table).collect();
    for table in tape.names(2).into_iter().filter(|table| !table.contains('.')) {
        event_tables.push(EventTable::new(*tape.of(&["x", "x.y"]), table));
    }
    let mut seen = HashSet::new();
    event_tables.retain(|table| seen.insert(table.clone()));
    let patterns = ["", "a|b", "^(?!test_)", r"^(?![\s\S]*(?:a))b(?:c)", "[)]", "@", "(x)"];
    let key = |name: String, tape: &mut Tape| {
        let valid_regexp = match tape.below(4) {
            0 => None,
            1 => Some((*tape.of(&patterns)).to_owned()),
            2 => valid_regexp(None, Some(patterns[tape.below(7)])),
            _ => valid_regexp(Some(patterns[tape.below(7)]), Some(patterns[tape.below(7)])),
        };
        let valid_regexp = valid_regexp.filter(|pattern| Pattern::new(pattern).is_ok());
        KeyColumn {
            name,
            valid_regexp,
            invalid_texts: tape.names(2),
            internal: tape.below(5) == 4,
            later: Default::default(),
        }
    };
    let names = tape.names(3);
    let key_columns = names.into_iter().map(|name| key(name, tape)).collect();
    let ext_lookup_key = tape.maybe().then(|| tape.odd());
    RealtimeSettingAttributes {
        key_columns,
        event_tables,
        batch_attributes: Vec::new(),
        ext_lookup_key,
        later: Default::default(),
    }
}

/// Everything but journeys.
pub fn configuration(tape: &mut Tape) -> Configuration {
    let events = key_events(tape);
    let mut setting = setting(tape, &events);
    let attributes = attributes(tape, &events);
    setting.batch_attributes = attributes
        .iter()
        .filter_map(|attribute| {
            let column = crate::plan::import_column(attribute, &[])?.to_owned();
            Some(BatchAttribute { column, name: Some(attribute.name.clone()), later: Default::default() })
        })
        .collect();
    let names = tape.names(3);
    let segments: Vec<BatchSegment> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let name = if tape.below(4) == 3 { "301".to_owned() } else { name.clone() };
            serde_json::from_value(json!({"id": format!("{}", 300 + index), "name": name})).unwrap()
        })
        .collect();
    let personalizations: Vec<Personalization> = tape
        .names(3)
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let mut names = tape.names(3);
            if names.is_empty() {
                names.push("Default".to_owned());
            }
            let sections =
                names.into_iter().map(|name| section(tape, name, &events, &attributes, &segments)).collect();
            Personalization {
                id: format!("{}", 400 + index),
                kind: PERSONALIZATION_TYPE.to_owned(),
                attributes: PersonalizationAttributes {
                    audience_id: Some("42".to_owned()),
                    name,
                    description: tape.text(),
                    sections,
                    extra: Extra::new(),
                },
                relationships: Extra::new(),
            }
        })
        .collect();
    let mut names: Vec<String> = personalizations.iter().map(|p| p.attributes.name.clone()).collect();
    names.truncate(tape.below(names.len() + 1));
    names.extend(tape.names(1));
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    let services = names
        .into_iter()
        .enumerate()
        .map(|(index, name)| Service {
            id: Some(format!("{}", 500 + index)),
            name,
            description: tape.text(),
            public: tape.maybe(),
            tokens: Vec::new(),
        })
        .collect();
    Configuration {
        setting,
        events,
        attributes,
        services,
        personalizations,
        segments,
        ..Configuration::default()
    }
}

/// Warnings that an exported document must not have, whatever is live.
const AVOIDABLE: [&str; 7] = [
    "unknown-key",
    "unused-field",
    "unknown-attribute",
    "bounded-aggregation",
    "same-second",
    "primary-key-added",
    "unknown-event",
];

/// The platform itself fills in what an import is.
fn without_imports(root: &Map<String, Value>) -> Value {
    let mut root = root.clone();
    if let Some(Value::Array(items)) = root.get_mut("attributes") {
        items.retain(|item| item["type"] != "imported_batch");
    }
    root.retain(|_, value| *value != json!([]));
    Value::Object(root)
}

proptest! {
    #[test]
    fn what_is_exported_is_what_is_live(tape in proptest::collection::vec(any::<u16>(), 0..600)) {
        let live = configuration(&mut Tape(tape.into_iter()));
        let exported = export(&live);
        // What cannot be exported only has a warning.
        let expected = |warning: &&String| warning.contains("own stitching keys") || warning.contains("column's name");
        let others: Vec<&String> = exported.warnings.iter().filter(|warning| !expected(warning)).collect();
        prop_assert_eq!(others, Vec::<&String>::new());
        for warning in read(&exported).warnings {
            prop_assert!(!AVOIDABLE.contains(&warning.code), "{}: {}", warning, json!(exported.root));
        }
        let same = over(&exported, &live);
        prop_assert_eq!(&same.setting, &live.setting);
        prop_assert_eq!(&same.events, &live.events);
        prop_assert_eq!(&same.attributes, &live.attributes);
        prop_assert_eq!(&same.services, &live.services);
        prop_assert_eq!(&same.personalizations, &live.personalizations);
        // Batch segments are only read: they exist on the other side too.
        let empty = Configuration { segments: live.segments.clone(), ..Configuration::default() };
        let made = over(&exported, &empty);
        prop_assert_eq!(by_name(&made), by_name(&live));
        let again = export(&made);
        prop_assert_eq!(without_imports(&again.root), without_imports(&exported.root));
        let text = serde_saphyr::to_string(&exported.root).unwrap();
        let read = Document::parse(&text, "exported.yaml").map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        prop_assert_eq!(Value::Object(read.root), Value::Object(exported.root));
    }
}

#[test]
fn the_generator_reaches_every_form() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tapes = proptest::collection::vec(any::<u16>(), 600);
    let mut text = String::new();
    for _ in 0..300 {
        let tape = proptest::strategy::ValueTree::current(&tapes.new_tree(&mut runner).unwrap());
        let live = configuration(&mut Tape(tape.into_iter()));
        assert!(live.attributes.iter().all(|a| default_sub(a).is_none_or(|sub| !sub.is_empty())));
        text.push_str(&Value::Object(export(&live).root).to_string());
    }
    for key in [
        "event_tables",
        "valid_regex",
        "exclude_regex",
        "invalid",
        "ext_lookup_key",
        "data_type",
        "expiry",
        "aggregations",
        "fields",
        "actions",
        "windows",
        "window_duration",
        "duration",
        "increment",
        "backfill",
        "sensitive",
        "column",
        "lookup_keys",
        "filter",
        "where",
        "only",
        "service_description",
        "public",
        "trigger_filter",
        "trigger_where",
        "entry_name",
        "accept_unknown_profiles",
        "response_name",
        "response_description",
        "catalogs",
        "as",
        "sub",
        "strings",
        "batch_segments",
        "include_sensitive",
        "realtimeAttribute",
    ] {
        assert!(text.contains(&format!("\"{key}\":")), "{key}");
    }
}

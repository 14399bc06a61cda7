//! What a plan says inside of its items, line by line: so that one that was taken out is found again.

use super::Configuration;
use super::difference::{ChangeAction, changes, join, listed, named};
use super::export::export;
use super::model::list::ITEMS;
use super::rename::NamedThing;
use crate::platform::rule::{RULES, Rule};
use crate::platform::wire::{DurationSetting, DurationUnit};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Lists of items. An item that is not named any more is reported elsewhere.
const ITEM_LISTS: [&str; 6] =
    ["events", "stitching_keys", "attributes", "personalization_services", "sections", "journeys"];
/// What a section always has, and its outputs, which are items as well.
const OF_SECTION: [&str; 5] = ["trigger_event", "attributes", "strings", "catalogs", "batch_segments"];
/// What a step of a journey that activates writes anew each time. Some of it may be secret.
const SENT: [&str; 4] = ["url", "headers", "body", "more"];

/// The lines of the items of a configuration: as a plan, in one form of all that mean the same.
pub fn as_document(configuration: &Configuration) -> Map<String, Value> {
    let mut root = listed(&export(&meant(configuration)).root);
    // The lookup key is fixed for good, and found without a plan naming it.
    root.shift_remove("event_tables");
    maps(&mut root, "id_stitching").for_each(|stitching| drop(stitching.shift_remove("ext_lookup_key")));
    maps(&mut root, "attributes").for_each(attribute);
    for service in maps(&mut root, "personalization_services") {
        service.retain(|key, _| !["trigger_event", "only"].contains(&key.as_str()));
        let sections = maps(service, "sections");
        sections.for_each(|section| section.retain(|key, _| !OF_SECTION.contains(&key.as_str())));
    }
    root.get_mut("journeys").into_iter().for_each(steps);
    root
}

/// A configuration with one form of each rule and length of time, and without what holds by default.
fn meant(configuration: &Configuration) -> Configuration {
    fn all<T: Clone + Serialize + DeserializeOwned>(items: &[T], names: &Names<'_>) -> Vec<T> {
        let one = |item: &T| {
            let mut value = json!(item);
            plain(&mut value, names);
            serde_json::from_value(value).unwrap_or_else(|_| item.clone())
        };
        items.iter().map(one).collect()
    }
    let Configuration {
        setting,
        events,
        attributes,
        services,
        personalizations,
        journeys,
        activations,
        segments,
    } = configuration;
    let names = attributes.iter().filter_map(|it| Some((it.id.as_deref()?, it.name.as_str()))).collect();
    let names = &names;
    let mut state = Configuration {
        setting: setting.clone(),
        events: all(events, names),
        attributes: all(attributes, names),
        services: all(services, names),
        personalizations: all(personalizations, names),
        journeys: all(journeys, names),
        activations: activations.clone(),
        segments: segments.clone(),
    };
    // What is only read is not in what is sent.
    for (journey, there) in state.journeys.iter_mut().zip(journeys) {
        journey.attributes.extra.clone_from(&there.attributes.extra);
    }
    for activation in &mut state.activations {
        activation.attributes.description.take_if(|text| text.is_empty());
    }
    state
}

/// The names of attributes by their ids.
type Names<'a> = HashMap<&'a str, &'a str>;

/// In front of an id.
const ID: char = '\0';

/// Puts names in front of ids, or takes them away, so that rules are in an order that no new id changes.
fn before_ids(value: &mut Value, names: Option<&Names<'_>>) {
    match value {
        Value::String(text) => match (names, text.rsplit_once(ID)) {
            (Some(names), _) => {
                let name = names.get(text.as_str());
                name.into_iter().for_each(|name| *text = format!("{name}{ID}{text}"));
            }
            (None, Some((_, id))) => *text = id.to_owned(),
            (None, None) => {}
        },
        Value::Array(items) => items.iter_mut().for_each(|item| before_ids(item, names)),
        Value::Object(map) => map.values_mut().for_each(|item| before_ids(item, names)),
        _ => {}
    }
}

fn plain(value: &mut Value, names: &Names<'_>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| plain(item, names)),
        Value::Object(map) => {
            map.retain(|key, value| match key.as_str() {
                "description" => *value != "",
                "acceptUnknownProfiles" => *value != false,
                _ => true,
            });
            if let Ok(there) = serde_json::from_value::<DurationSetting>(Value::Object(map.clone())) {
                let DurationSetting { value, unit } = shortest(there);
                map.extend([("value".to_owned(), json!(value)), ("unit".to_owned(), json!(unit))]);
            }
            for (key, value) in map {
                match RULES.contains(&key.as_str()) {
                    true if value.is_null() => {}
                    true => {
                        before_ids(value, Some(names));
                        *value = Rule::from_json(value).normal().to_json();
                        before_ids(value, None);
                    }
                    false => plain(value, names),
                }
            }
        }
        _ => {}
    }
}

/// A length of time in days from two on, below in hours, where these are whole.
fn shortest(there: DurationSetting) -> DurationSetting {
    let of = |unit: DurationUnit, least: u64| {
        let one = DurationSetting { value: 1, unit }.seconds();
        let value = there.seconds().checked_div(one)?;
        (value >= least && there.seconds().is_multiple_of(one)).then_some(DurationSetting { value, unit })
    };
    of(DurationUnit::Day, 2).or_else(|| of(DurationUnit::Hour, 1)).unwrap_or(there)
}

/// The objects under a key.
fn maps<'m>(map: &'m mut Map<String, Value>, key: &str) -> impl Iterator<Item = &'m mut Map<String, Value>> {
    let items: &mut [Value] = match map.get_mut(key) {
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_mut(one),
        None => &mut [],
    };
    items.iter_mut().filter_map(Value::as_object_mut)
}

/// Lists stay lists, whatever is in them. A window is its length, whatever it is called, and the longest one
/// says how long values are kept.
fn attribute(map: &mut Map<String, Value>) {
    let windows = map.shift_remove("windows").or_else(|| map.shift_remove("window_duration"));
    if let Some(windows) = windows {
        let windows = if windows.is_array() { windows } else { json!([windows]) };
        let length = |window: &Value| window.get("window").unwrap_or(window).clone();
        map.insert("window_duration".into(), windows.as_array().into_iter().flatten().map(length).collect());
    }
    if map.get("type").is_some_and(|kind| kind == "list") {
        map.shift_remove("id_field");
        let (field, word) = (map.shift_remove("source_field"), map.shift_remove("aggregation"));
        if let (Some(field), Some(word)) = (field, word) {
            map.entry("fields").or_insert_with(|| json!([field]));
            map.insert("aggregations".into(), json!([{"name": ITEMS, "column": field, "aggregation": word}]));
        }
    }
    for action in map.get_mut("actions").and_then(Value::as_array_mut).into_iter().flatten() {
        let text = |key: &str| match action.get(key) {
            Some(Value::String(text)) => format!(" {text}"),
            Some(other) => format!(" {other}"),
            None => String::new(),
        };
        let filter = [text("where"), text("filter")].concat();
        let filter = if filter.is_empty() { filter } else { format!(" where{filter}") };
        *action = format!("{}{}{filter}", text("action").trim(), text("event")).into();
    }
}

/// Removes what is sent, and the connection that a webhook finds by itself.
fn steps(value: &mut Value) {
    if let Some(map) = value.as_object_mut().filter(|map| map.contains_key("activate")) {
        let webhook = map.get("activate").is_some_and(|what| what == "webhook");
        map.retain(|key, _| !(SENT.contains(&key.as_str()) || webhook && key == "connection"));
        for key in ["parameters", "advanced"] {
            map.get_mut(key).into_iter().for_each(|sent| *sent = true.into());
        }
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(steps),
        Value::Object(map) => map.values_mut().for_each(steps),
        _ => {}
    }
}

/// Only the items of which `names` is true, by list and path as [`super::difference::Difference`] has it.
pub fn only(mut document: Map<String, Value>, names: &BTreeSet<String>) -> Map<String, Value> {
    let keep = |map: &mut Map<String, Value>, key: &str, at: &str| {
        if let Some(Value::Array(items)) = map.get_mut(key) {
            items.retain(|item| item["name"].as_str().is_some_and(|name| names.contains(&join(at, name))));
        }
    };
    for list in ["events", "attributes", "personalization_services", "journeys"] {
        keep(&mut document, list, list);
    }
    for stitching in maps(&mut document, "id_stitching") {
        keep(stitching, "stitching_keys", "id_stitching.stitching_keys");
    }
    for service in maps(&mut document, "personalization_services") {
        let name = service.get("name").and_then(Value::as_str).unwrap_or_default();
        let at = join(&join("personalization_services", name), "sections");
        keep(service, "sections", &at);
    }
    // A plan, or the part of it that a step handles, that has none of a kind says nothing about it.
    document.retain(|_, kind| *kind != json!([]) && *kind != json!({"stitching_keys": []}));
    document
}

/// The lines that one has and the other has not, or has otherwise, with their values.
pub fn left_out(there: &Map<String, Value>, own: &Map<String, Value>) -> BTreeMap<String, Value> {
    // A kind that is left out is no part of it.
    let there = there.iter().filter(|(kind, _)| own.contains_key(*kind));
    let there = there.map(|(kind, document)| (kind.clone(), document.clone())).collect();
    let left = changes(&there, own).into_iter().filter(|change| change.action != ChangeAction::Create);
    left.filter(|change| !change.from.is_null()).map(|change| (change.path, change.from)).collect()
}

/// All that is to be remembered: the lines of a plan (`own`), and of its earlier ones those that are
/// `left`, and other items.
pub fn remembered(
    base: &Map<String, Value>,
    mut own: Map<String, Value>,
    left: &BTreeSet<String>,
) -> Map<String, Value> {
    for (key, base) in base {
        match own.get_mut(key) {
            Some(own) => keep(key, base, own, left),
            None => drop(own.insert(key.clone(), base.clone())),
        }
    }
    own
}

fn keep(path: &str, base: &Value, own: &mut Value, left: &BTreeSet<String>) {
    match (base, own) {
        (_, own) if left.contains(path) => own.clone_from(base),
        (Value::Object(base), Value::Object(own)) => {
            for (key, base) in base {
                let path = join(path, key);
                let empty = if base.is_array() { json!([]) } else { Value::Null };
                let document = own.entry(key.clone()).or_insert(empty.clone());
                keep(&path, base, document, left);
                if *document == empty {
                    own.shift_remove(key);
                }
            }
        }
        (Value::Array(base), Value::Array(own)) => {
            let Some(base) = named(base) else { return };
            let is_item = ITEM_LISTS.iter().any(|list| path.rsplit('.').next() == Some(list));
            for (name, base) in base {
                let place = named(own).and_then(|own| own.iter().position(|(own, _)| *own == name));
                let path = join(path, &name);
                match place.and_then(|place| own.get_mut(place)) {
                    Some(own) => keep(&path, base, own, left),
                    None if is_item || left.contains(&path) => own.push(base.clone()),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// What a configuration says with nothing inside of its items but items, and what those are.
pub fn bare(mut document: Map<String, Value>) -> Map<String, Value> {
    fn only_items(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(only_items),
            Value::Object(map) => {
                map.retain(|key, _| key == "name" || key == "type" || ITEM_LISTS.contains(&key.as_str()));
                map.values_mut().for_each(only_items);
            }
            _ => {}
        }
    }
    document.values_mut().for_each(only_items);
    document
}

/// Gives the lines of a thing its new name.
pub fn rename(document: &mut Map<String, Value>, old: &NamedThing<'_>, new: &NamedThing<'_>) {
    let is = |map: &Map<String, Value>, name: &str| map.get("name").is_some_and(|there| there == name);
    let put = |map: &mut Map<String, Value>| {
        if is(map, old.name) {
            map.insert("name".into(), new.name.into());
        }
    };
    let services = "personalization_services";
    match (old.kind, new.personalization) {
        (_, Some(of)) => {
            let of = maps(document, services).filter(|map| is(map, of));
            of.flat_map(|map| maps(map, "sections")).for_each(put);
        }
        ("service" | "personalization", _) => maps(document, services).for_each(put),
        (kind, _) => maps(document, &format!("{kind}s")).for_each(put),
    }
}

//! What a plan says inside of its items, line by line: so that one that was taken out is found again.

use super::Configuration;
use super::difference::{join, listed, named};
use super::duration;
use super::export::export;
use super::model::attribute::ITEMS;
use super::rename::Thing;
use crate::platform::wire::DurationSetting;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Lists of items. An item that is not named any more is told elsewhere.
const ITEM_LISTS: [&str; 6] =
    ["events", "stitching_keys", "attributes", "personalization_services", "sections", "journeys"];
/// What a section always says, and its outputs, which are items as well.
const OF_SECTION: [&str; 5] = ["trigger_event", "attributes", "strings", "catalogs", "batch_segments"];
/// What a step of a journey that activates says anew each time. Some of it may be secret.
const SENT: [&str; 4] = ["url", "headers", "body", "more"];

/// What a configuration says inside of its items: as a plan, in one form of each line.
pub fn said(configuration: &Configuration) -> Map<String, Value> {
    let mut root = listed(&export(configuration).root);
    // The lookup key is fixed for good, and found without being said.
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

/// The objects under a key.
fn maps<'m>(map: &'m mut Map<String, Value>, key: &str) -> impl Iterator<Item = &'m mut Map<String, Value>> {
    let items: &mut [Value] = match map.get_mut(key) {
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_mut(one),
        None => &mut [],
    };
    items.iter_mut().filter_map(Value::as_object_mut)
}

/// Lists stay lists, whatever is in them.
fn attribute(map: &mut Map<String, Value>) {
    if let Some(window) = map.get_mut("window_duration").filter(|window| window.is_string()) {
        *window = json!([window.take()]);
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

/// What is sent goes, and so does the connection that a webhook finds by itself.
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

/// Only the items of which `names` is true, by list and path as [`super::difference::Change`] has it.
pub fn only(mut said: Map<String, Value>, names: &BTreeSet<String>) -> Map<String, Value> {
    let keep = |map: &mut Map<String, Value>, key: &str, at: &str| {
        if let Some(Value::Array(items)) = map.get_mut(key) {
            items.retain(|item| item["name"].as_str().is_some_and(|name| names.contains(&join(at, name))));
        }
    };
    for list in ["events", "attributes", "personalization_services", "journeys"] {
        keep(&mut said, list, list);
    }
    for stitching in maps(&mut said, "id_stitching") {
        keep(stitching, "stitching_keys", "id_stitching.stitching_keys");
    }
    for service in maps(&mut said, "personalization_services") {
        let name = service.get("name").and_then(Value::as_str).unwrap_or_default();
        let at = join(&join("personalization_services", name), "sections");
        keep(service, "sections", &at);
    }
    // A plan, or the part of it that a step handles, that has none of a kind says nothing about it.
    said.retain(|_, kind| *kind != json!([]) && *kind != json!({"stitching_keys": []}));
    said
}

/// What a plan says, with what it said before (`base`), says no more, and is live (`now`) as it was said:
/// all that is to be remembered. The paths of the latter are the second part.
pub fn left(
    base: &Map<String, Value>,
    own: &Map<String, Value>,
    now: &Map<String, Value>,
) -> (Map<String, Value>, BTreeSet<String>) {
    let (mut says, mut left) = (own.clone(), BTreeSet::new());
    for (kind, base) in base {
        match (says.get_mut(kind), now.get(kind)) {
            (Some(own), Some(now)) => compare(kind, base, own, now, &mut left),
            // Nothing is said about this kind, so what is known stays known.
            (None, _) => drop(says.insert(kind.clone(), base.clone())),
            (Some(_), None) => {}
        }
    }
    (says, left)
}

fn compare(path: &str, base: &Value, own: &mut Value, now: &Value, left: &mut BTreeSet<String>) {
    match (base, own, now) {
        (Value::Object(base), Value::Object(own), Value::Object(now)) => {
            for (key, base) in base {
                let (path, Some(now)) = (join(path, key), now.get(key)) else { continue };
                let list = [base, now].iter().all(|it| it.as_array().is_some_and(|it| named(it).is_some()));
                match own.get_mut(key) {
                    Some(own) => compare(&path, base, own, now, left),
                    None if list => {
                        let mut members = json!([]);
                        compare(&path, base, &mut members, now, left);
                        own.extend((members != json!([])).then(|| (key.clone(), members)));
                    }
                    None if base == now => {
                        own.insert(key.clone(), base.clone());
                        left.insert(path);
                    }
                    None => {}
                }
            }
        }
        (Value::Array(base), Value::Array(own), Value::Array(now)) => {
            let names = |items: &[Value]| -> Option<Vec<String>> {
                Some(named(items)?.into_iter().map(|(name, _)| name).collect())
            };
            let (Some(bases), Some(owns), Some(nows)) = (names(base), names(own), names(now)) else {
                if base == now && base != own {
                    own.clone_from(base);
                    left.insert(path.to_owned());
                }
                return;
            };
            let is_item = ITEM_LISTS.iter().any(|list| path.rsplit('.').next() == Some(list));
            for (name, base) in bases.iter().zip(base) {
                let place = |names: &[String]| names.iter().position(|there| there == name);
                // A window in other words, such as 1d for 24h, is the same window.
                if path.ends_with(".window_duration") && owns.iter().any(|own| same_length(own, name)) {
                    continue;
                }
                let Some(now) = place(&nows).and_then(|place| now.get(place)) else { continue };
                let path = join(path, name);
                match place(&owns).and_then(|place| own.get_mut(place)) {
                    Some(own) => compare(&path, base, own, now, left),
                    None if is_item => own.push(base.clone()),
                    None if base == now => {
                        own.push(base.clone());
                        left.insert(path);
                    }
                    None => {}
                }
            }
        }
        (base, own, now) if base == now && base != own => {
            own.clone_from(base);
            left.insert(path.to_owned());
        }
        _ => {}
    }
}

fn same_length(a: &str, b: &str) -> bool {
    let seconds = |text| duration::parse(text).map(DurationSetting::seconds);
    a == b || matches!((seconds(a), seconds(b)), (Ok(a), Ok(b)) if a == b)
}

/// Gives what is said of a thing its new name.
pub fn rename(said: &mut Map<String, Value>, old: &Thing<'_>, new: &Thing<'_>) {
    let is = |map: &Map<String, Value>, name: &str| map.get("name").is_some_and(|there| there == name);
    let put = |map: &mut Map<String, Value>| {
        if is(map, old.name) {
            map.insert("name".into(), new.name.into());
        }
    };
    let services = "personalization_services";
    match (old.kind, new.personalization) {
        (_, Some(of)) => {
            let of = maps(said, services).filter(|map| is(map, of));
            of.flat_map(|map| maps(map, "sections")).for_each(put);
        }
        ("service" | "personalization", _) => maps(said, services).for_each(put),
        (kind, _) => maps(said, &format!("{kind}s")).for_each(put),
    }
}

//! Lines inside of items that a plan does not say any more: what the plan says by itself takes their place.
//!
//! A field of the wire becomes what the plan makes it where nothing else changes by it than such lines. So no
//! field has words of its own here, and nothing goes that is none of the lines.

use crate::plan::difference::{Difference, changes, join};
use crate::plan::lines::as_document;
use crate::plan::nearest::named;
use crate::plan::{Configuration, Counter};
use crate::platform::fields::changeable;
use crate::platform::rule::RULES;
use crate::platform::wire::{
    AttributeSpec, CounterType, Personalization, RealtimeAttribute, RealtimeJourneyResource,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Takes lines, by their paths, out of what will be.
pub(super) fn take(paths: &BTreeSet<String>, after: &mut Configuration, own: &Configuration) {
    let lines = Lines(paths);
    let all = after.clone();
    let Configuration { setting, events, attributes, segments, .. } = all.clone();
    let bare = Configuration { setting, events, attributes, segments, ..Configuration::default() };
    let with = |event| Configuration { events: vec![event], ..Configuration::default() };
    lines.each("events", &mut after.events, &own.events, |it| &it.name, &|_, _| {}, &with);
    let (keys, own_keys) = (&mut after.setting.key_columns, &own.setting.key_columns);
    lines.each("id_stitching.stitching_keys", keys, own_keys, |it| &it.name, &|_, _| {}, &|key| {
        let mut state = Configuration::default();
        state.setting.key_columns.push(key);
        state
    });
    let settle = |before: &_, attribute: &mut _| lines.settle(before, attribute);
    let with = |attribute| Configuration { attributes: vec![attribute], ..bare.clone() };
    lines.each("attributes", &mut after.attributes, &own.attributes, |it| &it.name, &settle, &with);
    let services = "personalization_services";
    for service in &mut after.services {
        let Some(own) = named(&own.services, &service.name, |it| &it.name) else { continue };
        let entity = named(&after.personalizations, &service.name, |it| &it.attributes.name);
        // One description says both.
        let shared = entity.is_none_or(|entity| entity.attributes.description == service.description);
        let has = |key| paths.contains(&join(&join(services, &service.name), key));
        if has("service_description") || shared && has("description") {
            service.description.clone_from(&own.description);
        }
    }
    // What is only read is not in what is sent.
    let settle = |before: &Personalization, entity: &mut Personalization| {
        entity.attributes.extra.clone_from(&before.attributes.extra);
    };
    let with = |entity| Configuration { personalizations: vec![entity], ..bare.clone() };
    let (there, own_entities) = (&mut after.personalizations, &own.personalizations);
    lines.each(services, there, own_entities, |it| &it.attributes.name, &settle, &with);
    for journey in &mut after.journeys {
        let name = &journey.attributes.name;
        let own = named(&own.journeys, name, |it| &it.attributes.name);
        if let Some(own) = own.filter(|_| paths.contains(&join(&join("journeys", name), "paused"))) {
            *journey = journey.clone().running(journey.is_launched(), own.is_paused());
        }
    }
    let settle = |before: &RealtimeJourneyResource, journey: &mut RealtimeJourneyResource| {
        let description = journey.attributes.description.take();
        // A launch fixes what runs.
        if before.is_launched() {
            journey.attributes = before.attributes.clone();
        }
        journey.attributes.description = description;
        journey.attributes.extra.clone_from(&before.attributes.extra);
    };
    let with = |journey: RealtimeJourneyResource| {
        let mut all = all.clone();
        all.journeys.retain(|there| there.attributes.name != journey.attributes.name);
        all.journeys.push(journey);
        all
    };
    let (journeys, own_journeys) = (&mut after.journeys, &own.journeys);
    lines.each("journeys", journeys, own_journeys, |it| &it.attributes.name, &settle, &with);
}

struct Lines<'l>(&'l BTreeSet<String>);

impl Lines<'_> {
    /// Of an attribute the platform changes some fields alone, and takes a length of time, never none. The
    /// longest window says how long values are kept, where the plan does not.
    #[expect(clippy::indexing_slicing, reason = "what is serialized is an object")]
    fn settle(&self, before: &RealtimeAttribute, attribute: &mut RealtimeAttribute) {
        let (mut settled, mut fields) = (json!(before), json!(attribute));
        for field in changeable().filter(|field| *field != "name") {
            match fields[field].take() {
                Value::Null if field == "duration" => {}
                value => settled[field] = value,
            }
        }
        serde_json::from_value(settled).into_iter().for_each(|settled| *attribute = settled);
        let longest = |counter: &AttributeSpec| match counter {
            AttributeSpec::Counter(counter) if counter.counter_type == CounterType::Sliding => {
                Some((counter.duration, Counter::longest(&counter.sub_durations)))
            }
            _ => None,
        };
        let (now, after) = (longest(&before.spec), longest(&attribute.spec));
        let is_line = self.0.contains(&join(&join("attributes", &before.name), "duration"));
        if let (AttributeSpec::Counter(counter), Some((_, longest))) = (&mut attribute.spec, after)
            && (is_line || now.is_some_and(|(duration, longest)| duration == longest))
        {
            counter.duration = longest;
        }
    }

    /// Takes the lines of each item of a kind: `settle` puts back what can't be changed in it, and `with` is a
    /// configuration that has it and what it names.
    fn each<T: Clone + Serialize + DeserializeOwned>(
        &self,
        kind: &str,
        items: &mut [T],
        own: &[T],
        name: fn(&T) -> &str,
        settle: &dyn Fn(&T, &mut T),
        with: &dyn Fn(T) -> Configuration,
    ) {
        for item in items {
            let inside = format!("{}.", join(kind, name(item)));
            let Some(own) = named(own, name(item), name) else { continue };
            if !self.0.iter().any(|path| path.starts_with(&inside)) {
                continue;
            }
            let before = item.clone();
            let read = |value: &Value| {
                let mut item = serde_json::from_value(value.clone()).ok()?;
                settle(&before, &mut item);
                Some(item)
            };
            let says = |value: &Value| Some(as_document(&with(read(value)?)));
            let (mut value, own) = (json!(item), json!(own));
            let (Some(mut now), Some(own_says)) = (says(&value), says(&own)) else { continue };
            let goal = changes(&now, &own_says);
            let is_line = |change: &Difference| {
                let is_it = |goal: &Difference| (&goal.path, &goal.to) == (&change.path, &change.to);
                self.0.contains(&change.path) && goal.iter().any(is_it)
            };
            let mut takes = |value: &Value| {
                let Some(next) = says(value) else { return false };
                let changes = changes(&now, &next);
                let takes = !changes.is_empty() && changes.iter().all(is_line);
                if takes {
                    now = next;
                }
                takes
            };
            descend(&mut value, "", &own, &mut takes);
            read(&value).into_iter().for_each(|taken| *item = taken);
        }
    }
}

/// Makes each part of a value as in `own` of which `takes` allows it.
fn descend(root: &mut Value, at: &str, own: &Value, takes: &mut dyn FnMut(&Value) -> bool) {
    let Some(there) = root.pointer(at).cloned() else { return };
    let parts: Vec<(String, &Value, Option<&Value>)> = match (&there, own) {
        (Value::Object(there), Value::Object(own)) => {
            // The one node of a payload has an id of its own.
            let one = own.values().next().filter(|_| there.len() == 1 && own.len() == 1);
            there.iter().map(|(key, part)| (key.clone(), part, own.get(key).or(one))).collect()
        }
        (Value::Array(there), Value::Array(own)) => {
            let same = |part: &&Value, of: &Value| {
                *part == of || part.get("name").is_some_and(|name| of.get("name") == Some(name))
            };
            let of = |part| own.iter().find(|own| same(own, part));
            there.iter().enumerate().rev().map(|(n, part)| (n.to_string(), part, of(part))).collect()
        }
        _ => return,
    };
    let none = json!([]);
    for (key, part, own) in parts {
        let inside = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        let named = |part: &Value| part.get("name").is_some();
        let is_open = match (part, own) {
            _ if RULES.contains(&key.as_str()) || part.get("unit").is_some() => false,
            (Value::Array(part), _) => part.iter().any(named),
            (part, own) => part.is_object() && own.is_some_and(Value::is_object),
        };
        if own == Some(part) || !is_open && !part.is_array() && attempt(root, at, &key, own, takes) {
            continue;
        }
        let inner = own.or(part.is_array().then_some(&none));
        inner.into_iter().for_each(|own| descend(root, &inside, own, takes));
        // Without names, members that stay can't be distinguished from those that go one by one.
        if part.is_array() && !is_open {
            attempt(root, at, &key, own, takes);
        }
    }
}

/// Puts a part, or takes it out, where that is allowed.
fn attempt(
    root: &mut Value,
    at: &str,
    key: &str,
    part: Option<&Value>,
    takes: &mut dyn FnMut(&Value) -> bool,
) -> bool {
    let mut next = root.clone();
    match (next.pointer_mut(at), part) {
        (Some(Value::Object(map)), Some(part)) => drop(map.insert(key.to_owned(), part.clone())),
        (Some(Value::Object(map)), None) => drop(map.shift_remove(key)),
        (Some(Value::Array(items)), part) => {
            let place = items.len().min(key.parse().unwrap_or(usize::MAX));
            items.splice(place..items.len().min(place.saturating_add(1)), part.cloned());
        }
        _ => {}
    }
    let taken = takes(&next);
    if taken {
        *root = next;
    }
    taken
}

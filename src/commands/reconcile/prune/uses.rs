//! What something else still needs can't go.

use super::Pruning;
use crate::plan::Configuration;
use crate::plan::difference::join;
use crate::platform::wire::{
    AttributeSpec, KeyEvent, Personalization, RealtimeAttribute, RealtimeJourneyResource, Section,
};
use crate::steps::ownership::section_path;
use serde_json::{Value, json};

/// What goes, and may be used.
pub(super) struct Gone<'a> {
    pub events: &'a [KeyEvent],
    pub attributes: &'a [RealtimeAttribute],
    pub journeys: &'a [RealtimeJourneyResource],
}

/// What goes and is needed, with what needs it.
pub(super) fn needed(pruning: &Pruning, after: &Configuration, gone: &Gone<'_>) -> Vec<(String, String)> {
    let mut needed = Vec::new();
    for journey in gone.journeys {
        let users = journeys_with(after, &["realtimeJourneyId"], &journey.id);
        needed.extend(users.map(|user| (join("journeys", &journey.attributes.name), user)));
    }
    for event in gone.events {
        let id = event.id.as_deref().unwrap_or_default();
        needed.extend(users_of_event(after, id).into_iter().map(|user| (join("events", &event.name), user)));
    }
    for attribute in gone.attributes {
        let id = attribute.id.as_deref().unwrap_or_default();
        let path = join("attributes", &attribute.name);
        needed.extend(users_of_attribute(after, id).into_iter().map(|user| (path.clone(), user)));
    }
    for event in &after.events {
        let table = format!("{}.{}", event.database_name, event.table_name);
        if pruning.has("event_tables", &table) {
            needed.push((join("event_tables", &table), format!("the key event '{}'", event.name)));
        }
    }
    for entity in &after.personalizations {
        needed.extend(emptied(pruning, entity));
    }
    needed
}

/// A section needs an output and a personalization a section.
fn emptied(pruning: &Pruning, entity: &Personalization) -> Option<(String, String)> {
    let name = &entity.attributes.name;
    let sections = &entity.attributes.sections;
    let touched = |path: &str| pruning.paths.iter().any(|gone| gone.starts_with(&format!("{path}.")));
    let user = |what: &str, path: &str| (what.to_owned(), format!("'{path}', which can't be empty"));
    let path = join("personalizations", name);
    if sections.is_empty() && touched(&path) {
        return Some(user("the last section", &path));
    }
    let empty = |section: &&Section| {
        section.payload.iter().flat_map(|nodes| nodes.values()).any(|node| {
            let definition = &node.definition;
            definition.attribute_payload.is_none()
                && definition.string_builder.is_none()
                && definition.catalog_payload.is_none()
        })
    };
    let paths = sections.iter().filter(empty).map(|section| section_path(name, &section.name));
    paths.into_iter().find(|path| touched(path)).map(|path| user("the last output", &path))
}

fn users_of_event(after: &Configuration, id: &str) -> Vec<String> {
    let feeds = |spec: &AttributeSpec| {
        let acts = match spec {
            AttributeSpec::List(list) => list.actions.iter().any(|action| action.realtime_key_event_id == id),
            _ => false,
        };
        acts || spec.key_event() == Some(id)
    };
    let attributes = after.attributes.iter().filter(|attribute| feeds(&attribute.spec));
    let mut users: Vec<String> =
        attributes.map(|attribute| format!("the attribute '{}'", attribute.name)).collect();
    for entity in &after.personalizations {
        let triggers = entity.attributes.sections.iter().any(|section| {
            let entry = section.entry_criteria.as_ref().and_then(|entry| entry.key_event_criteria.as_ref());
            entry.is_some_and(|event| event.key_event_id == id)
        });
        if triggers {
            users.push(format!("the personalization '{}'", entity.attributes.name));
        }
    }
    users.extend(journeys_with(after, &["keyEventId"], id));
    users
}

/// Ids of attributes stand in payloads, catalog lookups and criteria, under these keys.
const ATTRIBUTE_KEYS: [&str; 2] = ["realtimeAttributeId", "lookupAttributeId"];

/// Whether a value has this id under one of the keys.
fn mentions(value: &Value, keys: &[&str], id: &str) -> bool {
    let text = value.to_string();
    let quoted = json!(id).to_string();
    keys.iter().any(|key| text.contains(&format!("\"{key}\":{quoted}")))
}

/// The journeys that have this id under one of the keys.
fn journeys_with<'a>(
    after: &'a Configuration,
    keys: &'a [&'a str],
    id: &'a str,
) -> impl Iterator<Item = String> + 'a {
    let using = after.journeys.iter().filter(move |journey| mentions(&json!(journey.attributes), keys, id));
    using.map(|journey| format!("the journey '{}'", journey.attributes.name))
}

fn users_of_attribute(after: &Configuration, id: &str) -> Vec<String> {
    let sections = |entity: &&Personalization| json!(entity.attributes.sections);
    let using =
        after.personalizations.iter().filter(|entity| mentions(&sections(entity), &ATTRIBUTE_KEYS, id));
    let users = using.map(|entity| format!("the personalization '{}'", entity.attributes.name));
    users.chain(journeys_with(after, &ATTRIBUTE_KEYS, id)).collect()
}

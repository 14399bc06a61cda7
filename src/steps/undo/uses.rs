//! What an undo would delete although something else needs it. The platform would refuse half-way,
//! so it is found before anything is written.

use super::touched::Kind;
use super::{Deed, Prepared};
use crate::plan::Configuration;
use crate::steps::attributes::import_column;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Takes back every deletion of something that would still be used, with a sentence for each.
pub(super) fn keep_what_is_used(prepared: &mut Prepared, live: &Configuration) {
    // What stays may use something else, so it is looked at until nothing is left to keep.
    while let Some(sentence) = keep_one(prepared, live) {
        prepared.conflicts.push(sentence);
    }
}

fn keep_one(prepared: &mut Prepared, live: &Configuration) -> Option<String> {
    let later = later(prepared, live);
    let position = prepared.work.iter().position(|work| {
        let id = work.id.as_deref().unwrap_or_default();
        matches!(work.deed, Deed::Delete) && later.user(work.kind, id).is_some()
    });
    if let Some(position) = position {
        let work = prepared.work.remove(position);
        let user = later.user(work.kind, work.id.as_deref().unwrap_or_default())?;
        return Some(format!("the {} '{}' is used by {user}", work.kind.as_str(), work.name));
    }
    if let Some(table) = prepared.setting.keep_table(&later.tables) {
        return Some(format!("the event table {table} is used by a key event"));
    }
    let imported = live.attributes.iter().filter_map(|attribute| {
        let column = import_column(attribute, &live.setting.batch_attributes)?;
        Some((column, later.user(Kind::Attribute, attribute.id.as_deref()?)?))
    });
    let used: Vec<(String, String)> = imported.map(|(column, user)| (column.to_owned(), user)).collect();
    let position =
        prepared.imports.1.iter().position(|column| used.iter().any(|(used, _)| used == column))?;
    let column = prepared.imports.1.remove(position);
    let user = used.iter().find(|(used, _)| *used == column).map(|(_, user)| user.clone())?;
    Some(format!("the import '{column}' is used by {user}"))
}

/// What there will be after the undo, as far as it uses anything.
struct Later {
    /// Every thing with what it says.
    things: Vec<(Kind, String, Value)>,
    /// `database.table` of every key event.
    tables: BTreeSet<String>,
}

impl Later {
    /// The first thing that names this id.
    fn user(&self, kind: Kind, id: &str) -> Option<String> {
        let keys: &[&str] = match kind {
            Kind::Event => &["realtimeKeyEventId", "keyEventId"],
            Kind::Attribute => &["realtimeAttributeId", "lookupAttributeId"],
            Kind::Journey => &["realtimeJourneyId"],
            Kind::Service | Kind::Token | Kind::Personalization | Kind::Stage | Kind::Activation => {
                return None;
            }
        };
        let found = self.things.iter().find(|(_, _, value)| names(value, keys, id))?;
        Some(format!("the {} '{}'", found.0.as_str(), found.1))
    }
}

fn names(value: &Value, keys: &[&str], id: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| names(item, keys, id)),
        Value::Object(map) => map.iter().any(|(key, item)| {
            keys.contains(&key.as_str()) && item.as_str() == Some(id) || names(item, keys, id)
        }),
        _ => false,
    }
}

fn later(prepared: &Prepared, live: &Configuration) -> Later {
    let deed = |kind: Kind, id: Option<&str>| {
        prepared.work.iter().find(|work| work.kind == kind && work.id.as_deref() == id).map(|work| &work.deed)
    };
    let mut things = Vec::new();
    let mut tables = BTreeSet::new();
    for event in &live.events {
        let whole = match deed(Kind::Event, event.id.as_deref()) {
            Some(Deed::Delete) => continue,
            Some(Deed::Restore { whole, .. }) => Value::Object(whole.clone()),
            _ => json!(event),
        };
        let text = |key: &str| whole.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        tables.insert(format!("{}.{}", text("databaseName"), text("tableName")));
    }
    for attribute in &live.attributes {
        match deed(Kind::Attribute, attribute.id.as_deref()) {
            Some(Deed::Delete) => {}
            Some(Deed::Restore { whole, .. }) => {
                things.push((Kind::Attribute, attribute.name.clone(), object(whole)));
            }
            _ => things.push((Kind::Attribute, attribute.name.clone(), json!(attribute))),
        }
    }
    for entity in &live.personalizations {
        let name = entity.attributes.name.clone();
        match deed(Kind::Personalization, Some(&entity.id)) {
            Some(Deed::Delete) => {}
            Some(Deed::Restore { whole, .. }) => things.push((Kind::Personalization, name, object(whole))),
            _ => things.push((Kind::Personalization, name, json!(entity.attributes))),
        }
    }
    for journey in &live.journeys {
        let name = journey.attributes.name.clone();
        match deed(Kind::Journey, Some(&journey.id)) {
            Some(Deed::Delete) => {}
            Some(Deed::Restore { whole, .. }) => things.push((Kind::Journey, name, object(whole))),
            _ => things.push((Kind::Journey, name, json!(journey.attributes))),
        }
    }
    Later { things, tables }
}

fn object(fields: &Map<String, Value>) -> Value {
    Value::Object(fields.clone())
}

//! What an undo would delete although something else needs it. The platform would refuse half-way,
//! so it is found before anything is written.

use super::{Deed, Prepared, Skipped, Work};
use crate::plan::Configuration;
use crate::plan::import_column;
use crate::steps::kind::Kind;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Takes back one thing that can't be done, with a sentence that says why; `None` where all can be.
pub(super) fn keep_one(prepared: &mut Prepared, live: &Configuration) -> Option<String> {
    let later = later(prepared, live);
    let found =
        prepared.work.iter().enumerate().find_map(|(index, work)| Some((index, later.obstacle(work)?)));
    if let Some((index, why)) = found {
        let work = prepared.work.remove(index);
        if let (Some(id), false) = (work.id, matches!(work.deed, Deed::Create(_))) {
            let names = [work.name.clone(), work.name];
            prepared.skipped.push(Skipped { kind: work.kind, id, names });
        }
        return Some(why);
    }
    if let Some(table) = prepared.setting.keep_table(&later.tables) {
        prepared.table_stays = true;
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

/// What there will be after the undo.
struct Later {
    /// Every thing with what it says.
    things: Vec<(Kind, String, Value)>,
    /// `database.table` of every key event.
    tables: BTreeSet<String>,
    /// The ids of everything that can be referred to; of what is made again, the old ones.
    ids: BTreeSet<(Kind, String)>,
}

impl Later {
    /// Why something can't be done to a thing.
    fn obstacle(&self, work: &Work) -> Option<String> {
        let what = format!("the {} '{}'", work.kind.as_str(), work.name);
        let id = work.id.as_deref().unwrap_or_default();
        match &work.deed {
            Deed::Delete => {
                let user = self.user(work.kind, id)?;
                Some(format!("{what} is used by {user}"))
            }
            Deed::Create(fields) => self.missing_of(&what, fields),
            Deed::Restore(whole) => {
                let part = (work.kind == Kind::Attribute).then(|| self.user_of_part(id, whole)).flatten();
                let used = part.map(|(part, user)| format!("'{part}' of {what} is used by {user}"));
                used.or_else(|| self.missing_of(&what, whole))
            }
        }
    }

    /// Says that a thing refers to something that is gone.
    fn missing_of(&self, what: &str, fields: &Map<String, Value>) -> Option<String> {
        let missing = self.missing(&object(fields))?;
        Some(format!("{what} needs a {} that is gone", missing.as_str()))
    }

    /// An aggregation or a window that an attribute would lose and that something uses.
    fn user_of_part(&self, id: &str, whole: &Map<String, Value>) -> Option<(String, String)> {
        let stays: BTreeSet<&str> = ["aggregations", "subDurations"]
            .into_iter()
            .filter_map(|list| whole.get(list)?.as_array())
            .flatten()
            .filter_map(|part| part.get("identifier")?.as_str())
            .collect();
        self.things.iter().filter(|(kind, ..)| *kind != Kind::Attribute).find_map(|(kind, name, value)| {
            let mut used = Vec::new();
            parts(value, id, &mut used);
            let lost = used.into_iter().find(|part| !stays.contains(part))?;
            Some((lost.to_owned(), format!("the {} '{name}'", kind.as_str())))
        })
    }

    /// The kind of a reference that leads nowhere.
    fn missing(&self, value: &Value) -> Option<Kind> {
        match value {
            Value::Array(items) => items.iter().find_map(|item| self.missing(item)),
            Value::Object(map) => map.iter().find_map(|(key, item)| match (refers_to(key), item) {
                (Some(kind), Value::String(id)) => (!self.ids.contains(&(kind, id.clone()))).then_some(kind),
                _ => self.missing(item),
            }),
            _ => None,
        }
    }

    /// The first thing that names this id.
    fn user(&self, kind: Kind, id: &str) -> Option<String> {
        let found = self.things.iter().find(|(_, _, value)| names(value, kind, id))?;
        Some(format!("the {} '{}'", found.0.as_str(), found.1))
    }
}

/// The kind of thing whose id stands under a key, where one that is gone matters.
fn refers_to(key: &str) -> Option<Kind> {
    Kind::under(key).filter(|kind| matches!(kind, Kind::Event | Kind::Attribute | Kind::Journey))
}

fn names(value: &Value, kind: Kind, id: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| names(item, kind, id)),
        Value::Object(map) => map.iter().any(|(key, item)| {
            refers_to(key) == Some(kind) && item.as_str() == Some(id) || names(item, kind, id)
        }),
        _ => false,
    }
}

/// The identifiers of an attribute's aggregations and windows that a value names.
fn parts<'v>(value: &'v Value, attribute: &str, found: &mut Vec<&'v str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| parts(item, attribute, found)),
        Value::Object(map) => {
            if map.get("realtimeAttributeId").and_then(Value::as_str) == Some(attribute) {
                found.extend(map.get("subAttributeIdentifier").and_then(Value::as_str));
            }
            map.values().for_each(|item| parts(item, attribute, found));
        }
        _ => {}
    }
}

fn later(prepared: &Prepared, live: &Configuration) -> Later {
    let deed = |kind: Kind, id: Option<&str>| {
        prepared.work.iter().find(|work| work.kind == kind && work.id.as_deref() == id).map(|work| &work.deed)
    };
    let mut things = Vec::new();
    let mut tables = BTreeSet::new();
    let mut ids: BTreeSet<(Kind, String)> = made_again(prepared).collect();
    ids.extend(live_ids(live).filter(|(kind, id)| !matches!(deed(*kind, Some(id)), Some(Deed::Delete))));
    for event in &live.events {
        let whole = match deed(Kind::Event, event.id.as_deref()) {
            Some(Deed::Delete) => continue,
            Some(Deed::Restore(whole)) => Value::Object(whole.clone()),
            _ => json!(event),
        };
        let text = |key: &str| whole.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        tables.insert(format!("{}.{}", text("databaseName"), text("tableName")));
    }
    for attribute in &live.attributes {
        match deed(Kind::Attribute, attribute.id.as_deref()) {
            Some(Deed::Delete) => {}
            Some(Deed::Restore(whole)) => {
                things.push((Kind::Attribute, attribute.name.clone(), object(whole)));
            }
            _ => things.push((Kind::Attribute, attribute.name.clone(), json!(attribute))),
        }
    }
    for entity in &live.personalizations {
        let name = entity.attributes.name.clone();
        match deed(Kind::Personalization, Some(&entity.id)) {
            Some(Deed::Delete) => {}
            Some(Deed::Restore(whole)) => things.push((Kind::Personalization, name, object(whole))),
            _ => things.push((Kind::Personalization, name, json!(entity.attributes))),
        }
    }
    for journey in &live.journeys {
        let name = journey.attributes.name.clone();
        match deed(Kind::Journey, Some(&journey.id)) {
            Some(Deed::Delete) => {}
            Some(Deed::Restore(whole)) => things.push((Kind::Journey, name, object(whole))),
            _ => things.push((Kind::Journey, name, json!(journey.attributes))),
        }
    }
    Later { things, tables, ids }
}

/// The old ids of what is made again.
fn made_again(prepared: &Prepared) -> impl Iterator<Item = (Kind, String)> + '_ {
    let made = prepared.work.iter().filter(|work| matches!(work.deed, Deed::Create(_)));
    let made = made.filter_map(|work| Some((work.kind, work.id.clone()?)));
    let imports = prepared.imports.0.iter().filter_map(|column| prepared.import_ids.get(column));
    made.chain(imports.map(|id| (Kind::Attribute, id.clone())))
}

fn live_ids(live: &Configuration) -> impl Iterator<Item = (Kind, String)> + '_ {
    let events = live.events.iter().filter_map(|event| Some((Kind::Event, event.id.clone()?)));
    let attributes = live.attributes.iter().filter_map(|one| Some((Kind::Attribute, one.id.clone()?)));
    let journeys = live.journeys.iter().map(|journey| (Kind::Journey, journey.id.clone()));
    events.chain(attributes).chain(journeys)
}

fn object(fields: &Map<String, Value>) -> Value {
    Value::Object(fields.clone())
}

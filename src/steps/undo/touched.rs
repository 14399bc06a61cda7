//! What a journal says was touched: each thing once, with what was there before and what was left.

use super::own_writes::without_own;
use crate::platform::rule::fields_by_meaning;
use crate::platform::wire::RealtimeSettingAttributes;
use crate::steps::Action;
use crate::steps::change::SettingChange;
use crate::steps::journal::{IMPORTS, JournalEntry, Recorded, merge, subject};
use crate::steps::kind::ItemKind;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A thing that was touched.
#[derive(Debug, Clone)]
pub struct Touched {
    /// What it is.
    pub kind: ItemKind,
    /// The path of its collection.
    pub collection: String,
    /// Its id, where it is known.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// What was there; `None` when it was made.
    pub before: Option<Value>,
    /// What was left; `None` when it was deleted.
    pub after: Option<Value>,
    /// What was there before each write whose answer did not come: it may not have been carried out.
    pub between: Vec<Value>,
}

/// Everything that a journal touched.
#[derive(Debug, Clone, Default)]
pub struct Everything {
    /// Things with an id, in the order they were first touched.
    pub things: Vec<Touched>,
    /// The setting, before and after.
    pub setting: Option<(Value, Value)>,
    /// The imports, before and after: `{columns, ids}`.
    pub imports: Option<(Value, Value)>,
}

/// Reads what was touched. What was surely not carried out is left out.
pub fn touched(recorded: &Recorded) -> Everything {
    let mut everything = Everything::default();
    for entry in recorded.entries.iter().filter(|entry| entry.done != Some(false)) {
        if entry.path.ends_with("/realtime_setting") {
            whole(&mut everything.setting, entry);
        } else if entry.path.ends_with(IMPORTS) {
            whole(&mut everything.imports, entry);
        } else if entry.method == "POST" {
            everything.things.extend(made(entry));
        } else {
            changed(&mut everything.things, entry, &recorded.seen);
        }
    }
    everything
}

fn whole(slot: &mut Option<(Value, Value)>, entry: &JournalEntry) {
    let body = entry.body.clone().unwrap_or_default();
    match slot {
        Some((before, after)) => {
            // What others wrote in between is not the run's.
            if let Some(now) = &entry.before {
                *before = without_own(before, after, now);
            }
            *after = body;
        }
        None => *slot = Some((entry.before.clone().unwrap_or_default(), body)),
    }
}

fn made(entry: &JournalEntry) -> Option<Touched> {
    let kind = ItemKind::of(&entry.path)?;
    let body = entry.body.clone()?;
    let name = kind.fields(&body).get("name")?.as_str()?.to_owned();
    let (collection, id) = (entry.path.clone(), entry.id.clone());
    Some(Touched { kind, collection, id, name, before: None, after: Some(body), between: Vec::new() })
}

fn changed(things: &mut Vec<Touched>, entry: &JournalEntry, seen: &BTreeMap<String, Value>) {
    let (path, sets) = subject(&entry.path);
    let Some((collection, id)) = path.rsplit_once('/') else { return };
    let Some(kind) = ItemKind::of(collection) else { return };
    let body = sets.as_ref().or(entry.body.as_ref());
    let after = |image: &Value| match entry.method.as_str() {
        "DELETE" => None,
        _ => {
            let mut image = if image.is_object() { image.clone() } else { json!({}) };
            merge(&mut image, body);
            Some(image)
        }
    };
    let same = |thing: &&mut Touched| thing.collection == collection && thing.id.as_deref() == Some(id);
    if let Some(thing) = things.iter_mut().find(same) {
        thing.write(entry, after);
        return;
    }
    let Some(before) = entry.before.clone() else {
        // Made by the same run, which did not get the answer.
        let path = format!("{collection}/{id}");
        let image = seen.get(&path).or(entry.body.as_ref());
        let name = image.and_then(|image| kind.fields(image).get("name")?.as_str().map(str::to_owned));
        let made = |thing: &&mut Touched| {
            thing.collection == collection
                && thing.id.is_none()
                && name.as_ref().is_none_or(|name| *name == thing.name)
        };
        if let Some(thing) = things.iter_mut().find(made) {
            thing.id = Some(id.to_owned());
            thing.write(entry, after);
        }
        return;
    };
    let name = kind.fields(&before).get("name").and_then(Value::as_str).unwrap_or(id).to_owned();
    let after = after(&before);
    let (collection, id) = (collection.to_owned(), Some(id.to_owned()));
    things.push(Touched { kind, collection, id, name, before: Some(before), after, between: Vec::new() });
}

/// The columns of an image of the imports.
pub(super) fn columns(imports: &Value) -> Vec<String> {
    let columns = imports.get("columns").and_then(Value::as_array).into_iter().flatten();
    columns.filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Touched {
    /// The fields of an image of it, rules by what they mean.
    pub(super) fn meant(&self, image: &Value) -> Map<String, Value> {
        fields_by_meaning(&self.kind.fields(image))
    }

    /// Notes one more write.
    fn write(&mut self, entry: &JournalEntry, after: impl Fn(&Value) -> Option<Value>) {
        let mut image = self.after.take().unwrap_or_else(|| json!({}));
        if let (Some(before), Some(now)) = (&self.before, &entry.before) {
            self.before = Some(without_own(before, &image, now));
            image.clone_from(now);
        }
        self.after = after(&image);
        self.between.extend((entry.done != Some(true)).then_some(image));
    }
}

impl Everything {
    /// What was done to what, each thing once: `created`, `changed` or `deleted`, its kind and its name.
    pub fn names(&self) -> Vec<(&'static str, &'static str, String)> {
        let mut names = Vec::new();
        if let Some((before, after)) = &self.setting {
            let read = |value: &Value| serde_json::from_value(value.clone()).unwrap_or_default();
            let before: RealtimeSettingAttributes = read(before);
            for change in SettingChange::between(&before, &read(after)) {
                let items = change.items(&before).into_iter();
                names.extend(items.map(|(action, kind, name)| (word(action), kind.as_str(), name)));
            }
        }
        for thing in &self.things {
            let action = match (&thing.before, &thing.after) {
                (None, _) => "created",
                (Some(_), Some(_)) => "updated",
                (Some(_), None) => "deleted",
            };
            names.push((action, thing.kind.as_str(), thing.name.clone()));
        }
        if let Some((before, after)) = &self.imports {
            let (before, after) = (columns(before), columns(after));
            let only = |from: &[String], other: &[String], action: &'static str| -> Vec<_> {
                let missing = from.iter().filter(|column| !other.contains(column));
                missing.map(|column| (action, ItemKind::Attribute.as_str(), column.clone())).collect()
            };
            names.extend(only(&after, &before, "created"));
            names.extend(only(&before, &after, "deleted"));
        }
        names
    }
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Created => "created",
        Action::Updated | Action::Unchanged => "updated",
        Action::Deleted => "deleted",
    }
}

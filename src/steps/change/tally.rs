//! How many things are made, changed and deleted between two configurations: the same count for `diff`,
//! `apply` and `undo`.

use crate::plan::Configuration;
use crate::plan::difference::join;
use crate::steps::desired::personalization::without_blanks;
use crate::steps::items::section_path;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A count of event tables, stitching keys, key events, attributes, services, personalizations, sections
/// and journeys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tally {
    /// New ones.
    pub created: usize,
    /// Existing ones that differ.
    pub updated: usize,
    /// Deleted ones.
    pub deleted: usize,
}

impl Tally {
    /// Between two configurations. What has another name and the same id was updated.
    pub fn between(before: &Configuration, after: &Configuration) -> Self {
        Tally::of(&things(before), &things(after))
    }

    fn of(before: &BTreeMap<String, Thing>, after: &BTreeMap<String, Thing>) -> Self {
        let mut tally = Tally::default();
        let mut known = BTreeSet::new();
        for (path, now) in after {
            let then = before.get_key_value(path).or_else(|| {
                before.iter().find(|(other, then)| {
                    now.id.is_some()
                        && (then.kind, &then.id) == (now.kind, &now.id)
                        && !after.contains_key(*other)
                })
            });
            match then {
                None => tally.created = tally.created.saturating_add(1),
                Some((path, then)) => {
                    known.insert(path);
                    tally.updated = tally.updated.saturating_add(usize::from(then.says != now.says));
                }
            }
        }
        tally.deleted = before.keys().filter(|path| !known.contains(path)).count();
        tally
    }

    /// Whether nothing differs.
    pub fn is_empty(self) -> bool {
        self == Tally::default()
    }
}

/// How many of what counts between two configurations are sections.
pub fn sections(before: &Configuration, after: &Configuration) -> Tally {
    let of = |state| {
        let mut things = things(state);
        things.retain(|_, thing| thing.kind == SECTION);
        things
    };
    Tally::of(&of(before), &of(after))
}

/// How many of the named things are live as they will be.
pub fn unchanged(before: &Configuration, after: &Configuration, named: &BTreeSet<String>) -> usize {
    let (before, after) = (things(before), things(after));
    after.iter().filter(|(path, now)| named.contains(*path) && before.get(*path) == Some(*now)).count()
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { created, updated, deleted } = self;
        write!(f, "{created} to create, {updated} to update, {deleted} to delete")
    }
}

const SECTION: &str = "section";

/// Something that counts.
#[derive(Debug, Clone, PartialEq)]
struct Thing {
    kind: &'static str,
    /// Its id, where it has one.
    id: Option<String>,
    /// What it says.
    says: Value,
}

/// Everything that counts, by its path.
fn things(state: &Configuration) -> BTreeMap<String, Thing> {
    let mut things = BTreeMap::new();
    let mut put = |path: String, kind: &'static str, id: Option<&String>, says: Value| {
        things.insert(path, Thing { kind, id: id.cloned(), says });
    };
    for table in &state.setting.event_tables {
        put(join("event_tables", &table.to_string()), "table", None, Value::Null);
    }
    for key in &state.setting.key_columns {
        put(join("id_stitching", &key.name), "key", None, json!(key));
    }
    for event in &state.events {
        put(join("events", &event.name), "event", event.id.as_ref(), json!(event));
    }
    for attribute in &state.attributes {
        put(join("attributes", &attribute.name), "attribute", attribute.id.as_ref(), json!(attribute));
    }
    for service in &state.services {
        let says = json!([service.name, service.description]);
        put(join("services", &service.name), "service", service.id.as_ref(), says);
    }
    for entity in &state.personalizations {
        let attributes = &entity.attributes;
        let sections: Vec<_> = attributes.sections.iter().map(without_blanks).collect();
        let says = json!([attributes.name, attributes.description, sections]);
        put(join("personalizations", &attributes.name), "personalization", Some(&entity.id), says);
        for section in &sections {
            let path = section_path(&attributes.name, &section.name);
            put(path, SECTION, section.id.as_ref(), json!(section));
        }
    }
    for journey in &state.journeys {
        let activations: Vec<Value> =
            state.activations_of(&journey.id).map(|one| json!(one.attributes)).collect();
        let says = json!([journey.attributes, activations, journey.is_launched(), journey.is_paused()]);
        put(join("journeys", &journey.attributes.name), "journey", Some(&journey.id), says);
    }
    things
}

//! The model: maps, and what each request must be answered.

use super::journeys::Journey;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub const TABLES: [&str; 3] = ["pageviews", "purchases", "logins"];
/// Kinds of attributes that can be asked for; the last cannot be made this way.
pub const KIND: [&str; 4] = ["single", "list", "counter", "imported"];

/// The folder that there always is.
const ROOT: u64 = 3001;

/// A single, list or counter attribute, or an imported one.
#[derive(Debug, Clone)]
pub struct Attribute {
    pub name: String,
    pub identifier: String,
    pub kind: &'static str,
    pub event: u64,
}

/// A personalization with one section.
#[derive(Debug, Clone)]
pub struct Personalization {
    pub name: &'static str,
    pub event: u64,
    pub attribute: Option<u64>,
}

/// A service's name and its tokens.
type Service = (&'static str, BTreeMap<u64, &'static str>);

/// What there should be. Ids grow, so maps are in order of creation.
#[derive(Debug)]
pub struct Model {
    pub folders: BTreeMap<u64, &'static str>,
    pub tables: BTreeSet<&'static str>,
    pub keys: BTreeSet<&'static str>,
    /// Name and table.
    pub key_events: BTreeMap<u64, (&'static str, &'static str)>,
    /// Those that were made one by one.
    pub attributes: BTreeMap<u64, Attribute>,
    columns: BTreeSet<&'static str>,
    /// Ids of imported attributes, as they were first seen; a column that comes back has its own.
    pub column_ids: BTreeMap<&'static str, u64>,
    pub services: BTreeMap<u64, Service>,
    pub personalizations: BTreeMap<u64, Personalization>,
    pub journeys: BTreeMap<u64, Journey>,
}

impl Default for Model {
    fn default() -> Self {
        Model {
            folders: BTreeMap::from([(ROOT, "Root")]),
            tables: BTreeSet::new(),
            keys: BTreeSet::new(),
            key_events: BTreeMap::new(),
            attributes: BTreeMap::new(),
            columns: BTreeSet::new(),
            column_ids: BTreeMap::new(),
            services: BTreeMap::new(),
            personalizations: BTreeMap::new(),
            journeys: BTreeMap::new(),
        }
    }
}

pub fn number(id: &str) -> u64 {
    id.parse().unwrap_or_default()
}

impl Attribute {
    pub fn body(&self, event: &str) -> Value {
        let mut body = json!({"name": self.name, "identifier": self.identifier, "type": self.kind,
            "realtimeKeyEventId": event});
        match self.kind {
            "single" => {
                body["valueColumn"] = json!("product_id");
                body["dataType"] = json!("string");
            }
            "list" => {
                body["idColumn"] = json!("product_id");
                body["aggregations"] = json!([{"name": "i", "identifier": "i", "aggregationType": "last",
                    "column": "product_id"}]);
            }
            "counter" => {
                body["counterType"] = json!("total");
                body["increment"] = json!({"type": "const", "value": 1});
            }
            _ => {}
        }
        body
    }
}

impl Personalization {
    pub fn body(&self, model: &Model) -> Value {
        let text = json!([{"outputName": "hello", "values": [{"type": "String", "value": "Hi"}]}]);
        let attribute = self.attribute.map(|id| {
            let mut item = json!({"realtimeAttributeId": id.to_string(), "outputName": "it"});
            if model.attributes.get(&id).is_some_and(|attribute| attribute.kind == "list") {
                item["subAttributeIdentifier"] = json!("i");
            }
            json!([item])
        });
        let criteria = json!({"name": "c", "keyEventCriteria": {
            "keyEventId": self.event.to_string(), "keyEventFilters": {}}});
        let node = json!({"type": "ResponseNode", "name": "r", "definition": {
            "attributePayload": attribute, "segmentPayload": null, "stringBuilder": text}});
        json!({"attributes": {"audienceId": "394649", "name": self.name, "description": null, "sections": [
            {"name": "S", "entryCriteria": criteria, "payload": {"0123456789abcdef0123456789abcdef": node}}]}})
    }
}

/// 422 unless there is a name and no other item has it.
pub fn named<'a>(name: &str, mut others: impl Iterator<Item = &'a str>) -> u16 {
    if name.is_empty() || others.any(|other| other == name) { 422 } else { 200 }
}

/// The first that is no 200.
pub fn first(statuses: &[u16]) -> u16 {
    statuses.iter().copied().find(|status| *status != 200).unwrap_or(200)
}

impl Model {
    pub fn folder(&self, name: &str) -> u16 {
        named(name, self.folders.values().copied())
    }

    pub fn rename_folder(&mut self, id: &str, name: &'static str) -> u16 {
        let id = number(id);
        let others = self.folders.iter().filter(|(other, _)| **other != id).map(|(_, name)| *name);
        let expected = first(&[
            // The form of a body comes first.
            if name.is_empty() { 422 } else { 200 },
            if self.folders.contains_key(&id) { 200 } else { 404 },
            named(name, others),
        ]);
        if expected == 200 {
            self.folders.insert(id, name);
        }
        expected
    }

    pub fn delete_folder(&mut self, id: &str) -> u16 {
        let id = number(id);
        match self.folders.contains_key(&id) {
            false => 404,
            true if id == ROOT || self.has_journey(id) => 409,
            true => {
                self.folders.remove(&id);
                200
            }
        }
    }

    /// A new key event, or another form of the one with the id.
    pub fn key_event(&mut self, own: Option<&str>, name: &'static str, table: &'static str) -> u16 {
        let own = own.map(number);
        let others = self.key_events.iter().filter(|(id, _)| Some(**id) != own);
        let expected = first(&[
            own.map_or(200, |id| if self.key_events.contains_key(&id) { 200 } else { 404 }),
            named(name, others.map(|(_, (name, _))| *name)),
            if self.tables.contains(table) { 200 } else { 422 },
        ]);
        if let (Some(id), 200) = (own, expected) {
            self.key_events.insert(id, (name, table));
        }
        expected
    }

    pub fn delete_key_event(&mut self, id: &str) -> u16 {
        let id = number(id);
        let used = self.attributes.values().any(|attribute| attribute.event == id)
            || self.personalizations.values().any(|personalization| personalization.event == id)
            || self.waits_for(id);
        match self.key_events.contains_key(&id) {
            false => 404,
            true if used => 409,
            true => {
                self.key_events.remove(&id);
                200
            }
        }
    }

    pub fn attribute(&self, new: &Attribute) -> u16 {
        let columns = || self.columns.iter().copied();
        let names = self.attributes.values().map(|other| other.name.as_str()).chain(columns());
        let identifiers = self.attributes.values().map(|other| other.identifier.as_str()).chain(columns());
        first(&[
            named(&new.name, names),
            named(&new.identifier, identifiers),
            if new.kind == "imported" || !self.key_events.contains_key(&new.event) { 422 } else { 200 },
        ])
    }

    /// Ids of all attributes there are.
    pub fn attribute_ids(&self) -> BTreeMap<u64, ()> {
        let imported = self.columns.iter().filter_map(|column| self.column_ids.get(column));
        self.attributes.keys().chain(imported).map(|id| (*id, ())).collect()
    }

    fn column(&self, id: u64) -> Option<&'static str> {
        self.columns.iter().copied().find(|column| self.column_ids.get(column) == Some(&id))
    }

    fn is_used(&self, attribute: u64) -> bool {
        let uses = |personalization: &Personalization| personalization.attribute == Some(attribute);
        self.personalizations.values().any(uses) || self.asks_for(attribute)
    }

    pub fn rename_attribute(&mut self, id: &str, name: &str) -> u16 {
        let id = number(id);
        if self.column(id).is_some() {
            return 422;
        }
        if !self.attributes.contains_key(&id) {
            return 404;
        }
        let others = self.attributes.iter().filter(|(other, _)| **other != id);
        let others = others.map(|(_, other)| other.name.as_str()).chain(self.columns.iter().copied());
        let expected = named(name, others);
        if let (Some(attribute), 200) = (self.attributes.get_mut(&id), expected) {
            attribute.name = name.to_owned();
        }
        expected
    }

    pub fn delete_attribute(&mut self, id: &str) -> u16 {
        let id = number(id);
        let column = self.column(id);
        if column.is_none() && !self.attributes.contains_key(&id) {
            return 404;
        }
        if self.is_used(id) {
            return 409;
        }
        self.attributes.remove(&id);
        self.columns.retain(|known| Some(*known) != column);
        200
    }

    /// A new service, or another name of the one with the id.
    pub fn service(&mut self, own: Option<&str>, name: &'static str) -> u16 {
        let own = own.map(number);
        let others = self.services.iter().filter(|(id, _)| Some(**id) != own);
        let expected = first(&[
            own.map_or(200, |id| if self.services.contains_key(&id) { 200 } else { 404 }),
            named(name, others.map(|(_, (name, _))| *name)),
        ]);
        if let (Some(service), 200) = (own.and_then(|id| self.services.get_mut(&id)), expected) {
            service.0 = name;
        }
        expected
    }

    pub fn token(&self, service: &str, name: &str) -> u16 {
        if !self.services.contains_key(&number(service)) {
            return 404;
        }
        // Tokens may share a name.
        named(name, std::iter::empty())
    }

    pub fn delete_token(&mut self, service: &str, token: &str) -> u16 {
        let tokens = self.services.get_mut(&number(service)).map(|(_, tokens)| tokens);
        let gone = tokens.and_then(|tokens| tokens.remove(&number(token)));
        if gone.is_some() { 200 } else { 404 }
    }

    /// A new personalization, or another form of the one with the id.
    pub fn personalization(&mut self, own: Option<&str>, new: &Personalization) -> u16 {
        let own = own.map(number);
        let others = self.personalizations.iter().filter(|(id, _)| Some(**id) != own);
        let known = new.attribute.is_none_or(|id| self.attribute_ids().contains_key(&id));
        let expected = first(&[
            own.map_or(200, |id| if self.personalizations.contains_key(&id) { 200 } else { 404 }),
            named(new.name, others.map(|(_, other)| other.name)),
            if known && self.key_events.contains_key(&new.event) { 200 } else { 422 },
        ]);
        if let (Some(id), 200) = (own, expected) {
            self.personalizations.insert(id, new.clone());
        }
        expected
    }

    /// Replaces the whole setting, or nothing.
    pub fn setting(
        &mut self,
        tables: &BTreeSet<&'static str>,
        keys: &BTreeSet<&'static str>,
        columns: &BTreeSet<&'static str>,
    ) -> u16 {
        if self.key_events.values().any(|(_, table)| !tables.contains(table)) {
            return 422;
        }
        let expected = self.import(columns);
        if expected == 200 {
            (self.tables, self.keys) = (tables.clone(), keys.clone());
        }
        expected
    }

    pub fn import(&mut self, columns: &BTreeSet<&'static str>) -> u16 {
        let taken = |attribute: &Attribute| {
            columns.contains(attribute.name.as_str()) || columns.contains(attribute.identifier.as_str())
        };
        if self.attributes.values().any(taken) {
            return 422;
        }
        let gone = self.columns.difference(columns).filter_map(|column| self.column_ids.get(column));
        if gone.into_iter().any(|id| self.is_used(*id)) {
            return 409;
        }
        self.columns.clone_from(columns);
        200
    }

    pub fn imported(&self) -> BTreeSet<&'static str> {
        self.columns.clone()
    }

    pub fn folder_rows(&self) -> BTreeSet<String> {
        self.folders.iter().map(|(id, name)| json!([id.to_string(), name]).to_string()).collect()
    }

    pub fn key_event_rows(&self) -> BTreeSet<String> {
        let row =
            |(id, (name, table)): (&u64, &(&str, &str))| json!([id.to_string(), name, table]).to_string();
        self.key_events.iter().map(row).collect()
    }

    pub fn attribute_rows(&self) -> BTreeSet<String> {
        let made = self.attributes.values().map(|a| json!([a.name, a.identifier, a.kind]).to_string());
        made.chain(self.columns.iter().map(|column| json!([column, column, "imported"]).to_string()))
            .collect()
    }

    pub fn service_rows(&self) -> BTreeSet<String> {
        let row = |(id, (name, tokens)): (&u64, &Service)| {
            json!([id.to_string(), name, tokens.values().collect::<Vec<_>>()]).to_string()
        };
        self.services.iter().map(row).collect()
    }

    pub fn personalization_rows(&self) -> BTreeSet<String> {
        self.personalizations.iter().map(|(id, it)| json!([id.to_string(), it.name]).to_string()).collect()
    }
}

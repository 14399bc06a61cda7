//! Finds what a configuration uses.

use super::things::{attribute_words, keys, user};
use super::user::STEP;
use super::{Used, User, UserKind};
use crate::plan::Configuration;
use crate::platform::payload::{Attributes as _, drives};
use crate::platform::template::placeholders_in;
use crate::platform::wire::RealtimeJourneyActivationStepResource;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// What is found in a configuration.
pub(super) struct Walk<'c> {
    configuration: &'c Configuration,
    /// Where names are looked up.
    names: &'c Configuration,
    found: IndexMap<Used, Vec<User>>,
}

impl<'c> Walk<'c> {
    /// Everything that is used, with what uses it.
    pub fn over(configuration: &'c Configuration, names: &'c Configuration) -> IndexMap<Used, Vec<User>> {
        let mut walk = Walk { configuration, names, found: IndexMap::new() };
        for event in &configuration.events {
            let user = User::new(UserKind::KeyEvent, "key event", &event.name, event.id.as_deref());
            walk.add(Used::EventTable(event.event_table()), &user);
            walk.walk("", &json!(event), &user);
        }
        for attribute in &configuration.attributes {
            let words = attribute_words(&attribute.spec);
            let user = User::new(UserKind::Attribute, words, &attribute.name, attribute.id.as_deref());
            walk.walk("", &json!(attribute), &user);
        }
        for entity in &configuration.personalizations {
            let user = user(entity);
            walk.service(&user);
            walk.finds_visitors(&user);
            walk.walk("", &json!(entity.attributes), &user);
        }
        for journey in &configuration.journeys {
            let attributes = &journey.attributes;
            let user = User::new(UserKind::Journey, "journey", &attributes.name, Some(&journey.id));
            walk.finds_visitors(&user);
            let mut value = json!(attributes);
            // The one stage of a journey is not distinguished from it.
            if let [_] = attributes.realtime_journey_stages.as_slice() {
                value.pointer_mut("/realtimeJourneyStages/0/name").map(Value::take);
            }
            walk.walk("", &value, &user);
        }
        walk.found
    }

    fn add(&mut self, used: Used, user: &User) {
        if user.used().as_ref() == Some(&used) {
            return;
        }
        let users = self.found.entry(used).or_default();
        if !users.contains(user) {
            users.push(user.clone());
        }
    }

    /// The same of a user that stays valid without.
    fn add_loosely(&mut self, used: Used, user: &User) {
        self.add(used, &user.loosely());
    }

    fn service(&mut self, user: &User) {
        for service in self.names.services.iter().filter(|service| service.name == user.name) {
            let tokens = service.tokens.iter().filter_map(|token| token.id.clone()).map(Used::Token);
            for used in service.id.clone().map(Used::Service).into_iter().chain(tokens) {
                self.add_loosely(used, user);
            }
        }
    }

    /// Uses the keys without which there would be none.
    fn finds_visitors(&mut self, user: &User) {
        let (left, names): (Vec<&str>, Vec<&str>) =
            (keys(self.configuration).collect(), keys(self.names).collect());
        for key in names.into_iter().filter(|key| left.iter().all(|left| left == key)) {
            self.add_loosely(Used::StitchingKey(key.to_owned()), user);
        }
    }

    /// Follows a value that stands under `key`; items of a list stand under the key of the list.
    fn walk(&mut self, key: &str, value: &Value, user: &User) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.walk(key, item, user)),
            Value::Object(map) => {
                let user = user.inside(key, map);
                for (inner, item) in map {
                    if let Value::String(text) = item {
                        self.refer(key, inner, text, map, &user);
                    }
                    self.walk(if key == "steps" { STEP } else { inner }, item, &user);
                }
            }
            _ => {}
        }
    }

    /// Notes what a string under `key` refers to, in the object `map` under `list`.
    fn refer(&mut self, list: &str, key: &str, text: &str, map: &Map<String, Value>, user: &User) {
        let id = || text.to_owned();
        match key {
            "realtimeKeyEventId" | "keyEventId" => self.add(Used::KeyEvent(id()), user),
            "realtimeAttributeId" | "lookupAttributeId" => {
                self.add(Used::Attribute(id()), user);
                if let Some(Value::String(identifier)) = map.get("subAttributeIdentifier") {
                    self.add(Used::Part { attribute: id(), identifier: identifier.clone() }, user);
                }
            }
            "realtimeJourneyId" => self.add(Used::Journey(id()), user),
            "realtimeJourneyStageId" => self.add(Used::Stage(id()), user),
            "journeyActivationStepId" => {
                self.add(Used::Activation(id()), user);
                let mut activations = self.configuration.activations.iter();
                if let Some(activation) = activations.find(|activation| activation.id == text) {
                    self.activation(activation, user);
                }
            }
            "catalogName" => {
                let catalog = self.names.attributes.by_catalog(text).and_then(|found| found.id.clone());
                catalog.into_iter().for_each(|id| self.add(Used::Attribute(id), user));
            }
            "id" if list == "lookupKeys" => {
                let mut attributes = self.names.attributes.iter();
                let driver = attributes.find(|one| one.identifier == text && drives(&one.spec));
                let id = driver.and_then(|driver| driver.id.clone());
                id.into_iter().for_each(|id| self.add_loosely(Used::Attribute(id), user));
            }
            _ => {}
        }
    }

    /// The attributes and stitching keys that an activation names in placeholders.
    fn activation(&mut self, activation: &RealtimeJourneyActivationStepResource, user: &User) {
        let attributes = &activation.attributes;
        let user = match &attributes.name {
            Some(name) => &user.of_part(format!("activation '{name}'")),
            None => user,
        };
        self.walk("", &json!(attributes), user);
        let connector = &attributes.connector;
        for text in connector.export_json.iter().chain(&connector.export_advanced_json) {
            let value = serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into());
            for name in placeholders_in(&value) {
                let attribute = self.names.attributes.iter().find(|attribute| attribute.name == name);
                let key = || keys(self.names).find(|key| *key == name);
                let used = match attribute {
                    Some(attribute) => attribute.id.clone().map(Used::Attribute),
                    None => key().map(|key| Used::StitchingKey(key.to_owned())),
                };
                used.into_iter().for_each(|used| self.add(used, user));
            }
        }
    }
}

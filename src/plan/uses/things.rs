//! The things that may be used.

use super::{Conflict, Used, User, UserKind};
use crate::plan::difference::join;
use crate::plan::{Configuration, import_column};
use crate::platform::wire::{AttributeSpec, KeyEvent, Personalization, RealtimeAttribute, Section};
use indexmap::IndexMap;

/// Something that may be used.
#[derive(Debug)]
pub(super) struct UsedThing {
    pub path: String,
    /// In words.
    pub what: String,
    /// What it is a part of.
    pub of: Option<Used>,
    /// The batch attribute that it imports.
    pub column: Option<String>,
}

impl UsedThing {
    fn new(list: &str, what: &str, name: &str) -> Self {
        UsedThing { path: join(list, name), what: format!("{what} '{name}'"), of: None, column: None }
    }

    /// A part of it.
    fn part(&self, whole: &Used, what: &str, name: &str) -> Self {
        UsedThing {
            path: join(&self.path, name),
            what: format!("{what} '{name}' of {}", self.what),
            of: Some(whole.clone()),
            column: None,
        }
    }
}

/// Everything that may be used. What has no id yet is used by nothing.
pub(super) fn things(configuration: &Configuration) -> IndexMap<Used, UsedThing> {
    let mut found = IndexMap::new();
    let setting = &configuration.setting;
    for table in &setting.event_tables {
        let thing = UsedThing::new("event_tables", "event table", &table.to_string());
        found.insert(Used::EventTable(table.clone()), thing);
    }
    for name in keys(configuration) {
        found.insert(
            Used::StitchingKey(name.to_owned()),
            UsedThing::new("id_stitching", "stitching key", name),
        );
    }
    for KeyEvent { id, name, .. } in &configuration.events {
        found.extend(id.clone().map(|id| (Used::KeyEvent(id), UsedThing::new("events", "key event", name))));
    }
    for attribute in &configuration.attributes {
        let Some(id) = &attribute.id else { continue };
        let mut thing = UsedThing::new("attributes", attribute_words(&attribute.spec), &attribute.name);
        let whole = Used::Attribute(id.clone());
        for (what, identifier) in parts(attribute) {
            let used = Used::Part { attribute: id.clone(), identifier: identifier.to_owned() };
            found.insert(used, thing.part(&whole, what, identifier));
        }
        thing.column = import_column(attribute, &setting.batch_attributes).map(str::to_owned);
        found.insert(whole, thing);
    }
    for service in &configuration.services {
        let Some(id) = &service.id else { continue };
        let (used, thing) = (Used::Service(id.clone()), UsedThing::new("services", "service", &service.name));
        for token in &service.tokens {
            let Some(id) = &token.id else { continue };
            found.insert(Used::Token(id.clone()), thing.part(&used, "token", &token.name));
        }
        found.insert(used, thing);
    }
    for journey in &configuration.journeys {
        let thing = UsedThing::new("journeys", "journey", &journey.attributes.name);
        let used = Used::Journey(journey.id.clone());
        for stage in &journey.attributes.realtime_journey_stages {
            let Some(id) = &stage.id else { continue };
            found.insert(Used::Stage(id.clone()), thing.part(&used, "stage", &stage.name));
        }
        for activation in configuration.activations_of(&journey.id) {
            let name = activation.attributes.name.as_deref().unwrap_or(&activation.id);
            let thing = thing.part(&used, "activation", name);
            found.insert(Used::Activation(activation.id.clone()), thing);
        }
        found.insert(used, thing);
    }
    found
}

/// The stitching keys that the platform did not set itself.
pub(super) fn keys(configuration: &Configuration) -> impl Iterator<Item = &str> {
    let own = configuration.setting.key_columns.iter().filter(|key| !key.internal);
    own.map(|key| key.name.as_str())
}

/// What an attribute is.
pub(super) fn attribute_words(spec: &AttributeSpec) -> &'static str {
    match spec {
        AttributeSpec::Single(_) => "single attribute",
        AttributeSpec::List(_) => "list attribute",
        AttributeSpec::Counter(_) => "counter attribute",
        AttributeSpec::Imported(_) => "imported attribute",
        AttributeSpec::LookupCatalog(_) => "lookup_catalog attribute",
    }
}

/// What a `subAttributeIdentifier` can name of an attribute.
fn parts(attribute: &RealtimeAttribute) -> Vec<(&'static str, &str)> {
    match &attribute.spec {
        AttributeSpec::List(list) => {
            list.aggregations.iter().map(|one| ("aggregation", one.identifier.as_str())).collect()
        }
        AttributeSpec::Counter(counter) => {
            counter.sub_durations.iter().map(|one| ("window", one.identifier.as_str())).collect()
        }
        AttributeSpec::LookupCatalog(catalog) => {
            catalog.lookup_catalog_columns.iter().map(|one| ("column", one.name.as_str())).collect()
        }
        AttributeSpec::Single(_) | AttributeSpec::Imported(_) => Vec::new(),
    }
}

/// Personalizations that lose their last section, and sections that lose their last output.
pub(super) fn emptied(before: &Configuration, after: &Configuration) -> Vec<Conflict> {
    let mut found = Vec::new();
    for entity in &after.personalizations {
        let Some(old) = before.personalizations.iter().find(|old| old.id == entity.id) else { continue };
        let sections = &entity.attributes.sections;
        let user = user(entity);
        if sections.is_empty() && !old.attributes.sections.is_empty() {
            let used = Used::LastSection { personalization: entity.id.clone() };
            found.push(Conflict {
                used,
                path: user.path.clone(),
                what: "the last section".to_owned(),
                users: vec![user.clone()],
            });
        }
        let had = |name: &str| old.attributes.sections.iter().any(|old| old.name == name && !is_empty(old));
        for Section { name, .. } in sections.iter().filter(|one| is_empty(one) && had(&one.name)) {
            let user = user.of_section(name);
            let used = Used::LastOutput { personalization: entity.id.clone(), section: name.clone() };
            found.push(Conflict {
                used,
                path: user.path.clone(),
                what: "the last output".to_owned(),
                users: vec![user],
            });
        }
    }
    found
}

pub(super) fn user(entity: &Personalization) -> User {
    User::new(UserKind::Personalization, "personalization", &entity.attributes.name, Some(&entity.id))
}

/// Whether it has a node without an output; batch segments are none.
fn is_empty(section: &Section) -> bool {
    section.payload.iter().flat_map(|nodes| nodes.values()).any(|node| {
        let definition = &node.definition;
        definition.attribute_payload.is_none()
            && definition.string_builder.is_none()
            && definition.catalog_payload.is_none()
    })
}

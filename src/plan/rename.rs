//! `renamed_from`: what is live under an old name gets the new one, and stays what it is.
//!
//! The contract's `PATCH` of key events, attributes, services, personalizations (with their sections) and
//! journeys takes the name. An imported attribute has none: its name is that of its batch attribute.

use super::Configuration;
use super::difference::{ChangeAction, Difference, join};
use super::finding::{Finding, Severity};
use super::model::{Attribute, AttributeKind, PersonalizationService, Plan, import_of};
use super::nearest::named;
use super::shell::item_command;
use crate::platform::template::{placeholders_in, render_in};
use crate::platform::wire::{
    AttributeSpec, CatalogPayload, Personalization, RealtimeAttribute, RealtimeJourneyActivationStepResource,
    Section,
};
use serde_json::Value;
use std::collections::HashMap;

/// An item that is made anew although the plan says which name it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRenamed {
    /// Its `renamed_from` in the document (JSON pointer).
    pub pointer: String,
    /// The item, for example `attributes.page_views`; see [`Difference::path`].
    pub path: String,
    /// Why, and what will be, as a sentence without a full stop.
    pub message: String,
    /// The attribute that stays, by its name.
    pub stays: String,
}

impl NotRenamed {
    /// The warning about it in a parent segment, without a position.
    pub fn finding(self, ps: &str) -> Finding {
        let NotRenamed { pointer, message, stays, .. } = self;
        let delete = item_command("rt-attrs delete", &stays, ps);
        let fix = format!("delete it when nothing uses it any more: {delete}");
        Finding::new("not-renamed", Severity::Warning, &pointer, message).with_fix(Some(fix))
    }
}

/// What is live with the new names of a plan: an item with `renamed_from` has its own name where that
/// one is not live, the old one is, and the platform can rename it. Nothing else changes but what is
/// called by that name. Also those that cannot be renamed.
pub fn renamed(plan: &Plan, live: &Configuration) -> (Configuration, Vec<NotRenamed>) {
    let mut after = live.clone();
    for event in &plan.events {
        if let Some(there) = old(&mut after.events, &event.renamed_from, &event.name, |there| &there.name) {
            there.name.clone_from(&event.name);
        }
    }
    let not_renamed = plan.attributes.iter().filter_map(|attribute| rename_attribute(attribute, &mut after));
    let not_renamed = not_renamed.collect();
    for service in &plan.personalizations {
        rename_personalization(service, &mut after);
    }
    for journey in &plan.journeys {
        let (from, to) = (&journey.renamed_from, &journey.name);
        if let Some(there) = old(&mut after.journeys, from, to, |there| &there.attributes.name) {
            there.attributes.name.clone_from(to);
        }
    }
    (after, not_renamed)
}

fn rename_attribute(attribute: &Attribute, after: &mut Configuration) -> Option<NotRenamed> {
    // An import is found by its batch attribute, whatever the plan calls it.
    let import = attribute.imported_column();
    if import
        .is_some_and(|column| import_of(column, &after.attributes, &after.setting.batch_attributes).is_some())
    {
        return None;
    }
    let (from, to) = (&attribute.renamed_from, &attribute.name);
    let there = old(&mut after.attributes, from, to, |there| &there.name)?;
    if let Some(why) = fixed(attribute, there) {
        let from = &there.name;
        return Some(NotRenamed {
            pointer: format!("{}/renamed_from", attribute.at),
            path: join("attributes", to),
            message: format!(
                "{why}: a new attribute '{to}' is made, and '{from}' stays until it is deleted, which loses its values"
            ),
            stays: from.clone(),
        });
    }
    let from = std::mem::replace(&mut there.name, to.clone());
    if let AttributeSpec::LookupCatalog(_) = there.spec {
        rename_catalog(&mut after.personalizations, &from, to);
    }
    rename_placeholders(&mut after.activations, &from, to);
    None
}

/// Why the platform cannot make the attribute of the live one.
fn fixed(attribute: &Attribute, there: &RealtimeAttribute) -> Option<String> {
    match (&attribute.kind, &there.spec) {
        (AttributeKind::Imported(_), AttributeSpec::Imported(_)) => {
            Some("an imported attribute has the name of its batch attribute, and no other".to_owned())
        }
        (kind, spec) if kind.as_str() != spec.kind() => Some(format!(
            "'{}' has the type {}, not {}, and the platform can't change that",
            there.name,
            spec.kind(),
            kind.as_str()
        )),
        _ => None,
    }
}

/// Sections name a catalog, unlike any other attribute.
fn rename_catalog(personalizations: &mut [Personalization], from: &str, to: &str) {
    let sections = personalizations.iter_mut().flat_map(|item| &mut item.attributes.sections);
    for (_, node) in sections.flat_map(|section| section.payload.iter_mut().flatten()) {
        let Some(CatalogPayload::Lookups(lookups)) = &mut node.definition.catalog_payload else { continue };
        for name in lookups.iter_mut().filter_map(|lookup| lookup.catalog_name.as_mut()) {
            if name == from {
                to.clone_into(name);
            }
        }
    }
}

/// Activations name an attribute in `{{…}}`.
fn rename_placeholders(activations: &mut [RealtimeJourneyActivationStepResource], from: &str, to: &str) {
    let new = |name: &str| (name == from).then(|| Value::String(format!("{{{{{to}}}}}")));
    for activation in activations {
        let connector = &mut activation.attributes.connector;
        for text in connector.export_json.iter_mut().chain(&mut connector.export_advanced_json) {
            let Ok(value) = serde_json::from_str::<Value>(text) else { continue };
            if placeholders_in(&value).contains(&from) {
                *text = render_in(&value, &new).to_string();
            }
        }
    }
}

fn entity_name(entity: &Personalization) -> &str {
    &entity.attributes.name
}

/// Service and entity share their name: the service keeps it while an entity of that name stays.
fn rename_personalization(plan: &PersonalizationService, after: &mut Configuration) {
    let (from, to) = (&plan.renamed_from, &plan.name);
    if plan.wants_entity() {
        if let Some(there) = old(&mut after.personalizations, from, to, entity_name) {
            there.attributes.name.clone_from(to);
        }
        if let Some(there) = named_mut(&mut after.personalizations, to, entity_name) {
            rename_sections(plan, &mut there.attributes.sections);
        }
    }
    let stays =
        from.as_deref().is_some_and(|from| named(&after.personalizations, from, entity_name).is_some());
    if !plan.wants_service() || (stays && plan.wants_entity()) {
        return;
    }
    if let Some(there) = old(&mut after.services, from, to, |there| &there.name) {
        there.name.clone_from(to);
    }
}

fn rename_sections(plan: &PersonalizationService, sections: &mut [Section]) {
    for section in &plan.sections {
        let (from, to) = (&section.renamed_from, &section.name);
        let Some(there) = old(sections, from, to, |there| &there.name) else { continue };
        let from = std::mem::replace(&mut there.name, to.clone());
        // The criteria are called as the section is, unless they were given a name of their own.
        if let Some(criteria) = there.entry_criteria.as_mut().filter(|criteria| criteria.name == from) {
            criteria.name.clone_from(to);
        }
    }
}

/// The item that is live under the old name, unless one is live under the new one.
fn old<'l, T>(
    items: &'l mut [T],
    from: &Option<String>,
    to: &str,
    name: impl Fn(&T) -> &str,
) -> Option<&'l mut T> {
    let from = from.as_deref().filter(|_| named(items, to, &name).is_none())?;
    named_mut(items, from, name)
}

fn named_mut<'l, T>(items: &'l mut [T], wanted: &str, name: impl Fn(&T) -> &str) -> Option<&'l mut T> {
    let found = named(items, wanted, name)?;
    let place = items.iter().position(|item| std::ptr::eq(item, found))?;
    items.get_mut(place)
}

/// A configuration under the names that another one gives the same ids.
pub fn under_names_of(other: &Configuration, configuration: &Configuration) -> Configuration {
    let names: HashMap<(&str, &str), &str> =
        things(other).into_iter().map(|item| ((item.kind, item.id), item.name)).collect();
    let mut renamed = configuration.clone();
    let put = |kind: &str, id: Option<&str>, name: &mut String| {
        let new = id.and_then(|id| names.get(&(kind, id)));
        new.into_iter().for_each(|new| (*new).clone_into(name));
    };
    renamed.events.iter_mut().for_each(|it| put("event", it.id.as_deref(), &mut it.name));
    renamed.attributes.iter_mut().for_each(|it| put("attribute", it.id.as_deref(), &mut it.name));
    renamed.services.iter_mut().for_each(|it| put("service", it.id.as_deref(), &mut it.name));
    for entity in &mut renamed.personalizations {
        put("personalization", Some(&entity.id), &mut entity.attributes.name);
        let sections = entity.attributes.sections.iter_mut();
        sections.for_each(|it| put("section", it.id.as_deref(), &mut it.name));
    }
    renamed.journeys.iter_mut().for_each(|it| put("journey", Some(&it.id), &mut it.attributes.name));
    renamed
}

/// The new names of what has one: the changes of names from one configuration to another.
pub fn new_names(before: &Configuration, after: &Configuration) -> Vec<Difference> {
    let known: HashMap<(&str, &str), &str> =
        things(before).into_iter().map(|item| ((item.kind, item.id), item.name)).collect();
    let mut found: Vec<Difference> = Vec::new();
    for thing in things(after) {
        let NamedThing { kind, id, name, .. } = thing;
        let Some(from) = known.get(&(kind, id)).filter(|from| **from != name) else { continue };
        let path = join(&thing.path(), "name");
        // Service and entity are one item of a plan.
        if !found.iter().any(|there| there.path == path) {
            found.push(Difference {
                action: ChangeAction::Update,
                path,
                from: (*from).into(),
                to: name.into(),
            });
        }
    }
    found
}

/// Something with a name and an id.
#[derive(Debug, Clone)]
pub struct NamedThing<'c> {
    /// `event`, `attribute`, `service`, `personalization`, `section` or `journey`.
    pub kind: &'static str,
    /// Its name.
    pub name: &'c str,
    /// The personalization of a section.
    pub personalization: Option<&'c str>,
    id: &'c str,
}

impl NamedThing<'_> {
    /// Where a plan has it; see [`Difference::path`].
    pub fn path(&self) -> String {
        let services = "personalization_services";
        match (self.kind, self.personalization) {
            (_, Some(of)) => join(&join(&join(services, of), "sections"), self.name),
            ("service" | "personalization", _) => join(services, self.name),
            (kind, _) => join(&format!("{kind}s"), self.name),
        }
    }
}

/// All things with a name and an id. In two configurations that differ in names alone they stand in the
/// same order.
pub fn things(configuration: &Configuration) -> Vec<NamedThing<'_>> {
    fn thing<'c>(kind: &'static str, id: Option<&'c str>, name: &'c str) -> Option<NamedThing<'c>> {
        Some(NamedThing { kind, name, personalization: None, id: id? })
    }
    let Configuration { events, attributes, services, personalizations, journeys, .. } = configuration;
    let mut found = Vec::new();
    found.extend(events.iter().filter_map(|it| thing("event", it.id.as_deref(), &it.name)));
    found.extend(attributes.iter().filter_map(|it| thing("attribute", it.id.as_deref(), &it.name)));
    found.extend(services.iter().filter_map(|it| thing("service", it.id.as_deref(), &it.name)));
    for it in personalizations {
        let name = it.attributes.name.as_str();
        found.extend(thing("personalization", Some(&it.id), name));
        let sections = it.attributes.sections.iter();
        let sections = sections.filter_map(|it| thing("section", it.id.as_deref(), &it.name));
        found.extend(sections.map(|section| NamedThing { personalization: Some(name), ..section }));
    }
    found.extend(journeys.iter().filter_map(|it| thing("journey", Some(&it.id), &it.attributes.name)));
    found
}

#[cfg(test)]
mod tests;

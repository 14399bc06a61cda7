//! Who uses what: nothing is deleted while something refers to it.

use super::Edit;
use super::realtime::Realtime;
use crate::platform::rule::{Operand, Rule};
use crate::platform::wire::{AttributeSpec, Personalization, RealtimeAttribute, Section};
use crate::sandbox::refusal::Refusal;
use serde_json::Value;

/// A reference to an attribute, with its `subAttributeIdentifier`.
pub type Reference<'a> = (&'a str, Option<&'a str>);

/// All references of a section to attributes: payload, catalog lookups and criteria.
pub fn attribute_references(section: &Section) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    for node in section.payload.iter().flat_map(|nodes| nodes.values()) {
        for item in node.definition.attribute_payload.iter().flatten() {
            found.push((item.realtime_attribute_id.as_str(), item.sub_attribute_identifier.as_deref()));
        }
        let catalog = node.definition.catalog_payload.as_ref().and_then(Value::as_array);
        for item in catalog.into_iter().flatten() {
            for key in ["lookupRealtimeAttributeId", "realtimeAttributeId"] {
                found.extend(item.get(key).and_then(Value::as_str).map(|id| (id, None)));
            }
        }
    }
    let criteria = section.entry_criteria.as_ref().and_then(|criteria| criteria.profile_criteria.as_ref());
    for operand in criteria.map(Rule::operands).unwrap_or_default() {
        if let Operand::Attribute { id, sub } = operand {
            found.push((id, sub));
        }
    }
    found
}

fn uses_key_event(personalization: &Personalization, id: &str) -> bool {
    personalization.attributes.sections.iter().any(|section| {
        let criteria = section.entry_criteria.as_ref().and_then(|entry| entry.key_event_criteria.as_ref());
        criteria.is_some_and(|criteria| criteria.key_event_id == id)
    })
}

impl Realtime {
    /// What uses a key event, as words.
    pub fn key_event_user(&self, id: &str) -> Option<String> {
        let feeds = |attribute: &&RealtimeAttribute| {
            let acts = match &attribute.spec {
                AttributeSpec::List(list) => list.actions.iter().any(|a| a.realtime_key_event_id == id),
                _ => false,
            };
            acts || attribute.spec.key_event() == Some(id)
        };
        if let Some(attribute) = self.attributes.iter().find(feeds) {
            return Some(format!("the attribute '{}'", attribute.name));
        }
        let user = self.personalizations.iter().find(|item| uses_key_event(item, id))?;
        Some(format!("the personalization '{}'", user.attributes.name))
    }

    /// What uses an attribute (with `sub`: that aggregation or window of it), as words.
    pub fn attribute_user(&self, id: &str, sub: Option<&str>) -> Option<String> {
        let uses = |personalization: &&Personalization| {
            let references = personalization.attributes.sections.iter().flat_map(attribute_references);
            references.into_iter().any(|(used, used_sub)| used == id && (sub.is_none() || sub == used_sub))
        };
        let user = self.personalizations.iter().find(uses)?;
        Some(format!("the personalization '{}'", user.attributes.name))
    }
}

impl Edit<'_> {
    /// 409 when a personalization uses the attribute.
    pub(super) fn check_unused(&self, attribute: &RealtimeAttribute) -> Result<(), Refusal> {
        let id = attribute.id.as_deref().unwrap_or_default();
        match self.realtime.attribute_user(id, None) {
            None => Ok(()),
            Some(user) => Err(Refusal::conflict(format!(
                "Attribute '{}' can't be deleted: {user} uses it",
                attribute.name
            ))),
        }
    }
}

//! The users of each item: nothing is deleted while something refers to it.

use super::batch::{BatchColumn, Master, StoredSegment};
use super::realtime::Realtime;
use super::segment::ParentSegment;
use super::{Edit, segments};
use crate::platform::payload::Attributes as _;
use crate::platform::rule::{Operand, Rule};
use crate::platform::wire::{AttributeSpec, CatalogPayload, Personalization, RealtimeAttribute, Section};
use crate::sandbox::refusal::{Reason, Refusal};

/// A reference to an attribute, with its `subAttributeIdentifier`.
pub type Reference<'a> = (&'a str, Option<&'a str>);

/// All references of a section to attributes: payload, catalog lookups and criteria.
pub fn attribute_references(section: &Section) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    for node in section.payload.iter().flat_map(|nodes| nodes.values()) {
        for item in node.definition.attribute_payload.iter().flatten() {
            found.push((item.realtime_attribute_id.as_str(), item.sub_attribute_identifier.as_deref()));
        }
        let lookups = node.definition.catalog_payload.iter().flat_map(CatalogPayload::lookups);
        found.extend(lookups.filter_map(|lookup| Some((lookup.lookup_attribute_id.as_deref()?, None))));
    }
    let criteria = section.entry_criteria.as_ref().and_then(|criteria| criteria.profile_criteria.as_ref());
    for operand in criteria.map(Rule::operands).unwrap_or_default() {
        if let Operand::Attribute { id, sub } = operand {
            found.push((id, sub));
        }
    }
    found
}

/// Whether a personalization looks something up in the catalog of this attribute.
fn uses_catalog(personalization: &Personalization, attributes: &[RealtimeAttribute], id: &str) -> bool {
    let nodes =
        personalization.attributes.sections.iter().flat_map(|section| section.payload.iter().flatten());
    let payloads = nodes.filter_map(|(_, node)| node.definition.catalog_payload.as_ref());
    payloads.flat_map(CatalogPayload::lookups).any(|lookup| {
        let catalog = lookup.catalog_name.as_deref().and_then(|name| attributes.by_catalog(name));
        catalog.is_some_and(|catalog| catalog.id.as_deref() == Some(id))
    })
}

fn uses_key_event(personalization: &Personalization, id: &str) -> bool {
    personalization.attributes.sections.iter().any(|section| {
        let criteria = section.entry_criteria.as_ref().and_then(|entry| entry.key_event_criteria.as_ref());
        criteria.is_some_and(|criteria| criteria.key_event_id == id)
    })
}

impl Realtime {
    /// The users of a key event, for a message.
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
        if let Some(user) = self.personalizations.iter().find(|item| uses_key_event(item, id)) {
            return Some(format!("the personalization '{}'", user.attributes.name));
        }
        let user = self.journeys.iter().find(|journey| journey.uses_key_event(id))?;
        Some(format!("the journey '{}'", user.name()))
    }

    /// The users of an attribute (with `sub`: of that aggregation or window), for a message.
    pub fn attribute_user(&self, id: &str, sub: Option<&str>) -> Option<String> {
        let uses = |personalization: &&Personalization| {
            let references = personalization.attributes.sections.iter().flat_map(attribute_references);
            references.into_iter().any(|(used, used_sub)| used == id && (sub.is_none() || sub == used_sub))
                || uses_catalog(personalization, &self.attributes, id)
        };
        if let Some(user) = self.personalizations.iter().find(uses) {
            return Some(format!("the personalization '{}'", user.attributes.name));
        }
        let user = self.journeys.iter().find(|journey| journey.uses_attribute(id, sub))?;
        Some(format!("the journey '{}'", user.name()))
    }

    /// Keeps the lookups of sections in the catalog of this attribute, which gets another name. (our choice: the published rules have sections name a catalog, and do not say what a new
    /// name does to them)
    pub fn rename_catalog(&mut self, id: &str, old: &str, new: &str) {
        let users: Vec<String> = self
            .personalizations
            .iter()
            .filter(|item| uses_catalog(item, &self.attributes, id))
            .map(|item| item.id.clone())
            .collect();
        for user in users {
            let sections = self.personalizations.find_mut(&user).map(|item| &mut item.attributes.sections);
            let nodes =
                sections.into_iter().flatten().flat_map(|section| section.payload.iter_mut().flatten());
            for (_, node) in nodes {
                let Some(CatalogPayload::Lookups(lookups)) = &mut node.definition.catalog_payload else {
                    continue;
                };
                for name in lookups.iter_mut().filter_map(|lookup| lookup.catalog_name.as_mut()) {
                    if name == old {
                        new.clone_into(name);
                    }
                }
            }
        }
    }
}

impl ParentSegment {
    /// The content of a folder, for a message.
    pub fn folder_user(&self, id: &str) -> Option<String> {
        let here = |segment: &&StoredSegment| segment.folder.as_deref() == Some(id);
        if let Some(segment) = self.batch.segments.iter().find(here) {
            return Some(format!("the segment '{}'", segment.name));
        }
        let realtime = self.realtime.as_ref()?;
        if let Some(journey) = realtime.journeys.iter().find(|j| j.attributes.segment_folder_id == id) {
            return Some(format!("the journey '{}'", journey.name()));
        }
        let folder = |item: &Personalization| {
            let parent = item.relationships.get("parentFolder")?;
            Some(parent.pointer("/data/id")?.as_str()? == id)
        };
        let item = realtime.personalizations.iter().find(|item| folder(item).unwrap_or_default())?;
        Some(format!("the personalization '{}'", item.attributes.name))
    }
}

impl ParentSegment {
    /// 409 when other tables would remove something that the real-time configuration or a segment's
    /// rule uses.
    pub(super) fn check_columns_kept(&self, master: &Master, columns: &[BatchColumn]) -> Result<(), Refusal> {
        let keyed = |realtime: &Realtime| realtime.setting.ext_lookup_key.is_some();
        if self.realtime.as_ref().is_some_and(keyed) && master.profile_key != self.master.profile_key {
            let message =
                "The profile key can't be changed: it is the real-time setting's external lookup key";
            return Err(Refusal::conflict(Reason::ProfileKeyFixed, message));
        }
        let gone = |column: &&BatchColumn| !columns.iter().any(|other| other.name == column.name);
        for BatchColumn { name, .. } in self.columns.iter().filter(gone) {
            if let Some(user) = self.column_user(name) {
                let message = format!("Attribute '{name}' can't be removed: {user} uses it");
                return Err(Refusal::conflict(Reason::BatchColumnInUse, message));
            }
        }
        Ok(())
    }

    /// The users of a batch attribute, for a message.
    fn column_user(&self, name: &str) -> Option<String> {
        let uses = |realtime: &Realtime| {
            let imported = realtime.setting.batch_attributes.iter().any(|attribute| attribute.column == name);
            imported || realtime.attributes.iter().any(|attribute| backfills_from(&attribute.spec, name))
        };
        if self.realtime.as_ref().is_some_and(uses) {
            return Some("the real-time configuration".to_owned());
        }
        let asks = |segment: &&StoredSegment| {
            let rule = segment.rule.as_ref().and_then(segments::rule);
            rule.is_some_and(|rule| rule.operands().contains(&Operand::Column(name)))
        };
        let user = self.batch.segments.iter().find(asks)?;
        Some(format!("the segment '{}'", user.name))
    }
}

fn backfills_from(spec: &AttributeSpec, name: &str) -> bool {
    let backfill = match spec {
        AttributeSpec::Single(single) => single.backfill.as_ref(),
        AttributeSpec::Counter(counter) => counter.backfill.as_ref(),
        _ => None,
    };
    backfill.is_some_and(|from| from.attribute_identifier == name || from.timestamp_identifier == name)
}

impl Edit<'_> {
    /// 409 when a personalization or a journey uses the attribute.
    pub(super) fn check_unused(&self, attribute: &RealtimeAttribute) -> Result<(), Refusal> {
        let id = attribute.id.as_deref().unwrap_or_default();
        match self.realtime.attribute_user(id, None) {
            None => Ok(()),
            Some(user) => Err(Refusal::conflict(
                Reason::AttributeInUse,
                format!("Attribute '{}' can't be deleted: {user} uses it", attribute.name),
            )),
        }
    }
}

//! From a section of a plan to the platform's section.

use super::attribute_wire::default_sub;
use super::section_read::{CatalogOutput, Section, SectionOutput};
use crate::plan::criteria::RuleOperand;
use crate::plan::nearest::{did_you_mean, same_name};
use crate::platform::payload::sub_attribute;
use crate::platform::rule::Rule;
use crate::platform::wire::{
    AttributePayload, BatchSegmentRef, CatalogLookup, CatalogPayload, EntryCriteria, Extra, KeyEventCriteria,
    Later, PayloadDefinition, PayloadNode, RESPONSE_NODE, RealtimeAttribute, Section as WireSection,
    SegmentPayload, StringBuilder, StringValue,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Where a rule of a plan names an attribute, and where the wire's rule has its id.
pub(in crate::plan) const ATTRIBUTE: &str = "realtimeAttribute";
pub(in crate::plan) const ATTRIBUTE_ID: &str = "realtimeAttributeId";
/// Name of a response node when a plan does not say.
pub(in crate::plan) const RESPONSE: &str = "Response";

/// Finds what a section names.
pub trait Lookup {
    /// The id of the key event with this name.
    fn key_event(&self, name: &str) -> Option<String>;
    /// The attribute with this name; it has an id.
    fn attribute(&self, name: &str) -> Option<&RealtimeAttribute>;
    /// The sub attribute that the plan means by this name; [`default_sub`] where it does not say.
    fn planned_sub(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }
    /// The id of the batch segment with this name or id.
    fn segment(&self, name_or_id: &str) -> Option<String>;
    /// What to write in the place of a name that an attribute had.
    fn attribute_now(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }
    /// All key events' names, for suggestions.
    fn event_names(&self) -> Vec<&str>;
    /// All attributes' names, for suggestions.
    fn attribute_names(&self) -> Vec<&str>;
    /// All batch segments' names, for suggestions.
    fn segment_names(&self) -> Vec<&str>;
}

impl Section {
    /// The wire form. `existing` is the section of the same name on the platform: its ids and what
    /// the plan does not say (catalog rows, event filters, unknown profiles, names and strings) or
    /// has no words for (later fields) stay; attributes, strings and segments are replaced, and none
    /// in the plan means none.
    ///
    /// # Errors
    /// Everything that is wrong: names that do not exist, identifiers that do not fit, segments
    /// that occur twice.
    pub fn to_wire(
        &self,
        lookup: &dyn Lookup,
        existing: Option<&WireSection>,
    ) -> Result<WireSection, Vec<String>> {
        let mut errors = Vec::new();
        let key_event_id = lookup.key_event(&self.trigger_event).unwrap_or_else(|| {
            errors.push(unknown("key event", &self.trigger_event, lookup.event_names()));
            String::new()
        });
        let attributes = self.attribute_payload(lookup, &mut errors);
        let segments = self.segment_payload(lookup, &mut errors);
        let catalogs = self.catalogs.as_ref().map(|items| catalog_payload(items, lookup, &mut errors));
        let old = existing.and_then(|section| section.entry_criteria.as_ref());
        let criteria = match old {
            Some(old) if !self.criteria_given => old.profile_criteria.clone(),
            _ => self.profile_criteria(lookup, &mut errors),
        };
        if !errors.is_empty() {
            let named = |error: String| format!("section '{}': {error}", self.name);
            return Err(errors.into_iter().map(named).collect());
        }
        let definition = |old: Option<&PayloadDefinition>| PayloadDefinition {
            attribute_payload: some(attributes),
            segment_payload: segments,
            string_builder: some(self.string_builder()),
            catalog_payload: match catalogs {
                Some(lookups) => some(lookups).map(CatalogPayload::Lookups),
                None => old.and_then(|old| old.catalog_payload.clone()),
            },
            extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
        };
        Ok(WireSection {
            id: existing.and_then(|section| section.id.clone()),
            name: existing.map_or(&self.name, |section| &section.name).clone(),
            entry_criteria: Some(self.entry_criteria(&key_event_id, criteria, existing)),
            payload: Some(self.payload(existing, definition)),
            include_sensitive: self
                .include_sensitive
                .or_else(|| existing.and_then(|section| section.include_sensitive)),
            extra: existing.map(|section| section.extra.clone()).unwrap_or_default(),
        })
    }

    fn attribute_payload(&self, lookup: &dyn Lookup, errors: &mut Vec<String>) -> Vec<AttributePayload> {
        let mut payload = Vec::with_capacity(self.attributes.len());
        for output in &self.attributes {
            match resolve(output, lookup) {
                Ok(item) => payload.push(item),
                Err(why) => errors.push(why),
            }
        }
        payload
    }

    fn segment_payload(&self, lookup: &dyn Lookup, errors: &mut Vec<String>) -> Option<SegmentPayload> {
        let mut batch_segments: Vec<BatchSegmentRef> = Vec::new();
        for name in &self.batch_segments {
            match lookup.segment(name) {
                None => errors.push(unknown("batch segment", name, lookup.segment_names())),
                Some(id) if batch_segments.iter().any(|known| known.id == id) => {
                    errors.push(format!("the batch segment '{name}' (id {id}) occurs twice"));
                }
                Some(id) => batch_segments.push(BatchSegmentRef { id, later: Later::default() }),
            }
        }
        some(batch_segments).map(|batch_segments| SegmentPayload { batch_segments, extra: Extra::new() })
    }

    fn string_builder(&self) -> Vec<StringBuilder> {
        self.strings
            .iter()
            .map(|(output_name, parts)| StringBuilder {
                output_name: output_name.clone(),
                values: parts.iter().map(|text| part(text)).collect(),
                extra: Extra::new(),
            })
            .collect()
    }

    /// `None` takes everyone.
    fn profile_criteria(&self, lookup: &dyn Lookup, errors: &mut Vec<String>) -> Option<Rule> {
        if let Some(rule) = &self.criteria_rule {
            let rule = Rule::from_json(&with_ids(rule, lookup, errors));
            return Some(rule).filter(|rule| !rule.is_everything());
        }
        let mut operand = |name: &str| criteria_operand(name, lookup);
        match self.criteria.to_rule(&mut operand) {
            Ok(rule) => Some(rule).filter(|rule| !rule.is_everything()),
            Err(error) => {
                errors.push(format!("criteria: {error}\n{}", error.excerpt(&self.criteria_text)));
                None
            }
        }
    }

    fn entry_criteria(
        &self,
        key_event_id: &str,
        profile_criteria: Option<Rule>,
        existing: Option<&WireSection>,
    ) -> EntryCriteria {
        let old = existing.and_then(|section| section.entry_criteria.as_ref());
        // The same in other words, as the console may have written it, is no change.
        let profile_criteria = match old.map(|old| &old.profile_criteria) {
            Some(there) if same(there.as_ref(), profile_criteria.as_ref()) => there.clone(),
            _ => profile_criteria,
        };
        let live = old
            .and_then(|old| old.key_event_criteria.as_ref())
            .filter(|old| old.key_event_id == key_event_id);
        let later = live.map(|old| old.later.clone()).unwrap_or_default();
        let live = live.map(|old| old.key_event_filters.clone());
        let key_event_filters = match (&self.trigger_filter, live) {
            (Some(given), Some(live)) if given.same(&live) => live,
            (Some(given), _) => given.clone(),
            (None, live) => live.unwrap_or_default(),
        };
        let name = self.entry_name.as_ref().or(old.map(|old| &old.name)).unwrap_or(&self.name);
        EntryCriteria {
            name: name.clone(),
            description: self.description.clone().or_else(|| old.and_then(|old| old.description.clone())),
            key_event_criteria: Some(KeyEventCriteria {
                key_event_id: key_event_id.to_owned(),
                key_event_filters,
                later,
            }),
            profile_criteria,
            accept_unknown_profiles: self
                .accept_unknown_profiles
                .or_else(|| old.and_then(|old| old.accept_unknown_profiles)),
            extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
        }
    }

    /// The nodes: those of the existing section with the new definition in its response node, or
    /// one new node with an id of its own.
    fn payload(
        &self,
        existing: Option<&WireSection>,
        definition: impl FnOnce(Option<&PayloadDefinition>) -> PayloadDefinition,
    ) -> BTreeMap<String, PayloadNode> {
        let mut nodes = existing.and_then(|section| section.payload.clone()).unwrap_or_default();
        if let Some(node) = nodes.values_mut().find(|node| node.kind == RESPONSE_NODE) {
            if let Some(name) = &self.response_name {
                node.name.clone_from(name);
            }
            if self.response_description.is_some() {
                node.description.clone_from(&self.response_description);
            }
            node.definition = definition(Some(&node.definition));
            return nodes;
        }
        let node = PayloadNode {
            kind: RESPONSE_NODE.to_owned(),
            name: self.response_name.clone().unwrap_or_else(|| RESPONSE.to_owned()),
            description: self.response_description.clone(),
            definition: definition(None),
            extra: Extra::new(),
        };
        nodes.insert(uuid::Uuid::new_v4().simple().to_string(), node);
        nodes
    }
}

/// A part of a string.
fn part(text: &str) -> StringValue {
    StringValue { kind: "String".to_owned(), value: text.to_owned() }
}

/// Whether both mean the same; none takes everyone.
pub(super) fn same(a: Option<&Rule>, b: Option<&Rule>) -> bool {
    let everyone = Rule::everything();
    a.unwrap_or(&everyone).same(b.unwrap_or(&everyone))
}

fn catalog_payload(
    items: &[CatalogOutput],
    lookup: &dyn Lookup,
    errors: &mut Vec<String>,
) -> Vec<CatalogLookup> {
    let mut lookups = Vec::with_capacity(items.len());
    for item in items {
        match attribute_id(&item.attribute, lookup) {
            Err(why) => errors.push(why),
            Ok(id) => lookups.push(CatalogLookup {
                catalog_name: Some(item.catalog.clone()),
                lookup_attribute_id: Some(id),
                lookup_column: Some(item.column.clone()),
                output_name: Some(item.output_name.clone()),
                extra: Extra::new(),
            }),
        }
    }
    lookups
}

/// The wire's rule for one that names attributes.
pub(in crate::plan) fn with_ids(value: &Value, lookup: &dyn Lookup, errors: &mut Vec<String>) -> Value {
    replace_names(value, &mut |name| match attribute_id(name, lookup) {
        Ok(id) => Some(id),
        Err(why) => {
            errors.push(format!("criteria: {why}"));
            None
        }
    })
}

/// A rule with what `id` gives in the place of each attribute's name; a name without an id goes.
pub(in crate::plan) fn replace_names(value: &Value, id: &mut dyn FnMut(&str) -> Option<String>) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| replace_names(item, id)).collect(),
        Value::Object(map) => {
            let mut found = Map::new();
            for (key, inner) in map {
                match (key.as_str(), inner) {
                    (ATTRIBUTE, Value::String(name)) => {
                        found.extend(id(name).map(|id| (ATTRIBUTE_ID.to_owned(), Value::from(id))));
                    }
                    _ => {
                        found.insert(key.clone(), replace_names(inner, id));
                    }
                }
            }
            Value::Object(found)
        }
        other => other.clone(),
    }
}

fn attribute_id(name: &str, lookup: &dyn Lookup) -> Result<String, String> {
    let attribute = lookup.attribute(name).ok_or_else(|| unknown_attribute(name, lookup))?;
    id_of(attribute)
}

pub(in crate::plan) fn resolve(
    output: &SectionOutput,
    lookup: &dyn Lookup,
) -> Result<AttributePayload, String> {
    let attribute =
        lookup.attribute(&output.attribute).ok_or_else(|| unknown_attribute(&output.attribute, lookup))?;
    let planned = lookup.planned_sub(&output.attribute);
    let sub = output.sub.as_deref().or(planned.as_deref()).or_else(|| default_sub(attribute));
    sub_attribute(attribute, sub)?;
    // A name that is live already keeps its spelling.
    let live = Some(&attribute.name).filter(|live| same_name(live, &output.output_name));
    Ok(AttributePayload {
        realtime_attribute_id: id_of(attribute)?,
        sub_attribute_identifier: sub.map(str::to_owned),
        output_name: live.unwrap_or(&output.output_name).clone(),
        extra: Extra::new(),
    })
}

/// `name`, or `name.sub` for a list's aggregation or a counter's window that is not the default.
pub(in crate::plan) fn criteria_operand(name: &str, lookup: &dyn Lookup) -> Result<RuleOperand, String> {
    if let Some(attribute) = lookup.attribute(name) {
        let sub = lookup.planned_sub(name).or_else(|| default_sub(attribute).map(str::to_owned));
        return Ok(RuleOperand::Attribute { id: id_of(attribute)?, sub });
    }
    let parts = name.rsplit_once('.').and_then(|(head, sub)| Some((lookup.attribute(head)?, sub)));
    match parts {
        Some((attribute, sub)) => {
            sub_attribute(attribute, Some(sub))?;
            Ok(RuleOperand::Attribute { id: id_of(attribute)?, sub: Some(sub.to_owned()) })
        }
        None => Err(unknown_attribute(name, lookup)),
    }
}

fn id_of(attribute: &RealtimeAttribute) -> Result<String, String> {
    attribute.id.clone().ok_or_else(|| format!("the attribute '{}' has no id yet", attribute.name))
}

fn unknown_attribute(name: &str, lookup: &dyn Lookup) -> String {
    match lookup.attribute_now(name) {
        Some(now) => format!("there is no attribute '{name}'; {now}"),
        None => unknown("attribute", name, lookup.attribute_names()),
    }
}

fn unknown(what: &str, name: &str, known: Vec<&str>) -> String {
    match did_you_mean(name, known.iter().copied()) {
        Some(fix) => format!("there is no {what} '{name}'; {fix}"),
        None => format!("there is no {what} '{name}'"),
    }
}

/// `None` for an empty list: the platform rejects empty arrays.
fn some<T>(items: Vec<T>) -> Option<Vec<T>> {
    if items.is_empty() { None } else { Some(items) }
}

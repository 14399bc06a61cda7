//! Sections: criteria and payload.

use super::{Exporter, put, put_filter, put_list, refusal};
use crate::plan::criteria::{self, RuleOperand};
use crate::plan::keys;
use crate::plan::model::section::{ATTRIBUTE, ATTRIBUTE_ID, RESPONSE, criteria_operand, resolve, with_ids};
use crate::plan::model::{SectionOutput, default_sub};
use crate::platform::limits::OUTPUT_NAME_CHARACTERS;
use crate::platform::rule::Rule;
use crate::platform::wire::{
    AttributePayload, CatalogLookup, CatalogPayload, EntryCriteria, Extra, KeyEventCriteria,
    PayloadDefinition, PayloadNode, RESPONSE_NODE, Section, StringBuilder,
};
use serde_json::{Map, Value};
use std::collections::HashSet;

impl Exporter<'_> {
    pub(super) fn section(
        &mut self,
        section: &Section,
        trigger: Option<&str>,
        what: &str,
    ) -> Result<Map<String, Value>, String> {
        // What `extra` and `later` hold is reported by `unknown_fields`.
        let Section { id: _, name, entry_criteria, payload: _, include_sensitive, extra: _ } = section;
        let node = self.response_node(section, what)?;
        let EntryCriteria {
            name: entry_name,
            description,
            key_event_criteria,
            profile_criteria,
            accept_unknown_profiles,
            extra: _,
        } = entry_criteria.as_ref().ok_or("it has no entry criteria")?;
        let KeyEventCriteria { key_event_id, key_event_filters, later: _ } =
            key_event_criteria.as_ref().ok_or("it has no key event")?;
        let PayloadNode { kind: _, name: node_name, description: of_node, definition, extra: _ } = node;
        let mut map = Map::new();
        map.insert("name".into(), name.as_str().into());
        put(&mut map, "description", description.clone());
        let event = self.event_name(key_event_id)?;
        put(&mut map, "trigger_event", Some(event).filter(|event| Some(*event) != trigger));
        put_filter(&mut map, ["trigger_filter", "trigger_where"], key_event_filters)?;
        let criteria = self.criteria(profile_criteria.as_ref(), what)?;
        map.insert("criteria".into(), criteria);
        self.outputs(&mut map, definition, what)?;
        self.segments(&mut map, definition, what);
        put(&mut map, "entry_name", Some(entry_name).filter(|entry_name| *entry_name != name).cloned());
        put(&mut map, "accept_unknown_profiles", *accept_unknown_profiles);
        // The platform's own default is that they are left out.
        put(&mut map, "include_sensitive", include_sensitive.filter(|include| *include));
        put(&mut map, "response_name", Some(node_name.as_str()).filter(|name| *name != RESPONSE));
        put(&mut map, "response_description", of_node.clone());
        self.unknown_fields(section, node, what);
        Ok(map)
    }

    fn response_node<'s>(&mut self, section: &'s Section, what: &str) -> Result<&'s PayloadNode, String> {
        let nodes = section.payload.iter().flatten().map(|(_, node)| node);
        let mut found = nodes.filter(|node| node.kind == RESPONSE_NODE);
        let node = found.next().ok_or("it has no response node")?;
        if section.payload.as_ref().is_some_and(|nodes| nodes.len() > 1) {
            self.warn(format!("{what} has several nodes; all but the first response node are left out"));
        }
        Ok(node)
    }

    /// Who gets it, as text; where the language has no words for it, as a rule that names
    /// attributes.
    fn criteria(&mut self, rule: Option<&Rule>, what: &str) -> Result<Value, String> {
        let Some(rule) = rule else { return Ok("".into()) };
        let mut unknown = Vec::new();
        let written = self.rule_text(rule, &mut unknown)?;
        for id in unknown {
            self.warn(format!("the criteria of {what} keep the id {id}: no attribute has it"));
        }
        Ok(written)
    }

    /// A rule over attributes as text, or, where the language has no words for it, as a rule that names
    /// attributes; ids that no attribute has stay in it.
    pub(super) fn rule_text(&self, rule: &Rule, unknown: &mut Vec<String>) -> Result<Value, String> {
        let meaning = criteria::canonical(rule);
        if let Some(text) = criteria::render(rule, &|id, sub| self.operand(id, sub)) {
            let expr = criteria::parse(&text).ok();
            let read = expr.and_then(|expr| expr.to_rule(&mut |name| criteria_operand(name, self)).ok());
            if read == Some(meaning.clone()) {
                return Ok(text.into());
            }
        }
        let named = self.named(&meaning.to_json(), unknown);
        let read = Rule::from_json(&with_ids(&named, self, &mut Vec::new()));
        if !named.is_object() || criteria::canonical(&read) != meaning {
            return Err(format!("its criteria have an unknown form: {}", rule.to_json()));
        }
        refusal(&named)?;
        Ok(named)
    }

    /// `name`, or `name.sub` where it is not the one that a reader would take by itself.
    fn operand(&self, id: &str, sub: Option<&str>) -> Option<String> {
        let attribute = self.attribute_by_id(id).ok()?;
        let name = match sub {
            Some(sub) if default_sub(attribute) != Some(sub) => format!("{}.{sub}", attribute.name),
            _ => attribute.name.clone(),
        };
        let wanted = RuleOperand::Attribute { id: id.to_owned(), sub: sub.map(str::to_owned) };
        (criteria_operand(&name, self) == Ok(wanted)).then_some(name)
    }

    /// The rule with names in the place of ids; ids that no attribute has stay.
    fn named(&self, value: &Value, unknown: &mut Vec<String>) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.named(item, unknown)).collect(),
            Value::Object(map) => {
                let mut found = Map::new();
                for (key, inner) in map {
                    match (key.as_str(), inner) {
                        (ATTRIBUTE_ID, Value::String(id)) => match self.attribute_by_id(id) {
                            Ok(attribute) => {
                                found.insert(ATTRIBUTE.to_owned(), attribute.name.as_str().into());
                            }
                            Err(_) => {
                                unknown.push(id.clone());
                                found.insert(key.clone(), inner.clone());
                            }
                        },
                        _ => {
                            found.insert(key.clone(), self.named(inner, unknown));
                        }
                    }
                }
                Value::Object(found)
            }
            other => other.clone(),
        }
    }

    /// Attributes, strings and catalog rows.
    fn outputs(
        &mut self,
        map: &mut Map<String, Value>,
        definition: &PayloadDefinition,
        what: &str,
    ) -> Result<(), String> {
        // Segments are exported by `segments`.
        let PayloadDefinition {
            attribute_payload,
            segment_payload: _,
            string_builder,
            catalog_payload,
            extra: _,
        } = definition;
        let mut names = HashSet::new();
        let mut attributes = Vec::new();
        for item in attribute_payload.iter().flatten() {
            let output = output_name(&mut names, &item.output_name).and_then(|()| self.output(item));
            attributes.extend(self.output_or_warn(output, &item.output_name, what));
        }
        let mut strings = Map::new();
        for item in string_builder.iter().flatten() {
            let output = output_name(&mut names, &item.output_name).and_then(|()| text(item));
            let output = self.output_or_warn(output, &item.output_name, what);
            put(&mut strings, &item.output_name, output);
        }
        let mut catalogs = Vec::new();
        if let Some(CatalogPayload::Other(_)) = catalog_payload {
            self.warn(format!("the catalog payload of {what} is left out: it has an unknown form"));
        }
        for item in catalog_payload.iter().flat_map(CatalogPayload::lookups) {
            let name = item.output_name.as_deref().unwrap_or_default();
            let output = output_name(&mut names, name).and_then(|()| self.catalog(item));
            catalogs.extend(self.output_or_warn(output, name, what));
        }
        if attributes.is_empty() && strings.is_empty() && catalogs.is_empty() {
            return Err("it has no output that a plan can name".into());
        }
        put_list(map, "attributes", attributes);
        put(map, "strings", Some(strings).filter(|strings| !strings.is_empty()));
        put_list(map, "catalogs", catalogs);
        Ok(())
    }

    fn output_or_warn(&mut self, output: Result<Value, String>, name: &str, what: &str) -> Option<Value> {
        match output {
            Ok(value) => Some(value),
            Err(why) => {
                self.warn(format!("the output '{name}' of {what} is left out: {why}"));
                None
            }
        }
    }

    fn output(&self, item: &AttributePayload) -> Result<Value, String> {
        let AttributePayload { realtime_attribute_id, sub_attribute_identifier, output_name, extra: _ } =
            item;
        let attribute = self.attribute_by_id(realtime_attribute_id)?;
        let sub = sub_attribute_identifier.as_deref();
        let mut map = Map::new();
        map.insert("name".into(), attribute.name.as_str().into());
        put(&mut map, "as", Some(output_name.as_str()).filter(|name| *name != attribute.name));
        put(&mut map, "sub", sub.filter(|sub| default_sub(attribute) != Some(*sub)));
        let output = SectionOutput {
            attribute: attribute.name.clone(),
            output_name: output_name.clone(),
            sub: map.get("sub").and_then(Value::as_str).map(str::to_owned),
            at: String::new(),
        };
        let read = resolve(&output, self)?;
        if read.realtime_attribute_id != *realtime_attribute_id
            || read.sub_attribute_identifier != *sub_attribute_identifier
        {
            return Err(format!("the name '{}' would mean another one", attribute.name));
        }
        Ok(if map.len() == 1 { attribute.name.as_str().into() } else { Value::Object(map) })
    }

    fn catalog(&self, item: &CatalogLookup) -> Result<Value, String> {
        let need = |field: &Option<String>, name: &str| field.clone().ok_or(format!("it has no {name}"));
        let CatalogLookup { catalog_name, lookup_attribute_id, lookup_column, output_name, extra: _ } = item;
        let mut map = Map::new();
        let catalog = need(catalog_name, "catalog")?;
        let id = need(lookup_attribute_id, "attribute")?;
        map.insert("catalog".into(), catalog.clone().into());
        map.insert("attribute".into(), self.attribute_by_id(&id)?.name.as_str().into());
        map.insert("column".into(), need(lookup_column, "column")?.into());
        let name = need(output_name, "name")?;
        put(&mut map, "as", Some(name).filter(|name| *name != catalog));
        Ok(Value::Object(map))
    }

    /// Batch segments by name, by id where the name is not theirs alone.
    fn segments(&mut self, map: &mut Map<String, Value>, definition: &PayloadDefinition, what: &str) {
        let live = self.live;
        let mut names = Vec::new();
        for item in definition.segment_payload.iter().flat_map(|payload| &payload.batch_segments) {
            let Some(segment) = live.segments.iter().find(|segment| segment.id == item.id) else {
                let id = &item.id;
                self.warn(format!("the batch segment {id} of {what} is left out: there is no such segment"));
                continue;
            };
            let same = live.segments.iter().filter(|there| there.name == segment.name).count();
            let named = same == 1 && self.is_its_name(&segment.name, &segment.id);
            names.push(if named { segment.name.as_str() } else { segment.id.as_str() }.into());
        }
        put_list(map, "batch_segments", names);
    }

    fn is_its_name(&self, name: &str, id: &str) -> bool {
        use crate::plan::model::Lookup;
        !name.trim().is_empty() && !name.contains('<') && self.segment(name).as_deref() == Some(id)
    }

    /// Fields of later versions stay where they are live; a plan has no words for them.
    fn unknown_fields(&mut self, section: &Section, node: &PayloadNode, what: &str) {
        let definition = &node.definition;
        let mut extras: Vec<&Extra> = vec![&section.extra, &node.extra, &definition.extra];
        extras.extend(section.entry_criteria.iter().map(|entry| &entry.extra));
        extras.extend(definition.attribute_payload.iter().flatten().map(|item| &item.extra));
        extras.extend(definition.string_builder.iter().flatten().map(|item| &item.extra));
        extras.extend(definition.segment_payload.iter().map(|item| &item.extra));
        let lookups = definition.catalog_payload.iter().flat_map(CatalogPayload::lookups);
        extras.extend(lookups.map(|item| &item.extra));
        let entry = section.entry_criteria.iter();
        extras.extend(entry.flat_map(|entry| &entry.key_event_criteria).map(|event| &*event.later.0));
        let segments = definition.segment_payload.iter().flat_map(|item| &item.batch_segments);
        extras.extend(segments.map(|segment| &*segment.later.0));
        let mut names: Vec<&str> = extras.into_iter().flat_map(Map::keys).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            let names = names.join(", ");
            self.warn(format!("{what} has fields that a plan does not know and that are left out: {names}"));
        }
    }
}

/// Whether a plan can have this output name beside the others.
fn output_name<'n>(names: &mut HashSet<&'n str>, name: &'n str) -> Result<(), String> {
    let length = name.chars().count();
    if name.trim().is_empty() {
        Err("its name is blank".into())
    } else if length > OUTPUT_NAME_CHARACTERS {
        Err(format!("its name has {length} characters; the limit is {OUTPUT_NAME_CHARACTERS}"))
    } else if !names.insert(name) {
        Err("its name occurs twice".into())
    } else {
        Ok(())
    }
}

/// A string, or the list of its parts.
fn text(item: &StringBuilder) -> Result<Value, String> {
    let StringBuilder { output_name, values, extra: _ } = item;
    if let Some(other) = values.iter().find(|value| value.kind != "String") {
        return Err(format!("it has a part of the type {}", other.kind));
    }
    if values.iter().any(|part| part.value.contains("{{") || part.value.contains("}}")) {
        return Err("its string has {{ or }}".into());
    }
    match values.as_slice() {
        [] => Err("it has no string".into()),
        // Alone it would be taken for a key of the section.
        [one] if !keys::is_too_deep(output_name, keys::of("personalization_service.sections"), |_| false) => {
            Ok(one.value.as_str().into())
        }
        parts => Ok(parts.iter().map(|part| Value::from(part.value.as_str())).collect()),
    }
}

//! The rules of a personalization's payload, checked by the client before anything is sent and by
//! the sandbox when it is received.
//!
//! Source: the published payload examples and their troubleshooting notes.

mod catalog;

pub use catalog::drives;

use super::limits::OUTPUT_NAME_CHARACTERS;
use super::wire::{
    AttributeSpec, CatalogPayload, CounterType, PayloadDefinition, PayloadNode, RESPONSE_NODE,
    RealtimeAttribute, Section,
};
use std::collections::HashSet;

/// A field in the platform's own spelling, and its word for what is wrong with it (published validation
/// rules: "`output_name: duplicated`").
pub type Word = (&'static str, &'static str);

/// A rule that a payload breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer from the personalization's `attributes`, for example
    /// `/sections/0/payload/<node>/definition/attributePayload/1/outputName`.
    pub pointer: String,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// The platform's own word for it, where one is published.
    pub word: Option<Word>,
}

/// Finds an attribute by `realtimeAttributeId`.
pub trait Attributes {
    /// The attribute with this id.
    fn by_id(&self, id: &str) -> Option<&RealtimeAttribute>;
    /// The lookup catalog attribute with this `catalogName`: the one of that name, else the first
    /// over the table of that name (our choice; the published rules only say that it is required).
    fn by_catalog(&self, name: &str) -> Option<&RealtimeAttribute>;
}

impl Attributes for [RealtimeAttribute] {
    fn by_id(&self, id: &str) -> Option<&RealtimeAttribute> {
        self.iter().find(|attribute| attribute.id.as_deref() == Some(id))
    }

    fn by_catalog(&self, name: &str) -> Option<&RealtimeAttribute> {
        let table = |attribute: &RealtimeAttribute| match &attribute.spec {
            AttributeSpec::LookupCatalog(spec) => Some(spec.lookup_catalog_table_name.clone()),
            _ => None,
        };
        let named = self.iter().find(|attribute| attribute.name == name && table(attribute).is_some());
        named.or_else(|| self.iter().find(|attribute| table(attribute).as_deref() == Some(name)))
    }
}

/// Checks every section's payload. An empty answer means that all rules hold.
pub fn check(sections: &[Section], attributes: &(impl Attributes + ?Sized)) -> Vec<Violation> {
    let mut found = Findings::default();
    let mut names = HashSet::new();
    for (index, section) in sections.iter().enumerate() {
        let at = format!("/sections/{index}");
        if !names.insert(section.name.as_str()) {
            found.add(&format!("{at}/name"), format!("the section name '{}' occurs twice", section.name));
        }
        let Some(nodes) = section.payload.as_ref().filter(|nodes| !nodes.is_empty()) else {
            found.add(&format!("{at}/payload"), "a section needs a payload with one response node".into());
            continue;
        };
        if nodes.len() > 1 {
            let message = format!("a payload has one response node, not {}", nodes.len());
            found.add(&format!("{at}/payload"), message);
        }
        let mut outputs = HashSet::new();
        for (id, node) in nodes {
            check_node(&mut found, &format!("{at}/payload/{id}"), id, node, attributes, &mut outputs);
        }
    }
    found.0
}

#[derive(Default)]
struct Findings(Vec<Violation>);

impl Findings {
    fn add(&mut self, pointer: &str, message: String) {
        self.0.push(Violation { pointer: pointer.to_owned(), message, word: None });
    }

    fn add_word(&mut self, pointer: &str, message: String, word: Option<Word>) {
        self.0.push(Violation { pointer: pointer.to_owned(), message, word });
    }

    /// `outputName` is unique over all kinds of payload of a section, and at most 256 characters.
    fn output_name(&mut self, at: &str, name: &str, seen: &mut HashSet<String>) {
        let pointer = format!("{at}/outputName");
        let length = name.chars().count();
        if length == 0 {
            self.add(&pointer, "the output name can't be blank".into());
        } else if length > OUTPUT_NAME_CHARACTERS {
            let limit =
                format!("the output name has {length} characters; the limit is {OUTPUT_NAME_CHARACTERS}");
            self.add(&pointer, limit);
        } else if !seen.insert(name.to_owned()) {
            let message = format!("the output name '{name}' occurs twice in this section");
            self.add_word(&pointer, message, Some(("output_name", "duplicated")));
        }
    }
}

/// Whether `id` is a node id: 32 lower-case hex digits.
pub fn is_node_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn check_node(
    found: &mut Findings,
    at: &str,
    id: &str,
    node: &PayloadNode,
    attributes: &(impl Attributes + ?Sized),
    outputs: &mut HashSet<String>,
) {
    if !is_node_id(id) {
        found.add(at, format!("the node id '{id}' is not 32 lower-case hex digits"));
    }
    if node.kind != RESPONSE_NODE {
        found.add(
            &format!("{at}/type"),
            format!("the node type must be {RESPONSE_NODE}, not '{}'", node.kind),
        );
    }
    let at = format!("{at}/definition");
    check_blank(found, &at, &node.definition);
    for (index, item) in node.definition.attribute_payload.iter().flatten().enumerate() {
        let at = format!("{at}/attributePayload/{index}");
        found.output_name(&at, &item.output_name, outputs);
        match attributes.by_id(&item.realtime_attribute_id) {
            None => found.add(
                &format!("{at}/realtimeAttributeId"),
                format!("there is no real-time attribute with the id {}", item.realtime_attribute_id),
            ),
            Some(attribute) => check_sub(found, &at, attribute, item.sub_attribute_identifier.as_deref()),
        }
    }
    for (index, item) in node.definition.string_builder.iter().flatten().enumerate() {
        let at = format!("{at}/stringBuilder/{index}");
        found.output_name(&at, &item.output_name, outputs);
        if item.values.is_empty() {
            found.add(&format!("{at}/values"), "the values can't be blank".into());
        }
        for (part, value) in item.values.iter().enumerate() {
            let at = format!("{at}/values/{part}");
            if value.kind != "String" {
                found.add(&format!("{at}/type"), format!("the type must be String, not '{}'", value.kind));
            }
            if value.value.contains("{{") || value.value.contains("}}") {
                let word = ("string_builder", "personalization_invalid_string_builder");
                found.add_word(
                    &format!("{at}/value"),
                    "the string must not contain {{ or }}".into(),
                    Some(word),
                );
            }
        }
    }
    check_segments(found, &at, &node.definition);
    catalog::check(found, &at, &node.definition, attributes, outputs);
}

/// `null` instead of empty arrays, and at least one kind of payload.
fn check_blank(found: &mut Findings, at: &str, definition: &PayloadDefinition) {
    let catalog_empty =
        matches!(&definition.catalog_payload, Some(CatalogPayload::Lookups(l)) if l.is_empty());
    let catalog_some = definition.catalog_payload.is_some();
    if definition.attribute_payload.as_ref().is_some_and(Vec::is_empty)
        || definition.string_builder.as_ref().is_some_and(Vec::is_empty)
        || catalog_empty
    {
        // Word for word what the platform says, whichever of the arrays is empty.
        let word = ("attribute_payload", "can't be blank");
        found.add_word(
            &format!("{at}/attributePayload"),
            "attribute_payload can't be blank".into(),
            Some(word),
        );
    } else if definition.attribute_payload.is_none() && definition.string_builder.is_none() && !catalog_some {
        found.add(at, "one of attributePayload, stringBuilder and catalogPayload is needed".into());
    }
}

/// A list needs an aggregation's identifier, a sliding counter a sub-duration's; a catalog may have
/// a column's name; others have none.
fn check_sub(found: &mut Findings, at: &str, attribute: &RealtimeAttribute, sub: Option<&str>) {
    if let Err(message) = sub_attribute(attribute, sub) {
        let word = ("sub_attribute_identifier", "invalid_attribute");
        found.add_word(&format!("{at}/subAttributeIdentifier"), message, Some(word));
    }
}

/// Whether `sub` is a `subAttributeIdentifier` that this attribute can have. The error is a
/// sentence without a full stop.
pub fn sub_attribute(attribute: &RealtimeAttribute, sub: Option<&str>) -> Result<(), String> {
    let name = &attribute.name;
    let one_of = |what: &str, known: Vec<&str>| match sub {
        Some(sub) if known.contains(&sub) => Ok(()),
        Some(sub) => Err(format!("'{sub}' is no {what} of '{name}'; it has {}", known.join(", "))),
        None => Err(format!("'{name}' needs the identifier of one of its {what}s: {}", known.join(", "))),
    };
    match &attribute.spec {
        AttributeSpec::List(list) => {
            one_of("aggregation", list.aggregations.iter().map(|a| a.identifier.as_str()).collect())
        }
        AttributeSpec::Counter(counter) if counter.counter_type == CounterType::Sliding => {
            one_of("sub-duration", counter.sub_durations.iter().map(|d| d.identifier.as_str()).collect())
        }
        // Our choice: a catalog answers its rows, or one column of them.
        AttributeSpec::LookupCatalog(catalog) if sub.is_some() => one_of(
            "column",
            catalog.lookup_catalog_columns.iter().map(|column| column.name.as_str()).collect(),
        ),
        spec => match sub {
            None => Ok(()),
            Some(_) => {
                let kind = match spec {
                    AttributeSpec::Counter(_) => "total counter",
                    other => other.kind(),
                };
                Err(format!("the {kind} attribute '{name}' can't have a subAttributeIdentifier"))
            }
        },
    }
}

fn check_segments(found: &mut Findings, at: &str, definition: &PayloadDefinition) {
    let Some(segments) = &definition.segment_payload else { return };
    if segments.batch_segments.is_empty() {
        found.add(&format!("{at}/segmentPayload/batchSegments"), "the batch segments can't be blank".into());
    }
    let mut ids = HashSet::new();
    for (index, segment) in segments.batch_segments.iter().enumerate() {
        if !ids.insert(segment.id.as_str()) {
            found.add(
                &format!("{at}/segmentPayload/batchSegments/{index}/id"),
                format!("the batch segment {} occurs twice", segment.id),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn attributes() -> Vec<RealtimeAttribute> {
        serde_json::from_value(json!([
            {"id": "1", "name": "last", "identifier": "last", "type": "single", "realtimeKeyEventId": "9",
             "valueColumn": "p", "dataType": "string"},
            {"id": "2", "name": "items", "identifier": "items", "type": "list", "realtimeKeyEventId": "9",
             "idColumn": "p", "aggregations": [{"name": "i", "identifier": "i", "aggregationType": "distinct_list", "column": "p"}]},
            {"id": "3", "name": "views", "identifier": "views", "type": "counter", "realtimeKeyEventId": "9",
             "counterType": "total", "increment": {"type": "const", "value": 1}},
            {"id": "4", "name": "tier", "identifier": "tier", "type": "imported"},
            {"id": "5", "name": "Offers", "identifier": "offers", "type": "lookupCatalog",
             "lookupCatalogTableName": "offers", "lookupKeys": [{"id": "product_id", "type": "string"}],
             "lookupCatalogColumns": [{"name": "discount", "dataType": "number"}]}
        ]))
        .unwrap()
    }

    pub(super) fn messages(definition: Value) -> Vec<String> {
        let node = "0123456789abcdef0123456789abcdef";
        let section: Section = serde_json::from_value(json!({
            "name": "s", "entryCriteria": null,
            "payload": {node: {"type": "ResponseNode", "name": "r", "definition": definition}}
        }))
        .unwrap();
        check(&[section], attributes().as_slice()).into_iter().map(|v| v.message).collect()
    }

    #[test]
    fn a_right_payload_passes() {
        assert!(
            messages(json!({"attributePayload": [
                {"realtimeAttributeId": "1", "outputName": "a"},
                {"realtimeAttributeId": "2", "subAttributeIdentifier": "i", "outputName": "b"},
                {"realtimeAttributeId": "3", "outputName": "c"}], "segmentPayload": null, "stringBuilder": null}))
            .is_empty()
        );
    }

    #[test]
    fn each_rule_is_found() {
        for (definition, part) in [
            (json!({"attributePayload": [], "stringBuilder": null}), "attribute_payload can't be blank"),
            (json!({"attributePayload": null, "stringBuilder": []}), "attribute_payload can't be blank"),
            (json!({}), "one of attributePayload"),
            (
                json!({"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}),
                "no real-time attribute",
            ),
            (
                json!({"attributePayload": [{"realtimeAttributeId": "2", "outputName": "a"}]}),
                "needs the identifier",
            ),
            (
                json!({"attributePayload": [{"realtimeAttributeId": "1", "subAttributeIdentifier": "i", "outputName": "a"}]}),
                "can't have a subAttributeIdentifier",
            ),
            (
                json!({"attributePayload": [{"realtimeAttributeId": "1", "outputName": "a"}, {"realtimeAttributeId": "3", "outputName": "a"}]}),
                "occurs twice in this section",
            ),
            (
                json!({"stringBuilder": [{"outputName": "a", "values": [{"type": "String", "value": "{{x}}"}]}]}),
                "must not contain",
            ),
            (json!({"stringBuilder": [{"outputName": "a", "values": []}]}), "values can't be blank"),
            (
                json!({"attributePayload": [{"realtimeAttributeId": "1", "outputName": "a"}], "segmentPayload": {"batchSegments": []}}),
                "batch segments can't be blank",
            ),
            (json!({"catalogPayload": "x"}), "must be null or a list of objects"),
            (json!({"catalogPayload": {}}), "must be null or a list of objects"),
            (json!({"catalogPayload": [1]}), "must be null or a list of objects"),
        ] {
            let found = messages(definition.clone());
            assert!(found.len() == 1 && found[0].contains(part), "{definition}: {found:?}");
        }
    }
}

//! The personalization entity.

use super::Checker;
use crate::plan::finding::Mend;
use crate::plan::tree::escape;
use crate::platform::fields::{CRITERIA, ENTITY, NODE, SECTION};
use crate::platform::limits::RESPONSE_BYTES;
use crate::platform::payload::{self, Attributes, Violation, is_node_id};
use crate::platform::wire::{RealtimeAttribute, Section};
use serde_json::{Map, Value};
use std::collections::HashSet;

const BLANK: &str =
    "an empty array is refused with \"attribute_payload can't be blank\", whichever array it is";

const RESOURCE: [&str; 5] = ["id", "type", "attributes", "relationships", "links"];
/// Offline, no id is known; findings of the payload's rules that come from that are dropped.
struct Offline;

impl Attributes for Offline {
    fn by_id(&self, _: &str) -> Option<&RealtimeAttribute> {
        None
    }
    fn by_catalog(&self, _: &str) -> Option<&RealtimeAttribute> {
        None
    }
}

pub(super) fn check(checker: &mut Checker<'_>, root: &Map<String, Value>) {
    match root.get("data") {
        Some(Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                match item {
                    Value::Object(map) => resource(checker, map, &format!("/data/{index}")),
                    _ => {
                        checker.error("wrong-type", &format!("/data/{index}"), "an entity is a mapping", None)
                    }
                }
            }
        }
        Some(Value::Object(map)) => resource(checker, map, "/data"),
        _ => resource(checker, root, ""),
    }
}

fn resource(checker: &mut Checker<'_>, map: &Map<String, Value>, at: &str) {
    let (attributes, inner) = match map.get("attributes") {
        Some(Value::Object(attributes)) => (attributes, format!("{at}/attributes")),
        _ => {
            let fix = r#"the body is {"attributes": {…}, "relationships": {…}}"#;
            checker.error("missing-field", at, "the entity's fields must be in 'attributes'", Some(fix));
            (map, at.to_owned())
        }
    };
    checker.text(attributes, &inner, "name", "an entity");
    // What was read has an id, and is not sent as it is.
    let is_read = map.contains_key("id");
    checker.is_read = is_read;
    if !is_read || attributes.contains_key("audienceId") {
        match attributes.get("audienceId") {
            Some(Value::Number(_)) => {
                checker.error("wrong-type", &format!("{inner}/audienceId"), "'audienceId' is a string", None);
            }
            _ => {
                checker.text(attributes, &inner, "audienceId", "an entity");
            }
        }
    }
    checker.unknown_keys(map, at, &RESOURCE);
    checker.unknown_keys(attributes, &inner, &ENTITY);
    if !is_read && !attributes.contains_key("description") {
        let fix = Some("write null for none");
        checker.error("missing-field", &inner, "an entity needs 'description', which may be null", fix);
    }
    if attributes.get("description").is_some_and(|text| !(text.is_null() || text.is_string())) {
        let pointer = format!("{inner}/description");
        checker.error("wrong-type", &pointer, "'description' is a string or null", None);
    }
    let sent = attributes.get("sections").and_then(Value::as_array);
    // Only existing sections have an id.
    let changes = sent.into_iter().flatten().any(|section| section.get("id").is_some());
    if !checker.folder(map, at) && !is_read && !changes {
        // The contract does not require it; the published workflow always names one.
        let fix = r#"add "relationships": {"parentFolder": {"data": {"id": "…", "type": "folder-segment"}}}"#;
        let message = "a create names the folder that the entity goes into";
        checker.warn("missing-folder", at, message, Some(fix));
    }
    match attributes.get("sections") {
        Some(Value::Array(items)) => sections(checker, items, &inner),
        Some(_) => checker.error("wrong-type", &format!("{inner}/sections"), "'sections' is a list", None),
        None => checker.warn("missing-field", &inner, "an entity without 'sections' answers nothing", None),
    }
}

fn sections(checker: &mut Checker<'_>, items: &[Value], at: &str) {
    if items.is_empty() {
        let message = "an entity without sections answers nothing";
        checker.warn("missing-field", &format!("{at}/sections"), message, None);
    }
    let mut names = HashSet::new();
    for (index, item) in items.iter().enumerate() {
        let at = format!("{at}/sections/{index}");
        let Value::Object(map) = item else {
            checker.error("wrong-type", &at, "a section is a mapping of keys", None);
            continue;
        };
        if let Some(name) = checker.text(map, &at, "name", "a section")
            && !names.insert(name)
        {
            let message = format!("the section name '{name}' occurs twice");
            checker.error("duplicate-name", &format!("{at}/name"), message, None);
        }
        entry_criteria(checker, map, &at);
        checker.unknown_keys(map, &at, &SECTION);
        sensitive(checker, map, &at);
        if let Some(section) = nodes(checker, map, &at).and_then(|payload| typed(map, payload)) {
            rules(checker, &section, &at);
        }
    }
}

/// The section as the platform's type, with what was already reported mended.
fn typed(item: &Map<String, Value>, payload: Map<String, Value>) -> Option<Section> {
    let mut whole = item.clone();
    whole.retain(|key, _| ["includeSensitive"].contains(&key.as_str()));
    whole.insert("name".to_owned(), "x".into());
    whole.insert("entryCriteria".to_owned(), Value::Null);
    whole.insert("payload".to_owned(), Value::Object(payload));
    serde_json::from_value(Value::Object(whole)).ok()
}

fn entry_criteria(checker: &mut Checker<'_>, section: &Map<String, Value>, at: &str) {
    let pointer = format!("{at}/entryCriteria");
    let criteria = match section.get("entryCriteria") {
        None => {
            checker.error("missing-field", at, "a section needs 'entryCriteria'", None);
            return;
        }
        Some(Value::Null) => &Map::new(),
        Some(Value::Object(criteria)) => {
            checker.fields(&mut criteria.clone(), &pointer, &CRITERIA);
            criteria
        }
        Some(_) => {
            checker.error("wrong-type", &pointer, "'entryCriteria' is a mapping of keys", None);
            return;
        }
    };
    if criteria.get("keyEventCriteria").is_none_or(Value::is_null) {
        let message = "without 'keyEventCriteria' with 'keyEventId' nothing triggers the section";
        let is_null = section.get("entryCriteria").is_some_and(Value::is_null);
        checker.warn("missing-field", if is_null { at } else { &pointer }, message, None);
    }
}

fn sensitive(checker: &mut Checker<'_>, section: &Map<String, Value>, at: &str) {
    if section.get("includeSensitive").is_some_and(|flag| !(flag.is_null() || flag.is_boolean())) {
        let pointer = format!("{at}/includeSensitive");
        checker.error("wrong-type", &pointer, "'includeSensitive' is true or false", None);
    }
}

/// What the platform refuses with a misleading message. Returns the payload with what is reported
/// here mended; `None` when there is none.
fn nodes(checker: &mut Checker<'_>, section: &Map<String, Value>, at: &str) -> Option<Map<String, Value>> {
    let pointer = format!("{at}/payload");
    let nodes = match section.get("payload") {
        Some(Value::Object(nodes)) if !nodes.is_empty() => nodes,
        _ => {
            checker.error("missing-field", at, "a section needs a payload with one response node", None);
            return None;
        }
    };
    let mut whole = nodes.clone();
    for (id, node) in &mut whole {
        let at = format!("{pointer}/{}", escape(id));
        if !is_node_id(id) {
            let message = format!("the node id '{id}' is not 32 lower-case hex digits");
            let id = uuid::Uuid::new_v4().simple().to_string();
            let fix = "use a UUID without dashes, another one for each node";
            checker.key_error("node-id", &at, message, fix, Some(Mend::Rename(id)));
        }
        match node.get("definition") {
            Some(Value::Object(definition)) => arrays(checker, definition, &format!("{at}/definition")),
            _ => checker.error("missing-field", &at, "a response node needs 'definition'", None),
        }
        mend(node);
        checker.shape(node, &at, "payload", &NODE);
    }
    Some(whole)
}

/// Removes what [`arrays`] and the check for a definition have reported.
fn mend(node: &mut Value) {
    let Some(node) = node.as_object_mut() else { return };
    let definition = node.entry("definition").or_insert(Value::Null);
    if !definition.is_object() {
        *definition = serde_json::json!({"stringBuilder": [
            {"outputName": "x", "values": [{"type": "String", "value": "x"}]}
        ]});
    }
    let empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    if definition.get("segmentPayload").is_some_and(empty)
        && let Some(definition) = definition.as_object_mut()
    {
        definition.insert("segmentPayload".to_owned(), Value::Null);
    }
}

/// Empty arrays where the platform wants `null`.
fn arrays(checker: &mut Checker<'_>, definition: &Map<String, Value>, at: &str) {
    for key in ["attributePayload", "stringBuilder", "catalogPayload", "segmentPayload"] {
        if definition.get(key).and_then(Value::as_array).is_some_and(Vec::is_empty) {
            checker.empty_array(&format!("{at}/{key}"), BLANK);
        }
    }
    if let Some(Value::Object(segments)) = definition.get("segmentPayload")
        && segments.get("batchSegments").and_then(Value::as_array).is_some_and(Vec::is_empty)
    {
        let message = "an empty list of batch segments is refused; the whole segment payload is null then";
        checker.empty_array(&format!("{at}/segmentPayload"), message);
        // It can go only when it holds nothing else.
        if segments.len() > 1
            && let Some(finding) = checker.findings.last_mut()
        {
            finding.mend = None;
        }
    }
}

/// The rules of a payload as client and sandbox check them, without what only the platform knows.
fn rules(checker: &mut Checker<'_>, section: &Section, at: &str) {
    for Violation { pointer, message, .. } in payload::check(std::slice::from_ref(section), &Offline) {
        let rest = pointer.strip_prefix("/sections/0").unwrap_or(&pointer);
        let pointer = format!("{at}{rest}");
        if let Some(code) = code(rest, &message) {
            checker.error(code, &pointer, message, None);
        }
    }
    for (id, node) in section.payload.iter().flatten() {
        let texts = node.definition.string_builder.iter().flatten();
        let bytes: usize = texts.flat_map(|text| &text.values).map(|value| value.value.len()).sum();
        if bytes > RESPONSE_BYTES {
            let message = format!("the strings have {bytes} bytes; a response has at most {RESPONSE_BYTES}");
            let pointer = format!("{at}/payload/{}/definition/stringBuilder", escape(id));
            checker.error("limit-exceeded", &pointer, message, None);
        }
    }
}

/// The code of a violation; `None` for what was reported before, or cannot be known offline.
fn code(pointer: &str, message: &str) -> Option<&'static str> {
    let ends = |key: &str| pointer.ends_with(key);
    if message.starts_with("there is no ")
        || message.starts_with("the node id ")
        || message.starts_with("attribute_payload can't")
        || message.starts_with("a section needs a payload")
        || ends("/batchSegments")
    {
        return None;
    }
    Some(match () {
        () if ends("/outputName") => "output-name",
        () if message.contains("{{") => "bad-string",
        () if message.starts_with("one of ") => "empty-section",
        () if message.starts_with("the node type") => "node-type",
        () if message.starts_with("the batch segment ") => "duplicate-segment",
        () => "bad-payload",
    })
}

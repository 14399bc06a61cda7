//! The personalization entity.

use super::Checker;
use crate::plan::finding::Mend;
use crate::plan::tree::escape;
use crate::platform::limits::RESPONSE_BYTES;
use crate::platform::payload::{self, Attributes, Violation, is_node_id};
use crate::platform::rule::Rule;
use crate::platform::wire::{FOLDER_TYPE, RealtimeAttribute, Section};
use serde_json::{Map, Value};
use std::collections::HashSet;

const BLANK: &str =
    "an empty array is refused with \"attribute_payload can't be blank\", whichever array it is";

/// Offline, no id is known; what that makes of the payload's rules is left out again.
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
            checker.error("missing-field", at, "the entity's fields stand in 'attributes'", Some(fix));
            (map, at.to_owned())
        }
    };
    checker.text(attributes, &inner, "name", "an entity");
    // What was read has an id, and is not sent as it is.
    let is_read = map.contains_key("id");
    if !is_read || attributes.contains_key("audienceId") {
        match attributes.get("audienceId") {
            Some(Value::Number(_)) => {
                checker.error("wrong-type", &format!("{inner}/audienceId"), "'audienceId' is a text", None);
            }
            _ => {
                checker.text(attributes, &inner, "audienceId", "an entity");
            }
        }
    }
    folder(checker, map, at, is_read);
    match attributes.get("sections") {
        Some(Value::Array(items)) => sections(checker, items, &inner),
        Some(_) => checker.error("wrong-type", &format!("{inner}/sections"), "'sections' is a list", None),
        None => checker.error("missing-field", &inner, "an entity needs 'sections'", None),
    }
}

fn folder(checker: &mut Checker<'_>, map: &Map<String, Value>, at: &str, is_read: bool) {
    let pointer = format!("{at}/relationships/parentFolder/data");
    let folder = map.get("relationships").and_then(|all| all.get("parentFolder")?.get("data"));
    match folder {
        None if is_read => {}
        None => {
            let fix =
                r#"add "relationships": {"parentFolder": {"data": {"id": "…", "type": "folder-segment"}}}"#;
            checker.error(
                "missing-folder",
                at,
                "a create needs the folder that the entity goes into",
                Some(fix),
            );
        }
        Some(data) => {
            let text = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default();
            if text("type") != FOLDER_TYPE {
                let message = format!("the folder's type is {FOLDER_TYPE}, not '{}'", text("type"));
                checker.error("missing-folder", &pointer, message, None);
            }
            if text("id").trim().is_empty() {
                checker.error("missing-folder", &pointer, "the folder needs its 'id' as a text", None);
            }
        }
    }
}

fn sections(checker: &mut Checker<'_>, items: &[Value], at: &str) {
    if items.is_empty() {
        checker.error(
            "missing-field",
            &format!("{at}/sections"),
            "an entity needs at least one section",
            None,
        );
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
        let told = checker.findings.len();
        nodes(checker, map, &at);
        if let Some(Ok(section)) = typed(checker, map, item, &at, told) {
            rules(checker, &section, &at);
        }
    }
}

/// The section as the platform's type. What the checks before told already is not told again.
fn typed(
    checker: &mut Checker<'_>,
    map: &Map<String, Value>,
    item: &Value,
    at: &str,
    told: usize,
) -> Option<Result<Section, ()>> {
    let mut whole = item.clone();
    if let Some(object) = whole.as_object_mut() {
        object.insert("name".to_owned(), "x".into());
        object.insert("entryCriteria".to_owned(), Value::Null);
    }
    if map.get("payload").is_none_or(Value::is_null) {
        return None;
    }
    match serde_json::from_value::<Section>(whole) {
        Ok(section) => Some(Ok(section)),
        Err(error) => {
            if checker.findings.len() == told {
                let message = format!("this is no payload: {error}");
                checker.error("bad-body", &format!("{at}/payload"), message, None);
            }
            Some(Err(()))
        }
    }
}

fn entry_criteria(checker: &mut Checker<'_>, section: &Map<String, Value>, at: &str) {
    let pointer = format!("{at}/entryCriteria");
    let Some(Value::Object(criteria)) = section.get("entryCriteria") else {
        checker.error("missing-field", at, "a section needs 'entryCriteria'", None);
        return;
    };
    checker.text(criteria, &pointer, "name", "the entry criteria");
    let event_at = format!("{pointer}/keyEventCriteria");
    match criteria.get("keyEventCriteria") {
        Some(Value::Object(event)) => {
            checker.text(event, &event_at, "keyEventId", "the key event criteria");
            if let Some(filters) = event.get("keyEventFilters") {
                rule(checker, filters, &format!("{event_at}/keyEventFilters"));
            }
        }
        _ => {
            let message =
                "the entry criteria need 'keyEventCriteria' with 'keyEventId': what triggers the section";
            checker.error("missing-field", &pointer, message, None);
        }
    }
    match criteria.get("profileCriteria") {
        None | Some(Value::Null) => {}
        Some(profile) => rule(checker, profile, &format!("{pointer}/profileCriteria")),
    }
}

fn rule(checker: &mut Checker<'_>, value: &Value, at: &str) {
    if let Err(error) = Rule::from_json(value).compile() {
        checker.warn("unknown-rule", at, error.to_string(), None);
    }
}

/// What the platform refuses with words that say something else.
fn nodes(checker: &mut Checker<'_>, section: &Map<String, Value>, at: &str) {
    let pointer = format!("{at}/payload");
    let nodes = match section.get("payload") {
        Some(Value::Object(nodes)) if !nodes.is_empty() => nodes,
        _ => {
            checker.error("missing-field", at, "a section needs a payload with one response node", None);
            return;
        }
    };
    for (id, node) in nodes {
        let at = format!("{pointer}/{}", escape(id));
        if !is_node_id(id) {
            let message = format!("the node id '{id}' is not 32 lower-case hex digits");
            let id = uuid::Uuid::new_v4().simple().to_string();
            let fix = "use a UUID without dashes, another one for each node";
            checker.key_error("node-id", &at, message, fix, Some(Mend::Rename(id)));
        }
        let Some(Value::Object(definition)) = node.get("definition") else {
            checker.error("missing-field", &at, "a response node needs 'definition'", None);
            continue;
        };
        let at = format!("{at}/definition");
        for key in ["attributePayload", "stringBuilder", "catalogPayload"] {
            if definition.get(key).and_then(Value::as_array).is_some_and(Vec::is_empty) {
                checker.empty_array(&format!("{at}/{key}"), BLANK);
            }
        }
        if let Some(Value::Object(segments)) = definition.get("segmentPayload")
            && segments.get("batchSegments").and_then(Value::as_array).is_some_and(Vec::is_empty)
        {
            let message =
                "an empty list of batch segments is refused; the whole segment payload is null then";
            checker.empty_array(&format!("{at}/segmentPayload"), message);
            // Only what says nothing else can go.
            if segments.len() > 1
                && let Some(finding) = checker.findings.last_mut()
            {
                finding.mend = None;
            }
        }
    }
}

/// The rules of a payload as client and sandbox check them, without what only the platform knows.
fn rules(checker: &mut Checker<'_>, section: &Section, at: &str) {
    for Violation { pointer, message } in payload::check(std::slice::from_ref(section), &Offline) {
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
            let message = format!("the texts have {bytes} bytes; a response has at most {RESPONSE_BYTES}");
            let pointer = format!("{at}/payload/{}/definition/stringBuilder", escape(id));
            checker.error("limit-exceeded", &pointer, message, None);
        }
    }
}

/// The code of a violation; `None` for what was told before, or cannot be known offline.
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

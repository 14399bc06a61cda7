//! The facts of the vendor's OpenAPI files that the tests check: paths, methods, parameters, and the schemas of
//! bodies. They are kept in `facts/`, a file for each of the vendor's, without any of its sentences; the files
//! themselves are no part of this repository.
//!
//! To make them again from `../shared/openapi`, or the folder in `TDX_RT_OPENAPI`:
//! `UPDATE_FACTS=1 cargo test --test main -- facts`. Where that folder exists, a test compares.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The names of the files without their extension.
pub const FILES: [&str; 5] = ["cdp-realtime", "cdp-runs", "td-v3", "td-jobs", "p13n"];
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// Keywords of a schema that constrain a value.
const KEYWORDS: [&str; 24] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "nullable",
    "oneOf",
    "pattern",
    "required",
    "type",
];

/// The facts of one file.
///
/// # Panics
/// When they can't be read.
pub fn read(name: &str) -> Value {
    let file = kept(name);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/contract/facts/{name}.json"))
}

/// The vendor's folder, where it exists.
fn published() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/openapi");
    let folder = std::env::var_os("TDX_RT_OPENAPI").map_or_else(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// What of a file is kept: `{base, paths: {PATH: {METHOD: …}}, components: {KIND: {NAME: …}}}`.
fn facts(document: &Value) -> Value {
    let server = document.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default();
    let base = server.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default();
    let mut paths = Map::new();
    for (path, item) in document["paths"].as_object().expect("a file has paths") {
        let mut methods = Map::new();
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let lists = [item, operation].map(|from| from.get("parameters").and_then(Value::as_array));
            let parameters: Vec<Value> = lists.into_iter().flatten().flatten().map(parameter).collect();
            let responses = operation["responses"].as_object().into_iter().flatten();
            let responses: Map<_, _> =
                responses.map(|(status, response)| (status.clone(), content(response))).collect();
            let mut kept = json!({"parameters": parameters, "responses": responses});
            if let Some(body) = operation.get("requestBody") {
                kept["requestBody"] = content(body);
            }
            methods.insert(method.to_owned(), kept);
        }
        paths.insert(path.clone(), methods.into());
    }
    let mut kept = json!({"base": base, "paths": paths, "components": {}});
    let mut pointers = references(&kept["paths"]);
    while let Some(pointer) = pointers.pop_first() {
        if kept.pointer(&pointer).is_some() {
            continue;
        }
        let parts: Vec<&str> = pointer.split('/').collect();
        let ["", "components", kind, name, ..] = parts[..] else { panic!("{pointer} is in no component") };
        let target = &document["components"][kind][name];
        let target = match kind {
            "parameters" => parameter(target),
            "requestBodies" | "responses" => content(target),
            _ => schema(target),
        };
        pointers.extend(references(&target));
        kept["components"][kind][name] = target;
    }
    kept
}

/// Where the references of a value point to.
fn references(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str);
            let own = own.map(|place| place.trim_start_matches('#').to_owned());
            own.into_iter().chain(fields.values().flat_map(references)).collect()
        }
        _ => BTreeSet::new(),
    }
}

fn parameter(described: &Value) -> Value {
    let mut kept = only(described, &["$ref", "name", "in", "required"]);
    if let Some(of) = described.get("schema") {
        kept.insert("schema".to_owned(), schema(of));
    }
    kept.into()
}

/// The media types of a body with their schemas.
fn content(described: &Value) -> Value {
    let mut kept = only(described, &["$ref", "required"]);
    if let Some(types) = described.get("content").and_then(Value::as_object) {
        let each = |(media, of): (&String, &Value)| (media.clone(), json!({"schema": schema(&of["schema"])}));
        kept.insert("content".to_owned(), Value::Object(types.iter().map(each).collect()));
    }
    kept.into()
}

fn schema(described: &Value) -> Value {
    let Some(fields) = described.as_object() else { return described.clone() };
    let mut kept = Map::new();
    for (key, value) in fields {
        let value = match (key.as_str(), value) {
            ("properties", Value::Object(of)) => {
                Value::Object(of.iter().map(|(name, of)| (name.clone(), schema(of))).collect())
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(of)) => of.iter().map(schema).collect(),
            ("items" | "additionalProperties", of) => schema(of),
            (key, value) if KEYWORDS.contains(&key) => value.clone(),
            _ => continue,
        };
        kept.insert(key.clone(), value);
    }
    kept.into()
}

fn only(described: &Value, keys: &[&str]) -> Map<String, Value> {
    let fields = described.as_object().into_iter().flatten();
    fields.filter(|(key, _)| keys.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// The facts as text, an operation and a component a line, so that a change shows where it is.
fn text(facts: &Value) -> String {
    let mut text = format!("{{\n\"base\": {}", facts["base"]);
    for part in ["paths", "components"] {
        let _ = write!(text, ",\n\"{part}\": {{");
        let mut separator = "\n";
        for (of, entries) in facts[part].as_object().expect("there are some") {
            let _ = write!(text, "{separator}{}: {{", json!(of));
            separator = "\n  ";
            for (name, entry) in entries.as_object().expect("there are some") {
                let _ = write!(text, "{separator}{}: {entry}", json!(name));
                separator = ",\n  ";
            }
            text.push_str("\n}");
            separator = ",\n";
        }
        text.push_str("\n}");
    }
    text.push_str("\n}\n");
    text
}

#[test]
fn the_facts_are_those_of_the_published_files() {
    let Some(folder) = published() else {
        return crate::common::skipped(
            "the vendor's OpenAPI files are not there; the facts of them are checked",
        );
    };
    for name in FILES {
        let file = folder.join(format!("{name}.yaml"));
        let document = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let document: Value = serde_saphyr::from_str(&document).unwrap_or_else(|e| panic!("{name}: {e}"));
        let text = text(&facts(&document));
        if std::env::var_os("UPDATE_FACTS").is_some() {
            std::fs::write(kept(name), &text).expect("the facts can be written");
        }
        let there = std::fs::read_to_string(kept(name)).unwrap_or_default();
        assert!(
            there == text,
            "the facts of {name} are out of date: UPDATE_FACTS=1 cargo test --test main -- facts"
        );
    }
}

/// A sentence ends with a full stop; no fact does.
#[test]
fn no_sentence_of_the_files_is_kept() {
    fn sentences(value: &Value) -> Vec<&str> {
        match value {
            Value::String(text) => Some(text.as_str())
                .filter(|text| text.contains(". ") || text.ends_with('.'))
                .into_iter()
                .collect(),
            Value::Array(items) => items.iter().flat_map(sentences).collect(),
            Value::Object(fields) => fields.values().flat_map(sentences).collect(),
            _ => Vec::new(),
        }
    }
    for name in FILES {
        assert_eq!(sentences(&read(name)), Vec::<&str>::new(), "{name}");
    }
}

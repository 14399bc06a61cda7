//! How the schemas of types are written: closed objects, and no words that say nothing about JSON.

use schemars::Schema;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Map, Value, json};

/// Applies the rules to a schema and all those inside it.
#[derive(Debug, Clone)]
pub(super) struct House;

impl Transform for House {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(map) = schema.as_object_mut() {
            tidy(map);
        }
        transform_subschemas(self, schema);
    }
}

/// The same for a value.
pub(super) fn apply(value: &mut Value) {
    if let Ok(schema) = value.try_into() {
        House.transform(schema);
    }
}

/// What may be left out is left out rather than null.
fn never_null(map: &mut Map<String, Value>) {
    let required = map.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let properties = map.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        if required.iter().any(|one| one == name) {
            continue;
        }
        let null = Value::from("null");
        if let Some(Value::Array(types)) = property.get_mut("type") {
            types.retain(|one| *one != null);
            if let [one] = types.as_slice() {
                let one = one.clone();
                property.as_object_mut().and_then(|property| property.insert("type".into(), one));
            }
        } else if let Some(all) = property.get_mut("anyOf").and_then(Value::as_array_mut) {
            all.retain(|one| one.get("type") != Some(&null));
            if let [Value::Object(one)] = all.as_slice() {
                let one = one.clone();
                if let Some(property) = property.as_object_mut() {
                    property.shift_remove("anyOf");
                    property.extend(one);
                }
            }
        }
    }
}

fn tidy(map: &mut Map<String, Value>) {
    // A set is a list.
    map.shift_remove("uniqueItems");
    // The width of a number in memory.
    if map.get("type").is_none_or(|kind| kind != "string") {
        let format = map.shift_remove("format");
        let bounds = (map.get("minimum"), map.get("maximum"));
        if format.is_some_and(|format| format == "uint16")
            && bounds == (Some(&0.into()), Some(&u16::MAX.into()))
        {
            map.shift_remove("maximum");
        }
    }
    map.shift_remove("title");
    // What a reader of a type takes for a missing field.
    map.shift_remove("default");
    // The same as nothing.
    if map.get("additionalProperties") == Some(&true.into()) {
        map.shift_remove("additionalProperties");
    }
    if map.contains_key("properties") && !map.contains_key("extends") {
        map.entry("additionalProperties").or_insert(false.into());
    }
    never_null(map);
    // Alternatives that are each one word are an enumeration.
    if let Some(Value::Array(all)) = map.shift_remove("oneOf") {
        let (mut words, mut others) = (Vec::new(), Vec::new());
        for one in all {
            match (one.get("const"), one.get("enum").and_then(Value::as_array)) {
                (Some(word), _) => words.push(word.clone()),
                (None, Some(more)) => words.extend(more.iter().cloned()),
                (None, None) => others.push(one),
            }
        }
        if others.is_empty() {
            map.insert("type".into(), "string".into());
            map.insert("enum".into(), words.into());
        } else {
            if !words.is_empty() {
                others.insert(0, json!({"type": "string", "enum": words}));
            }
            map.insert("anyOf".into(), others.into());
        }
    }
    if let Some(Value::String(about)) = map.get_mut("description") {
        // The lines of a comment are one sentence or several.
        *about = about.replace('\n', " ");
        if !about.contains(". ") && about.ends_with('.') {
            about.pop();
        }
    }
    // As the files have it.
    let mut rest = std::mem::take(map);
    for word in ["description", "type", "enum", "required", "additionalProperties"] {
        map.extend(rest.shift_remove(word).map(|value| (word.to_owned(), value)));
    }
    map.append(&mut rest);
}

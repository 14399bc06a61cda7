//! How the schemas of types are written: closed objects, and no words that say nothing about JSON.

use schemars::Schema;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Map, Value};

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

fn tidy(map: &mut Map<String, Value>) {
    // The width of a number in memory.
    map.shift_remove("format");
    map.shift_remove("title");
    if map.contains_key("properties") && !map.contains_key("extends") {
        map.entry("additionalProperties").or_insert(false.into());
    }
    // Alternatives that are each one word are an enumeration.
    let words = map.get("oneOf").and_then(Value::as_array).and_then(|all| {
        let word = |one: &Value| one.get("const").cloned().map(|word| vec![word]);
        let words = |one: &Value| one.get("enum").and_then(Value::as_array).cloned().or_else(|| word(one));
        all.iter().map(words).collect::<Option<Vec<_>>>()
    });
    if let Some(words) = words {
        map.shift_remove("oneOf");
        map.insert("type".into(), "string".into());
        map.insert("enum".into(), words.concat().into());
    } else if let Some(all) = map.shift_remove("oneOf") {
        map.insert("anyOf".into(), all);
    }
    if let Some(Value::String(about)) = map.get_mut("description")
        && !about.contains(". ")
        && about.ends_with('.')
    {
        about.pop();
    }
    // As the files have it.
    let mut rest = std::mem::take(map);
    for word in ["description", "type", "enum", "required", "additionalProperties"] {
        map.extend(rest.shift_remove(word).map(|value| (word.to_owned(), value)));
    }
    map.append(&mut rest);
}

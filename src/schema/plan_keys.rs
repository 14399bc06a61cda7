//! What the table of a plan's keys says about their values, as JSON Schema: a key with a plain value is described there
//! alone.

use crate::plan::keys::{self, Key};
use serde_json::{Map, Value, json};

/// The properties of a plan's mapping: those of the table, with what `own` says about their values where that is more
/// than their kind, and the rest of `own` behind them.
pub(super) fn properties(path: &str, required: &[Value], mut own: Map<String, Value>) -> Map<String, Value> {
    let mut all = Map::new();
    let mapping = keys::mappings().iter().find(|mapping| mapping.path == path);
    for key in mapping.iter().flat_map(|mapping| &mapping.keys) {
        let mut property = Map::from_iter([("description".to_owned(), key.about.into())]);
        let needed = required.iter().any(|name| name == key.name);
        match own.shift_remove(key.name).unwrap_or_else(|| of_kind(key, needed)) {
            Value::Object(more) => property.extend(more),
            _ => continue,
        }
        all.insert(key.name.to_owned(), Value::Object(property));
    }
    all.extend(own);
    all
}

/// A value of this kind; numbers and strings may be written as each other.
fn of_kind(key: &Key, needed: bool) -> Value {
    match key.kind {
        "flag" | "true or false" | "true" => json!({"type": ["boolean", "null"]}),
        "number" => {
            let mut number = json!({"type": ["integer", "string", "null"], "minimum": 1});
            let default = key.default.split(' ').next().and_then(|word| word.parse::<u64>().ok());
            if let (Some(default), Some(number)) = (default, number.as_object_mut()) {
                number.insert("default".into(), default.into());
            }
            number
        }
        "criteria" => json!({"$ref": "#/$defs/where"}),
        "mapping or list" => json!({"$ref": "#/$defs/filter"}),
        "list of strings" | "list of columns" => {
            json!({"type": ["array", "null"], "items": {"type": ["string", "number"], "minLength": 1}})
        }
        "seconds" => json!({"type": ["string", "integer", "null"]}),
        "length" => json!({"$ref": "#/$defs/window"}),
        "length or `none`" => json!({"$ref": "#/$defs/length"}),
        "mapping" => json!({"type": ["object", "null"]}),
        "name" => json!({"type": ["string", "number", "null"], "minLength": 1}),
        _ if needed => json!({"type": ["string", "number"], "minLength": 1}),
        _ => json!({"type": ["string", "number", "null"]}),
    }
}

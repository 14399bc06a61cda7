//! The schemas are tight: no field of a golden output can go, change its type or be joined by another
//! without the schema saying so.

use super::outputs::{Golden, read};
use crate::common::schemas::check;
use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// A schema with the definitions that it refers to.
struct Schema {
    definitions: Object,
}

impl Schema {
    /// What a schema allows, each alternative for itself.
    fn alternatives<'s>(&'s self, schema: &'s Value) -> Vec<&'s Object> {
        let map = schema.as_object().unwrap();
        if let Some(target) = map.get("$ref").and_then(Value::as_str) {
            return self.alternatives(&self.definitions[target.trim_start_matches("#/$defs/")]);
        }
        match map.get("anyOf").and_then(Value::as_array) {
            Some(all) => all.iter().flat_map(|one| self.alternatives(one)).collect(),
            None => vec![map],
        }
    }

    /// Whether a value fits, as far as names and types go.
    fn fits(&self, schema: &Value, value: &Value) -> bool {
        self.alternatives(schema).iter().any(|one| self.fits_one(one, value))
    }

    fn fits_one(&self, schema: &Object, value: &Value) -> bool {
        let by_type = types(schema).is_none_or(|types| {
            types.iter().any(|t| t == kind(value) || t == "number" && kind(value) == "integer")
        });
        let by_value = schema.get("const").is_none_or(|only| only == value)
            && schema.get("enum").is_none_or(|all| all.as_array().unwrap().contains(value));
        let inside = match value {
            Value::Object(map) => {
                let has = |name: &Value| map.contains_key(name.as_str().unwrap());
                schema.get("required").is_none_or(|all| all.as_array().unwrap().iter().all(has))
                    && map.iter().all(|(key, value)| match member(schema, key) {
                        Some(inner) => self.fits(inner, value),
                        None => schema.get("additionalProperties") != Some(&Value::Bool(false)),
                    })
            }
            Value::Array(items) => {
                schema.get("items").is_none_or(|inner| items.iter().all(|item| self.fits(inner, item)))
            }
            _ => true,
        };
        by_type && by_value && inside
    }
}

/// The schema of a member, where it has one.
fn member<'s>(schema: &'s Object, key: &str) -> Option<&'s Value> {
    let named = schema.get("properties").and_then(|all| all.get(key));
    named.or(schema.get("additionalProperties").filter(|more| more.is_object()))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The types of an alternative; `None` where any will do.
fn types(schema: &Object) -> Option<Vec<String>> {
    let texts = |all: &[Value]| all.iter().map(|t| t.as_str().unwrap().to_owned()).collect();
    match (schema.get("type"), schema.get("const"), schema.get("enum")) {
        (Some(Value::Array(all)), ..) => Some(texts(all)),
        (Some(one), ..) => Some(vec![one.as_str().unwrap().to_owned()]),
        (_, Some(only), _) => Some(vec![kind(only).to_owned()]),
        (.., Some(all)) => Some(all.as_array().unwrap().iter().map(|v| kind(v).to_owned()).collect()),
        _ => None,
    }
}

/// What was done to a golden output, and what came of it.
struct Walk<'g> {
    golden: &'g Golden,
    schema: Schema,
    mutants: usize,
    fields: usize,
    held: usize,
    loose: Vec<String>,
}

impl Walk<'_> {
    /// Tries a document that has something else at `at`.
    fn try_with(&mut self, at: &str, what: &str, change: impl FnOnce(&mut Value)) {
        let mut mutant = self.golden.document.clone();
        change(mutant.pointer_mut(at).unwrap());
        self.mutants += 1;
        if check(self.golden.schema, &mutant).is_ok() {
            self.loose.push(format!("{}: {what} at '{at}'", self.golden.file));
        }
    }

    /// Mutates all below; whether the value has a type.
    fn value(&mut self, schema: &Value, value: &Value, at: &str) -> bool {
        let alternatives: Vec<Object> = self.schema.alternatives(schema).into_iter().cloned().collect();
        let mut allowed = Vec::new();
        for one in &alternatives {
            let Some(types) = types(one) else { return false };
            allowed.extend(types);
        }
        let others = [json!("~"), json!(7.5), json!(true), json!(null), json!([]), json!({})];
        if let Some(other) = others.into_iter().find(|other| !allowed.iter().any(|t| t == kind(other))) {
            self.try_with(at, &format!("{} becomes {}", kind(value), kind(&other)), |place| *place = other);
        }
        let Some(own) = alternatives.iter().find(|one| self.schema.fits_one(one, value)) else {
            panic!("{}: nothing fits at '{at}'", self.golden.file)
        };
        match value {
            Value::Object(map) => self.object(own, map, at),
            Value::Array(items) => {
                let Some(inner) = own.get("items") else { return true };
                for (index, item) in items.iter().enumerate() {
                    self.value(inner, item, &format!("{at}/{index}"));
                }
            }
            _ => {}
        }
        true
    }

    fn object(&mut self, schema: &Object, map: &Object, at: &str) {
        if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
            self.try_with(at, "a new field", |place| place["~new"] = json!(1));
        } else if !schema.contains_key("properties")
            && !schema.get("additionalProperties").is_some_and(Value::is_object)
        {
            // Anything may stand here.
            return;
        }
        let required: Vec<&str> = schema
            .get("required")
            .map_or(Vec::new(), |all| all.as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect());
        for (key, value) in map {
            let inner = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
            let is_required = required.contains(&key.as_str());
            if is_required {
                self.try_with(at, &format!("without '{key}'"), |place| {
                    place.as_object_mut().unwrap().shift_remove(key);
                });
            }
            let typed = member(schema, key).is_some_and(|schema| self.value(schema, value, &inner));
            self.fields += 1;
            self.held += usize::from(is_required || typed);
            if !is_required && !typed {
                println!("{}: {inner} is free", self.golden.file);
            }
        }
    }
}

#[test]
fn a_field_that_goes_or_changes_is_noticed() {
    let (mut mutants, mut fields, mut held, mut loose) = (0, 0, 0, Vec::new());
    for golden in &read() {
        let schema = tdx_rt::cli::PROGRAM.schemas.of(golden.schema).unwrap();
        let definitions = schema.get("$defs").map_or(Object::new(), |all| all.as_object().unwrap().clone());
        let mut walk = Walk {
            golden,
            schema: Schema { definitions },
            mutants: 0,
            fields: 0,
            held: 0,
            loose: Vec::new(),
        };
        walk.value(&schema, &golden.document, "");
        mutants += walk.mutants;
        fields += walk.fields;
        held += walk.held;
        loose.append(&mut walk.loose);
    }
    assert!(loose.is_empty(), "{} of {mutants} are not noticed:\n{}", loose.len(), loose.join("\n"));
    assert!(mutants > 2_000, "{mutants}");
    assert!(held * 100 >= fields * 97, "{held} of {fields} fields are required or have a type");
}

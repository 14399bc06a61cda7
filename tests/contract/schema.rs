//! OpenAPI 3.0 schemas as JSON Schema, read more strictly than OpenAPI reads them.
//!
//! An object that lists properties without a rule about others is taken as closed: otherwise a
//! misspelt or made-up field would pass every check. What the vendor really leaves open (an object
//! without properties, or with the placeholder `todo` alone) stays open.
//!
//! `allOf` becomes one object, since the files combine branches that each forbid the other's fields;
//! over a `oneOf` it is spread into the alternatives, which means the same. Discriminators say
//! nothing that `type: {enum: [...]}` does not say already.

use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// Keywords that describe and do not constrain.
const IGNORED: [&str; 9] = [
    "description",
    "example",
    "examples",
    "title",
    "discriminator",
    "default",
    "deprecated",
    "readOnly",
    "xml",
];
/// Keywords with the same meaning in both.
const KEPT: [&str; 9] = [
    "const",
    "enum",
    "maxItems",
    "maxProperties",
    "maximum",
    "minItems",
    "minProperties",
    "minimum",
    "pattern",
];

/// The JSON Schema of a schema of `document`, with everything it refers to under `$defs`.
pub fn convert(document: &Value, schema: &Value) -> Value {
    let mut converter = Converter { document, definitions: Object::new() };
    let root = converter.schema(schema);
    json!({"allOf": [root], "$defs": converter.definitions})
}

/// What a value with a `$ref` refers to; any other value is itself.
pub fn follow<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return value };
    let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
    follow(document, target.unwrap_or_else(|| panic!("{reference} refers to nothing")))
}

struct Converter<'a> {
    document: &'a Value,
    /// Referenced schemas by name; references stay references, as some schemas contain themselves.
    definitions: Object,
}

impl Converter<'_> {
    fn schema(&mut self, raw: &Value) -> Value {
        if let Some(reference) = raw.get("$ref").and_then(Value::as_str) {
            let name = reference.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.', "_");
            if !self.definitions.contains_key(&name) {
                self.definitions.insert(name.clone(), Value::Null);
                let definition = self.schema(follow(self.document, raw));
                self.definitions.insert(name.clone(), definition);
            }
            return json!({"$ref": format!("#/$defs/{name}")});
        }
        let merged = self.flatten(raw);
        self.keywords(&merged)
    }

    /// Without `$ref`, `allOf`, and alternatives beside other keywords at the top; still OpenAPI.
    fn flatten(&self, raw: &Value) -> Object {
        let raw = follow(self.document, raw);
        let mut rest = raw.as_object().unwrap_or_else(|| panic!("a schema is an object: {raw}")).clone();
        rest.retain(|key, _| !IGNORED.contains(&key.as_str()));
        let branches = rest.shift_remove("allOf");
        let branches = branches.as_ref().and_then(Value::as_array).into_iter().flatten();
        let merged = branches.map(|branch| self.flatten(branch)).fold(rest, |a, b| self.merge(a, b));
        self.spread(merged)
    }

    /// `{properties…, oneOf: […]}` as `{oneOf: […]}` whose alternatives have the properties too.
    fn spread(&self, mut schema: Object) -> Object {
        for key in ["oneOf", "anyOf"] {
            if schema.len() < 2 {
                break;
            }
            let Some(alternatives) = schema.shift_remove(key) else { continue };
            let alternatives = alternatives.as_array().cloned().unwrap_or_default();
            let each = |alternative| Value::Object(self.merge(self.flatten(alternative), schema.clone()));
            return Object::from_iter([(key.to_owned(), alternatives.iter().map(each).collect())]);
        }
        schema
    }

    /// One schema with the constraints of both.
    fn merge(&self, a: Object, b: Object) -> Object {
        if a.is_empty() || b.is_empty() {
            return if a.is_empty() { b } else { a };
        }
        let nullable = [&a, &b].iter().all(|schema| schema.get("nullable") == Some(&Value::Bool(true)));
        let mut merged = a;
        for (key, value) in b {
            let Some(there) = merged.get_mut(&key) else {
                merged.insert(key, value);
                continue;
            };
            match (key.as_str(), &mut *there, value) {
                ("properties", Value::Object(there), Value::Object(more)) => {
                    for (name, schema) in more {
                        let both = match there.get(&name) {
                            Some(first) if *first != schema => {
                                Value::Object(self.merge(self.flatten(first), self.flatten(&schema)))
                            }
                            _ => schema,
                        };
                        there.insert(name, both);
                    }
                }
                ("required", Value::Array(there), Value::Array(more)) => there.extend(more),
                ("items", first, second) => {
                    *first = Value::Object(self.merge(self.flatten(first), self.flatten(&second)));
                }
                ("enum", Value::Array(there), Value::Array(more)) => there.retain(|item| more.contains(item)),
                ("additionalProperties" | "nullable", _, _) => *there = Value::Bool(false),
                (_, first, second) if *first == second => {}
                (key, first, second) => panic!("allOf says '{key}' twice: {first} and {second}"),
            }
        }
        merged.shift_remove("nullable");
        if nullable {
            merged.insert("nullable".into(), true.into());
        }
        self.spread(merged)
    }

    fn keywords(&mut self, schema: &Object) -> Value {
        let mut result = Object::new();
        let is_list = schema.get("type") == Some(&json!("array"));
        for (key, value) in schema {
            match (key.as_str(), value) {
                ("nullable" | "additionalProperties", _) => {}
                ("type" | "required", value) => drop(result.insert(key.clone(), value.clone())),
                // A placeholder of the vendor's for "some object".
                ("properties", Value::Object(fields)) if fields.keys().eq(["todo"]) => {}
                ("properties", Value::Object(fields)) => {
                    let fields: Object =
                        fields.iter().map(|(name, field)| (name.clone(), self.schema(field))).collect();
                    result.insert(key.clone(), fields.into());
                }
                ("items", item) => drop(result.insert(key.clone(), self.schema(item))),
                ("oneOf" | "anyOf", Value::Array(items)) => {
                    result.insert(key.clone(), items.iter().map(|item| self.schema(item)).collect());
                }
                ("format", Value::String(format)) => number_or_text(&mut result, schema, format),
                // A mistake of the vendor's files: this keyword is for lengths of strings, not of lists.
                ("minLength", value) if is_list => drop(result.insert("minItems".into(), value.clone())),
                ("maxLength", value) if is_list => drop(result.insert("maxItems".into(), value.clone())),
                ("minLength" | "maxLength", value) => drop(result.insert(key.clone(), value.clone())),
                (known, value) if KEPT.contains(&known) => drop(result.insert(key.clone(), value.clone())),
                (unknown, value) => panic!("the schema keyword '{unknown}: {value}' is not converted"),
            }
        }
        match schema.get("additionalProperties") {
            Some(Value::Bool(open)) => drop(result.insert("additionalProperties".into(), (*open).into())),
            Some(fields) => {
                let fields = self.schema(fields);
                result.insert("additionalProperties".into(), fields);
            }
            None if result.contains_key("properties") => {
                result.insert("additionalProperties".into(), false.into());
            }
            None => {}
        }
        if let Some(Value::Array(required)) = schema.get("required")
            && let Some(Value::Object(fields)) = result.get_mut("properties")
        {
            // A mistake of the vendor's files: a field that is required and not described cannot be forbidden.
            for name in required.iter().filter_map(Value::as_str) {
                fields.entry(name).or_insert(Value::Bool(true));
            }
        }
        match schema.get("nullable") {
            Some(Value::Bool(true)) => or_null(result),
            _ => Value::Object(result),
        }
    }
}

/// `format` constrains numbers, digits in strings, and times; other formats are not checked.
fn number_or_text(result: &mut Object, schema: &Object, format: &str) {
    let is_text = schema.get("type") == Some(&json!("string"));
    match format {
        "integer" if is_text => drop(result.insert("pattern".into(), "^[0-9]+$".into())),
        "int" | "int32" | "int64" | "integer" | "long" => {
            result.insert("type".into(), "integer".into());
        }
        "date-time" | "datetime" => drop(result.insert("format".into(), "date-time".into())),
        "binary" | "email" => {}
        "uuid" => drop(result.insert("format".into(), "uuid".into())),
        other => panic!("the format '{other}' is not converted"),
    }
}

fn or_null(mut schema: Object) -> Value {
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
    match schema.get("type").cloned() {
        Some(kind) => {
            schema.insert("type".into(), json!([kind, "null"]));
            Value::Object(schema)
        }
        None => json!({"anyOf": [schema, {"type": "null"}]}),
    }
}

mod tests {
    use super::super::openapi::validate;
    use super::*;

    fn is_valid(document: &Value, value: Value) -> bool {
        let schema = convert(document, &json!({"$ref": "#/schemas/a.yaml-Whole"}));
        validate(schema, &value).expect("a schema that can be used").is_ok()
    }

    #[test]
    fn branches_that_forbid_each_others_fields_become_one_closed_object() {
        let part = |name: &str| {
            json!({"type": "object", "required": [name], "additionalProperties": false,
            "properties": {name: {"type": "string", "nullable": true, "example": 1}}})
        };
        let document = json!({"schemas": {
            "a.yaml-Whole": {"allOf": [{"$ref": "#/schemas/B"}, part("c"), {"properties": {"id": {"type": "string"}}}]},
            "B": part("b")}});
        assert!(is_valid(&document, json!({"b": "x", "c": null, "id": "1"})));
        assert!(!is_valid(&document, json!({"b": "x", "id": "1"})), "c is required");
        assert!(!is_valid(&document, json!({"b": 1, "c": null})), "b is a text");
        assert!(!is_valid(&document, json!({"b": "x", "c": null, "d": 1})), "d is not there");
    }

    #[test]
    fn a_listing_of_alternatives_is_closed_in_each() {
        let kind = |name: &str, field: &str| {
            json!({"type": "object", "required": ["type"],
            "properties": {"type": {"type": "string", "enum": [name]}, field: {"type": "number", "format": "int64"}}})
        };
        let document = json!({"schemas": {
            "a.yaml-Whole": {"allOf": [
                {"type": "object", "properties": {"data": {"type": "array", "items": {"type": "object"}}}},
                {"type": "object", "properties": {"data": {"type": "array", "items": {"allOf": [
                    {"type": "object", "properties": {"id": {"type": "string"}}}, {"$ref": "#/schemas/Either"}]}}}}]},
            "Either": {"oneOf": [kind("x", "height"), {"$ref": "#/schemas/Y"}], "discriminator": {"propertyName": "type"}},
            "Y": kind("y", "width")}});
        assert!(is_valid(
            &document,
            json!({"data": [{"id": "1", "type": "x", "height": 1}, {"type": "y", "width": 2}]})
        ));
        assert!(
            !is_valid(&document, json!({"data": [{"id": "1", "type": "x", "width": 1}]})),
            "another's field"
        );
        assert!(!is_valid(&document, json!({"data": [{"type": "y", "width": 1.5}]})), "int64 is an integer");
    }

    #[test]
    fn a_schema_that_contains_itself_and_an_open_object() {
        let document = json!({"schemas": {"a.yaml-Whole": {"type": "object", "nullable": true, "properties": {
            "rule": {"type": "object", "properties": {"todo": {"type": "string"}}},
            "inner": {"$ref": "#/schemas/a.yaml-Whole"}}}}});
        assert!(is_valid(&document, json!({"rule": {"any": [1]}, "inner": {"inner": null}})));
        assert!(!is_valid(&document, json!({"inner": {"inner": {"x": 1}}})));
    }
}

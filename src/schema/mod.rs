//! The JSON Schemas (draft 2020-12) of what commands print, and of plans.
//!
//! A command names its outputs with their types ([`Output`]), and the schema is that of the type: a field's comment is
//! its description. A plan, and a step's document, which is the plan with a few fields more, are written down in files,
//! which may refer to types by their names ([`Output::with`]).
//! The files use four words that are no keywords of JSON Schema: `extends` names a definition whose `properties` and
//! `required` are joined with those beside it; `without` names properties that are left out, `closed` allows no other
//! ones at any depth; and `keys_of` names a mapping of a plan, whose keys and their meanings come from the table of keys
//! ([`plan_keys`]). The published schemas have none of them. A published schema of a list has `x-columns`, the columns
//! of `--tsv`.

mod columns;
mod output;
mod plan_keys;
mod transform;

pub use output::Output;

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The definitions that schemas share, `extends` not yet resolved.
static DEFINITIONS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let mut all = Map::new();
    for text in [include_str!("defs.json"), include_str!("defs-plan.json")] {
        // A test reads every file, so what does not parse never gets this far.
        all.extend(serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default());
    }
    all
});

/// The schemas of everything that the program reads and prints.
#[derive(Debug, Clone, Copy)]
pub struct Schemas {
    /// The outputs of each command, and what any of them may print.
    pub commands: &'static [&'static [Output]],
    /// Registers the types that any written-down schema may refer to, as `#/$defs/` and the name of the type.
    pub types: fn(&mut SchemaGenerator),
}

impl Schemas {
    fn all(self) -> impl Iterator<Item = &'static Output> {
        self.commands.iter().copied().flatten()
    }

    /// The name of every schema: the words of a command (`rt-events list`), `plan`, `saved-plan`, and
    /// `error`, `warning`, `dry-run` and `bulk`, which any command may print.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.all().map(|output| output.name)
    }

    /// The output of this name.
    pub fn output(self, name: &str) -> Option<&'static Output> {
        self.all().find(|output| output.name == name)
    }

    /// The columns of the things that the command of this name lists; none where it lists nothing.
    pub fn columns(self, name: &str) -> Option<Vec<String>> {
        let columns = self.of(name)?.as_object_mut()?.remove("x-columns")?;
        serde_json::from_value(columns).ok()
    }

    /// The schema of this name as a document of its own, with the definitions that it needs.
    pub fn of(self, name: &str) -> Option<Value> {
        self.output(name)?.schema(self.types)
    }

    /// The schema of the line that a command prints for each item of stdin: `bulk` with the command's own
    /// schema for its result.
    #[expect(clippy::indexing_slicing, reason = "schemas are objects")]
    pub fn of_bulk(self, name: &str) -> Option<Value> {
        let (mut line, mut result) = (self.of("bulk")?, self.of(name)?);
        // Called with many events, `pz-test` answers each with what it found out about that one.
        if name == "pz-test" {
            let all = result.pointer("/properties")?.as_object()?.clone();
            let own = ["request", "response", "latency_ms", "checks"];
            let wanted = |key: &str| own.contains(&key) || key == "no_offer";
            let properties: Map<_, _> = all.into_iter().filter(|(key, _)| wanted(key)).collect();
            result["properties"] = Value::Object(properties);
            result["required"] = json!(own);
            result["additionalProperties"] = false.into();
        }
        let result = result.as_object_mut()?;
        for word in ["$schema", "$id"] {
            result.shift_remove(word);
        }
        if let Some(Value::Object(definitions)) = result.shift_remove("$defs") {
            let all = line.as_object_mut()?.entry("$defs").or_insert_with(|| json!({}));
            all.as_object_mut()?.extend(definitions);
        }
        *line.pointer_mut("/properties/result")? = json!({"anyOf": [result, {"type": "null"}]});
        Some(line)
    }

    /// What `tdx-rt schema` lists.
    pub fn listing(self) -> Vec<Value> {
        let all = self.all().filter_map(|output| {
            let schema = output.schema(self.types)?;
            Some(json!({
                "name": output.name, "title": schema.get("title")?, "description": schema.get("description")?,
            }))
        });
        all.collect()
    }
}

/// Puts what `extends` names in its place, at every depth.
fn resolved(schema: Value) -> Value {
    match schema {
        Value::Array(items) => items.into_iter().map(resolved).collect(),
        Value::Object(map) => {
            let mut map: Map<String, Value> =
                map.into_iter().map(|(key, inner)| (key, resolved(inner))).collect();
            if let Some(Value::String(path)) = map.shift_remove("keys_of") {
                let own = map.shift_remove("properties").and_then(|own| own.as_object().cloned());
                let required = map.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
                let all = plan_keys::properties(&path, &required, own.unwrap_or_default());
                map.insert("properties".into(), Value::Object(all));
            }
            let (closed, without) = (map.shift_remove("closed"), map.shift_remove("without"));
            let base = map.shift_remove("extends");
            let base = base.as_ref().and_then(Value::as_str).and_then(|name| DEFINITIONS.get(name));
            let mut map = match base.cloned().map(resolved) {
                Some(Value::Object(base)) => joined(base, map),
                _ => map,
            };
            if let Some(Value::Object(properties)) = map.get_mut("properties") {
                let without = without.as_ref().and_then(Value::as_array).into_iter().flatten();
                without.filter_map(Value::as_str).for_each(|key| drop(properties.shift_remove(key)));
            }
            let map = Value::Object(map);
            if closed.is_some() { as_closed(map) } else { map }
        }
        other => other,
    }
}

/// A schema whose mappings have no other keys, at every depth.
fn as_closed(schema: Value) -> Value {
    match schema {
        Value::Array(items) => items.into_iter().map(as_closed).collect(),
        Value::Object(map) => {
            let mut map: Map<String, Value> =
                map.into_iter().map(|(key, inner)| (key, as_closed(inner))).collect();
            if map.get("properties").is_some_and(Value::is_object) {
                map.insert("additionalProperties".into(), false.into());
            }
            Value::Object(map)
        }
        other => other,
    }
}

/// `properties` and `required` of both; of any other key, what stands beside `extends`.
fn joined(mut base: Map<String, Value>, own: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in own {
        match (base.get_mut(&key), value) {
            (Some(Value::Object(there)), Value::Object(more)) if key == "properties" => there.extend(more),
            (Some(Value::Array(there)), Value::Array(more)) if key == "required" => {
                let more: Vec<Value> = more.into_iter().filter(|name| !there.contains(name)).collect();
                there.extend(more);
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
    base
}

/// The definitions that a schema refers to.
fn references(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(map) => {
            let target = map.get("$ref").and_then(Value::as_str);
            found.extend(target.and_then(|at| at.strip_prefix("#/$defs/")).map(str::to_owned));
            map.values().for_each(|inner| references(inner, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    /// Each value of a word that the files use beyond JSON Schema.
    fn values<'s>(schema: &'s Value, word: &str, found: &mut Vec<&'s str>) {
        match schema {
            Value::Array(items) => items.iter().for_each(|item| values(item, word, found)),
            Value::Object(map) => {
                found.extend(map.get(word).and_then(Value::as_str));
                map.values().for_each(|inner| values(inner, word, found));
            }
            _ => {}
        }
    }

    #[test]
    fn the_files_name_mappings_and_definitions_that_exist() {
        let mut files = 0;
        for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/schema")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            files += 1;
            let schema: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            let (mut mappings, mut definitions) = (Vec::new(), Vec::new());
            values(&schema, "keys_of", &mut mappings);
            values(&schema, "extends", &mut definitions);
            for mapping in mappings {
                let known = crate::plan::keys::mappings().iter().any(|known| known.path == mapping);
                assert!(known, "{}: keys_of {mapping}", path.display());
            }
            for definition in definitions {
                assert!(super::DEFINITIONS.contains_key(definition), "{}: {definition}", path.display());
            }
        }
        assert!(files > 10, "{files} files");
    }
}

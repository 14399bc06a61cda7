//! The JSON Schemas (draft 2020-12) of what commands print, and of plans.
//!
//! The files use one word that is no keyword of JSON Schema: `extends` names a definition whose
//! `properties` and `required` are joined with those beside it. A step's document is the plan's with
//! a few fields more, and so it is written down once. And `keys_of` names a mapping of a plan, whose keys and what
//! they mean come from the table of these ([`plan_keys`]). What leaves this module has neither.

mod plan_keys;

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Every schema under its name: the words of a command, or what else is read and printed.
const SCHEMAS: [(&str, &str); 69] = [
    ("plan", include_str!("plan.json")),
    ("ps-check", include_str!("ps-check.json")),
    ("discover", include_str!("discover.json")),
    ("discover databases", include_str!("discover-databases.json")),
    ("discover tables", include_str!("discover-tables.json")),
    ("discover columns", include_str!("discover-columns.json")),
    ("discover keys", include_str!("discover-keys.json")),
    ("discover attributes", include_str!("discover-attributes.json")),
    ("rt-events", include_str!("rt-events.json")),
    ("rt-events list", include_str!("rt-events-list.json")),
    ("rt-events delete", include_str!("rt-events-delete.json")),
    ("rt-keys", include_str!("rt-keys.json")),
    ("rt-keys list", include_str!("rt-keys-list.json")),
    ("rt-keys delete", include_str!("rt-keys-delete.json")),
    ("rt-attrs", include_str!("rt-attrs.json")),
    ("rt-attrs list", include_str!("rt-attrs-list.json")),
    ("rt-attrs delete", include_str!("rt-attrs-delete.json")),
    ("pz-create", include_str!("pz-create.json")),
    ("pz-create list", include_str!("pz-create-list.json")),
    ("pz-create delete", include_str!("pz-create-delete.json")),
    ("pz-test", include_str!("pz-test.json")),
    ("journey-create", include_str!("journey-create.json")),
    ("journey-create list", include_str!("journey-create-list.json")),
    ("journey-create delete", include_str!("journey-create-delete.json")),
    ("journey-create pause", include_str!("journey-create-state.json")),
    ("journey-create resume", include_str!("journey-create-state.json")),
    ("journey-create launch", include_str!("journey-create-state.json")),
    ("journey-test", include_str!("journey-test.json")),
    ("validate", include_str!("validate.json")),
    ("diff", include_str!("diff.json")),
    ("saved-plan", include_str!("saved-plan.json")),
    ("apply", include_str!("apply.json")),
    ("export", include_str!("export.json")),
    ("graph", include_str!("graph.json")),
    ("undo", include_str!("undo.json")),
    ("undo list", include_str!("undo-list.json")),
    ("sandbox", include_str!("sandbox.json")),
    ("sandbox health", include_str!("sandbox-health.json")),
    ("sandbox clock", include_str!("sandbox-clock.json")),
    ("sandbox clock set", include_str!("sandbox-clock.json")),
    ("sandbox clock advance", include_str!("sandbox-clock.json")),
    ("sandbox settle", include_str!("sandbox-settle.json")),
    ("sandbox status", include_str!("sandbox-settle.json")),
    ("sandbox faults", include_str!("sandbox-faults.json")),
    ("sandbox faults add", include_str!("sandbox-faults-rule.json")),
    ("sandbox faults remove", include_str!("sandbox-faults-rule.json")),
    ("sandbox faults clear", include_str!("sandbox-faults.json")),
    ("sandbox requests", include_str!("sandbox-requests.json")),
    ("sandbox requests clear", include_str!("sandbox-requests-clear.json")),
    ("sandbox inbox", include_str!("sandbox-inbox.json")),
    ("sandbox inbox answer", include_str!("sandbox-inbox-answer.json")),
    ("sandbox inbox clear", include_str!("sandbox-requests-clear.json")),
    ("sandbox activations", include_str!("sandbox-activations.json")),
    ("sandbox activations clear", include_str!("sandbox-activations-clear.json")),
    ("sandbox profile", include_str!("sandbox-profile.json")),
    ("sandbox snapshot", include_str!("sandbox-snapshots.json")),
    ("sandbox snapshot list", include_str!("sandbox-snapshots.json")),
    ("sandbox snapshot save", include_str!("sandbox-snapshot.json")),
    ("sandbox snapshot restore", include_str!("sandbox-health.json")),
    ("sandbox snapshot delete", include_str!("sandbox-snapshots.json")),
    ("sandbox reset", include_str!("sandbox-health.json")),
    ("config", include_str!("config.json")),
    ("schema", include_str!("schema.json")),
    ("explain", include_str!("explain.json")),
    ("install-links", include_str!("install-links.json")),
    ("dry-run", include_str!("dry-run.json")),
    ("error", include_str!("error.json")),
    ("warning", include_str!("warning.json")),
    ("bulk", include_str!("bulk.json")),
];

/// The definitions that schemas share, `extends` not yet resolved.
static DEFINITIONS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let mut all = Map::new();
    for text in [include_str!("defs.json"), include_str!("defs-plan.json")] {
        // A test reads every file, so what does not parse never gets this far.
        all.extend(serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default());
    }
    all
});

/// The name of every schema: the words of a command (`rt-events list`), `plan`, `saved-plan`, and
/// `error`, `warning`, `dry-run` and `bulk`, which any command may print.
pub fn names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _)| *name)
}

/// The schema of this name as a document of its own, with the definitions that it needs.
pub fn of(name: &str) -> Option<Value> {
    let (name, text) = SCHEMAS.iter().find(|(known, _)| *known == name)?;
    let mut schema = resolved(serde_json::from_str(text).ok()?);
    let mut needed = BTreeSet::new();
    references(&schema, &mut needed);
    let mut definitions = Map::new();
    while let Some(next) = needed.pop_first() {
        if definitions.contains_key(&next) {
            continue;
        }
        let definition = resolved(DEFINITIONS.get(&next)?.clone());
        references(&definition, &mut needed);
        definitions.insert(next, definition);
    }
    let mut document = Map::new();
    document.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    document.insert("$id".into(), format!("urn:tdx-rt:schema:{}", name.replace(' ', ":")).into());
    let rest = schema.as_object_mut()?;
    for about in ["title", "description"] {
        document.insert(about.into(), rest.shift_remove(about)?);
    }
    document.append(rest);
    if !definitions.is_empty() {
        definitions.sort_keys();
        document.insert("$defs".into(), Value::Object(definitions));
    }
    Some(Value::Object(document))
}

/// The schema of the line that a command prints for each item of stdin: `bulk` with the command's own
/// schema for its result.
#[expect(clippy::indexing_slicing, reason = "schemas are objects")]
pub fn of_bulk(name: &str) -> Option<Value> {
    let (mut line, mut result) = (of("bulk")?, of(name)?);
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
            let base = map.shift_remove("extends");
            let base = base.as_ref().and_then(Value::as_str).and_then(|name| DEFINITIONS.get(name));
            Value::Object(match base.cloned().map(resolved) {
                Some(Value::Object(base)) => joined(base, map),
                _ => map,
            })
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

/// What `tdx-rt schema` lists.
pub fn listing() -> Vec<Value> {
    names()
        .filter_map(|name| {
            let schema = of(name)?;
            Some(json!({
                "name": name, "title": schema.get("title")?, "description": schema.get("description")?,
            }))
        })
        .collect()
}

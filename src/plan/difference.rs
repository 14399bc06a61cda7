//! What differs between two plan documents: as changes for programs, as a unified diff for users.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt;

/// What happens to a part of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeAction {
    /// It does not exist yet.
    Create,
    /// It exists and differs.
    Update,
    /// It exists and is deleted.
    Delete,
}

/// A change. Items of lists are named rather than numbered: a list of key events, attributes,
/// sections or outputs is a set of names.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Difference {
    /// What happens.
    pub action: ChangeAction,
    /// Where, for example `attributes.page_views_24h.window_duration`; a name that is no plain word
    /// stands in double quotes.
    pub path: String,
    /// The live value; `null` when there is none.
    pub from: Value,
    /// What it becomes; `null` when it goes.
    pub to: Value,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { action, path, from, to } = self;
        match action {
            ChangeAction::Create => write!(f, "+ {path}"),
            ChangeAction::Delete => write!(f, "- {path}"),
            ChangeAction::Update => write!(f, "~ {path}: {from} -> {to}"),
        }
    }
}

/// The changes that lead from one document to the other, in document order.
pub fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Difference> {
    let mut found = Vec::new();
    compare_maps("", &listed(before), &listed(after), &mut found);
    found
}

/// A unified diff of both as YAML, three lines of context; empty when they are equal.
pub fn unified(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    names: (&str, &str),
) -> Result<String, serde_saphyr::ser::Error> {
    if before == after {
        return Ok(String::new());
    }
    let text = |root: &Map<String, Value>| match root.is_empty() {
        true => Ok(String::new()),
        false => serde_saphyr::to_string(root),
    };
    let (before, after) = (text(before)?, text(after)?);
    let diff = similar::TextDiff::from_lines(&before, &after);
    Ok(diff.unified_diff().context_radius(3).header(names.0, names.1).to_string())
}

/// What a unified diff does not show, as the comments that it may begin with.
pub fn comments<T: std::fmt::Display>(what: &str, all: impl IntoIterator<Item = T>) -> String {
    let line = |one: T| format!("# {what}: {one}").replace('\n', " ") + "\n";
    all.into_iter().map(line).collect()
}

/// A document with its one personalization as a list of one, so that a second one is an addition.
pub(super) fn listed(root: &Map<String, Value>) -> Map<String, Value> {
    let mut root = root.clone();
    if let Some(one) = root.shift_remove("personalization_service") {
        root.insert("personalization_services".into(), Value::Array(vec![one]));
    }
    root
}

fn compare_maps(
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    found: &mut Vec<Difference>,
) {
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    for key in after.keys().chain(gone) {
        let (from, to) = (before.get(key).unwrap_or(&Value::Null), after.get(key).unwrap_or(&Value::Null));
        let path = join(path, key);
        match key.as_str() {
            // A mapping of output names to strings.
            "strings" => compare_entries(&path, from, to, found),
            // A service can exist alone; only a personalization has these keys.
            "trigger_event" | "only"
                if path.starts_with("personalization_services.") && from.is_null() != to.is_null() =>
            {
                found.push(if to.is_null() { delete(&path, from) } else { create(&path, to) });
            }
            _ => compare(&path, from, to, found),
        }
    }
}

fn compare(path: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    const NONE: &[Value] = &[];
    match (from, to) {
        (Value::Object(before), Value::Object(after)) => compare_maps(path, before, after, found),
        (Value::Array(before), Value::Array(after)) => compare_lists(path, before, after, found),
        (Value::Array(before), Value::Null) => compare_lists(path, before, NONE, found),
        (Value::Null, Value::Array(after)) => compare_lists(path, NONE, after, found),
        _ if from == to => {}
        _ => found.push(update(path, from.clone(), to.clone())),
    }
}

fn compare_entries(path: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    let empty = Map::new();
    let entries = |value: &'_ Value| value.as_object().cloned();
    let (before, after) = (entries(from).unwrap_or_default(), entries(to).unwrap_or(empty));
    for (name, to) in &after {
        match before.get(name) {
            None => found.push(create(&join(path, name), to)),
            Some(from) => compare(&join(path, name), from, to, found),
        }
    }
    for (name, from) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        found.push(delete(&join(path, name), from));
    }
}

fn compare_lists(path: &str, before: &[Value], after: &[Value], found: &mut Vec<Difference>) {
    let (Some(old), Some(new)) = (named(before), named(after)) else {
        // No names to go by, so the list is one value.
        if before != after {
            found.push(update(path, Value::from(before), Value::from(after)));
        }
        return;
    };
    for (name, to) in &new {
        let path = join(path, name);
        match old.iter().find(|(there, _)| there == name) {
            None => found.push(create(&path, to)),
            Some((_, from)) => compare(&path, from, to, found),
        }
    }
    for (name, from) in old.iter().filter(|(name, _)| !new.iter().any(|(there, _)| there == name)) {
        found.push(delete(&join(path, name), from));
    }
    // Sections are tried in order, outputs and keys are not.
    let common = |from: &[(String, &Value)], other: &[(String, &Value)]| -> Vec<String> {
        let both = from.iter().filter(|(name, _)| other.iter().any(|(there, _)| there == name));
        both.map(|(name, _)| name.clone()).collect()
    };
    let (from, to) = (common(&old, &new), common(&new, &old));
    if path.ends_with(".sections") && from != to {
        found.push(update(path, Value::from(from), Value::from(to)));
    }
}

/// The items with the names that distinguish them; `None` when one has no name or two have the same.
pub(super) fn named(items: &[Value]) -> Option<Vec<(String, &Value)>> {
    let mut found: Vec<(String, &Value)> = Vec::with_capacity(items.len());
    for item in items {
        let name = match item {
            Value::String(text) => text.clone(),
            // An output is identified by its name in the response.
            Value::Object(map) => map.get("as").or_else(|| map.get("name"))?.as_str()?.to_owned(),
            _ => return None,
        };
        if found.iter().any(|(there, _)| *there == name) {
            return None;
        }
        found.push((name, item));
    }
    Some(found)
}

fn create(path: &str, to: &Value) -> Difference {
    Difference { action: ChangeAction::Create, path: path.to_owned(), from: Value::Null, to: to.clone() }
}

fn delete(path: &str, from: &Value) -> Difference {
    Difference { action: ChangeAction::Delete, path: path.to_owned(), from: from.clone(), to: Value::Null }
}

fn update(path: &str, from: Value, to: Value) -> Difference {
    Difference { action: ChangeAction::Update, path: path.to_owned(), from, to }
}

/// A path with one more part; see [`Difference::path`].
pub fn join(path: &str, name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let part = if plain { name.to_owned() } else { Value::from(name).to_string() };
    if path.is_empty() { part } else { format!("{path}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(before: Value, after: Value) -> Vec<String> {
        let root = |value: Value| value.as_object().cloned().unwrap();
        changes(&root(before), &root(after)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn items_are_told_apart_by_name() {
        let before = json!({"events": [{"name": "a", "table": "d.t"}, {"name": "b c"}]});
        let after = json!({"events": [{"name": "b c", "where": "x = 1"}, {"name": "n"}]});
        assert_eq!(
            found(before, after),
            [r#"~ events."b c".where: null -> "x = 1""#, "+ events.n", "- events.a"]
        );
    }

    #[test]
    fn a_second_personalization_is_an_addition() {
        let before = json!({"personalization_service": {"name": "a"}});
        let after = json!({"personalization_services": [{"name": "a"}, {"name": "b"}]});
        assert_eq!(found(before, after), ["+ personalization_services.b"]);
    }

    #[test]
    fn outputs_and_the_order_of_sections_count() {
        let section = |name: &str, attributes: Value| json!({"name": name, "attributes": attributes, "strings": {"s": "x"}});
        let before = json!({"personalization_service": {"name": "p", "sections": [
            section("a", json!(["x", {"name": "x", "as": "y"}])), section("b", json!([]))]}});
        let mut other = section("a", json!([{"name": "z", "as": "y"}]));
        other["strings"] = json!({"t": "x"});
        let after =
            json!({"personalization_service": {"name": "p", "sections": [section("b", json!([])), other]}});
        let at = "personalization_services.p.sections";
        assert_eq!(
            found(before, after),
            [
                format!(r#"~ {at}.a.attributes.y.name: "x" -> "z""#),
                format!("- {at}.a.attributes.x"),
                format!("+ {at}.a.strings.t"),
                format!("- {at}.a.strings.s"),
                format!(r#"~ {at}: ["a","b"] -> ["b","a"]"#),
            ]
        );
    }

    #[test]
    fn equal_documents_have_no_difference() {
        let root = json!({"attributes": [{"name": "a"}]}).as_object().cloned().unwrap();
        assert!(changes(&root, &root).is_empty());
        assert_eq!(unified(&root, &root, ("live", "plan")).unwrap(), "");
        let text = unified(&Map::new(), &root, ("live", "plan.yaml")).unwrap();
        assert!(text.starts_with("--- live\n+++ plan.yaml\n") && text.contains("\n+attributes:"), "{text}");
    }
}

//! The keys of a plan: the one table of them, and the finding for a key that is not in it. A slip is an
//! error, because what it was to guard is unguarded; a key of a later version, or of the author, is not.

use super::finding::Severity;
use super::nearest::{did_you_mean, is_one_edit, nearest};
use serde_json::Value;
use std::sync::LazyLock;

/// `[PATH]` and a label begin a mapping; then a line about it, and one for each key, its parts between tabs: name,
/// type of the value, what holds when it is left out, what it means, and of attributes the types that have it.
const TABLE: &str = include_str!("keys.tsv");

/// The start of keys that are the author's own, such as YAML anchors.
pub(super) const OWN: &str = "x-";

/// From this length on, a key that is one slip away from one of another level is not a coincidence.
const LONG: usize = 5;

/// Keys that only an older service template has, at its root.
pub(super) const TEMPLATE: [&str; 4] = ["service_name", "sections", "input_params", "outputs"];

/// A mapping of a plan.
#[derive(Debug)]
pub struct Mapping {
    /// Where it stands: the keys that lead to it with dots between, without lists; empty for the document itself.
    pub path: &'static str,
    /// What messages call it.
    pub label: &'static str,
    /// A sentence or more about it; may be empty.
    pub about: &'static str,
    /// Its keys, in the order in which pages list them.
    pub keys: Vec<Key>,
    names: Vec<&'static str>,
}

/// A key of a mapping, as pages describe it.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// The type of its value.
    pub kind: &'static str,
    /// What holds when it is left out; empty where that needs no words.
    pub default: &'static str,
    /// What it means, as sentences.
    pub about: &'static str,
    /// Of an attribute's key: the types that have it; empty where all do.
    pub types: Vec<&'static str>,
}

static MAPPINGS: LazyLock<Vec<Mapping>> = LazyLock::new(|| {
    let mut mappings: Vec<Mapping> = Vec::new();
    for line in TABLE.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        match (parts.as_slice(), mappings.last_mut()) {
            ([path, label], _) if path.starts_with('[') => {
                let path = path.trim_matches(['[', ']']);
                mappings.push(Mapping { path, label, about: "", keys: Vec::new(), names: Vec::new() });
            }
            ([name, kind, default, about, types @ ..], Some(mapping)) => {
                let types = types.iter().flat_map(|types| types.split(", ")).collect();
                mapping.names.push(name);
                mapping.keys.push(Key { name, kind, default, about, types });
            }
            ([about], Some(mapping)) if !about.is_empty() => mapping.about = about,
            _ => {}
        }
    }
    mappings
});

/// All mappings of a plan.
pub fn mappings() -> &'static [Mapping] {
    &MAPPINGS
}

/// The names of a mapping's keys; empty where there is no such mapping.
pub fn of(path: &str) -> &'static [&'static str] {
    mappings().iter().find(|mapping| mapping.path == path).map_or(&[], |mapping| &mapping.names)
}

/// Every mapping with its keys, as messages name it: sections first, as most keys belong there.
pub(super) fn levels() -> Vec<(&'static str, &'static [&'static str])> {
    let mut levels: Vec<_> = mappings().iter().map(|one| (one.label, one.names.as_slice())).collect();
    levels.sort_by_key(|(label, _)| *label != "a section");
    levels.push(("an older service template", &TEMPLATE));
    levels
}

/// The severity of a key that is not among the known ones of its level, and what to do.
pub(super) fn judge(key: &str, known: &[&str]) -> (Severity, String) {
    if let Some(fix) = did_you_mean(key, known.iter().copied()) {
        return (Severity::Error, fix);
    }
    let of = |level: &&(&str, &[&str])| level.1.contains(&key);
    let levels = levels();
    if let Some((level, _)) = levels.iter().find(of) {
        let fix =
            format!("it is a key of {level}; indent it there, or begin it with '{OWN}' to have it ignored");
        return (Severity::Error, fix);
    }
    let slip = levels.iter().find_map(|(level, keys)| {
        let near = nearest(key, keys.iter().copied())?;
        (key.len() >= LONG && is_one_edit(key, near)).then_some((level, near))
    });
    match slip {
        Some((level, near)) => (Severity::Error, format!("did you mean '{near}', a key of {level}?")),
        None => (Severity::Warning, format!("the keys here are {}", known.join(", "))),
    }
}

/// Whether a step writes this key with such a value to the mapping at `pointer`; see DESIGN §1.
pub(super) fn is_steps(pointer: &str, key: &str, value: &Value) -> bool {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let root = parts.is_empty();
    let noted = value.is_object() || value.is_null();
    match key {
        "action" => !root && matches!(value.as_str(), Some("created" | "updated" | "unchanged" | "deleted")),
        "id" => !root,
        "kept" => parts.contains(&"sections"),
        "service" | "personalization" => {
            noted && (root || parts.first() == Some(&"personalization_services"))
        }
        "activations" | "console_url" => matches!(parts.as_slice(), ["journeys", _] | ["journey"]),
        "parent_segment" | "site" | "checks" | "warnings" | "rt_status" | "summary" | "journal"
        | "deleted" | "lost" | "ownership" | "request" | "response" | "latency_ms" | "journey_test" => root,
        _ => false,
    }
}

/// The key of a level that a string in a free mapping of `what` was meant to be: such as `criteria`, one
/// step too deep, among the strings of `strings`.
pub(super) fn is_too_deep(key: &str, outer: &[&str], beside: impl Fn(&str) -> bool) -> bool {
    // A name that could be the author's own, as `name` or `description`, is taken for one.
    let telling = key.contains('_') || matches!(key, "criteria" | "catalogs");
    telling && outer.contains(&key) && !beside(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(mappings().len(), 22);
        for mapping in mappings() {
            let path = mapping.path;
            assert!(!mapping.keys.is_empty() && !mapping.label.is_empty(), "{path}");
            assert!(mapping.about.is_empty() || mapping.about.ends_with('.'), "{path}");
            for key in &mapping.keys {
                assert!(!key.kind.is_empty() && key.about.ends_with('.'), "{path}: {}", key.name);
                assert_eq!(
                    mapping.names.iter().filter(|name| **name == key.name).count(),
                    1,
                    "{path}: {}",
                    key.name
                );
            }
        }
        let lines = TABLE.lines().filter(|line| line.contains('\t') && !line.starts_with('[')).count();
        assert_eq!(lines, mappings().iter().map(|mapping| mapping.keys.len()).sum::<usize>());
    }

    #[test]
    fn a_slip_is_an_error_and_a_distant_key_is_not() {
        let known = ["name", "criteria", "attributes"];
        for key in ["critera", "Criteria", "crtieria", "name_", "trigger_where", "exclude_regx", "as"] {
            assert_eq!(judge(key, &known).0, Severity::Error, "{key}");
        }
        for key in ["owner", "kind", "notes", "team", "version", "labels", "ticket", "priority", "weight"] {
            let (severity, fix) = judge(key, &known);
            assert_eq!(severity, Severity::Warning, "{key}: {fix}");
        }
    }

    #[test]
    fn what_steps_write_is_known_where_they_write_it() {
        let text = Value::from("created");
        assert!(is_steps("/attributes/0", "action", &text) && !is_steps("", "action", &text));
        assert!(!is_steps("/attributes/0", "action", &Value::Array(vec![])));
        assert!(is_steps("", "checks", &text) && !is_steps("/events/0", "checks", &text));
    }
}

//! Generated plans of which one line is taken out: `diff` names it and nothing else, and after `--prune` only what
//! the platform fixes is left.

use super::generate::plan;
use super::{SOURCE, each_round};
use serde_json::{Value, json};

/// Keys whose line stays live when it is left out, and what `diff` calls them.
const KEYS: [(&str, &str); 14] = [
    ("description", "description"),
    ("where", "where"),
    ("exclude_regex", "exclude_regex"),
    ("valid_regex", "valid_regex"),
    ("invalid", "invalid"),
    ("max_items", "max_items"),
    ("expiry_days", "expiry"),
    ("window_duration", "window_duration"),
    ("criteria", "criteria"),
    ("reentry", "reentry"),
    ("goal", "goal"),
    ("milestone", "milestone"),
    ("exit", "exit"),
    ("paused", "paused"),
];

/// A path with one more part.
fn join(path: &str, name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let name = if plain { name.to_owned() } else { json!(name).to_string() };
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

/// The lines of a plan: their pointers, and what their paths begin with.
fn lines(value: &Value, pointer: &str, path: &str, found: &mut Vec<(String, String)>) {
    for (key, inner) in value.as_object().into_iter().flatten() {
        let pointer = format!("{pointer}/{key}");
        let path_of = |key: &str| join(path, key);
        if let Some((_, shown)) = KEYS.iter().find(|(known, _)| known == key) {
            found.push((pointer, path_of(shown)));
            continue;
        }
        let list = match key.as_str() {
            "personalization_service" => "personalization_services",
            "journey" => "journeys",
            other => other,
        };
        match inner {
            Value::Array(items) if !["steps", "batch_segments"].contains(&list) => {
                for (index, item) in items.iter().enumerate().filter(|(_, item)| item["name"].is_string()) {
                    let at = join(&path_of(list), item["name"].as_str().unwrap());
                    lines(item, &format!("{pointer}/{index}"), &at, found);
                }
            }
            Value::Object(map) if map.contains_key("name") => {
                lines(inner, &pointer, &join(&path_of(list), inner["name"].as_str().unwrap()), found);
            }
            Value::Object(_) => lines(inner, &pointer, &path_of(key), found),
            _ => {}
        }
    }
}

/// Whether the line says what holds without it, or cannot be left out without a change.
fn says_little(plan: &Value, pointer: &str, without: &Value) -> bool {
    let (item, key) = pointer.rsplit_once('/').unwrap();
    let line = plan.pointer(pointer).unwrap();
    match key {
        "criteria" => *line == "",
        "max_items" => *line == 100,
        "expiry_days" => *line == 90,
        "reentry" => *line == "until_goal",
        // Both patterns are one on the platform.
        "valid_regex" | "exclude_regex" => ["valid_regex", "exclude_regex"]
            .iter()
            .any(|other| without.pointer(&format!("{item}/{other}")).is_some()),
        _ => false,
    }
}

#[test]
fn a_line_that_is_taken_out_is_named_and_pruned() {
    each_round("taken out", |shell, random| {
        let plan = plan(random, SOURCE);
        let mut all = Vec::new();
        lines(&plan, "", "", &mut all);
        if all.is_empty() {
            return;
        }
        let (pointer, path) = random.pick(&all).clone();
        let mut less = plan.clone();
        let (item, key) = pointer.rsplit_once('/').unwrap();
        less.pointer_mut(item).unwrap().as_object_mut().unwrap().shift_remove(key);
        let run =
            |words: &[&str], plan: &Value| shell.run(&[words, &["-", "--plan-name", "p"]].concat(), plan);
        run(&["apply", "--interval", "5ms"], &plan);
        let named = |diff: &Value| -> Vec<(String, bool)> {
            let left = diff["no_longer_named"].as_array().unwrap();
            let text = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
            let one = |item| (text(item, "path"), text(item, "delete_with").contains(" delete "));
            left.iter().map(one).collect()
        };
        assert_eq!(named(&run(&["diff"], &plan)), [], "{plan}");
        let diff = run(&["diff"], &less);
        let left = named(&diff);
        if says_little(&plan, &pointer, &less) {
            assert_eq!(left, [], "{path}: {plan}");
        } else {
            let inside = |at: &str| at == path || at.starts_with(&format!("{path}."));
            assert!(!left.is_empty() && left.iter().all(|(at, _)| inside(at)), "{path}: {diff}\n{plan}");
            assert_eq!(diff["changes"], json!([]), "{path}: {plan}");
        }
        run(&["apply", "--prune", "--yes", "--interval", "5ms"], &less);
        let after = run(&["diff"], &less);
        let fixed: Vec<_> = left.into_iter().filter(|(_, fixed)| *fixed).collect();
        assert_eq!((&after["changes"], named(&after)), (&json!([]), fixed), "{path}: {plan}");
    });
}

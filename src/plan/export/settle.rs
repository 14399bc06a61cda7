//! Removes what a reader of the exported document would refuse, with a warning.

use crate::plan::{Document, Finding, Plan, Severity};
use serde_json::{Map, Value};

/// Removes items until the document is read without errors. The platform takes what a plan does not,
/// such as names with a `<placeholder>` in them.
pub(super) fn settle(root: &mut Map<String, Value>, warnings: &mut Vec<String>) {
    // Every round removes something, so this ends.
    while let Err(error) = Plan::read(&Document::from_root(root.clone(), "export")) {
        let errors = error.findings.iter().filter(|finding| finding.severity == Severity::Error);
        // A limit is of all items together: none of them is the one to go.
        let Some(wrong) = errors.clone().find(|finding| finding.code != "limit-exceeded") else {
            warnings.extend(errors.map(|finding| finding.message.clone()));
            return;
        };
        if !remove(root, wrong) {
            warnings.push(wrong.message.clone());
            return;
        }
        warnings.push(format!("{} is left out: {}", wrong.path, wrong.message));
    }
}

/// Removes the whole journey, service or what else of the root a finding is about, with a warning.
pub fn leave_out(root: &mut Map<String, Value>, finding: &Finding, warnings: &mut Vec<String>) -> bool {
    let end = finding.pointer.match_indices('/').nth(2).map_or(finding.pointer.len(), |(at, _)| at);
    let pointer = finding.pointer.get(..end).unwrap_or_default();
    let whole = Finding::new(finding.code, finding.severity, pointer, finding.message.as_str());
    warnings.push(format!("{} is left out: {}", whole.path, whole.message));
    remove(root, &whole)
}

/// Removes the innermost item of a list that a finding is about, or the key of the root.
fn remove(root: &mut Map<String, Value>, finding: &Finding) -> bool {
    let parts: Vec<String> =
        finding.pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    let Some(key) = parts.first() else { return false };
    let list_at = |depth: &usize| {
        parts.get(..*depth).and_then(|parts| at(root, parts)).is_some_and(|value| value.is_array())
    };
    let deepest = (1..parts.len()).rev().find(list_at);
    match deepest {
        None => root.shift_remove(key).is_some(),
        Some(depth) => {
            let list = parts
                .iter()
                .take(depth)
                .skip(1)
                .try_fold(root.get_mut(key), |value, part| Some(child(value?, part)))
                .flatten();
            match (list, parts.get(depth).and_then(|part| part.parse::<usize>().ok())) {
                (Some(Value::Array(items)), Some(index)) if index < items.len() => {
                    items.remove(index);
                    true
                }
                _ => false,
            }
        }
    }
}

fn at<'v>(root: &'v Map<String, Value>, parts: &[String]) -> Option<&'v Value> {
    let (key, inner) = parts.split_first()?;
    inner.iter().try_fold(root.get(key)?, |value, part| match value {
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        other => other.get(part),
    })
}

fn child<'v>(value: &'v mut Value, part: &str) -> Option<&'v mut Value> {
    match value {
        Value::Array(items) => items.get_mut(part.parse::<usize>().ok()?),
        other => other.get_mut(part),
    }
}

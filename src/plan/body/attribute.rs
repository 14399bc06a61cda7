//! Real-time attributes.

use super::Checker;
use crate::plan::finding::{Finding, Mend, Severity};
use crate::plan::nearest::did_you_mean;
use crate::plan::words::safe_identifier;
use crate::platform::fields::{ATTRIBUTE_TYPES, COMMON, attribute, keys};
use serde_json::{Map, Value};
use std::collections::HashSet;

pub(super) fn check(checker: &mut Checker<'_>, root: &Map<String, Value>, at: &str) {
    checker.is_read = root.contains_key("id");
    names(checker, root, at);
    let Some(kind) = root.get("type").and_then(Value::as_str) else {
        checker.text(root, at, "type", "an attribute");
        return;
    };
    let Some(fields) = attribute(kind) else {
        let fix = did_you_mean(kind, ATTRIBUTE_TYPES)
            .unwrap_or_else(|| format!("the types of attributes are {}", ATTRIBUTE_TYPES.join(", ")));
        let message = format!("unknown type '{kind}'");
        checker.error("unknown-type", &format!("{at}/type"), message, Some(&fix));
        return;
    };
    if kind == "imported" && !checker.is_read {
        let fix = "send the columns to realtime_imported_attributes/bulk_update";
        let message = "an imported attribute can't be created like the others";
        checker.error("bad-body", &format!("{at}/type"), message, Some(fix));
    }
    let mut whole = root.clone();
    // These are checked by themselves.
    whole.retain(|key, _| key != "id" && !keys(&COMMON).contains(&key.as_str()));
    checker.fields(&mut whole, at, fields);
    match kind {
        "list" => list(checker, &whole, at),
        "counter" => counter(checker, &whole, at),
        "lookupCatalog" => {
            unique(checker, &whole, at, "lookupCatalogColumns", "name");
            unique(checker, &whole, at, "lookupKeys", "id");
        }
        _ => {}
    }
}

fn names(checker: &mut Checker<'_>, root: &Map<String, Value>, at: &str) {
    let what = "an attribute";
    let name = checker.text(root, at, "name", what);
    if root.get("identifier").is_none_or(Value::is_null) {
        let identifier = safe_identifier(name.unwrap_or_default());
        let finding =
            Finding::new("missing-identifier", Severity::Error, at, "an attribute needs 'identifier'")
                .with_fix(Some(format!("add identifier: {identifier}")))
                .with_mend(name.map(|_| Mend::Identifier(identifier)));
        checker.add(finding);
    } else {
        checker.text(root, at, "identifier", what);
    }
    for key in ["id", "description"] {
        if root.get(key).is_some_and(|value| !(value.is_null() || value.is_string())) {
            checker.error("wrong-type", &format!("{at}/{key}"), format!("'{key}' is a string"), None);
        }
    }
}

fn list(checker: &mut Checker<'_>, root: &Map<String, Value>, at: &str) {
    let items = |key: &str| root.get(key).and_then(Value::as_array);
    let text = |key: &str| root.get(key).and_then(Value::as_str).unwrap_or_default();
    let aggregations = items("aggregations").map_or(&[] as &[Value], Vec::as_slice);
    if aggregations.is_empty() {
        let message = "a list without aggregations can be in no payload and no criteria";
        checker.warn("no-aggregation", at, message, Some("add one, such as distinct_list"));
    }
    unique(checker, root, at, "aggregations", "identifier");
    for (index, aggregation) in aggregations.iter().enumerate() {
        let at = format!("{at}/aggregations/{index}");
        let column = aggregation.get("column").and_then(Value::as_str).unwrap_or_default();
        let Some(kept) = items("fields") else { continue };
        // A stand-in for a wrong value is not reported again.
        let is_column =
            checker.document.value(&format!("{at}/column")).and_then(Value::as_str) == Some(column);
        let of_item = column == text("idColumn") || column == "time";
        if is_column && !of_item && !kept.iter().any(|field| field.as_str() == Some(column)) {
            let message = format!("'fields' does not keep '{column}', which this is computed of");
            let fix = format!("add {column} to 'fields'");
            checker.warn("unkept-column", &format!("{at}/column"), message, Some(&fix));
        }
    }
}

/// The items of a list are distinguished by a key.
fn unique(checker: &mut Checker<'_>, root: &Map<String, Value>, at: &str, list: &str, key: &str) {
    let mut seen = HashSet::new();
    let items = root.get(list).and_then(Value::as_array).into_iter().flatten();
    for (index, item) in items.enumerate() {
        let name = item.get(key).and_then(Value::as_str).unwrap_or_default();
        if !seen.insert(name) {
            let message = format!("the {key} '{name}' occurs twice in '{list}'");
            checker.error("duplicate-name", &format!("{at}/{list}/{index}/{key}"), message, None);
        }
    }
}

/// A length of time in minutes.
fn minutes(value: &Value) -> Option<u64> {
    let unit = match value.get("unit")?.as_str()? {
        "minute" => 1,
        "hour" => 60,
        _ => 24 * 60,
    };
    value.get("value")?.as_u64()?.checked_mul(unit)
}

fn windows(checker: &mut Checker<'_>, root: &Map<String, Value>, at: &str) {
    let is_total = root.get("counterType").and_then(Value::as_str) == Some("total");
    let whole = root.get("duration").filter(|whole| !whole.is_null());
    let subs = root.get("subDurations").and_then(Value::as_array).map_or(&[] as &[Value], Vec::as_slice);
    if !is_total && whole.is_none() {
        checker.error("missing-field", at, "a sliding counter needs 'duration'", None);
    }
    if is_total && !subs.is_empty() {
        let message = "a total counter has no sub durations";
        checker.error("bad-body", &format!("{at}/subDurations"), message, None);
    }
    unique(checker, root, at, "subDurations", "identifier");
    for (index, sub) in subs.iter().enumerate() {
        if whole.and_then(minutes).zip(minutes(sub)).is_some_and(|(whole, sub)| sub > whole) {
            let message = "a sub duration is no longer than the counter's duration";
            checker.error("bad-duration", &format!("{at}/subDurations/{index}"), message, None);
        }
    }
}

fn counter(checker: &mut Checker<'_>, root: &Map<String, Value>, at: &str) {
    windows(checker, root, at);
    let Some(Value::Object(increment)) = root.get("increment") else { return };
    let value = increment.get("value").filter(|value| !value.is_null());
    let at = format!("{at}/increment/value");
    match (increment.get("type").and_then(Value::as_str), value) {
        (Some("const"), Some(Value::Number(number))) if number.as_f64().is_some_and(|n| n >= 1.0) => {}
        (Some("const"), Some(_)) => {
            checker.error("bad-body", &at, "a constant increment is a number of at least 1", None);
        }
        (Some("field"), Some(other)) if other.as_str().is_none_or(str::is_empty) => {
            checker.error("bad-body", &at, "the increment of a column is the column's name", None);
        }
        _ => {}
    }
}

//! Real-time attributes.

use super::Checker;
use super::shape::{DURATION, Field, Kind, may, must};
use crate::plan::finding::{Finding, Mend, Severity};
use crate::plan::model::safe_identifier;
use crate::plan::nearest::did_you_mean;
use serde_json::{Map, Value};
use std::collections::HashSet;

const TYPES: [&str; 5] = ["single", "list", "counter", "imported", "lookupCatalog"];
const DATA_TYPES: Kind = Kind::Word(&["string", "number"]);
const BACKFILL: Kind =
    Kind::Map(&[must("attributeIdentifier", Kind::Text), must("timestampIdentifier", Kind::Text)]);
const ACTION: Kind = Kind::Map(&[
    must("action", Kind::Word(&["delete_item", "clear"])),
    must("realtimeKeyEventId", Kind::Text),
    may("filterRule", Kind::Rule),
]);
const AGGREGATION: Kind = Kind::Map(&[
    must("name", Kind::Text),
    must("identifier", Kind::Text),
    must("aggregationType", Kind::Word(&["first", "last", "sum", "min", "max", "distinct_list"])),
    must("column", Kind::Text),
]);
const WINDOW: Kind = Kind::Map(&[
    must("name", Kind::Text),
    must("identifier", Kind::Text),
    must("value", Kind::Count),
    must("unit", Kind::Word(&["minute", "hour", "day"])),
]);
const COLUMN: Kind = Kind::Map(&[must("name", Kind::Text), must("dataType", Kind::Text)]);
const KEY: Kind = Kind::Map(&[must("id", Kind::Text), must("type", Kind::Text)]);

const SINGLE: [Field; 7] = [
    must("realtimeKeyEventId", Kind::Text),
    may("filterRule", Kind::Rule),
    must("valueColumn", Kind::Text),
    must("dataType", DATA_TYPES),
    may("duration", DURATION),
    may("backfill", BACKFILL),
    may("sensitive", Kind::Flag),
];
const LIST: [Field; 9] = [
    must("realtimeKeyEventId", Kind::Text),
    may("filterRule", Kind::Rule),
    must("idColumn", Kind::Text),
    // In the published example; nobody knows what for.
    may("valueColumn", Kind::Text),
    may("fields", Kind::List(&Kind::Text)),
    may("duration", DURATION),
    may("maxItems", Kind::Count),
    may("actions", Kind::List(&ACTION)),
    may("aggregations", Kind::List(&AGGREGATION)),
];
const COUNTER: [Field; 7] = [
    must("realtimeKeyEventId", Kind::Text),
    may("filterRule", Kind::Rule),
    may("counterType", Kind::Word(&["sliding", "total"])),
    must("increment", Kind::Map(&[must("type", Kind::Word(&["const", "field"])), must("value", Kind::Any)])),
    may("duration", DURATION),
    may("backfill", BACKFILL),
    may("subDurations", Kind::List(&WINDOW)),
];
const IMPORTED: [Field; 3] =
    [may("column", Kind::Text), may("dataType", Kind::Text), may("sensitive", Kind::Flag)];
const CATALOG: [Field; 3] = [
    must("lookupCatalogTableName", Kind::Text),
    may("lookupCatalogColumns", Kind::List(&COLUMN)),
    may("lookupKeys", Kind::List(&KEY)),
];
/// What every type has; its values are checked by themselves.
const COMMON: [&str; 5] = ["id", "name", "identifier", "description", "type"];

pub(super) fn check(checker: &mut Checker<'_>, root: &Map<String, Value>, at: &str) {
    checker.is_read = root.contains_key("id");
    names(checker, root, at);
    let fields: &[Field] = match root.get("type").and_then(Value::as_str) {
        Some("single") => &SINGLE,
        Some("list") => &LIST,
        Some("counter") => &COUNTER,
        Some("imported") => &IMPORTED,
        Some("lookupCatalog") => &CATALOG,
        Some(other) => {
            let fix = did_you_mean(other, TYPES)
                .unwrap_or_else(|| format!("the types of attributes are {}", TYPES.join(", ")));
            let message = format!("unknown type '{other}'");
            checker.error("unknown-type", &format!("{at}/type"), message, Some(&fix));
            return;
        }
        None => {
            checker.text(root, at, "type", "an attribute");
            return;
        }
    };
    let mut whole = root.clone();
    whole.retain(|key, _| !COMMON.contains(&key.as_str()));
    checker.fields(&mut whole, at, fields);
    match root.get("type").and_then(Value::as_str) {
        Some("list") => list(checker, &whole, at),
        Some("counter") => counter(checker, &whole, at),
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
            checker.error("wrong-type", &format!("{at}/{key}"), format!("'{key}' is a text"), None);
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
    let mut seen = HashSet::new();
    for (index, aggregation) in aggregations.iter().enumerate() {
        let at = format!("{at}/aggregations/{index}");
        let of = |key: &str| aggregation.get(key).and_then(Value::as_str).unwrap_or_default();
        let (identifier, column) = (of("identifier"), of("column"));
        if !seen.insert(identifier) {
            let message = format!("the aggregation identifier '{identifier}' occurs twice");
            checker.error("duplicate-name", &format!("{at}/identifier"), message, None);
        }
        let Some(kept) = items("fields") else { continue };
        // A stand-in for what is wrong is not told again.
        let said = checker.document.value(&format!("{at}/column")).and_then(Value::as_str) == Some(column);
        let of_item = column == text("idColumn") || column == "time";
        if said && !of_item && !kept.iter().any(|field| field.as_str() == Some(column)) {
            let message = format!("'fields' does not keep '{column}', which this is computed of");
            let fix = format!("add {column} to 'fields'");
            checker.warn("unkept-column", &format!("{at}/column"), message, Some(&fix));
        }
    }
}

fn counter(checker: &mut Checker<'_>, root: &Map<String, Value>, at: &str) {
    let Some(Value::Object(increment)) = root.get("increment") else { return };
    let value = increment.get("value").filter(|value| !value.is_null());
    let at = format!("{at}/increment/value");
    match (increment.get("type").and_then(Value::as_str), value) {
        (Some("const"), Some(Value::Number(number))) if number.as_f64().is_some_and(|n| n >= 1.0) => {}
        (Some("const"), Some(_)) => {
            checker.error("bad-body", &at, "a constant increment is a number of at least 1", None);
        }
        (Some("field"), Some(other)) if !other.is_string() => {
            checker.error("bad-body", &at, "the increment of a column is the column's name", None);
        }
        _ => {}
    }
}

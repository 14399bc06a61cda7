//! The cells of a row: what a value looks like where there is one line for it.

use super::shown::{DIM, GREEN, PLAIN, RED, Style, YELLOW, one_line};
use serde_json::Value;
use std::borrow::Cow;

/// The value of a column, whose name is a field, or a path of fields with dots; null where it has none.
pub fn value_at<'v>(row: &'v Value, column: &str) -> &'v Value {
    column.split('.').fold(row, |value, field| value.get(field).unwrap_or(&Value::Null))
}

/// Whether a column names things: its cells stand on one line, to be copied.
pub(super) fn is_name(column: &str) -> bool {
    let last = column.rsplit('.').next().unwrap_or(column);
    matches!(last, "id" | "name" | "database" | "table" | "column" | "code" | "path" | "journal" | "time")
        || last.ends_with("_id")
        || last.ends_with("_name")
        || last.ends_with("_url")
}

/// What people read over a column, or before its value: the plan's `invalid` would be taken for a number.
pub(super) fn heading(column: &str) -> &str {
    if column == "invalid" { "invalid_values" } else { column }
}

/// What stands for nothing.
pub(super) const NONE: &str = "-";

/// A value for people, on one line.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => NONE.to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => one_line(&whole_seconds(text)),
        Value::Array(items) if items.is_empty() => NONE.to_owned(),
        Value::Array(items) => items.iter().map(part).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            let parts = map.iter().filter(|(_, value)| !value.is_null());
            let parts: Vec<_> =
                parts.map(|(key, value)| format!("{}={}", one_line(key), part(value))).collect();
            if parts.is_empty() { NONE.to_owned() } else { parts.join(" ") }
        }
    }
}

/// A value inside of another one: a thing with a name by its name.
fn part(value: &Value) -> String {
    match value {
        Value::Object(map) => match map.get("name").and_then(Value::as_str) {
            Some(name) => one_line(name),
            None => one_line(&value.to_string()),
        },
        Value::Array(_) => one_line(&value.to_string()),
        other => cell(other),
    }
}

/// A time without the parts of a second.
fn whole_seconds(text: &str) -> Cow<'_, str> {
    // Ids of commands are times without the signs between.
    let is_time = |text: &str| text.contains(':') && text.parse::<jiff::Timestamp>().is_ok();
    match text.split_once('.') {
        Some((seconds, fraction)) if fraction.ends_with('Z') && is_time(text) => format!("{seconds}Z").into(),
        _ => text.into(),
    }
}

/// The columns that say how something fares.
const STATES: [&str; 9] =
    ["rt_status", "status", "state", "action", "ready", "ok", "complete", "delivered", "valid"];

/// The colour of a value that says how something fares: the word says it as well.
pub(super) fn style(column: &str, value: &Value) -> Style {
    if value.is_null() {
        return DIM;
    }
    let last = column.rsplit('.').next().unwrap_or(column);
    if !STATES.contains(&last) {
        return PLAIN;
    }
    match value {
        Value::Bool(true) => GREEN,
        Value::Bool(false) => YELLOW,
        Value::Number(number) => match number.as_u64() {
            Some(200..=299) => GREEN,
            Some(400..) => RED,
            _ => PLAIN,
        },
        Value::String(word) => match word.as_str() {
            "ok" | "launched" | "created" | "delivered" | "initialized" | "finished" => GREEN,
            "updating" | "paused" | "draft" | "updated" | "changed" | "not_initialized" => YELLOW,
            "inconsistent" | "failed" | "error" | "deleted" | "not_sent" => RED,
            "unchanged" => DIM,
            _ => PLAIN,
        },
        _ => PLAIN,
    }
}

/// A value as TSV has it: as jq's `@tsv` writes it, lists and mappings as JSON.
pub(super) fn tsv(value: &Value) -> String {
    let text = match value {
        Value::Null => return String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_lose_the_parts_of_a_second_and_ids_nothing() {
        for (value, shown) in [
            ("2026-11-30T21:00:19.771069619Z", "2026-11-30T21:00:19Z"),
            ("20261130T230133.556332Z", "20261130T230133.556332Z"),
            ("two\nlines\tand \u{1b}[31m", "two\\nlines\\tand \\u001b[31m"),
            ("", "\"\""),
        ] {
            assert_eq!(cell(&json!(value)), shown);
        }
    }
}

//! Outputs without what changes from run to run.

use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Ids that the platform gave to what was made: they go by the order of requests, which may vary.
static ID: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^(\d{5,}|[0-9a-f]{8}-[0-9a-f-]{27})$").unwrap());
static WITHIN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(5\d{5}|[0-9a-f]{8}-[0-9a-f-]{27})\b").unwrap());
static HERE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"127\.0\.0\.1:\d+").unwrap());
static STAMP: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b\d{8}T\d{6}(\.\d+Z(-394649-\d+)?)?").unwrap());
static TOOK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b\d+(\.\d+)? ms\b").unwrap());
static TOKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^tdx-rt-[0-9a-f]{8}$").unwrap());
static NODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[0-9a-f]{32}\b").unwrap());
/// Of the demo data: always the same.
const FIXED: [&str; 3] = ["394649", "394650", "394651"];
/// Numbers that no two runs share.
const NUMBERS: [&str; 12] = [
    "duration_ms",
    "min",
    "p50",
    "p95",
    "max",
    "port",
    "pid",
    "bytes",
    "time",
    "last_request_id",
    "last_id",
    "id",
];

/// In the place of a time: what schemas take for one.
const MOMENT: &str = "2025-11-01T00:00:00.000Z";

/// Times of what a journey did, of requests, and of commands.
const TIMES: [&str; 8] =
    ["at", "due", "entered", "last_seen", "left", "next_attempt_at", "saved_at", "started"];

/// The same document with fixed words in the place of what varies.
pub fn steady(document: &Value, known: &[(&str, &str)]) -> Value {
    member("", document, known)
}

/// The same for a string.
pub fn steady_text(said: &str) -> String {
    TOOK.replace_all(&text(said, &[]), "1 ms").into_owned()
}

fn member(key: &str, value: &Value, known: &[(&str, &str)]) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| member(key, item, known)).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (text(key, known), member(key, value, known)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::String(token) if matches!(key, "token" | "uuid") && !token.is_empty() => "TOKEN".into(),
        Value::String(_) if TIMES.contains(&key) => MOMENT.into(),
        Value::String(id) if ID.is_match(id) && !FIXED.contains(&id.as_str()) => "ID".into(),
        Value::String(name) if key == "name" && TOKEN.is_match(name) => "tdx-rt-TOKEN".into(),
        Value::String(said) => text(said, known).into(),
        Value::Number(number) if NUMBERS.contains(&key) && number.is_f64() => 1.5.into(),
        Value::Number(_) if NUMBERS.contains(&key) => 1.into(),
        other => other.clone(),
    }
}

fn text(said: &str, known: &[(&str, &str)]) -> String {
    let said = known.iter().fold(said.to_owned(), |said, (from, to)| said.replace(from, to));
    let said = HERE.replace_all(&said, "127.0.0.1:8080");
    let said = WITHIN.replace_all(&said, "ID");
    let said = NODE.replace_all(&said, "NODE");
    STAMP.replace_all(&said, "JOURNAL").into_owned()
}

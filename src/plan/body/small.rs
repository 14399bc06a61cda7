//! Settings and key events.

use super::{Checker, RequestBody};
use crate::platform::fields::{CONNECTION, Field, IMPORTS, KEY_EVENT, SERVICE, SETTING, TOKEN, keys};
use crate::platform::pattern::Pattern;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::net::IpAddr;

/// Bodies that are one mapping.
pub(super) fn flat(checker: &mut Checker<'_>, root: &Map<String, Value>, body: RequestBody) {
    // What was read has more keys than are sent.
    checker.is_read = root.contains_key("id");
    let fields: &[Field] = match body {
        RequestBody::Service => &SERVICE,
        RequestBody::Token => &TOKEN,
        RequestBody::Connection => &CONNECTION,
        _ => &IMPORTS,
    };
    checker.fields(&mut root.clone(), "", fields);
    twice(checker, root, "columns", |column| column.as_str().map(str::to_owned));
    for (index, range) in root.get("allowedIps").and_then(Value::as_array).into_iter().flatten().enumerate() {
        if let Some(text) = range.as_str().filter(|text| !is_range(text)) {
            let message = format!("'{text}' is no address or range");
            checker.error("bad-body", &format!("/allowedIps/{index}"), message, None);
        }
    }
    if root.get("auth").is_some_and(|auth| !(auth.is_null() || auth.is_object())) {
        checker.error("wrong-type", "/auth", "'auth' is a mapping of keys", None);
    }
}

/// An IP address, or one with a number of bits: `10.0.0.0/8`.
fn is_range(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse().is_ok_and(|bits: u32| bits <= longest))
}

/// An item that occurs twice in a list.
fn twice(
    checker: &mut Checker<'_>,
    root: &Map<String, Value>,
    list: &str,
    name: impl Fn(&Value) -> Option<String>,
) {
    let mut seen = HashSet::new();
    for (index, item) in root.get(list).and_then(Value::as_array).into_iter().flatten().enumerate() {
        if let Some(name) = name(item)
            && !seen.insert(name.clone())
        {
            let message = format!("'{name}' occurs twice in '{list}'");
            checker.error("duplicate-name", &format!("/{list}/{index}"), message, None);
        }
    }
}

pub(super) fn setting(checker: &mut Checker<'_>, root: &Map<String, Value>) {
    let missing: Vec<&str> = keys(&SETTING).into_iter().filter(|key| !root.contains_key(*key)).collect();
    if !missing.is_empty() {
        let message = format!("a write of the setting replaces what it leaves out: {}", missing.join(", "));
        let fix = "read the setting, merge, and write all four; rt-events and rt-keys do";
        checker.error("partial-setting", "", message, Some(fix));
    }
    checker.is_read = root.contains_key("status");
    let mut lists = root.clone();
    // Missing lists were reported together.
    for key in missing {
        let none = if key == "extLookupKey" { Value::Null } else { Value::Array(Vec::new()) };
        lists.insert(key.to_owned(), none);
    }
    checker.fields(&mut lists, "", &SETTING);
    let text = |item: &Value, key: &str| item.get(key)?.as_str().map(str::to_owned);
    twice(checker, root, "keyColumns", |item| text(item, "name"));
    twice(checker, root, "eventTables", |item| {
        Some(format!("{}.{}", text(item, "database")?, text(item, "table")?))
    });
    twice(checker, root, "batchAttributes", |item| text(item, "column"));
    for (index, key) in root.get("keyColumns").and_then(Value::as_array).into_iter().flatten().enumerate() {
        if let Some(pattern) = text(key, "validRegexp")
            && let Err(why) = Pattern::new(&pattern)
        {
            let message = format!("the pattern '{pattern}' is not valid: {why}");
            checker.error("bad-regex", &format!("/keyColumns/{index}/validRegexp"), message, None);
        }
    }
    // What was read is fixed already.
    if checker.is_read {
        return;
    }
    let Some(lookup) = root.get("extLookupKey").and_then(Value::as_str) else { return };
    let keys = root.get("keyColumns").and_then(Value::as_array);
    if keys.into_iter().flatten().any(|key| key.get("name").and_then(Value::as_str) == Some(lookup)) {
        checker.warn(
            "lookup-is-stitching-key",
            "/extLookupKey",
            format!("'{lookup}' is a stitching key; this must be the profile key column of the master table"),
            Some("it cannot be changed later: look at `.master` of the parent segment first"),
        );
    }
}

pub(super) fn key_event(checker: &mut Checker<'_>, root: &Map<String, Value>, at: &str) {
    checker.is_read = root.contains_key("id");
    let mut whole = root.clone();
    if checker.is_read {
        whole.shift_remove("id");
    }
    if root.get("filterRule").is_none_or(Value::is_null) {
        let fix = r#"no filter is written {"type":"And","conditions":[]}"#;
        checker.error("missing-field", at, "a key event needs 'filterRule'", Some(fix));
        whole.insert("filterRule".to_owned(), Value::Object(Map::new()));
    }
    checker.fields(&mut whole, at, &KEY_EVENT);
}

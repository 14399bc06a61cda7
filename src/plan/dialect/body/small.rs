//! Settings and key events.

use super::Checker;
use serde_json::{Map, Value};

/// The four lists of a setting; a write replaces what it leaves out.
const SETTING: [&str; 4] = ["keyColumns", "eventTables", "batchAttributes", "extLookupKey"];

/// The keys of a key event.
const KEY_EVENT: [&str; 6] = ["id", "name", "databaseName", "tableName", "description", "filterRule"];

pub(super) fn setting(checker: &mut Checker<'_>, root: &Map<String, Value>) {
    let missing: Vec<&str> = SETTING.into_iter().filter(|key| !root.contains_key(*key)).collect();
    if !missing.is_empty() {
        let message = format!("a write of the setting replaces what it leaves out: {}", missing.join(", "));
        let fix = "read the setting, merge, and write all four; rt-events and rt-keys do";
        checker.error("partial-setting", "", message, Some(fix));
    }
    // What was read is fixed already.
    if root.contains_key("status") {
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
    for key in ["name", "databaseName", "tableName"] {
        checker.text(root, at, key, "a key event");
    }
    checker.unknown_keys(root, at, &KEY_EVENT);
    match root.get("filterRule") {
        None | Some(Value::Null) => {
            let fix = r#"no filter is written {"type":"And","conditions":[]}"#;
            checker.error("missing-field", at, "a key event needs 'filterRule'", Some(fix));
        }
        Some(rule) => checker.rule(rule, &format!("{at}/filterRule")),
    }
}

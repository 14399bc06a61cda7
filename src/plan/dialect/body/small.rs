//! Attributes, settings and key events.

use super::Checker;
use crate::plan::finding::{Finding, Mend, Severity};
use crate::plan::model::safe_identifier;
use crate::platform::rule::Rule;
use crate::platform::wire::AttributeSpec;
use serde_json::{Map, Value};

/// The four lists of a setting; a write replaces what it leaves out.
const SETTING: [&str; 4] = ["keyColumns", "eventTables", "batchAttributes", "extLookupKey"];

pub(super) fn attribute(checker: &mut Checker<'_>, root: &Map<String, Value>) {
    let what = "an attribute";
    let name = checker.text(root, "", "name", what);
    if root.get("identifier").is_none_or(Value::is_null) {
        let identifier = safe_identifier(name.unwrap_or_default());
        let finding =
            Finding::new("missing-identifier", Severity::Error, "", "an attribute needs 'identifier'")
                .with_fix(Some(format!("add identifier: {identifier}")))
                .with_mend(name.map(|_| Mend::Identifier(identifier)));
        checker.add(finding);
    } else {
        checker.text(root, "", "identifier", what);
    }
    // What is checked above need not be told again.
    let mut whole = root.clone();
    for key in ["name", "identifier"] {
        whole.insert(key.to_owned(), "x".into());
    }
    let read = serde_json::from_value::<crate::platform::wire::RealtimeAttribute>(Value::Object(whole));
    match read.map(|attribute| attribute.spec) {
        Err(error) => checker.error("bad-body", "", format!("this is no attribute: {error}"), None),
        Ok(AttributeSpec::List(list)) if list.aggregations.is_empty() => {
            let message = "a list without aggregations can be in no payload and no criteria";
            checker.warn("no-aggregation", "", message, Some("add one, such as distinct_list"));
        }
        Ok(_) => {}
    }
}

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

pub(super) fn key_event(checker: &mut Checker<'_>, root: &Map<String, Value>) {
    for key in ["name", "databaseName", "tableName"] {
        checker.text(root, "", key, "a key event");
    }
    match root.get("filterRule") {
        None | Some(Value::Null) => {
            let fix = r#"no filter is written {"type":"And","conditions":[]}"#;
            checker.error("missing-field", "", "a key event needs 'filterRule'", Some(fix));
        }
        Some(rule) => {
            if let Err(error) = Rule::from_json(rule).compile() {
                checker.warn("unknown-rule", "/filterRule", error.to_string(), None);
            }
        }
    }
}

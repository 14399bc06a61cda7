//! Reads request bodies: allowed and required fields, and the messages about them.

use crate::platform::limits::EVENT_BYTES;
use crate::platform::rule::{Operand, Rule};
use crate::sandbox::refusal::{Problem, Reason, Refusal};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A JSON object as it was sent.
pub type Object = Map<String, Value>;

/// Refuses fields that the contract does not have (`additionalProperties: false`), by name.
pub fn only(body: &Object, allowed: &[&str]) -> Result<(), Refusal> {
    let extra: Vec<&str> = body.keys().map(String::as_str).filter(|key| !allowed.contains(key)).collect();
    match extra.as_slice() {
        [] => Ok(()),
        [one] => Err(Refusal::invalid(
            Reason::FieldUnknown,
            format!("'{one}' is not a field that can be set here"),
        )),
        many => Err(Refusal::invalid(
            Reason::FieldUnknown,
            format!("'{}' are not fields that can be set here", many.join("', '")),
        )),
    }
}

/// The same, but accepts fields of later versions of the platform, those whose names begin with `later`: a
/// test can check that a client keeps unknown fields when it reads, merges and writes.
pub fn only_or_later(body: &Object, allowed: &[&str]) -> Result<(), Refusal> {
    only(&body.clone().into_iter().filter(|(key, _)| !is_later(key)).collect(), allowed)
}

/// Whether a field is one of a later version of the platform.
pub fn is_later(field: &str) -> bool {
    field.starts_with("later")
}

/// Refuses a body that lacks a field; `null` counts as present.
pub fn needs(body: &Object, required: &[&str]) -> Result<(), Refusal> {
    let missing: Vec<&str> = required.iter().filter(|key| !body.contains_key(**key)).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(Reason::FieldMissing, format!("required and missing: {}", missing.join(", "))))
}

/// A required string: "Name can't be blank".
pub fn text<'a>(body: &'a Object, key: &str) -> Result<&'a str, Refusal> {
    match body.get(key) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
        None | Some(Value::Null | Value::String(_)) => {
            Err(Refusal::invalid(Reason::FieldBlank, format!("{} can't be blank", label(key)))
                .at(&format!("/{key}")))
        }
        Some(_) => Err(Refusal::invalid(Reason::FieldNotText, format!("{} must be a string", label(key)))
            .at(&format!("/{key}"))),
    }
}

/// A string that may be missing or `null`.
pub fn optional_text<'a>(body: &'a Object, key: &str) -> Result<Option<&'a str>, Refusal> {
    match body.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::invalid(Reason::FieldNotText, format!("{} must be a string", label(key)))),
    }
}

/// Reads a typed value; the error is serde's.
pub fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Refusal> {
    serde_json::from_value(value).map_err(|error| Refusal::invalid(Reason::FieldInvalid, error.to_string()))
}

/// `filterRule` as words: `realtimeKeyEventId` becomes `Realtime key event id`, as the platform's
/// messages do.
pub fn label(key: &str) -> String {
    let mut words = String::new();
    for (index, letter) in key.chars().enumerate() {
        if index == 0 {
            words.extend(letter.to_uppercase());
        } else if letter.is_ascii_uppercase() {
            words.push(' ');
            words.push(letter.to_ascii_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

/// Checks a rule over event columns: it is understood and names no attribute.
pub fn event_rule(rule: &Rule, what: &str) -> Result<(), Refusal> {
    rule.compile().map_err(|error| Refusal::invalid(Reason::EventRuleInvalid, format!("{what}: {error}")))?;
    if rule.operands().iter().any(|operand| matches!(operand, Operand::Attribute { .. })) {
        return Err(Refusal::invalid(
            Reason::EventRuleOverAttribute,
            format!("{what} can only have conditions on columns of the event"),
        ));
    }
    Ok(())
}

/// The problem of a failed check, at a pointer.
pub fn problem(pointer: &str, checked: Result<(), Refusal>) -> Option<Problem> {
    checked.err().map(|refusal| Problem::at(refusal.reason(), pointer, refusal.message()))
}

/// Checks an event of the personalization API (`event` of its contract): `time` in seconds from
/// 1970 to 9999 and `uuid` where they are given, at most 1 MB. Everything else is free.
pub fn event(bytes: &[u8]) -> Result<Object, Refusal> {
    let invalid =
        |what: &str| Refusal::event(Reason::EventInvalid, 3004, format!("Invalid event object: {what}"));
    if bytes.len() > EVENT_BYTES {
        return Err(invalid("it is larger than 1 MB"));
    }
    let event: Object = match serde_json::from_slice(bytes) {
        Ok(Value::Object(event)) => event,
        Ok(_) => return Err(invalid("it must be a JSON object")),
        Err(error) => return Err(invalid(&format!("it is not JSON: {error}"))),
    };
    time_and_uuid(&event).map_err(invalid)?;
    Ok(event)
}

/// Refuses an event of the personalization API that lacks what its contract requires.
pub fn needs_time_and_uuid(event: &Object) -> Result<(), Refusal> {
    match ["time", "uuid"].into_iter().find(|name| !event.contains_key(*name)) {
        Some(name) => Err(Refusal::event(
            Reason::EventFieldMissing,
            3004,
            format!("Invalid event object: {name} is missing"),
        )),
        None => Ok(()),
    }
}

/// Checks `time` and `uuid` of an event where they are given; the error is a sentence.
pub fn time_and_uuid(event: &Object) -> Result<(), &'static str> {
    // 253402300799 is 9999-12-31 23:59:59 UTC.
    match event.get("time") {
        None => {}
        Some(time) if time.as_i64().is_some_and(|t| (0..=253_402_300_799).contains(&t)) => {}
        Some(_) => return Err("time must be an integer, in seconds since the epoch, up to year 9999"),
    }
    match event.get("uuid") {
        None => Ok(()),
        Some(Value::String(id)) if id.len() == 36 && uuid::Uuid::try_parse(id).is_ok() => Ok(()),
        Some(_) => Err("uuid must be a UUID"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_need_a_time_and_a_uuid() {
        let check = |value: Value| {
            let checked = event(value.to_string().as_bytes()).and_then(|event| needs_time_and_uuid(&event));
            checked.map_err(|r| (r.code, r.message()))
        };
        let uuid = "b82aad42-481b-4ca7-87c0-848a34f3c85f";
        assert!(check(json!({"time": 1, "uuid": uuid, "x": [1]})).is_ok());
        for (bad, part) in [
            (json!([]), "JSON object"),
            (json!({"uuid": uuid}), "time is missing"),
            (json!({"time": 1.5, "uuid": uuid}), "integer"),
            (json!({"time": -1, "uuid": uuid}), "integer"),
            (json!({"time": 1}), "uuid is missing"),
            (json!({"time": 1, "uuid": "b82aad42481b4ca787c0848a34f3c85f"}), "must be a UUID"),
        ] {
            let (code, message) = check(bad.clone()).unwrap_err();
            assert!(code == Some(3004) && message.contains(part), "{bad}: {message}");
        }
    }

    #[test]
    fn labels_are_words() {
        assert_eq!(label("realtimeKeyEventId"), "Realtime key event id");
        assert_eq!(label("name"), "Name");
    }
}

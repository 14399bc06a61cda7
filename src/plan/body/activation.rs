//! Activations of journeys.

use super::Checker;
use crate::plan::words::scheme_and_host;
use crate::platform::fields::{ACTIVATION, METHODS, WEBHOOK as EXPORT};
use crate::platform::limits::{WEBHOOK_BODY_BYTES, WEBHOOK_HEADERS};
use crate::platform::wire::WEBHOOK;
use serde_json::{Map, Value};

pub(super) fn check(checker: &mut Checker<'_>, root: &Map<String, Value>) {
    match root.get("data") {
        Some(Value::Object(map)) => resource(checker, map, "/data"),
        _ => resource(checker, root, ""),
    }
}

fn resource(checker: &mut Checker<'_>, map: &Map<String, Value>, at: &str) {
    let Some(Value::Object(attributes)) = map.get("attributes") else {
        let fix = r#"the body is {"attributes": {…}}"#;
        checker.error("missing-field", at, "the activation's fields must be in 'attributes'", Some(fix));
        return;
    };
    checker.is_read = map.contains_key("id");
    if !checker.is_read {
        checker.unknown_keys(map, at, &["attributes"]);
    }
    let at = format!("{at}/attributes");
    checker.fields(&mut attributes.clone(), &at, &ACTIVATION);
    if let Some(step) = attributes.get("stepUuid").and_then(Value::as_str)
        && (step.len() != 36 || uuid::Uuid::try_parse(step).is_err())
    {
        checker.error("bad-body", &format!("{at}/stepUuid"), format!("'{step}' is no UUID"), None);
    }
    let is_webhook = attributes.get("connectorType").and_then(Value::as_str) == Some(WEBHOOK);
    let Some(connector) = attributes.get("connector") else { return };
    if let Some(export) = inner(checker, connector, &at, "exportJson")
        && is_webhook
    {
        webhook(checker, &export, &format!("{at}/connector/exportJson"));
    }
    if let Some(settings) = inner(checker, connector, &at, "exportAdvancedJson")
        && let Some((key, _)) = settings.iter().find(|(_, value)| value.as_f64().is_some_and(|n| n < 0.0))
    {
        let pointer = format!("{at}/connector/exportAdvancedJson");
        checker.error("bad-webhook", &pointer, format!("'{key}' can't be negative"), None);
    }
}

/// The mapping that a string holds as JSON.
fn inner(checker: &mut Checker<'_>, connector: &Value, at: &str, key: &str) -> Option<Map<String, Value>> {
    let text = connector.get(key)?.as_str()?;
    let why = match serde_json::from_str(text) {
        Ok(Value::Object(map)) => return Some(map),
        Ok(_) => "it holds no mapping".to_owned(),
        Err(error) => format!("it is not JSON: {error}"),
    };
    let message = format!("'{key}' is a mapping, written as JSON in a string; {why}");
    checker.error("bad-webhook", &format!("{at}/connector/{key}"), message, None);
    None
}

fn webhook(checker: &mut Checker<'_>, export: &Map<String, Value>, at: &str) {
    let mut refuse = |message: String| checker.error("bad-webhook", at, message, None);
    if let Some(unknown) = export.keys().find(|key| !EXPORT.contains(&key.as_str())) {
        refuse(format!("a webhook has no '{unknown}'; it has {}", EXPORT.join(", ")));
    }
    let text = |key: &str| export.get(key).and_then(Value::as_str).unwrap_or_default();
    if !METHODS.contains(&text("method").to_ascii_lowercase().as_str()) {
        refuse(format!("'method' is one of {}", METHODS.join(", ")));
    }
    if scheme_and_host(text("url")).is_none() {
        refuse("'url' is an http or https URL".to_owned());
    }
    let headers = match export.get("headers") {
        None | Some(Value::Null) => 0,
        Some(Value::Object(headers)) => headers.len(),
        Some(Value::Array(headers)) => headers.len(),
        Some(_) => return refuse("'headers' is a mapping, a list or null".to_owned()),
    };
    if headers > WEBHOOK_HEADERS {
        refuse(format!("a webhook has at most {WEBHOOK_HEADERS} headers, not {headers}"));
    }
    let body = match export.get("body") {
        None | Some(Value::Null) => 0,
        Some(Value::String(body)) => body.len(),
        Some(body) => body.to_string().len(),
    };
    if body > WEBHOOK_BODY_BYTES {
        refuse(format!("the body has {body} bytes; at most {WEBHOOK_BODY_BYTES} are sent"));
    }
}

//! Reading what an activation sends.

use super::journey::Sends;
use crate::plan::keys;
use crate::plan::nearest::did_you_mean;
use crate::plan::read::{Fields, Reader};
use crate::plan::tree::escape;
use crate::plan::words::scheme_and_host;
use crate::platform::limits::{WEBHOOK_BODY_BYTES, WEBHOOK_HEADERS};
use crate::platform::wire::{Extra, WebhookAdvanced, WebhookExport};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Methods of a webhook; the public examples have `post` only.
const METHODS: [&str; 5] = ["post", "put", "patch", "get", "delete"];
/// The longest time to wait for a destination, in seconds; a slip of the keyboard beyond (our choice).
const SECONDS: u64 = 3_600;
/// The most retries (our choice).
const RETRIES: u64 = 100;

/// `activate: webhook`.
pub(super) fn read_webhook(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Sends> {
    for key in ["connector_type", "parameters", "advanced"] {
        if fields.get(key).is_some() {
            let message = format!("'{key}' belongs to activate: connection");
            reader.error("unused-field", &fields.at(key), message);
        }
    }
    let url = fields.required_name(reader, "url", "a webhook");
    if let Some(url) = &url {
        check_url(reader, &fields.at("url"), url);
    }
    let method = read_method(reader, fields);
    let headers = read_headers(reader, fields);
    let body = read_body(reader, fields);
    let extra = fields.get("more").and_then(Value::as_object).cloned().unwrap_or_default();
    for key in ["more", "advanced"] {
        if let Some(value) = fields.get(key) {
            reader.check_numbers(&fields.at(key), value);
        }
    }
    let defaults = WebhookAdvanced::default();
    let read = seconds(reader, fields, "read_timeout").or_else(|| seconds(reader, fields, "timeout"));
    let advanced = WebhookAdvanced {
        webhook_retry_count: read_retries(reader, fields).unwrap_or(defaults.webhook_retry_count),
        webhook_connection_timeout: seconds(reader, fields, "connect_timeout")
            .unwrap_or(defaults.webhook_connection_timeout),
        webhook_read_timeout: read.unwrap_or(defaults.webhook_read_timeout),
        webhook_write_timeout: seconds(reader, fields, "write_timeout")
            .unwrap_or(defaults.webhook_write_timeout),
        extra: fields.get("advanced").and_then(Value::as_object).cloned().unwrap_or_default(),
    };
    let export = WebhookExport { method, url: url?, headers, body, extra };
    Some(Sends::Webhook { export, advanced })
}

/// `activate: connection`.
pub(super) fn read_raw(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Sends> {
    for key in [
        "url",
        "method",
        "headers",
        "body",
        "retries",
        "timeout",
        "connect_timeout",
        "read_timeout",
        "write_timeout",
        "api_key_env",
    ] {
        if fields.get(key).is_some() {
            let message = format!("'{key}' belongs to activate: webhook");
            reader.error("unused-field", &fields.at(key), message);
        }
    }
    let connection = fields.required_name(reader, "connection", "activate: connection");
    let connector_type = fields.required_name(reader, "connector_type", "activate: connection");
    let export = object(reader, fields, "parameters");
    let advanced = object(reader, fields, "advanced");
    for (key, part) in [("parameters", &export), ("advanced", &advanced)] {
        if let Some(part) = part {
            let part = Value::Object(part.clone());
            check_secrets(reader, &fields.at(key), &part);
            reader.check_numbers(&fields.at(key), &part);
        }
    }
    connection?;
    Some(Sends::Raw { connector_type: connector_type?, export, advanced })
}

fn object(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<Extra> {
    match fields.get(key)? {
        Value::Object(map) => Some(map.clone()),
        other => {
            reader.wrong_type(&fields.at(key), &format!("'{key}' is a mapping"), other);
            None
        }
    }
}

/// An address with http or https; what stands before the first placeholder must say at least so much.
fn check_url(reader: &mut Reader<'_>, at: &str, url: &str) {
    let fixed = url.split("{{").next().unwrap_or_default();
    let parsed = scheme_and_host(fixed);
    match parsed {
        None => {
            let fix = Some("write it like https://hooks.example.com/path".to_owned());
            reader.error_fix("bad-webhook", at, "a webhook goes to an http or https address", fix);
        }
        Some(("http", host)) if !is_loopback(host) => {
            let fix = Some("use https".to_owned());
            let message = "what is sent over plain http can be read in transit";
            reader.warn("plain-http", at, message, fix);
        }
        Some(_) => {}
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `post` unless the plan says otherwise; small letters, as the public examples have it.
fn read_method(reader: &mut Reader<'_>, fields: &Fields<'_>) -> String {
    let Some(given) = fields.name(reader, "method") else { return METHODS[0].to_owned() };
    let method = given.to_ascii_lowercase();
    if !METHODS.contains(&method.as_str()) {
        let message = format!("'method' is one of {}, not '{given}'", METHODS.join(", "));
        reader.error_fix("unknown-value", &fields.at("method"), message, did_you_mean(&method, METHODS));
    }
    method
}

fn read_headers(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Map<String, Value>> {
    let at = fields.at("headers");
    let headers = match fields.get("headers")? {
        Value::Object(map) => map,
        other => {
            reader.wrong_type(&at, "'headers' is a mapping of names to strings", other);
            return None;
        }
    };
    if headers.len() > WEBHOOK_HEADERS {
        let message =
            format!("a webhook has at most {WEBHOOK_HEADERS} headers of its own, not {}", headers.len());
        reader.error("limit-exceeded", &at, message);
    }
    let mut seen = HashSet::new();
    let mut found = Map::new();
    for (name, value) in headers {
        let at = format!("{at}/{}", escape(name));
        let is_token = !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.!#$%&'*+^`|~".contains(&b));
        if !is_token {
            reader.error("bad-webhook", &at, format!("'{name}' cannot be the name of a header"));
            reader.move_to_key(&at);
        } else if !seen.insert(name.to_ascii_lowercase()) {
            reader.error("duplicate-name", &at, format!("the header '{name}' occurs twice"));
            reader.move_to_key(&at);
        }
        if keys::is_too_deep(name, keys::of("journeys.steps"), |key| fields.get(key).is_some()) {
            let message = format!("'{name}' is a key of a step, and is among its headers");
            let fix = format!(
                "indent it as 'headers' is; a header of this name is written {}",
                name.to_uppercase()
            );
            reader.error_fix("unknown-key", &at, message, Some(fix));
            reader.move_to_key(&at);
        }
        let Some(text) = crate::plan::read::text_of(reader, &at, value, name) else { continue };
        if text.contains(['\r', '\n']) {
            reader.error("bad-webhook", &at, "the value of a header is one line");
        }
        let value = Value::String(text);
        check_secrets(reader, &at, &value);
        found.insert(name.clone(), value);
    }
    Some(found)
}

/// A template, or JSON. What is only a number is a template of its characters, but for a whole number that
/// JSON writes alike.
fn read_body(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Value> {
    let (at, mut body) = (fields.at("body"), fields.get("body")?.clone());
    let alike = |body: &Value| reader.document().written(&at, body) == Some(body.to_string());
    if body.is_f64() || body.is_number() && !alike(&body) {
        body = crate::plan::read::text_of(reader, &at, &body, "body")?.into();
    }
    check_body(reader, &at, &body);
    Some(body)
}

fn check_body(reader: &mut Reader<'_>, at: &str, body: &Value) {
    let bytes = match body {
        Value::String(text) => text.len(),
        other => other.to_string().len(),
    };
    if bytes > WEBHOOK_BODY_BYTES {
        let message = format!(
            "the body has {bytes} bytes before anything is filled in; the limit is {WEBHOOK_BODY_BYTES}"
        );
        reader.error("limit-exceeded", at, message);
    }
    check_secrets(reader, at, body);
    reader.check_numbers(at, body);
}

/// The account's own key must not be sent to another party. The published example sends it.
fn check_secrets(reader: &mut Reader<'_>, at: &str, value: &Value) {
    match value {
        Value::String(text) if has_key(text) => {
            let fix =
                Some("name the variable that holds the destination's key with 'api_key_env'".to_owned());
            let message = "this looks like an API key of Treasure Data, which would go to the destination";
            reader.error_fix("key-in-webhook", at, message, fix);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check_secrets(reader, &format!("{at}/{index}"), item);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                check_secrets(reader, &format!("{at}/{}", escape(key)), item);
            }
        }
        _ => {}
    }
}

/// Whether a string has `<account>/<40 hex digits>` in it, as the platform's API keys do.
pub fn has_key(text: &str) -> bool {
    text.match_indices('/').any(|(slash, _)| {
        let before = text.get(..slash).unwrap_or_default();
        let hex = text.bytes().skip(slash).skip(1).take_while(u8::is_ascii_hexdigit).count();
        hex == 40 && before.bytes().next_back().is_some_and(|b| b.is_ascii_digit())
    })
}

fn read_retries(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<u64> {
    let value = fields.get("retries")?;
    match value.as_u64().filter(|count| *count <= RETRIES) {
        Some(count) => Some(count),
        None => {
            let expected = format!("'retries' is a whole number from 0 to {RETRIES}");
            reader.wrong_type(&fields.at("retries"), &expected, value);
            None
        }
    }
}

/// Whole seconds: `30s`, `1m`, or a number of seconds.
fn seconds(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<u64> {
    let value = fields.get(key)?;
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_ascii_lowercase(),
        _ => String::new(),
    };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim() {
        "" | "s" | "sec" | "second" | "seconds" => Some(1),
        "m" | "min" | "minute" | "minutes" => Some(60),
        _ => None,
    };
    let found = factor.and_then(|factor| number.parse::<u64>().ok()?.checked_mul(factor));
    match found.filter(|seconds| (1..=SECONDS).contains(seconds)) {
        Some(seconds) => Some(seconds),
        None => {
            let expected = format!("'{key}' is whole seconds from 1 to {SECONDS}, such as 30s");
            reader.wrong_type(&fields.at(key), &expected, value);
            None
        }
    }
}

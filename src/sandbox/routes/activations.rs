//! `/_sandbox/activations`: what journeys have sent, and will send.

use super::call::RouteCall;
use super::render::{Answer, json, later};
use super::{DELETE, GET, Route};
use crate::platform::controls::{DeliveryState, SendAttempt, SentActivation};
use crate::sandbox::answers::{Activations, Waiting};
use crate::sandbox::clock::iso;
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::Store;
use crate::sandbox::store::deliveries::{Attempt, Delivery};
use crate::sandbox::store::logs::LogTable;
use serde_json::{Map, Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/_sandbox/activations", list),
    (GET, "/_sandbox/activations/log", log),
    (DELETE, "/_sandbox/activations", clear),
];

/// The query parameters.
const FILTERS: [&str; 9] =
    ["ps", "journey", "activation", "state", "profile", "event_id", "id", "limit", "wait"];

/// Answers after everything due now was tried, unless `wait=false`.
fn list(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    if let Some((other, _)) = call.queries().iter().find(|(name, _)| !FILTERS.contains(&name.as_str())) {
        let message = format!("'{other}' is no filter; there are {}", FILTERS.join(", "));
        return Err(Refusal::bad_request(Reason::ControlQueryInvalid, message));
    }
    match call.query("wait") {
        None | Some("true") => later(None, listed),
        Some("false") => listed(sandbox, call),
        Some(other) => Err(Refusal::bad_request(
            Reason::ControlQueryInvalid,
            format!("wait must be true or false, not '{other}'"),
        )),
    }
}

/// `?ps=&journey=&activation=&state=&profile=&event_id=&id=&limit=`: the latest `limit`, oldest first.
/// A journey and an activation go by id or name, a profile by `column=value`.
fn listed(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let state = call.query("state").map(state).transpose()?;
    let limit = match call.query("limit") {
        None => usize::MAX,
        Some(text) => text.parse().map_err(|_| {
            Refusal::bad_request(Reason::ControlQueryInvalid, format!("limit must be a number, not '{text}'"))
        })?,
    };
    let store = sandbox.read();
    let segment = call.query("ps").map(|ps| segment(&store, ps)).transpose()?;
    let is = |wanted: &str, found: &[&str]| call.query(wanted).is_none_or(|wanted| found.contains(&wanted));
    let fits = |delivery: &Delivery| {
        let sent = &delivery.activated;
        segment.is_none_or(|segment| segment == delivery.segment)
            && state.is_none_or(|state| state == delivery.state)
            && is("journey", &[&sent.journey_id, &sent.journey_name])
            && is("activation", &[&sent.activation_id, &sent.activation_name])
            && is("profile", &[&sent.profile])
            && is("event_id", &[&sent.event_id])
            && is("id", &[&delivery.id])
    };
    let found: Vec<Delivery> = store.deliveries.all().into_iter().filter(fits).collect();
    let skipped = found.len().saturating_sub(limit);
    let shown: Vec<_> = found.into_iter().skip(skipped).map(shown).collect();
    json(&Activations { count: shown.len(), activations: Some(shown) })
}

/// The number of a parent segment that is named by id or name.
fn segment(store: &Store, ps: &str) -> Result<u64, Refusal> {
    let by_name = store.segments().find(|segment| segment.name == ps);
    Ok(store.segment(ps).or_else(|refusal| by_name.ok_or(refusal))?.number())
}

/// `?ps=`: the rows of the platform's log, oldest first.
fn log(_: &Sandbox, _: &RouteCall) -> Answer {
    later(None, |sandbox, call| {
        let ps = call.query("ps").ok_or_else(|| {
            Refusal::bad_request(Reason::ControlQueryInvalid, "name the parent segment: ?ps=ID")
        })?;
        let table = LogTable::Activations.of(segment(&sandbox.read(), ps)?);
        let rows = sandbox.warehouse().known_rows(&table)?;
        json(&object!({"count": rows.len(), "rows": rows}))
    })
}

fn clear(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    let store = sandbox.read();
    store.deliveries.clear();
    json(&Waiting { waiting: store.deliveries.all().len() })
}

fn state(text: &str) -> Result<DeliveryState, Refusal> {
    serde_json::from_value(Value::from(text)).map_err(|_| {
        let states = "waiting, delivered, failed, not_sent";
        Refusal::bad_request(
            Reason::ControlQueryInvalid,
            format!("state must be one of {states}, not '{text}'"),
        )
    })
}

/// A delivery as it is shown: times as RFC 3339, secrets hidden.
fn shown(delivery: Delivery) -> SentActivation {
    let sent = delivery.activated;
    SentActivation {
        id: delivery.id,
        parent_segment_id: delivery.segment.to_string(),
        journey_id: sent.journey_id,
        journey_name: sent.journey_name,
        stage_name: sent.stage_name,
        step: sent.step,
        activation_id: sent.activation_id,
        activation_name: sent.activation_name,
        connector_type: sent.connector_type,
        connection_id: sent.connection_id,
        profile: sent.profile,
        event_id: sent.event_id,
        at: iso(sent.at.saturating_mul(1_000)),
        state: delivery.state,
        reason: delivery.reason,
        next_attempt_at: delivery.due_ms.map(iso),
        request: request(sent.export),
        attempts: delivery.attempts.into_iter().map(attempt).collect(),
    }
}

fn attempt(attempt: Attempt) -> SendAttempt {
    SendAttempt {
        at: iso(attempt.at_ms),
        status: attempt.status,
        error: attempt.error,
        response: attempt.response,
        duration_ms: attempt.duration_ms,
    }
}

/// Words in the names of secret values.
const SECRET: [&str; 8] =
    ["authorization", "cookie", "token", "secret", "api-key", "apikey", "api_key", "password"];

/// What is sent, without secrets: values of headers and fields with such names, headers in a form that
/// has no names, and the user part of a URL.
fn request(mut request: Value) -> Value {
    hide(&mut request);
    if let Some(headers) = request.get_mut("headers").filter(|headers| headers.is_array()) {
        *headers = "***".into();
    }
    if let Some(Value::String(text)) = request.get_mut("url")
        && let Ok(mut url) = reqwest::Url::parse(text)
        && (url.password().is_some() || !url.username().is_empty())
        && url.set_password(None).and_then(|()| url.set_username("***")).is_ok()
    {
        *text = url.into();
    }
    request
}

fn hide(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(map) => hide_members(map),
        _ => {}
    }
}

fn hide_members(map: &mut Map<String, Value>) {
    for (name, value) in map.iter_mut() {
        let lower = name.to_ascii_lowercase();
        match value {
            Value::Object(_) | Value::Array(_) => hide(value),
            value if SECRET.iter().any(|word| lower.contains(word)) => *value = "***".into(),
            _ => {}
        }
    }
}

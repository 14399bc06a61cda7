//! The personalization API: events in, offers out. Streaming ingest comes in at the same paths.

use super::call::RouteCall;
use super::render::{Answer, Family, json};
use super::{GET, OPTIONS, POST, Route, cors, ingest, unsupported};
use crate::platform::addresses::allows;
use crate::platform::limits::is_table_name;
use crate::platform::wire::{EventTable, Service, VENDOR_JSON};
use crate::sandbox::options::is_hex;
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::live::{ProfileKeys, arrive, check_size};
use crate::sandbox::store::segment::ParentSegment;
use crate::sandbox::store::{Store, body};
use axum::http::Method;
use serde::Serialize;
use serde_json::{Map, Value};

/// The path of events. It takes any two segments; `unsupported` sorts out those of other APIs.
pub const EVENT: &str = "/{database}/{table}";
/// The same for pages, which have no secret key.
const PUBLIC_EVENT: &str = "/public/{database}/{table}";

pub const ROUTES: &[Route] = &[
    (POST, EVENT, event),
    (OPTIONS, EVENT, preflight),
    (POST, PUBLIC_EVENT, public_event),
    (OPTIONS, PUBLIC_EVENT, preflight),
    (GET, "/audiences/{audienceId}/personalizations/{personalizationId}", personalization),
];

/// An answer to an event.
#[derive(Serialize)]
struct Offers {
    offers: Map<String, Value>,
}

/// The router takes `POST /v3/foo` for an event of a table `foo` because its path has two segments: it
/// is an operation of the TD API that is missing here.
fn is_event(method: &Method, call: &RouteCall) -> Result<(), Refusal> {
    match Family::of(call.uri.path()) {
        Family::Personalization => Ok(()),
        _ => Err(unsupported::refuse(method, call.uri.path())),
    }
}

fn event(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    is_event(&Method::POST, call)?;
    receive(sandbox, call, false)
}

fn public_event(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    cors::origin(&call.headers)?;
    receive(sandbox, call, true)
}

fn preflight(_: &Sandbox, call: &RouteCall) -> Answer {
    is_event(&Method::OPTIONS, call)?;
    cors::preflight(&call.headers, cors::EVENT_METHODS)
}

fn receive(sandbox: &Sandbox, call: &RouteCall, public: bool) -> Answer {
    if let Some(records) = ingest::records(call) {
        return ingest::take(sandbox, call, records?, public);
    }
    let reply = json(&Offers { offers: take(sandbox, call, public)? })?;
    check_size(&reply.body)?;
    Ok(reply)
}

/// Checks in the order of the codes: token, name of the table, event.
fn take(sandbox: &Sandbox, call: &RouteCall, public: bool) -> Result<Map<String, Value>, Refusal> {
    let store = sandbox.read();
    let segment = owner(&store, call, public)?;
    let (database, table) = (call.path("database"), call.path("table"));
    if let Some(bad) = [database, table].into_iter().find(|name| !is_table_name(name)) {
        let message = format!("Invalid event object: '{bad}' is not [0-9a-z_]{{3,128}}");
        return Err(Refusal::event(Reason::EventTableNameInvalid, 3004, message));
    }
    let media_type = call.media_type();
    if media_type != VENDOR_JSON {
        let message =
            format!("Invalid event object: the content type must be {VENDOR_JSON}, not '{media_type}'");
        return Err(Refusal::event(Reason::EventContentTypeWrong, 3004, message));
    }
    let mut event = body::event(&call.body)?;
    // Only the contract of `EVENT` is public, and it requires both. Pages send neither (td-js-sdk
    // `fetchPersonalization`: "passing `null` or `{}` for empty payload").
    if !public {
        body::needs_time_and_uuid(&event)?;
    }
    // What the platform answers then is not public; streaming ingest takes rows of tables that exist.
    if !store.catalog.has(database, table) {
        let message = format!("Invalid event object: there is no table {database}.{table}");
        return Err(Refusal::event(Reason::EventTableUnknown, 3004, message));
    }
    let table = EventTable::new(database, table);
    let now = sandbox.clock().now();
    arrive(&mut event, now);
    store.note(&table, &event, now);
    store.ingest(segment, &table, &event, now)
}

/// The parent segment that owns the request's token.
fn owner<'s>(store: &'s Store, call: &RouteCall, public: bool) -> Result<&'s ParentSegment, Refusal> {
    let token = call.header("wp13n-token").map(str::trim).filter(|token| !token.is_empty());
    let token =
        token.ok_or_else(|| Refusal::event(Reason::TokenMissing, 3000, "RT token was not provided"))?;
    let account = account_of(token)
        .ok_or_else(|| Refusal::event(Reason::TokenInvalid, 3003, "RT token is in an invalid format"))?;
    if account != store.account() {
        return Err(Refusal::event(
            Reason::TokenAccountForeign,
            3002,
            "RT token account conflicts with Authed user account",
        ));
    }
    let unknown = || Refusal::event(Reason::TokenUnknown, 3001, "RT token is not in configuration");
    let (segment, owner) = store.token_owner(token).ok_or_else(unknown)?;
    let service: &Service = segment.realtime()?.service(&owner.service).map_err(|_| unknown())?;
    // A public service's token is accepted with a key as well: so its owner can test it.
    if public && !service.public {
        let message = "Invalid token type: the token's service is private, and a page needs a public one; this is \
                       fixed when a service is made";
        return Err(Refusal::event(Reason::TokenTypeWrong, 3006, message));
    }
    let entry = service.tokens.iter().find(|known| known.value.as_deref() == Some(token));
    if !allows(&entry.ok_or_else(unknown)?.allowed_ips, call.ip) {
        return Err(Refusal::event(Reason::TokenAddressForeign, 3005, "Request origin not in IP whitelist"));
    }
    Ok(segment)
}

/// The account of a token, when it has the form `<account>/<instance>/<32 hex>`.
fn account_of(token: &str) -> Option<&str> {
    let (account, rest) = token.split_once('/')?;
    let (instance, secret) = rest.split_once('/')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (digits(account) && digits(instance) && is_hex(&secret.to_ascii_lowercase(), 32)).then_some(account)
}

/// The published workflow's own check: what a personalization answers for a profile, named by its
/// ids in the query, flat as `{outputName: value}`; `{}` when no section takes it. With
/// `event_name`, that key event must exist; nothing is ingested.
fn personalization(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    let realtime = segment.realtime()?;
    realtime.personalization(call.path("personalizationId"))?;
    if let Some(name) = call.query("event_name")
        && !realtime.key_events.iter().any(|event| event.name == name)
    {
        return Err(Refusal::new(
            Reason::EventNameUnknown,
            RefusalKind::NotFound,
            format!("there is no key event '{name}'"),
        ));
    }
    let keys: ProfileKeys = call.queries().iter().filter(|(name, _)| name != "event_name").cloned().collect();
    let values = segment.personalize(call.path("personalizationId"), &keys, sandbox.clock().now())?;
    let reply = json(&values)?;
    check_size(&reply.body)?;
    Ok(reply)
}

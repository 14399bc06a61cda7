//! Streaming ingest (`<site>.records.in…` of the platform): records in, receipts out.
//!
//! On the platform it has a host of its own; here it shares paths with the personalization API: a
//! request with a `WP13n-Token` is an event of the personalization API, one without it that has a
//! list of records is an ingest.
//!
//! Public sources: (DOC) docs.treasuredata.com, *Importing Table Records Using the Data Ingestion
//! API*; (JS) td-js-sdk `lib/record.js` with `useNewJavaScriptEndpoint`; (iOS) td-ios-sdk
//! `TreasureData/TDClient.swift` and `SwiftEventEngine.swift`, which are the only ones to show an
//! answer: `{"receipts": [{"success", "error": {"name"}}]}`, one for each record in its order.

use super::call::RouteCall;
use super::render::{Answer, json};
use crate::platform::limits::{EVENT_BYTES, INGEST_EVENTS, is_table_name};
use crate::platform::wire::{EventTable, VENDOR_JSON};
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::body::{self, Object};
use crate::sandbox::store::live::arrive;
use axum::http::header;
use serde_json::{Value, json as object};
use std::borrow::Cow;

/// One record as the whole body. Its answer is not public; ours has one receipt.
const SINGLE: &str = "application/vnd.treasuredata.v1.single+json";
/// Query parameters of pages with a global id (JS) and of apps that track their address (iOS).
const ALSO: [&str; 2] =
    ["application/vnd.treasuredata.v1.js+json", "application/vnd.treasuredata.v1.mobile+json"];
/// The names of the list of records: the SDKs' and the one of (DOC).
const LISTS: [&str; 2] = ["events", "records"];

/// The records of an ingest; `None` when the request is none.
pub fn records(call: &RouteCall) -> Option<Result<Vec<Value>, Refusal>> {
    if call.headers.contains_key("wp13n-token") {
        return None;
    }
    let media_type = call.media_type();
    let only_ingest = media_type == SINGLE || ALSO.contains(&media_type.as_str());
    if call.headers.contains_key(header::CONTENT_ENCODING) {
        // Compression can be switched off in the mobile SDKs.
        return Some(Err(invalid("the sandbox takes no compressed body")));
    }
    match serde_json::from_slice(&call.body) {
        Ok(record) if media_type == SINGLE => Some(Ok(vec![record])),
        Ok(Value::Object(mut body)) => {
            let list = LISTS.iter().find_map(|name| match body.get_mut(*name) {
                Some(Value::Array(records)) => Some(std::mem::take(records)),
                _ => None,
            });
            match list {
                Some(records) if records.is_empty() || records.len() > INGEST_EVENTS => {
                    let message = format!("1 to {INGEST_EVENTS} events a request, not {}", records.len());
                    Some(Err(invalid(&message)))
                }
                Some(records) => Some(Ok(records)),
                None => only_ingest.then(|| Err(invalid("'events' must be a list"))),
            }
        }
        Ok(_) => only_ingest.then(|| Err(invalid("the body must be a JSON object"))),
        // This is an error in either API.
        Err(error) => Some(Err(invalid(&format!("the body is not JSON: {error}")))),
    }
}

/// Ingests the records. A wrong record gets an error in its receipt and does not affect the others
/// (iOS); an error of the whole request refuses it.
pub fn take(sandbox: &Sandbox, call: &RouteCall, mut records: Vec<Value>, public: bool) -> Answer {
    if public && !has_key(sandbox, call) {
        let message = "a write key is missing or unknown: 'Authorization: TD1 <key>' or 'X-TD-Write-Key'";
        return Err(Refusal::new(Reason::WriteKeyInvalid, RefusalKind::Unauthorized, message));
    }
    let (database, table) = (call.path("database"), call.path("table"));
    if let Some(bad) = [database, table].into_iter().find(|name| !is_table_name(name)) {
        return Err(invalid(&format!("'{bad}' is not [0-9a-z_]{{3,128}}")));
    }
    let media_type = call.media_type();
    if ![VENDOR_JSON, SINGLE].contains(&media_type.as_str()) && !ALSO.contains(&media_type.as_str()) {
        return Err(invalid(&format!("the content type must be {VENDOR_JSON}, not '{media_type}'")));
    }
    let store = sandbox.read();
    // Rows go into existing tables (DOC); the answer for other tables is not public.
    store.catalog.table(database, table)?;
    check_sizes(call, &records)?;
    let table = EventTable::new(database, table);
    let now = sandbox.clock().now();
    let mut receipts = Vec::with_capacity(records.len());
    for record in &mut records {
        receipts.push(match read(record) {
            Ok(event) => {
                arrive(event, now);
                store.receive(&table, event, now)?;
                object!({"success": true, "uuid": uuid(event)})
            }
            Err(message) => {
                // One of the names for which a client drops the record rather than send it again (iOS).
                let error = object!({"name": "InvalidPropertyValueError", "description": message});
                object!({"success": false, "error": error})
            }
        });
    }
    json(&object!({"receipts": receipts}))
}

/// Whether a page sent the key in one of the places that the SDK uses (JS).
fn has_key(sandbox: &Sandbox, call: &RouteCall) -> bool {
    let given = call.header(header::AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
    let given = given.map(|(_, key)| key).or_else(|| call.header("x-td-write-key"));
    given.is_some_and(|key| key.trim() == sandbox.key().as_str())
}

fn check_sizes(call: &RouteCall, records: &[Value]) -> Result<(), Refusal> {
    // No record is larger than the body.
    if call.body.len() <= EVENT_BYTES {
        return Ok(());
    }
    match records.iter().find(|record| record.to_string().len() > EVENT_BYTES) {
        Some(_) => Err(invalid("an event is larger than 1 MB")),
        None => Ok(()),
    }
}

fn read(record: &mut Value) -> Result<&mut Object, &'static str> {
    let event = record.as_object_mut().ok_or("it must be a JSON object")?;
    body::time_and_uuid(event).map(|()| event)
}

/// Every record gets a UUID unless it has one; it is in the answer and not kept (DOC).
fn uuid(event: &Object) -> Cow<'_, str> {
    match event.get("uuid").and_then(Value::as_str) {
        Some(given) => Cow::Borrowed(given),
        None => Cow::Owned(uuid::Uuid::new_v4().to_string()),
    }
}

/// The code of the personalization API for a bad event; those of ingest are not public.
fn invalid(what: &str) -> Refusal {
    Refusal::event(Reason::EventInvalid, 3004, format!("Invalid event object: {what}"))
}

//! `/audiences/{id}/realtime_key_events` and the columns of event tables.

use super::call::RouteCall;
use super::page::SortKeys;
use super::render::{Answer, json};
use super::{DELETE, GET, PATCH, POST, Route, view};
use crate::platform::wire::{EventTable, KeyEvent};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::no_record;
use serde_json::Value;

pub const ROUTES: &[Route] = &[
    (GET, "/audiences/{audienceId}/realtime_key_events", list),
    (POST, "/audiences/{audienceId}/realtime_key_events", create),
    (GET, "/audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}", show),
    (PATCH, "/audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}", update),
    (DELETE, "/audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}", delete),
    (GET, "/audiences/{audienceId}/realtime_key_events/{realtimeKeyEventId}/columns", columns),
    (GET, "/audiences/{audienceId}/realtime_event_tables/{database}/{table}/columns", table_columns),
];

fn list(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let realtime = store.realtime(call.path("audienceId"))?;
    let part = call.query("name_include").unwrap_or_default();
    let items = realtime.key_events.iter().filter(|event| event.name.contains(part)).collect();
    call.page()?.cut(items, |event| sort_keys(realtime, event), key_event)
}

fn create(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    let id = edit.create_key_event(&body)?;
    json(&key_event(edit.realtime().key_event(&id)?))
}

fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    json(&key_event(store.realtime(call.path("audienceId"))?.key_event(call.path("realtimeKeyEventId"))?))
}

fn update(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let id = call.path("realtimeKeyEventId");
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    edit.update_key_event(id, &body)?;
    json(&key_event(edit.realtime().key_event(id)?))
}

fn delete(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    json(&key_event(&edit.delete_key_event(call.path("realtimeKeyEventId"))?))
}

fn columns(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let event = store.realtime(call.path("audienceId"))?.key_event(call.path("realtimeKeyEventId"))?;
    json(&store.event_columns(&event.database_name, &event.table_name)?)
}

/// Only tables of the setting have columns here (contract: "in EventTable of RealtimeSetting").
fn table_columns(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let table = EventTable::new(call.path("database"), call.path("table"));
    if !store.realtime(call.path("audienceId"))?.setting.event_tables.contains(&table) {
        return Err(no_record());
    }
    json(&store.event_columns(&table.database, &table.table)?)
}

fn sort_keys<'a>(realtime: &crate::sandbox::store::realtime::Realtime, event: &'a KeyEvent) -> SortKeys<'a> {
    let stamp = realtime.stamp(event.id.as_deref());
    SortKeys {
        id: event.id.as_deref().unwrap_or_default(),
        name: &event.name,
        created: stamp.created,
        updated: stamp.updated,
    }
}

fn key_event(event: &KeyEvent) -> Value {
    let mut shown = view::object(event);
    shown.entry("description").or_insert(Value::Null);
    Value::Object(shown)
}

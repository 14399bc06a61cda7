//! `/audiences/{id}/realtime_attributes`.

use super::call::RouteCall;
use super::parent_segments::{attribute_keys, types};
use super::render::{Answer, json};
use super::{DELETE, GET, PATCH, POST, Route, view};
use crate::platform::wire::RealtimeAttribute;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::realtime::Realtime;
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/audiences/{audienceId}/realtime_attributes", list),
    (POST, "/audiences/{audienceId}/realtime_attributes", create),
    (GET, "/audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}", show),
    (PATCH, "/audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}", update),
    (DELETE, "/audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}", delete),
];

fn list(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let realtime = store.realtime(call.path("audienceId"))?;
    let types = types(call);
    let part = call.query("name_include").unwrap_or_default();
    let wanted = |attribute: &&RealtimeAttribute| {
        types.as_ref().is_none_or(|types| types.contains(&attribute.spec.kind()))
            && attribute.name.contains(part)
    };
    let items = realtime.attributes.iter().filter(wanted).collect();
    call.page()?.cut(items, |item| attribute_keys(realtime, item), |item| shown(realtime, item))
}

/// The contract wraps this one answer in `data`, unlike the others of this resource.
fn create(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    let id = edit.create_attribute(&body)?;
    json(&object!({"data": find(edit.realtime(), &id)?}))
}

fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    json(&find(store.realtime(call.path("audienceId"))?, call.path("realtimeAttributeId"))?)
}

fn update(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let id = call.path("realtimeAttributeId");
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    edit.update_attribute(id, &body)?;
    json(&find(edit.realtime(), id)?)
}

fn delete(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    edit.delete_attribute(call.path("realtimeAttributeId"))?;
    json(&object!({}))
}

fn find(realtime: &Realtime, id: &str) -> Result<Value, Refusal> {
    Ok(shown(realtime, realtime.attribute(id)?))
}

fn shown(realtime: &Realtime, attribute: &RealtimeAttribute) -> Value {
    let mut shown = view::attribute(attribute);
    view::stamps(&mut shown, realtime.stamp(attribute.id.as_deref()));
    Value::Object(shown)
}

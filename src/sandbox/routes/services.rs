//! `/audiences/{id}/realtime_personalization_services` and their tokens.

use super::call::RouteCall;
use super::page::SortKeys;
use super::render::{Answer, json};
use super::{DELETE, GET, PATCH, POST, Route, view};
use crate::platform::wire::{Service, Token};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::realtime::Realtime;
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/audiences/{audienceId}/realtime_personalization_services", list),
    (POST, "/audiences/{audienceId}/realtime_personalization_services", create),
    (GET, ONE, show),
    (PATCH, ONE, update),
    (DELETE, ONE, delete),
    (POST, TOKENS, create_token),
    (DELETE, TOKEN, delete_token),
];

const ONE: &str =
    "/audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}";
const TOKENS: &str =
    "/audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}/tokens";
const TOKEN: &str = "/audiences/{audienceId}/realtime_personalization_services/{realtimePersonalizationServiceId}/tokens/{tokenId}";

fn id(call: &RouteCall) -> &str {
    call.path("realtimePersonalizationServiceId")
}

fn list(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let realtime = store.realtime(call.path("audienceId"))?;
    let part = call.query("name_include").unwrap_or_default();
    let items = realtime.services.iter().filter(|service| service.name.contains(part)).collect();
    call.page()?.cut(items, |item| keys(realtime, item), |item| shown(realtime, item))
}

fn create(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    let id = edit.create_service(&body)?;
    json(&shown(edit.realtime(), edit.realtime().service(&id)?))
}

fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let realtime = store.realtime(call.path("audienceId"))?;
    json(&shown(realtime, realtime.service(id(call))?))
}

fn update(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    edit.update_service(id(call), &body)?;
    json(&shown(edit.realtime(), edit.realtime().service(id(call))?))
}

fn delete(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    let service = edit.delete_service(id(call))?;
    json(&shown(edit.realtime(), &service))
}

/// The only answer that shows a token's value.
fn create_token(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    json(&edit.create_token(id(call), &body)?)
}

fn delete_token(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), sandbox.clock().now_ms())?;
    json(&masked(&edit.delete_token(id(call), call.path("tokenId"))?))
}

fn keys<'a>(realtime: &Realtime, service: &'a Service) -> SortKeys<'a> {
    let stamp = realtime.stamp(service.id.as_deref());
    SortKeys {
        id: service.id.as_deref().unwrap_or_default(),
        name: &service.name,
        created: stamp.created,
        updated: stamp.updated,
    }
}

fn shown(realtime: &Realtime, service: &Service) -> Value {
    let tokens: Vec<Value> = service.tokens.iter().map(masked).collect();
    let mut shown = view::object(service);
    shown.insert("tokens".into(), tokens.into());
    view::stamps(&mut shown, realtime.stamp(service.id.as_deref()));
    Value::Object(shown)
}

fn masked(token: &Token) -> Value {
    object!({"id": token.id, "name": token.name, "value": null, "allowedIps": token.allowed_ips})
}

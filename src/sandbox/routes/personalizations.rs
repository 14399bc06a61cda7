//! `/entities/realtime_personalizations`.

use super::call::RouteCall;
use super::page::SortKeys;
use super::render::{Answer, json};
use super::{DELETE, GET, PATCH, POST, Route, view};
use crate::platform::wire::{Personalization, Section};
use crate::sandbox::clock::iso;
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::realtime::Realtime;
use crate::sandbox::store::segment::ParentSegment;
use crate::sandbox::store::usage::attribute_references;
use crate::sandbox::store::{Store, no_record};
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/entities/realtime_personalizations", list_all),
    (POST, "/entities/realtime_personalizations", create),
    (GET, ONE, show),
    (PATCH, ONE, update),
    (DELETE, ONE, delete),
    (GET, "/entities/parent_segments/{parentSegmentId}/realtime_personalizations", list),
];

const ONE: &str = "/entities/realtime_personalizations/{realtimePersonalizationId}";

fn id(call: &RouteCall) -> &str {
    call.path("realtimePersonalizationId")
}

fn create(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.entity()?;
    let mut store = sandbox.write();
    let id = store.create_personalization(&body, sandbox.clock().now_ms())?;
    json(&find(&store, &id)?)
}

fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    json(&find(&sandbox.read(), id(call))?)
}

fn update(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.entity()?;
    let mut store = sandbox.write();
    store.update_personalization(id(call), &body, sandbox.clock().now_ms())?;
    json(&find(&store, id(call))?)
}

fn delete(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    sandbox.write().delete_personalization(id(call), sandbox.clock().now_ms())?;
    json(&object!({}))
}

fn list(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let realtime = store.realtime(call.path("parentSegmentId"))?;
    if let Some(permission) = call.query("permissions").filter(|p| !matches!(*p, "edit" | "view")) {
        return Err(Refusal::bad_request(
            Reason::PermissionsInvalid,
            format!("permissions must be edit or view, not '{permission}'"),
        ));
    }
    let items = realtime.personalizations.iter().collect();
    call.page()?.cut(items, |item| keys(realtime, item), |item| resource(realtime, item))
}

/// The listing that published workflows read as `.data[] | {id, name}`: each has its name beside the id
/// as well. Without `filter[audience_id]` it has those of every parent segment (our choice).
#[expect(clippy::indexing_slicing, reason = "what is serialized is an object")]
fn list_all(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let wanted = call.query("filter[audience_id]");
    let of = |segment: &&ParentSegment| wanted.is_none_or(|id| segment.id == id);
    let realtime = store.segments().filter(of).filter_map(|segment| segment.realtime.as_ref());
    let items: Vec<_> = realtime
        .flat_map(|realtime| realtime.personalizations.iter().map(move |item| (realtime, item)))
        .collect();
    call.page()?.cut(
        items.iter().collect(),
        |(realtime, item)| keys(realtime, item),
        |(realtime, item)| {
            let mut shown = resource(realtime, item);
            shown["name"] = item.attributes.name.as_str().into();
            shown
        },
    )
}

fn find(store: &Store, id: &str) -> Result<Value, Refusal> {
    let realtime = store.personalization_owner(id)?.realtime.as_ref().ok_or_else(no_record)?;
    Ok(object!({"data": resource(realtime, realtime.personalization(id)?)}))
}

fn keys<'a>(realtime: &Realtime, item: &'a Personalization) -> SortKeys<'a> {
    let stamp = realtime.stamp(Some(&item.id));
    SortKeys { id: &item.id, name: &item.attributes.name, created: stamp.created, updated: stamp.updated }
}

fn resource(realtime: &Realtime, item: &Personalization) -> Value {
    let stamp = realtime.stamp(Some(&item.id));
    let attributes = &item.attributes;
    let mut relationships = item.relationships.clone();
    relationships.insert("createdBy".into(), view::user());
    relationships.insert("updatedBy".into(), view::user());
    object!({
        "id": item.id,
        "type": item.kind,
        "attributes": {
            "audienceId": attributes.audience_id,
            "name": attributes.name,
            "description": attributes.description,
            "sections": attributes.sections.iter().map(section).collect::<Vec<_>>(),
            "createdAt": iso(stamp.created),
            "updatedAt": iso(stamp.updated),
            "referencingRealtimeAttributes": referenced(realtime, item),
        },
        "relationships": relationships,
    })
}

/// `profileCriteria` is left out rather than `null`, which the contract's schema does not allow in
/// an answer (the vendor's examples send it).
fn section(section: &Section) -> Value {
    let mut shown = view::object(section);
    if let Some(Value::Object(criteria)) = shown.get_mut("entryCriteria") {
        criteria.retain(|key, value| key != "profileCriteria" || !value.is_null());
    }
    shown.entry("includeSensitive").or_insert(false.into());
    Value::Object(shown)
}

fn referenced(realtime: &Realtime, item: &Personalization) -> Vec<Value> {
    let references: Vec<&str> =
        item.attributes.sections.iter().flat_map(attribute_references).map(|(id, _)| id).collect();
    let used = realtime
        .attributes
        .iter()
        .filter(|attribute| attribute.id.as_deref().is_some_and(|id| references.contains(&id)));
    used.map(view::attribute_resource).collect()
}

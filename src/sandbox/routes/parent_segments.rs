//! `/entities/parent_segments`.

use super::call::RouteCall;
use super::page::SortKeys;
use super::render::{Answer, Reply, json};
use super::{GET, Route, view};
use crate::platform::wire::{AttributeSpec, FOLDER_TYPE, RealtimeAttribute, VENDOR_JSON};
use crate::sandbox::clock::iso;
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::segment::ParentSegment;
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/entities/parent_segments", list),
    (GET, "/entities/parent_segments/{id}", show),
    (GET, "/entities/parent_segments/{parentSegmentId}/realtime_attributes", attributes),
];

/// An array of `{data}`, as the contract says.
fn list(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    let store = sandbox.read();
    vendor(json(&store.segments().map(|segment| object!({"data": resource(segment)})).collect::<Vec<_>>()))
}

fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    vendor(json(&object!({"data": resource(sandbox.read().segment(call.path("id"))?)})))
}

/// Only these two operations answer with the vendor's media type (contract).
fn vendor(answer: Answer) -> Answer {
    answer.map(|reply| Reply { media_type: VENDOR_JSON, ..reply })
}

fn attributes(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let realtime = store.realtime(call.path("parentSegmentId"))?;
    let types = types(call);
    let wanted = |attribute: &&RealtimeAttribute| {
        types.as_ref().is_none_or(|types| types.contains(&attribute.spec.kind()))
            && call.query("q").is_none_or(|text| mentions(attribute, text))
    };
    let keys = |attribute| attribute_keys(realtime, attribute);
    let items = realtime.attributes.iter().filter(wanted).collect();
    call.page()?.cut(items, keys, view::attribute_resource)
}

/// The kinds that `types=single,imported` asks for.
pub fn types(call: &RouteCall) -> Option<Vec<&str>> {
    call.query("types")
        .filter(|types| !types.is_empty())
        .map(|types| types.split(',').map(str::trim).collect())
}

/// The sort keys of attributes.
pub fn attribute_keys<'a>(
    realtime: &crate::sandbox::store::realtime::Realtime,
    attribute: &'a RealtimeAttribute,
) -> SortKeys<'a> {
    let stamp = realtime.stamp(attribute.id.as_deref());
    SortKeys {
        id: attribute.id.as_deref().unwrap_or_default(),
        name: &attribute.name,
        created: stamp.created,
        updated: stamp.updated,
    }
}

/// Whether the name, or the name of an aggregation or window, contains this string.
fn mentions(attribute: &RealtimeAttribute, text: &str) -> bool {
    let text = text.to_lowercase();
    let has = |name: &str| name.to_lowercase().contains(&text);
    has(&attribute.name)
        || match &attribute.spec {
            AttributeSpec::List(list) => list.aggregations.iter().any(|a| has(&a.name)),
            AttributeSpec::Counter(counter) => counter.sub_durations.iter().any(|d| has(&d.name)),
            _ => false,
        }
}

fn resource(segment: &ParentSegment) -> Value {
    let folder = segment.folders.first().map(|folder| object!({"id": folder.id, "type": FOLDER_TYPE}));
    let relationships = match folder {
        Some(folder) => object!({"parentSegmentFolder": {"data": folder}}),
        None => object!({}),
    };
    object!({
        "id": segment.id,
        "type": "parentSegment",
        "attributes": {
            "name": segment.name,
            "description": segment.description,
            "matrixUpdatedAt": iso(segment.refreshed()),
            "population": segment.batch.customers.len(),
            "scheduleType": "daily",
            "timezone": "UTC",
            "createdAt": iso(segment.created),
            "updatedAt": iso(segment.updated),
            "v4Id": segment.number(),
        },
        "relationships": relationships,
    })
}

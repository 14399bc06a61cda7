//! `/audiences`: parent segments, their attributes and behaviors.

use super::call::RouteCall;
use super::render::{Answer, json};
use super::view::user;
use super::{DELETE, GET, POST, PUT, Route};
use crate::platform::wire::Column;
use crate::sandbox::clock::iso;
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::batch::BatchColumn;
use crate::sandbox::store::catalog::cdp_type;
use crate::sandbox::store::segment::{Behavior, ParentSegment};
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/audiences", list),
    (POST, "/audiences", create),
    (GET, "/audiences/{audienceId}", show),
    (PUT, "/audiences/{audienceId}", update),
    (DELETE, "/audiences/{audienceId}", delete),
    (GET, "/audiences/{audienceId}/attributes", attributes),
    (GET, "/audiences/{audienceId}/behaviors", behaviors),
];

fn list(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    let store = sandbox.read();
    json(&store.segments().map(audience).collect::<Vec<_>>())
}

fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    json(&audience(sandbox.read().segment(call.path("audienceId"))?))
}

fn create(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let mut store = sandbox.write();
    let id = store.create_audience(&body, sandbox.clock().now_ms())?;
    json(&audience(store.segment(&id)?))
}

fn update(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let mut store = sandbox.write();
    store.update_audience(call.path("audienceId"), &body, sandbox.clock().now_ms())?;
    json(&audience(store.segment(call.path("audienceId"))?))
}

/// The contract says nothing about the answer; `{}` as for a journey (our choice).
fn delete(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    sandbox.write().delete_audience(call.path("audienceId"))?;
    json(&object!({}))
}

fn attributes(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    let shown = |column: &BatchColumn| match column.table {
        Some(_) => attribute(segment, column),
        None => master_attribute(segment, column),
    };
    json(&segment.columns.iter().map(shown).collect::<Vec<_>>())
}

fn behaviors(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    // None of the behaviors is a real-time one of the first generation.
    let wanted = !call.flag("realtime")?;
    json(&segment.behaviors.iter().filter(|_| wanted).map(behavior).collect::<Vec<_>>())
}

fn audience(segment: &ParentSegment) -> Value {
    let outside_master = segment.columns.iter().filter(|column| column.table.is_some());
    let mut shown = object!({
        "id": segment.id,
        "name": segment.name,
        "description": segment.description,
        "scheduleType": "daily",
        "scheduleOption": "00:00",
        "timezone": "UTC",
        "matrixUpdatedAt": iso(segment.updated.max(segment.refreshed())),
        "workflowHiveOnly": false,
        "population": segment.batch.customers.len(),
        "master": {
            "parentDatabaseName": segment.master.database,
            "parentTableName": segment.master.table,
            "profileKey": segment.master.profile_key,
        },
        "attributes": outside_master.map(|column| attribute(segment, column)).collect::<Vec<_>>(),
        "behaviors": segment.behaviors.iter().map(behavior).collect::<Vec<_>>(),
        "createdAt": iso(segment.created),
        "updatedAt": iso(segment.updated),
        "createdBy": user(),
        "updatedBy": user(),
    });
    if let Some(shown) = shown.as_object_mut() {
        shown.extend(segment.settings.clone());
    }
    shown
}

/// `AudienceAttributeWithVisibility`, which is an `AudienceAttribute` as well.
fn attribute(segment: &ParentSegment, column: &BatchColumn) -> Value {
    let table = column.table.as_ref();
    object!({
        "audienceId": segment.id,
        "id": column.id,
        "name": column.name,
        "type": column.kind,
        "parentDatabaseName": table.map(|t| &t.database),
        "parentTableName": table.map(|t| &t.table),
        "parentColumn": column.column,
        "parentKey": table.map(|t| &t.parent_key),
        "foreignKey": table.map(|t| &t.foreign_key),
        "matrixColumnName": column.name,
        "matrixColumnDescription": column.description,
        "usedBySegmentInsight": false,
        "groupingName": null,
        "visibility": "clear",
    })
}

/// `AudienceMasterAttribute`, which allows no other fields.
fn master_attribute(segment: &ParentSegment, column: &BatchColumn) -> Value {
    object!({
        "name": column.name,
        "type": column.kind,
        "parentDatabaseName": segment.master.database,
        "parentTableName": segment.master.table,
        "parentColumn": column.name,
    })
}

fn behavior(behavior: &Behavior) -> Value {
    let column = |column: &Column| {
        object!({
            "name": column.alias.as_ref().unwrap_or(&column.name), "type": cdp_type(column),
            "parentColumn": column.name, "matrixColumnName": column.name,
            "matrixColumnDescription": column.description, "visibility": "clear"
        })
    };
    object!({
        "id": behavior.id,
        "name": behavior.name,
        "parentDatabaseName": behavior.database,
        "parentTableName": behavior.table,
        "parentKey": behavior.parent_key,
        "foreignKey": behavior.foreign_key,
        "schema": behavior.columns.iter().map(column).collect::<Vec<_>>(),
        "scheduleType": "daily",
        "scheduleOption": null,
        "defaultTimeFilterEnabled": false,
        "isRealtime": false,
    })
}

//! `/audiences`: parent segments, their attributes, behaviors, folders and batch segments.

use super::call::Call;
use super::render::{Answer, json};
use super::view::user;
use super::{GET, POST, Route};
use crate::platform::wire::Column;
use crate::sandbox::clock::iso;
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::batch::{BatchColumn, BatchSegment};
use crate::sandbox::store::body::{optional_text, text};
use crate::sandbox::store::catalog::cdp_type;
use crate::sandbox::store::segment::{Behavior, Folder, ParentSegment};
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/audiences", list),
    (GET, "/audiences/{audienceId}", show),
    (GET, "/audiences/{audienceId}/attributes", attributes),
    (GET, "/audiences/{audienceId}/behaviors", behaviors),
    (GET, "/audiences/{audienceId}/folders", folders),
    (POST, "/audiences/{audienceId}/folders", create_folder),
    (GET, "/audiences/{audienceId}/folders/{folderId}", show_folder),
    (GET, "/audiences/{audienceId}/segments", segments),
];

fn list(sandbox: &Sandbox, _: &Call) -> Answer {
    let store = sandbox.read();
    json(&store.segments().map(audience).collect::<Vec<_>>())
}

fn show(sandbox: &Sandbox, call: &Call) -> Answer {
    json(&audience(sandbox.read().segment(call.path("audienceId"))?))
}

fn attributes(sandbox: &Sandbox, call: &Call) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    let shown = |column: &BatchColumn| match column.table {
        Some(_) => attribute(segment, column),
        None => master_attribute(segment, column),
    };
    json(&segment.columns.iter().map(shown).collect::<Vec<_>>())
}

fn behaviors(sandbox: &Sandbox, call: &Call) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    // None of the behaviors is a real-time one of the first generation.
    let wanted = call.query("realtime") != Some("true");
    json(&segment.behaviors.iter().filter(|_| wanted).map(behavior).collect::<Vec<_>>())
}

fn folders(sandbox: &Sandbox, call: &Call) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    json(&segment.folders.iter().map(|f| folder(segment, f)).collect::<Vec<_>>())
}

fn create_folder(sandbox: &Sandbox, call: &Call) -> Answer {
    let body = call.object()?;
    let name = text(&body, "name")?;
    let description = optional_text(&body, "description")?;
    let now = sandbox.clock().now_ms();
    let mut store = sandbox.write();
    let (segment, ids) = store.segment_mut(call.path("audienceId"))?;
    let id = segment.add_folder(ids, name, description, now)?.id.clone();
    json(&folder(segment, segment.folder(&id)?))
}

fn show_folder(sandbox: &Sandbox, call: &Call) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    json(&folder(segment, segment.folder(call.path("folderId"))?))
}

fn segments(sandbox: &Sandbox, call: &Call) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    json(&segment.batch.segments.iter().map(|s| batch_segment(segment, s)).collect::<Vec<_>>())
}

fn audience(segment: &ParentSegment) -> Value {
    let outside_master = segment.columns.iter().filter(|column| column.table.is_some());
    object!({
        "id": segment.id,
        "name": segment.name,
        "description": segment.description,
        "scheduleType": "daily",
        "scheduleOption": "00:00",
        "timezone": "UTC",
        "matrixUpdatedAt": iso(segment.created),
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
        "updatedAt": iso(segment.created),
        "createdBy": user(),
        "updatedBy": user(),
    })
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
        "parentColumn": column.name,
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
            "name": column.name, "type": cdp_type(column), "parentColumn": column.name,
            "matrixColumnName": column.name, "matrixColumnDescription": column.description, "visibility": "clear"
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

fn folder(segment: &ParentSegment, folder: &Folder) -> Value {
    object!({
        "id": folder.id,
        "audienceId": segment.id,
        "name": folder.name,
        "description": folder.description,
        "createdAt": iso(folder.created),
        "updatedAt": iso(folder.created),
        "createdBy": user(),
        "updatedBy": user(),
    })
}

/// Without its rule: members are part of the seed, so there is none to show.
fn batch_segment(segment: &ParentSegment, item: &BatchSegment) -> Value {
    object!({
        "audienceId": segment.id,
        "id": item.id,
        "name": item.name,
        "realtime": false,
        "kind": 0,
        "description": item.description,
        "segmentFolderId": segment.folders.first().map_or("", |folder| folder.id.as_str()),
        "population": item.members.len(),
        "createdAt": iso(segment.created),
        "updatedAt": iso(segment.created),
        "createdBy": user(),
        "updatedBy": user(),
    })
}

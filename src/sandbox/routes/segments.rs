//! `/audiences/{id}/segments`: batch segments.

use super::call::RouteCall;
use super::render::{Answer, json};
use super::view::user;
use super::{GET, POST, Route};
use crate::sandbox::clock::iso;
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::batch::StoredSegment;
use crate::sandbox::store::no_record;
use crate::sandbox::store::segment::ParentSegment;
use crate::sandbox::store::segments::rule;
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/audiences/{audienceId}/segments", list),
    (POST, "/audiences/{audienceId}/segments", create),
    (GET, "/audiences/{audienceId}/segments/{segmentId}", show),
];

fn list(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    json(&segment.batch.segments.iter().map(|item| shown(segment, item)).collect::<Vec<_>>())
}

fn create(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let mut store = sandbox.write();
    let id = store.create_segment(call.path("audienceId"), &body, sandbox.clock().now_ms())?;
    let segment = store.segment(call.path("audienceId"))?;
    json(&shown(segment, segment.batch.segment(&id).ok_or_else(no_record)?))
}

fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    json(&shown(segment, segment.batch.segment(call.path("segmentId")).ok_or_else(no_record)?))
}

/// With its rule, where it was made with one. The population of a rule that is not understood is
/// not known.
#[expect(clippy::indexing_slicing, reason = "an object, made here")]
fn shown(segment: &ParentSegment, item: &StoredSegment) -> Value {
    let root = || segment.folders.first().map_or("", |folder| folder.id.as_str());
    let population = item.rule.as_ref().is_none_or(|given| rule(given).is_some());
    let created = iso(item.created.unwrap_or(segment.created));
    let mut shown = object!({
        "audienceId": segment.id,
        "id": item.id,
        "name": item.name,
        "realtime": false,
        "kind": 0,
        "description": item.description,
        "segmentFolderId": item.folder.as_deref().unwrap_or_else(root),
        "population": population.then_some(item.members.len()),
        "createdAt": created,
        "updatedAt": created,
        "createdBy": user(),
        "updatedBy": user(),
    });
    if let Some(rule) = &item.rule {
        shown["rule"] = rule.clone();
    }
    shown
}

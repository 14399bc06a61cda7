//! `/audiences/{id}/folders`.

use super::call::RouteCall;
use super::page::SortKeys;
use super::render::{Answer, json};
use super::view::user;
use super::{DELETE, GET, PATCH, POST, Route};
use crate::sandbox::clock::iso;
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::body::{only, optional_text, text};
use crate::sandbox::store::segment::{ParentSegment, StoredFolder};
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/audiences/{audienceId}/folders", list),
    (POST, "/audiences/{audienceId}/folders", create),
    (GET, ONE, show),
    (PATCH, ONE, update),
    (DELETE, ONE, delete),
    (GET, "/tree/audiences/{audienceId}/segment_folders", tree),
];

const ONE: &str = "/audiences/{audienceId}/folders/{folderId}";

fn list(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    json(&segment.folders.iter().map(|f| folder(segment, f)).collect::<Vec<_>>())
}

/// The listing from which published workflows take a folder, as `.data[0].id`. Its other fields are
/// not public: here it has the folders as `/audiences/{id}/folders` shows them, in pages.
fn tree(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    call.page()?.cut(segment.folders.iter().collect(), keys, |item| folder(segment, item))
}

fn create(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    only(&body, &["name", "description"])?;
    let name = text(&body, "name")?;
    let description = optional_text(&body, "description")?;
    let now = sandbox.clock().now_ms();
    let mut store = sandbox.write();
    let (segment, ids) = store.segment_mut(call.path("audienceId"))?;
    let id = segment.add_folder(ids, name, description, now)?.id.clone();
    json(&folder(segment, segment.folder(&id)?))
}

fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("audienceId"))?;
    json(&folder(segment, segment.folder(call.path("folderId"))?))
}

fn update(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    only(&body, &["name", "description"])?;
    let name = body.contains_key("name").then(|| text(&body, "name")).transpose()?;
    let description =
        body.contains_key("description").then(|| optional_text(&body, "description")).transpose()?;
    let now = sandbox.clock().now_ms();
    let mut store = sandbox.write();
    let (segment, _) = store.segment_mut(call.path("audienceId"))?;
    segment.update_folder(call.path("folderId"), name, description, now)?;
    json(&folder(segment, segment.folder(call.path("folderId"))?))
}

/// The contract describes no body.
fn delete(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let mut store = sandbox.write();
    let (segment, _) = store.segment_mut(call.path("audienceId"))?;
    segment.remove_folder(call.path("folderId"))?;
    json(&object!({}))
}

fn keys(folder: &StoredFolder) -> SortKeys<'_> {
    SortKeys { id: &folder.id, name: &folder.name, created: folder.created, updated: folder.updated }
}

fn folder(segment: &ParentSegment, folder: &StoredFolder) -> Value {
    object!({
        "id": folder.id,
        "audienceId": segment.id,
        "name": folder.name,
        "description": folder.description,
        "createdAt": iso(folder.created),
        "updatedAt": iso(folder.updated),
        "createdBy": user(),
        "updatedBy": user(),
    })
}

//! `/audiences/{id}/realtime_setting`, imported attributes and the configuration's version.

use super::call::RouteCall;
use super::render::{Answer, json};
use super::{GET, PATCH, POST, Route};
use crate::platform::wire::{RealtimeSetting, RealtimeStatus};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::realtime::Realtime;
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/audiences/{audienceId}/realtime_setting", show),
    (PATCH, "/audiences/{audienceId}/realtime_setting", update),
    (POST, "/audiences/{audienceId}/realtime_imported_attributes/bulk_update", bulk_update),
    (GET, "/audiences/{audienceId}/realtime_configuration_versions/current", version),
];

/// Reading can move the status on ([`Settle::AfterReads`](crate::sandbox::Settle)), so this writes.
fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let now = sandbox.clock().now_ms();
    let mut store = sandbox.write();
    let (realtime, status) = store.read_status(call.path("audienceId"), now)?;
    json(&setting(realtime, status))
}

fn update(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let now = sandbox.clock().now_ms();
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), now)?;
    edit.update_setting(&body)?;
    let status = edit.realtime().rollout.status(now);
    json(&setting(edit.realtime(), status))
}

fn bulk_update(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let now = sandbox.clock().now_ms();
    let mut store = sandbox.write();
    let mut edit = store.edit(call.path("audienceId"), now)?;
    edit.bulk_update_imported(&body)?;
    let columns: Vec<&String> =
        edit.realtime().setting.batch_attributes.iter().map(|attribute| &attribute.column).collect();
    json(&object!({"columns": columns}))
}

fn version(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let now = sandbox.clock().now_ms();
    let store = sandbox.read();
    let id = call.path("audienceId");
    let realtime = store.realtime(id)?;
    let version = &realtime.version;
    if version.number == 0 {
        return json(&Value::Null);
    }
    let status = match realtime.rollout.status(now) {
        RealtimeStatus::Updating => "queued",
        _ => "finished",
    };
    json(&object!({
        "id": version.number.to_string(),
        "audienceId": id,
        "status": status,
        "eventKind": version.kind,
        "identifier": format!("{id}-{}", version.number),
    }))
}

fn setting(realtime: &Realtime, status: RealtimeStatus) -> Value {
    let detail = match status {
        RealtimeStatus::Updating => object!({"message": "the configuration is being rolled out"}),
        RealtimeStatus::Inconsistent => object!({"message": "the last roll-out failed"}),
        _ => Value::Null,
    };
    object!(RealtimeSetting {
        id: Some(realtime.id.clone()),
        attributes: realtime.setting.clone(),
        status,
        status_detailed: Some(detail),
    })
}

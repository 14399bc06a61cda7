//! `/_sandbox/snapshots` and `/_sandbox/reset`: the whole state under a name, and back.

use super::call::RouteCall;
use super::control::health;
use super::render::{Answer, json};
use super::{DELETE, GET, POST, Route};
use crate::sandbox::answers::SavedSnapshots;
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::state::Sandbox;
use serde::Deserialize;

pub const ROUTES: &[Route] = &[
    (POST, "/_sandbox/reset", reset),
    (GET, "/_sandbox/snapshots", list),
    (POST, "/_sandbox/snapshots", save),
    (POST, "/_sandbox/snapshots/{name}/restore", restore),
    (DELETE, "/_sandbox/snapshots/{name}", delete),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    /// To which snapshot; to the seed without one.
    snapshot: Option<String>,
}

fn reset(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    match call.control::<Reset>()?.snapshot {
        Some(name) => sandbox.restore_snapshot(&name)?,
        None => sandbox.reset().map_err(|error| Refusal::invalid(Reason::Internal, error.to_string()))?,
    }
    health(sandbox, call)
}

fn list(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    json(&SavedSnapshots { snapshots: sandbox.snapshots().list()? })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Save {
    name: String,
}

fn save(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let Save { name } = call.control()?;
    json(&sandbox.save_snapshot(&name)?)
}

fn restore(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    sandbox.restore_snapshot(call.path("name"))?;
    health(sandbox, call)
}

fn delete(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    sandbox.snapshots().delete(call.path("name"))?;
    list(sandbox, call)
}

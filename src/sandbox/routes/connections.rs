//! `/v3/connections` and `/v4/streaming_task_auths`: the destinations of activations.

use super::call::RouteCall;
use super::render::{Answer, json};
use super::{GET, POST, Route};
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::Store;
use crate::sandbox::store::connections::Connection;
use serde_json::{Map, Value, json as object};

pub const ROUTES: &[Route] = &[
    (GET, "/v3/connections/lookup", lookup),
    (GET, "/v4/streaming_task_auths", list),
    (POST, "/v4/streaming_task_auths", create),
];

/// An authentication of `/v4` is found as well: the triggers workflow makes one when it has no
/// connection (our choice).
fn lookup(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let name = call
        .query("name")
        .ok_or_else(|| Refusal::bad_request(Reason::ConnectionNameMissing, "name is missing"))?;
    let store = sandbox.read();
    let id: u64 = store.connection_named(name)?.id.parse().unwrap_or_default();
    json(&object!({"id": id}))
}

fn list(sandbox: &Sandbox, _: &RouteCall) -> Answer {
    let store = sandbox.read();
    json(&store.connections.iter().map(|connection| shown(&store, connection)).collect::<Vec<_>>())
}

fn create(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.object()?;
    let mut store = sandbox.write();
    let id = store.create_connection(&body)?;
    let made = store.connections.find(&id).map(|connection| shown(&store, connection));
    json(&made.unwrap_or_default())
}

/// The fields of the public examples' create, and the id. Fields that may be secret are `null`.
fn shown(store: &Store, connection: &Connection) -> Value {
    let mut auth: Map<String, Value> =
        connection.secrets.iter().map(|name| (name.clone(), Value::Null)).collect();
    if let Some(prefix) = &connection.url_prefix {
        auth.insert("url_prefix".into(), prefix.as_str().into());
    }
    object!({
        "id": connection.id,
        "account_id": store.account(),
        "auth_type": connection.kind,
        "auth_name": connection.name,
        "direction": "out",
        "auth": auth,
    })
}

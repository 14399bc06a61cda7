//! `/entities/realtime_journeys` and the activations of journeys.

mod shown;

use super::call::RouteCall;
use super::page::SortKeys;
use super::render::{Answer, json};
use super::{DELETE, GET, PATCH, POST, Route};
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::state::Sandbox;
use crate::sandbox::store::Store;
use crate::sandbox::store::journey::{StoredActivation, StoredJourney};
use crate::sandbox::store::realtime::Realtime;
use serde_json::{Value, json as object};

pub const ROUTES: &[Route] = &[
    (POST, "/entities/realtime_journeys", create),
    (GET, ONE, show),
    (PATCH, ONE, update),
    (DELETE, ONE, delete),
    (POST, "/entities/realtime_journeys/{realtimeJourneyId}/detail", detail),
    (PATCH, "/entities/realtime_journeys/{realtimeJourneyId}/pause", pause),
    (PATCH, "/entities/realtime_journeys/{realtimeJourneyId}/resume", resume),
    (POST, "/entities/realtime_journeys/duplicate", duplicate),
    (GET, "/entities/realtime_journeys/abtest_variants", variants),
    (GET, "/entities/parent_segments/{parentSegmentId}/realtime_journeys", list),
    (GET, "/entities/parent_segments/{parentSegmentId}/realtime_activations", list_all_activations),
    (GET, ACTIVATIONS, list_activations),
    (POST, ACTIVATIONS, create_activation),
    (GET, ACTIVATION, show_activation),
    (PATCH, ACTIVATION, update_activation),
];

const ONE: &str = "/entities/realtime_journeys/{realtimeJourneyId}";
const ACTIVATIONS: &str = "/entities/realtime_journeys/{realtimeJourneyId}/activations";
const ACTIVATION: &str =
    "/entities/realtime_journeys/{realtimeJourneyId}/activations/{realtimeJourneyActivationStepId}";

fn id(call: &RouteCall) -> &str {
    call.path("realtimeJourneyId")
}

fn activation_id(call: &RouteCall) -> &str {
    call.path("realtimeJourneyActivationStepId")
}

fn create(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.entity()?;
    let mut store = sandbox.write();
    let id = store.create_journey(&body, sandbox.clock().now_ms())?;
    json(&find(&store, &id)?)
}

fn show(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    json(&find(&sandbox.read(), id(call))?)
}

fn update(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.entity()?;
    let mut store = sandbox.write();
    store.update_journey(id(call), &body, sandbox.clock().now_ms())?;
    json(&find(&store, id(call))?)
}

fn delete(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    sandbox.write().delete_journey(id(call), sandbox.clock().now_ms())?;
    json(&object!({}))
}

/// The journey as it is: the contract calls this a validation, so nothing is changed (our choice).
fn detail(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.entity()?;
    let store = sandbox.read();
    store.check_journey_detail(id(call), &body)?;
    json(&find(&store, id(call))?)
}

fn pause(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    pause_or_resume(sandbox, call, true)
}

fn resume(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    pause_or_resume(sandbox, call, false)
}

/// The contract describes no body; a given one is not read.
fn pause_or_resume(sandbox: &Sandbox, call: &RouteCall, pause: bool) -> Answer {
    let mut store = sandbox.write();
    store.pause_journey(id(call), pause, sandbox.clock().now_ms())?;
    json(&find(&store, id(call))?)
}

fn duplicate(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.entity()?;
    let mut store = sandbox.write();
    let id = store.duplicate_journey(&body, sandbox.clock().now_ms())?;
    json(&find(&store, &id)?)
}

fn variants(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let audience = call
        .query("audience_id")
        .ok_or_else(|| Refusal::bad_request(Reason::AudienceIdMissing, "audience_id is missing"))?;
    let store = sandbox.read();
    json(&object!({"data": shown::variants(store.realtime(audience)?)}))
}

fn list(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let segment = store.segment(call.path("parentSegmentId"))?;
    let realtime = segment.realtime()?;
    if let Some(permission) = call.query("permissions").filter(|p| !matches!(*p, "edit" | "view")) {
        return Err(Refusal::bad_request(
            Reason::PermissionsInvalid,
            format!("permissions must be edit or view, not '{permission}'"),
        ));
    }
    let items = realtime.journeys.iter().collect();
    call.page()?.cut(items, |item| keys(realtime, item), |item| shown::journey(segment, realtime, item))
}

fn list_all_activations(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let realtime = store.realtime(call.path("parentSegmentId"))?;
    activations(realtime, call, realtime.journeys.iter())
}

fn list_activations(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let store = sandbox.read();
    let realtime = store.journey_owner(id(call))?.realtime()?;
    let journey = realtime.journey(id(call))?;
    activations(realtime, call, std::iter::once(journey))
}

fn activations<'a>(
    realtime: &Realtime,
    call: &RouteCall,
    journeys: impl Iterator<Item = &'a StoredJourney> + Clone,
) -> Answer {
    let owner = |id: &str| journeys.clone().find(|journey| journey.activation(id).is_ok());
    let items: Vec<&StoredActivation> = journeys.clone().flat_map(|journey| &journey.activations).collect();
    let shown = |item: &StoredActivation| owner(&item.id).map(|journey| shown::activation(journey, item));
    call.page()?.cut(items, |item| activation_keys(realtime, item), |item| shown(item).unwrap_or_default())
}

fn create_activation(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.entity()?;
    let mut store = sandbox.write();
    let made = store.create_activation(id(call), &body, sandbox.clock().now_ms())?;
    json(&find_activation(&store, id(call), &made)?)
}

fn show_activation(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    json(&find_activation(&sandbox.read(), id(call), activation_id(call))?)
}

fn update_activation(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let body = call.entity()?;
    let mut store = sandbox.write();
    store.update_activation(id(call), activation_id(call), &body, sandbox.clock().now_ms())?;
    json(&find_activation(&store, id(call), activation_id(call))?)
}

fn find(store: &Store, id: &str) -> Result<Value, Refusal> {
    let segment = store.journey_owner(id)?;
    let realtime = segment.realtime()?;
    Ok(object!({"data": shown::journey(segment, realtime, realtime.journey(id)?)}))
}

fn find_activation(store: &Store, journey: &str, id: &str) -> Result<Value, Refusal> {
    let journey = store.journey_owner(journey)?.realtime()?.journey(journey)?;
    Ok(object!({"data": shown::activation(journey, journey.activation(id)?)}))
}

fn keys<'a>(realtime: &Realtime, item: &'a StoredJourney) -> SortKeys<'a> {
    let stamp = realtime.stamp(Some(&item.id));
    SortKeys { id: &item.id, name: item.name(), created: stamp.created, updated: stamp.updated }
}

fn activation_keys<'a>(realtime: &Realtime, item: &'a StoredActivation) -> SortKeys<'a> {
    let stamp = realtime.stamp(Some(&item.id));
    let name = item.attributes.name.as_deref().unwrap_or_default();
    SortKeys { id: &item.id, name, created: stamp.created, updated: stamp.updated }
}

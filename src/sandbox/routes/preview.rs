//! `/_sandbox/journeys/{id}/preview`: what an event would do in a journey.

use super::call::RouteCall;
use super::render::{Answer, json};
use crate::platform::controls::{Preview, PreviewAttribute, PreviewSend};
use crate::platform::wire::EventTable;
use crate::sandbox::engine::{self, Activated, InspectedAttribute};
use crate::sandbox::refusal::{Reason, Refusal};
use crate::sandbox::state::Sandbox;
use serde_json::{Map, Value};

/// `?table=DATABASE.TABLE&event=JSON`: the journey may be a draft or paused. Nothing is changed or sent.
pub fn preview(sandbox: &Sandbox, call: &RouteCall) -> Answer {
    let wrong = |what: &str| Refusal::bad_request(Reason::ControlPreviewInvalid, what);
    let table = call.query("table").and_then(|table| table.split_once('.'));
    let (database, table) = table.ok_or_else(|| wrong("table must be DATABASE.TABLE"))?;
    let event: Option<Map<String, Value>> =
        call.query("event").and_then(|event| serde_json::from_str(event).ok());
    let event = event.ok_or_else(|| wrong("event must be a JSON object"))?;
    let table = EventTable::new(database, table);
    let (store, now) = (sandbox.read(), sandbox.clock().now());
    let journey = call.path("id");
    let seen = store.journey_owner(journey)?.preview(journey, &table, &event, now)?;
    json(&shown(seen, now))
}

fn shown(seen: engine::EventPreview, now: i64) -> Preview {
    let attribute = |one: InspectedAttribute| PreviewAttribute {
        name: one.name,
        value: one.value,
        sub_attributes: one.sub_attributes,
    };
    let sent = |one: Activated| PreviewSend {
        stage: one.stage_name,
        step: one.step,
        name: one.activation_name,
        connector_type: one.connector_type,
        connection_id: one.connection_id,
        after_seconds: u64::try_from(one.at.saturating_sub(now)).unwrap_or_default(),
        export: one.export,
    };
    Preview {
        starts: seen.starts,
        attributes: seen.profile.into_iter().flat_map(|one| one.attributes).map(attribute).collect(),
        sent: seen.sent.into_iter().map(sent).collect(),
    }
}

//! What a journey sends.

use super::Happening;
use crate::platform::template::{EVENT_PLACEHOLDERS, render_in};
use crate::sandbox::engine::profile::ProfileNumber;
use crate::sandbox::engine::profile::stay::StayEvent;
use crate::sandbox::engine::program::journey::{ProgramActivation, ProgramJourney, ProgramStage};
use crate::sandbox::engine::view::View;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An activation that a profile has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activated {
    /// Id of the journey.
    pub journey_id: String,
    /// Its name.
    pub journey_name: String,
    /// Id of the stage.
    pub stage_id: String,
    /// Its name.
    pub stage_name: String,
    /// Key of the step.
    pub step: String,
    /// Id of the activation.
    pub activation_id: String,
    /// Its name; empty for none.
    pub activation_name: String,
    /// For example `td_webhook_out`.
    pub connector_type: String,
    /// The connection that it goes through.
    pub connection_id: String,
    /// An id of the profile, as `column=value`: the first stitching key that it has.
    pub profile: String,
    /// The same as a number.
    #[serde(default)]
    pub owner: ProfileNumber,
    /// The event that brought the profile to the stage: its `uuid`; empty when it has none.
    pub event_id: String,
    /// When the journey came to it, in seconds since the epoch.
    pub at: i64,
    /// `exportJson` with its placeholders filled in; a string where it is not JSON.
    pub export: Value,
    /// `exportAdvancedJson`, as JSON.
    pub advanced: Value,
}

/// Fills an activation in.
pub fn activated(
    view: &View<'_>,
    journey: &ProgramJourney,
    stage: &ProgramStage,
    step: &str,
    activation: &ProgramActivation,
    event: &StayEvent,
) -> Activated {
    Activated {
        journey_id: journey.id.clone(),
        journey_name: journey.name.clone(),
        stage_id: stage.id.clone(),
        stage_name: stage.name.clone(),
        step: step.to_owned(),
        activation_id: activation.id.clone(),
        activation_name: activation.name.clone(),
        connector_type: activation.connector_type.clone(),
        connection_id: activation.connection_id.clone(),
        profile: profile(view),
        owner: view.profile.number(),
        event_id: event.id.clone(),
        at: view.now,
        export: render_in(&activation.export, &|name| value(view, event, name)),
        advanced: activation.advanced.clone(),
    }
}

/// The first stitching key of which the profile has an id, with its latest id.
fn profile(view: &View<'_>) -> String {
    let found = view.program.keys.iter().find_map(|key| Some((key, latest(view, key.local)?)));
    found.map_or_else(String::new, |(key, value)| format!("{}={value}", key.column))
}

/// The latest id of a key column, by the program's number.
fn latest<'v>(view: &View<'v>, local: usize) -> Option<&'v str> {
    let column = view.layout.number(local);
    let ids = view.profile.ids.iter().filter(|id| id.column == column);
    ids.max_by_key(|id| id.seen).map(|id| id.value.as_str())
}

/// The value of a placeholder: an attribute, a stitching key, a column of the event, or a field that
/// every event has. (our choice: the public examples list names of all four and no order)
fn value(view: &View<'_>, event: &StayEvent, name: &str) -> Option<Value> {
    if let Some(place) = view.program.attributes.iter().position(|attribute| attribute.name == name) {
        return Some(view.value(place, None).into_owned());
    }
    if let Some(key) = view.program.keys.iter().find(|key| key.column == name)
        && let Some(id) = latest(view, key.local)
    {
        return Some(id.into());
    }
    if let Some(value) = event.columns.get(name) {
        return Some(value.clone());
    }
    let [event_name, event_time, event_properties] = EVENT_PLACEHOLDERS;
    match name {
        _ if name == event_name => Some(event.name.clone().into()),
        _ if name == event_time => crate::platform::time::rfc3339(event.time).map(Value::from),
        _ if name == event_properties => event.properties.clone(),
        _ => None,
    }
}

/// The part of an event that a journey keeps.
pub(super) fn kept(journey: &ProgramJourney, happening: Happening<'_>, view: &View<'_>) -> StayEvent {
    let Happening { event, matched, time } = happening;
    let wanted = |(name, _): &(&String, &Value)| journey.columns.contains(*name);
    let columns = event.iter().filter(wanted).map(|(name, value)| (name.clone(), value.clone())).collect();
    // The key event that the journey waits for, else the first that the event matches.
    let own = journey.stages.first().and_then(|stage| stage.entry.as_ref()?.trigger.as_ref()?.key_event);
    let place = own.filter(|own| matched.contains(own)).or_else(|| matched.first().copied());
    let name = place.and_then(|place| view.program.key_events.get(place)).map(|event| event.name.clone());
    StayEvent {
        id: event.get("uuid").and_then(Value::as_str).unwrap_or_default().to_owned(),
        name: name.unwrap_or_default(),
        time,
        columns,
        properties: journey.properties.then(|| Value::Object(event.clone())),
    }
}

//! What a sandbox reports of an event that was sent.

use super::JourneyTestArgs;
use crate::error::{Code, Error};
use crate::input::remote::Remote;
use crate::platform::wire::{EventTable, RealtimeJourneyResource};
use crate::steps::foresight::Preview;
use crate::steps::verify::Check;
use serde_json::{Map, Value, json};

/// What was seen.
pub struct Observed {
    /// Whether the journey began with this event.
    pub started: bool,
    /// For the document.
    pub document: Value,
}

/// What a sandbox answers that the event would do; `None` where this version of it cannot say, or the
/// journey cannot run yet.
pub async fn preview(
    remote: &Remote,
    journey: &str,
    table: &EventTable,
    event: &Map<String, Value>,
) -> Result<Option<Preview>, Error> {
    let query = [("table", Some(table.to_string())), ("event", Some(Value::from(event.clone()).to_string()))];
    let answer = match remote.get(&["journeys", journey, "preview"], &query).await {
        Ok(answer) => answer,
        Err(error) if matches!(error.http_status, Some(400..=422)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let read = serde_json::from_value(answer).map(Some);
    read.map_err(|error| Error::new(Code::Server, format!("the sandbox's preview cannot be read: {error}")))
}

/// Lets time go on where that is asked for, and looks at the profile and at what was sent.
pub async fn observe(
    remote: &Remote,
    args: &JourneyTestArgs,
    ps: &str,
    journey: &RealtimeJourneyResource,
    event: &Map<String, Value>,
    checks: &mut Vec<Check>,
) -> Result<Observed, Error> {
    if let Some(advance) = args.advance {
        remote.post(&["clock"], json!({"advance_seconds": advance})).await?;
    }
    let uuid = event.get("uuid").and_then(Value::as_str).unwrap_or_default();
    let sent = [("ps", ps), ("journey", &journey.id), ("event_id", uuid)];
    let sent =
        remote.get(&["activations"], &sent.map(|(name, value)| (name, Some(value.to_owned())))).await?;
    let activations = sent.get("activations").and_then(Value::as_array).cloned().unwrap_or_default();
    let stay = stay(remote, ps, &journey.id, event).await?;
    let get = |key: &str| stay.as_ref().and_then(|stay| stay.get(key)).cloned().unwrap_or_default();
    let began = stay.as_ref().and_then(|stay| stay.get("event_id")).and_then(Value::as_str) == Some(uuid);
    let started = began || !activations.is_empty();
    // What the sandbox has seen says more than what was foreseen.
    checks.retain(|check| !matches!(check.name, "criteria" | "started"));
    checks.push(match (started, &stay) {
        (true, _) => Check::new("started", true, "the profile came into the journey"),
        (false, Some(_)) => {
            Check::new("started", false, "the profile was in the journey before, and did not come in again")
        }
        (false, None) => Check::new("started", false, "the profile did not come into the journey"),
    });
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    for activation in &activations {
        let (name, state) = (text(activation, "activation_name"), text(activation, "state"));
        let last = activation.get("attempts").and_then(Value::as_array).and_then(|all| all.last());
        let error = last.map(|last| text(last, "error")).unwrap_or_default();
        let detail = match state.as_str() {
            "delivered" => format!("'{name}' was delivered"),
            "not_sent" => format!("'{name}' is not sent: {}", text(activation, "reason")),
            "waiting" => {
                format!("'{name}' is tried again at {}: {error}", text(activation, "next_attempt_at"))
            }
            _ => format!("'{name}' failed: {error}"),
        };
        checks.push(Check::new("delivered", state == "delivered", detail));
    }
    let document = json!({
        "state": get("state"), "stage": get("stage"), "due": get("due"),
        "path": stay.as_ref().and_then(|stay| stay.get("path")).cloned().unwrap_or_else(|| json!([])),
        "activations": activations,
    });
    Ok(Observed { started, document })
}

/// The profile's stay in the journey.
async fn stay(
    remote: &Remote,
    ps: &str,
    journey: &str,
    event: &Map<String, Value>,
) -> Result<Option<Value>, Error> {
    let keys = event.iter().filter(|(name, _)| *name != "uuid");
    let keys = keys.map(|(name, value)| (name.as_str(), value.as_str().map(str::to_owned)));
    let query: Vec<_> = std::iter::once(("ps", Some(ps.to_owned()))).chain(keys).collect();
    let profile = match remote.get(&["profiles"], &query).await {
        Ok(profile) => profile,
        Err(error) if error.code == Code::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let stays = profile.get("journeys").and_then(Value::as_array);
    Ok(stays
        .into_iter()
        .flatten()
        .find(|stay| stay.get("id").and_then(Value::as_str) == Some(journey))
        .cloned())
}

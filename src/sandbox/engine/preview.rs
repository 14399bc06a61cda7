//! What an event would do in a journey, tried on a copy of the profiles.

use super::Batch;
use super::ingest::Profiles;
use super::inspect::Inspection;
use super::journey::{Activated, Timers};
use super::program::Program;
use crate::platform::wire::EventTable;
use serde_json::{Map, Value};

/// The most waits that are followed: a journey that jumps back to itself never ends.
const WAITS: usize = 1_000;

/// What an event would do.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPreview {
    /// Whether the event would bring a profile into the journey.
    pub starts: bool,
    /// What the journey would send, in order.
    pub sent: Vec<Activated>,
    /// The profile right after the event; `None` where the event has no valid id.
    pub profile: Option<Inspection>,
}

impl Profiles {
    /// What an event would do in a journey (by id) if it came at `now` (seconds since the epoch) and
    /// nothing else happened. The program must have the journey, launched.
    pub fn preview(
        &self,
        program: &Program,
        batch: &dyn Batch,
        (table, event): (&EventTable, &Map<String, Value>),
        journey: &str,
        now: i64,
    ) -> EventPreview {
        let mut copy = self.clone();
        // Other profiles are not needed.
        copy.timers = Timers::default();
        let mut sent = copy.ingest(program, batch, table, event, now).sent;
        let keys: Vec<(String, String)> = event
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect();
        let profile = copy.inspect(program, batch, &keys, now);
        for _ in 0..WAITS {
            let Some(due) = copy.next_timer() else { break };
            sent.append(&mut copy.run_timers(program, batch, due));
        }
        let id = event.get("uuid").and_then(Value::as_str).unwrap_or_default();
        sent.retain(|one| one.journey_id == journey && one.event_id == id);
        let came = |profile: &Inspection| {
            profile.journeys.iter().any(|stay| stay.id == journey && stay.event_id == id)
        };
        EventPreview { starts: profile.as_ref().is_some_and(came) || !sent.is_empty(), sent, profile }
    }
}

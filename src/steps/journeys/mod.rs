//! Journeys: a draft, the connections and activations of its steps, its stages, and the launch.
//!
//! The order is the published workflow's: an activation belongs to a journey, a step names its
//! activation, and a journey is launched once the status is `ok`. Each create looks first and is never
//! repeated blindly, so that a run that was cut off anywhere is finished by the next one: activations
//! are found by the UUID of their step or by name, a half-made draft gets its stages.

mod check;
mod connection;
mod names;
mod write;

pub use connection::{Checked, Connections, There, UNCHECKED};
pub use names::JourneyNames;
pub use write::{AppliedActivation, AppliedJourney, Drafts, draft, launch, pause_once, write};

use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::nearest::named;
use crate::plan::{CompiledJourney, Journey, LiveJourney, new_journey};
use crate::platform::wire::{
    JOURNEY_TYPE, RealtimeJourneyActivationStepResource, RealtimeJourneyResource, RealtimeJourneyState,
};
use crate::steps::schema::Schemas;
use serde_json::{Map, Value, json};

/// The journeys that there are, with their activations.
#[derive(Debug, Clone, Default)]
pub struct Live {
    /// The journeys.
    pub journeys: Vec<RealtimeJourneyResource>,
    /// The activations of all of them.
    pub activations: Vec<RealtimeJourneyActivationStepResource>,
}

impl Live {
    /// Reads both at once.
    pub async fn load(client: &Client, ps: &str) -> Result<Self, Error> {
        let (journeys, activations) = tokio::join!(client.journeys(ps), client.activations(ps));
        Ok(Live { journeys: journeys?, activations: activations? })
    }

    /// The journey of a name, with its activations.
    pub fn of(&self, name: &str) -> Option<LiveJourney<'_>> {
        let resource = named(&self.journeys, name, |journey| &journey.attributes.name)?;
        Some(LiveJourney { resource, activations: self.activations_of(&resource.id) })
    }

    /// The activations of a journey.
    pub fn activations_of(&self, journey: &str) -> Vec<&RealtimeJourneyActivationStepResource> {
        self.activations.iter().filter(|activation| activation.journey_id() == Some(journey)).collect()
    }
}

/// Draft or launched.
pub fn state(journey: &RealtimeJourneyResource) -> RealtimeJourneyState {
    let state = journey.attributes.extra.get("state").cloned().unwrap_or_default();
    serde_json::from_value(state).unwrap_or_default()
}

/// Whether a launched journey is paused.
pub fn is_paused(journey: &RealtimeJourneyResource) -> bool {
    journey.attributes.extra.get("paused").and_then(Value::as_bool).unwrap_or(false)
}

/// A journey as it is to be, checked.
#[derive(Debug, Clone)]
pub struct Prepared<'a> {
    /// As the plan says it.
    pub plan: &'a Journey,
    /// In wire form; ids of what is not there yet are made up.
    pub compiled: CompiledJourney,
}

/// Compiles a journey of a plan and checks all that can be checked before anything is written. `schemas`
/// has the columns of the tables of its key events.
pub fn prepare<'a>(
    plan: &'a Journey,
    names: &JourneyNames<'_>,
    live: &Live,
    schemas: &Schemas,
) -> Result<Prepared<'a>, Error> {
    let existing = live.of(&plan.name);
    let compiled = plan
        .to_wire(names, existing.as_ref())
        .map_err(|errors| Error::new(Code::InvalidPlan, errors.join("\n")).hint(NAMES))?;
    check::check(plan, &compiled, names, existing.as_ref(), schemas)?;
    Ok(Prepared { plan, compiled })
}

const NAMES: &str = "`tdx-rt rt-events list`, `rt-attrs list` and `journey-create list` show the key events, attributes and journeys that are there";

impl Prepared<'_> {
    /// The journey as it will be, with its activations; what is not there yet has made-up ids.
    pub fn outlook(
        &self,
        live: &Live,
    ) -> (RealtimeJourneyResource, Vec<RealtimeJourneyActivationStepResource>) {
        let existing = live.of(&self.plan.name);
        let mut attributes = self.compiled.attributes.clone();
        let launched = self.launches(existing.as_ref()) || existing.as_ref().is_some_and(is_launched);
        let was_paused = existing.as_ref().is_some_and(|live| is_paused(live.resource));
        attributes.extra.insert("state".into(), json!(if launched { "launched" } else { "draft" }));
        attributes.extra.insert("paused".into(), json!(self.plan.paused.unwrap_or(was_paused)));
        let resource = match &existing {
            Some(live) => RealtimeJourneyResource { attributes, ..live.resource.clone() },
            None => RealtimeJourneyResource {
                id: new_journey(&self.plan.name),
                kind: JOURNEY_TYPE.to_owned(),
                attributes,
                relationships: Map::new(),
            },
        };
        let mut activations: Vec<RealtimeJourneyActivationStepResource> = existing
            .iter()
            .flat_map(|live| live.activations.iter().map(|activation| (*activation).clone()))
            .collect();
        for planned in &self.compiled.activations {
            let mut attributes = planned.attributes.clone();
            attributes.extra.insert("realtimeJourneyId".into(), resource.id.as_str().into());
            let there = activations.iter_mut().find(|there| Some(&there.id) == planned.existing.as_ref());
            match there {
                Some(there) => there.attributes = attributes,
                None => {
                    let step = attributes.step_uuid.as_deref().unwrap_or_default();
                    activations.push(RealtimeJourneyActivationStepResource {
                        id: crate::plan::new_activation(step),
                        kind: String::new(),
                        attributes,
                    });
                }
            }
        }
        (resource, activations)
    }

    /// Whether the plan launches it.
    pub fn launches(&self, existing: Option<&LiveJourney<'_>>) -> bool {
        self.plan.state == Some(RealtimeJourneyState::Launched) && !existing.is_some_and(is_launched)
    }
}

/// Whether a journey is launched.
fn is_launched(live: &LiveJourney<'_>) -> bool {
    state(live.resource) == RealtimeJourneyState::Launched
}

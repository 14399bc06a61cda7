//! Writing journeys.

use super::connection::{Connections, There};
use super::{JourneyNames, Live, Prepared, is_paused, state};
use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::{CompiledActivation, Journey, LiveJourney};
use crate::platform::wire::{
    Folder, RealtimeJourneyActivationStepResource, RealtimeJourneyAttributes, RealtimeJourneyResource,
    RealtimeJourneyStage, RealtimeJourneyState, RealtimeJourneyStep,
};
use crate::steps::{Action, Settled, settle};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A journey after the step.
#[derive(Debug, Clone, PartialEq)]
pub struct AppliedJourney {
    /// As it is there now.
    pub resource: RealtimeJourneyResource,
    /// What was done.
    pub action: Action,
    /// Its activations, in the plan's order.
    pub activations: Vec<AppliedActivation>,
}

/// An activation after the step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppliedActivation {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The connection that it goes through.
    pub connection_id: String,
    /// What was done.
    pub action: Action,
}

/// Names of the journeys that [`draft`] has made.
pub type Drafts = Vec<String>;

/// Makes drafts of the journeys that are not there yet: name, re-entry mode and bare stages.
pub async fn draft(
    client: &Client,
    ps: &str,
    prepared: &[Prepared<'_>],
    live: &mut Live,
    folder: Option<&Folder>,
) -> Result<Drafts, Error> {
    let mut made = Drafts::new();
    for journey in prepared {
        if live.of(&journey.plan.name).is_some() {
            continue;
        }
        let Some(folder) = folder else {
            return Err(Error::new(Code::NotFound, "the parent segment has no folder for the journey")
                .hint("make one in the console"));
        };
        let compiled = &journey.compiled.attributes;
        let bare = |stage: &RealtimeJourneyStage| RealtimeJourneyStage {
            steps: BTreeMap::new(),
            root_step: None,
            entry_criteria: None,
            milestone: None,
            exit_criterias: Vec::new(),
            ..stage.clone()
        };
        let attributes = RealtimeJourneyAttributes {
            audience_id: ps.to_owned(),
            segment_folder_id: folder.id.clone(),
            goal: None,
            realtime_journey_stages: compiled.realtime_journey_stages.iter().map(bare).collect(),
            ..compiled.clone()
        };
        let name = &journey.plan.name;
        let find = || async {
            let found = client.journeys(ps).await?;
            Ok(found.into_iter().find(|there| there.attributes.name == *name))
        };
        match settle(client.create_journey(&attributes).await, find).await? {
            Settled::Made(resource) => {
                made.push(name.clone());
                live.journeys.push(resource);
            }
            // Somebody else has made it meanwhile; it is compared like any that was there.
            Settled::Found(resource) => {
                let more = client.journey_activations(&resource.id).await?;
                live.activations.extend(more);
                live.journeys.push(resource);
            }
        }
    }
    Ok(made)
}

/// Writes activations and stages of a journey that is there; the launch comes later.
pub async fn write(
    client: &Client,
    plan: &Journey,
    names: &JourneyNames<'_>,
    live: &Live,
    connections: &mut Connections,
    account: Option<&str>,
    is_new: bool,
) -> Result<AppliedJourney, Error> {
    let Some(existing) = live.of(&plan.name) else {
        return Err(Error::new(Code::Bug, format!("the draft of '{}' is missing", plan.name)));
    };
    let compiled = plan
        .to_wire(names, Some(&existing))
        .map_err(|errors| Error::new(Code::InvalidPlan, errors.join("\n")))?;
    let mut activations = Vec::new();
    let mut ids = BTreeMap::new();
    for (planned, compiled) in plan.activations().into_iter().zip(&compiled.activations) {
        let there = compiled
            .existing
            .as_ref()
            .and_then(|id| existing.activations.iter().copied().find(|activation| activation.id == *id));
        let connection = connections.of(client, planned, there.map(There::of).as_ref(), account).await?;
        let (id, action) = activate(client, &existing, compiled, there, &connection).await?;
        if let Some(step) = &compiled.attributes.step_uuid {
            ids.insert(crate::plan::new_activation(step), id.clone());
        }
        activations.push(AppliedActivation {
            name: planned.name.clone(),
            id,
            connection_id: connection,
            action,
        });
    }
    let mut attributes = compiled.attributes;
    for step in attributes.realtime_journey_stages.iter_mut().flat_map(|stage| stage.steps.values_mut()) {
        if let RealtimeJourneyStep::TriggeredActivation(step) = step
            && let Some(id) = ids.get(&step.journey_activation_step_id)
        {
            step.journey_activation_step_id.clone_from(id);
        }
    }
    let fields = changed(&existing.resource.attributes, &attributes);
    let wrote = !fields.is_empty();
    let resource = match wrote {
        true => client.write_journey(existing.resource, fields).await?,
        false => existing.resource.clone(),
    };
    // A dry run answers what was there.
    let resource = match client.is_dry_run() {
        true => {
            let extra = resource.attributes.extra.clone();
            RealtimeJourneyResource {
                attributes: RealtimeJourneyAttributes { extra, ..attributes },
                ..resource
            }
        }
        false => resource,
    };
    let touched = wrote || activations.iter().any(|activation| activation.action != Action::Unchanged);
    let action = match (is_new, touched) {
        (true, _) => Action::Created,
        (false, true) => Action::Updated,
        (false, false) => Action::Unchanged,
    };
    Ok(AppliedJourney { resource, action, activations })
}

/// Creates or writes an activation, or leaves it alone.
async fn activate(
    client: &Client,
    journey: &LiveJourney<'_>,
    compiled: &CompiledActivation,
    there: Option<&RealtimeJourneyActivationStepResource>,
    connection: &str,
) -> Result<(String, Action), Error> {
    let mut wanted = compiled.attributes.clone();
    wanted.connection_id = connection.to_owned();
    let id = &journey.resource.id;
    if let Some(there) = there {
        if there.attributes == wanted {
            return Ok((there.id.clone(), Action::Unchanged));
        }
        client.write_activation(id, &there.id, &wanted).await?;
        return Ok((there.id.clone(), Action::Updated));
    }
    let step = wanted.step_uuid.clone();
    let find = || async {
        let found = client.journey_activations(id).await?;
        Ok(found.into_iter().find(|there| there.attributes.step_uuid == step))
    };
    let created = client.create_activation(id, &wanted).await;
    match settle(created, find).await? {
        Settled::Made(made) => Ok((made.id, Action::Created)),
        Settled::Found(found) => {
            client.write_activation(id, &found.id, &wanted).await?;
            Ok((found.id, Action::Updated))
        }
    }
}

/// The fields that differ.
fn changed(old: &RealtimeJourneyAttributes, new: &RealtimeJourneyAttributes) -> Map<String, Value> {
    let mut fields = Map::new();
    if old.description != new.description {
        fields.insert("description".into(), json!(new.description));
    }
    if old.goal != new.goal {
        fields.insert("goal".into(), json!(new.goal));
    }
    if old.reentry_mode != new.reentry_mode {
        fields.insert("reentryMode".into(), json!(new.reentry_mode));
    }
    if old.realtime_journey_stages != new.realtime_journey_stages {
        fields.insert("realtimeJourneyStages".into(), json!(new.realtime_journey_stages));
    }
    fields
}

/// Launches a journey, pauses it or lets it go on, as the plan says; whether anything was done. The
/// status must be `ok` for a launch.
pub async fn launch(client: &Client, plan: &Journey, journey: &mut AppliedJourney) -> Result<bool, Error> {
    let mut done = false;
    if plan.state == Some(RealtimeJourneyState::Launched)
        && state(&journey.resource) == RealtimeJourneyState::Draft
    {
        let mut fields = Map::new();
        fields.insert("state".into(), "launched".into());
        // The state alone launches nothing (public examples).
        let stages = json!(journey.resource.attributes.realtime_journey_stages);
        fields.insert("realtimeJourneyStages".into(), stages);
        let mut launched = client.write_journey(&journey.resource, fields).await?;
        launched.attributes.extra.insert("state".into(), "launched".into());
        journey.resource = launched;
        done = true;
    }
    if let Some(pause) = plan.paused
        && state(&journey.resource) == RealtimeJourneyState::Launched
        && pause != is_paused(&journey.resource)
    {
        pause_once(client, &journey.resource, pause).await?;
        journey.resource.attributes.extra.insert("paused".into(), pause.into());
        done = true;
    }
    if done && journey.action == Action::Unchanged {
        journey.action = Action::Updated;
    }
    Ok(done)
}

/// Pauses a journey or lets it go on; where the answer was lost, looks whether it was done.
pub async fn pause_once(
    client: &Client,
    journey: &RealtimeJourneyResource,
    pause: bool,
) -> Result<(), Error> {
    match client.pause_journey(&journey.id, pause).await {
        Err(error) if error.is_ambiguous() => {
            let now = client.journeys(&journey.attributes.audience_id).await?;
            let done = now.iter().any(|there| there.id == journey.id && is_paused(there) == pause);
            if done { Ok(()) } else { Err(error.into()) }
        }
        done => Ok(done?),
    }
}

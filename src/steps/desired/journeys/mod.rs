//! Journeys as a plan wants them: stages with their steps, activations with their connections, and
//! whether they run.

mod check;

use super::Planner;
use super::personalization::{folder, in_folder};
use crate::error::{Code, Error};
use crate::plan::nearest::did_you_mean;
use crate::plan::{CompiledJourney, Journey, shell_word};
use crate::platform::new_id::{new_activation, new_journey, new_stage};
use crate::platform::wire::{
    ACTIVATION_TYPE, JOURNEY_TYPE, RealtimeJourneyActivationStepResource, RealtimeJourneyResource,
    RealtimeJourneyState,
};
use crate::steps::live::{Checked, There};

impl Planner<'_> {
    /// All journeys of the plan.
    pub(super) fn journeys(&mut self) -> Result<(), Error> {
        let plans = &self.plan.journeys;
        plans.iter().try_for_each(|plan| self.check_jumps(plan))?;
        let is_new = |plan: &&Journey| self.live.state.journey(&plan.name).is_none();
        self.drafts = plans.iter().filter(is_new).map(Journey::draft).collect();
        let compiled: Vec<CompiledJourney> =
            plans.iter().map(|plan| self.journey_of(plan)).collect::<Result<_, _>>()?;
        for (plan, compiled) in plans.iter().zip(compiled) {
            self.put_journey(plan, compiled)?;
        }
        Ok(())
    }

    /// A journey in wire form, checked.
    pub(in crate::steps) fn journey_of(&self, plan: &Journey) -> Result<CompiledJourney, Error> {
        let existing = self.live.state.journey(&plan.name);
        let compiled = plan
            .to_wire(self, existing.as_ref())
            .map_err(|errors| Error::new(Code::InvalidPlan, errors.join("\n")).hint(names(&self.live.ps)))?;
        check::check(plan, &compiled, self, existing.as_ref())?;
        Ok(compiled)
    }

    /// A jump leads to a journey of the plan, or to a live one.
    fn check_jumps(&self, plan: &Journey) -> Result<(), Error> {
        let known = || {
            let there = self.live.state.journeys.iter().map(|journey| journey.attributes.name.as_str());
            self.plan.journeys.iter().map(|plan| plan.name.as_str()).chain(there)
        };
        for name in plan.targets().into_iter().filter_map(|target| target.journey.as_deref()) {
            if !known().any(|there| there == name) {
                let message =
                    format!("journey '{}' leads to another one: there is no journey '{name}'", plan.name);
                let error = Error::new(Code::InvalidPlan, message);
                let near = || did_you_mean(name, known());
                return Err(error.hint(self.plan.journey_now(name).or_else(near).unwrap_or_else(|| {
                    let ps = shell_word(&self.live.ps);
                    format!("add it to the plan; `tdx-rt journey-create list --ps {ps}` lists them")
                })));
            }
        }
        Ok(())
    }

    /// Puts a journey and its activations into the configuration.
    fn put_journey(&mut self, plan: &Journey, compiled: CompiledJourney) -> Result<(), Error> {
        let CompiledJourney { mut attributes, activations } = compiled;
        let live = self.live;
        let existing = live.state.journey(&plan.name);
        let mut journey = match &existing {
            Some(there) => RealtimeJourneyResource { attributes, ..there.resource.clone() },
            None => {
                let folder = folder(&live.folders, self.options.folder.as_deref())?;
                attributes.audience_id.clone_from(&live.ps);
                attributes.segment_folder_id.clone_from(&folder.id);
                for stage in &mut attributes.realtime_journey_stages {
                    stage.id = Some(new_stage(&plan.name, &stage.name));
                }
                let (id, kind) = (new_journey(&plan.name), JOURNEY_TYPE.to_owned());
                RealtimeJourneyResource { id, kind, attributes, relationships: in_folder(&folder.id) }
            }
        };
        let there = existing.as_ref().map(|there| there.resource);
        let launched = plan.state == Some(RealtimeJourneyState::Launched)
            || there.is_some_and(RealtimeJourneyResource::is_launched);
        let paused = plan.paused.unwrap_or(there.is_some_and(RealtimeJourneyResource::is_paused));
        journey = journey.running(launched, paused && launched);
        for (planned, compiled) in plan.activations().into_iter().zip(activations) {
            let mut attributes = compiled.attributes;
            let there = existing.iter().flat_map(|journey| &journey.activations);
            let there = there.copied().find(|there| Some(&there.id) == compiled.existing.as_ref());
            let through = there.map(There::of);
            if live.connections.check(planned, through.as_ref())? == Checked::Unknown {
                self.desired.unchecked.push(planned.name.clone());
            }
            let (connection, new) = live.connections.of(planned, through.as_ref())?;
            let made = &mut self.desired.connections;
            if let Some(new) = new.filter(|new| !made.iter().any(|made| made.name == new.name)) {
                made.push(new);
            }
            attributes.connection_id = connection;
            attributes.extra.insert("realtimeJourneyId".into(), journey.id.as_str().into());
            let step = attributes.step_uuid.as_deref().unwrap_or_default();
            let id = compiled.existing.unwrap_or_else(|| new_activation(step));
            let all = &mut self.desired.state.activations;
            match all.iter_mut().find(|there| there.id == id) {
                Some(there) => there.attributes = attributes,
                None => all.push(RealtimeJourneyActivationStepResource {
                    id,
                    kind: ACTIVATION_TYPE.to_owned(),
                    attributes,
                }),
            }
        }
        super::replace(&mut self.desired.state.journeys, journey, |journey| &journey.attributes.name);
        Ok(())
    }
}

/// Where to look for what does not exist.
fn names(ps: &str) -> String {
    let ps = shell_word(ps);
    format!(
        "`tdx-rt rt-events list --ps {ps}`, `tdx-rt rt-attrs list --ps {ps}` and `tdx-rt journey-create list --ps {ps}` list the key events, attributes and journeys"
    )
}

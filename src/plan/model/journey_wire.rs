//! From a journey of a plan to the platform's journey.

use super::journey::{Activation, EntryCondition, Journey, JourneyStep, Stage};
use super::journey_compiler::{Compiler, JourneyLookup, LiveJourney, StepKeys};
use super::journey_flow::Flow;
use super::journey_read::STAGE;
use crate::plan::nearest::named;
use crate::platform::new_id::{new_journey, new_stage};
use crate::platform::wire::{
    Extra, JOURNEY_TYPE, RealtimeActivationParameters, RealtimeJourneyActivationStepAttributes,
    RealtimeJourneyAttributes, RealtimeJourneyGoal, RealtimeJourneyReentryMode, RealtimeJourneyResource,
    RealtimeJourneyStage, RealtimeJourneyStep,
};
use std::collections::BTreeMap;

/// Name of criteria when neither plan nor platform says one; the public examples'.
const ENTRY: &str = "Entry Criteria";

/// A journey in wire form.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledJourney {
    /// Everything that can be set. Steps of activations that do not exist yet have the made-up id
    /// [`new_activation`]; folder and parent segment are those of the live journey, else empty.
    pub attributes: RealtimeJourneyAttributes,
    /// Its activations, in the order of the document.
    pub activations: Vec<CompiledActivation>,
}

/// An activation in wire form.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledActivation {
    /// Id of the live one.
    pub existing: Option<String>,
    /// Everything that can be set. `connection_id` is that of the live one, else empty.
    pub attributes: RealtimeJourneyActivationStepAttributes,
}

impl Journey {
    /// The journey as jumps of others see it before it exists: bare stages, all with made-up ids.
    pub fn draft(&self) -> RealtimeJourneyResource {
        let names: Vec<&str> = match self.stages.as_slice() {
            [] => vec![STAGE],
            stages => stages.iter().map(|stage| stage.name.as_str()).collect(),
        };
        let stage =
            |name: &str| RealtimeJourneyStage { id: Some(new_stage(&self.name, name)), ..empty_stage(name) };
        let attributes = RealtimeJourneyAttributes {
            audience_id: String::new(),
            segment_folder_id: String::new(),
            name: self.name.clone(),
            description: None,
            goal: None,
            realtime_journey_stages: names.into_iter().map(stage).collect(),
            reentry_mode: RealtimeJourneyReentryMode::ReentryUnlessGoalAchieved,
            extra: Extra::new(),
        };
        let (id, kind) = (new_journey(&self.name), JOURNEY_TYPE.to_owned());
        RealtimeJourneyResource { id, kind, attributes, relationships: Extra::new() }
    }

    /// The wire form. `existing` is the journey of the same name on the platform: what the plan does
    /// not say, or has no words for, stays as it is; so do the keys of its steps where they do
    /// the same.
    ///
    /// # Errors
    /// Everything that is wrong: names that do not exist, conditions that do not fit.
    pub fn to_wire(
        &self,
        lookup: &dyn JourneyLookup,
        existing: Option<&LiveJourney<'_>>,
    ) -> Result<CompiledJourney, Vec<String>> {
        let mut compiler = Compiler { journey: self, lookup, existing, errors: Vec::new() };
        let (attributes, keys) = compiler.journey();
        let activations: Vec<CompiledActivation> = self
            .activations()
            .into_iter()
            .map(|activation| compiler.activation(activation, keys.get(&activation.name)))
            .collect();
        if compiler.errors.is_empty() {
            return Ok(CompiledJourney { attributes, activations });
        }
        let named = |error: String| format!("journey '{}': {error}", self.name);
        Err(compiler.errors.into_iter().map(named).collect())
    }
}

impl<'a> Compiler<'a> {
    fn old(&self) -> Option<&'a RealtimeJourneyAttributes> {
        self.existing.map(|live| &live.resource.attributes)
    }

    fn journey(&mut self) -> (RealtimeJourneyAttributes, StepKeys) {
        let old = self.old();
        let goal = match &self.journey.goal {
            None => old.and_then(|old| old.goal.clone()),
            Some(None) => None,
            Some(Some(goal)) => Some(self.goal(goal, old.and_then(|old| old.goal.as_ref()))),
        };
        let mut keys = StepKeys::new();
        let stages = match (&self.journey.stages[..], old) {
            // A plan without stages leaves them as they are.
            ([], Some(old)) => old.realtime_journey_stages.clone(),
            ([], None) => vec![empty_stage(STAGE)],
            (stages, old) => {
                let live = old.map_or(&[][..], |old| &old.realtime_journey_stages);
                let stages: Vec<(usize, &Stage)> = stages.iter().enumerate().collect();
                let count = stages.len();
                let one = |(index, stage): (usize, &Stage)| {
                    let by_name = named(live, &stage.name, |there| &there.name);
                    // A stage that was only renamed.
                    let by_place = live.get(index).filter(|there| {
                        live.len() == count && self.journey.stages.iter().all(|s| s.name != there.name)
                    });
                    self.stage(stage, by_name.or(by_place), &mut keys)
                };
                stages.into_iter().map(one).collect()
            }
        };
        let attributes = RealtimeJourneyAttributes {
            audience_id: old.map(|old| old.audience_id.clone()).unwrap_or_default(),
            segment_folder_id: old.map(|old| old.segment_folder_id.clone()).unwrap_or_default(),
            // Found by its name, which keeps its spelling.
            name: old.map_or(&self.journey.name, |old| &old.name).clone(),
            description: self.journey.description.clone().or_else(|| old?.description.clone()),
            goal,
            realtime_journey_stages: stages,
            reentry_mode: self
                .journey
                .reentry
                .or_else(|| old.map(|old| old.reentry_mode))
                .unwrap_or(RealtimeJourneyReentryMode::ReentryUnlessGoalAchieved),
            extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
        };
        (attributes, keys)
    }

    fn stage(
        &mut self,
        stage: &Stage,
        old: Option<&RealtimeJourneyStage>,
        keys: &mut StepKeys,
    ) -> RealtimeJourneyStage {
        let entry = match &stage.entry {
            None => old.and_then(|old| old.entry_criteria.clone()),
            Some(entry) => Some(self.criteria(entry, old.and_then(|old| old.entry_criteria.as_ref()), ENTRY)),
        };
        let milestone = match &stage.milestone {
            None => old.and_then(|old| old.milestone.clone()),
            Some(entry) => {
                Some(self.criteria(entry, old.and_then(|old| old.milestone.as_ref()), "Milestone"))
            }
        };
        let live = old.map_or(&[][..], |old| &old.exit_criterias);
        let exits = match &stage.exits {
            None => live.to_vec(),
            Some(exits) => {
                exits.iter().enumerate().map(|(index, exit)| self.exit(exit, live.get(index))).collect()
            }
        };
        let (steps, root) = match (&stage.steps, old) {
            (None, Some(old)) => (old.steps.clone(), old.root_step.clone()),
            (None, None) => (BTreeMap::new(), None),
            (Some(steps), old) => {
                // What this plan has written before is found by its keys: a graph can be the same for
                // lists that are nested in different ways.
                let before = (self.errors.len(), keys.clone());
                let (own, root) = self.flow(stage, steps, old, true, keys);
                match old.is_some_and(|old| own.keys().eq(old.steps.keys())) {
                    true => (own, root),
                    false => {
                        self.errors.truncate(before.0);
                        *keys = before.1;
                        self.flow(stage, steps, old, false, keys)
                    }
                }
            }
        };
        RealtimeJourneyStage {
            id: old.and_then(|old| old.id.clone()),
            name: stage.name.clone(),
            description: stage.description.clone().or_else(|| old?.description.clone()),
            steps,
            root_step: root,
            entry_criteria: entry,
            milestone,
            exit_criterias: exits,
            order_index: old.and_then(|old| old.order_index),
            extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
        }
    }

    fn flow(
        &mut self,
        stage: &Stage,
        steps: &[JourneyStep],
        old: Option<&RealtimeJourneyStage>,
        own: bool,
        keys: &mut StepKeys,
    ) -> (BTreeMap<String, RealtimeJourneyStep>, Option<String>) {
        let mut flow = Flow::new(self, stage, old, own, keys);
        let root = flow.list(steps, "0", old.and_then(|old| old.root_step.as_deref()), None);
        (flow.steps, root)
    }

    fn goal(&mut self, goal: &EntryCondition, old: Option<&RealtimeJourneyGoal>) -> RealtimeJourneyGoal {
        RealtimeJourneyGoal {
            target: goal.jump.as_ref().map(|jump| self.target(jump, old.and_then(|old| old.target.as_ref()))),
            criteria: self.criteria(goal, old.map(|old| &old.criteria), "Goal"),
        }
    }

    fn activation(&self, activation: &Activation, key: Option<&String>) -> CompiledActivation {
        let live = self.live_activation(&activation.name);
        let old = live.map(|live| &live.attributes);
        let (connector_type, export, advanced) = activation.sends.parts();
        let text = |new: Option<serde_json::Value>, old: Option<&String>| match (new, old) {
            // The same in another spelling is no change.
            (Some(new), Some(old)) if activation.sends.same(&new, old) => Some(old.clone()),
            (Some(new), _) => Some(new.to_string()),
            (None, old) => old.cloned(),
        };
        let connector = RealtimeActivationParameters {
            export_json: text(export, old.and_then(|old| old.connector.export_json.as_ref())),
            export_advanced_json: text(
                advanced,
                old.and_then(|old| old.connector.export_advanced_json.as_ref()),
            ),
            later: old.map(|old| old.connector.later.clone()).unwrap_or_default(),
        };
        CompiledActivation {
            existing: live.map(|live| live.id.clone()),
            attributes: RealtimeJourneyActivationStepAttributes {
                name: Some(activation.name.clone()),
                description: activation.description.clone().or_else(|| old?.description.clone()),
                step_uuid: key.cloned().or_else(|| old?.step_uuid.clone()),
                connection_id: old.map(|old| old.connection_id.clone()).unwrap_or_default(),
                connector_type,
                connector,
                extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
            },
        }
    }
}

fn empty_stage(name: &str) -> RealtimeJourneyStage {
    RealtimeJourneyStage {
        id: None,
        name: name.to_owned(),
        description: None,
        steps: BTreeMap::new(),
        root_step: None,
        entry_criteria: None,
        milestone: None,
        exit_criterias: Vec::new(),
        order_index: None,
        extra: Extra::new(),
    }
}

//! A journey as it is stored, and what it uses.

use super::collection::Resource;
use super::no_record;
use crate::platform::rule::{Operand, Rule};
use crate::platform::wire::{
    EntryCriteria, RealtimeJourneyActivationStepAttributes, RealtimeJourneyAttributes,
    RealtimeJourneyExitCriteria, RealtimeJourneyStage, RealtimeJourneyState, RealtimeJourneyStep,
};
use crate::sandbox::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// A journey with its activations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredJourney {
    /// Id, digits as a string.
    pub id: String,
    /// All fields that can be set.
    pub attributes: RealtimeJourneyAttributes,
    /// Draft or launched.
    pub state: RealtimeJourneyState,
    /// When it was launched, in milliseconds since the epoch.
    pub launched: Option<i64>,
    /// When it was paused, in milliseconds since the epoch; `None` while it is not.
    pub paused: Option<i64>,
    /// Its activations, in order of creation.
    pub activations: Vec<StoredActivation>,
}

/// What a journey sends, and where to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredActivation {
    /// Id, digits as a string.
    pub id: String,
    /// All fields that can be set.
    pub attributes: RealtimeJourneyActivationStepAttributes,
}

impl Resource for StoredJourney {
    fn id(&self) -> &str {
        &self.id
    }
}

impl StoredJourney {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.attributes.name
    }

    /// Its stages, in order.
    pub fn stages(&self) -> &[RealtimeJourneyStage] {
        &self.attributes.realtime_journey_stages
    }

    /// A stage by id.
    pub fn stage(&self, id: &str) -> Option<&RealtimeJourneyStage> {
        self.stages().iter().find(|stage| stage.id.as_deref() == Some(id))
    }

    /// An activation, or 404.
    pub fn activation(&self, id: &str) -> Result<&StoredActivation, Refusal> {
        self.activations.iter().find(|activation| activation.id == id).ok_or_else(no_record)
    }

    /// The id of the stage that has a step with this activation.
    pub fn stage_of(&self, activation: &str) -> Option<&str> {
        self.place_of(activation).and_then(|(stage, _)| stage.id.as_deref())
    }

    /// The key of the step with this activation.
    pub(super) fn step_of(&self, activation: &str) -> Option<&str> {
        self.place_of(activation).map(|(_, key)| key)
    }

    fn place_of(&self, activation: &str) -> Option<(&RealtimeJourneyStage, &str)> {
        let mut steps = self
            .stages()
            .iter()
            .flat_map(|stage| stage.steps.iter().map(move |(key, step)| (stage, key, step)));
        let found = steps.find(|(_, _, step)| {
            matches!(step, RealtimeJourneyStep::TriggeredActivation(step)
                if step.journey_activation_step_id == activation)
        });
        found.map(|(stage, key, _)| (stage, key.as_str()))
    }

    /// All criteria with events: goal, entries, milestones.
    fn criteria(&self) -> impl Iterator<Item = &EntryCriteria> {
        let goal = self.attributes.goal.iter().map(|goal| &goal.criteria);
        let stages = self.stages().iter();
        goal.chain(stages.flat_map(|stage| stage.entry_criteria.iter().chain(&stage.milestone)))
    }

    /// Whether it waits for a key event.
    pub fn uses_key_event(&self, id: &str) -> bool {
        let exits = self.stages().iter().flat_map(|stage| &stage.exit_criterias);
        let on_exit = exits.filter_map(|exit| match exit {
            RealtimeJourneyExitCriteria::Custom(exit) => exit.key_event_criteria.as_ref(),
            RealtimeJourneyExitCriteria::Stale(_) => None,
        });
        let mut events =
            self.criteria().filter_map(|criteria| criteria.key_event_criteria.as_ref()).chain(on_exit);
        events.any(|criteria| criteria.key_event_id == id)
    }

    /// Whether one of its conditions is on an attribute (with `sub`: on that aggregation or window).
    pub fn uses_attribute(&self, id: &str, sub: Option<&str>) -> bool {
        let mut operands = self.rules().into_iter().flat_map(Rule::operands);
        operands.any(|operand| match operand {
            Operand::Attribute { id: used, sub: used_sub } => {
                used == id && (sub.is_none() || sub == used_sub)
            }
            Operand::Column(_) => false,
        })
    }

    /// All rules over attributes.
    fn rules(&self) -> Vec<&Rule> {
        let mut rules: Vec<&Rule> =
            self.criteria().filter_map(|criteria| criteria.profile_criteria.as_ref()).collect();
        for stage in self.stages() {
            rules.extend(stage.exit_criterias.iter().filter_map(|exit| match exit {
                RealtimeJourneyExitCriteria::Custom(exit) => Some(&exit.profile_criteria),
                RealtimeJourneyExitCriteria::Stale(_) => None,
            }));
            for step in stage.steps.values() {
                if let RealtimeJourneyStep::DecisionPoint(step) = step {
                    rules.extend(step.branches.iter().filter_map(|branch| branch.profile_criteria.as_ref()));
                }
            }
        }
        rules
    }
}

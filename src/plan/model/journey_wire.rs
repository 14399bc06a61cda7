//! From a journey of a plan to the platform's journey.

use super::journey::{Activation, Condition, EntryCondition, Exit, Journey, JourneyStep, JumpTarget, Stage};
use super::journey_flow::Flow;
use super::journey_read::STAGE;
use super::section::{Lookup, criteria_operand, with_ids};
use crate::plan::nearest::did_you_mean;
use crate::plan::nearest::named;
use crate::platform::new_id::{new_journey, new_stage};
use crate::platform::rule::Rule;
use crate::platform::wire::{
    EntryCriteria, Extra, JOURNEY_TYPE, KeyEventCriteria, RealtimeActivationParameters,
    RealtimeJourneyActivationStepAttributes, RealtimeJourneyActivationStepResource,
    RealtimeJourneyAttributes, RealtimeJourneyCustomExitCriteria, RealtimeJourneyExitCriteria,
    RealtimeJourneyGoal, RealtimeJourneyJumpTarget, RealtimeJourneyReentryMode, RealtimeJourneyResource,
    RealtimeJourneyStage, RealtimeJourneyStaleCriteria, RealtimeJourneyStep,
};
use std::collections::BTreeMap;

/// Name of criteria when neither plan nor platform says one; the public examples'.
const ENTRY: &str = "Entry Criteria";

/// Finds what a journey names.
pub trait JourneyLookup: Lookup {
    /// Id of the parent segment.
    fn parent_segment_id(&self) -> &str;
    /// The journey with this name.
    fn journey(&self, name: &str) -> Option<&RealtimeJourneyResource>;
}

/// A live journey.
#[derive(Debug, Clone)]
pub struct LiveJourney<'a> {
    /// The journey.
    pub resource: &'a RealtimeJourneyResource,
    /// Its activations.
    pub activations: Vec<&'a RealtimeJourneyActivationStepResource>,
}

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

pub(super) struct Compiler<'a> {
    pub journey: &'a Journey,
    pub lookup: &'a dyn JourneyLookup,
    pub existing: Option<&'a LiveJourney<'a>>,
    pub errors: Vec<String>,
}

/// Keys of the steps of activations, by the activation's name.
pub(super) type StepKeys = BTreeMap<String, String>;

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

    /// Criteria; what the plan does not say stays.
    fn criteria(
        &mut self,
        entry: &EntryCondition,
        old: Option<&EntryCriteria>,
        default: &str,
    ) -> EntryCriteria {
        let event = self.event(entry, old.and_then(|old| old.key_event_criteria.as_ref()));
        let rule = match &entry.criteria {
            None => old.and_then(|old| old.profile_criteria.clone()),
            Some(condition) => {
                let rule = Some(self.rule(condition)).filter(|rule| !rule.is_everything());
                same_or(rule, old.map(|old| &old.profile_criteria))
            }
        };
        EntryCriteria {
            name: entry
                .name
                .clone()
                .or_else(|| old.map(|old| old.name.clone()))
                .unwrap_or_else(|| default.to_owned()),
            description: entry.description.clone().or_else(|| old?.description.clone()),
            key_event_criteria: event,
            profile_criteria: rule,
            accept_unknown_profiles: entry
                .accept_unknown_profiles
                .or_else(|| old.and_then(|old| old.accept_unknown_profiles)),
            extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
        }
    }

    fn event(&mut self, entry: &EntryCondition, old: Option<&KeyEventCriteria>) -> Option<KeyEventCriteria> {
        let Some(name) = &entry.event else { return old.cloned() };
        let id = self.lookup.key_event(name).unwrap_or_else(|| {
            self.errors.push(unknown("key event", name, &self.lookup.event_names()));
            String::new()
        });
        let old = old.filter(|old| old.key_event_id == id);
        let live = old.map(|old| old.key_event_filters.clone());
        let filters = match (&entry.filter, live) {
            (Some(given), Some(live)) if given.same(&live) => live,
            (Some(given), _) => given.clone(),
            (None, live) => live.unwrap_or_default(),
        };
        let later = old.map(|old| old.later.clone()).unwrap_or_default();
        Some(KeyEventCriteria { key_event_id: id, key_event_filters: filters, later })
    }

    fn exit(
        &mut self,
        exit: &Exit,
        old: Option<&RealtimeJourneyExitCriteria>,
    ) -> RealtimeJourneyExitCriteria {
        match (exit, old) {
            (Exit::After { name, after }, old) => {
                let old = match old {
                    Some(RealtimeJourneyExitCriteria::Stale(old)) => Some(old),
                    _ => None,
                };
                RealtimeJourneyExitCriteria::Stale(RealtimeJourneyStaleCriteria {
                    name: name.clone().or_else(|| old?.name.clone()),
                    unit: after.unit,
                    exit_after: after.value,
                    extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
                })
            }
            (Exit::When(entry), old) => {
                let old = match old {
                    Some(RealtimeJourneyExitCriteria::Custom(old)) => Some(old),
                    _ => None,
                };
                let event = self.event(entry, old.and_then(|old| old.key_event_criteria.as_ref()));
                let rule = match &entry.criteria {
                    None => old.map(|old| old.profile_criteria.clone()).unwrap_or_default(),
                    Some(condition) => {
                        let live = old.map(|old| Some(old.profile_criteria.clone()));
                        same_or(Some(self.rule(condition)), live.as_ref()).unwrap_or_default()
                    }
                };
                RealtimeJourneyExitCriteria::Custom(Box::new(RealtimeJourneyCustomExitCriteria {
                    name: entry.name.clone().or_else(|| old?.name.clone()),
                    key_event_criteria: event,
                    profile_criteria: rule,
                    target: entry
                        .jump
                        .as_ref()
                        .map(|jump| self.target(jump, old.and_then(|old| old.target.as_ref()))),
                    extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
                }))
            }
        }
    }

    pub(super) fn rule(&mut self, condition: &Condition) -> Rule {
        if let Some(rule) = &condition.rule {
            return Rule::from_json(&with_ids(rule, self.lookup, &mut self.errors));
        }
        let mut operand = |name: &str| criteria_operand(name, self.lookup);
        condition.expr.to_rule(&mut operand).unwrap_or_else(|error| {
            self.errors.push(format!("criteria: {error}\n{}", error.excerpt(&condition.text)));
            Rule::default()
        })
    }

    /// A stage of this or another journey; `old` is where it leads to now.
    pub(super) fn target(
        &mut self,
        target: &JumpTarget,
        old: Option<&RealtimeJourneyJumpTarget>,
    ) -> RealtimeJourneyJumpTarget {
        let own = target.journey.as_ref().is_none_or(|name| *name == self.journey.name);
        let name = target.journey.as_ref().unwrap_or(&self.journey.name);
        let live = if own { self.existing.map(|live| live.resource) } else { self.lookup.journey(name) };
        let live_stages = live.map_or(&[][..], |live| &live.attributes.realtime_journey_stages);
        let found = match &target.stage {
            None => live_stages.first(),
            Some(stage) => live_stages.iter().find(|there| there.name == *stage),
        };
        let planned = self.journey.stages.iter().map(|stage| stage.name.as_str());
        let first = self.journey.stages.first().map(|stage| stage.name.as_str()).unwrap_or(STAGE);
        let stage = target.stage.as_deref().unwrap_or(if own { first } else { STAGE });
        if own && found.is_none() && !planned.clone().any(|known| known == stage) {
            self.errors.push(unknown("stage", stage, &planned.collect::<Vec<_>>()));
        } else if let (false, Some(live), None) = (own, live, found) {
            let known: Vec<&str> = live_stages.iter().map(|stage| stage.name.as_str()).collect();
            self.errors.push(unknown(&format!("stage of '{}'", live.attributes.name), stage, &known));
        }
        RealtimeJourneyJumpTarget {
            realtime_journey_id: live.map_or_else(|| new_journey(name), |live| live.id.clone()),
            realtime_journey_stage_id: found
                .and_then(|stage| stage.id.clone())
                .unwrap_or_else(|| new_stage(name, stage)),
            confirmed: true,
            extra: old.map(|old| old.extra.clone()).unwrap_or_default(),
        }
    }

    /// The live activation of this name.
    pub(super) fn live_activation(&self, name: &str) -> Option<&'a RealtimeJourneyActivationStepResource> {
        let all = self.existing.map_or(&[][..], |live| &live.activations);
        all.iter().copied().find(|there| there.attributes.name.as_deref() == Some(name))
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

/// The live value, when it means the same.
fn same_or(rule: Option<Rule>, live: Option<&Option<Rule>>) -> Option<Rule> {
    match live {
        Some(there) if super::section::same(there.as_ref(), rule.as_ref()) => there.clone(),
        _ => rule,
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

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    match did_you_mean(name, known.iter().copied()) {
        Some(fix) => format!("there is no {what} '{name}'; {fix}"),
        None => format!("there is no {what} '{name}'"),
    }
}

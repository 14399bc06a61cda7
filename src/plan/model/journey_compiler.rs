//! The parts of a journey in the platform's form: criteria, exits, rules, jumps.

use super::journey::{Condition, EntryCondition, Exit, Journey, JumpTarget};
use super::journey_read::STAGE;
use super::section::{Lookup, criteria_operand, with_ids};
use crate::plan::nearest::did_you_mean;
use crate::platform::new_id::{new_journey, new_stage};
use crate::platform::rule::Rule;
use crate::platform::wire::{
    EntryCriteria, KeyEventCriteria, RealtimeJourneyActivationStepResource,
    RealtimeJourneyCustomExitCriteria, RealtimeJourneyExitCriteria, RealtimeJourneyJumpTarget,
    RealtimeJourneyResource, RealtimeJourneyStaleCriteria,
};
use std::collections::BTreeMap;

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

/// What a journey is compiled with, and what is wrong in it.
pub(super) struct Compiler<'a> {
    pub journey: &'a Journey,
    pub lookup: &'a dyn JourneyLookup,
    pub existing: Option<&'a LiveJourney<'a>>,
    pub errors: Vec<String>,
}

/// Keys of the steps of activations, by the activation's name.
pub(super) type StepKeys = BTreeMap<String, String>;

impl<'a> Compiler<'a> {
    /// Criteria; what the plan does not say stays.
    pub(super) fn criteria(
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

    pub(super) fn event(
        &mut self,
        entry: &EntryCondition,
        old: Option<&KeyEventCriteria>,
    ) -> Option<KeyEventCriteria> {
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

    pub(super) fn exit(
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
}

/// The live value, when it means the same.
fn same_or(rule: Option<Rule>, live: Option<&Option<Rule>>) -> Option<Rule> {
    match live {
        Some(there) if super::section::same(there.as_ref(), rule.as_ref()) => there.clone(),
        _ => rule,
    }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    match did_you_mean(name, known.iter().copied()) {
        Some(fix) => format!("there is no {what} '{name}'; {fix}"),
        None => format!("there is no {what} '{name}'"),
    }
}

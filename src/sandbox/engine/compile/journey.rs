//! Compiles stored journeys.

use super::{Events, compile_entry, rule};
use crate::platform::template::{EVENT_PLACEHOLDERS, placeholders_in};
use crate::platform::wire::{
    DurationSetting, DurationUnit, EntryCriteria, Extra, RealtimeJourneyActivationStepAttributes,
    RealtimeJourneyExitCriteria, RealtimeJourneyJumpTarget, RealtimeJourneyStage, RealtimeJourneyStep,
};
use crate::sandbox::engine::program::journey::{
    JumpPlace, ProgramActivation, ProgramBranch, ProgramExit, ProgramStage, ProgramStep, ProgramStepKind,
    ProgramVariant,
};
use crate::sandbox::engine::program::{ConfigJourney, EntryRule, ProgramError, ProgramJourney};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Compiles a journey.
pub fn compile(events: &Events, journey: &ConfigJourney<'_>) -> Result<ProgramJourney, ProgramError> {
    let attributes = journey.attributes;
    let what = format!("journey '{}'", attributes.name);
    let goal = attributes.goal.as_ref().map(|goal| {
        let entry = compile_entry(events, &goal.criteria, &format!("goal of {what}"))?;
        Ok((entry, goal.target.as_ref().map(target)))
    });
    let mut stages = Vec::new();
    for stage in &attributes.realtime_journey_stages {
        stages.push(compile_stage(events, journey, stage, &what)?);
    }
    let names: BTreeSet<String> = stages
        .iter()
        .flat_map(|stage| stage.steps.values())
        .filter_map(|step| match &step.kind {
            ProgramStepKind::Activate { activation, .. } => Some(placeholders_in(&activation.export)),
            _ => None,
        })
        .flatten()
        .map(str::to_owned)
        .collect();
    let [_, _, properties] = EVENT_PLACEHOLDERS;
    Ok(ProgramJourney {
        id: journey.id.to_owned(),
        name: attributes.name.clone(),
        paused: journey.paused,
        reentry: attributes.reentry_mode,
        goal: goal.transpose()?,
        stages,
        properties: names.contains(properties),
        columns: names,
    })
}

fn compile_stage(
    events: &Events,
    journey: &ConfigJourney<'_>,
    stage: &RealtimeJourneyStage,
    what: &str,
) -> Result<ProgramStage, ProgramError> {
    let what = format!("stage '{}' of {what}", stage.name);
    let entry = |criteria: &Option<EntryCriteria>, part: &str| {
        let compiled =
            |criteria: &EntryCriteria| compile_entry(events, criteria, &format!("{part} of {what}"));
        criteria.as_ref().map(compiled).transpose()
    };
    let mut exits = Vec::new();
    let mut stale: Option<i64> = None;
    for exit in &stage.exit_criterias {
        match exit {
            RealtimeJourneyExitCriteria::Stale(exit) => {
                let after = seconds(exit.exit_after, exit.unit);
                stale = Some(stale.map_or(after, |other| other.min(after)));
            }
            RealtimeJourneyExitCriteria::Custom(exit) => {
                let name = exit.name.clone().unwrap_or_default();
                let criteria = EntryCriteria {
                    name: name.clone(),
                    description: None,
                    key_event_criteria: exit.key_event_criteria.clone(),
                    profile_criteria: Some(exit.profile_criteria.clone()),
                    accept_unknown_profiles: None,
                    extra: Extra::new(),
                };
                let entry: EntryRule = compile_entry(events, &criteria, &format!("exit criteria of {what}"))?;
                exits.push(ProgramExit { name, entry, target: exit.target.as_ref().map(target) });
            }
        }
    }
    let mut steps = BTreeMap::new();
    for (key, step) in &stage.steps {
        steps.insert(key.clone(), compile_step(journey, step, &format!("step {key} of {what}"))?);
    }
    Ok(ProgramStage {
        id: stage.id.clone().unwrap_or_default(),
        name: stage.name.clone(),
        entry: entry(&stage.entry_criteria, "entry criteria")?,
        milestone: entry(&stage.milestone, "milestone")?,
        exits,
        stale,
        root: stage.root_step.clone(),
        steps,
    })
}

fn compile_step(
    journey: &ConfigJourney<'_>,
    step: &RealtimeJourneyStep,
    what: &str,
) -> Result<ProgramStep, ProgramError> {
    let (name, kind) = match step {
        RealtimeJourneyStep::WaitStep(step) => {
            let wait = ProgramStepKind::Wait {
                seconds: seconds(step.wait_step, step.wait_step_unit),
                length: length(step.wait_step, step.wait_step_unit),
                next: step.next.clone(),
            };
            (step.name.clone(), wait)
        }
        RealtimeJourneyStep::TriggeredActivation(step) => {
            let id = step.journey_activation_step_id.as_str();
            let found = journey.activations.iter().find(|(known, _)| *known == id);
            match found {
                Some((id, attributes)) => {
                    let activation = Box::new(activation(id, attributes));
                    let name = step.name.clone().or_else(|| attributes.name.clone());
                    (name, ProgramStepKind::Activate { activation, next: step.next.clone() })
                }
                None => (step.name.clone(), ProgramStepKind::Unknown),
            }
        }
        RealtimeJourneyStep::DecisionPoint(step) => {
            let mut branches = Vec::new();
            for branch in &step.branches {
                let compiled = branch.profile_criteria.as_ref().map(|criteria| rule(criteria, what));
                branches.push(ProgramBranch {
                    name: branch.name.clone().unwrap_or_else(|| branch.id.clone()),
                    rule: compiled.transpose()?.flatten(),
                    excluded: branch.excluded_path,
                    next: branch.next.clone(),
                });
            }
            (None, ProgramStepKind::Decide(branches))
        }
        RealtimeJourneyStep::Variant(step) => {
            let variants = step.branches.iter().map(|variant| ProgramVariant {
                name: variant.name.clone().unwrap_or_else(|| variant.id.clone()),
                share: variant.percentage.unwrap_or_default(),
                next: variant.next.clone(),
            });
            (None, ProgramStepKind::Test(variants.collect()))
        }
        RealtimeJourneyStep::Merge(step) => (None, ProgramStepKind::Merge(step.next.clone())),
        RealtimeJourneyStep::Jump(step) => {
            (step.name.clone(), ProgramStepKind::Jump(step.target.as_ref().map(target)))
        }
        RealtimeJourneyStep::End(_) => (None, ProgramStepKind::End),
        RealtimeJourneyStep::Other(_) => (None, ProgramStepKind::Unknown),
    };
    Ok(ProgramStep { name, kind })
}

fn activation(id: &str, attributes: &RealtimeJourneyActivationStepAttributes) -> ProgramActivation {
    let parsed = |text: &Option<String>| {
        text.as_deref().map_or(Value::Null, |text| {
            serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
        })
    };
    ProgramActivation {
        id: id.to_owned(),
        name: attributes.name.clone().unwrap_or_default(),
        connector_type: attributes.connector_type.clone(),
        connection_id: attributes.connection_id.clone(),
        export: parsed(&attributes.connector.export_json),
        advanced: parsed(&attributes.connector.export_advanced_json),
    }
}

fn target(target: &RealtimeJourneyJumpTarget) -> JumpPlace {
    JumpPlace { journey: target.realtime_journey_id.clone(), stage: target.realtime_journey_stage_id.clone() }
}

fn seconds(value: u64, unit: DurationUnit) -> i64 {
    i64::try_from(DurationSetting { value, unit }.seconds()).unwrap_or(i64::MAX)
}

fn length(value: u64, unit: DurationUnit) -> String {
    let word = match unit {
        DurationUnit::Minute => "minute",
        DurationUnit::Hour => "hour",
        DurationUnit::Day => "day",
    };
    format!("{value} {word}{}", if value == 1 { "" } else { "s" })
}

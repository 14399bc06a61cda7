//! The rules that a journey keeps at all times, also as a draft.

use super::graph;
use super::read::{GOAL, STAGES};
use crate::platform::rule::Rule;
use crate::platform::wire::{
    EntryCriteria, Extra, RealtimeABTest, RealtimeDecisionPointStep, RealtimeJourneyAttributes,
    RealtimeJourneyExitCriteria, RealtimeJourneyJumpTarget, RealtimeJourneyStage, RealtimeJourneyStep,
};
use crate::sandbox::refusal::{Problem, Reason, Refusal};
use crate::sandbox::store::journey::StoredJourney;
use crate::sandbox::store::realtime::Realtime;
use crate::sandbox::store::sections::{check_criteria, profile_rule};
use std::collections::BTreeMap;

/// What a journey is checked against.
pub struct Around<'a> {
    /// The configuration that it is part of.
    pub realtime: &'a Realtime,
    /// The journey as it was; a new one has no activations and no jump can lead to it.
    pub old: Option<&'a StoredJourney>,
}

/// All problems of goal and stages.
pub fn check(attributes: &RealtimeJourneyAttributes, around: &Around<'_>) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    if let Some(goal) = &attributes.goal {
        check_criteria(&mut problems, GOAL, &goal.criteria, around.realtime);
        around.target(&mut problems, &format!("{GOAL}/target"), goal.target.as_ref());
    }
    let mut used = BTreeMap::new();
    for (index, stage) in attributes.realtime_journey_stages.iter().enumerate() {
        let at = format!("{STAGES}/{index}");
        around.stage(&mut problems, &at, stage);
        for (key, step) in &stage.steps {
            let at = format!("{at}/steps/{key}");
            around.step(&mut problems, &at, step);
            if let RealtimeJourneyStep::TriggeredActivation(step) = step {
                around.activation(&mut problems, &at, key, &step.journey_activation_step_id, &mut used);
            }
        }
        graph::check(&mut problems, &at, stage);
    }
    Refusal::unless_empty(problems)
}

impl Around<'_> {
    fn stage(&self, problems: &mut Vec<Problem>, at: &str, stage: &RealtimeJourneyStage) {
        for (key, criteria) in [("entryCriteria", &stage.entry_criteria), ("milestone", &stage.milestone)] {
            if let Some(criteria) = criteria {
                check_criteria(problems, &format!("{at}/{key}"), criteria, self.realtime);
            }
        }
        for (index, exit) in stage.exit_criterias.iter().enumerate() {
            let RealtimeJourneyExitCriteria::Custom(exit) = exit else { continue };
            let at = format!("{at}/exitCriterias/{index}");
            let criteria = EntryCriteria {
                name: String::new(),
                description: None,
                key_event_criteria: exit.key_event_criteria.clone(),
                profile_criteria: Some(exit.profile_criteria.clone()),
                accept_unknown_profiles: None,
                extra: Extra::new(),
            };
            check_criteria(problems, &at, &criteria, self.realtime);
            if exit.key_event_criteria.is_none() && exit.profile_criteria.is_everything() {
                problems.push(Problem::at(
                    Reason::ExitCriteriaEmpty,
                    &at,
                    "Exit criteria need a key event or profile criteria",
                ));
            }
            self.target(problems, &format!("{at}/target"), exit.target.as_ref());
        }
    }

    fn step(&self, problems: &mut Vec<Problem>, at: &str, step: &RealtimeJourneyStep) {
        match step {
            RealtimeJourneyStep::DecisionPoint(step) => self.decision(problems, at, step),
            RealtimeJourneyStep::Variant(step) => test(problems, at, step),
            RealtimeJourneyStep::Jump(step) => {
                self.target(problems, &format!("{at}/target"), step.target.as_ref());
            }
            _ => {}
        }
    }

    fn decision(&self, problems: &mut Vec<Problem>, at: &str, step: &RealtimeDecisionPointStep) {
        unique(problems, &format!("{at}/branches"), step.branches.iter().map(|branch| branch.id.as_str()));
        for (index, branch) in step.branches.iter().enumerate() {
            let at = format!("{at}/branches/{index}");
            if let Some(rule) = branch.profile_criteria.as_ref().filter(|_| !branch.excluded_path) {
                let checked = self.rule(rule);
                problems.extend(checked.map(|message| {
                    Problem::at(Reason::CriteriaInvalid, format!("{at}/profileCriteria"), message)
                }));
            }
        }
        if step.branches.iter().filter(|branch| branch.excluded_path).count() > 1 {
            let message = "Only one branch can be the excluded path";
            problems.push(Problem::at(Reason::BranchExcludedTwice, format!("{at}/branches"), message));
        }
    }

    fn rule(&self, rule: &Rule) -> Option<String> {
        profile_rule(rule, self.realtime).err()
    }

    /// The activation is one of this journey's, was made for this step if it says so, and no other
    /// step has it (contract: an activation has one stage).
    fn activation(
        &self,
        problems: &mut Vec<Problem>,
        at: &str,
        key: &str,
        id: &str,
        used: &mut BTreeMap<String, String>,
    ) {
        let at = format!("{at}/journeyActivationStepId");
        let Some(activation) = self.old.and_then(|journey| journey.activation(id).ok()) else {
            problems.push(Problem::at(
                Reason::StepActivationMissing,
                at,
                format!("there is no activation with the id {id} in this journey"),
            ));
            return;
        };
        if let Some(uuid) =
            activation.attributes.step_uuid.as_deref().filter(|u| !u.eq_ignore_ascii_case(key))
        {
            let message = format!("the activation {id} was made for the step '{uuid}'");
            problems.push(Problem::at(Reason::StepActivationForeign, &at, message));
        }
        if let Some(other) = used.insert(id.to_owned(), key.to_owned()) {
            problems.push(Problem::at(
                Reason::StepActivationTwice,
                at,
                format!("the step '{other}' has the activation {id} already"),
            ));
        }
    }

    /// A jump leads to a stage of a journey of the same parent segment.
    fn target(&self, problems: &mut Vec<Problem>, at: &str, target: Option<&RealtimeJourneyJumpTarget>) {
        let Some(target) = target else { return };
        let (journey, stage) = (&target.realtime_journey_id, &target.realtime_journey_stage_id);
        match self.realtime.journey(journey) {
            Err(_) => {
                let message = format!("there is no journey with the id {journey} in this parent segment");
                problems.push(Problem::at(
                    Reason::JumpJourneyMissing,
                    format!("{at}/realtimeJourneyId"),
                    message,
                ));
            }
            Ok(found) if found.stage(stage).is_none() => {
                let message = format!("'{}' has no stage with the id {stage}", found.name());
                problems.push(Problem::at(
                    Reason::JumpStageMissing,
                    format!("{at}/realtimeJourneyStageId"),
                    message,
                ));
            }
            Ok(_) => {}
        }
    }
}

/// Shares are percentages; when all of them are there they sum to 100.
fn test(problems: &mut Vec<Problem>, at: &str, step: &RealtimeABTest) {
    let at = format!("{at}/branches");
    unique(problems, &at, step.branches.iter().map(|variant| variant.id.as_str()));
    let shares: Vec<f64> = step.branches.iter().filter_map(|variant| variant.percentage).collect();
    if shares.iter().any(|share| !(0.0..=100.0).contains(share)) {
        problems.push(Problem::at(Reason::VariantPercentageInvalid, &at, "Percentage must be from 0 to 100"));
        return;
    }
    let sum: f64 = shares.iter().sum();
    if shares.len() == step.branches.len() && (sum - 100.0).abs() > 1e-6 {
        problems.push(Problem::at(
            Reason::VariantPercentagesSum,
            &at,
            format!("Percentages must sum to 100; they sum to {sum}"),
        ));
    }
}

fn unique<'a>(problems: &mut Vec<Problem>, at: &str, ids: impl Iterator<Item = &'a str>) {
    let mut seen = Vec::new();
    for id in ids {
        if id.is_empty() {
            problems.push(Problem::at(Reason::BranchIdBlank, at, "Id can't be blank"));
        } else if seen.contains(&id) {
            problems.push(Problem::at(Reason::BranchIdTwice, at, format!("Id '{id}' occurs twice")));
        }
        seen.push(id);
    }
}

//! What a journey needs before it can run (our choice, but for what `check` knows: the public
//! examples only say that the status must be `ok` and every activation configured).

use super::graph;
use super::read::STAGES;
use crate::platform::wire::{RealtimeJourneyStage, RealtimeJourneyStep, RealtimeStatus, WEBHOOK};
use crate::sandbox::refusal::{Problem, Reason, Refusal};
use crate::sandbox::store::journey::StoredJourney;

/// The configuration must have been rolled out.
pub fn ready(status: RealtimeStatus) -> Result<(), Refusal> {
    if status == RealtimeStatus::Ok {
        return Ok(());
    }
    let message = format!(
        "The journey can't be launched while the real-time status is '{}'; wait until it is 'ok'",
        status.as_str()
    );
    Err(Refusal::conflict(Reason::LaunchNotReady, message).at("/attributes/state"))
}

/// Everything that is missing in a journey.
pub fn complete(journey: &StoredJourney) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    for (index, stage) in journey.stages().iter().enumerate() {
        let at = format!("{STAGES}/{index}");
        if stage.root_step.is_none() {
            let message =
                format!("Stage '{}' needs a root step before the journey can be launched", stage.name);
            problems.push(Problem::at(Reason::LaunchRootStepMissing, format!("{at}/rootStep"), message));
            continue;
        }
        for key in graph::unreachable(stage) {
            let message = "Nothing leads to this step from the root step";
            problems.push(Problem::at(Reason::LaunchStepUnreachable, format!("{at}/steps/{key}"), message));
        }
        steps(&mut problems, &at, stage, journey);
    }
    let entry = journey.stages().first().and_then(|stage| stage.entry_criteria.as_ref());
    if entry.is_none_or(|criteria| criteria.key_event_criteria.is_none()) {
        let message =
            "The first stage needs entry criteria with a key event before the journey can be launched";
        problems.push(Problem::at(Reason::LaunchEntryMissing, format!("{STAGES}/0/entryCriteria"), message));
    }
    Refusal::unless_empty(problems)
}

fn steps(problems: &mut Vec<Problem>, at: &str, stage: &RealtimeJourneyStage, journey: &StoredJourney) {
    for (key, step) in &stage.steps {
        let at = format!("{at}/steps/{key}");
        let (reason, message) = match step {
            RealtimeJourneyStep::DecisionPoint(step)
                if step.branches.iter().any(|b| !b.excluded_path && b.profile_criteria.is_none()) =>
            {
                (
                    Reason::LaunchBranchWithoutCriteria,
                    "Every branch but the excluded path needs profile criteria",
                )
            }
            RealtimeJourneyStep::Variant(step)
                if step.branches.iter().any(|variant| variant.percentage.is_none()) =>
            {
                (Reason::LaunchVariantWithoutPercentage, "Every variant needs a percentage")
            }
            RealtimeJourneyStep::Jump(step)
                if step.target.as_ref().is_none_or(|target| !target.confirmed) =>
            {
                (Reason::LaunchJumpUnconfirmed, "A jump needs a target that is confirmed")
            }
            RealtimeJourneyStep::TriggeredActivation(step)
                if journey.activation(&step.journey_activation_step_id).is_ok_and(|activation| {
                    let attributes = &activation.attributes;
                    attributes.connector_type == WEBHOOK && attributes.connector.export_json.is_none()
                }) =>
            {
                (Reason::LaunchActivationWithoutExport, "The activation has no export JSON yet")
            }
            _ => continue,
        };
        problems.push(Problem::at(reason, at, message));
    }
}

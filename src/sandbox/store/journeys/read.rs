//! Reads the body of a journey: its allowed and required fields.

use crate::platform::fields::{self, Field, keys, needed};
use crate::platform::limits::JOURNEY_STAGES;
use crate::platform::wire::{
    EntryCriteria, RealtimeJourneyExitCriteria, RealtimeJourneyGoal, RealtimeJourneyStage,
    RealtimeJourneyStep,
};
use crate::sandbox::refusal::{Problem, Reason, Refusal};
use crate::sandbox::store::body::{Object, label, needs, only_or_later, problem, text, typed};
use crate::sandbox::store::journey::StoredJourney;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// The pointer to stages in a body.
pub const STAGES: &str = "/attributes/realtimeJourneyStages";
/// The pointer to the goal in a body.
pub const GOAL: &str = "/attributes/goal";

/// Reads the stages, or returns all problems of their form. `old` is the journey that is
/// changed; only its stages' ids can be sent.
pub fn stages(
    attributes: &Object,
    old: Option<&StoredJourney>,
) -> Result<Vec<RealtimeJourneyStage>, Refusal> {
    let items = match attributes.get("realtimeJourneyStages") {
        Some(Value::Array(items)) => items,
        None | Some(Value::Null) => {
            return Err(
                Refusal::invalid(Reason::StagesBlank, "Realtime journey stages can't be blank").at(STAGES)
            );
        }
        Some(_) => {
            return Err(
                Refusal::invalid(Reason::StagesInvalid, "Realtime journey stages must be a list").at(STAGES)
            );
        }
    };
    count(items.len())?;
    let mut problems = Vec::new();
    let mut stages: Vec<RealtimeJourneyStage> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let at = format!("{STAGES}/{index}");
        let before = problems.len();
        match item {
            Value::Object(item) => stages.extend(stage(&mut problems, &at, item, old)),
            _ => problems.push(Problem::at(Reason::StageInvalid, &at, "A stage must be an object")),
        }
        let Some(stage) = stages.last_mut().filter(|_| problems.len() == before) else { continue };
        // The order is that of the list; another `orderIndex` is refused.
        if stage.order_index.is_some_and(|given| usize::try_from(given) != Ok(index)) {
            let message = format!("Order index must be the stage's place in the list, {index}");
            problems.push(Problem::at(Reason::StageOrderInvalid, format!("{at}/orderIndex"), message));
        }
        stage.order_index = Some(index as u64);
    }
    let ids: Vec<&str> = stages.iter().filter_map(|stage| stage.id.as_deref()).collect();
    let again = |(index, id): &(usize, &&str)| ids.iter().take(*index).any(|other| other == *id);
    if let Some(twice) = ids.iter().enumerate().find(again) {
        problems.push(Problem::at(
            Reason::StageIdTwice,
            STAGES,
            format!("Stage id {} occurs twice", twice.1),
        ));
    }
    Refusal::unless_empty(problems)?;
    Ok(stages)
}

/// 1 to 8 stages (contract).
pub fn count(stages: usize) -> Result<(), Refusal> {
    if (1..=JOURNEY_STAGES).contains(&stages) {
        return Ok(());
    }
    Err(Refusal::invalid(
        Reason::StagesTooMany,
        format!("Realtime journey stages must be 1 to {JOURNEY_STAGES}"),
    )
    .at(STAGES))
}

/// Reads the goal; `null` and `{}` are none (contract).
pub fn goal(attributes: &Object) -> Result<Option<RealtimeJourneyGoal>, Refusal> {
    match attributes.get("goal") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(goal)) if goal.is_empty() => Ok(None),
        Some(Value::Object(goal)) => {
            let mut problems = Vec::new();
            let read = criteria_like(&mut problems, GOAL, goal, &fields::GOAL);
            Refusal::unless_empty(problems)?;
            Ok(read)
        }
        Some(_) => Err(Refusal::invalid(Reason::GoalInvalid, "Goal must be an object or null").at(GOAL)),
    }
}

fn stage(
    problems: &mut Vec<Problem>,
    at: &str,
    item: &Object,
    old: Option<&StoredJourney>,
) -> Option<RealtimeJourneyStage> {
    let before = problems.len();
    problems.extend(problem(at, only_or_later(item, &keys(&fields::STAGE))));
    problems.extend(problem(&format!("{at}/name"), text(item, "name").map(drop)));
    if let Some(id) = item.get("id") {
        let known = id.as_str().is_some_and(|id| old.is_some_and(|journey| journey.stage(id).is_some()));
        if !known {
            problems.push(Problem::at(
                Reason::StageIdForeign,
                format!("{at}/id"),
                "Stage id does not belong to this journey",
            ));
        }
    }
    let steps = steps(problems, &format!("{at}/steps"), item.get("steps"));
    let entry = criteria(problems, at, item, "entryCriteria");
    let milestone = criteria(problems, at, item, "milestone");
    let exits = exits(problems, &format!("{at}/exitCriterias"), item.get("exitCriterias"));
    if problems.len() > before {
        return None;
    }
    let mut rest = item.clone();
    rest.retain(|key, value| {
        !value.is_null() && !matches!(key.as_str(), "steps" | "entryCriteria" | "milestone" | "exitCriterias")
    });
    let read = into::<RealtimeJourneyStage>(problems, at, rest)?;
    Some(RealtimeJourneyStage { steps, entry_criteria: entry, milestone, exit_criterias: exits, ..read })
}

fn into<T: DeserializeOwned>(problems: &mut Vec<Problem>, at: &str, value: Object) -> Option<T> {
    typed(Value::Object(value))
        .map_err(|refusal| problems.push(Problem::at(refusal.reason(), at, refusal.message())))
        .ok()
}

fn criteria(problems: &mut Vec<Problem>, at: &str, item: &Object, key: &str) -> Option<EntryCriteria> {
    let at = format!("{at}/{key}");
    match item.get(key) {
        None | Some(Value::Null) => None,
        Some(Value::Object(criteria)) => criteria_like(problems, &at, criteria, &fields::CRITERIA),
        Some(_) => {
            problems.push(Problem::at(
                Reason::CriteriaFormInvalid,
                at,
                format!("{} must be an object or null", label(key)),
            ));
            None
        }
    }
}

fn criteria_like<T: DeserializeOwned>(
    problems: &mut Vec<Problem>,
    at: &str,
    criteria: &Object,
    allowed: &[Field],
) -> Option<T> {
    let before = problems.len();
    problems.extend(problem(at, only_or_later(criteria, &keys(allowed))));
    problems.extend(problem(&format!("{at}/name"), text(criteria, "name").map(drop)));
    key_event(problems, at, criteria);
    target(problems, at, criteria);
    let mut criteria = criteria.clone();
    // The public examples write `null` for "no filters" and for "no criteria".
    criteria.retain(|_, value| !value.is_null());
    (problems.len() == before).then(|| into(problems, at, criteria)).flatten()
}

fn exits(problems: &mut Vec<Problem>, at: &str, value: Option<&Value>) -> Vec<RealtimeJourneyExitCriteria> {
    let items = match value {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(items)) => items,
        Some(_) => {
            problems.push(Problem::at(Reason::ExitCriteriaFormInvalid, at, "Exit criterias must be a list"));
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let at = format!("{at}/{index}");
        let Value::Object(item) = item else {
            problems.push(Problem::at(
                Reason::ExitCriteriaFormInvalid,
                at,
                "Exit criteria must be an object",
            ));
            continue;
        };
        let stale = item.contains_key("unit") || item.contains_key("exitAfter");
        let fields = fields::exit(item);
        let before = problems.len();
        problems.extend(form(&at, item, fields));
        if stale {
            problems.extend(positive(&at, item, "exitAfter"));
        } else {
            target(problems, &at, item);
            key_event(problems, &at, item);
        }
        if problems.len() == before {
            found.extend(match stale {
                true => into(problems, &at, item.clone()).map(RealtimeJourneyExitCriteria::Stale),
                false => {
                    into(problems, &at, item.clone()).map(Box::new).map(RealtimeJourneyExitCriteria::Custom)
                }
            });
        }
    }
    found
}

/// The fields of the key event in criteria.
fn key_event(problems: &mut Vec<Problem>, at: &str, criteria: &Object) {
    if let Some(event) = criteria.get("keyEventCriteria").and_then(Value::as_object) {
        let at = format!("{at}/keyEventCriteria");
        problems.extend(problem(&at, only_or_later(event, &keys(&fields::EVENT))));
    }
}

/// The fields of a jump target.
fn target(problems: &mut Vec<Problem>, at: &str, item: &Object) {
    if let Some(target) = item.get("target").and_then(Value::as_object) {
        let at = format!("{at}/target");
        problems.extend(problem(&at, only_or_later(target, &keys(&fields::TARGET))));
    }
}

/// The fields that may be and must be there.
fn form(at: &str, item: &Object, fields: &[Field]) -> impl Iterator<Item = Problem> {
    let may = problem(at, only_or_later(item, &keys(fields)));
    may.into_iter().chain(problem(at, needs(item, &needed(fields))))
}

/// An integer from 1 on.
fn positive(at: &str, item: &Object, key: &str) -> Option<Problem> {
    let fine = item.get(key).and_then(Value::as_u64).is_some_and(|number| number >= 1);
    let message = || format!("{} must be an integer greater than or equal to 1", label(key));
    (!fine).then(|| Problem::at(Reason::NumberTooSmall, format!("{at}/{key}"), message()))
}

fn steps(
    problems: &mut Vec<Problem>,
    at: &str,
    value: Option<&Value>,
) -> BTreeMap<String, RealtimeJourneyStep> {
    let mut found = BTreeMap::new();
    let items = match value {
        None | Some(Value::Null) => return found,
        Some(Value::Object(items)) => items,
        Some(_) => {
            problems.push(Problem::at(Reason::StepsInvalid, at, "Steps must be an object"));
            return found;
        }
    };
    for (key, item) in items {
        let at = format!("{at}/{key}");
        if key.len() != 36 || uuid::Uuid::try_parse(key).is_err() {
            problems.push(Problem::at(
                Reason::StepKeyInvalid,
                &at,
                format!("The key of a step must be a UUID, not '{key}'"),
            ));
        }
        let step = match item {
            Value::Object(item) => step(problems, &at, item),
            _ => {
                problems.push(Problem::at(Reason::StepInvalid, at, "A step must be an object"));
                None
            }
        };
        found.extend(step.map(|step| (key.clone(), step)));
    }
    found
}

/// Reads a step. Fields beside those of the contract are refused, but for the `name` that its
/// example of a wait and of an activation has.
fn step(problems: &mut Vec<Problem>, at: &str, item: &Object) -> Option<RealtimeJourneyStep> {
    let before = problems.len();
    let kind = item.get("type").and_then(Value::as_str).unwrap_or_default();
    match fields::step(item) {
        Some(fields) => problems.extend(form(at, item, fields)),
        None => {
            let known = "WaitStep, TriggeredActivation, DecisionPoint, Merge, Jump, End, Variant";
            let message = format!("Type '{kind}' of a step is not one of {known}");
            problems.push(Problem::at(Reason::StepTypeUnknown, format!("{at}/type"), message));
        }
    }
    match kind {
        "WaitStep" => problems.extend(positive(at, item, "waitStep")),
        "DecisionPoint" => branches(problems, at, item, "branches", &fields::BRANCH),
        "Jump" => target(problems, at, item),
        "Variant" => {
            for key in ["variants", "branches"] {
                branches(problems, at, item, key, &fields::VARIANT);
            }
        }
        _ => {}
    }
    if problems.len() > before {
        return None;
    }
    let mut item = item.clone();
    item.shift_remove("type");
    Some(match kind {
        "WaitStep" => RealtimeJourneyStep::WaitStep(into(problems, at, item)?),
        "TriggeredActivation" => RealtimeJourneyStep::TriggeredActivation(into(problems, at, item)?),
        "DecisionPoint" => RealtimeJourneyStep::DecisionPoint(into(problems, at, item)?),
        "Merge" => RealtimeJourneyStep::Merge(into(problems, at, item)?),
        "Jump" => RealtimeJourneyStep::Jump(into(problems, at, item)?),
        "Variant" => RealtimeJourneyStep::Variant(into(problems, at, item)?),
        _ => RealtimeJourneyStep::End(into(problems, at, item)?),
    })
}

/// The form of a decision point's branches or a test's variants; all fields are required but one.
fn branches(problems: &mut Vec<Problem>, at: &str, item: &Object, key: &str, fields: &[Field]) {
    let Some(branches) = item.get(key) else { return };
    let at = format!("{at}/{key}");
    let Some(branches) = branches.as_array().filter(|branches| !branches.is_empty()) else {
        problems.push(Problem::at(
            Reason::BranchesInvalid,
            at,
            format!("{} must be a list that is not empty", label(key)),
        ));
        return;
    };
    for (index, branch) in branches.iter().enumerate() {
        let at = format!("{at}/{index}");
        match branch {
            Value::Object(branch) => {
                problems.extend(form(&at, branch, fields));
            }
            _ => problems.push(Problem::at(Reason::BranchInvalid, at, "A branch must be an object")),
        }
    }
}

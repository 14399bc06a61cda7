//! Journeys: stages, steps and what leads in and out of them.

use super::{CRITERIA, EVENT, Field, Kind, UNIT, may, must, must_or_null};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// What a jump leads to.
pub const TARGET: [Field; 3] = [
    must("realtimeJourneyId", Kind::Text),
    must("realtimeJourneyStageId", Kind::Text),
    must("confirmed", Kind::Flag),
];
/// A goal.
pub const GOAL: [Field; 6] = [
    must("name", Kind::Name),
    may("description", Kind::Text),
    may("keyEventCriteria", Kind::Map(&EVENT)),
    may("profileCriteria", Kind::ProfileRule),
    may("acceptUnknownProfiles", Kind::Flag),
    may("target", Kind::Map(&TARGET)),
];
const STALE: [Field; 3] = [may("name", Kind::Text), must("unit", UNIT), must("exitAfter", Kind::Count)];
const CUSTOM_EXIT: [Field; 4] = [
    must_or_null("name", Kind::Text),
    must_or_null("keyEventCriteria", Kind::By(|map| none_or(map, &EVENT), "a mapping of keys")),
    must_or_null("profileCriteria", Kind::ProfileRule),
    must_or_null("target", Kind::Map(&TARGET)),
];
/// A branch of a decision point.
pub const BRANCH: [Field; 6] = [
    must("id", Kind::Name),
    must_or_null("name", Kind::Text),
    may("description", Kind::Text),
    must_or_null("profileCriteria", Kind::ProfileRule),
    must("excludedPath", Kind::Flag),
    must_or_null("next", Kind::Text),
];
/// A variant of a test.
pub const VARIANT: [Field; 5] = [
    must("id", Kind::Name),
    must_or_null("name", Kind::Text),
    must_or_null("percentage", Kind::Percent),
    must_or_null("isControlGroup", Kind::Flag),
    must_or_null("next", Kind::Text),
];
const TYPE: Field = must("type", Kind::Text);
const WAIT: [Field; 5] = [
    TYPE,
    may("name", Kind::Text),
    must("waitStep", Kind::Count),
    must("waitStepUnit", UNIT),
    may("next", Kind::Text),
];
const ACTIVATE: [Field; 4] =
    [TYPE, may("name", Kind::Text), must("journeyActivationStepId", Kind::Text), may("next", Kind::Text)];
const DECIDE: [Field; 2] = [TYPE, must("branches", Kind::List(&Kind::Map(&BRANCH)))];
const MERGE: [Field; 2] = [TYPE, must_or_null("next", Kind::Text)];
const JUMP: [Field; 4] =
    [TYPE, may("name", Kind::Text), may("description", Kind::Text), may("target", Kind::Map(&TARGET))];
const END: [Field; 1] = [TYPE];
const TEST: [Field; 4] = [
    TYPE,
    must("branches", Kind::List(&Kind::Map(&VARIANT))),
    must_or_null("controlVariant", Kind::Flag),
    must_or_null("customizedSplit", Kind::Flag),
];
/// The contract requires `variants` and describes `branches`.
const TEST_OF_VARIANTS: [Field; 4] = [
    TYPE,
    must("variants", Kind::List(&Kind::Map(&VARIANT))),
    must_or_null("controlVariant", Kind::Flag),
    must_or_null("customizedSplit", Kind::Flag),
];
const STEP: Kind = Kind::By(
    step,
    "a step of the type WaitStep, TriggeredActivation, DecisionPoint, Merge, Jump, End or Variant",
);
/// A stage.
pub const STAGE: [Field; 9] = [
    may("id", Kind::Text),
    must("name", Kind::Name),
    may("description", Kind::Text),
    may("steps", Kind::Entries(&STEP)),
    may("rootStep", Kind::Text),
    may("entryCriteria", Kind::Map(&CRITERIA)),
    may("milestone", Kind::Map(&CRITERIA)),
    may("exitCriterias", Kind::List(&Kind::By(|map| Some(exit(map)), "a mapping of keys"))),
    may("orderIndex", Kind::Index),
];
const REENTRY: Kind = Kind::Word(&["no_reentry", "reentry_unless_goal_achieved", "reentry_always"]);
/// A journey that is created. The public examples send its state, which the contract leaves out.
pub const NEW_JOURNEY: [Field; 8] = [
    must("audienceId", Kind::Name),
    must("segmentFolderId", Kind::Name),
    must("name", Kind::Name),
    must_or_null("description", Kind::Text),
    must_or_null("goal", Kind::By(|map| none_or(map, &GOAL), "a mapping of keys")),
    must("realtimeJourneyStages", Kind::List(&Kind::Map(&STAGE))),
    must("reentryMode", REENTRY),
    may("state", Kind::Word(&["draft"])),
];
/// A change of a journey; what it leaves out stays.
pub const JOURNEY_CHANGE: [Field; 8] = [
    may("audienceId", Kind::Name),
    may("segmentFolderId", Kind::Name),
    may("name", Kind::Name),
    may("description", Kind::Text),
    may("goal", Kind::By(|map| none_or(map, &GOAL), "a mapping of keys")),
    may("realtimeJourneyStages", Kind::List(&Kind::Map(&STAGE))),
    may("reentryMode", REENTRY),
    may("state", Kind::Word(&["draft", "launched"])),
];

/// An empty mapping says that there is none.
fn none_or(map: &Object, fields: &'static [Field]) -> Option<&'static [Field]> {
    Some(if map.is_empty() { &[] } else { fields })
}

/// The fields of what leads out of a stage.
pub fn exit(exit: &Object) -> &'static [Field] {
    let stale = exit.contains_key("unit") || exit.contains_key("exitAfter");
    if stale { &STALE } else { &CUSTOM_EXIT }
}

/// The fields of a step of its type; `None` for an unknown type.
pub fn step(step: &Object) -> Option<&'static [Field]> {
    Some(match step.get("type")?.as_str()? {
        "WaitStep" => &WAIT,
        "TriggeredActivation" => &ACTIVATE,
        "DecisionPoint" => &DECIDE,
        "Merge" => &MERGE,
        "Jump" => &JUMP,
        "End" => &END,
        "Variant" if step.contains_key("variants") => &TEST_OF_VARIANTS,
        "Variant" => &TEST,
        _ => return None,
    })
}

/// The fields of all types of steps, and of both kinds of exits.
pub fn of_steps_and_exits() -> impl Iterator<Item = &'static Field> {
    let all: [&'static [Field]; 10] =
        [&WAIT, &ACTIVATE, &DECIDE, &MERGE, &JUMP, &END, &TEST, &TEST_OF_VARIANTS, &STALE, &CUSTOM_EXIT];
    all.into_iter().flatten()
}

//! Journeys: stages, steps and what leads in and out of them.

use super::{CRITERIA, EVENT, Field, FieldKind, UNIT, may, must, must_or_null};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// What a jump leads to.
pub const TARGET: [Field; 3] = [
    must("realtimeJourneyId", FieldKind::Text),
    must("realtimeJourneyStageId", FieldKind::Text),
    must("confirmed", FieldKind::Flag),
];
/// A goal.
pub const GOAL: [Field; 6] = [
    must("name", FieldKind::Name),
    may("description", FieldKind::Text),
    may("keyEventCriteria", FieldKind::Map(&EVENT)),
    may("profileCriteria", FieldKind::ProfileRule),
    may("acceptUnknownProfiles", FieldKind::Flag),
    may("target", FieldKind::Map(&TARGET)),
];
const STALE: [Field; 3] =
    [may("name", FieldKind::Text), must("unit", UNIT), must("exitAfter", FieldKind::Count)];
const CUSTOM_EXIT: [Field; 4] = [
    must_or_null("name", FieldKind::Text),
    must_or_null("keyEventCriteria", FieldKind::By(|map| none_or(map, &EVENT), "a mapping of keys")),
    must_or_null("profileCriteria", FieldKind::ProfileRule),
    must_or_null("target", FieldKind::Map(&TARGET)),
];
/// A branch of a decision point.
pub const BRANCH: [Field; 6] = [
    must("id", FieldKind::Name),
    must_or_null("name", FieldKind::Text),
    may("description", FieldKind::Text),
    must_or_null("profileCriteria", FieldKind::ProfileRule),
    must("excludedPath", FieldKind::Flag),
    must_or_null("next", FieldKind::Text),
];
/// A variant of a test.
pub const VARIANT: [Field; 5] = [
    must("id", FieldKind::Name),
    must_or_null("name", FieldKind::Text),
    must_or_null("percentage", FieldKind::Percent),
    must_or_null("isControlGroup", FieldKind::Flag),
    must_or_null("next", FieldKind::Text),
];
const TYPE: Field = must("type", FieldKind::Text);
const WAIT: [Field; 5] = [
    TYPE,
    may("name", FieldKind::Text),
    must("waitStep", FieldKind::Count),
    must("waitStepUnit", UNIT),
    may("next", FieldKind::Text),
];
const ACTIVATE: [Field; 4] = [
    TYPE,
    may("name", FieldKind::Text),
    must("journeyActivationStepId", FieldKind::Text),
    may("next", FieldKind::Text),
];
const DECIDE: [Field; 2] = [TYPE, must("branches", FieldKind::List(&FieldKind::Map(&BRANCH)))];
const MERGE: [Field; 2] = [TYPE, must_or_null("next", FieldKind::Text)];
const JUMP: [Field; 4] = [
    TYPE,
    may("name", FieldKind::Text),
    may("description", FieldKind::Text),
    may("target", FieldKind::Map(&TARGET)),
];
const END: [Field; 1] = [TYPE];
const TEST: [Field; 4] = [
    TYPE,
    must("branches", FieldKind::List(&FieldKind::Map(&VARIANT))),
    must_or_null("controlVariant", FieldKind::Flag),
    must_or_null("customizedSplit", FieldKind::Flag),
];
/// The contract requires `variants` and describes `branches`.
const TEST_OF_VARIANTS: [Field; 4] = [
    TYPE,
    must("variants", FieldKind::List(&FieldKind::Map(&VARIANT))),
    must_or_null("controlVariant", FieldKind::Flag),
    must_or_null("customizedSplit", FieldKind::Flag),
];
const STEP: FieldKind = FieldKind::By(
    step,
    "a step of the type WaitStep, TriggeredActivation, DecisionPoint, Merge, Jump, End or Variant",
);
/// A stage.
pub const STAGE: [Field; 9] = [
    may("id", FieldKind::Text),
    must("name", FieldKind::Name),
    may("description", FieldKind::Text),
    may("steps", FieldKind::Entries(&STEP)),
    may("rootStep", FieldKind::Text),
    may("entryCriteria", FieldKind::Map(&CRITERIA)),
    may("milestone", FieldKind::Map(&CRITERIA)),
    may("exitCriterias", FieldKind::List(&FieldKind::By(|map| Some(exit(map)), "a mapping of keys"))),
    may("orderIndex", FieldKind::Index),
];
const REENTRY: FieldKind = FieldKind::Word(&["no_reentry", "reentry_unless_goal_achieved", "reentry_always"]);
/// A journey that is created. The public examples send its state, which the contract leaves out.
pub const NEW_JOURNEY: [Field; 8] = [
    must("audienceId", FieldKind::Name),
    must("segmentFolderId", FieldKind::Name),
    must("name", FieldKind::Name),
    must_or_null("description", FieldKind::Text),
    must_or_null("goal", FieldKind::By(|map| none_or(map, &GOAL), "a mapping of keys")),
    must("realtimeJourneyStages", FieldKind::List(&FieldKind::Map(&STAGE))),
    must("reentryMode", REENTRY),
    may("state", FieldKind::Word(&["draft"])),
];
/// A change of a journey; what it leaves out stays.
pub const JOURNEY_CHANGE: [Field; 8] = [
    may("audienceId", FieldKind::Name),
    may("segmentFolderId", FieldKind::Name),
    may("name", FieldKind::Name),
    may("description", FieldKind::Text),
    may("goal", FieldKind::By(|map| none_or(map, &GOAL), "a mapping of keys")),
    may("realtimeJourneyStages", FieldKind::List(&FieldKind::Map(&STAGE))),
    may("reentryMode", REENTRY),
    may("state", FieldKind::Word(&["draft", "launched"])),
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

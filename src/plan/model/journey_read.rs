//! Reading journeys.

use super::event::{FILTER, read_filter};
use super::journey::{EntryCondition, Exit, Journey, JourneyStep, Stage};
use super::journey_steps::{StepNames, read_condition, read_length, read_steps, read_target};
use crate::plan::keys;
use crate::plan::nearest::did_you_mean;
use crate::plan::read::{Fields, Reader, name_of};
use crate::platform::limits::JOURNEY_STAGES;
use crate::platform::rule::Rule;
use crate::platform::wire::{RealtimeJourneyReentryMode, RealtimeJourneyState};
use serde_json::Value;

/// Those of them that belong to the one stage of a journey without `stages`.
const OF_STAGE: [&str; 9] = [
    "trigger_event",
    "where",
    "filter",
    "criteria",
    "entry_name",
    "accept_unknown_profiles",
    "exit",
    "milestone",
    "steps",
];
/// Words of `reentry`, and what they mean.
pub(in crate::plan) const REENTRY: [(&str, RealtimeJourneyReentryMode); 3] = [
    ("never", RealtimeJourneyReentryMode::NoReentry),
    ("until_goal", RealtimeJourneyReentryMode::ReentryUnlessGoalAchieved),
    ("always", RealtimeJourneyReentryMode::ReentryAlways),
];
/// The word for a re-entry mode.
pub fn reentry_word(mode: RealtimeJourneyReentryMode) -> &'static str {
    REENTRY.iter().find(|(_, known)| *known == mode).map_or("", |(word, _)| word)
}

/// Words of `state`, and what they mean.
pub(in crate::plan) const STATES: [(&str, RealtimeJourneyState); 2] =
    [("draft", RealtimeJourneyState::Draft), ("launched", RealtimeJourneyState::Launched)];
/// The name of the one stage of a journey without `stages`; the published workflow's.
pub(in crate::plan) const STAGE: &str = "Stage 1";

impl Journey {
    pub(super) fn read(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<Self> {
        let fields = reader.fields(at, value, "a journey", keys::of("journeys"))?;
        let name = fields.required_name(reader, "name", "a journey");
        let renamed_from = fields.name(reader, "renamed_from");
        let description = fields.text(reader, "description");
        let reentry = word(reader, &fields, "reentry", &REENTRY);
        let state = word(reader, &fields, "state", &STATES);
        let goal = match value.get("goal") {
            None => None,
            Some(Value::Null) => Some(None),
            Some(goal) => match read_entry(reader, &fields.at("goal"), goal, "a goal")? {
                Exit::When(entry) => Some(Some(*entry)),
                Exit::After { .. } => {
                    reader.error("unknown-value", &fields.at("goal"), "a goal has no 'after'; an 'exit' has");
                    None
                }
            },
        };
        let paused = fields.flag(reader, "paused");
        if paused == Some(true) && state == Some(RealtimeJourneyState::Draft) {
            reader.error("journey-state", &fields.at("paused"), "only a launched journey can be paused");
        }
        let mut names = StepNames::default();
        let stages = read_stages(reader, &fields, name.as_deref().unwrap_or_default(), &mut names);
        if state == Some(RealtimeJourneyState::Launched) {
            check_launch(reader, &fields, &stages);
        }
        Some(Journey {
            name: name?,
            renamed_from,
            description,
            reentry,
            goal,
            stages,
            state,
            paused,
            at: at.to_owned(),
        })
    }
}

/// What a launch needs and a plan can say.
fn check_launch(reader: &mut Reader<'_>, fields: &Fields<'_>, stages: &[Stage]) {
    let at = fields.at("state");
    if stages.first().is_some_and(|stage| stage.entry.as_ref().is_none_or(|entry| entry.event.is_none())) {
        let fix = Some("add trigger_event: NAME, the key event that starts it".to_owned());
        reader.error_fix("journey-state", &at, "a journey that is launched needs a 'trigger_event'", fix);
    }
    let empty = |stage: &&Stage| stage.steps.as_ref().is_some_and(Vec::is_empty);
    for stage in stages.iter().filter(empty) {
        let message = format!("a journey that is launched needs steps; the stage '{}' has none", stage.name);
        reader.error("journey-state", &at, message);
    }
}

fn read_stages(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    journey: &str,
    names: &mut StepNames,
) -> Vec<Stage> {
    let stages = fields.items(reader, "stages");
    if stages.is_empty() {
        // Not given: the live value stays.
        if fields.first_of(&OF_STAGE).is_none() {
            return Vec::new();
        }
        return vec![read_stage(reader, fields, STAGE.to_owned(), None, journey, names)];
    }
    if let Some(key) = fields.first_of(&OF_STAGE) {
        let message = format!("'{key}' belongs to a stage where a journey has 'stages'");
        reader.error("unknown-value", &fields.at(key), message);
    }
    if stages.len() > JOURNEY_STAGES {
        let message = format!("a journey has at most {JOURNEY_STAGES} stages, not {}", stages.len());
        reader.error("limit-exceeded", &fields.at("stages"), message);
    }
    let mut found: Vec<Stage> = Vec::new();
    for (at, item) in stages {
        let Some(fields) = reader.fields(&at, item, "a stage", keys::of("journeys.stages")) else { continue };
        let Some(name) = fields.required_name(reader, "name", "a stage") else { continue };
        if found.iter().any(|stage| stage.name == name) {
            let message = format!("the stage name '{name}' occurs twice");
            reader.error("duplicate-name", &fields.at("name"), message);
        }
        let description = fields.text(reader, "description");
        found.push(read_stage(reader, &fields, name, description, journey, names));
    }
    found
}

fn read_stage(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    name: String,
    description: Option<String>,
    journey: &str,
    names: &mut StepNames,
) -> Stage {
    let event = fields.name(reader, "trigger_event");
    let of_entry = ["where", "filter", "criteria", "entry_name", "accept_unknown_profiles"];
    let entry = (event.is_some() || fields.first_of(&of_entry).is_some()).then(|| EntryCondition {
        name: fields.text(reader, "entry_name"),
        description: None,
        filter: read_where(reader, fields, event.is_some()),
        event,
        criteria: read_condition(reader, fields, "criteria"),
        accept_unknown_profiles: fields.flag(reader, "accept_unknown_profiles"),
        jump: None,
        at: fields.pointer.clone(),
    });
    let milestone = fields.get("milestone").and_then(|value| {
        match read_entry(reader, &fields.at("milestone"), value, "a milestone")? {
            Exit::When(entry) => Some(*entry),
            Exit::After { .. } => {
                let at = fields.at("milestone");
                reader.error("unknown-value", &at, "a milestone has no 'after'; an 'exit' has");
                None
            }
        }
    });
    if let Some(jump) = milestone.as_ref().and_then(|entry| entry.jump.as_ref()) {
        let (at, message) =
            (jump.at.clone(), "a milestone leads to the next stage; a goal or an exit can jump");
        reader.error("unknown-value", &at, message);
    }
    let mut exits = None;
    for (at, item) in fields.items(reader, "exit") {
        exits.get_or_insert_with(Vec::new).extend(read_entry(reader, &at, item, "an exit"));
    }
    if fields.get("exit").is_some() {
        exits.get_or_insert_with(Vec::new);
    }
    let given = fields.get("steps").is_some();
    let steps = given.then(|| read_steps(reader, fields, "steps", journey, names));
    steps.iter().for_each(|steps| check_ends(reader, steps));
    Stage { name, description, entry, milestone, exits, steps, at: fields.pointer.clone() }
}

/// After a step that ends the path nothing happens.
fn check_ends(reader: &mut Reader<'_>, steps: &[JourneyStep]) {
    for pair in steps.windows(2) {
        let [step, next] = pair else { continue };
        if step.ends() {
            let fix = Some("remove it, or the end before it".to_owned());
            reader.error_fix(
                "unreachable-step",
                &next.at,
                "no profile reaches this step: every path through the one before it ends",
                fix,
            );
        }
    }
    for list in steps.iter().flat_map(JourneyStep::inner) {
        check_ends(reader, list);
    }
}

/// `filter` and `where` of what an event starts.
fn read_where(reader: &mut Reader<'_>, fields: &Fields<'_>, has_event: bool) -> Option<Rule> {
    let key = fields.first_of(&[FILTER.filter, FILTER.criteria])?;
    if !has_event {
        let message = format!("'{key}' is about an event, and none is named");
        let fix = Some("name the key event, or use 'criteria' for what the profile must fulfil".to_owned());
        reader.error_fix("missing-field", &fields.at(key), message, fix);
    }
    Some(read_filter(reader, fields, FILTER))
}

/// A goal, an exit or a milestone: the name of a key event, or a mapping.
fn read_entry(reader: &mut Reader<'_>, at: &str, value: &Value, what: &str) -> Option<Exit> {
    if value.is_string() {
        let event = name_of(reader, at, value, "event")?;
        return Some(Exit::When(Box::new(EntryCondition {
            name: None,
            description: None,
            event: Some(event),
            filter: None,
            criteria: None,
            accept_unknown_profiles: None,
            jump: None,
            at: at.to_owned(),
        })));
    }
    let fields = reader.fields(at, value, what, keys::of("journeys.goal"))?;
    let name = fields.text(reader, "name");
    if fields.get("after").is_some() {
        if let Some(key) = fields.first_of(&["event", "where", "filter", "criteria", "jump"]) {
            let message = format!("'after' has no other keys; '{key}' belongs to a separate exit");
            reader.error("unknown-value", &fields.at(key), message);
        }
        return read_length(reader, &fields, "after").map(|after| Exit::After { name, after });
    }
    let event = fields.name(reader, "event");
    let filter = read_where(reader, &fields, event.is_some());
    let criteria = read_condition(reader, &fields, "criteria");
    if event.is_none() && criteria.is_none() {
        let fix = Some("add event: NAME, or criteria: \"…\"".to_owned());
        reader.error_fix("missing-field", at, format!("{what} needs an 'event' or 'criteria'"), fix);
    }
    Some(Exit::When(Box::new(EntryCondition {
        name,
        description: fields.text(reader, "description"),
        event,
        filter,
        criteria,
        accept_unknown_profiles: fields.flag(reader, "accept_unknown_profiles"),
        jump: fields.get("jump").and_then(|jump| read_target(reader, &fields.at("jump"), jump)),
        at: at.to_owned(),
    })))
}

/// One of a few words.
fn word<T: Copy>(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str, words: &[(&str, T)]) -> Option<T> {
    let given = fields.name(reader, key)?;
    if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == given) {
        return Some(*meaning);
    }
    let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let message = format!("'{key}' is one of {}, not '{given}'", all.join(", "));
    reader.error_fix("unknown-value", &fields.at(key), message, did_you_mean(&given, all));
    None
}

//! Where a profile is in a journey.

use crate::platform::controls::PathEntry;
use crate::sandbox::clock::iso;
use crate::sandbox::engine::program::ProgramJourney;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The number of history entries that are kept for a journey; later ones are dropped.
const PATH: usize = 200;

/// A profile's stay in a journey, and facts about earlier ones. Times are seconds since the epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stay {
    /// Id of the journey.
    pub journey: String,
    /// How often the profile has come in.
    pub entries: u64,
    /// Whether it has ever reached the goal.
    pub goal: bool,
    /// When it came in last.
    pub entered: i64,
    /// The event that brought it in: its `uuid`.
    #[serde(default)]
    pub event_id: String,
    /// Its state.
    pub state: State,
    /// When it left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
    /// Where it is; `None` outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The history of the latest stay, oldest first.
    pub path: Vec<Passed>,
}

/// The state of a stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The profile is in the journey.
    Active,
    /// It completed the journey.
    Completed,
    /// It left by reaching the goal.
    GoalAchieved,
    /// It left otherwise.
    Exited,
}

/// Where a profile is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Id of the stage.
    pub stage: String,
    /// What it waits for in that stage.
    pub waits: Waits,
    /// When it leaves because it has stayed too long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<i64>,
    /// The event that brought it to that stage.
    pub event: StayEvent,
}

/// What a profile waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waits {
    /// The end of a wait step.
    Step {
        /// Its key.
        key: String,
        /// Its end.
        due: i64,
    },
    /// The stage's milestone.
    Milestone,
    /// The stage's entry criteria.
    Entry,
}

/// The part of an event that is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StayEvent {
    /// Its `uuid`; empty when it has none.
    pub id: String,
    /// Name of its key event.
    pub name: String,
    /// Its time.
    pub time: i64,
    /// The columns that placeholders may name.
    pub columns: Map<String, Value>,
    /// The whole event, where a placeholder needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub properties: Option<Value>,
}

/// An entry of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// When, in seconds since the epoch; shown as RFC 3339.
    pub at: i64,
    /// Name of the stage.
    pub stage: String,
    /// Key of the step; `None` for what happens to the stage or the journey.
    pub step: Option<String>,
    /// `type` of the step on the wire; `Stage` or `ProgramJourney` without a step.
    #[serde(rename = "type")]
    pub kind: String,
    /// Display name of the step.
    pub name: Option<String>,
    /// What happened.
    pub outcome: String,
}

impl Stay {
    /// No profile was in it yet.
    pub fn new(journey: &str) -> Self {
        Stay {
            journey: journey.to_owned(),
            entries: 0,
            goal: false,
            entered: 0,
            event_id: String::new(),
            state: State::Exited,
            left: None,
            position: None,
            path: Vec::new(),
        }
    }

    /// Adds an entry.
    pub fn note(&mut self, passed: Passed) {
        if self.path.len() >= PATH {
            self.path.remove(0);
        }
        self.path.push(passed);
    }

    /// When something is due: the end of a wait, or of the longest stay.
    pub fn due(&self) -> Option<i64> {
        let position = self.position.as_ref()?;
        let step = match position.waits {
            Waits::Step { due, .. } => Some(due),
            Waits::Milestone | Waits::Entry => None,
        };
        step.into_iter().chain(position.stale).min()
    }

    /// Merges it with a younger profile's stay in the same journey: the older stay goes on, and what
    /// was reached in either counts.
    pub fn merge(&mut self, other: Stay) {
        let (entries, goal) = (self.entries.saturating_add(other.entries), self.goal || other.goal);
        let other_goes_on = match (&self.position, &other.position) {
            (None, Some(_)) => true,
            (Some(_), Some(_)) => other.entered < self.entered,
            (_, None) => false,
        };
        if other_goes_on {
            *self = other;
        }
        (self.entries, self.goal) = (entries, goal);
    }
}

/// Merges the stays of two profiles.
pub fn merge(own: &mut Vec<Stay>, other: Vec<Stay>) {
    for stay in other {
        match own.iter_mut().find(|there| there.journey == stay.journey) {
            Some(there) => there.merge(stay),
            None => own.push(stay),
        }
    }
}

/// A profile's stay in a journey. Times are RFC 3339.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct InspectedJourney {
    /// Id of the journey.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: State,
    /// Name of the stage that it is in.
    pub stage: Option<String>,
    /// Key of the step that it waits in.
    pub step: Option<String>,
    /// What it waits for.
    pub waits_for: Option<WaitsFor>,
    /// When the wait is over.
    pub due: Option<String>,
    /// When it came in last.
    pub entered: String,
    /// uuid of the event that brought it in; empty when it had none.
    pub event_id: String,
    /// When it left.
    pub left: Option<String>,
    /// How often it has come in.
    pub entries: u64,
    /// The history of the latest stay.
    pub path: Vec<PathEntry>,
}

/// What a profile waits for in a journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// The end of a wait step.
    Step,
    /// The stage's milestone.
    Milestone,
    /// The stage's entry criteria.
    Entry,
}

/// The stays in the journeys that exist, as `inspect` shows them.
pub fn inspect(stays: &[Stay], journeys: &[ProgramJourney]) -> Vec<InspectedJourney> {
    let time = |seconds: i64| iso(seconds.saturating_mul(1_000));
    let found = stays.iter().filter_map(|stay| {
        let journey = journeys.iter().find(|journey| journey.id == stay.journey)?;
        let position = stay.position.as_ref();
        let stage = position.and_then(|position| journey.stages.get(journey.stage(&position.stage)?));
        let (step, waits_for, due) = match position.map(|position| &position.waits) {
            Some(Waits::Step { key, due }) => (Some(key.clone()), Some(WaitsFor::Step), Some(time(*due))),
            Some(Waits::Milestone) => (None, Some(WaitsFor::Milestone), None),
            Some(Waits::Entry) => (None, Some(WaitsFor::Entry), None),
            None => (None, None, None),
        };
        let path = stay.path.iter().cloned().map(|Passed { at, stage, step, kind, name, outcome }| {
            PathEntry { at: time(at), stage, step, kind, name, outcome }
        });
        Some(InspectedJourney {
            id: journey.id.clone(),
            name: journey.name.clone(),
            state: stay.state,
            stage: stage.map(|stage| stage.name.clone()),
            step,
            waits_for,
            due,
            entered: time(stay.entered),
            event_id: stay.event_id.clone(),
            left: stay.left.map(time),
            entries: stay.entries,
            path: path.collect(),
        })
    });
    found.collect()
}

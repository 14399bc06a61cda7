//! Journeys: as stored, and compiled.

use super::EntryRule;
use crate::platform::rule::Predicate;
use crate::platform::wire::{
    RealtimeJourneyActivationStepAttributes, RealtimeJourneyAttributes, RealtimeJourneyReentryMode,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A launched journey, as stored.
#[derive(Debug, Clone)]
pub struct ConfigJourney<'a> {
    /// Its id.
    pub id: &'a str,
    /// All fields that can be set.
    pub attributes: &'a RealtimeJourneyAttributes,
    /// Whether it is paused.
    pub paused: bool,
    /// Its activations by id.
    pub activations: Vec<(&'a str, &'a RealtimeJourneyActivationStepAttributes)>,
}

/// A launched journey.
#[derive(Debug, Clone)]
pub struct ProgramJourney {
    pub id: String,
    pub name: String,
    /// No profile enters, and waits that come due are held.
    pub paused: bool,
    pub reentry: RealtimeJourneyReentryMode,
    pub goal: Option<(EntryRule, Option<JumpPlace>)>,
    pub stages: Vec<ProgramStage>,
    /// Columns of an event that placeholders may name.
    pub columns: BTreeSet<String>,
    /// Whether a placeholder needs the whole event.
    pub properties: bool,
}

/// A stage of this or another journey, by ids.
#[derive(Debug, Clone)]
pub struct JumpPlace {
    pub journey: String,
    pub stage: String,
}

/// A stage.
#[derive(Debug, Clone)]
pub struct ProgramStage {
    pub id: String,
    pub name: String,
    pub entry: Option<EntryRule>,
    pub milestone: Option<EntryRule>,
    pub exits: Vec<ProgramExit>,
    /// Seconds after entry at which a profile leaves: the shortest of the stale criteria.
    pub stale: Option<i64>,
    pub root: Option<String>,
    pub steps: BTreeMap<String, ProgramStep>,
}

/// An exit from a journey.
#[derive(Debug, Clone)]
pub struct ProgramExit {
    pub name: String,
    pub entry: EntryRule,
    pub target: Option<JumpPlace>,
}

/// A step.
#[derive(Debug, Clone)]
pub struct ProgramStep {
    pub name: Option<String>,
    pub kind: ProgramStepKind,
}

/// What a step does. `next` is the key of the step behind it.
#[derive(Debug, Clone)]
pub enum ProgramStepKind {
    Wait {
        seconds: i64,
        length: String,
        next: Option<String>,
    },
    Activate {
        activation: Box<ProgramActivation>,
        next: Option<String>,
    },
    Decide(Vec<ProgramBranch>),
    Test(Vec<ProgramVariant>),
    Merge(Option<String>),
    Jump(Option<JumpPlace>),
    End,
    /// An unknown form; the run through the stage ends.
    Unknown,
}

/// A branch of a decision point.
#[derive(Debug, Clone)]
pub struct ProgramBranch {
    pub name: String,
    /// `None` matches every profile.
    pub rule: Option<Predicate>,
    pub excluded: bool,
    pub next: Option<String>,
}

/// A variant of an A/B test.
#[derive(Debug, Clone)]
pub struct ProgramVariant {
    pub name: String,
    /// Percent.
    pub share: f64,
    pub next: Option<String>,
}

/// What a step sends, and where to.
#[derive(Debug, Clone)]
pub struct ProgramActivation {
    pub id: String,
    pub name: String,
    pub connector_type: String,
    pub connection_id: String,
    /// `exportJson` with its placeholders; a string where it is not JSON.
    pub export: Value,
    pub advanced: Value,
}

impl ProgramStep {
    /// Its name on the wire.
    pub fn word(&self) -> &'static str {
        match self.kind {
            ProgramStepKind::Wait { .. } => "WaitStep",
            ProgramStepKind::Activate { .. } => "TriggeredActivation",
            ProgramStepKind::Decide(_) => "DecisionPoint",
            ProgramStepKind::Test(_) => "Variant",
            ProgramStepKind::Merge(_) => "Merge",
            ProgramStepKind::Jump(_) => "Jump",
            ProgramStepKind::End => "End",
            ProgramStepKind::Unknown => "Unknown",
        }
    }
}

impl ProgramJourney {
    /// The place of a stage by id.
    pub fn stage(&self, id: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.id == id)
    }
}

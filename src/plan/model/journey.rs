//! Journeys: what happens outside when an event happens.

use crate::plan::criteria::Expr;
use crate::platform::rule::Rule;
use crate::platform::wire::{
    DurationSetting, Extra, RealtimeJourneyReentryMode, RealtimeJourneyState, WebhookAdvanced, WebhookExport,
};
use serde_json::Value;

/// A journey.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// Unique within the parent segment.
    pub name: String,
    /// Free text; when the plan does not say, what is there stays.
    pub description: Option<String>,
    /// Whether a profile can enter again; when the plan does not say, what is there stays, and a new
    /// journey has `until_goal`.
    pub reentry: Option<RealtimeJourneyReentryMode>,
    /// What ends the journey for a profile. `None` when the plan does not say (what is there stays);
    /// `Some(None)` for `goal: null`.
    pub goal: Option<Option<Entry>>,
    /// 1 to 8, in order; one when the plan has `steps` at the journey itself.
    pub stages: Vec<Stage>,
    /// Draft or launched; when the plan does not say, what is there stays, and a new journey is a
    /// draft.
    pub state: Option<RealtimeJourneyState>,
    /// Whether a launched journey is paused; when the plan does not say, what is there stays.
    pub paused: Option<bool>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// Who gets in, on, or out: an event, a condition on the profile, or both.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Display name; what the platform requires is made up when the plan does not say.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Name of the key event.
    pub event: Option<String>,
    /// Which of its events count; everything when the plan does not say.
    pub filter: Option<Rule>,
    /// What the profile must fulfil; everything when the plan does not say.
    pub criteria: Option<Condition>,
    /// Whether profiles that the batch layer does not know take part.
    pub accept_unknown_profiles: Option<bool>,
    /// Where those who fulfil it go on; only for goals and exits.
    pub jump: Option<Target>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// A condition on a profile's attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The condition; nobody where it is said as a rule.
    pub expr: Expr,
    /// The same as the wire's rule, for what the language has no words for. Attributes are named:
    /// `realtimeAttribute` in the place of `realtimeAttributeId`.
    pub rule: Option<Value>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// A stage of a journey.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Unique within the journey.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Who enters it.
    pub entry: Option<Entry>,
    /// What leads on to the next stage.
    pub milestone: Option<Entry>,
    /// What leads out of the journey.
    pub exits: Vec<Exit>,
    /// What happens, in order. What stands behind branches is where they come together.
    pub steps: Vec<Step>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// What leads out of a journey.
#[derive(Debug, Clone, PartialEq)]
pub enum Exit {
    /// An event, or what a profile fulfils.
    When(Box<Entry>),
    /// Too long in the stage.
    After {
        /// Display name.
        name: Option<String>,
        /// How long.
        after: DurationSetting,
    },
}

/// A stage of this or another journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Name of the journey; this one when the plan does not say.
    pub journey: Option<String>,
    /// Name of the stage; the first one when the plan does not say.
    pub stage: Option<String>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Display name.
    pub name: Option<String>,
    /// What happens.
    pub kind: StepKind,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// What happens in a step.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// Waits.
    Wait(DurationSetting),
    /// Sends to a destination.
    Activate(Box<Activation>),
    /// Branches by attributes, tried in order.
    Decide(Vec<Branch>),
    /// Branches by chance.
    AbTest(Vec<Variant>),
    /// Goes on elsewhere; nothing stands behind it.
    Jump {
        /// Free text.
        description: Option<String>,
        /// Where; `None` in a draft.
        target: Option<Target>,
    },
    /// Ends the way; nothing stands behind it.
    End,
}

/// A branch of a decision point.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// Unique within the step.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Who takes it; `None` for those who take no other (`otherwise`), at most one, the last.
    pub when: Option<Condition>,
    /// What happens then.
    pub steps: Vec<Step>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// A variant of an A/B test.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Unique within the step.
    pub name: String,
    /// In percent; all of a test sum to 100.
    pub share: f64,
    /// Whether it is the control group.
    pub control: bool,
    /// What happens then.
    pub steps: Vec<Step>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// A step that sends to a destination.
#[derive(Debug, Clone, PartialEq)]
pub struct Activation {
    /// Unique within the journey: it is how a second run finds the activation again. The step's name,
    /// else made of the journey's and a number.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// The connection or authentication, by id or name; a webhook without one gets one for its host.
    pub connection: Option<String>,
    /// Name of the environment variable that holds the key of a webhook's destination, for an
    /// authentication that is made.
    pub api_key_env: Option<String>,
    /// What is sent.
    pub sends: Sends,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// What an activation sends.
#[derive(Debug, Clone, PartialEq)]
pub enum Sends {
    /// A request.
    Webhook {
        /// The request.
        export: WebhookExport,
        /// Retries and timeouts; what the plan does not say is the public examples'.
        advanced: WebhookAdvanced,
    },
    /// What another connector takes (`activate: connection`).
    Raw {
        /// For example `salesforce_mc_out`.
        connector_type: String,
        /// `exportJson`, as an object.
        export: Option<Extra>,
        /// `exportAdvancedJson`, as an object.
        advanced: Option<Extra>,
    },
}

//! Journeys: what happens outside when an event happens.

use crate::plan::criteria::Expr;
use crate::plan::tree::escape;
use crate::platform::rule::Rule;
use crate::platform::template::placeholders;
use crate::platform::wire::{
    DurationSetting, Extra, RealtimeJourneyReentryMode, RealtimeJourneyState, WEBHOOK, WebhookAdvanced,
    WebhookExport,
};
use serde_json::Value;

/// A journey.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// Unique within the parent segment.
    pub name: String,
    /// The name that it had, for an item that is live under that one.
    pub renamed_from: Option<String>,
    /// Free text; when the plan does not say, the live value stays.
    pub description: Option<String>,
    /// Whether a profile can enter again; when the plan does not say, the live value stays, and a new
    /// journey has `until_goal`.
    pub reentry: Option<RealtimeJourneyReentryMode>,
    /// What ends the journey for a profile. `None` when the plan does not say (the live value stays);
    /// `Some(None)` for `goal: null`.
    pub goal: Option<Option<EntryCondition>>,
    /// 1 to 8, in order; one when the plan has `steps` at the journey itself. None when the plan says
    /// nothing of them: the live value stays.
    pub stages: Vec<Stage>,
    /// Draft or launched; when the plan does not say, the live value stays, and a new journey is a
    /// draft.
    pub state: Option<RealtimeJourneyState>,
    /// Whether a launched journey is paused; when the plan does not say, the live value stays.
    pub paused: Option<bool>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// Who gets in, on, or out: an event, a condition on the profile, or both.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryCondition {
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
    pub jump: Option<JumpTarget>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// A condition on a profile's attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The condition; no profile where it is written as a rule.
    pub expr: Expr,
    /// The same as the wire's rule, for what the language has no words for. Attributes are named:
    /// `realtimeAttribute` in the place of `realtimeAttributeId`.
    pub rule: Option<Value>,
    /// The same as its author wrote it.
    pub text: String,
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
    pub entry: Option<EntryCondition>,
    /// What leads on to the next stage.
    pub milestone: Option<EntryCondition>,
    /// What leads out of the journey; when the plan does not say, the live value stays.
    pub exits: Option<Vec<Exit>>,
    /// What happens, in order. What follows branches is where they come together. When the plan
    /// does not say, the live value stays.
    pub steps: Option<Vec<JourneyStep>>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// What leads out of a journey.
#[derive(Debug, Clone, PartialEq)]
pub enum Exit {
    /// An event, or what a profile fulfils.
    When(Box<EntryCondition>),
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
pub struct JumpTarget {
    /// Name of the journey; this one when the plan does not say.
    pub journey: Option<String>,
    /// Name of the stage; the first one when the plan does not say.
    pub stage: Option<String>,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq)]
pub struct JourneyStep {
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
    /// Continues elsewhere; nothing follows it.
    Jump {
        /// Free text.
        description: Option<String>,
        /// Where; `None` in a draft.
        target: Option<JumpTarget>,
    },
    /// Ends the path; nothing follows it.
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
    pub steps: Vec<JourneyStep>,
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
    pub steps: Vec<JourneyStep>,
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

impl JourneyStep {
    /// Whether nothing can follow it.
    pub fn ends(&self) -> bool {
        match &self.kind {
            StepKind::Jump { .. } | StepKind::End => true,
            StepKind::Decide(_) | StepKind::AbTest(_) => {
                let lists = self.inner();
                !lists.is_empty() && lists.iter().all(|list| list.last().is_some_and(JourneyStep::ends))
            }
            StepKind::Wait(_) | StepKind::Activate(_) => false,
        }
    }

    /// The lists of steps inside of it, in order.
    pub fn inner(&self) -> Vec<&Vec<JourneyStep>> {
        match &self.kind {
            StepKind::Decide(branches) => branches.iter().map(|branch| &branch.steps).collect(),
            StepKind::AbTest(variants) => variants.iter().map(|variant| &variant.steps).collect(),
            _ => Vec::new(),
        }
    }
}

impl Journey {
    /// All its activations, in the order of the document.
    pub fn activations(&self) -> Vec<&Activation> {
        fn gather<'s>(steps: &'s [JourneyStep], found: &mut Vec<&'s Activation>) {
            for step in steps {
                if let StepKind::Activate(activation) = &step.kind {
                    found.push(activation);
                }
                step.inner().into_iter().for_each(|inner| gather(inner, found));
            }
        }
        let mut found = Vec::new();
        self.stages.iter().flat_map(|stage| &stage.steps).for_each(|steps| gather(steps, &mut found));
        found
    }

    /// All its entries, goals, exits and milestones.
    pub fn entries(&self) -> Vec<&EntryCondition> {
        fn of_stage(stage: &Stage) -> impl Iterator<Item = &EntryCondition> {
            let exits = stage.exits.iter().flatten().filter_map(|exit| match exit {
                Exit::When(entry) => Some(&**entry),
                Exit::After { .. } => None,
            });
            stage.entry.iter().chain(&stage.milestone).chain(exits)
        }
        self.goal.iter().flatten().chain(self.stages.iter().flat_map(of_stage)).collect()
    }

    /// All conditions on attributes: those of entries and of branches.
    pub fn conditions(&self) -> Vec<&Condition> {
        fn gather<'s>(steps: &'s [JourneyStep], found: &mut Vec<&'s Condition>) {
            for step in steps {
                if let StepKind::Decide(branches) = &step.kind {
                    found.extend(branches.iter().filter_map(|branch| branch.when.as_ref()));
                }
                step.inner().into_iter().for_each(|inner| gather(inner, found));
            }
        }
        let mut found: Vec<&Condition> =
            self.entries().into_iter().filter_map(|entry| entry.criteria.as_ref()).collect();
        self.stages.iter().flat_map(|stage| &stage.steps).for_each(|steps| gather(steps, &mut found));
        found
    }

    /// All targets of jumps.
    pub fn targets(&self) -> Vec<&JumpTarget> {
        fn gather<'s>(steps: &'s [JourneyStep], found: &mut Vec<&'s JumpTarget>) {
            for step in steps {
                if let StepKind::Jump { target: Some(target), .. } = &step.kind {
                    found.push(target);
                }
                step.inner().into_iter().for_each(|inner| gather(inner, found));
            }
        }
        let mut found: Vec<&JumpTarget> =
            self.entries().into_iter().filter_map(|entry| entry.jump.as_ref()).collect();
        self.stages.iter().flat_map(|stage| &stage.steps).for_each(|steps| gather(steps, &mut found));
        found
    }

    /// The key event that starts it.
    pub fn trigger(&self) -> Option<&str> {
        self.stages.first()?.entry.as_ref()?.event.as_deref()
    }
}

impl Activation {
    /// The placeholders of what is sent: each name, and where it stands: the pointer of the string, and
    /// the name's place in it in bytes.
    pub fn placeholders(&self) -> Vec<(String, String, usize)> {
        fn of_text(at: &str, text: &str, found: &mut Vec<(String, String, usize)>) {
            let named = placeholders(text).into_iter();
            found.extend(named.map(|(name, place)| (name.to_owned(), at.to_owned(), place)));
        }
        fn of_value(at: &str, value: &Value, found: &mut Vec<(String, String, usize)>) {
            match value {
                Value::String(text) => of_text(at, text, found),
                Value::Array(items) => {
                    let items = items.iter().enumerate();
                    items.for_each(|(index, item)| of_value(&format!("{at}/{index}"), item, found));
                }
                Value::Object(map) => {
                    map.iter()
                        .for_each(|(key, item)| of_value(&format!("{at}/{}", escape(key)), item, found));
                }
                _ => {}
            }
        }
        let mut found = Vec::new();
        let part = |key: &str| format!("{}/{key}", self.at);
        match &self.sends {
            Sends::Webhook { export, .. } => {
                of_text(&part("url"), &export.url, &mut found);
                for (name, value) in export.headers.iter().flatten() {
                    of_value(&format!("{}/{}", part("headers"), escape(name)), value, &mut found);
                }
                if let Some(body) = &export.body {
                    of_value(&part("body"), body, &mut found);
                }
            }
            Sends::Raw { export, .. } => {
                for (name, value) in export.iter().flatten() {
                    of_value(&format!("{}/{}", part("parameters"), escape(name)), value, &mut found);
                }
            }
        }
        found
    }
}

impl Sends {
    /// The type of the connector.
    pub fn connector_type(&self) -> &str {
        match self {
            Sends::Webhook { .. } => WEBHOOK,
            Sends::Raw { connector_type, .. } => connector_type,
        }
    }

    /// Where a request is sent to, placeholders and all.
    pub fn url(&self) -> Option<&str> {
        match self {
            Sends::Webhook { export, .. } => Some(&export.url),
            Sends::Raw { export, .. } => export.as_ref()?.get("url")?.as_str(),
        }
    }

    /// Connector type, `exportJson` and `exportAdvancedJson`.
    pub(super) fn parts(&self) -> (String, Option<Value>, Option<Value>) {
        match self {
            Sends::Webhook { export, advanced } => {
                (WEBHOOK.to_owned(), serde_json::to_value(export).ok(), serde_json::to_value(advanced).ok())
            }
            Sends::Raw { connector_type, export, advanced } => (
                connector_type.clone(),
                export.clone().map(Value::Object),
                advanced.clone().map(Value::Object),
            ),
        }
    }

    /// Whether a JSON text of the platform means the same.
    pub(super) fn same(&self, new: &Value, text: &str) -> bool {
        let Ok(there) = serde_json::from_str::<Value>(text) else { return false };
        if there == *new {
            return true;
        }
        // What is left out there is what we write out.
        let whole = |value: Value| match self {
            Sends::Webhook { .. } if value.get("url").is_some() => {
                serde_json::from_value::<WebhookExport>(value).and_then(serde_json::to_value).ok()
            }
            Sends::Webhook { .. } => {
                serde_json::from_value::<WebhookAdvanced>(value).and_then(serde_json::to_value).ok()
            }
            Sends::Raw { .. } => Some(value),
        };
        whole(there).is_some_and(|there| Some(there) == whole(new.clone()))
    }
}

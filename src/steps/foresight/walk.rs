//! The path of a profile through a journey's steps.

use super::values::{KnownValues, Scene};
use super::{depends_on, parsed, some_rule, unknown_in};
use crate::platform::template::render_in;
use crate::platform::wire::{
    DurationSetting, RealtimeABTest, RealtimeABTestVariant, RealtimeDecisionPointStep, RealtimeJourneyStage,
    RealtimeJourneyStep, RealtimeJourneyWaitStep, WEBHOOK,
};
use serde::Serialize;
use serde_json::Value;

/// A step that would run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ForeseenStep {
    /// Seconds after the event.
    pub after_seconds: u64,
    /// Name of the stage.
    pub stage: String,
    /// Key of the step; `None` for what a stage itself waits for.
    pub step: Option<String>,
    /// `type` of the step on the wire; `Stage` for what a stage itself waits for.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its display name.
    pub name: Option<String>,
    /// What happens.
    pub outcome: String,
    /// What is sent, with values in the place of the placeholders; one that is not known here stays
    /// as it is written.
    pub request: Option<Value>,
    /// The names of these.
    pub unknown: Vec<String>,
}

/// Walks until the path ends, or depends on what is not known here.
pub fn walk(scene: &Scene<'_>, values: &KnownValues<'_>) -> Vec<ForeseenStep> {
    let mut walker = Walker { scene, values, stage_name: "", steps: Vec::new(), after: 0 };
    let stages = &scene.journey.realtime_journey_stages;
    for (index, stage) in stages.iter().enumerate() {
        walker.stage_name = &stage.name;
        if (index > 0 && !walker.enters(stage)) || !walker.stage(stage) {
            break;
        }
        if let Some(milestone) = &stage.milestone {
            walker.note(None, "Stage", Some(milestone.name.clone()), "waits for its milestone".into());
            break;
        }
    }
    walker.steps
}

struct Walker<'a> {
    scene: &'a Scene<'a>,
    values: &'a KnownValues<'a>,
    stage_name: &'a str,
    steps: Vec<ForeseenStep>,
    after: u64,
}

impl Walker<'_> {
    fn note(&mut self, step: Option<&str>, kind: &'static str, name: Option<String>, outcome: String) {
        self.steps.push(ForeseenStep {
            after_seconds: self.after,
            stage: self.stage_name.to_owned(),
            step: step.map(str::to_owned),
            kind,
            name,
            outcome,
            request: None,
            unknown: Vec::new(),
        });
    }

    /// Whether the profile goes on into a following stage at once.
    fn enters(&mut self, stage: &RealtimeJourneyStage) -> bool {
        let Some(entry) = &stage.entry_criteria else { return true };
        let waits = if entry.key_event_criteria.is_some() {
            "waits for its key event".to_owned()
        } else {
            match some_rule(entry.profile_criteria.as_ref()).map(|rule| self.values.holds(rule)) {
                None | Some(Ok(true)) => return true,
                Some(Ok(false)) => "waits until the profile fulfils its criteria".to_owned(),
                Some(Err(unknown)) => depends_on(&unknown),
            }
        };
        self.note(None, "Stage", Some(entry.name.clone()), waits);
        false
    }

    /// Walks through a stage; whether its path has ended, so that the next stage comes.
    fn stage(&mut self, stage: &RealtimeJourneyStage) -> bool {
        let mut next = stage.root_step.clone();
        // Steps form no cycle; a list that does all the same must not walk for ever.
        for _ in 0..=stage.steps.len() {
            let Some(key) = next.take() else { return true };
            let Some(step) = stage.steps.get(&key) else { return true };
            match self.step(&key, step) {
                Next::On(then) => next = then,
                Next::Ends => return true,
                Next::Leaves => return false,
            }
        }
        false
    }

    fn step(&mut self, key: &str, step: &RealtimeJourneyStep) -> Next {
        match step {
            RealtimeJourneyStep::WaitStep(wait) => {
                self.note(Some(key), "WaitStep", wait.name.clone(), format!("waits {}", length(wait)));
                self.after = self.after.saturating_add(duration(wait).seconds());
                Next::On(wait.next.clone())
            }
            RealtimeJourneyStep::TriggeredActivation(activation) => {
                self.activation(key, &activation.journey_activation_step_id, activation.name.clone());
                Next::On(activation.next.clone())
            }
            RealtimeJourneyStep::DecisionPoint(decision) => self.decision(key, decision),
            RealtimeJourneyStep::Variant(test) => self.test(key, test),
            RealtimeJourneyStep::Merge(merge) => Next::On(merge.next.clone()),
            RealtimeJourneyStep::Jump(jump) => {
                let outcome = jump.target.as_ref().map(|target| {
                    let (journey, stage) = (&target.realtime_journey_id, &target.realtime_journey_stage_id);
                    format!("goes on in stage {stage} of journey {journey}")
                });
                let outcome = outcome.unwrap_or_else(|| "leads nowhere yet".to_owned());
                self.note(Some(key), "Jump", jump.name.clone(), outcome);
                Next::Leaves
            }
            RealtimeJourneyStep::End(_) => Next::Ends,
            RealtimeJourneyStep::Other(other) => {
                let kind = other.get("type").and_then(Value::as_str).unwrap_or_default();
                let unknown = format!("a step of the type '{kind}', which is not known here");
                self.note(Some(key), "Other", None, unknown);
                Next::Leaves
            }
        }
    }

    fn activation(&mut self, key: &str, id: &str, name: Option<String>) {
        let found = self.scene.activations.iter().find(|activation| activation.id == id);
        let Some(attributes) = found.map(|activation| &activation.attributes) else {
            let outcome = format!("the activation {id} is missing");
            return self.note(Some(key), "TriggeredActivation", name, outcome);
        };
        let export = parsed(attributes.connector.export_json.as_deref());
        let rendered = render_in(&export, &|name| self.values.placeholder(name));
        let outcome = sends(&attributes.connector_type, &attributes.connection_id, &rendered);
        self.note(Some(key), "TriggeredActivation", attributes.name.clone().or(name), outcome);
        if let Some(step) = self.steps.last_mut() {
            step.unknown = unknown_in(&rendered);
            step.request = Some(rendered);
        }
    }

    fn decision(&mut self, key: &str, step: &RealtimeDecisionPointStep) -> Next {
        let mut taken = None;
        for branch in step.branches.iter().filter(|branch| !branch.excluded_path) {
            match some_rule(branch.profile_criteria.as_ref()).map_or(Ok(true), |rule| self.values.holds(rule))
            {
                Ok(false) => {}
                Ok(true) => {
                    taken = Some(branch);
                    break;
                }
                Err(unknown) => {
                    self.note(Some(key), "DecisionPoint", None, depends_on(&unknown));
                    return Next::Leaves;
                }
            }
        }
        let branch = taken.or_else(|| step.branches.iter().find(|branch| branch.excluded_path));
        let outcome = branch.map_or_else(
            || "no branch takes the profile".to_owned(),
            |branch| format!("takes '{}'", branch.name.as_deref().unwrap_or(&branch.id)),
        );
        self.note(Some(key), "DecisionPoint", None, outcome);
        branch.map_or(Next::Ends, |branch| Next::On(branch.next.clone()))
    }

    /// Which variant a profile gets is the platform's to say, except where there is no choice.
    fn test(&mut self, key: &str, step: &RealtimeABTest) -> Next {
        let open: Vec<_> = step.branches.iter().filter(|variant| variant.percentage != Some(0.0)).collect();
        let name = |variant: &RealtimeABTestVariant| variant.name.as_ref().unwrap_or(&variant.id).clone();
        if let [only] = open.as_slice() {
            self.note(Some(key), "Variant", None, format!("takes '{}'", name(only)));
            return Next::On(only.next.clone());
        }
        let shares: Vec<String> = open
            .iter()
            .map(|variant| format!("'{}' ({} %)", name(variant), variant.percentage.unwrap_or_default()))
            .collect();
        self.note(Some(key), "Variant", None, format!("takes one of {}", shares.join(", ")));
        Next::Leaves
    }
}

/// What an activation does, as a sentence.
pub(super) fn sends(connector_type: &str, connection: &str, request: &Value) -> String {
    let text = |key: &str| request.get(key).and_then(Value::as_str).unwrap_or("?");
    match connector_type {
        WEBHOOK => format!("sends {} {}", text("method").to_ascii_uppercase(), text("url")),
        other => format!("sends through {other}, connection {connection}"),
    }
}

/// How it goes on behind a step.
enum Next {
    /// With this step of the stage, or with none.
    On(Option<String>),
    /// The stage's path has ended.
    Ends,
    /// It goes on where it cannot be followed.
    Leaves,
}

fn duration(wait: &RealtimeJourneyWaitStep) -> DurationSetting {
    DurationSetting { value: wait.wait_step, unit: wait.wait_step_unit }
}

fn length(wait: &RealtimeJourneyWaitStep) -> String {
    crate::plan::duration::text(duration(wait))
}

//! The steps of a journey's stages.

use super::{Extra, RealtimeJourneyJumpTarget};
use crate::platform::rule::Rule;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A step of a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum RealtimeJourneyStep {
    /// Waits.
    WaitStep(RealtimeJourneyWaitStep),
    /// Sends to a destination.
    TriggeredActivation(RealtimeJourneyActivationStep),
    /// Branches by attributes.
    DecisionPoint(RealtimeDecisionPointStep),
    /// Where branches come together.
    Merge(MergeStep),
    /// Continues elsewhere.
    Jump(JumpStep),
    /// Ends the stage's path.
    End(EndStep),
    /// Branches by chance (`RealtimeABTest`).
    Variant(RealtimeABTest),
    /// A step in a form we do not know.
    #[serde(untagged)]
    Other(Value),
}

impl RealtimeJourneyStep {
    /// The names of fields inside of it that this version does not know; a step of an unknown form is kept word for
    /// word.
    pub(super) fn later(&self) -> impl Iterator<Item = &str> {
        let (extra, inside): (_, Vec<&Extra>) = match self {
            RealtimeJourneyStep::WaitStep(step) => (Some(&step.extra), Vec::new()),
            RealtimeJourneyStep::TriggeredActivation(step) => (Some(&step.extra), Vec::new()),
            RealtimeJourneyStep::DecisionPoint(step) => {
                (Some(&step.extra), step.branches.iter().map(|branch| &branch.extra).collect())
            }
            RealtimeJourneyStep::Merge(step) => (Some(&step.extra), Vec::new()),
            RealtimeJourneyStep::Jump(step) => (Some(&step.extra), Vec::new()),
            RealtimeJourneyStep::End(step) => (Some(&step.extra), Vec::new()),
            RealtimeJourneyStep::Variant(step) => {
                (Some(&step.extra), step.branches.iter().map(|variant| &variant.extra).collect())
            }
            RealtimeJourneyStep::Other(_) => (None, Vec::new()),
        };
        extra.into_iter().chain(inside).flat_map(|extra| extra.keys().map(String::as_str))
    }
}

/// Waits for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeJourneyWaitStep {
    /// Display name (the contract's example has one).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many units; at least 1.
    pub wait_step: u64,
    /// The unit.
    pub wait_step_unit: super::DurationUnit,
    /// The step after it; never sent as `null`, which the contract does not allow here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Sends to a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeJourneyActivationStep {
    /// Display name (the contract's example has one).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The activation.
    pub journey_activation_step_id: String,
    /// The step after it; never sent as `null`, which the contract does not allow here (the public
    /// examples do it).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Branches by attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RealtimeDecisionPointStep {
    /// Tried in order.
    pub branches: Vec<RealtimeDecisionPointBranch>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A branch of a decision point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeDecisionPointBranch {
    /// Unique within the step.
    pub id: String,
    /// Display name.
    pub name: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who takes it; `null` in a draft, and on the excluded path.
    #[serde(default)]
    pub profile_criteria: Option<Rule>,
    /// Whether it is for those who fulfil no other branch's criteria.
    pub excluded_path: bool,
    /// The step after it.
    pub next: Option<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Where branches come together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeStep {
    /// The step after it.
    pub next: Option<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Continues elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JumpStep {
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where to; `None` in a draft.
    #[serde(default)]
    pub target: Option<RealtimeJourneyJumpTarget>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Ends a path through a stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndStep {
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Branches by chance. The contract requires `variants` and has a field `branches` instead, which
/// is what we write; both are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeABTest {
    /// The variants; percentages sum to 100.
    #[serde(alias = "variants")]
    pub branches: Vec<RealtimeABTestVariant>,
    /// Whether one of them is a control group.
    pub control_variant: Option<bool>,
    /// Whether the percentages were set by hand.
    pub customized_split: Option<bool>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A variant of an A/B test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeABTestVariant {
    /// Unique within the step.
    pub id: String,
    /// Display name.
    pub name: Option<String>,
    /// Share, in percent.
    pub percentage: Option<f64>,
    /// Whether it is the control group.
    pub is_control_group: Option<bool>,
    /// The step after it.
    pub next: Option<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

impl RealtimeJourneyStep {
    /// Keys of the steps that can come after it.
    pub fn next(&self) -> Vec<&str> {
        match self {
            RealtimeJourneyStep::WaitStep(step) => step.next.as_deref().into_iter().collect(),
            RealtimeJourneyStep::TriggeredActivation(step) => step.next.as_deref().into_iter().collect(),
            RealtimeJourneyStep::Merge(step) => step.next.as_deref().into_iter().collect(),
            RealtimeJourneyStep::DecisionPoint(step) => {
                step.branches.iter().filter_map(|branch| branch.next.as_deref()).collect()
            }
            RealtimeJourneyStep::Variant(step) => {
                step.branches.iter().filter_map(|variant| variant.next.as_deref()).collect()
            }
            RealtimeJourneyStep::Jump(_) | RealtimeJourneyStep::End(_) | RealtimeJourneyStep::Other(_) => {
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn steps_are_read_by_type_and_kept_when_they_are_unknown() {
        let wait = json!({"type": "WaitStep", "name": "An hour", "waitStep": 1, "waitStepUnit": "hour", "next": "b"});
        let named = json!({"type": "Merge", "next": null, "colour": "red"});
        let later = json!({"type": "Later", "next": "b", "more": [1]});
        let test = json!({"type": "Variant", "controlVariant": null, "customizedSplit": true, "variants": [
            {"id": "1", "name": "A", "percentage": 100.0, "isControlGroup": false, "next": "b"}]});
        let read = |step: &Value| serde_json::from_value::<RealtimeJourneyStep>(step.clone()).unwrap();
        assert_eq!(serde_json::to_value(read(&wait)).unwrap(), wait);
        assert_eq!(read(&wait).next(), ["b"]);
        assert_eq!(serde_json::to_value(read(&named)).unwrap(), named);
        assert_eq!(serde_json::to_value(read(&later)).unwrap(), later);
        assert_eq!(read(&test).next(), ["b"]);
        assert!(serde_json::to_value(read(&test)).unwrap().get("branches").is_some());
        assert_eq!(serde_json::to_value(read(&json!({"type": "End"}))).unwrap(), json!({"type": "End"}));
    }
}

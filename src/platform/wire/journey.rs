//! `/entities/realtime_journeys`: journeys (triggers) with their stages, steps and activations.
//!
//! Types are named as in the published contract. Steps, criteria and connectors that this version
//! does not know are kept word for word.

use super::{EntryCriteria, Extra, KeyEventCriteria, Later, RealtimeJourneyStep};
use crate::platform::rule::Rule;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `type` of a journey in JSON:API.
pub const JOURNEY_TYPE: &str = "realtime-journey";
/// `type` of an activation in JSON:API.
pub const ACTIVATION_TYPE: &str = "realtime-journey-activation-step";
/// `connectorType` of a webhook (public examples).
pub const WEBHOOK: &str = "td_webhook_out";

/// `RealtimeJourneyResource`, a journey as it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RealtimeJourneyResource {
    /// Id, digits as a string.
    pub id: String,
    /// [`JOURNEY_TYPE`].
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Everything that can be set, and the state.
    pub attributes: RealtimeJourneyAttributes,
    /// Folder, users, activations and jumps.
    #[serde(default)]
    pub relationships: Extra,
}

impl RealtimeJourneyResource {
    /// Draft or launched.
    pub fn state(&self) -> RealtimeJourneyState {
        let state = self.attributes.extra.get("state").cloned().unwrap_or_default();
        serde_json::from_value(state).unwrap_or_default()
    }

    /// Whether it is launched.
    pub fn is_launched(&self) -> bool {
        self.state() == RealtimeJourneyState::Launched
    }

    /// Whether it is paused; only a launched one can be.
    pub fn is_paused(&self) -> bool {
        self.attributes.extra.get("paused").and_then(serde_json::Value::as_bool).unwrap_or(false)
    }

    /// The same journey, launched or not, and paused or not.
    #[must_use]
    pub fn running(mut self, launched: bool, paused: bool) -> Self {
        let state = if launched { "launched" } else { "draft" };
        self.attributes.extra.insert("state".into(), state.into());
        self.attributes.extra.insert("paused".into(), paused.into());
        self
    }
}

/// `attributes` of a journey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeJourneyAttributes {
    /// The parent segment.
    pub audience_id: String,
    /// The folder that it lies in.
    pub segment_folder_id: String,
    /// Unique within the parent segment.
    pub name: String,
    /// Free text; required on the wire, may be `null`.
    #[serde(default)]
    pub description: Option<String>,
    /// What ends the journey for a profile; required on the wire, may be `null`.
    #[serde(default)]
    pub goal: Option<RealtimeJourneyGoal>,
    /// 1 to 8 stages, in order.
    pub realtime_journey_stages: Vec<RealtimeJourneyStage>,
    /// Whether a profile can enter again.
    pub reentry_mode: RealtimeJourneyReentryMode,
    /// Read-only but for `state`, which `PATCH` takes (public examples): `state`, `createdAt`,
    /// `updatedAt`, `paused`, `pausedAt`, `launchedAt`; never sent.
    #[serde(flatten, skip_serializing)]
    pub extra: Extra,
}

impl RealtimeJourneyAttributes {
    /// The names of fields inside of it that this version does not know; those beside the others are never sent.
    pub fn later(&self) -> impl Iterator<Item = &str> {
        let goal = self.goal.iter().flat_map(|goal| goal.criteria.later());
        self.realtime_journey_stages.iter().flat_map(RealtimeJourneyStage::later).chain(goal)
    }
}

/// Whether a profile can enter a journey again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RealtimeJourneyReentryMode {
    /// Once only.
    NoReentry,
    /// Until the goal was reached.
    ReentryUnlessGoalAchieved,
    /// As often as it fulfils the entry criteria.
    ReentryAlways,
}

/// Where a journey stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RealtimeJourneyState {
    /// Nobody enters it yet.
    #[default]
    Draft,
    /// It runs, or is paused.
    Launched,
}

/// `RealtimeJourneyCriteriaWithTarget`: criteria, and where those who fulfil them jump to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RealtimeJourneyGoal {
    /// The stage to go on with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<RealtimeJourneyJumpTarget>,
    /// What must be fulfilled.
    #[serde(flatten)]
    pub criteria: EntryCriteria,
}

/// A stage of this or another journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeJourneyJumpTarget {
    /// The journey.
    pub realtime_journey_id: String,
    /// Its stage.
    pub realtime_journey_stage_id: String,
    /// Whether a user has confirmed the jump.
    pub confirmed: bool,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `RealtimeJourneyStageAttributes`, a stage with its steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeJourneyStage {
    /// Given by the platform; sent back with `PATCH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Display name.
    pub name: String,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The steps by their UUIDs.
    #[serde(default)]
    pub steps: BTreeMap<String, RealtimeJourneyStep>,
    /// Key of the first step.
    #[serde(default)]
    pub root_step: Option<String>,
    /// Who enters the stage.
    #[serde(default)]
    pub entry_criteria: Option<EntryCriteria>,
    /// What leads on to the next stage.
    #[serde(default)]
    pub milestone: Option<EntryCriteria>,
    /// What leads out of the journey.
    #[serde(default)]
    pub exit_criterias: Vec<RealtimeJourneyExitCriteria>,
    /// Position among the stages, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_index: Option<u64>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

impl RealtimeJourneyStage {
    fn later(&self) -> impl Iterator<Item = &str> {
        let criteria = self.entry_criteria.iter().chain(&self.milestone).flat_map(EntryCriteria::later);
        let exits = self.exit_criterias.iter().flat_map(RealtimeJourneyExitCriteria::later);
        let steps = self.steps.values().flat_map(RealtimeJourneyStep::later);
        self.extra.keys().map(String::as_str).chain(criteria).chain(exits).chain(steps)
    }
}

/// What leads out of a journey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RealtimeJourneyExitCriteria {
    /// Events or attributes.
    Custom(Box<RealtimeJourneyCustomExitCriteria>),
    /// Too long in the stage.
    Stale(RealtimeJourneyStaleCriteria),
}

impl RealtimeJourneyExitCriteria {
    fn later(&self) -> impl Iterator<Item = &str> {
        let (extra, event) = match self {
            RealtimeJourneyExitCriteria::Custom(custom) => {
                (&custom.extra, custom.key_event_criteria.as_ref())
            }
            RealtimeJourneyExitCriteria::Stale(stale) => (&stale.extra, None),
        };
        let event = event.into_iter().flat_map(|event| event.later.0.keys());
        extra.keys().chain(event).map(String::as_str)
    }
}

/// Leaves on an event or by attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeJourneyCustomExitCriteria {
    /// Display name.
    pub name: Option<String>,
    /// The event; `{}` for none.
    #[serde(with = "or_empty")]
    pub key_event_criteria: Option<KeyEventCriteria>,
    /// What the profile must fulfil.
    pub profile_criteria: Rule,
    /// Where it continues.
    pub target: Option<RealtimeJourneyJumpTarget>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Leaves after a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeJourneyStaleCriteria {
    /// Display name.
    #[serde(default)]
    pub name: Option<String>,
    /// The unit of `exit_after`.
    pub unit: super::DurationUnit,
    /// How many units; at least 1.
    pub exit_after: u64,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `RealtimeJourneyActivationStepResource`, an activation as it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RealtimeJourneyActivationStepResource {
    /// Id, digits as a string.
    pub id: String,
    /// [`ACTIVATION_TYPE`].
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Where it sends what to.
    pub attributes: RealtimeJourneyActivationStepAttributes,
}

impl RealtimeJourneyActivationStepResource {
    /// The journey that it belongs to.
    pub fn journey_id(&self) -> Option<&str> {
        self.attributes.extra.get("realtimeJourneyId")?.as_str()
    }
}

/// `attributes` of an activation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeJourneyActivationStepAttributes {
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Key of the step that it is made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_uuid: Option<String>,
    /// A connection of the account.
    pub connection_id: String,
    /// The connection's type, for example [`WEBHOOK`].
    pub connector_type: String,
    /// What is sent.
    pub connector: RealtimeActivationParameters,
    /// Read-only fields (`realtimeJourneyId`, `realtimeJourneyStageId`); never sent.
    #[serde(flatten, skip_serializing)]
    pub extra: Extra,
}

/// What an activation sends; both are JSON in a string.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeActivationParameters {
    /// For a webhook: `method`, `url`, `headers`, `body` (public examples).
    #[serde(default)]
    pub export_json: Option<String>,
    /// For a webhook: number of retries and timeouts in seconds (public examples).
    #[serde(default)]
    pub export_advanced_json: Option<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub later: Later,
}

/// `{}` for none.
mod or_empty {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error};
    use serde_json::{Map, Value};

    pub fn serialize<T: Serialize, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => value.serialize(serializer),
            None => Map::new().serialize(serializer),
        }
    }

    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(None),
            Value::Object(map) if map.is_empty() => Ok(None),
            value => serde_json::from_value(value).map(Some).map_err(D::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_goal_is_criteria_with_a_target() {
        let goal = json!({
            "target": {"realtimeJourneyId": "1", "realtimeJourneyStageId": "2", "confirmed": true},
            "name": "Bought", "keyEventCriteria": {"keyEventId": "3", "keyEventFilters": {"type": "And", "conditions": []}}});
        let read: RealtimeJourneyGoal = serde_json::from_value(goal.clone()).unwrap();
        assert_eq!(read.criteria.name, "Bought");
        assert!(read.criteria.extra.is_empty());
        assert_eq!(serde_json::to_value(&read).unwrap(), goal);
    }

    #[test]
    fn exit_criteria_are_told_apart_by_their_fields() {
        let stale = json!({"name": null, "unit": "day", "exitAfter": 3});
        let custom = json!({"name": "Gone", "keyEventCriteria": {}, "profileCriteria": {"type": "And", "conditions": []}, "target": null});
        for text in [stale, custom] {
            let read: RealtimeJourneyExitCriteria = serde_json::from_value(text.clone()).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), text);
        }
    }
}

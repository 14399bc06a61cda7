//! What a sandbox reports of journeys, for the commands that read it. Times are RFC 3339.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An activation that a journey has reached.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "ids and names")]
pub struct SentActivation {
    /// Its idempotency key.
    pub id: String,
    pub parent_segment_id: String,
    pub journey_id: String,
    pub journey_name: String,
    pub stage_name: String,
    /// Key of the step.
    pub step: String,
    pub activation_id: String,
    pub activation_name: String,
    /// Such as `td_webhook_out`.
    pub connector_type: String,
    pub connection_id: String,
    /// An id of the profile, as `COLUMN=VALUE`.
    pub profile: String,
    /// uuid of the event; empty when it had none.
    pub event_id: String,
    /// When the journey reached it.
    pub at: String,
    pub state: DeliveryState,
    /// Why it is not sent.
    pub reason: Option<String>,
    /// When it is tried next.
    pub next_attempt_at: Option<String>,
    /// What is sent; secrets are hidden.
    pub request: Value,
    /// Oldest first.
    pub attempts: Vec<SendAttempt>,
}

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// To be tried, for the first time or again.
    Waiting,
    /// Answered with 2xx.
    Delivered,
    /// Out of attempts, or refused for good.
    Failed,
    /// It breaks a rule, so it is never tried (again).
    NotSent,
}

/// One attempt to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SendAttempt {
    /// When it began.
    pub at: String,
    /// Status of the answer; null without one.
    pub status: Option<u16>,
    /// What went wrong.
    pub error: Option<String>,
    /// The beginning of the answer's body.
    pub response: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// What happened to a profile in a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PathEntry {
    /// When.
    pub at: String,
    /// Name of the stage.
    pub stage: String,
    /// Key of the step; null for what happens to the stage or the journey.
    pub step: Option<String>,
    /// Type of the step; `Stage` or `Journey` without one.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name of the step.
    pub name: Option<String>,
    /// What happened.
    pub outcome: String,
}

/// What an event would do in a journey.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// Whether the journey starts.
    pub starts: bool,
    /// The profile's attributes after the event.
    pub attributes: Vec<PreviewAttribute>,
    /// What is sent, in order.
    pub sent: Vec<PreviewSend>,
}

/// An attribute with its value, as placeholders and rules see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreviewAttribute {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// By the identifier of a window or an aggregation.
    pub sub_attributes: Map<String, Value>,
}

/// A request, or what another connector gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreviewSend {
    /// Name of the stage.
    pub stage: String,
    /// Key of the step.
    pub step: String,
    /// Name of the activation.
    pub name: String,
    /// Such as `td_webhook_out`.
    pub connector_type: String,
    /// The connection that it goes through.
    pub connection_id: String,
    /// Seconds after the event.
    pub after_seconds: u64,
    /// `exportJson`, filled in.
    pub export: Value,
}

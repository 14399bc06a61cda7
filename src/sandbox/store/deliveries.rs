//! What journeys send: requests that wait, and the log of those that were tried.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::{Mutex, PoisonError};

/// An activation that a journey has come to, to be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewDelivery {
    /// The parent segment's number.
    pub segment: u64,
    /// Id of the journey.
    pub journey_id: String,
    /// Its name.
    pub journey_name: String,
    /// Id of the stage.
    pub stage_id: String,
    /// Its name.
    pub stage_name: String,
    /// Key of the step.
    pub step: String,
    /// Id of the activation.
    pub activation_id: String,
    /// Its name; empty for none.
    pub activation_name: String,
    /// For example `td_webhook_out`.
    pub connector_type: String,
    /// The connection that it goes through.
    pub connection_id: String,
    /// An id of the profile, as `column=value`: the first stitching key that it has.
    pub profile: String,
    /// The event with which the profile came into the journey: its `uuid` when it has one.
    pub event_id: String,
    /// When the journey came to it, in milliseconds since the epoch.
    pub at_ms: i64,
    /// `exportJson` with values in the place of the placeholders; text as it is when it is no JSON.
    pub export: Value,
    /// `exportAdvancedJson`, as JSON.
    pub advanced: Value,
}

/// What is to be sent, and what was.
#[derive(Debug, Default)]
pub struct Deliveries {
    waiting: Mutex<Vec<NewDelivery>>,
}

impl Deliveries {
    /// Takes in what a journey sends.
    pub fn push(&self, new: NewDelivery) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(new);
    }
}

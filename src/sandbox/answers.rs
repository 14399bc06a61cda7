//! What the controls under `/_sandbox/` answer, which commands print.

use super::durable::snapshots::Snapshot;
use super::engine::Inspection;
use super::faults::FaultRule;
use super::inbox::Received;
use super::journal::RequestEntry;
use super::store::rollout::Settle;
use crate::platform::controls::SentActivation;
use crate::platform::wire::RealtimeStatus;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, VecDeque};

/// What a sandbox is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Health<'a> {
    /// Always true.
    pub ok: bool,
    /// What answers.
    pub name: &'a str,
    /// Version of the program.
    pub version: &'a str,
    /// Where it listens.
    pub url: &'a str,
    /// The key that it takes.
    pub api_key: &'a str,
    /// Account number of the key.
    pub account: &'a str,
    /// Its time in seconds since 1970.
    pub now: i64,
    /// Their number.
    pub parent_segments: usize,
    /// Id of the latest request; 0 before the first.
    pub last_request_id: u64,
}

/// The time of a sandbox's clock.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Time {
    /// Seconds since 1970.
    pub now: i64,
    /// Milliseconds since 1970.
    pub now_ms: i64,
    /// The same in RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    pub time: String,
    /// Whether only controls move it.
    pub stands_still: bool,
}

/// How changes settle, and what has settled.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Statuses {
    /// How later changes settle.
    pub settle: Settle,
    /// By id of the parent segment; null where real-time is not enabled.
    #[schemars(with = "BTreeMap<String, Option<RealtimeStatus>>")]
    pub statuses: Map<String, Value>,
}

/// Fault rules.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FaultRules {
    /// Those that can still hit; the first that fits wins.
    pub faults: Vec<FaultRule>,
}

/// Requests of the journal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Requests {
    /// How many fit.
    pub count: usize,
    /// Oldest first; absent with --count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<RequestEntry>")]
    pub requests: Option<Vec<RequestEntry>>,
    /// Id of the latest request.
    pub last_id: u64,
    /// Whether no older one was dropped to limit the size.
    pub complete: bool,
}

/// A list that is empty now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cleared {
    /// Id of the latest one.
    pub last_id: u64,
}

/// Webhooks that arrived.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Arrived<'a> {
    /// How many fit.
    pub count: usize,
    /// Oldest first; absent with --count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Received>")]
    pub received: Option<Vec<&'a Received>>,
    /// Statuses of the next answers, by inbox.
    pub answers: BTreeMap<&'a str, &'a VecDeque<u16>>,
    /// Id of the latest one.
    pub last_id: u64,
    /// Whether no older one was dropped to limit the size.
    pub complete: bool,
}

/// How an inbox answers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InboxAnswers {
    /// The inbox.
    pub name: String,
    /// Statuses, in order; 200 afterwards.
    #[schemars(inner(range(min = 200, max = 599)))]
    pub answers: Vec<u16>,
}

/// What journeys have sent and will send.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Activations {
    /// How many fit.
    pub count: usize,
    /// Oldest first; absent with --count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<SentActivation>")]
    pub activations: Option<Vec<SentActivation>>,
}

/// What is left after the finished activations were removed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Waiting {
    /// How many still wait.
    pub waiting: usize,
}

/// One profile, or how many there are.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Profiles {
    /// Without keys.
    Count {
        /// How many there are.
        profiles: usize,
    },
    /// With keys.
    One(Inspection),
}

/// The existing snapshots.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SavedSnapshots {
    /// By name.
    pub snapshots: Vec<Snapshot>,
}

//! What the controls under `/_sandbox/` answer, which commands print.

use super::clock::iso;
use super::durable::snapshots::Snapshot;
use super::engine::Inspection;
use super::faults::{FaultKind, FaultRule};
use super::inbox::Received;
use super::journal::RequestEntry;
use super::store::rollout::span;
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
    /// Its time.
    #[schemars(extend("format" = "date-time"))]
    pub now: String,
    /// Their number.
    pub parent_segments: usize,
    /// Id of the latest request; 0 before the first.
    pub last_request_id: u64,
}

/// The time of a sandbox's clock.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Time {
    /// The time.
    #[schemars(extend("format" = "date-time"))]
    pub time: String,
    /// The same in milliseconds since 1970, to calculate with.
    pub now_ms: i64,
    /// Whether only controls move it.
    pub stands_still: bool,
}

/// How changes settle, and what has settled.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Statuses {
    /// How later changes settle: `now`, `150ms`, `2s`, `2reads`, `never`, `inconsistent`.
    #[schemars(with = "String", regex(pattern = r"^(now|never|inconsistent|\d+(ms|s|reads))$"))]
    pub settle: String,
    /// By id of the parent segment; null where real-time is not enabled.
    #[schemars(with = "BTreeMap<String, Option<RealtimeStatus>>")]
    pub statuses: Map<String, Value>,
}

/// How long what takes time on the platform takes: `now`, `150ms`, `2s`, `2reads`, `never`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PaceSettings {
    /// Later runs of parent segments.
    #[schemars(regex(pattern = r"^(now|never|\d+(ms|s|reads))$"))]
    pub runs: String,
    /// Later jobs, besides the time that their query really takes.
    #[schemars(regex(pattern = r"^(now|never|\d+(ms|s|reads))$"))]
    pub jobs: String,
}

/// Fault rules.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FaultRules {
    /// Those that can still hit; the first that fits wins.
    pub faults: Vec<ArmedFault>,
}

/// A fault rule that is armed, or was.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ArmedFault {
    /// Given by the sandbox.
    #[schemars(range(min = 1))]
    pub id: u64,
    /// What happens.
    pub kind: FaultKind,
    /// A method and a path in which `{}` (or `{name}`) stands for one segment; or only the path.
    pub operation: Option<String>,
    /// An HTTP method.
    pub method: Option<String>,
    /// What the path starts with.
    pub path: Option<String>,
    /// HTTP status, for the kinds that answer one.
    pub status: Option<u16>,
    /// The pause that `Retry-After` asks for, such as `3s`; or the HTTP date in it.
    pub retry_after: Option<String>,
    /// Message of the error.
    pub message: Option<String>,
    /// `Location` of a redirect.
    pub location: Option<String>,
    /// How long to wait first in real time, such as `200ms`; null for not at all.
    #[schemars(regex(pattern = r"^\d+(ms|s)$"))]
    pub delay: Option<String>,
    /// How many matching requests pass before the first is hit.
    pub skip: u64,
    /// How many more requests are hit; 0 is until the rule is removed.
    pub count: Option<u64>,
    /// Chance that a matching request is hit, drawn from a seeded generator.
    #[schemars(range(min = 0, max = 1))]
    pub probability: Option<f64>,
}

impl From<FaultRule> for ArmedFault {
    fn from(rule: FaultRule) -> Self {
        ArmedFault {
            id: rule.id,
            kind: rule.kind,
            operation: rule.operation,
            method: rule.method,
            path: rule.path,
            status: rule.status,
            retry_after: rule.retry_after.map(|after| match after {
                Value::String(date) => date,
                seconds => format!("{seconds}s"),
            }),
            message: rule.message,
            location: rule.location,
            delay: (rule.delay_ms > 0).then(|| span(rule.delay_ms)),
            skip: rule.skip,
            count: rule.count,
            probability: rule.probability,
        }
    }
}

/// Requests of the journal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Requests {
    /// How many fit.
    pub count: usize,
    /// Oldest first; absent with --count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<JournalRequest>")]
    pub requests: Option<Vec<JournalRequest>>,
    /// Id of the latest request.
    pub last_id: u64,
    /// Whether no older one was dropped to limit the size.
    pub complete: bool,
}

/// A request of the journal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JournalRequest {
    /// Counts up from 1 and is never used again.
    #[schemars(range(min = 1))]
    pub id: u64,
    /// When it arrived, by the sandbox's clock.
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    /// HTTP method.
    pub method: String,
    /// Path with query, as it was sent.
    pub path: String,
    /// Status of the answer; null when the connection was cut without one.
    pub status: Option<u16>,
    /// The request's content type.
    pub content_type: Option<String>,
    /// The body, where it is JSON of at most 256 KB; events are not kept. null otherwise.
    pub body: Option<Value>,
    /// The kind of fault that hit it.
    pub fault: Option<FaultKind>,
    /// Ids of the rules for which the sandbox refused it; empty when it did not.
    #[schemars(inner(regex(pattern = "^[a-z]+(-[a-z]+)*$")))]
    pub refusals: Vec<String>,
}

impl From<RequestEntry> for JournalRequest {
    fn from(entry: RequestEntry) -> Self {
        let RequestEntry { id, at_ms, method, path, status, content_type, body, fault, refusals } = entry;
        JournalRequest { id, at: iso(at_ms), method, path, status, content_type, body, fault, refusals }
    }
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

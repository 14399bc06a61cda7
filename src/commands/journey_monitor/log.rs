//! The query of the log of activations, and how its rows are added up.

use crate::queries::{Unsayable, Window, literals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// The table of a parent segment's database that the platform writes.
pub(super) const TABLE: &str = "activations";
/// In place of the texts of errors that are too many to be told apart.
const OTHER_ERRORS: &str = "(other errors)";
/// How many different errors of an activation the query answers.
const ERRORS: usize = 20;
/// How many of them are printed.
const TOP: usize = 5;
/// What stands in `statuses` for an attempt that was not answered.
const NO_STATUS: &str = "none";

/// The database of a parent segment's log.
pub(super) fn database(ps: &str) -> String {
    format!("cdp_audience_{ps}_rt")
}

/// The query: a row for each journey, activation, status, error and latency. `known` are the ids of the activations that
/// are listed; what else stands in `activation_id` may be the id of a single sending.
///
/// - An attempt belongs to its activation and event; without an event, to the profile and time of the sending. Of several,
///   the last one decides: a delivered one is not tried again.
/// - The latency is the time between `timestamp` and `time`: published sources disagree which of them is the event's. The
///   first may be in milliseconds.
pub(super) fn sql(counted: Window, read: Window, known: &[&str]) -> Result<String, Unsayable> {
    let (known, from, range) = (literals(known.iter().copied())?, counted.from, read.sql("time"));
    Ok(format!(
        "WITH log AS (
  SELECT
    coalesce(journey_name, '') AS journey,
    coalesce(activation_name, '') AS activation,
    CASE WHEN activation_id IN {known} THEN activation_id ELSE '' END AS activation_id,
    CASE
      WHEN coalesce(event_id, '') <> '' THEN event_id
      ELSE concat('rid ', coalesce(rid, ''), ' ', coalesce(cast(\"timestamp\" AS varchar), ''))
    END AS event,
    time AS tried,
    coalesce(log_time, 0) AS logged,
    CASE WHEN time >= {from} THEN 1 ELSE 0 END AS counted,
    CASE WHEN lower(cast(delivered AS varchar)) = 'true' THEN 1 ELSE 0 END AS ok,
    coalesce(cast(status AS varchar), '') AS status,
    coalesce(error, '') AS error,
    abs(CASE WHEN \"timestamp\" > 100000000000 THEN \"timestamp\" / 1000 ELSE \"timestamp\" END - time) AS latency
  FROM {TABLE}
  WHERE {range}
), attempts AS (
  SELECT journey, activation, activation_id, tried, counted, ok, status, error, latency,
    row_number() OVER (
      PARTITION BY
        CASE WHEN activation_id = '' THEN concat(journey, ' ', activation) ELSE activation_id END,
        event,
        counted
      ORDER BY tried DESC, ok DESC, logged DESC
    ) AS place
  FROM log
), judged AS (
  SELECT journey, activation, activation_id, tried, counted, ok, status,
    CASE WHEN counted = 1 AND ok = 0 THEN error ELSE '' END AS error,
    CASE WHEN counted = 1 AND place = 1 THEN 1 ELSE 0 END AS decides,
    CASE WHEN counted = 1 AND place = 1 AND ok = 1 THEN latency END AS latency
  FROM attempts
), grouped AS (
  SELECT journey, activation, activation_id, counted, ok, status, error,
    CASE
      WHEN latency < 60 THEN latency
      WHEN latency < 3600 THEN latency / 10 * 10
      ELSE latency / 60 * 60
    END AS latency,
    count(*) AS attempts,
    sum(decides) AS sent,
    max(latency) AS longest,
    max(tried) AS last_at
  FROM judged
  GROUP BY journey, activation, activation_id, counted, ok, status, error,
    CASE
      WHEN latency < 60 THEN latency
      WHEN latency < 3600 THEN latency / 10 * 10
      ELSE latency / 60 * 60
    END
), ranked AS (
  SELECT journey, activation, activation_id, counted, ok, status, error, latency, attempts, sent, longest, last_at,
    row_number() OVER (
      PARTITION BY journey, activation, activation_id, CASE WHEN error = '' THEN 0 ELSE 1 END
      ORDER BY attempts DESC, error
    ) AS place
  FROM grouped
), folded AS (
  SELECT journey, activation, activation_id, counted, ok, status, latency, attempts, sent, longest, last_at,
    CASE WHEN error <> '' AND place > {ERRORS} THEN '{OTHER_ERRORS}' ELSE error END AS error
  FROM ranked
)
SELECT journey, activation, activation_id, counted, ok, status, error, latency,
  sum(attempts) AS attempts, sum(sent) AS sent, max(longest) AS longest, max(last_at) AS last_at
FROM folded
GROUP BY journey, activation, activation_id, counted, ok, status, error, latency"
    ))
}

/// A row of the answer.
#[derive(Debug, Deserialize)]
pub(super) struct LogRow {
    pub(super) journey: String,
    pub(super) activation: String,
    pub(super) activation_id: String,
    /// 1 where it belongs to the window, 0 where only silence is looked for there.
    counted: u64,
    /// Whether the attempts have arrived.
    ok: u64,
    status: String,
    error: String,
    /// Seconds, rounded down to the step of their size.
    latency: Option<u64>,
    attempts: u64,
    sent: u64,
    longest: Option<u64>,
    /// Seconds since the epoch.
    last_at: i64,
}

impl LogRow {
    pub(super) fn read(row: Map<String, Value>) -> Result<Self, String> {
        LogRow::deserialize(Value::Object(row)).map_err(|error| error.to_string())
    }
}

/// Attempts of a journey or an activation, added up.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    sent: u64,
    delivered: u64,
    attempts: u64,
    statuses: BTreeMap<String, u64>,
    errors: HashMap<(String, String), u64>,
    latencies: BTreeMap<u64, u64>,
    longest: Option<u64>,
    pub(super) last_at: Option<i64>,
}

impl Tally {
    pub(super) fn add(&mut self, row: &LogRow) {
        self.last_at = self.last_at.max(Some(row.last_at));
        if row.counted == 0 {
            return;
        }
        let add = |to: &mut u64, more: u64| *to = to.saturating_add(more);
        add(&mut self.attempts, row.attempts);
        add(&mut self.sent, row.sent);
        let status = if row.status.is_empty() { NO_STATUS } else { &row.status };
        add(self.statuses.entry(status.to_owned()).or_default(), row.attempts);
        if row.ok == 0 {
            let error = (row.error.clone(), row.status.clone());
            add(self.errors.entry(error).or_default(), row.attempts);
            return;
        }
        add(&mut self.delivered, row.sent);
        if let Some(latency) = row.latency {
            add(self.latencies.entry(latency).or_default(), row.sent);
            self.longest = self.longest.max(row.longest);
        }
    }

    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    /// As it is printed.
    pub(super) fn counts(&self) -> Counts {
        let failed = self.sent.saturating_sub(self.delivered);
        #[expect(clippy::cast_precision_loss, reason = "counts of a log are below 2^53")]
        let error_rate = (self.sent > 0).then(|| failed as f64 / self.sent as f64);
        Counts {
            sent: self.sent,
            delivered: self.delivered,
            failed,
            error_rate,
            attempts: self.attempts,
            statuses: self.statuses.clone(),
            top_errors: self.top_errors(),
            latency: self.latency(),
            last_at: self
                .last_at
                .and_then(|at| jiff::Timestamp::from_second(at).ok())
                .map(|at| at.to_string()),
        }
    }

    fn top_errors(&self) -> Vec<TopError> {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut all: Vec<_> = self.errors.iter().collect();
        all.sort_by(|(a, count), (b, other)| other.cmp(count).then_with(|| a.cmp(b)));
        all.truncate(TOP);
        let all = all.into_iter();
        all.map(|((error, status), attempts)| TopError {
            error: text(error),
            status: text(status),
            attempts: *attempts,
        })
        .collect()
    }

    fn latency(&self) -> Option<Latency> {
        let percentile = |percent: u64| {
            let wanted = self.delivered.saturating_mul(percent).div_ceil(100).max(1);
            let mut seen = 0_u64;
            let found = self.latencies.iter().find(|(_, count)| {
                seen = seen.saturating_add(**count);
                seen >= wanted
            });
            found.or(self.latencies.last_key_value()).map(|(latency, _)| *latency)
        };
        Some(Latency { p50: percentile(50)?, p95: percentile(95)?, max: self.longest? })
    }
}

/// What was sent, and what became of it
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Counts {
    /// Pairs of an activation and an event; the last attempt decides what became of one
    sent: u64,
    delivered: u64,
    failed: u64,
    /// Failed of sent, from 0 to 1; null where nothing was sent
    #[schemars(range(min = 0, max = 1))]
    pub(super) error_rate: Option<f64>,
    /// All attempts, those before the last of a pair too
    attempts: u64,
    /// Attempts by HTTP status; `none` without an answer
    statuses: BTreeMap<String, u64>,
    /// The most frequent errors of attempts
    top_errors: Vec<TopError>,
    /// From the event to its delivery, of what was delivered; null where nothing was
    latency: Option<Latency>,
    /// Last attempt, also one before the window as far back as silence is looked for; null where there is none
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub(super) last_at: Option<String>,
}

impl Counts {
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    pub(super) fn failed(&self) -> u64 {
        self.failed
    }

    /// The errors as rows of a table.
    pub(super) fn errors_of(&self, journey: &str) -> impl Iterator<Item = Value> {
        self.top_errors.iter().map(move |top| {
            json!({"journey": journey, "status": top.status, "error": top.error, "attempts": top.attempts})
        })
    }
}

/// An error of attempts
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct TopError {
    /// What went wrong, as the log says it
    error: Option<String>,
    /// HTTP status; null without an answer
    status: Option<String>,
    attempts: u64,
}

/// Seconds: whole ones below a minute, tens below an hour, minutes above; `max` is exact
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Latency {
    p50: u64,
    p95: u64,
    max: u64,
}

/// Whether a name of the log means the thing of this name and id: by its id, with a prefix or behind its name, or by its
/// name alone.
pub(super) fn means(logged: &str, prefix: &str, name: &str, id: &str) -> bool {
    let bare = logged.strip_prefix(prefix).unwrap_or(logged);
    bare == id
        || logged == name
        || logged.strip_prefix(name).and_then(|rest| rest.strip_prefix('_')) == Some(id)
}

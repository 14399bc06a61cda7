//! What the command prints: the rows of the log, put to the journeys that they mean.

use super::limits::{Breach, LimitArgs};
use super::log::{Counts, LogRow, Tally, means};
use crate::platform::wire::{
    RealtimeJourneyActivationStepResource, RealtimeJourneyResource, RealtimeJourneyState,
};
use crate::queries::Window;
use crate::ui::shown::{PLAIN, RED};
use crate::ui::{Page, Report};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The columns of a journey that people see.
pub(super) const SHOWN: &[&str] =
    &["name", "state", "sent", "delivered", "failed", "error_rate", "attempts", "last_at"];

/// How journeys do
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MonitorDocument {
    /// What is counted
    pub(super) window: Window,
    pub(super) parent_segment_id: String,
    pub(super) log: LogTable,
    journeys: Vec<JourneyEntry>,
    /// Names in the log that no journey has, such as those of deleted ones
    unmatched: Vec<UnmatchedEntry>,
    /// Broken limits
    pub(super) breaches: Vec<Breach>,
}

/// The table that was read
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LogTable {
    pub(super) database: String,
    pub(super) table: &'static str,
    /// False where nothing has been sent yet, or logging is off
    pub(super) exists: bool,
    /// The job of the query; null where the platform has run none
    pub(super) job_id: Option<String>,
}

/// A journey
#[derive(Debug, Serialize, JsonSchema)]
struct JourneyEntry {
    name: String,
    id: String,
    state: MonitoredState,
    #[serde(flatten)]
    counts: Counts,
    activations: Vec<ActivationEntry>,
}

/// Whether a journey runs
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum MonitoredState {
    Draft,
    Launched,
    Paused,
}

/// An activation of a journey
#[derive(Debug, Serialize, JsonSchema)]
struct ActivationEntry {
    /// Its name; where no activation is listed that the log means, the log's
    name: String,
    /// Null where no activation is listed that the log means
    id: Option<String>,
    #[serde(flatten)]
    counts: Counts,
}

/// Attempts of no journey that is listed
#[derive(Debug, Serialize, JsonSchema)]
struct UnmatchedEntry {
    /// The name of the journey in the log
    journey_name: String,
    #[serde(flatten)]
    counts: Counts,
}

/// A journey whose rows are added up.
struct Monitored<'l> {
    journey: &'l RealtimeJourneyResource,
    all: Tally,
    /// By the place in the list of activations; those that are not listed, by name.
    activations: Vec<(&'l RealtimeJourneyActivationStepResource, Tally)>,
    others: BTreeMap<String, Tally>,
}

/// Adds the rows of the log up, as they come.
pub(super) struct Counting<'l> {
    journeys: Vec<Monitored<'l>>,
    unmatched: BTreeMap<String, Tally>,
}

impl<'l> Counting<'l> {
    /// For all journeys, with their activations.
    pub(super) fn new(
        journeys: &'l [RealtimeJourneyResource],
        activations: impl Fn(&str) -> Vec<&'l RealtimeJourneyActivationStepResource>,
    ) -> Self {
        let journeys = journeys.iter().map(|journey| Monitored {
            journey,
            all: Tally::default(),
            activations: activations(&journey.id).into_iter().map(|one| (one, Tally::default())).collect(),
            others: BTreeMap::new(),
        });
        Counting { journeys: journeys.collect(), unmatched: BTreeMap::new() }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, row: &LogRow) {
        let place =
            self.journeys.iter().position(|one| is_id_of(&row.journey, &one.journey.id)).or_else(|| {
                self.journeys.iter().position(|one| {
                    means(&row.journey, JOURNEY_PREFIX, &one.journey.attributes.name, &one.journey.id)
                })
            });
        let Some(found) = place.and_then(|place| self.journeys.get_mut(place)) else {
            return self.unmatched.entry(row.journey.clone()).or_default().add(row);
        };
        found.all.add(row);
        let by_id = found.activations.iter().position(|(one, _)| one.id == row.activation_id);
        let place = by_id.or_else(|| {
            found.activations.iter().position(|(one, _)| {
                means(&row.activation, "", one.attributes.name.as_deref().unwrap_or_default(), &one.id)
            })
        });
        match place.and_then(|place| found.activations.get_mut(place)) {
            Some((_, tally)) => tally.add(row),
            None => found.others.entry(row.activation.clone()).or_default().add(row),
        }
    }

    /// The document of these journeys, all where `wanted` is empty.
    pub(super) fn document(
        &self,
        (window, ps, log): (Window, &str, LogTable),
        wanted: &[String],
        limits: &LimitArgs,
    ) -> MonitorDocument {
        let is_wanted = |id: &String| wanted.is_empty() || wanted.contains(id);
        let journeys: Vec<&Monitored> =
            self.journeys.iter().filter(|one| is_wanted(&one.journey.id)).collect();
        let breaches = journeys.iter().flat_map(|one| {
            let runs = state(one.journey) == MonitoredState::Launched;
            limits.breaches(&one.journey.attributes.name, runs, &one.all, window.to)
        });
        MonitorDocument {
            window,
            parent_segment_id: ps.to_owned(),
            log,
            breaches: breaches.collect(),
            journeys: journeys.into_iter().map(entry).collect(),
            unmatched: self
                .unmatched
                .iter()
                .map(|(name, tally)| UnmatchedEntry { journey_name: name.clone(), counts: tally.counts() })
                .collect(),
        }
    }
}

/// What journeys are called in the log before their id (published examples).
const JOURNEY_PREFIX: &str = "journey_";

fn is_id_of(logged: &str, id: &str) -> bool {
    logged.strip_prefix(JOURNEY_PREFIX) == Some(id)
}

fn state(journey: &RealtimeJourneyResource) -> MonitoredState {
    match (journey.state(), journey.is_paused()) {
        (RealtimeJourneyState::Draft, _) => MonitoredState::Draft,
        (RealtimeJourneyState::Launched, true) => MonitoredState::Paused,
        (RealtimeJourneyState::Launched, false) => MonitoredState::Launched,
    }
}

fn entry(one: &Monitored<'_>) -> JourneyEntry {
    let listed = one.activations.iter().map(|(activation, tally)| ActivationEntry {
        name: activation.attributes.name.clone().unwrap_or_default(),
        id: Some(activation.id.clone()),
        counts: tally.counts(),
    });
    let others = one.others.iter();
    let others =
        others.map(|(name, tally)| ActivationEntry { name: name.clone(), id: None, counts: tally.counts() });
    JourneyEntry {
        name: one.journey.attributes.name.clone(),
        id: one.journey.id.clone(),
        state: state(one.journey),
        counts: one.all.counts(),
        activations: listed.chain(others).collect(),
    }
}

impl MonitorDocument {
    /// In a sentence.
    pub(super) fn summary(&self) -> String {
        if !self.log.exists {
            return format!(
                "there is no log {}.{} yet: nothing has been sent, or logging is off",
                self.log.database, self.log.table
            );
        }
        let sum = |of: fn(&Counts) -> u64| {
            self.journeys.iter().fold(0_u64, |n, one| n.saturating_add(of(&one.counts)))
        };
        let (sent, failed) = (sum(Counts::sent), sum(Counts::failed));
        format!("{sent} sent, {failed} failed, {} broken limits", self.breaches.len())
    }

    /// For people: the journeys, what went wrong most, and the limits that are broken.
    pub(super) fn report(&self, page: Page) -> Report {
        let document = json!(self);
        let mut report = Report::new(page).rows(document.get("journeys"), SHOWN);
        let errors: Vec<Value> =
            self.journeys.iter().flat_map(|one| one.counts.errors_of(&one.name)).collect();
        if !errors.is_empty() {
            report = report.title("errors").table(&errors, &["journey", "status", "error", "attempts"]);
        }
        if !self.unmatched.is_empty() {
            let columns = ["journey_name", "sent", "delivered", "failed", "last_at"];
            report = report.title("unmatched").rows(document.get("unmatched"), &columns);
        }
        if !self.breaches.is_empty() {
            report = report.blank();
        }
        let report =
            self.breaches.iter().fold(report, |report, breach| report.item((RED, "✗"), &breach.sentence()));
        report.blank().line(PLAIN, &self.summary())
    }
}

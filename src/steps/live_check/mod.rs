//! What is wrong with a plan in this account: `validate --live`.
//!
//! Everything is found, not only the first. What the steps refuse before they write is asked of the
//! same functions, item by item, so that the two never disagree.

mod attributes;
mod events;
mod journeys;
mod places;
mod read;
mod sections;
mod setting;

pub use read::{Live, Looked, look};

use crate::error::{Code, Error};
use crate::plan::nearest::named;
use crate::plan::rename::{NotRenamed, renamed};
use crate::plan::{Configuration, Document, Finding, Plan, Severity};
use crate::platform::wire::{EventTable, KeyEvent};
use crate::steps::events::{WantedEvent, outlook};
use places::Place;
use serde_json::Value;
use std::collections::HashSet;

/// Codes of offline warnings that ask for what is checked here.
pub const SETTLED: [&str; 3] = ["unknown-attribute", "lookup-is-stitching-key", "unknown-placeholder"];

/// Checks a plan against what is live. The findings have no positions yet; the plan may be one
/// with offline errors, which are not said again.
pub fn check(document: &Document, plan: &Plan, live: &Live) -> Vec<Finding> {
    let (live, not_renamed) = under_new_names(plan, live);
    let mut checker = Checker::new(document, plan, &live);
    checker.findings.extend(not_renamed.into_iter().map(NotRenamed::finding));
    events::check(&mut checker);
    setting::check(&mut checker);
    let outlook = attributes::check(&mut checker);
    sections::check(&mut checker, &outlook);
    journeys::check(&mut checker, &outlook);
    checker.findings
}

/// What is live, under the names that the plan gives it.
fn under_new_names(plan: &Plan, live: &Live) -> (Live, Vec<NotRenamed>) {
    let live = live.clone();
    let configuration = Configuration {
        setting: live.setting,
        events: live.events,
        attributes: live.attributes,
        services: live.services,
        personalizations: live.personalizations,
        journeys: live.journeys.journeys,
        activations: live.journeys.activations,
        segments: live.segments,
    };
    let (now, not_renamed) = renamed(plan, &configuration);
    let live = Live {
        setting: now.setting,
        events: now.events,
        attributes: now.attributes,
        services: now.services,
        personalizations: now.personalizations,
        journeys: crate::steps::journeys::Live { journeys: now.journeys, activations: now.activations },
        segments: now.segments,
        ..live
    };
    (live, not_renamed)
}

/// A plan, what is live, and what was found so far.
struct Checker<'a> {
    document: &'a Document,
    plan: &'a Plan,
    live: &'a Live,
    /// Key events as they will be.
    events: Vec<KeyEvent>,
    /// Names of the plan's events, those included that could not be read.
    event_names: HashSet<String>,
    /// Names of the plan's attributes, those included that could not be read.
    attribute_names: HashSet<String>,
    findings: Vec<Finding>,
}

impl<'a> Checker<'a> {
    fn new(document: &'a Document, plan: &'a Plan, live: &'a Live) -> Self {
        let mut checker = Checker {
            document,
            plan,
            live,
            events: Vec::new(),
            event_names: names(document, "events"),
            attribute_names: names(document, "attributes"),
            findings: Vec::new(),
        };
        let wanted: Vec<WantedEvent> = plan
            .events
            .iter()
            .map(|event| WantedEvent {
                event: event.key_event(),
                filter_given: checker.says(&event.at, &["filter", "where"]),
            })
            .collect();
        checker.events = outlook(&wanted, &live.events);
        checker
    }

    fn value(&self, pointer: &str) -> Option<&'a Value> {
        self.document.value(pointer)
    }

    /// Whether the document has any of these keys there.
    fn says(&self, at: &str, keys: &[&str]) -> bool {
        let item =
            if at.is_empty() { Some(&self.document.root) } else { self.value(at).and_then(Value::as_object) };
        item.is_some_and(|item| keys.iter().any(|key| item.contains_key(*key)))
    }

    /// The pointer of the first of these keys that is there, else of what they would stand in.
    fn at(&self, at: &str, keys: &[&str]) -> String {
        match keys.iter().find(|key| self.says(at, &[key])) {
            Some(key) => format!("{at}/{key}"),
            None => at.to_owned(),
        }
    }

    /// The table of a key event; `None` when there is no such event.
    fn table_of(&self, event: &str) -> Option<EventTable> {
        let event = named(&self.events, event, |there| &there.name)?;
        Some(EventTable { database: event.database_name.clone(), table: event.table_name.clone() })
    }

    /// Adds what a step would end with.
    fn error(&mut self, code: &'static str, pointer: &str, error: &Error) {
        self.error_at(code, pointer, None, error);
    }

    fn error_at(&mut self, code: &'static str, pointer: &str, offset: Option<usize>, error: &Error) {
        let finding = Finding::new(code, Severity::Error, pointer, error.message.clone());
        self.findings.push(finding.with_fix(error.hint.clone()).with_offset(offset));
    }

    /// Says that a table lacks a column, at each place that names it, else at `fallback`.
    fn column(&mut self, table: &EventTable, column: &str, by: &str, places: &[Place], fallback: &str) {
        let Err(error) = self.live.schemas.column(table, column, by) else { return };
        let mut any = false;
        for place in places.iter().filter(|place| place.name == column) {
            any = true;
            self.error_at("unknown-column", &place.pointer, place.offset, &error);
        }
        if !any {
            self.error("unknown-column", fallback, &error);
        }
    }

    /// Says that neither the plan nor the parent segment has an event. A plan that lists events was
    /// checked for that offline.
    fn event(&mut self, pointer: &str, name: &str) {
        if !self.event_names.is_empty() || named(&self.events, name, |event| &event.name).is_some() {
            return;
        }
        let message = format!("there is no event '{name}' in the plan or the parent segment");
        let known: Vec<&str> = self.events.iter().map(|event| event.name.as_str()).collect();
        let error = unknown(message, name, &known, "add it to `events`");
        self.error("unknown-event", pointer, &error);
    }
}

/// An error with the nearest name, or other advice.
fn unknown(message: String, name: &str, known: &[&str], advice: &str) -> Error {
    let near = crate::plan::nearest::did_you_mean(name, known.iter().copied());
    Error::new(Code::NotFound, message).hint(near.unwrap_or_else(|| advice.to_owned()))
}

/// The names of a list's items, as far as they are texts or numbers.
fn names(document: &Document, list: &str) -> HashSet<String> {
    let items = document.root.get(list).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(|item| text(item.get("name")?)).collect()
}

/// A text as plans are read: numbers are texts too.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

//! What is wrong with a plan in this account: `validate --live`.
//!
//! Everything is found, not only the first. What the steps refuse before they write is asked of the
//! same functions, item by item, so that the two never disagree.

mod attributes;
mod events;
mod journeys;
mod places;
mod sections;
mod setting;

use super::desired::events::{outlook, wanted};
use super::desired::prune::Pruning;
use super::desired::{PlanOptions, Planner};
use super::live::{Live, Parts};
use super::parent_segment::{ParentSegment, find, not_enabled};
use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::nearest::named;
use crate::plan::rename::renamed;
use crate::plan::{Configuration, Document, Finding, Plan, Severity};
use crate::platform::wire::{EventTable, KeyEvent};
use places::AttributePlace;
use serde_json::Value;
use std::collections::HashSet;

/// Codes of offline warnings that ask for what is checked here.
pub const SETTLED: [&str; 3] = ["unknown-attribute", "lookup-is-stitching-key", "unknown-placeholder"];

/// Checks a plan against what is live. The findings have no positions yet; the plan may be one
/// with offline errors, which are not reported again.
pub fn check(document: &Document, plan: &Plan, live: &Live) -> Vec<Finding> {
    let (options, pruning) = (PlanOptions::default(), Pruning::default());
    let (state, not_renamed) = renamed(plan, &live.state);
    let before = &live.state;
    let live = &Live { state, ..live.clone() };
    let mut planner = Planner { before, ..Planner::new(document, plan, live, &options, &pruning) };
    planner.desired.state.events = outlook(&wanted(document, plan), &live.state.events);
    let events = planner.desired.state.events.clone();
    let mut checker = Checker { before, ..Checker::new(document, plan, live, events) };
    checker.findings.extend(not_renamed.into_iter().map(|item| item.finding(&live.ps)));
    events::check(&mut checker);
    setting::check(&mut checker);
    let unsure = attributes::check(&mut checker, &mut planner.desired.state);
    let planned = plan.id_stitching.iter().flat_map(|stitching| stitching.key_columns());
    planner.desired.state.setting.key_columns.extend(planned);
    let known = sections::Known { planner: &planner, unsure: &unsure };
    sections::check(&mut checker, &known);
    journeys::check(&mut checker, &known);
    checker.findings
}

/// What looking at a parent segment came to.
#[derive(Debug)]
pub enum Looked {
    /// It can be checked against.
    Live(Box<Live>),
    /// It cannot, and that is what is wrong with the plan.
    Wrong(Finding),
}

/// Reads what a plan is checked against. `at` is where the document names the parent segment; when
/// it does not, one that does not exist is the caller's error.
pub async fn look(client: &Client, plan: &Plan, wanted: &str, at: Option<&str>) -> Result<Looked, Error> {
    let wrong = |code, error: Error| {
        let finding = Finding::new(code, Severity::Error, at.unwrap_or_default(), error.message);
        Ok(Looked::Wrong(finding.with_fix(error.hint)))
    };
    let ps = match (find(client, wanted).await, at) {
        (Ok(ParentSegment { id, .. }), _) => id,
        (Err(error), Some(_)) if error.code == Code::NotFound => {
            return wrong("unknown-parent-segment", error);
        }
        (Err(error), Some(_)) if error.code == Code::AmbiguousName => {
            return wrong("ambiguous-parent-segment", error);
        }
        (Err(error), _) => return Err(error),
    };
    match Live::look(client, &ps, plan, Parts::of(plan) | Parts::TRIGGER_TABLES).await? {
        Some(live) => Ok(Looked::Live(Box::new(live))),
        None => wrong("rt-not-enabled", not_enabled(None)),
    }
}

/// A plan, what is live, and what was found so far.
struct Checker<'a> {
    document: &'a Document,
    plan: &'a Plan,
    live: &'a Live,
    /// What is live under the names that it has now, where `live` has those of the plan.
    before: &'a Configuration,
    /// Key events as they will be.
    events: Vec<KeyEvent>,
    /// Names of the plan's events, those included that could not be read.
    event_names: HashSet<String>,
    /// Names of the plan's attributes, those included that could not be read.
    attribute_names: HashSet<String>,
    findings: Vec<Finding>,
}

impl<'a> Checker<'a> {
    fn new(document: &'a Document, plan: &'a Plan, live: &'a Live, events: Vec<KeyEvent>) -> Self {
        Checker {
            document,
            plan,
            live,
            before: &live.state,
            events,
            event_names: names(document, "events"),
            attribute_names: names(document, "attributes"),
            findings: Vec::new(),
        }
    }

    fn value(&self, pointer: &str) -> Option<&'a Value> {
        self.document.value(pointer)
    }

    /// Whether the document has any of these keys there.
    fn gives(&self, at: &str, keys: &[&str]) -> bool {
        self.document.gives(at, keys)
    }

    /// The pointer of the first of these keys that exists, else of what they would stand in.
    fn at(&self, at: &str, keys: &[&str]) -> String {
        match keys.iter().find(|key| self.gives(at, &[key])) {
            Some(key) => format!("{at}/{key}"),
            None => at.to_owned(),
        }
    }

    /// The table of a key event; `None` when there is no such event.
    fn table_of(&self, event: &str) -> Option<EventTable> {
        named(&self.events, event, |there| &there.name).map(KeyEvent::event_table)
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
    fn column(
        &mut self,
        table: &EventTable,
        column: &str,
        by: &str,
        places: &[AttributePlace],
        fallback: &str,
    ) {
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
        let error = unknown(message, name, &known, "add it to `events`", self.plan.event_now(name));
        self.error("unknown-event", pointer, &error);
    }
}

/// An error with what it is called now, the nearest name, or other advice.
fn unknown(message: String, name: &str, known: &[&str], advice: &str, now: Option<String>) -> Error {
    let near = || crate::plan::nearest::did_you_mean(name, known.iter().copied());
    Error::new(Code::NotFound, message).hint(now.or_else(near).unwrap_or_else(|| advice.to_owned()))
}

/// The names of a list's items, as far as they are strings or numbers.
fn names(document: &Document, list: &str) -> HashSet<String> {
    let items = document.root.get(list).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(|item| text(item.get("name")?)).collect()
}

/// A string as plans are read: numbers count as strings.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

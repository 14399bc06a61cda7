//! The typed plan and its offline checks.

mod attribute;
mod attribute_read;
mod attribute_wire;
mod checks;
pub(super) mod counter;
mod event;
pub(super) mod fed;
mod fit;
mod journey;
mod journey_check;
mod journey_compiler;
mod journey_flow;
pub(super) mod journey_read;
mod journey_steps;
mod journey_wire;
pub(super) mod list;
mod personalization;
mod reach;
mod rename_check;
pub(super) mod section;
mod section_read;
mod stitching;
mod webhook_read;
pub(super) mod window_read;

pub use attribute::{Attribute, AttributeKind, Imported, Single};
pub use attribute_wire::{default_sub, import_column, import_of, imported_columns, planned_sub};
pub use counter::Counter;
pub use event::Event;
pub use fed::EventSource;
pub use journey::{
    Activation, Branch, Condition, EntryCondition, Exit, Journey, JourneyStep, JumpTarget, Sends, Stage,
    StepKind, Variant,
};
pub use journey_compiler::{JourneyLookup, LiveJourney};
pub use journey_read::reentry_word;
pub use journey_wire::{CompiledActivation, CompiledJourney};
pub use list::{ItemAction, List};
pub use personalization::{Only, PersonalizationService};
pub use reach::{HiddenSection, Reach, Why, hidden, hidden_in_plan};
pub use section::Lookup;
pub use section_read::{CatalogOutput, Section, SectionOutput};
pub use stitching::{IdStitching, StitchingKey};
pub use webhook_read::has_key;

use super::criteria::{self, Expr};
use super::document::Document;
use super::finding::{Finding, PlanError, Severity};
use super::read::{Fields, Reader, text_of};
use crate::plan::keys;
use crate::platform::wire::EventTable;
use serde_json::{Map, Value};

/// A plan, read and checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The parent segment's id, digits as a string.
    pub parent_segment_id: Option<String>,
    /// Its name; not unique on the platform.
    pub parent_segment_name: Option<String>,
    /// Key events and the tables they come from.
    pub events: Vec<Event>,
    /// Which columns identify a profile.
    pub id_stitching: Option<IdStitching>,
    /// Real-time attributes.
    pub attributes: Vec<Attribute>,
    /// Event tables that no key event of the plan names.
    pub event_tables: Vec<EventTable>,
    /// Services and entities.
    pub personalizations: Vec<PersonalizationService>,
    /// Journeys.
    pub journeys: Vec<Journey>,
}

/// A plan that can be used, with what its author may want to know.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedPlan {
    /// The plan.
    pub plan: Plan,
    /// Findings that are no errors, in document order.
    pub warnings: Vec<Finding>,
}

/// A criteria text of a mapping; absent takes everything. Errors stand where the wrong part is.
fn read_criteria(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<Expr> {
    let text = match fields.get(key) {
        None => return Some(Expr::And(Vec::new())),
        Some(value) => text_of(reader, &fields.at(key), value, key)?,
    };
    match criteria::parse(&text) {
        Ok(expr) => Some(expr),
        Err(error) => {
            let pointer = fields.at(key);
            let message = format!("{}\n{}", error.message, error.excerpt(&text));
            let position = reader.document().position_in(&pointer, &text, error.span.start);
            let finding = Finding::new("bad-criteria", Severity::Error, &pointer, message);
            reader.findings.push(finding.with_position(position).with_fix(error.hint));
            // It matches nothing, so that the rest of the section is still checked.
            Some(Expr::Or(Vec::new()))
        }
    }
}

impl Plan {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// Everything that is wrong, with warnings behind it; not only the first problem.
    pub fn read(document: &Document) -> Result<CheckedPlan, PlanError> {
        let (plan, findings) = Plan::examine(document);
        let (errors, warnings): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(|finding| finding.severity == Severity::Error);
        if errors.is_empty() {
            return Ok(CheckedPlan { plan, warnings });
        }
        let findings = errors.into_iter().chain(warnings).collect();
        Err(PlanError { origin: document.origin.clone(), findings })
    }

    /// What can be read of a document, and everything that is wrong with it.
    pub(in crate::plan) fn examine(document: &Document) -> (Plan, Vec<Finding>) {
        let mut reader = Reader::new(document);
        if let Some(body) = document.body() {
            let message = format!("this is {}, not a plan", body.what());
            let fix = "`tdx-rt validate` checks it; a plan says by names what should exist".to_owned();
            reader.error_fix("not-a-plan", "", message, Some(fix));
            return (Plan::default(), reader.findings);
        }
        let plan = Plan::read_root(&mut reader, &document.root);
        checks::check(&mut reader, &plan, &document.root);
        let found = reader.findings.into_iter().map(|finding| document.sourced(finding));
        (plan, document.dialect_findings().chain(found).collect())
    }

    /// Numbers that stand where a string is read, as pointers with the characters that are written, and
    /// those whose characters would be lost.
    pub(in crate::plan) fn texts(document: &Document) -> (Vec<(String, String)>, Vec<Finding>) {
        let mut reader = Reader::new(document);
        Plan::read_root(&mut reader, &document.root);
        reader.findings.retain(|finding| finding.code == "unquoted-number");
        (reader.texts, reader.findings)
    }

    fn read_root(reader: &mut Reader<'_>, root: &Map<String, Value>) -> Plan {
        let fields = reader.map_fields("", root, keys::of(""));
        let parent_segment_id = fields.name(reader, "parent_segment_id");
        if parent_segment_id.as_deref().is_some_and(|id| !id.bytes().all(|b| b.is_ascii_digit()))
            && let Some(value) = fields.get("parent_segment_id")
        {
            let at = fields.at("parent_segment_id");
            reader.wrong_type(&at, "'parent_segment_id' is a number of digits", value);
        }
        let mut plan = Plan {
            parent_segment_id,
            parent_segment_name: fields.name(reader, "parent_segment_name"),
            ..Plan::default()
        };
        if let Some(other) = fields.get("parent_segment").filter(|found| !found.is_object()) {
            let expected =
                "a plan names its parent segment with 'parent_segment_id' or 'parent_segment_name'";
            reader.wrong_type(&fields.at("parent_segment"), expected, other);
        }
        // What an earlier step has found out stands in for what the author left out.
        let found = fields.get("parent_segment").and_then(|found| found.get("id")).and_then(Value::as_str);
        plan.parent_segment_id = plan.parent_segment_id.or(found.map(str::to_owned));
        for (at, item) in fields.items(reader, "events") {
            plan.events.extend(Event::read(reader, &at, item));
        }
        if let Some(value) = fields.get("id_stitching") {
            plan.id_stitching = IdStitching::read(reader, &fields.at("id_stitching"), value);
        }
        for (at, item) in fields.items(reader, "attributes") {
            plan.attributes.extend(Attribute::read(reader, &at, item));
        }
        for (at, item) in fields.items(reader, "event_tables") {
            plan.event_tables.extend(event::read_event_table(reader, &at, item));
        }
        if let Some(value) = fields.get("personalization_service") {
            let at = fields.at("personalization_service");
            plan.personalizations.extend(PersonalizationService::read(reader, &at, value));
        }
        if let Some(value) = fields.get("journey") {
            plan.journeys.extend(Journey::read(reader, &fields.at("journey"), value));
        }
        for (at, item) in fields.items(reader, "journeys") {
            plan.journeys.extend(Journey::read(reader, &at, item));
        }
        for (at, item) in fields.items(reader, "personalization_services") {
            plan.personalizations.extend(PersonalizationService::read(reader, &at, item));
        }
        plan
    }

    /// Whether a root has any key of a plan, or of a step before it.
    pub(in crate::plan) fn is_in(root: &Map<String, Value>) -> bool {
        // A description is one of anything.
        let says = |key: &&&str| **key != "description" && root.contains_key(**key);
        keys::of("").iter().chain(&["parent_segment"]).any(|key| says(&key))
    }

    /// Whether it names nothing to configure.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
            && self.event_tables.is_empty()
            && self.id_stitching.is_none()
            && self.attributes.is_empty()
            && self.personalizations.is_empty()
            && self.journeys.is_empty()
    }
}

#[cfg(test)]
mod tests;

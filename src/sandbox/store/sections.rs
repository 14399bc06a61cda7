//! Reading and checking the body of a personalization.

use super::batch::BatchData;
use super::body::{Object, event_rule, label, only_or_later, problem};
use super::realtime::Realtime;
use crate::platform::fields::{CRITERIA, SECTION, keys};
use crate::platform::payload::{self, Attributes as _};
use crate::platform::rule::{Operand, Rule};
use crate::platform::wire::{AttributeSpec, CatalogPayload, EntryCriteria, Section};
use crate::sandbox::refusal::{Problem, Reason, Refusal};
use serde_json::Value;

const AT: &str = "/attributes/sections";

/// Reads the sections, or returns all their problems. `old` are the sections of the
/// personalization that is changed; only those ids can be sent.
pub fn read(
    attributes: &Object,
    realtime: &Realtime,
    batch: &BatchData,
    old: Option<&[Section]>,
) -> Result<Vec<Section>, Refusal> {
    let items = match attributes.get("sections") {
        None => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(Refusal::invalid(Reason::SectionsInvalid, "Sections must be a list").at(AT)),
    };
    let mut problems = Vec::new();
    let mut sections = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let at = format!("{AT}/{index}");
        let Value::Object(item) = item else {
            problems.push(Problem::at(Reason::SectionInvalid, at, "A section must be an object"));
            continue;
        };
        let before = problems.len();
        shape(&mut problems, &at, item, old);
        if problems.len() > before {
            continue;
        }
        match serde_json::from_value::<Section>(Value::Object(item.clone())) {
            Ok(section) => sections.push(section),
            Err(error) => problems.push(Problem::at(Reason::SectionInvalid, at, error.to_string())),
        }
    }
    Refusal::unless_empty(problems)?;
    check(&sections, realtime, batch)?;
    Ok(sections)
}

/// The fields of a section, before it is read as a type.
fn shape(problems: &mut Vec<Problem>, at: &str, item: &Object, old: Option<&[Section]>) {
    let mut allowed = SECTION.to_vec();
    allowed.retain(|key| old.is_some() || *key != "id");
    problems.extend(problem(at, only_or_later(item, &allowed)));
    for key in ["entryCriteria", "payload"] {
        match item.get(key) {
            None => problems.push(Problem::at(
                Reason::SectionFieldMissing,
                format!("{at}/{key}"),
                format!("{} is missing", label(key)),
            )),
            Some(Value::Null | Value::Object(_)) => {}
            Some(_) => {
                problems.push(Problem::at(
                    Reason::SectionFieldInvalid,
                    format!("{at}/{key}"),
                    format!("{} must be an object", label(key)),
                ));
            }
        }
    }
    match item.get("name") {
        Some(Value::String(name)) if !name.trim().is_empty() => {}
        _ => {
            problems.push(Problem::at(Reason::SectionNameBlank, format!("{at}/name"), "Name can't be blank"))
        }
    }
    if let Some(criteria) = item.get("entryCriteria").and_then(Value::as_object) {
        let at = format!("{at}/entryCriteria");
        problems.extend(problem(&at, only_or_later(criteria, &keys(&CRITERIA))));
        if criteria.get("name").and_then(Value::as_str).is_none_or(|name| name.trim().is_empty()) {
            problems.push(Problem::at(Reason::SectionNameBlank, format!("{at}/name"), "Name can't be blank"));
        }
    }
    if let (Some(old), Some(id)) = (old, item.get("id").filter(|id| !id.is_null())) {
        let known = old.iter().any(|section| section.id.as_deref() == id.as_str() && id.is_string());
        if !known {
            problems.push(Problem::at(
                Reason::SectionIdForeign,
                format!("{at}/id"),
                "Section id does not belong to this personalization",
            ));
        }
    }
}

fn check(sections: &[Section], realtime: &Realtime, batch: &BatchData) -> Result<(), Refusal> {
    let mut problems: Vec<Problem> = payload::check(sections, realtime.attributes.as_slice())
        .into_iter()
        .map(|violation| {
            let at = format!("/attributes{}", violation.pointer);
            let problem = Problem::at(Reason::SectionPayloadInvalid, at, violation.message);
            Problem { word: violation.word, ..problem }
        })
        .collect();
    for (index, section) in sections.iter().enumerate() {
        check_segments(&mut problems, &format!("{AT}/{index}/payload"), section, batch);
        check_lookups(&mut problems, &format!("{AT}/{index}/payload"), section, realtime, batch);
        if let Some(criteria) = &section.entry_criteria {
            check_criteria(&mut problems, &format!("{AT}/{index}/entryCriteria"), criteria, realtime);
        }
    }
    Refusal::unless_empty(problems)
}

/// Batch segments are the parent segment's own.
fn check_segments(problems: &mut Vec<Problem>, at: &str, section: &Section, batch: &BatchData) {
    for (node, content) in section.payload.iter().flatten() {
        let segments = content.definition.segment_payload.iter().flat_map(|payload| &payload.batch_segments);
        for (index, segment) in segments.enumerate() {
            if batch.segment(&segment.id).is_none() {
                let at = format!("{at}/{node}/definition/segmentPayload/batchSegments/{index}/id");
                let message = format!("there is no batch segment with the id {}", segment.id);
                problems.push(Problem::at(Reason::SectionBatchSegmentMissing, at, message));
            }
        }
    }
}

/// A catalog is looked up by a column that its table has. (Lookup keys were checked when the catalog
/// was made; one without them takes any column.)
fn check_lookups(
    problems: &mut Vec<Problem>,
    at: &str,
    section: &Section,
    realtime: &Realtime,
    batch: &BatchData,
) {
    for (node, content) in section.payload.iter().flatten() {
        let lookups = content.definition.catalog_payload.iter().flat_map(CatalogPayload::lookups);
        for (index, lookup) in lookups.enumerate() {
            let (Some(name), Some(column)) = (&lookup.catalog_name, &lookup.lookup_column) else { continue };
            let Some(AttributeSpec::LookupCatalog(catalog)) =
                realtime.attributes.by_catalog(name).map(|a| &a.spec)
            else {
                continue;
            };
            let table = batch.tables.get(&catalog.lookup_catalog_table_name);
            let known = table.is_none_or(|table| table.columns.iter().any(|known| known == column));
            if !known && catalog.lookup_keys.is_empty() && !column.trim().is_empty() {
                let at = format!("{at}/{node}/definition/catalogPayload/{index}/lookupColumn");
                problems.push(Problem::at(
                    Reason::SectionCatalogColumnMissing,
                    at,
                    format!("the catalog '{name}' has no column '{column}'"),
                ));
            }
        }
    }
}

/// Key event and attributes of criteria exist, and their rules are understood.
pub(super) fn check_criteria(
    problems: &mut Vec<Problem>,
    at: &str,
    criteria: &EntryCriteria,
    realtime: &Realtime,
) {
    if let Some(trigger) = &criteria.key_event_criteria {
        let at = format!("{at}/keyEventCriteria");
        if realtime.key_event(&trigger.key_event_id).is_err() {
            let message = format!("there is no key event with the id {}", trigger.key_event_id);
            problems.push(Problem::at(Reason::CriteriaKeyEventMissing, format!("{at}/keyEventId"), message));
        }
        let checked = event_rule(&trigger.key_event_filters, "Key event filters");
        problems.extend(problem(&format!("{at}/keyEventFilters"), checked));
    }
    if let Some(rule) = &criteria.profile_criteria {
        let at = format!("{at}/profileCriteria");
        problems.extend(
            profile_rule(rule, realtime)
                .err()
                .map(|message| Problem::at(Reason::CriteriaInvalid, at, message)),
        );
    }
}

/// Checks a rule over attributes: it is understood, and each attribute exists and has the sub.
pub(super) fn profile_rule(rule: &Rule, realtime: &Realtime) -> Result<(), String> {
    rule.compile().map_err(|error| format!("Profile criteria: {error}"))?;
    for operand in rule.operands() {
        match operand {
            Operand::Column(column) => {
                return Err(format!(
                    "Profile criteria can't have a condition on the event column '{column}'"
                ));
            }
            Operand::Attribute { id, sub } => match realtime.attribute(id) {
                Err(_) => return Err(format!("there is no real-time attribute with the id {id}")),
                Ok(attribute) => payload::sub_attribute(attribute, sub)?,
            },
        }
    }
    Ok(())
}

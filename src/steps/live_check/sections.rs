//! Services and sections: triggers, attributes, sub attributes, batch segments.

use super::attributes::Outlook;
use super::places::{Place, collect};
use super::{Checker, text, unknown};
use crate::error::{Code, Error};
use crate::plan::nearest::{named, same_name};
use crate::plan::{Finding, Lookup, Output, PersonalizationService, Reach, Section, Severity, default_sub};
use crate::platform::payload::sub_attribute;
use crate::platform::wire::Section as WireSection;
use crate::steps::ownership::section_path;
use crate::steps::personalization::{Names, prepare};
use crate::steps::service;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// What sections may name.
pub(super) struct Known<'a> {
    pub(super) names: Names<'a>,
    pub(super) outlook: &'a Outlook,
}

pub(super) fn check(checker: &mut Checker<'_>, outlook: &Outlook) {
    let (plan, live) = (checker.plan, checker.live);
    let events = checker.events.clone();
    let names = Names {
        events: &events,
        attributes: &outlook.attributes,
        imported: &outlook.imported,
        planned: &plan.attributes,
        segments: &live.segments,
    };
    let known = Known { names, outlook };
    for plan in &plan.personalizations {
        if plan.wants_service()
            && let Err(error) = service::check(&plan.name, plan.public, &live.services)
        {
            checker.error("live-conflict", &format!("{}/public", plan.at), &error);
        }
        if let Some(trigger) = &plan.trigger_event {
            checker.event(&format!("{}/trigger_event", plan.at), trigger);
        }
        for section in &plan.sections {
            let before = checker.findings.len();
            check_section(checker, section, &known);
            // The rest of the rules speaks of the whole; what is wrong already would be said again.
            if checker.findings.len() == before && plan.wants_entity() && outlook.unsure.is_empty() {
                payload(checker, plan, section, &known);
            }
        }
        if plan.wants_entity() && outlook.unsure.is_empty() {
            behind_live(checker, plan, &known);
        }
    }
}

/// New sections that never answer, because they will stand behind a live one with the same criteria that
/// the plan does not name. Among those of the plan that is found offline.
fn behind_live(checker: &mut Checker<'_>, plan: &PersonalizationService, known: &Known<'_>) {
    let live = checker.live;
    let Some(existing) = named(&live.personalizations, &plan.name, |there| &there.attributes.name) else {
        return;
    };
    let is_new = |section: &&Section| {
        named(&existing.attributes.sections, &section.name, |there| &there.name).is_none()
    };
    let names = known.names;
    // What is wrong with the sections is told of each of them.
    let Ok(prepared) = prepare(&live.ps, plan, names, &live.batch, Some(existing), &BTreeSet::new()) else {
        return;
    };
    let sections = prepared.outlook().attributes.sections;
    for section in plan.sections.iter().filter(is_new) {
        let place = sections.iter().position(|there| there.name == section.name).unwrap_or_default();
        let Some(reach) = sections.get(place).and_then(Reach::of) else { continue };
        let stays = |there: &&WireSection| {
            named(&plan.sections, &there.name, |planned| &planned.name).is_none()
                && Reach::of(there).is_some_and(|earlier| earlier.covers(&reach))
        };
        let Some(earlier) = sections.iter().take(place).find(stays) else { continue };
        let message = format!(
            "the section '{}' never answers: '{}' before it has the same criteria, is live and stays",
            section.name, earlier.name
        );
        let fix = format!(
            "add renamed_from: {} if it is that section; else change its criteria, or delete the other one: --prune-item {}",
            earlier.name,
            section_path(&plan.name, &earlier.name)
        );
        let pointer = checker.at(&section.at, &["criteria"]);
        let finding = Finding::new("same-criteria", Severity::Warning, &pointer, message);
        checker.findings.push(finding.with_fix(Some(fix)));
    }
}

/// The rules of a section's payload, together with what is live and stays.
fn payload(checker: &mut Checker<'_>, plan: &PersonalizationService, section: &Section, known: &Known<'_>) {
    let live = checker.live;
    // One that is not known has a finding of its own.
    if known.names.key_event(&section.trigger_event).is_none() {
        return;
    }
    let existing = named(&live.personalizations, &plan.name, |there| &there.attributes.name);
    let alone = PersonalizationService { sections: vec![section.clone()], ..plan.clone() };
    if let Err(error) = prepare(&live.ps, &alone, known.names, &live.batch, existing, &BTreeSet::new()) {
        checker.error("bad-payload", &section.at, &error);
    }
}

fn check_section(checker: &mut Checker<'_>, section: &Section, known: &Known<'_>) {
    trigger(checker, section);
    for output in &section.attributes {
        check_output(checker, output, known);
    }
    for item in section.catalogs.iter().flatten() {
        let pointer = format!("{}/attribute", item.at);
        attribute(checker, &item.attribute, &pointer, None, known);
    }
    let at = format!("{}/criteria", section.at);
    for name in section.criteria.names() {
        check_name(checker, &name.text, &at, name.span.start, known);
    }
    if let Some(rule) = &section.criteria_rule {
        let mut places = Vec::new();
        collect(rule, &at, "realtimeAttribute", &mut places);
        for Place { name, pointer, .. } in places {
            attribute(checker, &name, &pointer, None, known);
        }
    }
    segments(checker, section);
}

/// The key event of a section, and the columns of its filter.
fn trigger(checker: &mut Checker<'_>, section: &Section) {
    if checker.says(&section.at, &["trigger_event"]) {
        checker.event(&format!("{}/trigger_event", section.at), &section.trigger_event);
    }
    let table = checker.table_of(&section.trigger_event).filter(|table| checker.live.schemas.has(table));
    let Some(table) = table else { return };
    let places = checker.filter_places(&section.at, &["trigger_filter", "trigger_where"]);
    let by = format!("section '{}'", section.name);
    let mut seen: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    seen.sort_unstable();
    seen.dedup();
    for column in seen {
        checker.column(&table, column, &by, &places, &section.at);
    }
}

/// Whether there is such an attribute; when not, that is said.
pub(super) fn attribute(
    checker: &mut Checker<'_>,
    name: &str,
    pointer: &str,
    offset: Option<usize>,
    known: &Known<'_>,
) -> bool {
    if checker.attribute_names.contains(name) || known.names.attribute(name).is_some() {
        return true;
    }
    let message = format!("there is no attribute '{name}' in the plan or the parent segment");
    let error = if checker.live.batch.iter().any(|batch| batch.name == name) {
        let fix = format!("it is only in the batch layer; add {{name: {name}, type: imported_batch}}");
        Error::new(Code::NotFound, message).hint(fix)
    } else {
        let mut names = known.names.attribute_names();
        names.extend(checker.attribute_names.iter().map(String::as_str));
        names.sort_unstable();
        unknown(message, name, &names, "`tdx-rt rt-attrs list` shows the attributes that are there")
    };
    checker.error_at("unknown-attribute", pointer, offset, &error);
    false
}

fn check_output(checker: &mut Checker<'_>, output: &Output, known: &Known<'_>) {
    let name = output.attribute.as_str();
    let found = attribute(checker, name, &output.at, None, known);
    if !found || known.outlook.unsure.contains(name) {
        return;
    }
    let Some(there) = known.names.attribute(name) else { return };
    let planned = known.names.planned_sub(name);
    let sub = output.sub.as_deref().or(planned.as_deref()).or_else(|| default_sub(there));
    if let Err(why) = sub_attribute(there, sub) {
        let pointer = checker.at(&output.at, &["sub"]);
        checker.error("bad-sub", &pointer, &Error::new(Code::InvalidPlan, why));
    }
}

/// `name`, or `name.sub`.
pub(super) fn check_name(checker: &mut Checker<'_>, text: &str, at: &str, offset: usize, known: &Known<'_>) {
    let is_known =
        |name: &str| checker.attribute_names.contains(name) || known.names.attribute(name).is_some();
    match text.rsplit_once('.') {
        Some((head, sub)) if !is_known(text) && is_known(head) => {
            let found = known.names.attribute(head).filter(|_| !known.outlook.unsure.contains(head));
            if let Some(Err(why)) = found.map(|there| sub_attribute(there, Some(sub))) {
                checker.error_at("bad-sub", at, Some(offset), &Error::new(Code::InvalidPlan, why));
            }
        }
        _ => drop(attribute(checker, text, at, Some(offset), known)),
    }
}

fn segments(checker: &mut Checker<'_>, section: &Section) {
    let live = checker.live;
    let items = checker.value(&format!("{}/batch_segments", section.at)).and_then(Value::as_array);
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for name in &section.batch_segments {
        let is_it = |item: &Value| text(item).as_ref() == Some(name);
        let index = items.and_then(|items| items.iter().position(is_it)).unwrap_or_default();
        let pointer = format!("{}/batch_segments/{index}", section.at);
        let fitting: Vec<_> = match live.segments.iter().find(|there| there.id == *name) {
            Some(found) => vec![found],
            None => live.segments.iter().filter(|there| same_name(&there.name, name)).collect(),
        };
        match fitting.as_slice() {
            [] => {
                let known: Vec<&str> = live.segments.iter().map(|there| there.name.as_str()).collect();
                let message = format!("there is no batch segment '{name}' in the parent segment");
                let advice = format!("it has: {}", known.join(", "));
                let error = unknown(message, name, &known, &advice);
                checker.error("unknown-segment", &pointer, &error);
            }
            [one] => {
                // The same name twice is found offline.
                if let Some(other) = seen.insert(&one.id, name).filter(|other| other != name) {
                    let message =
                        format!("'{other}' and '{name}' are the same batch segment (id {})", one.id);
                    let error = Error::new(Code::InvalidPlan, message).hint("leave one of them out");
                    checker.error("duplicate-segment", &pointer, &error);
                }
            }
            several => {
                let ids: Vec<&str> = several.iter().map(|there| there.id.as_str()).collect();
                let message = format!("{} batch segments are named '{name}': {}", ids.len(), ids.join(", "));
                let error = Error::new(Code::AmbiguousName, message).hint("name it by its id");
                checker.error("ambiguous-segment", &pointer, &error);
            }
        }
    }
}

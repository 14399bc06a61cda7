//! Services and sections: triggers, attributes, sub attributes, batch segments.

use super::places::{AttributePlace, collect};
use super::{Checker, text, unknown};
use crate::error::{Code, Error};
use crate::plan::criteria::Expr;
use crate::plan::nearest::same_name;
use crate::plan::{Lookup, PersonalizationService, Section, SectionOutput, default_sub, shell_word};
use crate::platform::payload::sub_attribute;
use crate::steps::desired::{Planner, personalization, service};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// What sections and journeys may name.
pub(super) struct Known<'a> {
    pub(super) planner: &'a Planner<'a>,
    /// Attributes of which it is not known what they will be.
    pub(super) unsure: &'a HashSet<String>,
}

pub(super) fn check(checker: &mut Checker<'_>, known: &Known<'_>) {
    let (plan, live) = (checker.plan, checker.live);
    for plan in &plan.personalizations {
        if plan.wants_service()
            && let Err(error) = service::check(plan, false, &live.state.services)
        {
            checker.error("live-conflict", &format!("{}/public", plan.at), &error);
        }
        if let Some(trigger) = &plan.trigger_event {
            checker.event(&format!("{}/trigger_event", plan.at), trigger);
        }
        for section in &plan.sections {
            let before = checker.findings.len();
            check_section(checker, section, known);
            // The rest of the rules speaks of the whole; what is wrong already would be reported again.
            if checker.findings.len() == before && plan.wants_entity() && known.unsure.is_empty() {
                payload(checker, plan, section, known);
            }
        }
        if plan.wants_entity()
            && known.unsure.is_empty()
            && let Ok((entity, _)) = personalization::outlook(known.planner, plan)
        {
            checker.findings.extend(personalization::never_reached(known.planner, plan, &entity));
        }
    }
}

/// The rules of a section's payload, together with what is live and stays.
fn payload(checker: &mut Checker<'_>, plan: &PersonalizationService, section: &Section, known: &Known<'_>) {
    // One that is not known has a finding of its own.
    if known.planner.key_event(&section.trigger_event).is_none() {
        return;
    }
    let alone = PersonalizationService { sections: vec![section.clone()], ..plan.clone() };
    if let Err(error) = personalization::outlook(known.planner, &alone) {
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
    criteria(checker, &section.criteria, section.criteria_rule.as_ref(), &at, known);
    segments(checker, section);
}

/// The attributes that a condition names, as text or as a rule.
pub(super) fn criteria(
    checker: &mut Checker<'_>,
    text: &Expr,
    rule: Option<&Value>,
    at: &str,
    known: &Known<'_>,
) {
    for name in text.names() {
        check_name(checker, &name.text, at, name.span.start, known);
    }
    let mut places = Vec::new();
    rule.into_iter().for_each(|rule| collect(rule, at, "realtimeAttribute", &mut places));
    for AttributePlace { name, pointer, .. } in places {
        attribute(checker, &name, &pointer, None, known);
    }
}

/// The key event of a section, and the columns of its filter.
fn trigger(checker: &mut Checker<'_>, section: &Section) {
    if checker.gives(&section.at, &["trigger_event"]) {
        checker.event(&format!("{}/trigger_event", section.at), &section.trigger_event);
    }
    let (keys, by) = (["trigger_filter", "trigger_where"], format!("section '{}'", section.name));
    checker.filter(&section.trigger_event, &section.at, &keys, &by);
}

/// Whether there is such an attribute; when not, a finding says so.
fn attribute(
    checker: &mut Checker<'_>,
    name: &str,
    pointer: &str,
    offset: Option<usize>,
    known: &Known<'_>,
) -> bool {
    if checker.attribute_names.contains(name) || known.planner.attribute(name).is_some() {
        return true;
    }
    let message = format!("there is no attribute '{name}' in the plan or the parent segment");
    let error = if checker.live.batch.iter().any(|batch| batch.name == name) {
        let fix = format!("it is only in the batch layer; add {{name: {name}, type: imported_batch}}");
        Error::new(Code::NotFound, message).hint(fix)
    } else {
        let mut names = known.planner.attribute_names();
        names.extend(checker.attribute_names.iter().map(String::as_str));
        names.sort_unstable();
        let advice =
            format!("`tdx-rt rt-attrs list --ps {}` lists the attributes", shell_word(&checker.live.ps));
        unknown(message, name, &names, &advice, checker.plan.attribute_now(name))
    };
    checker.error_at("unknown-attribute", pointer, offset, &error);
    false
}

fn check_output(checker: &mut Checker<'_>, output: &SectionOutput, known: &Known<'_>) {
    let name = output.attribute.as_str();
    let found = attribute(checker, name, &output.at, None, known);
    if !found || known.unsure.contains(name) {
        return;
    }
    let Some(there) = known.planner.attribute(name) else { return };
    let planned = known.planner.planned_sub(name);
    let sub = output.sub.as_deref().or(planned.as_deref()).or_else(|| default_sub(there));
    if let Err(why) = sub_attribute(there, sub) {
        let pointer = checker.at(&output.at, &["sub"]);
        checker.error("bad-sub", &pointer, &Error::new(Code::InvalidPlan, why));
    }
}

/// `name`, or `name.sub`.
fn check_name(checker: &mut Checker<'_>, text: &str, at: &str, offset: usize, known: &Known<'_>) {
    let is_known =
        |name: &str| checker.attribute_names.contains(name) || known.planner.attribute(name).is_some();
    match text.rsplit_once('.') {
        Some((head, sub)) if !is_known(text) && is_known(head) => {
            let found = known.planner.attribute(head).filter(|_| !known.unsure.contains(head));
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
        let fitting: Vec<_> = match live.state.segments.iter().find(|there| there.id == *name) {
            Some(found) => vec![found],
            None => live.state.segments.iter().filter(|there| same_name(&there.name, name)).collect(),
        };
        match fitting.as_slice() {
            [] => {
                let known: Vec<&str> = live.state.segments.iter().map(|there| there.name.as_str()).collect();
                let message = format!("there is no batch segment '{name}' in the parent segment");
                let advice = format!("it has: {}", known.join(", "));
                let error = unknown(message, name, &known, &advice, None);
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

//! Whether what a section says of an attribute fits the attribute.

use super::attribute::{Attribute, AttributeKind};
use super::section::ATTRIBUTE;
use super::{Plan, Section};
use crate::plan::criteria::{Expr, Name};
use crate::plan::finding::{Finding, Severity};
use crate::plan::read::Reader;
use crate::plan::wire_rule;
use crate::platform::payload::sub_attribute;
use crate::platform::rule::{Operator, OperatorKind};
use crate::platform::wire::{AggregationType, AttributeSpec, CounterType, RealtimeAttribute};
use serde_json::Value;
use std::collections::HashMap;

/// Attributes by name, as the platform would have them.
type Planned<'p> = HashMap<&'p str, (&'p Attribute, Option<RealtimeAttribute>)>;

/// Checks the sub attributes and comparisons of all sections.
pub(super) fn check(reader: &mut Reader<'_>, plan: &Plan) {
    let wire = |attribute: &Attribute| attribute.to_wire(&|_| Some("1".to_owned()), None).ok();
    let planned: Planned<'_> = plan
        .attributes
        .iter()
        .map(|attribute| (attribute.name.as_str(), (attribute, wire(attribute))))
        .collect();
    for section in plan.personalizations.iter().flat_map(|service| &service.sections) {
        for output in &section.attributes {
            let Some(sub) = &output.sub else { continue };
            let Some((_, Some(live))) = planned.get(output.attribute.as_str()) else { continue };
            if let Err(why) = sub_attribute(live, Some(sub)) {
                reader.error("bad-sub", &format!("{}/sub", output.at), why);
            }
        }
        check_criteria(reader, section, &planned);
        check_rule(reader, section, &planned);
    }
}

/// The attributes that criteria written as a rule name.
fn check_rule(reader: &mut Reader<'_>, section: &Section, planned: &Planned<'_>) {
    let Some(rule) = &section.criteria_rule else { return };
    for (condition, at) in wire_rule::attributes(rule, &format!("{}/criteria", section.at)) {
        let Some(name) = condition.get(ATTRIBUTE).and_then(Value::as_str) else { continue };
        let name_at = format!("{at}/{ATTRIBUTE}");
        let Some((_, live)) = planned.get(name) else {
            let parts = name.rsplit_once('.').filter(|(head, _)| planned.contains_key(head));
            if let Some((head, sub)) = parts {
                let message =
                    format!("'{name}' is no attribute; a rule names '{head}' and its part separately");
                let fix = format!("write {ATTRIBUTE}: {head} and subAttributeIdentifier: {sub}");
                reader.error_fix("bad-sub", &name_at, message, Some(fix));
            }
            continue;
        };
        let sub = condition.get("subAttributeIdentifier").and_then(Value::as_str);
        if let Some(live) = live
            && has_subs(live)
            && let Err(why) = sub_attribute(live, sub)
        {
            let place = if sub.is_some() { format!("{at}/subAttributeIdentifier") } else { name_at };
            reader.error("bad-sub", &place, why);
        }
    }
}

fn check_criteria(reader: &mut Reader<'_>, section: &Section, planned: &Planned<'_>) {
    let mut tests = Vec::new();
    collect(&section.criteria, &mut tests);
    for (name, operator) in tests {
        let (known, sub) = match (planned.get(name.text.as_str()), name.text.rsplit_once('.')) {
            (Some(known), _) => (known, None),
            (None, Some((head, sub))) => match planned.get(head) {
                Some(known) => (known, Some(sub)),
                None => continue,
            },
            (None, None) => continue,
        };
        let (attribute, live) = known;
        if let (Some(sub), Some(live)) = (sub, live)
            && let Err(why) = sub_attribute(live, Some(sub))
        {
            add(reader, section, name, "bad-sub", Severity::Error, why, None);
            continue;
        }
        if let Some((message, fix)) = misfit(attribute, sub, operator) {
            add(reader, section, name, "criteria-type", Severity::Warning, message, Some(fix));
        }
    }
}

fn collect<'e>(expr: &'e Expr, tests: &mut Vec<(&'e Name, &'e Operator)>) {
    match expr {
        Expr::And(all) | Expr::Or(all) => all.iter().for_each(|inner| collect(inner, tests)),
        Expr::Not(inner) => collect(inner, tests),
        Expr::Test { name, operator } => tests.push((name, operator)),
    }
}

/// Adds a finding at the name in the criteria text.
fn add(
    reader: &mut Reader<'_>,
    section: &Section,
    name: &Name,
    code: &'static str,
    severity: Severity,
    message: String,
    fix: Option<&str>,
) {
    let pointer = format!("{}/criteria", section.at);
    let position = reader.document().position_in(&pointer, &section.criteria_text, name.span.start);
    let finding = Finding::new(code, severity, &pointer, message).with_position(position);
    reader.findings.push(finding.with_fix(fix.map(str::to_owned)));
}

/// What a value of an attribute is, where the plan alone shows it.
enum Holds {
    Number,
    Items,
}

fn holds(attribute: &Attribute, sub: Option<&str>) -> Option<Holds> {
    match &attribute.kind {
        AttributeKind::Counter(_) => Some(Holds::Number),
        AttributeKind::List(list) => {
            let meant = match sub {
                Some(sub) => list.aggregations.iter().find(|one| one.identifier == sub),
                None => list.aggregations.first(),
            };
            match meant?.aggregation_type {
                AggregationType::DistinctList => Some(Holds::Items),
                AggregationType::Sum => Some(Holds::Number),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Why a comparison can never hold, or not as its author thinks.
fn misfit(attribute: &Attribute, sub: Option<&str>, operator: &Operator) -> Option<(String, &'static str)> {
    let name = &attribute.name;
    match (holds(attribute, sub)?, operator.kind) {
        (_, OperatorKind::IsNull) => None,
        (Holds::Items, _) => Some((
            format!("'{name}' is a list of values, and this compares it with one"),
            "compare a single attribute, or a counter with its own 'where'",
        )),
        (Holds::Number, OperatorKind::Regexp) => Some((
            format!("'{name}' is a number, and this looks for a pattern in it"),
            "compare it with = > >= < <= or IN",
        )),
        (Holds::Number, _) => {
            let wrong = match &operator.right {
                Value::Array(items) => items.iter().find(|item| !is_number(item)),
                one => Some(one).filter(|one| !is_number(one)),
            }?;
            let fix = "write a number, without quotes";
            Some((format!("'{name}' is a number, and this compares it with {wrong}"), fix))
        }
    }
}

/// A rule over a list without aggregations, or a sliding counter without windows, is the
/// platform's to judge: it has such things already.
fn has_subs(live: &RealtimeAttribute) -> bool {
    match &live.spec {
        AttributeSpec::List(list) => !list.aggregations.is_empty(),
        AttributeSpec::Counter(counter) => {
            counter.counter_type == CounterType::Total || !counter.sub_durations.is_empty()
        }
        _ => true,
    }
}

fn is_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::String(text) => text.trim().parse::<f64>().is_ok(),
        _ => false,
    }
}

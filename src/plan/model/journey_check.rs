//! Checks of journeys against the rest of the plan.

use super::Plan;
use super::journey::{Condition, Journey};
use crate::plan::nearest::{did_you_mean, meant, nearest};
use crate::plan::read::Reader;
use crate::platform::template::{EVENT_PLACEHOLDERS, SECRET};
use std::collections::HashSet;

/// Names, jumps, attributes and placeholders. What a plan does not define itself may exist on the
/// platform, which is asked before anything is written.
pub(super) fn check(reader: &mut Reader<'_>, plan: &Plan) {
    let mut seen = HashSet::new();
    for journey in &plan.journeys {
        if !seen.insert(journey.name.as_str()) {
            let message = format!("the journey name '{}' occurs twice", journey.name);
            reader.error("duplicate-name", &format!("{}/name", journey.at), message);
        }
        check_jumps(reader, plan, journey);
        check_conditions(reader, plan, journey);
        check_placeholders(reader, plan, journey);
    }
}

/// A jump to a stage of a journey of the plan, which must have it.
fn check_jumps(reader: &mut Reader<'_>, plan: &Plan, journey: &Journey) {
    for target in journey.targets() {
        let name = target.journey.as_deref().unwrap_or(&journey.name);
        let Some(other) = plan.journeys.iter().find(|other| other.name == name) else { continue };
        let Some(stage) = &target.stage else { continue };
        let known: Vec<&str> = other.stages.iter().map(|stage| stage.name.as_str()).collect();
        if !known.is_empty() && !known.contains(&stage.as_str()) {
            let fix = did_you_mean(stage, known.iter().copied())
                .unwrap_or_else(|| format!("its stages are {}", known.join(", ")));
            let message = format!("the journey '{name}' has no stage '{stage}'");
            reader.error_fix("unknown-stage", &target.at, message, Some(fix));
        }
    }
}

/// Attributes that conditions name.
fn check_conditions(reader: &mut Reader<'_>, plan: &Plan, journey: &Journey) {
    let names: Vec<&str> = plan.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    if names.is_empty() {
        return;
    }
    let mut warned = HashSet::new();
    for condition in journey.conditions() {
        let Condition { expr, text, at, .. } = condition;
        for name in expr.names() {
            // `name.sub` names a window or an aggregation of `name`.
            let head = name.text.rsplit_once('.').map_or(name.text.as_str(), |(head, _)| head);
            let known = names.contains(&head) || names.contains(&name.text.as_str());
            if known || !warned.insert(name.text.clone()) {
                continue;
            }
            let message = format!(
                "the attribute '{}' is not in the plan; it must exist in the parent segment",
                name.text
            );
            let fix =
                plan.attribute_now(&name.text).or_else(|| did_you_mean(&name.text, names.iter().copied()));
            reader.warn("unknown-attribute", at, message, fix);
            reader.point_at(at, text, name.span.start);
        }
    }
}

/// Placeholders that are nearly a name of the plan's. What else they name may be a column of the event's
/// table, which only the platform knows.
fn check_placeholders(reader: &mut Reader<'_>, plan: &Plan, journey: &Journey) {
    let keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    let attributes = plan.attributes.iter().map(|attribute| attribute.name.as_str());
    let columns = plan.events.iter().filter(|event| Some(event.name.as_str()) == journey.trigger());
    let known: Vec<&str> = attributes
        .chain(keys.map(|key| key.name.as_str()))
        .chain(columns.flat_map(|event| event.columns()))
        .chain(EVENT_PLACEHOLDERS)
        .collect();
    for activation in journey.activations() {
        for (name, at, place) in activation.placeholders() {
            if known.contains(&name.as_str()) {
                continue;
            }
            let text = reader.document().value(&at).and_then(|value| value.as_str()).unwrap_or_default();
            if name.starts_with(SECRET) {
                let message = format!("'{{{{{name}}}}}' is a secret that the platform must know");
                reader.warn("unknown-placeholder", &at, message, None);
            } else if let Some(fix) = plan.attribute_now(&name) {
                let message = format!("'{{{{{name}}}}}' is the old name of an attribute");
                reader.warn("unknown-placeholder", &at, message, Some(fix));
            } else if let Some(near) = nearest(&name, known.iter().copied()) {
                let message = format!(
                    "'{{{{{name}}}}}' is no attribute or stitching key of the plan; it must be a column of the event's table"
                );
                let fix = Some(meant(&name, near));
                reader.warn("unknown-placeholder", &at, message, fix);
            } else {
                continue;
            }
            reader.point_at(&at, text, place);
        }
    }
}

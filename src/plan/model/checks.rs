//! Checks between the parts of a plan, and the platform's limits.

use super::reach::{Why, hidden_in_plan};
use super::section::ATTRIBUTE;
use super::{Attribute, AttributeKind, Plan};
use crate::plan::nearest::did_you_mean;
use crate::plan::read::Reader;
use crate::plan::wire_rule;
use crate::platform::limits;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Checks a whole plan. `root` says which parts the document has at all.
pub(super) fn check(reader: &mut Reader<'_>, plan: &Plan, root: &Map<String, Value>) {
    check_names(reader, plan);
    check_events(reader, plan, root);
    check_sections(reader, plan, root);
    check_reach(reader, plan);
    super::fit::check(reader, plan);
    check_keys(reader, plan);
    check_answers(reader, plan);
    check_limits(reader, plan);
}

/// Keys that are easily taken for one another.
fn check_keys(reader: &mut Reader<'_>, plan: &Plan) {
    let Some(stitching) = &plan.id_stitching else { return };
    let mut seen: HashMap<String, &str> = HashMap::new();
    for key in &stitching.stitching_keys {
        if let Some(other) = seen.insert(key.name.to_lowercase(), &key.name)
            && other != key.name
        {
            let message = format!("the stitching keys '{other}' and '{}' differ in case only", key.name);
            reader.warn("similar-keys", &key.at, message, Some("columns of a table are lower case".into()));
        }
    }
}

/// What a section answers, as far as that is known before any request.
fn check_answers(reader: &mut Reader<'_>, plan: &Plan) {
    for section in plan.personalizations.iter().flat_map(|service| &service.sections) {
        let mut seen = HashSet::new();
        for (index, segment) in section.batch_segments.iter().enumerate() {
            if !seen.insert(segment) {
                let message = format!("the batch segment '{segment}' occurs twice");
                reader.error("duplicate-segment", &format!("{}/batch_segments/{index}", section.at), message);
            }
        }
        let bytes: usize = section.strings.iter().flat_map(|(_, parts)| parts).map(String::len).sum();
        if bytes > limits::RESPONSE_BYTES {
            let message = format!(
                "the strings of this section have {bytes} bytes; a response has at most {}",
                limits::RESPONSE_BYTES
            );
            reader.error("limit-exceeded", &format!("{}/strings", section.at), message);
        }
    }
}

fn check_names(reader: &mut Reader<'_>, plan: &Plan) {
    super::journey_check::check(reader, plan);
    super::rename_check::check(reader, plan);
    let mut events = HashSet::new();
    for event in &plan.events {
        if !events.insert(event.name.as_str()) {
            let message = format!("the event name '{}' occurs twice", event.name);
            reader.error("duplicate-name", &format!("{}/name", event.at), message);
        }
    }
    let mut services = HashSet::new();
    for service in &plan.personalizations {
        if !services.insert(service.name.as_str()) {
            let message = format!("the personalization name '{}' occurs twice", service.name);
            reader.error("duplicate-name", &format!("{}/name", service.at), message);
        }
    }
    let mut names = HashSet::new();
    let mut identifiers: HashMap<&str, &str> = HashMap::new();
    for attribute in &plan.attributes {
        let at = format!("{}/name", attribute.at);
        if !names.insert(attribute.name.as_str()) {
            reader.error(
                "duplicate-name",
                &at,
                format!("the attribute name '{}' occurs twice", attribute.name),
            );
        } else if let Some(other) = identifiers.insert(&attribute.identifier, &attribute.name) {
            let message = format!(
                "'{}' and '{other}' have the same identifier '{}'",
                attribute.name, attribute.identifier
            );
            let fix = "give one of them another 'identifier'".to_owned();
            reader.error_fix("duplicate-name", &at, message, Some(fix));
        }
    }
}

/// Attributes and the service name events of the plan. A plan without `events` may name those that
/// exist on the platform already.
fn check_events(reader: &mut Reader<'_>, plan: &Plan, root: &Map<String, Value>) {
    // Counted before reading: an event with an error of its own is not an unknown one as well.
    let names: Vec<String> =
        listed(root, "events").filter_map(|(_, event)| text_of(event.get("name")?)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if names.is_empty() {
        return;
    }
    let mut uses: Vec<(String, &str)> = Vec::new();
    // One that could not be read for another reason may have this one wrong too.
    let read: HashSet<&str> = plan.attributes.iter().map(|attribute| attribute.at.as_str()).collect();
    for (at, attribute) in listed(root, "attributes").filter(|(at, _)| !read.contains(at.as_str())) {
        let event = attribute.get("source_event").and_then(Value::as_str);
        uses.extend(event.map(|name| (format!("{at}/source_event"), name)));
    }
    for attribute in &plan.attributes {
        uses.extend(attribute.source_event().map(|name| (format!("{}/source_event", attribute.at), name)));
        uses.extend(
            attribute.actions().iter().map(|action| (format!("{}/event", action.at), action.event.as_str())),
        );
    }
    for service in &plan.personalizations {
        uses.extend(
            service.trigger_event.as_deref().map(|name| (format!("{}/trigger_event", service.at), name)),
        );
        let own = service.sections.iter().filter(|section| {
            !section.trigger_event.is_empty()
                && service.trigger_event.as_ref() != Some(&section.trigger_event)
        });
        uses.extend(
            own.map(|section| (format!("{}/trigger_event", section.at), section.trigger_event.as_str())),
        );
    }
    for journey in &plan.journeys {
        for entry in journey.entries() {
            // A stage's own key is another than that of a goal.
            let of_stage = journey.stages.iter().any(|stage| stage.at == entry.at);
            let key = if of_stage { "/trigger_event" } else { "/event" };
            let event = entry.event.as_deref();
            uses.extend(event.map(|name| (format!("{}{key}", entry.at), name)));
        }
    }
    for (at, name) in uses {
        if !names.contains(&name) {
            let fix = plan
                .event_now(name)
                .or_else(|| did_you_mean(name, names.iter().copied()))
                .unwrap_or_else(|| format!("the plan has {}", names.join(", ")));
            reader.error_fix(
                "unknown-event",
                &at,
                format!("there is no event '{name}' in the plan"),
                Some(fix),
            );
        }
    }
}

/// Sections may name attributes that exist on the platform already, so an unknown name is a
/// warning here and an error when the section is built.
fn check_sections(reader: &mut Reader<'_>, plan: &Plan, root: &Map<String, Value>) {
    // Read or not: one with an error of its own is not an unknown one as well.
    let names: Vec<String> =
        listed(root, "attributes").filter_map(|(_, attribute)| text_of(attribute.get("name")?)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if names.is_empty() {
        return;
    }
    for section in plan.personalizations.iter().flat_map(|service| &service.sections) {
        let outputs =
            section.attributes.iter().map(|output| (output.at.clone(), None, output.attribute.as_str()));
        let criteria = section.criteria.names().into_iter().map(|name| {
            // `name.sub` names a window or an aggregation of `name`.
            let head = name.text.rsplit_once('.').map_or(name.text.as_str(), |(head, _)| head);
            let known = if names.contains(&head) { head } else { name.text.as_str() };
            (format!("{}/criteria", section.at), Some(name.span.start), known)
        });
        let rule_names = rule_names(section);
        // A name with a known head is reported as one that means a part of it.
        let is_part = |name: &str| name.rsplit_once('.').is_some_and(|(head, _)| names.contains(&head));
        let in_rule = rule_names.iter().filter(|(_, name)| !is_part(name));
        let in_rule = in_rule.map(|(at, name)| (at.clone(), None, *name));
        let mut warned = HashSet::new();
        for (at, offset, name) in outputs.chain(criteria).chain(in_rule) {
            if names.contains(&name) || !warned.insert(name) {
                continue;
            }
            let message =
                format!("the attribute '{name}' is not in the plan; it must exist in the parent segment");
            let fix = plan.attribute_now(name).or_else(|| did_you_mean(name, names.iter().copied()));
            reader.warn("unknown-attribute", &at, message, fix);
            if let Some(offset) = offset {
                reader.point_at(&at, &section.criteria_text, offset);
            }
        }
    }
}

/// Sections are tried in order, so that some never answer.
fn check_reach(reader: &mut Reader<'_>, plan: &Plan) {
    for service in &plan.personalizations {
        for hidden in hidden_in_plan(&plan.attributes, &service.sections) {
            let (Some(section), Some(by)) =
                (service.sections.get(hidden.section), service.sections.get(hidden.by))
            else {
                continue;
            };
            let (code, message) = hidden.warning(&section.name, &by.name);
            let (at, fix) = match hidden.why {
                Why::TakesEveryone => {
                    (section.at.clone(), "put the section without criteria last".to_owned())
                }
                Why::SameCriteria => (
                    format!("{}/criteria", section.at),
                    "change the criteria of one of them, or make one section of both".to_owned(),
                ),
            };
            reader.warn(code, &at, message, Some(fix));
        }
    }
}

/// The attributes that criteria written as a rule name, and where.
fn rule_names(section: &super::Section) -> Vec<(String, &str)> {
    let Some(rule) = &section.criteria_rule else { return Vec::new() };
    let conditions = wire_rule::attributes(rule, &format!("{}/criteria", section.at));
    let mut names = Vec::new();
    for (condition, at) in conditions {
        if let Some(Value::String(name)) = condition.get(ATTRIBUTE) {
            names.push((format!("{at}/{ATTRIBUTE}"), name.as_str()));
        }
    }
    names
}

/// The items of a list of the document with their pointers.
fn listed<'v>(root: &'v Map<String, Value>, key: &str) -> impl Iterator<Item = (String, &'v Value)> {
    let at = format!("/{key}");
    let items = root.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
    items.map(move |(index, item)| (format!("{at}/{index}"), item))
}

/// A name as it is read: numbers are strings too.
fn text_of(name: &Value) -> Option<String> {
    match name {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn check_limits(reader: &mut Reader<'_>, plan: &Plan) {
    let imported = |attribute: &&Attribute| matches!(attribute.kind, AttributeKind::Imported(_));
    let tables: HashSet<_> =
        plan.events.iter().map(super::Event::event_table).chain(plan.event_tables.iter().cloned()).collect();
    let keys = plan.id_stitching.as_ref().map_or(0, |stitching| stitching.stitching_keys.len());
    let counted = plan.attributes.iter().filter(|attribute| !imported(attribute)).count();
    let combined = [counted, keys, plan.journeys.len()].iter().sum();
    let filters: usize = plan.events.iter().map(|event| event.filter.characters()).sum();
    for (at, what, found, limit) in [
        ("/events", "event tables", tables.len(), limits::EVENT_TABLES),
        ("/events", "characters in the filters of all events together", filters, limits::FILTER_CHARACTERS),
        ("/id_stitching/stitching_keys", "stitching keys", keys, limits::STITCHING_KEYS),
        ("/attributes", "attributes, stitching keys and journeys together", combined, limits::COMBINED_ITEMS),
    ] {
        if found > limit {
            let message = format!("the plan has {found} {what}; the platform's limit is {limit}");
            reader.error("limit-exceeded", at, message);
        }
    }
}

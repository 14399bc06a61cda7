//! The workflow's summary of what was set up.

use crate::input::Step;
use crate::plan::{PersonalizationService, item_command};
use crate::steps::change::{Tally, unchanged};
use crate::steps::desired::prune::Pruning;
use crate::steps::items::named;
use crate::writing::Written;
use serde_json::{Value, json};

/// The workflow's summary.
pub fn summary(step: &Step, written: &Written, pruning: &Pruning) -> Value {
    let root = &step.document.root;
    let personalizations: Vec<Value> =
        step.plan.personalizations.iter().map(|plan| personalization(step, plan)).collect();
    // Of several, none stands for all.
    let one = match personalizations.as_slice() {
        [one] => one.clone(),
        _ => Value::Null,
    };
    let (setting, tally) = (&written.after.setting, written.tally);
    let unchanged =
        unchanged(&written.live.state, &written.desired.state, &named(&step.plan, &written.live.state));
    let of_one = |field: &str| one.get(field).cloned().unwrap_or_default();
    let journeys: Vec<Value> = match root.get("journeys") {
        Some(Value::Array(journeys)) => journeys.iter().map(journey_summary).collect(),
        _ => root.get("journey").into_iter().map(journey_summary).collect(),
    };
    let imported = step.plan.attributes.iter().filter(|a| a.imported_column().is_some()).count();
    json!({
        "parent_segment": {"id": step.ps.id, "name": step.ps.name},
        "items": {
            "created": tally.created, "updated": tally.updated, "unchanged": unchanged,
            "deleted": tally.deleted,
        },
        "rt_configuration": {
            "status": written.status,
            "event_tables": setting.event_tables.len(),
            "key_events": written.after.events.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(),
            "rt_attributes": step.plan.attributes.len().saturating_sub(imported),
            "batch_attributes": imported,
            "stitching_keys": setting.key_columns.len(),
        },
        "personalization": {
            "service": of_one("service"),
            "service_action": of_one("service_action"),
            "id": of_one("id"),
            "action": of_one("action"),
            "sections": of_one("sections"),
        },
        "personalizations": personalizations,
        "journeys": journeys,
        "endpoint": of_one("endpoint"),
        "event_endpoint": of_one("event_endpoint"),
        "console_url": of_one("console_url"),
        "next_steps": if sets_up(written, pruning) { next_steps(step, &personalizations, &journeys) } else { Vec::new() },
    })
}

/// What became of a personalization of the plan, as [`write_all`](crate::writing::write_all) noted it.
fn personalization(step: &Step, plan: &PersonalizationService) -> Value {
    let root = &step.document.root;
    let place = match step.plan.personalizations.len() {
        1 => Some(root),
        _ => step.document.value(&plan.at).and_then(Value::as_object),
    };
    let get = |key: &str, field: &str| -> Value {
        place.and_then(|place| place.get(key)?.get(field)).cloned().unwrap_or_default()
    };
    json!({
        "name": plan.name,
        "service": get("service", "name"),
        "service_action": get("service", "action"),
        "id": get("personalization", "id"),
        "action": get("personalization", "action"),
        "sections": plan.sections.len(),
        "endpoint": get("personalization", "endpoint"),
        "event_endpoint": get("personalization", "event_endpoint"),
        "console_url": get("personalization", "console_url"),
    })
}

fn journey_summary(journey: &Value) -> Value {
    let get = |key: &str| journey.get(key).cloned().unwrap_or_default();
    json!({"name": get("name"), "state": get("state"), "action": get("action")})
}

/// Whether more was done than the pruning does by itself.
fn sets_up(written: &Written, pruning: &Pruning) -> bool {
    let mut pruned = written.live.state.clone();
    pruning.apply(&mut pruned, &written.desired.own.state);
    let Tally { created, updated, .. } = Tally::between(&pruned, &written.desired.state);
    created > 0 || updated > 0
}

/// What makes sense now that something was set up; nothing where it has neither an endpoint nor a journey.
fn next_steps(step: &Step, personalizations: &[Value], journeys: &[Value]) -> Vec<String> {
    let mut steps = Vec::new();
    if personalizations.iter().any(has_endpoint) {
        steps.extend([
            "Test the API endpoint with real user IDs: tdx-rt pz-test -f PLAN --key td_client_id=ID"
                .to_owned(),
            "Integrate it into the web or mobile app".to_owned(),
            "Monitor API response times and errors".to_owned(),
        ]);
    }
    let is_draft = |journey: &&Value| journey["state"] == "draft";
    for draft in journeys.iter().filter(is_draft) {
        let launch =
            item_command("journey-create launch", draft["name"].as_str().unwrap_or_default(), &step.ps.id);
        steps.push(format!("Launch the journey: {launch}"));
    }
    if !journeys.iter().all(|journey| is_draft(&journey)) {
        let test = "tdx-rt journey-test NAME -f PLAN --key td_client_id=ID";
        steps.push(format!("Test a journey with an event: {test}"));
    }
    steps
}

fn has_endpoint(personalization: &Value) -> bool {
    personalization.get("endpoint").is_some_and(Value::is_string)
}

/// The same for people, with what was deleted.
pub fn text(summary: &Value, deleted: &str) -> String {
    let get = |pointer: &str| text_at(summary, pointer);
    let rt = |field: &str| get(&format!("/rt_configuration/{field}"));
    let journeys = summary.get("journeys").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let personalizations = summary.get("personalizations").and_then(Value::as_array);
    let personalizations = personalizations.map_or(&[][..], Vec::as_slice);
    let what = if personalizations.iter().any(has_endpoint) { "Personalization" } else { "Triggers" };
    let steps = summary.get("next_steps").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let counts = ["created", "updated", "deleted"];
    let counts = counts.map(|word| format!("{} {word}", get(&format!("/items/{word}")))).join(", ");
    let mut title = match steps.is_empty() {
        false => format!("RT {what} Setup Complete!"),
        true if counts == "0 created, 0 updated, 0 deleted" => {
            "Nothing to change: everything is as the plan says.".to_owned()
        }
        true => format!("Done: {counts}."),
    };
    if !deleted.is_empty() {
        title.push_str(&format!("\nDeleted: {deleted}"));
    }
    let mut text = format!(
        "{title}\n\nParent Segment: {} ({})\n\nRT Configuration: {}\n  - Event Tables: {} configured\n  - Key Events: {}\n  - RT Attributes: {}\n  - Batch Attributes: {} imported\n  - ID Stitching Keys: {} configured\n",
        get("/parent_segment/name"),
        get("/parent_segment/id"),
        rt("status"),
        rt("event_tables"),
        rt("key_events"),
        rt("rt_attributes"),
        rt("batch_attributes"),
        rt("stitching_keys"),
    );
    for one in personalizations {
        let get = |field: &str| text_at(one, &format!("/{field}"));
        text.push_str(&format!(
            "\nPersonalization:\n  - Service: {} ({})\n  - Entity: {} ({})\n  - Sections: {}\n\nAPI Endpoint:\n  {}\n\nConsole URL:\n  {}\n",
            get("service"),
            get("service_action"),
            get("id"),
            get("action"),
            get("sections"),
            get("endpoint"),
            get("console_url"),
        ));
    }
    if !journeys.is_empty() {
        text.push_str("\nJourneys:\n");
    }
    for journey in journeys {
        let word = |key: &str| journey.get(key).and_then(Value::as_str).unwrap_or_default();
        text.push_str(&format!("  - {}: {} ({})\n", word("name"), word("state"), word("action")));
    }
    if !steps.is_empty() {
        text.push_str("\nNext Steps:");
    }
    for (number, step) in (1_usize..).zip(steps.iter().filter_map(Value::as_str)) {
        text.push_str(&format!("\n  {number}. {step}"));
    }
    text
}

/// What stands at a JSON pointer, for people.
fn text_at(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Some(Value::Null) | None => "none".to_owned(),
        Some(other) => other.to_string(),
    }
}

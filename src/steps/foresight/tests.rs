use super::*;
use crate::platform::wire::{
    KeyColumn, RealtimeAttribute, RealtimeJourneyActivationStepResource, RealtimeJourneyAttributes,
};
use serde_json::{Map, Value, json};

/// Everything that a scene borrows.
struct Stage {
    journey: RealtimeJourneyAttributes,
    activations: Vec<RealtimeJourneyActivationStepResource>,
    events: Vec<KeyEvent>,
    attributes: Vec<RealtimeAttribute>,
    keys: Vec<KeyColumn>,
}

fn tier(value: &str) -> Value {
    json!({"type": "And", "conditions": [{"type": "RealtimeAttribute", "realtimeAttributeId": "31",
        "operator": {"type": "Equal", "rightValue": value, "not": false}}]})
}

fn stage(entry_criteria: Value, steps: Value) -> Stage {
    let export = json!({"method": "post", "url": "http://127.0.0.1:9/hook", "headers": null,
        "body": {"who": "{{td_client_id}}", "what": "{{last_product}}", "tier": "{{tier}}", "on": "{{event_name}}"}});
    let read = |value: Value| serde_json::from_value(value).unwrap();
    Stage {
        journey: serde_json::from_value(json!({
            "audienceId": "1", "segmentFolderId": "2", "name": "x", "description": null, "goal": null,
            "reentryMode": "reentry_always", "realtimeJourneyStages": [{
                "name": "one", "rootStep": "a", "steps": steps, "entryCriteria": {"name": "in",
                    "keyEventCriteria": {"keyEventId": "21", "keyEventFilters": {"type": "And", "conditions": [
                        {"type": "Column", "column": "price", "operator": {"type": "GreaterThan", "rightValue": 50, "not": false}}]}},
                    "profileCriteria": entry_criteria}}]
        }))
        .unwrap(),
        activations: read(json!([{"id": "41", "type": "t", "attributes": {"name": "hook", "connectionId": "9",
            "connectorType": "td_webhook_out", "connector": {"exportJson": export.to_string(), "exportAdvancedJson": null}}}])),
        events: serde_json::from_value(json!([{"id": "21", "name": "view", "databaseName": "web", "tableName": "pages",
            "filterRule": {"type": "And", "conditions": []}}]))
        .unwrap(),
        attributes: serde_json::from_value(json!([
            {"id": "31", "name": "tier", "identifier": "tier", "type": "imported"},
            {"id": "32", "name": "last_product", "identifier": "last_product", "type": "single",
                "realtimeKeyEventId": "21", "valueColumn": "product", "dataType": "string"}]))
        .unwrap(),
        keys: serde_json::from_value(json!([{"name": "td_client_id", "validRegexp": null, "invalidTexts": ["0"], "internal": false}])).unwrap(),
    }
}

fn seen(stage: &Stage, event: Value, given: Value) -> Foresight {
    let (Value::Object(event), Value::Object(given)) = (event, given) else { panic!("objects") };
    foresee(&Scene {
        journey: &stage.journey,
        activations: &stage.activations,
        events: &stage.events,
        attributes: &stage.attributes,
        keys: &stage.keys,
        event: &event,
        given: &given,
        known: &Map::new(),
    })
}

fn hook(next: Value) -> Value {
    let mut step = json!({"type": "TriggeredActivation", "journeyActivationStepId": "41"});
    if !next.is_null() {
        step["next"] = next;
    }
    step
}

#[test]
fn the_request_is_rendered_from_event_and_attributes() {
    let stage = stage(
        Value::Null,
        json!({"a": {"type": "WaitStep", "waitStep": 2, "waitStepUnit": "hour", "next": "b"}, "b": hook(Value::Null)}),
    );
    let event = json!({"td_client_id": "u1", "product": "p7", "price": 51});
    let found = seen(&stage, event, json!({}));
    assert_eq!(found.starts, Some(true));
    let steps: Vec<_> = found.steps.iter().map(|s| (s.after_seconds, s.kind, s.outcome.as_str())).collect();
    assert_eq!(
        steps,
        [(0, "WaitStep", "waits 2h"), (7_200, "TriggeredActivation", "sends POST http://127.0.0.1:9/hook")]
    );
    // The tier is not given: it is seen to be missing.
    let body = &found.steps[1].request.as_ref().unwrap()["body"];
    assert_eq!(body, &json!({"who": "u1", "what": "p7", "tier": "{{tier}}", "on": "view"}));
}

#[test]
fn it_says_why_it_does_not_start() {
    let stage = stage(tier("VIP"), json!({"a": hook(Value::Null)}));
    let good = json!({"td_client_id": "u1", "price": 51});
    for (event, given, starts, failed) in [
        (good.clone(), json!({"tier": "VIP"}), Some(true), vec![]),
        (good.clone(), json!({"tier": "Gold"}), Some(false), vec!["criteria"]),
        (good, json!({}), None, vec![]),
        (json!({"td_client_id": "u1", "price": 50}), json!({"tier": "VIP"}), Some(false), vec!["event"]),
        (json!({"td_client_id": "0", "price": 51}), json!({"tier": "VIP"}), Some(false), vec!["profile"]),
        (json!({"price": 51}), json!({"tier": "VIP"}), Some(false), vec!["profile"]),
        (json!({"td_client_id": 7, "price": 51}), json!({"tier": "VIP"}), Some(false), vec!["profile"]),
    ] {
        let found = seen(&stage, event.clone(), given.clone());
        let wrong: Vec<_> = found.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect();
        assert_eq!((found.starts, wrong), (starts, failed), "{event} {given}: {:?}", found.checks);
        assert_eq!(found.steps.is_empty(), starts == Some(false), "{event}");
    }
}

#[test]
fn branches_are_taken_as_far_as_they_can_be_known() {
    let steps = json!({
        "a": {"type": "DecisionPoint", "branches": [
            {"id": "1", "name": "VIP", "profileCriteria": tier("VIP"), "excludedPath": false, "next": "b"},
            {"id": "2", "name": "others", "profileCriteria": null, "excludedPath": true, "next": "m"}]},
        "b": hook(json!("m")),
        "m": {"type": "Merge", "next": "t"},
        "t": {"type": "Variant", "controlVariant": false, "customizedSplit": false, "branches": [
            {"id": "1", "name": "A", "percentage": 50, "isControlGroup": false, "next": null},
            {"id": "2", "name": "B", "percentage": 50, "isControlGroup": false, "next": null}]},
    });
    let stage = stage(Value::Null, steps);
    let event = json!({"td_client_id": "u1", "price": 51});
    let outcomes = |given: Value| -> Vec<String> {
        seen(&stage, event.clone(), given).steps.into_iter().map(|step| step.outcome).collect()
    };
    let test = "takes one of 'A' (50 %), 'B' (50 %)";
    assert_eq!(outcomes(json!({"tier": "VIP"})), ["takes 'VIP'", "sends POST http://127.0.0.1:9/hook", test]);
    assert_eq!(outcomes(json!({"tier": "Gold"})), ["takes 'others'", test]);
    assert_eq!(outcomes(json!({})), ["depends on the profile's tier; give it with --attribute NAME=VALUE"]);
}

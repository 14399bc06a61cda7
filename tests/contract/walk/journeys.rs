//! The part of the walk about journeys, activations and connections.

use super::{ENTITY, PS, VENDOR, Walk};
use serde_json::{Value, json};

const JOURNEYS: &str = "/entities/realtime_journeys";
const WAIT: &str = "58ab9022-b48d-430a-a879-2e13d08cd2c1";
const SEND: &str = "428ca341-3c3e-4d38-8d88-a035ce83a1ff";
const CHOOSE: &str = "1f0b6a52-0c31-4a57-9c9e-5b8f3f3f0a01";
const TEST: &str = "1f0b6a52-0c31-4a57-9c9e-5b8f3f3f0a02";
const MERGE: &str = "1f0b6a52-0c31-4a57-9c9e-5b8f3f3f0a03";
const JUMP: &str = "1f0b6a52-0c31-4a57-9c9e-5b8f3f3f0a04";
const END: &str = "1f0b6a52-0c31-4a57-9c9e-5b8f3f3f0a05";

/// Connections to destinations; the id of one for webhooks.
pub fn connections(walk: &mut Walk) -> String {
    walk.ok("GET", "/v3/connections/lookup?name=demo_webhook", None);
    assert_eq!(walk.say("GET", "/v3/connections/lookup?name=nobody", None, &[]).0, 404);
    let auth = json!({
        "account_id": "1", "user_id": "user_1", "auth_type": "td_webhook_out", "auth_name": "shop_webhook",
        "direction": "out", "auth": {"api_key": "1/secret", "url_prefix": "https://hooks.example.com/shop/"}});
    let id = walk.make("/v4/streaming_task_auths", auth);
    let listed = walk.ok("GET", "/v4/streaming_task_auths", None);
    assert!(!listed.to_string().contains("1/secret"), "a secret is never shown again: {listed}");
    walk.ok("GET", "/v3/connections/lookup?name=shop_webhook", None);
    id
}

/// Journeys from the draft to the end.
pub fn journeys(walk: &mut Walk, event: &str, single: &str, connection: &str) {
    let id = walk.make(JOURNEYS, draft("Welcome", true));
    // As the public examples send it: with a state, without relationships.
    let mut bare = draft("Other", false);
    bare["attributes"]["state"] = "draft".into();
    let other = walk.make(JOURNEYS, bare);
    let one = format!("{JOURNEYS}/{id}");
    let activation = activations(walk, &one, connection);
    let stages = walk.ok("GET", &one, None)["data"]["attributes"]["realtimeJourneyStages"].take();
    let stage = stages[0]["id"].as_str().expect("a stage has an id").to_owned();
    let elsewhere = walk.ok("GET", &format!("{JOURNEYS}/{other}"), None);
    let elsewhere = elsewhere["data"]["attributes"]["realtimeJourneyStages"][0]["id"].clone();
    let target = json!({"realtimeJourneyId": other, "realtimeJourneyStageId": elsewhere, "confirmed": true});
    let detail = json!({"attributes": {"name": "Welcome", "description": null,
        "realtimeJourneyStages": [{"id": stage, "name": "First"}]}});
    walk.ok("POST", &format!("{one}/detail"), Some(detail));
    let stages = full_stages(&stage, event, single, &activation, &target);
    let goal = json!({"name": "Bought", "description": "something", "target": target,
        "keyEventCriteria": key_event(event), "profileCriteria": rule(single)});
    let change = json!({"attributes": {"realtimeJourneyStages": stages, "goal": goal}});
    walk.ok("PATCH", &one, Some(change));
    refusals(walk, &one, event, single);

    let launch =
        |stages: &Value| json!({"attributes": {"state": "launched", "realtimeJourneyStages": stages}});
    let stages = walk.ok("GET", &one, None)["data"]["attributes"]["realtimeJourneyStages"].take();
    walk.platform.control("settle", json!({"ps": "394649", "status": "ok"}));
    let launched = walk.ok("PATCH", &one, Some(launch(&stages)));
    assert_eq!(launched["data"]["attributes"]["state"], "launched");
    walk.ok("PATCH", &format!("{one}/pause"), None);
    walk.ok("GET", &one, None);
    walk.ok("PATCH", &format!("{one}/resume"), None);
    let copy = json!({"id": id, "type": "journey", "attributes": {"name": "Welcome again"},
        "relationships": {"parentFolder": {"data": {"id": "3001", "type": "folder-segment"}}}});
    let copy = walk.make(&format!("{JOURNEYS}/duplicate"), copy);
    let variants = walk.ok("GET", &format!("{JOURNEYS}/abtest_variants?audience_id=394649"), None);
    assert_eq!(variants["data"].as_array().map_or(0, Vec::len), 4, "two of each: {variants}");
    // The other one shows who jumps to it.
    let seen = walk.ok("GET", &format!("{JOURNEYS}/{other}"), None);
    assert!(!seen["data"]["relationships"]["jumpFroms"]["data"].as_array().expect("a list").is_empty());
    assert_eq!(walk.leaf_through(&format!("{ENTITY}/realtime_journeys?permissions=view")), 3);
    assert_eq!(walk.leaf_through(&format!("{ENTITY}/realtime_activations")), 4);
    assert_eq!(walk.leaf_through(&format!("{one}/activations")), 2);
    walk.ok("DELETE", &format!("{JOURNEYS}/{other}"), None);
    // Its jump leads nowhere now, and says so.
    walk.ok("GET", &one, None);
    for id in [id, copy] {
        walk.ok("DELETE", &format!("{JOURNEYS}/{id}"), None);
    }
}

fn draft(name: &str, related: bool) -> Value {
    let mut draft = json!({"attributes": {
        "audienceId": "394649", "segmentFolderId": "3001", "name": name, "description": null, "goal": null,
        "reentryMode": "reentry_unless_goal_achieved", "realtimeJourneyStages": [{"name": "First"}]}});
    if related {
        draft["relationships"] = json!({});
    }
    draft
}

/// Two activations; the id of the first, which has a step of its own.
fn activations(walk: &mut Walk, journey: &str, connection: &str) -> String {
    let body = |name: &str, step: Option<&str>| {
        let mut attributes = json!({
            "name": name, "connectionId": connection, "connectorType": "td_webhook_out",
            "connector": {
                "exportJson": r#"{"method":"post","url":"https://hooks.example.com/shop/in","headers":null,"body":null}"#,
                "exportAdvancedJson": r#"{"webhook_retry_count":3,"webhook_connection_timeout":30}"#}});
        if let Some(step) = step {
            attributes["stepUuid"] = step.into();
        }
        json!({"attributes": attributes})
    };
    let address = format!("{journey}/activations");
    let id = walk.make(&address, body("Send", Some(SEND)));
    walk.make(&address, body("Later", None));
    let mut change = body("Send it", Some(SEND));
    change["attributes"]["description"] = "to the shop".into();
    walk.ok("PATCH", &format!("{address}/{id}"), Some(change));
    walk.ok("GET", &format!("{address}/{id}"), None);
    id
}

/// All kinds of steps, criteria and exits.
fn full_stages(stage: &str, event: &str, single: &str, activation: &str, target: &Value) -> Value {
    let branch = |id: &str, criteria: Value, excluded: bool, next: &str| {
        json!({"id": id, "name": id, "description": null, "profileCriteria": criteria,
            "excludedPath": excluded, "next": next})
    };
    let variant = |id: &str, next: &str| json!({"id": id, "name": id, "percentage": 50, "isControlGroup": false, "next": next});
    let steps = json!({
        WAIT: {"type": "WaitStep", "name": "An hour", "waitStep": 1, "waitStepUnit": "hour", "next": SEND},
        SEND: {"type": "TriggeredActivation", "name": "Send", "journeyActivationStepId": activation, "next": CHOOSE},
        CHOOSE: {"type": "DecisionPoint", "branches": [
            branch("some", rule(single), false, TEST), branch("rest", Value::Null, true, JUMP)]},
        TEST: {"type": "Variant", "branches": [variant("a", MERGE), variant("b", MERGE)],
            "controlVariant": false, "customizedSplit": null},
        MERGE: {"type": "Merge", "next": END},
        JUMP: {"type": "Jump", "name": "Elsewhere", "description": null, "target": target},
        END: {"type": "End"}});
    json!([
        {"id": stage, "name": "First", "description": "of two", "steps": steps, "rootStep": WAIT,
            "entryCriteria": {"name": "In", "keyEventCriteria": key_event(event), "acceptUnknownProfiles": true},
            "milestone": {"name": "Half", "profileCriteria": rule(single)},
            "exitCriterias": [
                {"name": "Too long", "unit": "day", "exitAfter": 3},
                {"name": "Gone", "keyEventCriteria": key_event(event), "profileCriteria": {}, "target": null}]},
        {"name": "Second", "steps": {END: {"type": "End"}}, "rootStep": END}])
}

fn key_event(id: &str) -> Value {
    json!({"keyEventId": id, "keyEventFilters": {"type": "And", "conditions": []}})
}

fn rule(attribute: &str) -> Value {
    json!({"type": "And", "conditions": [{"type": "RealtimeAttribute", "realtimeAttributeId": attribute,
        "operator": {"type": "Equal", "rightValue": "p1", "not": false}}]})
}

/// What a journey and its parts are refused for, in the shape of JSON:API.
fn refusals(walk: &mut Walk, journey: &str, event: &str, single: &str) {
    let mut refused = |status: u16, method: &str, target: &str, body: Option<Value>| {
        let (answered, answer) = walk.say(method, target, body, &[]);
        assert_eq!(answered, status, "{method} {target}: {answer}");
    };
    refused(404, "GET", &format!("{JOURNEYS}/999999"), None);
    refused(404, "PATCH", &format!("{JOURNEYS}/999999/pause"), None);
    refused(404, "GET", &format!("{journey}/activations/999999"), None);
    refused(404, "GET", &format!("{JOURNEYS}/abtest_variants?audience_id=394651"), None);
    refused(422, "POST", JOURNEYS, Some(draft("Welcome", true)));
    refused(422, "PATCH", &format!("{journey}/resume"), None);
    refused(422, "PATCH", journey, Some(json!({"attributes": {"state": "launched"}})));
    // The configuration is not rolled out yet.
    let stages = walk.ok("GET", journey, None)["data"]["attributes"]["realtimeJourneyStages"].take();
    let launch = json!({"attributes": {"state": "launched", "realtimeJourneyStages": stages}});
    assert_eq!(walk.say("PATCH", journey, Some(launch), &[]).0, 409);
    // In use.
    assert_eq!(walk.say("DELETE", &format!("{PS}/realtime_key_events/{event}"), None, &[]).0, 409);
    assert_eq!(walk.say("DELETE", &format!("{PS}/realtime_attributes/{single}"), None, &[]).0, 409);
    let (status, media, _) = walk.platform.send("POST", JOURNEYS, Some(("text/plain", json!({}))), &[]);
    assert_eq!((status, media.as_str()), (415, "application/json"), "only {VENDOR} is read");
}

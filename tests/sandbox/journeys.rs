//! Journeys and activations: what is stored, shown and refused.

use super::{PS, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};

const JOURNEYS: &str = "/entities/realtime_journeys";
const A: &str = "58ab9022-b48d-430a-a879-2e13d08cd2c1";
const B: &str = "428ca341-3c3e-4d38-8d88-a035ce83a1ff";
const C: &str = "1f0b6a52-0c31-4a57-9c9e-5b8f3f3f0a01";

/// A parent segment with a key event and an attribute, and a draft of one stage.
struct Set {
    platform: Platform,
    event: String,
    attribute: String,
    journey: String,
    stage: String,
}

impl Set {
    fn new() -> Self {
        let platform = Platform::start();
        let setting = json!({
            "keyColumns": [{"name": "td_client_id"}], "extLookupKey": "customer_id", "batchAttributes": [],
            "eventTables": [{"database": "web_events", "table": "pageviews"}]});
        let (status, answer) = platform.request("PATCH", &format!("{PS}/realtime_setting"), Some(setting));
        assert_eq!(status, 200, "{answer}");
        let event =
            json!({"name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
        let event = id(platform.request("POST", &format!("{PS}/realtime_key_events"), Some(event)));
        let attribute = json!({"name": "last", "identifier": "last", "type": "single",
            "realtimeKeyEventId": event, "valueColumn": "product_id", "dataType": "string"});
        let attribute = id(platform.request("POST", &format!("{PS}/realtime_attributes"), Some(attribute)));
        let (_, made) = send(&platform, "POST", JOURNEYS, draft("Welcome"));
        let stage = made["data"]["attributes"]["realtimeJourneyStages"][0]["id"].as_str();
        let stage = stage.unwrap_or_else(|| panic!("{made}")).to_owned();
        let journey = made["data"]["id"].as_str().expect("an id").to_owned();
        Set { platform, event, attribute, journey, stage }
    }

    fn one(&self) -> String {
        format!("{JOURNEYS}/{}", self.journey)
    }

    fn patch(&self, attributes: Value) -> (u16, Value) {
        send(&self.platform, "PATCH", &self.one(), json!({"attributes": attributes}))
    }

    /// One stage with these steps and this root.
    fn stages(&self, steps: Value, root: &str) -> Value {
        json!({"realtimeJourneyStages": [{"id": self.stage, "name": "First", "steps": steps, "rootStep": root,
            "entryCriteria": {"name": "In", "keyEventCriteria": {"keyEventId": self.event, "keyEventFilters": null}}}]})
    }

    fn activate(&self, attributes: Value) -> (u16, Value) {
        let path = format!("{}/activations", self.one());
        send(&self.platform, "POST", &path, json!({"attributes": attributes}))
    }

    fn ready(&self) {
        self.platform.control("settle", json!({"ps": "394649", "status": "ok"}));
    }

    /// A stage with a webhook, ready to be launched.
    fn launchable(&self) -> Value {
        let activation = id(self.activate(webhook()));
        let steps =
            json!({A: {"type": "TriggeredActivation", "journeyActivationStepId": activation, "next": null}});
        self.stages(steps, A)
    }
}

fn draft(name: &str) -> Value {
    json!({"attributes": {
        "audienceId": "394649", "segmentFolderId": "3001", "name": name, "description": null, "goal": null,
        "reentryMode": "no_reentry", "realtimeJourneyStages": [{"name": "First"}], "state": "draft"}})
}

fn webhook() -> Value {
    json!({"name": "Send", "stepUuid": A, "connectionId": "8501", "connectorType": "td_webhook_out",
        "connector": {
            "exportJson": json!({"method": "post", "url": "https://hooks.example.com/in", "headers": null, "body": null}).to_string(),
            "exportAdvancedJson": r#"{"webhook_retry_count": 3}"#}})
}

fn send(platform: &Platform, method: &str, path: &str, body: Value) -> (u16, Value) {
    platform.request_as(method, path, Some(body), VENDOR, &[])
}

#[track_caller]
fn id((status, answer): (u16, Value)) -> String {
    assert_eq!(status, 200, "{answer}");
    let id = answer.pointer("/data/id").or_else(|| answer.get("id")).and_then(Value::as_str);
    id.unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

/// Refused in JSON:API's shape, with this message, at this pointer.
#[track_caller]
fn refused((status, answer): (u16, Value), expected: u16, part: &str, pointer: &str) {
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{status}: {answer}"));
    let found = errors.iter().any(|error| {
        let detail = error["detail"].as_str().unwrap_or_default();
        detail.contains(part)
            && error["source"]["pointer"].as_str().unwrap_or_default() == pointer
            && error["status"].as_str() == Some(&expected.to_string())
    });
    assert!(status == expected && found, "{expected} '{part}' at '{pointer}': {status} {answer}");
}

#[test]
fn a_new_journey_is_a_draft_and_is_found() {
    let set = Set::new();
    let shown = set.platform.get(&set.one());
    let attributes = &shown["data"]["attributes"];
    assert_eq!((&attributes["state"], &attributes["paused"]), (&json!("draft"), &json!(false)));
    assert_eq!((&attributes["launchedAt"], &attributes["goal"]), (&Value::Null, &Value::Null));
    let list = set.platform.get("/entities/parent_segments/394649/realtime_journeys");
    assert_eq!(list["data"], json!([shown["data"]]));
    assert_eq!(set.platform.get(&format!("{}/activations", set.one()))["data"], json!([]));
}

#[test]
fn a_create_needs_all_fields_and_knows_their_values() {
    let set = Set::new();
    let with = |key: &str, value: Value| {
        let mut body = draft("Other");
        body["attributes"][key] = value;
        send(&set.platform, "POST", JOURNEYS, body)
    };
    refused(with("name", "Welcome".into()), 422, "Name has already been taken", "/attributes/name");
    refused(with("name", " ".into()), 422, "Name can't be blank", "/attributes/name");
    refused(with("audienceId", "999".into()), 404, "Record not found", "/attributes/audienceId");
    refused(with("audienceId", "394651".into()), 404, "Real-time is not enabled", "");
    refused(with("segmentFolderId", "77".into()), 404, "Record not found", "/attributes/segmentFolderId");
    let mode = "'always_allow_reentry' is not included in the list";
    refused(with("reentryMode", "always_allow_reentry".into()), 422, mode, "/attributes/reentryMode");
    refused(with("state", "launched".into()), 422, "A new journey is a draft", "/attributes/state");
    refused(with("colour", 1.into()), 422, "'colour'", "/attributes");
    let stages = "/attributes/realtimeJourneyStages";
    refused(with("realtimeJourneyStages", json!([])), 422, "must be 1 to 8", stages);
    let nine: Vec<Value> = (0..9).map(|n| json!({"name": n.to_string()})).collect();
    refused(with("realtimeJourneyStages", nine.into()), 422, "must be 1 to 8", stages);
    let foreign = json!([{"id": set.stage, "name": "First"}]);
    let message = "does not belong to this journey";
    refused(with("realtimeJourneyStages", foreign), 422, message, &format!("{stages}/0/id"));
    let mut bare = draft("Other");
    bare["attributes"].as_object_mut().unwrap().remove("goal");
    refused(send(&set.platform, "POST", JOURNEYS, bare), 422, "required and missing: goal", "/attributes");
    let eight: Vec<Value> = (0..8).map(|n| json!({"name": n.to_string()})).collect();
    assert_eq!(with("realtimeJourneyStages", eight.into()).0, 200);
}

#[test]
fn steps_form_a_graph_that_ends() {
    let set = Set::new();
    let steps = "/attributes/realtimeJourneyStages/0/steps";
    let wait = |next: &str| json!({"type": "WaitStep", "waitStep": 1, "waitStepUnit": "hour", "next": next});
    let end = json!({"type": "End"});
    let patch = |steps: Value, root: &str| set.patch(set.stages(steps, root));
    let root = "/attributes/realtimeJourneyStages/0/rootStep";
    refused(patch(json!({A: end}), B), 422, "is no step of this stage", root);
    refused(patch(json!({A: wait(B)}), A), 422, "is no step of this stage", &format!("{steps}/{A}"));
    let around = json!({A: wait(B), B: wait(A)});
    refused(patch(around, A), 422, "must not lead back to themselves", &format!("{steps}/{B}"));
    refused(patch(json!({"one": end}), "one"), 422, "must be a UUID", &format!("{steps}/one"));
    let unknown = json!({A: {"type": "Teleport"}});
    refused(patch(unknown, A), 422, "Type 'Teleport' of a step is not one of", &format!("{steps}/{A}/type"));
    let never = json!({A: {"type": "WaitStep", "waitStep": 0, "waitStepUnit": "hour"}});
    refused(patch(never, A), 422, "greater than or equal to 1", &format!("{steps}/{A}/waitStep"));
    let nowhere = json!({A: {"type": "TriggeredActivation", "journeyActivationStepId": "12"}});
    let at = format!("{steps}/{A}/journeyActivationStepId");
    refused(patch(nowhere, A), 422, "there is no activation with the id 12", &at);
    assert_eq!(patch(json!({A: wait(B), B: {"type": "Merge", "next": C}, C: end}), A).0, 200);
    let kept = set.platform.get(&set.one());
    let stage = &kept["data"]["attributes"]["realtimeJourneyStages"][0];
    assert_eq!((&stage["id"], &stage["rootStep"]), (&json!(set.stage), &json!(A)));
    assert_eq!(stage["steps"].as_object().map(|steps| steps.len()), Some(3));
}

#[test]
fn branches_have_rules_and_shares() {
    let set = Set::new();
    let at = format!("/attributes/realtimeJourneyStages/0/steps/{A}/branches");
    let variants = |shares: [f64; 2]| {
        let variant = |id: &str, share: f64| json!({"id": id, "name": id, "percentage": share, "isControlGroup": false, "next": null});
        let step = json!({"type": "Variant", "controlVariant": null, "customizedSplit": true,
            "variants": [variant("a", shares[0]), variant("b", shares[1])]});
        set.patch(set.stages(json!({A: step}), A))
    };
    refused(variants([50.0, 60.0]), 422, "must sum to 100; they sum to 110", &at);
    refused(variants([-1.0, 101.0]), 422, "must be from 0 to 100", &at);
    assert_eq!(variants([33.3, 66.7]).0, 200);
    let listed = set.platform.get(&format!("{JOURNEYS}/abtest_variants?audience_id=394649"));
    assert_eq!(listed["data"][1]["attributes"]["realtimeJourneyStepVariantId"], "b");
    assert_eq!(set.platform.request("GET", &format!("{JOURNEYS}/abtest_variants"), None).0, 400);
    let decide = |rule: Value| {
        let step = json!({"type": "DecisionPoint", "branches": [
            {"id": "x", "name": "x", "profileCriteria": rule, "excludedPath": false, "next": null}]});
        set.patch(set.stages(json!({A: step}), A))
    };
    let criteria = format!("{at}/0/profileCriteria");
    let on = |id: &str| {
        json!({"type": "RealtimeAttribute", "realtimeAttributeId": id,
        "operator": {"type": "Equal", "rightValue": "x", "not": false}})
    };
    refused(decide(on("12")), 422, "no real-time attribute with the id 12", &criteria);
    refused(decide(json!({"type": "Magic"})), 422, "unknown rule", &criteria);
    assert_eq!(decide(on(&set.attribute)).0, 200);
    let delete = set.platform.request("DELETE", &format!("{PS}/realtime_attributes/{}", set.attribute), None);
    assert!(delete.0 == 409 && delete.1.to_string().contains("the journey 'Welcome' uses it"), "{delete:?}");
}

#[test]
fn criteria_refer_to_what_there_is() {
    let set = Set::new();
    let at = "/attributes/realtimeJourneyStages/0";
    let with = |key: &str, value: Value| {
        let mut stages = set.stages(json!({A: {"type": "End"}}), A);
        stages["realtimeJourneyStages"][0][key] = value;
        set.patch(stages)
    };
    let event = |id: &str| json!({"name": "x", "keyEventCriteria": {"keyEventId": id}});
    let pointer = format!("{at}/entryCriteria/keyEventCriteria/keyEventId");
    refused(with("entryCriteria", event("12")), 422, "there is no key event with the id 12", &pointer);
    let nameless = json!({"keyEventCriteria": {"keyEventId": set.event}});
    refused(with("milestone", nameless), 422, "Name can't be blank", &format!("{at}/milestone/name"));
    let never = json!([{"unit": "day", "exitAfter": 0}]);
    let pointer = format!("{at}/exitCriterias/0/exitAfter");
    refused(with("exitCriterias", never), 422, "greater than or equal to 1", &pointer);
    let missing = json!([{"name": "x", "target": null}]);
    let message = "required and missing: keyEventCriteria, profileCriteria";
    refused(with("exitCriterias", missing), 422, message, &format!("{at}/exitCriterias/0"));
    refused(with("orderIndex", 3.into()), 422, "place in the list, 0", &format!("{at}/orderIndex"));
    assert_eq!(with("milestone", event(&set.event)).0, 200);
    let goal = json!({"goal": {"name": "Bought", "target":
        {"realtimeJourneyId": "1", "realtimeJourneyStageId": "2", "confirmed": true}}});
    let pointer = "/attributes/goal/target/realtimeJourneyId";
    refused(set.patch(goal), 422, "there is no journey with the id 1", pointer);
    let delete = set.platform.request("DELETE", &format!("{PS}/realtime_key_events/{}", set.event), None);
    assert!(delete.0 == 409 && delete.1.to_string().contains("uses it"), "{delete:?}");
}

#[test]
fn an_activation_goes_to_a_connection_of_the_account() {
    let set = Set::new();
    let with = |key: &str, value: Value| {
        let mut body = webhook();
        body[key] = value;
        set.activate(body)
    };
    refused(with("connectionId", "1".into()), 422, "there is no connection", "/attributes/connectionId");
    let message = "is of the type 'td_webhook_out', not 'braze_out'";
    refused(with("connectorType", "braze_out".into()), 422, message, "/attributes/connectorType");
    refused(with("stepUuid", "1".into()), 422, "is no UUID", "/attributes/stepUuid");
    let export = |export: Value| with("connector", json!({"exportJson": export, "exportAdvancedJson": null}));
    let pointer = "/attributes/connector/exportJson";
    refused(export(json!({"method": "post"})), 422, "must be a string of JSON, not an object", pointer);
    refused(export("{".into()), 422, "is not JSON", pointer);
    let sends = |change: &dyn Fn(&mut Value)| {
        let mut body =
            json!({"method": "post", "url": "https://hooks.example.com/in", "headers": null, "body": null});
        change(&mut body);
        export(body.to_string().into())
    };
    let prefix = "must start with the connection's URL prefix";
    refused(sends(&|body| body["url"] = "https://else.example.com/".into()), 422, prefix, pointer);
    refused(sends(&|body| body["method"] = "shout".into()), 422, "Method must be one of", pointer);
    let headers: serde_json::Map<String, Value> = (0..33).map(|n| (format!("x-{n}"), "1".into())).collect();
    refused(sends(&|body| body["headers"] = headers.clone().into()), 422, "can't be more than 32", pointer);
    refused(sends(&|body| body["body"] = "x".repeat(250_001).into()), 422, "250000 bytes", pointer);
    let made = id(sends(&|body| body["body"] = "x".repeat(250_000).into()));
    refused(set.activate(webhook()), 422, "Step uuid is that of the activation", "/attributes/stepUuid");
    // A change keeps what it leaves out.
    let mut change = webhook();
    for key in ["name", "stepUuid"] {
        change.as_object_mut().unwrap().remove(key);
    }
    let one = format!("{}/activations/{made}", set.one());
    let (_, changed) = send(&set.platform, "PATCH", &one, json!({"attributes": change}));
    assert_eq!(changed["data"]["attributes"]["name"], "Send", "{changed}");
    assert_eq!(changed["data"]["attributes"]["realtimeJourneyStageId"], Value::Null);
    let wrong = set.stages(json!({B: {"type": "TriggeredActivation", "journeyActivationStepId": made}}), B);
    let pointer = format!("/attributes/realtimeJourneyStages/0/steps/{B}/journeyActivationStepId");
    refused(set.patch(wrong), 422, &format!("was made for the step '{A}'"), &pointer);
}

#[test]
fn a_journey_is_launched_when_it_is_complete_and_the_status_is_ok() {
    let set = Set::new();
    let launched = |mut stages: Value| {
        stages["state"] = "launched".into();
        set.patch(stages)
    };
    let pause = |what: &str| set.platform.request("PATCH", &format!("{}/{what}", set.one()), None);
    refused(pause("pause"), 422, "only a launched one can be paused", "");
    set.ready();
    refused(launched(json!({})), 422, "stages can't be blank", "/attributes/realtimeJourneyStages");
    let empty = json!({"realtimeJourneyStages": [{"id": set.stage, "name": "First"}]});
    let stage = "/attributes/realtimeJourneyStages/0";
    refused(launched(empty.clone()), 422, "needs a root step", &format!("{stage}/rootStep"));
    refused(launched(empty), 422, "entry criteria with a key event", &format!("{stage}/entryCriteria"));
    let lost = set.stages(json!({A: {"type": "End"}, B: {"type": "End"}}), A);
    refused(launched(lost), 422, "Nothing leads to this step", &format!("{stage}/steps/{B}"));
    let stages = set.launchable();
    refused(launched(stages.clone()), 409, "while the real-time status is 'updating'", "/attributes/state");
    set.ready();
    let (status, answer) = launched(stages.clone());
    assert_eq!((status, &answer["data"]["attributes"]["state"]), (200, &json!("launched")), "{answer}");
    let at = answer["data"]["attributes"]["launchedAt"].clone();
    assert_eq!(at, "2025-11-01T00:00:00.000Z");
    // Sent again, it is launched already.
    set.platform.advance(60);
    assert_eq!(launched(stages).1["data"]["attributes"]["launchedAt"], at);
    refused(set.patch(json!({"state": "draft"})), 422, "can't go back", "/attributes/state");
    refused(set.patch(json!({"state": "paused"})), 422, "'paused' is not included", "/attributes/state");
    refused(set.patch(json!({"reentryMode": "reentry_always"})), 422, "after the launch", "/attributes");
    assert_eq!(set.patch(json!({"name": "Hello", "description": "renamed"})).0, 200);

    refused(pause("resume"), 422, "is not paused", "");
    let (_, paused) = pause("pause");
    assert_eq!(paused["data"]["attributes"]["pausedAt"], "2025-11-01T00:01:00.000Z");
    refused(pause("pause"), 422, "paused already", "");
    assert_eq!(pause("resume").1["data"]["attributes"]["paused"], false);
}

#[test]
fn a_copy_is_a_draft_with_parts_of_its_own() {
    let set = Set::new();
    let mut stages = set.launchable();
    stages["goal"] = json!({"name": "Again", "target":
        {"realtimeJourneyId": set.journey, "realtimeJourneyStageId": set.stage, "confirmed": true}});
    assert_eq!(set.patch(stages).0, 200);
    let copy = |name: &str| {
        let body =
            json!({"id": set.journey, "type": "journey", "attributes": {"name": name}, "relationships": {}});
        send(&set.platform, "POST", &format!("{JOURNEYS}/duplicate"), body)
    };
    refused(copy("Welcome"), 422, "Name has already been taken", "/attributes/name");
    let (status, made) = copy("Welcome 2");
    assert_eq!(status, 200, "{made}");
    let (attributes, related) = (&made["data"]["attributes"], &made["data"]["relationships"]);
    let stage = &attributes["realtimeJourneyStages"][0];
    let activation = &related["realtimeJourneyActivationSteps"]["data"][0];
    assert_ne!(stage["id"], json!(set.stage));
    assert_eq!(stage["steps"][A]["journeyActivationStepId"], activation["id"]);
    assert_eq!(activation["attributes"]["realtimeJourneyStageId"], stage["id"]);
    assert_eq!(attributes["goal"]["target"]["realtimeJourneyId"], made["data"]["id"]);
    assert_eq!(attributes["goal"]["target"]["realtimeJourneyStageId"], stage["id"]);
    assert_eq!(related["jumpFroms"]["meta"][0]["jumpFrom"], "goal");
    let all = set.platform.get("/entities/parent_segments/394649/realtime_activations");
    assert_eq!(all["data"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_detail_is_checked_and_changes_nothing() {
    let set = Set::new();
    let before = set.platform.get(&set.one());
    let detail = |attributes: Value| {
        send(&set.platform, "POST", &format!("{}/detail", set.one()), json!({"attributes": attributes}))
    };
    let stages = json!([{"id": set.stage, "name": "Renamed"}]);
    assert_eq!(detail(json!({"name": "New", "realtimeJourneyStages": stages})), (200, before));
    let stages = json!([{"id": "12", "name": "x"}]);
    let pointer = "/attributes/realtimeJourneyStages/0/id";
    refused(detail(json!({"realtimeJourneyStages": stages})), 422, "does not belong", pointer);
}

#[test]
fn journeys_count_among_the_600_items_and_keep_their_folder() {
    let set = Set::new();
    let folder = json!({"name": "Mine", "description": ""});
    let folder = id(set.platform.request("POST", &format!("{PS}/folders"), Some(folder)));
    assert_eq!(set.patch(json!({"segmentFolderId": folder})).0, 200);
    let (status, answer) = set.platform.request("DELETE", &format!("{PS}/folders/{folder}"), None);
    assert!(status == 409 && answer.to_string().contains("the journey 'Welcome' lies in it"), "{answer}");
    // One journey, one key, one attribute are there.
    for number in 0..597 {
        assert_eq!(send(&set.platform, "POST", JOURNEYS, draft(&number.to_string())).0, 200);
    }
    let (status, answer) = send(&set.platform, "POST", JOURNEYS, draft("one too many"));
    assert!(status == 422 && answer.to_string().contains("600"), "{answer}");
    let (status, gone) = set.platform.request("DELETE", &set.one(), None);
    assert_eq!((status, gone), (200, json!({})));
    assert_eq!(set.platform.request("GET", &set.one(), None).0, 404);
    assert_eq!(send(&set.platform, "POST", JOURNEYS, draft("one again")).0, 200);
}

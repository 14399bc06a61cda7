//! Calls, bodies and error words of published workflows.

use super::{PS, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};

const NODE: &str = "0123456789abcdef0123456789abcdef";

fn ok(platform: &Platform, method: &str, path: &str, body: Option<Value>) -> Value {
    let (status, answer) = platform.request(method, path, body);
    assert_eq!(status, 200, "{method} {path}: {answer}");
    answer.get("data").filter(|data| data.is_object()).cloned().unwrap_or(answer)
}

/// A parent segment with a key event, a list (as the workflow's step 7c sends it), a total counter and a
/// catalog: the ids of the first three.
fn configured() -> (Platform, [String; 3]) {
    let platform = Platform::start();
    platform.control("settle", json!({"settle": "immediately"}));
    let setting = json!({"keyColumns": [{"name": "td_client_id"}], "batchAttributes": [], "extLookupKey": null,
        "eventTables": [{"database": "web_events", "table": "pageviews"}]});
    ok(&platform, "PATCH", &format!("{PS}/realtime_setting"), Some(setting));
    let event =
        json!({"name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
    let event = ok(&platform, "POST", &format!("{PS}/realtime_key_events"), Some(event))["id"].clone();
    let attributes = format!("{PS}/realtime_attributes");
    let list = json!({"name": "browsed", "identifier": "browsed", "type": "list", "realtimeKeyEventId": event,
        "filterRule": {"type": "And", "conditions": []}, "valueColumn": "product_id", "idColumn": "product_id",
        "fields": ["product_id"], "maxItems": 100, "duration": {"value": 30, "unit": "day"},
        "aggregations": [{"name": "all", "identifier": "all", "aggregationType": "distinct_list", "column": "product_id"}]});
    let list = ok(&platform, "POST", &attributes, Some(list));
    assert!(list.get("valueColumn").is_none(), "it is ignored: {list}");
    let counter = json!({"name": "views", "identifier": "views", "type": "counter", "counterType": "total",
        "realtimeKeyEventId": event, "increment": {"type": "const", "value": 1}});
    let counter = ok(&platform, "POST", &attributes, Some(counter));
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    let ids = [id(&event), id(&list["id"]), id(&counter["id"])];
    (platform, ids)
}

/// A personalization whose only node has this definition: status and answer.
fn create(platform: &Platform, event: &str, name: &str, definition: Value) -> (u16, Value) {
    let body = json!({"attributes": {"audienceId": "394649", "name": name, "description": null, "sections": [{
        "name": "s", "entryCriteria": {"name": "t", "keyEventCriteria": {"keyEventId": event, "keyEventFilters": null}},
        "payload": {NODE: {"type": "ResponseNode", "name": "r", "definition": definition}}}]}});
    platform.request_as("POST", "/entities/realtime_personalizations", Some(body), VENDOR, &[])
}

#[test]
fn calls_of_published_workflows_are_answered() {
    let (platform, [event, ..]) = configured();
    let text = json!([{"outputName": "a", "values": [{"type": "String", "value": "x"}]}]);
    let (status, made) = create(&platform, &event, "web", json!({"stringBuilder": text}));
    assert_eq!(status, 200, "{made}");
    // jq '.data[0].id'
    let folders = platform.get("/tree/audiences/394649/segment_folders?page%5Bsize%5D=1");
    let listed = platform.get(&format!("{PS}/folders"));
    assert_eq!(folders["data"][0]["id"], listed[0]["id"], "{folders}");
    assert_eq!(folders["data"].as_array().unwrap().len(), 1);
    // jq '.data[] | {id, name}'
    let all = "/entities/realtime_personalizations";
    let found = platform.get(&format!("{all}?filter%5Baudience_id%5D=394649"));
    let item = &found["data"][0];
    assert_eq!((&item["id"], &item["name"]), (&made["data"]["id"], &json!("web")), "{found}");
    assert_eq!(platform.get(&format!("{all}?filter%5Baudience_id%5D=394650"))["data"], json!([]));
    assert_eq!(platform.get(all)["data"], found["data"]);
    let segments = platform.get(&format!("{PS}/segments"));
    let segment = segments[0].clone();
    let path = format!("{PS}/segments/{}", segment["id"].as_str().unwrap());
    assert_eq!(platform.get(&path), segment);
    assert_eq!(platform.request("GET", &format!("{PS}/segments/1"), None).0, 404);
    for path in ["/tree/audiences/1/segment_folders", "/audiences/1/segments/1"] {
        assert_eq!(platform.request("GET", path, None).0, 404, "{path}");
    }
}

#[test]
fn refusals_carry_the_platforms_words() {
    let (platform, [event, list, counter]) = configured();
    let text = |output: &str, value: &str| json!({"outputName": output, "values": [{"type": "String", "value": value}]});
    let attribute = |id: &str, sub: Value| json!({"realtimeAttributeId": id, "outputName": "a", "subAttributeIdentifier": sub});
    let lookup =
        json!({"catalogName": "c", "lookupAttributeId": counter, "lookupColumn": "x", "outputName": "o"});
    for (definition, code, meta) in [
        (
            json!({"stringBuilder": [text("a", "x"), text("a", "y")]}),
            "duplicated",
            json!({"output_name": ["duplicated"]}),
        ),
        (
            json!({"stringBuilder": [text("a", "{{x}}")]}),
            "personalization_invalid_string_builder",
            json!({"string_builder": ["personalization_invalid_string_builder"]}),
        ),
        (
            json!({"attributePayload": [attribute(&list, Value::Null)]}),
            "invalid_attribute",
            json!({"sub_attribute_identifier": ["invalid_attribute"]}),
        ),
        (
            json!({"attributePayload": [attribute(&counter, json!("x"))]}),
            "invalid_attribute",
            json!({"sub_attribute_identifier": ["invalid_attribute"]}),
        ),
        (
            json!({"catalogPayload": [lookup]}),
            "unsupported_attribute_type_for_lookup_catalog",
            json!({"lookup_attribute_id": ["unsupported_attribute_type_for_lookup_catalog"]}),
        ),
        (
            json!({"stringBuilder": []}),
            "unprocessable_entity",
            json!({"attribute_payload": ["can't be blank"]}),
        ),
    ] {
        let (status, answer) = create(&platform, &event, "web", definition.clone());
        assert_eq!(status, 422, "{definition}: {answer}");
        let errors = answer["errors"].as_array().unwrap();
        assert!(errors.iter().any(|e| e["code"] == code && e["meta"] == meta), "{definition}: {answer}");
    }
}

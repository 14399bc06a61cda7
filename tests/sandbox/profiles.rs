//! Which profile is shown, and what its values mean.

use super::{NOW, PS, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};

fn setting(keys: &[&str]) -> Value {
    let keys: Vec<Value> = keys.iter().map(|name| json!({"name": name})).collect();
    json!({"keyColumns": keys, "eventTables": [{"database": "web_events", "table": "pageviews"}],
        "batchAttributes": [], "extLookupKey": null})
}

fn make(platform: &Platform, target: &str, body: Value) -> Value {
    let media = if target.starts_with("/entities") { VENDOR } else { "application/json" };
    let (status, answer) = platform.request_as("POST", target, Some(body), media, &[]);
    assert_eq!(status, 200, "{target}: {answer}");
    answer
}

fn id(answer: &Value) -> String {
    let id = answer.pointer("/data/id").or_else(|| answer.get("id")).and_then(Value::as_str);
    id.unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

/// A sandbox with a list that `clear` empties and a personalization with a section for empty lists
/// (`when`), and one for everyone; the personalization's address and a token.
fn shop(when: Value) -> (Platform, String, String) {
    let platform = Platform::start();
    let address = format!("{PS}/realtime_setting");
    let (status, answer) = platform.request("PATCH", &address, Some(setting(&["td_client_id", "email"])));
    assert_eq!(status, 200, "{answer}");
    let equal = |name: &str| json!({"type": "Column", "column": "event_name", "operator": {"type": "Equal", "rightValue": name}});
    let event = id(&make(
        &platform,
        &format!("{PS}/realtime_key_events"),
        json!({
        "name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}}),
    ));
    let list = id(&make(
        &platform,
        &format!("{PS}/realtime_attributes"),
        json!({
        "name": "items", "identifier": "items", "type": "list", "realtimeKeyEventId": event, "idColumn": "product_id",
        "aggregations": [{"name": "i", "identifier": "i", "aggregationType": "distinct_list", "column": "product_id"}],
        "actions": [{"action": "clear", "realtimeKeyEventId": event, "filterRule": equal("clear")}]}),
    ));
    let section = |name: &str, criteria: Value| {
        let mut entry =
            json!({"name": name, "keyEventCriteria": {"keyEventId": event, "keyEventFilters": {}}});
        if !criteria.is_null() {
            entry["profileCriteria"] = criteria;
        }
        json!({"name": name, "entryCriteria": entry, "payload": {"0123456789abcdef0123456789abcdef": {
            "type": "ResponseNode", "name": "r", "definition": {
                "attributePayload": [{"realtimeAttributeId": list, "subAttributeIdentifier": "i", "outputName": "items"}],
                "stringBuilder": [{"outputName": "section", "values": [{"type": "String", "value": name}]}]}}}})
    };
    let rule = json!({"type": "RealtimeAttribute", "realtimeAttributeId": list, "subAttributeIdentifier": "i", "operator": when});
    let personalization = id(&make(
        &platform,
        "/entities/realtime_personalizations",
        json!({"attributes": {
        "audienceId": "394649", "name": "web", "description": null,
        "sections": [section("When", rule), section("Else", Value::Null)]}}),
    ));
    let services = format!("{PS}/realtime_personalization_services");
    let service = id(&make(&platform, &services, json!({"name": "web"})));
    let token = make(&platform, &format!("{services}/{service}/tokens"), json!({"name": "t"}));
    let token = token["value"].as_str().expect("a new token shows its value").to_owned();
    (platform, format!("{PS}/personalizations/{personalization}"), token)
}

fn send(platform: &Platform, token: &str, fields: Value) -> Value {
    let mut event = json!({"time": NOW, "uuid": "b82aad42-481b-4ca7-87c0-848a34f3c85f"});
    for (key, value) in fields.as_object().expect("fields") {
        event[key] = value.clone();
    }
    let (status, _, answer) =
        platform.send("POST", "/web_events/pageviews", Some((VENDOR, event)), &[("wp13n-token", token)]);
    assert_eq!(status, 200, "{answer}");
    answer
}

#[test]
fn an_empty_list_counts_as_missing_in_criteria_and_is_answered_as_a_list() {
    for (operator, full, empty) in [
        (json!({"type": "IsNull", "not": false}), "Else", "When"),
        (json!({"type": "IsNull", "not": true}), "When", "Else"),
        (json!({"type": "Equal", "rightValue": "p9", "not": true}), "When", "Else"),
    ] {
        let (platform, address, token) = shop(operator.clone());
        send(&platform, &token, json!({"td_client_id": "u1", "product_id": "p1"}));
        let get = || platform.get(&format!("{address}?td_client_id=u1"));
        assert_eq!(get(), json!({"items": ["p1"], "section": full}), "{operator}");
        send(&platform, &token, json!({"td_client_id": "u1", "event_name": "clear"}));
        assert_eq!(get(), json!({"items": [], "section": empty}), "{operator}");
    }
}

#[test]
fn profiles_are_found_by_keys_that_are_configured_now() {
    let (platform, address, token) = shop(json!({"type": "IsNull"}));
    send(&platform, &token, json!({"td_client_id": "u1", "email": "a@b.org", "product_id": "p1"}));
    let profiles = "/_sandbox/profiles?ps=394649";
    for query in ["email=a@b.org", "td_client_id=u1", "product_id=p1&td_client_id=u1"] {
        assert_eq!(platform.get(&format!("{address}?{query}"))["items"], json!(["p1"]), "{query}");
        assert_eq!(platform.request("GET", &format!("{profiles}&{query}"), None).0, 200, "{query}");
    }
    assert_eq!(platform.get(&format!("{address}?td_client_id=u2")), json!({}));

    let address_of_setting = format!("{PS}/realtime_setting");
    assert_eq!(platform.request("PATCH", &address_of_setting, Some(setting(&["td_client_id"]))).0, 200);
    for query in ["email=a@b.org", "product_id=p1", "event_name=view"] {
        let (status, answer) = platform.request("GET", &format!("{address}?{query}"), None);
        assert!(status == 400 && answer.to_string().contains("td_client_id"), "{query}: {status} {answer}");
    }
    let (status, answer) = platform.request("GET", &format!("{profiles}&email=a@b.org"), None);
    assert!(status == 400 && answer.to_string().contains("td_client_id"), "{status} {answer}");
    let mixed = platform.get(&format!("{address}?email=a@b.org&td_client_id=u2"));
    assert_eq!(mixed, json!({}), "a key of the past finds no profile");

    assert_eq!(platform.request("PATCH", &address_of_setting, Some(setting(&[]))).0, 200);
    let (status, answer) = platform.request("GET", &format!("{address}?td_client_id=u1"), None);
    assert!(status == 400 && answer.to_string().contains("no stitching key"), "{status} {answer}");
}

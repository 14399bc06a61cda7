//! Every documented limit at N and at N + 1. Journeys and webhooks have tests of their own.

mod refused;

use super::{NOW, PS, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};
use tdx_rt::sandbox::{Options, Seed, Settle};

const UUID: &str = "b82aad42-481b-4ca7-87c0-848a34f3c85f";
const NODE: &str = "0123456789abcdef0123456789abcdef";
const TABLE: &str = "/web_events/pageviews";

#[track_caller]
fn ok((status, answer): (u16, Value)) -> Value {
    assert_eq!(status, 200, "{answer}");
    answer
}

/// 422 in the shape of the CDP API, or of JSON:API, with this in the message.
#[track_caller]
fn refused((status, answer): (u16, Value), part: &str) {
    let error = answer.pointer("/errors/0").unwrap_or(&answer);
    let message = error.get("detail").or_else(|| error.get("message")).and_then(Value::as_str);
    // The one rule here that has a published word.
    let twice =
        message.is_some_and(|message| message.starts_with("the output name") && message.ends_with("section"));
    let code = error["code"] == if twice { "duplicated" } else { "unprocessable_entity" };
    let right = message.is_some_and(|message| message.contains(part));
    assert!(status == 422 && code && right, "'{part}': {status} {answer}");
}

fn id(answer: &Value) -> String {
    let id = answer.pointer("/data/id").or_else(|| answer.get("id")).and_then(Value::as_str);
    id.unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

fn post(platform: &Platform, path: &str, body: Value) -> (u16, Value) {
    platform.request("POST", &format!("{PS}/{path}"), Some(body))
}

fn set(platform: &Platform, tables: &[String], keys: &[String]) -> (u16, Value) {
    let tables: Vec<Value> =
        tables.iter().map(|table| json!({"database": "web_events", "table": table})).collect();
    let keys: Vec<Value> = keys.iter().map(|key| json!({ "name": key })).collect();
    let setting =
        json!({"eventTables": tables, "keyColumns": keys, "batchAttributes": [], "extLookupKey": null});
    platform.request("PATCH", &format!("{PS}/realtime_setting"), Some(setting))
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}{number}")).collect()
}

fn event(name: &str, rule: Value) -> Value {
    json!({"name": name, "databaseName": "web_events", "tableName": "pageviews", "filterRule": rule})
}

fn counter(event: &str, name: &str) -> Value {
    json!({"name": name, "identifier": name, "type": "counter", "realtimeKeyEventId": event,
        "counterType": "total", "increment": {"type": "const", "value": 1}})
}

/// With an event table, a stitching key and a key event; the id of the latter.
fn configured() -> (Platform, String) {
    let platform = Platform::with(Options { settle: Settle::Immediately, ..Options::default() });
    ok(set(&platform, &["pageviews".to_owned()], &["td_client_id".to_owned()]));
    let event = id(&ok(post(&platform, "realtime_key_events", event("view", json!({})))));
    (platform, event)
}

fn personalize(platform: &Platform, name: &str, sections: Value) -> (u16, Value) {
    let body = json!({"attributes": {"audienceId": "394649", "name": name, "description": null, "sections": sections}});
    platform.request_as("POST", "/entities/realtime_personalizations", Some(body), VENDOR, &[])
}

fn section(event: &str, name: &str, definition: Value) -> Value {
    json!({"name": name, "payload": {NODE: {"type": "ResponseNode", "name": "r", "definition": definition}},
        "entryCriteria": {"name": "c", "keyEventCriteria": {"keyEventId": event, "keyEventFilters": {}}}})
}

fn text(output: &str, value: &str) -> Value {
    json!({"outputName": output, "values": [{"type": "String", "value": value}]})
}

/// A service with a token, and the token.
fn token(platform: &Platform, service: Value, token: Value) -> String {
    let service = id(&ok(post(platform, "realtime_personalization_services", service)));
    let made = ok(post(platform, &format!("realtime_personalization_services/{service}/tokens"), token));
    made["value"].as_str().expect("a new token shows its value").to_owned()
}

/// An event of the personalization API: status, code and answer.
fn send(platform: &Platform, path: &str, headers: &[(&str, &str)], fields: Value) -> (u16, Value, Value) {
    let mut event = json!({"time": NOW, "uuid": UUID, "td_client_id": "u1"});
    event.as_object_mut().expect("an object").extend(fields.as_object().cloned().unwrap_or_default());
    let (status, _, answer) = platform.send("POST", path, Some((VENDOR, event)), headers);
    (status, answer["code"].clone(), answer)
}

#[test]
fn event_tables_100_and_stitching_keys_100() {
    let tables: Vec<Value> =
        names("table", 101).iter().map(|name| json!({"name": name, "columns": [["time", "long"]]})).collect();
    let seed = json!({"created_at": "2025-11-01T00:00:00Z",
        "databases": [
            {"name": "web_events", "tables": tables},
            {"name": "crm", "tables": [{"name": "customers", "columns": [["customer_id", "string"]], "rows": []}]}],
        "parent_segments": [{"id": "394649", "name": "Shop", "realtime": {"status": "ok"},
            "master": {"database": "crm", "table": "customers", "profile_key": "customer_id"}}]});
    let seed = Seed::parse(&seed.to_string()).expect("a seed");
    let platform = Platform::with(Options { seed, ..Options::default() });
    ok(set(&platform, &names("table", 100), &[]));
    refused(set(&platform, &names("table", 101), &[]), "Event tables can't be more than 100");
    ok(set(&platform, &[], &names("key", 100)));
    refused(set(&platform, &[], &names("key", 101)), "Key columns can't be more than 100");
}

#[test]
fn filters_of_all_key_events_1000_characters() {
    let (platform, _) = configured();
    // Of a condition count column, operator and value.
    let rule = |characters: usize| {
        let value = "x".repeat(characters - "td_pathEqual".len());
        json!({"type": "And", "conditions": [
            {"type": "Column", "column": "td_path", "operator": {"type": "Equal", "rightValue": value, "not": false}}]})
    };
    ok(post(&platform, "realtime_key_events", event("one", rule(400))));
    refused(
        post(&platform, "realtime_key_events", event("two", rule(601))),
        "1001 characters; the limit is 1000",
    );
    let two = id(&ok(post(&platform, "realtime_key_events", event("two", rule(600)))));
    refused(post(&platform, "realtime_key_events", event("three", rule(13))), "the limit is 1000");
    let path = format!("{PS}/realtime_key_events/{two}");
    refused(platform.request("PATCH", &path, Some(event("two", rule(601)))), "the limit is 1000");
    ok(platform.request("PATCH", &path, Some(event("two", rule(599)))));
}

#[test]
fn attributes_and_keys_600_together() {
    let (platform, event) = configured();
    for name in names("n", 599) {
        ok(post(&platform, "realtime_attributes", counter(&event, &name)));
    }
    let message = "together can't be more than 600";
    refused(post(&platform, "realtime_attributes", counter(&event, "more")), message);
    refused(set(&platform, &["pageviews".to_owned()], &names("key", 2)), message);
    ok(post(&platform, "realtime_imported_attributes/bulk_update", json!({"columns": ["city", "country"]})));
    ok(set(&platform, &["pageviews".to_owned()], &[]));
    ok(post(&platform, "realtime_attributes", counter(&event, "more")));
}

/// "Max 200 attributes per profile. Includes single, list, and counter attributes" (docs.treasure.ai,
/// Real-Time 2.0 system performance, limitations and expected behavior). A parent segment may define
/// more, so it is one profile that has values of 200; that the first ones stay is our choice.
#[test]
fn attributes_200_per_profile() {
    let (platform, event) = configured();
    for name in names("n", 201) {
        ok(post(&platform, "realtime_attributes", counter(&event, &name)));
    }
    for count in 1..=2 {
        let body = json!({"events": [{"td_client_id": "u1"}]});
        ok(platform.request_as("POST", TABLE, Some(body), VENDOR, &[]));
        let profile = platform.get("/_sandbox/profiles?ps=394649&td_client_id=u1");
        let counters = profile["attributes"].as_array().into_iter().flatten();
        let values: Vec<&Value> =
            counters.filter(|item| item["type"] == "counter").map(|item| &item["value"]).collect();
        let counted = values.iter().filter(|value| ***value == count).count();
        assert_eq!((values.len(), counted), (201, 200), "{profile}");
    }
}

#[test]
fn a_value_500_bytes() {
    let (platform, event) = configured();
    let single = json!({"name": "last", "identifier": "last", "type": "single", "realtimeKeyEventId": event,
        "valueColumn": "product_id", "dataType": "string"});
    ok(post(&platform, "realtime_attributes", single));
    for (client, length, kept) in [("u1", 500, true), ("u2", 501, false)] {
        let value = "x".repeat(length);
        let events = json!({"events": [{"td_client_id": client, "product_id": value}]});
        ok(platform.request_as("POST", TABLE, Some(events), VENDOR, &[]));
        let profile = platform.get(&format!("/_sandbox/profiles?ps=394649&td_client_id={client}"));
        let attribute =
            profile["attributes"].as_array().into_iter().flatten().find(|item| item["name"] == "last");
        let stored = attribute.map(|item| item["value"] == value.as_str());
        assert_eq!(stored, Some(kept), "{length} bytes");
    }
}

#[test]
fn an_event_1_mb_and_a_request_5_mb() {
    let (platform, _) = configured();
    let token = token(&platform, json!({"name": "web"}), json!({"name": "t"}));
    // A body of so many bytes, as `Platform` writes it.
    let fill = |mut body: Value, at: &str, bytes: usize| {
        let missing = bytes - body.to_string().len();
        *body.pointer_mut(at).expect("a place") = "x".repeat(missing).into();
        body
    };
    let one = json!({"time": NOW, "uuid": UUID, "x": ""});
    for (bytes, expected) in [(1_000_000, 200), (1_000_001, 400)] {
        let event = fill(one.clone(), "/x", bytes);
        let headers = [("wp13n-token", token.as_str())];
        let (status, _, answer) = platform.send("POST", TABLE, Some((VENDOR, event.clone())), &headers);
        assert_eq!(status, expected, "a personalization event of {bytes}: {answer}");
        let (status, answer) =
            platform.request_as("POST", TABLE, Some(json!({"events": [event]})), VENDOR, &[]);
        assert_eq!(status, expected, "a record of {bytes}: {answer}");
        assert!(status == 200 || answer["code"] == 3004, "{answer}");
    }
    for (bytes, expected) in [(5_000_000, 200), (5_000_001, 413)] {
        let events = json!({"events": vec![fill(one.clone(), "/x", 900_000); 5]});
        let events = json!({"events": events["events"], "y": ""});
        let body = fill(events, "/y", bytes);
        let (status, answer) = platform.request_as("POST", TABLE, Some(body), VENDOR, &[]);
        assert_eq!(status, expected, "a request of {bytes}: {answer}");
        assert!(status == 200 || answer["code"] == 3004, "{answer}");
    }
}

#[test]
fn tokens_50_per_service() {
    let (platform, _) = configured();
    let service = id(&ok(post(&platform, "realtime_personalization_services", json!({"name": "web"}))));
    let tokens = format!("realtime_personalization_services/{service}/tokens");
    for name in names("t", 50) {
        ok(post(&platform, &tokens, json!({ "name": name })));
    }
    refused(post(&platform, &tokens, json!({"name": "more"})), "Tokens can't be more than 50");
    let other = id(&ok(post(&platform, "realtime_personalization_services", json!({"name": "app"}))));
    ok(post(
        &platform,
        &format!("realtime_personalization_services/{other}/tokens"),
        json!({"name": "more"}),
    ));
}

#[test]
fn output_names_256_characters_and_unique_in_a_section() {
    let (platform, event) = configured();
    let views = id(&ok(post(&platform, "realtime_attributes", counter(&event, "views"))));
    let one = |name: &str, output: &str| section(&event, name, json!({"stringBuilder": [text(output, "x")]}));
    ok(personalize(&platform, "a", json!([one("S", &"ö".repeat(256))])));
    refused(
        personalize(&platform, "b", json!([one("S", &"ö".repeat(257))])),
        "257 characters; the limit is 256",
    );
    refused(personalize(&platform, "b", json!([one("S", "")])), "the output name can't be blank");
    let item = json!({"realtimeAttributeId": views, "outputName": "same"});
    for definition in [
        json!({"stringBuilder": [text("same", "x"), text("same", "y")]}),
        json!({"attributePayload": [item], "stringBuilder": [text("same", "x")]}),
        json!({"attributePayload": [item, item]}),
    ] {
        let wrong = json!([section(&event, "S", definition)]);
        refused(personalize(&platform, "b", wrong), "the output name 'same' occurs twice in this section");
    }
    ok(personalize(&platform, "b", json!([one("S", "same"), one("T", "same")])));
}

#[test]
fn a_response_10_kb() {
    let (platform, event) = configured();
    let token = token(&platform, json!({"name": "web"}), json!({"name": "t"}));
    let headers = [("wp13n-token", token.as_str())];
    let around = json!({"offers": {"S": {"attributes": {"x": ""}, "batch_segments": []}}}).to_string().len();
    let made = |length: usize, name: &str| {
        let value = "x".repeat(length);
        id(&ok(personalize(
            &platform,
            name,
            json!([section(&event, "S", json!({"stringBuilder": [text("x", &value)]}))]),
        )))
    };
    let first = made(10_240 - around, "fits");
    let (status, _, answer) = send(&platform, TABLE, &headers, json!({}));
    assert_eq!((status, answer.to_string().len()), (200, 10_240));
    ok(platform.request("DELETE", &format!("/entities/realtime_personalizations/{first}"), None));
    let second = made(10_241 - around, "does not");
    let (status, code, answer) = send(&platform, TABLE, &headers, json!({}));
    assert!(
        status == 500 && code == 9999 && answer["message"].as_str().is_some_and(|m| m.contains("10240")),
        "{answer}"
    );
    let get =
        |id: &str| platform.request("GET", &format!("{PS}/personalizations/{id}?td_client_id=u1"), None);
    ok(get(&second));
    let third = made(10_240 - "{\"x\":\"\"}".len() + 1, "nor this");
    let (status, answer) = get(&third);
    assert_eq!(status, 500, "{answer}");
}

#[test]
fn names_of_databases_and_tables_3_to_128() {
    let (platform, _) = configured();
    let token = token(&platform, json!({"name": "web"}), json!({"name": "t"}));
    let headers = [("wp13n-token", token.as_str())];
    for (name, right) in [
        ("ab", false),
        ("abc", true),
        ("a_1", true),
        (&"a".repeat(128), true),
        (&"a".repeat(129), false),
        ("Abc", false),
        ("a-b-c", false),
        ("a.b", false),
        ("%C3%A4bc", false),
    ] {
        for path in [format!("/{name}/pageviews"), format!("/web_events/{name}")] {
            let (status, code, answer) = send(&platform, &path, &headers, json!({}));
            assert_eq!(json!([status, code]), json!([400, 3004]), "{path}: {answer}");
            let expected = if right { "there is no table" } else { "is not [0-9a-z_]{3,128}" };
            assert!(answer.to_string().contains(expected), "{path}: {answer}");
        }
    }
}

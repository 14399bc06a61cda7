//! What a write is refused for.

use super::{PS, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};

const NODE: &str = "0123456789abcdef0123456789abcdef";

/// With an event table, a key event and a single attribute `last`; the ids of the latter two.
fn configured() -> (Platform, String, String) {
    let platform = Platform::start();
    let (status, answer) = patch(&platform, json!([]));
    assert_eq!(status, 200, "{answer}");
    let event = made(platform.request("POST", &format!("{PS}/realtime_key_events"), Some(event("view"))));
    let last = made(create(&platform, single(&event, "last")));
    (platform, event, last)
}

fn made((status, answer): (u16, Value)) -> String {
    assert_eq!(status, 200, "{answer}");
    let id = answer.pointer("/data/id").or_else(|| answer.get("id")).and_then(Value::as_str);
    id.unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

#[track_caller]
fn refused((status, answer): (u16, Value), part: &str) {
    assert!(status == 422 && answer.to_string().contains(part), "{part}: {status} {answer}");
}

/// Replaces the setting, with these batch attributes.
fn patch(platform: &Platform, batch: Value) -> (u16, Value) {
    let setting = json!({
        "keyColumns": [{"name": "td_client_id"}],
        "eventTables": [{"database": "web_events", "table": "pageviews"}],
        "batchAttributes": batch, "extLookupKey": "customer_id"});
    platform.request("PATCH", &format!("{PS}/realtime_setting"), Some(setting))
}

fn event(name: &str) -> Value {
    json!({"name": name, "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}})
}

fn single(event: &str, name: &str) -> Value {
    json!({"name": name, "identifier": name, "type": "single", "realtimeKeyEventId": event,
        "valueColumn": "product_id", "dataType": "string"})
}

fn list(event: &str) -> Value {
    json!({"name": "items", "identifier": "items", "type": "list", "realtimeKeyEventId": event,
        "idColumn": "product_id"})
}

fn counter(event: &str) -> Value {
    json!({"name": "views", "identifier": "views", "type": "counter", "realtimeKeyEventId": event,
        "counterType": "sliding", "increment": {"type": "const", "value": 1},
        "duration": {"value": 1, "unit": "day"}})
}

fn create(platform: &Platform, body: Value) -> (u16, Value) {
    platform.request("POST", &format!("{PS}/realtime_attributes"), Some(body))
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[test]
fn imported_names_are_unique_over_all_attributes() {
    let (platform, event, _) = configured();
    refused(patch(&platform, json!([{"column": "country", "name": "last"}])), "Name has already been taken");
    let twice = json!([{"column": "country", "name": "same"}, {"column": "city", "name": "same"}]);
    refused(patch(&platform, twice), "Name has already been taken");
    let crossed = json!([{"column": "country", "name": "city"}, {"column": "city"}]);
    refused(patch(&platform, crossed), "Name has already been taken");
    let swapped = json!([{"column": "country", "name": "city"}, {"column": "city", "name": "country"}]);
    assert_eq!(patch(&platform, swapped).0, 200);

    let bulk = |columns: Value| {
        let path = format!("{PS}/realtime_imported_attributes/bulk_update");
        platform.request("POST", &path, Some(json!({"columns": columns})))
    };
    assert_eq!(bulk(json!([])).0, 200);
    made(create(&platform, single(&event, "country")));
    refused(bulk(json!(["country"])), "Name has already been taken");
    let renamed = json!([{"column": "country", "name": "another"}]);
    refused(patch(&platform, renamed), "Identifier has already been taken");
    assert_eq!(bulk(json!(["city"])).0, 200);
}

#[test]
fn a_payload_is_one_response_node_without_empty_parts() {
    let (platform, event, last) = configured();
    let create = |payload: Value| {
        let body = json!({"attributes": {"audienceId": "394649", "name": "web", "description": null, "sections": [{
            "name": "S", "payload": payload,
            "entryCriteria": {"name": "c", "keyEventCriteria": {"keyEventId": event, "keyEventFilters": {}}}}]}});
        platform.request_as("POST", "/entities/realtime_personalizations", Some(body), VENDOR, &[])
    };
    let node = |part: &str, value: Value| {
        let mut definition = json!({
            "attributePayload": [{"realtimeAttributeId": last, "outputName": "o"}],
            "segmentPayload": null, "stringBuilder": null, "catalogPayload": null});
        definition[part] = value;
        json!({"type": "ResponseNode", "name": "r", "definition": definition})
    };
    let of = |part: &str, value: Value| json!({NODE: node(part, value)});
    for wrong in [json!("x"), json!({}), json!([1])] {
        refused(create(of("catalogPayload", wrong)), "catalogPayload");
    }
    refused(create(of("catalogPayload", json!([]))), "can't be blank");
    refused(create(of("segmentPayload", json!({"batchSegments": []}))), "batchSegments");
    let unknown = json!({"batchSegments": [{"id": "9001"}, {"id": "7"}]});
    refused(create(of("segmentPayload", unknown)), "segmentPayload/batchSegments/1/id");
    refused(
        create(of("stringBuilder", json!([{"outputName": "t", "values": []}]))),
        "stringBuilder/0/values",
    );
    let other = json!([{"outputName": "t", "values": [{"type": "String", "value": "x"}]}]);
    let two = json!({NODE: node("stringBuilder", other), "fedcba9876543210fedcba9876543210": {
        "type": "ResponseNode", "name": "q", "definition": {"stringBuilder": [
            {"outputName": "u", "values": [{"type": "String", "value": "x"}]}]}}});
    refused(create(two), "one response node, not 2");
    made(create(of("segmentPayload", json!({"batchSegments": [{"id": "9001"}]}))));
}

#[test]
fn a_create_takes_only_the_fields_of_its_kind() {
    let (platform, event, _) = configured();
    for field in ["maxItems", "aggregations", "counterType", "lookupKeys", "bogus"] {
        refused(create(&platform, with(single(&event, "x"), field, json!([]))), &format!("'{field}'"));
    }
    // Published bodies of lists have a `valueColumn`: it is ignored, with any value.
    for field in ["dataType", "backfill", "increment", "subDurations"] {
        refused(create(&platform, with(list(&event), field, json!({}))), &format!("'{field}'"));
    }
    for field in ["valueColumn", "maxItems", "idColumn", "sensitive"] {
        refused(create(&platform, with(counter(&event), field, json!(1))), &format!("'{field}'"));
    }
    let catalog =
        json!({"name": "c", "identifier": "c", "type": "lookupCatalog", "lookupCatalogTableName": "offers"});
    refused(create(&platform, with(catalog.clone(), "filterRule", json!({}))), "'filterRule'");
    for body in [single(&event, "x"), list(&event), counter(&event), catalog] {
        made(create(&platform, with(body, "description", Value::Null)));
    }
    let path = format!("{PS}/realtime_key_events");
    let bogus = with(self::event("other"), "bogus", json!(1));
    refused(platform.request("POST", &path, Some(bogus.clone())), "'bogus'");
    refused(platform.request("PATCH", &format!("{path}/{event}"), Some(bogus)), "'bogus'");
}

#[test]
fn a_backfill_names_batch_attributes_that_exist() {
    let (platform, event, _) = configured();
    let backfill =
        |value: &str, time: &str| json!({"attributeIdentifier": value, "timestampIdentifier": time});
    for body in [single(&event, "x"), counter(&event)] {
        let wrong = with(body.clone(), "backfill", backfill("shoe_size", "last_purchase_at"));
        refused(create(&platform, wrong), "'shoe_size'");
        let wrong = with(body.clone(), "backfill", backfill("loyalty_tier", "never"));
        refused(create(&platform, wrong), "'never'");
        made(create(&platform, with(body, "backfill", backfill("loyalty_tier", "last_purchase_at"))));
    }
}

#[test]
fn a_sub_duration_fits_into_the_duration() {
    let (platform, event, _) = configured();
    let sub = |hours: u64| json!([{"name": "s", "identifier": "s", "value": hours, "unit": "hour"}]);
    refused(create(&platform, with(counter(&event), "subDurations", sub(25))), "'s' can't be longer");
    let id = made(create(&platform, with(counter(&event), "subDurations", sub(24))));
    let path = format!("{PS}/realtime_attributes/{id}");
    let shorter = json!({"duration": {"value": 23, "unit": "hour"}});
    refused(platform.request("PATCH", &path, Some(shorter)), "'s' can't be longer");
}

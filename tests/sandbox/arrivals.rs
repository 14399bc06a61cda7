//! Events that carry no time, or columns that their table does not have yet.

use super::{NOW, PS, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};

const TABLE: &str = "/web_events/pageviews";
const SHOWN: &str = "/v3/table/show/web_events/pageviews";

/// A list that is keyed by time, which is how `first`, `sum` and `last_cart_update` are kept, and the
/// token of a public service whose personalization answers with its sum.
fn watched() -> (Platform, String) {
    let platform = Platform::start();
    platform.control("settle", json!({"settle": "immediately"}));
    let ok = |method: &str, path: &str, body: Value, media: &str| {
        let (status, answer) = platform.request_as(method, path, Some(body), media, &[]);
        assert_eq!(status, 200, "{path}: {answer}");
        answer.get("data").cloned().unwrap_or(answer)
    };
    let plain = "application/json";
    let setting = json!({"keyColumns": [{"name": "td_client_id"}], "batchAttributes": [], "extLookupKey": null,
        "eventTables": [{"database": "web_events", "table": "pageviews"}]});
    ok("PATCH", &format!("{PS}/realtime_setting"), setting, plain);
    let event =
        json!({"name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
    let event = ok("POST", &format!("{PS}/realtime_key_events"), event, plain);
    let list = json!({"name": "spent", "identifier": "spent", "type": "list", "realtimeKeyEventId": event["id"],
        "idColumn": "time", "fields": ["price", "time"], "duration": {"value": 30, "unit": "day"}, "maxItems": 10,
        "aggregations": [{"name": "sum", "identifier": "sum", "aggregationType": "sum", "column": "price"},
            {"name": "first", "identifier": "first", "aggregationType": "first", "column": "price"},
            {"name": "at", "identifier": "at", "aggregationType": "last", "column": "time"}]});
    ok("POST", &format!("{PS}/realtime_attributes"), list, plain);
    let services = format!("{PS}/realtime_personalization_services");
    let service = ok("POST", &services, json!({"name": "page", "public": true}), plain);
    let tokens = format!("{services}/{}/tokens", service["id"].as_str().unwrap());
    let token = ok("POST", &tokens, json!({"name": "page"}), plain);
    (platform, token["value"].as_str().unwrap().to_owned())
}

/// The aggregations of a visitor's list.
fn spent(platform: &Platform, client: &str) -> Value {
    let profile = platform.get(&format!("/_sandbox/profiles?ps=394649&td_client_id={client}"));
    let list = profile["attributes"].as_array().unwrap().iter().find(|item| item["name"] == "spent").unwrap();
    list["sub_attributes"].clone()
}

#[test]
fn an_event_without_a_time_has_that_of_its_arrival() {
    let (platform, token) = watched();
    let event = |client: &str| json!({"td_client_id": client, "price": 5});
    let media = [("content-type", VENDOR)];
    let send = |path: &str, body: Value, headers: &[(&str, &str)]| {
        platform.send("POST", path, Some((VENDOR, body)), &[&media, headers].concat())
    };
    let page = [("origin", "https://shop.example"), ("wp13n-token", token.as_str())];
    let key = format!("TD1 {}", platform.api_key);
    let ingest = [("origin", "https://shop.example"), ("authorization", key.as_str())];
    let public = "/public/web_events/pageviews";
    for (client, path, body, headers) in [
        ("u1", TABLE, json!({"events": [event("u1")]}), &[][..]),
        ("u2", TABLE, json!({"records": [event("u2")]}), &[]),
        ("u3", public, event("u3"), &page[..]),
        ("u4", public, json!({"events": [event("u4")]}), &ingest[..]),
    ] {
        let (status, _, answer) = send(path, body, headers);
        assert_eq!(status, 200, "{path}: {answer}");
        let spent = spent(&platform, client);
        let values: Vec<&Value> = ["sum", "first", "at"].iter().map(|name| &spent[*name]).collect();
        assert_eq!(values, [&json!(5), &json!(5), &json!(NOW)], "{path}: {spent}");
    }
    // The contract of this one demands both.
    let with_token = [("wp13n-token", token.as_str())];
    let (status, _, answer) = send(TABLE, event("u5"), &with_token);
    assert!(status == 400 && answer["message"].as_str().unwrap().contains("time is missing"), "{answer}");
    assert_eq!(platform.get(SHOWN)["last_log_timestamp"], "2025-11-01T00:00:00Z");
}

#[test]
fn a_new_column_is_in_the_schema_from_the_first_event_that_has_it() {
    let (platform, _) = watched();
    let columns = || {
        let schema = platform.get(SHOWN)["schema"].as_str().unwrap().to_owned();
        let rows: Vec<Value> = serde_json::from_str(&schema).unwrap();
        rows.iter()
            .map(|row| format!("{}:{}", row[0].as_str().unwrap(), row[1].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let before = columns();
    let first = json!({"td_client_id": "u1", "coupon": "x", "score": 1.5, "visits": 3, "tags": ["a"], "gone": null,
        "member": true, "uuid": "b82aad42-481b-4ca7-87c0-848a34f3c85f"});
    let send =
        |event: Value| platform.request_as("POST", TABLE, Some(json!({"events": [event]})), VENDOR, &[]).0;
    assert_eq!(send(first), 200);
    let new = ["coupon:string", "score:double", "visits:long", "tags:array<string>", "member:string"];
    assert_eq!(columns()[before.len()..], new, "{before:?}");
    // A later value of another type changes nothing.
    assert_eq!(send(json!({"td_client_id": "u1", "coupon": 7, "gone": "now"})), 200);
    assert_eq!(columns().len(), before.len() + new.len() + 1);
    let event_table = format!("{PS}/realtime_event_tables/web_events/pageviews/columns");
    assert!(platform.get(&event_table).to_string().contains("\"coupon\""));
    // A client finds them.
    let found = platform.tdx(&["discover", "columns", "web_events.pageviews", "--jq", ".[].name"]).run();
    assert!(found.stdout.lines().any(|name| name == "coupon"), "{found:?}");
    // They come back with a snapshot, and go with a reset.
    platform.control("snapshots", json!({"name": "with"}));
    platform.control("reset", json!({}));
    assert_eq!(columns(), before);
    platform.control("snapshots/with/restore", json!({}));
    assert_eq!(columns().len(), before.len() + new.len() + 1);
    assert_eq!(send(json!({"td_client_id": "u2", "coupon": "y", "later": 1})), 200);
    assert_eq!(columns().len(), before.len() + new.len() + 2);
}

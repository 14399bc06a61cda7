//! Streaming ingest: records in, receipts out, and the profiles that they move.

use super::{NOW, PS, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};

const TABLE: &str = "/web_events/pageviews";
const UUID: &str = "b82aad42-481b-4ca7-87c0-848a34f3c85f";

/// With the table in the setting of two parent segments, and a counter of its events in each.
fn watched() -> Platform {
    let platform = Platform::start();
    platform.control("settle", json!({"settle": "immediately"}));
    for ps in [PS, "/audiences/394650"] {
        watch(&platform, ps);
    }
    platform
}

fn watch(platform: &Platform, ps: &str) {
    let setting = json!({"keyColumns": [{"name": "td_client_id"}], "batchAttributes": [], "extLookupKey": "customer_id",
        "eventTables": [
            {"database": "web_events", "table": "pageviews"}, {"database": "web_events", "table": "logins"}]});
    let ok = |(status, answer): (u16, Value)| {
        assert_eq!(status, 200, "{ps}: {answer}");
        answer
    };
    ok(platform.request("PATCH", &format!("{ps}/realtime_setting"), Some(setting)));
    let event =
        json!({"name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
    let event = ok(platform.request("POST", &format!("{ps}/realtime_key_events"), Some(event)));
    let counter = json!({"name": "views", "identifier": "views", "type": "counter", "counterType": "total",
        "realtimeKeyEventId": event["id"], "increment": {"type": "const", "value": 1}});
    ok(platform.request("POST", &format!("{ps}/realtime_attributes"), Some(counter)));
}

fn views(platform: &Platform, ps: &str, client: &str) -> Value {
    let path = format!("/_sandbox/profiles?ps={ps}&td_client_id={client}");
    let (status, answer) = platform.request("GET", &path, None);
    if status == 404 {
        return Value::Null;
    }
    assert_eq!(status, 200, "{answer}");
    let attributes = answer["attributes"].as_array().expect("a list of attributes");
    attributes.iter().find(|item| item["name"] == "views").expect("the counter")["value"].clone()
}

fn send(platform: &Platform, path: &str, body: Value) -> (u16, Value) {
    platform.request_as("POST", path, Some(body), VENDOR, &[])
}

#[test]
fn events_move_profiles_of_every_parent_segment_and_offer_nothing() {
    let platform = watched();
    let events = json!({"events": [
        {"td_client_id": "u1", "time": NOW, "uuid": UUID}, {"td_client_id": "u1"}, {"td_client_id": "u2"}]});
    let (status, answer) = send(&platform, TABLE, events);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer.as_object().expect("an object").keys().collect::<Vec<_>>(), ["receipts"]);
    let receipts = answer["receipts"].as_array().expect("receipts");
    assert!(receipts.len() == 3 && receipts.iter().all(|receipt| receipt["success"] == true), "{answer}");
    assert_eq!(receipts[0]["uuid"], UUID);
    assert_eq!(receipts[1]["uuid"].as_str().map(str::len), Some(36), "one is given to each: {answer}");
    for ps in ["394649", "394650"] {
        assert_eq!(views(&platform, ps, "u1"), 2, "{ps}");
        assert_eq!(views(&platform, ps, "u2"), 1, "{ps}");
    }
}

#[test]
fn every_form_that_the_vendor_sends_is_taken() {
    let platform = watched();
    let events = |client: &str| json!({"events": [{"td_client_id": client}]});
    let with = |media: &str, path: &str, body: Value, headers: &[(&str, &str)]| {
        let (status, answer) = platform.request_as("POST", path, Some(body), media, headers);
        assert!(
            status == 200 && answer["receipts"][0]["success"] == true,
            "{media} {path}: {status} {answer}"
        );
    };
    with(VENDOR, TABLE, events("u1"), &[]);
    with("application/vnd.treasuredata.v1.js+json", TABLE, events("u1"), &[]);
    with("application/vnd.treasuredata.v1.mobile+json", TABLE, events("u1"), &[]);
    with(VENDOR, TABLE, json!({"records": [{"td_client_id": "u1"}]}), &[]);
    with("application/vnd.treasuredata.v1.single+json", TABLE, json!({"td_client_id": "u1"}), &[]);
    // As td-js-sdk calls it.
    with(VENDOR, &format!("{TABLE}?modified=1761955200000&time={NOW}"), events("u1"), &[]);
    let origin = ("origin", "https://shop.example");
    with(VENDOR, &format!("/public{TABLE}"), events("u1"), &[origin]);
    let key = ("x-td-write-key", platform.api_key.as_str());
    with(VENDOR, &format!("/public{TABLE}"), events("u1"), &[origin, ("authorization", ""), key]);
    assert_eq!(views(&platform, "394649", "u1"), 8);
}

#[test]
fn a_wrong_event_has_an_error_in_its_receipt_and_does_not_affect_the_others() {
    let platform = watched();
    let events = json!({"events": [
        {"td_client_id": "u1"}, 7, {"td_client_id": "u1", "time": "now"}, {"td_client_id": "u1", "time": 1.5},
        {"td_client_id": "u1", "time": 253_402_300_800_i64}, {"td_client_id": "u1", "uuid": "no"},
        {"td_client_id": "u1"}]});
    let (status, answer) = send(&platform, TABLE, events);
    assert_eq!(status, 200, "{answer}");
    let receipts = answer["receipts"].as_array().expect("receipts");
    let taken: Vec<bool> = receipts.iter().map(|receipt| receipt["success"] == true).collect();
    assert_eq!(taken, [true, false, false, false, false, false, true], "{answer}");
    assert_eq!(receipts[5]["error"]["name"], "InvalidPropertyValueError");
    assert_eq!(receipts[5]["error"]["description"], "uuid must be a UUID");
    assert_eq!(views(&platform, "394649", "u1"), 2);
}

#[test]
fn what_is_wrong_with_the_whole_request_refuses_it() {
    let platform = watched();
    let events = |count: usize| json!({"events": vec![json!({"td_client_id": "u1"}); count]});
    for (path, body, part) in [
        (TABLE, events(0), "1 to 500"),
        (TABLE, events(501), "1 to 500"),
        ("/web_events/PageViews", events(1), "[0-9a-z_]{3,128}"),
        ("/we/pageviews", events(1), "[0-9a-z_]{3,128}"),
    ] {
        let (status, answer) = send(&platform, path, body);
        let message = answer["message"].as_str().unwrap_or_default();
        let code = &answer["code"];
        assert!(status == 400 && code == 3004 && message.contains(part), "{path}: {status} {answer}");
    }
    let (status, _, answer) = platform.send("POST", TABLE, Some(("application/json", events(1))), &[]);
    assert!(status == 400 && answer["code"] == 3004, "{answer}");
    let gzip = [("content-encoding", "gzip")];
    let (status, _, answer) = platform.send("POST", TABLE, Some((VENDOR, events(1))), &gzip);
    assert!(status == 400 && answer.to_string().contains("compressed"), "{answer}");
    for path in ["/web_events/nothing_here", "/nothing_here/pageviews"] {
        let (status, answer) = send(&platform, path, events(1));
        assert!(status == 404 && answer["code"] == "not_found", "{path}: {status} {answer}");
    }
    assert_eq!(views(&platform, "394649", "u1"), Value::Null, "nothing was taken");
    assert_eq!(send(&platform, TABLE, events(500)).0, 200);
    assert_eq!(views(&platform, "394649", "u1"), 500);
}

#[test]
fn an_ingest_needs_a_key_and_a_personalization_event_a_token() {
    let platform = watched();
    let body = json!({"events": [{"td_client_id": "u1"}]}).to_string().into_bytes();
    let media = ("content-type", VENDOR);
    let origin = ("origin", "https://shop.example");
    let public = format!("/public{TABLE}");
    for (path, headers) in [
        (TABLE, vec![media]),
        (TABLE, vec![media, ("authorization", "TD1 1/wrong")]),
        (public.as_str(), vec![media, origin]),
        (public.as_str(), vec![media, origin, ("authorization", "TD1 1/wrong")]),
        (public.as_str(), vec![media, origin, ("x-td-write-key", "1/wrong")]),
    ] {
        let (status, _, answer) = platform.raw("POST", path, &headers, body.clone());
        assert_eq!(status, 401, "{path} {headers:?}: {}", String::from_utf8_lossy(&answer));
    }
    let (status, answer) = send(&platform, TABLE, json!({"td_client_id": "u1"}));
    assert!(status == 400 && answer["code"] == 3000, "{answer}");
    // With a token it is one event that has a list.
    let headers = [("wp13n-token", "1/1/0123456789abcdef0123456789abcdef")];
    let (status, _, answer) = platform.send("POST", TABLE, Some((VENDOR, json!({"events": []}))), &headers);
    assert!(status == 400 && answer["code"] == 3001, "{answer}");
}

#[test]
fn events_count_as_records_of_their_table() {
    let platform = watched();
    let show = || {
        let table = platform.get("/v3/table/show/web_events/pageviews");
        (table["count"].as_i64().expect("a count"), table["last_log_timestamp"].clone())
    };
    let total = || platform.get("/v3/database/show/web_events")["count"].as_i64().expect("a count");
    let ((count, _), all) = (show(), total());
    send(&platform, TABLE, json!({"events": [{"time": NOW + 60}, {"time": 5}, {}, 7]}));
    assert_eq!(show(), (count + 3, json!("2025-11-01T00:01:00Z")));
    assert_eq!(total(), all + 3);
    platform.control("reset", json!({}));
    assert_eq!(show().0, count, "a reset forgets them");
}

#[test]
fn a_body_that_is_not_json_is_refused_as_such() {
    let platform = watched();
    let key = format!("TD1 {}", platform.api_key);
    for (body, media) in
        [("{\"events\": [", VENDOR), ("", VENDOR), ("{'a': 1}", "application/json"), ("a=1", "text/plain")]
    {
        let headers = [("content-type", media), ("authorization", key.as_str())];
        let (status, _, answer) = platform.raw("POST", TABLE, &headers, body.as_bytes().to_vec());
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        let message = answer["message"].as_str().unwrap();
        assert!(
            status == 400 && answer["code"] == 3004 && message.contains("is not JSON"),
            "{body}: {answer}"
        );
    }
}

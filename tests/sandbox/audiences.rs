//! Parent segments, folders, batch segments and connections that are made through the API.

use super::PS;
use crate::common::Platform;
use serde_json::{Value, json};
use tdx_rt::sandbox::{Options, Settle};

fn body() -> Value {
    json!({
        "name": "New", "description": "made here", "scheduleType": "hourly", "timezone": "Asia/Tokyo",
        "master": {"parentDatabaseName": "crm", "parentTableName": "customers"},
        "attributes": [{"name": "tier", "type": "string", "parentDatabaseName": "crm",
            "parentTableName": "customer_attributes", "parentColumn": "loyalty_tier",
            "parentKey": "customer_id", "foreignKey": "customer_id", "groupingName": null}],
        "behaviors": [{"name": "Purchases", "parentDatabaseName": "web_events", "parentTableName": "purchases",
            "parentKey": "customer_id", "foreignKey": "customer_id",
            "schema": [{"name": "amount", "type": "number", "parentColumn": "purchase_amount"}]}]})
}

#[track_caller]
fn made((status, answer): (u16, Value)) -> String {
    assert_eq!(status, 200, "{answer}");
    answer["id"].as_str().unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

/// Refused in the CDP API's shape.
#[track_caller]
fn refused((status, answer): (u16, Value), expected: u16, part: &str) {
    let message = answer["message"].as_str().unwrap_or_default();
    assert!(status == expected && message.contains(part), "{expected} '{part}': {status} {answer}");
}

#[test]
fn a_parent_segment_refers_to_tables_and_columns_that_exist() {
    let platform = Platform::start();
    let with = |pointer: &str, value: Value| {
        let mut body = body();
        *body.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        platform.request("POST", "/audiences", Some(body))
    };
    refused(with("/name", "Customer 360".into()), 422, "Name has already been taken");
    refused(with("/name", "".into()), 422, "Name can't be blank");
    refused(with("/scheduleType", "yearly".into()), 422, "Schedule type can't be");
    refused(with("/master", Value::Null), 422, "Master can't be blank");
    refused(with("/master/parentTableName", "nothing".into()), 422, "there is no table crm.nothing");
    refused(with("/attributes/0/parentColumn", "shoe".into()), 422, "has no column 'shoe'");
    refused(with("/attributes/0/parentKey", "shoe".into()), 422, "has no column 'shoe'");
    refused(with("/attributes/0/foreignKey", "shoe".into()), 422, "has no column 'shoe'");
    refused(with("/attributes/0/type", "colour".into()), 422, "Type 'colour'");
    refused(with("/behaviors/0/schema/0/parentColumn", "shoe".into()), 422, "Behavior 'Purchases'");
    let mut grouped = body();
    grouped["audienceFilters"] = json!([{}]);
    refused(platform.request("POST", "/audiences", Some(grouped)), 501, "'audienceFilters'");

    let id = made(platform.request("POST", "/audiences", Some(body())));
    let shown = platform.get(&format!("/audiences/{id}"));
    assert_eq!((&shown["population"], &shown["scheduleType"]), (&json!(12), &json!("hourly")));
    assert_eq!(shown["master"]["profileKey"], "customer_id");
    assert_eq!(shown["attributes"][0]["parentColumn"], "loyalty_tier");
    assert_eq!(shown["behaviors"][0]["schema"][0]["name"], "amount");
    assert_eq!(platform.get("/audiences").as_array().map(Vec::len), Some(4));
    refused(platform.request("GET", &format!("/audiences/{id}/realtime_setting"), None), 404, "not enabled");
    // Its customers are those of the tables.
    let rule = rule("tier", json!({"type": "Equal", "rightValue": "VIP", "not": false}));
    let segment = json!({"name": "VIPs", "rule": rule});
    let (_, segment) = platform.request("POST", &format!("/audiences/{id}/segments"), Some(segment));
    assert_eq!(segment["population"], 3, "{segment}");
}

#[test]
fn a_change_without_a_master_keeps_the_tables() {
    let platform = Platform::start();
    let id = made(platform.request("POST", "/audiences", Some(body())));
    let one = format!("/audiences/{id}");
    let before = platform.get(&one);
    let (_, after) = platform.request("PUT", &one, Some(json!({"name": "Renamed", "attributes": []})));
    assert_eq!((&after["name"], &after["attributes"]), (&json!("Renamed"), &before["attributes"]));
    // What was read can be sent back.
    let (status, again) = platform.request("PUT", &one, Some(after.clone()));
    assert_eq!((status, &again), (200, &after));
    let master = json!({"name": "Renamed", "master": before["master"]});
    let (_, cleared) = platform.request("PUT", &one, Some(master));
    assert_eq!((&cleared["attributes"], &cleared["behaviors"]), (&json!([]), &json!([])), "{cleared}");
}

/// A rule over one attribute.
fn rule(name: &str, operator: Value) -> Value {
    json!({"type": "And", "conditions": [{"type": "And", "conditions": [{"type": "Value",
        "leftValue": {"name": name}, "operator": operator, "arrayMatching": null, "exclude": false}]}]})
}

#[test]
fn other_tables_bring_other_customers_members_and_a_roll_out() {
    let platform = Platform::with(Options { settle: Settle::AfterReads(1), ..Options::default() });
    let shown = platform.get(PS);
    let mut body = json!({"name": shown["name"], "master": shown["master"],
        "attributes": shown["attributes"], "behaviors": shown["behaviors"]});
    let spent = |over: i64| {
        rule("vip_discount_percentage", json!({"type": "Greater", "rightValue": over, "not": false}))
    };
    let make = |name: &str, rule: Value| {
        let segment = json!({"name": name, "rule": rule});
        platform.request("POST", &format!("{PS}/segments"), Some(segment)).1
    };
    let before = make("Discount", spent(10));
    let populations = || -> Vec<Value> {
        let segments = platform.get(&format!("{PS}/segments"));
        segments.as_array().into_iter().flatten().map(|segment| segment["population"].clone()).collect()
    };
    let (old, status) = (populations(), || platform.get(&format!("{PS}/realtime_setting"))["status"].clone());
    platform.control("settle", json!({"ps": "394649", "status": "ok"}));
    // A new name alone does not affect real-time.
    assert_eq!(platform.request("PUT", PS, Some(json!({"name": "Customer 360"}))).0, 200);
    assert_eq!(status(), "ok");

    // Now the attribute has the values of another column.
    let attributes = body["attributes"].as_array_mut().expect("attributes");
    let found = attributes.iter_mut().find(|attribute| attribute["name"] == "vip_discount_percentage");
    let attribute = found.expect("the attribute");
    attribute["parentColumn"] = "loyalty_tier".into();
    let (answered, answer) = platform.request("PUT", PS, Some(body.clone()));
    assert_eq!(answered, 200, "{answer}");
    assert_eq!((status(), status()), (json!("updating"), json!("ok")));
    let now = populations();
    assert_eq!((before["population"].clone(), old.last().cloned()), (json!(4), Some(json!(4))));
    assert_eq!(now.last(), Some(&json!(0)), "no tier is a number");
    assert_eq!(now[..now.len() - 1], old[..old.len() - 1], "members that the seed lists stay");
    assert_eq!(
        make(
            "VIPs",
            rule("vip_discount_percentage", json!({"type": "Equal", "rightValue": "VIP", "not": false}))
        )["population"],
        3
    );

    let attributes = body["attributes"].as_array_mut().expect("attributes");
    attributes.retain(|attribute| attribute["name"] != "vip_discount_percentage");
    refused(platform.request("PUT", PS, Some(body)), 409, "the segment 'Discount' uses it");
}

#[test]
fn what_real_time_uses_stays() {
    let platform = Platform::start();
    let setting = json!({
        "keyColumns": [{"name": "td_client_id"}], "extLookupKey": "customer_id",
        "eventTables": [{"database": "web_events", "table": "pageviews"}], "batchAttributes": [{"column": "country"}]});
    let (status, answer) = platform.request("PATCH", &format!("{PS}/realtime_setting"), Some(setting));
    assert_eq!(status, 200, "{answer}");
    let shown = platform.get(PS);
    let bare = json!({"name": shown["name"], "master": shown["master"]});
    refused(platform.request("PUT", PS, Some(bare)), 409, "'country' can't be removed");
    let entity = json!({"attributes": {"audienceId": "394649", "name": "shop", "description": null}});
    let path = "/entities/realtime_personalizations";
    let (status, answer) = platform.request_as("POST", path, Some(entity), super::VENDOR, &[]);
    assert_eq!(status, 200, "{answer}");
    refused(platform.request("DELETE", PS, None), 409, "the personalization 'shop' uses it");
    let entity = format!("{path}/{}", answer["data"]["id"].as_str().unwrap());
    assert_eq!(platform.request("DELETE", &entity, None).0, 200);
    assert_eq!(platform.request("DELETE", PS, None), (200, json!({})));
    for gone in ["", "/realtime_setting", "/folders"] {
        refused(platform.request("GET", &format!("{PS}{gone}"), None), 404, "Record not found");
    }
}

#[test]
fn folders_are_renamed_and_go_when_they_are_empty() {
    let platform = Platform::start();
    let folders = format!("{PS}/folders");
    let id = made(platform.request("POST", &folders, Some(json!({"name": "A", "description": ""}))));
    let one = format!("{folders}/{id}");
    platform.advance(60);
    let (_, changed) = platform.request("PATCH", &one, Some(json!({"name": "B"})));
    assert_eq!((&changed["name"], &changed["description"]), (&json!("B"), &json!("")));
    assert_ne!(changed["updatedAt"], changed["createdAt"]);
    refused(platform.request("PATCH", &one, Some(json!({"name": "Root"}))), 422, "already been taken");
    refused(platform.request("PATCH", &one, Some(json!({"colour": 1}))), 422, "'colour'");
    refused(platform.request("DELETE", &format!("{folders}/3001"), None), 409, "it is the root");
    let number: u64 = id.parse().unwrap();
    let segment = json!({"name": "S", "segmentFolderId": number});
    made(platform.request("POST", &format!("{PS}/segments"), Some(segment)));
    refused(platform.request("DELETE", &one, None), 409, "the segment 'S' lies in it");
    let empty = made(platform.request("POST", &folders, Some(json!({"name": "C", "description": ""}))));
    assert_eq!(platform.request("DELETE", &format!("{folders}/{empty}"), None).0, 200);
    refused(platform.request("GET", &format!("{folders}/{empty}"), None), 404, "Record not found");
}

#[test]
fn a_batch_segment_has_members_when_its_rule_is_understood() {
    let platform = Platform::start();
    let create = |body: Value| platform.request("POST", &format!("{PS}/segments"), Some(body));
    let today = rule("last_purchase_at", json!({"type": "TimeToday"}));
    let (_, made) = create(json!({"name": "Today", "rule": today}));
    assert_eq!((&made["population"], &made["rule"]), (&Value::Null, &today), "{made}");
    let between = json!({"type": "Between", "minValue": 10, "maxValue": 20, "not": false});
    let (_, made) = create(json!({"name": "Some", "rule": rule("vip_discount_percentage", between)}));
    assert_eq!(made["population"], 5, "{made}");
    assert_eq!(create(json!({"name": "All", "rule": null})).1["population"], 12);
    refused(create(json!({"name": "All"})), 422, "Name has already been taken");
    refused(create(json!({"name": "X", "rule": {"type": "Maybe"}})), 422, "Rule must be");
    let unknown = rule("shoe_size", json!({"type": "IsNull", "not": false}));
    refused(create(json!({"name": "X", "rule": unknown})), 422, "'shoe_size' is not an attribute");
    refused(create(json!({"name": "X", "kind": 2})), 501, "only batch segments");
    refused(create(json!({"name": "X", "audienceId": 1})), 422, "not the one of the path");
    refused(create(json!({"name": "X", "segmentFolderId": 1})), 422, "no folder with the id 1");
    assert_eq!(platform.get(&format!("{PS}/segments")).as_array().map(Vec::len), Some(5));
}

#[test]
fn secrets_of_an_authentication_are_never_shown() {
    let platform = Platform::start();
    let auths = "/v4/streaming_task_auths";
    let create = |body: Value| platform.request("POST", auths, Some(body));
    let body = |name: &str, prefix: &str| {
        json!({"account_id": "1", "user_id": "user_1", "auth_type": "td_webhook_out", "auth_name": name,
            "direction": "out", "auth": {"api_key": "top/secret", "url_prefix": prefix}})
    };
    let id = made(create(body("mine", "https://hooks.example.com/")));
    let listed = platform.get(auths);
    let shown = listed.as_array().into_iter().flatten().find(|auth| auth["id"] == *id).unwrap();
    assert_eq!(shown["auth"], json!({"api_key": null, "url_prefix": "https://hooks.example.com/"}));
    assert!(!listed.to_string().contains("top/secret"));
    let looked_up = platform.get("/v3/connections/lookup?name=mine");
    assert_eq!(looked_up, json!({"id": id.parse::<u64>().unwrap()}));
    let error = |(status, answer): (u16, Value), expected: u16, part: &str| {
        let text = answer["error"].as_str().unwrap_or_default();
        assert!(status == expected && text.contains(part), "{expected} '{part}': {status} {answer}");
    };
    error(create(body("mine", "https://x.example.com")), 422, "already been taken");
    error(create(body("other", "ftp://x.example.com")), 422, "no http or https URL");
    error(
        create(json!({"auth_type": "td_webhook_out", "auth": {"api_key": "x"}})),
        422,
        "Url prefix can't be blank",
    );
    error(create(json!({"auth_type": "braze_out"})), 422, "Auth must be an object");
    error(platform.request("GET", "/v3/connections/lookup?name=nobody", None), 404, "Record not found");
    error(platform.request("GET", "/v3/connections/lookup", None), 400, "name is missing");
}

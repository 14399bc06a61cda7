//! The part of the walk that makes a parent segment, folders and batch segments, and undoes it.

use super::{PS, Walk};
use serde_json::{Value, json};

/// A parent segment from the beginning to the end.
pub fn audience(walk: &mut Walk) {
    let master = json!({"parentDatabaseName": "crm", "parentTableName": "customers"});
    let attribute = json!({
        "name": "tier", "type": "string", "parentDatabaseName": "crm", "parentTableName": "customer_attributes",
        "parentColumn": "loyalty_tier", "parentKey": "customer_id", "foreignKey": "customer_id", "groupingName": null});
    let behavior = json!({
        "name": "Orders", "parentDatabaseName": "web_events", "parentTableName": "purchases", "parentKey": "customer_id",
        "foreignKey": "customer_id", "schema": [{"name": "order_id", "type": "string", "parentColumn": "order_id"}]});
    let body = json!({
        "name": "New customers", "description": "made here", "scheduleType": "daily", "scheduleOption": "00:00",
        "timezone": "UTC", "workflowHiveOnly": false, "master": master, "attributes": [attribute], "behaviors": [behavior]});
    let id = walk.make("/audiences", body);
    let one = format!("/audiences/{id}");
    let made = walk.ok("GET", &one, None);
    assert_eq!(made["population"], 12, "the customers of the master table: {made}");
    for part in ["/attributes", "/behaviors", "/folders", "/segments"] {
        walk.ok("GET", &format!("{one}{part}"), None);
    }
    assert_eq!(walk.say("GET", &format!("{one}/realtime_setting"), None, &[]).0, 404, "not enabled");
    walk.ok("PUT", &one, Some(json!({"name": "New customers", "description": "changed here"})));
    let mut attribute = attribute;
    attribute["audienceId"] = id.as_str().into();
    let mut replaced = json!({"name": "New customers", "attributes": [attribute], "behaviors": []});
    replaced["master"] = json!({"parentDatabaseName": "crm", "parentTableName": "customers"});
    walk.ok("PUT", &one, Some(replaced.clone()));
    replaced["master"]["parentTableName"] = "nothing".into();
    assert_eq!(walk.say("PUT", &one, Some(replaced), &[]).0, 422);
    walk.ok("GET", "/audiences", None);
    walk.ok("GET", &format!("/entities/parent_segments/{id}"), None);
    let executions = format!("{one}/executions");
    walk.ok("GET", &executions, None);
    walk.ok("POST", &format!("{one}/run"), None);
    assert_eq!(walk.say("POST", &format!("{one}/run"), None, &[]).0, 409, "it is running");
    assert_eq!(walk.ok("GET", &executions, None)[0]["finishedAt"], Value::Null);
    walk.platform.control("clock", json!({"advance_seconds": 1}));
    assert_eq!(walk.ok("GET", &executions, None)[0]["status"], "success");
    walk.ok("DELETE", &one, None);
    assert_eq!(walk.say("GET", &one, None, &[]).0, 404);
    assert_eq!(walk.say("DELETE", &one, None, &[]).0, 404);
}

/// Folders and batch segments of the walk's parent segment.
pub fn folders_and_segments(walk: &mut Walk) {
    let folder =
        walk.make(&format!("{PS}/folders"), json!({"name": "Campaigns", "description": "of this year"}));
    let one = format!("{PS}/folders/{folder}");
    walk.ok("GET", &one, None);
    walk.ok("PATCH", &one, Some(json!({"name": "Campaigns 2025", "description": "of that year"})));
    let value = json!({
        "type": "Value", "leftValue": {"name": "loyalty_tier"}, "arrayMatching": null, "exclude": false,
        "operator": {"type": "Equal", "rightValue": "VIP", "not": false}});
    let rule = json!({"type": "And", "conditions": [{"type": "Or", "conditions": [value]}]});
    let number: u64 = folder.parse().expect("an id is a number");
    let segment = json!({
        "audienceId": 394_649, "name": "VIPs", "description": "only those", "kind": 0, "realtime": false,
        "segmentFolderId": number, "rule": rule, "countPopulation": true});
    walk.make(&format!("{PS}/segments"), segment);
    walk.make(&format!("{PS}/segments"), json!({"name": "Everybody"}));
    let listed = walk.ok("GET", &format!("{PS}/segments"), None);
    let made = listed.as_array().into_iter().flatten().find(|item| item["name"] == "VIPs");
    assert!(made.is_some_and(|item| item["rule"] == rule && item["segmentFolderId"] == folder), "{listed}");
    assert_eq!(walk.say("DELETE", &one, None, &[]).0, 409, "a segment lies in it");
    let empty: Value = json!({"name": "Empty", "description": ""});
    let empty = walk.make(&format!("{PS}/folders"), empty);
    walk.ok("DELETE", &format!("{PS}/folders/{empty}"), None);
}

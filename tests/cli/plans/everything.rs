//! Plans with one of everything.

use super::SOURCE;
use serde_json::{Value, json};

/// One of everything.
pub fn plan_of_everything() -> Value {
    json!({
        "parent_segment_id": SOURCE,
        "events": [
            {"name": "page_view", "table": "web_events.pageviews", "description": "A page"},
            {"name": "it's", "table": "web_events.purchases", "where": "quantity > 1"},
        ],
        "id_stitching": {"stitching_keys": ["canonical_id", {"name": "td_client_id", "exclude_regex": "^test_"}]},
        "attributes": [
            {"name": "last", "type": "single", "source_event": "page_view", "source_field": "product_id"},
            {"name": "seen", "type": "list", "source_event": "page_view", "source_field": "product_id"},
            {"name": "spent", "type": "counter", "source_event": "it's", "source_field": "quantity",
             "aggregation": "sum", "window_duration": ["24h", "7d"]},
            {"name": "tier", "type": "imported_batch", "column": "loyalty_tier"},
        ],
        "personalization_service": {"name": "web", "trigger_event": "page_view", "sections": [
            {"name": "VIP", "criteria": "tier = 'VIP' AND spent > 3", "attributes": ["last", "spent"]},
            {"name": "Default", "attributes": ["seen"], "strings": {"hello": "Hi"}, "batch_segments": ["High Value"]},
        ]},
    })
}

/// The same with something of each kind that nothing else uses, and journeys of each state.
pub fn plan_with_spares() -> Value {
    let mut plan = plan_of_everything();
    let mut add = |list: &str, item: Value| plan[list].as_array_mut().unwrap().push(item);
    add("events", json!({"name": "spare_event", "table": "web_events.logins"}));
    add("attributes", json!({"name": "spare", "type": "counter", "source_event": "it's"}));
    add("attributes", json!({"name": "city", "type": "imported_batch"}));
    plan["event_tables"] = json!(["web_events.add_to_cart"]);
    plan["id_stitching"]["stitching_keys"].as_array_mut().unwrap().push(json!("email"));
    let call = |name: &str| json!({"activate": "webhook", "name": name, "url": "http://127.0.0.1:9/in", "body": name});
    plan["journeys"] = json!([
        {"name": "welcome", "trigger_event": "page_view", "state": "launched", "steps": [call("a")]},
        {"name": "held", "trigger_event": "page_view", "state": "launched", "paused": true, "steps": [call("b")]},
        {"name": "draft", "trigger_event": "it's", "steps": [{"wait": "1d"}, call("c")]},
    ]);
    plan
}

//! `apply` of some seventy items, killed or cut off at each of its requests, and run again: it converges,
//! nothing exists twice, nothing is lost.
//!
//! In `commands`, the same of every command that writes. Other faults, of all commands: `cli::matrix`.
//!
//! `TDX_RT_CRASH_STEP` is how many requests lie between two interruptions: 1 interrupts at each.

pub(super) mod commands;

use super::plans::{SOURCE, assert_same, by_name, configuration, connections, platform};
use crate::common::{Platform, Tdx};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// 12 key events, 4 keys, 30 attributes, 4 imports, a service, an entity with 8 sections, and three
/// journeys with a connection and five activations.
fn plan() -> Value {
    let tables = ["pageviews", "add_to_cart", "purchases", "logins"];
    let columns = ["product_id", "product_id", "product_id", "user_id"];
    let events: Vec<Value> = (0..12)
        .map(|i| json!({"name": format!("event_{i}"), "database": "web_events", "table": tables[i % 4]}))
        .collect();
    let mut attributes: Vec<Value> = (0..30)
        .map(|i| {
            let (event, column) = (format!("event_{}", i % 12), columns[i % 4]);
            let name = format!("attribute_{i}");
            match i % 3 {
                0 => json!({"name": name, "type": "single", "source_event": event, "source_field": column}),
                1 => json!({"name": name, "type": "list", "source_event": event, "source_field": column}),
                _ => {
                    json!({"name": name, "type": "counter", "source_event": event, "window_duration": "24h"})
                }
            }
        })
        .collect();
    for name in ["loyalty_tier", "city", "lifetime_orders", "vip_status"] {
        attributes.push(json!({"name": name, "type": "imported_batch"}));
    }
    let sections: Vec<Value> = (0..8)
        .map(|i| {
            json!({"name": format!("section_{i}"), "criteria": format!("attribute_{} IS NOT NULL", i * 3),
                   "attributes": [format!("attribute_{i}"), "city"], "strings": {"text": format!("t{i}")}})
        })
        .collect();
    json!({
        "parent_segment_id": SOURCE, "events": events, "attributes": attributes,
        "id_stitching": {"stitching_keys": ["canonical_id", "td_client_id", "customer_id", "email"]},
        "personalization_service": {"name": "web", "trigger_event": "event_0", "sections": sections},
        "journeys": journeys(),
    })
}

fn journeys() -> Value {
    let call = |name: &str| json!({"activate": "webhook", "name": name, "url": "http://127.0.0.1:9/in", "body": name});
    json!([
        {"name": "launched", "trigger_event": "event_0", "state": "launched", "goal": "event_2", "steps": [
            call("a"), {"wait": "1h"}, call("b"),
            {"decide": [
                {"name": "x", "when": "city = 'Oslo'", "steps": [call("c")]},
                {"name": "y", "otherwise": true, "steps": [{"jump": "draft"}]},
            ]},
        ]},
        {"name": "draft", "trigger_event": "event_1", "steps": [call("d")]},
        {"name": "paused", "trigger_event": "event_3", "state": "launched", "paused": true, "steps": [call("e")]},
    ])
}

fn apply(platform: &Platform, state: &Path, file: &str, retries: &str) -> Tdx {
    platform
        .tdx(&["apply", file, "--interval", "5ms", "--retries", retries])
        .env("TDX_RT_STATE_DIR", state.to_str().unwrap())
}

fn no_duplicates(platform: &Platform) {
    let all = configuration(platform, SOURCE);
    let made =
        connections(platform).into_iter().filter(|one| one["auth_name"] == "tdx_rt_webhook_http_127_0_0_1_9");
    assert_eq!(made.count(), 1, "one connection for the host");
    for list in ["events", "attributes", "services", "personalizations", "journeys", "activations"] {
        let items = all[list].as_array().unwrap();
        let names: BTreeSet<_> = items
            .iter()
            .map(|item| item["name"].to_string() + &item["attributes"]["name"].to_string())
            .collect();
        assert_eq!(names.len(), items.len(), "{list} occur twice");
    }
    let tokens = all["services"][0]["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 1, "{tokens:?}");
}

/// One uninterrupted run: what there should be, and how many requests it takes.
fn uninterrupted(file: &str) -> (Value, usize) {
    let (platform, state) = (platform(), tempfile::tempdir().unwrap());
    apply(&platform, state.path(), file, "4").run().document();
    (by_name(&platform, SOURCE), platform.requests().len())
}

/// Arms a fault at the k-th request, lets `first` run into it, and runs again without it.
fn each_request(fault: &Value, first: impl Fn(&Platform, Tdx)) {
    let file = super::Written::new("plan.json", &plan().to_string());
    let (wanted, requests) = uninterrupted(file.path());
    assert!(requests > 60, "{requests} requests");
    let step = std::env::var("TDX_RT_CRASH_STEP").map_or(29, |text| text.parse().unwrap());
    for k in (0..requests).step_by(step) {
        let (platform, state) = (platform(), tempfile::tempdir().unwrap());
        let mut rule = fault.clone();
        rule["skip"] = json!(k);
        platform.control("faults", rule);
        first(&platform, apply(&platform, state.path(), file.path(), "4"));
        platform.request("DELETE", "/_sandbox/faults", None);
        let again = apply(&platform, state.path(), file.path(), "4").run();
        assert_eq!(again.code, 0, "after request {k}: {}", again.stderr);
        let document = again.document();
        assert!(document["service"]["token"].is_string(), "after request {k}: the token is lost");
        no_duplicates(&platform);
        assert_same(&by_name(&platform, SOURCE), &wanted, &json!(format!("after request {k}")));
        platform.forget_requests();
        apply(&platform, state.path(), file.path(), "4").run().document();
        assert_eq!(platform.writes(), Vec::<String>::new(), "after request {k}");
    }
}

/// Runs until the fault holds a request, then kills it.
fn kill_when(platform: &Platform, tdx: Tdx, held: impl Fn(&Platform) -> bool) {
    let mut running = tdx.spawn();
    while !held(platform) && !running.has_ended() {
        std::thread::yield_now();
    }
    running.kill();
}

/// A rule that has struck is used up.
fn struck(platform: &Platform) -> bool {
    let faults = platform.get("/_sandbox/faults");
    faults["faults"].as_array().or(faults.as_array()).unwrap().is_empty()
}

/// The request that was struck has been carried out.
fn carried_out(platform: &Platform) -> bool {
    let journal = platform.get("/_sandbox/requests");
    journal["requests"].as_array().unwrap().iter().any(|entry| entry["fault"] == "endless")
}

#[test]
fn killed_before_a_request_is_carried_out() {
    each_request(&json!({"kind": "slow", "delay_ms": 60_000}), |platform, tdx| {
        kill_when(platform, tdx, struck)
    });
}

#[test]
fn killed_after_a_request_is_carried_out_and_before_it_is_answered() {
    each_request(&json!({"kind": "endless"}), |platform, tdx| kill_when(platform, tdx, carried_out));
}

#[test]
fn the_connection_drops_after_a_request_is_carried_out() {
    each_request(&json!({"kind": "commit_then_drop"}), |_, tdx| {
        let output = tdx.run();
        assert!(matches!(output.code, 0 | 9), "{output:?}");
    });
}

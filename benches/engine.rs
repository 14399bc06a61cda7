//! The engine on one thread: JSON event in, offer out. `cargo bench --bench engine [-- PROFILES…]`.
//!
//! Two configurations: a realistic one (3 keys, 5 attributes, 2 sections) and the platform's
//! limit of 200 attributes, of which an event feeds 20. Needs `harness = false`.

use serde_json::{Map, Value, json};
use std::hint::black_box;
use std::time::Instant;
use tdx_rt::platform::wire::EventTable;
use tdx_rt::sandbox::engine::{Config, NoBatch, Profiles, Program};

const START: i64 = 1_700_000_000;

fn main() {
    let sizes: Vec<u64> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 100_000, 1_000_000] } else { sizes };
    for (name, program) in [("5 attributes", realistic()), ("200 attributes, 20 fed", limits())] {
        for &size in &sizes {
            run(name, &program, size);
        }
    }
}

fn run(name: &str, program: &Program, size: u64) {
    let table = EventTable { database: "web".into(), table: "pageviews".into() };
    let count = (2 * size).clamp(1_000_000, 2_000_000);
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    // One text, so that the heap that the engine meets is not in a million pieces.
    let mut texts = String::new();
    for n in 0..count {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        texts.push_str(&event(random >> 33, size, START + (n / 1_000) as i64));
        texts.push('\n');
    }
    let mut profiles = Profiles::default();
    let before = resident();
    let started = Instant::now();
    let mut offers = 0;
    for (n, text) in texts.lines().enumerate() {
        let event: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
        let now = START + (n / 1_000) as i64;
        offers += black_box(profiles.ingest(program, &NoBatch, &table, &event, now)).offers.len();
    }
    let taken = started.elapsed().as_secs_f64();
    println!(
        "{name}, {size} profiles: {:.0} events/s, {offers} offers, {} profiles, {} bytes a profile",
        count as f64 / taken,
        profiles.len(),
        (resident() - before).max(0) / profiles.len().max(1) as i64
    );
}

/// Resident memory in bytes.
fn resident() -> i64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<i64>().ok()).unwrap_or(0) * 4_096
}

fn event(random: u64, size: u64, time: i64) -> String {
    let user = random % size;
    json!({
        "time": time, "td_client_id": format!("client-{user:012}"),
        "email": format!("user{user}@example.com"), "customer_id": format!("c{user}"),
        "td_path": "/product/page", "td_title": "A product", "td_referrer": "https://example.com/",
        "product_id": format!("p{}", random % 997), "price": (random % 500) as f64 / 4.0, "action": "view"
    })
    .to_string()
}

fn attribute(id: u32, extra: Value) -> Value {
    let mut attribute = json!({"id": id.to_string(), "name": format!("a{id}"), "identifier": format!("a{id}"),
        "realtimeKeyEventId": "1"});
    if let (Some(map), Value::Object(extra)) = (attribute.as_object_mut(), extra) {
        map.extend(extra);
    }
    attribute
}

fn five(from: u32) -> Vec<Value> {
    vec![
        attribute(from, json!({"type": "single", "valueColumn": "product_id", "dataType": "string"})),
        attribute(
            from + 1,
            json!({"type": "list", "idColumn": "product_id", "maxItems": 20,
            "fields": ["price"], "duration": {"value": 60, "unit": "day"},
            "aggregations": [{"name": "p", "identifier": "p", "aggregationType": "distinct_list", "column": "product_id"}]}),
        ),
        attribute(
            from + 2,
            json!({"type": "counter", "increment": {"type": "const", "value": 1},
            "duration": {"value": 24, "unit": "hour"},
            "subDurations": [{"name": "d", "identifier": "d", "value": 24, "unit": "hour"}]}),
        ),
        attribute(
            from + 3,
            json!({"type": "counter", "counterType": "total",
            "increment": {"type": "field", "value": "price"}}),
        ),
        attribute(from + 4, json!({"type": "imported"})),
    ]
}

fn realistic() -> Program {
    compile(&Value::Array(five(10)))
}

fn limits() -> Program {
    let mut attributes = Vec::new();
    for block in 0..40_u32 {
        let mut five = five(10 + 5 * block);
        if block >= 5 {
            // Configured, but fed by an event that does not come.
            five.iter_mut().for_each(|one| one["realtimeKeyEventId"] = json!("2"));
        }
        attributes.extend(five);
    }
    compile(&Value::Array(attributes))
}

fn compile(attributes: &Value) -> Program {
    let setting = json!({"eventTables": [{"database": "web", "table": "pageviews"}], "extLookupKey": "customer_id",
        "keyColumns": [{"name": "td_client_id", "validRegexp": "^client"}, {"name": "email"}, {"name": "customer_id"}]});
    let key_event = |id: &str, pattern: &str| {
        json!({"id": id, "name": id, "databaseName": "web", "tableName": "pageviews",
            "filterRule": {"type": "Column", "column": "td_path",
                "operator": {"type": "Regexp", "rightValue": pattern, "not": false}}})
    };
    let section = |name: &str, criteria: Value| {
        json!({"name": name,
            "entryCriteria": {"name": "c", "keyEventCriteria": {"keyEventId": "1", "keyEventFilters": {}}, "profileCriteria": criteria},
            "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "definition": {"attributePayload": [
                {"realtimeAttributeId": "10", "outputName": "last"},
                {"realtimeAttributeId": "11", "subAttributeIdentifier": "p", "outputName": "list"},
                {"realtimeAttributeId": "12", "subAttributeIdentifier": "d", "outputName": "views"}]}}}})
    };
    let vip = json!({"type": "RealtimeAttribute", "realtimeAttributeId": "14",
        "operator": {"type": "Equal", "rightValue": "VIP", "not": false}});
    let personalizations = json!([{"id": "1", "attributes": {"name": "web",
        "sections": [section("VIP", vip), section("Default", Value::Null)]}}]);
    let key_events = json!([key_event("1", "^/product"), key_event("2", "^/cart")]);
    let program = Program::compile(&Config {
        setting: &serde_json::from_value(setting).unwrap_or_default(),
        key_events: &serde_json::from_value::<Vec<_>>(key_events).unwrap_or_default(),
        attributes: &serde_json::from_value::<Vec<_>>(attributes.clone()).unwrap_or_default(),
        personalizations: &serde_json::from_value::<Vec<_>>(personalizations).unwrap_or_default(),
        journeys: &[],
    });
    program.unwrap_or_default()
}

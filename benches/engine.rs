//! The engine on one thread: JSON event in, offer out. `cargo bench --bench engine [-- PROFILES…]`.
//!
//! Two configurations: a realistic one (3 keys, 5 attributes, 2 sections) and the platform's
//! limit of 200 attributes, of which an event feeds 20. Needs `harness = false`.

mod common;

use common::{amounts, timed};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::hint::black_box;
use tdx_rt::platform::wire::EventTable;
use tdx_rt::sandbox::engine::{Config, NoBatch, Profiles, Program};

const START: i64 = 1_700_000_000;

fn main() {
    let sizes = amounts(&[1_000, 100_000, 1_000_000], &[100]);
    for (name, program) in [("5 attributes", realistic()), ("200 attributes, 20 fed", limits())] {
        for &size in &sizes {
            let count = if size == 100 { 1_000 } else { (2 * size).clamp(1_000_000, 2_000_000) };
            run(name, &program, size, Load { count, per_second: 1_000 });
        }
    }
    // Each has a window full of different seconds.
    for size in amounts(&[10], &[1]) {
        run(
            "5 attributes, busy visitors",
            &realistic(),
            size,
            Load { count: 8_000 * size, per_second: size },
        );
    }
}

/// The number of events, and of events per second.
struct Load {
    count: u64,
    per_second: u64,
}

fn run(name: &str, program: &Program, size: u64, load: Load) {
    let Load { count, per_second } = load;
    let table = EventTable::new("web", "pageviews");
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    // One string, so that the engine does not start with a fragmented heap.
    let mut texts = String::new();
    let mut users = BTreeSet::new();
    for n in 0..count {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        users.insert((random >> 33) % size);
        texts.push_str(&event(random >> 33, size, START + (n / per_second) as i64));
        texts.push('\n');
    }
    let mut profiles = Profiles::default();
    let before = resident();
    let (offers, taken) = timed(|| {
        let mut offers = 0;
        for (n, text) in (0..).zip(texts.lines()) {
            let event: Map<String, Value> = serde_json::from_str(text).expect("an event");
            let now = START + (n / per_second) as i64;
            offers += black_box(profiles.ingest(program, &NoBatch, &table, &event, now)).offers.len();
        }
        offers
    });
    println!(
        "{name}, {size} profiles: {:.0} events/s, {offers} offers, {} profiles, {} bytes a profile",
        count as f64 / taken.as_secs_f64(),
        profiles.len(),
        (resident() - before).max(0) / profiles.len().max(1) as i64
    );
    assert_eq!(offers, count as usize, "an offer for each event");
    assert_eq!(profiles.len(), users.len(), "a profile for each visitor");
    check_values(program, &mut profiles, &table, &users, size, load);
}

/// The attributes were really kept: the offer for the next event of each visitor counts all events
/// before it.
fn check_values(
    program: &Program,
    profiles: &mut Profiles,
    table: &EventTable,
    users: &BTreeSet<u64>,
    size: u64,
    load: Load,
) {
    let Load { count, per_second } = load;
    let mut views = 0;
    let now = START + (count / per_second) as i64;
    for &user in users {
        let event: Map<String, Value> = serde_json::from_str(&event(user, size, now)).expect("an event");
        let ingested = profiles.ingest(program, &NoBatch, table, &event, now);
        let offer = serde_json::to_value(&ingested.offers).expect("offers have a form in JSON");
        let attributes = &offer["Default"]["attributes"];
        assert_eq!(attributes["last"], json!(format!("p{}", user % 997)), "{offer}");
        assert!(attributes["list"].as_array().is_some_and(|list| !list.is_empty()), "{offer}");
        views += attributes["views"].as_u64().expect("a count") - 1;
    }
    assert_eq!(views, count, "each event is counted once");
}

/// Resident memory in bytes.
fn resident() -> i64 {
    let text = std::fs::read_to_string("/proc/self/statm").expect("Linux has it");
    let pages = text.split(' ').nth(1).and_then(|pages| pages.parse::<i64>().ok());
    pages.expect("the second number is resident pages") * 4_096
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
    let setting = json!({"eventTables": [{"database": "web", "table": "pageviews"}],
        "batchAttributes": [], "extLookupKey": "customer_id",
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
    Program::compile(&Config {
        setting: &read(setting),
        key_events: &read::<Vec<_>>(key_events),
        attributes: &read::<Vec<_>>(attributes.clone()),
        personalizations: &read::<Vec<_>>(personalizations),
        journeys: &[],
    })
    .expect("it compiles")
}

/// The wire's form of a piece of the configuration.
fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

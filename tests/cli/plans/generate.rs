//! Random plans over the demo data's tables, and random edits that the platform can take.

mod journeys;

use crate::common::Random;
use serde_json::{Map, Value, json};

const TABLES: [(&str, &[&str], &[&str]); 4] = [
    ("pageviews", &["td_path", "product_id", "event_name", "td_title"], &["price"]),
    ("add_to_cart", &["product_id", "product_name", "cart_id"], &["quantity", "price"]),
    ("purchases", &["order_id", "product_id", "currency"], &["quantity", "purchase_amount"]),
    ("logins", &["login_method", "device", "user_id"], &[]),
];
const KEYS: [&str; 4] = ["canonical_id", "td_client_id", "customer_id", "email"];
const BATCH: [&str; 5] = ["loyalty_tier", "city", "country", "lifetime_orders", "vip_status"];
const WINDOWS: [&str; 6] = ["30m", "24h", "7d", "30d", "90d", "2w"];
const NAMES: [&str; 6] = ["plain", "two words", "it's", "dot.ted", "and", "Größe"];

/// A plan for a parent segment.
pub fn plan(random: &mut Random, ps: &str) -> Value {
    let events: Vec<Value> = (0..1 + random.index(4)).map(|index| event(random, index)).collect();
    let attributes: Vec<Value> =
        (0..random.index(9)).map(|index| attribute(random, index, &events)).collect();
    let mut imports: Vec<Value> = random
        .some(&BATCH, 0)
        .into_iter()
        .map(|name| json!({"name": name, "type": "imported_batch"}))
        .collect();
    let mut all = attributes;
    all.append(&mut imports);
    let keys: Vec<Value> =
        random.some(&KEYS, 1).into_iter().map(|name| key(random_key(random), name)).collect();
    let mut plan =
        json!({"parent_segment_id": ps, "events": events, "id_stitching": {"stitching_keys": keys}});
    if !all.is_empty() {
        let services: Vec<Value> = (0..random.index(3)).map(|i| service(random, i, &events, &all)).collect();
        plan["attributes"] = Value::Array(all);
        match services.as_slice() {
            [] => {}
            [one] => plan["personalization_service"] = one.clone(),
            several => plan["personalization_services"] = json!(several),
        }
    }
    let journeys: Vec<Value> = (0..random.index(3)).map(|i| journeys::journey(random, i, &plan)).collect();
    match journeys.as_slice() {
        [] => {}
        [one] if random.one_in(2) => plan["journey"] = one.clone(),
        _ => plan["journeys"] = json!(journeys),
    }
    plan
}

fn name(random: &mut Random, kind: &str, index: usize) -> String {
    format!("{kind} {index} {}", random.pick(&NAMES))
}

fn table(event: &Value) -> &'static (&'static str, &'static [&'static str], &'static [&'static str]) {
    TABLES.iter().find(|(table, ..)| event["table"] == *table).unwrap()
}

fn event(random: &mut Random, index: usize) -> Value {
    let (table, texts, numbers) = random.pick(&TABLES);
    let mut event = json!({"name": name(random, "event", index), "database": "web_events", "table": table});
    if random.one_in(2) {
        event["description"] = json!(format!("about {index}"));
    }
    if random.one_in(2) {
        event["where"] = json!(condition(random, texts, numbers));
    }
    event
}

/// SQL-like text over text and number columns.
fn condition(random: &mut Random, texts: &[&str], numbers: &[&str]) -> String {
    let mut parts = Vec::new();
    for _ in 0..1 + random.index(3) {
        let text = random.pick(texts);
        parts.push(match random.below(7) {
            0 => format!("{text} = 'it''s'"),
            1 => format!("{text} != 'x'"),
            2 => format!("{text} LIKE '/p_%'"),
            3 => format!("{text} IN ('a', 'b c')"),
            4 => format!("{text} IS NOT NULL"),
            5 => format!("{text} REGEXP '^a+(b|c)$'"),
            _ if numbers.is_empty() => format!("{text} IS NULL"),
            _ => format!("{} >= {}", random.pick(numbers), random.below(100)),
        });
    }
    let word = if random.one_in(2) { " AND " } else { " OR " };
    let text = parts.join(word);
    if random.one_in(4) { format!("NOT ({text})") } else { text }
}

fn random_key(random: &mut Random) -> u64 {
    random.below(5)
}

fn key(kind: u64, name: &str) -> Value {
    match kind {
        0 => json!(name),
        1 => json!({"name": name, "exclude_regex": "^test_"}),
        2 => json!({"name": name, "valid_regex": "^[^@]+$"}),
        3 => json!({"name": name, "valid_regex": "^.+$", "exclude_regex": "x$", "invalid": ["null"]}),
        _ => json!({"name": name, "invalid": ["unknown", "0"]}),
    }
}

fn attribute(random: &mut Random, index: usize, events: &[Value]) -> Value {
    let event = random.pick(events);
    let (_, texts, numbers) = table(event);
    let text = *random.pick(texts);
    let mut attribute = json!({"name": name(random, "attribute", index), "source_event": event["name"]});
    let fields = match random.below(6) {
        0 => json!({"type": "single", "source_field": text}),
        1 => json!({"type": "single", "source_field": text, "aggregation": "first"}),
        2 => {
            json!({"type": "list", "source_field": text, "max_items": 1 + random.below(200), "expiry_days": 1 + random.below(90)})
        }
        3 => json!({"type": "counter", "aggregation": "count"}),
        4 if !numbers.is_empty() => {
            json!({"type": "counter", "aggregation": "sum", "source_field": random.pick(numbers)})
        }
        _ => json!({"type": "counter", "aggregation": "count", "window_duration": windows(random)}),
    };
    attribute.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    if random.one_in(3) {
        attribute["description"] = json!("generated");
    }
    if random.one_in(4) {
        attribute["where"] = json!(condition(random, texts, numbers));
    }
    attribute
}

fn windows(random: &mut Random) -> Value {
    match random.some(&WINDOWS, 1).as_slice() {
        [one] => json!(one),
        several => json!(several),
    }
}

fn service(random: &mut Random, index: usize, events: &[Value], attributes: &[Value]) -> Value {
    let sections: Vec<Value> =
        (0..1 + random.index(3)).map(|index| section(random, index, events, attributes)).collect();
    let mut service = json!({
        "name": name(random, "service", index),
        "trigger_event": random.pick(events)["name"],
        "sections": sections,
    });
    if random.one_in(2) {
        service["description"] = json!("what it is for");
    }
    if random.one_in(4) {
        service["public"] = json!(true);
    }
    if random.one_in(4) {
        service["only"] = json!("entity");
        service.as_object_mut().unwrap().shift_remove("public");
    }
    service
}

fn section(random: &mut Random, index: usize, events: &[Value], attributes: &[Value]) -> Value {
    let outputs: Vec<Value> = random
        .some(attributes, 1)
        .into_iter()
        .enumerate()
        .map(|(index, attribute)| match index % 2 {
            0 => attribute["name"].clone(),
            _ => json!({"name": attribute["name"], "as": format!("output {index}")}),
        })
        .collect();
    let mut section = json!({"name": name(random, "section", index), "attributes": outputs});
    section["criteria"] = json!(criteria(random, attributes));
    if random.one_in(3) {
        section["strings"] = json!({"greeting": "Hi 'you'", "empty?": "-"});
    }
    if random.one_in(3) {
        section["batch_segments"] = json!(["High Value"]);
    }
    if random.one_in(4) {
        section["trigger_event"] = random.pick(events)["name"].clone();
    }
    section
}

fn criteria(random: &mut Random, attributes: &[Value]) -> String {
    if random.one_in(3) {
        return String::new();
    }
    let names: Vec<String> = attributes
        .iter()
        .map(|attribute| format!("\"{}\"", attribute["name"].as_str().unwrap().replace('"', "\"\"")))
        .collect();
    let mut parts = Vec::new();
    for _ in 0..1 + random.index(2) {
        let name = random.pick(&names);
        parts.push(match random.below(3) {
            0 => format!("{name} IS NOT NULL"),
            1 => format!("{name} = 'VIP'"),
            _ => format!("{name} IN ('a', 'b')"),
        });
    }
    parts.join(if random.one_in(2) { " AND " } else { " OR " })
}

/// The plan with some changes that the platform can make to what exists.
pub fn edited(random: &mut Random, plan: &Value) -> Value {
    let mut plan = plan.clone();
    let first = plan["events"][0].clone();
    for event in plan["events"].as_array_mut().unwrap() {
        if random.one_in(3) {
            let (_, texts, numbers) = table(event);
            event["where"] = json!(condition(random, texts, numbers));
        }
    }
    if let Some(attributes) = plan.get_mut("attributes").and_then(Value::as_array_mut) {
        for attribute in attributes.iter_mut() {
            edit_attribute(random, attribute);
        }
        attributes.push(json!({"name": "added", "type": "single", "source_event": first["name"],
            "source_field": table(&first).1[0]}));
    }
    if random.one_in(2) {
        plan["id_stitching"]["stitching_keys"].as_array_mut().unwrap().push(json!("session_id"));
        plan["events"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "added event", "database": "web_events", "table": "session_start"}));
    }
    for journey in ["/journey", "/journeys/0", "/journeys/1"] {
        if let Some(journey) = plan.pointer_mut(journey) {
            journeys::edit(random, journey);
        }
    }
    let names: Vec<&str> = ["personalization_service", "personalization_services"].to_vec();
    for name in names {
        match plan.get_mut(name) {
            Some(Value::Array(services)) => {
                services.iter_mut().for_each(|service| edit_service(random, service))
            }
            Some(service) => edit_service(random, service),
            None => {}
        }
    }
    plan
}

fn edit_attribute(random: &mut Random, attribute: &mut Value) {
    if attribute["type"] == "imported_batch" {
        return;
    }
    if random.one_in(3) {
        attribute["description"] = json!("edited");
    }
    if attribute["type"] == "list" && random.one_in(2) {
        attribute["max_items"] = json!(201 + random.below(100));
    }
    if attribute.get("window_duration").is_some() && random.one_in(2) {
        attribute["window_duration"] = json!("365d");
    }
}

fn edit_service(random: &mut Random, service: &mut Value) {
    let service: &mut Map<String, Value> = service.as_object_mut().unwrap();
    service.insert("description".into(), json!("edited"));
    let Some(sections) = service.get_mut("sections").and_then(Value::as_array_mut) else { return };
    if random.one_in(2) {
        let strings = json!({"added": "text"});
        sections.push(json!({"name": "added", "strings": strings, "criteria": ""}));
    }
    if random.one_in(2) {
        sections[0]["criteria"] = json!("");
    }
    if random.one_in(2) {
        sections.reverse();
    }
}

//! Random configurations, batch data and events.

use super::super::{Customers, NOW, Setup, column, everything, personalization};
use super::random::Random;
use serde_json::{Map, Value, json};

/// Persons, each with ids of their own; few events join two of them.
const PERSONS: i64 = 100;
const PRODUCTS: [&str; 6] = ["p1", "p2", "p3", "p4", "p5", "7"];

/// Attributes that drive nothing and have no sub-attributes, those that have, with the subs.
const PLAIN: [&str; 11] = ["s1", "s2", "s3", "s4", "c1", "c2", "c3", "i1", "i2", "i3", "k2"];
const SUBS: [(&str, &[&str]); 5] = [
    ("l1", &["first", "last", "sum", "min", "max", "distinct_list"]),
    ("l2", &["ids", "sum"]),
    ("w1", &["m10", "h1"]),
    ("w2", &["h2"]),
    ("k1", &["price", "color"]),
];

/// A configuration with every kind of attribute, chance in its filters and sizes.
pub fn setup(random: &mut Random) -> Setup {
    Setup {
        setting: json!({
            "eventTables": [{"database": "web", "table": "pageviews"}, {"database": "web", "table": "orders"}],
            "keyColumns": [
                {"name": "td_client_id", "invalidTexts": ["null", "0"]},
                {"name": "email", "validRegexp": "^[^@]+@[^@]+$"},
                {"name": "user_id", "validRegexp": "^(?!test_)", "invalidTexts": ["u666"]},
                {"name": "customer_id", "validRegexp": "^c"}],
            "batchAttributes": [], "extLookupKey": "customer_id"}),
        key_events: json!([
            {"id": "1", "name": "any", "databaseName": "web", "tableName": "pageviews", "filterRule": everything()},
            {"id": "2", "name": "some", "databaseName": "web", "tableName": "pageviews", "filterRule": event_rule(random, 2)},
            {"id": "3", "name": "order", "databaseName": "web", "tableName": "orders", "filterRule": {}},
            {"id": "4", "name": "big", "databaseName": "web", "tableName": "orders", "filterRule": event_rule(random, 1)},
            {"id": "5", "name": "gone", "databaseName": "web", "tableName": "elsewhere", "filterRule": {}},
            {"id": "6", "name": "leave", "databaseName": "web", "tableName": "pageviews",
             "filterRule": column("category", "Equal", json!("bags"))}]),
        attributes: attributes(random),
        personalizations: (1..=2).map(|number| one_personalization(random, number)).collect(),
    }
}

fn attributes(random: &mut Random) -> Value {
    let minutes = |random: &mut Random, from: i64, to: i64| json!({"value": from + random.below(to - from), "unit": "minute"});
    let aggregation = |kind: &str, column: &str| json!({"name": kind, "identifier": kind, "aggregationType": kind, "column": column});
    let all = ["first", "last", "sum", "min", "max", "distinct_list"].map(|kind| aggregation(kind, "price"));
    let ids = json!([{"name": "i", "identifier": "ids", "aggregationType": "distinct_list", "column": "size"},
                     aggregation("sum", "size")]);
    let mut list = json!([
        {"id": "s1", "type": "single", "valueColumn": "product", "dataType": "string"},
        {"id": "s2", "type": "single", "valueColumn": "price", "dataType": "number", "duration": minutes(random, 30, 300)},
        {"id": "s3", "type": "single", "valueColumn": "category", "dataType": "string", "duration": minutes(random, 600, 4_000),
         "backfill": {"attributeIdentifier": "category", "timestampIdentifier": "seen_at"}},
        {"id": "s4", "type": "single", "valueColumn": "path", "dataType": "string", "sensitive": true},
        {"id": "product", "type": "single", "valueColumn": "product", "dataType": "string", "duration": minutes(random, 60, 600)},
        {"id": "size", "type": "list", "idColumn": "size", "maxItems": 2, "duration": minutes(random, 60, 600)},
        {"id": "l1", "type": "list", "idColumn": "product", "fields": ["path"], "maxItems": 2 + random.below(3),
         "duration": minutes(random, 100, 2_000), "aggregations": all,
         "actions": [{"action": "clear", "realtimeKeyEventId": "3", "filterRule": event_rule(random, 1)},
                     {"action": "delete_item", "realtimeKeyEventId": "1", "filterRule": column("category", "Equal", json!("shoes"))}]},
        {"id": "l2", "type": "list", "idColumn": "size", "maxItems": 3, "fields": ["product"], "aggregations": ids,
         "actions": [{"action": "delete_item", "realtimeKeyEventId": "6", "filterRule": {}},
                     {"action": "clear", "realtimeKeyEventId": "4", "filterRule": {}}]},
        {"id": "c1", "type": "counter", "counterType": "total", "increment": {"type": "const", "value": 2}},
        {"id": "c2", "type": "counter", "counterType": "total", "increment": {"type": "field", "value": "price"},
         "duration": minutes(random, 60, 900)},
        {"id": "c3", "type": "counter", "counterType": "total", "increment": {"type": "field", "value": "price"},
         "backfill": {"attributeIdentifier": "orders", "timestampIdentifier": "seen_at"}},
        {"id": "w1", "type": "counter", "increment": {"type": "const", "value": 1}, "duration": {"value": 1, "unit": "day"},
         "subDurations": [{"name": "a", "identifier": "m10", "value": 10, "unit": "minute"},
                          {"name": "b", "identifier": "h1", "value": 1, "unit": "hour"}]},
        {"id": "w2", "type": "counter", "counterType": "sliding", "increment": {"type": "field", "value": "price"},
         "duration": {"value": 6, "unit": "hour"},
         "subDurations": [{"name": "c", "identifier": "h2", "value": 120, "unit": "minute"}]},
        {"id": "i1", "type": "imported", "column": "tier"},
        {"id": "i2", "type": "imported", "column": "orders", "sensitive": true},
        {"id": "i3", "type": "imported", "column": "nobody_has_it"},
        {"id": "k1", "type": "lookupCatalog", "lookupCatalogTableName": "shoes",
         "lookupKeys": [{"id": "product", "type": "string"}],
         "lookupCatalogColumns": [{"name": "price", "dataType": "number"}, {"name": "color", "dataType": "string"}]},
        {"id": "k2", "type": "lookupCatalog", "lookupCatalogTableName": "shoes",
         "lookupKeys": [{"id": "size", "type": "number"}, {"id": "product", "type": "string"}]},
    ]);
    for attribute in list.as_array_mut().unwrap() {
        let id = attribute["id"].clone();
        (attribute["name"], attribute["identifier"]) = (id.clone(), id);
        if ["single", "list", "counter"].iter().any(|kind| attribute["type"] == *kind) {
            attribute["realtimeKeyEventId"] = json!(*random.of(&["1", "1", "1", "2", "3", "4"]));
            attribute["filterRule"] = if random.chance(50) { json!({}) } else { event_rule(random, 1) };
        }
    }
    list
}

fn one_personalization(random: &mut Random, number: i64) -> Value {
    let sections: Vec<Value> = (0..3).map(|section| one_section(random, section)).collect();
    personalization(&number.to_string(), &format!("web{number}"), json!(sections))
}

fn one_section(random: &mut Random, number: i64) -> Value {
    let mut outputs = Vec::new();
    for id in PLAIN.iter().filter(|_| random.chance(40)) {
        outputs.push(json!({"realtimeAttributeId": id, "outputName": id}));
    }
    for (id, subs) in SUBS {
        for sub in subs.iter().filter(|_| random.chance(40)) {
            outputs.push(json!({"realtimeAttributeId": id, "subAttributeIdentifier": sub, "outputName": format!("{id}.{sub}")}));
        }
    }
    outputs.push(json!({"realtimeAttributeId": "gone", "outputName": "gone"}));
    let definition = json!({
        "attributePayload": outputs,
        "stringBuilder": [{"outputName": "text", "values": [{"type": "String", "value": "Hi "}, {"type": "String", "value": "you"}]}],
        "catalogPayload": [
            {"catalogName": "k1", "lookupAttributeId": "product", "lookupColumn": "product", "outputName": "rows"},
            {"catalogName": "shoes", "lookupAttributeId": "l2", "lookupColumn": "size", "outputName": "sizes"},
            {"catalogName": "k1", "lookupAttributeId": "s4", "lookupColumn": "product", "outputName": "paths"}],
        "segmentPayload": {"batchSegments": [{"id": "70"}, {"id": "71"}, {"id": "72"}]}});
    let profile = if number == 2 { Value::Null } else { profile_rule(random, 2) };
    json!({"name": format!("S{number}"), "includeSensitive": random.chance(30),
        "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r", "definition": definition}},
        "entryCriteria": {"name": "c", "profileCriteria": profile, "acceptUnknownProfiles": !random.chance(20),
            "keyEventCriteria": {"keyEventId": *random.of(&["1", "1", "2", "3", "4", "5"]),
                "keyEventFilters": if random.chance(70) { everything() } else { event_rule(random, 1) }}}})
}

/// Random conditions, nested `depth` groups deep.
fn nested(random: &mut Random, depth: u32, leaf: &dyn Fn(&mut Random) -> Value) -> Value {
    if depth == 0 {
        return leaf(random);
    }
    let conditions: Vec<Value> = (0..=random.below(3)).map(|_| nested(random, depth - 1, leaf)).collect();
    json!({"type": *random.of(&["And", "Or", "Or"]), "conditions": conditions})
}

fn event_rule(random: &mut Random, depth: u32) -> Value {
    nested(random, depth, &|random| {
        let column = *random.of(&["product", "price", "category", "path", "flag", "size", "missing"]);
        json!({"type": "Column", "column": column, "operator": operator(random)})
    })
}

fn profile_rule(random: &mut Random, depth: u32) -> Value {
    nested(random, depth, &|random| {
        let (id, sub) = if random.chance(50) {
            (*random.of(&PLAIN), Value::Null)
        } else {
            let (id, subs) = random.of(&SUBS);
            (*id, if random.chance(15) { Value::Null } else { json!(*random.of(subs)) })
        };
        json!({"type": "RealtimeAttribute", "realtimeAttributeId": id, "subAttributeIdentifier": sub,
               "operator": operator(random)})
    })
}

/// Every operator, in every spelling.
fn operator(random: &mut Random) -> Value {
    let kind = *random.of(&[
        "Equal",
        "NotEqual",
        "IsNull",
        "GreaterThan",
        "Greater",
        "LessThan",
        "Less",
        "GreaterThanOrEqual",
        "GreaterEqual",
        "LessThanOrEqual",
        "LessEqual",
        "Regexp",
        "In",
    ]);
    let mut value = || match random.below(6) {
        0 => json!(random.below(8)),
        1 => json!(random.below(8) as f64 / 2.0),
        2 => json!(*random.of(&PRODUCTS)),
        3 => json!(*random.of(&["shoes", "bags", "5", "Gold"])),
        4 => json!(true),
        _ => json!(*random.of(&["/a", "/b/c", "red"])),
    };
    let right = match kind {
        "IsNull" => Value::Null,
        "In" => json!([value(), value(), value()]),
        "Regexp" => json!(*random.of(&["^/", "s$", "[0-9]", "^p[12]$", "o"])),
        _ => value(),
    };
    json!({"type": kind, "rightValue": right, "not": random.chance(30)})
}

/// Batch data of the customers c0 to c59, and a catalog.
pub fn batch(random: &mut Random) -> Customers {
    let mut batch = Customers::default();
    for number in 0..60_i64 {
        let seen_at = NOW - 200_000 + random.below(400_000);
        let row = json!({
            "tier": *random.of(&[json!("Gold"), json!("Silver"), Value::Null]),
            "orders": *random.of(&[json!(3), json!("4.5"), json!("many"), Value::Null]),
            "category": *random.of(&[json!("shoes"), json!(5), Value::Null]),
            "seen_at": if random.chance(80) { json!(seen_at) } else { Value::Null }});
        batch.rows.insert(format!("c{number}"), row.as_object().unwrap().clone());
        for id in ["70", "71"] {
            if random.chance(40) {
                batch.members.entry(id.to_owned()).or_default().push(format!("c{number}"));
            }
        }
    }
    batch.names.insert("70".into(), "Seventy".into());
    let row = |random: &mut Random| {
        json!({"product": *random.of(&PRODUCTS), "size": random.below(5), "price": random.below(9),
               "color": *random.of(&[json!("red"), json!("blue"), Value::Null])})
    };
    let rows = (0..12).map(|_| row(random).as_object().unwrap().clone()).collect();
    batch.tables.insert("shoes".into(), rows);
    batch
}

/// An event: its table and its columns. `number` counts the events, `now` is the clock, `roaming` the
/// share of events in percent that come with a new cookie each time.
pub fn event(random: &mut Random, number: i64, now: i64, roaming: i64) -> (&'static str, Map<String, Value>) {
    let mut event = Map::new();
    let mut put = |name: &str, value: Value| drop(event.insert(name.to_owned(), value));
    let person = random.below(PERSONS);
    if random.chance(roaming) {
        put("user_id", json!("everywhere"));
        put("td_client_id", json!(format!("fresh{number}")));
    } else {
        let other = if random.chance(2) { random.below(PERSONS) } else { person };
        match random.below(10) {
            0 => put("td_client_id", json!(*random.of(&["null", "0", ""]))),
            1 => {}
            _ => put("td_client_id", json!(format!("t{}", 3 * person + random.below(3)))),
        }
        match random.below(6) {
            0 => put("email", json!(format!("m{other}@x.y"))),
            1 => put("email", json!(*random.of(&["unknown", "a@b@c", "@"]))),
            _ => {}
        }
        match random.below(8) {
            0 => put("user_id", json!(10_000 + other)),
            1 => put("user_id", json!(*random.of(&["test_1", "u666"]))),
            _ => {}
        }
        match random.below(12) {
            0 => put("customer_id", json!(format!("c{}", person % 80))),
            1 => put("customer_id", json!("nobody")),
            _ => {}
        }
    }
    match random.below(10) {
        0 | 1 => put("time", json!(now - random.below(3_000))),
        2 => put("time", json!(now - random.below(200_000))),
        3 => put("time", json!((now - random.below(20)).to_string())),
        4 => put("time", json!(now + random.below(9_000))),
        _ => {}
    }
    for (name, values) in [
        (
            "price",
            vec![
                json!(random.below(8)),
                json!(random.below(8) as f64 / 2.0),
                json!("2.5"),
                json!("x"),
                Value::Null,
            ],
        ),
        ("category", vec![json!("shoes"), json!("bags"), json!("hats"), json!(5), json!(["shoes"])]),
        ("path", vec![json!("/a"), json!("/b/c"), json!("p2"), json!("")]),
        ("flag", vec![json!(true), json!(false), json!("true")]),
        ("size", vec![json!(random.below(5)), json!(random.below(5).to_string()), Value::Null]),
        (
            "product",
            PRODUCTS.iter().map(|product| json!(product)).chain([json!(7), json!(""), Value::Null]).collect(),
        ),
    ] {
        if random.chance(85) {
            put(name, random.of(&values).clone());
        }
    }
    (*random.of(&["pageviews", "pageviews", "pageviews", "orders", "elsewhere"]), event)
}

//! Random events through the engine give what a naive reference gives that keeps every event and
//! computes everything anew.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// An event: which ids it has, its time relative to NOW (all different), product, price.
#[derive(Debug, Clone)]
struct Sent {
    ids: Vec<(&'static str, u8)>,
    time: i64,
    product: u8,
    price: Option<i32>,
}

const KEYS: [&str; 3] = ["a", "b", "c"];
const MAX_ITEMS: usize = 5;
const WINDOW: i64 = 1_000;

fn setup() -> Setup {
    let rules = json!({"realtimeKeyEventId": "1"});
    let with = |extra: Value| {
        let mut one = rules.clone();
        one.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        one
    };
    let aggregation =
        |kind: &str| json!({"name": kind, "identifier": kind, "aggregationType": kind, "column": "price"});
    Setup {
        setting: json!({"batchAttributes": [], "eventTables": [{"database": "web", "table": "t"}],
            "keyColumns": KEYS.map(|name| json!({"name": name}))}),
        key_events: json!([{"id": "1", "name": "e", "databaseName": "web", "tableName": "t", "filterRule": {}}]),
        attributes: json!([
            with(
                json!({"id": "last", "name": "l", "identifier": "l", "type": "single", "valueColumn": "price", "dataType": "number"})
            ),
            with(
                json!({"id": "list", "name": "i", "identifier": "i", "type": "list", "idColumn": "product", "maxItems": MAX_ITEMS,
                "aggregations": [aggregation("sum"), aggregation("distinct_list")]})
            ),
            with(
                json!({"id": "total", "name": "t", "identifier": "t", "type": "counter", "counterType": "total",
                "increment": {"type": "field", "value": "price"}})
            ),
            with(
                json!({"id": "window", "name": "w", "identifier": "w", "type": "counter", "increment": {"type": "const", "value": 1},
                "duration": {"value": WINDOW / 60 + 1, "unit": "minute"}})
            ),
        ]),
        personalizations: json!([]),
    }
}

fn event(sent: &Sent) -> Value {
    let mut event = json!({"time": NOW + sent.time, "product": sent.product, "price": sent.price});
    for (column, value) in &sent.ids {
        event[*column] = json!(value.to_string());
    }
    event
}

fn events() -> impl Strategy<Value = Vec<Sent>> {
    let one = (
        proptest::collection::btree_map(0..KEYS.len(), 0..6_u8, 0..3),
        0..12_u8,
        proptest::option::of(-5..20_i32),
    );
    proptest::collection::vec(one, 1..80).prop_flat_map(|parts| {
        let times: Vec<i64> = (0..parts.len() as i64).map(|n| -n * 37).collect();
        (Just(parts), Just(times).prop_shuffle()).prop_map(|(parts, times)| {
            let sent = parts.into_iter().zip(times).map(|((ids, product, price), time)| {
                let ids = ids.into_iter().filter_map(|(key, value)| Some((*KEYS.get(key)?, value))).collect();
                Sent { ids, time, product, price }
            });
            sent.collect()
        })
    })
}

/// The ids and events of a profile.
type Group<'a> = (BTreeSet<(&'static str, u8)>, Vec<&'a Sent>);

/// The events of each profile, found by joining groups until nothing changes.
fn groups(sent: &[Sent]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for one in sent.iter().filter(|one| !one.ids.is_empty()) {
        let ids: BTreeSet<_> = one.ids.iter().copied().collect();
        let (mut joined, rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(known, _)| !known.is_disjoint(&ids));
        let mut group = (ids, vec![one]);
        for (ids, events) in joined.drain(..) {
            group.0.extend(ids);
            group.1.extend(events);
        }
        groups = rest;
        groups.push(group);
    }
    groups
}

/// What the four attributes should be, from all events of a profile.
fn expected(mut events: Vec<&Sent>) -> BTreeMap<&'static str, Value> {
    events.sort_by_key(|one| one.time);
    let last = events.iter().rev().find_map(|one| one.price);
    let mut items: Vec<&Sent> = Vec::new();
    for one in &events {
        items.retain(|item| item.product != one.product);
        items.push(one);
    }
    items.reverse();
    items.truncate(MAX_ITEMS);
    let mut distinct: Vec<i32> = Vec::new();
    for price in items.iter().filter_map(|item| item.price) {
        if !distinct.contains(&price) {
            distinct.push(price);
        }
    }
    let window = (WINDOW / 60 + 1) * 60;
    BTreeMap::from([
        ("last", json!(last)),
        ("list", items.iter().map(|item| json!(item.product)).collect()),
        ("list.sum", json!(items.iter().filter_map(|item| item.price).sum::<i32>())),
        ("list.distinct_list", json!(distinct)),
        ("total", json!(events.iter().filter_map(|one| one.price).sum::<i32>())),
        ("window", json!(events.iter().filter(|one| -one.time < window).count())),
    ])
}

fn actual(world: &World, column: &str, value: u8) -> BTreeMap<&'static str, Value> {
    let inspection = world.inspect(column, &value.to_string(), NOW).unwrap();
    let mut found = BTreeMap::new();
    for (name, attribute) in ["last", "list", "total", "window"].iter().zip(&inspection.attributes) {
        found.insert(*name, attribute.value.clone());
        for (sub, name) in [("sum", "list.sum"), ("distinct_list", "list.distinct_list")] {
            if let Some(value) = attribute.sub_attributes.get(sub) {
                found.insert(name, value.clone());
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_equals_the_reference(sent in events()) {
        let mut world = setup().world();
        for one in &sent {
            world.send("t", NOW, event(one));
        }
        let groups = groups(&sent);
        prop_assert_eq!(world.profiles.len(), groups.len());
        for (ids, events) in groups {
            let expected = expected(events);
            for (column, value) in ids {
                prop_assert_eq!(&actual(&world, column, value), &expected);
            }
        }
    }
}

//! Which profile an event goes to, through the engine.

use super::*;
use crate::platform::time::parse_rfc3339;

#[test]
fn values_that_are_no_ids_find_no_profile() {
    let mut world = World::new();
    for event in [
        json!({"td_client_id": "null"}),
        json!({"td_client_id": null, "email": "nobody"}),
        json!({"td_client_id": ["u1"], "email": true}),
        json!({"td_client_id": 5}),
        json!({"td_client_id": ""}),
        json!({"customer_id": "c1"}),
    ] {
        let ingested = world.view(NOW, event);
        assert_eq!(ingested.key_events, ["1"], "it is a key event all the same");
        assert!(ingested.offers.is_empty());
    }
    assert!(world.profiles.is_empty());
}

#[test]
fn a_common_event_joins_two_histories() {
    let mut world = World::new();
    world.view(NOW, json!({"td_client_id": "u1", "product": "a", "action": "add"}));
    world.view(NOW + 10, json!({"email": "x@y", "product": "b", "action": "add"}));
    world.view(NOW + 5, json!({"td_client_id": "u2", "product": "c", "action": "add"}));
    assert_eq!(world.profiles.len(), 3);
    world.view(NOW + 20, json!({"td_client_id": "u1", "email": "x@y"}));
    world.send("orders", NOW + 1, json!({"td_client_id": "u2", "email": "x@y", "time": NOW - 100}));
    assert_eq!(world.profiles.len(), 1);
    for (column, value) in [("td_client_id", "u1"), ("td_client_id", "u2"), ("email", "x@y")] {
        assert_eq!(world.value(column, value, "10", NOW + 20), json!("b"));
        assert_eq!(world.value(column, value, "11", NOW + 20), json!(["b", "c", "a"]));
        assert_eq!(world.value(column, value, "12", NOW + 20), json!(4));
    }
    let inspection = world.inspect("email", "x@y", NOW + 20).unwrap();
    let keys: Vec<_> = inspection
        .keys
        .iter()
        .map(|key| (key.value.as_str(), parse_rfc3339(&key.last_seen).unwrap() / 1_000 - NOW))
        .collect();
    assert_eq!(keys, [("u1", 20), ("x@y", 20), ("u2", 5)]);
    assert_eq!(inspection.keys[0].column, "td_client_id");
}

#[test]
fn the_lookup_column_links_a_profile_to_its_batch_data() {
    let mut world = World::new();
    world.view(NOW, json!({"td_client_id": "u1"}));
    assert_eq!(world.value("td_client_id", "u1", "13", NOW), Value::Null);
    world.view(NOW + 1, json!({"td_client_id": "u1", "customer_id": "c1"}));
    world.view(NOW + 2, json!({"td_client_id": "u1", "customer_id": "c0", "time": NOW}));
    assert_eq!(world.value("td_client_id", "u1", "13", NOW), json!("VIP"), "an older value does not count");
    let inspection = world.inspect("td_client_id", "u1", NOW).unwrap();
    assert_eq!((inspection.customer.as_deref(), inspection.known), (Some("c1"), true));
    world.view(NOW + 2, json!({"td_client_id": "u1", "customer_id": "c2"}));
    assert_eq!(world.value("td_client_id", "u1", "13", NOW), Value::Null, "nobody knows c2");
}

#[test]
fn a_lookup_column_that_is_a_key_obeys_its_filter() {
    let mut setup = Setup::default();
    setup.setting["keyColumns"] = json!([{"name": "customer_id", "invalidTexts": ["c1"]}, {"name": "email"}]);
    let mut world = World { program: setup.try_compile().unwrap(), ..World::new() };
    world.view(NOW, json!({"email": "x@y", "customer_id": "c1"}));
    assert_eq!(world.value("email", "x@y", "13", NOW), Value::Null);
    // The setting comes after the event: the stitched id serves.
    let lookup = setup.setting["extLookupKey"].take();
    setup.setting["keyColumns"][0]["invalidTexts"] = json!([]);
    world.program = setup.try_compile().unwrap();
    world.view(NOW, json!({"email": "x@y", "customer_id": "c1"}));
    setup.setting["extLookupKey"] = lookup;
    world.program = setup.try_compile().unwrap();
    assert_eq!(world.value("email", "x@y", "13", NOW), json!("VIP"));
}

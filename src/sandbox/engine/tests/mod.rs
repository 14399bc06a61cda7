//! The engine as a whole: events in, offers out.

mod catalogs;
mod offers;
mod reference;
mod replay;
mod stitching;

use super::*;
use crate::platform::wire::{self, EventTable};
use serde_json::{Value, json};
use std::collections::HashMap;

/// 2023-11-14, some time of day.
const NOW: i64 = 1_700_000_000;

/// Batch data: rows by customer, segment names, members by segment.
#[derive(Clone, Default)]
struct Customers {
    rows: HashMap<String, Map<String, Value>>,
    names: HashMap<String, String>,
    members: HashMap<String, Vec<String>>,
    tables: HashMap<String, Vec<Map<String, Value>>>,
}

impl Batch for Customers {
    fn customer(&self, key: &str) -> Option<&Map<String, Value>> {
        self.rows.get(key)
    }
    fn in_segment(&self, segment_id: &str, key: &str) -> bool {
        self.members.get(segment_id).is_some_and(|keys| keys.iter().any(|own| own == key))
    }
    fn segment_name(&self, segment_id: &str) -> Option<&str> {
        self.names.get(segment_id).map(String::as_str)
    }
    fn catalog_rows(&self, table: &str, column: &str, key: &Value) -> Vec<&Map<String, Value>> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let has = |row: &&Map<String, Value>| row.get(column).is_some_and(|cell| text(cell) == text(key));
        self.tables.get(table).into_iter().flatten().filter(has).collect()
    }
}

/// A configuration in its wire form.
struct Setup {
    setting: Value,
    key_events: Value,
    attributes: Value,
    personalizations: Value,
}

fn everything() -> Value {
    json!({"type": "And", "conditions": []})
}

fn column(column: &str, kind: &str, right: Value) -> Value {
    json!({"type": "Column", "column": column, "operator": {"type": kind, "rightValue": right, "not": false}})
}

fn attribute(id: &str, kind: &str, right: Value) -> Value {
    json!({"type": "RealtimeAttribute", "realtimeAttributeId": id,
           "operator": {"type": kind, "rightValue": right, "not": false}})
}

/// A section that key event 1 triggers.
fn section(name: &str, profile: Value, payload: Value) -> Value {
    json!({"name": name, "payload": {"0123456789abcdef0123456789abcdef":
              {"type": "ResponseNode", "name": "r", "definition": payload}},
           "entryCriteria": {"name": "c", "profileCriteria": profile,
              "keyEventCriteria": {"keyEventId": "1", "keyEventFilters": everything()}}})
}

fn outputs(ids: &[&str]) -> Value {
    let outputs: Vec<Value> =
        ids.iter().map(|id| json!({"realtimeAttributeId": id, "outputName": format!("out_{id}")})).collect();
    json!({"attributePayload": outputs})
}

fn personalization(id: &str, name: &str, sections: Value) -> Value {
    json!({"id": id, "attributes": {"name": name, "sections": sections}})
}

impl Default for Setup {
    fn default() -> Self {
        Setup {
            setting: json!({
                "eventTables": [{"database": "web", "table": "pageviews"}, {"database": "web", "table": "orders"}],
                "keyColumns": [{"name": "td_client_id", "invalidTexts": ["null"]}, {"name": "email", "validRegexp": "@"}],
                "batchAttributes": [], "extLookupKey": "customer_id"}),
            key_events: json!([
                {"id": "1", "name": "view", "databaseName": "web", "tableName": "pageviews",
                 "filterRule": column("td_path", "Regexp", json!("^/"))},
                {"id": "2", "name": "order", "databaseName": "web", "tableName": "orders", "filterRule": {}}]),
            attributes: json!([
                {"id": "10", "name": "last", "identifier": "last", "type": "single", "realtimeKeyEventId": "1",
                 "valueColumn": "product", "dataType": "string"},
                {"id": "11", "name": "cart", "identifier": "cart", "type": "list", "realtimeKeyEventId": "1",
                 "idColumn": "product", "filterRule": column("action", "Equal", json!("add")),
                 "actions": [{"action": "clear", "realtimeKeyEventId": "2"},
                             {"action": "delete_item", "realtimeKeyEventId": "1",
                              "filterRule": column("action", "Equal", json!("remove"))}]},
                {"id": "12", "name": "views", "identifier": "page_views_24h", "type": "counter",
                 "realtimeKeyEventId": "1", "increment": {"type": "const", "value": 1},
                 "duration": {"value": 24, "unit": "hour"}},
                {"id": "13", "name": "tier", "identifier": "loyalty_tier", "type": "imported"},
                {"id": "14", "name": "phone", "identifier": "phone", "type": "imported", "sensitive": true},
                {"id": "15", "name": "catalog", "identifier": "catalog", "type": "lookupCatalog",
                 "lookupCatalogTableName": "products"}]),
            personalizations: json!([personalization(
                "100",
                "web",
                json!([section("All", Value::Null, outputs(&["10", "12"]))])
            )]),
        }
    }
}

impl Setup {
    fn try_compile(&self) -> Result<Program, ProgramError> {
        let setting: wire::RealtimeSettingAttributes = serde_json::from_value(self.setting.clone()).unwrap();
        let key_events: Vec<wire::KeyEvent> = serde_json::from_value(self.key_events.clone()).unwrap();
        let attributes: Vec<wire::RealtimeAttribute> =
            serde_json::from_value(self.attributes.clone()).unwrap();
        let personalizations: Vec<wire::Personalization> =
            serde_json::from_value(self.personalizations.clone()).unwrap();
        Program::compile(&Config {
            setting: &setting,
            key_events: &key_events,
            attributes: &attributes,
            personalizations: &personalizations,
            journeys: &[],
        })
    }

    fn world(&self) -> World {
        World {
            program: self.try_compile().unwrap(),
            batch: Customers::default(),
            profiles: Profiles::default(),
        }
    }
}

/// A parent segment at work.
struct World {
    program: Program,
    batch: Customers,
    profiles: Profiles,
}

impl World {
    fn new() -> Self {
        let mut world = Setup::default().world();
        let row = json!({"loyalty_tier": "VIP", "phone": "123"});
        world.batch.rows.insert("c1".into(), row.as_object().unwrap().clone());
        world
    }

    fn send(&mut self, table: &str, now: i64, event: Value) -> Ingested {
        let table = EventTable::new("web", table);
        self.profiles.ingest(&self.program, &self.batch, &table, event.as_object().unwrap(), now)
    }

    fn view(&mut self, now: i64, mut event: Value) -> Ingested {
        event.as_object_mut().unwrap().insert("td_path".into(), "/".into());
        self.send("pageviews", now, event)
    }

    fn inspect(&self, column: &str, value: &str, now: i64) -> Option<Inspection> {
        let keys = [(column.to_owned(), value.to_owned())];
        self.profiles.inspect(&self.program, &self.batch, &keys, now)
    }

    fn value(&self, column: &str, value: &str, attribute: &str, now: i64) -> Value {
        let inspection = self.inspect(column, value, now).unwrap();
        inspection.attributes.into_iter().find(|known| known.id == attribute).unwrap().value
    }
}

#[test]
fn an_event_becomes_an_offer() {
    let mut world = World::new();
    let ingested = world.view(NOW, json!({"td_client_id": "u1", "product": "p1"}));
    assert_eq!(ingested.key_events, ["1"]);
    assert_eq!(
        json!(ingested.offers),
        json!({"All": {"attributes": {"out_10": "p1", "out_12": 1}, "batch_segments": []}})
    );
}

#[test]
fn only_event_tables_and_matching_events_count() {
    let mut world = World::new();
    let pageviews = EventTable::new("web", "pageviews");
    assert!(world.program.reads(&pageviews));
    let ingested = world.send("elsewhere", NOW, json!({"td_client_id": "u1", "td_path": "/"}));
    assert_eq!((ingested, world.profiles.len()), (Ingested::default(), 0));
    let ingested = world.send("pageviews", NOW, json!({"td_client_id": "u1", "td_path": "home"}));
    assert!(ingested.identity.as_ref().is_some_and(|change| change.made));
    assert_eq!(Ingested { identity: None, ..ingested }, Ingested::default());
    assert_eq!(world.profiles.len(), 1);
    assert_eq!(world.value("td_client_id", "u1", "12", NOW), json!(0));
}

#[test]
fn page_views_24h_forget_after_24_hours_exactly() {
    let mut world = World::new();
    for at in [0, 60, 3_600] {
        world.view(NOW + at, json!({"td_client_id": "u1"}));
    }
    let day = 86_400;
    for (now, views) in [(day - 1, 3), (day, 2), (day + 59, 2), (day + 60, 1), (day + 3_600, 0)] {
        assert_eq!(world.value("td_client_id", "u1", "12", NOW + now), json!(views), "after {now}");
    }
}

#[test]
fn late_events_count_by_their_own_time() {
    let mut world = World::new();
    world.view(NOW, json!({"td_client_id": "u1", "product": "new"}));
    let late = world.view(NOW, json!({"td_client_id": "u1", "product": "old", "time": NOW - 86_399}));
    assert_eq!(late.offers["All"]["attributes"], json!({"out_10": "new", "out_12": 2}));
    let later = world.view(NOW + 1, json!({"td_client_id": "u1", "time": NOW - 90_000}));
    assert_eq!(later.offers["All"]["attributes"], json!({"out_10": "new", "out_12": 1}));
}

#[test]
fn actions_of_other_key_events_change_the_list() {
    let mut world = World::new();
    for (action, product) in [("add", "a"), ("add", "b"), ("look", "c"), ("remove", "a")] {
        world.view(NOW, json!({"td_client_id": "u1", "action": action, "product": product}));
    }
    assert_eq!(world.value("td_client_id", "u1", "11", NOW), json!(["b"]));
    world.send("orders", NOW, json!({"td_client_id": "u1"}));
    assert_eq!(world.value("td_client_id", "u1", "11", NOW), json!([]));
}

#[test]
fn an_event_that_brings_and_takes_an_item_ends_without_it() {
    for (brings, takes) in [("1", "3"), ("3", "1")] {
        let mut setup = Setup::default();
        let again = json!({"id": "3", "name": "again", "databaseName": "web", "tableName": "pageviews", "filterRule": {}});
        setup.key_events.as_array_mut().unwrap().push(again);
        let cart = &mut setup.attributes[1];
        (cart["realtimeKeyEventId"], cart["filterRule"]) = (json!(brings), json!({}));
        cart["actions"] = json!([{"action": "delete_item", "realtimeKeyEventId": takes,
            "filterRule": column("action", "Equal", json!("remove"))}]);
        let mut world = setup.world();
        for (product, action) in [("a", "look"), ("b", "remove")] {
            world.view(NOW, json!({"td_client_id": "u1", "product": product, "action": action}));
        }
        assert_eq!(
            world.value("td_client_id", "u1", "11", NOW),
            json!(["a"]),
            "{brings} brings, {takes} takes"
        );
    }
}

#[test]
fn profiles_outlive_programs_and_processes() {
    let mut world = World::new();
    world.view(NOW, json!({"td_client_id": "u1", "product": "p"}));
    let stored = world.profiles.everything().unwrap();
    world.profiles = Profiles::default();
    world.profiles.load(&stored).unwrap();
    // Another order, one attribute less, a new one, another key in front.
    let mut setup = Setup::default();
    let attributes = setup.attributes.as_array_mut().unwrap();
    attributes.remove(1);
    attributes.reverse();
    attributes
        .push(json!({"id": "20", "name": "n", "identifier": "n", "type": "counter", "counterType": "total",
        "realtimeKeyEventId": "1", "increment": {"type": "const", "value": 1}}));
    setup.setting["keyColumns"] = json!([{"name": "phone"}, {"name": "td_client_id"}]);
    world.program = setup.try_compile().unwrap();
    assert_eq!(world.value("td_client_id", "u1", "10", NOW), json!("p"), "before the first event too");
    world.view(NOW, json!({"td_client_id": "u1", "phone": "5"}));
    for (id, value) in [("10", json!("p")), ("12", json!(2)), ("20", json!(1))] {
        assert_eq!(world.value("phone", "5", id, NOW), value, "{id}");
    }
    world.program = Setup::default().try_compile().unwrap();
    assert_eq!(world.value("td_client_id", "u1", "12", NOW), json!(2));
    assert_eq!(world.inspect("phone", "5", NOW), None, "a key no more");
}

#[test]
fn what_cannot_be_compiled_is_named() {
    let odd = json!({"type": "Future"});
    let mut setups = Vec::new();
    for (part, pointer, item) in [
        (1, "/0/filterRule", "filter of key event 'view'"),
        (2, "/1/filterRule", "filter of attribute 'cart'"),
        (2, "/1/actions/1/filterRule", "filter of attribute 'cart'"),
        (
            3,
            "/0/attributes/sections/0/entryCriteria/profileCriteria",
            "profile criteria of section 'All' of personalization 'web'",
        ),
        (
            3,
            "/0/attributes/sections/0/entryCriteria/keyEventCriteria/keyEventFilters",
            "key event filter of section 'All' of personalization 'web'",
        ),
    ] {
        let mut setup = Setup::default();
        let value =
            [&mut setup.setting, &mut setup.key_events, &mut setup.attributes, &mut setup.personalizations]
                .into_iter()
                .nth(part)
                .unwrap();
        *value.pointer_mut(pointer).unwrap() = odd.clone();
        setups.push((setup, item));
    }
    let mut setup = Setup::default();
    setup.setting["keyColumns"][1]["validRegexp"] = json!("(");
    setups.push((setup, "stitching key 'email'"));
    for (setup, item) in setups {
        assert_eq!(setup.try_compile().unwrap_err().item, item);
    }
}

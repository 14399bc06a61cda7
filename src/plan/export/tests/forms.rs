//! One form after the other: what the document says, and that it means what is live.

use super::live::{by_name, over, read};
use crate::plan::Configuration;
use crate::plan::export::{Exported, export};
use serde_json::{Value, json};

/// A parent segment with these attributes and sections; key events 1 `view` and 2 `buy`.
fn live(attributes: Value, sections: Value) -> Configuration {
    let event = |id: &str, name: &str| json!({"id": id, "name": name, "databaseName": "web", "tableName": "pages", "filterRule": {}});
    let entity = json!([{"id": "9", "type": "realtime-personalization",
        "attributes": {"audienceId": "42", "name": "web", "description": null, "sections": sections}}]);
    Configuration {
        setting: serde_json::from_value(json!({
            "keyColumns": [], "eventTables": [{"database": "web", "table": "pages"}], "batchAttributes": []
        }))
        .unwrap(),
        events: serde_json::from_value(json!([event("1", "view"), event("2", "buy")])).unwrap(),
        attributes: serde_json::from_value(attributes).unwrap(),
        services: Vec::new(),
        personalizations: match sections.as_array().unwrap().is_empty() {
            true => Vec::new(),
            false => serde_json::from_value(entity).unwrap(),
        },
        segments: serde_json::from_value(json!([
            {"id": "31", "name": "Big"}, {"id": "32", "name": "Twice"}, {"id": "33", "name": "Twice"}
        ]))
        .unwrap(),
        ..Configuration::default()
    }
}

/// Exports, and checks that nothing changes over the same state and all comes back over none.
fn round_trip(live: &Configuration) -> Exported {
    let exported = export(live);
    assert_eq!(exported.warnings, Vec::<String>::new());
    assert_eq!(over(&exported, live), *live);
    let empty = Configuration { segments: live.segments.clone(), ..Configuration::default() };
    assert_eq!(by_name(&over(&exported, &empty)), by_name(live));
    exported
}

/// The plan's words for one attribute of the wire, without its name.
fn attribute(mut wire: Value) -> Value {
    let map = wire.as_object_mut().unwrap();
    for (key, value) in [("id", "11"), ("name", "a"), ("identifier", "a")] {
        map.entry(key).or_insert_with(|| value.into());
    }
    if !matches!(map["type"].as_str(), Some("imported" | "lookupCatalog")) {
        map.insert("realtimeKeyEventId".into(), "1".into());
    }
    let root = round_trip(&live(json!([wire]), json!([]))).root;
    let mut item = root["attributes"][0].clone();
    item.as_object_mut().unwrap().shift_remove("name");
    item
}

#[test]
fn singles_say_their_type_and_what_else_differs_from_nothing() {
    assert_eq!(
        attribute(json!({"type": "single", "valueColumn": "p", "dataType": "number"})),
        json!({"type": "single", "source_event": "view", "source_field": "p", "aggregation": "last",
            "data_type": "number"})
    );
    assert_eq!(
        attribute(json!({"type": "single", "valueColumn": "p", "dataType": "string", "identifier": "B",
            "description": "d", "sensitive": true, "duration": {"value": 12, "unit": "hour"},
            "backfill": {"attributeIdentifier": "x", "timestampIdentifier": "t"},
            "filterRule": {"type": "Column", "column": "path",
                "operator": {"type": "Equal", "rightValue": "it's", "not": true}}})),
        json!({"type": "single", "identifier": "B", "description": "d", "source_event": "view",
            "source_field": "p", "aggregation": "last", "data_type": "string", "expiry": "12h",
            "where": "path != 'it''s'", "backfill": {"attribute": "x", "timestamp": "t"}, "sensitive": true})
    );
}

#[test]
fn lists_have_a_short_form_and_a_long_one() {
    let list = |aggregations: Value, more: Value| {
        let mut wire = json!({"type": "list", "idColumn": "p", "fields": ["p"], "maxItems": 100,
            "duration": {"value": 90, "unit": "day"}, "aggregations": aggregations});
        wire.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        attribute(wire)
    };
    let items = |kind: &str| json!([{"name": "items", "identifier": "items", "aggregationType": kind, "column": "p"}]);
    assert_eq!(
        list(items("distinct_list"), json!({})),
        json!({"type": "list", "source_event": "view", "source_field": "p", "aggregation": "distinct_list"})
    );
    // Written because a reader would ask over how many items, and which events count once.
    assert_eq!(
        list(items("sum"), json!({"idColumn": "time"})),
        json!({"type": "list", "source_event": "view", "source_field": "p", "aggregation": "sum",
            "id_field": "time", "expiry": "90d"})
    );
    let clear = json!([{"action": "clear", "realtimeKeyEventId": "2", "filterRule": {"type": "And",
        "conditions": [{"type": "Column", "column": "done", "operator": {"type": "IsNull", "not": true}}]}}]);
    assert_eq!(
        list(
            items("last"),
            json!({"fields": ["p", "q"], "maxItems": 7, "actions": clear, "duration": {"value": 2, "unit": "hour"}})
        ),
        json!({"type": "list", "source_event": "view", "source_field": "p", "aggregation": "last",
            "fields": ["p", "q"], "max_items": 7, "expiry": "2h",
            "actions": [{"action": "clear", "event": "buy", "where": "done IS NOT NULL"}]})
    );
    assert_eq!(
        list(
            json!([{"name": "All", "identifier": "all", "aggregationType": "distinct_list", "column": "p"},
                   {"name": "Top", "identifier": "max_price", "aggregationType": "max", "column": "price"}]),
            json!({"duration": null})
        ),
        json!({"type": "list", "source_event": "view", "id_field": "p", "fields": ["p"], "aggregations": [
            {"name": "All", "column": "p", "aggregation": "distinct_list"},
            {"name": "Top", "identifier": "max_price", "column": "price", "aggregation": "max"}],
            "expiry": "none"})
    );
}

#[test]
fn counters_say_windows_by_length_where_the_names_are_ours() {
    let counter = |fields: Value| {
        let mut wire = json!({"type": "counter", "increment": {"type": "const", "value": 1}});
        wire.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let mut item = attribute(wire);
        for key in ["type", "source_event"] {
            item.as_object_mut().unwrap().shift_remove(key);
        }
        item
    };
    let day = json!({"value": 1, "unit": "day"});
    let window = |name: &str, identifier: &str, value: u64| json!({"name": name, "identifier": identifier, "value": value, "unit": "hour"});
    let (short, long) = (window("1h", "window_1h", 1), window("24h", "window_24h", 24));
    let named = window("Day", "day", 24);
    for (wire, plan) in [
        (json!({"counterType": "total"}), json!({"aggregation": "count"})),
        (
            json!({"counterType": "total", "duration": day, "increment": {"type": "field", "value": "n"}}),
            json!({"source_field": "n", "aggregation": "sum", "expiry": "1d"}),
        ),
        (
            json!({"counterType": "total", "increment": {"type": "const", "value": 2}}),
            json!({"aggregation": "count", "increment": 2}),
        ),
        (
            json!({"duration": {"value": 24, "unit": "hour"}, "subDurations": [long]}),
            json!({"aggregation": "count", "window_duration": "24h"}),
        ),
        (
            json!({"duration": day, "subDurations": [short, long]}),
            json!({"aggregation": "count", "window_duration": ["1h", "24h"], "duration": "1d"}),
        ),
        (
            json!({"duration": {"value": 24, "unit": "hour"}, "subDurations": [short, named]}),
            json!({"aggregation": "count", "windows": [
                {"name": "1h", "identifier": "window_1h", "window": "1h"},
                {"name": "Day", "identifier": "day", "window": "24h"}]}),
        ),
        (
            json!({"subDurations": [short]}),
            json!({"aggregation": "count", "window_duration": "1h", "duration": "none"}),
        ),
        (json!({"duration": day}), json!({"aggregation": "count", "windows": [], "duration": "1d"})),
    ] {
        assert_eq!(counter(wire.clone()), plan, "{wire}");
    }
}

#[test]
fn imports_and_catalogs() {
    assert_eq!(attribute(json!({"type": "imported", "column": "a"})), json!({"type": "imported_batch"}));
    // Its name is the column's on another parent segment.
    let named =
        json!({"id": "11", "name": "a", "identifier": "Loyalty", "type": "imported", "column": "Loyalty"});
    let exported = export(&live(json!([named]), json!([])));
    assert_eq!(
        exported.root["attributes"],
        json!([{"name": "a", "type": "imported_batch", "column": "Loyalty", "identifier": "Loyalty"}])
    );
    assert!(exported.warnings[0].ends_with("their column's name: 'a' (Loyalty)"), "{:?}", exported.warnings);
    assert_eq!(
        attribute(json!({"type": "lookupCatalog", "lookupCatalogTableName": "offers", "lookupKeys": [],
            "lookupCatalogColumns": [{"name": "sku", "dataType": "string"}, {"name": "off", "dataType": "number"}]})),
        json!({"type": "lookup_catalog", "catalog_table": "offers",
            "catalog_columns": [{"name": "sku"}, {"name": "off", "type": "number"}], "lookup_keys": []})
    );
    // The setting may know of an import that the list does not show.
    let mut live = live(json!([]), json!([]));
    live.setting.batch_attributes =
        serde_json::from_value(json!([{"column": "tier", "name": "Tier"}])).unwrap();
    assert_eq!(
        export(&live).root["attributes"],
        json!([{"name": "Tier", "type": "imported_batch", "identifier": "tier", "column": "tier"}])
    );
}

#[test]
fn keys_tables_and_events() {
    let mut live = live(json!([]), json!([]));
    live.setting = serde_json::from_value(json!({
        "keyColumns": [
            {"name": "own", "internal": true},
            {"name": "cid", "validRegexp": "^(?![\\s\\S]*(?:^test_))", "invalidTexts": ["null"]},
            {"name": "email", "validRegexp": "^(?![\\s\\S]*(?:x$))(?=[\\s\\S]*(?:@))"},
            {"name": "uid", "validRegexp": "^(?!0+$)"}
        ],
        "eventTables": [{"database": "web", "table": "other"}, {"database": "web", "table": "pages"}],
        "batchAttributes": [], "extLookupKey": "customer_id"
    }))
    .unwrap();
    live.events[1].description = Some("Bought".into());
    live.events[1].filter_rule = serde_json::from_value(json!({"type": "Or", "conditions": []})).unwrap();
    let exported = export(&live);
    assert_eq!(exported.warnings, ["the platform's own stitching keys are left out: own"]);
    assert_eq!(over(&exported, &live), live);
    assert_eq!(
        Value::Object(exported.root),
        json!({
            "events": [
                {"name": "buy", "database": "web", "table": "pages", "description": "Bought",
                 "filter": {"type": "Or", "conditions": []}},
                {"name": "view", "database": "web", "table": "pages"}
            ],
            "event_tables": ["web.other"],
            "id_stitching": {
                "stitching_keys": [
                    {"name": "cid", "exclude_regex": "^test_", "invalid": ["null"]},
                    {"name": "email", "valid_regex": "@", "exclude_regex": "x$"},
                    {"name": "uid", "valid_regex": "^(?!0+$)"}
                ],
                "ext_lookup_key": "customer_id"
            }
        })
    );
}

fn some_attributes() -> Value {
    json!([
        {"id": "11", "name": "last", "identifier": "last", "type": "single", "realtimeKeyEventId": "1",
         "valueColumn": "p", "dataType": "string"},
        {"id": "12", "name": "views", "identifier": "views", "type": "counter", "realtimeKeyEventId": "1",
         "increment": {"type": "const", "value": 1}, "duration": {"value": 7, "unit": "day"},
         "subDurations": [{"name": "24h", "identifier": "window_24h", "value": 24, "unit": "hour"},
                          {"name": "7d", "identifier": "window_7d", "value": 7, "unit": "day"}]},
        {"id": "13", "name": "a.b", "identifier": "a_b", "type": "imported", "column": "a.b"},
        {"id": "14", "name": "a", "identifier": "a", "type": "imported", "column": "a"},
        {"id": "15", "name": "offers", "identifier": "offers", "type": "lookupCatalog",
         "lookupCatalogTableName": "offers", "lookupKeys": [{"id": "sku", "type": "string"}]}
    ])
}

fn section(name: &str, event: &str, criteria: Value, definition: Value) -> Value {
    let mut full = json!({"attributePayload": null, "segmentPayload": null, "stringBuilder": null});
    full.as_object_mut().unwrap().extend(definition.as_object().unwrap().clone());
    let mut section = json!({"id": "5", "name": name,
        "entryCriteria": {"name": name, "keyEventCriteria": {"keyEventId": event, "keyEventFilters": {}}},
        "payload": {"0123456789abcdef0123456789abcdef":
            {"type": "ResponseNode", "name": "Response", "definition": full}}});
    if !criteria.is_null() {
        section["entryCriteria"]["profileCriteria"] = criteria;
    }
    section
}

fn condition(id: &str, sub: Option<&str>, operator: Value) -> Value {
    let mut condition = json!({"type": "RealtimeAttribute", "realtimeAttributeId": id, "operator": operator});
    if let Some(sub) = sub {
        condition["subAttributeIdentifier"] = sub.into();
    }
    condition
}

#[test]
fn sections_name_what_they_use() {
    let over = |n: i32| json!({"type": "GreaterThan", "rightValue": n, "not": false});
    let strings =
        json!({"stringBuilder": [{"outputName": "hi", "values": [{"type": "String", "value": "Hi"}]}]});
    let vip = section(
        "VIP",
        "1",
        json!({"type": "And", "conditions": [
            condition("12", Some("window_7d"), over(3)), condition("12", Some("window_24h"), over(2)),
            condition("13", None, over(1))]}),
        json!({
            "attributePayload": [
                {"realtimeAttributeId": "11", "outputName": "last"},
                {"realtimeAttributeId": "12", "subAttributeIdentifier": "window_24h", "outputName": "day"}],
            "segmentPayload": {"batchSegments": [{"id": "31"}, {"id": "33"}]},
            "stringBuilder": [
                {"outputName": "hi", "values": [{"type": "String", "value": "Hi"}]},
                {"outputName": "two", "values": [{"type": "String", "value": "a"}, {"type": "String", "value": "b"}]}],
            "catalogPayload": [{"catalogName": "offers", "lookupAttributeId": "11", "lookupColumn": "sku",
                "outputName": "best"}]
        }),
    );
    let mut rest = section("Rest", "2", Value::Null, strings.clone());
    rest["includeSensitive"] = json!(true);
    rest["entryCriteria"]["name"] = json!("Everyone");
    rest["entryCriteria"]["description"] = json!("d");
    rest["entryCriteria"]["acceptUnknownProfiles"] = json!(false);
    rest["entryCriteria"]["keyEventCriteria"]["keyEventFilters"] = json!({"type": "Column", "column": "x",
        "operator": {"type": "In", "rightValue": [1, "b"], "not": false}});
    let node = &mut rest["payload"]["0123456789abcdef0123456789abcdef"];
    node["name"] = json!("Answer");
    node["description"] = json!("n");
    let odd = section(
        "Odd",
        "1",
        json!({"type": "Or", "conditions": [condition("14", None, json!({"type": "Future", "x": 1}))]}),
        strings,
    );
    let mut all = live(some_attributes(), json!([vip, odd, rest]));
    all.setting.batch_attributes =
        serde_json::from_value(json!([{"column": "a.b"}, {"column": "a"}])).unwrap();
    let exported = round_trip(&all);
    assert_eq!(
        exported.root["personalization_service"],
        json!({"name": "web", "trigger_event": "view", "only": "entity", "sections": [
            {"name": "VIP", "criteria": "views > 3 AND views.window_24h > 2 AND a.b > 1",
             "attributes": ["last", {"name": "views", "as": "day", "sub": "window_24h"}],
             "strings": {"hi": "Hi", "two": ["a", "b"]},
             "catalogs": [{"catalog": "offers", "attribute": "last", "column": "sku", "as": "best"}],
             "batch_segments": ["Big", "33"]},
            {"name": "Odd", "criteria": {"type": "Or", "conditions": [{"type": "RealtimeAttribute",
                "realtimeAttribute": "a", "operator": {"type": "Future", "x": 1}}]}, "strings": {"hi": "Hi"}},
            {"name": "Rest", "description": "d", "trigger_event": "buy", "trigger_where": "x IN (1, 'b')",
             "criteria": "", "strings": {"hi": "Hi"}, "entry_name": "Everyone",
             "accept_unknown_profiles": false, "include_sensitive": true, "response_name": "Answer",
             "response_description": "n"}
        ]})
    );
}

#[test]
fn services_and_entities_are_paired_by_name() {
    let text =
        json!({"stringBuilder": [{"outputName": "hi", "values": [{"type": "String", "value": "Hi"}]}]});
    let mut live = live(json!([]), json!([section("s", "1", Value::Null, text)]));
    live.personalizations[0].attributes.description = Some("of the entity".into());
    live.services = serde_json::from_value(json!([
        {"id": "1", "name": "web", "description": null, "public": true, "tokens": []},
        {"id": "2", "name": "alone", "description": "d", "public": false, "tokens": []}
    ]))
    .unwrap();
    let root = round_trip(&live).root;
    let mut items = root["personalization_services"].clone();
    items[1].as_object_mut().unwrap().shift_remove("sections");
    assert_eq!(
        items,
        json!([
            {"name": "alone", "description": "d", "only": "service"},
            {"name": "web", "description": "of the entity", "service_description": "", "trigger_event": "view",
             "public": true}
        ])
    );
}

#[test]
fn what_a_plan_cannot_express_is_named_and_the_rest_is_exported() {
    let text =
        json!({"stringBuilder": [{"outputName": "hi", "values": [{"type": "String", "value": "Hi"}]}]});
    let mut later = section("later", "1", Value::Null, text.clone());
    later["future"] = json!(1);
    later["entryCriteria"]["keyEventCriteria"]["coming"] = json!(1);
    let mut none = section("none", "1", Value::Null, text.clone());
    none["entryCriteria"]["keyEventCriteria"] = Value::Null;
    let mut two = section("two", "1", Value::Null, text);
    two["payload"]["fedcba9876543210fedcba9876543210"] =
        two["payload"]["0123456789abcdef0123456789abcdef"].clone();
    two["payload"]["0123456789abcdef0123456789abcdef"]["definition"]["attributePayload"] =
        json!([{"realtimeAttributeId": "99", "outputName": "gone"}]);
    two["payload"]["0123456789abcdef0123456789abcdef"]["definition"]["segmentPayload"] =
        json!({"batchSegments": [{"id": "77"}]});
    let attributes = json!([
        {"id": "11", "name": "orphan", "identifier": "o", "type": "single", "realtimeKeyEventId": "8",
         "valueColumn": "p", "dataType": "string"},
        {"id": "12", "name": "of <me>", "identifier": "me", "type": "single", "realtimeKeyEventId": "1",
         "valueColumn": "p", "dataType": "string"}
    ]);
    let mut live = live(attributes, json!([later, none, two]));
    live.setting.key_columns = serde_json::from_value(json!([{"name": "k", "validRegexp": "(("}])).unwrap();
    live.events[1].filter_rule = serde_json::from_value(json!({"unknown": 1})).unwrap();
    let exported = export(&live);
    let warnings = exported.warnings.join("\n");
    for part in [
        "key event 'buy' is left out: its filter has an unknown form",
        "the pattern of stitching key 'k' is left out",
        "attribute 'orphan' is left out: there is no key event with the id 8",
        "section 'later' of 'web' has fields that a plan does not know and that are left out: coming, future",
        "section 'none' of 'web' is left out: it has no key event",
        "section 'two' of 'web' has several nodes",
        "the output 'gone' of section 'two' of 'web' is left out: there is no attribute with the id 99",
        "the batch segment 77 of section 'two' of 'web' is left out",
        "attributes[0].name is left out: '<me>' is a placeholder",
    ] {
        assert!(warnings.contains(part), "{part}\n{warnings}");
    }
    let plan = read(&exported).plan;
    assert_eq!((plan.events.len(), plan.attributes.len()), (1, 0));
    let names: Vec<_> = plan.personalizations[0].sections.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["later", "two"]);
    let mut after = over(&exported, &live);
    assert_eq!(after.personalizations[0].attributes.sections.len(), 3, "what the plan leaves out stays");
    after.personalizations.clone_from(&live.personalizations);
    assert_eq!(after, live);
}

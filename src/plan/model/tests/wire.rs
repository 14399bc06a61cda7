//! What goes to the wire: attributes and sections.

use super::super::*;
use super::{GOOD, good, read};
use crate::platform::payload::{self, is_node_id};
use crate::platform::rule::Rule;
use crate::platform::wire::{RealtimeAttribute, Section as WireSection};
use serde_json::json;

/// Every key event has this id.
fn all(id: &str) -> impl Fn(&str) -> Option<String> {
    move |_| Some(id.to_owned())
}

#[test]
fn attributes_become_what_the_workflow_sends() {
    let wire = |index: usize, number| {
        serde_json::to_value(good().attributes[index].to_wire(&all("77"), number).unwrap()).unwrap()
    };
    let everything = json!({"type": "And", "conditions": []});
    assert_eq!(
        wire(0, Some(false)),
        json!({"name": "last_product_viewed", "identifier": "last_product_viewed", "type": "single",
               "realtimeKeyEventId": "77", "filterRule": everything, "valueColumn": "product_id",
               "dataType": "string"})
    );
    assert_eq!(wire(0, Some(true))["dataType"], "number");
    assert_eq!(
        wire(1, None),
        json!({"name": "browsed_products_list", "identifier": "browsed_products_list", "type": "list",
               "realtimeKeyEventId": "77", "filterRule": everything, "idColumn": "product_id",
               "fields": ["product_id"], "duration": {"value": 60, "unit": "day"}, "maxItems": 100,
               "actions": [], "aggregations": [{"name": "items", "identifier": "items",
               "aggregationType": "distinct_list", "column": "product_id"}]})
    );
    assert_eq!(
        wire(2, None),
        json!({"name": "page_views_24h", "identifier": "page_views_24h", "type": "counter",
               "realtimeKeyEventId": "77", "filterRule": everything, "counterType": "sliding",
               "increment": {"type": "const", "value": 1}, "duration": {"value": 24, "unit": "hour"},
               "subDurations": [{"name": "24h", "identifier": "window_24h", "value": 24, "unit": "hour"}]})
    );
    assert_eq!(wire(3, None)["column"], "loyalty_tier");
    assert_eq!(good().attributes[3].imported_column(), Some("loyalty_tier"));
}

/// One attribute on the wire.
fn wire(fields: &str) -> Value {
    let text = format!("attributes:\n  - {{name: My Attribute!, source_event: e, {fields}}}\n");
    let plan = read(&text).unwrap_or_else(|e| panic!("{e}")).plan;
    serde_json::to_value(plan.attributes[0].to_wire(&all("1"), None).unwrap()).unwrap()
}

#[test]
fn aggregations_that_a_single_lacks_become_lists_and_counters() {
    let max = wire("type: single, source_field: price, aggregation: max");
    assert_eq!((&max["type"], &max["idColumn"]), (&json!("list"), &json!("price")));
    assert_eq!(max["aggregations"][0]["aggregationType"], "max");
    assert_eq!(max["identifier"], "my_attribute");
    let first = wire("type: single, source_field: campaign, aggregation: first");
    assert_eq!((&first["idColumn"], &first["fields"]), (&json!("time"), &json!(["campaign"])));
    let sum = wire("type: single, source_field: amount, aggregation: sum");
    assert_eq!((&sum["type"], &sum["counterType"]), (&json!("counter"), &json!("total")));
    assert_eq!(sum["increment"], json!({"type": "field", "value": "amount"}));
    let sliding = wire("type: single, source_field: amount, aggregation: sum, window_duration: 7d");
    assert_eq!(sliding["subDurations"][0]["identifier"], "window_7d");
    let own = wire("type: list, source_field: name, id_field: sku");
    assert_eq!((&own["idColumn"], &own["duration"]["value"]), (&json!("sku"), &json!(90)));
}

#[test]
fn durations_reach_the_wire() {
    let single = wire("type: single, source_field: x, window_duration: 12h");
    assert_eq!(single["duration"], json!({"value": 12, "unit": "hour"}));
    let days = wire("type: single, source_field: x, expiry_days: 3");
    assert_eq!(days["duration"], json!({"value": 3, "unit": "day"}));
    let total = wire("type: counter, expiry: 24h");
    assert_eq!((&total["counterType"], &total["duration"]["unit"]), (&json!("total"), &json!("hour")));
    let several = wire("type: counter, window_duration: [24h, 30d, 7d]");
    assert_eq!(several["duration"], json!({"value": 30, "unit": "day"}));
    let attribute: RealtimeAttribute = serde_json::from_value(several).unwrap();
    assert_eq!(default_sub(&attribute), Some("window_30d"));
    let time = wire("type: single, source_field: time");
    assert_eq!(time["dataType"], "number");
}

#[test]
fn columns_are_what_a_schema_can_be_asked_for() {
    let text = "attributes:\n  - {name: a, type: single, aggregation: first, source_event: e, source_field: x, \
                where: \"y = 1 OR x = 2\"}\n";
    assert_eq!(read(text).unwrap().plan.attributes[0].columns(), ["x", "y"]);
}

struct Live(Vec<RealtimeAttribute>);

impl Live {
    fn of(plan: &Plan) -> Live {
        let with_id = |(index, attribute): (usize, &Attribute)| {
            let mut wire = attribute.to_wire(&all("77"), None).unwrap();
            wire.id = Some(format!("{}", index + 1));
            wire
        };
        Live(plan.attributes.iter().enumerate().map(with_id).collect())
    }
}

impl Lookup for Live {
    fn key_event(&self, name: &str) -> Option<String> {
        match name {
            "page_view" => Some("77".to_owned()),
            "purchase" => Some("78".to_owned()),
            _ => None,
        }
    }

    fn event_names(&self) -> Vec<&str> {
        vec!["page_view", "purchase"]
    }

    fn attribute(&self, name: &str) -> Option<&RealtimeAttribute> {
        self.0.iter().find(|attribute| attribute.name == name)
    }

    fn segment(&self, name_or_id: &str) -> Option<String> {
        matches!(name_or_id, "Big spenders" | "900").then(|| "900".to_owned())
    }

    fn attribute_names(&self) -> Vec<&str> {
        self.0.iter().map(|attribute| attribute.name.as_str()).collect()
    }

    fn segment_names(&self) -> Vec<&str> {
        vec!["Big spenders"]
    }
}

#[test]
fn a_section_becomes_a_payload_that_the_platform_takes() {
    let plan = good();
    let live = Live::of(&plan);
    let sections = &plan.personalizations[0].sections;
    let wire: Vec<WireSection> = sections.iter().map(|s| s.to_wire(&live, None).unwrap()).collect();
    assert_eq!(payload::check(&wire, live.0.as_slice()), vec![]);
    let (id, node) = wire[0].payload.as_ref().unwrap().first_key_value().unwrap();
    assert!(is_node_id(id), "{id}");
    assert_eq!(
        serde_json::to_value(&node.definition).unwrap(),
        json!({
            "attributePayload": [
                {"realtimeAttributeId": "1", "outputName": "last_product_viewed"},
                {"realtimeAttributeId": "2", "subAttributeIdentifier": "items", "outputName": "browsed_products"}
            ],
            "segmentPayload": {"batchSegments": [{"id": "900"}]},
            "stringBuilder": [{"outputName": "welcome_message",
                               "values": [{"type": "String", "value": "Welcome back"}]}]
        })
    );
    assert_eq!(
        serde_json::to_value(&wire[0].entry_criteria).unwrap(),
        json!({
            "name": "VIP Customers",
            "keyEventCriteria": {"keyEventId": "77", "keyEventFilters": {"type": "And", "conditions": []}},
            "profileCriteria": {"type": "And", "conditions": [
                {"type": "RealtimeAttribute", "realtimeAttributeId": "4",
                 "operator": {"type": "Equal", "rightValue": "VIP", "not": false}},
                {"type": "RealtimeAttribute", "realtimeAttributeId": "3", "subAttributeIdentifier": "window_24h",
                 "operator": {"type": "GreaterThan", "rightValue": 3, "not": false}}
            ]}
        })
    );
    let default = serde_json::to_value(&wire[1]).unwrap();
    assert_eq!(default["entryCriteria"]["profileCriteria"], Value::Null);
    let definition = default["payload"].as_object().unwrap().values().next().unwrap();
    assert_eq!(definition["definition"]["stringBuilder"], Value::Null, "null, not an empty array");
}

#[test]
fn an_existing_section_keeps_its_ids_and_what_the_plan_has_no_words_for() {
    let plan = good();
    let live = Live::of(&plan);
    let section = &plan.personalizations[0].sections[0];
    let node = "0123456789abcdef0123456789abcdef";
    let existing: WireSection = serde_json::from_value(json!({
        "id": "5", "name": "VIP Customers", "includeSensitive": true,
        "entryCriteria": {"name": "Trigger", "acceptUnknownProfiles": true,
            "keyEventCriteria": {"keyEventId": "77", "keyEventFilters": {"type": "Or", "conditions": []}}},
        "payload": {node: {"type": "ResponseNode", "name": "N", "definition": {
            "attributePayload": null, "segmentPayload": null, "stringBuilder": null,
            "catalogPayload": [{"outputName": "c"}], "later": 1}}}
    }))
    .unwrap();
    let wire = section.to_wire(&live, Some(&existing)).unwrap();
    assert_eq!((wire.id.as_deref(), wire.include_sensitive), (Some("5"), Some(true)));
    let criteria = wire.entry_criteria.as_ref().unwrap();
    assert_eq!((criteria.name.as_str(), criteria.accept_unknown_profiles), ("Trigger", Some(true)));
    assert!(!criteria.key_event_criteria.as_ref().unwrap().key_event_filters.is_everything());
    let kept = &wire.payload.as_ref().unwrap()[node];
    assert_eq!((kept.name.as_str(), &kept.definition.extra["later"]), ("N", &json!(1)));
    assert!(kept.definition.catalog_payload.is_some());
    assert_eq!(section.to_wire(&live, Some(&wire)).unwrap(), wire, "twice is the same as once");
    let mut nested = wire.clone();
    let criteria = &mut nested.entry_criteria.as_mut().unwrap().profile_criteria;
    *criteria = criteria.take().map(|rule| Rule::And(vec![Rule::Or(vec![rule])]));
    assert_eq!(section.to_wire(&live, Some(&nested)).unwrap(), nested, "the same in other words stays");
    let other = Section { trigger_event: "purchase".into(), ..section.clone() };
    let moved = other.to_wire(&live, Some(&existing)).unwrap().entry_criteria.unwrap();
    assert!(moved.key_event_criteria.unwrap().key_event_filters.is_everything());
}

#[test]
fn names_that_do_not_exist_are_all_reported_with_the_nearest() {
    let text = GOOD
        .replace("attributes: [last_product_viewed, {", "attributes: [last_product_view, {")
        .replace("[Big spenders]", "[Big spender, 900, Big spenders]")
        .replace("loyalty_tier = ", "loyalty_teir = ");
    let mut plan = read(&text).unwrap().plan;
    // A plan that names its attribute is refused for this when it is read.
    plan.personalizations[0].sections[0].attributes[1].sub = Some("other".to_owned());
    let errors = plan.personalizations[0].sections[0].to_wire(&Live::of(&plan), None).unwrap_err();
    let all = errors.join("\n");
    for expected in [
        "there is no attribute 'last_product_view'; did you mean 'last_product_viewed'?",
        "'other' is no aggregation of 'browsed_products_list'; it has items",
        "there is no batch segment 'Big spender'; did you mean 'Big spenders'?",
        "the batch segment 'Big spenders' (id 900) occurs twice",
        "criteria: there is no attribute 'loyalty_teir'; did you mean 'loyalty_tier'?\n  loyalty_teir = 'VIP'",
    ] {
        assert!(all.contains(expected), "{all}\n{expected}");
    }
}

#[test]
fn criteria_name_a_window_behind_a_dot() {
    let text = GOOD
        .replace("window_duration: 24h", "window_duration: [24h, 7d]")
        .replace("page_views_24h > 3", "page_views_24h.window_24h > 3 AND page_views_24h > 4");
    let checked = read(&text).unwrap();
    assert_eq!(checked.warnings, vec![]);
    let live = Live::of(&checked.plan);
    let section = &checked.plan.personalizations[0].sections[0];
    let rule = section.to_wire(&live, None).unwrap().entry_criteria.unwrap().profile_criteria.unwrap();
    let text = crate::plan::criteria::render(&rule, &|id, sub| Some(format!("{id}.{}", sub.unwrap_or("-"))));
    assert_eq!(text.as_deref(), Some("\"4.-\" = 'VIP' AND \"3.window_24h\" > 3 AND \"3.window_7d\" > 4"));
}

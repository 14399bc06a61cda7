//! Attributes and payloads that look something up: what is refused.

use super::Store;
use super::rollout::Settle;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::seed::Seed;
use serde_json::{Value, json};

const PS: &str = "394649";

fn store() -> Store {
    Seed::Demo.store("1", 0, Settle::Immediately, 0).unwrap()
}

/// A store with an event table, a key event and its id.
fn configured() -> (Store, String) {
    let mut store = store();
    let body = json!({"keyColumns": [], "eventTables": [{"database": "web_events", "table": "pageviews"}],
        "batchAttributes": [], "extLookupKey": null});
    store.edit(PS, 0).unwrap().update_setting(body.as_object().unwrap()).unwrap();
    let body =
        json!({"name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
    let event = store.edit(PS, 0).unwrap().create_key_event(body.as_object().unwrap()).unwrap();
    (store, event)
}

fn create(store: &mut Store, body: &Value) -> Result<String, Refusal> {
    store.edit(PS, 0).unwrap().create_attribute(body.as_object().unwrap())
}

fn with(mut body: Value, key: &str, value: Value) -> Value {
    body[key] = value;
    body
}

fn catalog() -> Value {
    json!({"name": "Offers", "identifier": "offers", "type": "lookupCatalog", "lookupCatalogTableName": "offers",
        "lookupKeys": [{"id": "product_id", "type": "string"}],
        "lookupCatalogColumns": [{"name": "discount", "dataType": "number"}]})
}

#[test]
fn fields_inside_an_attribute_are_those_of_the_contract() {
    let (mut store, event) = configured();
    let base =
        |kind: &str| json!({"name": "a", "identifier": "a", "type": kind, "realtimeKeyEventId": event});
    let hour = json!({"value": 1, "unit": "hour"});
    let single = with(with(base("single"), "valueColumn", json!("price")), "dataType", json!("number"));
    let list = with(base("list"), "idColumn", json!("product_id"));
    let counter =
        with(with(base("counter"), "increment", json!({"type": "const", "value": 1})), "duration", hour);
    for (body, key, value, field) in [
        (&single, "duration", json!({"value": 1, "unit": "day", "units": 2}), "units"),
        (
            &single,
            "backfill",
            json!({"attributeIdentifier": "city", "timestampIdentifier": "city", "at": 1}),
            "at",
        ),
        (&list, "actions", json!([{"action": "clear", "realtimeKeyEventId": event, "filter": {}}]), "filter"),
        (
            &list,
            "aggregations",
            json!([{"name": "x", "identifier": "x", "aggregationType": "sum", "column": "price", "type": 1}]),
            "type",
        ),
        (&counter, "increment", json!({"type": "const", "value": 1, "by": 2}), "by"),
        (
            &counter,
            "subDurations",
            json!([{"name": "x", "identifier": "x", "value": 5, "unit": "minute", "days": 1}]),
            "days",
        ),
        (&catalog(), "lookupKeys", json!([{"id": "product_id", "type": "string", "name": "x"}]), "name"),
        (
            &catalog(),
            "lookupCatalogColumns",
            json!([{"name": "discount", "dataType": "number", "type": "x"}]),
            "type",
        ),
    ] {
        let refusal = create(&mut store, &with(body.clone(), key, value.clone())).unwrap_err();
        assert!(refusal.message().contains(&format!("has no '{field}'")), "{key}: {refusal:?}");
        let mut right = value;
        let place = if right.is_array() { &mut right[0] } else { &mut right };
        place.as_object_mut().unwrap().remove(field);
        let id = create(&mut store, &with(body.clone(), key, right)).unwrap();
        let patch = json!({"duration": {"value": 1, "unit": "day", "x": 1}});
        let refusal =
            store.edit(PS, 0).unwrap().update_attribute(&id, patch.as_object().unwrap()).unwrap_err();
        assert!(refusal.message().contains("has no 'x'"), "{refusal:?}");
        store.edit(PS, 0).unwrap().delete_attribute(&id).unwrap();
    }
}

#[test]
fn a_catalog_is_a_table_that_exists_with_columns_that_it_has() {
    let mut store = store();
    for (body, part) in [
        (with(catalog(), "lookupCatalogTableName", json!("nowhere")), "'nowhere' does not exist"),
        (with(catalog(), "lookupCatalogTableName", json!("pageviews")), "does not exist"),
        (with(catalog(), "lookupKeys", json!([{"id": "sku", "type": "string"}])), "has no column 'sku'"),
        (
            with(catalog(), "lookupCatalogColumns", json!([{"name": "color", "dataType": "string"}])),
            "has no column 'color'",
        ),
        (
            with(
                catalog(),
                "lookupKeys",
                json!([{"id": "product_id", "type": "string"}, {"id": "product_id", "type": "string"}]),
            ),
            "already been taken",
        ),
    ] {
        let refusal = create(&mut store, &body).unwrap_err();
        assert!(refusal.message().contains(part), "{refusal:?}");
    }
    create(&mut store, &with(catalog(), "lookupCatalogTableName", json!("crm.offers"))).unwrap();
}

#[test]
fn a_lookup_in_a_payload_is_checked_and_holds_what_it_uses() {
    let (mut store, event) = configured();
    let single = json!({"name": "p", "identifier": "product_id", "type": "single", "realtimeKeyEventId": event,
        "valueColumn": "product_id", "dataType": "string"});
    let driver = create(&mut store, &single).unwrap();
    let keyless = with(with(catalog(), "name", json!("Any")), "identifier", json!("any"));
    create(&mut store, &with(keyless, "lookupKeys", json!([]))).unwrap();
    let offers = create(&mut store, &catalog()).unwrap();
    let make = |store: &mut Store, catalog: &str, column: &str| {
        let definition = json!({"catalogPayload": [
            {"catalogName": catalog, "lookupAttributeId": driver, "lookupColumn": column, "outputName": "o"}]});
        let body = json!({"attributes": {"audienceId": PS, "name": "web", "description": null, "sections": [{
            "name": "S", "entryCriteria": null,
            "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r", "definition": definition}}}]}});
        store.create_personalization(body.as_object().unwrap(), 0)
    };
    for (catalog, column, at, part) in [
        ("Nothing", "product_id", "catalogName", "no lookup catalog"),
        ("Offers", "discount", "lookupColumn", "no lookup key"),
        ("Any", "color", "lookupColumn", "no column 'color'"),
    ] {
        let refusal = make(&mut store, catalog, column).unwrap_err();
        let pointer = refusal.problems[0].pointer.as_deref().unwrap();
        assert!(refusal.message().contains(part) && pointer.ends_with(at), "{refusal:?}");
    }
    make(&mut store, "Offers", "product_id").unwrap();
    for used in [&driver, &offers] {
        let refusal = store.edit(PS, 0).unwrap().delete_attribute(used).unwrap_err();
        assert!(refusal.message().contains("'web'"), "{refusal:?}");
    }
}

//! Lookups in catalogs: what drives them, what they answer, where they count.

use super::*;

/// A catalog of shoes by product and size, driven by the single `product` and the list `size`.
fn setup(payload: Value) -> Setup {
    let mut setup = Setup::default();
    let attributes = setup.attributes.as_array_mut().unwrap();
    attributes.extend([
        json!({"id": "20", "name": "P", "identifier": "product", "type": "single", "realtimeKeyEventId": "1",
               "valueColumn": "product", "dataType": "string", "sensitive": true}),
        json!({"id": "21", "name": "S", "identifier": "size", "type": "list", "realtimeKeyEventId": "1",
               "idColumn": "size"}),
        json!({"id": "30", "name": "By product", "identifier": "by_product", "type": "lookupCatalog",
               "lookupCatalogTableName": "shoes", "lookupKeys": [{"id": "product", "type": "string"}],
               "lookupCatalogColumns": [{"name": "price", "dataType": "number"}, {"name": "color", "dataType": "string"}]}),
        json!({"id": "31", "name": "By both", "identifier": "by_both", "type": "lookupCatalog",
               "lookupCatalogTableName": "shoes",
               "lookupKeys": [{"id": "size", "type": "number"}, {"id": "product", "type": "string"}]}),
        json!({"id": "32", "name": "Undriven", "identifier": "undriven", "type": "lookupCatalog",
               "lookupCatalogTableName": "shoes", "lookupKeys": [{"id": "color", "type": "string"}]}),
    ]);
    let mut open = section("Open", Value::Null, payload.clone());
    open["includeSensitive"] = json!(true);
    setup.personalizations = json!([
        personalization("1", "open", json!([open])),
        personalization("2", "closed", json!([section("Closed", Value::Null, payload)]))
    ]);
    setup
}

fn world(payload: Value) -> World {
    let mut world = setup(payload).world();
    let rows = json!([
        {"product": "p1", "size": 40, "price": 10, "color": "red"},
        {"product": "p1", "size": 41, "price": 11},
        {"product": "p2", "size": 40, "price": 20, "color": null},
    ]);
    let rows = rows.as_array().unwrap().iter().map(|row| row.as_object().unwrap().clone());
    world.batch.tables.insert("shoes".into(), rows.collect());
    world
}

fn lookup(catalog: &str, driver: &str, column: &str) -> Value {
    json!({"catalogPayload": [{"catalogName": catalog, "lookupAttributeId": driver, "lookupColumn": column,
                               "outputName": "rows"}]})
}

fn me(product: &str, size: Value) -> Value {
    json!({"td_client_id": "u1", "product": product, "size": size})
}

#[test]
fn the_keys_are_driven_by_the_attributes_of_their_name() {
    let mut world = world(outputs(&["10"]));
    world.view(NOW, json!({"td_client_id": "u1"}));
    assert_eq!(world.value("td_client_id", "u1", "30", NOW), json!([]), "no value yet");
    world.view(NOW, me("p1", json!(41)));
    let shown = |world: &World, id: &str| world.value("td_client_id", "u1", id, NOW);
    assert_eq!(shown(&world, "30"), json!([{"price": 10, "color": "red"}, {"price": 11, "color": null}]));
    assert_eq!(shown(&world, "31"), json!([{"product": "p1", "size": 41, "price": 11}]), "all columns");
    assert_eq!(shown(&world, "32"), json!([]), "nothing drives it");
    world.view(NOW, me("p1", json!(40)));
    let both: Vec<Value> =
        shown(&world, "31").as_array().unwrap().iter().map(|r| r["size"].clone()).collect();
    assert_eq!(both, [json!(40), json!(41)], "the newest item's rows first");
    world.view(NOW, me("p9", Value::Null));
    assert_eq!((shown(&world, "30"), shown(&world, "31")), (json!([]), json!([])));
    let inspection = world.inspect("td_client_id", "u1", NOW).unwrap();
    let catalog = inspection.attributes.iter().find(|attribute| attribute.id == "30").unwrap();
    assert_eq!(catalog.sub_attributes.keys().collect::<Vec<_>>(), ["price", "color"]);
}

#[test]
fn a_payload_answers_the_rows_of_any_driver() {
    for (payload, rows) in [
        (lookup("By product", "20", "product"), json!([{"price": 20, "color": null}])),
        (lookup("shoes", "20", "product"), json!([{"price": 20, "color": null}])),
        (
            lookup("By both", "21", "size"),
            json!([
            {"product": "p1", "size": 40, "price": 10, "color": "red"},
            {"product": "p2", "size": 40, "price": 20, "color": null}]),
        ),
        (lookup("By both", "21", "shape"), json!([])),
        (lookup("By both", "12", "size"), Value::Null),
        (lookup("By both", "99", "size"), Value::Null),
        (lookup("boots", "20", "product"), Value::Null),
    ] {
        let offers = world(payload.clone()).view(NOW, me("p2", json!("40"))).offers;
        assert_eq!(offers["Open"]["attributes"]["rows"], rows, "{payload}");
    }
}

#[test]
fn what_a_sensitive_attribute_drives_is_left_out() {
    let attributes = json!({"attributePayload": [
        {"realtimeAttributeId": "30", "subAttributeIdentifier": "price", "outputName": "price"},
        {"realtimeAttributeId": "32", "outputName": "other"}],
        "catalogPayload": lookup("By product", "20", "product")["catalogPayload"]});
    let offers = world(attributes).view(NOW, me("p1", json!(40))).offers;
    let rows = json!([{"price": 10, "color": "red"}, {"price": 11, "color": null}]);
    assert_eq!(offers["Open"]["attributes"], json!({"price": [10, 11], "other": [], "rows": rows}));
    assert_eq!(offers["Closed"]["attributes"], json!({"other": []}));
}

#[test]
fn criteria_look_into_a_column() {
    let criteria = |sub: Value, kind: &str, right: Value| {
        let mut rule = attribute("30", kind, right);
        rule["subAttributeIdentifier"] = sub;
        let mut setup = setup(outputs(&["10"]));
        setup.personalizations =
            json!([personalization("1", "w", json!([section("Yes", rule, outputs(&["10"]))]))]);
        let mut world = World { program: setup.try_compile().unwrap(), ..world(outputs(&["10"])) };
        let mut holds = |product: &str| !world.view(NOW, me(product, json!(1))).offers.is_empty();
        (holds("p1"), holds("p2"), holds("p9"))
    };
    assert_eq!(criteria(json!("price"), "Equal", json!(11)), (true, false, false));
    assert_eq!(criteria(json!("color"), "In", json!(["blue", "red"])), (true, false, false));
    assert_eq!(criteria(json!("color"), "IsNull", Value::Null), (false, true, true));
    assert_eq!(criteria(Value::Null, "IsNull", Value::Null), (false, false, true), "no rows are no value");
}

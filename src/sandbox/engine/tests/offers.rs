//! Which section answers, and with what.

use super::*;

/// A world with these personalizations.
fn world(personalizations: Value) -> World {
    let setup = Setup { personalizations, ..Setup::default() };
    World { program: setup.try_compile().unwrap(), ..World::new() }
}

/// A world with one personalization of these sections.
fn sections(sections: Value) -> World {
    world(json!([personalization("100", "web", sections)]))
}

fn keys(ingested: &Ingested) -> Vec<&str> {
    ingested.offers.keys().map(String::as_str).collect()
}

fn me() -> Value {
    json!({"td_client_id": "u1", "product": "p"})
}

fn known_me() -> Value {
    json!({"td_client_id": "u1", "customer_id": "c1", "product": "p"})
}

#[test]
fn the_first_section_that_matches_answers() {
    let vip = attribute("13", "Equal", json!("VIP"));
    let mut world = sections(json!([
        section("VIP", vip, outputs(&["13"])),
        section("Busy", attribute("12", "GreaterThanOrEqual", json!(2)), outputs(&["12"])),
        section("Default", Value::Null, outputs(&["10"])),
    ]));
    assert_eq!(keys(&world.view(NOW, me())), ["Default"]);
    assert_eq!(keys(&world.view(NOW, me())), ["Busy"]);
    assert_eq!(keys(&world.view(NOW, known_me())), ["VIP"]);
}

#[test]
fn every_personalization_answers_under_its_own_key() {
    let one = || json!([section("All", Value::Null, outputs(&["10"]))]);
    let never = || json!([section("All", attribute("10", "Equal", json!("?")), outputs(&["10"]))]);
    let mut both = world(json!([personalization("1", "web", one()), personalization("2", "app", one())]));
    assert_eq!(keys(&both.view(NOW, me())), ["All", "app/All"]);
    let mut second = world(json!([personalization("1", "web", never()), personalization("2", "app", one())]));
    assert_eq!(keys(&second.view(NOW, me())), ["All"]);
}

#[test]
fn the_key_event_and_its_filter_trigger() {
    let mut filtered = section("Filtered", Value::Null, outputs(&["10"]));
    filtered["entryCriteria"]["keyEventCriteria"]["keyEventFilters"] =
        column("price", "GreaterThan", json!(100));
    let mut order = section("Order", Value::Null, outputs(&["10"]));
    order["entryCriteria"]["keyEventCriteria"]["keyEventId"] = json!("2");
    let mut gone = section("Gone", Value::Null, outputs(&["10"]));
    gone["entryCriteria"]["keyEventCriteria"]["keyEventId"] = json!("99");
    let mut none = section("None", Value::Null, outputs(&["10"]));
    none["entryCriteria"] = Value::Null;
    let mut no_event = section("No event", Value::Null, outputs(&["10"]));
    no_event["entryCriteria"]["keyEventCriteria"] = Value::Null;
    let mut world = sections(json!([gone, none, no_event, filtered, order]));
    assert_eq!(keys(&world.view(NOW, me())), [""; 0]);
    let mut dear = me();
    dear["price"] = json!(101);
    assert_eq!(keys(&world.view(NOW, dear)), ["Filtered"]);
    assert_eq!(keys(&world.send("orders", NOW, me())), ["Order"]);
}

#[test]
fn unknown_profiles_are_taken_unless_they_are_refused() {
    let with = |accept: Value| {
        let mut one = section("All", Value::Null, outputs(&["10"]));
        one["entryCriteria"]["acceptUnknownProfiles"] = accept;
        sections(json!([one]))
    };
    for accept in [Value::Null, json!(true)] {
        assert_eq!(keys(&with(accept).view(NOW, me())), ["All"]);
    }
    let mut strict = with(json!(false));
    assert_eq!(keys(&strict.view(NOW, me())), [""; 0]);
    assert_eq!(keys(&strict.view(NOW, known_me())), ["All"]);
}

#[test]
fn a_payload_has_every_name_and_no_sensitive_value() {
    let payload = json!({
        "attributePayload": [
            {"realtimeAttributeId": "13", "outputName": "tier"},
            {"realtimeAttributeId": "14", "outputName": "phone"},
            {"realtimeAttributeId": "15", "outputName": "catalog"},
            {"realtimeAttributeId": "12", "subAttributeIdentifier": "?", "outputName": "no_sub"},
            {"realtimeAttributeId": "99", "outputName": "gone"}],
        "stringBuilder": [{"outputName": "text",
            "values": [{"type": "String", "value": "Hello, "}, {"type": "String", "value": "you"}]}],
        "catalogPayload": [{"outputName": "rows"}],
        "segmentPayload": {"batchSegments": [{"id": "7"}, {"id": "8"}, {"id": "9"}]}});
    let mut open = section("Open", attribute("10", "Equal", json!("open")), payload.clone());
    open["includeSensitive"] = json!(true);
    let mut world = sections(json!([open, section("All", Value::Null, payload)]));
    world.batch.names.insert("7".into(), "Big spenders".into());
    world.batch.members.insert("7".into(), vec!["c1".into()]);
    world.batch.members.insert("9".into(), vec!["c0".into(), "c1".into()]);
    world.batch.members.insert("8".into(), vec!["c0".into()]);
    let mut offer = json!({
        "attributes": {"tier": null, "catalog": [], "no_sub": null, "gone": null, "text": "Hello, you", "rows": null},
        "batch_segments": []});
    assert_eq!(world.view(NOW, me()).offers["All"], offer);
    offer["attributes"]["tier"] = json!("VIP");
    offer["batch_segments"] = json!(["Big spenders", "9"]);
    assert_eq!(world.view(NOW, known_me()).offers["All"], offer);
    let mut event = known_me();
    event["product"] = json!("open");
    assert_eq!(world.view(NOW, event).offers["Open"]["attributes"]["phone"], json!("123"));
}

#[test]
fn personalize_answers_without_an_event() {
    let mut none = section("None", attribute("12", "GreaterThan", json!(1)), outputs(&["12"]));
    none["entryCriteria"]["keyEventCriteria"] = Value::Null;
    let mut world = sections(json!([
        section("VIP", attribute("13", "Equal", json!("VIP")), outputs(&["13"])),
        none,
        section("Viewer", attribute("10", "IsNull", json!(null)), outputs(&["10"])),
    ]));
    let mut ask = |id: &str, send: Option<Value>, keys: &[(&str, &str)], now: i64| {
        send.map(|event| world.view(now, event));
        let keys: Vec<_> = keys.iter().map(|(c, v)| ((*c).to_owned(), (*v).to_owned())).collect();
        world.profiles.personalize(&world.program, &world.batch, id, &keys, now).map(Value::Object)
    };
    let u1 = [("td_client_id", "u1")];
    assert_eq!(ask("100", None, &u1, NOW), None, "no such profile");
    assert_eq!(ask("100", Some(json!({"td_client_id": "u1"})), &u1, NOW), Some(json!({"out_10": null})));
    assert_eq!(ask("100", Some(me()), &u1, NOW), Some(json!({"out_12": 2})));
    assert_eq!(ask("101", None, &u1, NOW), None, "no such personalization");
    let strange = [("color", "red"), ("email", "x@y"), ("td_client_id", "u1")];
    assert_eq!(ask("100", None, &strange, NOW), Some(json!({"out_12": 2})), "the first known key");
    assert_eq!(ask("100", None, &u1, NOW + 86_400), None, "no section takes it");
    assert_eq!(ask("100", Some(known_me()), &u1, NOW + 86_400), Some(json!({"out_13": "VIP"})));
}

#[test]
fn inspection_says_why_not() {
    let mut strict = section("Strict", Value::Null, outputs(&["10"]));
    strict["entryCriteria"]["acceptUnknownProfiles"] = json!(false);
    let mut open = section("Open", Value::Null, outputs(&["10"]));
    open["entryCriteria"] = Value::Null;
    let vip = section("VIP", attribute("13", "Equal", json!("VIP")), outputs(&["10"]));
    let last = section("Last", Value::Null, outputs(&["10"]));
    let mut world = sections(json!([strict, vip, open, last]));
    world.view(NOW, json!({"td_client_id": "u1", "product": "p", "action": "add"}));
    let inspection = serde_json::to_value(world.inspect("td_client_id", "u1", NOW)).unwrap();
    let sections = inspection["personalizations"][0]["sections"].as_array().unwrap();
    let reasons: Vec<_> = sections.iter().map(|s| s["reason"].as_str().unwrap_or_default()).collect();
    assert_eq!(
        reasons,
        [
            "the profile is unknown to the batch layer and acceptUnknownProfiles is false",
            "the profile criteria do not hold",
            "",
            "an earlier section answers"
        ]
    );
    assert_eq!((&sections[0]["key_event_id"], &sections[2]["key_event_id"]), (&json!("1"), &Value::Null));
    assert_eq!(
        inspection["attributes"][1]["items"],
        json!([{"id": "p", "time": "2023-11-14T22:13:20.000Z", "fields": {}}])
    );
    assert_eq!(inspection["attributes"][0]["value"], json!("p"));
}

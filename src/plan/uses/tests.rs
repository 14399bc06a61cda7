//! What uses what, in words; and that nothing is found that a search of the JSON does not find.

mod drawn;
mod random;
mod random_journeys;

use super::*;
use serde_json::{Value, json};

fn typed<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}"))
}

/// Something of everything. Key events 1 and 2, attributes 11 to 15, journeys 31 and 32.
fn everything() -> Configuration {
    let event = |id: &str, name: &str, table: &str| json!({"id": id, "name": name, "databaseName": "web", "tableName": table, "filterRule": {}});
    let asks = |attribute: &str, sub: Value| {
        json!({"type": "And", "conditions": [{"type": "RealtimeAttribute", "realtimeAttributeId": attribute,
            "subAttributeIdentifier": sub, "operator": {"type": "IsNull", "not": true}}]})
    };
    let entry = |event: &str, rule: Value| {
        json!({"name": "e", "keyEventCriteria": {"keyEventId": event, "keyEventFilters": {}},
            "profileCriteria": rule})
    };
    let jump = |journey: &str, stage: &str| json!({"realtimeJourneyId": journey, "realtimeJourneyStageId": stage, "confirmed": true});
    let node = json!({"type": "ResponseNode", "name": "r", "definition": {
        "attributePayload": [
            {"realtimeAttributeId": "12", "subAttributeIdentifier": "items", "outputName": "products"},
            {"realtimeAttributeId": "14", "outputName": "tier"}],
        "segmentPayload": null, "stringBuilder": null,
        "catalogPayload": [{"catalogName": "Offers", "lookupAttributeId": "11", "lookupColumn": "product",
            "outputName": "offers"}]}});
    let payload = json!({"0123456789abcdef0123456789abcdef": node});
    let attribute = |id: &str, name: &str, more: Value| {
        let mut attribute = json!({"id": id, "name": name, "identifier": name});
        attribute.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        attribute
    };
    let stage = |id: &str, name: &str, more: Value| {
        let mut stage = json!({"id": id, "name": name, "rootStep": null});
        stage.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        stage
    };
    let journey = |id: &str, name: &str, goal: Value, stages: Value| {
        json!({"id": id, "type": "realtime-journey", "attributes": {"audienceId": "42", "segmentFolderId": "9",
            "name": name, "description": null, "goal": goal, "realtimeJourneyStages": stages,
            "reentryMode": "no_reentry", "state": "draft"}})
    };
    let window = json!({"name": "24h", "identifier": "window_24h", "value": 24, "unit": "hour"});
    Configuration {
        setting: typed(json!({
            "keyColumns": [{"name": "email"}, {"name": "own", "internal": true}],
            "eventTables": [{"database": "web", "table": "pages"}, {"database": "web", "table": "orders"}],
            "batchAttributes": [{"column": "loyalty_tier", "name": "tier"}]})),
        events: typed(json!([event("1", "view", "pages"), event("2", "buy", "orders")])),
        attributes: typed(json!([
            attribute(
                "11",
                "product",
                json!({"type": "single", "realtimeKeyEventId": "1",
                "valueColumn": "p", "dataType": "string"})
            ),
            attribute(
                "12",
                "cart",
                json!({"type": "list", "realtimeKeyEventId": "1", "idColumn": "p",
                "actions": [{"action": "clear", "realtimeKeyEventId": "2"}],
                "aggregations": [{"name": "items", "identifier": "items", "aggregationType": "last", "column": "p"},
                    {"name": "sum", "identifier": "sum", "aggregationType": "sum", "column": "p"}]})
            ),
            attribute(
                "13",
                "views",
                json!({"type": "counter", "realtimeKeyEventId": "1",
                "increment": {"type": "const", "value": 1}, "subDurations": [window]})
            ),
            attribute("14", "tier", json!({"type": "imported"})),
            attribute(
                "15",
                "offers",
                json!({"type": "lookupCatalog", "lookupCatalogTableName": "Offers",
                "lookupKeys": [{"id": "product", "type": "string"}]})
            ),
        ])),
        services: typed(json!([{"id": "51", "name": "web", "tokens": [{"id": "61", "name": "t"}]},
            {"id": "52", "name": "other"}])),
        personalizations: typed(json!([{"id": "21", "attributes": {"name": "web", "sections": [
            {"name": "VIP", "entryCriteria": entry("1", asks("13", json!("window_24h"))), "payload": payload},
            {"name": "New", "entryCriteria": null, "payload": null,
                "later": [{"deep": {"realtimeAttributeId": "13"}}]}]}}])),
        journeys: typed(json!([
            journey(
                "31",
                "welcome",
                entry("2", json!({})),
                json!([stage(
                    "41",
                    "first",
                    json!({
                "entryCriteria": entry("1", asks("13", Value::Null)),
                "milestone": entry("2", json!({})),
                "exitCriterias": [{"name": "Left", "keyEventCriteria": {"keyEventId": "2"},
                    "profileCriteria": {}, "target": null}],
                "steps": {
                    "a": {"type": "DecisionPoint", "name": "Ask", "branches": [{"id": "1", "name": "Rich",
                        "excludedPath": false, "next": "b", "profileCriteria": asks("12", json!("sum"))}]},
                    "b": {"type": "TriggeredActivation", "journeyActivationStepId": "71", "next": "c"},
                    "c": {"type": "Jump", "target": jump("32", "43")}}})
                )])
            ),
            journey(
                "32",
                "second",
                Value::Null,
                json!([
                    stage("42", "one", json!({"steps": {"j": {"type": "Jump", "target": jump("32", "43")}}})),
                    stage(
                        "43",
                        "two",
                        json!({"entryCriteria": entry("2", json!({})),
                    "steps": {"l": {"type": "Later", "keyEventId": "1"}}})
                    )
                ])
            ),
        ])),
        activations: typed(json!([{"id": "71", "attributes": {"name": "Send", "connectionId": "5",
            "connectorType": "td_webhook_out", "realtimeJourneyId": "31", "connector": {"exportJson":
                "{\"url\": \"https://h.example\", \"body\": [\"{{ product }} {{loyalty}} {{email}}\"]}"}}}])),
        segments: Vec::new(),
    }
}

#[track_caller]
fn used_by(used: Used, words: &[&str]) -> Vec<User> {
    let found = users(&everything(), &used);
    assert_eq!(found.iter().map(User::to_string).collect::<Vec<_>>(), words, "{used:?}");
    found
}

#[test]
fn users_are_named_down_to_section_output_and_stage() {
    let id = str::to_owned;
    let part = |attribute: &str, identifier: &str| Used::Part {
        attribute: id(attribute),
        identifier: id(identifier),
    };
    let table = |table: &str| Used::EventTable(EventTable::new(id("web"), id(table)));
    used_by(table("pages"), &["key event 'view'"]);
    used_by(table("nowhere"), &[]);
    used_by(
        Used::KeyEvent(id("1")),
        &[
            "single attribute 'product'",
            "list attribute 'cart'",
            "counter attribute 'views'",
            "trigger of section 'VIP' of personalization 'web'",
            "entry of journey 'welcome'",
            "step of stage 'two' of journey 'second'",
        ],
    );
    used_by(
        Used::KeyEvent(id("2")),
        &[
            "list attribute 'cart' (action)",
            "goal of journey 'welcome'",
            "milestone of journey 'welcome'",
            "exit 'Left' of journey 'welcome'",
            "entry of stage 'two' of journey 'second'",
        ],
    );
    used_by(
        Used::Attribute(id("11")),
        &[
            "lookup_catalog attribute 'offers' (lookup key)",
            "output 'offers' of section 'VIP' of personalization 'web'",
            "activation 'Send' of journey 'welcome'",
        ],
    );
    let of_cart = "output 'products' of section 'VIP' of personalization 'web'";
    used_by(Used::Attribute(id("12")), &[of_cart, "branch 'Rich' of journey 'welcome'"]);
    used_by(part("12", "items"), &[of_cart]);
    used_by(part("12", "sum"), &["branch 'Rich' of journey 'welcome'"]);
    let criteria = "criteria of section 'VIP' of personalization 'web'";
    used_by(
        Used::Attribute(id("13")),
        &[criteria, "section 'New' of personalization 'web'", "entry of journey 'welcome'"],
    );
    used_by(part("13", "window_24h"), &[criteria]);
    used_by(Used::Attribute(id("15")), &["output 'offers' of section 'VIP' of personalization 'web'"]);
    used_by(Used::Service(id("51")), &["personalization 'web'"]);
    used_by(Used::Token(id("61")), &["personalization 'web'"]);
    used_by(Used::Service(id("52")), &[]);
    used_by(Used::Journey(id("32")), &["jump of journey 'welcome'"]);
    used_by(Used::Journey(id("31")), &[]);
    used_by(Used::Stage(id("43")), &["jump of journey 'welcome'", "jump of stage 'one' of journey 'second'"]);
    used_by(Used::Activation(id("71")), &["activation of journey 'welcome'"]);
    used_by(
        Used::StitchingKey(id("email")),
        &[
            "personalization 'web'",
            "journey 'welcome'",
            "activation 'Send' of journey 'welcome'",
            "journey 'second'",
        ],
    );
    let mut two = everything();
    two.setting.key_columns.push(typed(json!({"name": "phone"})));
    let by_name = users(&two, &Used::StitchingKey(id("email")));
    assert_eq!(
        by_name.iter().map(User::to_string).collect::<Vec<_>>(),
        ["activation 'Send' of journey 'welcome'"]
    );
}

#[test]
fn a_user_says_where_it_is_and_how_it_goes() {
    let [_, output, _] = used_by_attribute("11");
    assert_eq!(
        output.to_json("42"),
        json!({"kind": "personalization", "name": "web", "id": "21", "section": "VIP", "output": "offers",
            "stage": null, "part": null, "path": "personalization_services.web.sections.VIP.catalogs.offers",
            "free_with": "tdx-rt pz-create delete web --ps 42"})
    );
    let user = |kind, name: &str| User::new(kind, "x", name, None);
    for (kind, name, ps, path, free_with) in [
        (UserKind::KeyEvent, "view", "42", "events.view", "tdx-rt rt-events delete view --ps 42"),
        (
            UserKind::Attribute,
            "it's",
            "Customer 360",
            "attributes.\"it's\"",
            r"tdx-rt rt-attrs delete 'it'\''s' --ps 'Customer 360'",
        ),
        (UserKind::Journey, "-x", "42", "journeys.-x", "tdx-rt journey-create delete --ps 42 -- -x"),
    ] {
        let user = user(kind, name);
        assert_eq!((user.path.as_str(), user.free_with(ps).as_str()), (path, free_with));
    }
}

fn used_by_attribute(id: &str) -> [User; 3] {
    users(&everything(), &Used::Attribute(id.to_owned())).try_into().unwrap()
}

/// The conflicts of a change, as sentences, with the path in front.
#[track_caller]
fn conflicts_of(change: impl FnOnce(&mut Configuration)) -> Vec<String> {
    let (before, mut after) = (everything(), everything());
    change(&mut after);
    conflicts(&before, &after).iter().map(|one| format!("{}: {one}", one.path)).collect()
}

#[test]
fn what_goes_and_is_used_by_what_stays_is_a_conflict() {
    assert_eq!(conflicts_of(|_| {}), Vec::<String>::new());
    assert_eq!(conflicts_of(|after| *after = Configuration::default()), Vec::<String>::new());
    let sum = |after: &mut Configuration| {
        let mut attribute = json!(after.attributes[1]);
        attribute["aggregations"].as_array_mut().unwrap().pop();
        after.attributes[1] = typed(attribute);
    };
    assert_eq!(
        conflicts_of(sum),
        [
            "attributes.cart.sum: aggregation 'sum' of list attribute 'cart' is used by branch 'Rich' of journey \
          'welcome'"
        ]
    );
    // Of what goes as a whole, the parts are not listed apart.
    assert_eq!(
        conflicts_of(|after| drop(after.attributes.remove(1))),
        [
            "attributes.cart: list attribute 'cart' is used by output 'products' of section 'VIP' of personalization \
          'web', branch 'Rich' of journey 'welcome'"
        ]
    );
    assert_eq!(
        conflicts_of(|after| after.journeys.truncate(1)),
        ["journeys.second: journey 'second' is used by jump of journey 'welcome'"]
    );
    assert_eq!(
        conflicts_of(|after| after.setting.event_tables.truncate(1)),
        ["event_tables.\"web.orders\": event table 'web.orders' is used by key event 'buy'"]
    );
    assert_eq!(
        conflicts_of(|after| after.setting.key_columns.clear()),
        ["id_stitching.email: stitching key 'email' is used by personalization 'web', journey 'welcome', \
          activation 'Send' of journey 'welcome', journey 'second'"]
    );
    let service = "services.web: service 'web' is used by personalization 'web'";
    assert_eq!(conflicts_of(|after| after.services.clear()), [service]);
    // With what uses it, everything can go; a token by itself is the caller's to ask for.
    assert_eq!(conflicts_of(|after| (after.services.clear(), after.personalizations.clear()).0), [""; 0]);
    assert_eq!(conflicts_of(|after| after.services[0].tokens.clear()), [""; 0]);
}

#[test]
fn what_uses_something_goes_before_it() {
    let before = everything();
    let mut after = everything();
    after.events.remove(1);
    let found = conflicts(&before, &after);
    let commands: Vec<String> = to_free(&before, &found).iter().map(|user| user.free_with("42")).collect();
    assert_eq!(
        commands,
        [
            "tdx-rt pz-create delete web --ps 42",
            "tdx-rt journey-create delete welcome --ps 42",
            "tdx-rt rt-attrs delete cart --ps 42",
            "tdx-rt journey-create delete second --ps 42",
        ]
    );
}

#[test]
fn an_import_goes_with_its_column_or_with_its_attribute() {
    let sentence = "attributes.tier: imported attribute 'tier' is used by output 'tier' of section 'VIP' of \
                personalization 'web'";
    assert_eq!(conflicts_of(|after| after.setting.batch_attributes.clear()), [sentence]);
    assert_eq!(conflicts_of(|after| drop(after.attributes.remove(3))), [sentence]);
}

#[test]
fn a_personalization_needs_a_section_and_a_section_an_output() {
    let path = "personalization_services.web";
    assert_eq!(
        conflicts_of(|after| after.personalizations[0].attributes.sections.clear()),
        [format!("{path}: the last section can't be deleted: personalization 'web' can't be empty")]
    );
    let empty = |after: &mut Configuration| {
        let section = &mut after.personalizations[0].attributes.sections[0];
        for node in section.payload.iter_mut().flat_map(|nodes| nodes.values_mut()) {
            node.definition = typed(json!({"segmentPayload": {"batchSegments": [{"id": "1"}]}}));
        }
    };
    assert_eq!(
        conflicts_of(empty),
        [format!(
            "{path}.sections.VIP: the last output can't be deleted: section 'VIP' of personalization 'web' can't be empty"
        )]
    );
}

#[test]
fn what_a_user_needs_differs_from_what_it_works_without() {
    let loose = |used: Used| users(&everything(), &used).iter().map(|user| user.required).collect::<Vec<_>>();
    assert_eq!(loose(Used::Attribute("11".into())), [false, true, true]);
    assert_eq!(loose(Used::Service("51".into())), [false]);
    assert_eq!(loose(Used::Journey("32".into())), [true]);
    let mut after = everything();
    after.services.clear();
    assert!(!conflicts(&everything(), &after)[0].is_required());
}

#[test]
fn references_that_lead_nowhere_are_listed() {
    assert_eq!(dangling(&everything(), &|_| false), []);
    let mut gone = everything();
    gone.events.remove(1);
    gone.attributes.remove(1);
    gone.services.clear();
    gone.journeys[1].attributes.realtime_journey_stages[1].id = Some("new:stage:second/two".to_owned());
    let found = dangling(&gone, &|used| *used == Used::KeyEvent("2".to_owned()));
    assert_eq!(
        found.iter().map(Dangling::to_string).collect::<Vec<_>>(),
        [
            "output 'products' of section 'VIP' of personalization 'web' needs an attribute that is gone",
            "branch 'Rich' of journey 'welcome' needs an attribute that is gone",
            "jump of journey 'welcome' needs a stage that is gone",
            "jump of stage 'one' of journey 'second' needs a stage that is gone",
        ]
    );
    let mut narrow = everything();
    let mut attribute = json!(narrow.attributes[2]);
    attribute.as_object_mut().unwrap().shift_remove("subDurations");
    narrow.attributes[2] = typed(attribute);
    let found = dangling(&narrow, &|_| false);
    let needs =
        "criteria of section 'VIP' of personalization 'web' needs a part of an attribute that is gone";
    assert_eq!(found.iter().map(Dangling::to_string).collect::<Vec<_>>(), [needs]);
}

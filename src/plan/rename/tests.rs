//! What is renamed, what is not, and that nothing else changes.

use super::*;
use crate::plan::Document;
use proptest::prelude::*;
use serde_json::{Value, json};

fn rule() -> Value {
    json!({"type": "And", "conditions": []})
}

fn event(id: &str, name: &str) -> Value {
    json!({"id": id, "name": name, "databaseName": "d", "tableName": "t", "filterRule": rule()})
}

fn attribute(id: &str, name: &str, kind: &str) -> Value {
    let mut value = json!({"id": id, "name": name, "identifier": format!("id_{id}"), "type": kind});
    let more = match kind {
        "single" => {
            json!({"realtimeKeyEventId": "1", "filterRule": rule(), "valueColumn": "c", "dataType": "string"})
        }
        "list" => json!({"realtimeKeyEventId": "1", "filterRule": rule(), "idColumn": "c"}),
        "counter" => {
            json!({"realtimeKeyEventId": "1", "filterRule": rule(), "increment": {"type": "const", "value": 1}})
        }
        "lookupCatalog" => json!({"lookupCatalogTableName": "table"}),
        _ => json!({"column": name}),
    };
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

fn section(id: &str, name: &str, catalog: &str) -> Value {
    json!({"id": id, "name": name,
        "entryCriteria": {"name": name, "keyEventCriteria": {"keyEventId": "1", "keyEventFilters": rule()}},
        "payload": {"n": {"type": "ResponseNode", "name": "r", "definition": {"catalogPayload": [
            {"catalogName": catalog, "lookupAttributeId": "1", "lookupColumn": "c", "outputName": "o"}]}}}})
}

fn entity(id: &str, name: &str, sections: Value) -> Value {
    json!({"id": id, "type": "realtime-personalization", "attributes": {"name": name, "sections": sections}})
}

fn service(id: &str, name: &str) -> Value {
    json!({"id": id, "name": name, "tokens": [{"id": format!("{id}-1"), "name": "t"}]})
}

fn journey(id: &str, name: &str) -> Value {
    json!({"id": id, "type": "realtime-journey", "attributes": {"audienceId": "1", "segmentFolderId": "2",
        "name": name, "realtimeJourneyStages": [], "reentryMode": "no_reentry", "state": "launched"}})
}

fn list<T: serde::de::DeserializeOwned>(live: &Value, key: &str) -> Vec<T> {
    let items = live.get(key).cloned().unwrap_or_else(|| json!([]));
    serde_json::from_value(items).unwrap_or_else(|error| panic!("{key}: {error}"))
}

fn configuration(live: &Value) -> Configuration {
    Configuration {
        events: list(live, "events"),
        attributes: list(live, "attributes"),
        services: list(live, "services"),
        personalizations: list(live, "personalizations"),
        journeys: list(live, "journeys"),
        ..Configuration::default()
    }
}

fn plan(text: &str) -> Plan {
    let document = Document::parse(text, "plan.yaml").unwrap();
    Plan::read(&document).unwrap_or_else(|error| panic!("{error}")).plan
}

/// The changes of names as text, and what is not renamed.
fn renames(text: &str, live: Value) -> (Vec<String>, Vec<NotRenamed>) {
    let live = configuration(&live);
    let (after, not) = renamed(&plan(text), &live);
    (new_names(&live, &after).iter().map(ToString::to_string).collect(), not)
}

fn names(text: &str, live: Value) -> Vec<String> {
    let (found, not) = renames(text, live);
    assert_eq!(not, []);
    found
}

const ALL: &str = "
events: [{name: product view, renamed_from: view, table: d.t}, {name: view_2, renamed_from: gone, table: d.t}]
attributes:
  - {name: s2, renamed_from: s, type: single, source_event: product view, source_field: c}
  - {name: l2, renamed_from: l, type: list, source_event: product view, source_field: c}
  - {name: c2, renamed_from: c, type: counter, source_event: product view}
  - {name: k2, renamed_from: k, type: lookup_catalog, catalog_table: table, lookup_keys: [{name: id}]}
personalization_service:
  name: web2
  renamed_from: web
  trigger_event: product view
  sections: [{name: VIP2, renamed_from: VIP, criteria: s2 = 'x', attributes: [s2]}, {name: Rest, attributes: [s2]}]
journeys: [{name: j2, renamed_from: j, trigger_event: product view, steps: [end]}]
";

fn all() -> Value {
    let mut other = section("6", "Other", "k");
    other["entryCriteria"]["name"] = json!("of its own");
    json!({
        "events": [event("1", "view"), event("2", "click")],
        "attributes": [attribute("1", "s", "single"), attribute("2", "l", "list"), attribute("3", "c", "counter"),
            attribute("4", "k", "lookupCatalog"), attribute("5", "table", "lookupCatalog")],
        "services": [service("1", "web"), service("2", "app")],
        "personalizations": [entity("1", "web", json!([section("5", "VIP", "k"), section("7", "Rest", "table")])),
            entity("2", "app", json!([section("5b", "VIP", "table"), other]))],
        "journeys": [journey("1", "j"), journey("2", "other")],
    })
}

#[test]
fn each_item_of_an_old_name_has_its_new_one() {
    assert_eq!(
        names(ALL, all()),
        [
            r#"~ events."product view".name: "view" -> "product view""#,
            r#"~ attributes.s2.name: "s" -> "s2""#,
            r#"~ attributes.l2.name: "l" -> "l2""#,
            r#"~ attributes.c2.name: "c" -> "c2""#,
            r#"~ attributes.k2.name: "k" -> "k2""#,
            r#"~ personalization_services.web2.name: "web" -> "web2""#,
            r#"~ personalization_services.web2.sections.VIP2.name: "VIP" -> "VIP2""#,
            r#"~ journeys.j2.name: "j" -> "j2""#,
        ]
    );
    let (after, _) = renamed(&plan(ALL), &configuration(&all()));
    // Written by hand, so that it says what may differ: names, and what goes by them.
    let mut expected = all();
    expected["events"][0]["name"] = json!("product view");
    for (index, name) in ["s2", "l2", "c2", "k2"].into_iter().enumerate() {
        expected["attributes"][index]["name"] = json!(name);
    }
    expected["services"][0]["name"] = json!("web2");
    expected["personalizations"][0]["attributes"]["name"] = json!("web2");
    expected["personalizations"][0]["attributes"]["sections"][0] = section("5", "VIP2", "k2");
    let lookup =
        "/personalizations/1/attributes/sections/1/payload/n/definition/catalogPayload/0/catalogName";
    *expected.pointer_mut(lookup).unwrap() = json!("k2");
    expected["journeys"][0]["attributes"]["name"] = json!("j2");
    assert_eq!(after, configuration(&expected));
}

#[test]
fn nothing_happens_where_the_old_name_is_not_live_or_the_new_one_is() {
    assert_eq!(names(ALL, json!({})), Vec::<String>::new());
    let (after, _) = renamed(&plan(ALL), &configuration(&all()));
    assert_eq!(renamed(&plan(ALL), &after), (after, vec![]), "it has done its work");
    let mut both = all();
    let mut add = |key: &str, item: Value| both[key].as_array_mut().unwrap().push(item);
    add("events", event("9", "product view"));
    for (index, name) in ["s2", "l2", "c2", "k2"].into_iter().enumerate() {
        add("attributes", attribute(&format!("9{index}"), name, "single"));
    }
    add("personalizations", entity("9", "web2", json!([])));
    add("journeys", journey("9", "j2"));
    assert_eq!(names(ALL, both), Vec::<String>::new());
}

#[test]
fn names_are_the_same_however_they_are_composed() {
    let text = "events: [{name: new, renamed_from: \"Cafe\u{301}\", table: d.t}]";
    assert_eq!(
        names(text, json!({"events": [event("1", "Café")]})),
        [r#"~ events.new.name: "Café" -> "new""#]
    );
    let text = "events: [{name: \"Cafe\u{301}\", renamed_from: old, table: d.t}]";
    let live = json!({"events": [event("1", "Café"), event("2", "old")]});
    assert_eq!(names(text, live), Vec::<String>::new());
}

#[test]
fn a_service_goes_with_its_entity() {
    let text = |only: &str| {
        format!(
            "personalization_service: {{name: new, renamed_from: old, trigger_event: e, {only} sections: [{{name: s, strings: {{a: b}}}}]}}"
        )
    };
    let ids = |text: &str, services: &[&str], entities: &[&str]| {
        let numbered = |names: &[&str], of: fn(&str, &str) -> Value| -> Value {
            names.iter().enumerate().map(|(at, name)| of(&at.to_string(), name)).collect()
        };
        let live = json!({"services": numbered(services, service),
            "personalizations": numbered(entities, |id, name| entity(id, name, json!([])))});
        let (after, not) = renamed(&plan(text), &configuration(&live));
        assert_eq!(not, []);
        let services: Vec<String> = after.services.into_iter().map(|there| there.name).collect();
        let entities: Vec<String> =
            after.personalizations.into_iter().map(|there| there.attributes.name).collect();
        (services.join(" "), entities.join(" "))
    };
    let both = text("");
    let is = |services: &str, entities: &str| (services.to_owned(), entities.to_owned());
    assert_eq!(ids(&both, &["old"], &["old"]), is("new", "new"));
    assert_eq!(ids(&both, &["old"], &["new"]), is("new", "new"), "the console renamed one half");
    assert_eq!(ids(&both, &["new"], &["old"]), is("new", "new"));
    assert_eq!(ids(&both, &["old"], &[]), is("new", ""));
    assert_eq!(ids(&both, &["old"], &["old", "new"]), is("old", "old new"), "it is the other's");
    assert_eq!(ids(&text("only: entity,"), &["old"], &["old"]), is("old", "new"));
    let alone = "personalization_service: {name: new, renamed_from: old, only: service}";
    assert_eq!(ids(alone, &["old"], &["old"]), is("new", "old"));
}

#[test]
fn a_section_is_found_in_its_own_personalization() {
    let text = "personalization_services:
- {name: a, trigger_event: e, sections: [{name: new, renamed_from: s, strings: {a: b}}]}
- {name: b2, renamed_from: b, trigger_event: e, sections: [{name: new, renamed_from: s, strings: {a: b}}]}
";
    let sections = |first: &str| {
        json!([section(&format!("{first}1"), "s", "k"), section(&format!("{first}2"), "t", "k")])
    };
    let live = json!({"personalizations": [entity("1", "a", sections("1")), entity("2", "b", sections("2")),
        entity("3", "c", sections("3"))]});
    assert_eq!(
        names(text, live),
        [
            r#"~ personalization_services.a.sections.new.name: "s" -> "new""#,
            r#"~ personalization_services.b2.name: "b" -> "b2""#,
            r#"~ personalization_services.b2.sections.new.name: "s" -> "new""#,
        ]
    );
}

#[test]
fn an_import_and_another_type_are_made_anew() {
    let live =
        || json!({"attributes": [attribute("1", "city", "imported"), attribute("2", "views", "counter")]});
    let one = |text: &str| {
        let (names, not) = renames(&format!("attributes: [{text}]"), live());
        assert_eq!(names, Vec::<String>::new(), "{text}");
        not
    };
    let not = one("{name: town, renamed_from: city, type: imported_batch}");
    let [NotRenamed { pointer, path, message, .. }] = not.as_slice() else { panic!("{not:?}") };
    assert_eq!((pointer.as_str(), path.as_str()), ("/attributes/0/renamed_from", "attributes.town"));
    assert_eq!(
        message,
        "an imported attribute has the name of its batch attribute, and no other: a new attribute 'town' is made, \
         and 'city' stays until it is deleted, which loses its values"
    );
    let fix = not[0].clone().finding("Customer 360").fix.unwrap();
    let delete = "tdx-rt rt-attrs delete city --ps 'Customer 360'";
    assert_eq!(fix, format!("delete it when nothing uses it any more: {delete}"));
    let not = one("{name: seen, renamed_from: views, type: list, source_event: e, source_field: c}");
    assert_eq!(
        not[0].message,
        "'views' has the type counter, not list, and the platform can't change that: a new attribute 'seen' is made, \
         and 'views' stays until it is deleted, which loses its values"
    );
    assert!(
        one("{name: town, renamed_from: city, type: counter, source_event: e}")[0]
            .message
            .contains("imported, not counter")
    );
    // What the plan calls an import is not its name on the platform.
    assert_eq!(one("{name: town, renamed_from: city, type: imported_batch, column: city}"), []);
    assert_eq!(one("{name: town, renamed_from: place, type: imported_batch}"), []);
}

/// Names of items; a plan has none of the last four.
const NAMES: [&str; 9] = ["a", "b", "c d", "é", "e", "old", "older", "o f", "ö"];
const KINDS: [(&str, &str); 5] = [
    ("single", "type: single, source_event: x, source_field: c"),
    ("list", "type: list, source_event: x, source_field: c"),
    ("counter", "type: counter, source_event: x"),
    ("imported", "type: imported_batch"),
    ("lookupCatalog", "type: lookup_catalog, catalog_table: table, lookup_keys: [{name: id}]"),
];

/// Some names, and for each whatever else a test chooses by a number.
fn some(of: &'static [&'static str]) -> impl Strategy<Value = Vec<(&'static str, usize)>> {
    let names = proptest::sample::subsequence(of, 0..=5).prop_shuffle();
    (names, proptest::collection::vec(0..1000_usize, 5))
        .prop_map(|(names, numbers)| names.into_iter().zip(numbers).collect())
}

fn planned() -> impl Strategy<Value = Vec<(&'static str, usize)>> {
    some(&NAMES[..5])
}

fn there() -> impl Strategy<Value = Vec<(&'static str, usize)>> {
    some(&NAMES)
}

/// The items of a plan, each with an old name that no other one has, or with none.
fn written(items: &[(&str, usize)], more: impl Fn(usize) -> String) -> Vec<String> {
    let mut taken: Vec<&str> = items.iter().map(|(name, _)| *name).collect();
    let one = |(name, number): &(&str, usize)| {
        let old = NAMES[number % NAMES.len()];
        let old = match taken.contains(&old) {
            true => String::new(),
            false => {
                taken.push(old);
                format!("renamed_from: \"{old}\", ")
            }
        };
        format!("{{name: \"{name}\", {old}{}}}", more(*number))
    };
    items.iter().map(one).collect()
}

prop_compose! {
    fn plans()(events in planned(), attributes in planned(), services in planned(), sections in planned(),
        journeys in planned()) -> Plan
    {
        let sections = written(&sections, |number| format!("criteria: x = {number}, strings: {{a: b}}"));
        let sections = if sections.is_empty() { vec!["{name: z, strings: {a: b}}".to_owned()] } else { sections };
        let service = |number: usize| {
            let only = ["", "only: service, ", "only: entity, "][number / 7 % 3];
            format!("trigger_event: x, {only}sections: [{}]", sections.join(", "))
        };
        let events = written(&events, |_| "table: d.t".to_owned());
        let events = if events.is_empty() { events } else { [events, vec!["{name: x, table: d.t}".to_owned()]].concat() };
        plan(&format!(
            "events: [{}]\nattributes: [{}]\npersonalization_services: [{}]\njourneys: [{}]\n",
            events.join(", "),
            written(&attributes, |number| KINDS[number / 7 % KINDS.len()].1.to_owned()).join(", "),
            written(&services, service).join(", "),
            written(&journeys, |_| "trigger_event: x, steps: [end]".to_owned()).join(", "),
        ))
    }
}

prop_compose! {
    fn lives()(events in there(), attributes in there(), services in there(), entities in there(),
        sections in there(), journeys in there()) -> Configuration
    {
        let each = |items: &[(&str, usize)], of: &dyn Fn(&str, &str, usize) -> Value| -> Value {
            items.iter().enumerate().map(|(id, (name, number))| of(&id.to_string(), name, *number)).collect()
        };
        let sections = |of: &str| each(&sections, &|id, name, number| {
            section(&format!("{of}-{id}"), name, NAMES[number % NAMES.len()])
        });
        configuration(&json!({
            "events": each(&events, &|id, name, _| event(id, name)),
            "attributes": each(&attributes, &|id, name, number| attribute(id, name, KINDS[number % KINDS.len()].0)),
            "services": each(&services, &|id, name, _| service(id, name)),
            "personalizations": each(&entities, &|id, name, _| entity(id, name, sections(id))),
            "journeys": each(&journeys, &|id, name, _| journey(id, name)),
        }))
    }
}

/// The configuration without names and what goes by them.
fn nameless(configuration: &Configuration) -> Configuration {
    let mut all = configuration.clone();
    all.events.iter_mut().for_each(|it| it.name.clear());
    all.attributes.iter_mut().for_each(|it| it.name.clear());
    all.services.iter_mut().for_each(|it| it.name.clear());
    all.journeys.iter_mut().for_each(|it| it.attributes.name.clear());
    for it in &mut all.personalizations {
        it.attributes.name.clear();
        for section in &mut it.attributes.sections {
            section.name.clear();
            section.entry_criteria.iter_mut().for_each(|criteria| criteria.name.clear());
            for (_, node) in section.payload.iter_mut().flatten() {
                node.definition.catalog_payload = None;
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn twice_is_once_and_only_names_change(plan in plans(), live in lives()) {
        let (after, not) = renamed(&plan, &live);
        prop_assert_eq!(renamed(&plan, &after), (after.clone(), not.clone()));
        prop_assert_eq!(nameless(&after), nameless(&live), "ids and everything else");
        // Names stay unique, and a new one is a name of the plan that was not live before.
        let named = |all: &Configuration| -> Vec<(&'static str, String, String)> {
            things(all).into_iter().map(|it| (it.kind, it.path(), it.name.to_owned())).collect()
        };
        let mut seen = std::collections::HashSet::new();
        prop_assert!(named(&after).into_iter().all(|(kind, path, _)| seen.insert((kind, path))));
        for change in new_names(&live, &after) {
            let (from, to) = (change.from.as_str().unwrap(), change.to.as_str().unwrap());
            prop_assert!(from != to && NAMES.contains(&to), "{}", change);
        }
        // An item that no old name of the plan means stays equal.
        let old: Vec<&str> = plan.events.iter().filter_map(|it| it.renamed_from.as_deref()).collect();
        for (before, after) in live.events.iter().zip(&after.events) {
            prop_assert!(before == after || old.contains(&before.name.as_str()));
        }
        for (before, after) in live.attributes.iter().zip(&after.attributes) {
            let by = plan.attributes.iter().find(|it| it.renamed_from.as_ref() == Some(&before.name));
            prop_assert!(before == after || by.is_some_and(|it| it.kind.as_str() == before.spec.kind()));
        }
        prop_assert!(not.iter().all(|it| it.path.starts_with("attributes.")), "{:?}", not);
    }
}

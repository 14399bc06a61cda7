//! A new name changes nothing else: ids stay, and what refers to them does too.

use super::{PS, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};
use tdx_rt::sandbox::{Options, Settle};

const PLAN: &str = "
parent_segment_id: '394649'
events: [{name: view, table: web_events.pageviews}]
id_stitching: {stitching_keys: [td_client_id]}
attributes:
  - {name: last, type: single, source_event: view, source_field: product_id}
  - {name: seen, type: list, source_event: view, source_field: product_id}
  - {name: views, type: counter, source_event: view, window_duration: 24h}
  - {name: city, type: imported_batch}
  - {name: deals, type: lookup_catalog, catalog_table: offers, catalog_columns: [{name: offer_id}], lookup_keys: [{name: product_id}]}
personalization_service:
  name: web
  trigger_event: view
  sections:
    - name: Some
      criteria: last IS NOT NULL AND views >= 1
      attributes: [last, seen, views]
      catalogs: [{catalog: deals, attribute: last, column: product_id, as: deal}]
journeys:
  - {name: greet, trigger_event: view, criteria: views >= 1, steps: [{wait: 1h}, end], state: launched}
  - {name: other, trigger_event: view, steps: [{wait: 1h}, {jump: greet}]}
";

fn platform() -> Platform {
    let platform = Platform::with(Options { settle: Settle::Immediately, ..Options::default() });
    platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(PLAN).run().document();
    let event = json!({"td_client_id": "u1", "product_id": "p-1"});
    let events = json!({"events": [event]});
    let (status, answer) = platform.request_as("POST", "/web_events/pageviews", Some(events), VENDOR, &[]);
    assert_eq!(status, 200, "{answer}");
    platform
}

/// The path of an item and what a `PATCH` sends to give it another name.
type Patch = (String, Value);

/// How each item that the contract's `PATCH` can rename gets a name.
fn patches(platform: &Platform) -> Vec<(&'static str, Box<dyn Fn(&str) -> Patch>)> {
    let items = |path: &str| platform.get(path)["data"].as_array().unwrap().clone();
    let of = |path: &str, name: &str| {
        let found = items(path).into_iter().find(|item| {
            let own = item.get("attributes").filter(|inner| inner.get("name").is_some()).unwrap_or(item);
            own["name"] == name
        });
        found.unwrap_or_else(|| panic!("no {name} in {path}"))
    };
    let id = |item: &Value| item["id"].as_str().unwrap().to_owned();
    let mut patches: Vec<(&'static str, Box<dyn Fn(&str) -> Patch>)> = Vec::new();
    let events = format!("{PS}/realtime_key_events");
    let event = of(&events, "view");
    let path = format!("{events}/{}", id(&event));
    patches.push((
        "view",
        Box::new(move |name| {
            let keys = ["databaseName", "tableName", "filterRule"];
            let mut body: Value = keys.into_iter().map(|key| (key.to_owned(), event[key].clone())).collect();
            body["name"] = name.into();
            (path.clone(), body)
        }),
    ));
    let services = format!("{PS}/realtime_personalization_services");
    let path = format!("{services}/{}", id(&of(&services, "web")));
    patches.push(("web", Box::new(move |name| (path.clone(), json!({"name": name})))));
    let entity = of("/entities/parent_segments/394649/realtime_personalizations", "web");
    let path = format!("/entities/realtime_personalizations/{}", id(&entity));
    let whole = platform.get(&path)["data"]["attributes"].clone();
    for what in ["web", "Some"] {
        let (path, whole) = (path.clone(), whole.clone());
        patches.push((
            what,
            Box::new(move |name| {
                let keys = ["name", "description", "sections"];
                let mut body: Value =
                    keys.into_iter().map(|key| (key.to_owned(), whole[key].clone())).collect();
                *(if what == "web" { &mut body["name"] } else { &mut body["sections"][0]["name"] }) =
                    name.into();
                (path.clone(), json!({ "attributes": body }))
            }),
        ));
    }
    let journeys = "/entities/parent_segments/394649/realtime_journeys";
    for journey in ["greet", "other"] {
        let path = format!("/entities/realtime_journeys/{}", id(&of(journeys, journey)));
        patches.push((journey, Box::new(move |name| (path.clone(), json!({"attributes": {"name": name}})))));
    }
    // A section that was read before has the old name of its catalog, so this comes last.
    let attributes = format!("{PS}/realtime_attributes");
    for attribute in ["last", "seen", "views", "deals"] {
        let path = format!("{attributes}/{}", id(&of(&attributes, attribute)));
        patches.push((attribute, Box::new(move |name| (path.clone(), json!({"name": name})))));
    }
    patches
}

fn patch(platform: &Platform, (path, body): &Patch) -> (u16, Value) {
    let media = if path.starts_with("/entities") { VENDOR } else { "application/json" };
    platform.request_as("PATCH", path, Some(body.clone()), media, &[])
}

/// Everything that is configured and known, without what says when it was changed, and the names as
/// they were.
fn picture(platform: &Platform) -> Value {
    let personalizations = platform.get("/entities/parent_segments/394649/realtime_personalizations");
    let id = personalizations["data"][0]["id"].as_str().unwrap();
    let mut all = json!({
        "events": platform.get(&format!("{PS}/realtime_key_events")),
        "attributes": platform.get(&format!("{PS}/realtime_attributes")),
        "services": platform.get(&format!("{PS}/realtime_personalization_services")),
        "personalization": platform.get(&format!("/entities/realtime_personalizations/{id}")),
        "journeys": platform.get("/entities/parent_segments/394649/realtime_journeys"),
        "profile": platform.get("/_sandbox/profiles?ps=394649&td_client_id=u1"),
        "answer": platform.get(&format!("{PS}/personalizations/{id}?td_client_id=u1")),
    });
    plain(&mut all);
    all
}

fn plain(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::Object(map) => {
            map.retain(|key, _| key != "updatedAt" && key != "updated_at");
            map.values_mut().for_each(plain);
        }
        Value::String(text) => *text = text.replace("renamed ", ""),
        _ => {}
    }
}

#[test]
fn ids_values_and_references_stay() {
    let platform = platform();
    let before = picture(&platform);
    assert_eq!(before["answer"]["views"], 1, "{before}");
    assert_eq!(before["answer"]["deal"][0]["offer_id"], "o-1", "{before}");
    assert_eq!(before["profile"]["journeys"][0]["name"], "greet", "{before}");
    for (name, make) in patches(&platform) {
        let (status, answer) = patch(&platform, &make(&format!("renamed {name}")));
        assert_eq!(status, 200, "{name}: {answer}");
        let after = picture(&platform);
        for (what, before) in before.as_object().unwrap() {
            assert!(after[what] == *before, "{name}: {what}: {}\n    not {before}", after[what]);
        }
    }
    let names = platform.get(&format!("{PS}/realtime_attributes")).to_string();
    assert!(names.contains("renamed last") && names.contains("renamed deals"), "{names}");
    // What was renamed goes on: another event counts in the same attributes.
    let events = json!({"events": [{"td_client_id": "u1", "product_id": "p-2"}]});
    assert_eq!(platform.request_as("POST", "/web_events/pageviews", Some(events), VENDOR, &[]).0, 200);
    let after = picture(&platform);
    assert_eq!((&after["answer"]["views"], &after["answer"]["last"]), (&json!(2), &json!("p-2")), "{after}");
    assert_eq!(after["answer"]["deal"].as_array().unwrap().len(), 2, "{after}");
}

#[test]
fn a_name_that_is_taken_is_refused_and_an_import_keeps_its_own() {
    let platform = platform();
    let taken = "
parent_segment_id: '394649'
events: [{name: taken, table: web_events.purchases}]
attributes: [{name: taken, type: counter, source_event: taken}]
personalization_service: {name: taken, trigger_event: taken, sections: [{name: s, strings: {a: b}}]}
journeys: [{name: taken, trigger_event: taken}]
";
    platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(taken).run().document();
    let before = picture(&platform);
    for (name, make) in patches(&platform).into_iter().filter(|(name, _)| *name != "Some") {
        let (status, answer) = patch(&platform, &make("taken"));
        assert!(status == 422 || status == 400, "{name}: {status} {answer}");
        assert!(answer.to_string().contains("already been taken"), "{name}: {answer}");
    }
    let attributes = platform.get(&format!("{PS}/realtime_attributes"));
    let all = attributes["data"].as_array().unwrap().iter();
    let city = all.filter(|item| item["name"] == "city").map(|item| item["id"].as_str().unwrap());
    let path = format!("{PS}/realtime_attributes/{}", city.last().unwrap());
    let (status, answer) = patch(&platform, &(path, json!({"name": "town"})));
    assert!(status == 422 || status == 400, "{status} {answer}");
    assert_eq!(picture(&platform), before);
}

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

/// An item that the contract's `PATCH` can rename: its name, where it is, what a `PATCH` sends, and where
/// the name stands in that.
struct Item {
    name: &'static str,
    path: String,
    body: Value,
    at: &'static str,
}

impl Item {
    fn rename(&self, platform: &Platform, name: &str) -> (u16, Value) {
        let mut body = self.body.clone();
        *body.pointer_mut(self.at).unwrap() = name.into();
        let media = if self.path.starts_with("/entities") { VENDOR } else { "application/json" };
        platform.request_as("PATCH", &self.path, Some(body), media, &[])
    }
}

/// The id of an item in a list, and the item.
fn find(platform: &Platform, list: &str, name: &str) -> (String, Value) {
    let items = platform.get(list)["data"].as_array().unwrap().clone();
    let is_it = |item: &Value| item["name"] == name || item["attributes"]["name"] == name;
    let found = items.into_iter().find(is_it).unwrap_or_else(|| panic!("no {name} in {list}"));
    (found["id"].as_str().unwrap().to_owned(), found)
}

fn only(value: &Value, keys: &[&str]) -> Value {
    keys.iter().map(|key| ((*key).to_owned(), value[*key].clone())).collect()
}

fn items(platform: &Platform) -> Vec<Item> {
    let mut items = Vec::new();
    let mut add = |name, path: String, body, at| items.push(Item { name, path, body, at });
    let events = format!("{PS}/realtime_key_events");
    let (id, event) = find(platform, &events, "view");
    let event = only(&event, &["name", "databaseName", "tableName", "filterRule"]);
    add("view", format!("{events}/{id}"), event, "/name");
    let services = format!("{PS}/realtime_personalization_services");
    let (id, _) = find(platform, &services, "web");
    add("web", format!("{services}/{id}"), json!({"name": "web"}), "/name");
    let (id, entity) = find(platform, "/entities/parent_segments/394649/realtime_personalizations", "web");
    let body = json!({"attributes": only(&entity["attributes"], &["name", "description", "sections"])});
    let path = format!("/entities/realtime_personalizations/{id}");
    add("web", path.clone(), body.clone(), "/attributes/name");
    add("Some", path, body, "/attributes/sections/0/name");
    for name in ["greet", "other"] {
        let (id, _) = find(platform, "/entities/parent_segments/394649/realtime_journeys", name);
        let body = json!({"attributes": {"name": name}});
        add(name, format!("/entities/realtime_journeys/{id}"), body, "/attributes/name");
    }
    // A section that was read before has the old name of its catalog, so this comes last.
    let attributes = format!("{PS}/realtime_attributes");
    for name in ["last", "seen", "views", "deals"] {
        let (id, _) = find(platform, &attributes, name);
        add(name, format!("{attributes}/{id}"), json!({ "name": name }), "/name");
    }
    items
}

/// The whole configuration and all profiles, without times of changes, and the names as
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
    for item in items(&platform) {
        let name = item.name;
        let (status, answer) = item.rename(&platform, &format!("renamed {name}"));
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
    for item in items(&platform).into_iter().filter(|item| item.name != "Some") {
        let (status, answer) = item.rename(&platform, "taken");
        assert!(status == 422 || status == 400, "{}: {status} {answer}", item.name);
        assert!(answer.to_string().contains("already been taken"), "{}: {answer}", item.name);
    }
    let attributes = format!("{PS}/realtime_attributes");
    let (id, _) = find(&platform, &attributes, "city");
    let path = format!("{attributes}/{id}");
    let (status, answer) = platform.request("PATCH", &path, Some(json!({"name": "town"})));
    assert!(status == 422 || status == 400, "{status} {answer}");
    assert_eq!(picture(&platform), before);
}

//! Fields that a later version of the platform adds: what reads, merges and writes keeps them.

use super::{PS, setting};
use crate::common::Platform;
use serde_json::{Value, json};

const OFFERS: &str = include_str!("../../examples/web-personalization.yaml");

/// A platform that is set up by the example, and where a field of a later version stands in each place to which a write
/// sends back what is live.
fn platform() -> Platform {
    let platform = Platform::start();
    platform.tdx(&["apply", "-"]).stdin(OFFERS).run().document();
    let mut new = setting(&platform);
    let object = new.as_object_mut().unwrap();
    object.retain(|key, _| !["id", "status", "statusDetailed"].contains(&key.as_str()));
    for list in ["keyColumns", "eventTables", "batchAttributes"] {
        let items = object[list].as_array_mut().unwrap();
        assert!(!items.is_empty(), "{list}");
        items.iter_mut().for_each(|item| item["laterPart"] = json!({"of": list}));
    }
    new["laterField"] = json!([1, null]);
    let path = format!("/audiences/{PS}/realtime_setting");
    let (status, answer) = platform.request("PATCH", &path, Some(new));
    assert_eq!(status, 200, "{answer}");
    platform.forget_requests();
    platform
}

fn attributes(platform: &Platform) -> Vec<Value> {
    let all = platform.get(&format!("/audiences/{PS}/realtime_attributes"));
    all["data"].as_array().unwrap().clone()
}

/// The setting has each field of later versions, and as many items as are given.
#[track_caller]
fn has_all(platform: &Platform, [keys, tables, imports]: [usize; 3]) {
    let setting = setting(platform);
    assert_eq!(setting["laterField"], json!([1, null]), "{setting}");
    for (list, count) in [("keyColumns", keys), ("eventTables", tables), ("batchAttributes", imports)] {
        let with = setting[list].as_array().unwrap().iter().filter(|item| item["laterPart"]["of"] == list);
        assert_eq!(with.count(), count, "{list} of {setting}");
    }
}

#[test]
fn the_setting_keeps_them() {
    let platform = platform();
    let before = setting(&platform);
    let count = |list: &str| before[list].as_array().unwrap().len();
    let all = [count("keyColumns"), count("eventTables"), count("batchAttributes")];
    let run = |arguments: &[&str]| platform.tdx(arguments).run().document();
    let name = before["keyColumns"][0]["name"].as_str().unwrap();

    run(&["rt-keys", "--ps", PS, "--key", "session_id"]);
    has_all(&platform, all);
    // An existing key that changes.
    run(&["rt-keys", "--ps", PS, "--key", name, "--invalid", &format!("{name}=none")]);
    has_all(&platform, all);
    run(&["rt-events", "--ps", PS, "--event", "login=web_events.logins"]);
    has_all(&platform, all);
    run(&["rt-keys", "delete", "session_id", "--ps", PS]);
    has_all(&platform, all);
    platform.tdx(&["rt-attrs", "--import", "city", "--ps", PS]).run().document();
    has_all(&platform, all);
}

#[test]
fn an_undo_brings_them_back() {
    let platform = platform();
    let state = tempfile::tempdir().unwrap();
    let dir = state.path().to_str().unwrap();
    let run = |arguments: &[&str]| {
        platform.tdx(arguments).env("TDX_RT_STATE_DIR", dir).run().document();
    };
    let before = setting(&platform);
    let name = before["keyColumns"][0]["name"].as_str().unwrap();
    run(&["rt-keys", "delete", name, "--ps", PS]);
    run(&["undo", "--yes"]);
    let key = |setting: &Value| {
        let keys = setting["keyColumns"].as_array().unwrap().clone();
        keys.into_iter().find(|key| key["name"] == name)
    };
    assert_eq!(key(&setting(&platform)), key(&before));
}

/// Gives each item of a list of an attribute a field of a later version.
fn with_later_part(platform: &Platform, attribute: &Value, list: &str) {
    let mut items = attribute[list].clone();
    items.as_array_mut().unwrap().iter_mut().for_each(|item| item["laterPart"] = json!(true));
    let path = format!("/audiences/{PS}/realtime_attributes/{}", attribute["id"].as_str().unwrap());
    let (status, answer) = platform.request("PATCH", &path, Some(json!({list: items})));
    assert_eq!(status, 200, "{answer}");
}

#[test]
fn attributes_keep_them() {
    let platform = platform();
    let find = |name: &str| attributes(&platform).into_iter().find(|one| one["name"] == name).unwrap();
    let (list, counter) = ("browsed_products_list", "page_views_24h");
    with_later_part(&platform, &find(list), "aggregations");
    with_later_part(&platform, &find(counter), "subDurations");
    let plan = json!({"attributes": [
        {"name": list, "type": "list", "source_event": "page_view", "source_field": "product_id",
         "aggregation": "max", "aggregation_field": "price"},
        {"name": counter, "type": "counter", "source_event": "page_view", "aggregation": "count",
         "window_duration": "48h"},
    ]});
    let done = platform.tdx(&["rt-attrs", "--ps", PS, "-f", "-"]).stdin(plan.to_string()).run();
    assert_eq!(done.code, 0, "{}", done.stderr);
    for (name, field) in [(list, "aggregations"), (counter, "subDurations")] {
        let items = find(name)[field].as_array().unwrap().clone();
        let with = items.iter().filter(|item| item["laterPart"] == true).count();
        assert_eq!((with, items.len()), (1, 2), "{items:?}");
    }
}

/// A platform that shows a field and does not take it back: it is named, and nothing is written.
#[test]
fn a_refusal_of_one_is_a_conflict_that_names_it() {
    let platform = platform();
    let before = setting(&platform);
    platform.control(
        "faults",
        json!({"operation": "PATCH /audiences/{}/realtime_setting", "status": 422,
               "message": "'laterPart' is not a field that can be set here"}),
    );
    let refused = platform.tdx(&["rt-keys", "--ps", PS, "--key", "session_id"]).run();
    let error = refused.error(6, "conflict");
    assert!(error["message"].as_str().unwrap().contains("'laterPart'"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("does not know"), "{error}");
    assert_eq!(setting(&platform), before);
}

/// What a write of a personalization takes.
const WRITTEN: [&str; 4] = ["audienceId", "name", "description", "sections"];

/// The personalization of the example, with fields of a later version in its first section.
fn with_later_section(platform: &Platform) -> Value {
    let list = || platform.get(&format!("/entities/parent_segments/{PS}/realtime_personalizations"));
    let there = list()["data"][0].clone();
    let mut attributes = there["attributes"].clone();
    attributes.as_object_mut().unwrap().retain(|key, _| WRITTEN.contains(&key.as_str()));
    let section = &mut attributes["sections"][0];
    section["laterField"] = 8.into();
    let (_, node) = section["payload"].as_object_mut().unwrap().iter_mut().next().unwrap();
    node["definition"]["attributePayload"][0]["laterField"] = 9.into();
    let sent = json!({"attributes": attributes});
    let path = format!("/entities/realtime_personalizations/{}", there["id"].as_str().unwrap());
    let (status, answer) =
        platform.request_as("PATCH", &path, Some(sent), "application/vnd.treasuredata.v1+json", &[]);
    assert_eq!(status, 200, "{answer}");
    list()["data"][0].clone()
}

/// Sections and outputs keep them too.
#[test]
fn personalizations_keep_them() {
    let platform = platform();
    with_later_section(&platform);
    let list = || platform.get(&format!("/entities/parent_segments/{PS}/realtime_personalizations"));
    let changed = OFFERS.replace("''VIP''", "''GOLD''");
    assert_ne!(changed, OFFERS);
    platform.tdx(&["pz-create", "-f", "-", "--no-wait"]).stdin(changed).run().document();
    let after = list()["data"][0]["attributes"].clone();
    assert!(after.to_string().contains("GOLD"), "{after}");
    let section = &after["sections"][0];
    let (_, node) = section["payload"].as_object().unwrap().iter().next().unwrap();
    let output = &node["definition"]["attributePayload"][0];
    assert_eq!([&section["laterField"], &output["laterField"]], [8, 9], "{after}");
}

const TRIGGERS: &str = include_str!("../../examples/triggers.yaml");

/// A platform that is set up by the example of journeys, and where a field of a later version stands in each part of
/// one of them and of what it sends.
fn with_journeys() -> Platform {
    let platform = Platform::start();
    platform.tdx(&["apply", "-"]).stdin(changed(&[])).run().document();
    let (journey, activation) = journey(&platform);
    let path = format!("/entities/realtime_journeys/{}", journey["id"].as_str().unwrap());
    let patch = |path: &str, attributes: Value| {
        let sent = json!({"attributes": attributes});
        let media = "application/vnd.treasuredata.v1+json";
        let (status, answer) = platform.request_as("PATCH", path, Some(sent), media, &[]);
        assert_eq!(status, 200, "{answer}");
    };
    let mut new = json!({"realtimeJourneyStages": journey["attributes"]["realtimeJourneyStages"],
        "goal": journey["attributes"]["goal"]});
    let stage = &mut new["realtimeJourneyStages"][0];
    stage["laterField"] = 1.into();
    stage["entryCriteria"]["laterField"] = 2.into();
    stage["entryCriteria"]["keyEventCriteria"]["laterField"] = 3.into();
    stage["steps"].as_object_mut().unwrap().values_mut().for_each(|step| step["laterField"] = 4.into());
    new["goal"]["laterField"] = 5.into();
    new["goal"]["keyEventCriteria"]["laterField"] = 6.into();
    patch(&path, new);
    let mut new = activation["attributes"].clone();
    new.as_object_mut().unwrap().retain(|key, _| !key.starts_with("realtimeJourney"));
    new["connector"]["laterField"] = 7.into();
    patch(&format!("{path}/activations/{}", activation["id"].as_str().unwrap()), new);
    platform.forget_requests();
    platform
}

/// A journey of the example, with its activation.
fn journey(platform: &Platform) -> (Value, Value) {
    let all = platform.get(&format!("/entities/parent_segments/{PS}/realtime_journeys"));
    let all = all["data"].as_array().unwrap().clone();
    let journey = all.into_iter().find(|one| one["attributes"]["name"] == "abandoned cart").unwrap();
    let path = format!("/entities/realtime_journeys/{}/activations", journey["id"].as_str().unwrap());
    (journey, platform.get(&path)["data"][0].clone())
}

/// The example's journeys as drafts, whose stages can be changed, and with other values.
fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(TRIGGERS.replace("state: launched", "state: draft"), |plan, (old, new)| {
        assert!(plan.contains(old), "{old}");
        plan.replace(old, new)
    })
}

#[test]
fn journeys_and_what_they_send_keep_them() {
    let platform = with_journeys();
    let count = || {
        let (journey, activation) = journey(&platform);
        [&journey, &activation].map(|one| one.to_string().matches("laterField").count())
    };
    let before = count();
    assert!(before[0] > 6 && before[1] == 1, "{before:?}");
    let again = platform.tdx(&["apply", "-"]).stdin(changed(&[])).run().document();
    assert_eq!(again["summary"]["items"]["updated"], 0, "{again}");
    let plan = changed(&[
        ("cart_value > 50", "cart_value > 60"),
        ("wait: 1h", "wait: 2h"),
        ("retries: 5", "retries: 4"),
    ]);
    platform.tdx(&["apply", "-"]).stdin(plan).run().document();
    let (journey, activation) = journey(&platform);
    assert!(
        journey.to_string().contains("60") && activation.to_string().contains('4'),
        "{journey} {activation}"
    );
    assert_eq!(count(), before, "{journey} {activation}");
}

/// A platform that shows a field and does not take it back, in each kind of write that brings one back.
#[test]
fn a_refusal_of_one_is_a_conflict_in_every_kind_of_write() {
    let (journey, sends) =
        ("PATCH /entities/realtime_journeys/{}", "PATCH /entities/realtime_journeys/{}/activations/{}");
    for (operation, plan) in
        [(journey, changed(&[("wait: 1h", "wait: 2h")])), (sends, changed(&[("retries: 5", "retries: 4")]))]
    {
        is_a_conflict(&with_journeys(), [operation, "laterField"], &["apply", "-"], &plan);
    }
    let platform = platform();
    let personalization = with_later_section(&platform);
    assert!(personalization.to_string().contains("laterField"));
    let plan = OFFERS.replace("''VIP''", "''GOLD''");
    is_a_conflict(
        &platform,
        ["PATCH /entities/realtime_personalizations/{}", "laterField"],
        &["pz-create", "-f", "-"],
        &plan,
    );
    let counter = attributes(&platform).into_iter().find(|one| one["name"] == "page_views_24h").unwrap();
    with_later_part(&platform, &counter, "subDurations");
    let plan = json!({"attributes": [{"name": "page_views_24h", "type": "counter", "source_event": "page_view",
        "aggregation": "count", "window_duration": "48h"}]});
    let arguments = ["rt-attrs", "--ps", PS, "-f", "-"];
    is_a_conflict(
        &platform,
        ["PATCH /audiences/{}/realtime_attributes/{}", "laterPart"],
        &arguments,
        &plan.to_string(),
    );
}

#[track_caller]
fn is_a_conflict(platform: &Platform, [operation, later]: [&str; 2], arguments: &[&str], plan: &str) {
    for (message, code) in [("'LATER' is no field", 6), ("'LATERs' are no fields", 2)] {
        let message = message.replace("LATER", later);
        let fault = json!({"operation": operation, "status": 422, "message": message, "count": 1});
        platform.control("faults", fault);
        platform.forget_requests();
        let refused = platform.tdx(arguments).stdin(plan.to_owned()).run();
        assert_eq!(refused.code, code, "{operation} {message}: {}", refused.stderr);
        assert!(refused.stderr.contains(&message), "{operation}: {}", refused.stderr);
        assert_eq!(platform.writes().len(), 1, "{operation}: {:?}", platform.writes());
    }
}

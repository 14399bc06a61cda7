//! Snapshots and state folders, through the server in this process.

use super::{NOW, PS, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};
use std::path::Path;
use tdx_rt::sandbox::{Options, Seed, Settle};

fn folder(path: &Path) -> Options {
    Options { settle: Settle::Immediately, state: Some(path.to_owned()), ..Options::default() }
}

fn make(platform: &Platform, target: &str, body: Value) -> String {
    let media = if target.starts_with("/entities") { VENDOR } else { "application/json" };
    let (status, answer) = platform.request_as("POST", target, Some(body), media, &[]);
    assert_eq!(status, 200, "{target}: {answer}");
    let id = answer.pointer("/data/id").or_else(|| answer.get("id")).and_then(Value::as_str);
    id.unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

/// Something of every kind; a token.
fn fill(platform: &Platform) -> String {
    let setting = json!({"keyColumns": [{"name": "td_client_id"}, {"name": "email"}], "extLookupKey": "customer_id",
        "eventTables": [{"database": "web_events", "table": "pageviews"}],
        "batchAttributes": [{"column": "country", "name": "country"}, {"column": "city", "name": "town"}]});
    let (status, answer) = platform.request("PATCH", &format!("{PS}/realtime_setting"), Some(setting));
    assert_eq!(status, 200, "{answer}");
    make(platform, &format!("{PS}/folders"), json!({"name": "Campaigns"}));
    let event =
        json!({"name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
    let event = make(platform, &format!("{PS}/realtime_key_events"), event);
    let attributes = format!("{PS}/realtime_attributes");
    let list = json!({"name": "seen", "identifier": "seen", "type": "list", "realtimeKeyEventId": event,
        "idColumn": "product_id", "fields": ["price"], "aggregations": [
            {"name": "i", "identifier": "i", "aggregationType": "distinct_list", "column": "product_id"}]});
    let list = make(platform, &attributes, list);
    let counter = json!({"name": "views", "identifier": "views", "type": "counter", "counterType": "sliding",
        "realtimeKeyEventId": event, "increment": {"type": "field", "value": "price"}, "duration": {"value": 7, "unit": "day"},
        "subDurations": [{"name": "s", "identifier": "s", "value": 1, "unit": "day"}]});
    make(platform, &attributes, counter);
    let section = json!({"name": "All", "payload": {"0123456789abcdef0123456789abcdef": {
        "type": "ResponseNode", "name": "r", "definition": {
            "attributePayload": [{"realtimeAttributeId": list, "subAttributeIdentifier": "i", "outputName": "seen"}],
            "segmentPayload": null, "stringBuilder": null}}},
        "entryCriteria": {"name": "c", "keyEventCriteria": {"keyEventId": event, "keyEventFilters": {}}}});
    let body = json!({"attributes": {"audienceId": "394649", "name": "web", "description": null, "sections": [section]}});
    make(platform, "/entities/realtime_personalizations", body);
    let services = format!("{PS}/realtime_personalization_services");
    let service = make(platform, &services, json!({"name": "web"}));
    let (_, token) =
        platform.request("POST", &format!("{services}/{service}/tokens"), Some(json!({"name": "t"})));
    let token = token["value"].as_str().unwrap().to_owned();
    for (number, (client, email)) in
        [("u1", "a@b.org"), ("u2", "c@d.org"), ("u1", "c@d.org"), ("u3", "")].iter().enumerate()
    {
        send(
            platform,
            &token,
            json!({"td_client_id": client, "email": email, "product_id": format!("p{number}"), "price": 1.25}),
        );
    }
    let ingest = json!({"events": [{"td_client_id": "u1"}, {"td_client_id": "u2", "time": NOW + 60}]});
    let (status, answer) = platform.request_as("POST", "/web_events/purchases", Some(ingest), VENDOR, &[]);
    assert_eq!(status, 200, "{answer}");
    token
}

fn send(platform: &Platform, token: &str, fields: Value) -> Value {
    let mut event = json!({"time": NOW, "uuid": "b82aad42-481b-4ca7-87c0-848a34f3c85f"});
    event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let (status, _, answer) =
        platform.send("POST", "/web_events/pageviews", Some((VENDOR, event)), &[("wp13n-token", token)]);
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Everything that can be seen of a sandbox.
fn seen(platform: &Platform) -> Vec<Value> {
    let part = |part: &str| platform.get(&format!("{PS}/{part}"));
    let mut seen: Vec<Value> = [
        "folders",
        "realtime_setting",
        "realtime_key_events",
        "realtime_attributes",
        "segments",
        "attributes",
        "realtime_personalization_services",
        "realtime_configuration_versions/current",
    ]
    .map(part)
    .into();
    seen.push(platform.get("/audiences"));
    seen.push(platform.get("/entities/parent_segments/394649/realtime_personalizations"));
    seen.push(platform.get("/entities/parent_segments/394650"));
    seen.push(platform.get("/v3/table/list/crm"));
    seen.push(platform.get("/v3/table/show/web_events/pageviews"));
    seen.push(platform.get("/v3/table/show/web_events/purchases"));
    for key in ["td_client_id=u1", "td_client_id=u3", "email=c@d.org"] {
        seen.push(platform.request("GET", &format!("/_sandbox/profiles?ps=394649&{key}"), None).1);
    }
    seen.push(platform.get("/_sandbox/clock"));
    seen
}

/// Compares what was seen, part by part, so that a failure can be read.
#[track_caller]
fn same(now: &[Value], before: &[Value]) {
    for (now, before) in now.iter().zip(before) {
        assert!(now == before, "now:\n{now}\nbefore:\n{before}");
    }
    assert_eq!(now.len(), before.len());
}

#[test]
fn a_state_folder_goes_on_where_it_was_left() {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("deep/state");
    let platform = Platform::with(folder(&state));
    let token = fill(&platform);
    platform.control("clock", json!({"advance_seconds": 3_600}));
    platform.control("faults", json!({"kind": "reset", "path": "/nowhere", "count": 3}));
    let (before, journal) = (seen(&platform), platform.get("/_sandbox/requests"));
    platform.stop();

    let platform = Platform::with(folder(&state));
    let rules = platform.get("/_sandbox/faults")["faults"][0].clone();
    assert_eq!((&rules["path"], &rules["count"]), (&json!("/nowhere"), &json!(3)));
    let kept = platform.get("/_sandbox/requests");
    assert_eq!((&kept["requests"], &kept["last_id"]), (&journal["requests"], &journal["last_id"]));
    same(&seen(&platform), &before);
    let offers = send(&platform, &token, json!({"td_client_id": "u3", "product_id": "p9"}));
    assert_eq!(
        offers["offers"]["All"]["attributes"]["seen"],
        json!(["p9", "p3"]),
        "the token and the profile"
    );
    let id: u64 = make(&platform, &format!("{PS}/folders"), json!({"name": "Later"})).parse().unwrap();
    assert!(!before.iter().any(|part| part.to_string().contains(&format!("\"{id}\""))), "ids go on");

    // What arrives after a restart is counted on top.
    let count = |platform: &Platform| platform.get("/v3/table/show/web_events/pageviews")["count"].as_u64();
    let counted = count(&platform);
    platform.stop();
    let platform = Platform::with(folder(&state));
    assert_eq!(count(&platform), counted);
    send(&platform, &token, json!({"td_client_id": "u3"}));
    assert_eq!(count(&platform), counted.map(|rows| rows + 1));

    platform.control("reset", json!({}));
    assert_eq!(platform.get(&format!("{PS}/realtime_key_events"))["data"], json!([]));
    platform.stop();
    let platform = Platform::with(folder(&state));
    assert_eq!(platform.get(&format!("{PS}/realtime_key_events"))["data"], json!([]), "the reset was kept");
}

#[test]
fn a_snapshot_brings_everything_back_also_into_a_state_folder() {
    let home = tempfile::tempdir().unwrap();
    for options in [Options { settle: Settle::Immediately, ..Options::default() }, folder(home.path())] {
        let kept = options.state.is_some();
        let platform = Platform::with(options);
        let empty = seen(&platform);
        platform.control("snapshots", json!({"name": "empty"}));
        let token = fill(&platform);
        let full = seen(&platform);
        assert!(full != empty);
        let saved = platform.control("snapshots", json!({"name": "full.1"}));
        assert_eq!(saved["name"], "full.1");
        let names = |answer: Value| -> Vec<String> {
            let list = answer["snapshots"].as_array().unwrap().clone();
            list.iter().map(|snapshot| snapshot["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(platform.get("/_sandbox/snapshots")), ["empty", "full.1"]);
        platform.control("clock", json!({"advance_seconds": 86_400}));
        platform.control("snapshots/empty/restore", json!({}));
        same(&seen(&platform), &empty);
        platform.control("reset", json!({"snapshot": "full.1"}));
        same(&seen(&platform), &full);
        let offers = send(&platform, &token, json!({"td_client_id": "u3", "product_id": "p9"}));
        assert_eq!(offers["offers"]["All"]["attributes"]["seen"], json!(["p9", "p3"]));
        let (status, answer) = platform.request("DELETE", "/_sandbox/snapshots/empty", None);
        assert_eq!((status, names(answer)), (200, vec!["full.1".to_owned()]));
        let after = seen(&platform);
        platform.stop();
        if kept {
            assert_eq!(
                seen(&Platform::with(folder(home.path()))),
                after,
                "what was restored was written down"
            );
        }
    }
}

#[test]
fn a_wrong_snapshot_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let platform = Platform::with(folder(home.path()));
    fill(&platform);
    let before = seen(&platform);
    for name in ["", ".hidden", "a/b", "../x", "ü", &"x".repeat(65)] {
        let (status, answer) = platform.request("POST", "/_sandbox/snapshots", Some(json!({"name": name})));
        assert_eq!(status, 400, "{name}: {answer}");
    }
    for (method, path) in
        [("POST", "/_sandbox/snapshots/none/restore"), ("DELETE", "/_sandbox/snapshots/none")]
    {
        let (status, answer) = platform.request(method, path, None);
        assert!(status == 404 && answer.to_string().contains("'none'"), "{answer}");
    }
    platform.control("snapshots", json!({"name": "good"}));
    let file = home.path().join("snapshots/good.sqlite3");
    let good = std::fs::read(&file).unwrap();
    std::fs::write(&file, &good[..good.len() / 2]).unwrap();
    let (status, answer) = platform.request("POST", "/_sandbox/snapshots/good/restore", None);
    assert!(status == 500 && answer.to_string().contains("damaged"), "{answer}");
    same(&seen(&platform), &before);
    // A save that fails leaves the old one, and nothing else, behind.
    std::fs::write(&file, &good).unwrap();
    let blocked = home.path().join("snapshots/blocked.sqlite3");
    std::fs::create_dir_all(blocked.join("inside")).unwrap();
    let (status, answer) = platform.request("POST", "/_sandbox/snapshots", Some(json!({"name": "blocked"})));
    assert_eq!(status, 500, "{answer}");
    assert!(blocked.join("inside").is_dir());
    let mut left: Vec<_> =
        std::fs::read_dir(home.path().join("snapshots")).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["blocked.sqlite3", "good.sqlite3"], "no temporary file stays");
    platform.control("snapshots/good/restore", json!({}));
    same(&seen(&platform), &before);
}

#[test]
fn a_seed_must_be_the_one_that_a_state_began_with() {
    use tdx_rt::sandbox::{Sandbox, options::Given};
    let home = tempfile::tempdir().unwrap();
    Platform::with(folder(home.path())).stop();
    let given = Given { seed: true, ..Given::default() };
    let open = |options: Options| Sandbox::open(&Options { given, ..options }).map(drop);
    open(folder(home.path())).unwrap();
    for options in
        [Options { seed: Seed::Empty, ..folder(home.path()) }, Options { random: 1, ..folder(home.path()) }]
    {
        let error = open(options).unwrap_err().to_string();
        assert!(error.contains("began with another seed"), "{error}");
    }
}

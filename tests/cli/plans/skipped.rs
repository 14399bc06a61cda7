//! Generated plans whose items others have changed since: what `undo --skip-changed` leaves alone works on.

use super::generate::{edited, plan};
use super::{SOURCE, Shell, configuration, each_round};
use crate::common::{Output, Random};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const EXACT: [&str; 4] = ["keyColumns", "eventTables", "batchAttributes", "extLookupKey"];

fn undo(shell: &Shell, more: &[&str]) -> Output {
    let mut all = vec!["undo", "-y", "--ps", SOURCE, "--interval", "5ms"];
    all.extend_from_slice(more);
    shell.tdx(&all).run()
}

fn list<'a>(all: &'a Value, name: &str) -> Vec<&'a Value> {
    all[name].as_array().unwrap().iter().collect()
}

fn name(item: &Value) -> &str {
    item["name"].as_str().or(item["attributes"]["name"].as_str()).unwrap()
}

/// Changes something that the plan names, as another user would; what it is: its list and its name.
fn another_user_changes(shell: &Shell, random: &mut Random, plan: &Value) -> Option<(&'static str, String)> {
    let all = configuration(&shell.platform, SOURCE);
    let text = plan.to_string();
    let of_plan = |item: &&Value| text.contains(&json!(name(item)).to_string());
    let kind = *random.pick(&["events", "attributes", "services", "personalizations", "journeys"]);
    let items: Vec<&Value> = list(&all, kind).into_iter().filter(of_plan).collect();
    if items.is_empty() {
        return None;
    }
    let item = *random.pick(&items);
    let id = item["id"].as_str().unwrap();
    let at = |what: &str| format!("/audiences/{SOURCE}/{what}");
    let (method, path, body) = match kind {
        "events" => {
            let mut body = item.clone();
            body.as_object_mut()
                .unwrap()
                .retain(|key, _| ["name", "databaseName", "tableName", "filterRule"].contains(&key.as_str()));
            body["description"] = json!("theirs");
            ("PATCH", at(&format!("realtime_key_events/{id}")), body)
        }
        "attributes" if item["type"] == "imported" => return None,
        "attributes" => ("PATCH", at(&format!("realtime_attributes/{id}")), json!({"description": "theirs"})),
        "services" => {
            let path = at(&format!("realtime_personalization_services/{id}/tokens"));
            ("POST", path, json!({"name": "theirs", "allowedIps": []}))
        }
        "personalizations" => {
            let mut body = json!({"attributes": item["attributes"].clone()});
            let attributes = body["attributes"].as_object_mut().unwrap();
            attributes.retain(|key, _| ["audienceId", "name", "sections"].contains(&key.as_str()));
            attributes.insert("description".into(), json!("theirs"));
            ("PATCH", format!("/entities/realtime_personalizations/{id}"), body)
        }
        _ => {
            let body =
                json!({"attributes": {"audienceId": SOURCE, "name": name(item), "description": "theirs"}});
            ("PATCH", format!("/entities/realtime_journeys/{id}"), body)
        }
    };
    let media = match path.starts_with("/entities/") {
        true => "application/vnd.treasuredata.v1+json",
        false => "application/json",
    };
    let (status, answer) = shell.platform.request_as(method, &path, Some(body), media, &[]);
    assert!(status < 300, "{method} {path}: {answer}");
    Some((kind, name(item).to_owned()))
}

/// Everything that anything refers to exists.
#[track_caller]
fn assert_whole(shell: &Shell, all: &Value, plan: &Value) {
    let ids = |kind: &str| -> BTreeSet<String> {
        list(all, kind).iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let connections = shell.platform.get("/v4/streaming_task_auths");
    let connections: BTreeSet<String> = connections
        .as_array()
        .unwrap()
        .iter()
        .map(|connection| connection["id"].as_str().unwrap().to_owned())
        .collect();
    let mut parts = BTreeSet::new();
    for attribute in list(all, "attributes") {
        for part in ["aggregations", "subDurations"] {
            for part in attribute[part].as_array().into_iter().flatten() {
                parts.insert(format!("{}/{}", attribute["id"], part["identifier"]));
            }
        }
    }
    let known = [
        ("realtimeKeyEventId", ids("events")),
        ("keyEventId", ids("events")),
        ("realtimeAttributeId", ids("attributes")),
        ("lookupAttributeId", ids("attributes")),
        ("realtimeJourneyId", ids("journeys")),
        ("journeyActivationStepId", ids("activations")),
        ("connectionId", connections),
    ];
    let mut missing = Vec::new();
    each_object(all, &mut |object| {
        for (key, known) in &known {
            if let Some(id) = object.get(*key).and_then(Value::as_str)
                && !known.contains(id)
            {
                missing.push(format!("{key} {id}"));
            }
        }
        if let Some(part) = object.get("subAttributeIdentifier").filter(|part| !part.is_null())
            && !parts.contains(&format!("{}/{part}", object["realtimeAttributeId"]))
        {
            missing.push(format!("part {part}"));
        }
    });
    let tables = &all["setting"]["eventTables"];
    for event in list(all, "events") {
        let table = json!({"database": event["databaseName"], "table": event["tableName"]});
        let there = tables.as_array().unwrap().contains(&table);
        if !there {
            missing.push(table.to_string());
        }
    }
    assert!(missing.is_empty(), "{missing:?}\n{plan}");
}

fn each_object(value: &Value, look: &mut dyn FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| each_object(item, look)),
        Value::Object(map) => {
            look(map);
            map.values().for_each(|item| each_object(item, look));
        }
        _ => {}
    }
}

/// What was left alone is as it was, and so is what makes it work.
#[track_caller]
fn assert_works(before: &Value, after: &Value, (kind, wanted): &(&'static str, String), plan: &Value) {
    let find = |all: &Value, kind: &str| list(all, kind).into_iter().find(|i| name(i) == wanted).cloned();
    match (find(after, kind), find(before, kind)) {
        // Fields that no one else has changed are as they were before the apply.
        (Some(after), Some(before)) if *kind != "journeys" && plan["edited"] == true => {
            let theirs =
                |item: &Value| [item["description"].clone(), item["attributes"]["description"].clone()];
            assert_eq!(theirs(&after), theirs(&before), "{plan}");
        }
        (after, before) => assert_eq!(after, before, "{plan}"),
    }
    for key in EXACT {
        let (then, now) = (&before["setting"][key], &after["setting"][key]);
        let gone = then.as_array().into_iter().flatten().filter(|item| {
            // A key may be as it was before the apply; it exists.
            key != "batchAttributes"
                && !now.as_array().unwrap().iter().any(|there| match key {
                    "keyColumns" => there["name"] == item["name"],
                    _ => there == *item,
                })
        });
        let gone: Vec<_> = gone.collect();
        // Without a key of its own that goes, a table goes with its last key event.
        assert!(
            gone.is_empty() || key == "eventTables" && same_keys(before, plan),
            "{key}: {gone:?}\n{plan}"
        );
    }
    if *kind == "personalizations" || *kind == "services" {
        for kind in ["personalizations", "services"] {
            assert_eq!(find(after, kind).is_some(), find(before, kind).is_some(), "{kind}\n{plan}");
        }
        assert_eq!(
            find(after, "services").map(|service| service["tokens"].clone()),
            find(before, "services").map(|service| service["tokens"].clone()),
            "{plan}"
        );
    }
    if *kind == "journeys" {
        let id = &find(before, kind).unwrap()["id"];
        let of_journey = |all: &Value| -> Vec<Value> {
            let all = list(all, "activations").into_iter().cloned();
            all.filter(|one| {
                one["attributes"]["realtimeJourneyId"] == *id || one.to_string().contains(&id.to_string())
            })
            .collect()
        };
        assert_eq!(of_journey(after), of_journey(before), "{plan}");
    }
}

/// Whether the last apply has added no stitching key.
fn same_keys(before: &Value, first: &Value) -> bool {
    let count = before["setting"]["keyColumns"].as_array().unwrap().len();
    first["keys_before"] == json!(count)
}

#[test]
fn what_an_undo_leaves_alone_keeps_everything_that_it_stands_on() {
    let mut done = BTreeSet::new();
    each_round("skipped", |shell, random| {
        let first = plan(random, SOURCE);
        let mut last = first.clone();
        let mut keys_before = configuration(&shell.platform, SOURCE)["setting"]["keyColumns"].clone();
        shell.apply(&first);
        if random.one_in(2) {
            last = edited(random, &first);
            keys_before = configuration(&shell.platform, SOURCE)["setting"]["keyColumns"].clone();
            if shell.apply(&last)["journal"] == Value::Null {
                return;
            }
        }
        let Some(changed) = another_user_changes(shell, random, &last) else { return };
        let before = configuration(&shell.platform, SOURCE);
        assert_whole(shell, &before, &last);
        shell.platform.forget_requests();
        if undo(shell, &["--dry-run"]).code == 0 {
            // The last apply did not touch it.
            return;
        }
        let error = undo(shell, &[]).error(6, "conflict");
        assert_eq!(shell.platform.writes(), Vec::<String>::new(), "{error}");
        let output = undo(shell, &["--skip-changed"]);
        let after = configuration(&shell.platform, SOURCE);
        last["edited"] = json!(last != first);
        last["keys_before"] = json!(keys_before.as_array().unwrap().len());
        assert_whole(shell, &after, &last);
        assert_works(&before, &after, &changed, &last);
        match output.code {
            0 => assert_ne!(shell.platform.writes(), Vec::<String>::new(), "{}", output.stdout),
            _ => {
                let error = output.error(6, "conflict");
                assert_eq!(
                    error["hint"].as_str().map(|hint| hint.contains("nothing else is left")),
                    Some(true)
                );
                assert_eq!(shell.platform.writes(), Vec::<String>::new(), "{error}");
            }
        }
        done.insert(changed.0);
    });
    if super::rounds() >= 25 {
        assert_eq!(done.len(), 5, "each kind of thing was changed once at least: {done:?}");
    }
}

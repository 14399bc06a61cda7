//! What is configured, with names in place of ids: those are given in the order of arrival, and what is
//! made again has new ones.

use super::configuration;
use crate::common::Platform;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Everything that is configured in a parent segment; tokens are left out.
pub fn by_name(platform: &Platform, ps: &str) -> Value {
    let mut all = configuration(platform, ps);
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for list in ["events", "attributes", "journeys", "activations"] {
        for item in all[list].as_array().unwrap() {
            let name = item["name"].as_str().or(item["attributes"]["name"].as_str()).unwrap();
            names.insert(item["id"].as_str().unwrap().to_owned(), format!("{list} {name}"));
            for stage in item["attributes"]["realtimeJourneyStages"].as_array().into_iter().flatten() {
                let stage_name = stage["name"].as_str().unwrap();
                names.insert(
                    stage["id"].as_str().unwrap().to_owned(),
                    format!("stage {stage_name} of {name}"),
                );
            }
        }
    }
    for connection in connections(platform) {
        let text = |key: &str| connection[key].as_str().unwrap().to_owned();
        names.insert(text("id"), format!("connection {}", text("auth_name")));
    }
    rename(&mut all, &names);
    // An import without a name of its own is called by its column.
    for batch in all["setting"]["batchAttributes"].as_array_mut().unwrap() {
        if batch["name"] == batch["column"] {
            batch["name"] = Value::Null;
        }
    }
    for list in all.as_object_mut().unwrap().values_mut().filter_map(Value::as_array_mut) {
        list.sort_by_key(Value::to_string);
    }
    all
}

/// The account's connections.
pub fn connections(platform: &Platform) -> Vec<Value> {
    platform.get("/v4/streaming_task_auths").as_array().unwrap().clone()
}

fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                *text = name.clone();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Value::Object(map) => {
            // Ids of services, tokens, entities and sections, and of a payload's node.
            map.retain(|key, _| !matches!(key.as_str(), "id" | "tokens"));
            if let Some(nodes) = map.get_mut("payload").and_then(Value::as_object_mut) {
                let only: Vec<Value> = std::mem::take(nodes).into_values().collect();
                *nodes = only.into_iter().map(|node| ("node".to_owned(), node)).collect::<Map<_, _>>();
            }
            map.values_mut().for_each(|item| rename(item, names));
        }
        _ => {}
    }
}

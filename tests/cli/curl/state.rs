//! The state of a sandbox in a form that does not depend on ids, which are other ones in each.

use crate::cli::plans::configuration;
use crate::cli::{PS, listing};
use crate::common::Platform;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Names for ids: of what there was at any moment that was looked at.
#[derive(Debug, Default)]
pub struct Ids(BTreeMap<String, String>);

const LISTINGS: [(&str, &str); 5] = [
    ("realtime_key_events", "event:"),
    ("realtime_attributes", ""),
    ("realtime_personalization_services", "service:"),
    ("realtime_personalizations", "personalization:"),
    ("realtime_journeys", "journey:"),
];

impl Ids {
    pub fn of(platform: &Platform) -> Self {
        let mut ids = Ids::default();
        ids.learn(platform);
        ids
    }

    /// Adds what there is now.
    pub fn learn(&mut self, platform: &Platform) {
        for item in listing(platform, "realtime_activations") {
            let step = item["attributes"]["stepUuid"].as_str().unwrap();
            self.0.insert(item["id"].as_str().unwrap().to_owned(), format!("activation:{step}"));
        }
        for item in platform.get("/v4/streaming_task_auths").as_array().unwrap() {
            let name = item["auth_name"].as_str().unwrap();
            self.0.insert(item["id"].as_str().unwrap().to_owned(), format!("connection:{name}"));
        }
        for (what, prefix) in LISTINGS {
            for item in listing(platform, what) {
                let name = item["name"].as_str().or(item["attributes"]["name"].as_str()).unwrap();
                self.0.insert(item["id"].as_str().unwrap().to_owned(), format!("{prefix}{name}"));
                for stage in item["attributes"]["realtimeJourneyStages"].as_array().into_iter().flatten() {
                    let stage_name = format!("stage:{name}/{}", stage["name"].as_str().unwrap());
                    self.0.insert(stage["id"].as_str().unwrap().to_owned(), stage_name);
                }
                for token in item["tokens"].as_array().into_iter().flatten() {
                    self.0.insert(token["id"].as_str().unwrap().to_owned(), "token".to_owned());
                }
            }
        }
    }

    fn name<'a>(&'a self, id: &'a str) -> Option<&'a str> {
        self.0.get(id).map(String::as_str).or_else(|| id.strip_prefix("new:"))
    }

    /// Names in place of ids, and nothing of what is random.
    pub fn named(&self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.named(item)),
            Value::Object(map) => {
                map.retain(|key, id| key != "id" || id.as_str().is_some_and(|id| self.name(id).is_some()));
                if let Some(name) =
                    map.get_mut("name").filter(|name| name.to_string().starts_with("\"tdx-rt-"))
                {
                    *name = "tdx-rt-random".into();
                }
                // A payload is a map of nodes with random ids.
                if let Some(payload) = map.get_mut("payload").and_then(Value::as_object_mut) {
                    let nodes = std::mem::take(payload).into_iter().enumerate();
                    *payload = nodes.map(|(index, (_, node))| (index.to_string(), node)).collect();
                }
                if let Some(root) = map.get_mut("rootNode").filter(|root| root.is_string()) {
                    *root = "random".into();
                }
                map.values_mut().for_each(|value| self.named(value));
            }
            Value::String(id) => {
                if let Some(name) =
                    self.0.get(id.as_str()).cloned().or(id.strip_prefix("new:").map(str::to_owned))
                {
                    *id = name;
                }
            }
            _ => {}
        }
    }

    /// Requests as sorted lines: method, path, content type and body.
    pub fn planned(&self, requests: &Value, base: &str) -> Vec<String> {
        let line = |request: &Value| {
            let url = request["url"].as_str().unwrap();
            let path = url.strip_prefix(base).unwrap_or_else(|| panic!("{url} is elsewhere"));
            let part = |part: &str| {
                let part = part.replace("%3A", ":").replace("%20", " ").replace("%27", "'");
                self.name(&part).map_or(part.clone(), str::to_owned)
            };
            let path: Vec<String> = path.split('/').map(part).collect();
            let mut body = request["body"].clone();
            self.named(&mut body);
            if let Some(columns) = body.get_mut("columns").and_then(Value::as_array_mut) {
                columns.sort_by_key(Value::to_string);
            }
            format!("{} {} {}", request["method"].as_str().unwrap(), path.join("/"), sorted(body))
        };
        let mut lines: Vec<String> = requests.as_array().unwrap().iter().map(line).collect();
        lines.sort();
        lines
    }
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Object(map) => {
            let map: BTreeMap<String, Value> = map.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            map.into_iter().collect::<Map<_, _>>().into()
        }
        other => other,
    }
}

/// All that a command can change.
#[derive(Debug, PartialEq)]
pub struct State(Value);

impl State {
    pub fn of(platform: &Platform) -> Self {
        // First, before it is added to.
        let empty = platform.get("/_sandbox/requests")["count"] == 0;
        let mut configured = configuration(platform, PS);
        let ids = Ids::of(platform);
        ids.named(&mut configured);
        let (_, profile) =
            platform.request("GET", &format!("/_sandbox/profiles?ps={PS}&td_client_id=u1"), None);
        let mut profile = profile;
        ids.named(&mut profile);
        // They stand in the order of their ids.
        if let Some(attributes) = profile.get_mut("attributes").and_then(Value::as_array_mut) {
            attributes.sort_by_key(|attribute| attribute["name"].to_string());
        }
        // A roll-out that is over after one look is over.
        (0..2).for_each(|_| drop(platform.get(&format!("/audiences/{PS}/realtime_setting"))));
        State(json!({
            "journal_is_empty": empty,
            "configured": sorted(configured),
            "profile": profile,
            "clock": platform.get("/_sandbox/clock"),
            "settle": platform.get("/_sandbox/settle"),
            "pace": platform.get("/_sandbox/pace"),
            "runs": platform.get(&format!("/audiences/{PS}/executions")).as_array().map(Vec::len),
            "faults": platform.get("/_sandbox/faults"),
            "activations": activations(platform),
            "inbox": platform.get("/_sandbox/inbox"),
            "snapshots": names(&platform.get("/_sandbox/snapshots")),
        }))
    }

    /// Only what differs is shown.
    #[track_caller]
    pub fn assert_same(&self, wanted: &State, name: &str) {
        for (key, value) in wanted.0.as_object().unwrap() {
            let found = &self.0[key];
            if key == "configured" {
                crate::cli::plans::assert_same(found, value, &name.into());
            }
            assert_eq!(found, value, "{name}: {key}");
        }
    }
}

/// Leaves a journal that is short, but not empty.
pub fn forget_but_one(platform: &Platform) {
    platform.forget_requests();
    platform.get("/audiences");
}

/// The writes in the journal.
pub fn journal_of_writes(platform: &Platform) -> Vec<Value> {
    let journal = platform.get("/_sandbox/requests");
    let writes = journal["requests"].as_array().unwrap().iter().filter(|entry| entry["method"] != "GET");
    writes
        .map(|entry| json!({"method": entry["method"], "url": entry["path"], "body": entry["body"]}))
        .collect()
}

/// What was sent, without what is random or a time.
fn activations(platform: &Platform) -> Vec<Value> {
    let all = platform.get("/_sandbox/activations");
    let listed = all["activations"].as_array().unwrap().iter().map(|one| {
        json!([one["journey_name"], one["activation_name"], one["state"], one["request"]["body"]])
    });
    listed.collect()
}

fn names(snapshots: &Value) -> Value {
    let items = snapshots["snapshots"].as_array().or_else(|| snapshots.as_array());
    items.unwrap_or_else(|| panic!("{snapshots}")).iter().map(|item| item["name"].clone()).collect()
}

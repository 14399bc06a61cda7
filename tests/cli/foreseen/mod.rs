//! Every refusal of the sandbox that a plan can bring about is foreseen: no write gets through.
//!
//! Each id of the sandbox's closed list of refusals has either cases here or a reason why no plan can
//! be blamed for it. A case has a request that the sandbox refuses with that id, which shows that the id is
//! what the case is about, and what says the same to the command line.

mod cases;
mod unforeseeable;

use super::{BASE, PS};

use crate::common::{Output, Platform, Random};
use cases::{Case, Request, Said};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tdx_rt::sandbox::reason::Reason;

/// The live configuration that the cases speak of: everything in [`BASE`], one personalization with its
/// service, one catalog and two journeys.
const LIVE: &str = "
  - {name: offers, type: lookup_catalog, catalog_table: offers, lookup_keys: [{name: product_id}]}
personalization_service:
  name: home
  trigger_event: page_view
  sections: [{name: all, attributes: [last]}]
journeys:
  - {name: running, trigger_event: page_view, state: launched, steps: [{wait: 1h}]}
  - {name: sleeping, trigger_event: page_view, steps: [{activate: webhook, connection: demo_webhook, url: 'https://hooks.example.com/in'}]}
";

/// The sandbox with [`LIVE`], and the ids that requests can name.
struct Ground {
    platform: Platform,
    ids: BTreeMap<&'static str, String>,
}

impl Ground {
    fn new() -> Self {
        let platform = Platform::start();
        let applied = platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(format!("{BASE}{LIVE}")).run();
        assert_eq!(applied.code, 0, "{applied:?}");
        platform.control("settle", json!({}));
        let mut ids = BTreeMap::new();
        let id_of = |path: &str, name: &str| {
            let listed = platform.get(path);
            let items = listed["data"].as_array().unwrap().clone();
            let named = |item: &&Value| item["name"] == name || item["attributes"]["name"] == name;
            let found = items.iter().find(named).unwrap_or_else(|| panic!("{name} in {listed}"));
            found["id"].as_str().unwrap().to_owned()
        };
        let ps = format!("/audiences/{PS}");
        ids.insert("$event", id_of(&format!("{ps}/realtime_key_events"), "page_view"));
        ids.insert("$last", id_of(&format!("{ps}/realtime_attributes"), "last"));
        let journeys = format!("/entities/parent_segments/{PS}/realtime_journeys");
        ids.insert("$running", id_of(&journeys, "running"));
        ids.insert("$sleeping", id_of(&journeys, "sleeping"));
        let sleeping = platform.get(&format!("/entities/realtime_journeys/{}", ids["$sleeping"]));
        let stages = &sleeping["data"]["attributes"]["realtimeJourneyStages"];
        ids.insert("\"$stages\"", stages.to_string());
        let activations =
            platform.get(&format!("/entities/realtime_journeys/{}/activations", ids["$sleeping"]));
        ids.insert("$activation", activations["data"][0]["id"].as_str().unwrap().to_owned());
        let services = format!("{ps}/realtime_personalization_services");
        ids.insert("$service", id_of(&services, "home"));
        for number in 1..50 {
            let token = json!({"name": format!("t{number}")});
            platform.request("POST", &format!("{services}/{}/tokens", ids["$service"]), Some(token));
        }
        platform.control("snapshots", json!({"name": "live"}));
        platform.forget_requests();
        Ground { platform, ids }
    }

    fn filled(&self, text: &str) -> String {
        self.ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
    }

    /// The ids of what the sandbox refused since the requests were last forgotten, and the writes that it
    /// carried out.
    fn journal(&self) -> (BTreeSet<String>, Vec<String>) {
        let journal = self.platform.get("/_sandbox/requests");
        let mut refused = BTreeSet::new();
        let mut written = Vec::new();
        for request in journal["requests"].as_array().unwrap() {
            let ids = request["refusals"].as_array().unwrap();
            // What is asked before anything is written may well be refused.
            if request["method"] == "GET" {
                continue;
            }
            refused.extend(ids.iter().map(|id| id.as_str().unwrap().to_owned()));
            if ids.is_empty() {
                written.push(format!("{} {}", request["method"], request["path"]));
            }
        }
        (refused, written)
    }

    fn send(&self, (method, path, body): &Request) -> u16 {
        let body: Value = serde_json::from_str(&self.filled(&body.to_string())).unwrap();
        let vendor = path.starts_with("/entities");
        let media = if vendor { "application/vnd.treasuredata.v1+json" } else { "application/json" };
        self.platform.request_as(method, &self.filled(path), Some(body), media, &[]).0
    }

    /// Carries out what a case needs.
    fn prepare(&self, case: &Case) {
        for request in &case.before {
            assert_eq!(self.send(request), 200, "{}: {request:?}", case.id);
        }
        self.platform.forget_requests();
    }

    /// What the request of a case is refused for.
    fn refused(&self, case: &Case) -> BTreeSet<String> {
        self.prepare(case);
        self.send(&case.request);
        self.journal().0
    }

    fn run(&self, said: &Said, around: &Around) -> Output {
        match said {
            Said::Plan(part) => {
                let plan = around.plan(part);
                self.platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(plan.to_string()).run()
            }
            Said::Command(arguments) => self.platform.tdx(arguments).run(),
        }
    }

    fn restore(&self) {
        self.platform.control("reset", json!({"snapshot": "live"}));
        self.platform.forget_requests();
    }
}

/// Good items of a plan around the bad one: what would be written if it were not checked first.
struct Around {
    before: Vec<Value>,
    after: Vec<Value>,
}

impl Around {
    fn random(random: &mut Random) -> Self {
        let good = [
            json!({"events": [{"name": "extra_login", "database": "web_events", "table": "logins"}]}),
            json!({"attributes": [{"name": "extra_single", "type": "single", "source_event": "page_view", "source_field": "td_path"}]}),
            json!({"attributes": [{"name": "extra_views", "type": "counter", "source_event": "page_view", "window_duration": "7d"}]}),
            json!({"id_stitching": {"stitching_keys": ["email"]}}),
            json!({"journeys": [{"name": "extra", "trigger_event": "page_view", "steps": [{"wait": "1h"}]}]}),
        ];
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for item in random.some(&good, 1) {
            if random.one_in(2) { before.push(item.clone()) } else { after.push(item.clone()) }
        }
        Around { before, after }
    }

    /// One plan of all parts: their lists one behind the other.
    fn plan(&self, part: &Value) -> Value {
        // What the parts speak of is in the plan, so that nothing else is wrong with it.
        let live = json!([{"name": "page_view", "database": "web_events", "table": "pageviews"}]);
        let mut plan = json!({"parent_segment_id": PS, "events": live});
        for part in self.before.iter().chain([part]).chain(&self.after) {
            for (key, value) in part.as_object().unwrap() {
                merge(&mut plan[key.as_str()], value);
            }
        }
        plan
    }
}

fn merge(there: &mut Value, more: &Value) {
    match (there, more) {
        (Value::Array(there), Value::Array(more)) => there.extend(more.iter().cloned()),
        (Value::Object(there), Value::Object(more)) => {
            for (key, value) in more {
                merge(there.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (there, more) => *there = more.clone(),
    }
}

#[test]
fn every_id_is_covered_or_says_why_not() {
    let covered: BTreeSet<&str> = cases::all().iter().map(|case| case.id).collect();
    let excused: BTreeSet<&str> = unforeseeable::all().map(|(id, _)| id).collect();
    let known: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.id()).collect();
    let missing: Vec<_> =
        known.iter().filter(|id| !covered.contains(*id) && !excused.contains(*id)).collect();
    assert!(missing.is_empty(), "neither a case nor a reason: {missing:?}");
    let both: Vec<_> = covered.intersection(&excused).collect();
    assert!(both.is_empty(), "a case and a reason why there is none: {both:?}");
    let unknown: Vec<_> = covered.union(&excused).filter(|id| !known.contains(*id)).collect();
    assert!(unknown.is_empty(), "no ids of the sandbox: {unknown:?}");
}

#[test]
fn each_case_is_about_its_id() {
    let ground = Ground::new();
    let mut wrong = Vec::new();
    for case in cases::all() {
        let found = ground.refused(&case);
        if !found.contains(case.id) {
            wrong.push(format!("{}: {found:?}", case.id));
        }
        ground.restore();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_foreseeable_refusal_gets_a_write_through() {
    let ground = Ground::new();
    let mut random = Random(13);
    let mut wrong = Vec::new();
    for case in cases::all() {
        for round in 0..2 {
            let around = Around::random(&mut random);
            ground.prepare(&case);
            let output = ground.run(&case.said, &around);
            let (refused, written) = ground.journal();
            // A command of one request may leave the answer to the platform; nothing else has been written.
            let asked = matches!(case.said, Said::Command(_)) || refused.is_empty();
            if output.code == 0 || !output.stdout.is_empty() || !written.is_empty() || !asked {
                wrong.push(format!(
                    "{} (round {round}): exit {}, written {written:?}, refused {refused:?}\n  {}",
                    case.id, output.code, output.stderr
                ));
            }
            ground.restore();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the cases are built on is itself taken: the good parts alone write something.
#[test]
fn the_good_parts_alone_are_written() {
    let ground = Ground::new();
    let mut random = Random(31);
    for _ in 0..4 {
        let output = ground.run(&Said::Plan(json!({})), &Around::random(&mut random));
        assert_eq!(output.code, 0, "{output:?}");
        assert!(!ground.journal().1.is_empty());
        ground.restore();
    }
}

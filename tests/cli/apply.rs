//! `apply`: a whole plan in one process.

use super::{PS, Written, listing, names, said, setting};
use crate::common::{Output, Platform};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;

#[derive(Debug, Deserialize)]
struct Document {
    events: Vec<Item>,
    id_stitching: Action,
    attributes: Vec<Item>,
    personalization_service: Plan,
    service: Service,
    personalization: Action,
    parent_segment: ParentSegment,
    summary: Summary,
}

#[derive(Debug, Deserialize)]
struct Item {
    name: String,
    action: String,
}

#[derive(Debug, Deserialize)]
struct Action {
    action: String,
}

#[derive(Debug, Deserialize)]
struct Plan {
    sections: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Service {
    action: String,
    token: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ParentSegment {
    rt_status: String,
    ready: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Summary {
    parent_segment: BTreeMap<String, String>,
    items: BTreeMap<String, usize>,
    rt_configuration: Counts,
    personalization: BTreeMap<String, Value>,
    personalizations: Vec<BTreeMap<String, Value>>,
    journeys: Vec<Value>,
    endpoint: String,
    event_endpoint: String,
    console_url: String,
    next_steps: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    status: String,
    event_tables: usize,
    key_events: Vec<String>,
    rt_attributes: usize,
    batch_attributes: usize,
    stitching_keys: usize,
}

fn example() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/web-personalization.yaml")
}

fn apply(platform: &Platform, state: &str, arguments: &[&str]) -> Output {
    let example = example();
    let mut all = vec!["apply", "--interval", "5ms", "-f", example.to_str().unwrap()];
    all.extend_from_slice(arguments);
    platform.tdx(&all).env("TDX_RT_STATE_DIR", state).run()
}

/// Everything that is configured, without what differs between two platforms.
fn configuration(platform: &Platform) -> Value {
    let mut all = json!({
        "setting": setting(platform),
        "events": listing(platform, "realtime_key_events"),
        "attributes": listing(platform, "realtime_attributes"),
        "services": listing(platform, "realtime_personalization_services"),
        "personalizations": listing(platform, "realtime_personalizations"),
    });
    for token in all["services"].as_array_mut().unwrap().iter_mut().flat_map(|s| s["tokens"].as_array_mut()) {
        token.iter_mut().for_each(|token| token["name"] = json!("random"));
    }
    // Ids are given in the order in which requests happen to arrive: names stand in for them.
    let mut known = BTreeMap::new();
    for what in ["events", "attributes"] {
        for item in all[what].as_array().unwrap() {
            known.insert(item["id"].as_str().unwrap().to_owned(), item["name"].as_str().unwrap().to_owned());
        }
        all[what].as_array_mut().unwrap().sort_by_key(|item| item["name"].to_string());
    }
    for item in all["personalizations"].as_array_mut().unwrap() {
        // What refers to it stands in no order.
        let attributes = item["attributes"].as_object_mut().unwrap();
        attributes.retain(|key, _| ["audienceId", "name", "description", "sections"].contains(&key.as_str()));
        *item = Value::Object(std::mem::take(attributes));
    }
    all["setting"]["keyColumns"].as_array_mut().unwrap().sort_by_key(|key| key["name"].to_string());
    stable(&mut all, &known);
    all
}

fn stable(value: &mut Value, known: &BTreeMap<String, String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| stable(item, known)),
        Value::Object(map) => {
            map.retain(|key, value| key != "id" || known.contains_key(value.as_str().unwrap_or_default()));
            for (_, value) in map.iter_mut() {
                if let Some(name) = value.as_str().and_then(|id| known.get(id)) {
                    *value = name.as_str().into();
                }
                stable(value, known);
            }
            // A payload's node ids are random.
            if let Some(payload) = map.get_mut("payload").and_then(Value::as_object_mut) {
                let nodes: Map<String, Value> = std::mem::take(payload)
                    .into_iter()
                    .enumerate()
                    .map(|(index, (_, node))| (index.to_string(), node))
                    .collect();
                *payload = nodes;
            }
        }
        _ => {}
    }
}

fn actions(document: &Document) -> Vec<&str> {
    let items =
        document.events.iter().chain(&document.attributes).chain(&document.personalization_service.sections);
    let rest = [&document.id_stitching.action, &document.service.action, &document.personalization.action];
    items.map(|item| item.action.as_str()).chain(rest.map(String::as_str)).collect()
}

#[test]
fn the_example_is_set_up_in_one_go_and_left_alone_the_second_time() {
    let platform = Platform::start();
    let state = tempfile::tempdir().unwrap();
    let state = state.path().to_str().unwrap();
    let before = setting(&platform);
    let first: Document = apply(&platform, state, &[]).decode();
    assert!(actions(&first).iter().all(|action| ["created", "updated"].contains(action)), "{first:?}");
    assert!(first.parent_segment.ready && first.parent_segment.rt_status == "ok");
    let sections: Vec<_> = first.personalization_service.sections.iter().map(|s| s.name.as_str()).collect();
    assert_eq!((first.events[0].name.as_str(), sections), ("page_view", vec!["VIP Customers", "Default"]));
    let token = first.service.token.clone().expect("a token was made");

    let Summary { parent_segment, rt_configuration: counts, personalization, .. } = &first.summary;
    assert_eq!((parent_segment["id"].as_str(), parent_segment["name"].as_str()), (PS, "Customer 360"));
    assert_eq!((counts.status.as_str(), counts.event_tables, counts.stitching_keys), ("ok", 2, 5));
    assert_eq!(
        (&counts.key_events, counts.rt_attributes, counts.batch_attributes),
        (&vec!["page_view".to_owned()], 3, 2)
    );
    assert_eq!(
        (&personalization["service"], &personalization["sections"]),
        (&json!("web_personalization"), &json!(2))
    );
    assert!(
        first.summary.endpoint.starts_with(&platform.url)
            && first.summary.event_endpoint.ends_with("/web_events/pageviews")
    );
    assert!(
        first.summary.console_url.starts_with("https://console-next.us01.treasuredata.com/app/ps/394649/e/")
    );
    let [listed] = first.summary.personalizations.as_slice() else { panic!("{:?}", first.summary) };
    for (key, value) in personalization {
        assert_eq!(&listed[key], value, "{key}");
    }
    assert_eq!(
        (&listed["name"], &listed["endpoint"]),
        (&json!("web_personalization"), &json!(first.summary.endpoint))
    );
    assert_eq!(first.summary.next_steps.len(), 3);
    assert_eq!(first.summary.journeys, Vec::<Value>::new());
    // An event table, an event, four keys, five attributes, the service, the entity and its sections.
    let items = [("created", 15), ("updated", 0), ("unchanged", 0), ("deleted", 0)];
    assert_eq!(first.summary.items, items.map(|(action, count)| (action.to_owned(), count)).into());

    // Nothing of others is gone.
    let after = setting(&platform);
    for list in ["keyColumns", "eventTables", "batchAttributes"] {
        let now = after[list].as_array().unwrap();
        assert!(before[list].as_array().unwrap().iter().all(|item| now.contains(item)), "{list}: {after}");
    }
    let configured = configuration(&platform);
    platform.forget_requests();
    let second: Document = apply(&platform, state, &[]).decode();
    assert!(actions(&second).iter().all(|action| *action == "unchanged"), "{second:?}");
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert_eq!(second.service.token, Some(token));
    assert_eq!(configuration(&platform), configured);
}

#[test]
fn the_steps_one_by_one_give_the_same() {
    let (at_once, step_by_step) = (Platform::start(), Platform::start());
    let state = tempfile::tempdir().unwrap();
    apply(&at_once, state.path().to_str().unwrap(), &[]).document();
    let mut document = std::fs::read_to_string(example()).unwrap();
    for step in [&["rt-events"][..], &["rt-keys"], &["rt-attrs", "--interval", "5ms"], &["pz-create"]] {
        document = step_by_step.tdx(step).stdin(document).run().document().to_string();
    }
    let (at_once, step_by_step) = (configuration(&at_once), configuration(&step_by_step));
    for part in ["setting", "events", "attributes", "services", "personalizations"] {
        assert_eq!(at_once[part], step_by_step[part], "{part}");
    }
}

#[test]
fn customers_and_strangers_get_different_offers_and_windows_end() {
    let platform = Platform::start();
    let state = tempfile::tempdir().unwrap();
    let document = apply(&platform, state.path().to_str().unwrap(), &[]).document().to_string();
    let visit = |key: &str, product: &str, time: i64| {
        let event = json!({"product_id": product, "time": time}).to_string();
        let test = ["pz-test", "--interval", "5ms", "--key", key, "--event-json", &event];
        platform.tdx(&test).stdin(document.clone()).run().document()["response"]["offers"].clone()
    };
    let now = 1_761_955_200;
    for product in ["p1", "p2"] {
        visit("td_client_id=u1", product, now);
    }
    let anonymous = visit("td_client_id=u1", "p1", now);
    assert_eq!(
        anonymous,
        json!({"Default": {"attributes": {"last_product_viewed": "p1", "page_views_24h": 3}, "batch_segments": []}})
    );
    visit("customer_id=c-1001", "p7", now);
    let vip = visit("customer_id=c-1001", "p8", now);
    let expected = json!({"last_product_viewed": "p8", "browsed_products_list": ["p8", "p7"], "vip_discount_percentage": 20});
    assert_eq!(vip, json!({"VIP Customers": {"attributes": expected, "batch_segments": []}}));

    let ask = |key: &str| {
        let test = ["pz-test", "--interval", "5ms", "--get", "--key", key];
        platform.tdx(&test).stdin(document.clone()).run().document()["response"].clone()
    };
    assert_eq!(ask("td_client_id=u1")["page_views_24h"], 3);
    platform.advance(24 * 60 * 60);
    assert_eq!(
        ask("td_client_id=u1"),
        json!({"last_product_viewed": "p1", "page_views_24h": 0}),
        "a day later"
    );
    let next = visit("td_client_id=u1", "p9", now + 24 * 60 * 60);
    assert_eq!(next["Default"]["attributes"], json!({"last_product_viewed": "p9", "page_views_24h": 1}));
}

#[test]
fn a_wrong_plan_writes_nothing() {
    let platform = Platform::start();
    let good = std::fs::read_to_string(example()).unwrap();
    for (from, to, exit_code, code, part) in [
        (
            "source_field: product_id",
            "source_field: produkt_id",
            2,
            "unknown-column",
            "there is no column 'produkt_id'",
        ),
        ("table: pageviews", "table: pagevews", 3, "not-found", "there is no table web_events.pagevews"),
        ("- {name: email, valid", "- {name: e_mail, valid", 2, "unknown-column", "stitching key 'e_mail'"),
        (
            "- name: vip_discount_percentage",
            "- name: vip_discount_percentag",
            2,
            "unknown-column",
            "has no batch attribute",
        ),
        (
            "        - last_product_viewed\n        - page_views_24h",
            "        - last_product_seen",
            2,
            "invalid-plan",
            "there is no attribute 'last_product_seen'",
        ),
        ("loyalty_tier = ''VIP''", "loyalty_tier ==== ''VIP''", 2, "invalid-plan", "criteria"),
        (
            "trigger_event: 'page_view'",
            "trigger_event: 'page_wiev'",
            2,
            "invalid-plan",
            "there is no event 'page_wiev' in the plan; did you mean 'page_view'?",
        ),
        ("    window_duration: 24h", "    window_duration: 24x", 2, "invalid-plan", "window_duration"),
        (
            "  primary_key: canonical_id",
            "  ext_lookup_key: email",
            2,
            "invalid-plan",
            "must be the profile key",
        ),
        ("'Customer 360'", "'Customer 36O'", 3, "not-found", "there is no parent segment named"),
        ("    type: list", "    type: lits", 2, "invalid-plan", "unknown type 'lits'; did you mean 'list'?"),
        (
            "batch_segments: []",
            "batch_segments: [Nobody]",
            2,
            "invalid-plan",
            "there is no batch segment 'Nobody'",
        ),
        (
            "{name: td_client_id, exclude_regex: '^test_'}",
            "{name: td_client_id, exclude_regex: '(['}",
            2,
            "invalid-plan",
            "exclude_regex",
        ),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        let file = Written::new("plan.yaml", &text);
        let error = platform.tdx(&["apply", "-f", file.path()]).run().error(exit_code, code);
        assert!(said(&error, "message").contains(part), "{to}: {error}");
        if code == "invalid-plan" && error["details"]["findings"].is_array() {
            assert!(said(&error, "message").starts_with(&format!("{}:", file.path())), "{error}");
        }
    }
    let error = platform
        .tdx(&["apply", "-f", example().to_str().unwrap(), "--folder", "Rot"])
        .run()
        .error(3, "not-found");
    assert_eq!(said(&error, "message"), "the parent segment has no folder 'Rot'");
    let error = platform.tdx(&["apply", "--ps", PS]).run().error(2, "usage");
    assert_eq!(said(&error, "message"), "there is nothing to apply");
    platform
        .tdx(&["apply", "-f", example().to_str().unwrap(), "--ps", "394651"])
        .run()
        .error(1, "rt-not-enabled");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn a_contradiction_with_what_is_live_writes_nothing() {
    let platform = Platform::start();
    platform.tdx(&["rt-events", "--ps", PS, "--event", "page_view=web_events.pageviews"]).run().document();
    let other =
        ["rt-attrs", "--ps", PS, "--interval", "5ms", "--list", "last_product_viewed=page_view.product_id"];
    platform.tdx(&other).run().document();
    let before = configuration(&platform);
    platform.forget_requests();
    let state = tempfile::tempdir().unwrap();
    let error = apply(&platform, state.path().to_str().unwrap(), &[]).error(6, "conflict");
    assert!(
        said(&error, "message")
            .contains("attribute 'last_product_viewed' exists with the type list, not single"),
        "{error}"
    );
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert_eq!(configuration(&platform), before);
}

#[test]
fn a_dry_run_sends_nothing_that_writes_and_tells_it_all() {
    let platform = Platform::start();
    let state = tempfile::tempdir().unwrap();
    let state_dir = state.path().join("state");
    let state = state_dir.to_str().unwrap();
    let before = configuration(&platform);
    platform.forget_requests();
    let planned = apply(&platform, state, &["--dry-run"]).document();
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert_eq!(configuration(&platform), before);
    assert!(!state_dir.exists(), "no token was kept");
    let lines = |planned: &Value| {
        let requests = planned["requests"].as_array().unwrap().clone();
        let path = |r: &Value| r["url"].as_str().unwrap().strip_prefix(&platform.url).unwrap().to_owned();
        let mut lines: Vec<_> =
            requests.iter().map(|r| format!("{} {}", r["method"].as_str().unwrap(), path(r))).collect();
        lines.sort();
        lines
    };
    let cdp = format!("/audiences/{PS}");
    assert_eq!(
        lines(&planned),
        [
            format!("PATCH {cdp}/realtime_setting"),
            format!("POST {cdp}/realtime_attributes"),
            format!("POST {cdp}/realtime_attributes"),
            format!("POST {cdp}/realtime_attributes"),
            format!("POST {cdp}/realtime_imported_attributes/bulk_update"),
            format!("POST {cdp}/realtime_key_events"),
            format!("POST {cdp}/realtime_personalization_services"),
            format!(
                "POST {cdp}/realtime_personalization_services/new%3Aservice%3Aweb_personalization/tokens"
            ),
            "POST /entities/realtime_personalizations".to_owned(),
        ]
    );
    apply(&platform, state, &[]).document();
    assert_eq!(
        lines(&apply(&platform, state, &["--dry-run"]).document()),
        Vec::<String>::new(),
        "nothing is left to do"
    );
}

/// Ten processes apply the example at the same time; returns how each of them ended.
fn ten_at_once(platform: &Platform, state: &str) -> Vec<Output> {
    all_at_once(platform, &[state; 10])
}

/// A process for each state folder.
fn all_at_once(platform: &Platform, states: &[&str]) -> Vec<Output> {
    let start = |state: &&str| {
        let arguments = ["apply", "--interval", "5ms", "-f", example().to_str().unwrap()].map(str::to_owned);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let tdx = platform.tdx(&arguments).env("TDX_RT_STATE_DIR", state);
        thread::spawn(move || tdx.run())
    };
    let running: Vec<_> = states.iter().map(start).collect();
    running.into_iter().map(|run| run.join().unwrap()).collect()
}

#[test]
fn ten_at_once_make_one_of_everything() {
    let platform = Platform::start();
    let state = tempfile::tempdir().unwrap();
    let state = state.path().to_str().unwrap();
    // Some may lose a race (see below) and say so; none of them makes anything twice.
    assert!(ten_at_once(&platform, state).iter().any(|output| output.code == 0));
    apply(&platform, state, &[]).document();
    assert_eq!(names(&listing(&platform, "realtime_key_events")), ["page_view"]);
    let mut attributes = listing(&platform, "realtime_attributes");
    attributes.sort_by_key(|attribute| attribute["name"].to_string());
    let expected =
        ["browsed_products_list", "country", "last_product_viewed", "loyalty_tier", "page_views_24h"];
    assert_eq!(names(&attributes), [&expected[..], &["vip_discount_percentage"]].concat());
    assert_eq!(names(&listing(&platform, "realtime_personalization_services")), ["web_personalization"]);
    assert_eq!(listing(&platform, "realtime_personalizations").len(), 1);
    let setting = setting(&platform);
    assert_eq!(setting["eventTables"].as_array().unwrap().len(), 2);
    assert_eq!(setting["keyColumns"].as_array().unwrap().len(), 5);
    platform.forget_requests();
    apply(&platform, state, &[]).document();
    assert_eq!(platform.writes(), Vec::<String>::new(), "it has converged");
}

#[test]
fn ten_at_once_all_succeed() {
    let rounds = std::env::var("TDX_RT_WRITER_ROUNDS").map_or(1, |rounds| rounds.parse().unwrap());
    for round in 0..rounds {
        let platform = Platform::start();
        let state = tempfile::tempdir().unwrap();
        for output in ten_at_once(&platform, state.path().to_str().unwrap()) {
            assert_eq!(output.code, 0, "round {round}: {output:?}");
            assert_eq!(output.decode::<Document>().summary.rt_configuration.status, "ok");
        }
    }
}

/// Of ten machines that make the first token of a service at the same time, one goes on.
#[test]
fn ten_machines_make_one_token() {
    let platform = Platform::start();
    let states: Vec<_> = (0..10).map(|_| tempfile::tempdir().unwrap()).collect();
    let states: Vec<&str> = states.iter().map(|state| state.path().to_str().unwrap()).collect();
    let outputs = all_at_once(&platform, &states);
    let known: Vec<Value> = outputs
        .iter()
        .map(|output| {
            assert_eq!(output.code, 0, "{output:?}");
            output.document()["service"]["token"].clone()
        })
        .filter(|token| !token.is_null())
        .collect();
    assert_eq!(known.len(), 1, "{known:?}");
    let services = listing(&platform, "realtime_personalization_services");
    assert_eq!(services[0]["tokens"].as_array().unwrap().len(), 1, "{services:?}");
}

/// Two runs that each make the tokens of two services, in reverse order, and wait for each other's.
#[test]
fn two_runs_with_two_services_do_not_block_each_other() {
    let sections = json!([{"name": "all", "strings": {"a": "b"}}]);
    let service = |name: &str| json!({"name": name, "trigger_event": "page_view", "sections": sections});
    let plan = |services: [&str; 2]| {
        json!({
            "parent_segment_id": "394649",
            "events": [{"name": "page_view", "table": "web_events.pageviews"}],
            "personalization_services": services.map(service),
        })
        .to_string()
    };
    let (platform, state) = (Platform::start(), tempfile::tempdir().unwrap());
    // Every answer takes a while, so that both hold one of the locks.
    platform.control("faults", json!({"kind": "slow", "delay_ms": 30, "count": 0}));
    let running = [plan(["a", "b"]), plan(["b", "a"])].map(|plan| {
        let tdx = platform
            .tdx(&["apply", "-", "--no-wait"])
            .env("TDX_RT_STATE_DIR", state.path().to_str().unwrap());
        thread::spawn(move || tdx.stdin(plan).run())
    });
    for run in running {
        let output = run.join().unwrap();
        assert_eq!(output.code, 0, "{output:?}");
        for service in output.document()["personalization_services"].as_array().unwrap() {
            assert!(service["service"]["token"].is_string(), "{output:?}");
        }
    }
}

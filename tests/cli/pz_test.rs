//! `pz-test`: the checklist, and real calls.

use super::{PS, configured, said};
use crate::common::{Output, Platform};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
struct Document {
    checks: Vec<Check>,
    request: Request,
    response: Value,
    latency_ms: Latency,
}

#[derive(Debug, Deserialize)]
struct Check {
    name: String,
    ok: bool,
    detail: String,
}

#[derive(Debug, Deserialize)]
struct Request {
    method: String,
    url: String,
    event: Option<Map<String, Value>>,
    query: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
struct Latency {
    count: usize,
    min: f64,
    p50: f64,
    p95: f64,
    max: f64,
}

/// A platform with a personalization, and the document that `pz-create` printed for it.
fn deployed() -> (Platform, String) {
    let platform = configured();
    let create = [
        "pz-create",
        "--ps",
        PS,
        "--name",
        "web",
        "--trigger",
        "page_view",
        "--attribute",
        "last",
        "--attribute",
        "seen",
        "--attribute",
        "views",
        "--string",
        "hello=world",
    ];
    let document = platform.tdx(&create).run().document().to_string();
    // The roll-out is over before the tests look.
    platform.control("settle", json!({}));
    platform.forget_requests();
    (platform, document)
}

fn run(platform: &Platform, document: &str, arguments: &[&str]) -> Output {
    let mut all = vec!["pz-test", "--interval", "5ms"];
    all.extend_from_slice(arguments);
    platform.tdx(&all).stdin(document).run()
}

fn offer(document: &Document) -> &Value {
    &document.response["offers"]["Default"]["attributes"]
}

#[test]
fn five_checks_and_a_real_event() {
    let (platform, document) = deployed();
    let tested: Document = run(
        &platform,
        &document,
        &["--key", "td_client_id=u1", "--field", "product_id=p1", "--field", "price=12.5"],
    )
    .decode();
    let checks: Vec<_> = tested.checks.iter().map(|check| (check.name.as_str(), check.ok)).collect();
    assert_eq!(
        checks,
        [
            ("rt_status", true),
            ("key_events", true),
            ("attributes", true),
            ("personalization", true),
            ("api", true)
        ]
    );
    assert!(tested.checks.iter().all(|check| !check.detail.is_empty()));
    assert_eq!(
        (tested.request.method.as_str(), tested.request.url),
        ("POST", format!("{}/web_events/pageviews", platform.url))
    );
    let event = tested.request.event.unwrap();
    assert_eq!((&event["td_client_id"], &event["product_id"]), (&json!("u1"), &json!("p1")));
    assert_eq!(event["price"], json!(12.5), "a number, as the column is");
    assert!(event["time"].is_u64() && event["uuid"].is_string(), "{event:?}");
    assert_eq!(
        *offer_of(&tested.response),
        json!({"last": "p1", "seen": ["p1"], "views": 1, "hello": "world"})
    );
    assert_eq!(tested.latency_ms.count, 1);

    let again: Document =
        run(&platform, &document, &["--key", "td_client_id=u1", "--field", "product_id=p2"]).decode();
    assert_eq!(
        *offer(&again),
        json!({"last": "p2", "seen": ["p2", "p1"], "views": 2, "hello": "world"}),
        "events count"
    );
}

fn offer_of(response: &Value) -> &Value {
    &response["offers"]["Default"]["attributes"]
}

#[test]
fn get_asks_without_an_event() {
    let (platform, document) = deployed();
    run(&platform, &document, &["--key", "td_client_id=u1", "--field", "product_id=p1"]).document();
    platform.forget_requests();
    for _ in 0..2 {
        let asked: Document = run(&platform, &document, &["--get", "--key", "td_client_id=u1"]).decode();
        assert_eq!(
            asked.response,
            json!({"last": "p1", "seen": ["p1"], "views": 1, "hello": "world"}),
            "nothing was ingested"
        );
        assert_eq!(asked.request.method, "GET");
        assert_eq!(asked.request.query.unwrap()["td_client_id"], "u1");
        assert!(asked.request.event.is_none());
    }
    assert!(platform.requests().iter().all(|line| line.starts_with("GET ")), "{:?}", platform.requests());
    let error = run(&platform, &document, &["--get", "--event-json", "{}"]).error(2, "usage");
    assert!(said(&error, "message").contains("--event-json"), "it would not be sent: {error}");
}

#[test]
fn the_event_may_be_json() {
    let (platform, document) = deployed();
    let event = r#"{"td_client_id": "u9", "product_id": "p3", "time": 1761955100}"#;
    let tested: Document =
        run(&platform, &document, &["--event-json", event, "--field", "product_id=p4"]).decode();
    assert_eq!(offer(&tested)["last"], "p4", "a flag wins");
    assert_eq!(tested.request.event.unwrap()["time"], 1_761_955_100);
    for wrong in ["[]", "{", "1"] {
        let error = run(&platform, &document, &["--event-json", wrong]).error(2, "usage");
        assert!(said(&error, "message").starts_with("--event-json is not a JSON object"), "{error}");
    }
    let error = run(&platform, &document, &["--event-json", r#"{"td_client_id": "u", "prduct_id": "p"}"#])
        .error(2, "unknown-column");
    assert_eq!(said(&error, "hint"), "did you mean 'product_id'?");
}

#[test]
fn what_the_table_lacks_is_refused_and_nothing_is_ingested() {
    let (platform, document) = deployed();
    for (arguments, code, message, hint) in [
        (
            &["--key", "td_clint_id=u1"][..],
            "unknown-column",
            "the event: there is no column 'td_clint_id' in web_events.pageviews",
            Some("did you mean 'td_client_id'?"),
        ),
        (
            &["--key", "td_client_id=u1", "--field", "prise=1"],
            "unknown-column",
            "the event: there is no column 'prise' in web_events.pageviews",
            Some("did you mean 'price'?"),
        ),
        (
            &["--key", "td_client_id=u1", "--field", "price=cheap"],
            "usage",
            "the column 'price' is a double, and 'cheap' is no number",
            None,
        ),
        (
            &[],
            "usage",
            "an event needs the visitor's id",
            Some("pass --key COLUMN=VALUE, for example --key td_client_id=u1"),
        ),
        (&["--key", "td_client_id"], "usage", "--key td_client_id has no value", None),
    ] {
        let error = run(&platform, &document, arguments).error(2, code);
        assert_eq!(said(&error, "message"), message);
        if let Some(hint) = hint {
            assert_eq!(said(&error, "hint"), hint);
        }
    }
    assert!(platform.requests().iter().all(|line| line.starts_with("GET ")));
}

#[test]
fn expectations_decide() {
    let (platform, document) = deployed();
    let call = ["--key", "td_client_id=u1", "--field", "product_id=p1"];
    let holds = [".offers | has(\"Default\")", ".offers.Default.attributes.last == \"p1\""];
    let tested: Document =
        run(&platform, &document, &[&call[..], &["--expect", holds[0], "--expect", holds[1]]].concat())
            .decode();
    let checks: Vec<_> = tested
        .checks
        .iter()
        .skip(5)
        .map(|check| (check.name.as_str(), check.ok, check.detail.as_str()))
        .collect();
    assert_eq!(
        checks,
        [
            ("expect", true, ".offers | has(\"Default\") holds"),
            ("expect", true, ".offers.Default.attributes.last == \"p1\" holds")
        ]
    );
    for (expression, detail) in [
        (".offers.Default.attributes.last == \"p9\"", ".offers.Default.attributes.last == \"p9\" gave false"),
        (".offers.VIP", ".offers.VIP gave null"),
        ("empty", "empty gave nothing"),
        (
            ".offers.Default.attributes.last > 1, false",
            ".offers.Default.attributes.last > 1, false gave true, false",
        ),
    ] {
        let (answer, error) = run(&platform, &document, &[&call[..], &["--expect", expression]].concat())
            .says_no(1, "check-failed");
        assert_eq!(said(&error, "message"), format!("verification failed: expect: {detail}"));
        let checks = answer["checks"].as_array().unwrap();
        assert_eq!(checks.len(), 6);
        assert_eq!(checks[5], json!({"name": "expect", "ok": false, "detail": detail}));
        assert!(answer["response"]["offers"]["Default"].is_object(), "what came is shown: {answer}");
    }
    let (_, error) = run(&platform, &document, &[&call[..], &["--expect", "error(\"no\")"]].concat())
        .says_no(1, "check-failed");
    assert!(said(&error, "message").contains("no"), "{error}");
    platform.forget_requests();
    let error = run(&platform, &document, &[&call[..], &["--expect", ".offers |"]].concat()).error(2, "jq");
    assert!(said(&error, "message").contains("'.offers |' is not valid"), "{error}");
    assert_eq!(platform.requests(), Vec::<String>::new(), "a bad expression fails before anything is sent");
}

#[test]
fn repeat_measures() {
    let (platform, document) = deployed();
    let tested: Document = run(&platform, &document, &["--key", "td_client_id=u1", "--repeat", "7"]).decode();
    let Latency { count, min, p50, p95, max } = tested.latency_ms;
    assert!(count == 7 && min > 0.0 && min <= p50 && p50 <= p95 && p95 <= max, "{tested:?}");
    assert_eq!(offer(&tested)["views"], 7, "each is an event of its own");
    for wrong in ["0", "-1", "many"] {
        run(&platform, &document, &["--key", "td_client_id=u1", "--repeat", wrong]).error(2, "usage");
    }
}

#[test]
fn without_a_token_or_with_a_foreign_one_it_says_so() {
    let (platform, document) = deployed();
    let by_flags = ["--personalization", "web", "--trigger", "page_view", "--key", "td_client_id=u1"];
    let run = |more: &[&str]| {
        let mut all = vec!["pz-test", "--ps", PS, "--interval", "5ms"];
        all.extend_from_slice(&by_flags);
        all.extend_from_slice(more);
        platform.tdx(&all).run()
    };
    let error = run(&[]).error(4, "token");
    assert_eq!(said(&error, "message"), "there is no token for the personalization API");
    assert!(
        said(&error, "hint").contains("TDX_RT_TOKEN") && said(&error, "hint").contains("--new-token"),
        "{error}"
    );
    // Which of several?
    let services = format!("/audiences/{PS}/realtime_personalization_services");
    let (status, _) = platform.request("POST", &services, Some(json!({"name": "shop"})));
    assert_eq!(status, 200);
    let error = platform
        .tdx(&[
            "pz-test",
            "--ps",
            PS,
            "--trigger",
            "page_view",
            "--key",
            "td_client_id=u1",
            "--interval",
            "5ms",
        ])
        .run()
        .error(4, "token");
    assert!(said(&error, "message").ends_with("and none is named: 'web', 'shop'"), "{error}");
    assert!(said(&error, "hint").starts_with("name one with --personalization NAME"), "{error}");
    let foreign = format!("1/1/{}", "a".repeat(32));
    for token in [foreign.as_str(), "not a token", "1/1/\n"] {
        let output = run(&["--token", token]);
        let error = output.error(4, if token.contains('\n') { "auth" } else { "token" });
        assert!(!output.stderr.contains(token.trim()), "a token is never shown: {error}");
    }
    let made: Value = serde_json::from_str(&document).unwrap();
    let token = made["service"]["token"].as_str().unwrap();
    assert_eq!(run(&["--token", token]).code, 0);
    let by_variable = platform.tdx(&[
        "pz-test",
        "--ps",
        PS,
        "--personalization",
        "web",
        "--trigger",
        "page_view",
        "--key",
        "td_client_id=u2",
    ]);
    assert_eq!(by_variable.env("TDX_RT_TOKEN", token).run().code, 0);
    // A document's token belongs to its service, the variable's to any: flag, document, variable.
    let with = |more: &[&str]| {
        let test = [&["pz-test", "--interval", "5ms", "--key", "td_client_id=u2"], more].concat();
        platform.tdx(&test).env("TDX_RT_TOKEN", &foreign).stdin(document.clone()).run()
    };
    assert_eq!(with(&[]).code, 0);
    with(&["--token", &foreign]).error(4, "token");
    assert_eq!(run(&["--get"]).code, 0, "--get needs none");
}

#[test]
fn a_token_whose_service_is_gone_opens_nothing() {
    let (platform, document) = deployed();
    let delete = ["pz-create", "delete", "web", "--service", "--ps", PS];
    platform.tdx(&delete).run().document();
    let create = ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "last"];
    let made = platform.tdx(&create).run().document();
    let mut stale: Value = serde_json::from_str(&document).unwrap();
    stale["personalization"] = made["personalization"].clone();
    run(&platform, &stale.to_string(), &["--key", "td_client_id=u1"]).error(4, "token");
    stale["service"] = made["service"].clone();
    assert_eq!(run(&platform, &stale.to_string(), &["--key", "td_client_id=u1"]).code, 0);
}

#[test]
fn failed_checks_are_reported_with_all_the_others() {
    let platform = configured();
    let (answer, error) =
        platform.tdx(&["pz-test", "--ps", PS, "--key", "td_client_id=u1"]).run().says_no(1, "check-failed");
    let nothing = ["request", "response", "latency_ms"].map(|part| answer[part].is_null());
    assert_eq!(nothing, [true; 3], "nothing was called: {answer}");
    let checks = answer["checks"].as_array().unwrap();
    let states: Vec<_> = checks
        .iter()
        .map(|check| (check["name"].as_str().unwrap(), check["ok"].as_bool().unwrap()))
        .collect();
    assert_eq!(
        states,
        [
            ("rt_status", true),
            ("key_events", true),
            ("attributes", true),
            ("personalization", false),
            ("api", false)
        ]
    );
    assert_eq!(
        said(&error, "message"),
        "verification failed: personalization: no personalization is deployed; api: not called: there is no personalization"
    );
    let (platform, document) = deployed();
    let (_, error) = run(&platform, &document, &["--personalization", "wep", "--key", "td_client_id=u1"])
        .says_no(1, "check-failed");
    assert!(said(&error, "message").contains("'wep' is not among the 1 deployed: web"), "{error}");
    let error = run(&platform, &document, &["--trigger", "pageview", "--key", "td_client_id=u1"])
        .error(3, "not-found");
    assert_eq!(said(&error, "hint"), "did you mean 'page_view'?");
}

#[test]
fn it_waits_for_the_roll_out_by_default() {
    let (platform, document) = deployed();
    platform.control("settle", json!({"ps": PS, "status": "updating"}));
    let call = ["--key", "td_client_id=u1"];
    run(&platform, &document, &[&call[..], &["--timeout", "20ms"]].concat()).error(8, "not-ready");
    let (_, error) =
        run(&platform, &document, &[&call[..], &["--no-wait"]].concat()).says_no(1, "check-failed");
    assert!(said(&error, "message").contains("rt_status: status is 'updating'"), "{error}");
}

#[test]
fn a_dry_run_ingests_nothing() {
    let (platform, document) = deployed();
    let planned = run(&platform, &document, &["--key", "td_client_id=u1", "--dry-run"]).document();
    assert_eq!(planned["requests"][0]["method"], "POST");
    assert_eq!(planned["requests"][0]["body"]["td_client_id"], "u1");
    assert!(platform.requests().iter().all(|line| line.starts_with("GET ")));
    let tested: Document = run(&platform, &document, &["--key", "td_client_id=u1"]).decode();
    assert_eq!(offer(&tested)["views"], 1);
}

#[test]
fn no_profile_is_an_answer_too() {
    let platform = configured();
    let create = [
        "pz-create",
        "--ps",
        PS,
        "--name",
        "vip",
        "--trigger",
        "page_view",
        "--attribute",
        "last",
        "--criteria",
        "loyalty_tier = 'VIP'",
    ];
    let document = platform.tdx(&create).run().document().to_string();
    let anonymous: Document = run(&platform, &document, &["--key", "td_client_id=u1"]).decode();
    assert_eq!(anonymous.response, json!({"offers": {}}));
    assert_eq!(anonymous.checks[4].detail, "the API responds; no section matched");
    let vip: Document =
        run(&platform, &document, &["--key", "customer_id=c-1001", "--field", "product_id=p1"]).decode();
    assert_eq!(vip.response["offers"]["vip"], Value::Null);
    assert_eq!(*offer(&vip), json!({"last": "p1"}));
}

#[test]
fn a_key_that_is_no_stitching_key_is_refused_with_the_nearest() {
    let (platform, document) = deployed();
    for (arguments, hint) in [
        (&["--key", "product_id=p1"][..], "any other column is given with --field"),
        (&["--key", "td_client_id=u1", "--key", "price=1"], "any other column is given with --field"),
        (&["--get", "--key", "td_clientid=u1"], "did you mean 'td_client_id'?"),
    ] {
        let error = run(&platform, &document, arguments).error(2, "usage");
        assert!(said(&error, "message").contains("is no stitching key of the parent segment"), "{error}");
        assert!(said(&error, "hint").contains(hint), "{error}");
    }
    assert!(
        platform
            .requests()
            .iter()
            .all(|line| line.starts_with("GET ") && !line.contains("personalizations/"))
    );
}

#[test]
fn the_document_shows_what_is_live_and_not_what_a_file_once_noted() {
    let (platform, document) = deployed();
    let mut old: Value = serde_json::from_str(&document).unwrap();
    old["parent_segment"] = json!({
        "id": PS, "name": "Customer 360", "rt_status": "updating", "ready": false, "event_tables": ["old.table"],
        "key_events": ["gone"], "key_columns": ["gone"], "attributes": ["gone"], "note": "of last year",
    });
    let file = super::Written::new("plan.json", &old.to_string());
    let test = ["pz-test", "-f", file.path(), "--interval", "5ms", "--key", "td_client_id=u1"];
    let now = platform.tdx(&test).run().document();
    let live = platform.tdx(&["ps-check", PS]).run().document();
    assert_eq!(now["parent_segment"], live);
    // The other steps take nothing of it over either.
    let step = platform
        .tdx(&["rt-events", "-f", file.path(), "--event", "page_view=web_events.pageviews"])
        .run()
        .document();
    assert!(!step["parent_segment"].to_string().contains("gone"), "{}", step["parent_segment"]);
    let yaml = platform
        .tdx(&["discover", "--use-case", "web", "--database", "web_events", "--ps", PS, "--yaml"])
        .run();
    assert!(
        yaml.stdout.contains("parent_segment_id:") && !yaml.stdout.contains("parent_segment:"),
        "{}",
        yaml.stdout
    );
}

#[test]
fn without_an_offer_each_section_says_why() {
    let platform = configured();
    let plan = super::Written::new(
        "plan.yaml",
        "
parent_segment_id: '394649'
events:
  - {name: page_view, database: web_events, table: pageviews}
  - {name: product_view, database: web_events, table: pageviews, where: \"td_path LIKE '/product%'\"}
  - {name: bought, database: web_events, table: purchases}
attributes:
  - {name: last_path, type: single, source_event: page_view, source_field: td_path, aggregation: last}
  - {name: visits, type: counter, source_event: page_view, aggregation: count, window_duration: 24h}
  - {name: loyalty_tier, type: imported_batch}
personalization_services:
  - name: picky
    trigger_event: page_view
    sections:
      - {name: VIP, criteria: \"loyalty_tier = 'VIP' AND visits >= 3\", attributes: [last_path]}
      - {name: Cart, criteria: \"last_path = '/cart'\", attributes: [last_path]}
  - name: filtered
    trigger_event: product_view
    sections: [{name: Product, criteria: '', attributes: [last_path]}]
",
    );
    platform.tdx(&["apply", plan.path(), "--interval", "5ms"]).run().document();
    let token = |name: &str| {
        let made = platform.tdx(&["pz-create", "-f", plan.path(), "--new-token"]).run().document();
        let all = made["personalization_services"].as_array().unwrap().clone();
        all.iter().find(|one| one["name"] == name).unwrap()["service"]["token"].as_str().unwrap().to_owned()
    };
    platform.control("settle", json!({}));
    let test = |name: &str, trigger: &str, more: &[&str]| {
        let call = [
            "pz-test",
            "--ps",
            PS,
            "--interval",
            "5ms",
            "--personalization",
            name,
            "--trigger",
            trigger,
            "--key",
            "td_client_id=u9",
            "--field",
            "td_path=/home",
            "--token",
        ];
        let token = token(name);
        platform.tdx(&[&call[..], &[token.as_str()], more].concat()).run()
    };
    let document = test("picky", "page_view", &[]).document();
    assert_eq!(document["response"], json!({"offers": {}}));
    assert_eq!(
        document["no_offer"],
        json!([
            {"section": "VIP", "reason": "the profile criteria do not hold", "filter": null,
             "criteria": "loyalty_tier = 'VIP' AND visits.window_24h >= 3",
             "values": {"loyalty_tier": null, "visits.window_24h": 1}},
            {"section": "Cart", "reason": "the profile criteria do not hold", "filter": null,
             "criteria": "last_path = '/cart'", "values": {"last_path": "/home"}},
        ])
    );
    let document = test("filtered", "product_view", &[]).document();
    let why = &document["no_offer"][0];
    assert_eq!(why["reason"], "the filter of the key event 'product_view' does not take the event");
    assert_eq!(
        (&why["filter"], &why["values"]),
        (&json!("td_path LIKE '/product%'"), &json!({"td_path": "/home"}))
    );
    // So has the document of a failed expectation.
    let (answer, _) =
        test("picky", "page_view", &["--expect", ".offers | has(\"VIP\")"]).says_no(1, "check-failed");
    assert_eq!(answer["no_offer"][0]["values"]["visits.window_24h"], 3);
    // With an offer there is nothing to say.
    assert!(
        test("filtered", "product_view", &["--field", "td_path=/product/1"])
            .document()
            .get("no_offer")
            .is_none()
    );
}

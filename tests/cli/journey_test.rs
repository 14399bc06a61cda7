//! `journey-test`: an event, what a journey would do with it, and what it did.

use super::{PS, configured, said};
use crate::common::{Output, Platform, Tdx};
use serde_json::{Value, json};

/// A journey for VIPs: an hour later those who have looked often get one webhook, others another.
fn deployed() -> Platform {
    let platform = configured();
    let receiver = format!("{}/_sandbox/inbox", platform.url);
    let plan = json!({"parent_segment_id": PS, "journeys": [{
        "name": "vip", "trigger_event": "page_view", "where": "td_path LIKE '/shop%'",
        "criteria": "loyalty_tier = 'VIP'", "reentry": "always", "state": "launched",
        "steps": [
            {"wait": "1h"},
            {"decide": [
                {"name": "keen", "when": "views > 5", "steps": [
                    {"activate": "webhook", "name": "keen", "url": format!("{receiver}/keen"), "body": {"n": "{{views}}"}}]},
                {"name": "rest", "otherwise": true, "steps": [
                    {"activate": "webhook", "name": "rest", "url": format!("{receiver}/rest"),
                     "body": {"who": "{{td_client_id}}", "saw": "{{product_id}}", "tier": "{{loyalty_tier}}"}}]},
            ]},
        ],
    }]});
    let applied = platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(plan.to_string()).run();
    applied.document();
    platform.control("settle", json!({}));
    platform.forget_requests();
    platform
}

fn run(platform: &Platform, more: &[&str]) -> Output {
    let vip = ["--key", "td_client_id=u1", "--key", "customer_id=c-1001"];
    platform.tdx(&[&["journey-test", "--ps", PS, "--interval", "5ms"], &vip[..], more].concat()).run()
}

const SHOP: [&str; 4] = ["--field", "td_path=/shop/1", "--field", "product_id=p7"];

fn check<'a>(test: &'a Value, name: &str) -> &'a Value {
    let checks = test["checks"].as_array().unwrap_or_else(|| panic!("{test}"));
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no {name} in {test}"))
}

#[test]
fn what_is_foreseen_happens() {
    let platform = deployed();
    let document = run(&platform, &[&["vip"], &SHOP[..], &["--advance", "2h"]].concat()).document();
    let test = &document["journey_test"];
    assert_eq!(test["starts"], true);
    assert_eq!((&test["journey"]["name"], &test["journey"]["state"]), (&json!("vip"), &json!("launched")));
    for name in ["rt_status", "journey", "profile", "event", "started", "delivered"] {
        assert_eq!(check(test, name)["ok"], true, "{name}: {test}");
    }
    let foreseen = test["foreseen"].as_array().unwrap();
    assert_eq!((&foreseen[0]["type"], &foreseen[0]["outcome"]), (&json!("WaitStep"), &json!("waits 1h")));
    let observed = &test["observed"];
    assert_eq!(observed["state"], "completed");
    let sent = &observed["activations"][0];
    assert_eq!((&sent["state"], &sent["activation_name"]), (&json!("delivered"), &json!("rest")));
    assert_eq!(sent["request"]["body"], json!({"who": "u1", "saw": "p7", "tier": "VIP"}));
    let inbox = platform.get("/_sandbox/inbox?name=rest");
    assert_eq!(inbox["received"][0]["body"], sent["request"]["body"]);
    assert_eq!(test["request"]["event"]["product_id"], "p7");
}

#[test]
fn without_sending_it_is_only_foreseen() {
    let platform = deployed();
    let know = ["--attribute", "loyalty_tier=VIP", "--attribute", "views=9"];
    let document = run(&platform, &[&["vip", "--no-send"], &SHOP[..], &know].concat()).document();
    let test = &document["journey_test"];
    assert_eq!((&test["starts"], &test["observed"]), (&json!(true), &Value::Null));
    let steps: Vec<&Value> =
        test["foreseen"].as_array().unwrap().iter().map(|step| &step["outcome"]).collect();
    assert!(steps[1].as_str().unwrap().contains("'keen'"), "{steps:?}");
    let last = test["foreseen"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["request"]["body"], &last["after_seconds"]), (&json!({"n": "9"}), &json!(3600)));
    assert!(!platform.requests().iter().any(|request| request.starts_with("POST")), "nothing was sent");

    // Without it, the sandbox answers what it knows of the profile.
    let read = run(&platform, &[&["vip", "--no-send"], &SHOP[..]].concat()).document();
    assert_eq!(read["journey_test"]["starts"], true);
    let last = read["journey_test"]["foreseen"].as_array().unwrap().last().unwrap();
    assert_eq!(last["request"]["body"], json!({"who": "u1", "saw": "p7", "tier": "VIP"}));
}

#[test]
fn what_does_not_start_fails_and_says_why() {
    let platform = deployed();
    // The event.
    let (answer, error) = run(&platform, &["vip", "--field", "td_path=/help"]).says_no(1, "check-failed");
    assert!(said(&error, "message").contains("event:"), "{error}");
    assert_eq!(answer["journey_test"]["starts"], false);
    // The profile.
    let silver = ["--key", "customer_id=c-1003", "--key", "td_client_id=other"];
    let (_, error) = platform
        .tdx(&[&["journey-test", "vip", "--ps", PS], &silver[..], &SHOP].concat())
        .run()
        .says_no(1, "check-failed");
    assert!(
        said(&error, "message").contains("started: the profile did not come into the journey"),
        "{error}"
    );
    let known = ["--no-send", "--attribute", "loyalty_tier=Silver"];
    let output = run(&platform, &[&["vip"], &SHOP[..], &known].concat());
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!((output.code, &check(&document["journey_test"], "criteria")["ok"]), (1, &json!(false)));
    // The journey.
    platform.tdx(&["journey-create", "pause", "vip", "--ps", PS, "--interval", "5ms"]).run().document();
    platform.forget_requests();
    let (_, error) = run(&platform, &[&["vip"], &SHOP[..]].concat()).says_no(1, "check-failed");
    assert!(said(&error, "message").contains("it is paused; resume it first"), "{error}");
    assert!(!platform.requests().iter().any(|request| request.starts_with("POST")), "nothing was sent");
}

#[test]
fn a_delivery_that_fails_fails_the_test() {
    let platform = deployed();
    let answers = ["sandbox", "inbox", "answer", "rest", "500", "500", "500", "500"];
    platform.tdx(&answers).run().document();
    let (answer, error) =
        run(&platform, &[&["vip"], &SHOP[..], &["--advance", "1d"]].concat()).says_no(1, "check-failed");
    assert!(
        said(&error, "message").contains("delivered: 'rest' failed: the receiver answered 500"),
        "{error}"
    );
    assert_eq!(answer["journey_test"]["observed"]["activations"][0]["attempts"].as_array().unwrap().len(), 4);
}

#[test]
fn it_goes_on_in_a_pipe() {
    let platform = deployed();
    let plan = json!({"parent_segment_id": PS, "journey": {"name": "vip"}});
    let arguments = ["journey-test", "--key", "td_client_id=u1", "--key", "customer_id=c-1001"];
    let tested = platform.tdx(&[&arguments[..], &SHOP].concat()).stdin(plan.to_string()).run().document();
    assert_eq!(
        (&tested["journey"]["name"], &tested["journey_test"]["starts"]),
        (&json!("vip"), &json!(true))
    );
    // The only journey needs no name.
    assert_eq!(
        run(&platform, &[&SHOP[..], &["--no-send", "--attribute", "loyalty_tier=VIP"]].concat()).code,
        0
    );
}

#[test]
fn wrong_words_are_reported_before_anything_is_sent() {
    let platform = deployed();
    let error = platform.tdx(&["journey-test", "vip", "--ps", PS]).run().error(2, "usage");
    assert!(said(&error, "hint").contains("--key"), "{error}");
    let error = run(&platform, &["vpi"]).error(3, "not-found");
    assert!(said(&error, "hint").contains("'vip'"), "{error}");
    let error = run(&platform, &["vip", "--field", "produkt_id=1"]).error(2, "unknown-column");
    assert!(said(&error, "hint").contains("product_id"), "{error}");
    let error = run(&platform, &["vip", "--field", "price=cheap"]).error(2, "usage");
    assert!(said(&error, "message").contains("'cheap' is no number"), "{error}");
    let error = run(&platform, &["vip", "--event-json", "[1]"]).error(2, "usage");
    assert!(said(&error, "message").contains("--event-json"), "{error}");
    assert!(!platform.requests().iter().any(|request| request.starts_with("POST")), "nothing was sent");
    let nowhere = ["--endpoint", "http://127.0.0.1:9", "--retries", "0"];
    let offline = Tdx::new(&[&["journey-test", "vip", "--ps", PS, "--key", "a=b"], &nowhere[..]].concat());
    offline.env("TDX_API_KEY", "1/x").run().error(9, "network");
}

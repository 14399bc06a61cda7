//! What `journey-test --no-send` shows is what is then sent.

use super::{BASE, PS, said};
use crate::common::{Output, Platform};
use serde_json::{Map, Value, json};

/// Attributes of every kind.
const MORE: &str = "
  - {name: price, type: single, source_event: page_view, source_field: price}
  - {name: recent, type: single, source_event: page_view, source_field: product_id, expiry_days: 1}
  - {name: visits, type: counter, source_event: page_view, aggregation: count}
  - {name: spent, type: counter, source_event: page_view, aggregation: sum, source_field: price, window_duration: 24h}
";

/// Each kind of placeholder, by the name of the field that shows it.
const PLACEHOLDERS: [(&str, &str); 21] = [
    ("imported", "{{loyalty_tier}}"),
    ("single", "{{last}}"),
    ("single number", "{{price}}"),
    ("single that expires", "{{recent}}"),
    ("list", "{{seen}}"),
    ("sliding counter", "{{views}}"),
    ("total counter", "{{visits}}"),
    ("counter of a sum", "{{spent}}"),
    ("key of the event", "{{td_client_id}}"),
    ("key of the profile", "{{customer_id}}"),
    ("key without a value", "{{canonical_id}}"),
    ("column", "{{td_path}}"),
    ("number column", "{{session_id}}"),
    ("column without a value", "{{td_title}}"),
    ("column with a boolean", "{{td_referrer}}"),
    ("name", "{{event_name}}"),
    ("time", "{{event_time}}"),
    ("all of it", "{{event_properties}}"),
    ("secret", "{{secret:hook}}"),
    ("two in a text", "{{ views }}/{{last}}!"),
    ("none", "{{}} {{ }} {x}"),
];

fn body() -> Value {
    let fields = PLACEHOLDERS.iter().map(|(name, text)| ((*name).to_owned(), json!([text, {"in": text}])));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// A journey that sends at once, after two hours and after two days.
fn plan(receiver: &str, state: &str) -> String {
    let hook = |name: &str| {
        json!({"activate": "webhook", "name": name, "url": format!("{receiver}/{name}?who={{{{td_client_id}}}}"),
            "headers": {"X-Last": "{{last}}"}, "body": body()})
    };
    let journeys = json!([{
        "name": "all", "trigger_event": "page_view", "reentry": "always", "state": state,
        "steps": [hook("now"), {"wait": "2h"}, hook("later"), {"wait": "2d"},
            {"ab_test": [{"name": "a", "share": 50, "steps": [hook("a")]}, {"name": "b", "share": 50, "steps": [hook("b")]}]}],
    }]);
    format!("{BASE}{MORE}journeys: {journeys}\n")
}

fn apply(platform: &Platform, state: &str) {
    let receiver = format!("{}/_sandbox/inbox", platform.url);
    let plan = plan(&receiver, state);
    let applied = platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(plan).run();
    assert_eq!(applied.code, 0, "{applied:?}");
    platform.control("settle", json!({}));
}

fn event(fields: Value) -> String {
    let mut event = json!({"time": 1_761_955_200, "uuid": uuid::Uuid::new_v4().to_string()});
    event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    event.to_string()
}

fn test(platform: &Platform, event: &str, more: &[&str]) -> Output {
    let base = ["journey-test", "all", "--ps", PS, "--interval", "5ms", "--event-json", event];
    platform.tdx(&[&base, more].concat()).run()
}

/// What a test foresees, or has observed, by the activation's name.
fn requests(output: &Output, observed: bool) -> Vec<(Value, Value)> {
    assert_eq!(output.code, 0, "{output:?}");
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    let test = &document["journey_test"];
    let (list, name) = match observed {
        true => (&test["observed"]["activations"], "activation_name"),
        false => (&test["foreseen"], "name"),
    };
    let sent = list.as_array().unwrap().iter().filter(|item| !item["request"].is_null());
    let part = |request: &Value| {
        json!([request["method"].as_str().unwrap().to_lowercase(), request["url"], request["body"]])
    };
    sent.map(|item| (item[name].clone(), part(&item["request"]))).collect()
}

/// Visitors who have done different things before.
fn visitors() -> Vec<Value> {
    vec![
        json!({"td_client_id": "new"}),
        json!({"td_client_id": "u1", "customer_id": "c-1001", "product_id": "p1", "price": 9.5, "td_path": "/a"}),
        // The same visitor again, with less: what was said before is still known.
        json!({"td_client_id": "u1", "product_id": "p2", "price": 1, "session_id": 3}),
        json!({"td_client_id": "u1", "td_path": "/ü \"x\"", "td_title": null}),
        json!({"td_client_id": "u1", "product_id": "p1"}),
        json!({"td_client_id": "u2", "customer_id": "c-1003", "canonical_id": "k"}),
    ]
}

#[test]
fn every_kind_of_placeholder_is_foreseen_as_it_is_sent() {
    let platform = Platform::start();
    apply(&platform, "launched");
    for fields in visitors() {
        let event = event(fields.clone());
        platform.forget_requests();
        let preview = test(&platform, &event, &["--no-send"]);
        let foreseen = requests(&preview, false);
        assert!(!platform.requests().iter().any(|request| request.starts_with("POST")), "nothing is sent");
        assert_eq!(
            requests(&test(&platform, &event, &["--no-send"]), false),
            foreseen,
            "and nothing is changed"
        );
        let sent = test(&platform, &event, &["--advance", "4d"]);
        let observed = requests(&sent, true);
        assert_eq!(observed.len(), 3, "{sent:?}");
        assert_eq!(foreseen, observed, "{fields}");
        // The same words when the event is really sent.
        assert_eq!(requests(&sent, false), observed, "{fields}");
    }
}

#[test]
fn a_draft_is_foreseen_as_it_is_sent_once_it_is_launched() {
    let platform = Platform::start();
    apply(&platform, "draft");
    let event = event(visitors()[1].clone());
    let preview = test(&platform, &event, &["--no-send"]);
    assert_eq!(preview.stderr, "");
    let document = preview.document();
    assert_eq!(
        (&document["journey_test"]["starts"], &document["journey_test"]["journey"]["state"]),
        (&json!(true), &json!("draft"))
    );
    let foreseen = requests(&preview, false);
    // What is not known is named.
    let unknown = &document["journey_test"]["foreseen"][0]["unknown"];
    assert_eq!(
        unknown,
        &json!(["canonical_id", "session_id", "td_title", "td_referrer", "secret:hook"]),
        "{document}"
    );
    apply(&platform, "launched");
    assert_eq!(requests(&test(&platform, &event, &["--advance", "4d"]), true), foreseen);
}

#[test]
fn a_preview_that_says_no_is_printed_all_the_same() {
    let platform = Platform::start();
    apply(&platform, "draft");
    let unknown = test(&platform, &event(json!({"product_id": "p1"})), &["--no-send"]);
    assert_eq!(unknown.code, 1, "{unknown:?}");
    let document: Value = serde_json::from_str(&unknown.stdout).unwrap();
    assert_eq!(document["journey_test"]["starts"], false);
    let error: Value = serde_json::from_str(&unknown.stderr).unwrap();
    assert_eq!(said(&error["error"], "code"), "check-failed");
}

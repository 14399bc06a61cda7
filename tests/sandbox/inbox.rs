//! The sandbox's own receiver for webhooks.

use crate::common::Platform;
use serde_json::{Value, json};

fn send(platform: &Platform, method: &str, name: &str, body: Option<Value>) -> u16 {
    platform.request(method, &format!("/_sandbox/inbox/{name}"), body).0
}

#[test]
fn what_is_sent_there_is_shown_and_answered_as_configured() {
    let platform = Platform::start();
    let answer = platform.tdx(&["sandbox", "inbox", "answer", "orders", "500", "204"]).run().document();
    assert_eq!(answer, json!({"name": "orders", "answers": [500, 204]}));
    let answers: Vec<u16> = [("POST", "orders"), ("POST", "other"), ("PUT", "orders"), ("PATCH", "orders")]
        .map(|(method, name)| send(&platform, method, name, Some(json!({"by": method}))))
        .into();
    assert_eq!(answers, [500, 200, 204, 200]);
    assert_eq!(send(&platform, "DELETE", "orders", None), 200);

    let found = platform.tdx(&["sandbox", "inbox", "orders"]).run().document();
    let seen: Vec<_> = found["received"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_u64(), one["method"].as_str(), one["status"].as_u64(), one["body"].clone()))
        .collect();
    assert_eq!(
        seen,
        [
            (Some(1), Some("POST"), Some(500), json!({"by": "POST"})),
            (Some(3), Some("PUT"), Some(204), json!({"by": "PUT"})),
            (Some(4), Some("PATCH"), Some(200), json!({"by": "PATCH"})),
            (Some(5), Some("DELETE"), Some(200), Value::Null),
        ]
    );
    assert_eq!(found["received"][0]["headers"]["content-type"], "application/json");
    let later = platform.tdx(&["sandbox", "inbox", "--since", "4", "--count"]).run().document();
    assert_eq!(later, json!({"count": 1, "answers": {}, "last_id": 5, "complete": true}));
}

#[test]
fn a_number_can_be_expected_of_it() {
    let platform = Platform::start();
    let expect = |number: &str| platform.tdx(&["sandbox", "inbox", "a", "--expect", number]).run();
    assert_eq!(expect("0").code, 0);
    send(&platform, "POST", "a", Some(json!("text")));
    let (listed, error) = expect("2").says_no(1, "check-failed");
    assert_eq!((&listed["count"], &listed["received"][0]["body"]), (&json!(1), &json!("text")));
    assert_eq!(error["message"], "1 webhook fits, expected was exactly 2");
    let gone = platform.tdx(&["sandbox", "inbox", "clear"]).run().document();
    assert_eq!(gone, json!({"last_id": 1}));
    assert_eq!(expect("0").code, 0);
    send(&platform, "POST", "a", None);
    assert_eq!(platform.tdx(&["sandbox", "reset"]).run().code, 0);
    assert_eq!(expect("0").code, 0, "a reset empties it");
}

#[test]
fn wrong_answers_are_refused() {
    let platform = Platform::start();
    for body in
        [json!({"name": "a", "answers": [99]}), json!({"answers": []}), json!({"name": "a", "answers": 500})]
    {
        assert_eq!(platform.request("POST", "/_sandbox/inbox", Some(body.clone())).0, 400, "{body}");
    }
    for query in ["?since_id=x", "?nmae=a"] {
        assert_eq!(platform.request("GET", &format!("/_sandbox/inbox{query}"), None).0, 400, "{query}");
    }
    assert_eq!(platform.tdx(&["sandbox", "inbox", "answer", "a", "700"]).run().code, 2);
}

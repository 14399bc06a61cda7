//! Operations that the sandbox does not have are said to be missing; none is taken for an event.

use crate::common::Platform;
use serde_json::{Value, json};

#[test]
fn an_unlisted_operation_answers_501_with_its_name_in_its_familys_shape() {
    let platform = Platform::start();
    let code: fn(&Value) -> &Value = |answer| &answer["message"];
    let entity: fn(&Value) -> &Value = |answer| &answer["errors"][0]["detail"];
    let v3: fn(&Value) -> &Value = |answer| &answer["error"];
    for (method, path, message) in [
        ("POST", "/v3/foo", v3),
        ("GET", "/v3/users", v3),
        ("GET", "/v4/connections", v3),
        ("POST", "/v4/connections", v3),
        ("POST", "/v3/database/list", v3),
        ("POST", "/v3/job/issue/hive/web_events", v3),
        ("POST", "/entities/segments", entity),
        ("GET", "/entities/folders", entity),
        ("DELETE", "/entities/parent_segments/394649", entity),
        ("PUT", "/audiences/394649/realtime_setting", code),
        ("POST", "/audiences/394649", code),
        ("POST", "/audiences/foo", code),
        ("DELETE", "/audiences", code),
    ] {
        let (status, answer) = platform.request(method, path, (method != "GET").then(|| json!({})));
        assert_eq!(status, 501, "{method} {path}: {answer}");
        let message = message(&answer).as_str().unwrap_or_default();
        assert!(message.contains(&format!("{method} {path}")), "{method} {path}: {answer}");
    }
}

#[test]
fn no_operation_of_the_platform_says_which_methods_it_takes() {
    let platform = Platform::start();
    let key = format!("TD1 {}", platform.api_key);
    for (method, path, said) in [
        ("PUT", "/audiences/394649/realtime_setting", false),
        ("DELETE", "/entities/parent_segments", false),
        ("DELETE", "/v3/database/list", false),
        ("DELETE", "/web_events/pageviews", false),
        ("PUT", "/_sandbox/clock", true),
    ] {
        let (_, headers, _) = platform.raw(method, path, &[("authorization", &key)], Vec::new());
        assert_eq!(headers.contains_key("allow"), said, "{method} {path}: {headers:?}");
    }
}

#[test]
fn an_unlisted_control_is_not_there_and_a_known_one_says_which_methods_it_takes() {
    let platform = Platform::start();
    for (method, path, expected) in [
        ("POST", "/_sandbox/foo", 404),
        ("GET", "/_sandbox/foo", 404),
        ("GET", "/_sandbox/foo/bar/baz", 404),
        ("POST", "/_sandbox/health", 405),
        ("PUT", "/_sandbox/clock", 405),
    ] {
        let (status, answer) = platform.request(method, path, None);
        assert_eq!(status, expected, "{method} {path}: {answer}");
    }
}

#[test]
fn events_of_any_other_two_segments_are_still_events() {
    let platform = Platform::start();
    let (status, answer) = platform.request("POST", "/v3_events/pageviews", Some(json!({})));
    assert_eq!((status, &answer["code"]), (400, &json!(3000)), "{answer}");
    let (status, answer) = platform.request("GET", "/web_events/pageviews", None);
    assert_eq!((status, &answer["code"]), (400, &json!(3009)), "{answer}");
}

//! Operations that the sandbox does not have are reported as missing; none is taken for an event.

use crate::common::Platform;
use serde_json::{Value, json};

#[test]
fn an_unlisted_operation_is_refused_with_its_name_in_its_familys_shape() {
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
        ("POST", "/v3/schedule/create/daily", v3),
        ("POST", "/entities/segments", entity),
        ("GET", "/entities/folders", entity),
        ("DELETE", "/entities/parent_segments/394649", entity),
        ("PUT", "/audiences/394649/realtime_setting", code),
        ("POST", "/audiences/394649", code),
        ("POST", "/audiences/foo", code),
        ("DELETE", "/audiences", code),
    ] {
        let (status, answer) = platform.request(method, path, (method != "GET").then(|| json!({})));
        // The vendor's clients of `/v3` retry a 501 for minutes and lose its message.
        let expected = if path.starts_with("/v3/") { 405 } else { 501 };
        assert_eq!(status, expected, "{method} {path}: {answer}");
        let message = message(&answer).as_str().unwrap_or_default();
        assert!(message.contains(&format!("{method} {path}")), "{method} {path}: {answer}");
    }
}

#[test]
fn a_405_says_which_methods_its_path_takes() {
    let platform = Platform::start();
    let key = format!("TD1 {}", platform.api_key);
    for (method, path, status, allow) in [
        ("TRACE", "/audiences", 405, Some("GET, HEAD, POST")),
        ("OPTIONS", "/audiences/394649/folders", 405, Some("GET, HEAD, POST")),
        ("TRACE", "/entities/realtime_personalizations/1", 405, Some("DELETE, GET, HEAD, PATCH")),
        ("DELETE", "/v3/database/list", 405, Some("GET, HEAD")),
        ("GET", "/v3/users", 405, Some("")),
        ("POST", "/v3/foo", 405, Some("")),
        ("OPTIONS", "/v4/streaming_task_auths", 405, Some("GET, HEAD, POST")),
        ("PUT", "/_sandbox/clock", 405, Some("GET, HEAD, POST")),
        // Whether the platform takes these is not known.
        ("PUT", "/audiences/394649/realtime_setting", 501, None),
        ("DELETE", "/entities/parent_segments", 501, None),
        ("DELETE", "/web_events/pageviews", 400, None),
    ] {
        let (found, headers, _) = platform.raw(method, path, &[("authorization", &key)], Vec::new());
        let methods = headers.get("allow").map(|value| value.to_str().unwrap());
        assert_eq!((found, methods), (status, allow), "{method} {path}");
    }
}

#[test]
fn a_slash_too_many_before_v3_makes_no_difference() {
    let platform = Platform::start();
    let expected = platform.get("/v3/database/list");
    for path in ["//v3/database/list", "///v3/database/list"] {
        assert_eq!(platform.get(path), expected, "{path}");
    }
    let shown = platform.get("//v3/table/show/crm/customers?include_descriptions=true");
    assert_eq!(shown, platform.get("/v3/table/show/crm/customers?include_descriptions=true"));
    assert_eq!(platform.request("GET", "//v3/users", None).0, 405);
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

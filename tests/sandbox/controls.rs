//! `/_sandbox/`: the sandbox's own controls, and what its journal shows.

use super::{NOW, PS};
use crate::common::Platform;
use serde_json::{Value, json};

#[test]
fn controls_are_closed_to_pages_of_other_origins() {
    let platform = Platform::start();
    let reset = |origin: &str| {
        let body = Some(("text/plain", json!({})));
        platform.send("POST", "/_sandbox/reset", body, &[("origin", origin)]).0
    };
    for origin in ["https://evil.example", "http://localhost.evil.example", "null", "file://localhost", ""] {
        assert_eq!(reset(origin), 403, "{origin}");
    }
    for origin in [platform.url.as_str(), "http://localhost:3000", "http://[::1]:8080", "https://LOCALHOST"] {
        assert_eq!(reset(origin), 200, "{origin}");
    }
    assert_eq!(platform.request("POST", "/_sandbox/reset", None).0, 200, "no browser, no Origin");
}

#[test]
fn the_clock_refuses_what_is_out_of_range() {
    let platform = Platform::start();
    for body in [
        json!({"advance_seconds": 3_200_000_000_u64}),
        json!({"advance_seconds": -3_200_000_000_i64}),
        json!({"advance_seconds": 1e300}),
        json!({"set": -1}),
        json!({"set": i64::MAX}),
        json!({"set": 253_402_300_800_i64}),
        json!({}),
    ] {
        let (status, answer) = platform.request("POST", "/_sandbox/clock", Some(body.clone()));
        assert_eq!(status, 400, "{body}: {answer}");
    }
    assert_eq!(platform.get("/_sandbox/clock")["now"], json!(NOW), "nothing moved");
    platform.control("clock", json!({"set": 253_402_300_799_i64}));
    let (status, answer) = platform.request("POST", "/_sandbox/clock", Some(json!({"advance_seconds": 1})));
    assert_eq!(status, 400, "beyond 9999: {answer}");
    platform.control("clock", json!({"set": 5}));
    assert_eq!(platform.control("clock", json!({"advance_seconds": -2.5}))["now_ms"], json!(2_500));
}

#[test]
fn settle_with_an_unknown_parent_segment_changes_nothing() {
    let platform = Platform::start();
    let settle = |body: Value| platform.request("POST", "/_sandbox/settle", Some(body));
    let before = platform.control("settle", json!({}));
    for (ps, expected) in [("999999", 404), ("0394649", 404), ("394651", 404)] {
        let (status, answer) = settle(json!({"settle": "never", "ps": ps}));
        assert_eq!(status, expected, "{ps}: {answer}");
    }
    assert_eq!(platform.control("settle", json!({})), before);
}

#[test]
fn ids_have_one_spelling() {
    let platform = Platform::start();
    for id in ["0394649", "+394649", "%2B394649"] {
        for path in [format!("/audiences/{id}"), format!("/audiences/{id}/realtime_setting")] {
            assert_eq!(platform.request("GET", &path, None).0, 404, "{path}");
        }
        let path = format!("/audiences/{id}/realtime_personalization_services");
        assert_eq!(platform.request("POST", &path, Some(json!({"name": "web"}))).0, 404, "{path}");
        let path = format!("/entities/parent_segments/{id}");
        assert_eq!(platform.request("GET", &path, None).0, 404, "{path}");
    }
    platform.get(PS);
}

#[test]
fn a_body_that_is_too_large_is_in_the_journal() {
    let platform = Platform::start();
    platform.forget_requests();
    let huge = json!({"name": "x".repeat(5_000_001)});
    let (status, _) = platform.request("POST", &format!("{PS}/realtime_attributes"), Some(huge));
    assert_eq!(status, 413);
    let journal = platform.get("/_sandbox/requests");
    let entry = &journal["requests"][0];
    assert_eq!((&entry["status"], &entry["body"]), (&json!(413), &Value::Null), "{journal}");
}

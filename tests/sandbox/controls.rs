//! `/_sandbox/`: the sandbox's own controls, and what its journal shows.

use super::{NOW, PS};
use crate::common::Platform;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::time::Duration;
use tdx_rt::sandbox::Options;

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
    assert_eq!(platform.get("/_sandbox/clock")["now_ms"], json!(NOW * 1_000), "nothing moved");
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

#[test]
fn the_clock_is_set_by_text_too() {
    let platform = Platform::start();
    let set = platform.control("clock", json!({"set": "2026-01-02T04:04:05.250+01:00"}));
    assert_eq!(
        (&set["now_ms"], &set["time"]),
        (&json!(1_767_323_045_250_i64), &json!("2026-01-02T03:04:05.250Z"))
    );
    assert_eq!((&set["now"], &set["stands_still"]), (&Value::Null, &json!(true)));
    let (status, answer) = platform.request("POST", "/_sandbox/clock", Some(json!({"set": "noon"})));
    assert!(status == 400 && answer["message"].as_str().unwrap().contains("'noon' is no time"), "{answer}");
}

#[test]
fn a_roll_out_follows_the_script() {
    let platform = Platform::start();
    let status = || platform.get("/audiences/394649/realtime_setting")["status"].clone();
    platform.control("settle", json!({"ps": "394649", "rollout": "2reads"}));
    let told = platform.get("/_sandbox/settle?ps=394649");
    assert_eq!(told["statuses"], json!({"394649": "updating"}), "looking is no read");
    assert_eq!([status(), status(), status()], ["updating", "updating", "ok"]);
    platform.control("settle", json!({"ps": "394649", "rollout": {"after_ms": 1_500}}));
    assert_eq!(status(), "updating");
    platform.advance(2);
    assert_eq!(status(), "ok");
    platform.control("settle", json!({"rollout": "inconsistent"}));
    assert_eq!(status(), "inconsistent");
    for body in [
        json!({"settle": "soon"}),
        json!({"settle": {"after_years": 1}}),
        json!({"status": "fine"}),
        json!({"status": "ok", "rollout": "now"}),
        json!({"ps": "394651", "rollout": "now"}),
        json!({"wait": 1}),
    ] {
        let (status, answer) = platform.request("POST", "/_sandbox/settle", Some(body.clone()));
        assert!(matches!(status, 400 | 404), "{body}: {status} {answer}");
    }
}

#[test]
fn fault_rules_are_checked_when_they_are_added() {
    let platform = Platform::start();
    for (rule, part) in [
        (
            json!({"operation": "POST /audiences/{}/realtime_key_event"}),
            "the nearest is 'POST /audiences/{}/realtime_key_events'",
        ),
        (json!({"operation": "DELETE /audiences/{}/realtime_setting"}), "the nearest is"),
        (json!({"operation": "POST /_sandbox/clock"}), "never hit"),
        (json!({"probability": 2}), "probability must be"),
        (json!({"status": 1_000}), "status must be"),
        (json!({"status": "503"}), "status: invalid type"),
        (json!({"retry_after": [1]}), "retry_after must be"),
        (json!({"count": -1}), "count: invalid value"),
        (json!({"skip": "x"}), "skip: invalid type"),
        (json!({"kind": "slow", "delay_ms": 1, "location": "/x"}), "location does not go with the kind slow"),
        (json!({"kind": "rest"}), "rest"),
        (json!({"id": 7}), "id is given"),
        (json!({"oparation": "GET /audiences"}), "oparation"),
    ] {
        let (status, answer) = platform.request("POST", "/_sandbox/faults", Some(rule.clone()));
        let message = answer["message"].as_str().unwrap_or_default();
        assert!(status == 400 && message.contains(part), "{rule}: {status} {answer}");
    }
    assert_eq!(platform.get("/_sandbox/faults"), json!({"faults": []}));
    let rule = platform.control("faults", json!({"kind": "html", "count": null}));
    assert_eq!((&rule["id"], &rule["count"], &rule["kind"]), (&json!(1), &json!(1), &json!("html")));
    assert_eq!(platform.get("/_sandbox/faults"), json!({"faults": [rule]}));
    assert_eq!(platform.request("DELETE", "/_sandbox/faults/1", None), (200, rule));
    for id in ["1", "x", "-1"] {
        assert_eq!(platform.request("DELETE", &format!("/_sandbox/faults/{id}"), None).0, 404, "{id}");
    }
    assert_eq!(platform.request("GET", "/audiences", None).0, 200, "it is gone");
}

#[test]
fn an_endless_answer_has_a_head_and_no_end() {
    let platform = Platform::start();
    platform.control("faults", json!({"kind": "endless", "path": "/audiences"}));
    let address = platform.url.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let request = format!(
        "GET /audiences HTTP/1.1\r\nhost: {address}\r\nauthorization: TD1 {}\r\n\r\n",
        platform.api_key
    );
    stream.write_all(request.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut answer = Vec::new();
    // A chunk of one space, three times: it goes on, and has not ended.
    while answer.windows(6).filter(|part| part == b"1\r\n \r\n").count() < 3 {
        let mut buffer = [0; 4_096];
        let length = stream.read(&mut buffer).unwrap();
        assert!(length > 0, "it goes on");
        answer.extend_from_slice(&buffer[..length]);
    }
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("Customer 360"), "{answer}");
    assert!(!answer.to_lowercase().contains("content-length") && !answer.contains("\r\n0\r\n"), "{answer}");
    let journal = platform.get("/_sandbox/requests");
    assert_eq!(
        (&journal["requests"][0]["fault"], &journal["requests"][0]["status"]),
        (&json!("endless"), &json!(200))
    );
    let begun = std::time::Instant::now();
    drop(stream);
    platform.stop();
    assert!(begun.elapsed() < Duration::from_secs(5), "and it does not keep the sandbox from stopping");
}

#[test]
fn a_client_gives_up_on_an_endless_answer_in_time() {
    let platform = Platform::start();
    platform.control("faults", json!({"kind": "endless", "count": 0}));
    let output = platform.tdx(&["ps-check", "394649", "--request-timeout", "300ms", "--retries", "0"]).run();
    output.error(9, "network");
}

#[test]
fn a_slow_answer_comes_after_its_delay() {
    let platform = Platform::start();
    platform.control("faults", json!({"kind": "slow", "delay_ms": 150, "operation": "GET /audiences"}));
    let begun = std::time::Instant::now();
    platform.get("/audiences");
    assert!(begun.elapsed() >= Duration::from_millis(150));
}

#[test]
fn the_journal_refuses_filters_that_it_does_not_know() {
    let platform = Platform::start();
    platform.get("/audiences");
    for query in ["mehtod=GET", "since_id=x", "status=6xx", "status=", "operation=GET+/nothing/at/all"] {
        assert_eq!(platform.request("GET", &format!("/_sandbox/requests?{query}"), None).0, 400, "{query}");
    }
    let found = platform.get("/_sandbox/requests?method=get,POST&status=2xx,none&operation=GET+/audiences");
    assert_eq!((&found["count"], &found["complete"]), (&json!(1), &json!(true)));
}

#[test]
fn only_known_hosts_are_answered() {
    let get =
        |platform: &Platform, host: &str| platform.send("GET", "/_sandbox/health", None, &[("host", host)]).0;
    let alone = Platform::with(Options { allow_hosts: vec!["sandbox.test".into()], ..Options::default() });
    for (host, status) in [
        ("localhost", 200),
        ("127.0.0.9:5", 200),
        ("[::1]:80", 200),
        ("sandbox.test:80", 200),
        ("10.0.0.7", 403),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
    ] {
        assert_eq!(get(&alone, host), status, "{host}");
    }
    let open =
        Platform::with(Options { listen: std::net::Ipv4Addr::UNSPECIFIED.into(), ..Options::default() });
    for (host, status) in [
        ("localhost", 200),
        ("10.0.0.7:80", 200),
        ("[fe80::1]", 200),
        ("evil.example", 403),
        ("sandbox.test", 403),
    ] {
        assert_eq!(get(&open, host), status, "{host}");
    }
    // A page of another machine is another origin all the same.
    let page =
        open.send("POST", "/_sandbox/reset", None, &[("host", "10.0.0.7"), ("origin", "http://10.0.0.7")]);
    assert_eq!(page.0, 403);
}

#[test]
fn the_journal_says_which_rules_a_refused_request_broke() {
    let platform = Platform::start();
    let (status, answer) =
        platform.request("POST", "/audiences/394649/realtime_key_events", Some(json!({"name": "x"})));
    assert_eq!(status, 422, "{answer}");
    assert!(!answer.to_string().contains("field-blank"), "ids are for the journal alone: {answer}");
    platform.get("/audiences/394649");
    let journal = platform.get("/_sandbox/requests");
    let refusals = |index: usize| &journal["requests"][index]["refusals"];
    assert_eq!((refusals(0), refusals(1)), (&json!(["field-blank"]), &json!([])));
}

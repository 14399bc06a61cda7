//! The client on a bad network: what is tried again, what is not, and what is never shown.

use super::{PS, configured, listing, names, said};
use crate::common::{Output, Platform, Tdx, side_by_side};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

pub const KEY: &str = "7/c4a4a4cafe0123456789c4a4a4cafe0123456789";

/// A server that answers each request with what `answer` says and passes the request on; it ends with
/// the test's process.
pub fn server(answer: impl Fn(&str) -> String + Send + 'static) -> (String, Receiver<String>) {
    server_of_bytes(move |request| answer(request).into_bytes())
}

/// The same, with answers that are no text.
pub fn server_of_bytes(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let request = read_request(&stream);
            if request.is_empty() {
                continue;
            }
            let response = answer(&request);
            // The receiver is gone once the test is over.
            let _ = sender.send(request);
            let _ = (&stream).write_all(&response);
        }
    });
    (url, requests)
}

/// Head and body of a request.
fn read_request(mut stream: &TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer) {
            Ok(n) if n > 0 => bytes.extend_from_slice(&buffer[..n]),
            _ => return text,
        }
    }
}

pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}", body.len())
}

/// The binary against any server.
pub fn at(url: &str, arguments: &[&str]) -> Tdx {
    Tdx::new(arguments).env("TDX_RT_ENDPOINT", url).env("TDX_API_KEY", KEY)
}

fn fault(platform: &Platform, rule: Value) {
    platform.control("faults", rule);
}

fn event(platform: &Platform) -> Output {
    platform.tdx(&["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"]).run()
}

/// How often a request was sent.
fn count(platform: &Platform, line: &str) -> usize {
    platform.requests().iter().filter(|request| request.split('?').next() == Some(line)).count()
}

const EVENTS: &str = "/audiences/394649/realtime_key_events";

#[test]
fn too_many_requests_are_tried_again_whatever_the_method() {
    let platform = Platform::start();
    for (operation, times) in [
        ("GET /audiences/{}/realtime_setting", 2),
        ("PATCH /audiences/{}/realtime_setting", 1),
        ("POST /audiences/{}/realtime_key_events", 2),
    ] {
        fault(
            &platform,
            json!({"kind": "status", "status": 429, "retry_after": 0, "operation": operation, "count": times}),
        );
    }
    assert_eq!(event(&platform).document()["events"][0]["action"], "created");
    assert_eq!(count(&platform, &format!("POST {EVENTS}")), 3, "two refusals, then one that is taken");
    assert_eq!(names(&listing(&platform, "realtime_key_events")), ["view"], "exactly one");
}

#[test]
fn a_retry_after_is_waited_for_unless_it_is_too_long() {
    let platform = Platform::start();
    fault(&platform, json!({"kind": "status", "status": 429, "retry_after": 1, "path": "/entities"}));
    let started = Instant::now();
    platform.tdx(&["ps-check", PS]).run().document();
    assert!(started.elapsed() >= Duration::from_millis(950), "{:?}", started.elapsed());
    fault(&platform, json!({"kind": "status", "status": 429, "retry_after": 3600, "path": "/entities"}));
    let started = Instant::now();
    platform.tdx(&["ps-check", PS]).run().error(7, "rate-limited");
    assert!(started.elapsed() < Duration::from_secs(5), "an hour is not waited for");
}

#[test]
fn too_many_requests_for_good_is_an_error_of_its_own() {
    let platform = Platform::start();
    fault(
        &platform,
        json!({"kind": "status", "status": 429, "retry_after": 0, "path": "/entities", "count": 0, "message": "Slow down"}),
    );
    let error = platform.tdx(&["ps-check", PS, "--retries", "2"]).run().error(7, "rate-limited");
    assert_eq!((&error["http_status"], &error["retryable"]), (&json!(429), &json!(true)));
    assert!(said(&error, "message").contains("Slow down"), "the server's own message: {error}");
    assert_eq!(count(&platform, "GET /entities/parent_segments/394649"), 3, "once and two retries");
    platform.forget_requests();
    platform.tdx(&["ps-check", PS, "--retries", "0"]).run().error(7, "rate-limited");
    assert_eq!(platform.requests().len(), 1);
}

#[test]
fn reads_and_whole_states_are_repeated() {
    let kinds = [
        json!({"kind": "status", "status": 503}),
        json!({"kind": "status", "status": 500}),
        json!({"kind": "reset"}),
        json!({"kind": "truncate"}),
        json!({"kind": "html"}),
        json!({"kind": "commit_then_drop"}),
    ];
    side_by_side(kinds, |kind| {
        let platform = Platform::start();
        for operation in ["GET /audiences/{}/realtime_setting", "PATCH /audiences/{}/realtime_setting"] {
            let mut rule = kind.clone();
            rule["operation"] = operation.into();
            fault(&platform, rule);
        }
        assert_eq!(event(&platform).document()["events"][0]["action"], "created", "{kind}");
        assert_eq!(count(&platform, &format!("PATCH /audiences/{PS}/realtime_setting")), 2, "{kind}");
    });
}

#[test]
fn a_create_whose_answer_is_lost_is_settled_by_looking() {
    // Executed, but without an answer.
    for kind in ["commit_then_drop", "truncate"] {
        let platform = Platform::start();
        fault(&platform, json!({"kind": kind, "operation": "POST /audiences/{}/realtime_key_events"}));
        let made = event(&platform).document();
        assert_eq!(made["events"][0]["action"], "created", "{kind}");
        let live = listing(&platform, "realtime_key_events");
        assert_eq!((names(&live), &live[0]["id"]), (vec!["view"], &made["events"][0]["id"]), "{kind}");
        assert_eq!(count(&platform, &format!("POST {EVENTS}")), 1, "{kind}: not repeated");
    }
    // Not executed: the error is that of the create.
    for (rule, code) in [
        (json!({"kind": "status", "status": 503, "message": "Down for a minute"}), "server"),
        (json!({"kind": "reset"}), "network"),
        (json!({"kind": "html"}), "server"),
    ] {
        let platform = Platform::start();
        let mut rule = rule;
        rule["operation"] = "POST /audiences/{}/realtime_key_events".into();
        fault(&platform, rule.clone());
        let error = event(&platform).error(9, code);
        assert!(said(&error, "message").contains(&format!("POST {EVENTS}")), "{error}");
        if rule["message"].is_string() {
            assert!(said(&error, "message").contains("Down for a minute"), "{error}");
        }
        assert_eq!(
            (error["retryable"].clone(), count(&platform, &format!("POST {EVENTS}"))),
            (json!(true), 1),
            "{rule}: not repeated"
        );
        assert_eq!(event(&platform).document()["events"][0]["action"], "created", "the next run makes it");
    }
}

#[test]
fn a_delete_whose_answer_is_lost_is_repeated_and_done() {
    let platform = Platform::start();
    event(&platform).document();
    fault(&platform, json!({"kind": "commit_then_drop", "method": "DELETE"}));
    let gone = platform.tdx(&["rt-events", "delete", "view", "--ps", PS]).run().document();
    assert_eq!(gone["action"], "deleted");
    assert_eq!(listing(&platform, "realtime_key_events").len(), 0);
    platform.tdx(&["rt-events", "delete", "view", "--ps", PS]).run().error(3, "not-found");
}

#[test]
fn every_create_of_an_apply_survives_a_lost_answer() {
    let platform = Platform::start();
    for operation in [
        "POST /audiences/{}/realtime_key_events",
        "POST /audiences/{}/realtime_attributes",
        "POST /audiences/{}/realtime_imported_attributes/bulk_update",
        "POST /audiences/{}/realtime_personalization_services",
        "POST /entities/realtime_personalizations",
    ] {
        fault(&platform, json!({"kind": "commit_then_drop", "operation": operation}));
    }
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web-personalization.yaml");
    let state = tempfile::tempdir().unwrap();
    let apply = || {
        platform
            .tdx(&["apply", "--interval", "5ms", "-f", example])
            .env("TDX_RT_STATE_DIR", state.path().to_str().unwrap())
            .run()
            .document()
    };
    let made = apply();
    assert!(made["service"]["token"].is_string());
    assert_eq!(listing(&platform, "realtime_key_events").len(), 1);
    assert_eq!(listing(&platform, "realtime_attributes").len(), 6);
    assert_eq!(listing(&platform, "realtime_personalization_services").len(), 1);
    assert_eq!(listing(&platform, "realtime_personalizations").len(), 1);
    assert!(platform.get("/_sandbox/faults")["faults"].as_array().unwrap().is_empty(), "each of them struck");
    platform.forget_requests();
    assert_eq!(apply()["personalization"]["action"], "unchanged");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn an_event_is_never_sent_twice() {
    let platform = configured();
    let create = ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "views"];
    let document = platform.tdx(&create).run().document().to_string();
    let test = || {
        platform
            .tdx(&["pz-test", "--interval", "5ms", "--key", "td_client_id=u1"])
            .stdin(document.clone())
            .run()
    };
    fault(&platform, json!({"kind": "commit_then_drop", "operation": "POST /web_events/pageviews"}));
    test().error(9, "network");
    assert_eq!(
        test().document()["response"]["offers"]["Default"]["attributes"]["views"],
        2,
        "one was lost on the way back, and counted once"
    );
}

#[test]
fn answers_that_are_none_say_so() {
    let page = "<!DOCTYPE html><html><head><title>Log in</title></head></html>";
    for (response, code, part) in [
        (
            answer("200 OK", "content-type: text/html\r\n", page),
            "server",
            "the answer is HTML, not JSON: <!DOCTYPE html>",
        ),
        (answer("200 OK", "", "{\"id\": "), "server", "the answer is not what the contract says"),
        (answer("200 OK", "", "[1, 2]"), "server", "the answer is not what the contract says"),
        (answer("500 Oops", "", page), "server", "was answered 500: <!DOCTYPE html>"),
        (answer("418 Teapot", "", ""), "rejected", "was answered 418"),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{\"id\"".to_owned(),
            "network",
            "GET /entities/parent_segments/394649 failed",
        ),
        ("nonsense\r\n\r\n".to_owned(), "network", "GET /entities/parent_segments/394649 failed"),
        (String::new(), "network", "GET /entities/parent_segments/394649 failed"),
    ] {
        let (url, _requests) = server(move |_| response.clone());
        let error = at(&url, &["ps-check", PS, "--retries", "0"]).run();
        let exit_code = if code == "rejected" { 2 } else { 9 };
        let error = error.error(exit_code, code);
        assert!(said(&error, "message").contains(part), "{part}: {error}");
    }
    let (url, _requests) = server(move |_| answer("200 OK", "", page));
    let error = at(&url, &["ps-check", PS]).run().error(9, "server");
    assert!(said(&error, "hint").contains("a proxy or a login page"), "{error}");
}

#[test]
fn the_several_error_shapes_keep_the_servers_message() {
    for (status, body, exit_code, code, part) in [
        (
            "422 X",
            r#"{"errors": [{"code": "a", "status": "422", "detail": "Name is odd", "source": {"pointer": "/data"}}]}"#,
            2,
            "rejected",
            "Name is odd (at /data)",
        ),
        (
            "422 X",
            r#"{"errors": {"name": ["has already been taken"]}}"#,
            6,
            "conflict",
            "name: has already been taken",
        ),
        ("400 X", r#"{"code": "invalid", "message": "Not like this"}"#, 2, "rejected", "Not like this"),
        ("404 X", r#"{"error": "Resource not found", "text": "x"}"#, 3, "not-found", "id 394649"),
        ("403 X", r#"{"error": "Access denied"}"#, 5, "forbidden", "was answered 403: Access denied"),
        ("401 X", r#"{"message": "Who are you?"}"#, 4, "auth", "was answered 401: Who are you?"),
        ("409 X", r#"{"message": "Busy"}"#, 6, "conflict", "Busy"),
        (
            "503 X",
            r#"{"status": 503, "error": "Down", "details": "for an hour"}"#,
            9,
            "server",
            "Down; for an hour",
        ),
    ] {
        let response = answer(status, "content-type: application/json\r\n", body);
        let (url, _requests) = server(move |_| response.clone());
        let error = at(&url, &["ps-check", PS, "--retries", "0"]).run().error(exit_code, code);
        assert!(said(&error, "message").contains(part), "{error}");
        assert_eq!(error["http_status"], status[..3].parse::<u16>().unwrap());
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let (elsewhere, visits) =
        server(|_| answer("200 OK", "", r#"{"data": {"id": "1", "attributes": {"name": "stolen"}}}"#));
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let location = format!("location: {elsewhere}/entities/parent_segments/394649\r\n");
        let (url, requests) = server(move |_| answer(status, &location, ""));
        let error = at(&url, &["ps-check", PS]).run().error(9, "server");
        assert!(
            said(&error, "hint").contains(&elsewhere)
                && said(&error, "hint").contains("redirects are not followed"),
            "{error}"
        );
        assert!(requests.recv().unwrap().contains(KEY), "the first server was meant");
    }
    assert!(visits.try_recv().is_err(), "the second never hears of it");
    // The same for a token of the personalization API.
    let platform = configured();
    let create = ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "views"];
    let document = platform.tdx(&create).run().document().to_string();
    fault(
        &platform,
        json!({"kind": "redirect", "location": format!("{elsewhere}/web_events/pageviews"), "operation": "POST /web_events/pageviews"}),
    );
    platform
        .tdx(&["pz-test", "--interval", "5ms", "--key", "td_client_id=u1"])
        .stdin(document)
        .run()
        .error(9, "server");
    assert!(visits.try_recv().is_err());
}

#[test]
fn no_server_is_a_network_error_in_bounded_time() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let started = Instant::now();
    let error = at(&format!("http://{free}"), &["ps-check", PS, "--retries", "1"]).run().error(9, "network");
    assert!(said(&error, "message").contains("GET /entities/parent_segments/394649 failed"), "{error}");
    assert!(said(&error, "message").to_lowercase().contains("refused"), "{error}");
    assert!(said(&error, "hint").contains("tdx-rt config"), "{error}");
    assert_eq!((&error["http_status"], &error["retryable"]), (&Value::Null, &json!(true)));
    // A server that takes the connection and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let error =
        at(&url, &["ps-check", PS, "--retries", "1", "--request-timeout", "50ms"]).run().error(9, "network");
    assert!(said(&error, "message").contains("no answer in time"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[test]
fn keys_that_are_missing_wrong_or_weak() {
    let platform = Platform::start();
    let commands: [&[&str]; 4] = [
        &["ps-check"],
        &["rt-events", "--ps", PS, "--event", "a=web_events.pageviews"],
        &["rt-attrs", "list", "--ps", PS],
        &["discover", "databases"],
    ];
    for command in commands {
        let error = Tdx::new(command).env("TDX_RT_ENDPOINT", &platform.url).run().error(4, "auth");
        assert_eq!(said(&error, "message"), "there is no API key");
        assert!(
            said(&error, "hint").contains("TDX_API_KEY") && said(&error, "hint").contains("tdx-rt sandbox"),
            "{error}"
        );
        assert_eq!(platform.requests(), Vec::<String>::new(), "without any request");
    }
    for command in commands {
        let error = at(&platform.url, command).run().error(4, "auth");
        assert!(said(&error, "message").contains("was answered 401: Invalid API key"), "{error}");
        assert!(said(&error, "hint").contains("tdx-rt config"), "{error}");
    }
    let error = Tdx::new(&["ps-check"])
        .env("TDX_RT_ENDPOINT", &platform.url)
        .env("TDX_API_KEY", "1/schl\u{fc}ssel\u{1}")
        .run()
        .error(4, "auth");
    assert!(said(&error, "message").contains("has characters that no key has"), "{error}");
    let token = Tdx::new(&["ps-check", PS])
        .env("TDX_RT_ENDPOINT", &platform.url)
        .env("TDX_ACCESS_TOKEN", &platform.api_key)
        .run();
    assert_eq!(token.document()["name"], "Customer 360", "an access token goes as Bearer");
}

/// A real-time setting with nothing in it, which a listing reads as well.
pub const EMPTY_SETTING: &str =
    r#"{"status": "ok", "keyColumns": [], "eventTables": [], "batchAttributes": [], "extLookupKey": null}"#;

#[test]
fn listings_are_followed_to_their_end() {
    let page = |next: &str| {
        let json = json!({"data": [{"id": next, "name": format!("e{next}"), "databaseName": "d", "tableName": "t", "filterRule": {"type": "And", "conditions": []}}],
            "pagination": {"nextPage": if next.is_empty() { Value::Null } else { format!("/audiences/7/realtime_key_events?page[after]={next}").into() }}});
        answer("200 OK", "content-type: application/json\r\n", &json.to_string())
    };
    let segment = answer(
        "200 OK",
        "",
        &json!({"data": {"id": "7", "type": "parent-segment", "attributes": {"name": "Seven"}}}).to_string(),
    );
    let here = segment.clone();
    let (url, _requests) = server(move |request| {
        let line = request.lines().next().unwrap();
        match line {
            _ if line.contains("/entities/") => here.clone(),
            _ if line.contains("/realtime_setting ") => answer("200 OK", "", EMPTY_SETTING),
            _ if line.contains("after]=2") || line.contains("after%5D=2") => page(""),
            _ if line.contains("after]=1") || line.contains("after%5D=1") => page("2"),
            _ => page("1"),
        }
    });
    let all = at(&url, &["rt-events", "list", "--ps", "7"]).run().document();
    assert_eq!(names(all.as_array().unwrap()), ["e1", "e2", "e"]);

    let loops = segment.clone();
    let (url, requests) = server(move |request| match request.lines().next().unwrap() {
        line if line.contains("/entities/") => loops.clone(),
        line if line.contains("/realtime_setting ") => answer("200 OK", "", EMPTY_SETTING),
        _ => page("1"),
    });
    let error = at(&url, &["rt-events", "list", "--ps", "7"]).run().error(9, "server");
    assert!(said(&error, "message").contains("leads nowhere new"), "{error}");
    assert!(requests.try_iter().count() < 6, "it was noticed at once");

    for next in ["https://elsewhere.example/x", "//elsewhere.example/x", "@elsewhere.example/x"] {
        let body = json!({"data": [], "pagination": {"nextPage": next}}).to_string();
        let here = segment.clone();
        let (url, _requests) = server(move |request| match request.lines().next().unwrap() {
            line if line.contains("/entities/") => here.clone(),
            line if line.contains("/realtime_setting ") => answer("200 OK", "", EMPTY_SETTING),
            _ => answer("200 OK", "", &body),
        });
        let error = at(&url, &["rt-events", "list", "--ps", "7"]).run().error(9, "server");
        assert!(said(&error, "message").contains("leads nowhere new"), "{next}: {error}");
    }
}

#[test]
fn listings_longer_than_a_page_are_complete() {
    let platform = Platform::start();
    for index in 0..3 {
        let name = format!("e{index}=web_events.pageviews");
        platform.tdx(&["rt-events", "--ps", PS, "--event", &name]).run().document();
    }
    let page = platform.get(&format!("{EVENTS}?page[size]=2"));
    assert!(page["pagination"]["nextPage"].is_string(), "the sandbox has pages too: {page}");
    let listed = platform.tdx(&["rt-events", "list", "--ps", PS, "--raw"]).run().document();
    assert_eq!(listed.as_array().unwrap().len(), 3);
}

/// What a secret may look like when it is sent.
fn leaks(output: &Output, secret: &str) -> bool {
    let half = &secret[secret.len() / 2..];
    [&output.stdout, &output.stderr].iter().any(|text| text.contains(half))
}

#[test]
fn keys_and_tokens_are_never_shown() {
    let secret = "c4a4a4cafe0123456789";
    let token = format!("1/1/{}", "beadfeed".repeat(4));
    let file = super::Written::new("plan.yaml", super::BASE);
    let commands: [&[&str]; 12] = [
        &["ps-check"],
        &["ps-check", PS],
        &["discover", "tables", "web_events"],
        &["discover", "--use-case", "web", "--database", "web_events", "--private", "--ps", PS],
        &["rt-events", "--ps", PS, "--event", "a=web_events.pageviews"],
        &["rt-keys", "--ps", PS, "--key", "email"],
        &["rt-attrs", "--ps", PS, "--import", "city"],
        &["pz-create", "--ps", PS, "--name", "a", "--trigger", "b", "--attribute", "c"],
        &["pz-test", "--ps", PS, "--key", "email=a", "--personalization", "web"],
        &["apply", "-f", file.path()],
        &["rt-events", "delete", "x", "--ps", PS],
        &["config"],
    ];
    // A server that gives back whatever it is sent, as debugging proxies do.
    let (echo, _requests) = server(|request| answer("400 Bad", "", request));
    let (echo_json, _requests_json) =
        server(|request| answer("403 No", "", &json!({"message": request}).to_string()));
    let (html, _requests_html) = server(|_| answer("502 Bad", "", "<html>no</html>"));
    let platform = Platform::start();
    for url in [&echo, &echo_json, &html, &platform.url] {
        for command in commands {
            for more in [&["-v", "--retries", "0"][..], &["--error-format", "text", "--retries", "0"]] {
                let output = at(url, &[command, more].concat()).env("TDX_RT_TOKEN", &token).run();
                assert!(!leaks(&output, secret) && !leaks(&output, &token), "{command:?}: {output:?}");
            }
        }
    }
    // With a key that is right but a token that is not, as far as the event itself.
    let platform = configured();
    let create =
        ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "views", "-v"];
    let made = platform.tdx(&create).run();
    assert!(
        !made.stderr.contains(&platform.api_key[8..]) && !made.stdout.contains(&platform.api_key[8..]),
        "{made:?}"
    );
    let document: Value = serde_json::from_str(&made.stdout).unwrap();
    let good = document["service"]["token"].as_str().unwrap();
    assert!(!made.stderr.contains(good), "{made:?}");
    for more in [&["--token", token.as_str()][..], &["--expect", "false"], &["--repeat", "0"]] {
        let arguments = [&["pz-test", "-v", "--interval", "5ms", "--key", "td_client_id=u1"], more].concat();
        let mut output = platform.tdx(&arguments).stdin(made.stdout.clone()).run();
        assert_ne!(output.code, 0);
        // A document whose answer is no hands on what it was given, as any other one does; it stands nowhere else.
        if let Ok(mut document) = serde_json::from_str::<Value>(&output.stdout) {
            assert_eq!(document["service"]["token"].take(), good);
            output.stdout = document.to_string();
        }
        assert!(
            !leaks(&output, &token) && !leaks(&output, good) && !leaks(&output, &platform.api_key),
            "{more:?}: {output:?}"
        );
    }
}

#[test]
fn verbose_tells_each_request_without_its_query() {
    let platform = Platform::start();
    let output = platform.tdx(&["ps-check", PS, "-v"]).run();
    assert_eq!(output.code, 0);
    let lines: Vec<_> = output.stderr.lines().collect();
    assert_eq!(lines.len(), platform.requests().len() + 1, "and the total");
    assert!(
        lines[0].starts_with(&format!("GET {}/entities/parent_segments/394649 200 ", platform.url)),
        "{lines:?}"
    );
    assert!(lines.iter().all(|line| !line.contains('?')), "{lines:?}");
    assert_eq!(serde_json::from_str::<Value>(&output.stdout).unwrap()["id"], PS);
}

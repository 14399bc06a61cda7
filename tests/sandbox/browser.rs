//! A page of another origin against the event APIs: `fetch` with the steps of CORS that a browser
//! takes (fetch.spec.whatwg.org, *HTTP fetch* and *CORS-preflight fetch*).

use super::{PS, VENDOR};
use crate::common::Platform;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tdx_rt::sandbox::Options;

const ORIGIN: &str = "https://shop.example";
const TABLE: &str = "/public/web_events/pageviews";

/// A page. It sends credentials, as td-js-sdk does, so that `*` never counts.
struct Page<'a> {
    platform: &'a Platform,
    origin: &'a str,
}

/// "TypeError: Failed to fetch", with the reason that a browser keeps to itself.
type Failed = String;

impl Page<'_> {
    /// `fetch(url, {method, headers, body, credentials: 'include'})`
    fn fetch(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<(u16, Value), Failed> {
        let unsafe_names = unsafe_names(headers);
        let is_simple = ["GET", "HEAD", "POST"].contains(&method);
        if !is_simple || !unsafe_names.is_empty() {
            self.preflight(method, path, &unsafe_names)?;
        }
        let sent = [headers, &[("origin", self.origin)]].concat();
        let body = if method == "GET" { Vec::new() } else { body.to_string().into_bytes() };
        let (status, headers, body) = self.platform.raw(method, path, &sent, body);
        self.check(&headers)?;
        Ok((status, crate::common::body(&body)))
    }

    /// *CORS-preflight fetch*: no key, no token, no body.
    fn preflight(&self, method: &str, path: &str, names: &[String]) -> Result<(), Failed> {
        let list = names.join(",");
        let mut sent =
            vec![("accept", "*/*"), ("access-control-request-method", method), ("origin", self.origin)];
        if !names.is_empty() {
            sent.push(("access-control-request-headers", &list));
        }
        let (status, headers, _) = self.platform.raw("OPTIONS", path, &sent, Vec::new());
        self.check(&headers)?;
        if !(200..300).contains(&status) {
            return Err(format!("the preflight is answered {status}"));
        }
        let methods = tokens(&headers, "access-control-allow-methods");
        if !methods.contains(&method.to_owned()) && !["GET", "HEAD", "POST"].contains(&method) {
            return Err(format!("{method} is not allowed: {methods:?}"));
        }
        let allowed: Vec<String> = tokens(&headers, "access-control-allow-headers");
        match names.iter().find(|name| !allowed.iter().any(|known| known.eq_ignore_ascii_case(name))) {
            Some(name) => Err(format!("the header {name} is not allowed: {allowed:?}")),
            None => Ok(()),
        }
    }

    /// *CORS check*, with credentials.
    fn check(&self, headers: &HeaderMap) -> Result<(), Failed> {
        let origins = values(headers, "access-control-allow-origin");
        if origins != [self.origin] {
            return Err(format!("Access-Control-Allow-Origin is {origins:?}"));
        }
        let credentials = values(headers, "access-control-allow-credentials");
        if credentials != ["true"] {
            return Err(format!("Access-Control-Allow-Credentials is {credentials:?}"));
        }
        // Not of the check itself: a cache must not give one page what was meant for another.
        if !tokens(headers, "vary").iter().any(|name| name.eq_ignore_ascii_case("origin")) {
            return Err("Vary does not name Origin".to_owned());
        }
        Ok(())
    }
}

fn values<'h>(headers: &'h HeaderMap, name: &str) -> Vec<&'h str> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default()).collect()
}

fn tokens(headers: &HeaderMap, name: &str) -> Vec<String> {
    let lists = values(headers, name);
    lists.iter().flat_map(|list| list.split(',')).map(|token| token.trim().to_owned()).collect()
}

/// *CORS-unsafe request-header names*: sorted, in lower case.
fn unsafe_names(headers: &[(&str, &str)]) -> Vec<String> {
    let safe_types = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
    let is_safe = |(name, value): &&(&str, &str)| match *name {
        "accept" | "accept-language" | "content-language" => true,
        "content-type" => safe_types.contains(&value.split(';').next().unwrap_or_default().trim()),
        _ => false,
    };
    let mut names: Vec<String> =
        headers.iter().filter(|header| !is_safe(header)).map(|(name, _)| (*name).to_owned()).collect();
    names.sort();
    names
}

/// A personalization that greets everyone, and the token of a service for pages.
fn greeting(options: Options) -> (Platform, String) {
    let platform = Platform::with(options);
    let ok = |method: &str, path: &str, body: Value| {
        let media = if path.starts_with("/entities") { VENDOR } else { "application/json" };
        let (status, answer) = platform.request_as(method, path, Some(body), media, &[]);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    };
    let setting = json!({"keyColumns": [{"name": "td_client_id"}], "batchAttributes": [], "extLookupKey": null,
        "eventTables": [{"database": "web_events", "table": "pageviews"}]});
    ok("PATCH", &format!("{PS}/realtime_setting"), setting);
    let event =
        json!({"name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
    let event = ok("POST", &format!("{PS}/realtime_key_events"), event);
    let payload = json!({"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r", "definition": {
        "stringBuilder": [{"outputName": "hello", "values": [{"type": "String", "value": "Welcome"}]}]}}});
    let criteria =
        json!({"name": "c", "keyEventCriteria": {"keyEventId": event["id"], "keyEventFilters": {}}});
    let sections = json!([{"name": "Everyone", "entryCriteria": criteria, "payload": payload}]);
    let attributes =
        json!({"audienceId": "394649", "name": "web", "description": null, "sections": sections});
    ok("POST", "/entities/realtime_personalizations", json!({ "attributes": attributes }));
    let services = format!("{PS}/realtime_personalization_services");
    let service = ok("POST", &services, json!({"name": "web", "public": true}));
    let service = service["id"].as_str().expect("an id");
    let token = ok("POST", &format!("{services}/{service}/tokens"), json!({"name": "page"}));
    let token = token["value"].as_str().expect("a new token shows its value").to_owned();
    (platform, token)
}

/// The headers of td-js-sdk's `fetchPersonalization`.
fn sdk<'h>(key: &'h str, token: &'h str) -> [(&'h str, &'h str); 4] {
    [("authorization", key), ("content-type", VENDOR), ("wp13n-token", token), ("x-td-fetch-api", "true")]
}

#[test]
fn a_page_of_another_origin_gets_offers() {
    let (platform, token) = greeting(Options::default());
    let page = Page { platform: &platform, origin: ORIGIN };
    let key = format!("TD1 {}", platform.api_key);
    let offers = json!({"offers": {"Everyone": {"attributes": {"hello": "Welcome"}, "batch_segments": []}}});
    let event = json!({"td_client_id": "u1", "td_path": "/"});
    assert_eq!(page.fetch("POST", TABLE, &sdk(&key, &token), &event), Ok((200, offers.clone())));
    let bare = [("content-type", VENDOR), ("wp13n-token", token.as_str())];
    assert_eq!(page.fetch("POST", TABLE, &bare, &event), Ok((200, offers)), "the key is not asked for");
    let unnamed = page.fetch("POST", TABLE, &bare, &json!({}));
    assert_eq!(
        unnamed,
        Ok((200, json!({"offers": {}}))),
        "an empty payload is accepted and names no profile"
    );
}

#[test]
fn a_page_of_another_origin_sends_events() {
    let (platform, _) = greeting(Options::default());
    let page = Page { platform: &platform, origin: ORIGIN };
    let key = format!("TD1 {}", platform.api_key);
    let events = json!({"events": [{"td_client_id": "u1"}]});
    // td-js-sdk's `addRecord` with `useNewJavaScriptEndpoint`; Firefox sends the User-Agent that it sets.
    let sdk = [
        ("accept", VENDOR),
        ("authorization", key.as_str()),
        ("content-type", VENDOR),
        ("user-agent", "Mozilla/5.0"),
    ];
    let write = [("content-type", VENDOR), ("x-td-write-key", platform.api_key.as_str())];
    for (path, headers) in [("/web_events/pageviews?modified=1", &sdk[..]), (TABLE, &sdk), (TABLE, &write)] {
        let (status, answer) = page.fetch("POST", path, headers, &events).expect("CORS");
        assert!(status == 200 && answer["receipts"][0]["success"] == true, "{path}: {status} {answer}");
    }
}

#[test]
fn a_page_can_read_what_is_wrong() {
    let (platform, token) = greeting(Options::default());
    let page = Page { platform: &platform, origin: ORIGIN };
    let bare = |token| [("content-type", VENDOR), ("wp13n-token", token)];
    let foreign = "1/1/0123456789abcdef0123456789abcdef";
    let json_type = [("content-type", "application/json"), ("wp13n-token", token.as_str())];
    for (path, headers, body, expected) in [
        (TABLE, &bare("")[..], json!({}), json!([400, 3000])),
        (TABLE, &bare(foreign), json!({}), json!([400, 3001])),
        (TABLE, &bare("x"), json!({}), json!([400, 3003])),
        (TABLE, &bare(&token), json!({"time": "now"}), json!([400, 3004])),
        (TABLE, &bare(&token), json!([]), json!([400, 3004])),
        ("/public/web_events/PAGES", &bare(&token), json!({}), json!([400, 3004])),
        (TABLE, &json_type, json!({}), json!([400, 3004])),
        (TABLE, &bare(&token), json!({"x": "x".repeat(5_000_001)}), json!([413, 3004])),
        (TABLE, &[("content-type", VENDOR)], json!({"events": [{}]}), json!([401, "unauthorized"])),
        // A page may not call it, and can still read why.
        ("/web_events/pageviews", &bare(&token), json!({}), json!([401, "unauthorized"])),
    ] {
        let (status, answer) = page.fetch("POST", path, headers, &body).expect("CORS");
        assert_eq!(json!([status, answer["code"]]), expected, "{path}: {answer}");
    }
    let (status, answer) = page.fetch("GET", TABLE, &[], &Value::Null).expect("CORS");
    assert_eq!((status, &answer["code"]), (400, &json!(3009)), "{answer}");
    platform.control("faults", json!({"path": "/public/", "kind": "status", "status": 429, "count": 1}));
    let (status, answer) =
        page.fetch("POST", TABLE, &[("content-type", "text/plain")], &json!({})).expect("CORS");
    assert_eq!((status, &answer["code"]), (429, &json!(2003)), "also what a fault rule says: {answer}");
}

#[test]
fn what_a_preflight_does_not_allow_is_not_sent() {
    let (platform, token) = greeting(Options::default());
    let page = Page { platform: &platform, origin: ORIGIN };
    let headers = [("content-type", VENDOR), ("wp13n-token", token.as_str()), ("x-more", "1")];
    let failed = page.fetch("POST", TABLE, &headers, &json!({})).expect_err("x-more is not allowed");
    assert!(failed.contains("x-more"), "{failed}");
    let failed = page.fetch("PUT", TABLE, &[("content-type", VENDOR)], &json!({})).expect_err("no PUT");
    assert!(failed.contains("400"), "{failed}");
    for path in ["/audiences", "/v3/database/list", "/entities/parent_segments", "/_sandbox/requests"] {
        assert!(page.fetch("GET", path, &[], &Value::Null).is_err(), "{path} is not for pages");
    }
    let answer = |sent: &[(&str, &str)]| {
        let (status, _, body) = platform.raw("OPTIONS", TABLE, sent, Vec::new());
        let body: Value = serde_json::from_slice(&body).expect("a refusal is JSON");
        (status, body["code"].clone())
    };
    let method = ("access-control-request-method", "POST");
    assert_eq!(answer(&[method]), (400, json!(3007)));
    assert_eq!(answer(&[method, ("origin", "null")]), (400, json!(3007)));
    assert_eq!(answer(&[("origin", ORIGIN)]), (400, json!(3008)));
    assert_eq!(answer(&[("origin", ORIGIN), ("access-control-request-method", "PUT")]), (400, json!(3009)));
}

#[test]
fn a_browser_learns_how_long_it_may_remember_and_that_this_machine_may_be_asked() {
    let (platform, _) = greeting(Options::default());
    let sent = [
        ("origin", ORIGIN),
        ("access-control-request-method", "POST"),
        ("access-control-request-private-network", "true"),
    ];
    let (status, headers, body) = platform.raw("OPTIONS", TABLE, &sent, Vec::new());
    assert_eq!((status, body.len()), (204, 0));
    assert_eq!(values(&headers, "access-control-max-age"), ["600"]);
    assert_eq!(values(&headers, "access-control-allow-private-network"), ["true"]);
    assert_eq!(values(&headers, "access-control-allow-origin"), [ORIGIN]);
}

/// The SDK's other endpoints (td-js-sdk: `record` without `useNewJavaScriptEndpoint`, `fetchGlobalID`,
/// `fetchUserSegments`).
#[test]
fn a_page_can_read_which_endpoint_is_missing() {
    let platform = Platform::start();
    let page = Page { platform: &platform, origin: ORIGIN };
    let key = platform.api_key.clone();
    for (method, path, headers) in [
        (
            "POST",
            "/js/v3/event/web_events/pageviews",
            &[("x-td-write-key", key.as_str()), ("content-type", VENDOR)][..],
        ),
        ("GET", "/js/v3/global_id", &[("x-td-fetch-api", "true")]),
        ("GET", "/cdp/lookup/collect/segments?version=2", &[("x-td-fetch-api", "true")]),
        ("GET", "/js/v3/global_id", &[]),
    ] {
        let (status, answer) =
            page.fetch(method, path, headers, &json!({})).unwrap_or_else(|failed| panic!("{path}: {failed}"));
        let message = answer["message"].as_str().unwrap_or_default();
        let named = format!("{method} {}", path.split('?').next().unwrap());
        assert!(status == 501 && message.contains(&named), "{path}: {status} {answer}");
    }
}

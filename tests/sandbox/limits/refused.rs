//! Refusals other than those of limits, in the shape and with the code of each API.

use super::event as event_body;
use super::*;
use serde_json::Map;

#[test]
fn codes_of_the_personalization_api() {
    let (platform, _) = configured();
    let private = token(&platform, json!({"name": "web"}), json!({"name": "t"}));
    let public = token(&platform, json!({"name": "page", "public": true}), json!({"name": "t"}));
    let elsewhere =
        token(&platform, json!({"name": "far"}), json!({"name": "t", "allowedIps": ["10.0.0.0/8"]}));
    let origin = ("origin", "https://shop.example");
    let page = format!("/public{TABLE}");
    let (none, wrong_time) = (json!({}), json!({"time": -1}));
    let hex = "0".repeat(32);
    for (path, token, origin, fields, expected) in [
        (TABLE, None, None, &none, json!([400, 3000])),
        (TABLE, Some(format!("1/1/{hex}")), None, &none, json!([400, 3001])),
        (TABLE, Some(format!("2/1/{hex}")), None, &none, json!([400, 3002])),
        (TABLE, Some("1/1/short".to_owned()), None, &none, json!([400, 3003])),
        (TABLE, Some(format!("one/1/{hex}")), None, &none, json!([400, 3003])),
        (TABLE, Some(private.clone()), None, &wrong_time, json!([400, 3004])),
        (TABLE, Some(elsewhere), None, &none, json!([400, 3005])),
        (&page, Some(private.clone()), Some(origin), &none, json!([400, 3006])),
        (&page, Some(public.clone()), None, &none, json!([400, 3007])),
        (&page, Some(public.clone()), Some(("origin", "null")), &none, json!([400, 3007])),
        (&page, Some(public.clone()), Some(origin), &none, json!([200, null])),
        (TABLE, Some(public), None, &none, json!([200, null])),
        (TABLE, Some(private), None, &none, json!([200, null])),
    ] {
        let mut headers: Vec<(&str, &str)> = origin.into_iter().collect();
        headers.extend(token.as_deref().map(|token| ("wp13n-token", token)));
        let (status, code, answer) = send(&platform, path, &headers, fields.clone());
        assert_eq!(json!([status, code]), expected, "{path} {token:?}: {answer}");
        assert!(status == 200 || answer["message"].is_string(), "{answer}");
    }
    let (status, answer) = platform.request("PUT", TABLE, Some(json!({})));
    assert_eq!((status, &answer["code"]), (400, &json!(3009)), "{answer}");
    let (_, _, body) = platform.raw("OPTIONS", &page, &[origin], Vec::new());
    assert!(String::from_utf8_lossy(&body).contains("3008"), "{}", String::from_utf8_lossy(&body));
}

#[test]
fn an_empty_array_in_a_payload_is_refused_with_the_platforms_words() {
    let (platform, event) = configured();
    let views = id(&ok(post(&platform, "realtime_attributes", counter(&event, "views"))));
    let full = json!({"attributePayload": [{"realtimeAttributeId": views, "outputName": "v"}],
        "stringBuilder": [text("t", "x")], "segmentPayload": null, "catalogPayload": null});
    for field in ["attributePayload", "stringBuilder", "catalogPayload"] {
        for others in [true, false] {
            let mut definition = if others { full.clone() } else { json!({}) };
            definition[field] = json!([]);
            let (status, answer) = personalize(&platform, "p", json!([section(&event, "S", definition)]));
            let error = json!({"code": "unprocessable_entity", "status": "422",
                "detail": "attribute_payload can't be blank",
                "meta": {"attribute_payload": ["can't be blank"]},
                "source": {"pointer": format!("/attributes/sections/0/payload/{NODE}/definition/attributePayload")}});
            assert_eq!((status, answer), (422, json!({ "errors": [error] })), "{field}, others: {others}");
        }
    }
    ok(personalize(&platform, "p", json!([section(&event, "S", full)])));
}

#[test]
fn what_is_required_known_and_unique() {
    let (platform, event) = configured();
    let mut attribute = counter(&event, "views");
    attribute["filterRule"] = json!({"type": "And", "conditions": []});
    let services = "realtime_personalization_services";
    let key_event = event_body("other", json!({}));
    for (path, body, required) in [
        ("realtime_key_events", &key_event, &["name", "databaseName", "tableName", "filterRule"][..]),
        (
            "realtime_attributes",
            &attribute,
            &["name", "identifier", "type", "realtimeKeyEventId", "increment"],
        ),
        (services, &json!({"name": "web"}), &["name"]),
        ("folders", &json!({"name": "Here", "description": ""}), &["name"]),
        ("realtime_imported_attributes/bulk_update", &json!({"columns": ["city"]}), &["columns"]),
    ] {
        for field in required {
            let without: Map<String, Value> = body
                .as_object()
                .expect("a body")
                .clone()
                .into_iter()
                .filter(|(name, _)| name != field)
                .collect();
            refused(post(&platform, path, Value::Object(without)), "");
        }
        let mut more = body.clone();
        more["bogus"] = json!(1);
        refused(post(&platform, path, more), "bogus");
        ok(post(&platform, path, body.clone()));
        if body.get("name").is_some() {
            refused(post(&platform, path, body.clone()), "Name has already been taken");
        }
    }
    let unknown = |field: &str, value: &str, body: &Value| {
        let mut body = body.clone();
        body["name"] = json!("new");
        body[field] = json!(value);
        body
    };
    refused(post(&platform, "realtime_key_events", unknown("tableName", "logins", &key_event)), "logins");
    refused(
        post(&platform, "realtime_key_events", unknown("databaseName", "nowhere", &key_event)),
        "nowhere",
    );
    refused(post(&platform, "realtime_attributes", unknown("realtimeKeyEventId", "999999", &attribute)), "");
    refused(
        post(&platform, "realtime_imported_attributes/bulk_update", json!({"columns": ["shoe_size"]})),
        "shoe_size",
    );
    refused(set(&platform, &["nothing_here".to_owned(), "pageviews".to_owned()], &[]), "nothing_here");
    for path in ["realtime_key_events/999999", "realtime_attributes/999999", "folders/999999"] {
        let (status, answer) = platform.request("GET", &format!("{PS}/{path}"), None);
        assert_eq!(
            (status, answer),
            (404, json!({"code": "not_found", "message": "Record not found"})),
            "{path}"
        );
    }
    let wrong = section(
        "999999",
        "S",
        json!({"attributePayload": [{"realtimeAttributeId": "999999", "outputName": "o"}]}),
    );
    let (status, answer) = personalize(&platform, "p", json!([wrong]));
    let details = answer["errors"].as_array().map_or(0, Vec::len);
    assert_eq!((status, details), (422, 2), "each unknown reference: {answer}");
}

#[test]
fn content_types() {
    let (platform, _) = configured();
    let token = token(&platform, json!({"name": "web"}), json!({"name": "t"}));
    let folder = || json!({"name": "Here", "description": ""});
    for media in ["text/plain", VENDOR, "", "application/xml"] {
        let (status, answer) =
            platform.request_as("POST", &format!("{PS}/folders"), Some(folder()), media, &[]);
        assert_eq!((status, &answer["code"]), (415, &json!("unsupported_media_type")), "'{media}': {answer}");
    }
    let (status, answer) = platform.request_as(
        "POST",
        &format!("{PS}/folders"),
        Some(folder()),
        "Application/JSON; charset=utf-8",
        &[],
    );
    assert_eq!(status, 200, "{answer}");
    for media in ["application/json", "text/plain", ""] {
        let (status, answer) =
            platform.request_as("POST", "/entities/realtime_personalizations", Some(json!({})), media, &[]);
        let error = &answer["errors"][0];
        assert_eq!((status, &error["status"]), (415, &json!("415")), "'{media}': {answer}");
        let event = json!({"time": NOW, "uuid": UUID});
        let (status, _, answer) =
            platform.send("POST", TABLE, Some((media, event)), &[("wp13n-token", &token)]);
        assert_eq!((status, &answer["code"]), (400, &json!(3004)), "'{media}': {answer}");
    }
}

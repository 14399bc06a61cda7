//! Webhooks on their way: retries, limits, and where they may go.

use super::{DAY, World, after};
use crate::sandbox::{NOW, VENDOR};
use serde_json::{Value, json};
use tdx_rt::sandbox::{Options, Settle};

/// A journey that sends one webhook at once.
fn one(more: &str) -> String {
    format!(
        "- {{name: j, trigger_event: view, reentry: always, state: launched, steps: [{{activate: webhook, {more}}}]}}"
    )
}

/// Status and time of each attempt.
fn attempts(activation: &Value) -> Vec<(Option<u64>, String)> {
    let all = activation["attempts"].as_array().unwrap().iter();
    all.map(|one| (one["status"].as_u64(), one["at"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn a_receiver_that_fails_twice_gets_it_the_third_time_and_none_gets_it_again_after_a_success() {
    let world = World::with(&one("url: RECEIVER/in, body: {n: 1}"));
    world.tdx(&["sandbox", "inbox", "answer", "in", "500", "503"]);
    world.view("u1");
    assert_eq!(world.inbox("in").len(), 1);
    assert_eq!(world.activations()[0]["next_attempt_at"], after(1));
    assert_eq!(world.activations()[0]["state"], "waiting");
    world.advance(1);
    assert_eq!(world.inbox("in").len(), 2);
    world.advance(1);
    assert_eq!(world.inbox("in").len(), 2, "the pause has doubled");
    world.advance(1);
    assert_eq!(world.inbox("in").len(), 3);
    let activation = &world.activations()[0];
    assert_eq!(activation["state"], "delivered");
    let expected = [(Some(500), after(0)), (Some(503), after(1)), (Some(200), after(3))];
    assert_eq!(attempts(activation), expected);
    let received = world.platform.get("/_sandbox/inbox?name=in");
    let keys: Vec<&Value> = received["received"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["headers"]["idempotency-key"])
        .collect();
    assert!(keys.iter().all(|key| *key == keys[0] && **key == activation["id"]), "{keys:?}");
    world.advance(30 * DAY);
    world.tdx(&["sandbox", "settle", "now"]);
    assert_eq!(world.inbox("in").len(), 3);
    // Another event is another message.
    world.view("u1");
    assert_eq!(world.inbox("in").len(), 4);
    assert_ne!(world.activations()[0]["id"], world.activations()[1]["id"]);
}

#[test]
fn after_the_last_attempt_it_has_failed() {
    for (retries, tries) in [(0, 1), (1, 2), (3, 4)] {
        let world = World::with(&one(&format!("url: RECEIVER/in, retries: {retries}")));
        world.tdx(&["sandbox", "inbox", "answer", "in", "500", "500", "500", "500", "500", "500"]);
        world.view("u1");
        world.advance(DAY);
        assert_eq!(world.inbox("in").len(), tries, "{retries}");
        let activation = &world.activations()[0];
        assert_eq!(
            (activation["state"].as_str(), activation["attempts"][0]["error"].as_str()),
            (Some("failed"), Some("the receiver answered 500"))
        );
    }
}

#[test]
fn what_the_receiver_does_not_want_is_not_tried_again() {
    let tried_again = [
        (400, false),
        (404, false),
        (410, false),
        (408, true),
        (425, true),
        (429, true),
        (502, true),
        (302, true),
    ];
    for (status, again) in tried_again {
        let world = World::with(&one("url: RECEIVER/in"));
        world.tdx(&["sandbox", "inbox", "answer", "in", &status.to_string()]);
        world.view("u1");
        world.advance(DAY);
        assert_eq!(world.inbox("in").len(), if again { 2 } else { 1 }, "{status}");
        assert_eq!(world.activations()[0]["state"], if again { "delivered" } else { "failed" }, "{status}");
    }
}

#[test]
fn a_connection_that_is_refused_is_tried_again_after_longer_and_longer_pauses() {
    let world = World::with(&one("url: 'http://127.0.0.1:9/in', retries: 8"));
    world.view("u1");
    world.advance(DAY);
    let activation = &world.activations()[0];
    let times: Vec<String> = attempts(activation).into_iter().map(|(_, at)| at).collect();
    assert_eq!(times, [0, 1, 3, 7, 15, 31, 63, 123, 183].map(after));
    let error = activation["attempts"][0]["error"].as_str().unwrap();
    assert!(error.starts_with("no connection"), "{error}");
    assert_eq!(activation["state"], "failed");
}

#[test]
fn nothing_goes_to_strangers_unless_it_may() {
    // Names under .invalid do not exist (RFC 2606), so the one that may be called is not found.
    let journey = one("url: 'https://hooks.invalid/in', retries: 0");
    let world = World::with(&journey);
    world.view("u1");
    let activation = &world.activations()[0];
    assert_eq!((activation["state"].as_str(), attempts(activation)), (Some("not_sent"), vec![]));
    let reason = activation["reason"].as_str().unwrap();
    assert!(reason.contains("--allow-webhook hooks.invalid"), "{reason}");

    let options = Options {
        settle: Settle::Immediately,
        allow_webhooks: vec!["hooks.invalid".to_owned()],
        ..Options::default()
    };
    let world = World::on(options, &journey);
    world.view("u1");
    let activation = &world.activations()[0];
    assert_eq!((activation["state"].as_str(), attempts(activation).len()), (Some("failed"), 1));
}

/// A connection whose URLs must start so.
fn connection(world: &World, name: &str, prefix: &str, kind: &str) -> String {
    let auth = json!({"auth_name": name, "auth_type": kind, "direction": "out", "user_id": "1",
        "account_id": "1", "auth": {"url_prefix": format!("{}{prefix}", world.platform.url)}});
    let (status, made) = world.platform.request("POST", "/v4/streaming_task_auths", Some(auth));
    assert_eq!(status, 200, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_url_stays_below_the_prefix_of_its_connection() {
    let world = World::with("");
    connection(&world, "hook", "/_sandbox/inbox/in", "td_webhook_out");
    world.apply(&one("connection: hook, url: 'RECEIVER/in{{td_path}}'"));
    for path in ["side", "/../other", "/../../../audiences"] {
        world.send("pageviews", json!({"td_client_id": "u1", "td_path": path}));
    }
    let states: Vec<Value> = world.activations().iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["delivered", "not_sent", "not_sent"]);
    let reason = world.activations()[1]["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("must start with the connection's URL prefix"), "{reason}");
    assert_eq!([world.inbox("inside").len(), world.inbox("other").len()], [1, 0]);
}

#[test]
fn other_connectors_are_noted_and_not_sent() {
    let world = World::with("");
    let id = connection(&world, "mail", "/", "braze_out");
    world.apply(&format!(
        "- {{name: j, trigger_event: view, state: launched, steps: [{{activate: connection, connection: '{id}', connector_type: braze_out, parameters: {{who: '{{{{td_client_id}}}}'}}}}]}}"
    ));
    world.view("u1");
    let activation = &world.activations()[0];
    assert_eq!(
        (activation["state"].as_str(), &activation["request"]),
        (Some("not_sent"), &json!({"who": "u1"}))
    );
    assert!(activation["reason"].as_str().unwrap().contains("braze_out"), "{activation}");
}

#[test]
fn bodies_of_250_kb_and_32_headers_are_the_most() {
    let world = World::with(&one("url: RECEIVER/in, body: '{{td_title}}'"));
    for (length, state) in [(250_000, "delivered"), (250_001, "not_sent")] {
        world
            .send("pageviews", json!({"td_client_id": format!("u{length}"), "td_title": "x".repeat(length)}));
        assert_eq!(world.activations().last().unwrap()["state"], state, "{length}");
    }
    let headers = |count: usize| (0..count).map(|i| format!("X-{i}: v")).collect::<Vec<_>>().join(", ");
    let world = World::with(&one(&format!("url: RECEIVER/in, headers: {{{}}}", headers(32))));
    world.view("u1");
    assert_eq!(world.activations()[0]["state"], "delivered");
    let plan = world.plan(&one(&format!("url: RECEIVER/in, headers: {{{}}}", headers(33))));
    let error = world.platform.tdx(&["apply", "-"]).stdin(plan).run().error(2, "invalid-plan");
    assert!(error["message"].as_str().unwrap().contains("32"), "{error}");
    // Around the client, too.
    let activations = world.platform.get("/entities/parent_segments/394649/realtime_activations");
    let one = &activations["data"][0];
    let journey = one["attributes"]["realtimeJourneyId"].as_str().unwrap();
    let all: serde_json::Map<String, Value> = (0..33).map(|i| (format!("X-{i}"), json!("v"))).collect();
    let mut attributes = one["attributes"].clone();
    attributes.as_object_mut().unwrap().retain(|key, _| !key.starts_with("realtime"));
    let export =
        json!({"method": "post", "url": format!("{}/_sandbox/inbox/in", world.platform.url), "headers": all});
    attributes["connector"]["exportJson"] = json!(export.to_string());
    let path = format!("/entities/realtime_journeys/{journey}/activations/{}", one["id"].as_str().unwrap());
    let (status, answer) =
        world.platform.request_as("PATCH", &path, Some(json!({"attributes": attributes})), VENDOR, &[]);
    assert_eq!((status, &answer["errors"][0]["detail"]), (422, &json!("Headers can't be more than 32")));
}

#[test]
fn secrets_are_sent_and_never_shown() {
    let world = World::with(&one(
        "url: RECEIVER/in, headers: {Authorization: Bearer abc123, X-Api-Key: k9}, body: {password: pw1, name: n}",
    ));
    world.view("u1");
    let shown = json!(world.activations()).to_string();
    for secret in ["abc123", "k9", "pw1"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert_eq!(world.activations()[0]["request"]["body"], json!({"password": "***", "name": "n"}));
    assert_eq!(world.activations()[0]["state"], "delivered");
}

#[test]
fn the_log_is_asked_and_cleared_and_goes_with_a_reset() {
    let world = World::with(&one("url: RECEIVER/in"));
    world.tdx(&["sandbox", "inbox", "answer", "in", "500", "500", "500", "500", "500"]);
    world.view("u1");
    world.advance(DAY);
    world.tdx(&["sandbox", "inbox", "answer", "in", "200"]);
    world.view("u2");
    let list = |more: &[&str]| world.tdx(&[&["sandbox", "activations"], more].concat())["count"].clone();
    assert_eq!(list(&[]), 2);
    assert_eq!(list(&["--state", "failed"]), 1);
    assert_eq!(list(&["--key", "td_client_id=u2"]), 1);
    assert_eq!(list(&["--journey", "j", "--ps", "Customer 360"]), 2);
    assert_eq!(list(&["--journey", "k"]), 0);
    let expected = world.platform.tdx(&["sandbox", "activations", "--state", "failed", "--at-most", "0"]);
    let (listed, _) = expected.run().says_no(1, "check-failed");
    assert_eq!(listed["count"], 1, "{listed}");
    world.tdx(&["sandbox", "snapshot", "save", "with"]);
    world.tdx(&["sandbox", "activations", "clear"]);
    assert_eq!(list(&[]), 0);
    world.tdx(&["sandbox", "snapshot", "restore", "with"]);
    assert_eq!(list(&[]), 2);
    world.tdx(&["sandbox", "reset"]);
    assert_eq!(list(&[]), 0);
}

#[test]
fn what_waits_for_a_journey_that_is_deleted_is_not_sent() {
    let world = World::with(&one("url: RECEIVER/in"));
    world.tdx(&["sandbox", "inbox", "answer", "in", "500"]);
    world.view("u1");
    assert_eq!(world.inbox("in").len(), 1);
    world.tdx(&["journey-create", "delete", "j", "--ps", "394649"]);
    world.advance(DAY);
    assert_eq!(world.inbox("in").len(), 1);
    assert_eq!(world.activations()[0]["reason"], "the journey was deleted");
}

#[test]
fn the_platforms_log_has_a_row_for_each_attempt() {
    let world = World::with(&one("name: call, url: RECEIVER/in"));
    let databases = |world: &World| -> Vec<String> {
        let all = world.platform.get("/v3/database/list");
        all["databases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let name = "cdp_audience_394649_rt".to_owned();
    assert!(!databases(&world).contains(&name));
    world.tdx(&["sandbox", "inbox", "answer", "in", "503"]);
    world.view("u1");
    world.advance(1);
    assert_eq!(world.inbox("in").len(), 2);
    assert!(databases(&world).contains(&name));
    let tables = world.platform.get(&format!("/v3/table/list/{name}"));
    let table = world.platform.get(&format!("/v3/table/show/{name}/activations"));
    assert!(tables["tables"].as_array().unwrap().contains(&table), "{tables}");
    let columns: Vec<(String, String)> = serde_json::from_str(table["schema"].as_str().unwrap()).unwrap();
    let rows = world.platform.get("/_sandbox/activations/log?ps=394649");
    assert_eq!((&rows["count"], &table["count"]), (&json!(2), &json!(2)));
    let keys: Vec<&String> = rows["rows"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys, columns.iter().map(|(name, _)| name).collect::<Vec<_>>());
    let shown = |index: usize| {
        ["delivered", "status", "error", "activation_name"].map(|key| rows["rows"][index][key].clone())
    };
    let sent = &world.activations()[0];
    let named = |prefix: &str, id: &Value| json!(format!("{prefix}_{}", id.as_str().unwrap()));
    let call = named("call", &sent["activation_id"]);
    assert_eq!(shown(0), [json!("false"), json!(503), json!("the receiver answered 503"), call.clone()]);
    assert_eq!(shown(1), [json!("true"), json!(200), Value::Null, call]);
    assert_eq!(rows["rows"][1]["journey_name"], named("journey", &sent["journey_id"]));
    // The profile has the id that the log of identities has.
    let identities = world.platform.records(&name, "id_changes");
    assert_eq!(identities.len(), 1);
    assert_eq!(rows["rows"][1]["rid"], identities[0]["current_rid"]);
    let times = |row: usize| ["time", "timestamp", "log_time"].map(|key| rows["rows"][row][key].clone());
    assert_eq!(times(0), [json!(NOW), json!(NOW * 1_000), json!(NOW * 1_000)]);
    assert_eq!(times(1), [json!(NOW + 1), json!(NOW * 1_000), json!((NOW + 1) * 1_000)]);
    let columns = world.tdx(&["discover", "columns", &format!("{name}.activations")]);
    assert_eq!(columns.as_array().unwrap().len(), 14);
}

//! `journey-create`: journeys with their activations, and the launch.

use super::{PS, configured, listing, said};
use crate::common::{Output, Platform};
use serde_json::{Value, json};

/// A journey that sends a webhook an hour after a page view.
fn plan(platform: &Platform) -> Value {
    json!({"parent_segment_id": PS, "journeys": [{
        "name": "welcome", "description": "Says hello", "trigger_event": "page_view", "where": "td_path LIKE '/p%'",
        "reentry": "always", "state": "launched",
        "steps": [
            {"wait": "1h"},
            {"activate": "webhook", "name": "hello", "url": format!("{}/_sandbox/inbox/in", platform.url),
             "body": {"who": "{{td_client_id}}", "tier": "{{loyalty_tier}}"}},
        ],
    }]})
}

fn run(platform: &Platform, plan: &Value, more: &[&str]) -> Output {
    platform.tdx(&[&["journey-create", "--interval", "5ms"], more].concat()).stdin(plan.to_string()).run()
}

fn journeys(platform: &Platform) -> Vec<Value> {
    listing(platform, "realtime_journeys")
}

#[test]
fn a_plan_is_made_launched_and_left_alone_the_second_time() {
    let platform = configured();
    let plan = plan(&platform);
    let made = run(&platform, &plan, &[]).document();
    let journey = &made["journeys"][0];
    let [there] = &journeys(&platform)[..] else { panic!("one journey") };
    assert_eq!((&journey["id"], &journey["action"]), (&there["id"], &json!("created")));
    assert_eq!((&journey["state"], &journey["paused"]), (&json!("launched"), &json!(false)));
    let url = format!(
        "https://console-next.us01.treasuredata.com/app/ps/{PS}/e/{}/",
        there["id"].as_str().unwrap()
    );
    assert!(said(journey, "console_url").starts_with(&url), "{journey}");
    assert_eq!(journey["activations"][0]["action"], "created");
    assert_eq!(there["attributes"]["reentryMode"], "reentry_always");
    assert_eq!(made["parent_segment"]["rt_status"], "ok");

    platform.forget_requests();
    let again = run(&platform, &made, &[]).document();
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert_eq!(again["journeys"][0]["action"], "unchanged");
    // What it wrote on, a step of its own kind reads as well.
    let same = platform.tdx(&["diff", "-"]).stdin(again.to_string()).run().document();
    assert_eq!(same["changes"], json!([]));
}

#[test]
fn a_plan_of_one_journey_keeps_its_key() {
    let platform = configured();
    let journey = json!({"name": "one", "trigger_event": "page_view", "steps": [{"wait": "1h"}]});
    let made = run(&platform, &json!({"parent_segment_id": PS, "journey": journey}), &[]).document();
    assert_eq!((&made["journey"]["action"], made.get("journeys")), (&json!("created"), None));
}

#[test]
fn flags_describe_one_journey() {
    let platform = configured();
    let receiver = format!("{}/_sandbox/inbox/in", platform.url);
    let flags = [
        "journey-create",
        "--ps",
        PS,
        "--name",
        "hi",
        "--trigger",
        "page_view",
        "--where",
        "td_path = '/x'",
        "--criteria",
        "loyalty_tier = 'VIP'",
        "--reentry",
        "never",
        "--goal",
        "page_view",
        "--after",
        "90m",
        "--webhook",
        &receiver,
        "--method",
        "put",
        "--header",
        "X-A=b",
        "--body",
        r#"{"v": "{{views}}"}"#,
        "--webhook-retries",
        "5",
        "--launch",
        "--interval",
        "5ms",
    ];
    let made = platform.tdx(&flags).run().document();
    assert_eq!(made["journeys"][0]["state"], "launched");
    let exported = platform.tdx(&["export", PS]).run().document();
    let mut journey = exported["journeys"][0].clone();
    journey["steps"][1]["connection"] = Value::Null;
    assert_eq!(
        journey,
        json!({
            "name": "hi", "reentry": "never", "goal": {"event": "page_view"}, "trigger_event": "page_view",
            "where": "td_path = '/x'", "criteria": "loyalty_tier = 'VIP'",
            "steps": [
                {"wait": "90m"},
                {"name": "hi_activation", "activate": "webhook", "connection": null, "url": receiver, "method": "put",
                 "headers": {"X-A": "b"}, "body": {"v": "{{views}}"}, "retries": 5},
            ],
            "state": "launched",
        })
    );
    platform.forget_requests();
    assert_eq!(platform.tdx(&flags).run().document()["journeys"][0]["action"], "unchanged");
    assert_eq!(platform.writes(), Vec::<String>::new());
    // A body can stand in a file.
    let file = super::Written::new("body.json", r#"{"v": 1}"#);
    let at = format!("@{}", file.path());
    let with_file = [
        "journey-create",
        "--ps",
        PS,
        "--name",
        "file",
        "--trigger",
        "page_view",
        "--webhook",
        &receiver,
        "--body",
        &at,
    ];
    platform.tdx(&with_file).run().document();
    let activation = listing(&platform, "realtime_activations").pop().unwrap();
    assert!(
        said(&activation["attributes"]["connector"], "exportJson").contains(r#""body":{"v":1}"#),
        "{activation}"
    );
}

#[test]
fn it_is_listed_paused_resumed_and_deleted_and_twice_does_no_harm() {
    let platform = configured();
    run(&platform, &plan(&platform), &[]).document();
    let list = platform.tdx(&["journey-create", "list", "--ps", PS]).run().document();
    assert_eq!((&list[0]["name"], &list[0]["state"]), (&json!("welcome"), &json!("launched")));
    let turn = |verb: &str| {
        platform.tdx(&["journey-create", verb, "welcome", "--ps", PS, "--interval", "5ms"]).run()
    };
    for (verb, action, paused) in [
        ("pause", "updated", true),
        ("pause", "unchanged", true),
        ("resume", "updated", false),
        ("resume", "unchanged", false),
        ("launch", "unchanged", false),
    ] {
        let document = turn(verb).document();
        assert_eq!(
            (&document["action"], &document["paused"]),
            (&json!(action), &json!(paused)),
            "{verb}: {document}"
        );
    }
    let people = |verb: &str| {
        let words = ["journey-create", verb, "welcome", "--ps", PS, "--interval", "5ms", "--table"];
        platform.tdx(&words).run().stdout
    };
    assert!(people("pause").ends_with("journey 'welcome' is paused\n"));
    assert_eq!(people("pause"), "journey 'welcome' is paused already: nothing was changed\n");
    assert_eq!(turn("delete").document()["name"], "welcome");
    assert_eq!(journeys(&platform).len(), 0);
    assert_eq!(listing(&platform, "realtime_activations").len(), 0);
    let error = turn("delete").error(3, "not-found");
    assert_eq!(said(&error, "message"), "there is no journey 'welcome'");
}

#[test]
fn a_launch_needs_the_status_ok_and_every_activation() {
    let platform = configured();
    let mut plan = plan(&platform);
    platform.tdx(&["sandbox", "settle", "never"]).run().document();
    platform.tdx(&["sandbox", "status", PS, "updating"]).run().document();
    let error = run(&platform, &plan, &["--no-wait"]).error(8, "not-ready");
    assert!(said(&error, "message").contains("the RT status is 'updating', and must be 'ok'"), "{error}");
    assert!(said(&error, "hint").contains("tdx-rt journey-create launch"), "{error}");
    assert_eq!(journeys(&platform)[0]["attributes"]["state"], "draft", "what was made stays");
    platform.tdx(&["sandbox", "settle", "now"]).run().document();
    platform.tdx(&["sandbox", "status", "--finish"]).run().document();
    let launched =
        platform.tdx(&["journey-create", "launch", "welcome", "--ps", PS, "--interval", "5ms"]).run();
    assert_eq!(launched.document()["state"], "launched");

    // A connection whose parameters are not given yet.
    plan["journeys"] = json!([{"name": "half", "trigger_event": "page_view", "state": "launched", "steps": [
        {"activate": "connection", "name": "mail", "connection": connection(&platform), "connector_type": "braze_out"}]}]);
    let error = run(&platform, &plan, &[]).error(6, "conflict");
    assert!(said(&error, "message").contains("the activation 'mail' has no parameters yet"), "{error}");
    assert!(journeys(&platform).iter().all(|there| there["attributes"]["name"] != "half"), "checked first");
    plan["journeys"][0]["state"] = "draft".into();
    run(&platform, &plan, &[]).document();
    let error = platform.tdx(&["journey-create", "launch", "half", "--ps", PS]).run().error(6, "conflict");
    assert!(said(&error, "message").contains("lacks its activation"), "{error}");
    plan["journeys"] = json!([{"name": "empty", "trigger_event": "page_view"}]);
    run(&platform, &plan, &[]).document();
    let error = platform.tdx(&["journey-create", "launch", "empty", "--ps", PS]).run().error(6, "conflict");
    assert!(said(&error, "message").contains("has no steps"), "{error}");
}

fn connection(platform: &Platform) -> String {
    let auth = json!({"auth_name": "mail", "auth_type": "braze_out", "direction": "out", "user_id": "1",
        "account_id": "1", "auth": {"api_key": "k"}});
    let (_, made) = platform.request("POST", "/v4/streaming_task_auths", Some(auth));
    made["id"].as_str().unwrap().to_owned()
}

#[test]
fn what_runs_is_fixed_and_what_it_sends_is_not() {
    let platform = configured();
    let first = plan(&platform);
    run(&platform, &first, &[]).document();
    platform.forget_requests();
    let mut longer = first.clone();
    longer["journeys"][0]["steps"][0]["wait"] = json!("2h");
    let error = run(&platform, &longer, &[]).error(6, "conflict");
    assert!(said(&error, "message").contains("is launched, and its stages can't be changed"), "{error}");
    assert_eq!(platform.writes(), Vec::<String>::new());
    let mut other = first.clone();
    other["journeys"][0]["steps"][1]["body"] = json!("hi");
    other["journeys"][0]["description"] = json!("Says hi");
    let changed = run(&platform, &other, &[]).document();
    assert_eq!(changed["journeys"][0]["action"], "updated");
    assert_eq!(changed["journeys"][0]["activations"][0]["action"], "updated");
    let mut back = first.clone();
    back["journeys"][0]["state"] = json!("draft");
    let error = run(&platform, &back, &[]).error(6, "conflict");
    assert!(said(&error, "message").contains("can't be a draft again"), "{error}");
}

#[test]
fn others_journeys_and_what_a_plan_does_not_say_stay() {
    let platform = configured();
    run(&platform, &plan(&platform), &[]).document();
    let before = journeys(&platform);
    let mine = json!({"parent_segment_id": PS, "journeys": [{"name": "mine", "trigger_event": "page_view", "steps": ["end"]}]});
    run(&platform, &mine, &[]).document();
    let short = json!({"parent_segment_id": PS, "journeys": [{"name": "welcome"}]});
    platform.forget_requests();
    assert_eq!(run(&platform, &short, &[]).document()["journeys"][0]["action"], "unchanged");
    assert_eq!(platform.writes(), Vec::<String>::new());
    let after = journeys(&platform);
    assert_eq!(after.iter().find(|one| one["attributes"]["name"] == "welcome"), before.first());
}

#[test]
fn journeys_can_lead_to_each_other_before_they_are_there() {
    let platform = configured();
    let plan = json!({"parent_segment_id": PS, "journeys": [
        {"name": "a", "trigger_event": "page_view", "steps": [{"wait": "1d"}, {"jump": "b"}]},
        {"name": "b", "stages": [
            {"name": "one", "trigger_event": "page_view", "steps": [{"jump": {"stage": "two"}}]},
            {"name": "two", "trigger_event": "page_view", "steps": [{"wait": "1d"}, {"jump": {"journey": "a"}}]},
        ]},
    ]});
    run(&platform, &plan, &[]).document();
    platform.forget_requests();
    run(&platform, &plan, &[]).document();
    assert_eq!(platform.writes(), Vec::<String>::new());
    let exported = platform.tdx(&["export", PS]).run().document();
    assert_eq!(exported["journeys"][0]["steps"][1]["jump"], json!({"journey": "b", "stage": "one"}));
    assert_eq!(exported["warnings"], Value::Null);
}

#[test]
fn wrong_plans_are_reported_and_nothing_is_written() {
    let platform = configured();
    let good = plan(&platform);
    let wrong = |pointer: &str, value: Value| {
        let mut plan = good.clone();
        *plan.pointer_mut(pointer).unwrap() = value;
        run(&platform, &plan, &[])
    };
    for (pointer, value, code, word, hint) in [
        ("/journeys/0/trigger_event", json!("page_vew"), (2, "invalid-plan"), "'page_vew'", "page_view"),
        ("/journeys/0/where", json!("td_pth = 'x'"), (2, "unknown-column"), "td_pth", "td_path"),
        (
            "/journeys/0/steps/1/body",
            json!("{{loyalty_teir}}"),
            (2, "invalid-plan"),
            "{{loyalty_teir}}",
            "{{loyalty_tier}}",
        ),
        ("/journeys/0/steps/0", json!({"wait": "soon"}), (2, "invalid-plan"), "soon", ""),
        ("/journeys/0/steps/0", json!({"jump": "nowhere"}), (2, "invalid-plan"), "no profile reaches", ""),
        (
            "/journeys/0/steps/1",
            json!({"jump": "nowhere"}),
            (2, "invalid-plan"),
            "there is no journey 'nowhere'",
            "journey-create list",
        ),
        (
            "/journeys/0/steps/1",
            json!({"jump": {"stage": "two"}}),
            (2, "invalid-plan"),
            "has no stage 'two'",
            "Stage 1",
        ),
        (
            "/journeys/0/steps/1",
            json!({"activate": "webhook", "url": "https://h.example/", "connection": "gone"}),
            (3, "not-found"),
            "gone",
            "",
        ),
    ] {
        let error = wrong(pointer, value.clone()).error(code.0, code.1);
        let all = error.to_string();
        assert!(said(&error, "message").contains(word) && all.contains(hint), "{value}: {error}");
        assert_eq!(platform.writes(), Vec::<String>::new(), "{value}");
    }
}

#[test]
fn the_destinations_key_comes_from_a_variable_and_is_never_shown() {
    const SECRET: &str = "hook-secret-123";
    let platform = configured();
    let mut plan = plan(&platform);
    plan["journeys"][0]["steps"][1]["api_key_env"] = json!("TDX_RT_HOOK_KEY");
    let with = |value: Option<&str>, more: &[&str]| {
        let tdx = platform.tdx(&[&["journey-create", "--interval", "5ms"], more].concat());
        let tdx = value.into_iter().fold(tdx, |tdx, value| tdx.env("TDX_RT_HOOK_KEY", value));
        tdx.stdin(plan.to_string()).run()
    };
    platform.forget_requests();
    let error = with(None, &[]).error(2, "bad-setting");
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert!(said(&error, "message").contains("TDX_RT_HOOK_KEY, which is not set"), "{error}");
    let error = with(Some(&platform.api_key), &[]).error(2, "invalid-plan");
    assert!(said(&error, "message").contains("a key of Treasure Data"), "{error}");
    assert!(!error.to_string().contains(&platform.api_key));
    for more in [&["--dry-run"][..], &["--curl"], &["-vv"]] {
        let output = with(Some(SECRET), more);
        assert_eq!(output.code, 0, "{output:?}");
        assert!(!output.stdout.contains(SECRET) && !output.stderr.contains(SECRET), "{more:?}: {output:?}");
    }
    assert!(!platform.get("/_sandbox/requests").to_string().contains(SECRET));
    let made = platform.get("/v4/streaming_task_auths");
    assert!(!made.to_string().contains(SECRET), "{made}");
    // Another key goes through another connection, and so does none.
    let mut more = plan.clone();
    let mut others = more["journeys"][0]["steps"][1].clone();
    others["name"] = json!("without");
    others.as_object_mut().unwrap().shift_remove("api_key_env");
    more["journeys"] = json!([{"name": "more", "trigger_event": "page_view", "steps": [others]}]);
    run(&platform, &more, &[]).document();
    let of = |name: &str| {
        let all = listing(&platform, "realtime_activations");
        let one = all.iter().find(|one| one["attributes"]["name"] == name).unwrap();
        one["attributes"]["connectionId"].clone()
    };
    assert_ne!(of("without"), of("hello"));
    // What was made is found again, though the key is not given any more.
    platform.forget_requests();
    assert_eq!(with(None, &[]).document()["journeys"][0]["action"], "unchanged");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn a_number_of_a_body_that_would_arrive_in_other_characters_is_refused() {
    let platform = configured();
    for body in [r#"{"b": 12345678901234567890123}"#, r#"{"c": [1e3]}"#, r#"{"price": 9.90}"#] {
        let all = ["journey-create", "--ps", PS, "--name", "j", "--trigger", "page_view", "--webhook"];
        let mut words = all.to_vec();
        words.extend_from_slice(&["https://hooks.example.com/in", "--body", body]);
        let error = platform.tdx(&words).run().error(2, "usage");
        assert!(said(&error, "hint").contains("quotes"), "{error}");
    }
    assert_eq!(platform.writes(), Vec::<String>::new());
}

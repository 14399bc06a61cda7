//! Flags can say what plans can say.

use super::plans::{SOURCE, Shell, assert_same, configuration};
use serde_json::{Value, json};
use tdx_rt::plan::keys;

/// What a step makes of flags and of the same said in a plan.
fn alike(step: &str, before: &Value, flags: &[&str], plan: Value) {
    let made = |run: &dyn Fn(&Shell)| {
        let shell = Shell::new();
        shell.apply(before);
        run(&shell);
        let mut live = configuration(&shell.platform, SOURCE);
        without_ids(&mut live);
        live
    };
    let by_flags = made(&|shell| {
        let all = [&[step, "--ps", SOURCE, "--interval", "5ms"], flags].concat();
        let output = shell.tdx(&all).run();
        assert_eq!(output.code, 0, "{flags:?}: {}", output.stderr);
    });
    let by_plan = made(&|shell| {
        let mut plan = plan.clone();
        plan["parent_segment_id"] = json!(SOURCE);
        shell.run(&[step, "-f", "-", "--interval", "5ms"], &plan);
    });
    assert_same(&by_flags, &by_plan, &plan);
}

/// Ids are new each time.
fn without_ids(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_ids),
        Value::Object(map) => {
            let values: Vec<Value> = match map.get("payload").and_then(Value::as_object) {
                Some(nodes) => nodes.values().cloned().collect(),
                None => Vec::new(),
            };
            if !values.is_empty() {
                map.insert("payload".into(), values.into());
            }
            // Their names are new each time, too.
            map.shift_remove("tokens");
            map.values_mut().for_each(without_ids);
        }
        // What is made at once has ids in the order of arrival.
        Value::String(text) if text.len() > 5 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            *value = json!("id");
        }
        _ => {}
    }
}

fn base() -> Value {
    json!({"parent_segment_id": SOURCE,
        "events": [{"name": "page_view", "table": "web_events.pageviews"}],
        "attributes": [
            {"name": "views", "type": "counter", "source_event": "page_view", "window_duration": ["24h", "7d"]},
            {"name": "loyalty_tier", "type": "imported_batch"}]})
}

#[test]
fn attributes_of_every_type_take_every_field_by_flags() {
    let one = |fields: Value| {
        let mut item = json!({"name": "x", "source_event": "page_view"});
        item.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({ "attributes": [item] })
    };
    let single = ["--single", "x=page_view.product_id"];
    let list = ["--list", "x=page_view.product_id"];
    let counter = ["--counter", "x=page_view"];
    let of = |first: &[&'static str], rest: &[&'static str]| [first, rest].concat();
    let cases = [
        (
            of(&single, &["--expiry-days", "7"]),
            json!({"type": "single", "source_field": "product_id", "expiry_days": 7}),
        ),
        (
            of(
                &single,
                &["--where", "td_path LIKE '/p%'", "--set", "expiry=12h", "--set", "description=1.10"],
            ),
            json!({"type": "single", "source_field": "product_id", "where": "td_path LIKE '/p%'", "expiry": "12h",
                "description": "1.10"}),
        ),
        (
            of(&single, &["--set", "identifier=own", "--set", "data_type=string", "--set", "sensitive=true"]),
            json!({"type": "single", "source_field": "product_id", "identifier": "own", "data_type": "string",
                "sensitive": true}),
        ),
        (
            of(&single, &["--set", "backfill={attribute: city, timestamp: last_purchase_at}"]),
            json!({"type": "single", "source_field": "product_id",
                "backfill": {"attribute": "city", "timestamp": "last_purchase_at"}}),
        ),
        (
            of(&single, &["--set", "aggregation=first"]),
            json!({"type": "single", "source_field": "product_id", "aggregation": "first"}),
        ),
        (
            of(&list, &["--max-items", "5", "--expiry-days", "3", "--set", "fields=[product_id, td_path]"]),
            json!({"type": "list", "source_field": "product_id", "max_items": 5, "expiry_days": 3,
                "fields": ["product_id", "td_path"]}),
        ),
        (
            of(&list, &["--set", "actions=[{action: clear, event: page_view, where: \"td_path = '/out'\"}]"]),
            json!({"type": "list", "source_field": "product_id",
                "actions": [{"action": "clear", "event": "page_view", "where": "td_path = '/out'"}]}),
        ),
        (of(&counter, &["--expiry-days", "7"]), json!({"type": "counter", "expiry_days": 7})),
        (
            of(&counter, &["--set", "window_duration=[24h, 7d]", "--set", "increment=3"]),
            json!({"type": "counter", "window_duration": ["24h", "7d"], "increment": 3}),
        ),
        (
            of(
                &counter,
                &["--set", "windows=[{name: Day, identifier: day, window: 24h}]", "--set", "duration=7d"],
            ),
            json!({"type": "counter", "windows": [{"name": "Day", "identifier": "day", "window": "24h"}],
                "duration": "7d"}),
        ),
    ];
    for (flags, fields) in cases {
        alike("rt-attrs", &base(), &flags, one(fields));
    }
    alike(
        "rt-attrs",
        &base(),
        &["--import", "town", "--set", "column=city"],
        json!({"attributes": [{"name": "town", "type": "imported_batch", "column": "city"}]}),
    );
}

#[test]
fn events_keys_personalizations_and_journeys_take_every_field_by_flags() {
    alike(
        "rt-events",
        &json!({ "parent_segment_id": SOURCE, "events": [] , "event_tables": ["web_events.pageviews"]}),
        &[
            "--event",
            "a=web_events.pageviews",
            "--event",
            "b=web_events.purchases",
            "--set",
            "description=Both",
        ],
        json!({"events": [{"name": "a", "table": "web_events.pageviews", "description": "Both"},
            {"name": "b", "table": "web_events.purchases", "description": "Both"}]}),
    );
    alike(
        "rt-keys",
        &base(),
        &["--key", "td_client_id", "--set", "invalid=[unknown, '012']"],
        json!({"id_stitching": {"stitching_keys": [{"name": "td_client_id", "invalid": ["unknown", "012"]}]}}),
    );
    alike(
        "pz-create",
        &base(),
        &[
            "--name",
            "web",
            "--trigger",
            "page_view",
            "--attribute",
            "loyalty_tier",
            "--criteria",
            "views > 1",
            "--set",
            "description=Home",
            "--set",
            "public=true",
            "--set",
            "section.description=All",
            "--set",
            "batch_segments=[High Value]",
            "--set",
            "include_sensitive=true",
            "--set",
            "trigger_where=td_path = '/'",
        ],
        json!({"personalization_service": {"name": "web", "trigger_event": "page_view", "description": "Home",
            "public": true, "sections": [{"name": "Default", "criteria": "views > 1", "attributes": ["loyalty_tier"],
            "description": "All", "batch_segments": ["High Value"], "include_sensitive": true,
            "trigger_where": "td_path = '/'"}]}}),
    );
    alike(
        "journey-create",
        &base(),
        &[
            "--name",
            "hello",
            "--trigger",
            "page_view",
            "--set",
            "description=Hi",
            "--set",
            "exit=[{after: 7d}]",
            "--set",
            "steps=[{wait: 1h}, end]",
            "--set",
            "goal={event: page_view, where: \"td_path = '/thanks'\"}",
        ],
        json!({"journeys": [{"name": "hello", "trigger_event": "page_view", "description": "Hi",
            "exit": [{"after": "7d"}], "steps": [{"wait": "1h"}, "end"],
            "goal": {"event": "page_view", "where": "td_path = '/thanks'"}}]}),
    );
}

/// Whatever a plan reads is a field that can be set.
#[test]
fn every_key_of_a_plan_is_taken_and_no_other() {
    let shell = Shell::new();
    let flags: [(&str, &str, &[&str]); 6] = [
        ("events", "rt-events", &["--event", "a=web_events.pageviews"]),
        ("id_stitching.stitching_keys", "rt-keys", &["--key", "td_client_id"]),
        ("attributes", "rt-attrs", &["--single", "a=page_view.product_id"]),
        ("personalization_service", "pz-create", &["--name", "a", "--trigger", "page_view"]),
        ("personalization_service.sections", "pz-create", &["--name", "a", "--trigger", "page_view"]),
        ("journeys", "journey-create", &["--name", "a", "--trigger", "page_view"]),
    ];
    for (path, step, flags) in flags {
        let known = keys::of(path);
        assert!(!known.is_empty(), "{path}");
        for key in known.iter().copied().chain(["x_unknown"]) {
            let field = format!("{key}=[{{]");
            let all = [&[step, "--ps", SOURCE], flags, &["--set", &field]].concat();
            let error = shell.tdx(&all).run().error(2, "usage");
            let known = super::said(&error, "message").contains("is no list or mapping");
            assert!(known, "{step} {key}: {error}");
            let field = format!("{key}=x");
            let all = [&[step, "--ps", SOURCE], flags, &["--set", &field]].concat();
            let output = shell.tdx(&all).run();
            assert_eq!(output.stderr.contains("a plan has no field"), key == "x_unknown", "{step} {key}");
        }
    }
    for step in ["rt-events", "rt-keys", "rt-attrs", "pz-create", "journey-create"] {
        let error = shell.tdx(&[step, "--ps", SOURCE, "--set", "description=x"]).run().error(2, "usage");
        assert!(super::said(&error, "message").starts_with("--set goes with --"), "{error}");
    }
}

#[test]
fn a_flag_that_nothing_takes_says_what_it_goes_with() {
    let shell = Shell::new();
    for (flags, message) in [
        (
            &["--import", "city", "--expiry-days", "7"][..],
            "--expiry-days goes with --single or --list or --counter",
        ),
        (&["--counter", "a=page_view", "--max-items", "7"], "--max-items goes with --list"),
        (&["--single", "a=page_view.product_id", "--window", "24h"], "--window goes with --counter"),
        (
            &["--counter", "a=page_view", "--window", "24h", "--expiry-days", "7"],
            "--expiry-days goes with --single or --list",
        ),
    ] {
        let all = [&["rt-attrs", "--ps", SOURCE], flags].concat();
        let error = shell.tdx(&all).run().error(2, "usage");
        assert_eq!(super::said(&error, "message"), message);
    }
}

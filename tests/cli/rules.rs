//! Rules are compared by what they mean, in every place.

use super::plans::{SOURCE, Shell, configuration};
use super::said;
use serde_json::{Value, json};
use tempfile::tempdir;

/// A condition on an event, and the same in other words.
const EVENT: &str = "quantity > 10 AND currency IN ('EUR', 'USD') AND email IS NOT NULL";
const SAME_EVENT: [&str; 4] = [
    "email IS NOT NULL AND currency IN ('USD', 'EUR', 'USD') AND quantity > 10.0",
    "((quantity > 1e1) AND ((currency = 'USD' OR currency = 'EUR') AND (email IS NOT NULL)))",
    "NOT (NOT quantity > 10 OR currency NOT IN ('EUR', 'USD') OR email IS NULL)",
    "currency IN ('EUR', 'USD') AND NOT NOT quantity > +10.00 AND email IS NOT NULL AND quantity > 10",
];
const OTHER_EVENT: [&str; 5] = [
    "quantity > 10.5 AND currency IN ('EUR', 'USD') AND email IS NOT NULL",
    "quantity > 10 AND currency IN ('EUR') AND email IS NOT NULL",
    "quantity > 10 AND currency IN ('EUR', 'USD') OR email IS NOT NULL",
    "NOT quantity <= 10 AND currency IN ('EUR', 'USD') AND email IS NOT NULL",
    "quantity > '10' AND currency IN ('EUR', 'USD') AND email IS NOT NULL",
];
/// A condition on a profile, and the same in other words.
const PROFILE: &str = "tier != 'VIP' AND (spent >= 5 OR last = 'a' OR last = 'b')";
const SAME_PROFILE: [&str; 4] = [
    "(last = 'b' OR (spent >= 5.0 OR last = 'a')) AND tier != 'VIP'",
    "(last IN ('b', 'a') OR spent >= 5) AND tier NOT IN ('VIP')",
    "NOT (tier = 'VIP' OR NOT (spent >= 5e0) AND last NOT IN ('a', 'b'))",
    "((((tier != 'VIP')))) AND (last = 'a' OR last = 'b' OR spent >= 5 OR last = 'a')",
];
const OTHER_PROFILE: [&str; 5] = [
    "tier != 'VIP' AND (spent >= 6 OR last = 'a' OR last = 'b')",
    "tier != 'VIP' AND (spent >= 5 OR last = 'a')",
    "tier != 'VIP' OR spent >= 5 OR last = 'a' OR last = 'b'",
    "tier = 'VIP' AND (spent >= 5 OR last = 'a' OR last = 'b')",
    "tier != 'VIP' AND (NOT spent < 5 OR last = 'a' OR last = 'b')",
];

/// A plan with a rule in every place that can have one.
fn plan(event: &str, profile: &str) -> Value {
    json!({
        "parent_segment_id": SOURCE,
        "events": [{"name": "purchase", "table": "web_events.purchases", "where": event}],
        "attributes": [
            {"name": "last", "type": "single", "source_event": "purchase", "source_field": "product_id", "where": event},
            {"name": "bought", "type": "list", "source_event": "purchase", "source_field": "product_id", "where": event,
             "actions": [{"action": "clear", "event": "purchase", "where": event}]},
            {"name": "spent", "type": "counter", "source_event": "purchase", "where": event, "window_duration": "24h"},
            {"name": "tier", "type": "imported_batch", "column": "loyalty_tier"},
        ],
        "personalization_service": {"name": "web", "trigger_event": "purchase", "sections": [
            {"name": "Some", "criteria": profile, "trigger_where": event, "attributes": ["last"]},
        ]},
        "journeys": [{
            "name": "welcome",
            "goal": {"event": "purchase", "where": event, "criteria": profile},
            "trigger_event": "purchase", "where": event, "criteria": profile,
            "milestone": {"event": "purchase", "where": event, "criteria": profile},
            "exit": [{"event": "purchase", "where": event, "criteria": profile}],
            "steps": [{"decide": [
                {"name": "one", "when": profile, "steps": [{"wait": "1h"}]},
                {"name": "rest", "otherwise": true, "steps": []},
            ]}],
        }],
    })
}

/// How many rules [`plan`] has: filters, then criteria.
const FILTERS: usize = 10;
const CRITERIA: usize = 6;

#[test]
fn the_same_in_other_words_is_neither_a_change_nor_a_conflict() {
    let shell = Shell::new();
    shell.apply(&plan(EVENT, PROFILE));
    shell.platform.forget_requests();
    for (event, profile) in SAME_EVENT.into_iter().zip(SAME_PROFILE) {
        let plan = plan(event, profile);
        assert_eq!(shell.run(&["diff", "-f", "-"], &plan)["changes"], json!([]), "{event}\n{profile}");
        assert_eq!(shell.apply(&plan)["journal"], Value::Null, "{event}");
        assert_eq!(shell.run(&["validate", "--live", "-f", "-"], &plan)["errors"], json!(0), "{event}");
        for step in ["rt-events", "rt-attrs", "pz-create", "journey-create"] {
            shell.run(&[step, "-f", "-", "--interval", "5ms"], &plan);
        }
        assert_eq!(shell.platform.writes(), Vec::<String>::new(), "{event}\n{profile}");
    }
}

#[test]
fn another_rule_is_a_change_or_a_conflict_in_every_place() {
    let shell = Shell::new();
    shell.apply(&plan(EVENT, PROFILE));
    let texts = |value: &Value, old: &str| value.to_string().matches(&json!(old).to_string()).count();
    let whole = plan(EVENT, PROFILE);
    assert_eq!((texts(&whole, EVENT), texts(&whole, PROFILE)), (FILTERS, CRITERIA));
    for (at, other) in (0..FILTERS).flat_map(|at| OTHER_EVENT.into_iter().map(move |other| (at, other))) {
        differs(&shell, &one_other(&whole, EVENT, at, other));
    }
    for (at, other) in (0..CRITERIA).flat_map(|at| OTHER_PROFILE.into_iter().map(move |other| (at, other))) {
        differs(&shell, &one_other(&whole, PROFILE, at, other));
    }
}

/// The plan with one of its rules replaced.
fn one_other(plan: &Value, old: &str, at: usize, new: &str) -> Value {
    let (plan, old) = (plan.to_string(), json!(old).to_string());
    let place = plan.match_indices(&old).nth(at).unwrap().0;
    let (before, after) = (&plan[..place], &plan[place + old.len()..]);
    serde_json::from_str(&format!("{before}{}{after}", json!(new))).unwrap()
}

#[track_caller]
fn differs(shell: &Shell, plan: &Value) {
    let output = shell.tdx(&["diff", "-f", "-"]).stdin(plan.to_string()).run();
    match output.code {
        0 => assert_ne!(output.document()["changes"], json!([]), "{plan}"),
        _ => drop(output.error(6, "conflict")),
    }
}

/// Writes the live rules of key events, sections and journeys in other words, around the binary.
fn rewrite(shell: &Shell) {
    let live = configuration(&shell.platform, SOURCE);
    let send = |path: String, body: Value| {
        let (status, answer) = shell.platform.request_as(
            "PATCH",
            &path,
            Some(body),
            "application/vnd.treasuredata.v1+json",
            &[],
        );
        assert_eq!(status, 200, "{path}: {answer}");
    };
    for event in live["events"].as_array().unwrap() {
        let mut event = event.clone();
        in_other_words(&mut event);
        let id = event.as_object_mut().unwrap().shift_remove("id").unwrap();
        let keys = ["name", "databaseName", "tableName", "description", "filterRule"];
        let body: Value = keys.into_iter().map(|key| (key.to_owned(), event[key].clone())).collect();
        let path = format!("/audiences/{SOURCE}/realtime_key_events/{}", id.as_str().unwrap());
        assert_eq!(shell.platform.request("PATCH", &path, Some(body)).0, 200);
    }
    for personalization in live["personalizations"].as_array().unwrap() {
        let mut attributes = personalization["attributes"].clone();
        in_other_words(&mut attributes);
        attributes["audienceId"] = json!(SOURCE);
        let id = personalization["id"].as_str().unwrap();
        send(format!("/entities/realtime_personalizations/{id}"), json!({ "attributes": attributes }));
    }
    for journey in live["journeys"].as_array().unwrap() {
        let mut attributes = journey["attributes"].clone();
        in_other_words(&mut attributes);
        let id = journey["id"].as_str().unwrap();
        let kept = ["realtimeJourneyStages", "goal"];
        let attributes: Value =
            kept.into_iter().map(|key| (key.to_owned(), attributes[key].clone())).collect();
        send(format!("/entities/realtime_journeys/{id}"), json!({ "attributes": attributes }));
    }
}

/// Turns groups round, nests them once more, and writes whole numbers with a point.
fn in_other_words(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(in_other_words),
        Value::Object(map) => {
            map.values_mut().for_each(in_other_words);
            if matches!(map.get("type").and_then(Value::as_str), Some("And" | "Or")) {
                let mut inner = map["conditions"].as_array().unwrap().clone();
                inner.reverse();
                map["conditions"] = json!([{"type": map["type"], "conditions": inner}]);
            }
            match map.get_mut("rightValue") {
                Some(Value::Array(items)) => items.reverse(),
                Some(number @ Value::Number(_)) => *number = json!(number.as_f64().unwrap()),
                _ => {}
            }
        }
        _ => {}
    }
}

#[test]
fn an_undo_takes_back_a_rule_that_was_rewritten_in_other_words() {
    let shell = Shell::new();
    shell.apply(&plan(EVENT, PROFILE));
    let before = configuration(&shell.platform, SOURCE);
    shell.apply(&plan(OTHER_EVENT[0], PROFILE).as_object().map_or(Value::Null, |whole| {
        // What is fixed for good stays as it is.
        let mut whole = whole.clone();
        whole["attributes"] = plan(EVENT, PROFILE)["attributes"].clone();
        Value::Object(whole)
    }));
    let changed = configuration(&shell.platform, SOURCE);
    assert_ne!(changed, before);
    rewrite(&shell);
    assert_ne!(configuration(&shell.platform, SOURCE), changed, "nothing was rewritten");
    shell.run(&["undo", "-y", "--ps", SOURCE, "--interval", "5ms"], &Value::Null);
    super::plans::assert_same(&configuration(&shell.platform, SOURCE), &before, &Value::Null);
}

#[test]
fn a_saved_plan_holds_when_what_it_touches_was_written_in_other_words_only() {
    let shell = Shell::new();
    shell.apply(&plan(EVENT, PROFILE));
    let mut next = plan(EVENT, PROFILE);
    next["events"][0]["where"] = json!(OTHER_EVENT[0]);
    next["personalization_service"]["sections"][0]["criteria"] = json!(OTHER_PROFILE[0]);
    let folder = tempdir().unwrap();
    let file = folder.path().join("plan.saved");
    let file = file.to_str().unwrap();
    shell.run(&["diff", "-f", "-", "--save", file], &next);
    rewrite(&shell);
    shell.run(&["apply", file, "--interval", "5ms"], &Value::Null);
    assert_eq!(shell.run(&["diff", "-f", "-"], &next)["changes"], json!([]));
    // Another rule is still refused.
    let mut last = next.clone();
    last["events"][0]["where"] = json!(EVENT);
    shell.run(&["diff", "-f", "-", "--save", file], &last);
    last["events"][0]["where"] = json!(OTHER_EVENT[1]);
    shell.apply(&last);
    let error = shell.tdx(&["apply", file, "--interval", "5ms"]).run().error(6, "conflict");
    assert!(said(&error, "message").contains("events.purchase.where"), "{error}");
}

//! `rt-keys`: ID stitching.

use super::{PS, Written, said, setting};
use crate::common::{Output, Platform};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
struct Document {
    id_stitching: Stitching,
    parent_segment: ParentSegment,
}

#[derive(Debug, Deserialize)]
struct Stitching {
    action: String,
    ext_lookup_key: String,
    stitching_keys: Vec<Key>,
}

#[derive(Debug, Deserialize)]
struct Key {
    name: String,
    action: String,
}

#[derive(Debug, Deserialize)]
struct ParentSegment {
    key_columns: Vec<String>,
}

/// A platform whose event tables are those of the demo and the page views.
fn platform() -> Platform {
    let platform = Platform::start();
    platform.tdx(&["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"]).run().document();
    platform.forget_requests();
    platform
}

fn run(platform: &Platform, arguments: &[&str]) -> Output {
    let mut all = vec!["rt-keys", "--ps", PS];
    all.extend_from_slice(arguments);
    platform.tdx(&all).run()
}

fn key(name: &str, pattern: Value, invalid: Value) -> Value {
    json!({"name": name, "validRegexp": pattern, "invalidTexts": invalid, "internal": false})
}

fn actions(document: &Document) -> Vec<(&str, &str)> {
    document.id_stitching.stitching_keys.iter().map(|key| (key.name.as_str(), key.action.as_str())).collect()
}

#[test]
fn keys_are_added_and_nothing_is_dropped() {
    let platform = platform();
    let mut expected = setting(&platform);
    let made: Document = run(
        &platform,
        &[
            "--primary-key",
            "td_client_id",
            "--key",
            "email",
            "--valid-regex",
            "email=^[^@]+@[^@]+$",
            "--invalid",
            "email=null",
            "--invalid",
            "email=unknown",
        ],
    )
    .decode();
    assert_eq!(made.id_stitching.ext_lookup_key, "customer_id", "found in the master table");
    assert_eq!(made.id_stitching.action, "updated");
    let mut found = actions(&made);
    found.sort_unstable();
    assert_eq!(found, [("email", "created"), ("td_client_id", "created")]);
    let mut keys = made.parent_segment.key_columns.clone();
    keys.sort();
    assert_eq!(keys, ["email", "legacy_id", "td_client_id"]);

    let live = setting(&platform);
    let find = |name: &str| {
        live["keyColumns"].as_array().unwrap().iter().find(|k| k["name"] == name).unwrap().clone()
    };
    assert_eq!(find("email"), key("email", json!("^[^@]+@[^@]+$"), json!(["null", "unknown"])));
    assert_eq!(find("td_client_id"), key("td_client_id", Value::Null, json!([])));
    expected["extLookupKey"] = "customer_id".into();
    expected["keyColumns"].as_array_mut().unwrap().extend([find("email"), find("td_client_id")]);
    let sorted = |mut setting: Value| {
        setting["keyColumns"].as_array_mut().unwrap().sort_by_key(|key| key["name"].to_string());
        setting
    };
    assert_eq!(sorted(live.clone()), sorted(expected), "the rest is as it was");
}

#[test]
fn the_second_time_nothing_is_written_and_a_pattern_alone_is_brought_up_to_date() {
    let platform = platform();
    let flags = ["--key", "email", "--exclude-regex", "email=^test_", "--invalid", "email=null"];
    assert_eq!(actions(&run(&platform, &flags).decode()), [("email", "created")]);
    platform.forget_requests();
    for again in [&flags[..], &flags[..2]] {
        let same: Document = run(&platform, again).decode();
        assert_eq!(
            (same.id_stitching.action.as_str(), actions(&same)),
            ("unchanged", vec![("email", "unchanged")])
        );
    }
    assert_eq!(platform.writes(), Vec::<String>::new());
    let changed: Document = run(&platform, &["--key", "email", "--valid-regex", "email=@"]).decode();
    assert_eq!(
        (changed.id_stitching.action.as_str(), actions(&changed)),
        ("updated", vec![("email", "updated")])
    );
    let live = setting(&platform);
    let keys = live["keyColumns"].as_array().unwrap();
    assert_eq!(keys[1], key("email", json!("@"), json!(["null"])), "what was not said stays");
    assert_eq!(keys.len(), 2);
}

#[test]
fn documents_work_like_flags() {
    let yaml = "parent_segment_name: Customer 360\nid_stitching:\n  primary_key: canonical_id\n  stitching_keys:\n    - {name: canonical_id}\n    - {name: td_client_id}\n    - {name: email, exclude_regex: '^test_', invalid: ['null']}\n  ext_lookup_key: customer_id\n";
    let file = Written::new("plan.yaml", yaml);
    let platform = platform();
    let made: Document = platform.tdx(&["rt-keys", "-f", file.path()]).run().decode();
    assert_eq!(made.parent_segment.key_columns.len(), 4);
    assert!(
        made.parent_segment.key_columns.contains(&"canonical_id".to_owned()),
        "the primary key is a key too"
    );
    platform.forget_requests();
    let again: Document = platform.tdx(&["rt-keys"]).stdin(yaml).run().decode();
    assert_eq!(again.id_stitching.action, "unchanged");
    assert_eq!(platform.writes(), Vec::<String>::new());
    let flag = ["rt-keys", "--key", "email", "--exclude-regex", "email=^qa_"];
    let changed: Document = platform.tdx(&flag).stdin(yaml).run().decode();
    assert_eq!(
        actions(&changed).iter().filter(|(_, action)| *action == "updated").count(),
        1,
        "a flag wins over the document"
    );
    assert_eq!(actions(&changed).iter().filter(|(name, _)| *name == "email").count(), 1);
}

#[test]
fn the_lookup_key_is_the_profile_key_and_stays() {
    let platform = platform();
    let error = run(&platform, &["--key", "email", "--ext-lookup-key", "email"]).error(2, "invalid-plan");
    assert_eq!(
        said(&error, "message"),
        "ext_lookup_key must be the profile key of the parent segment's master table, 'customer_id', not 'email'"
    );
    assert_eq!(platform.writes(), Vec::<String>::new());
    let made: Document = run(&platform, &["--ext-lookup-key", "customer_id"]).decode();
    assert_eq!(made.id_stitching.ext_lookup_key, "customer_id");
    assert_eq!(setting(&platform)["extLookupKey"], "customer_id");
    platform.forget_requests();
    let error = run(&platform, &["--ext-lookup-key", "email"]).error(6, "conflict");
    assert_eq!(
        said(&error, "message"),
        "the external lookup key is 'customer_id' and can't become 'email': the platform fixes it for good"
    );
    assert!(said(&error, "hint").contains("leave ext_lookup_key out"), "{error}");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn keys_that_no_event_table_has_are_refused() {
    let platform = platform();
    let error = run(&platform, &["--key", "email", "--key", "td_clent_id"]).error(2, "unknown-column");
    assert_eq!(
        said(&error, "message"),
        "stitching key 'td_clent_id': there is no column 'td_clent_id' in web_events.legacy_clicks, web_events.pageviews"
    );
    assert_eq!(said(&error, "hint"), "did you mean 'td_client_id'?");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_asked() {
    let platform = platform();
    for (arguments, code, part) in [
        (&["--key", "email", "--valid-regex", "email"][..], "usage", "NAME=VALUE"),
        (&["--key", "email", "--valid-regex", "email=("], "invalid-plan", "is not valid"),
    ] {
        let error = run(&platform, arguments).error(2, code);
        assert!(said(&error, "message").contains(part), "{arguments:?}: {error}");
    }
    let file = Written::new(
        "plan.yaml",
        "parent_segment_id: '394649'\nid_stitching:\n  stitching_keys:\n    - {name: email, valid_regex: '['}\n    - email\n",
    );
    let error = platform.tdx(&["rt-keys", "-f", file.path()]).run().error(2, "invalid-plan");
    assert!(
        said(&error, "message")
            .contains(&format!("{}:4:34: id_stitching.stitching_keys[0].valid_regex", file.path())),
        "{error}"
    );
    assert_eq!(platform.requests(), Vec::<String>::new());
    let error = run(&platform, &[]).error(2, "usage");
    assert_eq!(said(&error, "message"), "there are no stitching keys to configure");
    let many: Vec<_> = (0..101).map(|i| format!("k{i}")).collect();
    let plan = json!({"parent_segment_id": PS, "id_stitching": {"stitching_keys": many}}).to_string();
    let error = platform.tdx(&["rt-keys"]).stdin(plan).run().error(2, "invalid-plan");
    assert!(said(&error, "message").contains("101 stitching keys; the platform's limit is 100"), "{error}");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn list_and_delete() {
    let platform = platform();
    run(&platform, &["--key", "email", "--key", "customer_id"]).document();
    let listed = platform.tdx(&["rt-keys", "list", "--ps", PS]).run().document();
    let lookups: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|key| (key["name"].as_str().unwrap(), key["ext_lookup_key"].as_bool().unwrap()))
        .collect();
    assert_eq!(lookups, [("legacy_id", false), ("email", false), ("customer_id", true)]);
    let mut expected = setting(&platform);
    let delete = |name: &str| platform.tdx(&["rt-keys", "delete", name, "--ps", PS]).run();
    assert_eq!(
        delete("email").document(),
        json!({"kind": "stitching_key", "name": "email", "id": null, "action": "deleted", "lost": []})
    );
    expected["keyColumns"].as_array_mut().unwrap().retain(|key| key["name"] != "email");
    assert_eq!(setting(&platform), expected);
    let error = delete("custmer_id").error(3, "not-found");
    assert_eq!(
        (said(&error, "message"), said(&error, "hint")),
        ("there is no stitching key 'custmer_id'", "did you mean 'customer_id'?")
    );
    assert_eq!(setting(&platform), expected);
}

#[test]
fn a_primary_key_that_is_added_is_noted_so_that_the_next_step_can_read_it() {
    let platform = platform();
    let plan = "parent_segment_id: '394649'\nid_stitching: {primary_key: canonical_id, stitching_keys: [td_client_id]}\n";
    let first = platform.tdx(&["rt-keys"]).stdin(plan).run().document();
    assert_eq!(
        (&first["id_stitching"]["primary_key"], &first["id_stitching"]["stitching_keys"]),
        (
            &json!("canonical_id"),
            &json!([{"name": "canonical_id", "action": "created"}, {"name": "td_client_id", "action": "created"}])
        )
    );
    let second = platform.tdx(&["rt-keys"]).stdin(first.to_string()).run().document();
    assert_eq!(second["id_stitching"]["action"], "unchanged");
    let alone = "parent_segment_id: '394649'\nid_stitching: {primary_key: canonical_id}\n";
    let alone = platform.tdx(&["rt-keys"]).stdin(alone).run().document();
    assert_eq!(
        alone["id_stitching"]["stitching_keys"],
        json!([{"name": "canonical_id", "action": "unchanged"}])
    );
}

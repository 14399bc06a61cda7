//! `rt-attrs`: single, list, counter and imported attributes.

use super::{PS, Written, configured, listing, names, said, setting};
use crate::common::{Output, Platform};
use serde::Deserialize;
use serde_json::{Value, json};
use tdx_rt::sandbox::{Options, Settle};

#[derive(Debug, Deserialize)]
struct Document {
    attributes: Vec<Attribute>,
    parent_segment: ParentSegment,
}

#[derive(Debug, Deserialize)]
struct Attribute {
    name: String,
    id: String,
    action: String,
}

#[derive(Debug, Deserialize)]
struct ParentSegment {
    rt_status: String,
    ready: bool,
    attributes: Vec<String>,
}

fn platform() -> Platform {
    let platform = Platform::start();
    platform.tdx(&["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"]).run().document();
    platform.forget_requests();
    platform
}

fn run(platform: &Platform, arguments: &[&str]) -> Output {
    let mut all = vec!["rt-attrs", "--ps", PS, "--interval", "5ms"];
    all.extend_from_slice(arguments);
    platform.tdx(&all).run()
}

fn live(platform: &Platform, name: &str) -> Value {
    let all = listing(platform, "realtime_attributes");
    all.into_iter()
        .find(|attribute| attribute["name"] == name)
        .unwrap_or_else(|| panic!("no attribute {name}"))
}

fn actions(output: &Output) -> Vec<(String, String)> {
    output.decode::<Document>().attributes.into_iter().map(|a| (a.name, a.action)).collect()
}

fn action(output: &Output) -> String {
    actions(output)[0].1.clone()
}

const ALL: [&str; 16] = [
    "--single",
    "last=view.product_id",
    "--list",
    "seen=view.product_id",
    "--max-items",
    "7",
    "--expiry-days",
    "3",
    "--counter",
    "views=view",
    "--counter",
    "spent=view.price",
    "--window",
    "24h",
    "--import",
    "loyalty_tier",
];

#[test]
fn every_kind_is_made_from_flags_and_waited_for() {
    let platform = platform();
    let made: Document = run(&platform, &ALL).decode();
    assert!(
        made.attributes.iter().all(|attribute| attribute.action == "created" && !attribute.id.is_empty())
    );
    assert_eq!((made.parent_segment.rt_status.as_str(), made.parent_segment.ready), ("ok", true));
    assert_eq!(made.parent_segment.attributes, ["country", "last", "seen", "views", "spent", "loyalty_tier"]);

    let event = listing(&platform, "realtime_key_events")[0]["id"].clone();
    let everything = json!({"type": "And", "conditions": []});
    let expect = |name: &str, wanted: Value| {
        let mut found = live(&platform, name);
        found.as_object_mut().unwrap().retain(|key, _| wanted.get(key).is_some());
        assert_eq!(found, wanted);
    };
    expect(
        "last",
        json!({
            "name": "last", "identifier": "last", "type": "single", "realtimeKeyEventId": event, "filterRule": everything,
            "valueColumn": "product_id", "dataType": "string"
        }),
    );
    expect(
        "seen",
        json!({
            "name": "seen", "identifier": "seen", "type": "list", "realtimeKeyEventId": event, "filterRule": everything,
            "idColumn": "product_id", "fields": ["product_id"], "duration": {"value": 3, "unit": "day"}, "maxItems": 7, "actions": [],
            "aggregations": [{"name": "items", "identifier": "items", "aggregationType": "distinct_list", "column": "product_id"}]
        }),
    );
    let window = json!([{"name": "24h", "identifier": "window_24h", "value": 24, "unit": "hour"}]);
    expect(
        "views",
        json!({
            "identifier": "views", "type": "counter", "counterType": "sliding", "increment": {"type": "const", "value": 1},
            "duration": {"value": 24, "unit": "hour"}, "subDurations": window
        }),
    );
    expect(
        "spent",
        json!({"identifier": "spent", "type": "counter", "increment": {"type": "field", "value": "price"}}),
    );
    expect(
        "loyalty_tier",
        json!({"identifier": "loyalty_tier", "type": "imported", "column": "loyalty_tier"}),
    );
    assert_eq!(live(&platform, "country")["type"], "imported", "an import of another user stays");

    platform.forget_requests();
    let second = run(&platform, &ALL);
    assert!(actions(&second).iter().all(|(_, action)| action == "unchanged"), "{second:?}");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn documents_have_all_that_flags_have_and_more() {
    let platform = platform();
    let yaml = "
parent_segment_id: '394649'
attributes:
  - {name: price, type: single, source_event: view, source_field: price, description: Last price, window_duration: 7d}
  - {name: dearest, type: single, source_event: view, source_field: price, aggregation: max}
  - {name: total, type: counter, source_event: view, aggregation: count}
  - {name: windows, type: counter, source_event: view, window_duration: [24h, 7d], where: \"price > 10\"}
  - {name: tier, type: imported_batch, column: loyalty_tier}
";
    let file = Written::new("plan.yaml", yaml);
    let made = platform.tdx(&["rt-attrs", "-f", file.path(), "--interval", "5ms"]).run();
    assert!(actions(&made).iter().all(|(_, action)| action == "created"), "{made:?}");
    assert_eq!(live(&platform, "price")["dataType"], "number", "as the column is");
    assert_eq!(live(&platform, "price")["duration"], json!({"value": 7, "unit": "day"}));
    assert_eq!(live(&platform, "dearest")["type"], "list", "a single keeps the last value only");
    assert_eq!(live(&platform, "dearest")["aggregations"][0]["aggregationType"], "max");
    assert_eq!(live(&platform, "total")["counterType"], "total");
    assert_eq!(live(&platform, "windows")["subDurations"].as_array().unwrap().len(), 2);
    assert_eq!(live(&platform, "windows")["filterRule"]["conditions"][0]["column"], "price");
    let columns: Vec<_> = listing(&platform, "realtime_attributes")
        .iter()
        .filter(|a| a["type"] == "imported")
        .map(|a| a["column"].clone())
        .collect();
    assert_eq!(columns, ["country", "loyalty_tier"]);
    platform.forget_requests();
    let again = platform.tdx(&["rt-attrs", "--interval", "5ms"]).stdin(yaml).run();
    assert!(actions(&again).iter().all(|(_, action)| action == "unchanged"), "{again:?}");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn what_can_be_changed_is_and_what_was_not_said_stays() {
    let platform = platform();
    run(&platform, &ALL).document();
    platform.forget_requests();
    assert_eq!(action(&run(&platform, &["--list", "seen=view.product_id"])), "unchanged");
    assert_eq!(action(&run(&platform, &["--counter", "views=view"])), "unchanged");
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert_eq!(action(&run(&platform, &["--list", "seen=view.product_id", "--max-items", "9"])), "updated");
    let seen = live(&platform, "seen");
    assert_eq!((&seen["maxItems"], &seen["duration"]), (&json!(9), &json!({"value": 3, "unit": "day"})));
    assert_eq!(action(&run(&platform, &["--counter", "views=view", "--window", "7d"])), "updated");
    let views = live(&platform, "views");
    let windows: Vec<_> =
        views["subDurations"].as_array().unwrap().iter().map(|w| w["name"].as_str().unwrap()).collect();
    assert_eq!(windows, ["24h", "7d"], "a window that may be in use stays");
    assert_eq!(views["duration"], json!({"value": 7, "unit": "day"}));
    platform.forget_requests();
    assert_eq!(action(&run(&platform, &["--counter", "views=view", "--window", "24h"])), "unchanged");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn what_others_added_to_a_list_stays() {
    let platform = platform();
    run(&platform, &["--list", "seen=view.product_id"]).document();
    let before = live(&platform, "seen");
    let id = before["id"].as_str().unwrap();
    let mut aggregations = before["aggregations"].clone();
    aggregations.as_array_mut().unwrap().insert(
        0,
        json!({"name": "newest", "identifier": "newest", "aggregationType": "last", "column": "price"}),
    );
    let change =
        json!({"fields": ["product_id", "price"], "aggregations": aggregations, "description": "Theirs"});
    let (status, body) =
        platform.request("PATCH", &format!("/audiences/{PS}/realtime_attributes/{id}"), Some(change));
    assert_eq!(status, 200, "{body}");
    let theirs = live(&platform, "seen");
    platform.forget_requests();
    assert_eq!(action(&run(&platform, &["--list", "seen=view.product_id"])), "unchanged");
    assert_eq!(platform.writes(), Vec::<String>::new());
    let document = json!({"parent_segment_id": PS, "attributes": [
        {"name": "seen", "type": "list", "source_event": "view", "source_field": "price", "id_field": "product_id", "aggregation": "sum"}]});
    let more = platform.tdx(&["rt-attrs", "--interval", "5ms"]).stdin(document.to_string()).run();
    assert_eq!(action(&more), "updated");
    let ours = live(&platform, "seen");
    assert_eq!((&ours["fields"], &ours["description"]), (&theirs["fields"], &theirs["description"]));
    let all = ours["aggregations"].as_array().unwrap();
    assert_eq!(all[..2], theirs["aggregations"].as_array().unwrap()[..]);
    assert_eq!((all.len(), &all[2]["aggregationType"]), (3, &json!("sum")));
}

#[test]
fn contradictions_are_conflicts_and_change_nothing() {
    let platform = platform();
    run(&platform, &ALL).document();
    let before = listing(&platform, "realtime_attributes");
    platform.forget_requests();
    for (arguments, part) in [
        (&["--single", "seen=view.product_id"][..], "attribute 'seen' exists with the type list, not single"),
        (&["--list", "last=view.product_id"][..], "the type single, not list"),
        (&["--single", "last=view.price"][..], "the value column product_id, not price"),
        (&["--list", "seen=view.td_url"][..], "the id column product_id, not td_url"),
        (&["--counter", "views=view.price", "--window", "24h"][..], "the increment"),
        (
            &["--counter", "country=view"][..],
            "attribute 'country' exists with the type imported, not counter",
        ),
        // One contradiction stops all of it.
        (
            &["--single", "new=view.product_id", "--single", "views=view.product_id"][..],
            "the type counter, not single",
        ),
    ] {
        let error = run(&platform, arguments).error(6, "conflict");
        assert!(said(&error, "message").contains(part), "{arguments:?}: {error}");
        assert!(said(&error, "hint").contains("tdx-rt rt-attrs delete"), "{error}");
    }
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert_eq!(listing(&platform, "realtime_attributes"), before);
}

#[test]
fn a_setting_that_the_platform_cannot_change_is_a_conflict_too() {
    let platform = platform();
    let attribute = |more: &str| {
        format!(
            "parent_segment_id: '394649'\nattributes:\n  - {{name: last, type: single, source_event: view, source_field: product_id{more}}}\n"
        )
    };
    let run = |more: &str| platform.tdx(&["rt-attrs", "--interval", "5ms"]).stdin(attribute(more)).run();
    assert_eq!(action(&run("")), "created");
    platform.forget_requests();
    let error = run(", sensitive: true").error(6, "conflict");
    assert!(said(&error, "message").contains("sensitive"), "{error}");
    assert_eq!(action(&run(", sensitive: false")), "unchanged");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn unknown_names_have_a_nearest_one_and_nothing_is_written() {
    let platform = platform();
    for (arguments, exit_code, code, message, hint) in [
        (
            &["--single", "x=viev.product_id"][..],
            3,
            "not-found",
            "attribute 'x': there is no key event 'viev'",
            "did you mean 'view'?",
        ),
        (
            &["--single", "x=view.product_ix"][..],
            2,
            "unknown-column",
            "attribute 'x': there is no column 'product_ix' in web_events.pageviews",
            "did you mean 'product_id'?",
        ),
        (
            &["--counter", "x=view.prize"][..],
            2,
            "unknown-column",
            "attribute 'x': there is no column 'prize' in web_events.pageviews",
            "did you mean 'price'?",
        ),
        (
            &["--single", "ok=view.price", "--import", "loyalty_teir"][..],
            2,
            "unknown-column",
            "attribute 'loyalty_teir': the parent segment has no batch attribute 'loyalty_teir'",
            "did you mean 'loyalty_tier'?",
        ),
    ] {
        let error = run(&platform, arguments).error(exit_code, code);
        assert_eq!((said(&error, "message"), said(&error, "hint")), (message, hint));
    }
    let error = run(&platform, &["--single", "x=purchase.amount"]).error(3, "not-found");
    assert_eq!(said(&error, "hint"), "make it first: tdx-rt rt-events --event NAME=DB.TABLE");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn wrong_documents_and_flags_are_refused_before_anything_is_asked() {
    let platform = platform();
    let file = Written::new(
        "plan.yaml",
        "parent_segment_id: '394649'\nattributes:\n  - name: a\n    type: cuonter\n  - {name: b, type: list, source_event: view}\n  - {name: c, type: counter, source_event: view, window_duration: soon}\n  - {name: d, type: counter, source_event: view, aggregation: max}\n",
    );
    let error = platform.tdx(&["rt-attrs", "-f", file.path()]).run().error(2, "invalid-plan");
    let message = said(&error, "message");
    for part in [
        ":4:11: attributes[0].type: unknown type 'cuonter'; did you mean 'counter'?",
        ":5:5: attributes[1]: this attribute needs 'source_field'",
        ":6:67: attributes[2].window_duration: ",
        ":7:63: attributes[3].aggregation: the aggregation 'max' does not fit a counter attribute",
    ] {
        assert!(message.contains(&format!("{}{part}", file.path())), "{part}\n{message}");
    }
    for (arguments, code, part) in [
        (&["--single", "x=view"][..], "usage", "NAME=EVENT.COLUMN"),
        (&["--single", "x=view.price", "--window", "7d"], "usage", "--window goes with --counter"),
        (&["--import", "city", "--max-items", "7"], "usage", "--max-items goes with --list"),
        (&["--counter", "x=view", "--window", "1fortnight"], "invalid-plan", "window_duration"),
        (&["--list", "x=view.price", "--max-items", "0"], "invalid-plan", "at least 1"),
        (&["--timeout", "soon", "--import", "city"], "usage", "is not a duration"),
    ] {
        let error = run(&platform, arguments).error(2, code);
        assert!(said(&error, "message").contains(part), "{arguments:?}: {error}");
    }
    assert_eq!(platform.requests(), Vec::<String>::new());
    let error = run(&platform, &[]).error(2, "usage");
    assert_eq!(said(&error, "message"), "there are no attributes to configure");
}

#[test]
fn flags_bring_an_attribute_of_the_document_up_to_date() {
    let platform = platform();
    let first =
        run(&platform, &["--list", "seen=view.product_id", "--single", "last=view.product_id"]).document();
    let flags = ["rt-attrs", "--interval", "5ms", "--list", "seen=view.product_id", "--max-items", "5"];
    let second = platform.tdx(&flags).stdin(first.to_string()).run();
    assert_eq!(
        actions(&second),
        [("last".to_owned(), "unchanged".to_owned()), ("seen".to_owned(), "updated".to_owned())]
    );
}

#[test]
fn a_batch_attribute_is_imported_once_whatever_it_is_called() {
    let platform = platform();
    let plan = "parent_segment_id: '394649'\nattributes:\n  - {name: a, type: imported_batch, column: city}\n  - {name: b, type: imported_batch, column: city}\n";
    let made: Document = platform.tdx(&["rt-attrs", "--interval", "5ms"]).stdin(plan).run().decode();
    assert_eq!(made.attributes[0].id, made.attributes[1].id);
    assert_eq!(names(&listing(&platform, "realtime_attributes")), ["country", "city"]);
}

#[test]
fn not_waiting_and_waiting_in_vain() {
    let platform = Platform::with(Options { settle: Settle::Never, ..Options::default() });
    let made: Document = run(&platform, &["--import", "city", "--no-wait"]).decode();
    assert_eq!((made.parent_segment.rt_status.as_str(), made.parent_segment.ready), ("updating", false));
    let error = run(&platform, &["--import", "age_group", "--timeout", "20ms"]).error(8, "not-ready");
    assert_eq!(error["details"]["parent_segment"]["rt_status"], "updating");
    assert!(
        names(&listing(&platform, "realtime_attributes")).contains(&"age_group"),
        "what was written stays"
    );
    // Nothing to do, but the roll-out of before is still under way.
    run(&platform, &["--import", "city", "--timeout", "20ms"]).error(8, "not-ready");
}

#[test]
fn list_and_delete() {
    let platform = platform();
    run(&platform, &ALL).document();
    let raw = platform.tdx(&["rt-attrs", "list", "--ps", PS, "--raw"]).run().document();
    let mut theirs = listing(&platform, "realtime_attributes");
    for attribute in theirs.iter_mut().filter_map(Value::as_object_mut) {
        let extra = ["createdAt", "createdBy", "updatedAt", "updatedBy", "realtimeAttributeKind"];
        attribute.retain(|key, value| !extra.contains(&key.as_str()) && !value.is_null());
    }
    assert_eq!(raw, json!(theirs), "as the platform has them");
    let listed = platform.tdx(&["rt-attrs", "list", "--ps", PS]).run().document();
    assert_eq!(names(listed.as_array().unwrap()), names(raw.as_array().unwrap()));
    let id =
        |name: &str| raw.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()["id"].clone();
    let event = raw.as_array().unwrap().iter().find(|one| one["name"] == "last").unwrap();
    let row = listed.as_array().unwrap().iter().find(|one| one["name"] == "last").unwrap();
    assert_eq!(row["source_event_id"], event["realtimeKeyEventId"], "the id beside the name");
    assert_eq!((&row["id"], &row["type"]), (&id("last"), &json!("single")));
    let seen = listed.as_array().unwrap().iter().find(|one| one["name"] == "seen").unwrap();
    assert_eq!((&seen["max_items"], &seen["identifier"]), (&json!(7), &json!("seen")), "defaults too");
    let delete = |name: &str| platform.tdx(&["rt-attrs", "delete", name, "--ps", PS]).run();
    let before = setting(&platform);
    let gone = delete("last").document();
    assert_eq!(
        (&gone["kind"], &gone["name"], &gone["action"]),
        (&json!("attribute"), &json!("last"), &json!("deleted"))
    );
    assert_eq!(setting(&platform), before);
    delete("loyalty_tier").document();
    let left = listing(&platform, "realtime_attributes");
    let mut left = names(&left);
    left.sort_unstable();
    assert_eq!(left, ["country", "seen", "spent", "views"]);
    let error = delete("sen").error(3, "not-found");
    assert_eq!(
        (said(&error, "message"), said(&error, "hint")),
        ("there is no attribute 'sen'", "did you mean 'seen'?")
    );
    let id = live(&platform, "views")["id"].as_str().unwrap().to_owned();
    assert_eq!(delete(&id).document()["name"], "views", "an id will do as well");
}

#[test]
fn what_is_in_use_is_not_deleted() {
    let platform = configured();
    let create = [
        "pz-create",
        "--ps",
        PS,
        "--name",
        "web",
        "--trigger",
        "page_view",
        "--attribute",
        "last",
        "--criteria",
        "loyalty_tier = 'VIP'",
    ];
    platform.tdx(&create).run().document();
    let before = listing(&platform, "realtime_attributes");
    for name in ["last", "loyalty_tier"] {
        let error = platform.tdx(&["rt-attrs", "delete", name, "--ps", PS]).run().error(6, "conflict");
        assert!(said(&error, "message").contains("of section 'Default' of personalization 'web'"), "{error}");
        assert!(said(&error, "hint").contains("tdx-rt pz-create delete web --ps 394649"), "{error}");
    }
    assert_eq!(listing(&platform, "realtime_attributes"), before);
}

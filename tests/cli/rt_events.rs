//! `rt-events`: event tables and key events.

use super::{PS, Written, configured, listing, names, said, setting};
use crate::common::{Output, Platform};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
struct Document {
    parent_segment_id: String,
    parent_segment_name: String,
    site: String,
    events: Vec<Event>,
    parent_segment: ParentSegment,
}

#[derive(Debug, Deserialize)]
struct Event {
    name: String,
    id: String,
    action: String,
}

#[derive(Debug, Deserialize)]
struct ParentSegment {
    event_tables: Vec<String>,
    key_events: Vec<String>,
    ready: bool,
}

fn run(platform: &Platform, arguments: &[&str]) -> Output {
    let mut all = vec!["rt-events", "--ps", PS];
    all.extend_from_slice(arguments);
    platform.tdx(&all).run()
}

fn rule(platform: &Platform, name: &str) -> Value {
    let events = listing(platform, "realtime_key_events");
    events.iter().find(|event| event["name"] == name).unwrap_or_else(|| panic!("no {name}"))["filterRule"]
        .clone()
}

fn condition(column: &str, kind: &str, value: Value) -> Value {
    json!({"type": "Column", "column": column, "operator": {"type": kind, "rightValue": value, "not": false}})
}

#[test]
fn flags_make_a_table_and_a_key_event_and_drop_nothing() {
    let platform = Platform::start();
    let before = setting(&platform);
    let made: Document =
        run(&platform, &["--event", "view=web_events.pageviews", "--description", "A page"]).decode();
    assert_eq!(
        (made.parent_segment_id.as_str(), made.parent_segment_name.as_str(), made.site.as_str()),
        (PS, "Customer 360", "us01")
    );
    assert_eq!((made.events[0].name.as_str(), made.events[0].action.as_str()), ("view", "created"));
    assert_eq!(made.parent_segment.event_tables, ["web_events.legacy_clicks", "web_events.pageviews"]);
    assert_eq!(made.parent_segment.key_events, ["view"]);
    assert!(!made.parent_segment.ready, "a change is being rolled out");

    let mut expected = before;
    expected["eventTables"]
        .as_array_mut()
        .unwrap()
        .push(json!({"database": "web_events", "table": "pageviews"}));
    assert_eq!(setting(&platform), expected, "only the table was added");
    let live = listing(&platform, "realtime_key_events");
    assert_eq!(
        live,
        [json!({
            "id": made.events[0].id, "name": "view", "databaseName": "web_events", "tableName": "pageviews",
            "description": "A page", "filterRule": {"type": "And", "conditions": []}
        })]
    );
}

#[test]
fn the_write_carries_all_four_fields() {
    let platform = Platform::start();
    run(&platform, &["--event", "view=web_events.pageviews"]).document();
    let journal = platform.get("/_sandbox/requests?method=PATCH");
    let body = journal["requests"][0]["body"].as_object().unwrap();
    let mut fields: Vec<_> = body.keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["batchAttributes", "eventTables", "extLookupKey", "keyColumns"]);
}

#[test]
fn a_key_event_is_created_left_alone_and_brought_up_to_date() {
    let platform = Platform::start();
    let filtered = ["--event", "view=web_events.pageviews", "--where", "price > 100 AND td_path LIKE '/p%'"];
    let action = |output: Output| output.decode::<Document>().events[0].action.clone();
    assert_eq!(action(run(&platform, &filtered)), "created");
    let both = json!([
        condition("price", "GreaterThan", json!(100)),
        condition("td_path", "Regexp", json!("(?s)^/p.*$"))
    ]);
    assert_eq!(rule(&platform, "view"), json!({"type": "And", "conditions": both}));

    platform.forget_requests();
    assert_eq!(action(run(&platform, &filtered)), "unchanged");
    assert_eq!(action(run(&platform, &filtered[..2])), "unchanged", "a filter that was not said stays");
    assert_eq!(platform.writes(), Vec::<String>::new());

    let other = [
        "--event",
        "view=web_events.pageviews",
        "--filter",
        "td_path=^/product",
        "--description",
        "Products",
    ];
    assert_eq!(action(run(&platform, &other)), "updated");
    assert_eq!(
        rule(&platform, "view"),
        json!({"type": "And", "conditions": [condition("td_path", "Regexp", json!("^/product"))]})
    );
    assert_eq!(listing(&platform, "realtime_key_events")[0]["description"], "Products");
    assert_eq!(platform.writes().len(), 1, "the setting was left alone: {:?}", platform.writes());
    assert_eq!(listing(&platform, "realtime_key_events").len(), 1);
}

#[test]
fn documents_come_as_yaml_json_or_through_a_pipe() {
    let yaml = "parent_segment_id: 394649\nevents:\n  - name: view\n    database: web_events\n    table: pageviews\n    filter: {field: td_path, pattern: '^/p'}\n";
    let json = json!({
        "parent_segment_id": PS, "x-kept": {"as": "it is"},
        "events": [{"name": "view", "table": "web_events.pageviews", "filter": [{"field": "td_path", "pattern": "^/p"}]}]
    })
    .to_string();
    let (yaml_file, json_file) = (Written::new("plan.yaml", yaml), Written::new("plan.json", &json));
    let runs: [(&[&str], Option<&str>); 5] = [
        (&["rt-events", "-f", yaml_file.path()], None),
        (&["rt-events", "--file", json_file.path()], None),
        (&["rt-events", "-f", "-"], Some(yaml)),
        (&["rt-events"], Some(&json)),
        (&["rt-events", "--ps", "Customer 360", "-f", yaml_file.path()], Some("not read")),
    ];
    for (arguments, stdin) in runs {
        let platform = Platform::start();
        let tdx = platform.tdx(arguments);
        let output = if let Some(text) = stdin { tdx.stdin(text) } else { tdx }.run();
        let made: Document = output.decode();
        assert_eq!(
            (made.parent_segment_id.as_str(), made.events[0].action.as_str()),
            (PS, "created"),
            "{arguments:?}"
        );
        assert_eq!(
            rule(&platform, "view"),
            json!({"type": "And", "conditions": [condition("td_path", "Regexp", json!("^/p"))]})
        );
        if stdin == Some(json.as_str()) {
            assert_eq!(
                output.document()["x-kept"],
                json!({"as": "it is"}),
                "what we do not know passes through"
            );
        }
    }
}

#[test]
fn flags_bring_an_event_of_the_document_up_to_date() {
    let platform = Platform::start();
    let first =
        run(&platform, &["--event", "view=web_events.pageviews", "--event", "login=web_events.logins"])
            .document();
    let second = ["rt-events", "--event", "view=web_events.pageviews", "--where", "price > 1"];
    let made: Document = platform.tdx(&second).stdin(first.to_string()).run().decode();
    let actions: Vec<_> =
        made.events.iter().map(|event| (event.name.as_str(), event.action.as_str())).collect();
    assert_eq!(actions, [("login", "unchanged"), ("view", "updated")]);
}

#[test]
fn list_and_delete() {
    let platform = Platform::start();
    run(&platform, &["--event", "view=web_events.pageviews", "--event", "login=web_events.logins"])
        .document();
    let before = setting(&platform);
    let list = ["rt-events", "list", "--ps", PS];
    let listed = platform.tdx(&list).run().document();
    let raw = platform.tdx(&[&list[..], &["--raw"]].concat()).run().document();
    let mut theirs = listing(&platform, "realtime_key_events");
    theirs.iter_mut().for_each(|event| event.as_object_mut().unwrap().retain(|_, value| !value.is_null()));
    assert_eq!(raw, json!(theirs), "in the platform's form");
    let row = |index: usize| {
        let table = raw[index]["tableName"].clone();
        json!({"id": raw[index]["id"], "name": raw[index]["name"], "database": "web_events", "table": table,
            "description": null, "where": null, "filter": null})
    };
    // A table that no event uses has neither id nor name.
    let mut unused = json!({"id": null, "name": null, "database": "web_events", "table": "legacy_clicks"});
    unused
        .as_object_mut()
        .unwrap()
        .extend(["description", "where", "filter"].map(|key| (key.to_owned(), json!(null))));
    let expected = [row(0), row(1), unused];
    assert_eq!(listed, json!(expected), "in a plan's words");

    let id = |name: &str| {
        let all = listed.as_array().unwrap();
        all.iter().find(|event| event["name"] == name).unwrap()["id"].clone()
    };
    let gone = platform.tdx(&["rt-events", "delete", "view", "--ps", PS]).run().document();
    assert_eq!(
        gone,
        json!({"kind": "key_event", "name": "view", "id": id("view"), "action": "deleted", "lost": []})
    );
    assert_eq!(names(&listing(&platform, "realtime_key_events")), ["login"]);
    assert_eq!(setting(&platform), before, "the table stays");

    platform.tdx(&["rt-events", "delete", id("login").as_str().unwrap(), "--ps", PS]).run().document();
    assert_eq!(listing(&platform, "realtime_key_events"), Vec::<Value>::new(), "an id will do as well");

    let gone = platform.tdx(&["rt-events", "delete", "web_events.logins", "--ps", PS]).run().document();
    assert_eq!(
        gone,
        json!({"kind": "event_table", "name": "web_events.logins", "id": null, "action": "deleted", "lost": []})
    );
    let mut expected = before;
    expected["eventTables"].as_array_mut().unwrap().retain(|table| table["table"] != "logins");
    assert_eq!(setting(&platform), expected);
}

#[test]
fn what_cannot_be_deleted_stays() {
    let platform = configured();
    let before = (setting(&platform), listing(&platform, "realtime_key_events"));
    let delete = |name: &str| platform.tdx(&["rt-events", "delete", name, "--ps", PS]).run();
    let error = delete("page_vew").error(3, "not-found");
    assert_eq!(
        (said(&error, "message"), said(&error, "hint")),
        ("there is no key event 'page_vew'", "did you mean 'page_view'?")
    );
    let error = delete("web_events.pageview").error(3, "not-found");
    assert_eq!(said(&error, "hint"), "did you mean 'web_events.pageviews'?");
    assert_eq!(platform.writes(), Vec::<String>::new());
    let error = delete("page_view").error(6, "conflict");
    // In the order that they were made in, which were made at once.
    let message = said(&error, "message");
    assert!(message.contains("key event 'page_view' is used by "), "{error}");
    assert!(message.contains("single attribute 'last'"), "{error}");
    let error = delete("web_events.pageviews").error(6, "conflict");
    assert!(said(&error, "message").contains("is used by key event 'page_view'"), "{error}");
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert_eq!((setting(&platform), listing(&platform, "realtime_key_events")), before);
}

#[test]
fn columns_and_tables_that_are_not_there_are_refused_before_anything_is_written() {
    let platform = Platform::start();
    for (arguments, code, exit_code, message, hint) in [
        (
            &["--event", "v=web_events.pageviews", "--where", "prise > 1"][..],
            "unknown-column",
            2,
            "key event 'v': there is no column 'prise' in web_events.pageviews",
            "did you mean 'price'?",
        ),
        (
            &["--event", "v=web_events.pageviews", "--filter", "td_pth=^/"],
            "unknown-column",
            2,
            "key event 'v': there is no column 'td_pth' in web_events.pageviews",
            "did you mean 'td_path'?",
        ),
        (
            &["--event", "v=web_events.pageviews", "--event", "w=web_events.pageveiws"],
            "not-found",
            3,
            "there is no table web_events.pageveiws",
            "did you mean web_events.pageviews?",
        ),
    ] {
        let error = run(&platform, arguments).error(exit_code, code);
        assert_eq!((said(&error, "message"), said(&error, "hint")), (message, hint));
    }
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn wrong_documents_say_where() {
    let platform = Platform::start();
    let file = Written::new(
        "plan.yaml",
        "parent_segment_id: '394649'\nevents:\n  - name: a\n    table: web_events.pageviews\n    where: \"price > 1 AND (td_path = 'x'\"\n  - name: a\n    table: web_events.logins\n  - {name: c, table: pageviews}\n  - {name: b, table: web_events.logins, filter: {field: device, pattern: '('}}\n",
    );
    let path = file.path();
    let error = platform.tdx(&["rt-events", "-f", path]).run().error(2, "invalid-plan");
    let lines: Vec<&str> = said(&error, "message").lines().filter(|line| line.starts_with(path)).collect();
    assert_eq!(lines.len(), 4, "every problem at once: {error}");
    assert!(
        lines[0].starts_with(&format!("{path}:5:27: events[0].where: this '(' is never closed")),
        "{lines:?}"
    );
    assert!(lines[1].starts_with(&format!("{path}:8:5: events[2]: an event needs 'database'")), "{lines:?}");
    assert!(
        lines[2].starts_with(&format!("{path}:9:74: events[3].filter.pattern: the pattern '(' is not valid")),
        "{lines:?}"
    );
    assert!(
        lines[3].starts_with(&format!("{path}:6:11: events[1].name: the event name 'a' occurs twice")),
        "{lines:?}"
    );
    let findings = error["details"]["findings"].as_array().unwrap();
    assert_eq!((&findings[0]["code"], &findings[0]["line"]), (&json!("bad-criteria"), &json!(5)));
    assert_eq!(platform.requests(), Vec::<String>::new(), "not even a look");

    let broken = Written::new("broken.yaml", "events:\n  - name: [a\n");
    let error = platform.tdx(&["rt-events", "-f", broken.path()]).run().error(2, "invalid-plan");
    assert!(said(&error, "message").starts_with(&format!("{}:", broken.path())), "{error}");
    platform.tdx(&["rt-events", "-f", "/nowhere/plan.yaml"]).run().error(3, "not-found");
    platform.tdx(&["rt-events", "-f", "/"]).run().error(9, "io");
    platform.tdx(&["rt-events"]).stdin(b"\xff\xfe{}".as_slice()).run().error(2, "invalid-plan");
    platform.tdx(&["rt-events"]).stdin("[{}, {}]").run().error(2, "invalid-plan");
    assert_eq!(platform.requests(), Vec::<String>::new());
}

#[test]
fn flags_that_do_not_fit_are_refused() {
    let platform = Platform::start();
    for (arguments, part) in [
        (&["--where", "price > 1"][..], "--event"),
        (
            &["--event", "a=web_events.pageviews", "--event", "b=web_events.logins", "--where", "price > 1"]
                [..],
            "exactly one --event",
        ),
        (&["--event", "nothing"][..], "'nothing' is not of the form NAME=VALUE"),
        (&["--event", "a=web_events.pageviews", "list"][..], "list"),
    ] {
        let error = run(&platform, arguments).error(2, "usage");
        assert!(said(&error, "message").contains(part), "{arguments:?}: {error}");
    }
    for (arguments, part) in [
        (&["--event", "a=pageviews"][..], "an event needs 'database'"),
        (&["--event", "a=web_events.pageviews", "--where", "price >"][..], "events[0].where: "),
        (&["--event", "a=web_events.pageviews", "--filter", "td_path=["][..], "is not valid"),
        (&["--event", "a=web_events.pageviews", "--event", "a=web_events.logins"][..], "occurs twice"),
    ] {
        let error = run(&platform, arguments).error(2, "invalid-plan");
        assert!(said(&error, "message").contains(part), "{arguments:?}: {error}");
    }
    let error = platform.tdx(&["rt-events", "--event", "a=web_events.pageviews"]).run().error(2, "usage");
    assert!(said(&error, "message").contains("no parent segment is named"), "{error}");
    assert_eq!(platform.requests(), Vec::<String>::new());
    let error = run(&platform, &[]).error(2, "usage");
    assert_eq!(said(&error, "message"), "there are no events to configure");
}

#[test]
fn the_platforms_limits_hold_before_anything_is_written() {
    let platform = Platform::start();
    let long = format!("td_path = '{}'", "x".repeat(600));
    run(&platform, &["--event", "a=web_events.pageviews", "--where", &long]).document();
    platform.forget_requests();
    let error =
        run(&platform, &["--event", "b=web_events.pageviews", "--where", &long]).error(2, "invalid-plan");
    assert!(
        said(&error, "message").contains("the platform's limit is 1000"),
        "with those that are there: {error}"
    );
    let events: Vec<_> =
        (0..101).map(|i| json!({"name": format!("e{i}"), "table": format!("web_events.t{i}")})).collect();
    let plan = json!({"parent_segment_id": PS, "events": events}).to_string();
    let error = platform.tdx(&["rt-events"]).stdin(plan).run().error(2, "invalid-plan");
    assert!(
        said(&error, "message").contains("the plan has 101 event tables; the platform's limit is 100"),
        "{error}"
    );
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn a_dry_run_shows_what_it_would_send() {
    let platform = Platform::start();
    let before = setting(&platform);
    platform.forget_requests();
    let planned = run(&platform, &["--event", "view=web_events.pageviews", "--dry-run"]).document();
    assert_eq!(planned["dry_run"], true);
    let sent: Vec<_> = planned["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["method"].as_str().unwrap(), r["url"].as_str().unwrap()))
        .collect();
    let url = |path: &str| format!("{}/audiences/{PS}/{path}", platform.url);
    assert_eq!(
        sent,
        [("PATCH", url("realtime_setting").as_str()), ("POST", url("realtime_key_events").as_str())]
    );
    assert_eq!(planned["requests"][1]["body"]["name"], "view");
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert_eq!(setting(&platform), before);
}

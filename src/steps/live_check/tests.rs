//! What no small account has: full limits, and live items whose tables changed.

use super::*;
use crate::plan::Configuration;
use crate::plan::validate;
use crate::steps::live::{Missing, TableSchemas};
use serde_json::json;

fn found(text: &str, live: &Live) -> Vec<(&'static str, String)> {
    let report = validate(text, "plan.yaml");
    assert_eq!(report.findings, [], "{text}");
    let (document, plan) = (report.document.unwrap(), report.plan.unwrap());
    check(&document, &plan, live).into_iter().map(|found| (found.code, found.pointer)).collect()
}

fn table(name: &str) -> EventTable {
    EventTable::new("web", name)
}

fn event(name: &str, table: &str, column: &str) -> KeyEvent {
    let operator = json!({"type": "Equal", "rightValue": "x", "not": false});
    let rule = json!({"type": "Column", "column": column, "operator": operator});
    serde_json::from_value(json!({"id": name, "name": name, "databaseName": "web", "tableName": table,
        "filterRule": {"type": "And", "conditions": [rule]}}))
    .unwrap()
}

fn views(count: usize) -> Live {
    let counter = |index: usize| {
        serde_json::from_value(json!({"id": index.to_string(), "name": format!("c{index}"),
            "identifier": format!("c{index}"), "type": "counter", "realtimeKeyEventId": "view",
            "counterType": "total", "increment": {"type": "const", "value": 1}}))
        .unwrap()
    };
    let state = Configuration {
        attributes: (0..count).map(counter).collect(),
        events: vec![event("view", "pages", "path")],
        ..Configuration::default()
    };
    Live { state, ..Live::default() }
}

#[test]
fn attributes_and_keys_are_counted_with_the_live_ones() {
    let plan = "attributes: [{name: new, type: counter, source_event: view}]\n";
    assert_eq!(found(plan, &views(599)), []);
    assert_eq!(found(plan, &views(600)), [("limit-exceeded", "/attributes".to_owned())]);
    let there = "attributes: [{name: c1, type: counter, source_event: view}]\n";
    assert_eq!(found(there, &views(600)), []);
}

#[test]
fn event_tables_are_counted_with_the_live_ones() {
    let mut live = Live::default();
    live.state.setting.event_tables = (0..100).map(|index| table(&format!("t{index}"))).collect();
    assert_eq!(found("event_tables: [web.t1]\n", &live), []);
    let over = [("limit-exceeded", "/event_tables".to_owned())];
    assert_eq!(found("event_tables: [web.t1, web.more]\n", &live), over);
}

#[test]
fn a_live_filter_that_stays_must_fit_the_new_table() {
    let mut live = views(0);
    live.schemas = TableSchemas::of([(table("other"), vec!["url"]), (table("pages"), vec!["path"])]);
    let of = |table: &str| format!("events: [{{name: view, database: web, table: {table}}}]\n");
    assert_eq!(found(&of("pages"), &live), []);
    assert_eq!(found(&of("other"), &live), [("unknown-column", "/events/0/table".to_owned())]);
}

#[test]
fn a_live_event_whose_table_is_gone_is_found() {
    let mut live = views(0);
    let error = Error::new(Code::NotFound, "there is no table web.pages");
    live.schemas = TableSchemas::default().without(table("pages"), Missing { database: false, error });
    let plan = "attributes: [{name: new, type: counter, source_event: view}]\n";
    assert_eq!(found(plan, &live), [("unknown-table", "/attributes/0/source_event".to_owned())]);
}

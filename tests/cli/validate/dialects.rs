//! Streams of documents and the older service templates.

use super::said;
use crate::common::Platform;

const STREAM: &str = "\
parent_segment_id: '394649'
events:
  - {name: view, database: web, table: pages}
attributes:
  - {name: last, type: single, source_event: view, source_field: page}
---
# the first page
parent_segment_id: 394649
personalization_service:
  name: home
  trigger_event: view
  sections:
    - {name: all, attributes: [last]}
---
personalization_service:
  name: cart
  trigger_event: view
  sections:
    - name: all
      criteria: last =
      attributes: [last]
";

#[test]
fn the_documents_of_a_stream_are_one_plan() {
    let found = said(STREAM);
    let only = found.only();
    assert_eq!((only.code.as_str(), only.place()), ("bad-criteria", (20, 23)));
    assert_eq!(only.path(), "document 3: personalization_service.sections[0].criteria");
    assert_eq!(only.pointer.as_deref(), Some("/2/personalization_service/sections/0/criteria"));
    assert_eq!(said(&STREAM.replace("last =", "last = 'a'")).codes(), Vec::<&str>::new());
}

#[test]
fn a_stream_can_be_applied() {
    let platform = Platform::start();
    let plan = STREAM
        .replace("last =", "last = 'a'")
        .replace("web, table: pages", "web_events, table: pageviews")
        .replace("field: page}", "field: product_id}");
    let applied = platform.tdx(&["apply", "--interval", "5ms"]).stdin(plan).run().document();
    let names: Vec<_> =
        applied["personalization_services"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["home", "cart"]);
}

#[test]
fn what_two_documents_cannot_both_say_is_told_at_the_second() {
    for (second, path, code) in [
        ("parent_segment_id: '2'", "document 2: parent_segment_id", "documents-disagree"),
        ("id_stitching: {stitching_keys: [b]}", "document 2: id_stitching", "documents-disagree"),
        ("events: 1", "document 2: events", "documents-disagree"),
        ("{audienceId: '1', sections: [], name: x}", "document 2", "not-a-plan"),
        ("- a", "document 2", "not-a-mapping"),
    ] {
        let first = "parent_segment_id: '1'\nid_stitching: {stitching_keys: [a]}\nevents: [{name: view, table: web.pages}]\n";
        let found = said(&format!("{first}---\n{second}\n"));
        let only = found.only();
        assert_eq!((only.code.as_str(), only.path(), only.line), (code, path, Some(5)), "{second}");
    }
    assert_eq!(said("odd: 1\n---\nodd: 1\n").findings[0].path(), "document 1: odd");
}

const TEMPLATE: &str = "\
parent_segment_id: '394649'
service_name: home
description: what the home page shows
input_params:
  - name: td_client_id
sections:
  - name: VIP
    criteria:
      operator: AND
      conditions:
        - {attribute: tier, operator: equals, value: VIP}
        - operator: OR
          nested_conditions:
            - {attribute: views, operator: greater_equal, value: 3}
            - {attribute: page, operator: contains, value: 10%_off}
            - {attribute: city, operator: not_in, value: [Oslo, Rome]}
            - {attribute: mail, operator: exists}
    outputs:
      - {attribute: page, as: last_page}
      - {attribute: tier, output_name: tier}
      - {name: greeting, value: Welcome back}
  - name: Default
    criteria: {operator: ALWAYS}
    outputs: [{attribute: page}]
";

#[test]
fn an_older_template_is_a_plan() {
    let found = said(TEMPLATE);
    let only = found.only();
    assert_eq!((only.code.as_str(), only.place()), ("missing-field", (1, 1)));
    assert!(only.fix.as_deref().unwrap().contains("add trigger_event"));
    let whole = format!("trigger_event: view\n{TEMPLATE}");
    assert_eq!(said(&whole).codes(), Vec::<&str>::new());
    let stream = format!("events: [{{name: view, table: web.pages}}]\n---\n{TEMPLATE}");
    let found = said(&stream);
    assert_eq!((found.only().code.as_str(), found.only().path()), ("trigger-assumed", "document 2"));
}

#[test]
fn the_places_of_a_template_are_those_of_its_text() {
    let whole = format!("trigger_event: view\n{TEMPLATE}");
    for (from, to, code, place, path) in [
        ("as: last_page", "as: tier", "output-name", (21, 40), "sections[0].outputs[1].output_name"),
        ("name: VIP", "nmae: VIP", "missing-field", (8, 5), "sections[0]"),
        (
            "value: 3",
            "values: 3",
            "missing-field",
            (15, 15),
            "sections[0].criteria.conditions[1].nested_conditions[0]",
        ),
        (
            "operator: exists",
            "operator: within_days",
            "no-counterpart",
            (18, 43),
            "sections[0].criteria.conditions[1].nested_conditions[3].operator",
        ),
        ("Welcome back", "'{{name}}'", "bad-string", (22, 33), "sections[0].outputs[2].value"),
    ] {
        let found = said(&whole.replace(from, to));
        let one = found.findings.iter().find(|one| one.code == code).unwrap_or_else(|| panic!("{found:?}"));
        assert_eq!((one.place(), one.path()), (place, path), "{to}");
    }
    let plan = "attributes: [{name: views, type: counter, source_event: view}]\nevents: [{name: view, table: web.pages}]\n";
    let found = said(&format!("{plan}{whole}").replace("value: 3", "value: many"));
    let one = found.findings.iter().find(|one| one.code == "criteria-type").unwrap();
    assert_eq!((one.place(), one.path()), ((17, 27), "sections[0].criteria"));
}

#[test]
fn a_template_becomes_criteria_and_texts() {
    let platform = super::super::configured();
    let template = "\
parent_segment_id: '394649'
trigger_event: page_view
service_name: home
sections:
  - name: VIP
    criteria:
      operator: OR
      conditions:
        - {attribute: loyalty_tier, operator: starts_with, value: 'V%_'}
        - operator: AND
          conditions:
            - {attribute: views, operator: greater_than, value: 3}
            - {attribute: last, operator: not_equals, value: \"it's\"}
    outputs: [{attribute: last, as: newest}, {name: greeting, value: Hi}]
";
    platform.tdx(&["pz-create"]).stdin(template).run().document();
    let live = super::super::listing(&platform, "realtime_personalizations");
    let section = &live[0]["attributes"]["sections"][0];
    let rule = section["entryCriteria"]["profileCriteria"].to_string();
    for part in [
        r#""rightValue":"(?s)^V%_.*$""#,
        r#""type":"GreaterThan","rightValue":3"#,
        r#""rightValue":"it's","not":true"#,
    ] {
        assert!(rule.contains(part), "{rule}");
    }
    assert!(section["payload"].to_string().contains("\"outputName\":\"newest\""), "{section}");
    assert!(section["payload"].to_string().contains("\"value\":\"Hi\""), "{section}");
}

#[test]
fn what_steps_print_can_be_checked() {
    let platform = Platform::start();
    let discover =
        ["discover", "--use-case", "web", "--database", "web_events", "--private", "--ps", "394649"];
    let discovered = platform.tdx(&discover).run();
    assert_eq!(said(&discovered.stdout).codes(), Vec::<&str>::new());
    let applied = platform.tdx(&["apply", "--interval", "5ms"]).stdin(discovered.stdout).run();
    assert_eq!(applied.code, 0, "{applied:?}");
    assert_eq!(said(&applied.stdout).codes(), Vec::<&str>::new());
    for arguments in [vec!["ps-check", "394649"], vec!["apply", "--dry-run", "--interval", "5ms"]] {
        let printed = platform.tdx(&arguments).stdin(applied.stdout.clone()).run();
        let found = said(&printed.stdout);
        assert_eq!(found.only().code, "not-a-plan", "{arguments:?}");
    }
}

//! Plans as documents: what is read, and what is refused and where.

use super::*;
use proptest::prelude::*;
use serde_json::json;

mod forms;
mod keys;
mod scalars;
mod wire;

const GOOD: &str = r#"
parent_segment_id: 394649
events:
  - name: page_view
    database: web_events
    table: pageviews
    filter: {field: td_path, pattern: "^/product"}
    where: "event_name = 'view' AND price > 10"
  - {name: login, table: web_events.logins}
id_stitching:
  primary_key: canonical_id
  stitching_keys:
    - {name: td_client_id, exclude_regex: "^test_"}
    - {name: email, valid_regex: "^[^@]+@[^@]+$", invalid: ["null", "unknown"]}
    - canonical_id
  ext_lookup_key: customer_id
attributes:
  - {name: last_product_viewed, type: single, source_event: page_view, source_field: product_id, aggregation: last}
  - {name: browsed_products_list, type: list, source_event: page_view, source_field: product_id,
     aggregation: distinct_list, max_items: 100, expiry_days: 60}
  - {name: page_views_24h, type: counter, source_event: page_view, aggregation: count, window_duration: 24h}
  - {name: loyalty_tier, type: imported_batch, source: parent_segment, sensitivity: non-sensitive}
personalization_service:
  name: web_personalization
  trigger_event: page_view
  sections:
    - name: VIP Customers
      criteria: "loyalty_tier = 'VIP' AND page_views_24h > 3"
      attributes: [last_product_viewed, {name: browsed_products_list, as: browsed_products}]
      strings: {welcome_message: "Welcome back"}
      batch_segments: [Big spenders]
    - {name: Default, criteria: '', attributes: [last_product_viewed, page_views_24h]}
"#;

fn read(text: &str) -> Result<CheckedPlan, PlanError> {
    Plan::read(&Document::parse(text, "plan.yaml").unwrap())
}

fn good() -> Plan {
    let checked = read(GOOD).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(checked.warnings, vec![]);
    checked.plan
}

/// The only finding of a text: `code line:column path message; fix`.
fn only(text: &str) -> String {
    let findings = match read(text) {
        Ok(checked) => checked.warnings,
        Err(error) => error.findings,
    };
    assert_eq!(findings.len(), 1, "{text}: {findings:?}");
    format!("{} {}", findings[0].code, findings[0])
}

#[test]
fn the_designs_own_plan_is_good() {
    let plan = good();
    assert_eq!(plan.parent_segment_id.as_deref(), Some("394649"));
    let event = plan.events[0].key_event();
    assert_eq!(
        serde_json::to_value(&event.filter_rule).unwrap(),
        json!({"type": "And", "conditions": [
            {"type": "Column", "column": "td_path",
             "operator": {"type": "Regexp", "rightValue": "^/product", "not": false}},
            {"type": "Column", "column": "event_name",
             "operator": {"type": "Equal", "rightValue": "view", "not": false}},
            {"type": "Column", "column": "price",
             "operator": {"type": "GreaterThan", "rightValue": 10, "not": false}}
        ]})
    );
    assert_eq!(plan.events[0].columns(), ["td_path", "event_name", "price"]);
    assert_eq!(plan.events[1].event_table().to_string(), "web_events.logins");
    assert!(plan.events[1].key_event().filter_rule.is_everything());
    let keys = plan.id_stitching.unwrap().key_columns();
    assert_eq!(
        serde_json::to_value(&keys).unwrap(),
        json!([
            {"name": "td_client_id", "validRegexp": "^(?![\\s\\S]*(?:^test_))", "invalidTexts": [], "internal": false},
            {"name": "email", "validRegexp": "^[^@]+@[^@]+$", "invalidTexts": ["null", "unknown"], "internal": false},
            {"name": "canonical_id", "validRegexp": null, "invalidTexts": [], "internal": false}
        ])
    );
}

#[test]
fn each_mistake_is_found_where_it_stands() {
    let attribute = |fields: &str| {
        only(&format!("events: [{{name: page_view, table: d.t}}]\nattributes:\n  - name: a\n    {fields}\n"))
    };
    for (found, expected) in [
        (only("evnets: []"), "unknown-key 1:1: evnets: unknown key 'evnets'; did you mean 'events'?"),
        (
            only("parent_segment_id: '<ps_id>'"),
            "placeholder 1:20: parent_segment_id: '<ps_id>' is a placeholder of a template; put the real value in its place",
        ),
        (
            only("parent_segment_id: [1]"),
            "wrong-type 1:20: parent_segment_id: 'parent_segment_id' is a string, this is a list",
        ),
        (only("events: {}"), "wrong-type 1:9: events: 'events' is a list, this is a mapping"),
        (only("events: [{name: a, table: t}]"), "missing-field 1:10: events[0]: an event needs 'database'"),
        (only("events: [{name: '', table: d.t}]"), "blank 1:17: events[0].name: 'name' can't be blank"),
        (
            only("events: [{name: a, table: d.t, filter: {field: x, pattern: '('}}]"),
            "bad-regex 1:60: events[0].filter.pattern: the pattern '(' is not valid: ",
        ),
        (
            only("events: [{name: a, table: d.t, where: 'x = VIP'}]"),
            "bad-criteria 1:44: events[0].where: 'VIP' stands where a value is expected; strings are written in single quotes: 'VIP'\n  x = VIP\n      ^^^",
        ),
        (
            only("events: [{name: a, table: d.t}, {name: a, table: d.u}]"),
            "duplicate-name 1:40: events[1].name: the event name 'a' occurs twice",
        ),
        (
            attribute("type: cuonter\n    source_event: page_view"),
            "unknown-type 4:11: attributes[0].type: unknown type 'cuonter'; did you mean 'counter'?",
        ),
        (attribute("source_event: page_view"), "missing-field 3:5: attributes[0]: an attribute needs 'type'"),
        (
            attribute("type: counter\n    source_event: pageview"),
            "unknown-event 5:19: attributes[0].source_event: there is no event 'pageview' in the plan; did you mean 'page_view'?",
        ),
        (
            attribute("type: single\n    source_event: page_view"),
            "missing-field 3:5: attributes[0]: this attribute needs 'source_field'",
        ),
        (
            attribute("type: counter\n    source_event: page_view\n    aggregation: last"),
            "bad-aggregation 6:18: attributes[0].aggregation: the aggregation 'last' does not fit a counter attribute; a counter attribute has count, sum",
        ),
        (
            attribute("type: counter\n    source_event: page_view\n    window_duration: 5y"),
            "bad-duration 6:22: attributes[0].window_duration: 'y' in '5y' is no unit",
        ),
        (
            attribute("type: list\n    source_event: page_view\n    source_field: x\n    max_items: 0"),
            "wrong-type 7:16: attributes[0].max_items: 'max_items' is a whole number of at least 1, this is the number 0",
        ),
        (
            attribute("type: list\n    source_event: page_view\n    source_field: x\n    sensitive: true"),
            "unused-field 7:16: attributes[0].sensitive: the platform has no mark",
        ),
    ] {
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
}

#[test]
fn keys_are_checked() {
    for (text, expected) in [
        (
            "primary_key: a, stitching_keys: [b]",
            "primary-key-added 1:29: id_stitching.primary_key: the primary key 'a' is not among the stitching keys; it is added",
        ),
        ("stitching_keys: [a, {name: a}]", "duplicate-name 1:36: id_stitching.stitching_keys[1]: "),
        (
            "stitching_keys: [{name: a, exclude_regex: '['}]",
            "bad-regex 1:58: id_stitching.stitching_keys[0].exclude_regex: ",
        ),
        ("stitching_keys: []", "missing-field 1:15: id_stitching: 'id_stitching' needs 'stitching_keys'"),
    ] {
        let found = only(&format!("id_stitching: {{{text}}}"));
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
    let plan = read("id_stitching: {primary_key: a, stitching_keys: [b]}").unwrap().plan;
    let names: Vec<_> = plan.id_stitching.unwrap().key_columns().into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn sections_are_checked() {
    let sections = |text: &str| {
        only(&format!("personalization_service:\n  name: p\n  trigger_event: e\n  sections:\n{text}"))
    };
    for (text, expected) in [
        (
            "    - {name: a, batch_segments: [x]}",
            "empty-section 5:7: personalization_service.sections[0]: a section needs at least one attribute or string",
        ),
        (
            "    - {name: a, attributes: [x, {name: y, as: x}]}",
            "output-name 5:47: personalization_service.sections[0].attributes[1].as: the output name 'x' occurs twice in this section",
        ),
        (
            "    - {name: a, attributes: [x], strings: {x: hi}}",
            "output-name 5:44: personalization_service.sections[0].strings.x: ",
        ),
        (
            "    - {name: a, strings: {x: 'Hi {{name}}'}}",
            "bad-string 5:30: personalization_service.sections[0].strings.x: a string must not contain {{ or }}",
        ),
        (
            "    - name: a\n      attributes: [x]\n      criteria: |\n        x = 1 AND\n        y LIKE 5",
            "bad-criteria 9:16: personalization_service.sections[0].criteria: 5 stands where a pattern",
        ),
        (
            "    - {name: a, attributes: [x], criteria: 'x = 1'}\n    - {name: a, attributes: [x]}",
            "duplicate-name 6:14: personalization_service.sections[1].name: ",
        ),
        (
            "    - {name: a, attributes: [x]}\n    - {name: b, attributes: [x]}",
            "unreachable-section 6:7: personalization_service.sections[1]: no visitor reaches the section 'b'",
        ),
        ("", "missing-field 2:3: personalization_service: "),
    ] {
        let found = sections(text);
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
    let long = "x".repeat(257);
    assert!(
        sections(&format!("    - {{name: a, attributes: [{{name: y, as: {long}}}]}}"))
            .contains("257 characters")
    );
}

#[test]
fn all_errors_are_collected_and_name_the_file() {
    let error =
        read("parent_segment_id: <id>\nevents: [{name: a}]\nattributes: [{name: x}]\nodd: 1").unwrap_err();
    let codes: Vec<_> = error.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["placeholder", "missing-field", "missing-field", "missing-field", "unknown-key"]);
    assert!(error.to_string().lines().all(|line| line.starts_with("plan.yaml:")), "{error}");
}

#[test]
fn what_steps_add_is_known_and_distant_keys_are_warned_of_from_every_source() {
    let text = "parent_segment: {id: '7', rt_status: ok}\nsite: us01\nchecks: []\nx-base: 1\n\
                events: [{name: a, table: d.t, id: '9', action: created}]\n";
    let checked = read(text).unwrap();
    assert_eq!(checked.warnings, vec![]);
    assert_eq!(checked.plan.parent_segment_id.as_deref(), Some("7"));
    let piped = Document::parse("future: 1\nevents: [{name: a, table: d.t, later: 2}]", "stdin").unwrap();
    assert_eq!(Plan::read(&piped).unwrap().warnings.len(), 2);
    let flags = Document::from_root(piped.root, "flags");
    assert_eq!(Plan::read(&flags).unwrap().warnings.len(), 2);
}

#[test]
fn unknown_attributes_of_a_section_are_a_warning() {
    let text = GOOD.replace("name: browsed_products_list, as", "name: browsed_product_list, as");
    let warnings = read(&text).unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    assert_eq!((warnings[0].code, warnings[0].line), ("unknown-attribute", Some(29)));
    assert_eq!(warnings[0].fix.as_deref(), Some("did you mean 'browsed_products_list'?"));
}

#[test]
fn limits_are_the_platforms() {
    let events: Vec<_> =
        (0..101).map(|i| json!({"name": format!("e{i}"), "table": format!("d.t{i}")})).collect();
    let filter = json!({"name": "f", "table": "d.t0", "filter": {"field": "x", "pattern": "y".repeat(1000)}});
    for (root, message) in [
        (json!({"events": events}), "101 event tables"),
        (json!({"events": [filter]}), "characters in the filters"),
        (
            json!({"id_stitching": {"stitching_keys": (0..101).map(|i| format!("k{i}")).collect::<Vec<_>>()}}),
            "101 stitching keys",
        ),
    ] {
        let document = Document::from_root(root.as_object().unwrap().clone(), "flags");
        let error = Plan::read(&document).unwrap_err();
        assert_eq!(error.findings[0].code, "limit-exceeded");
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn identifiers_are_safe() {
    for (name, safe) in
        [("VIP Tier (new)", "vip_tier_new"), ("a_b", "a_b"), ("Größe", "gr_e"), ("!!", "attribute")]
    {
        assert_eq!(crate::plan::safe_identifier(name), safe);
    }
    let clash = only("attributes: [{name: a b, type: imported_batch}, {name: a-b, type: imported}]");
    assert!(clash.starts_with("duplicate-name 1:56: attributes[1].name: 'a-b' and 'a b'"), "{clash}");
}

#[test]
fn the_workflows_own_template_asks_to_be_filled_in() {
    let template = r#"
parent_segment_id: '<ps_id>'
parent_segment_name: '<ps_name>'
personalization_service:
  name: '<use_case>_personalization'
  description: '<use_case> personalization service'
  trigger_event: '<key_event_name>'

  sections:
    - name: 'VIP Customers'
      criteria: 'loyalty_tier = ''VIP'''
      attributes:
        - last_product_viewed
        - vip_discount_percentage
      batch_segments: []

    - name: 'Default'
      criteria: ''  # Matches all
      attributes:
        - last_product_viewed
      batch_segments: []
"#;
    let error = read(template).unwrap_err();
    let places: Vec<_> = error.findings.iter().map(|f| (f.code, f.path.as_str())).collect();
    assert_eq!(
        places,
        [
            ("placeholder", "parent_segment_id"),
            ("placeholder", "parent_segment_name"),
            ("placeholder", "personalization_service.name"),
            ("placeholder", "personalization_service.trigger_event"),
        ]
    );
    let filled = read(&template.replace("<ps_id>", "12").replace(['<', '>'], "")).unwrap();
    assert_eq!(filled.warnings, vec![]);
    assert_eq!(filled.plan.personalizations[0].sections.len(), 2);
}

#[test]
fn a_rule_in_the_wires_form_is_kept_word_for_word() {
    let rule = json!({"type": "And", "conditions": [{"type": "Future", "x": 1}]});
    let root = json!({"events": [{"name": "a", "table": "d.t", "filter": rule}]});
    let document = Document::from_root(root.as_object().unwrap().clone(), "flags");
    assert_eq!(Plan::read(&document).unwrap().plan.events[0].filter.to_json(), rule);
}

proptest! {
    #[test]
    fn a_damaged_plan_is_read_or_refused(
        at in 0..GOOD.len(),
        length in 0..40usize,
        with in "[-a-z0-9:\\[\\]{}'\"&*|> \n]{0,4}",
    ) {
        let mut text: String = GOOD.chars().take(at).collect();
        text.push_str(&with);
        text.extend(GOOD.chars().skip(at + length));
        let findings = match Document::parse(&text, "plan.yaml") {
            Ok(document) => Plan::read(&document).map_err(|error| (error.to_string(), error.findings)),
            Err(error) => Err((error.to_string(), error.findings)),
        };
        if let Err((text, findings)) = findings {
            prop_assert!(!findings.is_empty() && text.starts_with("plan.yaml:"));
        }
    }
}

#[test]
fn what_is_computed_over_a_list_says_over_how_much() {
    let attribute = |more: &str| {
        format!(
            "events: [{{name: e, table: d.t}}]\nattributes: [{{name: a, source_event: e, source_field: f, {more}}}]"
        )
    };
    let first = only(&attribute("type: single, aggregation: first"));
    assert!(first.starts_with("bounded-aggregation 2:"), "{first}");
    assert!(first.contains("last 100 items of 90 days") && first.contains("say max_items"), "{first}");
    let bounded = attribute("type: single, aggregation: first, expiry_days: 30");
    assert_eq!(read(&bounded).unwrap().warnings, vec![]);
    let sum = only(&attribute("type: list, aggregation: sum, max_items: 10"));
    assert!(sum.starts_with("same-second 2:") && sum.contains("id_field"), "{sum}");
}

#[test]
fn numbers_are_names_too_and_a_century_is_the_limit() {
    let plan = "events: [{name: 404, table: d.t}]\nattributes: [{name: a, type: counter, source_event: 404, aggregation: count}]";
    assert_eq!(read(plan).unwrap().plan.attributes[0].source_event(), Some("404"));
    for wrong in ["window_duration: 36501d", "expiry_days: 99999999999"] {
        let kind =
            if wrong.starts_with('w') { "counter, aggregation: count" } else { "list, source_field: f" };
        let text = format!("attributes: [{{name: a, type: {kind}, source_event: e, {wrong}}}]");
        assert!(only(&text).starts_with("bad-duration 1:"), "{wrong}");
    }
}

#[test]
fn the_filter_limit_counts_what_a_user_writes() {
    let events: Vec<Value> = (0..50)
        .map(|i| json!({"name": format!("e{i}"), "table": "d.t", "where": format!("td_path = '/p{i}'")}))
        .collect();
    let document = Document::from_root(json!({"events": events}).as_object().unwrap().clone(), "flags");
    assert_eq!(Plan::read(&document).unwrap().plan.events.len(), 50);
}

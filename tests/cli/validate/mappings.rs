//! Rules in the wire's own form inside plans, and the windows of counters.

use super::said;

const BASE: &str = "\
events: [{name: view, database: web, table: pages}]
attributes:
  - {name: last, type: single, source_event: view, source_field: page}
  - {name: views, type: counter, source_event: view, window_duration: 24h}
personalization_service:
  name: home
  trigger_event: view
  sections:
    - {name: all, attributes: [last], criteria: ";

/// The findings about this rule as criteria, with the text that its place points at.
fn of_criteria(rule: &str) -> Vec<(String, String, String)> {
    let text = format!("{BASE}{rule}}}\n");
    let report = said(&text);
    let found = report.findings.into_iter().map(|one| {
        let line = text.lines().nth(one.line.unwrap() as usize - 1).unwrap();
        let there: String = line.chars().skip(one.column.unwrap() as usize - 1).take(12).collect();
        (one.code, one.severity, there)
    });
    found.collect()
}

#[test]
fn what_no_rule_can_be_is_an_error_where_it_stands() {
    let column = |operator: &str| format!("{{type: Column, column: c, operator: {operator}}}");
    let of_last = |more: &str| {
        format!("{{type: RealtimeAttribute, realtimeAttribute: last{more}, operator: {{type: IsNull}}}}")
    };
    for (rule, code, severity, there) in [
        ("{foo: bar}".to_owned(), "unknown-rule", "error", "{foo: bar}}"),
        ("{type: Xor}".into(), "unknown-rule", "warning", "Xor}}"),
        ("{type: And}".into(), "missing-field", "error", "{type: And}}"),
        ("{type: And, conditions: 3}".into(), "wrong-type", "error", "3}}"),
        ("{type: And, conditions: [4]}".into(), "wrong-type", "error", "4]}}"),
        (column("{type: Equl, rightValue: 3}"), "unknown-rule", "warning", "Equl, rightV"),
        (column("{type: Regexp, rightValue: '('}"), "bad-regex", "error", "'('}}}"),
        (column("{type: In, rightValue: 3}"), "wrong-type", "error", "3}}}"),
        (column("{type: Equal}"), "missing-field", "error", "{type: Equal"),
        (column("{type: Equal, rightValue: 1, nto: true}"), "unknown-key", "error", "nto: true}}}"),
        (of_last("t"), "unknown-attribute", "warning", "lastt, opera"),
        (of_last(".x"), "bad-sub", "error", "last.x, oper"),
        (of_last(", subAttributeIdentifier: x"), "bad-sub", "error", "x, operator:"),
        (of_last("").replace("last", "views"), "bad-sub", "error", "views, opera"),
    ] {
        let wanted = vec![(code.to_owned(), severity.to_owned(), there.to_owned())];
        assert_eq!(of_criteria(&rule), wanted, "{rule}");
        let nested = format!("{{type: And, conditions: [{{type: Or, conditions: [{rule}]}}]}}");
        assert_eq!(of_criteria(&nested).len(), 1, "{nested}");
    }
    for good in ["{}", "{type: Or, conditions: []}", &of_last(""), &column("{type: In, rightValue: [1]}")] {
        assert_eq!(of_criteria(good), vec![], "{good}");
    }
}

#[test]
fn filters_of_events_sections_and_lists_are_checked_too() {
    let event =
        |filter: &str| said(&format!("events: [{{name: view, table: web.pages, filter: {filter}}}]\n"));
    let found = event("{type: Column, column: c, operator: {type: Regexp, rightValue: '('}}");
    assert_eq!((found.only().code.as_str(), found.only().place()), ("bad-regex", (1, 112)));
    assert_eq!(event("{type: Any}").codes(), ["unknown-rule"]);
    assert!(event("{type: Any}").valid, "the account may know it");
    let section = BASE.replace("attributes: [last], criteria: ", "attributes: [last], trigger_filter: ");
    assert_eq!(said(&format!("{section}{{type: And}}}}\n")).codes(), ["missing-field"]);
}

#[test]
fn a_sliding_counter_has_a_duration_and_no_longer_window() {
    let counter = |more: &str| {
        said(&format!(
            "events: [{{name: view, database: web, table: pages}}]\nattributes:\n  - {{name: c, type: counter, source_event: view, {more}}}\n"
        ))
    };
    assert_eq!(counter("windows: []").codes(), ["missing-field"]);
    assert!(counter("windows: [], duration: 7d").valid);
    let found = counter("windows: [{window: 24h}, {window: 30d}], duration: 7d");
    assert_eq!(
        (found.only().code.as_str(), found.only().path()),
        ("bad-duration", "attributes[0].windows[1].window")
    );
    let found = counter("window_duration: 30d, duration: 7d");
    assert_eq!(
        (found.only().code.as_str(), found.only().path()),
        ("bad-duration", "attributes[0].window_duration")
    );
    assert!(counter("window_duration: [24h, 7d], duration: 7d").valid);
}

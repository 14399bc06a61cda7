//! The forms that say what the published dialect has no words for.

use super::{only, read};
use crate::plan::{AttributeKind, PersonalizationService};
use crate::platform::wire::{CounterType, DataType, ListActionKind};
use serde_json::json;

fn attribute(fields: &str) -> String {
    format!("attributes:\n  - {{name: a, source_event: e, {fields}}}\n")
}

#[test]
fn lists_may_have_several_aggregations_and_actions() {
    let plan = read(&attribute(
        "type: list, id_field: sku, aggregations: [{name: All, column: sku}, {name: Top, column: price, \
         aggregation: max}], actions: [{event: buy, where: 'n > 1'}, {action: clear, event: leave}], expiry: none",
    ))
    .unwrap()
    .plan;
    let AttributeKind::List(list) = &plan.attributes[0].kind else { panic!() };
    assert_eq!((list.fields.as_slice(), list.duration), (["sku".into(), "price".into()].as_slice(), None));
    assert_eq!(list.aggregations[1].identifier, "top");
    assert_eq!(list.actions[0].action, ListActionKind::DeleteItem);
    assert_eq!(list.actions[0].columns(), ["n"]);
    assert_eq!(plan.attributes[0].events().collect::<Vec<_>>(), ["e", "buy", "leave"]);
    assert_eq!(plan.attributes[0].columns(), ["sku", "price"]);
    let unknown = plan.attributes[0].to_wire(&|name| (name != "leave").then(|| "1".into()), None);
    assert_eq!(unknown.unwrap_err(), "there is no key event 'leave'");
}

#[test]
fn counters_may_name_windows_and_count_in_steps() {
    let plan = read(&attribute(
        "type: counter, windows: [{window: 24h}, {name: Week, identifier: w, window: 7d}], duration: 30d, increment: 5",
    ))
    .unwrap()
    .plan;
    let AttributeKind::Counter(counter) = &plan.attributes[0].kind else { panic!() };
    assert_eq!(counter.windows[0].identifier, "window_24h");
    assert_eq!((counter.counter_type, counter.main_window().unwrap().value), (CounterType::Sliding, 30));
    let total = read(&attribute("type: counter, expiry: 1d")).unwrap().plan;
    let AttributeKind::Counter(counter) = &total.attributes[0].kind else { panic!() };
    assert_eq!((counter.main_window(), counter.duration.unwrap().value), (None, 1));
}

#[test]
fn the_plans_own_type_wins_over_the_columns() {
    let plan = read(&attribute("type: single, source_field: x, data_type: number")).unwrap().plan;
    let AttributeKind::Single(single) = &plan.attributes[0].kind else { panic!() };
    assert_eq!(single.data_type, Some(DataType::Number));
    let wire = plan.attributes[0].to_wire(&|_| Some("1".into()), Some(false)).unwrap();
    assert_eq!(json!(wire)["dataType"], "number");
}

#[test]
fn mistakes_in_them_are_found_where_they_stand() {
    for (fields, expected) in [
        (
            "type: single, source_field: x, data_type: text",
            "unknown-value attributes[0].data_type: 'data_type' is string or number, not 'text'",
        ),
        (
            "type: list, id_field: x, aggregations: [{name: a, column: c}, {name: A, column: d}]",
            "duplicate-name attributes[0].aggregations[1]: the aggregation identifier 'a' occurs twice",
        ),
        (
            "type: list, aggregations: [{name: x, column: c}]",
            "missing-field attributes[0]: a list with 'aggregations' needs 'id_field'",
        ),
        (
            "type: list, source_field: x, actions: [{action: delete, event: e}]",
            "unknown-value attributes[0].actions[0].action: 'action' is one of delete_item, clear, not 'delete'",
        ),
        (
            "type: counter, windows: [{window: 1h}, {window: 1h}]",
            "duplicate-name attributes[0].windows[1]: the window identifier 'window_1h' occurs twice",
        ),
        (
            "type: counter, increment: 0",
            "wrong-type attributes[0].increment: 'increment' is a number of at least 1, this is the number 0",
        ),
        (
            "type: counter, duration: 7d",
            "unused-field attributes[0].duration: a counter without a window does not use 'duration'",
        ),
    ] {
        let found = only(&attribute(fields));
        let (code, rest) = found.split_once(' ').unwrap();
        // The column is the reader's; it is tested there.
        let (_, message) = rest.split_once(": ").unwrap();
        assert!(format!("{code} {message}").starts_with(expected), "{found}\n{expected}");
    }
}

fn personalization(section: &str) -> PersonalizationService {
    let text = format!(
        "personalization_service:\n  name: p\n  trigger_event: e\n  description: d\n  sections:\n    - {{name: s, {section}}}\n"
    );
    read(&text).unwrap_or_else(|error| panic!("{error}")).plan.personalizations.swap_remove(0)
}

#[test]
fn sections_say_who_and_what_in_every_form() {
    let plan = personalization(
        "strings: {a: [x, y]}, catalogs: [{catalog: c, attribute: last, column: sku}], \
         trigger_where: 'n > 1', criteria: {type: Or, conditions: []}, entry_name: E, \
         accept_unknown_profiles: true, response_name: R, response_description: T",
    );
    let section = &plan.sections[0];
    assert_eq!(section.strings, [("a".to_owned(), vec!["x".to_owned(), "y".to_owned()])]);
    assert_eq!(section.catalogs.as_ref().unwrap()[0].output_name, "c");
    assert_eq!(section.criteria_rule, Some(json!({"type": "Or", "conditions": []})));
    assert!(!section.takes_everyone() && section.trigger_filter.is_some());
    assert_eq!(plan.service_description(), Some("d"));
    let plain = personalization("catalogs: []\n      , attributes: [x]");
    assert_eq!(plain.sections[0].catalogs, Some(Vec::new()));
    assert!(plain.sections[0].takes_everyone() && plain.sections[0].trigger_filter.is_none());
}

#[test]
fn the_service_may_have_a_text_of_its_own_or_none() {
    for (described, expected) in
        [("service_description: own", Some("own")), ("service_description: ''", None)]
    {
        let text = format!(
            "personalization_service: {{name: p, trigger_event: e, description: d, {described}, \
             sections: [{{name: s, attributes: [x]}}]}}"
        );
        let plan = read(&text).unwrap().plan;
        assert_eq!(plan.personalizations[0].service_description(), expected);
    }
}

#[test]
fn what_can_be_renamed_says_the_name_that_it_had() {
    let plan = read(
        "events: [{name: a, renamed_from: x, table: d.t}]
attributes: [{name: a, renamed_from: 007, type: imported}]
personalization_service: {name: a, renamed_from: x, trigger_event: a, sections: [{name: a, renamed_from: x, attributes: [a]}]}
journeys: [{name: a, renamed_from: x, trigger_event: a, steps: [end]}, {name: b, trigger_event: a, steps: [end]}]
",
    )
    .unwrap()
    .plan;
    let service = &plan.personalizations[0];
    let (event, journey) = (&plan.events[0], &plan.journeys[0]);
    for old in
        [&event.renamed_from, &service.renamed_from, &service.sections[0].renamed_from, &journey.renamed_from]
    {
        assert_eq!(old.as_deref(), Some("x"));
    }
    assert_eq!(plan.attributes[0].renamed_from.as_deref(), Some("007"));
    assert_eq!(plan.journeys[1].renamed_from, None);
}

/// Other lists and other personalizations have names of their own.
#[test]
fn an_old_name_is_one_of_its_list_alone() {
    let checked = read(
        "events: [{name: a, table: d.t}]
attributes: [{name: b, renamed_from: a, type: imported}]
personalization_services:
  - {name: p, trigger_event: a, sections: [{name: s, criteria: b = 'y', attributes: [b]}, {name: t, renamed_from: u, criteria: b = 'x', attributes: [b]}]}
  - {name: q, trigger_event: a, sections: [{name: u, criteria: b = 'y', attributes: [b]}, {name: v, renamed_from: s, criteria: b = 'x', attributes: [b]}]}
",
    );
    let warnings = checked.unwrap_or_else(|error| panic!("{error}")).warnings;
    assert_eq!(warnings, vec![]);
}

#[test]
fn an_old_name_elsewhere_in_the_plan_is_told_the_new_one() {
    let with = |rest: &str| {
        let text = format!(
            "events: [{{name: view, renamed_from: look, table: d.t}}]\nattributes: [{{name: tier, renamed_from: level, type: imported}}]\n{rest}\n"
        );
        let findings = match read(&text) {
            Ok(checked) => checked.warnings,
            Err(error) => error.findings,
        };
        findings
            .into_iter()
            .map(|finding| (finding.code, finding.fix.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let section = |fields: &str| {
        format!(
            "personalization_service: {{name: p, trigger_event: view, sections: [{{name: s, {fields}}}]}}"
        )
    };
    let journey = |fields: &str| format!("journeys: [{{name: j, {fields}}}]");
    let tier = "it is 'tier' now: write that name";
    for (rest, code, fix) in [
        (section("attributes: [level]"), "unknown-attribute", tier),
        (section("criteria: level = 'x', attributes: [tier]"), "unknown-attribute", tier),
        (
            section("trigger_event: look, attributes: [tier]"),
            "unknown-event",
            "it is 'view' now: write that name",
        ),
        (journey("trigger_event: view, criteria: level = 'x', steps: [end]"), "unknown-attribute", tier),
        (
            journey(
                "trigger_event: view, steps: [{activate: webhook, url: 'https://h/', body: {a: '{{ level }}'}}]",
            ),
            "unknown-placeholder",
            tier,
        ),
    ] {
        assert_eq!(with(&rest), [(code, fix.to_owned())], "{rest}");
    }
}

#[test]
fn a_section_with_the_criteria_of_an_earlier_one_never_answers() {
    let sections = |first: &str, second: &str| {
        let text = format!(
            "attributes:
- {{name: tier, type: imported}}
- {{name: views, type: counter, source_event: e, window_duration: [24h, 7d]}}
- {{name: seen, type: list, source_event: e, source_field: c}}
personalization_services:
- {{name: p, trigger_event: e, sections: [{{name: z, criteria: tier = 'z', attributes: [tier]}}, {{name: a, {first}, attributes: [tier]}}, {{name: b, {second}, attributes: [tier]}}]}}
- {{name: q, trigger_event: e, sections: [{{name: a, {first}, attributes: [tier]}}]}}
"
        );
        let warnings = read(&text).unwrap_or_else(|error| panic!("{error}")).warnings;
        let found = warnings.into_iter().map(|finding| (finding.code, finding.pointer));
        // An attribute that only the account has is its own, whatever it is.
        found.filter(|(code, _)| *code != "unknown-attribute").collect::<Vec<_>>()
    };
    let same = [("same-criteria", "/personalization_services/0/sections/2/criteria".to_owned())];
    let wire = "{type: RealtimeAttribute, realtimeAttribute: tier, operator: {type: Equal, rightValue: VIP}}";
    for (first, second) in [
        ("criteria: tier = 'VIP'", "criteria: tier IN ('VIP')"),
        ("criteria: tier = 'VIP' AND views > 3", "criteria: NOT (tier != 'VIP') AND views.window_7d > 3"),
        ("criteria: seen IS NULL", "criteria: seen.items IS NULL"),
        ("criteria: tier = 'VIP'", &format!("criteria: {wire}")),
        ("criteria: other = 'VIP'", "criteria: ((other = 'VIP'))"),
        (
            "criteria: tier = 'VIP', trigger_where: c = 'x'",
            "criteria: tier = 'VIP', trigger_filter: \"c = 'x'\"",
        ),
        // The earlier one takes more events, or more profiles.
        ("criteria: tier = 'VIP'", "criteria: tier = 'VIP', trigger_where: c = 'x'"),
        ("criteria: tier = 'VIP'", "criteria: tier = 'VIP', accept_unknown_profiles: false"),
        ("criteria: tier = 'VIP', trigger_event: f", "criteria: tier = 'VIP', trigger_event: f"),
    ] {
        assert_eq!(sections(first, second), same, "{first} | {second}");
    }
    for (first, second) in [
        ("criteria: tier = 'VIP'", "criteria: tier = 'Gold'"),
        ("criteria: tier = 'VIP'", "criteria: tier = 'VIP' AND views > 3"),
        ("criteria: views > 3", "criteria: views.window_24h > 3"),
        ("criteria: tier = 'VIP'", "criteria: tier = 'VIP', trigger_event: f"),
        ("criteria: tier = 'VIP', trigger_where: c = 'x'", "criteria: tier = 'VIP'"),
        ("criteria: tier = 'VIP', trigger_where: c = 'x'", "criteria: tier = 'VIP', trigger_where: c = 'y'"),
        ("criteria: tier = 'VIP', accept_unknown_profiles: false", "criteria: tier = 'VIP'"),
    ] {
        assert_eq!(sections(first, second), [], "{first} | {second}");
    }
    // Reported once: no visitor reaches either.
    let found = sections("criteria: ''", "criteria: tier = 'z'");
    assert_eq!(found, [("unreachable-section", "/personalization_services/0/sections/2".to_owned())]);
    // Everyone of another event, or everyone that the batch layer knows, is not everyone.
    for all in ["trigger_event: f", "trigger_where: c = 'x'", "accept_unknown_profiles: false"] {
        assert_eq!(sections(&format!("criteria: '', {all}"), "criteria: tier = 'y'"), [], "{all}");
    }
    let twice = sections("criteria: tier = 'z'", "criteria: tier = 'z'");
    assert_eq!(twice.len(), 2, "{twice:?}");
}

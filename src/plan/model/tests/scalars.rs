//! Numbers where a string is read keep the characters that are written.

use super::read;
use crate::plan::fix::fix;
use crate::plan::{Document, Plan, Severity};
use proptest::prelude::*;

/// Numbers as people write them, and what only looks like one.
fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-+]?[0-9]{1,30}",
        "[-+]?[0-9]{0,8}\\.[0-9]{1,8}",
        "[-+]?[0-9]{1,4}\\.",
        "[-+]?[0-9]{1,3}(\\.[0-9]{1,3})?[eE][-+]?[0-9]{1,3}",
        "0[xob][0-9a-f]{1,6}",
        "[-+]?0[0-7]{1,6}",
        "[0-9]{1,3}(_[0-9]{3}){1,3}",
        "[0-9]{1,2}(:[0-5][0-9]){1,2}",
        "[12][0-9]{3}-[01][0-9]-[0-3][0-9]",
        "[-+]?\\.(inf|Inf|INF)",
        "\\.nan|\\.NaN|-?1e999",
        "yes|no|on|off|y|n|Yes|NO|Off",
    ]
}

/// Every place of a plan where a string is read.
fn plan(scalar: &str) -> String {
    format!(
        "events:
  - {{name: {scalar}, table: d.t, description: {scalar}, filter: {{field: f, pattern: {scalar}}}}}
id_stitching:
  stitching_keys: [{{name: k, invalid: [{scalar}, 'x']}}]
attributes:
  - name: {scalar} # the name
    identifier: a
    type: imported
    description: &text {scalar}
personalization_service:
  name: p
  trigger_event: {scalar}
  sections:
    - name: {scalar}
      criteria: ''
      strings:
        one: {scalar}
        two: [{scalar}, b]
        three: *text
journeys:
  - name: j
    trigger_event: {scalar}
    steps:
      - activate: webhook
        url: 'https://hooks.example.com/in'
        headers: {{h: {scalar}}}
        body: {scalar}
"
    )
}

/// The strings of such a plan.
fn texts(plan: &Plan) -> Vec<String> {
    let event = &plan.events[0];
    let service = &plan.personalizations[0];
    let section = &service.sections[0];
    let journey = serde_json::to_value(format!("{:?}", plan.journeys[0])).unwrap().to_string();
    let mut texts = vec![
        event.name.clone(),
        event.description.clone().unwrap(),
        plan.id_stitching.as_ref().unwrap().stitching_keys[0].invalid[0].clone(),
        plan.attributes[0].name.clone(),
        plan.attributes[0].description.clone().unwrap(),
        service.trigger_event.clone().unwrap(),
        section.name.clone(),
        section.strings[0].1[0].clone(),
        section.strings[1].1[0].clone(),
        section.strings[2].1[0].clone(),
    ];
    let crate::plan::StepKind::Activate(activation) =
        &plan.journeys[0].stages[0].steps.as_ref().unwrap()[0].kind
    else {
        panic!("{journey}");
    };
    let crate::plan::Sends::Webhook { export, .. } = &activation.sends else { panic!("{journey}") };
    texts.push(export.headers.as_ref().unwrap()["h"].as_str().unwrap().to_owned());
    // A number in a body goes out with the same characters.
    let body = export.body.as_ref().unwrap();
    texts.push(body.as_str().map_or_else(|| body.to_string(), str::to_owned));
    texts
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn every_text_has_the_characters_that_are_written(scalar in scalar()) {
        let text = plan(&scalar);
        let document = Document::parse(&text, "plan.yaml").unwrap();
        let (plan, findings) = Plan::examine(&document);
        let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        // A pattern must compile.
        prop_assert!(errors.iter().all(|error| error.code == "bad-regex"), "{scalar}: {errors:?}");
        prop_assert!(texts(&plan).iter().all(|text| *text == scalar), "{scalar}: {:?}", texts(&plan));
        // The document that a step prints says the same, in JSON and in YAML.
        let json = serde_json::to_string(&document.root).unwrap();
        let yaml = serde_saphyr::to_string(&document.root).unwrap();
        for printed in [json, yaml] {
            let again = Plan::examine(&Document::parse(&printed, "stdin").unwrap()).0;
            prop_assert_eq!(texts(&again), texts(&plan), "{}", printed);
        }
    }

    #[test]
    fn numbers_of_json_have_their_characters_too(number in "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,10})?([eE][-+]?[0-9]{1,2})?") {
        let text = format!(
            r#"{{"personalization_service": {{"name": "p", "trigger_event": "e", "sections": [
                {{"name": {number}, "strings": {{"one": {number}, "two": ["a", {number}], "é\"": "\ud83d\ude00"}}}}]}}}}"#
        );
        let plan = read(&text).unwrap().plan;
        let section = &plan.personalizations[0].sections[0];
        prop_assert_eq!(&section.name, &number);
        prop_assert_eq!(&section.strings[0].1, &vec![number.clone()]);
        prop_assert_eq!(&section.strings[1].1[1], &number);
    }
}

#[test]
fn what_is_nothing_stays_nothing() {
    for nothing in ["~", "null", "Null", "NULL", ""] {
        let text = format!("events: [{{name: e, table: d.t, description: {nothing}}}]\n");
        assert_eq!(read(&text).unwrap().plan.events[0].description, None, "{nothing}");
        let text =
            format!("id_stitching:\n  stitching_keys:\n    - name: k\n      invalid:\n        - {nothing}\n");
        assert_eq!(super::only(&text).split_once(' ').unwrap().0, "wrong-type", "{nothing}");
    }
}

#[test]
fn numbers_where_numbers_are_meant_stay_numbers() {
    let text = "events:
  - {name: e, table: d.t, filter: {type: Column, column: price, operator: {type: GreaterThan, rightValue: 9.90}}}
  - {name: f, table: d.t, where: \"price > 9.90\"}
attributes: [{name: n, type: counter, source_event: e, increment: 2.50, window_duration: 7d}]
";
    let plan = read(text).unwrap().plan;
    assert_eq!(plan.events[0].filter, plan.events[1].filter);
    assert!(format!("{:?}", plan.events[0].filter).contains("Number(9.9)"), "{:?}", plan.events[0].filter);
}

#[test]
fn digits_that_a_number_cannot_keep_are_an_error_with_a_place() {
    let rule = "{type: Column, column: id, operator: {type: Equal, rightValue: 12345678901234567890123}}";
    for (text, place) in [
        (format!("events:\n  - {{name: e, table: d.t, filter: {rule}}}\n"), "unquoted-number 2:"),
        (
            "events:\n  - {name: e, table: d.t, where: id = 12345678901234567890123}\n".to_owned(),
            "bad-criteria 2:",
        ),
    ] {
        let found = super::only(&text);
        assert!(found.starts_with(place), "{found}");
    }
}

/// The YAML that a command prints has other characters for a few numbers of JSON.
#[test]
fn a_number_of_a_body_comes_back_from_our_own_yaml() {
    for number in ["1e-10", "1e300", "9.9", "5", "-0.5"] {
        let body = serde_json::from_str::<serde_json::Value>(&format!("{{\"a\": [{number}]}}")).unwrap();
        let plan = serde_json::json!({"journeys": [{"name": "j", "trigger_event": "e", "steps": [
            {"activate": "webhook", "url": "https://hooks.example.com/in", "body": body}]}]});
        assert_eq!(read(&serde_saphyr::to_string(&plan).unwrap()).unwrap().warnings, vec![], "{number}");
        assert_eq!(read(&plan.to_string()).unwrap().warnings, vec![], "{number}");
    }
}

#[test]
fn fix_quotes_what_would_not_arrive_as_it_is_written() {
    let plan = |body: &str, text: &str| {
        format!(
            "events: [{{name: e, table: web.pages, description: {text}}}]
journeys:
  - name: j
    trigger_event: e
    steps:
      - {{activate: webhook, url: 'https://hooks.example.com/in', body: {body}}} # sent
"
        )
    };
    let bad = plan("{tel: +15550100, prices: [9.90, 9.9, 1], id: 12345678901234567890123}", "true");
    let fixed = fix(&bad, "plan.yaml");
    let good =
        plan("{tel: \"+15550100\", prices: [\"9.90\", 9.9, 1], id: \"12345678901234567890123\"}", "\"true\"");
    assert_eq!(fixed.text, good);
    assert_eq!(fixed.changes.len(), 4, "{:?}", fixed.changes);
    assert!(fixed.report.findings.is_empty(), "{:?}", fixed.report.findings);
}

//! Bodies whose parts have the wrong shape: each part is reported at its place, in our words, and
//! hides no other.

use super::said;

const NODE: &str = "0123456789abcdef0123456789abcdef";

fn entity(definition: &str) -> String {
    format!(
        r#"{{"attributes": {{"audienceId": "1", "name": "home", "description": null, "sections": [{{"name": "all",
"entryCriteria": {{"name": "view", "keyEventCriteria": {{"keyEventId": "9"}}}},
"payload": {{"{NODE}": {{"type": "ResponseNode", "name": "r", "definition": {definition}}}}}}}]}},
"relationships": {{"parentFolder": {{"data": {{"id": "3", "type": "folder-segment"}}}}}}}}"#
    )
}

/// Codes with the last parts of their paths; no message has a word of the program's inside.
#[track_caller]
fn found_in(text: &str) -> Vec<(String, String)> {
    let report = said(text);
    let end = |path: &str| path.rsplit("definition.").next().unwrap().to_owned();
    for found in &report.findings {
        assert!(found.line.is_some(), "{found:?}");
        for word in ["struct", "enum", "variant", "sequence", "expected", "invalid type"] {
            assert!(!found.message.contains(word), "{}", found.message);
        }
    }
    report.findings.iter().map(|found| (found.code.clone(), end(found.path()))).collect()
}

fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
    wanted.iter().map(|(code, path)| ((*code).to_owned(), (*path).to_owned())).collect()
}

#[test]
fn an_empty_segment_payload_is_one_empty_array_and_mended() {
    let body = entity(
        r#"{"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}], "segmentPayload": []}"#,
    );
    assert_eq!(found_in(&body), pairs(&[("empty-array", "segmentPayload")]));
    let file = super::super::Written::new("entity.json", &body);
    let fixed = super::report(&crate::common::Tdx::new(&["validate", "--fix", file.path()]).run());
    assert!(fixed.valid, "{fixed:?}");
    let after = std::fs::read_to_string(file.path()).unwrap();
    assert_eq!(after, body.replace("\"segmentPayload\": []", "\"segmentPayload\": null"));
}

#[test]
fn everything_that_is_wrong_in_a_payload_is_found() {
    let body = entity(
        r#"{"attributePayload": [{"realtimeAttributeId": 7, "outputName": "a", "subatributeIdentifier": "x"},
 {"realtimeAttributeId": "8", "outputName": "a"}, 5, {"outputName": "c"}],
 "segmentPayload": {"batchSegments": [{"id": 3}]}, "stringBuilder": [{"outputName": "s", "values": "x"}]}"#,
    );
    let mut found = found_in(&body);
    found.sort();
    let mut wanted = pairs(&[
        ("bad-body", "attributePayload[0].realtimeAttributeId"),
        ("unknown-key", "attributePayload[0].subatributeIdentifier"),
        ("output-name", "attributePayload[1].outputName"),
        ("bad-body", "attributePayload[2]"),
        ("missing-field", "attributePayload[3]"),
        ("bad-body", "segmentPayload.batchSegments[0].id"),
        ("bad-body", "stringBuilder[0].values"),
    ]);
    wanted.sort();
    // An empty stand-in for the values is reported as well, if at all.
    found.retain(|one| one != &("bad-payload".to_owned(), "stringBuilder[0].values".to_owned()));
    assert_eq!(found, wanted);
}

#[test]
fn attributes_are_checked_field_by_field() {
    let counter = |more: &str| {
        format!(
            r#"{{"name": "c", "identifier": "c", "type": "counter", "realtimeKeyEventId": "9", "counterType": "sliding", {more}}}"#
        )
    };
    let increment = r#""increment": {"type": "const", "value": 1}"#;
    let window = r#""duration": {"value": 1, "unit": "day"}"#;
    for (body, wanted) in [
        (counter(&format!("{increment}, {window}")), vec![]),
        (counter(increment), vec![("missing-field", "")]),
        (
            counter(&format!(r#""increment": {{"type": "const", "value": 0}}, {window}"#)),
            vec![("bad-body", "increment.value")],
        ),
        (
            counter(&format!(
                r#"{increment}, "duration": {{"value": 3, "unit": "hours"}}, "subDuration": []"#
            )),
            vec![("unknown-value", "duration.unit"), ("unknown-key", "subDuration")],
        ),
        (
            r#"{"name": "l", "identifier": "l", "type": "list", "realtimeKeyEventId": "9", "idColumn": "i", "maxItems": 0, "fields": ["p"],
"aggregations": [{"name": "a", "identifier": "a", "column": "p", "aggregationType": "last"}, {"name": "b", "identifier": "a", "column": "q", "aggregationType": "lats"}]}"#
                .to_owned(),
            vec![
                ("bad-body", "maxItems"),
                ("duplicate-name", "aggregations[1].identifier"),
                ("unkept-column", "aggregations[1].column"),
                ("unknown-value", "aggregations[1].aggregationType"),
            ],
        ),
        (r#"{"name": "x", "identifier": "x", "type": "cuonter"}"#.to_owned(), vec![("unknown-type", "type")]),
    ] {
        assert_eq!(found_in(&body), pairs(&wanted), "{body}");
    }
}

#[test]
fn pages_are_checked_item_by_item_and_key_events_known_by_less() {
    let page = r#"{"data": [{"id": "1", "name": "a", "identifier": "a", "type": "imported", "later": 1},
{"id": "2", "name": "b", "type": "imported"}], "pagination": {"nextPage": null}}"#;
    assert_eq!(found_in(page), pairs(&[("missing-identifier", "data[1]")]));
    let events =
        r#"{"data": [{"id": "1", "name": "view", "databaseName": "web", "filterRule": {"type": "And"}}]}"#;
    let found = found_in(events);
    assert_eq!(found, pairs(&[("missing-field", "data[0]"), ("missing-field", "data[0].filterRule")]));
    let event = r#"{"name": "view", "databaseName": "web", "filterRule": {"type": "And", "conditions": []}}"#;
    assert_eq!(found_in(event), pairs(&[("missing-field", "")]));
}

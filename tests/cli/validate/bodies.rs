//! Bodies of requests, as people keep them in files.

use super::super::configured;
use super::{report, said};
use crate::common::Tdx;

/// One section around this payload.
fn entity(payload: &str, criteria: &str) -> String {
    format!(
        r#"{{"data": {{"attributes": {{"audienceId": "1", "name": "home", "description": null, "sections": [
{{"name": "all", "entryCriteria": {criteria}, "payload": {payload}}}]}},
"relationships": {{"parentFolder": {{"data": {{"id": "3", "type": "folder-segment"}}}}}}}}}}"#
    )
}

const CRITERIA: &str =
    r#"{"name": "view", "keyEventCriteria": {"keyEventId": "9"}, "profileCriteria": null}"#;
const NODE: &str = "00000000000000000000000000000abc";

fn payload(definition: &str) -> String {
    format!(r#"{{"{NODE}": {{"type": "ResponseNode", "name": "r", "definition": {definition}}}}}"#)
}

#[test]
fn what_the_platform_makes_is_valid() {
    let platform = configured();
    let plan = "parent_segment_id: '394649'\npersonalization_service: {name: home, trigger_event: page_view, sections: [{name: all, criteria: views > 1, attributes: [last, seen], strings: {a: Hi}}]}\n";
    platform.tdx(&["pz-create"]).stdin(plan).run().document();
    let list = platform.get("/entities/parent_segments/394649/realtime_personalizations");
    assert_eq!(said(&list.to_string()).codes(), Vec::<&str>::new());
    let one = serde_json::json!({"data": list["data"][0]});
    assert_eq!(said(&one.to_string()).codes(), Vec::<&str>::new());
    for what in ["realtime_attributes", "realtime_key_events"] {
        for body in super::super::listing(&platform, what) {
            let report = said(&body.to_string());
            assert_eq!(report.codes(), Vec::<&str>::new(), "{body}");
        }
    }
    let setting = platform.get("/audiences/394649/realtime_setting");
    assert_eq!(said(&setting.to_string()).codes(), Vec::<&str>::new());
}

#[test]
fn each_rule_of_an_entity_is_found() {
    let good = payload(r#"{"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}"#);
    assert_eq!(said(&entity(&good, CRITERIA)).codes(), Vec::<&str>::new());
    for (body, code, path) in [
        (
            entity(&payload("{}"), CRITERIA),
            "empty-section",
            format!("data.attributes.sections[0].payload.{NODE}.definition"),
        ),
        (entity("{}", CRITERIA), "missing-field", "data.attributes.sections[0]".into()),
        (entity(&good, "{}"), "missing-field", "data.attributes.sections[0].entryCriteria".into()),
        (entity(&good, "null"), "missing-field", "data.attributes.sections[0]".into()),
        (
            entity(&good, &CRITERIA.replace("\"9\"", "\"<key_event_id>\"")),
            "placeholder",
            "data.attributes.sections[0].entryCriteria.keyEventCriteria.keyEventId".into(),
        ),
        (
            entity(&good, CRITERIA).replace("\"audienceId\": \"1\"", "\"audienceId\": 1"),
            "wrong-type",
            "data.attributes.audienceId".into(),
        ),
        (
            entity(&good, CRITERIA).replace("folder-segment", "folder"),
            "missing-folder",
            "data.relationships.parentFolder.data".into(),
        ),
        (
            entity(
                &payload(
                    r#"{"stringBuilder": [{"outputName": "a", "values": [{"type": "String", "value": "{{x}}"}]}]}"#,
                ),
                CRITERIA,
            ),
            "bad-string",
            format!("data.attributes.sections[0].payload.{NODE}.definition.stringBuilder[0].values[0].value"),
        ),
        (
            entity(
                &payload(
                    r#"{"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}, {"realtimeAttributeId": "8", "outputName": "a"}]}"#,
                ),
                CRITERIA,
            ),
            "output-name",
            format!("data.attributes.sections[0].payload.{NODE}.definition.attributePayload[1].outputName"),
        ),
    ] {
        let report = said(&body);
        let found =
            report.findings.iter().find(|one| one.code == code).unwrap_or_else(|| panic!("{report:?}"));
        assert_eq!(found.path(), path, "{body}");
        assert!(found.line.is_some() && found.column.is_some());
    }
}

#[test]
fn an_empty_array_is_told_in_the_platforms_words() {
    let body = entity(&payload(r#"{"attributePayload": null, "stringBuilder": []}"#), CRITERIA);
    let report = said(&body);
    let found = report.only();
    assert_eq!(found.code, "empty-array");
    assert!(found.message.contains("attribute_payload can't be blank"), "{}", found.message);
    assert!(found.path().ends_with("stringBuilder") && found.fix.as_deref().unwrap().contains("null"));
}

#[test]
fn a_missing_identifier_of_an_attribute_is_an_error_that_fix_mends() {
    let body = "{\n  \"name\": \"Seen Pages\",\n  \"type\": \"counter\",\n  \"realtimeKeyEventId\": \"9\",\n  \"counterType\": \"total\",\n  \"increment\": {\"type\": \"const\", \"value\": 1}\n}\n";
    let file = super::super::Written::new("attribute.json", body);
    let before = report(&Tdx::new(&["validate", file.path()]).run());
    assert_eq!(
        (before.only().code.as_str(), before.only().severity.as_str()),
        ("missing-identifier", "error")
    );
    assert!(report(&Tdx::new(&["validate", "--fix", file.path()]).run()).valid);
    let after = std::fs::read_to_string(file.path()).unwrap();
    assert_eq!(after, body.replace("Pages\",\n", "Pages\",\n  \"identifier\": \"seen_pages\",\n"));
}

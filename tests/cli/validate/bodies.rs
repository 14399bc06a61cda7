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

/// Bodies and what the platform says of them: the published workflow's own, and its recorded refusals.
#[test]
fn published_bodies_are_right_and_recorded_refusals_are_wrong() {
    let journey = |more: &str| {
        format!(
            r#"{{"attributes": {{"audienceId": "1", "segmentFolderId": "3", "name": "welcome", "description": "x",
"goal": null, "reentryMode": "no_reentry", "realtimeJourneyStages": [{{"name": "Stage 1"}}]{more}}}}}"#
        )
    };
    let activation = |export: &str| {
        format!(
            r#"{{"attributes": {{"name": "Send", "stepUuid": "428ca341-3c3e-4d38-8d88-a035ce83a1ff", "connectionId": "7",
"connectorType": "td_webhook_out", "connector": {{"exportJson": {export}, "exportAdvancedJson": "{{}}"}}}}}}"#
        )
    };
    let export =
        r#""{\"method\":\"post\",\"url\":\"https://hooks.example.com/in\",\"headers\":null,\"body\":null}""#;
    let list = r#"{"name": "seen", "identifier": "seen", "type": "list", "realtimeKeyEventId": "9", "idColumn": "p", "valueColumn": "p", "maxItems": 100,
"aggregations": [{"name": "seen", "identifier": "seen", "aggregationType": "distinct_list", "column": "p"}]}"#;
    for right in [
        r#"{"name": "purchase", "databaseName": "web", "tableName": "orders", "filterRule": {"type": "And", "conditions": []}}"#,
        list,
        r#"{"columns": ["loyalty_tier"]}"#,
        r#"{"name": "web", "description": "x", "public": true}"#,
        r#"{"name": "token", "allowedIps": ["10.0.0.0/8"]}"#,
        r#"{"account_id": "1", "user_id": "2", "auth_type": "td_webhook_out", "auth_name": "hook", "direction": "out", "auth": {"api_key": "x", "url_prefix": "https://a.example/"}}"#,
        &journey(""),
        &activation(export),
        r#"{"attributes": {"state": "launched"}}"#,
    ] {
        let report = said(right);
        assert!(report.valid, "{right}: {:?}", report.findings);
    }
    for wrong in [
        // Fields of other tools.
        r#"{"name": "purchase", "event_name": "purchase", "description": "x"}"#,
        r#"{"name": "welcome", "event_name": "purchase", "activations": []}"#,
        r#"{"attributes": {"audienceId": "1", "name": "welcome", "event_name": "purchase", "activations": []}}"#,
        &journey(r#", "event_name": "purchase""#),
        &journey(r#", "activations": []"#),
        // "identifier" is required for every attribute.
        r#"{"name": "seen", "type": "list", "realtimeKeyEventId": "9", "idColumn": "p"}"#,
        // All four together.
        r#"{"eventTables": []}"#,
        r#"{"name": "city", "identifier": "city", "type": "imported"}"#,
        r#"{"columns": "loyalty_tier"}"#,
        r#"{"name": "web", "public": "yes"}"#,
        r#"{"name": "token", "allowedIps": ["everywhere"]}"#,
        r#"{"auth_type": "td_webhook_out", "auth_name": "hook"}"#,
        &journey("").replace("no_reentry", "always_allow_reentry"),
        &journey("").replace(r#"[{"name": "Stage 1"}]"#, "[]"),
        // JSON in a string, not an object.
        &activation(r#"{"method": "post", "url": "https://hooks.example.com/in"}"#),
    ] {
        assert!(!said(wrong).valid, "{wrong}");
    }
}

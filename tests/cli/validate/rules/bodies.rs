//! Bodies of requests.

use super::Case;

/// A body of a personalization entity; the node stands in line 6, its definition in line 7.
fn entity(node: &str, kind: &str, definition: &str) -> String {
    format!(
        r#"{{"attributes": {{"audienceId": "1", "name": "home", "description": null, "sections": [{{
  "name": "all",
  "entryCriteria": {{"name": "view",
    "keyEventCriteria": {{"keyEventId": "9"}}}},
  "payload": {{
    "{node}": {{"type": "{kind}", "name": "r",
    "definition": {definition}}}}}}}]}},
 "relationships": {{"parentFolder": {{"data": {{"id": "3", "type": "folder-segment"}}}}}}}}"#
    )
}

const NODE: &str = "0123456789abcdef0123456789abcdef";
const PAYLOAD: &str = r#"{"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}"#;

fn plain(definition: &str) -> String {
    entity(NODE, "ResponseNode", definition)
}

pub fn cases() -> Vec<Case<'static>> {
    let error = "error";
    let good = || plain(PAYLOAD);
    let text =
        |value: &str| plain(&format!(r#"{{"stringBuilder": [{{"outputName": "t", "values": [{value}]}}]}}"#));
    let list = |aggregations: &str| {
        format!(
            r#"{{"name": "seen", "identifier": "seen", "type": "list", "realtimeKeyEventId": "9", "idColumn": "i", "aggregations": [{aggregations}]}}"#
        )
    };
    let one =
        r#"{"name": "items", "identifier": "items", "column": "p", "aggregationType": "distinct_list"}"#;
    let setting =
        |last: &str| format!(r#"{{"eventTables": [], "keyColumns": [], "batchAttributes": []{last}}}"#);
    let rule = |kind: &str| {
        format!(
            r#"{{"name": "view", "databaseName": "web", "tableName": "pages", "filterRule": {{"type": "{kind}", "conditions": []}}}}"#
        )
    };
    vec![
        (
            "empty-array",
            error,
            (7, 37),
            plain(
                r#"{"stringBuilder": [], "attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}"#,
            ),
            good(),
        ),
        ("node-id", error, (6, 5), entity("response_node", "ResponseNode", PAYLOAD), good()),
        ("node-type", error, (6, 50), entity(NODE, "Response", PAYLOAD), good()),
        (
            "missing-folder",
            "warning",
            (1, 1),
            good().replace(r#"{"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}"#, "{}"),
            good(),
        ),
        (
            "bad-payload",
            error,
            (7, 92),
            text(r#"{"value": "x", "type": "Text"}"#),
            text(r#"{"type": "String", "value": "x"}"#),
        ),
        (
            "bad-body",
            error,
            (7, 65),
            plain(r#"{"attributePayload": [{"realtimeAttributeId": 7, "outputName": "a"}]}"#),
            good(),
        ),
        ("no-aggregation", "warning", (1, 1), list(""), list(one)),
        ("partial-setting", error, (1, 1), setting(""), setting(r#", "extLookupKey": null"#)),
        ("unknown-rule", "warning", (1, 86), rule("Any"), rule("And")),
        (
            "unkept-column",
            "warning",
            (1, 185),
            list(one).replace("\"aggregations\"", "\"fields\": [\"q\"], \"aggregations\""),
            list(one).replace("\"aggregations\"", "\"fields\": [\"p\"], \"aggregations\""),
        ),
    ]
}

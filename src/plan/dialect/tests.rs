//! Any text and any tree: read or refused, never a panic.

use crate::plan::fix::fix;
use crate::plan::{Document, Finding, Plan, RULES, validate};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Words that mean something at some place of some dialect, and a few that never do.
const WORDS: [&str; 58] = [
    "parent_segment_id",
    "events",
    "attributes",
    "id_stitching",
    "stitching_keys",
    "primary_key",
    "personalization_service",
    "personalization_services",
    "service_name",
    "sections",
    "name",
    "type",
    "criteria",
    "operator",
    "conditions",
    "nested_conditions",
    "attribute",
    "value",
    "outputs",
    "as",
    "strings",
    "batch_segments",
    "trigger_event",
    "data",
    "payload",
    "definition",
    "attributePayload",
    "stringBuilder",
    "segmentPayload",
    "batchSegments",
    "entryCriteria",
    "keyEventCriteria",
    "audienceId",
    "relationships",
    "parentFolder",
    "realtimeKeyEventId",
    "eventTables",
    "keyColumns",
    "databaseName",
    "tableName",
    "filterRule",
    "aggregation",
    "window_duration",
    "source_event",
    "source_field",
    "table",
    "filter",
    "where",
    "identifier",
    "sub",
    "x-y",
    "evnets",
    "a/b",
    "a~b",
    "",
    "é",
    "input_params",
    "only",
];
const TEXTS: [&str; 24] = [
    "",
    "a b",
    "a-b",
    "AND",
    "OR",
    "ALWAYS",
    "equals",
    "in",
    "contains",
    "within_days",
    "counter",
    "list",
    "single",
    "imported",
    "x = 1",
    "x LIKE 'a%'",
    "<ps_id>",
    "web.pages",
    "24h",
    "realtime-personalization",
    "ResponseNode",
    "it's 100%_",
    "\"",
    "a",
];

fn tree() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(TEXTS.to_vec()).prop_map(Value::from);
    let leaf = prop_oneof![
        4 => text,
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        let key = prop::sample::select(WORDS.to_vec());
        let map = prop::collection::vec((key, inner.clone()), 0..6)
            .prop_map(|pairs| pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<Map<_, _>>());
        prop_oneof![
            3 => map.prop_map(Value::Object),
            2 => prop::collection::vec(inner, 0..4).prop_map(Value::Array),
        ]
    })
}

/// What holds for every finding about every text.
fn sound(findings: &[Finding], text: &str) -> Result<(), TestCaseError> {
    for finding in findings {
        prop_assert!(RULES.iter().any(|(code, _)| *code == finding.code), "{finding:?}");
        let lines = text.lines().count() + 1;
        prop_assert!(finding.line.is_none_or(|line| (1..=lines).contains(&line)), "{finding:?}");
        prop_assert!(!finding.message.is_empty());
    }
    Ok(())
}

fn checked(text: &str) -> Result<(), TestCaseError> {
    if let Ok(document) = Document::parse(text, "plan.yaml") {
        let _ = Plan::read(&document);
    }
    sound(&validate(text, "plan.yaml").findings, text)?;
    let fixed = fix(text, "plan.yaml");
    sound(&fixed.report.findings, &fixed.text)?;
    prop_assert_eq!(fixed.changes.is_empty(), fixed.text == text);
    // What was mended stays mended, and nothing is left that could be.
    prop_assert!(fixed.changes.is_empty() || Document::parse(&fixed.text, "plan.yaml").is_ok());
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[-a-z0-9:\\[\\]{}'\"&*|>#,? \t\n\u{e9}]{0,80}") {
        checked(&text)?;
    }

    #[test]
    fn any_tree_is_read_or_refused(trees in prop::collection::vec(tree(), 1..4), pretty: bool) {
        let write = |tree: &Value| {
            let tree = if tree.is_object() { tree.clone() } else { json!({"sections": tree, "service_name": "a"}) };
            if pretty { serde_json::to_string_pretty(&tree).unwrap() } else { serde_saphyr::to_string(&tree).unwrap() }
        };
        checked(&write(&trees[0]))?;
        checked(&trees.iter().map(write).collect::<Vec<_>>().join("\n---\n"))?;
    }
}

#[test]
fn a_key_of_a_stream_has_its_place_whatever_its_value() {
    for value in ["[]", "[{name: a}]", "1", "{a: 1}"] {
        for key in ["evnts", "jounreys", "attribute/s"] {
            let text = format!("x-a: 1\n---\nx-b: 1\n{key}: {value}\n");
            let findings = validate(&text, "plan.yaml").findings;
            let place = |finding: &Finding| (finding.pointer.clone(), finding.line);
            let found = findings.iter().find(|finding| finding.code == "unknown-key").map(place);
            let pointer = format!("/1/{}", key.replace('/', "~1"));
            assert_eq!(found, Some((pointer, Some(4))), "{text}");
        }
    }
}

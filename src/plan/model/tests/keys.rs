//! Misspelt and misplaced keys, for every key of every level.

use super::read;
use crate::plan::keys::{self, levels};
use crate::plan::{Document, Finding, Plan, Severity};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A plan with every level that a document of the format has, and where they stand.
fn whole() -> (Value, Vec<(&'static str, &'static str)>) {
    let plan = json!({
        "parent_segment_id": "1",
        "event_tables": [{"database": "d", "table": "u"}],
        "events": [{"name": "view", "table": "d.t", "filter": [{"field": "path", "pattern": "^/"}]}],
        "id_stitching": {"stitching_keys": [{"name": "td_client_id"}]},
        "attributes": [
            {"name": "seen", "type": "list", "source_event": "view", "id_field": "sku",
             "aggregations": [{"name": "all", "column": "sku"}], "actions": [{"event": "view"}]},
            {"name": "views", "type": "counter", "source_event": "view", "windows": [{"window": "7d"}]},
            {"name": "shop", "type": "lookup_catalog", "catalog_table": "shops",
             "catalog_columns": [{"name": "city"}], "lookup_keys": [{"name": "shop_id"}]}
        ],
        "personalization_service": {
            "name": "p", "trigger_event": "view",
            "sections": [{"name": "s", "criteria": "", "attributes": [{"name": "seen"}],
                "catalogs": [{"catalog": "c", "attribute": "seen", "column": "sku"}]}]
        },
        "journeys": [{
            "name": "j", "goal": {"event": "view"},
            "stages": [{
                "name": "one", "trigger_event": "view", "milestone": {"event": "view"},
                "exit": [{"event": "view", "jump": {"stage": "two"}}],
                "steps": [
                    {"decide": [{"name": "b", "when": "seen = 'x'", "steps": []},
                                {"name": "o", "otherwise": true, "steps": []}]},
                    {"ab_test": [{"name": "v", "share": 100, "steps": []}]},
                    {"wait": "1h"}
                ]
            }, {"name": "two"}]
        }]
    });
    let places = vec![
        ("", "the plan itself"),
        ("/event_tables/0", "an event table"),
        ("/events/0", "an event"),
        ("/events/0/filter/0", "a filter"),
        ("/id_stitching", "'id_stitching'"),
        ("/id_stitching/stitching_keys/0", "a stitching key"),
        ("/attributes/0", "an attribute"),
        ("/attributes/0/aggregations/0", "an aggregation of a list"),
        ("/attributes/0/actions/0", "an action of a list"),
        ("/attributes/1/windows/0", "a window of a counter"),
        ("/attributes/2/catalog_columns/0", "a catalog column"),
        ("/attributes/2/lookup_keys/0", "a catalog column"),
        ("/personalization_service", "a personalization service"),
        ("/personalization_service/sections/0", "a section"),
        ("/personalization_service/sections/0/attributes/0", "an attribute of a section"),
        ("/personalization_service/sections/0/catalogs/0", "a catalog of a section"),
        ("/journeys/0", "a journey"),
        ("/journeys/0/goal", "a goal, an exit or a milestone"),
        ("/journeys/0/stages/0", "a stage"),
        ("/journeys/0/stages/0/milestone", "a goal, an exit or a milestone"),
        ("/journeys/0/stages/0/exit/0", "a goal, an exit or a milestone"),
        ("/journeys/0/stages/0/exit/0/jump", "a jump"),
        ("/journeys/0/stages/0/steps/0/decide/0", "a branch"),
        ("/journeys/0/stages/0/steps/1/ab_test/0", "a variant"),
        ("/journeys/0/stages/0/steps/2", "a step"),
    ];
    (plan, places)
}

fn keys_of(level: &str) -> &'static [&'static str] {
    levels().into_iter().find(|(name, _)| *name == level).unwrap_or_else(|| panic!("{level}")).1
}

/// What is found when keys stand at a place.
fn with(plan: &Value, at: &str, keys: &[String], origin: &str) -> Vec<Finding> {
    let mut plan = plan.clone();
    let place = if at.is_empty() { &mut plan } else { plan.pointer_mut(at).unwrap() };
    place.as_object_mut().unwrap().extend(keys.iter().map(|key| (key.clone(), json!("x"))));
    let found = Plan::examine(&Document::parse(&plan.to_string(), origin).unwrap()).1;
    found.into_iter().filter(|finding| finding.code == "unknown-key").collect()
}

/// Each of these keys is found, as an error and at its place.
fn all_errors(plan: &Value, at: &str, keys: &[String], origin: &str) {
    let found = with(plan, at, keys, origin);
    for key in keys {
        let pointer = format!("{at}/{key}");
        let severity = found.iter().find(|one| one.pointer == pointer).map(|one| one.severity);
        assert_eq!(severity, Some(Severity::Error), "'{key}' at '{at}': {found:?}");
    }
}

/// Each one-letter slip of a key.
fn slips(key: &str) -> Vec<String> {
    let letters: Vec<char> = key.chars().collect();
    let mut slips = Vec::new();
    for at in 0..letters.len() {
        let mut less = letters.clone();
        less.remove(at);
        let mut more = letters.clone();
        more.insert(at, 'q');
        let mut other = letters.clone();
        other[at] = 'q';
        slips.extend([less, more, other]);
        if at > 0 {
            let mut swapped = letters.clone();
            swapped.swap(at - 1, at);
            slips.push(swapped);
        }
    }
    slips
        .into_iter()
        .map(|letters| letters.into_iter().collect::<String>())
        .filter(|slip| !slip.is_empty())
        .collect()
}

#[test]
fn the_plan_of_these_tests_has_every_level() {
    let (plan, places) = whole();
    let (_, found) = Plan::examine(&Document::parse(&plan.to_string(), "plan.json").unwrap());
    let errors: Vec<_> = found.iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    for (level, _) in levels() {
        let tested = places.iter().any(|(_, name)| *name == level);
        assert!(tested || level == "an older service template", "{level}");
    }
}

/// A key of the table that no reader asks for would be taken and do nothing.
#[test]
fn every_key_of_the_table_is_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/plan/model");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let code: String =
        files.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let unread: Vec<&str> = keys::mappings()
        .iter()
        .flat_map(|mapping| &mapping.keys)
        .map(|key| key.name)
        .filter(|name| !code.contains(&format!("\"{name}\"")))
        .collect();
    // Published plans have them; they say nothing to the platform.
    assert_eq!(unread, ["use_case", "source"]);
}

#[test]
fn every_slip_of_every_key_is_an_error() {
    let (plan, places) = whole();
    let mut tried = 0;
    for (at, level) in &places {
        let known = keys_of(level);
        let slips: BTreeSet<String> = known.iter().flat_map(|key| slips(key)).collect();
        let slips: Vec<String> = slips.into_iter().filter(|slip| !known.contains(&slip.as_str())).collect();
        tried += slips.len();
        all_errors(&plan, at, &slips, "plan.json");
        all_errors(&plan, at, &slips, "stdin");
    }
    assert!(tried > 5_000, "{tried}");
}

#[test]
fn every_key_at_a_wrong_level_is_an_error() {
    let (plan, places) = whole();
    let mut tried = 0;
    for (at, level) in &places {
        let others: BTreeSet<&str> = levels().into_iter().flat_map(|(_, keys)| keys).copied().collect();
        // What the older templates have at the root is moved.
        let moved = |key: &str| at.is_empty() && ["service_name", "sections", "input_params"].contains(&key);
        let wrong = others.into_iter().filter(|key| !keys_of(level).contains(key) && !moved(key));
        let wrong: Vec<String> = wrong.map(str::to_owned).collect();
        tried += wrong.len();
        // At the root one by one: many of them together are the body of a request.
        let at_once = if at.is_empty() { 1 } else { wrong.len() };
        wrong.chunks(at_once).for_each(|keys| all_errors(&plan, at, keys, "stdin"));
    }
    assert!(tried > 1_000, "{tried}");
}

#[test]
fn distant_keys_are_warnings_and_own_keys_pass() {
    let (plan, places) = whole();
    for (at, _) in &places {
        for key in ["owner_of_this", "ticket", "kind", "$schema"] {
            let found = with(&plan, at, &[key.to_owned()], "stdin");
            assert_eq!(
                found.iter().map(|one| one.severity).collect::<Vec<_>>(),
                [Severity::Warning],
                "{key} {at}"
            );
        }
        for key in ["x-criteria", "x-note", "x-"] {
            assert_eq!(with(&plan, at, &[key.to_owned()], "stdin"), vec![], "{key} {at}");
        }
    }
}

#[test]
fn a_key_of_a_section_among_its_texts_is_an_error() {
    let section = |strings: Value, more: Value| {
        let mut section: Map<String, Value> =
            serde_json::from_value(json!({"name": "s", "strings": strings})).unwrap();
        section.extend(more.as_object().unwrap().clone());
        let plan =
            json!({"personalization_service": {"name": "p", "trigger_event": "e", "sections": [section]}});
        Plan::examine(&Document::parse(&plan.to_string(), "p").unwrap())
            .1
            .iter()
            .map(|one| one.code)
            .collect::<Vec<_>>()
    };
    for key in ["criteria", "batch_segments", "trigger_where", "include_sensitive"] {
        assert_eq!(section(json!({"hi": "Hi", key: "x"}), json!({})), ["unknown-key"], "{key}");
        assert_eq!(section(json!({"hi": "Hi", key: ["x"]}), json!({})), Vec::<&str>::new(), "{key}");
    }
    assert_eq!(section(json!({"name": "x", "description": "y"}), json!({})), Vec::<&str>::new());
    assert_eq!(section(json!({"criteria": "x"}), json!({"criteria": ""})), Vec::<&str>::new());
}

#[test]
fn slips_in_rules_and_in_conditions_of_templates_are_errors() {
    let rule = |operator: Value, more: Value| {
        let mut rule = json!({"type": "Column", "column": "c", "operator": operator});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"events": [{"name": "e", "table": "d.t", "filter": rule}]})
    };
    let right = json!({"type": "Equal", "rightValue": 1});
    let template = |condition: Value| {
        json!({"service_name": "s", "trigger_event": "e", "sections": [
        {"name": "a", "criteria": {"conditions": [condition]}, "strings": {"hi": "Hi"}}]})
    };
    for (plan, severity) in [
        (rule(json!({"type": "Equal", "rightValue": 1, "nto": true}), json!({})), Severity::Error),
        (rule(right.clone(), json!({"not": true})), Severity::Error),
        (rule(right.clone(), json!({"laterField": 1})), Severity::Warning),
        (template(json!({"attribute": "a", "operator": "equals", "value": 1, "vlaue": 2})), Severity::Error),
        (
            template(json!({"attribute": "a", "operator": "equals", "value": 1, "criteria": "x"})),
            Severity::Error,
        ),
        (
            template(json!({"attribute": "a", "operator": "equals", "value": 1, "ticket": 2})),
            Severity::Warning,
        ),
    ] {
        let found = Plan::examine(&Document::parse(&plan.to_string(), "p").unwrap()).1;
        let found: Vec<_> = found.into_iter().filter(|one| one.code == "unknown-key").collect();
        assert_eq!(found.iter().map(|one| one.severity).collect::<Vec<_>>(), [severity], "{plan}: {found:?}");
    }
}

/// A key that only other types have is not read in silence.
#[test]
fn a_key_of_another_type_of_attribute_is_a_warning() {
    let values = json!({
        "source_event": "view", "source_field": "page", "where": "a = 1", "filter": "a = 1", "aggregation": "last",
        "data_type": "string", "max_items": 5, "expiry_days": 5, "expiry": "5d", "id_field": "page", "fields": ["page"],
        "aggregations": [{"name": "a", "column": "c"}], "actions": [{"event": "view"}], "window_duration": "1d",
        "windows": [{"name": "w", "window": "1d"}], "duration": "1d", "increment": 2,
        "backfill": {"attribute": "a", "timestamp": "t"}, "column": "c", "catalog_table": "t",
        "catalog_columns": [{"name": "c"}], "lookup_keys": [{"name": "k"}]
    });
    let attribute = crate::plan::keys::mappings().iter().find(|one| one.path == "attributes").unwrap();
    let mut tried = 0;
    for (kind, whole) in [
        ("single", json!({"source_event": "view", "source_field": "page"})),
        ("list", json!({"source_event": "view", "source_field": "page", "max_items": 5, "expiry_days": 5})),
        ("counter", json!({"source_event": "view"})),
        ("imported_batch", json!({})),
        ("lookup_catalog", json!({"catalog_table": "t", "lookup_keys": [{"name": "k"}]})),
    ] {
        for key in attribute.keys.iter().filter(|key| !key.types.is_empty() && !key.types.contains(&kind)) {
            let mut item = whole.clone();
            item["name"] = json!("x");
            item["type"] = json!(kind);
            item[key.name] = values[key.name].clone();
            let plan = json!({"events": [{"name": "view", "table": "web.pages"}], "attributes": [item]});
            let read =
                read(&plan.to_string()).unwrap_or_else(|error| panic!("{kind} {}: {error:?}", key.name));
            let at = format!("attributes[0].{}", key.name);
            let found = read.warnings.iter().any(|one| one.code == "unused-field" && one.path == at);
            assert!(found, "{kind} {}: {:?}", key.name, read.warnings);
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried}");
}

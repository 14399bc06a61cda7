//! `schema`: the JSON Schemas of what commands print, and of plans.

use super::said;
use crate::common::{Tdx, schemas};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    name: String,
    title: String,
    description: String,
}

#[test]
fn all_are_listed_and_each_can_be_printed() {
    let listed: Vec<Listed> = Tdx::new(&["schema"]).run().decode();
    let names: Vec<&str> = listed.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, tdx_rt::cli::PROGRAM.schemas.names().collect::<Vec<_>>());
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "each once");
    assert!(listed.iter().all(|one| !one.title.is_empty() && !one.description.is_empty()), "{listed:?}");
    for words in
        [vec!["plan"], vec!["rt-events", "list"], vec!["rt-events list"], vec!["sandbox", "clock", "set"]]
    {
        let schema = Tdx::new(&[&["schema"], &words[..]].concat()).run().document();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["$id"], format!("urn:tdx-rt:schema:{}", words.join(":").replace(' ', ":")));
        assert_eq!(Some(&schema), tdx_rt::cli::PROGRAM.schemas.of(&words.join(" ")).as_ref());
    }
}

#[test]
fn it_needs_no_key_and_no_network() {
    let run = Tdx::new(&["schema", "ps-check", "--jq", ".title"]).env("TDX_SITE", "mars").run();
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "Parent segments\n", ""));
}

#[test]
fn an_unknown_name_and_a_command_that_prints_text_say_so() {
    let hint = |words: &[&str], exit_code, code| {
        let error = Tdx::new(&[&["schema"], words].concat()).run().error(exit_code, code);
        said(&error, "hint").to_owned()
    };
    assert_eq!(hint(&["rt-event"], 3, "not-found"), "did you mean 'rt-events'?");
    assert_eq!(hint(&["rt-events", "lists"], 3, "not-found"), "did you mean 'rt-events list'?");
    assert_eq!(hint(&["something-else"], 3, "not-found"), "`tdx-rt schema` lists them");
    assert_eq!(hint(&["shell-init"], 2, "usage"), "`tdx-rt schema` lists what has one");
}

/// Commands that print text only.
const TEXT: [&str; 1] = ["shell-init"];
/// What is read or printed beside the documents of commands.
const OTHERS: [&str; 7] = ["plan", "saved-plan", "dry-run", "error", "warning", "bulk", "bulk-summary"];

fn paths(command: &clap::Command, before: &str, found: &mut BTreeSet<String>) {
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        let path = format!("{before} {}", sub.get_name()).trim().to_owned();
        paths(sub, &path, found);
        // One that only has commands of its own prints nothing.
        if !sub.is_subcommand_required_set() {
            found.insert(path);
        }
    }
}

#[test]
fn every_command_has_a_schema_and_every_schema_is_of_something() {
    let mut commands = BTreeSet::new();
    paths(&tdx_rt::cli::command(), "", &mut commands);
    assert!(TEXT.iter().all(|text| commands.remove(*text)));
    commands.extend(OTHERS.map(str::to_owned));
    assert_eq!(commands, tdx_rt::cli::PROGRAM.schemas.names().map(str::to_owned).collect());
}

/// The words of JSON Schema that the static check of `--jq` reads, and those that say nothing to it.
const KEYWORDS: [&str; 22] = [
    "$schema",
    "$id",
    "$defs",
    "$ref",
    "title",
    "description",
    "examples",
    "default",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "anyOf",
    "enum",
    "const",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "minItems",
    "minLength",
];

fn check_schema(name: &str, schema: &Value, definitions: &Value) {
    let map = match schema {
        Value::Bool(true) => return,
        other => other.as_object().unwrap_or_else(|| panic!("{name}: {other} is no schema")),
    };
    for (key, value) in map {
        assert!(KEYWORDS.contains(&key.as_str()), "{name}: '{key}' is not in the subset");
        match key.as_str() {
            "properties" | "$defs" => {
                value.as_object().unwrap().values().for_each(|inner| check_schema(name, inner, definitions));
            }
            "anyOf" => {
                value.as_array().unwrap().iter().for_each(|inner| check_schema(name, inner, definitions))
            }
            "items" => check_schema(name, value, definitions),
            "additionalProperties" if value.is_object() => check_schema(name, value, definitions),
            "additionalProperties" => assert!(value.is_boolean(), "{name}"),
            "$ref" => {
                let target = value.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                assert!(definitions.get(target).is_some(), "{name}: {target} does not exist");
            }
            _ => {}
        }
    }
    // Who makes an object says of each of its fields whether it is always there.
    if let Some(required) = map.get("required") {
        for field in required.as_array().unwrap() {
            assert!(map["properties"].get(field.as_str().unwrap()).is_some(), "{name}: {field} is required");
        }
    }
    if map.contains_key("properties") {
        assert!(map.contains_key("additionalProperties") && map.contains_key("required"), "{name}: {schema}");
    }
}

#[test]
fn schemas_use_few_words_and_define_what_they_use_and_no_more() {
    for name in tdx_rt::cli::PROGRAM.schemas.names() {
        let mut schema = tdx_rt::cli::PROGRAM.schemas.of(name).unwrap();
        // Beside the keywords: the columns of `--tsv`.
        let columns = schema.as_object_mut().unwrap().remove("x-columns");
        assert!(columns.is_none_or(|columns| columns.as_array().is_some_and(|all| all.len() > 1)), "{name}");
        let definitions = schema.get("$defs").cloned().unwrap_or_default();
        check_schema(name, &schema, &definitions);
        let text = schema.to_string();
        for used in definitions.as_object().into_iter().flatten() {
            assert!(text.contains(&format!("\"#/$defs/{}\"", used.0)), "{name}: nothing uses {}", used.0);
        }
    }
}

#[test]
fn plans_of_the_documentation_are_valid() {
    let docs = include_str!("../../docs/plans.md");
    let blocks = docs.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut count = 0;
    for text in blocks.chain([include_str!("../../examples/web-personalization.yaml")]) {
        let plan: Value = serde_saphyr::from_str(text).unwrap();
        schemas::check("plan", &plan).unwrap_or_else(|why| panic!("{why}"));
        count += 1;
    }
    assert!(count > 1);
}

#[test]
fn slips_of_a_plan_are_noticed_in_an_editor() {
    for (slip, at) in [
        ("events: {}", "/events"),
        ("events: [{table: d.t}]", "/events/0"),
        ("events: [{name: a, table: d.t, filter: {field: x}}]", "/events/0/filter"),
        ("attributes: [{name: a, type: singel}]", "/attributes/0/type"),
        ("attributes: [{name: a, type: counter, window_duration: 24}]", "/attributes/0/window_duration"),
        ("attributes: [{name: a, type: list, max_items: 0}]", "/attributes/0/max_items"),
        ("id_stitching: {stitching_keys: [{valid_regex: x}]}", "/id_stitching"),
        (
            "personalization_service: {name: w, sections: [{name: s, strings: {a: {}}}]}",
            "/personalization_service",
        ),
        ("personalization_service: {name: w, only: both}", "/personalization_service/only"),
        ("parent_segment_id: 12.5", "/parent_segment_id"),
    ] {
        let plan: Value = serde_saphyr::from_str(slip).unwrap();
        let why = schemas::check("plan", &plan).expect_err(slip);
        assert!(why.contains(&format!("at '{at}")), "{slip}: {why}");
    }
    for good in
        ["attributes: [{name: a, type: Single, sensitivity: Non-Sensitive}]", "events:", "x-anchors: 1"]
    {
        let plan: Value = serde_saphyr::from_str(good).unwrap();
        schemas::check("plan", &plan).unwrap_or_else(|why| panic!("{why}"));
    }
}

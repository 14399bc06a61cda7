//! `apply --prune`: only what an earlier `apply` of the same plan made, or what is named.

use super::plans::{SOURCE, Shell, assert_same, configuration, plan_of_everything, sorted};
use super::{Written, said};
use crate::common::Output;
use serde_json::{Value, json};

struct Case {
    shell: Shell,
    file: Written,
}

impl Case {
    /// A plan that was applied.
    fn new(plan: &Value) -> Self {
        let case = Case { shell: Shell::new(), file: Written::new("plan.json", &plan.to_string()) };
        case.apply(&[]).document();
        case
    }

    fn write(&self, plan: &Value) {
        std::fs::write(self.file.path(), plan.to_string()).unwrap();
    }

    fn apply(&self, arguments: &[&str]) -> Output {
        let mut all = vec!["apply", self.file.path(), "--interval", "5ms"];
        all.extend_from_slice(arguments);
        self.shell.tdx(&all).run()
    }

    fn names(&self, list: &str) -> Vec<String> {
        let all = configuration(&self.shell.platform, SOURCE);
        let items = all[list].as_array().unwrap().iter();
        items.map(|i| i["name"].as_str().or(i["attributes"]["name"].as_str()).unwrap().to_owned()).collect()
    }
}

/// Without the attribute at an index and what shows it.
fn without_last_section(plan: &Value) -> Value {
    let mut plan = plan.clone();
    plan["personalization_service"]["sections"].as_array_mut().unwrap().pop();
    plan
}

#[test]
fn what_the_plan_no_longer_names_goes_only_when_it_is_asked_for() {
    let mut plan = plan_of_everything();
    plan["attributes"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "gone", "type": "counter", "source_event": "page_view"}));
    let case = Case::new(&plan);
    plan["attributes"].as_array_mut().unwrap().pop();
    case.write(&plan);
    let unpruned = case.apply(&[]).document();
    assert_eq!(unpruned.get("deleted"), None);
    assert!(case.names("attributes").contains(&"gone".to_owned()));
    let refused = case.apply(&["--prune"]).error(2, "usage");
    assert!(said(&refused, "message").contains("attributes.gone"), "{refused}");
    assert!(said(&refused, "hint").contains("--yes"), "{refused}");
    let diff = case.shell.tdx(&["diff", case.file.path(), "--prune"]).run().document();
    assert_eq!(diff["changes"].as_array().unwrap().len(), 1, "{diff}");
    assert_eq!(diff["changes"][0]["action"], "delete");
    let pruned = case.apply(&["--prune", "--yes"]).document();
    assert_eq!(pruned["deleted"][0]["path"], "attributes.gone");
    assert_eq!(pruned["summary"]["items"]["deleted"], 1, "{pruned}");
    assert!(!case.names("attributes").contains(&"gone".to_owned()));
    case.shell.platform.forget_requests();
    case.apply(&["--prune"]).document();
    assert_eq!(case.shell.platform.writes(), Vec::<String>::new());
}

#[test]
fn what_somebody_else_made_stays() {
    let case = Case::new(&plan_of_everything());
    let body = json!({"name": "theirs", "databaseName": "web_events", "tableName": "pageviews",
        "filterRule": {"type": "And", "conditions": []}});
    case.shell.platform.request("POST", &format!("/audiences/{SOURCE}/realtime_key_events"), Some(body));
    let before = configuration(&case.shell.platform, SOURCE);
    case.apply(&["--prune", "--yes"]).document();
    assert_same(&configuration(&case.shell.platform, SOURCE), &before, &Value::Null);
    // Another plan made nothing of it.
    let other = Written::new(
        "other.json",
        &json!({"parent_segment_id": SOURCE, "events": [
        {"name": "page_view", "table": "web_events.pageviews"}]})
        .to_string(),
    );
    case.shell.tdx(&["apply", other.path(), "--prune", "--yes", "--interval", "5ms"]).run().document();
    assert_same(&configuration(&case.shell.platform, SOURCE), &before, &Value::Null);
}

#[test]
fn what_was_there_before_the_plan_named_it_stays() {
    let shell = Shell::new();
    let event = json!({"name": "page_view", "table": "web_events.pageviews"});
    let body = json!({"name": "page_view", "databaseName": "web_events", "tableName": "legacy_clicks",
        "filterRule": {"type": "And", "conditions": []}});
    shell.platform.request("POST", &format!("/audiences/{SOURCE}/realtime_key_events"), Some(body));
    let file =
        Written::new("plan.json", &json!({"parent_segment_id": SOURCE, "events": [event]}).to_string());
    let apply = |arguments: &[&str]| {
        let mut all = vec!["apply", file.path(), "--interval", "5ms", "--prune", "--yes"];
        all.extend_from_slice(arguments);
        shell.tdx(&all).run()
    };
    apply(&[]).document();
    let other = json!({"name": "login", "table": "web_events.logins"});
    std::fs::write(file.path(), json!({"parent_segment_id": SOURCE, "events": [other]}).to_string()).unwrap();
    let pruned = apply(&[]).document();
    assert_eq!(pruned["deleted"], json!([]), "the key event still needs its table");
    assert_eq!(shell.item("events", "page_view")["name"], "page_view");
    // Named, it goes.
    let pruned = apply(&["--prune-item", "events.page_view"]).document();
    assert!(pruned["deleted"].to_string().contains("events.page_view"), "{pruned}");
}

#[test]
fn sections_outputs_and_whole_personalizations_go_too() {
    let plan = plan_of_everything();
    let case = Case::new(&plan);
    let fewer = without_last_section(&plan);
    case.write(&fewer);
    case.apply(&["--prune", "--yes"]).document();
    let sections = |case: &Case| {
        let all = configuration(&case.shell.platform, SOURCE);
        all["personalizations"][0]["attributes"]["sections"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(sections(&case), fewer["personalization_service"]["sections"].as_array().unwrap().len());
    let mut none = fewer;
    none.as_object_mut().unwrap().shift_remove("personalization_service");
    case.write(&none);
    case.apply(&["--prune", "--yes"]).document();
    assert!(case.names("personalizations").is_empty() && case.names("services").is_empty());
}

#[test]
fn an_undo_brings_back_what_was_pruned() {
    let plan = plan_of_everything();
    let case = Case::new(&plan);
    let export = || case.shell.run(&["export", SOURCE], &Value::Null);
    let before = export();
    case.write(&json!({"parent_segment_id": SOURCE, "events": [plan["events"][0].clone()]}));
    let pruned = case.apply(&["--prune", "--yes"]).document();
    assert!(pruned["deleted"].as_array().unwrap().len() > 8, "{pruned}");
    assert_eq!(case.names("attributes"), ["country"]);
    let undone = case.shell.tdx(&["undo", "--ps", SOURCE, "--interval", "5ms"]).run().document();
    let kept: Vec<&str> =
        undone["not_undone"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
    assert!(kept.len() == 1 && kept[0].contains("tokens"), "{kept:?}");
    assert_eq!(sorted(export()), sorted(before));
}

#[test]
fn what_is_used_or_not_there_or_named_is_refused() {
    let case = Case::new(&plan_of_everything());
    case.shell.platform.forget_requests();
    for (item, exit_code, code) in [
        ("events.page_view", 2, "usage"),
        ("events.pageview", 3, "not-found"),
        ("event_tables.\"web_events.nowhere\"", 3, "not-found"),
    ] {
        case.apply(&["--yes", "--prune-item", item]).error(exit_code, code);
    }
    let only_service =
        json!({"parent_segment_id": SOURCE, "id_stitching": {"stitching_keys": ["td_client_id"]}});
    case.write(&only_service);
    let error = case.apply(&["--yes", "--prune-item", "events.page_view"]).error(6, "conflict");
    assert!(said(&error, "message").contains("is used by the attribute"), "{error}");
    assert_eq!(case.shell.platform.writes(), Vec::<String>::new());
}

#[test]
fn a_plan_from_a_pipe_needs_a_name() {
    let shell = Shell::new();
    let plan = plan_of_everything().to_string();
    shell.tdx(&["apply", "-", "--prune"]).stdin(plan.clone()).run().error(2, "usage");
    let apply = |plan: String, arguments: &[&str]| {
        let mut all = vec!["apply", "-", "--plan-name", "shop", "--interval", "5ms"];
        all.extend_from_slice(arguments);
        shell.tdx(&all).stdin(plan).run().document()
    };
    apply(plan, &[]);
    let fewer = without_last_section(&plan_of_everything()).to_string();
    let pruned = apply(fewer, &["--prune", "--yes"]);
    assert!(pruned["deleted"].to_string().contains("personalizations."), "{pruned}");
}

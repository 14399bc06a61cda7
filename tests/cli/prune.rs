//! `apply --prune`: only what an earlier `apply` of the same plan made, or what is named.

use super::plans::{SOURCE, Shell, assert_same, configuration, plan_of_everything, sorted};
use super::{Written, said};
use crate::common::{Output, Platform};
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
fn what_others_made_stays() {
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
    let undone = case.shell.tdx(&["undo", "-y", "--ps", SOURCE, "--interval", "5ms"]).run().document();
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
    assert!(said(&error, "message").contains("key event 'page_view' is used by "), "{error}");
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
    assert!(pruned["deleted"].to_string().contains("personalization_services."), "{pruned}");
}

const KEY: &str = "realtime_setting";

/// Writes the setting as another user would: with another stitching key.
fn another_user_adds_a_key(platform: &Platform, name: &str) {
    let path = format!("/audiences/{SOURCE}/{KEY}");
    let mut setting = platform.get(&path);
    let key = json!({"name": name, "validRegexp": null, "invalidTexts": [], "internal": false});
    setting["keyColumns"].as_array_mut().unwrap().push(key);
    let fields = ["keyColumns", "eventTables", "batchAttributes", "extLookupKey"];
    let body: Value = fields.into_iter().map(|field| (field.to_owned(), setting[field].clone())).collect();
    assert_eq!(platform.request("PATCH", &path, Some(body)).0, 200);
}

fn keys(platform: &Platform) -> Vec<String> {
    let setting = platform.get(&format!("/audiences/{SOURCE}/{KEY}"));
    setting["keyColumns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_others_add_while_it_runs_stays() {
    let plan = plan_of_everything();
    let case = Case::new(&plan);
    case.write(&json!({"parent_segment_id": SOURCE, "events": [plan["events"][0].clone()]}));
    let platform = &case.shell.platform;
    let rule = json!({"kind": "slow", "delay_ms": 1_000, "method": "DELETE",
        "path": format!("/audiences/{SOURCE}/realtime_attributes")});
    platform.control("faults", rule);
    std::thread::scope(|scope| {
        let run = scope.spawn(|| case.apply(&["--prune", "--yes"]));
        while !platform.get("/_sandbox/faults").to_string().contains("[]") {
            std::thread::yield_now();
        }
        another_user_adds_a_key(platform, "session_id");
        let columns = json!({"columns": ["country", "loyalty_tier", "city"]});
        let imports = format!("/audiences/{SOURCE}/realtime_imported_attributes/bulk_update");
        assert_eq!(platform.request("POST", &imports, Some(columns)).0, 200);
        run.join().unwrap().document();
    });
    assert_eq!(keys(platform), ["legacy_id", "session_id"]);
    assert_eq!(case.names("attributes"), ["city", "country"]);
}

#[test]
fn what_a_run_began_and_did_not_make_belongs_to_no_plan() {
    let case = Case { shell: Shell::new(), file: Written::new("plan.json", "") };
    let mine = |name: &str| json!({"parent_segment_id": SOURCE, "events": [{"name": name, "table": "web_events.logins"}]});
    case.write(&mine("mine"));
    let events = format!("/audiences/{SOURCE}/realtime_key_events");
    let rule =
        json!({"kind": "status", "status": 400, "operation": "POST /audiences/{}/realtime_key_events"});
    case.shell.platform.control("faults", rule);
    case.apply(&[]).error(2, "rejected");
    let theirs = json!({"name": "mine", "databaseName": "web_events", "tableName": "logins",
        "filterRule": {"type": "And", "conditions": []}});
    assert_eq!(case.shell.platform.request("POST", &events, Some(theirs)).0, 200);
    case.write(&mine("other"));
    let pruned = case.apply(&["--prune", "--yes"]).document();
    assert_eq!(pruned["deleted"], json!([]));
    assert_eq!(case.names("events"), ["mine", "other"]);
}

#[test]
fn whatever_goes_is_asked_for() {
    let mut plan = plan_of_everything();
    let case = Case::new(&plan);
    plan["personalization_service"]["sections"][1]["batch_segments"] = json!([]);
    case.write(&plan);
    let diff = case.shell.tdx(&["diff", case.file.path(), "--prune"]).run().document();
    assert!(diff["changes"][0]["path"].as_str().unwrap().contains("batch_segments"), "{diff}");
    case.apply(&["--prune"]).error(2, "usage");
    let other = json!({"parent_segment_id": SOURCE, "id_stitching": {"stitching_keys": ["td_client_id"]}});
    case.write(&other);
    case.apply(&["--prune-item", "services.web"]).error(2, "usage");
    assert_eq!(case.names("services"), ["web"]);
}

#[test]
fn a_section_of_a_personalization_that_the_plan_does_not_name_can_go() {
    let case = Case::new(&plan_of_everything());
    case.write(&json!({"parent_segment_id": SOURCE, "id_stitching": {"stitching_keys": ["td_client_id"]}}));
    let export =
        || case.shell.run(&["export", SOURCE], &Value::Null)["personalization_service"]["sections"].clone();
    let path = "personalization_services.web.sections.VIP";
    let pruned = case.apply(&["--yes", "--prune-item", path]).document();
    assert!(pruned["deleted"].to_string().contains("personalization_services.web.sections.VIP"), "{pruned}");
    assert_eq!(export().as_array().unwrap().len(), 1);
    case.apply(&["--yes", "--prune-item", "personalizations.web.Default.hello"]).document();
    assert_eq!(export()[0].get("strings"), None);
    let error =
        case.apply(&["--yes", "--prune-item", "personalizations.web.Default.seen"]).error(6, "conflict");
    assert!(said(&error, "message").contains("can't be empty"), "{error}");
}

#[test]
fn an_import_goes_by_its_column() {
    let plan = json!({"parent_segment_id": SOURCE,
        "attributes": [{"name": "tier", "type": "imported_batch", "column": "loyalty_tier"}]});
    let case = Case::new(&plan);
    assert_eq!(case.names("attributes"), ["country", "loyalty_tier"]);
    case.shell.platform.forget_requests();
    case.apply(&["--prune", "--yes"]).document();
    assert_eq!(case.shell.platform.writes(), Vec::<String>::new());
    case.write(&json!({"parent_segment_id": SOURCE, "id_stitching": {"stitching_keys": ["td_client_id"]}}));
    case.apply(&["--prune", "--yes"]).document();
    assert_eq!(case.names("attributes"), ["country"]);
}

#[test]
fn what_another_plan_names_stays() {
    let plan = |keys: &[&str]| {
        json!({"parent_segment_id": SOURCE, "event_tables": ["web_events.logins"],
            "id_stitching": {"stitching_keys": keys}})
    };
    let case = Case::new(&plan(&["email", "td_client_id"]));
    let other = Written::new("other.json", &plan(&["email"]).to_string());
    case.shell.tdx(&["apply", other.path(), "--interval", "5ms"]).run().document();
    case.write(&plan(&["canonical_id"]));
    case.apply(&["--prune", "--yes"]).document();
    assert_eq!(keys(&case.shell.platform), ["legacy_id", "email", "canonical_id"]);
}

/// Two journeys, the first of which leads to the second.
fn with_journeys() -> Value {
    let mut plan = plan_of_everything();
    plan["journeys"] = json!([
        {"name": "one", "trigger_event": "page_view", "criteria": "tier = 'VIP'", "steps": [{"wait": "1d"}, {"jump": "two"}]},
        {"name": "two", "trigger_event": "it's", "state": "launched", "steps": [
            {"activate": "webhook", "name": "call", "url": "http://127.0.0.1:9/in", "body": {"a": 1}}]},
    ]);
    plan
}

#[test]
fn journeys_go_with_the_plan_and_what_they_use_stays() {
    let plan = with_journeys();
    let case = Case::new(&plan);
    let refused = |plan: &Value, path: &str| {
        case.write(plan);
        let error = case.apply(&["--prune", "--yes"]).error(6, "conflict");
        assert!(said(&error, "message").contains(path), "{error}");
    };
    let mut less = plan.clone();
    less["journeys"].as_array_mut().unwrap().pop();
    refused(&less, "journey 'two' is used by jump of journey 'one'");
    let others = json!({"parent_segment_id": SOURCE, "journeys": [
        {"name": "others", "trigger_event": "it's", "criteria": "loyalty_tier = 'VIP'", "steps": ["end"]}]});
    case.shell.run(&["journey-create"], &others);
    let mut less = plan_of_everything();
    less["events"].as_array_mut().unwrap().pop();
    less["attributes"].as_array_mut().unwrap().truncate(2);
    less["personalization_service"]["sections"] = json!([{"name": "Default", "attributes": ["seen"]}]);
    refused(&less, "key event 'it's' is used by entry of journey 'others'");
    refused(&less, "attribute 'loyalty_tier' is used by entry of journey 'others'");
    assert_eq!(case.names("journeys"), ["one", "others", "two"]);
    case.write(&plan_of_everything());
    let diff = case.shell.tdx(&["diff", case.file.path(), "--prune"]).run().document();
    let gone: Vec<&str> = diff["changes"].as_array().unwrap().iter().map(|one| said(one, "path")).collect();
    assert_eq!(gone, ["journeys.one", "journeys.two"]);
    let pruned = case.apply(&["--prune", "--yes"]).document();
    assert_eq!(pruned["deleted"].as_array().unwrap().len(), 2);
    assert_eq!(case.names("journeys"), ["others"]);
    assert_eq!(case.names("activations"), Vec::<String>::new());
}

#[test]
fn journeys_that_were_pruned_come_back_as_drafts() {
    let case = Case::new(&with_journeys());
    let before = case.shell.run(&["export", SOURCE], &Value::Null);
    case.write(&plan_of_everything());
    case.apply(&["--prune", "--yes"]).document();
    let undone = case.shell.run(&["undo", "-y", "--ps", SOURCE, "--interval", "5ms"], &Value::Null);
    let sentence = undone["not_undone"][0].as_str().unwrap();
    assert!(sentence.starts_with("the journey 'two' is a draft again"), "{undone}");
    let mut expected = before.clone();
    for journey in expected["journeys"].as_array_mut().unwrap() {
        journey["state"] = json!("draft");
    }
    let after = case.shell.run(&["export", SOURCE], &Value::Null);
    assert_eq!(sorted(after)["journeys"], sorted(expected)["journeys"]);
    let launched = case
        .shell
        .run(&["journey-create", "launch", "two", "--ps", SOURCE, "--interval", "5ms"], &Value::Null);
    assert_eq!(launched["state"], "launched");
    case.write(&with_journeys());
    case.shell.platform.forget_requests();
    case.apply(&[]).document();
    assert_eq!(case.shell.platform.writes(), Vec::<String>::new(), "it is all as it was");
}

/// What `pz-create` prunes is what `apply` would: what this plan made, whichever of the two made it.
#[test]
fn pz_create_prunes_what_the_plan_made_and_nothing_else() {
    let plan = plan_of_everything();
    let case = Case::new(&plan);
    let create = |arguments: &[&str]| {
        case.shell.tdx(&[&["pz-create", "-f", case.file.path()], arguments].concat()).run()
    };
    let sections = || -> Vec<String> {
        let all = configuration(&case.shell.platform, SOURCE);
        let sections = all["personalizations"][0]["attributes"]["sections"].as_array().unwrap().clone();
        sections.iter().map(|section| section["name"].as_str().unwrap().to_owned()).collect()
    };
    // A colleague's section, and one that `pz-create` itself makes.
    let words = [
        "pz-create",
        "--ps",
        SOURCE,
        "--name",
        "web",
        "--trigger",
        "page_view",
        "--section",
        "Theirs",
        "--string",
        "a=b",
    ];
    case.shell.tdx(&words).run().document();
    let mut more = plan.clone();
    let added = json!({"name": "Added", "strings": {"text": "x", "other": "y"}});
    more["personalization_service"]["sections"].as_array_mut().unwrap().insert(0, added);
    case.write(&more);
    create(&[]).document();
    assert!(sections().contains(&"Added".to_owned()) && sections().contains(&"Theirs".to_owned()));
    // An output goes, then the section.
    more["personalization_service"]["sections"][0]["strings"].as_object_mut().unwrap().shift_remove("other");
    case.write(&more);
    let unpruned = create(&[]).document();
    assert_eq!(unpruned["personalization"]["action"], "unchanged");
    case.shell.platform.forget_requests();
    let refused = create(&["--prune"]).error(2, "usage");
    assert!(
        said(&refused, "message").contains("personalization_services.web.sections.Added.strings.other"),
        "{refused}"
    );
    assert!(said(&refused, "hint").contains("--yes"), "{refused}");
    assert_eq!(case.shell.platform.writes(), Vec::<String>::new());
    let pruned = create(&["--prune", "-y"]).document();
    assert_eq!(
        pruned["deleted"],
        json!([{"path": "personalization_services.web.sections.Added.strings.other", "id": null}])
    );
    case.write(&plan);
    create(&["--prune", "--yes"]).document();
    assert!(!sections().contains(&"Added".to_owned()) && sections().contains(&"Theirs".to_owned()));
    // What `apply` made goes as well; what other plans name does not.
    let other = Written::new("other.json", &plan.to_string());
    case.shell.tdx(&["pz-create", "-f", other.path()]).run().document();
    case.write(&without_last_section(&plan));
    let kept = create(&["--prune", "-y"]).document();
    assert_eq!(kept["deleted"], json!([]), "another plan names it");
    std::fs::write(other.path(), without_last_section(&plan).to_string()).unwrap();
    case.shell.tdx(&["pz-create", "-f", other.path()]).run().document();
    create(&["--prune", "-y"]).document();
    assert_eq!(sections(), ["VIP", "Theirs"]);
    // A dry run and `apply` agree on what goes.
    case.apply(&["--prune", "--dry-run"]).document();
    // A plan of flags is not the plan of the file.
    let words = [
        "pz-create",
        "-f",
        case.file.path(),
        "--name",
        "web",
        "--section",
        "Theirs",
        "--string",
        "a=b",
        "--trigger",
        "page_view",
        "--prune",
        "-y",
    ];
    case.shell.tdx(&words).run().error(2, "usage");
    assert_eq!(sections(), ["VIP", "Theirs"]);
}

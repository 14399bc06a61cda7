//! `undo`: what was there before an `apply`; what others have changed since is not touched.

use super::plans::{SOURCE, Shell, assert_same, configuration, plan_of_everything, sorted};
use super::{Written, said};
use crate::common::Output;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the fields that there are")]
struct Document {
    parent_segment: Value,
    journal: String,
    plan: String,
    undone: Vec<Undone>,
    not_undone: Vec<String>,
    commands: Vec<Value>,
    lost: Vec<String>,
    items: Value,
    own_journal: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Undone {
    kind: String,
    name: String,
    id: Option<String>,
    path: Option<String>,
    action: String,
}

fn undo(shell: &Shell, arguments: &[&str]) -> Output {
    let mut all = vec!["undo", "-y", "--interval", "5ms"];
    all.extend_from_slice(arguments);
    shell.tdx(&all).run()
}

fn path(what: &str) -> String {
    format!("/audiences/{SOURCE}/{what}")
}

#[test]
fn everything_goes_that_was_made() {
    let shell = Shell::new();
    let before = configuration(&shell.platform, SOURCE);
    shell.apply(&plan_of_everything());
    let document: Document = undo(&shell, &["--ps", SOURCE]).decode();
    assert_eq!((document.plan.as_str(), document.not_undone), ("stdin", vec![]));
    assert_eq!(document.parent_segment, json!({"id": SOURCE, "rt_status": "ok"}));
    assert!(Path::new(&document.journal).exists());
    assert!(document.undone.iter().all(|item| item.action == "deleted"), "{:?}", document.undone);
    let kinds = ["personalization", "service", "attribute", "key_event", "event_table", "stitching_key"];
    for kind in kinds {
        assert!(document.undone.iter().any(|item| item.kind == kind), "{kind}");
    }
    assert!(document.undone.iter().all(|item| !item.name.is_empty() && item.id.as_deref() != Some("")));
    // As `diff` and `--prune-item` have them; a token is no item of a plan.
    assert!(
        document.undone.iter().all(|item| item.path.is_some() == (item.kind != "token")),
        "{:?}",
        document.undone
    );
    assert_same(&configuration(&shell.platform, SOURCE), &before, &Value::Null);
    undo(&shell, &["--ps", SOURCE]).error(3, "not-found");
    // By its name it can be run again, and does nothing.
    shell.platform.forget_requests();
    let again: Document = undo(&shell, &[&document.journal]).decode();
    assert!(again.undone.is_empty());
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn the_journal_is_for_its_user_alone_and_holds_no_secret() {
    use std::os::unix::fs::PermissionsExt;
    let shell = Shell::new();
    let applied = shell.apply(&plan_of_everything());
    let journal = applied["journal"].as_str().unwrap();
    let mode = std::fs::metadata(journal).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(journal).unwrap();
    let token = applied["service"]["token"].as_str().unwrap();
    assert!(!text.contains(token) && !text.contains(&shell.platform.api_key), "{text}");
}

#[test]
fn what_was_changed_since_is_a_conflict_and_then_nothing_is_written() {
    let shell = Shell::new();
    shell.apply(&plan_of_everything());
    let event = shell.item("events", "page_view");
    let theirs = json!({"name": "page_view", "databaseName": "web_events", "tableName": "pageviews",
        "description": "theirs", "filterRule": {"type": "And", "conditions": []}});
    let place = path(&format!("realtime_key_events/{}", event["id"].as_str().unwrap()));
    assert_eq!(shell.platform.request("PATCH", &place, Some(theirs)).0, 200);
    shell.platform.forget_requests();
    let error = undo(&shell, &["--ps", SOURCE]).error(6, "conflict");
    assert!(said(&error, "message").contains("key event 'page_view' was changed since"), "{error}");
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
}

#[test]
fn what_others_added_since_stays() {
    let shell = Shell::new();
    shell.apply(&plan_of_everything());
    let before = configuration(&shell.platform, SOURCE);
    let second = json!({"parent_segment_id": SOURCE, "attributes": [
        {"name": "extra", "type": "counter", "source_event": "page_view"}],
        "id_stitching": {"stitching_keys": ["email"]}});
    shell.apply(&second);
    // Another user adds a key and an event.
    let mut setting = shell.platform.get(&path("realtime_setting"));
    setting["keyColumns"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "session_id", "validRegexp": null, "invalidTexts": [], "internal": false}));
    let keys = ["keyColumns", "eventTables", "batchAttributes", "extLookupKey"];
    let body: Value = keys.into_iter().map(|key| (key.to_owned(), setting[key].clone())).collect();
    assert_eq!(shell.platform.request("PATCH", &path("realtime_setting"), Some(body)).0, 200);
    undo(&shell, &["--ps", SOURCE]).document();
    let now = configuration(&shell.platform, SOURCE);
    assert_same(&now["attributes"], &before["attributes"], &second);
    let names = |all: &Value| -> Vec<String> {
        let keys = all["setting"]["keyColumns"].as_array().unwrap().iter();
        keys.map(|key| key["name"].as_str().unwrap().to_owned()).collect()
    };
    assert!(names(&now).contains(&"session_id".to_owned()) && !names(&now).contains(&"email".to_owned()));
}

#[test]
fn what_was_changed_can_be_left_alone() {
    let shell = Shell::new();
    shell.apply(&plan_of_everything());
    let mut edited = plan_of_everything();
    edited["events"][0]["description"] = json!("edited");
    edited["attributes"][0]["description"] = json!("edited");
    shell.apply(&edited);
    let name = edited["attributes"][0]["name"].as_str().unwrap().to_owned();
    let id = shell.item("attributes", &name)["id"].as_str().unwrap().to_owned();
    let body = json!({"description": "theirs"});
    assert_eq!(
        shell.platform.request("PATCH", &path(&format!("realtime_attributes/{id}")), Some(body)).0,
        200
    );
    undo(&shell, &["--ps", SOURCE]).error(6, "conflict");
    let document: Document = undo(&shell, &["--ps", SOURCE, "--skip-changed"]).decode();
    assert_eq!(document.not_undone.len(), 1);
    assert_eq!(shell.item("attributes", &name)["description"], "theirs");
    assert_eq!(shell.item("events", "page_view")["description"], "A page");
}

#[test]
fn a_journal_of_another_account_or_of_nothing_is_refused() {
    let shell = Shell::new();
    let applied = shell.apply(&plan_of_everything());
    let journal = applied["journal"].as_str().unwrap();
    let other = Shell::new();
    other.tdx(&["undo", "-y", journal]).run().error(6, "conflict");
    shell.tdx(&["undo", "-y", "/nowhere/at/all"]).run().error(3, "not-found");
    let text = super::Written::new("text", "{\"a\": 1}\n");
    shell.tdx(&["undo", "-y", text.path()]).run().error(2, "bad-setting");
}

#[test]
fn a_run_that_was_cut_off_can_be_taken_back() {
    for skip in [2, 5, 9] {
        let shell = Shell::new();
        let before = configuration(&shell.platform, SOURCE);
        let rule = json!({"kind": "commit_then_drop", "method": "POST", "skip": skip, "count": 0});
        shell.platform.control("faults", rule);
        let tdx = shell.tdx(&["apply", "-f", "-", "--retries", "0", "--interval", "5ms"]);
        let error = tdx.stdin(plan_of_everything().to_string()).run();
        shell.platform.request("DELETE", "/_sandbox/faults", None);
        if error.code == 0 {
            continue;
        }
        let error: Value = serde_json::from_str(&error.stderr).unwrap();
        let journal = error["error"]["details"]["journal"].as_str().unwrap();
        assert!(said(&error["error"], "hint").contains("tdx-rt undo"), "{error}");
        undo(&shell, &[journal]).document();
        let mut now = configuration(&shell.platform, SOURCE);
        // An answer was lost that would have said so.
        now["setting"]["extLookupKey"] = before["setting"]["extLookupKey"].clone();
        assert_same(&now, &before, &json!(skip));
    }
}

/// A plan in a file, so that it has a name.
fn apply_file(shell: &Shell, file: &Written, plan: &Value, arguments: &[&str]) -> Output {
    std::fs::write(file.path(), plan.to_string()).unwrap();
    let mut all = vec!["apply", file.path(), "--interval", "5ms", "--yes"];
    all.extend_from_slice(arguments);
    shell.tdx(&all).run()
}

fn only_keys() -> Value {
    json!({"parent_segment_id": SOURCE, "events": [{"name": "page_view", "table": "web_events.pageviews"}],
        "id_stitching": {"stitching_keys": ["td_client_id"]}})
}

#[test]
fn a_prune_and_the_apply_before_it_can_both_be_undone() {
    let (shell, file) = (Shell::new(), Written::new("plan.json", ""));
    let empty = configuration(&shell.platform, SOURCE);
    apply_file(&shell, &file, &plan_of_everything(), &[]).document();
    apply_file(&shell, &file, &only_keys(), &["--prune"]).document();
    undo(&shell, &["--ps", SOURCE]).document();
    let document: Document = undo(&shell, &["--ps", SOURCE]).decode();
    assert_eq!(document.not_undone, Vec::<String>::new());
    assert_same(&configuration(&shell.platform, SOURCE), &empty, &Value::Null);
}

#[test]
fn an_undo_that_failed_is_finished_by_the_next() {
    let (shell, file) = (Shell::new(), Written::new("plan.json", ""));
    apply_file(&shell, &file, &plan_of_everything(), &[]).document();
    let before = shell.run(&["export", SOURCE], &Value::Null);
    apply_file(&shell, &file, &only_keys(), &["--prune"]).document();
    let rule = json!({"kind": "status", "status": 500, "count": 0,
        "operation": "POST /audiences/{}/realtime_attributes"});
    shell.platform.control("faults", rule);
    let error = shell.tdx(&["undo", "-y", "--ps", SOURCE, "--retries", "0"]).run().error(9, "server");
    assert!(said(&error, "hint").contains("run the same undo again"), "{error}");
    shell.platform.request("DELETE", "/_sandbox/faults", None);
    undo(&shell, &["--ps", SOURCE]).document();
    assert_eq!(sorted(shell.run(&["export", SOURCE], &Value::Null)), sorted(before));
}

#[test]
fn what_something_else_uses_is_a_conflict_before_anything_is_written() {
    let shell = Shell::new();
    let before = configuration(&shell.platform, SOURCE);
    let table = json!({"parent_segment_id": SOURCE, "events": [
        {"name": "login", "table": "web_events.logins"}, {"name": "cart", "table": "web_events.add_to_cart"}]});
    shell.apply(&table);
    let id = shell.item("events", "login")["id"].clone();
    let attribute = json!({"name": "theirs", "identifier": "theirs", "type": "counter", "counterType": "total",
        "realtimeKeyEventId": id, "increment": {"type": "const", "value": 1}});
    assert!(shell.platform.request("POST", &path("realtime_attributes"), Some(attribute)).0 < 300);
    shell.platform.forget_requests();
    let error = undo(&shell, &["--ps", SOURCE]).error(6, "conflict");
    assert!(said(&error, "message").contains("'login' is used by counter attribute 'theirs'"), "{error}");
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    let document: Document = undo(&shell, &["--ps", SOURCE, "--skip-changed"]).decode();
    assert_eq!(document.not_undone.len(), 2, "the key event and its table: {:?}", document.not_undone);
    let now = configuration(&shell.platform, SOURCE);
    assert_eq!(now["events"].as_array().unwrap().len(), before["events"].as_array().unwrap().len() + 1);
    undo(&shell, &["--ps", SOURCE]).error(3, "not-found");
}

#[test]
fn a_token_that_another_user_has_made_keeps_the_service() {
    let shell = Shell::new();
    let rule =
        json!({"kind": "status", "status": 400, "operation": "POST /entities/realtime_personalizations"});
    shell.platform.control("faults", rule);
    let output = shell.tdx(&["apply", "-f", "-"]).stdin(plan_of_everything().to_string()).run();
    assert_eq!(output.code, 2, "{}", output.stderr);
    let service = shell.item("services", "web")["id"].as_str().unwrap().to_owned();
    let tokens = path(&format!("realtime_personalization_services/{service}/tokens"));
    let theirs = json!({"name": "another user's", "allowedIps": []});
    assert!(shell.platform.request("POST", &tokens, Some(theirs)).0 < 300);
    shell.platform.forget_requests();
    let error = undo(&shell, &["--ps", SOURCE]).error(6, "conflict");
    assert!(said(&error, "message").contains("token of the service 'web'"), "{error}");
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
}

#[test]
fn what_was_undone_is_the_plans_no_more() {
    let (shell, file) = (Shell::new(), Written::new("plan.json", ""));
    let mut plan = only_keys();
    plan["id_stitching"]["stitching_keys"] = json!(["td_client_id", "email"]);
    apply_file(&shell, &file, &plan, &[]).document();
    undo(&shell, &["--ps", SOURCE]).document();
    let other = Written::new("other.json", "");
    apply_file(&shell, &other, &plan, &[]).document();
    let fewer = only_keys();
    let pruned = apply_file(&shell, &file, &fewer, &["--prune"]).document();
    assert_eq!(pruned["deleted"], json!([]));
}

#[test]
fn a_personalization_that_is_left_alone_keeps_its_service_token_and_keys() {
    let shell = Shell::new();
    let example = std::fs::read_to_string("examples/web-personalization.yaml").unwrap();
    let apply = shell.tdx(&["apply", "-f", "-", "--interval", "5ms"]).stdin(example).run().document();
    let (token, journal) = (apply["service"]["token"].as_str().unwrap(), apply["journal"].as_str().unwrap());
    let change = [
        "pz-create",
        "--ps",
        SOURCE,
        "--name",
        "web_personalization",
        "--trigger",
        "page_view",
        "--section",
        "Default",
        "--string",
        "hello=Hi",
    ];
    shell.tdx(&change).run().document();
    let before = configuration(&shell.platform, SOURCE);
    let error = undo(&shell, &[journal]).error(6, "conflict");
    let stays = error["details"]["stays"].to_string();
    for part in ["the service 'web_personalization' stays", "the stitching key 'email' stays"] {
        assert!(stays.contains(part), "{part}: {error}");
    }
    let output = undo(&shell, &[journal, "--skip-changed"]);
    let after = configuration(&shell.platform, SOURCE);
    assert_eq!(after["services"], before["services"]);
    assert_eq!(after["personalizations"], before["personalizations"]);
    assert_eq!(after["setting"]["keyColumns"], before["setting"]["keyColumns"]);
    assert_eq!(after["setting"]["eventTables"], before["setting"]["eventTables"]);
    assert!(output.code == 0 || said(&output.error(6, "conflict"), "hint").contains("nothing else is left"));
    let call = [
        "pz-test",
        "--ps",
        SOURCE,
        "--trigger",
        "page_view",
        "--personalization",
        "web_personalization",
        "--token",
        token,
        "--key",
        "td_client_id=u1",
    ];
    let tested = shell.tdx(&call).run();
    assert_eq!(tested.code, 0, "{tested:?}");
}

#[test]
fn where_nothing_is_left_to_undo_it_says_why_and_a_second_run_can_still_come() {
    let shell = Shell::new();
    shell.apply(&only_keys());
    let event = shell.item("events", "page_view");
    let theirs = json!({"name": "page_view", "databaseName": "web_events", "tableName": "pageviews",
        "description": "theirs", "filterRule": {"type": "And", "conditions": []}});
    let place = path(&format!("realtime_key_events/{}", event["id"].as_str().unwrap()));
    assert_eq!(shell.platform.request("PATCH", &place, Some(theirs)).0, 200);
    shell.platform.forget_requests();
    for more in [&[][..], &["--skip-changed"], &["--skip-changed"]] {
        let error = undo(&shell, &[&["--ps", SOURCE], more].concat()).error(6, "conflict");
        assert!(said(&error, "hint").contains("nothing else is left to undo"), "{error}");
        assert!(!said(&error, "hint").contains("--skip-changed"), "{error}");
    }
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
}

#[test]
fn a_table_that_a_key_event_of_others_uses_keeps_the_keys_that_are_read_from_it() {
    let shell = Shell::new();
    let applied = shell.apply(&plan_of_everything());
    let journal = applied["journal"].as_str().unwrap();
    let event = "theirs=web_events.pageviews";
    shell.tdx(&["rt-events", "--ps", SOURCE, "--event", event, "--interval", "5ms"]).run().document();
    let keys = |shell: &Shell| shell.platform.get(&path("realtime_setting"))["keyColumns"].clone();
    let before = keys(&shell);
    undo(&shell, &[journal]).error(6, "conflict");
    let document: Document = undo(&shell, &[journal, "--skip-changed"]).decode();
    assert!(
        document.not_undone.iter().any(|kept| kept.contains("stitching key")),
        "{:?}",
        document.not_undone
    );
    assert_eq!(keys(&shell), before);
}

#[test]
fn a_description_that_was_added_goes_again() {
    let shell = Shell::new();
    let mut plan = only_keys();
    shell.apply(&plan);
    let before = configuration(&shell.platform, SOURCE);
    plan["events"][0]["description"] = json!("added");
    shell.apply(&plan);
    undo(&shell, &["--ps", SOURCE]).document();
    assert_same(&configuration(&shell.platform, SOURCE), &before, &Value::Null);
}

/// The platform keeps a window while a personalization shows it.
#[test]
fn a_window_and_the_personalization_that_was_made_for_it_go_together() {
    let shell = Shell::new();
    let mut plan = only_keys();
    plan["attributes"] = json!([
        {"name": "views", "type": "counter", "source_event": "page_view", "window_duration": "24h"}]);
    shell.apply(&plan);
    let before = configuration(&shell.platform, SOURCE);
    plan["attributes"][0]["window_duration"] = json!("7d");
    plan["personalization_service"] = json!({"name": "web", "trigger_event": "page_view", "sections": [
        {"name": "Default", "attributes": ["views"]}]});
    shell.apply(&plan);
    undo(&shell, &["--ps", SOURCE]).document();
    assert_same(&configuration(&shell.platform, SOURCE), &before, &Value::Null);
}

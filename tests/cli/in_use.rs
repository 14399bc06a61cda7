//! What something else uses is not deleted, and all that uses it is named, down to section and output.

use super::plans::{SOURCE, Shell, by_name};
use super::{Written, said};
use crate::common::{Output, binary};
use serde::Deserialize;
use serde_json::{Value, json};
use std::process::{Command, Stdio};

/// One of `details.users`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    kind: String,
    name: String,
    id: Option<String>,
    section: Option<String>,
    output: Option<String>,
    stage: Option<String>,
    part: Option<String>,
    path: String,
    free_with: String,
}

fn plan() -> Value {
    let call = json!({"activate": "webhook", "name": "call", "url": "http://127.0.0.1:9/in", "body": "{{td_title}}"});
    json!({
        "parent_segment_id": SOURCE,
        "events": [
            {"name": "page_view", "table": "web_events.pageviews"},
            {"name": "it's", "table": "web_events.purchases"},
            {"name": "login", "table": "web_events.logins"},
        ],
        "id_stitching": {"stitching_keys": ["td_client_id"]},
        "attributes": [
            {"name": "last", "type": "single", "source_event": "page_view", "source_field": "product_id"},
            {"name": "spent", "type": "counter", "source_event": "it's", "source_field": "quantity", "aggregation": "sum"},
            {"name": "logins", "type": "counter", "source_event": "login"},
            {"name": "tier", "type": "imported_batch", "column": "loyalty_tier"},
            {"name": "offers", "type": "lookup_catalog", "catalog_table": "offers", "lookup_keys": [{"name": "product_id"}]},
        ],
        "personalization_service": {"name": "web", "trigger_event": "page_view", "sections": [
            {"name": "VIP", "criteria": "tier = 'VIP' AND spent > 3",
             "attributes": [{"name": "last", "as": "products"}, "spent"]},
            {"name": "Default", "attributes": ["last"], "trigger_event": "it's",
             "catalogs": [{"catalog": "offers", "attribute": "last", "column": "product_id", "as": "price cut"}]},
        ]},
        "journeys": [
            {"name": "one", "trigger_event": "login", "criteria": "tier = 'VIP'", "steps": [{"wait": "1d"}, {"jump": "two"}]},
            {"name": "two", "trigger_event": "page_view", "steps": [call]},
        ],
    })
}

fn configured() -> Shell {
    let shell = Shell::new();
    shell.apply(&plan());
    shell.platform.forget_requests();
    shell
}

fn delete(shell: &Shell, words: &[&str]) -> Output {
    shell.tdx(&[words, &["--ps", SOURCE, "--interval", "5ms"]].concat()).run()
}

/// The users that the error of a conflict names; the message and the hint name them as well.
#[track_caller]
fn users(error: &Value) -> Vec<User> {
    let users: Vec<User> = serde_json::from_value(error["details"]["users"].clone())
        .unwrap_or_else(|why| panic!("{why}: {error}"));
    let (message, hint) = (said(error, "message"), said(error, "hint"));
    for user in &users {
        assert!(user.free_with.starts_with("tdx-rt "), "{user:?}");
        assert!(hint.contains(&user.free_with), "{user:?}: {hint}");
        assert!(!user.kind.is_empty() && user.id.as_deref() != Some(""), "{user:?}");
        assert!(user.stage.is_none() || user.kind == "journey", "{user:?}");
        assert!(user.part.is_none() || user.output.is_none(), "{user:?}");
        let name = match (&user.section, &user.output) {
            (Some(section), Some(output)) => {
                format!("output '{output}' of section '{section}' of personalization '{}'", user.name)
            }
            (Some(section), None) => format!("section '{section}' of personalization '{}'", user.name),
            (None, _) => format!("{} '{}'", user.kind.replace('_', " "), user.name),
        };
        assert!(message.contains(&name), "{name}: {message}");
    }
    users
}

/// Deletes what is in use: nothing is written, and these use it (their paths).
#[track_caller]
fn refused(shell: &Shell, words: &[&str], paths: &[&str]) -> Vec<User> {
    let before = by_name(&shell.platform, SOURCE);
    shell.platform.forget_requests();
    // A dry run would show a request that is refused.
    let dry = delete(shell, &[words, &["--dry-run"]].concat()).error(6, "conflict");
    let error = delete(shell, words).error(6, "conflict");
    assert_eq!(said(&dry, "message"), said(&error, "message"));
    assert_eq!(shell.platform.writes(), Vec::<String>::new(), "{words:?}");
    assert_eq!(by_name(&shell.platform, SOURCE), before);
    let users = users(&error);
    let mut found: Vec<&str> = users.iter().map(|user| user.path.as_str()).collect();
    let mut wanted = paths.to_vec();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted, "{words:?}: {error}");
    users
}

#[test]
fn the_outputs_and_sections_that_use_an_attribute_are_named() {
    let shell = configured();
    let users = refused(
        &shell,
        &["rt-attrs", "delete", "last"],
        &[
            "personalization_services.web.sections.VIP.attributes.products",
            "personalization_services.web.sections.Default.attributes.last",
            "personalization_services.web.sections.Default.catalogs.\"price cut\"",
        ],
    );
    let places: Vec<[Option<&str>; 2]> =
        users.iter().map(|user| [user.section.as_deref(), user.output.as_deref()]).collect();
    for place in [["VIP", "products"], ["Default", "last"], ["Default", "price cut"]] {
        assert!(places.contains(&place.map(Some)), "{place:?}: {users:?}");
    }
    assert!(users.iter().all(|user| user.name == "web"), "{users:?}");
    // An output, and the criteria of the same section.
    let users = refused(
        &shell,
        &["rt-attrs", "delete", "spent"],
        &[
            "personalization_services.web.sections.VIP.attributes.spent",
            "personalization_services.web.sections.VIP",
        ],
    );
    assert!(users.iter().any(|user| user.section.as_deref() == Some("VIP") && user.output.is_none()));
    refused(
        &shell,
        &["rt-attrs", "delete", "offers"],
        &["personalization_services.web.sections.Default.catalogs.\"price cut\""],
    );
    // An imported one, by a section and by a journey.
    refused(
        &shell,
        &["rt-attrs", "delete", "loyalty_tier"],
        &["personalization_services.web.sections.VIP", "journeys.one"],
    );
}

#[test]
fn everything_that_uses_a_key_event_is_named() {
    let shell = configured();
    let all = ["attributes.last", "personalization_services.web.sections.VIP", "journeys.two"];
    let users = refused(&shell, &["rt-events", "delete", "page_view"], &all);
    let kinds: Vec<&str> =
        users.iter().filter(|user| user.section.is_none()).map(|user| user.kind.as_str()).collect();
    assert!(kinds.contains(&"attribute") && kinds.contains(&"journey"), "{users:?}");
    // The trigger of one section of two.
    refused(
        &shell,
        &["rt-events", "delete", "it's"],
        &["attributes.spent", "personalization_services.web.sections.Default"],
    );
    let users = refused(&shell, &["rt-events", "delete", "web_events.logins"], &["events.login"]);
    assert_eq!((users[0].kind.as_str(), users[0].name.as_str()), ("key_event", "login"));
    let users = refused(&shell, &["journey-create", "delete", "two"], &["journeys.one"]);
    assert_eq!((users[0].kind.as_str(), users[0].name.as_str()), ("journey", "one"));
}

/// Runs a line of shell with the binary on PATH.
fn sh(shell: &Shell, line: &str) -> std::process::Output {
    let path = format!("{}:{}", binary().parent().unwrap().display(), std::env::var("PATH").unwrap());
    Command::new("sh")
        .args(["-c", line])
        .env_clear()
        .envs([("PATH", path.as_str()), ("HOME", shell.state().to_str().unwrap())])
        .envs([("TDX_RT_ENDPOINT", &shell.platform.url), ("TDX_API_KEY", &shell.platform.api_key)])
        .env("TDX_RT_STATE_DIR", shell.state())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn the_commands_that_are_named_free_it() {
    let shell = configured();
    for (words, paths) in [
        (&["rt-events", "delete", "login"][..], &["attributes.logins", "journeys.one"][..]),
        (&["rt-events", "delete", "web_events.logins"], &[]),
        (&["journey-create", "delete", "two"], &[]),
    ] {
        if !paths.is_empty() {
            for user in refused(&shell, words, paths) {
                let ran = sh(&shell, &user.free_with);
                assert!(ran.status.success(), "{}: {ran:?}", user.free_with);
            }
        }
        delete(&shell, words).document();
    }
}

#[test]
fn a_prune_names_the_same_users() {
    let shell = configured();
    let mut less = plan();
    for key in ["attributes", "journeys", "personalization_service"] {
        less.as_object_mut().unwrap().shift_remove(key);
    }
    let file = Written::new("plan.json", &less.to_string());
    shell.platform.forget_requests();
    let prune = ["apply", file.path(), "--yes", "--prune-item", "attributes.spent"];
    let error = shell.tdx(&prune).run().error(6, "conflict");
    let paths: Vec<String> = users(&error).into_iter().map(|user| user.path).collect();
    assert_eq!(paths.len(), 2, "{paths:?}");
    assert!(
        paths.contains(&"personalization_services.web.sections.VIP.attributes.spent".to_owned()),
        "{paths:?}"
    );
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
}

#[test]
fn an_undo_names_the_same_users() {
    let shell = configured();
    let path = "path=page_view.td_path";
    shell.tdx(&["rt-attrs", "--ps", SOURCE, "--single", path, "--interval", "5ms"]).run().document();
    let journal = shell.journals().pop().unwrap();
    let theirs = ["pz-create", "--ps", SOURCE, "--name", "web", "--section", "Theirs"];
    let theirs = [&theirs[..], &["--trigger", "page_view", "--attribute", "path=where"]].concat();
    shell.tdx(&theirs).run().document();
    shell.platform.forget_requests();
    let undo = ["undo", "--yes", journal.to_str().unwrap()];
    let error = shell.tdx(&undo).run().error(6, "conflict");
    let users = users(&error);
    assert_eq!(users.len(), 1, "{error}");
    assert_eq!(users[0].path, "personalization_services.web.sections.Theirs.attributes.where");
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
}

/// What a webhook sends is `{{td_path}}` as it is written where nothing has that name any more.
#[test]
fn what_only_a_placeholder_names_is_in_use() {
    let shell = configured();
    let only = "only=page_view.td_path";
    shell.tdx(&["rt-keys", "--ps", SOURCE, "--key", "td_path"]).run().document();
    shell.tdx(&["rt-attrs", "--ps", SOURCE, "--single", only, "--interval", "5ms"]).run().document();
    let journals = shell.journals();
    let webhook = ["--webhook", "http://127.0.0.1:9/in", "--body", "\"{{td_path}} {{only}}\""];
    let journey = ["journey-create", "--ps", SOURCE, "--name", "three", "--trigger", "login"];
    shell.tdx(&[&journey[..], &webhook].concat()).run().document();
    for words in [["rt-keys", "delete", "td_path"], ["rt-attrs", "delete", "only"]] {
        let users = refused(&shell, &words, &["journeys.three"]);
        assert_eq!(users[0].part.as_deref(), Some("activation 'three_activation'"), "{users:?}");
    }
    // An undo takes neither of them, nor does a prune.
    for journal in &journals[journals.len() - 2..] {
        let error = shell.tdx(&["undo", "--yes", journal.to_str().unwrap()]).run().error(6, "conflict");
        assert_eq!(users(&error)[0].path, "journeys.three");
    }
    let file = Written::new("plan.json", &plan().to_string());
    let error = shell.tdx(&["apply", file.path(), "--yes", "--prune-item", "id_stitching.td_path"]).run();
    assert_eq!(users(&error.error(6, "conflict"))[0].path, "journeys.three");
    delete(&shell, &["journey-create", "delete", "three"]).document();
    delete(&shell, &["rt-keys", "delete", "td_path"]).document();
}

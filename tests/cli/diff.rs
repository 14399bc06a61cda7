//! `diff`: a plan against what is live; `diff --save` and `apply` of what it saved.

use super::plans::Shell;
use super::{BASE, PS, Written, configured, listing, said};
use crate::common::{Output, Platform, Tdx};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the fields that there are")]
struct Difference {
    parent_segment: Value,
    site: String,
    plan: String,
    changed: bool,
    changes: Vec<Change>,
    saved: Option<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "may be there")]
    items: Value,
    ownership: String,
    no_longer_named: Value,
    lost: Vec<String>,
    warnings: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    action: String,
    path: String,
    from: Value,
    to: Value,
}

fn diff(platform: &Platform, plan: &str) -> Difference {
    platform.tdx(&["diff", "-"]).stdin(plan).run().decode()
}

/// The paths of the changes, each with a sign in front.
fn shown(difference: &Difference) -> Vec<String> {
    let sign = |action: &str| match action {
        "create" => '+',
        "delete" => '-',
        _ => '~',
    };
    difference.changes.iter().map(|change| format!("{}{}", sign(&change.action), change.path)).collect()
}

#[test]
fn what_is_not_there_is_to_be_created_and_nothing_is_written() {
    let platform = Platform::start();
    platform.forget_requests();
    let difference = diff(&platform, BASE);
    assert_eq!(
        shown(&difference),
        [
            "+event_tables.\"web_events.pageviews\"",
            "+events.page_view",
            "+id_stitching.stitching_keys.canonical_id",
            "+id_stitching.stitching_keys.td_client_id",
            "+id_stitching.stitching_keys.customer_id",
            "~id_stitching.ext_lookup_key",
            "+attributes.last",
            "+attributes.loyalty_tier",
            "+attributes.seen",
            "+attributes.views",
        ]
    );
    assert_eq!((difference.changed, difference.saved), (true, None));
    assert_eq!((difference.plan.as_str(), difference.site.as_str()), ("stdin", "us01"));
    assert_eq!(difference.parent_segment, json!({"id": PS, "name": "Customer 360"}));
    let created = &difference.changes[1];
    assert_eq!((&created.from, &created.to["table"]), (&Value::Null, &json!("pageviews")));
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn what_the_platform_fills_in_and_what_others_made_is_no_difference() {
    let platform = configured();
    assert!(diff(&platform, BASE).changes.is_empty());
    let body = json!({"name": "theirs", "databaseName": "web_events", "tableName": "pageviews",
        "filterRule": {"type": "And", "conditions": []}});
    platform.request("POST", &format!("/audiences/{PS}/realtime_key_events"), Some(body));
    assert!(diff(&platform, BASE).changes.is_empty());
}

#[test]
fn a_change_says_what_is_there_and_what_it_becomes() {
    let platform = configured();
    let plan = BASE
        .replace("max_items: 100", "max_items: 7")
        .replace("table: pageviews}", "table: pageviews, where: \"td_path LIKE '/p%'\", description: Shop}");
    let difference = diff(&platform, &plan);
    assert_eq!(
        shown(&difference),
        ["~events.page_view.description", "~events.page_view.where", "~attributes.seen.max_items"]
    );
    let where_ = &difference.changes[1];
    assert_eq!((&where_.from, &where_.to), (&Value::Null, &json!("td_path LIKE '/p%'")));
    assert_eq!(difference.changes[2].to, json!(7));
}

#[test]
fn the_exit_code_is_10_when_it_is_asked_for() {
    let platform = configured();
    let code = |plan: &str, arguments: &[&str]| {
        let output = platform.tdx(&[&["diff", "-"], arguments].concat()).stdin(plan).run();
        assert_eq!(output.stderr, "");
        output.code
    };
    let changed = BASE.replace("max_items: 100", "max_items: 7");
    assert_eq!(code(BASE, &["--exit-code"]), 0);
    assert_eq!(code(&changed, &["--exit-code"]), 10);
    assert_eq!(code(&changed, &[]), 0);
    assert_eq!(code(&changed, &["--exit-code", "--jq", ".changed"]), 10);
}

#[test]
fn a_unified_diff_is_for_people() {
    let platform = configured();
    let changed = BASE.replace("max_items: 100", "max_items: 7");
    let output = platform.tdx(&["diff", "-", "--unified"]).stdin(changed).run();
    assert!(output.stdout.starts_with("--- live\n+++ stdin\n@@"), "{}", output.stdout);
    assert!(output.stdout.contains("\n+  max_items: 7\n"), "{}", output.stdout);
    let output = platform.tdx(&["diff", "-", "--unified"]).stdin(BASE).run();
    assert_eq!((output.code, output.stdout.as_str()), (0, ""));
}

/// Saves a plan; gives the file.
fn save(platform: &Platform, plan: &str) -> Written {
    let file = Written::new("plan.yaml", plan);
    let saved = file.path().replace("plan.yaml", "plan.saved");
    let output = platform.tdx(&["diff", file.path(), "--save", &saved]).run();
    assert_eq!(output.document()["saved"], json!(saved));
    Written::new("plan.saved", &std::fs::read_to_string(&saved).unwrap())
}

fn apply(platform: &Platform, file: &Written) -> Output {
    platform.tdx(&["apply", file.path(), "--interval", "5ms"]).run()
}

#[test]
fn a_saved_plan_does_what_was_shown() {
    let platform = Platform::start();
    let saved = save(&platform, BASE);
    let applied = apply(&platform, &saved).document();
    assert_eq!(applied["summary"]["items"]["created"], json!(9));
    assert!(diff(&platform, BASE).changes.is_empty());
}

#[test]
fn a_saved_plan_is_refused_when_what_it_touches_has_changed() {
    let platform = Platform::start();
    let saved = save(&platform, BASE);
    let body = json!({"name": "page_view", "databaseName": "web_events", "tableName": "legacy_clicks",
        "filterRule": {"type": "And", "conditions": []}});
    platform.request("POST", &format!("/audiences/{PS}/realtime_key_events"), Some(body));
    platform.forget_requests();
    let error = apply(&platform, &saved).error(6, "conflict");
    assert!(said(&error, "message").contains("events.page_view"), "{error}");
    assert!(error["details"]["changed"].as_array().unwrap().len() > 1, "{error}");
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn what_a_saved_plan_does_not_touch_may_change() {
    let platform = configured();
    let saved = save(&platform, &BASE.replace("max_items: 100", "max_items: 7"));
    let body = json!({"name": "theirs", "databaseName": "web_events", "tableName": "pageviews",
        "filterRule": {"type": "And", "conditions": []}});
    platform.request("POST", &format!("/audiences/{PS}/realtime_key_events"), Some(body));
    apply(&platform, &saved).document();
    let seen =
        listing(&platform, "realtime_attributes").into_iter().find(|item| item["name"] == "seen").unwrap();
    assert_eq!(seen["maxItems"], json!(7));
}

#[test]
fn a_saved_plan_is_for_one_account_and_is_no_plan_to_diff() {
    let platform = Platform::start();
    let saved = save(&platform, BASE);
    let other = Platform::start();
    let error = apply(&other, &saved).error(6, "conflict");
    assert!(said(&error, "message").contains("account"), "{error}");
    let key = format!("999/{}", "a".repeat(40));
    let tdx =
        Tdx::new(&["apply", saved.path()]).env("TDX_RT_ENDPOINT", &platform.url).env("TDX_API_KEY", &key);
    tdx.run().error(6, "conflict");
    platform.tdx(&["diff", saved.path()]).run().error(2, "usage");
    platform.tdx(&["apply", saved.path(), "--ps", PS]).run().error(2, "usage");
    let later =
        std::fs::read_to_string(saved.path()).unwrap().replace("\"saved_plan\": 1", "\"saved_plan\": 9");
    let later = Written::new("later", &later);
    platform.tdx(&["apply", later.path()]).run().error(2, "invalid-plan");
}

#[test]
fn curl_prints_commands_without_the_key_that_do_the_same() {
    let (by_curl, by_apply) = (Shell::new(), Shell::new());
    let plan = super::plans::plan_of_everything();
    let output = by_curl.platform.tdx(&["apply", "-", "--curl"]).stdin(plan.to_string()).run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let script = &output.stdout;
    assert!(script.contains("$TDX_API_KEY") && !script.contains(&by_curl.platform.api_key), "{script}");
    assert_eq!(super::plans::configuration(&by_curl.platform, PS)["events"], json!([]));
    let file = Written::new("script.sh", &format!("set -eu\n{script}"));
    let ran = std::process::Command::new("sh")
        .arg(file.path())
        .env("TDX_API_KEY", &by_curl.platform.api_key)
        .output();
    let ran = ran.unwrap();
    assert!(ran.status.success(), "{}\n{script}", String::from_utf8_lossy(&ran.stderr));
    by_apply.apply(&plan);
    let export = |shell: &Shell| super::plans::sorted(shell.run(&["export", PS], &Value::Null));
    assert_eq!(export(&by_curl), export(&by_apply));
}

#[test]
fn an_untouched_export_is_no_difference() {
    let platform = Platform::start();
    for ps in [PS, "394650"] {
        let exported = platform.tdx(&["export", ps]).run().document();
        assert!(diff(&platform, &exported.to_string()).changes.is_empty(), "{exported}");
    }
}

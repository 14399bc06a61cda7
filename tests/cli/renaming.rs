//! `renamed_from`: what is live gets the plan's new name, and stays what it is.

use super::plans::{SOURCE, Shell, assert_same, configuration};
use super::said;
use crate::common::Platform;
use serde_json::{Map, Value, json};

/// One of everything that can be renamed, and what uses it.
fn plan() -> Value {
    json!({
        "parent_segment_id": SOURCE,
        "events": [
            {"name": "view", "table": "web_events.pageviews"},
            {"name": "cart", "table": "web_events.add_to_cart", "where": "quantity > 1"},
        ],
        "id_stitching": {"stitching_keys": ["td_client_id"]},
        "attributes": [
            {"name": "last", "type": "single", "source_event": "view", "source_field": "product_id"},
            {"name": "seen", "type": "list", "source_event": "view", "source_field": "product_id"},
            {"name": "views", "type": "counter", "source_event": "view", "window_duration": "24h"},
            {"name": "carts", "type": "counter", "source_event": "cart"},
            {"name": "deals", "type": "lookup_catalog", "catalog_table": "offers", "lookup_keys": [{"name": "product_id"}]},
        ],
        "personalization_service": {"name": "web", "trigger_event": "view", "sections": [
            {"name": "Some", "criteria": "views >= 1", "attributes": ["last", {"name": "views", "as": "count"}],
             "catalogs": [{"catalog": "deals", "attribute": "last", "column": "product_id", "as": "deal"}]},
            {"name": "Rest", "attributes": ["seen"], "strings": {"hello": "Hi"}},
        ]},
        "journeys": [{"name": "greet", "trigger_event": "view", "criteria": "views >= 1", "state": "launched",
            "steps": [{"wait": "1h"}, "end"]}],
    })
}

/// The same with a new name for each of them but `cart`, `carts` and `Rest`.
fn renamed() -> Value {
    let mut plan = plan();
    let mut rename = |at: &str, name: &str| {
        let item = plan.pointer_mut(at).unwrap().as_object_mut().unwrap();
        let old = item.insert("name".into(), name.into()).unwrap();
        item.insert("renamed_from".into(), old);
    };
    rename("/events/0", "page view");
    rename("/attributes/0", "last_product");
    rename("/attributes/1", "seen_products");
    rename("/attributes/2", "page_views");
    rename("/attributes/4", "discounts");
    rename("/personalization_service", "shop");
    rename("/personalization_service/sections/0", "Visitors");
    rename("/journeys/0", "welcome");
    for at in ["/attributes/0", "/attributes/1", "/attributes/2"] {
        plan.pointer_mut(at).unwrap()["source_event"] = "page view".into();
    }
    let service = &mut plan["personalization_service"];
    service["trigger_event"] = "page view".into();
    service["sections"][0]["criteria"] = "page_views >= 1".into();
    service["sections"][0]["attributes"] =
        json!([{"name": "last_product", "as": "last"}, {"name": "page_views", "as": "count"}]);
    service["sections"][0]["catalogs"] =
        json!([{"catalog": "discounts", "attribute": "last_product", "column": "product_id", "as": "deal"}]);
    service["sections"][1]["attributes"] = json!([{"name": "seen_products", "as": "seen"}]);
    plan["journeys"][0]["trigger_event"] = "page view".into();
    plan["journeys"][0]["criteria"] = "page_views >= 1".into();
    plan
}

/// The new names and the old ones.
const NAMES: [(&str, &str); 8] = [
    ("page view", "view"),
    ("last_product", "last"),
    ("seen_products", "seen"),
    ("page_views", "views"),
    ("discounts", "deals"),
    ("shop", "web"),
    ("Visitors", "Some"),
    ("welcome", "greet"),
];

fn each_map(value: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_map(item, change)),
        Value::Object(map) => {
            change(map);
            map.values_mut().for_each(|item| each_map(item, change));
        }
        _ => {}
    }
}

/// A value with the old name in each place of a new one.
fn under_old_names(value: &mut Value) {
    each_map(value, &mut |map| {
        for text in map.values_mut() {
            if let Some((_, old)) = NAMES.iter().find(|(new, _)| *text == *new) {
                *text = (*old).into();
            }
        }
    });
}

/// A parent segment with [`plan`] and a profile that has values.
fn live() -> Shell {
    let shell = Shell::new();
    shell.apply(&plan());
    visit(&shell.platform, "p-1");
    shell.platform.forget_requests();
    shell
}

fn visit(platform: &Platform, product: &str) {
    let events = json!({"events": [{"td_client_id": "u1", "product_id": product}]});
    let media = "application/vnd.treasuredata.v1+json";
    let (status, answer) = platform.request_as("POST", "/web_events/pageviews", Some(events), media, &[]);
    assert_eq!(status, 200, "{answer}");
}

/// What is configured, and what is known of the profile.
fn picture(platform: &Platform) -> [Value; 2] {
    let mut all = [
        configuration(platform, SOURCE),
        platform.get(&format!("/_sandbox/profiles?ps={SOURCE}&td_client_id=u1")),
    ];
    all.iter_mut().for_each(under_old_names);
    for list in ["events", "attributes", "services", "personalizations", "journeys"] {
        all[0][list].as_array_mut().unwrap().sort_by_key(|item| item["id"].to_string());
    }
    all
}

fn same(platform: &Platform, before: &[Value; 2]) {
    for (found, before) in picture(platform).iter().zip(before) {
        assert_same(found, before, &Value::Null);
    }
}

fn names(platform: &Platform) -> String {
    configuration(platform, SOURCE).to_string()
}

#[test]
fn apply_renames_and_keeps_ids_values_and_tokens() {
    let shell = live();
    let before = picture(&shell.platform);
    let applied = shell.apply(&renamed());
    same(&shell.platform, &before);
    let now = names(&shell.platform);
    assert!(NAMES.iter().all(|(new, _)| now.contains(&format!("\"{new}\""))), "{now}");
    assert_eq!(
        (&applied["summary"]["items"]["created"], &applied["summary"]["items"]["deleted"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(applied["attributes"][0]["action"], "updated");
    assert_eq!(applied["attributes"][3]["action"], "unchanged");
    assert!(
        shell.platform.writes().iter().all(|write| write.starts_with("PATCH ")),
        "{:?}",
        shell.platform.writes()
    );
    // It has done its work: with it or without it, nothing is left to do.
    shell.platform.forget_requests();
    let mut without = renamed();
    each_map(&mut without, &mut |map| drop(map.shift_remove("renamed_from")));
    for plan in [renamed(), without] {
        assert_eq!(shell.apply(&plan)["journal"], Value::Null);
    }
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    // Values go on: the counter counts on.
    visit(&shell.platform, "p-2");
    let profile = shell.platform.get(&format!("/_sandbox/profiles?ps={SOURCE}&td_client_id=u1"));
    let views = profile["attributes"].as_array().unwrap().iter().find(|item| item["name"] == "page_views");
    assert_eq!(views.unwrap()["value"], 2, "{profile}");
}

#[test]
fn diff_shows_the_names_as_changed_and_nothing_else() {
    let shell = live();
    let diff = shell.run(&["diff", "-f", "-"], &renamed());
    let mut changes: Vec<String> = diff["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{} {}: {} {}", said(it, "action"), said(it, "path"), it["from"], it["to"]))
        .collect();
    changes.sort();
    let mut expected = [
        r#"update events."page view".name: "view" "page view""#,
        r#"update attributes.last_product.name: "last" "last_product""#,
        r#"update attributes.seen_products.name: "seen" "seen_products""#,
        r#"update attributes.page_views.name: "views" "page_views""#,
        r#"update attributes.discounts.name: "deals" "discounts""#,
        r#"update personalization_services.shop.name: "web" "shop""#,
        r#"update personalization_services.shop.sections.Visitors.name: "Some" "Visitors""#,
        r#"update journeys.welcome.name: "greet" "welcome""#,
    ];
    expected.sort_unstable();
    assert_eq!(changes, expected);
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    // People see the lines of the names.
    let text = shell.tdx(&["diff", "-", "--unified"]).stdin(renamed().to_string()).run();
    for line in ["-- name: view", "+- name: page view", "-  name: web", "+  name: shop"] {
        assert!(text.stdout.lines().any(|there| there == line), "{line}: {}", text.stdout);
    }
}

#[test]
fn the_steps_of_a_pipeline_rename_as_apply_does() {
    let shell = live();
    let before = picture(&shell.platform);
    let mut document = renamed();
    for step in ["rt-events", "rt-keys", "rt-attrs", "pz-create", "journey-create"] {
        document = shell.run(&[step, "-f", "-", "--interval", "5ms"], &document);
    }
    same(&shell.platform, &before);
    assert!(names(&shell.platform).contains("\"welcome\""));
}

#[test]
fn an_undo_gives_the_old_names_back() {
    let shell = live();
    let before = configuration(&shell.platform, SOURCE);
    shell.apply(&renamed());
    let undone = shell.run(&["undo", "--ps", SOURCE, "--interval", "5ms", "-y"], &Value::Null);
    assert_eq!(undone["not_undone"], json!([]), "{undone}");
    assert_same(&configuration(&shell.platform, SOURCE), &before, &Value::Null);
}

#[test]
fn what_was_renamed_is_still_the_plans_own() {
    let shell = Shell::new();
    let apply = |plan: &Value, more: &[&str]| {
        let flags = ["apply", "-f", "-", "--plan-name", "shop", "--interval", "5ms"];
        shell.run(&[&flags, more].concat(), plan)
    };
    apply(&plan(), &[]);
    apply(&renamed(), &[]);
    let before = configuration(&shell.platform, SOURCE);
    apply(&renamed(), &["--prune", "-y"]);
    assert_same(&configuration(&shell.platform, SOURCE), &before, &Value::Null);
    // Taken out under its new name, it goes.
    let mut less = renamed();
    less["attributes"].as_array_mut().unwrap().remove(1);
    less["personalization_service"]["sections"][1]["attributes"] = json!(["carts"]);
    let applied = apply(&less, &["--prune", "-y"]);
    assert_eq!(applied["summary"]["items"]["deleted"], 1, "{applied}");
    assert!(!names(&shell.platform).contains("seen_products"));
}

/// An import, and an attribute of another type.
fn not_renamed() -> Value {
    json!({"parent_segment_id": SOURCE, "attributes": [
        {"name": "city", "renamed_from": "country", "type": "imported_batch"},
        {"name": "products", "renamed_from": "views", "type": "list", "source_event": "view", "source_field": "product_id"},
    ]})
}

#[test]
fn validate_says_what_is_made_anew() {
    let shell = live();
    let report = shell.run(&["validate", "-", "--live"], &not_renamed());
    assert_eq!((&report["valid"], &report["warnings"]), (&json!(true), &json!(2)), "{report}");
    let found = report["findings"].as_array().unwrap();
    let places: Vec<_> = found.iter().map(|it| (said(it, "code"), said(it, "path"))).collect();
    let place = |at: &'static str| ("not-renamed", at);
    assert_eq!(places, [place("attributes[0].renamed_from"), place("attributes[1].renamed_from")]);
    for (found, old) in found.iter().zip(["country", "views"]) {
        let message = said(found, "message");
        assert!(
            message.ends_with(&format!("'{old}' stays until it is deleted, which loses its values")),
            "{message}"
        );
    }
    // Nothing is said where the plan can be carried out as it is.
    let report = shell.run(&["validate", "-", "--live"], &renamed());
    assert_eq!(report["findings"], json!([]), "{report}");
}

#[test]
fn diff_warns_of_what_is_made_anew_and_apply_leaves_the_old_one() {
    let shell = live();
    let before = shell.item("attributes", "views");
    let diff = shell.run(&["diff", "-f", "-"], &not_renamed());
    let codes: Vec<&str> =
        diff["warnings"].as_array().unwrap().iter().map(|warning| said(warning, "code")).collect();
    assert_eq!(codes, ["not-renamed", "not-renamed"], "{diff}");
    let actions: Vec<_> =
        diff["changes"].as_array().unwrap().iter().map(|it| (said(it, "action"), said(it, "path"))).collect();
    assert_eq!(actions, [("create", "attributes.city"), ("create", "attributes.products")]);
    shell.apply(&not_renamed());
    assert_eq!(shell.item("attributes", "views"), before);
    assert_eq!(shell.item("attributes", "products")["type"], "list");
}

/// What another plan names by the old name is made anew by its next run.
#[test]
fn a_new_name_for_what_another_plan_names_is_a_warning() {
    let shell = Shell::new();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, plan: &Value| {
        let file = folder.path().join(name);
        std::fs::write(&file, plan.to_string()).unwrap();
        std::fs::canonicalize(file).unwrap().to_str().unwrap().to_owned()
    };
    let mut own = plan();
    // It names itself.
    let file = write("own.json", &own);
    let apply = |file: &str| shell.run(&["apply", file, "--interval", "5ms"], &Value::Null);
    apply(&file);
    own = renamed();
    write("own.json", &own);
    let found = |words: &[&str], list: &str| -> Vec<[String; 3]> {
        let report = shell.run(words, &Value::Null);
        let found = report.get(list).and_then(Value::as_array).into_iter().flatten();
        let found = found.filter(|it| it["code"] == "renamed-elsewhere");
        found.map(|it| ["path", "message", "fix"].map(|key| said(it, key).to_owned())).collect()
    };
    assert_eq!(found(&["diff", &file], "warnings"), [[""; 3]; 0]);
    // Another one has an event, an attribute and a section of it, and a third one the journey.
    let mut other = plan();
    other["attributes"] = json!([other["attributes"][0]]);
    other["personalization_service"]["sections"] =
        json!([{"name": "Some", "criteria": "views >= 1", "attributes": ["last"]}]);
    other.as_object_mut().unwrap().shift_remove("journeys");
    let other = write("the other.json", &other);
    apply(&other);
    let third = json!({"parent_segment_id": SOURCE, "journeys": plan()["journeys"]});
    shell.run(&["apply", "-", "--plan-name", "third", "--interval", "5ms"], &third);
    let of = |path: &str, what: &str, old: &str, new: &str, plan: &str| {
        [
            format!("{path}.renamed_from"),
            format!(
                "the {what} '{old}' gets the name '{new}', and is '{old}' in other plans: '{plan}'; their next apply makes another '{old}', or is refused"
            ),
            format!("change the name there as well, with renamed_from: {old}, before they are applied"),
        ]
    };
    let wanted = [
        of("events[0]", "event", "view", "page view", &other),
        of("attributes[0]", "attribute", "last", "last_product", &other),
        of("journeys[0]", "journey", "greet", "welcome", "third"),
        of("personalization_service", "personalization", "web", "shop", &other),
        of("personalization_service.sections[0]", "section", "Some", "Visitors", &other),
    ];
    let sorted = |mut all: Vec<[String; 3]>| {
        all.sort();
        all
    };
    let wanted = sorted(wanted.to_vec());
    assert_eq!(sorted(found(&["diff", &file], "warnings")), wanted);
    assert_eq!(sorted(found(&["validate", "--live", &file], "findings")), wanted);
    assert_eq!(sorted(found(&["apply", &file, "--interval", "5ms"], "warnings")), wanted);
    // It is done.
    assert_eq!(found(&["diff", &file], "warnings"), [[""; 3]; 0]);
}

/// A hint about a name that the plan changes names what is live, and a name that was changed.
#[test]
fn hints_know_both_names() {
    let shell = live();
    let says = |command: &[&str], plan: &Value| -> Vec<String> {
        let output = shell.tdx(&[command, &["-"]].concat()).stdin(plan.to_string()).run();
        if command[0] == "diff" {
            let error = output.error(output.code, if output.code == 6 { "conflict" } else { "invalid-plan" });
            return vec![format!("{} | {}", said(&error, "message"), said(&error, "hint"))];
        }
        let report: Value = serde_json::from_str(&output.stdout).unwrap();
        let found = report["findings"].as_array().unwrap().iter();
        found.map(|it| format!("{} | {}", said(it, "message"), said(it, "fix"))).collect()
    };
    let check = |plan: Value, wanted: &[&str]| {
        for command in [&["validate", "--live"][..], &["diff"]] {
            let all = says(command, &plan);
            assert!(!all.is_empty(), "{plan}");
            for said in all {
                assert!(wanted.iter().all(|part| said.contains(part)), "{said}");
            }
        }
    };
    // What is live is deleted under the name that it has, quoted for the shell.
    let attributes = json!([{"name": "all views", "identifier": "all_views", "renamed_from": "views", "type": "counter", "source_event": "view",
        "increment": 3}]);
    check(
        json!({"parent_segment_id": SOURCE, "attributes": attributes}),
        &["tdx-rt rt-attrs delete views --ps 394649"],
    );
    let journeys = json!([{"name": "hello", "renamed_from": "greet", "trigger_event": "view",
        "steps": [{"wait": "2h"}, "end"]}]);
    check(
        json!({"parent_segment_id": SOURCE, "journeys": journeys}),
        &["tdx-rt journey-create delete greet --ps 394649"],
    );
    // What was renamed has a new name.
    let attributes = json!([{"name": "all views", "identifier": "all_views", "renamed_from": "views", "type": "counter", "source_event": "view"}]);
    let section = |more: Value| {
        let mut section = json!({"name": "a", "strings": {"x": "y"}});
        section.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"parent_segment_id": SOURCE, "attributes": attributes,
            "personalization_service": {"name": "new", "trigger_event": "view", "sections": [section]}})
    };
    let now = ["'views", "it is 'all views' now: write that name"];
    check(section(json!({"attributes": ["views"]})), &now);
    check(section(json!({"criteria": "views > 1"})), &now);
    check(section(json!({"criteria": "views.window_24h > 1"})), &now);
    let jump = json!([
        {"name": "hello", "renamed_from": "greet", "trigger_event": "view", "criteria": "views >= 1", "steps": [{"wait": "1h"}, "end"]},
        {"name": "two", "trigger_event": "view", "steps": [{"wait": "1h"}, {"jump": "greet"}]},
    ]);
    check(
        json!({"parent_segment_id": SOURCE, "journeys": jump}),
        &["'greet'", "it is 'hello' now: write that name"],
    );
}

#[test]
fn an_old_name_that_is_not_live_or_a_new_one_that_is_does_nothing() {
    let shell = live();
    let mut plan = plan();
    plan["events"][0]["renamed_from"] = json!("gone");
    plan["attributes"][0]["renamed_from"] = json!("gone");
    assert_eq!(shell.apply(&plan)["journal"], Value::Null);
    let exported = shell.run(&["export", SOURCE], &Value::Null);
    assert!(!exported.to_string().contains("renamed_from"), "{exported}");
    // Both are live: each stays what it is.
    let more = json!({"parent_segment_id": SOURCE, "events": [{"name": "page view", "table": "web_events.pageviews"}]});
    shell.apply(&more);
    let before = configuration(&shell.platform, SOURCE);
    let renamed = json!({"parent_segment_id": SOURCE,
        "events": [{"name": "page view", "renamed_from": "view", "table": "web_events.pageviews"}]});
    assert_eq!(shell.apply(&renamed)["journal"], Value::Null);
    assert_same(&configuration(&shell.platform, SOURCE), &before, &renamed);
}

/// An activation names an attribute in a placeholder, whether or not the plan names its journey.
#[test]
fn placeholders_of_activations_follow_the_new_name_of_an_attribute() {
    let shell = Shell::new();
    let event = json!([{"name": "cart", "table": "web_events.add_to_cart"}]);
    let attributes = |name: &str, more: Value| {
        let mut attribute = json!({"name": name, "type": "counter", "source_event": "cart"});
        attribute.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"parent_segment_id": SOURCE, "events": event, "attributes": [attribute]})
    };
    let mut plan = attributes("carts", json!({}));
    plan["journeys"] = json!([{"name": "j", "trigger_event": "cart", "state": "launched", "steps": [
        {"activate": "webhook", "name": "call", "url": "http://127.0.0.1:9/in", "body": {"n": "{{ carts }} of {{td_client_id}}"}},
    ]}]);
    plan["id_stitching"] = json!({"stitching_keys": ["td_client_id"]});
    shell.apply(&plan);
    let sent = || {
        let activations = configuration(&shell.platform, SOURCE)["activations"].clone();
        activations[0]["attributes"]["connector"]["exportJson"].as_str().unwrap().to_owned()
    };
    let before = sent();
    for command in ["apply", "rt-attrs"] {
        let [old, new] = if command == "apply" { ["carts", "baskets"] } else { ["baskets", "bags"] };
        shell.run(&[command, "--interval", "5ms"], &attributes(new, json!({"renamed_from": old})));
        assert!(sent().contains(&format!("{{{{{new}}}}} of {{{{td_client_id}}}}")), "{}", sent());
    }
    for _ in 0..2 {
        shell.tdx(&["undo", "--yes", "--interval", "5ms"]).run().document();
    }
    assert_eq!(sent(), before);
}

#[test]
fn the_way_back_of_a_rename_is_one_as_well() {
    let shell = live();
    shell.apply(&renamed());
    let back = shell.tdx(&["undo", "--diff"]).run().document();
    let changes = back["changes"].as_array().unwrap();
    assert!(changes.iter().all(|change| change["action"] == "update"), "{changes:#?}");
    assert!(changes.iter().any(|change| change["path"].as_str().unwrap().ends_with(".name")), "{changes:#?}");
}

/// Where a plan does not know the new name of what it made, nothing has to be lost.
#[test]
fn a_plan_that_does_not_know_a_new_name_is_refused_with_that_name() {
    let changes = [
        (
            json!({"events": [{"name": "pv2", "renamed_from": "view", "table": "web_events.pageviews"}]}),
            "pv2",
            "view",
        ),
        (
            json!({"attributes": [{"name": "latest", "renamed_from": "last", "type": "single",
            "source_event": "view", "source_field": "product_id"}]}),
            "latest",
            "last",
        ),
    ];
    for (mut renaming, new, old) in changes {
        let shell = live();
        renaming["parent_segment_id"] = json!(SOURCE);
        shell.apply(&renaming);
        let apply = shell.tdx(&["apply", "-", "--interval", "5ms"]);
        let error = apply.stdin(plan().to_string()).run().error(6, "conflict");
        let hint = format!(
            "if '{new}' is the plan's '{old}' under a new name, use that throughout the plan, with renamed_from: {old}"
        );
        assert_eq!(said(&error, "hint"), hint, "{error}");
    }
}

#[test]
fn a_launched_journey_with_a_new_name_and_other_steps_is_named_as_it_is_live() {
    let shell = live();
    let mut other = renamed();
    other["journeys"][0]["steps"] = json!([{"wait": "2h"}, "end"]);
    let apply = shell.tdx(&["apply", "-", "--interval", "5ms"]);
    let error = apply.stdin(other.to_string()).run().error(6, "conflict");
    assert!(said(&error, "message").starts_with("journey 'greet' is launched, and its stages"), "{error}");
    let hint = format!(
        "remove renamed_from, so that 'welcome' is a new version beside it, and delete the old one (tdx-rt journey-create delete greet --ps {SOURCE}); what its activations send can be changed"
    );
    assert_eq!(said(&error, "hint"), hint);
}

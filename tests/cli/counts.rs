//! `diff`, `apply` and `undo` count the same items and say the same numbers; what was not set up is not
//! called a set-up.

use super::consent::Ground;
use super::plans::plan_of_everything;
use super::terminal::Seen;
use serde_json::{Value, json};

/// How many items are created, updated and deleted.
type Numbers = [u64; 3];

/// The number in front of each of these words, on what came to a terminal: the last there is.
#[track_caller]
fn numbers<const N: usize>(seen: &Seen, words: [&str; N]) -> [u64; N] {
    assert_eq!(seen.code, 0, "{seen:?}");
    let text: Vec<&str> =
        seen.screen.split([' ', ',', '\n']).filter(|part| !matches!(*part, "to" | "")).collect();
    let number = |word: &str| {
        let found = text.windows(2).rev().filter(|pair| pair[1] == word);
        found.filter_map(|pair| pair[0].parse().ok()).next()
    };
    words.map(|word| number(word).unwrap_or_else(|| panic!("{word}: {seen:?}")))
}

/// The numbers of an `apply`, which are also those that `diff` says before, that `undo --diff` says the
/// reverse order, and that `undo` ends with. The plan is applied at the end.
#[track_caller]
fn numbers_of_all_three(ground: &Ground, prune: &[&str]) -> Numbers {
    let diff = ground.terminal(&[&["diff", "plan.json"], prune].concat(), "");
    let said = numbers(&diff, ["create", "update", "delete"]);
    let apply = [&["apply", "plan.json", "--yes"], prune].concat();
    let applied = ground.pipe(&apply).document();
    let items = &applied["summary"]["items"];
    let done = ["created", "updated", "deleted"].map(|key| items[key].as_u64().unwrap());
    assert_eq!(said, done, "diff and apply");
    let back = ground.terminal(&["undo", "--diff"], "");
    let [created, updated, deleted] = done;
    assert_eq!(numbers(&back, ["create", "update", "delete"]), [deleted, updated, created], "undo --diff");
    let undone = ground.terminal(&["undo", "--yes"], "");
    let said = numbers(&undone, ["restored", "deleted"]);
    assert_eq!(said, [updated + deleted, created], "apply and undo");
    ground.pipe(&apply).document();
    done
}

fn with_journeys() -> Value {
    let mut plan = plan_of_everything();
    plan["journeys"] = json!([
        {"name": "one", "trigger_event": "page_view", "steps": [{"wait": "1d"}]},
        {"name": "two", "trigger_event": "page_view", "steps": ["end"]},
    ]);
    plan
}

#[test]
fn what_is_created_changed_and_deleted_has_one_number() {
    let ground = Ground::empty();
    ground.write(&with_journeys());
    // 2 event tables, 2 stitching keys, 2 key events, 4 attributes, a service, a personalization with 2
    // sections, and 2 journeys; neither outputs nor fields.
    assert_eq!(numbers_of_all_three(&ground, &[]), [16, 0, 0]);
    // A line for each thing but the sections, which the summary names.
    let undone = ground.terminal(&["undo", "--yes"], "");
    assert_eq!(undone.screen.lines().filter(|line| line.contains("-\u{1b}[0m ")).count(), 14, "{undone:?}");
    assert!(
        undone.screen.ends_with("undone: 0 restored, 16 deleted (2 sections among them)\n"),
        "{undone:?}"
    );
    ground.pipe(&["apply", "plan.json", "--yes"]).document();
    let mut edited = with_journeys();
    // Two fields of one item.
    edited["events"][0]["description"] = json!("Other");
    edited["events"][0]["where"] = json!("price > 3");
    edited["attributes"][1]["max_items"] = json!(7);
    edited["attributes"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "more", "type": "counter", "source_event": "page_view"}));
    edited["id_stitching"]["stitching_keys"][1]["exclude_regex"] = json!("^x");
    edited["journeys"][0]["description"] = json!("Other");
    ground.write(&edited);
    assert_eq!(numbers_of_all_three(&ground, &[]), [1, 4, 0]);
    // A section with another output, and one that is new.
    let sections = edited["personalization_service"]["sections"].as_array_mut().unwrap();
    sections[1]["strings"]["bye"] = json!("Bye");
    sections.push(json!({"name": "Last", "strings": {"a": "b"}}));
    ground.write(&edited);
    let [created, updated, deleted] = numbers_of_all_three(&ground, &[]);
    assert_eq!((created, deleted), (1, 0), "an output is no item");
    assert!(updated >= 1, "the section");
}

#[test]
fn what_is_pruned_has_one_number() {
    let ground = Ground::empty();
    ground.write(&with_journeys());
    ground.pipe(&["apply", "plan.json"]).document();
    let mut less = with_journeys();
    less.as_object_mut().unwrap().shift_remove("personalization_service");
    less["attributes"].as_array_mut().unwrap().truncate(2);
    less["journeys"].as_array_mut().unwrap().pop();
    less["events"][0]["description"] = json!("Other");
    ground.write(&less);
    // A service, a personalization with 2 sections, 2 attributes, a journey.
    let counted = "0 to create, 1 to update, 7 to delete";
    let asked = ground.terminal(&["apply", "plan.json", "--prune"], "n\n");
    assert!(asked.screen.contains(counted), "{asked:?}");
    assert_eq!(numbers_of_all_three(&ground, &["--prune"]), [0, 1, 7]);
}

#[test]
fn the_summary_has_each_personalization_of_a_plan() {
    let ground = Ground::empty();
    let mut plan = with_journeys();
    let one = plan.as_object_mut().unwrap().shift_remove("personalization_service").unwrap();
    let named = |name: &str| {
        let mut one = one.clone();
        one["name"] = json!(name);
        one
    };
    plan["personalization_services"] = json!([named("web"), named("shop")]);
    ground.write(&plan);
    let summary = ground.pipe(&["apply", "plan.json"]).document()["summary"].clone();
    let all = summary["personalizations"].as_array().unwrap();
    let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let names: Vec<_> = all.iter().map(|item| [text(item, "name"), text(item, "service")]).collect();
    assert_eq!(names, [["web", "web"], ["shop", "shop"]]);
    for item in all {
        assert_eq!(
            (text(item, "service_action"), text(item, "action")),
            ("created".into(), "created".into())
        );
        assert!(text(item, "endpoint").ends_with(&text(item, "id")) && item["sections"] == 2, "{item}");
    }
    // None stands for both.
    let none = json!({"service": null, "service_action": null, "id": null, "action": null, "sections": null});
    assert_eq!((&summary["personalization"], &summary["endpoint"]), (&none, &Value::Null));
    let seen = ground.terminal(&["apply", "plan.json"], "").screen;
    for item in all {
        let [name, endpoint, id] = ["name", "endpoint", "id"].map(|key| text(item, key));
        for part in [format!("Service: {name} (unchanged)"), format!("Entity: {id} (unchanged)"), endpoint] {
            assert!(seen.contains(&part), "{part}: {seen}");
        }
    }
    assert!(!seen.contains("null"), "{seen}");
}

/// The lookup key that comes with the first stitching key is a field.
#[test]
fn a_lookup_key_is_no_item() {
    let ground = Ground { platform: crate::common::Platform::start(), ..Ground::empty() };
    let keys = json!({"parent_segment_id": super::PS, "event_tables": ["web_events.pageviews"],
        "id_stitching": {"stitching_keys": ["td_client_id"]}});
    ground.write(&keys);
    let diff = ground.terminal(&["diff", "plan.json"], "");
    assert_eq!(numbers(&diff, ["create", "update", "delete"]), [2, 0, 0]);
    let applied = ground.pipe(&["apply", "plan.json"]).document();
    assert_eq!(applied["summary"]["items"]["created"], 2);
    assert_eq!(applied["summary"]["items"]["updated"], 0);
}

#[test]
fn only_a_set_up_is_called_one() {
    let ground = Ground::empty();
    ground.write(&with_journeys());
    let apply = |arguments: &[&str]| {
        let seen = ground.terminal(&[&["apply", "plan.json", "--yes"], arguments].concat(), "");
        assert_eq!(seen.code, 0, "{seen:?}");
        seen.screen
    };
    let first = apply(&[]);
    assert!(first.contains("Setup Complete!") && !first.contains("Nothing to change"), "{first}");
    assert!(first.contains("Next Steps:"), "{first}");
    let second = apply(&[]);
    assert!(!second.contains("Setup Complete") && second.contains("Nothing to change"), "{second}");
    assert!(!second.contains("Next Steps"), "{second}");
    let mut plan = with_journeys();
    plan["events"][0]["description"] = json!("Other");
    ground.write(&plan);
    let changed = apply(&[]);
    assert!(changed.contains("Setup Complete!"), "{changed}");
    plan["journeys"].as_array_mut().unwrap().pop();
    ground.write(&plan);
    // What goes is not set up; what is left out stays, and is named.
    let unpruned = apply(&[]);
    assert!(!unpruned.contains("Setup Complete"), "{unpruned}");
    let pruned = apply(&["--prune"]);
    assert!(!pruned.contains("Setup Complete") && pruned.contains("1 deleted"), "{pruned}");
    assert!(pruned.contains("\nDeleted: journeys.two\n") && !pruned.contains("Next Steps"), "{pruned}");
    // A line goes with the item that has it, which is not set up by that.
    plan["events"][0].as_object_mut().unwrap().shift_remove("description");
    ground.write(&plan);
    let pruned = apply(&["--prune"]);
    assert!(!pruned.contains("Setup Complete") && !pruned.contains("Next Steps"), "{pruned}");
    assert!(
        pruned.contains("Done: 0 created, 1 updated, 0 deleted.\nDeleted: events.page_view."),
        "{pruned}"
    );
    // With something that is set up it is named all the same.
    plan["events"][0]["description"] = json!("Again");
    plan["journeys"] = json!([]);
    ground.write(&plan);
    let both = apply(&["--prune"]);
    assert!(
        both.contains("Setup Complete!\nDeleted: journeys.one\n") && both.contains("Next Steps"),
        "{both}"
    );
}

/// What an `apply` of a plan says at a terminal, and its next steps by their first words.
fn applied(ground: &Ground, plan: &Value) -> (String, Vec<String>) {
    ground.write(plan);
    let seen = ground.terminal(&["apply", "plan.json"], "");
    let document: Value = serde_json::from_str(&seen.piped).unwrap_or_else(|_| panic!("{seen:?}"));
    let steps = document["summary"]["next_steps"].as_array().unwrap();
    let steps = steps.iter().map(|step| step.as_str().unwrap().to_owned());
    (seen.screen, steps.collect())
}

#[test]
fn next_steps_are_those_of_what_was_set_up() {
    let ground = Ground::empty();
    let mut plan = with_journeys();
    let service = plan.as_object_mut().unwrap().shift_remove("personalization_service").unwrap();
    let journeys = plan.as_object_mut().unwrap().shift_remove("journeys").unwrap();
    let import = json!({"parent_segment_id": plan["parent_segment_id"],
        "attributes": [{"name": "city", "type": "imported_batch"}]});
    let mut alone = service.clone();
    alone["only"] = json!("service");
    alone.as_object_mut().unwrap().shift_remove("trigger_event");
    alone.as_object_mut().unwrap().shift_remove("sections");
    let service_alone =
        json!({"parent_segment_id": plan["parent_segment_id"], "personalization_service": alone});
    // Nothing of these answers, or is entered.
    for (plan, created) in [(&import, 1), (&plan, 10), (&service_alone, 1)] {
        let (screen, steps) = applied(&ground, plan);
        let done = format!("Done: {created} created, 0 updated, 0 deleted.");
        assert!(screen.contains(&done) && !screen.contains("Next Steps"), "{done}: {screen}");
        assert_eq!(steps, Vec::<String>::new());
    }
    // A draft has to be launched first, and the command does so.
    plan["journeys"] = journeys;
    let (screen, steps) = applied(&ground, &plan);
    assert!(screen.contains("RT Triggers Setup Complete!"), "{screen}");
    assert_eq!(steps.len(), 2, "{steps:?}");
    let launch = steps[1].split_once("Launch the journey: tdx-rt ").unwrap().1;
    ground.pipe(&launch.split(' ').collect::<Vec<_>>()).document();
    plan["journeys"][1]["description"] = json!("Other");
    let (_, steps) = applied(&ground, &plan);
    assert_eq!(steps.len(), 2, "{steps:?}");
    assert!(steps[0].contains("launch one --ps") && steps[1].contains("journey-test"), "{steps:?}");
    plan.as_object_mut().unwrap().shift_remove("journeys");
    plan["personalization_service"] = service;
    let (screen, steps) = applied(&ground, &plan);
    assert!(
        screen.contains("RT Personalization Setup Complete!") && steps[0].contains("pz-test"),
        "{screen}"
    );
    let (screen, steps) = applied(&ground, &plan);
    assert!(screen.contains("Nothing to change") && steps.is_empty(), "{screen}");
}

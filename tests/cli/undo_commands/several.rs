//! Several commands as one change: a pipeline, the last ones, those since a time.

use super::{Document, Shell, run, state, three_commands, undo};
use crate::cli::plans::{SOURCE, TARGET, assert_same, by_name, plan_with_spares, platform};
use crate::cli::said;
use crate::common::binary;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const STEPS: [&str; 5] = ["rt-events", "rt-keys", "rt-attrs", "pz-create", "journey-create"];

/// The steps one after the other, each of which reads what the one before has written.
fn pipeline(shell: &Shell, plan: &Value) -> Value {
    STEPS.iter().fold(plan.clone(), |document, step| shell.run(&[step, "--interval", "5ms"], &document))
}

/// The same as people run it: all at once, with pipes between.
fn piped(shell: &Shell, plan: &Value) {
    let file = crate::cli::Written::new("plan.json", &plan.to_string());
    let steps: Vec<String> = STEPS.iter().map(|step| format!("tdx-rt {step} --interval 5ms")).collect();
    let script = format!("tdx-rt rt-events -f {} | {}", file.path(), steps[1..].join(" | "));
    let path = format!("{}:{}", binary().parent().unwrap().display(), std::env::var("PATH").unwrap());
    let ran = Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .envs([("PATH", path.as_str()), ("HOME", shell.state().to_str().unwrap())])
        .envs([("TDX_RT_ENDPOINT", &shell.platform.url), ("TDX_API_KEY", &shell.platform.api_key)])
        .env("TDX_RT_STATE_DIR", shell.state())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(ran.status.success() && ran.stderr.is_empty(), "{ran:?}");
}

#[track_caller]
fn is_the_pipeline(document: &Document) {
    let mut words = STEPS;
    words.reverse();
    assert_eq!(document.words(), words);
    assert_eq!(document.journal, document.commands[0].journal, "that of the latest");
    for kind in
        ["journey", "personalization", "service", "attribute", "key_event", "event_table", "stitching_key"]
    {
        assert!(document.undone.iter().any(|item| item.kind == kind), "{kind}");
    }
    assert!(document.undone.iter().all(|item| item.action == "deleted"), "{:?}", document.undone);
}

#[test]
fn a_pipeline_is_taken_back_as_one() {
    for flags in [["--last", "5"], ["--since", "30m"], ["--since", "9999999999h"]] {
        let shell = Shell::new();
        let before = state(&shell);
        piped(&shell, &plan_with_spares());
        assert_eq!(shell.journals().len(), STEPS.len(), "a journal for each step");
        let after = state(&shell);
        let document: Document = undo(&shell, &flags).decode();
        is_the_pipeline(&document);
        assert_same(&state(&shell), &before, &json!(flags));
        undo(&shell, &[]).error(3, "not-found");
        assert_eq!(shell.journals().len(), STEPS.len() + 1, "one journal for the undo of all");
        let again: Document = undo(&shell, &["--redo"]).decode();
        assert_eq!(again.words(), ["undo"]);
        // What runs is made again, and is not resumed.
        let mut drafts = after;
        for journey in drafts["journeys"].as_array_mut().unwrap() {
            journey["attributes"]["state"] = json!("draft");
            journey["attributes"]["paused"] = json!(false);
        }
        let mut now = state(&shell);
        for journey in now["journeys"].as_array_mut().unwrap() {
            journey["attributes"]["paused"] = json!(false);
        }
        assert_same(&now, &drafts, &json!(flags));
        // They count as not undone: each of them can be taken back by itself.
        let last: Document = undo(&shell, &[]).decode();
        assert_eq!(last.words(), ["journey-create"]);
    }
}

#[test]
fn a_pipeline_and_what_came_after_it_are_compared_as_one() {
    let shell = Shell::new();
    let before = state(&shell);
    let document = pipeline(&shell, &plan_with_spares());
    run(&shell, &["rt-events", "--event", "page_view=web_events.pageviews", "--description", "Other"]);
    run(&shell, &["journey-create", "delete", "draft"]);
    run(&shell, &["rt-attrs", "delete", "spare"]);
    // Made again by the plan, under another id.
    shell.run(&["rt-attrs", "--interval", "5ms"], &document);
    let undone: Document = undo(&shell, &["--since", "1h"]).decode();
    assert_eq!(undone.commands.len(), 9);
    assert_same(&state(&shell), &before, &Value::Null);
}

/// Each of these was changed by the next one, which is no conflict.
#[test]
fn the_last_commands_are_undone_as_one_change() {
    for count in 1..=3 {
        let shell = Shell::new();
        let states = three_commands(&shell);
        shell.platform.forget_requests();
        let document: Document = undo(&shell, &["--last", &count.to_string()]).decode();
        assert_eq!(document.commands.len(), count);
        assert_same(&state(&shell), &states[3 - count], &json!(count));
        if count == 3 {
            let patched = shell.platform.writes().into_iter().filter(|line| line.starts_with("PATCH"));
            let events = patched.filter(|line| line.contains("key_events")).count();
            assert_eq!(events, 0, "what goes is not restored first");
        }
    }
}

#[test]
fn more_than_there_are_is_all_that_there_are() {
    let shell = Shell::new();
    let states = three_commands(&shell);
    let document: Document = undo(&shell, &["--last", "9"]).decode();
    assert_eq!(document.commands.len(), 3);
    assert_same(&state(&shell), &states[0], &Value::Null);
}

/// A journal of long ago: its year is another one, in its name and in its first line.
fn aged(journal: &Path) -> PathBuf {
    let text = std::fs::read_to_string(journal).unwrap();
    let at = text.find("\"started\":\"").unwrap() + "\"started\":\"".len();
    let older = format!("{}2001{}", &text[..at], &text[at + 4..]);
    let name = journal.file_name().unwrap().to_str().unwrap();
    let renamed = journal.with_file_name(format!("2001{}", &name[4..]));
    std::fs::write(&renamed, older).unwrap();
    std::fs::remove_file(journal).unwrap();
    renamed
}

#[test]
fn what_began_before_that_time_stays() {
    let shell = Shell::new();
    let states = three_commands(&shell);
    aged(&shell.journals()[0]);
    let document: Document = undo(&shell, &["--since", "30m"]).decode();
    assert_eq!(document.words(), ["rt-events", "rt-attrs"]);
    assert_same(&state(&shell), &states[1], &Value::Null);
    undo(&shell, &["--since", "30m"]).error(3, "not-found");
    // Without a time it is still there to be undone.
    let document: Document = undo(&shell, &[]).decode();
    assert!(document.commands[0].started.starts_with("2001-"), "{:?}", document.commands);
    assert_same(&state(&shell), &states[0], &Value::Null);
}

#[test]
fn every_conflict_is_found_before_the_first_write() {
    let shell = Shell::new();
    three_commands(&shell);
    let path = format!("/audiences/{SOURCE}/realtime_attributes/{}", shell.item("attributes", "carts")["id"]);
    let path = path.replace('"', "");
    assert_eq!(shell.platform.request("PATCH", &path, Some(json!({"description": "theirs"}))).0, 200);
    shell.platform.forget_requests();
    // The latest of the three could be undone; the second one cannot.
    let error = undo(&shell, &["--last", "3"]).error(6, "conflict");
    assert!(said(&error, "message").contains("attribute 'carts' was changed since"), "{error}");
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    assert_eq!(shell.journals().len(), 3, "nothing was written, so the undo has no journal");
    let document: Document = undo(&shell, &["--last", "3", "--skip-changed"]).decode();
    assert!(document.not_undone.iter().any(|why| why.contains("'carts'")), "{:?}", document.not_undone);
    assert_eq!(shell.item("attributes", "carts")["description"], "theirs");
    assert_eq!(shell.item("events", "cart")["name"], "cart", "it feeds the attribute that stays");
}

/// A command with flags, on the parent segment of this id.
fn on(shell: &Shell, ps: &str, event: &str) {
    let event = format!("{event}=web_events.cart_view");
    shell.tdx(&["rt-events", "--ps", ps, "--event", &event, "--interval", "5ms"]).run().document();
}

#[test]
fn commands_on_another_parent_segment_are_not_touched() {
    let shell = Shell::new();
    let states = || [by_name(&shell.platform, SOURCE), by_name(&shell.platform, TARGET)];
    let begin = states();
    for (ps, event) in [(SOURCE, "a"), (TARGET, "b"), (SOURCE, "c"), (TARGET, "d")] {
        on(&shell, ps, event);
    }
    let full = states();
    // Named, only that one is looked at.
    let document: Document = undo(&shell, &["--ps", SOURCE, "--since", "30m"]).decode();
    assert_eq!((document.parent_segment.id.as_str(), document.commands.len()), (SOURCE, 2));
    assert_eq!(states(), [begin[0].clone(), full[1].clone()]);
    undo(&shell, &["--redo"]).document();
    assert_eq!(states(), full);
    // Without one it is that of the latest command.
    let document: Document = undo(&shell, &["--last", "4"]).decode();
    assert_eq!((document.parent_segment.id.as_str(), document.commands.len()), (TARGET, 2));
    assert_eq!(states(), [full[0].clone(), begin[1].clone()]);
    let document: Document = undo(&shell, &[]).decode();
    assert_eq!(document.parent_segment.id, SOURCE);
    undo(&shell, &["--ps", TARGET]).error(3, "not-found");
}

#[test]
fn commands_on_another_account_or_host_are_not_touched() {
    let shell = Shell::new();
    on(&shell, SOURCE, "a");
    let other = platform();
    let elsewhere = |arguments: &[&str]| {
        let tdx = other.tdx(&[&["undo", "--yes"][..], arguments].concat());
        tdx.env("TDX_RT_STATE_DIR", shell.state().to_str().unwrap()).run()
    };
    for flags in [&[][..], &["--ps", SOURCE], &["--last", "1"], &["--since", "1h"]] {
        elsewhere(flags).error(3, "not-found");
    }
    let journal = shell.journals().remove(0);
    elsewhere(&[journal.to_str().unwrap()]).error(6, "conflict");
    assert_eq!(other.writes(), Vec::<String>::new());
    let document: Document = undo(&shell, &[]).decode();
    assert_eq!(document.words(), ["rt-events"]);
}

#[test]
fn ways_to_say_which_exclude_each_other() {
    let shell = Shell::new();
    three_commands(&shell);
    let journal = shell.journals()[0].to_str().unwrap().to_owned();
    let ways: [&[&str]; 4] = [&[&journal], &["--last", "2"], &["--since", "1h"], &["--redo"]];
    shell.platform.forget_requests();
    for (index, one) in ways.iter().enumerate() {
        for other in &ways[index + 1..] {
            let error = undo(&shell, &[*one, *other].concat()).error(2, "usage");
            assert!(said(&error, "message").contains("cannot be used with"), "{one:?} {other:?}: {error}");
        }
    }
    for wrong in [["--last", "0"], ["--last", "many"], ["--since", "yesterday"]] {
        let error = undo(&shell, &wrong).error(2, "usage");
        assert!(said(&error, "message").contains(&format!("'{}'", wrong[1])), "{error}");
    }
    assert_eq!(shell.platform.requests(), Vec::<String>::new());
}

/// Each of these was deleted and made again under another id, which is one thing when both are undone.
#[test]
fn what_was_deleted_and_made_again_is_one_thing() {
    let shell = Shell::new();
    let plan = plan_with_spares();
    shell.apply(&plan);
    let before = state(&shell);
    let service = before["services"][0]["name"].as_str().unwrap().to_owned();
    for delete in [
        &["rt-attrs", "delete", "spare"][..],
        &["rt-attrs", "delete", "city"],
        &["rt-events", "delete", "spare_event"],
        &["journey-create", "delete", "draft"],
        &["pz-create", "delete", "--service", &service],
    ] {
        run(&shell, delete);
    }
    let mut changed = plan;
    changed["journeys"][2]["steps"][1]["body"] = json!("other");
    shell.apply(&changed);
    let document: Document = undo(&shell, &["--last", "6"]).decode();
    assert_eq!(document.not_undone, ["the tokens of the service 'web' are gone for good; make new ones"]);
    assert_same(&state(&shell), &before, &Value::Null);
    // What the first command made is known under its new ids.
    undo(&shell, &[]).document();
    assert_eq!(state(&shell)["attributes"].as_array().unwrap().len(), 1, "the one that was there");
}

/// One command changes each of these and the setting, another one deletes it.
fn changed_and_deleted(shell: &Shell) -> Value {
    let mut plan = plan_with_spares();
    shell.apply(&plan);
    let before = state(shell);
    for list in ["events", "attributes", "journeys"] {
        for item in plan[list].as_array_mut().unwrap() {
            if item["name"] == "spare" || item["name"] == "spare_event" {
                item["description"] = json!("changed");
            }
        }
    }
    plan["journeys"][2]["steps"][1]["body"] = json!("changed");
    plan["personalization_service"]["description"] = json!("changed");
    plan["id_stitching"]["stitching_keys"].as_array_mut().unwrap().push(json!("session_id"));
    shell.apply(&plan);
    for delete in [
        &["rt-attrs", "delete", "spare"][..],
        &["rt-events", "delete", "spare_event"],
        &["journey-create", "delete", "draft"],
        &["pz-create", "delete", "web"],
    ] {
        run(shell, delete);
    }
    before
}

/// They are made again as they were at first; what is looked at after that shows no other writer.
#[test]
fn what_was_changed_and_then_deleted_comes_back_as_it_was_at_first() {
    let shell = Shell::new();
    let before = changed_and_deleted(&shell);
    shell.platform.forget_requests();
    let document: Document = undo(&shell, &["--last", "5"]).decode();
    assert_eq!(document.not_undone, Vec::<String>::new());
    assert_same(&state(&shell), &before, &Value::Null);
    let entities = shell.platform.writes();
    let entities: Vec<_> = entities.iter().filter(|write| write.contains("personalizations")).collect();
    assert_eq!(entities, ["POST /entities/realtime_personalizations"]);
}

/// The same, when no answer comes from one of the things that it makes on, and it is run again.
#[test]
fn what_an_undo_began_to_make_again_is_finished() {
    let arguments = ["--last", "5", "--retries", "0"];
    let shell = Shell::new();
    changed_and_deleted(&shell);
    shell.platform.forget_requests();
    undo(&shell, &arguments).document();
    let requests = shell.platform.requests();
    let is_made = |(_, request): &(usize, &String)| request.starts_with("POST /");
    let made: Vec<usize> = requests.iter().enumerate().filter(is_made).map(|(place, _)| place).collect();
    assert_eq!(made.len(), 5, "an event, an attribute, a personalization, a journey, its step: {requests:?}");
    for place in made {
        let shell = Shell::new();
        let before = changed_and_deleted(&shell);
        shell.platform.control("faults", json!({"kind": "commit_then_drop", "skip": place, "count": 0}));
        let first = undo(&shell, &arguments);
        assert_ne!(first.code, 0, "{first:?}");
        shell.platform.request("DELETE", "/_sandbox/faults", None);
        undo(&shell, &arguments).document();
        assert_same(&state(&shell), &before, &json!(place));
    }
}

/// What one command deleted, the next one made again in another form, with a key that a third one took out.
#[test]
fn what_was_made_again_in_another_form_comes_back_as_it_was() {
    let shell = Shell::new();
    let mut plan = plan_with_spares();
    shell.apply(&plan);
    let before = state(&shell);
    run(&shell, &["pz-create", "delete", "web"]);
    plan["personalization_service"]["description"] = json!("changed");
    plan["personalization_service"]["sections"][0]["strings"] = json!({"new": "one"});
    plan["id_stitching"]["stitching_keys"].as_array_mut().unwrap().push(json!("session_id"));
    plan["events"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "start", "table": "web_events.session_start"}));
    shell.apply(&plan);
    run(&shell, &["rt-keys", "delete", "session_id"]);
    let document: Document = undo(&shell, &["--last", "3"]).decode();
    assert_eq!(document.not_undone, Vec::<String>::new());
    assert_same(&state(&shell), &before, &Value::Null);
}

/// Two commands changed the same fields; their undo is cut off at each of its writes and run again.
#[test]
fn an_undo_of_two_changes_of_one_field_is_finished() {
    let changed = |shell: &Shell| {
        let mut plan = plan_with_spares();
        shell.apply(&plan);
        let before = state(shell);
        for text in ["one", "two"] {
            plan["events"][0]["description"] = json!(text);
            plan["attributes"][4]["description"] = json!(text);
            plan["personalization_service"]["description"] = json!(text);
            plan["id_stitching"]["stitching_keys"][1]["exclude_regex"] = json!(text);
            shell.apply(&plan);
        }
        before
    };
    let arguments = ["--last", "2", "--retries", "0"];
    let shell = Shell::new();
    changed(&shell);
    shell.platform.forget_requests();
    undo(&shell, &arguments).document();
    let requests = shell.platform.requests();
    let writes: Vec<usize> =
        (0..requests.len()).filter(|place| requests[*place].starts_with("PATCH")).collect();
    assert_eq!(writes.len(), 5, "{requests:?}");
    for place in writes {
        let shell = Shell::new();
        let before = changed(&shell);
        shell.platform.control("faults", json!({"kind": "commit_then_drop", "skip": place, "count": 0}));
        let first = undo(&shell, &arguments);
        assert_ne!(first.code, 0, "{first:?}");
        shell.platform.request("DELETE", "/_sandbox/faults", None);
        undo(&shell, &arguments).document();
        assert_same(&state(&shell), &before, &json!(place));
    }
}

/// A command that was undone is undone once more, by its journal: what was changed since stays.
#[test]
fn what_was_made_again_and_changed_since_is_a_conflict() {
    let shell = Shell::new();
    let mut plan = plan_with_spares();
    shell.apply(&plan);
    for (delete, changed) in [
        (&["rt-events", "delete", "spare_event"][..], "/events/2"),
        (&["rt-attrs", "delete", "spare"], "/attributes/4"),
        (&["pz-create", "delete", "web"], "/personalization_service"),
        (&["journey-create", "delete", "draft"], "/journeys/2"),
    ] {
        run(&shell, delete);
        let journal = shell.journals().pop().unwrap();
        undo(&shell, &[]).document();
        plan.pointer_mut(changed).unwrap()["description"] = json!("since");
        shell.apply(&plan);
        let now = state(&shell);
        shell.platform.forget_requests();
        let error = undo(&shell, &[journal.to_str().unwrap()]).error(6, "conflict");
        assert!(said(&error, "message").contains("was changed since"), "{error}");
        assert_eq!(shell.platform.writes(), Vec::<String>::new());
        assert_same(&state(&shell), &now, &Value::Null);
    }
}

/// The platform can't make an attribute another one; one at a time, each is deleted.
#[test]
fn what_was_made_again_as_another_is_undone_by_itself() {
    let shell = Shell::new();
    three_commands(&shell);
    let before = state(&shell);
    run(&shell, &["rt-attrs", "delete", "carts"]);
    run(&shell, &["rt-attrs", "--single", "carts=cart.cart_id"]);
    shell.platform.forget_requests();
    let error = undo(&shell, &["--last", "2"]).error(6, "conflict");
    assert!(said(&error, "message").contains("the attribute 'carts'"), "{error}");
    assert!(said(&error, "hint").contains("one command at a time"), "{error}");
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    undo(&shell, &[]).document();
    undo(&shell, &[]).document();
    assert_same(&state(&shell), &before, &Value::Null);
}

/// The console can call an import by another name than its column.
#[test]
fn an_import_comes_back_under_its_own_name() {
    let shell = Shell::new();
    run(&shell, &["rt-attrs", "--import", "city"]);
    let path = format!("/audiences/{SOURCE}/realtime_setting");
    let mut setting = shell.platform.get(&path);
    let setting = setting.as_object_mut().unwrap();
    setting
        .retain(|key, _| ["keyColumns", "eventTables", "batchAttributes", "extLookupKey"].contains(&&**key));
    for batch in setting["batchAttributes"].as_array_mut().unwrap() {
        batch["name"] = json!(format!("Home {}", batch["column"].as_str().unwrap()));
    }
    let (status, answer) = shell.platform.request("PATCH", &path, Some(json!(setting)));
    assert_eq!(status, 200, "{answer}");
    let before = state(&shell);
    run(&shell, &["rt-attrs", "delete", "Home city"]);
    assert_ne!(state(&shell), before);
    undo(&shell, &[]).document();
    assert_same(&state(&shell), &before, &Value::Null);
}

/// The seed calls one by its column, which is a name as well.
#[test]
fn an_import_has_the_name_that_it_had() {
    let shell = Shell::new();
    let setting = || shell.platform.get(&format!("/audiences/{SOURCE}/realtime_setting"));
    let before = setting()["batchAttributes"].clone();
    assert_eq!(before[0], json!({"column": "country", "name": "country"}));
    run(&shell, &["rt-attrs", "delete", "country"]);
    assert_eq!(setting()["batchAttributes"], json!([]));
    undo(&shell, &[]).document();
    assert_eq!(setting()["batchAttributes"], before);
}

/// A launch can't be taken back; the making of the journey can.
#[test]
fn a_launch_is_taken_back_with_its_journey() {
    let shell = Shell::new();
    shell.apply(&plan_with_spares());
    let before = state(&shell);
    let mut plan = plan_with_spares();
    plan["journeys"] = json!([{"name": "new", "trigger_event": "page_view", "steps": [{"wait": "1d"}]}]);
    shell.run(&["journey-create", "--interval", "5ms"], &plan);
    run(&shell, &["journey-create", "launch", "new"]);
    let alone = undo(&shell, &["--diff"]).document();
    assert!(alone["not_undone"].to_string().contains("it is launched, which fixes it"), "{alone}");
    let document: Document = undo(&shell, &["--last", "2"]).decode();
    assert_eq!(document.not_undone, Vec::<String>::new());
    assert_same(&state(&shell), &before, &Value::Null);
}

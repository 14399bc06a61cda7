//! Where a command cannot be taken back as it is: what a launch fixes, what was cut off, taken names.

use super::{Document, configured, run, state, undo};
use crate::cli::plans::{SOURCE, Shell, assert_same, plan_with_spares};
use crate::cli::said;
use serde_json::{Value, json};

/// A draft, launched by a plan on an event that the same plan makes.
fn launched_on_a_new_event(shell: &Shell) -> Value {
    let before = state(shell);
    let steps = json!([{"activate": "webhook", "name": "call", "url": "http://127.0.0.1:9/in", "body": "x"}]);
    let draft = json!({"name": "new", "trigger_event": "page_view", "steps": steps});
    shell.run(
        &["journey-create", "--interval", "5ms"],
        &json!({"parent_segment_id": SOURCE, "journeys": [draft]}),
    );
    shell.apply(&json!({
        "parent_segment_id": SOURCE,
        "events": [{"name": "own event", "table": "web_events.cart_view"}],
        "attributes": [{"name": "own attribute", "type": "counter", "source_event": "own event"}],
        "journeys": [{"name": "new", "trigger_event": "own event", "state": "launched", "steps": steps}],
    }));
    before
}

#[test]
fn what_a_launched_journey_keeps_is_in_use() {
    let shell = configured();
    let before = launched_on_a_new_event(&shell);
    shell.platform.forget_requests();
    let error = undo(&shell, &[]).error(6, "conflict");
    assert!(said(&error, "message").contains("used by entry of journey 'new'"), "{error}");
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    let way_back = undo(&shell, &["--diff"]).document();
    assert!(way_back["not_undone"].to_string().contains("own event"), "{way_back}");
    // With the command that made the journey, all of it goes.
    undo(&shell, &["--last", "2"]).document();
    assert_same(&state(&shell), &before, &Value::Null);
    // Without, what the journey does not need goes.
    launched_on_a_new_event(&shell);
    undo(&shell, &["--skip-changed"]).document();
    assert_eq!(shell.item("events", "own event")["name"], "own event");
    let attributes = state(&shell)["attributes"].to_string();
    assert!(!attributes.contains("own attribute"), "{attributes}");
}

#[test]
fn a_launch_alone_is_refused_and_still_to_be_undone() {
    let shell = configured();
    let before = state(&shell);
    let journey = json!([{"name": "new", "trigger_event": "page_view", "steps": [{"wait": "1d"}]}]);
    shell.run(
        &["journey-create", "--interval", "5ms"],
        &json!({"parent_segment_id": SOURCE, "journeys": journey}),
    );
    run(&shell, &["journey-create", "launch", "new"]);
    shell.platform.forget_requests();
    for _ in 0..2 {
        let error = undo(&shell, &[]).error(6, "conflict");
        assert!(said(&error, "message").contains("it is launched, which fixes it"), "{error}");
        assert!(said(&error, "hint").contains("--last 2"), "{error}");
    }
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
    undo(&shell, &["--last", "2"]).document();
    assert_same(&state(&shell), &before, &Value::Null);
}

/// A write without an answer may have been carried out or not.
#[test]
fn a_journey_that_was_cut_off_goes() {
    let steps = json!([{"activate": "webhook", "name": "call", "url": "http://127.0.0.1:9/in", "body": "x"}]);
    let plan = json!({"parent_segment_id": SOURCE, "journeys": [
        {"name": "new", "trigger_event": "page_view", "state": "launched", "steps": steps},
    ]});
    for (kind, skip, again) in [
        ("status", 0, false),
        ("status", 1, false),
        ("reset", 0, false),
        ("commit_then_drop", 0, false),
        ("reset", 0, true),
    ] {
        let shell = configured();
        let before = state(&shell);
        let fault = json!({"kind": kind, "status": 503, "method": "PATCH", "skip": skip, "count": 0});
        let fault =
            if kind == "status" { fault } else { json!({"kind": kind, "method": "PATCH", "skip": skip}) };
        shell.platform.control("faults", fault);
        let create = || {
            shell
                .tdx(&["journey-create", "--interval", "5ms", "--retries", "0"])
                .stdin(plan.to_string())
                .run()
        };
        assert_ne!(create().code, 0, "{kind} {skip}");
        shell.platform.request("DELETE", "/_sandbox/faults", None);
        if again {
            create().document();
        }
        let count = if again { "2" } else { "1" };
        let document: Document = undo(&shell, &["--last", count]).decode();
        assert_eq!(document.undone.len(), 1, "{kind} {skip}: {document:?}");
        assert_same(&state(&shell), &before, &json!(kind));
    }
}

#[test]
fn a_name_that_is_taken_is_a_conflict_before_the_first_write() {
    let shell = configured();
    let mut plan = plan_with_spares();
    for event in
        plan["events"].as_array_mut().unwrap().iter_mut().filter(|event| event["name"] == "spare_event")
    {
        event["name"] = json!("renamed");
        event["renamed_from"] = json!("spare_event");
    }
    shell.apply(&plan);
    let rename = shell.journals().pop().unwrap();
    run(&shell, &["rt-events", "--event", "spare_event=web_events.logins"]);
    run(&shell, &["rt-attrs", "delete", "spare"]);
    let delete = shell.journals().pop().unwrap();
    run(&shell, &["rt-attrs", "--counter", "other=renamed", "--set", "identifier=spare"]);
    for (journal, what) in [(rename, "spare_event"), (delete, "spare")] {
        shell.platform.forget_requests();
        let journal = journal.to_str().unwrap();
        for more in [&[][..], &["--skip-changed"]] {
            let error = undo(&shell, &[&[journal][..], more].concat()).error(6, "conflict");
            assert!(said(&error, "message").contains(&format!("'{what}' is taken")), "{error}");
        }
        assert!(undo(&shell, &[journal, "--diff"]).document()["not_undone"].to_string().contains("is taken"));
        assert_eq!(shell.platform.writes(), Vec::<String>::new());
    }
}

/// What comes back is the plan's again.
#[test]
fn ownership_comes_back_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    let plan = file.to_str().unwrap();
    std::fs::write(&file, plan_with_spares().to_string()).unwrap();
    let shell = Shell::new();
    let apply =
        |more: &[&str]| shell.tdx(&[&["apply", plan, "--interval", "5ms"], more].concat()).run().document();
    apply(&[]);
    undo(&shell, &[]).document();
    undo(&shell, &["--redo"]).document();
    run(&shell, &["rt-attrs", "delete", "spare"]);
    undo(&shell, &[]).document();
    let mut less = plan_with_spares();
    less["attributes"].as_array_mut().unwrap().retain(|attribute| attribute["name"] != "spare");
    less["events"].as_array_mut().unwrap().retain(|event| event["name"] != "spare_event");
    std::fs::write(&file, less.to_string()).unwrap();
    let left = shell.tdx(&["diff", plan]).run().document()["no_longer_named"].to_string();
    assert!(left.contains("attributes.spare") && left.contains("events.spare_event"), "{left}");
}

#[test]
fn a_command_whose_requests_were_refused_is_passed_over() {
    let shell = configured();
    let before = state(&shell);
    run(&shell, &["rt-events", "--event", "first=web_events.cart_view"]);
    shell.platform.control("faults", json!({"kind": "status", "status": 422, "method": "POST", "count": 0}));
    let refused =
        ["rt-events", "--ps", SOURCE, "--event", "second=web_events.cart_view", "--interval", "5ms"];
    assert_eq!(shell.tdx(&refused).run().code, 2);
    shell.platform.request("DELETE", "/_sandbox/faults", None);
    assert_eq!(shell.journals().len(), 2);
    let document: Document = undo(&shell, &[]).decode();
    assert_eq!(document.undone.len(), 2, "the event and its table: {document:?}");
    assert_same(&state(&shell), &before, &Value::Null);
}

#[test]
fn a_token_that_goes_is_named_as_lost() {
    let shell = configured();
    shell.run(&["pz-create", "--new-token", "--interval", "5ms"], &plan_with_spares());
    let way_back = undo(&shell, &["--diff"]).document();
    assert_eq!(way_back["changed"], true, "{way_back}");
    assert!(way_back["lost"].to_string().contains("of the service 'web': it stops working"), "{way_back}");
    let document: Document = undo(&shell, &[]).decode();
    assert_eq!((document.undone.len(), document.lost.len()), (1, 1), "{document:?}");
}

/// A draft with the same name and stages is the one that an undo began to make only where an undo did.
#[test]
fn another_journey_of_the_same_name_is_not_filled_in() {
    let shell = configured();
    let path = format!("/entities/parent_segments/{SOURCE}/realtime_journeys");
    let of = |journeys: &Value| {
        let all = journeys["data"].as_array().unwrap();
        all.iter().find(|one| one["attributes"]["name"] == "draft").cloned().unwrap()
    };
    let mut draft = of(&shell.platform.get(&path))["attributes"].clone();
    run(&shell, &["journey-create", "delete", "draft"]);
    draft["audienceId"] = json!(SOURCE);
    for stage in draft["realtimeJourneyStages"].as_array_mut().unwrap() {
        *stage = json!({"name": stage["name"], "steps": {}});
    }
    let keep = [
        "name",
        "description",
        "goal",
        "audienceId",
        "segmentFolderId",
        "reentryMode",
        "realtimeJourneyStages",
    ];
    draft.as_object_mut().unwrap().retain(|key, _| keep.contains(&key.as_str()));
    let body = json!({ "attributes": draft });
    let vendor = "application/vnd.treasuredata.v1+json";
    let made = shell.platform.request_as("POST", "/entities/realtime_journeys", Some(body), vendor, &[]);
    assert!(made.0 < 300, "{made:?}");
    let before = shell.platform.get(&path);
    let error = undo(&shell, &[]).error(6, "conflict");
    assert!(
        said(&error, "message").contains("the name of the journey 'draft' is taken by another one now"),
        "{error}"
    );
    assert_eq!(shell.platform.get(&path), before);
}

/// Of what was made and deleted since there is nothing to take back, which is no conflict.
#[test]
fn what_was_made_and_deleted_comes_to_nothing() {
    let shell = configured();
    let before = state(&shell);
    let service = json!({"name": "other", "trigger_event": "page_view",
        "sections": [{"name": "all", "criteria": "", "strings": {"greeting": "hello"}}]});
    let apply = ["apply", "-", "--plan-name", "own", "--prune", "--yes", "--interval", "5ms"];
    shell.run(&apply, &json!({"parent_segment_id": SOURCE, "personalization_service": service}));
    shell.run(&apply, &json!({"parent_segment_id": SOURCE}));
    let document: Document = undo(&shell, &["--last", "2"]).decode();
    assert!(document.undone.is_empty(), "{document:?}");
    assert_same(&state(&shell), &before, &Value::Null);
    let listed = shell.tdx(&["undo", "list"]).run().document();
    assert_eq!([&listed[0]["undone"], &listed[1]["undone"]], [true, true], "{listed}");
}

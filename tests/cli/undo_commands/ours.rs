//! What an undo could not take back is its own: neither a later undo nor a repeated one takes it for
//! the work of others.

use super::{Document, configured, run, state, undo};
use crate::cli::plans::{SOURCE, Shell, TARGET, assert_same, platform};
use crate::cli::said;
use crate::cli::terminal::Run;
use crate::common::{Output, Platform};
use serde_json::{Value, json};

const SINGLE: [&str; 3] = ["rt-attrs", "--single", "own=page_view.product_id"];

/// An attribute, and then a lifetime for it, which the platform does not take back.
fn lifetime(shell: &Shell, plan: bool) {
    let attribute = json!({"name": "own", "type": "single", "source_event": "page_view",
        "source_field": "product_id", "aggregation": "last"});
    for days in [Value::Null, json!(5)] {
        if plan {
            let mut attribute = attribute.clone();
            attribute
                .as_object_mut()
                .unwrap()
                .extend((!days.is_null()).then(|| ("expiry_days".into(), days)));
            shell.apply(&json!({"parent_segment_id": SOURCE, "attributes": [attribute]}));
        } else {
            let more: &[&str] = if days.is_null() { &[] } else { &["--expiry-days", "5"] };
            run(shell, &[&SINGLE[..], more].concat());
        }
    }
}

#[test]
fn a_lifetime_goes_with_its_attribute() {
    for plan in [false, true] {
        let shell = configured();
        let before = state(&shell);
        lifetime(&shell, plan);
        shell.platform.forget_requests();
        let error = undo(&shell, &[]).error(6, "conflict");
        assert!(said(&error, "message").contains("the platform can't unset it"), "{error}");
        assert!(said(&error, "hint").contains("--last 2"), "{error}");
        let document: Document = undo(&shell, &["--last", "2"]).decode();
        assert_eq!(document.not_undone, Vec::<String>::new());
        assert_same(&state(&shell), &before, &Value::Null);
        let writes = shell.platform.writes();
        assert_eq!(writes.len(), 1, "it is deleted, and nothing else: {writes:?}");
    }
}

#[test]
fn what_an_undo_could_not_take_back_is_not_changed_since() {
    let shell = configured();
    let before = state(&shell);
    lifetime(&shell, false);
    let document: Document = undo(&shell, &["--skip-changed"]).decode();
    assert!(document.not_undone[0].contains("can't unset it"), "{document:?}");
    assert_eq!(document.lost, Vec::<String>::new());
    undo(&shell, &[]).document();
    assert_same(&state(&shell), &before, &Value::Null);
    // A launch that was passed over, and a journey that an undo made again.
    let journey = json!([{"name": "new", "trigger_event": "page_view", "steps": [{"wait": "1d"}]}]);
    shell.run(
        &["journey-create", "--interval", "5ms"],
        &json!({"parent_segment_id": SOURCE, "journeys": journey}),
    );
    run(&shell, &["journey-create", "launch", "new"]);
    undo(&shell, &["--skip-changed"]).document();
    undo(&shell, &[]).document();
    assert_same(&state(&shell), &before, &Value::Null);
}

#[test]
fn what_others_changed_since_stays_theirs() {
    let shell = configured();
    lifetime(&shell, false);
    undo(&shell, &["--skip-changed"]).document();
    let id = shell.item("attributes", "own")["id"].as_str().unwrap().to_owned();
    let path = format!("/audiences/{SOURCE}/realtime_attributes/{id}");
    assert_eq!(shell.platform.request("PATCH", &path, Some(json!({"description": "theirs"}))).0, 200);
    let error = undo(&shell, &[]).error(6, "conflict");
    assert!(said(&error, "message").contains("attribute 'own' was changed since"), "{error}");
}

/// The hint names the command before only where that one made it.
#[test]
fn a_hint_does_not_name_a_command_that_has_nothing_to_do_with_it() {
    let shell = configured();
    run(&shell, &["rt-events", "--event", "other=web_events.cart_view"]);
    run(&shell, &["journey-create", "launch", "draft"]);
    let error = undo(&shell, &[]).error(6, "conflict");
    let hint = said(&error, "hint");
    assert!(!hint.contains("--last") && hint.contains("--skip-changed"), "{error}");
    let journal = shell.journals().pop().unwrap();
    let error = undo(&shell, &[journal.to_str().unwrap()]).error(6, "conflict");
    assert!(!said(&error, "hint").contains("--last"), "{error}");
}

#[track_caller]
fn times_out(output: &Output) {
    output.error(8, "not-ready");
}

/// What was written is done, whether or not it was waited for.
#[test]
fn what_was_not_waited_for_is_undone() {
    let shell = configured();
    let before = state(&shell);
    run(&shell, &["rt-events", "--event", "first=web_events.cart_view"]);
    let first = state(&shell);
    run(&shell, &["rt-events", "--event", "second=web_events.logins"]);
    let both = state(&shell);
    shell.platform.control("settle", json!({"settle": "never"}));
    times_out(&undo(&shell, &["--timeout", "10ms"]));
    assert_same(&state(&shell), &first, &Value::Null);
    times_out(&undo(&shell, &["--timeout", "10ms"]));
    assert_same(&state(&shell), &before, &Value::Null);
    times_out(&undo(&shell, &["--redo", "--timeout", "10ms"]));
    times_out(&undo(&shell, &["--redo", "--timeout", "10ms"]));
    assert_same(&state(&shell), &both, &Value::Null);
    undo(&shell, &["--redo"]).error(3, "not-found");
}

/// The list of a `while read` loop is left alone, and so is a document of another command.
#[test]
fn an_undo_does_not_read_stdin() {
    let shell = configured();
    run(&shell, &["rt-events", "--event", "first=web_events.cart_view"]);
    let piped = |arguments: &[&str]| shell.tdx(arguments).stdin("no document: [\n").run();
    assert_eq!(piped(&["undo", "list"]).document().as_array().unwrap().len(), 1);
    piped(&["undo", "--diff"]).document();
    piped(&["undo", "--yes", "--interval", "5ms"]).document();
}

/// A lookup key that was not set is not fixed.
#[test]
fn a_command_that_had_no_effect_does_not_stand_in_the_way() {
    let platform = Platform::start();
    let state = tempfile::tempdir().unwrap();
    let tdx = |arguments: &[&str]| {
        let tdx = platform.tdx(&[arguments, &["--interval", "5ms"]].concat());
        tdx.env("TDX_RT_STATE_DIR", state.path().to_str().unwrap()).run()
    };
    let before = crate::cli::setting(&platform);
    tdx(&["rt-events", "--ps", SOURCE, "--event", "page_view=web_events.pageviews"]).document();
    platform.control("faults", json!({"kind": "reset", "method": "PATCH", "count": 0}));
    let keys = ["rt-keys", "--ps", SOURCE, "--key", "td_client_id", "--retries", "0"];
    assert_ne!(tdx(&keys).code, 0);
    platform.request("DELETE", "/_sandbox/faults", None);
    assert_eq!(crate::cli::setting(&platform)["extLookupKey"], before["extLookupKey"]);
    let document: Document = tdx(&["undo", "--yes"]).decode();
    assert_eq!((document.not_undone, document.lost), (vec![], vec![]));
    let document: Document = tdx(&["undo", "--yes"]).decode();
    assert!(document.undone.iter().any(|item| item.name == "page_view"), "{:?}", document.undone);
}

/// The setting is written as a whole, in its order.
#[test]
fn a_stitching_key_comes_back_where_it_was() {
    let shell = configured();
    let keys = || -> Vec<String> {
        let setting = shell.platform.get(&format!("/audiences/{SOURCE}/realtime_setting"));
        let keys = setting["keyColumns"].as_array().unwrap().iter();
        keys.map(|key| key["name"].as_str().unwrap().to_owned()).collect()
    };
    let before = keys();
    assert!(before.len() > 2, "{before:?}");
    let names: Vec<&str> = before[..before.len() - 1].iter().map(String::as_str).collect();
    for name in &names {
        run(&shell, &["rt-keys", "delete", name]);
        undo(&shell, &[]).document();
        assert_eq!(keys(), before, "{name}");
    }
    for name in &names {
        run(&shell, &["rt-keys", "delete", name]);
    }
    undo(&shell, &["--last", &names.len().to_string()]).document();
    assert_eq!(keys(), before);
}

#[test]
fn a_name_that_is_taken_is_not_passed_over_by_a_redo() {
    let shell = configured();
    run(&shell, &["rt-events", "--event", "mine=web_events.cart_view"]);
    undo(&shell, &[]).document();
    run(&shell, &["rt-events", "--event", "mine=web_events.logins"]);
    shell.platform.forget_requests();
    for more in [&[][..], &["--skip-changed"]] {
        let error = undo(&shell, &[&["--redo"][..], more].concat()).error(6, "conflict");
        let taken = "the name of the key event 'mine' is taken by another one now";
        assert!(said(&error, "message").contains(taken), "{error}");
    }
    assert_eq!(shell.platform.writes(), Vec::<String>::new());
}

/// A draft is neither paused nor resumed.
#[test]
fn a_pause_of_what_is_a_draft_again_is_named() {
    let shell = configured();
    for (command, journey) in [("pause", "welcome"), ("resume", "held")] {
        run(&shell, &["journey-create", command, journey]);
        run(&shell, &["journey-create", "delete", journey]);
        undo(&shell, &[]).document();
        let document: Document = undo(&shell, &[]).decode();
        let said = document.not_undone.join("\n");
        assert!(said.contains(&format!("journey '{journey}' is a draft")), "{document:?}");
        assert!(said.contains(&format!("journey-create launch {journey}")), "{document:?}");
    }
}

#[test]
fn what_stays_is_not_lost() {
    let shell = configured();
    let steps = json!([{"activate": "webhook", "name": "call", "url": "http://127.0.0.1:8/in", "body": "x"}]);
    let journey = json!({"name": "new", "trigger_event": "page_view", "steps": steps});
    shell.run(
        &["journey-create", "--interval", "5ms"],
        &json!({"parent_segment_id": SOURCE, "journeys": [journey]}),
    );
    let document: Document = undo(&shell, &[]).decode();
    assert!(document.not_undone[0].contains("the connection"), "{document:?}");
    assert_eq!(document.lost, Vec::<String>::new());
}

/// A redo that was cut off has made the service already.
#[test]
fn a_repeated_redo_lists_the_tokens_that_are_lost() {
    let shell = configured();
    run(&shell, &["pz-create", "--name", "more", "--trigger", "page_view", "--attribute", "last"]);
    undo(&shell, &[]).document();
    let entity = "/entities/realtime_personalizations";
    shell.platform.control(
        "faults",
        json!({"kind": "status", "status": 503, "method": "POST", "path": entity, "count": 0}),
    );
    assert_ne!(undo(&shell, &["--redo", "--retries", "0"]).code, 0);
    shell.platform.request("DELETE", "/_sandbox/faults", None);
    let document: Document = undo(&shell, &["--redo"]).decode();
    let tokens = "the tokens of the service 'more' are gone for good";
    assert!(document.lost.iter().any(|why| why.starts_with(tokens)), "{document:?}");
}

#[test]
fn a_personalization_comes_back_under_another_endpoint() {
    let shell = configured();
    let before = shell.item("services", "web")["id"].clone();
    run(&shell, &["pz-create", "delete", "web"]);
    let shown = undo(&shell, &["--diff"]).document();
    let lost = "the id and the endpoint of the personalization 'web': it gets new ones";
    assert!(shown["lost"][0].as_str().unwrap().starts_with(lost), "{shown}");
    assert_eq!(
        shown["items"],
        json!({"created": 3, "updated": 0, "deleted": 0}),
        "with its sections: {shown}"
    );
    let changes = shown["changes"].as_array().unwrap();
    assert!(changes.iter().all(|change| change["action"] != "update"), "{changes:?}");
    assert_eq!(shell.item("services", "web")["id"], before);
}

/// What a terminal shows of commands, one after the other.
fn screens(platform: &Platform, commands: &[&[&str]]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let screen = |arguments: &&[&str]| {
        let arguments = &[*arguments, &["--interval", "5ms"]].concat();
        let folder = Some(folder.path());
        let seen = Run { platform, arguments, variables: &[], piped: true, answer: "", folder }.run();
        assert_eq!(seen.code, 0, "{seen:?}");
        seen.screen
    };
    commands.iter().map(screen).collect()
}

#[test]
fn a_lookup_key_that_is_fixed_is_named() {
    let keys = ["rt-keys", "--ps", SOURCE, "--key", "td_client_id"];
    let event = ["rt-events", "--ps", SOURCE, "--event", "page_view=web_events.pageviews"];
    let seen = screens(&Platform::start(), &[&event, &keys, &keys]);
    assert!(seen[1].contains("the external lookup key 'customer_id' is fixed for good now"), "{seen:?}");
    assert!(!seen[2].contains("fixed"), "it was before: {seen:?}");
}

#[test]
fn commands_that_are_passed_over_are_named() {
    let event = |ps| ["rt-events", "--ps", ps, "--event", "own=web_events.cart_view"];
    let undo = ["undo", "--yes", "--last", "2"];
    let (source, target) = (event(SOURCE), event(TARGET));
    let key = ["rt-keys", "--ps", SOURCE, "--key", "td_client_id", "--invalid", "td_client_id=none"];
    let seen = screens(&platform(), &[&source, &target, &key, &undo]);
    assert!(seen[3].contains(&format!("are about the parent segment {TARGET}, and stay")), "{seen:?}");
}

#[test]
fn a_terminal_sees_what_is_lost_and_how_many_commands_there_are() {
    let platform = Platform::start();
    let event = ["rt-events", "--ps", SOURCE, "--event", "page_view=web_events.pageviews"];
    let key = ["rt-keys", "--ps", SOURCE, "--key", "td_client_id"];
    let single = [&SINGLE[..], &["--ps", SOURCE]].concat();
    let seen = screens(&platform, &[&event, &key, &single, &["undo", "--last", "4", "--yes"]]);
    assert!(seen[3].contains("3 commands can be undone, not 4"), "{seen:?}");
    assert!(!screens(&platform, &[&key, &["undo", "--last", "1", "--yes"]])[1].contains("there are not"));
    let folder = Some(tempfile::tempdir().unwrap());
    let folder = folder.as_ref().map(|folder| folder.path());
    let show = |arguments: &[&str]| {
        Run { platform: &platform, arguments, variables: &[], piped: false, answer: "", folder }.run()
    };
    for command in [&event[..], &key, &[&single[..], &["--interval", "5ms"]].concat()] {
        assert_eq!(show(command).code, 0);
    }
    let seen = show(&["undo", "--diff"]).screen;
    assert!(seen.contains("# lost: the values of the attribute 'own'"), "{seen}");
}

/// One of the commands stays, whatever became of the other.
#[test]
fn a_list_does_not_say_of_what_stays_that_it_was_undone() {
    let shell = configured();
    let journey = json!({"name": "new", "trigger_event": "page_view", "steps": [{"wait": "1d"}]});
    let plan = json!({"parent_segment_id": SOURCE, "journeys": [journey]});
    shell.run(&["journey-create", "--interval", "5ms"], &plan);
    run(&shell, &["journey-create", "launch", "new"]);
    run(&shell, &SINGLE);
    let document: Document = undo(&shell, &["--last", "2"]).decode();
    assert_eq!(
        document.not_undone,
        ["'state' of the journey 'new': it is launched, which fixes it; pause or delete the journey"]
    );
    let items = shell.tdx(&["undo", "list"]).run().document();
    let listed: Vec<[&Value; 2]> =
        items.as_array().unwrap()[1..].iter().map(|item| [&item["undone"], &item["not_undone"]]).collect();
    let stays = json!(document.not_undone);
    assert_eq!(listed, [[&json!(true), &json!([])], [&json!(false), &stays], [&json!(false), &json!([])]]);
    // The next undo passes it over.
    assert_eq!(undo(&shell, &["--diff"]).document()["commands"][0]["command"], "journey-create");
}

/// What an undo left counts as its own only until that undo was taken back itself.
#[test]
fn what_an_undo_left_that_was_taken_back_is_the_work_of_others() {
    let shell = configured();
    let setting = format!("/audiences/{SOURCE}/realtime_setting");
    for regex in ["^a", "^b"] {
        let keys = json!([{"name": "session_id", "valid_regex": regex}]);
        shell.apply(&json!({"parent_segment_id": SOURCE, "id_stitching": {"stitching_keys": keys}}));
    }
    undo(&shell, &["--last", "2"]).document();
    undo(&shell, &["--redo"]).document();
    let mut live = shell.platform.get(&setting);
    live["keyColumns"].as_array_mut().unwrap().retain(|key| key["name"] != "session_id");
    for own in ["id", "status", "statusDetailed"] {
        live.as_object_mut().unwrap().remove(own);
    }
    assert_eq!(shell.platform.request("PATCH", &setting, Some(live)).0, 200);
    let error = undo(&shell, &[]).error(6, "conflict");
    assert!(said(&error, "message").contains("the stitching key 'session_id' was changed since"), "{error}");

    let shell = configured();
    for description in ["a", "b", "c"] {
        let attribute = json!({"name": "own", "type": "single", "source_event": "page_view",
            "source_field": "product_id", "aggregation": "last", "description": description});
        shell.apply(&json!({"parent_segment_id": SOURCE, "attributes": [attribute]}));
    }
    undo(&shell, &["--last", "2"]).document();
    undo(&shell, &["--redo"]).document();
    let id = shell.item("attributes", "own")["id"].as_str().unwrap().to_owned();
    let path = format!("/audiences/{SOURCE}/realtime_attributes/{id}");
    assert_eq!(shell.platform.request("PATCH", &path, Some(json!({"description": "a"}))).0, 200);
    let error = undo(&shell, &[]).error(6, "conflict");
    assert!(said(&error, "message").contains("'description' of the attribute 'own' was changed"), "{error}");
}

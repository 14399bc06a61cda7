//! A line inside of an item that was taken out of a plan: `diff` names it, and `--prune` takes it away where the
//! platform can.

use super::no_longer_named::{Difference, Machine, PLAN};
use super::plans::SOURCE;
use super::said;
use serde_json::{Value, json};

/// A plan with each line that an omission keeps and that the platform can take away.
fn whole() -> Value {
    json!({
        "parent_segment_id": SOURCE,
        "events": [
            {"name": "page_view", "table": "web_events.pageviews", "where": "td_path LIKE '/p_%'",
             "description": "pages"},
            {"name": "purchase", "table": "web_events.purchases"},
        ],
        "id_stitching": {"stitching_keys": [
            "td_client_id",
            {"name": "email", "valid_regex": "^[^@]+@[^@]+$", "invalid": ["null", "unknown"]},
            {"name": "customer_id", "exclude_regex": "^test_", "invalid": ["0"]},
        ]},
        "attributes": [
            {"name": "views", "type": "counter", "source_event": "page_view", "aggregation": "count",
             "window_duration": ["24h", "7d"], "description": "how many"},
            {"name": "items", "type": "list", "source_event": "page_view", "source_field": "product_id",
             "aggregation": "distinct_list", "fields": ["product_id", "td_path"], "max_items": 7,
             "expiry_days": 30, "actions": [{"action": "clear", "event": "purchase"},
                {"action": "clear", "event": "page_view", "where": "td_path = '/clear'"}]},
            {"name": "sums", "type": "list", "source_event": "purchase", "id_field": "order_id", "max_items": 9,
             "expiry_days": 30,
             "fields": ["order_id", "quantity"], "aggregations": [
                {"name": "first", "column": "quantity", "aggregation": "sum"},
                {"name": "second", "column": "order_id", "aggregation": "distinct_list"}]},
            {"name": "last", "type": "single", "source_event": "page_view", "source_field": "product_id"},
        ],
        "personalization_service": {"name": "web", "trigger_event": "page_view", "description": "for the web",
            "sections": [
                {"name": "VIP", "criteria": "last = 'x'", "attributes": ["last"], "description": "few",
                 "include_sensitive": true, "entry_name": "they", "response_name": "answer",
                 "trigger_where": "td_path = '/'"},
                {"name": "Default", "criteria": "", "strings": {"hello": "x"}},
            ]},
        "journeys": [{"name": "welcome", "trigger_event": "page_view", "criteria": "last = 'x'",
            "description": "hello", "reentry": "always", "goal": {"event": "purchase", "name": "bought"},
            "milestone": {"event": "purchase", "description": "almost"},
            "exit": [{"after": "3d", "name": "late"}], "steps": [{"wait": "1d"}, "end"]}],
    })
}

/// Removes what pointers lead to; a last part `=TEXT` is the member of a list that is this string.
fn without(plan: &Value, pointers: &[&str]) -> Value {
    let mut plan = plan.clone();
    for pointer in pointers {
        let (place, last) = pointer.rsplit_once('/').unwrap();
        match plan.pointer_mut(place).unwrap_or_else(|| panic!("{pointer}")) {
            Value::Object(map) => assert!(map.shift_remove(last).is_some(), "{pointer}"),
            Value::Array(items) => match last.strip_prefix('=') {
                Some(text) => items.retain(|item| item != text),
                None => drop(items.remove(last.parse().unwrap())),
            },
            other => panic!("{pointer}: {other}"),
        }
    }
    plan
}

/// What is taken out, and the path that `diff` has for it.
const LINES: [(&str, &str); 26] = [
    ("/attributes/0/description", "attributes.views.description"),
    ("/attributes/0/window_duration/=7d", "attributes.views.window_duration.7d"),
    ("/attributes/1/actions/1", "attributes.items.actions.\"clear page_view where td_path = '/clear'\""),
    ("/attributes/1/expiry_days", "attributes.items.expiry"),
    ("/attributes/1/fields/=td_path", "attributes.items.fields.td_path"),
    ("/attributes/1/max_items", "attributes.items.max_items"),
    ("/attributes/2/aggregations/1", "attributes.sums.aggregations.second"),
    ("/events/0/description", "events.page_view.description"),
    ("/events/0/where", "events.page_view.where"),
    ("/id_stitching/stitching_keys/1/invalid/=null", "id_stitching.stitching_keys.email.invalid.null"),
    ("/id_stitching/stitching_keys/1/valid_regex", "id_stitching.stitching_keys.email.valid_regex"),
    ("/id_stitching/stitching_keys/2/exclude_regex", "id_stitching.stitching_keys.customer_id.exclude_regex"),
    ("/id_stitching/stitching_keys/2/invalid", "id_stitching.stitching_keys.customer_id.invalid.0"),
    ("/journeys/0/criteria", "journeys.welcome.criteria"),
    ("/journeys/0/description", "journeys.welcome.description"),
    ("/journeys/0/exit", "journeys.welcome.exit.late"),
    ("/journeys/0/goal", "journeys.welcome.goal"),
    ("/journeys/0/milestone/description", "journeys.welcome.milestone.description"),
    ("/journeys/0/reentry", "journeys.welcome.reentry"),
    ("/personalization_service/description", "personalization_services.web.description"),
    ("/personalization_service/sections/0/criteria", "personalization_services.web.sections.VIP.criteria"),
    (
        "/personalization_service/sections/0/description",
        "personalization_services.web.sections.VIP.description",
    ),
    (
        "/personalization_service/sections/0/entry_name",
        "personalization_services.web.sections.VIP.entry_name",
    ),
    (
        "/personalization_service/sections/0/include_sensitive",
        "personalization_services.web.sections.VIP.include_sensitive",
    ),
    (
        "/personalization_service/sections/0/response_name",
        "personalization_services.web.sections.VIP.response_name",
    ),
    (
        "/personalization_service/sections/0/trigger_where",
        "personalization_services.web.sections.VIP.trigger_where",
    ),
];

fn lines() -> (Vec<&'static str>, Vec<String>) {
    let mut paths: Vec<String> = LINES.iter().map(|(_, path)| (*path).to_owned()).collect();
    paths.sort();
    (LINES.iter().map(|(pointer, _)| *pointer).collect(), paths)
}

fn nothing(diff: &Difference) {
    assert_eq!((diff.paths(), &diff.changes, diff.changed), (Vec::new(), &Vec::new(), false));
}

#[test]
fn each_line_is_named_and_a_prune_takes_it_away() {
    let machine = Machine::new(&whole());
    machine.apply(&[]);
    nothing(&machine.diff(&[]));
    let (pointers, paths) = lines();
    machine.write(&without(&whole(), &pointers));
    let diff = machine.diff(&[]);
    assert_eq!((diff.paths(), diff.changes.len()), (paths.iter().map(String::as_str).collect(), 0));
    // What is only applied stays named.
    machine.apply(&[]);
    assert_eq!(machine.diff(&[]).paths(), paths);
    let pruned = machine.diff(&["--prune"]);
    assert_eq!(pruned.paths(), Vec::<&str>::new());
    assert!(pruned.changed);
    let deleted = machine.apply(&["--prune"])["deleted"].clone();
    let deleted: Vec<&str> = deleted.as_array().unwrap().iter().map(|item| said(item, "path")).collect();
    assert_eq!(deleted, paths);
    nothing(&machine.diff(&["--prune"]));
    nothing(&machine.diff(&[]));
}

/// What the platform fixes: it stays named, with the command that deletes the item.
#[test]
fn a_line_that_is_fixed_stays_named_and_is_no_change() {
    let mut plan = whole();
    plan["attributes"][0]["where"] = json!("td_path = '/'");
    plan["attributes"][3]["expiry_days"] = json!(3);
    plan["attributes"][3]["backfill"] = json!({"attribute": "city", "timestamp": "time"});
    plan["attributes"][2]["identifier"] = json!("all_sums");
    plan["personalization_service"]["public"] = json!(true);
    plan["journeys"][0]["state"] = json!("launched");
    plan["attributes"][3].as_object_mut().unwrap().shift_remove("backfill");
    let machine = Machine::new(&plan);
    machine.apply(&[]);
    nothing(&machine.diff(&[]));
    let pointers = [
        "/attributes/0/where",
        "/attributes/2/identifier",
        "/attributes/3/expiry_days",
        "/journeys/0/goal",
        "/journeys/0/state",
        "/personalization_service/public",
    ];
    machine.write(&without(&plan, &pointers));
    let fixed = [
        ("attributes.last.expiry", "rt-attrs delete last --ps 394649"),
        ("attributes.sums.identifier", "rt-attrs delete sums --ps 394649"),
        ("attributes.views.where", "rt-attrs delete views --ps 394649"),
        ("journeys.welcome.goal", "journey-create delete welcome --ps 394649"),
        ("journeys.welcome.state", "journey-create delete welcome --ps 394649"),
        ("personalization_services.web.public", "pz-create delete --service web --ps 394649"),
    ];
    for arguments in [&[][..], &["--prune"]] {
        let diff = machine.diff(arguments);
        assert_eq!((diff.paths(), diff.changed), (fixed.map(|(path, _)| path).to_vec(), false));
        let left = diff.no_longer_named.unwrap();
        let commands: Vec<&str> = left.iter().map(|item| item.command()).collect();
        assert_eq!(commands, fixed.map(|(_, command)| format!("tdx-rt {command}")));
    }
    // Nothing goes, so nothing is asked.
    machine.shell.platform.forget_requests();
    let words = ["apply", PLAN, "--prune", "--interval", "5ms"];
    let pruned = machine.shell.tdx(&words).dir(machine.folder.path()).run().document();
    assert_eq!(pruned["deleted"], json!([]));
    assert_eq!(machine.shell.platform.writes(), Vec::<String>::new());
    assert_eq!(machine.diff(&[]).paths(), fixed.map(|(path, _)| path));
}

/// Of a list, a prune takes what the plan said and leaves what others have added.
#[test]
fn what_others_have_added_or_changed_is_not_the_plans() {
    let machine = Machine::new(&whole());
    machine.apply(&[]);
    let theirs = json!({"parent_segment_id": SOURCE,
        "id_stitching": {"stitching_keys": [{"name": "email", "invalid": ["theirs"]}]},
        "events": [{"name": "page_view", "table": "web_events.pageviews", "description": "theirs"}],
        "attributes": [{"name": "views", "type": "counter", "source_event": "page_view", "aggregation": "count",
            "window_duration": "2h"}]});
    machine.shell.run(&["apply", "-f", "-", "--interval", "5ms"], &theirs);
    let pointers = [
        "/events/0/description",
        "/id_stitching/stitching_keys/1/invalid",
        "/attributes/0/window_duration/=7d",
    ];
    machine.write(&without(&whole(), &pointers));
    let named = [
        "attributes.views.window_duration.7d",
        "id_stitching.stitching_keys.email.invalid.null",
        "id_stitching.stitching_keys.email.invalid.unknown",
    ];
    assert_eq!(machine.diff(&[]).paths(), named);
    machine.apply(&["--prune"]);
    let live = machine.shell.run(&["export", SOURCE], &Value::Null);
    assert_eq!(live["events"][0]["description"], "theirs");
    let views = live["attributes"].as_array().unwrap().iter().find(|it| it["name"] == "views").unwrap();
    assert_eq!((&views["window_duration"], views.get("duration")), (&json!(["24h", "2h"]), None));
    let keys = live.pointer("/id_stitching/stitching_keys").unwrap().as_array().unwrap();
    let email = keys.iter().find(|key| key["name"] == "email").unwrap();
    assert_eq!(email["invalid"], json!(["theirs"]));
    nothing(&machine.diff(&[]));
}

#[test]
fn what_another_plan_says_is_named_once_that_one_says_it_no_more() {
    let machine = Machine::new(&whole());
    machine.apply(&[]);
    let other = |description: Option<&str>| {
        let mut event = json!({"name": "page_view", "table": "web_events.pageviews"});
        event.as_object_mut().unwrap().extend(description.map(|it| ("description".to_owned(), json!(it))));
        let plan = json!({"parent_segment_id": SOURCE, "events": [event]});
        machine.shell.run(&["apply", "-", "--plan-name", "other", "--interval", "5ms"], &plan);
    };
    other(Some("pages"));
    machine.write(&without(&whole(), &["/events/0/description"]));
    nothing(&machine.diff(&[]));
    other(None);
    assert_eq!(machine.diff(&[]).paths(), ["events.page_view.description"]);
    assert_eq!(machine.apply(&["--prune"])["deleted"][0]["path"], "events.page_view.description");
}

/// A step remembers its own part, and `pz-create` takes lines of its own.
#[test]
fn the_steps_remember_their_parts_and_pz_create_prunes_lines_of_sections() {
    let machine = Machine::new(&whole());
    let step = |words: &[&str]| {
        let all = [&[words[0], "-f", PLAN, "--interval", "5ms"], &words[1..]].concat();
        machine.shell.tdx(&all).dir(machine.folder.path()).run()
    };
    for name in ["rt-events", "rt-keys", "rt-attrs", "pz-create", "journey-create"] {
        step(&[name]).document();
    }
    nothing(&machine.diff(&[]));
    let (pointers, paths) = lines();
    machine.write(&without(&whole(), &pointers));
    assert_eq!(machine.diff(&[]).paths(), paths);
    step(&["rt-events"]).document();
    assert_eq!(machine.diff(&[]).paths(), paths);
    machine.shell.platform.forget_requests();
    let refused = step(&["pz-create", "--prune"]).error(2, "usage");
    assert!(said(&refused, "message").contains("sections.VIP.criteria"), "{refused}");
    assert_eq!(machine.shell.platform.writes(), Vec::<String>::new());
    let deleted = step(&["pz-create", "--prune", "-y"]).document()["deleted"].clone();
    let (of_it, others): (Vec<_>, Vec<_>) =
        paths.iter().partition(|path| path.starts_with("personalization_services."));
    let deleted: Vec<&str> = deleted.as_array().unwrap().iter().map(|item| said(item, "path")).collect();
    assert_eq!(deleted, of_it);
    assert_eq!(machine.diff(&[]).paths(), others);
}

#[test]
fn lines_follow_a_new_name() {
    let machine = Machine::new(&whole());
    machine.apply(&[]);
    let (pointers, _) = lines();
    let mut plan = without(&whole(), &pointers);
    let rename = |plan: &mut Value, pointer: &str, name: &str| {
        let item = plan.pointer_mut(pointer).unwrap();
        item["renamed_from"] = item["name"].clone();
        item["name"] = json!(name);
    };
    rename(&mut plan, "/events/0", "seen");
    plan["attributes"][0]["source_event"] = json!("seen");
    plan["attributes"][1]["source_event"] = json!("seen");
    plan["attributes"][3]["source_event"] = json!("seen");
    plan["personalization_service"]["trigger_event"] = json!("seen");
    plan["journeys"][0]["trigger_event"] = json!("seen");
    rename(&mut plan, "/personalization_service/sections/0", "Gold");
    rename(&mut plan, "/personalization_service", "shop");
    machine.write(&plan);
    let named = |diff: Difference| {
        let paths: Vec<String> = diff.paths().into_iter().map(str::to_owned).collect();
        for path in ["events.seen.where", "personalization_services.shop.sections.Gold.criteria"] {
            assert!(paths.contains(&path.to_owned()), "{path}: {paths:?}");
        }
    };
    named(machine.diff(&[]));
    machine.apply(&[]);
    named(machine.diff(&[]));
    machine.apply(&["--prune"]);
    nothing(&machine.diff(&[]));
}

#[test]
fn a_window_that_is_used_is_refused_before_the_first_write() {
    let mut plan = whole();
    plan["personalization_service"]["sections"][1]["attributes"] =
        json!([{"name": "views", "sub": "window_7d"}]);
    let machine = Machine::new(&plan);
    let windows = machine.shell.tdx(&["apply", PLAN, "--interval", "5ms"]).dir(machine.folder.path()).run();
    assert_eq!(windows.code, 0, "{windows:?}");
    let theirs = json!({"parent_segment_id": SOURCE, "journeys": [{"name": "theirs", "trigger_event": "page_view",
        "criteria": "views.window_7d > 3", "steps": ["end"]}]});
    machine.shell.run(&["apply", "-", "--interval", "5ms"], &theirs);
    plan["personalization_service"]["sections"][1].as_object_mut().unwrap().shift_remove("attributes");
    machine.write(&without(&plan, &["/attributes/0/window_duration/=7d"]));
    machine.shell.platform.forget_requests();
    let output = machine.shell.tdx(&["apply", PLAN, "--prune", "--yes"]).dir(machine.folder.path()).run();
    let error = output.error(6, "conflict");
    assert!(said(&error, "message").contains("is used by entry of journey 'theirs'"), "{error}");
    assert_eq!(machine.shell.platform.writes(), Vec::<String>::new());
}

#[test]
fn what_is_sent_is_not_remembered() {
    let mut plan = whole();
    plan["journeys"][0]["steps"] = json!([{"activate": "webhook", "name": "call", "description": "calls",
        "url": "http://127.0.0.1:9/hidden-url", "headers": {"x-key": "hidden-header"}, "body": {"a": "hidden-body"}}]);
    let machine = Machine::new(&plan);
    machine.apply(&[]);
    let kept = std::fs::read_to_string(machine.shell.state().join("ownership.json")).unwrap();
    assert!(kept.contains("\"welcome\"") && !kept.contains("hidden"), "{kept}");
    machine.write(&without(&plan, &["/journeys/0/steps/0/description"]));
    assert_eq!(machine.diff(&[]).paths(), ["journeys.welcome.steps.call.description"]);
}

#[test]
fn it_is_shown_as_removed_and_asked_about() {
    let machine = Machine::new(&whole());
    machine.apply(&[]);
    machine.write(&without(&whole(), &["/events/0/where", "/events/0/description"]));
    let run = |words: &[&str]| machine.shell.tdx(words).dir(machine.folder.path()).run();
    let unified = run(&["diff", PLAN, "--prune", "--unified"]).stdout;
    for line in ["-  description: pages\n", "-  where: td_path LIKE '/p_%'\n"] {
        assert!(unified.contains(line), "{unified}");
    }
    let refused = run(&["apply", PLAN, "--prune"]).error(2, "usage");
    let message = said(&refused, "message");
    assert!(message.contains("events.page_view.description, events.page_view.where"), "{refused}");
    // A saved plan has it too.
    run(&["diff", PLAN, "--prune", "--save", "saved.json"]);
    run(&["apply", "saved.json", "--yes", "--interval", "5ms"]).document();
    nothing(&machine.diff(&[]));
}

/// The same window in other words is none that was taken out.
#[test]
fn a_window_in_other_words_is_not_taken_out() {
    let (platform, state) = (crate::common::Platform::start(), tempfile::tempdir().unwrap());
    let plan = |windows: Value| {
        json!({"parent_segment_id": SOURCE, "events": [{"name": "page_view", "table": "web_events.pageviews"}],
            "attributes": [
            {"name": "spelled", "type": "counter", "source_event": "page_view", "window_duration": windows},
        ]})
    };
    let run = |command: &[&str], windows: Value| {
        let all = [command, &["-", "--plan-name", "windows"]].concat();
        let tdx = platform.tdx(&all).env("TDX_RT_STATE_DIR", state.path().to_str().unwrap());
        tdx.stdin(plan(windows).to_string()).run().document()
    };
    run(&["apply", "--interval", "5ms"], json!(["24h", "7d"]));
    for other in [json!(["1d", "7d"]), json!(["24h", "1w"])] {
        let diff = run(&["diff"], other.clone());
        assert_eq!((&diff["no_longer_named"], &diff["changed"]), (&json!([]), &json!(false)), "{other}");
    }
    let diff = run(&["diff"], json!(["7d"]));
    assert_eq!(diff["no_longer_named"][0]["path"], "attributes.spelled.window_duration.24h", "{diff}");
}

/// A machine with a plan that is applied.
fn applied(plan: &Value) -> Machine {
    let machine = Machine::new(plan);
    machine.apply(&[]);
    machine
}

/// Lines are compared by what they mean, whatever they are: in other words none was taken out.
#[test]
fn a_line_in_other_words_is_not_taken_out() {
    let mut plan = whole();
    let number = |plan: &mut Value, text: &str| {
        plan["attributes"][1]["actions"][0]["where"] = json!(text);
        plan["events"][1]["where"] = json!(text);
        plan["journeys"][0]["goal"]["where"] = json!(text);
        plan["personalization_service"]["sections"][0]["trigger_event"] = json!("purchase");
        plan["personalization_service"]["sections"][0]["trigger_where"] = json!(text);
    };
    number(&mut plan, "quantity > 1");
    plan["attributes"][1]["expiry_days"] = json!(1);
    plan["events"][1]["description"] = json!("");
    plan["journeys"][0]["accept_unknown_profiles"] = json!(false);
    plan["personalization_service"]["sections"][0]["accept_unknown_profiles"] = json!(false);
    let machine = applied(&plan);
    number(&mut plan, "quantity>1.0");
    plan["events"][1].as_object_mut().unwrap().shift_remove("description");
    plan["journeys"][0].as_object_mut().unwrap().shift_remove("accept_unknown_profiles");
    plan["personalization_service"]["sections"][0]
        .as_object_mut()
        .unwrap()
        .shift_remove("accept_unknown_profiles");
    for expiry in ["24h", "1440m", "1d"] {
        let list = plan["attributes"][1].as_object_mut().unwrap();
        list.shift_remove("expiry_days");
        list.insert("expiry".into(), json!(expiry));
        machine.write(&plan);
        nothing(&machine.diff(&[]));
        nothing(&machine.diff(&["--prune"]));
    }
    // Beside one that was taken out, the others stay.
    plan["attributes"][1]["actions"].as_array_mut().unwrap().pop();
    machine.write(&plan);
    let action = "attributes.items.actions.\"clear page_view where td_path = '/clear'\"";
    assert_eq!(machine.diff(&[]).paths(), [action]);
    machine.apply(&["--prune"]);
    let live = machine.shell.run(&["export", SOURCE], &Value::Null);
    let items = live["attributes"].as_array().unwrap().iter().find(|it| it["name"] == "items").unwrap();
    let left = json!([{"action": "clear", "event": "purchase", "where": "quantity > 1"}]);
    assert_eq!(items["actions"], left);
    nothing(&machine.diff(&[]));
}

/// A window is its length: another name or unit is none that was taken out, and another length that needs the
/// same identifier is found before the first write.
#[test]
fn a_window_of_another_name_is_the_same_window() {
    let plan = |windows: Value| {
        json!({"parent_segment_id": SOURCE, "events": [{"name": "page_view", "table": "web_events.pageviews"}],
            "attributes": [{"name": "views", "type": "counter", "source_event": "page_view", "windows": windows}]})
    };
    let day = |name: &str, window: &str| plan(json!([{"name": name, "identifier": "day", "window": window}]));
    let machine = applied(&day("day", "24h"));
    for same in [day("a day", "24h"), day("day", "1d"), day("a day", "1d")] {
        machine.write(&same);
        nothing(&machine.diff(&[]));
        assert_eq!(machine.apply(&["--prune"])["deleted"], json!([]), "{same}");
    }
    machine.write(&day("day", "2d"));
    machine.shell.platform.forget_requests();
    for words in [&["diff", PLAN][..], &["apply", PLAN], &["apply", PLAN, "--prune", "--yes"]] {
        let error = machine.shell.tdx(words).dir(machine.folder.path()).run().error(6, "conflict");
        assert!(said(&error, "message").contains("'day' with 24h"), "{error}");
    }
    assert_eq!(machine.shell.platform.writes(), Vec::<String>::new());
}

/// Criteria name the window that is meant, and which one has to be said changes with the windows there are.
#[test]
fn criteria_over_a_window_that_is_shorter_now_are_still_said() {
    let mut plan = whole();
    plan["personalization_service"]["sections"][0]["criteria"] = json!("views > 3");
    let machine = applied(&plan);
    plan["attributes"][0]["window_duration"] = json!("24h");
    machine.write(&plan);
    assert_eq!(machine.diff(&[]).paths(), ["attributes.views.window_duration.7d"]);
    let pruned = machine.diff(&["--prune"]);
    assert_eq!(pruned.paths(), Vec::<&str>::new());
    let mut paths: Vec<&str> = pruned.changes.iter().map(|change| said(change, "path")).collect();
    paths.sort_unstable();
    let items = ["attributes.views.window_duration", "personalization_services.web.sections.VIP.criteria"];
    assert_eq!(paths, items);
    machine.apply(&["--prune"]);
    nothing(&machine.diff(&[]));
}

/// Outputs have no order: that of those which stay is no change.
#[test]
fn a_text_that_is_taken_out_and_stays_is_no_request() {
    let mut plan = whole();
    let section = "/personalization_service/sections/1/strings";
    *plan.pointer_mut(section).unwrap() = json!({"a": "x", "k": "y"});
    let machine = applied(&plan);
    *plan.pointer_mut(section).unwrap() = json!({"k": "y"});
    machine.write(&plan);
    assert!(!machine.diff(&[]).changed);
    machine.shell.platform.forget_requests();
    machine.apply(&[]);
    assert_eq!(machine.shell.platform.writes(), Vec::<String>::new());
}

/// An undo brings back what was remembered of lines with the lines themselves.
#[test]
fn an_undo_remembers_lines_again() {
    let machine = applied(&whole());
    let line = ["events.page_view.description"];
    let less = without(&whole(), &["/events/0/description"]);
    let undo = |machine: &Machine| machine.shell.run(&["undo", "--yes"], &Value::Null);
    machine.write(&less);
    machine.apply(&["--prune"]);
    undo(&machine);
    assert_eq!(machine.diff(&[]).paths(), line);
    machine.shell.run(&["undo", "--redo", "--yes"], &Value::Null);
    nothing(&machine.diff(&[]));
    // Another string, taken back: the first one is the plan's again.
    let mut other = whole();
    machine.write(&other);
    machine.apply(&[]);
    other["events"][0]["description"] = json!("other");
    machine.write(&other);
    machine.apply(&[]);
    undo(&machine);
    machine.write(&less);
    assert_eq!(machine.diff(&[]).paths(), line);
}

/// A line that something needs says what that is, and the others go without it, by the command that is shown.
#[test]
fn a_line_that_is_used_says_by_what_and_blocks_no_other() {
    let mut plan = whole();
    plan["attributes"].as_array_mut().unwrap().push(json!({"name": "old", "type": "single",
        "source_event": "page_view", "source_field": "product_id"}));
    let machine = applied(&plan);
    let theirs = json!({"parent_segment_id": SOURCE, "journeys": [{"name": "theirs", "trigger_event": "page_view",
        "criteria": "views.window_7d > 3 AND old = 'x'", "steps": ["end"]}]});
    machine.shell.run(&["apply", "-", "--interval", "5ms"], &theirs);
    plan["attributes"].as_array_mut().unwrap().pop();
    machine.write(&without(&plan, &["/attributes/0/window_duration/=7d", "/events/0/description"]));
    let user = "entry of journey 'theirs'";
    let command = format!("tdx-rt apply 'the plan.json' --prune-item {}", "events.page_view.description");
    let left = machine.diff(&[]).no_longer_named.unwrap();
    let shown: Vec<(&str, Option<&str>, usize)> =
        left.iter().map(|it| (it.path.as_str(), it.delete_with.as_deref(), it.used_by.len())).collect();
    assert_eq!(
        shown,
        [
            ("attributes.old", None, 1),
            ("attributes.views.window_duration.7d", None, 1),
            ("events.page_view.description", Some(command.as_str()), 0),
        ]
    );
    assert!(left.iter().take(2).all(|it| it.used_by[0].contains(user)), "{left:?}");
    machine.sh(&format!("{command} --yes --interval 5ms"));
    let paths = ["attributes.old", "attributes.views.window_duration.7d"];
    assert_eq!(machine.diff(&[]).paths(), paths);
}

/// A string that another plan has changed is that one's, and an item that another plan names as well is not
/// offered to be deleted for a line that is fixed.
#[test]
fn what_is_another_plans_by_now_stays() {
    let mut plan = whole();
    plan["personalization_service"]["sections"][1]["strings"] = json!({"hello": "x", "a": "mine"});
    plan["attributes"][0]["where"] = json!("td_path = '/'");
    let machine = applied(&plan);
    let theirs = json!({"parent_segment_id": SOURCE,
        "events": [{"name": "page_view", "table": "web_events.pageviews"}],
        "attributes": [{"name": "views", "type": "counter", "source_event": "page_view", "aggregation": "count",
            "window_duration": "2h"}],
        "personalization_service": {"name": "web", "trigger_event": "page_view",
            "sections": [{"name": "Default", "criteria": "", "strings": {"a": "theirs"}}]}});
    let other =
        |plan: &Value| machine.shell.run(&["apply", "-", "--plan-name", "o", "--interval", "5ms"], plan);
    other(&theirs);
    let mut less = theirs.clone();
    less["personalization_service"]["sections"][0]["strings"] = json!({"b": "theirs"});
    other(&less);
    machine.write(&without(&plan, &["/personalization_service/sections/1/strings/a", "/attributes/0/where"]));
    let left = machine.diff(&[]).no_longer_named.unwrap();
    let shown: Vec<_> = left.iter().map(|it| (it.path.as_str(), it.delete_with.as_deref())).collect();
    assert_eq!(shown, [("attributes.views.where", None)]);
    // Its own next string is the plan's again.
    plan["personalization_service"]["sections"][1]["strings"]["hello"] = json!("y");
    machine.write(&plan);
    machine.apply(&[]);
    machine.write(&without(&plan, &["/personalization_service/sections/1/strings/hello"]));
    let path = "personalization_services.web.sections.Default.strings.hello";
    assert_eq!(machine.diff(&[]).paths(), [path]);
}

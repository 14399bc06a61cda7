//! What another person has put into an item of a plan, or changed in it, does not go with `--prune` unsaid.

use super::no_longer_named::{Machine, PLAN};
use super::plans::{SOURCE, configuration, plan_with_spares};
use super::said;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A plan that was applied, and another person on another machine.
struct Two {
    machine: Machine,
    theirs: TempDir,
}

impl Two {
    fn new(plan: &Value) -> Self {
        let two = Two { machine: Machine::new(plan), theirs: TempDir::new().unwrap() };
        two.machine.apply(&[]);
        two
    }

    /// The other person applies a plan of their own.
    fn adds(&self, mut plan: Value) {
        plan["parent_segment_id"] = SOURCE.into();
        let tdx =
            self.machine.shell.platform.tdx(&["apply", "-", "--plan-name", "theirs", "--interval", "5ms"]);
        let state = self.theirs.path().to_str().unwrap();
        tdx.env("TDX_RT_STATE_DIR", state).stdin(plan.to_string()).run().document();
    }

    /// `--prune` of a plan without `kinds` names `theirs` and how to go on, and writes nothing.
    #[track_caller]
    fn refuses(&self, plan: &Value, theirs: &[&str], command: &str) {
        self.machine.write(plan);
        let before = configuration(&self.machine.shell.platform, SOURCE);
        let left = self.machine.diff(&[]).no_longer_named.unwrap();
        let whole =
            |path: &str| left.iter().find(|it| path.starts_with(&it.path) && it.delete_with.is_none());
        for theirs in theirs {
            let item = whole(theirs).unwrap_or_else(|| panic!("{theirs}: {left:?}"));
            assert!(item.used_by.contains(&format!("{theirs}, which is not this plan's")), "{item:?}");
        }
        for arguments in [&["apply", PLAN, "--prune", "--yes"][..], &["diff", PLAN, "--prune"]] {
            let run = self.machine.shell.tdx(arguments).dir(self.machine.folder.path()).run();
            let error = run.error(6, "conflict");
            let message = said(&error, "message");
            assert!(message.ends_with(&format!("would go with them: {}", theirs.join(", "))), "{error}");
            assert!(said(&error, "hint").lines().any(|line| line == command), "{error}");
        }
        assert_eq!(configuration(&self.machine.shell.platform, SOURCE), before);
    }

    /// What can go by itself goes with the command that says so, and nothing of theirs does.
    fn rest_goes(&self) {
        let theirs = || self.machine.diff(&[]).no_longer_named.unwrap();
        let free = |left: &[super::no_longer_named::NoLongerNamed]| {
            left.iter().find_map(|it| it.delete_with.clone())
        };
        if let Some(command) = free(&theirs()) {
            self.machine.sh(&format!("{command} --yes --interval 5ms"));
        }
        assert_eq!(free(&theirs()), None);
    }
}

fn without(plan: &Value, list: &str, name: &str) -> Value {
    let mut plan = plan.clone();
    let items = plan.pointer_mut(list).unwrap().as_array_mut().unwrap();
    let before = items.len();
    items.retain(|item| item["name"] != name && item != name);
    assert_eq!(items.len() + 1, before, "{name}");
    plan
}

fn with_theirs() -> Two {
    let two = Two::new(&plan_with_spares());
    two.adds(json!({"personalization_service": {"name": "web", "trigger_event": "page_view", "sections": [
        {"name": "VIP", "criteria": "loyalty_tier = 'VIP' AND spent > 3", "strings": {"theirs": "x"}},
        {"name": "Theirs", "criteria": "loyalty_tier = 'Silver'", "strings": {"a": "b"}},
    ]}}));
    two
}

const SECTIONS: &str = "personalization_services.web.sections";

#[test]
fn a_section_in_a_personalization_and_an_output_in_a_section() {
    let two = with_theirs();
    let mut none = plan_with_spares();
    none.as_object_mut().unwrap().shift_remove("personalization_service");
    let theirs = [format!("{SECTIONS}.Theirs"), format!("{SECTIONS}.VIP.strings.theirs")];
    let theirs: Vec<&str> = theirs.iter().map(String::as_str).collect();
    two.refuses(&none, &theirs, &format!("tdx-rt pz-create delete --service web --ps {SOURCE}"));
    two.rest_goes();
}

#[test]
fn an_output_in_a_section_alone() {
    let two = with_theirs();
    let less = without(&plan_with_spares(), "/personalization_service/sections", "VIP");
    let theirs = format!("{SECTIONS}.VIP.strings.theirs");
    two.refuses(&less, &[&theirs], &format!("--prune-item {SECTIONS}.VIP"));
    two.rest_goes();
    // Named, it goes with all that is in it.
    let gone = two.machine.apply(&["--prune-item", &format!("{SECTIONS}.VIP")]);
    assert!(gone["deleted"].to_string().contains("VIP"), "{gone}");
}

#[test]
fn a_pattern_on_a_stitching_key() {
    let two = Two::new(&plan_with_spares());
    let less = without(&plan_with_spares(), "/id_stitching/stitching_keys", "email");
    two.adds(json!({"id_stitching": {"stitching_keys": [{"name": "email", "exclude_regex": "^x"}]}}));
    let theirs = "id_stitching.stitching_keys.email.exclude_regex";
    two.refuses(&less, &[theirs], &format!("tdx-rt rt-keys delete email --ps {SOURCE}"));
    // In the plan, it is the plan's.
    let mut with = plan_with_spares();
    with["id_stitching"]["stitching_keys"][2] = json!({"name": "email", "exclude_regex": "^x"});
    two.machine.write(&with);
    two.machine.apply(&[]);
    two.machine.write(&less);
    let gone = two.machine.apply(&["--prune"]);
    assert_eq!(gone["deleted"][0]["path"], "id_stitching.stitching_keys.email");
}

#[test]
fn a_window_of_an_attribute_a_filter_of_an_event_and_a_text_of_a_journey() {
    let mut plan = plan_with_spares();
    let counter =
        json!({"name": "counted", "type": "counter", "source_event": "it's", "window_duration": ["24h"]});
    plan["attributes"].as_array_mut().unwrap().push(counter);
    let two = Two::new(&plan);
    two.adds(json!({
        "events": [
            {"name": "spare_event", "table": "web_events.logins", "description": "theirs"},
            {"name": "it's", "table": "web_events.purchases"},
        ],
        "attributes": [
            {"name": "counted", "type": "counter", "source_event": "it's", "window_duration": ["24h", "1h"]},
        ],
        "journeys": [{"name": "draft", "trigger_event": "it's", "description": "theirs"}],
    }));
    for (list, name, theirs, command) in [
        ("/events", "spare_event", "events.spare_event.description", "rt-events delete"),
        ("/attributes", "counted", "attributes.counted.window_duration.1h", "rt-attrs delete"),
        ("/journeys", "draft", "journeys.draft.description", "journey-create delete"),
    ] {
        let less = without(&plan, list, name);
        two.refuses(&less, &[theirs], &format!("tdx-rt {command} {name} --ps {SOURCE}"));
    }
}

/// What is not changed by others goes as ever, whatever the plan says of it.
#[test]
fn all_that_is_as_the_plan_left_it_goes() {
    let two = Two::new(&plan_with_spares());
    two.machine.apply(&[]);
    two.machine
        .write(&json!({"parent_segment_id": SOURCE, "events": [plan_with_spares()["events"][0].clone()]}));
    assert!(two.machine.diff(&[]).no_longer_named.unwrap().iter().all(|it| it.used_by.is_empty()));
    two.machine.apply(&["--prune"]);
    assert_eq!(two.machine.diff(&[]).paths(), [""; 0]);
}

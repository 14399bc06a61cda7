//! A line that was taken out of a plan: `diff` names what the plan made and no longer names, and the command
//! that deletes it; where nothing is remembered of the plan, it says so.

use super::plans::{SOURCE, Shell, plan_of_everything};
use super::said;
use crate::common::binary;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// What `diff` prints, declared again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Difference {
    pub(super) ownership: String,
    pub(super) no_longer_named: Option<Vec<NoLongerNamed>>,
    pub(super) changed: bool,
    pub(super) changes: Vec<Value>,
    pub(super) lost: Vec<String>,
    #[expect(dead_code, reason = "is there")]
    items: Value,
    #[expect(dead_code, reason = "is there")]
    parent_segment: Value,
    #[expect(dead_code, reason = "is there")]
    site: Value,
    #[expect(dead_code, reason = "is there")]
    plan: Value,
    #[expect(dead_code, reason = "is there")]
    saved: Value,
    #[serde(default)]
    #[expect(dead_code, reason = "may be there")]
    warnings: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoLongerNamed {
    pub(super) path: String,
    pub(super) delete_with: Option<String>,
    pub(super) used_by: Vec<String>,
}

impl NoLongerNamed {
    #[track_caller]
    pub(super) fn command(&self) -> &str {
        assert_eq!(self.used_by, [""; 0]);
        self.delete_with.as_deref().expect("nothing uses it")
    }
}

impl Difference {
    #[track_caller]
    pub(super) fn paths(&self) -> Vec<&str> {
        assert_eq!(self.ownership, "known");
        self.no_longer_named.as_ref().expect("it is known").iter().map(|item| item.path.as_str()).collect()
    }
}

/// A machine with a plan in a file whose name the shell would take for two.
pub(super) struct Machine {
    pub(super) shell: Shell,
    pub(super) folder: TempDir,
}

pub(super) const PLAN: &str = "the plan.json";

impl Machine {
    pub(super) fn new(plan: &Value) -> Self {
        let machine = Machine { shell: Shell::new(), folder: TempDir::new().unwrap() };
        machine.write(plan);
        machine
    }

    pub(super) fn write(&self, plan: &Value) {
        std::fs::write(self.folder.path().join(PLAN), plan.to_string()).unwrap();
    }

    pub(super) fn apply(&self, arguments: &[&str]) -> Value {
        let all = [&["apply", PLAN, "--interval", "5ms", "--yes"], arguments].concat();
        self.shell.tdx(&all).dir(self.folder.path()).run().document()
    }

    pub(super) fn diff(&self, arguments: &[&str]) -> Difference {
        self.shell.tdx(&[&["diff", PLAN], arguments].concat()).dir(self.folder.path()).run().decode()
    }

    /// Runs a line of shell in the plan's folder, with the plan on stdin.
    pub(super) fn sh(&self, line: &str) {
        let path = format!("{}:{}", binary().parent().unwrap().display(), std::env::var("PATH").unwrap());
        let mut child = Command::new("sh")
            .args(["-c", line])
            .env_clear()
            .envs([("PATH", path.as_str()), ("HOME", self.folder.path().to_str().unwrap())])
            .envs([
                ("TDX_RT_ENDPOINT", &self.shell.platform.url),
                ("TDX_API_KEY", &self.shell.platform.api_key),
            ])
            .env("TDX_RT_STATE_DIR", self.shell.state())
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let plan = std::fs::read(self.folder.path().join(PLAN)).unwrap();
        // One that reads a file may have closed it.
        let _ = child.stdin.take().unwrap().write_all(&plan);
        let ran = child.wait_with_output().unwrap();
        assert!(ran.status.success(), "{line}: {ran:?}");
    }
}

/// Without the counter, the second section, and a table and a key of their own.
fn fewer() -> Value {
    let mut plan = more();
    plan["attributes"].as_array_mut().unwrap().pop();
    plan["personalization_service"]["sections"].as_array_mut().unwrap().pop();
    plan["id_stitching"]["stitching_keys"].as_array_mut().unwrap().pop();
    plan.as_object_mut().unwrap().shift_remove("event_tables");
    plan
}

const GONE: [&str; 6] = [
    "attributes.gone",
    "event_tables.\"web_events.add_to_cart\"",
    "id_stitching.stitching_keys.email",
    "personalization_services.web.sections.Default",
    "personalization_services.web.sections.Default.strings.hello",
    "personalization_services.web.sections.Default.attributes.seen",
];

fn more() -> Value {
    let mut plan = plan_of_everything();
    let gone = json!({"name": "gone", "type": "counter", "source_event": "page_view"});
    plan["attributes"].as_array_mut().unwrap().push(gone);
    plan["id_stitching"]["stitching_keys"].as_array_mut().unwrap().push(json!("email"));
    plan["event_tables"] = json!(["web_events.add_to_cart"]);
    // Not a part of the example: a batch segment's membership has no path of its own here.
    plan["personalization_service"]["sections"][1].as_object_mut().unwrap().shift_remove("batch_segments");
    plan
}

#[test]
fn what_was_taken_out_of_a_plan_is_named_with_the_command_that_deletes_it() {
    let machine = Machine::new(&more());
    machine.apply(&[]);
    assert_eq!(machine.apply(&[])["ownership"], "known");
    let same = machine.diff(&[]);
    assert_eq!((same.paths().len(), same.changed), (0, false));
    machine.write(&fewer());
    let diff = machine.diff(&[]);
    assert_eq!((diff.paths(), diff.changes.len()), (GONE.to_vec(), 0), "what stays is no change");
    assert_eq!(diff.lost, [""; 0]);
    // With --prune it is.
    let pruned = machine.diff(&["--prune"]);
    assert_eq!(pruned.paths(), Vec::<&str>::new());
    assert_eq!(pruned.lost, ["the values of the attribute 'gone'"]);
    assert!(pruned.changed && pruned.changes.iter().all(|change| change["action"] == "delete"));
    let text = json!(pruned.changes).to_string();
    for part in ["attributes.gone", "add_to_cart", "email", "Default"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The command does what it says.
    let commands: Vec<&str> = diff.no_longer_named.iter().flatten().map(NoLongerNamed::command).collect();
    assert!(commands.iter().all(|command| *command == commands[0]), "{commands:?}");
    assert_eq!(commands[0], format!("tdx-rt apply '{PLAN}' --prune"));
    machine.sh(&format!("{} --yes --interval 5ms", commands[0]));
    let after = machine.diff(&[]);
    assert_eq!((after.paths().len(), after.changes.len()), (0, 0));
}

/// What is shown is taken by `--prune-item`, and so is what earlier versions showed.
#[test]
fn a_path_that_is_shown_is_one_that_can_be_pruned() {
    let machine = Machine::new(&plan_of_everything());
    machine.apply(&[]);
    let live = machine.shell.platform.get(&format!("/audiences/{SOURCE}/segments")).to_string();
    assert!(live.contains("High Value"), "{live}");
    machine.write(&json!({"parent_segment_id": SOURCE, "events": []}));
    let shown: Vec<String> = machine.diff(&[]).paths().into_iter().map(str::to_owned).collect();
    let has = |part: &str| shown.iter().any(|path| path.contains(part));
    assert!(has("batch_segments.\"High Value\"") && has("services.web") && has(".strings."), "{shown:?}");
    let earlier =
        ["id_stitching.td_client_id", "personalizations.web.Default", "personalizations.web.Default.hello"];
    for path in shown.iter().map(String::as_str).chain(earlier) {
        let words = ["diff", PLAN, "--prune-item", path];
        let output = machine.shell.tdx(&words).dir(machine.folder.path()).run();
        // That something else uses it is found once it is found.
        match output.code {
            6 => drop(output.error(6, "conflict")),
            _ => assert!(output.decode::<Difference>().changed, "{path}"),
        }
    }
    let error =
        machine.shell.tdx(&["diff", PLAN, "--prune-item", "personalization_services.web.sections.Defualt"]);
    let error = error.dir(machine.folder.path()).run().error(3, "not-found");
    assert!(said(&error, "hint").contains("personalization_services.web.sections.Default'"), "{error}");
}

#[test]
fn a_plan_from_a_pipe_has_its_name_and_place_in_the_command() {
    let machine = Machine::new(&more());
    let own = ["--plan-name", "the shop", "--ownership", "own it.json"];
    machine.apply(&own);
    machine.write(&fewer());
    let plan = fewer().to_string();
    let flags = [&["diff", "-"], &own[..]].concat();
    let diff: Difference = machine.shell.tdx(&flags).dir(machine.folder.path()).stdin(plan).run().decode();
    assert_eq!(diff.paths(), GONE);
    let command = diff.no_longer_named.as_ref().unwrap()[0].command();
    for part in ["--prune", "--plan-name 'the shop'", "--ownership 'own it.json'"] {
        assert!(command.contains(part), "{part}: {command}");
    }
    // It has no file: its name stands for the one to be named.
    let command = command.replacen("tdx-rt apply PLAN ", &format!("tdx-rt apply '{PLAN}' "), 1);
    machine.sh(&format!("{command} --yes --interval 5ms"));
    assert_eq!(machine.diff(&own).paths(), Vec::<&str>::new());
}

#[test]
fn where_nothing_is_remembered_of_the_plan_it_says_so() {
    let machine = Machine::new(&more());
    let unknown = |diff: Difference| {
        assert_eq!((diff.ownership.as_str(), diff.no_longer_named.is_none()), ("unknown", true), "{diff:?}");
    };
    // It was not applied yet.
    unknown(machine.diff(&[]));
    machine.apply(&[]);
    machine.write(&fewer());
    // A fresh checkout, a plan of another name, a plan without a name, another file of ownership.
    let other = TempDir::new().unwrap();
    let elsewhere = machine.shell.tdx(&["diff", PLAN]).dir(machine.folder.path());
    unknown(elsewhere.env("TDX_RT_STATE_DIR", other.path().to_str().unwrap()).run().decode());
    unknown(machine.diff(&["--plan-name", "another"]));
    unknown(machine.diff(&["--ownership", "another.json"]));
    unknown(machine.shell.tdx(&["diff", "-"]).stdin(fewer().to_string()).run().decode());
    unknown(machine.shell.tdx(&["diff", "-", "--ps", "Empty"]).stdin(fewer().to_string()).run().decode());
    assert_eq!(machine.diff(&[]).paths().len(), GONE.len());
    let piped = machine.shell.tdx(&["apply", "-", "--interval", "5ms"]).stdin(fewer().to_string());
    assert_eq!(piped.run().document()["ownership"], "unknown");
}

/// As in continuous integration: each run on a machine of its own, with the file that it carries along.
#[test]
fn a_file_of_ownership_is_carried_from_machine_to_machine() {
    let machine = Machine::new(&more());
    let own = ["--plan-name", "shop", "--ownership", "owned.json"];
    machine.apply(&own);
    machine.write(&fewer());
    let other = TempDir::new().unwrap();
    let elsewhere = machine.shell.tdx(&[&["diff", PLAN], &own[..]].concat()).dir(machine.folder.path());
    let diff: Difference = elsewhere.env("TDX_RT_STATE_DIR", other.path().to_str().unwrap()).run().decode();
    assert_eq!(diff.paths(), GONE);
    let script = include_str!("../../examples/ci.sh");
    assert!(script.contains("--ownership ") && script.contains("--plan-name "));
}

#[test]
fn only_what_a_prune_would_delete_is_named() {
    let machine = Machine::new(&more());
    machine.apply(&[]);
    machine.write(&fewer());
    // It is gone, another plan names it, another user has made it anew, another key event uses it.
    let run = |words: &[&str]| {
        machine.shell.tdx(&[words, &["--ps", SOURCE, "--interval", "5ms"]].concat()).run().document();
    };
    let named = |wanted: &[&str]| assert_eq!(machine.diff(&[]).paths(), wanted);
    run(&["rt-events", "--event", "theirs=web_events.add_to_cart"]);
    named(&[GONE[0], GONE[2], GONE[3], GONE[4], GONE[5]]);
    let other = json!({"parent_segment_id": SOURCE, "id_stitching": {"stitching_keys": ["email"]},
        "event_tables": ["web_events.logins"]});
    let other = super::Written::new("other.json", &other.to_string());
    machine.shell.tdx(&["apply", other.path(), "--interval", "5ms"]).run().document();
    named(&[GONE[0], GONE[3], GONE[4], GONE[5]]);
    run(&["rt-attrs", "delete", "gone"]);
    named(&GONE[3..]);
    run(&["rt-attrs", "--counter", "gone=page_view"]);
    named(&GONE[3..]);
    let deleted = machine.apply(&["--prune"]);
    let deleted: Vec<&str> =
        deleted["deleted"].as_array().unwrap().iter().map(|item| said(item, "path")).collect();
    assert_eq!(deleted, GONE[3..]);
}

/// `patch` takes what begins with `#` for no part of a diff.
#[test]
fn a_unified_diff_begins_with_what_is_no_longer_named() {
    let machine = Machine::new(&more());
    machine.apply(&[]);
    let unified = || {
        let output = machine.shell.tdx(&["diff", PLAN, "--unified"]).dir(machine.folder.path()).run();
        assert_eq!(output.code, 0, "{output:?}");
        output.stdout
    };
    assert_eq!(unified(), "");
    let mut plan = fewer();
    machine.write(&plan);
    let comments: String = GONE
        .map(|path| format!("# no longer named: {path} (tdx-rt apply '{PLAN}' --prune deletes it)\n"))
        .concat();
    assert_eq!(unified(), comments);
    plan["events"][0]["description"] = json!("Other");
    machine.write(&plan);
    let text = unified();
    let diff = text.strip_prefix(&comments).unwrap_or_else(|| panic!("{text}"));
    assert!(diff.starts_with("--- live\n+++ ") && diff.contains("+  description: Other"), "{diff}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_summary_does_not_say_no_changes_alone() {
    let machine = Machine::new(&more());
    let terminal = || {
        let folder = Some(machine.folder.path());
        let run = super::terminal::Run {
            platform: &machine.shell.platform,
            arguments: &["diff", PLAN],
            variables: &[],
            piped: true,
            answer: "",
            folder,
        };
        run.run().screen
    };
    let state = machine.folder.path().join("state");
    let apply = machine.shell.tdx(&["apply", PLAN, "--interval", "5ms"]).dir(machine.folder.path());
    apply.env("TDX_RT_STATE_DIR", state.to_str().unwrap()).run().document();
    assert!(terminal().ends_with("no changes\n"));
    machine.write(&fewer());
    let said = terminal();
    assert!(!said.ends_with("no changes\n"), "{said}");
    assert!(said.contains("attributes.gone") && said.contains("--prune"), "{said}");
}

/// A plan with a section of this name and these outputs.
fn with_section(name: &str, outputs: &[&str], renamed_from: Option<&str>) -> Value {
    let mut section = json!({"name": name, "strings": outputs.iter().map(|o| ((*o).to_owned(), json!("x")))
        .collect::<serde_json::Map<_, _>>(), "criteria": ""});
    if let Some(old) = renamed_from {
        section["renamed_from"] = json!(old);
    }
    json!({
        "parent_segment_id": SOURCE,
        "events": [{"name": "page_view", "table": "web_events.pageviews"}],
        "id_stitching": {"stitching_keys": ["td_client_id"]},
        "personalization_service": {"name": "web", "trigger_event": "page_view", "sections": [section]},
    })
}

/// Sections and outputs below a new name are what they were.
#[test]
fn a_prune_leaves_what_is_renamed_and_takes_what_was_taken_out_beside_it() {
    let machine = Machine::new(&with_section("VIP", &["a", "b"], None));
    machine.apply(&[]);
    machine.write(&with_section("Gold", &["a"], Some("VIP")));
    assert_eq!(machine.diff(&[]).paths(), ["personalization_services.web.sections.Gold.strings.b"]);
    let deleted = machine.apply(&["--prune"])["deleted"].clone();
    assert_eq!(
        deleted,
        json!([{"path": "personalization_services.web.sections.Gold.strings.b", "id": null}])
    );
    assert_eq!(machine.diff(&["--prune"]).changes, Vec::<Value>::new());
    // Nothing goes, so nothing is asked.
    machine.write(&with_section("Best", &["a"], Some("Gold")));
    let output =
        machine.shell.tdx(&["apply", PLAN, "--prune", "--interval", "5ms"]).dir(machine.folder.path());
    assert_eq!(output.run().document()["deleted"], json!([]));
}

#[test]
fn the_command_has_the_flags_that_say_where_to() {
    let mut plan = more();
    plan.as_object_mut().unwrap().shift_remove("parent_segment_id");
    let machine = Machine::new(&plan);
    machine.apply(&["--ps", SOURCE]);
    let mut less = fewer();
    less.as_object_mut().unwrap().shift_remove("parent_segment_id");
    machine.write(&less);
    let difference = machine.diff(&["--ps", SOURCE]);
    let item = difference.no_longer_named.unwrap().remove(0);
    let command = item.command();
    assert!(command.contains(&format!("--ps {SOURCE}")), "{command}");
    machine.sh(&format!("{command} --yes"));
    assert_eq!(machine.diff(&["--ps", SOURCE]).paths(), Vec::<&str>::new());
}

/// An attribute that a section of the plan, or of another one, still answers can't go yet.
#[test]
fn what_is_still_used_says_by_what_and_the_rest_can_go() {
    let mut plan = more();
    let spare =
        json!({"name": "the spare", "identifier": "spare", "type": "counter", "source_event": "page_view"});
    plan["attributes"].as_array_mut().unwrap().push(spare);
    plan["personalization_service"]["sections"][0]["attributes"].as_array_mut().unwrap().push(json!("gone"));
    let machine = Machine::new(&plan);
    machine.apply(&[]);
    let attributes = plan["attributes"].as_array_mut().unwrap();
    attributes.retain(|one| !["gone", "the spare"].contains(&said(one, "name")));
    machine.write(&plan);
    let diff = machine.diff(&[]);
    assert_eq!(diff.paths(), ["attributes.\"the spare\"", "attributes.gone"]);
    let [spare, gone] = &diff.no_longer_named.as_ref().unwrap()[..] else { panic!("{diff:?}") };
    assert_eq!(gone.delete_with, None);
    assert_eq!(gone.used_by, ["output 'gone' of section 'VIP' of personalization 'web'"]);
    let command = format!("tdx-rt apply '{PLAN}' --prune-item 'attributes.\"the spare\"'");
    assert_eq!(spare.command(), command);
    let unified = machine.shell.tdx(&["diff", PLAN, "--unified"]).dir(machine.folder.path()).run().stdout;
    let comment = "# no longer named: attributes.gone (it stays, used by output 'gone' of section 'VIP' of personalization 'web')\n";
    assert!(unified.contains(comment), "{unified}");
    let all = ["apply", PLAN, "--prune", "--yes"];
    machine.shell.tdx(&all).dir(machine.folder.path()).run().error(6, "conflict");
    machine.sh(&format!("{command} --yes --interval 5ms"));
    assert_eq!(machine.diff(&[]).paths(), ["attributes.gone"]);
    // Without the output it goes with it.
    plan["personalization_service"]["sections"][0]["attributes"].as_array_mut().unwrap().pop();
    machine.write(&plan);
    let diff = machine.diff(&[]);
    assert_eq!(
        diff.paths(),
        ["attributes.gone", "personalization_services.web.sections.VIP.attributes.gone"]
    );
    machine.sh(&format!("{} --yes --interval 5ms", diff.no_longer_named.as_ref().unwrap()[0].command()));
    assert_eq!(machine.diff(&[]).paths(), [""; 0]);
}

/// What two plans named is offered by the one that made it, once neither names it, whichever drops it first.
#[test]
fn what_no_plan_names_any_more_is_offered_by_the_one_that_made_it() {
    let named = json!({"parent_segment_id": SOURCE, "events": [{"name": "page_view", "table": "web_events.pageviews"}],
        "attributes": [{"name": "x", "type": "counter", "source_event": "page_view"}]});
    let mut dropped = named.clone();
    dropped["attributes"] = json!([]);
    const OTHER: &str = "other.json";
    for first in [PLAN, OTHER] {
        let machine = Machine::new(&named);
        let write = |file: &str, plan: &Value| {
            std::fs::write(machine.folder.path().join(file), plan.to_string()).unwrap();
        };
        let run = |words: &[&str]| {
            let output = machine.shell.tdx(words).dir(machine.folder.path()).run();
            assert_eq!(output.code, 0, "{output:?}");
        };
        machine.apply(&[]);
        write(OTHER, &named);
        run(&["apply", OTHER, "--interval", "5ms"]);
        let second = if first == PLAN { OTHER } else { PLAN };
        write(first, &dropped);
        run(&["apply", first, "--interval", "5ms"]);
        // The other one names it still.
        assert_eq!(machine.diff(&[]).paths(), [""; 0], "{first}");
        write(second, &dropped);
        run(&["apply", second, "--interval", "5ms"]);
        assert_eq!(machine.diff(&[]).paths(), ["attributes.x"], "{first}");
        // The one that made nothing deletes nothing.
        run(&["apply", OTHER, "--prune", "--yes", "--interval", "5ms"]);
        assert_eq!(machine.diff(&[]).paths(), ["attributes.x"], "{first}");
        let deleted = machine.apply(&["--prune"])["deleted"].clone();
        assert_eq!(deleted[0]["path"], "attributes.x", "{first}");
    }
}

/// Each step notes what it makes of a file.
#[test]
fn what_the_steps_made_of_a_plan_is_known() {
    let machine = Machine::new(&more());
    for step in ["rt-events", "rt-keys", "rt-attrs", "pz-create"] {
        let all = [step, "-f", PLAN, "--interval", "5ms"];
        machine.shell.tdx(&all).dir(machine.folder.path()).run().document();
    }
    machine.write(&fewer());
    assert_eq!(machine.diff(&[]).paths(), GONE);
}

#[test]
fn a_run_that_made_nothing_knows_nothing() {
    let machine = Machine::new(&more());
    machine.apply(&[]);
    std::fs::remove_file(machine.shell.state().join("ownership.json")).unwrap();
    machine.write(&fewer());
    assert_eq!(machine.diff(&[]).ownership, "unknown");
    machine.apply(&[]);
    let difference = machine.diff(&[]);
    assert_eq!((difference.ownership.as_str(), difference.no_longer_named.is_none()), ("unknown", true));
}

#[test]
fn a_damaged_file_of_ownership_is_an_error() {
    let machine = Machine::new(&more());
    std::fs::write(machine.shell.state().join("ownership.json"), "{").unwrap();
    let output = machine.shell.tdx(&["diff", PLAN]).dir(machine.folder.path()).run();
    let error = output.error(9, "io");
    assert!(said(&error, "message").contains("ownership.json"), "{error}");
}

#[test]
fn a_plan_that_names_nothing_any_more_is_pruned() {
    let machine = Machine::new(&json!({
        "parent_segment_id": SOURCE, "events": [{"name": "page_view", "table": "web_events.pageviews"}],
    }));
    let before = machine.shell.platform.get(&format!("/audiences/{SOURCE}/realtime_key_events"));
    machine.apply(&[]);
    machine.write(&json!({"parent_segment_id": SOURCE, "events": []}));
    assert!(machine.diff(&[]).paths().contains(&"events.page_view"));
    machine.apply(&["--prune"]);
    assert_eq!(machine.shell.platform.get(&format!("/audiences/{SOURCE}/realtime_key_events")), before);
}

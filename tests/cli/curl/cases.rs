//! The table: every command that writes, in several states.

use super::World;
use crate::cli::PS;
use crate::cli::plans::plan_of_everything;
use serde_json::{Value, json};

/// A command that writes, and where it is run.
pub struct Case {
    /// Its words.
    pub command: &'static [&'static str],
    /// All of the command line.
    pub arguments: Vec<&'static str>,
    pub stdin: Option<String>,
    /// What was done before.
    pub prepare: fn(&World),
}

impl Case {
    pub fn name(&self) -> String {
        self.arguments.join(" ")
    }

    fn stdin(mut self, document: &Value) -> Self {
        self.stdin = Some(document.to_string());
        self
    }
}

/// A case with the parent segment named by a flag.
fn step(command: &'static [&'static str], more: &[&'static str], prepare: fn(&World)) -> Case {
    plain(command, &[more, &["--ps", PS]].concat(), prepare)
}

fn plain(command: &'static [&'static str], more: &[&'static str], prepare: fn(&World)) -> Case {
    Case { command, arguments: [command, more].concat(), stdin: None, prepare }
}

fn seed(_: &World) {}

fn apply(world: &World, plan: &Value, more: &[&str]) {
    world.run(&[&["apply", "--interval", "5ms"], more].concat(), Some(&plan.to_string()));
}

fn everything(world: &World) {
    apply(world, &plan_of_everything(), &[]);
}

/// The plan of everything, with names that quotes are made for.
fn awkward() -> Value {
    let mut plan = plan_of_everything();
    plan["events"][0]["description"] = json!("$HOME `id` \"double\" 'single' \\ back\nline é %s");
    plan["personalization_service"]["sections"][1]["strings"] = json!({"hello": "it's $1 \"new:last\""});
    plan
}

/// The plan of everything after a while: something of every kind is new, changed and gone.
fn later() -> Value {
    let mut plan = plan_of_everything();
    plan["events"] = json!([
        {"name": "page_view", "table": "web_events.pageviews", "description": "Another page"},
        {"name": "click", "table": "web_events.legacy_clicks"},
    ]);
    plan["id_stitching"] = json!({"stitching_keys": ["canonical_id", "email"]});
    plan["attributes"] = json!([
        {"name": "last", "type": "single", "source_event": "page_view", "source_field": "product_id",
         "description": "The last one"},
        {"name": "city", "type": "imported_batch"},
        {"name": "clicks", "type": "counter", "source_event": "click", "aggregation": "count",
         "window_duration": "24h"},
    ]);
    plan["personalization_service"]["description"] = json!("The web");
    plan["personalization_service"]["sections"] = json!([
        {"name": "Default", "attributes": ["last", "clicks", "city"], "strings": {"hello": "Ho"}},
    ]);
    plan
}

fn made_with_a_name(world: &World) {
    apply(world, &plan_of_everything(), &["--plan-name", "shop"]);
}

fn pruned(world: &World) {
    made_with_a_name(world);
    apply(world, &later(), &["--plan-name", "shop", "--prune", "--yes"]);
}

fn changed(world: &World) {
    everything(world);
    apply(world, &later(), &[]);
}

fn saved(world: &World) {
    made_with_a_name(world);
    world.run(&["diff", "--plan-name", "shop", "--prune", "--save", "saved"], Some(&later().to_string()));
}

fn snapshot(world: &World) {
    world.run(&["sandbox", "snapshot", "save", "before"], None);
    world.run(&["rt-events", "--ps", PS, "--event", "after=web_events.pageviews"], None);
}

fn faults(world: &World) {
    for kind in ["reset", "status"] {
        world.run(&["sandbox", "faults", "add", kind, "--path", "/nowhere"], None);
    }
}

/// A plan with a journey that is launched.
fn with_journeys() -> Value {
    let mut plan = plan_of_everything();
    plan["journeys"] = json!([
        {"name": "it's", "trigger_event": "page_view", "state": "launched", "goal": "page_view", "steps": [
            {"wait": "1h"},
            {"activate": "webhook", "name": "call", "url": "http://127.0.0.1:9/it's", "body": {"who": "{{email}}"}},
        ]},
        {"name": "other", "trigger_event": "page_view", "steps": [{"wait": "1h"}, {"jump": "it's"}]},
    ]);
    plan
}

fn journeys(world: &World) {
    apply(world, &with_journeys(), &[]);
}

fn journeys_with_a_name(world: &World) {
    apply(world, &with_journeys(), &["--plan-name", "shop"]);
}

fn journeys_pruned(world: &World) {
    journeys_with_a_name(world);
    apply(world, &plan_of_everything(), &["--plan-name", "shop", "--prune", "--yes"]);
}

fn draft(world: &World) {
    let mut plan = with_journeys();
    plan["journeys"][0]["state"] = json!("draft");
    apply(world, &plan, &[]);
}

fn paused(world: &World) {
    let mut plan = with_journeys();
    plan["journeys"][0]["paused"] = json!(true);
    apply(world, &plan, &[]);
}

const EVENT: &str = r#"{"time": 1761955200, "uuid": "00000000-0000-4000-8000-000000000001", "td_path": "it's", "product_id": "p1"}"#;

/// All of them.
pub fn cases() -> Vec<Case> {
    [steps(), deletes(), personalizations(), plans(), controls()].into_iter().flatten().collect()
}

fn steps() -> Vec<Case> {
    let documents =
        |step: &'static [&'static str], plan: &Value, prepare| plain(step, &[], prepare).stdin(plan);
    vec![
        step(
            &["rt-events"],
            &[
                "--event",
                "it's=web_events.pageviews",
                "--where",
                "td_path LIKE '/a\"b$c%'",
                "--description",
                "$HOME",
            ],
            seed,
        ),
        step(
            &["rt-events"],
            &["--event", "page_view=web_events.purchases", "--event", "x=web_events.pageviews"],
            seed,
        ),
        documents(&["rt-events"], &awkward(), seed),
        documents(&["rt-events"], &later(), everything),
        step(&["rt-keys"], &["--key", "email", "--exclude-regex", "email=^it's\\d$"], everything),
        documents(&["rt-keys"], &later(), everything),
        step(
            &["rt-attrs"],
            &[
                "--import",
                "city",
                "--single",
                "path=page_view.td_path",
                "--counter",
                "n=page_view",
                "--window",
                "7d",
            ],
            everything,
        ),
        step(&["rt-attrs"], &["--list", "seen=page_view.product_id", "--max-items", "5"], everything),
    ]
}

fn deletes() -> Vec<Case> {
    fn unused(world: &World) {
        everything(world);
        world.run(&["rt-events", "--ps", PS, "--event", "unused one=web_events.pageviews"], None);
        world.run(
            &["rt-attrs", "--ps", PS, "--interval", "5ms", "--import", "city", "--counter", "n=page_view"],
            None,
        );
    }
    vec![
        step(&["rt-events", "delete"], &["unused one"], unused),
        step(&["rt-events", "delete"], &["web_events.legacy_clicks"], seed),
        step(&["rt-keys", "delete"], &["td_client_id"], everything),
        step(&["rt-attrs", "delete"], &["n"], unused),
        step(&["rt-attrs", "delete"], &["city"], unused),
        step(&["pz-create", "delete"], &["web"], everything),
        step(&["pz-create", "delete"], &["web", "--service"], everything),
    ]
}

fn personalizations() -> Vec<Case> {
    vec![
        step(
            &["pz-create"],
            &[
                "--name",
                "it's",
                "--trigger",
                "page_view",
                "--attribute",
                "last",
                "--string",
                "a=\"new:last\" $x",
            ],
            everything,
        ),
        step(
            &["pz-create"],
            &[
                "--name",
                "web",
                "--trigger",
                "page_view",
                "--string",
                "a=b",
                "--new-token",
                "--plan-name",
                "shop",
                "--prune",
                "-y",
            ],
            made_with_a_name,
        ),
        plain(&["pz-create"], &["--new-token"], everything).stdin(&awkward()),
        step(
            &["pz-create", "token", "create"],
            &["--name", "it's", "--allowed-ip", "127.0.0.0/8"],
            everything,
        ),
        step(&["pz-create", "token", "rotate"], &[], everything),
        step(&["pz-create", "token", "revoke"], &["shop"], |world| {
            everything(world);
            world.run(&["pz-create", "token", "create", "--name", "shop", "--ps", PS], None);
        }),
        plain(&["ps-run"], &[PS], seed),
        step(
            &["journey-create"],
            &[
                "--name",
                "hello",
                "--trigger",
                "page_view",
                "--after",
                "1h",
                "--webhook",
                "http://127.0.0.1:9/$HOME",
                "--header",
                "X-A=it's",
                "--body",
                r#"{"a": "{{email}}"}"#,
                "--launch",
            ],
            everything,
        ),
        step(&["journey-create", "pause"], &["it's"], journeys),
        step(&["journey-create", "resume"], &["it's"], paused),
        step(&["journey-create", "launch"], &["it's"], draft),
        step(&["journey-create", "delete"], &["other"], journeys),
        step(
            &["journey-test"],
            &["it's", "--key", "td_client_id=u1", "--interval", "5ms", "--event-json", EVENT],
            journeys,
        ),
        step(
            &["pz-test"],
            &[
                "--personalization",
                "web",
                "--trigger",
                "page_view",
                "--key",
                "td_client_id=u1",
                "--event-json",
                EVENT,
            ],
            everything,
        ),
    ]
}

fn plans() -> Vec<Case> {
    vec![
        plain(&["apply"], &[], seed).stdin(&awkward()),
        plain(&["apply"], &[], seed).stdin(&with_journeys()),
        plain(&["apply"], &[], everything).stdin(&later()),
        plain(&["apply"], &["--plan-name", "shop", "--prune", "--yes"], made_with_a_name).stdin(&later()),
        plain(&["apply"], &["--prune-item", "attributes.country", "--yes"], everything)
            .stdin(&plan_of_everything()),
        plain(&["apply"], &["saved", "--yes"], saved),
        step(&["undo"], &["-y"], everything),
        step(&["undo"], &["-y"], changed),
        step(&["undo"], &["-y"], pruned),
        plain(&["apply"], &["--plan-name", "shop", "--prune", "--yes"], journeys_with_a_name)
            .stdin(&plan_of_everything()),
        step(&["undo"], &["-y"], journeys),
        step(&["undo"], &["-y"], journeys_pruned),
    ]
}

/// An activation that has failed, and one that waits.
fn sent(world: &World) {
    let mut plan = with_journeys();
    plan["journeys"][0]["steps"][1]["retries"] = json!(0);
    plan["journeys"][0]["steps"].as_array_mut().unwrap().push(json!(
        {"activate": "webhook", "name": "again", "url": "http://127.0.0.1:9/again"}
    ));
    apply(world, &plan, &[]);
    world.run(&["journey-test", "it's", "--ps", PS, "--key", "td_client_id=u1", "--event-json", EVENT], None);
    world.run(&["sandbox", "clock", "advance", "1h"], None);
}

/// A webhook in the sandbox's receiver.
fn arrived(world: &World) {
    let answer = world.platform.request("POST", "/_sandbox/inbox/welcome", Some(json!({"a": 1})));
    assert_eq!(answer.0, 200);
}

fn controls() -> Vec<Case> {
    vec![
        plain(&["sandbox", "clock", "set"], &["2026-01-02T03:04:05Z"], seed),
        plain(&["sandbox", "clock", "advance"], &["-1h30m"], seed),
        plain(&["sandbox", "settle"], &["never"], seed),
        plain(&["sandbox", "pace"], &["--runs", "20s", "--jobs", "2reads"], seed),
        plain(&["sandbox", "status"], &["Customer 360", "updating"], seed),
        plain(&["sandbox", "status"], &[PS, "--begin", "never"], seed),
        plain(&["sandbox", "status"], &["--finish"], seed),
        plain(
            &["sandbox", "faults", "add"],
            &[
                "status",
                "--operation",
                "POST /it's/{}",
                "--status",
                "503",
                "--message",
                "a\nb",
                "--skip",
                "1",
            ],
            seed,
        ),
        plain(&["sandbox", "faults", "remove"], &["1"], faults),
        plain(&["sandbox", "faults", "clear"], &[], faults),
        plain(&["sandbox", "faults", "clear"], &["--seed", "7"], faults),
        plain(&["sandbox", "requests", "clear"], &[], everything),
        plain(&["sandbox", "inbox", "answer"], &["welcome", "500", "503"], seed),
        plain(&["sandbox", "inbox", "clear"], &[], arrived),
        plain(&["sandbox", "activations", "clear"], &[], sent),
        plain(&["sandbox", "snapshot", "save"], &["after"], snapshot),
        plain(&["sandbox", "snapshot", "restore"], &["before"], snapshot),
        plain(&["sandbox", "snapshot", "delete"], &["before"], snapshot),
        plain(&["sandbox", "reset"], &[], everything),
        plain(&["sandbox", "reset"], &["before"], snapshot),
    ]
}

//! Each kind of fault at each single request of each command: it ends with a documented code that is no bug,
//! and prints a document or one error.
//!
//! `TDX_RT_FAULT_STEP` is how many cells lie between two that are tried: 1 tries all.

use super::super::Written;
use super::commands::{Case, World};
use crate::cli::plans::{SOURCE, plan_with_spares};
use serde_json::{Value, json};

/// What happens to the one request that is struck.
fn faults() -> Vec<Value> {
    let mut faults: Vec<Value> = [200, 401, 403, 404, 409, 422, 429, 500]
        .map(|status| json!({"kind": "status", "status": status}))
        .into();
    faults.extend(["reset", "truncate", "commit_then_drop"].map(|kind| json!({ "kind": kind })));
    faults.push(json!({"kind": "html", "status": 200}));
    faults.push(json!({"kind": "redirect", "location": "/elsewhere"}));
    faults
}

/// Commands that read; `FILE` is a plan.
const READERS: &[&[&str]] = &[
    &["ps-check", SOURCE],
    &["ps-check"],
    &["discover", "databases"],
    &["discover", "tables", "web_events"],
    &["discover", "keys", "web_events"],
    &["discover", "attributes", "--ps", SOURCE],
    &["discover", "--use-case", "web", "--database", "web_events", "--ps", SOURCE],
    &["rt-events", "list", "--ps", SOURCE],
    &["rt-keys", "list", "--ps", SOURCE],
    &["rt-attrs", "list", "--ps", SOURCE],
    &["pz-create", "list", "--ps", SOURCE],
    &["journey-create", "list", "--ps", SOURCE],
    &["journey-create", "pause", "launched", "--ps", SOURCE],
    &["export", "--ps", SOURCE],
    &["graph", "--ps", SOURCE, "--format", "json"],
    &["diff", "-f", "FILE"],
    &["validate", "--live", "FILE"],
    &["pz-test", "--ps", SOURCE, "--key", "email=a@b.example", "--timeout", "1ms"],
    &["journey-test", "launched", "--ps", SOURCE, "--key", "email=a@b.example", "--timeout", "1ms"],
];

/// Small numbers in another order, so that a part of the cells has something of everything.
const STRIDE: usize = 97;

#[test]
fn a_fault_at_a_single_request_is_never_a_bug() {
    let step = std::env::var("TDX_RT_FAULT_STEP").map_or(STRIDE, |text| text.parse().unwrap());
    let (world, mut cases) = World::new();
    let plan = Written::new("plan.json", &plan_with_spares().to_string());
    for words in READERS {
        let words: Vec<&str> =
            words.iter().map(|word| if *word == "FILE" { plan.path() } else { word }).collect();
        cases.push(Case::reading(&words));
    }
    let (faults, mut cell) = (faults(), 0);
    for case in &cases {
        let machine = world.machine(case.start);
        machine.command(case).run();
        for skip in 0..world.platform.requests().len() {
            for fault in &faults {
                cell += 1;
                if cell % step != 0 {
                    continue;
                }
                let machine = world.machine(case.start);
                let mut rule = fault.clone();
                rule["skip"] = skip.into();
                world.platform.control("faults", rule);
                let output = machine.command(case).run();
                let what = format!("{:?}: {fault} at request {skip}: {output:?}", case.arguments);
                assert!(matches!(output.code, 0..=10), "{what}");
                if output.code != 0 && output.stdout.is_empty() {
                    let error: Value = serde_json::from_str(output.stderr.lines().last().unwrap_or_default())
                        .unwrap_or_else(|error| panic!("{error}: {what}"));
                    assert_eq!(error["error"]["exit_code"], output.code, "{what}");
                }
            }
        }
    }
    assert!(cell > 3_000, "{cell} cells");
}

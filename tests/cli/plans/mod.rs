//! Generated plans: applying twice writes once, an export is no difference, an undo restores.
//!
//! `TDX_RT_PLAN_ROUNDS` is how many plans each test generates, `TDX_RT_PLAN_SEED` where they begin.

mod by_name;
mod commands;
mod everything;
mod generate;
mod skipped;
mod taken_out;

pub use by_name::{by_name, connections};
pub use everything::{plan_of_everything, plan_with_spares};

use crate::common::{Platform, Random, Tdx, schemas};
use generate::{edited, plan};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use tdx_rt::sandbox::{Options, Seed, Settle};
use tempfile::TempDir;

/// The demo data with another parent segment that is empty.
pub const SOURCE: &str = "394649";
pub const TARGET: &str = "394700";

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn rounds() -> u64 {
    number("TDX_RT_PLAN_ROUNDS", 12)
}

/// Both parent segments, with a setting that has its lookup key: that can't be taken back.
pub fn platform() -> Platform {
    let mut seed: Value = serde_saphyr::from_str(Seed::DEMO).unwrap();
    let segments = seed["parent_segments"].as_array_mut().unwrap();
    segments[0]["realtime"]["setting"]["extLookupKey"] = json!("customer_id");
    let mut empty = segments[0].clone();
    empty["id"] = json!(TARGET);
    empty["name"] = json!("Empty");
    for (index, folder) in empty["folders"].as_array_mut().unwrap().iter_mut().enumerate() {
        folder["id"] = json!((390_001 + index).to_string());
    }
    for (index, segment) in empty["segments"].as_array_mut().unwrap().iter_mut().enumerate() {
        segment["id"] = json!((390_101 + index).to_string());
    }
    empty["realtime"]["id"] = json!("4009");
    let setting = &mut empty["realtime"]["setting"];
    for list in ["keyColumns", "eventTables", "batchAttributes"] {
        setting[list] = json!([]);
    }
    segments.push(empty);
    let seed = Seed::parse(&seed.to_string()).unwrap();
    Platform::with(Options { seed, settle: Settle::AfterReads(1), ..Options::default() })
}

/// A run of the binary with a state folder that stays.
pub struct Shell {
    pub platform: Platform,
    state: TempDir,
}

impl Shell {
    pub fn new() -> Self {
        Shell { platform: platform(), state: tempfile::tempdir().unwrap() }
    }

    pub fn run(&self, arguments: &[&str], stdin: &Value) -> Value {
        let output = self.tdx(arguments).stdin(stdin.to_string()).run();
        assert_eq!(output.code, 0, "{arguments:?} of {stdin}: {}", output.stderr);
        serde_json::from_str(&output.stdout).unwrap()
    }

    pub fn tdx(&self, arguments: &[&str]) -> Tdx {
        self.platform.tdx(arguments).env("TDX_RT_STATE_DIR", self.state.path().to_str().unwrap())
    }

    /// The folder of its state.
    pub fn state(&self) -> &Path {
        self.state.path()
    }

    /// The journals that its runs have left, oldest first.
    pub fn journals(&self) -> Vec<PathBuf> {
        let Ok(folder) = self.state.path().join("journals").read_dir() else { return Vec::new() };
        let mut all: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    }

    /// A live item by its name.
    pub fn item(&self, list: &str, name: &str) -> Value {
        let all = configuration(&self.platform, SOURCE);
        let item = all[list].as_array().unwrap().iter().find(|item| item["name"] == name);
        item.unwrap_or_else(|| panic!("no {name} in {list}")).clone()
    }

    pub fn apply(&self, plan: &Value) -> Value {
        schemas::check("plan", plan).unwrap_or_else(|why| panic!("{why}"));
        self.run(&["apply", "-f", "-", "--interval", "5ms"], plan)
    }
}

/// Everything that is configured in a parent segment, with its ids, without what changes by itself.
pub fn configuration(platform: &Platform, ps: &str) -> Value {
    let list = |path: String| {
        let mut items = platform.get(&path)["data"].as_array().unwrap().clone();
        for item in &mut items {
            without_stamps(item);
        }
        items.sort_by_key(|item| item["name"].to_string() + &item["attributes"]["name"].to_string());
        items
    };
    let mut setting = platform.get(&format!("/audiences/{ps}/realtime_setting"));
    without_stamps(&mut setting);
    for list in ["keyColumns", "eventTables", "batchAttributes"] {
        setting[list].as_array_mut().unwrap().sort_by_key(Value::to_string);
    }
    json!({
        "setting": setting,
        "events": list(format!("/audiences/{ps}/realtime_key_events")),
        "attributes": list(format!("/audiences/{ps}/realtime_attributes")),
        "services": list(format!("/audiences/{ps}/realtime_personalization_services")),
        "personalizations": list(format!("/entities/parent_segments/{ps}/realtime_personalizations")),
        "journeys": list(format!("/entities/parent_segments/{ps}/realtime_journeys")),
        "activations": list(format!("/entities/parent_segments/{ps}/realtime_activations")),
    })
}

fn without_stamps(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_stamps),
        Value::Object(map) => {
            map.retain(|key, _| {
                !matches!(
                    key.as_str(),
                    "createdAt"
                        | "updatedAt"
                        | "launchedAt"
                        | "pausedAt"
                        | "createdBy"
                        | "updatedBy"
                        | "status"
                        | "statusDetailed"
                        | "referencingRealtimeAttributes"
                        | "relationships"
                )
            });
            map.values_mut().for_each(without_stamps);
        }
        _ => {}
    }
}

/// Both are the same; else only what differs is shown.
#[track_caller]
pub fn assert_same(found: &Value, wanted: &Value, plan: &Value) {
    let mut differ = Vec::new();
    compare("", found, wanted, &mut differ);
    assert!(differ.is_empty(), "{}\n{plan}", differ.join("\n"));
}

fn compare(at: &str, found: &Value, wanted: &Value, differ: &mut Vec<String>) {
    match (found, wanted) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{at}/{index}"), a, b, differ);
            }
        }
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            for (key, a) in a {
                compare(&format!("{at}/{key}"), a, &b[key], differ);
            }
        }
        _ if found == wanted => {}
        _ => differ.push(format!("{at}: {found}\n    wanted {wanted}")),
    }
}

fn each_round(name: &str, mut test: impl FnMut(&Shell, &mut Random)) {
    let first = number("TDX_RT_PLAN_SEED", 1);
    for round in first..first + rounds() {
        let mut random = Random(round * 7919);
        println!("{name}: TDX_RT_PLAN_SEED={round}");
        test(&Shell::new(), &mut random);
    }
}

/// Calls `test` with generated plans.
pub fn generated(name: &str, mut test: impl FnMut(&mut Random, &Value)) {
    let first = number("TDX_RT_PLAN_SEED", 1);
    for round in first..first + rounds() {
        let mut random = Random(round * 7919);
        println!("{name}: TDX_RT_PLAN_SEED={round}");
        let plan = plan(&mut random, SOURCE);
        test(&mut random, &plan);
    }
}

#[test]
fn applying_twice_writes_once_and_an_export_is_no_difference() {
    each_round("twice", |shell, random| {
        let plan = plan(random, SOURCE);
        shell.apply(&plan);
        shell.platform.forget_requests();
        let again = shell.apply(&plan);
        assert_eq!(shell.platform.writes(), Vec::<String>::new(), "{plan}");
        assert_eq!(again["journal"], Value::Null);
        let exported = shell.run(&["export", SOURCE], &Value::Null);
        let diff = shell.run(&["diff", "-f", "-"], &exported);
        assert_eq!(diff["changes"], json!([]), "{exported}");
        shell.apply(&exported);
        assert_eq!(shell.platform.writes(), Vec::<String>::new(), "{exported}");
        rebuilds(shell, &exported);
    });
}

/// An export in an order of its own: what is created at once stands in the order of arrival.
pub fn sorted(mut document: Value) -> Value {
    for list in [
        "/events",
        "/event_tables",
        "/attributes",
        "/id_stitching/stitching_keys",
        "/personalization_services",
        "/journeys",
    ] {
        if let Some(items) = document.pointer_mut(list).and_then(Value::as_array_mut) {
            items.sort_by_key(|item| item["name"].to_string() + &item.to_string());
        }
    }
    document
}

/// What is exported from the one parent segment and applied to the empty one is the same there.
fn rebuilds(shell: &Shell, exported: &Value) {
    shell.run(&["apply", "-f", "-", "--ps", TARGET, "--interval", "5ms"], exported);
    let there = shell.run(&["export", TARGET], &Value::Null);
    let shown = |document: &Value| {
        let keys = [
            "events",
            "event_tables",
            "id_stitching",
            "attributes",
            "personalization_service",
            "journey",
            "journeys",
        ];
        let mut keys = keys.to_vec();
        keys.push("personalization_services");
        let root: Map<String, Value> =
            keys.into_iter().filter_map(|key| Some((key.to_owned(), document.get(key)?.clone()))).collect();
        sorted(Value::Object(root))
    };
    assert_eq!(shown(&there), shown(exported));
}

#[test]
fn an_undo_restores_what_was_before() {
    each_round("undo", |shell, random| {
        let empty = configuration(&shell.platform, SOURCE);
        let first = plan(random, SOURCE);
        shell.apply(&first);
        let before = configuration(&shell.platform, SOURCE);
        let second = edited(random, &first);
        // Edits may have come out as what was there.
        if shell.apply(&second)["journal"] != Value::Null {
            let undone = shell.run(&["undo", "-y", "--ps", SOURCE, "--interval", "5ms"], &Value::Null);
            assert_eq!(undone["not_undone"], json!([]), "{second}");
            assert_same(&configuration(&shell.platform, SOURCE), &before, &second);
        }
        shell.run(&["undo", "-y", "--ps", SOURCE, "--interval", "5ms"], &Value::Null);
        assert_same(&configuration(&shell.platform, SOURCE), &empty, &first);
    });
}

//! A whole configuration at the platform's limit of 600 items: `cargo bench --bench setup [-- ITEMS]`.
//!
//! `apply` and the sandbox together, so the figures include the work of both for each item; twice the items must
//! take about twice the time. Needs `harness = false`.

mod common;

use common::{amounts, timed};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use tdx_rt::sandbox::{Options, Running, Settle, start};

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    for items in amounts(&[150, 300, 600], &[20]) {
        let sandbox = start(Options { settle: Settle::Immediately, ..Options::default() });
        run(&runtime.block_on(sandbox).unwrap(), usize::try_from(items).unwrap());
    }
}

fn run(sandbox: &Running, items: usize) {
    let home = tempfile::tempdir().unwrap();
    let tdx = |arguments: &[&str], stdin: &str| tdx(sandbox, home.path(), arguments, stdin);
    let plan = plan(items).to_string();
    let (first, taken) = timed(|| tdx(&["apply", "-", "--plan-name", "bench"], &plan));
    println!("{items} items, apply:       {:>6.2} s", taken.as_secs_f64());
    let (second, taken) = timed(|| tdx(&["apply", "-", "--plan-name", "bench"], &plan));
    println!("{items} items, apply again: {:>6.2} s", taken.as_secs_f64());
    let (diff, taken) = timed(|| tdx(&["diff", "-"], &plan));
    println!("{items} items, diff:        {:>6.2} s", taken.as_secs_f64());
    let list = tdx(&["rt-attrs", "list", "--ps", "394649"], "");
    let actions = |document: &Value, action: &str| {
        document["attributes"].as_array().unwrap().iter().filter(|item| item["action"] == action).count()
    };
    // Two items are stitching keys: the plan's, and one that was there.
    assert_eq!(actions(&first, "created"), items - 2, "{first}");
    assert_eq!(actions(&second, "unchanged"), items - 2, "{second}");
    assert_eq!(diff["changes"], json!([]), "{diff}");
    let ours =
        list.as_array().unwrap().iter().filter(|item| item["name"].as_str().unwrap().starts_with("bench_"));
    assert_eq!(ours.count(), items - 2, "{list}");
}

fn tdx(sandbox: &Running, home: &std::path::Path, arguments: &[&str], stdin: &str) -> Value {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tdx-rt"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("TDX_RT_ENDPOINT", &sandbox.url)
        .env("TDX_API_KEY", &sandbox.api_key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A key, and attributes of three kinds.
fn plan(items: usize) -> Value {
    let attribute = |n: usize| {
        let mut attribute = json!({"name": format!("bench_{n}"), "source_event": "page_view"});
        let fields = match n % 3 {
            0 => json!({"type": "single", "source_field": "product_id", "aggregation": "last"}),
            1 => json!({"type": "list", "source_field": "product_id", "aggregation": "distinct_list"}),
            _ => json!({"type": "counter", "aggregation": "count", "window_duration": "24h"}),
        };
        attribute.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        attribute
    };
    json!({
        "parent_segment_id": "394649",
        "events": [{"name": "page_view", "table": "web_events.pageviews"}],
        "id_stitching": {"stitching_keys": ["td_client_id"]},
        "attributes": (2..items).map(attribute).collect::<Vec<_>>(),
    })
}

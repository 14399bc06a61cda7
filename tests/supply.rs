//! The crates of the program are those of docs/dependencies.md, so that none is added unnoticed.

use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

const PAGE: &str = include_str!("../docs/dependencies.md");

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap_or_else(|error| panic!("cargo {arguments:?}: {error}"));
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn each_crate_that_is_named_has_a_reason() {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--locked", "--format-version", "1"]))
            .unwrap();
    let named: BTreeSet<&str> = metadata["packages"][0]["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().unwrap())
        .collect();
    let rows = PAGE.lines().filter(|line| line.starts_with("| `"));
    let explained: BTreeSet<&str> =
        rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2)).collect();
    assert_eq!(named, explained, "the table of docs/dependencies.md");
}

/// Where it is more, docs/dependencies.md says why; where it is less, the number goes down and stays there.
#[test]
fn the_number_of_crates_is_documented() {
    let tree = cargo(&[
        "tree",
        "--locked",
        "--edges=normal",
        "--prefix=none",
        "--target=x86_64-unknown-linux-gnu",
        "--format={p}",
    ]);
    let lines = tree.lines().skip(1).map(|line| line.trim_end_matches(" (*)"));
    let shipped: BTreeSet<&str> = lines.collect();
    let sentence = format!("On Linux, {} crates are built for the program.", shipped.len());
    assert!(PAGE.contains(&sentence), "docs/dependencies.md needs: {sentence}\n{shipped:#?}");
}

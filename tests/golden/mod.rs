//! Generated files that are checked in: every visible change shows in review.

mod help;
mod outputs;
mod plan_keys;
#[cfg(target_os = "linux")]
mod screens;
pub mod steady;
mod tight;

use crate::common::Tdx;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Name and text of every file of a folder.
fn files(dir: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect()
}

#[track_caller]
fn up_to_date(command: &str) {
    let fresh = tempfile::tempdir().unwrap();
    let output = Tdx::new(&[command, "--dir", fresh.path().to_str().unwrap()]).run();
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
    let checked_in = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(command));
    let fresh = files(fresh.path());
    assert_eq!(fresh.keys().collect::<Vec<_>>(), checked_in.keys().collect::<Vec<_>>());
    for (name, text) in &fresh {
        assert!(
            checked_in.get(name) == Some(text),
            "{command}/{name} is stale: cargo run -- {command} --dir {command}"
        );
    }
}

#[test]
fn completions_are_up_to_date() {
    up_to_date("completions");
}

#[test]
fn man_pages_are_up_to_date() {
    up_to_date("man");
}

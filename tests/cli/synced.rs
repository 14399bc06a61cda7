//! What must outlive a loss of power is on the disk before anything depends on it. The kernel shows it: `cachestat(2)`
//! (Linux 6.5) counts the pages of a file that are changed and not written yet.

use super::full_disk::{once_slowed, shell};
use super::{Written, configured};
use crate::common::{skipped, tool};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::Command;

const PLAN: &str = include_str!("../../examples/web-personalization.yaml");
const PAGE: &str = "4096";
const CACHESTAT: &str = "
    open(my $file, '<', $ARGV[1]) or exit 1;
    my ($range, $found) = (pack('QQ', $ARGV[0], 0), \"\\0\" x 40);
    syscall(451, fileno($file), $range, $found, 0) == 0 or exit 1;
    my (undef, $dirty, $writeback) = unpack('Q5', $found);
    print $dirty + $writeback";

/// The pages of a file behind a place that are not on the disk; `None` where the system does not show it.
fn unwritten(file: &Path, from: &str) -> Option<u64> {
    let output = Command::new("perl").args(["-e", CACHESTAT, from]).arg(file).output().ok()?;
    String::from_utf8(output.stdout).ok()?.parse().ok()
}

/// Whether what is written and not synced is seen in a folder.
fn is_seen(folder: &Path) -> bool {
    fs::write(folder.join("control"), [b'x'; 10_000]).unwrap();
    unwritten(&folder.join("control"), "0").is_some_and(|pages| pages > 0)
}

#[test]
fn a_journal_is_on_the_disk_before_its_request_and_a_token_before_it_is_reported() {
    // Temporary folders are often in memory.
    let folder = || tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    if !tool("perl") || !is_seen(folder().path()) {
        return skipped("the system does not show which pages are written");
    }
    let plan = Written::new("plan.yaml", PLAN);
    let (platform, state) = (configured(), folder());
    // Nothing else is sent meanwhile, whose answer would be noted without a sync.
    let last = json!({"kind": "slow", "delay_ms": 1500, "method": "POST", "path": "/entities/"});
    platform.control("faults", last);
    let words = "exec \"$0\" apply \"$1\" --journal \"$2/j.jsonl\" --interval 5ms";
    let mut child = shell(&platform, words, &plan, state.path());
    once_slowed(&platform, &mut child);
    let journal = state.path().join("j.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    assert!(text.len() > 4_096 && text.lines().last().unwrap().contains("\"path\":\"/entities/"), "{text}");
    // The first page has the length of the file, which is written later.
    assert_eq!(unwritten(&journal, PAGE), Some(0));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["tokens.json", "ownership.json"] {
        assert_eq!(unwritten(&state.path().join(name), "0"), Some(0), "{name}");
    }
    assert!(is_seen(state.path()), "it is shown to the end");
}

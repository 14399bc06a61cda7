//! The table of codes against the sources.

use std::collections::BTreeSet;
use std::path::Path;

/// Codes are words of the program's interface; none may be used that the table does not have.
#[test]
fn every_code_of_the_sources_is_in_the_table() {
    let known: BTreeSet<&str> = tdx_rt::plan::RULES.iter().map(|(code, _)| *code).collect();
    assert_eq!(known.len(), tdx_rt::plan::RULES.len(), "a code stands there twice");
    assert!(tdx_rt::plan::RULES.is_sorted(), "in the order of the alphabet");
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut used = used(&sources.join("plan"));
    used.extend(self::used(&sources.join("steps/live_check")));
    assert!(used.len() > 30, "the search finds calls: {used:?}");
    let unknown: Vec<_> = used.iter().filter(|code| !known.contains(code.as_str())).collect();
    assert!(unknown.is_empty(), "not in the table: {unknown:?}");
}

/// Text literals that stand first in a call that makes a finding.
pub fn used(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(used(&path));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let calls =
            [".error(", ".error_at(", ".error_fix(", ".warn(", ".key_error(", "Finding::new(", " wrong("];
        for call in calls {
            for (at, _) in text.match_indices(call) {
                let arguments = text[at + call.len()..].trim_start();
                if let Some(rest) = arguments.strip_prefix('"') {
                    found.insert(rest.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
    found
}

//! What is kept in the state folder: tokens, journals, and what a plan has made. Whether it can be kept
//! is known before the first write.

use super::{PS, Written, configured, said};
use crate::common::Platform;
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

const CREATE: [&str; 9] =
    ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "last"];

/// State folders that nothing can be kept in; root can write to any that only lacks permissions.
fn unusable(dir: &Path) -> Vec<(&'static str, String)> {
    let name = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    fs::write(dir.join("file"), "").unwrap();
    for folder in ["damaged", "occupied", "locks"] {
        fs::create_dir(dir.join(folder)).unwrap();
    }
    fs::write(dir.join("damaged/tokens.json"), "{").unwrap();
    fs::create_dir(dir.join("occupied/tokens.json")).unwrap();
    fs::write(dir.join("locks/locks"), "").unwrap();
    vec![
        ("a device", "/dev/null/nowhere".to_owned()),
        ("a file in its place", name("file")),
        ("a damaged file of tokens", name("damaged")),
        ("a folder in place of the file of tokens", name("occupied")),
        ("a file in place of the folder of locks", name("locks")),
    ]
}

#[test]
fn a_token_that_cannot_be_kept_is_not_made() {
    let platform = configured();
    let plan = Written::new("plan.yaml", include_str!("../../examples/web-personalization.yaml"));
    let dir = tempfile::tempdir().unwrap();
    let journal = dir.path().join("journal.jsonl");
    let owned = dir.path().join("owned.json");
    let apply = [
        "apply",
        plan.path(),
        "--journal",
        journal.to_str().unwrap(),
        "--ownership",
        owned.to_str().unwrap(),
    ];
    platform.forget_requests();
    for (kind, state) in unusable(dir.path()) {
        for command in [&CREATE[..], &apply[..]] {
            let error = platform.tdx(command).env("TDX_RT_STATE_DIR", &state).run().error(9, "io");
            let hint = said(&error, "hint");
            assert!(hint.contains("TDX_RT_STATE_DIR") && hint.contains("--token-file"), "{kind}: {error}");
            assert_eq!(platform.writes(), Vec::<String>::new(), "{kind}: {command:?}");
        }
        // What makes no token needs no place for it.
        let planned =
            platform.tdx(&[&CREATE[..], &["--dry-run"]].concat()).env("TDX_RT_STATE_DIR", &state).run();
        assert_eq!((planned.code, planned.stderr.as_str()), (0, ""), "{kind}");
    }
    assert!(!journal.exists() && !owned.exists(), "nothing was begun");
}

#[test]
fn a_token_can_be_kept_in_a_file_of_its_own() {
    let platform = configured();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("sub/tokens.json");
    let create = || {
        let kept = ["--token-file", file.to_str().unwrap()];
        let made =
            platform.tdx(&[&CREATE[..], &kept].concat()).env("TDX_RT_STATE_DIR", "/dev/null/nowhere").run();
        let document: Value = serde_json::from_str(&made.stdout).unwrap();
        let warns = made.stderr.contains("cannot write the journal") || made.stderr.is_empty();
        assert!(made.code == 0 && warns, "{made:?}");
        document["service"]["token"].as_str().unwrap().to_owned()
    };
    let token = create();
    assert_eq!(create(), token, "the second run finds it");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let kept: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(kept.as_object().unwrap().values().next().unwrap()["value"], token.as_str());
    let test = [
        "pz-test",
        "--ps",
        PS,
        "--personalization",
        "web",
        "--trigger",
        "page_view",
        "--key",
        "td_client_id=u1",
        "--interval",
        "5ms",
    ];
    platform.tdx(&[&test[..], &["--token-file", file.to_str().unwrap()]].concat()).run().document();
    platform.tdx(&test).run().error(4, "token");
    // A saved plan is carried out with it as well.
    let plan = Written::new("plan.yaml", include_str!("../../examples/web-personalization.yaml"));
    let saved = dir.path().join("saved.json");
    let diff = platform.tdx(&["diff", plan.path(), "--save", saved.to_str().unwrap()]).run();
    assert_eq!((diff.code, diff.stderr.as_str()), (0, ""));
    let apply =
        ["apply", saved.to_str().unwrap(), "--interval", "5ms", "--token-file", file.to_str().unwrap()];
    platform.tdx(&apply).run().document();
    let kept: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(kept.as_object().unwrap().len(), 2);
}

#[test]
fn a_token_that_is_known_is_found_in_a_folder_that_cannot_be_written_to() {
    let platform = configured();
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let run = || platform.tdx(&CREATE).env("TDX_RT_STATE_DIR", state.to_str().unwrap()).run().document();
    let first = run();
    // Also for root: nothing can be made where a file is in the way.
    fs::remove_dir_all(state.join("locks")).unwrap();
    fs::write(state.join("locks"), "").unwrap();
    fs::set_permissions(&state, Permissions::from_mode(0o555)).unwrap();
    assert_eq!(run()["service"]["token"], first["service"]["token"]);
    fs::set_permissions(&state, Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn journals_and_notes_that_cannot_be_kept_stop_an_apply_before_the_first_write() {
    let platform = Platform::start();
    let plan = Written::new("plan.yaml", include_str!("../../examples/web-personalization.yaml"));
    let state = tempfile::tempdir().unwrap();
    for flags in [["--journal", "/dev/null/j.jsonl"], ["--ownership", "/dev/null/owned.json"]] {
        let run = platform
            .tdx(&[&["apply", plan.path()], &flags[..]].concat())
            .env("TDX_RT_STATE_DIR", state.path().to_str().unwrap())
            .run();
        let error = run.error(9, "io");
        assert!(said(&error, "hint").contains("TDX_RT_STATE_DIR"), "{error}");
        assert!(said(&error, "hint").contains(flags[0]), "{error}");
    }
    assert_eq!(platform.writes(), Vec::<String>::new());
    assert!(!state.path().join("tokens.json").exists());
}

#[test]
fn an_undo_that_cannot_be_noted_is_not_begun() {
    let platform = Platform::start();
    let plan = Written::new("plan.yaml", include_str!("../../examples/web-personalization.yaml"));
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let env =
        |arguments: &[&str]| platform.tdx(arguments).env("TDX_RT_STATE_DIR", state.to_str().unwrap()).run();
    let applied = env(&["apply", plan.path(), "--interval", "5ms"]).document();
    let journal = applied["journal"].as_str().unwrap().to_owned();
    platform.forget_requests();
    // The notes on what the plan has made are damaged.
    let owned = state.join("ownership.json");
    let notes = fs::read(&owned).unwrap();
    fs::write(&owned, "{").unwrap();
    env(&["undo", "-y", &journal]).error(9, "io");
    assert_eq!(platform.writes(), Vec::<String>::new());
    fs::write(&owned, notes).unwrap();
    let undone = env(&["undo", "-y", &journal, "--interval", "5ms"]);
    assert_eq!((undone.code, undone.stderr.as_str()), (0, ""));
}

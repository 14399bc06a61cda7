//! State files: what is written is read, and what cannot be used is left alone.

use super::*;

fn row(id: &str, body: &str) -> RowChange {
    let place = RowPlace { kind: "thing".into(), segment: 1, id: id.into() };
    RowChange::Put(SavedRow { place, order: 1, body: body.into() })
}

fn made(file: &Path) -> StateFile {
    assert!(StateFile::make(file, &SaveBatch::default()).unwrap());
    let state = StateFile::open(file).unwrap();
    state.keep().unwrap();
    state
}

fn ids(state: &StateFile) -> Vec<String> {
    state.load().unwrap().rows.into_iter().map(|row| row.place.id).collect()
}

#[test]
fn a_batch_is_written_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let mut state = made(&file);
    assert_eq!(ids(&state), [""; 0]);
    assert!(!StateFile::make(&file, &SaveBatch::default()).unwrap(), "there is one");
    let profiles = ProfileChanges {
        names: vec![(0, "email".into())],
        profiles: vec![(0, Some("a".into())), (7, Some("b".into()))],
    };
    let batch = SaveBatch {
        changes: vec![row("a", "1"), row("b", "2"), RowChange::Profiles(u64::MAX, profiles.clone())],
        notes: vec![("clock", "5".into())],
        requests: vec![(1, "x".into()), (2, "y".into()), (3, "z".into())],
        forget: Some(1),
    };
    state.commit(&batch).unwrap();
    let place = RowPlace { kind: "thing".into(), segment: 1, id: "a".into() };
    state.commit(&SaveBatch { changes: vec![RowChange::Remove(place)], ..SaveBatch::default() }).unwrap();
    drop(state);
    let mut state = StateFile::open(&file).unwrap();
    assert_eq!(ids(&state), ["b"]);
    assert_eq!(state.load().unwrap().profiles.get(&u64::MAX), Some(&profiles));
    assert_eq!(state.note("clock").unwrap().as_deref(), Some("5"));
    assert_eq!(state.requests().unwrap(), ["y", "z"]);
    let changes = vec![RowChange::RemoveSegment(u64::MAX), RowChange::Clear, row("c", "")];
    state.commit(&SaveBatch { changes, ..SaveBatch::default() }).unwrap();
    assert_eq!((ids(&state), state.load().unwrap().profiles.len()), (vec!["c".to_owned()], 0));
}

#[test]
fn what_cannot_be_used_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let state = made(&at("state"));
    assert!(matches!(StateFile::open(&at("state")), Err(FileError::Taken(_))));
    state.run("PRAGMA user_version = 7").unwrap();
    drop(state);
    let error = StateFile::open(&at("state")).unwrap_err();
    assert!(matches!(error, FileError::Newer { found: 7, .. }), "{error}");
    assert!(error.to_string().contains("form 7, made by a later tdx-rt"), "{error}");
    std::fs::write(at("text"), "no database at all, but long enough to be taken for one".repeat(20)).unwrap();
    assert!(matches!(StateFile::open(&at("text")), Err(FileError::Foreign(_))));
    Connection::open(at("other")).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    assert!(matches!(StateFile::open(&at("other")), Err(FileError::Foreign(_))));
    assert!(matches!(StateFile::open(&at("missing")), Err(FileError::Failed { .. })));
    let made = StateFile::make(&at("missing/state"), &SaveBatch::default());
    assert!(matches!(made, Err(FileError::Failed { .. })));
}

#[test]
fn a_batch_that_fails_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = made(&folder.path().join("state"));
    state.commit(&SaveBatch { changes: vec![row("a", "1")], ..SaveBatch::default() }).unwrap();
    state.run("PRAGMA max_page_count = 12").unwrap();
    let changes = vec![RowChange::Clear, row("b", &"x".repeat(200_000))];
    let error = state.commit(&SaveBatch { changes, ..SaveBatch::default() }).unwrap_err();
    assert!(error.to_string().contains("full"), "{error}");
    assert_eq!(ids(&state), ["a"]);
}

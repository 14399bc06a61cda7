//! A damaged state is found before it is served, is named, and stays as it is.

use crate::cli::plans::plan_with_spares;
use crate::common::process::Process;
use crate::common::{Output, Tdx};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const FILE: &str = "state/state.sqlite3";
const PAGE: usize = 4_096;

/// A folder with a state that has something of each kind; `stop` ends the sandbox that made it.
fn made(stop: impl FnOnce(Process)) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let process = Process::start(home.path(), &["--state", "state", "--settle", "now"]);
    let url = format!("http://127.0.0.1:{}", process.port);
    let apply = Tdx::new(&["apply", "-", "--interval", "5ms"]).stdin(plan_with_spares().to_string());
    let applied = apply.env("TDX_RT_ENDPOINT", &url).env("TDX_API_KEY", &process.api_key).run().document();
    let token = applied["service"]["token"].as_str().unwrap();
    let mut connection = process.connect();
    for number in 0..200 {
        let event = json!({"td_client_id": format!("u{number}"), "product_id": "p", "td_path": "/p",
            "time": 1_761_955_200, "uuid": format!("00000000-0000-4000-8000-{number:012}")});
        let headers = [("wp13n-token", token)];
        assert_eq!(
            connection.request("POST", "/web_events/pageviews", Some(&event), &headers).unwrap().0,
            200
        );
    }
    stop(process);
    home
}

/// All files of the state, by name.
fn files(home: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(home.join("state")).unwrap().map(|entry| entry.unwrap());
    let entries = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let mut all: Vec<_> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    all.sort();
    all
}

/// Starts a sandbox with the state, and ends it; what was sent to it is shown.
fn start(home: &Path) -> Output {
    let command = [
        "sandbox",
        "--state",
        "state",
        "--",
        "sh",
        "-c",
        "exec \"$0\" sandbox requests --jq '.requests|length'",
    ];
    let binary = crate::common::binary().to_str().unwrap();
    Tdx::new(&[&command[..], &[binary]].concat()).dir(home).env("PATH", "/usr/bin:/bin").run()
}

/// A damage ends the start with an error, and nothing of the state is changed.
#[track_caller]
fn is_found(home: &Path, what: &str) {
    let before = files(home);
    let error = start(home).error(9, "io");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("state.sqlite3"), "{what}: {error}");
    assert!(files(home) == before, "{what}: {error}: {:?}", names(home));
}

fn names(home: &Path) -> Vec<(String, usize)> {
    files(home).into_iter().map(|(name, bytes)| (name, bytes.len())).collect()
}

#[test]
fn a_damaged_file_ends_the_start_and_stays_as_it_is() {
    let home = made(Process::stop);
    let file = home.path().join(FILE);
    let whole = fs::read(&file).unwrap();
    let state: Vec<_> =
        names(home.path()).into_iter().filter(|(name, _)| name.starts_with("state.")).collect();
    assert_eq!(state, [("state.sqlite3".to_owned(), whole.len())], "the write-ahead file is gone");
    let mut damages: Vec<(String, Vec<u8>)> = vec![
        ("empty".into(), Vec::new()),
        ("zeros".into(), vec![0; whole.len()]),
        ("another text".into(), b"[]\n".to_vec()),
    ];
    let pages = whole.len() / PAGE;
    for page in (0..pages).filter(|page| *page < 8 || page % 7 == 0) {
        let mut zeros = whole.clone();
        zeros[page * PAGE..(page + 1) * PAGE].fill(0);
        damages.push((format!("without page {page}"), zeros));
        damages.push((format!("{page} pages"), whole[..page * PAGE].to_vec()));
        damages.push((format!("{page} pages and a half"), whole[..page * PAGE + PAGE / 2].to_vec()));
    }
    for (what, damaged) in damages {
        fs::write(&file, damaged).unwrap();
        is_found(home.path(), &what);
    }
    fs::write(&file, &whole).unwrap();
    let started = start(home.path());
    assert_eq!(started.code, 0, "{}", started.stderr);
    assert_ne!(started.stdout.trim(), "0");
}

#[test]
fn what_a_killed_sandbox_had_not_moved_stays_too() {
    let home = made(|mut process| assert!(process.kill()));
    let file = home.path().join(FILE);
    let whole = fs::read(&file).unwrap();
    assert!(names(home.path()).iter().any(|(name, bytes)| name.ends_with("-wal") && *bytes > 0));
    for damaged in [Vec::new(), whole[..whole.len() / 2].to_vec(), vec![0; whole.len()], b"[]\n".to_vec()] {
        fs::write(&file, &damaged).unwrap();
        is_found(home.path(), &format!("{} bytes", damaged.len()));
    }
    // What was not moved yet belongs to a file that is not there.
    fs::remove_file(&file).unwrap();
    is_found(home.path(), "no file");
    fs::write(&file, &whole).unwrap();
    assert_eq!(start(home.path()).code, 0);
}

#[test]
fn a_row_that_cannot_be_read_ends_the_start() {
    let home = made(Process::stop);
    let file = home.path().join(FILE);
    let whole = fs::read(&file).unwrap();
    for (table, key) in [("resource", "kind"), ("profile", "number"), ("note", "name"), ("request", "id")] {
        for (by, body) in [("last", "'{'"), ("first", "'[]'"), ("last", "x'00ff'"), ("first", "''")] {
            let order = if by == "first" { "ASC" } else { "DESC" };
            // As a copy of a snapshot is: not in write-ahead mode.
            let database = rusqlite::Connection::open(&file).unwrap();
            let change = format!(
                "PRAGMA journal_mode = DELETE; UPDATE {table} SET body = {body}
                 WHERE {key} = (SELECT {key} FROM {table} ORDER BY {key} {order} LIMIT 1)"
            );
            database.execute_batch(&change).unwrap();
            drop(database);
            is_found(home.path(), &format!("{table}: {by} {body}"));
            fs::write(&file, &whole).unwrap();
        }
    }
    let value: Value = start(home.path()).stdout.trim().parse().unwrap();
    assert!(value.as_u64().is_some_and(|count| count > 0));
}

//! `--state`: what is kept beside the platform's own data, and what must not keep a folder from being
//! opened again. Each of these was once lost, or made a folder useless.

use super::NOW;
use crate::common::process::{Connection, Process};
use serde_json::{Value, json};
use std::path::Path;

const PS: &str = "/audiences/394649";

/// Kills the server and starts it again in the same folder.
fn again(mut server: Process, home: &Path, arguments: &[&str]) -> Process {
    assert!(server.kill());
    serve(home, arguments)
}

fn serve(home: &Path, arguments: &[&str]) -> Process {
    Process::try_start(home, &[&["--state", "state"], arguments].concat()).unwrap()
}

#[track_caller]
fn ask(connection: &mut Connection, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    connection.request(method, path, body.as_ref(), &[]).unwrap()
}

#[track_caller]
fn ok(connection: &mut Connection, method: &str, path: &str, body: Option<Value>) -> Value {
    let (status, answer) = ask(connection, method, path, body);
    assert_eq!(status, 200, "{method} {path}: {answer}");
    answer
}

#[test]
fn the_journal_is_cleared_for_good_and_says_what_had_to_make_room() {
    let home = tempfile::tempdir().unwrap();
    let server = serve(home.path(), &["--journal", "3"]);
    let mut connection = server.connect();
    for _ in 0..5 {
        ok(&mut connection, "GET", "/audiences", None);
    }
    let count = |connection: &mut Connection| {
        let journal = ok(connection, "GET", "/_sandbox/requests", None);
        (
            journal["requests"].as_array().unwrap().len(),
            journal["complete"].clone(),
            journal["last_id"].clone(),
        )
    };
    assert_eq!(count(&mut connection), (3, json!(false), json!(5)));
    // The rest of the journal is written within moments; what a smaller one has no room for is reported.
    ok(&mut connection, "DELETE", "/_sandbox/requests", None);
    for _ in 0..2 {
        ok(&mut connection, "GET", "/audiences", None);
    }
    server.stop();
    let server = serve(home.path(), &["--journal", "1"]);
    let mut connection = server.connect();
    assert_eq!(count(&mut connection), (1, json!(false), json!(7)));
    ok(&mut connection, "DELETE", "/_sandbox/requests", None);
    let server = again(server, home.path(), &[]);
    assert_eq!(count(&mut server.connect()), (0, json!(true), json!(7)));
}

#[test]
fn a_state_that_a_read_or_a_fault_changes_is_kept_before_the_answer() {
    let home = tempfile::tempdir().unwrap();
    let server = serve(home.path(), &["--settle", "2reads"]);
    let mut connection = server.connect();
    let setting = format!("{PS}/realtime_setting");
    let body = json!({"keyColumns": [], "eventTables": [], "batchAttributes": [], "extLookupKey": null});
    ok(&mut connection, "PATCH", &setting, Some(body));
    let status = |connection: &mut Connection| ok(connection, "GET", &setting, None)["status"].clone();
    assert_eq!([(); 3].map(|()| status(&mut connection)), ["updating", "updating", "ok"]);
    let first = ok(
        &mut connection,
        "POST",
        "/_sandbox/faults",
        Some(json!({"kind": "status", "path": "/v3", "count": 1})),
    );
    ok(
        &mut connection,
        "POST",
        "/_sandbox/faults",
        Some(json!({"kind": "status", "path": "/v4", "count": 7})),
    );
    assert_eq!(ask(&mut connection, "GET", "/v3/database/list", None).0, 503);
    let server = again(server, home.path(), &[]);
    let mut connection = server.connect();
    assert_eq!(status(&mut connection), "ok");
    let rules = ok(&mut connection, "GET", "/_sandbox/faults", None)["faults"].clone();
    let ids: Vec<_> = rules.as_array().unwrap().iter().map(|rule| rule["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [first["id"].as_u64().unwrap() + 1], "the used one is gone, the other has its id");
}

#[test]
fn flags_win_over_what_is_kept_and_do_not_add_up() {
    let home = tempfile::tempdir().unwrap();
    let fault = ["--fault", r#"{"kind":"status","path":"/nowhere"}"#, "--settle", "never"];
    let server = serve(home.path(), &fault);
    let server = again(server, home.path(), &fault);
    let mut connection = server.connect();
    let rules = ok(&mut connection, "GET", "/_sandbox/faults", None);
    assert_eq!(rules["faults"].as_array().unwrap().len(), 1);
    let settle =
        |connection: &mut Connection| ok(connection, "GET", "/_sandbox/settle", None)["settle"].clone();
    assert_eq!(settle(&mut connection), "never");
    let server = again(server, home.path(), &["--settle", "now"]);
    let server = again(server, home.path(), &[]);
    let mut connection = server.connect();
    assert_eq!(settle(&mut connection), "now", "the flag of the run before");
    ok(&mut connection, "POST", "/_sandbox/reset", Some(json!({})));
    assert_eq!(settle(&mut connection), "now", "also after a reset");
}

#[test]
fn nothing_that_is_taken_in_keeps_a_folder_from_being_opened() {
    let home = tempfile::tempdir().unwrap();
    let mut server = serve(home.path(), &["--settle", "now"]);
    let mut connection = server.connect();
    let deep = |levels: usize| (1..levels).fold(json!([]), |inside, _| json!([inside]));
    let folders = format!("{PS}/folders");
    let (status, answer) = ask(&mut connection, "POST", &folders, Some(deep(120)));
    assert!(status == 400 && answer.to_string().contains("100 levels"), "{answer}");
    ask(&mut connection, "POST", &folders, Some(deep(100)));
    let rule = (0..45).fold(
        json!({"type": "And", "conditions": []}),
        |rule, _| json!({"type": "And", "conditions": [rule]}),
    );
    ask(&mut connection, "POST", &format!("{PS}/segments"), Some(json!({"name": "deep", "rule": rule})));

    let setting = json!({"keyColumns": [{"name": "td_client_id"}], "batchAttributes": [], "extLookupKey": null,
        "eventTables": [{"database": "web_events", "table": "pageviews"}]});
    ok(&mut connection, "PATCH", &format!("{PS}/realtime_setting"), Some(setting));
    let event =
        json!({"name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
    let event = ok(&mut connection, "POST", &format!("{PS}/realtime_key_events"), Some(event))["id"].clone();
    let attributes = format!("{PS}/realtime_attributes");
    let counter = |name: &str, extra: Value| {
        let mut counter = json!({"name": name, "identifier": name, "type": "counter", "realtimeKeyEventId": event,
            "increment": {"type": "field", "value": "price"}});
        counter.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        counter
    };
    let day = json!({"value": 1, "unit": "day"});
    ok(&mut connection, "POST", &attributes, Some(counter("total", json!({"counterType": "total"}))));
    ok(
        &mut connection,
        "POST",
        &attributes,
        Some(counter("sliding", json!({"counterType": "sliding", "duration": day}))),
    );
    let list = json!({"name": "list", "identifier": "list", "type": "list", "realtimeKeyEventId": event,
        "idColumn": "product_id", "fields": ["deep"], "aggregations": []});
    ok(&mut connection, "POST", &attributes, Some(list));
    for client in ["u1", "u2", "u1"] {
        let event = json!({"time": NOW, "td_client_id": client, "price": 1.7e308, "product_id": "p", "deep": deep(90)});
        ok(&mut connection, "POST", "/web_events/pageviews", Some(json!({"events": [event]})));
    }
    let profile = |server: &Process, client: &str| {
        ok(&mut server.connect(), "GET", &format!("/_sandbox/profiles?ps=394649&td_client_id={client}"), None)
    };
    let before = ["u1", "u2"].map(|client| profile(&server, client));
    assert_eq!(before[0]["attributes"][0]["identifier"], "total", "{}", before[0]);
    // Once after a kill, once after the journal was written.
    server = again(server, home.path(), &[]);
    assert_eq!(["u1", "u2"].map(|client| profile(&server, client)), before);
    let mut connection = server.connect();
    ok(&mut connection, "POST", "/_sandbox/snapshots", Some(json!({"name": "a"})));
    ok(&mut connection, "POST", "/_sandbox/snapshots/a/restore", Some(json!({})));
    assert_eq!(["u1", "u2"].map(|client| profile(&server, client)), before);
}

#[test]
fn what_is_not_a_state_is_left_as_it_was_and_what_a_kill_left_behind_goes() {
    let home = tempfile::tempdir().unwrap();
    drop(serve(home.path(), &[]));
    let left = home.path().join("state/snapshots/.saving-x");
    std::fs::create_dir_all(&left).unwrap();
    drop(serve(home.path(), &[]));
    assert!(!left.exists());
    let foreign = home.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    let file = foreign.join("state.sqlite3");
    rusqlite::Connection::open(&file).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    let before = std::fs::read(&file).unwrap();
    let error = Process::try_start(home.path(), &["--state", "foreign"]).err().unwrap();
    assert!(error.contains("not the state of a sandbox"), "{error}");
    assert!(std::fs::read(&file).unwrap() == before);
    let error = Process::try_start(home.path(), &["--state", "foreign/state.sqlite3"]).err().unwrap();
    assert!(error.contains("--state takes a folder"), "{error}");
}

#[test]
fn records_of_tables_are_kept_before_the_answer() {
    let home = tempfile::tempdir().unwrap();
    let mut server = serve(home.path(), &[]);
    let mut sent = 0;
    for round in 0..3 {
        let mut connection = server.connect();
        for _ in 0..5 {
            let event = json!({"td_client_id": "kept"});
            ok(&mut connection, "POST", "/web_events/pageviews", Some(json!({"events": [event]})));
            sent += 1;
        }
        // Once with all records in lines, then with some in the database.
        server = again(server, home.path(), &[]);
        let mut connection = server.connect();
        let query = json!({"query": "SELECT count(*) FROM pageviews WHERE td_client_id = 'kept'"});
        let job = ok(&mut connection, "POST", "/v3/job/issue/trino/web_events", Some(query));
        let id = job["job_id"].as_str().unwrap();
        let mut status =
            || ok(&mut connection, "GET", &format!("/v3/job/status/{id}"), None)["status"].clone();
        while [json!("queued"), json!("running")].contains(&status()) {}
        assert_eq!(status(), "success");
        let path = format!("/v3/job/result/{id}?format=json");
        assert_eq!(ok(&mut connection, "GET", &path, None), json!([sent]), "{round}");
    }
}

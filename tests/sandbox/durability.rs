//! `--state`: what was acknowledged is there after `kill -9`; `TDX_RT_KILLS` is how often it is killed.

use super::NOW;
use crate::common::Random;
use crate::common::process::{Connection, Process};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const PS: &str = "/audiences/394649";
const WRITERS: usize = 4;

/// What one writer has requested, and what of it was acknowledged.
#[derive(Debug, Default)]
struct Record {
    /// Events by client: acknowledged, sent.
    events: BTreeMap<String, (u64, u64)>,
    /// Names of services whose creation was acknowledged, with the last description that was, and
    /// the last that was sent.
    services: BTreeMap<String, (u64, u64)>,
    /// Names of services whose creation was sent and not acknowledged.
    perhaps: BTreeSet<String>,
    /// Names of services whose deletion was acknowledged.
    deleted: BTreeSet<String>,
    /// Ids that were given out.
    ids: Vec<u64>,
}

/// A counter and a list that every event feeds, a personalization that shows the counter, a token.
struct Shop {
    token: String,
    personalization: String,
}

#[track_caller]
fn made(connection: &mut Connection, path: &str, body: Value) -> Value {
    let (status, answer) = connection.request("POST", path, Some(&body), &[]).unwrap();
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

fn id(answer: &Value) -> String {
    let id = answer.pointer("/data/id").or_else(|| answer.get("id")).and_then(Value::as_str);
    id.unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

fn set_up(connection: &mut Connection) -> Shop {
    let setting = json!({"keyColumns": [{"name": "td_client_id"}], "batchAttributes": [], "extLookupKey": null,
        "eventTables": [{"database": "web_events", "table": "pageviews"}]});
    let (status, answer) =
        connection.request("PATCH", &format!("{PS}/realtime_setting"), Some(&setting), &[]).unwrap();
    assert_eq!(status, 200, "{answer}");
    let event =
        json!({"name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
    let event = id(&made(connection, &format!("{PS}/realtime_key_events"), event));
    let attributes = format!("{PS}/realtime_attributes");
    let counter = json!({"name": "views", "identifier": "views", "type": "counter", "counterType": "total",
        "realtimeKeyEventId": event, "filterRule": {"type": "And", "conditions": []},
        "increment": {"type": "const", "value": 1}});
    let counter = id(&made(connection, &attributes, counter));
    let list = json!({"name": "seen", "identifier": "seen", "type": "list", "realtimeKeyEventId": event,
        "filterRule": {"type": "And", "conditions": []}, "idColumn": "product_id", "maxItems": 20,
        "aggregations": [{"name": "i", "identifier": "i", "aggregationType": "distinct_list", "column": "product_id"}]});
    made(connection, &attributes, list);
    let section = json!({"name": "All", "payload": {"0123456789abcdef0123456789abcdef": {
        "type": "ResponseNode", "name": "r", "definition": {
            "attributePayload": [{"realtimeAttributeId": counter, "outputName": "views"}],
            "segmentPayload": null, "stringBuilder": null}}},
        "entryCriteria": {"name": "c", "keyEventCriteria": {"keyEventId": event, "keyEventFilters": {}}}});
    let body = json!({"attributes": {"audienceId": "394649", "name": "web", "description": null, "sections": [section]}});
    let personalization = id(&made(connection, "/entities/realtime_personalizations", body));
    let services = format!("{PS}/realtime_personalization_services");
    let service = id(&made(connection, &services, json!({"name": "web"})));
    let token = made(connection, &format!("{services}/{service}/tokens"), json!({"name": "t"}));
    Shop { token: token["value"].as_str().unwrap().to_owned(), personalization }
}

/// Sends one request after another until the connection breaks.
fn write(
    port: u16,
    key: &str,
    shop: &Shop,
    mine: &str,
    record: &mut Record,
    acknowledged: impl Fn(),
) -> std::io::Result<()> {
    let mut connection = Connection::open(port, key)?;
    let services = format!("{PS}/realtime_personalization_services");
    for step in 0.. {
        let client = format!("{mine}-{}", step % 3);
        let event = json!({"time": NOW, "uuid": "b82aad42-481b-4ca7-87c0-848a34f3c85f",
            "td_client_id": client, "product_id": format!("p{step}")});
        record.events.entry(client.clone()).or_default().1 += 1;
        let sent = connection.request(
            "POST",
            "/web_events/pageviews",
            Some(&event),
            &[("wp13n-token", &shop.token)],
        )?;
        assert_eq!(sent.0, 200, "{}", sent.1);
        record.events.entry(client).or_default().0 += 1;
        acknowledged();
        if step % 4 != 0 {
            continue;
        }
        let name = format!("{mine}-{step}");
        record.perhaps.insert(name.clone());
        let (status, answer) =
            connection.request("POST", &services, Some(&json!({"name": name, "description": "0"})), &[])?;
        assert_eq!(status, 200, "{answer}");
        record.perhaps.remove(&name);
        record.services.insert(name.clone(), (0, 0));
        let service = id(&answer);
        record.ids.push(service.parse().unwrap());
        let one = format!("{services}/{service}");
        for description in 1..=2 {
            record.services.get_mut(&name).unwrap().1 = description;
            let body = json!({"name": name, "description": description.to_string()});
            let (status, answer) = connection.request("PATCH", &one, Some(&body), &[])?;
            assert_eq!(status, 200, "{answer}");
            record.services.get_mut(&name).unwrap().0 = description;
            acknowledged();
        }
        if step % 8 == 0 {
            let left = record.services.remove(&name);
            record.perhaps.insert(name.clone());
            let (status, answer) = connection.request("DELETE", &one, None, &[])?;
            assert_eq!((status, left.is_some()), (200, true), "{answer}");
            record.perhaps.remove(&name);
            record.deleted.insert(name);
            acknowledged();
        }
    }
    Ok(())
}

/// Compares the state with what was acknowledged.
fn check(connection: &mut Connection, shop: &Shop, record: &Record) {
    for (client, (acknowledged, sent)) in &record.events {
        let path = format!("{PS}/personalizations/{}?td_client_id={client}", shop.personalization);
        let (status, answer) = connection.request("GET", &path, None, &[]).unwrap();
        let views = answer["views"].as_u64().unwrap_or(0);
        assert_eq!(status, 200, "{answer}");
        assert!((*acknowledged..=*sent).contains(&views), "{client}: {views} of {acknowledged}..={sent}");
    }
}

fn check_services(connection: &mut Connection, records: &[Record]) {
    let path = format!("{PS}/realtime_personalization_services?page[size]=1000");
    let (status, answer) = connection.request("GET", &path, None, &[]).unwrap();
    assert_eq!((status, &answer["pagination"]["nextPage"]), (200, &Value::Null));
    let mut found = BTreeMap::new();
    for service in answer["data"].as_array().unwrap() {
        let description: Option<u64> = service["description"].as_str().and_then(|text| text.parse().ok());
        let name = service["name"].as_str().unwrap().to_owned();
        assert!(found.insert(name, description).is_none(), "twice: {service}");
    }
    for record in records {
        for (name, (acknowledged, sent)) in &record.services {
            let there = found.get(name).copied().flatten();
            assert!(there.is_some_and(|d| (*acknowledged..=*sent).contains(&d)), "{name}: {there:?}");
        }
        let gone = record.deleted.iter().find(|name| found.contains_key(*name));
        assert_eq!(gone, None, "it came back");
    }
}

/// Lets writers write until so many answers have come, then kills the server under them.
fn load_and_kill(server: &mut Process, shop: &Shop, round: usize, answers: usize) -> Vec<Record> {
    let (port, key) = (server.port, server.api_key.clone());
    let count = AtomicUsize::new(0);
    let server = Mutex::new(server);
    let acknowledged = || {
        if count.fetch_add(1, Ordering::Relaxed) + 1 == answers {
            assert!(server.lock().unwrap().kill(), "it was alive");
        }
    };
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (key, acknowledged) = (key.as_str(), &acknowledged);
                scope.spawn(move || {
                    let mut record = Record::default();
                    let mine = format!("r{round}w{writer}");
                    assert!(write(port, key, shop, &mine, &mut record, acknowledged).is_err());
                    record
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    })
}

fn serve(home: &Path) -> Process {
    let mut server = Process::try_start(home, &["--state", "state", "--settle", "now"]);
    // The lock of a killed process goes with it, a moment after it.
    for _ in 0..100 {
        match server {
            Ok(server) => return server,
            Err(error) if error.contains("another sandbox") => thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
        server = Process::try_start(home, &["--state", "state", "--settle", "now"]);
    }
    panic!("the state stays locked");
}

#[test]
fn every_acknowledged_write_survives_a_kill_under_load() {
    let home = tempfile::tempdir().unwrap();
    let mut random = Random(7);
    let mut server = serve(home.path());
    let shop = set_up(&mut server.connect());
    let mut all: Vec<Record> = Vec::new();
    let kills = std::env::var("TDX_RT_KILLS").map_or(50, |text| text.parse().unwrap());
    for round in 0..kills {
        let answers = 1 + usize::try_from(random.below(60)).unwrap();
        let records = load_and_kill(&mut server, &shop, round, answers);
        server = serve(home.path());
        let mut connection = server.connect();
        records.iter().for_each(|record| check(&mut connection, &shop, record));
        check_services(&mut connection, &records);
        let last = all.iter().flat_map(|record| &record.ids).max().copied().unwrap_or(0);
        assert!(
            records.iter().flat_map(|record| &record.ids).all(|id| *id > last),
            "an id was given out again"
        );
        all.extend(records);
    }
    // Nothing of the earlier rounds has been lost later.
    let mut connection = server.connect();
    all.iter().for_each(|record| check(&mut connection, &shop, record));
    check_services(&mut connection, &all);
}

#[test]
fn what_cannot_be_written_is_not_acknowledged() {
    let home = tempfile::tempdir().unwrap();
    let state = ["--state", "state", "--settle", "now"];
    // Files of at most half a megabyte: the state file is full before long.
    let mut server = Process::start_after(home.path(), "ulimit -f 1024; trap '' XFSZ", &state);
    let mut connection = server.connect();
    let folders = format!("{PS}/folders");
    let mut acknowledged = BTreeSet::new();
    let refused = (0..100).find_map(|number| {
        let name = format!("folder {number}");
        let body = json!({"name": name, "description": "x".repeat(50_000)});
        let (status, answer) = connection.request("POST", &folders, Some(&body), &[]).unwrap();
        match status {
            200 => {
                acknowledged.insert(name);
                None
            }
            _ => Some((status, answer.to_string())),
        }
    });
    let (status, answer) = refused.expect("the file is full");
    assert!(status == 500 && answer.contains("not safe") && answer.contains("state.sqlite3"), "{answer}");
    assert!(!acknowledged.is_empty());
    assert!(server.kill(), "it goes on living");
    let (_, there) = serve(home.path()).connect().request("GET", &folders, None, &[]).unwrap();
    let there: BTreeSet<&str> =
        there.as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert!(acknowledged.iter().all(|name| there.contains(name.as_str())), "{acknowledged:?}");
}

#[test]
fn a_state_folder_is_one_sandboxs_and_of_this_version_or_an_earlier_one() {
    let home = tempfile::tempdir().unwrap();
    let server = serve(home.path());
    let error = Process::try_start(home.path(), &["--state", "state"]).err().unwrap();
    assert!(error.contains("another sandbox has the state file"), "{error}");
    drop(server);
    let file = home.path().join("state/state.sqlite3");
    let database = rusqlite::Connection::open(&file).unwrap();
    database.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(database);
    let before = std::fs::read(&file).unwrap();
    let error = Process::try_start(home.path(), &["--state", "state"]).err().unwrap();
    assert!(error.contains("form 99, made by a later tdx-rt"), "{error}");
    assert!(std::fs::read(&file).unwrap() == before, "it is left as it was");
}

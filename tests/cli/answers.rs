//! Answers in other forms than the contract's: each field of each recorded answer in another type,
//! `null` and absent, under every command that reads it.

use super::{PS, Written};
use crate::common::{Output, Platform, Tdx};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

/// What there is: something of everything that commands read.
const OFFERS: &str = include_str!("../../examples/web-personalization.yaml");
const PLAN: &str = include_str!("../../examples/triggers.yaml");

/// The commands; `FILE` is the plan.
const COMMANDS: &[&[&str]] = &[
    &["ps-check", PS],
    &["ps-check"],
    &["discover", "databases"],
    &["discover", "tables", "web_events"],
    &["discover", "columns", "web_events.pageviews"],
    &["discover", "keys", "web_events"],
    &["discover", "attributes", "--ps", PS],
    &["discover", "--use-case", "web", "--database", "web_events", "--ps", PS],
    &["rt-events", "list", "--ps", PS],
    &["rt-keys", "list", "--ps", PS],
    &["rt-attrs", "list", "--ps", PS],
    &["pz-create", "list", "--ps", PS],
    &["journey-create", "list", "--ps", PS],
    &["export", "--ps", PS],
    &["graph", "--ps", PS, "--format", "json"],
    &["diff", "-f", "FILE"],
    &["validate", "--live", "-f", "FILE"],
];

/// Fields without which there is nothing to go on with: what tells things apart, what a rule refers to,
/// and what a write would bring back and must therefore be known. Everything else may be of any type,
/// `null` or absent. By name, in any place.
const NEEDED: &[&str] = &[
    "actions",
    "aggregationType",
    "aggregations",
    "allowedIps",
    "attributePayload",
    "attributes",
    "audienceId",
    "backfill",
    "batchAttributes",
    "column",
    "connectionId",
    "connector",
    "connectorType",
    "counterType",
    "data",
    "dataType",
    "database",
    "databaseName",
    "databases",
    "definition",
    "duration",
    "entryCriteria",
    "eventTables",
    "exitCriterias",
    "extLookupKey",
    "fields",
    "filterRule",
    "goal",
    "id",
    "idColumn",
    "identifier",
    "increment",
    "invalidTexts",
    "keyColumns",
    "keyEventCriteria",
    "keyEventFilters",
    "keyEventId",
    "milestone",
    "name",
    "nextPage",
    "outputName",
    "pagination",
    "payload",
    "profileCriteria",
    "realtimeAttributeId",
    "realtimeJourneyStages",
    "realtimeKeyEventId",
    "reentryMode",
    "rootStep",
    "schema",
    "sections",
    "segmentFolderId",
    "segmentPayload",
    "stepUuid",
    "steps",
    "stringBuilder",
    "subAttributeIdentifier",
    "subDurations",
    "table",
    "tableName",
    "tables",
    "tokens",
    "type",
    "unit",
    "validRegexp",
    "value",
    "valueColumn",
];

/// Rules have a language of their own that is kept word for word, whatever it says.
const RULES: [&str; 3] = ["filterRule", "keyEventFilters", "profileCriteria"];

/// Recorded answers by target, served as they are changed at the moment.
pub struct Recorded {
    url: String,
    answers: Arc<Mutex<BTreeMap<String, Value>>>,
}

impl Recorded {
    /// With this `Date`, where one is given.
    pub fn serve(answers: BTreeMap<String, Value>, date: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answers = Arc::new(Mutex::new(answers));
        let shared = Arc::clone(&answers);
        let head = date.map_or_else(String::new, |date| format!("date: {date}\r\n"));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, head) = (Arc::clone(&shared), head.clone());
                thread::spawn(move || respond(&stream, &shared, &head));
            }
        });
        Recorded { url, answers }
    }

    /// The binary, set up to talk to it.
    pub fn tdx(&self, arguments: &[&str]) -> Tdx {
        let key = "1/0123456789abcdef0123456789abcdef01234567";
        Tdx::new(arguments).env("TDX_RT_ENDPOINT", &self.url).env("TDX_API_KEY", key)
    }

    fn set(&self, target: &str, answer: Value) {
        self.answers.lock().unwrap().insert(target.to_owned(), answer);
    }
}

/// Answers the requests of one connection.
fn respond(mut stream: &TcpStream, answers: &Mutex<BTreeMap<String, Value>>, headers: &str) {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    loop {
        let length = |head: &str| -> usize {
            let length = |line: &str| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok();
            head.lines().find_map(length).unwrap_or(0)
        };
        let target = match text.split_once("\r\n\r\n") {
            Some((head, rest)) if rest.len() >= length(head) => {
                let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
                text = rest[length(head)..].to_owned();
                target
            }
            _ => match stream.read(&mut buffer) {
                Ok(read) if read > 0 => {
                    text.push_str(&String::from_utf8_lossy(&buffer[..read]));
                    continue;
                }
                _ => return,
            },
        };
        let (status, body) = match answers.lock().unwrap().get(&target) {
            Some(body) => ("200 OK", body.to_string()),
            None => {
                ("404 Not Found", json!({"code": "not_found", "message": "Record not found"}).to_string())
            }
        };
        let answer = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The paths to the fields of an answer, `*` for every element of a list.
fn fields(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| fields(item, &format!("{at}/*"), found)),
        Value::Object(map) => {
            for (name, value) in map {
                let at = format!("{at}/{name}");
                fields(value, &at, found);
                found.insert(at);
            }
        }
        _ => {}
    }
}

/// Changes every field that a path leads to; `None` takes it away.
fn change(value: &mut Value, path: &[&str], new: &dyn Fn(&Value) -> Option<Value>) {
    let [name, rest @ ..] = path else { return };
    match value {
        Value::Array(items) if *name == "*" => items.iter_mut().for_each(|item| change(item, rest, new)),
        Value::Object(map) if rest.is_empty() => {
            let Some(old) = map.get(*name) else { return };
            match new(old) {
                Some(new) => drop(map.insert((*name).to_owned(), new)),
                None => drop(map.remove(*name)),
            }
        }
        Value::Object(map) => {
            if let Some(inside) = map.get_mut(*name) {
                change(inside, rest, new);
            }
        }
        _ => {}
    }
}

/// A value of another type that says the same, where one can.
fn respelled(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Number(_) | Value::Bool(_) => value.to_string().into(),
        Value::String(text) => match text.parse::<u64>() {
            Ok(number) => number.into(),
            Err(_) => json!(7),
        },
        other => other.to_string().into(),
    })
}

type Change = fn(&Value) -> Option<Value>;
const CHANGES: [(&str, Change); 5] = [
    ("null", |_| Some(Value::Null)),
    ("absent", |_| None),
    ("respelled", respelled),
    ("an object", |_| Some(json!({"x": 1}))),
    ("a list", |_| Some(json!([1]))),
];

/// The recorded answers, and the commands that read each, by their places in [`COMMANDS`].
static RECORDED: LazyLock<(Answers, Readers)> = LazyLock::new(record);
type Answers = BTreeMap<String, Value>;
type Readers = BTreeMap<String, Vec<usize>>;

fn words<'a>(command: &[&'a str], plan: &'a str) -> Vec<&'a str> {
    command.iter().map(|word| if *word == "FILE" { plan } else { *word }).collect()
}

fn record() -> (Answers, Readers) {
    let platform = Platform::start();
    let plan = Written::new("plan.yaml", OFFERS);
    for text in [PLAN, OFFERS] {
        platform.tdx(&["apply", "--interval", "5ms"]).stdin(text).run().document();
    }
    let (mut answers, mut readers) = (Answers::new(), Readers::new());
    for (place, command) in COMMANDS.iter().enumerate() {
        platform.forget_requests();
        let output = platform.tdx(&words(command, plan.path())).run();
        assert_eq!(output.code, 0, "{command:?}: {output:?}");
        for line in platform.requests() {
            let target = line.strip_prefix("GET ").expect("only reads").to_owned();
            let places = readers.entry(target).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    for target in readers.keys() {
        if let (200, answer) = platform.request("GET", target, None) {
            answers.insert(target.clone(), answer);
        }
    }
    platform.stop();
    (answers, readers)
}

/// It ended well, or said which answer it cannot read.
fn check(output: &Output, needed: bool, target: &str, what: &str) {
    match output.code {
        0 => {}
        9 if needed => {
            let error = output.error(9, "server");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("not what the contract says"), "{what}: {message}");
        }
        // What cannot be recognized is not there for a plan.
        2 | 3 | 6 if needed => drop(serde_json::from_str::<Value>(&output.stderr).expect("an error")),
        _ => panic!("{target} {what}: {output:?}"),
    }
}

#[test]
fn a_field_of_another_type_null_or_absent_stops_no_command_that_can_go_on() {
    let plan = Written::new("plan.yaml", OFFERS);
    let (answers, readers) = &*RECORDED;
    let server = Recorded::serve(answers.clone(), None);
    let (mut free_fields, mut runs) = (0, 0);
    for (target, answer) in answers {
        let mut paths = BTreeSet::new();
        fields(answer, "", &mut paths);
        let paths: Vec<Vec<&str>> = paths.iter().map(|path| path.split('/').skip(1).collect()).collect();
        let in_a_rule = |path: &Vec<&str>| path.iter().rev().skip(1).any(|name| RULES.contains(name));
        let is_needed = |path: &Vec<&str>| {
            // A payload's nodes are keyed by their ids.
            let parent = path.iter().rev().nth(1).copied().unwrap_or_default();
            parent == "payload" || path.last().is_some_and(|name| NEEDED.contains(name))
        };
        let (needed, free): (Vec<_>, Vec<_>) =
            paths.iter().filter(|path| !in_a_rule(path)).partition(|path| is_needed(path));
        free_fields += free.len();
        for (what, new) in CHANGES {
            let mut changed = answer.clone();
            free.iter().rev().for_each(|path| change(&mut changed, path, &new));
            server.set(target, changed);
            for place in &readers[target] {
                let command = words(COMMANDS[*place], plan.path());
                check(&server.tdx(&command).run(), false, target, &format!("{what}: {command:?}"));
                runs += 1;
            }
            // One unreadable form is enough where it is an error anyway.
            let ways = ["null", "an object"];
            for (_, path) in needed.iter().enumerate().filter(|(index, _)| ways[index % 2] == what) {
                let mut changed = answer.clone();
                change(&mut changed, path, &new);
                server.set(target, changed);
                let command = words(COMMANDS[readers[target][0]], plan.path());
                check(&server.tdx(&command).run(), true, target, &format!("{path:?} {what}: {command:?}"));
                runs += 1;
            }
        }
        server.set(target, answer.clone());
    }
    assert!(free_fields > 100 && runs > 200, "{free_fields} fields, {runs} runs");
}

/// Ids are digits; whether as a string or as a number makes no difference.
#[test]
fn ids_may_be_numbers() {
    let plan = Written::new("plan.yaml", OFFERS);
    let (answers, _) = &*RECORDED;
    let server = Recorded::serve(answers.clone(), None);
    let run = || -> Vec<Output> {
        COMMANDS.iter().map(|command| server.tdx(&words(command, plan.path())).run()).collect()
    };
    let before = run();
    for (target, answer) in answers {
        let mut changed = answer.clone();
        let mut paths = BTreeSet::new();
        fields(answer, "", &mut paths);
        let id = |path: &&Vec<&str>| path.last().is_some_and(|name| *name == "id" || name.ends_with("Id"));
        let paths: Vec<Vec<&str>> = paths.iter().map(|path| path.split('/').skip(1).collect()).collect();
        let number = |old: &Value| {
            Some(old.as_str().and_then(|text| text.parse::<u64>().ok()).map_or(old.clone(), Value::from))
        };
        paths.iter().filter(id).for_each(|path| change(&mut changed, path, &number));
        server.set(target, changed);
    }
    for (command, (before, after)) in COMMANDS.iter().zip(before.iter().zip(run())) {
        assert_eq!((before.code, &before.stdout), (after.code, &after.stdout), "{command:?}: {after:?}");
        assert_eq!(before.code, 0, "{command:?}");
    }
}

/// Every table has `time`, whether its schema lists it or not.
#[test]
fn a_schema_need_not_list_time() {
    let text = OFFERS.replacen("    table: pageviews\n", "    table: pageviews\n    where: time > 5\n", 1);
    assert_ne!(text, OFFERS);
    let timed = Written::new("timed.yaml", &text);
    let mut answers = RECORDED.0.clone();
    let without = |table: &mut Value| {
        let Some(schema) = table.get("schema").and_then(Value::as_str) else { return };
        let mut columns: Vec<Value> = serde_json::from_str(schema).unwrap();
        columns.retain(|column| column[0] != "time");
        table["schema"] = json!(columns).to_string().into();
    };
    for answer in answers.values_mut() {
        without(answer);
        let tables = answer.get_mut("tables").and_then(Value::as_array_mut);
        tables.into_iter().flatten().for_each(without);
    }
    let server = Recorded::serve(answers, None);
    let output = server.tdx(&["validate", "--live", "-f", timed.path()]).run();
    assert!(output.code == 0 && !output.stdout.contains("unknown-column"), "{output:?}");
    let columns = server.tdx(&["discover", "columns", "web_events.pageviews", "--jq", ".[].name"]).run();
    assert!(columns.code == 0 && !columns.stdout.contains("time"), "{columns:?}");
    let proposed =
        server.tdx(&["discover", "--use-case", "web", "--database", "web_events", "--ps", PS]).run();
    assert_eq!(proposed.code, 0, "{proposed:?}");
}

#[test]
fn a_create_may_answer_its_id_as_a_number_and_nothing_else() {
    let mut served = RECORDED.0.clone();
    let events = format!("/audiences/{PS}/realtime_key_events");
    served.insert(events, json!({"id": 4_711}));
    let server = Recorded::serve(served, None);
    let made = server.tdx(&["rt-events", "--ps", PS, "--event", "another=web_events.pageviews"]).run();
    assert_eq!(made.code, 0, "{made:?}");
    let document: Value = serde_json::from_str(&made.stdout).unwrap();
    let event =
        document["events"].as_array().unwrap().iter().find(|event| event["name"] == "another").unwrap();
    assert_eq!((&event["id"], &event["action"]), (&json!("4711"), &json!("created")), "{document}");
}

//! The server: POST an event, read its offers, over 32 kept-alive connections on loopback, the load
//! from the same cores. `cargo bench --bench server [-- SECONDS]`.
//!
//! Four servers in one run, so that their ratios count: axum that parses the body, axum over the bare
//! engine, the sandbox in memory, and the sandbox with a state folder, where every answer waits until
//! its event is safe. Needs `harness = false`.

mod common;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use common::amounts;
use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tdx_rt::platform::wire::EventTable;
use tdx_rt::sandbox::engine::{Config, NoBatch, Profiles, Program};
use tdx_rt::sandbox::{Options, Running, Settle, start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CONNECTIONS: u64 = 32;
const PEOPLE: u64 = 100_000;
const PS: &str = "/audiences/394649";
const NOW: i64 = 1_761_955_200;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for seconds in amounts(&[5], &[1]) {
        runtime.block_on(all(seconds));
    }
}

async fn all(seconds: u64) {
    // The parser's answer counts the fields of the event.
    let parsing = serve(Router::new().route("/web_events/pageviews", post(parse))).await;
    let bare = measure("axum, parsing only", parsing, "", seconds, r#"{"offers":10}"#).await;
    let engine = Arc::new((program(), Mutex::new(Profiles::default())));
    let router = Router::new().route("/web_events/pageviews", post(ingest)).with_state(Arc::clone(&engine));
    let rate = measure("axum, bare engine", serve(router).await, "", seconds, OFFER).await;
    assert!(!engine.1.lock().unwrap().is_empty(), "the engine keeps profiles");
    let options = || Options { settle: Settle::Immediately, ..Options::default() };
    let memory = start(options()).await.unwrap();
    let token = set_up(&memory).await;
    let in_memory = measure("sandbox, in memory", memory.port, &token, seconds, OFFER).await;
    memory.stop().await;
    let folder = tempfile::tempdir().unwrap();
    let kept = start(Options { state: Some(folder.path().to_owned()), ..options() }).await.unwrap();
    let token = set_up(&kept).await;
    let durable = measure("sandbox, --state", kept.port, &token, seconds, OFFER).await;
    kept.stop().await;
    let percent = |part: f64| 100.0 * part / rate;
    println!("engine {:.0} % of parsing", 100.0 * rate / bare);
    println!("in memory {:.0} %, --state {:.0} % of the bare engine", percent(in_memory), percent(durable));
}

/// A part of each answer with this bench's offer.
const OFFER: &str = r#""All":{"attributes":{"last":"p"#;

async fn serve(router: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

async fn parse(body: String) -> String {
    let event: Map<String, Value> = serde_json::from_str(&body).expect("an event");
    json!({"offers": event.len()}).to_string()
}

async fn ingest(State(engine): State<Arc<(Program, Mutex<Profiles>)>>, body: String) -> String {
    let event: Map<String, Value> = serde_json::from_str(&body).expect("an event");
    let table = EventTable::new("web_events", "pageviews");
    let mut profiles = engine.1.lock().expect("no other request has failed");
    let ingested = profiles.ingest(&engine.0, &NoBatch, &table, &event, NOW);
    drop(profiles);
    json!({"offers": ingested.offers}).to_string()
}

/// Requests a second; prints them with the latencies. Each connection's last answer holds `expected`.
async fn measure(name: &str, port: u16, token: &str, seconds: u64, expected: &str) -> f64 {
    let over = Arc::new(AtomicBool::new(false));
    let number = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (over, number, token) = (Arc::clone(&over), Arc::clone(&number), token.to_owned());
            tokio::spawn(async move { client(port, &token, &over, &number).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    over.store(true, Ordering::Relaxed);
    let mut taken = Vec::new();
    for client in clients {
        let (times, last) = client.await.expect("it has not panicked").expect("the server answers");
        assert!(last.contains(expected), "{name}: no {expected} in {last}");
        taken.extend(times);
    }
    let rate = taken.len() as f64 / begun.elapsed().as_secs_f64();
    taken.sort_unstable();
    let at = |part: usize| f64::from(taken[taken.len() * part / 1_000]) / 1_000.0;
    println!(
        "{name}: {rate:.0} requests/s, p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms",
        at(500),
        at(990),
        at(999)
    );
    rate
}

/// Microseconds of each request, and the last answer.
async fn client(
    port: u16,
    token: &str,
    over: &AtomicBool,
    number: &AtomicU64,
) -> std::io::Result<(Vec<u32>, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut taken = Vec::new();
    let mut answer = vec![0; 64 * 1024];
    let mut last = 0;
    while !over.load(Ordering::Relaxed) {
        let body = event(number.fetch_add(1, Ordering::Relaxed));
        let request = format!(
            "POST /web_events/pageviews HTTP/1.1\r\nhost: localhost\r\nauthorization: TD1 {KEY}\r\n\
             wp13n-token: {token}\r\ncontent-type: application/vnd.treasuredata.v1+json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let begun = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        let mut length = 0;
        loop {
            let read = stream.read(&mut answer[length..]).await?;
            length += read;
            // Not UTF-8 as long as a character is cut in two.
            let whole = std::str::from_utf8(&answer[..length]).is_ok_and(is_whole);
            if read == 0 || whole {
                break;
            }
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer[..length]));
        taken.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        last = length;
    }
    Ok((taken, String::from_utf8_lossy(&answer[..last]).into_owned()))
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.parse().ok()).is_some_and(|length: usize| body.len() >= length)
}

const KEY: &str = "1/74647872742d73616e64626f782d6b65792d3031";

/// Written by hand: the load must use little of the CPU that it shares with the servers.
fn event(number: u64) -> String {
    let random = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) >> 33;
    let (user, product, price) = (random % PEOPLE, random % 97, random % 500);
    format!(
        r#"{{"time":{NOW},"uuid":"b82aad42-481b-4ca7-87c0-848a34f3c85f","td_client_id":"client-{user:012}","email":"user{user}@example.com","customer_id":"c{user}","td_path":"/product/page","td_title":"A product","product_id":"p{product}","price":{price}.25,"event_name":"view"}}"#
    )
}

fn setting() -> Value {
    json!({"keyColumns": [{"name": "td_client_id"}, {"name": "email"}, {"name": "customer_id"}],
        "eventTables": [{"database": "web_events", "table": "pageviews"}],
        "batchAttributes": [], "extLookupKey": null})
}

fn key_event() -> Value {
    json!({"name": "view", "databaseName": "web_events", "tableName": "pageviews", "filterRule": {
        "type": "And", "conditions": [{"type": "Column", "column": "event_name",
            "operator": {"type": "Equal", "rightValue": "view", "not": false}}]}})
}

/// Five attributes of a key event.
fn attributes(event: &str) -> Vec<Value> {
    let attribute = |name: &str, extra: Value| {
        let mut attribute = json!({"name": name, "identifier": name, "realtimeKeyEventId": event,
            "filterRule": {"type": "And", "conditions": []}});
        if let (Some(map), Value::Object(extra)) = (attribute.as_object_mut(), extra) {
            map.extend(extra);
        }
        attribute
    };
    let day = json!({"value": 1, "unit": "day"});
    vec![
        attribute(
            "last_product",
            json!({"type": "single", "valueColumn": "product_id", "dataType": "string"}),
        ),
        attribute(
            "last_price",
            json!({"type": "single", "valueColumn": "price", "dataType": "number", "duration": day}),
        ),
        attribute(
            "products",
            json!({"type": "list", "idColumn": "product_id", "maxItems": 20, "aggregations": [
            {"name": "i", "identifier": "i", "aggregationType": "distinct_list", "column": "product_id"}]}),
        ),
        attribute(
            "views",
            json!({"type": "counter", "counterType": "total", "increment": {"type": "const", "value": 1}}),
        ),
        attribute(
            "views_day",
            json!({"type": "counter", "counterType": "sliding", "duration": day,
            "increment": {"type": "const", "value": 1},
            "subDurations": [{"name": "s", "identifier": "s", "value": 1, "unit": "hour"}]}),
        ),
    ]
}

fn personalization(event: &str, attributes: &[String]) -> Value {
    let output = |place: usize, sub: Option<&str>, name: &str| {
        let mut output = json!({"realtimeAttributeId": attributes.get(place), "outputName": name});
        if let Some(sub) = sub {
            output["subAttributeIdentifier"] = sub.into();
        }
        output
    };
    json!({"attributes": {"audienceId": "394649", "name": "web", "description": null, "sections": [{
        "name": "All", "entryCriteria": {"name": "c", "keyEventCriteria": {
            "keyEventId": event, "keyEventFilters": {"type": "And", "conditions": []}}},
        "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r", "definition": {
            "attributePayload": [output(0, None, "last"), output(2, Some("i"), "products"), output(3, None, "views"),
                output(4, Some("s"), "hour")],
            "segmentPayload": null, "stringBuilder": null}}}}]}})
}

fn program() -> Program {
    let with_id = |mut value: Value, id: usize| {
        value["id"] = id.to_string().into();
        value
    };
    let attributes: Vec<Value> =
        attributes("1").into_iter().zip(10..).map(|(value, id)| with_id(value, id)).collect();
    let ids: Vec<String> = (10..15).map(|id: usize| id.to_string()).collect();
    let personalization = with_id(personalization("1", &ids), 2);
    let read = |value: Value| serde_json::from_value(value).expect("the configuration is sound");
    let personalization = serde_json::from_value({
        let mut value = personalization;
        value["type"] = "realtime-personalization".into();
        value
    });
    Program::compile(&Config {
        setting: &serde_json::from_value(setting()).expect("the setting is sound"),
        key_events: &[read(with_id(key_event(), 1))],
        attributes: &attributes
            .into_iter()
            .map(|value| serde_json::from_value(value).expect("the attribute is sound"))
            .collect::<Vec<_>>(),
        personalizations: &[personalization.expect("the personalization is sound")],
        journeys: &[],
    })
    .expect("it compiles")
}

/// Sets a sandbox up; a token.
async fn set_up(sandbox: &Running) -> String {
    let port = sandbox.port;
    ask(port, "PATCH", &format!("{PS}/realtime_setting"), &setting()).await;
    let id = |answer: &Value| {
        let id = answer.pointer("/data/id").or_else(|| answer.get("id")).and_then(Value::as_str);
        id.unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
    };
    let event = id(&ask(port, "POST", &format!("{PS}/realtime_key_events"), &key_event()).await);
    let mut ids = Vec::new();
    for attribute in attributes(&event) {
        ids.push(id(&ask(port, "POST", &format!("{PS}/realtime_attributes"), &attribute).await));
    }
    ask(port, "POST", "/entities/realtime_personalizations", &personalization(&event, &ids)).await;
    let services = format!("{PS}/realtime_personalization_services");
    let service = id(&ask(port, "POST", &services, &json!({"name": "web"})).await);
    let token = ask(port, "POST", &format!("{services}/{service}/tokens"), &json!({"name": "t"})).await;
    token["value"].as_str().unwrap_or_else(|| panic!("no token: {token}")).to_owned()
}

async fn ask(port: u16, method: &str, path: &str, body: &Value) -> Value {
    let media = if path.starts_with("/entities") {
        "application/vnd.treasuredata.v1+json"
    } else {
        "application/json"
    };
    let body = body.to_string();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: TD1 {KEY}\r\n\
         content-type: {media}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a whole answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    serde_json::from_str(body).expect("JSON")
}

//! A long time under load: the memory of the sandbox stays what it was, also while a receiver of webhooks fails.
//!
//! `TDX_RT_SOAK_REQUESTS` is how many requests there are: half a million take some minutes.

use crate::cli::plans::plan_of_everything;
use crate::common::process::{Connection, Process};
use crate::common::{Tdx, skipped};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

const CLIENTS: usize = 8;
const PEOPLE: usize = 500;
const EVENTS: &str = "/web_events/pageviews";
/// An event in it makes [`CALLS`] webhooks.
const ORDERS: &str = "/web_events/purchases";
const CALLS: usize = 100;
/// As many events fill what is kept of webhooks: those that wait, and the log of the finished ones.
const FILLING: usize = 20_000 / CALLS;
const INBOX: &str = "/_sandbox/inbox";
const SETTING: &str = "/audiences/394649/realtime_setting";

/// Requests of several clients: events of a few people, listings, a write, something that is refused, an idle
/// connection, and webhooks that fail.
fn load(process: &Process, token: &str, requests: usize) {
    let (_, mut setting) = process.connect().request("GET", SETTING, None, &[]).unwrap();
    for own in ["id", "status", "statusDetailed"] {
        setting.as_object_mut().unwrap().shift_remove(own);
    }
    let failing = json!({"name": "hook", "answers": vec![500; 20_000]});
    together(process, requests, |connection, number| {
        let (expected, status) = match number % 50 {
            0 => (200, ask(connection, "GET", SETTING, None)),
            1 => (200, ask(connection, "GET", "/audiences/394649/realtime_attributes", None)),
            2 => (200, ask(connection, "PATCH", SETTING, Some(&setting))),
            3 => (404, ask(connection, "GET", "/audiences/394649/realtime_attributes/1", None)),
            4 => {
                *connection = process.connect();
                return;
            }
            5 => (200, ask(connection, "POST", INBOX, Some(&failing))),
            6..10 => (200, send(connection, ORDERS, token, number)),
            _ => (200, send(connection, EVENTS, token, number)),
        };
        assert_eq!(status, expected, "request {number}");
    });
}

/// Makes so many requests, by number, on several connections.
fn together(process: &Process, requests: usize, make: impl Fn(&mut Connection, usize) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut connection = process.connect();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= requests {
                        return;
                    }
                    make(&mut connection, number);
                }
            });
        }
    });
}

fn send(connection: &mut Connection, path: &str, token: &str, number: usize) -> u16 {
    let event = json!({"td_client_id": format!("u{}", number % PEOPLE), "product_id": format!("p{}", number % 97),
        "td_path": "/p", "quantity": 2, "time": 1_761_955_200,
        "uuid": format!("00000000-0000-4000-8000-{number:012}")});
    connection.request("POST", path, Some(&event), &[("wp13n-token", token)]).unwrap().0
}

fn ask(connection: &mut Connection, method: &str, path: &str, body: Option<&Value>) -> u16 {
    connection.request(method, path, body, &[]).unwrap().0
}

#[test]
fn a_sandbox_that_serves_for_long_needs_no_more_memory() {
    let requests = std::env::var("TDX_RT_SOAK_REQUESTS").map_or(2_000, |text| text.parse().unwrap());
    let home = tempfile::tempdir().unwrap();
    let process = Process::start(home.path(), &["--state", "state", "--settle", "now"]);
    let Some(_) = process.memory() else {
        return skipped("the system does not tell the memory of a process");
    };
    let url = format!("http://127.0.0.1:{}", process.port);
    let mut plan = plan_of_everything();
    let hook = format!("{url}{INBOX}/hook");
    let call = |number| json!({"activate": "webhook", "name": format!("call {number}"), "url": hook, "body": "{{product_id}}"});
    plan["journeys"] = json!([{"name": "ordered", "trigger_event": "it's", "state": "launched", "reentry": "always",
        "steps": (0..CALLS).map(call).collect::<Vec<_>>()}]);
    let apply = Tdx::new(&["apply", "-", "--interval", "5ms"]).stdin(plan.to_string());
    let applied = apply.env("TDX_RT_ENDPOINT", &url).env("TDX_API_KEY", &process.api_key).run().document();
    let token = applied["service"]["token"].as_str().unwrap();
    together(&process, FILLING, |connection, number| {
        assert_eq!(send(connection, ORDERS, token, number), 200, "event {number}");
    });
    // What is kept of each person, each request and each connection is there after a part of it.
    load(&process, token, requests / 4);
    let early = process.memory().unwrap();
    load(&process, token, requests - requests / 4);
    let late = process.memory().unwrap();
    println!("{requests} requests: {early} kB after a quarter, {late} kB at the end");
    assert!(late < early + early / 10 + 8_192, "{early} kB, then {late} kB");
}

//! Journeys on the sandbox's clock, with webhooks that arrive over HTTP: `cargo bench --bench journeys`.
//! Needs `harness = false`.

mod common;

use common::amounts;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;
use tdx_rt::sandbox::{Options, Running, Settle, start};

fn main() {
    let people = amounts(&[1_000], &[20]);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let daily: Vec<Value> = (0..30).flat_map(|day| [json!({"wait": "1d"}), webhook(day)]).collect();
        thirty_days("one profile, thirty days, thirty webhooks", json!(daily), 1, 30).await;
        let once = json!([{"wait": "7d"}, {"wait": "7d"}, {"wait": "16d"}, webhook(30)]);
        for people in people {
            let name = format!("{people} profiles, thirty days, a webhook each");
            thirty_days(&name, once.clone(), people, people).await;
        }
    });
}

fn webhook(day: usize) -> Value {
    json!({"activate": "webhook", "name": format!("day {day}"), "url": "RECEIVER", "body": {"who": "{{td_client_id}}"}})
}

async fn thirty_days(name: &str, steps: Value, people: u64, webhooks: u64) {
    let sandbox = start(Options { settle: Settle::Immediately, ..Options::default() }).await.unwrap();
    let plan = json!({
        "parent_segment_id": "394649",
        "events": [{"name": "view", "table": "web_events.pageviews"}],
        "id_stitching": {"stitching_keys": ["td_client_id"]},
        "journeys": [{"name": "month", "trigger_event": "view", "state": "launched", "steps": steps}],
    });
    let receiver = format!("{}/_sandbox/inbox/in", sandbox.url);
    apply(&sandbox, &plan.to_string().replace("RECEIVER", &receiver));
    // Fails when it is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    let post = async |path: &str, body: Value| {
        let request = client.post(format!("{}{path}", sandbox.url));
        let request = request.header("authorization", format!("TD1 {}", sandbox.api_key));
        let request = request.header("content-type", "application/vnd.treasuredata.v1+json");
        request.body(body.to_string()).send().await.unwrap().error_for_status().unwrap();
    };
    let events: Vec<Value> = (0..people).map(|who| json!({"td_client_id": format!("u{who}")})).collect();
    for some in events.chunks(500) {
        post("/web_events/pageviews", json!({"events": some})).await;
    }
    let started = Instant::now();
    post("/_sandbox/clock", json!({"advance_seconds": 30 * 86_400 + 60})).await;
    let taken = started.elapsed();
    let answer = client.get(format!("{}/_sandbox/activations?state=delivered", sandbox.url)).send().await;
    let delivered: Value = serde_json::from_str(&answer.unwrap().text().await.unwrap()).unwrap();
    println!("{name}: {} delivered in {:.3} s", delivered["count"], taken.as_secs_f64());
    assert_eq!(delivered["count"], json!(webhooks), "{name}");
    let answer = client.get(format!("{}/_sandbox/inbox", sandbox.url)).send().await;
    let inbox: Value = serde_json::from_str(&answer.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(inbox["count"], json!(webhooks), "{name}: what has arrived");
    sandbox.stop().await;
}

fn apply(sandbox: &Running, plan: &str) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tdx-rt"))
        .args(["apply", "-"])
        .env_clear()
        .env("TDX_RT_ENDPOINT", &sandbox.url)
        .env("TDX_API_KEY", &sandbox.api_key)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(plan.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

//! `--state`: a wait goes on and a webhook is sent after `kill -9`, and what has arrived is not sent again.

use super::{BASE, HOUR, after};
use crate::common::process::{Connection, Process};
use crate::common::{Platform, Tdx};
use crate::sandbox::NOW;
use serde_json::{Value, json};
use std::path::Path;

/// A sandbox in a process that is killed again and again, and a receiver that lives on.
struct World {
    receiver: Platform,
    home: tempfile::TempDir,
    server: Process,
    /// Seconds since its clock was set.
    time: u64,
}

/// Starts it, its clock where it was.
fn start(home: &Path, time: u64) -> Process {
    let clock = after(time);
    Process::start(home, &["--state", "state", "--settle", "now", "--clock", &clock])
}

impl World {
    fn with(steps: &str) -> World {
        let receiver = Platform::start();
        let home = tempfile::tempdir().unwrap();
        let server = start(home.path(), 0);
        let world = World { receiver, home, server, time: 0 };
        let plan =
            format!("{BASE}journeys:\n- {{name: j, trigger_event: view, state: launched, steps: {steps}}}\n");
        let url = format!("{}/_sandbox/inbox", world.receiver.url);
        let tdx = Tdx::new(&["apply", "-"])
            .env("TDX_RT_ENDPOINT", &format!("http://127.0.0.1:{}", world.server.port));
        let applied =
            tdx.env("TDX_API_KEY", &world.server.api_key).stdin(plan.replace("RECEIVER", &url)).run();
        assert_eq!(applied.code, 0, "{}", applied.stderr);
        let event = json!({"events": [{"td_client_id": "u1", "time": NOW}]});
        world.call("POST", "/web_events/pageviews", Some(&event));
        world
    }

    #[track_caller]
    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let mut connection: Connection = self.server.connect();
        let (status, answer) = connection.request(method, path, body, &[]).unwrap();
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    fn killed(&mut self) {
        assert!(self.server.kill());
        self.server = start(self.home.path(), self.time);
    }

    fn advance(&mut self, seconds: u64) {
        self.time += seconds;
        self.call("POST", "/_sandbox/clock", Some(&json!({"advance_seconds": seconds})));
    }

    /// The state of the only activation, after everything due was tried.
    fn activation(&self) -> Value {
        let all = self.call("GET", "/_sandbox/activations", None);
        assert_eq!(all["count"], 1, "{all}");
        all["activations"][0].clone()
    }

    /// The keys of what has arrived.
    fn arrived(&self) -> Vec<String> {
        let received = self.receiver.get("/_sandbox/inbox?name=in");
        let all = received["received"].as_array().unwrap().iter();
        all.map(|one| one["headers"]["idempotency-key"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn a_wait_goes_on_after_a_kill() {
    let mut world = World::with("[{wait: 1h}, {activate: webhook, url: RECEIVER/in}, {wait: 1h}, end]");
    world.killed();
    world.advance(HOUR - 1);
    world.killed();
    assert_eq!(world.arrived().len(), 0);
    world.advance(1);
    assert_eq!(world.activation()["state"], "delivered");
    world.killed();
    world.advance(HOUR);
    assert_eq!(world.activation()["state"], "delivered");
    assert_eq!(world.arrived().len(), 1);
    let profile = world.call("GET", "/_sandbox/profiles?ps=394649&td_client_id=u1", None);
    assert_eq!(profile["journeys"][0]["state"], "completed");
}

#[test]
fn what_has_failed_is_tried_again_after_a_kill_and_what_has_arrived_is_not() {
    let mut world = World::with("[{wait: 1h}, {activate: webhook, url: RECEIVER/in}]");
    world.receiver.tdx(&["sandbox", "inbox", "answer", "in", "500", "500"]).run().document();
    world.advance(HOUR);
    assert_eq!(world.activation()["attempts"].as_array().unwrap().len(), 1);
    world.killed();
    assert_eq!(world.activation()["state"], "waiting");
    world.advance(1);
    world.killed();
    world.advance(2);
    assert_eq!(world.activation()["state"], "delivered");
    let arrived = world.arrived();
    assert_eq!(arrived, vec![arrived[0].clone(); 3], "all attempts have the same key");
    world.killed();
    world.advance(24 * HOUR);
    assert_eq!(world.activation()["attempts"].as_array().unwrap().len(), 3);
    assert_eq!(world.arrived().len(), 3);
}

//! Launched journeys, on the sandbox's clock: which profiles enter, what steps do, what is sent and when.

mod deliveries;
mod entry;
mod kept;
mod stages;
mod steps;

use super::{NOW, VENDOR};
use crate::common::Platform;
use serde_json::{Value, json};
use tdx_rt::sandbox::{Options, Settle};

/// What the journeys of these tests use.
const BASE: &str = "
parent_segment_id: '394649'
events:
  - {name: view, table: web_events.pageviews}
  - {name: cart, table: web_events.add_to_cart}
  - {name: purchase, table: web_events.purchases}
id_stitching: {stitching_keys: [td_client_id, customer_id, email]}
attributes:
  - {name: views, type: counter, source_event: view}
  - {name: last, type: single, source_event: view, source_field: product_id}
  - {name: loyalty_tier, type: imported_batch}
";
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// A sandbox with journeys. `RECEIVER` in a plan is the sandbox's own receiver.
struct World {
    platform: Platform,
}

impl World {
    /// With these journeys, as items of a YAML list.
    fn with(journeys: &str) -> World {
        World::on(Options { settle: Settle::Immediately, ..Options::default() }, journeys)
    }

    fn on(options: Options, journeys: &str) -> World {
        let world = World { platform: Platform::with(options) };
        world.apply(journeys);
        world.platform.forget_requests();
        world
    }

    fn plan(&self, journeys: &str) -> String {
        let receiver = format!("{}/_sandbox/inbox", self.platform.url);
        format!("{BASE}journeys:\n{}", journeys.replace("RECEIVER", &receiver))
    }

    fn apply(&self, journeys: &str) -> Value {
        self.platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(self.plan(journeys)).run().document()
    }

    /// An event with the current time; journeys have handled it when this returns.
    #[track_caller]
    fn send(&self, table: &str, event: Value) {
        let mut event = event;
        event["time"] = (self.platform.get("/_sandbox/clock")["now_ms"].as_i64().unwrap() / 1_000).into();
        let path = format!("/web_events/{table}");
        let (status, answer) =
            self.platform.request_as("POST", &path, Some(json!({"events": [event]})), VENDOR, &[]);
        assert_eq!(status, 200, "{answer}");
    }

    fn view(&self, client: &str) {
        self.send("pageviews", json!({"td_client_id": client}));
    }

    fn advance(&self, seconds: u64) {
        self.platform.advance(seconds);
    }

    /// Everything that journeys have sent or will send; what is due was tried before.
    fn activations(&self) -> Vec<Value> {
        self.platform.get("/_sandbox/activations")["activations"].as_array().unwrap().clone()
    }

    /// The bodies that have arrived at a receiver, oldest first.
    fn inbox(&self, name: &str) -> Vec<Value> {
        self.activations();
        let found = self.platform.get(&format!("/_sandbox/inbox?name={name}"));
        let received = found["received"].as_array().unwrap_or_else(|| panic!("{found}"));
        received.iter().map(|one| one["body"].clone()).collect()
    }

    /// The stay of a profile in the first of its journeys, or in the one of this name.
    #[track_caller]
    fn stay(&self, client: &str, journey: &str) -> Value {
        let path = format!("/_sandbox/profiles?ps=394649&td_client_id={client}");
        let profile = self.platform.get(&path);
        let mut stays = profile["journeys"].as_array().unwrap().iter();
        stays.find(|stay| stay["name"] == journey).cloned().unwrap_or_default()
    }

    /// The outcomes of a profile's steps in a journey.
    #[track_caller]
    fn way(&self, client: &str, journey: &str) -> Vec<String> {
        let stay = self.stay(client, journey);
        let path = stay["path"].as_array().unwrap_or_else(|| panic!("{client} was never in {journey}"));
        path.iter().map(|passed| passed["outcome"].as_str().unwrap().to_owned()).collect()
    }

    fn tdx(&self, arguments: &[&str]) -> Value {
        self.platform.tdx(arguments).run().document()
    }
}

/// RFC 3339 so many seconds after the tests' time.
fn after(seconds: u64) -> String {
    let time = jiff::Timestamp::from_second(NOW + i64::try_from(seconds).unwrap()).unwrap();
    format!("{}.000Z", time.strftime("%Y-%m-%dT%H:%M:%S"))
}

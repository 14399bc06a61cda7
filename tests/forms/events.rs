//! Events, a line each, with `_table` and `_after` (seconds) beside their columns: profiles depend on nothing but
//! the events, can be saved and loaded at any time, and stay within their bounds.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use tdx_rt::platform::wire::{
    EventTable, KeyEvent, Personalization, RealtimeAttribute, RealtimeJourneyActivationStepResource,
    RealtimeJourneyResource, RealtimeSettingAttributes,
};
use tdx_rt::sandbox::engine::{Config, ConfigJourney, NoBatch, Profiles, Program};

const START: i64 = 1_700_000_000;
const KEYS: [&str; 3] = ["td_client_id", "customer_id", "email"];

static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
    let live: Value =
        serde_json::from_str(include_str!("../../fuzz/corpus/answers/configuration.json")).unwrap();
    let read = |name: &str| live[name].clone();
    let setting: RealtimeSettingAttributes = serde_json::from_value(read("setting")).unwrap();
    let key_events: Vec<KeyEvent> = serde_json::from_value(read("events")).unwrap();
    let attributes: Vec<RealtimeAttribute> = serde_json::from_value(read("attributes")).unwrap();
    let personalizations: Vec<Personalization> = serde_json::from_value(read("personalizations")).unwrap();
    let journeys: Vec<RealtimeJourneyResource> = serde_json::from_value(read("journeys")).unwrap();
    let activations: Vec<RealtimeJourneyActivationStepResource> =
        serde_json::from_value(read("activations")).unwrap();
    let journeys: Vec<ConfigJourney<'_>> = journeys
        .iter()
        .map(|journey| ConfigJourney {
            id: &journey.id,
            attributes: &journey.attributes,
            paused: false,
            activations: activations
                .iter()
                .filter(|activation| activation.journey_id() == Some(&journey.id))
                .map(|activation| (activation.id.as_str(), &activation.attributes))
                .collect(),
        })
        .collect();
    let config = Config {
        setting: &setting,
        key_events: &key_events,
        attributes: &attributes,
        personalizations: &personalizations,
        journeys: &journeys,
    };
    Program::compile(&config).unwrap()
});

pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let events: Vec<Map<String, Value>> =
        text.lines().take(40).filter_map(|line| serde_json::from_str(line).ok()).collect();
    let (mut once, mut kept, mut now) = (Profiles::default(), Profiles::default(), START);
    for event in &events {
        let table = event.get("_table").and_then(Value::as_str).unwrap_or("pageviews");
        let table = json!({"database": "web_events", "table": table});
        let table: EventTable = serde_json::from_value(table).unwrap();
        let after = event.get("_after").and_then(Value::as_i64).unwrap_or(0).clamp(0, 10_000_000);
        now += after;
        // As after a restart.
        kept = again(&kept);
        for profiles in [&mut once, &mut kept] {
            profiles.run_timers(&PROGRAM, &NoBatch, now);
        }
        let one = once.ingest(&PROGRAM, &NoBatch, &table, event, now);
        let other = kept.ingest(&PROGRAM, &NoBatch, &table, event, now);
        assert_eq!(json!(one), json!(other), "{event:?}");
        assert_eq!(one.sent.len(), other.sent.len(), "{event:?}");
        for key in KEYS {
            let Some(value) = event.get(key).and_then(Value::as_str) else { continue };
            let keys = [(key.to_owned(), value.to_owned())];
            let seen = once.inspect(&PROGRAM, &NoBatch, &keys, now);
            assert_eq!(json!(seen), json!(kept.inspect(&PROGRAM, &NoBatch, &keys, now)), "{event:?}");
        }
    }
    assert!(once.len() <= events.len());
    assert_eq!(saved(&once), saved(&kept));
}

/// What is saved, with the profiles in the order in which they were made. Of a number that was merged away, only a
/// population that was never loaded knows that it is taken.
fn saved(profiles: &Profiles) -> (Vec<(u64, String)>, Vec<Value>) {
    let everything = profiles.everything().unwrap();
    let in_order = everything.profiles.into_iter().collect::<BTreeMap<_, _>>().into_values().flatten();
    let profile = |text: String| {
        let mut profile: Value = serde_json::from_str(&text).unwrap();
        profile.as_object_mut().unwrap().shift_remove("created").expect("the number");
        profile
    };
    (everything.names, in_order.map(profile).collect())
}

/// What is loaded of what was saved.
fn again(profiles: &Profiles) -> Profiles {
    let mut again = Profiles::default();
    again.load(&profiles.everything().unwrap()).expect("profiles can be read again");
    again
}

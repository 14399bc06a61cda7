//! Answers of servers: read without a panic, no message shows the key, and what could be read is written and
//! read again as the same; a configuration that was read can be exported.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tdx_rt::api::canned;
use tdx_rt::plan::export::export;
use tdx_rt::plan::{Configuration, Document};
use tdx_rt::platform::wire::{self, RealtimeSettingAttributes};

const KEY: &str = "9/0123456789abcdef0123456789abcdef01234567";

pub fn check(data: &[u8]) {
    let refused = canned::refusal(data, KEY);
    says_no_key(&refused.to_string());
    let Ok(answer) = serde_json::from_slice::<Value>(data) else { return };
    let part = |name: &str| answer.get(name).cloned().unwrap_or_default();
    let live = Configuration {
        setting: read::<RealtimeSettingAttributes>(part("setting")).unwrap_or_default(),
        events: list::<wire::KeyEvent>(part("events")),
        attributes: list::<wire::RealtimeAttribute>(part("attributes")),
        services: list::<wire::Service>(part("services")),
        personalizations: list::<wire::Personalization>(part("personalizations")),
        journeys: list::<wire::RealtimeJourneyResource>(part("journeys")),
        activations: list::<wire::RealtimeJourneyActivationStepResource>(part("activations")),
        segments: Vec::new(),
    };
    let exported = export(&live).root;
    let text = serde_saphyr::to_string(&exported).expect("an export can be written");
    let document = Document::parse(&text, "export").unwrap_or_else(|e| panic!("{e}\n{text}"));
    assert_eq!(json!(document.root), json!(exported), "{text}");
}

fn says_no_key(message: &str) {
    let key = KEY.to_lowercase();
    let shown = message.to_lowercase();
    let part = (0..=key.len() - 12).find_map(|at| key.get(at..at + 12).filter(|part| shown.contains(part)));
    assert_eq!(part, None, "{message}");
}

fn list<T: DeserializeOwned + Serialize>(items: Value) -> Vec<T> {
    let Value::Array(items) = items else { return Vec::new() };
    items.into_iter().filter_map(read).collect()
}

fn read<T: DeserializeOwned + Serialize>(item: Value) -> Option<T> {
    match canned::read::<T>(item, KEY) {
        Ok(read) => {
            let written = json!(read);
            let again = canned::read::<T>(written.clone(), KEY).unwrap_or_else(|e| panic!("{e}: {written}"));
            // What is only read is not written.
            assert_eq!(json!(again), written);
            Some(read)
        }
        Err(error) => {
            says_no_key(&error.to_string());
            None
        }
    }
}

//! The main job: from a parent segment to a tested personalization, step by step through pipes.

use crate::common::Platform;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The document's contract, declared again: a rename in the code breaks this test as it would
/// break a user.
#[derive(Debug, Deserialize)]
struct Document {
    parent_segment_id: String,
    parent_segment_name: String,
    site: String,
    parent_segment: ParentSegment,
    events: Vec<Item>,
    id_stitching: Stitching,
    attributes: Vec<Item>,
    personalization_service: ServicePlan,
    service: Service,
    personalization: Personalization,
    checks: Vec<Check>,
    response: Offers,
}

#[derive(Debug, Deserialize)]
struct ParentSegment {
    id: String,
    name: String,
    rt_status: String,
    ready: bool,
    event_tables: Vec<String>,
    key_events: Vec<String>,
    key_columns: Vec<String>,
    attributes: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Item {
    name: String,
    id: String,
    action: String,
}

#[derive(Debug, Deserialize)]
struct Stitching {
    action: String,
    ext_lookup_key: String,
}

#[derive(Debug, Deserialize)]
struct ServicePlan {
    sections: Vec<Section>,
}

#[derive(Debug, Deserialize)]
struct Section {
    name: String,
    action: String,
}

#[derive(Debug, Deserialize)]
struct Service {
    id: String,
    action: String,
    token: String,
}

#[derive(Debug, Deserialize)]
struct Personalization {
    id: String,
    action: String,
    endpoint: String,
    event_endpoint: String,
    console_url: String,
}

#[derive(Debug, Deserialize)]
struct Check {
    name: String,
    ok: bool,
}

#[derive(Debug, Deserialize)]
struct Offers {
    offers: BTreeMap<String, Offer>,
}

#[derive(Debug, Deserialize)]
struct Offer {
    attributes: BTreeMap<String, Value>,
    batch_segments: Vec<Value>,
}

const STEPS: [&[&str]; 5] = [
    &["rt-events"],
    &["rt-keys"],
    &["rt-attrs", "--interval", "10ms"],
    &["pz-create"],
    &["pz-test", "--interval", "10ms", "--key", "td_client_id=u1"],
];

/// Runs the seven commands with `state` as the folder for tokens.
fn pipeline(platform: &Platform, use_case: &str, state: &str) -> Document {
    let checked = platform.tdx(&["ps-check", "Customer 360"]).run();
    let propose = ["discover", "--use-case", use_case, "--database", "web_events", "--private"];
    let mut document = platform.tdx(&propose).stdin(checked.document().to_string()).run().document();
    for step in STEPS {
        let run = platform.tdx(step).env("TDX_RT_STATE_DIR", state).stdin(document.to_string()).run();
        document = run.document();
    }
    serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{error}: {document}"))
}

fn actions(document: &Document) -> Vec<&str> {
    let items = document.events.iter().chain(&document.attributes).map(|item| item.action.as_str());
    let sections = document.personalization_service.sections.iter().map(|section| section.action.as_str());
    let rest = [&document.id_stitching.action, &document.service.action, &document.personalization.action];
    items.chain(sections).chain(rest.map(String::as_str)).collect()
}

#[test]
fn every_use_case_is_set_up_tested_and_left_alone_the_second_time() {
    for use_case in ["web", "cart", "profile", "content"] {
        let platform = Platform::start();
        let state = tempfile::tempdir().unwrap();
        let state = state.path().to_str().unwrap();

        let first = pipeline(&platform, use_case, state);
        assert_eq!((first.parent_segment_id.as_str(), first.site.as_str()), ("394649", "us01"));
        assert_eq!(first.parent_segment_name, "Customer 360");
        assert_eq!(
            (first.parent_segment.id.as_str(), first.parent_segment.name.as_str()),
            ("394649", "Customer 360")
        );
        assert!(first.parent_segment.ready && first.parent_segment.rt_status == "ok", "{use_case}");
        assert!(
            first.events.iter().all(|event| event.action == "created" && !event.id.is_empty()),
            "{use_case}"
        );
        assert!(first.checks.len() == 5 && first.checks.iter().all(|check| check.ok), "{:?}", first.checks);
        assert_eq!(first.id_stitching.ext_lookup_key, "customer_id");
        assert!(first.service.token.starts_with("1/"), "{use_case}");
        assert!(first.personalization.endpoint.ends_with(&first.personalization.id));
        assert!(first.personalization.event_endpoint.starts_with(&platform.url));
        assert!(first.personalization.console_url.starts_with("https://console-next.us01."));
        let offer = first
            .response
            .offers
            .get("Default")
            .unwrap_or_else(|| panic!("{use_case}: {:?}", first.response));
        assert!(!offer.attributes.is_empty() && offer.batch_segments.is_empty());
        for item in first.events.iter().map(|e| &e.name) {
            assert!(first.parent_segment.key_events.contains(item), "{use_case}: {item}");
        }
        for item in first.attributes.iter().map(|a| &a.name) {
            assert!(first.parent_segment.attributes.contains(item), "{use_case}: {item}");
        }

        // What others had configured still exists.
        assert!(first.parent_segment.event_tables.contains(&"web_events.legacy_clicks".to_owned()));
        assert!(first.parent_segment.key_columns.contains(&"legacy_id".to_owned()));
        assert!(first.parent_segment.attributes.contains(&"country".to_owned()));

        platform.forget_requests();
        let second = pipeline(&platform, use_case, state);
        assert!(
            actions(&second).iter().all(|action| *action == "unchanged"),
            "{use_case}: {:?}",
            actions(&second)
        );
        assert_eq!(platform.writes(), Vec::<String>::new(), "{use_case}");
        assert_eq!(second.service.token, first.service.token, "the kept token is found again");
        assert_eq!(second.service.id, first.service.id);
        assert_eq!(second.personalization.id, first.personalization.id);
        let names = |d: &Document| {
            d.personalization_service.sections.iter().map(|s| s.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&first), names(&second));
        assert_eq!(second.checks[0].name, "rt_status");
    }
}

#[test]
fn a_failed_step_stops_the_pipeline_with_a_message_that_says_so() {
    let platform = Platform::start();
    for step in [
        &["discover", "--use-case", "web", "--database", "web_events", "--private"][..],
        STEPS[0],
        STEPS[1],
        STEPS[2],
        STEPS[3],
        STEPS[4],
    ] {
        platform.forget_requests();
        let error = platform.tdx(step).stdin("").run().error(2, "missing-input");
        assert!(error["message"].as_str().unwrap().contains("the step before"), "{error}");
        assert_eq!(platform.requests(), Vec::<String>::new(), "{step:?} sends nothing");
    }
}

//! `journey-monitor` against a sandbox that has really sent: the numbers are those of the events that the test sends and
//! of the answers that it has the receiver give.

use super::{PS, configured};
use crate::common::{Output, Platform};
use serde_json::{Value, json};

/// A name with everything that means something in SQL.
const ODD: &str = "it's 100% \"odd\" \\ _ -- ; é🙂";

/// Journeys that each send one webhook for events of a path of their own.
fn deployed() -> Platform {
    let platform = configured();
    let journey = |name: &str, path: &str, state: &str| {
        json!({
            "name": name, "trigger_event": "page_view", "where": format!("td_path LIKE '/{path}%'"),
            "reentry": "always", "state": state,
            "steps": [{"activate": "webhook", "name": format!("hook {path}"), "body": {"who": "{{td_client_id}}"},
                "url": format!("{}/_sandbox/inbox/{path}", platform.url)}],
        })
    };
    let journeys = [
        journey("good", "good", "launched"),
        journey(ODD, "flaky", "launched"),
        journey("patient", "patient", "launched"),
        journey("gone", "gone", "launched"),
        journey("quiet", "quiet", "launched"),
        journey("resting", "resting", "launched"),
        journey("planned", "planned", "draft"),
    ];
    let plan = json!({"parent_segment_id": PS, "journeys": journeys});
    platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(plan.to_string()).run().document();
    platform.control("settle", json!({}));
    platform.tdx(&["journey-create", "pause", "resting", "--ps", PS, "--interval", "5ms"]).run().document();
    platform.control("settle", json!({}));
    platform
}

/// Sends events of a path, each of a visitor of its own, and lets everything that is due be sent.
fn send(platform: &Platform, path: &str, count: usize) {
    for number in 0..count {
        let uuid = uuid::Uuid::new_v4().to_string();
        let event = json!({"td_client_id": format!("{path}-{number}-{uuid}"), "td_path": format!("/{path}/1"), "uuid": uuid});
        let (status, answer) = platform.request_as(
            "POST",
            "/web_events/pageviews",
            Some(json!({"events": [event]})),
            "application/vnd.treasuredata.v1+json",
            &[],
        );
        assert_eq!(status, 200, "{answer}");
        platform.get("/_sandbox/activations");
    }
}

fn answers(platform: &Platform, inbox: &str, statuses: &[&str]) {
    let answer = ["sandbox", "inbox", "answer", inbox];
    assert_eq!(platform.tdx(&[&answer[..], statuses].concat()).run().code, 0);
}

fn monitor(platform: &Platform, more: &[&str]) -> Output {
    platform.tdx(&[&["journey-monitor", "--ps", PS, "--interval", "5ms"], more].concat()).run()
}

fn named<'d>(document: &'d Value, name: &str) -> &'d Value {
    let journeys = document["journeys"].as_array().unwrap();
    journeys.iter().find(|journey| journey["name"] == name).unwrap_or_else(|| panic!("{document}"))
}

/// `[sent, delivered, failed, attempts]` and the rate.
fn counts(of: &Value) -> ([u64; 4], Option<f64>) {
    let fields = ["sent", "delivered", "failed", "attempts"];
    (
        fields.map(|field| of[field].as_u64().unwrap_or_else(|| panic!("{field}: {of}"))),
        of["error_rate"].as_f64(),
    )
}

#[test]
fn the_numbers_are_those_of_what_was_sent_and_answered() {
    let platform = deployed();
    answers(&platform, "flaky", &["404", "400", "404"]);
    answers(&platform, "patient", &["500", "503"]);
    send(&platform, "good", 5);
    send(&platform, "flaky", 8);
    send(&platform, "patient", 3);
    send(&platform, "gone", 2);
    send(&platform, "resting", 2);
    send(&platform, "planned", 2);
    // Until what failed for now has been sent again.
    for _ in 0..3 {
        platform.advance(5);
        platform.get("/_sandbox/activations");
    }
    platform
        .tdx(&["journey-create", "delete", "gone", "--ps", PS, "-y", "--interval", "5ms"])
        .run()
        .document();
    platform.control("settle", json!({}));

    let document = monitor(&platform, &[]).document();
    assert_eq!(counts(named(&document, "good")), ([5, 5, 0, 5], Some(0.0)));
    let flaky = named(&document, ODD);
    assert_eq!(counts(flaky), ([8, 5, 3, 8], Some(0.375)));
    assert_eq!(flaky["statuses"], json!({"200": 5, "400": 1, "404": 2}));
    let errors = flaky["top_errors"].as_array().unwrap();
    let errors: Vec<_> = errors.iter().map(|error| (&error["status"], &error["attempts"])).collect();
    assert_eq!(errors, [(&json!("404"), &json!(2)), (&json!("400"), &json!(1))]);
    // The last attempt decides; those before it are counted apart.
    let patient = named(&document, "patient");
    assert_eq!(counts(patient), ([3, 3, 0, 5], Some(0.0)));
    assert_eq!(patient["statuses"], json!({"200": 3, "500": 1, "503": 1}));
    assert!(patient["latency"]["max"].as_u64().unwrap() >= 1, "{patient}");
    for name in ["quiet", "resting", "planned"] {
        assert_eq!(counts(named(&document, name)), ([0, 0, 0, 0], None));
    }
    let states = ["good", "resting", "planned"].map(|name| named(&document, name)["state"].clone());
    assert_eq!(states, ["launched", "paused", "draft"]);
    let [activation] = &flaky["activations"].as_array().unwrap()[..] else { panic!("{flaky}") };
    assert_eq!((counts(activation), &activation["name"]), (counts(flaky), &json!("hook flaky")));
    let [unmatched] = &document["unmatched"].as_array().unwrap()[..] else { panic!("{document}") };
    assert_eq!(counts(unmatched), ([2, 2, 0, 2], Some(0.0)));
    assert!(unmatched["journey_name"].as_str().unwrap().starts_with("journey_"), "{unmatched}");
    assert_eq!(document["breaches"], json!([]));
    // By name and by id, and only these.
    let id = flaky["id"].as_str().unwrap();
    let one = monitor(&platform, &["good", id]).document();
    let names: Vec<_> = one["journeys"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["good", ODD]);
    assert_eq!(monitor(&platform, &["goood"]).error(3, "not-found")["hint"], "did you mean 'good'?");

    // Half an hour later.
    platform.advance(1_800);
    send(&platform, "good", 1);
    let document = monitor(&platform, &["--since", "10m", "--max-silence", "1h"]);
    let document: Value = serde_json::from_str(&document.stdout).unwrap();
    assert_eq!(counts(named(&document, "good")), ([1, 1, 0, 1], Some(0.0)));
    assert_eq!(counts(named(&document, ODD)), ([0, 0, 0, 0], None));
    assert!(named(&document, ODD)["last_at"].is_string(), "silence looks back further");
    let breach = json!({"journey": "quiet", "rule": "max_silence", "value": null, "limit": 3600});
    assert_eq!(document["breaches"], json!([breach]), "one that is paused or a draft is not silent");
}

#[test]
fn a_broken_limit_exits_1_and_prints_the_document() {
    let platform = deployed();
    answers(&platform, "flaky", &["404"]);
    send(&platform, "flaky", 4);
    send(&platform, "good", 2);
    let breaches = |more: &[&str]| {
        let output = monitor(&platform, &[&["good", ODD], more].concat());
        let document: Value =
            serde_json::from_str(&output.stdout).unwrap_or_else(|e| panic!("{e} {output:?}"));
        assert_eq!(output.stderr.contains("check-failed"), output.code == 1, "{output:?}");
        (output.code, document["breaches"].clone())
    };
    let rate = json!({"journey": ODD, "rule": "max_error_rate", "value": 0.25, "limit": 0.1});
    assert_eq!(breaches(&["--max-error-rate", "10%"]), (1, json!([rate])));
    assert_eq!(breaches(&["--max-error-rate", "0.25"]), (0, json!([])));
    assert_eq!(breaches(&["--max-error-rate", "10%", "--min-sample", "5"]), (0, json!([])));
    assert_eq!(breaches(&["--max-error-rate", "10%", "--min-sample", "4"]).0, 1);
    let few = json!({"journey": "good", "rule": "min_sent", "value": 2, "limit": 3});
    assert_eq!(breaches(&["--min-sent", "3"]), (1, json!([few])));
    assert_eq!(breaches(&["--max-silence", "10m"]), (0, json!([])));
    platform.advance(601);
    let silent = |name: &str| json!({"journey": name, "rule": "max_silence", "value": 601, "limit": 600});
    assert_eq!(breaches(&["--max-silence", "10m"]), (1, json!([silent("good"), silent(ODD)])));
    // A filter goes over the document, and the answer is still no.
    let output = monitor(&platform, &["--max-silence", "10m", "--jq", ".breaches | length"]);
    assert_eq!((output.code, output.stdout.as_str()), (1, "5\n"), "{output:?}");
}

#[test]
fn words_that_are_no_limits_are_refused() {
    let platform = Platform::start();
    platform.forget_requests();
    for wrong in [
        &["--max-error-rate", "10"][..],
        &["--max-silence", "0"],
        &["--since", "0s"],
        &["--since", "yesterday"],
        &["--min-sent", "-1"],
        &["--watch", "29s"],
        &["--watch", "1m", "--no-wait"],
        &["--no-wait", "--job", "1"],
    ] {
        monitor(&platform, wrong).error(2, "usage");
    }
    assert_eq!(platform.requests(), Vec::<String>::new());
}

/// Each round is a line, until nobody reads or it is ended.
#[cfg(unix)]
#[test]
fn a_watch_prints_a_line_a_round_and_ends_with_ctrl_c() {
    let platform = deployed();
    send(&platform, "good", 1);
    let arguments = ["journey-monitor", "--ps", PS, "--interval", "5ms", "--watch", "30s", "-v"];
    let mut running = platform.tdx(&arguments).spawn();
    loop {
        let line = running.has_reported();
        assert!(!line.is_empty());
        if line.contains("/v3/job/result/") {
            break;
        }
    }
    running.signal("INT");
    assert_eq!(running.end().0, 130);
}

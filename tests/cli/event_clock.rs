//! The time of test events: the clock of the receiver.

use super::answers::Recorded;
use super::{PS, configured};
use crate::common::{Output, Platform, Random};
use serde_json::{Value, json};

/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

/// A personalization over a window of a day, and a journey that the same event starts.
fn deployed() -> Platform {
    let platform = configured();
    let create = ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "views"];
    platform.tdx(&create).run().document();
    let plan = json!({"parent_segment_id": PS, "journeys": [{
        "name": "hello", "trigger_event": "page_view", "reentry": "always", "state": "launched",
        "steps": [{"activate": "webhook", "name": "hello", "body": {"at": "{{event_time}}"},
            "url": format!("{}/_sandbox/inbox/hello", platform.url)}],
    }]});
    platform.tdx(&["apply", "-", "--interval", "5ms"]).stdin(plan.to_string()).run().document();
    platform.control("settle", json!({}));
    platform
}

fn token(platform: &Platform) -> String {
    let path = format!("/audiences/{PS}/realtime_personalization_services");
    let service = platform.get(&path)["data"][0]["id"].as_str().unwrap().to_owned();
    let (status, token) =
        platform.request("POST", &format!("{path}/{service}/tokens"), Some(json!({"name": "t"})));
    assert_eq!(status, 200, "{token}");
    let token = token.get("data").unwrap_or(&token);
    token["value"].as_str().unwrap().to_owned()
}

#[test]
fn against_a_sandbox_events_carry_its_clock_whatever_that_shows() {
    let platform = deployed();
    let token = token(&platform);
    let mut random = Random(13);
    let far = (0..8).map(|_| random.below(LAST));
    let clocks: Vec<u64> =
        [2_208_988_800, 1_762_045_200, 0, LAST, 1_000_000_000].into_iter().chain(far).collect();
    for (number, clock) in clocks.into_iter().enumerate() {
        platform.control("clock", json!({"set": clock}));
        let key = format!("td_client_id=u{number}");
        let tested = platform
            .tdx(&[
                "pz-test",
                "--ps",
                PS,
                "--personalization",
                "web",
                "--trigger",
                "page_view",
                "--key",
                &key,
            ])
            .env("TDX_RT_TOKEN", &token)
            .run()
            .document();
        assert_eq!(tested["request"]["event"]["time"], clock, "{tested}");
        let offers = tested["response"]["offers"].as_object().unwrap();
        let offer = offers.values().next().unwrap_or_else(|| panic!("at {clock}: {tested}"));
        assert_eq!(offer["attributes"]["views"], 1, "at {clock}: {tested}");
        let tested = platform.tdx(&["journey-test", "hello", "--ps", PS, "--key", &key]).run().document();
        let tested = &tested["journey_test"];
        assert_eq!((&tested["request"]["event"]["time"], &tested["starts"]), (&json!(clock), &json!(true)));
        let sent = &tested["observed"]["activations"][0]["request"]["body"]["at"];
        assert_eq!(sent, &tested["foreseen"][0]["request"]["body"]["at"], "{tested}");
        // The next clock must not find the activations of this one.
        platform.request("DELETE", "/_sandbox/activations", None);
    }
}

#[test]
fn a_windows_events_count_after_the_clock_has_moved() {
    let platform = deployed();
    let token = token(&platform);
    for views in [1, 1, 1] {
        platform.advance(25 * 3_600);
        let tested = platform
            .tdx(&[
                "pz-test",
                "--ps",
                PS,
                "--personalization",
                "web",
                "--trigger",
                "page_view",
                "--key",
                "td_client_id=u1",
            ])
            .env("TDX_RT_TOKEN", &token)
            .run()
            .document();
        let offers = tested["response"]["offers"].as_object().unwrap();
        assert_eq!(offers.values().next().unwrap()["attributes"]["views"], views, "{tested}");
    }
}

#[test]
fn the_end_of_the_calendar_is_a_time() {
    let platform = Platform::start();
    let control = |arguments: &[&str]| platform.tdx(&[&["sandbox", "clock"], arguments].concat()).run();
    let shown = control(&["set", "9999-12-31T23:59:59Z"]).document();
    assert_eq!(
        (&shown["now_ms"], &shown["time"]),
        (&json!(LAST * 1_000), &json!("9999-12-31T23:59:59.000Z"))
    );
    assert_eq!(control(&[]).document()["time"], "9999-12-31T23:59:59.000Z");
    control(&["set", "10000-01-01T00:00:00Z"]).error(2, "usage");
}

/// `pz-test` against recorded answers with this `Date`: what it printed, and how far the event's time is
/// from this machine's.
fn at_date(seconds: i64) -> (Output, i64) {
    let platform = deployed();
    let personalizations =
        format!("/entities/parent_segments/{PS}/realtime_personalizations?page%5Bsize%5D=1000");
    let targets = [
        format!("/entities/parent_segments/{PS}"),
        format!("/audiences/{PS}/realtime_setting"),
        format!("/audiences/{PS}/realtime_key_events?page%5Bsize%5D=1000"),
        format!("/audiences/{PS}/realtime_attributes?page%5Bsize%5D=1000"),
        personalizations,
        "/v3/table/show/web_events/pageviews?include_descriptions=true".to_owned(),
    ];
    let mut answers = targets.map(|target| (target.clone(), platform.get(&target))).to_vec();
    answers.push(("/web_events/pageviews".to_owned(), json!({"offers": {}})));
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
    let date = jiff::Timestamp::from_second(now() + seconds).unwrap();
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let server = Recorded::serve(answers.into_iter().collect(), Some(date));
    let run = [
        "pz-test",
        "--ps",
        PS,
        "--personalization",
        "web",
        "--trigger",
        "page_view",
        "--key",
        "td_client_id=u1",
    ];
    let output = server.tdx(&run).env("TDX_RT_TOKEN", "1/1/0123456789abcdef0123456789abcdef").run();
    assert_eq!(output.code, 0, "{output:?}");
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    let time = document["request"]["event"]["time"].as_i64().unwrap();
    (output, time - now())
}

#[test]
fn against_the_platform_a_wrong_clock_is_corrected_with_a_warning() {
    for (date, said) in [(3_600, Some("behind")), (-86_400, Some("ahead of")), (0, None), (-3, None)] {
        let (output, away) = at_date(date);
        let expected = if said.is_some() { date } else { 0 };
        assert!((away - expected).abs() <= 10, "{date}: {away}");
        match said {
            None => assert_eq!(output.stderr, "", "{date}"),
            Some(word) => {
                let warning: Value = serde_json::from_str(&output.stderr).unwrap();
                let message = warning["warning"]["message"].as_str().unwrap();
                assert!(message.contains("clock") && message.contains(word), "{message}");
            }
        }
    }
}

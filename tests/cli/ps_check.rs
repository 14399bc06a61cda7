//! `ps-check`: found by id or name, the states of real-time, waiting.

use super::{PS, said};
use crate::common::{Output, Platform};
use serde::Deserialize;
use serde_json::{Value, json};
use tdx_rt::sandbox::{Options, Seed, Settle};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Report {
    id: String,
    name: String,
    rt_status: String,
    event_tables: Vec<String>,
    key_events: Vec<String>,
    attributes: Vec<String>,
    key_columns: Vec<String>,
    ready: bool,
}

/// Two parent segments of the same name, and one with a name of its own; real-time is enabled
/// where `enabled` says.
fn twins(enabled: &str) -> Platform {
    let segment = |id: &str, name: &str| {
        let realtime = if enabled.contains(id) {
            format!(", realtime: {{id: '9{id}', status: ok}}")
        } else {
            String::new()
        };
        format!(
            "  - {{id: '{id}', name: {name}, master: {{database: crm, table: people, profile_key: pid}}{realtime}}}\n"
        )
    };
    let seed = format!(
        "databases: [{{name: crm, tables: [{{id: 1, name: people, columns: [[time, long], [pid, string]]}}]}}]\nparent_segments:\n{}{}{}",
        segment("101", "Twin"),
        segment("102", "Twin"),
        segment("103", "Single")
    );
    Platform::with(Options { seed: Seed::parse(&seed).unwrap(), ..Options::default() })
}

fn check(platform: &Platform, arguments: &[&str]) -> Output {
    let mut all = vec!["ps-check"];
    all.extend_from_slice(arguments);
    platform.tdx(&all).run()
}

fn customer_360() -> Report {
    let texts = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    Report {
        id: PS.into(),
        name: "Customer 360".into(),
        rt_status: "ok".into(),
        event_tables: texts(&["web_events.legacy_clicks"]),
        key_events: Vec::new(),
        attributes: texts(&["country"]),
        key_columns: texts(&["legacy_id"]),
        ready: true,
    }
}

#[test]
fn an_id_needs_no_listing() {
    let platform = Platform::start();
    assert_eq!(check(&platform, &[PS]).decode::<Report>(), customer_360());
    let requests = platform.requests();
    assert!(requests.contains(&"GET /entities/parent_segments/394649".to_owned()), "{requests:?}");
    assert!(requests.iter().all(|line| line != "GET /entities/parent_segments"), "{requests:?}");
    assert!(requests.iter().all(|line| line.contains(PS)), "nothing else is read: {requests:?}");
}

#[test]
fn names_need_one_listing_however_many_there_are() {
    let platform = Platform::start();
    assert_eq!(check(&platform, &["Customer 360"]).decode::<Report>(), customer_360());
    platform.control("settle", json!({"ps": "394650", "status": "ok"}));
    platform.forget_requests();
    let both: Vec<Report> = check(&platform, &["Loyalty Members", "Customer 360"]).decode();
    assert_eq!(
        both.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(),
        ["394650", PS],
        "in the order asked for"
    );
    assert_eq!(both[0].key_events, ["login"]);
    let requests = platform.requests();
    assert_eq!(
        requests.iter().filter(|line| line.contains("/entities/parent_segments")).count(),
        1,
        "{requests:?}"
    );
}

#[test]
fn all_of_them_are_reported_whatever_their_state() {
    let platform = Platform::start();
    let all: Vec<Report> = check(&platform, &[]).decode();
    let states: Vec<_> = all.iter().map(|r| (r.name.as_str(), r.rt_status.as_str(), r.ready)).collect();
    assert_eq!(
        states,
        [
            ("Customer 360", "ok", true),
            ("Loyalty Members", "updating", false),
            ("Store Visitors", "not_initialized", false)
        ]
    );
    assert_eq!(all[0], customer_360());
    let lines = check(&platform, &["--jsonl"]);
    assert_eq!((lines.code, lines.stderr.as_str()), (0, ""));
    let parsed: Vec<Report> = lines.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(parsed, all);
}

#[test]
fn an_ambiguous_name_shows_its_candidates() {
    let platform = twins("101 102 103");
    let error = check(&platform, &["Twin"]).error(2, "ambiguous-name");
    assert_eq!(said(&error, "message"), "2 parent segments are named 'Twin': 101, 102");
    assert_eq!(
        error["details"]["candidates"],
        json!([{"id": "101", "name": "Twin"}, {"id": "102", "name": "Twin"}])
    );
    assert_eq!(check(&platform, &["102"]).decode::<Report>().id, "102", "the id still works");
}

#[test]
fn unknown_names_and_ids_are_not_found() {
    let platform = Platform::start();
    let error = check(&platform, &["Custmer 360"]).error(3, "not-found");
    assert_eq!(said(&error, "message"), "there is no parent segment named 'Custmer 360'");
    assert_eq!(said(&error, "hint"), "did you mean 'Customer 360'?");
    let error = check(&platform, &["Quite Different"]).error(3, "not-found");
    assert!(said(&error, "hint").contains("tdx-rt ps-check"), "{error}");
    let error = check(&platform, &["999"]).error(3, "not-found");
    assert_eq!(said(&error, "message"), "there is no parent segment with the id 999");
    assert!(said(&error, "hint").contains("--site"), "{error}");
    assert_eq!(error["http_status"], 404);
    // One that is missing fails the whole call.
    check(&platform, &["Customer 360", "Nobody"]).error(3, "not-found");
}

#[test]
fn none_enabled_is_the_workflows_message() {
    for platform in [twins(""), Platform::with(Options { seed: Seed::Empty, ..Options::default() })] {
        let error = check(&platform, &[]).error(1, "no-rt-parent-segments");
        assert_eq!(said(&error, "message"), "No RT-enabled parent segments found in your account.");
        assert_eq!(said(&error, "hint"), "Contact your CSM to enable RT 2.0 for a parent segment.");
    }
}

#[test]
fn not_enabled_is_the_workflows_message() {
    let platform = Platform::start();
    for wanted in ["Store Visitors", "394651"] {
        let error = check(&platform, &[wanted]).error(1, "rt-not-enabled");
        assert_eq!(said(&error, "message"), "RT 2.0 is not enabled for this parent segment.");
        assert_eq!(said(&error, "hint"), "Contact your CSM to enable RT 2.0.");
        assert_eq!(error["details"]["parent_segment"]["name"], "Store Visitors");
        assert_eq!(error["details"]["parent_segment"]["rt_status"], "not_initialized");
    }
    // Every step says the same.
    let steps: [&[&str]; 5] = [
        &["rt-events", "--ps", "394651", "--event", "a=web_events.pageviews"],
        &["rt-keys", "--ps", "394651", "--key", "email"],
        &["rt-attrs", "--ps", "394651", "--import", "city"],
        &["pz-create", "--ps", "394651", "--name", "a", "--trigger", "b", "--attribute", "c"],
        &["pz-test", "--ps", "394651", "--key", "email=a"],
    ];
    for step in steps {
        let error = platform.tdx(step).run().error(1, "rt-not-enabled");
        assert_eq!(said(&error, "message"), "RT 2.0 is not enabled for this parent segment.", "{step:?}");
    }
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn updating_is_not_ready() {
    let platform = Platform::start();
    let error = check(&platform, &["394650"]).error(8, "rt-updating");
    assert_eq!(said(&error, "message"), "RT configuration is updating. Its status is not \"ok\" yet.");
    assert_eq!(said(&error, "hint"), "This typically takes 30-90 seconds; --wait waits for it.");
    assert_eq!(error["retryable"], true);
    assert_eq!(error["details"]["parent_segment"]["rt_status"], "updating");
    assert_eq!(error["details"]["parent_segment"]["key_events"], json!(["login"]));
}

#[test]
fn waiting_ends_when_the_roll_out_does() {
    let platform = Platform::with(Options { settle: Settle::AfterReads(4), ..Options::default() });
    let event = platform.tdx(&["rt-events", "--ps", PS, "--event", "v=web_events.pageviews"]).run();
    assert_eq!(event.document()["parent_segment"]["rt_status"], "updating");
    platform.forget_requests();
    let report: Report = check(&platform, &[PS, "--wait=1m", "--interval", "5ms"]).decode();
    assert_eq!((report.rt_status.as_str(), report.ready), ("ok", true));
    let looks = platform.requests().iter().filter(|line| line.ends_with("/realtime_setting")).count();
    assert!((5..=6).contains(&looks), "four that say updating, then ok: {looks}");
}

#[test]
fn waiting_fails_at_once_where_it_cannot_help() {
    let platform = Platform::start();
    platform.control("settle", json!({"ps": PS, "status": "inconsistent"}));
    let started = std::time::Instant::now();
    for arguments in [&[PS, "--wait=1h"][..], &[PS][..]] {
        let error = check(&platform, arguments).error(1, "rt-inconsistent");
        assert_eq!(said(&error, "message"), "RT configuration is inconsistent: a roll-out failed.");
        assert_eq!(error["details"]["parent_segment"]["rt_status"], "inconsistent");
    }
    // It also fails when the roll-out fails while it is waited for.
    let platform = Platform::with(Options { settle: Settle::Inconsistent, ..Options::default() });
    let attrs = ["rt-attrs", "--ps", PS, "--import", "city", "--timeout", "1h"];
    let error = platform.tdx(&attrs).run().error(1, "rt-inconsistent");
    assert!(
        said(&error, "message").starts_with("RT configuration is inconsistent: a roll-out failed"),
        "{error}"
    );
    assert!(started.elapsed().as_secs() < 20, "nothing waited");
}

#[test]
fn waiting_in_vain_tells_the_last_state() {
    let platform = Platform::start();
    let error = check(&platform, &["394650", "--wait=30ms", "--interval", "5ms"]).error(8, "not-ready");
    assert_eq!(
        said(&error, "message"),
        "RT configuration of parent segment 394650 is still 'updating' after 30ms"
    );
    let last: Report = serde_json::from_value(error["details"]["parent_segment"].clone()).unwrap();
    assert_eq!(
        (last.rt_status.as_str(), last.ready, last.key_events[0].as_str()),
        ("updating", false, "login")
    );
    assert_eq!(error["retryable"], true);
}

#[test]
fn a_pause_of_nothing_does_not_flood_the_platform() {
    let platform = Platform::start();
    check(&platform, &["394650", "--wait=100ms", "--interval", "0"]).error(8, "not-ready");
    let looks = platform.requests().len();
    assert!(looks < 40, "{looks} requests in a tenth of a second");
}

#[test]
fn waiting_for_all_of_them_is_refused_rather_than_ignored() {
    let platform = Platform::start();
    let error = check(&platform, &["--wait"]).error(2, "usage");
    assert!(said(&error, "message").contains("<PS>"), "{error}");
    assert_eq!(platform.requests(), Vec::<String>::new());
}

#[test]
fn a_reader_prints_its_document_in_a_dry_run_too() {
    let platform = Platform::start();
    assert_eq!(check(&platform, &[PS, "--dry-run"]).decode::<Report>(), customer_360());
}

#[test]
fn several_say_which_is_not_ready_and_still_tell_the_others() {
    let platform = Platform::start();
    let error = check(&platform, &[PS, "394650"]).error(8, "rt-updating");
    let message = said(&error, "message");
    assert!(
        message.starts_with("parent segment '") && message.contains("(394650): RT configuration is updating"),
        "{error}"
    );
    assert!(!message.contains(PS), "{error}");
    let states = error["details"]["parent_segments"].as_array().unwrap();
    let reported: Vec<_> = states
        .iter()
        .map(|state| (state["id"].as_str().unwrap(), state["rt_status"].as_str().unwrap()))
        .collect();
    assert_eq!(reported, [(PS, "ok"), ("394650", "updating")]);
    assert_eq!(states[0], json!(customer_360_json(&platform)));
    assert_eq!(error["retryable"], true);
    // Each that is not as wanted is named; the first decides the exit code.
    let error = check(&platform, &["394650", PS, "394651"]).error(8, "rt-updating");
    assert!(said(&error, "message").contains("(394651): RT 2.0 is not enabled"), "{error}");
    assert_eq!(error["details"]["parent_segments"].as_array().unwrap().len(), 3);
    assert_eq!(error["retryable"], false, "waiting does not help the other");
}

fn customer_360_json(platform: &Platform) -> Value {
    check(platform, &[PS]).document()
}

#[test]
fn a_duration_stands_behind_an_equals_sign() {
    let platform = Platform::start();
    // What follows `--wait` is a parent segment.
    assert_eq!(check(&platform, &["--wait", PS]).decode::<Report>(), customer_360());
    for (arguments, exit_code, code) in [
        (&["ps-check", PS, "--wait", "5m"][..], 3, "not-found"),
        (&["ps-check", "--wait", "5m", PS], 3, "not-found"),
        (&["rt-events", "--ps", PS, "--wait", "5m"], 2, "usage"),
        (&["apply", "--ps", PS, "plan.yaml", "--wait", "5m"], 2, "usage"),
        (&["apply", "--wait", "5m"], 3, "not-found"),
        (&["pz-create", "delete", "web", "--ps", PS, "--wait", "1h30m"], 2, "usage"),
        (&["sandbox", "health", "--wait", "5s"], 2, "usage"),
    ] {
        let error = platform.tdx(arguments).run().error(exit_code, code);
        let word = arguments[arguments.iter().position(|word| *word == "--wait").unwrap() + 1];
        assert!(said(&error, "hint").contains(&format!("--wait={word}")), "{arguments:?}: {error}");
    }
    for arguments in [
        &["ps-check", PS, "--wait=5m"][..],
        &["rt-events", "--ps", PS, "--event", "v=web_events.pageviews", "--wait=1m", "--interval", "5ms"],
        &["sandbox", "health", "--wait=5s"],
        &["sandbox", "health", "--wait"],
    ] {
        platform.tdx(arguments).run().document();
    }
    let error =
        platform.tdx(&["rt-keys", "--ps", PS, "--wait=5m", "--timeout", "1m"]).run().error(2, "usage");
    assert!(said(&error, "message").contains("both say how long"), "{error}");
}

//! `validate --live`: each code that needs the account, with a plan that has it and one that has not;
//! and what the command does around them.

mod cases;
mod command;

use super::super::{BASE, PS};
use super::{Report, report};
use crate::common::{Output, Platform, Tdx};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tdx_rt::sandbox::{Options, Seed, Settle};

/// The codes that only the account tells.
pub fn codes() -> BTreeSet<&'static str> {
    let told = cases::cases().into_iter().map(|case| case.code).chain(["connection-unchecked"]);
    told.filter(|code| !OFFLINE_TOO.contains(code)).collect()
}

/// Codes of offline rules that are told of what is live as well.
const OFFLINE_TOO: [&str; 8] = [
    "bad-payload",
    "bad-sub",
    "duplicate-segment",
    "limit-exceeded",
    "same-criteria",
    "unknown-attribute",
    "unknown-event",
    "unknown-placeholder",
];

/// Codes of what can be applied and may not be what its author wants; the others are errors.
const WARNINGS: [&str; 2] = ["not-renamed", "same-criteria"];

/// The demo data with two parent segments and two batch segments of one name, [`BASE`], and a service
/// `home` with a live section.
pub(in crate::cli) fn platform() -> Platform {
    let mut seed: Value = serde_saphyr::from_str(Seed::DEMO).unwrap();
    let segments = seed["parent_segments"].as_array_mut().unwrap();
    let twice = json!({"id": "9009", "name": "Newsletter", "members": []});
    segments[0]["segments"].as_array_mut().unwrap().push(twice);
    for (id, keys) in [("394660", 0), ("394661", 99)] {
        let keys: Vec<Value> = (0..keys).map(|index| json!({"name": format!("k{index}")})).collect();
        let mut twin = segments[2].clone();
        let realtime = json!({"id": format!("{id}1"), "status": "ok", "setting": {"keyColumns": keys,
            "eventTables": [], "batchAttributes": [], "extLookupKey": null}});
        twin["id"] = id.into();
        twin["name"] = "Twins".into();
        twin["folders"][0]["id"] = format!("{id}2").into();
        twin["realtime"] = realtime;
        for attribute in twin["attributes"].as_array_mut().unwrap() {
            attribute.as_object_mut().unwrap().shift_remove("id");
        }
        segments.push(twin);
    }
    let seed = Seed::parse(&seed.to_string()).unwrap();
    let platform = Platform::with(Options { seed, settle: Settle::AfterReads(1), ..Options::default() });
    let plan = format!(
        "{BASE}personalization_service: {{name: home, trigger_event: page_view, sections: [{{name: some, criteria: views > 5, attributes: [last]}}, {{name: all, attributes: [last]}}]}}\njourneys: [{{name: running, trigger_event: page_view, state: launched, steps: [{{wait: 1h}}]}}]\n"
    )
    .replace("events:\n", &format!("events:\n  - {{name: long, table: web_events.logins, where: \"email <> '{}'\"}}\n", "x".repeat(500)));
    platform.tdx(&["apply", "--interval", "5ms"]).stdin(plan).run().document();
    platform.forget_requests();
    platform
}

fn run(platform: &Platform, text: &str, more: &[&str]) -> Output {
    let mut arguments = vec!["validate", "--live"];
    arguments.extend_from_slice(more);
    platform.tdx(&arguments).stdin(text).run()
}

/// What is said of a text on stdin.
#[track_caller]
fn said(platform: &Platform, text: &str) -> Report {
    report(&run(platform, text, &[]))
}

#[test]
fn each_code_is_found_where_it_stands_and_only_there() {
    let platform = platform();
    let mut wrong = Vec::new();
    for case in cases::cases() {
        let report = said(&platform, &case.bad);
        let fits = |found: &&super::Found| {
            let fix = found.fix.as_deref().unwrap_or_default();
            found.code == case.code && found.place() == case.place && fix.contains(case.fix)
        };
        let severity = if WARNINGS.contains(&case.code) { "warning" } else { "error" };
        if report.findings.iter().find(fits).is_none_or(|found| found.severity != severity) {
            wrong.push(format!("{} {:?} {}: {}\n{report:#?}", case.code, case.place, case.fix, case.bad));
        }
        if report.codes().iter().any(|code| *code != case.code) {
            wrong.push(format!("{}: more than that: {}\n{report:#?}", case.code, case.bad));
        }
        let report = said(&platform, &case.good);
        if !report.findings.is_empty() {
            wrong.push(format!("{}, though good: {}\n{report:#?}", case.code, case.good));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(platform.writes(), Vec::<String>::new());
}

/// A code that is added to the table has an example offline or here.
#[test]
fn every_code_here_is_in_the_table() {
    let known: BTreeSet<&str> = tdx_rt::plan::RULES.iter().map(|(code, _)| *code).collect();
    let mut tested: BTreeSet<&str> = cases::cases().into_iter().map(|case| case.code).collect();
    // A plan does not bring it about: see `cli::connections`.
    tested.insert("connection-unchecked");
    assert!(tested.is_subset(&known), "{tested:?}");
    let used =
        super::table::used(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/steps/live_check"));
    let untested: Vec<_> = used.iter().filter(|code| !tested.contains(code.as_str())).collect();
    assert!(untested.is_empty(), "without an example: {untested:?}");
}

/// Only a new section behind a live one that stays never answers.
#[test]
fn a_section_of_the_plan_is_compared_with_what_stays() {
    let platform = platform();
    let of = |sections: &str| {
        let text = format!(
            "parent_segment_id: '394649'\npersonalization_service: {{name: home, trigger_event: page_view, sections: [{sections}]}}\n"
        );
        let report = said(&platform, &text);
        report.findings.into_iter().map(|found| (found.code, found.message)).collect::<Vec<_>>()
    };
    let best = "{name: best, criteria: NOT NOT views.window_24h > 5, attributes: [last]}";
    let message =
        "the section 'best' never answers: 'some' before it has the same criteria, is live and stays";
    let found = [("same-criteria".to_owned(), message.to_owned())];
    assert_eq!(of(best), found);
    assert_eq!(of(&format!("{best}, {{name: all, attributes: [last]}}")), found);
    assert_eq!(of(&best.replace("attributes", "accept_unknown_profiles: false, attributes")), found);
    for sections in [
        // Its own section, in other words.
        "{name: some, criteria: NOT NOT views > 5.0, attributes: [last]}",
        // It is the live one under a new name.
        &best.replace("criteria", "renamed_from: some, criteria"),
        // The live one does not stay as it is.
        &format!("{best}, {{name: some, criteria: views > 50, attributes: [last]}}"),
        // The plan says its place: before the live one.
        &format!("{best}, {{name: some, criteria: views > 5 AND last = 'a', attributes: [last]}}"),
        // A service of its own, other criteria, everyone.
        &best.replace("views.window_24h > 5", "views > 6"),
        "{name: rest, attributes: [last]}",
    ] {
        assert_eq!(of(sections), [], "{sections}");
    }
    let other = plan_of_another(best);
    assert!(said(&platform, &other).findings.is_empty(), "{other}");
}

fn plan_of_another(section: &str) -> String {
    format!(
        "parent_segment_id: '394649'\npersonalization_service: {{name: other, trigger_event: page_view, sections: [{section}]}}\n"
    )
}

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

/// The codes that only the account shows.
pub fn codes() -> BTreeSet<&'static str> {
    let codes =
        cases::cases().into_iter().map(|case| case.code).chain(["connection-unchecked", "renamed-elsewhere"]);
    codes.filter(|code| !OFFLINE_TOO.contains(code)).collect()
}

/// Codes of offline rules that are checked against what is live as well.
const OFFLINE_TOO: [&str; 9] = [
    "bad-payload",
    "bad-sub",
    "duplicate-segment",
    "limit-exceeded",
    "same-criteria",
    "unknown-attribute",
    "unknown-event",
    "unknown-placeholder",
    "unreachable-section",
];

/// Codes of what can be applied and may not be what its author wants; the others are errors.
const WARNINGS: [&str; 3] = ["not-renamed", "same-criteria", "unreachable-section"];

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

/// The findings about a text on stdin.
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
        // A service of its own, other criteria.
        &best.replace("views.window_24h > 5", "views > 6"),
    ] {
        assert_eq!(of(sections), [], "{sections}");
    }
    let other = plan_of_another(best);
    assert!(said(&platform, &other).findings.is_empty(), "{other}");
}

/// The order that will be decides, with what the plan does not name and what stays.
#[test]
fn sections_that_no_visitor_reaches_are_found_in_the_order_that_will_be() {
    let platform = platform();
    let run = |command: &[&str], service: &str, sections: &str| {
        let text = format!(
            "parent_segment_id: '394649'\npersonalization_service: {{name: {service}, trigger_event: page_view, sections: [{sections}]}}\n"
        );
        platform.tdx(command).stdin(text).run().document()
    };
    let found = |document: &Value, list: &str| -> Vec<[String; 3]> {
        let items = document.get(list).and_then(Value::as_array).into_iter().flatten();
        let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
        items.map(|item| [text(item, "code"), text(item, "message"), text(item, "fix")]).collect()
    };
    let check = |service: &str, sections: &str| {
        let checked = found(&run(&["validate", "--live"], service, sections), "findings");
        let diff = run(&["diff", "-"], service, sections);
        assert_eq!(found(&diff, "warnings"), checked, "diff as well: {sections}");
        checked
    };
    let last = "attributes: [last]";
    // A new section for everyone, in front of the live one for everyone; and a live one that becomes it.
    for (sections, by) in [
        (format!("{{name: rest, {last}}}"), "rest"),
        (format!("{{name: some, criteria: '', {last}}}"), "some"),
        (format!("{{name: renamed, renamed_from: some, criteria: '', {last}}}"), "renamed"),
    ] {
        let message = format!(
            "no visitor reaches the section 'all': '{by}' before it takes everyone; it is live and not in the plan"
        );
        let fix = format!(
            "name 'all' in the plan before '{by}', or delete it: --prune-item personalization_services.home.sections.all"
        );
        assert_eq!(
            check("home", &sections),
            [["unreachable-section".to_owned(), message, fix]],
            "{sections}"
        );
    }
    // What the plan shows of both is reported offline, once.
    let both = format!("{{name: some, criteria: '', {last}}}, {{name: all, {last}}}");
    assert_eq!(check("home", &both).len(), 1);
    // Live: 'a b' for everyone, 'c d' with criteria, 'e'.
    let live = format!(
        "{{name: a b, criteria: views > 1, {last}}}, {{name: c d, criteria: views > 2, {last}}}, {{name: e, {last}}}"
    );
    run(&["apply", "--interval", "5ms"], "web shop", &live);
    assert_eq!(check("web shop", &live), Vec::<[String; 3]>::new());
    let path = |section: &str| {
        format!("--prune-item 'personalization_services.\"web shop\".sections.\"{section}\"'")
    };
    // A new one with the criteria of a live one, whose name has a space; one that is live; and a live one
    // behind one of the plan.
    let same = |section: &str, by: &str, more: &str, fix: String| {
        let message =
            format!("the section '{section}' never answers: '{by}' before it has the same criteria{more}");
        vec![["same-criteria".to_owned(), message, fix]]
    };
    let fix = "add renamed_from: \"a b\" if it is that section; else change its criteria, or delete 'a b': ";
    let wanted = same("f", "a b", ", is live and stays", fix.to_owned() + &path("a b"));
    assert_eq!(check("web shop", &format!("{{name: f, criteria: views > 1, {last}}}")), wanted);
    let fix = "change its criteria, or delete 'a b': ".to_owned() + &path("a b");
    let wanted = same("c d", "a b", ", is live and stays", fix);
    assert_eq!(check("web shop", &format!("{{name: c d, criteria: views > 1, {last}}}")), wanted);
    let fix = "change the criteria of 'a b', or delete it: ".to_owned() + &path("c d");
    let wanted = same("c d", "a b", "; it is live and not in the plan", fix);
    assert_eq!(check("web shop", &format!("{{name: a b, criteria: views > 2, {last}}}")), wanted);
    // No answer differs for it: another event, and fewer of the visitors.
    for more in ["trigger_where: \"price > 1\"", "accept_unknown_profiles: false"] {
        assert_eq!(
            check("web shop", &format!("{{name: a b, criteria: views > 2, {more}, {last}}}")),
            wanted[..0]
        );
    }
}

fn plan_of_another(section: &str) -> String {
    format!(
        "parent_segment_id: '394649'\npersonalization_service: {{name: other, trigger_event: page_view, sections: [{section}]}}\n"
    )
}

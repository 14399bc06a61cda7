//! Each code with a text that has it and one that has not.

mod bodies;
mod journeys;
mod plans;
mod sections;

use super::said;
use std::collections::BTreeSet;

/// Code, severity, line and column, the text with it, the text without.
type Case<'t> = (&'t str, &'t str, (u64, u64), String, String);

fn keys(count: usize) -> String {
    format!("[{}]", (0..count).map(|i| format!("k{i}")).collect::<Vec<_>>().join(", "))
}

#[test]
fn each_code_is_found_where_it_stands_and_only_there() {
    let cases: Vec<Case<'_>> = plans::cases()
        .into_iter()
        .chain(sections::cases())
        .chain(bodies::cases())
        .chain(journeys::cases())
        .collect();
    let mut wrong = Vec::new();
    for (code, severity, place, bad, good) in &cases {
        let report = said(bad);
        match report.findings.iter().find(|found| found.code == *code) {
            Some(found) if (found.severity.as_str(), found.place()) == (*severity, *place) => {}
            other => {
                wrong.push(format!("{code} {place:?}: {}\n{other:?} of {:?}", short(bad), report.codes()))
            }
        }
        if report.valid != (*severity == "warning") {
            wrong.push(format!("{code}: {}\n{report:?}", short(bad)));
        }
        let report = said(good);
        if !report.valid || report.codes().contains(code) {
            wrong.push(format!("{code}, though good: {}\n{report:?}", short(good)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let tested: BTreeSet<&str> = cases.iter().map(|case| case.0).collect();
    let known: BTreeSet<&str> = tdx_rt::plan::RULES.iter().map(|(code, _)| *code).collect();
    // A text of 5 MB has a test of its own, and so have the codes that only the account shows.
    let mut elsewhere = super::live::codes();
    elsewhere.insert("too-large");
    let untested: Vec<_> = known.difference(&tested).filter(|code| !elsewhere.contains(*code)).collect();
    assert!(untested.is_empty() && tested.is_subset(&known), "without an example: {untested:?}");
}

fn short(text: &str) -> String {
    text.chars().take(700).collect()
}

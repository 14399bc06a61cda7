//! The command itself: input, flags, exit codes.

use super::super::Written;
use super::{report, said};
use crate::common::Tdx;

const GOOD: &str = "events: [{name: view, database: web, table: pages}]\n";

#[test]
fn a_good_plan_is_valid_and_needs_no_settings() {
    let plan = Written::new("plan.yaml", GOOD);
    for arguments in [vec!["validate", plan.path()], vec!["validate", "-f", plan.path()]] {
        let output = Tdx::new(&arguments).env("TDX_SITE", "nowhere").run();
        let report = report(&output);
        assert!(report.valid && report.findings.is_empty() && report.fixed.is_none());
        assert_eq!(output.stdout, "{\"valid\":true,\"errors\":0,\"warnings\":0,\"findings\":[]}\n");
    }
}

#[test]
fn stdin_is_read_by_the_house_rule_and_checked_like_a_file() {
    let found = said("evnets: []\nattributes: []\n");
    let only = found.only();
    assert_eq!((only.file.as_str(), only.pointer.as_deref()), ("stdin", Some("/evnets")));
    assert_eq!(report(&Tdx::new(&["validate", "-"]).stdin(GOOD).run()).findings.len(), 0);
    Tdx::new(&["validate"]).run().error(2, "usage");
    Tdx::new(&["validate"]).stdin(" \n").run().error(2, "missing-input");
    Tdx::new(&["validate", "-", "-f", "-"]).stdin(GOOD).run().error(2, "usage");
}

#[test]
fn several_files_are_one_document() {
    let bad = Written::new("bad.yaml", "events: {}\nodd: 1\n");
    let odd = Written::new("odd.yaml", "odd: 1\nevents: []\n");
    let good = Written::new("good.yaml", GOOD);
    let output = Tdx::new(&["validate", bad.path(), good.path(), "-f", odd.path()]).run();
    let report = report(&output);
    assert_eq!((report.errors, report.warnings), (1, 2));
    let files: Vec<_> = report.findings.iter().map(|found| (found.file.as_str(), found.line)).collect();
    assert_eq!(files, [(bad.path(), Some(1)), (bad.path(), Some(2)), (odd.path(), Some(1))]);
    let summary = format!("{}: 1 error, 1 warning; {}: 1 warning", bad.path(), odd.path());
    assert!(output.stderr.contains(&summary), "{}", output.stderr);
}

#[test]
fn a_file_that_cannot_be_read_is_no_finding() {
    let good = Written::new("good.yaml", GOOD);
    let error = Tdx::new(&["validate", good.path(), "/no/such/plan.yaml"]).run().error(3, "not-found");
    assert!(error["message"].as_str().unwrap().contains("/no/such/plan.yaml"));
}

#[test]
fn strict_makes_warnings_errors() {
    assert!(said("odd: 1\nevents: []\n").valid);
    let output = Tdx::new(&["validate", "--strict"]).stdin("odd: 1\nevents: []\n").run();
    let report = report(&output);
    assert_eq!((report.errors, report.warnings), (1, 0));
    assert_eq!(report.only().severity, "error");
}

#[test]
fn the_document_goes_where_every_document_goes() {
    let output = Tdx::new(&["validate", "--jq", ".findings[] | .code"]).stdin("odd: 1\nevents: {}\n").run();
    assert_eq!((output.code, output.stdout.as_str()), (2, "unknown-key\nwrong-type\n"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let output = Tdx::new(&["validate", "--output", file.to_str().unwrap()]).stdin("events: {}\n").run();
    assert_eq!((output.code, output.stdout.as_str()), (2, ""));
    assert!(std::fs::read_to_string(file).unwrap().contains("wrong-type"));
    let help = Tdx::new(&["validate", "--help"]).run();
    assert!(help.stdout.contains("Examples:\n  tdx-rt validate plan.yaml"), "{}", help.stdout);
}

#[test]
fn what_is_no_text_or_too_much_of_it_is_refused() {
    let report_of = |bytes: Vec<u8>| report(&Tdx::new(&["validate"]).stdin(bytes).run());
    let found = report_of(b"a: 1\nb: \xff\n".to_vec());
    let only = found.only();
    assert_eq!((only.code.as_str(), only.place(), only.path.as_deref()), ("bad-syntax", (2, 4), None));
    let long = format!("x-a: '{}'\n", "é".repeat(2_500_000));
    let found = report_of(long.clone().into_bytes());
    assert_eq!(found.only().code, "too-large");
    let plan = Written::new("plan.yaml", &long);
    let error = Tdx::new(&["apply", "-f", plan.path()]).run().error(2, "invalid-plan");
    assert!(error["message"].as_str().unwrap().contains("5 MB"), "{error}");
}

#[test]
fn other_commands_say_that_a_body_is_no_plan() {
    let body = r#"{"data": {"id": "1", "type": "realtime-personalization", "attributes": {"name": "a", "sections": []}}}"#;
    for command in ["apply", "rt-events", "pz-create"] {
        let error = Tdx::new(&[command]).stdin(body).run().error(2, "invalid-plan");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("the body of a personalization entity, not a plan"), "{message}");
        assert!(message.contains("`tdx-rt validate` checks it"), "{message}");
        assert_eq!(error["details"]["findings"][0]["code"], "not-a-plan");
    }
}

#[test]
fn one_mistake_does_not_hide_the_next() {
    let plan = format!(
        "{GOOD}attributes:\n  - {{name: views, type: cuonter, source_event: veiw}}\npersonalization_service:\n  name: home\n  trigger_event: view\n  sections:\n    - {{name: a, criteria: views >, attributes: [views, vews]}}\n"
    );
    let found = said(&plan);
    assert_eq!(found.codes(), ["unknown-type", "unknown-event", "bad-criteria", "unknown-attribute"]);
    let places: Vec<_> = found.findings.iter().map(super::Found::place).collect();
    assert_eq!(places, [(3, 25), (3, 48), (8, 34), (8, 56)]);
}

//! The command around the checks: where the parent segment comes from, and what is no finding.

use super::super::super::Written;
use super::{BASE, PS, Tdx, platform, report, run, said};
use crate::common::Platform;

#[test]
fn a_plan_that_can_be_applied_is_valid_and_nothing_is_written() {
    let platform = Platform::start();
    assert_eq!(said(&platform, BASE).codes(), Vec::<&str>::new());
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn every_mistake_is_told_at_once() {
    let found = said(
        &platform(),
        "parent_segment_id: '394649'
events:
  - {name: view, database: web_events, table: pageviews, where: \"td_pth = 'x'\"}
  - {name: buy, database: web_events, table: purchase}
attributes:
  - {name: last, type: counter, source_event: view}
  - {name: price, type: single, source_event: view, source_field: prise}
  - {name: tier, type: imported_batch, column: loyalty_teir}
personalization_service:
  name: home
  trigger_event: view
  sections:
    - {name: a, criteria: \"views > 1 AND nope = 1\", attributes: [loyalty_tier, lastt], batch_segments: [Big]}
",
    );
    let all: Vec<_> = found.findings.iter().map(|found| (found.code.as_str(), found.place().0)).collect();
    assert_eq!(
        all,
        [
            ("unknown-column", 3),
            ("unknown-table", 4),
            ("live-conflict", 6),
            ("unknown-column", 7),
            ("unknown-batch-attribute", 8),
            ("unknown-attribute", 13),
            ("unknown-attribute", 13),
            ("unknown-segment", 13),
        ]
    );
}

#[test]
fn what_is_live_settles_the_offline_warning() {
    let platform = platform();
    let plan = "parent_segment_id: '394649'
events: [{name: page_view, database: web_events, table: pageviews}]
attributes: [{name: more, type: counter, source_event: page_view}]
personalization_service: {name: new, trigger_event: page_view, sections: [{name: a, attributes: [more, last]}]}
";
    let offline = report(&Tdx::new(&["validate"]).stdin(plan).run());
    assert_eq!(offline.codes(), ["unknown-attribute"]);
    assert_eq!(said(&platform, plan).codes(), Vec::<&str>::new());
}

#[test]
fn a_body_and_a_text_that_cannot_be_read_are_checked_offline_only() {
    let platform = Platform::start();
    let body = r#"{"eventTables": [], "keyColumns": [], "batchAttributes": []}"#;
    assert_eq!(said(&platform, body).codes(), ["partial-setting"]);
    assert_eq!(said(&platform, "a: [\n").codes(), ["bad-syntax"]);
    assert_eq!(said(&platform, "parent_segment_id: <ps_id>\n").codes(), ["placeholder"]);
    assert_eq!(platform.requests(), Vec::<String>::new());
}

#[test]
fn the_parent_segment_comes_from_the_flag_the_plan_or_the_settings() {
    let platform = platform();
    let plan = "attributes: [{name: tier, type: imported_batch, column: nope}]\n";
    run(&platform, plan, &[]).error(2, "usage");
    let flag = report(&run(&platform, plan, &["--ps", "Customer 360"]));
    assert_eq!(flag.codes(), ["unknown-batch-attribute"]);
    let setting = platform.tdx(&["validate", "--live"]).stdin(plan);
    let folder = setting.home().join(".config/tdx");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("tdx.json"), format!(r#"{{"parent_segment": "{PS}"}}"#)).unwrap();
    assert_eq!(report(&setting.run()).codes(), ["unknown-batch-attribute"]);
    let other = format!("parent_segment_id: '1'\n{plan}");
    let wins = report(&run(&platform, &other, &["--ps", PS]));
    assert_eq!(wins.codes(), ["unknown-batch-attribute"]);
    run(&platform, plan, &["--ps", "Customer"]).error(3, "not-found");
    assert_eq!(report(&run(&platform, plan, &["--ps", "394651"])).codes(), ["rt-not-enabled"]);
    platform.tdx(&["validate", "--ps", PS]).stdin(plan).run().error(2, "usage");
}

#[test]
fn a_bad_key_and_a_lost_connection_are_errors_and_change_no_file() {
    let platform = Platform::start();
    let plan = Written::new("plan.yaml", "parent_segment_id: '394649'\nevnts: []\n");
    let arguments = ["validate", "--live", "--fix", "--retries", "0", plan.path()];
    platform.tdx(&arguments).env("TDX_API_KEY", "1/wrong").run().error(4, "auth");
    Tdx::new(&arguments).env("TDX_RT_ENDPOINT", &platform.url).run().error(4, "auth");
    let nowhere = platform.tdx(&arguments).env("TDX_RT_ENDPOINT", "http://127.0.0.1:9");
    nowhere.run().error(9, "network");
    assert!(std::fs::read_to_string(plan.path()).unwrap().contains("evnts"));
    let report = report(&platform.tdx(&arguments).run());
    assert_eq!(report.fixed.map(|fixed| fixed.len()), Some(1));
}

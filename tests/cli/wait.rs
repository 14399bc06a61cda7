//! Waiting until a state settles: one set of flags, and no waiting for what cannot come.

use super::{BASE, PS, said};
use crate::common::{Output, Platform};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A command that changes something that is rolled out.
struct Case {
    arguments: &'static [&'static str],
    /// Whether it waits by itself.
    waits: bool,
    /// How often it has read the setting before it waits, and whether it reads it meanwhile.
    reads: (u64, bool),
    /// Where its document says the status.
    status: &'static str,
}

const fn case(
    arguments: &'static [&'static str],
    waits: bool,
    reads: (u64, bool),
    status: &'static str,
) -> Case {
    Case { arguments, waits, reads, status }
}

const STEP: &str = "/parent_segment/rt_status";

const CASES: [Case; 10] = [
    case(&["rt-events", "--ps", PS, "--event", "new=web_events.purchases"], false, (1, true), STEP),
    case(&["rt-keys", "--ps", PS, "--key", "email"], false, (1, true), STEP),
    case(&["rt-attrs", "--ps", PS, "--counter", "n=page_view"], true, (1, false), STEP),
    case(
        &["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "last"],
        false,
        (1, false),
        STEP,
    ),
    case(&["apply", "-f", "later.yaml"], true, (1, true), STEP),
    case(&["undo", "--yes", "journal"], true, (3, true), STEP),
    case(&["rt-events", "delete", "spare", "--ps", PS], false, (1, false), "/rt_status"),
    case(&["rt-events", "delete", "web_events.legacy_clicks", "--ps", PS], false, (2, true), "/rt_status"),
    case(&["rt-keys", "delete", "td_client_id", "--ps", PS], false, (2, true), "/rt_status"),
    case(&["rt-attrs", "delete", "views", "--ps", PS], false, (1, false), "/rt_status"),
];

/// A platform that can be taken back to where it was.
struct Bench {
    platform: Platform,
    folder: TempDir,
}

impl Bench {
    /// With the base plan, and a key event that nothing uses.
    fn new() -> Self {
        let bench = Bench { platform: Platform::start(), folder: tempfile::tempdir().unwrap() };
        let spare = "  - {name: spare, database: web_events, table: pageviews}\nid_stitching:";
        let plan = BASE.replacen("id_stitching:", spare, 1);
        let later = plan.replace("name: spare", "name: another");
        std::fs::write(bench.folder.path().join("later.yaml"), later).unwrap();
        std::fs::write(bench.folder.path().join("plan.yaml"), plan).unwrap();
        bench.run(&["apply", "plan.yaml", "--journal", "kept"], &["--interval", "5ms"]).document();
        bench.platform.control("snapshots", json!({"name": "base"}));
        bench
    }

    /// Goes back, and lets later changes settle so.
    fn again(&self, settle: &str) {
        self.platform.control("snapshots/base/restore", json!({}));
        assert_eq!(self.run(&["sandbox", "settle", settle], &[]).code, 0);
        self.platform.control("settle", json!({"ps": PS, "status": "ok"}));
        let file = |name: &str| self.folder.path().join(name);
        std::fs::copy(file("kept"), file("journal")).unwrap();
        self.platform.forget_requests();
    }

    fn fault(&self, operation: &str, status: u16, skip: u64) {
        let rule =
            json!({"kind": "status", "status": status, "operation": operation, "skip": skip, "count": 0});
        self.platform.control("faults", rule);
    }

    fn run(&self, arguments: &[&str], more: &[&str]) -> Output {
        let tdx = self.platform.tdx(&[arguments, more].concat()).dir(self.folder.path());
        tdx.env("TDX_RT_STATE_DIR", self.folder.path().join("state").to_str().unwrap()).run()
    }

    /// How often the setting was read.
    fn looks(&self) -> u64 {
        let looks = self.platform.requests().into_iter();
        looks.filter(|line| line.starts_with("GET ") && line.ends_with("/realtime_setting")).count() as u64
    }
}

const SETTING: &str = "GET /audiences/{}/realtime_setting";

/// The error that stderr ends with; stdout is empty.
#[track_caller]
fn ends_with(output: &Output, exit_code: i32, code: &str) -> Value {
    assert_eq!((output.code, output.stdout.as_str()), (exit_code, ""), "{output:?}");
    let last: Value = serde_json::from_str(output.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(last["error"]["code"], code, "{output:?}");
    last["error"].clone()
}

/// An hour, and looks an hour apart: a command that sleeps is caught.
const LONG: [&str; 5] = ["--wait", "--timeout", "1h", "--interval", "1h"];

fn each(test: impl Fn(&Bench, &Case)) {
    let bench = Bench::new();
    for case in &CASES {
        test(&bench, case);
    }
}

#[test]
fn the_printed_status_is_the_settled_one() {
    each(|bench, case| {
        bench.again("4reads");
        // Forced as it is, the status would stay so.
        bench.platform.control("settle", json!({"ps": PS, "rollout": {"after_reads": 6}}));
        let output = bench.run(case.arguments, &["--wait", "--interval", "5ms"]);
        let document = output.document();
        assert_eq!(document.pointer(case.status), Some(&json!("ok")), "{:?}: {document}", case.arguments);
    });
}

#[test]
fn the_last_of_wait_and_no_wait_counts() {
    each(|bench, case| {
        for (more, waits) in [
            (&[][..], case.waits),
            (&["--wait"], true),
            (&["--timeout", "1m"], true),
            (&["--no-wait"], false),
            (&["--no-wait", "--wait"], true),
            (&["--wait", "--no-wait"], false),
            (&["--no-wait", "--timeout", "1m"], false),
        ] {
            bench.again("8reads");
            bench.platform.control("settle", json!({"ps": PS, "rollout": {"after_reads": 8}}));
            let document = bench.run(case.arguments, &[more, &["--interval", "5ms"]].concat()).document();
            let status = document.pointer(case.status).and_then(Value::as_str);
            let expected = match (waits, case.status) {
                (true, _) => Some("ok"),
                (false, STEP) => Some("updating"),
                (false, _) => None,
            };
            assert_eq!(status, expected, "{:?} {more:?}: {document}", case.arguments);
        }
    });
}

#[test]
fn a_timeout_of_nothing_looks_once() {
    each(|bench, case| {
        bench.again("never");
        bench.platform.control("settle", json!({"ps": PS, "status": "updating"}));
        let error = ends_with(&bench.run(case.arguments, &["--timeout", "0"]), 8, "not-ready");
        assert_eq!(said(&error, "message"), "RT configuration of parent segment 394649 is 'updating'");
        assert_eq!(error["details"]["parent_segment"], json!({"id": PS, "rt_status": "updating"}));
        assert_eq!(error["retryable"], true);
        assert!(said(&error, "hint").contains("what was written stays"), "{:?}: {error}", case.arguments);
        let (before, meanwhile) = case.reads;
        assert_eq!(bench.looks(), before + 1 + u64::from(meanwhile), "{:?}", case.arguments);
    });
}

#[test]
fn what_cannot_come_is_not_waited_for() {
    let started = std::time::Instant::now();
    each(|bench, case| {
        let (before, meanwhile) = case.reads;
        let looks = before + 1 + u64::from(meanwhile);
        let run = || bench.run(case.arguments, &LONG);

        bench.again("inconsistent");
        bench.platform.control("settle", json!({"ps": PS, "rollout": "inconsistent"}));
        ends_with(&run(), 1, "rt-inconsistent");
        assert_eq!(bench.looks(), looks, "{:?}", case.arguments);

        bench.again("never");
        bench.fault(SETTING, 404, before);
        ends_with(&run(), 1, "rt-not-enabled");
        assert_eq!(bench.looks(), looks, "{:?}", case.arguments);

        bench.again("never");
        bench.fault(SETTING, 404, before);
        bench.fault(
            "GET /entities/parent_segments/{}",
            404,
            u64::from(case.arguments.contains(&"--ps")) + u64::from(case.arguments[0] == "apply"),
        );
        let error = ends_with(&run(), 3, "not-found");
        assert_eq!(said(&error, "message"), "there is no parent segment with the id 394649");
        assert_eq!(bench.looks(), looks, "{:?}", case.arguments);

        bench.again("never");
        bench.fault(SETTING, 401, before);
        ends_with(&run(), 4, "auth");
        assert_eq!(bench.looks(), looks, "{:?}", case.arguments);
    });
    assert!(started.elapsed().as_secs() < 300, "nothing waited");
}

#[test]
fn what_is_settled_is_not_looked_at_again() {
    let bench = Bench::new();
    for arguments in [
        &["rt-events", "-f", "plan.yaml"][..],
        &["rt-keys", "-f", "plan.yaml"],
        &["rt-attrs", "-f", "plan.yaml"],
    ] {
        bench.again("never");
        let document = bench.run(arguments, &LONG).document();
        assert_eq!(document["parent_segment"]["rt_status"], "ok", "{arguments:?}");
        assert_eq!(bench.looks(), 1, "{arguments:?}");
    }
}

#[test]
fn a_test_waits_only_for_what_can_come() {
    let bench = Bench::new();
    let create = ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "last"];
    bench.run(&create, &[]).document();
    let test = ["pz-test", "--ps", PS, "--personalization", "web", "--get", "--key", "td_client_id=u1"];
    for (status, exit_code, code) in [(404, 1, "rt-not-enabled"), (401, 4, "auth")] {
        bench.platform.request("DELETE", "/_sandbox/faults", None);
        bench.platform.control("settle", json!({"ps": PS, "status": "updating"}));
        bench.fault(SETTING, status, 1);
        bench.platform.forget_requests();
        ends_with(&bench.run(&test, &LONG), exit_code, code);
        assert_eq!(bench.looks(), 2);
    }
    bench.platform.request("DELETE", "/_sandbox/faults", None);
    ends_with(&bench.run(&test, &["--timeout", "0"]), 8, "not-ready");
    bench.run(&test, &["--wait", "--no-wait"]).says_no(1, "check-failed");
    bench.platform.control("settle", json!({"ps": PS, "status": "inconsistent"}));
    bench.platform.forget_requests();
    assert_eq!(bench.run(&test, &LONG).code, 1);
    assert_eq!(bench.looks(), 1);
}

#[test]
fn a_check_takes_the_timeout_in_two_spellings() {
    let platform = Platform::start();
    let check = |more: &[&str]| {
        platform.forget_requests();
        let output = platform.tdx(&[&["ps-check", "394650"], more].concat()).run();
        (output.code, platform.requests().iter().filter(|line| line.ends_with("/realtime_setting")).count())
    };
    // The report, the look, and what there is when time is up.
    for more in [&["--wait=0"][..], &["--timeout", "0"], &["--wait", "--timeout", "0"]] {
        assert_eq!(check(more), (8, 3), "{more:?}");
    }
    assert_eq!(check(&[]), (8, 1));
    for more in [&["394650", "--wait=1m", "--timeout", "1m"][..], &["--timeout", "1m"]] {
        let error = platform.tdx(&[&["ps-check"], more].concat()).run().error(2, "usage");
        assert!(!said(&error, "message").is_empty());
    }
    platform.forget_requests();
    for (operation, status, exit_code, code) in
        [(SETTING, 401, 4, "auth"), (SETTING, 404, 1, "rt-not-enabled")]
    {
        platform.request("DELETE", "/_sandbox/faults", None);
        platform.control(
            "faults",
            json!({"kind": "status", "status": status, "operation": operation, "skip": 1, "count": 0}),
        );
        platform.tdx(&["ps-check", "394650", "--wait=1h", "--interval", "1h"]).run().error(exit_code, code);
    }
}

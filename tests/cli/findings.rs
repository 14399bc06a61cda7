//! Plans with more wrong in them than a person reads, and plans that are too large or too deep.

use super::Written;
use crate::common::{Platform, Tdx};
use serde_json::{Value, json};

/// A plan with so many events without a table.
fn wrong(count: usize) -> Written {
    let events: Vec<Value> = (0..count).map(|i| json!({"name": format!("e{i}"), "database": "d"})).collect();
    Written::new("plan.json", &json!({"parent_segment_id": "394649", "events": events}).to_string())
}

#[test]
fn a_report_has_a_thousand_findings_and_the_number_of_the_others() {
    let plan = wrong(20_000);
    let document = |arguments: &[&str]| -> Value {
        let output = Tdx::new(&[&["validate", plan.path()], arguments].concat()).run();
        assert_eq!(output.code, 2, "{}", output.stderr);
        serde_json::from_str(&output.stdout).unwrap()
    };
    let count = |document: &Value| document["findings"].as_array().unwrap().len();
    let usual = document(&[]);
    assert!(usual["errors"].as_u64().unwrap() >= 20_000);
    assert_eq!(
        (count(&usual), &usual["not_shown"]),
        (1_000, &json!(usual["errors"].as_u64().unwrap() - 1_000))
    );
    let few = document(&["--max-findings", "3"]);
    assert_eq!((count(&few), &few["errors"]), (3, &usual["errors"]));
    let all = document(&["--max-findings", "1000000"]);
    assert_eq!((count(&all) as u64, all.get("not_shown")), (all["errors"].as_u64().unwrap(), None));
}

#[test]
fn an_error_has_a_thousand_findings_and_the_number_of_the_others() {
    let platform = Platform::start();
    let plan = wrong(5_000);
    for command in ["apply", "diff", "rt-events"] {
        let output = platform.tdx(&[command, "-f", plan.path()]).run();
        assert!(output.stderr.len() < 1_000_000, "{command}: {} bytes", output.stderr.len());
        let error = output.error(2, "invalid-plan");
        assert_eq!(error["details"]["findings"].as_array().unwrap().len(), 1_000);
        let more = error["details"]["not_shown"].as_u64().unwrap();
        assert!(error["message"].as_str().unwrap().ends_with(&format!("{more} more findings")), "{more}");
    }
    assert_eq!(platform.requests(), Vec::<String>::new());
}

/// `TDX_RT_WRONG_EVENTS` is the number of events.
#[test]
#[cfg(target_os = "linux")]
fn whatever_a_plan_is_it_is_read_within_256_mb() {
    let count = std::env::var("TDX_RT_WRONG_EVENTS").map_or(10_000, |text| text.parse().unwrap());
    let most = tdx_rt::plan::MAX_VALUES;
    let many = |item: &str, count: usize| {
        Written::new("plan.json", &format!("{{\"x-a\": [{}0]}}", format!("{item},").repeat(count)))
    };
    for plan in [
        wrong(count),
        // As much as fits, of what takes most.
        many("{\"a\":0}", most / 2 - 2),
    ] {
        for command in [&["diff", "-f", plan.path()][..], &["validate", plan.path()]] {
            let output = Tdx::new(command).env("TDX_API_KEY", "1/x").memory(256).run();
            println!("{count} wrong events, {command:?}: {} bytes of stderr", output.stderr.len());
            assert_eq!(output.code, 2, "{command:?}: {}", output.stderr);
            assert!(output.stderr.len() < 1_000_000, "{command:?}: {} bytes", output.stderr.len());
        }
    }
}

#[test]
fn a_plan_that_is_too_large_or_too_deep_is_said_to_be() {
    for (text, part) in [
        (format!("events: {}{}", "[".repeat(100_000), "]".repeat(100_000)), ""),
        (format!("{{\"events\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000)), ""),
        (format!("# {}\nevents: []", "x".repeat(6_000_000)), "5 MB"),
        (format!("{{\"x-a\": [{}0]}}", "0,".repeat(400_000)), "400000 values"),
        (format!("[{}0]", "0,".repeat(400_000)), ""),
    ] {
        let plan = Written::new("plan.yaml", &text);
        for command in [&["diff", "-f", plan.path()][..], &["validate", plan.path()]] {
            let output = Tdx::new(command).env("TDX_API_KEY", "1/x").run();
            assert_eq!(output.code, 2, "{command:?}: {output:?}");
            assert!(output.stderr.contains(part) || output.stdout.contains(part), "{command:?}: {output:?}");
            assert!(output.stderr.len() < 10_000, "{command:?}");
        }
    }
}

//! No command that writes is forgotten, and what `--curl` does for the others.

use super::cases::cases;
use crate::cli::{PS, configured};
use crate::common::{Platform, Tdx, schemas};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

fn walk(command: &clap::Command, path: &str, found: &mut BTreeSet<String>) {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let path = format!("{path} {}", sub.get_name()).trim().to_owned();
        walk(sub, &path, found);
        found.insert(path);
    }
}

#[test]
fn every_command_that_writes_has_a_case() {
    let mut all = BTreeSet::new();
    walk(&tdx_rt::cli::command(), "", &mut all);
    // The matrix sees that no other command sends a write.
    all.retain(|name| schemas::writes(name) || schemas::may_read(name));
    // Its job has another key each time; cli::queries looks at its dry run.
    assert!(all.remove("journey-monitor"));
    let cases: BTreeSet<String> = cases().iter().map(|case| case.command.join(" ")).collect();
    assert_eq!(
        cases, all,
        "a command that writes has a case in tests/cli/curl/cases.rs, and no other has one"
    );
}

#[test]
fn a_reading_command_prints_what_it_has_read() {
    let platform = configured();
    let output = platform.tdx(&["rt-attrs", "list", "--ps", PS, "--curl"]).run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let page = format!("curl -fsS '{}/audiences/{PS}/realtime_attributes?page%5Bsize%5D=1000'", platform.url);
    assert!(output.stdout.contains(&page), "{}", output.stdout);
    let ran = Command::new("sh").args(["-c", &output.stdout]).env("TDX_API_KEY", &platform.api_key).output();
    let ran = ran.unwrap();
    assert!(ran.status.success());
    let answers = serde_json::Deserializer::from_slice(&ran.stdout).into_iter::<Value>();
    let answers: Vec<Value> = answers.map(Result::unwrap).collect();
    assert_eq!(answers.last().unwrap()["data"].as_array().unwrap().len(), 5);
    let controls = platform.tdx(&["sandbox", "clock", "--curl"]).run();
    assert_eq!(controls.stdout, format!("curl -fsS '{}/_sandbox/clock' &&\ntrue\n", platform.url));
    let health = platform.tdx(&["sandbox", "health", "--curl"]).run();
    assert_eq!(health.stdout, format!("curl -fsS '{}/_sandbox/health' &&\ntrue\n", platform.url));
    // Without a request there is nothing to show but the document.
    let offline = Tdx::new(&["config"]).run().document();
    assert_eq!(Tdx::new(&["config", "--curl"]).run().document()["site"], offline["site"]);
}

#[test]
fn asking_without_an_event_is_reading() {
    let platform = configured();
    let create = ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "views"];
    platform.tdx(&create).run().document();
    let test = ["pz-test", "--ps", PS, "--get", "--key", "td_client_id=u1", "--interval", "5ms"];
    let tested = platform.tdx(&[&test[..], &["--dry-run"]].concat()).run().document();
    assert!(tested["response"].is_object(), "{tested}");
    let script = platform.tdx(&[&test[..], &["--curl"]].concat()).run().stdout;
    assert!(script.contains("?td_client_id=u1"), "{script}");
}

#[test]
fn a_script_without_its_key_says_so_and_sends_nothing() {
    let platform = Platform::start();
    let script = platform.tdx(&["rt-keys", "--ps", PS, "--ext-lookup-key", "customer_id", "--curl"]).run();
    platform.forget_requests();
    let ran = Command::new("sh").args(["-c", &script.stdout]).env_remove("TDX_API_KEY").output().unwrap();
    assert!(!ran.status.success());
    assert!(String::from_utf8_lossy(&ran.stderr).contains("TDX_API_KEY"), "{ran:?}");
    assert_eq!(platform.requests(), Vec::<String>::new());
}

#[test]
fn what_only_looks_like_a_made_up_id_stays() {
    let platform = Platform::start();
    let mut plan = crate::cli::plans::plan_of_everything();
    plan["personalization_service"]["sections"][1]["strings"] =
        serde_json::json!({"hello": "new:last", "other": "new:event:page_view", "third": "new:nothing"});
    let script = platform.tdx(&["apply", "--curl"]).stdin(plan.to_string()).run().stdout;
    let ran =
        Command::new("sh").args(["-c", &script]).env("TDX_API_KEY", &platform.api_key).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let exported = platform.tdx(&["export", PS]).run().document();
    let strings = &exported["personalization_service"]["sections"][1]["strings"];
    assert_eq!(*strings, plan["personalization_service"]["sections"][1]["strings"]);
}

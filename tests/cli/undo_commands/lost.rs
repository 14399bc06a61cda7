//! What cannot come back is listed.

use super::{Document, configured, run, undo};
use crate::cli::PS;
use crate::common::Platform;
use serde_json::Value;

/// What `undo --diff` says is lost; the undo itself says the same.
#[track_caller]
fn lost_after(commands: &[&[&str]]) -> Vec<String> {
    let shell = configured();
    for command in commands {
        run(&shell, command);
    }
    let flags = ["--last", &commands.len().to_string()].map(str::to_owned);
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let shown = shell.tdx(&[&["undo", "--diff"][..], &flags].concat()).run().document();
    let document: Document = undo(&shell, &flags).decode();
    assert_eq!(shown["lost"], Value::from(document.lost.clone()), "shown before and said after");
    document.lost
}

/// What calls the personalization has to learn them.
const ENDPOINT: &str = "the id and the endpoint of the personalization 'web': it gets new ones";

#[track_caller]
fn one_sentence(lost: &[String], parts: &[&str]) {
    let fits = |sentence: &&String| parts.iter().all(|part| sentence.contains(part));
    assert_eq!(lost.iter().filter(fits).count(), 1, "{parts:?}: {lost:?}");
}

#[test]
fn the_values_of_a_deleted_attribute_are_lost() {
    let lost = lost_after(&[&["rt-attrs", "delete", "spare"]]);
    one_sentence(&lost, &["values", "'spare'"]);
    // An imported one is filled by its import.
    let lost = lost_after(&[&["rt-attrs", "delete", "city"]]);
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn the_tokens_of_a_deleted_service_are_lost() {
    let lost = lost_after(&[&["pz-create", "delete", "web", "--service"]]);
    one_sentence(&lost, &["tokens", "'web'"]);
    let lost = lost_after(&[&["pz-create", "delete", "web"]]);
    assert_eq!(lost, [ENDPOINT], "the service was not deleted");
}

#[test]
fn those_who_were_in_a_deleted_journey_are_lost() {
    let lost = lost_after(&[&["journey-create", "delete", "welcome"]]);
    one_sentence(&lost, &["'welcome'"]);
}

#[test]
fn several_commands_lose_what_each_of_them_loses() {
    let lost = lost_after(&[
        &["rt-attrs", "delete", "spare"],
        &["rt-events", "delete", "web_events.add_to_cart"],
        &["pz-create", "delete", "web", "--service"],
    ]);
    one_sentence(&lost, &["values", "'spare'"]);
    one_sentence(&lost, &["tokens", "'web'"]);
    one_sentence(&lost, &[ENDPOINT]);
    assert_eq!(lost.len(), 3, "{lost:?}");
}

#[test]
fn what_comes_back_whole_loses_nothing() {
    let lost = lost_after(&[
        &["rt-events", "delete", "spare_event"],
        &["rt-keys", "delete", "email"],
        &["journey-create", "pause", "welcome"],
    ]);
    assert!(lost.is_empty(), "{lost:?}");
}

/// The demo data has no lookup key yet; the platform fixes it with the first stitching key.
#[test]
fn a_lookup_key_stays() {
    let platform = Platform::start();
    let state = tempfile::tempdir().unwrap();
    let tdx = |arguments: &[&str]| {
        let tdx = platform.tdx(&[arguments, &["--interval", "5ms"]].concat());
        tdx.env("TDX_RT_STATE_DIR", state.path().to_str().unwrap()).run()
    };
    tdx(&["rt-events", "--ps", PS, "--event", "page_view=web_events.pageviews"]).document();
    tdx(&["rt-keys", "--ps", PS, "--key", "td_client_id"]).document();
    let fixed = crate::cli::setting(&platform)["extLookupKey"].clone();
    assert_eq!(fixed, "customer_id");
    let document: Document = tdx(&["undo", "--yes"]).decode();
    one_sentence(&document.lost, &["lookup key", "customer_id"]);
    let setting = crate::cli::setting(&platform);
    assert_eq!(setting["extLookupKey"], fixed);
    let keys: Vec<&Value> =
        setting["keyColumns"].as_array().unwrap().iter().map(|key| &key["name"]).collect();
    assert_eq!(keys, ["legacy_id"]);
}

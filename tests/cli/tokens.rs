//! `pz-create token`: tokens of the personalization API are made, replaced and revoked, and shown only where they are
//! made.

use super::{PS, configured, said};
use crate::common::{Output, Platform, Tdx};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A service with one token that is kept.
fn deployed() -> (Platform, TempDir) {
    let (platform, state) = (configured(), tempfile::tempdir().unwrap());
    let create = ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "last"];
    tdx(&platform, state.path(), &[&create[..], &["--wait", "--interval", "5ms"]].concat()).run();
    (platform, state)
}

fn tdx(platform: &Platform, state: &Path, arguments: &[&str]) -> Tdx {
    platform.tdx(arguments).env("TDX_RT_STATE_DIR", state.to_str().unwrap())
}

fn token(platform: &Platform, state: &Path, arguments: &[&str]) -> Output {
    tdx(platform, state, &[&["pz-create", "token"], arguments, &["--ps", PS]].concat()).run()
}

fn test(platform: &Platform, state: &Path, more: &[&str]) -> Output {
    let call = ["pz-test", "--ps", PS, "--personalization", "web", "--trigger", "page_view", "--key"];
    tdx(platform, state, &[&call[..], &["td_client_id=u1", "--interval", "5ms"], more].concat()).run()
}

/// Everything that is kept on this machine: tokens.json and the journals.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push((
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned(),
            )),
        }
    }
    found
}

#[test]
fn a_rotation_hands_over_without_a_gap() {
    let (platform, state) = deployed();
    let state = state.path();
    let kept = state.join("tokens.json").display().to_string();
    let before = test(&platform, state, &[]).document()["request"]["token"].clone();
    assert_eq!(before["from"], json!(kept), "pz-test says which token it used: {before}");

    let made = token(&platform, state, &["rotate"]).document();
    let (old, value) = (&made["replaces"], made["token"].as_str().unwrap());
    assert_eq!((&old["id"], &made["kept_in"]), (&before["id"], &json!(kept)));
    assert_eq!(made["service"]["name"], "web");
    // Both work until the old one is revoked, with the command that was printed.
    let after = test(&platform, state, &[]).document()["request"]["token"].clone();
    assert_eq!(after, json!({"id": made["id"], "from": kept}));
    let revoke = old["revoke"].as_str().unwrap();
    let words: Vec<&str> = revoke.strip_prefix("tdx-rt ").unwrap().split(' ').collect();
    let revoked = tdx(&platform, state, &words).run().document();
    assert_eq!(
        (&revoked["kind"], &revoked["id"], &revoked["action"]),
        (&json!("token"), &old["id"], &json!("deleted"))
    );
    let given = test(&platform, state, &["--token", value]).document()["request"]["token"].clone();
    assert_eq!(given, json!({"id": null, "from": "--token"}));
    let error = tdx(&platform, state, &words).run().error(3, "not-found");
    assert_eq!(
        said(&error, "message"),
        format!("parent segment {PS} has no token '{}'", old["id"].as_str().unwrap())
    );

    // The value stands where it is kept, and nowhere else.
    let listed = token(&platform, state, &["list"]);
    assert_eq!(listed.document().as_array().map(Vec::len), Some(1));
    let places: Vec<String> =
        files(state).into_iter().filter(|(_, text)| text.contains(value)).map(|(name, _)| name).collect();
    assert_eq!(places, ["tokens.json"]);
    assert!(!listed.stdout.contains(value) && !format!("{:?}", platform.requests()).contains(value));
}

#[test]
fn a_token_for_others_is_shown_once_and_leaves_the_kept_one_alone() {
    let (platform, state) = deployed();
    let state = state.path();
    let before = test(&platform, state, &[]).document()["request"]["token"].clone();
    let ranges = ["--allowed-ip", "203.0.113.0/24", "--allowed-ip", "2001:db8::1"];
    let made = token(&platform, state, &[&["create", "--name", "shop"][..], &ranges].concat()).document();
    assert_eq!((&made["kept_in"], &made["replaces"]), (&Value::Null, &Value::Null));
    assert_eq!(made["allowed_ips"], json!(["203.0.113.0/24", "2001:db8::1"]));
    // Another address is refused with it, and the kept one is used as before.
    let (_, error) =
        test(&platform, state, &["--token", made["token"].as_str().unwrap()]).says_no(1, "check-failed");
    assert!(said(&error, "message").contains("not in IP whitelist"), "{error}");
    assert_eq!(test(&platform, state, &[]).document()["request"]["token"], before);
    let rows = token(&platform, state, &["list"]).document();
    let shown: Vec<_> = rows.as_array().unwrap().iter().map(|row| (&row["id"], &row["kept"])).collect();
    assert_eq!(shown, [(&before["id"], &json!(true)), (&made["id"], &json!(false))]);
    // One that replaces it may be called from where it may.
    let id = made["id"].as_str().unwrap();
    let next = token(&platform, state, &["rotate", id]).document();
    assert_eq!(next["allowed_ips"], made["allowed_ips"]);
    assert_eq!(next["replaces"]["id"], id);
}

#[test]
fn what_is_wrong_makes_nothing() {
    let (platform, state) = deployed();
    let state = state.path();
    token(&platform, state, &["create", "--name", "shop"]).document();
    platform.forget_requests();
    let error = token(&platform, state, &["create", "--name", "shop"]).error(6, "conflict");
    assert_eq!(said(&error, "message"), "the service 'web' has a token named 'shop' already");
    let error = token(&platform, state, &["create", "--allowed-ip", "203.0.113.0/33"]).error(2, "usage");
    assert!(said(&error, "message").contains("'203.0.113.0/33' is no address"), "{error}");
    let error = token(&platform, state, &["create", "--service", "wep"]).error(3, "not-found");
    assert_eq!(said(&error, "hint"), "did you mean 'web'?");
    token(&platform, state, &["rotate", "7"]).error(3, "not-found");
    // Elsewhere nothing is kept, so which one is replaced has to be said.
    let elsewhere = tempfile::tempdir().unwrap();
    let error = token(&platform, elsewhere.path(), &["rotate"]).error(2, "usage");
    assert!(said(&error, "hint").starts_with("name the one that is replaced; one of: "), "{error}");
    let planned = token(&platform, state, &["rotate", "--dry-run"]).document();
    assert_eq!(planned["requests"][0]["method"], "POST");
    assert!(!platform.requests().iter().any(|line| !line.starts_with("GET")), "{:?}", platform.requests());
}

#[test]
fn a_lost_answer_leaves_no_token_that_nobody_knows() {
    let (platform, state) = deployed();
    let state = state.path();
    let fault = json!({"kind": "commit_then_drop", "count": 1, "method": "POST",
        "path": "/audiences/{}/realtime_personalization_services/{}/tokens"});
    platform.control("faults", fault);
    let made = token(&platform, state, &["create", "--name", "shop"]).document();
    let rows = token(&platform, state, &["list"]).document();
    let ids: Vec<_> = rows.as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert_eq!((ids.len(), ids[1]), (2, &made["id"]));
}

#[test]
fn what_is_revoked_is_forgotten_here_as_well() {
    let (platform, state) = deployed();
    let state = state.path();
    let id = test(&platform, state, &[]).document()["request"]["token"]["id"].clone();
    token(&platform, state, &["revoke", id.as_str().unwrap()]).document();
    let error = test(&platform, state, &[]).error(4, "token");
    assert!(said(&error, "hint").contains("tdx-rt pz-create token create"), "{error}");
    let made = token(&platform, state, &["create"]).document();
    assert!(made["kept_in"].is_string(), "none was kept any more: {made}");
    assert_eq!(test(&platform, state, &[]).code, 0);
}

//! Several writers at once: what each of them reports as done exists afterwards.

use super::{PS, listing, said, setting};
use crate::common::{Output, Platform, side_by_side};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::thread;

/// Two commands at the same time; every answer takes a while, as over a network.
fn at_once(platform: &Platform, commands: &[Vec<&str>]) -> Vec<Output> {
    let running: Vec<_> = commands
        .iter()
        .map(|command| {
            let tdx = platform.tdx(&[command, &["--ps", PS, "--interval", "5ms"][..]].concat());
            thread::spawn(move || tdx.run())
        })
        .collect();
    running.into_iter().map(|run| run.join().unwrap()).collect()
}

/// Two commands at once, each on a machine of its own; then one after the other is taken back, and takes
/// nothing of the other one with it.
#[test]
fn an_undo_takes_back_what_its_command_wrote_and_no_more() {
    let window = |window| vec!["rt-attrs", "--counter", "views=view", "--window", window, "--no-wait"];
    let section =
        |name| vec!["pz-create", "--name", "web", "--trigger", "view", "--section", name, "--string", "a=b"];
    let pairs = [
        [vec!["rt-keys", "--key", "td_client_id"], vec!["rt-keys", "--key", "customer_id"]],
        [vec!["rt-keys", "--key", "td_client_id"], vec!["rt-events", "--event", "b=web_events.cart_view"]],
        [vec!["rt-attrs", "--import", "loyalty_tier"], vec!["rt-attrs", "--import", "vip_status"]],
        [window("2d"), window("3d")],
        [section("second"), section("third")],
    ];
    side_by_side(pairs, |pair| {
        let platform = Platform::start();
        platform.tdx(&["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"]).run().document();
        // The first key fixes the lookup key for good.
        for command in [window("24h"), section("first"), vec!["rt-keys", "--key", "session_id"]] {
            assert_eq!(at_once(&platform, &[command])[0].code, 0);
        }
        platform.control("snapshots", json!({"name": "start"}));
        let before = everything(&platform);
        let machines = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let run = |machine: usize, command: &[&str]| {
            let state = machines[machine].path().to_str().unwrap().to_owned();
            platform.tdx(command).env("TDX_RT_STATE_DIR", &state)
        };
        for first in [0, 1] {
            platform.control("snapshots/start/restore", json!({}));
            platform.control("faults", json!({"kind": "slow", "delay_ms": 20, "count": 0}));
            let runs = [0, 1].map(|machine| {
                let command = [&pair[machine][..], &["--ps", PS, "--interval", "5ms"]].concat();
                let tdx = run(machine, &command);
                thread::spawn(move || tdx.run())
            });
            for run in runs {
                let output = run.join().unwrap();
                assert_eq!(output.code, 0, "{output:?}");
            }
            platform.request("DELETE", "/_sandbox/faults", None);
            let both = everything(&platform);
            let undo = ["undo", "--ps", PS, "--yes", "--interval", "5ms"];
            // Of one thing that both wrote, the one that wrote last is taken back first.
            let output = run(first, &undo).run();
            assert!([0, 6].contains(&output.code), "{pair:?}: {output:?}");
            let refused = output.code == 6;
            let alone = everything(&platform);
            assert!((alone == both) == refused && alone != before, "{pair:?}: {both} {alone}");
            let rest = if refused { vec![1 - first, first] } else { vec![1 - first] };
            for machine in rest {
                assert_ne!(everything(&platform), before, "{pair:?}: another command is undone already");
                let output = run(machine, &undo).run();
                assert_eq!(output.code, 0, "{pair:?}: {output:?}");
            }
            assert_eq!(everything(&platform), before, "{pair:?}");
        }
    });
}

/// What is configured.
fn everything(platform: &Platform) -> Value {
    let export = platform.tdx(&["export", PS]).run().document();
    json!([export, setting(platform)["keyColumns"]])
}

/// The names of tables, keys and attributes.
fn there(platform: &Platform) -> BTreeSet<String> {
    let setting = setting(platform);
    let of = |list: &Value, key: &str| -> Vec<String> {
        list.as_array().unwrap().iter().map(|item| item[key].as_str().unwrap().to_owned()).collect()
    };
    let mut names: BTreeSet<String> = of(&setting["keyColumns"], "name").into_iter().collect();
    names.extend(of(&setting["eventTables"], "table"));
    names.extend(
        listing(platform, "realtime_attributes").iter().map(|one| one["name"].as_str().unwrap().to_owned()),
    );
    names
}

#[test]
fn what_two_write_at_once_is_there_afterwards() {
    let platform = Platform::start();
    platform.tdx(&["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"]).run().document();
    platform.control("snapshots", json!({"name": "start"}));
    let key = |name: &'static str| (vec!["rt-keys", "--key", name], name);
    let import = |name: &'static str| (vec!["rt-attrs", "--import", name, "--no-wait"], name);
    let event = |what: &'static str, table: &'static str| (vec!["rt-events", "--event", what], table);
    let pairs = [
        [key("td_client_id"), key("customer_id")],
        [import("loyalty_tier"), import("country")],
        [event("a=web_events.logins", "logins"), event("b=web_events.cart_view", "cart_view")],
        [key("td_client_id"), import("country")],
        [import("loyalty_tier"), event("b=web_events.cart_view", "cart_view")],
        [event("a=web_events.logins", "logins"), key("customer_id")],
    ];
    for round in 0..1 {
        for pair in &pairs {
            platform.control("snapshots/start/restore", json!({}));
            platform.control("faults", json!({"kind": "slow", "delay_ms": 20, "count": 0}));
            let commands: Vec<Vec<&str>> = pair.iter().map(|(command, _)| command.clone()).collect();
            let outputs = at_once(&platform, &commands);
            platform.request("DELETE", "/_sandbox/faults", None);
            for (output, (command, name)) in outputs.iter().zip(pair) {
                assert_eq!(output.code, 0, "{round} {command:?}: {output:?}");
                let there = there(&platform);
                assert!(there.contains(*name), "{round} {command:?} said it is done: {there:?}");
            }
        }
    }
}

/// A list that was written is looked at again; where it can't be, the command does not say that it is done.
#[test]
fn what_could_not_be_checked_is_no_success() {
    let platform = Platform::start();
    let home = tempfile::tempdir().unwrap();
    let run = |file: &str| {
        let command = ["rt-keys", "--key", "email", "--ps", PS, "--interval", "5ms"];
        platform.tdx(&command).env("TDX_RT_STATE_DIR", home.path().join(file).to_str().unwrap()).run()
    };
    platform.tdx(&["rt-events", "--ps", PS, "--event", "view=web_events.logins"]).run().document();
    platform.control("snapshots", json!({"name": "start"}));
    platform.forget_requests();
    run("usual").document();
    let usual = platform.requests();
    let written = usual.iter().rposition(|line| line.starts_with("PATCH")).unwrap();
    let reads = written + 1..usual.len();
    let mut unchecked = 0;
    for skip in reads.clone() {
        platform.control("snapshots/start/restore", json!({}));
        platform.control("faults", json!({"kind": "status", "status": 401, "skip": skip}));
        let error = run(&skip.to_string()).error(4, "auth");
        assert_eq!(error["details"]["written"].as_array().unwrap().len(), 1, "{error}");
        let message = error["message"].as_str().unwrap();
        if message.starts_with("all is written, but") {
            unchecked += 1;
            assert!(message.contains("(stitching key 'email')"), "{message}");
            assert!(error["hint"].as_str().unwrap().contains("tdx-rt undo "), "{error}");
        }
    }
    assert!(unchecked > 0, "{usual:?}");
    // A read that fails for a moment is repeated.
    for skip in reads {
        platform.control("snapshots/start/restore", json!({}));
        platform.control("faults", json!({"kind": "status", "status": 500, "skip": skip}));
        assert_eq!(run(&format!("again-{skip}")).code, 0);
    }
}

/// A personalization is written with all its sections, an attribute with all its windows.
#[test]
fn what_two_write_into_one_thing_is_there_afterwards() {
    let platform = Platform::start();
    let counter =
        |window: &'static str| vec!["rt-attrs", "--counter", "views=view", "--window", window, "--no-wait"];
    let section = |name: &'static str| {
        vec!["pz-create", "--name", "web", "--trigger", "view", "--section", name, "--string", "a=b"]
    };
    platform.tdx(&["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"]).run().document();
    for command in [counter("24h"), section("first")] {
        assert_eq!(at_once(&platform, &[command])[0].code, 0);
    }
    platform.control("snapshots", json!({"name": "start"}));
    for pair in [[counter("2d"), counter("3d")], [section("second"), section("third")]] {
        platform.control("snapshots/start/restore", json!({}));
        platform.control("faults", json!({"kind": "slow", "delay_ms": 20, "count": 0}));
        let outputs = at_once(&platform, &pair);
        platform.request("DELETE", "/_sandbox/faults", None);
        assert!(outputs.iter().all(|output| output.code == 0), "{outputs:?}");
        let all = format!(
            "{:?} {:?}",
            listing(&platform, "realtime_attributes"),
            listing(&platform, "realtime_personalizations")
        );
        for command in pair {
            let name = match command[4] {
                "2d" => "Number(2)",
                "3d" => "Number(3)",
                _ => command[6],
            };
            assert!(all.contains(name), "{command:?} said it is done: {all}");
        }
    }
}

/// A list that was written and can't be read again may have been written by another one since.
#[test]
fn what_can_not_be_looked_at_after_a_write_is_not_said_to_be_done() {
    let platform = Platform::start();
    platform.tdx(&["rt-events", "--ps", PS, "--event", "view=web_events.pageviews"]).run().document();
    let command = |key| ["rt-keys", "--key", key, "--ps", PS, "--no-wait", "--retries", "0"];
    platform.forget_requests();
    platform.tdx(&command("session_id")).run().document();
    let write = platform.requests().iter().position(|request| request.starts_with("PATCH")).unwrap();
    let fault = json!({"kind": "status", "status": 503, "skip": write + 1, "count": 0});
    platform.control("faults", fault);
    let error = platform.tdx(&command("email")).run().error(9, "server");
    platform.request("DELETE", "/_sandbox/faults", None);
    assert!(said(&error, "message").contains("all is written, but"), "{error}");
    assert!(said(&error, "hint").contains("run the command again"), "{error}");
    let again = platform.tdx(&command("email")).run();
    assert_eq!(again.code, 0, "{again:?}");
    assert!(setting(&platform)["keyColumns"].to_string().contains("email"));
}

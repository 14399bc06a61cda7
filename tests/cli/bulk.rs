//! Many items in one process: `-` reads them from stdin, and each is answered with a line.

use super::PS;
use crate::common::{Output, Platform};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Line {
    input: Value,
    ok: bool,
    exit_code: u8,
    result: Value,
    note: Value,
    error: Value,
}

fn lines(output: &Output) -> Vec<Line> {
    output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn bulk(platform: &Platform, arguments: &[&str], stdin: &str) -> Output {
    platform.tdx(arguments).stdin(stdin).run()
}

#[test]
fn parent_segments_are_checked_in_order_with_a_status_each() {
    let platform = Platform::start();
    let stdin = "Store Visitors\n394649\n\n{\"name\":\"Customer 360\"}\nNobody\n\"394649\"\n{\"id\":394649}\n{broken\n{}\n";
    let output = bulk(&platform, &["ps-check", "-", "--concurrency", "3"], stdin);
    let found = lines(&output);
    let seen: Vec<_> = found
        .iter()
        .map(|line| {
            (line.input.clone(), line.exit_code, line.result["name"].clone(), line.error["code"].clone())
        })
        .collect();
    let good = |input: Value| (input, 0, json!("Customer 360"), Value::Null);
    assert_eq!(
        seen,
        [
            (json!("Store Visitors"), 1, Value::Null, json!("rt-not-enabled")),
            good(json!("394649")),
            good(json!({"name": "Customer 360"})),
            (json!("Nobody"), 3, Value::Null, json!("not-found")),
            good(json!("394649")),
            good(json!({"id": 394649})),
            (json!("{broken"), 2, Value::Null, json!("invalid-plan")),
            (json!({}), 2, Value::Null, json!("invalid-plan")),
        ]
    );
    assert!(found.iter().all(|line| line.ok == (line.exit_code == 0) && line.error.is_null() == line.ok));
    // The exit code and stderr sum it up.
    assert_eq!(output.code, 1);
    let error: Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!(error["error"]["code"], "check-failed");
    assert_eq!(error["error"]["details"], json!({"items": 8, "failed": 4}));
}

#[test]
fn each_line_says_what_the_command_itself_says() {
    let platform = Platform::start();
    let alone = platform.tdx(&["ps-check", PS]).run().document();
    let output = bulk(&platform, &["ps-check", "-"], PS);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert_eq!(lines(&output)[0].result, alone);
    for command in ["rt-events", "rt-keys", "rt-attrs", "pz-create"] {
        let alone = platform.tdx(&[command, "list", "--ps", PS]).run().document();
        assert_eq!(platform.tdx(&[command, "list", PS]).run().document(), alone);
        let many = bulk(&platform, &[command, "list", "-"], "394649\nCustomer 360\n");
        assert_eq!(many.code, 0, "{many:?}");
        assert_eq!(
            lines(&many).into_iter().map(|line| line.result).collect::<Vec<_>>(),
            [alone.clone(), alone]
        );
    }
}

#[test]
fn one_listing_finds_all_of_them() {
    let platform = Platform::start();
    platform.forget_requests();
    let stdin = "394649\nCustomer 360\n".repeat(10);
    assert_eq!(bulk(&platform, &["ps-check", "-"], &stdin).code, 0);
    let listings =
        platform.requests().iter().filter(|request| request.ends_with("/entities/parent_segments")).count();
    assert_eq!((listings, platform.requests().len()), (1, 1 + 20 * 3), "{:?}", platform.requests());
}

#[test]
fn the_filter_runs_on_each_line_and_a_file_gets_them_all() {
    let platform = Platform::start();
    let stdin = "394649\nNobody\n394649\n";
    let output = bulk(&platform, &["ps-check", "-", "--jq", "[.input, .exit_code] | @csv"], stdin);
    assert_eq!(output.stdout, "\"394649\",0\n\"Nobody\",3\n\"394649\",0\n");
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("out.ndjson");
    let output = bulk(&platform, &["ps-check", "-", "-o", file.to_str().unwrap()], "394649\n394649\n");
    assert_eq!((output.code, output.stdout.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 2);
    // The last line decides about --exit-status.
    let status =
        |filter| bulk(&platform, &["ps-check", "-", "--exit-status", "--jq", filter], "394649\n").code;
    assert_eq!((status(".ok"), status(".error")), (0, 1));
}

#[test]
fn nothing_on_stdin_is_nothing_to_do() {
    let platform = Platform::start();
    let output = bulk(&platform, &["ps-check", "-"], "\n \n");
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
}

#[test]
fn what_does_not_fit_is_said_before_anything_is_asked() {
    let platform = Platform::start();
    platform.forget_requests();
    bulk(&platform, &["ps-check", "-", "394649"], "").error(2, "usage");
    bulk(&platform, &["ps-check", "-", "--yaml"], "").error(2, "usage");
    bulk(&platform, &["pz-test", "-", "--key", "td_client_id"], "u1\n").error(2, "usage");
    bulk(&platform, &["pz-test", "--ps", PS, "--key", "td_client_id"], "").error(2, "usage");
    bulk(&platform, &["rt-events", "list", "-", "--ps", PS], "").error(2, "usage");
    assert_eq!(platform.requests(), Vec::<String>::new());
}

#[test]
fn a_key_that_is_not_accepted_fails_each_item_the_same_way() {
    let platform = Platform::start();
    let output =
        platform.tdx(&["ps-check", "-"]).env("TDX_API_KEY", "1/wrong").stdin("394649\n394650\n").run();
    assert_eq!(lines(&output).iter().map(|line| line.exit_code).collect::<Vec<_>>(), [4, 4]);
    assert_eq!(output.code, 1);
}

/// A platform on which the plan is applied, and the plan's file.
fn applied() -> (Platform, &'static str, tempfile::TempDir) {
    let platform = Platform::start();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web-personalization.yaml");
    let state = tempfile::tempdir().unwrap();
    let applied = platform.tdx(&["apply", file]).env("XDG_STATE_HOME", state.path().to_str().unwrap()).run();
    assert_eq!(applied.code, 0, "{applied:?}");
    (platform, file, state)
}

#[test]
fn events_are_sent_and_answered_one_by_one() {
    let (platform, file, state) = applied();
    let test = |arguments: &[&str], stdin: &str| {
        let mut all = vec!["pz-test", "-", "-f", file, "--concurrency", "1"];
        all.extend(arguments);
        platform.tdx(&all).env("XDG_STATE_HOME", state.path().to_str().unwrap()).stdin(stdin).run()
    };
    // Ids of one column.
    let output = test(&["--key", "td_client_id", "--expect", ".offers.Default"], "u1\nu2\nu1\n");
    assert_eq!(output.code, 0, "{output:?}");
    let views: Vec<_> = lines(&output)
        .iter()
        .map(|line| line.result["response"]["offers"]["Default"]["attributes"]["page_views_24h"].clone())
        .collect();
    assert_eq!(views, [1, 1, 2]);
    // Objects with columns; a wrong one is that line's failure, and an expectation is checked for each.
    let stdin = "{\"td_client_id\":\"u3\",\"product_id\":\"p1\"}\n{\"td_client_id\":\"u3\",\"prodct_id\":\"p1\"}\nu4\n";
    let output = test(&["--expect", ".offers.Default.attributes.last_product_viewed == \"p1\""], stdin);
    let codes: Vec<_> =
        lines(&output).iter().map(|line| (line.exit_code, line.error["code"].clone())).collect();
    assert_eq!(codes, [(0, Value::Null), (2, json!("unknown-column")), (2, json!("usage"))]);
    assert_eq!(output.code, 1);
    let missed = test(&["--key", "td_client_id", "--expect", ".offers.Gold"], "u5\n");
    assert_eq!((lines(&missed)[0].exit_code, missed.code), (1, 1));
}

#[test]
fn a_dry_run_prints_the_events_and_sends_none() {
    let (platform, file, state) = applied();
    platform.forget_requests();
    let output = platform
        .tdx(&["pz-test", "-", "-f", file, "--key", "td_client_id", "--dry-run"])
        .env("XDG_STATE_HOME", state.path().to_str().unwrap())
        .stdin("u1\nu2\n")
        .run();
    let document = output.document();
    assert_eq!(
        (document["dry_run"].clone(), document["requests"].as_array().unwrap().len()),
        (json!(true), 2)
    );
    assert_eq!(platform.writes(), Vec::<String>::new());
}

#[test]
fn a_list_takes_what_ps_check_prints_and_says_where_there_is_no_real_time() {
    let platform = Platform::start();
    let all = platform.tdx(&["ps-check"]).run().stdout;
    let output = bulk(&platform, &["rt-attrs", "list", "-"], &all);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let found = lines(&output);
    let seen: Vec<_> =
        found.iter().map(|line| (line.ok, line.result.is_array(), line.note.as_str())).collect();
    let none = "RT 2.0 is not enabled for this parent segment.";
    assert_eq!(seen, [(true, true, None), (true, true, None), (true, false, Some(none))]);
    let csv = bulk(&platform, &["rt-attrs", "list", "-", "--csv"], &all);
    assert_eq!(csv.code, 0, "{csv:?}");
    let rows: Vec<&str> = csv.stdout.lines().collect();
    assert!(
        rows[0].starts_with("input,name,type,") && rows[1].starts_with("394649,country,imported_batch,"),
        "{rows:?}"
    );
    assert!(
        rows.last().is_some_and(|row| row.starts_with("394651,,") && row.ends_with(&format!(",{none},"))),
        "{rows:?}"
    );
}

#[test]
fn people_get_a_line_for_each_item_and_a_table_of_a_list() {
    let platform = Platform::start();
    let stdin = "394649\n{\"id\":394650}\nNobody\n";
    let output = platform.tdx(&["ps-check", "-", "--table"]).env("COLUMNS", "80").stdin(stdin).run();
    assert_eq!(
        output.stdout,
        "ok 394649: name Customer 360, rt_status ok, ready yes\n\
         failed 394650: RT configuration is updating. Its status is not \"ok\" yet.\n\
         failed Nobody: there is no parent segment named 'Nobody'\n"
    );
    let error: Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!(error["error"]["hint"], "each line that begins with `failed` says why");
    let stdin = "394649\n394650\n394651\n";
    let output = platform.tdx(&["rt-attrs", "list", "-", "--table"]).env("COLUMNS", "80").stdin(stdin).run();
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(lines[0], "ok 394649");
    assert!(
        lines[1].starts_with("NAME     TYPE") && lines[2].starts_with("country  imported_batch"),
        "{lines:?}"
    );
    assert_eq!(
        lines[3..],
        ["", "ok 394650: none", "- 394651: RT 2.0 is not enabled for this parent segment."]
    );
}

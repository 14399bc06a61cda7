//! Many items as rows of CSV files: `--csv`.

use super::{PS, configured, said};
use crate::common::{Output, Platform};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};

fn run(platform: &Platform, arguments: &[&str], stdin: impl Into<Vec<u8>>) -> Output {
    platform.tdx(&[arguments, &["--csv"]].concat()).stdin(stdin).run()
}

/// Rows by the names of their columns.
fn rows(output: &Output) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(output.stdout.as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn column(output: &Output, name: &str) -> Vec<String> {
    rows(output).iter().map(|row| row[name].clone()).collect()
}

/// A platform with a personalization, the file of its document, and its folder.
fn deployed() -> (Platform, tempfile::TempDir, String) {
    let platform = configured();
    let create = ["pz-create", "--ps", PS, "--name", "web", "--trigger", "page_view", "--attribute", "last"];
    let document = platform.tdx(&create).run().document().to_string();
    platform.control("settle", json!({}));
    platform.forget_requests();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.json");
    std::fs::write(&file, document).unwrap();
    (platform, folder, file.display().to_string())
}

#[test]
fn parent_segments_by_their_column() {
    let platform = Platform::start();
    for (stdin, first, shift) in [
        ("id\n394649\n394650\n", "id", "result_id"),
        ("\u{feff}id\r\n394649\r\n394650\r\n", "id", "result_id"),
        ("note,ps\n\"a, \"\"b\"\"\nc\",394649\n,394650\n", "ps", "id"),
        ("name,note\nCustomer 360,x\nLoyalty Members,\n", "name", "id"),
        (" whatever \nCustomer 360\n\nLoyalty Members\n", "whatever", "id"),
    ] {
        let output = run(&platform, &["ps-check", "-"], stdin);
        assert_eq!(output.code, 1, "one is updating: {output:?}");
        assert_eq!(column(&output, shift), ["394649", ""], "{stdin:?}: {output:?}");
        assert!(output.stdout.lines().next().unwrap().split(',').any(|name| name == first));
        let errors = column(&output, "error");
        assert!(errors[0].is_empty() && errors[1].contains("updating"), "{errors:?}");
    }
    // Cells stay what they were.
    let output = run(&platform, &["ps-check", "-"], "note,ps\n\"a, \"\"b\"\"\nc\",394649\n");
    assert_eq!(column(&output, "note"), ["a, \"b\"\nc"]);
    assert_eq!(column(&output, "ready"), ["true"]);
    // JSON all the same, with the row as the input.
    let output =
        run(&platform, &["ps-check", "-", "--jq", "[.input, .result.name] | tojson"], "x,id\n1,394649\n");
    assert_eq!(output.stdout, "[{\"x\":\"1\",\"id\":\"394649\"},\"Customer 360\"]\n");
    let output = run(&platform, &["ps-check", "-", "--jsonl"], "id\n394649\n");
    assert!(output.stdout.starts_with("{\"input\":{\"id\":\"394649\"},\"ok\":true"), "{output:?}");
}

#[test]
fn a_list_is_a_row_for_each_of_its_items() {
    let platform = configured();
    let attributes = platform.tdx(&["rt-attrs", "list", PS]).run().document();
    let names: Vec<&str> = attributes.as_array().unwrap().iter().map(|one| said(one, "name")).collect();
    let stdin = format!("id,name\n{PS},x\n1,y\n");
    let output = run(&platform, &["rt-attrs", "list", "-"], stdin);
    let found = rows(&output);
    assert_eq!(found.len(), names.len() + 1, "{output:?}");
    for (row, name) in found.iter().zip(&names) {
        assert_eq!((row["id"].as_str(), row["name"].as_str(), row["result_name"].as_str()), (PS, "x", *name));
        assert_eq!((row["note"].as_str(), row["error"].as_str()), ("", ""));
    }
    assert!(found.last().unwrap()["error"].contains("1") && output.code == 1);
    // Every column is one of the schema.
    let schema = platform.tdx(&[
        "schema",
        "rt-attrs",
        "list",
        "--jq",
        "[.\"x-columns\"[]] | join(\",\")",
        "--no-jq-check",
    ]);
    let columns = schema.run().stdout.trim().replace("name", "result_name");
    let header = output.stdout.lines().next().unwrap().to_owned();
    let last = header.strip_suffix(",note,error").unwrap();
    assert_eq!(last.replace("id,name,", "").replace("result_id", "id"), columns);
    // What has parts is JSON.
    let windows = found.iter().map(|row| &row["windows"]).find(|windows| !windows.is_empty());
    assert!(windows.is_none_or(|windows| serde_json::from_str::<Value>(windows).is_ok()));
    run(&platform, &["rt-attrs", "list", "-", "--raw"], "id\n1\n").error(2, "usage");
    // Lines of JSON are read as well: all attributes of all parent segments are one pipeline.
    let output = run(&platform, &["rt-attrs", "list", "-"], format!("{{\"id\": {PS}}}\n"));
    assert_eq!(column(&output, "name"), names);
    assert_eq!(column(&output, "input")[0], PS);
}

#[test]
fn visitors_get_offers_by_their_rows() {
    let (platform, _folder, file) = deployed();
    let test = ["pz-test", "-", "-f", &file, "--concurrency", "1"];
    let stdin = "td_client_id,product_id,price\nu1,p1,12.5\nu2,\"p,\n2\",\nu1,,3\n";
    let output = run(&platform, &test, stdin);
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(
        output.stdout.lines().next().unwrap(),
        "td_client_id,product_id,price,sections,offers,latency_ms,note,error"
    );
    assert_eq!(column(&output, "sections"), ["Default", "Default", "Default"]);
    let last: Vec<Value> = column(&output, "offers")
        .iter()
        .map(|offers| serde_json::from_str::<Value>(offers).unwrap()["Default"]["attributes"]["last"].clone())
        .collect();
    assert_eq!(last, [json!("p1"), json!("p,\n2"), json!("p1")], "an empty cell is no value");
    let events =
        run(&platform, &[&test[..], &["--jq", ".result.request.event | del(.time, .uuid)"]].concat(), stdin);
    let events: Vec<Value> = events.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events[0], json!({"td_client_id": "u1", "product_id": "p1", "price": 12.5}));
    assert_eq!(events[2], json!({"td_client_id": "u1", "price": 3}));
    // One visitor for all rows.
    let one = [&test[..], &["--key", "td_client_id=u9"]].concat();
    assert_eq!(column(&run(&platform, &one, "product_id\np7\n"), "sections"), ["Default"]);
    // Without an event.
    let get = run(&platform, &["pz-test", "-", "-f", &file, "--get"], "td_client_id\nu1\n");
    assert!(get.code == 0 && column(&get, "offers")[0].contains("p1"), "{get:?}");
}

#[test]
fn a_wrong_header_is_an_error_before_anything_is_sent() {
    let (platform, _folder, file) = deployed();
    let test = ["pz-test", "-", "-f", &file];
    let keyed = [&test[..], &["--key", "td_client_id"]].concat();
    let check = ["ps-check", "-"];
    for (arguments, stdin, code, part, hint) in [
        (&test[..], "td_client_id,prodct_id\nu1,p1\n", "unknown-column", "prodct_id", "product_id"),
        (&test, "product_id\np1\n", "invalid-plan", "no column is a stitching key", "--key COLUMN=VALUE"),
        (
            &keyed,
            "td_clientid,product_id\nu1,p1\n",
            "invalid-plan",
            "no column 'td_client_id'",
            "is 'td_clientid' meant?",
        ),
        (
            &keyed,
            "email,product_id\nu1,p1\n",
            "invalid-plan",
            "no column 'td_client_id'",
            "email, product_id",
        ),
        (&check, "idd,note\n394649,x\n", "invalid-plan", "no column 'id'", "is 'idd' meant?"),
        (&check, "394649\n394650\n", "invalid-plan", "looks like an id", "without --csv"),
        (&check, "id;name\n394649;x\n", "invalid-plan", "separated by ';'", "commas"),
        (&check, "id\tname\n394649\tx\n", "invalid-plan", "separated by a tab", "commas"),
        (&check, "id,,x\n394649,,\n", "invalid-plan", "column 2 has no name", ""),
        (&check, "id,x,id\n394649,,\n", "invalid-plan", "two columns 'id'", ""),
        (&check, "", "missing-input", "stdin is empty", "first line"),
        (&check, "\n\n", "missing-input", "stdin is empty", "first line"),
    ] {
        let error = run(&platform, arguments, stdin).error(2, code);
        let (message, advice) = (said(&error, "message"), error["hint"].as_str().unwrap_or_default());
        assert!(message.contains(part) && advice.contains(hint), "{stdin:?}: {error}");
        assert!(code == "missing-input" || message.starts_with("line 1 of stdin"), "{message}");
    }
    let sent: Vec<String> =
        platform.requests().into_iter().filter(|one| one.starts_with("POST /web_events/")).collect();
    assert_eq!(sent, Vec::<String>::new());
    for wrong in
        [&["ps-check", PS][..], &["rt-attrs", "list", PS], &["ps-check"], &["ps-check", "-", "--json"]]
    {
        let error = run(&platform, wrong, "").error(2, "usage");
        assert!(said(&error, "message").contains("--csv"), "{error}");
    }
}

#[test]
fn a_wrong_row_is_that_rows() {
    let (platform, _folder, file) = deployed();
    let test = ["pz-test", "-", "-f", &file];
    let stdin = b"td_client_id,price\nu1,1\nu2\nu3,3,4\n,5\nu\xff,6\nu7,seven\nu8,\"\n8\"\nu9,nine\n";
    let output = run(&platform, &test, stdin);
    assert_eq!(output.code, 1);
    let errors = column(&output, "error");
    let parts = [
        "",
        "line 3 of stdin has 1 cell, and the header has 2 columns",
        "line 4 of stdin has 3 cells",
        "line 5 of stdin: the row has no visitor's id",
        "line 6 of stdin is not UTF-8 text",
        "line 7 of stdin: the column 'price' is a",
        "",
        "line 10 of stdin: the column 'price' is a",
    ];
    assert_eq!(errors.len(), parts.len(), "{errors:?}");
    for (error, part) in errors.iter().zip(parts) {
        assert!(error.starts_with(part) && error.is_empty() == part.is_empty(), "{part}: {error}");
    }
    assert_eq!(column(&output, "td_client_id")[..4], ["u1", "u2", "u3", ""]);
    // A quote that is never closed does not take the memory.
    let endless = format!("id\n394649\n\"{}", "x".repeat(3_000_000));
    let output = platform.tdx(&["ps-check", "-", "--csv"]).stdin(endless).run();
    assert!(column(&output, "error")[1].contains("a quote may not be closed"), "{}", output.stderr);
}

#[test]
fn many_rows_in_their_order_without_keeping_them() {
    let platform = Platform::start();
    let note = "n".repeat(1000);
    let text: String = (0..40_000).map(|n| format!("{n},nobody,\"{note}\"\n")).collect();
    // Of 40 MB; both ends are files, as a test that writes all first would fill the pipe behind it.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.csv"), format!("n,name,note\n{text}")).unwrap();
    let script = "ulimit -d 32768; \"$0\" ps-check - --csv < in.csv > out.csv";
    let status = Command::new("sh")
        .args(["-c", script, crate::common::binary().to_str().unwrap()])
        .env_clear()
        .env("HOME", folder.path())
        .env("TDX_RT_ENDPOINT", &platform.url)
        .env("TDX_API_KEY", &platform.api_key)
        .current_dir(folder.path())
        .stderr(Stdio::null())
        .status();
    assert_eq!(status.unwrap().code(), Some(1));
    let stdout = std::fs::read_to_string(folder.path().join("out.csv")).unwrap();
    let output = Output { code: 1, stdout, stderr: String::new() };
    let order: Vec<usize> = column(&output, "n").iter().map(|n| n.parse().unwrap()).collect();
    assert!(order.iter().copied().eq(0..40_000), "{} rows", order.len());
}

#[test]
fn a_summary_counts_the_offers_of_all_by_their_section() {
    let (platform, _folder, file) = deployed();
    let test = ["pz-test", "-", "-f", &file, "--summary"];
    let visitors: String = (0..1000).map(|n| format!("u{n},p{n}\n")).collect();
    let output = run(&platform, &test, format!("td_client_id,product_id\n{visitors}"));
    let all = json!({"items": 1000, "ok": 1000, "failed": 0, "offers": {"Default": 1000}, "no_offer": 0, "errors": {}});
    assert_eq!(output.document(), all);
    let output =
        run(&platform, &[&test[..], &["--jq", ".offers.Default"]].concat(), "td_client_id\nu1\nu2\n");
    assert_eq!(output.stdout, "2\n");
    let error =
        run(&platform, &[&test[..], &["--jq", ".ofers"]].concat(), "td_client_id\nu1\n").error(2, "jq");
    assert!(said(&error, "message").contains("offers"), "{error}");
    // Lines as well, and some that fail.
    let lines = "{\"td_client_id\": \"u1\"}\n{\"td_client_id\": \"u2\", \"x\": 1}\n{\n";
    let output = platform.tdx(&test).stdin(lines).run();
    assert_eq!(output.code, 1);
    let summary: Value = serde_json::from_str(&output.stdout).unwrap();
    let errors = json!({"invalid-plan": 1, "unknown-column": 1});
    assert_eq!((&summary["ok"], &summary["failed"], &summary["errors"]), (&json!(1), &json!(2), &errors));
    let alone = ["pz-test", "-f", &file, "--key", "td_client_id=u1", "--summary"];
    platform.tdx(&alone).run().error(2, "usage");
    // Its answer need not say which section it is of.
    platform.tdx(&[&test[..], &["--get"]].concat()).run().error(2, "usage");
}

#[test]
fn a_quote_that_is_not_closed_has_its_line() {
    let platform = Platform::start();
    let wrong = "opens a quote that is never closed";
    // The rest of the file, taken for a cell, has as many cells as a row, or not.
    for (stdin, line) in
        [("id,x\n394649,y\n394649,\"z\n394650,y\n", 3), ("id,x\n394649,y\n\"394649,z\n394650,y", 3)]
    {
        let output = run(&platform, &["ps-check", "-"], stdin);
        assert_eq!((output.code, rows(&output).len()), (1, 2), "{output:?}");
        assert_eq!(column(&output, "error"), ["".to_owned(), format!("line {line} of stdin {wrong}")]);
    }
    let error = run(&platform, &["ps-check", "-"], "id,\"x\n394649,y\n").error(2, "invalid-plan");
    assert_eq!(said(&error, "message"), format!("line 1 of stdin {wrong}"));
    // Fewer cells than columns are no matter of quotes.
    let output = run(&platform, &["ps-check", "-", "--jsonl"], "id,x\n394649\n");
    let line: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(line["error"]["message"], "line 2 of stdin has 1 cell, and the header has 2 columns");
    assert!(said(&line["error"], "hint").contains("a cell for each column"), "{line}");
}

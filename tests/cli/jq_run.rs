//! What a `--jq` filter does beside its outputs: it writes to stderr, halts, and is bounded.

use super::PS;
use crate::common::{Output, Platform};

fn filtered(platform: &Platform, filter: &str) -> Output {
    platform.tdx(&["ps-check", PS, "--jq", filter]).run()
}

#[test]
fn a_filter_halts_with_its_text_and_status() {
    let platform = Platform::start();
    for (filter, code, stdout, stderr) in [
        (r#"1, ("no\n" | halt_error), 2"#, 5, "1\n", "no\n"),
        (r#""no" | halt_error(1)"#, 1, "", "no"),
        (r#"[1, {a: 2}] | halt_error(3)"#, 3, "", "[1,{\"a\":2}]\n"),
        ("null | halt_error(4)", 4, "", ""),
        ("null | halt_error(257)", 1, "", ""),
        (r#""all is well\n" | halt_error(0)"#, 0, "", "all is well\n"),
        ("1, halt, 2", 0, "1\n", ""),
        (r#"try ("no" | halt_error(7)) catch 1"#, 7, "", "no"),
    ] {
        let output = filtered(&platform, filter);
        assert_eq!((output.code, output.stdout.as_str()), (code, stdout), "{filter}: {}", output.stderr);
        assert_eq!(output.stderr, stderr, "{filter}");
    }
}

/// The outputs before the end are in the file too.
#[test]
fn what_was_put_out_before_halting_is_kept() {
    let platform = Platform::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.json");
    let filter = r#"1, ("no" | halt_error(6))"#;
    let output = platform.tdx(&["ps-check", PS, "--jq", filter, "-o", file.to_str().unwrap()]).run();
    assert_eq!(output.code, 6, "{}", output.stderr);
    assert_eq!(std::fs::read_to_string(file).unwrap(), "1\n");
}

#[test]
fn debug_and_stderr_write_to_stderr() {
    let platform = Platform::start();
    let output =
        filtered(&platform, r#"[1, "a"] | debug | debug("n: \(length)", .[0]) | stderr | .[1] | stderr"#);
    assert_eq!((output.code, output.stdout.as_str()), (0, "a\n"));
    let wanted = "[\"DEBUG:\",[1,\"a\"]]\n[\"DEBUG:\",\"n: 2\"]\n[\"DEBUG:\",1]\n[1,\"a\"]a";
    assert_eq!(output.stderr, wanted);
    // In a path too.
    let output = filtered(&platform, r#"{a: 1} | (debug | .a) = 2 | .a"#);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("2\n", "[\"DEBUG:\",{\"a\":1}]\n"));
}

#[test]
fn a_filter_may_begin_with_a_minus() {
    let platform = Platform::start();
    assert_eq!(filtered(&platform, "-1 + 3").stdout, "2\n");
    assert_eq!(filtered(&platform, "-([1] | length)").stdout, "-1\n");
    assert_eq!(platform.tdx(&["ps-check", PS, "--jq=-1"]).run().stdout, "-1\n");
    assert_eq!(platform.tdx(&["ps-check", PS, "--argjson", "n", "-1", "--jq", "-$n"]).run().stdout, "1\n");
}

#[test]
fn what_grows_without_bound_ends_with_an_error() {
    let platform = Platform::start();
    for (filter, message) in [
        (r#"reduce range(64) as $i ("ab"; . + .)"#, "the --jq filter failed: String too long"),
        (r#""x" * 1e12"#, "the --jq filter failed: Repeat string result too long"),
        ("null | .[1e9] = 1", "the --jq filter failed: Array index too large"),
    ] {
        let error = filtered(&platform, filter).error(2, "jq");
        assert_eq!(error["message"], message);
    }
}

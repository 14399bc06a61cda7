//! The ends of a pipe: readers that have had enough, streams that are closed, disks that are full,
//! arguments that are not UTF-8.

use super::PS;
use crate::common::Platform;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Output, Stdio};

/// Runs a script in `sh` with the binary on PATH and the sandbox as the platform.
fn sh(platform: &Platform, text: &str) -> Output {
    let home = tempfile::tempdir().unwrap();
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_tdx-rt")).parent().unwrap();
    Command::new("sh")
        .args(["-c", text])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", format!("{}:{}", bin.display(), std::env::var("PATH").unwrap()))
        .envs([("TDX_RT_ENDPOINT", platform.url.as_str()), ("TDX_API_KEY", platform.api_key.as_str())])
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The one error of a run.
fn error(output: &Output) -> serde_json::Value {
    let mut said: serde_json::Value =
        serde_json::from_slice(&output.stderr).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    said["error"].take()
}

#[test]
fn a_reader_that_has_had_enough_ends_many_items_silently() {
    let platform = Platform::start();
    platform.forget_requests();
    // Far more items than a pipe holds: without an end, all of them would be asked for.
    let script = "{ i=0; while [ $i -lt 3000 ]; do echo 394649; i=$((i+1)); done; } > ids; \
        { tdx-rt ps-check - < ids; echo $? >&2; } | head -1";
    let output = sh(&platform, script);
    assert_eq!(text(&output.stderr), "0\n");
    assert_eq!(text(&output.stdout).lines().count(), 1);
    assert!(platform.requests().len() < 3_000, "{}", platform.requests().len());
}

#[test]
fn a_reader_that_has_had_enough_ends_a_list_silently() {
    let platform = Platform::start();
    let output = sh(&platform, "{ tdx-rt ps-check --jsonl; echo $? >&2; } | head -1");
    assert_eq!((text(&output.stderr), text(&output.stdout).lines().count()), ("0\n", 1));
    let output = sh(&platform, "{ tdx-rt ps-check; echo $? >&2; } | true");
    assert_eq!((text(&output.stderr), text(&output.stdout)), ("0\n", ""));
}

#[test]
fn a_closed_stdin_is_no_document() {
    let platform = Platform::start();
    assert_eq!(sh(&platform, &format!("tdx-rt rt-events list --ps {PS} <&-")).status.code(), Some(0));
    let output = sh(&platform, "tdx-rt rt-events list <&-");
    assert_eq!((output.status.code(), error(&output)["code"].as_str()), (Some(2), Some("usage")));
    // Items are asked for, and there are none.
    let output = sh(&platform, "tdx-rt ps-check - <&-");
    assert_eq!((output.status.code(), text(&output.stdout), text(&output.stderr)), (Some(0), "", ""));
}

#[test]
fn a_full_disk_is_an_error_and_leaves_the_file_that_was_there() {
    let platform = Platform::start();
    // A device that is always full, and a file system that takes no byte more.
    for script in [
        "tdx-rt ps-check -o /dev/full",
        "tdx-rt ps-check > /dev/full",
        "tdx-rt --help > /dev/full",
        "tdx-rt --version > /dev/full",
        "echo old > out; trap '' XFSZ; ulimit -f 0; tdx-rt ps-check -o out",
        "trap '' XFSZ; ulimit -f 0; tdx-rt ps-check -o new",
        "trap '' XFSZ; ulimit -f 0; echo 394649 | tdx-rt ps-check - -o new",
    ] {
        let output = sh(
            &platform,
            &format!("{script}; s=$?; [ ! -e new ] || echo half; cat out 2>/dev/null; exit $s"),
        );
        let error = error(&output);
        assert_eq!(
            (output.status.code(), error["code"].as_str()),
            (Some(9), Some("io")),
            "{script}: {output:?}"
        );
        let kept = if script.starts_with("echo old") { "old\n" } else { "" };
        assert_eq!(text(&output.stdout), kept, "{script}");
    }
}

#[test]
fn an_argument_that_is_no_text_is_a_wrong_command_line() {
    for arguments in
        [&[b"ps-check".as_slice(), b"Caf\xe9"][..], &[b"ps\xff"], &[b"ps-check", b"--jq", b"\xff"]]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_tdx-rt"))
            .args(arguments.iter().map(|argument| OsStr::from_bytes(argument)))
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{output:?}");
        assert_eq!(error(&output)["code"], "usage");
    }
}

#[test]
fn a_file_name_that_is_no_text_is_a_file_name() {
    let platform = Platform::start();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(OsStr::from_bytes(b"caf\xe9.json"));
    let output = Command::new(env!("CARGO_BIN_EXE_tdx-rt"))
        .args(["ps-check", PS, "-o"])
        .arg(&file)
        .env_clear()
        .envs([("TDX_RT_ENDPOINT", platform.url.as_str()), ("TDX_API_KEY", platform.api_key.as_str())])
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(std::fs::read_to_string(file).unwrap().contains("Customer 360"));
}

#[test]
fn variables_that_are_no_text_are_as_good_as_not_set() {
    let output = Command::new(env!("CARGO_BIN_EXE_tdx-rt"))
        .args(["config", "--jq", ".site.value"])
        .env_clear()
        .env("TDX_SITE", OsStr::from_bytes(b"\xff"))
        .env("PATH", OsStr::from_bytes(b"/bin:/caf\xe9"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"us01\n"[..]), "{output:?}");
}

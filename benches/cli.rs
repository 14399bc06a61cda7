//! The whole process: start-up, one request, the pipeline, `apply`. `cargo bench --bench cli`.
//!
//! Median of several runs against a sandbox in this process, so the network costs nothing. Needs
//! `harness = false`.

mod common;

use common::{amounts, timed};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;
use tdx_rt::sandbox::{Options, Settle, start};

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let options = Options { settle: Settle::Immediately, ..Options::default() };
    let sandbox = runtime.block_on(start(options)).unwrap();
    let home = tempfile::tempdir().unwrap();
    let tdx = |arguments: &[&str], stdin: Option<&[u8]>| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tdx-rt"))
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("TDX_RT_ENDPOINT", &sandbox.url)
            .env("TDX_API_KEY", &sandbox.api_key)
            .stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        if let Some(bytes) = stdin {
            child.stdin.take().unwrap().write_all(bytes).unwrap();
        }
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        output.stdout
    };
    for items in amounts(&[1_000], &[20]) {
        let items = usize::try_from(items).unwrap();
        single(&tdx, items.div_ceil(20));
        many(&tdx, items);
    }
}

const PLAN: &str = "examples/web-personalization.yaml";

/// Runs the binary with these arguments and this stdin, successfully; what it prints.
type Tdx<'a> = &'a dyn Fn(&[&str], Option<&[u8]>) -> Vec<u8>;

/// One command at a time, each at most `most` times.
fn single(tdx: Tdx<'_>, most: usize) {
    let run = |arguments: &[&str]| String::from_utf8(tdx(arguments, None)).unwrap();
    let report = |what: &str, runs: usize, expected: &str, run: &dyn Fn() -> String| {
        report(what, runs.min(most), expected, run);
    };
    report("--version", 50, "tdx-rt 0", &|| run(&["--version"]));
    report("--help", 50, "Usage: tdx-rt", &|| run(&["--help"]));
    report("config --jq .site.value", 50, "us01", &|| run(&["config", "--jq", ".site.value"]));
    report("discover databases (one GET)", 50, "web_events", &|| run(&["discover", "databases"]));
    report("apply, first time", 1, r#""action":"created""#, &|| run(&["apply", "-f", PLAN]));
    report("apply, nothing to do", 20, r#""action":"unchanged""#, &|| run(&["apply", "-f", PLAN]));
    report("pipeline of six, nothing to do", 10, r#""personalization":"#, &|| {
        let mut document = tdx(&["ps-check", "Customer 360"], None);
        for step in [
            &["discover", "--use-case", "web", "--database", "web_events", "--private"][..],
            &["rt-events"],
            &["rt-keys"],
            &["rt-attrs"],
            &["pz-create"],
        ] {
            document = tdx(step, Some(&document));
        }
        serde_json::from_slice::<Value>(&document).unwrap().to_string()
    });
    let complete = ["__complete", "bash", " =:", "tdx-rt export Cus", "2", "tdx-rt", "export", "Cus"];
    report("a completion, names in the cache", 50, "Customer", &|| run(&complete));
}

/// Many items in one process, and in a process each; pz-test has the setup to verify each time.
fn many(tdx: Tdx<'_>, items: usize) {
    let ids = "394649\n".repeat(items);
    let visits = "u1\n".repeat(items);
    let visit = ["-f", PLAN, "--key"];
    for (what, one, many, stdin) in [
        ("ps-check", vec!["ps-check", "394649"], vec!["ps-check", "-"], &ids),
        ("rt-events list", vec!["rt-events", "list", "394649"], vec!["rt-events", "list", "-"], &ids),
        (
            "pz-test",
            [&["pz-test"][..], &visit, &["td_client_id=u1"]].concat(),
            [&["pz-test", "-"][..], &visit, &["td_client_id"]].concat(),
            &visits,
        ),
    ] {
        let (output, together) = timed(|| tdx(&many, Some(stdin.as_bytes())));
        // A tenth of them is enough to know.
        let (outputs, alone) = timed(|| (0..items / 10).map(|_| tdx(&one, None)).collect::<Vec<_>>());
        let (together, alone) = (together.as_secs_f64(), 10.0 * alone.as_secs_f64());
        println!(
            "{what} of {items}: {together:.2} s in one process, {alone:.1} s in {items}: {:.0} x",
            alone / together
        );
        let lines: Vec<Value> =
            output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(json).collect();
        assert_eq!(
            lines.iter().filter(|line| line["ok"] == true).count(),
            items,
            "{what}: an answer for each"
        );
        assert!(!outputs.is_empty() && outputs.iter().all(|output| !json(output).is_null()), "{what}");
    }
}

fn json(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(text)))
}

/// Prints the median time; every output holds `expected`.
fn report(what: &str, runs: usize, expected: &str, run: &dyn Fn() -> String) {
    let (outputs, mut times): (Vec<String>, Vec<Duration>) = (0..runs).map(|_| timed(run)).unzip();
    times.sort();
    println!("{what:<34} {:>8.2} ms", times[times.len() / 2].as_secs_f64() * 1_000.0);
    for output in outputs {
        assert!(output.contains(expected), "{what}: no {expected} in {output}");
    }
}

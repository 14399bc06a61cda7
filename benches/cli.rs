//! The whole process: start-up, one request, the pipeline, `apply`. `cargo bench --bench cli`.
//!
//! Median of several runs against a sandbox in this process, so the network costs nothing. Needs
//! `harness = false`.

use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
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
    let plan = "examples/web-personalization.yaml";

    report("--version", 50, || drop(tdx(&["--version"], None)));
    report("--help", 50, || drop(tdx(&["--help"], None)));
    report("config --jq .site.value", 50, || drop(tdx(&["config", "--jq", ".site.value"], None)));
    report("discover databases (one GET)", 50, || drop(tdx(&["discover", "databases"], None)));
    report("apply, first time", 1, || drop(tdx(&["apply", "-f", plan], None)));
    report("apply, nothing to do", 20, || drop(tdx(&["apply", "-f", plan], None)));
    report("pipeline of six, nothing to do", 10, || {
        let mut document = tdx(&["ps-check", "Customer 360"], None);
        for step in [
            &["discover", "--use-case", "web", "--database", "web_events"][..],
            &["rt-events"],
            &["rt-keys"],
            &["rt-attrs"],
            &["pz-create"],
        ] {
            document = tdx(step, Some(&document));
        }
        assert!(serde_json::from_slice::<Value>(&document).is_ok());
    });
}

fn report(what: &str, runs: usize, mut run: impl FnMut()) {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed()
        })
        .collect();
    times.sort();
    println!("{what:<34} {:>8.2} ms", times[times.len() / 2].as_secs_f64() * 1_000.0);
}

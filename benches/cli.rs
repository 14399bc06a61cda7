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
    let complete = ["__complete", "bash", " =:", "tdx-rt export Cus", "2", "tdx-rt", "export", "Cus"];
    report("a completion, names in the cache", 50, || drop(tdx(&complete, None)));

    // A thousand items in one process, and in a process each; pz-test has the setup to verify each time.
    const ITEMS: usize = 1_000;
    let ids = "394649\n".repeat(ITEMS);
    let visits = "u1\n".repeat(ITEMS);
    let visit = ["-f", plan, "--key"];
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
        let time = |run: &dyn Fn()| {
            let started = Instant::now();
            run();
            started.elapsed().as_secs_f64()
        };
        let together = time(&|| drop(tdx(&many, Some(stdin.as_bytes()))));
        // A tenth of them is enough to know.
        let alone = 10.0 * time(&|| (0..ITEMS / 10).for_each(|_| drop(tdx(&one, None))));
        println!(
            "{what} of 1000: {:.2} s in one process, {alone:.1} s in 1000: {:.0} x",
            together,
            alone / together
        );
    }
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

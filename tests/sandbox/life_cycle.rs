//! How a sandbox starts and ends: what is left of it, of its command and of its port.

use crate::common::Tdx;
use crate::common::process::Process;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Until `done` holds; a failure after ten seconds.
#[track_caller]
fn eventually(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !done() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// Whether a process still runs; one whose exit code was not read is a zombie, and does not.
fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(')').map(|(_, rest)| rest.trim_start());
    state.is_some_and(|state| !state.starts_with('Z'))
}

fn signal(name: &str, pid: u32) {
    let sent = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().unwrap();
    assert!(sent.success());
}

/// A shell in a session of its own, thus without a terminal, in which `$0` is the binary.
struct Shell {
    child: Child,
    stdout: BufReader<ChildStdout>,
    _home: tempfile::TempDir,
}

impl Shell {
    fn run(script: &str) -> Self {
        Self::start(Command::new("setsid").args(["sh", "-c", script]).arg(env!("CARGO_BIN_EXE_tdx-rt")))
    }

    /// The binary itself in such a session.
    fn binary(arguments: &[&str]) -> Self {
        Self::start(Command::new("setsid").arg(env!("CARGO_BIN_EXE_tdx-rt")).args(arguments))
    }

    fn start(command: &mut Command) -> Self {
        let home = tempfile::tempdir().unwrap();
        let path = std::env::var_os("PATH").unwrap();
        let mut child = command
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Shell { child, stdout, _home: home }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Port and process of the sandbox that says where it is.
    fn sandbox(&mut self) -> (u16, u32) {
        let said: Value = serde_json::from_str(&self.line()).unwrap();
        let number = |name: &str| said[name].as_u64().unwrap();
        (u16::try_from(number("port")).unwrap(), u32::try_from(number("pid")).unwrap())
    }

    fn signal(&self, name: &str) {
        signal(name, self.child.id());
    }

    /// Exit code; `None` when it was killed.
    fn ended(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

#[test]
fn a_sandbox_goes_with_the_process_that_started_it() {
    let mut shell = Shell::run("\"$0\" sandbox & wait");
    let (port, pid) = shell.sandbox();
    shell.signal("KILL");
    shell.ended();
    eventually("the port is free", || is_free(port));
    eventually("the sandbox has ended", || !runs(&pid.to_string()));
}

#[test]
fn a_detached_one_stays() {
    let scripts = ["\"$0\" sandbox --detached & wait", "trap '' HUP; \"$0\" sandbox & wait"];
    let mut shells = scripts.map(Shell::run);
    let sandboxes = shells.each_mut().map(Shell::sandbox);
    for shell in &mut shells {
        shell.signal("KILL");
        shell.ended();
    }
    signal("HUP", sandboxes[1].1);
    // Twice as long as another one takes to notice.
    std::thread::sleep(Duration::from_millis(600));
    for (port, pid) in sandboxes {
        assert!(!is_free(port) && runs(&pid.to_string()), "it serves");
        signal("TERM", pid);
        eventually("the port is free", || is_free(port));
    }
}

#[test]
fn a_command_goes_with_the_process_that_started_it() {
    // It takes no notice of SIGTERM, and is killed for that.
    let script = "\"$0\" sandbox -- sh -c 'trap \"\" TERM; echo $$ $PPID ${TDX_RT_ENDPOINT##*:}; while :; do sleep 0.1; done' & wait";
    let mut shell = Shell::run(script);
    let line = shell.line();
    let [command, sandbox, port] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
    shell.signal("KILL");
    shell.ended();
    eventually("the command has ended", || !runs(command));
    eventually("the sandbox has ended", || !runs(sandbox));
    assert!(is_free(port.parse().unwrap()));
}

#[test]
fn a_command_does_not_outlive_a_sandbox_that_is_killed() {
    // An interactive shell takes no notice of SIGTERM either.
    let mut sandbox = Shell::binary(&["sandbox", "--", "sh", "-c", "trap '' TERM; echo $$; exec sleep 300"]);
    let command = sandbox.line();
    assert!(runs(&command));
    sandbox.signal("KILL");
    assert_eq!(sandbox.ended(), None);
    eventually("the command has ended", || !runs(&command));
}

#[test]
fn signals_reach_a_command_and_its_children() {
    for (name, expected) in [("TERM", 143), ("HUP", 143), ("INT", 130)] {
        // A background job of a shell ignores SIGINT, so its shell ends it.
        let script = "trap 'kill $child; exit 130' INT; sleep 300 & child=$!; echo $$ $child; wait";
        let mut sandbox = Shell::binary(&["sandbox", "--", "sh", "-c", script]);
        let line = sandbox.line();
        let (command, child) = line.split_once(' ').unwrap();
        sandbox.signal(name);
        assert_eq!(sandbox.ended(), Some(expected), "{name}");
        eventually("the command's child has ended", || !runs(child));
        assert!(!runs(command), "{name}");
    }
}

#[test]
fn an_ended_sandbox_leaves_its_port_at_once() {
    for name in ["TERM", "INT", "HUP"] {
        let mut sandbox = Shell::binary(&["sandbox", "--empty"]);
        let (port, _) = sandbox.sandbox();
        // A client that keeps its connection open.
        let _idle = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        sandbox.signal(name);
        assert_eq!(sandbox.ended(), Some(0), "{name}");
        let mut again = Shell::binary(&["sandbox", "--empty", "--port", &port.to_string()]);
        assert_eq!(again.sandbox().0, port, "{name}");
        again.signal("TERM");
        assert_eq!(again.ended(), Some(0));
    }
}

#[test]
fn fifty_at_once_do_not_know_each_other() {
    let home = tempfile::tempdir().unwrap();
    let sandboxes: Vec<Process> = std::thread::scope(|scope| {
        let start = |_| scope.spawn(|| Process::start(home.path(), &[]));
        let starting: Vec<_> = (0..50).map(start).collect();
        starting.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let events = "/audiences/394649/realtime_key_events";
    let name = |index: usize| format!("view_{index}");
    for (index, sandbox) in sandboxes.iter().enumerate() {
        let event = json!({"name": name(index), "databaseName": "web_events", "tableName": "pageviews", "filterRule": {}});
        let mut connection = sandbox.connect();
        let setting = json!({"keyColumns": [], "batchAttributes": [], "extLookupKey": null,
            "eventTables": [{"database": "web_events", "table": "pageviews"}]});
        let set =
            connection.request("PATCH", "/audiences/394649/realtime_setting", Some(&setting), &[]).unwrap();
        assert_eq!(set.0, 200, "{set:?}");
        let made = connection.request("POST", events, Some(&event), &[]).unwrap();
        assert_eq!(made.0, 200, "{made:?}");
        let clock = json!({"set": 1_000 + index});
        assert_eq!(connection.request("POST", "/_sandbox/clock", Some(&clock), &[]).unwrap().0, 200);
    }
    let mut ports: Vec<u16> = sandboxes.iter().map(|sandbox| sandbox.port).collect();
    for (index, sandbox) in sandboxes.iter().enumerate() {
        let mut connection = sandbox.connect();
        let mut get = |path: &str| connection.request("GET", path, None, &[]).unwrap().1;
        let names: Vec<Value> =
            get(events)["data"].as_array().unwrap().iter().map(|e| e["name"].clone()).collect();
        assert_eq!(names, [name(index)]);
        let now = get("/_sandbox/clock")["now_ms"].as_u64().unwrap() / 1_000;
        assert!((1_000 + index as u64..1_000 + index as u64 + 60).contains(&now), "{now}");
        assert_eq!(get("/_sandbox/requests")["count"], 3);
    }
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 50);
    drop(sandboxes);
    assert!(ports.into_iter().all(is_free));
}

#[test]
fn it_listens_on_the_given_address() {
    let script = "tdx-rt sandbox health --jq .url; echo $TDX_RT_ENDPOINT";
    let run = |flags: &[&str]| Tdx::new(&[&["sandbox"], flags, &["--", "sh", "-c", script]].concat()).run();
    let open = run(&["--listen", "0.0.0.0"]);
    assert_eq!(open.code, 0, "{open:?}");
    assert!(open.stdout.starts_with("http://127.0.0.1:"), "{open:?}");
    let warning: Value = serde_json::from_str(&open.stderr).unwrap();
    assert!(warning["warning"]["message"].as_str().unwrap().contains("0.0.0.0"), "{warning}");
    assert_eq!(run(&["--listen", "0.0.0.0", "-q"]).stderr, "");
    let text = run(&["--listen", "0.0.0.0", "--error-format", "text"]);
    assert!(text.stderr.starts_with("warning: the sandbox listens on 0.0.0.0"), "{text:?}");
    assert_eq!(run(&["--listen", "127.0.0.2"]).stderr, "", "a loopback address like any other");
    let error = run(&["--listen", "192.0.2.1"]).error(9, "io");
    assert!(error["message"].as_str().unwrap().contains("192.0.2.1:0"), "{error}");
    if TcpListener::bind("[::1]:0").is_ok() {
        let six = run(&["--listen", "::1"]);
        assert_eq!((six.code, six.stderr.as_str()), (0, ""), "{six:?}");
        let [said, given] = six.stdout.lines().collect::<Vec<_>>().try_into().unwrap();
        assert!(said.starts_with("http://[::1]:") && said == given, "{six:?}");
    }
}

#[test]
fn health_waits_for_a_sandbox_that_is_starting() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let waiting = {
        let url = url.clone();
        std::thread::spawn(move || Tdx::new(&["sandbox", "health", "--wait=10s", "--endpoint", &url]).run())
    };
    let home = tempfile::tempdir().unwrap();
    let _sandbox = Process::start(Path::new(home.path()), &["--port", &port.to_string()]);
    assert_eq!(waiting.join().unwrap().document()["url"], url);
}

//! Every example is run: those of the help and of the man pages, what `explain` proposes, and the `sh`
//! blocks of README.md and docs/. What the pages show of an output is compared: `pages`.

mod pages;

use super::PS;
use crate::common::{Platform, binary};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use tdx_rt::program::help;

/// Examples that end with another exit code than 0: a part of the text, the code and why.
const ENDS_WITH: [(&str, i32, &str); 2] = [
    ("realtime_key_events' --expect 1", 1, "nothing was made before it, so the count is not 1"),
    ("journey-monitor --ps 394649 --watch", 143, "it goes on until it is stopped"),
];

/// What is put in place of what cannot run here, and why.
const INSTEAD: [(&str, &str, &str); 10] = [
    (
        "tdx-rt journey-monitor --ps 394649 --watch",
        "serve tdx-rt journey-monitor --ps 394649 --watch",
        "it goes on until it is stopped",
    ),
    (
        "token revoke 500007",
        "token revoke $(tdx-rt pz-create token list --ps 394649 --jq '.[0].id')",
        "ids are given out one by one",
    ),
    ("faults remove 1", "faults remove $FAULT", "ids of rules go on"),
    ("cargo run -- ", "tdx-rt ", "the program is built already"),
    ("cargo install --path .", "true", "the program is on PATH already"),
    ("cargo test", "true", "this is it"),
    ("http://127.0.0.1:8080", "$TDX_RT_ENDPOINT", "the port of the sandbox that runs"),
    ("tdx-rt sandbox --port 8080", "serve tdx-rt sandbox --port 0", "it serves until it is stopped"),
    (
        "tdx-rt sandbox --state ./state",
        "serve tdx-rt sandbox --state ./state",
        "it serves until it is stopped",
    ),
    ("tdx-rt sandbox  ", "serve tdx-rt sandbox  ", "it serves until it is stopped"),
];

/// Starts a server, waits until it says where it is, and stops it.
const SERVE: &str = "serve() { exec 3< <(exec \"$@\"); read -r ready <&3; kill -TERM $!; wait $!; }\n";

/// What exists before each example.
const PLAN: &str = "parent_segment_id: '394649'
event_tables: [web_events.add_to_cart]
events:
  - {name: page_view, table: web_events.pageviews}
  - {name: product_view, table: web_events.pageviews, where: price > 10}
  - {name: cart, table: web_events.purchases}
id_stitching: {stitching_keys: [canonical_id, td_client_id, customer_id, email]}
attributes:
  - {name: last_product_viewed, type: single, source_event: page_view, source_field: product_id}
  - {name: browsed, type: list, source_event: page_view, source_field: product_id, expiry_days: 60}
  - {name: page_views_24h, type: counter, source_event: page_view, window_duration: 24h}
  - {name: loyalty_tier, type: imported_batch}
personalization_service:
  name: web
  trigger_event: page_view
  sections: [{name: Default, attributes: [last_product_viewed]}]
journeys:
  - name: welcome
    trigger_event: cart
    reentry: always
    state: launched
    steps:
      - {wait: 1h}
      - {activate: webhook, url: 'RECEIVER/_sandbox/inbox/welcome', body: {who: '{{td_client_id}}'}}
  - name: onboarding
    trigger_event: page_view
    state: launched
    paused: true
    steps: [{wait: 1d}]
  - {name: draft, trigger_event: page_view, steps: [{wait: 1d}]}
";

/// A body that `validate --fix` has something to do with.
const ENTITY: &str = r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r", "definition":
    {"stringBuilder": [], "attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#;

struct Snippet {
    origin: String,
    text: String,
}

/// Every example once; of the pages, the blocks that `keep` wants.
fn snippets(keep: fn(&pages::Script) -> bool) -> Vec<Snippet> {
    let mut all = Vec::new();
    let root = tdx_rt::cli::command();
    super::man::walk(&root, "tdx-rt", &mut |command, path| {
        let examples = help::examples(command).into_iter();
        all.extend(examples.map(|text| Snippet { origin: format!("{path} --help"), text }));
    });
    for entry in tdx_rt::explain::entries() {
        let commands = entry.commands.iter();
        all.extend(commands.map(|text| Snippet {
            origin: format!("tdx-rt explain {}", entry.code),
            text: (*text).to_owned(),
        }));
    }
    for file in pages::files() {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let page = fs::read_to_string(&file).unwrap();
        let scripts = pages::scripts(&page).into_iter().filter(keep);
        all.extend(scripts.map(|script| Snippet { origin: name.clone(), text: script.text }));
    }
    let mut seen = BTreeSet::new();
    all.retain(|snippet| seen.insert(snippet.text.clone()));
    all
}

fn expected(text: &str) -> i32 {
    ENDS_WITH.iter().find(|(part, ..)| text.contains(part)).map_or(0, |(_, code, _)| *code)
}

fn runnable(text: &str) -> String {
    let changed = INSTEAD.iter().fold(text.to_owned(), |text, (from, to, _)| text.replace(from, to));
    format!("{SERVE}{changed}")
}

/// A configured sandbox, and what the program keeps about it.
struct Bench {
    platform: Platform,
    state: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Bench { platform: Platform::start(), state: tempfile::tempdir().unwrap() };
        let state = bench.state.path().to_str().unwrap();
        let arguments = ["apply", "--plan-name", "base", "--interval", "5ms"];
        let plan = bench.plan();
        let applied = bench.platform.tdx(&arguments).env("TDX_RT_STATE_DIR", state).stdin(plan).run();
        assert_eq!(applied.code, 0, "{applied:?}");
        for key in ["td_client_id=u1", "customer_id=c-1001"] {
            let call =
                ["pz-test", "--ps", PS, "--personalization", "web", "--trigger", "page_view", "--key", key];
            let visited = bench.platform.tdx(&call).env("TDX_RT_STATE_DIR", state).run();
            assert_eq!(visited.code, 0, "{visited:?}");
        }
        bench.platform.control("snapshots", json!({"name": "configured"}));
        bench.platform.control("snapshots", json!({"name": "before-each"}));
        bench
    }

    /// The plan, whose webhooks go to this sandbox.
    fn plan(&self) -> String {
        PLAN.replace("RECEIVER", &self.platform.url)
    }

    /// Runs an example; the error is what went wrong.
    fn run(&self, snippet: &Snippet) -> Result<(), String> {
        self.platform.control("snapshots/before-each/restore", json!({}));
        self.platform.control("snapshots", json!({"name": "configured"}));
        self.platform.control("settle", json!({"settle": "1reads"}));
        self.platform.control("pace", json!({"runs": "1reads", "jobs": "1reads"}));
        let fault =
            self.platform.control("faults", json!({"kind": "html", "path": "/nowhere", "count": null}));
        let home = tempfile::tempdir().unwrap();
        furnish(home.path(), self.state.path(), &self.plan());
        // What is said for another shell runs in that one.
        let other =
            ["zsh", "fish"].into_iter().find(|shell| snippet.text.contains(&format!("shell-init {shell}")));
        let (name, flags, text) = match other {
            Some(shell) if !crate::common::tool(shell) => return Ok(()),
            Some(shell) => (shell, &[][..], snippet.text.clone()),
            None => ("bash", &["-e", "-o", "pipefail"][..], runnable(&snippet.text)),
        };
        let output = shell(name, &self.platform, home.path())
            .args(flags)
            .args(["-c", &text])
            .env("FAULT", fault["id"].to_string())
            .output()
            .unwrap();
        let code = output.status.code().unwrap_or(-1);
        if code == expected(&snippet.text) {
            return Ok(());
        }
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Err(format!("{}: exit code {code}\n{}\n{err}{}", snippet.origin, snippet.text, tail(&out)))
    }
}

/// A shell in this home, with the binary on PATH and the sandbox as the platform.
fn shell(name: &str, platform: &Platform, home: &Path) -> Command {
    let mut command = Command::new(name);
    command
        .env_clear()
        .envs([("TDX_RT_ENDPOINT", &platform.url), ("TDX_API_KEY", &platform.api_key)])
        .env("HOME", home)
        .env("SHELL", "/bin/bash")
        .env("PATH", format!("{}:{}:/usr/bin:/bin", home.join("bin").display(), folder()))
        .current_dir(home.join("work"))
        .stdin(Stdio::null());
    command
}

/// Where the binary is.
fn folder() -> String {
    binary().parent().unwrap().display().to_string()
}

fn tail(text: &str) -> String {
    text.chars().rev().take(300).collect::<Vec<_>>().into_iter().rev().collect()
}

/// A home with the files that examples name.
fn furnish(home: &Path, state: &Path, plan: &str) {
    let work = home.join("work");
    for folder in [
        "bin",
        "work/plans",
        "work/examples",
        ".zfunc",
        ".local/bin",
        ".config/fish/completions",
        ".local/state/tdx-rt",
    ] {
        fs::create_dir_all(home.join(folder)).unwrap();
    }
    fs::create_dir_all(home.join(".local/share/bash-completion/completions")).unwrap();
    copy(state, &home.join(".local/state/tdx-rt"));
    let journals = fs::read_dir(state.join("journals")).unwrap();
    for journal in journals.map(Result::unwrap) {
        fs::copy(journal.path(), work.join("today.jsonl")).unwrap();
    }
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), &work.join("examples"));
    for (name, text) in [
        ("plan.yaml", plan),
        ("plans/web.yaml", plan),
        ("journeys.yaml", plan),
        ("entity.json", ENTITY),
        ("ids.txt", "394649\n"),
        ("visitors.csv", "td_client_id,product_id\nu1,p1\nu2,\n"),
        ("test.sh", "tdx-rt ps-check 394649 --jq .ready\n"),
    ] {
        fs::write(work.join(name), text).unwrap();
    }
    // There need not be a man here; a test of its own looks at the pages.
    let man = home.join("bin/man");
    fs::write(&man, "#!/bin/sh\ncat >/dev/null\n").unwrap();
    fs::set_permissions(man, fs::Permissions::from_mode(0o755)).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

#[test]
fn every_example_runs() {
    let all = snippets(|script| !script.is_shown());
    assert!(all.len() > 100, "the search finds examples: {}", all.len());
    let queue = Mutex::new(all.iter());
    let wrong = Mutex::new(String::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let bench = Bench::new();
                loop {
                    let next = queue.lock().unwrap().next();
                    let Some(snippet) = next else { break };
                    if let Err(why) = bench.run(snippet) {
                        writeln!(wrong.lock().unwrap(), "{why}\n").unwrap();
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong}");
}

/// What stands in the tables still occurs.
#[test]
fn no_exception_is_left_over() {
    let all = snippets(|_| true);
    let parts = INSTEAD.iter().map(|(part, ..)| part).chain(ENDS_WITH.iter().map(|(part, ..)| part));
    for part in parts {
        assert!(all.iter().any(|snippet| snippet.text.contains(part)), "{part}");
    }
}

#[test]
fn every_command_has_examples_that_fit_the_screen_and_names_itself() {
    super::man::walk(&tdx_rt::cli::command(), "tdx-rt", &mut |command, path| {
        let examples = help::examples(command);
        assert!(!examples.is_empty(), "{path} has no example");
        assert!(examples.iter().any(|example| example.contains(path)), "{path}: {examples:?}");
        for line in examples.iter().flat_map(|example| example.lines()) {
            assert!(line.chars().count() + 2 <= help::WIDTH, "{path}: {line}");
        }
    });
}

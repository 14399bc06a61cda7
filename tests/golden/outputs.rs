//! What each command prints, word for word but for what changes by itself (ids, ports, times, paths).
//! `UPDATE_GOLDEN=1` writes the files anew.

use super::steady::steady;
use crate::common::{Platform, Tdx, schemas};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A plan with every kind of thing.
const PLAN: &str = "
parent_segment_id: '394649'
events:
  - {name: page_view, table: web_events.pageviews, description: A page, where: \"td_path LIKE '/p%'\"}
  - {name: click, table: web_events.add_to_cart, filter: {field: product_id, pattern: '^p'}}
id_stitching:
  primary_key: canonical_id
  stitching_keys:
    - canonical_id
    - {name: td_client_id, exclude_regex: '^test_'}
    - {name: customer_id, valid_regex: '.', invalid: ['null']}
attributes:
  - {name: last, type: single, source_event: page_view, source_field: product_id, expiry_days: 30}
  - {name: seen, type: list, source_event: page_view, source_field: product_id, max_items: 10, expiry_days: 60, actions: [{action: delete_item, event: click}]}
  - {name: views, type: counter, source_event: page_view, window_duration: [24h, 7d]}
  - {name: total, type: counter, source_event: click, increment: 2, where: quantity > 1}
  - {name: loyalty_tier, type: imported_batch}
personalization_service:
  name: web
  description: for the shop
  trigger_event: page_view
  sections:
    - name: VIP
      criteria: \"loyalty_tier = 'VIP' AND views > 3\"
      attributes: [last, {name: seen, as: browsed}]
      strings: {welcome: [Welcome, ' back']}
      batch_segments: [High Value]
    - {name: Default, attributes: [last]}
";

/// One file: its name, the schema, and what was printed.
pub struct Golden {
    pub file: String,
    pub schema: &'static str,
    pub document: Value,
}

struct Scenario {
    platform: Platform,
    folder: TempDir,
    found: Vec<Golden>,
}

impl Scenario {
    fn tdx(&self, arguments: &[&str]) -> Tdx {
        let tdx = self.platform.tdx(arguments).env("TDX_RT_STATE_DIR", &self.path("state"));
        // Files of the official CLI would be in the home of each run, and the session in one with its number.
        let tdx = tdx.env("XDG_CONFIG_HOME", &self.path(".config")).env("TDX_SESSION", "shell");
        let tdx = tdx.env("XDG_DATA_HOME", &self.path(".local/share"));
        tdx.dir(self.folder.path())
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn keep(&mut self, file: &str, schema: &'static str, document: &Value) -> Value {
        let known = [
            (self.platform.url.as_str(), "http://127.0.0.1:8080"),
            (self.platform.api_key.as_str(), "1/key"),
            (self.folder.path().to_str().unwrap(), "/home/me"),
        ];
        let document_kept = steady(document, &known);
        self.found.push(Golden { file: file.to_owned(), schema, document: document_kept });
        document.clone()
    }

    /// Runs a command and keeps what it prints.
    #[track_caller]
    fn run(&mut self, file: &str, schema: &'static str, arguments: &[&str], stdin: &str) -> Value {
        let output = self.tdx(arguments).stdin(stdin).run();
        assert_eq!(output.code, 0, "{arguments:?}: {}", output.stderr);
        let document = serde_json::from_str(&output.stdout).unwrap();
        self.keep(file, schema, &document)
    }

    /// The same for a command whose schema has its words as a name.
    #[track_caller]
    fn plain(&mut self, schema: &'static str, more: &[&str]) -> Value {
        let words: Vec<&str> = schema.split(' ').chain(more.iter().copied()).collect();
        self.run(&schema.replace(' ', "-"), schema, &words, "")
    }
}

/// Runs everything once.
pub fn record() -> Vec<Golden> {
    let mut s =
        Scenario { platform: Platform::start(), folder: tempfile::tempdir().unwrap(), found: Vec::new() };
    looking(&mut s);
    stepping(&mut s);
    whole_plans(&mut s);
    journeys(&mut s);
    tokens(&mut s);
    deleting(&mut s);
    failing(&mut s);
    sandboxes(&mut s);
    // A command without a run above is run by its words alone.
    let found: BTreeSet<&str> = s.found.iter().map(|golden| golden.schema).collect();
    let others: Vec<_> = tdx_rt::cli::PROGRAM.schemas.names().filter(|name| !found.contains(name)).collect();
    others.into_iter().for_each(|name| drop(s.plain(name, &[])));
    s.found
}

const PS: [&str; 2] = ["--ps", "394649"];

fn looking(s: &mut Scenario) {
    s.plain("ps-check", &["394649"]);
    s.run("ps-check-all", "ps-check", &["ps-check"], "");
    s.plain("discover databases", &[]);
    s.plain("discover tables", &["web_events.p*"]);
    s.plain("discover columns", &["web_events.pageviews"]);
    s.plain("discover keys", &["web_events"]);
    s.plain("discover attributes", &PS);
    s.plain("discover", &["--use-case", "web", "--database", "web_events", "--private", "--ps", "394649"]);
    s.plain("schema", &[]);
    s.run("schema-ps-check", "schema", &["schema", "ps-check"], "");
    let plan: Value = serde_saphyr::from_str(PLAN).unwrap();
    s.keep("plan", "plan", &plan);
    for (file, item) in [("bulk", "394649"), ("bulk-failed", "Nobody")] {
        let output = s.tdx(&["ps-check", "-"]).stdin(item).run();
        s.keep(file, "bulk", &serde_json::from_str(&output.stdout).unwrap());
    }
    s.plain("explain", &["not-found"]);
    s.run("explain-finding", "explain", &["explain", "unreachable-section"], "");
    s.run("explain-exit-code", "explain", &["explain", "6"], "");
    s.run("graph", "graph", &["graph"], PLAN);
    let links = s.folder.path().join("bin");
    fs::create_dir(&links).unwrap();
    s.plain("install-links", &[links.to_str().unwrap()]);
    s.plain("completions", &["--install", "fish"]);
    s.run("man-none", "man", &["man", "--uninstall"], "");
}

/// A step of the pipeline with the document before it.
fn step(s: &mut Scenario, name: &'static str, more: &[&str], before: &Value) -> Value {
    s.run(name, name, &[&[name], more].concat(), &before.to_string())
}

/// Makes the first of a plan's items, one after the other, so that they are listed in this order.
fn first(s: &Scenario, plan: &Value, what: &str, count: usize) {
    let command = if what == "events" { "rt-events" } else { "rt-attrs" };
    for last in 1..=count {
        let mut part = json!({"parent_segment_id": "394649", "events": plan["events"], what: plan[what]});
        part[what].as_array_mut().unwrap().truncate(last);
        let output = s.tdx(&[command]).stdin(part.to_string()).run();
        assert_eq!(output.code, 0, "{}", output.stderr);
    }
}

fn stepping(s: &mut Scenario) {
    let plan: Value = serde_saphyr::from_str(PLAN).unwrap();
    first(s, &plan, "events", 1);
    s.run("dry-run", "dry-run", &["rt-events", "--dry-run"], PLAN);
    let document = step(s, "rt-events", &[], &plan);
    let document = step(s, "rt-keys", &[], &document);
    first(s, &plan, "attributes", 4);
    let document = step(s, "rt-attrs", &["--interval", "5ms"], &document);
    let document = step(s, "pz-create", &[], &document);
    let keys = ["--key", "td_client_id=u1", "--field", "product_id=p1", "--field", "td_path=/p/1"];
    step(s, "pz-test", &[&keys[..], &["--interval", "5ms"]].concat(), &document);
    let get = ["pz-test", "--get", "--key", "td_client_id=u1"];
    s.run("pz-test-get", "pz-test", &get, &document.to_string());
    let file = s.path("created.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let summary = ["pz-test", "-", "-f", &file, "--csv", "--summary"];
    let output = s.tdx(&summary).stdin("td_client_id,td_path\nu8,/p/1\nu9,\n,/p/1\n").run();
    s.keep("bulk-summary", "bulk-summary", &serde_json::from_str(&output.stdout).unwrap());
    for list in ["rt-events list", "rt-keys list", "rt-attrs list", "pz-create list"] {
        s.plain(list, &PS);
    }
}

fn whole_plans(s: &mut Scenario) {
    fs::write(s.path("plan.yaml"), PLAN).unwrap();
    let more = PLAN.replace("A page", "Any page").replace("{name: Default,", "{name: Default, kind: x,");
    fs::write(s.path("more.yaml"), more).unwrap();
    s.plain("validate", &["more.yaml"]);
    fs::write(s.path("slip.yaml"), "events: [{name: a, table: d.t, descriptio: x}]\n").unwrap();
    s.run("validate-fix", "validate", &["validate", "--fix", "slip.yaml"], "");
    s.plain("diff", &["more.yaml", "--save", "saved.json"]);
    let saved: Value = serde_json::from_str(&fs::read_to_string(s.path("saved.json")).unwrap()).unwrap();
    s.keep("saved-plan", "saved-plan", &saved);
    s.plain("apply", &["more.yaml", "--interval", "5ms"]);
    let extra = ["--prune", "--prune-item", "attributes.total", "--yes"];
    let pruning = [&["apply", "plan.yaml", "--interval", "5ms"][..], &extra].concat();
    let without = PLAN.replace(
        "  - {name: total, type: counter, source_event: click, increment: 2, where: quantity > 1}\n",
        "",
    );
    fs::write(s.path("plan.yaml"), without).unwrap();
    s.run("apply-prune", "apply", &pruning, "");
    s.plain("undo list", &["--ps", "394649"]);
    s.run("undo-diff", "undo", &["undo", "--diff", "--ps", "394649"], "");
    s.plain("undo", &["-y", "--ps", "394649", "--interval", "5ms"]);
    s.plain("export", &["394649"]);
}

fn journeys(s: &mut Scenario) {
    let receiver = format!("{}/_sandbox/inbox/hello", s.platform.url);
    let plan = json!({"parent_segment_id": "394649", "journeys": [{"name": "draft", "trigger_event": "page_view", "steps": ["end"]}, {
        "name": "hello", "trigger_event": "page_view", "state": "launched", "reentry": "always", "steps": [
            {"wait": "1h"},
            {"activate": "webhook", "name": "say", "url": receiver, "headers": {"X-Kind": "{{event_name}}"},
             "body": {"who": "{{td_client_id}}", "what": "{{last}}"}},
        ],
    }]});
    step(s, "journey-create", &["--interval", "5ms"], &plan);
    s.plain("journey-create list", &PS);
    let keys = ["--key", "td_client_id=u1", "--field", "product_id=p1", "--field", "td_path=/p/1"];
    let send = [&["hello", "--interval", "5ms", "--advance", "2h"][..], &PS, &keys].concat();
    s.plain("journey-test", &send);
    s.run(
        "journey-test-foreseen",
        "journey-test",
        &[&["journey-test"], &send[..1], &["--no-send"], &PS, &keys].concat(),
        "",
    );
    s.plain("journey-monitor", &[&["--since", "1d", "--interval", "5ms"][..], &PS].concat());
    s.plain("sandbox activations", &["--journey", "hello"]);
    let count = ["sandbox", "activations", "--count"];
    s.run("sandbox-activations-count", "sandbox activations", &count, "");
    s.plain("sandbox activations clear", &[]);
    s.plain("journey-create launch", &["draft", "--ps", "394649"]);
    for name in ["journey-create pause", "journey-create resume", "journey-create delete"] {
        s.plain(name, &["hello", "--ps", "394649"]);
    }
    assert_eq!(s.tdx(&["journey-create", "delete", "draft", "--ps", "394649"]).run().code, 0);
}

fn tokens(s: &mut Scenario) {
    s.plain("ps-run", &["394649"]);
    let range = ["--allowed-ip", "127.0.0.0/8"];
    s.plain("pz-create token create", &[&["--ps", "394649", "--name", "shop"][..], &range].concat());
    s.plain("pz-create token rotate", &["--ps", "394649"]);
    let listed = s.plain("pz-create token list", &["--ps", "394649"]);
    let shop = listed.as_array().unwrap().iter().find(|token| token["name"] == "shop").unwrap();
    s.plain("pz-create token revoke", &[shop["id"].as_str().unwrap(), "--ps", "394649"]);
}

fn deleting(s: &mut Scenario) {
    s.plain("pz-create delete", &["web", "--service", "--ps", "394649"]);
    s.plain("rt-attrs delete", &["views", "--ps", "394649"]);
    for attribute in ["last", "seen", "total"] {
        assert_eq!(s.tdx(&["rt-attrs", "delete", attribute, "--ps", "394649"]).run().code, 0);
    }
    s.plain("rt-events delete", &["page_view", "--ps", "394649"]);
    s.plain("rt-keys delete", &["td_client_id", "--ps", "394649"]);
}

fn failing(s: &mut Scenario) {
    let output = s.tdx(&["rt-events", "list", "--ps", "Custmer 360"]).run();
    s.keep("error", "error", &output_error(&output.stderr));
    let output = s.tdx(&["rt-events"]).stdin("parent_segment_id: x\nevents: [{name: a}]\n").run();
    s.keep("error-plan", "error", &output_error(&output.stderr));
    let output = Tdx::new(&["sandbox", "--listen", "0.0.0.0", "--", "true"]).run();
    s.keep("warning", "warning", &output_error(&output.stderr));
}

#[track_caller]
fn output_error(stderr: &str) -> Value {
    serde_json::from_str(stderr).unwrap_or_else(|error| panic!("{error}: {stderr}"))
}

fn sandboxes(s: &mut Scenario) {
    for name in ["sandbox health", "sandbox clock", "sandbox settle", "sandbox status", "sandbox pace"] {
        s.plain(name, &[]);
    }
    s.plain("sandbox clock set", &["2026-01-02T03:04:05Z"]);
    s.plain("sandbox clock advance", &["24h"]);
    s.run("sandbox-settle-reads", "sandbox settle", &["sandbox", "settle", "1reads"], "");
    s.plain(
        "sandbox faults add",
        &["status", "--status", "429", "--retry-after", "1", "--path", "/audiences", "--method", "PUT"],
    );
    s.plain("sandbox faults", &[]);
    s.plain("sandbox faults remove", &["1"]);
    s.plain("sandbox faults clear", &[]);
    s.plain("sandbox requests", &["--operation", "POST /audiences/{}/realtime_key_events"]);
    s.run(
        "sandbox-requests-count",
        "sandbox requests",
        &["sandbox", "requests", "--path", "/nothing", "--count"],
        "",
    );
    s.plain("sandbox requests clear", &[]);
    s.plain("sandbox inbox answer", &["welcome", "202"]);
    let sent = s.platform.request("POST", "/_sandbox/inbox/welcome", Some(json!({"user": "u1"})));
    assert_eq!(sent.0, 202);
    s.plain("sandbox inbox", &[]);
    s.run("sandbox-inbox-count", "sandbox inbox", &["sandbox", "inbox", "nobody", "--count"], "");
    s.plain("sandbox inbox clear", &[]);
    s.run("sandbox-profile-count", "sandbox profile", &["sandbox", "profile", "--ps", "394649"], "");
    visited(s);
    s.plain("sandbox snapshot save", &["one"]);
    for name in ["sandbox snapshot", "sandbox snapshot list"] {
        s.plain(name, &[]);
    }
    s.plain("sandbox snapshot restore", &["one"]);
    s.plain("sandbox snapshot delete", &["one"]);
    s.plain("sandbox reset", &[]);
    let ready = serving();
    s.keep("sandbox", "sandbox", &ready);
}

/// A profile with values in all kinds of attributes.
fn visited(s: &mut Scenario) {
    let plan: Value = serde_saphyr::from_str(PLAN).unwrap();
    first(s, &plan, "events", 2);
    first(s, &plan, "attributes", 5);
    let plan = s.path("plan.yaml");
    assert_eq!(s.tdx(&["apply", &plan, "--interval", "5ms"]).run().code, 0);
    let keys = ["--key", "td_client_id=u1", "--field", "product_id=p1", "--field", "td_path=/p/1"];
    let event = ["--event-json", r#"{"time": 1767409445}"#];
    let visit = [&["pz-test", "-f", &plan], &keys[..], &event].concat();
    let output = s.tdx(&visit).run();
    assert_eq!(output.code, 0, "{}", output.stderr);
    s.plain("sandbox profile", &["--ps", "394649", "td_client_id=u1"]);
}

/// The one line of a sandbox that serves.
fn serving() -> Value {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tdx-rt"))
        .args(["sandbox", "--port", "0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    serde_json::from_str(&line).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/outputs")
}

/// The lines that are not as they were.
fn difference(path: &Path, now: &str) -> String {
    let before = fs::read_to_string(path).unwrap_or_default();
    similar::TextDiff::from_lines(&before, now).unified_diff().context_radius(2).to_string()
}

#[test]
fn every_command_prints_what_it_did_before() {
    let found = record();
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let (mut stale, mut kept) = (Vec::new(), BTreeSet::new());
    for Golden { file, schema, document } in &found {
        schemas::check(schema, document).unwrap_or_else(|why| panic!("{file}: {why}"));
        let path = folder().join(format!("{file}.json"));
        let text = format!("{document:#}\n");
        if update {
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
            stale.push(format!("{file}.json:\n{}", difference(&path, &text)));
        }
        assert!(kept.insert(format!("{file}.json")), "{file} twice");
    }
    assert!(stale.is_empty(), "UPDATE_GOLDEN=1 writes them anew\n{}", stale.join("\n"));
    let there: BTreeSet<String> =
        fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, kept, "a file for each, and no other");
}

/// The files with the schema of each.
pub fn read() -> Vec<Golden> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let document = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        // The longest name that the file's begins with: what follows names the variant.
        let fits = |name: &&str| {
            file == name.replace(' ', "-") || file.starts_with(&format!("{}-", name.replace(' ', "-")))
        };
        let schema = tdx_rt::cli::PROGRAM.schemas.names().filter(fits).max_by_key(|name| name.len()).unwrap();
        all.push(Golden { file, schema, document });
    }
    all.push(Golden {
        file: "bulk".to_owned(),
        schema: "bulk",
        document: json!({"input": "394649", "ok": false, "exit_code": 3, "result": null, "note": null, "error":
            {"code": "not-found", "message": "m", "hint": null, "http_status": 404, "retryable": false, "exit_code": 3}}),
    });
    all
}

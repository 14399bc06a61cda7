//! `graph`: a plan, or what is live, as a document and as a drawing.

use super::{BASE, PS, Written, configured, said};
use crate::common::{Platform, Tdx};
use serde::Deserialize;
use serde_json::json;
use std::path::Path;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    unused: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Node {
    id: String,
    kind: String,
    name: String,
    label: String,
    detail: Option<String>,
    unused: bool,
    missing: bool,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Edge {
    from: String,
    to: String,
    kind: String,
}

impl Graph {
    #[track_caller]
    fn node(&self, id: &str) -> &Node {
        self.nodes.iter().find(|node| node.id == id).unwrap_or_else(|| panic!("no {id} in {self:#?}"))
    }

    #[track_caller]
    fn detail(&self, id: &str) -> &str {
        self.node(id).detail.as_deref().unwrap_or_default()
    }

    fn has(&self, from: &str, kind: &str, to: &str) -> bool {
        self.edges.iter().any(|edge| (&*edge.from, &*edge.kind, &*edge.to) == (from, kind, to))
    }
}

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web-personalization.yaml");

/// The graph of a text, without a key and without an endpoint.
#[track_caller]
fn graph(plan: &str) -> Graph {
    Tdx::new(&["graph"]).stdin(plan).run().decode()
}

/// Nearly everything that a plan can say.
const RICH: &str = r#"
parent_segment_name: Customer 360
event_tables: [web_events.cart_view]
events:
  - {name: page_view, table: web_events.pageviews, where: "td_path LIKE '/p%'"}
  - {name: purchase, table: web_events.orders}
  - {name: nobody, table: web_events.orders}
  - {name: mail_open, table: web_events.mails}
id_stitching:
  primary_key: td_client_id
  stitching_keys: [{name: td_client_id, exclude_regex: '^test_'}, email]
  ext_lookup_key: customer_id
attributes:
  - {name: last, type: single, source_event: page_view, source_field: product_id, data_type: string}
  - {name: seen, type: list, source_event: page_view, source_field: product_id, expiry_days: 60,
     actions: [{action: clear, event: purchase}]}
  - {name: views, type: counter, source_event: page_view, window_duration: [24h, 7d], where: "price > 10"}
  - {name: spent, type: counter, aggregation: sum, source_event: purchase, source_field: price}
  - {name: tier, type: imported_batch, column: loyalty_tier}
  - {name: old, type: imported_batch}
  - {name: offers, type: lookup_catalog, catalog_table: Offers, lookup_keys: [{name: product_id}]}
personalization_services:
  - name: web
    trigger_event: page_view
    sections:
      - name: VIP
        criteria: "tier = 'VIP' AND views.window_24h > 3"
        attributes: [last, {name: seen, as: browsed}]
        strings: {hello: [Hello, ' you']}
        catalogs: [{catalog: Offers, attribute: last, column: product_id, as: offer}]
        batch_segments: [High Value]
      - {name: Rest, trigger_event: purchase, trigger_where: "price > 5", attributes: [gone, {name: views, sub: window_7d, as: weekly}]}
  - {name: tokens, only: service}
"#;

#[test]
fn a_plan_is_followed_from_table_to_output() {
    let graph = graph(RICH);
    for (from, kind, to) in [
        ("table:web_events.pageviews", "source", "event:page_view"),
        ("event:page_view", "source", "attribute:last"),
        ("event:purchase", "action", "attribute:seen"),
        ("batch:profile", "profile", "attribute:tier"),
        ("key:customer_id", "lookup", "batch:profile"),
        ("catalog:Offers", "profile", "attribute:offers"),
        ("event:page_view", "trigger", "personalization:web"),
        ("personalization:web", "contains", "section:web/VIP"),
        ("attribute:tier", "criteria", "section:web/VIP"),
        ("attribute:views", "criteria", "section:web/VIP"),
        ("batch_segment:High Value", "segment", "section:web/VIP"),
        ("section:web/VIP", "contains", "output:web/VIP/browsed"),
        ("attribute:seen", "output", "output:web/VIP/browsed"),
        ("section:web/VIP", "contains", "output:web/VIP/hello"),
        ("attribute:offers", "output", "output:web/VIP/offer"),
        ("attribute:last", "lookup", "output:web/VIP/offer"),
        ("event:purchase", "trigger", "section:web/Rest"),
        ("attribute:gone", "output", "output:web/Rest/gone"),
    ] {
        assert!(graph.has(from, kind, to), "{from} -{kind}-> {to}: {:#?}", graph.edges);
    }
    assert!(!graph.has("event:page_view", "trigger", "section:web/VIP"), "it is its personalization's");
    for (id, detail) in [
        ("event:page_view", "where td_path LIKE '/p%'"),
        ("key:td_client_id", "primary, not ^test_"),
        ("key:customer_id", "external lookup key"),
        ("attribute:last", "single, last product_id"),
        ("attribute:seen", "list, distinct_list product_id, 100 items, 60d, clear on purchase"),
        ("attribute:views", "counter, count, 24h, 7d, where price > 10"),
        ("attribute:spent", "counter, sum price, total"),
        ("attribute:tier", "imported from loyalty_tier"),
        ("section:web/VIP", "tier = 'VIP' AND views.window_24h > 3"),
        ("section:web/Rest", "everyone; on events where price > 5"),
        ("output:web/VIP/browsed", "seen"),
        ("output:web/VIP/hello", "string 'Hello you'"),
        ("output:web/Rest/weekly", "views.window_7d"),
        ("personalization:tokens", "service only"),
    ] {
        assert_eq!(graph.detail(id), detail, "{id}");
    }
    let vip = graph.node("section:web/VIP");
    assert_eq!((vip.name.as_str(), vip.label.as_str(), vip.kind.as_str()), ("VIP", "1. VIP", "section"));
    for edge in &graph.edges {
        graph.node(&edge.from);
        graph.node(&edge.to);
    }
}

#[test]
fn what_leads_nowhere_is_unused_and_what_is_only_named_is_missing() {
    let graph = graph(RICH);
    assert_eq!(
        graph.unused,
        [
            "table:web_events.mails",
            "table:web_events.cart_view",
            "event:nobody",
            "event:mail_open",
            "attribute:spent",
            "attribute:old"
        ]
    );
    for node in &graph.nodes {
        assert_eq!(node.unused, graph.unused.contains(&node.id), "{node:?}");
        assert_eq!(node.missing, node.id == "attribute:gone", "{node:?}");
    }
    // What reads it is enough; so is a trigger, and an action of a list that is used.
    assert!(!graph.node("event:purchase").unused && !graph.node("table:web_events.orders").unused);
}

#[test]
fn an_event_that_must_be_there_already_is_missing_in_a_plan_without_events() {
    let graph = graph(
        "attributes: [{name: a, type: single, source_event: page_view, source_field: x, data_type: string}]",
    );
    assert!(graph.has("event:page_view", "source", "attribute:a"));
    assert!(graph.node("event:page_view").missing && !graph.node("event:page_view").unused);
    assert_eq!(graph.unused, ["attribute:a"]);
}

#[test]
fn it_reads_a_file_a_flag_or_stdin_and_never_the_network() {
    let text = std::fs::read_to_string(EXAMPLE).unwrap();
    let named: Graph = Tdx::new(&["graph", EXAMPLE]).run().decode();
    assert_eq!(named.nodes.iter().filter(|node| node.kind == "output").count(), 5);
    assert_eq!(named.unused, Vec::<String>::new());
    let nowhere = ("TDX_RT_ENDPOINT", "http://127.0.0.1:9");
    for arguments in
        [&["graph", "-f", EXAMPLE][..], &["graph", "-"], &["graph"], &["graph", "--format", "json"]]
    {
        let tdx = Tdx::new(arguments).env(nowhere.0, nowhere.1).stdin(text.as_str());
        assert_eq!(tdx.run().decode::<Graph>(), named, "{arguments:?}");
    }
    // It only reads, so a dry run is the same.
    assert_eq!(Tdx::new(&["graph", EXAMPLE, "--dry-run"]).run().decode::<Graph>(), named);
}

#[test]
fn what_is_live_is_drawn_as_its_export_is() {
    let platform = configured();
    let service = "personalization_service: {name: web, trigger_event: page_view, sections: \
        [{name: VIP, criteria: \"loyalty_tier = 'VIP'\", attributes: [{name: seen, as: browsed}]}]}";
    let applied = platform.tdx(&["apply", "--interval", "5ms"]).stdin(format!("{BASE}{service}\n")).run();
    applied.document();
    platform.forget_requests();
    for ps in [PS, "Customer 360"] {
        let live: Graph = platform.tdx(&["graph", "--ps", ps]).run().decode();
        let export = platform.tdx(&["export", PS]).run();
        assert_eq!(live, graph(&export.stdout));
        assert!(live.has("attribute:seen", "output", "output:web/VIP/browsed"));
        assert_eq!(
            live.unused,
            ["table:web_events.legacy_clicks", "attribute:country", "attribute:last", "attribute:views"]
        );
    }
    assert_eq!(platform.writes(), Vec::<String>::new());
    let dot = platform.tdx(&["graph", "--ps", PS, "--format", "dot"]).run();
    assert_eq!((dot.code, dot.stderr.as_str()), (0, ""));
    assert!(dot.stdout.contains("\"attribute:seen\" -> \"output:web/VIP/browsed\""), "{}", dot.stdout);
}

#[test]
fn each_format_is_text_in_a_file_and_on_stdout() {
    let starts = |format: &str, start: &str| {
        let output = Tdx::new(&["graph", EXAMPLE, "--format", format]).run();
        assert_eq!((output.code, output.stderr.as_str()), (0, ""));
        assert!(output.stdout.starts_with(start), "{}", output.stdout);
        assert!(output.stdout.contains("VIP Customers"), "{}", output.stdout);
        assert_eq!(output.stdout, Tdx::new(&["graph", EXAMPLE, "--format", format]).run().stdout);
    };
    starts("mermaid", "flowchart LR\n");
    starts("dot", "digraph lineage {\n");
    starts("svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
}

#[test]
fn unused_and_missing_are_marked_in_every_drawing() {
    for format in ["mermaid", "dot", "svg"] {
        let drawn = Tdx::new(&["graph", "--format", format]).stdin(RICH).run().stdout;
        for words in ["unused · imported", "missing · not in the plan"] {
            assert!(drawn.contains(words), "{format}: {drawn}");
        }
    }
}

#[test]
fn the_document_can_be_filtered() {
    let run = |arguments: &[&str]| Tdx::new(&[&["graph"], arguments].concat()).stdin(RICH).run();
    let filtered = run(&["--jq", ".unused[] | select(startswith(\"attribute:\"))"]);
    assert_eq!((filtered.code, filtered.stdout.as_str()), (0, "attribute:spent\nattribute:old\n"));
    assert_eq!(run(&["--jq", ".unused == []", "--exit-status"]).code, 1);
    let yaml = run(&["--yaml"]);
    assert!(yaml.stdout.starts_with("nodes:\n"), "{}", yaml.stdout);
}

#[test]
fn text_does_not_go_with_filters() {
    for format in ["mermaid", "dot", "svg"] {
        for other in [&["--jq", "."][..], &["--jsonl"], &["--yaml"], &["--json"]] {
            let arguments = [&["graph", EXAMPLE, "--format", format], other].concat();
            let error = Tdx::new(&arguments).run().error(2, "usage");
            assert!(said(&error, "message").contains(&format!("--format {format} is text")), "{error}");
        }
    }
    assert_eq!(Tdx::new(&["graph", EXAMPLE, "--format", "json", "--jq", ".unused"]).run().stdout, "[]\n");
}

#[test]
fn the_ending_of_the_file_chooses_the_format() {
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, more: &[&str]| {
        let file = folder.path().join(name);
        let arguments = [&["graph", EXAMPLE, "-o", file.to_str().unwrap()], more].concat();
        let output = Tdx::new(&arguments).run();
        assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
        std::fs::read_to_string(file).unwrap()
    };
    for (name, start) in [
        ("a.svg", "<svg "),
        ("a.SVG", "<svg "),
        ("a.dot", "digraph "),
        ("a.gv", "digraph "),
        ("a.mmd", "flowchart "),
        ("a.md", "```mermaid\nflowchart "),
        ("a.json", "{\"nodes\":["),
        ("a", "{\"nodes\":["),
    ] {
        assert!(written(name, &[]).starts_with(start), "{name}");
    }
    assert!(written("b.md", &[]).ends_with("\n```\n"));
    assert!(written("b.svg", &["--format", "dot"]).starts_with("digraph "));
    assert!(written("b.md", &["--format", "mermaid"]).starts_with("flowchart "));
    assert!(written("b.svg", &["--format", "json"]).starts_with("{\"nodes\":["));
    assert_eq!(written("b.svg", &["--jq", ".unused"]), "[]\n");
    let there: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(there.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{there:?}");
}

#[test]
fn a_wrong_plan_is_an_error_with_findings() {
    let plan = Written::new(
        "plan.yaml",
        &BASE.replace("source_event: page_view, agg", "source_event: page_veiw, agg"),
    );
    let error = Tdx::new(&["graph", plan.path(), "--format", "svg"]).run().error(2, "invalid-plan");
    let findings = error["details"]["findings"].as_array().unwrap();
    assert_eq!((findings.len(), &findings[0]["code"]), (1, &json!("unknown-event")), "{error}");
    assert_eq!(findings[0]["fix"], "did you mean 'page_view'?");
    let error = Tdx::new(&["graph"]).stdin("hello: 1\n").run().error(2, "invalid-plan");
    assert!(said(&error, "message").contains("nothing here is a part of a plan"), "{error}");
    let error = Tdx::new(&["graph", "nowhere.yaml"]).run().error(3, "not-found");
    assert!(said(&error, "message").contains("nowhere.yaml"), "{error}");
}

#[test]
fn it_needs_something_to_draw_and_one_thing_alone() {
    let error = Tdx::new(&["graph"]).run().error(2, "usage");
    assert_eq!(error["message"], "there is nothing to draw");
    Tdx::new(&["graph", EXAMPLE, "--ps", PS]).run().error(2, "usage");
    Tdx::new(&["graph", "-f", EXAMPLE, "--ps", PS]).run().error(2, "usage");
    Tdx::new(&["graph", EXAMPLE, "-f", EXAMPLE]).run().error(2, "usage");
    Tdx::new(&["graph", EXAMPLE, "--format", "png"]).run().error(2, "usage");
    let platform = Platform::start();
    platform.tdx(&["graph", "--ps", "Nobody"]).run().error(3, "not-found");
    // A parent segment alone is no plan: what is in it is live.
    let report = platform.tdx(&["ps-check", PS]).run().stdout;
    let error = Tdx::new(&["graph"]).stdin(report).run().error(2, "invalid-plan");
    assert!(said(&error, "hint").contains("--ps"), "{error}");
}

/// There is one batch side: nothing to count.
#[test]
fn headings_count_what_can_be_several() {
    let svg = Tdx::new(&["graph", EXAMPLE, "--format", "svg"]).run().stdout;
    assert!(svg.contains(">Key events 1 · Batch data</text>"), "{svg}");
}

/// What README.md shows.
#[test]
fn the_picture_of_the_example_is_what_graph_draws() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/graph.svg");
    let drawn = Tdx::new(&["graph", EXAMPLE, "--format", "svg"]).run().stdout;
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, drawn).expect("the picture can be written");
        return;
    }
    let there = std::fs::read_to_string(&file).expect("the file exists");
    assert!(
        there == drawn,
        "docs/graph.svg is out of date: UPDATE_DOCS=1 cargo test --test main -- cli::graph"
    );
}

#[test]
fn journeys_use_what_starts_them_and_what_they_ask_for_and_send() {
    let plan = format!(
        "{BASE}journeys:
- name: j
  trigger_event: page_view
  goal: bought
  state: launched
  steps:
    - decide: [{{name: a, when: views > 3, steps: [end]}}, {{name: b, otherwise: true}}]
    - {{activate: webhook, name: call, url: 'https://h.example/', body: '{{{{last}}}} {{{{td_path}}}}'}}
"
    )
    .replace("table: pageviews}", "table: pageviews}\n  - {name: bought, table: web_events.purchases}");
    let graph: Graph =
        serde_json::from_value(Tdx::new(&["graph", "-"]).stdin(plan).run().document()).unwrap();
    let node = graph.node("journey:j");
    assert_eq!((node.kind.as_str(), node.detail.as_deref()), ("journey", Some("launched, activation: call")));
    let mut to: Vec<(&str, &str)> = graph
        .edges
        .iter()
        .filter(|edge| edge.to == "journey:j")
        .map(|edge| (edge.from.as_str(), edge.kind.as_str()))
        .collect();
    to.sort_unstable();
    let expected = [
        ("attribute:last", "output"),
        ("attribute:views", "criteria"),
        ("event:bought", "criteria"),
        ("event:page_view", "trigger"),
    ];
    assert_eq!(to, expected);
    assert_eq!(graph.unused, ["batch:profile", "attribute:seen", "attribute:loyalty_tier"]);
}

//! Plans in every dialect: each error has a place in the file; a document goes through a pipe unchanged, as YAML
//! and as JSON; a plan corrected by `--fix` stays readable.

use serde_json::{Value, json};
use tdx_rt::plan::fix::fix;
use tdx_rt::plan::graph::Graph;
use tdx_rt::plan::{Document, Finding, Severity, validate};

pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let report = validate(text, "plan.yaml");
    for finding in &report.findings {
        stands_in(text, finding);
    }
    if let Some(document) = &report.document
        && document.body().is_none()
    {
        stays_the_same(document);
    }
    if let Some(plan) = &report.plan {
        let graph = Graph::of(plan);
        for drawn in
            [graph.to_dot(), graph.to_mermaid(), graph.to_svg(), serde_json::json!(graph.shown()).to_string()]
        {
            assert!(!drawn.is_empty());
        }
    }
    let fixed = fix(text, "plan.yaml");
    assert_eq!(fixed.changes.is_empty(), fixed.text == text, "{:?}", fixed.changes);
    assert_eq!(fixed.report.document.is_some(), report.document.is_some(), "{}", fixed.text);
}

fn stands_in(text: &str, finding: &Finding) {
    assert!(!finding.message.is_empty() && finding.offset.is_none(), "{finding:?}");
    let (Some(line), Some(column)) = (finding.line, finding.column) else {
        assert_ne!(finding.severity, Severity::Error, "{finding:?} has no place");
        return;
    };
    let lines = text.matches(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count() + 1;
    assert!((1..=lines + 1).contains(&line), "{finding:?} of {lines} lines");
    assert!((1..=text.chars().count() + 2).contains(&column), "{finding:?}");
}

fn stays_the_same(document: &Document) {
    let root = json!(document.root);
    let yaml = serde_saphyr::to_string(&document.root).expect("a document can be written");
    for text in [yaml, root.to_string()] {
        let again = Document::parse(&text, "pipe").unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(root_of(&again), root, "{text}");
    }
}

fn root_of(document: &Document) -> Value {
    json!(document.root)
}

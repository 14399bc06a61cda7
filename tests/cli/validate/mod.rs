//! `validate`: what it says of plans and request bodies, and what `--fix` does to them.

mod bodies;
mod command;
mod dialects;
mod fix;
mod formats;
pub(super) mod live;
mod mappings;
mod published;
mod rules;
mod shapes;
mod table;

use crate::common::{Output, Tdx, schemas};
use serde::Deserialize;
use serde_json::Value;

/// The document, declared again as a user's program would.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    valid: bool,
    errors: usize,
    warnings: usize,
    findings: Vec<Found>,
    #[serde(default)]
    fixed: Option<Vec<Change>>,
    #[serde(default)]
    dry_run: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Found {
    code: String,
    severity: String,
    path: Option<String>,
    pointer: Option<String>,
    file: String,
    line: Option<u64>,
    column: Option<u64>,
    message: String,
    fix: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    file: String,
    code: String,
    path: String,
    line: Option<u64>,
    change: String,
}

impl Report {
    fn codes(&self) -> Vec<&str> {
        self.findings.iter().map(|found| found.code.as_str()).collect()
    }

    #[track_caller]
    fn only(&self) -> &Found {
        assert_eq!(self.findings.len(), 1, "{self:?}");
        &self.findings[0]
    }
}

impl Found {
    fn place(&self) -> (u64, u64) {
        (self.line.unwrap_or(0), self.column.unwrap_or(0))
    }

    fn path(&self) -> &str {
        self.path.as_deref().unwrap_or("?")
    }
}

/// The document of a call, whether the answer was yes or no; stderr has to fit.
#[track_caller]
fn report(output: &Output) -> Report {
    assert_eq!(output.stdout.matches('\n').count(), 1, "{output:?}");
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    for found in document["findings"].as_array().unwrap() {
        let keys: Vec<_> = found.as_object().unwrap().keys().map(String::as_str).collect();
        let wanted = ["code", "severity", "path", "pointer", "file", "line", "column", "message", "fix"];
        assert_eq!(keys, wanted, "every key is always there");
    }
    let report: Report = serde_json::from_value(document).unwrap();
    assert_eq!(report.valid, report.errors == 0, "{report:?}");
    assert_eq!(report.errors + report.warnings, report.findings.len(), "{report:?}");
    if report.valid {
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output:?}");
    } else {
        assert_eq!(output.code, 2, "{output:?}");
        let error: Value = serde_json::from_str(&output.stderr).unwrap();
        assert_eq!(
            (&error["error"]["code"], &error["error"]["exit_code"]),
            (&"invalid-plan".into(), &2.into())
        );
    }
    report
}

/// The findings about a text on stdin.
#[track_caller]
fn said(text: &str) -> Report {
    let report = report(&Tdx::new(&["validate"]).stdin(text).run());
    if report.findings.is_empty() {
        fits_plan_schema(text);
    }
    report
}

/// A plan that nothing is wrong with is none for an editor either, document by document.
#[track_caller]
fn fits_plan_schema(text: &str) {
    if tdx_rt::plan::Document::parse(text, "a plan").unwrap().body().is_some() {
        return;
    }
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).unwrap();
    for document in documents.iter().filter(|document| !document.is_null()) {
        schemas::check("plan", document).unwrap_or_else(|why| panic!("{why}\n{text}"));
    }
}

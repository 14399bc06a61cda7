//! Findings in the forms that services of code review read: GitHub's workflow commands, SARIF, and
//! GitLab's report of code quality.

use super::placed::{Placed, Root, placed};
use super::sarif::sarif;
use super::{Checked, STDIN};
use crate::plan::{Finding, Severity, counted};
use clap::ValueEnum;
use serde_json::{Value, json};

/// How findings are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The document
    #[default]
    Json,
    /// Workflow commands: GitHub Actions shows them at the lines of a pull request
    Github,
    /// A Code Quality report for GitLab (JSON)
    Gitlab,
    /// SARIF 2.1.0, for GitHub code scanning and other services (JSON)
    Sarif,
}

/// The findings in a form; `None` for the document itself. `root` is the root of the repository.
pub(super) fn written(format: Format, all: &[Checked], limit: usize, root: &Root) -> Option<String> {
    let placed = placed(all, limit, root);
    let found: usize = all.iter().map(|checked| checked.report.findings.len()).sum();
    Some(match format {
        Format::Json => return None,
        Format::Github => github(&placed, found.saturating_sub(placed.len())),
        Format::Gitlab => line_of(&gitlab(&placed)),
        Format::Sarif => line_of(&sarif(&placed)),
    })
}

fn line_of(document: &Value) -> String {
    format!("{document}\n")
}

/// Workflow commands, a line each.
fn github(all: &[Placed<'_>], not_shown: usize) -> String {
    let mut text = String::new();
    for placed in all {
        let Finding { code, severity, line, column, .. } = placed.finding;
        let word = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let number = |number: Option<usize>| number.map(|number| number.to_string());
        let line = number(*line).filter(|_| placed.file.is_some());
        let column = number(*column).filter(|_| line.is_some());
        let title = Some(format!("tdx-rt: {code}"));
        let properties = [("file", placed.file.clone()), ("line", line), ("col", column), ("title", title)];
        let properties = properties.into_iter().filter_map(|(key, value)| Some((key, value?)));
        let properties: Vec<String> =
            properties.map(|(key, value)| format!("{key}={}", property(&value))).collect();
        // What has no place in the repository says where it is.
        let place = match (&placed.file, placed.finding.line) {
            (None, Some(line)) => format!("{STDIN}:{line}: "),
            (None, None) => format!("{STDIN}: "),
            _ => String::new(),
        };
        let message = data(&(place + &placed.sentence()));
        text.push_str(&format!("::{word} {}::{message}\n", properties.join(",")));
    }
    if not_shown > 0 {
        let more = counted(not_shown, "more finding");
        text.push_str(&format!("::notice title=tdx-rt::{more}; --max-findings lists them\n"));
    }
    text
}

/// The message of a workflow command, as its runner reads it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A list of issues. A place is required there: what has no line is reported at the first one.
fn gitlab(all: &[Placed<'_>]) -> Value {
    let issue = |placed: &Placed<'_>| {
        let severity = match placed.finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
        };
        json!({
            "description": placed.sentence(),
            "check_name": placed.finding.code,
            "fingerprint": placed.fingerprint,
            "severity": severity,
            "location": {
                "path": placed.file.as_deref().unwrap_or(STDIN),
                "lines": {"begin": placed.finding.line.unwrap_or(1)},
            },
        })
    };
    all.iter().map(issue).collect()
}

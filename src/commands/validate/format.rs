//! Findings in the forms that services of code review read: GitHub's workflow commands, SARIF, and
//! GitLab's report of code quality.

use super::sarif::sarif;
use super::{Checked, STDIN, first_line};
use crate::plan::{Finding, Severity, counted};
use clap::ValueEnum;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use uuid::Uuid;

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

/// A finding with its place in the repository.
pub(super) struct Placed<'a> {
    pub(super) finding: &'a Finding,
    /// File relative to the root of the repository, with `/`; `None` for stdin.
    pub(super) file: Option<String>,
    /// Stays the same while the file, the check and the line's text do.
    pub(super) fingerprint: String,
}

impl Placed<'_> {
    /// What is wrong and what to do, on one line.
    pub(super) fn sentence(&self) -> String {
        let message = first_line(&self.finding.message);
        let path = Some(&self.finding.path).filter(|path| !path.is_empty());
        let message = path.map_or_else(|| message.to_owned(), |path| format!("{path}: {message}"));
        self.finding.fix.as_ref().map_or(message.clone(), |fix| format!("{message}; {fix}"))
    }
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

fn placed<'a>(all: &'a [Checked], limit: usize, root: &Root) -> Vec<Placed<'a>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let found = all.iter().flat_map(|checked| checked.report.findings.iter().map(move |one| (checked, one)));
    let placed = found.take(limit).map(|(checked, finding)| {
        let file = (checked.file != STDIN).then(|| root.relative(&checked.file));
        let line = finding.line.and_then(|line| checked.text.lines().nth(line.saturating_sub(1)));
        let about = line.map_or(finding.path.as_str(), str::trim);
        let key = [finding.code, file.as_deref().unwrap_or(STDIN), about].join("\n");
        let count = seen.entry(key.clone()).or_default();
        *count = count.saturating_add(1);
        let name = format!("{key}\n{count}");
        let fingerprint = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).simple().to_string();
        Placed { finding, file, fingerprint }
    });
    placed.collect()
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

/// The root of the repository that the working directory is in.
#[derive(Debug, Default)]
pub(super) struct Root {
    current: Option<PathBuf>,
    root: Option<PathBuf>,
}

impl Root {
    /// The nearest folder at or above `current` with a `.git`, which is a file in a worktree.
    pub(super) fn of(current: Option<&Path>) -> Self {
        let root = current.and_then(|dir| dir.ancestors().find(|dir| dir.join(".git").exists()));
        Root { current: current.map(Path::to_owned), root: root.map(Path::to_owned) }
    }

    /// The path of a file from the root; as it was given outside of a repository.
    fn relative(&self, file: &str) -> String {
        let from_root = || {
            let (current, root) = (self.current.as_ref()?, self.root.as_ref()?);
            let mut path = PathBuf::new();
            for part in current.join(file).components() {
                match part {
                    Component::CurDir => {}
                    Component::ParentDir => drop(path.pop()),
                    part => path.push(part),
                }
            }
            Some(path.strip_prefix(root).ok()?.to_owned())
        };
        let path = from_root().unwrap_or_else(|| PathBuf::from(file.strip_prefix("./").unwrap_or(file)));
        let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        // An absolute path begins with its own separator.
        if path.is_absolute() { path.to_string_lossy().into_owned() } else { parts.join("/") }
    }
}

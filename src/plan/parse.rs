//! The document as text: YAML or JSON in, a tree with positions out.

use super::dialect;
use super::document::{Document, line_and_column};
use super::finding::{Finding, PlanError, Severity};
use super::model::Plan;
use super::tree::{Positions, Unique, read_yaml};
use super::written::AsWritten;
use crate::platform::limits::values;
use serde_json::{Map, Value};
use std::sync::{Arc, OnceLock};

/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 5_000_000;
/// The most values of a JSON text, so that any text is read within 256 MB of memory. Of YAML, fewer nodes are
/// read: see [`read_yaml`].
pub const MAX_VALUES: usize = 400_000;

impl Document {
    /// Reads YAML, of which JSON is a part; a text that starts with `{` is tried as JSON first, for
    /// exact numbers and speed. A byte order mark is dropped. Several YAML documents become one, and
    /// other dialects become ours. Errors: a text that is neither (with line, column and an
    /// excerpt), a duplicate key, an alias bomb, a root that is no mapping, more than [`MAX_BYTES`] or
    /// [`MAX_VALUES`].
    pub fn parse(text: &str, origin: &str) -> Result<Document, PlanError> {
        Document::check_size(text, origin)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_start().starts_with('{')
            && let Ok(Unique(Value::Object(root))) = serde_json::from_str(text)
        {
            return Ok(read(vec![root], origin, text, OnceLock::new()));
        }
        let source = read_yaml(text).map_err(|finding| single(origin, with_lines_hint(text, *finding)))?;
        let positions = OnceLock::from(source.positions);
        let stream = source.documents.len() > 1;
        let mut roots = Vec::with_capacity(source.documents.len());
        for (index, value) in source.documents.into_iter().enumerate() {
            match value {
                Value::Object(root) => roots.push(root),
                other if stream => {
                    let pointer = format!("/{index}");
                    let place = positions.get().and_then(|all| all.values.get(&pointer)).map(line_and_column);
                    let finding = not_a_mapping(&other).at(&pointer, true).with_position(place);
                    return Err(single(origin, finding));
                }
                other => return Err(single(origin, not_a_mapping(&other))),
            }
        }
        if roots.is_empty() {
            return Err(single(origin, not_a_mapping(&Value::Null)));
        }
        Ok(read(roots, origin, text, positions))
    }

    /// An error where a text is larger than any plan.
    pub fn check_size(text: &str, origin: &str) -> Result<(), PlanError> {
        let most = match text.trim_start().starts_with(['{', '[']) {
            _ if text.len() > MAX_BYTES => format!("{} MB", MAX_BYTES / 1_000_000),
            true if values(text.as_bytes()) > MAX_VALUES => format!("{MAX_VALUES} values"),
            _ => return Ok(()),
        };
        let message = format!("a plan has at most {most}, this is larger");
        Err(single(origin, Finding::new("too-large", Severity::Error, "", message)))
    }

    /// Numbers become strings where the plan's model reads a string, with the characters that are written.
    /// Done once, before a step adds items and pointers move.
    fn settle(&mut self) {
        let (texts, findings) = Plan::texts(self);
        for (pointer, text) in texts {
            if let Some(value) = pointer_mut(&mut self.root, &pointer) {
                *value = Value::String(text);
            }
        }
        for finding in findings {
            let pointer = self.layout.source(&finding.pointer);
            self.findings.push(Finding { pointer, ..finding });
        }
        self.settled = true;
    }
}

fn read(
    roots: Vec<Map<String, Value>>,
    origin: &str,
    text: &str,
    positions: OnceLock<Positions>,
) -> Document {
    let canonical = dialect::canonical(roots, &AsWritten { text: Some(text), positions: &positions });
    let mut document = Document {
        text: Some(Arc::from(text)),
        positions,
        layout: canonical.layout,
        findings: canonical.findings,
        body: canonical.body,
        settled: canonical.body.is_some(),
        ..Document::from_root(canonical.root, origin)
    };
    if !document.settled {
        document.settle();
    }
    document
}

/// The value that a JSON pointer names.
fn pointer_mut<'v>(root: &'v mut Map<String, Value>, pointer: &str) -> Option<&'v mut Value> {
    let inner = pointer.strip_prefix('/')?;
    let (key, rest) = inner.find('/').map_or((inner, ""), |at| inner.split_at(at));
    root.get_mut(&key.replace("~1", "/").replace("~0", "~"))?.pointer_mut(rest)
}

/// One JSON document a line is no YAML; the fix says what is.
fn with_lines_hint(text: &str, finding: Finding) -> Finding {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_document = |line: &str| serde_json::from_str::<Map<String, Value>>(line).is_ok();
    if lines.clone().count() < 2 || !lines.all(is_document) {
        return finding;
    }
    finding.with_fix(Some("several documents are separated by lines of '---'".into()))
}

fn single(origin: &str, finding: Finding) -> PlanError {
    PlanError { origin: origin.to_owned(), findings: vec![finding] }
}

fn not_a_mapping(value: &Value) -> Finding {
    let found = match value {
        Value::Null => "nothing",
        Value::Array(_) => "a list",
        Value::String(_) => "a string",
        _ => "a single value",
    };
    Finding::new(
        "not-a-mapping",
        Severity::Error,
        "",
        format!("a plan is a mapping of keys, this is {found}"),
    )
    .with_position(Some((1, 1)))
    .with_fix(Some("start with, for example, 'parent_segment_id: \"1234\"'".into()))
}

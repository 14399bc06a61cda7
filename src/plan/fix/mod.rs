//! Mending a plan's text: small edits at known places, all else byte for byte.
//!
//! Every edit is proved: the edited text is read again, and must be the tree that the edit means.
//! One that is not, for example because an anchor repeats it elsewhere, is not made.

mod edit;

use super::finding::{Finding, Mend};
use super::lint::{Report, validate};
use super::tree::{ReadText, read_yaml};
use edit::Edit;
use serde::Serialize;
use serde_json::{Map, Value};

/// Rounds of reading and mending: one edit may bring to light what another mends.
const ROUNDS: usize = 5;

/// An edit that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixChange {
    /// Code of the finding.
    pub code: &'static str,
    /// Where it was.
    pub path: String,
    /// Its line, before the edit.
    pub line: Option<usize>,
    /// What was done.
    pub change: String,
}

/// A text after mending.
#[derive(Debug)]
pub struct FixedText {
    /// The new text; the old one when nothing could be mended.
    pub text: String,
    /// What was done, in the order of the text.
    pub changes: Vec<FixChange>,
    /// The findings about the new text.
    pub report: Report,
}

/// Mends what a program can mend.
pub fn fix(text: &str, origin: &str) -> FixedText {
    let mut fixed = FixedText { text: text.to_owned(), changes: Vec::new(), report: validate(text, origin) };
    for _ in 0..ROUNDS {
        let Some((text, changes)) = mend(&fixed.text, &fixed.report.findings) else { break };
        fixed.report = validate(&text, origin);
        fixed.text = text;
        fixed.changes.extend(changes);
    }
    fixed
}

/// One round; `None` when nothing was mended.
fn mend(text: &str, findings: &[Finding]) -> Option<(String, Vec<FixChange>)> {
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let mendable: Vec<&Finding> = findings.iter().filter(|finding| finding.mend.is_some()).collect();
    if mendable.is_empty() {
        return None;
    }
    let source = read_yaml(body).ok()?;
    let edits: Vec<(&Finding, Edit)> = mendable
        .into_iter()
        .filter_map(|finding| Some((finding, edit::of(body, &source.positions, finding)?)))
        .collect();
    let before = root(source);
    let (text, made) = match proved(body, &before, &edits) {
        Some(text) => (text, edits),
        None => {
            // One of them is not what it seems; the others may be.
            let alone = |one: &(&Finding, Edit)| proved(body, &before, std::slice::from_ref(one)).is_some();
            let good: Vec<_> = edits.into_iter().filter(alone).collect();
            (proved(body, &before, &good)?, good)
        }
    };
    let changes: Vec<FixChange> = made.iter().map(|(finding, _)| change(finding)).collect();
    (!changes.is_empty()).then(|| (format!("{mark}{text}"), changes))
}

fn change(finding: &Finding) -> FixChange {
    let key = finding.pointer.rsplit('/').next().unwrap_or_default();
    let change = match &finding.mend {
        Some(Mend::Rename(to)) => format!("'{key}' renamed to '{to}'"),
        Some(Mend::Null) => format!("'{key}' is null now"),
        Some(Mend::Identifier(identifier)) => format!("identifier: {identifier} added"),
        Some(Mend::Quote(written)) => format!("{written} is in quotes now"),
        None => String::new(),
    };
    FixChange { code: finding.code, path: finding.path.clone(), line: finding.line, change }
}

/// The text with these edits, when it reads as the tree with them.
fn proved(text: &str, before: &Value, edits: &[(&Finding, Edit)]) -> Option<String> {
    let mut wanted = before.clone();
    let mut deepest: Vec<&&Finding> = edits.iter().map(|(finding, _)| finding).collect();
    // Renaming a mapping moves what is in it.
    deepest.sort_by_key(|finding| std::cmp::Reverse(finding.pointer.matches('/').count()));
    for finding in deepest {
        apply(&mut wanted, finding)?;
    }
    let edited = edit::apply(text, edits.iter().map(|(_, edit)| edit))?;
    let found = root(read_yaml(&edited).ok()?);
    (found == wanted).then_some(edited)
}

fn root(source: ReadText) -> Value {
    let mut documents = source.documents;
    if documents.len() == 1 { documents.pop().unwrap_or_default() } else { Value::Array(documents) }
}

/// What a finding's edit means for the tree.
fn apply(root: &mut Value, finding: &Finding) -> Option<()> {
    match finding.mend.as_ref()? {
        Mend::Null => *root.pointer_mut(&finding.pointer)? = Value::Null,
        Mend::Quote(written) => *root.pointer_mut(&finding.pointer)? = written.as_str().into(),
        Mend::Identifier(identifier) => {
            let map = root.pointer_mut(&finding.pointer)?.as_object_mut()?;
            map.insert("identifier".to_owned(), identifier.as_str().into());
        }
        Mend::Rename(to) => {
            let (parent, key) = finding.pointer.rsplit_once('/')?;
            let key = key.replace("~1", "/").replace("~0", "~");
            let map = root.pointer_mut(parent)?.as_object_mut()?;
            if map.contains_key(to) {
                return None;
            }
            let renamed: Map<String, Value> = std::mem::take(map)
                .into_iter()
                .map(|(name, value)| (if name == key { to.clone() } else { name }, value))
                .collect();
            *map = renamed;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests;

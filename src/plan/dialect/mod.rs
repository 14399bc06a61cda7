//! The forms that a plan is written in, each made into the one tree that everything else reads.
//!
//! The YAML of the published workflow is that tree already. A stream of several documents is
//! [merged](stream), the older service templates are [translated](service), and the bodies of the
//! platform's requests, which are no plans, are [recognised](body) and checked on their own.

mod body;
mod conditions;
mod layout;
mod service;
mod stream;

pub use body::RequestBody;
pub(super) use layout::SourceLayout;

use super::finding::{Finding, Severity};
use super::written::AsWritten;
use serde_json::{Map, Value};

/// What a text became.
pub(super) struct Canonical {
    /// The one tree.
    pub(super) root: Map<String, Value>,
    /// Where its parts come from.
    pub(super) layout: SourceLayout,
    /// What was wrong in it; pointers into the text, no places yet.
    pub(super) findings: Vec<Finding>,
    /// What it is, when it is no plan.
    pub(super) body: Option<RequestBody>,
}

/// One document as it is read: its layout and what was found, both with pointers into the text.
struct Notes<'t> {
    layout: SourceLayout,
    findings: Vec<Finding>,
    written: &'t AsWritten<'t>,
}

impl<'t> Notes<'t> {
    fn new(layout: SourceLayout, written: &'t AsWritten<'t>) -> Self {
        Notes { layout, findings: Vec::new(), written }
    }

    fn error(&mut self, code: &'static str, pointer: &str, message: impl Into<String>, fix: Option<String>) {
        self.findings.push(Finding::new(code, Severity::Error, pointer, message).with_fix(fix));
    }

    fn warn(&mut self, code: &'static str, pointer: &str, message: impl Into<String>, fix: Option<String>) {
        self.findings.push(Finding::new(code, Severity::Warning, pointer, message).with_fix(fix));
    }
}

/// Makes one tree of all documents of a text.
pub(super) fn canonical(mut documents: Vec<Map<String, Value>>, written: &AsWritten<'_>) -> Canonical {
    if documents.len() > 1 {
        return stream::merge(documents, written);
    }
    let root = documents.pop().unwrap_or_default();
    if let Some(body) = RequestBody::of(&root) {
        return Canonical { root, layout: SourceLayout::default(), findings: Vec::new(), body: Some(body) };
    }
    let mut notes = Notes::new(SourceLayout::default(), written);
    let (mut root, is_template) = service::translate(root, "", &mut notes);
    if is_template {
        let events = root.get("events").cloned();
        service::add_trigger(&mut root, "/personalization_service", events.as_ref(), &mut notes);
    }
    Canonical { root, layout: notes.layout, findings: notes.findings, body: None }
}

#[cfg(test)]
mod tests;

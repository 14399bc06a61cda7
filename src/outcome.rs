//! What a command hands back: the document for stdout, and what goes with it.

use crate::api::Collected;
use crate::error::Error;
use crate::ui::{Report, Shown};
use serde::Serialize;
use serde_json::{Value, json};

/// The result of a command.
#[derive(Debug)]
pub struct Outcome {
    /// The document for stdout.
    pub document: Value,
    /// For people, on stderr of a terminal.
    pub summary: Option<String>,
    /// Whether the command only reads: a dry run prints its document all the same.
    pub reads: bool,
    /// What a dry run collected, where it was not the context's client.
    pub collected: Option<Collected>,
    /// The document for people, in place of it where stdout is a terminal.
    pub text: Option<Text>,
    /// The exit code after the document is printed.
    pub exit_code: u8,
    /// The error that the command ends with after the document is printed: the document is the
    /// answer, and the answer is no.
    pub ends_with: Option<Error>,
    /// Whether the document is JSON on a terminal too: it is made for programs.
    pub as_json: bool,
    /// Whether everything is printed already, and then whether `--exit-status` is content with it.
    pub printed: Option<bool>,
}

/// A document for people.
#[derive(Debug)]
pub struct Text {
    /// What is printed.
    pub text: Shown,
    /// Whether it is printed also where stdout is no terminal.
    pub always: bool,
    /// Whether the summary stands in it already.
    pub has_summary: bool,
}

impl Text {
    /// A text in place of the document, also where stdout is no terminal if `always` says so.
    pub fn new(text: impl Into<Shown>, always: bool) -> Self {
        Text { text: text.into(), always, has_summary: false }
    }
}

impl Outcome {
    /// A document without a summary.
    pub fn new(document: Value) -> Self {
        Outcome {
            document,
            summary: None,
            reads: false,
            collected: None,
            text: None,
            exit_code: 0,
            ends_with: None,
            as_json: false,
            printed: None,
        }
    }

    /// The document of a command that only reads.
    pub fn read(document: Value) -> Self {
        Outcome { reads: true, ..Outcome::new(document) }
    }

    /// Everything is printed already.
    pub fn printed() -> Self {
        Outcome { printed: Some(true), ..Outcome::read(Value::Null) }
    }

    /// A list that is only read, with a summary of how many there are.
    pub fn list<T: Serialize>(
        items: impl IntoIterator<Item = T>,
        summary: impl FnOnce(usize) -> String,
    ) -> Self {
        let items: Vec<Value> = items.into_iter().map(|item| json!(item)).collect();
        let summary = summary(items.len());
        Outcome::read(items.into()).summary(summary)
    }

    /// With a text for people in place of the document.
    #[must_use]
    pub fn text(self, text: impl Into<Shown>) -> Self {
        Outcome { text: Some(Text::new(text, false)), ..self }
    }

    /// With a text for people in place of document and summary.
    #[must_use]
    pub fn report(self, report: Report) -> Self {
        Outcome { text: Some(Text { has_summary: true, ..Text::new(report, false) }), ..self }
    }

    /// The answer is no, if there is an error: the document is printed all the same, and the command ends with
    /// the error. So do all commands that judge (`validate`, `pz-test`, `journey-test`, `journey-monitor`, `sandbox … --expect`).
    #[must_use]
    pub fn judged(self, error: Option<Error>) -> Self {
        Outcome { ends_with: error, ..self }
    }

    /// With a summary.
    #[must_use]
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.summary = Some(summary.into());
        self
    }
}

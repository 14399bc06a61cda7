//! What can go wrong.

use super::ast::Span;

/// A filter that cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid jq filter: {message}{}{excerpt}", hint_text(.hint))]
pub struct CompileError {
    /// What is wrong.
    pub message: String,
    /// Byte offset into the filter text.
    pub offset: usize,
    /// The nearest known name, for an unknown filter, format or variable.
    pub hint: Option<String>,
    /// The line of the filter with a caret under the place.
    pub excerpt: String,
}

fn hint_text(hint: &Option<String>) -> String {
    hint.as_ref().map(|h| format!(" (did you mean `{h}`?)")).unwrap_or_default()
}

impl CompileError {
    pub(super) fn new(source: &str, span: &Span, message: impl Into<String>) -> Self {
        CompileError {
            message: format!("{} at byte {}", message.into(), span.start),
            offset: span.start,
            hint: None,
            excerpt: excerpt(source, span),
        }
    }

    pub(super) fn plain(message: impl Into<String>) -> Self {
        CompileError { message: message.into(), offset: 0, hint: None, excerpt: String::new() }
    }

    pub(super) fn with_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

/// The line around the span, cut to a readable width, and carets below.
fn excerpt(source: &str, span: &Span) -> String {
    const AROUND: usize = 40;
    let before = source.get(..span.start).unwrap_or(source);
    let after = source.get(span.start..).unwrap_or("");
    let head = before.rsplit('\n').next().unwrap_or("");
    let tail = after.split('\n').next().unwrap_or("");
    let skip = head.chars().count().saturating_sub(AROUND);
    let head: String = head.chars().skip(skip).collect();
    let tail: String = tail.chars().take(AROUND).collect();
    let marked = source
        .get(span.clone())
        .map_or(1, |s| s.split('\n').next().unwrap_or("").chars().count())
        .clamp(1, tail.chars().count().max(1));
    let pad: String = head.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    format!("\n  {head}{tail}\n  {pad}{}", "^".repeat(marked))
}

/// A run that ended before its last output.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The filter raised an error that nothing caught; the text is jq's where feasible.
    #[error("{message}")]
    Raised {
        /// The error as text, as jq prints it after `jq: error:`.
        message: String,
        /// The value given to `error`, as `catch` would see it.
        value: serde_json::Value,
    },
    /// `halt` or `halt_error`: stop now with this status.
    #[error("the filter halted with status {code}")]
    Halted {
        /// Exit status that jq would use: 0 for `halt`, 5 unless given for `halt_error`.
        code: i64,
        /// What jq would print on standard error: a string as it is, without a newline;
        /// any other value as JSON and a newline.
        message: Option<serde_json::Value>,
    },
    /// The input is not one JSON value.
    #[error("the input is not JSON: {0}")]
    Input(String),
    /// An output nested more deeply than any reader of JSON accepts.
    #[error("the filter's output is nested more than {0} levels deep")]
    TooDeep(usize),
    /// The outputs take more memory than a run may use.
    #[error("the filter's output is too large")]
    TooLarge,
    /// A defect of the filter engine, caught.
    #[error("the jq engine failed on this filter and input: {0}")]
    Engine(String),
}

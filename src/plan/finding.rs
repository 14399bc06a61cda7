//! What a check has found, with its place.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The plan can't be used.
    Error,
    /// It can, but it may not do what its author wants.
    Warning,
}

/// Something that is wrong with a plan, or may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// Stable name of the check.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// JSON pointer, for example `/attributes/1/type`.
    pub pointer: String,
    /// The same for people: `attributes[1].type`.
    pub path: String,
    /// 1-based line, where the text is known.
    #[schemars(range(min = 1))]
    pub line: Option<usize>,
    /// 1-based column in characters, where the text is known.
    #[schemars(range(min = 1))]
    pub column: Option<usize>,
    /// What is wrong, without a full stop. May end with an excerpt on lines of its own.
    pub message: String,
    /// What to do about it.
    pub fix: Option<String>,
    /// The edit that mends it, where a program can.
    #[serde(skip)]
    pub mend: Option<Mend>,
    /// The byte of the text at `pointer` that it is about, until it has a position.
    #[serde(skip)]
    pub offset: Option<usize>,
}

/// An edit of what a finding points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// Its key gets another name.
    Rename(String),
    /// It becomes `null`.
    Null,
    /// Its mapping gets this `identifier`, behind `name`.
    Identifier(String),
    /// It becomes a string, of the characters that are written.
    Quote(String),
}

impl Finding {
    /// A finding without a position.
    pub fn new(code: &'static str, severity: Severity, pointer: &str, message: impl Into<String>) -> Self {
        Finding {
            code,
            severity,
            pointer: pointer.to_owned(),
            path: path_of(pointer),
            line: None,
            column: None,
            message: message.into(),
            fix: None,
            mend: None,
            offset: None,
        }
    }

    /// The same with pointer, path, message and fix as `reword` gives them.
    #[must_use]
    pub fn reworded(mut self, reword: impl Fn(&str) -> String) -> Self {
        for text in [&mut self.pointer, &mut self.path, &mut self.message].into_iter().chain(&mut self.fix) {
            *text = reword(text);
        }
        self
    }

    /// The same, about a byte of the text that it points at.
    #[must_use]
    pub fn with_offset(mut self, offset: Option<usize>) -> Self {
        self.offset = offset;
        self
    }

    /// The same with the edit that mends it.
    #[must_use]
    pub fn with_mend(mut self, mend: Option<Mend>) -> Self {
        self.mend = mend;
        self
    }

    /// The same at another pointer; `stream` says that its first part is a document's index.
    #[must_use]
    pub(super) fn at(mut self, pointer: &str, stream: bool) -> Self {
        self.path = match pointer.strip_prefix('/').filter(|_| stream) {
            Some(inner) => {
                let (document, rest) =
                    inner.split_at_checked(inner.find('/').unwrap_or(inner.len())).unwrap_or((inner, ""));
                let number = document.parse::<usize>().map_or(1, |index| index.saturating_add(1));
                let path = path_of(rest);
                if path.is_empty() {
                    format!("document {number}")
                } else {
                    format!("document {number}: {path}")
                }
            }
            None => path_of(pointer),
        };
        self.pointer = pointer.to_owned();
        self
    }

    /// The same with advice.
    #[must_use]
    pub fn with_fix(mut self, fix: Option<String>) -> Self {
        self.fix = fix;
        self
    }

    /// The same with a position (1-based line and column).
    #[must_use]
    pub fn with_position(mut self, position: Option<(usize, usize)>) -> Self {
        (self.line, self.column) = position.unzip();
        self
    }
}

impl fmt::Display for Finding {
    /// `12:5: attributes[1].type: unknown type 'cuonter'; did you mean 'counter'?`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "{line}:{column}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        // An excerpt stays last, so that its caret stands under its text.
        let (first, excerpt) = match self.message.split_once('\n') {
            Some((first, excerpt)) => (first, Some(excerpt)),
            None => (self.message.as_str(), None),
        };
        f.write_str(first)?;
        if let Some(fix) = &self.fix {
            write!(f, "; {fix}")?;
        }
        match excerpt {
            Some(excerpt) => write!(f, "\n{excerpt}"),
            None => Ok(()),
        }
    }
}

/// So many findings an error or a report has at the most, unless it is asked for more.
pub const MAX_FINDINGS: usize = 1_000;

/// A plan that can't be used, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanError {
    /// File name, `stdin` or `flags`.
    pub origin: String,
    /// All findings, errors first, each group in document order.
    pub findings: Vec<Finding>,
}

impl fmt::Display for PlanError {
    /// One line per finding: `plan.yaml:12:5: attributes[1].type: …`. An excerpt follows its line. Of more than
    /// [`MAX_FINDINGS`], how many more there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().take(MAX_FINDINGS).enumerate() {
            let newline = if index == 0 { "" } else { "\n" };
            let space = if finding.line.is_some() { "" } else { " " };
            write!(f, "{newline}{}:{space}{finding}", self.origin)?;
        }
        match self.findings.len().saturating_sub(MAX_FINDINGS) {
            0 => Ok(()),
            more => write!(f, "\n{}: {more} more findings", self.origin),
        }
    }
}

impl std::error::Error for PlanError {}

/// `/attributes/2/type` as `attributes[2].type`.
fn path_of(pointer: &str) -> String {
    let mut path = String::new();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        if !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit()) {
            path.push('[');
            path.push_str(&token);
            path.push(']');
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&token);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_like_a_compiler_message() {
        let finding =
            Finding::new("unknown-value", Severity::Error, "/attributes/1/type", "unknown type 'x'")
                .with_position(Some((12, 5)))
                .with_fix(Some("did you mean 'y'?".into()));
        let error = PlanError { origin: "plan.yaml".into(), findings: vec![finding] };
        assert_eq!(
            error.to_string(),
            "plan.yaml:12:5: attributes[1].type: unknown type 'x'; did you mean 'y'?"
        );
    }

    #[test]
    fn without_a_position_the_path_is_enough_and_an_excerpt_stays_last() {
        let finding = Finding::new("bad-criteria", Severity::Error, "/a~1b/0", "no value\n  x =\n    ^")
            .with_fix(Some("fix".into()));
        let error = PlanError { origin: "flags".into(), findings: vec![finding] };
        assert_eq!(error.to_string(), "flags: a/b[0]: no value; fix\n  x =\n    ^");
    }
}

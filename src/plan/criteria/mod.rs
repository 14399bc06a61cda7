//! The criteria language: the SQL-like text of sections and of event filters.
//!
//! `loyalty_tier = 'VIP' AND (page_views_24h >= 3 OR cart_value > 99.5) AND email IS NOT NULL`.
//!
//! Grammar: comparisons `= == != <> > >= < <=`, `IS [NOT] NULL`, `[NOT] IN (…)`, `[NOT] LIKE '…'`,
//! `[NOT] BETWEEN … AND …`, `[NOT] REGEXP '…'` (ours, for what the console calls *regex*), joined by
//! `NOT`, `AND`, `OR` (in this order of strength) and parentheses. Strings are written in single quotes, a
//! quote in them is doubled; names are `[A-Za-z_][A-Za-z0-9_.]*` or are written in double quotes or
//! backticks. Keywords are case-insensitive. A blank text takes everyone.

mod lexer;
mod parser;
mod render;
mod rule;
mod text;

pub use parser::parse;
pub use render::{canonical, render};
pub use rule::RuleOperand;
pub use text::name as quoted_name;

use crate::platform::rule::Operator;
use std::fmt;
use std::ops::Range;

/// The longest text that is read, in characters.
pub const MAX_CHARACTERS: usize = 10_000;
/// The deepest nesting of parentheses and `NOT`. Each level can become two groups of a rule, and
/// [`crate::platform::rule`] reads 64 of them.
pub const MAX_DEPTH: usize = 30;

/// A parsed criteria text.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of them; an empty one takes everything.
    And(Vec<Expr>),
    /// At least one of them.
    Or(Vec<Expr>),
    /// The opposite.
    Not(Box<Expr>),
    /// One condition.
    Test {
        /// The attribute or column on the left.
        name: Name,
        /// What must hold.
        operator: Operator,
    },
}

/// A name in a criteria text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Without its quotes.
    pub text: String,
    /// Byte range in the criteria text.
    pub span: Range<usize>,
}

impl Expr {
    /// Whether it takes everything.
    pub fn is_everything(&self) -> bool {
        matches!(self, Expr::And(all) if all.is_empty())
    }

    /// Every name on a left side, in order, repeated as often as it occurs.
    pub fn names(&self) -> Vec<&Name> {
        match self {
            Expr::And(all) | Expr::Or(all) => all.iter().flat_map(Expr::names).collect(),
            Expr::Not(inner) => inner.names(),
            Expr::Test { name, .. } => vec![name],
        }
    }
}

/// What is wrong with a criteria text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteriaError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// Byte range in the criteria text; empty at its end.
    pub span: Range<usize>,
    /// What to write instead.
    pub hint: Option<String>,
}

impl CriteriaError {
    pub(crate) fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        CriteriaError { message: message.into(), span, hint: None }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The line of the text that is wrong with carets under the wrong part, indented by two.
    pub fn excerpt(&self, text: &str) -> String {
        let start = floor(text, self.span.start);
        let end = floor(text, self.span.end).max(start);
        let (before, after) = text.split_at_checked(start).unwrap_or((text, ""));
        let before = before.rsplit('\n').next().unwrap_or_default();
        let first_line = |text: &'_ str| text.split('\n').next().map_or(0, |line| line.chars().count());
        let carets = text.get(start..end).map_or(0, first_line).max(1);
        // Long lines are cut around the wrong part.
        let indent = before.chars().count();
        let line = before.chars().chain(after.chars().take_while(|c| *c != '\n'));
        let shown: String =
            line.skip(indent.saturating_sub(50)).take(100).map(|c| if c == '\t' { ' ' } else { c }).collect();
        format!("  {shown}\n  {}{}", " ".repeat(indent.min(50)), "^".repeat(carets.min(100)))
    }
}

/// The nearest character boundary at or before a byte position.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

impl fmt::Display for CriteriaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CriteriaError {}

#[cfg(test)]
mod tests;

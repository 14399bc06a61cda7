//! From sqlparser's tree to the closed tree: names are resolved and types are checked, in Trino's order and words.

mod aggregate;
mod call;
mod cast;
mod expression;
mod from;
mod grouping;
mod operators;
mod predicate;
mod query;
mod scope;
mod select;
mod time;
mod unnest;
mod window;
mod words;

use super::error::QueryError;
use super::parse::{Text, place};
use super::tree::{OutColumn, QueryTree};
use super::{QueryRequest, Schema};
use sqlparser::ast::{Expr, Ident, Query, Spanned};
use sqlparser::tokenizer::Location;

/// The checked query.
pub(super) fn check(
    text: &Text<'_>,
    query: &Query,
    schema: &dyn Schema,
    request: &QueryRequest<'_>,
) -> Result<QueryTree, QueryError> {
    let mut checker =
        Checker { text, schema, request, sources: 0, withs: Vec::new(), in_try: false, first: 0 };
    checker.query(query, None)
}

/// A query of `WITH` that can be named.
struct Named {
    name: String,
    number: usize,
    columns: Vec<OutColumn>,
}

struct Checker<'c> {
    text: &'c Text<'c>,
    schema: &'c dyn Schema,
    request: &'c QueryRequest<'c>,
    /// How many relations have got a number.
    sources: usize,
    withs: Vec<Named>,
    in_try: bool,
    /// The first relation of the innermost select: columns of earlier ones are those of a query around it.
    first: usize,
}

impl Checker<'_> {
    fn next_source(&mut self) -> usize {
        self.sources = self.sources.saturating_add(1);
        self.sources
    }

    /// Where an expression is, as Trino says it: an operator's place is the operator.
    fn at(&self, expr: &Expr) -> Location {
        match expr {
            Expr::Nested(inner) => self.at(inner),
            Expr::BinaryOp { left, op, right } => match op {
                sqlparser::ast::BinaryOperator::And | sqlparser::ast::BinaryOperator::Or => self.at(left),
                op => {
                    let (from, to) = (left.span().end, right.span().start);
                    let found = self.text.find(&op.to_string(), from, to);
                    if found == from && op.to_string() == "<>" {
                        return self.text.find("!=", from, to);
                    }
                    found
                }
            },
            Expr::Like { expr, pattern, .. } => self.text.find("like", expr.span().end, pattern.span().start),
            Expr::Between { expr, low, .. } => self.text.find("between", expr.span().end, low.span().start),
            Expr::UnaryOp { op, expr } => self.before(&op.to_string(), expr),
            Expr::Cast { expr, kind, .. } => match kind {
                sqlparser::ast::CastKind::TryCast => self.before("try_cast", expr),
                _ => self.before("cast", expr),
            },
            expr => expr.span().start,
        }
    }

    /// Where the word begins that stands before an operand.
    fn before(&self, word: &str, operand: &Expr) -> Location {
        let end = operand.span().start;
        let reach = u64::try_from(word.len()).unwrap_or_default().saturating_add(12);
        self.text.find(word, Location::new(end.line, end.column.saturating_sub(reach).max(1)), end)
    }

    fn error(&self, name: &'static str, expr: &Expr, message: &str) -> QueryError {
        error_at(name, self.at(expr), message)
    }

    fn mismatch(&self, expr: &Expr, message: &str) -> QueryError {
        self.error("TYPE_MISMATCH", expr, message)
    }

    fn unsupported(&self, at: Location, what: &str) -> QueryError {
        error_at("NOT_SUPPORTED", at, &format!("{what} is not supported"))
    }
}

fn error_at(name: &'static str, at: Location, message: &str) -> QueryError {
    QueryError::user(name, format!("{}{message}", place(at)))
}

/// A name as Trino compares it, quoted or not.
fn folded(name: &Ident) -> String {
    name.value.to_lowercase()
}

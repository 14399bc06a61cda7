//! Why a query failed, in Trino's words.

/// The end of a query without a (whole) result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// Trino's name of it: `TABLE_NOT_FOUND`, `SYNTAX_ERROR`, `DIVISION_BY_ZERO` …
    pub name: &'static str,
    /// Trino's words, with the place: `line 1:8: Column 'x' cannot be resolved`.
    pub message: String,
    /// Whose doing it was.
    pub kind: QueryErrorKind,
}

/// Whose doing the end of a query was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// The query's.
    User,
    /// It was stopped.
    Killed,
    /// It passed a bound of time, rows or size.
    Bounds,
    /// The sandbox's.
    Internal,
}

impl QueryError {
    /// An error of the query itself.
    pub fn user(name: &'static str, message: impl Into<String>) -> QueryError {
        QueryError { name, message: message.into(), kind: QueryErrorKind::User }
    }

    /// An error of the sandbox.
    pub fn internal(message: impl std::fmt::Display) -> QueryError {
        QueryError {
            name: "GENERIC_INTERNAL_ERROR",
            message: message.to_string(),
            kind: QueryErrorKind::Internal,
        }
    }
}

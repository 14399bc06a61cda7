//! What all functions have: their arguments, and their errors, brought through SQLite.

use super::super::error::{QueryError, QueryErrorKind};
use rusqlite::functions::Context;
use rusqlite::types::Value;

/// What a function does with its arguments.
pub(super) type Run = fn(&[Value]) -> Result<Value, QueryError>;

/// A function: its name, what it does, and whether it sees NULL: others are NULL then.
pub(super) struct Entry(pub(super) &'static str, pub(super) Run, pub(super) bool);

/// The errors that functions raise, and whether TRY makes them NULL.
const RAISED: [(&str, bool); 7] = [
    ("DIVISION_BY_ZERO", true),
    ("INVALID_CAST_ARGUMENT", true),
    ("INVALID_FUNCTION_ARGUMENT", true),
    ("NUMERIC_VALUE_OUT_OF_RANGE", true),
    ("SUBQUERY_MULTIPLE_ROWS", false),
    ("NOT_SUPPORTED", false),
    ("GENERIC_INTERNAL_ERROR", false),
];

/// Marks an error of ours in SQLite's message.
const MARK: char = '\u{1}';

/// Runs a function, which is NULL where an argument is, unless it sees NULL itself.
pub(super) fn call(
    context: &Context<'_>,
    run: Run,
    nulls: bool,
) -> rusqlite::Result<Result<Value, QueryError>> {
    let mut arguments = Vec::with_capacity(context.len());
    for at in 0..context.len() {
        let value: Value = context.get(at)?;
        if !nulls && value == Value::Null {
            return Ok(Ok(Value::Null));
        }
        arguments.push(value);
    }
    Ok(run(&arguments))
}

/// Whether TRY makes an error NULL.
pub(super) fn is_caught(error: &QueryError) -> bool {
    RAISED.contains(&(error.name, true))
}

/// An error as one of SQLite.
pub(super) fn raise(error: QueryError) -> rusqlite::Error {
    let text = format!("{MARK}{}{MARK}{}", error.name, error.message);
    rusqlite::Error::UserFunctionError(text.into())
}

/// The error of a function in an error of SQLite.
pub(in super::super) fn carried(error: &rusqlite::Error) -> Option<QueryError> {
    let rusqlite::Error::SqliteFailure(_, Some(message)) = error else { return None };
    let mut parts = message.splitn(3, MARK).skip(1);
    let (name, message) = (parts.next()?, parts.next()?);
    let (name, _) = RAISED.into_iter().find(|(known, _)| *known == name)?;
    let kind = if name == "GENERIC_INTERNAL_ERROR" { QueryErrorKind::Internal } else { QueryErrorKind::User };
    Some(QueryError { name, message: message.to_owned(), kind })
}

/// An argument that is not what the signature says.
pub(super) fn unexpected() -> QueryError {
    QueryError::internal("an argument is not of its type")
}

/// An argument that the function does not take.
pub(super) fn invalid(message: impl Into<String>) -> QueryError {
    QueryError::user("INVALID_FUNCTION_ARGUMENT", message)
}

/// A number without a place in its type.
pub(super) fn out_of_range(message: impl Into<String>) -> QueryError {
    QueryError::user("NUMERIC_VALUE_OUT_OF_RANGE", message)
}

/// The whole number of an argument.
pub(super) fn int(value: Option<&Value>) -> Result<i64, QueryError> {
    match value {
        Some(Value::Integer(number)) => Ok(*number),
        _ => Err(unexpected()),
    }
}

/// The number of an argument.
#[expect(clippy::cast_precision_loss, reason = "a column of doubles may hold whole numbers")]
pub(super) fn double(value: Option<&Value>) -> Result<f64, QueryError> {
    match value {
        Some(Value::Real(number)) => Ok(*number),
        Some(Value::Integer(number)) => Ok(*number as f64),
        _ => Err(unexpected()),
    }
}

/// The text of an argument.
pub(super) fn string(value: Option<&Value>) -> Result<&str, QueryError> {
    match value {
        Some(Value::Text(text)) => Ok(text),
        _ => Err(unexpected()),
    }
}

/// A double as a result. SQLite has no NaN.
pub(super) fn real(number: f64) -> Result<Value, QueryError> {
    if number.is_nan() {
        return Err(QueryError::user("NOT_SUPPORTED", "NaN is not supported"));
    }
    Ok(Value::Real(number))
}

/// A boolean as a result.
#[expect(clippy::unnecessary_wraps, reason = "the end of a function")]
pub(super) fn truth(value: bool) -> Result<Value, QueryError> {
    Ok(Value::Integer(i64::from(value)))
}

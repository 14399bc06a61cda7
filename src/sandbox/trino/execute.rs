//! Runs the generated SQL within its bounds.

use super::error::{QueryError, QueryErrorKind};
use super::functions;
use super::tree::QueryTree;
use super::{Bounds, ResultColumn, ResultSink};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How many of SQLite's steps lie between two looks at the clock.
const STEPS: i32 = 10_000;

/// Runs the query of a tree that reads these SQLite tables alone.
pub(super) fn execute(
    connection: &mut Connection,
    query: &QueryTree,
    tables: HashSet<String>,
    bounds: &Bounds,
    stop: &Arc<AtomicBool>,
    sink: &mut dyn ResultSink,
) -> Result<(), QueryError> {
    let sql = super::generate::sql(query);
    let most = i32::try_from(bounds.value_bytes).unwrap_or(i32::MAX);
    let before = connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, most).map_err(QueryError::internal)?;
    functions::register(connection).map_err(QueryError::internal)?;
    // A sort or a group that has no room goes to a file.
    connection.pragma_update(None, "temp_store", "FILE").map_err(QueryError::internal)?;
    connection
        .authorizer(Some(move |context: AuthContext<'_>| allowed(&context, &tables)))
        .map_err(QueryError::internal)?;
    let late = Instant::now().checked_add(bounds.time);
    let stopped = Arc::clone(stop);
    connection
        .progress_handler(
            STEPS,
            Some(move || stopped.load(Ordering::Relaxed) || late.is_some_and(|late| Instant::now() >= late)),
        )
        .map_err(QueryError::internal)?;
    let done = rows(connection, &sql, query, bounds, stop, sink);
    let freed = connection
        .progress_handler(0, None::<fn() -> bool>)
        .and_then(|()| connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>));
    let freed = freed.and_then(|()| connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, before));
    done.and_then(|()| freed.map(drop).map_err(QueryError::internal))
}

fn allowed(context: &AuthContext<'_>, tables: &HashSet<String>) -> Authorization {
    let fine = match context.action {
        AuthAction::Select => true,
        AuthAction::Function { function_name } => {
            FUNCTIONS.contains(&function_name) || function_name.starts_with("trino_")
        }
        AuthAction::Read { table_name, .. } => table_name == "json_each" || tables.contains(table_name),
        _ => false,
    };
    if fine { Authorization::Allow } else { Authorization::Deny }
}

/// SQLite's functions that generated SQL uses.
const FUNCTIONS: [&str; 19] = [
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "ifnull",
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
    "json_each",
    "total",
];

fn rows(
    connection: &Connection,
    sql: &str,
    query: &QueryTree,
    bounds: &Bounds,
    stop: &AtomicBool,
    sink: &mut dyn ResultSink,
) -> Result<(), QueryError> {
    let failed = |error: rusqlite::Error| failure(&error, bounds, stop);
    let written = |error: std::io::Error| QueryError::internal(format!("the result cannot be kept: {error}"));
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let columns: Vec<ResultColumn> = query
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| ResultColumn {
            name: column.name.clone().unwrap_or_else(|| format!("_col{at}")),
            kind: column.kind.clone(),
        })
        .collect();
    sink.columns(&columns).map_err(written)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let mut count = 0_u64;
    while let Some(row) = rows.next().map_err(failed)? {
        count = count.saturating_add(1);
        if count > bounds.rows {
            return Err(bound(
                "EXCEEDED_ROW_LIMIT",
                format!("Query exceeded the limit of {} rows", bounds.rows),
            ));
        }
        let mut cells = Vec::with_capacity(columns.len());
        for (at, column) in columns.iter().enumerate() {
            let value: Value = row.get(at).map_err(failed)?;
            cells.push(functions::cell_of(&value, &column.kind)?);
        }
        sink.row(cells).map_err(written)?;
        if stop.load(Ordering::Relaxed) {
            return Err(killed());
        }
    }
    Ok(())
}

fn bound(name: &'static str, message: String) -> QueryError {
    QueryError { name, message, kind: QueryErrorKind::Bounds }
}

fn killed() -> QueryError {
    QueryError {
        name: "ADMINISTRATIVELY_KILLED",
        message: "Query killed".to_owned(),
        kind: QueryErrorKind::Killed,
    }
}

/// Trino's words for an error of SQLite.
fn failure(error: &rusqlite::Error, bounds: &Bounds, stop: &AtomicBool) -> QueryError {
    if let Some(own) = functions::carried(error) {
        return own;
    }
    match error {
        rusqlite::Error::SqliteFailure(code, _) if code.code == ErrorCode::OperationInterrupted => {
            if stop.load(Ordering::Relaxed) {
                return killed();
            }
            let limit = format!(
                "Query exceeded the maximum execution time limit of {:.2}s",
                bounds.time.as_secs_f64()
            );
            bound("EXCEEDED_TIME_LIMIT", limit)
        }
        rusqlite::Error::SqliteFailure(code, _) if code.code == ErrorCode::TooBig => {
            bound("EXCEEDED_LOCAL_MEMORY_LIMIT", "Query exceeded the size limit of a single value".to_owned())
        }
        rusqlite::Error::SqliteFailure(_, Some(message)) if message == "integer overflow" => {
            QueryError::user("NUMERIC_VALUE_OUT_OF_RANGE", "bigint addition overflow")
        }
        other => QueryError::internal(format!("the query could not be run: {other}")),
    }
}

//! Makes the functions known to SQLite.

use super::runtime::{Entry, call, is_caught, raise};
use super::{aggregates, arrays, casts, dates, json, numbers, patterns, td, text};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Makes all functions known to a connection.
pub(in super::super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    // Some error within a TRY that is being evaluated.
    let failed = Arc::new(AtomicBool::new(false));
    let all =
        [arrays::ALL, casts::ALL, dates::ALL, json::ALL, numbers::ALL, patterns::ALL, td::ALL, text::ALL];
    for Entry(name, run, nulls) in all.into_iter().flatten() {
        let (run, nulls) = (*run, *nulls);
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        connection.create_scalar_function(format!("trino_{name}").as_str(), -1, flags, move |context| {
            call(context, run, nulls)?.map_err(raise)
        })?;
        let failed = Arc::clone(&failed);
        let name = format!("trino_safe_{name}");
        connection.create_scalar_function(name.as_str(), -1, FunctionFlags::SQLITE_UTF8, move |context| {
            match call(context, run, nulls)? {
                Err(error) if is_caught(&error) => {
                    failed.store(true, Ordering::Relaxed);
                    Ok(Value::Null)
                }
                done => done.map_err(raise),
            }
        })?;
    }
    connection.create_scalar_function("trino_try", 1, FunctionFlags::SQLITE_UTF8, move |context| {
        if failed.swap(false, Ordering::Relaxed) { Ok(Value::Null) } else { context.get::<Value>(0) }
    })?;
    aggregates::register(connection)
}

//! Trino's SQL for the sandbox: parse, check names and types, generate SQLite, run it within bounds.
//!
//! SQLite takes much that Trino refuses, or answers it otherwise: a quoted name that is unknown becomes a string, an
//! ungrouped column any row's value, `7/0` NULL, `n = '5'` false. So a query passes through a closed tree with a
//! type on each expression, and what that tree has no place for is refused in Trino's words. Known differences:
//! `0.5` is a double here (a decimal there), `approx_distinct` and `approx_percentile` are exact, timestamps
//! have milliseconds.
//!
//! It knows nothing of the sandbox: tables come from a [`Schema`], rows from the caller's connection.

mod check;
mod error;
mod execute;
mod functions;
mod generate;
mod parse;
mod tree;
mod types;

pub use error::{QueryError, QueryErrorKind};
pub use types::TrinoType;

use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultColumn {
    /// The alias, the column's own name, or `_col0`, counted from the first column.
    pub name: String,
    /// Its type.
    pub kind: TrinoType,
}

/// What queries may read.
pub trait Schema {
    /// The columns of a table in order, or what is missing. Names are in lower case, as Trino folds them.
    fn table(&self, database: &str, table: &str) -> Result<TableShape, Missing>;
}

/// Where the rows of a table are.
#[derive(Debug, Clone)]
pub struct TableShape {
    /// The SQLite table that holds the rows.
    pub storage: String,
    /// The columns in the order of `SELECT *`.
    pub columns: Vec<ShapeColumn>,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct ShapeColumn {
    /// Its name in queries, in lower case.
    pub name: String,
    /// The column of the SQLite table.
    pub storage: String,
    /// How its cells are read: bigint INTEGER, double REAL, varchar TEXT, boolean INTEGER 0 or 1, arrays,
    /// maps and JSON as JSON in TEXT.
    pub kind: TrinoType,
}

/// What a [`Schema`] has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The database.
    Database,
    /// The table; the database is there.
    Table,
}

/// A query to run.
#[derive(Debug, Clone, Copy)]
pub struct QueryRequest<'q> {
    /// Trino's SQL, one statement, with or without `;` at its end.
    pub sql: &'q str,
    /// The database of names without one.
    pub database: &'q str,
    /// The clock, in milliseconds since 1970: `now()`, `td_interval`.
    pub now_ms: i64,
    /// `td_scheduled_time()`, in milliseconds since 1970.
    pub scheduled_ms: i64,
}

/// What a query may use.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How long it may run.
    pub time: Duration,
    /// Rows of the result.
    pub rows: u64,
    /// Bytes of a single value (a string, an array). SQLite's page cache is that of the connection, and sorting and
    /// grouping go to temporary files.
    pub value_bytes: u32,
}

/// Takes the result as it is found.
pub trait ResultSink {
    /// Once, before the first row.
    fn columns(&mut self, columns: &[ResultColumn]) -> std::io::Result<()>;
    /// A row: arrays as arrays, maps as objects, timestamps, dates and JSON as Trino's text.
    fn row(&mut self, cells: Vec<Value>) -> std::io::Result<()>;
}

/// Checks a query and runs it. `connection` is open for reading only; setting `stop` from another thread ends the query as
/// killed. Its functions and its authorizer are those of this module afterwards: use it for queries alone.
pub fn run(
    connection: &mut rusqlite::Connection,
    schema: &dyn Schema,
    request: &QueryRequest<'_>,
    bounds: &Bounds,
    stop: &Arc<AtomicBool>,
    sink: &mut dyn ResultSink,
) -> Result<(), QueryError> {
    let (text, query) = parse::Text::parse(request.sql)?;
    let tables = RefCell::new(HashSet::new());
    let tree = check::check(&text, &query, &Seen { schema, tables: &tables }, request)?;
    execute::execute(connection, &tree, tables.into_inner(), bounds, stop, sink)
}

/// A schema that keeps which tables were asked for: no others are read.
struct Seen<'s> {
    schema: &'s dyn Schema,
    tables: &'s RefCell<HashSet<String>>,
}

impl Schema for Seen<'_> {
    fn table(&self, database: &str, table: &str) -> Result<TableShape, Missing> {
        let shape = self.schema.table(database, table)?;
        self.tables.borrow_mut().insert(shape.storage.clone());
        Ok(shape)
    }
}

//! The SQL of the sandbox, through the seam that its job API uses.

mod differential;
mod refusals;

use rusqlite::Connection;
use rusqlite::types::Value as Stored;
use serde_json::Value;
use std::time::Duration;
use tdx_rt::sandbox::trino::{
    Bounds, Missing, QueryError, QueryRequest, ResultColumn, ResultSink, Schema, ShapeColumn, TableShape,
    TrinoType, run,
};

/// A table of the database `db`.
pub struct Table {
    name: &'static str,
    columns: Vec<(&'static str, TrinoType)>,
    rows: Vec<Vec<Value>>,
}

struct Tables<'t>(&'t [Table]);

impl Schema for Tables<'_> {
    fn table(&self, database: &str, table: &str) -> Result<TableShape, Missing> {
        if database != "db" {
            return Err(Missing::Database);
        }
        let found = self.0.iter().find(|own| own.name == table).ok_or(Missing::Table)?;
        let column = |(name, kind): &(&str, TrinoType)| ShapeColumn {
            name: (*name).to_owned(),
            storage: format!("the {name}"),
            kind: kind.clone(),
        };
        Ok(TableShape {
            storage: format!("rows of {table}"),
            columns: found.columns.iter().map(column).collect(),
        })
    }
}

/// A database with the rows of these tables.
fn database(tables: &[Table]) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    for table in tables {
        let names: Vec<String> = table.columns.iter().map(|(name, _)| format!("\"the {name}\"")).collect();
        connection
            .execute(&format!("CREATE TABLE \"rows of {}\" ({})", table.name, names.join(", ")), [])
            .unwrap();
        let places: Vec<&str> = names.iter().map(|_| "?").collect();
        let insert = format!("INSERT INTO \"rows of {}\" VALUES ({})", table.name, places.join(", "));
        for row in &table.rows {
            let cells = row.iter().map(|cell| match cell {
                Value::Null => Stored::Null,
                Value::Bool(value) => Stored::Integer(i64::from(*value)),
                Value::Number(number) => {
                    number.as_i64().map_or_else(|| Stored::Real(number.as_f64().unwrap()), Stored::Integer)
                }
                Value::String(text) => Stored::Text(text.clone()),
                nested => Stored::Text(nested.to_string()),
            });
            connection.execute(&insert, rusqlite::params_from_iter(cells)).unwrap();
        }
    }
    connection
}

#[derive(Default)]
struct Kept {
    columns: Vec<ResultColumn>,
    rows: Vec<Vec<Value>>,
}

impl ResultSink for Kept {
    fn columns(&mut self, columns: &[ResultColumn]) -> std::io::Result<()> {
        self.columns = columns.to_vec();
        Ok(())
    }

    fn row(&mut self, cells: Vec<Value>) -> std::io::Result<()> {
        self.rows.push(cells);
        Ok(())
    }
}

/// The clock of these queries: 2023-11-14 22:13:20 UTC.
const NOW: i64 = 1_700_000_000;

/// Columns and rows of a query.
fn answer(
    connection: &mut Connection,
    tables: &[Table],
    sql: &str,
) -> Result<(Vec<ResultColumn>, Vec<Vec<Value>>), QueryError> {
    let request = QueryRequest { sql, database: "db", now_ms: NOW * 1000, scheduled_ms: NOW * 1000 };
    let bounds = Bounds { time: Duration::from_secs(60), rows: 1_000_000, value_bytes: 1 << 24 };
    let mut kept = Kept::default();
    run(connection, &Tables(tables), &request, &bounds, &std::sync::Arc::default(), &mut kept)?;
    Ok((kept.columns, kept.rows))
}

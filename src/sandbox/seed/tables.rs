//! The tables of a seed: their columns and records, checked.

use super::document::{Moment, TableSeed};
use super::{SeedError, did_you_mean, item};
use crate::platform::wire::Column;
use crate::sandbox::store::catalog::{StoredTable, TableRow, TableRows};
use serde_json::Value;

/// Checks a table and makes it. `id` is given out when the seed has none.
pub fn table(database: &str, seed: &TableSeed, id: u64) -> Result<StoredTable, SeedError> {
    let what = format!("table '{database}.{}'", seed.name);
    let columns = columns(seed).map_err(|reason| item(&what, reason))?;
    for (number, row) in (1..).zip(&seed.rows) {
        check_row(&columns, row).map_err(|reason| item(format!("{what}, row {number}"), reason))?;
    }
    let there = u64::try_from(seed.rows.len()).unwrap_or(u64::MAX);
    let rows = seed.row_count.unwrap_or(there);
    if rows < there {
        return Err(item(&what, format!("row_count is {rows}, but there are {there} rows")));
    }
    let latest = seed.rows.iter().filter_map(|row| row.get("time")?.as_i64()).max();
    Ok(StoredTable {
        id,
        name: seed.name.clone(),
        description: seed.description.clone(),
        rows,
        data: TableRows::from(seed.rows.clone()),
        last_record: seed.last_record.map(|Moment(seconds)| seconds).or(latest),
        columns,
    })
}

fn columns(seed: &TableSeed) -> Result<Vec<Column>, String> {
    let mut columns: Vec<Column> = Vec::new();
    for cells in &seed.columns {
        let (name, kind, description) = match cells.as_slice() {
            [name, kind] => (name, kind, None),
            [name, kind, description] => (name, kind, Some(description.clone())),
            _ => return Err("a column is [name, type] or [name, type, description]".to_owned()),
        };
        if columns.iter().any(|known| known.name == *name) {
            return Err(format!("the column '{name}' occurs twice"));
        }
        columns.push(Column { name: name.clone(), kind: kind.clone(), alias: None, description });
    }
    Ok(columns)
}

fn check_row(columns: &[Column], row: &TableRow) -> Result<(), String> {
    for (name, value) in row {
        let Some(column) = columns.iter().find(|column| column.name == *name) else {
            let near = did_you_mean(name, columns.iter().map(|column| column.name.as_str()));
            return Err(format!("there is no column '{name}'{near}"));
        };
        if !fits(column, value) {
            return Err(format!("{value} does not fit the column '{name}' of type {}", column.kind));
        }
    }
    Ok(())
}

/// Whether a column can hold a value: numbers in columns of numbers, lists in those of lists. An
/// unknown type takes any value.
fn fits(column: &Column, value: &Value) -> bool {
    match (column.kind.as_str(), value) {
        (_, Value::Null) => true,
        ("string", value) => value.is_string(),
        ("boolean", value) => value.is_boolean(),
        (kind, value) if kind.starts_with("array<") => value.is_array(),
        ("int" | "long" | "bigint", value) => value.is_i64() || value.is_u64(),
        (_, value) if column.is_number() => value.is_number(),
        _ => true,
    }
}

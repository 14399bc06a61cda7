//! Aggregates that SQLite has not.

use super::super::error::QueryError;
use super::arrays::{array, encode, items};
use super::numbers::compared;
use super::runtime::{double, invalid, raise, real, string, unexpected};
use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::Value;
use serde_json::Value as Json;
use std::cmp::Ordering;

/// What an aggregate does with the arguments of all its rows.
type Finish = fn(&[Vec<Value>]) -> Result<Value, QueryError>;

/// Which rows an aggregate keeps: all, or those whose argument of this place is not NULL.
struct Rows {
    skip_null: Option<usize>,
    /// Only the one that comes first in this order of the argument: for those that need no more.
    best: Option<Ordering>,
    finish: Finish,
}

impl Aggregate<Vec<Vec<Value>>, Value> for Rows {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Vec<Vec<Value>>> {
        Ok(Vec::new())
    }

    fn step(&self, context: &mut Context<'_>, rows: &mut Vec<Vec<Value>>) -> rusqlite::Result<()> {
        let row = (0..context.len()).map(|at| context.get::<Value>(at)).collect::<Result<Vec<_>, _>>()?;
        if self.skip_null.is_some_and(|at| row.get(at).is_none_or(|value| *value == Value::Null)) {
            return Ok(());
        }
        if let Some(wanted) = self.best
            && let Some(best) = rows.first_mut()
        {
            let (Some(own), Some(other)) = (row.get(1), best.get(1)) else { return Ok(()) };
            if compared(own, other).map_err(raise)? == wanted {
                *best = row;
            }
            return Ok(());
        }
        rows.push(row);
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, rows: Option<Vec<Vec<Value>>>) -> rusqlite::Result<Value> {
        match rows.filter(|rows| !rows.is_empty()) {
            None => Ok(Value::Null),
            Some(rows) => (self.finish)(&rows).map_err(raise),
        }
    }
}

/// Makes the aggregates known to a connection.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let first: Finish = |rows| Ok(rows.first().and_then(|row| row.first()).cloned().unwrap_or(Value::Null));
    let all: [(&str, Option<usize>, Option<Ordering>, Finish); 14] = [
        ("trino_arbitrary", Some(0), Some(Ordering::Less), first),
        ("trino_min_by", Some(1), Some(Ordering::Less), first),
        ("trino_max_by", Some(1), Some(Ordering::Greater), first),
        ("trino_array_agg", None, None, |rows| collected(rows, false)),
        ("trino_array_agg_nested", None, None, |rows| collected(rows, true)),
        ("trino_map_agg", Some(0), None, |rows| pairs(rows, false)),
        ("trino_map_agg_nested", Some(0), None, |rows| pairs(rows, true)),
        ("trino_histogram", Some(0), None, histogram),
        ("trino_percentile", Some(0), None, percentile),
        ("trino_stddev_samp", Some(0), None, |rows| spread(rows, true, true)),
        ("trino_stddev_pop", Some(0), None, |rows| spread(rows, false, true)),
        ("trino_var_samp", Some(0), None, |rows| spread(rows, true, false)),
        ("trino_var_pop", Some(0), None, |rows| spread(rows, false, false)),
        ("trino_listagg", Some(0), None, listagg),
    ];
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (name, skip_null, best, finish) in all {
        connection.create_aggregate_function(name, -1, flags, Rows { skip_null, best, finish })?;
    }
    Ok(())
}

fn collected(rows: &[Vec<Value>], nested: bool) -> Result<Value, QueryError> {
    let values = rows.iter().filter_map(|row| row.first());
    let items = values.map(|value| encode(value, nested)).collect::<Result<Vec<_>, _>>()?;
    Ok(array(&items))
}

/// Of the values of a key the first stays.
fn pairs(rows: &[Vec<Value>], nested: bool) -> Result<Value, QueryError> {
    let mut seen = std::collections::HashSet::new();
    let mut found = Vec::new();
    for row in rows {
        let [key, value] = row.as_slice() else { return Err(unexpected()) };
        let key = encode(key, false)?;
        if seen.insert(key.to_string()) {
            found.push(Json::Array(vec![key, encode(value, nested)?]));
        }
    }
    Ok(array(&found))
}

fn histogram(rows: &[Vec<Value>]) -> Result<Value, QueryError> {
    let mut counts: Vec<(Json, i64)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for key in rows.iter().filter_map(|row| row.first()) {
        let key = encode(key, false)?;
        let place = *places.entry(key.to_string()).or_insert(counts.len());
        match counts.get_mut(place) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counts.push((key, 1)),
        }
    }
    Ok(array(
        &counts.into_iter().map(|(key, count)| Json::Array(vec![key, count.into()])).collect::<Vec<_>>(),
    ))
}

/// The value at a share of the sorted values; exact here.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a number of rows"
)]
fn percentile(rows: &[Vec<Value>]) -> Result<Value, QueryError> {
    let mut values: Vec<&Value> = rows.iter().filter_map(|row| row.first()).collect();
    values.sort_by(|left, right| compared(left, right).unwrap_or(Ordering::Equal));
    let of = |share: f64| -> Result<Value, QueryError> {
        if !(0.0..=1.0).contains(&share) {
            return Err(invalid("Percentile must be between 0 and 1"));
        }
        let place = (share * values.len() as f64) as usize;
        let place = place.min(values.len().saturating_sub(1));
        values.get(place).copied().cloned().ok_or_else(unexpected)
    };
    let share = rows.first().and_then(|row| row.get(1)).ok_or_else(unexpected)?;
    if let Value::Text(_) = share {
        let shares = items(Some(share))?;
        let found = shares
            .iter()
            .map(|share| encode(&of(share.as_f64().ok_or_else(unexpected)?)?, false))
            .collect::<Result<Vec<_>, _>>()?;
        return Ok(array(&found));
    }
    of(double(Some(share))?)
}

#[expect(clippy::cast_precision_loss, reason = "a number of rows")]
fn spread(rows: &[Vec<Value>], sample: bool, root: bool) -> Result<Value, QueryError> {
    let values = rows.iter().map(|row| double(row.first())).collect::<Result<Vec<_>, _>>()?;
    let count = values.len() as f64;
    if sample && values.len() < 2 {
        return Ok(Value::Null);
    }
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let variance = squares / if sample { count - 1.0 } else { count };
    real(if root { variance.sqrt() } else { variance })
}

fn listagg(rows: &[Vec<Value>]) -> Result<Value, QueryError> {
    let mut parts = Vec::new();
    let mut by = "";
    for row in rows {
        parts.push(string(row.first())?);
        by = string(row.get(1))?;
    }
    Ok(Value::Text(parts.join(by)))
}

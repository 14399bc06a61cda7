//! Casts of values, and values as results show them.

use super::super::error::QueryError;
use super::super::types::{TrinoType, parse_type};
use super::arrays::{array, decode, encode, items};
use super::dates::{date_of, date_text, timestamp_of, timestamp_text};
use super::numbers::double_text;
use super::runtime::{Entry, double, int, out_of_range, real, string, unexpected};
use rusqlite::types::Value;
use serde_json::Value as Json;

pub(super) const ALL: &[Entry] = &[
    Entry("cast", cast_call, false),
    Entry("try_cast", |a| cast_call(a).or(Ok(Value::Null)), false),
    Entry(
        "many_rows",
        |_| Err(QueryError::user("SUBQUERY_MULTIPLE_ROWS", "Scalar sub-query has returned multiple rows")),
        true,
    ),
];

/// `value, type, type`.
fn cast_call(arguments: &[Value]) -> Result<Value, QueryError> {
    let kind = |at: usize| parse_type(string(arguments.get(at))?).ok_or_else(unexpected);
    cast(arguments.first().ok_or_else(unexpected)?, &kind(1)?, &kind(2)?)
}

fn refused(message: String) -> QueryError {
    QueryError::user("INVALID_CAST_ARGUMENT", message)
}

fn cast(value: &Value, from: &TrinoType, to: &TrinoType) -> Result<Value, QueryError> {
    use TrinoType::{
        Array, Bigint, Boolean, Date, Double, Integer, Json as JsonKind, Map, Timestamp, TimestampTz,
    };
    if *value == Value::Null || from == to {
        return Ok(value.clone());
    }
    match (from, to) {
        (JsonKind, to) => {
            let json: Json = serde_json::from_str(string(Some(value))?).map_err(|_| unexpected())?;
            from_json(&json, to)
        }
        (from, JsonKind) => Ok(Value::Text(to_json(value, from)?.to_string())),
        (Array(own), Array(other)) => {
            let nested = other.is_nested();
            let cast = |item: &Json| encode(&cast(&decode(item), own, other)?, nested);
            Ok(array(&items(Some(value))?.iter().map(cast).collect::<Result<Vec<_>, _>>()?))
        }
        (Map(key, own), Map(other_key, other)) => {
            let mut pairs = Vec::new();
            for pair in items(Some(value))? {
                let (Some(own_key), Some(item)) = (pair.get(0), pair.get(1)) else {
                    return Err(unexpected());
                };
                pairs.push(Json::Array(vec![
                    encode(&cast(&decode(own_key), key, other_key)?, false)?,
                    encode(&cast(&decode(item), own, other)?, other.is_nested())?,
                ]));
            }
            Ok(array(&pairs))
        }
        (from, TrinoType::VarcharOf(length)) => {
            let text = text_of(value, from)?;
            let most = usize::try_from(*length).unwrap_or(usize::MAX);
            let cut: String = text.chars().take(most).collect();
            if !from.is_text() && cut.len() < text.len() {
                return Err(refused(format!("Value {text} cannot be represented as {to}")));
            }
            Ok(Value::Text(cut))
        }
        (from, TrinoType::Varchar) => Ok(Value::Text(text_of(value, from)?)),
        (Boolean, Integer | Bigint) => Ok(value.clone()),
        (Double, Integer | Bigint) => rounded(double(Some(value))?, to),
        (Bigint, Integer) => {
            let number = int(Some(value))?;
            i32::try_from(number)
                .map(|number| Value::Integer(i64::from(number)))
                .map_err(|_| out_of_range(format!("Out of range for integer: {number}")))
        }
        (Boolean | Integer | Bigint | Double, Double) => Ok(Value::Real(double(Some(value))?)),
        (Integer | Bigint | Double, Boolean) => Ok(Value::Integer(i64::from(double(Some(value))? != 0.0))),
        (Date, Timestamp | TimestampTz) => Ok(Value::Integer(int(Some(value))?.saturating_mul(86_400_000))),
        (Timestamp | TimestampTz, Date) => Ok(Value::Integer(int(Some(value))?.div_euclid(86_400_000))),
        (Integer, Bigint) | (Timestamp, TimestampTz) | (TimestampTz, Timestamp) => Ok(value.clone()),
        (from, to) if from.is_text() => of_text(string(Some(value))?, to),
        _ => Err(unexpected()),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "its range is checked before")]
fn rounded(number: f64, to: &TrinoType) -> Result<Value, QueryError> {
    let whole = number.round();
    let (least, most) = match to {
        TrinoType::Integer => (f64::from(i32::MIN), f64::from(i32::MAX) + 1.0),
        _ => (-9_223_372_036_854_775_808.0, 9_223_372_036_854_775_808.0),
    };
    if whole >= least && whole < most {
        return Ok(Value::Integer(whole as i64));
    }
    Err(refused(format!("Cannot cast {} to {to}", double_text(number))))
}

fn of_text(text: &str, to: &TrinoType) -> Result<Value, QueryError> {
    let cannot = |kind: &str| refused(format!("Cannot cast '{text}' to {kind}"));
    match to {
        TrinoType::Integer => {
            text.parse::<i32>().map(|number| Value::Integer(i64::from(number))).map_err(|_| cannot("INT"))
        }
        TrinoType::Bigint => text.parse().map(Value::Integer).map_err(|_| cannot("BIGINT")),
        TrinoType::Double => {
            let trimmed = text.trim();
            let plain = !trimmed.is_empty() && !trimmed.to_lowercase().contains(['i', 'n']);
            match trimmed {
                "Infinity" | "+Infinity" => Ok(Value::Real(f64::INFINITY)),
                "-Infinity" => Ok(Value::Real(f64::NEG_INFINITY)),
                "NaN" => real(f64::NAN),
                trimmed if plain => trimmed.parse().map(Value::Real).map_err(|_| cannot("DOUBLE")),
                _ => Err(cannot("DOUBLE")),
            }
        }
        TrinoType::Boolean => match text.to_lowercase().as_str() {
            "t" | "true" | "1" => Ok(Value::Integer(1)),
            "f" | "false" | "0" => Ok(Value::Integer(0)),
            _ => Err(cannot("BOOLEAN")),
        },
        TrinoType::Date => date_of(text)
            .map(Value::Integer)
            .ok_or_else(|| refused(format!("Value cannot be cast to date: {text}"))),
        TrinoType::Timestamp | TrinoType::TimestampTz => timestamp_of(text)
            .map(Value::Integer)
            .ok_or_else(|| refused(format!("Value cannot be cast to timestamp: {text}"))),
        _ => Err(unexpected()),
    }
}

/// The text of a value that is not nested.
fn text_of(value: &Value, kind: &TrinoType) -> Result<String, QueryError> {
    match kind {
        TrinoType::Boolean => Ok(if int(Some(value))? == 0 { "false" } else { "true" }.to_owned()),
        TrinoType::Integer | TrinoType::Bigint => Ok(int(Some(value))?.to_string()),
        TrinoType::Double => Ok(double_text(double(Some(value))?)),
        TrinoType::Date => date_text(int(Some(value))?).ok_or_else(unexpected),
        TrinoType::Timestamp => timestamp_text(int(Some(value))?).ok_or_else(unexpected),
        TrinoType::TimestampTz => {
            Ok(format!("{} UTC", timestamp_text(int(Some(value))?).ok_or_else(unexpected)?))
        }
        TrinoType::IntervalDay => {
            let all = int(Some(value))?;
            let (sign, all) = (if all < 0 { "-" } else { "" }, all.unsigned_abs());
            let (days, rest) = (all / 86_400_000, all % 86_400_000);
            let (seconds, milliseconds) = (rest / 1000, rest % 1000);
            Ok(format!(
                "{sign}{days} {:02}:{:02}:{:02}.{milliseconds:03}",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60
            ))
        }
        TrinoType::IntervalYear => {
            let all = int(Some(value))?;
            let (sign, all) = (if all < 0 { "-" } else { "" }, all.unsigned_abs());
            Ok(format!("{sign}{}-{}", all / 12, all % 12))
        }
        kind if kind.is_text() => Ok(string(Some(value))?.to_owned()),
        _ => Err(unexpected()),
    }
}

/// A value as JSON.
fn to_json(value: &Value, kind: &TrinoType) -> Result<Json, QueryError> {
    if *value == Value::Null {
        return Ok(Json::Null);
    }
    match kind {
        TrinoType::Boolean => Ok(Json::Bool(int(Some(value))? != 0)),
        TrinoType::Array(element) => {
            let items = items(Some(value))?;
            items
                .iter()
                .map(|item| to_json(&decode(item), element))
                .collect::<Result<_, _>>()
                .map(Json::Array)
        }
        TrinoType::Map(key_kind, element) => {
            let mut fields = serde_json::Map::new();
            for pair in items(Some(value))? {
                let (Some(key), Some(item)) = (pair.get(0), pair.get(1)) else { return Err(unexpected()) };
                fields.insert(text_of(&decode(key), key_kind)?, to_json(&decode(item), element)?);
            }
            Ok(Json::Object(fields))
        }
        TrinoType::Json => serde_json::from_str(string(Some(value))?).map_err(|_| unexpected()),
        TrinoType::Integer | TrinoType::Bigint | TrinoType::Double => encode(value, false),
        kind => Ok(Json::String(text_of(value, kind)?)),
    }
}

fn from_json(json: &Json, to: &TrinoType) -> Result<Value, QueryError> {
    let cannot = || refused(format!("Cannot cast to {to}. {json}"));
    match (json, to) {
        (_, TrinoType::Json) => Ok(Value::Text(json.to_string())),
        (Json::Null, _) => Ok(Value::Null),
        (Json::Array(items), TrinoType::Array(element)) => {
            let cast = |item: &Json| encode(&from_json(item, element)?, element.is_nested());
            Ok(array(&items.iter().map(cast).collect::<Result<Vec<_>, _>>()?))
        }
        (Json::Object(fields), TrinoType::Map(key_kind, element)) => {
            let mut pairs = Vec::new();
            for (key, item) in fields {
                let key = cast(&Value::Text(key.clone()), &TrinoType::Varchar, key_kind)?;
                pairs.push(Json::Array(vec![
                    encode(&key, false)?,
                    encode(&from_json(item, element)?, element.is_nested())?,
                ]));
            }
            Ok(array(&pairs))
        }
        (Json::Array(_) | Json::Object(_), _) | (_, TrinoType::Array(_) | TrinoType::Map(..)) => {
            Err(cannot())
        }
        (Json::Bool(value), to) => cast(&Value::Integer(i64::from(*value)), &TrinoType::Boolean, to),
        (Json::Number(_), to) => match decode(json) {
            whole @ Value::Integer(_) => cast(&whole, &TrinoType::Bigint, to),
            other => cast(&other, &TrinoType::Double, to),
        },
        (Json::String(text), to) => {
            cast(&Value::Text(text.clone()), &TrinoType::Varchar, to).map_err(|_| cannot())
        }
    }
}

/// A stored or computed value as a cell of a result.
pub(in super::super) fn cell_of(value: &Value, kind: &TrinoType) -> Result<Json, QueryError> {
    if *value == Value::Null {
        return Ok(Json::Null);
    }
    match kind {
        TrinoType::Unknown => Ok(Json::Null),
        TrinoType::Boolean => Ok(Json::Bool(int(Some(value))? != 0)),
        TrinoType::Integer | TrinoType::Bigint => Ok(Json::from(int(Some(value))?)),
        TrinoType::Double => {
            let number = double(Some(value))?;
            Ok(serde_json::Number::from_f64(number)
                .map_or_else(|| Json::String(double_text(number)), Json::Number))
        }
        TrinoType::Json => Ok(Json::String(string(Some(value))?.to_owned())),
        TrinoType::Array(element) => {
            let items = items(Some(value))?;
            items
                .iter()
                .map(|item| cell_of(&decode(item), element))
                .collect::<Result<_, _>>()
                .map(Json::Array)
        }
        TrinoType::Map(key_kind, element) => {
            let mut fields = serde_json::Map::new();
            for pair in items(Some(value))? {
                let (Some(key), Some(item)) = (pair.get(0), pair.get(1)) else { return Err(unexpected()) };
                fields.insert(text_of(&decode(key), key_kind)?, cell_of(&decode(item), element)?);
            }
            Ok(Json::Object(fields))
        }
        kind => text_of(value, kind).map(Json::String),
    }
}

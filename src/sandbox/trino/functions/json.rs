//! JSON: kept as its text, and read with paths as Trino's `json_extract` takes them.

use super::super::error::QueryError;
use super::runtime::{Entry, int, invalid, string, truth, unexpected};
use rusqlite::types::Value;
use serde_json::Value as Json;

pub(super) const ALL: &[Entry] = &[
    Entry("json_parse", parse, false),
    Entry("json_extract", |a| Ok(found(a)?.map_or(Value::Null, |json| Value::Text(json.to_string()))), false),
    Entry("json_extract_scalar", |a| Ok(found(a)?.as_ref().map_or(Value::Null, scalar)), false),
    Entry("json_array_length", length, false),
    Entry(
        "json_array_contains",
        |a| contains(a, |item, wanted| super::arrays::decode(item) == *wanted && !item.is_boolean()),
        false,
    ),
    Entry(
        "json_array_contains_boolean",
        |a| contains(a, |item, wanted| item.is_boolean() && super::arrays::decode(item) == *wanted),
        false,
    ),
    Entry("json_array_get", get, false),
    Entry("json_size", size, false),
    Entry(
        "is_json_scalar",
        |a| truth(!document(a)?.is_some_and(|json| json.is_array() || json.is_object())),
        false,
    ),
];

fn parse(arguments: &[Value]) -> Result<Value, QueryError> {
    let text = string(arguments.first())?;
    let json: Json =
        serde_json::from_str(text).map_err(|_| invalid(format!("Cannot convert value to JSON: '{text}'")))?;
    Ok(Value::Text(json.to_string()))
}

/// The JSON of the first argument; none when it is a text that is no JSON.
fn document(arguments: &[Value]) -> Result<Option<Json>, QueryError> {
    Ok(serde_json::from_str(string(arguments.first())?).ok())
}

/// A step of a path.
enum Step {
    Field(String),
    Index(usize),
}

fn path(text: &str) -> Result<Vec<Step>, QueryError> {
    let wrong = || invalid(format!("Invalid JSON path: '{text}'"));
    let mut rest = text.strip_prefix('$').ok_or_else(wrong)?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("[\"") {
            let mut name = String::new();
            let mut characters = after.char_indices();
            let end = loop {
                match characters.next() {
                    Some((_, '\\')) => name.extend(characters.next().map(|(_, c)| c)),
                    Some((at, '"')) => break at,
                    Some((_, c)) => name.push(c),
                    None => return Err(wrong()),
                }
            };
            rest = after.get(end..).and_then(|rest| rest.strip_prefix("\"]")).ok_or_else(wrong)?;
            steps.push(Step::Field(name));
        } else if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']').ok_or_else(wrong)?;
            steps.push(match index.parse() {
                Ok(index) => Step::Index(index),
                Err(_) if index.contains(['*', ':', ',', '?', '-']) => return Err(wrong()),
                Err(_) => Step::Field(index.to_owned()),
            });
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, after) = after.split_at_checked(end).ok_or_else(wrong)?;
            let fine = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '$' | ' ');
            if name.is_empty() || !name.chars().all(fine) {
                return Err(wrong());
            }
            steps.push(Step::Field(name.to_owned()));
            rest = after;
        } else {
            return Err(wrong());
        }
    }
    Ok(steps)
}

fn found(arguments: &[Value]) -> Result<Option<Json>, QueryError> {
    let steps = path(string(arguments.get(1))?)?;
    let Some(document) = document(arguments)? else { return Ok(None) };
    let mut at = &document;
    for step in steps {
        let next = match (step, at) {
            (Step::Field(name), Json::Object(fields)) => fields.get(&name),
            (Step::Index(index), Json::Array(items)) => items.get(index),
            (Step::Index(index), Json::Object(fields)) => fields.get(&index.to_string()),
            _ => None,
        };
        match next {
            Some(next) => at = next,
            None => return Ok(None),
        }
    }
    Ok(Some(at.clone()))
}

/// The text of a scalar; NULL for null, objects and arrays.
pub(super) fn scalar(json: &Json) -> Value {
    match json {
        Json::String(text) => Value::Text(text.clone()),
        Json::Number(number) => Value::Text(number.to_string()),
        Json::Bool(value) => Value::Text(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => Value::Null,
    }
}

fn whole(number: usize) -> Result<Value, QueryError> {
    i64::try_from(number).map(Value::Integer).map_err(|_| unexpected())
}

fn length(arguments: &[Value]) -> Result<Value, QueryError> {
    match document(arguments)? {
        Some(Json::Array(items)) => whole(items.len()),
        _ => Ok(Value::Null),
    }
}

fn contains(arguments: &[Value], is: fn(&Json, &Value) -> bool) -> Result<Value, QueryError> {
    let wanted = arguments.get(1).ok_or_else(unexpected)?;
    match document(arguments)? {
        Some(Json::Array(items)) => truth(items.iter().any(|item| is(item, wanted))),
        _ => Ok(Value::Null),
    }
}

fn get(arguments: &[Value]) -> Result<Value, QueryError> {
    let index = int(arguments.get(1))?;
    let Some(Json::Array(items)) = document(arguments)? else { return Ok(Value::Null) };
    let distance = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    let place = if index >= 0 { Some(distance) } else { items.len().checked_sub(distance) };
    let item = place.and_then(|place| items.get(place));
    Ok(item.map_or(Value::Null, |item| Value::Text(item.to_string())))
}

fn size(arguments: &[Value]) -> Result<Value, QueryError> {
    match found(arguments)? {
        Some(Json::Array(items)) => whole(items.len()),
        Some(Json::Object(fields)) => whole(fields.len()),
        Some(_) => Ok(Value::Integer(0)),
        None => Ok(Value::Null),
    }
}

//! Arrays and maps: JSON in TEXT. A map is an array of pairs, so that keys keep their type and order; an element that is
//! JSON is its text.

use super::super::error::QueryError;
use super::numbers::{compared, double_text};
use super::runtime::{Entry, int, invalid, string, truth, unexpected};
use rusqlite::types::Value;
use serde_json::Value as Json;

pub(super) const ALL: &[Entry] = &[
    Entry("array", |a| collected(a, false), true),
    Entry("array_nested", |a| collected(a, true), true),
    Entry("subscript", subscript, false),
    Entry("element_at", element_at, false),
    Entry("map_subscript", |a| map_at(a, true), false),
    Entry("map_element_at", |a| map_at(a, false), false),
    Entry("at", |a| Ok(items(a.first())?.get(place(a.get(1))?).map_or(Value::Null, decode)), false),
    Entry("zip", zip, true),
    Entry("cardinality", |a| count(items(a.first())?.len()), false),
    Entry("contains", contains, false),
    Entry("array_join", join, false),
    Entry("array_distinct", |a| Ok(array(&distinct(items(a.first())?))), false),
    Entry("array_reverse", reverse, false),
    Entry("array_sort", sort, false),
    Entry("array_max", |a| extreme(a, std::cmp::Ordering::Greater), false),
    Entry("array_min", |a| extreme(a, std::cmp::Ordering::Less), false),
    Entry("array_position", position, false),
    Entry("array_remove", remove, false),
    Entry("array_union", |a| Ok(array(&distinct([items(a.first())?, items(a.get(1))?].concat()))), false),
    Entry("array_intersect", |a| kept(a, true), false),
    Entry("array_except", |a| kept(a, false), false),
    Entry("arrays_overlap", overlap, false),
    Entry("concat_arrays", concat, false),
    Entry("slice", slice, false),
    Entry("flatten", flatten, false),
    Entry("sequence", sequence, false),
    Entry("repeat", repeat, true),
    Entry("map", map, false),
    Entry("map_keys", |a| side(a, 0), false),
    Entry("map_values", |a| side(a, 1), false),
];

/// The most elements that `sequence` and `repeat` make, as in Trino.
const MOST: usize = 10_000;

/// The elements of an array.
pub(super) fn items(value: Option<&Value>) -> Result<Vec<Json>, QueryError> {
    match serde_json::from_str(string(value)?) {
        Ok(Json::Array(items)) => Ok(items),
        // A stored map.
        Ok(Json::Object(fields)) => {
            Ok(fields.into_iter().map(|(key, value)| Json::Array(vec![Json::String(key), value])).collect())
        }
        _ => Err(unexpected()),
    }
}

/// An element as a value.
pub(super) fn decode(item: &Json) -> Value {
    match item {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Integer(i64::from(*value)),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Real(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::Text(text.clone()),
        nested => Value::Text(nested.to_string()),
    }
}

/// A value as an element; `nested` ones are arrays and maps.
pub(super) fn encode(value: &Value, nested: bool) -> Result<Json, QueryError> {
    match value {
        Value::Null => Ok(Json::Null),
        Value::Integer(number) => Ok(Json::from(*number)),
        Value::Real(number) => serde_json::Number::from_f64(*number)
            .map(Json::Number)
            .ok_or_else(|| QueryError::user("NOT_SUPPORTED", "Infinity in an array is not supported")),
        Value::Text(text) if nested => serde_json::from_str(text).map_err(|_| unexpected()),
        Value::Text(text) => Ok(Json::String(text.clone())),
        Value::Blob(_) => Err(unexpected()),
    }
}

/// The array of some elements.
pub(super) fn array(items: &[Json]) -> Value {
    Value::Text(serde_json::to_string(items).unwrap_or_default())
}

/// The array of texts.
pub(super) fn texts<'t>(parts: impl Iterator<Item = &'t str>) -> Value {
    array(&parts.map(|part| Json::String(part.to_owned())).collect::<Vec<_>>())
}

/// The array of texts and NULLs.
pub(super) fn optional_texts(parts: Vec<Option<String>>) -> Value {
    array(&parts.into_iter().map(Json::from).collect::<Vec<_>>())
}

fn count(number: usize) -> Result<Value, QueryError> {
    i64::try_from(number).map(Value::Integer).map_err(|_| unexpected())
}

fn place(value: Option<&Value>) -> Result<usize, QueryError> {
    usize::try_from(int(value)?).map_err(|_| unexpected())
}

fn collected(arguments: &[Value], nested: bool) -> Result<Value, QueryError> {
    let items = arguments.iter().map(|value| encode(value, nested)).collect::<Result<Vec<_>, _>>()?;
    Ok(array(&items))
}

fn same(item: &Json, value: &Value) -> bool {
    match (decode(item), value) {
        (Value::Null, _) => false,
        (own, other) if own == *other => true,
        (own @ (Value::Integer(_) | Value::Real(_)), other @ (Value::Integer(_) | Value::Real(_))) => {
            compared(&own, other).is_ok_and(std::cmp::Ordering::is_eq)
        }
        _ => false,
    }
}

fn subscript(arguments: &[Value]) -> Result<Value, QueryError> {
    let items = items(arguments.first())?;
    let index = int(arguments.get(1))?;
    match index {
        0 => return Err(invalid("SQL array indices start at 1")),
        index if index < 0 => return Err(invalid(format!("Array subscript is negative: {index}"))),
        _ => {}
    }
    let found = usize::try_from(index).ok().and_then(|index| items.get(index.checked_sub(1)?));
    found.map(decode).ok_or_else(|| {
        invalid(format!(
            "Array subscript must be less than or equal to array length: {index} > {}",
            items.len()
        ))
    })
}

fn element_at(arguments: &[Value]) -> Result<Value, QueryError> {
    let items = items(arguments.first())?;
    let index = int(arguments.get(1))?;
    if index == 0 {
        return Err(invalid("SQL array indices start at 1"));
    }
    let distance = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    let place = if index > 0 { distance.checked_sub(1) } else { items.len().checked_sub(distance) };
    Ok(place.and_then(|place| items.get(place)).map_or(Value::Null, decode))
}

fn map_at(arguments: &[Value], strict: bool) -> Result<Value, QueryError> {
    let key = arguments.get(1).ok_or_else(unexpected)?;
    for pair in items(arguments.first())? {
        if let Json::Array(pair) = &pair
            && let [own, value] = pair.as_slice()
            && same(own, key)
        {
            return Ok(decode(value));
        }
    }
    if !strict {
        return Ok(Value::Null);
    }
    let key = match key {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        _ => String::new(),
    };
    Err(invalid(format!("Key not present in map: {key}")))
}

/// Arrays side by side; the shorter ones go on with NULL.
fn zip(arguments: &[Value]) -> Result<Value, QueryError> {
    let all = arguments
        .iter()
        .map(|value| if *value == Value::Null { Ok(Vec::new()) } else { items(Some(value)) })
        .collect::<Result<Vec<_>, _>>()?;
    let longest = all.iter().map(Vec::len).max().unwrap_or_default();
    let row =
        |at| Json::Array(all.iter().map(|items| items.get(at).cloned().unwrap_or(Json::Null)).collect());
    Ok(array(&(0..longest).map(row).collect::<Vec<_>>()))
}

fn contains(arguments: &[Value]) -> Result<Value, QueryError> {
    let items = items(arguments.first())?;
    let wanted = arguments.get(1).ok_or_else(unexpected)?;
    if items.iter().any(|item| same(item, wanted)) {
        return truth(true);
    }
    if items.contains(&Json::Null) { Ok(Value::Null) } else { truth(false) }
}

fn join(arguments: &[Value]) -> Result<Value, QueryError> {
    let by = string(arguments.get(1))?;
    let null = arguments.get(2).map(|null| string(Some(null))).transpose()?;
    let mut parts = Vec::new();
    for item in items(arguments.first())? {
        parts.push(match decode(&item) {
            Value::Null => match null {
                Some(null) => null.to_owned(),
                None => continue,
            },
            Value::Text(text) => text,
            Value::Integer(_) if item.is_boolean() => item.to_string(),
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => double_text(number),
            Value::Blob(_) => return Err(unexpected()),
        });
    }
    Ok(Value::Text(parts.join(by)))
}

fn distinct(items: Vec<Json>) -> Vec<Json> {
    let mut seen = std::collections::HashSet::new();
    items.into_iter().filter(|item| seen.insert(item.to_string())).collect()
}

fn reverse(arguments: &[Value]) -> Result<Value, QueryError> {
    let mut items = items(arguments.first())?;
    items.reverse();
    Ok(array(&items))
}

/// NULL comes last.
fn sort(arguments: &[Value]) -> Result<Value, QueryError> {
    let mut items = items(arguments.first())?;
    items.sort_by(|left, right| match (decode(left), decode(right)) {
        (Value::Null, Value::Null) => std::cmp::Ordering::Equal,
        (Value::Null, _) => std::cmp::Ordering::Greater,
        (_, Value::Null) => std::cmp::Ordering::Less,
        (left, right) => compared(&left, &right).unwrap_or(std::cmp::Ordering::Equal),
    });
    Ok(array(&items))
}

fn extreme(arguments: &[Value], wanted: std::cmp::Ordering) -> Result<Value, QueryError> {
    let mut best = Value::Null;
    for item in items(arguments.first())? {
        let item = decode(&item);
        if item == Value::Null {
            return Ok(Value::Null);
        }
        if best == Value::Null || compared(&item, &best)? == wanted {
            best = item;
        }
    }
    Ok(best)
}

fn position(arguments: &[Value]) -> Result<Value, QueryError> {
    let wanted = arguments.get(1).ok_or_else(unexpected)?;
    let found = items(arguments.first())?.iter().position(|item| same(item, wanted));
    count(found.map_or(0, |at| at.saturating_add(1)))
}

fn remove(arguments: &[Value]) -> Result<Value, QueryError> {
    let wanted = arguments.get(1).ok_or_else(unexpected)?;
    let mut items = items(arguments.first())?;
    items.retain(|item| !same(item, wanted));
    Ok(array(&items))
}

fn kept(arguments: &[Value], common: bool) -> Result<Value, QueryError> {
    let other = items(arguments.get(1))?;
    let mut own = distinct(items(arguments.first())?);
    own.retain(|item| other.contains(item) == common);
    Ok(array(&own))
}

fn overlap(arguments: &[Value]) -> Result<Value, QueryError> {
    let (own, other) = (items(arguments.first())?, items(arguments.get(1))?);
    if own.iter().any(|item| !item.is_null() && other.contains(item)) {
        return truth(true);
    }
    let unknown =
        (own.contains(&Json::Null) && !other.is_empty()) || (other.contains(&Json::Null) && !own.is_empty());
    if unknown { Ok(Value::Null) } else { truth(false) }
}

fn concat(arguments: &[Value]) -> Result<Value, QueryError> {
    let all = arguments.iter().map(|value| items(Some(value))).collect::<Result<Vec<_>, _>>()?;
    Ok(array(&all.concat()))
}

fn slice(arguments: &[Value]) -> Result<Value, QueryError> {
    let items = items(arguments.first())?;
    let (start, length) = (int(arguments.get(1))?, int(arguments.get(2))?);
    if start == 0 {
        return Err(invalid("SQL array indices start at 1"));
    }
    let length = usize::try_from(length).map_err(|_| invalid("length must be greater than or equal to 0"))?;
    let distance = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
    let from = if start > 0 { distance.checked_sub(1) } else { items.len().checked_sub(distance) };
    let part: Vec<Json> =
        from.map(|from| items.into_iter().skip(from).take(length).collect()).unwrap_or_default();
    Ok(array(&part))
}

fn flatten(arguments: &[Value]) -> Result<Value, QueryError> {
    let mut all = Vec::new();
    for item in items(arguments.first())? {
        if let Json::Array(items) = item {
            all.extend(items);
        }
    }
    Ok(array(&all))
}

fn sequence(arguments: &[Value]) -> Result<Value, QueryError> {
    let (from, to) = (int(arguments.first())?, int(arguments.get(1))?);
    let step = match arguments.get(2) {
        None => {
            if from <= to {
                1
            } else {
                -1
            }
        }
        step => int(step)?,
    };
    if step == 0 {
        return Err(invalid("step must not be zero"));
    }
    if (step > 0) != (from <= to) && from != to {
        return Err(invalid(
            "sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start",
        ));
    }
    let mut items = Vec::new();
    let mut next = Some(from);
    while let Some(value) = next.filter(|value| if step > 0 { *value <= to } else { *value >= to }) {
        if items.len() >= MOST {
            return Err(invalid("result of sequence function must not have more than 10000 entries"));
        }
        items.push(Json::from(value));
        next = value.checked_add(step);
    }
    Ok(array(&items))
}

fn repeat(arguments: &[Value]) -> Result<Value, QueryError> {
    let (Some(value), Some(times)) = (arguments.first(), arguments.get(1)) else { return Err(unexpected()) };
    if *times == Value::Null {
        return Ok(Value::Null);
    }
    let times = usize::try_from(int(Some(times))?)
        .map_err(|_| invalid("count argument of repeat function must be greater than or equal to 0"))?;
    if times > MOST {
        return Err(invalid("count argument of repeat function must be less than or equal to 10000"));
    }
    Ok(array(&vec![encode(value, false)?; times]))
}

fn map(arguments: &[Value]) -> Result<Value, QueryError> {
    let (keys, values) = (items(arguments.first())?, items(arguments.get(1))?);
    if keys.len() != values.len() {
        return Err(invalid("Key and value arrays must be the same length"));
    }
    let mut seen = std::collections::HashSet::new();
    let mut pairs = Vec::new();
    for (key, value) in keys.into_iter().zip(values) {
        if key.is_null() {
            return Err(invalid("map key cannot be null"));
        }
        if !seen.insert(key.to_string()) {
            let shown = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            return Err(invalid(format!("Duplicate map keys ({shown}) are not allowed")));
        }
        pairs.push(Json::Array(vec![key, value]));
    }
    Ok(array(&pairs))
}

fn side(arguments: &[Value], side: usize) -> Result<Value, QueryError> {
    let pairs = items(arguments.first())?;
    let part = |pair: &Json| pair.get(side).cloned().unwrap_or(Json::Null);
    Ok(array(&pairs.iter().map(part).collect::<Vec<_>>()))
}

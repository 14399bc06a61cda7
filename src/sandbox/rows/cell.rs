//! A value of a record as a cell of SQLite, and back.

use crate::sandbox::trino::TrinoType;
use rusqlite::types::{Value as Cell, ValueRef};
use serde_json::Value;

/// The type of a column in queries, by its name and its type as the platform writes it. What has no type of
/// its own there is a string.
pub fn column_kind(name: &str, kind: &str) -> TrinoType {
    let item = kind.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>'));
    match (kind, item) {
        _ if name == "time" => TrinoType::Bigint,
        (_, Some(item)) => TrinoType::Array(Box::new(column_kind("", item))),
        ("int" | "long" | "bigint", _) => TrinoType::Bigint,
        ("double" | "float" | "number", _) => TrinoType::Double,
        ("boolean", _) => TrinoType::Boolean,
        _ => TrinoType::Varchar,
    }
}

/// The type that is written so: by [`TrinoType`]'s own `Display`.
pub fn read_kind(text: &str) -> TrinoType {
    match text.strip_prefix("array(").and_then(|rest| rest.strip_suffix(')')) {
        Some(item) => TrinoType::Array(Box::new(read_kind(item))),
        None => match text {
            "bigint" => TrinoType::Bigint,
            "double" => TrinoType::Double,
            "boolean" => TrinoType::Boolean,
            _ => TrinoType::Varchar,
        },
    }
}

/// A value as a column of this type holds it. Records have no types on the platform, columns have: a number in a
/// column of strings is the string that spells it, a string that spells a number counts in a column of
/// numbers, a fraction in one of whole numbers is cut, objects are JSON, and what does not fit is null (our
/// choice).
pub fn stored(kind: &TrinoType, value: &Value) -> Cell {
    match (kind, value) {
        (_, Value::Null) => Cell::Null,
        (TrinoType::Bigint, value) => whole(value).map_or(Cell::Null, Cell::Integer),
        (TrinoType::Double, value) => float(value).map_or(Cell::Null, Cell::Real),
        (TrinoType::Boolean, value) => truth(value).map_or(Cell::Null, |truth| Cell::Integer(truth.into())),
        (TrinoType::Array(item), value) => list(item, value).map_or(Cell::Null, Cell::Text),
        (_, Value::String(text)) => Cell::Text(text.clone()),
        (_, other) => Cell::Text(other.to_string()),
    }
}

/// A cell as a value.
pub fn shown(kind: &TrinoType, cell: ValueRef<'_>) -> Value {
    match (kind, cell) {
        (_, ValueRef::Null | ValueRef::Blob(_)) => Value::Null,
        (TrinoType::Boolean, ValueRef::Integer(number)) => (number != 0).into(),
        (_, ValueRef::Integer(number)) => number.into(),
        (_, ValueRef::Real(number)) => number.into(),
        (TrinoType::Array(_), ValueRef::Text(text)) => serde_json::from_slice(text).unwrap_or_default(),
        (_, ValueRef::Text(text)) => String::from_utf8_lossy(text).into_owned().into(),
    }
}

fn whole(value: &Value) -> Option<i64> {
    /// The first float that is too large.
    const END: f64 = 9_223_372_036_854_775_808.0;
    let cut = |float: f64| (-END..END).contains(&float).then_some(float as i64);
    match value {
        Value::Number(number) => number.as_i64().or_else(|| cut(number.as_f64()?)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| cut(text.parse().ok()?))
        }
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

/// A list as JSON, its items as its type holds them.
fn list(item: &TrinoType, value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => {
            let items = items.iter().map(|value| match stored(item, value) {
                Cell::Null | Cell::Blob(_) => Value::Null,
                Cell::Integer(number) if *item == TrinoType::Boolean => (number != 0).into(),
                Cell::Integer(number) => number.into(),
                Cell::Real(number) => number.into(),
                Cell::Text(text) if matches!(item, TrinoType::Array(_)) => {
                    serde_json::from_str(&text).unwrap_or_default()
                }
                Cell::Text(text) => text.into(),
            });
            Some(Value::from_iter(items).to_string())
        }
        Value::String(text) => list(item, &serde_json::from_str(text).ok().filter(Value::is_array)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_take_the_form_of_their_column() {
        let text = |text: &str| Cell::Text(text.to_owned());
        for (kind, value, cell) in [
            ("long", json!(5), Cell::Integer(5)),
            ("long", json!(-1.9), Cell::Integer(-1)),
            ("long", json!(" 7 "), Cell::Integer(7)),
            ("long", json!("x"), Cell::Null),
            ("long", json!(u64::MAX), Cell::Null),
            ("long", json!(9_007_199_254_740_993_i64), Cell::Integer(9_007_199_254_740_993)),
            ("double", json!(5), Cell::Real(5.0)),
            ("double", json!("1e3"), Cell::Real(1000.0)),
            ("double", json!("inf"), Cell::Null),
            ("string", json!(5), text("5")),
            ("string", json!("a\0'b"), text("a\0'b")),
            ("string", json!({"a": [1]}), text(r#"{"a":[1]}"#)),
            ("string", json!(true), text("true")),
            ("boolean", json!("TRUE"), Cell::Integer(1)),
            ("boolean", json!(false), Cell::Integer(0)),
            ("boolean", json!(1), Cell::Null),
            ("array<string>", json!(["a", 1, null, {"b": 2}]), text(r#"["a","1",null,"{\"b\":2}"]"#)),
            ("array<string>", json!(r#"["a"]"#), text(r#"["a"]"#)),
            ("array<string>", json!("a"), Cell::Null),
            ("array<double>", json!([1, 2.5]), text("[1.0,2.5]")),
            ("array<boolean>", json!([true]), text("[true]")),
            ("array<array<long>>", json!([[1], [2, "x"]]), text("[[1],[2,null]]")),
            ("decimal", json!(1.5), text("1.5")),
        ] {
            let kind = column_kind("c", kind);
            assert_eq!(stored(&kind, &value), cell, "{kind} {value}");
            assert_eq!(read_kind(&kind.to_string()), kind);
        }
        assert_eq!(stored(&column_kind("time", "string"), &json!(5)), Cell::Integer(5));
        assert_eq!(column_kind("c", "array<long>").to_string(), "array(bigint)");
    }

    #[test]
    fn cells_are_values_again() {
        for (kind, value) in [
            ("long", json!(5)),
            ("double", json!(5.0)),
            ("string", json!("a\0'b")),
            ("boolean", json!(true)),
            ("array<string>", json!(["a", null])),
            ("array<array<long>>", json!([[1], []])),
            ("string", Value::Null),
        ] {
            let kind = column_kind("c", kind);
            assert_eq!(shown(&kind, ValueRef::from(&stored(&kind, &value))), value);
        }
    }
}

//! A value as MessagePack, as JSON and as text.

use rmpv::{Integer, Value as Packed};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::io::{self, Write};

/// A JSON value as MessagePack.
pub fn pack(value: Value) -> Packed {
    match value {
        Value::Null => Packed::Nil,
        Value::Bool(value) => Packed::Boolean(value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => Packed::Integer(Integer::from(integer)),
            (_, Some(integer)) => Packed::Integer(Integer::from(integer)),
            _ => number.as_f64().map_or(Packed::Nil, Packed::F64),
        },
        Value::String(text) => Packed::String(text.into()),
        Value::Array(items) => Packed::Array(items.into_iter().map(pack).collect()),
        Value::Object(fields) => Packed::Map(
            fields.into_iter().map(|(name, value)| (Packed::String(name.into()), pack(value))).collect(),
        ),
    }
}

/// MessagePack as a JSON value: bytes as the text that they spell, keys of maps as text, `NaN` and infinities as null.
pub fn unpack(value: Packed) -> Value {
    match value {
        Packed::Nil | Packed::Ext(..) => Value::Null,
        Packed::Boolean(value) => Value::Bool(value),
        Packed::Integer(integer) => match (integer.as_i64(), integer.as_u64()) {
            (Some(integer), _) => integer.into(),
            (_, Some(integer)) => integer.into(),
            _ => Value::Null,
        },
        Packed::F32(float) => Number::from_f64(float.into()).map_or(Value::Null, Value::Number),
        Packed::F64(float) => Number::from_f64(float).map_or(Value::Null, Value::Number),
        Packed::String(text) => String::from_utf8_lossy(text.as_bytes()).into_owned().into(),
        Packed::Binary(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
        Packed::Array(items) => items.into_iter().map(unpack).collect(),
        Packed::Map(fields) => {
            let field = |(name, value): (Packed, Packed)| (name_of(unpack(name)), unpack(value));
            fields.into_iter().map(field).collect::<Map<_, _>>().into()
        }
    }
}

fn name_of(key: Value) -> String {
    match key {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The number that Trino's text stands for where JSON has none.
pub fn special(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Writes a value as JSON. `NaN` and infinities, which are no JSON, are written bare, or as null with `nullify`.
pub fn write_json(value: &Packed, nullify: bool, out: &mut impl Write) -> io::Result<()> {
    match value {
        Packed::F64(float) if !float.is_finite() => out.write_all(match (nullify, float.is_nan()) {
            (true, _) => b"null",
            (_, true) => b"NaN",
            _ if *float > 0.0 => b"Infinity",
            _ => b"-Infinity",
        }),
        Packed::String(text) => write_text(text.as_str().unwrap_or_default(), out),
        Packed::Array(items) => {
            out.write_all(b"[")?;
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.write_all(b",")?;
                }
                write_json(item, nullify, out)?;
            }
            out.write_all(b"]")
        }
        Packed::Map(fields) => {
            out.write_all(b"{")?;
            for (place, (name, item)) in fields.iter().enumerate() {
                if place > 0 {
                    out.write_all(b",")?;
                }
                write_text(name.as_str().unwrap_or_default(), out)?;
                out.write_all(b":")?;
                write_json(item, nullify, out)?;
            }
            out.write_all(b"}")
        }
        other => serde_json::to_writer(out, &unpack(other.clone())).map_err(io::Error::from),
    }
}

/// Writes a string as JSON.
pub fn write_text(text: &str, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(out, text).map_err(io::Error::from)
}

/// A value as the cell of a table of text: nothing for null, JSON for what has parts.
pub fn text(value: &Packed, nullify: bool) -> io::Result<Cow<'_, str>> {
    match value {
        Packed::Nil => Ok(Cow::Borrowed("")),
        Packed::F64(float) if nullify && !float.is_finite() => Ok(Cow::Borrowed("")),
        Packed::String(text) => Ok(Cow::Borrowed(text.as_str().unwrap_or_default())),
        other => {
            let mut json = Vec::new();
            write_json(other, nullify, &mut json)?;
            String::from_utf8(json).map(Cow::Owned).map_err(io::Error::other)
        }
    }
}

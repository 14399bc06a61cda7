//! A stored value: three words instead of the ten of a [`Value`] whose maps keep their order.

use super::text::SharedText;
use crate::platform::limits::ATTRIBUTE_BYTES;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use std::borrow::Cow;

/// A value that is not null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum Datum {
    /// A string.
    Text(SharedText),
    /// A number.
    Number(Number),
    /// A boolean.
    Bool(bool),
    /// An array or an object.
    Json(Box<Value>),
}

impl From<Value> for Datum {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Datum::Text(text.as_str().into()),
            Value::Number(number) => Datum::Number(number),
            Value::Bool(flag) => Datum::Bool(flag),
            other => Datum::Json(Box::new(other)),
        }
    }
}

impl From<Datum> for Value {
    fn from(datum: Datum) -> Self {
        match datum {
            Datum::Text(text) => Value::String(text.as_str().to_owned()),
            Datum::Number(number) => Value::Number(number),
            Datum::Bool(flag) => Value::Bool(flag),
            Datum::Json(value) => *value,
        }
    }
}

impl Datum {
    /// The value to store. `None` for null, and for a value of more than [`ATTRIBUTE_BYTES`]
    /// bytes: the vendor limits an attribute to 500 bytes and does not say what happens beyond;
    /// that the value is not stored is our choice. For a list the limit holds for each column of
    /// each item (our choice: a list of 100 items would hardly fit otherwise).
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::String(text) => Self::of_text(text),
            Value::Number(number) => Some(Datum::Number(number.clone())),
            Value::Bool(flag) => Some(Datum::Bool(*flag)),
            other if other.to_string().len() <= ATTRIBUTE_BYTES => Some(Datum::Json(Box::new(other.clone()))),
            _ => None,
        }
    }

    /// A string to store, if it is not too long.
    pub fn of_text(text: &str) -> Option<Self> {
        (text.len() <= ATTRIBUTE_BYTES).then(|| Datum::Text(text.into()))
    }

    /// An id to store: a string or a number; other values are no ids.
    pub fn of_id(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) if text.is_empty() => None,
            Value::String(_) | Value::Number(_) => Self::of(value),
            _ => None,
        }
    }

    /// The stored value as JSON.
    pub fn value(&self) -> Value {
        match self {
            Datum::Text(text) => Value::from(text.as_str()),
            other => other.clone().into(),
        }
    }

    /// Whether two ids are the same: a number is the same as the string that spells it.
    pub fn same_id(&self, other: &Datum) -> bool {
        match (self, other) {
            (Datum::Text(one), Datum::Text(two)) => one == two,
            _ => self.text() == other.text(),
        }
    }

    /// The value as a string: a string as it is, anything else as JSON.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Datum::Text(text) => Cow::Borrowed(text.as_str()),
            Datum::Number(number) => Cow::Owned(number.to_string()),
            other => Cow::Owned(other.value().to_string()),
        }
    }
}

/// A value as a string, for example to find a customer in the batch data: a string as it is, a
/// number as it is written; nothing else (our choice).
pub fn id_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// A sum as JSON: a whole number without a fraction. Sums are exact up to 2⁵³.
pub fn sum_value(sum: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if sum.fract() == 0.0 && sum.abs() <= EXACT {
        return Value::from(sum as i64);
    }
    Number::from_f64(sum).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_datum_is_small_and_comes_back() {
        assert_eq!(size_of::<Datum>(), 24);
        for value in [json!("a"), json!(1), json!(1.5), json!(true), json!([1, {"a": 2}])] {
            let datum = Datum::of(&value).unwrap();
            assert_eq!(datum.value(), value);
            let stored: Datum = serde_json::from_str(&serde_json::to_string(&datum).unwrap()).unwrap();
            assert_eq!(stored, datum);
        }
    }

    #[test]
    fn more_than_500_bytes_are_not_stored() {
        assert!(Datum::of(&json!("x".repeat(500))).is_some());
        assert_eq!(Datum::of(&json!("x".repeat(501))), None);
        assert_eq!(Datum::of(&json!(["x".repeat(499)])), None);
        assert_eq!(Datum::of(&Value::Null), None);
    }

    #[test]
    fn ids_are_texts_or_numbers() {
        let id = |value: Value| Datum::of_id(&value);
        assert_eq!(id(json!(5)).unwrap().text(), id(json!("5")).unwrap().text());
        assert_eq!((id(json!(true)), id(json!("")), id(json!([]))), (None, None, None));
    }

    #[test]
    fn whole_sums_have_no_fraction() {
        assert_eq!(sum_value(3.0).to_string(), "3");
        assert_eq!(sum_value(2.5).to_string(), "2.5");
        assert_eq!(sum_value(f64::INFINITY), Value::Null);
    }
}

//! `single`: the latest value of a column.

use super::super::datum::{Datum, id_text};
use super::super::time::{alive, of_batch};
use super::seconds;
use crate::platform::rule::text;
use crate::platform::wire::{Backfill, DataType, SingleSpec};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// A compiled [`SingleSpec`].
#[derive(Debug, Clone)]
pub struct ProgramSingle {
    column: String,
    data_type: DataType,
    life: Option<i64>,
    backfill: Option<Backfill>,
}

/// The state of a single attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Latest {
    value: Datum,
    time: i64,
}

impl Latest {
    /// Takes a value unless it is older than the stored one. Of two with the same time the one that
    /// arrived later wins (our choice).
    pub fn offer(&mut self, newer: Latest) {
        if newer.time >= self.time {
            *self = newer;
        }
    }

    /// The later of two profiles' values; with the same time, the surviving profile's (our choice).
    pub fn merge(&mut self, other: Latest) {
        if other.time > self.time {
            *self = other;
        }
    }
}

impl ProgramSingle {
    /// Compiles it.
    pub fn new(spec: &SingleSpec) -> Self {
        ProgramSingle {
            column: spec.value_column.clone(),
            data_type: spec.data_type,
            life: spec.duration.map(seconds),
            backfill: spec.backfill.clone(),
        }
    }

    /// Whether the value depends on batch data.
    pub fn has_backfill(&self) -> bool {
        self.backfill.is_some()
    }

    /// The value that an event brings: none when the column is missing, null, of the wrong type or too
    /// long, so that none of these overwrites a value.
    pub fn read(&self, event: &Map<String, Value>, time: i64) -> Option<Latest> {
        let value = self.convert(event.get(&self.column)?)?;
        Some(Latest { value, time })
    }

    /// The wire's `dataType`. Numbers: a string that spells a number becomes one, everything else is
    /// ignored. Strings: numbers and booleans become strings, arrays and objects are ignored
    /// (our choice; the vendor does not say).
    fn convert(&self, value: &Value) -> Option<Datum> {
        match (self.data_type, value) {
            (DataType::Number, Value::Number(number)) => Some(Datum::Number(number.clone())),
            (DataType::Number, Value::String(text)) => parse(text.trim()).map(Datum::Number),
            (DataType::Number, _) => None,
            (DataType::String, Value::Bool(_)) => Datum::of_text(&text(value)),
            (DataType::String, _) => Datum::of_text(&id_text(value)?),
        }
    }

    /// The value at `now`: the real-time one while it lives; the batch one (`backfill`) when there
    /// is none, or when the batch one is later. A batch value without a readable time only fills
    /// in for an absent one. It too lives `duration` (our choice).
    pub fn value(&self, state: Option<&Latest>, row: Option<&Map<String, Value>>, now: i64) -> Value {
        let live = state.filter(|latest| alive(latest.time, self.life, now));
        let batch = self.batch(row).filter(|(_, time)| time.is_none_or(|time| alive(time, self.life, now)));
        match (live, batch) {
            (Some(live), Some((value, Some(time)))) if live.time < time => value.into(),
            (Some(live), _) => live.value.value(),
            (None, Some((value, _))) => value.into(),
            (None, None) => Value::Null,
        }
    }

    fn batch(&self, row: Option<&Map<String, Value>>) -> Option<(Datum, Option<i64>)> {
        let (row, backfill) = (row?, self.backfill.as_ref()?);
        let value = self.convert(row.get(&backfill.attribute_identifier)?)?;
        Some((value, row.get(&backfill.timestamp_identifier).and_then(of_batch)))
    }
}

fn parse(text: &str) -> Option<Number> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    text.parse().ok().and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn single(extra: Value) -> ProgramSingle {
        let mut spec = json!({"realtimeKeyEventId": "1", "valueColumn": "x", "dataType": "string"});
        spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        ProgramSingle::new(&serde_json::from_value(spec).unwrap())
    }

    fn after(single: &ProgramSingle, events: &[(Value, i64)]) -> Option<Latest> {
        let mut state: Option<Latest> = None;
        for (value, time) in events {
            let event = json!({"x": value});
            let Some(latest) = single.read(event.as_object().unwrap(), *time) else { continue };
            match &mut state {
                Some(state) => state.offer(latest),
                None => state = Some(latest),
            }
        }
        state
    }

    #[test]
    fn the_latest_event_time_wins_and_ties_go_to_the_later_arrival() {
        let one = single(json!({}));
        let events = [(json!("b"), 20), (json!("a"), 10), (json!("c"), 20), (Value::Null, 30)];
        assert_eq!(one.value(after(&one, &events).as_ref(), None, 40), json!("c"));
    }

    #[test]
    fn values_take_the_data_type() {
        let one = single(json!({"dataType": "number"}));
        for (given, kept) in [
            (json!(" 12 "), json!(12)),
            (json!("1.5"), json!(1.5)),
            (json!(3), json!(3)),
            (json!("x"), Value::Null),
            (json!(true), Value::Null),
            (json!("NaN"), Value::Null),
        ] {
            assert_eq!(one.value(after(&one, &[(given, 1)]).as_ref(), None, 1), kept);
        }
        let one = single(json!({}));
        for (given, kept) in
            [(json!(12), json!("12")), (json!(true), json!("true")), (json!([1]), Value::Null)]
        {
            assert_eq!(one.value(after(&one, &[(given, 1)]).as_ref(), None, 1), kept);
        }
        assert_eq!(after(&one, &[(json!("x".repeat(501)), 1)]), None);
    }

    #[test]
    fn a_value_lives_its_duration() {
        let one = single(json!({"duration": {"value": 1, "unit": "minute"}}));
        let state = after(&one, &[(json!("a"), 100)]);
        assert_eq!(one.value(state.as_ref(), None, 159), json!("a"));
        assert_eq!(one.value(state.as_ref(), None, 160), Value::Null);
    }

    #[test]
    fn a_batch_value_fills_in_until_a_later_event() {
        let one = single(json!({"duration": {"value": 1, "unit": "hour"},
            "backfill": {"attributeIdentifier": "seen", "timestampIdentifier": "seen_at"}}));
        let row = json!({"seen": "batch", "seen_at": 1_000});
        let row = row.as_object();
        assert_eq!(one.value(None, row, 1_001), json!("batch"));
        assert_eq!(one.value(after(&one, &[(json!("live"), 999)]).as_ref(), row, 1_001), json!("batch"));
        assert_eq!(one.value(after(&one, &[(json!("live"), 1_000)]).as_ref(), row, 1_001), json!("live"));
        assert_eq!(one.value(None, row, 4_600), Value::Null, "it lives no longer than an event's value");
        let timeless = json!({"seen": "batch"});
        assert_eq!(one.value(None, timeless.as_object(), 1_001), json!("batch"));
        let live = after(&one, &[(json!("live"), 1)]);
        assert_eq!(one.value(live.as_ref(), timeless.as_object(), 1_001), json!("live"));
    }
}

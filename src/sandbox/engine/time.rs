//! The times of events and batch values, and how long values live. Seconds since the epoch.

use crate::platform::rule::number;
use crate::platform::time::parse_platform;
use serde_json::{Map, Value};

/// An event's time: its `time` (whole seconds, or a string that spells them; a fraction is cut
/// off), else `now`. A time in the future counts as `now` (our choice: one client with a wrong
/// clock, or with milliseconds, would otherwise set the latest value for good).
pub fn of_event(event: &Map<String, Value>, now: i64) -> i64 {
    event.get("time").and_then(whole).map_or(now, |time| time.min(now))
}

/// A point in time as batch attributes hold it: seconds, RFC 3339, or `2020-12-31 11:22:33`
/// (UTC, with or without a suffix). The vendor documents none; the forms are our choice.
pub fn of_batch(value: &Value) -> Option<i64> {
    if let Some(time) = whole(value) {
        return Some(time);
    }
    Some(parse_platform(value.as_str()?)?.div_euclid(1_000))
}

fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| number(value).map(|seconds| seconds as i64))
}

/// Whether something of time `time` that lives `life` seconds (none: for good) is alive at `now`.
/// At the second at which its life ends it is gone.
pub fn alive(time: i64, life: Option<i64>, now: i64) -> bool {
    life.is_none_or(|life| now.saturating_sub(time) < life)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_event_has_its_own_time_unless_it_comes_from_the_future() {
        let time = |event: Value| of_event(event.as_object().unwrap(), 1_000);
        assert_eq!(time(json!({"time": 900})), 900);
        assert_eq!(time(json!({"time": "900"})), 900);
        assert_eq!(time(json!({"time": 900.9})), 900);
        assert_eq!(time(json!({})), 1_000);
        assert_eq!(time(json!({"time": "soon"})), 1_000);
        assert_eq!(time(json!({"time": 900_000})), 1_000);
    }

    #[test]
    fn batch_times_have_three_forms() {
        for value in [
            json!(1_609_413_753),
            json!("2020-12-31T11:22:33Z"),
            json!("2020-12-31 11:22:33 UTC"),
            json!("2020-12-31 11:22:33"),
        ] {
            assert_eq!(of_batch(&value), Some(1_609_413_753), "{value}");
        }
        assert_eq!(of_batch(&json!("yesterday")), None);
        assert_eq!(of_batch(&Value::Null), None);
    }

    #[test]
    fn life_ends_at_the_second() {
        assert!(alive(100, Some(10), 109) && !alive(100, Some(10), 110) && alive(100, None, i64::MAX));
    }
}

//! The time that a query looks at.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A time from one second to another, both in it. In SQL it is `td_time_range`, by which the platform finds the parts of a
/// table that it has to read; `td_interval(time, '-1d')` would be yesterday and not the last 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// First second
    #[serde(with = "rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub from: i64,
    /// Last second
    #[serde(with = "rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub to: i64,
}

impl Window {
    /// The time before `now`, in seconds since the epoch.
    pub fn before(now: i64, length: Duration) -> Self {
        let length = i64::try_from(length.as_secs()).unwrap_or(i64::MAX);
        Window { from: now.saturating_sub(length).max(0), to: now }
    }

    /// The condition on a column of seconds. The end of `td_time_range` is not in it.
    pub fn sql(self, column: &str) -> String {
        format!("td_time_range({column}, {}, {})", self.from, self.to.saturating_add(1))
    }
}

/// Seconds since the epoch, as RFC 3339.
mod rfc3339 {
    use jiff::Timestamp;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(seconds: &i64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&super::timestamp(*seconds).to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        let text = String::deserialize(from)?;
        text.parse::<Timestamp>().map(Timestamp::as_second).map_err(D::Error::custom)
    }
}

/// The nearest time that there is: years end with 9999.
fn timestamp(seconds: i64) -> Timestamp {
    let last = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_with_the_last_second_and_is_read_as_it_is_written() {
        let window = Window::before(1_761_955_200, Duration::from_secs(3_600));
        assert_eq!(window.sql("time"), "td_time_range(time, 1761951600, 1761955201)");
        let text = serde_json::to_string(&window).unwrap();
        assert_eq!(text, r#"{"from":"2025-10-31T23:00:00Z","to":"2025-11-01T00:00:00Z"}"#);
        assert_eq!(serde_json::from_str::<Window>(&text).unwrap(), window);
        assert_eq!(Window::before(5, Duration::MAX).from, 0);
        assert!(serde_json::to_string(&Window { from: i64::MIN, to: i64::MAX }).is_ok());
    }
}

//! The sandbox's time: the one clock behind statuses, windows and journal.

use crate::platform::time::{civil, parse_rfc3339};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock that can be moved by `/_sandbox/clock`. All times are milliseconds since the epoch.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Now, in milliseconds since the epoch.
    fn now_ms(&self) -> i64;
    /// Moves the clock by so many milliseconds.
    fn advance(&self, ms: i64);

    /// Moves the clock to a time, in milliseconds since the epoch.
    fn set(&self, ms: i64);

    /// The position to save, so that a clock can be set to it again.
    fn position(&self) -> ClockPosition;

    /// Whether it stands still until it is moved.
    fn stands_still(&self) -> bool {
        false
    }

    /// Now, in whole seconds since the epoch.
    fn now(&self) -> i64 {
        self.now_ms().div_euclid(1_000)
    }
}

/// The position of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockPosition {
    /// Running, at this many milliseconds from the system's time.
    MovedMs(i64),
    /// Standing still, in milliseconds since the epoch.
    StandsAtMs(i64),
}

impl Default for ClockPosition {
    fn default() -> Self {
        ClockPosition::MovedMs(0)
    }
}

impl ClockPosition {
    /// Moves a clock there. A clock that stands still ignores an offset.
    pub fn restore(self, clock: &dyn Clock) {
        match self {
            ClockPosition::StandsAtMs(ms) => clock.set(ms),
            ClockPosition::MovedMs(ms) if !clock.stands_still() => clock.set(system_ms().saturating_add(ms)),
            ClockPosition::MovedMs(_) => {}
        }
    }
}

/// The system's time plus an offset.
#[derive(Debug, Default)]
pub struct SystemClock {
    offset: AtomicI64,
}

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        system_ms().saturating_add(self.offset.load(Ordering::Relaxed))
    }

    fn advance(&self, ms: i64) {
        let moved = |offset: i64| Some(offset.saturating_add(ms));
        // The closure always returns a value, so there is no failure to handle.
        let _ = self.offset.fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
    }

    /// From the system's own time: `now_ms` may have saturated.
    fn set(&self, ms: i64) {
        self.offset.store(ms.saturating_sub(system_ms()), Ordering::Relaxed);
    }

    /// The offset: time goes on while the sandbox is down.
    fn position(&self) -> ClockPosition {
        ClockPosition::MovedMs(self.offset.load(Ordering::Relaxed))
    }
}

/// The system's time; one before 1970 counts as 1970.
fn system_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A clock that stands still until it is moved. Use it with a [`Settle`](super::Settle) that
/// counts reads: one that waits for time would wait for ever.
#[derive(Debug)]
pub struct FixedClock {
    now: AtomicI64,
}

impl FixedClock {
    /// A clock at this many seconds since the epoch.
    pub fn at(seconds: i64) -> Self {
        Self::at_ms(seconds.saturating_mul(1_000))
    }

    /// A clock at this many milliseconds since the epoch.
    pub fn at_ms(ms: i64) -> Self {
        FixedClock { now: AtomicI64::new(ms) }
    }
}

impl Clock for FixedClock {
    fn stands_still(&self) -> bool {
        true
    }

    fn now_ms(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    fn advance(&self, ms: i64) {
        let moved = |now: i64| Some(now.saturating_add(ms));
        let _ = self.now.fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
    }

    fn set(&self, ms: i64) {
        self.now.store(ms, Ordering::Relaxed);
    }

    fn position(&self) -> ClockPosition {
        ClockPosition::StandsAtMs(self.now_ms())
    }
}

/// 9999-12-31 23:59:59 UTC, the latest time of an event.
pub const LAST_SECOND: i64 = 253_402_300_799;

/// Reads a time for the clock: `2026-01-02T03:04:05Z` (RFC 3339, with its offset) or seconds since
/// the epoch; in milliseconds since the epoch, from 1970 to the end of 9999. The error is a sentence
/// without a full stop.
pub fn parse_time(text: &str) -> Result<i64, String> {
    let text = text.trim();
    let ms = match text.parse::<i64>() {
        Ok(seconds) => Some(seconds.saturating_mul(1_000)),
        Err(_) => parse_rfc3339(text),
    };
    let ms = ms.ok_or_else(|| {
        format!("'{text}' is no time; write it like 2026-01-02T03:04:05Z, or in seconds since 1970")
    })?;
    if (0..=LAST_SECOND).contains(&ms.div_euclid(1_000)) {
        return Ok(ms);
    }
    Err(format!("'{text}' is out of range: the clock goes from 1970 to the end of 9999"))
}

/// A time as the CDP API writes it: `2025-11-01T00:00:00.000Z`.
pub fn iso(ms: i64) -> String {
    written(ms, "%Y-%m-%dT%H:%M:%S%.3fZ")
}

/// A time as the TD API v3 writes it: `2025-11-01 00:00:00 UTC`.
pub fn v3(ms: i64) -> String {
    written(ms, "%Y-%m-%d %H:%M:%S UTC")
}

/// 1970 for a time outside of the calendar.
fn written(ms: i64, format: &str) -> String {
    civil(ms).or_else(|| civil(0)).map(|time| time.strftime(format).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_for_the_clock() {
        for (text, ms) in [
            ("2026-01-02T03:04:05Z", 1_767_323_045_000),
            ("2026-01-02T04:04:05.250+01:00", 1_767_323_045_250),
            ("1767323045", 1_767_323_045_000),
            (" 0 ", 0),
            ("9999-12-31T23:59:59Z", LAST_SECOND * 1_000),
        ] {
            assert_eq!(parse_time(text), Ok(ms), "{text}");
        }
        for bad in ["", "2026-01-02", "2026-01-02T03:04:05", "-1", "253402300800", "tomorrow", "1.5"] {
            assert!(parse_time(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_saturated_system_clock_can_be_set() {
        let clock = SystemClock::default();
        clock.advance(i64::MAX);
        clock.advance(i64::MAX);
        clock.set(1_000_000);
        assert!((1_000..1_100).contains(&clock.now()), "{}", clock.now());
    }

    #[test]
    fn a_fixed_clock_moves_only_when_moved() {
        let clock = FixedClock::at(1_700_000_000);
        clock.advance(1_500);
        assert_eq!((clock.now_ms(), clock.now()), (1_700_000_001_500, 1_700_000_001));
        clock.set(0);
        assert_eq!(clock.now(), 0);
        clock.advance(i64::MAX);
        clock.advance(i64::MAX);
        clock.set(5_000);
        assert_eq!(clock.now(), 5);
        assert_eq!(iso(1_500), "1970-01-01T00:00:01.500Z");
        assert_eq!(v3(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(iso(LAST_SECOND * 1_000 + 999), "9999-12-31T23:59:59.999Z");
        assert_eq!(v3(LAST_SECOND * 1_000), "9999-12-31 23:59:59 UTC");
    }
}

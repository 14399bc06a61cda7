//! Times as text, from year 1970 to the very end of 9999. `jiff::Timestamp` ends 26 hours earlier (it
//! leaves room for every offset), so that these are computed on civil times of UTC.

use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::{SignedDuration, Unit};

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// Reads a time with its offset, `2026-01-02T03:04:05Z` (RFC 3339; the `T` may be a space), in
/// milliseconds since the epoch.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let pieces = Pieces::parse(text).ok()?;
    let offset = pieces.to_numeric_offset()?;
    since_epoch(pieces.date().to_datetime(pieces.time()?), i64::from(offset.seconds()))
}

/// Reads the forms of times that the platform's APIs and tables have: RFC 3339, `2026-01-02 03:04:05 UTC`,
/// with a numeric offset or with nothing in place of `UTC`, and a date alone; in milliseconds since the
/// epoch.
pub fn parse_platform(text: &str) -> Option<i64> {
    let text = text.trim();
    let plain = ["UTC", "GMT"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text).trim_end();
    let offset = || {
        let (time, offset) = text.rsplit_once(' ')?;
        let (sign, digits) = offset.split_at_checked(1).filter(|(sign, _)| ["+", "-"].contains(sign))?;
        let digits: u16 = digits.replace(':', "").parse().ok()?;
        let (hours, minutes) = (i64::from(digits / 100), i64::from(digits % 100));
        let seconds = hours.saturating_mul(60).saturating_add(minutes).saturating_mul(60);
        since_epoch(time.parse().ok()?, if sign == "-" { seconds.saturating_neg() } else { seconds })
    };
    parse_rfc3339(text).or_else(offset).or_else(|| since_epoch(plain.parse().ok()?, 0))
}

fn since_epoch(time: DateTime, offset: i64) -> Option<i64> {
    let since = EPOCH.until((Unit::Hour, time)).ok()?.to_duration(EPOCH).ok()?;
    let since = since.checked_sub(SignedDuration::from_secs(offset))?;
    i64::try_from(since.as_millis()).ok()
}

/// A time on the calendar of UTC; `None` beyond what a calendar has.
pub fn civil(ms: i64) -> Option<DateTime> {
    EPOCH.checked_add(SignedDuration::from_millis(ms)).ok()
}

/// A time in seconds, as RFC 3339 in UTC without a fraction: `2026-01-02T03:04:05Z`.
pub fn rfc3339(seconds: i64) -> Option<String> {
    Some(civil(seconds.checked_mul(1_000)?)?.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LAST: i64 = 253_402_300_799;

    #[test]
    fn the_ends_of_the_calendar_are_times() {
        assert_eq!(parse_rfc3339("9999-12-31T23:59:59Z"), Some(LAST * 1_000));
        assert_eq!(parse_rfc3339("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse_rfc3339("9999-12-31T23:59:59.999+00:00"), Some(LAST * 1_000 + 999));
        assert_eq!(parse_rfc3339("2026-01-02T04:04:05.250+01:00"), Some(1_767_323_045_250));
        for none in ["", "2026-01-02", "2026-01-02T03:04:05", "tomorrow", "10000-01-01T00:00:00Z"] {
            assert_eq!(parse_rfc3339(none), None, "{none}");
        }
    }

    #[test]
    fn the_platforms_forms_are_read() {
        for form in [
            "2014-10-04T01:13:15Z",
            "2014-10-04 01:13:15 UTC",
            "2014-10-04 01:13:15",
            "2014-10-04 01:13:15 +0000",
            "2014-10-03 19:43:15 -0530",
            "2014-10-04T03:13:15.000+02:00",
        ] {
            assert_eq!(parse_platform(form), Some(1_412_385_195_000), "{form}");
        }
        assert_eq!(parse_platform("2014-10-04"), Some(1_412_380_800_000));
        for none in ["soon", "", "2014-10-04 01:13:15 +999999999999999999", "2014-10-04 01:13:15 +-530"] {
            assert_eq!(parse_platform(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn every_second_comes_back(seconds in 0..=LAST) {
            let text = rfc3339(seconds).unwrap();
            prop_assert_eq!(parse_rfc3339(&text), Some(seconds * 1_000));
            prop_assert_eq!(parse_platform(&text), Some(seconds * 1_000));
        }
    }
}

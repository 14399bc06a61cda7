//! Dates are days since 1970, timestamps milliseconds; both are shown in UTC.

use super::super::error::QueryError;
use super::runtime::{Entry, double, int, invalid, string, unexpected};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Unit, Zoned};
use rusqlite::types::Value;

pub(super) const ALL: &[Entry] = &[
    Entry("from_unixtime", |a| whole_milliseconds(double(a.first())? * 1000.0), false),
    Entry("from_iso8601_timestamp", from_iso, false),
    Entry("from_iso8601_date", |a| day_of_text(string(a.first())?), false),
    Entry("date_text", |a| text(date_text(int(a.first())?)), false),
    Entry("to_iso8601", |a| text(timestamp_text(int(a.first())?).map(|text| text.replace(' ', "T"))), false),
    Entry(
        "to_iso8601_zone",
        |a| text(timestamp_text(int(a.first())?).map(|text| text.replace(' ', "T") + "Z")),
        false,
    ),
    Entry("to_date", |a| day_of_text(string(a.first())?), false),
    Entry("day_of", |a| Ok(Value::Integer(int(a.first())?.div_euclid(DAY))), false),
    Entry("date_format", date_format, false),
    Entry("date_parse", date_parse, false),
    Entry("format_datetime", |a| Ok(Value::Text(pattern(&utc(int(a.first())?)?, string(a.get(1))?)?)), false),
    Entry("date_trunc", |a| truncated(a, 1), false),
    Entry("date_trunc_date", |a| truncated(a, DAY), false),
    Entry("date_add", |a| added(a, 1), false),
    Entry("date_add_date", |a| added(a, DAY), false),
    Entry("date_diff", date_diff, false),
    Entry("last_day_of_month", |a| days(part(a)?.date().last_of_month()), false),
    Entry("year", |a| number(part(a)?.year()), false),
    Entry("quarter", |a| number(part(a)?.month().saturating_add(2) / 3), false),
    Entry("month", |a| number(part(a)?.month()), false),
    Entry("week", |a| number(part(a)?.date().iso_week_date().week()), false),
    Entry("day", |a| number(part(a)?.day()), false),
    Entry("day_of_week", |a| number(part(a)?.weekday().to_monday_one_offset()), false),
    Entry("day_of_year", |a| number(part(a)?.day_of_year()), false),
    Entry("hour", |a| number(part(a)?.hour()), false),
    Entry("minute", |a| number(part(a)?.minute()), false),
    Entry("second", |a| number(part(a)?.second()), false),
    Entry("millisecond", |a| number(part(a)?.millisecond()), false),
    Entry("add_months", |a| months(a, 1), false),
    Entry("add_months_date", |a| months(a, DAY), false),
];

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

fn number(value: impl Into<i64>) -> Result<Value, QueryError> {
    Ok(Value::Integer(value.into()))
}

fn text(value: Option<String>) -> Result<Value, QueryError> {
    value.map(Value::Text).ok_or_else(unexpected)
}

fn days(date: Date) -> Result<Value, QueryError> {
    Ok(Value::Integer(days_since(date)))
}

fn days_since(date: Date) -> i64 {
    let span = date.since((Unit::Day, Date::constant(1970, 1, 1)));
    span.map(|span| i64::from(span.get_days())).unwrap_or_default()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what is too large has no date, which is checked where it is shown"
)]
fn whole_milliseconds(value: f64) -> Result<Value, QueryError> {
    Ok(Value::Integer(value.round() as i64))
}

pub(super) fn utc(milliseconds: i64) -> Result<Zoned, QueryError> {
    Timestamp::from_millisecond(milliseconds)
        .map(|at| at.to_zoned(TimeZone::UTC))
        .map_err(|_| super::runtime::out_of_range(format!("Millisecond overflow: {milliseconds}")))
}

fn part(arguments: &[Value]) -> Result<DateTime, QueryError> {
    Ok(utc(int(arguments.first())?)?.datetime())
}

/// `2024-01-31` of days.
pub(super) fn date_text(days: i64) -> Option<String> {
    let at = Timestamp::from_millisecond(days.checked_mul(DAY)?).ok()?;
    Some(at.strftime("%Y-%m-%d").to_string())
}

/// `2024-01-31 10:20:30.123` of milliseconds.
pub(super) fn timestamp_text(milliseconds: i64) -> Option<String> {
    let at = Timestamp::from_millisecond(milliseconds).ok()?;
    Some(at.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string())
}

/// Days of `2024-01-31`.
pub(super) fn date_of(text: &str) -> Option<i64> {
    Date::strptime("%Y-%m-%d", text.trim()).ok().map(days_since)
}

/// Milliseconds of `2024-01-31 10:20:30.123`, with a zone or in UTC.
pub(super) fn timestamp_of(text: &str) -> Option<i64> {
    let text = text.trim();
    let (day, rest) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let date = Date::strptime("%Y-%m-%d", day).ok()?;
    let (clock, zone) = match rest.find(|c: char| c == ' ' || c == '+' || c == '-' || c.is_ascii_alphabetic())
    {
        Some(at) => rest.split_at_checked(at)?,
        None => (rest, ""),
    };
    let mut parts = clock.split(':');
    let hour = part_of(parts.next().filter(|part| !part.is_empty()))?;
    let minute = part_of(parts.next())?;
    let (second, fraction) = match parts.next() {
        None => (0, 0),
        Some(second) => {
            let (second, fraction) = second.split_once('.').unwrap_or((second, ""));
            let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
            (part_of(Some(second))?, padded.parse::<i16>().ok()?)
        }
    };
    let time =
        jiff::civil::Time::new(hour, minute, second, i32::from(fraction).saturating_mul(1_000_000)).ok()?;
    let zone = if zone.trim().is_empty() { TimeZone::UTC } else { super::zones::zone(zone.trim())? };
    let at = date.to_datetime(time).to_zoned(zone).ok()?;
    Some(at.timestamp().as_millisecond())
}

fn part_of(text: Option<&str>) -> Option<i8> {
    text.map_or(Some(0), |text| text.parse().ok())
}

/// The days of a literal `DATE '…'`.
pub(in super::super) fn literal_date(text: &str) -> Option<i64> {
    date_of(text)
}

/// The milliseconds of a literal `TIMESTAMP '…'`, and whether it has a zone.
pub(in super::super) fn literal_timestamp(text: &str) -> Option<(i64, bool)> {
    let clock = text.trim().split_once([' ', 'T']).map_or("", |(_, clock)| clock);
    let zoned = clock.contains(|c: char| c == '+' || c == '-' || c.is_ascii_alphabetic());
    timestamp_of(text).map(|at| (at, zoned))
}

fn day_of_text(text: &str) -> Result<Value, QueryError> {
    date_of(text).map(Value::Integer).ok_or_else(|| {
        QueryError::user("INVALID_CAST_ARGUMENT", format!("Value cannot be cast to date: {text}"))
    })
}

fn from_iso(arguments: &[Value]) -> Result<Value, QueryError> {
    let text = string(arguments.first())?;
    timestamp_of(text).map(Value::Integer).ok_or_else(|| invalid(format!("Invalid format: \"{text}\"")))
}

/// MySQL's codes, which are Trino's.
fn date_format(arguments: &[Value]) -> Result<Value, QueryError> {
    let at = utc(int(arguments.first())?)?;
    let mut out = String::new();
    let mut codes = string(arguments.get(1))?.chars();
    while let Some(c) = codes.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let code = match codes.next() {
            Some('Y') => "%Y",
            Some('y') => "%y",
            Some('m') => "%m",
            Some('c') => "%-m",
            Some('d') => "%d",
            Some('e') => "%-d",
            Some('H') => "%H",
            Some('k') => "%-H",
            Some('h' | 'I') => "%I",
            Some('l') => "%-I",
            Some('i') => "%M",
            Some('s' | 'S') => "%S",
            Some('T') => "%H:%M:%S",
            Some('r') => "%I:%M:%S %p",
            Some('p') => "%p",
            Some('M') => "%B",
            Some('b') => "%b",
            Some('W') => "%A",
            Some('a') => "%a",
            Some('j') => "%j",
            Some('v') => "%V",
            Some('x') => "%G",
            Some('f') => "%6f",
            Some(c @ ('D' | 'U' | 'u' | 'V' | 'w' | 'X')) => {
                return Err(invalid(format!("%{c} not supported in date format string")));
            }
            Some(c) => {
                out.push(c);
                continue;
            }
            None => return Err(invalid("Invalid date format string")),
        };
        out.push_str(&at.strftime(code).to_string());
    }
    Ok(Value::Text(out))
}

fn date_parse(arguments: &[Value]) -> Result<Value, QueryError> {
    let (text, format) = (string(arguments.first())?, string(arguments.get(1))?);
    let format = format.replace("%i", "%M").replace("%s", "%S").replace("%T", "%H:%M:%S");
    let wrong = || invalid(format!("Invalid format: \"{text}\""));
    let broken = jiff::fmt::strtime::parse(&format, text).map_err(|_| wrong())?;
    let date = broken.to_date().map_err(|_| wrong())?;
    let time = broken.to_time().unwrap_or_default();
    let at = date.to_datetime(time).to_zoned(TimeZone::UTC).map_err(|_| wrong())?;
    Ok(Value::Integer(at.timestamp().as_millisecond()))
}

/// The start of the unit that a time is in.
pub(super) fn start(at: &Zoned, unit: &str) -> Option<Zoned> {
    let date = at.date();
    let day = match unit {
        "second" | "minute" | "hour" => {
            let unit = match unit {
                "second" => Unit::Second,
                "minute" => Unit::Minute,
                _ => Unit::Hour,
            };
            return at.round(jiff::ZonedRound::new().smallest(unit).mode(jiff::RoundMode::Floor)).ok();
        }
        "day" => date,
        "week" => date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).ok()?,
        "month" => date.first_of_month(),
        "quarter" => {
            let month = match date.month() {
                1..=3 => 1,
                4..=6 => 4,
                7..=9 => 7,
                _ => 10,
            };
            Date::new(date.year(), month, 1).ok()?
        }
        "year" => date.first_of_year(),
        _ => return None,
    };
    day.to_zoned(at.time_zone().clone()).ok()
}

fn truncated(arguments: &[Value], unit_of_value: i64) -> Result<Value, QueryError> {
    let unit = string(arguments.first())?.to_lowercase();
    let at = utc(int(arguments.get(1))?.saturating_mul(unit_of_value))?;
    let kind = if unit_of_value == DAY { "DATE" } else { "TIMESTAMP" };
    let start = start(&at, &unit)
        .filter(|_| kind != "DATE" || !matches!(unit.as_str(), "second" | "minute" | "hour"));
    let start = start.ok_or_else(|| invalid(format!("'{unit}' is not a valid {kind} field")))?;
    Ok(Value::Integer(start.timestamp().as_millisecond().div_euclid(unit_of_value)))
}

/// So many of a unit.
pub(super) fn span(unit: &str, amount: i64) -> Option<Span> {
    let span = Span::new();
    match unit {
        "millisecond" => span.try_milliseconds(amount),
        "second" => span.try_seconds(amount),
        "minute" => span.try_minutes(amount),
        "hour" => span.try_hours(amount),
        "day" => span.try_days(amount),
        "week" => span.try_weeks(amount),
        "month" => span.try_months(amount),
        "quarter" => span.try_months(amount.checked_mul(3)?),
        "year" => span.try_years(amount),
        _ => return None,
    }
    .ok()
}

fn added(arguments: &[Value], unit_of_value: i64) -> Result<Value, QueryError> {
    let unit = string(arguments.first())?.to_lowercase();
    let amount = int(arguments.get(1))?;
    let at = utc(int(arguments.get(2))?.saturating_mul(unit_of_value))?;
    let kind = if unit_of_value == DAY { "DATE" } else { "TIMESTAMP" };
    let span = span(&unit, amount).ok_or_else(|| invalid(format!("'{unit}' is not a valid {kind} field")))?;
    let at = at.checked_add(span).map_err(|_| super::runtime::out_of_range("date out of range"))?;
    Ok(Value::Integer(at.timestamp().as_millisecond().div_euclid(unit_of_value)))
}

fn months(arguments: &[Value], unit_of_value: i64) -> Result<Value, QueryError> {
    let at = utc(int(arguments.first())?.saturating_mul(unit_of_value))?;
    let span = span("month", int(arguments.get(1))?).ok_or_else(unexpected)?;
    let at = at.checked_add(span).map_err(|_| super::runtime::out_of_range("date out of range"))?;
    Ok(Value::Integer(at.timestamp().as_millisecond().div_euclid(unit_of_value)))
}

/// Whole units from the first to the second.
fn date_diff(arguments: &[Value]) -> Result<Value, QueryError> {
    let unit = string(arguments.first())?.to_lowercase();
    let (from, to) = (int(arguments.get(1))?, int(arguments.get(2))?);
    let difference = to.saturating_sub(from);
    let months = || -> Result<i64, QueryError> {
        let span = utc(from)?.until((Unit::Month, &utc(to)?)).map_err(|_| unexpected())?;
        Ok(i64::from(span.get_months()))
    };
    let found = match unit.as_str() {
        "millisecond" => difference,
        "second" => difference / 1_000,
        "minute" => difference / 60_000,
        "hour" => difference / 3_600_000,
        "day" => difference / DAY,
        "week" => difference / (7 * DAY),
        "month" => months()?,
        "quarter" => months()? / 3,
        "year" => months()? / 12,
        _ => return Err(invalid(format!("'{unit}' is not a valid TIMESTAMP field"))),
    };
    Ok(Value::Integer(found))
}

/// A time by a pattern of letters such as `yyyy-MM-dd HH:mm:ss`.
pub(super) fn pattern(at: &Zoned, pattern: &str) -> Result<String, QueryError> {
    let mut out = String::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\'' {
            if letters.next_if_eq(&'\'').is_some() {
                out.push('\'');
                continue;
            }
            out.extend(letters.by_ref().take_while(|c| *c != '\''));
            continue;
        }
        if !letter.is_ascii_alphabetic() {
            out.push(letter);
            continue;
        }
        let mut width = 1_usize;
        while letters.next_if_eq(&letter).is_some() {
            width = width.saturating_add(1);
        }
        let code = match (letter, width) {
            ('y' | 'Y' | 'u', 2) => "%y",
            ('y' | 'Y' | 'u', _) => "%Y",
            ('M', 1) => "%-m",
            ('M', 2) => "%m",
            ('M', 3) => "%b",
            ('M', _) => "%B",
            ('d', 1) => "%-d",
            ('d', _) => "%d",
            ('D', _) => "%j",
            ('H', 1) => "%-H",
            ('H', _) => "%H",
            ('h', 1) => "%-I",
            ('h', _) => "%I",
            ('m', 1) => "%-M",
            ('m', _) => "%M",
            ('s', 1) => "%-S",
            ('s', _) => "%S",
            ('S', 1..=2) => "%1f",
            ('S', _) => "%3f",
            ('a', _) => "%p",
            ('E', 1..=3) => "%a",
            ('E', _) => "%A",
            ('e', _) => "%u",
            ('w', _) => "%V",
            ('Z' | 'X' | 'x', 1) => "%z",
            ('Z' | 'X' | 'x', _) => "%:z",
            ('z', _) => "%Z",
            _ => return Err(invalid(format!("Illegal pattern component: {letter}"))),
        };
        out.push_str(&at.strftime(code).to_string());
    }
    Ok(out)
}

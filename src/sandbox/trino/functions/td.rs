//! Treasure Data's functions of time. Times are whole seconds since 1970, weeks begin on Monday.

use super::super::error::QueryError;
use super::dates::{pattern, start, timestamp_of};
use super::runtime::{Entry, int, invalid, string, unexpected};
use super::zones::zone;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use rusqlite::types::Value;

pub(super) const ALL: &[Entry] = &[
    Entry("td_time_string", time_string, false),
    Entry("td_time_format", |a| Ok(Value::Text(pattern(&at(a)?, string(a.get(1))?)?)), false),
    Entry("td_time_parse", parsed, false),
    Entry("td_time_add", added, false),
    Entry("td_date_trunc", truncated, false),
];

fn zone_of(value: Option<&Value>) -> Result<TimeZone, QueryError> {
    match value {
        None => Ok(TimeZone::UTC),
        Some(value) => {
            let name = string(Some(value))?;
            zone(name).ok_or_else(|| invalid(format!("Unknown time zone: {name}")))
        }
    }
}

fn seconds(time: i64, zone: TimeZone) -> Result<Zoned, QueryError> {
    Timestamp::from_second(time)
        .map(|at| at.to_zoned(zone))
        .map_err(|_| super::runtime::out_of_range(format!("time is out of range: {time}")))
}

fn at(arguments: &[Value]) -> Result<Zoned, QueryError> {
    seconds(int(arguments.first())?, zone_of(arguments.get(2))?)
}

/// `td_time_string`: the codes are `y`, `q`, `M`, `w`, `d`, `h`, `m`, `s`, with `!` without the offset of the zone.
/// Published examples also give it patterns as `td_time_format` has them, which no page confirms.
fn time_string(arguments: &[Value]) -> Result<Value, QueryError> {
    let at = at(arguments)?;
    let format = string(arguments.get(1))?;
    let (code, offset) = match format.strip_suffix('!') {
        Some(code) => (code, ""),
        None => (format, "%z"),
    };
    let (unit, shape) = match code {
        "y" => ("year", "%Y"),
        "q" => ("quarter", "%Y-%m"),
        "M" => ("month", "%Y-%m"),
        "w" => ("week", "%Y-%m-%d"),
        "d" => ("day", "%Y-%m-%d"),
        "h" => ("hour", "%Y-%m-%d %H"),
        "m" => ("minute", "%Y-%m-%d %H:%M"),
        "s" => ("second", "%Y-%m-%d %H:%M:%S"),
        _ => return Ok(Value::Text(pattern(&at, format)?)),
    };
    let at = start(&at, unit).ok_or_else(unexpected)?;
    Ok(Value::Text(at.strftime(&format!("{shape}{offset}")).to_string()))
}

/// The seconds of a text such as `2024-01-31` or `2024-01-31 10:20:30`, in a zone when it names none.
pub(in super::super) fn parse(text: &str, zone: &TimeZone) -> Option<i64> {
    let trimmed = text.trim();
    let clock = trimmed.split_once([' ', 'T']).map_or("", |(_, clock)| clock);
    let milliseconds = timestamp_of(trimmed)?;
    let zoned = clock.contains(|c: char| c == '+' || c == '-' || c.is_ascii_alphabetic());
    if zoned {
        return Some(milliseconds.div_euclid(1000));
    }
    let civil = Timestamp::from_millisecond(milliseconds).ok()?.to_zoned(TimeZone::UTC).datetime();
    Some(civil.to_zoned(zone.clone()).ok()?.timestamp().as_second())
}

/// NULL for what is no time.
fn parsed(arguments: &[Value]) -> Result<Value, QueryError> {
    let zone = zone_of(arguments.get(1))?;
    Ok(parse(string(arguments.first())?, &zone).map_or(Value::Null, Value::Integer))
}

/// A time and a duration such as `1d`, `-2h` or `1h30m`.
pub(in super::super) fn add(time: i64, duration: &str) -> Option<i64> {
    let (sign, mut rest) = match duration.trim().strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, duration.trim()),
    };
    let mut total = 0_i64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at_checked(end)?;
        let mut letters = after.chars();
        let factor = match letters.next()? {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(factor)?)?;
        rest = letters.as_str();
    }
    time.checked_add(total.checked_mul(sign)?)
}

fn added(arguments: &[Value]) -> Result<Value, QueryError> {
    let zone = zone_of(arguments.get(2))?;
    let time = match arguments.first() {
        Some(Value::Text(text)) => match parse(text, &zone) {
            Some(time) => time,
            None => return Ok(Value::Null),
        },
        time => int(time)?,
    };
    let duration = string(arguments.get(1))?;
    let found = add(time, duration).ok_or_else(|| invalid(format!("Invalid duration: {duration}")))?;
    Ok(Value::Integer(found))
}

fn truncated(arguments: &[Value]) -> Result<Value, QueryError> {
    let unit = string(arguments.first())?.to_lowercase();
    let at = seconds(int(arguments.get(1))?, zone_of(arguments.get(2))?)?;
    let start = start(&at, &unit).ok_or_else(|| invalid(format!("Invalid unit: {unit}")))?;
    Ok(Value::Integer(start.timestamp().as_second()))
}

/// `td_interval`: the seconds from and to which a text such as `-1d`, `-8h/now`, `-7d/2024-01-31` or `-1d/-7d`
/// stands for. The unit begins at its own start: `-1d` is yesterday, `1d` today, `0d/now` today so far.
pub(in super::super) fn interval(text: &str, now: i64, zone: &TimeZone) -> Option<(i64, i64)> {
    let now = Timestamp::from_second(now).ok()?.to_zoned(zone.clone());
    let (amount, unit, base) = match text.trim().split_once('/') {
        None => {
            let (amount, unit) = relative(text.trim())?;
            (amount, unit, start(&now, unit)?)
        }
        Some((duration, offset)) => {
            let (amount, unit) = relative(duration.trim())?;
            (amount, unit, base(offset.trim(), &now)?)
        }
    };
    let grid = start(&base, unit)?;
    let other = grid.checked_add(super::dates::span(unit, amount)?).ok()?;
    let (from, to) = if other <= base { (other, base) } else { (base, other) };
    Some((from.timestamp().as_second(), to.timestamp().as_second()))
}

/// What stands after `/`.
fn base(offset: &str, now: &Zoned) -> Option<Zoned> {
    if offset == "now" {
        return Some(now.clone());
    }
    if let Some((amount, unit)) = relative(offset) {
        let grid = start(now, unit)?;
        let other = grid.checked_add(super::dates::span(unit, amount)?).ok()?;
        return Some(if other <= grid { other } else { grid });
    }
    let seconds = parse(offset, now.time_zone())?;
    Some(Timestamp::from_second(seconds).ok()?.to_zoned(now.time_zone().clone()))
}

/// `-7d` is -7 and day.
fn relative(text: &str) -> Option<(i64, &'static str)> {
    let mut letters = text.chars();
    let unit = match letters.next_back()? {
        's' => "second",
        'm' => "minute",
        'h' => "hour",
        'd' => "day",
        'w' => "week",
        'M' => "month",
        'q' => "quarter",
        'y' => "year",
        _ => return None,
    };
    let number = letters.as_str();
    let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
    let fine = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    fine.then(|| number.parse().ok())?.map(|amount| (amount, unit))
}

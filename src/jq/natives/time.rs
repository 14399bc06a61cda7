//! Dates and times of jq: seconds since 1970 and arrays of parts.

use std::rc::Rc;

use jaq_interpret::{Error, Val, ValR};

use super::calendar::{Moment, parse};
use super::{Spec, fail, once, unary};
use crate::jq::value::{as_f64, is_number, number, string};

/// Times beyond the year 292 million are no times; this keeps sums within 64 bits.
const FARTHEST: f64 = 9e15;

pub(super) const TABLE: &[Spec] = &[
    Spec::value("gmtime", "", |_, cv| {
        once(seconds(&cv.1, "gmtime()").map(|t| parts(&Moment::at(t, 0, "UTC"))))
    }),
    Spec::value("localtime", "", |_, cv| once(seconds(&cv.1, "localtime()").map(|t| parts(&local(t))))),
    Spec::value("mktime", "", |_, cv| {
        once(match &cv.1 {
            Val::Arr(_) => moment(&cv.1, "mktime").map(|m| number(m.timestamp() as f64)),
            _ => fail("mktime requires array inputs"),
        })
    }),
    Spec::value("strftime", "v", |args, cv| {
        unary(args, cv, |v, format| strftime(v, &format, "strftime/1", false))
    }),
    Spec::value("strflocaltime", "v", |args, cv| {
        unary(args, cv, |v, format| strftime(v, &format, "strflocaltime/1", true))
    }),
    Spec::value("strptime", "v", |args, cv| {
        unary(args, cv, |v, format| match (v, &format) {
            (Val::Str(text), Val::Str(format)) => match parse(text, format) {
                Some(moment) => Ok(parts(&moment)),
                None => fail(format!("date \"{text}\" does not match format \"{format}\"")),
            },
            _ => fail("strptime/1 requires string inputs and arguments"),
        })
    }),
];

fn seconds(v: &Val, name: &str) -> Result<f64, Error> {
    match as_f64(v).filter(|_| is_number(v)) {
        Some(t) if t.abs() <= FARTHEST => Ok(t),
        Some(_) => fail(format!("{name} input is out of range")),
        None => fail(format!("{name} requires numeric inputs")),
    }
}

/// The time in the system's zone; UTC where that is unknown.
fn local(t: f64) -> Moment {
    let zone = jiff::tz::TimeZone::system();
    // In range by `seconds`, if not for jiff's calendar.
    match jiff::Timestamp::from_second(t.floor() as i64) {
        Ok(timestamp) => {
            let info = zone.to_offset_info(timestamp);
            Moment::at(t, i64::from(info.offset().seconds()), info.abbreviation())
        }
        Err(_) => Moment::at(t, 0, "UTC"),
    }
}

fn parts(m: &Moment) -> Val {
    let all = [
        m.year as f64,
        m.month as f64,
        m.day as f64,
        m.hour as f64,
        m.minute as f64,
        m.second,
        m.weekday as f64,
        m.yearday as f64,
    ];
    Val::Arr(Rc::new(all.into_iter().map(number).collect()))
}

/// Parts back to a moment; missing ones are zero.
fn moment(v: &Val, name: &str) -> Result<Moment, Error> {
    let wrong = || fail(format!("{name} requires parsed datetime inputs"));
    let Val::Arr(given) = v else { return wrong() };
    let mut all = [0.0; 8];
    for (slot, v) in all.iter_mut().zip(given.iter()) {
        match as_f64(v).filter(|f| is_number(v) && f.abs() <= 1e9) {
            Some(f) => *slot = f,
            None => return wrong(),
        }
    }
    let [year, month, day, hour, minute, second, weekday, yearday] = all;
    // In range by the test above.
    let int = |f: f64| f as i64;
    Ok(Moment {
        year: int(year),
        month: int(month),
        day: int(day),
        hour: int(hour),
        minute: int(minute),
        second,
        weekday: int(weekday),
        yearday: int(yearday),
        offset: 0,
        zone: "UTC".to_owned(),
    })
}

fn strftime(v: &Val, format: &Val, name: &str, in_zone: bool) -> ValR {
    let moment = match v {
        n if is_number(n) => {
            let t = seconds(n, name)?;
            if in_zone { local(t) } else { Moment::at(t, 0, "UTC") }
        }
        Val::Arr(_) => {
            let moment = moment(v, name)?;
            if in_zone { in_system_zone(moment) } else { moment }
        }
        _ => return fail(format!("{name} requires parsed datetime inputs")),
    };
    match format {
        Val::Str(format) => Ok(string(moment.format(format))),
        _ => fail(format!("{name} requires a string format")),
    }
}

/// The same wall clock with the offset and name of the system's zone.
fn in_system_zone(mut moment: Moment) -> Moment {
    let near = local(moment.timestamp() as f64);
    let exact = local(moment.timestamp().saturating_sub(near.offset) as f64);
    moment.offset = exact.offset;
    moment.zone = exact.zone;
    moment
}

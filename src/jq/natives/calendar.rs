//! Broken-down times, and their text by the C library's `strftime` and `strptime` in the C locale.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "`time` lets in no part beyond 10⁹, so that no time is beyond 10¹⁷ s, and 64 bits hold all of them"
)]

use std::fmt::Write as _;

/// A moment in parts, as C's `struct tm`, with fractions of a second.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    pub(super) year: i64,
    /// From 0.
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: f64,
    /// From Sunday, 0.
    pub(super) weekday: i64,
    /// From 0.
    pub(super) yearday: i64,
    /// Seconds east of Greenwich, and the zone's name.
    pub(super) offset: i64,
    pub(super) zone: String,
}

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days from 1970-01-01 to a date; months beyond the year carry over.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year + month.div_euclid(12);
    let month = month.rem_euclid(12);
    // Years begin in March here, so that the leap day is the last one.
    let (y, m) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * m + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let y = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * y + y / 4 - y / 100);
    let m = (5 * of_year + 2) / 153;
    let day = of_year - (153 * m + 2) / 5 + 1;
    let (year, month) = if m < 10 { (y, m + 2) } else { (y + 1, m - 10) };
    (year + era * 400, month, day)
}

impl Moment {
    /// The parts of a time in seconds since 1970, shifted by an offset.
    pub(super) fn at(seconds: f64, offset: i64, zone: &str) -> Moment {
        let whole = seconds.floor();
        // Callers limit the range; a cast saturates anyway.
        let local = whole as i64 + offset;
        let days = local.div_euclid(86_400);
        let rest = local.rem_euclid(86_400);
        let (year, month, day) = civil_from_days(days);
        Moment {
            year,
            month,
            day,
            hour: rest / 3_600,
            minute: rest / 60 % 60,
            second: (rest % 60) as f64 + (seconds - whole),
            weekday: (days + 4).rem_euclid(7),
            yearday: days - days_from_civil(year, 0, 1),
            offset,
            zone: zone.to_owned(),
        }
    }

    /// Seconds since 1970, fractions dropped.
    pub(super) fn timestamp(&self) -> i64 {
        let days = days_from_civil(self.year, self.month, self.day);
        // A cast saturates.
        days * 86_400 + self.hour * 3_600 + self.minute * 60 + self.second as i64 - self.offset
    }

    /// Computes weekday and day of the year from the date.
    fn complete(&mut self) {
        let days = days_from_civil(self.year, self.month, self.day);
        self.weekday = (days + 4).rem_euclid(7);
        self.yearday = days - days_from_civil(self.year, 0, 1);
    }

    /// Year and week by ISO 8601.
    fn iso_week(&self) -> (i64, i64) {
        let monday_based = (self.weekday + 6) % 7;
        let week = (self.yearday - monday_based + 10).div_euclid(7);
        let weeks = |year: i64| {
            let first = (days_from_civil(year, 0, 1) + 3).rem_euclid(7);
            let leap = days_from_civil(year + 1, 0, 1) - days_from_civil(year, 0, 1) == 366;
            if first == 3 || (leap && first == 2) { 53 } else { 52 }
        };
        match week {
            w if w < 1 => (self.year - 1, weeks(self.year - 1)),
            w if w > weeks(self.year) => (self.year + 1, 1),
            w => (self.year, w),
        }
    }

    /// The text by a format of `strftime`.
    pub(super) fn format(&self, format: &str) -> String {
        let mut out = String::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            // Modifiers for other calendars and digits change nothing in the C locale.
            let code = chars.find(|c| !matches!(c, 'E' | 'O'));
            match code {
                Some(code) => self.put(code, &mut out),
                None => out.push('%'),
            }
        }
        out
    }

    fn put(&self, code: char, out: &mut String) {
        // A cast saturates; seconds are small.
        let second = self.second as i64;
        let hour12 = (self.hour + 11).rem_euclid(12) + 1;
        // Writing into a string cannot fail.
        let _ = match code {
            'Y' => write!(out, "{}", self.year),
            'C' => write!(out, "{:02}", self.year.div_euclid(100)),
            'y' => write!(out, "{:02}", self.year.rem_euclid(100)),
            'm' => write!(out, "{:02}", self.month + 1),
            'd' => write!(out, "{:02}", self.day),
            'e' => write!(out, "{:2}", self.day),
            'H' => write!(out, "{:02}", self.hour),
            'I' => write!(out, "{hour12:02}"),
            'k' => write!(out, "{:2}", self.hour),
            'l' => write!(out, "{hour12:2}"),
            'M' => write!(out, "{:02}", self.minute),
            'S' => write!(out, "{second:02}"),
            'j' => write!(out, "{:03}", self.yearday + 1),
            'p' => write!(out, "{}", if self.hour < 12 { "AM" } else { "PM" }),
            'P' => write!(out, "{}", if self.hour < 12 { "am" } else { "pm" }),
            'A' => write!(out, "{}", name(&DAYS, self.weekday, 9)),
            'a' => write!(out, "{}", name(&DAYS, self.weekday, 3)),
            'B' => write!(out, "{}", name(&MONTHS, self.month, 9)),
            'b' | 'h' => write!(out, "{}", name(&MONTHS, self.month, 3)),
            'u' => write!(out, "{}", (self.weekday + 6) % 7 + 1),
            'w' => write!(out, "{}", self.weekday),
            'U' => write!(out, "{:02}", (self.yearday + 7 - self.weekday) / 7),
            'W' => write!(out, "{:02}", (self.yearday + 7 - (self.weekday + 6) % 7) / 7),
            'V' => write!(out, "{:02}", self.iso_week().1),
            'G' => write!(out, "{}", self.iso_week().0),
            'g' => write!(out, "{:02}", self.iso_week().0.rem_euclid(100)),
            's' => write!(out, "{}", self.timestamp()),
            'Z' => write!(out, "{}", self.zone),
            'z' => {
                let sign = if self.offset < 0 { '-' } else { '+' };
                let minutes = self.offset.abs() / 60;
                write!(out, "{sign}{:02}{:02}", minutes / 60, minutes % 60)
            }
            'n' => writeln!(out),
            't' => write!(out, "\t"),
            '%' => write!(out, "%"),
            other => match compound(other) {
                Some(parts) => write!(out, "{}", self.format(parts)),
                None => write!(out, "%{other}"),
            },
        };
    }
}

/// Codes that stand for several others.
fn compound(code: char) -> Option<&'static str> {
    Some(match code {
        'c' => "%a %b %e %H:%M:%S %Y",
        'D' | 'x' => "%m/%d/%y",
        'F' => "%Y-%m-%d",
        'R' => "%H:%M",
        'r' => "%I:%M:%S %p",
        'T' | 'X' => "%H:%M:%S",
        '+' => "%a %b %e %H:%M:%S %Z %Y",
        _ => return None,
    })
}

fn name(names: &[&'static str], index: i64, len: usize) -> &'static str {
    let name = usize::try_from(index).ok().and_then(|i| names.get(i));
    let name = name.copied().unwrap_or("?");
    name.get(..len).unwrap_or(name)
}

/// What `strptime` has read so far.
struct Reader<'t> {
    rest: &'t str,
    moment: Moment,
    afternoon: Option<bool>,
    has_date: bool,
    yearday: Option<i64>,
    century: Option<i64>,
    timestamp: Option<i64>,
}

/// Reads a text by a format of `strptime`; `None` if it does not match as a whole.
pub(super) fn parse(text: &str, format: &str) -> Option<Moment> {
    let mut reader = Reader {
        rest: text,
        moment: Moment::at(0.0, 0, "UTC"),
        afternoon: None,
        has_date: false,
        yearday: None,
        century: None,
        timestamp: None,
    };
    reader.moment.year = 1900;
    reader.moment.day = 0;
    reader.moment.weekday = 0;
    reader.read(format)?;
    if !reader.rest.is_empty() {
        return None;
    }
    Some(reader.finish())
}

impl Reader<'_> {
    fn read(&mut self, format: &str) -> Option<()> {
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c.is_whitespace() {
                self.rest = self.rest.trim_start();
            } else if c != '%' {
                self.rest = self.rest.strip_prefix(c)?;
            } else {
                let code = chars.find(|c| !matches!(c, 'E' | 'O'))?;
                self.field(code)?;
            }
        }
        Some(())
    }

    /// A number of at most `width` digits within a range, after optional blanks.
    fn number(&mut self, width: usize, low: i64, high: i64) -> Option<i64> {
        self.rest = self.rest.trim_start();
        let digits = self.rest.bytes().take(width);
        let len = digits.take_while(u8::is_ascii_digit).count();
        let value: i64 = self.rest.get(..len)?.parse().ok()?;
        self.rest = self.rest.get(len..)?;
        (low..=high).contains(&value).then_some(value)
    }

    /// A full or short name, in any case.
    fn name(&mut self, names: &[&str]) -> Option<i64> {
        for (i, full) in names.iter().enumerate() {
            for len in [full.len(), 3] {
                let head = self.rest.get(..len);
                let known = full.get(..len);
                if let (Some(head), Some(known)) = (head, known)
                    && head.eq_ignore_ascii_case(known)
                {
                    self.rest = self.rest.get(len..)?;
                    return i64::try_from(i).ok();
                }
            }
        }
        None
    }

    fn field(&mut self, code: char) -> Option<()> {
        match code {
            'Y' => {
                let negative = self.rest.strip_prefix('-');
                self.rest = negative.unwrap_or(self.rest);
                let year = self.number(4, 0, 9_999)?;
                self.moment.year = if negative.is_some() { -year } else { year };
                self.has_date = true;
            }
            'C' => self.century = Some(self.number(2, 0, 99)?),
            'y' => {
                let year = self.number(2, 0, 99)?;
                self.moment.year = if year < 69 { 2000 + year } else { 1900 + year };
                self.has_date = true;
            }
            'm' => {
                self.moment.month = self.number(2, 1, 12)? - 1;
                self.has_date = true;
            }
            'd' | 'e' => {
                self.moment.day = self.number(2, 1, 31)?;
                self.has_date = true;
            }
            'b' | 'B' | 'h' => {
                self.moment.month = self.name(&MONTHS)?;
                self.has_date = true;
            }
            'a' | 'A' => self.moment.weekday = self.name(&DAYS)?,
            'j' => self.yearday = Some(self.number(3, 1, 366)? - 1),
            'H' | 'k' => self.moment.hour = self.number(2, 0, 23)?,
            'I' | 'l' => self.moment.hour = self.number(2, 1, 12)? % 12,
            'M' => self.moment.minute = self.number(2, 0, 59)?,
            'S' => self.moment.second = self.number(2, 0, 60)? as f64,
            'p' | 'P' => {
                let half = self.rest.get(..2)?;
                self.afternoon = Some(half.eq_ignore_ascii_case("PM"));
                if !half.eq_ignore_ascii_case("AM") && self.afternoon != Some(true) {
                    return None;
                }
                self.rest = self.rest.get(2..)?;
            }
            's' => self.timestamp = Some(self.number(18, 0, 253_402_300_799)?),
            'u' => self.moment.weekday = self.number(1, 1, 7)? % 7,
            'w' => self.moment.weekday = self.number(1, 0, 6)?,
            'U' | 'W' | 'V' => drop(self.number(2, 0, 53)?),
            'z' => self.zone()?,
            // A zone's name says nothing reliable about the offset; it is skipped.
            'Z' => {
                let len = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                self.rest = self.rest.get(len..)?;
            }
            'n' | 't' => self.rest = self.rest.trim_start(),
            '%' => self.rest = self.rest.strip_prefix('%')?,
            other => return self.read(compound(other)?),
        }
        Some(())
    }

    /// `Z`, `+hh`, `+hhmm` or `+hh:mm`: checked and, as by jq's `mktime`, not applied.
    fn zone(&mut self) -> Option<()> {
        self.rest = self.rest.trim_start();
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Some(());
        }
        self.rest = self.rest.strip_prefix(['+', '-'])?;
        self.number(2, 0, 99)?;
        self.rest = self.rest.strip_prefix(':').unwrap_or(self.rest);
        if self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            self.number(2, 0, 59)?;
        }
        Some(())
    }

    fn finish(mut self) -> Moment {
        if let Some(seconds) = self.timestamp {
            return Moment::at(seconds as f64, 0, "UTC");
        }
        if self.afternoon == Some(true) {
            self.moment.hour += 12;
        }
        if let Some(century) = self.century {
            self.moment.year = century * 100 + self.moment.year.rem_euclid(100);
        }
        match self.yearday {
            Some(yearday) if self.moment.day == 0 => {
                let days = days_from_civil(self.moment.year, 0, 1) + yearday;
                (self.moment.year, self.moment.month, self.moment.day) = civil_from_days(days);
                self.moment.complete();
            }
            _ if self.has_date => {
                self.moment.day = self.moment.day.max(1);
                self.moment.complete();
            }
            // A time of day alone lies on the first day of 1970.
            _ => {
                self.moment.year = 1970;
                self.moment.day = 1;
                self.moment.complete();
            }
        }
        self.moment
    }
}

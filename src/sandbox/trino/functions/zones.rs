//! Time zones by their names.

use jiff::tz::{Offset, TimeZone};

/// The zones that have a short name; others are `Asia/Tokyo` or `+09:00`.
const SHORT: [(&str, i8); 14] = [
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("JST", 9),
    ("KST", 9),
    ("PST", -8),
    ("PDT", -7),
    ("MST", -7),
    ("MDT", -6),
    ("CST", -6),
    ("CDT", -5),
    ("EST", -5),
    ("EDT", -4),
    ("CET", 1),
];

/// The zone of a name.
pub(in super::super) fn zone(name: &str) -> Option<TimeZone> {
    if let Some((_, hours)) = SHORT.into_iter().find(|(short, _)| short.eq_ignore_ascii_case(name)) {
        return Some(if hours == 0 { TimeZone::UTC } else { TimeZone::fixed(Offset::constant(hours)) });
    }
    if let Some(rest) = name.strip_prefix(['+', '-']) {
        let digits: String = rest.chars().filter(|c| *c != ':').collect();
        let (hours, minutes) = match digits.len() {
            1 | 2 => (digits.as_str(), "0"),
            4 => digits.split_at_checked(2)?,
            _ => return None,
        };
        let (hours, minutes) = (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?);
        let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
        let seconds = if name.starts_with('-') { seconds.checked_neg()? } else { seconds };
        return Offset::from_seconds(seconds).ok().map(TimeZone::fixed);
    }
    TimeZone::get(name).ok()
}

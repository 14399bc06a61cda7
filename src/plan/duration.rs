//! Windows as the published dialect writes them: `24h`, `7d`, `30m`, `2w`.

use crate::platform::wire::{DurationSetting, DurationUnit};

/// A hundred years in seconds; anything longer is a slip of the keyboard.
pub const CENTURY: u64 = 36_500 * 86_400;

/// Reads a window: a whole number of at least 1 and a unit, with or without a space between. Units:
/// `m`, `h`, `d`, `w` (7 days) and their words (`min`, `minutes`, `hours`, `days`, `weeks`). The
/// unit is kept: `24h` is 24 hours, not one day. The error is a sentence without a full stop.
pub fn parse(text: &str) -> Result<DurationSetting, String> {
    let wanted = "a window is a whole number and a unit (m, h, d or w), for example 24h, 7d or 30d";
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() || unit.is_empty() {
        return Err(format!("'{text}' is no window: {wanted}"));
    }
    let (unit, factor) = match unit.trim().to_ascii_lowercase().as_str() {
        "m" | "min" | "mins" | "minute" | "minutes" => (DurationUnit::Minute, 1),
        "h" | "hr" | "hrs" | "hour" | "hours" => (DurationUnit::Hour, 1),
        "d" | "day" | "days" => (DurationUnit::Day, 1),
        "w" | "week" | "weeks" => (DurationUnit::Day, 7),
        other => return Err(format!("'{other}' in '{text}' is no unit: {wanted}")),
    };
    let value = number.parse::<u64>().ok().and_then(|n| n.checked_mul(factor));
    match value.filter(|value| DurationSetting { value: *value, unit }.seconds() <= CENTURY) {
        None => Err(format!("'{text}' is too long for a window")),
        Some(0) => Err(format!("'{text}' is empty: a window is at least 1 long")),
        Some(value) => Ok(DurationSetting { value, unit }),
    }
}

/// Writes a window as [`parse`] reads it: `24h`, `7d`, `30m`.
pub fn text(duration: DurationSetting) -> String {
    let unit = match duration.unit {
        DurationUnit::Minute => 'm',
        DurationUnit::Hour => 'h',
        DurationUnit::Day => 'd',
    };
    format!("{}{unit}", duration.value)
}

/// This many days.
pub fn days(value: u64) -> DurationSetting {
    DurationSetting { value, unit: DurationUnit::Day }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_keep_their_unit() {
        for (given, value, unit, back) in [
            ("24h", 24, DurationUnit::Hour, "24h"),
            ("7d", 7, DurationUnit::Day, "7d"),
            (" 90 minutes ", 90, DurationUnit::Minute, "90m"),
            ("2w", 14, DurationUnit::Day, "14d"),
            ("1 Hour", 1, DurationUnit::Hour, "1h"),
        ] {
            let read = parse(given).unwrap();
            assert_eq!(read, DurationSetting { value, unit }, "{given}");
            assert_eq!(text(read), back);
        }
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for bad in ["", "24", "h", "0h", "-1d", "1.5h", "5y", "99999999999999999999d", "９h", "1h30m"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}

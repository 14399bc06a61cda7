//! Numbers as they are written.

/// Whether two spellings of a decimal number mean the same one, to the last digit: `9.90` and `9.9`,
/// `1e3` and `1000.0`. What is not decimal, such as `0x1F`, is a whole number that loses nothing.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    match (parts(one), parts(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// Sign, significant digits and the power of ten of the last of them; zero has no digits.
fn parts(written: &str) -> Option<(bool, String, i64)> {
    let unsigned = written.trim_start_matches(['+', '-']);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let mantissa = mantissa.replace('_', "");
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let digits = all.trim_end_matches('0');
    let zeros = i64::try_from(all.len().saturating_sub(digits.len())).ok()?;
    let power = exponent.saturating_sub(i64::try_from(fraction.len()).ok()?).saturating_add(zeros);
    let digits = digits.trim_start_matches('0').to_owned();
    let power = if digits.is_empty() { 0 } else { power };
    Some((written.starts_with('-') && !digits.is_empty(), digits, power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_is_found_in_all_its_forms() {
        for (one, other) in
            [("9.90", "9.9"), ("1e3", "1000.0"), ("+5", "5"), ("-0", "0"), ("1E-2", "0.01"), ("0x1F", "31")]
        {
            assert!(is_same(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("12345678901234567890123", "1.2345678901234568e22"),
            ("-1", "1"),
            ("1", "10"),
            ("1.5e-9223372036854775808", "0"),
            ("10e9223372036854775807", "1"),
        ] {
            assert!(!is_same(one, other), "{one} {other}");
        }
    }
}

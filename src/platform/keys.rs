//! Stitching keys: which values of a key column count as an id.
//!
//! Wire form: `RealtimeKeyColumn {name, validRegexp, invalidTexts, internal}` of the published
//! contract. The YAML dialect's `exclude_regex` has no field of its own there, so it becomes a
//! `validRegexp` with a negative look-ahead ([`valid_regexp`]).

use super::pattern::Pattern;
use super::wire::KeyColumn;

/// What a value that is excluded is looked for with, and what follows it in [`valid_regexp`].
const EXCLUDE: &str = r"^(?![\s\S]*(?:";
const VALID: &str = r"))(?=[\s\S]*(?:";
const END: &str = "))";

/// The `validRegexp` for a key that must match `valid` and must not match `exclude`; `None` when
/// neither is given. Both patterns search anywhere in the value, so anchors are the author's.
pub fn valid_regexp(valid: Option<&str>, exclude: Option<&str>) -> Option<String> {
    match (valid, exclude) {
        (None, None) => None,
        (Some(valid), None) => Some(valid.to_owned()),
        (None, Some(exclude)) => Some(format!("{EXCLUDE}{exclude}{END}")),
        (Some(valid), Some(exclude)) => Some(format!("{EXCLUDE}{exclude}{VALID}{valid}{END}")),
    }
}

/// The patterns that [`valid_regexp`] makes this one from: what must match, and what must not. A
/// pattern of any other form, which was written elsewhere, is one that must match.
pub fn split_valid_regexp(pattern: &str) -> (Option<String>, Option<String>) {
    let whole = || (Some(pattern.to_owned()), None);
    let Some(inner) = pattern.strip_prefix(EXCLUDE).and_then(|rest| rest.strip_suffix(END)) else {
        return whole();
    };
    // A part that is no pattern by itself was cut in the middle of one.
    let good = |part: &str| !part.is_empty() && Pattern::new(part).is_ok();
    for (at, _) in inner.match_indices(VALID) {
        let Some((exclude, valid)) = inner.split_at_checked(at) else { continue };
        let valid = valid.strip_prefix(VALID).unwrap_or(valid);
        if good(exclude) && good(valid) {
            return (Some(valid.to_owned()), Some(exclude.to_owned()));
        }
    }
    if good(inner) { (None, Some(inner.to_owned())) } else { whole() }
}

/// Why a value of a stitching key is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// The field's name differs from the key's by case.
    WrongCase,
    /// A number, a truth value, a list or an object.
    NotAString,
    /// An empty string, or null.
    Empty,
    /// It does not match `validRegexp`.
    Pattern,
    /// It is one of `invalidTexts`.
    Invalid,
}

impl KeyFault {
    /// The reason in the log of dropped keys (td-skills `identity`, table `validation_failures`).
    pub const fn reason(self) -> &'static str {
        match self {
            KeyFault::WrongCase => "Key name case does not match a configured key.",
            KeyFault::NotAString => "Value is not a string.",
            KeyFault::Empty => "Value is empty.",
            KeyFault::Pattern => "Value does not meet the valid_regexp for this key.",
            KeyFault::Invalid => "Value is included in invalid_texts for this key.",
        }
    }
}

/// A key column with its pattern compiled.
#[derive(Debug, Clone)]
pub struct KeyFilter {
    valid: Option<Pattern>,
    invalid: Vec<String>,
}

impl KeyFilter {
    /// Compiles a key column. Errors name the pattern and what is wrong with it.
    pub fn new(column: &KeyColumn) -> Result<Self, String> {
        let valid = match &column.valid_regexp {
            None => None,
            Some(pattern) => Some(
                Pattern::new(pattern)
                    .map_err(|e| format!("the pattern '{pattern}' of key '{}': {e}", column.name))?,
            ),
        };
        Ok(KeyFilter { valid, invalid: column.invalid_texts.clone() })
    }

    /// Whether `value` is an id.
    pub fn accepts(&self, value: &str) -> bool {
        self.fault(value).is_none()
    }

    /// Why `value` is no id; `None` for an id. Empty values never are; invalid values match as a whole; a
    /// pattern that gives up (backtracking limit) refuses.
    pub fn fault(&self, value: &str) -> Option<KeyFault> {
        if value.is_empty() {
            Some(KeyFault::Empty)
        } else if self.invalid.iter().any(|text| text == value) {
            Some(KeyFault::Invalid)
        } else if self.valid.as_ref().is_some_and(|regex| !regex.is_match(value)) {
            Some(KeyFault::Pattern)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(valid: Option<&str>, exclude: Option<&str>, invalid: &[&str]) -> KeyFilter {
        let column = KeyColumn {
            name: "email".into(),
            valid_regexp: valid_regexp(valid, exclude),
            invalid_texts: invalid.iter().map(|t| (*t).to_owned()).collect(),
            ..KeyColumn::default()
        };
        KeyFilter::new(&column).unwrap()
    }

    #[test]
    fn excluded_and_invalid_values_are_no_ids() {
        let key = filter(None, Some("^test_"), &["null"]);
        assert!(key.accepts("u1") && key.accepts("a_test_"));
        assert!(!key.accepts("test_1") && !key.accepts("null") && !key.accepts(""));
        let both = filter(Some("@"), Some("@example\\.com$"), &[]);
        assert!(both.accepts("a@b.org"));
        assert!(!both.accepts("a@example.com") && !both.accepts("nobody"));
    }

    #[test]
    fn our_own_form_is_taken_apart_again() {
        let some = |text: Option<&str>| text.map(str::to_owned);
        for (valid, exclude) in [
            (Some("@"), None),
            (None, Some("^test_")),
            (Some("^a|b$"), Some("(x|y)")),
            (Some("@"), Some("[)]")),
            (Some("(?=a)b"), Some("(?!c)d")),
        ] {
            let pattern = valid_regexp(valid, exclude).unwrap();
            assert_eq!(split_valid_regexp(&pattern), (some(valid), some(exclude)), "{pattern}");
        }
        for other in ["", r"^(?![\s\S]*(?:))", r"^(?![\s\S]*(?:a))b(?:c))", "^(?!test_)"] {
            assert_eq!(split_valid_regexp(other), (some(Some(other)), None), "{other}");
        }
    }
}

//! Regular expressions of filters and keys.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

/// Longer strings are not given to a pattern that needs backtracking: an event may be 1 MB, and such
/// a pattern may take quadratic time (our choice; the vendor names neither its engine nor a limit).
const BACKTRACKING_BYTES: usize = 4_096;

/// How many compiled patterns are kept for another use. The same few keys are read again and again.
const KEPT: usize = 32;
/// No larger pattern is kept, in bytes when compiled.
const KEPT_BYTES: usize = 256 * 1024;

thread_local! {
    static COMPILED: RefCell<HashMap<String, Pattern>> = RefCell::default();
}

/// A compiled pattern. It searches anywhere in a string; anchors are the author's.
#[derive(Clone)]
pub struct Pattern(Engine);

#[derive(Clone)]
enum Engine {
    /// Time grows with the string, no faster.
    Linear(regex::Regex),
    /// Look-around and back-references.
    Backtracking(Box<fancy_regex::Regex>),
}

impl Pattern {
    /// Compiles a pattern, or takes it from those that were. The error says what is wrong with it, on one line.
    pub fn new(pattern: &str) -> Result<Self, String> {
        COMPILED.with_borrow_mut(|compiled| {
            if let Some(known) = compiled.get(pattern) {
                return Ok(known.clone());
            }
            match Self::compile(pattern, Some(KEPT_BYTES)) {
                Ok(new) => {
                    if compiled.len() >= KEPT {
                        compiled.clear();
                    }
                    compiled.insert(pattern.to_owned(), new.clone());
                    Ok(new)
                }
                Err(_) => Self::compile(pattern, None),
            }
        })
    }

    fn compile(pattern: &str, bytes: Option<usize>) -> Result<Self, String> {
        let mut linear = regex::RegexBuilder::new(pattern);
        let mut backtracking = fancy_regex::RegexBuilder::new(pattern);
        if let Some(bytes) = bytes {
            linear.size_limit(bytes);
            backtracking.delegate_size_limit(bytes);
        }
        if let Ok(regex) = linear.build() {
            return Ok(Pattern(Engine::Linear(regex)));
        }
        match backtracking.build() {
            Ok(regex) => Ok(Pattern(Engine::Backtracking(Box::new(regex)))),
            Err(error) => {
                let error = error.to_string();
                let why = error.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
                Err(why.to_owned())
            }
        }
    }

    /// Whether it is found in the string. A pattern that gives up has not matched.
    pub fn is_match(&self, text: &str) -> bool {
        match &self.0 {
            Engine::Linear(regex) => regex.is_match(text),
            Engine::Backtracking(regex) => {
                text.len() <= BACKTRACKING_BYTES && regex.is_match(text).unwrap_or(false)
            }
        }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Engine::Linear(regex) => regex.as_str(),
            Engine::Backtracking(regex) => regex.as_str(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_never_reach_a_backtracking_pattern() {
        let pattern = Pattern::new("(?=[^b]*b)z").unwrap();
        assert!(pattern.is_match("zb"));
        assert!(!pattern.is_match(&"a".repeat(1_000_000)));
        assert!(Pattern::new("^a+$").unwrap().is_match(&"a".repeat(1_000_000)));
        let error = Pattern::new("(").unwrap_err();
        assert!(!error.is_empty() && !error.contains('\n'), "{error}");
    }
}

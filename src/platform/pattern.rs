//! Regular expressions of filters and keys.

use std::fmt;

/// Longer texts are not given to a pattern that needs backtracking: an event may be 1 MB, and such
/// a pattern may take quadratic time (our choice; the vendor names neither its engine nor a limit).
const BACKTRACKING_BYTES: usize = 4_096;

/// A compiled pattern. It searches anywhere in a text; anchors are the author's.
#[derive(Clone)]
pub struct Pattern(Engine);

#[derive(Clone)]
enum Engine {
    /// Time grows with the text, no faster.
    Linear(regex::Regex),
    /// Look-around and back-references.
    Backtracking(Box<fancy_regex::Regex>),
}

impl Pattern {
    /// Compiles a pattern. The error says what is wrong with it, on one line.
    pub fn new(pattern: &str) -> Result<Self, String> {
        if let Ok(regex) = regex::Regex::new(pattern) {
            return Ok(Pattern(Engine::Linear(regex)));
        }
        match fancy_regex::Regex::new(pattern) {
            Ok(regex) => Ok(Pattern(Engine::Backtracking(Box::new(regex)))),
            Err(error) => {
                let error = error.to_string();
                let why = error.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
                Err(why.to_owned())
            }
        }
    }

    /// Whether it is found in the text. A pattern that gives up has not matched.
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

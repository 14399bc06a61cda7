//! Bash hands a completion the words as its line editor cuts them: at every character of
//! `COMP_WORDBREAKS` (which has `=`, `:` and `@`), and with their quotes. Here they are put together
//! as the shell will read them, and what is offered is cut and quoted the same way.

use std::ffi::OsString;

/// A command line up to the cursor, with what bash will replace.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The words without quotes; the last is the one at the cursor.
    pub(super) words: Vec<String>,
    /// The quote that is open at the cursor.
    pub(super) quote: Option<char>,
    /// What stands in the word at the cursor before the part that bash replaces, without quotes.
    pub(super) kept: String,
}

/// Puts bash's words together: those that no space parts in the line are one. `at` is the number of
/// the word at the cursor.
pub(super) fn of_bash(line: &str, pieces: &[String], at: usize, breaks: &str) -> Line {
    let mut raw: Vec<String> = Vec::new();
    let mut rest = line;
    for (index, piece) in pieces.iter().enumerate().take_while(|(index, _)| *index <= at) {
        let trimmed = rest.trim_start();
        let apart = index == 0 || trimmed.len() < rest.len();
        let here = trimmed.strip_prefix(piece.as_str());
        // At the cursor the line may end within the piece.
        let piece = if here.is_none() && index == at { trimmed } else { piece.as_str() };
        rest = here.unwrap_or_default();
        match raw.last_mut() {
            Some(last) if !apart => last.push_str(piece),
            _ => raw.push(piece.to_owned()),
        }
    }
    let current = raw.pop().unwrap_or_default();
    let mut words: Vec<String> = raw.iter().map(|word| unquote(word).0).collect();
    let (word, quote, replaced_from) = unquote_to(&current, breaks);
    let kept = word.get(..replaced_from).unwrap_or_default().to_owned();
    words.push(word);
    Line { words, quote, kept }
}

/// A word without its quotes, and the quote that is still open.
fn unquote(raw: &str) -> (String, Option<char>) {
    let (word, quote, _) = unquote_to(raw, "");
    (word, quote)
}

/// The same, with the place in the result behind the last break that is not quoted: a quote that
/// opens is a break as well, because bash replaces only what is within it.
fn unquote_to(raw: &str, breaks: &str) -> (String, Option<char>, usize) {
    let mut word = String::new();
    let mut quote = None;
    let mut from = 0;
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('\''), c) => word.push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                from = word.len();
            }
            (Some(_), '\\') => match chars.next() {
                Some(next @ ('"' | '\\' | '$' | '`')) => word.push(next),
                Some(next) => word.extend(['\\', next]),
                None => word.push('\\'),
            },
            (None, '\\') => word.extend(chars.next()),
            (None, c) if breaks.contains(c) => {
                word.push(c);
                from = word.len();
            }
            (_, c) => word.push(c),
        }
    }
    // A quote that was closed again stands within what is replaced.
    if quote.is_none() && raw.contains(['\'', '"']) && from > 0 {
        let unquoted_break = word.get(..from).is_some_and(|kept| kept.ends_with(|c| breaks.contains(c)));
        from = if unquoted_break { from } else { 0 };
    }
    (word, quote, from)
}

impl Line {
    /// The words as a program gets them.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        self.words.iter().map(OsString::from).collect()
    }

    /// What bash is to insert for a value: without what it keeps, and quoted. `None` for a value that
    /// does not continue what is kept.
    pub(super) fn insert(&self, value: &str) -> Option<String> {
        let rest = value.strip_prefix(self.kept.as_str())?;
        Some(match self.quote {
            Some('\'') => rest.replace('\'', "'\\''"),
            Some(_) => escaped(rest, |c| matches!(c, '"' | '\\' | '$' | '`')),
            None => escaped(rest, |c| !(c.is_alphanumeric() || "_-./,:=@%+~".contains(c)) || c == '\u{0}'),
        })
    }
}

fn escaped(text: &str, special: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if special(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What bash 5 hands over for a line with the cursor at its end.
    fn line(text: &str, pieces: &[&str]) -> Line {
        let pieces: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
        of_bash(text, &pieces, pieces.len() - 1, " \t\n\"'@><=;|&(:")
    }

    #[test]
    fn what_the_line_editor_took_apart_is_one_word() {
        let line = line(
            "tdx-rt rt-events --event pv=web.pa",
            &["tdx-rt", "rt-events", "--event", "pv", "=", "web.pa"],
        );
        assert_eq!(line.words, ["tdx-rt", "rt-events", "--event", "pv=web.pa"]);
        assert_eq!(line.kept, "pv=");
        assert_eq!(line.insert("pv=web.pageviews").as_deref(), Some("web.pageviews"));
    }

    #[test]
    fn an_empty_word_at_the_cursor_is_a_word() {
        assert_eq!(line("tdx-rt export ", &["tdx-rt", "export", ""]).words, ["tdx-rt", "export", ""]);
        assert_eq!(line("tdx-rt --site=", &["tdx-rt", "--site", "="]).words, ["tdx-rt", "--site="]);
    }

    #[test]
    fn names_with_spaces_are_quoted_as_the_word_was_begun() {
        let plain = line("tdx-rt export Cust", &["tdx-rt", "export", "Cust"]);
        assert_eq!(plain.insert("Customer 360").as_deref(), Some("Customer\\ 360"));
        let double = line("tdx-rt export \"Cust", &["tdx-rt", "export", "\"Cust"]);
        assert_eq!((double.words[2].as_str(), double.quote), ("Cust", Some('"')));
        assert_eq!(double.insert("Customer 360 \"$x\"").as_deref(), Some("Customer 360 \\\"\\$x\\\""));
        let single = line("tdx-rt export 'Cust", &["tdx-rt", "export", "'Cust"]);
        assert_eq!(single.insert("Customer 360").as_deref(), Some("Customer 360"));
        let escaped = line("tdx-rt export Customer\\ 3", &["tdx-rt", "export", "Customer\\ 3"]);
        assert_eq!(escaped.words[2], "Customer 3");
        assert_eq!(escaped.insert("Customer 360").as_deref(), Some("Customer\\ 360"));
    }

    #[test]
    fn earlier_words_lose_their_quotes() {
        let line = line("tdx-rt --ps \"A B\" list ", &["tdx-rt", "--ps", "\"A B\"", "list", ""]);
        assert_eq!(line.words, ["tdx-rt", "--ps", "A B", "list", ""]);
    }

    #[test]
    fn a_value_that_does_not_continue_the_word_is_not_inserted() {
        let line = line("tdx-rt --event a=b", &["tdx-rt", "--event", "a", "=", "b"]);
        assert_eq!(line.insert("other=c"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_line_makes_it_fail(text in "[ a-z'\"\\\\=:$]{0,30}", pieces in proptest::collection::vec("[a-z'\"\\\\=:]{0,8}", 1..6)) {
            let line = of_bash(&text, &pieces, pieces.len() - 1, "=:'\"");
            let _ = line.insert("ab=c d'\"");
        }

        #[test]
        fn what_is_inserted_reads_as_the_value(value in "[ -~]{1,20}") {
            let line = Line { words: Vec::new(), quote: None, kept: String::new() };
            let inserted = line.insert(&value).unwrap_or_default();
            proptest::prop_assert_eq!(unquote(&inserted).0, value);
        }
    }
}

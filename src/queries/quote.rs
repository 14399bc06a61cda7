//! Values, identifiers and LIKE patterns in Trino's SQL.
//!
//! Source: Trino's grammar, `SqlBase.g4`: `STRING` is `'` with `''` for one quote and no other escape,
//! `QUOTED_IDENTIFIER` is `"` with `""`; a backslash is a character like others.

use crate::error::{Code, Error};
use std::fmt;

/// The character that takes the meaning from `%` and `_` in the patterns made here.
const ESCAPE: char = '\\';

/// What no SQL of Trino can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsayable {
    /// A NUL.
    Nul,
    /// An identifier without a character.
    Empty,
}

impl fmt::Display for Unsayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unsayable::Nul => "a query cannot hold a NUL character",
            Unsayable::Empty => "a name in a query has at least one character",
        })
    }
}

impl From<Unsayable> for Error {
    fn from(wrong: Unsayable) -> Self {
        Error::new(Code::Usage, wrong.to_string()).hint("nothing was sent; leave it out")
    }
}

fn quoted(text: &str, quote: char) -> Result<String, Unsayable> {
    if text.contains('\0') {
        return Err(Unsayable::Nul);
    }
    let mut sql = String::with_capacity(text.len().saturating_add(2));
    sql.push(quote);
    for c in text.chars() {
        if c == quote {
            sql.push(quote);
        }
        sql.push(c);
    }
    sql.push(quote);
    Ok(sql)
}

/// A string as a value: `it's` is `'it''s'`.
pub fn literal(text: &str) -> Result<String, Unsayable> {
    quoted(text, '\'')
}

/// Strings as a list for `IN`; of none, a list that nothing is in.
pub fn literals<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<String, Unsayable> {
    let all: Vec<String> = texts.into_iter().map(literal).collect::<Result<_, _>>()?;
    Ok(if all.is_empty() { "(NULL)".to_owned() } else { format!("({})", all.join(", ")) })
}

/// The name of a column, table or database.
pub fn identifier(name: &str) -> Result<String, Unsayable> {
    if name.is_empty() { Err(Unsayable::Empty) } else { quoted(name, '"') }
}

/// What stands behind a column where its text has this part anywhere: `LIKE '%50\%%' ESCAPE '\'`.
pub fn like_part(part: &str) -> Result<String, Unsayable> {
    let mut pattern = String::from("%");
    for c in part.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    pattern.push('%');
    Ok(format!("LIKE {} ESCAPE '{ESCAPE}'", literal(&pattern)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters that mean something in SQL, in JSON, in a shell or on a terminal, and some that do not.
    const ALPHABET: [char; 24] = [
        '\'', '"', '\\', '%', '_', '`', ';', '-', '/', '*', '$', '?', '\n', '\r', '\t', '\u{2028}', '\u{1b}',
        'é', '\u{301}', '🙂', 'a', 'B', ' ', '(',
    ];

    /// The parts of a piece of SQL, by the grammar: strings and quoted names with what they say, all else by itself.
    #[derive(Debug, PartialEq)]
    enum Token {
        Text(String),
        Name(String),
        Other(char),
    }

    fn tokens(sql: &str) -> Vec<Token> {
        let mut rest = sql.chars().peekable();
        let mut found = Vec::new();
        while let Some(c) = rest.next() {
            if c != '\'' && c != '"' {
                found.push(Token::Other(c));
                continue;
            }
            let mut text = String::new();
            loop {
                match rest.next() {
                    Some(inner) if inner == c && rest.peek() == Some(&c) => text.extend(rest.next()),
                    Some(inner) if inner == c => break,
                    Some(inner) => text.push(inner),
                    None => panic!("{sql:?} does not end"),
                }
            }
            found.push(if c == '"' { Token::Name(text) } else { Token::Text(text) });
        }
        found
    }

    /// Whether a text fits a pattern with this escape, by the standard's definition.
    fn like(text: &[char], pattern: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['\\', next, rest @ ..] => text.first() == Some(next) && like(&text[1..], rest),
            ['%', rest @ ..] => (0..=text.len()).any(|at| like(&text[at..], rest)),
            ['_', rest @ ..] => !text.is_empty() && like(&text[1..], rest),
            [c, rest @ ..] => text.first() == Some(c) && like(&text[1..], rest),
        }
    }

    /// Texts of up to seven of these characters, by a generator of remainders.
    fn generated() -> impl Iterator<Item = String> {
        let mut state = 20_261_201_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        (0..4_000).map(move |_| (0..next() % 8).map(|_| ALPHABET[next() % ALPHABET.len()]).collect())
    }

    #[test]
    fn generated_texts_stay_one_value_with_the_same_characters() {
        for text in generated() {
            let around = |inner: Token| {
                let mut all: Vec<Token> = "x = ".chars().map(Token::Other).collect();
                all.push(inner);
                all.extend(" AND y".chars().map(Token::Other));
                all
            };
            let sql = format!("x = {} AND y", literal(&text).unwrap());
            assert_eq!(tokens(&sql), around(Token::Text(text.clone())));
            if !text.is_empty() {
                let sql = format!("x = {} AND y", identifier(&text).unwrap());
                assert_eq!(tokens(&sql), around(Token::Name(text)));
            }
        }
    }

    #[test]
    fn generated_patterns_fit_what_has_the_text_and_nothing_else() {
        let texts: Vec<String> = generated().take(200).collect();
        for part in &texts {
            let sql = like_part(part).unwrap();
            let [Token::Text(pattern), Token::Text(escape)] =
                &tokens(&sql).into_iter().filter(|t| !matches!(t, Token::Other(_))).collect::<Vec<_>>()[..]
            else {
                panic!("{sql}")
            };
            assert_eq!(escape, "\\");
            let pattern: Vec<char> = pattern.chars().collect();
            for text in &texts {
                let chars: Vec<char> = text.chars().collect();
                assert_eq!(like(&chars, &pattern), text.contains(part.as_str()), "{text:?} {sql}");
            }
        }
    }

    #[test]
    fn what_cannot_be_said_is_refused() {
        assert_eq!(literal("a\0b"), Err(Unsayable::Nul));
        assert_eq!(identifier("a\0b"), Err(Unsayable::Nul));
        assert_eq!(like_part("\0"), Err(Unsayable::Nul));
        assert_eq!(identifier(""), Err(Unsayable::Empty));
        assert_eq!(literal("").unwrap(), "''");
        assert_eq!(literals([]).unwrap(), "(NULL)");
        assert_eq!(literals(["it's", "b"]).unwrap(), "('it''s', 'b')");
        assert_eq!(like_part("50%").unwrap(), r"LIKE '%50\%%' ESCAPE '\'");
    }
}

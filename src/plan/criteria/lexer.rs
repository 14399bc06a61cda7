//! From characters to tokens, each with its byte range.

#![expect(clippy::arithmetic_side_effects, reason = "places in a text of MAX_CHARACTERS")]

use super::CriteriaError;
use crate::plan::number::is_same;
use serde_json::{Number, Value};
use std::ops::Range;

/// A token with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A name; quoted ones are never keywords.
    Name {
        text: String,
        quoted: bool,
    },
    /// A string, a number or a boolean.
    Literal(Value),
    Null,
    Keyword(Keyword),
    Compare(Compare),
    Open,
    Close,
    Comma,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    And,
    Or,
    Not,
    Is,
    In,
    Like,
    Between,
    Regexp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
}

/// What an unquoted word means, when it is no name.
pub(super) fn reserved(word: &str) -> Option<TokenKind> {
    Some(match word.to_ascii_uppercase().as_str() {
        "AND" => TokenKind::Keyword(Keyword::And),
        "OR" => TokenKind::Keyword(Keyword::Or),
        "NOT" => TokenKind::Keyword(Keyword::Not),
        "IS" => TokenKind::Keyword(Keyword::Is),
        "IN" => TokenKind::Keyword(Keyword::In),
        "LIKE" => TokenKind::Keyword(Keyword::Like),
        "BETWEEN" => TokenKind::Keyword(Keyword::Between),
        "REGEXP" | "RLIKE" => TokenKind::Keyword(Keyword::Regexp),
        "NULL" => TokenKind::Null,
        "TRUE" => TokenKind::Literal(Value::Bool(true)),
        "FALSE" => TokenKind::Literal(Value::Bool(false)),
        _ => return None,
    })
}

/// All tokens of a text; the last is [`TokenKind::End`].
pub(super) fn lex(text: &str) -> Result<Vec<Token>, CriteriaError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next()?;
        let end = token.kind == TokenKind::End;
        tokens.push(token);
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Result<Token, CriteriaError> {
        self.at = self.text.len() - self.rest().trim_start().len();
        let start = self.at;
        let Some(first) = self.rest().chars().next() else {
            return Ok(Token { kind: TokenKind::End, span: start..start });
        };
        let kind = match first {
            '(' => self.take(1, TokenKind::Open),
            ')' => self.take(1, TokenKind::Close),
            ',' => self.take(1, TokenKind::Comma),
            '\'' => TokenKind::Literal(self.quoted('\'', "text")?.into()),
            '"' | '`' => self.quoted_name(first)?,
            '=' | '<' | '>' | '!' => self.compare()?,
            c if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => self.number()?,
            c if c.is_ascii_alphabetic() || c == '_' => self.word(),
            other => return Err(self.unknown(other)),
        };
        Ok(Token { kind, span: start..self.at })
    }

    fn take(&mut self, bytes: usize, kind: TokenKind) -> TokenKind {
        self.at += bytes;
        kind
    }

    fn unknown(&self, c: char) -> CriteriaError {
        let error =
            CriteriaError::new(format!("unexpected character '{c}'"), self.at..self.at + c.len_utf8());
        match c {
            '&' => error.with_hint("write AND"),
            '|' => error.with_hint("write OR"),
            ';' => error.with_hint("one condition is enough, without a semicolon"),
            '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => {
                error.with_hint("strings are written in straight single quotes: 'VIP'")
            }
            c if c.is_alphabetic() => {
                error.with_hint("names with other letters are written in double quotes")
            }
            _ => error,
        }
    }

    /// A quoted part; the quote doubled is a quote.
    fn quoted(&mut self, quote: char, what: &str) -> Result<String, CriteriaError> {
        let start = self.at;
        let mut inner = String::new();
        let mut chars = self.text.get(start + 1..).unwrap_or_default().char_indices().peekable();
        while let Some((offset, c)) = chars.next() {
            if c != quote {
                inner.push(c);
            } else if chars.next_if(|(_, next)| *next == quote).is_some() {
                inner.push(quote);
            } else {
                self.at = start + 1 + offset + 1;
                return Ok(inner);
            }
        }
        Err(CriteriaError::new(format!("this {what} has no end"), start..self.text.len())
            .with_hint(format!("close it with {quote}")))
    }

    fn quoted_name(&mut self, quote: char) -> Result<TokenKind, CriteriaError> {
        let start = self.at;
        let text = self.quoted(quote, "name")?;
        if text.is_empty() {
            return Err(CriteriaError::new("a name can't be empty", start..self.at)
                .with_hint("an empty string is written ''"));
        }
        Ok(TokenKind::Name { text, quoted: true })
    }

    fn compare(&mut self) -> Result<TokenKind, CriteriaError> {
        let known = [
            ("==", Compare::Equal),
            ("!=", Compare::NotEqual),
            ("<>", Compare::NotEqual),
            (">=", Compare::GreaterEqual),
            ("<=", Compare::LessEqual),
            ("=", Compare::Equal),
            (">", Compare::Greater),
            ("<", Compare::Less),
        ];
        for (sign, compare) in known {
            if self.rest().starts_with(sign) {
                return Ok(self.take(sign.len(), TokenKind::Compare(compare)));
            }
        }
        Err(CriteriaError::new("unexpected character '!'", self.at..self.at + 1)
            .with_hint("write NOT, or != for 'is not'"))
    }

    fn number(&mut self) -> Result<TokenKind, CriteriaError> {
        let rest = self.rest();
        let mut length = 0;
        let mut previous = ' ';
        for c in rest.chars() {
            let sign = matches!(c, '-' | '+') && (length == 0 || matches!(previous, 'e' | 'E'));
            if !(sign || c.is_ascii_alphanumeric() || matches!(c, '.' | '_')) {
                break;
            }
            previous = c;
            length += c.len_utf8();
        }
        let written = rest.get(..length).unwrap_or_default();
        let span = self.at..self.at + length;
        let Some(number) = read_number(written) else {
            let error = CriteriaError::new(format!("'{written}' is not a number"), span);
            return Err(if written.starts_with(|c: char| c.is_ascii_digit()) {
                error.with_hint(
                    "write strings in single quotes, names that start with a digit in double quotes",
                )
            } else {
                error
            });
        };
        if !is_same(written, &number.to_string()) {
            let message = format!("'{written}' has more digits than a number keeps");
            return Err(
                CriteriaError::new(message, span).with_hint("as a string it is written in single quotes")
            );
        }
        self.at = span.end;
        Ok(TokenKind::Literal(Value::Number(number)))
    }

    fn word(&mut self) -> TokenKind {
        let rest = self.rest();
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let length = rest.find(|c| !inside(c)).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default().to_owned();
        self.at += length;
        reserved(&word).unwrap_or(TokenKind::Name { text: word, quoted: false })
    }
}

/// A whole number exactly, anything else as a finite double.
fn read_number(written: &str) -> Option<Number> {
    let plain = written.strip_prefix('+').unwrap_or(written);
    let digits = plain.strip_prefix('-').unwrap_or(plain);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Ok(number) = plain.parse::<i64>() {
        // Minus zero is zero.
        return Some(number.into());
    }
    if let Ok(number) = plain.parse::<u64>() {
        return Some(number.into());
    }
    plain.parse::<f64>().ok().and_then(Number::from_f64)
}

//! Tokens of the jq language, read on demand by the parser.

#![expect(clippy::arithmetic_side_effects, reason = "positions within a filter of MAX_SOURCE bytes at most")]

use super::ast::Span;
use super::error::CompileError;

/// A token; strings are read by the parser, since they contain filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tok<'s> {
    /// A name or keyword, with module prefixes.
    Ident(&'s str),
    /// `.name`, without the dot.
    Field(&'s str),
    /// `$name`, without the dollar sign.
    Var(&'s str),
    /// `@name`, without the at sign.
    Format(&'s str),
    Num(&'s str),
    /// The opening quote of a string.
    Quote,
    Op(&'static str),
    End,
}

impl Tok<'_> {
    /// The token as an error message names it.
    pub(super) fn describe(&self) -> String {
        match self {
            Tok::Ident(s) => format!("`{s}`"),
            Tok::Field(s) => format!("`.{s}`"),
            Tok::Var(s) => format!("`${s}`"),
            Tok::Format(s) => format!("`@{s}`"),
            Tok::Num(s) => format!("number `{s}`"),
            Tok::Quote => "a string".to_owned(),
            Tok::Op(s) => format!("`{s}`"),
            Tok::End => "the end of the filter".to_owned(),
        }
    }
}

/// Longest first, so that `//=` is not read as `//` and `=`.
const OPS: &[&str] = &[
    "?//", "//=", "!=", "==", "//", "|=", "+=", "-=", "*=", "/=", "%=", "<=", ">=", "..", ".", "?", "=", ";",
    ",", ":", "|", "+", "-", "*", "/", "%", "<", ">", "(", ")", "[", "]", "{", "}",
];

/// A position in the text of a filter.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'s> {
    pub(super) src: &'s str,
    pub(super) pos: usize,
}

fn ident_len(s: &str) -> usize {
    let first = s.bytes().next();
    if !first.is_some_and(|b| b.is_ascii_alphabetic() || b == b'_') {
        return 0;
    }
    s.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count()
}

/// Length of a name with module prefixes such as `a::b`.
fn path_len(s: &str) -> usize {
    let mut len = ident_len(s);
    while let Some(rest) = s.get(len..).and_then(|r| r.strip_prefix("::")) {
        match ident_len(rest) {
            0 => break,
            more => len += 2 + more,
        }
    }
    len
}

fn digits(s: &str) -> usize {
    s.bytes().take_while(u8::is_ascii_digit).count()
}

/// Length of a number, 0 if there is none.
fn number_len(s: &str) -> usize {
    let at = |n: usize| s.get(n..).unwrap_or("");
    let mut len = digits(s);
    if at(len).starts_with('.') {
        let fraction = digits(at(len + 1));
        if len == 0 && fraction == 0 {
            return 0;
        }
        len += 1 + fraction;
    }
    if len > 0 && at(len).starts_with(['e', 'E']) {
        let sign = usize::from(at(len + 1).starts_with(['+', '-']));
        let exponent = digits(at(len + 1 + sign));
        if exponent > 0 {
            len += 1 + sign + exponent;
        }
    }
    len
}

impl<'s> Lexer<'s> {
    pub(super) fn new(src: &'s str) -> Self {
        Lexer { src, pos: 0 }
    }

    pub(super) fn rest(&self) -> &'s str {
        self.src.get(self.pos..).unwrap_or("")
    }

    /// Goes on with `rest`, which the text ends with.
    pub(super) fn go_to(&mut self, rest: &str) {
        self.pos = self.src.len() - rest.len();
    }

    fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            self.pos += rest.len() - trimmed.len();
            if !trimmed.starts_with('#') {
                return;
            }
            self.pos += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// Reads the next token; for a string only its opening quote.
    pub(super) fn next(&mut self) -> Result<(Tok<'s>, Span), CompileError> {
        self.skip_space();
        let start = self.pos;
        let rest = self.rest();
        let after = |n: usize| rest.get(n..).unwrap_or("");
        let take = |from: usize, to: usize| rest.get(from..to).unwrap_or("");
        let (tok, len) = match rest.bytes().next() {
            None => (Tok::End, 0),
            Some(b'"') => (Tok::Quote, 1),
            Some(b'.') if ident_len(after(1)) > 0 => {
                let len = 1 + ident_len(after(1));
                (Tok::Field(take(1, len)), len)
            }
            Some(b'$') if path_len(after(1)) > 0 => {
                let len = 1 + path_len(after(1));
                (Tok::Var(take(1, len)), len)
            }
            Some(b'@') if ident_len(after(1)) > 0 => {
                let len = 1 + ident_len(after(1));
                (Tok::Format(take(1, len)), len)
            }
            _ if number_len(rest) > 0 => {
                let len = number_len(rest);
                (Tok::Num(take(0, len)), len)
            }
            _ if path_len(rest) > 0 => {
                let len = path_len(rest);
                (Tok::Ident(take(0, len)), len)
            }
            _ => match OPS.iter().find(|op| rest.starts_with(**op)) {
                Some(op) => (Tok::Op(op), op.len()),
                None => {
                    let bad = rest.chars().next().unwrap_or(' ');
                    let span = start..start + bad.len_utf8();
                    let message = format!("unexpected character {bad:?}");
                    return Err(CompileError::new(self.src, &span, message));
                }
            },
        };
        self.pos = start + len;
        Ok((tok, start..start + len))
    }
}

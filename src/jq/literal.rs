//! Strings with interpolations, and numbers.

use serde_json::{Number, Value};

use super::ast::{Expr, Lit, StrPart};
use super::lex::Tok;
use super::parse::{Parsed, Parser};

impl Parser<'_, '_> {
    /// A string after its opening quote.
    pub(super) fn string(&mut self, format: Option<&str>) -> Parsed<Expr> {
        let opening = self.lexer.pos.saturating_sub(1)..self.lexer.pos;
        let mut parts = Vec::new();
        let mut text = String::new();
        loop {
            let rest = self.lexer.rest();
            let Some((plain, after)) = rest.split_once(['"', '\\']) else {
                return self.fail(&opening, "syntax error: the string does not end");
            };
            text.push_str(plain);
            self.lexer.go_to(after);
            if rest.get(plain.len()..).is_some_and(|r| r.starts_with('"')) {
                break;
            }
            if let Some(inside) = after.strip_prefix('(') {
                self.lexer.go_to(inside);
                if !text.is_empty() {
                    parts.push(StrPart::Text(std::mem::take(&mut text)));
                }
                parts.push(StrPart::Expr(self.pipe()?));
                self.expect(Tok::Op(")"))?;
            } else {
                self.escape(&mut text)?;
            }
        }
        if parts.is_empty() {
            return Ok(Expr::text(text));
        }
        if !text.is_empty() {
            parts.push(StrPart::Text(text));
        }
        Ok(Expr::Str(format.map(str::to_owned), parts))
    }

    /// An escape sequence after its backslash.
    fn escape(&mut self, text: &mut String) -> Parsed<()> {
        let backslash = self.lexer.pos.saturating_sub(1)..self.lexer.pos;
        let mut rest = self.lexer.rest().chars();
        let c = match rest.next() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let Some((c, after)) = unicode_escape(rest.as_str()) else {
                    let message = "invalid `\\u` escape or half of a surrogate pair";
                    return self.fail(&(backslash.start..backslash.end.saturating_add(1)), message);
                };
                rest = after.chars();
                c
            }
            _ => return self.fail(&backslash, "invalid escape in a string"),
        };
        text.push(c);
        self.lexer.go_to(rest.as_str());
        Ok(())
    }
}

/// `XXXX`, or `XXXX\uXXXX` for a surrogate pair, and what follows.
fn unicode_escape(rest: &str) -> Option<(char, &str)> {
    let (high, rest) = hex(rest)?;
    if let Some(c) = char::from_u32(high.into()) {
        return Some((c, rest));
    }
    let (low, rest) = hex(rest.strip_prefix("\\u")?)?;
    Some((char::decode_utf16([high, low]).next()?.ok()?, rest))
}

/// Four hexadecimal digits, and what follows.
fn hex(rest: &str) -> Option<(u16, &str)> {
    let (digits, rest) = rest.split_at_checked(4)?;
    let all = digits.bytes().all(|b| b.is_ascii_hexdigit());
    Some((u16::from_str_radix(digits, 16).ok().filter(|_| all)?, rest))
}

/// A number literal: integers keep all their digits, others are doubles.
pub(super) fn number(text: &str) -> Lit {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        if let Ok(i) = text.parse::<u64>() {
            return Lit::Json(i.into());
        }
        if let Ok(i) = text.parse::<i128>() {
            return Lit::Big(i.to_string());
        }
    }
    let value: f64 = text.parse().unwrap_or(f64::MAX);
    let finite = value.clamp(-f64::MAX, f64::MAX);
    if !text.contains('.') && finite.fract() == 0.0 && finite < 1e15 {
        // `1e3`: exact, and printed as an integer.
        return Lit::Json((finite as u64).into());
    }
    Lit::Json(Number::from_f64(finite).map_or(Value::Null, Value::Number))
}

//! Strings with interpolations, and numbers.

use serde_json::{Number, Value};

use super::ast::{Expr, Lit, StrPart};
use super::lex::Tok;
use super::parse::{Parsed, Parser};

impl Parser<'_, '_> {
    /// A string after its opening quote.
    pub(super) fn string(&mut self, format: Option<&str>) -> Parsed<Expr> {
        let start = self.lexer.pos.saturating_sub(1);
        let mut parts = Vec::new();
        let mut text = String::new();
        loop {
            let rest = self.lexer.rest();
            let Some(stop) = rest.find(['"', '\\']) else {
                return self.fail(&(start..start + 1), "syntax error: the string does not end");
            };
            text.push_str(rest.get(..stop).unwrap_or(""));
            self.lexer.pos += stop + 1;
            if rest.get(stop..).is_some_and(|r| r.starts_with('"')) {
                break;
            }
            if self.lexer.rest().starts_with('(') {
                self.lexer.pos += 1;
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
        let start = self.lexer.pos - 1;
        let rest = self.lexer.rest();
        let plain = match rest.bytes().next() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let Some((c, len)) = unicode_escape(rest) else {
                    let message = "invalid `\\u` escape or half of a surrogate pair";
                    return self.fail(&(start..start + 2), message);
                };
                text.push(c);
                self.lexer.pos += len;
                return Ok(());
            }
            _ => return self.fail(&(start..start + 1), "invalid escape in a string"),
        };
        text.push(plain);
        self.lexer.pos += 1;
        Ok(())
    }
}

/// `uXXXX`, or two of them for a surrogate pair; the length covers all but the first backslash.
fn unicode_escape(rest: &str) -> Option<(char, usize)> {
    let hex = |from: usize| -> Option<u32> {
        let digits = rest.get(from..from + 4)?;
        let all = digits.bytes().all(|b| b.is_ascii_hexdigit());
        all.then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let high = hex(1)?;
    if !(0xd800..0xdc00).contains(&high) {
        return Some((char::from_u32(high)?, 5));
    }
    if rest.get(5..7)? != "\\u" {
        return None;
    }
    let low = hex(7)?;
    if !(0xdc00..0xe000).contains(&low) {
        return None;
    }
    let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    Some((char::from_u32(code)?, 11))
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

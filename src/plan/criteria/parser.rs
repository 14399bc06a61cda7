//! From tokens to an expression: a small Pratt parser.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "places in a text of MAX_CHARACTERS, and levels up to MAX_DEPTH"
)]

use super::lexer::{Compare, Keyword, Token, TokenKind, lex};
use super::{CriteriaError, Expr, MAX_CHARACTERS, MAX_DEPTH, Name};
use crate::platform::rule::{Operator, OperatorKind};
use serde_json::Value;
use std::ops::Range;

/// How strongly `OR` and `AND` bind; `NOT` binds stronger than both.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;

/// Parses a criteria text; a blank one takes everything.
///
/// # Errors
/// The first problem, with its byte range and where possible what to write instead. Never panics.
pub fn parse(text: &str) -> Result<Expr, CriteriaError> {
    let length = text.chars().count();
    if length > MAX_CHARACTERS {
        let message = format!("the criteria have {length} characters; at most {MAX_CHARACTERS} are read");
        return Err(CriteriaError::new(message, 0..0));
    }
    let mut parser = Parser { tokens: lex(text)?, at: 0, depth: 0 };
    if parser.kind() == &TokenKind::End {
        return Ok(Expr::And(Vec::new()));
    }
    let expr = parser.expression(0)?;
    match parser.kind() {
        TokenKind::End => Ok(expr),
        TokenKind::Close => Err(CriteriaError::new("this ')' closes nothing", parser.span())),
        _ => Err(parser.unexpected("AND, OR or the end")),
    }
}

struct Parser {
    /// Never empty; the last is [`TokenKind::End`].
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn kind(&self) -> &TokenKind {
        self.tokens.get(self.at).map_or(&TokenKind::End, |token| &token.kind)
    }

    fn span(&self) -> Range<usize> {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0..0, |token| token.span.clone())
    }

    /// Takes the current token; the end is never passed.
    fn advance(&mut self) -> Range<usize> {
        let span = self.span();
        if self.kind() != &TokenKind::End {
            self.at += 1;
        }
        span
    }

    fn take(&mut self, kind: &TokenKind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.advance();
        }
        found
    }

    fn unexpected(&self, expected: &str) -> CriteriaError {
        let found = match self.kind() {
            TokenKind::End => {
                return CriteriaError::new(
                    format!("the criteria end where {expected} is expected"),
                    self.span(),
                );
            }
            TokenKind::Name { text, .. } => format!("'{text}'"),
            TokenKind::Literal(value) => value.to_string(),
            TokenKind::Null => "NULL".to_owned(),
            TokenKind::Keyword(keyword) => format!("{keyword:?}").to_ascii_uppercase(),
            TokenKind::Compare(_) => "this comparison".to_owned(),
            TokenKind::Open => "'('".to_owned(),
            TokenKind::Close => "')'".to_owned(),
            TokenKind::Comma => "','".to_owned(),
        };
        CriteriaError::new(format!("{found} stands where {expected} is expected"), self.span())
    }

    /// An expression whose joining words bind at least as strongly as `least`.
    fn expression(&mut self, least: u8) -> Result<Expr, CriteriaError> {
        let mut left = self.prefix()?;
        loop {
            let (keyword, strength) = match self.kind() {
                TokenKind::Keyword(Keyword::Or) => (Keyword::Or, OR),
                TokenKind::Keyword(Keyword::And) => (Keyword::And, AND),
                _ => return Ok(left),
            };
            if strength < least {
                return Ok(left);
            }
            // A chain of the same word is one flat group, so that long ones need no deep stack.
            let mut parts = vec![left];
            while self.take(&TokenKind::Keyword(keyword)) {
                parts.push(self.expression(strength + 1)?);
            }
            left = if keyword == Keyword::And { Expr::And(parts) } else { Expr::Or(parts) };
        }
    }

    fn prefix(&mut self) -> Result<Expr, CriteriaError> {
        match self.kind() {
            TokenKind::Open => {
                let open = self.advance();
                let inner = self.nested(open.clone(), |parser| parser.expression(0))?;
                if !self.take(&TokenKind::Close) {
                    return Err(match self.kind() {
                        TokenKind::End => CriteriaError::new("this '(' is never closed", open),
                        _ => self.unexpected("AND, OR or ')'"),
                    });
                }
                Ok(inner)
            }
            TokenKind::Keyword(Keyword::Not) => {
                let not = self.advance();
                let inner = self.nested(not, |parser| parser.expression(NOT))?;
                Ok(Expr::Not(Box::new(inner)))
            }
            TokenKind::Name { .. } => self.condition(),
            TokenKind::Literal(_) | TokenKind::Null => {
                Err(self.unexpected("a name").with_hint("write the name on the left, the value on the right"))
            }
            _ => Err(self.unexpected("a name, NOT or '('")),
        }
    }

    fn nested(
        &mut self,
        at: Range<usize>,
        inner: impl FnOnce(&mut Self) -> Result<Expr, CriteriaError>,
    ) -> Result<Expr, CriteriaError> {
        if self.depth == MAX_DEPTH {
            let message = format!("the criteria are nested more than {MAX_DEPTH} levels deep");
            return Err(CriteriaError::new(message, at));
        }
        self.depth += 1;
        let found = inner(self);
        self.depth -= 1;
        found
    }

    /// `name` and what must hold of it.
    fn condition(&mut self) -> Result<Expr, CriteriaError> {
        let TokenKind::Name { text, .. } = self.kind().clone() else {
            return Err(self.unexpected("a name"));
        };
        let name = Name { text, span: self.advance() };
        if let TokenKind::Compare(compare) = *self.kind() {
            self.advance();
            return self.comparison(name, compare);
        }
        if self.take(&TokenKind::Keyword(Keyword::Is)) {
            let not = self.take(&TokenKind::Keyword(Keyword::Not));
            if !self.take(&TokenKind::Null) {
                return Err(self.unexpected("NULL").with_hint("compare values with ="));
            }
            let operator = Operator { kind: OperatorKind::IsNull, not, right: Value::Null };
            return Ok(Expr::Test { name, operator });
        }
        let not = self.take(&TokenKind::Keyword(Keyword::Not));
        let test = |name, kind, right| Expr::Test { name, operator: Operator { kind, not, right } };
        if self.take(&TokenKind::Keyword(Keyword::Like)) {
            let pattern = self.text("a pattern in single quotes")?;
            return Ok(test(name, OperatorKind::Regexp, super::text::like_to_regex(&pattern).into()));
        }
        if self.take(&TokenKind::Keyword(Keyword::Regexp)) {
            return self.regexp().map(|pattern| test(name, OperatorKind::Regexp, pattern.into()));
        }
        if self.take(&TokenKind::Keyword(Keyword::In)) {
            return self.list().map(|values| test(name, OperatorKind::In, Value::Array(values)));
        }
        if self.take(&TokenKind::Keyword(Keyword::Between)) {
            let both = self.between(&name)?;
            return Ok(if not { Expr::Not(Box::new(both)) } else { both });
        }
        Err(self.unexpected("a comparison, IS, IN, LIKE, BETWEEN or REGEXP"))
    }

    fn comparison(&mut self, name: Name, compare: Compare) -> Result<Expr, CriteriaError> {
        let (kind, not) = match compare {
            Compare::Equal => (OperatorKind::Equal, false),
            Compare::NotEqual => (OperatorKind::Equal, true),
            Compare::Greater => (OperatorKind::GreaterThan, false),
            Compare::GreaterEqual => (OperatorKind::GreaterThanOrEqual, false),
            Compare::Less => (OperatorKind::LessThan, false),
            Compare::LessEqual => (OperatorKind::LessThanOrEqual, false),
        };
        if self.kind() == &TokenKind::Null {
            let write = if not { "IS NOT NULL" } else { "IS NULL" };
            let hint = format!("write {} {write}", super::text::name(&name.text));
            return Err(CriteriaError::new("nothing compares with NULL", self.span()).with_hint(hint));
        }
        let right = self.value()?;
        Ok(Expr::Test { name, operator: Operator { kind, not, right } })
    }

    /// A string, a number or a boolean.
    fn value(&mut self) -> Result<Value, CriteriaError> {
        match self.kind().clone() {
            TokenKind::Literal(value) => {
                self.advance();
                Ok(value)
            }
            TokenKind::Null => Err(CriteriaError::new("NULL is no value", self.span())
                .with_hint("test for it with IS NULL or IS NOT NULL")),
            TokenKind::Name { text, .. } => {
                let hint = format!("strings are written in single quotes: '{}'", text.replace('\'', "''"));
                Err(self.unexpected("a value").with_hint(hint))
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    fn text(&mut self, expected: &str) -> Result<String, CriteriaError> {
        match self.kind().clone() {
            TokenKind::Literal(Value::String(text)) => {
                self.advance();
                Ok(text)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    fn regexp(&mut self) -> Result<String, CriteriaError> {
        let span = self.span();
        let pattern = self.text("a pattern in single quotes")?;
        match fancy_regex::Regex::new(&pattern) {
            Ok(_) => Ok(pattern),
            Err(error) => {
                let error = error.to_string();
                let why = error.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
                Err(CriteriaError::new(format!("the pattern is not valid: {why}"), span))
            }
        }
    }

    fn list(&mut self) -> Result<Vec<Value>, CriteriaError> {
        if !self.take(&TokenKind::Open) {
            return Err(self.unexpected("'('").with_hint("a list is written ('a', 'b')"));
        }
        let mut values = Vec::new();
        loop {
            values.push(self.value()?);
            if self.take(&TokenKind::Close) {
                return Ok(values);
            }
            if !self.take(&TokenKind::Comma) {
                return Err(self.unexpected("',' or ')'"));
            }
        }
    }

    /// `BETWEEN a AND b` is `>= a AND <= b`.
    fn between(&mut self, name: &Name) -> Result<Expr, CriteriaError> {
        let low = self.value()?;
        if !self.take(&TokenKind::Keyword(Keyword::And)) {
            return Err(self.unexpected("AND").with_hint("write BETWEEN 1 AND 10"));
        }
        let high = self.value()?;
        let test = |kind, right| Expr::Test { name: name.clone(), operator: Operator::new(kind, right) };
        Ok(Expr::And(vec![
            test(OperatorKind::GreaterThanOrEqual, low),
            test(OperatorKind::LessThanOrEqual, high),
        ]))
    }
}

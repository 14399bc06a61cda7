//! From text to sqlparser's tree, with the places of things in the text.

use super::error::QueryError;
use sqlparser::ast::{Query, Spanned, Statement};
use sqlparser::dialect::{Dialect, Precedence};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, Tokenizer};

/// How deep expressions and queries nest: each level is a level of the stack here and in SQLite.
const DEPTH: usize = 80;

#[derive(Debug)]
struct TrinoDialect;

impl Dialect for TrinoDialect {
    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ch == '"'
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_ascii_alphabetic() || ch == '_'
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_ascii_alphanumeric() || ch == '_'
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn supports_lambda_functions(&self) -> bool {
        true
    }

    fn supports_lambda_keyword_syntax(&self) -> bool {
        false
    }

    fn supports_array_typedef_with_parentheses(&self) -> bool {
        true
    }

    /// In Trino's grammar `||` binds less than `+`, and more than a comparison.
    fn get_next_precedence(&self, parser: &Parser<'_>) -> Option<Result<u8, ParserError>> {
        (parser.peek_token_ref().token == Token::StringConcat).then(|| Ok(self.prec_value(Precedence::Xor)))
    }
}

/// The text of a query, to say where something is.
pub(super) struct Text<'q> {
    sql: &'q str,
}

impl<'q> Text<'q> {
    /// Reads the one query of the text.
    pub(super) fn parse(sql: &'q str) -> Result<(Text<'q>, Box<Query>), QueryError> {
        let dialect = TrinoDialect;
        let tokens = Tokenizer::new(&dialect, sql)
            .with_unescape(true)
            .tokenize_with_location()
            .map_err(|error| syntax(error.location, &error.message))?;
        if let Some(token) = tokens.iter().find(|token| matches!(token.token, Token::DollarQuotedString(_))) {
            return Err(syntax(token.span.start, "mismatched input '$'"));
        }
        let mut parser = Parser::new(&dialect).with_recursion_limit(DEPTH).with_tokens_with_locations(tokens);
        let first = parser.peek_token_ref().span.start;
        let statements = parser.parse_statements().map_err(|error| refused(&error))?;
        let mut statements = statements.into_iter();
        let statement = statements
            .next()
            .ok_or_else(|| syntax(Location::new(1, 1), "mismatched input '<EOF>'. Expecting: <query>"))?;
        if let Some(second) = statements.next() {
            return Err(syntax(second.span().start, "mismatched input. Expecting: <EOF>"));
        }
        match statement {
            Statement::Query(query) => Ok((Text { sql }, query)),
            _ => Err(QueryError::user(
                "NOT_SUPPORTED",
                format!("{}This connector does not support statements other than queries", place(first)),
            )),
        }
    }

    /// Where the last `word` between two places begins; `from` itself without one.
    pub(super) fn find(&self, word: &str, from: Location, to: Location) -> Location {
        let (Some(start), Some(end)) = (self.offset(from), self.offset(to)) else { return from };
        let Some(between) = self.sql.get(start..end) else { return from };
        // The case of letters outside of ASCII stays, so that bytes keep their places.
        let lower = between.to_ascii_lowercase();
        let Some(at) = lower.rfind(&word.to_ascii_lowercase()) else { return from };
        let before = between.get(..at).unwrap_or_default();
        match before.rsplit_once('\n') {
            None => Location::new(from.line, from.column.saturating_add(before.chars().count() as u64)),
            Some((lines, rest)) => {
                let lines = lines.matches('\n').count() as u64;
                Location::new(
                    from.line.saturating_add(lines).saturating_add(1),
                    (rest.chars().count() as u64).saturating_add(1),
                )
            }
        }
    }

    fn offset(&self, at: Location) -> Option<usize> {
        let mut offset = 0_usize;
        let line = usize::try_from(at.line.checked_sub(1)?).ok()?;
        let mut lines = self.sql.split_inclusive('\n');
        for _ in 0..line {
            offset = offset.checked_add(lines.next()?.len())?;
        }
        let column = usize::try_from(at.column.checked_sub(1)?).ok()?;
        let rest = lines.next().unwrap_or_default();
        let within = rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at);
        offset.checked_add(within)
    }
}

/// `line 1:8: `.
pub(super) fn place(at: Location) -> String {
    format!("line {}:{}: ", at.line.max(1), at.column.max(1))
}

fn syntax(at: Location, message: &str) -> QueryError {
    QueryError::user("SYNTAX_ERROR", format!("{}{message}", place(at)))
}

/// The parser's `Expected: …, found: … at Line: 1, Column: 8` in Trino's form.
fn refused(error: &ParserError) -> QueryError {
    let text = match error {
        ParserError::RecursionLimitExceeded => {
            return QueryError::user(
                "STATEMENT_TOO_LARGE",
                "statement is too large (stack overflow while parsing)",
            );
        }
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text,
    };
    let (said, at) = text.rsplit_once(" at Line: ").unwrap_or((text, ""));
    let (line, column) = at.split_once(", Column: ").unwrap_or(("1", "1"));
    let at = Location::new(line.trim().parse().unwrap_or(1), column.trim().parse().unwrap_or(1));
    match said.strip_prefix("Expected: ").and_then(|said| said.split_once(", found: ")) {
        Some((expected, found)) => {
            let found = if found == "EOF" { "<EOF>" } else { found };
            syntax(at, &format!("mismatched input '{found}'. Expecting: {expected}"))
        }
        None => syntax(at, &format!("mismatched input: {said}")),
    }
}

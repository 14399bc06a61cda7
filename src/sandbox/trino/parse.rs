//! From text to sqlparser's tree, with the places of things in the text.

use super::error::QueryError;
use sqlparser::ast::Query;
use sqlparser::dialect::{Dialect, Precedence};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

/// How deep expressions and queries nest: each level is a level of the stack here and in SQLite.
const DEPTH: usize = 80;

/// The words that a query begins with, and those of other statements.
const QUERIES: [&str; 3] = ["SELECT", "VALUES", "WITH"];
const WRITING: [&str; 16] = [
    "ALTER", "ANALYZE", "CALL", "CREATE", "DELETE", "DESCRIBE", "DROP", "EXPLAIN", "GRANT", "INSERT",
    "MERGE", "REVOKE", "SHOW", "TRUNCATE", "UPDATE", "USE",
];

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
        let tokens = values_in_brackets(tokens);
        let mut words = tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_)));
        let first = words.next().map_or(Location::new(1, 1), |token| token.span.start);
        let mut parser = Parser::new(&dialect).with_recursion_limit(DEPTH).with_tokens_with_locations(tokens);
        match &parser.peek_token_ref().token {
            Token::Word(word) if WRITING.contains(&word.value.to_uppercase().as_str()) => {
                let message = format!("{}Statements other than queries are not supported", place(first));
                return Err(QueryError::user("NOT_SUPPORTED", message));
            }
            Token::Word(word) if QUERIES.contains(&word.value.to_uppercase().as_str()) => {}
            Token::LParen => {}
            Token::EOF => return Err(syntax(first, "mismatched input '<EOF>'. Expecting: <query>")),
            other => return Err(syntax(first, &format!("mismatched input '{other}'. Expecting: <query>"))),
        }
        let query = parser.parse_query().map_err(|error| refused(&error, sql))?;
        while parser.consume_token(&Token::SemiColon) {}
        let next = parser.peek_token_ref();
        if next.token != Token::EOF {
            let message = format!("mismatched input '{}'. Expecting: <EOF>", next.token);
            return Err(syntax(next.span.start, &message));
        }
        Ok((Text { sql }, query))
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

/// `VALUES 1, 2` as `VALUES (1), (2)`, which is all that sqlparser reads.
fn values_in_brackets(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    const ENDS: [&str; 8] = ["UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "OFFSET", "FETCH", "AS"];
    let mut out = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let values = matches!(&token.token, Token::Word(word) if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("values"));
        out.push(token);
        if !values {
            continue;
        }
        loop {
            while let Some(blank) = tokens.next_if(|next| matches!(next.token, Token::Whitespace(_))) {
                out.push(blank);
            }
            let bare = tokens.peek().is_some_and(|next| !matches!(next.token, Token::LParen | Token::EOF));
            let span = tokens.peek().map(|next| next.span);
            let bracket = |token| span.map(|span| TokenWithSpan { token, span });
            out.extend(bracket(Token::LParen).filter(|_| bare));
            let mut depth = 0_i32;
            while let Some(next) = tokens.next_if(|next| match &next.token {
                Token::Comma | Token::RParen => depth > 0,
                Token::SemiColon | Token::EOF => false,
                Token::Word(word) => depth > 0 || !ENDS.contains(&word.value.to_uppercase().as_str()),
                _ => true,
            }) {
                match next.token {
                    Token::LParen | Token::LBracket => depth = depth.saturating_add(1),
                    Token::RParen | Token::RBracket => depth = depth.saturating_sub(1),
                    _ => {}
                }
                out.push(next);
            }
            out.extend(bracket(Token::RParen).filter(|_| bare));
            match tokens.next_if(|next| next.token == Token::Comma) {
                Some(comma) => out.push(comma),
                None => break,
            }
        }
    }
    out
}

/// The parser's `Expected: …, found: … at Line: 1, Column: 8` in Trino's form.
fn refused(error: &ParserError, sql: &str) -> QueryError {
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
    let (line, column) = at.split_once(", Column: ").unwrap_or(("0", "0"));
    let number = |text: &str| text.trim().parse::<u64>().ok().filter(|number| *number > 0);
    let at = match (number(line), number(column)) {
        (Some(line), Some(column)) => Location::new(line, column),
        _ => end(sql),
    };
    let said = said.strip_prefix("Expected").map_or(said, |said| said.trim_start_matches([':', ' ']));
    match said.split_once(", found: ") {
        Some((expected, found)) => {
            let found = if found == "EOF" { "<EOF>" } else { found };
            let expected = match expected {
                "end of statement" => "<EOF>",
                "an expression" => "<expression>",
                other => other,
            };
            syntax(at, &format!("mismatched input '{found}'. Expecting: {expected}"))
        }
        None => syntax(at, &format!("mismatched input: {said}")),
    }
}

/// Behind the last character.
fn end(sql: &str) -> Location {
    let count = |number: usize| u64::try_from(number).unwrap_or_default();
    let last = sql.rsplit_once('\n').map_or(sql, |(_, last)| last);
    let lines = count(sql.matches('\n').count());
    Location::new(lines.saturating_add(1), count(last.chars().count()).saturating_add(1))
}

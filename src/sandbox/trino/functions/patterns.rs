//! Functions of regular expressions.

use super::super::error::QueryError;
use super::arrays::{optional_texts, texts};
use super::runtime::{Entry, int, invalid, string, truth, unexpected};
use fancy_regex::Regex;
use rusqlite::types::Value;
use std::cell::RefCell;
use std::collections::HashMap;

pub(super) const ALL: &[Entry] = &[
    Entry(
        "regexp_like",
        |a| with_pattern(a, |pattern| truth(matched(pattern.is_match(string(a.first())?))?)),
        false,
    ),
    Entry("regexp_extract", extract, false),
    Entry("regexp_extract_all", extract_all, false),
    Entry("regexp_replace", regexp_replace, false),
    Entry("regexp_split", regexp_split, false),
    Entry("regexp_count", regexp_count, false),
];

thread_local! {
    static PATTERNS: RefCell<HashMap<String, Regex>> = RefCell::new(HashMap::new());
}

/// Patterns that a thread keeps.
const KEPT: usize = 64;

fn with_pattern<T>(
    arguments: &[Value],
    run: impl FnOnce(&Regex) -> Result<T, QueryError>,
) -> Result<T, QueryError> {
    let pattern = string(arguments.get(1))?;
    PATTERNS.with_borrow_mut(|patterns| {
        if !patterns.contains_key(pattern) {
            let compiled = Regex::new(pattern)
                .map_err(|error| invalid(format!("Invalid pattern {pattern}: {error}")))?;
            if patterns.len() >= KEPT {
                patterns.clear();
            }
            patterns.insert(pattern.to_owned(), compiled);
        }
        run(patterns.get(pattern).ok_or_else(unexpected)?)
    })
}

fn matched<T>(found: Result<T, fancy_regex::Error>) -> Result<T, QueryError> {
    found.map_err(|error| invalid(format!("Pattern matching failed: {error}")))
}

fn group(arguments: &[Value], pattern: &Regex) -> Result<usize, QueryError> {
    let Some(group) = arguments.get(2) else { return Ok(0) };
    let group = int(Some(group))?;
    let last = pattern.captures_len().saturating_sub(1);
    let found = usize::try_from(group).map_err(|_| invalid("Group cannot be negative"))?;
    if found > last {
        return Err(invalid(format!("Pattern has {last} groups. Cannot access group {group}")));
    }
    Ok(found)
}

fn extract(arguments: &[Value]) -> Result<Value, QueryError> {
    let text = string(arguments.first())?;
    with_pattern(arguments, |pattern| {
        let group = group(arguments, pattern)?;
        let found = matched(pattern.captures(text))?;
        let found = found.and_then(|found| found.get(group).map(|part| part.as_str().to_owned()));
        Ok(found.map_or(Value::Null, Value::Text))
    })
}

fn extract_all(arguments: &[Value]) -> Result<Value, QueryError> {
    let text = string(arguments.first())?;
    with_pattern(arguments, |pattern| {
        let group = group(arguments, pattern)?;
        let mut found = Vec::new();
        for captures in pattern.captures_iter(text) {
            found.push(matched(captures)?.get(group).map(|part| part.as_str().to_owned()));
        }
        Ok(optional_texts(found))
    })
}

fn regexp_replace(arguments: &[Value]) -> Result<Value, QueryError> {
    let text = string(arguments.first())?;
    let with = match arguments.get(2) {
        None => "",
        with => string(with)?,
    };
    with_pattern(arguments, |pattern| {
        let mut out = String::new();
        let mut done = 0;
        for captures in pattern.captures_iter(text) {
            let captures = matched(captures)?;
            let Some(whole) = captures.get(0) else { continue };
            out.push_str(text.get(done..whole.start()).unwrap_or_default());
            expand(with, &captures, &mut out)?;
            done = whole.end();
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Ok(Value::Text(out))
    })
}

/// `$1`, `${name}` and `\$` of a replacement.
fn expand(with: &str, captures: &fancy_regex::Captures<'_, str>, out: &mut String) -> Result<(), QueryError> {
    let mut characters = with.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' => out.extend(characters.next()),
            '$' if characters.next_if_eq(&'{').is_some() => {
                let name: String = characters.by_ref().take_while(|c| *c != '}').collect();
                out.push_str(captures.name(&name).map_or("", |part| part.as_str()));
            }
            '$' => {
                let digit = characters.next_if(char::is_ascii_digit).and_then(|c| c.to_digit(10));
                let digit = digit.ok_or_else(|| invalid("Illegal replacement sequence: $"))?;
                let mut group = usize::try_from(digit).unwrap_or_default();
                while let Some(next) = characters.peek().and_then(|c| c.to_digit(10)) {
                    let longer =
                        group.saturating_mul(10).saturating_add(usize::try_from(next).unwrap_or_default());
                    if longer >= captures.len() {
                        break;
                    }
                    group = longer;
                    characters.next();
                }
                if group >= captures.len() {
                    return Err(invalid(format!("Illegal replacement sequence: unknown group {group}")));
                }
                out.push_str(captures.get(group).map_or("", |part| part.as_str()));
            }
            c => out.push(c),
        }
    }
    Ok(())
}

fn regexp_split(arguments: &[Value]) -> Result<Value, QueryError> {
    let text = string(arguments.first())?;
    with_pattern(arguments, |pattern| {
        let mut parts = Vec::new();
        for part in pattern.split(text) {
            parts.push(matched(part)?);
        }
        Ok(texts(parts.into_iter()))
    })
}

fn regexp_count(arguments: &[Value]) -> Result<Value, QueryError> {
    let text = string(arguments.first())?;
    with_pattern(arguments, |pattern| {
        i64::try_from(pattern.find_iter(text).count()).map(Value::Integer).map_err(|_| unexpected())
    })
}

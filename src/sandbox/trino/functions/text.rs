//! Functions of text. Places and lengths are in characters, from 1.

use super::super::error::QueryError;
use super::arrays::texts;
use super::runtime::{Entry, int, invalid, string, truth, unexpected};
use rusqlite::types::Value;

pub(super) const ALL: &[Entry] = &[
    Entry("length", |a| count(string(a.first())?.chars().count()), false),
    Entry("lower", |a| Ok(Value::Text(string(a.first())?.to_lowercase())), false),
    Entry("upper", |a| Ok(Value::Text(string(a.first())?.to_uppercase())), false),
    Entry("trim", |a| trimmed(a, true, true), false),
    Entry("ltrim", |a| trimmed(a, true, false), false),
    Entry("rtrim", |a| trimmed(a, false, true), false),
    Entry("substr", substr, false),
    Entry("replace", replace, false),
    Entry("reverse", |a| Ok(Value::Text(string(a.first())?.chars().rev().collect())), false),
    Entry("strpos", strpos, false),
    Entry("starts_with", |a| truth(string(a.first())?.starts_with(string(a.get(1))?)), false),
    Entry("split", split, false),
    Entry("split_part", split_part, false),
    Entry("lpad", |a| padded(a, true), false),
    Entry("rpad", |a| padded(a, false), false),
    Entry("chr", chr, false),
    Entry("codepoint", codepoint, false),
    Entry("concat_ws", concat_ws, true),
    Entry("like", like, false),
    Entry("url_extract_host", |a| url(a, |url| url.host), false),
    Entry("url_extract_path", |a| url(a, |url| Some(url.path)), false),
    Entry("url_extract_parameter", url_parameter, false),
];

/// The longest text that padding makes, in characters.
const LONGEST: i64 = 1 << 20;

fn count(number: usize) -> Result<Value, QueryError> {
    i64::try_from(number).map(Value::Integer).map_err(|_| unexpected())
}

fn trimmed(arguments: &[Value], left: bool, right: bool) -> Result<Value, QueryError> {
    let text = string(arguments.first())?;
    let of = match arguments.get(1) {
        None => None,
        characters => Some(string(characters)?),
    };
    let out = |c: char| of.map_or_else(|| c.is_whitespace(), |of| of.contains(c));
    let text = if left { text.trim_start_matches(out) } else { text };
    let text = if right { text.trim_end_matches(out) } else { text };
    Ok(Value::Text(text.to_owned()))
}

fn substr(arguments: &[Value]) -> Result<Value, QueryError> {
    let text = string(arguments.first())?;
    let start = int(arguments.get(1))?;
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let from = match start {
        0 => return Ok(Value::Text(String::new())),
        start if start > 0 => start.saturating_sub(1),
        start => length.saturating_add(start),
    };
    let wanted = match arguments.get(2) {
        None => i64::MAX,
        wanted => int(wanted)?,
    };
    if from < 0 || from >= length || wanted <= 0 {
        return Ok(Value::Text(String::new()));
    }
    let skip = usize::try_from(from).unwrap_or(usize::MAX);
    let take = usize::try_from(wanted).unwrap_or(usize::MAX);
    Ok(Value::Text(text.chars().skip(skip).take(take).collect()))
}

fn replace(arguments: &[Value]) -> Result<Value, QueryError> {
    let with = match arguments.get(2) {
        None => "",
        with => string(with)?,
    };
    Ok(Value::Text(string(arguments.first())?.replace(string(arguments.get(1))?, with)))
}

fn strpos(arguments: &[Value]) -> Result<Value, QueryError> {
    let (text, part) = (string(arguments.first())?, string(arguments.get(1))?);
    let before = text.split_once(part).map(|(before, _)| before.chars().count());
    count(before.map_or(0, |before| before.saturating_add(1)))
}

fn split(arguments: &[Value]) -> Result<Value, QueryError> {
    let (text, by) = (string(arguments.first())?, delimiter(arguments)?);
    let parts: Vec<&str> = match arguments.get(2) {
        None => text.split(by).collect(),
        limit => {
            let limit = usize::try_from(int(limit)?).ok().filter(|limit| *limit > 0);
            text.splitn(limit.ok_or_else(|| invalid("The limit must be positive"))?, by).collect()
        }
    };
    Ok(texts(parts.into_iter()))
}

fn delimiter(arguments: &[Value]) -> Result<&str, QueryError> {
    let by = string(arguments.get(1))?;
    if by.is_empty() { Err(invalid("The delimiter may not be the empty string")) } else { Ok(by) }
}

fn split_part(arguments: &[Value]) -> Result<Value, QueryError> {
    let text = string(arguments.first())?;
    let by = string(arguments.get(1))?;
    let index = int(arguments.get(2))?;
    let place = usize::try_from(index).ok().and_then(|index| index.checked_sub(1));
    let place = place.ok_or_else(|| invalid("Index must be greater than zero"))?;
    if by.is_empty() {
        let part = text.chars().nth(place).map(|c| c.to_string());
        return Ok(part.map_or(Value::Null, Value::Text));
    }
    Ok(text.split(by).nth(place).map_or(Value::Null, |part| Value::Text(part.to_owned())))
}

fn padded(arguments: &[Value], left: bool) -> Result<Value, QueryError> {
    let (text, size, with) = (string(arguments.first())?, int(arguments.get(1))?, string(arguments.get(2))?);
    if !(0..=LONGEST).contains(&size) {
        return Err(invalid(format!("Target length must be in the range [0..{LONGEST}]")));
    }
    if with.is_empty() {
        return Err(invalid("Padding string must not be empty"));
    }
    let size = usize::try_from(size).unwrap_or_default();
    let own = text.chars().count();
    if own >= size {
        return Ok(Value::Text(text.chars().take(size).collect()));
    }
    let pad: String = with.chars().cycle().take(size.saturating_sub(own)).collect();
    Ok(Value::Text(if left { pad + text } else { text.to_owned() + &pad }))
}

fn chr(arguments: &[Value]) -> Result<Value, QueryError> {
    let code = int(arguments.first())?;
    let found = u32::try_from(code).ok().and_then(char::from_u32);
    found
        .map(|c| Value::Text(c.to_string()))
        .ok_or_else(|| invalid(format!("Not a valid Unicode code point: {code}")))
}

fn codepoint(arguments: &[Value]) -> Result<Value, QueryError> {
    let mut characters = string(arguments.first())?.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) => Ok(Value::Integer(i64::from(u32::from(c)))),
        _ => Err(invalid("Input string must be a single character string")),
    }
}

/// NULL among the texts is left out.
fn concat_ws(arguments: &[Value]) -> Result<Value, QueryError> {
    let Some((by, rest)) = arguments.split_first() else { return Err(unexpected()) };
    let Value::Text(by) = by else { return Ok(Value::Null) };
    let parts: Vec<&str> = rest
        .iter()
        .filter(|value| **value != Value::Null)
        .map(|value| string(Some(value)))
        .collect::<Result<_, _>>()?;
    Ok(Value::Text(parts.join(by)))
}

/// What a character of a LIKE pattern stands for.
enum Like {
    One(char),
    Any,
    Run,
}

fn like(arguments: &[Value]) -> Result<Value, QueryError> {
    let (text, pattern) = (string(arguments.first())?, string(arguments.get(1))?);
    let escape = match arguments.get(2) {
        None => None,
        escape => {
            let mut characters = string(escape)?.chars();
            match (characters.next(), characters.next()) {
                (Some(c), None) => Some(c),
                _ => return Err(invalid("Escape string must be a single character")),
            }
        }
    };
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        parts.push(match c {
            c if Some(c) == escape => match characters.next() {
                Some(next) if next == '%' || next == '_' || Some(next) == escape => Like::One(next),
                _ => {
                    return Err(invalid(
                        "Escape character must be followed by '%', '_' or the escape character itself",
                    ));
                }
            },
            '%' => Like::Run,
            '_' => Like::Any,
            c => Like::One(c),
        });
    }
    let text: Vec<char> = text.chars().collect();
    truth(fits(&text, &parts))
}

fn fits(text: &[char], parts: &[Like]) -> bool {
    let (mut at, mut part) = (0_usize, 0_usize);
    // Where to go on when it does not fit: after the last run, which takes one more character.
    let mut again: Option<(usize, usize)> = None;
    loop {
        let matched = match (parts.get(part), text.get(at)) {
            (Some(Like::Run), _) => {
                again = Some((at, part));
                part = part.saturating_add(1);
                continue;
            }
            (None, None) => return true,
            (Some(Like::One(wanted)), Some(c)) => wanted == c,
            (Some(Like::Any), Some(_)) => true,
            _ => false,
        };
        if matched {
            at = at.saturating_add(1);
            part = part.saturating_add(1);
        } else {
            let Some((start, run)) = again.filter(|(start, _)| *start < text.len()) else { return false };
            again = Some((start.saturating_add(1), run));
            at = start.saturating_add(1);
            part = run.saturating_add(1);
        }
    }
}

/// The parts of an address.
struct Url {
    host: Option<String>,
    path: String,
    query: String,
}

fn parts(text: &str) -> Url {
    let text = text.split_once('#').map_or(text, |(before, _)| before);
    let (text, query) = text.split_once('?').unwrap_or((text, ""));
    let (host, path) = match text.split_once("://") {
        None => (None, text.to_owned()),
        Some((_, rest)) => {
            let (host, path) = match rest.split_once('/') {
                Some((host, path)) => (host, format!("/{path}")),
                None => (rest, String::new()),
            };
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            (Some(host.split_once(':').map_or(host, |(host, _)| host).to_owned()), path)
        }
    };
    Url { host, path, query: query.to_owned() }
}

fn url(arguments: &[Value], part: fn(Url) -> Option<String>) -> Result<Value, QueryError> {
    Ok(part(parts(string(arguments.first())?)).map_or(Value::Null, Value::Text))
}

fn url_parameter(arguments: &[Value]) -> Result<Value, QueryError> {
    let (address, name) = (parts(string(arguments.first())?), string(arguments.get(1))?);
    let found = address.query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then(|| value.to_owned())
    });
    Ok(found.map_or(Value::Null, Value::Text))
}

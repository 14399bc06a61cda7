//! Names, strings and patterns as they stand in a criteria text.

use super::lexer::reserved;

/// A name as it stands in a criteria text: in double quotes where it needs them.
pub fn name(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
        && reserved(text).is_none();
    if plain { text.to_owned() } else { quote(text, '"') }
}

/// In quotes, which are doubled inside.
pub(super) fn quote(text: &str, quote: char) -> String {
    let doubled: String = [quote, quote].iter().collect();
    format!("{quote}{}{quote}", text.replace(quote, &doubled))
}

/// `LIKE` as a pattern over the whole string: `%` is any string, `_` any character; a backslash before
/// `%`, `_` or a backslash takes it literally.
pub(super) fn like_to_regex(pattern: &str) -> String {
    let mut regex = String::from("(?s)^");
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            '\\' => {
                let literal = chars.next_if(|next| matches!(next, '%' | '_' | '\\')).unwrap_or('\\');
                push_literal(&mut regex, literal);
            }
            other => push_literal(&mut regex, other),
        }
    }
    regex.push('$');
    regex
}

const SPECIAL: &str = r"\.+*?()|[]{}^$";

fn push_literal(regex: &mut String, c: char) {
    if SPECIAL.contains(c) {
        regex.push('\\');
    }
    regex.push(c);
}

/// The `LIKE` pattern that [`like_to_regex`] turns into exactly this one, where there is one.
pub(super) fn regex_to_like(regex: &str) -> Option<String> {
    let inner = regex.strip_prefix("(?s)^")?.strip_suffix('$')?;
    let mut like = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '.' if chars.next_if_eq(&'*').is_some() => like.push('%'),
            '.' => like.push('_'),
            '\\' => {
                let literal = chars.next()?;
                if literal == '\\' {
                    like.push('\\');
                }
                like.push(literal);
            }
            '%' | '_' => {
                like.push('\\');
                like.push(c);
            }
            other => like.push(other),
        }
    }
    (like_to_regex(&like) == regex).then_some(like)
}

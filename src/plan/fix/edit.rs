//! From a finding to the bytes that change.

use crate::plan::finding::{Finding, Mend};
use crate::plan::tree::{Positions, TextPlace};
use std::ops::Range;

/// Bytes that are replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    range: Range<usize>,
    with: String,
}

/// The edit that a finding asks for; `None` where the place is not plain enough.
pub(super) fn of(text: &str, positions: &Positions, finding: &Finding) -> Option<Edit> {
    match finding.mend.as_ref()? {
        Mend::Rename(to) => rename(text, scalar(positions.keys.get(&finding.pointer)?)?, to),
        Mend::Null => null(text, positions.values.get(&finding.pointer)?),
        Mend::Identifier(identifier) => add_identifier(text, positions, &finding.pointer, identifier),
        Mend::Quote(written) => {
            let range = scalar(positions.values.get(&finding.pointer)?)?;
            Some(Edit { range, with: format!("\"{written}\"") })
        }
    }
}

/// The text with all edits; `None` when two of them meet.
pub(super) fn apply<'e>(text: &str, edits: impl Iterator<Item = &'e Edit>) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        edited.push_str(text.get(at..edit.range.start)?);
        edited.push_str(&edit.with);
        at = edit.range.end;
    }
    edited.push_str(text.get(at..)?);
    Some(edited)
}

/// The bytes of a scalar that is written where it stands.
fn scalar(place: &TextPlace) -> Option<Range<usize>> {
    let start = place.start.filter(|_| !place.aliased && place.len > 0)?;
    Some(start..start.saturating_add(place.len))
}

fn rename(text: &str, range: Range<usize>, to: &str) -> Option<Edit> {
    let with = match text.get(range.clone())?.chars().next()? {
        quote @ ('"' | '\'') => format!("{quote}{to}{quote}"),
        _ => plain(to),
    };
    Some(Edit { range, with })
}

/// A word that YAML reads as a string, in quotes where it needs them.
fn plain(word: &str) -> String {
    const SPECIAL: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if word.starts_with(|c: char| c.is_ascii_alphabetic()) && !SPECIAL.contains(&word) {
        word.to_owned()
    } else {
        format!("\"{word}\"")
    }
}

/// A list or mapping in brackets. One with a comment in it stays, because the comment would go.
fn null(text: &str, place: &TextPlace) -> Option<Edit> {
    let start = place.start.filter(|_| !place.aliased)?;
    let end = start.saturating_add(closing(text.get(start..)?)?);
    let inner = text.get(start..end)?;
    (!inner.contains('#')).then(|| Edit { range: start..end, with: "null".to_owned() })
}

/// Bytes from an opening bracket to behind the one that closes it.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((_, c)) = chars.next() {
        match (quote, c) {
            (Some('"'), '\\') => {
                chars.next();
            }
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth = depth.saturating_add(1),
            (None, ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(chars.offset());
                }
            }
            (None, _) if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// `identifier` behind the `name` of the same mapping, in the mapping's own style.
fn add_identifier(text: &str, positions: &Positions, pointer: &str, identifier: &str) -> Option<Edit> {
    // An empty one is replaced.
    if let Some(there) = positions.values.get(&format!("{pointer}/identifier")) {
        let range = scalar(there)?;
        let quoted =
            text.get(range.clone())? == "null" && text.get(..range.start)?.trim_end().ends_with("\":");
        let with = if quoted { format!("\"{identifier}\"") } else { plain(identifier) };
        return Some(Edit { range, with });
    }
    let mapping = positions.values.get(pointer).filter(|place| !place.aliased)?;
    let name = format!("{pointer}/name");
    let key = scalar(positions.keys.get(&name)?)?;
    let value = scalar(positions.values.get(&name)?)?;
    let between = text.get(key.start..value.end)?;
    // A name over several lines, or a block scalar, is left alone.
    if between.contains('\n') {
        return None;
    }
    let before = text.get(..key.start)?.rsplit('\n').next()?;
    let alone = before.chars().all(|c| c == ' ' || c == '\t');
    let rest = text.get(value.end..)?;
    let (line_rest, _) = rest.split_once('\n').unwrap_or((rest, ""));
    let end = if line_rest.ends_with('\r') { "\r\n" } else { "\n" };
    let flow = text.get(mapping.start?..)?.starts_with('{');
    if !flow {
        let indent = " ".repeat(before.chars().count());
        let at = value.end.saturating_add(line_rest.trim_end_matches('\r').len());
        let with = format!("{end}{indent}identifier: {}", plain(identifier));
        return Some(Edit { range: at..at, with });
    }
    let pair = match text.get(key)?.starts_with('"') {
        true => format!("\"identifier\": \"{identifier}\""),
        false => format!("identifier: {}", plain(identifier)),
    };
    let with = if alone { format!(",{end}{before}{pair}") } else { format!(", {pair}") };
    Some(Edit { range: value.end..value.end, with })
}

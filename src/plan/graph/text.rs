//! Names and strings made fit for a drawing.

use unicode_width::UnicodeWidthChar as _;

/// On one line, without characters that no format can hold.
pub(super) fn one_line(text: &str) -> String {
    let clean = |c: char| match c {
        c if c.is_control() => ' ',
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c => c,
    };
    let clean: String = text.chars().map(clean).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How wide a character is, in those of plain Latin text. The reader's font is not known: these are the widths of
/// DejaVu Sans and Verdana, the widest of the usual fonts, so that a text fits its box in any of them.
fn units(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | 'J' | '\'' | '.' | ',' | ':' | ';' | '|' | '/' | '\\' | ' ' | '·' => 0.56,
        'f' | 'r' | 't' | '-' | '_' | '!' | '(' | ')' | '[' | ']' => 0.7,
        'w' | '#' | '+' | '<' | '=' | '>' | '^' | '~' | '&' => 1.32,
        'm' | 'M' | 'W' | '@' | '%' | '…' => 1.58,
        _ => match c.width() {
            None | Some(0) => 0.0,
            // A square, and a picture, which is wider.
            Some(2) if c < '\u{1f000}' => 1.6,
            Some(2) => 2.0,
            // The letters of some alphabets are wider than those of Latin.
            _ if c.is_uppercase() || c > '\u{24f}' => 1.25,
            _ => 1.0,
        },
    }
}

/// The width of a text in units.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(units).sum()
}

/// At most this wide, with an ellipsis in the place of what is left out.
pub(super) fn cut(text: &str, most: f64) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut left = most - units('…');
    let mut kept = String::new();
    for c in text.chars() {
        left -= units(c);
        if left < 0.0 {
            break;
        }
        kept.push(c);
    }
    // A joiner at the end would join the ellipsis.
    let kept = kept.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{200d}');
    format!("{kept}…")
}

/// Lines of at most this width, broken at spaces; what does not fit into the last one is cut.
pub(super) fn wrap(text: &str, most: f64, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    let mut words = text.split(' ').peekable();
    while words.peek().is_some() {
        let mut line = words.next().unwrap_or_default().to_owned();
        if wrapped.len().saturating_add(1) == lines {
            for word in words.by_ref() {
                line.push(' ');
                line.push_str(word);
            }
        }
        while let Some(word) = words.next_if(|word| width(&line) + units(' ') + width(word) <= most) {
            line.push(' ');
            line.push_str(word);
        }
        wrapped.push(cut(&line, most));
    }
    wrapped
}

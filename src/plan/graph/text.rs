//! Names and strings made fit for a drawing.

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

/// How wide a character is, in those of plain Latin text. A guess: the reader's font is not known.
fn units(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' | '.' | ',' | ':' | ';' | '|' | '!' => 0.6,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 1.45,
        'A'..='Z' => 1.2,
        // Joiners, variants and combining marks.
        '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{300}'..='\u{36f}' => 0.0,
        '\u{1100}'.. => 1.9,
        _ => 1.0,
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
        while let Some(word) = words.next_if(|word| width(&line) + 1.0 + width(word) <= most) {
            line.push(' ');
            line.push_str(word);
        }
        wrapped.push(cut(&line, most));
    }
    wrapped
}

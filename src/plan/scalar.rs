//! Where the bytes of a scalar stand in the text: the scalar as it was read is laid over the text as
//! it was written.

use std::iter::Peekable;
use std::str::Chars;

/// Line and column (1-based) of the byte `offset` of `scalar`, which starts at `line` and `column`
/// of `text`. `None` where the two do not fit together.
pub(super) fn place(
    text: &str,
    (line, column): (usize, usize),
    scalar: &str,
    offset: usize,
) -> Option<(usize, usize)> {
    let from = from(text, line, column)?;
    // A block's text may begin with a quote of its own, so the words themselves come first.
    [Style::Bare, Style::Single, Style::Double].into_iter().find_map(|style| {
        let mut source = Source { chars: from.chars().peekable(), line, column };
        style.opens(&mut source).then(|| lay(&mut source, style, scalar, offset)).flatten()
    })
}

/// The text from a place on.
fn from(mut text: &str, line: usize, column: usize) -> Option<&str> {
    for _ in 1..line {
        text = text.split_once('\n')?.1;
    }
    let mut chars = text.chars();
    chars.by_ref().take(column.checked_sub(1)?).for_each(drop);
    Some(chars.as_str())
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// Plain, or a block.
    Bare,
    Single,
    Double,
}

impl Style {
    /// Takes what stands before the words.
    fn opens(self, source: &mut Source<'_>) -> bool {
        match (self, source.chars.peek()) {
            (Style::Bare, Some('|' | '>')) => {
                while source.chars.peek().is_some_and(|c| *c != '\n') {
                    source.take();
                }
                source.space();
                true
            }
            (Style::Bare, _) => true,
            (Style::Single, Some('\'')) | (Style::Double, Some('"')) => source.take().is_some(),
            _ => false,
        }
    }
}

/// The text as it was written, from some place on.
struct Source<'t> {
    chars: Peekable<Chars<'t>>,
    line: usize,
    column: usize,
}

impl Source<'_> {
    fn take(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        if c == '\n' {
            self.line = self.line.saturating_add(1);
            self.column = 1;
        } else {
            self.column = self.column.saturating_add(1);
        }
        Some(c)
    }

    /// Takes white space; whether a line ended in it.
    fn space(&mut self) -> bool {
        let line = self.line;
        while self.chars.peek().is_some_and(|c| c.is_whitespace()) {
            self.take();
        }
        self.line > line
    }

    /// The character that an escape of a double-quoted scalar means; none for a joined line.
    fn escape(&mut self) -> Option<Option<char>> {
        self.take();
        let digits = match self.take()? {
            'n' => return Some(Some('\n')),
            't' => return Some(Some('\t')),
            'r' => return Some(Some('\r')),
            '\n' | '\r' => {
                self.space();
                return Some(None);
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            c @ ('"' | '\\' | '/' | ' ') => return Some(Some(c)),
            _ => return None,
        };
        let mut code = 0;
        for _ in 0..digits {
            code = code << 4 | self.take()?.to_digit(16)?;
        }
        char::from_u32(code).map(Some)
    }
}

/// Lays the scalar over the text; all of it has to fit.
#[expect(clippy::arithmetic_side_effects, reason = "places within a scalar of a plan")]
fn lay(source: &mut Source<'_>, style: Style, scalar: &str, offset: usize) -> Option<(usize, usize)> {
    let mut found = None;
    let mut at = 0;
    // A block's place is that of its first words.
    if style == Style::Bare && !source.chars.peek().is_some_and(|c| c.is_whitespace()) {
        at = scalar.len() - scalar.trim_start().len();
    }
    while let Some(c) = scalar.get(at..)?.chars().next() {
        let here = (source.line, source.column);
        let next = *source.chars.peek().unwrap_or(&'\n');
        let before = at;
        if style == Style::Double && next == '\\' {
            match source.escape()? {
                Some(escaped) if escaped == c => at += c.len_utf8(),
                Some(_) => return None,
                None => continue,
            }
        } else if c.is_whitespace() {
            if !next.is_whitespace() {
                return None;
            }
            let run = scalar.get(at..)?;
            at += run.len() - run.trim_start().len();
            let folds = source.space();
            if (before..at).contains(&offset) {
                let inside = if folds { 0 } else { scalar.get(before..offset)?.chars().count() };
                found = found.or(Some((here.0, here.1 + inside)));
            }
            continue;
        } else {
            if next != c {
                return None;
            }
            source.take();
            if style == Style::Single && c == '\'' && source.take() != Some('\'') {
                return None;
            }
            at += c.len_utf8();
        }
        if (before..at).contains(&offset) {
            found = Some(here);
        }
    }
    found.or(Some((source.line, source.column)))
}

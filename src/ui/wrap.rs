//! Lines that end at words, by the width of their characters.

use textwrap::{Options, WordSeparator, WordSplitter};
use unicode_width::UnicodeWidthStr as _;

/// Text in lines that are no wider than this; a longer word is not cut.
pub(super) fn wrapped(text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else { return vec![text.to_owned()] };
    let unindented = text.trim_start_matches(' ');
    let (indent, _) = text.split_at_checked(text.len().saturating_sub(unindented.len())).unwrap_or_default();
    // Further lines of a list's item stand below its text.
    let marker = unindented.split_once(' ').map_or(0, |(first, _)| match first {
        "-" => 2,
        _ if first.strip_suffix('.').is_some_and(|number| number.parse::<u8>().is_ok()) => {
            first.len().saturating_add(1)
        }
        _ => 0,
    });
    let hanging = format!("{indent}{}", " ".repeat(marker));
    let options = Options::new(width)
        .initial_indent(indent)
        .subsequent_indent(&hanging)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(unindented, options).into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Text with its lines wrapped at words; further lines of one stand below its beginning.
pub(super) fn wrap(text: &str, first: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let space = " ".repeat(first.width());
    let inner = Some(width.saturating_sub(space.len()).max(20));
    let lines = text.split('\n').flat_map(|line| wrapped(line, inner));
    lines.collect::<Vec<_>>().join(&format!("\n{space}"))
}

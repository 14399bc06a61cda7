//! Writing a man page: sections, paragraphs, lists and examples in roff.

use super::Page;
use roff::{Inline, Roff, bold, italic, roman};

/// The date of all pages. It is fixed, so that the same sources give the same pages.
const DATE: &str = "2026-11-01";
/// How long a line of the source may be.
const LINE: usize = 80;

/// A page under way.
pub(super) struct Writer {
    name: String,
    section: &'static str,
    roff: Roff,
}

impl Writer {
    /// A page with its NAME section.
    pub(super) fn new(name: &str, section: &'static str, about: &str) -> Self {
        let mut roff = Roff::new();
        let source = concat!("tdx-rt ", env!("CARGO_PKG_VERSION"));
        roff.control("TH", [name.to_uppercase().as_str(), section, DATE, source, "tdx-rt manual"]);
        roff.control("SH", ["NAME"]);
        let mut page = Writer { name: name.to_owned(), section, roff };
        page.flow(&format!("{name} - {about}"));
        page
    }

    /// Begins a section.
    pub(super) fn section(&mut self, title: &str) {
        self.roff.control("SH", [title]);
    }

    /// Begins a part of a section.
    pub(super) fn part(&mut self, title: &str) {
        self.roff.control("SS", [title]);
    }

    /// Text; a blank line begins a paragraph, and lines that begin with two spaces stay as they are.
    /// What stands in backquotes is bold.
    pub(super) fn text(&mut self, text: &str) {
        for (index, paragraph) in text.split("\n\n").enumerate() {
            if index > 0 {
                self.roff.control("PP", []);
            }
            let mut flowing = String::new();
            let mut literal: Vec<&str> = Vec::new();
            for line in paragraph.lines() {
                match line.strip_prefix("  ") {
                    Some(line) => literal.push(line),
                    None => {
                        flowing.push_str(line);
                        flowing.push('\n');
                    }
                }
            }
            self.flow(&flowing);
            if !literal.is_empty() {
                self.literal(literal.into_iter());
            }
        }
    }

    /// A term and its description.
    pub(super) fn item(&mut self, term: Vec<Inline>, text: &str) {
        self.roff.control("TP", []);
        self.roff.text(term);
        self.flow(text);
    }

    /// An example: lines just as they are typed.
    pub(super) fn literal<'a>(&mut self, lines: impl Iterator<Item = &'a str>) {
        self.roff.control("RS", ["2"]).control("EX", []);
        for line in lines {
            self.roff.text([roman(line)]);
        }
        self.roff.control("EE", []).control("RE", []);
    }

    /// A paragraph's beginning.
    pub(super) fn paragraph(&mut self) {
        self.roff.control("PP", []);
    }

    /// Lines of a synopsis, the program's words in bold.
    pub(super) fn synopsis<'a>(&mut self, name: &str, lines: impl Iterator<Item = &'a str>) {
        for (index, line) in lines.enumerate() {
            if index > 0 {
                self.roff.control("br", []);
            }
            match line.strip_prefix(name) {
                Some(rest) => self.roff.text([bold(name), roman(rest)]),
                None => self.roff.text([roman(line)]),
            };
        }
    }

    /// References to other pages.
    pub(super) fn see_also(&mut self, pages: &[(String, &str)]) {
        self.section("SEE ALSO");
        for (index, (name, section)) in pages.iter().enumerate() {
            let comma = if index == pages.len().saturating_sub(1) { "" } else { "," };
            self.roff.text([bold(name.as_str()), roman(format!("({section}){comma}"))]);
        }
    }

    /// The page as it is now.
    pub(super) fn finish(self) -> Page {
        Page { name: self.name, section: self.section, source: self.roff.render() }
    }

    /// Words in lines of a length that one can read in the source, too.
    fn flow(&mut self, text: &str) {
        let mut line = String::new();
        for word in words(text) {
            if !line.is_empty() && cost(&line).saturating_add(cost(&word)) >= LINE {
                self.roff.text(marked(&line));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        if !line.is_empty() {
            self.roff.text(marked(&line));
        }
    }
}

/// The words of a text; what stands in backquotes is one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(last) if !last.matches('`').count().is_multiple_of(2) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// Bytes of a text in the source, with its escapes.
fn cost(text: &str) -> usize {
    let bytes = |letter: char| match letter {
        '-' | '\\' => 2,
        // A font's beginning or end.
        '`' => 3,
        '\'' => "\\*(Aq".len(),
        letter if letter.is_ascii() => 1,
        _ => "\\[u0000]".len(),
    };
    text.chars().map(bytes).sum()
}

/// Text in which backquotes mark what is bold.
pub(super) fn marked(text: &str) -> Vec<Inline> {
    let parts = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    parts.map(|(index, part)| if index % 2 == 1 { bold(part) } else { roman(part) }).collect()
}

/// A term in bold, with what it takes in italics.
pub(super) fn term(name: &str, takes: &str) -> Vec<Inline> {
    let mut term = vec![bold(name)];
    if !takes.is_empty() {
        term.extend([roman(" "), italic(takes)]);
    }
    term
}

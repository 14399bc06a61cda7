//! Text for people: nothing in it moves the cursor, colours what follows or turns the order of reading.

use std::fmt::Write as _;

/// How a part of a text looks: the numbers of a terminal's code.
pub type Style = &'static str;

/// As it is.
pub const PLAIN: Style = "";
/// Titles.
pub const BOLD: Style = "1";
/// Remarks.
pub const DIM: Style = "2";
/// What is taken out.
pub const RED: Style = "31";
/// What is added.
pub const GREEN: Style = "32";
/// What waits, or is not as it may have to be.
pub const YELLOW: Style = "33";
/// Places.
pub const CYAN: Style = "36";
/// An error.
pub const BOLD_RED: Style = "1;31";
/// A warning.
pub const BOLD_YELLOW: Style = "1;33";
/// The frame of a finding, and the keys of JSON.
pub const BOLD_BLUE: Style = "1;34";
/// The null of JSON.
pub const BOLD_GREY: Style = "1;90";

/// A text that people see, on a terminal or in what is made for them. Whatever it was made of, the only
/// control characters in it are line ends, tabs and our own colours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    text: String,
    colours: bool,
}

impl Shown {
    /// An empty text, whose styles are left out unless colours are wanted.
    pub fn new(colours: bool) -> Self {
        Shown { text: String::new(), colours }
    }

    /// With a part behind it.
    #[must_use]
    pub fn with(mut self, style: Style, part: &str) -> Self {
        let part = visible(part);
        // Writing to a string cannot fail.
        let _ = match self.colours && !style.is_empty() {
            true => write!(self.text, "\x1b[{style}m{part}\x1b[0m"),
            false => write!(self.text, "{part}"),
        };
        self
    }

    /// With another text behind it.
    #[must_use]
    pub fn and(mut self, other: Shown) -> Self {
        self.text.push_str(&other.text);
        self
    }

    /// With this before each of its lines.
    #[must_use]
    pub(super) fn indented(self, indent: &str) -> Self {
        let lines = self.text.lines().map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("{indent}{line}\n"),
        });
        Shown { text: lines.collect(), ..self }
    }

    /// A unified diff in the usual colours.
    pub fn diff(diff: &str, colours: bool) -> Self {
        let comments = diff.lines().take_while(|line| line.starts_with('#')).count();
        let style = |index: usize, line: &str| match line.as_bytes() {
            _ if index < comments => DIM,
            // The two lines of the header; a list item that goes begins with `--` as well.
            _ if index < comments.saturating_add(2) => BOLD,
            [b'+', ..] => GREEN,
            [b'-', ..] => RED,
            [b'@', ..] => CYAN,
            _ => PLAIN,
        };
        let lines = diff.lines().enumerate();
        lines.fold(Shown::new(colours), |text, (index, line)| {
            text.with(style(index, line), line).with(PLAIN, "\n")
        })
    }

    /// What a terminal gets.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T: AsRef<str> + ?Sized> From<&T> for Shown {
    fn from(text: &T) -> Self {
        Shown::new(false).with(PLAIN, text.as_ref())
    }
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        Shown::from(&text)
    }
}

/// Whether a terminal would act on it, or show what stands around it in another order. Line ends and tabs
/// are fine.
fn acts(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => true,
        c => c.is_control(),
    }
}

/// Whether nothing shows where it stands, so that two names with and without it look the same: Unicode's
/// Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and the marks of annotations.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Whether what is unseen itself shows in what stands before it: joiners between letters that join or the parts of an
/// emoji, and what selects a form of a letter. Of ASCII only the keycaps have other forms.
fn forms(before: char, c: char, after: Option<char>) -> bool {
    match c {
        '\u{200c}' | '\u{200d}' => !before.is_ascii() && after.is_some_and(|after| !after.is_ascii()),
        '\u{fe0f}' if matches!(before, '0'..='9' | '#' | '*') => after == Some('\u{20e3}'),
        '\u{fe00}'..='\u{fe0f}'
        | '\u{180b}'..='\u{180f}'
        | '\u{e0020}'..='\u{e007f}'
        | '\u{e0100}'..='\u{e01ef}' => !before.is_ascii(),
        _ => false,
    }
}

/// A text on one line, such as a name within a sentence: what it holds can begin no line of its own.
pub fn one_line(text: &str) -> String {
    visible(text).replace('\n', "\\n").replace('\t', "\\t")
}

/// A text with `\u001b` and the like in place of characters that act: in JSON, where it is a string's
/// content, that is the same string.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let (mut before, mut characters) = ('\0', text.chars().peekable());
    while let Some(c) = characters.next() {
        match acts(c) || is_unseen(c) && !forms(before, c, characters.peek().copied()) {
            // As JSON has it: two for a character beyond the first plane.
            true => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                let _ = write!(shown, "\\u{unit:04x}");
            }),
            false => shown.push(c),
        }
        before = c;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_visible_and_our_colours_are_ours() {
        let text = "a\u{1b}[2J\r\u{9b}1m\u{202e}\u{2066}\u{61c}\u{7f}\t\u{e9}\u{1f469}\u{200d}\u{1f4bb}\n";
        let plain = r"a\u001b[2J\u000d\u009b1m\u202e\u2066\u061c\u007f".to_owned()
            + "\t\u{e9}\u{1f469}\u{200d}\u{1f4bb}\n";
        assert_eq!(Shown::from(text).as_str(), plain);
        let red = Shown::new(true).with(RED, "x\u{1b}[0m").with(PLAIN, "y");
        assert_eq!(red.as_str(), "\u{1b}[31mx\\u001b[0m\u{1b}[0my");
        assert_eq!(Shown::new(false).with(RED, "x").as_str(), "x");
    }

    #[test]
    fn names_that_differ_look_different() {
        for (name, shown) in [
            ("page\u{200b}view", r"page\u200bview"),
            ("page\u{200d}view\u{200c}", r"page\u200dview\u200c"),
            ("\u{feff}id", r"\ufeffid"),
            ("so\u{ad}ft \u{2060}\u{3164}", r"so\u00adft \u2060\u3164"),
            ("a\u{fe0f}1\u{fe0f}", r"a\ufe0f1\ufe0f"),
            ("a\u{e0061}", r"a\udb40\udc61"),
        ] {
            assert_eq!(visible(name), shown);
        }
        // What has another form by it: emoji, a flag, a keycap, Persian, Mongolian, a variant of a Han character.
        for name in [
            "\u{1f469}\u{200d}\u{1f4bb}",
            "\u{2764}\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
            "\u{182d}\u{180b}",
            "\u{845b}\u{e0100}",
        ] {
            assert_eq!(visible(name), name);
        }
    }

    #[test]
    fn json_stays_the_same_json() {
        let all: String = (0..=0x3ff)
            .chain(0x2000..=0x206f)
            .chain(0xfe00..=0xffff)
            .chain(0xe0000..=0xe01ff)
            .filter_map(char::from_u32)
            .collect();
        let json = serde_json::to_string(&all).unwrap();
        let shown = visible(&json);
        assert!(!shown.contains(acts), "{shown:?}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), all);
    }
}

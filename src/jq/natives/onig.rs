//! Expressions in the syntax of jq's library, Oniguruma's Perl_NG, rewritten for fancy-regex.
//!
//! Most of the two syntaxes is the same. What differs:
//! - an escaped letter without a meaning is the letter: `\h`, `\u`, `\<`;
//! - a `{` that begins no interval is a character, `{,2}` included;
//! - `$` also matches before a newline at the end;
//! - in a class, `[`, `&&` and `~~` are characters; names such as `[:alpha:]` mean all of Unicode;
//! - `\Q..\E` quotes.

/// Escaped letters that mean something, all alike in both syntaxes. `\0` is rewritten.
const MEANINGFUL: &str = "tnrfaexcCwWsSdDbBAZzGpPkgRXKNOyY123456789";

/// The names of classes that fancy-regex takes for ASCII alone.
const CLASSES: [(&str, &str, &str); 7] = [
    ("alpha", r"\p{Alphabetic}", r"\P{Alphabetic}"),
    ("digit", r"\d", r"\D"),
    ("alnum", r"\p{Alphabetic}\d", r"[^\p{Alphabetic}\d]"),
    ("upper", r"\p{Uppercase}", r"\P{Uppercase}"),
    ("lower", r"\p{Lowercase}", r"\P{Lowercase}"),
    ("space", r"\s", r"\S"),
    ("word", r"\w", r"\W"),
];

/// Rewrites an expression. `extended` is the flag `x`; `newline` says that the text to search
/// ends with a newline, so that `$` has two places there.
pub(super) fn rewrite(pattern: &str, extended: bool, newline: bool) -> String {
    // With the inline flag `m` the end of each line matches.
    let lines = pattern
        .split("(?")
        .skip(1)
        .any(|flags| flags.chars().take_while(char::is_ascii_alphabetic).any(|flag| flag == 'm'));
    let mut rewriter = Rewriter { rest: pattern, out: String::with_capacity(pattern.len()) };
    while let Some(c) = rewriter.next() {
        match c {
            '\\' => rewriter.escape(false),
            '[' => rewriter.class(),
            '{' if !begins_interval(rewriter.rest) => rewriter.out.push_str(r"\{"),
            '$' if newline && !lines => rewriter.out.push_str(r"(?=\n?\z)"),
            '#' if extended => {
                let line = rewriter.rest.find('\n').unwrap_or(rewriter.rest.len());
                rewriter.out.push('#');
                rewriter.copy(line);
            }
            c => rewriter.out.push(c),
        }
    }
    rewriter.out
}

struct Rewriter<'p> {
    rest: &'p str,
    out: String,
}

impl Rewriter<'_> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        Some(c)
    }

    fn copy(&mut self, bytes: usize) {
        let (now, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.out.push_str(now);
        self.rest = rest;
    }

    /// A character that stands for itself.
    fn literal(&mut self, c: char) {
        match c {
            // Also with the flag `x`, which skips white space.
            c if c.is_whitespace() => self.out.push_str(&format!("\\x{{{:x}}}", u32::from(c))),
            c if c.is_ascii_punctuation() => self.out.extend(['\\', c]),
            c => self.out.push(c),
        }
    }

    /// What follows a backslash.
    fn escape(&mut self, in_class: bool) {
        match self.next() {
            // An error of fancy-regex as well.
            None => self.out.push('\\'),
            Some('Q') if !in_class => {
                let end = self.rest.find(r"\E").unwrap_or(self.rest.len());
                let (quoted, rest) = self.rest.split_at(end);
                self.rest = rest.strip_prefix(r"\E").unwrap_or(rest);
                quoted.chars().for_each(|c| self.literal(c));
            }
            Some('b') if in_class => self.out.push_str(r"\x08"),
            Some('0') => {
                let digits = self.rest.bytes().take(2).take_while(|b| (b'0'..=b'7').contains(b)).count();
                let (octal, rest) = self.rest.split_at(digits);
                self.rest = rest;
                let code = u32::from_str_radix(octal, 8).unwrap_or(0);
                self.out.push_str(&format!("\\x{{{code:x}}}"));
            }
            Some(c) if MEANINGFUL.contains(c) => {
                self.out.push('\\');
                self.out.push(c);
                // `\p{..}` and `\x{..}`.
                if matches!(c, 'p' | 'P' | 'x') && self.rest.starts_with('{') {
                    self.copy(self.rest.split_inclusive('}').next().map_or(0, str::len));
                }
            }
            Some('<') => self.out.push_str("[<]"),
            Some('>') => self.out.push_str("[>]"),
            Some(c) => self.literal(c),
        }
    }

    /// What follows the `[` of a class, up to its `]`.
    fn class(&mut self) {
        self.out.push('[');
        if self.rest.starts_with('^') {
            self.copy(1);
        }
        if let Some(rest) = self.rest.strip_prefix(']') {
            self.rest = rest;
            self.out.push_str(r"\]");
        }
        while let Some(c) = self.next() {
            match c {
                ']' => return self.out.push(']'),
                '\\' => self.escape(true),
                '[' => self.named_class(),
                '&' | '~' => self.literal(c),
                c => self.out.push(c),
            }
        }
    }

    /// `[:alpha:]` after its first bracket; any other bracket in a class is a character.
    fn named_class(&mut self) {
        let name = self.rest.strip_prefix(':').and_then(|rest| rest.split_once(":]"));
        let Some((name, rest)) = name.filter(|(name, _)| !name.contains(['[', ']'])) else {
            return self.out.push_str(r"\[");
        };
        self.rest = rest;
        let plain = name.strip_prefix('^').unwrap_or(name);
        match CLASSES.iter().find(|(known, ..)| *known == plain) {
            Some((_, is, _)) if plain == name => self.out.push_str(is),
            Some((_, _, is_not)) => self.out.push_str(is_not),
            None => self.out.push_str(&format!("[:{name}:]")),
        }
    }
}

/// Whether what follows a `{` makes it an interval: `2}`, `2,}` or `2,3}`.
fn begins_interval(rest: &str) -> bool {
    let Some((inside, _)) = rest.split_once('}') else { return false };
    let (from, to) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    !from.is_empty() && digits(from) && digits(to)
}

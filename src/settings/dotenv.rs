//! `.env`, of which only a few names matter: a line that cannot be read is an error only where its
//! value is needed.

use super::files::read;
use super::{Environment, Origin, Sourced};
use crate::error::{Code, Error};
use std::path::PathBuf;

/// The names that are looked up whatever the profile is.
const NAMES: [&str; 4] = ["TDX_ACCESS_TOKEN", "TDX_API_KEY", "TD_API_KEY", "TDX_SITE"];
/// Lines that one value may have, such as a certificate in quotes.
const LINES: usize = 100;

/// A `.env` that was read.
#[derive(Debug, Default)]
pub struct Dotenv {
    path: PathBuf,
    entries: Vec<Entry>,
    /// Why the whole file cannot be read.
    unreadable: Option<Error>,
}

/// A line with one of [`NAMES`], or with the key or token of a profile.
#[derive(Debug)]
struct Entry {
    /// From 1.
    line: usize,
    name: String,
    /// `None` where it is not of the form `NAME=value`.
    value: Option<String>,
}

impl Dotenv {
    /// Reads the file, where it exists.
    pub fn load(path: PathBuf) -> Self {
        match read(&path) {
            Ok(text) => Dotenv { entries: entries(&text.unwrap_or_default()), path, unreadable: None },
            Err(error) => Dotenv { path, entries: Vec::new(), unreadable: Some(error) },
        }
    }

    /// The value of a name; of two lines the last. An empty one counts as not set.
    ///
    /// # Errors
    /// When the file cannot be read, or that line.
    pub fn get(&self, name: &str) -> Result<Option<Sourced<String>>, Error> {
        if let Some(error) = &self.unreadable {
            return Err(error.clone());
        }
        let Some(entry) = self.entries.iter().rfind(|entry| entry.name == name) else { return Ok(None) };
        let Some(value) = &entry.value else {
            let place = format!("{}:{}", self.path.display(), entry.line);
            return Err(Error::new(
                Code::BadSetting,
                format!("{place}: the line of {name} is not of the form NAME=value"),
            )
            .hint("correct or remove the line; a value with blanks or # stands in quotes"));
        };
        let value = value.trim();
        let sourced = Sourced { value: value.to_owned(), origin: Origin::Dotenv(self.path.clone()) };
        Ok((!value.is_empty()).then_some(sourced))
    }

    /// The names that it has.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// The first error that looking anything up would end with.
    pub fn problem(&self) -> Option<Error> {
        NAMES.iter().find_map(|name| self.get(name).err())
    }
}

/// The lines that [`name_of`] knows, in the file's order.
fn entries(text: &str) -> Vec<Entry> {
    let lines: Vec<&str> = text.lines().collect();
    let mut entries = Vec::new();
    // What later lines may refer to, as in `TDX_API_KEY=$ACCOUNT/…`.
    let mut before = String::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let (chunk, value) = chunk(&lines, at, &before);
        if let Some(name) = name_of(line) {
            entries.push(Entry { line: at.saturating_add(1), name: name.to_owned(), value: value.clone() });
        }
        if value.is_some() && !line.trim_start().starts_with('#') {
            before.push_str(&chunk);
            before.push('\n');
        }
        at = at.saturating_add(chunk.split('\n').count());
    }
    entries
}

/// A line, with those that follow where a quote stays open and one of them closes it, and its value.
/// A quote does not reach beyond a line that [`name_of`] knows: it was left open by mistake.
fn chunk(lines: &[&str], at: usize, before: &str) -> (String, Option<String>) {
    let first = lines.get(at).copied().unwrap_or_default();
    let mut chunk = first.to_owned();
    let mut more = lines.iter().skip(at).skip(1).take(LINES).take_while(|line| name_of(line).is_none());
    loop {
        let text = if chunk.contains('$') { format!("{before}{chunk}\n") } else { format!("{chunk}\n") };
        let parsed: Result<Vec<_>, _> = dotenvy::from_read_iter(text.as_bytes()).collect();
        if let Ok(pairs) = parsed {
            return (chunk, pairs.into_iter().next_back().map(|(_, value)| value));
        }
        match more.next() {
            Some(line) if first.contains(['"', '\'']) => {
                chunk.push('\n');
                chunk.push_str(line);
            }
            _ => return (first.to_owned(), None),
        }
    }
}

/// The name of a line that has one of [`NAMES`], or a key or a token of a profile.
fn name_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line =
        line.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace)).unwrap_or(line);
    let line = line.trim_start();
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(line.len());
    let word = line.get(..end)?;
    (NAMES.contains(&word) || Environment::is_credential(word)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found under `TDX_API_KEY`: the value, none, or the line that is wrong.
    fn key(text: &str) -> Result<Option<String>, String> {
        let file = Dotenv { path: ".env".into(), entries: entries(text), unreadable: None };
        match file.get("TDX_API_KEY") {
            Ok(found) => Ok(found.map(|found| found.value)),
            Err(error) => Err(error.message),
        }
    }

    #[test]
    fn the_last_line_of_a_name_counts_and_other_names_do_not() {
        let wrong =
            |line: usize| Err(format!(".env:{line}: the line of TDX_API_KEY is not of the form NAME=value"));
        let found = |value: &str| Ok(Some(value.to_owned()));
        for (text, expected) in [
            ("TDX_API_KEY=1/a\nTDX_API_KEY=2/b\n", found("2/b")),
            ("TDX_API_KEY=1/a\nTDX_API_KEY=\n", Ok(None)),
            ("TDX_API_KEY=1/a\nTDX_API_KEY=\"2/b\n", wrong(2)),
            ("TDX_API_KEY='1/a\nTDX_API_KEY=2/b\n", found("2/b")),
            ("a line of prose\n!!\nTDX_API_KEY=1/a", found("1/a")),
            ("MY KEY=x\nTDX_API_KEY=1/a\nOTHER='it\n", found("1/a")),
            ("# don't\nTDX_API_KEY=1/a\n", found("1/a")),
            ("NOTE=it's\nTDX_API_KEY=1/a\nNOTE=it's\n", found("1/a")),
            ("PEM=\"-----\nabc\n-----\"\r\nTDX_API_KEY=1/a\r\n", found("1/a")),
            ("export TDX_API_KEY=1/a # mine\n", found("1/a")),
            ("  TDX_API_KEY = '1/a'\n", found("1/a")),
            ("ACCOUNT=7\nTDX_API_KEY=${ACCOUNT}/abc\n", found("7/abc")),
            ("\n\nTDX_API_KEY: 1/a\n", wrong(3)),
            ("TDX_API_KEY 1/a\n", wrong(1)),
            ("TDX_API_KEY_OLD=1/a\n", Ok(None)),
            ("#TDX_API_KEY=1/a\n", Ok(None)),
            ("", Ok(None)),
        ] {
            assert_eq!(key(text), expected, "{text:?}");
        }
    }
}

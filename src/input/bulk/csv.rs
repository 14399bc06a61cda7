//! Items that are the rows of a CSV file with a header, and answers as such rows.

use super::bounded::{Bounded, Progress};
use super::{Incoming, Item, lines};
use crate::error::{Code, Error};
use crate::plan::{counted, nearest};
use crate::ui::value_at;
use csv::{ByteRecord, ErrorKind, ReaderBuilder, Terminator, WriterBuilder};
use serde_json::{Map, Value};
use std::io::BufRead;

/// The columns of a file.
#[derive(Debug, Clone)]
pub(crate) struct Header(Vec<String>);

/// What of a row is an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// All its cells that are not empty, as an object.
    Row,
    /// The cell of this column.
    Column(usize),
}

impl Header {
    /// The names of the columns.
    pub(crate) fn names(&self) -> &[String] {
        &self.0
    }

    /// Where a column is.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|column| column == name)
    }

    /// An error about the header.
    pub(crate) fn wrong(&self, what: &str) -> Error {
        Error::new(Code::InvalidPlan, format!("line 1 of stdin, the header: {what}; nothing was sent"))
    }

    /// An error for a column that is needed and not there.
    pub(crate) fn missing(&self, name: &str, meaning: &str) -> Error {
        let error = self.wrong(&format!("there is no column '{name}' with {meaning}"));
        let names = || self.0.iter().map(String::as_str);
        match nearest(name, names()) {
            Some(near) => error.hint(format!("is '{near}' meant? Rename it to '{name}'")),
            None => error.hint(format!("the columns are: {}", names().collect::<Vec<_>>().join(", "))),
        }
    }

    fn check(self) -> Result<Self, Error> {
        if let [only] = self.0.as_slice()
            && let Some((separator, name)) = [(';', "';'"), ('\t', "a tab"), ('|', "'|'")]
                .into_iter()
                .find(|(separator, _)| only.contains(*separator))
        {
            let hint = format!(
                "--csv reads cells that are separated by commas; where no cell has one: tr '{}' ','",
                separator.escape_default()
            );
            return Err(self.wrong(&format!("its columns are separated by {name}")).hint(hint));
        }
        for (at, name) in self.0.iter().enumerate() {
            if name.is_empty() {
                return Err(self.wrong(&format!("column {} has no name", at.saturating_add(1))));
            }
            if self.position(name) != Some(at) {
                return Err(self.wrong(&format!("there are two columns '{name}'")));
            }
        }
        Ok(self)
    }
}

/// What some programs write before a text in UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Gives the header to `header`, and each row to `send`, until one of them is false. Lines of JSON have no header.
pub(super) fn read(
    mut input: impl BufRead,
    header: impl FnOnce(Result<Option<Header>, Error>) -> bool,
    mut send: impl FnMut(Incoming) -> bool,
) {
    if input.fill_buf().unwrap_or_default().starts_with(MARK) {
        input.consume(MARK.len());
    }
    let begins = input.fill_buf().unwrap_or_default();
    if begins.trim_ascii_start().starts_with(b"{") || begins.trim_ascii_start().starts_with(b"[") {
        if header(Ok(None)) {
            lines::read(input, send);
        }
        return;
    }
    let progress = Progress::default();
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(Bounded::new(input, &progress));
    let names = match reader.byte_headers() {
        Ok(names) => names.iter().map(|name| text(name).map(|name| name.trim().to_owned())).collect(),
        Err(error) => {
            header(Err(unreadable(&error)));
            return;
        }
    };
    let names: Option<Vec<String>> = names;
    let found = progress.check().and_then(|()| match names {
        None => Err(Error::new(Code::InvalidPlan, "line 1 of stdin, the header, is not UTF-8 text")),
        Some(names) if names.is_empty() => {
            Err(Error::new(Code::MissingInput, "stdin is empty: there is no header")
                .hint("the first line of a CSV file names its columns"))
        }
        Some(names) => Header(names).check(),
    });
    let names = found.as_ref().map(|header| header.0.clone()).unwrap_or_default();
    if !header(found.map(Some)) || names.is_empty() {
        return;
    }
    let mut record = ByteRecord::new();
    loop {
        progress.begin_row();
        match reader.read_byte_record(&mut record) {
            Ok(false) => return,
            Ok(true) => {
                let row = match progress.check() {
                    Ok(()) => row(&names, &record),
                    Err(error) => Incoming::wrong(texts(&record).collect(), error),
                };
                if !send(row) {
                    return;
                }
            }
            Err(error) => {
                send(Incoming::wrong(Value::Null, unreadable(&error)));
                return;
            }
        }
    }
}

fn unreadable(error: &csv::Error) -> Error {
    let code = if let ErrorKind::Io(_) = error.kind() { Code::Io } else { Code::InvalidPlan };
    Error::new(code, format!("cannot read stdin: {error}"))
}

fn text(cell: &[u8]) -> Option<String> {
    std::str::from_utf8(cell).ok().map(str::to_owned)
}

/// The cells of a row, with a sign in place of what is no text.
fn texts(record: &ByteRecord) -> impl Iterator<Item = String> {
    record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned())
}

fn row(names: &[String], record: &ByteRecord) -> Incoming {
    let line = record.position().map_or(0, csv::Position::line);
    let cells: Vec<String> = texts(record).collect();
    let wrong = |what: String| Error::new(Code::InvalidPlan, format!("line {line} of stdin {what}"));
    if cells.len() != names.len() {
        let what =
            [counted(cells.len(), "cell"), counted(names.len(), "column")].join(", and the header has ");
        let hint = match cells.len() > names.len() {
            true => "a cell with a comma stands in quotes",
            false => "a row has a cell for each column, and between two commas nothing where there is none",
        };
        return Incoming::wrong(
            cells.iter().map(String::as_str).collect(),
            wrong(format!("has {what}")).hint(hint),
        );
    }
    let object: Map<String, Value> =
        names.iter().cloned().zip(cells.into_iter().map(Value::String)).collect();
    match record.iter().all(|cell| std::str::from_utf8(cell).is_ok()) {
        true => Incoming::of(Item { value: Value::Object(object), line: Some(line) }),
        false => Incoming::wrong(object.into(), wrong("is not UTF-8 text".to_owned())),
    }
}

/// Rows of answers: the columns of the input, those of the results, `note` and `error`.
pub(super) struct Table<'a> {
    input: Option<&'a Header>,
    label: fn(&Value) -> Value,
    columns: &'a [String],
}

/// The columns behind those of a result: why there is none although nothing failed, and an error.
const BEHIND: [&str; 2] = ["note", "error"];

impl<'a> Table<'a> {
    /// `input` has the columns of the file; items of JSON have one column, `input`, with their label.
    pub(super) fn new(input: Option<&'a Header>, label: fn(&Value) -> Value, columns: &'a [String]) -> Self {
        Table { input, label, columns }
    }

    /// The header. A column of results whose name is taken is called `result_…`.
    pub(super) fn header(&self) -> String {
        let mut names: Vec<String> =
            self.input.map_or_else(|| vec!["input".to_owned()], |header| header.0.clone());
        for column in self.columns.iter().map(String::as_str).chain(BEHIND) {
            let mut name = column.to_owned();
            while names.contains(&name) {
                name.insert_str(0, "result_");
            }
            names.push(name);
        }
        line(names.iter().map(String::as_str))
    }

    /// An answer: a row for each element of a list, and one for anything else.
    pub(super) fn rows(
        &self,
        input: &Value,
        result: &Value,
        note: Option<&str>,
        error: Option<&str>,
    ) -> String {
        let before: Vec<String> = match self.input {
            None => vec![cell(&(self.label)(input))],
            Some(header) => header
                .0
                .iter()
                .enumerate()
                .map(|(at, name)| match input {
                    Value::Array(cells) => cells.get(at).map(cell).unwrap_or_default(),
                    object => object.get(name).map(cell).unwrap_or_default(),
                })
                .collect(),
        };
        let row = |result: &Value| {
            let cells = self.columns.iter().map(|column| cell(value_at(result, column)));
            let behind = [note, error].map(|text| text.unwrap_or_default().to_owned());
            let all: Vec<String> = before.iter().cloned().chain(cells).chain(behind).collect();
            line(all.iter().map(String::as_str))
        };
        match result {
            Value::Array(items) if !items.is_empty() => items.iter().map(row).collect(),
            other => row(other),
        }
    }
}

/// A value as a cell: text as it is, nothing for null, and JSON for what has parts.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn line<'c>(cells: impl Iterator<Item = &'c str>) -> String {
    let mut writer =
        WriterBuilder::new().terminator(Terminator::Any(b'\n')).flexible(true).from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(cells);
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a file is read as: the header, and each row or its error.
    fn all(text: &[u8]) -> (Vec<String>, Vec<Result<Value, String>>) {
        let (mut names, mut rows) = (Vec::new(), Vec::new());
        let header = |header: Result<Option<Header>, Error>| {
            names = header.unwrap().unwrap().0;
            true
        };
        read(text, header, |row| {
            rows.push(row.item.map(|item| item.value).map_err(|error| error.message));
            true
        });
        (names, rows)
    }

    fn nasty() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\"".to_owned()),
            Just(",".to_owned()),
            Just("\n".to_owned()),
            Just("\r\n".to_owned()),
            Just("\u{feff}".to_owned()),
            Just(" ".to_owned()),
            Just("\0".to_owned()),
            Just("é😀".to_owned()),
            Just("=1+1".to_owned()),
            "[a-z;\t|']{0,4}",
        ];
        prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            rows in (1_usize..5).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(nasty(), width), 1..6)),
        ) {
            let width = rows[0].len();
            let names: Vec<String> = (0..width).map(|at| format!("c{at}")).collect();
            let header = Header(names.clone());
            let columns = ["result".to_owned()];
            let table = Table::new(Some(&header), Value::clone, &columns);
            let mut text = table.header();
            for row in &rows {
                let input: Map<String, Value> =
                    names.iter().cloned().zip(row.iter().cloned().map(Value::String)).collect();
                let result: Map<String, Value> = [("result".to_owned(), Value::String(row[0].clone()))].into_iter().collect();
                text.push_str(&table.rows(&input.into(), &result.into(), Some(&row[0]), Some(&row[width - 1])));
            }
            let (found, read) = all(text.as_bytes());
            prop_assert_eq!(found, [names, ["result", "note", "error"].map(str::to_owned).to_vec()].concat());
            prop_assert_eq!(read.len(), rows.len());
            for (row, read) in rows.iter().zip(read) {
                let read = read.unwrap();
                let cells: Vec<&str> = read.as_object().unwrap().values().map(|cell| cell.as_str().unwrap()).collect();
                let mut expected: Vec<&str> = row.iter().map(String::as_str).collect();
                expected.extend([row[0].as_str(), row[0].as_str(), row[width - 1].as_str()]);
                prop_assert_eq!(cells, expected);
            }
        }

        /// A quote that is taken out where one cell ends is found in the line where that cell begins.
        #[test]
        fn a_quote_that_is_not_closed_is_found(
            rows in prop::collection::vec(prop::collection::vec(nasty(), 2), 1..6),
            ends in prop::sample::select(&["", "\n", "\r\n"][..]),
        ) {
            let mut writer = WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            writer.write_record(["a", "b"]).unwrap();
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let last = &rows[rows.len() - 1][1];
            let begins = text.len() - last.len() - last.matches('"').count() - 2;
            let line = text[..begins].matches('\n').count() + 1;
            prop_assert!(all(text.as_bytes()).1.iter().all(Result::is_ok));
            let open = text.trim_end_matches('\n').strip_suffix('"').unwrap().to_owned() + ends;
            let (_, read) = all(open.as_bytes());
            prop_assert_eq!(read.len(), rows.len());
            prop_assert!(read[..rows.len() - 1].iter().all(Result::is_ok));
            let error = read[rows.len() - 1].clone().unwrap_err();
            prop_assert_eq!(error, format!("line {line} of stdin opens a quote that is never closed"));
        }

        #[test]
        fn whatever_is_read_ends(text in prop::collection::vec(any::<u8>(), 0..400)) {
            read(&text[..], |header| header.is_ok(), |_| true);
        }
    }

    #[test]
    fn names_of_results_give_way_to_those_of_the_file() {
        let columns = ["id".to_owned(), "name".to_owned()];
        let header = Header(["name", "result_name", "error"].map(str::to_owned).into());
        let table = Table::new(Some(&header), Value::clone, &columns);
        assert_eq!(table.header(), "name,result_name,error,id,result_result_name,note,result_error\n");
        assert_eq!(Table::new(None, Value::clone, &columns).header(), "input,id,name,note,error\n");
    }
}

//! Where the rows of a CSV file have an end.

use super::lines::LINE;
use crate::error::{Code, Error};
use std::cell::Cell;
use std::io::{self, Read};

/// Where in a cell a byte of a file stands, as the reader of the crate sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    /// Before the first byte of a cell.
    #[default]
    Begin,
    /// In a cell without quotes, or behind those of one: a quote means nothing there.
    Within,
    /// Between quotes.
    Quoted,
    /// Behind a quote between quotes: the closing one, unless another one follows.
    Closed,
}

impl Place {
    fn behind(self, byte: u8) -> Place {
        match (self, byte) {
            (Place::Quoted, b'"') => Place::Closed,
            (Place::Quoted, _) | (Place::Begin | Place::Closed, b'"') => Place::Quoted,
            (_, b',' | b'\r' | b'\n') => Place::Begin,
            _ => Place::Within,
        }
    }
}

/// What was read of a file so far.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Bytes of the row that is read.
    row: Cell<u64>,
    /// The line of a quote that is still open at the end of the file, from 1.
    unclosed: Cell<Option<u64>>,
}

impl Progress {
    /// A row begins.
    pub(super) fn begin_row(&self) {
        self.row.set(0);
    }

    /// An error where the row that was read last has a quote without an end, and so all that follows.
    pub(super) fn check(&self) -> Result<(), Error> {
        let Some(line) = self.unclosed.get() else { return Ok(()) };
        let message = format!("line {line} of stdin opens a quote that is never closed");
        Err(Error::new(Code::InvalidPlan, message)
            .hint("a cell in quotes ends with one, and a quote in it is written twice: \"5\"\" pipe\""))
    }
}

/// A stream that ends with an error where one row is longer than [`LINE`] bytes, and notes a quote that is not
/// closed: the reader takes the rest of the file for a cell then.
pub(super) struct Bounded<'a, R> {
    input: R,
    progress: &'a Progress,
    place: Place,
    /// The line, and that of the last quote before a cell.
    lines: (u64, u64),
}

impl<'a, R> Bounded<'a, R> {
    /// At its begin.
    pub(super) fn new(input: R, progress: &'a Progress) -> Self {
        Bounded { input, progress, place: Place::default(), lines: (1, 1) }
    }
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.progress.row.get() > LINE {
            return Err(io::Error::other(format!(
                "a row is longer than {LINE} bytes: a quote may not be closed"
            )));
        }
        let read = self.input.read(buffer)?;
        self.progress.row.update(|before| before.saturating_add(read as u64));
        for byte in buffer.iter().take(read) {
            if (self.place, byte) == (Place::Begin, &b'"') {
                self.lines.1 = self.lines.0;
            }
            self.place = self.place.behind(*byte);
            self.lines.0 = self.lines.0.saturating_add(u64::from(*byte == b'\n'));
        }
        if read == 0 && self.place == Place::Quoted {
            self.progress.unclosed.set(Some(self.lines.1));
        }
        Ok(read)
    }
}

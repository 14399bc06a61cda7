//! New records in the order of their arrival, as lines of JSON: an event must not wait for a database. Before a
//! line of another table than the last one stands a line with the name of the table.

use super::RowsError;
use super::home::Home;
use crate::platform::wire::EventTable;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};

/// What is kept in memory before it goes to a file, in bytes.
const BUFFER: usize = 256 * 1024;
/// What is kept in memory while no file can be written.
const BUFFER_MAX: usize = 16 * 1024 * 1024;
/// The size at which the next file begins: a file is one transaction of the database.
const FILE: u64 = 64 * 1024 * 1024;

/// Records that are not in the database yet.
#[derive(Debug, Default)]
pub struct Spool {
    /// What is in no file yet.
    buffer: Vec<u8>,
    /// The table of the last record in the buffer, or in the file when the buffer is empty.
    last: Option<EventTable>,
    /// The file that is written, and its size.
    file: Option<(File, u64)>,
    /// The number of that file, or of the last one.
    number: u64,
    /// Why records are lost.
    lost: Option<String>,
}

impl Spool {
    /// Goes on after the file with this number.
    pub fn after(number: u64) -> Self {
        Spool { number, ..Spool::default() }
    }

    /// Whether there was ever a record.
    pub fn is_used(&self) -> bool {
        self.number > 0 || !self.buffer.is_empty()
    }

    /// Adds a record.
    pub fn append(&mut self, home: &Home, table: &EventTable, record: &[u8]) {
        if self.last.as_ref() != Some(table) {
            let name = Value::from_iter([table.database.as_str(), table.table.as_str()]).to_string();
            self.buffer.extend_from_slice(name.as_bytes());
            self.buffer.push(b'\n');
            self.last = Some(table.clone());
        }
        self.buffer.extend_from_slice(record);
        self.buffer.push(b'\n');
        if self.buffer.len() >= BUFFER
            && let Err(error) = self.flush(home)
            && self.buffer.len() >= BUFFER_MAX
        {
            self.lost = Some(error.to_string());
            self.buffer.clear();
            self.last = None;
        }
    }

    /// Writes what is in memory to the file: it survives the process from then on.
    pub fn flush(&mut self, home: &Home) -> Result<(), RowsError> {
        if let Some(lost) = &self.lost {
            return Err(RowsError::Lost(lost.clone()));
        }
        if self.buffer.is_empty() {
            return Ok(());
        }
        let (file, size) = match &mut self.file {
            Some(open) => open,
            none => {
                let number = self.number.saturating_add(1);
                let file = File::options().append(true).create_new(true).open(home.spool(number)?)?;
                self.number = number;
                none.insert((file, 0))
            }
        };
        if let Err(error) = file.write_all(&self.buffer) {
            // A part of a line must not stay before the next one.
            let _ = file.set_len(*size);
            return Err(error.into());
        }
        *size = size.saturating_add(self.buffer.len() as u64);
        self.buffer.clear();
        if *size >= FILE {
            self.file = None;
            self.last = None;
        }
        Ok(())
    }

    /// Writes everything, and returns the number of the last file; nothing more is added to it.
    pub fn seal(&mut self, home: &Home) -> Result<u64, RowsError> {
        self.flush(home)?;
        self.file = None;
        self.last = None;
        Ok(self.number)
    }
}

/// Reads a file: the records with their tables. The line that a dying process did not finish is left out.
pub fn read(
    file: File,
    mut each: impl FnMut(&EventTable, &Map<String, Value>) -> Result<(), RowsError>,
) -> Result<(), RowsError> {
    let mut lines = BufReader::with_capacity(BUFFER, file);
    let mut table: Option<EventTable> = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 || line.last() != Some(&b'\n') {
            return Ok(());
        }
        if line.starts_with(b"[") {
            let (database, name): (String, String) =
                serde_json::from_slice(&line).map_err(std::io::Error::from)?;
            table = Some(EventTable::new(database, name));
        } else if let Some(table) = &table {
            each(table, &serde_json::from_slice(&line).map_err(std::io::Error::from)?)?;
        }
    }
}

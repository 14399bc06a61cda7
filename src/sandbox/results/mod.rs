//! Results of jobs as files: rows as arrays in MessagePack, packed with gzip. Every other format is made of that when it
//! is first asked for, in a file beside it, so that no result is in memory and each can be read in parts.

pub mod cell;
mod format;

pub use format::{ResultFormat, ResultShape, UnknownFormat};

use super::trino::{ResultColumn, ResultSink, TrinoType};
use cell::{pack, special};
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use rmpv::Value as Packed;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::{NamedTempFile, TempDir};

/// The folder below that of the state.
const FOLDER: &str = "results";
/// How the file of a result ends.
const ENDING: &str = ".msgpack.gz";

/// The files of all results: below the folder of the state, or in a temporary one.
#[derive(Debug, Default)]
pub struct Results {
    kept: Option<PathBuf>,
    temporary: Mutex<Option<TempDir>>,
}

impl Results {
    /// Results that are kept in a state's folder; temporary ones without.
    pub fn new(state: Option<&Path>) -> Self {
        Results { kept: state.map(|folder| folder.join(FOLDER)), temporary: Mutex::default() }
    }

    fn folder(&self) -> io::Result<PathBuf> {
        if let Some(folder) = &self.kept {
            std::fs::create_dir_all(folder)?;
            return Ok(folder.clone());
        }
        let mut place = self.temporary.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = match place.take() {
            Some(folder) => folder,
            None => tempfile::Builder::new().prefix("tdx-rt-results-").tempdir()?,
        };
        Ok(place.insert(folder).path().to_owned())
    }

    /// A new result.
    pub fn writer(&self) -> io::Result<ResultWriter> {
        let file = tempfile::Builder::new().suffix(ENDING).tempfile_in(self.folder()?)?;
        let packed = GzEncoder::new(BufWriter::new(file), Compression::fast());
        Ok(ResultWriter { packed, columns: Vec::new(), doubles: Vec::new(), rows: 0 })
    }

    /// A result in a shape. An error of the kind `NotFound` says that it is gone.
    pub fn open(&self, file: &str, columns: &[(String, String)], shape: ResultShape) -> io::Result<File> {
        let folder = self.folder()?;
        let packed = File::open(folder.join(file))?;
        if shape.is_as_stored() {
            return Ok(packed);
        }
        let made = folder.join(format!("{file}.{shape}"));
        match File::open(&made) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return opened,
        }
        // WrittenResult whole or not at all: the next request takes it as it is.
        let new = NamedTempFile::new_in(&folder)?;
        let mut out = BufWriter::new(new);
        let rows = BufReader::new(GzDecoder::new(BufReader::new(packed)));
        format::write(rows, columns, shape, &mut out)?;
        let new = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        new.persist(&made).map_err(|error| error.error)?;
        File::open(&made)
    }

    /// Deletes results in all their formats.
    pub fn remove(&self, files: &[String]) {
        self.sweep(|file| files.iter().any(|gone| file.starts_with(gone.as_str())));
    }

    /// Deletes all results but these.
    pub fn retain(&self, files: &BTreeSet<String>) {
        self.sweep(|file| !files.iter().any(|kept| file.starts_with(kept.as_str())));
    }

    /// What cannot be deleted stays until the folder goes.
    fn sweep(&self, is_gone: impl Fn(&str) -> bool) {
        let place = self.temporary.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.kept.as_deref().or_else(|| place.as_ref().map(TempDir::path));
        let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok());
        for entry in entries.into_iter().flatten().flatten() {
            if entry.file_name().to_str().is_some_and(&is_gone) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// A result that is being written.
#[derive(Debug)]
pub struct ResultWriter {
    packed: GzEncoder<BufWriter<NamedTempFile>>,
    columns: Vec<(String, String)>,
    /// Which columns are doubles, whose `NaN` and `Infinity` are no JSON.
    doubles: Vec<bool>,
    rows: u64,
}

/// A result that is complete.
#[derive(Debug)]
pub struct WrittenResult {
    /// The name of its file.
    pub file: String,
    /// Names and types of the columns.
    pub columns: Vec<(String, String)>,
    /// Number of rows.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
}

impl ResultWriter {
    /// Completes it. One that is dropped before leaves no file.
    pub fn finish(self) -> io::Result<WrittenResult> {
        let file = self.packed.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        let (file, path) = file.keep().map_err(|error| error.error)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(WrittenResult {
            file: name,
            columns: self.columns,
            rows: self.rows,
            bytes: file.metadata()?.len(),
        })
    }
}

impl ResultSink for ResultWriter {
    fn columns(&mut self, columns: &[ResultColumn]) -> io::Result<()> {
        self.columns = columns.iter().map(|column| (column.name.clone(), column.kind.to_string())).collect();
        self.doubles = columns.iter().map(|column| column.kind == TrinoType::Double).collect();
        Ok(())
    }

    fn row(&mut self, cells: Vec<Value>) -> io::Result<()> {
        let doubles = self.doubles.iter().copied().chain(std::iter::repeat(false));
        let cell = |(cell, double): (Value, bool)| match &cell {
            Value::String(text) if double => special(text).map_or_else(|| pack(cell), Packed::F64),
            _ => pack(cell),
        };
        let row = Packed::Array(cells.into_iter().zip(doubles).map(cell).collect());
        rmpv::encode::write_value(&mut self.packed, &row).map_err(io::Error::from)?;
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }
}

//! Reading journals, and telling damaged ones.

use super::{Target, VERSION, folder};
use crate::error::{Code, Error};
use crate::steps::ownership::Owner;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A write that a journal tells of.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `POST`, `PATCH` or `DELETE`.
    pub method: String,
    /// Where it went.
    pub path: String,
    /// What was sent.
    pub body: Option<Value>,
    /// What was there.
    pub before: Option<Value>,
    /// The id that the platform gave, where it is known.
    pub id: Option<String>,
    /// `Some(false)`: surely not carried out; `None`: not known.
    pub done: Option<bool>,
}

/// What an `undo` has made again: its kind, its old id and its new one.
pub type Remade = (String, String, String);

/// A journal that was read.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The file.
    pub path: PathBuf,
    /// Whose configuration it is about.
    pub target: Target,
    /// The plan's file.
    pub plan: String,
    /// Where it is noted what the plan made.
    pub owner: Option<Owner>,
    /// The writes, in the order they were begun.
    pub entries: Vec<Entry>,
    /// What was there after the run, by path; empty when the run did not come to its end.
    pub seen: BTreeMap<String, Value>,
    /// What an `undo` has made again: kind, old id, new id.
    pub remade: Vec<Remade>,
    /// Whether an `undo` has restored what was before.
    pub undone: bool,
}

/// Reads a journal. A torn last line is what a killed process leaves; anything else that is not as it
/// was written is an error: a file that is shorter than it was, and any other line that is none of a
/// journal.
pub fn read(path: &Path) -> Result<Recorded, Error> {
    let bytes = fs::read(path).map_err(|error| {
        let code = if error.kind() == io::ErrorKind::NotFound { Code::NotFound } else { Code::Io };
        Error::new(code, format!("cannot read the journal {}: {error}", path.display()))
    })?;
    let damaged =
        |line: usize, why: &str| Error::new(Code::BadSetting, format!("{}:{line}: {why}", path.display()));
    let foreign = "this is not a journal of tdx-rt";
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    // Nothing behind the last line break, or a torn line.
    lines.pop();
    let mut parsed = Vec::new();
    for (index, line) in lines.into_iter().enumerate() {
        let object = serde_json::from_slice::<Map<String, Value>>(line);
        parsed.push(object.map_err(|_| damaged(index + 1, foreign))?);
    }
    let header = parsed.first().ok_or_else(|| damaged(1, foreign))?;
    if header.get("journal").and_then(Value::as_u64) != Some(VERSION) {
        return Err(damaged(1, foreign).hint("it may be of a later version"));
    }
    let length = header.get("bytes").and_then(Value::as_str).and_then(|digits| digits.parse::<usize>().ok());
    if let Some(length) = length.filter(|length| bytes.len() < *length) {
        let why = format!("the journal is cut off: {} of its {length} bytes are there", bytes.len());
        return Err(damaged(parsed.len(), &why));
    }
    let target = header.get("target").cloned().and_then(|target| serde_json::from_value(target).ok());
    let mut recorded = Recorded {
        path: path.to_owned(),
        target: target.ok_or_else(|| damaged(1, foreign))?,
        plan: header.get("plan").and_then(Value::as_str).unwrap_or_default().to_owned(),
        owner: header.get("owner").cloned().and_then(|owner| serde_json::from_value(owner).ok()),
        entries: Vec::new(),
        seen: BTreeMap::new(),
        remade: Vec::new(),
        undone: false,
    };
    for (index, line) in parsed.iter().enumerate().skip(1) {
        add(&mut recorded, line).ok_or_else(|| damaged(index + 1, "this is no line of a journal"))?;
    }
    Ok(recorded)
}

/// Adds what a line says; `None` where it says nothing that a journal says.
fn add(recorded: &mut Recorded, line: &Map<String, Value>) -> Option<()> {
    let text = |key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
    let value = |key: &str| line.get(key).filter(|value| !value.is_null()).cloned();
    let number = line.get("n").map(|n| n.as_u64().and_then(|n| usize::try_from(n).ok()));
    if let (Some(method), Some(path)) = (text("method"), text("path")) {
        let (body, before) = (value("body"), value("before"));
        recorded.entries.push(Entry { method, path, body, before, id: None, done: None });
        return (number == Some(Some(recorded.entries.len()))).then_some(());
    }
    if let Some(number) = number {
        let entry = recorded.entries.get_mut(number?.checked_sub(1)?)?;
        entry.id = text("id");
        entry.done = Some(line.get("ok")?.as_bool()?);
    } else if let (Some(path), Some(image)) = (text("seen"), value("image")) {
        recorded.seen.insert(path, image);
    } else if let Some(remade) = line.get("remade").cloned() {
        recorded.remade.push(serde_json::from_value::<Remade>(remade).ok()?);
    } else if line.contains_key("undone") {
        recorded.undone = true;
    } else if !line.contains_key("complete") {
        return None;
    }
    Some(())
}

/// The latest journal about this target that was not undone yet; `None` where there is none. A later
/// one that can't be read is an error: what it changed is not known, and must not be passed over.
pub fn latest(state_dir: &Path, target: &Target) -> Result<Option<Recorded>, Error> {
    for file in files(state_dir)?.iter().rev().filter(|file| may_be_about(file, target)) {
        match read(file) {
            Ok(recorded) if !recorded.undone && recorded.target == *target => return Ok(Some(recorded)),
            Ok(_) => {}
            Err(error) => {
                let message = format!("the latest journal can't be read: {}", error.message);
                let hint = format!(
                    "nothing was written, for what that apply changed is not known; look at what is there with \
                     `tdx-rt diff`. An earlier apply is undone by its file, `tdx-rt undo FILE` ({} has them), or when {} \
                     is moved away",
                    folder(state_dir).display(),
                    file.display()
                );
                return Err(Error::new(error.code, message).hint(hint));
            }
        }
    }
    Ok(None)
}

/// What undos of all journals about this target have made again, oldest first, and the journals that
/// can't be read.
pub fn all_remade(state_dir: &Path, target: &Target) -> Result<(Vec<Remade>, Vec<PathBuf>), Error> {
    let (mut remade, mut unreadable) = (Vec::new(), Vec::new());
    // An undo takes back the latest first, so later journals were made again earlier.
    for file in files(state_dir)?.into_iter().rev().filter(|file| may_be_about(file, target)) {
        match read(&file) {
            Ok(recorded) if recorded.target == *target => remade.extend(recorded.remade),
            Ok(_) => {}
            Err(_) => unreadable.push(file),
        }
    }
    Ok((remade, unreadable))
}

/// The journals of the state folder, sorted by time.
fn files(state_dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let folder = folder(state_dir);
    let unreadable = |error: io::Error| {
        Error::new(Code::Io, format!("cannot read the folder {}: {error}", folder.display()))
    };
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a journal may be about this target, as its name tells (see [`super::default_path`]); one
/// with another name may.
fn may_be_about(file: &Path, target: &Target) -> bool {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let parent_segment = stem.split_once('-').and_then(|(_, rest)| Some(rest.rsplit_once('-')?.0));
    parent_segment.is_none_or(|named| named == target.parent_segment)
}

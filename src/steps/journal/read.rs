//! Reading journals, and detecting damaged ones.

use super::{VERSION, folder};
use crate::error::{Code, Error};
use crate::file::own;
use crate::steps::target::{ChangeTarget, Owner};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A write that a journal records.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalEntry {
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
    pub target: ChangeTarget,
    /// When the run began, as RFC 3339; empty where that is not noted.
    pub started: String,
    /// The words of the command; journals of 0.1.0, all of an `apply`, do not have them.
    pub command: String,
    /// The plan's file, `stdin` or `flags`.
    pub plan: String,
    /// Where it is noted what the plan made.
    pub owner: Option<Owner>,
    /// What was remembered of the plan's lines before.
    pub lines: Value,
    /// The writes, in the order they were begun.
    pub entries: Vec<JournalEntry>,
    /// What was there after the run, by path; empty when the run did not come to its end.
    pub seen: BTreeMap<String, Value>,
    /// What an `undo` has made again, with when it did.
    pub remade: Vec<(String, Remade)>,
    /// Whether an `undo` has restored what was before.
    pub undone: bool,
    /// What this undo left alone, as sentences.
    pub not_undone: Vec<String>,
    /// Fields that this undo could not take back, as they were live, by path.
    pub stays: BTreeMap<String, Value>,
    /// Whether the run came to its end.
    pub complete: bool,
    /// The journals that it took back; of an undo.
    pub undoes: Vec<PathBuf>,
    /// Whether these are undos themselves.
    pub redo: bool,
}

/// Reads a journal. A torn last line is what a killed process leaves; anything else that is not as it
/// was written is an error: a file that is shorter than it was, and any other line that is none of a
/// journal.
pub fn read(path: &Path) -> Result<Recorded, Error> {
    let bytes = own::read(path, u64::MAX).map_err(|error| {
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
    for (number, line) in (1..).zip(lines) {
        let object = serde_json::from_slice::<Map<String, Value>>(line);
        parsed.push(object.map_err(|_| damaged(number, foreign))?);
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
    let text = |key: &str| header.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let command = Some(text("command")).filter(|command| !command.is_empty());
    let undoes = header.get("undoes").cloned().and_then(|undoes| serde_json::from_value(undoes).ok());
    let mut recorded = Recorded {
        path: path.to_owned(),
        started: text("started"),
        command: command.unwrap_or_else(|| "apply".to_owned()),
        target: target.ok_or_else(|| damaged(1, foreign))?,
        plan: text("plan"),
        owner: header.get("owner").cloned().and_then(|owner| serde_json::from_value(owner).ok()),
        lines: header.get("lines").cloned().unwrap_or_default(),
        entries: Vec::new(),
        seen: BTreeMap::new(),
        remade: Vec::new(),
        undone: false,
        not_undone: Vec::new(),
        stays: BTreeMap::new(),
        complete: false,
        undoes: undoes.unwrap_or_default(),
        redo: header.get("redo") == Some(&Value::Bool(true)),
    };
    for (number, line) in (1..).zip(&parsed).skip(1) {
        add(&mut recorded, line).ok_or_else(|| damaged(number, "this is no line of a journal"))?;
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
        recorded.entries.push(JournalEntry { method, path, body, before, id: None, done: None });
        return (number == Some(Some(recorded.entries.len()))).then_some(());
    }
    if let Some(number) = number {
        let entry = recorded.entries.get_mut(number?.checked_sub(1)?)?;
        entry.id = text("id");
        entry.done = Some(line.get("ok")?.as_bool()?);
    } else if let (Some(path), Some(image)) = (text("seen"), value("image")) {
        recorded.seen.insert(path, image);
    } else if let Some(remade) = line.get("remade").cloned() {
        let remade = serde_json::from_value::<Remade>(remade).ok()?;
        recorded.remade.push((text("at").unwrap_or_default(), remade));
    } else if line.contains_key("undone") || line.contains_key("redone") {
        recorded.undone = line.contains_key("undone");
        let stays = value("stays").map(serde_json::from_value);
        recorded.stays = stays.transpose().ok()?.unwrap_or_default();
        let not_undone = value("not_undone").map(serde_json::from_value);
        recorded.not_undone = not_undone.transpose().ok()?.unwrap_or_default();
    } else if line.contains_key("complete") {
        recorded.complete = true;
    } else {
        return None;
    }
    Some(())
}

/// All journals about this target, the last first, and those that can't be read.
pub fn all(state_dir: &Path, target: &ChangeTarget) -> Result<(Vec<Recorded>, Vec<PathBuf>), Error> {
    let (mut journals, mut unreadable) = (Vec::new(), Vec::new());
    for file in files(state_dir, Some(&target.parent_segment))?.into_iter().rev() {
        match read(&file) {
            Ok(recorded) if recorded.target == *target => journals.push(recorded),
            Ok(_) => {}
            Err(_) => unreadable.push(file),
        }
    }
    Ok((journals, unreadable))
}

/// What undos have made again, oldest first. `journals` has the last first: those of 0.1.0 do not say
/// when, and an undo took back the latest first, so what later ones record was made again earlier.
pub fn all_remade(journals: &[Recorded]) -> Vec<Remade> {
    let mut remade: Vec<_> = journals.iter().flat_map(|recorded| &recorded.remade).collect();
    remade.sort_by(|(a, _), (b, _)| a.cmp(b));
    remade.into_iter().map(|(_, remade)| remade.clone()).collect()
}

/// The journals of the state folder that may be about this parent segment, or any, sorted by time.
pub fn files(state_dir: &Path, parent_segment: Option<&str>) -> Result<Vec<PathBuf>, Error> {
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
    files.retain(|file| parent_segment.is_none_or(|named| may_be_about(file, named)));
    files.sort();
    Ok(files)
}

/// Whether a journal may be about a parent segment, as its name says (see [`super::default_path`]); one
/// with another name may.
fn may_be_about(file: &Path, parent_segment: &str) -> bool {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let named = stem.split_once('-').and_then(|(_, rest)| Some(rest.rsplit_once('-')?.0));
    named.is_none_or(|named| named == parent_segment)
}

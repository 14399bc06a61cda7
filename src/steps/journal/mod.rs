//! The journal of a command: what was there before each write, so that `undo` can restore it.
//!
//! One JSON object a line, appended and synced before the request is sent, and appended after it is answered, so
//! that a process killed at any moment, or a loss of power, leaves a journal that says what it may have changed. The first line
//! has the length of the file, so that one that was cut off later is distinguished from one of a killed
//! process. It holds configuration only, neither keys nor tokens; the file is for its user alone (0600).

mod ids;
mod images;
mod read;
mod runs;

pub use ids::Ids;
pub use images::images;
pub use read::{JournalEntry, Recorded, Remade, all, all_remade, files, read};
pub use runs::{BEGUN, Runs};

use crate::api::{ApiError, Call, Failure, Recorder, id_text};
use crate::error::{Code, Error};
use crate::file::{self, Room, hold_room, own, sync_folder};
use crate::plan::Configuration;
use crate::steps::target::{ChangeTarget, Owner};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Version of the format.
const VERSION: u64 = 1;
/// How a journal begins: the number behind it, of [`DIGITS`] digits, is the length of the file.
const HEAD: &str = "{\"journal\":1,\"bytes\":\"";
const DIGITS: usize = 20;
/// What a line has beside what is live and what is sent, in bytes.
const LINE: usize = 512;
/// Space for what is written more than once, in bytes: another writer may make it necessary.
const AGAIN: usize = 64 * 1024;
/// What the write of imported attributes ends with: a `POST` that makes nothing of its own.
pub(super) const IMPORTS: &str = "/realtime_imported_attributes/bulk_update";

/// What a journal says of its run.
#[derive(Debug, Clone)]
pub struct RunHeader {
    /// Whose configuration it changes.
    pub target: ChangeTarget,
    /// The words of the command, such as `rt-events delete`.
    pub command: String,
    /// Where the plan came from: a file, `stdin` or `flags`.
    pub plan: String,
    /// Where it is noted what the plan made.
    pub owner: Option<Owner>,
    /// What was remembered of the plan's lines before.
    pub lines: Value,
    /// The journals that an undo takes back, latest first.
    pub undoes: Vec<PathBuf>,
    /// Whether these are undos themselves.
    pub redo: bool,
    /// When it begins.
    pub started: Timestamp,
}

/// A journal that is being written. The file is made with the first write, so that a command that
/// changes nothing leaves none.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    inner: Mutex<Inner>,
    header: Value,
    target: ChangeTarget,
}

#[derive(Debug)]
struct Inner {
    file: Option<File>,
    /// Space that is held for it.
    room: Option<Room>,
    written: u64,
    /// What is live, by the path that a write goes to.
    images: HashMap<String, Value>,
    /// Where each write went.
    paths: HashMap<u64, Write>,
}

/// A write that was begun.
#[derive(Debug, Clone)]
struct Write {
    path: String,
    body: Option<Value>,
    /// Whether it makes something, whose id the answer has.
    creates: bool,
}

impl Journal {
    /// A journal over what is live, as far as it was read.
    pub fn new(path: PathBuf, run: RunHeader, live: &Configuration) -> Self {
        let RunHeader { target, command, plan, owner, lines, undoes, redo, started } = run;
        let header = json!({
            "journal": VERSION,
            "bytes": "0".repeat(DIGITS),
            "tdx_rt": env!("CARGO_PKG_VERSION"),
            "started": started.to_string(),
            "target": target,
            "command": command,
            "plan": plan,
            "owner": owner,
            "lines": lines,
            "undoes": undoes,
            "redo": redo,
        });
        let images = images(&target.parent_segment, live).into_iter().collect();
        let inner = Inner { file: None, room: None, written: 0, images, paths: HashMap::new() };
        Journal { path, inner: Mutex::new(inner), header, target }
    }

    /// Notes what is live before the next write: others may have written since the last one.
    pub fn see(&self, live: &Configuration) {
        self.lock().images.extend(images(&self.target.parent_segment, live));
    }

    /// Where it is, or will be once something is written.
    pub fn place(&self) -> &Path {
        &self.path
    }

    /// Holds space for what leads to `wanted`; an error when it can't be begun: better known before the first write.
    pub fn hold(&self, wanted: &Configuration) -> Result<(), Error> {
        let size = |image: &Value| image.to_string().len().saturating_add(LINE);
        let mut inner = self.lock();
        let there: usize = inner.images.values().map(size).sum();
        // Once as it is sent, and once as it is seen afterwards.
        let then: usize = images(&self.target.parent_segment, wanted)
            .iter()
            .map(|(_, image)| size(image).saturating_mul(2))
            .sum();
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let made = folder.map_or(Ok(()), own::make_folder);
        folder.into_iter().for_each(own::close);
        let room =
            made.and_then(|()| hold_room(&self.path, [size(&self.header), there, then, AGAIN].iter().sum()));
        inner.room = Some(room.map_err(|error| unwritable(&self.path, &error))?);
        Ok(())
    }

    /// Where it is, once something was written.
    pub fn path(&self) -> Option<&Path> {
        self.lock().file.is_some().then_some(self.path.as_path())
    }

    /// Notes what is live now under each path that was written to, and that the run is complete.
    pub fn finish(&self, live: &Configuration) -> Result<(), Error> {
        let mut inner = self.lock();
        if inner.file.is_none() {
            return Ok(());
        }
        let now: BTreeMap<String, Value> = images(&self.target.parent_segment, live).into_iter().collect();
        let touched: BTreeSet<String> = inner.paths.values().map(|write| write.path.clone()).collect();
        for (path, image) in now.iter().filter(|(path, _)| touched.contains(path.as_str())) {
            inner
                .line(&json!({"seen": path, "image": image}), false)
                .map_err(|e| unwritable(&self.path, &e))?;
        }
        inner.line(&json!({"complete": true}), true).map_err(|e| unwritable(&self.path, &e))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn line(&mut self, line: &Value, synced: bool) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        match add_line(file, line, synced) {
            // Now the space that was held for it is needed.
            Err(_) if self.room.take().is_some() => add_line(file, line, synced),
            added => added,
        }
    }
}

impl Recorder for Arc<Journal> {
    fn before(&self, call: &Call) -> Result<u64, ApiError> {
        let mut inner = self.lock();
        let sent = match inner.written {
            0 => "nothing was sent".to_owned(),
            count => format!("this request was not sent, after {count} that were"),
        };
        let failed = |error: io::Error| {
            let message = format!("{}; {sent}", unwritable(&self.path, &error));
            ApiError::local(Failure::Record, message)
        };
        if inner.file.is_none() {
            inner.file = Some(create(&self.path, &self.header).map_err(&failed)?);
        }
        let number = inner.written.saturating_add(1);
        let before = inner.images.get(subject(&call.path).0).cloned();
        let line = json!({
            "n": number, "method": call.method.as_str(), "path": call.path, "body": call.body, "before": before,
        });
        inner.line(&line, true).map_err(&failed)?;
        inner.written = number;
        let creates = call.method.as_str() == "POST" && !call.path.ends_with(IMPORTS);
        let (subject, sets) = subject(&call.path);
        let body = sets.or_else(|| call.body.clone());
        inner.paths.insert(number, Write { path: subject.to_owned(), body, creates });
        Ok(number)
    }

    fn after(&self, number: u64, result: Result<&Value, &ApiError>) {
        let mut inner = self.lock();
        let Some(mut write) = inner.paths.get(&number).cloned() else { return };
        let line = match result {
            Ok(answer) => {
                let id = answer.pointer("/data/id").or_else(|| answer.get("id")).and_then(id_text);
                let id = id.filter(|_| write.creates);
                if let Some(id) = &id {
                    write.path = format!("{}/{id}", write.path);
                }
                let mut image = inner.images.remove(&write.path).unwrap_or_else(|| json!({}));
                merge(&mut image, write.body.as_ref());
                inner.images.insert(write.path.clone(), image);
                inner.paths.insert(number, write);
                json!({"n": number, "ok": true, "id": id})
            }
            Err(error) if error.is_ambiguous() => return,
            Err(error) => json!({"n": number, "ok": false, "status": error.status}),
        };
        // A line that is missing reads as "not known", which is true.
        let _ = inner.line(&line, false);
    }
}

/// Puts what a write sends over what was there: fields of `attributes` one by one.
pub fn merge(image: &mut Value, body: Option<&Value>) {
    if let (Value::Object(image), Some(Value::Object(body))) = (image, body) {
        for (key, sent) in body {
            match (image.get_mut(key), sent) {
                (Some(Value::Object(there)), Value::Object(sent)) if key == "attributes" => {
                    there.extend(sent.clone());
                }
                _ => drop(image.insert(key.clone(), sent.clone())),
            }
        }
    }
}

/// What a write is about, and what it sets without a body: pausing a journey writes to a path below it.
pub(super) fn subject(path: &str) -> (&str, Option<Value>) {
    let of_journey = |item: &str| item.rsplit('/').nth(1) == Some("realtime_journeys");
    let paused = |paused: bool| Some(json!({"attributes": {"paused": paused}}));
    match path.rsplit_once('/') {
        Some((journey, "pause")) if of_journey(journey) => (journey, paused(true)),
        Some((journey, "resume")) if of_journey(journey) => (journey, paused(false)),
        _ => (path, None),
    }
}

/// A new file for its user alone, in folders for its user alone. It appears with its first line, so
/// that a killed process leaves no empty one.
fn create(path: &Path, header: &Value) -> io::Result<File> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    own::make_folder(folder)?;
    // Temporary files are 0600 from their first byte on.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    add_line(file.as_file_mut(), header, true)?;
    own::make_private(file.as_file())?;
    file.as_file().sync_all()?;
    let file = file.persist_noclobber(path)?;
    sync_folder(path)?;
    Ok(file)
}

/// Appends a line. One that is `synced` outlives a loss of power; then the first line notes how long the file is
/// now, never more than is surely there.
fn add_line(file: &mut File, line: &Value, synced: bool) -> io::Result<()> {
    let before = file.seek(SeekFrom::End(0))?;
    let mut add = || {
        // One write, so that a killed process leaves a whole line or a torn last one.
        file.write_all(format!("{line}\n").as_bytes())?;
        if !synced {
            return Ok(());
        }
        file.sync_data()?;
        let length = file.stream_position()?;
        file.seek(SeekFrom::Start(HEAD.len() as u64))?;
        file.write_all(format!("{length:0DIGITS$}").as_bytes())
    };
    // Half a line would be damage once another one follows.
    add().inspect_err(|_| drop(file.set_len(before)))
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(Code::Io, format!("cannot write the journal {}: {error}", path.display()))
        .hint("name another file with --journal FILE, or another folder with TDX_RT_STATE_DIR")
}

/// Reserves space for so many bytes that an `undo` notes in a journal; an error when nothing can be added to it.
pub fn reserve(path: &Path, bytes: usize) -> Result<(), Error> {
    let reserved =
        own::open(path, false).and_then(|file| file::reserve(&file, path, bytes.saturating_add(LINE)));
    reserved.map_err(|error| {
        Error::new(Code::Io, format!("cannot write the journal {}: {error}", path.display()))
            .hint("`undo` notes there what it has done: make the file writable, or undo a copy of it")
    })
}

/// Space for what an `undo` notes of what it makes again, in bytes: less for an id than what has it.
pub fn room_of_remade(ps: &str, live: &Configuration, then: &Configuration) -> usize {
    let there: BTreeMap<String, Value> = images(ps, live).into_iter().collect();
    let missing = images(ps, then).into_iter().filter(|(path, _)| !there.contains_key(path));
    missing.map(|(_, image)| image.to_string().len().saturating_add(LINE)).sum()
}

/// The note that a journal is undone; what could not be taken back is in it as it is live, by path, and what stays
/// as sentences.
pub fn undone(stays: &BTreeMap<String, Value>, not_undone: &[&String], now: Timestamp) -> Value {
    json!({"stays": stays, "not_undone": not_undone, "undone": now.to_string()})
}

/// The note that a journal is not undone any more: its undo was undone.
pub fn redone(now: Timestamp) -> Value {
    json!({"redone": now.to_string()})
}

/// Notes that an `undo` has made something again, and when.
pub fn note_remade(path: &Path, [kind, old, new]: [&str; 3], now: Timestamp) -> Result<(), Error> {
    let at = now.strftime("%Y-%m-%dT%H:%M:%S%.9fZ").to_string();
    append(path, &json!({"remade": [kind, old, new], "at": at}))
}

/// Adds a note to a journal.
pub fn append(path: &Path, line: &Value) -> Result<(), Error> {
    let appended = own::open(path, false).and_then(|mut file| {
        // A torn last line says nothing, and would be damage in the middle.
        let bytes = own::read(path, u64::MAX)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end.saturating_add(1));
        if whole < bytes.len() {
            // Otherwise space that is reserved behind the end would be given back.
            file.set_len(u64::try_from(whole).unwrap_or_default())?;
        }
        match bytes.starts_with(HEAD.as_bytes()) {
            true => add_line(&mut file, line, true),
            // One of an earlier version, which does not know its length.
            false => {
                file.seek(SeekFrom::End(0))?;
                file.write_all(format!("{line}\n").as_bytes())
            }
        }
    });
    appended.map_err(|error| unwritable(path, &error))
}

/// The file of a new journal in the state folder: sorted by time.
pub fn default_path(state_dir: &Path, target: &ChangeTarget, now: Timestamp) -> PathBuf {
    let now = now.strftime("%Y%m%dT%H%M%S%.6fZ").to_string();
    folder(state_dir).join(format!("{now}-{}-{}.jsonl", target.parent_segment, std::process::id()))
}

fn folder(state_dir: &Path) -> PathBuf {
    state_dir.join("journals")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_torn_last_line_is_no_damage_and_others_are() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("j.jsonl");
        let target = ChangeTarget { host: "h".into(), account: None, parent_segment: "42".into() };
        let (command, plan) = ("apply".into(), "p.yaml".into());
        let run = RunHeader {
            target,
            command,
            plan,
            owner: None,
            lines: Value::Null,
            undoes: Vec::new(),
            redo: false,
            started: Timestamp::UNIX_EPOCH,
        };
        let journal = Arc::new(Journal::new(file.clone(), run, &Configuration::default()));
        assert!(journal.path().is_none(), "nothing is written before the first request");
        let call = Call::create(
            crate::api::Path::of(&["audiences", "42", "realtime_key_events"]),
            json!({"name": "a"}),
        );
        let number = journal.before(&call).unwrap();
        journal.after(number, Ok(&json!({"id": "7"})));
        journal.before(&call).unwrap();
        fs::write(&file, format!("{}{{\"n\":2,\"o", fs::read_to_string(&file).unwrap())).unwrap();
        let read_back = read(&file).unwrap();
        assert_eq!(read_back.entries.len(), 2);
        assert_eq!((read_back.entries[0].id.as_deref(), read_back.entries[0].done), (Some("7"), Some(true)));
        assert_eq!(read_back.entries[1].done, None);
        append(&file, &undone(&BTreeMap::new(), &[], Timestamp::UNIX_EPOCH)).unwrap();
        let undone = read(&file).unwrap();
        assert!(undone.undone && undone.entries.len() == 2);
        fs::write(&file, format!("{{}}x\n{}", fs::read_to_string(&file).unwrap())).unwrap();
        assert_eq!(read(&file).unwrap_err().code, Code::BadSetting, "a broken line in the middle is damage");
        fs::write(&file, "{}\n").unwrap();
        assert_eq!(read(&file).unwrap_err().code, Code::BadSetting);
    }
}

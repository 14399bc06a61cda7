//! The journal of an `apply`: what was there before each write, so that `undo` can restore it.
//!
//! One JSON object a line, appended before the request is sent and after it is answered, so that a
//! process killed at any moment leaves a journal that says what it may have changed. It holds
//! configuration only, neither keys nor tokens; the file is for its user alone (0600).

mod images;

pub use images::images;

use crate::api::{ApiError, Call, Failure, Recorder, id_text};
use crate::error::{Code, Error};
use crate::file::check_replaceable;
use crate::plan::Configuration;
use crate::steps::ownership::{Owner, Ownership};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Version of the format.
const VERSION: u64 = 1;
/// What the write of imported attributes ends with: a `POST` that makes nothing of its own.
pub(super) const IMPORTS: &str = "/realtime_imported_attributes/bulk_update";

/// Whose configuration a journal, a saved plan or a list of owned items is about.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Target {
    /// Base URL of the CDP API.
    pub host: String,
    /// Account number of the key; `None` for an access token, which does not tell.
    pub account: Option<String>,
    /// Id of the parent segment.
    pub parent_segment: String,
}

/// A journal that is being written. The file is made with the first write, so that an `apply` that
/// changes nothing leaves none.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    inner: Mutex<Inner>,
    header: Value,
    target: Target,
}

#[derive(Debug)]
struct Inner {
    file: Option<File>,
    written: u64,
    /// What is there, by the path that a write goes to.
    images: HashMap<String, Value>,
    /// Where each write went.
    paths: HashMap<u64, Write>,
}

/// A write that was begun.
#[derive(Debug, Clone)]
struct Write {
    path: String,
    body: Option<Value>,
    /// Whether it makes something, whose id the answer tells.
    creates: bool,
}

impl Journal {
    /// A journal over what is live.
    pub fn new(
        path: PathBuf,
        target: Target,
        plan: &str,
        owner: Option<&Ownership>,
        live: &Configuration,
    ) -> Self {
        let header = json!({
            "journal": VERSION,
            "tdx_rt": env!("CARGO_PKG_VERSION"),
            "started": jiff::Timestamp::now().to_string(),
            "target": target,
            "plan": plan,
            "owner": owner.and_then(Ownership::owner),
        });
        let images = images(&target.parent_segment, live).into_iter().collect();
        let inner = Inner { file: None, written: 0, images, paths: HashMap::new() };
        Journal { path, inner: Mutex::new(inner), header, target }
    }

    /// Where it is, or will be once something is written.
    pub fn place(&self) -> &Path {
        &self.path
    }

    /// An error when it can't be begun: better known before the first write.
    pub fn check(&self) -> Result<(), Error> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let made = folder.map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| check_replaceable(&self.path, self.header.to_string().len()))
            .map_err(|error| unwritable(&self.path, &error))
    }

    /// Where it is, once something was written.
    pub fn path(&self) -> Option<&Path> {
        self.lock().file.is_some().then_some(self.path.as_path())
    }

    /// Notes what is there now under each path that was written to, and that the run is complete.
    pub fn finish(&self, live: &Configuration) -> Result<(), Error> {
        let mut inner = self.lock();
        if inner.file.is_none() {
            return Ok(());
        }
        let now: BTreeMap<String, Value> = images(&self.target.parent_segment, live).into_iter().collect();
        let touched: BTreeSet<String> = inner.paths.values().map(|write| write.path.clone()).collect();
        for (path, image) in now.iter().filter(|(path, _)| touched.contains(path.as_str())) {
            inner.line(&json!({"seen": path, "image": image})).map_err(|e| unwritable(&self.path, &e))?;
        }
        inner.line(&json!({"complete": true})).map_err(|e| unwritable(&self.path, &e))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn line(&mut self, line: &Value) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        // One write, so that a killed process leaves a whole line or a torn last one.
        file.write_all(format!("{line}\n").as_bytes())
    }
}

impl Recorder for Arc<Journal> {
    fn before(&self, call: &Call) -> Result<u64, ApiError> {
        let mut inner = self.lock();
        let failed = |error: io::Error| {
            let message = format!("{}; nothing was sent", unwritable(&self.path, &error));
            ApiError::local(Failure::Record, message)
        };
        if inner.file.is_none() {
            inner.file = Some(create(&self.path).map_err(failed)?);
            let header = self.header.clone();
            inner.line(&header).map_err(failed)?;
        }
        inner.written += 1;
        let number = inner.written;
        let before = inner.images.get(subject(&call.path).0).cloned();
        let line = json!({
            "n": number, "method": call.method.as_str(), "path": call.path, "body": call.body, "before": before,
        });
        inner.line(&line).map_err(failed)?;
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
        let _ = inner.line(&line);
    }
}

/// Puts what a write sends over what was there: fields of `attributes` one by one.
pub(super) fn merge(image: &mut Value, body: Option<&Value>) {
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

/// A new file for its user alone, in folders for its user alone.
fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(Code::Io, format!("cannot write the journal {}: {error}", path.display()))
        .hint("name another file with --journal FILE, or another folder with TDX_RT_STATE_DIR")
}

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
    pub remade: Vec<(String, String, String)>,
    /// Whether an `undo` has restored what was before.
    pub undone: bool,
}

/// Reads a journal. A torn last line is what a killed process leaves; any other line that is no
/// JSON is an error.
pub fn read(path: &Path) -> Result<Recorded, Error> {
    let text = fs::read_to_string(path).map_err(|error| {
        let code = if error.kind() == io::ErrorKind::NotFound { Code::NotFound } else { Code::Io };
        Error::new(code, format!("cannot read the journal {}: {error}", path.display()))
    })?;
    let damaged = |line: usize| {
        Error::new(Code::BadSetting, format!("{}:{line}: this is not a journal of tdx-rt", path.display()))
    };
    let whole = text.rfind('\n').map_or("", |end| text.get(..end).unwrap_or_default());
    let mut lines = Vec::new();
    for (index, line) in whole.lines().enumerate() {
        lines.push(serde_json::from_str::<Map<String, Value>>(line).map_err(|_| damaged(index + 1))?);
    }
    let header = lines.first().ok_or_else(|| damaged(1))?;
    if header.get("journal").and_then(Value::as_u64) != Some(VERSION) {
        return Err(damaged(1).hint("it may be of a later version"));
    }
    let target = header.get("target").cloned().and_then(|target| serde_json::from_value(target).ok());
    let mut recorded = Recorded {
        path: path.to_owned(),
        target: target.ok_or_else(|| damaged(1))?,
        plan: header.get("plan").and_then(Value::as_str).unwrap_or_default().to_owned(),
        owner: header.get("owner").cloned().and_then(|owner| serde_json::from_value(owner).ok()),
        entries: Vec::new(),
        seen: BTreeMap::new(),
        remade: Vec::new(),
        undone: false,
    };
    for line in lines.iter().skip(1) {
        add(&mut recorded, line);
    }
    Ok(recorded)
}

fn add(recorded: &mut Recorded, line: &Map<String, Value>) {
    let text = |key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
    let value = |key: &str| line.get(key).filter(|value| !value.is_null()).cloned();
    if let (Some(method), Some(path)) = (text("method"), text("path")) {
        let (body, before) = (value("body"), value("before"));
        recorded.entries.push(Entry { method, path, body, before, id: None, done: None });
    } else if let Some(number) = line.get("n").and_then(Value::as_u64) {
        let index = usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1);
        if let Some(entry) = recorded.entries.get_mut(index) {
            entry.id = text("id");
            entry.done = line.get("ok").and_then(Value::as_bool);
        }
    } else if let (Some(path), Some(image)) = (text("seen"), value("image")) {
        recorded.seen.insert(path, image);
    } else if let Some(remade) = line.get("remade").cloned() {
        recorded.remade.extend(serde_json::from_value::<(String, String, String)>(remade));
    } else if line.contains_key("undone") {
        recorded.undone = true;
    }
}

/// An error when nothing can be added to a journal: an `undo` notes in it what it has done.
pub fn check_appendable(path: &Path) -> Result<(), Error> {
    File::options().append(true).open(path).map(drop).map_err(|error| {
        Error::new(Code::Io, format!("cannot write the journal {}: {error}", path.display()))
            .hint("`undo` notes there what it has done: make the file writable, or undo a copy of it")
    })
}

/// Marks a journal as undone.
pub fn mark_undone(path: &Path) -> Result<(), Error> {
    append(path, &json!({"undone": jiff::Timestamp::now().to_string()}))
}

/// Notes that an `undo` has made something again.
pub fn note_remade(path: &Path, kind: &str, old: &str, new: &str) -> Result<(), Error> {
    append(path, &json!({"remade": [kind, old, new]}))
}

fn append(path: &Path, line: &Value) -> Result<(), Error> {
    let appended = File::options().append(true).open(path).and_then(|mut file| {
        // A torn last line says nothing, and would be damage in the middle.
        let bytes = fs::read(path)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        file.set_len(u64::try_from(whole).unwrap_or_default())?;
        file.write_all(format!("{line}\n").as_bytes())
    });
    appended.map_err(|error| unwritable(path, &error))
}

/// The file of a new journal in the state folder: sorted by time.
pub fn default_path(state_dir: &Path, target: &Target) -> PathBuf {
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%.6fZ").to_string();
    folder(state_dir).join(format!("{now}-{}-{}.jsonl", target.parent_segment, std::process::id()))
}

/// The latest journal about this target that was not undone yet.
pub fn latest(state_dir: &Path, target: &Target) -> Option<Recorded> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder(state_dir)).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let fitting = |recorded: &Recorded| !recorded.undone && recorded.target == *target;
    files.iter().rev().filter_map(|file| read(file).ok()).find(fitting)
}

/// What undos of all journals about this target have made again, oldest first.
pub fn all_remade(state_dir: &Path, target: &Target) -> Vec<(String, String, String)> {
    let Ok(entries) = fs::read_dir(folder(state_dir)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    // An undo takes back the latest first, so later journals were made again earlier.
    files.sort_by(|a, b| b.cmp(a));
    let journals = files.iter().filter_map(|file| read(file).ok());
    journals.filter(|recorded| recorded.target == *target).flat_map(|recorded| recorded.remade).collect()
}

fn folder(state_dir: &Path) -> PathBuf {
    state_dir.join("journals")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_last_line_is_no_damage_and_others_are() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("j.jsonl");
        let target = Target { host: "h".into(), account: None, parent_segment: "42".into() };
        let journal = Arc::new(Journal::new(file.clone(), target, "p.yaml", None, &Configuration::default()));
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
        mark_undone(&file).unwrap();
        let undone = read(&file).unwrap();
        assert!(undone.undone && undone.entries.len() == 2);
        fs::write(&file, format!("{{}}x\n{}", fs::read_to_string(&file).unwrap())).unwrap();
        assert_eq!(read(&file).unwrap_err().code, Code::BadSetting, "a broken line in the middle is damage");
        fs::write(&file, "{}\n").unwrap();
        assert_eq!(read(&file).unwrap_err().code, Code::BadSetting);
    }
}

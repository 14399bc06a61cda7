//! Where a step's document comes from: `-f FILE` (`-` for stdin), else `--ps`, else stdin when
//! stdin is a pipe or a file. A step with `--ps` or `-f` never touches stdin, so it is safe in
//! `while read` loops.

use super::DocumentArgs;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::plan::{CheckedPlan, Document, Finding, MAX_BYTES, MAX_FINDINGS, Plan, PlanError};
use crate::platform::wire::{RealtimeSettingAttributes, RealtimeStatus};
use crate::steps::Action;
use crate::steps::parent_segment::{ParentSegment, Report, find, is_id};
use serde_json::{Map, Value, json};
use std::fs;
use std::io::{self, Read};

/// Origin of documents that come through a pipe.
pub const STDIN: &str = "stdin";

/// A step's document with its typed reading and its parent segment.
#[derive(Debug)]
pub struct Step {
    /// The document that is passed on.
    pub document: Document,
    /// Its typed reading.
    pub plan: Plan,
    /// The parent segment.
    pub ps: ParentSegment,
}

impl Step {
    /// Reads the document, adds what flags say, checks all of it and finds the parent segment.
    pub async fn load(
        ctx: &Context,
        args: &DocumentArgs,
        add: impl FnOnce(&mut Map<String, Value>) -> Result<bool, Error>,
    ) -> Result<Step, Error> {
        let read = read_document(args).await?;
        let document = read.unwrap_or_else(|| Document::from_root(Map::new(), "flags"));
        Step::of(ctx, document, args.ps.as_deref(), add).await
    }

    /// The same for a document that was read already.
    pub async fn of(
        ctx: &Context,
        mut document: Document,
        ps: Option<&str>,
        add: impl FnOnce(&mut Map<String, Value>) -> Result<bool, Error>,
    ) -> Result<Step, Error> {
        add(&mut document.root)?;
        ctx.check_filter(&document.root)?;
        if let Some(ps) = ps {
            set_parent_segment_ref(&mut document.root, ps);
        }
        if document.origin != STDIN {
            forget_note(&mut document.root);
        }
        let CheckedPlan { plan, warnings } = Plan::read(&document).map_err(plan_error)?;
        let findings = ctx.guard(&document);
        if !findings.is_empty() {
            return Err(plan_error(PlanError { origin: document.origin, findings }));
        }
        warn_of(ctx, &mut document, &warnings);
        let ps = parent_segment(ctx, &document.root, &plan).await?;
        Ok(Step { document, plan, ps })
    }

    /// The document as an object to be printed, with site and parent segment.
    pub fn finish(mut self, ctx: &Context) -> Result<Value, Error> {
        let site = ctx.settings()?.site.value;
        let root = &mut self.document.root;
        // A name only finds it; from here on the id is known.
        root.insert("parent_segment_id".into(), self.ps.id.clone().into());
        if !self.ps.name.is_empty() {
            root.insert("parent_segment_name".into(), self.ps.name.clone().into());
        }
        root.insert("site".into(), site.as_str().into());
        Ok(Value::Object(self.document.root))
    }

    /// Notes in `parent_segment` what is known of it now.
    pub fn note_setting(&mut self, setting: &RealtimeSettingAttributes, status: RealtimeStatus) {
        let tables: Vec<_> = setting.event_tables.iter().map(ToString::to_string).collect();
        let keys: Vec<_> = setting.key_columns.iter().map(|key| key.name.as_str()).collect();
        let (tables, keys) = (json!(tables), json!(keys));
        self.note_status(status);
        self.note([("event_tables", tables), ("key_columns", keys)]);
    }

    /// Replaces all that is noted of the parent segment by what is live: a file may hold what an earlier
    /// run noted.
    pub fn note_live(&mut self, report: &Report) {
        self.document.root.insert("parent_segment".into(), json!(report));
    }

    /// Notes the status alone.
    pub fn note_status(&mut self, status: RealtimeStatus) {
        self.note([("rt_status", json!(status)), ("ready", json!(status == RealtimeStatus::Ok))]);
    }

    /// Notes names under a key of `parent_segment`.
    pub fn note_names(&mut self, key: &str, names: Vec<&str>) {
        let names = json!(names);
        self.note([(key, names)]);
    }

    fn note<'k>(&mut self, fields: impl IntoIterator<Item = (&'k str, Value)>) {
        let slot = self.document.root.entry("parent_segment").or_insert(Value::Null);
        let mut note = match slot.take() {
            Value::Object(note) => note,
            _ => Map::new(),
        };
        note.insert("id".into(), self.ps.id.clone().into());
        if !self.ps.name.is_empty() {
            note.insert("name".into(), self.ps.name.clone().into());
        }
        note.extend(fields.into_iter().map(|(key, value)| (key.to_owned(), value)));
        *slot = Value::Object(note);
    }

    /// Writes `id` and `action` to the item at a JSON pointer of the document.
    pub fn note_applied(&mut self, at: &str, id: &str, action: Action) {
        if let Some(item) = self.item(at) {
            item.insert("id".into(), id.into());
            item.insert("action".into(), json!(action));
        }
    }

    /// Writes `action` to the item at a JSON pointer of the document; one that is only a name becomes
    /// an object.
    pub fn note_action(&mut self, at: &str, action: Action) {
        if let Some(item) = self.value(at) {
            if let Value::String(name) = item {
                *item = json!({ "name": name });
            }
            if let Value::Object(item) = item {
                item.insert("action".into(), json!(action));
            }
        }
    }

    /// The object at a JSON pointer of the document.
    pub fn item(&mut self, at: &str) -> Option<&mut Map<String, Value>> {
        self.value(at)?.as_object_mut()
    }

    fn value(&mut self, at: &str) -> Option<&mut Value> {
        let mut parts = at.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
        let mut value = self.document.root.get_mut(&parts.next()?)?;
        for part in parts {
            value = match value {
                Value::Array(items) => items.get_mut(part.parse::<usize>().ok()?)?,
                Value::Object(map) => map.get_mut(&part)?,
                _ => return None,
            };
        }
        Some(value)
    }
}

/// Warns on stderr, and in the document that travels on; a warning that the document has already from a
/// step before is not repeated.
pub fn warn_of(ctx: &Context, document: &mut Document, warnings: &[Finding]) {
    let mut listed = match document.root.get("warnings") {
        Some(Value::Array(listed)) if document.origin == STDIN => listed.clone(),
        _ => Vec::new(),
    };
    for warning in warnings.iter().take(MAX_FINDINGS) {
        let warning = warning.clone().reworded(|text| ctx.ui.hidden(text));
        let is_it = |there: &Value| {
            there.get("code") == Some(&warning.code.into()) && there.get("path") == Some(&json!(warning.path))
        };
        if !listed.iter().any(is_it) {
            let place = if warning.line.is_some() { "" } else { " " };
            let message = format!("{}:{place}{warning}", document.origin);
            match warning.code {
                // Scripts read no terminal, and what the key asks for is not done.
                "unknown-key" => ctx.ui.warn(&message),
                _ => ctx.ui.status(format!("warning: {message}")),
            }
            listed.push(json!(warning));
        }
    }
    if let Some(more) = warnings.len().checked_sub(MAX_FINDINGS).filter(|more| *more > 0) {
        ctx.ui.warn(&format!("{}: {more} more warnings", document.origin));
    }
    if !listed.is_empty() {
        document.root.insert("warnings".into(), Value::Array(listed));
    }
}

/// The array under a key, made when it is not there.
pub fn array<'a>(root: &'a mut Map<String, Value>, key: &str) -> Result<&'a mut Vec<Value>, Error> {
    let slot = root.entry(key).or_insert_with(|| json!([]));
    if slot.is_null() {
        *slot = json!([]);
    }
    slot.as_array_mut()
        .ok_or_else(|| Error::new(Code::InvalidPlan, format!("'{key}' in the document is not a list")))
}

/// The fields of an item of flags; those that are not given (`null`) are left out.
pub fn given(item: Value) -> Map<String, Value> {
    match item {
        Value::Object(fields) => fields.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}

/// Puts the items of flags into a list: one of the same name in the document gives way to them.
pub fn put(list: &mut Vec<Value>, items: Vec<Value>) {
    let named = |item: &Value| item.get("name").cloned();
    list.retain(|there| !items.iter().any(|item| named(item) == named(there)));
    list.extend(items);
}

/// Finds the parent segment that only `--ps`, a document on stdin or the settings name.
pub async fn parent_segment_only(ctx: &Context, ps: Option<&String>) -> Result<ParentSegment, Error> {
    let args = DocumentArgs { file: None, ps: ps.cloned() };
    Ok(Step::load(ctx, &args, |_| Ok(false)).await?.ps)
}

/// Reads the document by the rule of this module; `None` when there is none to read.
pub async fn read_document(args: &DocumentArgs) -> Result<Option<Document>, Error> {
    match args.file.as_deref() {
        Some("-") => read_stdin().await.map(Some),
        Some(file) => {
            let text = utf8(read_file(file)?, file)?;
            parse(&text, file).map(Some)
        }
        None if args.ps.is_some() => Ok(None),
        None if stdin_is_piped() => read_stdin().await.map(Some),
        None => Ok(None),
    }
}

async fn read_stdin() -> Result<Document, Error> {
    let text = utf8(read_stdin_bytes().await?, STDIN)?;
    parse(&text, STDIN)
}

/// What is read of a file or of stdin: one byte more than a plan may have, so that a longer one is
/// recognized.
const READ_BYTES: u64 = MAX_BYTES as u64 + 1;

/// A file's bytes.
pub fn read_file(file: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(READ_BYTES).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(unreadable(file, &error)),
    }
}

/// A file that does not exist, or can't be read.
pub fn unreadable(file: impl std::fmt::Display, error: &io::Error) -> Error {
    let code = if error.kind() == io::ErrorKind::NotFound { Code::NotFound } else { Code::Io };
    Error::new(code, format!("cannot read {file}: {error}"))
}

/// The bytes of stdin. On a thread of its own, so that Ctrl-C ends the wait for a step before that
/// never ends.
pub async fn read_stdin_bytes() -> Result<Vec<u8>, Error> {
    let read = tokio::task::spawn_blocking(|| {
        let mut bytes = Vec::new();
        io::stdin().lock().take(READ_BYTES).read_to_end(&mut bytes).map(|_| bytes)
    });
    let unreadable = |error: String| Error::new(Code::Io, format!("cannot read stdin: {error}"));
    let bytes = read.await.map_err(|e| unreadable(e.to_string()))?.map_err(|e| unreadable(e.to_string()))?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::new(
            Code::MissingInput,
            "stdin is empty: the step before in the pipeline failed or printed nothing",
        )
        .following());
    }
    Ok(bytes)
}

fn utf8(bytes: Vec<u8>, origin: &str) -> Result<String, Error> {
    // Cut off in the middle of a character, a file that is too long would be no UTF-8.
    if bytes.len() > MAX_BYTES {
        let message = format!("{origin} is larger than a plan may be ({} MB)", MAX_BYTES / 1_000_000);
        return Err(Error::new(Code::InvalidPlan, message));
    }
    String::from_utf8(bytes)
        .map_err(|error| Error::new(Code::InvalidPlan, format!("{origin} is not UTF-8 text: {error}")))
}

fn parse(text: &str, origin: &str) -> Result<Document, Error> {
    if text.trim_start().starts_with('[') {
        return one_report(text, origin);
    }
    let mut document = Document::parse(text, origin).map_err(plan_error)?;
    if document.root.get("dry_run") == Some(&Value::Bool(true)) {
        let message = format!("{origin} is what a dry run prints: requests, not a document");
        return Err(Error::new(Code::MissingInput, message)
            .hint("a dry run of one step gives the next one nothing to read; `tdx-rt apply --dry-run` shows all steps"));
    }
    if is_report(&document.root) {
        document = Document::from_root(from_report(document.root), origin);
    }
    Ok(document)
}

/// `ps-check` without an argument prints a list; a list of one is as good as one.
fn one_report(text: &str, origin: &str) -> Result<Document, Error> {
    Document::check_size(text, origin).map_err(plan_error)?;
    let items: Vec<Value> = serde_json::from_str(text)
        .map_err(|error| Error::new(Code::InvalidPlan, format!("{origin} is not a document: {error}")))?;
    let count = items.len();
    match items.into_iter().next() {
        Some(Value::Object(root)) if count == 1 => {
            let root = if is_report(&root) { from_report(root) } else { root };
            Ok(Document::from_root(root, origin))
        }
        _ => Err(Error::new(
            Code::InvalidPlan,
            format!("{origin} is a list of {count} items; a step takes one document"),
        )
        .hint("name one parent segment: tdx-rt ps-check NAME | …, or pass --ps")),
    }
}

/// What `ps-check` prints for one parent segment.
fn is_report(root: &Map<String, Value>) -> bool {
    root.contains_key("rt_status") && root.contains_key("id") && !root.contains_key("parent_segment")
}

fn from_report(report: Map<String, Value>) -> Map<String, Value> {
    let mut root = Map::new();
    for (from, to) in [("id", "parent_segment_id"), ("name", "parent_segment_name")] {
        if let Some(value) = report.get(from) {
            root.insert(to.into(), value.clone());
        }
    }
    root.insert("parent_segment".into(), Value::Object(report));
    root
}

/// Keeps only the parent segment's id and name of what a file has noted of it: the rest may be out of date.
fn forget_note(root: &mut Map<String, Value>) {
    if let Some(Value::Object(note)) = root.get_mut("parent_segment") {
        note.retain(|key, _| matches!(key.as_str(), "id" | "name"));
    }
}

/// `--ps` wins over what the document says.
fn set_parent_segment_ref(root: &mut Map<String, Value>, ps: &str) {
    for key in ["parent_segment_id", "parent_segment_name", "parent_segment"] {
        root.shift_remove(key);
    }
    let key = if is_id(ps) { "parent_segment_id" } else { "parent_segment_name" };
    root.insert(key.into(), ps.into());
}

async fn parent_segment(
    ctx: &Context,
    root: &Map<String, Value>,
    plan: &Plan,
) -> Result<ParentSegment, Error> {
    // A step before has found it already.
    let note = root.get("parent_segment");
    let noted = |key: &str| note.and_then(|note| note.get(key)).and_then(Value::as_str);
    if let Some(id) = noted("id")
        && plan.parent_segment_id.as_deref().is_none_or(|wanted| wanted == id)
    {
        return Ok(ParentSegment { id: id.to_owned(), name: noted("name").unwrap_or_default().to_owned() });
    }
    let setting = ctx.settings()?.parent_segment.as_ref().map(|setting| setting.value.as_str());
    let wanted = plan.parent_segment_id.as_deref().or(plan.parent_segment_name.as_deref()).or(setting);
    let Some(wanted) = wanted else {
        return Err(Error::new(Code::Usage, "no parent segment is named").hint(
            "pass --ps ID or NAME, a plan with -f FILE, or pipe `tdx-rt ps-check NAME` into this command",
        ));
    };
    find(ctx.client()?, wanted).await
}

/// A plan's findings as one error.
pub fn plan_error(error: PlanError) -> Error {
    let shown = error.findings.get(..MAX_FINDINGS).unwrap_or(&error.findings);
    let wrong = Error::new(Code::InvalidPlan, error.to_string()).details(json!({ "findings": shown }));
    match error.findings.len().saturating_sub(MAX_FINDINGS) {
        0 => wrong,
        more => wrong.detail("not_shown", json!(more)),
    }
}

/// Whether stdin is a pipe, a socket or a file: something that was put there on purpose.
#[cfg(unix)]
pub fn stdin_is_piped() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let Ok(fd) = io::stdin().as_fd().try_clone_to_owned() else { return false };
    fs::File::from(fd).metadata().is_ok_and(|meta| {
        let kind = meta.file_type();
        kind.is_fifo() || kind.is_socket() || kind.is_file()
    })
}

/// Whether stdin is no terminal.
#[cfg(not(unix))]
pub fn stdin_is_piped() -> bool {
    use std::io::IsTerminal;
    !io::stdin().is_terminal()
}

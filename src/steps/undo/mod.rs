//! Restoring what was live before a command, from its journal.
//!
//! Everything is compared before anything is written: a field is restored when it is still as the
//! command left it, is left alone when it is as it was before, and is a conflict when it was changed
//! since. Fields that the command did not write are not looked at.

mod again;
mod begun;
mod fixed;
mod journeys;
mod lost;
mod merge;
mod own_writes;
mod setting;
mod stands;
mod state;
mod touched;
mod uses;

pub use again::{keep_section_ids, made_again, taken};
pub use begun::begun;
pub use fixed::{Fixed, fixed};
pub use lost::{gone, lost};
pub use merge::over;
pub use touched::{Everything, Touched, touched};

use crate::error::Error;
use crate::plan::uses::Conflict;
use crate::plan::{Configuration, imported_columns};
use crate::platform::rule::fields_by_meaning;
use crate::steps::change::SettingChange;
use crate::steps::journal::{Recorded, images};
use crate::steps::kind::ItemKind;
use crate::steps::live::Live;
use own_writes::{has_others, length, list_without_own};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A column that is imported again, with its id and its own name.
type Import = (String, [Option<String>; 2]);

/// What an undo will do.
#[derive(Debug, Default)]
pub struct Prepared {
    /// Things to make again, to restore, to delete.
    work: Vec<Work>,
    setting: SettingChange,
    /// Columns to import again, and columns that were imported.
    imports: (Vec<Import>, Vec<String>),
    /// What has changed since, as sentences: not to be touched.
    pub conflicts: Vec<String>,
    /// What stays because something that is left alone stands on it, as sentences.
    pub stays: Vec<String>,
    /// What would go although something uses it, with its users.
    pub users: Vec<Conflict>,
    /// What can't be taken back, as sentences.
    pub kept: Vec<String>,
    /// The same as it is live: fields by path.
    pub own: BTreeMap<String, Value>,
    /// What comes back without something that it had, as sentences.
    pub without: Vec<String>,
    /// What was made and stays because the platform does not delete it, as sentences.
    pub left: Vec<String>,
    /// What the run touched and is left alone.
    skipped: Vec<Skipped>,
    /// Whether a stitching key that the run added stays.
    key_stays: bool,
    /// Whether an event table stays for a key event.
    table_stays: bool,
}

/// A thing that is left alone.
#[derive(Debug, Clone)]
struct Skipped {
    kind: ItemKind,
    id: String,
    /// Its name, now and when the run touched it.
    names: [String; 2],
}

/// What is done to one thing.
#[derive(Debug, Clone)]
struct Work {
    kind: ItemKind,
    name: String,
    id: Option<String>,
    collection: String,
    /// The folder of a personalization.
    folder: Option<String>,
    deed: Deed,
}

#[derive(Debug, Clone)]
enum Deed {
    /// It was deleted: make it again.
    Create(Map<String, Value>),
    /// It was changed: all fields, with those that are as they were.
    Restore(Map<String, Value>),
    /// It was made: delete it.
    Delete,
}

/// Compares a journal with what is live, or what an undo of later commands leaves. `live` has the
/// folders; `fixed` are the things that stay in part, see [`fixed()`]; `undos` are the journals of undos that
/// began to take this back and were cut off.
///
/// # Errors
/// A journal whose images can't be read.
pub fn prepare(
    recorded: &Recorded,
    there: &Configuration,
    live: &Live,
    fixed: &Fixed,
    undos: &[&Recorded],
) -> Result<Prepared, Error> {
    let Everything { things, setting, imports } = touched(recorded);
    let now = images(&recorded.target.parent_segment, there).into_iter().collect();
    let run = &Run { recorded, now, fixed, undos };
    let mut prepared = Prepared::default();
    for thing in &things {
        let deed = match (&thing.before, &thing.after) {
            (None, Some(_)) => was_made(&mut prepared, thing, run),
            (Some(before), Some(after)) => was_changed(&mut prepared, thing, before, after, run),
            (Some(before), None) => was_deleted(&mut prepared, thing, before, run),
            // Made and deleted by the same run.
            (None, None) => None,
        };
        if let Some((id, deed)) = deed {
            let (kind, name, collection) = (thing.kind, thing.name.clone(), thing.collection.clone());
            let image = thing.before.as_ref();
            let folder = image.and_then(|image| image.pointer("/relationships/parentFolder/data/id"));
            let folder = folder.and_then(Value::as_str).map(str::to_owned);
            prepared.work.push(Work { kind, name, id, collection, folder, deed });
        }
    }
    journeys::keep_what_stays(&mut prepared, recorded, there);
    if let Some((before, after)) = setting {
        let undone = undos.iter().filter_map(|undo| touched(undo).setting);
        let undone: Vec<Value> = undone.map(|(_, after)| after).collect();
        prepared.setting = setting::prepare(&mut prepared, [&before, &after], &undone, &there.setting);
    }
    if let Some((before, after)) = imports {
        prepare_imports(&mut prepared, &before, &after, there);
    }
    forget_tokens_of_deleted_services(&mut prepared);
    stands::keep_what_is_needed(&mut prepared, there, live)?;
    Ok(prepared)
}

impl Prepared {
    /// Leaves a thing alone that others have changed since.
    fn skip(&mut self, thing: &Touched, id: &str, live: &Map<String, Value>, why: String) {
        let now = live.get("name").and_then(Value::as_str).unwrap_or(&thing.name).to_owned();
        let names = [now, thing.name.clone()];
        self.skipped.push(Skipped { kind: thing.kind, id: id.to_owned(), names });
        self.conflicts.push(why);
    }

    /// Takes one thing out of the work, and leaves what is live of it alone.
    fn drop_work(&mut self, position: usize) {
        let Work { kind, name, id, deed, .. } = self.work.remove(position);
        if let (Some(id), false) = (id, matches!(deed, Deed::Create(_))) {
            self.skipped.push(Skipped { kind, id, names: [name.clone(), name] });
        }
    }

    /// What the command changed and an undo leaves alone, as sentences.
    pub fn untouched(&self) -> Vec<&String> {
        [&self.kept, &self.conflicts, &self.stays].into_iter().flatten().collect()
    }

    /// Whether nothing is left to do.
    pub fn is_empty(&self) -> bool {
        self.work.is_empty()
            && SettingChange { order: Vec::new(), ..self.setting.clone() } == SettingChange::default()
            && self.imports.0.is_empty()
            && self.imports.1.is_empty()
    }
}

/// What a journal is compared with.
struct Run<'a> {
    recorded: &'a Recorded,
    /// What is live, by path.
    now: BTreeMap<String, Value>,
    fixed: &'a Fixed,
    undos: &'a [&'a Recorded],
}

impl Run<'_> {
    /// The live image of a thing: under its id, or, where that is not known, of its name.
    fn find(&self, thing: &Touched, id: Option<&String>) -> Option<(String, &Value)> {
        let prefix = format!("{}/", thing.collection);
        if let Some(id) = id {
            return self.now.get(&format!("{prefix}{id}")).map(|image| (id.clone(), image));
        }
        self.now.iter().find_map(|(path, image)| {
            let id = path.strip_prefix(&prefix).filter(|id| !id.contains('/'))?;
            let name = thing.kind.fields(image).get("name")?.as_str()? == thing.name;
            name.then(|| (id.to_owned(), image))
        })
    }

    /// How undos that began to take this back left a thing, and whether it was looked at afterwards.
    fn undone(&self, thing: &Touched, id: &str) -> Vec<(Map<String, Value>, bool)> {
        let path = format!("{}/{id}", thing.collection);
        let is_it = |made: &Touched| {
            made.collection == thing.collection
                && made.id.as_ref().map_or(made.name == thing.name, |own| own == id)
        };
        let left = |undo: &&Recorded| match undo.seen.get(&path) {
            Some(seen) => vec![(thing.meant(seen), true)],
            None => {
                let made = touched(undo).things.into_iter().filter(is_it);
                let images = made.flat_map(|made| made.after.into_iter().chain(made.between));
                images.map(|image| (thing.meant(&image), false)).collect()
            }
        };
        self.undos.iter().flat_map(left).collect()
    }

    /// Whether a thing is as such an undo left it.
    fn is_as_undone(&self, thing: &Touched, id: &str, fields: &Map<String, Value>) -> bool {
        self.undone(thing, id).iter().any(|(left, seen)| match seen {
            true => left == fields,
            false => left.iter().all(|(key, sent)| holds(fields.get(key), sent)),
        })
    }

    /// What was there after the run.
    fn seen(&self, thing: &Touched, id: &str) -> Option<Map<String, Value>> {
        self.recorded.seen.get(&format!("{}/{id}", thing.collection)).map(|seen| thing.meant(seen))
    }
}

/// A thing's id, and what is done to it.
type Done = Option<(Option<String>, Deed)>;

fn was_made(prepared: &mut Prepared, thing: &Touched, run: &Run<'_>) -> Done {
    if thing.kind == ItemKind::Token {
        let service = thing.collection.strip_suffix("/tokens").and_then(|path| run.now.get(path))?;
        let tokens = service.get("tokens").and_then(Value::as_array)?;
        let id = thing.id.clone().filter(|id| tokens.iter().any(|token| token == id.as_str()))?;
        return Some((Some(id), Deed::Delete));
    }
    let (id, image) = run.find(thing, thing.id.as_ref())?;
    let fields = thing.meant(image);
    // A journey that an undo made again is a draft; nothing else makes one of what was launched.
    let is_draft =
        thing.kind == ItemKind::Journey && fields.get("state").is_none_or(|state| state == "draft");
    let as_left = match run.seen(thing, &id) {
        Some(seen) => {
            let ignored: &[&str] = if is_draft { &["tokens", "state", "paused"] } else { &["tokens"] };
            without(seen, ignored) == without(fields.clone(), ignored)
        }
        None => {
            let holds = |(key, sent): (&String, &Value)| holds(fields.get(key), sent);
            let left = |image: &Value| thing.meant(image).iter().all(holds);
            thing.after.iter().chain(&thing.between).any(left)
        }
    };
    let as_left = as_left || run.is_as_undone(thing, &id, &fields);
    let (kind, name) = (thing.kind.words(), &thing.name);
    let tokens = format!("{}/{id}/tokens", thing.collection);
    let why = if thing.kind == ItemKind::Service && !tokens_are_of_the_run(&fields, &tokens, run.recorded) {
        format!("a token of the service '{name}' was made since, by another command or person")
    } else if !as_left {
        format!("the {kind} '{name}' was changed since")
    } else {
        return Some((Some(id), Deed::Delete));
    };
    prepared.skip(thing, &id, &fields, why);
    None
}

/// Fields without those that are looked at apart, such as a service's tokens.
fn without(mut fields: Map<String, Value>, ignored: &[&str]) -> Map<String, Value> {
    fields.retain(|key, _| !ignored.contains(&key.as_str()));
    fields
}

/// Whether every token of a service was made by the run.
fn tokens_are_of_the_run(service: &Map<String, Value>, collection: &str, recorded: &Recorded) -> bool {
    let made = |token: &Value| {
        recorded.entries.iter().any(|entry| {
            let unknown = entry.id.is_none() && entry.done.is_none();
            entry.path == collection && (unknown || entry.id.as_deref() == token.as_str())
        })
    };
    service.get("tokens").and_then(Value::as_array).into_iter().flatten().all(made)
}

fn was_changed(
    prepared: &mut Prepared,
    thing: &Touched,
    image: &Value,
    after: &Value,
    run: &Run<'_>,
) -> Done {
    let what = format!("the {} '{}'", thing.kind.words(), thing.name);
    let Some((id, live)) = run.find(thing, thing.id.as_ref()) else {
        prepared.conflicts.push(format!("{what} was deleted since"));
        return None;
    };
    // Rules are compared by what they mean, and restored as they were written.
    let [meant_before, meant_after, meant_live] = [image, after, live].map(|image| thing.meant(image));
    let (before, live, seen) = (thing.kind.fields(image), thing.kind.fields(live), run.seen(thing, &id));
    let between: Vec<_> = thing.between.iter().map(|image| thing.meant(image)).collect();
    let undone: Vec<_> = run.undone(thing, &id).into_iter().map(|(left, _)| left).collect();
    let mut restored = Map::new();
    // The length of a counter goes with its windows.
    let has_its_length = |fields: &Map<String, Value>| fields.get("duration") == length(fields).as_ref();
    let goes_with = [&thing.kind.fields(after), &live].into_iter().all(has_its_length);
    for (key, sent) in meant_after.iter().filter(|(key, _)| !(goes_with && *key == "duration")) {
        let was = meant_before.get(key).unwrap_or(&Value::Null);
        let is = meant_live.get(key).unwrap_or(&Value::Null);
        let left = seen.as_ref().map_or(sent, |seen| seen.get(key).unwrap_or(&Value::Null));
        // As it was, or not changed by the run: a change by others since stays.
        let unchanged = holds(Some(was), sent) && holds(Some(sent), was);
        if was == is || unchanged {
            continue;
        }
        let is_of = |images: &[Map<String, Value>]| {
            images.iter().any(|image| image.get(key).is_some_and(|left| holds(Some(is), left)))
        };
        // A list item by item: what others have added to it stays.
        let raw = |fields: &Map<String, Value>| fields.get(key).cloned().unwrap_or_default();
        let lists = [&raw(&before), &raw(&thing.kind.fields(after)), &raw(&live)];
        let as_left =
            is == left || is_of(&undone) || seen.is_none() && (holds(Some(is), sent) || is_of(&between));
        let rest = match as_left && !has_others([lists[0], lists[1]], left) {
            true => Some(raw(&before)),
            false => list_without_own(lists, |item, sent| holds(Some(item), sent)),
        };
        match rest.or_else(|| as_left.then(|| raw(&before))) {
            Some(rest) => drop(restored.insert(key.clone(), rest)),
            None => prepared.skip(thing, &id, &live, format!("'{key}' of {what} was changed since")),
        }
    }
    let is_skipped = prepared.skipped.iter().any(|skipped| skipped.kind == thing.kind && skipped.id == id);
    if thing.kind == ItemKind::Journey && is_skipped {
        // Its stages and its activations are one: half of them would be neither state.
        return None;
    }
    if thing.kind == ItemKind::Journey {
        journeys::note_draft(prepared, thing, [&meant_before, &meant_after, &meant_live], run.recorded);
    }
    if run.fixed.contains(&(thing.kind, id.clone())) {
        fixed::leave_out(prepared, thing, &id, &live, &mut restored);
    }
    if restored.is_empty() {
        return None;
    }
    let mut whole = without(live, &["tokens"]);
    let own = image.pointer("/attributes/sections").and_then(Value::as_array).into_iter().flatten();
    for section in restored.get_mut("sections").and_then(Value::as_array_mut).into_iter().flatten() {
        // With the ids that they had.
        if let Some(own) = own.clone().find(|own| own.get("name") == section.get("name")) {
            section["id"] = own.get("id").cloned().unwrap_or_default();
        }
    }
    whole.extend(restored);
    if let Some(length) = length(&whole).filter(|_| goes_with) {
        whole.insert("duration".into(), length);
    }
    Some((Some(id), Deed::Restore(whole)))
}

fn was_deleted(prepared: &mut Prepared, thing: &Touched, before: &Value, run: &Run<'_>) -> Done {
    let (fields, there) = (thing.kind.fields(before), run.find(thing, None));
    if thing.kind == ItemKind::Journey {
        return journeys::was_deleted(prepared, thing, before, there, run);
    }
    let there = there.map(|(id, image)| (id, thing.kind.fields(image)));
    let has_tokens = |fields: &Map<String, Value>| {
        fields.get("tokens").and_then(Value::as_array).is_some_and(|tokens| !tokens.is_empty())
    };
    if has_tokens(&fields) && !there.as_ref().is_some_and(|(_, there)| has_tokens(there)) {
        prepared
            .without
            .push(format!("the tokens of the service '{}' are gone for good; make new ones", thing.name));
    }
    let meant = |fields: Map<String, Value>| fields_by_meaning(&without(fields, &["id", "tokens"]));
    match there {
        Some((_, there)) if meant(there.clone()) == meant(fields.clone()) => None,
        Some((id, there)) if Some(&id) == thing.id.as_ref() => {
            if run.is_as_undone(thing, &id, &fields_by_meaning(&there)) {
                return Some((Some(id), Deed::Restore(without(fields, &["tokens"]))));
            }
            let why = format!("the {} '{}' was changed since", thing.kind.words(), thing.name);
            prepared.skip(thing, &id, &there, why);
            None
        }
        _ => Some((thing.id.clone(), Deed::Create(without(fields, &["id", "tokens"])))),
    }
}

/// Whether a live value says what was sent. What the platform fills in is no difference: fields that
/// were not sent, and emptiness in another form.
fn holds(live: Option<&Value>, sent: &Value) -> bool {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    let live = live.unwrap_or(&Value::Null);
    match (live, sent) {
        (Value::Object(live), Value::Object(sent)) => {
            sent.iter().all(|(key, sent)| holds(live.get(key), sent))
        }
        (Value::Array(live), Value::Array(sent)) => {
            live.len() == sent.len() && live.iter().zip(sent).all(|(live, sent)| holds(Some(live), sent))
        }
        _ => live == sent || empty(live) && empty(sent),
    }
}

fn prepare_imports(prepared: &mut Prepared, before: &Value, after: &Value, live: &Configuration) {
    let (before_columns, after_columns) = (touched::columns(before), touched::columns(after));
    let now = imported_columns(&live.attributes, &live.setting.batch_attributes);
    let again =
        before_columns.iter().filter(|column| !after_columns.contains(column) && !now.contains(column));
    let gone = after_columns.iter().filter(|column| !before_columns.contains(column) && now.contains(column));
    let known = |column: &String| {
        let text = |key: &str| before.get(key)?.get(column)?.as_str().map(str::to_owned);
        (column.clone(), ["ids", "names"].map(text))
    };
    prepared.imports = (again.map(known).collect(), gone.cloned().collect());
}

/// They go with their service.
fn forget_tokens_of_deleted_services(prepared: &mut Prepared) {
    let gone: Vec<String> = prepared
        .work
        .iter()
        .filter(|work| work.kind == ItemKind::Service && matches!(work.deed, Deed::Delete))
        .filter_map(|work| Some(format!("{}/{}/tokens", work.collection, work.id.as_ref()?)))
        .collect();
    prepared.work.retain(|work| !gone.contains(&work.collection));
}

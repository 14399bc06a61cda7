//! What an `apply` of a plan made, so that `--prune` deletes nothing that somebody else made.
//!
//! Kept in a file of the state folder (or `--ownership FILE`, which CI can carry from run to run)
//! and not in descriptions on the platform: stitching keys, event tables, sections and outputs have
//! none, and descriptions belong to the plan's author.

use super::journal::{self, Recorded, Target};
use super::state_file;
use crate::error::{Code, Error};
use crate::plan::difference::join;
use crate::plan::import_of;
use crate::plan::nearest::same_name;
use crate::plan::{Configuration, Plan};
use crate::platform::wire::Section;
use crate::steps::change::Ids;
use crate::steps::kind::Kind;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// In front of the journal of a run that began to make an item.
const BEGUN: &str = "begun:";
/// In front of a batch segment's id.
const SEGMENT: &str = "batch segment ";
const MADE: &str = "made";
const NAMED: &str = "named";

/// Items by their path, such as `attributes.page_views_24h`, with the platform's id where there is
/// one.
pub type Items = BTreeMap<String, Option<String>>;

/// What one plan owns in one parent segment.
#[derive(Debug, Clone)]
pub struct Ownership {
    path: Option<PathBuf>,
    target: Target,
    plan: String,
}

/// Where it is noted what a plan made: the file, and the plan's name in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Owner {
    /// The file.
    pub file: PathBuf,
    /// The plan's name.
    pub plan: String,
}

impl Ownership {
    /// Where it is noted; `None` where there is no place.
    pub fn owner(&self) -> Option<Owner> {
        Some(Owner { file: self.path.clone()?, plan: self.plan.clone() })
    }

    /// What an [`Owner`] made.
    pub fn of(owner: &Owner, target: &Target) -> Self {
        Ownership { path: Some(owner.file.clone()), target: target.clone(), plan: owner.plan.clone() }
    }

    /// The items of `plan` in `file`, else in the state folder; without either nothing is owned.
    pub fn new(file: Option<&Path>, state_dir: Option<&Path>, target: &Target, plan: String) -> Self {
        let default = || state_dir.map(|dir| dir.join("ownership.json"));
        Ownership { path: file.map(Path::to_owned).or_else(default), target: target.clone(), plan }
    }

    /// Settles what runs began: what is there now and was made by them gets its id, anything else is
    /// forgotten.
    pub fn settle(&self, now: &Items) -> Result<(), Error> {
        let begun = |noted: &Option<String>| noted.as_ref().is_some_and(|noted| noted.starts_with(BEGUN));
        let noted = self.items()?.into_iter().filter(|(_, noted)| begun(noted));
        let (mut made, mut gone, mut runs) = (Items::new(), Items::new(), Runs::default());
        for (path, noted) in noted {
            match now.get(&path) {
                Some(id) if runs.is_ours(&path, noted.as_deref(), id.as_deref()) => {
                    made.insert(path, id.clone())
                }
                _ => gone.insert(path, None),
            };
        }
        self.add(&made)?;
        self.remove(&gone)
    }

    /// Whether anything is remembered of this plan.
    pub fn is_known(&self) -> Result<bool, Error> {
        Ok(!self.items()?.is_empty())
    }

    /// What this plan made.
    pub fn items(&self) -> Result<Items, Error> {
        let noted = self.read()?.remove(&self.key()).unwrap_or_default();
        let made = noted.get(MADE).and_then(Value::as_object).cloned().unwrap_or_default();
        Ok(made.into_iter().map(|(item, id)| (item, id.as_str().map(str::to_owned))).collect())
    }

    /// What other plans name in the same parent segment: it is not this plan's to delete.
    pub fn named_by_others(&self) -> Result<BTreeSet<String>, Error> {
        let (own, target) = (self.key(), self.target_key());
        let others = self.read()?.into_iter().filter(|(key, _)| *key != own && key.starts_with(&target));
        let named = others.flat_map(|(_, noted)| match noted.get(NAMED) {
            Some(Value::Array(paths)) => paths.clone(),
            _ => Vec::new(),
        });
        Ok(named.filter_map(|path| path.as_str().map(str::to_owned)).collect())
    }

    /// Notes what is about to be made, with the journal that will tell whether it was: so that a
    /// process that is killed in between still knows it. Notes what the plan names as well.
    pub fn begin(&self, new: &Items, named: &BTreeSet<String>, journal: Option<&Path>) -> Result<(), Error> {
        let journal = journal.map(|path| format!("{BEGUN}{}", path.display()));
        self.change(|noted| {
            change_part(noted, MADE, |made| {
                made.extend(new.keys().map(|path| (path.clone(), json!(journal))));
            });
            noted.insert(NAMED.into(), json!(named));
        })
    }

    /// An error when nothing can be noted.
    pub fn check(&self) -> Result<(), Error> {
        let Some(path) = &self.path else { return Ok(()) };
        state_file::check(path).map_err(|error| self.broken(&error))
    }

    /// Notes items as made by this plan.
    pub fn add(&self, items: &Items) -> Result<(), Error> {
        if items.is_empty() {
            return Ok(());
        }
        self.change(|noted| {
            let made = items.iter().map(|(item, id)| (item.clone(), json!(id)));
            change_part(noted, MADE, |noted| noted.extend(made));
        })
    }

    /// Notes the new ids of what was made again, of every plan of this parent segment.
    pub fn renumber(&self, ids: &Ids) -> Result<(), Error> {
        let Some(path) = &self.path else { return Ok(()) };
        let target = self.target_key();
        let new = |item: &str, id: &Value| {
            let kind = match item.split('.').next()? {
                "events" => Kind::Event,
                "attributes" => Kind::Attribute,
                "services" => Kind::Service,
                "personalizations" => Kind::Personalization,
                "journeys" => Kind::Journey,
                _ => return None,
            };
            let (old, new) = (id.as_str()?, ids.id(kind, id.as_str()?));
            (old != new).then_some(new)
        };
        let plans = self.read()?;
        let noted = plans.iter().filter(|(key, _)| key.starts_with(&target));
        let made = |noted: &Value| noted.get(MADE).and_then(Value::as_object).cloned().unwrap_or_default();
        let any = noted.flat_map(|(_, noted)| made(noted)).any(|(item, id)| new(&item, &id).is_some());
        if !any {
            return Ok(());
        }
        let changed = state_file::update(path, |content| {
            for (_, noted) in content.iter_mut().filter(|(key, _)| key.starts_with(&target)) {
                let made = noted.get_mut(MADE).and_then(Value::as_object_mut).into_iter().flatten();
                made.for_each(|(item, id)| {
                    new(item, id).into_iter().for_each(|new| *id = new.into());
                });
            }
        });
        changed.map_err(|error| self.broken(&error))
    }

    /// Forgets items that are gone.
    pub fn remove(&self, items: &Items) -> Result<(), Error> {
        if items.is_empty() {
            return Ok(());
        }
        self.change(|noted| change_part(noted, MADE, |made| made.retain(|item, _| !items.contains_key(item))))
    }

    fn read(&self) -> Result<Map<String, Value>, Error> {
        let Some(path) = &self.path else { return Ok(Map::new()) };
        Ok(state_file::read(path).map_err(|error| self.broken(&error))?.unwrap_or_default())
    }

    fn change(&self, change: impl FnOnce(&mut Map<String, Value>)) -> Result<(), Error> {
        let Some(path) = &self.path else { return Ok(()) };
        let key = self.key();
        let changed = state_file::update(path, |content| change_part(content, &key, change));
        changed.map_err(|error| self.broken(&error))
    }

    fn target_key(&self) -> String {
        let Target { host, account, parent_segment } = &self.target;
        format!("{host} {} {parent_segment} ", account.as_deref().unwrap_or("-"))
    }

    fn key(&self) -> String {
        format!("{}{}", self.target_key(), self.plan)
    }

    fn broken(&self, error: &anyhow::Error) -> Error {
        Error::new(Code::Io, format!("what this plan made can't be looked up or noted: {error:#}"))
            .hint("name another file with --ownership FILE, or another folder with TDX_RT_STATE_DIR")
    }
}

/// The runs that began to make items, each journal read once however many items it began.
#[derive(Debug, Default)]
pub struct Runs {
    /// What was begun, by the journal; `None` for one that cannot be read.
    begun: HashMap<String, Option<Begun>>,
    /// How many journals were read.
    #[cfg(test)]
    reads: usize,
}

/// The ids of what a run wrote, by each text in the body of the write; `None` where the platform's
/// answer, and with it the id, is not known.
type Begun = HashMap<String, Vec<Option<String>>>;

impl Runs {
    /// Whether an item that is live under this id is the one that was noted: the id is the same, or, for
    /// one that was only begun, its run's journal says that it was made, or may have been.
    pub fn is_ours(&mut self, path: &str, noted: Option<&str>, live: Option<&str>) -> bool {
        match noted {
            None => true,
            Some(noted) => match noted.strip_prefix(BEGUN) {
                None => Some(noted) == live,
                Some(file) => self.begun(file).is_some_and(|begun| may_have_made(begun, path, live)),
            },
        }
    }

    fn begun(&mut self, file: &str) -> Option<&Begun> {
        if !self.begun.contains_key(file) {
            #[cfg(test)]
            (self.reads += 1);
            let begun = journal::read(Path::new(file)).ok().map(|run| begun(&run));
            self.begun.insert(file.to_owned(), begun);
        }
        self.begun.get(file)?.as_ref()
    }
}

fn begun(run: &Recorded) -> Begun {
    let mut begun = Begun::new();
    let writes = run.entries.iter().filter(|entry| entry.done != Some(false) && entry.method != "DELETE");
    for entry in writes {
        for text in entry.body.iter().flat_map(texts).collect::<BTreeSet<_>>() {
            begun.entry(text.to_owned()).or_default().push(entry.id.clone());
        }
    }
    begun
}

fn may_have_made(begun: &Begun, path: &str, live: Option<&str>) -> bool {
    let name = last_name(path);
    // A table goes with its database, a batch segment with a word in front.
    let name = match path.split('.').next() {
        Some("event_tables") => name.split_once('.').map_or(name.clone(), |(_, table)| table.to_owned()),
        _ => name.strip_prefix(SEGMENT).map_or(name.clone(), str::to_owned),
    };
    begun.get(&name).into_iter().flatten().any(|id| match (id.as_deref(), live) {
        (Some(made), Some(live)) => made == live,
        _ => true,
    })
}

/// All texts in a body, keys of objects apart.
fn texts(body: &Value) -> Vec<&str> {
    match body {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(map) => map.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// The last name of a path, without its quotes.
fn last_name(path: &str) -> String {
    if path.ends_with('"') {
        // The shortest end that is a JSON text: quotes inside it are escaped.
        let starts = path.match_indices('"').map(|(at, _)| at).rev();
        let text = starts.filter_map(|at| serde_json::from_str(path.get(at..)?).ok()).next();
        return text.unwrap_or_else(|| path.to_owned());
    }
    path.rsplit('.').next().unwrap_or(path).to_owned()
}

/// Changes the object under a key; one that is not there is made.
fn change_part(map: &mut Map<String, Value>, key: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    let mut part = match map.shift_remove(key) {
        Some(Value::Object(part)) => part,
        _ => Map::new(),
    };
    change(&mut part);
    map.insert(key.to_owned(), Value::Object(part));
}

/// Everything that is configured, by path. Keys that the platform set are nobody's.
pub fn items(configuration: &Configuration) -> Items {
    let mut items = Items::new();
    let setting = &configuration.setting;
    for table in &setting.event_tables {
        items.insert(join("event_tables", &table.to_string()), None);
    }
    for key in setting.key_columns.iter().filter(|key| !key.internal) {
        items.insert(join("id_stitching", &key.name), None);
    }
    items.extend(configuration.events.iter().map(|event| (join("events", &event.name), event.id.clone())));
    let attributes = configuration.attributes.iter();
    items.extend(attributes.map(|attribute| (join("attributes", &attribute.name), attribute.id.clone())));
    for service in &configuration.services {
        items.insert(join("services", &service.name), service.id.clone());
    }
    for entity in &configuration.personalizations {
        let path = join("personalizations", &entity.attributes.name);
        for section in &entity.attributes.sections {
            let path = section_path(&entity.attributes.name, &section.name);
            items.extend(outputs(section).map(|(_, output)| (join(&path, &output), None)));
            items.insert(path, None);
        }
        items.insert(path, Some(entity.id.clone()));
    }
    for journey in &configuration.journeys {
        items.insert(join("journeys", &journey.attributes.name), Some(journey.id.clone()));
    }
    items
}

/// Items that are noted under old names, under the new ones: of a configuration whose things have others.
pub fn renamed_items(noted: Items, before: &Configuration, after: &Configuration) -> Items {
    let mut paths: Vec<(String, String)> = Vec::new();
    let mut pair = |old: String, new: String| paths.extend((old != new).then_some((old, new)));
    let both = |kind: &'static str| move |old: &str, new: &str| (join(kind, old), join(kind, new));
    for (a, b) in before.events.iter().zip(&after.events) {
        let (old, new) = both("events")(&a.name, &b.name);
        pair(old, new);
    }
    for (a, b) in before.attributes.iter().zip(&after.attributes) {
        let (old, new) = both("attributes")(&a.name, &b.name);
        pair(old, new);
    }
    for (a, b) in before.services.iter().zip(&after.services) {
        let (old, new) = both("services")(&a.name, &b.name);
        pair(old, new);
    }
    for (a, b) in before.journeys.iter().zip(&after.journeys) {
        let (old, new) = both("journeys")(&a.attributes.name, &b.attributes.name);
        pair(old, new);
    }
    for (a, b) in before.personalizations.iter().zip(&after.personalizations) {
        let (a, b) = (&a.attributes, &b.attributes);
        for (old, new) in a.sections.iter().zip(&b.sections) {
            pair(section_path(&a.name, &old.name), section_path(&b.name, &new.name));
        }
        let (old, new) = both("personalizations")(&a.name, &b.name);
        pair(old, new);
    }
    // A section's path begins with that of its personalization, and is the longer one.
    paths.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
    let renamed = |path: String| {
        let new = paths.iter().find_map(|(old, new)| {
            let rest = path.strip_prefix(old.as_str())?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{new}{rest}"))
        });
        new.unwrap_or(path)
    };
    noted.into_iter().map(|(path, id)| (renamed(path), id)).collect()
}

/// The path of a section.
pub fn section_path(personalization: &str, section: &str) -> String {
    join(&join("personalizations", personalization), section)
}

/// The output name of a batch segment's membership, which has none of its own.
pub fn segment_output(id: &str) -> String {
    format!("{SEGMENT}{id}")
}

/// The output names of a section's attributes, fixed texts, catalog rows and batch segments, each with the
/// list of a plan that has it.
pub fn outputs(section: &Section) -> impl Iterator<Item = (&'static str, String)> {
    let definitions = section.payload.iter().flat_map(|nodes| nodes.values()).map(|node| &node.definition);
    definitions.flat_map(|definition| {
        let attributes = definition.attribute_payload.iter().flatten().map(|item| item.output_name.clone());
        let texts = definition.string_builder.iter().flatten().map(|item| item.output_name.clone());
        let segments = definition.segment_payload.iter().flat_map(|payload| &payload.batch_segments);
        let catalogs = definition.catalog_payload.iter().flat_map(|payload| payload.lookups());
        let rows = catalogs.filter_map(|lookup| lookup.output_name.clone());
        let segments = segments.map(|segment| segment_output(&segment.id));
        let attributes = attributes.map(|name| ("attributes", name));
        let attributes = attributes.chain(texts.map(|name| ("strings", name)));
        let attributes = attributes.chain(rows.map(|name| ("catalogs", name)));
        attributes.chain(segments.map(|name| ("batch_segments", name)))
    })
}

/// Everything that a plan names, by path. An import goes by the name that it has where it is live.
pub fn named(plan: &Plan, live: &Configuration) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for event in &plan.events {
        named.insert(join("events", &event.name));
        named.insert(join("event_tables", &event.event_table().to_string()));
    }
    named.extend(plan.event_tables.iter().map(|table| join("event_tables", &table.to_string())));
    let keys = plan.id_stitching.iter().flat_map(|stitching| &stitching.stitching_keys);
    named.extend(keys.map(|key| join("id_stitching", &key.name)));
    named.extend(plan.attributes.iter().map(|attribute| join("attributes", &attribute.name)));
    let imports = plan.attributes.iter().filter_map(|attribute| attribute.imported_column());
    let imports =
        imports.filter_map(|column| import_of(column, &live.attributes, &live.setting.batch_attributes));
    named.extend(imports.map(|attribute| join("attributes", &attribute.name)));
    named.extend(plan.journeys.iter().map(|journey| join("journeys", &journey.name)));
    for personalization in &plan.personalizations {
        if personalization.wants_service() {
            named.insert(join("services", &personalization.name));
        }
        if personalization.wants_entity() {
            named.insert(join("personalizations", &personalization.name));
        }
        for section in &personalization.sections {
            let path = section_path(&personalization.name, &section.name);
            named.extend(section.attributes.iter().map(|output| join(&path, &output.output_name)));
            named.extend(section.catalogs.iter().flatten().map(|catalog| join(&path, &catalog.output_name)));
            named.extend(section.strings.iter().map(|(output, _)| join(&path, output)));
            let segments = section.batch_segments.iter().filter_map(|name| {
                live.segments.iter().find(|segment| segment.id == *name || same_name(&segment.name, name))
            });
            named.extend(segments.map(|segment| join(&path, &segment_output(&segment.id))));
            named.insert(path);
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settling_reads_a_journal_once_however_many_items_it_began() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("j.jsonl");
        let target = json!({"host": "h", "account": "1", "parent_segment": "42"});
        let mut lines = format!("{}\n", json!({"journal": 1, "target": target, "plan": "p"}));
        for n in 1..=600 {
            let begun = json!({"n": n, "method": "POST", "path": "/p", "body": {"name": format!("a{n}")}});
            // Of every third one no answer came, and every fifth one was refused.
            let answered = match (n % 3, n % 5) {
                (0, _) => None,
                (_, 0) => Some(json!({"n": n, "ok": false, "status": 422})),
                _ => Some(json!({"n": n, "ok": true, "id": n.to_string()})),
            };
            for line in std::iter::once(begun).chain(answered) {
                lines.push_str(&format!("{line}\n"));
            }
        }
        std::fs::write(&file, lines).unwrap();
        let noted = format!("{BEGUN}{}", file.display());
        let mut runs = Runs::default();
        for n in 1..=600 {
            let (path, id) = (format!("attributes.a{n}"), n.to_string());
            let ours = runs.is_ours(&path, Some(&noted), Some(&id));
            assert_eq!(ours, n % 3 == 0 || n % 5 != 0, "{n}");
            assert_eq!(runs.is_ours(&path, Some(&noted), Some("another")), n % 3 == 0, "{n}");
        }
        assert!(!runs.is_ours("attributes.never", Some(&noted), Some("1")));
        assert!(!runs.is_ours("attributes.a1", Some("begun:/nowhere"), Some("1")));
        assert!(!runs.is_ours("attributes.a1", Some("begun:/nowhere"), Some("1")));
        assert_eq!(runs.reads, 2);
    }

    #[test]
    fn each_plan_knows_its_own_items() {
        let dir = tempfile::tempdir().unwrap();
        let target = Target { host: "h".into(), account: Some("1".into()), parent_segment: "42".into() };
        let of = |plan: &str| Ownership::new(None, Some(dir.path()), &target, plan.into());
        let item = |id: Option<&str>| Items::from([("attributes.a".to_owned(), id.map(str::to_owned))]);
        of("one").add(&item(None)).unwrap();
        of("one").add(&item(Some("7"))).unwrap();
        assert_eq!(of("one").items().unwrap(), item(Some("7")));
        assert!(of("two").items().unwrap().is_empty());
        of("one").remove(&item(None)).unwrap();
        assert!(of("one").items().unwrap().is_empty());
        std::fs::write(dir.path().join("ownership.json"), "x").unwrap();
        assert!(of("one").add(&item(None)).is_err(), "what can't be read is left alone");
    }
}

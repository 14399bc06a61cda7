//! What an `apply` of a plan made, so that `--prune` deletes nothing that others made.
//!
//! Kept in a file of the state folder (or `--ownership FILE`, which CI can carry from run to run)
//! and not in descriptions on the platform: stitching keys, event tables, sections and outputs have
//! none, and descriptions belong to the plan's author.

mod elsewhere;
mod lines;

pub use elsewhere::renamed_elsewhere;

use crate::error::{Code, Error};
use crate::file::Room;
use crate::file::state as state_file;
use crate::steps::items::{Items, TEXT};
use crate::steps::journal::{BEGUN, Ids, Runs};
use crate::steps::kind::ItemKind;
use crate::steps::target::{ChangeTarget, Owner};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const MADE: &str = "made";
const NAMED: &str = "named";

/// What one plan owns in one parent segment.
#[derive(Debug, Clone)]
pub struct Ownership {
    path: Option<PathBuf>,
    target: ChangeTarget,
    plan: String,
}

impl Ownership {
    /// Where it is noted; `None` where there is no place.
    pub fn owner(&self) -> Option<Owner> {
        Some(Owner { file: self.path.clone()?, plan: self.plan.clone() })
    }

    /// What an [`Owner`] made.
    pub fn of(owner: &Owner, target: &ChangeTarget) -> Self {
        Ownership { path: Some(owner.file.clone()), target: target.clone(), plan: owner.plan.clone() }
    }

    /// The items of `plan` in `file`, else in the state folder; without either nothing is owned.
    pub fn new(file: Option<&Path>, state_dir: Option<&Path>, target: &ChangeTarget, plan: String) -> Self {
        let default = || state_dir.map(|dir| dir.join("ownership.json"));
        Ownership { path: file.map(Path::to_owned).or_else(default), target: target.clone(), plan }
    }

    /// Settles what runs began: what is live now and was made by them gets its id, anything else is
    /// forgotten. Fixed strings that the plan names (`named`) get its values.
    pub fn settle(&self, now: &Items, named: &BTreeSet<String>) -> Result<(), Error> {
        let is = |noted: &Option<String>, what| noted.as_ref().is_some_and(|noted| noted.starts_with(what));
        let (begun, mut texts): (Items, Items) =
            self.items()?.into_iter().partition(|(_, noted)| is(noted, BEGUN));
        texts.retain(|path, noted| {
            let text = now.get(path).filter(|now| is(now, TEXT) && is(noted, TEXT) && named.contains(path));
            text.inspect(|text| noted.clone_from(text)).is_some()
        });
        self.add(&texts)?;
        let (mut made, mut gone, mut runs) = (Items::new(), Items::new(), Runs::default());
        for (path, noted) in begun {
            match now.get(&path) {
                Some(id) if runs.is_noted(&path, noted.as_deref(), id.as_deref()) => {
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
        let noted = self.noted()?;
        let made = noted.get(MADE).and_then(Value::as_object).cloned().unwrap_or_default();
        Ok(made.into_iter().map(|(item, id)| (item, id.as_str().map(str::to_owned))).collect())
    }

    /// What other plans name in the same parent segment: it is not this plan's to delete.
    pub fn named_by_others(&self) -> Result<BTreeSet<String>, Error> {
        let named = self.others()?.into_iter().flat_map(|mut noted| match noted.remove(NAMED) {
            Some(Value::Array(paths)) => paths,
            _ => Vec::new(),
        });
        Ok(named.filter_map(|path| path.as_str().map(str::to_owned)).collect())
    }

    /// The other plans that name one of these items in the same parent segment.
    pub fn others_that_name(&self, paths: &[&String]) -> Result<Vec<String>, Error> {
        let (own, target) = (self.key(), self.target_key());
        let names = |noted: &Value| {
            let named = noted.get(NAMED).and_then(Value::as_array).into_iter().flatten();
            named.filter_map(Value::as_str).any(|path| paths.iter().any(|wanted| *wanted == path))
        };
        let others = self.read()?.into_iter().filter(|(key, noted)| *key != own && names(noted));
        Ok(others.filter_map(|(key, _)| key.strip_prefix(&target).map(str::to_owned)).collect())
    }

    /// Notes what is about to be made, with the journal that will record whether it was: so that a
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

    /// Holds space for so many bytes more; an error when nothing can be noted.
    pub fn hold(&self, more: usize) -> Result<Option<Room>, Error> {
        let hold = |path| {
            state_file::hold(path, more.saturating_add(state_file::ENTRY))
                .map_err(|error| self.broken(&error))
        };
        self.path.as_deref().map(hold).transpose()
    }

    /// An error when the file can't be read; see [`state_file::check`].
    pub fn check(&self, needed: bool) -> Result<(), Error> {
        state_file::check(self.path.as_deref(), needed).map_err(|error| self.broken(&error))
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
                "events" => ItemKind::Event,
                "attributes" => ItemKind::Attribute,
                "services" => ItemKind::Service,
                "personalizations" => ItemKind::Personalization,
                "journeys" => ItemKind::Journey,
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

    /// What is noted of this plan.
    fn noted(&self) -> Result<Map<String, Value>, Error> {
        Ok(object(self.read()?.remove(&self.key())))
    }

    /// What is noted of each other plan in the same parent segment.
    fn others(&self) -> Result<Vec<Map<String, Value>>, Error> {
        let (own, target) = (self.key(), self.target_key());
        let others = self.read()?.into_iter().filter(|(key, _)| *key != own && key.starts_with(&target));
        Ok(others.map(|(_, noted)| object(Some(noted))).collect())
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
        let ChangeTarget { host, account, parent_segment } = &self.target;
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

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// Changes the object under a key; one that is not there is made.
fn change_part(map: &mut Map<String, Value>, key: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    let mut part = object(map.shift_remove(key));
    change(&mut part);
    map.insert(key.to_owned(), Value::Object(part));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_plan_knows_its_own_items() {
        let dir = tempfile::tempdir().unwrap();
        let target =
            ChangeTarget { host: "h".into(), account: Some("1".into()), parent_segment: "42".into() };
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

//! A parent segment.

use super::batch::{BatchColumn, BatchData, Customers, LookupTables, Master, join};
use super::catalog::Catalog;
use super::realtime::Realtime;
use super::run::{Run, RunStatus};
use super::{IdCounter, no_record};
use crate::platform::wire::Column;
use crate::sandbox::refusal::{Reason, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A parent segment.
#[derive(Debug, Serialize, Deserialize)]
pub struct ParentSegment {
    /// Id, digits as a string.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Milliseconds since the epoch.
    pub created: i64,
    /// When it was changed last, in milliseconds since the epoch.
    pub updated: i64,
    /// Schedule, time zone and other settings that change nothing here, as they were sent.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// The master table.
    pub master: Master,
    /// The batch attributes, in order.
    pub columns: Vec<BatchColumn>,
    /// The behaviors, in order.
    pub behaviors: Vec<Behavior>,
    /// The folders; the first is the root.
    pub folders: Vec<StoredFolder>,
    /// Customers and batch segments.
    pub batch: BatchData,
    /// Runs of its workflow, oldest first.
    #[serde(default)]
    pub runs: Vec<Run>,
    /// The real-time configuration; `None` when real-time is not enabled.
    #[serde(skip)]
    pub realtime: Option<Realtime>,
    /// What has changed since it was last saved.
    #[serde(skip)]
    pub changed: SegmentChanges,
}

/// What of a parent segment has changed since it was last saved, its collections apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SegmentChanges {
    /// The parent segment itself.
    pub head: bool,
    /// The head of its real-time configuration: setting, status, version.
    pub realtime: bool,
}

/// A behavior: a table of what customers did.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Behavior {
    /// Id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its database.
    pub database: String,
    /// Its table.
    pub table: String,
    /// Its join key.
    pub parent_key: String,
    /// The master table's join key.
    pub foreign_key: String,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredFolder {
    /// Id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Milliseconds since the epoch.
    pub created: i64,
    /// When it was changed last, in milliseconds since the epoch.
    pub updated: i64,
}

/// Gives all parent segments their customers and tables: neither is saved, both follow from the
/// catalog.
pub fn join_all(segments: &mut BTreeMap<u64, ParentSegment>, catalog: &Catalog) -> Result<(), Refusal> {
    let mut known: HashMap<String, Arc<Customers>> = HashMap::new();
    for ParentSegment { master, columns, batch, .. } in segments.values_mut() {
        batch.tables = LookupTables::of(catalog, &master.database);
        batch.customers = match known.get(&batch.set) {
            Some(customers) => Arc::clone(customers),
            None => {
                let joined =
                    Arc::new(join(&|database, table| catalog.rows(database, table), master, columns)?);
                known.insert(batch.set.clone(), Arc::clone(&joined));
                joined
            }
        };
    }
    Ok(())
}

/// What is answered when real-time is not enabled.
pub fn not_enabled() -> Refusal {
    Refusal::not_found(Reason::RealTimeNotEnabled, "Real-time is not enabled for this parent segment")
}

impl ParentSegment {
    /// The id as a number; 0 for a seed whose id is none (refused when the seed is read).
    pub fn number(&self) -> u64 {
        self.id.parse().unwrap_or_default()
    }

    /// Whether a run has made its batch data.
    pub fn has_run(&self) -> bool {
        self.runs.iter().any(|run| run.status() == RunStatus::Success)
    }

    /// When its batch data was made last, in milliseconds since the epoch.
    pub fn refreshed(&self) -> i64 {
        let done = self.runs.iter().filter(|run| run.status() == RunStatus::Success);
        done.filter_map(|run| run.ended).max().unwrap_or_default().max(self.created)
    }

    /// The real-time configuration, or 404.
    pub fn realtime(&self) -> Result<&Realtime, Refusal> {
        self.realtime.as_ref().ok_or_else(not_enabled)
    }

    /// A folder, or 404.
    pub fn folder(&self, id: &str) -> Result<&StoredFolder, Refusal> {
        self.folders.iter().find(|folder| folder.id == id).ok_or_else(no_record)
    }

    /// Adds a folder. Names are unique (our choice).
    pub fn add_folder(
        &mut self,
        ids: &mut IdCounter,
        name: &str,
        description: Option<&str>,
        now: i64,
    ) -> Result<&StoredFolder, Refusal> {
        if self.folders.iter().any(|folder| folder.name == name) {
            return Err(Refusal::invalid(Reason::FolderNameTaken, "Name has already been taken"));
        }
        let (name, description) = (name.to_owned(), description.map(str::to_owned));
        self.folders.push(StoredFolder { id: ids.fresh(), name, description, created: now, updated: now });
        self.folders.last().ok_or_else(no_record)
    }

    /// Changes a folder; what is left out stays.
    pub fn update_folder(
        &mut self,
        id: &str,
        name: Option<&str>,
        description: Option<Option<&str>>,
        now: i64,
    ) -> Result<(), Refusal> {
        self.folder(id)?;
        if self.folders.iter().any(|folder| folder.id != id && Some(folder.name.as_str()) == name) {
            return Err(Refusal::invalid(Reason::FolderNameTaken, "Name has already been taken"));
        }
        let folder = self.folders.iter_mut().find(|folder| folder.id == id).ok_or_else(no_record)?;
        if let Some(name) = name {
            name.clone_into(&mut folder.name);
        }
        if let Some(description) = description {
            folder.description = description.map(str::to_owned);
        }
        folder.updated = now;
        Ok(())
    }

    /// Deletes a folder in which nothing lies; the first one, the root, stays (both our choice).
    pub fn remove_folder(&mut self, id: &str) -> Result<(), Refusal> {
        let name = &self.folder(id)?.name;
        if self.folders.first().is_some_and(|root| root.id == id) {
            return Err(Refusal::conflict(
                Reason::FolderRoot,
                format!("Folder '{name}' can't be deleted: it is the root"),
            ));
        }
        if let Some(user) = self.folder_user(id) {
            return Err(Refusal::conflict(
                Reason::FolderInUse,
                format!("Folder '{name}' can't be deleted: {user} lies in it"),
            ));
        }
        self.folders.retain(|folder| folder.id != id);
        Ok(())
    }
}

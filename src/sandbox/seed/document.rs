//! The form of a seed document, and how it becomes a store.

use super::SeedError;
use crate::platform::rule::text;
use crate::platform::wire::{Column, RealtimeStatus};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::Store;
use crate::sandbox::store::batch::{AttributeTable, BatchColumn, BatchData, BatchSegment, Customers};
use crate::sandbox::store::catalog::{Catalog, Database, Table, cdp_type};
use crate::sandbox::store::realtime::Realtime;
use crate::sandbox::store::rollout::{Rollout, Settle};
use crate::sandbox::store::segment::{Behavior, Changed, Folder, Master, ParentSegment};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Ids that the sandbox gives out start above this, or above the largest id of the seed.
const FIRST_ID: u64 = 500_000;

/// A seed document.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeedDocument {
    /// When everything was made, in seconds since the epoch.
    created_at: i64,
    databases: Vec<DatabaseSeed>,
    batch: BTreeMap<String, BatchSeed>,
    parent_segments: Vec<SegmentSeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatabaseSeed {
    name: String,
    #[serde(default)]
    tables: Vec<TableSeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableSeed {
    id: u64,
    name: String,
    description: Option<String>,
    #[serde(default)]
    rows: u64,
    last_record: Option<i64>,
    /// `[name, type]` or `[name, type, description]`.
    columns: Vec<Vec<String>>,
}

/// Attributes and customers that several parent segments can share.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchSeed {
    attributes: Vec<AttributeSeed>,
    customers: Vec<Map<String, Value>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributeSeed {
    id: String,
    name: String,
    description: Option<String>,
    /// The attribute table in the master's database; none for a column of the master table.
    table: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SegmentSeed {
    id: String,
    name: String,
    #[serde(default)]
    description: String,
    master: MasterSeed,
    batch: Option<String>,
    #[serde(default)]
    behaviors: Vec<BehaviorSeed>,
    #[serde(default)]
    folders: Vec<FolderSeed>,
    #[serde(default)]
    segments: Vec<BatchSegmentSeed>,
    realtime: Option<RealtimeSeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MasterSeed {
    database: String,
    table: String,
    profile_key: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct BehaviorSeed {
    id: String,
    name: String,
    database: String,
    table: String,
    key: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FolderSeed {
    id: String,
    name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchSegmentSeed {
    id: String,
    name: String,
    description: Option<String>,
    /// Values of the profile key.
    members: Vec<String>,
}

/// The parts are bodies of the API's own requests, so that a seed passes the same checks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RealtimeSeed {
    id: String,
    status: RealtimeStatus,
    /// An `updating` one becomes `ok` so many seconds of the sandbox's clock after the start.
    settles_after_seconds: Option<i64>,
    setting: Option<Map<String, Value>>,
    #[serde(default)]
    key_events: Vec<Map<String, Value>>,
}

fn item(item: impl Into<String>, reason: impl Into<String>) -> SeedError {
    SeedError::Item { item: item.into(), reason: reason.into() }
}

impl SeedDocument {
    /// A fresh store. `now`: milliseconds since the epoch.
    pub fn store(&self, account: &str, settle: Settle, now: i64) -> Result<Store, SeedError> {
        let created = self.created_at.saturating_mul(1_000);
        let catalog = self.catalog(created)?;
        let customers = self.customers();
        let mut segments = Vec::new();
        for seed in &self.parent_segments {
            let what = format!("parent segment '{}'", seed.name);
            let segment = segment(seed, &catalog, &self.batch, &customers, created)
                .map_err(|reason| item(what, reason))?;
            segments.push(segment);
        }
        let mut store = Store::new(account, Settle::Immediately, catalog, segments, self.last_id());
        for seed in &self.parent_segments {
            let Some(realtime) = &seed.realtime else { continue };
            configure(&mut store, &seed.id, realtime, created, now)
                .map_err(|refusal| item(format!("real-time of '{}'", seed.name), refusal.message()))?;
        }
        store.settle = settle;
        Ok(store)
    }

    fn last_id(&self) -> u64 {
        let folders = |seed: &SegmentSeed| seed.folders.iter().map(|f| f.id.clone()).collect::<Vec<_>>();
        let ids = self.parent_segments.iter().flat_map(|seed| {
            let own = [seed.id.clone()];
            let batch = seed.segments.iter().map(|segment| segment.id.clone()).collect::<Vec<_>>();
            let realtime = seed.realtime.iter().map(|realtime| realtime.id.clone()).collect::<Vec<_>>();
            own.into_iter().chain(folders(seed)).chain(batch).chain(realtime).collect::<Vec<_>>()
        });
        ids.filter_map(|id| id.parse().ok()).max().unwrap_or(FIRST_ID).max(FIRST_ID)
    }

    fn catalog(&self, created: i64) -> Result<Catalog, SeedError> {
        let mut databases = Vec::new();
        for seed in &self.databases {
            let tables = seed.tables.iter().map(table).collect::<Result<_, _>>()?;
            databases.push(Database { name: seed.name.clone(), created, tables });
        }
        Ok(Catalog { databases })
    }

    /// The customers of each batch set, as rows; keyed later by the profile key of who uses them.
    fn customers(&self) -> BTreeMap<(String, String), Arc<Customers>> {
        let mut sets = BTreeMap::new();
        for seed in &self.parent_segments {
            let Some(name) = &seed.batch else { continue };
            let Some(batch) = self.batch.get(name) else { continue };
            let key = seed.master.profile_key.clone();
            sets.entry((name.clone(), key.clone())).or_insert_with(|| {
                let keyed = |row: &Map<String, Value>| {
                    row.get(&key).map(|value| (text(value).into_owned(), row.clone()))
                };
                Arc::new(batch.customers.iter().filter_map(keyed).collect())
            });
        }
        sets
    }
}

fn table(seed: &TableSeed) -> Result<Table, SeedError> {
    let mut columns = Vec::new();
    for cells in &seed.columns {
        let (name, kind, description) = match cells.as_slice() {
            [name, kind] => (name, kind, None),
            [name, kind, description] => (name, kind, Some(description.clone())),
            _ => {
                let reason = "a column is [name, type] or [name, type, description]";
                return Err(item(format!("table '{}'", seed.name), reason));
            }
        };
        columns.push(Column { name: name.clone(), kind: kind.clone(), alias: None, description });
    }
    Ok(Table {
        id: seed.id,
        name: seed.name.clone(),
        description: seed.description.clone(),
        rows: seed.rows,
        last_record: seed.last_record,
        columns,
    })
}

fn segment(
    seed: &SegmentSeed,
    catalog: &Catalog,
    batches: &BTreeMap<String, BatchSeed>,
    customers: &BTreeMap<(String, String), Arc<Customers>>,
    created: i64,
) -> Result<ParentSegment, String> {
    if seed.id.parse::<u64>().is_err() {
        return Err(format!("the id '{}' is not a number", seed.id));
    }
    let MasterSeed { database, table, profile_key } = seed.master.clone();
    let message = |refusal: Refusal| refusal.message();
    catalog.table(&database, &table).map_err(message)?;
    let mut columns = Vec::new();
    let mut people = Arc::default();
    if let Some(name) = &seed.batch {
        let batch = batches.get(name).ok_or_else(|| format!("there is no batch data '{name}'"))?;
        for attribute in &batch.attributes {
            columns.push(batch_column(attribute, catalog, &seed.master)?);
        }
        people = customers.get(&(name.clone(), profile_key.clone())).cloned().unwrap_or_default();
    }
    let behaviors = behaviors(seed, catalog)?;
    let batch_segment = |segment: &BatchSegmentSeed| BatchSegment {
        id: segment.id.clone(),
        name: segment.name.clone(),
        description: segment.description.clone(),
        members: segment.members.iter().cloned().collect(),
    };
    let folder = |folder: &FolderSeed| Folder {
        id: folder.id.clone(),
        name: folder.name.clone(),
        description: None,
        created,
    };
    Ok(ParentSegment {
        id: seed.id.clone(),
        name: seed.name.clone(),
        description: seed.description.clone(),
        created,
        master: Master { database, table, profile_key },
        columns,
        behaviors,
        folders: seed.folders.iter().map(folder).collect(),
        batch: BatchData {
            set: format!("{}/{}", seed.batch.as_deref().unwrap_or_default(), seed.master.profile_key),
            customers: people,
            segments: seed.segments.iter().map(batch_segment).collect(),
        },
        // The status of the seed is set once its configuration is in.
        realtime: seed
            .realtime
            .as_ref()
            .map(|realtime| Realtime::new(realtime.id.clone(), Rollout::at(RealtimeStatus::Initialized))),
        changed: Changed::default(),
    })
}

fn behaviors(seed: &SegmentSeed, catalog: &Catalog) -> Result<Vec<Behavior>, String> {
    let mut behaviors = Vec::new();
    for behavior in &seed.behaviors {
        behaviors.push(Behavior {
            id: behavior.id.clone(),
            name: behavior.name.clone(),
            database: behavior.database.clone(),
            table: behavior.table.clone(),
            parent_key: behavior.key.clone(),
            foreign_key: seed.master.profile_key.clone(),
            columns: catalog
                .table(&behavior.database, &behavior.table)
                .map_err(|refusal| refusal.message())?
                .columns
                .clone(),
        });
    }
    Ok(behaviors)
}

fn batch_column(seed: &AttributeSeed, catalog: &Catalog, master: &MasterSeed) -> Result<BatchColumn, String> {
    let table = seed.table.as_ref().unwrap_or(&master.table);
    let found = catalog.table(&master.database, table).map_err(|refusal| refusal.message())?;
    let column = found.columns.iter().find(|column| column.name == seed.name);
    let column = column.ok_or_else(|| format!("{table} has no column '{}'", seed.name))?;
    Ok(BatchColumn {
        id: seed.id.clone(),
        name: seed.name.clone(),
        kind: cdp_type(column).to_owned(),
        description: seed.description.clone().or_else(|| column.description.clone()),
        table: seed.table.as_ref().map(|table| AttributeTable {
            database: master.database.clone(),
            table: table.clone(),
            parent_key: master.profile_key.clone(),
            foreign_key: master.profile_key.clone(),
        }),
    })
}

fn configure(
    store: &mut Store,
    id: &str,
    seed: &RealtimeSeed,
    created: i64,
    now: i64,
) -> Result<(), Refusal> {
    let mut edit = store.edit(id, created)?;
    if let Some(setting) = &seed.setting {
        edit.update_setting(setting)?;
    }
    for event in &seed.key_events {
        edit.create_key_event(event)?;
    }
    let rollout = match (seed.status, seed.settles_after_seconds) {
        (RealtimeStatus::Updating, Some(seconds)) => {
            Rollout::until(now.saturating_add(seconds.saturating_mul(1_000)))
        }
        (status, _) => Rollout::at(status),
    };
    if let Some(realtime) = store.segment_mut(id)?.0.realtime.as_mut() {
        realtime.rollout = rollout;
    }
    Ok(())
}

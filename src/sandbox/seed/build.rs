//! Makes a store from a seed document.

use super::document::{
    AttributeSeed, BatchSegmentSeed, BehaviorSeed, FolderSeed, Id, Moment, SeedDocument, SegmentSeed,
};
use super::realtime::configure;
use super::tables::table;
use super::{SeedError, did_you_mean, item};
use crate::platform::limits::is_table_name;
use crate::platform::wire::RealtimeStatus;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::Store;
use crate::sandbox::store::batch::{
    AttributeTable, BatchColumn, BatchData, Customers, LookupTables, Master, StoredSegment, join, set_name,
};
use crate::sandbox::store::catalog::{Catalog, StoredDatabase, StoredTable, cdp_type, key_text};
use crate::sandbox::store::collection::Collection;
use crate::sandbox::store::connections::Connection;
use crate::sandbox::store::realtime::Realtime;
use crate::sandbox::store::rollout::{Rollout, Settle};
use crate::sandbox::store::segment::{Behavior, ParentSegment, SegmentChanges, StoredFolder};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Ids that the sandbox gives out start above this, or above the largest id of the seed.
const FIRST_ID: u64 = 500_000;
/// 2025-11-01 00:00:00 UTC, when everything was made if the seed does not say.
const CREATED: i64 = 1_761_955_200;

impl SeedDocument {
    /// A fresh store; see [`super::Seed::store`].
    pub(super) fn store(
        &self,
        account: &str,
        random: u64,
        settle: Settle,
        now: i64,
    ) -> Result<Store, SeedError> {
        let created = self.created_at.map_or(CREATED, |Moment(seconds)| seconds).saturating_mul(1_000);
        let mut ids = Numbers(self.largest_id().max(FIRST_ID).saturating_add(spread(random)));
        let catalog = self.catalog(created, &mut ids)?;
        let mut segments = Vec::new();
        let mut sets = HashMap::new();
        let mut taken = HashSet::new();
        for seed in &self.parent_segments {
            let what = format!("parent segment '{}'", seed.name);
            let builder = Builder { seed, catalog: &catalog, created, ids: &mut ids, sets: &mut sets };
            let segment = builder.segment().map_err(|reason| item(&what, reason))?;
            if !taken.insert(segment.id.clone()) {
                return Err(item(&what, format!("the id {} occurs twice", segment.id)));
            }
            segments.push(segment);
        }
        let made: Vec<String> = segments.iter().map(|segment| segment.id.clone()).collect();
        let connections = self.connections(&mut ids)?;
        let mut store = Store::new(account, Settle::Immediately, catalog, segments, ids.0);
        for (seed, id) in self.parent_segments.iter().zip(made) {
            let Some(realtime) = &seed.realtime else { continue };
            configure(&mut store, &id, realtime, created, now)
                .map_err(|(part, reason)| item(format!("real-time of '{}'{part}", seed.name), reason))?;
        }
        store.connections = connections;
        store.settle = settle;
        Ok(store)
    }

    fn largest_id(&self) -> u64 {
        let tables = self.databases.iter().flat_map(|database| &database.tables).map(|table| &table.id);
        let segments = self.parent_segments.iter().flat_map(|seed| {
            let realtime = seed.realtime.iter().map(|realtime| &realtime.id);
            let own = std::iter::once(&seed.id).chain(realtime);
            own.chain(seed.attributes.iter().map(|part| &part.id))
                .chain(seed.behaviors.iter().map(|part| &part.id))
                .chain(seed.folders.iter().map(|part| &part.id))
                .chain(seed.segments.iter().map(|part| &part.id))
        });
        let connections = self.connections.iter().map(|connection| &connection.id);
        let ids = tables.chain(connections).chain(segments).flatten();
        ids.filter_map(|Id(text)| text.parse().ok()).max().unwrap_or_default()
    }

    fn connections(&self, ids: &mut Numbers) -> Result<Collection<Connection>, SeedError> {
        let mut made: Collection<Connection> = Collection::default();
        for seed in &self.connections {
            let connection = Connection {
                id: ids.text(seed.id.as_ref()),
                name: seed.name.clone(),
                kind: seed.kind.clone(),
                url_prefix: seed.url_prefix.clone(),
                secrets: Vec::new(),
            };
            let what = format!("connection '{}'", seed.name);
            connection.check().map_err(|refusal| item(&what, refusal.message()))?;
            if made.iter().any(|known| known.name == connection.name || known.id == connection.id) {
                return Err(item(what, "its name or id occurs twice"));
            }
            made.push(connection);
        }
        Ok(made)
    }

    fn catalog(&self, created: i64, ids: &mut Numbers) -> Result<Catalog, SeedError> {
        let mut databases: Vec<StoredDatabase> = Vec::new();
        for seed in &self.databases {
            if databases.iter().any(|known| known.name == seed.name) {
                return Err(item(format!("database '{}'", seed.name), "its name occurs twice"));
            }
            check_name("database", &seed.name)?;
            let mut tables: Vec<StoredTable> = Vec::new();
            for part in &seed.tables {
                check_name("table", &part.name)?;
                if tables.iter().any(|known| known.name == part.name) {
                    let what = format!("table '{}.{}'", seed.name, part.name);
                    return Err(item(what, "its name occurs twice"));
                }
                tables.push(table(&seed.name, part, ids.number(part.id.as_ref()))?);
            }
            databases.push(StoredDatabase { name: seed.name.clone(), created, tables });
        }
        Ok(Catalog { databases })
    }
}

/// Events can only be sent to names of this form (`p13n.yaml`).
fn check_name(what: &str, name: &str) -> Result<(), SeedError> {
    if is_table_name(name) {
        return Ok(());
    }
    Err(item(format!("{what} '{name}'"), "its name must be 3 to 128 of the characters 0-9, a-z and _"))
}

/// Ids for items without an id of their own.
struct Numbers(u64);

impl Numbers {
    fn number(&mut self, own: Option<&Id>) -> u64 {
        own.and_then(|Id(text)| text.parse().ok()).unwrap_or_else(|| {
            self.0 = self.0.saturating_add(1);
            self.0
        })
    }

    fn text(&mut self, own: Option<&Id>) -> String {
        self.number(own).to_string()
    }
}

/// How far from the usual first id the ids of a `--seed` begin: nothing for 0, up to a billion
/// otherwise, so that a script with a fixed id in it fails. Token values are made from ids.
fn spread(random: u64) -> u64 {
    if random == 0 {
        return 0;
    }
    // The finalizer of SplitMix64: neighbouring seeds begin far from each other.
    let mut mixed = random.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((mixed ^ (mixed >> 31)) % 1_000_000_000).saturating_add(1_000)
}

/// Customers by the name of their set.
type Sets = HashMap<String, Arc<Customers>>;

/// Makes one parent segment.
struct Builder<'a> {
    seed: &'a SegmentSeed,
    catalog: &'a Catalog,
    created: i64,
    ids: &'a mut Numbers,
    sets: &'a mut Sets,
}

impl Builder<'_> {
    fn segment(mut self) -> Result<ParentSegment, String> {
        let seed = self.seed;
        let master = Master {
            database: seed.master.database.clone(),
            table: seed.master.table.clone(),
            profile_key: seed.master.profile_key.clone(),
        };
        let id = self.ids.text(seed.id.as_ref());
        self.column(&master.database, &master.table, &master.profile_key)?;
        self.check_profile_keys(&master)?;
        let mut columns: Vec<BatchColumn> = Vec::new();
        for attribute in &seed.attributes {
            if columns.iter().any(|known| known.name == attribute.name) {
                return Err(format!("the attribute '{}' occurs twice", attribute.name));
            }
            let column = self.batch_column(attribute, &master);
            columns.push(column.map_err(|reason| format!("attribute '{}': {reason}", attribute.name))?);
        }
        let behaviors = self.behaviors(&master)?;
        let folders = self.folders();
        let batch = self.batch(&master, &columns)?;
        let at_start = Rollout::at(RealtimeStatus::Initialized);
        // The status of the seed is set once its configuration is in.
        let realtime = seed.realtime.as_ref();
        let realtime = realtime.map(|part| Realtime::new(self.ids.text(part.id.as_ref()), at_start));
        Ok(ParentSegment {
            id,
            name: seed.name.clone(),
            description: seed.description.clone(),
            created: self.created,
            updated: self.created,
            settings: Default::default(),
            master,
            columns,
            behaviors,
            folders,
            batch,
            runs: Vec::new(),
            realtime,
            changed: SegmentChanges::default(),
        })
    }

    fn table(&self, database: &str, table: &str) -> Result<&StoredTable, String> {
        self.catalog.table(database, table).map_err(|_| format!("there is no table '{database}.{table}'"))
    }

    /// The table, which must have this column.
    fn column(&self, database: &str, table: &str, column: &str) -> Result<&StoredTable, String> {
        let found = self.table(database, table)?;
        if found.columns.iter().any(|known| known.name == column) {
            return Ok(found);
        }
        let near = did_you_mean(column, found.columns.iter().map(|known| known.name.as_str()));
        Err(format!("the table '{database}.{table}' has no column '{column}'{near}"))
    }

    /// Every record of the master table is a customer of its own.
    fn check_profile_keys(&self, master: &Master) -> Result<(), String> {
        let mut seen = HashSet::new();
        let rows = &self.table(&master.database, &master.table)?.data;
        for (number, row) in (1..).zip(rows.iter()) {
            let at = format!("row {number} of '{}.{}'", master.database, master.table);
            match row.get(&master.profile_key).and_then(key_text) {
                None => return Err(format!("{at} has no profile key '{}'", master.profile_key)),
                Some(key) if !seen.insert(key.clone()) => {
                    return Err(format!("{at} has the same profile key as another one: '{key}'"));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn batch_column(&mut self, seed: &AttributeSeed, master: &Master) -> Result<BatchColumn, String> {
        let own = &master.profile_key;
        let (key, master_key) = (seed.key.as_ref().unwrap_or(own), seed.master_key.as_ref().unwrap_or(own));
        let database = seed.database.as_ref().unwrap_or(&master.database);
        let table = match &seed.table {
            None if seed.database.is_some() || seed.key.is_some() || seed.master_key.is_some() => {
                return Err("database, key and master_key need a table".to_owned());
            }
            None => None,
            Some(table) => {
                self.column(database, table, key)?;
                self.column(&master.database, &master.table, master_key)?;
                Some(AttributeTable {
                    database: database.clone(),
                    table: table.clone(),
                    parent_key: key.clone(),
                    foreign_key: master_key.clone(),
                })
            }
        };
        let id = self.ids.text(seed.id.as_ref());
        let name = seed.column.as_ref().unwrap_or(&seed.name);
        let found = self.column(database, seed.table.as_ref().unwrap_or(&master.table), name)?;
        // It exists: `column` found the table by it.
        let column = found.columns.iter().find(|column| column.name == *name);
        Ok(BatchColumn {
            id,
            name: seed.name.clone(),
            column: name.clone(),
            kind: column.map_or("string", cdp_type).to_owned(),
            description: seed.description.clone().or_else(|| column.and_then(|c| c.description.clone())),
            table,
        })
    }

    fn behaviors(&mut self, master: &Master) -> Result<Vec<Behavior>, String> {
        let mut behaviors = Vec::new();
        for seed in &self.seed.behaviors {
            let BehaviorSeed { id, name, database, table, key } = seed;
            let database = database.as_ref().unwrap_or(&master.database);
            let key = key.as_ref().unwrap_or(&master.profile_key);
            let found = self.column(database, table, key);
            let columns = found.map_err(|reason| format!("behavior '{name}': {reason}"))?.columns.clone();
            behaviors.push(Behavior {
                id: self.ids.text(id.as_ref()),
                name: name.clone(),
                database: database.clone(),
                table: table.clone(),
                parent_key: key.clone(),
                foreign_key: master.profile_key.clone(),
                columns,
            });
        }
        Ok(behaviors)
    }

    fn folders(&mut self) -> Vec<StoredFolder> {
        let created = self.created;
        let mut folder = |id: Option<&Id>, name: &str| StoredFolder {
            id: self.ids.text(id),
            name: name.to_owned(),
            description: None,
            created,
            updated: created,
        };
        if self.seed.folders.is_empty() {
            return vec![folder(None, "Root")];
        }
        self.seed.folders.iter().map(|FolderSeed { id, name }| folder(id.as_ref(), name)).collect()
    }

    fn batch(&mut self, master: &Master, columns: &[BatchColumn]) -> Result<BatchData, String> {
        let set = set_name(master, columns);
        let customers = match self.sets.get(&set) {
            Some(known) => Arc::clone(known),
            None => {
                let rows = |database: &str, table: &str| self.catalog.rows(database, table);
                let joined = join(&rows, master, columns);
                Arc::new(joined.map_err(|refusal: Refusal| refusal.message())?)
            }
        };
        self.sets.insert(set.clone(), Arc::clone(&customers));
        let mut segments: Vec<StoredSegment> = Vec::new();
        for seed in &self.seed.segments {
            let BatchSegmentSeed { id, name, description, members: keys } = seed;
            let mut members = HashSet::new();
            for key in keys {
                let text = key_text(key).filter(|text| customers.contains_key(text.as_ref()));
                let text = text.ok_or_else(|| format!("segment '{name}': there is no customer {key}"))?;
                members.insert(text.into_owned());
            }
            let id = self.ids.text(id.as_ref());
            if segments.iter().any(|known| known.id == id) {
                return Err(format!("segment '{name}': the id {id} occurs twice"));
            }
            segments.push(StoredSegment {
                id,
                name: name.clone(),
                description: description.clone(),
                folder: None,
                rule: None,
                created: None,
                members,
            });
        }
        let tables = LookupTables::of(self.catalog, &master.database);
        Ok(BatchData { set, customers, tables, segments })
    }
}

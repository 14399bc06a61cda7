//! The store as rows to save, and back. The body of a row is private to this store; `sandbox::durable`
//! saves the rows.

use super::catalog::{Catalog, StoredDatabase};
use super::collection::{Collection, Resource};
use super::connections::Connection;
use super::deliveries::{Deliveries, Delivery};
use super::imports::ImportedIds;
use super::jobs::{Job, Jobs};
use super::journey::StoredJourney;
use super::live::{Arrivals, ArrivedEvents};
use super::pace::Paces;
use super::realtime::{Realtime, Stamp};
use super::rollout::Settle;
use super::segment::{ParentSegment, join_all};
use super::{Changed, IdCounter, Store, TokenOwner};
use crate::platform::wire::{EventTable, KeyEvent, Personalization, RealtimeAttribute, Service};
use crate::sandbox::engine::ProfileChanges;
use crate::sandbox::rows::Rows;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError};

/// A change to the saved rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowChange {
    /// Deletes everything.
    Clear,
    /// Deletes everything of a parent segment.
    RemoveSegment(u64),
    /// Adds or replaces a row.
    Put(SavedRow),
    /// Deletes a row.
    Remove(RowPlace),
    /// Profiles of a parent segment.
    Profiles(u64, ProfileChanges),
}

/// The key of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPlace {
    /// Its kind.
    pub kind: String,
    /// The parent segment that it belongs to; 0 for none.
    pub segment: u64,
    /// Its id or name, unique within kind and parent segment.
    pub id: String,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedRow {
    /// Its key.
    pub place: RowPlace,
    /// Its place in the order of creation within its kind and parent segment.
    pub order: u64,
    /// JSON.
    pub body: String,
}

/// All that was saved.
#[derive(Debug, Clone, Default)]
pub struct SavedRows {
    /// The rows, by `order` within their kind and parent segment.
    pub rows: Vec<SavedRow>,
    /// The profiles by parent segment.
    pub profiles: BTreeMap<u64, ProfileChanges>,
}

/// A resource that is a row of its own.
trait Kept: Resource + Serialize + DeserializeOwned {
    const KIND: &'static str;

    /// Ids of the parts inside it that have a stamp of their own.
    fn inside(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl Kept for KeyEvent {
    const KIND: &'static str = "key_event";
}

impl Kept for RealtimeAttribute {
    const KIND: &'static str = "attribute";
}

impl Kept for Service {
    const KIND: &'static str = "service";
}

impl Kept for Personalization {
    const KIND: &'static str = "personalization";
}

impl Kept for StoredJourney {
    const KIND: &'static str = "journey";

    fn inside(&self) -> Vec<&str> {
        self.activations.iter().map(|activation| activation.id.as_str()).collect()
    }
}

const HEAD: &str = "store";
const DATABASE: &str = "database";
const CONNECTION: &str = "connection";
const ARRIVALS: &str = "arrivals";
const DELIVERY: &str = "delivery";
const JOB: &str = "job";
const IMPORTED: &str = "imported";
const SEGMENT: &str = "parent_segment";
const REALTIME: &str = "realtime";

/// The store's own row.
#[derive(Serialize, Deserialize)]
struct Head {
    account: String,
    settle: Settle,
    #[serde(default)]
    paces: Paces,
    ids: IdCounter,
    /// Of the records of tables ([`Rows::epoch`](crate::sandbox::rows::Rows::epoch)).
    #[serde(default)]
    rows: u64,
}

/// A resource with its stamp, and those of what is inside it.
#[derive(Serialize, Deserialize)]
struct Stamped<T> {
    item: T,
    stamp: Stamp,
    #[serde(default)]
    inside: BTreeMap<String, Stamp>,
}

/// A resource as it is saved.
fn stamped<'a, T: Kept>(item: &'a T, stamps: &HashMap<String, Stamp>) -> Stamped<&'a T> {
    let stamp = |id: &str| stamps.get(id).copied().unwrap_or_default();
    let inside = item.inside().into_iter().map(|id| (id.to_owned(), stamp(id))).collect();
    Stamped { item, stamp: stamp(item.id()), inside }
}

impl Store {
    /// Whether [`Store::take_changes`] may have changes of the configuration; those by events come from
    /// [`Store::take_profiles`].
    pub fn is_changed(&self) -> bool {
        self.changed.anything || !self.changed.written
    }

    /// What has changed since the last call; everything, profiles included, at the first one. From
    /// then on the profiles track their changes.
    pub fn take_changes(&mut self) -> Result<Vec<RowChange>, serde_json::Error> {
        let saved = Changed { written: true, ..Changed::default() };
        let Changed { written, removed, databases, .. } = std::mem::replace(&mut self.changed, saved);
        let mut out = Vec::new();
        if !written {
            out.push(RowChange::Clear);
            self.everything(&mut out)?;
            self.is_written()?;
            return Ok(out);
        }
        out.extend(removed.into_iter().map(RowChange::RemoveSegment));
        put(&mut out, HEAD, 0, "", 0, &self.head())?;
        for name in databases {
            match (0..).zip(&self.catalog.databases).find(|(_, database)| database.name == name) {
                Some((order, database)) => put(&mut out, DATABASE, 0, &name, order, database)?,
                None => {
                    out.push(RowChange::Remove(RowPlace { kind: DATABASE.to_owned(), segment: 0, id: name }))
                }
            }
        }
        self.settle_down(&mut out)?;
        Ok(out)
    }

    /// What events have changed since the last call: profiles and what has arrived in tables.
    pub fn take_profiles(&self) -> Result<Vec<RowChange>, serde_json::Error> {
        let mut out = Vec::new();
        for table in self.arrivals.take_gone() {
            let id = arrivals_id(&table);
            out.push(RowChange::Remove(RowPlace { kind: ARRIVALS.to_owned(), segment: 0, id }));
        }
        put_arrivals(&mut out, self.arrivals.take_changes())?;
        if let Some(ids) = self.imported.take_changes() {
            put(&mut out, IMPORTED, 0, "", 0, &ids)?;
        }
        for (number, job) in self.jobs.take_changes() {
            let id = number.to_string();
            match job {
                Some(job) => put(&mut out, JOB, 0, &id, number, &job)?,
                None => out.push(RowChange::Remove(RowPlace { kind: JOB.to_owned(), segment: 0, id })),
            }
        }
        for (number, realtime) in self.segments.iter().filter_map(|(n, s)| Some((n, s.realtime.as_ref()?))) {
            let mut profiles = realtime.profiles.lock().unwrap_or_else(PoisonError::into_inner);
            let changes = profiles.take_changes()?;
            if changes != ProfileChanges::default() {
                out.push(RowChange::Profiles(*number, changes));
            }
            for change in self.deliveries.take_changes(*number) {
                match change {
                    Ok((order, delivery)) => put_delivery(&mut out, order, &delivery)?,
                    Err((segment, id)) => {
                        out.push(RowChange::Remove(RowPlace { kind: DELIVERY.to_owned(), segment, id }));
                    }
                }
            }
            drop(profiles);
        }
        Ok(out)
    }

    /// All of it as rows.
    pub fn all(&self) -> Result<Vec<RowChange>, serde_json::Error> {
        let mut out = Vec::new();
        self.everything(&mut out)?;
        Ok(out)
    }

    fn head(&self) -> Head {
        Head {
            account: self.account.clone(),
            settle: self.settle,
            paces: self.paces,
            ids: self.ids,
            rows: self.rows.epoch(),
        }
    }

    fn everything(&self, out: &mut Vec<RowChange>) -> Result<(), serde_json::Error> {
        put(out, HEAD, 0, "", 0, &self.head())?;
        for (order, database) in (0..).zip(&self.catalog.databases) {
            put(out, DATABASE, 0, &database.name, order, database)?;
        }
        for (order, connection) in self.connections.placed() {
            put(out, CONNECTION, 0, &connection.id, order, connection)?;
        }
        put_arrivals(out, self.arrivals.all())?;
        put(out, IMPORTED, 0, "", 0, &self.imported.all())?;
        for (number, job) in self.jobs.placed() {
            put(out, JOB, 0, &job.id, number, &job)?;
        }
        for (order, delivery) in self.deliveries.placed() {
            put_delivery(out, order, &delivery)?;
        }
        for (number, segment) in &self.segments {
            put(out, SEGMENT, *number, "", 0, segment)?;
            let Some(realtime) = &segment.realtime else { continue };
            put(out, REALTIME, *number, "", 0, realtime)?;
            all_of(out, *number, &realtime.key_events, &realtime.stamps)?;
            all_of(out, *number, &realtime.attributes, &realtime.stamps)?;
            all_of(out, *number, &realtime.services, &realtime.stamps)?;
            all_of(out, *number, &realtime.personalizations, &realtime.stamps)?;
            all_of(out, *number, &realtime.journeys, &realtime.stamps)?;
            let profiles = realtime.profiles.lock().unwrap_or_else(PoisonError::into_inner);
            out.push(RowChange::Profiles(*number, profiles.everything()?));
        }
        Ok(())
    }

    /// Takes the changes that parent segments have tracked.
    fn settle_down(&mut self, out: &mut Vec<RowChange>) -> Result<(), serde_json::Error> {
        for (id, item) in self.connections.take_changes() {
            match item {
                Some((order, connection)) => put(out, CONNECTION, 0, &id, order, connection)?,
                None => out.push(RowChange::Remove(RowPlace { kind: CONNECTION.to_owned(), segment: 0, id })),
            }
        }
        for (number, segment) in &mut self.segments {
            let changed = std::mem::take(&mut segment.changed);
            if changed.head {
                put(out, SEGMENT, *number, "", 0, &*segment)?;
            }
            let Some(realtime) = &mut segment.realtime else { continue };
            if changed.realtime {
                put(out, REALTIME, *number, "", 0, &*realtime)?;
            }
            let Realtime { key_events, attributes, services, personalizations, journeys, stamps, .. } =
                realtime;
            changes_of(out, *number, key_events, stamps)?;
            changes_of(out, *number, attributes, stamps)?;
            changes_of(out, *number, services, stamps)?;
            changes_of(out, *number, personalizations, stamps)?;
            changes_of(out, *number, journeys, stamps)?;
            // Profiles of a later configuration begin to track their changes here.
            realtime.profiles.get_mut().unwrap_or_else(PoisonError::into_inner).track();
        }
        Ok(())
    }

    /// The store from saved rows.
    pub fn load(written: SavedRows) -> Result<Self, Unreadable> {
        let mut head: Option<Head> = None;
        let mut catalog = Catalog::default();
        let mut connections = Collection::default();
        let arrivals = Arrivals::default();
        let deliveries = Deliveries::default();
        let jobs = Jobs::default();
        let imported = ImportedIds::default();
        let mut segments: BTreeMap<u64, ParentSegment> = BTreeMap::new();
        let mut rest = Vec::new();
        for row in written.rows {
            match row.place.kind.as_str() {
                HEAD => head = Some(read(&row)?),
                DATABASE => catalog.databases.push(read::<StoredDatabase>(&row)?),
                CONNECTION => connections.load(row.order, read::<Connection>(&row)?),
                IMPORTED => imported.load(read(&row)?),
                JOB => jobs.load(row.order, read::<Job>(&row)?),
                DELIVERY => deliveries.load(row.order, read::<Delivery>(&row)?),
                ARRIVALS => {
                    let (table, arrived) = read::<(EventTable, ArrivedEvents)>(&row)?;
                    arrivals.load(table, arrived);
                }
                SEGMENT => drop(segments.insert(row.place.segment, read(&row)?)),
                _ => rest.push(row),
            }
        }
        join_all(&mut segments, &catalog).map_err(|refusal| Unreadable(refusal.message()))?;
        // The head of a real-time configuration comes before its content.
        rest.sort_by_key(|row| row.place.kind != REALTIME);
        for row in &rest {
            let segment = segments.get_mut(&row.place.segment).ok_or_else(|| unknown(row))?;
            load_realtime(segment, row)?;
        }
        for (number, profiles) in &written.profiles {
            let realtime = segments.get_mut(number).and_then(|segment| segment.realtime.as_mut());
            let realtime = realtime.ok_or_else(|| Unreadable(format!("profiles of segment {number}")))?;
            let place = realtime.profiles.get_mut().unwrap_or_else(PoisonError::into_inner);
            place.load(profiles).map_err(|error| Unreadable(format!("a profile: {error}")))?;
        }
        let Head { account, settle, paces, ids, rows: epoch } =
            head.ok_or_else(|| Unreadable("it has no head".to_owned()))?;
        let tokens = tokens(&segments);
        Ok(Store {
            catalog,
            connections,
            arrivals,
            rows: Arc::new(Rows::waiting(epoch)),
            deliveries,
            imported,
            jobs: Arc::new(jobs),
            settle,
            paces,
            segments,
            tokens,
            ids,
            account,
            changed: Changed::default(),
        })
    }

    /// The write failed: the next call takes everything.
    pub fn is_not_written(&mut self) {
        self.changed.written = false;
    }

    /// Marks what was just loaded as saved, so that only later changes are written.
    pub fn is_written(&mut self) -> Result<(), serde_json::Error> {
        self.changed = Changed { written: true, ..Changed::default() };
        self.settle_down(&mut Vec::new())?;
        self.arrivals.take_changes();
        self.arrivals.take_gone();
        self.imported.take_changes();
        self.jobs.take_changes();
        for number in self.segments.keys() {
            self.deliveries.take_changes(*number);
        }
        for realtime in self.segments.values_mut().filter_map(|segment| segment.realtime.as_mut()) {
            realtime.profiles.get_mut().unwrap_or_else(PoisonError::into_inner).is_written();
        }
        Ok(())
    }
}

/// Why saved rows cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

fn read<T: DeserializeOwned>(row: &SavedRow) -> Result<T, Unreadable> {
    let RowPlace { kind, id, .. } = &row.place;
    serde_json::from_str(&row.body).map_err(|error| Unreadable(format!("the {kind} '{id}': {error}")))
}

fn unknown(row: &SavedRow) -> Unreadable {
    let RowPlace { kind, segment, id } = &row.place;
    Unreadable(format!("the {kind} '{id}' of segment {segment}: it belongs to nothing"))
}

fn load_realtime(segment: &mut ParentSegment, row: &SavedRow) -> Result<(), Unreadable> {
    if row.place.kind == REALTIME {
        segment.realtime = Some(read(row)?);
        return Ok(());
    }
    let Realtime { key_events, attributes, services, personalizations, journeys, stamps, .. } =
        segment.realtime.as_mut().ok_or_else(|| unknown(row))?;
    match row.place.kind.as_str() {
        KeyEvent::KIND => load_one(key_events, stamps, row),
        RealtimeAttribute::KIND => load_one(attributes, stamps, row),
        Service::KIND => load_one(services, stamps, row),
        Personalization::KIND => load_one(personalizations, stamps, row),
        StoredJourney::KIND => load_one(journeys, stamps, row),
        _ => Err(unknown(row)),
    }
}

fn load_one<T: Kept>(
    into: &mut Collection<T>,
    stamps: &mut HashMap<String, Stamp>,
    row: &SavedRow,
) -> Result<(), Unreadable> {
    let Stamped { item, stamp, inside } = read::<Stamped<T>>(row)?;
    stamps.extend(inside);
    stamps.insert(row.place.id.clone(), stamp);
    into.load(row.order, item);
    Ok(())
}

fn tokens(segments: &BTreeMap<u64, ParentSegment>) -> HashMap<String, TokenOwner> {
    let mut tokens = HashMap::new();
    for (number, segment) in segments {
        for service in segment.realtime.iter().flat_map(|realtime| &realtime.services) {
            for value in service.tokens.iter().filter_map(|token| token.value.clone()) {
                tokens.insert(value, TokenOwner { segment: *number, service: service.id().to_owned() });
            }
        }
    }
    tokens
}

fn put(
    out: &mut Vec<RowChange>,
    kind: &str,
    segment: u64,
    id: &str,
    order: u64,
    body: &impl Serialize,
) -> Result<(), serde_json::Error> {
    let place = RowPlace { kind: kind.to_owned(), segment, id: id.to_owned() };
    out.push(RowChange::Put(SavedRow { place, order, body: serde_json::to_string(body)? }));
    Ok(())
}

fn put_delivery(out: &mut Vec<RowChange>, order: u64, delivery: &Delivery) -> Result<(), serde_json::Error> {
    put(out, DELIVERY, delivery.segment, &delivery.id, order, delivery)
}

/// A row for each table, by `database.table`.
fn put_arrivals(
    out: &mut Vec<RowChange>,
    arrivals: Vec<(EventTable, ArrivedEvents)>,
) -> Result<(), serde_json::Error> {
    arrivals.iter().try_for_each(|arrival| put(out, ARRIVALS, 0, &arrivals_id(&arrival.0), 0, arrival))
}

fn arrivals_id(table: &EventTable) -> String {
    format!("{}.{}", table.database, table.table)
}

fn all_of<T: Kept>(
    out: &mut Vec<RowChange>,
    segment: u64,
    collection: &Collection<T>,
    stamps: &HashMap<String, Stamp>,
) -> Result<(), serde_json::Error> {
    for (order, item) in collection.placed() {
        put(out, T::KIND, segment, item.id(), order, &stamped(item, stamps))?;
    }
    Ok(())
}

fn changes_of<T: Kept>(
    out: &mut Vec<RowChange>,
    segment: u64,
    collection: &mut Collection<T>,
    stamps: &HashMap<String, Stamp>,
) -> Result<(), serde_json::Error> {
    for (id, item) in collection.take_changes() {
        match item {
            Some((order, item)) => {
                put(out, T::KIND, segment, &id, order, &stamped(item, stamps))?;
            }
            None => out.push(RowChange::Remove(RowPlace { kind: T::KIND.to_owned(), segment, id })),
        }
    }
    Ok(())
}

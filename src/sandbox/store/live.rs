//! Events and what they answer: the store's side of the personalization API.

use super::Store;
use super::catalog::Catalog;
use super::deliveries::Deliveries;
use super::segment::ParentSegment;
use crate::platform::limits::RESPONSE_BYTES;
use crate::platform::wire::EventTable;
use crate::sandbox::engine::{Inspection, Preview, Profiles, Program};
use crate::sandbox::refusal::{Kind, Reason, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ids of a profile: key column and value.
pub type Keys = Vec<(String, String)>;

/// What has arrived in tables, the rows of the seed apart. Beside the catalog, because events only
/// read the store.
#[derive(Debug, Default)]
pub struct Arrivals(Mutex<HashMap<EventTable, Counted>>);

/// A table's count.
#[derive(Debug, Default)]
struct Counted {
    arrived: Arrived,
    /// Whether it has changed since it was last written down.
    changed: bool,
}

/// What has arrived in one table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// Number of records.
    pub rows: u64,
    /// Time of the latest in seconds since the epoch.
    pub last_record: Option<i64>,
}

impl Arrivals {
    /// Counts an event of a table that exists.
    pub fn note(&self, catalog: &Catalog, table: &EventTable, event: &Map<String, Value>, now: i64) {
        if !catalog.has(&table.database, &table.table) {
            return;
        }
        let time = event.get("time").and_then(Value::as_i64).unwrap_or(now);
        let count = |counted: &mut Counted| {
            counted.arrived.rows += 1;
            counted.arrived.last_record = counted.arrived.last_record.max(Some(time));
            counted.changed = true;
        };
        let mut tables = self.tables();
        match tables.get_mut(table) {
            Some(counted) => count(counted),
            // Only the first event of a table needs a copy of its name.
            None => count(tables.entry(table.clone()).or_default()),
        }
    }

    /// What has arrived in a table.
    pub fn of(&self, database: &str, table: &str) -> Arrived {
        let table = EventTable { database: database.to_owned(), table: table.to_owned() };
        self.tables().get(&table).map(|counted| counted.arrived).unwrap_or_default()
    }

    /// What has changed since the last call.
    pub fn take_changes(&self) -> Vec<(EventTable, Arrived)> {
        let mut tables = self.tables();
        let taken = |(table, counted): (&EventTable, &mut Counted)| {
            std::mem::take(&mut counted.changed).then(|| (table.clone(), counted.arrived))
        };
        tables.iter_mut().filter_map(taken).collect()
    }

    /// All of it, without a word about what has changed.
    pub fn all(&self) -> Vec<(EventTable, Arrived)> {
        self.tables().iter().map(|(table, counted)| (table.clone(), counted.arrived)).collect()
    }

    /// Adds what was written down.
    pub fn load(&self, table: EventTable, arrived: Arrived) {
        self.tables().insert(table, Counted { arrived, changed: false });
    }

    fn tables(&self) -> MutexGuard<'_, HashMap<EventTable, Counted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Takes an event of the streaming ingest in: every parent segment whose setting has the table
    /// reads it, and nobody is offered anything.
    pub fn receive(&self, table: &EventTable, event: &Map<String, Value>, now: i64) -> Result<(), Refusal> {
        self.arrivals.note(&self.catalog, table, event, now);
        for segment in self.segments().filter(|segment| segment.realtime.is_some()) {
            segment.ingest(&self.deliveries, table, event, now)?;
        }
        Ok(())
    }
}

impl Store {
    /// When something is due next in a journey, in milliseconds since the epoch.
    pub fn next_timer(&self) -> Option<i64> {
        let profiles = self.segments().filter_map(|segment| segment.profiles().ok()?.next_timer());
        profiles.min().map(|seconds| seconds.saturating_mul(1_000))
    }

    /// Does what is due in journeys at or before `now_ms` (milliseconds since the epoch).
    pub fn run_timers(&self, now_ms: i64) -> Result<(), Refusal> {
        let now = now_ms.div_euclid(1_000);
        for segment in self.segments().filter(|segment| segment.realtime.is_some()) {
            let program = segment.realtime()?.program()?;
            let mut profiles = segment.profiles()?;
            let sent = profiles.run_timers(program, &segment.batch, now);
            self.deliveries.push(segment.number(), sent);
        }
        Ok(())
    }
}

impl ParentSegment {
    /// Reads an event and answers the offers by section name. Events of tables that are not in the
    /// setting move nothing. `now`: seconds since the epoch.
    pub fn ingest(
        &self,
        deliveries: &Deliveries,
        table: &EventTable,
        event: &Map<String, Value>,
        now: i64,
    ) -> Result<Map<String, Value>, Refusal> {
        let realtime = self.realtime()?;
        let program = realtime.program()?;
        if !program.reads(table) {
            return Ok(Map::new());
        }
        let mut profiles = self.profiles()?;
        let ingested = profiles.ingest(program, &self.batch, table, event, now);
        // While nobody can write the profile down: it must not be known to have come further than what
        // it sends.
        deliveries.push(self.number(), ingested.sent);
        Ok(ingested.offers)
    }

    /// What a personalization answers now for the profile that these keys find; empty when there
    /// is no such profile or nothing matches.
    pub fn personalize(&self, id: &str, keys: &Keys, now: i64) -> Result<Map<String, Value>, Refusal> {
        let realtime = self.realtime()?;
        realtime.personalization(id)?;
        let program = realtime.program()?;
        self.check_keys(program, keys)?;
        let answer = self.profiles()?.personalize(program, &self.batch, id, keys, now);
        Ok(answer.unwrap_or_default())
    }

    /// Everything about the profile that these keys find.
    pub fn inspect(&self, keys: &Keys, now: i64) -> Result<Option<Inspection>, Refusal> {
        let program = self.realtime()?.program()?;
        self.check_keys(program, keys)?;
        Ok(self.profiles()?.inspect(program, &self.batch, keys, now))
    }

    /// What an event would do in a journey of this parent segment, launched or not. Nothing changes.
    pub fn preview(
        &self,
        journey: &str,
        table: &EventTable,
        event: &Map<String, Value>,
        now: i64,
    ) -> Result<Preview, Refusal> {
        let realtime = self.realtime()?;
        realtime.journey(journey)?;
        let program = realtime.program_with(journey)?;
        Ok(self.profiles()?.preview(&program, &self.batch, (table, event), journey, now))
    }

    /// 400 when none of these is a stitching key now. What else is given is ignored.
    fn check_keys(&self, program: &Program, keys: &Keys) -> Result<(), Refusal> {
        if keys.iter().any(|(column, _)| program.has_key(column)) {
            return Ok(());
        }
        let known: Vec<&str> =
            self.realtime()?.setting.key_columns.iter().map(|key| key.name.as_str()).collect();
        Err(Refusal::bad_request(
            Reason::ProfileKeyUnknown,
            match known.as_slice() {
                [] => "this parent segment has no stitching key, so no profile can be named".to_owned(),
                known => format!("name the profile with one of its keys: {}", known.join(", ")),
            },
        ))
    }

    /// The profiles, locked.
    pub fn profiles(&self) -> Result<MutexGuard<'_, Profiles>, Refusal> {
        Ok(self.realtime()?.profiles.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Refuses an answer above the platform's 10 KB: what it does then is not documented, and cutting
/// offers off would go unseen.
///
/// An event has been taken in by then: its answer is computed from the profile that it has changed
/// and cannot be known before. So an event that is refused here counts, and sent again it counts
/// twice; a personalization's `GET` changes nothing.
pub fn check_size(body: &[u8]) -> Result<(), Refusal> {
    if body.len() <= RESPONSE_BYTES {
        return Ok(());
    }
    let message = format!("the response has {} bytes; the limit is {RESPONSE_BYTES}", body.len());
    Err(Refusal { code: Some(9999), ..Refusal::new(Reason::ResponseTooLarge, Kind::Internal, message) })
}

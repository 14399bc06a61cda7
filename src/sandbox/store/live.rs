//! Events and what they answer: the store's side of the personalization API.

use super::Store;
use super::catalog::Catalog;
use super::segment::ParentSegment;
use crate::platform::limits::RESPONSE_BYTES;
use crate::platform::wire::{Column, EventTable, KeyEventColumn};
use crate::sandbox::engine::{EventPreview, Inspection, Profiles, Program};
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ids of a profile: key column and value.
pub type ProfileKeys = Vec<(String, String)>;

/// The records that have arrived in tables, without the rows of the seed. Separate from the catalog,
/// because events only read the store.
#[derive(Debug, Default)]
pub struct Arrivals {
    tables: Mutex<HashMap<EventTable, Counted>>,
    /// Tables that were deleted since the last save.
    gone: Mutex<Vec<EventTable>>,
}

/// A table's count.
#[derive(Debug, Default)]
struct Counted {
    arrived: ArrivedEvents,
    /// The names of all its columns, those of the catalog included.
    columns: HashSet<String>,
    /// Whether it has changed since it was last saved.
    changed: bool,
}

/// What has arrived in one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivedEvents {
    /// Number of records.
    pub rows: u64,
    /// Time of the first to arrive in seconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_record: Option<i64>,
    /// Time of the latest in seconds since the epoch.
    pub last_record: Option<i64>,
    /// Columns that the table did not have before, in the order of their arrival.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
}

impl Counted {
    fn of(catalog: &Catalog, table: &EventTable) -> Self {
        let known = catalog.table(&table.database, &table.table).map(|table| table.columns.as_slice());
        let columns = known.unwrap_or_default().iter().map(|column| column.name.clone()).collect();
        Counted { columns, ..Counted::default() }
    }

    fn add(&mut self, time: i64) {
        self.arrived.rows = self.arrived.rows.saturating_add(1);
        self.arrived.first_record.get_or_insert(time);
        self.arrived.last_record = self.arrived.last_record.max(Some(time));
        self.changed = true;
    }

    fn count(&mut self, event: &Map<String, Value>, now: i64) {
        let time = event.get("time").and_then(Value::as_i64).unwrap_or(now);
        self.add(time);
        for (name, value) in event {
            if !self.columns.contains(name)
                && let Some(kind) = column_type(name, value)
            {
                self.columns.insert(name.clone());
                let column =
                    Column { name: name.clone(), kind: kind.to_owned(), alias: None, description: None };
                self.arrived.columns.push(column);
            }
        }
    }
}

/// The type of the column that the first value of a name adds; `None` where it adds none. That an
/// event adds the columns that its table lacks is documented (docs.treasuredata.com, *Importing Table
/// Records Using the Data Ingestion API*), how their types are inferred is not: that is our choice.
/// Every table has `time` whether it is listed or not, and a record's `uuid` is not kept.
fn column_type(name: &str, value: &Value) -> Option<&'static str> {
    if ["time", "uuid"].contains(&name) {
        return None;
    }
    Some(match value {
        Value::Null => return None,
        Value::Number(number) if number.is_f64() => "double",
        Value::Number(_) => "long",
        Value::Array(items) if items.iter().all(Value::is_number) && !items.is_empty() => "array<double>",
        Value::Array(_) => "array<string>",
        Value::Bool(_) | Value::String(_) | Value::Object(_) => "string",
    })
}

/// Gives an event without `time` the time of its arrival.
pub fn arrive(event: &mut Map<String, Value>, now: i64) {
    event.entry("time").or_insert_with(|| now.into());
}

impl Arrivals {
    /// Counts an event, and adds its new columns.
    fn note(&self, catalog: &Catalog, table: &EventTable, event: &Map<String, Value>, now: i64) {
        let mut tables = self.tables();
        match tables.get_mut(table) {
            Some(counted) if !counted.columns.is_empty() => counted.count(event, now),
            // The first event of a table, or the first after a start: its known columns are collected.
            _ => {
                let counted = tables.entry(table.clone()).or_default();
                let known = Counted::of(catalog, table).columns;
                counted.columns = known;
                counted.columns.extend(counted.arrived.columns.iter().map(|column| column.name.clone()));
                counted.count(event, now);
            }
        }
    }

    /// Counts a record of a table that is in no catalog, which begins with these columns. `time`: seconds since
    /// the epoch.
    pub fn log(&self, table: &EventTable, time: i64, columns: impl FnOnce() -> Vec<Column>) {
        let mut tables = self.tables();
        let counted = match tables.get_mut(table) {
            Some(counted) => counted,
            None => {
                let arrived = ArrivedEvents { columns: columns(), ..ArrivedEvents::default() };
                tables.entry(table.clone()).or_insert(Counted { arrived, ..Counted::default() })
            }
        };
        counted.add(time);
    }

    /// What has arrived in the tables that a catalog lacks, by their names.
    pub fn outside(&self, catalog: &Catalog) -> Vec<(EventTable, ArrivedEvents)> {
        let mut found = self.all();
        found.retain(|(table, _)| !catalog.has(&table.database, &table.table));
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }

    /// What has arrived in a table; `None` when nothing has.
    pub fn known(&self, table: &EventTable) -> Option<ArrivedEvents> {
        self.tables().get(table).map(|counted| counted.arrived.clone())
    }

    /// Forgets a table.
    pub fn remove(&self, table: &EventTable) {
        if self.tables().remove(table).is_some() {
            self.gone().push(table.clone());
        }
    }

    /// The tables that were deleted since the last call.
    pub fn take_gone(&self) -> Vec<EventTable> {
        std::mem::take(&mut *self.gone())
    }

    /// What has arrived in a table.
    pub fn of(&self, database: &str, table: &str) -> ArrivedEvents {
        let table = EventTable::new(database, table);
        self.tables().get(&table).map(|counted| counted.arrived.clone()).unwrap_or_default()
    }

    /// What has changed since the last call.
    pub fn take_changes(&self) -> Vec<(EventTable, ArrivedEvents)> {
        let mut tables = self.tables();
        let taken = |(table, counted): (&EventTable, &mut Counted)| {
            std::mem::take(&mut counted.changed).then(|| (table.clone(), counted.arrived.clone()))
        };
        tables.iter_mut().filter_map(taken).collect()
    }

    /// All of it.
    pub fn all(&self) -> Vec<(EventTable, ArrivedEvents)> {
        self.tables().iter().map(|(table, counted)| (table.clone(), counted.arrived.clone())).collect()
    }

    /// Adds saved counts.
    pub fn load(&self, table: EventTable, arrived: ArrivedEvents) {
        self.tables().insert(table, Counted { arrived, ..Counted::default() });
    }

    fn gone(&self) -> MutexGuard<'_, Vec<EventTable>> {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tables(&self) -> MutexGuard<'_, HashMap<EventTable, Counted>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// The columns of an event table as the real-time API shows them, those that came with events
    /// included.
    pub fn event_columns(&self, database: &str, table: &str) -> Result<Vec<KeyEventColumn>, Refusal> {
        let arrived = self.arrivals.of(database, table).columns;
        self.catalog.event_columns(database, table, &arrived)
    }

    /// Counts an event of a table that exists, adds the table's new columns, and stores the event.
    pub fn note(&self, table: &EventTable, event: &Map<String, Value>, now: i64) {
        if self.count(table, event, now) {
            self.rows.append(table, event);
        }
    }

    /// Counts a record of a table that exists and adds the table's new columns; false without the table.
    pub fn count(&self, table: &EventTable, record: &Map<String, Value>, now: i64) -> bool {
        let exists = self.catalog.has(&table.database, &table.table) || self.arrivals.known(table).is_some();
        if exists {
            self.arrivals.note(&self.catalog, table, record, now);
        }
        exists
    }

    /// Takes an event of the streaming ingest: every parent segment whose setting has the table reads
    /// it, without offers.
    pub fn receive(&self, table: &EventTable, event: &Map<String, Value>, now: i64) -> Result<(), Refusal> {
        self.note(table, event, now);
        for segment in self.segments().filter(|segment| segment.realtime.is_some()) {
            self.ingest(segment, table, event, now)?;
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

    /// Runs what is due in journeys at or before `now_ms` (milliseconds since the epoch).
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

impl Store {
    /// A parent segment reads an event and answers the offers by section name. Events of tables that are not in
    /// its setting move nothing. `now`: seconds since the epoch.
    pub fn ingest(
        &self,
        segment: &ParentSegment,
        table: &EventTable,
        event: &Map<String, Value>,
        now: i64,
    ) -> Result<Map<String, Value>, Refusal> {
        let program = segment.realtime()?.program()?;
        if !program.reads(table) {
            return Ok(Map::new());
        }
        let mut profiles = segment.profiles()?;
        let ingested = profiles.ingest(program, &segment.batch, table, event, now);
        // Under the lock of the profiles, so that a profile is never saved without what it sends, and the logs
        // have the order in which it changed.
        self.deliveries.push(segment.number(), ingested.sent);
        if let Some(change) = &ingested.identity {
            self.log_identity(segment, change, event, now);
        }
        if !ingested.rejected.is_empty() {
            self.log_rejected(segment, &ingested.rejected, event, now);
        }
        drop(profiles);
        Ok(ingested.offers)
    }
}

impl ParentSegment {
    /// What a personalization answers now for the profile that these keys find; empty when there
    /// is no such profile or nothing matches.
    pub fn personalize(&self, id: &str, keys: &ProfileKeys, now: i64) -> Result<Map<String, Value>, Refusal> {
        let realtime = self.realtime()?;
        realtime.personalization(id)?;
        let program = realtime.program()?;
        self.check_keys(program, keys)?;
        let answer = self.profiles()?.personalize(program, &self.batch, id, keys, now);
        Ok(answer.unwrap_or_default())
    }

    /// Everything about the profile that these keys find.
    pub fn inspect(&self, keys: &ProfileKeys, now: i64) -> Result<Option<Inspection>, Refusal> {
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
    ) -> Result<EventPreview, Refusal> {
        let realtime = self.realtime()?;
        realtime.journey(journey)?;
        let program = realtime.program_with(journey)?;
        Ok(self.profiles()?.preview(&program, &self.batch, (table, event), journey, now))
    }

    /// 400 when none of these is a stitching key now. Other parameters are ignored.
    fn check_keys(&self, program: &Program, keys: &ProfileKeys) -> Result<(), Refusal> {
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

/// Refuses an answer above the platform's 10 KB: what it does then is not documented, and cut
/// offers would go unnoticed.
///
/// The event has been applied by then: its answer depends on the profile that it has changed. So an
/// event that is refused here counts, and sent again it counts twice; a personalization's `GET`
/// changes nothing.
pub fn check_size(body: &[u8]) -> Result<(), Refusal> {
    if body.len() <= RESPONSE_BYTES {
        return Ok(());
    }
    let message = format!("the response has {} bytes; the limit is {RESPONSE_BYTES}", body.len());
    Err(Refusal {
        code: Some(9999),
        ..Refusal::new(Reason::ResponseTooLarge, RefusalKind::Internal, message)
    })
}

//! The sandbox's data: databases, parent segments and their real-time configuration. Plain
//! typed structs, no HTTP; every write checks everything first and then changes everything.

pub mod attributes;
pub mod audiences;
pub mod batch;
pub mod body;
pub mod catalog;
pub mod collection;
pub mod connections;
pub mod deliveries;
pub mod identity;
pub mod imports;
pub mod jobs;
pub mod journey;
pub mod journeys;
pub mod key_events;
pub mod live;
pub mod logs;
pub mod pace;
pub mod personalizations;
pub mod realtime;
pub mod record;
pub mod rollout;
pub mod run;
pub mod runs;
pub mod sections;
pub mod segment;
pub mod segments;
pub mod services;
pub mod setting;
pub mod usage;

#[cfg(test)]
mod lookup_tests;
#[cfg(test)]
mod tests;

use super::refusal::{Reason, Refusal};
use super::rows::Rows;
use crate::platform::wire::RealtimeStatus;
use catalog::Catalog;
use collection::Collection;
use connections::Connection;
use imports::ImportedIds;
use jobs::Jobs;
use pace::Paces;
use realtime::Realtime;
use rollout::Settle;
use segment::ParentSegment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The sandbox's data.
#[derive(Debug)]
pub struct Store {
    /// Databases and tables.
    pub catalog: Catalog,
    /// Connections to destinations and authentications for them, in order of creation.
    pub connections: Collection<Connection>,
    /// What has arrived in the tables.
    pub arrivals: live::Arrivals,
    /// The records of tables.
    pub rows: Arc<Rows>,
    /// What journeys send.
    pub deliveries: deliveries::Deliveries,
    /// The ids of imports.
    pub imported: ImportedIds,
    /// Jobs.
    pub jobs: Arc<Jobs>,
    /// How changes settle.
    pub settle: Settle,
    /// How long other things take.
    pub paces: Paces,
    segments: BTreeMap<u64, ParentSegment>,
    tokens: HashMap<String, TokenOwner>,
    ids: IdCounter,
    account: String,
    /// What has changed since it was last saved.
    changed: Changed,
}

/// What has changed of the store itself since it was last saved.
#[derive(Debug, Default)]
struct Changed {
    /// Whether anything was saved at all.
    written: bool,
    /// Whether anything in it may have changed, parent segments included.
    anything: bool,
    /// Deleted parent segments.
    removed: Vec<u64>,
    /// Names of databases that were made, changed or deleted.
    databases: BTreeSet<String>,
}

/// The owner of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOwner {
    /// The parent segment's number.
    pub segment: u64,
    /// Id of the personalization service.
    pub service: String,
}

/// Gives out ids: numbers that only grow, over all kinds of resources.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct IdCounter(u64);

impl IdCounter {
    /// The next id.
    pub fn fresh(&mut self) -> String {
        self.0 = self.0.saturating_add(1);
        self.0.to_string()
    }
}

impl Store {
    /// A store over a catalog and parent segments; new ids start above `last_id`.
    pub fn new(
        account: &str,
        settle: Settle,
        catalog: Catalog,
        segments: Vec<ParentSegment>,
        last_id: u64,
    ) -> Self {
        let segments = segments.into_iter().map(|segment| (segment.number(), segment)).collect();
        let (tokens, account) = (HashMap::new(), account.to_owned());
        let changed = Changed::default();
        Store {
            catalog,
            arrivals: live::Arrivals::default(),
            rows: Arc::default(),
            deliveries: deliveries::Deliveries::default(),
            connections: Collection::default(),
            imported: ImportedIds::default(),
            jobs: Arc::default(),
            settle,
            paces: Paces::default(),
            segments,
            tokens,
            ids: IdCounter(last_id),
            account,
            changed,
        }
    }

    /// The account that everything belongs to.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// All parent segments by id.
    pub fn segments(&self) -> impl Iterator<Item = &ParentSegment> {
        self.segments.values()
    }

    /// A parent segment, or 404. Ids are strings: `0394649` is not `394649`.
    pub fn segment(&self, id: &str) -> Result<&ParentSegment, Refusal> {
        let found = id.parse().ok().and_then(|number: u64| self.segments.get(&number));
        found.filter(|segment| segment.id == id).ok_or_else(no_record)
    }

    /// A parent segment to change outside of its real-time configuration, with the ids.
    pub fn segment_mut(&mut self, id: &str) -> Result<(&mut ParentSegment, &mut IdCounter), Refusal> {
        let found = id.parse().ok().and_then(|number: u64| self.segments.get_mut(&number));
        let segment = found.filter(|segment| segment.id == id).ok_or_else(no_record)?;
        segment.changed = segment::SegmentChanges { head: true, realtime: true };
        self.changed.anything = true;
        Ok((segment, &mut self.ids))
    }

    /// Adds a parent segment; its id must be a number that no other one has.
    pub fn add_segment(&mut self, mut segment: ParentSegment) {
        segment.changed = segment::SegmentChanges { head: true, realtime: true };
        self.changed.anything = true;
        self.segments.insert(segment.number(), segment);
    }

    /// Removes a parent segment with all that belongs to it, or 404.
    pub fn remove_segment(&mut self, id: &str) -> Result<ParentSegment, Refusal> {
        let number = self.segment(id)?.number();
        let segment = self.segments.remove(&number).ok_or_else(no_record)?;
        self.tokens.retain(|_, owner| owner.segment != number);
        self.changed.anything = true;
        self.changed.removed.push(number);
        Ok(segment)
    }

    /// The ids, for resources that belong to no parent segment.
    pub fn ids(&mut self) -> &mut IdCounter {
        self.changed.anything = true;
        &mut self.ids
    }

    /// Changes how later changes settle.
    pub fn set_settle(&mut self, settle: Settle) {
        self.changed.anything = true;
        self.settle = settle;
    }

    /// Changes how long later things take.
    pub fn set_paces(&mut self, paces: Paces) {
        self.changed.anything = true;
        self.paces = paces;
    }

    /// A parent segment's real-time configuration with its status, as a reader of the setting sees
    /// it: reading can move the status on ([`Settle::AfterReads`]).
    pub fn read_status(&mut self, id: &str, now: i64) -> Result<(&Realtime, RealtimeStatus), Refusal> {
        let number = self.segment(id)?.number();
        let segment = self.segments.get_mut(&number).ok_or_else(no_record)?;
        let realtime = segment.realtime.as_mut().ok_or_else(segment::not_enabled)?;
        let before = realtime.rollout;
        let status = realtime.rollout.read(now);
        if realtime.rollout != before {
            segment.changed.realtime = true;
            self.changed.anything = true;
        }
        Ok((realtime, status))
    }

    /// A parent segment's real-time configuration, or 404 when real-time is not enabled.
    pub fn realtime(&self, id: &str) -> Result<&Realtime, Refusal> {
        self.segment(id)?.realtime()
    }

    /// The parent segment and the id of a personalization by its id, or 404.
    pub fn personalization_owner(&self, id: &str) -> Result<&ParentSegment, Refusal> {
        let owns = |segment: &&ParentSegment| {
            segment.realtime.as_ref().is_some_and(|realtime| realtime.personalization(id).is_ok())
        };
        self.segments.values().find(owns).ok_or_else(no_record)
    }

    /// Who owns a token of the personalization API.
    pub fn token_owner(&self, token: &str) -> Option<(&ParentSegment, &TokenOwner)> {
        let owner = self.tokens.get(token)?;
        Some((self.segments.get(&owner.segment)?, owner))
    }

    /// A parent segment's real-time configuration to change. 404 when it does not exist or
    /// real-time is not enabled, 422 when it is not initialized.
    pub fn edit(&mut self, id: &str, now: i64) -> Result<Edit<'_>, Refusal> {
        let number: u64 = id.parse().map_err(|_| no_record())?;
        let segment = self.segments.get_mut(&number).filter(|segment| segment.id == id);
        let segment = segment.ok_or_else(no_record)?;
        let ParentSegment { realtime, master, columns, batch, changed, .. } = segment;
        let realtime = realtime.as_mut().ok_or_else(segment::not_enabled)?;
        changed.realtime = true;
        self.changed.anything = true;
        if !realtime.rollout.is_initialized() {
            return Err(Refusal::invalid(
                Reason::RealTimeNotInitialized,
                "Real-time is not initialized for this parent segment",
            ));
        }
        Ok(Edit {
            number,
            realtime,
            master,
            columns,
            batch,
            catalog: &self.catalog,
            ids: &mut self.ids,
            tokens: &mut self.tokens,
            account: &self.account,
            settle: self.settle,
            now,
        })
    }
}

/// "Record not found", the platform's words.
pub fn no_record() -> Refusal {
    Refusal::not_found(Reason::RecordMissing, "Record not found")
}

/// One change of a real-time configuration, with the data that it may read.
#[derive(Debug)]
pub struct Edit<'a> {
    number: u64,
    realtime: &'a mut Realtime,
    master: &'a batch::Master,
    columns: &'a [batch::BatchColumn],
    batch: &'a batch::BatchData,
    catalog: &'a Catalog,
    ids: &'a mut IdCounter,
    tokens: &'a mut HashMap<String, TokenOwner>,
    account: &'a str,
    settle: Settle,
    now: i64,
}

impl Edit<'_> {
    /// The configuration as it is now.
    pub fn realtime(&self) -> &Realtime {
        self.realtime
    }

    /// The engine reads the new configuration from the next event on; the status follows `settle`.
    fn changed(&mut self, kind: &'static str) {
        self.realtime.changed(kind);
        self.realtime.rollout.begin(self.settle, self.now);
    }

    fn touch(&mut self, id: &str) {
        self.realtime.touch(id, self.now);
    }
}

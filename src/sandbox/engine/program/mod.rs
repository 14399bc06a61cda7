//! A configuration, compiled: names resolved to places, patterns compiled, indexed by table.

pub mod journey;
mod offer;

pub use journey::{ConfigJourney, ProgramJourney};
pub use offer::{EntryRule, OfferOutput, Payload, ProgramPersonalization, ProgramSection, Trigger};

use super::attribute::{AttributeChange, ProgramAttribute};
use super::hash::FastMap;
use crate::platform::keys::KeyFilter;
use crate::platform::rule::Predicate;
use crate::platform::wire::{self, EventTable, RealtimeAttribute, RealtimeSettingAttributes};
use std::sync::Arc;

/// The configuration of one parent segment, as stored.
#[derive(Debug, Clone, Copy)]
pub struct Config<'a> {
    /// The real-time setting.
    pub setting: &'a RealtimeSettingAttributes,
    /// The key events.
    pub key_events: &'a [wire::KeyEvent],
    /// The attributes.
    pub attributes: &'a [RealtimeAttribute],
    /// The personalizations.
    pub personalizations: &'a [wire::Personalization],
    /// The launched journeys.
    pub journeys: &'a [ConfigJourney<'a>],
}

/// A configuration that the engine cannot run: an item, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{item}: {reason}")]
pub struct ProgramError {
    /// For example `key event 'page_view'`.
    pub item: String,
    /// What is wrong, as a sentence without a full stop.
    pub reason: String,
}

/// A compiled configuration. Compile once per change, share between requests.
///
/// Profiles outlive programs: an attribute keeps its state as long as it keeps its id, also
/// through programs that lack it.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Every name that profiles refer to by number.
    pub(super) names: Arc<[String]>,
    /// The stitching keys, in the setting's order.
    pub(super) keys: Vec<ProgramKey>,
    pub(super) lookup: Option<ProfileColumn>,
    pub(super) tables: FastMap<EventTable, ProgramTable>,
    pub(super) key_events: Vec<ProgramEvent>,
    pub(super) attributes: Vec<ProgramAttribute>,
    /// Places in `attributes` by id.
    pub(super) by_id: FastMap<String, usize>,
    pub(super) personalizations: Vec<ProgramPersonalization>,
    pub(super) journeys: Vec<ProgramJourney>,
}

/// A stitching key.
#[derive(Debug, Clone)]
pub(super) struct ProgramKey {
    pub column: String,
    /// Its number in the program's names.
    pub local: usize,
    pub filter: KeyFilter,
}

/// The column with the profile key of the batch data (`extLookupKey`).
#[derive(Debug, Clone)]
pub(super) struct ProfileColumn {
    pub column: String,
    /// Its number in the program's names.
    pub local: usize,
    /// Its place in the stitching keys, if it is one.
    pub key: Option<usize>,
}

/// What events of a table can do. All numbers are places in the program.
#[derive(Debug, Clone, Default)]
pub(super) struct ProgramTable {
    pub key_events: Vec<usize>,
    /// Those with a section that a key event of this table triggers.
    pub personalizations: Vec<usize>,
}

/// A key event.
#[derive(Debug, Clone)]
pub(super) struct ProgramEvent {
    pub id: String,
    pub name: String,
    pub filter: Option<Predicate>,
    /// The attributes that it updates, in order.
    pub feeds: Vec<Feed>,
    /// What it deletes from which lists, in order. Separate, because the actions of all key events that
    /// an event matches come after all updates (our choice): an event that both adds and deletes an
    /// item ends with the item deleted, whatever the order of the configuration.
    pub actions: Vec<Feed>,
    /// Places of the journeys that it can start.
    pub journeys: Vec<usize>,
}

/// What a key event does to an attribute.
#[derive(Debug, Clone)]
pub(super) struct Feed {
    /// Place of the attribute.
    pub attribute: usize,
    pub filter: Option<Predicate>,
    pub change: AttributeChange,
}

impl Program {
    /// Whether the attribute at a place, or what drives it, is sensitive.
    pub(super) fn is_sensitive(&self, place: usize) -> bool {
        let sensitive = |place: usize| self.attributes.get(place).is_some_and(|a| a.sensitive);
        let catalog = self.attributes.get(place).and_then(ProgramAttribute::catalog);
        let drivers = catalog.and_then(|catalog| catalog.drivers.as_ref());
        sensitive(place) || drivers.into_iter().flatten().any(|driver| sensitive(*driver))
    }

    /// Whether this column is a stitching key.
    pub fn has_key(&self, column: &str) -> bool {
        self.keys.iter().any(|key| key.column == column)
    }

    /// Whether events of this table are read: whether it is one of the setting's event tables.
    pub fn reads(&self, table: &EventTable) -> bool {
        self.tables.contains_key(table)
    }
}

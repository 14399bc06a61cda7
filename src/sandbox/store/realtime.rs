//! The real-time configuration of one parent segment, with its profiles.

use super::collection::{Collection, Resource};
use super::journey::StoredJourney;
use super::no_record;
use super::rollout::Rollout;
use crate::platform::wire::{
    AttributeSpec, BatchAttribute, KeyEvent, Personalization, RealtimeAttribute, RealtimeJourneyState,
    RealtimeSettingAttributes, Service,
};
use crate::sandbox::engine::{Config, ConfigJourney, Profiles, Program};
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

/// The real-time configuration of one parent segment, with its profiles.
#[derive(Debug, Serialize, Deserialize)]
pub struct Realtime {
    /// Id of the setting.
    pub id: String,
    /// The roll-out of the configuration.
    pub rollout: Rollout,
    /// The setting. Its `batch_attributes` and the imported ones among `attributes` are two views
    /// of one set and always agree.
    pub setting: RealtimeSettingAttributes,
    /// The key events, in order of creation.
    #[serde(skip)]
    pub key_events: Collection<KeyEvent>,
    /// The attributes of all kinds, in order of creation.
    #[serde(skip)]
    pub attributes: Collection<RealtimeAttribute>,
    /// The personalization services, in order of creation.
    #[serde(skip)]
    pub services: Collection<Service>,
    /// The personalizations, in order of creation.
    #[serde(skip)]
    pub personalizations: Collection<Personalization>,
    /// The journeys, in order of creation.
    #[serde(skip)]
    pub journeys: Collection<StoredJourney>,
    /// The profiles. Locked on their own, so that events need only read the configuration.
    #[serde(skip)]
    pub profiles: Mutex<Profiles>,
    /// The latest change.
    pub version: Version,
    /// Ids of imported attributes by column, kept when a column goes so that it comes back as itself.
    pub(super) imported_ids: HashMap<String, String>,
    #[serde(skip)]
    pub(super) stamps: HashMap<String, Stamp>,
    /// Compiled when the first event after a change needs it: an `apply` of 600 items must not
    /// compile 600 times.
    #[serde(skip)]
    program: OnceLock<Result<Program, String>>,
}

/// When a resource was made and changed last, in milliseconds since the epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Made.
    pub created: i64,
    /// Changed last.
    pub updated: i64,
}

/// The latest change of a configuration.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Version {
    /// Counts the changes; 0 before the first.
    pub number: u64,
    /// What was changed, for example `update_realtime_setting`.
    pub kind: Cow<'static, str>,
}

impl Resource for KeyEvent {
    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }
}

impl Resource for RealtimeAttribute {
    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }
}

impl Resource for Service {
    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }
}

impl Resource for Personalization {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Realtime {
    /// An empty configuration.
    pub fn new(id: String, rollout: Rollout) -> Self {
        Realtime {
            id,
            rollout,
            setting: RealtimeSettingAttributes::default(),
            key_events: Collection::default(),
            attributes: Collection::default(),
            services: Collection::default(),
            personalizations: Collection::default(),
            journeys: Collection::default(),
            profiles: Mutex::default(),
            version: Version::default(),
            imported_ids: HashMap::new(),
            stamps: HashMap::new(),
            program: OnceLock::new(),
        }
    }

    /// The compiled configuration. Everything that is stored was checked before, so a
    /// failure is a defect of the sandbox (500).
    pub fn program(&self) -> Result<&Program, Refusal> {
        self.program
            .get_or_init(|| self.compile(None))
            .as_ref()
            .map_err(|error| Refusal::new(Reason::Internal, RefusalKind::Internal, error.clone()))
    }

    /// Whether the configuration was compiled since its last change.
    #[cfg(test)]
    pub fn is_compiled(&self) -> bool {
        self.program.get().is_some()
    }

    /// The configuration as it would be if this journey (by id) were launched and not paused.
    pub fn program_with(&self, journey: &str) -> Result<Program, Refusal> {
        let incomplete = |error: String| {
            Refusal::invalid(Reason::ControlPreviewInvalid, format!("the journey cannot run yet: {error}"))
        };
        self.compile(Some(journey)).map_err(incomplete)
    }

    fn compile(&self, with: Option<&str>) -> Result<Program, String> {
        let config = Config {
            setting: &self.setting,
            key_events: &self.key_events,
            attributes: &self.attributes,
            personalizations: &self.personalizations,
            journeys: &self.running(with),
        };
        Program::compile(&config).map_err(|error| error.to_string())
    }

    /// The launched journeys, and the one `with` this id.
    fn running(&self, with: Option<&str>) -> Vec<ConfigJourney<'_>> {
        let is_wanted = |journey: &&StoredJourney| {
            journey.state == RealtimeJourneyState::Launched || with == Some(journey.id.as_str())
        };
        let running = self.journeys.iter().filter(is_wanted).map(|journey| ConfigJourney {
            id: &journey.id,
            attributes: &journey.attributes,
            paused: journey.paused.is_some() && with != Some(journey.id.as_str()),
            activations: journey.activations.iter().map(|one| (one.id.as_str(), &one.attributes)).collect(),
        });
        running.collect()
    }

    pub(super) fn changed(&mut self, kind: &'static str) {
        self.program = OnceLock::new();
        // A paused journey may have been resumed.
        self.profiles.get_mut().unwrap_or_else(PoisonError::into_inner).release_timers();
        self.version = Version { number: self.version.number.saturating_add(1), kind: Cow::Borrowed(kind) };
    }

    /// Records that a resource was made or changed.
    pub fn touch(&mut self, id: &str, now: i64) {
        let first = Stamp { created: now, updated: now };
        self.stamps.entry(id.to_owned()).or_insert(first).updated = now;
    }

    /// When a resource was made and changed last.
    pub fn stamp(&self, id: Option<&str>) -> Stamp {
        id.and_then(|id| self.stamps.get(id)).copied().unwrap_or_default()
    }

    /// A key event, or 404.
    pub fn key_event(&self, id: &str) -> Result<&KeyEvent, Refusal> {
        self.key_events.find(id).ok_or_else(no_record)
    }

    /// An attribute of any kind, or 404.
    pub fn attribute(&self, id: &str) -> Result<&RealtimeAttribute, Refusal> {
        self.attributes.find(id).ok_or_else(no_record)
    }

    /// A personalization service, or 404.
    pub fn service(&self, id: &str) -> Result<&Service, Refusal> {
        self.services.find(id).ok_or_else(no_record)
    }

    /// A personalization, or 404.
    pub fn personalization(&self, id: &str) -> Result<&Personalization, Refusal> {
        self.personalizations.find(id).ok_or_else(no_record)
    }

    /// A journey, or 404.
    pub fn journey(&self, id: &str) -> Result<&StoredJourney, Refusal> {
        self.journeys.find(id).ok_or_else(no_record)
    }

    /// Attributes, stitching keys and journeys that count against the combined limit.
    pub fn combined_items(&self) -> usize {
        let counts = |a: &&RealtimeAttribute| !matches!(a.spec, AttributeSpec::Imported(_));
        let attributes = self.attributes.iter().filter(counts).count();
        [attributes, self.setting.key_columns.len(), self.journeys.len()].iter().sum()
    }

    /// The imported columns as the setting shows them.
    pub(super) fn batch_attributes(&self) -> &[BatchAttribute] {
        &self.setting.batch_attributes
    }
}

//! What journeys may name.

use crate::plan::nearest::named;
use crate::plan::{JourneyLookup, Lookup};
use crate::platform::wire::{KeyColumn, RealtimeAttribute, RealtimeJourneyResource};
use crate::steps::personalization::Names;

/// What journeys may name.
#[derive(Debug, Clone, Copy)]
pub struct JourneyNames<'a> {
    /// The parent segment.
    pub ps: &'a str,
    /// Key events and attributes; live, or as they will be.
    pub names: Names<'a>,
    /// Stitching keys; live, or as they will be.
    pub keys: &'a [KeyColumn],
    /// Journeys.
    pub journeys: &'a [RealtimeJourneyResource],
}

impl Lookup for JourneyNames<'_> {
    fn key_event(&self, name: &str) -> Option<String> {
        self.names.key_event(name)
    }

    fn attribute(&self, name: &str) -> Option<&RealtimeAttribute> {
        self.names.attribute(name)
    }

    fn planned_sub(&self, name: &str) -> Option<String> {
        self.names.planned_sub(name)
    }

    fn segment(&self, name_or_id: &str) -> Option<String> {
        self.names.segment(name_or_id)
    }

    fn event_names(&self) -> Vec<&str> {
        self.names.event_names()
    }

    fn attribute_names(&self) -> Vec<&str> {
        self.names.attribute_names()
    }

    fn segment_names(&self) -> Vec<&str> {
        self.names.segment_names()
    }
}

impl JourneyLookup for JourneyNames<'_> {
    fn parent_segment_id(&self) -> &str {
        self.ps
    }

    fn journey(&self, name: &str) -> Option<&RealtimeJourneyResource> {
        named(self.journeys, name, |journey| &journey.attributes.name)
    }
}

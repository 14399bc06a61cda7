//! What is configured in a parent segment, as the platform reports it: the other side of a plan.

use super::LiveJourney;
use super::nearest::named;
use crate::platform::wire::{
    BatchSegment, KeyEvent, Personalization, RealtimeAttribute, RealtimeJourneyActivationStepResource,
    RealtimeJourneyResource, RealtimeSettingAttributes, Service,
};

/// The real-time configuration of a parent segment. Live, or as a plan would make it: what does not
/// exist yet has a made-up id that starts with `new:`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Configuration {
    /// Event tables, stitching keys, imported batch attributes, external lookup key.
    pub setting: RealtimeSettingAttributes,
    /// Key events.
    pub events: Vec<KeyEvent>,
    /// Real-time attributes, imported ones included.
    pub attributes: Vec<RealtimeAttribute>,
    /// Personalization services.
    pub services: Vec<Service>,
    /// Personalization entities.
    pub personalizations: Vec<Personalization>,
    /// Journeys.
    pub journeys: Vec<RealtimeJourneyResource>,
    /// The activations of all journeys.
    pub activations: Vec<RealtimeJourneyActivationStepResource>,
    /// Batch segments: only read, for their names.
    pub segments: Vec<BatchSegment>,
}

impl Configuration {
    /// The journey of a name, with its activations.
    pub fn journey(&self, name: &str) -> Option<LiveJourney<'_>> {
        let resource = named(&self.journeys, name, |journey| &journey.attributes.name)?;
        Some(LiveJourney { resource, activations: self.activations_of(&resource.id).collect() })
    }

    /// The activations of a journey.
    pub fn activations_of(
        &self,
        journey: &str,
    ) -> impl Iterator<Item = &RealtimeJourneyActivationStepResource> {
        self.activations.iter().filter(move |activation| activation.journey_id() == Some(journey))
    }
}

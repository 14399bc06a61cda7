//! Personalizations: the entity, its sections and their payloads.

use super::{Field, Kind, may, must};

/// Fields of an entity.
pub const ENTITY: [&str; 4] = ["audienceId", "name", "description", "sections"];
/// Fields of a section. The contract's `POST` has no `includeSensitive`, but the vendor's published examples send it;
/// `id` is that of a section that exists.
pub const SECTION: [&str; 5] = ["id", "name", "entryCriteria", "payload", "includeSensitive"];
/// The key event that criteria ask for.
pub const EVENT: [Field; 2] = [must("keyEventId", Kind::Text), may("keyEventFilters", Kind::EventRule)];
/// Criteria of sections and of journeys.
pub const CRITERIA: [Field; 5] = [
    must("name", Kind::Name),
    may("description", Kind::Text),
    may("keyEventCriteria", Kind::Map(&EVENT)),
    may("profileCriteria", Kind::ProfileRule),
    may("acceptUnknownProfiles", Kind::Flag),
];
const ATTRIBUTE: Kind = Kind::Map(&[
    must("realtimeAttributeId", Kind::Text),
    may("subAttributeIdentifier", Kind::Text),
    must("outputName", Kind::Text),
]);
const SEGMENTS: Kind = Kind::Map(&[must("batchSegments", Kind::List(&Kind::Map(&[must("id", Kind::Text)])))]);
const VALUE: Kind = Kind::Map(&[must("type", Kind::Text), must("value", Kind::Text)]);
const STRING: Kind = Kind::Map(&[must("outputName", Kind::Text), must("values", Kind::List(&VALUE))]);
const DEFINITION: Kind = Kind::Map(&[
    may("attributePayload", Kind::List(&ATTRIBUTE)),
    may("segmentPayload", SEGMENTS),
    may("stringBuilder", Kind::List(&STRING)),
    may("catalogPayload", Kind::Any),
]);
/// A node of a payload.
pub const NODE: Kind = Kind::Map(&[
    must("type", Kind::Text),
    may("name", Kind::Text),
    may("description", Kind::Text),
    must("definition", DEFINITION),
]);

//! Personalizations: the entity, its sections and their payloads.

use super::{Field, FieldKind, may, must};

/// Fields of an entity.
pub const ENTITY: [&str; 4] = ["audienceId", "name", "description", "sections"];
/// Fields of a section. The contract's `POST` has no `includeSensitive`, but the vendor's published examples send it;
/// `id` is that of a section that exists.
pub const SECTION: [&str; 5] = ["id", "name", "entryCriteria", "payload", "includeSensitive"];
/// The key event that criteria ask for.
pub const EVENT: [Field; 2] =
    [must("keyEventId", FieldKind::Text), may("keyEventFilters", FieldKind::EventRule)];
/// Criteria of sections and of journeys.
pub const CRITERIA: [Field; 5] = [
    must("name", FieldKind::Name),
    may("description", FieldKind::Text),
    may("keyEventCriteria", FieldKind::Map(&EVENT)),
    may("profileCriteria", FieldKind::ProfileRule),
    may("acceptUnknownProfiles", FieldKind::Flag),
];
const ATTRIBUTE: FieldKind = FieldKind::Map(&[
    must("realtimeAttributeId", FieldKind::Text),
    may("subAttributeIdentifier", FieldKind::Text),
    must("outputName", FieldKind::Text),
]);
const SEGMENTS: FieldKind = FieldKind::Map(&[must(
    "batchSegments",
    FieldKind::List(&FieldKind::Map(&[must("id", FieldKind::Text)])),
)]);
const VALUE: FieldKind = FieldKind::Map(&[must("type", FieldKind::Text), must("value", FieldKind::Text)]);
const STRING: FieldKind =
    FieldKind::Map(&[must("outputName", FieldKind::Text), must("values", FieldKind::List(&VALUE))]);
const DEFINITION: FieldKind = FieldKind::Map(&[
    may("attributePayload", FieldKind::List(&ATTRIBUTE)),
    may("segmentPayload", SEGMENTS),
    may("stringBuilder", FieldKind::List(&STRING)),
    may("catalogPayload", FieldKind::Any),
]);
/// A node of a payload.
pub const NODE: FieldKind = FieldKind::Map(&[
    must("type", FieldKind::Text),
    may("name", FieldKind::Text),
    may("description", FieldKind::Text),
    must("definition", DEFINITION),
]);

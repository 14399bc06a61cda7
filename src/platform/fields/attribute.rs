//! Real-time attributes, by type.

use super::{DURATION, Field, Kind, UNIT, may, may_not_null, must};

const DATA_TYPES: Kind = Kind::Word(&["string", "number"]);
const BACKFILL: Kind =
    Kind::Map(&[must("attributeIdentifier", Kind::Text), must("timestampIdentifier", Kind::Text)]);
const ACTION: Kind = Kind::Map(&[
    must("action", Kind::Word(&["delete_item", "clear"])),
    must("realtimeKeyEventId", Kind::Text),
    may_not_null("filterRule", Kind::EventRule),
]);
const AGGREGATION: Kind = Kind::Map(&[
    must("name", Kind::Text),
    must("identifier", Kind::Name),
    must("aggregationType", Kind::Word(&["first", "last", "sum", "min", "max", "distinct_list"])),
    must("column", Kind::Text),
]);
const WINDOW: Kind = Kind::Map(&[
    must("name", Kind::Text),
    must("identifier", Kind::Name),
    must("value", Kind::Count),
    must("unit", UNIT),
]);
const COLUMN: Kind = Kind::Map(&[must("name", Kind::Name), must("dataType", Kind::Text)]);
const KEY: Kind = Kind::Map(&[must("id", Kind::Name), must("type", Kind::Text)]);

const SINGLE: [Field; 7] = [
    must("realtimeKeyEventId", Kind::Name),
    may_not_null("filterRule", Kind::EventRule),
    must("valueColumn", Kind::Name),
    must("dataType", DATA_TYPES),
    may_not_null("duration", DURATION).change(),
    may("backfill", BACKFILL),
    may_not_null("sensitive", Kind::Flag),
];
const LIST: [Field; 9] = [
    must("realtimeKeyEventId", Kind::Name),
    may_not_null("filterRule", Kind::EventRule),
    must("idColumn", Kind::Name),
    // In the published example; the platform takes and ignores it.
    may_not_null("valueColumn", Kind::Text),
    may_not_null("fields", Kind::List(&Kind::Name)).change(),
    may_not_null("duration", DURATION).change(),
    may_not_null("maxItems", Kind::Count).change(),
    may_not_null("actions", Kind::List(&ACTION)).change(),
    may_not_null("aggregations", Kind::List(&AGGREGATION)).change(),
];
const COUNTER: [Field; 7] = [
    must("realtimeKeyEventId", Kind::Name),
    may_not_null("filterRule", Kind::EventRule),
    may_not_null("counterType", Kind::Word(&["sliding", "total"])),
    must("increment", Kind::Map(&[must("type", Kind::Word(&["const", "field"])), must("value", Kind::Any)])),
    may_not_null("duration", DURATION).change(),
    may("backfill", BACKFILL),
    may_not_null("subDurations", Kind::List(&WINDOW)).change(),
];
const IMPORTED: [Field; 3] = [
    may_not_null("column", Kind::Text),
    may_not_null("dataType", Kind::Text),
    may_not_null("sensitive", Kind::Flag),
];
const CATALOG: [Field; 3] = [
    must("lookupCatalogTableName", Kind::Name),
    may_not_null("lookupCatalogColumns", Kind::List(&COLUMN)),
    may_not_null("lookupKeys", Kind::List(&KEY)),
];
/// The types.
pub const ATTRIBUTE_TYPES: [&str; 5] = ["single", "list", "counter", "imported", "lookupCatalog"];
/// What every type has.
pub const COMMON: [Field; 4] = [
    must("name", Kind::Name).change(),
    must("identifier", Kind::Name),
    may("description", Kind::Text).change(),
    must("type", Kind::Word(&ATTRIBUTE_TYPES)),
];

/// What an attribute of this type has besides [`COMMON`]; `None` for an unknown type.
pub fn attribute(kind: &str) -> Option<&'static [Field]> {
    Some(match kind {
        "single" => &SINGLE,
        "list" => &LIST,
        "counter" => &COUNTER,
        "imported" => &IMPORTED,
        "lookupCatalog" => &CATALOG,
        _ => return None,
    })
}

/// The fields of all types.
pub fn of_any_type() -> impl Iterator<Item = &'static Field> {
    COMMON.iter().chain(ATTRIBUTE_TYPES.iter().filter_map(|kind| attribute(kind)).flatten())
}

/// The fields that `PATCH` takes of an attribute of some type; nothing else of it can be changed.
pub fn changeable() -> impl Iterator<Item = &'static str> {
    let mut seen = std::collections::HashSet::new();
    of_any_type().filter(|field| field.change).map(|field| field.key).filter(move |key| seen.insert(*key))
}

/// The fields inside a field of some type.
pub fn part(key: &str) -> Option<&'static [Field]> {
    of_any_type().find(|field| field.key == key).and_then(super::inside)
}

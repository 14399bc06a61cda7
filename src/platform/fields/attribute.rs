//! Real-time attributes, by type.

use super::{DURATION, Field, FieldKind, UNIT, may, may_not_null, must};

const DATA_TYPES: FieldKind = FieldKind::Word(&["string", "number"]);
const BACKFILL: FieldKind = FieldKind::Map(&[
    must("attributeIdentifier", FieldKind::Text),
    must("timestampIdentifier", FieldKind::Text),
]);
const ACTION: FieldKind = FieldKind::Map(&[
    must("action", FieldKind::Word(&["delete_item", "clear"])),
    must("realtimeKeyEventId", FieldKind::Text),
    may_not_null("filterRule", FieldKind::EventRule),
]);
const AGGREGATION: FieldKind = FieldKind::Map(&[
    must("name", FieldKind::Text),
    must("identifier", FieldKind::Name),
    must("aggregationType", FieldKind::Word(&["first", "last", "sum", "min", "max", "distinct_list"])),
    must("column", FieldKind::Text),
]);
const WINDOW: FieldKind = FieldKind::Map(&[
    must("name", FieldKind::Text),
    must("identifier", FieldKind::Name),
    must("value", FieldKind::Count),
    must("unit", UNIT),
]);
const COLUMN: FieldKind = FieldKind::Map(&[must("name", FieldKind::Name), must("dataType", FieldKind::Text)]);
const KEY: FieldKind = FieldKind::Map(&[must("id", FieldKind::Name), must("type", FieldKind::Text)]);

const SINGLE: [Field; 7] = [
    must("realtimeKeyEventId", FieldKind::Name),
    may_not_null("filterRule", FieldKind::EventRule),
    must("valueColumn", FieldKind::Name),
    must("dataType", DATA_TYPES),
    may_not_null("duration", DURATION).change(),
    may("backfill", BACKFILL),
    may_not_null("sensitive", FieldKind::Flag),
];
const LIST: [Field; 9] = [
    must("realtimeKeyEventId", FieldKind::Name),
    may_not_null("filterRule", FieldKind::EventRule),
    must("idColumn", FieldKind::Name),
    // In the published example; the platform takes and ignores it.
    may_not_null("valueColumn", FieldKind::Text),
    may_not_null("fields", FieldKind::List(&FieldKind::Name)).change(),
    may_not_null("duration", DURATION).change(),
    may_not_null("maxItems", FieldKind::Count).change(),
    may_not_null("actions", FieldKind::List(&ACTION)).change(),
    may_not_null("aggregations", FieldKind::List(&AGGREGATION)).change(),
];
const COUNTER: [Field; 7] = [
    must("realtimeKeyEventId", FieldKind::Name),
    may_not_null("filterRule", FieldKind::EventRule),
    may_not_null("counterType", FieldKind::Word(&["sliding", "total"])),
    must(
        "increment",
        FieldKind::Map(&[must("type", FieldKind::Word(&["const", "field"])), must("value", FieldKind::Any)]),
    ),
    may_not_null("duration", DURATION).change(),
    may("backfill", BACKFILL),
    may_not_null("subDurations", FieldKind::List(&WINDOW)).change(),
];
const IMPORTED: [Field; 3] = [
    may_not_null("column", FieldKind::Text),
    may_not_null("dataType", FieldKind::Text),
    may_not_null("sensitive", FieldKind::Flag),
];
const CATALOG: [Field; 3] = [
    must("lookupCatalogTableName", FieldKind::Name),
    may_not_null("lookupCatalogColumns", FieldKind::List(&COLUMN)),
    may_not_null("lookupKeys", FieldKind::List(&KEY)),
];
/// The types.
pub const ATTRIBUTE_TYPES: [&str; 5] = ["single", "list", "counter", "imported", "lookupCatalog"];
/// What every type has.
pub const COMMON: [Field; 4] = [
    must("name", FieldKind::Name).change(),
    must("identifier", FieldKind::Name),
    may("description", FieldKind::Text).change(),
    must("type", FieldKind::Word(&ATTRIBUTE_TYPES)),
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

//! What single, list and counter attributes share.

use super::attribute::EventSource;
use super::window_read::Expiry;
use crate::plan::read::{Fields, Reader};
use crate::platform::wire::{AggregationType, Backfill, DurationSetting};

/// `aggregation` of the dialect; `count` belongs to counters alone.
pub(in crate::plan) const AGGREGATIONS: [(&str, AggregationType); 6] = [
    ("last", AggregationType::Last),
    ("first", AggregationType::First),
    ("sum", AggregationType::Sum),
    ("min", AggregationType::Min),
    ("max", AggregationType::Max),
    ("distinct_list", AggregationType::DistinctList),
];
/// The keys that they share.
pub(super) struct Common {
    pub(super) source: Option<EventSource>,
    pub(super) field: Option<String>,
    pub(super) windows: Vec<DurationSetting>,
    pub(super) expiry: Option<Expiry>,
    pub(super) backfill: Option<Backfill>,
}

/// The column, which must be there.
pub(super) fn need_field(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    field: Option<String>,
) -> Option<String> {
    if field.is_none() && fields.get("source_field").is_none() {
        fields.missing(reader, "source_field", "this attribute");
    }
    field
}

/// Warns of a key that this kind of attribute does not use.
pub(super) fn unused(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str, what: &str) {
    if fields.get(key).is_some() {
        reader.warn("unused-field", &fields.at(key), format!("{what} does not use '{key}'"), None);
    }
}

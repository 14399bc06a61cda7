//! What single, list and counter attributes share.

use super::window_read::Expiry;
use crate::plan::read::{Fields, Reader};
use crate::platform::rule::Rule;
use crate::platform::wire::{AggregationType, Backfill, DurationSetting};

/// The column that every event has: the platform fills it in when it is left out. Table schemas
/// do not list it.
pub(super) const TIME_COLUMN: &str = "time";

/// The events that feed an attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct EventSource {
    /// Name of the key event.
    pub event: String,
    /// Which of its events count.
    pub filter: Rule,
}

/// Gives a key event's id by its name.
pub(super) type KeyEventIds<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The id of a key event; an error for one that does not exist.
pub(super) fn id_of(key_event: KeyEventIds<'_>, name: &str) -> Result<String, String> {
    key_event(name).ok_or_else(|| format!("there is no key event '{name}'"))
}

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

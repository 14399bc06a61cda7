//! The sandbox's engine: events → profiles → offers.
//!
//! Pure: no I/O, and time comes in as seconds since the epoch. A stored configuration
//! ([`Config`]) is compiled once ([`Program`]); events then move [`Profiles`] and yield offers.
//! What the platform does is taken from the vendor's public documentation; what that leaves open is
//! marked "our choice" at the item at hand.
//!
//! Late and out-of-order events count by their own time; windows and lifetimes are evaluated at
//! `now`, and so an event older than its window or lifetime adds nothing visible.

mod attribute;
mod changes;
mod compile;
mod datum;
mod hash;
mod identity;
mod ingest;
mod inspect;
mod journey;
mod names;
mod offer;
mod preview;
mod profile;
mod program;
mod stitch;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod view;
mod waits;

pub use changes::ProfileChanges;
pub use identity::{IdentityChange, RejectedKey};
pub use ingest::{Ingested, Profiles};
pub use inspect::{InspectedAttribute, InspectedKey, InspectedPersonalization, InspectedSection, Inspection};
pub use journey::Activated;
pub use preview::EventPreview;
pub use profile::ProfileNumber;
pub use profile::stay::{InspectedJourney, Passed};
pub use program::ConfigJourney;
pub use program::{Config, Program, ProgramError};

use serde_json::{Map, Value};

/// Batch data of a parent segment, by the customer's profile key value (the value of the column
/// that the setting's `extLookupKey` names).
pub trait Batch {
    /// The customer's batch attributes by name.
    fn customer(&self, key: &str) -> Option<&Map<String, Value>>;
    /// Whether the customer is in a batch segment.
    fn in_segment(&self, segment_id: &str, key: &str) -> bool;
    /// A batch segment's name.
    fn segment_name(&self, segment_id: &str) -> Option<&str>;
    /// The rows of a catalog's table that hold this key in a column, in order. A number is the same
    /// key as the string that spells it. None without such a table or column.
    fn catalog_rows(&self, table: &str, column: &str, key: &Value) -> Vec<&Map<String, Value>>;
}

/// A parent segment without batch data.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoBatch;

impl Batch for NoBatch {
    fn customer(&self, _key: &str) -> Option<&Map<String, Value>> {
        None
    }

    fn in_segment(&self, _segment_id: &str, _key: &str) -> bool {
        false
    }

    fn segment_name(&self, _segment_id: &str) -> Option<&str> {
        None
    }

    fn catalog_rows(&self, _table: &str, _column: &str, _key: &Value) -> Vec<&Map<String, Value>> {
        Vec::new()
    }
}

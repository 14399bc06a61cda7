//! What events change about who is who.

use super::names::Names;
use super::profile::{Profile, ProfileNumber};
use super::stitch::{EventIds, Stitched};
use serde::Serialize;

/// A profile that an event has made, or whose ids it has changed. Ids are written as `column:value`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentityChange {
    /// The profile, as it is afterwards.
    pub profile: ProfileNumber,
    /// Whether the event has made it.
    pub made: bool,
    /// The event's ids that it did not have.
    pub added: Vec<String>,
    /// The younger profiles that were merged into it.
    pub merged: Vec<ProfileNumber>,
    /// The ids that it lost to stay within the limit.
    pub evicted: Vec<String>,
    /// All its ids.
    pub ids: Vec<String>,
}

/// A value of a stitching key that is no id, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedKey {
    /// The field of the event.
    pub key: String,
    /// Its value; JSON where it is no string.
    pub value: String,
    /// The published reason.
    pub reason: &'static str,
}

/// The change, if there is one.
pub(super) fn change(
    stitched: &Stitched,
    profile: &Profile,
    ids: &EventIds<'_>,
    names: &Names,
) -> Option<IdentityChange> {
    if stitched.added.is_empty() && stitched.merged.is_empty() {
        return None;
    }
    let text = |column: u32, value: &str| format!("{}:{value}", names.name(column));
    let added = stitched.added.iter().filter_map(|place| ids.get(*place));
    Some(IdentityChange {
        profile: profile.number(),
        made: stitched.made,
        added: added.map(|(column, value)| text(*column, value)).collect(),
        merged: stitched.merged.clone(),
        evicted: stitched.evicted.iter().map(|id| text(id.column, id.value.as_str())).collect(),
        ids: all_ids(profile, names),
    })
}

/// The ids of a profile, as `column:value`.
pub(super) fn all_ids(profile: &Profile, names: &Names) -> Vec<String> {
    profile.ids.iter().map(|id| format!("{}:{}", names.name(id.column), id.value.as_str())).collect()
}

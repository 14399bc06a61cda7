//! A profile: ids, the link to batch data, attribute states.

pub mod stay;

pub use stay::Stay;

use super::attribute::AttributeState;
use super::text::SharedText;
use crate::platform::limits::{ATTRIBUTES_PER_PROFILE, IDS_PER_PROFILE};
use serde::{Deserialize, Serialize};

/// Which profile: its number over all profiles, and when it was made in seconds since the epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProfileNumber {
    /// Counts up; the lower one is older.
    pub number: u64,
    /// When it was made; 0 for one of an earlier version.
    pub since: i64,
}

/// An id: a value of a key column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Id {
    /// Number of the key column.
    pub column: u32,
    pub value: SharedText,
    /// The latest time of an event with it.
    pub seen: i64,
}

impl Id {
    fn is(&self, column: u32, value: &str) -> bool {
        self.column == column && self.value.as_bytes() == value.as_bytes()
    }
}

/// The value that finds the customer in the batch data, and when it was last seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    pub value: SharedText,
    pub seen: i64,
}

/// A profile.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Counts up over all profiles; the lower one is older.
    pub created: u64,
    /// When it was made, in seconds since the epoch; 0 for one of an earlier version.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub since: i64,
    pub ids: Vec<Id>,
    pub link: Option<Link>,
    states: States,
    /// Its stays in journeys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<Stay>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl Profile {
    /// An empty profile; `since`: seconds since the epoch.
    pub fn new(created: u64, since: i64) -> Self {
        Profile { created, since, ..Profile::default() }
    }

    /// Which one it is.
    pub fn number(&self) -> ProfileNumber {
        ProfileNumber { number: self.created, since: self.since }
    }

    /// Notes that an id was seen. True when it is new.
    pub fn see(&mut self, column: u32, value: &str, seen: i64) -> bool {
        if let Some(id) = self.ids.iter_mut().find(|id| id.is(column, value)) {
            id.seen = id.seen.max(seen);
            return false;
        }
        self.ids.push(Id { column, value: value.into(), seen });
        true
    }

    /// Removes the ids beyond 200, those that were not seen for longest first (the vendor says
    /// "the oldest are ejected first"; that age counts from the last event is our choice).
    pub fn eject(&mut self) -> Vec<Id> {
        let excess = self.ids.len().saturating_sub(IDS_PER_PROFILE);
        let oldest = |ids: &[Id]| ids.iter().enumerate().min_by_key(|(_, id)| id.seen).map(|(at, _)| at);
        (0..excess).filter_map(|_| oldest(&self.ids).map(|at| self.ids.remove(at))).collect()
    }

    /// Notes the customer that an event names: the latest one counts, at the same time the one
    /// that arrived later.
    pub fn link(&mut self, value: &str, seen: i64) {
        match &mut self.link {
            Some(link) if link.seen > seen => {}
            Some(link) if link.value.as_str() == value => link.seen = seen,
            link => *link = Some(Link { value: value.into(), seen }),
        }
    }

    /// Merges a younger profile into this one. They must not share an id: an id belongs to exactly
    /// one profile.
    pub fn merge(&mut self, other: Profile) {
        self.ids.extend(other.ids);
        stay::merge(&mut self.stays, other.stays);
        if let Some(link) = other.link
            && self.link.as_ref().is_none_or(|own| own.seen < link.seen)
        {
            self.link = Some(link);
        }
        for (attribute, state) in other.states.0 {
            if !self.has_room(attribute) {
                continue;
            }
            match (self.states.slot(attribute), state) {
                (Some(own), Some(other)) => own.merge(other),
                (own @ None, state) => *own = state,
                (Some(_), None) => {}
            }
        }
    }

    /// Whether an attribute can have a state. Beyond the limit, the attributes that came first keep
    /// theirs (our choice: the vendor only states the number).
    pub fn has_room(&self, attribute: u32) -> bool {
        self.states.0.len() < ATTRIBUTES_PER_PROFILE
            || self.states.get(attribute).is_some()
            || self.states.0.iter().filter(|(_, state)| state.is_some()).count() < ATTRIBUTES_PER_PROFILE
    }

    /// The state of an attribute by its number.
    pub fn state(&self, attribute: u32) -> Option<&AttributeState> {
        self.states.get(attribute)
    }

    /// The state of an attribute by its number, to change.
    pub fn state_mut(&mut self, attribute: u32) -> &mut Option<AttributeState> {
        self.states.slot(attribute)
    }
}

/// States by attribute number, sorted. Sparse: attributes without a state take no memory.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct States(Vec<(u32, Option<AttributeState>)>);

impl States {
    fn get(&self, attribute: u32) -> Option<&AttributeState> {
        let at = self.0.binary_search_by_key(&attribute, |(number, _)| *number).ok()?;
        self.0.get(at)?.1.as_ref()
    }

    #[expect(clippy::indexing_slicing, reason = "the search found it, or it was just put there")]
    fn slot(&mut self, attribute: u32) -> &mut Option<AttributeState> {
        let at = match self.0.binary_search_by_key(&attribute, |(number, _)| *number) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (attribute, None));
                at
            }
        };
        &mut self.0[at].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_seen_longest_ago_go_first() {
        let mut profile = Profile::new(0, 0);
        for number in 0..202 {
            profile.see(1, &number.to_string(), 1_000 + number);
        }
        assert!(!profile.see(1, "0", 5_000), "known");
        let ejected: Vec<String> = profile.eject().iter().map(|id| id.value.as_str().to_owned()).collect();
        assert_eq!(ejected, ["1", "2"]);
        assert_eq!(profile.ids.len(), IDS_PER_PROFILE);
    }

    #[test]
    fn the_latest_customer_counts() {
        let mut profile = Profile::new(0, 0);
        for (value, seen) in [("a", 10), ("b", 30), ("c", 20)] {
            profile.link(value, seen);
        }
        assert_eq!(profile.link, Some(Link { value: "b".into(), seen: 30 }));
    }
}

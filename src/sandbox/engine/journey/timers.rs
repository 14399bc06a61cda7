//! The due times of all profiles.

use crate::sandbox::engine::profile::stay::Stay;
use std::collections::{BTreeMap, BTreeSet};

/// Due times (seconds since the epoch) of profiles: by number, with their slot. An outdated one
/// finds nothing due, and is dropped.
#[derive(Debug, Clone, Default)]
pub struct Timers {
    due: BTreeMap<(i64, u64), Place>,
    /// Those that came due in a journey that is paused.
    held: BTreeSet<(i64, u64, usize)>,
}

/// The slot of a profile.
#[derive(Debug, Clone, Copy)]
struct Place {
    place: usize,
    /// It was held, and goes on at the time at which it is taken out.
    late: bool,
}

impl Timers {
    /// Adds a due time of a profile.
    pub fn note(&mut self, profile: u64, place: usize, stays: &[Stay]) {
        for due in stays.iter().filter_map(Stay::due) {
            self.due.entry((due, profile)).or_insert(Place { place, late: false });
        }
    }

    /// The earliest due time.
    pub fn next(&self) -> Option<i64> {
        self.due.keys().next().map(|(due, _)| *due)
    }

    /// Takes out the earliest that is due at or before `now`: the time at which it goes on, profile, slot.
    pub fn take(&mut self, now: i64) -> Option<(i64, u64, usize)> {
        let entry = self.due.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((due, profile), Place { place, late }) = entry.remove_entry();
        Some((if late { now } else { due }, profile, place))
    }

    /// Holds one until its journey is resumed.
    pub fn hold(&mut self, due: i64, profile: u64, place: usize) {
        self.held.insert((due, profile, place));
    }

    /// Releases all that are held, after a change of the configuration.
    pub fn release(&mut self) {
        for (due, profile, place) in std::mem::take(&mut self.held) {
            self.due.insert((due, profile), Place { place, late: true });
        }
    }
}

//! When something is due, over all profiles.

use super::stay::Stay;
use std::collections::{BTreeMap, BTreeSet};

/// Due times (seconds since the epoch) of profiles: by number, with their place. One that is not so any
/// more finds nothing due, and goes.
#[derive(Debug, Clone, Default)]
pub struct Timers {
    due: BTreeMap<(i64, u64), usize>,
    /// Those that came due in a journey that is paused.
    held: BTreeSet<(i64, u64, usize)>,
}

impl Timers {
    /// Notes what is due for a profile.
    pub fn note(&mut self, profile: u64, place: usize, stays: &[Stay]) {
        for due in stays.iter().filter_map(Stay::due) {
            self.due.insert((due, profile), place);
        }
    }

    /// The earliest due time.
    pub fn next(&self) -> Option<i64> {
        self.due.keys().next().map(|(due, _)| *due)
    }

    /// Takes out the earliest that is due at or before `now`: due time, profile, place.
    pub fn take(&mut self, now: i64) -> Option<(i64, u64, usize)> {
        let entry = self.due.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((due, profile), place) = entry.remove_entry();
        Some((due, profile, place))
    }

    /// Holds one until somebody resumes.
    pub fn hold(&mut self, due: i64, profile: u64, place: usize) {
        self.held.insert((due, profile, place));
    }

    /// Lets go of all that are held, after a change of the configuration.
    pub fn release(&mut self) {
        for (due, profile, place) in std::mem::take(&mut self.held) {
            self.due.insert((due, profile), place);
        }
    }
}

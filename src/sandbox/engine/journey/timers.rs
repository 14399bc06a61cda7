//! The due times of all profiles.

use crate::sandbox::engine::profile::stay::Stay;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Due times (seconds since the epoch) of profiles: the earliest of each, by number, with its slot. An
/// outdated one finds nothing due, and is dropped.
#[derive(Debug, Clone, Default)]
pub struct Timers {
    due: BTreeMap<(i64, u64), Place>,
    /// The due time of each profile that is in `due`.
    of: HashMap<u64, i64>,
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
    /// Replaces the due time of a profile by the earliest of these stays.
    pub fn note(&mut self, profile: u64, place: usize, stays: &[Stay]) {
        if let Some(due) = stays.iter().filter_map(Stay::due).min() {
            self.make_way(profile, due);
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
        self.of.remove(&profile);
        Some((if late { now } else { due }, profile, place))
    }

    /// Holds one until its journey is resumed.
    pub fn hold(&mut self, due: i64, profile: u64, place: usize) {
        self.held.insert((due, profile, place));
    }

    /// Releases all that are held, after a change of the configuration. What a profile has later is
    /// found again after it.
    pub fn release(&mut self) {
        for (due, profile, place) in std::mem::take(&mut self.held) {
            if self.of.get(&profile).is_none_or(|own| due <= *own) {
                self.make_way(profile, due);
                self.due.insert((due, profile), Place { place, late: true });
            }
        }
    }

    /// A profile is due then, and at no other time.
    fn make_way(&mut self, profile: u64, due: i64) {
        if let Some(old) = self.of.insert(profile, due).filter(|old| *old != due) {
            self.due.remove(&(old, profile));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::engine::profile::stay::{Position, StayEvent, Waits};

    fn waits_until(due: i64) -> [Stay; 1] {
        let waits = Waits::Step { key: "a".into(), due };
        let position = Position { stage: "s".into(), waits, stale: None, event: StayEvent::default() };
        [Stay { position: Some(position), ..Stay::new("j") }]
    }

    #[test]
    fn a_profile_has_one_due_time_however_often_it_comes_in() {
        let mut timers = Timers::default();
        for due in [30, 10, 20, 40] {
            timers.note(1, 0, &waits_until(due));
        }
        timers.note(2, 1, &waits_until(35));
        assert_eq!(timers.due.len(), 2);
        assert_eq!(
            (timers.take(34), timers.take(60), timers.take(60)),
            (None, Some((35, 2, 1)), Some((40, 1, 0)))
        );
    }

    #[test]
    fn what_was_held_goes_on_when_it_is_released() {
        let mut timers = Timers::default();
        timers.hold(10, 1, 0);
        timers.hold(20, 1, 0);
        timers.note(1, 0, &waits_until(30));
        timers.release();
        assert_eq!(
            (timers.take(25), timers.take(25)),
            (Some((25, 1, 0)), None),
            "at the time of its release"
        );
        timers.note(1, 0, &waits_until(30));
        assert_eq!((timers.take(30), timers.next()), (Some((30, 1, 0)), None));
    }
}

//! Continues journeys when time has passed.

use super::Batch;
use super::ingest::Profiles;
use super::journey::{Activated, Runner};
use super::names::ProfileLayout;
use super::program::Program;
use super::view::View;

impl Profiles {
    /// When something is due next in a journey, in seconds since the epoch.
    pub fn next_timer(&self) -> Option<i64> {
        self.timers.next()
    }

    /// Runs what is due in journeys at or before `now`, in the order of due times, each at its own time;
    /// returns what journeys send.
    pub fn run_timers(&mut self, program: &Program, batch: &dyn Batch, now: i64) -> Vec<Activated> {
        let mut sent = Vec::new();
        if !self.layout_is_of(program) {
            self.bind(program);
        }
        while let Some((due, number, place)) = self.timers.take(now) {
            let Some(profile) = self.population.at_mut(place, number) else { continue };
            let mut stays = std::mem::take(&mut profile.stays);
            let held = {
                let profile = self.population.at(place, number);
                let Some(profile) = profile else { continue };
                let layout: &ProfileLayout = self.current_layout();
                let view = View::new(program, profile, layout, batch, due);
                let mut runner = Runner::new(&view, &mut stays);
                let held = runner.due();
                sent.append(&mut runner.sent);
                held
            };
            if held {
                self.timers.hold(due, number, place);
            }
            // It is due later, or was postponed.
            let later: Vec<_> =
                stays.iter().filter(|stay| stay.due().is_some_and(|at| !held || at > due)).cloned().collect();
            self.timers.note(number, place, &later);
            if let Some(profile) = self.population.at_mut(place, number) {
                profile.stays = stays;
            }
        }
        sent
    }

    /// After a change of the configuration: profiles that were held because their journey was paused are
    /// checked again.
    pub fn release_timers(&mut self) {
        self.timers.release();
    }

    /// Finds the due times of all loaded profiles.
    pub(super) fn find_timers(&mut self) {
        for (place, profile) in self.population.placed() {
            self.timers.note(profile.created, place, &profile.stays);
        }
    }
}

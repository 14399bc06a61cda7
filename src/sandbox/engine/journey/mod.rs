//! Journeys: what launched journeys do with events and with time.
//!
//! The vendor's files describe the form of journeys and say little about what they do. What is not
//! published is our choice, noted at the item at hand:
//!
//! - A profile is in a journey at most once at a time.
//! - Its steps run at once until a wait, or until the stage has no next step. Then the profile waits
//!   for the stage's milestone, where it has one, else goes on to the next stage; after the last one it
//!   has completed the journey.
//! - At each event of a profile the goal comes first, then the exit criteria in their order, then the
//!   milestone. The event with which it enters is not checked again.

mod run;
mod send;
mod share;
mod timers;

pub(super) use run::Runner;
pub use send::Activated;
pub(super) use timers::Timers;

use serde_json::{Map, Value};

/// An event that has just come, with the key events that it matched.
#[derive(Clone, Copy)]
pub(super) struct Happening<'a> {
    pub event: &'a Map<String, Value>,
    /// Places of the key events in the program.
    pub matched: &'a [usize],
    /// The event's own time.
    pub time: i64,
}

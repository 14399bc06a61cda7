//! Journeys: what launched journeys do with events and with time.
//!
//! The vendor's files describe the form of journeys and say little of what they do; what is said
//! nowhere is our choice and said at the item at hand:
//!
//! - A profile is in a journey at most once at a time.
//! - Its steps run at once until a wait, or until the way through the stage ends. Then the profile waits
//!   for the stage's milestone, where it has one, else goes on to the next stage; behind the last one it
//!   has completed the journey.
//! - At each event of a profile the goal comes first, then the exit criteria in their order, then the
//!   milestone. The event with which it enters is not looked at again.

mod run;
mod send;
mod share;
mod timers;

pub(super) use run::{Happening, Runner};
pub use send::Activated;
pub(super) use timers::Timers;

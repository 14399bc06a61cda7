//! Journeys (`/entities/realtime_journeys`): stored and checked; nothing runs them here.
//!
//! [`read`] reads a body, [`check`] has the rules of a draft, [`launch`] what a journey needs
//! before it can run, [`activations`] the destinations, [`jumps`] which journey leads to which.

pub mod activations;
mod check;
mod edit;
mod graph;
pub mod jumps;
mod launch;
mod read;

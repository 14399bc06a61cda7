//! Every form of the wire round-trips: live → plan → wire.

mod forms;
mod live;
pub(in crate::plan) mod random;
mod random_attributes;
pub(in crate::plan) mod random_sections;
pub(in crate::plan) mod tape;

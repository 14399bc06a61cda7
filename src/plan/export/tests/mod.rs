//! Every form of the wire round-trips: live → plan → wire.

mod forms;
mod live;
mod random;
mod random_attributes;
mod random_sections;
mod tape;

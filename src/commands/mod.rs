//! One file a command: its arguments, its run function, its output.

pub mod apply;
pub mod completions;
pub mod config;
pub mod diff;
pub mod discover;
pub mod explain;
pub mod export;
pub mod graph;
pub mod install_links;
pub mod journey_create;
pub mod journey_test;
pub mod man;
pub mod ps_check;
pub mod pz_create;
pub mod pz_test;
pub mod rt_attrs;
pub mod rt_events;
pub mod rt_keys;
pub mod sandbox;
pub mod schema;
pub mod shell_init;
pub mod undo;
pub mod validate;

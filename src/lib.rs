//! **tdx-rt** sets up Treasure Data real-time 2.0 personalization from the shell.
//!
//! Dependencies run in one direction: `main` → [`cli`] → [`commands`] → [`writing`] → [`input`] → {[`ui`],
//! [`context`], [`steps`]} → {[`plan`], [`api`]} → [`platform`], and no command imports another one (`tests/layers.rs`);
//! [`error`] and [`file`] are for all who know I/O. `plan`, `platform` and [`schema`] know no I/O, `api` knows
//! neither clap nor [`ui`], and the [`sandbox`] stands on `platform` alone.
//!
//! What is live is one type, [`steps::live::Live`]. What a command wants is a [`steps::desired::Desired`], and
//! [`steps::change`] finds the operations that lead from the one to the other, and carries them out. Every
//! command that writes goes through [`writing::carry_out`], which keeps the journal and waits.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, clippy::print_stdout, clippy::print_stderr, clippy::string_slice)
)]
// What panics is a bug, and there is no need for it. `clippy.toml` lets tests do so.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing
)]
#![deny(clippy::allow_attributes_without_reason)]
#![warn(missing_docs)]

pub mod api;
pub mod cli;
pub mod commands;
pub mod context;
pub mod environment;
pub mod error;
pub mod explain;
pub mod file;
pub mod input;
pub mod jq;
pub mod nearest;
pub mod outcome;
pub mod plan;
pub mod platform;
pub mod program;
pub mod queries;
pub mod sandbox;
pub mod schema;
mod secrets;
pub mod settings;
pub mod steps;
mod tls;
pub mod tokens;
pub mod ui;
pub mod writing;

//! All integration tests in one binary: they share the build and the harness in `common`.

mod cli;
mod common;
mod contract;
mod forms;
mod fuzz;
mod golden;
mod layers;
mod sandbox;
mod supply;

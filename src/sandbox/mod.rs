//! An offline Treasure Data for real-time 2.0: stateful, strict, loud.
//!
//! One process, loopback only, one port for the CDP API (`/audiences`, `/entities`), the TD API
//! (`/v3`) and the personalization API (`/{database}/{table}`, `/public/…`), plus controls of its
//! own under `/_sandbox/`. What is created is listed, changed and deleted, and events really move
//! profiles and offers. An operation of the platform that is missing here answers 501 with its
//! name, never a plausible empty answer.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! # use tdx_rt::sandbox::{Options, start};
//! let sandbox = start(Options::default()).await?;
//! // … requests to sandbox.url with `Authorization: TD1 <sandbox.api_key>` …
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```

pub mod answers;
pub mod clock;
mod connection;
mod delivery;
pub mod durable;
pub mod engine;
pub mod faults;
mod gate;
mod hosts;
pub mod inbox;
pub mod journal;
pub mod options;
mod pump;
pub mod reason;
pub mod refusal;
mod results;
mod routes;
pub mod rows;
pub mod seed;
mod server;
pub mod state;
pub mod store;
pub mod tls;
pub mod trino;
pub mod warehouse;
mod worker;

pub use clock::{Clock, FixedClock, SystemClock};
pub use options::{ApiKey, InvalidKey, Limits, Options};
pub use seed::{Seed, SeedDocument, SeedError};
pub use server::{Running, StartError, start};
pub use state::Sandbox;
pub use store::pace::Pace;
pub use store::rollout::Settle;

/// Method and path template of all operations of a sandbox, including its own controls.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    routes::operations()
}

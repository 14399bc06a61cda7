//! The sandbox over HTTP, without the client.

mod arrivals;
mod audiences;
mod bounded;
mod browser;
mod checks;
mod controls;
mod damaged;
mod durability;
mod inbox;
mod ingest;
mod jobs;
mod journeys;
mod kept;
mod life_cycle;
mod limits;
mod model;
mod profiles;
mod published;
mod renaming;
mod runs;
mod seeds;
mod snapshots;
mod soak;
mod tls;
mod triggers;
mod trino;
mod unlisted;
mod warehouse;

/// The parent segment of these tests, in the demo data.
const PS: &str = "/audiences/394649";
const VENDOR: &str = "application/vnd.treasuredata.v1+json";
/// The time of `Platform`'s clock: 2025-11-01T00:00:00Z.
const NOW: i64 = 1_761_955_200;

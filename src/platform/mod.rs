//! What the platform is: its sites, its limits, its rule language and the JSON it speaks.
//!
//! Everything here is pure (no I/O) and shared by the client and the sandbox. The sources are the
//! vendor's published OpenAPI descriptions (CDP API, TD API v3, personalization) and its public
//! documentation; where the vendor says nothing, the item says that the choice is ours.

pub mod addresses;
pub mod controls;
pub mod fields;
pub mod keys;
pub mod limits;
pub mod new_id;
pub mod pattern;
pub mod payload;
pub mod rule;
pub mod sites;
pub mod template;
pub mod time;
pub mod wire;

/// The name under which a sandbox of the platform answers, so that nothing else is taken for one.
pub const SANDBOX: &str = "tdx-rt sandbox";

//! The plan: the one document that goes from the first step to the last.
//!
//! [`Document`] is the YAML or JSON text with its positions, [`Plan`] the typed model with every
//! check that needs no network, [`criteria`] the SQL-like language of sections and event filters,
//! [`presets`] whole plans proposed from real schemas. Pure: no I/O; it stands on
//! [`crate::platform`] alone.
//!
//! Sources: the published YAML dialect (td-skills `rt-config*`, `rt-setup-personalization` step 8)
//! and the vendor's contract as far as [`crate::platform`] knows it.

mod configuration;
pub mod criteria;
mod document;
pub mod duration;
mod finding;
mod model;
pub mod nearest;
pub mod presets;
mod read;
mod tree;

pub use configuration::Configuration;
pub use document::Document;
pub use finding::{Finding, PlanError, Severity};
pub use model::{
    Attribute, AttributeKind, Checked, Counter, Event, IdStitching, Imported, List, Lookup, Only, Output,
    PersonalizationService, Plan, Section, Single, Source, StitchingKey, default_sub, planned_sub,
    safe_identifier,
};
pub use nearest::nearest;

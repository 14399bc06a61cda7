//! The plan: the one document that goes from the first step to the last.
//!
//! [`Document`] is the YAML or JSON text with its positions, [`Plan`] the typed model with every
//! check that needs no network, [`criteria`] the SQL-like language of sections and event filters,
//! [`presets`] whole plans proposed from real schemas. Pure: no I/O; it stands on
//! [`crate::platform`] alone.
//!
//! Sources: the published YAML dialect (td-skills `rt-config*`, `rt-setup-personalization` step 8)
//! and the vendor's contract as far as [`crate::platform`] knows it.

mod body;
mod configuration;
pub mod criteria;
mod dialect;
pub mod difference;
mod document;
pub mod duration;
pub mod export;
mod finding;
pub mod fix;
mod flow;
pub mod graph;
mod guard;
pub mod keys;
pub mod lines;
mod lint;
mod model;
mod number;
mod parse;
pub mod presets;
mod read;
pub mod rename;
mod rules;
mod scalar;
pub mod seed;
mod shell;
mod tree;
pub mod uses;
mod wire_rule;
mod words;
mod written;

pub use crate::nearest::{self, nearest};
pub use configuration::Configuration;
pub use dialect::RequestBody;
pub use document::Document;
pub use finding::{Finding, MAX_FINDINGS, Mend, PlanError, Severity};
pub use guard::{Guard, HOOK_PREFIX};
pub use lint::{Report, validate};
pub use model::{
    Activation, Attribute, AttributeKind, Branch, CatalogOutput, CheckedPlan, CompiledActivation,
    CompiledJourney, Condition, Counter, EntryCondition, Event, EventSource, Exit, HiddenSection,
    IdStitching, Imported, ItemAction, Journey, JourneyLookup, JourneyStep, JumpTarget, List, LiveJourney,
    Lookup, Only, PersonalizationService, Plan, Reach, Section, SectionOutput, Sends, Single, Stage,
    StepKind, StitchingKey, Variant, Why, default_sub, has_key, hidden, hidden_in_plan, import_column,
    import_of, imported_columns, planned_sub, reentry_word,
};
pub use parse::{MAX_BYTES, MAX_VALUES};
pub use rules::RULES;
pub use shell::{item_command, shell_word};
pub use tree::source_line;
pub use words::{counted, free_name, safe_identifier};

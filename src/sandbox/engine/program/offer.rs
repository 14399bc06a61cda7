//! Compiled personalizations.

use crate::platform::rule::Predicate;

/// A compiled personalization.
#[derive(Debug, Clone)]
pub struct ProgramPersonalization {
    pub id: String,
    pub name: String,
    pub sections: Vec<ProgramSection>,
}

/// A compiled section.
#[derive(Debug, Clone)]
pub struct ProgramSection {
    pub name: String,
    /// `None` when it has no entry criteria.
    pub entry: Option<EntryRule>,
    pub payload: Payload,
}

/// Compiled entry criteria.
#[derive(Debug, Clone)]
pub struct EntryRule {
    /// `None`: never triggered by an event.
    pub trigger: Option<Trigger>,
    /// `None`: everyone.
    pub profile: Option<Predicate>,
    /// `acceptUnknownProfiles`; true unless it says false (our choice).
    pub accepts_unknown: bool,
}

/// The key event that triggers a section.
#[derive(Debug, Clone)]
pub struct Trigger {
    pub key_event_id: String,
    /// Its place in the program; `None` when it does not exist (any more).
    pub key_event: Option<usize>,
    pub filter: Option<Predicate>,
}

/// What a section answers.
#[derive(Debug, Clone, Default)]
pub struct Payload {
    pub outputs: Vec<(String, OfferOutput)>,
    /// Batch segments whose membership is answered.
    pub segments: Vec<String>,
}

/// One output of a section.
#[derive(Debug, Clone)]
pub enum OfferOutput {
    /// An attribute by its place in the program, and its sub-attribute.
    Attribute { attribute: usize, sub: Option<usize> },
    /// A fixed string.
    Text(String),
    /// Rows of a catalog (its place in the program) that hold the value of the attribute `driver` in
    /// a column.
    Lookup { catalog: usize, driver: usize, column: String },
    /// Always null: it refers to something that does not exist (any more).
    Null,
}

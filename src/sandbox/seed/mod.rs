//! What a sandbox starts with: the demo data, nothing, or a document of the user.

mod build;
mod document;
mod realtime;
mod tables;
#[cfg(test)]
mod tests;

use crate::nearest::nearest;
pub use document::SeedDocument;

use super::store::Store;
use super::store::rollout::Settle;
use std::sync::Arc;

/// The data at the start and after a reset.
#[derive(Debug, Clone, Default)]
pub enum Seed {
    /// Three parent segments (ok, updating, real-time not enabled), realistic tables and customers.
    #[default]
    Demo,
    /// Nothing at all.
    Empty,
    /// A document of the user, in the form of [`Seed::DEMO`].
    Document(Arc<SeedDocument>),
}

/// A seed that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// Not the document's form.
    #[error("the seed is not valid: {0}")]
    Form(String),
    /// A reference or a value that does not fit.
    #[error("the seed is not valid: {item}: {reason}")]
    Item {
        /// For example `parent segment 'Customer 360'`.
        item: String,
        /// What is wrong.
        reason: String,
    },
}

impl Seed {
    /// The demo data as a document: three parent segments, three databases, twelve customers.
    pub const DEMO: &str = include_str!("demo.yaml");

    /// Reads a document, YAML or JSON. The error has line and column; [`Seed::store`] checks whether the
    /// parts of the document fit together.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        let mut document = read(text)?;
        document.text = text.to_owned();
        Ok(Seed::Document(Arc::new(document)))
    }

    /// The seed as a string that [`Seed::from_note`] takes, to save it with a state.
    pub fn note(&self) -> String {
        match self {
            Seed::Demo => "demo".to_owned(),
            Seed::Empty => "empty".to_owned(),
            Seed::Document(document) => format!("document\n{}", document.text),
        }
    }

    /// Reads [`Seed::note`] again.
    pub fn from_note(note: &str) -> Result<Self, SeedError> {
        match note.split_once('\n') {
            Some(("document", text)) => Seed::parse(text),
            None if note == "demo" => Ok(Seed::Demo),
            None if note == "empty" => Ok(Seed::Empty),
            _ => Err(SeedError::Form(format!("'{note}' is not a seed"))),
        }
    }

    /// A fresh store. `random`: the ids that are given out depend on it and on the order of requests
    /// alone, and so do the values of tokens; 0 numbers from 500001. `now`: milliseconds since the
    /// epoch.
    pub fn store(&self, account: &str, random: u64, settle: Settle, now: i64) -> Result<Store, SeedError> {
        match self {
            Seed::Demo => read(Self::DEMO)?.store(account, random, settle, now),
            Seed::Empty => SeedDocument::default().store(account, random, settle, now),
            Seed::Document(document) => document.store(account, random, settle, now),
        }
    }
}

fn item(item: impl Into<String>, reason: impl Into<String>) -> SeedError {
    SeedError::Item { item: item.into(), reason: reason.into() }
}

fn read(text: &str) -> Result<SeedDocument, SeedError> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| SeedError::Form(form(&error)))
}

/// What is wrong with the form, with the nearest known key for an unknown one.
fn form(error: &serde_saphyr::Error) -> String {
    match error.without_snippet() {
        serde_saphyr::Error::SerdeUnknownField { field, expected, .. } => {
            let near = did_you_mean(field, expected.iter().copied());
            let place = error.location().map(|at| format!(" (line {}, column {})", at.line(), at.column()));
            format!("there is no key '{field}' here{near}{}", place.unwrap_or_default())
        }
        other => other.to_string(),
    }
}

/// `; did you mean 'x'?`, when a known word is near enough.
fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(word, known).map(|known| format!("; did you mean '{known}'?")).unwrap_or_default()
}

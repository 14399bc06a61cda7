//! What a sandbox starts with: the demo data, nothing, or a document of one's own.

mod document;

pub use document::SeedDocument;

use super::store::Store;
use super::store::rollout::Settle;
use std::sync::Arc;

/// The demo data: three parent segments, three databases, twelve customers.
const DEMO: &str = include_str!("demo.yaml");

/// What is there at the start and after a reset.
#[derive(Debug, Clone, Default)]
pub enum Seed {
    /// Three parent segments (ok, updating, real-time not enabled), realistic tables and customers.
    #[default]
    Demo,
    /// Nothing at all.
    Empty,
    /// A document of one's own, in the form of the demo data (`src/sandbox/seed/demo.yaml`).
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
    /// Reads a document, YAML or JSON.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        Ok(Seed::Document(Arc::new(read(text)?)))
    }

    /// A fresh store. `now`: milliseconds since the epoch.
    pub fn store(&self, account: &str, settle: Settle, now: i64) -> Result<Store, SeedError> {
        match self {
            Seed::Demo => read(DEMO)?.store(account, settle, now),
            Seed::Empty => SeedDocument::default().store(account, settle, now),
            Seed::Document(document) => document.store(account, settle, now),
        }
    }
}

fn read(text: &str) -> Result<SeedDocument, SeedError> {
    serde_saphyr::from_str(text).map_err(|error| SeedError::Form(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_data_is_sound_and_compiles() {
        let store = Seed::Demo.store("1", Settle::default(), 0).unwrap();
        let status = |id: &str| store.realtime(id).map(|r| r.rollout.status(0).as_str());
        assert_eq!(status("394649"), Ok("ok"));
        assert_eq!(status("394650"), Ok("updating"));
        assert!(status("394651").is_err(), "real-time is not enabled there");
        for segment in store.segments() {
            assert!(segment.realtime().is_err() || segment.realtime().unwrap().program().is_ok());
        }
        assert_eq!(Seed::Empty.store("1", Settle::default(), 0).unwrap().segments().count(), 0);
    }

    #[test]
    fn a_bad_reference_names_itself() {
        let text = "parent_segments: [{id: '1', name: A, master: {database: x, table: y, profile_key: z}}]";
        let error = Seed::parse(text).unwrap().store("1", Settle::default(), 0).unwrap_err();
        assert!(error.to_string().contains("parent segment 'A'"), "{error}");
    }
}

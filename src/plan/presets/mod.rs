//! Whole plans, proposed from the real schemas (the workflow's steps 2 to 8).

mod draft;
mod keys;
mod likeness;
mod recipes;

pub use likeness::{is_event_like, is_id_like};

use crate::platform::wire::Column;
use draft::Draft;
use serde_json::{Map, Value};
use std::fmt;
use std::str::FromStr;

/// The workflow's use cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UseCase {
    /// Content and recommendations on page load.
    Web,
    /// Offers when something is put into a cart.
    Cart,
    /// Profile data in real time.
    Profile,
    /// Content by consumption.
    Content,
}

impl UseCase {
    /// Every use case, in the workflow's order.
    pub const ALL: [UseCase; 4] = [UseCase::Web, UseCase::Cart, UseCase::Profile, UseCase::Content];

    /// The spelling of the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            UseCase::Web => "web",
            UseCase::Cart => "cart",
            UseCase::Profile => "profile",
            UseCase::Content => "content",
        }
    }
}

impl UseCase {
    /// Whether it is usually a web page that asks, which only a public service answers.
    pub fn is_for_pages(self) -> bool {
        self != UseCase::Profile
    }
}

impl fmt::Display for UseCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A spelling that names no use case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a use case; the use cases are web, cart, profile and content")]
pub struct UnknownUseCase(pub String);

impl FromStr for UseCase {
    type Err = UnknownUseCase;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        UseCase::ALL
            .into_iter()
            .find(|case| case.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownUseCase(text.to_owned()))
    }
}

/// What was found on the platform.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explored {
    /// Id of the parent segment.
    pub parent_segment_id: String,
    /// Its name.
    pub parent_segment_name: String,
    /// The database with the event tables.
    pub database: String,
    /// Its tables.
    pub tables: Vec<ExploredTable>,
    /// Names of the parent segment's batch attributes.
    pub batch_attributes: Vec<String>,
    /// Profile key column of the master table.
    pub profile_key: Option<String>,
}

/// A table with what shows whether it is an event table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExploredTable {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Number of records.
    pub count: u64,
    /// Time of the last record in seconds since the epoch.
    pub last_log_timestamp: Option<i64>,
}

/// Why nothing can be proposed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ProposeError {
    /// What is missing.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// Proposes a whole plan: parent segment, events, stitching keys, attributes and service, from the
/// tables, columns and batch attributes that exist and no others. `public`: whether web pages may use the
/// service's tokens; the plan does not say it when it is `None`, and such a service is private.
///
/// # Errors
/// No table looks like one of events: nothing real-time can be built on the database.
pub fn propose(
    use_case: UseCase,
    explored: &Explored,
    public: Option<bool>,
) -> Result<Map<String, Value>, ProposeError> {
    let mut draft = Draft::new(explored);
    match use_case {
        UseCase::Web => recipes::web(&mut draft),
        UseCase::Cart => recipes::cart(&mut draft),
        UseCase::Profile => recipes::profile(&mut draft),
        UseCase::Content => recipes::content(&mut draft),
    }
    .map(|()| draft.into_plan(use_case, public))
    .ok_or_else(|| ProposeError {
        message: format!("No streaming event tables found in database \"{}\".", explored.database),
        hint: "Verify database name or check if events are being ingested.".to_owned(),
    })
}

#[cfg(test)]
mod tests;

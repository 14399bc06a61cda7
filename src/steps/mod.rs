//! What several commands share: reading the live state, reconciling it with what is wanted,
//! waiting, verifying.

pub mod account;
pub mod change;
pub mod desired;
pub mod foresight;
pub mod items;
pub mod journal;
pub mod kind;
pub mod live;
pub mod live_check;
pub mod ownership;
pub mod parent_segment;
pub mod saved;
pub mod target;
pub mod undo;
pub mod verify;
pub mod wait;

use crate::api::ApiError;
use crate::error::Error;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

/// What a step did to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It did not exist.
    Created,
    /// It existed and differed.
    Updated,
    /// It existed as wanted.
    Unchanged,
    /// It existed and was deleted.
    Deleted,
}

impl Action {
    /// The word in the document.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Created => "created",
            Action::Updated => "updated",
            Action::Unchanged => "unchanged",
            Action::Deleted => "deleted",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Runs independent requests at once and lets all of them finish, so that no answer is thrown
/// away because another request failed; the first error is reported.
pub(crate) async fn all<T, F>(futures: impl IntoIterator<Item = F>) -> Result<Vec<T>, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    each(futures).await.into_iter().collect()
}

/// Runs independent requests at once; what became of each, in order.
pub(crate) async fn each<T, F>(futures: impl IntoIterator<Item = F>) -> Vec<Result<T, Error>>
where
    F: Future<Output = Result<T, Error>>,
{
    futures_util::future::join_all(futures).await
}

/// How a create ended.
#[derive(Debug)]
pub(crate) enum Settled<T> {
    /// The item was made here, as it was sent.
    Made(T),
    /// An item of that name exists; whether it is as wanted is for the caller to compare.
    Found(T),
}

/// Settles a create whose answer did not come or says that the name is taken: checks whether the
/// item exists now. A create is never repeated blindly.
pub(crate) async fn settle<T, F>(
    created: Result<T, ApiError>,
    find: impl FnOnce() -> F,
) -> Result<Settled<T>, Error>
where
    F: Future<Output = Result<Option<T>, ApiError>>,
{
    match created {
        Ok(item) => Ok(Settled::Made(item)),
        Err(error) if error.is_ambiguous() || error.is_taken() => match find().await {
            // An item whose answer was lost counts as made here; if it was not, the next run sees the difference.
            Ok(Some(item)) if error.is_ambiguous() => Ok(Settled::Made(item)),
            Ok(Some(item)) => Ok(Settled::Found(item)),
            // Looking showed nothing new: the create's own error says what happened.
            Ok(None) | Err(_) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

//! The queries of a run that may still be running, so that none is left behind.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A query that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningQuery {
    /// Its domain key.
    pub key: String,
    /// The id of its job, once it is known.
    pub id: Option<String>,
    /// The command that stops the job.
    pub kill: Option<String>,
}

impl RunningQuery {
    /// What to do about it, for the hint of an error.
    pub fn advice(&self) -> String {
        match (&self.id, &self.kill) {
            (Some(id), Some(kill)) => format!("job {id} may still be running; `{kill}` stops it"),
            (Some(id), None) => format!("job {id} may still be running"),
            (None, _) => format!("the query with the domain key {} may have been begun", self.key),
        }
    }
}

/// The queries of a run, shared with the thread that ends it.
#[derive(Debug, Default)]
pub struct RunningQueries(Mutex<BTreeMap<String, RunningQuery>>);

impl RunningQueries {
    fn all_of(&self) -> MutexGuard<'_, BTreeMap<String, RunningQuery>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A query is about to be sent.
    pub fn begin(&self, key: &str) {
        let query = RunningQuery { key: key.to_owned(), id: None, kill: None };
        self.all_of().insert(key.to_owned(), query);
    }

    /// It became this job.
    pub fn issued(&self, key: &str, id: &str, kill: String) {
        if let Some(query) = self.all_of().get_mut(key) {
            (query.id, query.kill) = (Some(id.to_owned()), Some(kill));
        }
    }

    /// It has ended, was not begun, or is to go on without this process.
    pub fn end(&self, key: &str) {
        self.all_of().remove(key);
    }

    /// Those that may still be running.
    pub fn all(&self) -> Vec<RunningQuery> {
        self.all_of().values().cloned().collect()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all_of().is_empty()
    }
}

//! A run of the workflow that makes a parent segment's batch data.

use super::pace::Progress;
use serde::{Deserialize, Serialize};

/// A run of a parent segment's workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Id of the session.
    pub session: String,
    /// Id of the attempt.
    pub attempt: String,
    /// When it began, in milliseconds since the epoch.
    pub created: i64,
    /// How far it is.
    pub progress: Progress,
    /// Whether it ends in an error.
    pub fails: bool,
    /// When it ended, in milliseconds since the epoch; `None` while it is under way.
    pub ended: Option<i64>,
}

/// The state of a run (`status` of the contract, which has more).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    /// Under way.
    Running,
    /// Ended well.
    Success,
    /// Ended in an error; nothing is refreshed.
    Error,
}

impl Run {
    /// Its state.
    pub fn status(&self) -> RunStatus {
        match (self.ended, self.fails) {
            (None, _) => RunStatus::Running,
            (_, false) => RunStatus::Success,
            (_, true) => RunStatus::Error,
        }
    }

    /// When it ends by the clock, unless it has ended.
    pub fn due(&self) -> Option<i64> {
        self.progress.due().filter(|_| self.ended.is_none())
    }

    /// When it ended, if it is over by now and that is not recorded yet.
    pub fn over(&self, now: i64) -> Option<i64> {
        let over = self.ended.is_none() && self.progress.is_over(now);
        over.then(|| self.due().unwrap_or(now))
    }
}

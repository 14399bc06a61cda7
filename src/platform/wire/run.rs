//! `/audiences/{id}/run` and `/executions`.

use serde::Deserialize;

/// One run of a parent segment's workflow. What else the contract has of it is not read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Execution {
    /// The run's id.
    pub workflow_session_id: String,
    /// Id of its last attempt.
    #[serde(default)]
    pub workflow_attempt_id: Option<String>,
    /// RFC 3339.
    #[serde(default)]
    pub created_at: Option<String>,
    /// RFC 3339; `None` while it goes on.
    #[serde(default)]
    pub finished_at: Option<String>,
    /// One of `success`, `canceled`, `error`, `canceling`, `blocked`, `queued` and `running`, in lower case.
    pub status: String,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Not finished; so is a status that this version does not know.
    UnderWay,
    /// Finished, and the batch data is new.
    Succeeded,
    /// Finished without new batch data.
    Failed,
}

impl Execution {
    /// How it stands.
    pub fn state(&self) -> RunState {
        match self.status.to_ascii_lowercase().as_str() {
            "success" => RunState::Succeeded,
            "error" | "canceled" => RunState::Failed,
            _ => RunState::UnderWay,
        }
    }
}

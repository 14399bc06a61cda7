//! What a journal, a saved plan and the record of what a plan made are about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Whose configuration a journal, a saved plan or a list of owned items is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeTarget {
    /// Base URL of the CDP API.
    pub host: String,
    /// Account number of the key; null for an access token, which has none.
    pub account: Option<String>,
    /// Id of the parent segment.
    pub parent_segment: String,
}

/// Where it is noted what a plan made: the file, and the plan's name in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The file.
    pub file: PathBuf,
    /// The plan's name.
    pub plan: String,
}

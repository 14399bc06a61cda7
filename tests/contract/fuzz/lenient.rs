//! Requests that the sandbox accepts although the files do not allow them, and why. No others may be.

use super::CREATE_JOURNEY;

/// A request that the sandbox accepts although the files do not allow it.
pub struct Lenient {
    pub operations: &'static [&'static str],
    /// The complaint contains one of these.
    pub about: &'static [&'static str],
    pub reason: &'static str,
}

const CREATE_AUDIENCE: &str = "POST /audiences";
const CHANGE_AUDIENCE: &str = "PUT /audiences/{audienceId}";
const CREATE_FOLDER: &str = "POST /audiences/{audienceId}/folders";
const CHANGE_FOLDER: &str = "PATCH /audiences/{audienceId}/folders/{folderId}";
const CREATE_ATTRIBUTE: &str = "POST /audiences/{audienceId}/realtime_attributes";
const CHANGE_ATTRIBUTE: &str = "PATCH /audiences/{audienceId}/realtime_attributes/{realtimeAttributeId}";
const ISSUE_JOB: &str = "POST /v3/job/issue/{job_type}/{database_name}";
const CREATE_SEGMENT: &str = "POST /audiences/{audienceId}/segments";

pub static LENIENT: &[Lenient] = &[
    Lenient {
        operations: &[CREATE_AUDIENCE, CHANGE_AUDIENCE],
        about: &[
            "at '/id'",
            "at '/llmState'",
            "at '/population'",
            "at '/matrixUpdatedAt'",
            "at '/createdAt'",
            "at '/updatedAt'",
            "at '/createdBy",
            "at '/updatedBy",
        ],
        reason: "what the platform sets itself may be sent back, and is not read",
    },
    Lenient {
        operations: &[CHANGE_AUDIENCE],
        about: &["at '/attributes", "at '/behaviors"],
        reason: "without a master, attributes and behaviors stay whatever is sent (contract)",
    },
    Lenient {
        operations: &[CREATE_AUDIENCE],
        about: &["'audienceId'", "'groupingName'", "'id'", "/audienceId'", "/id'"],
        reason: "what is new has no id yet, and a grouping is for the console to show",
    },
    Lenient {
        operations: &[CREATE_AUDIENCE],
        about: &[
            "/scheduleType'",
            "/scheduleOption'",
            "/defaultTimeFilterEnabled'",
            "/isRealtime'",
            "/type'",
        ],
        reason: "how a behavior is scheduled changes nothing here; its columns have the types of the table",
    },
    Lenient {
        operations: &[CREATE_FOLDER, CHANGE_FOLDER, CREATE_SEGMENT],
        about: &["description"],
        reason: "answers of the files show a description of null, so there can be none",
    },
    Lenient {
        operations: &[CREATE_SEGMENT],
        about: &["want integer, but got string"],
        reason: "ids are texts in every answer of the files",
    },
    Lenient {
        operations: &[CREATE_ATTRIBUTE, CHANGE_ATTRIBUTE],
        about: &["missing properties 'filterRule'"],
        reason: "an action without a rule is for every event of its key event",
    },
    Lenient {
        operations: &[CREATE_JOURNEY],
        about: &["want object, but got null"],
        reason: "the public examples write null for no filters and no criteria",
    },
    Lenient {
        operations: &[ISSUE_JOB],
        about: &["want integer, but got string", "but got null", "at '/pool_name'"],
        reason: "forms have numbers as strings, nothing is as if it were left out, and there is one pool here",
    },
    Lenient {
        operations: &[CREATE_SEGMENT],
        about: &["at '/rule"],
        reason: "a rule that the sandbox cannot evaluate is kept as it came, and matches no customer",
    },
];

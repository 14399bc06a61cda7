//! The one error type of the program and the one table of its codes and exit codes.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt;

/// What went wrong, as a stable word. New codes are added; none is ever renamed or reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Code {
    /// Real-time is not enabled for the parent segment.
    RtNotEnabled,
    /// No parent segment of the account has real-time enabled.
    NoRtParentSegments,
    /// A roll-out failed; the configuration does not become `ok` by waiting.
    RtInconsistent,
    /// A run of a parent segment failed.
    RunFailed,
    /// A verification or an expectation failed.
    CheckFailed,
    /// A table that looks like an event table was not found.
    NoEventTables,
    /// A question was answered with no.
    Declined,
    /// The command line is wrong.
    Usage,
    /// The plan is wrong.
    InvalidPlan,
    /// The document that a step should read is missing or empty.
    MissingInput,
    /// A jq filter does not compile or failed.
    Jq,
    /// A name fits several things.
    AmbiguousName,
    /// A setting (file or environment) is wrong.
    BadSetting,
    /// The platform refused a request's content.
    Rejected,
    /// A thing does not exist.
    NotFound,
    /// A column or key that the event tables lack.
    UnknownColumn,
    /// No API key, or one that the platform does not accept.
    Auth,
    /// No token of the personalization API, or one that it does not accept.
    Token,
    /// The key may not do this.
    Forbidden,
    /// What exists contradicts what is wanted.
    Conflict,
    /// Too many requests, also after retries.
    RateLimited,
    /// The configuration is still being rolled out.
    RtUpdating,
    /// A state did not settle in time.
    NotReady,
    /// The time of `--deadline` was over before the command had ended.
    Deadline,
    /// A query of the platform's tables failed for a reason that is not known here.
    QueryFailed,
    /// The platform could not be reached.
    Network,
    /// The platform failed, or answered something that is no answer.
    Server,
    /// A file could not be read or written.
    Io,
    /// The changes were made, and what was to be printed of them is lost.
    OutputLost,
    /// A defect in this program.
    Bug,
    /// Interrupted (Ctrl-C).
    Interrupted,
    /// Ended by SIGTERM.
    Terminated,
}

impl Code {
    /// Every code.
    pub const ALL: [Code; 32] = [
        Code::RtNotEnabled,
        Code::NoRtParentSegments,
        Code::RtInconsistent,
        Code::RunFailed,
        Code::CheckFailed,
        Code::NoEventTables,
        Code::Declined,
        Code::Usage,
        Code::InvalidPlan,
        Code::MissingInput,
        Code::Jq,
        Code::AmbiguousName,
        Code::BadSetting,
        Code::Rejected,
        Code::NotFound,
        Code::UnknownColumn,
        Code::Auth,
        Code::Token,
        Code::Forbidden,
        Code::Conflict,
        Code::RateLimited,
        Code::RtUpdating,
        Code::NotReady,
        Code::Deadline,
        Code::QueryFailed,
        Code::Network,
        Code::Server,
        Code::Io,
        Code::OutputLost,
        Code::Bug,
        Code::Interrupted,
        Code::Terminated,
    ];

    /// The word in `error.code`, and the exit code: the one table of both.
    fn entry(self) -> (&'static str, u8) {
        match self {
            Code::RtNotEnabled => ("rt-not-enabled", 1),
            Code::NoRtParentSegments => ("no-rt-parent-segments", 1),
            Code::RtInconsistent => ("rt-inconsistent", 1),
            Code::RunFailed => ("run-failed", 1),
            Code::CheckFailed => ("check-failed", 1),
            Code::NoEventTables => ("no-event-tables", 1),
            Code::Declined => ("declined", 1),
            Code::Usage => ("usage", 2),
            Code::InvalidPlan => ("invalid-plan", 2),
            Code::MissingInput => ("missing-input", 2),
            Code::Jq => ("jq", 2),
            Code::AmbiguousName => ("ambiguous-name", 2),
            Code::BadSetting => ("bad-setting", 2),
            Code::Rejected => ("rejected", 2),
            Code::UnknownColumn => ("unknown-column", 2),
            Code::NotFound => ("not-found", 3),
            Code::Auth => ("auth", 4),
            Code::Token => ("token", 4),
            Code::Forbidden => ("forbidden", 5),
            Code::Conflict => ("conflict", 6),
            Code::RateLimited => ("rate-limited", 7),
            Code::RtUpdating => ("rt-updating", 8),
            Code::NotReady => ("not-ready", 8),
            Code::Deadline => ("deadline", 8),
            Code::QueryFailed => ("query-failed", 9),
            Code::Network => ("network", 9),
            Code::Server => ("server", 9),
            Code::Io => ("io", 9),
            Code::OutputLost => ("output-lost", 11),
            Code::Bug => ("bug", 70),
            Code::Interrupted => ("interrupted", 130),
            Code::Terminated => ("terminated", 143),
        }
    }

    /// The word in `error.code`.
    pub fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// The process's exit code.
    pub fn exit_code(self) -> u8 {
        self.entry().1
    }

    /// What to do next when the place of the error has nothing better to say; true whatever the case.
    pub fn hint(self) -> &'static str {
        match self {
            Code::RtNotEnabled | Code::NoRtParentSegments => "the vendor enables real-time; ask your CSM",
            Code::RtInconsistent => "waiting does not repair a failed roll-out; ask the vendor's support",
            Code::RunFailed => "the console shows the workflow's log",
            Code::CheckFailed => "the document or `details` says which check failed",
            Code::NoEventTables => "`tdx-rt discover tables DB` lists every table of a database",
            Code::Declined => "nothing was changed; --yes answers without asking",
            Code::Usage => "the command's --help begins with examples",
            Code::InvalidPlan => "correct what the message names",
            Code::MissingInput => "without a pipe, pass --ps or -f FILE",
            Code::Jq => "look at the document without the filter first",
            Code::AmbiguousName => "name it by its id",
            Code::BadSetting => "`tdx-rt explain bad-setting` lists the files and variables that are read",
            Code::Rejected => "change what the message names",
            Code::NotFound => "check the spelling, and that it exists",
            Code::UnknownColumn => "`tdx-rt discover columns DB.TABLE` lists a table's columns",
            Code::Auth => "`tdx-rt config` shows which key is used, and where it is from",
            Code::Token => "`tdx-rt explain token` says where a token comes from",
            Code::Forbidden => "use a key that may do this",
            Code::Conflict => "look at what exists before you decide which of the two is right",
            Code::RateLimited => "wait and try again; fewer calls at once help",
            Code::RtUpdating | Code::NotReady => "wait and look again: `tdx-rt ps-check PS --wait`",
            Code::QueryFailed => "try again; the message has the words of the query engine",
            Code::Network => "`tdx-rt config` shows the hosts in use",
            Code::Server => "try again later, and look before you repeat a create",
            Code::Io => "check that the file exists, that you may use it, and that the disk has space",
            Code::OutputLost => "the changes stay; `details` has the document that was to be printed",
            Code::Bug => "please report it with the command line, without keys and tokens",
            Code::Deadline => "run the command again, with more time: it changes only what is missing",
            Code::Interrupted | Code::Terminated => "what was sent before stays",
        }
    }
}

/// An error as the user sees it: a sentence that says what happened to what, and what to do next.
#[derive(Debug, Clone)]
pub struct Error {
    /// The stable word.
    pub code: Code,
    /// What happened, to what.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// Status of the answer that caused it.
    pub http_status: Option<u16>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// What the command found out all the same (the last state, the checks), for programs.
    pub details: Option<Box<Value>>,
    /// Whether it only follows from an error that another command has written: one line is enough.
    pub follows: bool,
}

impl Error {
    /// An error without a hint.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error {
            code,
            message: message.into(),
            hint: None,
            http_status: None,
            retryable: false,
            details: None,
            follows: false,
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what the command found out all the same.
    #[must_use]
    pub fn details(mut self, details: Value) -> Self {
        self.details = Some(Box::new(details));
        self
    }

    /// Adds one more thing that the command knows; what was there stays.
    #[must_use]
    pub fn detail(mut self, key: &str, value: Value) -> Self {
        let mut details = match self.details.take().map(|details| *details) {
            Some(Value::Object(details)) => details,
            Some(other) => Map::from_iter([("result".to_owned(), other)]),
            None => Map::new(),
        };
        details.insert(key.to_owned(), value);
        self.details(Value::Object(details))
    }

    /// Adds another thing to do next, behind the hint.
    #[must_use]
    pub fn and_hint(self, more: &str) -> Self {
        let hint = format!("{}\n{more}", self.advice());
        self.hint(hint)
    }

    /// Says that the same call may succeed later.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// Says that another command has written what went wrong.
    #[must_use]
    pub fn following(mut self) -> Self {
        self.follows = true;
        self
    }

    /// Finds the [`Error`] in an error of the command layer; anything else is a file that could
    /// not be used, or a defect.
    pub fn from_anyhow(error: &anyhow::Error) -> Self {
        if let Some(error) = error.downcast_ref::<Error>() {
            return error.clone();
        }
        let code = if error.chain().any(|cause| cause.is::<std::io::Error>()) { Code::Io } else { Code::Bug };
        Error::new(code, format!("{error:#}"))
    }

    /// What to do next: its own hint, else its code's.
    pub fn advice(&self) -> &str {
        self.hint.as_deref().unwrap_or_else(|| self.code.hint())
    }

    /// As it is written on stderr.
    pub fn document(&self) -> ErrorDocument {
        ErrorDocument { error: self.body() }
    }

    /// The error inside of [`ErrorDocument`].
    pub fn body(&self) -> ErrorBody {
        ErrorBody {
            code: self.code,
            message: self.message.clone(),
            hint: (!self.follows).then(|| self.advice().to_owned()),
            http_status: self.http_status,
            retryable: self.retryable,
            exit_code: self.code.exit_code(),
            details: self.details.as_deref().cloned(),
        }
    }
}

/// What a command that fails writes on stderr.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ErrorDocument {
    /// The error
    pub error: ErrorBody,
}

/// An error as it is written on stderr.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ErrorBody {
    /// What went wrong, as a stable word
    pub code: Code,
    /// What happened, to what
    #[schemars(length(min = 1))]
    pub message: String,
    /// What to do next
    pub hint: Option<String>,
    /// Status of the answer that caused it
    pub http_status: Option<u16>,
    /// Whether the same call may succeed later
    pub retryable: bool,
    /// The process's exit code
    #[schemars(range(min = 1, max = 143))]
    pub exit_code: u8,
    /// What the command knows nevertheless, such as findings, checks or the last state; absent where there is nothing
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_distinct_and_exit_codes_documented() {
        let words: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(matches!(code.exit_code(), 1..=9 | 11 | 70 | 130 | 143), "{code:?}");
        }
    }
}

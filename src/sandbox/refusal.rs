//! Why the sandbox refuses a request. Knows no HTTP library; `routes::render` gives it the shape
//! of the API family that was called.

pub use super::reason::Reason;
use crate::platform::payload::Word;

/// A refused request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal; decides the HTTP status.
    pub kind: RefusalKind,
    /// The problems, at least one.
    pub problems: Vec<Problem>,
    /// The personalization API's numeric code, where it has one.
    pub code: Option<u16>,
}

/// One problem of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The rule that is broken.
    pub reason: Reason,
    /// A sentence without a full stop.
    pub message: String,
    /// JSON pointer into the body, shown by `/entities` operations.
    pub pointer: Option<String>,
    /// The platform's own code, where one is published: `code` and `meta` of `/entities`.
    pub word: Option<Word>,
}

/// Kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// 400: not readable.
    BadRequest,
    /// 401: no key or a wrong one.
    Unauthorized,
    /// 403: an unknown `Host`.
    Forbidden,
    /// 404
    NotFound,
    /// 405
    MethodNotAllowed,
    /// 409: something still uses the item.
    Conflict,
    /// 409: this job has the domain key.
    ConflictsWith(u64),
    /// 413
    TooLarge,
    /// 415
    UnsupportedMediaType,
    /// 416: there are so many bytes.
    RangeUnsatisfiable(u64),
    /// 422: readable, but against a rule.
    Invalid,
    /// 500
    Internal,
    /// 501: the platform has it, the sandbox does not.
    NotImplemented,
    /// A status that a fault rule asks for.
    Injected(u16),
}

impl RefusalKind {
    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            RefusalKind::BadRequest => 400,
            RefusalKind::Unauthorized => 401,
            RefusalKind::Forbidden => 403,
            RefusalKind::NotFound => 404,
            RefusalKind::MethodNotAllowed => 405,
            RefusalKind::Conflict | RefusalKind::ConflictsWith(_) => 409,
            RefusalKind::TooLarge => 413,
            RefusalKind::UnsupportedMediaType => 415,
            RefusalKind::RangeUnsatisfiable(_) => 416,
            RefusalKind::Invalid => 422,
            RefusalKind::Internal => 500,
            RefusalKind::NotImplemented => 501,
            RefusalKind::Injected(status) => status,
        }
    }

    /// The textual code of the CDP API's errors. The contract shows no values, so these are our choice.
    pub fn code(self) -> &'static str {
        match self.status() {
            400 => "bad_request",
            401 => "unauthorized",
            403 => "forbidden",
            404 => "not_found",
            405 => "method_not_allowed",
            409 => "conflict",
            413 => "payload_too_large",
            415 => "unsupported_media_type",
            416 => "range_not_satisfiable",
            422 => "unprocessable_entity",
            429 => "too_many_requests",
            501 => "not_implemented",
            503 => "service_unavailable",
            500..=599 => "internal_server_error",
            _ => "error",
        }
    }
}

impl Refusal {
    /// A refusal with one message.
    pub fn new(reason: Reason, kind: RefusalKind, message: impl Into<String>) -> Self {
        let problem = Problem { reason, message: message.into(), pointer: None, word: None };
        Refusal { kind, problems: vec![problem], code: None }
    }

    /// 400
    pub fn bad_request(reason: Reason, message: impl Into<String>) -> Self {
        Refusal::new(reason, RefusalKind::BadRequest, message)
    }

    /// 404
    pub fn not_found(reason: Reason, message: impl Into<String>) -> Self {
        Refusal::new(reason, RefusalKind::NotFound, message)
    }

    /// 409
    pub fn conflict(reason: Reason, message: impl Into<String>) -> Self {
        Refusal::new(reason, RefusalKind::Conflict, message)
    }

    /// 422
    pub fn invalid(reason: Reason, message: impl Into<String>) -> Self {
        Refusal::new(reason, RefusalKind::Invalid, message)
    }

    /// 422 with several problems; `Ok` when there are none.
    pub fn unless_empty(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Refusal { kind: RefusalKind::Invalid, problems, code: None })
        }
    }

    /// 400 of the personalization API with one of its codes 3000 to 3009.
    pub fn event(reason: Reason, code: u16, message: impl Into<String>) -> Self {
        Refusal { code: Some(code), ..Refusal::bad_request(reason, message) }
    }

    /// The rule that is broken; of several the first.
    pub fn reason(&self) -> Reason {
        self.problems.first().map_or(Reason::Internal, |problem| problem.reason)
    }

    /// The ids of all broken rules, each once.
    pub fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for problem in &self.problems {
            let id = problem.reason.id();
            if !ids.iter().any(|known| known == id) {
                ids.push(id.to_owned());
            }
        }
        ids
    }

    /// The same refusal, pointing into the body.
    #[must_use]
    pub fn at(mut self, pointer: &str) -> Self {
        for problem in &mut self.problems {
            problem.pointer.get_or_insert_with(|| pointer.to_owned());
        }
        self
    }

    /// All messages in one line.
    pub fn message(&self) -> String {
        self.problems.iter().map(|p| p.message.as_str()).collect::<Vec<_>>().join("; ")
    }
}

impl Problem {
    /// A problem at a JSON pointer.
    pub fn at(reason: Reason, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Problem { reason, message: message.into(), pointer: Some(pointer.into()), word: None }
    }
}

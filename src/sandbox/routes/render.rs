//! Answers and errors in the shape of each API family.

use super::call::RouteCall;
use super::file_body::FilePart;
use crate::sandbox::faults::{FaultKind, FaultRule};
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use crate::sandbox::state::Sandbox;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::{Value, json};

/// The media type of nearly all answers.
pub const JSON: &str = "application/json";

/// The families of APIs on the sandbox's one port, distinguished by path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `/audiences/…` and `/tree/…`: `{code, message}`; `{status, error}` when the server failed.
    Cdp,
    /// `/entities/…`: JSON:API errors.
    Entities,
    /// `/v3/…` and `/v4/…`: `{error}`.
    Td,
    /// `/{database}/{table}` and `/public/…`: numeric codes.
    Personalization,
    /// `/_sandbox/…`: as [`Family::Cdp`].
    Control,
}

impl Family {
    /// The family of a path.
    pub fn of(path: &str) -> Self {
        match path.split('/').nth(1).unwrap_or_default() {
            "audiences" | "tree" => Family::Cdp,
            "entities" => Family::Entities,
            "v3" | "v4" => Family::Td,
            "_sandbox" => Family::Control,
            _ => Family::Personalization,
        }
    }
}

/// A successful answer.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: StatusCode,
    /// The media type of the body.
    pub media_type: &'static str,
    /// Headers besides the content type.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// JSON, or nothing.
    pub body: Bytes,
    /// What is sent in place of the body.
    pub file: Option<FilePart>,
    /// What is done before the answer.
    pub then: Option<Then>,
}

/// What is done before the answer.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    /// Does what is due, up to this time (milliseconds since the epoch) or now, and answers then.
    Due(Option<i64>, Handler),
    /// Answers away from the threads that serve requests, because it takes a while.
    Aside(Handler),
}

/// An answer after due work has been done, up to a time or now.
pub fn later(to: Option<i64>, answer: Handler) -> Answer {
    Ok(Reply { then: Some(Then::Due(to, answer)), ..Reply::of(Bytes::new()) })
}

/// An answer that takes a while.
pub fn aside(answer: Handler) -> Answer {
    Ok(Reply { then: Some(Then::Aside(answer)), ..Reply::of(Bytes::new()) })
}

/// An operation.
pub type Handler = fn(&Sandbox, &RouteCall) -> Answer;

/// The result of an operation.
pub type Answer = Result<Reply, Refusal>;

/// A JSON answer with status 200, as every operation of the contract gives.
pub fn json(value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(body) => Ok(Reply::of(Bytes::from(body))),
        Err(error) => Err(Refusal::new(
            Reason::Internal,
            RefusalKind::Internal,
            format!("the answer cannot be written: {error}"),
        )),
    }
}

impl Reply {
    /// JSON with status 200.
    pub fn of(body: Bytes) -> Self {
        Reply { status: StatusCode::OK, media_type: JSON, headers: Vec::new(), body, file: None, then: None }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> axum::response::Response {
        let empty = self.body.is_empty() && self.file.is_none();
        let body = self.file.map_or_else(|| Body::from(self.body), FilePart::into_body);
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        if !empty {
            let media_type = HeaderValue::from_static(self.media_type);
            response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        }
        response.headers_mut().extend(self.headers);
        response
    }
}

impl IntoResponse for Refusal {
    /// Only passes the refusal to the gate, which knows the family.
    fn into_response(self) -> axum::response::Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(self.kind);
        response.extensions_mut().insert(self);
        response
    }
}

fn status(kind: RefusalKind) -> StatusCode {
    StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The ids of the rules for which a request was refused, passed with the answer to the journal.
#[derive(Debug, Clone)]
pub struct Refused(pub Vec<String>);

/// A refusal in the family's error shape.
pub fn refusal(family: Family, refusal: &Refusal) -> axum::response::Response {
    let code = refusal.kind.code();
    let number = refusal.kind.status();
    let body = match family {
        // `ServerError` of the contract. The platform has no 501, which has the other form too.
        Family::Cdp if number == 501 => {
            json!({"status": number, "error": refusal.message(), "code": code, "message": refusal.message()})
        }
        Family::Cdp if number >= 500 => json!({"status": number, "error": refusal.message()}),
        Family::Cdp | Family::Control => json!({"code": code, "message": refusal.message()}),
        Family::Td => {
            let mut body =
                json!({"error": refusal.message(), "text": refusal.message(), "severity": "error"});
            // Where td-client-java looks for the other job.
            if let (RefusalKind::ConflictsWith(id), Some(body)) = (refusal.kind, body.as_object_mut()) {
                body.insert("details".to_owned(), json!({"conflicts_with": id.to_string()}));
            }
            body
        }
        Family::Entities => {
            let error = |problem: &crate::sandbox::refusal::Problem| {
                let source = match &problem.pointer {
                    Some(pointer) => json!({"pointer": pointer}),
                    None => json!({}),
                };
                // Where these words appear is not published; a message of Rails is no code.
                let (code, meta) = match problem.word {
                    Some((field, word)) if word.contains(' ') => (code, json!({field: [word]})),
                    Some((field, word)) => (word, json!({field: [word]})),
                    None => (code, json!({})),
                };
                json!({
                    "code": code, "status": number.to_string(), "detail": problem.message,
                    "source": source, "meta": meta
                })
            };
            json!({"errors": refusal.problems.iter().map(error).collect::<Vec<_>>()})
        }
        Family::Personalization => {
            // 401 and 501 are no cases of the personalization contract; they keep the CDP form.
            let code: Value = match (refusal.code, number) {
                (Some(code), _) => code.into(),
                (None, 401 | 403 | 404 | 501) => code.into(),
                (None, 429) => 2003.into(),
                (None, 400..=499) => 3004.into(),
                (None, _) => 9999.into(),
            };
            json!({"code": code, "message": refusal.message()})
        }
    };
    let mut reply = Reply { status: status(refusal.kind), ..Reply::of(Bytes::from(body.to_string())) };
    if let RefusalKind::RangeUnsatisfiable(size) = refusal.kind
        && let Ok(range) = HeaderValue::from_str(&format!("bytes */{size}"))
    {
        reply.headers.push((header::CONTENT_RANGE, range));
    }
    let mut response = reply.into_response();
    response.extensions_mut().insert(Refused(refusal.ids()));
    response
}

/// The answer of a fault that has one.
pub fn fault(family: Family, fault: &FaultRule) -> axum::response::Response {
    let default = match fault.kind {
        FaultKind::Html => 502,
        FaultKind::Redirect => 302,
        _ => 503,
    };
    let number = fault.status.unwrap_or(default);
    let message = fault.message.as_deref().unwrap_or("injected by a fault rule of the sandbox");
    let mut response = match fault.kind {
        FaultKind::Html | FaultKind::Redirect => {
            let page =
                format!("<!DOCTYPE html>\n<html><body><h1>{number}</h1><p>{message}</p></body></html>\n");
            let mut response = Response::new(Body::from(page));
            *response.status_mut() = status(RefusalKind::Injected(number));
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, html);
            response
        }
        _ => refusal(family, &Refusal::new(Reason::FaultInjected, RefusalKind::Injected(number), message)),
    };
    let retry_after = match &fault.retry_after {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    for (name, value) in [(header::RETRY_AFTER, retry_after), (header::LOCATION, fault.location.clone())] {
        if let Some(value) = value.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The answer when a connection is cut (no client reads it) or there is none to cut.
pub fn no_socket(family: Family) -> axum::response::Response {
    refusal(
        family,
        &Refusal::new(Reason::FaultInjected, RefusalKind::Internal, "a fault rule cuts this connection"),
    )
}

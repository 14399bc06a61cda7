//! Operations that the sandbox lacks: answered 501 with the operation's name, and 405 under `/v3`,
//! whose clients (td-client-python, pytd) retry a 501 for minutes and lose its message.

use super::render::Family;
use super::{cors, operations};
use crate::sandbox::faults::fits;
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use crate::sandbox::state::Sandbox;
use axum::Router;
use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The methods that an operation of an API can have; no API has `TRACE`.
const METHODS: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Adds an answer for everything that has no route.
pub fn add(router: Router<Arc<Sandbox>>) -> Router<Arc<Sandbox>> {
    router.fallback(unknown)
}

/// The browser SDK has endpoints that the sandbox lacks. Their preflights pass, so that a page can read
/// what is missing from the answer to the request itself.
async fn unknown(request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    let preflight = method == Method::OPTIONS && request.headers().contains_key(header::ORIGIN);
    if preflight && Family::of(path) == Family::Personalization {
        return match cors::preflight(request.headers(), cors::ANY_METHOD) {
            Ok(reply) => reply.into_response(),
            Err(refusal) => refusal.into_response(),
        };
    }
    refuse(method, path).into_response()
}

/// The methods that a path takes, for `Allow` (RFC 9110, 10.2.1); empty where the sandbox has no
/// operation at it.
pub fn allowed(path: &str) -> String {
    let family = Family::of(path);
    let of_path = |(_, template): &(&str, &str)| Family::of(template) == family && fits(template, path);
    let mut methods: Vec<&str> = operations().filter(of_path).map(|(method, _)| method).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods.dedup();
    methods.join(", ")
}

/// The answer to an operation that is not listed here; its family is not that of events.
pub fn refuse(method: &Method, path: &str) -> Refusal {
    let operation = format!("{method} {path}");
    match Family::of(path) {
        Family::Control => {
            Refusal::not_found(Reason::ControlUnknown, format!("{operation} is no control of the sandbox"))
        }
        _ if !METHODS.contains(method) => Refusal::new(
            Reason::MethodUnknown,
            RefusalKind::MethodNotAllowed,
            format!("{operation}: no API takes this method"),
        ),
        _ => Refusal::new(
            Reason::OperationUnknown,
            if path.starts_with("/v3/") {
                RefusalKind::MethodNotAllowed
            } else {
                RefusalKind::NotImplemented
            },
            format!("{operation} is no operation that the sandbox knows"),
        ),
    }
}

//! What the platform can and the sandbox cannot: answered 501 with the operation's name.

use super::render::Family;
use crate::sandbox::refusal::{Kind, Reason, Refusal};
use crate::sandbox::state::Sandbox;
use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use std::sync::Arc;

/// Those that an operation of an API can have; `TRACE` is nobody's.
const METHODS: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Adds an answer for everything that has no route.
pub fn add(router: Router<Arc<Sandbox>>) -> Router<Arc<Sandbox>> {
    router.fallback(unknown)
}

async fn unknown(request: Request) -> Refusal {
    refuse(request.method(), request.uri().path())
}

/// What is answered to an operation that nobody lists here; its family is not that of events.
pub fn refuse(method: &Method, path: &str) -> Refusal {
    let operation = format!("{method} {path}");
    match Family::of(path) {
        Family::Control => {
            Refusal::not_found(Reason::ControlUnknown, format!("{operation} is no control of the sandbox"))
        }
        _ if !METHODS.contains(method) => Refusal::new(
            Reason::MethodUnknown,
            Kind::MethodNotAllowed,
            format!("{operation}: no API takes this method"),
        ),
        _ => Refusal::new(
            Reason::OperationUnknown,
            Kind::NotImplemented,
            format!("{operation} is no operation that the sandbox knows"),
        ),
    }
}

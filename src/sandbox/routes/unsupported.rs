//! What the platform can and the sandbox cannot: answered 501 with the operation's name.

use super::render::Family;
use super::serve::EVENT;
use crate::sandbox::refusal::{Kind, Refusal};
use crate::sandbox::state::Sandbox;
use axum::Router;
use axum::extract::{MatchedPath, Request};
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
    refuse(&request)
}

/// What is answered to an operation that nobody lists here; its family is not that of events.
pub fn refuse(request: &Request) -> Refusal {
    let operation = format!("{} {}", request.method(), request.uri().path());
    match Family::of(request.uri().path()) {
        Family::Control => Refusal::not_found(format!("{operation} is no control of the sandbox")),
        _ if !METHODS.contains(request.method()) => {
            Refusal::new(Kind::MethodNotAllowed, format!("{operation}: no API takes this method"))
        }
        _ => {
            Refusal::new(Kind::NotImplemented, format!("{operation} is no operation that the sandbox knows"))
        }
    }
}

/// Whether the router took a request for an event only because its path has two segments:
/// `POST /v3/foo` is an operation of the TD API that is missing here, not an event of a table `foo`.
pub fn is_stray(request: &Request) -> bool {
    Family::of(request.uri().path()) != Family::Personalization
        && request.extensions().get::<MatchedPath>().is_some_and(|path| path.as_str() == EVENT)
}

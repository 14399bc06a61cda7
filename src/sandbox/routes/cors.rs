//! CORS of the event APIs: lets a page of another origin send events and read the answers.
//!
//! The platform's answers are not public. The requests of its browser SDK are, and must pass:
//! `fetch` with `credentials: 'include'` (so the origin by name, never `*`) and the headers below
//! (td-js-sdk `lib/utils/xhr.js`, `lib/record.js`, `fetchPersonalization` in
//! `lib/plugins/personalization.js`).

use super::call::text_header;
use super::render::{Answer, Family, Reply};
use crate::sandbox::refusal::{Reason, Refusal};
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

/// Headers that a page may send. `x-td-fetch-api` is on every request of td-js-sdk, and some
/// browsers send the `user-agent` that it sets.
const HEADERS: &str = "accept, authorization, content-type, user-agent, wp13n-token, x-requested-with, \
                       x-td-fetch-api, x-td-write-key";

/// Seconds for which a browser may remember the answer to a preflight (our choice).
const MAX_AGE: &str = "600";

const REQUEST_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// The origin whose page can read an answer: any answer of an event API, including errors of the
/// gate. An error without these headers reaches a page as "Failed to fetch".
pub fn readable_by(family: Family, headers: &HeaderMap) -> Option<HeaderValue> {
    match family {
        Family::Personalization => headers.get(header::ORIGIN).cloned(),
        Family::Cdp | Family::Entities | Family::Td | Family::Control => None,
    }
}

/// Lets a page of this origin read the answer.
pub fn let_read(response: &mut Response, origin: Option<HeaderValue>) {
    let Some(origin) = origin else { return };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
}

/// The methods that the paths of events take.
pub const EVENT_METHODS: &str = "POST, OPTIONS";
/// The methods that any other operation may take.
pub const ANY_METHOD: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// The answer to a preflight. A preflight has neither key nor token, so none is needed.
pub fn preflight(asked: &HeaderMap, methods: &'static str) -> Answer {
    origin(asked)?;
    match text_header(asked, header::ACCESS_CONTROL_REQUEST_METHOD.as_str()) {
        None => {
            return Err(Refusal::event(Reason::PreflightMethodMissing, 3008, "Request method is required"));
        }
        Some(method) if methods.split(", ").any(|known| known == method) => {}
        Some(_) => return Err(Refusal::event(Reason::EventMethodUnsupported, 3009, "Unsupported method")),
    }
    let mut headers = vec![
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods)),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS)),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE)),
    ];
    // Chromium asks this before a page of the internet may talk to this machine.
    if text_header(asked, REQUEST_PRIVATE_NETWORK.as_str()) == Some("true") {
        headers.push((ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true")));
    }
    Ok(Reply { status: StatusCode::NO_CONTENT, headers, ..Reply::of(Bytes::new()) })
}

/// Refuses a request that comes from no page of the web.
pub fn origin(headers: &HeaderMap) -> Result<(), Refusal> {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    if origin.starts_with("http://") || origin.starts_with("https://") {
        return Ok(());
    }
    Err(Refusal::event(Reason::PreflightOriginInvalid, 3007, "Invalid or missing Origin"))
}

//! What every request passes: Host check, faults, key, journal, and the error's final shape.

use super::connection::Peer;
use super::faults::{FaultKind, FaultRule};
use super::hosts::is_local;
use super::journal::Entry;
use super::refusal::{Kind, Refusal};
use super::routes::render::{self, Family};
use super::routes::unsupported;
use super::state::Sandbox;
use crate::platform::limits::REQUEST_BYTES;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::stream::{self, StreamExt};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// JSON bodies up to this many bytes are kept in the journal.
const JOURNAL_BODY: usize = 256 * 1024;

/// Between two bytes of an endless answer.
const TRICKLE: Duration = Duration::from_millis(100);

/// The middleware around all routes.
pub async fn gate(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let family = Family::of(request.uri().path());
    if !is_known_host(&sandbox, &request) {
        let message = "the sandbox does not go by this name; `tdx-rt sandbox --allow-host NAME` lets it";
        return render::refusal(family, &Refusal::new(Kind::Forbidden, message));
    }
    let unlisted = unsupported::refuse(&request);
    let stray = unsupported::is_stray(&request);
    if family == Family::Control {
        if request.headers().get_all(header::ORIGIN).iter().any(|origin| !is_local_origin(origin)) {
            let message = "the sandbox's controls are not for web pages of other origins";
            return render::refusal(family, &Refusal::new(Kind::Forbidden, message));
        }
        if stray {
            return render::refusal(family, &unlisted);
        }
        return finish(family, next.run(request).await, unlisted);
    }
    let (parts, body) = request.into_parts();
    let mut recording = Recording { sandbox: &sandbox, entry: None };
    let entry = recording.entry.insert(Entry {
        id: 0,
        at_ms: sandbox.clock().now_ms(),
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        status: None,
        content_type: text_header(&parts.headers, header::CONTENT_TYPE.as_str()).map(str::to_owned),
        body: None,
        fault: None,
    });
    let Ok(body) = to_bytes(body, REQUEST_BYTES).await else {
        let message = format!("the body is larger than {REQUEST_BYTES} bytes or ended early");
        let refusal = Refusal::new(Kind::TooLarge, message);
        entry.status = Some(refusal.kind.status());
        return render::refusal(family, &refusal);
    };
    if family != Family::Personalization && !body.is_empty() && body.len() <= JOURNAL_BODY {
        entry.body = serde_json::from_slice(&body).ok();
    }
    let fault = sandbox.strike(entry.method.as_str(), parts.uri.path());
    entry.fault = fault.as_ref().map(|fault| fault.kind);
    let peer = parts.extensions.get::<ConnectInfo<Peer>>().map(|info| info.0.clone());
    let authorized = authorize(&sandbox, family, &parts.method, parts.uri.path(), &parts.headers);
    let request = Request::from_parts(parts, Body::from(body));
    let run = async {
        match authorized {
            Ok(()) if stray => render::refusal(family, &unlisted),
            Ok(()) => finish(family, next.run(request).await, unlisted),
            Err(refusal) => render::refusal(family, &refusal),
        }
    };
    let response = match fault {
        None => run.await,
        Some(fault) => strike(family, &fault, peer.as_ref(), run).await,
    };
    let cut = matches!(entry.fault, Some(FaultKind::Reset | FaultKind::CommitThenDrop));
    entry.status = (!cut).then(|| response.status().as_u16());
    response
}

/// Writes the journal when a request is over, also when the client has gone before the answer.
struct Recording<'a> {
    sandbox: &'a Sandbox,
    entry: Option<Entry>,
}

impl Drop for Recording<'_> {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.sandbox.record(entry);
        }
    }
}

/// Gives refusals, and axum's own empty 405, the shape of the API that was called. A method that a
/// path of the platform's APIs does not take here may well be one that the platform has: `unlisted`.
fn finish(family: Family, mut response: Response, unlisted: Refusal) -> Response {
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        return render::refusal(family, &refusal);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let refusal = match family {
            Family::Control => Refusal::new(Kind::MethodNotAllowed, "this path does not take this method"),
            Family::Personalization => Refusal::event(3009, "Unsupported method"),
            Family::Cdp | Family::Entities | Family::Td => unlisted,
        };
        let mut shaped = render::refusal(family, &refusal);
        if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
            shaped.headers_mut().insert(header::ALLOW, allow);
        }
        return shaped;
    }
    response
}

/// Which methods a path of the platform takes is not for the sandbox to say: no `Allow` but on its
/// own controls.
pub async fn without_allow(request: Request, next: Next) -> Response {
    let family = Family::of(request.uri().path());
    let mut response = next.run(request).await;
    if family != Family::Control {
        response.headers_mut().remove(header::ALLOW);
    }
    response
}

/// Applies a fault around (or instead of) running the request.
async fn strike(
    family: Family,
    fault: &FaultRule,
    peer: Option<&Peer>,
    run: impl Future<Output = Response>,
) -> Response {
    if fault.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    }
    match fault.kind {
        FaultKind::Status | FaultKind::Html | FaultKind::Redirect => render::fault(family, fault),
        FaultKind::Slow => run.await,
        FaultKind::Reset => match peer {
            Some(peer) => {
                peer.cut.silence();
                render::no_socket(family)
            }
            None => render::no_socket(family),
        },
        FaultKind::CommitThenDrop => {
            run.await;
            if let Some(peer) = peer {
                peer.cut.silence();
            }
            render::no_socket(family)
        }
        FaultKind::Endless => endless(run.await),
        FaultKind::Truncate => {
            let response = run.await;
            match (peer, response.body().size_hint().exact()) {
                (Some(peer), Some(length)) => {
                    peer.cut.after(length / 2);
                    response
                }
                _ => render::no_socket(family),
            }
        }
    }
}

/// The answer's head, and its body but for the last byte; then spaces for ever, so that no client
/// takes the silence for an idle connection.
fn endless(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = stream::once(async move {
        let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Ok::<_, Infallible>(whole.slice(..whole.len().saturating_sub(1)))
    });
    let trickle = stream::unfold((), |()| async {
        tokio::time::sleep(TRICKLE).await;
        Some((Ok(Bytes::from_static(b" ")), ()))
    });
    Response::from_parts(parts, Body::from_stream(body.chain(trickle)))
}

/// Whether the request's `Host` is one that is answered.
fn is_known_host(sandbox: &Sandbox, request: &Request) -> bool {
    let host = text_header(request.headers(), header::HOST.as_str());
    let host = host.or_else(|| request.uri().authority().map(|a| a.as_str()));
    host.is_some_and(|host| sandbox.hosts().allows(host))
}

/// Whether a page of this origin is one of this machine's: any other page could send `text/plain`
/// to the controls without asking first (a "simple request"). `null` is nobody's in particular.
fn is_local_origin(origin: &HeaderValue) -> bool {
    let host = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")));
    host.is_some_and(is_local)
}

fn authorize(
    sandbox: &Sandbox,
    family: Family,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    let browser = family == Family::Personalization && path.starts_with("/public/");
    if browser || method == Method::OPTIONS {
        return Ok(());
    }
    let given = text_header(headers, header::AUTHORIZATION.as_str()).unwrap_or_default();
    let key = given
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("TD1") || scheme.eq_ignore_ascii_case("Bearer"));
    match key {
        Some((_, key)) if key.trim() == sandbox.key().as_str() => Ok(()),
        Some(_) => Err(Refusal::new(
            Kind::Unauthorized,
            "Invalid API key: the sandbox has its own, printed when it starts",
        )),
        None => Err(Refusal::new(
            Kind::Unauthorized,
            "Authorization is missing: send 'TD1 <account>/<40 hex digits>' or 'Bearer <token>'",
        )),
    }
}

/// A header's value when it is text.
pub fn text_header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

//! The checks of every request: Host, faults, key, journal, and the error's final shape.

use super::connection::Peer;
use super::faults::{FaultKind, FaultRule, fits};
use super::hosts::is_local;
use super::journal::RequestEntry;
use super::refusal::{Reason, Refusal, RefusalKind};
use super::routes::call::{Fails, ReadBody, text_header};
use super::routes::render::{self, Family, Refused};
use super::routes::{cors, operations, parameters, unsupported};
use super::state::Sandbox;
use crate::platform::limits::REQUEST_BYTES;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use futures_util::stream::{self, StreamExt};
use serde_json::Value;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tower_service::Service;

/// JSON bodies up to this many bytes are kept in the journal.
const JOURNAL_BODY: usize = 256 * 1024;

/// The most bytes of an import, packed or not (our choice: the vendor's clients send files of any size).
const IMPORT_BYTES: usize = 64 * 1024 * 1024;

/// How deeply a body may be nested: what the JSON parser of Ruby on Rails takes, on which the CDP API
/// seems to be built (our choice; the vendor does not say).
const DEPTH: usize = 100;

/// The pause between two bytes of an endless answer.
const TRICKLE: Duration = Duration::from_millis(100);

/// All routes behind the gate. One service rather than layers of middleware: each of those would
/// box the request's future once more, and events are many.
#[derive(Debug, Clone)]
pub struct Gate {
    sandbox: Arc<Sandbox>,
    routes: Router,
}

impl Service<Request> for Gate {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let gate = self.clone();
        Box::pin(async move {
            let request = with_one_slash(request);
            let path = request.uri().path().to_owned();
            let family = Family::of(&path);
            let origin = cors::readable_by(family, request.headers());
            let mut response = gate.pass(family, request).await;
            response.headers_mut().remove(header::ALLOW);
            if response.status() == StatusCode::METHOD_NOT_ALLOWED
                && let Ok(allowed) = HeaderValue::from_str(&unsupported::allowed(&path))
            {
                response.headers_mut().insert(header::ALLOW, allowed);
            }
            cors::let_read(&mut response, origin);
            Ok(response)
        })
    }
}

impl Gate {
    /// The gate before all routes over a sandbox's state.
    pub fn new(sandbox: Arc<Sandbox>) -> Self {
        let routes = super::routes::router(&sandbox);
        Gate { sandbox, routes }
    }

    async fn pass(&self, family: Family, request: Request) -> Response {
        if !is_known_host(&self.sandbox, &request) {
            let message =
                "the sandbox does not answer to this host name; `tdx-rt sandbox --allow-host NAME` allows it";
            return render::refusal(
                family,
                &Refusal::new(Reason::HostUnknown, RefusalKind::Forbidden, message),
            );
        }
        if family != Family::Control {
            return self.record(family, request).await;
        }
        if is_of_a_foreign_page(request.headers()) {
            let message = "the sandbox's controls are not for web pages of other origins";
            return render::refusal(
                family,
                &Refusal::new(Reason::ControlOriginForeign, RefusalKind::Forbidden, message),
            );
        }
        let (mut parts, body) = request.into_parts();
        match self.read(body, REQUEST_BYTES).await {
            Ok(body) => parts.extensions.insert(body),
            Err(refusal) => return render::refusal(family, &refusal),
        };
        self.route(family, Request::from_parts(parts, Body::empty())).await
    }

    /// The body, unless it is too large or does not arrive in time.
    async fn read(&self, body: Body, limit: usize) -> Result<ReadBody, Refusal> {
        let time = self.sandbox.limits().body;
        match tokio::time::timeout(time, to_bytes(body, limit)).await {
            Ok(Ok(body)) => Ok(ReadBody(body)),
            _ => {
                let message = format!(
                    "the body is larger than {limit} bytes, ended early or took longer than {time:?}"
                );
                Err(Refusal::new(Reason::BodyTooLarge, RefusalKind::TooLarge, message))
            }
        }
    }

    /// A request of the platform's APIs: faults, key, journal.
    async fn record(&self, family: Family, request: Request) -> Response {
        let (mut parts, body) = request.into_parts();
        let mut recording = Recording { sandbox: &self.sandbox, entry: None };
        let entry = recording.entry.insert(entry(&self.sandbox, &parts));
        let is_import = family == Family::Td && parts.method == Method::PUT;
        let limit = if is_import { IMPORT_BYTES } else { REQUEST_BYTES };
        let ReadBody(body) = match self.read(body, limit).await {
            Ok(body) => body,
            Err(refusal) => {
                entry.status = Some(refusal.kind.status());
                entry.refusals = refusal.ids();
                return render::refusal(family, &refusal);
            }
        };
        if !is_import && is_too_deep(&body) {
            let refusal = Refusal::bad_request(
                Reason::BodyTooDeep,
                format!("the body is nested more than {DEPTH} levels deep"),
            );
            entry.status = Some(refusal.kind.status());
            entry.refusals = refusal.ids();
            return render::refusal(family, &refusal);
        }
        if family != Family::Personalization && !body.is_empty() && body.len() <= JOURNAL_BODY {
            let form = entry.content_type.as_deref().and_then(|kind| parameters::form(kind, &body)?.ok());
            entry.body = form.map(Value::Object).or_else(|| serde_json::from_slice(&body).ok());
        }
        hide_secrets(entry);
        let fault = self.sandbox.strike(entry.method.as_str(), parts.uri.path());
        entry.fault = fault.as_ref().map(|fault| fault.kind);
        if fault.is_some() {
            // That the rule is used is saved first. If that cannot be written, the fault
            // hits all the same.
            let _ = self.sandbox.safe().await;
        }
        let authorized = authorize(&self.sandbox, family, &parts.method, parts.uri.path(), &parts.headers);
        let peer = fault.as_ref().and_then(|_| parts.extensions.get::<ConnectInfo<Peer>>());
        let peer = peer.map(|info| info.0.clone());
        parts.extensions.insert(ReadBody(body));
        if let Some(FaultRule { kind: FaultKind::FailLater, message, .. }) = &fault {
            parts.extensions.insert(Fails(message.clone()));
        }
        let run = async {
            match authorized {
                Ok(()) => self.route(family, Request::from_parts(parts, Body::empty())).await,
                Err(refusal) => render::refusal(family, &refusal),
            }
        };
        let response = match fault {
            None => run.await,
            Some(fault) => strike(family, &fault, peer.as_ref(), run).await,
        };
        let cut = matches!(entry.fault, Some(FaultKind::Reset | FaultKind::CommitThenDrop));
        entry.status = (!cut).then(|| response.status().as_u16());
        let refused = response.extensions().get::<Refused>();
        entry.refusals = refused.map(|refused| refused.0.clone()).unwrap_or_default();
        response
    }

    /// Runs the operation and gives refusals, and axum's own empty 405, the shape of the API that was
    /// called. A method that a path does not take here may be one that the platform takes.
    async fn route(&self, family: Family, request: Request) -> Response {
        let operation = match family {
            Family::Personalization => None,
            _ => Some((request.method().clone(), request.uri().path().to_owned())),
        };
        let Ok(mut response) = self.routes.clone().call(request).await;
        if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
            return render::refusal(family, &refusal);
        }
        if response.status() != StatusCode::METHOD_NOT_ALLOWED {
            return response;
        }
        let refusal = match operation {
            None => Refusal::event(Reason::EventMethodUnsupported, 3009, "Unsupported method"),
            Some((_, path)) if family == Family::Control && is_control(&path) => Refusal::new(
                Reason::ControlMethodUnsupported,
                RefusalKind::MethodNotAllowed,
                "this path does not take this method",
            ),
            Some((method, path)) => unsupported::refuse(&method, &path),
        };
        render::refusal(family, &refusal)
    }
}

/// `//v3/…` as `/v3/…`: pytd joins an endpoint that ends with a slash and a path that begins with one.
fn with_one_slash(mut request: Request) -> Request {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let path = target.trim_start_matches('/');
    if target.starts_with("//") && ["v3/", "v4/"].iter().any(|api| path.starts_with(api)) {
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = format!("/{path}").parse().ok();
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// Secrets of authentications and of places that results go to are not kept, in the journal neither.
fn hide_secrets(entry: &mut RequestEntry) {
    if entry.path.starts_with("/v3/job/issue/") {
        if let Some(result) = entry.body.as_mut().and_then(|body| body.get_mut("result")) {
            *result = "[hidden]".into();
        }
        if let Some((path, query)) = entry.path.split_once('?') {
            let shown = |part: &str| match part.split_once('=') {
                Some(("result", _)) => "result=[hidden]".to_owned(),
                _ => part.to_owned(),
            };
            entry.path = format!("{path}?{}", query.split('&').map(shown).collect::<Vec<_>>().join("&"));
        }
    }
    let body = entry.body.as_mut().filter(|_| entry.path.starts_with("/v4/"));
    if let Some(Value::Object(settings)) = body.and_then(|body| body.get_mut("auth")) {
        for (_, value) in settings.iter_mut().filter(|(name, _)| *name != "url_prefix") {
            *value = "[hidden]".into();
        }
    }
}

/// Whether JSON is nested too deeply. What is stored is saved inside some more levels and must be
/// readable again.
fn is_too_deep(body: &[u8]) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    body.iter().any(|byte| {
        match (quoted, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => quoted = !quoted,
            (false, b'[' | b'{') => depth = depth.saturating_add(1),
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEPTH
    })
}

/// The router takes every path of two segments for that of events, also that of a control.
fn is_control(path: &str) -> bool {
    operations().any(|(_, template)| template.starts_with("/_sandbox/") && fits(template, path))
}

fn entry(sandbox: &Sandbox, parts: &Parts) -> RequestEntry {
    RequestEntry {
        id: 0,
        at_ms: sandbox.clock().now_ms(),
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        status: None,
        content_type: text_header(&parts.headers, header::CONTENT_TYPE.as_str()).map(str::to_owned),
        body: None,
        fault: None,
        refusals: Vec::new(),
    }
}

/// Writes the journal when a request is over, also when the client disconnected before the answer.
struct Recording<'a> {
    sandbox: &'a Sandbox,
    entry: Option<RequestEntry>,
}

impl Drop for Recording<'_> {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.sandbox.record(entry);
        }
    }
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
        FaultKind::Slow | FaultKind::FailLater => run.await,
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

/// Whether the request's `Host` is accepted.
fn is_known_host(sandbox: &Sandbox, request: &Request) -> bool {
    let host = text_header(request.headers(), header::HOST.as_str());
    let host = host.or_else(|| request.uri().authority().map(|a| a.as_str()));
    host.is_some_and(|host| sandbox.hosts().allows(host))
}

/// Whether a browser sends this for a page of another site. Where it sends no origin, as for an image or
/// a link, it sends `Sec-Fetch-Site` or the referrer.
fn is_of_a_foreign_page(headers: &HeaderMap) -> bool {
    let referrers = headers.get_all(header::REFERER).iter();
    text_header(headers, "sec-fetch-site") == Some("cross-site")
        || headers.get_all(header::ORIGIN).iter().chain(referrers).any(|page| !is_local_origin(page))
}

/// Whether a page of this origin is one of this machine's: any other page could send `text/plain`
/// to the controls without asking first (a "simple request"). `null` belongs to no particular page.
fn is_local_origin(origin: &HeaderValue) -> bool {
    let host = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")));
    host.and_then(|host| host.split('/').next()).is_some_and(is_local)
}

fn authorize(
    sandbox: &Sandbox,
    family: Family,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    let browser = family == Family::Personalization && path.starts_with("/public/");
    // A 501 needs no key: the browser SDK calls some missing operations without one.
    let lacking = family == Family::Personalization && unsupported::allowed(path).is_empty();
    if browser || lacking || method == Method::OPTIONS {
        return Ok(());
    }
    let given = text_header(headers, header::AUTHORIZATION.as_str()).unwrap_or_default();
    let key = given
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("TD1") || scheme.eq_ignore_ascii_case("Bearer"));
    match key {
        Some((_, key)) if key.trim() == sandbox.key().as_str() => Ok(()),
        Some(_) => Err(Refusal::new(
            Reason::KeyInvalid,
            RefusalKind::Unauthorized,
            "Invalid API key: the sandbox has its own, printed when it starts",
        )),
        None => Err(Refusal::new(
            Reason::KeyMissing,
            RefusalKind::Unauthorized,
            "Authorization is missing: send 'TD1 <account>/<40 hex digits>' or 'Bearer <token>'",
        )),
    }
}

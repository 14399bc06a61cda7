//! Sends what journeys send: webhooks over HTTP, under the rules that the platform states and those
//! that keep a sandbox from calling other hosts.

use super::hosts::is_local;
use super::refusal::Refusal;
use super::state::Sandbox;
use super::store::deliveries::{Attempt, AttemptEnd, Delivery};
use super::store::logs::LogTable;
use crate::environment::Environment;
use crate::platform::limits::{WEBHOOK_BODY_BYTES, WEBHOOK_HEADERS};
use crate::platform::wire::{WEBHOOK, WebhookAdvanced, WebhookExport};
use futures_util::stream::{self, StreamExt};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// The most requests at once.
const AT_ONCE: usize = 32;
/// The first pause after a failed attempt; it doubles each time.
const BACKOFF_MS: i64 = 1_000;
/// The longest pause.
const BACKOFF_MAX_MS: i64 = 60_000;
/// How much of an answer is kept, in characters.
const RESPONSE: usize = 1_000;
/// How much of an answer is read, in bytes.
const RESPONSE_BYTES: usize = 64 * 1024;
/// Names the delivery in every attempt, so that a receiver can tell a repeat (IETF draft
/// *The Idempotency-Key HTTP Header Field*; our choice).
const IDEMPOTENCY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request that was checked against all rules.
#[derive(Debug)]
struct Webhook {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    advanced: WebhookAdvanced,
}

/// Sends everything that is due now, and notes how it ended. Those of one profile in one journey are
/// sent one after the other, in order; others at the same time.
pub async fn deliver_due(sandbox: &Sandbox) -> Result<(), Refusal> {
    let due = sandbox.read().deliveries.due(sandbox.clock().now_ms());
    if due.is_empty() {
        return Ok(());
    }
    // Saved first: what is sent must be known after a restart.
    sandbox.changed();
    sandbox.safe().await?;
    let mut lines: Vec<Vec<(u64, Delivery)>> = Vec::new();
    let mut places: HashMap<(u64, String, String), usize> = HashMap::new();
    for (number, delivery) in due {
        let activated = &delivery.activated;
        let line = (delivery.segment, activated.journey_id.clone(), activated.profile.clone());
        let place = *places.entry(line).or_insert(lines.len());
        lines.resize_with(lines.len().max(place.saturating_add(1)), Vec::new);
        if let Some(line) = lines.get_mut(place) {
            line.push((number, delivery));
        }
    }
    let each = stream::iter(lines).for_each_concurrent(AT_ONCE, |line| async move {
        for (number, delivery) in line {
            deliver(sandbox, number, &delivery).await;
        }
    });
    each.await;
    sandbox.changed();
    sandbox.safe().await
}

/// Tries one delivery and notes how it ended.
async fn deliver(sandbox: &Sandbox, number: u64, delivery: &Delivery) {
    let id = delivery.id.as_str();
    let refuse = |reason: String| sandbox.read().deliveries.refuse(number, id, reason);
    let webhook = match prepare(sandbox, delivery) {
        Ok(webhook) => webhook,
        Err(reason) => return refuse(reason),
    };
    let addresses = match reach(sandbox, &webhook.url).await {
        Ok(addresses) => addresses,
        Err(Unreachable::Forbidden(reason)) => return refuse(reason),
        Err(Unreachable::Unknown(reason)) => {
            let at_ms = sandbox.clock().now_ms();
            let attempt =
                Attempt { at_ms, status: None, error: Some(reason), response: None, duration_ms: 0 };
            let ended = again(sandbox, delivery, &webhook.advanced);
            return tried(sandbox, number, delivery, attempt, ended);
        }
    };
    let (attempt, ended) = attempt(sandbox, delivery, webhook, addresses).await;
    tried(sandbox, number, delivery, attempt, ended);
    // At once, without waiting for the others: what has arrived must not be sent again.
    sandbox.changed();
    let _ = sandbox.safe().await;
}

/// Notes how an attempt ended, in the deliveries and in the log, whose columns have the published forms.
fn tried(sandbox: &Sandbox, number: u64, delivery: &Delivery, attempt: Attempt, ended: AttemptEnd) {
    let sent = &delivery.activated;
    let rid = sandbox.read().rid(delivery.segment, sent.owner);
    let delivered = ended == AttemptEnd::Delivered;
    let cells = [
        attempt.at_ms.div_euclid(1_000).into(),
        if delivered { "true" } else { "false" }.into(),
        attempt.status.into(),
        // Milliseconds since the epoch: when the journey came to it, and when the attempt began (our choice).
        sent.at.saturating_mul(1_000).into(),
        sent.connector_type.as_str().into(),
        attempt.at_ms.into(),
        format!("journey_{}", sent.journey_id).into(),
        format!("journey_stage_{}", sent.stage_id).into(),
        format!("{}_{}", sent.activation_name, sent.activation_id).into(),
        rid.into(),
        attempt.error.clone().into(),
        sent.activation_id.as_str().into(),
        sent.event_id.as_str().into(),
        attempt.response.clone().into(),
    ];
    let store = sandbox.read();
    if store.deliveries.tried(number, &delivery.id, attempt, ended) {
        store.log(delivery.segment, LogTable::Activations, cells);
    }
}

/// The request, or the rule that it breaks, as a sentence without a full stop.
fn prepare(sandbox: &Sandbox, delivery: &Delivery) -> Result<Webhook, String> {
    let activated = &delivery.activated;
    let store = sandbox.read();
    let segment = store.segments().find(|segment| segment.number() == delivery.segment);
    let journeys = segment.and_then(|segment| segment.realtime.as_ref()).map(|realtime| &realtime.journeys);
    if journeys.is_none_or(|journeys| journeys.find(&activated.journey_id).is_none()) {
        return Err("the journey was deleted".to_owned());
    }
    if activated.connector_type != WEBHOOK {
        let kind = &activated.connector_type;
        return Err(format!("the sandbox delivers webhooks only, and this goes through {kind}"));
    }
    let export: WebhookExport = serde_json::from_value(activated.export.clone())
        .map_err(|error| format!("exportJson is no webhook: {error}"))?;
    let advanced: WebhookAdvanced = match &activated.advanced {
        Value::Null => WebhookAdvanced::default(),
        other => serde_json::from_value(other.clone())
            .map_err(|error| format!("exportAdvancedJson cannot be read: {error}"))?,
    };
    let connection = store
        .connections
        .find(&activated.connection_id)
        .ok_or_else(|| format!("there is no connection with the id {} any more", activated.connection_id))?;
    let url = Url::parse(&export.url).map_err(|error| format!("'{}' is no URL: {error}", export.url))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("the URL must begin with http or https, not {}", url.scheme()));
    }
    if let Some(prefix) = connection.url_prefix.as_ref().filter(|prefix| !is_below(&url, prefix)) {
        return Err(format!("the URL must start with the connection's URL prefix '{prefix}'"));
    }
    let headers = headers(&export, &delivery.id)?;
    let (body, json) = match &export.body {
        None | Some(Value::Null) => (None, false),
        Some(Value::String(text)) => (Some(text.clone().into_bytes()), false),
        Some(other) => (Some(other.to_string().into_bytes()), true),
    };
    if let Some(body) = body.as_ref().filter(|body| body.len() > WEBHOOK_BODY_BYTES) {
        return Err(format!("the body has {} bytes; the limit is {WEBHOOK_BODY_BYTES}", body.len()));
    }
    let mut headers = headers;
    if json {
        headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    }
    let method = Method::from_bytes(export.method.to_ascii_uppercase().as_bytes())
        .map_err(|_| format!("'{}' is no method", export.method))?;
    Ok(Webhook { method, url, headers, body, advanced })
}

/// Whether a URL is of the same origin as a prefix and its path begins with the prefix's, as they are
/// called, so that `..` leads nowhere else.
fn is_below(url: &Url, prefix: &str) -> bool {
    let Ok(prefix) = Url::parse(prefix) else { return false };
    url.origin() == prefix.origin() && url.path().starts_with(prefix.path())
}

fn headers(export: &WebhookExport, id: &str) -> Result<HeaderMap, String> {
    let given = export.headers.iter().flatten();
    let count = given.clone().count();
    if count > WEBHOOK_HEADERS {
        return Err(format!("it has {count} headers of its own; the limit is {WEBHOOK_HEADERS}"));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let name: HeaderName =
            name.parse().map_err(|_| format!("'{name}' cannot be the name of a header"))?;
        let value = HeaderValue::from_str(&text)
            .map_err(|_| format!("the value of the header {name} is not one line of text"))?;
        headers.append(name, value);
    }
    let id = HeaderValue::from_str(id).map_err(|error| error.to_string())?;
    headers.insert(IDEMPOTENCY, id);
    Ok(headers)
}

/// Why a host cannot be called.
enum Unreachable {
    /// It may not be.
    Forbidden(String),
    /// It has no address.
    Unknown(String),
}

/// The addresses of a host: loopback only, unless it was allowed by name. The request goes to the
/// addresses that were checked, so that a name cannot be pointed elsewhere in between.
async fn reach(sandbox: &Sandbox, url: &Url) -> Result<Vec<SocketAddr>, Unreachable> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(80);
    let allowed = sandbox.allowed_webhooks().iter().any(|known| {
        known.eq_ignore_ascii_case(host) || known.eq_ignore_ascii_case(&format!("{host}:{port}"))
    });
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found: Vec<SocketAddr> = match tokio::net::lookup_host((bare, port)).await {
        Ok(found) => found.collect(),
        // A name without an address may get one outside of this machine later.
        Err(_) if !allowed && !is_local(host) => return Err(Unreachable::Forbidden(forbidden(host))),
        Err(error) => return Err(Unreachable::Unknown(format!("{host} is not known: {error}"))),
    };
    if !allowed && !found.iter().all(|address| address.ip().is_loopback()) {
        return Err(Unreachable::Forbidden(forbidden(host)));
    }
    Ok(found)
}

fn forbidden(host: &str) -> String {
    format!("{host} is not this machine; `tdx-rt sandbox --allow-webhook {host}` lets webhooks go there")
}

/// Sends a request once.
async fn attempt(
    sandbox: &Sandbox,
    delivery: &Delivery,
    webhook: Webhook,
    addresses: Vec<SocketAddr>,
) -> (Attempt, AttemptEnd) {
    let Webhook { method, url, headers, body, advanced } = webhook;
    let (at_ms, begun) = (sandbox.clock().now_ms(), Instant::now());
    let sent = async {
        let client = client(&url, &advanced, &addresses, sandbox.env())?;
        let mut request = client.request(method, url).headers(headers);
        if let Some(body) = body {
            request = request.body(body);
        }
        let mut response = request.send().await.map_err(|error| message(&error))?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        // The status decides; a body that is cut off does not matter.
        while let Ok(Some(chunk)) = response.chunk().await {
            bytes.extend_from_slice(&chunk);
            if bytes.len() >= RESPONSE_BYTES {
                break;
            }
        }
        let text: String = String::from_utf8_lossy(&bytes).chars().take(RESPONSE).collect();
        Ok::<_, String>((status, text))
    };
    let result = sent.await;
    let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (status, response, error) = match result {
        Ok((status, text)) => {
            let error = (!(200..300).contains(&status)).then(|| format!("the receiver answered {status}"));
            (Some(status), Some(text), error)
        }
        Err(error) => (None, None, Some(error)),
    };
    let ended = match status {
        Some(200..300) => AttemptEnd::Delivered,
        // The receiver has rejected it (our choice).
        Some(400..500) if !matches!(status, Some(408 | 425 | 429)) => AttemptEnd::Failed,
        _ => again(sandbox, delivery, &advanced),
    };
    (Attempt { at_ms, status, error, response, duration_ms }, ended)
}

/// When it is tried again: after 1 s, 2 s, 4 s and so on, as often as the activation allows.
fn again(sandbox: &Sandbox, delivery: &Delivery, advanced: &WebhookAdvanced) -> AttemptEnd {
    let tried = delivery.attempts.len() as u64;
    if tried >= advanced.webhook_retry_count {
        return AttemptEnd::Failed;
    }
    let factor = 1_i64.checked_shl(u32::try_from(tried).unwrap_or(u32::MAX)).unwrap_or(i64::MAX);
    let pause = BACKOFF_MS.saturating_mul(factor).clamp(BACKOFF_MS, BACKOFF_MAX_MS);
    AttemptEnd::Again(sandbox.clock().now_ms().saturating_add(pause))
}

/// A client for one host: no proxy, no redirect, and only the addresses that were checked.
fn client(
    url: &Url,
    advanced: &WebhookAdvanced,
    addresses: &[SocketAddr],
    env: &Environment,
) -> Result<reqwest::Client, String> {
    let failed = |error: &dyn std::fmt::Display| format!("the HTTP client could not be set up: {error}");
    let tls = crate::tls::config(url.scheme() == "https", env).map_err(|error| failed(&error))?;
    let seconds = |count: u64| Duration::from_secs(count.clamp(1, 3_600));
    let (connect, read) =
        (seconds(advanced.webhook_connection_timeout), seconds(advanced.webhook_read_timeout));
    reqwest::Client::builder()
        .user_agent(concat!("tdx-rt-sandbox/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(connect)
        .read_timeout(read)
        .timeout(connect.saturating_add(read).saturating_add(seconds(advanced.webhook_write_timeout)))
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses)
        .build()
        .map_err(|error| failed(&error))
}

/// What went wrong, without the URL, which may hold secrets.
fn message(error: &reqwest::Error) -> String {
    use std::error::Error as _;
    if error.is_timeout() {
        return "timeout: the receiver did not answer in time".to_owned();
    }
    let mut inner = error.source();
    let mut last = None;
    while let Some(source) = inner {
        last = Some(source.to_string());
        inner = source.source();
    }
    let what = if error.is_connect() { "no connection" } else { "the connection broke" };
    match last {
        Some(reason) => format!("{what}: {reason}"),
        None => what.to_owned(),
    }
}

//! The one function that sends requests.

mod stream;

pub(super) use stream::Lines;

use super::answer::{AnswerLimits, Incoming, Stopped, Whole};
use super::call::{Call, Collected, Host, Planned, content_type, with_secret};
use super::error::{ApiError, Failure, parse_retry_after};
use super::exchange::{Exchange, Observer};
use super::lenient::Operation;
use super::writes::Writes;
use crate::environment::Environment;
use crate::platform::limits::values;
use crate::secrets::Secrets;
use crate::tls;
use backon::{ExponentialBuilder, Retryable};
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION,
    RETRY_AFTER,
};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Requests under way at once.
const CONCURRENCY: usize = 16;
/// A longer `retry-after` is not waited for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(60);
/// No try begins later than so many times the timeout of one: with the last one, a request takes three times
/// its timeout at the most.
const LAST_TRY: u32 = 2;
/// Bytes of an unreadable answer that are searched for a message.
const SHOWN_BYTES: usize = 64 * 1024;

/// Called around every write, so that the state before it can be kept: see [`Client::record`].
pub trait Recorder: Send + Sync {
    /// A write is about to be sent. The number names it in [`Recorder::after`]; an error stops it.
    fn before(&self, call: &Call) -> Result<u64, ApiError>;
    /// How it ended: the answer, or why there is none.
    fn after(&self, number: u64, result: Result<&Value, &ApiError>);
}

/// What a client is made of.
pub struct ClientOptions {
    /// Base URLs: CDP, TD, personalization.
    pub bases: [String; 4],
    /// Value of the `Authorization` header; `None` sends none.
    pub authorization: Option<SecretString>,
    /// What no message may show.
    pub secrets: Secrets,
    /// For one request with its answer.
    pub timeout: Duration,
    /// How often a request is tried again.
    pub retries: usize,
    /// Collect writes instead of sending them.
    pub dry_run: bool,
    /// Called after every exchange.
    pub observer: Option<Observer>,
    /// Counts the writes that were carried out, or may have been.
    pub written: Arc<AtomicUsize>,
    /// Notes each of them, and lets none begin once it is closed.
    pub writes: Arc<Writes>,
    /// The limits on answers.
    pub limits: AnswerLimits,
    /// The clock and the variables that it goes by.
    pub env: Environment,
}

/// The client.
pub struct Client {
    http: reqwest::Client,
    bases: [String; 4],
    authorization: Option<HeaderValue>,
    secrets: Arc<Secrets>,
    timeout: Duration,
    retries: usize,
    collected: Option<Mutex<Collected>>,
    observer: Option<Observer>,
    recorder: OnceLock<Box<dyn Recorder>>,
    written: Arc<AtomicUsize>,
    writes: Arc<Writes>,
    limits: AnswerLimits,
    env: Environment,
    slots: Semaphore,
    /// For the one large answer that is read.
    large: Semaphore,
    /// By how many seconds the platform's clock is ahead of this machine's; `None` before an answer
    /// has shown it.
    ahead: Mutex<Option<i64>>,
}

/// A whole answer, whatever it says.
struct Answer<'c> {
    status: StatusCode,
    retry_after: Option<String>,
    location: Option<String>,
    whole: Whole<'c>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("bases", &self.bases).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client; nothing is connected yet.
    ///
    /// Redirects are never followed: a redirect to another host would take custom headers, such as
    /// the personalization token, along.
    pub fn new(options: ClientOptions) -> Result<Self, ApiError> {
        let broken = |message: String| ApiError::local(Failure::Setup, message);
        let https = options.bases.iter().any(|base| base.starts_with("https:"));
        let tls =
            tls::config(https, &options.env).map_err(|e| broken(format!("TLS could not be set up: {e}")))?;
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("tdx-rt/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(Duration::from_secs(10).min(options.timeout))
            .timeout(options.timeout);
        if !https {
            // A proxy configured for the internet is not meant for this machine.
            builder = builder.no_proxy();
        }
        let http =
            builder.build().map_err(|e| broken(format!("the HTTP client could not be set up: {e}")))?;
        let authorization = match &options.authorization {
            None => None,
            Some(value) => {
                let mut header = HeaderValue::from_str(value.expose_secret()).map_err(|_| {
                    ApiError::local(Failure::Key, "the API key has characters that no key has".to_owned())
                })?;
                header.set_sensitive(true);
                Some(header)
            }
        };
        Ok(Client {
            http,
            bases: options.bases,
            authorization,
            secrets: Arc::new(options.secrets),
            timeout: options.timeout,
            retries: options.retries,
            collected: options.dry_run.then(Mutex::default),
            observer: options.observer,
            recorder: OnceLock::new(),
            written: options.written,
            writes: options.writes,
            limits: options.limits,
            env: options.env,
            slots: Semaphore::new(CONCURRENCY),
            large: Semaphore::new(1),
            ahead: Mutex::default(),
        })
    }

    /// Base URL of a host.
    pub fn base(&self, host: Host) -> &str {
        let [cdp, td, personalization, records] = &self.bases;
        match host {
            Host::Cdp => cdp,
            Host::Td => td,
            Host::Personalization => personalization,
            Host::Records => records,
        }
    }

    /// From now on every write is recorded. The first recorder stays.
    pub fn record(&self, recorder: Box<dyn Recorder>) {
        // A command sets one at the most.
        let _ = self.recorder.set(recorder);
    }

    /// Whether writes are collected instead of sent.
    pub fn is_dry_run(&self) -> bool {
        self.collected.is_some()
    }

    /// What a dry run collected.
    pub fn collected(&self) -> Collected {
        match &self.collected {
            None => Collected::default(),
            Some(collected) => collected.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    fn collect(&self, add: impl FnOnce(&mut Collected)) {
        if let Some(collected) = &self.collected {
            add(&mut collected.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn planned(&self, call: &Call) -> Planned {
        Planned {
            method: call.method.to_string(),
            url: self.url_with_query(call),
            content_type: call.body.is_some().then(|| content_type(call.media)),
            body: call.body.clone(),
            authorized: self.authorization.is_some(),
            token: call.token.is_some(),
            after_roll_out: call.after_roll_out.as_ref().map(|ps| {
                self.url(&Call::get(Host::Cdp, super::Path::of(&["audiences", ps, "realtime_setting"])))
            }),
        }
    }

    /// Sends a request and reads its answer as `T`; an empty answer reads as `{}`.
    ///
    /// Tried again: 429 for any method, after `retry-after` where the platform names one; 5xx and
    /// broken connections when the request is repeatable; connections that were never made always.
    pub async fn send<T: DeserializeOwned>(&self, call: Call) -> Result<T, ApiError> {
        self.send_sized(call).await.map(|(answer, _)| answer)
    }

    /// The same, with the size of the answer in bytes.
    pub(super) async fn send_sized<T: DeserializeOwned>(&self, call: Call) -> Result<(T, usize), ApiError> {
        let whole = self.send_bytes(&call).await?;
        let bytes = &whole.bytes;
        if values(bytes) > self.limits.values {
            return Err(ApiError::too_large(&call, format!("has more than {} values", self.limits.values)));
        }
        let text = if bytes.iter().all(u8::is_ascii_whitespace) { b"{}".as_slice() } else { bytes };
        match serde_json::from_slice(text) {
            Ok(answer) => Ok((answer, bytes.len())),
            Err(error) => Err(self.unreadable(&call, text, &error)),
        }
    }

    fn unreadable(&self, call: &Call, text: &[u8], error: &serde_json::Error) -> ApiError {
        let head = text.get(..text.len().min(SHOWN_BYTES)).unwrap_or_default();
        let text = self.hide(call, &String::from_utf8_lossy(head));
        self.hidden(call, ApiError::not_json(call, text.as_bytes(), error))
    }

    /// Sends a write; a dry run collects it and makes up the answer.
    pub async fn write<T: DeserializeOwned>(
        &self,
        call: Call,
        made_up: impl FnOnce() -> T,
    ) -> Result<T, ApiError> {
        if !self.collects(&call) {
            let written = self.recorded(call).await;
            if written.as_ref().map_or_else(ApiError::is_ambiguous, |_| true) {
                self.written.fetch_add(1, Ordering::Relaxed);
            }
            return written;
        }
        Ok(made_up())
    }

    /// Whether this is a dry run, which collects the request in place of sending it.
    pub(super) fn collects(&self, call: &Call) -> bool {
        self.collect(|collected| collected.writes.push(self.planned(call)));
        self.is_dry_run()
    }

    /// The limits on answers.
    pub(super) fn limits(&self) -> AnswerLimits {
        self.limits
    }

    async fn recorded<T: DeserializeOwned>(&self, call: Call) -> Result<T, ApiError> {
        let under_way = self.writes.begin(&call)?;
        let recorder = self.recorder.get();
        let recorded = match recorder.map(|recorder| Ok((recorder, recorder.before(&call)?))).transpose() {
            Ok(recorded) => recorded,
            Err(error) => {
                under_way.end(Err(&error));
                return Err(error);
            }
        };
        let sent = self.send::<Value>(call.clone()).await;
        if let Some((recorder, number)) = recorded {
            recorder.after(number, sent.as_ref());
        }
        under_way.end(sent.as_ref());
        let value = sent?;
        T::deserialize(&value).map_err(|error| self.unreadable(&call, value.to_string().as_bytes(), &error))
    }

    /// The whole URL of a request, without the query parameters.
    pub fn url(&self, call: &Call) -> String {
        format!("{}{}", self.base(call.host), call.path)
    }

    fn url_with_query(&self, call: &Call) -> String {
        let url = self.url(call);
        match reqwest::Url::parse(&url) {
            Ok(mut parsed) if !call.query.is_empty() => {
                parsed.query_pairs_mut().extend_pairs(&call.query);
                parsed.into()
            }
            _ => url,
        }
    }

    async fn send_bytes(&self, call: &Call) -> Result<Whole<'_>, ApiError> {
        self.collect(|collected| collected.reads.push(self.planned(call)));
        let backoff = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(8))
            .with_factor(2.0)
            .with_jitter()
            .with_max_times(self.retries);
        let tries = AtomicUsize::new(0);
        let begun = OnceLock::new();
        let attempt = || {
            let tried = tries.fetch_add(1, Ordering::Relaxed);
            self.attempt(call, tried.saturating_add(1), &begun)
        };
        let result = attempt
            .retry(backoff)
            .when(|error: &ApiError| error.may_retry(call.repeatable))
            .adjust(|error: &ApiError, delay: Option<Duration>| {
                let elapsed = begun.get().map_or(Duration::ZERO, Instant::elapsed);
                pause(delay?, error.retry_after, elapsed, self.timeout)
            })
            .await;
        match result {
            Err(error) if error.is_not_found() && call.method == Method::DELETE && tries.into_inner() > 1 => {
                Ok(Whole::empty())
            }
            result => result,
        }
    }

    async fn attempt(
        &self,
        call: &Call,
        attempt: usize,
        begun: &OnceLock<Instant>,
    ) -> Result<Whole<'_>, ApiError> {
        let _slot = self.slots.acquire().await.map_err(|e| ApiError::local(Failure::Setup, e.to_string()))?;
        let started = Instant::now();
        begun.get_or_init(|| started);
        let received = self.receive(call).await;
        if let Some(observer) = &self.observer {
            let answer = received.as_ref().ok();
            observer(&Exchange {
                method: call.method.to_string(),
                url: self.hide(call, &self.url(call)),
                status: answer.map(|answer| answer.status.as_u16()),
                elapsed: started.elapsed(),
                attempt,
                size: answer.map(|answer| answer.whole.bytes.len()),
                body: call.body.as_ref().map(|body| self.hide(call, &body.to_string())),
            });
        }
        self.judge(call, received?)
    }

    async fn receive(&self, call: &Call) -> Result<Answer<'_>, ApiError> {
        let response = self.request(call)?.send().await.map_err(|e| ApiError::transport(call, e))?;
        self.note_clock(response.headers());
        self.read_whole(call, response).await
    }

    fn request(&self, call: &Call) -> Result<reqwest::RequestBuilder, ApiError> {
        let mut request = self.http.request(call.method.clone(), self.url(call)).headers(self.headers(call)?);
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        if let Some(body) = &call.body {
            request = request.body(with_secret(body, call.secret.as_ref()).to_string());
        }
        Ok(request)
    }

    async fn read_whole(&self, call: &Call, mut response: reqwest::Response) -> Result<Answer<'_>, ApiError> {
        let text = |name| response.headers().get(name)?.to_str().ok().map(str::to_owned);
        let (retry_after, location) = (text(RETRY_AFTER), text(LOCATION));
        let status = response.status();
        let packed = text(CONTENT_ENCODING).is_some_and(|encoding| encoding.eq_ignore_ascii_case("gzip"));
        let mut incoming = Incoming::new(packed, self.limits, &self.large);
        let stopped = |why| match why {
            Stopped::TooLarge => {
                ApiError::too_large(call, format!("is larger than {} MiB", self.limits.bytes >> 20))
            }
            Stopped::Garbled(error) => ApiError::garbled(call, &error),
        };
        let whole = loop {
            match response.chunk().await {
                Ok(None) => break incoming.finish().map_err(stopped)?,
                Ok(Some(chunk)) => incoming.push(&chunk).await.map_err(stopped)?,
                Err(error) => return Err(ApiError::transport(call, error)),
            }
            // What an error says is at its beginning.
            if !status.is_success() && incoming.len() > self.limits.error {
                break incoming.cut();
            }
        };
        Ok(Answer { status, retry_after, location, whole })
    }

    /// Takes note of the `Date` of an answer.
    fn note_clock(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let Some(date) = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok()) else { return };
        let ahead = date.timestamp().as_second().saturating_sub(self.env.now().as_second());
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
    }

    /// The environment that it was made in.
    pub fn env(&self) -> &Environment {
        &self.env
    }

    /// By how many seconds the platform's clock was ahead of this machine's when it last answered.
    pub fn seconds_ahead(&self) -> Option<i64> {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn judge<'c>(&self, call: &Call, answer: Answer<'c>) -> Result<Whole<'c>, ApiError> {
        let Answer { status, retry_after, location, whole } = answer;
        if status.is_success() {
            return Ok(whole);
        }
        let text = self.hide(call, &String::from_utf8_lossy(&whole.bytes));
        let retry_after = retry_after.and_then(|text| parse_retry_after(&text, self.env.now()));
        let error = ApiError::answered(call, status, text.as_bytes(), retry_after, location.as_deref());
        Err(self.hidden(call, error))
    }

    /// A server may give back what it was sent (debugging proxies do): the key and the token are
    /// taken out of what is shown of its answer.
    fn hide(&self, call: &Call, text: &str) -> String {
        self.secrets(call).hide(text)
    }

    /// The credentials in use, with those of a request.
    fn secrets(&self, call: &Call) -> Arc<Secrets> {
        let mut own = call.token.iter().chain(call.secret.iter().map(|(_, secret)| secret)).peekable();
        if own.peek().is_none() {
            return Arc::clone(&self.secrets);
        }
        let mut all = Secrets::clone(&self.secrets);
        own.for_each(|secret| all.add(secret));
        Arc::new(all)
    }

    /// A request as errors about its answer name it.
    pub(super) fn operation(&self, call: &Call) -> Operation {
        Operation { name: call.operation(), secrets: self.secrets(call) }
    }

    /// The same for what was decoded from it.
    fn hidden(&self, call: &Call, error: ApiError) -> ApiError {
        error.map_texts(|text| self.hide(call, text))
    }

    fn headers(&self, call: &Call) -> Result<HeaderMap, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        if call.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(call.media)));
        }
        if let Some(token) = &call.token {
            let mut value = HeaderValue::from_str(token.expose_secret()).map_err(|_| {
                ApiError::local(Failure::Key, "the token has characters that no token has".into())
            })?;
            value.set_sensitive(true);
            headers.insert("wp13n-token", value);
        }
        Ok(headers)
    }
}

/// How long to wait for the next try, the first of which began so long ago; `None` where there is none.
fn pause(
    delay: Duration,
    wanted: Option<Duration>,
    elapsed: Duration,
    timeout: Duration,
) -> Option<Duration> {
    let pause = match wanted {
        Some(wanted) if wanted > RETRY_AFTER_MAX => return None,
        // Never earlier than the platform says, and not all clients at once.
        Some(wanted) => wanted.saturating_add(delay.checked_div(4).unwrap_or_default()),
        None => delay,
    };
    (elapsed.saturating_add(pause) <= timeout.saturating_mul(LAST_TRY)).then_some(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_with_its_retries_takes_three_times_its_timeout_at_the_most() {
        let seconds = Duration::from_secs;
        let minute = seconds(60);
        assert_eq!(pause(seconds(1), None, seconds(60), minute), Some(seconds(1)));
        assert_eq!(pause(seconds(4), None, seconds(116), minute), Some(seconds(4)));
        assert_eq!(pause(seconds(4), None, seconds(117), minute), None, "it would begin after two timeouts");
        assert_eq!(pause(seconds(4), Some(seconds(30)), seconds(0), minute), Some(seconds(31)));
        assert_eq!(pause(seconds(4), Some(seconds(3_600)), seconds(0), minute), None);
        assert_eq!(pause(seconds(4), Some(seconds(30)), seconds(0), seconds(15)), None);
        assert_eq!(pause(seconds(4), None, seconds(0), Duration::MAX), Some(seconds(4)));
    }
}

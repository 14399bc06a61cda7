//! What is sent: a request, and what a dry run shows of it.

use super::Path;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// Which of the platform's hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// CDP API.
    Cdp,
    /// TD API; paths start with `/v3` or `/v4`.
    Td,
    /// Personalization API.
    Personalization,
    /// Streaming ingest.
    Records,
}

/// Content type of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/json`
    Json,
    /// `application/vnd.treasuredata.v1+json`, for `/entities` and the personalization API.
    Vendor,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Call {
    /// Host.
    pub host: Host,
    /// Method.
    pub method: Method,
    /// Path, with query when it came from `nextPage`.
    pub path: String,
    /// Query parameters.
    pub query: Vec<(String, String)>,
    /// Body.
    pub body: Option<Value>,
    /// Its content type.
    pub media: Media,
    /// `WP13n-Token`.
    pub token: Option<SecretString>,
    /// Where in the body a secret goes, and the secret, which is shown nowhere.
    pub secret: Option<(&'static str, SecretString)>,
    /// Whether sending it twice is the same as sending it once.
    pub repeatable: bool,
    /// The parent segment whose roll-out must be over before.
    pub after_roll_out: Option<String>,
}

impl Call {
    fn new(host: Host, method: Method, path: Path, repeatable: bool) -> Self {
        let path = path.as_str().to_owned();
        Call {
            host,
            method,
            path,
            query: Vec::new(),
            body: None,
            media: Media::Json,
            token: None,
            secret: None,
            repeatable,
            after_roll_out: None,
        }
    }

    /// A read.
    pub fn get(host: Host, path: Path) -> Self {
        Call::new(host, Method::GET, path, true)
    }

    /// A create: never repeated unless it surely was not received.
    pub fn create(path: Path, body: Value) -> Self {
        Call { body: Some(body), ..Call::new(Host::Cdp, Method::POST, path, false) }
    }

    /// A write of a whole state: may be repeated.
    pub fn patch(path: Path, body: Value) -> Self {
        Call { body: Some(body), ..Call::new(Host::Cdp, Method::PATCH, path, true) }
    }

    /// A delete. May be repeated: 404 to a repeat means that an earlier one was carried out.
    pub fn delete(path: Path) -> Self {
        Call::new(Host::Cdp, Method::DELETE, path, true)
    }

    /// With another content type.
    #[must_use]
    pub fn media(mut self, media: Media) -> Self {
        self.media = media;
        self
    }

    /// With a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Method and path, as errors name a request.
    pub fn operation(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A request that a dry run would have sent, or a read that it did send.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Planned {
    /// Method.
    pub method: String,
    /// Whole URL.
    pub url: String,
    /// Content type of the body, where there is one.
    pub content_type: Option<&'static str>,
    /// Body.
    pub body: Option<Value>,
    /// Whether it is sent with the key.
    #[serde(skip)]
    pub authorized: bool,
    /// Whether it is sent with a token of the personalization API.
    #[serde(skip)]
    pub token: bool,
    /// The setting whose status must be `ok` before.
    #[serde(skip)]
    pub after_roll_out: Option<String>,
}

/// What a dry run collected.
#[derive(Debug, Clone, Default)]
pub struct Collected {
    /// The writes, which were not sent.
    pub writes: Vec<Planned>,
    /// The reads, which were.
    pub reads: Vec<Planned>,
}

/// The header's value.
pub(super) fn content_type(media: Media) -> &'static str {
    match media {
        Media::Json => "application/json",
        Media::Vendor => crate::platform::wire::VENDOR_JSON,
    }
}

/// Puts a secret into a body, where it is sent.
pub(super) fn with_secret(body: &Value, secret: Option<&(&'static str, SecretString)>) -> Value {
    let mut body = body.clone();
    let Some((pointer, secret)) = secret else { return body };
    let Some((parent, key)) = pointer.rsplit_once('/') else { return body };
    if let Some(Value::Object(parent)) = body.pointer_mut(parent) {
        parent.insert(key.to_owned(), secret.expose_secret().into());
    }
    body
}

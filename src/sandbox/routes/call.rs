//! A request as the operations see it: path parameters, query, body.

use crate::platform::wire::VENDOR_JSON;
use crate::sandbox::connection::Peer;
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequestParts, Query, RawPathParams, Request};
use axum::http::{HeaderMap, Uri, header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::net::{IpAddr, Ipv4Addr};

/// A body that was read before the operation.
#[derive(Debug, Clone, Default)]
pub struct ReadBody(pub Bytes);

/// A fault rule lets what the request starts, a run or a job, end in an error with these words.
#[derive(Debug, Clone)]
pub struct Fails(pub Option<String>);

/// A header's value when it is valid text.
pub fn text_header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A request as the operations see it.
#[derive(Debug)]
pub struct RouteCall {
    /// Path parameters by name, decoded.
    path: Vec<(String, String)>,
    /// Query parameters in order, decoded.
    query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole target.
    pub uri: Uri,
    /// The client's address; loopback without a socket.
    pub ip: IpAddr,
    /// The body as it came.
    pub body: Bytes,
    /// Whether what the request starts is to end in an error.
    pub fails: Option<Fails>,
}

impl RouteCall {
    pub(super) async fn read(request: Request) -> Result<Self, Refusal> {
        let (mut parts, _) = request.into_parts();
        let unreadable =
            |_| Refusal::bad_request(Reason::PathUnreadable, "the path or the query cannot be decoded");
        let path = match RawPathParams::from_request_parts(&mut parts, &()).await {
            Ok(params) => params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let Query(query) = match parts.uri.query() {
            None => Query(Vec::new()),
            Some(_) => Query::try_from_uri(&parts.uri).map_err(|error| unreadable(error.to_string()))?,
        };
        let ReadBody(body) = parts.extensions.remove().unwrap_or_default();
        let fails = parts.extensions.remove();
        let ip = parts
            .extensions
            .get::<ConnectInfo<Peer>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip);
        Ok(RouteCall { path, query, headers: parts.headers, uri: parts.uri, ip, body, fails })
    }

    /// A path parameter; empty when the route has none of this name.
    pub fn path(&self, name: &str) -> &str {
        self.path.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// The first query parameter of this name.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// A query parameter that is `true` or `false`, as the contract says; false when it is missing.
    pub fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.query(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Refusal::bad_request(
                Reason::QueryFlagInvalid,
                format!("{name} must be true or false, not '{other}'"),
            )),
        }
    }

    /// All query parameters in order.
    pub fn queries(&self) -> &[(String, String)] {
        &self.query
    }

    /// A header's value when it is valid text.
    pub fn header(&self, name: &str) -> Option<&str> {
        text_header(&self.headers, name)
    }

    /// The media type of the body, in lower case and without parameters.
    pub fn media_type(&self) -> String {
        let value = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The body of a CDP request: a JSON object sent as `application/json`.
    pub fn object(&self) -> Result<Map<String, Value>, Refusal> {
        self.object_as("application/json")
    }

    /// The body of an `/entities` request: a JSON object sent as the vendor's media type.
    pub fn entity(&self) -> Result<Map<String, Value>, Refusal> {
        self.object_as(VENDOR_JSON)
    }

    fn object_as(&self, wanted: &str) -> Result<Map<String, Value>, Refusal> {
        let found = self.media_type();
        if found != wanted {
            let found = if found.is_empty() { "missing".to_owned() } else { format!("'{found}'") };
            let message = format!("the content type must be '{wanted}'; it is {found}");
            return Err(Refusal::new(Reason::ContentTypeWrong, RefusalKind::UnsupportedMediaType, message));
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(_) => Err(Refusal::bad_request(Reason::BodyNotObject, "the body must be a JSON object")),
            Err(error) => {
                Err(Refusal::bad_request(Reason::BodyNotJson, format!("the body is not JSON: {error}")))
            }
        }
    }

    /// The body of a control request; an empty body is an empty object, any content type is accepted.
    pub fn control<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let body: &[u8] = if self.body.is_empty() { b"{}" } else { &self.body };
        serde_json::from_slice(body)
            .map_err(|error| Refusal::bad_request(Reason::ControlBodyInvalid, error.to_string()))
    }
}

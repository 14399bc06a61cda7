//! A request as the operations see it: path parameters, query, body.

use super::render::{Answer, Reply, Then};
use crate::platform::limits::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use crate::platform::wire::VENDOR_JSON;
use crate::sandbox::connection::Peer;
use crate::sandbox::pump;
use crate::sandbox::refusal::{Kind, Reason, Refusal};
use crate::sandbox::state::Sandbox;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequestParts, Query, RawPathParams, Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// An operation.
pub type Operation = fn(&Sandbox, &Call) -> Answer;

/// A body that was read before the operation.
#[derive(Debug, Clone, Default)]
pub struct ReadBody(pub Bytes);

/// A header's value when it is valid text.
pub fn text_header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A request as the operations see it.
#[derive(Debug)]
pub struct Call {
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
}

/// The route of an operation.
pub fn operation(method: MethodFilter, run: Operation) -> MethodRouter<Arc<Sandbox>> {
    on(method, move |State(sandbox): State<Arc<Sandbox>>, request: Request| async move {
        match Call::read(request).await {
            Ok(call) => respond(keep(&sandbox, go_on(&sandbox, &call, run(&sandbox, &call)).await).await),
            Err(refusal) => refusal.into_response(),
        }
    })
}

/// Moves to a time first where an answer needs that, and answers then.
async fn go_on(sandbox: &Arc<Sandbox>, call: &Call, answer: Answer) -> Answer {
    let Ok(Reply { then: Some(Then { to, answer }), .. }) = answer else { return answer };
    let shared = Arc::clone(sandbox);
    // In a task of its own: a client that disconnects must not interrupt a webhook.
    let done = tokio::spawn(async move {
        match to {
            Some(to) => pump::walk(&shared, to).await,
            None => pump::settle(&shared).await,
        }
    });
    done.await.map_err(|_| Refusal::new(Reason::Stopping, Kind::Internal, "the sandbox is stopping"))??;
    answer(sandbox, call)
}

/// Sends an answer once its content is safe: also that of a `GET`, which another request may have just
/// changed, or which the `GET` itself has changed.
async fn keep(sandbox: &Sandbox, answer: Answer) -> Answer {
    sandbox.changed();
    sandbox.safe().await.and(answer)
}

fn respond(answer: Answer) -> Response {
    match answer {
        Ok(reply) => reply.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

impl Call {
    async fn read(request: Request) -> Result<Self, Refusal> {
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
        let ip = parts
            .extensions
            .get::<ConnectInfo<Peer>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip);
        Ok(Call { path, query, headers: parts.headers, uri: parts.uri, ip, body })
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
            return Err(Refusal::new(Reason::ContentTypeWrong, Kind::UnsupportedMediaType, message));
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

    /// The page that the query asks for. Sizes outside 1 to 1,000 are refused (the contract's
    /// bounds; what the platform does beyond them is not documented).
    pub fn page(&self) -> Result<PageRequest<'_>, Refusal> {
        let size = match self.query("page[size]") {
            None => PAGE_SIZE_DEFAULT,
            Some(text) => {
                text.parse().ok().filter(|size| (1..=PAGE_SIZE_MAX).contains(size)).ok_or_else(|| {
                    Refusal::bad_request(
                        Reason::PageSizeInvalid,
                        format!("page[size] must be a number from 1 to {PAGE_SIZE_MAX}"),
                    )
                })?
            }
        };
        Ok(PageRequest { call: self, size })
    }
}

/// A page that a query asks for.
#[derive(Debug)]
pub struct PageRequest<'a> {
    call: &'a Call,
    size: usize,
}

/// The sort keys of a listing.
#[derive(Debug, Clone)]
pub struct SortKeys<'a> {
    /// Id, digits as a string.
    pub id: &'a str,
    /// Display name.
    pub name: &'a str,
    /// Milliseconds since the epoch.
    pub created: i64,
    /// Milliseconds since the epoch.
    pub updated: i64,
}

impl PageRequest<'_> {
    /// Sorts, selects the page and renders it. `page[after]` is the last id of the page before.
    pub fn cut<'i, T>(
        &self,
        mut items: Vec<&'i T>,
        keys: impl Fn(&'i T) -> SortKeys<'i>,
        render: impl Fn(&'i T) -> Value,
    ) -> Answer {
        sort(&mut items, self.call.query("sorted_by").unwrap_or("id:asc"), &keys)?;
        let start = match self.call.query("page[after]") {
            None => 0,
            Some(after) => match items.iter().position(|item| keys(item).id == after) {
                Some(index) => index + 1,
                None => {
                    return Err(Refusal::bad_request(
                        Reason::PageCursorUnknown,
                        "page[after] is no cursor of this listing",
                    ));
                }
            },
        };
        let page: Vec<&T> = items.iter().skip(start).take(self.size).copied().collect();
        let more = start + page.len() < items.len();
        let last = page.last().filter(|_| more).map(|item| keys(item).id);
        let data: Vec<Value> = page.iter().map(|item| render(item)).collect();
        let next = last.map(|id| self.next_page(id));
        super::render::json(&serde_json::json!({"data": data, "pagination": {"nextPage": next}}))
    }

    /// Path and query of the page after `last`, with this query's other parameters.
    fn next_page(&self, last: &str) -> String {
        let size = self.size.to_string();
        let others = self.call.queries().iter().filter(|(name, _)| !name.starts_with("page["));
        let mut target = format!("{}?", self.call.uri.path());
        for (name, value) in others.map(|(n, v)| (n.as_str(), v.as_str())) {
            let _ = write!(target, "{}={}&", encode(name), encode(value));
        }
        let _ = write!(target, "{}={size}&{}={}", encode("page[size]"), encode("page[after]"), encode(last));
        target
    }
}

fn sort<'i, T>(
    items: &mut [&'i T],
    order: &str,
    keys: &impl Fn(&'i T) -> SortKeys<'i>,
) -> Result<(), Refusal> {
    let (field, direction) = order.split_once(':').unwrap_or((order, "asc"));
    let number = |id: &str| id.parse::<u64>().unwrap_or(u64::MAX);
    match field {
        "id" => items.sort_by_key(|item| number(keys(item).id)),
        "name" => items.sort_by(|a, b| keys(a).name.cmp(keys(b).name)),
        "createdAt" | "created_at" => items.sort_by_key(|item| keys(item).created),
        "updatedAt" | "updated_at" => items.sort_by_key(|item| keys(item).updated),
        _ => {
            return Err(Refusal::bad_request(
                Reason::SortFieldUnknown,
                format!("sorted_by does not know the field '{field}'"),
            ));
        }
    }
    match direction {
        "asc" => {}
        "desc" => items.reverse(),
        _ => {
            return Err(Refusal::bad_request(
                Reason::SortOrderUnknown,
                "sorted_by must be <field>:asc or <field>:desc",
            ));
        }
    }
    Ok(())
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String never fails.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

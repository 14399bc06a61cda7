//! The parameters of an operation of the TD API, from wherever a client puts them: td-client-python sends a multipart
//! form, td-client-ruby a form, td-client-java the query, and the contract says JSON.

use super::call::RouteCall;
use crate::sandbox::refusal::{Reason, Refusal, RefusalKind};
use axum::body::Bytes;
use futures_util::{FutureExt, stream};
use serde_json::{Map, Value};
use std::convert::Infallible;

/// Parameters by name; those of the body come before those of the query.
#[derive(Debug, Clone, Default)]
pub struct Parameters(Map<String, Value>);

impl Parameters {
    /// Those of a request. A body needs a content type that says what it is.
    pub fn read(call: &RouteCall) -> Result<Self, Refusal> {
        let mut all: Map<String, Value> =
            call.queries().iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        if call.body.is_empty() {
            return Ok(Parameters(all));
        }
        let content_type = call.header("content-type").unwrap_or_default();
        match (call.media_type().as_str(), form(content_type, &call.body)) {
            ("application/json", _) => all.extend(call.object()?),
            (_, Some(read)) => all.extend(read?),
            (other, None) => {
                let message = format!(
                    "the content type must be application/json, a form or a multipart form, not '{other}'"
                );
                return Err(Refusal::new(
                    Reason::ContentTypeWrong,
                    RefusalKind::UnsupportedMediaType,
                    message,
                ));
            }
        }
        Ok(Parameters(all))
    }

    /// A string that is not empty.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(other) => Err(invalid(name, &format!("must be a string, not {other}"))),
        }
    }

    /// A string or a number, as a string.
    pub fn word(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.0.get(name) {
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            _ => Ok(self.text(name)?.map(str::to_owned)),
        }
    }

    /// A whole number in a range; forms have it as a string.
    pub fn integer(&self, name: &str, range: std::ops::RangeInclusive<i64>) -> Result<Option<i64>, Refusal> {
        let number = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) if text.is_empty() => return Ok(None),
            Some(Value::String(text)) => text.parse().ok(),
            Some(value) => value.as_i64(),
        };
        let number = number.filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| {
            invalid(name, &format!("must be a whole number from {} to {}", range.start(), range.end()))
        })
    }
}

/// 422 about one parameter.
pub fn invalid(name: &str, rule: &str) -> Refusal {
    Refusal::invalid(Reason::ParameterInvalid, format!("'{name}' parameter {rule}"))
}

/// The fields of a form, by its content type; `None` for a body that is none.
pub fn form(content_type: &str, body: &Bytes) -> Option<Result<Map<String, Value>, Refusal>> {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/x-www-form-urlencoded" => {
            let fields = form_urlencoded::parse(body);
            Some(Ok(fields.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect()))
        }
        "multipart/form-data" => {
            let unreadable = |error: multer::Error| {
                Refusal::bad_request(Reason::BodyNotForm, format!("the form cannot be read: {error}"))
            };
            Some(multipart(content_type, body).map_err(unreadable))
        }
        _ => None,
    }
}

/// Everything is there, so nothing is waited for.
fn multipart(content_type: &str, body: &Bytes) -> Result<Map<String, Value>, multer::Error> {
    let boundary = multer::parse_boundary(content_type)?;
    let whole = stream::iter([Ok::<_, Infallible>(body.clone())]);
    let mut parts = multer::Multipart::new(whole, boundary);
    let mut fields = Map::new();
    let ended = || multer::Error::IncompleteStream;
    while let Some(field) = parts.next_field().now_or_never().ok_or_else(ended)?? {
        let name = field.name().unwrap_or_default().to_owned();
        let value = field.text().now_or_never().ok_or_else(ended)??;
        fields.insert(name, value.into());
    }
    Ok(fields)
}

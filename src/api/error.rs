//! The platform's several error shapes, and failures of the network, as one error.

use super::Call;
use crate::error::{Code, Error};
use reqwest::StatusCode;
use serde_json::Value;
use std::time::Duration;

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The client could not be made.
    Setup,
    /// The key or token cannot be sent.
    Key,
    /// The state before the write could not be recorded, so nothing was sent.
    Record,
    /// No connection was made: the request was surely not received.
    Connect,
    /// No connection was made because the other side's TLS or certificate is not acceptable; another
    /// try would end the same.
    Tls(Distrust),
    /// The connection broke, or time ran out: the request may have been carried out.
    Broken,
    /// The platform answered an error.
    Status,
    /// The platform refuses a field that it sent itself and that this version does not know.
    Echo,
    /// The platform answered something that is no answer.
    Unreadable,
    /// The command is to end, so nothing was sent.
    Late,
}

/// Why a TLS connection is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// The certificate is of an issuer that is not trusted here.
    UnknownIssuer,
    /// The certificate is not valid any more.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is for other hosts.
    WrongHost,
    /// The certificate is wrong for another reason.
    Certificate,
    /// The other side does not speak TLS, or no version of it that is spoken here.
    Protocol,
}

impl Distrust {
    /// Finds TLS's own error in the causes of another one. `io::Error` does not list what it wraps among
    /// its causes.
    fn find(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Self::of(tls);
        }
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let wrapped = wrapped.and_then(|inner| Self::find(inner as &(dyn std::error::Error + 'static)));
        wrapped.or_else(|| error.source().and_then(Self::find))
    }

    /// `None` for what may pass by itself.
    fn of(error: &rustls::Error) -> Option<Self> {
        use rustls::{AlertDescription, CertificateError as C, Error as E};
        Some(match error {
            // Signed by another one that has the name of one that is trusted.
            E::InvalidCertificate(C::UnknownIssuer | C::BadSignature) => Distrust::UnknownIssuer,
            E::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => Distrust::Expired,
            E::InvalidCertificate(C::NotValidYet | C::NotValidYetContext { .. }) => Distrust::NotYetValid,
            E::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. }) => {
                Distrust::WrongHost
            }
            E::InvalidCertificate(_) | E::NoCertificatesPresented => Distrust::Certificate,
            E::AlertReceived(AlertDescription::InternalError | AlertDescription::CloseNotify) => return None,
            E::InvalidMessage(_) | E::PeerIncompatible(_) | E::PeerMisbehaved(_) | E::AlertReceived(_) => {
                Distrust::Protocol
            }
            _ => return None,
        })
    }

    fn hint(self) -> &'static str {
        match self {
            Distrust::UnknownIssuer => {
                "the certificate is of an unknown issuer: a proxy that opens TLS, or a host of one's own; put the issuer's certificate (PEM) into a file and name it with SSL_CERT_FILE, or check --site and --endpoint"
            }
            Distrust::Expired => {
                "the certificate has expired, and the operator of the host or proxy has to renew it; check this machine's clock, and whether SSL_CERT_FILE names certificates that are still valid"
            }
            Distrust::NotYetValid => {
                "the certificate is not valid yet: check this machine's clock, and what SSL_CERT_FILE names"
            }
            Distrust::WrongHost => {
                "the certificate is for the wrong host: check --endpoint, --site and the proxy; SSL_CERT_FILE does not help here"
            }
            Distrust::Certificate => {
                "the certificate is not acceptable as the message says; check --endpoint and the proxy, and what SSL_CERT_FILE names"
            }
            Distrust::Protocol => {
                "the other side does not speak TLS 1.2 or 1.3: check the port and the scheme of --endpoint, and the proxy"
            }
        }
    }
}

/// A failed request. It is no [`std::error::Error`] on purpose: `?` must not make it an `anyhow::Error`, which
/// would end as a bug, but only an [`Error`].
#[derive(Debug, Clone)]
pub struct ApiError {
    /// Method and path.
    pub operation: String,
    /// What kind of failure it was.
    pub failure: Failure,
    /// Status of the answer.
    pub status: Option<u16>,
    /// The platform's own message, or what happened.
    pub message: String,
    /// The platform's own code.
    pub server_code: Option<String>,
    /// When to try again.
    pub retry_after: Option<Duration>,
    /// Where a redirect leads.
    location: Option<String>,
}

impl ApiError {
    pub(crate) fn local(failure: Failure, message: String) -> Self {
        ApiError {
            operation: String::new(),
            failure,
            status: None,
            message,
            server_code: None,
            retry_after: None,
            location: None,
        }
    }

    fn of(call: &Call, failure: Failure, message: String) -> Self {
        ApiError { operation: call.operation(), ..ApiError::local(failure, message) }
    }

    /// No answer. The URL is left out: its query may hold a customer's id.
    pub(super) fn transport(call: &Call, error: reqwest::Error) -> Self {
        let failure = match Distrust::find(&error) {
            Some(why) => Failure::Tls(why),
            None if error.is_connect() => Failure::Connect,
            None => Failure::Broken,
        };
        let timeout = error.is_timeout();
        let error = error.without_url();
        let mut message = if timeout { "no answer in time".to_owned() } else { error.to_string() };
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            let text = cause.to_string();
            if !timeout && !message.contains(&text) {
                message = format!("{message}: {text}");
            }
            source = cause.source();
        }
        ApiError::of(call, failure, message)
    }

    /// Nothing came in time.
    pub(super) fn silent(call: &Call, _: &tokio::time::error::Elapsed) -> Self {
        ApiError::of(call, Failure::Broken, "no answer in time".to_owned())
    }

    /// More than a limit allows: `has more than 5 values`.
    pub(super) fn too_large(call: &Call, what: String) -> Self {
        ApiError::of(call, Failure::Unreadable, format!("the answer {what}, and is not read"))
    }

    pub(super) fn garbled(call: &Call, error: &std::io::Error) -> Self {
        ApiError::of(call, Failure::Unreadable, format!("the answer cannot be unpacked: {error}"))
    }

    pub(super) fn not_json(call: &Call, bytes: &[u8], error: &serde_json::Error) -> Self {
        let text = excerpt(bytes);
        let message = if text.starts_with('<') {
            format!("the answer is HTML, not JSON: {text}")
        } else {
            format!("the answer is not what the contract says: {error}")
        };
        ApiError::of(call, Failure::Unreadable, message)
    }

    pub(super) fn answered(
        call: &Call,
        status: StatusCode,
        bytes: &[u8],
        retry_after: Option<Duration>,
        location: Option<&str>,
    ) -> Self {
        let (server_code, message) = match serde_json::from_slice::<Value>(bytes) {
            Ok(body) => (code_of(&body), message_of(&body)),
            Err(_) => (None, None),
        };
        let message = message.unwrap_or_else(|| match excerpt(bytes) {
            text if text.is_empty() => status.canonical_reason().unwrap_or("no reason given").to_owned(),
            text => text,
        });
        ApiError {
            status: Some(status.as_u16()),
            server_code,
            retry_after,
            location: location.map(str::to_owned),
            ..ApiError::of(call, Failure::Status, message)
        }
    }

    /// The same; where the server names one of these fields, which were written back as they were read, it refuses
    /// what it sent itself.
    pub(super) fn refusing<'f>(mut self, mut fields: impl Iterator<Item = &'f str>) -> Self {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let words = self.message.split(|c| !is_part(c));
        if self.code() == Code::Rejected && fields.any(|field| words.clone().any(|word| word == field)) {
            self.failure = Failure::Echo;
        }
        self
    }

    /// With what the server said changed by `change`.
    pub(super) fn map_texts(self, change: impl Fn(&str) -> String) -> Self {
        let location = self.location.as_deref().map(&change);
        ApiError { message: change(&self.message), location, ..self }
    }

    /// Whether another try may help and does no harm.
    pub(super) fn may_retry(&self, repeatable: bool) -> bool {
        match self.failure {
            Failure::Connect => true,
            Failure::Broken => repeatable,
            Failure::Status => match self.status {
                Some(429) => true,
                Some(500 | 502 | 503 | 504) => repeatable,
                _ => false,
            },
            Failure::Unreadable
            | Failure::Late
            | Failure::Setup
            | Failure::Key
            | Failure::Record
            | Failure::Echo
            | Failure::Tls(_) => false,
        }
    }

    /// Whether the request may have been carried out although there is no answer that says so.
    pub fn is_ambiguous(&self) -> bool {
        match self.failure {
            Failure::Broken | Failure::Unreadable => true,
            Failure::Status => self.status.is_some_and(|status| status >= 500),
            Failure::Connect
            | Failure::Late
            | Failure::Tls(_)
            | Failure::Setup
            | Failure::Key
            | Failure::Echo
            | Failure::Record => false,
        }
    }

    /// Whether the thing does not exist.
    pub fn is_not_found(&self) -> bool {
        self.status == Some(404)
    }

    /// Whether the platform answers this operation with nothing that can be read: it lacks it, does not
    /// let it be called, or fails in it. What says that the key is wrong or that there are too many
    /// requests is no such answer.
    pub fn is_no_operation(&self) -> bool {
        match self.failure {
            Failure::Status => !matches!(self.status, Some(401 | 429)),
            Failure::Unreadable => true,
            _ => false,
        }
    }

    /// Whether something of that name exists already.
    pub fn is_taken(&self) -> bool {
        self.status == Some(409) || self.message.contains("already been taken")
    }

    fn code(&self) -> Code {
        match (self.failure, self.status) {
            (Failure::Setup, _) => Code::Bug,
            (Failure::Late, _) => Code::Deadline,
            (Failure::Key, _) => Code::Auth,
            (Failure::Record, _) => Code::Io,
            (Failure::Connect | Failure::Tls(_) | Failure::Broken, _) => Code::Network,
            (Failure::Status, Some(400..=499)) if self.is_token() => Code::Token,
            (Failure::Echo, _) => Code::Conflict,
            (Failure::Status, _) if self.is_taken() => Code::Conflict,
            (Failure::Status, Some(401)) => Code::Auth,
            (Failure::Status, Some(403)) => Code::Forbidden,
            (Failure::Status, Some(404)) => Code::NotFound,
            (Failure::Status, Some(412 | 423)) => Code::Conflict,
            (Failure::Status, Some(429)) => Code::RateLimited,
            (Failure::Status, Some(400..=499)) => Code::Rejected,
            _ => Code::Server,
        }
    }

    /// The personalization API's codes 3000–3003 and 3006 speak of the token.
    fn is_token(&self) -> bool {
        matches!(self.server_code.as_deref(), Some("3000" | "3001" | "3002" | "3003" | "3006"))
    }

    fn hint(&self) -> Option<String> {
        if let Some(location) = &self.location {
            return Some(format!(
                "the server redirects to {location}; redirects are not followed, because the key would travel along. Check --site and --endpoint"
            ));
        }
        if let Failure::Tls(why) = self.failure {
            return Some(why.hint().to_owned());
        }
        let text = match self.code() {
            Code::Conflict if self.failure == Failure::Echo => {
                "the platform shows a field that this version does not know, and does not take it back; leaving it out would reset it, so this was not written: use a later version of tdx-rt, or change this in the console"
            }
            Code::Auth => {
                "set TDX_API_KEY to a master API key of this account (TDX_ACCESS_TOKEN and TD_API_KEY are read too); `tdx-rt config` shows which key is used and from where"
            }
            Code::Forbidden => {
                "the key is known but may not do this; use a master API key with full permissions"
            }
            Code::Token if self.server_code.as_deref() == Some("3006") => {
                "a web page may only use a token of a public service, and whether a service is public is fixed when it is made: make another one with `public: true` in the plan, under another name (`discover --public` proposes it)"
            }
            Code::Token => {
                "pass the service's token with --token or TDX_RT_TOKEN; `tdx-rt pz-create --new-token` makes a new one"
            }
            Code::NotFound => {
                "check the id, and the site: a wrong --site answers 404 for a right id; `tdx-rt config` shows the site in use"
            }
            Code::Conflict => {
                "look at what exists with the command's `list`; take another name, or first delete what uses it"
            }
            Code::RateLimited => "wait and try again; fewer calls at once help",
            Code::Network => {
                "check the network, the proxy and --site or --endpoint; `tdx-rt config` shows the hosts in use"
            }
            Code::Server if self.message.contains("HTML") => {
                "something between here and the platform answered (a proxy or a login page?); check --site and --endpoint"
            }
            Code::Rejected => "the platform refuses the content: change what its message names and try again",
            Code::Server => "the platform failed; try again later, and look before you repeat a create",
            _ => return None,
        };
        Some(text.to_owned())
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.operation.as_str(), self.status) {
            ("", _) => f.write_str(&self.message),
            (operation, None) => write!(f, "{operation} failed: {}", self.message),
            (operation, Some(status)) => write!(f, "{operation} was answered {status}: {}", self.message),
        }
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        let code = error.code();
        Error {
            code,
            message: error.to_string(),
            hint: error.hint(),
            http_status: error.status,
            retryable: error.may_retry(true),
            details: None,
            follows: false,
        }
    }
}

/// Seconds, or an HTTP date.
pub(super) fn parse_retry_after(text: &str, now: jiff::Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp();
    let seconds = at.as_second().saturating_sub(now.as_second());
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// The platform's own code: `code` at the top, or of the first JSON:API error.
fn code_of(body: &Value) -> Option<String> {
    let code = body.get("code").or_else(|| body.pointer("/errors/0/code"))?;
    match code {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The platform's own message, from any of its shapes: JSON:API `errors[]`, `{errors: {field: […]}}`,
/// `{code, message}`, `{error}`, `{error, details}`.
fn message_of(body: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().filter(|t| !t.is_empty()).map(str::to_owned);
    let parts: Vec<String> = match body.get("errors") {
        Some(Value::Array(errors)) => errors
            .iter()
            .filter_map(|error| {
                let detail = ["detail", "title", "message"].iter().find_map(|key| text(error.get(*key)?));
                let detail = detail.or_else(|| text(error))?;
                match error.pointer("/source/pointer").and_then(Value::as_str) {
                    Some(pointer) if !pointer.is_empty() => Some(format!("{detail} (at {pointer})")),
                    _ => Some(detail),
                }
            })
            .collect(),
        Some(Value::Object(fields)) => fields
            .iter()
            .flat_map(|(field, messages)| match messages {
                Value::Array(all) => all.iter().filter_map(text).map(|m| format!("{field}: {m}")).collect(),
                one => vec![format!("{field}: {}", text(one).unwrap_or_else(|| one.to_string()))],
            })
            .collect(),
        Some(Value::String(one)) => vec![one.clone()],
        _ => ["message", "error", "details"].iter().filter_map(|key| text(body.get(*key)?)).collect(),
    };
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The first line of a text answer, shortened.
fn excerpt(bytes: &[u8]) -> String {
    let head = bytes.get(..bytes.len().min(2_000)).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_shape_gives_its_own_message() {
        for (body, message) in [
            (
                json!({"code": "invalid", "message": "Name has already been taken"}),
                "Name has already been taken",
            ),
            (
                json!({"errors": {"name": ["has already been taken", "is odd"]}}),
                "name: has already been taken; name: is odd",
            ),
            (
                json!({"errors": [{"code": "x", "status": "422", "detail": "no", "source": {"pointer": "/data"}}]}),
                "no (at /data)",
            ),
            (json!({"error": "Resource not found"}), "Resource not found"),
            (json!({"status": 500, "error": "boom", "details": "more"}), "boom; more"),
            (
                json!({"code": 3001, "message": "RT token is not in configuration"}),
                "RT token is not in configuration",
            ),
        ] {
            assert_eq!(message_of(&body).as_deref(), Some(message), "{body}");
        }
    }

    #[test]
    fn only_what_is_safe_is_tried_again() {
        let error = |failure, status| ApiError { status, ..ApiError::local(failure, String::new()) };
        assert!(error(Failure::Status, Some(429)).may_retry(false));
        assert!(error(Failure::Connect, None).may_retry(false));
        assert!(!error(Failure::Broken, None).may_retry(false));
        assert!(error(Failure::Broken, None).may_retry(true));
        assert!(!error(Failure::Status, Some(503)).may_retry(false));
        assert!(!error(Failure::Status, Some(422)).may_retry(true));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let after = |text| parse_retry_after(text, "2015-10-21T07:27:50Z".parse().unwrap());
        assert_eq!(after("7"), Some(Duration::from_secs(7)));
        assert_eq!(after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::from_secs(10)));
        assert_eq!(after("Wed, 21 Oct 2015 07:27:00 GMT"), Some(Duration::ZERO));
        assert_eq!(after("soon"), None);
    }
}

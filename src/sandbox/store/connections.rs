//! Connections to destinations, and authentications for them (`/v4/streaming_task_auths`). They
//! belong to the account.
//!
//! The published contract has the lookup of a connection's id by name and nothing else; the body of
//! a create is that of the public examples, everything beside it is our choice.

use super::body::{Object, only, optional_text, text};
use super::collection::Resource;
use super::{Store, no_record};
use crate::platform::fields::{CONNECTION, keys};
use crate::platform::wire::WEBHOOK;
use crate::sandbox::refusal::{Reason, Refusal};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A connection to a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Id, digits as a string.
    #[serde(default)]
    pub id: String,
    /// Unique within the account (our choice).
    pub name: String,
    /// For example [`WEBHOOK`].
    #[serde(rename = "type")]
    pub kind: String,
    /// What the endpoint of a webhook must start with.
    #[serde(default)]
    pub url_prefix: Option<String>,
    /// Names of its other settings. Their values may be secret and are not kept.
    #[serde(default)]
    pub secrets: Vec<String>,
}

impl Resource for Connection {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Connection {
    /// The problems with it, its name aside.
    pub fn check(&self) -> Result<(), Refusal> {
        match &self.url_prefix {
            Some(prefix) if !is_web_url(prefix) => Err(Refusal::invalid(
                Reason::ConnectionUrlPrefixInvalid,
                format!("Url prefix '{prefix}' is no http or https URL"),
            )),
            None if self.kind == WEBHOOK => {
                Err(Refusal::invalid(Reason::ConnectionUrlPrefixBlank, "Url prefix can't be blank"))
            }
            _ => Ok(()),
        }
    }
}

/// Whether it is a URL that a webhook can be sent to.
pub fn is_web_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

impl Store {
    /// The connection with this name, or 404.
    pub fn connection_named(&self, name: &str) -> Result<&Connection, Refusal> {
        self.connections.iter().find(|connection| connection.name == name).ok_or_else(no_record)
    }

    /// Creates an authentication and returns its id.
    pub fn create_connection(&mut self, body: &Object) -> Result<String, Refusal> {
        only(body, &keys(&CONNECTION))?;
        let kind = text(body, "auth_type")?.to_owned();
        let name = optional_text(body, "auth_name")?.filter(|name| !name.trim().is_empty());
        if body.get("direction").is_some_and(|direction| direction != "out") {
            return Err(Refusal::invalid(Reason::ConnectionDirectionInvalid, "Direction must be 'out'"));
        }
        let account = match body.get("account_id") {
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => optional_text(body, "account_id")?.map(str::to_owned),
        };
        if account.is_some_and(|account| account != self.account()) {
            return Err(Refusal::invalid(
                Reason::ConnectionAccountForeign,
                "Account is not the one of this API key",
            ));
        }
        let Some(Value::Object(auth)) = body.get("auth") else {
            return Err(Refusal::invalid(Reason::ConnectionAuthInvalid, "Auth must be an object"));
        };
        let mut connection = Connection {
            id: String::new(),
            name: String::new(),
            kind,
            url_prefix: optional_text(auth, "url_prefix")?.map(str::to_owned),
            secrets: auth.keys().filter(|key| *key != "url_prefix").cloned().collect(),
        };
        connection.check()?;
        if name.is_some_and(|name| self.connection_named(name).is_ok()) {
            return Err(Refusal::invalid(Reason::ConnectionNameTaken, "Auth name has already been taken"));
        }
        let id = self.ids().fresh();
        connection.name = name.map_or_else(|| format!("{}_{id}", connection.kind), str::to_owned);
        connection.id.clone_from(&id);
        self.connections.push(connection);
        Ok(id)
    }
}

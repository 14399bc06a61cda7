//! The connections that activations go through.
//!
//! They are looked at before anything is written: by name with the published lookup, and by id, type and
//! URL prefix in the listing of the authentications. That listing is no published operation; where it
//! does not answer, what could not be checked is reported.

use crate::api::{Authentication, Client, NewAuthentication};
use crate::environment::Environment;
use crate::error::{Code, Error};
use crate::plan::{Activation, Configuration, Journey, LiveJourney, Sends, has_key, nearest::did_you_mean};
use crate::platform::new_id::new_connection;
use crate::platform::wire::RealtimeJourneyActivationStepResource;
use crate::steps::parent_segment::is_id;
use reqwest::Url;
use secrecy::SecretString;
use serde_json::Value;
use std::collections::BTreeMap;

/// What the account has of connections, as far as a plan's activations ask for it.
#[derive(Debug, Clone, Default)]
pub struct Connections {
    /// Ids by name; `None` where no connection has the name.
    known: BTreeMap<String, Option<String>>,
    /// All of the account; `None` where the listing was not asked for or does not answer.
    listed: Option<Vec<Authentication>>,
    /// What has the keys of destinations.
    env: Environment,
}

/// What an activation goes through.
enum Through {
    /// The connection of this id.
    Id(String),
    /// The connection of this name, which must exist.
    Named(String),
    /// The one for the webhook's host: its name, and what URLs must start with.
    Host(String, String),
}

/// The live activation: its connection, and where it sends to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct There {
    connection: String,
    connector_type: String,
    url: Option<String>,
}

impl There {
    /// Of an activation.
    pub fn of(activation: &RealtimeJourneyActivationStepResource) -> Self {
        let attributes = &activation.attributes;
        let export: Option<Value> =
            attributes.connector.export_json.as_deref().and_then(|text| serde_json::from_str(text).ok());
        There {
            connection: attributes.connection_id.clone(),
            connector_type: attributes.connector_type.clone(),
            url: export.and_then(|export| Some(export.get("url")?.as_str()?.to_owned())),
        }
    }

    /// Of the activation of this name in a journey.
    pub fn named(journey: Option<&LiveJourney<'_>>, name: &str) -> Option<Self> {
        let all = journey?.activations.iter();
        let mut named = all.filter(|there| there.attributes.name.as_deref() == Some(name));
        named.next().map(|there| There::of(there))
    }
}

/// What is wrong with an activation's connection.
#[derive(Debug)]
pub struct Flaw {
    /// The code of the finding.
    pub code: &'static str,
    /// The plan's keys that it may stand at.
    pub keys: &'static [&'static str],
    /// What happened, and what to do.
    pub error: Error,
}

impl From<Flaw> for Error {
    fn from(flaw: Flaw) -> Self {
        flaw.error
    }
}

/// Whether an activation's connection was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It fits.
    Fits,
    /// It is not known: the listing does not answer, or does not have it.
    Unknown,
}

/// What the URL of a webhook must start with: scheme, host and port.
fn origin(url: &str) -> Option<String> {
    let fixed = url.split("{{").next().unwrap_or_default();
    let parsed = Url::parse(fixed).ok()?;
    let origin = parsed.origin().ascii_serialization();
    let slash = fixed.strip_prefix(&origin).is_some_and(|rest| rest.starts_with('/'));
    // Without a slash a longer host would fit as well, but then so must the URL.
    Some(if slash { format!("{origin}/") } else { origin })
}

/// The name of the authentication for an origin, and for the variable with its key: what differs in one
/// of them goes through another. Hosts have no `_`, and no label that is digits stands last, so each
/// origin has a name of its own.
fn name_for(origin: &str, variable: Option<&str>) -> String {
    let (scheme, host) = origin.split_once("://").unwrap_or(("https", origin));
    let mut name = String::from(if scheme == "http" { "tdx_rt_webhook_http_" } else { "tdx_rt_webhook_" });
    for c in host.trim_end_matches('/').chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c),
            '-' => name.push_str("__"),
            _ => name.push('_'),
        }
    }
    if let Some(variable) = variable {
        name.push_str(&format!("_with_{variable}"));
    }
    name
}

impl Connections {
    /// Reads what the activations of these journeys ask for; judges nothing.
    pub async fn look(client: &Client, plans: &[Journey], live: &Configuration) -> Result<Self, Error> {
        let mut connections = Connections { env: client.env().clone(), ..Connections::default() };
        if plans.iter().all(|plan| plan.activations().is_empty()) {
            return Ok(connections);
        }
        connections.listed = client.authentications().await?;
        for plan in plans {
            let existing = live.journey(&plan.name);
            for activation in plan.activations() {
                let there = There::named(existing.as_ref(), &activation.name);
                connections.find(client, activation, there.as_ref()).await?;
            }
        }
        Ok(connections)
    }

    /// Looks up the connection that an activation goes through, where it goes by a name that was not
    /// looked up yet.
    async fn find(
        &mut self,
        client: &Client,
        activation: &Activation,
        there: Option<&There>,
    ) -> Result<(), Error> {
        if let Ok(Through::Named(name) | Through::Host(name, _)) = self.through(activation, there)
            && !self.known.contains_key(&name)
        {
            let found = client.connection(&name).await?;
            self.known.insert(name, found);
        }
        Ok(())
    }

    /// Checks the connection of an activation before anything is written: it exists, is of the type of
    /// the connector, and the URL starts with its prefix; one that is to be made can be made.
    pub fn check(&self, activation: &Activation, there: Option<&There>) -> Result<Checked, Flaw> {
        let through =
            self.through(activation, there).map_err(|error| Flaw::new("bad-webhook", &[], error))?;
        let id = match &through {
            Through::Id(id) => id.clone(),
            Through::Named(name) => match self.known.get(name) {
                Some(Some(id)) => id.clone(),
                Some(None) => return Err(self.unknown(name, "")),
                None => return Ok(Checked::Unknown),
            },
            Through::Host(name, _) => match self.known.get(name) {
                Some(Some(id)) => id.clone(),
                _ => {
                    key_of_destination(activation, &self.env)
                        .map_err(|error| Flaw::new("unknown-connection", &["api_key_env"], error))?;
                    return Ok(Checked::Fits);
                }
            },
        };
        let wanted = There {
            connection: id.clone(),
            connector_type: activation.sends.connector_type().to_owned(),
            url: activation.sends.url().map(str::to_owned),
        };
        let Some(listed) = self.listed.as_ref().filter(|_| there != Some(&wanted)) else {
            return Ok(if there == Some(&wanted) { Checked::Fits } else { Checked::Unknown });
        };
        match (listed.iter().find(|listed| listed.id == id), through) {
            (Some(found), _) => fits(found, &wanted, &activation.name),
            (None, Through::Id(_)) => Err(self.unknown(&id, " with the id")),
            // The lookup knows it, so the listing is not of everything.
            (None, _) => Ok(Checked::Unknown),
        }
    }

    /// The connection that an activation goes through: as the plan says it, by id or name; else that of
    /// the live activation while the host stays the same; else an authentication for the webhook's
    /// host, which is made where there is none: then its id is made up, see [`new_connection`].
    pub fn of(
        &self,
        activation: &Activation,
        there: Option<&There>,
    ) -> Result<(String, Option<NewAuthentication>), Error> {
        let (name, url_prefix) = match self.through(activation, there)? {
            Through::Id(id) => return Ok((id, None)),
            Through::Named(name) => (name, None),
            Through::Host(name, url_prefix) => (name, Some(url_prefix)),
        };
        if let Some(Some(id)) = self.known.get(&name) {
            return Ok((id.clone(), None));
        }
        let Some(url_prefix) = url_prefix else { return Err(self.unknown(&name, "").into()) };
        let api_key = key_of_destination(activation, &self.env)?;
        let id = new_connection(&name);
        Ok((id, Some(NewAuthentication { name, url_prefix, api_key, account: None })))
    }

    fn through(&self, activation: &Activation, there: Option<&There>) -> Result<Through, Error> {
        if let Some(wanted) = &activation.connection {
            return Ok(match is_id(wanted) {
                true => Through::Id(wanted.clone()),
                false => Through::Named(wanted.clone()),
            });
        }
        let Sends::Webhook { export, .. } = &activation.sends else {
            let message = format!("the activation '{}' names no connection", activation.name);
            return Err(Error::new(Code::InvalidPlan, message).hint("add connection: ID or NAME"));
        };
        let Some(origin) = origin(&export.url) else {
            let message = format!("the activation '{}' has no URL with a host", activation.name);
            return Err(Error::new(Code::InvalidPlan, message));
        };
        // It is not known whose key the existing one has.
        let variable = activation.api_key_env.as_deref();
        let same_host = |there: &&There| {
            variable.is_none()
                && there.url.as_ref().is_some_and(|url| url.starts_with(&origin))
                && self.takes(&there.connection, &export.url)
        };
        Ok(match there.filter(same_host) {
            Some(there) => Through::Id(there.connection.clone()),
            None => Through::Host(name_for(&origin, variable), origin),
        })
    }

    /// Whether a connection takes a URL, as far as its prefix is known.
    fn takes(&self, id: &str, url: &str) -> bool {
        let found = self.listed.iter().flatten().find(|listed| listed.id == id);
        let prefix = found.and_then(|found| found.url_prefix.as_deref());
        prefix.is_none_or(|prefix| url.starts_with(prefix))
    }

    fn unknown(&self, wanted: &str, with: &str) -> Flaw {
        let names = || self.listed.iter().flatten().filter_map(|listed| listed.name.as_deref());
        let hint = did_you_mean(wanted, names()).unwrap_or_else(|| {
            let there: Vec<String> = self.listed.iter().flatten().take(SHOWN).map(shown).collect();
            match there.is_empty() {
                true => "the console's Integrations Hub lists them; a webhook without 'connection' gets one"
                    .to_owned(),
                false => format!(
                    "there are {}; a webhook without 'connection' gets one for its host",
                    there.join(", ")
                ),
            }
        });
        let error = Error::new(Code::NotFound, format!("there is no connection{with} '{wanted}'")).hint(hint);
        Flaw::new("unknown-connection", &["connection"], error)
    }
}

/// How many connections an error lists at most.
const SHOWN: usize = 8;

/// Why a connection was not checked.
pub const UNCHECKED: &str = "the account's list of connections (GET /v4/streaming_task_auths) does not say whether they fit, and a wrong one is refused only once other things have been written";

impl Flaw {
    fn new(code: &'static str, keys: &'static [&'static str], error: Error) -> Self {
        Flaw { code, keys, error }
    }
}

/// A connection as an error shows it.
fn shown(found: &Authentication) -> String {
    let kind = found.kind.as_deref().unwrap_or("of an unknown type");
    match &found.name {
        Some(name) => format!("'{name}' ({}, {kind})", found.id),
        None => format!("{} ({kind})", found.id),
    }
}

/// Whether a connection is one for this connector and this URL.
fn fits(found: &Authentication, wanted: &There, activation: &str) -> Result<Checked, Flaw> {
    let name = shown(found);
    if let Some(kind) = found.kind.as_ref().filter(|kind| **kind != wanted.connector_type) {
        let wanted = &wanted.connector_type;
        let message = format!(
            "the activation '{activation}' is of the type '{wanted}', and its connection {name} is not"
        );
        let hint =
            format!("name a connection of the type '{wanted}', or send with a connector_type of '{kind}'");
        let error = Error::new(Code::Conflict, message).hint(hint);
        return Err(Flaw::new("wrong-connection", &["connection", "connector_type"], error));
    }
    if let (Some(prefix), Some(url)) = (&found.url_prefix, &wanted.url)
        && !url.starts_with(prefix.as_str())
    {
        let message = format!(
            "the activation '{activation}' sends to '{url}', and its connection {name} allows only what starts with '{prefix}'"
        );
        let error = Error::new(Code::Conflict, message)
            .hint("correct the URL, or leave 'connection' out: a webhook without one gets one for its host");
        return Err(Flaw::new("wrong-connection", &["url", "connection"], error));
    }
    Ok(if found.kind.is_some() { Checked::Fits } else { Checked::Unknown })
}

/// The destination's key, from the variable that the plan names. It is never the account's own.
fn key_of_destination(activation: &Activation, env: &Environment) -> Result<Option<SecretString>, Error> {
    let Some(variable) = &activation.api_key_env else { return Ok(None) };
    match env.var_os(variable).and_then(|value| value.to_str()) {
        Some(value) if has_key(value) => {
            let message =
                format!("{variable} holds a key of Treasure Data, which would go to the destination");
            Err(Error::new(Code::BadSetting, message)
                .hint("set it to a key that the destination has given out"))
        }
        Some(value) if !value.trim().is_empty() => Ok(Some(SecretString::from(value))),
        _ => {
            let message = format!(
                "the activation '{}' takes the destination's key from {variable}, which is not set",
                activation.name
            );
            Err(Error::new(Code::BadSetting, message).hint(format!("export {variable}=…")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authentication_is_for_a_host() {
        for (url, prefix, name) in [
            (
                "https://hooks.example.com/a/{{b}}",
                "https://hooks.example.com/",
                "tdx_rt_webhook_hooks_example_com",
            ),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/", "tdx_rt_webhook_http_127_0_0_1_8080"),
            ("https://a-b.example:8443/", "https://a-b.example:8443/", "tdx_rt_webhook_a__b_example_8443"),
            ("https://hooks.example.com", "https://hooks.example.com", "tdx_rt_webhook_hooks_example_com"),
        ] {
            let found = origin(url).unwrap();
            assert_eq!((found.as_str(), name_for(&found, None).as_str()), (prefix, name), "{url}");
            assert_eq!(name_for(&found, Some("KEY")), format!("{name}_with_KEY"));
        }
        assert_eq!(origin("{{url}}"), None);
    }
}

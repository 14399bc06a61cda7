//! The connections that activations go through.

use super::super::{Settled, settle};
use crate::api::{Client, NewAuthentication};
use crate::error::{Code, Error};
use crate::plan::{Activation, Sends, has_key};
use crate::steps::parent_segment::is_id;
use reqwest::Url;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};

/// Connections that were found or made, by name or by the webhook's host.
#[derive(Debug, Default)]
pub struct Connections {
    known: BTreeMap<String, String>,
    /// Names of those that are to be made.
    missing: BTreeSet<String>,
}

/// What an activation goes through.
enum Through {
    /// The connection of this id.
    Id(String),
    /// The one for the webhook's host: its name, and what URLs must start with.
    Host(String, String),
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
        name.push_str("_with_");
        name.push_str(variable);
    }
    name
}

impl Connections {
    /// Looks for the connection of an activation before anything is written; one that can't be made
    /// later is an error now.
    pub async fn foresee(
        &mut self,
        client: &Client,
        activation: &Activation,
        live: Option<(&str, Option<&str>)>,
    ) -> Result<(), Error> {
        let Through::Host(name, _) = self.through(client, activation, live).await? else { return Ok(()) };
        if self.known.contains_key(&name) || self.missing.contains(&name) {
            return Ok(());
        }
        match client.connection(&name).await? {
            Some(id) => drop(self.known.insert(name, id)),
            None => {
                key_of_destination(activation)?;
                self.missing.insert(name);
            }
        }
        Ok(())
    }

    /// The id of the connection that an activation goes through: as the plan says it, by id or name;
    /// else that of the activation that is there (`live`: its id and URL) while the host stays the same;
    /// else an authentication for the webhook's host, which is made where there is none.
    pub async fn of(
        &mut self,
        client: &Client,
        activation: &Activation,
        live: Option<(&str, Option<&str>)>,
        account: Option<&str>,
    ) -> Result<String, Error> {
        self.foresee(client, activation, live).await?;
        let (name, url_prefix) = match self.through(client, activation, live).await? {
            Through::Id(id) => return Ok(id),
            Through::Host(name, url_prefix) => (name, url_prefix),
        };
        if let Some(id) = self.known.get(&name) {
            return Ok(id.clone());
        }
        let api_key = key_of_destination(activation)?;
        let account = account.map(str::to_owned);
        let new = NewAuthentication { name: name.clone(), url_prefix, api_key, account };
        let find = || async { client.connection(&name).await };
        let id = match settle(client.create_authentication(&new).await, find).await? {
            Settled::Made(id) | Settled::Found(id) => id,
        };
        self.known.insert(name, id.clone());
        Ok(id)
    }

    async fn through(
        &mut self,
        client: &Client,
        activation: &Activation,
        live: Option<(&str, Option<&str>)>,
    ) -> Result<Through, Error> {
        if let Some(wanted) = &activation.connection {
            return Ok(Through::Id(self.named(client, wanted).await?));
        }
        let Sends::Webhook { export, .. } = &activation.sends else {
            let message = format!("the activation '{}' names no connection", activation.name);
            return Err(Error::new(Code::InvalidPlan, message).hint("add connection: ID or NAME"));
        };
        let Some(origin) = origin(&export.url) else {
            let message = format!("the activation '{}' has no URL with a host", activation.name);
            return Err(Error::new(Code::InvalidPlan, message));
        };
        // Nobody can tell whose key the one that is there has.
        let variable = activation.api_key_env.as_deref();
        Ok(match live {
            Some((id, Some(url))) if variable.is_none() && url.starts_with(&origin) => {
                Through::Id(id.to_owned())
            }
            _ => Through::Host(name_for(&origin, variable), origin),
        })
    }

    async fn named(&mut self, client: &Client, wanted: &str) -> Result<String, Error> {
        if is_id(wanted) {
            return Ok(wanted.to_owned());
        }
        if let Some(id) = self.known.get(wanted) {
            return Ok(id.clone());
        }
        let found = client.connection(wanted).await?.ok_or_else(|| {
            Error::new(Code::NotFound, format!("there is no connection '{wanted}'"))
                .hint("the console's Integrations Hub lists them; a webhook without 'connection' gets one")
        })?;
        self.known.insert(wanted.to_owned(), found.clone());
        Ok(found)
    }
}

/// The destination's key, from the variable that the plan names. It is never the account's own.
fn key_of_destination(activation: &Activation) -> Result<Option<SecretString>, Error> {
    let Some(variable) = &activation.api_key_env else { return Ok(None) };
    match std::env::var(variable) {
        Ok(value) if has_key(&value) => {
            let message =
                format!("{variable} holds a key of Treasure Data, which would go to the destination");
            Err(Error::new(Code::BadSetting, message)
                .hint("set it to a key that the destination has given out"))
        }
        Ok(value) if !value.trim().is_empty() => Ok(Some(SecretString::from(value))),
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

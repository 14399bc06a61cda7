//! The personalization service and its token.

use super::tokens::TokenStore;
use super::{Action, Settled, settle};
use crate::api::{Client, Host};
use crate::error::{Code, Error};
use crate::platform::limits;
use crate::platform::wire::{Service, ServiceRequest, TokenRequest};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// What is wanted of a service.
#[derive(Debug, Clone)]
pub struct WantedService {
    /// Its name.
    pub name: String,
    /// Free text; when `None`, what is there stays.
    pub description: Option<String>,
    /// Whether browsers may use its tokens; when `None`, what is there stays.
    pub public: Option<bool>,
    /// Make a new token even if there is one.
    pub new_token: bool,
}

/// A service after the step.
#[derive(Debug, Clone)]
pub struct AppliedService {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What was done.
    pub action: Action,
    /// Id of its token.
    pub token_id: Option<String>,
    /// The token, where it is known: just made, or kept from when it was.
    pub token: Option<SecretString>,
    /// Whether a token that was made could be kept for later runs.
    pub kept: bool,
}

impl AppliedService {
    /// The document's `service`.
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "action": self.action,
            "token_id": self.token_id,
            "token": self.token.as_ref().map(ExposeSecret::expose_secret),
        })
    }
}

/// Makes the service as wanted, with a token.
pub async fn apply(
    client: &Client,
    ps: &str,
    wanted: &WantedService,
    live: &[Service],
    store: &TokenStore,
) -> Result<AppliedService, Error> {
    let host = client.base(Host::Personalization);
    let (service, action) = match live.iter().find(|service| service.name == wanted.name) {
        Some(service) => write(client, ps, wanted, service).await?,
        None => create(client, ps, wanted).await?,
    };
    let id = service.id.clone().ok_or_else(|| {
        Error::new(Code::Server, format!("the platform gave no id for the service '{}'", service.name))
    })?;
    if !wanted.new_token
        && let Some(first) = service.tokens.first()
    {
        // A kept token that the service no longer has is of no use.
        let is_there = |id: &str| service.tokens.iter().any(|token| token.id.as_deref() == Some(id));
        let (token_id, token) = match store.find(host, ps, &id).filter(|kept| is_there(&kept.id)) {
            Some(kept) => (Some(kept.id), Some(kept.value)),
            None => (first.id.clone(), first.value.clone().map(SecretString::from)),
        };
        return Ok(AppliedService { id, name: service.name, action, token_id, token, kept: true });
    }
    if service.tokens.len() >= limits::TOKENS_PER_SERVICE {
        let message = format!(
            "the service '{}' has {} tokens already, the platform's limit",
            service.name,
            service.tokens.len()
        );
        return Err(
            Error::new(Code::Conflict, message).hint("delete tokens that are no longer used, in the console")
        );
    }
    let name = format!("tdx-rt-{}", service.tokens.len() + 1);
    // Not settled by looking: a token whose answer was lost is masked, so it is of no use.
    let made = client
        .create_token(ps, &id, &TokenRequest { name, allowed_ips: Vec::new(), description: None })
        .await?;
    let token = made.value.map(SecretString::from);
    let mut kept = true;
    if let (Some(token), Some(token_id)) = (&token, &made.id) {
        // The document shows the token; not being able to keep it is no reason to lose it.
        kept = store.keep(host, ps, &id, token_id, token).is_ok();
    }
    Ok(AppliedService { id, name: service.name, action, token_id: made.id, token, kept })
}

async fn create(client: &Client, ps: &str, wanted: &WantedService) -> Result<(Service, Action), Error> {
    let request = ServiceRequest {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        public: wanted.public.unwrap_or(false),
    };
    let find =
        || async { Ok(client.services(ps).await?.into_iter().find(|service| service.name == wanted.name)) };
    match settle(client.create_service(ps, &request).await, find).await? {
        Settled::Made(service) => Ok((service, Action::Created)),
        // Somebody else was quicker, perhaps with another content.
        Settled::Found(service) => write(client, ps, wanted, &service).await,
    }
}

async fn write(
    client: &Client,
    ps: &str,
    wanted: &WantedService,
    live: &Service,
) -> Result<(Service, Action), Error> {
    check_public(wanted.public, live)?;
    let request = ServiceRequest {
        name: live.name.clone(),
        description: wanted.description.clone().or_else(|| live.description.clone()),
        public: live.public,
    };
    if request.description == live.description {
        return Ok((live.clone(), Action::Unchanged));
    }
    let id = live.id.as_deref().unwrap_or_default();
    client.write_service(ps, id, &request).await?;
    Ok((live.clone(), Action::Updated))
}

/// Checks what can be checked before anything is sent.
pub fn check(name: &str, public: Option<bool>, live: &[Service]) -> Result<(), Error> {
    live.iter().find(|service| service.name == name).map_or(Ok(()), |live| check_public(public, live))
}

fn check_public(wanted: Option<bool>, live: &Service) -> Result<(), Error> {
    let Some(public) = wanted.filter(|public| *public != live.public) else { return Ok(()) };
    let word = |public| if public { "public" } else { "not public" };
    let message = format!(
        "the service '{}' is {} and can't become {}: the platform fixes that when a service is made",
        live.name,
        word(live.public),
        word(public)
    );
    Err(Error::new(Code::Conflict, message).hint("leave `public` out, or give the service another name"))
}

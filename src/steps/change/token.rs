//! The token of a service: found where it was kept, or made and kept.

use super::execute::Executor;
use crate::api::{Client, Host};
use crate::error::Error;
use crate::platform::wire::{Service, Token, TokenRequest};
use crate::steps::Action;
use crate::steps::desired::service::check_room;
use crate::steps::kind::Kind;
use crate::steps::tokens::{TokenLock, TokenStore};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

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

impl Executor<'_> {
    /// Finds the token of a service, or makes one.
    pub(super) async fn token(&self, service: &Service, new: bool) -> Result<(), Error> {
        let Executor { client, ps, tokens: store, .. } = *self;
        let id = self.id(Kind::Service, service.id.as_deref());
        let host = client.base(Host::Personalization);
        let mut lock = Lock::of(client, store, host, ps, &id);
        let mut service = Service { id: Some(id.clone()), ..service.clone() };
        if lock.begun().is_some() || overtaken(host, ps, &id, &service, store) {
            service = read_again(client, ps, service).await?;
        }
        let token = match known_token(client, ps, &id, &service, store, &lock).await? {
            Some(known) if !new => known,
            _ => new_token(client, ps, &id, &service, store, &mut lock).await?,
        };
        let mut so_far = self.lock();
        let action = so_far.action(Kind::Service, &id);
        let KnownToken { id: token_id, value: token } = token;
        let applied = AppliedService { id, name: service.name.clone(), action, token_id, token };
        so_far.services.insert(service.name, applied);
        Ok(())
    }
}

/// The lock on a service's token. Only a token that is made needs it: one that is known is found in
/// a folder that can't be written to as well.
enum Lock {
    /// A dry run makes none.
    Unneeded,
    Held(TokenLock),
    Refused(Error),
}

impl Lock {
    fn of(client: &Client, store: &TokenStore, host: &str, ps: &str, service: &str) -> Self {
        match client.is_dry_run() {
            true => Lock::Unneeded,
            false => store.lock(host, ps, service).map_or_else(Lock::Refused, Lock::Held),
        }
    }

    fn begun(&self) -> Option<&str> {
        match self {
            Lock::Held(lock) => lock.begun.as_deref(),
            Lock::Unneeded | Lock::Refused(_) => None,
        }
    }

    fn begin(&mut self, name: &str) -> Result<(), Error> {
        match self {
            Lock::Unneeded => Ok(()),
            Lock::Held(lock) => lock.begin(name),
            Lock::Refused(error) => Err(error.clone()),
        }
    }

    fn end(&mut self) {
        if let Lock::Held(lock) = self {
            // What is kept is found; the next run would only look once more.
            let _ = lock.end();
        }
    }
}

/// Whether another process has kept a token that the listing does not have yet.
fn overtaken(host: &str, ps: &str, id: &str, service: &Service, store: &TokenStore) -> bool {
    store
        .find(host, ps, id)
        .is_some_and(|kept| service.tokens.iter().all(|t| t.id.as_deref() != Some(&kept.id)))
}

async fn read_again(client: &Client, ps: &str, service: Service) -> Result<Service, Error> {
    let found = client.services(ps).await?.into_iter().find(|found| found.id == service.id);
    Ok(found.unwrap_or(service))
}

struct KnownToken {
    id: Option<String>,
    value: Option<SecretString>,
}

/// The service's token: the one that was kept, else its first, whose value is not known. `None`
/// when it has none, or only one that this tool began to make and whose value nobody has seen,
/// because the answer was lost: that one is deleted.
async fn known_token(
    client: &Client,
    ps: &str,
    id: &str,
    service: &Service,
    store: &TokenStore,
    lock: &Lock,
) -> Result<Option<KnownToken>, Error> {
    let host = client.base(Host::Personalization);
    let is_there = |id: &str| service.tokens.iter().any(|token| token.id.as_deref() == Some(id));
    // A kept token that the service no longer has is of no use.
    if let Some(kept) = store.find(host, ps, id).filter(|kept| is_there(&kept.id)) {
        return Ok(Some(KnownToken { id: Some(kept.id), value: Some(kept.value) }));
    }
    let (lost, others): (Vec<_>, Vec<_>) =
        service.tokens.iter().partition(|token| Some(token.name.as_str()) == lock.begun());
    for token in &lost {
        delete_token(client, ps, id, token.id.as_deref()).await?;
    }
    let known = |first: &Token| KnownToken {
        id: first.id.clone(),
        value: first.value.clone().map(SecretString::from),
    };
    Ok(others.first().filter(|_| lost.is_empty()).map(|first| known(first)))
}

async fn delete_token(client: &Client, ps: &str, service: &str, token: Option<&str>) -> Result<(), Error> {
    match client.delete_token(ps, service, token.unwrap_or_default()).await {
        Err(error) if error.is_not_found() => Ok(()),
        other => Ok(other?),
    }
}

/// Makes a token and keeps it. One that can't be kept after all (the disk is full by now) is deleted:
/// nobody has seen it.
async fn new_token(
    client: &Client,
    ps: &str,
    id: &str,
    service: &Service,
    store: &TokenStore,
    lock: &mut Lock,
) -> Result<KnownToken, Error> {
    let host = client.base(Host::Personalization);
    check_room(service)?;
    // A name that nobody else gives, so that a token that was begun here is surely ours.
    let own: String = uuid::Uuid::new_v4().simple().to_string().chars().take(8).collect();
    let request = TokenRequest { name: format!("tdx-rt-{own}"), allowed_ips: Vec::new(), description: None };
    if !client.is_dry_run() {
        store.check()?;
    }
    lock.begin(&request.name)?;
    let made = match client.create_token(ps, id, &request).await {
        Err(error) if error.is_ambiguous() => {
            // A token whose answer was lost is masked for good, so it makes way for another.
            let services = client.services(ps).await?;
            let there = services.iter().find(|service| service.id.as_deref() == Some(id));
            let lost =
                there.and_then(|service| service.tokens.iter().find(|token| token.name == request.name));
            if let Some(lost) = lost {
                delete_token(client, ps, id, lost.id.as_deref()).await?;
            }
            client.create_token(ps, id, &request).await?
        }
        other => other?,
    };
    let value = made.value.map(SecretString::from);
    if let (Some(value), Some(token_id)) = (&value, &made.id)
        && let Err(error) = store.keep(host, ps, id, token_id, value)
    {
        delete_token(client, ps, id, Some(token_id)).await?;
        lock.end();
        return Err(error);
    }
    lock.end();
    Ok(KnownToken { id: made.id, value })
}

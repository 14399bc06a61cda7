//! The personalization service and its token.

use super::tokens::{TokenLock, TokenStore};
use super::{Action, Settled, settle};
use crate::api::{Client, Host};
use crate::error::{Code, Error};
use crate::plan::nearest::named;
use crate::platform::limits;
use crate::platform::wire::{Service, ServiceRequest, Token, TokenRequest};
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
    let (service, action) = match named(live, &wanted.name, |service| &service.name) {
        Some(service) => write(client, ps, wanted, service).await?,
        None => create(client, ps, wanted).await?,
    };
    let id = service.id.clone().ok_or_else(|| {
        Error::new(Code::Server, format!("the platform gave no id for the service '{}'", service.name))
    })?;
    let host = client.base(Host::Personalization);
    let mut lock = Lock::of(client, store, host, ps, &id);
    let service = match lock.begun().is_some() || overtaken(host, ps, &id, &service, store) {
        true => read_again(client, ps, service).await?,
        false => service,
    };
    let token = match known_token(client, ps, &id, &service, store, &lock).await? {
        Some(known) if !wanted.new_token => known,
        _ => new_token(client, ps, &id, &service, store, &mut lock).await?,
    };
    let KnownToken { id: token_id, value: token } = token;
    Ok(AppliedService { id, name: service.name, action, token_id, token })
}

/// Whether [`apply`] would surely make a token, which has to be kept.
pub fn makes_token(wanted: &WantedService, live: &[Service]) -> bool {
    let there = live.iter().find(|service| service.name == wanted.name);
    wanted.new_token || there.is_none_or(|service| service.tokens.is_empty())
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

/// A service has room for one more token.
fn check_room(service: &Service) -> Result<(), Error> {
    let count = service.tokens.len();
    if count < limits::TOKENS_PER_SERVICE {
        return Ok(());
    }
    let message = format!("the service '{}' has {count} tokens already, the platform's limit", service.name);
    Err(Error::new(Code::Conflict, message).hint("delete tokens that are no longer used, in the console"))
}

/// Checks that a token that is asked for can be made, before anything is written.
pub fn check_tokens(wanted: &WantedService, live: &[Service]) -> Result<(), Error> {
    let there = live.iter().find(|service| service.name == wanted.name);
    there.filter(|_| wanted.new_token).map_or(Ok(()), check_room)
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

/// A service as it will be; one that is not there yet has a made-up id.
pub fn outlook(wanted: &WantedService, live: &[Service]) -> Service {
    match named(live, &wanted.name, |service| &service.name) {
        Some(live) => Service {
            description: wanted.description.clone().or_else(|| live.description.clone()),
            ..live.clone()
        },
        None => Service {
            id: Some(format!("new:service:{}", wanted.name)),
            name: wanted.name.clone(),
            description: wanted.description.clone(),
            public: wanted.public.unwrap_or(false),
            tokens: Vec::new(),
        },
    }
}

/// Checks what can be checked before anything is sent.
pub fn check(name: &str, public: Option<bool>, live: &[Service]) -> Result<(), Error> {
    named(live, name, |service| &service.name).map_or(Ok(()), |live| check_public(public, live))
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

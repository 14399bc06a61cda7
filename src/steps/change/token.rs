//! The token of a service: found where it was kept, or made and kept.

use super::AppliedService;
use super::execute::{Executor, gone};
use crate::api::{Client, Host};
use crate::error::Error;
use crate::platform::wire::{Service, Token, TokenRequest};
use crate::steps::desired::service::check_room;
use crate::steps::kind::ItemKind;
use crate::tokens::{KeptToken, TokenLock, TokenStore};
use secrecy::SecretString;

impl Executor<'_> {
    /// Finds the token of a service, or makes one.
    pub(super) async fn token(&self, service: &Service, new: bool) -> Result<(), Error> {
        let Executor { client, ps, tokens: store, .. } = *self;
        let id = self.id(ItemKind::Service, service.id.as_deref());
        let tokens = Tokens { client, store, host: client.base(Host::Personalization), ps, id: &id };
        let mut lock = tokens.lock().await;
        let mut service = service.clone();
        if lock.begun().is_some() || tokens.overtaken(&service)? {
            service = tokens.service().await?.unwrap_or(service);
        }
        let token = match tokens.known(&service, &lock).await? {
            Some(known) if !new => known,
            _ => tokens.make(&service, &mut lock, NewToken { first_wins: !new, ..NewToken::kept() }).await?,
        };
        let mut so_far = self.lock();
        let action = so_far.action(ItemKind::Service, &id);
        let KnownToken { id: token_id, value: token, .. } = token;
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
    fn begun(&self) -> Option<&str> {
        match self {
            Lock::Held(lock) => lock.begun.as_deref(),
            Lock::Unneeded | Lock::Refused(_) => None,
        }
    }

    fn begin(&mut self, store: &TokenStore, name: &str) -> Result<(), Error> {
        match self {
            Lock::Unneeded => Ok(()),
            Lock::Held(lock) => lock.begin(store, name),
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

/// A token that is to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Its name; one of its own by default. No other token of the service may have it.
    pub name: Option<String>,
    /// The only addresses that may use it; everyone where there are none.
    pub allowed_ips: Vec<String>,
    /// Whether it is kept on this machine, in place of the service's token that is kept.
    pub keep: bool,
    /// Whether one that another process was quicker to make will do as well.
    pub first_wins: bool,
}

impl NewToken {
    /// One that is kept, for everyone.
    pub fn kept() -> Self {
        NewToken { name: None, allowed_ips: Vec::new(), keep: true, first_wins: false }
    }
}

/// A token that was made or found.
#[derive(Debug, Clone)]
pub struct KnownToken {
    /// Its id; `None` only in a dry run.
    pub id: Option<String>,
    /// Its name; empty where it is only known from where it is kept.
    pub name: String,
    /// The token itself, where it is known.
    pub value: Option<SecretString>,
}

/// Makes a token of a service. See [`Tokens::make`].
///
/// # Errors
/// Before anything is sent where the service has no room for it, or it can't be kept.
pub async fn make_token(
    client: &Client,
    store: &TokenStore,
    ps: &str,
    service: &Service,
    new: NewToken,
) -> Result<KnownToken, Error> {
    let id = service.id.as_deref().unwrap_or_default();
    let tokens = Tokens { client, store, host: client.base(Host::Personalization), ps, id };
    let mut lock = tokens.lock().await;
    tokens.make(service, &mut lock, new).await
}

impl KnownToken {
    fn of(token: Token) -> Self {
        KnownToken { id: token.id, name: token.name, value: token.value.map(SecretString::from) }
    }
}

/// The tokens of one service.
struct Tokens<'a> {
    client: &'a Client,
    store: &'a TokenStore,
    /// Where the personalization API is.
    host: &'a str,
    ps: &'a str,
    /// The service's id.
    id: &'a str,
}

impl Tokens<'_> {
    async fn lock(&self) -> Lock {
        match self.client.is_dry_run() {
            true => Lock::Unneeded,
            false => {
                self.store.lock(self.host, self.ps, self.id).await.map_or_else(Lock::Refused, Lock::Held)
            }
        }
    }

    fn kept(&self) -> Result<Option<KeptToken>, Error> {
        match self.store.find(self.host, self.ps, self.id) {
            Err(_) if self.client.is_dry_run() => Ok(None),
            kept => kept,
        }
    }

    /// Whether another process has kept a token that the listing does not have yet.
    fn overtaken(&self, service: &Service) -> Result<bool, Error> {
        let is_new = |kept: KeptToken| service.tokens.iter().all(|token| token.id.as_ref() != Some(&kept.id));
        Ok(self.kept()?.is_some_and(is_new))
    }

    /// The service as it is now.
    async fn service(&self) -> Result<Option<Service>, Error> {
        let services = self.client.services(self.ps).await?;
        Ok(services.into_iter().find(|service| service.id.as_deref() == Some(self.id)))
    }

    /// The service's token: the one that was kept, else its first, whose value is not known. `None`
    /// when it has none, or only one that this tool began to make and whose value was never seen,
    /// because the answer was lost: that one is deleted.
    async fn known(&self, service: &Service, lock: &Lock) -> Result<Option<KnownToken>, Error> {
        let is_there = |id: &String| service.tokens.iter().any(|token| token.id.as_ref() == Some(id));
        // A kept token that the service no longer has is of no use.
        if let Some(kept) = self.kept()?.filter(|kept| is_there(&kept.id)) {
            return Ok(Some(KnownToken { id: Some(kept.id), name: String::new(), value: Some(kept.value) }));
        }
        let (lost, others): (Vec<_>, Vec<_>) =
            service.tokens.iter().partition(|token| Some(token.name.as_str()) == lock.begun());
        for token in &lost {
            self.delete(token.id.as_deref()).await?;
        }
        Ok(others.first().filter(|_| lost.is_empty()).map(|first| KnownToken::of((*first).clone())))
    }

    /// Another token than this one that the service has now, if it was made before it: of all who made one at
    /// the same time, the one with the lowest id goes on.
    async fn earlier(&self, own: &String) -> Result<Option<KnownToken>, Error> {
        if self.client.is_dry_run() {
            return Ok(None);
        }
        let there = self.service().await?.into_iter().flat_map(|service| service.tokens);
        let order = |token: &Token| token.id.as_ref().map(|id| (id.len(), id.clone()));
        let first = there.min_by_key(order).filter(|first| first.id.as_ref() != Some(own));
        Ok(first.map(KnownToken::of))
    }

    async fn delete(&self, token: Option<&str>) -> Result<(), Error> {
        gone(self.client.delete_token(self.ps, self.id, token.unwrap_or_default()).await)
    }

    /// Makes a token and keeps it. One that can't be kept after all (the disk is full by now) is deleted:
    /// it was never used. So is one that another machine was quicker to make, where that one will do.
    async fn make(&self, service: &Service, lock: &mut Lock, new: NewToken) -> Result<KnownToken, Error> {
        let Tokens { client, store, host, ps, id } = *self;
        check_room(service)?;
        // A unique name, so that a token that was begun here is recognized.
        let own: String = uuid::Uuid::new_v4().simple().to_string().chars().take(8).collect();
        let name = new.name.unwrap_or_else(|| format!("tdx-rt-{own}"));
        let request = TokenRequest { name, allowed_ips: new.allowed_ips, description: None };
        if !client.is_dry_run() && new.keep {
            store.hold()?;
        }
        lock.begin(store, &request.name)?;
        let made = match client.create_token(ps, id, &request).await {
            Err(error) if error.is_ambiguous() => {
                // A token whose answer was lost is masked for good, so it makes way for another.
                let mut there = self.service().await?.into_iter().flat_map(|service| service.tokens);
                if let Some(lost) = there.find(|token| token.name == request.name) {
                    self.delete(lost.id.as_deref()).await?;
                }
                client.create_token(ps, id, &request).await?
            }
            other => other?,
        };
        if let (true, Some(own)) = (new.first_wins, &made.id)
            && let Some(first) = self.earlier(own).await?
        {
            self.delete(Some(own)).await?;
            lock.end();
            return Ok(first);
        }
        let value = made.value.map(SecretString::from);
        if let (true, Some(value), Some(token_id)) = (new.keep, &value, &made.id)
            && let Err(error) = store.keep(host, ps, id, token_id, value)
        {
            self.delete(Some(token_id)).await?;
            lock.end();
            return Err(error);
        }
        lock.end();
        Ok(KnownToken { id: made.id, name: made.name, value })
    }
}

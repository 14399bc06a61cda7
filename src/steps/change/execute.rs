//! The one executor: carries operations out, each phase at once. Ids of what is made are only known then,
//! so what refers to it is changed with it.

use super::{AppliedService, Done, ItemChange, Operation, SettingChange};
use crate::api::{ApiError, Client, NewAuthentication};
use crate::error::{Code, Error};
use crate::plan::Configuration;
use crate::platform::new_id::new_connection;
use crate::platform::wire::{
    KeyEvent, RealtimeJourneyResource, RealtimeSettingAttributes, RealtimeStatus, Service, ServiceRequest,
};
use crate::steps::journal::Ids;
use crate::steps::kind::ItemKind;
use crate::steps::live::Live;
use crate::steps::parent_segment::enabled_setting;
use crate::steps::{Action, Settled, all, settle};
use crate::tokens::TokenStore;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Notes that something is made again: its kind, its old id and its new one.
pub type NoteRemade<'a> = dyn Fn(ItemKind, &str, &str) -> Result<(), Error> + 'a;

/// What operations are carried out with.
pub struct Executor<'a> {
    /// The platform.
    pub client: &'a Client,
    /// The parent segment.
    pub ps: &'a str,
    /// Where tokens are kept.
    pub tokens: &'a TokenStore,
    /// The account of the key, where it has one.
    pub account: Option<&'a str>,
    /// Called for what is made again.
    pub remade: &'a NoteRemade<'a>,
    /// Called with what is live, where it is read once more before a write.
    pub seen: &'a dyn Fn(&Configuration),
    /// Called for each thing once it is written.
    pub written: &'a dyn Fn(&Done),
    /// What was carried out so far.
    pub so_far: Mutex<Executed>,
}

/// What was carried out.
#[derive(Debug, Default)]
pub struct Executed {
    /// New ids, by the made-up or the old ones.
    pub ids: Ids,
    /// Each thing that was written, once.
    pub done: Vec<Done>,
    /// Services whose token was wanted, by name.
    pub services: BTreeMap<String, AppliedService>,
    /// The status that the last write of the setting answered.
    pub status: Option<RealtimeStatus>,
    /// Whether others have made things of the same names meanwhile: what is live is to be compared again.
    pub overtaken: bool,
    /// The setting as it is known to be; `None` when it has to be read.
    pub(super) setting: Option<RealtimeSettingAttributes>,
    /// When a list was written whole, and how long that took: see [`Operation::merges`].
    pub merged: Option<(Instant, Duration)>,
    /// The names of all that stood in the setting when it was written.
    pub listed: BTreeSet<String>,
    /// Drafts that were made, by their made-up id.
    pub(super) drafts: BTreeMap<String, RealtimeJourneyResource>,
}

impl Executed {
    /// Nothing yet, over what is live.
    pub fn over(live: &Live) -> Self {
        Executed { setting: Some(live.state.setting.clone()), ..Executed::default() }
    }

    /// What was done to a thing that has this id now.
    pub fn action(&self, kind: ItemKind, id: &str) -> Action {
        let found = self.done.iter().find(|done| done.kind == kind && done.id.as_deref() == Some(id));
        found.map_or(Action::Unchanged, |done| done.action)
    }

    /// The configuration with the ids that things have now.
    pub fn settled(&self, state: &Configuration) -> Result<Configuration, Error> {
        self.ids.settled(state)
    }
}

impl Executor<'_> {
    /// Carries operations out in their order; running the same again after a failure finishes them. Before a
    /// launch, `ready` waits until the configuration is rolled out; it gets the journey's name.
    pub async fn execute(
        &self,
        operations: &[Operation],
        ready: impl AsyncFn(&str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for phase in operations.chunk_by(|a, b| a.phase() == b.phase()) {
            if !phase.iter().any(Operation::waits) {
                all(phase.iter().map(|operation| self.carry_out(operation))).await?;
                continue;
            }
            for operation in phase {
                if let Operation::Launch(journey) = operation {
                    ready(&journey.attributes.name).await?;
                }
                self.carry_out(operation).await?;
            }
        }
        Ok(())
    }

    async fn carry_out(&self, operation: &Operation) -> Result<(), Error> {
        let began = Instant::now();
        self.carry_out_one(operation).await?;
        if operation.merges() && !self.client.is_dry_run() {
            self.lock().merged = Some((Instant::now(), began.elapsed()));
        }
        Ok(())
    }

    async fn carry_out_one(&self, operation: &Operation) -> Result<(), Error> {
        match operation {
            Operation::Extend(change) | Operation::Shrink(change) => self.setting(change).await,
            Operation::Event(change) => self.event(change).await,
            Operation::Service(change) => self.service(change).await,
            Operation::Attribute(change) => self.attribute(change).await,
            Operation::Reduce { live, wanted } => self.patch(live, wanted).await,
            Operation::Import(items) => self.import(items).await,
            Operation::Unimport(gone, columns) => self.unimport(gone, columns).await,
            Operation::Token { service, new } => self.token(service, *new).await,
            Operation::DeleteToken { service, id } => {
                let of = self.id(ItemKind::Service, service.id.as_deref());
                gone(self.client.delete_token(self.ps, &of, id).await)?;
                self.done(ItemKind::Token, &service.name, Some(id.clone()), Action::Deleted);
                Ok(())
            }
            Operation::Connect(new) => self.connect(new).await,
            Operation::Personalization(change) => self.personalization(change).await,
            Operation::Journey(change) => self.journey(change).await,
            Operation::ReplaceJourney { live, wanted } => {
                self.journey(&ItemChange::Delete(live.clone())).await?;
                self.journey(&ItemChange::Create(wanted.clone())).await
            }
            Operation::Activation(change) => self.activation(change).await,
            Operation::Launch(journey) => self.launch(journey).await,
            Operation::Pause(journey, pause) => self.pause(journey, *pause).await,
        }
    }

    /// Whether others have made things of the same names since this was asked last.
    pub fn was_overtaken(&self) -> bool {
        std::mem::take(&mut self.lock().overtaken)
    }

    /// What was carried out so far.
    pub fn lock(&self) -> MutexGuard<'_, Executed> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The id that a thing has now.
    pub(super) fn id(&self, kind: ItemKind, id: Option<&str>) -> String {
        self.lock().ids.id(kind, id.unwrap_or_default())
    }

    /// Notes what was done; the first note about a thing stays: what was made and then written was made.
    pub(super) fn done(&self, kind: ItemKind, name: &str, id: Option<String>, action: Action) {
        let mut so_far = self.lock();
        let same = |done: &Done| done.kind == kind && done.name == name && done.id == id;
        if !so_far.done.iter().any(same) {
            let done = Done { kind, name: name.to_owned(), id, action };
            (self.written)(&done);
            so_far.done.push(done);
        }
    }

    /// Notes the id of what was made, or of what others made of the same name meanwhile.
    pub(super) fn made<T>(
        &self,
        kind: ItemKind,
        (name, old): (&str, Option<&str>),
        settled: Settled<T>,
        id: impl Fn(&T) -> Option<String>,
    ) -> Result<T, Error> {
        let (item, own) = match settled {
            Settled::Made(item) => (item, true),
            Settled::Found(item) => (item, false),
        };
        let Some(new) = id(&item) else {
            let message = format!("the platform gave no id for the {} '{name}'", kind.words());
            return Err(Error::new(Code::Server, message));
        };
        let old = old.unwrap_or_default();
        self.renumber(kind, old, &new)?;
        match own {
            true => self.done(kind, name, Some(new), Action::Created),
            false => self.lock().overtaken = true,
        }
        Ok(item)
    }

    /// Notes a new id. One that was not made up belonged to something that is made again.
    pub(super) fn renumber(&self, kind: ItemKind, old: &str, new: &str) -> Result<(), Error> {
        self.lock().ids.add(kind, old, new);
        match old.is_empty() || old.starts_with("new:") || self.client.is_dry_run() {
            true => Ok(()),
            false => (self.remade)(kind, old, new),
        }
    }

    async fn setting(&self, change: &SettingChange) -> Result<(), Error> {
        // What goes is looked at again: others may have added to the lists meanwhile.
        let shrinks = !change.gone_tables.is_empty() || !change.gone_keys.is_empty();
        let known = self.lock().setting.take().filter(|_| !shrinks);
        let live = match known {
            Some(known) => known,
            None => {
                let setting = enabled_setting(self.client, self.ps).await?.attributes;
                (self.seen)(&Configuration { setting: setting.clone(), ..Configuration::default() });
                setting
            }
        };
        let wanted = change.over(&live);
        if wanted != live {
            let written = self.client.write_setting(self.ps, &wanted).await?;
            let mut so_far = self.lock();
            so_far.status = Some(written.status);
            so_far.listed.extend(wanted.names());
        }
        for (action, kind, name) in change.items(&live) {
            self.done(kind, &name, None, action);
        }
        Ok(())
    }

    async fn event(&self, change: &ItemChange<KeyEvent>) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        match change {
            ItemChange::Create(event) => {
                let name = &event.name;
                let new = KeyEvent { id: None, ..event.clone() };
                let find =
                    || async { Ok(client.key_events(ps).await?.into_iter().find(|e| e.name == *name)) };
                let settled = settle(client.create_key_event(ps, &new).await, find).await?;
                self.made(ItemKind::Event, (name, event.id.as_deref()), settled, |event| event.id.clone())?;
            }
            ItemChange::Write { live, wanted } => {
                client.write_key_event(ps, live, wanted).await?;
                self.done(ItemKind::Event, &wanted.name, live.id.clone(), Action::Updated);
            }
            ItemChange::Delete(event) => {
                gone(client.delete_key_event(ps, event.id.as_deref().unwrap_or_default()).await)?;
                self.done(ItemKind::Event, &event.name, event.id.clone(), Action::Deleted);
            }
        }
        Ok(())
    }

    async fn service(&self, change: &ItemChange<Service>) -> Result<(), Error> {
        let Executor { client, ps, .. } = *self;
        let request = |service: &Service| ServiceRequest {
            name: service.name.clone(),
            description: service.description.clone(),
            public: service.public,
        };
        match change {
            ItemChange::Create(service) => {
                let name = &service.name;
                let find = || async { Ok(client.services(ps).await?.into_iter().find(|s| s.name == *name)) };
                let settled = settle(client.create_service(ps, &request(service)).await, find).await?;
                self.made(ItemKind::Service, (name, service.id.as_deref()), settled, |one| one.id.clone())?;
            }
            ItemChange::Write { live, wanted } => {
                let id = live.id.as_deref().unwrap_or_default();
                client.write_service(ps, id, &request(wanted)).await?;
                self.done(ItemKind::Service, &wanted.name, live.id.clone(), Action::Updated);
            }
            ItemChange::Delete(service) => {
                gone(client.delete_service(ps, service.id.as_deref().unwrap_or_default()).await)?;
                self.done(ItemKind::Service, &service.name, service.id.clone(), Action::Deleted);
            }
        }
        Ok(())
    }

    async fn connect(&self, new: &NewAuthentication) -> Result<(), Error> {
        let client = self.client;
        let account = self.account.map(str::to_owned);
        let find = || async { client.connection(&new.name).await };
        let made = client.create_authentication(&NewAuthentication { account, ..new.clone() }).await;
        let (Settled::Made(id) | Settled::Found(id)) = settle(made, find).await?;
        self.renumber(ItemKind::Connection, &new_connection(&new.name), &id)
    }
}

/// What is gone already counts as deleted.
pub(super) fn gone(deleted: Result<(), ApiError>) -> Result<(), Error> {
    match deleted {
        Err(error) if error.is_not_found() => Ok(()),
        other => Ok(other?),
    }
}

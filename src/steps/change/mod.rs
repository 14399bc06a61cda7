//! What leads from one configuration to another: typed operations in the order in which they can be
//! carried out, and the one executor that carries them out.

mod attributes;
mod between;
mod execute;
mod journeys;
mod personalization;
mod setting;
mod tally;
mod token;

pub use between::between;
pub use execute::{Executed, Executor};
pub use setting::SettingChange;
pub use tally::{Tally, sections, unchanged};
pub use token::{KnownToken, NewToken, make_token};

use super::Action;
use super::kind::ItemKind;
use crate::api::NewAuthentication;
use crate::plan::Configuration;
use crate::platform::wire::{
    KeyEvent, Personalization, RealtimeAttribute, RealtimeJourneyActivationStepResource,
    RealtimeJourneyResource, Service,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};

/// What happens to one thing.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemChange<T> {
    /// It does not exist yet, and has a made-up id.
    Create(T),
    /// It exists and differs.
    Write {
        /// As it is live.
        live: T,
        /// As it is to be.
        wanted: T,
    },
    /// It exists and is deleted.
    Delete(T),
}

/// A batch attribute that is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImport {
    /// Its column.
    pub column: String,
    /// Its made-up id.
    pub id: String,
    /// What the setting calls the import.
    pub name: Option<String>,
}

/// One request, or the few that belong together.
#[derive(Debug, Clone)]
pub enum Operation {
    /// Adds tables and keys to the setting.
    Extend(SettingChange),
    /// A key event.
    Event(ItemChange<KeyEvent>),
    /// A service.
    Service(ItemChange<Service>),
    /// A real-time attribute, but for imported ones.
    Attribute(ItemChange<RealtimeAttribute>),
    /// Imports these batch attributes beside those that are imported.
    Import(Vec<NewImport>),
    /// Finds the token of a service, or makes one.
    Token {
        /// The service.
        service: Service,
        /// Make one even if there is one.
        new: bool,
    },
    /// A connection for webhooks.
    Connect(NewAuthentication),
    /// A personalization.
    Personalization(ItemChange<Personalization>),
    /// A journey: a bare draft of a new one; what differs of an existing one.
    Journey(ItemChange<RealtimeJourneyResource>),
    /// A journey that is deleted, and a bare draft of one of the same name.
    ReplaceJourney {
        /// As it is live.
        live: RealtimeJourneyResource,
        /// As it is to be.
        wanted: RealtimeJourneyResource,
    },
    /// An activation; one can only be deleted with its journey.
    Activation(ItemChange<RealtimeJourneyActivationStepResource>),
    /// Takes windows and aggregations from an attribute, once nothing uses them.
    Reduce {
        /// As it is live.
        live: Box<RealtimeAttribute>,
        /// As it is to be.
        wanted: Box<RealtimeAttribute>,
    },
    /// Deletes a token of a service.
    DeleteToken {
        /// The service.
        service: Service,
        /// The token's id.
        id: String,
    },
    /// Stops importing these columns.
    Unimport(Vec<RealtimeAttribute>, Vec<String>),
    /// Takes tables and keys out of the setting.
    Shrink(SettingChange),
    /// Launches a journey, once the configuration is rolled out.
    Launch(RealtimeJourneyResource),
    /// Pauses a launched journey, or lets it go on.
    Pause(RealtimeJourneyResource, bool),
}

impl Operation {
    /// When it is carried out: operations of one phase need nothing of each other. First what is used, then
    /// what uses it; what is deleted, in reverse order; last, what runs.
    pub(super) fn phase(&self) -> u8 {
        match self {
            Operation::Extend(_) => 0,
            Operation::Event(ItemChange::Create(_) | ItemChange::Write { .. }) => 1,
            Operation::Service(ItemChange::Create(_) | ItemChange::Write { .. }) => 1,
            Operation::Attribute(ItemChange::Create(_) | ItemChange::Write { .. }) => 2,
            Operation::Import(_) | Operation::Token { .. } => 2,
            Operation::Personalization(ItemChange::Create(_) | ItemChange::Write { .. }) => 3,
            Operation::Connect(_) => 3,
            Operation::Journey(ItemChange::Create(_)) | Operation::ReplaceJourney { .. } => 4,
            Operation::Activation(_) => 5,
            Operation::Journey(ItemChange::Write { .. }) => 6,
            Operation::Journey(ItemChange::Delete(_)) => 8,
            Operation::Personalization(ItemChange::Delete(_)) | Operation::DeleteToken { .. } => 8,
            Operation::Service(ItemChange::Delete(_)) => 9,
            Operation::Attribute(ItemChange::Delete(_)) | Operation::Reduce { .. } => 9,
            Operation::Unimport(..) => 10,
            Operation::Event(ItemChange::Delete(_)) => 11,
            Operation::Shrink(_) => 12,
            Operation::Launch(_) | Operation::Pause(..) => 13,
        }
    }

    /// Whether it writes a list whole to which others may add: one that read the list before this was written,
    /// and writes it afterwards, takes out what was added.
    pub fn merges(&self) -> bool {
        matches!(
            self,
            Operation::Extend(_)
                | Operation::Shrink(_)
                | Operation::Import(_)
                | Operation::Unimport(..)
                | Operation::Attribute(ItemChange::Write { .. })
                | Operation::Reduce { .. }
                | Operation::Personalization(ItemChange::Write { .. })
        )
    }

    /// Whether operations of its phase are carried out one after the other: a launch begins a roll-out, and
    /// journeys are listed as they were made.
    pub(super) fn waits(&self) -> bool {
        matches!(
            self,
            Operation::Journey(ItemChange::Create(_) | ItemChange::Write { .. })
                | Operation::ReplaceJourney { .. }
                | Operation::Activation(_)
                | Operation::Launch(_)
                | Operation::Pause(..)
        )
    }
}

impl<T> ItemChange<T> {
    fn item(&self, kind: ItemKind, name: impl Fn(&T) -> &str) -> (Action, ItemKind, String) {
        let (action, item) = match self {
            ItemChange::Create(item) => (Action::Created, item),
            ItemChange::Write { wanted, .. } => (Action::Updated, wanted),
            ItemChange::Delete(item) => (Action::Deleted, item),
        };
        (action, kind, name(item).to_owned())
    }
}

impl Operation {
    /// What it does to what; nothing for what only looks. `live` is the configuration before.
    pub fn items(&self, live: &Configuration) -> Vec<(Action, ItemKind, String)> {
        let one = |action, kind, name: &str| vec![(action, kind, name.to_owned())];
        match self {
            Operation::Extend(change) | Operation::Shrink(change) => change.items(&live.setting),
            Operation::Event(change) => vec![change.item(ItemKind::Event, |event| &event.name)],
            Operation::Service(change) => vec![change.item(ItemKind::Service, |service| &service.name)],
            Operation::Attribute(change) => vec![change.item(ItemKind::Attribute, |one| &one.name)],
            Operation::Reduce { wanted, .. } => one(Action::Updated, ItemKind::Attribute, &wanted.name),
            Operation::Import(imports) => {
                imports.iter().map(|new| (Action::Created, ItemKind::Attribute, new.column.clone())).collect()
            }
            Operation::Unimport(gone, _) => {
                gone.iter().map(|one| (Action::Deleted, ItemKind::Attribute, one.name.clone())).collect()
            }
            Operation::Token { .. } => Vec::new(),
            Operation::DeleteToken { service, .. } => one(Action::Deleted, ItemKind::Token, &service.name),
            Operation::Connect(new) => one(Action::Created, ItemKind::Connection, &new.name),
            Operation::Personalization(change) => {
                vec![change.item(ItemKind::Personalization, |one| &one.attributes.name)]
            }
            Operation::Journey(change) => vec![change.item(ItemKind::Journey, |one| &one.attributes.name)],
            Operation::Activation(change) => {
                vec![
                    change
                        .item(ItemKind::Activation, |one| one.attributes.name.as_deref().unwrap_or_default()),
                ]
            }
            Operation::ReplaceJourney { wanted: journey, .. }
            | Operation::Launch(journey)
            | Operation::Pause(journey, _) => {
                one(Action::Updated, ItemKind::Journey, &journey.attributes.name)
            }
        }
    }
}

/// A thing after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Done {
    /// What it is.
    #[serde(serialize_with = "word")]
    pub kind: ItemKind,
    /// Its name.
    pub name: String,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// What was done.
    pub action: Action,
}

fn word<S: serde::Serializer>(kind: &ItemKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.as_str())
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

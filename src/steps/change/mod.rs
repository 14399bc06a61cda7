//! What leads from one configuration to another: typed operations in the order in which they can be
//! carried out, and the one executor that carries them out.

mod between;
mod execute;
mod ids;
mod setting;
mod tally;
mod token;

pub use between::between;
pub use execute::{Executed, Executor};
pub use ids::Ids;
pub use setting::SettingChange;
pub use tally::{Tally, unchanged};
pub use token::AppliedService;

use super::Action;
use super::kind::Kind;
use crate::api::NewAuthentication;
use crate::platform::wire::{
    KeyEvent, Personalization, RealtimeAttribute, RealtimeJourneyActivationStepResource,
    RealtimeJourneyResource, Service,
};
use serde::Serialize;

/// What happens to one thing.
#[derive(Debug, Clone, PartialEq)]
pub enum Change<T> {
    /// It is not there yet, and has a made-up id.
    Create(T),
    /// It is there and differs.
    Write {
        /// As it is there.
        live: T,
        /// As it is to be.
        wanted: T,
    },
    /// It is there and goes.
    Delete(T),
}

/// One request, or the few that belong together.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there are a few dozen of them at the most")]
pub enum Operation {
    /// Adds tables and keys to the setting.
    Extend(SettingChange),
    /// A key event.
    Event(Change<KeyEvent>),
    /// A service.
    Service(Change<Service>),
    /// A real-time attribute, but for imported ones.
    Attribute(Change<RealtimeAttribute>),
    /// Imports these batch attributes beside those that are imported: column and made-up id.
    Import(Vec<(String, String)>),
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
    Personalization(Change<Personalization>),
    /// A journey: a bare draft of a new one; what differs of one that is there.
    Journey(Change<RealtimeJourneyResource>),
    /// An activation; there is no way to delete one but with its journey.
    Activation(Change<RealtimeJourneyActivationStepResource>),
    /// Takes windows and aggregations from an attribute, once nothing uses them.
    Reduce {
        /// As it is there.
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
    /// what uses it; what goes, the other way round; at last what runs.
    pub(super) fn phase(&self) -> u8 {
        match self {
            Operation::Extend(_) => 0,
            Operation::Event(Change::Create(_) | Change::Write { .. }) => 1,
            Operation::Service(Change::Create(_) | Change::Write { .. }) => 1,
            Operation::Attribute(Change::Create(_) | Change::Write { .. }) => 2,
            Operation::Import(_) | Operation::Token { .. } => 2,
            Operation::Personalization(Change::Create(_) | Change::Write { .. }) => 3,
            Operation::Connect(_) => 3,
            Operation::Journey(Change::Create(_)) => 4,
            Operation::Activation(_) => 5,
            Operation::Journey(Change::Write { .. }) => 6,
            Operation::Reduce { .. } => 7,
            Operation::Journey(Change::Delete(_)) => 8,
            Operation::Personalization(Change::Delete(_)) | Operation::DeleteToken { .. } => 8,
            Operation::Service(Change::Delete(_)) => 9,
            Operation::Attribute(Change::Delete(_)) => 9,
            Operation::Unimport(..) => 10,
            Operation::Event(Change::Delete(_)) => 11,
            Operation::Shrink(_) => 12,
            Operation::Launch(_) | Operation::Pause(..) => 13,
        }
    }

    /// Whether operations of its phase are carried out one after the other: a launch begins a roll-out, and
    /// journeys are listed as they were made.
    pub(super) fn waits(&self) -> bool {
        matches!(
            self,
            Operation::Journey(Change::Create(_) | Change::Write { .. })
                | Operation::Activation(_)
                | Operation::Launch(_)
                | Operation::Pause(..)
        )
    }
}

/// A thing after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Done {
    /// What it is.
    #[serde(serialize_with = "word")]
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// What was done.
    pub action: Action,
}

fn word<S: serde::Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.as_str())
}

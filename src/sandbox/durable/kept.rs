//! What a state file or a snapshot holds, for a sandbox that resumes from it.

use super::file::{FileError, StateFile};
use crate::sandbox::clock::ClockPosition;
use crate::sandbox::faults::Faults;
use crate::sandbox::journal::{Head, RequestEntry};
use crate::sandbox::seed::Seed;
use crate::sandbox::store::Store;
use crate::sandbox::store::rollout::Settle;
use serde::de::DeserializeOwned;

/// Notes beside the store, by name.
pub mod note {
    /// What the state began with ([`Seed::note`](crate::sandbox::Seed::note)).
    pub const SEED: &str = "seed";
    /// The number that ids and tokens depend on.
    pub const RANDOM: &str = "random";
    /// The position of the clock ([`Clock::position`](crate::sandbox::Clock::position)).
    pub const CLOCK: &str = "clock";
    /// The fault rules that can still hit, as JSON.
    pub const FAULTS: &str = "faults";
    /// What the journal keeps beside its entries, as JSON.
    pub const JOURNAL: &str = "journal";
    /// How changes settled at the start, as JSON.
    pub const SETTLE: &str = "settle";
}

/// What a state file or a snapshot holds.
#[derive(Debug)]
pub struct KeptState {
    /// Configuration and profiles.
    pub store: Store,
    /// What it began with.
    pub seed: Seed,
    /// The number that ids and tokens depend on.
    pub random: u64,
    /// The position of the clock.
    pub clock: ClockPosition,
    /// How changes settled at the start.
    pub settle: Settle,
    /// The fault rules.
    pub faults: Faults,
    /// The journal's entries, oldest first.
    pub requests: Vec<RequestEntry>,
    /// What it keeps beside them.
    pub journal: Head,
}

impl KeptState {
    /// Reads a file.
    pub fn read(file: &StateFile) -> Result<Self, FileError> {
        let store = Store::load(file.load()?).map_err(|error| file.damaged(error))?;
        let seed =
            file.note(note::SEED)?.ok_or_else(|| file.damaged("it does not say what it began with"))?;
        let requests = file.requests()?;
        let requests = requests.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>();
        Ok(KeptState {
            store,
            seed: Seed::from_note(&seed).map_err(|error| file.damaged(error))?,
            random: read(file, note::RANDOM)?,
            clock: read(file, note::CLOCK)?,
            settle: read(file, note::SETTLE)?,
            faults: read(file, note::FAULTS)?,
            requests: requests.map_err(|error| file.damaged(format!("a request: {error}")))?,
            journal: read(file, note::JOURNAL)?,
        })
    }
}

/// A note as JSON; its default when there is none.
fn read<T: DeserializeOwned + Default>(file: &StateFile, name: &str) -> Result<T, FileError> {
    match file.note(name)? {
        None => Ok(T::default()),
        Some(text) => {
            serde_json::from_str(&text).map_err(|error| file.damaged(format!("the note {name}: {error}")))
        }
    }
}

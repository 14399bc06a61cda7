//! What a state file or a snapshot holds, as the sandbox takes it up again.

use super::file::{FileError, StateFile};
use crate::sandbox::clock::Position;
use crate::sandbox::faults::FaultRule;
use crate::sandbox::journal::Entry;
use crate::sandbox::seed::Seed;
use crate::sandbox::store::Store;
use serde::de::DeserializeOwned;

/// Notes beside the store, by name.
pub mod note {
    /// What the state began with ([`Seed::note`](crate::sandbox::Seed::note)).
    pub const SEED: &str = "seed";
    /// The number that ids and tokens depend on.
    pub const RANDOM: &str = "random";
    /// Where the clock stands ([`Clock::position`](crate::sandbox::Clock::position)).
    pub const CLOCK: &str = "clock";
    /// The fault rules that can still hit, as JSON.
    pub const FAULTS: &str = "faults";
    /// The id of the last journal entry.
    pub const LAST_REQUEST: &str = "last_request";
}

/// What a state file or a snapshot holds.
#[derive(Debug)]
pub struct Kept {
    /// Configuration and profiles.
    pub store: Store,
    /// What it began with.
    pub seed: Seed,
    /// The number that ids and tokens depend on.
    pub random: u64,
    /// Where the clock stood.
    pub clock: Position,
    /// The fault rules.
    pub faults: Vec<FaultRule>,
    /// The journal, oldest first.
    pub requests: Vec<Entry>,
    /// The id of its last entry.
    pub last_request: u64,
}

impl Kept {
    /// Reads a file; `None` when nothing was written to it yet. At most `journal` entries are read.
    pub fn read(file: &StateFile, journal: usize) -> Result<Option<Self>, FileError> {
        let Some(written) = file.load()? else { return Ok(None) };
        let store = Store::load(written).map_err(|error| file.damaged(error))?;
        let seed =
            file.note(note::SEED)?.ok_or_else(|| file.damaged("it does not say what it began with"))?;
        let mut requests = Vec::new();
        for text in file.requests(journal)? {
            requests.push(serde_json::from_str(&text).map_err(|error| file.damaged(error))?);
        }
        Ok(Some(Kept {
            store,
            seed: Seed::from_note(&seed).map_err(|error| file.damaged(error))?,
            random: read(file, note::RANDOM)?,
            clock: read(file, note::CLOCK)?,
            faults: read(file, note::FAULTS)?,
            requests,
            last_request: read(file, note::LAST_REQUEST)?,
        }))
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

//! The state that all requests of a sandbox share.

use super::clock::{Clock, ClockPosition, FixedClock};
use super::durable::file::{FileError, SaveBatch, StateFile};
use super::durable::kept::{KeptState, note};
use super::durable::snapshots::{Snapshot, Snapshots};
use super::durable::{Changes, Durable};
use super::faults::{FaultRule, Faults};
use super::hosts::AllowedHosts;
use super::inbox::Inbox;
use super::journal::{RequestEntry, RequestJournal, Unwritten};
use super::options::{ApiKey, Limits, Options};
use super::refusal::{Reason, Refusal, RefusalKind};
use super::results::Results;
use super::rows::{Rows, RowsError};
use super::seed::{Seed, SeedError};
use super::store::Store;
use super::store::jobs::Jobs;
use super::store::rollout::Settle;
use super::store::runs::TableRecords;
use super::warehouse::{Warehouse, gather};
use crate::environment::Environment;
use crate::platform::wire::EventTable;
use serde::Serialize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::Notify;

/// A running sandbox's state. A panic inside a request leaves it usable: poisoned locks are recovered.
#[derive(Debug)]
pub struct Sandbox {
    store: RwLock<Store>,
    journal: Mutex<RequestJournal>,
    inbox: Mutex<Inbox>,
    faults: Mutex<Faults>,
    /// Whether there is any fault rule, so that requests need not lock to learn that there is none.
    armed: AtomicBool,
    clock: Arc<dyn Clock>,
    hosts: AllowedHosts,
    key: ApiKey,
    seed: Seed,
    random: u64,
    settle: Settle,
    snapshots: Snapshots,
    results: Results,
    url: OnceLock<String>,
    /// Hosts beyond this machine that webhooks may go to.
    allow_webhooks: Vec<String>,
    limits: Limits,
    env: Environment,
    /// Held while due work is done.
    pumping: tokio::sync::Mutex<()>,
    /// Notified when there is something new to send.
    wake: Arc<Notify>,
    /// Counts the changes; a request waits until the number that it left is safe.
    changes: AtomicU64,
    /// The writer of the state file, when there is one.
    durable: OnceLock<Durable>,
    /// The notes that were written last.
    noted: Mutex<Vec<(&'static str, String)>>,
}

/// Why there is no state to start with.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The seed cannot be read.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// The state file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The records of tables cannot be used.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// The folder or the writer's thread cannot be made.
    #[error("the state folder {folder} cannot be used: {source}")]
    Folder {
        /// The folder.
        folder: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The folder keeps the state of another seed.
    #[error(
        "{folder} keeps a state that began with another seed; start without a seed to go on with it, or \
         choose another folder"
    )]
    OtherSeed {
        /// The folder.
        folder: String,
    },
}

impl Sandbox {
    /// The state at the start: that of the state folder, else the seed.
    pub fn open(options: &Options) -> Result<Arc<Self>, StateError> {
        let Some(folder) = &options.state else { return Ok(Arc::new(Self::new(options)?)) };
        let named = || folder.display().to_string();
        let failed = |source| StateError::Folder { folder: named(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let place = folder.join(super::durable::FILE);
        let changes = |sandbox: &Self| -> Result<SaveBatch, FileError> {
            let mut batch = sandbox.take_changes().map_err(|error| FileError::damaged(&place, error))?;
            batch.notes.extend(sandbox.beginning());
            Ok(batch)
        };
        let mut new = None;
        if StateFile::is_missing(&place)? {
            let sandbox = Self::new(options)?;
            new = StateFile::make(&place, &changes(&sandbox)?)?.then_some(sandbox);
        }
        let mut file = StateFile::open(&place)?;
        let sandbox = match new {
            Some(new) => {
                new.write().rows = Arc::new(Rows::begin(folder)?);
                new
            }
            None => {
                let kept = KeptState::read(&file)?;
                let other = kept.seed.note() != options.seed.note() || kept.random != options.random;
                if options.given.seed && other {
                    return Err(StateError::OtherSeed { folder: named() });
                }
                let kept = Self::go_on(options, kept).map_err(|error| file.damaged(error))?;
                let epoch = kept.read().rows.epoch();
                kept.write().rows = Arc::new(Rows::kept(folder, epoch)?);
                kept
            }
        };
        file.keep()?;
        // The changes that flags make to the saved state.
        file.commit(&changes(&sandbox)?)?;
        sandbox.snapshots.clean();
        sandbox.read().rows.clean(true);
        sandbox.results.retain(&sandbox.jobs().files());
        let records = sandbox.records(None);
        // As before the stop, or as at the start where a table is gone.
        let _ = sandbox.write().refresh_all(&records);
        let sandbox = Arc::new(sandbox);
        let durable = Durable::start(file, Arc::downgrade(&sandbox)).map_err(failed)?;
        sandbox.durable.get_or_init(|| durable);
        Ok(sandbox)
    }

    /// A state in memory, from the seed.
    pub fn new(options: &Options) -> Result<Self, SeedError> {
        let now = options.clock.now_ms();
        let store = options.seed.store(options.key.account(), options.random, options.settle, now)?;
        Ok(Self::with(options, store, options.seed.clone(), options.random))
    }

    fn with(options: &Options, store: Store, seed: Seed, random: u64) -> Self {
        let wake = store.deliveries.wake();
        Sandbox {
            store: RwLock::new(store),
            journal: Mutex::new(RequestJournal::new(options.journal)),
            inbox: Mutex::default(),
            faults: Mutex::default(),
            armed: AtomicBool::new(false),
            clock: Arc::clone(&options.clock),
            hosts: AllowedHosts::new(options.listen, &options.allow_hosts),
            key: options.key.clone(),
            seed,
            random,
            settle: options.settle,
            snapshots: Snapshots::new(options.state.as_deref()),
            results: Results::new(options.state.as_deref()),
            url: OnceLock::new(),
            allow_webhooks: options.allow_webhooks.clone(),
            limits: options.limits,
            env: options.env.clone(),
            pumping: tokio::sync::Mutex::default(),
            wake,
            changes: AtomicU64::new(0),
            noted: Mutex::default(),
            durable: OnceLock::new(),
        }
    }

    /// The state of a state folder. Flags that were given override it.
    fn go_on(options: &Options, kept: KeptState) -> Result<Self, serde_json::Error> {
        let KeptState { mut store, seed, random, clock, settle, faults, requests, journal } = kept;
        store.is_written()?;
        if options.given.settle {
            store.set_settle(options.settle);
        }
        let own = match clock {
            _ if options.given.clock => Arc::clone(&options.clock),
            ClockPosition::StandsAtMs(ms) => Arc::new(FixedClock::at_ms(ms)),
            ClockPosition::MovedMs(_) => {
                clock.restore(options.clock.as_ref());
                Arc::clone(&options.clock)
            }
        };
        let settle = if options.given.settle { options.settle } else { settle };
        let options = Options { clock: own, settle, ..options.clone() };
        let sandbox = Self::with(&options, store, seed, random);
        sandbox.armed.store(!faults.rules().is_empty(), Ordering::Release);
        *sandbox.faults() = faults;
        sandbox.journal().load(requests, journal);
        Ok(sandbox)
    }

    /// The store, for reading.
    pub fn read(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The store, for writing.
    pub fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The jobs.
    pub(super) fn jobs(&self) -> Arc<Jobs> {
        Arc::clone(&self.read().jobs)
    }

    /// The files of their results.
    pub(super) fn results(&self) -> &Results {
        &self.results
    }

    /// Ends the runs of parent segments that are over.
    pub(super) fn finish_runs(&self) {
        let now = self.clock.now_ms();
        if self.read().has_run_over(now) {
            let records = self.records(Some(now));
            self.write().finish_runs(now, &records);
        }
    }

    /// The records that batch data come from, imported ones included. Those of a table that cannot be read are the
    /// ones that it began with.
    fn records(&self, over: Option<i64>) -> TableRecords {
        let sources = self.read().sources(over);
        let rows = |table: EventTable| {
            let rows = self.warehouse().known_rows(&table).ok()?;
            Some((table, rows.into()))
        };
        sources.into_iter().filter_map(rows).collect()
    }

    /// The tables with their records.
    pub fn warehouse(&self) -> Warehouse<'_> {
        Warehouse::new(&self.store, self.clock.now_ms())
    }

    /// The journal of requests.
    pub fn journal(&self) -> MutexGuard<'_, RequestJournal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The limits of a client.
    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// Hosts beyond this machine that webhooks may go to.
    pub(super) fn allowed_webhooks(&self) -> &[String] {
        &self.allow_webhooks
    }

    /// Held while due work is done.
    pub(super) fn pumping(&self) -> &tokio::sync::Mutex<()> {
        &self.pumping
    }

    /// Notified when there is something new to send.
    pub(super) fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// The receiver for webhooks.
    pub fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What its webhooks go by.
    pub fn env(&self) -> &Environment {
        &self.env
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The host names that it answers to.
    pub(super) fn hosts(&self) -> &AllowedHosts {
        &self.hosts
    }

    /// The key that is accepted.
    pub fn key(&self) -> &ApiKey {
        &self.key
    }

    /// `http://127.0.0.1:<port>`; empty for a router without a socket.
    pub fn url(&self) -> &str {
        self.url.get().map_or("", String::as_str)
    }

    pub(super) fn set_url(&self, url: &str) {
        self.url.get_or_init(|| url.to_owned());
    }

    /// Adds a fault rule and returns its id.
    pub fn add_fault(&self, rule: FaultRule) -> u64 {
        let mut faults = self.faults();
        self.armed.store(true, Ordering::Release);
        faults.add(rule)
    }

    /// The fault rules that can still hit.
    pub fn fault_rules(&self) -> Vec<FaultRule> {
        self.faults().rules().to_vec()
    }

    /// Removes a fault rule and returns it.
    pub fn remove_fault(&self, id: u64) -> Option<FaultRule> {
        let mut faults = self.faults();
        let removed = faults.remove(id);
        self.armed.store(!faults.rules().is_empty(), Ordering::Release);
        removed
    }

    /// Removes all fault rules and seeds the generator of their chances.
    pub fn clear_faults(&self, seed: u64) {
        self.faults().clear(seed);
        self.armed.store(false, Ordering::Release);
    }

    /// The fault that hits this request.
    pub(super) fn strike(&self, method: &str, path: &str) -> Option<FaultRule> {
        if !self.armed.load(Ordering::Acquire) {
            return None;
        }
        let mut faults = self.faults();
        let struck = faults.strike(method, path);
        self.armed.store(!faults.rules().is_empty(), Ordering::Release);
        drop(faults);
        self.changed();
        struck
    }

    pub(super) fn record(&self, entry: RequestEntry) {
        self.journal().add(entry);
        if let Some(durable) = self.durable.get() {
            durable.journal_has_grown();
        }
    }

    /// Back to the seed: configuration and profiles, no faults, an empty journal. The clock stays.
    pub fn reset(&self) -> Result<(), SeedError> {
        let now = self.clock.now_ms();
        let store = self.seed.store(self.key.account(), self.random, self.settle, now)?;
        let rows = self.read().rows.next();
        self.replace(store, rows, None);
        Ok(())
    }

    /// Saves the whole state under a name: configuration, profiles and where the clock stands.
    pub fn save_snapshot(&self, name: &str) -> Result<Snapshot, Refusal> {
        // Locked for writing, so that no event comes between the parent segments.
        let store = self.write();
        let changes = store.all().map_err(|error| internal(&error))?;
        let clock = self.notes().into_iter().filter(|(name, _)| *name == note::CLOCK);
        let notes = clock.chain(self.beginning()).collect();
        let batch = SaveBatch { changes, notes, ..SaveBatch::default() };
        self.snapshots.save(name, &batch, |file| match store.rows.is_used() {
            true => gather(&store).and_then(|()| store.rows.save(file)),
            false => Ok(()),
        })
    }

    /// Back to a snapshot, as [`Sandbox::reset`] does to the seed; the clock goes back too.
    pub fn restore_snapshot(&self, name: &str) -> Result<(), Refusal> {
        let rows = self.read().rows.next();
        let (kept, ()) = self.snapshots.load(name, |file| rows.restore(file))?;
        self.replace(kept.store, rows, Some(kept.clock));
        Ok(())
    }

    /// The snapshots.
    pub fn snapshots(&self) -> &Snapshots {
        &self.snapshots
    }

    /// All of it while nothing else can read it, the writer of the state file included.
    fn replace(&self, mut store: Store, rows: Rows, clock: Option<ClockPosition>) {
        store.rows = Arc::new(rows);
        store.deliveries.wake_with(Arc::clone(&self.wake));
        let mut place = self.write();
        // Nobody waits for what still runs.
        place.jobs.close();
        self.results.retain(&store.jobs.files());
        if let Some(clock) = clock {
            clock.restore(self.clock());
        }
        *place = store;
        place.rows.clean(false);
        self.clear_faults(42);
        self.journal().clear();
        self.inbox().clear();
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The calls of the writer of the state file.
impl Sandbox {
    /// Notes that a request may have changed something.
    pub(super) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }

    /// Returns once everything that this request can have seen or done is safe. At once without a
    /// state folder.
    pub(super) async fn safe(&self) -> Result<(), Refusal> {
        match self.durable.get() {
            None => Ok(()),
            Some(durable) => durable.wait(self.state_number()).await,
        }
    }

    /// What has changed since the last call, without journal entries; a consistent view.
    pub(super) fn take_changes(&self) -> Result<SaveBatch, serde_json::Error> {
        let store = self.read();
        if !store.is_changed() {
            return Ok(SaveBatch {
                changes: store.take_profiles()?,
                notes: self.take_notes(),
                ..SaveBatch::default()
            });
        }
        drop(store);
        let mut store = self.write();
        let mut changes = store.take_changes()?;
        changes.extend(store.take_profiles()?);
        Ok(SaveBatch { changes, notes: self.take_notes(), ..SaveBatch::default() })
    }

    /// The notes that differ from those of the last call.
    fn take_notes(&self) -> Vec<(&'static str, String)> {
        let notes = self.notes();
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = notes.iter().filter(|note| !noted.contains(note)).cloned().collect();
        *noted = notes;
        changed
    }

    fn notes(&self) -> Vec<(&'static str, String)> {
        vec![(note::CLOCK, text(&self.clock.position())), (note::FAULTS, text(&*self.faults()))]
    }

    /// The notes that are written once: how a state began.
    fn beginning(&self) -> [(&'static str, String); 3] {
        [
            (note::SEED, self.seed.note()),
            (note::RANDOM, self.random.to_string()),
            (note::SETTLE, text(&self.settle)),
        ]
    }

    /// Notes that something has changed while no request waits for it to be safe.
    pub(super) fn changed_aside(&self) {
        self.changed();
        if let Some(durable) = self.durable.get() {
            durable.journal_has_grown();
        }
    }

    /// Writes the remaining changes and closes the state file.
    pub(super) fn close(&self) {
        if let Some(durable) = self.durable.get() {
            durable.stop();
        }
    }
}

impl Changes for Sandbox {
    fn state_number(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    fn take(&self, journal: bool) -> std::io::Result<SaveBatch> {
        self.read().rows.flush().map_err(std::io::Error::other)?;
        let mut batch = self.take_changes()?;
        let mut entries = self.journal();
        if journal || entries.is_cleared() {
            let Unwritten { entries: new, forgotten, head } = entries.take_unwritten();
            drop(entries);
            batch.notes.push((note::JOURNAL, serde_json::to_string(&head)?));
            for entry in &new {
                batch.requests.push((entry.id, serde_json::to_string(entry)?));
            }
            batch.forget = Some(forgotten);
        }
        Ok(batch)
    }

    fn is_not_written(&self) {
        self.write().is_not_written();
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.journal().is_not_written();
    }
}

/// The JSON of a value that always has one.
fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn internal(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(Reason::Internal, RefusalKind::Internal, error.to_string())
}

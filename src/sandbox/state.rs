//! What all requests of a sandbox share.

use super::clock::Clock;
use super::faults::{FaultRule, Faults};
use super::journal::{Entry, Journal};
use super::options::{ApiKey, Options};
use super::seed::{Seed, SeedError};
use super::store::Store;
use super::store::rollout::Settle;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A running sandbox's state. A panic inside a request leaves it usable: locks are taken back.
#[derive(Debug)]
pub struct Sandbox {
    store: RwLock<Store>,
    journal: Mutex<Journal>,
    faults: Mutex<Faults>,
    /// Whether there is any fault rule, so that requests need not lock to learn that there is none.
    armed: AtomicBool,
    clock: Arc<dyn Clock>,
    key: ApiKey,
    seed: Seed,
    settle: Settle,
    url: OnceLock<String>,
}

impl Sandbox {
    /// The state at the start. The error is a seed that cannot be read.
    pub fn new(options: &Options) -> Result<Self, SeedError> {
        let now = options.clock.now_ms();
        let store = options.seed.store(options.key.account(), options.settle, now)?;
        Ok(Sandbox {
            store: RwLock::new(store),
            journal: Mutex::new(Journal::new(options.journal)),
            faults: Mutex::default(),
            armed: AtomicBool::new(false),
            clock: Arc::clone(&options.clock),
            key: options.key.clone(),
            seed: options.seed.clone(),
            settle: options.settle,
            url: OnceLock::new(),
        })
    }

    /// The store, for reading.
    pub fn read(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The store, for writing.
    pub fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The journal of requests.
    pub fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
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
        struck
    }

    pub(super) fn record(&self, entry: Entry) {
        self.journal().add(entry);
    }

    /// Back to the seed: configuration and profiles, no faults, an empty journal. The clock stays.
    pub fn reset(&self) -> Result<(), SeedError> {
        let store = self.seed.store(self.key.account(), self.settle, self.clock.now_ms())?;
        *self.write() = store;
        self.clear_faults(42);
        self.journal().clear();
        Ok(())
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! What journeys send: pending requests, and the log of those that were tried.

use crate::platform::controls::DeliveryState;
use crate::sandbox::engine::Activated;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// How many finished deliveries the log keeps; the oldest are dropped first.
const LOG: usize = 10_000;

/// An activation that a journey has reached, and its outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// A UUID: the idempotency key of all its attempts.
    pub id: String,
    /// The parent segment's number.
    pub segment: u64,
    /// What is sent.
    pub activated: Activated,
    /// Its state.
    pub state: DeliveryState,
    /// When it is tried next, in milliseconds since the epoch.
    pub due_ms: Option<i64>,
    /// Why it is not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began, in milliseconds since the epoch.
    pub at_ms: i64,
    /// Status of the answer; `None` without one.
    pub status: Option<u16>,
    /// What went wrong.
    pub error: Option<String>,
    /// The beginning of the answer's body.
    pub response: Option<String>,
    /// How long it took, in milliseconds of the system's time.
    pub duration_ms: u64,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// With success.
    Delivered,
    /// To be tried again then (milliseconds since the epoch).
    Again(i64),
    /// For good.
    Failed,
}

/// Pending and finished deliveries. Separate from the configuration, because events only read the store.
#[derive(Debug, Default)]
pub struct Deliveries {
    inner: Mutex<Inner>,
    /// Notified when there is something new to send.
    wake: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Inner {
    /// By order of arrival.
    all: BTreeMap<u64, Delivery>,
    next: u64,
    finished: usize,
    /// Those that have changed since they were last saved.
    changed: BTreeSet<u64>,
    /// Ids of those that were dropped since then, with their parent segments.
    removed: Vec<(u64, String)>,
    /// Whether changes are tracked for saving.
    tracked: bool,
    /// Those to be tried.
    waiting: BTreeSet<u64>,
}

impl Deliveries {
    /// Adds what journeys send, due at once.
    pub fn push(&self, segment: u64, activated: Vec<Activated>) {
        if activated.is_empty() {
            return;
        }
        let mut inner = self.inner();
        for activated in activated {
            let due_ms = Some(activated.at.saturating_mul(1_000));
            let number = inner.next;
            let delivery = Delivery {
                id: uuid::Uuid::new_v4().to_string(),
                segment,
                activated,
                state: DeliveryState::Waiting,
                due_ms,
                reason: None,
                attempts: Vec::new(),
            };
            inner.next += 1;
            inner.all.insert(number, delivery);
            inner.changed.insert(number);
            inner.waiting.insert(number);
        }
        drop(inner);
        self.wake.notify_one();
    }

    /// Notifies that there is something new to send.
    pub fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Notifies `wake` from now on.
    pub fn wake_with(&mut self, wake: Arc<Notify>) {
        self.wake = wake;
    }

    /// The earliest time at which something is to be tried.
    pub fn next_due(&self) -> Option<i64> {
        let inner = self.inner();
        inner.waiting.iter().filter_map(|number| inner.all.get(number)?.due_ms).min()
    }

    /// Those due at or before `now_ms`, in order, with their numbers.
    pub fn due(&self, now_ms: i64) -> Vec<(u64, Delivery)> {
        let inner = self.inner();
        let waiting = inner.waiting.iter().filter_map(|number| Some((*number, inner.all.get(number)?)));
        let due = waiting.filter(|(_, delivery)| delivery.due_ms.is_some_and(|due| due <= now_ms));
        due.map(|(number, delivery)| (number, delivery.clone())).collect()
    }

    /// Records how an attempt ended.
    pub fn tried(&self, number: u64, id: &str, attempt: Attempt, ended: Ended) {
        self.change(number, id, |delivery| {
            delivery.attempts.push(attempt);
            (delivery.state, delivery.due_ms) = match ended {
                Ended::Delivered => (DeliveryState::Delivered, None),
                Ended::Again(due) => (DeliveryState::Waiting, Some(due)),
                Ended::Failed => (DeliveryState::Failed, None),
            };
        });
    }

    /// Records that one is not sent, and why.
    pub fn refuse(&self, number: u64, id: &str, reason: String) {
        self.change(number, id, |delivery| {
            delivery.state = DeliveryState::NotSent;
            delivery.due_ms = None;
            delivery.reason = Some(reason);
        });
    }

    fn change(&self, number: u64, id: &str, change: impl FnOnce(&mut Delivery)) {
        let mut inner = self.inner();
        // A reset may have removed it, and another one may have its number.
        let Some(delivery) = inner.all.get_mut(&number).filter(|there| there.id == id) else { return };
        change(delivery);
        let finished = delivery.state != DeliveryState::Waiting;
        inner.changed.insert(number);
        if finished {
            inner.waiting.remove(&number);
            inner.finished += 1;
            inner.make_room(LOG);
        }
    }

    /// Drops the finished ones.
    pub fn clear(&self) {
        self.inner().make_room(0);
    }

    /// All of them, oldest first.
    pub fn all(&self) -> Vec<Delivery> {
        self.inner().all.values().cloned().collect()
    }

    /// When each attempt of a parent segment was made, in milliseconds since the epoch.
    pub fn attempted(&self, segment: u64) -> Vec<i64> {
        let inner = self.inner();
        let own = inner.all.values().filter(|delivery| delivery.segment == segment);
        own.flat_map(|delivery| delivery.attempts.iter().map(|attempt| attempt.at_ms)).collect()
    }

    /// What has changed of a parent segment since the last call, with its place in the order; `Err` is
    /// the id of one that is gone. Saving profiles holds their lock meanwhile, and deliveries are
    /// added under the same lock, so that both are saved together.
    pub fn take_changes(&self, segment: u64) -> Vec<Result<(u64, Delivery), (u64, String)>> {
        let mut inner = self.inner();
        inner.tracked = true;
        let Inner { all, changed, removed, .. } = &mut *inner;
        let own = |number: &u64| all.get(number).is_none_or(|delivery| delivery.segment == segment);
        let (own, others): (BTreeSet<u64>, BTreeSet<u64>) =
            std::mem::take(changed).into_iter().partition(|number| own(number));
        *changed = others;
        let removed: Vec<_> = removed.extract_if(.., |(of, _)| *of == segment).map(Err).collect();
        let removed = removed.into_iter();
        let changed = own.into_iter().filter_map(|number| {
            let delivery = inner.all.get(&number)?;
            Some(Ok((number, delivery.clone())))
        });
        removed.chain(changed).collect()
    }

    /// All of them with their place in the order.
    pub fn placed(&self) -> Vec<(u64, Delivery)> {
        self.inner().all.iter().map(|(number, delivery)| (*number, delivery.clone())).collect()
    }

    /// Adds saved deliveries.
    pub fn load(&self, number: u64, delivery: Delivery) {
        let mut inner = self.inner();
        inner.next = inner.next.max(number + 1);
        match delivery.state {
            DeliveryState::Waiting => drop(inner.waiting.insert(number)),
            _ => inner.finished += 1,
        }
        inner.all.insert(number, delivery);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Drops the oldest finished ones until this many are left.
    fn make_room(&mut self, room: usize) {
        while self.finished > room {
            let finished = self.all.iter().find(|(_, delivery)| delivery.state != DeliveryState::Waiting);
            let Some(number) = finished.map(|(number, _)| *number) else { return };
            if let Some(gone) = self.all.remove(&number).filter(|_| self.tracked) {
                self.removed.push((gone.segment, gone.id));
            }
            self.changed.remove(&number);
            self.finished -= 1;
        }
    }
}

//! What journeys send: pending requests, and the log of those that were tried.

use crate::platform::controls::DeliveryState;
use crate::sandbox::engine::Activated;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// How many finished deliveries the log keeps; the oldest are dropped first.
const LOG: usize = 10_000;
/// How many may wait; what comes while there are as many is not sent.
const WAITING: usize = 10_000;
/// How many are taken to be tried at once, so that a long line is not copied as a whole.
const TAKEN: usize = 1_000;

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
pub enum AttemptEnd {
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
    /// Those of the log.
    finished: BTreeSet<u64>,
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
    /// Adds what journeys send, due at once. While [`WAITING`] wait, it is not sent.
    pub fn push(&self, segment: u64, activated: Vec<Activated>) {
        if activated.is_empty() {
            return;
        }
        let mut inner = self.inner();
        for activated in activated {
            let number = inner.next;
            let waits = inner.waiting.len() < WAITING;
            let delivery = Delivery {
                id: uuid::Uuid::new_v4().to_string(),
                segment,
                state: if waits { DeliveryState::Waiting } else { DeliveryState::NotSent },
                due_ms: waits.then(|| activated.at.saturating_mul(1_000)),
                activated,
                reason: (!waits).then(|| format!("{WAITING} deliveries are waiting, which is the limit")),
                attempts: Vec::new(),
            };
            inner.next = number.saturating_add(1);
            inner.changed.insert(number);
            inner.place(number, delivery);
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

    /// The first of those due at or before `now_ms`, in order, with their numbers.
    pub fn due(&self, now_ms: i64) -> Vec<(u64, Delivery)> {
        let inner = self.inner();
        let waiting = inner.waiting.iter().filter_map(|number| Some((*number, inner.all.get(number)?)));
        let due = waiting.filter(|(_, delivery)| delivery.due_ms.is_some_and(|due| due <= now_ms));
        due.take(TAKEN).map(|(number, delivery)| (number, delivery.clone())).collect()
    }

    /// Records how an attempt ended; false when the delivery is gone.
    pub fn tried(&self, number: u64, id: &str, attempt: Attempt, ended: AttemptEnd) -> bool {
        self.change(number, id, |delivery| {
            delivery.attempts.push(attempt);
            (delivery.state, delivery.due_ms) = match ended {
                AttemptEnd::Delivered => (DeliveryState::Delivered, None),
                AttemptEnd::Again(due) => (DeliveryState::Waiting, Some(due)),
                AttemptEnd::Failed => (DeliveryState::Failed, None),
            };
        })
    }

    /// Records that one is not sent, and why.
    pub fn refuse(&self, number: u64, id: &str, reason: String) {
        self.change(number, id, |delivery| {
            delivery.state = DeliveryState::NotSent;
            delivery.due_ms = None;
            delivery.reason = Some(reason);
        });
    }

    fn change(&self, number: u64, id: &str, change: impl FnOnce(&mut Delivery)) -> bool {
        let mut inner = self.inner();
        // A reset may have removed it, and another one may have its number.
        let Some(delivery) = inner.all.get_mut(&number).filter(|there| there.id == id) else { return false };
        change(delivery);
        let finished = delivery.state != DeliveryState::Waiting;
        inner.changed.insert(number);
        if finished {
            inner.waiting.remove(&number);
            inner.finished.insert(number);
            inner.make_room(LOG);
        }
        true
    }

    /// Drops the finished ones.
    pub fn clear(&self) {
        self.inner().make_room(0);
    }

    /// All of them, oldest first.
    pub fn all(&self) -> Vec<Delivery> {
        self.inner().all.values().cloned().collect()
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
        inner.next = inner.next.max(number.saturating_add(1));
        inner.place(number, delivery);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Adds one in the state that it has.
    fn place(&mut self, number: u64, delivery: Delivery) {
        let waits = delivery.state == DeliveryState::Waiting;
        self.all.insert(number, delivery);
        if waits { &mut self.waiting } else { &mut self.finished }.insert(number);
        self.make_room(LOG);
    }

    /// Drops the oldest finished ones until this many are left.
    fn make_room(&mut self, room: usize) {
        while self.finished.len() > room {
            let Some(number) = self.finished.pop_first() else { return };
            if let Some(gone) = self.all.remove(&number).filter(|_| self.tracked) {
                self.removed.push((gone.segment, gone.id));
            }
            self.changed.remove(&number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn activated() -> Activated {
        let names = [
            "journey_id",
            "journey_name",
            "stage_id",
            "stage_name",
            "step",
            "activation_id",
            "activation_name",
            "connector_type",
            "connection_id",
            "profile",
            "event_id",
        ];
        let mut all: serde_json::Map<String, Value> =
            names.iter().map(|name| ((*name).into(), "".into())).collect();
        all.extend([("at".into(), json!(0)), ("export".into(), json!({})), ("advanced".into(), json!({}))]);
        serde_json::from_value(all.into()).unwrap()
    }

    fn count(deliveries: &Deliveries, state: DeliveryState) -> usize {
        deliveries.all().iter().filter(|delivery| delivery.state == state).count()
    }

    #[test]
    fn those_that_wait_and_those_that_are_finished_have_a_limit() {
        let deliveries = Deliveries::default();
        deliveries.push(1, vec![activated(); WAITING + LOG]);
        assert_eq!(
            (count(&deliveries, DeliveryState::Waiting), count(&deliveries, DeliveryState::NotSent)),
            (WAITING, LOG)
        );
        let last = deliveries.all().pop().unwrap();
        assert_eq!(last.reason.as_deref(), Some("10000 deliveries are waiting, which is the limit"));
        assert_eq!(last.due_ms, None);
        // The first are taken, and each one that is finished makes room for one that waits.
        let due = deliveries.due(0);
        assert_eq!(
            due.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
            (0..TAKEN as u64).collect::<Vec<_>>()
        );
        let (number, one) = &due[0];
        let attempt = Attempt { at_ms: 0, status: Some(200), error: None, response: None, duration_ms: 0 };
        deliveries.tried(*number, &one.id, attempt, AttemptEnd::Delivered);
        deliveries.push(1, vec![activated(); 2]);
        assert_eq!(count(&deliveries, DeliveryState::Waiting), WAITING);
        assert_eq!(deliveries.all().len(), WAITING + LOG, "the log has a limit as well");
        assert_eq!(deliveries.take_changes(1).len(), WAITING + LOG);
        deliveries.clear();
        assert_eq!(
            (deliveries.all().len(), deliveries.take_changes(1).len()),
            (WAITING, LOG),
            "those of the log are gone"
        );
    }
}

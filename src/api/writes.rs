//! The writes of a run: what was written, what is under way, and that no more begins.

use super::Call;
use super::error::{ApiError, Failure};
use super::lenient::id_text;
use crate::error::{Code, Error};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// A write that was sent and not refused.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SentWrite {
    /// Method.
    pub method: String,
    /// Path without the host.
    pub path: String,
    /// The id that the answer gave to what was made.
    pub id: Option<String>,
    /// `true`: answered; `false`: the answer was lost, so that it may have been carried out.
    pub confirmed: bool,
}

impl fmt::Display for SentWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        if let Some(id) = &self.id {
            write!(f, " ({id})")?;
        }
        if self.confirmed { Ok(()) } else { f.write_str(" (perhaps: its answer was lost)") }
    }
}

/// How many writes the hint of an error names.
const SHOWN: usize = 6;

/// The writes of a run, shared with the thread that ends it.
#[derive(Debug, Default)]
pub struct Writes {
    state: Mutex<State>,
    ended: Notify,
}

#[derive(Debug, Default)]
struct State {
    done: Vec<SentWrite>,
    under_way: BTreeMap<u64, SentWrite>,
    last: u64,
    closed: bool,
}

/// A write that is under way; where it is dropped without an answer, it may have been carried out.
pub(super) struct UnderWay<'w> {
    writes: &'w Writes,
    number: u64,
}

impl Writes {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on, no write begins.
    pub fn close(&self) {
        self.state().closed = true;
    }

    /// Whether no write is under way.
    pub fn is_idle(&self) -> bool {
        self.state().under_way.is_empty()
    }

    /// Returns once no write is under way.
    pub async fn idle(&self) {
        loop {
            let ended = self.ended.notified();
            if self.is_idle() {
                return;
            }
            ended.await;
        }
    }

    pub(super) fn begin(&self, call: &Call) -> Result<UnderWay<'_>, ApiError> {
        let mut state = self.state();
        if state.closed {
            let message = format!("{} was not sent: the time of --deadline is over", call.operation());
            return Err(ApiError::local(Failure::Late, message));
        }
        state.last = state.last.saturating_add(1);
        let number = state.last;
        let (method, path) = (call.method.to_string(), call.path.clone());
        state.under_way.insert(number, SentWrite { method, path, id: None, confirmed: false });
        Ok(UnderWay { writes: self, number })
    }

    /// The writes that were not refused, in the order of their answers; those that are under way last.
    pub fn all(&self) -> Vec<SentWrite> {
        let state = self.state();
        state.done.iter().chain(state.under_way.values()).cloned().collect()
    }

    /// An error that comes after writes says which: the hint names the first of them, `details.written`
    /// all.
    pub fn add_to(&self, error: Error) -> Error {
        let written = self.all();
        if written.is_empty() || error.code == Code::OutputLost {
            return error;
        }
        let shown: Vec<String> = written.iter().take(SHOWN).map(ToString::to_string).collect();
        let more = match written.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more (details.written)"),
        };
        let hint = format!("written before it: {}{more}", shown.join(", "));
        error.and_hint(&hint).detail("written", json!(written))
    }
}

impl UnderWay<'_> {
    /// It has ended: what was refused was no write.
    pub(super) fn end(self, result: Result<&Value, &ApiError>) {
        let mut state = self.writes.state();
        let Some(written) = state.under_way.remove(&self.number) else { return };
        if result.is_err_and(|error| !error.is_ambiguous()) {
            return;
        }
        let id = result.ok().and_then(|answer| answer.pointer("/data/id").or_else(|| answer.get("id")));
        let id = id.and_then(id_text).filter(|_| written.method == "POST");
        state.done.push(SentWrite { id, confirmed: result.is_ok(), ..written });
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut state = self.writes.state();
        let dropped = state.under_way.remove(&self.number);
        state.done.extend(dropped);
        drop(state);
        self.writes.ended.notify_waiters();
    }
}

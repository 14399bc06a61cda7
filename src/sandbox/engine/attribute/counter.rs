//! `counter`: a count or sum, in total or over windows that move with time.

use super::super::datum::sum_value;
use super::super::time::alive;
use super::seconds;
use super::sums::{Sums, plus};
use crate::platform::rule::number;
use crate::platform::wire::{Backfill, CounterSpec, CounterType, Increment};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A compiled [`CounterSpec`].
#[derive(Debug, Clone)]
pub struct ProgramCounter {
    increment: Step,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Step {
    Const(f64),
    Field(String),
}

#[derive(Debug, Clone)]
enum Kind {
    Total {
        /// How long after the last event the value expires.
        life: Option<i64>,
        backfill: Option<Backfill>,
    },
    Sliding(Windows),
}

#[derive(Debug, Clone)]
struct Windows {
    /// The main window.
    main: i64,
    /// The windows of the sub-durations.
    subs: Vec<(String, i64)>,
}

/// The state of a total counter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Total {
    sum: f64,
    /// Time of the last event.
    last: i64,
}

impl Total {
    /// An event that comes `life` or more after the last one starts anew; one that is `life` or
    /// more older than the last one adds nothing.
    fn add(&mut self, sum: f64, time: i64, life: Option<i64>) {
        if !alive(self.last, life, time) {
            *self = Total { sum, last: time };
        } else if alive(time, life, self.last) {
            self.sum = plus(self.sum, sum);
            self.last = self.last.max(time);
        }
    }

    /// The sum of both.
    pub fn merge(&mut self, other: Total) {
        self.sum = plus(self.sum, other.sum);
        self.last = self.last.max(other.last);
    }
}

impl Windows {
    /// `None` without any duration: such a counter counts over all time (our choice).
    /// A sub-duration is at most as long as the main one.
    fn new(spec: &CounterSpec) -> Option<Self> {
        let subs = spec.sub_durations.iter().map(|sub| (sub.identifier.clone(), seconds(sub.duration)));
        let mut subs: Vec<(String, i64)> = subs.collect();
        let longest = subs.iter().map(|(_, length)| *length).max();
        let main = spec.duration.map(seconds).or(longest)?;
        subs.iter_mut().for_each(|(_, length)| *length = main.min(*length));
        Some(Windows { main, subs })
    }
}

impl ProgramCounter {
    /// Compiles it.
    pub fn new(spec: &CounterSpec) -> Self {
        let increment = match &spec.increment {
            Increment::Const(number) => Step::Const(number.as_f64().unwrap_or(1.0)),
            Increment::Field(column) => Step::Field(column.clone()),
        };
        let total = || Kind::Total { life: spec.duration.map(seconds), backfill: spec.backfill.clone() };
        let kind = match spec.counter_type {
            CounterType::Total => total(),
            CounterType::Sliding => Windows::new(spec).map_or_else(total, Kind::Sliding),
        };
        ProgramCounter { increment, kind }
    }

    /// Whether the value depends on batch data.
    pub fn has_backfill(&self) -> bool {
        matches!(self.kind, Kind::Total { backfill: Some(_), .. })
    }

    /// The amount that an event adds. A column that holds no number adds nothing.
    fn step(&self, event: &Map<String, Value>) -> Option<f64> {
        match &self.increment {
            Step::Const(step) => Some(*step),
            Step::Field(column) => event.get(column).and_then(number),
        }
    }

    /// Adds an event.
    pub fn update(
        &self,
        state: &mut Option<super::AttributeState>,
        event: &Map<String, Value>,
        time: i64,
        now: i64,
    ) {
        use super::AttributeState;
        let Some(step) = self.step(event) else { return };
        match (&self.kind, state) {
            (Kind::Total { life, .. }, Some(AttributeState::Total(total))) => total.add(step, time, *life),
            (Kind::Total { .. }, state) => {
                *state = Some(AttributeState::Total(Total { sum: step, last: time }))
            }
            (Kind::Sliding(windows), _) if !alive(time, Some(windows.main), now) => {}
            (Kind::Sliding(windows), Some(AttributeState::Sliding(sums))) => {
                sums.take(step, time, windows.main, now)
            }
            (Kind::Sliding(_), state) => *state = Some(AttributeState::Sliding(Sums::of(step, time))),
        }
    }

    /// The sub-durations' identifiers.
    pub fn subs(&self) -> impl Iterator<Item = &str> {
        let subs = match &self.kind {
            Kind::Sliding(windows) => windows.subs.as_slice(),
            Kind::Total { .. } => &[],
        };
        subs.iter().map(|(identifier, _)| identifier.as_str())
    }

    /// The value at `now`: over a sub-duration's window, or the whole. A counter that has seen
    /// nothing is 0.
    ///
    /// `backfill` is where a total counter starts: the batch value is added to what the events
    /// count (our choice; the vendor does not say, and its time is not looked at). A sliding one has
    /// no use for it, since the time of the batch value within the window is not known.
    pub fn value(
        &self,
        sub: Option<usize>,
        state: Option<&super::AttributeState>,
        row: Option<&Map<String, Value>>,
        now: i64,
    ) -> Value {
        use super::AttributeState;
        match (&self.kind, state) {
            (Kind::Total { life, backfill }, state) => {
                let start = row.zip(backfill.as_ref());
                let start =
                    start.and_then(|(row, backfill)| number(row.get(&backfill.attribute_identifier)?));
                let live = match state {
                    Some(AttributeState::Total(total)) if alive(total.last, *life, now) => total.sum,
                    _ => 0.0,
                };
                sum_value(start.unwrap_or(0.0) + live)
            }
            (Kind::Sliding(windows), Some(AttributeState::Sliding(sums))) => {
                let sub = sub.and_then(|index| windows.subs.get(index));
                sum_value(sums.within(sub.map_or(windows.main, |(_, length)| *length), now))
            }
            (Kind::Sliding(_), _) => Value::from(0),
        }
    }
}

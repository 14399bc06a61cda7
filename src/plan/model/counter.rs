//! Counters: the type, its wire form, and how it is read.

use super::fed::{Common, EventSource, KeyEventIds, id_of, need_field, unused};
use super::window_read::{Expiry, read_length, read_window};
use crate::plan::duration;
use crate::plan::keys;
use crate::plan::read::{Fields, Reader};
use crate::platform::wire::{Backfill, CounterSpec, CounterType, DurationSetting, Increment, SubDuration};
use serde_json::{Number, Value};

/// A count or a sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Counter {
    /// What feeds it.
    pub source: EventSource,
    /// By how much an event counts.
    pub increment: Increment,
    /// Over a window, or over all time.
    pub counter_type: CounterType,
    /// The windows of a sliding counter.
    pub windows: Vec<SubDuration>,
    /// The main window of a sliding counter, the longest when the plan does not say; a total
    /// counter's value is forgotten that long after the last event.
    pub duration: Option<DurationSetting>,
    /// Batch attribute to start from.
    pub backfill: Option<Backfill>,
}

impl Counter {
    /// The window that is meant when none is named: as long as the counter's own duration. `None`
    /// for a total counter.
    pub fn main_window(&self) -> Option<DurationSetting> {
        self.duration.filter(|_| self.counter_type == CounterType::Sliding)
    }

    /// The longest of some windows.
    pub fn longest(windows: &[SubDuration]) -> Option<DurationSetting> {
        windows.iter().map(|window| window.duration).max_by_key(|window| window.seconds())
    }

    pub(super) fn to_wire(&self, key_event: KeyEventIds<'_>) -> Result<CounterSpec, String> {
        Ok(CounterSpec {
            realtime_key_event_id: id_of(key_event, &self.source.event)?,
            filter_rule: self.source.filter.clone(),
            counter_type: self.counter_type,
            increment: self.increment.clone(),
            duration: self.duration,
            backfill: self.backfill.clone(),
            sub_durations: self.windows.clone(),
        })
    }
}

/// A window with the name and identifier that we give it.
pub(in crate::plan) fn sub_duration(window: DurationSetting) -> SubDuration {
    let name = duration::text(window);
    SubDuration { identifier: format!("window_{name}"), name, duration: window, later: Default::default() }
}

/// A count of events, or with `sum` the sum of a column.
pub(super) fn read_counter(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    common: Common,
    sum: bool,
) -> Option<Counter> {
    let increment = if sum {
        unused(reader, fields, "increment", "a sum of a column");
        Increment::Field(need_field(reader, fields, common.field)?)
    } else {
        unused(reader, fields, "source_field", "a counter of events (aggregation: count)");
        Increment::Const(read_increment(reader, fields))
    };
    let (counter_type, windows) = match fields.get("windows") {
        Some(_) => {
            unused(reader, fields, "window_duration", "a counter with 'windows'");
            (CounterType::Sliding, read_named_windows(reader, fields))
        }
        None if common.windows.is_empty() => (CounterType::Total, Vec::new()),
        None => (CounterType::Sliding, common.windows.iter().copied().map(sub_duration).collect()),
    };
    let duration = read_duration(reader, fields, counter_type, &windows, common.expiry);
    if counter_type == CounterType::Sliding {
        check_windows(reader, fields, &windows, duration);
    }
    Some(Counter {
        source: common.source?,
        increment,
        counter_type,
        windows,
        duration,
        backfill: common.backfill,
    })
}

/// `duration` is the main window of a sliding counter, `expiry` the time to live of a total one.
fn read_duration(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    counter_type: CounterType,
    windows: &[SubDuration],
    expiry: Option<Expiry>,
) -> Option<DurationSetting> {
    match counter_type {
        CounterType::Total => {
            unused(reader, fields, "duration", "a counter without a window");
            expiry.and_then(Expiry::length)
        }
        CounterType::Sliding => {
            if expiry.is_some() {
                let key = fields.first_of(&["expiry", "expiry_days"]).unwrap_or("expiry");
                unused(reader, fields, key, "a counter with a window");
            }
            match read_length(reader, fields, "duration") {
                Some(given) => given.length(),
                None => Counter::longest(windows),
            }
        }
    }
}

/// A sliding counter has a duration, and no window is longer.
fn check_windows(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    windows: &[SubDuration],
    duration: Option<DurationSetting>,
) {
    let Some(longest) = duration else {
        if fields.get("windows").is_some_and(|all| all.as_array().is_some_and(Vec::is_empty)) {
            let message = "a counter with windows needs a 'duration'";
            reader.error_fix("missing-field", &fields.pointer, message, Some("add duration: 7d".into()));
        }
        return;
    };
    for window in windows.iter().filter(|window| window.duration.seconds() > longest.seconds()) {
        let same = |value: &Value| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            duration::parse(&text).ok() == Some(window.duration)
        };
        let at = ["windows", "window_duration"].into_iter().find_map(|key| {
            let Value::Array(items) = fields.get(key)? else { return Some(fields.at(key)) };
            let index = items.iter().position(|item| same(item.get("window").unwrap_or(item)))?;
            let inner = if key == "windows" { "/window" } else { "" };
            Some(format!("{}/{index}{inner}", fields.at(key)))
        });
        let (window, longest) = (duration::text(window.duration), duration::text(longest));
        let message = format!("the window {window} is longer than the counter's duration, {longest}");
        reader.error("bad-duration", &at.unwrap_or_else(|| fields.at("duration")), message);
    }
}

/// `increment: 2`: by how much an event counts.
fn read_increment(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Number {
    let one = || Number::from(1);
    match fields.get("increment") {
        None => one(),
        Some(Value::Number(number)) if number.as_f64().is_some_and(|number| number >= 1.0) => number.clone(),
        Some(other) => {
            let message = "'increment' is a number of at least 1";
            reader.wrong_type(&fields.at("increment"), message, other);
            one()
        }
    }
}

/// `windows: [{name, identifier, window}]`, for windows that have names already.
fn read_named_windows(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Vec<SubDuration> {
    let what = "a window of a counter";
    let mut windows: Vec<SubDuration> = Vec::new();
    for (at, item) in fields.items(reader, "windows") {
        let Some(item) = reader.fields(&at, item, what, keys::of("attributes.windows")) else { continue };
        let name = item.name(reader, "name");
        let identifier = item.name(reader, "identifier");
        let Some(value) = item.get("window") else {
            item.missing(reader, "window", what);
            continue;
        };
        let Some(window) = read_window(reader, &item.at("window"), value, "window") else { continue };
        let ours = sub_duration(window);
        let window = SubDuration {
            name: name.unwrap_or(ours.name),
            identifier: identifier.unwrap_or(ours.identifier),
            duration: window,
            later: Default::default(),
        };
        if windows.iter().any(|there| there.identifier == window.identifier) {
            let message = format!("the window identifier '{}' occurs twice", window.identifier);
            reader.error("duplicate-name", &at, message);
        }
        windows.push(window);
    }
    windows
}

//! Reading lengths of time: windows and times to live.

use crate::plan::duration;
use crate::plan::read::{Fields, Reader, text_of};
use crate::platform::wire::DurationSetting;
use serde_json::Value;

/// What a plan says of a time to live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expiry {
    /// So long.
    After(DurationSetting),
    /// For good (`none`).
    Never,
}

impl Expiry {
    /// The length, as the wire has it.
    pub(super) fn length(self) -> Option<DurationSetting> {
        match self {
            Expiry::After(length) => Some(length),
            Expiry::Never => None,
        }
    }
}

/// Single and list attributes live for one window.
pub(super) fn one_window(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    windows: &[DurationSetting],
) -> Option<DurationSetting> {
    if windows.len() > 1 {
        let message = "several windows are for counters; this attribute has one";
        reader.error("bad-duration", &fields.at("window_duration"), message);
    }
    windows.first().copied()
}

/// `window_duration`: one window or a list of them.
pub(super) fn read_windows(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Vec<DurationSetting> {
    let items = match fields.get("window_duration") {
        None => Vec::new(),
        Some(Value::Array(_)) => fields.items(reader, "window_duration"),
        Some(one) => vec![(fields.at("window_duration"), one)],
    };
    let mut windows: Vec<DurationSetting> = Vec::new();
    for (at, item) in items {
        let Some(window) = read_window(reader, &at, item, "window_duration") else { continue };
        if windows.iter().any(|known| known.seconds() == window.seconds()) {
            reader.error("bad-duration", &at, format!("the window {} occurs twice", duration::text(window)));
        } else {
            windows.push(window);
        }
    }
    windows
}

pub(super) fn read_window(
    reader: &mut Reader<'_>,
    at: &str,
    value: &Value,
    key: &str,
) -> Option<DurationSetting> {
    let text = text_of(reader, at, value, key)?;
    match duration::parse(&text) {
        Ok(window) => Some(window),
        Err(why) => {
            reader.error("bad-duration", at, why);
            None
        }
    }
}

/// `expiry_days: 60`, or `expiry: 12h` (ours) where days are too coarse. `expiry: none` is for good.
pub(super) fn read_expiry(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Expiry> {
    let given = fields.count(reader, "expiry_days").map(duration::days);
    let days = given.filter(|days| days.seconds() <= duration::CENTURY);
    if given != days {
        reader.error("bad-duration", &fields.at("expiry_days"), "that is more than a hundred years");
    }
    read_length(reader, fields, "expiry").or(days.map(Expiry::After))
}

/// A window, or `none`.
pub(super) fn read_length(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<Expiry> {
    let value = fields.get(key)?;
    if value.as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case(NONE)) {
        return Some(Expiry::Never);
    }
    read_window(reader, &fields.at(key), value, key).map(Expiry::After)
}

/// How a plan says that there is no such length.
pub(in crate::plan) const NONE: &str = "none";

//! Many events: what the columns of a file are, and answers in columns.

use super::PzTestArgs;
use super::call::{Call, Calls};
use crate::error::{Code, Error};
use crate::input::bulk::Item;
use crate::input::bulk::csv::{Header, Taken};
use crate::platform::wire::KeyColumn;
use serde_json::{Value, json};

/// The columns of an answer: the sections with an offer, what they offer, and how long it took.
pub(super) const COLUMNS: [&str; 3] = ["sections", "offers", "latency_ms"];

/// Those that fit a line.
pub(super) const SHOWN: [&str; 2] = ["sections", "latency_ms"];

/// An answer in [`COLUMNS`].
pub(super) fn flat(result: &Value) -> Value {
    let offers = result.pointer("/response/offers").or_else(|| result.get("response"));
    json!({
        "sections": sections(result).join(", "),
        "offers": offers,
        "latency_ms": result.pointer("/latency_ms/p50"),
    })
}

/// The sections with an offer.
pub(super) fn sections(result: &Value) -> Vec<String> {
    let offers = result.pointer("/response/offers").and_then(Value::as_object);
    offers.map(|offers| offers.keys().cloned().collect()).unwrap_or_default()
}

/// Whether the columns of a file make events: each is one of the table, and one has the visitor's id.
pub(super) fn check(
    args: &PzTestArgs,
    calls: &Calls,
    keys: &[KeyColumn],
    header: &Header,
) -> Result<Taken, Error> {
    if let Some(column) = args.key_of_items().filter(|column| header.position(column).is_none()) {
        return Err(header.missing(column, "the visitor's id, which --key names"));
    }
    calls.check_columns(header)?;
    let has_key = keys.iter().any(|key| header.position(&key.name).is_some());
    if !has_key && args.values().next().is_none() && args.event_json.is_none() {
        let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
        let what = format!("no column is a stitching key, which has the visitor's id ({})", names.join(", "));
        return Err(header
            .wrong(&what)
            .hint("rename the column with the ids, or give all rows one visitor with --key COLUMN=VALUE"));
    }
    Ok(Taken::Row)
}

/// The call for an item.
pub(super) fn call(args: &PzTestArgs, calls: &Calls, keys: &[KeyColumn], item: &Item) -> Result<Call, Error> {
    let Some(line) = item.line else { return calls.of(item, args.key_of_items()) };
    let place = |error: Error| {
        let message = format!("line {line} of stdin: {}", error.message);
        Error { message, ..error }
    };
    let is_empty = |key: &KeyColumn| item.value.get(&key.name).is_none_or(|cell| cell == "");
    if args.values().next().is_none() && args.event_json.is_none() && keys.iter().all(is_empty) {
        return Err(place(Error::new(Code::InvalidPlan, "the row has no visitor's id: its cell is empty")));
    }
    calls.of(item, args.key_of_items()).map_err(place)
}

//! Items that are lines: ids, names, or JSON. A line that is a list has an item in each of its elements.

use super::{Incoming, Item};
use crate::error::{Code, Error};
use serde_json::Value;
use std::io::{BufRead, Read as _};

/// Bytes of a line: an item is an id or an event, no file.
pub(super) const LINE: u64 = 1_000_000;

/// Gives each line that is not blank to `send`, until that is false.
pub(super) fn read(mut input: impl BufRead, mut send: impl FnMut(Incoming) -> bool) {
    loop {
        let mut line = Vec::new();
        let incoming = match input.by_ref().take(LINE + 1).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) if line.len() as u64 > LINE => {
                let error =
                    Error::new(Code::InvalidPlan, format!("a line of stdin is longer than {LINE} bytes"));
                send(Incoming::wrong(Value::Null, error.hint("give one item a line")));
                return;
            }
            Ok(_) if line.iter().all(u8::is_ascii_whitespace) => continue,
            Ok(_) => match item(&line) {
                // What a command lists is a line.
                Incoming { input: Value::Array(items), item: Ok(_) } => {
                    match items.into_iter().all(|value| send(Incoming::of(Item { value, line: None }))) {
                        true => continue,
                        false => return,
                    }
                }
                other => other,
            },
            Err(error) => {
                let error = Error::new(Code::Io, format!("cannot read stdin: {error}"));
                send(Incoming::wrong(Value::Null, error));
                return;
            }
        };
        if !send(incoming) {
            return;
        }
    }
}

fn item(line: &[u8]) -> Incoming {
    let Ok(text) = std::str::from_utf8(line) else {
        let input = String::from_utf8_lossy(line).trim().into();
        return Incoming::wrong(input, Error::new(Code::InvalidPlan, "the line is not UTF-8 text"));
    };
    let text = text.trim().trim_start_matches('\u{feff}');
    if !text.starts_with(['{', '[', '"']) {
        return Incoming::of(Item { value: text.into(), line: None });
    }
    match serde_json::from_str(text) {
        Ok(value) => Incoming::of(Item { value, line: None }),
        Err(error) => {
            let message = format!("the line is not JSON: {error}");
            Incoming::wrong(text.into(), Error::new(Code::InvalidPlan, message))
        }
    }
}

//! Scalars with the characters that they are written in.

use super::tree::{Positions, escape, read_yaml};
use serde_json::Value;
use std::sync::OnceLock;

/// Scalars as they are written in a text.
pub(super) struct AsWritten<'t> {
    pub(super) text: Option<&'t str>,
    pub(super) positions: &'t OnceLock<Positions>,
}

impl AsWritten<'_> {
    /// The characters of the number or boolean at a pointer into the text; `None` where they
    /// cannot be had, as in JSON that is too large to be read again for its places.
    pub(super) fn get(&self, pointer: &str, value: &Value) -> Option<String> {
        let json = self.positions.get().is_none();
        // JSON has one form for whole numbers.
        if json && (value.is_i64() || value.is_u64() || value.is_boolean()) {
            return Some(value.to_string());
        }
        let positions = read_positions(self.positions, self.text);
        if let Some(written) = positions.written.get(pointer) {
            return Some(written.clone());
        }
        positions.values.contains_key(pointer).then(|| value.to_string())
    }
}

/// JSON is read without positions; they are looked up when they are needed.
pub(super) fn read_positions<'p>(positions: &'p OnceLock<Positions>, text: Option<&str>) -> &'p Positions {
    positions.get_or_init(|| {
        let read = text.and_then(|text| read_yaml(text).ok());
        read.map(|source| source.positions).unwrap_or_default()
    })
}

/// Makes each number that prints in other characters than it is written in a string of those.
pub(super) fn keep_characters(value: &mut Value, at: &str, written: &AsWritten<'_>) {
    match value {
        Value::Number(_) => {
            let printed = value.to_string();
            if let Some(text) = written.get(at, value).filter(|text| *text != printed) {
                *value = Value::String(text);
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .for_each(|(index, item)| keep_characters(item, &format!("{at}/{index}"), written)),
        Value::Object(map) => map
            .iter_mut()
            .for_each(|(key, item)| keep_characters(item, &format!("{at}/{}", escape(key)), written)),
        _ => {}
    }
}

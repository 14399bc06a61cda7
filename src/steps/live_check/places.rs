//! Where a plan's document names columns and attributes.

use super::{Checker, text};
use crate::plan::criteria;
use serde_json::Value;
use std::collections::BTreeSet;

/// A name and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AttributePlace {
    pub(super) name: String,
    /// JSON pointer.
    pub(super) pointer: String,
    /// The byte in the text there.
    pub(super) offset: Option<usize>,
}

impl Checker<'_> {
    /// Checks the columns that a filter on a key event names, where its table is known.
    pub(super) fn filter(&mut self, event: &str, at: &str, keys: &[&str], by: &str) {
        let table = self.table_of(event).filter(|table| self.live.schemas.has(table));
        let Some(table) = table else { return };
        let places = self.filter_places(at, keys);
        let columns: BTreeSet<&str> = places.iter().map(|place| place.name.as_str()).collect();
        for column in columns {
            self.column(&table, column, by, &places, at);
        }
    }

    /// The columns that the filters under these keys name, each once for each text.
    pub(super) fn filter_places(&self, at: &str, keys: &[&str]) -> Vec<AttributePlace> {
        let mut places: Vec<AttributePlace> = Vec::new();
        for key in keys {
            let pointer = format!("{at}/{key}");
            match self.value(&pointer) {
                Some(Value::String(text)) => places.extend(in_criteria(text, &pointer)),
                Some(other) => {
                    collect(other, &pointer, "field", &mut places);
                    collect(other, &pointer, "column", &mut places);
                }
                None => {}
            }
        }
        places
    }

    /// The columns that an attribute names.
    pub(super) fn attribute_places(&self, at: &str) -> Vec<AttributePlace> {
        let mut places = Vec::new();
        for key in ["source_field", "id_field"] {
            places.extend(self.place(format!("{at}/{key}")));
        }
        let count =
            |key: &str| self.value(&format!("{at}/{key}")).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..count("fields") {
            places.extend(self.place(format!("{at}/fields/{index}")));
        }
        for index in 0..count("aggregations") {
            places.extend(self.place(format!("{at}/aggregations/{index}/column")));
        }
        places.extend(self.filter_places(at, &["filter", "where"]));
        places
    }

    fn place(&self, pointer: String) -> Option<AttributePlace> {
        let name = text(self.value(&pointer)?)?;
        Some(AttributePlace { name, pointer, offset: None })
    }
}

/// The names of a criteria text, each once.
fn in_criteria(text: &str, pointer: &str) -> Vec<AttributePlace> {
    let mut places: Vec<AttributePlace> = Vec::new();
    // One that cannot be read has an offline finding.
    let Ok(expr) = criteria::parse(text) else { return places };
    for name in expr.names() {
        if !places.iter().any(|place| place.name == name.text) {
            let (name, offset) = (name.text.clone(), Some(name.span.start));
            places.push(AttributePlace { name, pointer: pointer.to_owned(), offset });
        }
    }
    places
}

/// The strings under `key`, however deep.
pub(super) fn collect(value: &Value, pointer: &str, key: &str, places: &mut Vec<AttributePlace>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{pointer}/{index}"), key, places);
            }
        }
        Value::Object(map) => {
            for (name, inner) in map {
                let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                match inner {
                    Value::String(text) if name == key => {
                        places.push(AttributePlace { name: text.clone(), pointer, offset: None });
                    }
                    _ => collect(inner, &pointer, key, places),
                }
            }
        }
        _ => {}
    }
}

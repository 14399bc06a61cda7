//! What a body's parts look like, checked field by field: each problem is reported at its
//! own place, and mended in a copy, so that further problems can be found too.

use super::{Checker, Side};
use crate::plan::nearest::{did_you_mean, nearest};
use crate::plan::tree::escape;
use crate::platform::fields::{Field, FieldKind};
use serde_json::{Map, Value};

impl Checker<'_> {
    /// Checks a value, and gives it the shape that it should have.
    pub(super) fn shape(&mut self, value: &mut Value, at: &str, key: &str, kind: &FieldKind) {
        let expected = match (kind, &mut *value) {
            (FieldKind::Any, _) | (FieldKind::Text, Value::String(_)) | (FieldKind::Flag, Value::Bool(_)) => {
                return;
            }
            (FieldKind::Name, Value::String(text)) => {
                if text.trim().is_empty() {
                    self.error("blank", at, format!("'{key}' can't be blank"), None);
                    *value = stand_in(kind);
                }
                return;
            }
            (FieldKind::Index, Value::Number(number)) if number.as_u64().is_some() => return,
            (FieldKind::Percent, Value::Number(number))
                if number.as_f64().is_some_and(|share| (0.0..=100.0).contains(&share)) =>
            {
                return;
            }
            (FieldKind::Count, Value::Number(number))
                if number.as_u64().is_some_and(|number| number >= 1) =>
            {
                return;
            }
            (FieldKind::Word(words), Value::String(word)) if words.contains(&word.as_str()) => return,
            (FieldKind::Word(words), Value::String(word)) => {
                let message = format!("'{key}' is one of {}, not '{word}'", words.join(", "));
                let fix = did_you_mean(word, words.iter().copied());
                self.error("unknown-value", at, message, fix.as_deref());
                *value = stand_in(kind);
                return;
            }
            (FieldKind::EventRule, rule) => {
                self.rule(rule, at, Side::Event);
                return;
            }
            (FieldKind::ProfileRule, rule) => {
                self.rule(rule, at, Side::Profile);
                return;
            }
            (FieldKind::By(fields, what), Value::Object(map)) => {
                match fields(map) {
                    Some(fields) => self.fields(map, at, fields),
                    None => {
                        self.error("unknown-value", at, format!("an item of '{key}' is {what}"), None);
                        *value = stand_in(kind);
                    }
                }
                return;
            }
            (FieldKind::Entries(inner), Value::Object(items)) => {
                for (name, item) in items.iter_mut() {
                    let at = format!("{at}/{}", escape(name));
                    if name.len() != 36 || uuid::Uuid::try_parse(name).is_err() {
                        let message = format!("a key of '{key}' is a UUID, not '{name}'");
                        self.error("bad-body", &at, message, None);
                    }
                    self.shape(item, &at, key, inner);
                }
                return;
            }
            (FieldKind::Map(fields), Value::Object(map)) => {
                self.fields(map, at, fields);
                return;
            }
            (FieldKind::List(inner), Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.shape(item, &format!("{at}/{index}"), key, inner);
                }
                return;
            }
            (FieldKind::Text | FieldKind::Name, _) => "a string",
            (FieldKind::Index, _) => "a whole number of at least 0",
            (FieldKind::Percent, _) => "a number from 0 to 100",
            (FieldKind::By(_, what), _) => what,
            (FieldKind::Flag, _) => "true or false",
            (FieldKind::Count, _) => "a whole number of at least 1",
            (FieldKind::Word(words), _) => &format!("one of {}", words.join(", ")),
            (FieldKind::Map(_) | FieldKind::Entries(_), _) => "a mapping of keys",
            (FieldKind::List(_), _) => "a list",
        };
        // A place in a list is named by the list's key.
        let subject = match at.rsplit('/').next() {
            Some(last) if last != key => format!("an item of '{key}'"),
            _ => format!("'{key}'"),
        };
        self.error("bad-body", at, format!("{subject} is {expected}"), None);
        *value = stand_in(kind);
    }

    /// The keys of a mapping.
    pub(super) fn fields(&mut self, map: &mut Map<String, Value>, at: &str, fields: &[Field]) {
        let known: Vec<&str> = fields.iter().map(|field| field.key).collect();
        self.unknown_keys(map, at, &known);
        for field in fields {
            match map.get_mut(field.key) {
                Some(value) if !value.is_null() => {
                    self.shape(value, &format!("{at}/{}", field.key), field.key, &field.kind);
                }
                Some(_) if field.null || self.is_read && !field.must => {}
                None if !field.must => {}
                there => {
                    let message = match there {
                        Some(_) => format!("'{}' can't be null", field.key),
                        None => format!("'{}' is missing here", field.key),
                    };
                    self.error("missing-field", at, message, None);
                    map.insert(field.key.to_owned(), stand_in(&field.kind));
                }
            }
        }
    }

    /// What was read from the platform may have keys of later versions; one that looks like a slip
    /// is reported even there.
    pub(super) fn unknown_keys(&mut self, map: &Map<String, Value>, at: &str, known: &[&str]) {
        let is_read = self.is_read;
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            let near = nearest(key, known.iter().copied()).filter(|near| !map.contains_key(*near));
            if is_read && near.is_none() {
                continue;
            }
            let fix = near.map_or_else(
                || format!("the keys here are {}", known.join(", ")),
                |near| format!("did you mean '{near}'?"),
            );
            let pointer = format!("{at}/{}", escape(key));
            let message = format!("unknown key '{key}'");
            match is_read {
                true => self.key_warning("unknown-key", &pointer, message, &fix),
                // The platform's types take no other keys.
                false => self.key_error("unknown-key", &pointer, message, &fix, None),
            }
        }
    }
}

/// A value of the right shape that breaks no rule of its own.
fn stand_in(kind: &FieldKind) -> Value {
    match kind {
        FieldKind::Any | FieldKind::EventRule | FieldKind::ProfileRule | FieldKind::By(..) => Value::Null,
        FieldKind::Entries(_) => Value::Object(Map::new()),
        FieldKind::Flag => true.into(),
        FieldKind::Count | FieldKind::Index => 1.into(),
        FieldKind::Percent => 100.into(),
        FieldKind::Word(words) => words.first().copied().unwrap_or_default().into(),
        // Another one each time: names must not seem to occur twice.
        FieldKind::Text | FieldKind::Name => uuid::Uuid::new_v4().simple().to_string().into(),
        FieldKind::List(_) => Value::Array(Vec::new()),
        FieldKind::Map(fields) => {
            let required = fields.iter().filter(|field| field.must);
            required.map(|field| (field.key.to_owned(), stand_in(&field.kind))).collect()
        }
    }
}

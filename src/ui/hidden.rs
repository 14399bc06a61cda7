//! The credentials that nothing shows where they are not meant.

use crate::secrets::Secrets;
use secrecy::SecretString;
use serde_json::Value;
use std::cell::{OnceCell, RefCell};

/// What no message shows, once it is known.
#[derive(Default)]
pub(super) struct Hidden {
    pub(super) find: OnceCell<Box<dyn Fn() -> Secrets>>,
    found: RefCell<Option<Secrets>>,
}

impl Hidden {
    pub(super) fn hide(&self, text: &str) -> String {
        let mut found = self.found.borrow_mut();
        found.get_or_insert_with(|| self.find()).hide(text)
    }

    /// One more, which was not known when the others were found.
    pub(super) fn add(&self, secret: &SecretString) {
        self.found.borrow_mut().get_or_insert_with(|| self.find()).add(secret);
    }

    fn find(&self) -> Secrets {
        self.find.get().map(|find| find()).unwrap_or_default()
    }

    /// A document without credentials, but where one is meant: the token of what made it, and the key of a
    /// sandbox.
    pub(super) fn data(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.hide(&text).into(),
            Value::Array(items) => items.into_iter().map(|item| self.data(item)).collect(),
            Value::Object(map) => {
                let member = |(key, value): (String, Value)| match (key.as_str(), value) {
                    ("token" | "api_key", Value::String(meant)) => (key, meant.into()),
                    (_, value) => (self.hide(&key), self.data(value)),
                };
                Value::Object(map.into_iter().map(member).collect())
            }
            other => other,
        }
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hidden")
    }
}

//! What a plan may name and must not hold: the account's own credentials are sent nowhere else.
//!
//! A plan may come from another person than the one who applies it, and what its webhooks send leaves
//! the machine. So it may name only variables that are meant for it.

use super::document::Document;
use super::finding::{Finding, Severity};
use super::model::has_key;
use super::tree::escape;
use serde_json::Value;

/// What the name of a variable begins with that any plan may name.
pub const HOOK_PREFIX: &str = "TDX_RT_HOOK_";
/// The key of an activation that names a variable.
const VARIABLE: &str = "api_key_env";

/// What is known of the machine.
pub struct Guard<'a> {
    /// Variables without the prefix that a plan may name.
    pub allowed: &'a [String],
    /// The value of a variable, where it is set.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// Whether a string has a credential in use in it.
    pub secret: &'a dyn Fn(&str) -> bool,
}

impl Guard<'_> {
    /// Errors about webhooks and answers of sections, with their places.
    pub fn findings(&self, document: &Document) -> Vec<Finding> {
        let mut findings = Vec::new();
        for key in ["journey", "journeys"] {
            if let Some(value) = document.root.get(key) {
                self.journeys(&format!("/{key}"), value, &mut findings);
            }
        }
        for key in ["personalization_service", "personalization_services"] {
            let at = format!("/{key}");
            match document.root.get(key) {
                Some(Value::Array(items)) => items.iter().enumerate().for_each(|(index, item)| {
                    self.service(&format!("{at}/{index}"), item, &mut findings);
                }),
                Some(item) => self.service(&at, item, &mut findings),
                None => {}
            }
        }
        findings.into_iter().map(|finding| document.placed(finding)).collect()
    }

    fn journeys(&self, at: &str, value: &Value, findings: &mut Vec<Finding>) {
        match value {
            Value::String(text) if (self.secret)(text) => findings.push(in_webhook(at)),
            Value::Number(number) if (self.secret)(&number.to_string()) => findings.push(in_webhook(at)),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, item)| self.journeys(&format!("{at}/{index}"), item, findings)),
            Value::Object(map) => {
                for (key, item) in map {
                    // A place would show the key.
                    if (self.secret)(key) || has_key(key) {
                        findings.push(in_webhook(at));
                        continue;
                    }
                    let at = format!("{at}/{}", escape(key));
                    if let (VARIABLE, Value::String(name)) = (key.as_str(), item) {
                        findings.extend(self.variable(&at, name.trim()));
                    }
                    self.journeys(&at, item, findings);
                }
            }
            _ => {}
        }
    }

    fn variable(&self, at: &str, name: &str) -> Option<Finding> {
        if !name.starts_with(HOOK_PREFIX) && !self.allowed.iter().any(|allowed| allowed == name) {
            let message = format!(
                "a plan may only name variables that begin with {HOOK_PREFIX}, and '{name}' does not"
            );
            let fix = format!("rename it, or allow this one on the command line: --allow-env {name}");
            return Some(error("env-not-allowed", at, message, fix));
        }
        let value = (self.variable)(name)?;
        ((self.secret)(&value) || has_key(&value)).then(|| {
            let message = format!("{name} holds a key of Treasure Data, which would go to the destination");
            let fix = "set it to a key that the destination has given out".to_owned();
            error("key-in-webhook", at, message, fix)
        })
    }

    /// What a section answers is public.
    fn service(&self, at: &str, service: &Value, findings: &mut Vec<Finding>) {
        let sections = service.get("sections").and_then(Value::as_array).into_iter().flatten();
        for (index, section) in sections.enumerate() {
            self.section(&format!("{at}/sections/{index}"), section, &mut *findings);
        }
    }

    /// Strings and names of a section alike: the names of its outputs are in the answer, too.
    fn section(&self, at: &str, value: &Value, findings: &mut Vec<Finding>) {
        let is_secret = |text: &str| has_key(text) || (self.secret)(text);
        match value {
            Value::String(text) if is_secret(text) => findings.push(in_section(at)),
            Value::Number(number) if is_secret(&number.to_string()) => findings.push(in_section(at)),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, item)| self.section(&format!("{at}/{index}"), item, findings)),
            Value::Object(map) => {
                for (key, item) in map {
                    if is_secret(key) {
                        findings.push(in_section(at));
                        continue;
                    }
                    let at = format!("{at}/{}", escape(key));
                    self.section(&at, item, findings);
                }
            }
            _ => {}
        }
    }
}

fn in_webhook(at: &str) -> Finding {
    let message = "this has a key or token of Treasure Data in it, which would go to the destination";
    let fix = format!("name a variable of the destination's own key: api_key_env: {HOOK_PREFIX}…");
    error("key-in-webhook", at, message, fix)
}

fn in_section(at: &str) -> Finding {
    let message = "this has a key or token of Treasure Data in it, which would go to every visitor";
    error("key-in-section", at, message, "take it out".to_owned())
}

fn error(code: &'static str, at: &str, message: impl Into<String>, fix: String) -> Finding {
    Finding::new(code, Severity::Error, at, message).with_fix(Some(fix))
}

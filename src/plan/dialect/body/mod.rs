//! The bodies of the platform's requests. They are no plans, but people keep and send them, so they
//! are checked as far as that goes without the platform.

mod attribute;
mod personalization;
mod shape;
mod small;

use crate::plan::document::Document;
use crate::plan::finding::{Finding, Mend, Severity};
use crate::plan::read::placeholder;
use crate::plan::tree::escape;
use crate::plan::wire_rule;
use serde_json::{Map, Value};

/// Which body this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// A personalization entity, with `{"data": …}` around it or without; also a list of them.
    Personalization,
    /// A real-time attribute.
    Attribute,
    /// The real-time setting.
    Setting,
    /// A key event.
    KeyEvent,
}

impl Body {
    /// Recognises a body by the keys that no plan has.
    pub(super) fn of(root: &Map<String, Value>) -> Option<Body> {
        let has = |key: &str| root.contains_key(key);
        let resource = |value: &Value| value.as_object().is_some_and(is_personalization);
        let wrapped = match root.get("data") {
            Some(Value::Array(items)) => items.iter().any(resource),
            Some(one) => resource(one),
            None => false,
        };
        // What a GET answers: a page of attributes or key events.
        if let Some(Value::Array(items)) = root.get("data")
            && !wrapped
        {
            let mut kinds = items.iter().filter_map(|item| Body::of(item.as_object()?));
            return kinds.find(|body| matches!(body, Body::Attribute | Body::KeyEvent));
        }
        if wrapped || is_personalization(root) {
            Some(Body::Personalization)
        } else if has("realtimeKeyEventId") || has("name") && has("type") && !has("source_event") {
            Some(Body::Attribute)
        } else if has("eventTables") || has("keyColumns") || has("extLookupKey") {
            Some(Body::Setting)
        } else if has("databaseName") || has("tableName") || has("name") && has("filterRule") {
            Some(Body::KeyEvent)
        } else {
            None
        }
    }

    /// What it is, for messages.
    pub fn what(self) -> &'static str {
        match self {
            Body::Personalization => "the body of a personalization entity",
            Body::Attribute => "the body of a real-time attribute",
            Body::Setting => "the body of a real-time setting",
            Body::KeyEvent => "the body of a key event",
        }
    }
}

/// The resource with its `attributes`, or those alone.
fn is_personalization(map: &Map<String, Value>) -> bool {
    let inner = match map.get("attributes") {
        Some(Value::Object(inner)) => inner,
        Some(_) => return false,
        None => map,
    };
    let said = map.get("type").and_then(Value::as_str) == Some("realtime-personalization");
    let nodes = |section: &Value| section.get("payload").is_some() || section.get("entryCriteria").is_some();
    let sections = inner.get("sections").and_then(Value::as_array);
    said || inner.contains_key("audienceId") && inner.contains_key("sections")
        || sections.is_some_and(|sections| sections.iter().any(nodes))
}

/// Everything that is wrong with a body; empty for a plan.
pub(in crate::plan) fn check(document: &Document) -> Vec<Finding> {
    let Some(body) = document.body() else { return Vec::new() };
    let mut checker = Checker { document, findings: Vec::new(), is_read: false };
    let root = &document.root;
    match body {
        Body::Personalization => personalization::check(&mut checker, root),
        Body::Attribute => each(&mut checker, root, attribute::check),
        Body::Setting => small::setting(&mut checker, root),
        Body::KeyEvent => each(&mut checker, root, small::key_event),
    }
    for (key, value) in root {
        checker.placeholders(&format!("/{}", escape(key)), value);
    }
    checker.findings
}

/// The body, or each item of the page that a GET answers.
fn each(
    checker: &mut Checker<'_>,
    root: &Map<String, Value>,
    one: fn(&mut Checker<'_>, &Map<String, Value>, &str),
) {
    let Some(Value::Array(items)) = root.get("data") else { return one(checker, root, "") };
    for (index, item) in items.iter().enumerate() {
        let at = format!("/data/{index}");
        match item {
            Value::Object(map) => one(checker, map, &at),
            _ => checker.error("wrong-type", &at, "an item is a mapping of keys", None),
        }
    }
}

/// Collects findings with their places.
struct Checker<'d> {
    document: &'d Document,
    findings: Vec<Finding>,
    /// Whether it has an id: it was read, and may have keys of later versions.
    is_read: bool,
}

impl Checker<'_> {
    fn add(&mut self, finding: Finding) {
        let place = self.document.nearest_position(&finding.pointer);
        self.findings.push(finding.with_position(place));
    }

    fn error(&mut self, code: &'static str, pointer: &str, message: impl Into<String>, fix: Option<&str>) {
        let finding = Finding::new(code, Severity::Error, pointer, message);
        self.add(finding.with_fix(fix.map(str::to_owned)));
    }

    fn warn(&mut self, code: &'static str, pointer: &str, message: impl Into<String>, fix: Option<&str>) {
        let finding = Finding::new(code, Severity::Warning, pointer, message);
        self.add(finding.with_fix(fix.map(str::to_owned)));
    }

    /// An error about a key, at the key.
    fn key_error(
        &mut self,
        code: &'static str,
        pointer: &str,
        message: String,
        fix: &str,
        mend: Option<Mend>,
    ) {
        let place = self.document.key_position(pointer).or(self.document.nearest_position(pointer));
        let finding = Finding::new(code, Severity::Error, pointer, message).with_position(place);
        self.findings.push(finding.with_fix(Some(fix.to_owned())).with_mend(mend));
    }

    /// A warning about a key, at the key.
    fn key_warning(&mut self, code: &'static str, pointer: &str, message: String, fix: &str) {
        let place = self.document.key_position(pointer).or(self.document.nearest_position(pointer));
        let finding = Finding::new(code, Severity::Warning, pointer, message).with_position(place);
        self.findings.push(finding.with_fix(Some(fix.to_owned())));
    }

    /// A rule of the wire.
    fn rule(&mut self, rule: &Value, at: &str) {
        for finding in wire_rule::check(rule, at) {
            let key = Some(&finding.pointer).filter(|_| finding.code == "unknown-key");
            let place = key.and_then(|pointer| self.document.key_position(pointer));
            let place = place.or_else(|| self.document.nearest_position(&finding.pointer));
            self.findings.push(finding.with_position(place));
        }
    }

    /// An array that the platform wants as `null`.
    fn empty_array(&mut self, pointer: &str, message: &str) {
        let finding = Finding::new("empty-array", Severity::Error, pointer, message)
            .with_fix(Some("write null in place of the empty array".into()))
            .with_mend(Some(Mend::Null));
        self.add(finding);
    }

    /// A text that must be there and say something.
    fn text<'v>(&mut self, map: &'v Map<String, Value>, at: &str, key: &str, what: &str) -> Option<&'v str> {
        let pointer = format!("{at}/{key}");
        match map.get(key) {
            None | Some(Value::Null) => {
                self.error("missing-field", at, format!("{what} needs '{key}'"), None);
                None
            }
            Some(Value::String(text)) if text.trim().is_empty() => {
                self.error("blank", &pointer, format!("'{key}' can't be blank"), None);
                None
            }
            Some(Value::String(text)) => Some(text),
            Some(_) => {
                self.error("wrong-type", &pointer, format!("'{key}' is a text"), None);
                None
            }
        }
    }

    fn placeholders(&mut self, at: &str, value: &Value) {
        match value {
            Value::String(text) => {
                if let Some(word) = placeholder(text) {
                    let message = format!("'{word}' is a placeholder of a template");
                    self.error("placeholder", at, message, Some("put the real value in its place"));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.placeholders(&format!("{at}/{index}"), item);
                }
            }
            Value::Object(map) => {
                for (key, item) in map {
                    self.placeholders(&format!("{at}/{}", escape(key)), item);
                }
            }
            _ => {}
        }
    }
}

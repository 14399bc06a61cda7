//! Checks of the bodies of the platform's requests. They are no plans, but people keep and send them, so they
//! are checked as far as that goes without the platform.

mod activation;
mod attribute;
mod journey;
mod personalization;
mod shape;
mod small;

use crate::plan::dialect::RequestBody;
use crate::plan::document::Document;
use crate::plan::finding::{Finding, Mend, Severity};
use crate::plan::tree::escape;
use crate::plan::wire_rule;
use crate::plan::words::placeholder;
use crate::platform::rule::{Operand, Rule};
use crate::platform::wire::FOLDER_TYPE;
use serde_json::{Map, Value};

/// Everything that is wrong with a body; empty for a plan.
pub(super) fn check(document: &Document) -> Vec<Finding> {
    let Some(body) = document.body() else { return Vec::new() };
    let mut checker = Checker { document, findings: Vec::new(), is_read: false };
    let root = &document.root;
    match body {
        RequestBody::Personalization => personalization::check(&mut checker, root),
        RequestBody::Attribute => each(&mut checker, root, attribute::check),
        RequestBody::Setting => small::setting(&mut checker, root),
        RequestBody::KeyEvent => each(&mut checker, root, small::key_event),
        RequestBody::Journey => journey::check(&mut checker, root),
        RequestBody::Activation => activation::check(&mut checker, root),
        RequestBody::Imports | RequestBody::Service | RequestBody::Token | RequestBody::Connection => {
            small::flat(&mut checker, root, body);
        }
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

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The columns of an event.
    Event,
    /// The attributes of a profile.
    Profile,
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
    fn rule(&mut self, rule: &Value, at: &str, side: Side) {
        if !rule.is_object() {
            self.error("wrong-type", at, "a rule is a mapping with 'type'", None);
            return;
        }
        let is_other = |operand: &Operand<'_>| match operand {
            Operand::Column(_) => side == Side::Profile,
            Operand::Attribute { .. } => side == Side::Event,
        };
        if Rule::from_json(rule).operands().iter().any(is_other) {
            let message = match side {
                Side::Event => "the conditions here are on columns of the event",
                Side::Profile => "the conditions here are on attributes of the profile",
            };
            self.error("bad-body", at, message, None);
        }
        for mut finding in wire_rule::check(rule, at) {
            // The platform accepts unknown keys.
            if finding.code == "unknown-key" {
                finding.severity = Severity::Warning;
            }
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

    /// The folder that a create goes into; whether it is named.
    fn folder(&mut self, map: &Map<String, Value>, at: &str) -> bool {
        let at = format!("{at}/relationships");
        let Some(relationships) = map.get("relationships") else { return false };
        let Some(relationships) = relationships.as_object() else {
            self.error("wrong-type", &at, "'relationships' is a mapping of keys", None);
            return true;
        };
        self.unknown_keys(relationships, &at, &["parentFolder"]);
        let Some(folder) = relationships.get("parentFolder") else { return false };
        let at = format!("{at}/parentFolder");
        if let Some(folder) = folder.as_object() {
            self.unknown_keys(folder, &at, &["data"]);
        }
        let data = folder.get("data");
        let at = format!("{at}/data");
        if let Some(data) = data.and_then(Value::as_object) {
            self.unknown_keys(data, &at, &["id", "type"]);
        }
        let text = |key: &str| data.and_then(|data| data.get(key)?.as_str()).unwrap_or_default();
        if text("type") != FOLDER_TYPE {
            let message = format!("the folder's type is {FOLDER_TYPE}, not '{}'", text("type"));
            self.error("missing-folder", &at, message, None);
        }
        if text("id").trim().is_empty() {
            self.error("missing-folder", &at, "the folder needs its 'id' as a string", None);
        }
        true
    }

    /// A string that must be present and not blank.
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
                self.error("wrong-type", &pointer, format!("'{key}' is a string"), None);
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

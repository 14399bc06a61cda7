//! Reading a document field by field: every problem becomes a [`Finding`], nothing stops at the
//! first one.

use super::document::Document;
use super::finding::{Finding, Mend, Severity};
use super::keys;
use super::nearest::is_one_edit;
use super::number;
use super::tree::escape;
use super::words::placeholder;
use serde_json::{Map, Value};

/// Collects findings while a document is read.
pub(super) struct Reader<'d> {
    document: &'d Document,
    pub(super) findings: Vec<Finding>,
    /// Numbers that are read as strings: pointer and characters.
    pub(super) texts: Vec<(String, String)>,
}

impl<'d> Reader<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Reader { document, findings: Vec::new(), texts: Vec::new() }
    }

    /// The document.
    pub(super) fn document(&self) -> &'d Document {
        self.document
    }

    /// Adds an error at the value that `pointer` names.
    pub(super) fn error(&mut self, code: &'static str, pointer: &str, message: impl Into<String>) {
        self.error_fix(code, pointer, message, None);
    }

    /// Adds an error with advice.
    pub(super) fn error_fix(
        &mut self,
        code: &'static str,
        pointer: &str,
        message: impl Into<String>,
        fix: Option<String>,
    ) {
        let position = self.position(pointer);
        let finding = Finding::new(code, Severity::Error, pointer, message);
        self.findings.push(finding.with_position(position).with_fix(fix));
    }

    /// Adds a warning with advice.
    pub(super) fn warn(
        &mut self,
        code: &'static str,
        pointer: &str,
        message: impl Into<String>,
        fix: Option<String>,
    ) {
        let position = self.position(pointer);
        let finding = Finding::new(code, Severity::Warning, pointer, message);
        self.findings.push(finding.with_position(position).with_fix(fix));
    }

    /// Moves the last finding to a byte of the text at `pointer`.
    pub(super) fn point_at(&mut self, pointer: &str, text: &str, offset: usize) {
        let place = self.document.position_in(pointer, text, offset);
        if let Some(last) = self.findings.last_mut() {
            (last.line, last.column) = place.unzip();
        }
    }

    /// Moves the last finding to the key whose value `pointer` names.
    pub(super) fn move_to_key(&mut self, pointer: &str) {
        if let (Some(place), Some(last)) = (self.document.key_position(pointer), self.findings.last_mut()) {
            (last.line, last.column) = (Some(place.0), Some(place.1));
        }
    }

    /// Adds findings that have no place yet; those about a key stand at the key.
    pub(super) fn take(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            let of_key = Some(&finding.pointer).filter(|_| finding.code == "unknown-key");
            let key = of_key.and_then(|pointer| self.document.key_position(pointer));
            let position = key.or_else(|| self.position(&finding.pointer));
            self.findings.push(finding.with_position(position));
        }
    }

    /// The place of a pointer, or of the nearest ancestor that is in the text.
    fn position(&self, pointer: &str) -> Option<(usize, usize)> {
        self.document.nearest_position(pointer)
    }

    /// Reads a mapping. A key that is neither in `known` nor a step's is an error when it looks like a
    /// slip, else a warning; see [`keys::judge`].
    pub(super) fn fields<'v>(
        &mut self,
        pointer: &str,
        value: &'v Value,
        what: &str,
        known: &[&str],
    ) -> Option<Fields<'v>> {
        let Value::Object(map) = value else {
            self.wrong_type(pointer, &format!("{what} is a mapping of keys"), value);
            return None;
        };
        Some(self.map_fields(pointer, map, known))
    }

    /// The same for what is known to be a mapping.
    pub(super) fn map_fields<'v>(
        &mut self,
        pointer: &str,
        map: &'v Map<String, Value>,
        known: &[&str],
    ) -> Fields<'v> {
        self.unknown_keys(pointer, map, known);
        Fields { pointer: pointer.to_owned(), map }
    }

    fn unknown_keys(&mut self, pointer: &str, map: &Map<String, Value>, known: &[&str]) {
        for (key, value) in map {
            let is_known = known.contains(&key.as_str()) || key.starts_with(keys::OWN);
            if is_known || keys::is_steps(pointer, key, value) {
                continue;
            }
            let pointer = format!("{pointer}/{}", escape(key));
            let position = self.document.key_position(&pointer);
            let (severity, fix) = keys::judge(key, known);
            let message = match severity {
                Severity::Error => format!("unknown key '{key}'"),
                Severity::Warning => format!("unknown key '{key}', which is ignored"),
            };
            self.findings.push(
                Finding::new("unknown-key", severity, &pointer, message)
                    .with_position(position)
                    .with_fix(Some(fix))
                    .with_mend(slip(key, map, known).map(Mend::Rename)),
            );
        }
    }

    /// Checks the numbers of a value that the platform gets as it stands: JSON has one form for a
    /// number, so one that is written otherwise would not arrive as it is written.
    pub(super) fn check_numbers(&mut self, pointer: &str, value: &Value) {
        self.each_number(pointer, value, &|_, _| true);
    }

    /// Checks the numbers of a rule: they are numbers, however they are written, but none may lose
    /// digits.
    pub(super) fn check_digits(&mut self, pointer: &str, rule: &Value) {
        self.each_number(pointer, rule, &|written, number| !number::is_same(written, &number.to_string()));
    }

    fn each_number(&mut self, pointer: &str, value: &Value, is_wrong: &dyn Fn(&str, &Value) -> bool) {
        // Once is enough: what is found stays with the document.
        if self.document.is_settled() {
            return;
        }
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.each_number(&format!("{pointer}/{index}"), item, is_wrong);
                }
            }
            Value::Object(map) => {
                for (key, item) in map {
                    self.each_number(&format!("{pointer}/{}", escape(key)), item, is_wrong);
                }
            }
            Value::Number(_) => {
                let (written, printed) = (self.document.written(pointer, value), value.to_string());
                // Also as our own YAML has it, such as `1.0e-10` for `1e-10`.
                let yaml = serde_saphyr::to_string(value).unwrap_or_default();
                let as_printed = |written: &str| written == printed || written == yaml.trim_end();
                let arrives = |written: &String| as_printed(written) || !is_wrong(written, value);
                if !written.as_ref().is_some_and(arrives) {
                    self.unquoted(pointer, value, written);
                }
            }
            _ => {}
        }
    }

    /// A number whose characters would be lost.
    fn unquoted(&mut self, pointer: &str, number: &Value, written: Option<String>) {
        let (message, fix) = match &written {
            Some(written) => (
                format!("the number {written} would be sent as {number}"),
                format!("put it in quotes where '{written}' is a string, else write {number}"),
            ),
            None => (
                format!(
                    "a number stands where a string is needed, and how it is written ({number}?) is lost"
                ),
                "put it in quotes".to_owned(),
            ),
        };
        self.error_fix("unquoted-number", pointer, message, Some(fix));
        if let Some(last) = self.findings.last_mut() {
            last.mend = written.map(Mend::Quote);
        }
    }

    /// Adds a `wrong-type` error: `expected` is a whole clause.
    pub(super) fn wrong_type(&mut self, pointer: &str, expected: &str, found: &Value) {
        self.error("wrong-type", pointer, format!("{expected}, this is {}", kind(found)));
    }
}

/// The one known key that is a single slip away, when it is not present itself.
fn slip(key: &str, map: &Map<String, Value>, known: &[&str]) -> Option<String> {
    let mut near = known.iter().filter(|known| is_one_edit(key, known));
    match (near.next(), near.next()) {
        (Some(one), None) if !map.contains_key(*one) => Some((*one).to_owned()),
        _ => None,
    }
}

/// What a value is, for messages.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(flag) => format!("the boolean {flag}"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the string '{}'", text.chars().take(40).collect::<String>()),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "a mapping".into(),
    }
}

/// A mapping with its place. `null` counts as absent.
pub(super) struct Fields<'v> {
    pub(super) pointer: String,
    map: &'v Map<String, Value>,
}

impl<'v> Fields<'v> {
    /// The pointer of one of its keys.
    pub(super) fn at(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, escape(key))
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'v Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// The first of these keys that is present.
    pub(super) fn first_of<'k>(&self, keys: &[&'k str]) -> Option<&'k str> {
        keys.iter().copied().find(|key| self.get(key).is_some())
    }

    /// A string, word for word; numbers are taken with the characters that are written.
    pub(super) fn text(&self, reader: &mut Reader<'_>, key: &str) -> Option<String> {
        text_of(reader, &self.at(key), self.get(key)?, key)
    }

    /// A name: a string that is neither blank nor a placeholder such as `<ps_id>`.
    pub(super) fn name(&self, reader: &mut Reader<'_>, key: &str) -> Option<String> {
        name_of(reader, &self.at(key), self.get(key)?, key)
    }

    /// A name that must be present; its absence is an error.
    pub(super) fn required_name(&self, reader: &mut Reader<'_>, key: &str, what: &str) -> Option<String> {
        if self.get(key).is_none() {
            self.missing(reader, key, what);
            return None;
        }
        self.name(reader, key)
    }

    /// Adds a `missing-field` error for a key of `what`.
    pub(super) fn missing(&self, reader: &mut Reader<'_>, key: &str, what: &str) {
        let fix = match key {
            "trigger_event" => Some("add trigger_event: NAME, the key event that triggers it".to_owned()),
            _ => None,
        };
        reader.error_fix("missing-field", &self.pointer, format!("{what} needs '{key}'"), fix);
    }

    /// A whole number of at least 1; a string that spells one will do.
    pub(super) fn count(&self, reader: &mut Reader<'_>, key: &str) -> Option<u64> {
        let value = self.get(key)?;
        let number = match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number {
            Some(number) if number >= 1 => Some(number),
            _ => {
                let expected = format!("'{key}' is a whole number of at least 1");
                reader.wrong_type(&self.at(key), &expected, value);
                None
            }
        }
    }

    /// A boolean.
    pub(super) fn flag(&self, reader: &mut Reader<'_>, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        if let Value::Bool(flag) = value {
            return Some(*flag);
        }
        reader.wrong_type(&self.at(key), &format!("'{key}' is true or false"), value);
        None
    }

    /// The items of a list with their pointers; empty when the key is absent.
    pub(super) fn items(&self, reader: &mut Reader<'_>, key: &str) -> Vec<(String, &'v Value)> {
        let at = self.at(key);
        match self.get(key) {
            None => Vec::new(),
            Some(Value::Array(items)) => {
                items.iter().enumerate().map(|(index, item)| (format!("{at}/{index}"), item)).collect()
            }
            Some(other) => {
                reader.wrong_type(&at, &format!("'{key}' is a list"), other);
                Vec::new()
            }
        }
    }
}

/// A string; numbers are taken with the characters that are written.
pub(super) fn text_of(reader: &mut Reader<'_>, pointer: &str, value: &Value, key: &str) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) => match reader.document.written(pointer, value) {
            Some(text) => {
                reader.texts.push((pointer.to_owned(), text.clone()));
                Some(text)
            }
            None => {
                reader.unquoted(pointer, value, None);
                None
            }
        },
        other => {
            // Items of lists have no key; what they are has an article.
            let expected = match key.split_once(' ') {
                Some(("a" | "an", _)) => format!("{key} is named by a string"),
                _ => format!("'{key}' is a string"),
            };
            reader.wrong_type(pointer, &expected, other);
            if let (Value::Bool(flag), Some(last)) = (other, reader.findings.last_mut()) {
                last.fix = Some("put it in quotes".into());
                last.mend = Some(Mend::Quote(flag.to_string()));
            }
            None
        }
    }
}

/// A string that is neither blank nor a placeholder.
pub(super) fn name_of(reader: &mut Reader<'_>, pointer: &str, value: &Value, key: &str) -> Option<String> {
    let text = text_of(reader, pointer, value, key)?;
    if text.trim().is_empty() {
        reader.error("blank", pointer, format!("'{key}' can't be blank"));
        return None;
    }
    if let Some(placeholder) = placeholder(&text) {
        let message = format!("'{placeholder}' is a placeholder of a template");
        reader.error_fix("placeholder", pointer, message, Some("put the real value in its place".into()));
        return None;
    }
    Some(text)
}

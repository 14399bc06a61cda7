//! Rules in the wire's own form, where a person wrote them: what the platform would refuse is an
//! error, what is only unknown here is a warning, because the account may know it.

use super::finding::{Finding, Severity};
use super::keys;
use super::nearest::did_you_mean;
use super::tree::escape;
use crate::platform::pattern::Pattern;
use crate::platform::rule::OperatorKind;
use serde_json::{Map, Value};

/// The types of rules.
const TYPES: [&str; 4] = ["And", "Or", "Column", "RealtimeAttribute"];
const GROUP_KEYS: [&str; 2] = ["type", "conditions"];
const COLUMN_KEYS: [&str; 3] = ["type", "column", "operator"];
const ATTRIBUTE_KEYS: [&str; 5] =
    ["type", "realtimeAttribute", "realtimeAttributeId", "subAttributeIdentifier", "operator"];
const OPERATOR_KEYS: [&str; 3] = ["type", "rightValue", "not"];
const KEPT: &str = "it is kept word for word";

/// Everything that is wrong with a rule that stands at `at`. `null` and an empty mapping take
/// everything.
pub(super) fn check(rule: &Value, at: &str) -> Vec<Finding> {
    let mut check = Check { findings: Vec::new() };
    if !(rule.is_null() || rule.as_object().is_some_and(Map::is_empty)) {
        check.rule(rule, at);
    }
    check.findings
}

/// The condition on an attribute: its mapping and where it stands.
pub(super) type Condition<'v> = (&'v Map<String, Value>, String);

/// Every condition on an attribute in a rule.
pub(super) fn attributes<'v>(rule: &'v Value, at: &str) -> Vec<Condition<'v>> {
    let Value::Object(map) = rule else { return Vec::new() };
    if map.get("type").and_then(Value::as_str) == Some("RealtimeAttribute") {
        return vec![(map, at.to_owned())];
    }
    let inner = map.get("conditions").and_then(Value::as_array).into_iter().flatten().enumerate();
    inner.flat_map(|(index, inner)| attributes(inner, &format!("{at}/conditions/{index}"))).collect()
}

struct Check {
    findings: Vec<Finding>,
}

impl Check {
    fn error(&mut self, code: &'static str, pointer: &str, message: impl Into<String>, fix: Option<String>) {
        self.findings.push(Finding::new(code, Severity::Error, pointer, message).with_fix(fix));
    }

    fn warn(&mut self, code: &'static str, pointer: &str, message: impl Into<String>, fix: Option<String>) {
        self.findings.push(Finding::new(code, Severity::Warning, pointer, message).with_fix(fix));
    }

    fn rule(&mut self, rule: &Value, at: &str) {
        let Value::Object(map) = rule else {
            self.error("wrong-type", at, "a rule is a mapping with 'type'", None);
            return;
        };
        match self.word(map, at, "a rule") {
            Some("And" | "Or") => self.group(map, at),
            Some("Column") => {
                self.text(map, at, "column");
                self.keys(map, at, &COLUMN_KEYS);
                self.operator(map, at);
            }
            Some("RealtimeAttribute") => {
                let key = if map.contains_key("realtimeAttribute") {
                    "realtimeAttribute"
                } else {
                    "realtimeAttributeId"
                };
                self.text(map, at, key);
                if map.get("subAttributeIdentifier").is_some_and(|sub| !(sub.is_null() || sub.is_string())) {
                    let at = format!("{at}/subAttributeIdentifier");
                    self.error("wrong-type", &at, "'subAttributeIdentifier' is a string", None);
                }
                self.keys(map, at, &ATTRIBUTE_KEYS);
                self.operator(map, at);
            }
            Some(other) => {
                let message = format!("unknown type of rule '{other}'; {KEPT}");
                let fix = did_you_mean(other, TYPES)
                    .unwrap_or_else(|| format!("the known types are {}", TYPES.join(", ")));
                self.warn("unknown-rule", &format!("{at}/type"), message, Some(fix));
            }
            None => {}
        }
    }

    /// The `type` of a rule or an operator.
    fn word<'v>(&mut self, map: &'v Map<String, Value>, at: &str, what: &str) -> Option<&'v str> {
        match map.get("type") {
            Some(Value::String(word)) => Some(word),
            Some(_) => {
                self.error(
                    "wrong-type",
                    &format!("{at}/type"),
                    format!("the 'type' of {what} is a string"),
                    None,
                );
                None
            }
            None => {
                let fix = match what {
                    "a rule" => format!("the types are {}; criteria can also be a string", TYPES.join(", ")),
                    _ => format!("the types are {}", operators().join(", ")),
                };
                self.error("unknown-rule", at, format!("{what} needs 'type'"), Some(fix));
                None
            }
        }
    }

    fn group(&mut self, map: &Map<String, Value>, at: &str) {
        self.keys(map, at, &GROUP_KEYS);
        match map.get("conditions") {
            Some(Value::Array(conditions)) => {
                for (index, inner) in conditions.iter().enumerate() {
                    self.rule(inner, &format!("{at}/conditions/{index}"));
                }
            }
            None | Some(Value::Null) => {
                self.error("missing-field", at, "this group needs a list of 'conditions'", None);
            }
            Some(_) => {
                self.error(
                    "wrong-type",
                    &format!("{at}/conditions"),
                    "'conditions' is a list of rules",
                    None,
                );
            }
        }
    }

    fn text(&mut self, map: &Map<String, Value>, at: &str, key: &str) {
        match map.get(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => {}
            Some(Value::String(_)) => {
                self.error("blank", &format!("{at}/{key}"), format!("'{key}' can't be blank"), None);
            }
            None | Some(Value::Null) => {
                self.error("missing-field", at, format!("this condition needs '{key}'"), None);
            }
            Some(_) => {
                self.error("wrong-type", &format!("{at}/{key}"), format!("'{key}' is a string"), None);
            }
        }
    }

    fn operator(&mut self, map: &Map<String, Value>, at: &str) {
        let at = format!("{at}/operator");
        let operator = match map.get("operator") {
            Some(Value::Object(operator)) => operator,
            None | Some(Value::Null) => {
                let at = at.trim_end_matches("/operator");
                self.error("missing-field", at, "this condition needs 'operator'", None);
                return;
            }
            Some(_) => {
                let message = "'operator' is a mapping with 'type' and 'rightValue'";
                self.error("wrong-type", &at, message, None);
                return;
            }
        };
        let Some(word) = self.word(operator, &at, "an operator") else { return };
        let Some(kind) = OperatorKind::of(word) else {
            let message = format!("unknown operator '{word}'; {KEPT}");
            let fix = did_you_mean(word, operators())
                .unwrap_or_else(|| format!("the known operators are {}", operators().join(", ")));
            self.warn("unknown-rule", &format!("{at}/type"), message, Some(fix));
            return;
        };
        self.keys(operator, &at, &OPERATOR_KEYS);
        if operator.get("not").is_some_and(|not| !(not.is_null() || not.is_boolean())) {
            self.error("wrong-type", &format!("{at}/not"), "'not' is true or false", None);
        }
        self.right(kind, operator.get("rightValue").unwrap_or(&Value::Null), &at);
    }

    fn right(&mut self, kind: OperatorKind, right: &Value, at: &str) {
        let needs = match (kind, right) {
            (OperatorKind::IsNull, _) | (OperatorKind::In, Value::Array(_)) => return,
            (OperatorKind::Regexp, Value::String(pattern)) => {
                if let Err(why) = Pattern::new(pattern) {
                    let message = format!("the pattern '{pattern}' is not valid: {why}");
                    self.error("bad-regex", &format!("{at}/rightValue"), message, None);
                }
                return;
            }
            (OperatorKind::Regexp, _) => "a pattern",
            (OperatorKind::In, _) => "a list",
            (_, Value::String(_) | Value::Number(_) | Value::Bool(_)) => return,
            _ => "a string, a number or a boolean",
        };
        let message = format!("the operator {} needs {needs} as its 'rightValue'", kind.as_str());
        if right.is_null() {
            self.error("missing-field", at, message, None);
        } else {
            self.error("wrong-type", &format!("{at}/rightValue"), message, None);
        }
    }

    /// An unknown key may be one of a later version; one that is near a known one, or known
    /// elsewhere in a rule, is a slip.
    fn keys(&mut self, map: &Map<String, Value>, at: &str, known: &[&str]) {
        let is_known = |key: &str| known.contains(&key) || key.starts_with(keys::OWN);
        for key in map.keys().filter(|key| !is_known(key)) {
            let at = format!("{at}/{}", escape(key));
            let all = GROUP_KEYS.into_iter().chain(ATTRIBUTE_KEYS).chain(COLUMN_KEYS).chain(OPERATOR_KEYS);
            if let Some(fix) = did_you_mean(key, known.iter().copied().chain(all)) {
                self.error("unknown-key", &at, format!("unknown key '{key}' of a rule"), Some(fix));
                continue;
            }
            let message = format!("unknown key '{key}' of a rule; {KEPT}");
            let fix = format!("the keys here are {}", known.join(", "));
            self.warn("unknown-key", &at, message, Some(fix));
        }
    }
}

fn operators() -> Vec<&'static str> {
    OperatorKind::ALL.into_iter().map(OperatorKind::as_str).collect()
}

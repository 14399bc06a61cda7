//! Criteria that are written as mappings, as criteria text.

use super::Notes;
use crate::plan::criteria::quoted_name;
use crate::plan::finding::Severity;
use crate::plan::keys;
use crate::plan::nearest::did_you_mean;
use serde_json::{Map, Value};
use std::ops::Range;

/// Comparisons with their sign in the language.
const COMPARE: [(&str, &str); 8] = [
    ("equals", "="),
    ("not_equals", "!="),
    ("greater_than", ">"),
    ("greater_than_or_equal", ">="),
    ("greater_equal", ">="),
    ("less_than", "<"),
    ("less_than_or_equal", "<="),
    ("less_equal", "<="),
];
/// The other operators.
const OTHERS: [&str; 7] = ["contains", "starts_with", "ends_with", "exists", "not_exists", "in", "not_in"];
/// What the platform has no operator for, and what to use in its place.
const NO_COUNTERPART: [(&str, &str); 3] = [
    ("within_days", "use a counter with a window_duration of that length, and compare it with > 0"),
    ("more_than_days_ago", "use a counter with a window_duration of that length, and compare it with = 0"),
    ("list_size_greater_than", "use a counter of the same event, with a window if need be"),
];
/// What other languages call an operator, and what to write.
const MEANT: [(&str, &str); 15] = [
    ("=", "did you mean 'equals'?"),
    ("==", "did you mean 'equals'?"),
    ("eq", "did you mean 'equals'?"),
    ("!=", "did you mean 'not_equals'?"),
    ("<>", "did you mean 'not_equals'?"),
    ("ne", "did you mean 'not_equals'?"),
    ("gt", "did you mean 'greater_than'?"),
    ("gte", "did you mean 'greater_than_or_equal'?"),
    ("lt", "did you mean 'less_than'?"),
    ("lte", "did you mean 'less_than_or_equal'?"),
    ("is_null", "did you mean 'not_exists'?"),
    ("is_not_null", "did you mean 'exists'?"),
    ("regex", "write the criteria as a string: name REGEXP 'pattern'"),
    ("not_contains", "write the criteria as a string: name NOT LIKE '%text%'"),
    ("between", "use two conditions: greater_than_or_equal and less_than_or_equal"),
];
const CONDITION_KEYS: [&str; 7] =
    ["attribute", "operator", "value", "conditions", "nested_conditions", "type", "description"];

/// The text of a criteria mapping, and which of its byte ranges come from where. What has no text
/// is noted and left out. `at` is a pointer into the text of the document.
pub(super) fn text(
    criteria: &Value,
    at: &str,
    notes: &mut Notes<'_>,
) -> (String, Vec<(Range<usize>, String)>) {
    let mut writer = Writer { text: String::new(), spans: Vec::new(), notes };
    writer.part(criteria, at, true);
    (writer.text, writer.spans)
}

struct Writer<'n, 't> {
    text: String,
    spans: Vec<(Range<usize>, String)>,
    notes: &'n mut Notes<'t>,
}

impl Writer<'_, '_> {
    /// A group or one condition; whether anything was written.
    fn part(&mut self, value: &Value, at: &str, outermost: bool) -> bool {
        let Value::Object(map) = value else {
            self.notes.error("wrong-type", at, "a condition is a mapping of keys", None);
            return false;
        };
        self.unknown_keys(map, at);
        if map.contains_key("attribute") {
            return self.condition(map, at);
        }
        let operator = map.get("operator").or_else(|| map.get("type")).and_then(Value::as_str);
        let word = match operator.map(str::to_ascii_uppercase).as_deref() {
            Some("ALWAYS") => {
                if !outermost {
                    self.notes.error(
                        "unknown-operator",
                        &operator_at(map, at),
                        "ALWAYS has no other keys",
                        None,
                    );
                }
                return false;
            }
            Some("AND") | None => " AND ",
            Some("OR") => " OR ",
            Some(_) => {
                let message = format!("a group is AND, OR or ALWAYS, not '{}'", operator.unwrap_or_default());
                let fix = "a condition also needs 'attribute'".to_owned();
                self.notes.error("unknown-operator", &operator_at(map, at), message, Some(fix));
                return false;
            }
        };
        let key = if map.contains_key("nested_conditions") { "nested_conditions" } else { "conditions" };
        let Some(Value::Array(parts)) = map.get(key) else {
            self.notes.error("missing-field", at, "a group of criteria needs a list of 'conditions'", None);
            return false;
        };
        self.group(parts, &format!("{at}/{key}"), word, outermost)
    }

    fn group(&mut self, parts: &[Value], at: &str, word: &str, outermost: bool) -> bool {
        let brackets = !outermost && parts.len() > 1;
        let before = self.text.len();
        if brackets {
            self.text.push('(');
        }
        let mut written = false;
        for (index, part) in parts.iter().enumerate() {
            let start = self.text.len();
            if written {
                self.text.push_str(word);
            }
            if self.part(part, &format!("{at}/{index}"), false) {
                written = true;
            } else {
                self.text.truncate(start);
            }
        }
        if !written {
            self.text.truncate(before);
        } else if brackets {
            self.text.push(')');
        }
        written
    }

    /// `{attribute, operator, value}`.
    fn condition(&mut self, map: &Map<String, Value>, at: &str) -> bool {
        let Some(name) = map.get("attribute").and_then(Value::as_str) else {
            self.notes.error("wrong-type", &format!("{at}/attribute"), "'attribute' is a name", None);
            return false;
        };
        let Some(operator) = map.get("operator").and_then(Value::as_str) else {
            self.notes.error("missing-field", at, "a condition needs 'operator'", None);
            return false;
        };
        match self.test(&quoted_name(name), &operator.to_ascii_lowercase(), map.get("value"), at) {
            Some(text) => {
                let start = self.text.len();
                self.text.push_str(&text);
                let named = start.saturating_add(quoted_name(name).len());
                self.spans.push((start..named, format!("{at}/attribute")));
                self.spans.push((named..self.text.len(), at.to_owned()));
                true
            }
            None => false,
        }
    }

    fn test(&mut self, name: &str, operator: &str, value: Option<&Value>, at: &str) -> Option<String> {
        if let Some((_, sign)) = COMPARE.iter().find(|(word, _)| *word == operator) {
            return Some(format!("{name} {sign} {}", self.literal(value, at)?));
        }
        if let Some((_, fix)) = NO_COUNTERPART.iter().find(|(word, _)| *word == operator) {
            let message = format!("the platform has no operator '{operator}'");
            self.notes.error("no-counterpart", &format!("{at}/operator"), message, Some((*fix).to_owned()));
            return None;
        }
        let like = |before: &str, after: &str, text: &str| {
            let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("{name} LIKE '{before}{}{after}'", escaped.replace('\'', "''"))
        };
        Some(match operator {
            "contains" => like("%", "%", &self.pattern(value, at)?),
            "starts_with" => like("", "%", &self.pattern(value, at)?),
            "ends_with" => like("%", "", &self.pattern(value, at)?),
            "exists" => format!("{name} IS NOT NULL"),
            "not_exists" => format!("{name} IS NULL"),
            "in" => format!("{name} IN ({})", self.list(value, at)?),
            "not_in" => format!("{name} NOT IN ({})", self.list(value, at)?),
            _ => {
                let known: Vec<&str> = COMPARE.iter().map(|(word, _)| *word).chain(OTHERS).collect();
                let meant =
                    MEANT.iter().find(|(word, _)| *word == operator).map(|(_, fix)| (*fix).to_owned());
                let fix = meant
                    .or_else(|| did_you_mean(operator, known.iter().copied()))
                    .unwrap_or_else(|| format!("the operators are {}", known.join(", ")));
                let message = format!("unknown operator '{operator}'");
                self.notes.error("unknown-operator", &format!("{at}/operator"), message, Some(fix));
                return None;
            }
        })
    }

    fn literal(&mut self, value: Option<&Value>, at: &str) -> Option<String> {
        match value {
            Some(Value::String(text)) => Some(format!("'{}'", text.replace('\'', "''"))),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Bool(flag)) => Some(flag.to_string().to_ascii_uppercase()),
            None | Some(Value::Null) => {
                let fix = "test for a value with exists or not_exists".to_owned();
                self.notes.error("missing-field", at, "this condition needs 'value'", Some(fix));
                None
            }
            Some(_) => {
                let message = "'value' is a string, a number or a boolean";
                self.notes.error(
                    "wrong-type",
                    &format!("{at}/value"),
                    message,
                    Some("lists go with in".into()),
                );
                None
            }
        }
    }

    fn pattern(&mut self, value: Option<&Value>, at: &str) -> Option<String> {
        match value {
            Some(Value::String(text)) => Some(text.clone()),
            // A pattern is a string: the characters that are written.
            Some(number @ Value::Number(_)) => {
                let at = format!("{at}/value");
                let written = self.notes.written.get(&at, number);
                if written.is_none() {
                    let message = "a pattern is a string, and how this number is written is lost";
                    self.notes.error("unquoted-number", &at, message, Some("put it in quotes".into()));
                }
                written
            }
            other => self.literal(other, at).map(|text| text.to_ascii_lowercase()),
        }
    }

    fn list(&mut self, value: Option<&Value>, at: &str) -> Option<String> {
        let items = match value {
            Some(Value::Array(items)) if !items.is_empty() => items.iter().collect(),
            Some(Value::Array(_)) => {
                self.notes.error(
                    "missing-field",
                    at,
                    "this condition needs at least one item in 'value'",
                    None,
                );
                return None;
            }
            one => one.into_iter().collect::<Vec<_>>(),
        };
        if items.is_empty() {
            return self.literal(None, at);
        }
        let texts: Option<Vec<String>> = items.into_iter().map(|item| self.literal(Some(item), at)).collect();
        Some(texts?.join(", "))
    }

    fn unknown_keys(&mut self, map: &Map<String, Value>, at: &str) {
        let is_known = |key: &str| CONDITION_KEYS.contains(&key) || key.starts_with(keys::OWN);
        for key in map.keys().filter(|key| !is_known(key)) {
            let pointer = format!("{at}/{}", crate::plan::tree::escape(key));
            match keys::judge(key, &CONDITION_KEYS) {
                (Severity::Error, fix) => {
                    self.notes.error("unknown-key", &pointer, format!("unknown key '{key}'"), Some(fix));
                }
                (Severity::Warning, fix) => {
                    let message = format!("unknown key '{key}', which is ignored");
                    self.notes.warn("unknown-key", &pointer, message, Some(fix));
                }
            }
        }
    }
}

fn operator_at(map: &Map<String, Value>, at: &str) -> String {
    let key = if map.contains_key("operator") { "operator" } else { "type" };
    format!("{at}/{key}")
}

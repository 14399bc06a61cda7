//! Fault rules: how a test makes the sandbox behave like a bad network or an overloaded platform.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::str::FromStr;

/// What a fault does to a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Answers `status` (503 when not given) in the API's error shape; nothing is executed.
    #[default]
    Status,
    /// Answers `status` (502 when not given) with a page of HTML; nothing is executed.
    Html,
    /// Answers `status` (302 when not given) with `location`; nothing is executed.
    Redirect,
    /// Resets the connection without an answer; nothing is executed.
    Reset,
    /// Executes the request, then resets the connection without an answer.
    CommitThenDrop,
    /// Executes the request, sends half of the body, then closes the connection.
    Truncate,
    /// Executes the request after `delay_ms`.
    Slow,
    /// Executes the request, sends the head and then a body that goes on for ever, a byte at a time.
    Endless,
    /// Executes the request; the run or the job that it starts ends in an error, with `message`.
    FailLater,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: [FaultKind; 9] = [
        FaultKind::Status,
        FaultKind::Html,
        FaultKind::Redirect,
        FaultKind::Reset,
        FaultKind::CommitThenDrop,
        FaultKind::Truncate,
        FaultKind::Slow,
        FaultKind::Endless,
        FaultKind::FailLater,
    ];

    /// The spelling in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            FaultKind::Status => "status",
            FaultKind::Html => "html",
            FaultKind::Redirect => "redirect",
            FaultKind::Reset => "reset",
            FaultKind::CommitThenDrop => "commit_then_drop",
            FaultKind::Truncate => "truncate",
            FaultKind::Slow => "slow",
            FaultKind::Endless => "endless",
            FaultKind::FailLater => "fail_later",
        }
    }

    /// Whether the fault answers a status of its own, with `status`, `retry_after` and `message`.
    fn answers(self) -> bool {
        matches!(self, FaultKind::Status | FaultKind::Html | FaultKind::Redirect)
    }
}

/// A string that is not a [`FaultKind`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not one of: status, html, redirect, reset, commit-then-drop, truncate, slow, endless, \
     fail-later"
)]
pub struct UnknownKind(pub String);

impl FromStr for FaultKind {
    type Err = UnknownKind;

    /// The spelling in JSON; in the shell with `-` instead of `_` as well.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.replace('-', "_");
        FaultKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == wanted)
            .ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

/// An hour: a longer `delay_ms` is a typing error.
const LONGEST_DELAY_MS: u64 = 3_600_000;
const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// A fault rule. Without `operation`, `method` and `path` it hits every request except the sandbox's own
/// controls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FaultRule {
    /// Given by the sandbox; 0 in a rule that is not armed yet.
    #[schemars(range(min = 1))]
    pub id: u64,
    /// What happens.
    pub kind: FaultKind,
    /// `POST /audiences/{}/realtime_key_events`: a method and a path in which `{}` (or `{name}`)
    /// stands for one segment; or only the path.
    pub operation: Option<String>,
    /// An HTTP method.
    pub method: Option<String>,
    /// What the path starts with.
    pub path: Option<String>,
    /// HTTP status, for the kinds that answer one.
    pub status: Option<u16>,
    /// Value of `Retry-After`: seconds, or an HTTP date as a string.
    #[schemars(extend("type" = ["integer", "string", "null"]))]
    pub retry_after: Option<Value>,
    /// Message of the error.
    pub message: Option<String>,
    /// `Location` of a redirect.
    pub location: Option<String>,
    /// Milliseconds of real time to wait first, with any kind.
    pub delay_ms: u64,
    /// How many matching requests pass before the first is hit.
    pub skip: u64,
    /// How many more requests are hit, 1 when not given; 0 is until the rule is removed.
    pub count: Option<u64>,
    /// Chance that a matching request is hit, drawn from a seeded generator.
    #[schemars(range(min = 0, max = 1))]
    pub probability: Option<f64>,
}

impl FaultRule {
    /// Reads a rule. The error names the field that is wrong.
    pub fn read(value: Value) -> Result<Self, String> {
        let error = match serde_json::from_value(value.clone()) {
            Ok(rule) => return Ok(rule),
            Err(error) => error.to_string(),
        };
        // A field that fails also fails on its own.
        let fields = value.as_object().into_iter().flatten();
        let wrong = fields.filter_map(|(name, value)| {
            let alone = Value::from_iter([(name.clone(), value.clone())]);
            Some((name, serde_json::from_value::<Self>(alone).err()?.to_string()))
        });
        Err(wrong
            .map(|(name, error)| if error.contains(name) { error } else { format!("{name}: {error}") })
            .next()
            .unwrap_or(error))
    }

    /// Checks everything but whether the sandbox has the `operation`. The error is a sentence without
    /// a full stop that names the field.
    pub fn check(&self) -> Result<(), String> {
        if self.id != 0 {
            return Err("id is given by the sandbox".to_owned());
        }
        self.check_target()?;
        let kind = self.kind.as_str();
        for (field, given) in [
            ("status", self.status.is_some()),
            ("retry_after", self.retry_after.is_some()),
            ("message", self.message.is_some() && self.kind != FaultKind::FailLater),
        ] {
            if given && !self.kind.answers() {
                return Err(format!(
                    "{field} does not go with the kind {kind}, which answers no status of its own"
                ));
            }
        }
        match (self.kind, &self.location) {
            (FaultKind::Redirect, None) => return Err("a redirect needs a location".to_owned()),
            (FaultKind::Redirect, Some(location)) if !is_header_value(location) => {
                return Err("location must be a URL or a path".to_owned());
            }
            (FaultKind::Redirect, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(format!("location does not go with the kind {kind}")),
        }
        let (lowest, highest) = if self.kind == FaultKind::Redirect { (300, 399) } else { (200, 599) };
        if self.status.is_some_and(|status| !(lowest..=highest).contains(&status)) {
            return Err(format!("status must be a number from {lowest} to {highest}"));
        }
        match &self.retry_after {
            None => {}
            Some(Value::Number(number)) if number.is_u64() => {}
            Some(Value::String(text)) if is_header_value(text) => {}
            Some(_) => {
                return Err(
                    "retry_after must be a whole number of seconds, or an HTTP date as a string".to_owned()
                );
            }
        }
        if self.probability.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
            return Err("probability must be a number from 0 to 1".to_owned());
        }
        if self.kind == FaultKind::Slow && self.delay_ms == 0 {
            return Err("the kind slow needs delay_ms".to_owned());
        }
        if self.delay_ms > LONGEST_DELAY_MS {
            return Err("delay_ms must be at most 3600000, an hour".to_owned());
        }
        Ok(())
    }

    fn check_target(&self) -> Result<(), String> {
        self.method.as_deref().map_or(Ok(()), check_method)?;
        match &self.path {
            Some(path) if !path.starts_with('/') => {
                Err(format!("path '{path}' must start with a slash: it is the beginning of a request's path"))
            }
            Some(path) if path.starts_with("/_sandbox") => {
                Err("the sandbox's own controls are never hit by a fault".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Whether the rule matches this request.
    fn matches(&self, method: &str, path: &str) -> bool {
        let method_fits = self.method.as_deref().is_none_or(|m| m.eq_ignore_ascii_case(method));
        let path_fits = self.path.as_deref().is_none_or(|prefix| path.starts_with(prefix));
        let operation_fits =
            self.operation.as_deref().is_none_or(|operation| is_operation(operation, method, path));
        method_fits && path_fits && operation_fits
    }
}

/// Refuses a string that is not a method of an operation.
pub fn check_method(method: &str) -> Result<(), String> {
    if METHODS.iter().any(|known| known.eq_ignore_ascii_case(method)) {
        return Ok(());
    }
    Err(format!("method '{method}' is not one of: {}", METHODS.join(", ")))
}

/// Whether a request is of an operation: `POST /audiences/{}/realtime_key_events`, or only the path.
pub fn is_operation(operation: &str, method: &str, path: &str) -> bool {
    let (wanted, template) = split_operation(operation);
    wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(method)) && fits(template, path)
}

/// The method, where there is one, and the path of an operation.
pub fn split_operation(operation: &str) -> (Option<&str>, &str) {
    match operation.trim().split_once(char::is_whitespace) {
        Some((method, template)) => (Some(method), template.trim()),
        None => (None, operation.trim()),
    }
}

/// Whether a segment of an operation stands for any segment.
pub fn is_wildcard(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

/// Whether `path` has the form of `template`, segment by segment.
pub fn fits(template: &str, path: &str) -> bool {
    let wanted: Vec<&str> = template.trim_matches('/').split('/').collect();
    let found: Vec<&str> = path.trim_matches('/').split('/').collect();
    wanted.len() == found.len() && wanted.iter().zip(&found).all(|(w, f)| w == f || is_wildcard(w))
}

/// Whether a string can be sent as a header's value.
fn is_header_value(text: &str) -> bool {
    !text.trim().is_empty() && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

/// The active rules.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Faults {
    rules: Vec<FaultRule>,
    last_id: u64,
    random: u64,
}

impl Default for Faults {
    fn default() -> Self {
        Faults { rules: Vec::new(), last_id: 0, random: 42 }
    }
}

impl Faults {
    /// Adds a rule and returns its id.
    pub fn add(&mut self, mut rule: FaultRule) -> u64 {
        self.last_id = self.last_id.saturating_add(1);
        rule.id = self.last_id;
        rule.count = Some(rule.count.unwrap_or(1));
        self.rules.push(rule);
        self.last_id
    }

    /// The rules that can still hit; the first that matches wins.
    pub fn rules(&self) -> &[FaultRule] {
        &self.rules
    }

    /// Removes a rule and returns it; `None` when there is none with this id.
    pub fn remove(&mut self, id: u64) -> Option<FaultRule> {
        let index = self.rules.iter().position(|rule| rule.id == id)?;
        Some(self.rules.remove(index))
    }

    /// Removes all rules and seeds the generator of chances.
    pub fn clear(&mut self, seed: u64) {
        self.rules.clear();
        self.random = seed;
    }

    /// The rule that hits this request; counts the hit.
    pub fn strike(&mut self, method: &str, path: &str) -> Option<FaultRule> {
        let index = self.rules.iter().position(|rule| rule.matches(method, path))?;
        let chance = self.rules.get(index)?.probability;
        if chance.is_some_and(|chance| self.draw() >= chance) {
            return None;
        }
        let rule = self.rules.get_mut(index)?;
        if let Some(left) = rule.skip.checked_sub(1) {
            rule.skip = left;
            return None;
        }
        let struck = rule.clone();
        // 0 means until removed.
        match rule.count.and_then(|count| count.checked_sub(1)) {
            Some(0) => drop(self.rules.remove(index)),
            Some(left) => rule.count = Some(left),
            None => {}
        }
        Some(struck)
    }

    /// The next number from 0 up to 1 (splitmix64).
    fn draw(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rule(value: Value) -> FaultRule {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_rule_hits_what_it_names_and_is_used_up() {
        let mut faults = Faults::default();
        faults
            .add(rule(json!({"operation": "POST /audiences/{}/realtime_key_events", "count": 2, "skip": 1})));
        let path = "/audiences/1/realtime_key_events";
        assert!(faults.strike("GET", path).is_none());
        assert!(faults.strike("POST", "/audiences/1/realtime_key_events/2").is_none());
        assert!(faults.strike("POST", path).is_none(), "the first passes");
        assert!(faults.strike("POST", path).is_some());
        assert!(faults.strike("POST", path).is_some());
        assert!(faults.strike("POST", path).is_none(), "used up");
        assert!(faults.rules().is_empty());
    }

    #[test]
    fn a_rule_that_makes_no_sense_is_refused() {
        for (value, part) in [
            (json!({"status": 99}), "status must be"),
            (json!({"status": 600}), "status must be"),
            (json!({"kind": "redirect", "location": "/x", "status": 200}), "from 300 to 399"),
            (json!({"kind": "redirect"}), "needs a location"),
            (json!({"kind": "redirect", "location": "a\nb"}), "location must be"),
            (json!({"location": "/x"}), "location does not go with the kind status"),
            (json!({"kind": "reset", "status": 503}), "status does not go with the kind reset"),
            (json!({"kind": "slow", "delay_ms": 5, "retry_after": 1}), "retry_after does not go"),
            (json!({"kind": "endless", "message": "m"}), "message does not go"),
            (json!({"retry_after": -1}), "retry_after must be"),
            (json!({"retry_after": 1.5}), "retry_after must be"),
            (json!({"retry_after": true}), "retry_after must be"),
            (json!({"retry_after": ""}), "retry_after must be"),
            (json!({"probability": 1.01}), "probability must be"),
            (json!({"probability": -0.1}), "probability must be"),
            (json!({"kind": "slow"}), "needs delay_ms"),
            (json!({"delay_ms": 3_600_001}), "delay_ms must be"),
            (json!({"method": "FETCH"}), "method 'FETCH'"),
            (json!({"path": "audiences"}), "must start with a slash"),
            (json!({"path": "/_sandbox/clock"}), "never hit"),
        ] {
            let error = rule(value.clone()).check().unwrap_err();
            assert!(error.contains(part), "{value}: {error}");
        }
        for value in [
            json!({}),
            json!({"status": 429, "retry_after": 2, "message": "slow down", "probability": 0, "method": "post"}),
            json!({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}),
            json!({"kind": "redirect", "location": "https://example.com/login", "status": 307}),
            json!({"kind": "endless", "delay_ms": 5, "count": 0, "skip": 3}),
        ] {
            assert_eq!(rule(value.clone()).check(), Ok(()), "{value}");
        }
    }

    #[test]
    fn kinds_have_a_spelling_for_the_shell() {
        assert_eq!("commit-then-drop".parse(), Ok(FaultKind::CommitThenDrop));
        for kind in FaultKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("rest".parse::<FaultKind>().is_err());
    }

    #[test]
    fn chances_come_from_the_seed() {
        let draws = |seed| {
            let mut faults = Faults::default();
            faults.clear(seed);
            faults.add(rule(json!({"kind": "reset", "probability": 0.5, "count": 0})));
            (0..32).map(|_| faults.strike("GET", "/x").is_some()).collect::<Vec<_>>()
        };
        assert_eq!(draws(7), draws(7));
        assert!(draws(7).contains(&true) && draws(7).contains(&false));
    }
}

//! Fault rules: how a test makes the sandbox behave like a bad network or an overloaded platform.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a fault does to a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl FaultKind {
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
        }
    }
}

/// A fault rule as `POST /_sandbox/faults` takes it. Without `operation`, `method` and `path` it
/// hits every request except the sandbox's own controls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultRule {
    /// Given by the sandbox.
    #[serde(skip_deserializing)]
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
    /// Value of `Retry-After`: seconds, or an HTTP date as text.
    pub retry_after: Option<Value>,
    /// Message of the error.
    pub message: Option<String>,
    /// `Location` of a redirect.
    pub location: Option<String>,
    /// Milliseconds of real time to wait first, with any kind.
    pub delay_ms: u64,
    /// How many matching requests pass before the first is hit.
    pub skip: u64,
    /// How many requests are hit, 1 when not given; `null` is not a number: use 0 for "until removed".
    pub count: Option<u64>,
    /// The chance that a matching request is hit, 0 to 1; drawn from a seeded generator.
    pub probability: Option<f64>,
}

impl FaultRule {
    /// Whether the rule is for this request.
    fn matches(&self, method: &str, path: &str) -> bool {
        let method_fits = self.method.as_deref().is_none_or(|m| m.eq_ignore_ascii_case(method));
        let path_fits = self.path.as_deref().is_none_or(|prefix| path.starts_with(prefix));
        let operation_fits =
            self.operation.as_deref().is_none_or(|operation| match operation.split_once(' ') {
                Some((m, template)) => m.eq_ignore_ascii_case(method) && fits(template.trim(), path),
                None => fits(operation, path),
            });
        method_fits && path_fits && operation_fits
    }
}

/// Whether `path` has the form of `template`, segment by segment.
fn fits(template: &str, path: &str) -> bool {
    let wanted: Vec<&str> = template.trim_matches('/').split('/').collect();
    let found: Vec<&str> = path.trim_matches('/').split('/').collect();
    wanted.len() == found.len()
        && wanted.iter().zip(&found).all(|(w, f)| w == f || (w.starts_with('{') && w.ends_with('}')))
}

/// The active rules.
#[derive(Debug)]
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
        self.last_id += 1;
        rule.id = self.last_id;
        rule.count = Some(rule.count.unwrap_or(1));
        self.rules.push(rule);
        self.last_id
    }

    /// The rules that can still hit; the first that matches wins.
    pub fn rules(&self) -> &[FaultRule] {
        &self.rules
    }

    /// Removes all rules and seeds the generator of chances.
    pub fn clear(&mut self, seed: u64) {
        self.rules.clear();
        self.random = seed;
    }

    /// The rule that hits this request, used up by one.
    pub fn strike(&mut self, method: &str, path: &str) -> Option<FaultRule> {
        let index = self.rules.iter().position(|rule| rule.matches(method, path))?;
        let chance = self.rules.get(index)?.probability;
        if chance.is_some_and(|chance| self.draw() >= chance) {
            return None;
        }
        let rule = self.rules.get_mut(index)?;
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        let struck = rule.clone();
        // 0 means until removed.
        match rule.count {
            Some(1) => drop(self.rules.remove(index)),
            Some(n) if n > 1 => rule.count = Some(n - 1),
            _ => {}
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

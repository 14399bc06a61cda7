//! What a journey would do with an event, as far as that is known without asking the platform: whether
//! it starts, which steps run and when, and the requests that they make. Pure.
//!
//! A profile's attributes are known only as far as they are given, a sandbox answers them, or the event
//! itself sets them. What depends on others is reported as unknown, not guessed.

mod preview;
mod values;
mod walk;

pub use crate::platform::controls::Preview;
pub use values::{KnownValues, Scene};
pub use walk::{ForeseenStep, walk};

use crate::platform::keys::KeyFilter;
use crate::platform::rule::Rule;
use crate::platform::template::placeholders_in;
use crate::platform::wire::{EntryCriteria, KeyEvent};
use crate::steps::verify::Check;
use serde_json::Value;

/// What is foreseen.
#[derive(Debug, Clone, PartialEq)]
pub struct Foresight {
    /// Why it starts or does not, one line a condition.
    pub checks: Vec<Check>,
    /// Whether it starts; `None` where that depends on what is not known here.
    pub starts: Option<bool>,
    /// What happens then, in order; empty when it does not start.
    pub steps: Vec<ForeseenStep>,
}

/// Foresees what the scene's journey would do.
pub fn foresee(scene: &Scene<'_>) -> Foresight {
    let values = KnownValues::of(scene);
    let mut checks = vec![identified(scene)];
    let entry = scene.entry();
    let (event, unknown) = match entry {
        None => (Check::new("event", false, "the journey's first stage has no entry criteria yet"), None),
        Some(entry) => (scene.event_check(entry), scene.criteria_check(entry, &values, &mut checks)),
    };
    checks.insert(1, event);
    let starts = match (checks.iter().all(|check| check.ok), &unknown) {
        (false, _) => Some(false),
        (true, Some(_)) => None,
        (true, None) => Some(true),
    };
    if let Some(unknown) = unknown {
        checks.push(Check::new("criteria", true, unknown));
    }
    let steps = if starts == Some(false) { Vec::new() } else { walk(scene, &values) };
    Foresight { checks, starts, steps }
}

/// An event without a valid id belongs to no profile.
fn identified(scene: &Scene<'_>) -> Check {
    let mut refused = Vec::new();
    for key in scene.keys {
        let Some(value) = scene.event.get(&key.name) else { continue };
        match (value.as_str(), KeyFilter::new(key)) {
            (Some(text), Ok(filter)) if filter.accepts(text) => {
                return Check::new("profile", true, format!("{} finds the profile", key.name));
            }
            (Some(text), _) => refused.push(format!("'{text}' is no valid {}", key.name)),
            (None, _) => refused.push(format!("{} is no string", key.name)),
        }
    }
    let names: Vec<&str> = scene.keys.iter().map(|key| key.name.as_str()).collect();
    let why = match (refused.is_empty(), names.is_empty()) {
        (false, _) => refused.join(", "),
        (true, false) => format!("the event has none of the stitching keys: {}", names.join(", ")),
        (true, true) => "the parent segment has no stitching key".to_owned(),
    };
    Check::new("profile", false, why)
}

impl<'a> Scene<'a> {
    /// The entry criteria of the first stage.
    fn entry(&self) -> Option<&'a EntryCriteria> {
        self.journey.realtime_journey_stages.first()?.entry_criteria.as_ref()
    }

    /// The key event that starts the journey.
    pub fn trigger(&self) -> Option<&'a KeyEvent> {
        let id = &self.entry()?.key_event_criteria.as_ref()?.key_event_id;
        self.events.iter().find(|event| event.id.as_ref() == Some(id))
    }

    /// Whether the event is one that starts the journey.
    fn event_check(&self, entry: &EntryCriteria) -> Check {
        let Some(trigger) = self.trigger() else {
            return Check::new("event", false, "no key event starts the journey");
        };
        if !values::holds_for_event(&trigger.filter_rule, self.event) {
            let why = format!("the filter of the key event '{}' does not take it", trigger.name);
            return Check::new("event", false, why);
        }
        let filters = entry.key_event_criteria.as_ref().map(|criteria| &criteria.key_event_filters);
        let takes = filters.is_none_or(|rule| values::holds_for_event(rule, self.event));
        let but = if takes { "" } else { ", but the journey's own filter does not take it" };
        Check::new("event", takes, format!("it is a '{}'{but}", trigger.name))
    }

    /// Adds whether the profile fulfils the criteria; else says what that depends on.
    fn criteria_check(
        &self,
        entry: &EntryCriteria,
        values: &KnownValues<'_>,
        checks: &mut Vec<Check>,
    ) -> Option<String> {
        let rule = entry.profile_criteria.as_ref().filter(|rule| !rule.is_everything())?;
        match values.holds(rule) {
            Ok(true) => checks.push(Check::new("criteria", true, "the profile fulfils the criteria")),
            Ok(false) => {
                checks.push(Check::new("criteria", false, "the profile does not fulfil the criteria"));
            }
            Err(unknown) => return Some(depends_on(&unknown)),
        }
        None
    }
}

/// What to say of a rule that cannot be answered.
fn depends_on(names: &[String]) -> String {
    format!("depends on the profile's {}; give it with --attribute NAME=VALUE", names.join(", "))
}

/// Names of the placeholders that are still to be filled in, each once.
fn unknown_in(rendered: &Value) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in placeholders_in(rendered) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// A rule over attributes, or nothing for one that takes everyone.
fn some_rule(rule: Option<&Rule>) -> Option<&Rule> {
    rule.filter(|rule| !rule.is_everything())
}

/// A connector's JSON string, parsed; the string itself when it is no JSON.
fn parsed(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |text| serde_json::from_str(text).unwrap_or_else(|_| text.into()))
}

#[cfg(test)]
mod tests;

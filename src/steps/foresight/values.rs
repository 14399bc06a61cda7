//! What is known of event and profile.

use crate::platform::rule::{Operand, Rule};
use crate::platform::template::EVENT_PLACEHOLDERS;
use crate::platform::wire::{
    AttributeSpec, KeyColumn, KeyEvent, RealtimeAttribute, RealtimeJourneyActivationStepResource,
    RealtimeJourneyAttributes,
};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A journey, and an event that comes.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The journey.
    pub journey: &'a RealtimeJourneyAttributes,
    /// Its activations.
    pub activations: &'a [RealtimeJourneyActivationStepResource],
    /// The parent segment's key events.
    pub events: &'a [KeyEvent],
    /// Its attributes.
    pub attributes: &'a [RealtimeAttribute],
    /// Its stitching keys.
    pub keys: &'a [KeyColumn],
    /// The event.
    pub event: &'a Map<String, Value>,
    /// The profile's attributes by name, as far as they are given.
    pub given: &'a Map<String, Value>,
    /// Its attributes after the event, by name or `NAME.SUB`, as far as they can be read.
    pub known: &'a Map<String, Value>,
}

/// Values by name.
#[derive(Debug)]
pub struct KnownValues<'a> {
    scene: &'a Scene<'a>,
    /// Attributes by id, as far as they are known.
    attributes: BTreeMap<&'a str, Value>,
}

/// Whether a rule over columns takes an event.
pub(super) fn holds_for_event(rule: &Rule, event: &Map<String, Value>) -> bool {
    let column = |operand: Operand<'_>| match operand {
        Operand::Column(name) => event.get(name).map(Cow::Borrowed),
        Operand::Attribute { .. } => None,
    };
    rule.compile().is_ok_and(|rule| rule.matches(&column))
}

impl<'a> KnownValues<'a> {
    /// What is given, and what the event itself sets: the single attributes that it feeds.
    pub fn of(scene: &'a Scene<'a>) -> Self {
        let mut attributes = BTreeMap::new();
        for attribute in scene.attributes {
            let Some(id) = attribute.id.as_deref() else { continue };
            let given = scene.given.get(&attribute.name).or_else(|| scene.known.get(&attribute.name));
            if let Some(value) = given.cloned().or_else(|| set_by(scene, attribute)) {
                attributes.insert(id, value);
            }
        }
        KnownValues { scene, attributes }
    }

    /// Whether a rule over attributes holds; else the names of those that are not known.
    pub fn holds(&self, rule: &Rule) -> Result<bool, Vec<String>> {
        let mut unknown: Vec<String> = Vec::new();
        for operand in rule.operands() {
            let Operand::Attribute { id, sub } = operand else { continue };
            if self.attribute(id, sub).is_none() {
                let name = self.name_of(id);
                if !unknown.contains(&name) {
                    unknown.push(name);
                }
            }
        }
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let value = |operand: Operand<'_>| match operand {
            Operand::Column(name) => self.scene.event.get(name).map(Cow::Borrowed),
            // A list without items is no value (the sandbox's reading).
            Operand::Attribute { id, sub } => {
                let value = self.attribute(id, sub).map(Cow::Borrowed);
                value.filter(|value| value.as_array().is_none_or(|items| !items.is_empty()))
            }
        };
        Ok(rule.compile().is_ok_and(|rule| rule.matches(&value)))
    }

    /// The value of an attribute. What is given for it stands for its windows and aggregations, unless one
    /// is given by itself, as `NAME.SUB`; what the event sets does not.
    fn attribute(&self, id: &str, sub: Option<&str>) -> Option<&Value> {
        let Some(sub) = sub else { return self.attributes.get(id) };
        let name = self.name_of(id);
        let (given, own) = (self.scene.given, format!("{name}.{sub}"));
        given.get(&own).or_else(|| given.get(&name)).or_else(|| self.scene.known.get(&own))
    }

    /// The value of a placeholder: an attribute, a stitching key, a column of the event, or what every
    /// event has.
    pub fn placeholder(&self, name: &str) -> Option<Value> {
        let attribute = self.scene.attributes.iter().find(|attribute| attribute.name == name);
        if let Some(attribute) = attribute {
            return attribute.id.as_deref().and_then(|id| self.attributes.get(id)).cloned();
        }
        if let Some(value) = self.scene.event.get(name) {
            return Some(value.clone());
        }
        let [event_name, event_time, event_properties] = EVENT_PLACEHOLDERS;
        match name {
            _ if name == event_name => self.scene.trigger().map(|trigger| trigger.name.clone().into()),
            _ if name == event_time => {
                let seconds = self.scene.event.get("time").and_then(Value::as_i64)?;
                crate::platform::time::rfc3339(seconds).map(Value::from)
            }
            _ if name == event_properties => Some(Value::Object(self.scene.event.clone())),
            _ => None,
        }
    }

    fn name_of(&self, id: &str) -> String {
        let found = self.scene.attributes.iter().find(|attribute| attribute.id.as_deref() == Some(id));
        found.map_or_else(|| format!("attribute {id}"), |attribute| attribute.name.clone())
    }
}

/// The value that the event gives to a single attribute.
fn set_by(scene: &Scene<'_>, attribute: &RealtimeAttribute) -> Option<Value> {
    let AttributeSpec::Single(single) = &attribute.spec else { return None };
    let trigger = scene.trigger()?;
    let feeds = trigger.id.as_ref() == Some(&single.realtime_key_event_id)
        && holds_for_event(&single.filter_rule, scene.event);
    feeds.then(|| scene.event.get(&single.value_column).cloned()).flatten()
}

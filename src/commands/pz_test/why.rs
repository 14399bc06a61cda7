//! Why an answer has no offer, section by section: the filter of the key event, and the criteria with the
//! values that decided. A sandbox shows the profile's values; elsewhere only the event's are known.

use super::call::Call;
use crate::api::Client;
use crate::context::Context;
use crate::plan::criteria::render;
use crate::platform::rule::{Operand, Rule};
use crate::platform::wire::{
    AttributeSpec, KeyColumn, KeyEvent, Personalization, RealtimeAttribute, Section,
};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// What the sections are judged by.
pub(super) struct Scene<'a> {
    pub(super) ps: &'a str,
    pub(super) personalization: &'a Personalization,
    pub(super) events: &'a [KeyEvent],
    pub(super) attributes: &'a [RealtimeAttribute],
    pub(super) keys: &'a [KeyColumn],
}

/// Whether an answer has no offer; a plain answer of `--get` is one offer.
pub(super) fn is_empty(response: &Value) -> bool {
    let offers = response.get("offers").unwrap_or(response);
    offers.as_object().is_some_and(Map::is_empty)
}

/// A line in words for each section.
pub(super) fn lines(sections: &[Value]) -> Vec<String> {
    let text = |section: &Value, key: &str| section.get(key).and_then(Value::as_str).map(str::to_owned);
    // With the condition that decided, and what it was compared with.
    let line = |section| {
        let mut line = format!("{}: {}", text(section, "section")?, text(section, "reason")?);
        if let Some(condition) = text(section, "filter").or_else(|| text(section, "criteria")) {
            line.push_str(&format!(": {condition}"));
        }
        let values = section.get("values").and_then(Value::as_object).into_iter().flatten();
        let values: Vec<String> = values.map(|(name, value)| format!("{name} is {value}")).collect();
        if !values.is_empty() {
            line.push_str(&format!(" ({})", values.join(", ")));
        }
        Some(line)
    };
    sections.iter().filter_map(line).collect()
}

impl Scene<'_> {
    /// `[{section, reason, filter, criteria, values}]`, in order.
    pub(super) async fn sections(&self, ctx: &Context, call: &Call) -> Vec<Value> {
        let columns = call.columns();
        let profile = match ctx.client() {
            Ok(client) => self.inspected(client, &columns).await,
            Err(_) => None,
        };
        let sections = self.personalization.attributes.sections.iter();
        sections.map(|section| self.section(section, call, &columns, profile.as_ref())).collect()
    }

    /// The profile as a sandbox shows it; `None` where it is no sandbox, or has no such profile.
    async fn inspected(&self, client: &Client, columns: &Map<String, Value>) -> Option<Value> {
        if !client.base(crate::api::Host::Cdp).starts_with("http:") {
            return None;
        }
        let keys = self.keys.iter().filter_map(|key| {
            let value = columns.get(&key.name)?.as_str()?;
            Some((key.name.clone(), value.to_owned()))
        });
        let query = std::iter::once(("ps".to_owned(), self.ps.to_owned())).chain(keys).collect();
        client.sandbox_get(&["profiles"], query).await.ok()
    }

    fn section(
        &self,
        section: &Section,
        call: &Call,
        columns: &Map<String, Value>,
        profile: Option<&Value>,
    ) -> Value {
        let entry = section.entry_criteria.as_ref();
        let rule =
            entry.and_then(|entry| entry.profile_criteria.as_ref()).filter(|rule| !rule.is_everything());
        let mut values = Map::new();
        let mut unknown = Vec::new();
        for operand in rule.iter().flat_map(|rule| rule.operands()) {
            let name = self.name(operand);
            match self.value(operand, columns, profile) {
                Some(value) => drop(values.insert(name, value)),
                None if !unknown.contains(&name) => unknown.push(name),
                None => {}
            }
        }
        let trigger = entry.and_then(|entry| entry.key_event_criteria.as_ref());
        let event =
            trigger.and_then(|t| self.events.iter().find(|event| event.id.as_ref() == Some(&t.key_event_id)));
        let own = trigger.map(|trigger| &trigger.key_event_filters);
        let filters = event.map(|event| &event.filter_rule).into_iter().chain(own);
        let filters: Vec<&Rule> = filters.filter(|rule| !rule.is_everything()).collect();
        let refusing = filters.iter().find(|rule| call.is_event() && !self.holds(rule, columns, None));
        for operand in refusing.iter().flat_map(|rule| rule.operands()) {
            values.insert(self.name(operand), self.value(operand, columns, None).unwrap_or_default());
        }
        let reason = match (event, refusing) {
            (None, _) => "no key event triggers it".to_owned(),
            (Some(event), _) if call.misses(&event.database_name, &event.table_name) => format!(
                "its key event '{}' comes from {}.{}, and the event went elsewhere",
                event.name, event.database_name, event.table_name
            ),
            (Some(event), Some(_)) => format!("the filter of the key event '{}' does not take the event", event.name),
            (Some(_), None) => {
                self.refusal(section, profile).unwrap_or_else(|| match (rule, unknown.is_empty()) {
                    (None, _) => "its criteria take everyone: the event may not have found a profile".to_owned(),
                    (Some(_), false) => {
                        format!("it depends on {}, which the answer does not show", unknown.join(", "))
                    }
                    (Some(rule), true) if self.holds(rule, columns, profile) => {
                        "its criteria hold for the values that are known: an earlier section, or the profile's other values, decided"
                            .to_owned()
                    }
                    (Some(_), true) => "the profile criteria do not hold".to_owned(),
                })
            }
        };
        json!({
            "section": section.name,
            "reason": reason,
            "filter": refusing.map(|rule| self.text(rule)),
            "criteria": rule.map(|rule| self.text(rule)),
            "values": values,
        })
    }

    /// The engine's own word on a section, where it is not the one that would answer.
    fn refusal(&self, section: &Section, profile: Option<&Value>) -> Option<String> {
        let all = profile?.get("personalizations")?.as_array()?;
        let own = all.iter().find(|one| one.get("id") == Some(&json!(self.personalization.id)))?;
        let sections = own.get("sections")?.as_array()?;
        let found = sections.iter().find(|one| one.get("name") == Some(&json!(section.name)))?;
        found.get("reason")?.as_str().map(str::to_owned)
    }

    fn holds(&self, rule: &Rule, columns: &Map<String, Value>, profile: Option<&Value>) -> bool {
        let value = |operand: Operand<'_>| self.value(operand, columns, profile).map(Cow::<Value>::Owned);
        rule.compile().is_ok_and(|rule| rule.matches(&value))
    }

    /// A column of the event, an attribute of the profile, or what the event itself gave to one.
    fn value(
        &self,
        operand: Operand<'_>,
        columns: &Map<String, Value>,
        profile: Option<&Value>,
    ) -> Option<Value> {
        let (id, sub) = match operand {
            Operand::Column(name) => return Some(columns.get(name).cloned().unwrap_or_default()),
            Operand::Attribute { id, sub } => (id, sub),
        };
        if let Some(profile) = profile {
            let all = profile.get("attributes")?.as_array()?;
            let found = all.iter().find(|attribute| attribute.get("id") == Some(&json!(id)))?;
            return match sub {
                None => found.get("value").cloned(),
                Some(sub) => found.get("sub_attributes")?.get(sub).cloned(),
            };
        }
        let attribute = self.attributes.iter().find(|attribute| attribute.id.as_deref() == Some(id))?;
        let AttributeSpec::Single(single) = &attribute.spec else { return None };
        let event =
            self.events.iter().find(|event| event.id.as_ref() == Some(&single.realtime_key_event_id))?;
        let rules = [&event.filter_rule, &single.filter_rule];
        let feeds = rules.iter().all(|rule| rule.is_everything() || self.holds(rule, columns, None));
        feeds.then(|| columns.get(&single.value_column).cloned()).flatten()
    }

    fn name(&self, operand: Operand<'_>) -> String {
        match operand {
            Operand::Column(name) => name.to_owned(),
            Operand::Attribute { id, sub } => {
                self.named(id, sub).unwrap_or_else(|| format!("attribute {id}"))
            }
        }
    }

    fn named(&self, id: &str, sub: Option<&str>) -> Option<String> {
        let attribute = self.attributes.iter().find(|attribute| attribute.id.as_deref() == Some(id))?;
        Some(match sub {
            None => attribute.name.clone(),
            Some(sub) => format!("{}.{sub}", attribute.name),
        })
    }

    /// As a plan writes it; where it has no words for a rule, the rule itself.
    fn text(&self, rule: &Rule) -> String {
        render(rule, &|id, sub| self.named(id, sub)).unwrap_or_else(|| rule.to_json().to_string())
    }
}

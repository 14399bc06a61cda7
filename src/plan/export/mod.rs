//! From a live configuration to a plan document: names instead of ids, rules as text.
//!
//! What the exported document says means what is live: read and brought to wire form over the same
//! state it changes nothing, and over an empty parent segment it makes the same again. What a plan
//! has no words for is left out, with a warning that names it.

mod attribute;
mod event;
mod journey;
mod personalization;
pub mod rows;
mod section;
mod settle;

use super::Configuration;
use super::criteria;
use super::duration;
use super::finding::Severity;
use super::model::Lookup;
use super::wire_rule;
pub use settle::leave_out;

use crate::platform::rule::Rule;
use crate::platform::wire::{DurationSetting, RealtimeAttribute};
use serde_json::{Map, Value};

/// A configuration as a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// The document, without parent segment and site.
    pub root: Map<String, Value>,
    /// What it leaves out, as sentences without a full stop.
    pub warnings: Vec<String>,
}

/// Writes a configuration as a plan. Never fails: what a plan cannot express is among the warnings.
pub fn export(configuration: &Configuration) -> Exported {
    let mut exporter = Exporter { live: configuration, whole: false, warnings: Vec::new() };
    let mut root = Map::new();
    put_list(&mut root, "events", sorted(exporter.events()));
    put_list(&mut root, "event_tables", sorted(exporter.event_tables()));
    if let Some(stitching) = exporter.id_stitching() {
        root.insert("id_stitching".into(), stitching);
    }
    put_list(&mut root, "attributes", sorted(exporter.attributes()));
    let mut personalizations = sorted(exporter.personalizations());
    match personalizations.len() {
        1 => root.insert("personalization_service".into(), personalizations.swap_remove(0)),
        _ => put_list(&mut root, "personalization_services", personalizations),
    };
    put_list(&mut root, "journeys", sorted(exporter.journeys()));
    let mut warnings = exporter.warnings;
    settle::settle(&mut root, &mut warnings);
    Exported { root, warnings }
}

/// By name: the platform lists in the order of creation, which says nothing and differs from run to
/// run, because independent items are made at once.
fn sorted(mut items: Vec<Value>) -> Vec<Value> {
    let key = |item: &Value| item.get("name").unwrap_or(item).as_str().map(str::to_owned);
    items.sort_by_cached_key(key);
    items
}

/// A list is written when it has items.
fn put_list(map: &mut Map<String, Value>, key: &str, items: Vec<Value>) -> Option<Value> {
    if items.is_empty() { None } else { map.insert(key.into(), items.into()) }
}

fn put(map: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        map.insert(key.into(), value.into());
    }
}

struct Exporter<'a> {
    live: &'a Configuration,
    /// Whether values are written that are the defaults.
    whole: bool,
    warnings: Vec<String>,
}

impl Exporter<'_> {
    fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    /// The item, or a warning that it is left out.
    fn or_warn(&mut self, what: &str, item: Result<Map<String, Value>, String>) -> Option<Value> {
        match item {
            Ok(map) => Some(Value::Object(map)),
            Err(why) => {
                self.warn(format!("{what} is left out: {why}"));
                None
            }
        }
    }

    /// The name of a key event.
    fn event_name(&self, id: &str) -> Result<&str, String> {
        let found = self.live.events.iter().find(|event| event.id.as_deref() == Some(id));
        found
            .map(|event| event.name.as_str())
            .ok_or_else(|| format!("there is no key event with the id {id}"))
    }

    fn attribute_by_id(&self, id: &str) -> Result<&RealtimeAttribute, String> {
        let found = self.live.attributes.iter().find(|attribute| attribute.id.as_deref() == Some(id));
        found.ok_or_else(|| format!("there is no attribute with the id {id}"))
    }
}

/// What a reader of the document would find by its names.
impl Lookup for Exporter<'_> {
    fn key_event(&self, name: &str) -> Option<String> {
        self.live.events.iter().find(|event| event.name == name)?.id.clone()
    }

    fn attribute(&self, name: &str) -> Option<&RealtimeAttribute> {
        self.live.attributes.iter().find(|attribute| attribute.name == name)
    }

    fn segment(&self, name_or_id: &str) -> Option<String> {
        let segments = &self.live.segments;
        let by_id = segments.iter().find(|segment| segment.id == name_or_id);
        let found = by_id.or_else(|| segments.iter().find(|segment| segment.name == name_or_id))?;
        Some(found.id.clone())
    }

    fn event_names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn attribute_names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn segment_names(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Writes a rule over the columns of an event: as text under the second key where the language has
/// the words, else in the wire's form under the first. Nothing for a rule that takes everything.
fn put_filter(map: &mut Map<String, Value>, keys: [&str; 2], rule: &Rule) -> Result<(), String> {
    let [filter, text_key] = keys;
    let meaning = criteria::canonical(rule);
    if meaning.is_everything() {
        return Ok(());
    }
    let text = criteria::render(rule, &|_, _| None);
    let says_it = |text: &String| criteria::parse(text).is_ok_and(|expr| expr.to_column_rule() == meaning);
    if let Some(text) = text.filter(says_it) {
        map.insert(text_key.into(), text.into());
        return Ok(());
    }
    let json = meaning.to_json();
    if json.get("type").is_none() {
        return Err(format!("its filter has an unknown form: {json}"));
    }
    refusal(&json)?;
    map.insert(filter.into(), json);
    Ok(())
}

/// Why a reader of the plan would refuse a rule; being unknown is no reason.
fn refusal(rule: &Value) -> Result<(), String> {
    let findings = wire_rule::check(rule, "");
    let wrong = findings.into_iter().find(|finding| finding.severity == Severity::Error);
    wrong.map_or(Ok(()), |wrong| Err(format!("a plan can't have its rule: {}", wrong.message)))
}

/// A length of time as a plan has it; an error for one that no plan can have.
fn length(setting: DurationSetting) -> Result<String, String> {
    let text = duration::text(setting);
    match duration::parse(&text) {
        Ok(same) if same == setting => Ok(text),
        Ok(_) => Err(format!("'{text}' is no window")),
        Err(why) => Err(why),
    }
}

#[cfg(test)]
pub(in crate::plan) mod tests;

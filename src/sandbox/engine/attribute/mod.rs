//! The attributes of a profile: what an event does to them and what value they have.

mod catalog;
mod counter;
mod list;
mod single;
mod sums;
#[cfg(test)]
mod tests;

pub use catalog::ProgramCatalog;
pub use list::ListItem;

use super::names::ProfileLayout;
use crate::platform::wire::{AttributeSpec, DurationSetting, RealtimeAttribute};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A compiled attribute.
#[derive(Debug, Clone)]
pub struct ProgramAttribute {
    pub id: String,
    pub name: String,
    pub identifier: String,
    /// The wire spelling of its kind.
    pub kind: &'static str,
    pub sensitive: bool,
    /// Its number in the program's names.
    pub local: usize,
    rules: Rules,
}

#[derive(Debug, Clone)]
enum Rules {
    Single(single::ProgramSingle),
    List(list::ProgramList),
    Counter(counter::ProgramCounter),
    Imported { column: String },
    Catalog(ProgramCatalog),
}

/// The state of an attribute in a profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeState {
    /// A single attribute's value.
    Single(single::Latest),
    /// A list's items; boxed, so that a state is five words.
    List(Box<list::ListItems>),
    /// A total counter's sum.
    Total(counter::Total),
    /// A sliding counter's sums.
    Sliding(sums::Sums),
}

impl AttributeState {
    /// Merges the state of a merged profile into this one. When the kinds differ (the attribute was
    /// changed in between) this one stays.
    pub fn merge(&mut self, other: AttributeState) {
        match (self, other) {
            (AttributeState::Single(own), AttributeState::Single(other)) => own.merge(other),
            (AttributeState::List(own), AttributeState::List(other)) => own.merge(*other),
            (AttributeState::Total(own), AttributeState::Total(other)) => own.merge(other),
            (AttributeState::Sliding(own), AttributeState::Sliding(other)) => own.merge(&other),
            _ => {}
        }
    }
}

/// What an event does to an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeChange {
    /// Sets a value, adds an item or counts.
    Update,
    /// Removes an item from a list.
    DeleteItem,
    /// Empties a list.
    Clear,
}

/// An event that updates an attribute.
#[derive(Clone, Copy)]
pub struct Arrival<'a> {
    pub event: &'a Map<String, Value>,
    /// The event's own time.
    pub time: i64,
    pub now: i64,
    pub layout: &'a ProfileLayout,
}

impl ProgramAttribute {
    /// Compiles an attribute with the given id. `local` numbers a name in the program's names.
    pub fn new(id: &str, attribute: &RealtimeAttribute, local: &mut impl FnMut(&str) -> usize) -> Self {
        let rules = match &attribute.spec {
            AttributeSpec::Single(spec) => Rules::Single(single::ProgramSingle::new(spec)),
            AttributeSpec::List(spec) => Rules::List(list::ProgramList::new(spec, local)),
            AttributeSpec::Counter(spec) => Rules::Counter(counter::ProgramCounter::new(spec)),
            AttributeSpec::Imported(spec) => Rules::Imported {
                column: spec.column.clone().unwrap_or_else(|| attribute.identifier.clone()),
            },
            AttributeSpec::LookupCatalog(spec) => Rules::Catalog(ProgramCatalog::new(spec)),
        };
        let sensitive = match &attribute.spec {
            AttributeSpec::Single(spec) => spec.sensitive,
            AttributeSpec::Imported(spec) => spec.sensitive,
            _ => None,
        };
        ProgramAttribute {
            id: id.to_owned(),
            name: attribute.name.clone(),
            identifier: attribute.identifier.clone(),
            kind: attribute.spec.kind(),
            sensitive: sensitive == Some(true),
            local: local(id),
            rules,
        }
    }

    /// Changes the state by an event. A state of another kind, from before the attribute was changed,
    /// is replaced.
    pub fn apply(&self, change: AttributeChange, state: &mut Option<AttributeState>, arrival: Arrival<'_>) {
        let Arrival { event, time, now, layout } = arrival;
        match (&self.rules, change) {
            (Rules::Single(rules), AttributeChange::Update) => {
                let Some(latest) = rules.read(event, time) else { return };
                match state {
                    Some(AttributeState::Single(own)) => own.offer(latest),
                    _ => *state = Some(AttributeState::Single(latest)),
                }
            }
            (Rules::Counter(rules), AttributeChange::Update) => rules.update(state, event, time, now),
            (Rules::List(rules), change) => {
                if !matches!(state, Some(AttributeState::List(_))) {
                    *state = Some(AttributeState::List(Box::default()));
                }
                let Some(AttributeState::List(items)) = state else { return };
                match change {
                    AttributeChange::Update => rules.update(items, event, time, now, layout),
                    AttributeChange::Clear => items.clear(time),
                    AttributeChange::DeleteItem => {
                        if let Some(id) = rules.id(event) {
                            items.delete(id, time);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Its catalog, if it is one: the rows come from other attributes' values.
    pub fn catalog(&self) -> Option<&ProgramCatalog> {
        match &self.rules {
            Rules::Catalog(catalog) => Some(catalog),
            _ => None,
        }
    }

    /// Its catalog, to set what drives it.
    pub fn catalog_mut(&mut self) -> Option<&mut ProgramCatalog> {
        match &mut self.rules {
            Rules::Catalog(catalog) => Some(catalog),
            _ => None,
        }
    }

    /// Whether its value can drive a catalog lookup ([`drives`](crate::platform::payload::drives)).
    pub fn drives(&self) -> bool {
        matches!(self.rules, Rules::Single(_) | Rules::List(_))
    }

    /// Whether the value depends on batch data.
    pub fn needs_row(&self) -> bool {
        match &self.rules {
            Rules::Single(rules) => rules.has_backfill(),
            Rules::Counter(rules) => rules.has_backfill(),
            Rules::Imported { .. } => true,
            Rules::List(_) | Rules::Catalog(_) => false,
        }
    }

    /// The identifiers that a `subAttributeIdentifier` may name.
    pub fn subs(&self) -> Vec<&str> {
        match &self.rules {
            Rules::List(rules) => rules.subs().collect(),
            Rules::Counter(rules) => rules.subs().collect(),
            Rules::Catalog(rules) => rules.columns().collect(),
            _ => Vec::new(),
        }
    }

    /// The position of a `subAttributeIdentifier`.
    pub fn sub(&self, identifier: &str) -> Option<usize> {
        match &self.rules {
            Rules::List(rules) => rules.subs().position(|sub| sub == identifier),
            Rules::Counter(rules) => rules.subs().position(|sub| sub == identifier),
            Rules::Catalog(rules) => rules.columns().position(|sub| sub == identifier),
            _ => None,
        }
    }

    /// The value at `now`; `row` is the customer's batch data. Null when there is none.
    pub fn value<'a>(
        &self,
        sub: Option<usize>,
        state: Option<&AttributeState>,
        row: Option<&'a Map<String, Value>>,
        now: i64,
        layout: &ProfileLayout,
    ) -> Cow<'a, Value> {
        Cow::Owned(match &self.rules {
            Rules::Single(rules) => {
                let state = state
                    .and_then(|state| if let AttributeState::Single(own) = state { Some(own) } else { None });
                rules.value(state, row, now)
            }
            Rules::List(rules) => match sub {
                Some(index) => rules.aggregate(index, items_of(state), now, layout),
                None => rules.value(items_of(state), now),
            },
            Rules::Counter(rules) => rules.value(sub, state, row, now),
            Rules::Imported { column } => {
                return row.and_then(|row| row.get(column)).map_or(Cow::Owned(Value::Null), Cow::Borrowed);
            }
            // The view looks its rows up, by the values of other attributes.
            Rules::Catalog(_) => Value::Null,
        })
    }

    /// The items of a list, newest first; none for other kinds.
    pub fn items<'a>(&self, state: Option<&'a AttributeState>, now: i64) -> Vec<&'a ListItem> {
        match &self.rules {
            Rules::List(rules) => rules.items(items_of(state), now).collect(),
            _ => Vec::new(),
        }
    }
}

fn items_of(state: Option<&AttributeState>) -> Option<&list::ListItems> {
    match state {
        Some(AttributeState::List(items)) => Some(items),
        _ => None,
    }
}

fn seconds(duration: DurationSetting) -> i64 {
    i64::try_from(duration.seconds()).unwrap_or(i64::MAX)
}

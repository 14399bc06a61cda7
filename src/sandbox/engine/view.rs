//! A profile as rules and payloads see it: attribute values at one moment.

use super::Batch;
use super::names::Layout;
use super::profile::Profile;
use super::program::Program;
use crate::platform::rule::{Operand, Predicate};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::cell::OnceCell;

/// A profile at `now`.
pub struct View<'a> {
    pub program: &'a Program,
    pub profile: &'a Profile,
    pub layout: &'a Layout,
    pub batch: &'a dyn Batch,
    pub now: i64,
    row: OnceCell<Option<&'a Map<String, Value>>>,
}

impl<'a> View<'a> {
    /// Looks at a profile.
    pub fn new(
        program: &'a Program,
        profile: &'a Profile,
        layout: &'a Layout,
        batch: &'a dyn Batch,
        now: i64,
    ) -> Self {
        View { program, profile, layout, batch, now, row: OnceCell::new() }
    }

    /// The value that finds the profile's batch data: the last one seen in the column
    /// `extLookupKey`, be it a stitching key or not. When the setting came later than the events,
    /// a stitched id of that column does as well.
    pub fn customer(&self) -> Option<&'a str> {
        if let Some(link) = &self.profile.link {
            return Some(link.value.as_str());
        }
        let column = self.layout.number(self.program.lookup.as_ref()?.local);
        let ids = self.profile.ids.iter().filter(|id| id.column == column);
        ids.max_by_key(|id| id.seen).map(|id| id.value.as_str())
    }

    /// The customer's batch data, looked up once.
    pub fn row(&self) -> Option<&'a Map<String, Value>> {
        *self.row.get_or_init(|| self.batch.customer(self.customer()?))
    }

    /// The value of an attribute by its place in the program.
    pub fn value(&self, attribute: usize, sub: Option<usize>) -> Cow<'a, Value> {
        let Some(attribute) = self.program.attributes.get(attribute) else {
            return Cow::Owned(Value::Null);
        };
        let state = self.profile.state(self.layout.number(attribute.local));
        let row = if attribute.needs_row() { self.row() } else { None };
        attribute.value(sub, state, row, self.now, self.layout)
    }

    /// Whether a rule holds. Conditions on columns look at `event`, where there is one. An
    /// attribute or `sub` that does not exist (any more) has no value, and neither has a list
    /// without items, although a payload answers it as `[]`.
    pub fn holds<'e>(&'e self, rule: &Predicate, event: Option<&'e Map<String, Value>>) -> bool {
        rule.matches(&|operand| -> Option<Cow<'e, Value>> {
            match operand {
                Operand::Column(column) => event?.get(column).map(Cow::Borrowed),
                Operand::Attribute { id, sub } => {
                    let place = *self.program.by_id.get(id)?;
                    let sub = match sub {
                        None => None,
                        Some(sub) => Some(self.program.attributes.get(place)?.sub(sub)?),
                    };
                    Some(self.value(place, sub)).filter(|value| !is_empty_list(value))
                }
            }
        })
    }
}

fn is_empty_list(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// Whether a rule on an event's columns holds. Conditions on attributes find no value: whose they
/// would be is not known yet.
pub fn event_holds(rule: Option<&Predicate>, event: &Map<String, Value>) -> bool {
    rule.is_none_or(|rule| {
        rule.matches(&|operand| match operand {
            Operand::Column(column) => event.get(column).map(Cow::Borrowed),
            Operand::Attribute { .. } => None,
        })
    })
}

//! A profile as rules and payloads see it: attribute values at one point in time.

use super::Batch;
use super::attribute::{ProgramAttribute, ProgramCatalog};
use super::names::ProfileLayout;
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
    pub layout: &'a ProfileLayout,
    pub batch: &'a dyn Batch,
    pub now: i64,
    row: OnceCell<Option<&'a Map<String, Value>>>,
}

impl<'a> View<'a> {
    /// A view of a profile.
    pub fn new(
        program: &'a Program,
        profile: &'a Profile,
        layout: &'a ProfileLayout,
        batch: &'a dyn Batch,
        now: i64,
    ) -> Self {
        View { program, profile, layout, batch, now, row: OnceCell::new() }
    }

    /// The value that finds the profile's batch data: the last one seen in the column
    /// `extLookupKey`, whether it is a stitching key or not. When the setting came later than the events,
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
        if let Some(catalog) = attribute.catalog() {
            let drivers = catalog.drivers.iter().flatten().copied();
            let keys = catalog.keys.iter().map(String::as_str).zip(drivers).collect::<Vec<_>>();
            return Cow::Owned(catalog.value(&self.rows(catalog, &keys), sub));
        }
        let state = self.profile.state(self.layout.number(attribute.local));
        let row = if attribute.needs_row() { self.row() } else { None };
        attribute.value(sub, state, row, self.now, self.layout)
    }

    /// What a catalog (by its place in the program) answers for the value of one attribute.
    pub fn lookup(&self, catalog: usize, column: &str, driver: usize) -> Value {
        let catalog = self.program.attributes.get(catalog).and_then(ProgramAttribute::catalog);
        catalog.map_or(Value::Null, |known| known.value(&self.rows(known, &[(column, driver)]), None))
    }

    /// The rows of a catalog that have a value of each driving attribute in its column.
    fn rows(&self, catalog: &ProgramCatalog, keys: &[(&str, usize)]) -> Vec<&'a Map<String, Value>> {
        let Some(((column, driver), others)) = keys.split_first() else { return Vec::new() };
        let values = |driver: usize| match self.value(driver, None).into_owned() {
            Value::Array(items) => items,
            value => vec![value],
        };
        let found =
            values(*driver).into_iter().flat_map(|key| self.batch.catalog_rows(&catalog.table, column, &key));
        let mut rows: Vec<&Map<String, Value>> = found.collect();
        for (column, driver) in others {
            let wanted: Vec<&Map<String, Value>> = values(*driver)
                .into_iter()
                .flat_map(|key| self.batch.catalog_rows(&catalog.table, column, &key))
                .collect();
            rows.retain(|row| wanted.iter().any(|other| std::ptr::eq(*row, *other)));
        }
        rows
    }

    /// Whether a rule holds. Conditions on columns look at `event`, where there is one. An
    /// attribute or `sub` that does not exist (any more) has no value, and neither has a list
    /// without items or a catalog without rows, although a payload answers them as `[]` (our
    /// choice). A sum over no items is 0 in both, as is a counter that has seen nothing.
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

/// Whether a rule on an event's columns holds. Conditions on attributes find no value: the profile
/// is not known yet.
pub fn event_holds(rule: Option<&Predicate>, event: &Map<String, Value>) -> bool {
    rule.is_none_or(|rule| {
        rule.matches(&|operand| match operand {
            Operand::Column(column) => event.get(column).map(Cow::Borrowed),
            Operand::Attribute { .. } => None,
        })
    })
}

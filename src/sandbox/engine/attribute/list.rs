//! `list`: items keyed by a column, newest first.

use super::super::datum::{Datum, sum_value};
use super::super::hash::{FastSet, short_hash};
use super::super::names::ProfileLayout;
use super::super::time::alive;
use super::seconds;
use crate::platform::limits::LIST_MAX_ITEMS_DEFAULT;
use crate::platform::rule::number;
use crate::platform::wire::{AggregationType, ListSpec};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The number of deletions that a list remembers, against late events of deleted items.
const REMEMBERED_DELETIONS: usize = 100;

/// A compiled [`ListSpec`].
#[derive(Debug, Clone)]
pub struct ProgramList {
    id_column: String,
    /// The columns that an item keeps beside its id, with their numbers in the program's names.
    columns: Vec<(String, usize)>,
    life: Option<i64>,
    max_items: usize,
    aggregations: Vec<Aggregation>,
}

#[derive(Debug, Clone)]
struct Aggregation {
    identifier: String,
    kind: AggregationType,
    /// `None`: the id column.
    column: Option<usize>,
}

/// An item: its id, the time of its event, and the columns that the event had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredItem")]
pub struct ListItem {
    id: Datum,
    time: i64,
    fields: Box<[(u32, Datum)]>,
    /// A hash of the id: most ids differ in it, so they need not be compared.
    #[serde(skip)]
    hash: u32,
}

#[derive(Deserialize)]
struct StoredItem {
    id: Datum,
    time: i64,
    fields: Box<[(u32, Datum)]>,
}

impl From<StoredItem> for ListItem {
    fn from(stored: StoredItem) -> Self {
        let StoredItem { id, time, fields } = stored;
        let hash = short_hash(&id.text());
        ListItem { id, time, fields, hash }
    }
}

/// The state of a list attribute.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ListItems {
    /// Oldest first; at the same time in order of arrival.
    items: Vec<ListItem>,
    /// When the list was last cleared.
    #[serde(default)]
    cleared: Option<i64>,
    /// Ids that were deleted, and when.
    #[serde(default)]
    deleted: Vec<(Datum, i64)>,
}

impl ListItems {
    /// An event with a known id replaces that item and moves it to its new time; a late event of a
    /// known id is ignored, and so is one from before the list was cleared or its item deleted.
    fn put(&mut self, item: ListItem) {
        if self.cleared.is_some_and(|time| time > item.time) {
            return;
        }
        if let Some(at) = self.deleted.iter().position(|(id, _)| id.same_id(&item.id)) {
            if self.deleted.get(at).is_some_and(|(_, time)| *time > item.time) {
                return;
            }
            self.deleted.remove(at);
        }
        // From the newest: recent items are the likeliest to be seen again.
        if let Some(at) = self.items.iter().rposition(|old| old.is(&item.id, item.hash)) {
            if self.items.get(at).is_some_and(|old| old.time > item.time) {
                return;
            }
            self.items.remove(at);
        }
        let at = self.items.partition_point(|old| old.time <= item.time);
        self.items.insert(at, item);
    }

    /// Removes items that have expired by `now` and the oldest of more than `max` items, for good: a
    /// removed item does not come back when another one is deleted.
    fn trim(&mut self, life: Option<i64>, max: usize, now: i64) {
        let dead = self.items.partition_point(|item| !alive(item.time, life, now));
        let excess = self.items.len().saturating_sub(max);
        self.items.drain(..dead.max(excess));
    }

    /// Removes an item; one with a later event stays (`delete_item`).
    pub fn delete(&mut self, id: Datum, time: i64) {
        let hash = short_hash(&id.text());
        self.items.retain(|item| item.time > time || !item.is(&id, hash));
        match self.deleted.iter_mut().find(|(known, _)| known.same_id(&id)) {
            Some((_, at)) => *at = time.max(*at),
            None => self.deleted.push((id, time)),
        }
        if self.deleted.len() > REMEMBERED_DELETIONS {
            let oldest = self.deleted.iter().enumerate().min_by_key(|(_, (_, time))| *time);
            if let Some((at, _)) = oldest {
                self.deleted.remove(at);
            }
        }
    }

    /// Removes all items but those with a later event (`clear`).
    pub fn clear(&mut self, time: i64) {
        self.items.retain(|item| item.time > time);
        self.deleted.retain(|(_, at)| *at > time);
        self.cleared = self.cleared.max(Some(time));
    }

    /// Union by id: the later item wins; with the same time, the other profile's (our choice).
    pub fn merge(&mut self, other: ListItems) {
        if let Some(time) = other.cleared {
            self.clear(time);
        }
        other.items.into_iter().for_each(|item| self.put(item));
        other.deleted.into_iter().for_each(|(id, time)| self.delete(id, time));
    }
}

impl ProgramList {
    /// Compiles it. `local` numbers a column in the program's names.
    pub fn new(spec: &ListSpec, local: &mut impl FnMut(&str) -> usize) -> Self {
        let mut columns: Vec<(String, usize)> = Vec::new();
        let aggregated = spec.aggregations.iter().map(|a| &a.column);
        for column in spec.fields.iter().chain(aggregated) {
            if *column != spec.id_column && !columns.iter().any(|(known, _)| known == column) {
                columns.push((column.clone(), local(column)));
            }
        }
        let aggregations = spec.aggregations.iter().map(|a| Aggregation {
            identifier: a.identifier.clone(),
            kind: a.aggregation_type,
            column: (a.column != spec.id_column).then(|| local(&a.column)),
        });
        ProgramList {
            id_column: spec.id_column.clone(),
            aggregations: aggregations.collect(),
            columns,
            life: spec.duration.map(seconds),
            max_items: usize::try_from(spec.max_items.unwrap_or(LIST_MAX_ITEMS_DEFAULT))
                .unwrap_or(usize::MAX),
        }
    }

    /// The id of the item that an event is about. An event without one is ignored.
    pub fn id(&self, event: &Map<String, Value>) -> Option<Datum> {
        event.get(&self.id_column).and_then(Datum::of_id)
    }

    /// Adds an event.
    pub fn update(
        &self,
        state: &mut ListItems,
        event: &Map<String, Value>,
        time: i64,
        now: i64,
        layout: &ProfileLayout,
    ) {
        let Some(id) = self.id(event) else { return };
        let fields = self.columns.iter().filter_map(|(column, local)| {
            Some((layout.number(*local), event.get(column).and_then(Datum::of)?))
        });
        let fields = fields.collect();
        state.put(StoredItem { id, time, fields }.into());
        state.trim(self.life, self.max_items, now);
    }

    /// The aggregations' identifiers.
    pub fn subs(&self) -> impl Iterator<Item = &str> {
        self.aggregations.iter().map(|a| a.identifier.as_str())
    }

    /// The ids of the live items, newest first: the value of a list in a rule that names no
    /// aggregation (our choice).
    pub fn value(&self, state: Option<&ListItems>, now: i64) -> Value {
        self.live(state, now).iter().rev().map(|item| item.id.value()).collect()
    }

    /// An aggregation over the live items. Items without the column are skipped; `sum`, `min` and `max`
    /// also skip values that are not numbers and don't spell one.
    ///
    /// Over no items `sum` is 0 (our choice), in a payload and in a rule alike, as a counter that has
    /// seen nothing is 0: a cart without items costs nothing, and `sum < 100` holds for it. The others
    /// have no value then: null, or `[]` for `distinct_list`, which counts as null in rules.
    pub fn aggregate(
        &self,
        index: usize,
        state: Option<&ListItems>,
        now: i64,
        layout: &ProfileLayout,
    ) -> Value {
        let Some(aggregation) = self.aggregations.get(index) else { return Value::Null };
        let column = aggregation.column.map(|local| layout.number(local));
        let mut values = self.live(state, now).iter().filter_map(|item| item.get(column));
        match aggregation.kind {
            AggregationType::First => values.next().map_or(Value::Null, Datum::value),
            AggregationType::Last => values.next_back().map_or(Value::Null, Datum::value),
            AggregationType::Sum => sum_value(numbers(values).sum()),
            AggregationType::Min => numbers(values).reduce(f64::min).map_or(Value::Null, sum_value),
            AggregationType::Max => numbers(values).reduce(f64::max).map_or(Value::Null, sum_value),
            // Ids are already distinct.
            AggregationType::DistinctList if column.is_none() => self.value(state, now),
            AggregationType::DistinctList => distinct(values.rev()),
        }
    }

    /// The items as they are, newest first, for inspection.
    pub fn items<'a>(&self, state: Option<&'a ListItems>, now: i64) -> impl Iterator<Item = &'a ListItem> {
        self.live(state, now).iter().rev()
    }

    fn live<'a>(&self, state: Option<&'a ListItems>, now: i64) -> &'a [ListItem] {
        let items = state.map_or(&[][..], |state| &state.items);
        let dead = items.partition_point(|item| !alive(item.time, self.life, now));
        let excess = items.len().saturating_sub(self.max_items);
        items.get(dead.max(excess)..).unwrap_or_default()
    }
}

impl ListItem {
    fn is(&self, id: &Datum, hash: u32) -> bool {
        self.hash == hash && self.id.same_id(id)
    }

    fn get(&self, column: Option<u32>) -> Option<&Datum> {
        match column {
            None => Some(&self.id),
            Some(column) => self.fields.iter().find(|(known, _)| *known == column).map(|(_, value)| value),
        }
    }

    /// Its id, time and fields by number.
    pub fn parts(&self) -> (&Datum, i64, &[(u32, Datum)]) {
        (&self.id, self.time, &self.fields)
    }
}

fn numbers<'a>(values: impl Iterator<Item = &'a Datum>) -> impl Iterator<Item = f64> {
    values.filter_map(|datum| match datum {
        Datum::Number(number) => number.as_f64(),
        Datum::Text(text) => number(&Value::from(text.as_str())),
        _ => None,
    })
}

/// Distinct values in order of their first occurrence, compared by their JSON.
fn distinct<'a>(values: impl Iterator<Item = &'a Datum>) -> Value {
    let mut seen = FastSet::default();
    let mut other = FastSet::default();
    let fresh = values.filter(|datum| match datum {
        Datum::Text(text) => seen.insert(text.as_bytes()),
        datum => other.insert(datum.value().to_string()),
    });
    fresh.map(Datum::value).collect()
}

//! A plan in the making: recipes ask for events and attributes, and get what the schemas have.

use super::likeness::words;
use super::{Explored, ExploredTable, UseCase, is_event_like, is_id_like, keys};
use crate::platform::wire::Column;
use serde_json::{Map, Value, json};

/// The column that every event has, though no schema lists it.
const TIME: &str = "time";

pub(super) struct Draft<'e> {
    explored: &'e Explored,
    events: Vec<Chosen<'e>>,
    attributes: Vec<Made>,
    tier: Option<String>,
}

/// A table that became an event.
struct Chosen<'e> {
    name: String,
    table: &'e ExploredTable,
}

/// An attribute of the plan.
struct Made {
    name: String,
    kind: &'static str,
    fields: Value,
}

impl<'e> Draft<'e> {
    pub(super) fn new(explored: &'e Explored) -> Self {
        Draft { explored, events: Vec::new(), attributes: Vec::new(), tier: None }
    }

    /// Adds an event for the best of the tables with one of these names, or else whose name has one
    /// of them in it. Living tables go first. A table becomes one event only.
    pub(super) fn event(&mut self, name: &str, tables: &[&str]) {
        let free = self.explored.tables.iter().filter(|table| {
            is_event_like(&table.name).is_some() && !self.events.iter().any(|e| e.table.name == table.name)
        });
        let best = free
            .filter_map(|table| Some((likeness(&table.name, tables)?, table)))
            .min_by_key(|(likeness, table)| (is_dead(table), *likeness));
        if let Some((_, table)) = best {
            self.events.push(Chosen { name: name.to_owned(), table });
        }
    }

    /// Where no table fitted, takes the likeliest event table under its own name; `None` when there
    /// is none.
    pub(super) fn or_any_event(&mut self) -> Option<()> {
        if self.events.is_empty() {
            let tables = self.explored.tables.iter();
            let (_, table) = tables
                .filter_map(|table| Some((is_event_like(&table.name)?, table)))
                .min_by_key(|(rank, table)| (is_dead(table), !has_key(table), *rank))?;
            self.events.push(Chosen { name: words(&table.name).join("_"), table });
        }
        Some(())
    }

    /// Whether an event of this name exists.
    pub(super) fn has_event(&self, name: &str) -> bool {
        self.events.iter().any(|event| event.name == name)
    }

    /// The name of the first event.
    pub(super) fn first_event(&self) -> String {
        self.events.first().map(|event| event.name.clone()).unwrap_or_default()
    }

    /// The first of these columns, looked for in the events of these names first, then in all.
    pub(super) fn column(&self, events: &[&str], columns: &[&str]) -> Option<(String, String)> {
        self.column_that(events, columns, |_| true)
    }

    /// The same among columns of numbers.
    pub(super) fn number(&self, events: &[&str], columns: &[&str]) -> Option<(String, String)> {
        self.column_that(events, columns, Column::is_number)
    }

    fn column_that(
        &self,
        events: &[&str],
        columns: &[&str],
        fits: impl Fn(&Column) -> bool,
    ) -> Option<(String, String)> {
        let preferred = events.iter().filter_map(|name| self.events.iter().find(|e| e.name == *name));
        for event in preferred.chain(&self.events) {
            let found = columns.iter().find_map(|column| {
                event.table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(column) && fits(c))
            });
            if let Some(column) = found {
                return Some((event.name.clone(), column.name.clone()));
            }
        }
        None
    }

    /// A column of time of the first of these events; `time` where there is no better one.
    pub(super) fn time_column(&self, events: &[&str], columns: &[&str]) -> (String, String) {
        let event = events.iter().find(|name| self.has_event(name));
        let event = event.map_or_else(|| self.first_event(), |name| (*name).to_owned());
        match self.column(&[&event], columns) {
            Some((found, column)) if found == event => (event, column),
            _ => (event, TIME.to_owned()),
        }
    }

    fn make(&mut self, name: &str, kind: &'static str, fields: Value) {
        if !self.attributes.iter().any(|made| made.name == name) {
            self.attributes.push(Made { name: name.to_owned(), kind, fields });
        }
    }

    /// The latest value of a column.
    pub(super) fn single(&mut self, name: &str, (event, column): (String, String)) {
        let fields = json!({"source_event": event, "source_field": column, "aggregation": "last"});
        self.make(name, "single", fields);
    }

    /// Distinct values of a column, with the workflow's 100 items and 60 days.
    pub(super) fn list(&mut self, name: &str, (event, column): (String, String)) {
        let fields = json!({
            "source_event": event, "source_field": column, "aggregation": "distinct_list",
            "max_items": 100, "expiry_days": 60
        });
        self.make(name, "list", fields);
    }

    /// How many events there were in a window.
    pub(super) fn count(&mut self, name: &str, event: &str, window: &str) {
        let fields = json!({"source_event": event, "aggregation": "count", "window_duration": window});
        self.make(name, "counter", fields);
    }

    /// The sum of a column over a window.
    pub(super) fn sum(&mut self, name: &str, (event, column): (String, String), window: &str) {
        let fields = json!({
            "source_event": event, "source_field": column, "aggregation": "sum", "window_duration": window
        });
        self.make(name, "counter", fields);
    }

    /// The first of these batch attributes that exists.
    pub(super) fn imported(&mut self, names: &[&str]) -> Option<String> {
        let known = &self.explored.batch_attributes;
        let found =
            names.iter().find_map(|name| known.iter().find(|k| k.eq_ignore_ascii_case(name)))?.clone();
        self.make(&found, "imported_batch", json!({}));
        Some(found)
    }

    /// The batch attribute that marks important customers; it makes the VIP section.
    pub(super) fn tier(&mut self) {
        self.tier = self.imported(&[
            "loyalty_tier",
            "customer_tier",
            "membership_tier",
            "vip_tier",
            "tier",
            "customer_segment",
            "vip_status",
        ]);
    }

    /// The whole plan, in the order of the workflow.
    pub(super) fn into_plan(self, use_case: UseCase, public: Option<bool>) -> Map<String, Value> {
        let mut plan = Map::new();
        plan.insert("parent_segment_id".into(), self.explored.parent_segment_id.clone().into());
        plan.insert("parent_segment_name".into(), self.explored.parent_segment_name.clone().into());
        let events = self.events.iter().map(|event| {
            json!({"name": event.name, "database": self.explored.database, "table": event.table.name})
        });
        plan.insert("events".into(), events.collect());
        if let Some(stitching) = self.id_stitching() {
            plan.insert("id_stitching".into(), stitching);
        }
        plan.insert("attributes".into(), self.attributes.iter().map(Made::to_value).collect());
        plan.insert("personalization_service".into(), self.service(use_case, public));
        plan
    }

    fn id_stitching(&self) -> Option<Value> {
        let tables: Vec<&ExploredTable> = self.events.iter().map(|event| event.table).collect();
        let keys = keys::choose(&tables);
        let mut stitching = Map::new();
        stitching.insert("primary_key".into(), keys.primary?.into());
        let names = keys.stitching.iter().map(|name| json!({"name": name}));
        stitching.insert("stitching_keys".into(), names.collect());
        if let Some(key) = &self.explored.profile_key {
            stitching.insert("ext_lookup_key".into(), key.clone().into());
        }
        Some(Value::Object(stitching))
    }

    /// The workflow's step 8 gives important customers of a web page lists and batch attributes, and
    /// everyone else latest values and counts. Carts and content are nothing without their lists, so
    /// there everyone gets all that is real-time; a profile is the same for all.
    #[expect(clippy::indexing_slicing, reason = "an object, made here")]
    fn service(&self, use_case: UseCase, public: Option<bool>) -> Value {
        let (vip, default): (&[&str], &[&str]) = match use_case {
            UseCase::Web => (&["counter"], &["list", "imported_batch"]),
            UseCase::Cart | UseCase::Content => (&[], &["imported_batch"]),
            UseCase::Profile => (&[], &[]),
        };
        let without = |kinds: &[&str]| {
            let fitting = self.attributes.iter().filter(|made| !kinds.contains(&made.kind));
            fitting.map(|made| made.name.as_str()).collect::<Vec<_>>()
        };
        let mut sections = Vec::new();
        if let Some(tier) = &self.tier {
            sections.push(json!({
                "name": "VIP Customers",
                "criteria": format!("{} = 'VIP'", crate::plan::criteria::quoted_name(tier)),
                "attributes": without(vip),
                "batch_segments": []
            }));
        }
        sections.push(json!({
            "name": "Default",
            "criteria": "",
            "attributes": without(default),
            "batch_segments": []
        }));
        let mut service = json!({
            "name": format!("{use_case}_personalization"),
            "description": format!("{use_case} personalization service"),
            "trigger_event": self.first_event(),
        });
        // Written only where the choice was made.
        if let Some(public) = public {
            service["public"] = public.into();
        }
        service["sections"] = sections.into();
        service
    }
}

impl Made {
    fn to_value(&self) -> Value {
        let mut map = Map::new();
        map.insert("name".into(), self.name.clone().into());
        map.insert("type".into(), self.kind.into());
        map.extend(self.fields.as_object().cloned().unwrap_or_default());
        Value::Object(map)
    }
}

/// How well a table's name fits: the place of the name that it is or contains; being it is better.
fn likeness(table: &str, names: &[&str]) -> Option<usize> {
    let table = words(table);
    let contains = |name: &Vec<String>| table.windows(name.len().max(1)).any(|part| part == name.as_slice());
    let names: Vec<Vec<String>> = names.iter().map(|name| words(name)).collect();
    names
        .iter()
        .position(|name| *name == table)
        .or_else(|| names.iter().position(contains).map(|place| place.saturating_add(names.len())))
}

/// Whether nothing ever arrived in a table.
fn is_dead(table: &ExploredTable) -> bool {
    table.count == 0 && table.last_log_timestamp.is_none()
}

fn has_key(table: &ExploredTable) -> bool {
    table.columns.iter().any(|column| is_id_like(&column.name))
}

//! Real-time attributes and their wire form.

use super::event::rule_columns;
use crate::plan::duration;
use crate::platform::rule::Rule;
use crate::platform::wire::{
    Aggregation, AggregationType, AttributeSpec, Backfill, CounterSpec, CounterType, DataType,
    DurationSetting, ImportedSpec, Increment, ListSpec, LookupCatalogSpec, RealtimeAttribute, SingleSpec,
    SubDuration,
};

/// Name and identifier of a list's one aggregation, as in the workflow's step 7c.
const ITEMS: &str = "items";

/// The column that every event has: the platform fills it in when it is left out. Table schemas
/// do not list it.
pub(super) const TIME_COLUMN: &str = "time";

/// A real-time attribute of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Unique within the parent segment.
    pub name: String,
    /// `identifier` of the wire; the name made safe ([`safe_identifier`]) unless the plan says.
    pub identifier: String,
    /// Free text.
    pub description: Option<String>,
    /// What it is.
    pub kind: AttributeKind,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

/// What an attribute is on the platform. The dialect's `type: single` is a [`AttributeKind::List`]
/// or a [`AttributeKind::Counter`] when its aggregation is not `last`, because the platform's
/// single keeps the latest value only.
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeKind {
    /// The latest value of a column.
    Single(Single),
    /// Items with one aggregation over them.
    List(List),
    /// A count or a sum.
    Counter(Counter),
    /// A batch attribute of the parent segment.
    Imported(Imported),
    /// Rows of a catalog; word for word.
    LookupCatalog(LookupCatalogSpec),
}

/// The events that feed an attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Name of the key event.
    pub event: String,
    /// Which of its events count.
    pub filter: Rule,
}

/// See [`AttributeKind::Single`].
#[derive(Debug, Clone, PartialEq)]
pub struct Single {
    /// What feeds it.
    pub source: Source,
    /// The column whose value is kept.
    pub field: String,
    /// How long the value lives; for good when absent.
    pub duration: Option<DurationSetting>,
    /// Batch attribute to start from.
    pub backfill: Option<Backfill>,
    /// Personal data.
    pub sensitive: Option<bool>,
}

/// See [`AttributeKind::List`].
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// What feeds it.
    pub source: Source,
    /// The column that tells items apart; see [`List::default_id_field`].
    pub id_field: String,
    /// The column that is kept and aggregated.
    pub field: String,
    /// What is computed over the items.
    pub aggregation: AggregationType,
    /// How many items are kept.
    pub max_items: u64,
    /// How long an item lives.
    pub duration: DurationSetting,
}

impl List {
    /// The column that tells items apart when the plan does not say: the value itself where equal
    /// values may fall together (`distinct_list`, `last`, `min`, `max`), `time` where events
    /// should count each (`sum`; those of one second still fall together) or where a repeated value
    /// must not move its item (`first`).
    pub fn default_id_field(aggregation: AggregationType, field: &str) -> String {
        match aggregation {
            AggregationType::Sum | AggregationType::First => TIME_COLUMN.to_owned(),
            AggregationType::DistinctList
            | AggregationType::Last
            | AggregationType::Min
            | AggregationType::Max => field.to_owned(),
        }
    }
}

/// See [`AttributeKind::Counter`].
#[derive(Debug, Clone, PartialEq)]
pub struct Counter {
    /// What feeds it.
    pub source: Source,
    /// By how much an event counts.
    pub increment: Increment,
    /// The windows of a sliding counter; none makes a total one.
    pub windows: Vec<DurationSetting>,
    /// A total counter's value is forgotten that long after the last event.
    pub expiry: Option<DurationSetting>,
    /// Batch attribute to start from.
    pub backfill: Option<Backfill>,
}

/// See [`AttributeKind::Imported`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Name of the parent segment's batch attribute.
    pub column: String,
    /// Personal data.
    pub sensitive: Option<bool>,
}

impl AttributeKind {
    /// The wire spelling of `type`.
    pub fn as_str(&self) -> &'static str {
        match self {
            AttributeKind::Single(_) => "single",
            AttributeKind::List(_) => "list",
            AttributeKind::Counter(_) => "counter",
            AttributeKind::Imported(_) => "imported",
            AttributeKind::LookupCatalog(_) => "lookupCatalog",
        }
    }
}

impl Attribute {
    /// What feeds it; nothing feeds imported and catalog attributes.
    pub fn source(&self) -> Option<&Source> {
        match &self.kind {
            AttributeKind::Single(single) => Some(&single.source),
            AttributeKind::List(list) => Some(&list.source),
            AttributeKind::Counter(counter) => Some(&counter.source),
            AttributeKind::Imported(_) | AttributeKind::LookupCatalog(_) => None,
        }
    }

    /// Name of the key event that feeds it.
    pub fn source_event(&self) -> Option<&str> {
        self.source().map(|source| source.event.as_str())
    }

    /// The event column whose value it takes; a counter of events takes none.
    pub fn source_field(&self) -> Option<&str> {
        match &self.kind {
            AttributeKind::Single(single) => Some(&single.field),
            AttributeKind::List(list) => Some(&list.field),
            AttributeKind::Counter(Counter { increment: Increment::Field(field), .. }) => Some(field),
            _ => None,
        }
    }

    /// The batch attribute that an imported one comes from.
    pub fn imported_column(&self) -> Option<&str> {
        match &self.kind {
            AttributeKind::Imported(imported) => Some(&imported.column),
            _ => None,
        }
    }

    /// The event columns that it reads, each once, for a check against the table's schema. `time`
    /// is left out: every event has it.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = self.source_field().into_iter().collect();
        if let AttributeKind::List(list) = &self.kind {
            columns.push(&list.id_field);
        }
        columns.extend(self.source().into_iter().flat_map(|source| rule_columns(&source.filter)));
        let mut seen = std::collections::HashSet::new();
        columns.retain(|column| *column != TIME_COLUMN && seen.insert(*column));
        columns
    }

    /// The wire form, without an id. `key_event_id` is the id of [`Attribute::source_event`]
    /// (unused where nothing feeds it); `column_is_number` says whether the table's schema has
    /// [`Attribute::source_field`] as a number, `None` where it is not known (taken as
    /// text, but `time`, which no schema lists, as the number it is).
    pub fn to_wire(&self, key_event_id: &str, column_is_number: Option<bool>) -> RealtimeAttribute {
        let spec = match &self.kind {
            AttributeKind::Single(single) => single.to_wire(key_event_id, column_is_number),
            AttributeKind::List(list) => list.to_wire(key_event_id),
            AttributeKind::Counter(counter) => counter.to_wire(key_event_id),
            AttributeKind::Imported(imported) => AttributeSpec::Imported(ImportedSpec {
                column: Some(imported.column.clone()),
                data_type: None,
                sensitive: imported.sensitive,
            }),
            AttributeKind::LookupCatalog(spec) => AttributeSpec::LookupCatalog(spec.clone()),
        };
        RealtimeAttribute {
            id: None,
            name: self.name.clone(),
            identifier: self.identifier.clone(),
            description: self.description.clone(),
            spec,
        }
    }
}

impl Single {
    fn to_wire(&self, key_event_id: &str, column_is_number: Option<bool>) -> AttributeSpec {
        let is_number = column_is_number.unwrap_or(self.field == TIME_COLUMN);
        AttributeSpec::Single(SingleSpec {
            realtime_key_event_id: key_event_id.to_owned(),
            filter_rule: self.source.filter.clone(),
            value_column: self.field.clone(),
            data_type: if is_number { DataType::Number } else { DataType::String },
            duration: self.duration,
            backfill: self.backfill.clone(),
            sensitive: self.sensitive,
        })
    }
}

impl List {
    fn to_wire(&self, key_event_id: &str) -> AttributeSpec {
        AttributeSpec::List(ListSpec {
            realtime_key_event_id: key_event_id.to_owned(),
            filter_rule: self.source.filter.clone(),
            id_column: self.id_field.clone(),
            fields: vec![self.field.clone()],
            duration: Some(self.duration),
            max_items: Some(self.max_items),
            actions: Vec::new(),
            aggregations: vec![Aggregation {
                name: ITEMS.to_owned(),
                identifier: ITEMS.to_owned(),
                aggregation_type: self.aggregation,
                column: self.field.clone(),
            }],
        })
    }
}

impl Counter {
    /// The longest window; it is the counter's own duration.
    pub fn main_window(&self) -> Option<DurationSetting> {
        self.windows.iter().copied().max_by_key(|window| window.seconds())
    }

    fn to_wire(&self, key_event_id: &str) -> AttributeSpec {
        let main = self.main_window();
        AttributeSpec::Counter(CounterSpec {
            realtime_key_event_id: key_event_id.to_owned(),
            filter_rule: self.source.filter.clone(),
            counter_type: if main.is_some() { CounterType::Sliding } else { CounterType::Total },
            increment: self.increment.clone(),
            duration: main.or(self.expiry),
            backfill: self.backfill.clone(),
            sub_durations: self
                .windows
                .iter()
                .map(|window| {
                    let name = duration::text(*window);
                    SubDuration { identifier: format!("window_{name}"), name, duration: *window }
                })
                .collect(),
        })
    }
}

/// The `subAttributeIdentifier` to use when a plan names none: a list's first aggregation, a
/// sliding counter's window that is as long as the counter's own duration (the first where none
/// is). `None` for attributes that can't have one.
pub fn default_sub(attribute: &RealtimeAttribute) -> Option<&str> {
    match &attribute.spec {
        AttributeSpec::List(list) => list.aggregations.first().map(|a| a.identifier.as_str()),
        AttributeSpec::Counter(counter) if counter.counter_type == CounterType::Sliding => {
            let main = counter.duration.map(DurationSetting::seconds);
            let windows = &counter.sub_durations;
            windows
                .iter()
                .find(|window| Some(window.duration.seconds()) == main)
                .or(windows.first())
                .map(|window| window.identifier.as_str())
        }
        _ => None,
    }
}

/// A name made safe for `identifier`: lower case, everything but `a-z`, `0-9` and `_` becomes one
/// `_`, none at either end. The platform publishes no pattern; this one is accepted by all.
pub fn safe_identifier(name: &str) -> String {
    let mut safe = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' | '_' => safe.push(c),
            _ if safe.ends_with('_') => {}
            _ => safe.push('_'),
        }
    }
    let trimmed = safe.trim_matches('_');
    if trimmed.is_empty() { "attribute".to_owned() } else { trimmed.to_owned() }
}

/// The sub attribute of a live attribute that a plan's attribute means: the aggregation that
/// computes the same, or the counter's window of the same length. `None` where there is no such.
pub fn planned_sub<'a>(planned: &Attribute, live: &'a RealtimeAttribute) -> Option<&'a str> {
    match (&planned.kind, &live.spec) {
        (AttributeKind::List(list), AttributeSpec::List(spec)) => spec
            .aggregations
            .iter()
            .find(|a| a.aggregation_type == list.aggregation && a.column == list.field)
            .map(|aggregation| aggregation.identifier.as_str()),
        (AttributeKind::Counter(counter), AttributeSpec::Counter(spec)) => {
            let longest = counter.windows.iter().map(|window| window.seconds()).max()?;
            let window = spec.sub_durations.iter().find(|window| window.duration.seconds() == longest)?;
            Some(&window.identifier)
        }
        _ => None,
    }
}

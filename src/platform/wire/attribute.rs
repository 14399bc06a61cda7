//! `/audiences/{id}/realtime_attributes`.

use super::{DurationSetting, Later};
use crate::platform::rule::Rule;
use serde::{Deserialize, Serialize};

/// A real-time attribute as it is sent and read (`RealtimeAttributeAttributes` plus `id`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RealtimeAttribute {
    /// Given by the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Unique within the parent segment.
    pub name: String,
    /// Required for every kind, although the published workflow leaves it out for list and counter.
    pub identifier: String,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the kind needs.
    #[serde(flatten)]
    pub spec: AttributeSpec,
}

/// The kinds of real-time attributes, distinguished by `type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum AttributeSpec {
    /// The latest value of a column.
    Single(SingleSpec),
    /// Items keyed by a column, newest first.
    List(ListSpec),
    /// A count or sum, in total or over a sliding window.
    Counter(CounterSpec),
    /// A batch attribute of the parent segment; made through `realtime_imported_attributes`.
    Imported(ImportedSpec),
    /// Rows of a catalog, looked up by another attribute's value.
    LookupCatalog(LookupCatalogSpec),
}

impl AttributeSpec {
    /// Every wire spelling of `type`.
    pub const KINDS: [&str; 5] = ["single", "list", "counter", "imported", "lookupCatalog"];

    /// The wire spelling of `type`.
    pub fn kind(&self) -> &'static str {
        match self {
            AttributeSpec::Single(_) => "single",
            AttributeSpec::List(_) => "list",
            AttributeSpec::Counter(_) => "counter",
            AttributeSpec::Imported(_) => "imported",
            AttributeSpec::LookupCatalog(_) => "lookupCatalog",
        }
    }

    /// The names of fields inside of it that this version does not know; those beside them are never sent.
    pub fn later(&self) -> impl Iterator<Item = &str> {
        let all: Vec<&Later> = match self {
            AttributeSpec::List(spec) => {
                let actions = spec.actions.iter().map(|action| &action.later);
                actions.chain(spec.aggregations.iter().map(|one| &one.later)).collect()
            }
            AttributeSpec::Counter(spec) => spec.sub_durations.iter().map(|window| &window.later).collect(),
            _ => Vec::new(),
        };
        all.into_iter().flat_map(|later| later.0.keys().map(String::as_str))
    }

    /// The key event that feeds the attribute and which of its events count, where one does.
    pub fn source(&self) -> Option<(&str, &Rule)> {
        match self {
            AttributeSpec::Single(spec) => Some((&spec.realtime_key_event_id, &spec.filter_rule)),
            AttributeSpec::List(spec) => Some((&spec.realtime_key_event_id, &spec.filter_rule)),
            AttributeSpec::Counter(spec) => Some((&spec.realtime_key_event_id, &spec.filter_rule)),
            AttributeSpec::Imported(_) | AttributeSpec::LookupCatalog(_) => None,
        }
    }

    /// The key event that feeds the attribute, where one does.
    pub fn key_event(&self) -> Option<&str> {
        self.source().map(|(event, _)| event)
    }
}

/// `RealtimeSingleAttributes`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SingleSpec {
    /// The key event that feeds it.
    pub realtime_key_event_id: String,
    /// Which of its events count; an empty `And` takes them all.
    #[serde(default)]
    pub filter_rule: Rule,
    /// The column whose value is kept.
    pub value_column: String,
    /// Type of the value.
    pub data_type: DataType,
    /// Time to live of the value; none means for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<DurationSetting>,
    /// Batch attribute to start from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backfill: Option<Backfill>,
    /// Personal data: left out of responses unless a section asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<bool>,
}

/// `RealtimeListAttributes`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListSpec {
    /// The key event that feeds it.
    pub realtime_key_event_id: String,
    /// Which of its events count; an empty `And` takes them all.
    #[serde(default)]
    pub filter_rule: Rule,
    /// The column that distinguishes items: an event with a known id replaces that item.
    pub id_column: String,
    /// The columns that an item keeps.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Time to live of an item; none means for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<DurationSetting>,
    /// How many items are kept; the oldest go first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u64>,
    /// Events that take items away.
    #[serde(default)]
    pub actions: Vec<ListAction>,
    /// What is computed over the items.
    #[serde(default)]
    pub aggregations: Vec<Aggregation>,
}

/// An element of `actions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAction {
    /// What happens.
    pub action: ListActionKind,
    /// The key event that makes it happen.
    pub realtime_key_event_id: String,
    /// Which of its events count.
    #[serde(default)]
    pub filter_rule: Rule,
    /// Fields of later versions.
    #[serde(flatten)]
    pub later: Later,
}

/// What an action does to a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListActionKind {
    /// Takes away the item with the event's id.
    DeleteItem,
    /// Takes away all items.
    Clear,
}

/// An element of `aggregations` (`RealtimeListAttributeAggregation`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Aggregation {
    /// Display name.
    pub name: String,
    /// What `subAttributeIdentifier` refers to.
    pub identifier: String,
    /// What is computed.
    pub aggregation_type: AggregationType,
    /// Over which column.
    pub column: String,
    /// Fields of later versions.
    #[serde(flatten)]
    pub later: Later,
}

/// Kinds of aggregation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AggregationType {
    /// Value of the oldest item.
    First,
    /// Value of the newest item.
    Last,
    /// Sum of numbers.
    Sum,
    /// Smallest number.
    Min,
    /// Largest number.
    Max,
    /// Distinct values, newest first.
    DistinctList,
}

/// `RealtimeCounterAttributes`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CounterSpec {
    /// The key event that feeds it.
    pub realtime_key_event_id: String,
    /// Which of its events count; an empty `And` takes them all.
    #[serde(default)]
    pub filter_rule: Rule,
    /// Total or over a window; sliding by default.
    #[serde(default)]
    pub counter_type: CounterType,
    /// By how much an event counts.
    pub increment: Increment,
    /// The window of a sliding counter; a total counter's value is forgotten that long after the
    /// last event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<DurationSetting>,
    /// Batch attribute to start from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backfill: Option<Backfill>,
    /// Windows of a sliding counter, each with its own identifier.
    #[serde(default)]
    pub sub_durations: Vec<SubDuration>,
}

/// `counterType`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CounterType {
    /// Over a window that moves with time.
    #[default]
    Sliding,
    /// Over all time.
    Total,
}

/// By how much an event counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "lowercase")]
pub enum Increment {
    /// A fixed number, at least 1.
    Const(serde_json::Number),
    /// The value of a column.
    Field(String),
}

/// An element of `subDurations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubDuration {
    /// Display name.
    pub name: String,
    /// What `subAttributeIdentifier` refers to.
    pub identifier: String,
    /// The window.
    #[serde(flatten)]
    pub duration: DurationSetting,
    /// Fields of later versions.
    #[serde(flatten)]
    pub later: Later,
}

/// A batch attribute to start from (`RealtimeAttributeBackfillSetting`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Backfill {
    /// The batch attribute that holds the value.
    pub attribute_identifier: String,
    /// The batch attribute that holds its time.
    pub timestamp_identifier: String,
}

/// `RealtimeImportedAttributes`: the published form has the common fields only; listings of the
/// console add the column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportedSpec {
    /// Name of the parent segment's batch attribute; the identifier when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Its type; `null` when the batch attribute is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// Personal data: left out of responses unless a section asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<bool>,
}

/// `RealtimeLookupCatalogAttributes`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LookupCatalogSpec {
    /// The catalog table.
    pub lookup_catalog_table_name: String,
    /// Its columns.
    #[serde(default)]
    pub lookup_catalog_columns: Vec<CatalogColumn>,
    /// Its keys.
    #[serde(default)]
    pub lookup_keys: Vec<LookupKey>,
}

/// A column of a catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: String,
}

/// A key of a catalog lookup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupKey {
    /// The column.
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
}

/// Type of a single attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataType {
    /// Text.
    String,
    /// A number.
    Number,
}

//! Real-time attributes. The wire form of each type is in a file beside this one.

use super::counter::Counter;
use super::event::rule_columns;
use super::fed::{EventSource, KeyEventIds, TIME_COLUMN};
use super::list::{ItemAction, List};
use crate::platform::wire::{
    AttributeSpec, Backfill, DataType, DurationSetting, Increment, LookupCatalogSpec, RealtimeAttribute,
};
use std::collections::HashSet;

/// A real-time attribute of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Unique within the parent segment.
    pub name: String,
    /// The name that it had, for an item that is live under that one.
    pub renamed_from: Option<String>,
    /// `identifier` of the wire; the name made safe ([`safe_identifier`](crate::plan::safe_identifier)) unless the plan says.
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
    /// Items with aggregations over them.
    List(List),
    /// A count or a sum.
    Counter(Counter),
    /// A batch attribute of the parent segment.
    Imported(Imported),
    /// Rows of a catalog; word for word.
    LookupCatalog(LookupCatalogSpec),
}

/// See [`AttributeKind::Single`].
#[derive(Debug, Clone, PartialEq)]
pub struct Single {
    /// What feeds it.
    pub source: EventSource,
    /// The column whose value is kept.
    pub field: String,
    /// The type of the value; when the plan does not say, the column's in the table's schema.
    pub data_type: Option<DataType>,
    /// How long the value lives; for good when absent.
    pub duration: Option<DurationSetting>,
    /// Batch attribute to start from.
    pub backfill: Option<Backfill>,
    /// Personal data.
    pub sensitive: Option<bool>,
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
    /// The wire form, without an id. `key_event` gives a key event's id by its name
    /// ([`Attribute::events`] are asked for); `column_is_number` says whether the table's schema
    /// has [`Attribute::source_field`] as a number, `None` where it is not known (taken as a string, but
    /// `time`, which no schema lists, as the number it is).
    ///
    /// # Errors
    /// A key event that does not exist, as a sentence without a full stop.
    pub fn to_wire(
        &self,
        key_event: KeyEventIds<'_>,
        column_is_number: Option<bool>,
    ) -> Result<RealtimeAttribute, String> {
        let spec = match &self.kind {
            AttributeKind::Single(single) => single.to_wire(key_event, column_is_number)?,
            AttributeKind::List(list) => AttributeSpec::List(list.to_wire(key_event)?),
            AttributeKind::Counter(counter) => AttributeSpec::Counter(counter.to_wire(key_event)?),
            AttributeKind::Imported(imported) => imported.to_wire(),
            AttributeKind::LookupCatalog(spec) => AttributeSpec::LookupCatalog(spec.clone()),
        };
        Ok(RealtimeAttribute {
            id: None,
            name: self.name.clone(),
            identifier: self.identifier.clone(),
            description: self.description.clone(),
            spec,
        })
    }

    /// What feeds it; nothing feeds imported and catalog attributes.
    pub fn source(&self) -> Option<&EventSource> {
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

    /// What takes items of a list away.
    pub fn actions(&self) -> &[ItemAction] {
        match &self.kind {
            AttributeKind::List(list) => &list.actions,
            _ => &[],
        }
    }

    /// Names of all key events that it needs: the one that feeds it, then those of its actions.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        self.source_event().into_iter().chain(self.actions().iter().map(|action| action.event.as_str()))
    }

    /// The event column whose value it takes, of a list the first that an item keeps; a counter of
    /// events takes none.
    pub fn source_field(&self) -> Option<&str> {
        match &self.kind {
            AttributeKind::Single(single) => Some(&single.field),
            AttributeKind::List(list) => list.fields.first().map(String::as_str),
            AttributeKind::Counter(Counter { increment: Increment::Field(field), .. }) => Some(field),
            _ => None,
        }
    }

    /// Whether it names batch attributes: it is imported, or starts from some.
    pub fn reads_batch(&self) -> bool {
        match &self.kind {
            AttributeKind::Imported(_) => true,
            AttributeKind::Single(single) => single.backfill.is_some(),
            AttributeKind::Counter(counter) => counter.backfill.is_some(),
            AttributeKind::List(_) | AttributeKind::LookupCatalog(_) => false,
        }
    }

    /// The batch attribute that an imported one comes from.
    pub fn imported_column(&self) -> Option<&str> {
        match &self.kind {
            AttributeKind::Imported(imported) => Some(&imported.column),
            _ => None,
        }
    }

    /// The columns of [`Attribute::source_event`] that it reads, each once, for a check against the
    /// table's schema. `time` is left out: every event has it.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = self.source_field().into_iter().collect();
        if let AttributeKind::List(list) = &self.kind {
            columns.extend(list.fields.iter().map(String::as_str));
            columns.push(&list.id_field);
            columns.extend(list.aggregations.iter().map(|aggregation| aggregation.column.as_str()));
        }
        columns.extend(self.source().into_iter().flat_map(|source| rule_columns(&source.filter)));
        let mut seen = HashSet::new();
        columns.retain(|column| *column != TIME_COLUMN && seen.insert(*column));
        columns
    }
}

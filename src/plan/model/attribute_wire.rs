//! From an attribute of a plan to the platform's attribute, and how the two relate.

use super::attribute::{Attribute, AttributeKind, Imported, Single};
use super::fed::{KeyEventIds, TIME_COLUMN, id_of};
use crate::platform::wire::{
    AttributeSpec, BatchAttribute, CounterType, DataType, DurationSetting, ImportedSpec, RealtimeAttribute,
    SingleSpec,
};

impl Imported {
    pub(super) fn to_wire(&self) -> AttributeSpec {
        AttributeSpec::Imported(ImportedSpec {
            column: Some(self.column.clone()),
            data_type: None,
            sensitive: self.sensitive,
        })
    }
}

impl Single {
    pub(super) fn to_wire(
        &self,
        key_event: KeyEventIds<'_>,
        column_is_number: Option<bool>,
    ) -> Result<AttributeSpec, String> {
        let is_number = column_is_number.unwrap_or(self.field == TIME_COLUMN);
        let of_column = if is_number { DataType::Number } else { DataType::String };
        Ok(AttributeSpec::Single(SingleSpec {
            realtime_key_event_id: id_of(key_event, &self.source.event)?,
            filter_rule: self.source.filter.clone(),
            value_column: self.field.clone(),
            data_type: self.data_type.unwrap_or(of_column),
            duration: self.duration,
            backfill: self.backfill.clone(),
            sensitive: self.sensitive,
        }))
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

/// The sub attribute of a live attribute that a plan's attribute means: the aggregation that
/// computes the same as its first, or the counter's window of the same length as its main one.
/// `None` where there is no such.
pub fn planned_sub<'a>(planned: &Attribute, live: &'a RealtimeAttribute) -> Option<&'a str> {
    match (&planned.kind, &live.spec) {
        (AttributeKind::List(list), AttributeSpec::List(spec)) => {
            let first = list.aggregations.first()?;
            spec.aggregations
                .iter()
                .find(|a| a.aggregation_type == first.aggregation_type && a.column == first.column)
                .map(|aggregation| aggregation.identifier.as_str())
        }
        (AttributeKind::Counter(counter), AttributeSpec::Counter(spec)) => {
            let main = counter.main_window()?.seconds();
            let window = spec.sub_durations.iter().find(|window| window.duration.seconds() == main)?;
            Some(&window.identifier)
        }
        _ => None,
    }
}

/// The batch attribute that an imported attribute comes from; `None` for any other kind. The
/// published form of imported attributes does not say; the setting's `batchAttributes` do.
pub fn import_column<'a>(
    attribute: &'a RealtimeAttribute,
    imported: &'a [BatchAttribute],
) -> Option<&'a str> {
    let AttributeSpec::Imported(spec) = &attribute.spec else { return None };
    if let Some(column) = &spec.column {
        return Some(column);
    }
    let is_it = |batch: &&BatchAttribute| {
        batch.column == attribute.identifier
            || batch.column == attribute.name
            || batch.name.as_deref() == Some(attribute.name.as_str())
    };
    Some(imported.iter().find(is_it).map_or(attribute.identifier.as_str(), |batch| &batch.column))
}

/// The live import of a batch attribute.
pub fn import_of<'a>(
    column: &str,
    attributes: &'a [RealtimeAttribute],
    imported: &[BatchAttribute],
) -> Option<&'a RealtimeAttribute> {
    attributes.iter().find(|attribute| import_column(attribute, imported) == Some(column))
}

/// Every batch attribute that is imported, as the setting and the attributes have it.
pub fn imported_columns(attributes: &[RealtimeAttribute], imported: &[BatchAttribute]) -> Vec<String> {
    let mut columns: Vec<String> = imported.iter().map(|batch| batch.column.clone()).collect();
    for column in attributes.iter().filter_map(|attribute| import_column(attribute, imported)) {
        if !columns.iter().any(|there| there == column) {
            columns.push(column.to_owned());
        }
    }
    columns
}

//! A node described in a few words.

use crate::plan::criteria;
use crate::plan::duration;
use crate::plan::model::fed::AGGREGATIONS;
use crate::plan::model::{
    Attribute, AttributeKind, CatalogOutput, Counter, IdStitching, Journey, List, Section, SectionOutput,
    Single, StitchingKey,
};
use crate::platform::rule::Rule;
use crate::platform::wire::{AggregationType, CounterType, Increment, ListActionKind, RealtimeJourneyState};

/// A filter as its author would write it; `None` when it takes everything.
pub(super) fn where_text(rule: &Rule) -> Option<String> {
    if rule.is_everything() {
        return None;
    }
    let text = criteria::render(rule, &|_, _| None).unwrap_or_else(|| rule.to_json().to_string());
    Some(text).filter(|text| !text.is_empty())
}

/// `counter, count, 24h`.
pub(super) fn attribute_detail(attribute: &Attribute) -> String {
    let mut parts = match &attribute.kind {
        AttributeKind::Single(single) => single_parts(single),
        AttributeKind::List(list) => list_parts(list),
        AttributeKind::Counter(counter) => counter_parts(counter),
        AttributeKind::Imported(imported) if imported.column == attribute.name => vec!["imported".to_owned()],
        AttributeKind::Imported(imported) => vec![format!("imported from {}", imported.column)],
        AttributeKind::LookupCatalog(spec) => {
            vec![format!("rows of the catalog {}", spec.lookup_catalog_table_name)]
        }
    };
    if is_sensitive(attribute) {
        parts.push("sensitive".to_owned());
    }
    if let Some(filter) = attribute.source().and_then(|source| where_text(&source.filter)) {
        parts.push(format!("where {filter}"));
    }
    parts.join(", ")
}

fn is_sensitive(attribute: &Attribute) -> bool {
    let sensitive = match &attribute.kind {
        AttributeKind::Single(single) => single.sensitive,
        AttributeKind::Imported(imported) => imported.sensitive,
        _ => None,
    };
    sensitive == Some(true)
}

fn single_parts(single: &Single) -> Vec<String> {
    let mut parts = vec!["single".to_owned(), format!("last {}", single.field)];
    parts.extend(single.duration.map(duration::text));
    parts
}

fn list_parts(list: &List) -> Vec<String> {
    let mut parts = vec!["list".to_owned()];
    parts
        .extend(list.aggregations.iter().map(|one| format!("{} {}", word(one.aggregation_type), one.column)));
    parts.push(format!("{} items", list.max_items));
    parts.extend(list.duration.map(duration::text));
    for action in &list.actions {
        let what = match action.action {
            ListActionKind::DeleteItem => "delete_item",
            ListActionKind::Clear => "clear",
        };
        parts.push(format!("{what} on {}", action.event));
    }
    parts
}

fn counter_parts(counter: &Counter) -> Vec<String> {
    let mut parts = vec!["counter".to_owned()];
    parts.push(match &counter.increment {
        Increment::Field(field) => format!("sum {field}"),
        Increment::Const(by) if by.as_u64() == Some(1) => "count".to_owned(),
        Increment::Const(by) => format!("count by {by}"),
    });
    match counter.counter_type {
        CounterType::Total => parts.push("total".to_owned()),
        CounterType::Sliding => {
            parts.extend(counter.windows.iter().map(|window| duration::text(window.duration)));
        }
    }
    parts
}

fn word(aggregation: AggregationType) -> &'static str {
    AGGREGATIONS.iter().find(|(_, kind)| *kind == aggregation).map_or("", |(word, _)| word)
}

/// Which values of a key are ids.
pub(super) fn key_detail(key: &StitchingKey, stitching: &IdStitching) -> Option<String> {
    let mut parts = Vec::new();
    if stitching.primary_key.as_ref() == Some(&key.name) {
        parts.push("primary".to_owned());
    }
    if stitching.ext_lookup_key.as_ref() == Some(&key.name) {
        parts.push("external lookup key".to_owned());
    }
    parts.extend(key.valid_regex.as_ref().map(|pattern| format!("matches {pattern}")));
    parts.extend(key.exclude_regex.as_ref().map(|pattern| format!("not {pattern}")));
    if !key.invalid.is_empty() {
        parts.push(format!("never {}", key.invalid.join(", ")));
    }
    Some(parts.join(", ")).filter(|detail| !detail.is_empty())
}

/// Who gets a section.
pub(super) fn section_detail(section: &Section) -> Option<String> {
    let who = match &section.criteria_rule {
        Some(rule) => rule.to_string(),
        None if section.takes_everyone() => "everyone".to_owned(),
        None => section.criteria_text.clone(),
    };
    let trigger = section.trigger_filter.as_ref().and_then(where_text);
    Some(match trigger {
        Some(filter) => format!("{who}; on events where {filter}"),
        None => who,
    })
}

/// How a journey stands, and its activations, by their names.
pub(super) fn journey_detail(journey: &Journey) -> Option<String> {
    let sent: Vec<&str> = journey.activations().into_iter().map(|one| one.name.as_str()).collect();
    let state = match (journey.state, journey.paused) {
        (Some(RealtimeJourneyState::Launched), Some(true)) => Some("paused"),
        (Some(RealtimeJourneyState::Launched), _) => Some("launched"),
        (Some(RealtimeJourneyState::Draft), _) => Some("draft"),
        (None, _) => None,
    };
    let word = if sent.len() == 1 { "activation" } else { "activations" };
    let sends = (!sent.is_empty()).then(|| format!("{word}: {}", sent.join(", ")));
    let parts: Vec<String> = state.map(str::to_owned).into_iter().chain(sends).collect();
    Some(parts.join(", ")).filter(|detail| !detail.is_empty())
}

/// Where an output comes from, when its name does not say it.
pub(super) fn output_detail(output: &SectionOutput) -> Option<String> {
    match &output.sub {
        Some(sub) => Some(format!("{}.{sub}", output.attribute)),
        None if output.attribute == output.output_name => None,
        None => Some(output.attribute.clone()),
    }
}

/// Which rows of a catalog.
pub(super) fn catalog_detail(item: &CatalogOutput) -> String {
    format!("rows of {} where {} = {}", item.catalog, item.column, item.attribute)
}

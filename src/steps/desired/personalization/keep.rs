//! What of a section that is there and that the plan does not name stays.

use crate::platform::wire::{CatalogPayload, Extra, PayloadDefinition, Section, SegmentPayload};
use crate::steps::ownership::segment_output;
use std::collections::HashSet;

/// Puts the outputs of `before` that `after` lacks and that are to be kept into `after`; returns
/// their names.
pub(super) fn keep_outputs(
    before: &Section,
    after: &mut Section,
    keeps: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let mut kept = Vec::new();
    let Some(nodes) = &mut after.payload else { return kept };
    let mut names: HashSet<String> =
        nodes.values().flat_map(|node| output_names(&node.definition)).map(str::to_owned).collect();
    for (id, old) in before.payload.iter().flatten() {
        let Some(node) = nodes.get_mut(id) else { continue };
        keep_extra(&old.definition, &mut node.definition);
        for item in old.definition.attribute_payload.iter().flatten() {
            if keeps(&item.output_name) && names.insert(item.output_name.clone()) {
                kept.push(item.output_name.clone());
                node.definition.attribute_payload.get_or_insert_default().push(item.clone());
            }
        }
        for item in old.definition.string_builder.iter().flatten() {
            if keeps(&item.output_name) && names.insert(item.output_name.clone()) {
                kept.push(item.output_name.clone());
                node.definition.string_builder.get_or_insert_default().push(item.clone());
            }
        }
        keep_catalogs(&old.definition, &mut node.definition, keeps, &mut names, &mut kept);
        keep_segments(old.definition.segment_payload.as_ref(), &mut node.definition, keeps, &mut kept);
    }
    kept
}

/// Fields of later versions stay with the outputs that they stand at.
fn keep_extra(old: &PayloadDefinition, new: &mut PayloadDefinition) {
    for item in new.attribute_payload.iter_mut().flatten() {
        let same = old.attribute_payload.iter().flatten().find(|there| there.output_name == item.output_name);
        item.extra = same.map(|there| there.extra.clone()).unwrap_or_default();
    }
    for item in new.string_builder.iter_mut().flatten() {
        let same = old.string_builder.iter().flatten().find(|there| there.output_name == item.output_name);
        item.extra = same.map(|there| there.extra.clone()).unwrap_or_default();
    }
    if let Some(CatalogPayload::Lookups(items)) = &mut new.catalog_payload {
        let lookups = old.catalog_payload.as_ref().map_or(&[][..], CatalogPayload::lookups);
        for item in items {
            let same = lookups.iter().find(|there| there.output_name == item.output_name);
            item.extra = same.map(|there| there.extra.clone()).unwrap_or_default();
        }
    }
    if let (Some(old), Some(new)) = (&old.segment_payload, &mut new.segment_payload) {
        new.extra.clone_from(&old.extra);
    }
}

fn keep_catalogs(
    old: &PayloadDefinition,
    definition: &mut PayloadDefinition,
    keeps: &dyn Fn(&str) -> bool,
    names: &mut HashSet<String>,
    kept: &mut Vec<String>,
) {
    for item in old.catalog_payload.iter().flat_map(|payload| payload.lookups()) {
        let name = item.output_name.as_deref().unwrap_or_default();
        if !keeps(name) || !names.insert(name.to_owned()) {
            continue;
        }
        let new = definition.catalog_payload.get_or_insert_with(|| CatalogPayload::Lookups(Vec::new()));
        if let CatalogPayload::Lookups(items) = new {
            kept.push(name.to_owned());
            items.push(item.clone());
        }
    }
}

fn keep_segments(
    old: Option<&SegmentPayload>,
    definition: &mut PayloadDefinition,
    keeps: &dyn Fn(&str) -> bool,
    kept: &mut Vec<String>,
) {
    for segment in old.iter().flat_map(|old| &old.batch_segments) {
        let name = segment_output(&segment.id);
        if !keeps(&name) {
            continue;
        }
        let new = definition
            .segment_payload
            .get_or_insert_with(|| SegmentPayload { batch_segments: Vec::new(), extra: Extra::new() });
        if !new.batch_segments.contains(segment) {
            kept.push(name);
            new.batch_segments.push(segment.clone());
        }
    }
}

fn output_names(definition: &PayloadDefinition) -> impl Iterator<Item = &str> {
    let attributes = definition.attribute_payload.iter().flatten().map(|item| item.output_name.as_str());
    let texts = definition.string_builder.iter().flatten().map(|item| item.output_name.as_str());
    let lookups = definition.catalog_payload.iter().flat_map(|payload| payload.lookups());
    attributes.chain(texts).chain(lookups.map(|item| item.output_name.as_deref().unwrap_or_default()))
}

//! What of a live section stays though the plan does not name it.

use crate::platform::wire::{CatalogPayload, Extra, PayloadDefinition, Section, SegmentPayload};
use crate::steps::items::segment_output;
use std::collections::HashSet;

/// Puts the outputs of `before` that `after` lacks and that are to be kept into `after`; returns their names.
/// Outputs that both have stay where they were, with the fields that later versions gave them.
pub(super) fn keep_outputs(
    before: &Section,
    after: &mut Section,
    keeps: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let mut kept = Vec::new();
    let Some(nodes) = &mut after.payload else { return kept };
    let new = nodes.values().flat_map(|node| output_names(&node.definition));
    let mut names: HashSet<String> = new.map(str::to_owned).collect();
    for (id, old) in before.payload.iter().flatten() {
        let Some(node) = nodes.get_mut(id) else { continue };
        let (old, new) = (&old.definition, &mut node.definition);
        let mut stays = |name: &str| {
            let stays = keeps(name) && names.insert(name.to_owned());
            kept.extend(stays.then(|| name.to_owned()));
            stays
        };
        let (attributes, texts) = (&old.attribute_payload, &old.string_builder);
        merge(attributes, &mut new.attribute_payload, &mut stays, |it| {
            (it.output_name.clone(), &mut it.extra)
        });
        merge(texts, &mut new.string_builder, &mut stays, |it| (it.output_name.clone(), &mut it.extra));
        if let None | Some(CatalogPayload::Lookups(_)) = &new.catalog_payload {
            let rows =
                |payload: &Option<CatalogPayload>| payload.as_ref().map(|rows| rows.lookups().to_vec());
            let mut all = rows(&new.catalog_payload);
            merge(&rows(&old.catalog_payload), &mut all, &mut stays, |it| {
                (it.output_name.clone().unwrap_or_default(), &mut it.extra)
            });
            new.catalog_payload = all.map(CatalogPayload::Lookups);
        }
        if let Some(old) = &old.segment_payload {
            let mut there = new.segment_payload.take().map(|new| new.batch_segments).unwrap_or_default();
            let mut all = old.batch_segments.clone();
            all.retain(|segment| {
                let (name, named) = (segment_output(&segment.id), there.contains(segment));
                kept.extend((!named && keeps(&name)).then(|| name.clone()));
                named || keeps(&name)
            });
            there.retain(|segment| !all.contains(segment));
            all.extend(there);
            let extra = old.extra.clone();
            new.segment_payload = (!all.is_empty()).then_some(SegmentPayload { batch_segments: all, extra });
        }
    }
    kept
}

/// What stays of `old` and what is new, each in its order.
fn merge<T: Clone>(
    old: &Option<Vec<T>>,
    new: &mut Option<Vec<T>>,
    stays: &mut dyn FnMut(&str) -> bool,
    parts: fn(&mut T) -> (String, &mut Extra),
) {
    let (mut all, mut left) = (Vec::new(), new.take().unwrap_or_default());
    for mut item in old.iter().flatten().cloned() {
        let (name, extra) = parts(&mut item);
        match left.iter_mut().position(|it| parts(it).0 == name) {
            Some(place) => {
                let mut new = left.remove(place);
                parts(&mut new).1.clone_from(extra);
                all.push(new);
            }
            None if stays(&name) => all.push(item),
            None => {}
        }
    }
    all.extend(left);
    *new = (!all.is_empty()).then_some(all);
}

fn output_names(definition: &PayloadDefinition) -> impl Iterator<Item = &str> {
    let attributes = definition.attribute_payload.iter().flatten().map(|item| item.output_name.as_str());
    let texts = definition.string_builder.iter().flatten().map(|item| item.output_name.as_str());
    let lookups = definition.catalog_payload.iter().flat_map(|payload| payload.lookups());
    attributes.chain(texts).chain(lookups.map(|item| item.output_name.as_deref().unwrap_or_default()))
}

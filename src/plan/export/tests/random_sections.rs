//! Made-up sections.

use super::tape::{ODD, Tape, event_id};
use crate::platform::rule::Rule;
use crate::platform::wire::*;
use std::collections::BTreeMap;

/// A sub attribute that an output of the attribute may have; `None` where none is possible.
fn some_sub(tape: &mut Tape, attribute: &RealtimeAttribute) -> Option<Option<String>> {
    let subs: Vec<Option<String>> = match &attribute.spec {
        AttributeSpec::List(list) => list.aggregations.iter().map(|a| Some(a.identifier.clone())).collect(),
        AttributeSpec::Counter(counter) if counter.counter_type == CounterType::Sliding => {
            counter.sub_durations.iter().map(|sub| Some(sub.identifier.clone())).collect()
        }
        AttributeSpec::LookupCatalog(catalog) => std::iter::once(None)
            .chain(catalog.lookup_catalog_columns.iter().map(|column| Some(column.name.clone())))
            .collect(),
        _ => vec![None],
    };
    if subs.is_empty() { None } else { Some(tape.of(&subs).clone()) }
}

pub fn criteria(tape: &mut Tape, attributes: &[RealtimeAttribute]) -> Rule {
    if attributes.is_empty() {
        return Rule::everything();
    }
    tape.rule(&mut |tape| {
        let attribute = tape.of(attributes);
        let operator = tape.operator();
        if tape.below(12) == 11 {
            return Rule::Column { column: tape.odd(), operator };
        }
        let sub = some_sub(tape, attribute).flatten();
        Rule::Attribute { id: attribute.id.clone().unwrap(), sub, operator }
    })
}

fn catalogs(
    tape: &mut Tape,
    attributes: &[RealtimeAttribute],
    names: &mut Vec<String>,
) -> Option<CatalogPayload> {
    let drives = |a: &&RealtimeAttribute| matches!(a.spec, AttributeSpec::Single(_) | AttributeSpec::List(_));
    let drivers: Vec<_> = attributes.iter().filter(drives).collect();
    let is_catalog = |a: &RealtimeAttribute| match &a.spec {
        AttributeSpec::LookupCatalog(spec) => Some((a.name.clone(), spec.lookup_keys.first()?.id.clone())),
        _ => None,
    };
    let found: Vec<_> = attributes.iter().filter_map(is_catalog).collect();
    if drivers.is_empty() || found.is_empty() {
        return None;
    }
    let mut lookups = Vec::new();
    for _ in 0..tape.below(3) {
        let (catalog, column) = tape.of(&found).clone();
        lookups.push(CatalogLookup {
            catalog_name: Some(catalog),
            lookup_attribute_id: tape.of(&drivers).id.clone(),
            lookup_column: Some(column),
            output_name: Some(names.pop()?),
            extra: Extra::new(),
        });
    }
    if lookups.is_empty() { None } else { Some(CatalogPayload::Lookups(lookups)) }
}

fn definition(
    tape: &mut Tape,
    attributes: &[RealtimeAttribute],
    segments: &[BatchSegment],
) -> PayloadDefinition {
    let mut names: Vec<String> = ODD.iter().map(|name| (*name).to_owned()).collect();
    let rotate = tape.below(names.len());
    names.rotate_left(rotate);
    let mut payload = Vec::new();
    for _ in 0..tape.below(4) {
        if attributes.is_empty() {
            break;
        }
        let attribute = tape.of(attributes);
        let Some(sub) = some_sub(tape, attribute) else { continue };
        let output_name = match names.iter().position(|name| *name == attribute.name) {
            Some(at) if tape.maybe() => names.remove(at),
            _ => names.pop().unwrap(),
        };
        payload.push(AttributePayload {
            realtime_attribute_id: attribute.id.clone().unwrap(),
            sub_attribute_identifier: sub,
            output_name,
            extra: Extra::new(),
        });
    }
    let catalog_payload = catalogs(tape, attributes, &mut names);
    let none = payload.is_empty() && catalog_payload.is_none();
    let part = |tape: &mut Tape| StringValue { kind: "String".to_owned(), value: tape.odd() };
    let strings: Vec<StringBuilder> = (0..tape.below(3) + usize::from(none))
        .map(|_| StringBuilder {
            output_name: names.pop().unwrap(),
            values: (0..tape.below(3) + 1).map(|_| part(tape)).collect(),
            extra: Extra::new(),
        })
        .collect();
    let mut ids: Vec<&str> = segments.iter().map(|segment| segment.id.as_str()).collect();
    ids.truncate(tape.below(ids.len() + 1));
    let batch_segments: Vec<_> =
        ids.into_iter().map(|id| BatchSegmentRef { id: id.to_owned(), later: Default::default() }).collect();
    let segment_payload = SegmentPayload { batch_segments, extra: Extra::new() };
    PayloadDefinition {
        attribute_payload: Some(payload).filter(|items| !items.is_empty()),
        segment_payload: Some(segment_payload).filter(|payload| !payload.batch_segments.is_empty()),
        string_builder: Some(strings).filter(|items| !items.is_empty()),
        catalog_payload,
        extra: Extra::new(),
    }
}

pub fn section(
    tape: &mut Tape,
    name: String,
    events: &[KeyEvent],
    attributes: &[RealtimeAttribute],
    segments: &[BatchSegment],
) -> Section {
    let node = PayloadNode {
        kind: RESPONSE_NODE.to_owned(),
        name: (*tape.of(&["Response", "", "other"])).to_owned(),
        description: tape.text(),
        definition: definition(tape, attributes, segments),
        extra: Extra::new(),
    };
    let profile_criteria = criteria(tape, attributes);
    Section {
        id: Some("7".to_owned()),
        entry_criteria: Some(EntryCriteria {
            name: if tape.maybe() { tape.odd() } else { name.clone() },
            description: tape.text(),
            key_event_criteria: Some(KeyEventCriteria {
                key_event_id: event_id(tape, events),
                key_event_filters: tape.filter(),
                later: Default::default(),
            }),
            profile_criteria: if tape.maybe() { None } else { Some(profile_criteria) },
            accept_unknown_profiles: tape.flag(),
            extra: Extra::new(),
        }),
        name,
        payload: Some(BTreeMap::from([("0123456789abcdef0123456789abcdef".to_owned(), node)])),
        include_sensitive: tape.flag(),
        extra: Extra::new(),
    }
}

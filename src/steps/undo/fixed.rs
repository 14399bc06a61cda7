//! What the platform does not take back of a live thing: a launch and what it fixes, and of an
//! attribute what was not there before. It stays only where the thing does.

use super::Prepared;
use super::touched::Touched;
use crate::plan::Configuration;
use crate::platform::wire::{RealtimeAttribute, RealtimeJourneyResource};
use crate::steps::kind::ItemKind;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Things that have to stay as they are in part, by kind and id.
pub type Fixed = BTreeSet<(ItemKind, String)>;

/// The launched journeys whose state or flow would differ, and the attributes that would lose a field.
pub fn fixed(live: &Configuration, state: &Configuration) -> Fixed {
    let differs = |journey: &&RealtimeJourneyResource| {
        let there = live.journeys.iter().find(|there| there.id == journey.id && there.is_launched());
        there.is_some_and(|there| {
            let (old, new) = (&there.attributes, &journey.attributes);
            !journey.is_launched()
                || old.goal != new.goal
                || old.reentry_mode != new.reentry_mode
                || old.realtime_journey_stages != new.realtime_journey_stages
        })
    };
    let loses = |one: &&RealtimeAttribute| {
        let there = live.attributes.iter().find(|there| there.id == one.id);
        let (there, then) = (ItemKind::Attribute.fields(&json!(there)), json!(one));
        there.iter().any(|(key, value)| {
            !value.is_null() && is_fixed(ItemKind::Attribute, key, then.get(key).unwrap_or(&Value::Null))
        })
    };
    let journeys = state.journeys.iter().filter(differs).map(|one| (ItemKind::Journey, one.id.clone()));
    let attributes = state.attributes.iter().filter(loses);
    journeys.chain(attributes.filter_map(|one| Some((ItemKind::Attribute, one.id.clone()?)))).collect()
}

/// Whether a field can't become this: of attributes, only a description may become nothing.
fn is_fixed(kind: ItemKind, key: &str, value: &Value) -> bool {
    match kind {
        ItemKind::Attribute => value.is_null() && key != "description",
        // One that stays launched is neither paused nor resumed.
        _ => ["paused", "state", "goal", "reentryMode", "realtimeJourneyStages"].contains(&key),
    }
}

/// Leaves out what is fixed, with a sentence; it is noted, so that a later undo does not take it for a change by others.
pub(super) fn leave_out(
    prepared: &mut Prepared,
    thing: &Touched,
    id: &str,
    live: &Map<String, Value>,
    restored: &mut Map<String, Value>,
) {
    let fixed = |(key, value): &(String, Value)| is_fixed(thing.kind, key, value);
    let (gone, rest): (Map<_, _>, _) = std::mem::take(restored).into_iter().partition(fixed);
    *restored = rest;
    let is = |key: &String| (key.clone(), live.get(key).cloned().unwrap_or_default());
    let fields: Map<String, Value> = gone.keys().map(is).collect();
    let keys: Vec<String> =
        gone.keys().filter(|key| *key != "paused").map(|key| format!("'{key}'")).collect();
    let (these, keys, name) = (if keys.len() == 1 { "it" } else { "them" }, keys.join(", "), &thing.name);
    let (image, why) = match thing.kind {
        ItemKind::Journey => {
            let why = format!("it is launched, which fixes {these}; pause or delete the journey");
            (json!({"attributes": fields}), why)
        }
        _ => (json!(fields), format!("the platform can't unset {these}")),
    };
    prepared.own.insert(format!("{}/{id}", thing.collection), image);
    if !keys.is_empty() {
        prepared.kept.push(format!("{keys} of the {} '{name}': {why}", thing.kind.words()));
    }
}

//! What several resources show in the same way.

use crate::platform::wire::{
    AttributeSpec, CounterSpec, DurationSetting, DurationUnit, ListSpec, RealtimeAttribute,
};
use crate::sandbox::clock::iso;
use crate::sandbox::store::realtime::Stamp;
use serde_json::{Map, Value, json};

/// The only user of a sandbox (`User` of the contract).
pub fn user() -> Value {
    json!({"id": "1", "td_user_id": "1", "name": "Sandbox User"})
}

/// `createdAt`, `updatedAt`, `createdBy`, `updatedBy`.
pub fn stamps(object: &mut Map<String, Value>, stamp: Stamp) {
    object.insert("createdAt".into(), iso(stamp.created).into());
    object.insert("updatedAt".into(), iso(stamp.updated).into());
    object.insert("createdBy".into(), user());
    object.insert("updatedBy".into(), user());
}

/// Any value as a JSON object; empty when it is none.
pub fn object(value: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// An attribute as `/audiences/{id}/realtime_attributes` shows it, with the defaults filled in.
pub fn attribute(attribute: &RealtimeAttribute) -> Map<String, Value> {
    let mut shown = object(attribute);
    shown.entry("description").or_insert(Value::Null);
    match &attribute.spec {
        AttributeSpec::Single(_) | AttributeSpec::Counter(_) => {
            shown.entry("backfill").or_insert(Value::Null);
        }
        _ => {}
    }
    if matches!(attribute.spec, AttributeSpec::Single(_) | AttributeSpec::Imported(_)) {
        shown.entry("sensitive").or_insert(false.into());
    }
    if matches!(attribute.spec, AttributeSpec::Imported(_)) {
        shown.entry("dataType").or_insert(Value::Null);
        shown.insert("realtimeAttributeKind".into(), "batch".into());
    }
    shown
}

/// An attribute as `/entities` shows it: `{id, type, attributes}` with notations. How the platform
/// spells a notation is not documented; `realtimeAttributes.<identifier>[.<sub>]` is ours.
pub fn attribute_resource(item: &RealtimeAttribute) -> Value {
    let mut shown = attribute(item);
    shown.shift_remove("id");
    let notation = format!("realtimeAttributes.{}", item.identifier);
    match &item.spec {
        AttributeSpec::List(list) => aggregations(&mut shown, list, &notation),
        AttributeSpec::Counter(counter) => windows(&mut shown, counter, &notation),
        _ => {}
    }
    shown.insert("notation".into(), notation.into());
    json!({"id": item.id, "type": "realtime-attribute", "attributes": shown})
}

fn aggregations(shown: &mut Map<String, Value>, list: &ListSpec, notation: &str) {
    let with_notation = |aggregation: &crate::platform::wire::Aggregation| {
        let mut shown = object(aggregation);
        shown.insert("notation".into(), format!("{notation}.{}", aggregation.identifier).into());
        Value::Object(shown)
    };
    shown.insert("aggregations".into(), list.aggregations.iter().map(with_notation).collect());
}

fn windows(shown: &mut Map<String, Value>, counter: &CounterSpec, notation: &str) {
    let with_notation = |sub: &crate::platform::wire::SubDuration| {
        let mut shown = object(sub);
        shown.insert("notation".into(), format!("{notation}.{}", sub.identifier).into());
        Value::Object(shown)
    };
    shown.insert("subDurations".into(), counter.sub_durations.iter().map(with_notation).collect());
    if counter.duration.is_none() {
        // This form of the contract requires one, also of a counter that never forgets: 100 years.
        let for_good = DurationSetting { value: 36_500, unit: DurationUnit::Day };
        shown.insert("duration".into(), Value::Object(object(&for_good)));
    }
}

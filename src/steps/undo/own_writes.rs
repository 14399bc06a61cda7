//! What another writer did between two writes of one run is not the run's.

use crate::plan::Counter;
use crate::platform::wire::SubDuration;
use serde_json::{Map, Value, json};

/// What would be there without the run's first writes: these led from `was` to `own`, and `now` is what was
/// there before its next one. What no other writer touched is as it was; what others added or changed stays.
pub fn without_own(was: &Value, own: &Value, now: &Value) -> Value {
    match (was, own, now) {
        _ if own == now => was.clone(),
        _ if was == own => now.clone(),
        // An object of plain values is one: a length of time has a value and a unit.
        (Value::Object(was), Value::Object(own), Value::Object(now)) if now.values().any(has_parts) => {
            let of = |key: &String| [was.get(key), own.get(key), now.get(key)];
            let keys = now.keys().chain(was.keys().filter(|key| !now.contains_key(*key)));
            let fields = keys.filter_map(|key| Some((key.clone(), entry(of(key))?)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        (Value::Array(was), Value::Array(own), Value::Array(now)) => {
            let of = |key: &Value| [was, own, now].map(|list| find(list, key));
            let gone = was.iter().filter(|item| find(now, &identity(item)).is_none());
            now.iter().chain(gone).filter_map(|item| entry(of(&identity(item)))).collect()
        }
        _ => now.clone(),
    }
}

/// The same for something that may be missing: what the run added goes, what it took away comes back.
fn entry(versions: [Option<&Value>; 3]) -> Option<Value> {
    match versions {
        [Some(was), Some(own), Some(now)] => Some(without_own(was, own, now)),
        // Added by the run, or by both.
        [None, Some(_), _] => None,
        // Taken away by the run, or by another.
        [Some(was), None, None] => Some(was.clone()),
        [Some(_), Some(_), None] => None,
        [_, None, now] => now.cloned(),
    }
}

/// Whether a list has items of others.
pub fn has_others(known: [&Value; 2], list: &Value) -> bool {
    let is_known = |key: &Value| {
        known.iter().any(|list| find(list.as_array().map_or(&[], Vec::as_slice), key).is_some())
    };
    list.as_array().is_some_and(|items| items.iter().any(|item| !is_known(&identity(item))))
}

/// The same for one list as it is now, where the run's own items are as it left them; `None` where they are not.
/// `holds` says whether an item is as it was sent.
pub fn list_without_own(
    [was, own, now]: [&Value; 3],
    holds: impl Fn(&Value, &Value) -> bool,
) -> Option<Value> {
    let (was, own, now) = (was.as_array()?, own.as_array()?, now.as_array()?);
    let mut left = Vec::new();
    for item in now {
        let key = identity(item);
        match (find(was, &key), find(own, &key)) {
            (None, Some(sent)) if holds(item, sent) => {}
            (Some(before), Some(sent)) if before == sent => left.push(item.clone()),
            (Some(before), Some(sent)) if holds(item, sent) => left.push(before.clone()),
            (None, None) => left.push(item.clone()),
            _ => return None,
        }
    }
    let mut place = 0;
    for item in was {
        let key = identity(item);
        match (left.iter().position(|there| identity(there) == key), find(own, &key)) {
            (Some(position), _) => place = position.saturating_add(1),
            (None, None) => {
                left.insert(place, item.clone());
                place = place.saturating_add(1);
            }
            (None, Some(sent)) if sent == item => {}
            (None, Some(_)) => return None,
        }
    }
    Some(Value::Array(left))
}

/// The length of a counter, where it is that of its longest window.
pub fn length(counter: &Map<String, Value>) -> Option<Value> {
    let windows: Vec<SubDuration> = serde_json::from_value(counter.get("subDurations")?.clone()).ok()?;
    Counter::longest(&windows).map(|longest| json!(longest))
}

fn has_parts(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

fn find<'a>(list: &'a [Value], key: &Value) -> Option<&'a Value> {
    list.iter().find(|item| identity(item) == *key)
}

/// What identifies the items of a list: a table by its database, an import by its column, else a name.
fn identity(item: &Value) -> Value {
    let text = |key: &str| item.get(key).filter(|value| value.is_string());
    match (text("database"), text("table")) {
        (Some(database), Some(table)) => Value::Array(vec![database.clone(), table.clone()]),
        _ => text("name").or_else(|| text("column")).or_else(|| text("id")).unwrap_or(item).clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_added_meanwhile_stays() {
        let keys = |names: &[&str]| json!({"keyColumns": names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>()});
        // Lost, still there, and back again.
        for now in [&["a", "theirs"][..], &["a", "mine", "theirs"], &["a", "theirs", "mine"]] {
            let left = without_own(&keys(&["a"]), &keys(&["a", "mine"]), &keys(now));
            assert_eq!(left, keys(&["a", "theirs"]), "{now:?}");
        }
    }

    #[test]
    fn what_the_run_took_away_or_changed_is_as_it_was() {
        let (was, own) = (json!({"a": [1, 2], "b": "x", "c": 1}), json!({"a": [2], "b": "y", "c": 1}));
        assert_eq!(without_own(&was, &own, &own), was);
        let long = |value: u32, unit: &str| json!({"d": {"value": value, "unit": unit}});
        let now = long(3, "day");
        assert_eq!(without_own(&long(24, "hour"), &long(2, "day"), &now), now);
        let now = json!({"a": [2, 3], "b": "y", "c": 2});
        assert_eq!(without_own(&was, &own, &now), json!({"a": [2, 3, 1], "b": "x", "c": 2}));
        // What another has changed too is theirs.
        let now = json!({"a": [2], "b": "z", "c": 1});
        assert_eq!(without_own(&was, &own, &now), json!({"a": [1, 2], "b": "z", "c": 1}));
    }
}

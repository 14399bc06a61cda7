//! The value of an attribute, computed from all events that ever reached it.

use super::naive::{Change, Seen, Step, fold};
use super::rules::{number, text};
use serde_json::{Map, Value, json};

type Row = Map<String, Value>;

pub fn value(
    attribute: &Value,
    place: usize,
    history: &[Step],
    row: Option<&Row>,
    sub: &Value,
    now: i64,
) -> Value {
    let cell =
        |name: &Value| row.and_then(|row| row.get(name.as_str().unwrap())).cloned().unwrap_or_default();
    match attribute["type"].as_str().unwrap() {
        "imported" => cell(&attribute["column"]),
        "single" => single(attribute, place, history, &cell, now),
        "counter" if attribute["counterType"] == "total" => total(attribute, place, history, &cell, now),
        "counter" => sliding(attribute, place, history, sub, now),
        other => panic!("{other}"),
    }
}

fn seconds(duration: &Value) -> i64 {
    let unit = match duration["unit"].as_str() {
        None => return i64::MAX,
        Some("minute") => 60,
        Some("hour") => 3_600,
        Some(_) => 86_400,
    };
    duration["value"].as_i64().unwrap() * unit
}

fn updates(place: usize, seen: &Seen) -> bool {
    seen.changes[place].contains(&Change::Update)
}

fn column<'a>(seen: &'a Seen, name: &Value) -> &'a Value {
    seen.event.get(name.as_str().unwrap()).unwrap_or(&Value::Null)
}

fn whole(sum: f64) -> Value {
    if sum.fract() == 0.0 { json!(sum as i64) } else { json!(sum) }
}

fn typed(data_type: &Value, value: &Value) -> Option<Value> {
    match (data_type == "number", value) {
        (true, Value::Number(_)) => Some(value.clone()),
        (true, Value::String(text)) => {
            let whole = text.parse::<i64>().ok().map(|number| json!(number));
            whole.or_else(|| text.parse::<f64>().ok().map(|number| json!(number)))
        }
        (false, Value::String(_) | Value::Number(_) | Value::Bool(_)) => Some(json!(text(value))),
        _ => None,
    }
}

fn single(
    attribute: &Value,
    place: usize,
    history: &[Step],
    cell: &dyn Fn(&Value) -> Value,
    now: i64,
) -> Value {
    type Latest = Option<(i64, Value)>;
    let on = |latest: &mut Latest, seen: &Seen| {
        let value = typed(&attribute["dataType"], column(seen, &attribute["valueColumn"]));
        if let Some(value) = value.filter(|_| updates(place, seen))
            && latest.as_ref().is_none_or(|(time, _)| *time <= seen.time)
        {
            *latest = Some((seen.time, value));
        }
    };
    let join = |latest: &mut Latest, other: Latest| {
        if let Some((time, value)) = other
            && latest.as_ref().is_none_or(|(own, _)| *own < time)
        {
            *latest = Some((time, value));
        }
    };
    let alive = |time: i64| now - time < seconds(&attribute["duration"]);
    let live = fold(history, &on, &join).filter(|(time, _)| alive(*time));
    let Some(backfill) = attribute.get("backfill") else {
        return live.map_or(Value::Null, |(_, value)| value);
    };
    let time = cell(&backfill["timestampIdentifier"]).as_i64();
    let batch = typed(&attribute["dataType"], &cell(&backfill["attributeIdentifier"]));
    let batch = batch.filter(|_| time.is_none_or(alive));
    match (live, batch) {
        (Some((seen, _)), Some(batch)) if time.is_some_and(|time| time > seen) => batch,
        (Some((_, live)), _) => live,
        (None, batch) => batch.unwrap_or_default(),
    }
}

fn step(attribute: &Value, seen: &Seen) -> Option<f64> {
    let increment = &attribute["increment"];
    if increment["type"] == "const" {
        increment["value"].as_f64()
    } else {
        number(column(seen, &increment["value"]))
    }
}

fn total(
    attribute: &Value,
    place: usize,
    history: &[Step],
    cell: &dyn Fn(&Value) -> Value,
    now: i64,
) -> Value {
    type Total = Option<(f64, i64)>;
    let life = seconds(&attribute["duration"]);
    let on = |total: &mut Total, seen: &Seen| {
        let Some(step) = step(attribute, seen).filter(|_| updates(place, seen)) else { return };
        *total = match *total {
            Some((_, last)) if seen.time - last >= life => Some((step, seen.time)),
            Some((sum, last)) if last - seen.time >= life => Some((sum, last)),
            Some((sum, last)) => Some((sum + step, last.max(seen.time))),
            None => Some((step, seen.time)),
        };
    };
    let join = |total: &mut Total, other: Total| {
        *total = match (*total, other) {
            (Some((a, one)), Some((b, two))) => Some((a + b, one.max(two))),
            (one, two) => one.or(two),
        };
    };
    let live = fold(history, &on, &join).filter(|(_, last)| now - last < life).map_or(0.0, |(sum, _)| sum);
    let backfill = attribute.get("backfill");
    let start = backfill.and_then(|backfill| number(&cell(&backfill["attributeIdentifier"])));
    whole(start.unwrap_or(0.0) + live)
}

fn sliding(attribute: &Value, place: usize, history: &[Step], sub: &Value, now: i64) -> Value {
    let subs = attribute["subDurations"].as_array().unwrap();
    let window = subs.iter().find(|known| known["identifier"] == *sub).unwrap_or(&attribute["duration"]);
    let window = seconds(window);
    let on = |sum: &mut f64, seen: &Seen| {
        if updates(place, seen) && now - seen.time < window {
            *sum += step(attribute, seen).unwrap_or(0.0);
        }
    };
    whole(fold(history, &on, &|sum, other| *sum += other))
}

#[derive(Default)]
struct List {
    /// Oldest first.
    items: Vec<(Value, i64, Row)>,
    cleared: Option<i64>,
    deleted: Vec<(String, i64)>,
}

impl List {
    fn put(&mut self, item: (Value, i64, Row)) {
        let id = text(&item.0);
        if self.cleared.is_some_and(|time| time > item.1)
            || self.deleted.iter().any(|(known, time)| *known == id && *time > item.1)
            || self.items.iter().any(|known| text(&known.0) == id && known.1 > item.1)
        {
            return;
        }
        self.deleted.retain(|(known, _)| *known != id);
        self.items.retain(|known| text(&known.0) != id);
        self.items.push(item);
        // Stable: at the same time in order of arrival.
        self.items.sort_by_key(|known| known.1);
    }

    fn delete(&mut self, id: &str, time: i64) {
        self.items.retain(|known| text(&known.0) != id || known.1 > time);
        let before = self.deleted.iter().filter(|(known, _)| known == id).map(|(_, time)| *time).max();
        self.deleted.retain(|(known, _)| known != id);
        self.deleted.push((id.to_owned(), before.map_or(time, |before| before.max(time))));
    }

    fn clear(&mut self, time: i64) {
        self.items.retain(|known| known.1 > time);
        self.deleted.retain(|(_, at)| *at > time);
        self.cleared = self.cleared.max(Some(time));
    }

    fn trim(&mut self, attribute: &Value, now: i64) {
        self.items.retain(|known| now - known.1 < seconds(&attribute["duration"]));
        while self.items.len() > attribute["maxItems"].as_u64().unwrap() as usize {
            self.items.remove(0);
        }
    }
}

fn list(attribute: &Value, place: usize, history: &[Step], now: i64) -> List {
    let on = |list: &mut List, seen: &Seen| {
        let id = column(seen, &attribute["idColumn"]);
        let usable = id.is_number() || id.as_str().is_some_and(|text| !text.is_empty());
        for change in &seen.changes[place] {
            match change {
                Change::Clear => list.clear(seen.time),
                Change::Delete if usable => list.delete(&text(id), seen.time),
                Change::Update if usable => {
                    list.put((id.clone(), seen.time, kept(attribute, seen)));
                    list.trim(attribute, seen.now);
                }
                _ => {}
            }
        }
    };
    let join = |list: &mut List, other: List| {
        if let Some(time) = other.cleared {
            list.clear(time);
        }
        other.items.into_iter().for_each(|item| list.put(item));
        other.deleted.into_iter().for_each(|(id, time)| list.delete(&id, time));
    };
    let mut list = fold(history, &on, &join);
    list.trim(attribute, now);
    list
}

/// The columns that an item keeps: fields and aggregated columns, without its id.
fn kept(attribute: &Value, seen: &Seen) -> Row {
    let aggregated = attribute["aggregations"].as_array().into_iter().flatten().map(|one| &one["column"]);
    let columns = attribute["fields"].as_array().into_iter().flatten().chain(aggregated);
    let columns = columns.filter(|name| **name != attribute["idColumn"]);
    let cells = columns.map(|name| (text(name), column(seen, name).clone()));
    cells.filter(|(_, value)| !value.is_null()).collect()
}

/// A list's items, newest first.
pub fn items(attribute: &Value, place: usize, history: &[Step], now: i64) -> Vec<Value> {
    let items = list(attribute, place, history, now).items.into_iter().rev();
    items.map(|(id, time, fields)| json!({"id": id, "time": time, "fields": fields})).collect()
}

/// The value of a list with these items (newest first), or an aggregation over them.
pub fn of_items(attribute: &Value, items: &[Value], sub: &Value) -> Value {
    let Some(sub) = sub.as_str() else { return items.iter().map(|item| item["id"].clone()).collect() };
    let known = attribute["aggregations"].as_array().unwrap().iter().find(|known| known["identifier"] == sub);
    let known = known.unwrap();
    let cell = |item: &Value| match known["column"] == attribute["idColumn"] {
        true => item["id"].clone(),
        false => item["fields"][&text(&known["column"])].clone(),
    };
    let values: Vec<Value> = items.iter().map(cell).filter(|value| !value.is_null()).collect();
    let numbers = || values.iter().rev().filter_map(number);
    match known["aggregationType"].as_str().unwrap() {
        "first" => values.last().cloned().unwrap_or_default(),
        "last" => values.first().cloned().unwrap_or_default(),
        "sum" => whole(numbers().sum()),
        "min" => numbers().reduce(f64::min).map_or(Value::Null, whole),
        "max" => numbers().reduce(f64::max).map_or(Value::Null, whole),
        _ => {
            let mut distinct: Vec<Value> = Vec::new();
            for value in values {
                if !distinct.contains(&value) {
                    distinct.push(value);
                }
            }
            json!(distinct)
        }
    }
}

//! Lists and counters, event by event. (`single` has its tests beside it.)

mod busy;

use super::*;
use crate::sandbox::engine::names::Names;
use serde_json::json;
use std::sync::Arc;

/// One attribute of one profile.
struct Rig {
    attribute: ProgramAttribute,
    layout: ProfileLayout,
    state: Option<AttributeState>,
}

const FOREVER: i64 = 1_000_000;

impl Rig {
    fn new(spec: Value) -> Self {
        let mut list: Vec<String> = Vec::new();
        let mut attribute = json!({"name": "a", "identifier": "a", "realtimeKeyEventId": "1"});
        attribute.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        let attribute: RealtimeAttribute = serde_json::from_value(attribute).unwrap();
        let attribute = ProgramAttribute::new("7", &attribute, &mut |name| {
            list.push(name.to_owned());
            list.len() - 1
        });
        let layout = ProfileLayout::bind(&Arc::from(list), &mut Names::default());
        Rig { attribute, layout, state: None }
    }

    fn change(&mut self, change: AttributeChange, time: i64, now: i64, event: Value) -> &mut Self {
        let event = event.as_object().unwrap();
        self.attribute.apply(change, &mut self.state, Arrival { event, time, now, layout: &self.layout });
        self
    }

    fn put(&mut self, time: i64, event: Value) -> &mut Self {
        self.change(AttributeChange::Update, time, FOREVER, event)
    }

    fn value(&self, sub: &str, now: i64) -> Value {
        let sub = self.attribute.sub(sub);
        self.attribute.value(sub, self.state.as_ref(), None, now, &self.layout).into_owned()
    }

    fn ids(&self, now: i64) -> Value {
        self.value("", now)
    }
}

fn list(extra: Value) -> Rig {
    let aggregations = ["first", "last", "sum", "min", "max", "distinct_list"]
        .map(|kind| json!({"name": kind, "identifier": kind, "aggregationType": kind, "column": "price"}));
    let mut spec =
        json!({"type": "list", "idColumn": "id", "fields": ["price"], "aggregations": aggregations});
    spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    Rig::new(spec)
}

#[test]
fn a_state_stays_small() {
    assert!(size_of::<Option<AttributeState>>() <= 40, "{}", size_of::<Option<AttributeState>>());
}

#[test]
fn a_known_id_moves_to_its_new_time() {
    let mut rig = list(json!({}));
    rig.put(1, json!({"id": "a"})).put(3, json!({"id": "c"})).put(2, json!({"id": "b"}));
    assert_eq!(rig.ids(FOREVER), json!(["c", "b", "a"]), "newest first, whatever came first");
    rig.put(4, json!({"id": "a"})).put(1, json!({"id": "c"}));
    assert_eq!(rig.ids(FOREVER), json!(["a", "c", "b"]), "a late event of a known id is ignored");
    rig.put(5, json!({"id": 9})).put(6, json!({"id": "9"})).put(7, json!({"id": null})).put(8, json!({}));
    assert_eq!(rig.ids(FOREVER), json!(["9", "a", "c", "b"]), "a number is the text that spells it");
}

#[test]
fn the_oldest_items_go_when_there_are_too_many() {
    let mut rig = list(json!({"maxItems": 2}));
    rig.put(1, json!({"id": "a"})).put(2, json!({"id": "b"})).put(3, json!({"id": "c"}));
    assert_eq!(rig.ids(FOREVER), json!(["c", "b"]));
    rig.put(1, json!({"id": "late"}));
    assert_eq!(rig.ids(FOREVER), json!(["c", "b"]));
    let mut rig = list(json!({}));
    for time in 0..150 {
        rig.put(time, json!({"id": time}));
    }
    assert_eq!(rig.ids(FOREVER).as_array().map(Vec::len), Some(100), "100 when nothing is said");
}

#[test]
fn each_item_lives_its_duration() {
    let mut rig = list(json!({"duration": {"value": 1, "unit": "minute"}}));
    rig.change(AttributeChange::Update, 100, 100, json!({"id": "a", "price": 1}));
    rig.change(AttributeChange::Update, 130, 130, json!({"id": "b", "price": 2}));
    assert_eq!((rig.ids(159), rig.ids(160), rig.ids(190)), (json!(["b", "a"]), json!(["b"]), json!([])));
    assert_eq!(rig.value("sum", 160), json!(2));
    rig.change(AttributeChange::Update, 50, 200, json!({"id": "old"}));
    assert_eq!(rig.ids(200), json!([]));
}

#[test]
fn aggregations_cover_the_live_items() {
    let mut rig = list(json!({}));
    assert_eq!((rig.value("sum", 9), rig.value("min", 9)), (json!(0), Value::Null));
    assert_eq!((rig.value("first", 9), rig.value("distinct_list", 9)), (Value::Null, json!([])));
    for (time, price) in [json!(null), json!("5"), json!(2.5), json!("5"), json!("x")].iter().enumerate() {
        rig.put(time as i64, json!({"id": time, "price": price}));
    }
    for (sub, value) in [
        ("first", json!("5")),
        ("last", json!("x")),
        ("sum", json!(12.5)),
        ("min", json!(2.5)),
        ("max", json!(5)),
        ("distinct_list", json!(["x", "5", 2.5])),
    ] {
        assert_eq!(rig.value(sub, 9), value, "{sub}");
    }
}

#[test]
fn an_aggregation_may_be_over_the_id_column() {
    let mut rig = list(json!({"aggregations": [
        {"name": "ids", "identifier": "ids", "aggregationType": "distinct_list", "column": "id"}]}));
    rig.put(1, json!({"id": "a"})).put(2, json!({"id": "b"}));
    assert_eq!(rig.value("ids", 9), json!(["b", "a"]));
}

#[test]
fn actions_count_by_event_time() {
    let mut rig = list(json!({}));
    rig.put(1, json!({"id": "a"})).put(2, json!({"id": "b"})).put(5, json!({"id": "c"}));
    rig.change(AttributeChange::DeleteItem, 4, FOREVER, json!({"id": "c"}));
    assert_eq!(rig.ids(FOREVER), json!(["c", "b", "a"]), "c was put there later");
    rig.change(AttributeChange::DeleteItem, 4, FOREVER, json!({"id": "b"})).put(3, json!({"id": "b"}));
    assert_eq!(rig.ids(FOREVER), json!(["c", "a"]), "a late event does not bring b back");
    rig.put(6, json!({"id": "b"}));
    assert_eq!(rig.ids(FOREVER), json!(["b", "c", "a"]));
    rig.change(AttributeChange::Clear, 5, FOREVER, json!({}))
        .put(5, json!({"id": "d"}))
        .put(4, json!({"id": "e"}));
    assert_eq!(rig.ids(FOREVER), json!(["b", "d"]));
}

#[test]
fn merged_lists_are_the_union() {
    let (mut one, mut two) = (list(json!({})), list(json!({})));
    one.put(1, json!({"id": "a", "price": 1})).put(4, json!({"id": "b", "price": 1}));
    two.put(2, json!({"id": "a", "price": 2}))
        .put(3, json!({"id": "b", "price": 2}))
        .put(9, json!({"id": "c"}));
    two.change(AttributeChange::Clear, 1, FOREVER, json!({}));
    one.state.as_mut().unwrap().merge(two.state.unwrap());
    assert_eq!(one.ids(FOREVER), json!(["c", "b", "a"]));
    assert_eq!(one.value("distinct_list", FOREVER), json!([1, 2]));
}

fn sliding() -> Rig {
    Rig::new(json!({"type": "counter", "increment": {"type": "const", "value": 1},
        "duration": {"value": 24, "unit": "hour"},
        "subDurations": [{"name": "h", "identifier": "h", "value": 1, "unit": "hour"},
                         {"name": "d", "identifier": "d", "value": 1, "unit": "day"}]}))
}

#[test]
fn a_handful_of_events_is_exact_to_the_second() {
    let mut rig = sliding();
    let times = [1_000, 1_000, 5_000, 3_000, 50_000];
    for time in times {
        rig.change(AttributeChange::Update, time, 50_000, json!({}));
    }
    for now in (50_000..140_000).step_by(7).chain([3_000 + 86_399, 3_000 + 86_400]) {
        let within = |window: i64| times.iter().filter(|time| now - **time < window).count();
        assert_eq!(rig.value("d", now), json!(within(86_400)), "{now}");
        assert_eq!(rig.value("h", now), json!(within(3_600)), "{now}");
        assert_eq!(rig.value("", now), rig.value("d", now));
    }
    rig.change(AttributeChange::Update, 10, 200_000, json!({}));
    assert_eq!(rig.value("d", 86_000), json!(5), "an event older than the window adds nothing");
}

#[test]
fn a_total_is_forgotten_after_its_duration() {
    let mut rig = Rig::new(json!({"type": "counter", "counterType": "total",
        "increment": {"type": "field", "value": "price"}, "duration": {"value": 1, "unit": "minute"}}));
    assert_eq!(rig.value("", 5), json!(0));
    rig.put(100, json!({"price": "2.5"})).put(130, json!({"price": 1})).put(131, json!({"price": "free"}));
    rig.put(120, json!({"price": 1}));
    assert_eq!((rig.value("", 189), rig.value("", 190)), (json!(4.5), json!(0)));
    rig.put(189, json!({"price": 1}));
    assert_eq!(rig.value("", 200), json!(5.5));
    rig.put(100, json!({"price": 50}));
    assert_eq!(rig.value("", 200), json!(5.5), "too late");
    rig.put(249, json!({"price": 7}));
    assert_eq!(rig.value("", 250), json!(7), "starts anew");
}

#[test]
fn a_total_starts_from_the_batch_value() {
    let mut rig = Rig::new(json!({"type": "counter", "counterType": "total",
        "increment": {"type": "const", "value": 2},
        "backfill": {"attributeIdentifier": "orders", "timestampIdentifier": "t"}}));
    rig.put(1, json!({}));
    let row = json!({"orders": "40"});
    let value = rig.attribute.value(None, rig.state.as_ref(), row.as_object(), 5, &rig.layout);
    assert_eq!(*value, json!(42));
}

#[test]
fn a_sliding_counter_without_any_duration_counts_for_good() {
    let mut rig = Rig::new(json!({"type": "counter", "increment": {"type": "const", "value": 1}}));
    rig.put(1, json!({})).put(2, json!({}));
    assert_eq!(rig.value("", i64::MAX), json!(2));
}

#[test]
fn counters_add_when_profiles_merge() {
    let (mut one, mut two) = (sliding(), sliding());
    one.change(AttributeChange::Update, 10, 10, json!({})).change(AttributeChange::Update, 30, 30, json!({}));
    two.change(AttributeChange::Update, 20, 20, json!({})).change(AttributeChange::Update, 30, 30, json!({}));
    one.state.as_mut().unwrap().merge(two.state.unwrap());
    assert_eq!((one.value("h", 30), one.value("h", 3_620)), (json!(4), json!(2)));
}

#[test]
fn a_state_of_another_kind_is_replaced() {
    let mut rig = sliding();
    rig.state = list(json!({})).put(1, json!({"id": "a"})).state.take();
    assert_eq!(rig.value("h", 10), json!(0));
    rig.change(AttributeChange::Update, 10, 10, json!({}));
    assert_eq!(rig.value("h", 10), json!(1));
}

#[test]
fn sums_of_any_times_are_read_as_they_were_written() {
    let pairs = format!("[[{}, 1.0], [-1, 2.5], [5, 3.0], [{}, 4.0]]", i64::MIN, i64::MAX);
    let sums: super::sums::Sums = serde_json::from_str(&pairs).unwrap();
    let written = serde_json::to_string(&sums).unwrap();
    assert_eq!(serde_json::from_str::<super::sums::Sums>(&written).unwrap(), sums, "{written}");
}

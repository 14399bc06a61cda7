//! Random journeys.

use super::{condition, criteria, name, table};
use crate::common::Random;
use serde_json::{Map, Value, json};

const WAITS: [&str; 4] = ["30m", "1h", "2d", "1w"];

/// A journey on the plan's events and attributes.
pub fn journey(random: &mut Random, index: usize, plan: &Value) -> Value {
    let mut journey = Map::new();
    journey.insert("name".into(), json!(name(random, "journey", index)));
    if random.one_in(2) {
        journey.insert("description".into(), json!("what it is for"));
    }
    if random.one_in(2) {
        journey.insert("reentry".into(), json!(random.pick(&["never", "until_goal", "always"])));
    }
    if random.one_in(2) {
        journey.insert("goal".into(), on_event(random, plan));
    }
    match random.one_in(3) {
        false => journey.extend(stage(random, plan, 0)),
        true => {
            let stages: Vec<Value> = (0..1 + random.index(3))
                .map(|index| {
                    let mut stage = stage(random, plan, 100 * index);
                    stage.insert("name".into(), json!(name(random, "stage", index)));
                    Value::Object(stage)
                })
                .collect();
            journey.insert("stages".into(), json!(stages));
        }
    }
    if random.one_in(2) {
        journey.insert("state".into(), json!("launched"));
        if random.one_in(3) {
            journey.insert("paused".into(), json!(true));
        }
    }
    journey.into()
}

fn event(random: &mut Random, plan: &Value) -> Value {
    random.pick(plan["events"].as_array().unwrap()).clone()
}

fn on_event(random: &mut Random, plan: &Value) -> Value {
    let event = event(random, plan);
    if random.one_in(2) {
        return event["name"].clone();
    }
    let (_, texts, numbers) = table(&event);
    json!({"event": event["name"], "where": condition(random, texts, numbers)})
}

fn stage(random: &mut Random, plan: &Value, first: usize) -> Map<String, Value> {
    let mut stage = Map::new();
    let event = event(random, plan);
    stage.insert("trigger_event".into(), event["name"].clone());
    let (_, texts, numbers) = table(&event);
    if random.one_in(3) {
        stage.insert("where".into(), json!(condition(random, texts, numbers)));
    }
    if random.one_in(3) {
        stage.insert("criteria".into(), json!(of_profile(random, plan)));
    }
    if random.one_in(3) {
        stage.insert("exit".into(), json!([{"after": random.pick(&WAITS)}, on_event(random, plan)]));
    }
    if random.one_in(4) {
        stage.insert("milestone".into(), on_event(random, plan));
    }
    let mut made = first;
    stage.insert("steps".into(), steps(random, plan, texts, 2, &mut made));
    stage
}

fn of_profile(random: &mut Random, plan: &Value) -> String {
    let all = plan.get("attributes").and_then(Value::as_array).into_iter().flatten();
    // A later window would be another value, and what is launched is fixed.
    let steady: Vec<Value> = all.filter(|one| one.get("window_duration").is_none()).cloned().collect();
    if steady.is_empty() { String::new() } else { criteria(random, &steady) }
}

fn steps(random: &mut Random, plan: &Value, columns: &[&str], depth: usize, made: &mut usize) -> Value {
    let mut steps = Vec::new();
    for _ in 0..1 + random.index(3) {
        *made += 1;
        let below = |random: &mut Random, made: &mut usize| steps_or_none(random, plan, columns, depth, made);
        steps.push(match random.below(if depth == 0 { 2 } else { 4 }) {
            0 => json!({"wait": random.pick(&WAITS)}),
            1 => json!({
                "activate": "webhook", "name": format!("call {made}"), "url": "http://127.0.0.1:9/in",
                "headers": {"X-A": "it's"}, "body": {"column": format!("{{{{{}}}}}", random.pick(columns)), "n": 1},
            }),
            2 => json!({"decide": [
                {"name": "one", "when": of_decision(random, plan), "steps": below(random, made)},
                {"name": "rest", "otherwise": true, "steps": below(random, made)},
            ]}),
            _ => json!({"ab_test": [
                {"name": "a", "share": 30, "steps": below(random, made)},
                {"name": "b", "share": 60, "steps": below(random, made)},
                {"name": "none", "share": 10, "control": true},
            ]}),
        });
    }
    if random.one_in(4) {
        steps.push(json!("end"));
    }
    // No profile reaches what stands behind an end.
    if let Some(last) = steps.iter().position(ends) {
        steps.truncate(last + 1);
    }
    steps.into()
}

/// Whether every path through a step ends explicitly.
fn ends(step: &Value) -> bool {
    let branches = ["decide", "ab_test"].into_iter().find_map(|key| step.get(key)?.as_array());
    let last = |branch: &Value| branch["steps"].as_array().and_then(|steps| steps.last().map(ends));
    *step == "end" || branches.is_some_and(|branches| branches.iter().all(|one| last(one) == Some(true)))
}

fn steps_or_none(
    random: &mut Random,
    plan: &Value,
    columns: &[&str],
    depth: usize,
    made: &mut usize,
) -> Value {
    match random.one_in(3) {
        true => json!([]),
        false => steps(random, plan, columns, depth - 1, made),
    }
}

/// A branch needs criteria; without attributes, one that holds for no profile.
fn of_decision(random: &mut Random, plan: &Value) -> Value {
    match of_profile(random, plan).as_str() {
        "" => json!({"type": "And", "conditions": []}),
        text => json!(text),
    }
}

/// Changes what can be taken back: of a launched one the description and what it sends.
pub fn edit(random: &mut Random, journey: &mut Value) {
    journey["description"] = json!("edited");
    let launched = journey["state"] == "launched";
    if launched && random.one_in(2) {
        journey["paused"] = json!(journey["paused"] != json!(true));
    }
    if !launched && random.one_in(2) {
        journey["reentry"] = json!("always");
        journey["goal"] = Value::Null;
    }
    send_something_else(journey);
}

fn send_something_else(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(send_something_else),
        Value::Object(map) if map.contains_key("activate") => {
            drop(map.insert("body".into(), json!("edited")))
        }
        Value::Object(map) => map.values_mut().for_each(send_something_else),
        _ => {}
    }
}

//! Rules as the platform has them: written as they were read; every form of one rule decides the same.

use serde_json::{Map, Value, json};
use std::borrow::Cow;
use tdx_rt::plan::criteria::{canonical, parse, render};
use tdx_rt::platform::rule::{Operand, Predicate, Rule};

pub fn check(data: &[u8]) {
    let Ok(json) = serde_json::from_slice::<Value>(data) else { return };
    let rule = Rule::from_json(&json);
    let written = rule.to_json();
    assert_eq!(Rule::from_json(&written), rule, "{written}");
    if let Some(text) = render(&rule, &|_, _| None) {
        let again = parse(&text).expect("what was written can be read").to_column_rule();
        assert_eq!(again, canonical(&rule), "{text}");
    }
    hold(&rule);
}

/// What must hold of every rule.
pub fn hold(rule: &Rule) {
    assert_eq!(Rule::from_json(&rule.to_json()), *rule);
    let (normal, canonical) = (rule.normal(), canonical(rule));
    assert_eq!(normal.normal(), normal, "{rule:?}");
    assert!(rule.same(&canonical), "{rule:?}");
    let compiled = [rule, &normal, &canonical].map(Rule::compile);
    let [Ok(one), Ok(normal), Ok(canonical)] = &compiled else {
        // A rule and its canonical form are refused for the same reasons.
        assert_eq!(compiled[0].is_ok(), compiled[2].is_ok(), "{rule:?}");
        return;
    };
    let operands = rule.operands();
    for row in rows(rule, &operands) {
        let decided = decides(one, &row);
        assert_eq!(decided, decides(canonical, &row), "{rule:?} of {row:?}");
        assert_eq!(decided, decides(normal, &row), "{rule:?} of {row:?}");
    }
}

fn decides(predicate: &Predicate, row: &Map<String, Value>) -> bool {
    predicate.matches(&|operand| row.get(&name(&operand)).map(Cow::Borrowed))
}

fn name(operand: &Operand<'_>) -> String {
    match operand {
        Operand::Column(column) => (*column).to_owned(),
        Operand::Attribute { id, sub } => format!("{id}/{}", sub.unwrap_or_default()),
    }
}

/// Rows in which the left sides have the values that the rule compares with, and others.
fn rows(rule: &Rule, operands: &[Operand<'_>]) -> Vec<Map<String, Value>> {
    let mut values = vec![Value::Null, json!(""), json!("a"), json!(0), json!(-1.5), json!(true), json!([1])];
    compared(rule, &mut values);
    values.truncate(12);
    let all = values.iter().map(|value| operands.iter().map(|o| (name(o), value.clone())).collect());
    let mixed = operands
        .iter()
        .enumerate()
        .map(|(place, o)| (name(o), values[place % values.len()].clone()))
        .collect();
    all.chain([mixed, Map::new()]).collect()
}

fn compared(rule: &Rule, values: &mut Vec<Value>) {
    match rule {
        Rule::And(rules) | Rule::Or(rules) => rules.iter().for_each(|rule| compared(rule, values)),
        Rule::Column { operator, .. } | Rule::Attribute { operator, .. } => match &operator.right {
            Value::Array(several) => values.extend(several.iter().take(2).cloned()),
            one => values.push(one.clone()),
        },
        Rule::Other(_) => {}
    }
}

//! Rules that mean the same have one form, and rules with one form decide alike.

use super::super::{Operand, OperatorKind};
use super::*;
use proptest::prelude::*;
use serde_json::json;
use std::borrow::Cow;

fn scalar() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!("a"),
        json!("b"),
        json!("10"),
        json!("10.0"),
        json!(10),
        json!(10.0),
        json!(-0.0),
        json!(0),
        json!(2.5),
        json!(9_007_199_254_740_993_i64),
        json!(9_007_199_254_740_992.0),
        json!(true),
    ])
}

fn operator() -> impl Strategy<Value = Operator> {
    let kinds = prop::sample::select(OperatorKind::ALL.to_vec());
    let values = prop::collection::vec(scalar(), 0..4);
    let pattern = prop::sample::select(vec!["a", "^1", "."]);
    (any::<bool>(), kinds, scalar(), values, pattern).prop_map(|(not, kind, one, all, pattern)| {
        let right = match kind {
            OperatorKind::IsNull => Value::Null,
            OperatorKind::In => Value::Array(all),
            OperatorKind::Regexp => pattern.into(),
            _ => one,
        };
        Operator { kind, not, right }
    })
}

fn leaf() -> impl Strategy<Value = Rule> {
    let sub = prop::sample::select(vec![None, Some("last")]);
    (prop::sample::select(vec!["x", "y"]), sub, any::<bool>(), operator()).prop_map(
        |(name, sub, column, operator)| match column {
            true => Rule::Column { column: name.into(), operator },
            false => Rule::Attribute { id: name.into(), sub: sub.map(str::to_owned), operator },
        },
    )
}

fn rules() -> impl Strategy<Value = Rule> {
    leaf().prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Rule::And),
            prop::collection::vec(inner, 0..4).prop_map(Rule::Or),
        ]
    })
}

/// The rule in other words: each choice is a bit of `seed`.
fn rewritten(rule: &Rule, seed: &mut u64) -> Rule {
    let mut flip = || {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *seed >> 40 & 1 == 1
    };
    let (nests, swaps, repeats, wraps) = (flip(), flip(), flip(), flip());
    let group = |and: bool, rules: Vec<Rule>| if and { Rule::And(rules) } else { Rule::Or(rules) };
    let found = match rule {
        Rule::And(inner) | Rule::Or(inner) => {
            let and = matches!(rule, Rule::And(_));
            let mut inner: Vec<Rule> = inner.iter().map(|rule| rewritten(rule, seed)).collect();
            if swaps {
                inner.reverse();
            }
            if repeats {
                inner.extend(inner.first().cloned());
            }
            if nests && inner.len() > 2 {
                let rest = inner.split_off(1);
                inner.push(group(and, rest));
            }
            group(and, inner)
        }
        Rule::Column { column, operator } => {
            rephrased(operator, repeats, swaps, &|operator| Rule::Column { column: column.clone(), operator })
        }
        Rule::Attribute { id, sub, operator } => rephrased(operator, repeats, swaps, &|operator| {
            Rule::Attribute { id: id.clone(), sub: sub.clone(), operator }
        }),
        other => other.clone(),
    };
    if wraps { group(swaps, vec![found]) } else { found }
}

/// A condition in other words.
fn rephrased(operator: &Operator, apart: bool, swap: bool, make: &dyn Fn(Operator) -> Rule) -> Rule {
    let with = |kind, right| make(Operator { kind, not: operator.not, right });
    let other_form = |value: &Value| match value {
        Value::Number(number) if number.as_i64() == Some(10) => json!(1e1),
        Value::Number(number) if number.is_f64() && number.as_f64() == Some(10.0) => json!(10),
        other => other.clone(),
    };
    match (&operator.right, operator.kind) {
        (Value::Array(items), OperatorKind::In) if apart && !items.is_empty() => {
            let each: Vec<Rule> = items.iter().map(|item| with(OperatorKind::Equal, item.clone())).collect();
            if operator.not { Rule::And(each) } else { Rule::Or(each) }
        }
        (Value::Array(items), OperatorKind::In) => {
            let mut items: Vec<Value> = items.iter().map(other_form).collect();
            if swap {
                items.reverse();
            }
            with(OperatorKind::In, items.into())
        }
        (right, OperatorKind::Equal) if apart => with(OperatorKind::In, json!([right, right])),
        (right, kind) => with(kind, other_form(right)),
    }
}

/// The rule with another condition in the place of one of its own.
fn with_leaf(rule: &Rule, at: &mut usize, leaf: &Rule) -> Rule {
    let mut each = |rules: &[Rule]| rules.iter().map(|rule| with_leaf(rule, at, leaf)).collect();
    match rule {
        Rule::And(rules) => Rule::And(each(rules)),
        Rule::Or(rules) => Rule::Or(each(rules)),
        _ if *at == 0 => {
            *at = usize::MAX;
            leaf.clone()
        }
        other => {
            *at -= 1;
            other.clone()
        }
    }
}

fn row() -> impl Strategy<Value = Value> {
    let value = || {
        prop_oneof![
            3 => scalar(),
            2 => Just(Value::Null),
            1 => prop::collection::vec(scalar(), 0..3).prop_map(Value::Array),
            1 => Just(json!(9_007_199_254_740_992_i64)),
        ]
    };
    prop::collection::vec(value(), 6).prop_map(Value::Array)
}

fn decides(rule: &Rule, row: &Value) -> bool {
    rule.compile().unwrap().matches(&|operand| {
        let place = match operand {
            Operand::Column(name) => usize::from(name == "y"),
            Operand::Attribute { id, sub } => 2 + usize::from(id == "y") + 2 * usize::from(sub.is_some()),
        };
        row.get(place).filter(|value| !value.is_null()).map(Cow::Borrowed)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn equivalent_rewritings_are_the_same_and_decide_alike(
        rule in rules(), mut seed in any::<u64>(), rows in prop::collection::vec(row(), 8),
    ) {
        let other = rewritten(&rule, &mut seed);
        prop_assert!(rule.same(&other), "{:?}\n{:?}", rule.normal(), other.normal());
        prop_assert!(Rule::from_json(&other.to_json()).same(&rule));
        let normal = rule.normal();
        prop_assert_eq!(&normal.normal(), &normal);
        for row in &rows {
            prop_assert_eq!(decides(&rule, row), decides(&other, row), "{}", row);
            prop_assert_eq!(decides(&rule, row), decides(&normal, row), "{}", row);
        }
    }

    #[test]
    fn rules_that_decide_differently_are_not_the_same(
        a in rules(), b in rules(), rows in prop::collection::vec(row(), 24),
    ) {
        if rows.iter().any(|row| decides(&a, row) != decides(&b, row)) {
            prop_assert!(!a.same(&b), "{:?}", a.normal());
        }
    }

    #[test]
    fn a_rule_with_one_condition_changed_that_decides_differently_is_not_the_same(
        rule in rules(), other in leaf(), at in 0..8_usize, rows in prop::collection::vec(row(), 24),
    ) {
        let changed = with_leaf(&rule, &mut at.clone(), &other);
        if rows.iter().any(|row| decides(&rule, row) != decides(&changed, row)) {
            prop_assert!(!rule.same(&changed), "{:?}", rule.normal());
        }
    }
}

#[test]
fn what_decides_differently_about_null_or_text_is_not_the_same() {
    let column = |operator: Value| json!({"type": "Column", "column": "x", "operator": operator});
    let test = |kind: &str, right: Value, not: bool| {
        Rule::from_json(&column(json!({"type": kind, "rightValue": right, "not": not})))
    };
    for (a, b) in [
        (test("GreaterThan", json!(5), true), test("LessEqual", json!(5), false)),
        (test("LessThan", json!(5), false), test("GreaterThanOrEqual", json!(5), true)),
        (test("Equal", json!("10"), false), test("Equal", json!(10), false)),
        (test("Equal", json!("10"), false), test("Equal", json!("10.0"), false)),
        (test("In", json!(["a"]), true), test("In", json!(["a"]), false)),
        (Rule::Or(vec![]), Rule::And(vec![])),
        (
            test("Equal", json!(9_007_199_254_740_992_i64), false),
            test("Equal", json!(9_007_199_254_740_992.0), false),
        ),
    ] {
        assert!(!a.same(&b), "{a:?} {b:?}");
    }
    // The spellings of the CDP segment rules.
    assert!(test("NotEqual", json!(5.0), false).same(&test("Equal", json!(5), true)));
    assert!(test("Greater", json!(5), false).same(&test("GreaterThan", json!(5), false)));
}

#[test]
fn forms_that_are_not_known_are_compared_as_they_stand_in_groups_in_any_order() {
    let known = json!({"type": "Column", "column": "x", "operator": {"type": "IsNull", "not": true}});
    let later = |z: i64| json!({"type": "Later", "z": z, "inner": {"a": 1, "b": 2}});
    let turned = json!({"inner": {"b": 2, "a": 1}, "z": 1, "type": "Later"});
    let group = |rules: Value| Rule::from_json(&json!({"type": "And", "conditions": rules}));
    let one = group(json!([known, later(1)]));
    assert!(one.same(&group(json!([{"type": "Or", "conditions": [turned]}, known]))));
    assert!(one.same(&Rule::And(vec![Rule::Other(later(1)), Rule::from_json(&known)])));
    assert!(!one.same(&group(json!([known, later(2)]))));
    assert!(!one.same(&group(json!([known]))));
}

#[test]
fn configuration_is_compared_with_its_rules_by_meaning() {
    let test = |right: Value| {
        json!({"type": "RealtimeAttribute", "realtimeAttributeId": "1",
            "operator": {"type": "GreaterThan", "rightValue": right, "not": false}})
    };
    let section = |rule: Value, filters: Value| {
        json!([{"name": "a", "order": [1.0, 2],
            "entryCriteria": {"profileCriteria": rule, "keyEventCriteria": {"keyEventFilters": filters}}}])
    };
    let everything = json!({"type": "And", "conditions": []});
    let one = section(test(json!(10)), everything);
    let two = section(json!({"type": "Or", "conditions": [test(json!(10.0))]}), json!({}));
    assert_eq!(by_meaning(&one), by_meaning(&two));
    assert_ne!(by_meaning(&one), by_meaning(&section(test(json!(11)), Value::Null)));
    assert_ne!(by_meaning(&json!({"order": [1]})), by_meaning(&json!({"order": [2]})));
}

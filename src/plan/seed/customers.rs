//! Made-up customers: for each condition on batch attributes one who fulfils it, where that is simple.

use crate::platform::rule::{Operand, Operator, OperatorKind, Rule, number, text};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// So many customers are made at the most, but for the one of whom nothing is known.
const MOST: usize = 20;

/// Values by the name of a batch attribute.
pub(super) type Customer = Map<String, Value>;

/// Customers that fulfil one rule each, without repetitions. `column` is the batch attribute that an
/// attribute imports.
pub(super) fn fulfilling(rules: &[Rule], column: &dyn Fn(&str) -> Option<String>) -> Vec<Customer> {
    let mut found: Vec<Customer> = Vec::new();
    for customer in rules.iter().filter_map(|rule| values(rule, column)) {
        if !customer.is_empty() && !found.contains(&customer) && found.len() < MOST {
            found.push(customer);
        }
    }
    if found.is_empty() {
        found.push(Customer::new());
    }
    found
}

/// Values of batch attributes that fulfil a rule as far as it speaks of them; `None` where none is found.
fn values(rule: &Rule, column: &dyn Fn(&str) -> Option<String>) -> Option<Customer> {
    match rule {
        Rule::And(rules) => {
            let mut all = Customer::new();
            for one in rules.iter().map(|rule| values(rule, column)) {
                for (name, value) in one? {
                    let fits = |value: &Value| fulfils(rules, &name, value, column);
                    match all.get(&name) {
                        Some(known) if fits(known) => {}
                        Some(_) if !fits(&value) => return None,
                        _ => drop(all.insert(name, value)),
                    }
                }
            }
            Some(all)
        }
        Rule::Or(rules) => rules.iter().find_map(|rule| values(rule, column)),
        Rule::Attribute { id, operator, .. } => match column(id) {
            Some(name) => Some(Customer::from_iter([(name, value(operator)?)])),
            None => Some(Customer::new()),
        },
        Rule::Column { .. } | Rule::Other(_) => Some(Customer::new()),
    }
}

/// Whether a value fulfils the conditions on its batch attribute that stand in a group itself.
fn fulfils(rules: &[Rule], name: &str, value: &Value, column: &dyn Fn(&str) -> Option<String>) -> bool {
    let is_on =
        |rule: &&Rule| matches!(rule, Rule::Attribute { id, .. } if column(id).as_deref() == Some(name));
    let get = |_: Operand<'_>| Some(Cow::Borrowed(value));
    rules.iter().filter(is_on).all(|rule| rule.compile().is_ok_and(|rule| rule.matches(&get)))
}

/// A value that fulfils a condition.
fn value(operator: &Operator) -> Option<Value> {
    let right = &operator.right;
    let moved = |by: f64| number(right).map(|number| whole(number + by));
    match (operator.kind, operator.not) {
        (OperatorKind::IsNull, false) => Some(Value::Null),
        (OperatorKind::IsNull, true) => Some("known".into()),
        (OperatorKind::Equal, false) => Some(right.clone()),
        (OperatorKind::Equal, true) => Some(other_than(std::slice::from_ref(right))),
        (OperatorKind::In, false) => right.get(0).cloned(),
        (OperatorKind::In, true) => right.as_array().map(|items| other_than(items)),
        (OperatorKind::GreaterThan, false) | (OperatorKind::LessThanOrEqual, true) => moved(1.0),
        (OperatorKind::LessThan, false) | (OperatorKind::GreaterThanOrEqual, true) => moved(-1.0),
        (OperatorKind::GreaterThanOrEqual, false) | (OperatorKind::LessThan, true) => Some(right.clone()),
        (OperatorKind::LessThanOrEqual, false) | (OperatorKind::GreaterThan, true) => Some(right.clone()),
        (OperatorKind::Regexp, false) => literal(&text(right)),
        (OperatorKind::Regexp, true) => None,
    }
}

/// A number as JSON, without `.0`.
fn whole(number: f64) -> Value {
    // Larger ones are no longer exact.
    let exact = number.fract() == 0.0 && number.abs() < 9e15;
    if exact { json!(number as i64) } else { json!(number) }
}

/// A value that is none of these.
fn other_than(items: &[Value]) -> Value {
    let numbers: Vec<f64> = items.iter().filter(|item| item.is_number()).filter_map(number).collect();
    match numbers.len() == items.len() {
        true => whole(numbers.into_iter().fold(0.0, f64::max) + 1.0),
        false => format!("not {}", items.first().map(text).unwrap_or_default()).into(),
    }
}

/// The string of a pattern without any special characters but the anchors.
fn literal(pattern: &str) -> Option<Value> {
    // A `LIKE` has its dots match line ends, too.
    let pattern = pattern.strip_prefix("(?s)").unwrap_or(pattern);
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let plain = !inner.contains(|c: char| r"\.+*?()|[]{}^$".contains(c));
    plain.then(|| inner.into())
}

/// A value in the form that a column of this type takes. What has none is unknown.
pub(super) fn fitted(kind: &str, value: &Value) -> Value {
    if value.is_null() {
        return Value::Null;
    }
    match kind {
        "string" => text(value).into(),
        "int" | "long" | "bigint" => number(value).map_or(Value::Null, |number| json!(number.ceil() as i64)),
        "double" | "float" | "number" => number(value).map_or(Value::Null, whole),
        "boolean" if !value.is_boolean() => Value::Null,
        "array<string>" => json!([text(value)]),
        kind if kind.starts_with("array<") => {
            number(value).map_or(json!([]), |number| json!([whole(number)]))
        }
        _ => value.clone(),
    }
}

/// A placeholder for what is not asked for, of the customer of this number.
pub(super) fn sample(kind: &str, name: &str, number: usize) -> Value {
    match kind {
        "string" | "array<string>" => fitted(kind, &format!("{name} {number}").into()),
        "boolean" => true.into(),
        kind => fitted(kind, &json!(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::criteria::{RuleOperand, parse};

    fn of(text: &str) -> Option<Value> {
        let operand = |name: &str| Ok(RuleOperand::Attribute { id: name.to_owned(), sub: None });
        let rule = parse(text).unwrap().to_rule(&mut { operand }).unwrap();
        values(&rule, &|name| (!name.starts_with("rt_")).then(|| name.to_owned())).map(Value::Object)
    }

    #[test]
    fn a_customer_fulfils_what_is_asked_of_batch_attributes() {
        for (text, wanted) in [
            ("tier = 'VIP'", json!({"tier": "VIP"})),
            ("tier = 'VIP' AND rt_views > 3", json!({"tier": "VIP"})),
            ("points > 5 AND points <= 100", json!({"points": 6})),
            ("points <= 100 AND points > 5", json!({"points": 100})),
            ("tier IN ('a', 'b') OR points > 5", json!({"tier": "a"})),
            ("NOT (tier = 'VIP')", json!({"tier": "not VIP"})),
            ("points NOT IN (1, 2)", json!({"points": 3})),
            ("points >= 1.5", json!({"points": 1.5})),
            ("points < 0", json!({"points": -1})),
            ("city LIKE 'Tokyo'", json!({"city": "Tokyo"})),
            ("city IS NULL AND tier IS NOT NULL", json!({"city": null, "tier": "known"})),
            ("", json!({})),
        ] {
            assert_eq!(of(text), Some(wanted), "{text}");
        }
        for none in ["points > 5 AND points < 3", "city REGEXP '^a+(b|c)$'", "tier = 'a' AND tier = 'b'"] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn values_take_the_form_of_their_column() {
        for (kind, value, wanted) in [
            ("string", json!(3), json!("3")),
            ("long", json!("x"), json!(null)),
            ("long", json!(2.5), json!(3)),
            ("double", json!("2.5"), json!(2.5)),
            ("array<string>", json!("a"), json!(["a"])),
            ("array<double>", json!("a"), json!([])),
            ("boolean", json!("yes"), json!(null)),
            ("string", json!(null), json!(null)),
        ] {
            assert_eq!(fitted(kind, &value), wanted, "{kind} {value}");
        }
    }
}

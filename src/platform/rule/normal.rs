//! When two rules mean the same.
//!
//! [`Rule::normal`] is one form among those that mean the same: it is for comparing, never for
//! writing. Groups are plain sets (order, nesting and repetition say nothing), a list of values is
//! a set as well, and a number is its value however it is written. A negation stays at its
//! comparison: `NOT x > 5` is not `x <= 5`, because a missing value decides otherwise.

use super::{Operator, OperatorKind, Rule, read};
use serde_json::{Map, Value};

/// The fields of the wire that hold a rule.
pub const RULES: [&str; 3] = ["filterRule", "profileCriteria", "keyEventFilters"];
/// Whole numbers below this are the same number as a double: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Rule {
    /// Whether both take the same events or profiles, as far as their forms show it.
    pub fn same(&self, other: &Rule) -> bool {
        self == other || self.normal() == other.normal()
    }

    /// The form in which rules are compared. Rules with the same form always decide alike.
    pub fn normal(&self) -> Rule {
        match self {
            Rule::And(rules) => group(true, rules.iter().map(Rule::normal)),
            Rule::Or(rules) => group(false, rules.iter().map(Rule::normal)),
            Rule::Column { column, operator } => {
                Rule::Column { column: column.clone(), operator: operator.normal() }
            }
            Rule::Attribute { id, sub, operator } => {
                Rule::Attribute { id: id.clone(), sub: sub.clone(), operator: operator.normal() }
            }
            Rule::Other(value) => opened(value),
        }
    }
}

impl Operator {
    fn normal(&self) -> Operator {
        let plain = |kind, right| Operator { kind, not: self.not, right };
        match (self.kind, &self.right) {
            (OperatorKind::In, Value::Array(items)) => one_of(self.not, items.iter().map(number).collect()),
            (kind, right) => plain(kind, number(right)),
        }
    }
}

/// Configuration in which every rule stands in its normal form; a rule that takes everything is
/// `null`. Two things of the account whose forms are equal are configured alike.
pub fn by_meaning(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(by_meaning).collect(),
        Value::Object(map) => Value::Object(fields_by_meaning(map)),
        other => other.clone(),
    }
}

/// [`by_meaning`] of a thing's fields.
pub fn fields_by_meaning(fields: &Map<String, Value>) -> Map<String, Value> {
    let one = |(key, value): (&String, &Value)| {
        let value = match RULES.contains(&key.as_str()) {
            true => Some(Rule::from_json(value).normal())
                .filter(|rule| !rule.is_everything())
                .map_or(Value::Null, |rule| rule.to_json()),
            false => by_meaning(value),
        };
        (key.clone(), value)
    };
    fields.iter().map(one).collect()
}

/// A rule of a form that is not known: its groups are still groups.
fn opened(value: &Value) -> Rule {
    let conditions = |map: &Map<String, Value>| {
        let and = match map.get("type")?.as_str()? {
            "And" => true,
            "Or" => false,
            _ => return None,
        };
        let inner = map.get("conditions")?.as_array().filter(|_| map.len() == 2)?;
        let one = |inner: &Value| read(inner, 0).unwrap_or_else(|| Rule::Other(inner.clone())).normal();
        Some(group(and, inner.iter().map(one)))
    };
    value.as_object().and_then(conditions).unwrap_or_else(|| {
        let mut value = value.clone();
        value.sort_all_objects();
        Rule::Other(value)
    })
}

/// A group of rules in their normal form.
fn group(and: bool, rules: impl Iterator<Item = Rule>) -> Rule {
    let make = |rules| if and { Rule::And(rules) } else { Rule::Or(rules) };
    let mut flat = Vec::new();
    for rule in rules {
        match rule {
            Rule::And(inner) if and => flat.extend(inner),
            Rule::Or(inner) if !and => flat.extend(inner),
            // Nothing in an And leaves nothing, everything in an Or leaves everything.
            Rule::And(inner) | Rule::Or(inner) if inner.is_empty() => {
                return if and { Rule::Or(inner) } else { Rule::And(inner) };
            }
            other => flat.push(other),
        }
    }
    let mut flat = joined(flat, and);
    flat.sort_by_cached_key(|rule| rule.to_json().to_string());
    flat.dedup();
    match flat.len() {
        1 => flat.swap_remove(0),
        _ => make(flat),
    }
}

/// `x = 'a' OR x = 'b'` as `x IN ('a', 'b')`, and in an `And` the same of the negated ones.
fn joined(rules: Vec<Rule>, and: bool) -> Vec<Rule> {
    let mut joined: Vec<Rule> = Vec::with_capacity(rules.len());
    for rule in rules {
        let same = |there: &&mut Rule| values(there, and).is_some() && operand(there) == operand(&rule);
        let added = values(&rule, and);
        match added.and_then(|added| Some((added, joined.iter_mut().find(same)?))) {
            Some((added, there)) => {
                let mut all = values(there, and).unwrap_or_default();
                all.extend(added);
                if let Rule::Column { operator, .. } | Rule::Attribute { operator, .. } = there {
                    *operator = one_of(and, all);
                }
            }
            None => joined.push(rule),
        }
    }
    joined
}

fn operand(rule: &Rule) -> Option<super::Operand<'_>> {
    rule.operands().first().copied()
}

/// The values of which one is asked for, of a condition that is negated or not.
fn values(rule: &Rule, not: bool) -> Option<Vec<Value>> {
    let (Rule::Column { operator, .. } | Rule::Attribute { operator, .. }) = rule else { return None };
    match (operator.kind, &operator.right) {
        _ if operator.not != not => None,
        (OperatorKind::In, Value::Array(items)) => Some(items.clone()),
        (OperatorKind::Equal, Value::String(_) | Value::Number(_) | Value::Bool(_)) => {
            Some(vec![operator.right.clone()])
        }
        _ => None,
    }
}

/// One of these values: each once and in order, a single one by `Equal`.
fn one_of(not: bool, mut values: Vec<Value>) -> Operator {
    values.sort_by_cached_key(Value::to_string);
    values.dedup();
    match values.as_slice() {
        [one @ (Value::String(_) | Value::Number(_) | Value::Bool(_))] => {
            Operator { kind: OperatorKind::Equal, not, right: one.clone() }
        }
        _ => Operator { kind: OperatorKind::In, not, right: Value::Array(values) },
    }
}

/// A number as the whole number that it is, where a comparison cannot distinguish them.
fn number(value: &Value) -> Value {
    match value.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        Some(double) if value.is_f64() && double.fract() == 0.0 && double.abs() < EXACT => {
            Value::from(double as i64)
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests;

//! What rules mean: compiled once, then asked whether they hold.

use super::{Operator, OperatorKind, Rule};
use crate::platform::pattern::Pattern;
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

impl Rule {
    /// Checks the rule and compiles its patterns, so that matching never fails.
    pub fn compile(&self) -> Result<Predicate, RuleError> {
        Ok(Predicate(match self {
            Rule::And(rules) => Node::And(compile_all(rules)?),
            Rule::Or(rules) => Node::Or(compile_all(rules)?),
            Rule::Column { column, operator } => {
                Node::Test(OwnedOperand::Column(column.clone()), Test::compile(operator)?)
            }
            Rule::Attribute { id, sub, operator } => Node::Test(
                OwnedOperand::Attribute { id: id.clone(), sub: sub.clone() },
                Test::compile(operator)?,
            ),
            Rule::Other(value) => return Err(RuleError::Unknown(excerpt(value))),
        }))
    }
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A form or operator that is not documented.
    #[error("unknown rule {0}")]
    Unknown(String),
    /// A pattern that does not compile.
    #[error("the pattern '{pattern}' is not valid: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A right side of the wrong type.
    #[error("the operator {operator} needs {needs} on its right side, not {found}")]
    RightValue {
        /// Wire spelling of the operator.
        operator: &'static str,
        /// What it needs.
        needs: &'static str,
        /// What was given.
        found: String,
    },
}

/// The left side of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operand<'a> {
    /// A column of the event.
    Column(&'a str),
    /// An attribute of the profile.
    Attribute {
        /// `realtimeAttributeId`.
        id: &'a str,
        /// `subAttributeIdentifier`.
        sub: Option<&'a str>,
    },
}

#[derive(Debug, Clone)]
enum OwnedOperand {
    Column(String),
    Attribute { id: String, sub: Option<String> },
}

impl OwnedOperand {
    fn as_ref(&self) -> Operand<'_> {
        match self {
            OwnedOperand::Column(column) => Operand::Column(column),
            OwnedOperand::Attribute { id, sub } => Operand::Attribute { id, sub: sub.as_deref() },
        }
    }
}

/// A compiled rule.
#[derive(Debug, Clone)]
pub struct Predicate(Node);

#[derive(Debug, Clone)]
enum Node {
    And(Vec<Predicate>),
    Or(Vec<Predicate>),
    Test(OwnedOperand, Test),
}

impl Predicate {
    /// Whether the rule holds. `get` finds the left sides; `None` and `null` are missing.
    pub fn matches<'v, F>(&self, get: &F) -> bool
    where
        F: Fn(Operand<'_>) -> Option<Cow<'v, Value>>,
    {
        match &self.0 {
            Node::And(all) => all.iter().all(|p| p.matches(get)),
            Node::Or(any) => any.iter().any(|p| p.matches(get)),
            Node::Test(operand, test) => test.holds(get(operand.as_ref()).as_deref()),
        }
    }
}

fn compile_all(rules: &[Rule]) -> Result<Vec<Predicate>, RuleError> {
    rules.iter().map(Rule::compile).collect()
}

#[derive(Debug, Clone)]
struct Test {
    check: Check,
    not: bool,
}

#[derive(Debug, Clone)]
enum Check {
    IsNull,
    Equal(Value),
    In(Vec<Value>),
    Order(Value, fn(Ordering) -> bool),
    Regexp(Pattern),
}

impl Test {
    fn compile(operator: &Operator) -> Result<Self, RuleError> {
        let right = &operator.right;
        let wrong =
            |needs| RuleError::RightValue { operator: operator.kind.as_str(), needs, found: excerpt(right) };
        let scalar = |needs| match right {
            Value::String(_) | Value::Number(_) | Value::Bool(_) => Ok(right.clone()),
            _ => Err(wrong(needs)),
        };
        let order = |holds| Ok(Check::Order(scalar("a number or a string")?, holds));
        let check = match operator.kind {
            OperatorKind::IsNull => Check::IsNull,
            OperatorKind::Equal => Check::Equal(scalar("a string, a number or a boolean")?),
            OperatorKind::GreaterThan => order(Ordering::is_gt)?,
            OperatorKind::LessThan => order(Ordering::is_lt)?,
            OperatorKind::GreaterThanOrEqual => order(Ordering::is_ge)?,
            OperatorKind::LessThanOrEqual => order(Ordering::is_le)?,
            OperatorKind::In => match right {
                Value::Array(values) => Check::In(values.clone()),
                _ => return Err(wrong("a list")),
            },
            OperatorKind::Regexp => {
                let pattern = right.as_str().ok_or_else(|| wrong("a pattern"))?;
                Check::Regexp(
                    Pattern::new(pattern)
                        .map_err(|reason| RuleError::Pattern { pattern: pattern.to_owned(), reason })?,
                )
            }
        };
        Ok(Test { check, not: operator.not })
    }

    fn holds(&self, left: Option<&Value>) -> bool {
        let Some(left) = left.filter(|value| !value.is_null()) else {
            return matches!(self.check, Check::IsNull) && !self.not;
        };
        let found = match &self.check {
            Check::IsNull => false,
            Check::Equal(right) => equal(left, right),
            Check::In(rights) => rights.iter().any(|right| equal(left, right)),
            Check::Order(right, holds) => match compare(left, right) {
                Some(order) => holds(order),
                // Not comparable: neither the comparison nor its negation holds.
                None => return false,
            },
            Check::Regexp(pattern) => pattern.is_match(&text(left)),
        };
        found != self.not
    }
}

/// Equality as the platform's rules mean it: numbers by value, a number also equals a string that
/// spells it, a list equals what one of its items equals (our choice for list attributes).
pub fn equal(left: &Value, right: &Value) -> bool {
    match left {
        Value::Array(items) => items.iter().any(|item| equal(item, right)),
        _ => compare(left, right) == Some(Ordering::Equal),
    }
}

/// Order of two values: numbers by value when both sides are or spell numbers and at least one is
/// a number, strings by code point otherwise. `None` when they have no order.
pub fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (integer(left), integer(right)) {
        return Some(left.cmp(&right));
    }
    if left.is_number() || right.is_number() {
        return number(left)?.partial_cmp(&number(right)?);
    }
    match (left, right) {
        (Value::Array(_) | Value::Object(_) | Value::Null, _) => None,
        (_, Value::Array(_) | Value::Object(_) | Value::Null) => None,
        _ => Some(text(left).cmp(&text(right))),
    }
}

/// The whole number that a JSON number is: ids beyond 2^53 differ although their doubles don't.
fn integer(value: &Value) -> Option<i128> {
    let number = value.as_number()?;
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

/// The number that a value is or spells.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}

/// A value as text: a string as it is, anything else as JSON.
pub fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

fn excerpt(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn holds(rule: Value, event: Value) -> bool {
        let predicate = Rule::from_json(&rule).compile().unwrap();
        predicate.matches(&|operand| match operand {
            Operand::Column(column) => event.get(column).map(Cow::Borrowed),
            Operand::Attribute { .. } => None,
        })
    }

    fn column(operator: Value) -> Value {
        json!({"type": "Column", "column": "x", "operator": operator})
    }

    #[test]
    fn operators_mean_what_the_console_says() {
        for (operator, yes, no) in [
            (json!({"type": "Equal", "rightValue": "VIP", "not": false}), json!("VIP"), json!("vip")),
            (json!({"type": "Equal", "rightValue": 5}), json!("5"), json!(6)),
            (json!({"type": "NotEqual", "rightValue": 5}), json!(6), json!(5)),
            (json!({"type": "GreaterThan", "rightValue": 100, "not": false}), json!(100.5), json!("99")),
            (json!({"type": "Greater", "rightValue": 100, "not": true}), json!(1), json!(101)),
            (json!({"type": "LessEqual", "rightValue": 3}), json!(3), json!(4)),
            (json!({"type": "Regexp", "rightValue": "^/product"}), json!("/product/1"), json!("/cart")),
            (json!({"type": "In", "rightValue": ["a", 2]}), json!(2), json!("b")),
            (json!({"type": "Equal", "rightValue": "b"}), json!(["a", "b"]), json!(["a"])),
            (json!({"type": "IsNull", "not": true}), json!("x"), Value::Null),
            (
                json!({"type": "Equal", "rightValue": 9_007_199_254_740_993_i64}),
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992_i64),
            ),
        ] {
            assert!(holds(column(operator.clone()), json!({"x": yes})), "{operator} on {yes}");
            assert!(!holds(column(operator.clone()), json!({"x": no})), "{operator} on {no}");
        }
    }

    #[test]
    fn a_missing_value_fulfils_nothing_but_is_null() {
        for not in [true, false] {
            let rule = column(json!({"type": "Equal", "rightValue": "a", "not": not}));
            assert!(!holds(rule, json!({})), "not: {not}");
        }
        assert!(holds(column(json!({"type": "IsNull", "not": false})), json!({"x": null})));
        assert!(holds(json!({}), json!({})), "an empty rule takes everything");
    }

    #[test]
    fn what_is_not_understood_is_kept_word_for_word() {
        let odd = json!({"type": "And", "conditions": [{"type": "Future", "z": 1}]});
        let rule = Rule::from_json(&odd);
        assert_eq!(rule, Rule::Other(odd.clone()));
        assert_eq!(rule.to_json(), odd);
        assert!(matches!(rule.compile(), Err(RuleError::Unknown(_))));
    }

    #[test]
    fn wrong_right_sides_are_refused() {
        for operator in [
            json!({"type": "Regexp", "rightValue": "("}),
            json!({"type": "In", "rightValue": "a"}),
            json!({"type": "GreaterThan", "rightValue": null}),
        ] {
            assert!(Rule::from_json(&column(operator.clone())).compile().is_err(), "{operator}");
        }
    }
}

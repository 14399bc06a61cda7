//! Choices for made-up configurations: from a list of numbers, so that a failure shrinks.

use crate::platform::rule::{Operator, OperatorKind, Rule};
use crate::platform::wire::{Backfill, DurationSetting, DurationUnit, KeyEvent};
use serde_json::{Value, json};
use std::collections::HashSet;

pub const ODD: [&str; 44] = [
    "plain",
    "b",
    "a.b",
    "a",
    "items",
    "a.items",
    "page view",
    "it's",
    "say \"hi\"",
    "AND",
    "or",
    "404",
    "1e3",
    "true",
    "null",
    "Größe",
    "日本",
    "x`y",
    "-",
    " lead",
    "trail ",
    "-1.5",
    "a: b",
    "# no",
    "[x]",
    "*y",
    "&z",
    "~",
    "yes",
    "<b",
    "a>b",
    "2024-01-01",
    "0x1F",
    ".5",
    "'",
    "\"",
    "\\",
    "tab\tx",
    "a\nb",
    "%",
    "!x",
    "none",
    "{k: v}",
    "a.window_24h",
];

/// Choices, taken one by one; when there are none left, the first of everything.
pub struct Tape(pub std::vec::IntoIter<u16>);

impl Tape {
    pub fn below(&mut self, n: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % n
    }

    pub fn maybe(&mut self) -> bool {
        self.below(3) == 1
    }

    pub fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub fn odd(&mut self) -> String {
        (*self.of(&ODD)).to_owned()
    }

    pub fn text(&mut self) -> Option<String> {
        match self.below(4) {
            0 | 1 => None,
            2 => Some(self.odd()),
            _ => Some(String::new()),
        }
    }

    /// Different names.
    pub fn names(&mut self, most: usize) -> Vec<String> {
        let mut seen = HashSet::new();
        let count = self.below(most + 1);
        (0..count).map(|_| self.odd()).filter(|name| seen.insert(name.clone())).collect()
    }

    pub fn length(&mut self) -> DurationSetting {
        let unit = *self.of(&[DurationUnit::Hour, DurationUnit::Day, DurationUnit::Minute]);
        let value = *self.of(&[24, 1, 7, 30, 90, 60, 1440]);
        DurationSetting { value, unit }
    }

    pub fn flag(&mut self) -> Option<bool> {
        *self.of(&[None, Some(true), Some(false)])
    }

    pub fn backfill(&mut self) -> Option<Backfill> {
        let (a, b) = (self.odd(), self.odd());
        self.maybe().then_some(Backfill { attribute_identifier: a, timestamp_identifier: b })
    }

    fn value(&mut self) -> Value {
        match self.below(5) {
            0 => self.odd().into(),
            1 => json!(self.below(2000)),
            2 => json!(*self.of(&[-1.5, 1e300, 0.1, -0.0])),
            3 => json!(i64::MIN),
            _ => self.maybe().into(),
        }
    }

    pub fn operator(&mut self) -> Operator {
        let kind = *self.of(&OperatorKind::ALL);
        let right = match kind {
            OperatorKind::IsNull => Value::Null,
            OperatorKind::In => (0..self.below(4)).map(|_| self.value()).collect(),
            OperatorKind::Regexp => {
                json!(*self.of(&["^/p", "(?s)^a.*b$", "(?s)^100\\.\\.\\.$", "(?=x)", "it's"]))
            }
            _ => self.value(),
        };
        Operator { kind, not: self.maybe(), right }
    }

    pub fn rule(&mut self, leaf: &mut dyn FnMut(&mut Tape) -> Rule) -> Rule {
        if self.below(3) == 0 {
            return Rule::everything();
        }
        let rule = self.tree(3, leaf);
        // As it comes from the platform: a form that is not known makes the whole unknown.
        Rule::from_json(&rule.to_json())
    }

    fn tree(&mut self, depth: usize, leaf: &mut dyn FnMut(&mut Tape) -> Rule) -> Rule {
        match self.below(if depth == 0 { 5 } else { 9 }) {
            4 if depth < 3 && self.below(6) == 5 => Rule::Other(json!({"type": "Future", "z": [1, null]})),
            0..=4 => leaf(self),
            kind => {
                let rules = (0..self.below(4)).map(|_| self.tree(depth - 1, leaf)).collect();
                if kind % 2 == 0 { Rule::And(rules) } else { Rule::Or(rules) }
            }
        }
    }

    pub fn filter(&mut self) -> Rule {
        self.rule(&mut |tape| Rule::Column { column: tape.odd(), operator: tape.operator() })
    }
}

/// One of the key events.
pub fn event_id(tape: &mut Tape, events: &[KeyEvent]) -> String {
    tape.of(events).id.clone().unwrap()
}

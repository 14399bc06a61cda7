//! From text to a tree that knows where its parts stand.

use super::finding::{Finding, Severity};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{MessageFormatter, Spanned, UserMessageFormatter};
use std::collections::HashMap;
use std::fmt;

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 100;

/// 1-based line and column by JSON pointer.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions {
    pub(super) values: HashMap<String, (usize, usize)>,
    pub(super) keys: HashMap<String, (usize, usize)>,
}

/// Reads YAML within a budget that no honest plan comes near. Errors have their place.
pub(super) fn read_yaml(text: &str) -> Result<(Value, Positions), Box<Finding>> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        strict_indentation: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_documents: 1,
            max_depth: MAX_DEPTH,
            max_nodes: 100_000,
            max_events: 400_000,
            max_aliases: 1_000,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 100_000 },
    };
    let tree: Tree =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| Box::new(syntax(text, &error)))?;
    let mut positions = Positions::default();
    let value = tree.into_value(String::new(), &mut positions);
    Ok((value, positions))
}

/// In our words where serde-saphyr's speak of its options, with an excerpt below.
fn syntax(text: &str, error: &serde_saphyr::Error) -> Finding {
    let position = error.location().map(|at| (number(at.line()), number(at.column())));
    let inner = error.without_snippet();
    let (code, message) = match inner {
        serde_saphyr::Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or("?");
            ("duplicate-key", format!("the key '{key}' occurs twice"))
        }
        serde_saphyr::Error::Budget { breach: BudgetBreach::Documents { .. }, .. } => {
            ("bad-syntax", "a plan is one document, and a second one starts here".to_owned())
        }
        serde_saphyr::Error::Budget { .. } => {
            ("bad-syntax", "the text is too large, too deep or repeats too much for a plan".to_owned())
        }
        other => ("bad-syntax", UserMessageFormatter.format_message(other).into_owned()),
    };
    let excerpt = position.and_then(|(line, column)| excerpt(text, line, column)).unwrap_or_default();
    Finding::new(code, Severity::Error, "", message + &excerpt).with_position(position)
}

/// The line with a caret under the column (both 1-based), on lines of their own.
fn excerpt(text: &str, line: usize, column: usize) -> Option<String> {
    let source = text.lines().nth(line.checked_sub(1)?)?;
    let before = column.saturating_sub(1);
    // Long lines are cut around the place.
    let skip = before.saturating_sub(60);
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let shown: String = source.chars().skip(skip).take(100).map(visible).collect();
    Some(format!("\n  {}\n  {}^", shown.trim_end(), " ".repeat(before - skip)))
}

fn number(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// A tree whose parts know where they stand.
enum Tree {
    Scalar(Value),
    List(Vec<Spanned<Tree>>),
    Map(Vec<(Spanned<String>, Spanned<Tree>)>),
}

impl Tree {
    fn into_value(self, pointer: String, positions: &mut Positions) -> Value {
        match self {
            Tree::Scalar(value) => value,
            Tree::List(items) => Value::Array(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| item_value(item, format!("{pointer}/{index}"), positions))
                    .collect(),
            ),
            Tree::Map(entries) => Value::Object(
                entries
                    .into_iter()
                    .map(|(key, item)| {
                        let pointer = format!("{pointer}/{}", escape(&key.value));
                        positions.keys.insert(pointer.clone(), place(&key));
                        let value = item_value(item, pointer, positions);
                        (key.value, value)
                    })
                    .collect(),
            ),
        }
    }
}

fn item_value(item: Spanned<Tree>, pointer: String, positions: &mut Positions) -> Value {
    positions.values.insert(pointer.clone(), place(&item));
    item.value.into_value(pointer, positions)
}

/// A key as a part of a JSON pointer.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn place<T>(spanned: &Spanned<T>) -> (usize, usize) {
    (number(spanned.referenced.line()), number(spanned.referenced.column()))
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Scalar(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Tree::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Map(entries))
    }
}

/// A JSON value without duplicate keys, which `serde_json` itself lets the last one win.
pub(super) struct Unique(pub(super) Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Unique)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Unique(item)) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Unique(value))) = access.next_entry::<String, Unique>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("duplicate key '{key}'")));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

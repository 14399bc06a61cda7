//! From text to a tree that knows where its parts stand.

use super::finding::{Finding, Severity};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::options::NonFiniteFloatPolicy;
use serde_saphyr::{MessageFormatter, Spanned, UserMessageFormatter};
use std::collections::HashMap;
use std::fmt;

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 100;

/// The most documents of one stream.
const MAX_DOCUMENTS: usize = 100;

/// Where something stands in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextPlace {
    /// 1-based line.
    pub(super) line: usize,
    /// 1-based column in characters.
    pub(super) column: usize,
    /// First byte; a list or mapping in flow style starts at its bracket, one in block style at its
    /// first item.
    pub(super) start: Option<usize>,
    /// Bytes of a scalar with its quotes, 1 for a bracket, 0 for a block.
    pub(super) len: usize,
    /// Line and column of where it is written: the anchor's, for an alias.
    pub(super) written: (usize, usize),
    /// Whether it is written elsewhere, and named here by `*alias` or `<<`.
    pub(super) aliased: bool,
}

/// Places by JSON pointer. In a stream of several documents, the first part of a pointer is the
/// document's index.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions {
    pub(super) values: HashMap<String, TextPlace>,
    pub(super) keys: HashMap<String, TextPlace>,
    /// Numbers and booleans as they are written, where that is not how JSON writes them.
    pub(super) written: HashMap<String, String>,
}

/// A text as it is read, before anything is made of it.
#[derive(Debug)]
pub(super) struct ReadText {
    /// What it holds; empty documents of a stream are left out.
    pub(super) documents: Vec<Value>,
    /// Where the parts stand.
    pub(super) positions: Positions,
}

/// Reads YAML within a budget that no honest plan comes near. Errors have their place.
pub(super) fn read_yaml(text: &str) -> Result<ReadText, Box<Finding>> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        strict_indentation: true,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_documents: MAX_DOCUMENTS,
            max_depth: MAX_DEPTH,
            max_nodes: 100_000,
            max_events: 400_000,
            max_aliases: 1_000,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 100_000 },
    };
    let trees: Vec<Spanned<Tree>> = serde_saphyr::from_multiple_with_options(text, options)
        .map_err(|error| Box::new(syntax(text, &error)))?;
    let mut positions = Positions::default();
    let stream = trees.len() > 1;
    let documents = trees
        .into_iter()
        .enumerate()
        .map(|(index, tree)| {
            let pointer = if stream { format!("/{index}") } else { String::new() };
            positions.add(text, tree, pointer)
        })
        .collect();
    Ok(ReadText { documents, positions })
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
            ("bad-syntax", format!("a plan has at most {MAX_DOCUMENTS} documents"))
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
    let (source, caret) = source_line(text, line, column)?;
    Some(format!("\n  {source}\n  {caret}"))
}

/// A line of the text, and a line with a caret under the column (both 1-based). Long lines are cut
/// around the place.
pub fn source_line(text: &str, line: usize, column: usize) -> Option<(String, String)> {
    let source = text.lines().nth(line.checked_sub(1)?)?;
    let before = column.saturating_sub(1);
    let skip = before.saturating_sub(60);
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let shown: String = source.chars().skip(skip).take(100).map(visible).collect();
    Some((shown.trim_end().to_owned(), format!("{}^", " ".repeat(before.min(60)))))
}

fn number(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// A tree whose parts know where they stand.
enum Tree {
    Scalar(Value),
    /// A number that JSON has none for: infinite, or not a number.
    NoNumber(f64),
    List(Vec<Spanned<Tree>>),
    Map(Vec<(Spanned<String>, Spanned<Tree>)>),
}

impl Positions {
    /// Notes where an item and its parts stand in the text, and makes a value of it.
    fn add(&mut self, text: &str, item: Spanned<Tree>, pointer: String) -> Value {
        self.values.insert(pointer.clone(), place(&item));
        let span = item.defined.span();
        let scalar = || {
            let start = number(span.byte_offset()?);
            let written = text.get(start..)?.get(..number(span.byte_len()?))?;
            // One with a tag, such as `!!int "5"`, may have quotes.
            Some(written.trim_matches(['"', '\'']))
        };
        match item.value {
            Tree::Scalar(value @ (Value::Number(_) | Value::Bool(_))) => {
                let printed = value.to_string();
                let written = scalar().filter(|written| *written != printed);
                self.written.extend(written.map(|written| (pointer, written.to_owned())));
                value
            }
            Tree::Scalar(value) => value,
            // It can be no more than a string.
            Tree::NoNumber(value) => scalar().map_or_else(|| value.to_string().into(), Value::from),
            Tree::List(items) => {
                let items = items.into_iter().enumerate();
                items.map(|(index, item)| self.add(text, item, format!("{pointer}/{index}"))).collect()
            }
            Tree::Map(entries) => {
                let entries = entries.into_iter().map(|(key, item)| {
                    let pointer = format!("{pointer}/{}", escape(&key.value));
                    self.keys.insert(pointer.clone(), place(&key));
                    let value = self.add(text, item, pointer);
                    (key.value, value)
                });
                Value::Object(entries.collect())
            }
        }
    }
}

/// A key as a part of a JSON pointer.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn place<T>(spanned: &Spanned<T>) -> TextPlace {
    let at = spanned.referenced;
    TextPlace {
        line: number(at.line()),
        column: number(at.column()),
        start: at.span().byte_offset().map(number),
        len: at.span().byte_len().map_or(0, number),
        written: (number(spanned.defined.line()), number(spanned.defined.column())),
        aliased: at != spanned.defined,
    }
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
        Ok(if value.is_finite() { Tree::Scalar(value.into()) } else { Tree::NoNumber(value) })
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

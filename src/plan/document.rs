//! The document as text: YAML or JSON in, a tree with positions out.

use super::dialect::{self, Body, Layout};
use super::finding::{Finding, PlanError, Severity};
use super::model::Plan;
use super::scalar;
use super::tree::{Place, Positions, Unique, escape, read_yaml};
use crate::platform::limits::values;
use serde_json::{Map, Value};
use std::sync::{Arc, OnceLock};

/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 5_000_000;
/// The most values of a JSON text, so that any text is read within 256 MB of memory. Of YAML, fewer nodes are
/// read: see [`read_yaml`].
pub const MAX_VALUES: usize = 400_000;

/// A plan document: its tree, where it came from, and where its parts stand in the text.
#[derive(Debug, Clone)]
pub struct Document {
    /// The tree, in the one form that everything else reads.
    pub root: Map<String, Value>,
    /// File name, `stdin` or `flags`.
    pub origin: String,
    text: Option<Arc<str>>,
    positions: OnceLock<Positions>,
    layout: Layout,
    findings: Vec<Finding>,
    body: Option<Body>,
    settled: bool,
}

/// Scalars as they are written in a text.
pub(super) struct Written<'t> {
    text: Option<&'t str>,
    positions: &'t OnceLock<Positions>,
}

impl Written<'_> {
    /// The characters of the number or boolean at a pointer into the text; `None` where they
    /// cannot be had, as in JSON that is too large to be read again for its places.
    pub(super) fn get(&self, pointer: &str, value: &Value) -> Option<String> {
        let json = self.positions.get().is_none();
        // JSON has one form for whole numbers.
        if json && (value.is_i64() || value.is_u64() || value.is_boolean()) {
            return Some(value.to_string());
        }
        let positions = read_positions(self.positions, self.text);
        if let Some(written) = positions.written.get(pointer) {
            return Some(written.clone());
        }
        positions.values.contains_key(pointer).then(|| value.to_string())
    }
}

/// JSON is read without positions; they are looked up when they are needed.
fn read_positions<'p>(positions: &'p OnceLock<Positions>, text: Option<&str>) -> &'p Positions {
    positions.get_or_init(|| {
        let read = text.and_then(|text| read_yaml(text).ok());
        read.map(|source| source.positions).unwrap_or_default()
    })
}

impl Document {
    /// Reads YAML, of which JSON is a part; a text that starts with `{` is tried as JSON first, for
    /// exact numbers and speed. A byte order mark is dropped. Several YAML documents become one, and
    /// other dialects become ours. Errors: a text that is neither (with line, column and an
    /// excerpt), a duplicate key, an alias bomb, a root that is no mapping, more than [`MAX_BYTES`] or
    /// [`MAX_VALUES`].
    pub fn parse(text: &str, origin: &str) -> Result<Document, PlanError> {
        Document::check_size(text, origin)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_start().starts_with('{')
            && let Ok(Unique(Value::Object(root))) = serde_json::from_str(text)
        {
            return Ok(Document::read(vec![root], origin, text, OnceLock::new()));
        }
        let source = read_yaml(text).map_err(|finding| single(origin, with_lines_hint(text, *finding)))?;
        let positions = OnceLock::from(source.positions);
        let stream = source.documents.len() > 1;
        let mut roots = Vec::with_capacity(source.documents.len());
        for (index, value) in source.documents.into_iter().enumerate() {
            match value {
                Value::Object(root) => roots.push(root),
                other if stream => {
                    let pointer = format!("/{index}");
                    let place = positions.get().and_then(|all| all.values.get(&pointer)).map(line_and_column);
                    let finding = not_a_mapping(&other).at(&pointer, true).with_position(place);
                    return Err(single(origin, finding));
                }
                other => return Err(single(origin, not_a_mapping(&other))),
            }
        }
        if roots.is_empty() {
            return Err(single(origin, not_a_mapping(&Value::Null)));
        }
        Ok(Document::read(roots, origin, text, positions))
    }

    /// An error where a text is larger than any plan.
    pub fn check_size(text: &str, origin: &str) -> Result<(), PlanError> {
        let most = match text.trim_start().starts_with(['{', '[']) {
            _ if text.len() > MAX_BYTES => format!("{} MB", MAX_BYTES / 1_000_000),
            true if values(text.as_bytes()) > MAX_VALUES => format!("{MAX_VALUES} values"),
            _ => return Ok(()),
        };
        let message = format!("a plan has at most {most}, this is larger");
        Err(single(origin, Finding::new("too-large", Severity::Error, "", message)))
    }

    /// A document that was never text, for example one made from flags.
    pub fn from_root(root: Map<String, Value>, origin: impl Into<String>) -> Document {
        let origin = origin.into();
        Document {
            root,
            origin,
            text: None,
            positions: OnceLock::new(),
            layout: Layout::default(),
            findings: Vec::new(),
            body: None,
            settled: true,
        }
    }

    fn read(
        roots: Vec<Map<String, Value>>,
        origin: &str,
        text: &str,
        positions: OnceLock<Positions>,
    ) -> Document {
        let canonical = dialect::canonical(roots, &Written { text: Some(text), positions: &positions });
        let mut document = Document {
            text: Some(Arc::from(text)),
            positions,
            layout: canonical.layout,
            findings: canonical.findings,
            body: canonical.body,
            settled: canonical.body.is_some(),
            ..Document::from_root(canonical.root, origin)
        };
        if !document.settled {
            document.settle();
        }
        document
    }

    /// Numbers become strings where the plan's model reads a string, with the characters that are written.
    /// Done once, before a step adds items and pointers move.
    fn settle(&mut self) {
        let (texts, findings) = Plan::texts(self);
        for (pointer, text) in texts {
            if let Some(value) = pointer_mut(&mut self.root, &pointer) {
                *value = Value::String(text);
            }
        }
        for finding in findings {
            let pointer = self.layout.source(&finding.pointer);
            self.findings.push(Finding { pointer, ..finding });
        }
        self.settled = true;
    }

    /// The value of a key at the root, in which each number that prints in other characters than it was
    /// written in is a string of those: for input that is no plan, where nothing says what is a string.
    pub fn as_written(&self, key: &str) -> Option<Value> {
        let mut value = self.root.get(key)?.clone();
        let written = Written { text: self.text.as_deref(), positions: &self.positions };
        keep_characters(&mut value, &format!("/{}", escape(key)), &written);
        Some(value)
    }

    /// The characters of a number or boolean of the tree, as they are written.
    pub(super) fn written(&self, pointer: &str, value: &Value) -> Option<String> {
        if self.settled {
            return Some(value.to_string());
        }
        let written = Written { text: self.text.as_deref(), positions: &self.positions };
        written.get(&self.layout.source(pointer), value)
    }

    /// Whether strings have the characters that are written; before, they are being looked for.
    pub(super) fn is_settled(&self) -> bool {
        self.settled
    }

    /// The body of which request this is, when it is no plan.
    pub fn body(&self) -> Option<Body> {
        self.body
    }

    /// What its dialect got wrong, with places.
    pub(super) fn dialect_findings(&self) -> impl Iterator<Item = Finding> + '_ {
        self.findings.iter().map(|finding| {
            let place = self.nearest(&finding.pointer);
            finding.clone().at(&finding.pointer, self.layout.stream).with_position(place)
        })
    }

    /// A finding about the tree as one about the text.
    pub(super) fn sourced(&self, finding: Finding) -> Finding {
        let pointer = self.layout.source(&finding.pointer);
        finding.at(&pointer, self.layout.stream)
    }

    /// The same with the place in the text that it is about.
    pub fn placed(&self, finding: Finding) -> Finding {
        let text = self.value(&finding.pointer).and_then(Value::as_str);
        let position = match (finding.offset, text) {
            (Some(offset), Some(text)) => self.position_in(&finding.pointer, text, offset),
            _ => self.nearest_position(&finding.pointer),
        };
        self.sourced(finding).with_position(position)
    }

    /// The value that `pointer` names.
    pub fn value(&self, pointer: &str) -> Option<&Value> {
        let (key, rest) = match pointer.get(1..)?.split_once('/') {
            Some((key, _)) => (key, pointer.get(1 + key.len()..)?),
            None => (pointer.get(1..)?, ""),
        };
        self.root.get(&key.replace("~1", "/").replace("~0", "~"))?.pointer(rest)
    }

    /// Whether the mapping at a pointer has any of these keys; the empty pointer is the document itself.
    pub fn says(&self, at: &str, keys: &[&str]) -> bool {
        let item = if at.is_empty() { Some(&self.root) } else { self.value(at).and_then(Value::as_object) };
        item.is_some_and(|item| keys.iter().any(|key| item.contains_key(*key)))
    }

    /// Where the value stands that `pointer` names: 1-based line and column in characters. `None`
    /// when it is not in the text.
    pub fn position(&self, pointer: &str) -> Option<(usize, usize)> {
        self.positions().values.get(&self.layout.source(pointer)).map(line_and_column)
    }

    /// Where the key stands whose value `pointer` names.
    pub fn key_position(&self, pointer: &str) -> Option<(usize, usize)> {
        self.positions().keys.get(&self.layout.source(pointer)).map(line_and_column)
    }

    /// The place of a pointer into the text, or of its nearest ancestor that exists.
    pub(super) fn nearest(&self, source: &str) -> Option<(usize, usize)> {
        let mut pointer = source;
        loop {
            match (self.positions().values.get(pointer), pointer.rsplit_once('/')) {
                (Some(place), _) => return Some(line_and_column(place)),
                (None, Some((parent, _))) => pointer = parent,
                (None, None) => return None,
            }
        }
    }

    /// The place of a value, or of the nearest that it is in.
    pub(super) fn nearest_position(&self, pointer: &str) -> Option<(usize, usize)> {
        self.nearest(&self.layout.source(pointer))
    }

    /// Where the byte `offset` of the text stands that the scalar at `pointer` holds, also where the
    /// scalar is folded or named by an alias; where that is not known, the scalar's own position.
    pub(super) fn position_in(&self, pointer: &str, text: &str, offset: usize) -> Option<(usize, usize)> {
        if let Some(source) = self.layout.source_in(pointer, offset) {
            return self.nearest(source);
        }
        let place = self.positions().values.get(&self.layout.source(pointer))?;
        let inner = self.text.as_deref().and_then(|all| scalar::place(all, place.written, text, offset));
        Some(inner.unwrap_or((place.line, place.column)))
    }

    fn positions(&self) -> &Positions {
        read_positions(&self.positions, self.text.as_deref())
    }
}

/// The value that a JSON pointer names.
fn pointer_mut<'v>(root: &'v mut Map<String, Value>, pointer: &str) -> Option<&'v mut Value> {
    let inner = pointer.strip_prefix('/')?;
    let (key, rest) = inner.find('/').map_or((inner, ""), |at| inner.split_at(at));
    root.get_mut(&key.replace("~1", "/").replace("~0", "~"))?.pointer_mut(rest)
}

/// One JSON document a line is no YAML; the fix says what is.
fn with_lines_hint(text: &str, finding: Finding) -> Finding {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_document = |line: &str| serde_json::from_str::<Map<String, Value>>(line).is_ok();
    if lines.clone().count() < 2 || !lines.all(is_document) {
        return finding;
    }
    finding.with_fix(Some("several documents are separated by lines of '---'".into()))
}

fn line_and_column(place: &Place) -> (usize, usize) {
    (place.line, place.column)
}

fn keep_characters(value: &mut Value, at: &str, written: &Written<'_>) {
    match value {
        Value::Number(_) => {
            let printed = value.to_string();
            if let Some(text) = written.get(at, value).filter(|text| *text != printed) {
                *value = Value::String(text);
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .for_each(|(index, item)| keep_characters(item, &format!("{at}/{index}"), written)),
        Value::Object(map) => map
            .iter_mut()
            .for_each(|(key, item)| keep_characters(item, &format!("{at}/{}", escape(key)), written)),
        _ => {}
    }
}

fn single(origin: &str, finding: Finding) -> PlanError {
    PlanError { origin: origin.to_owned(), findings: vec![finding] }
}

fn not_a_mapping(value: &Value) -> Finding {
    let found = match value {
        Value::Null => "nothing",
        Value::Array(_) => "a list",
        Value::String(_) => "a string",
        _ => "a single value",
    };
    Finding::new(
        "not-a-mapping",
        Severity::Error,
        "",
        format!("a plan is a mapping of keys, this is {found}"),
    )
    .with_position(Some((1, 1)))
    .with_fix(Some("start with, for example, 'parent_segment_id: \"1234\"'".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_keys_know_their_place() {
        let text = "\u{feff}parent_segment_id: 42\nevents:\n  - name: page_view\n    filter: {field: td_path, pattern: '^/a'}\n";
        let document = Document::parse(text, "plan.yaml").unwrap();
        assert_eq!(document.root["parent_segment_id"], "42");
        assert_eq!(document.position("/parent_segment_id"), Some((1, 20)));
        assert_eq!(document.position("/events/0/name"), Some((3, 11)));
        assert_eq!(document.key_position("/events/0/filter"), Some((4, 5)));
        assert_eq!(document.position("/events/0/filter/pattern"), Some((4, 39)));
        assert_eq!(document.position("/nothing"), None);
    }

    #[test]
    fn json_is_read_exactly_and_has_positions_too() {
        let document =
            Document::parse("{\n  \"id\": 9007199254740993,\n  \"a\": [1, {\"b\": null}]\n}", "p.json")
                .unwrap();
        assert_eq!(document.root["id"].as_u64(), Some(9_007_199_254_740_993));
        assert_eq!(document.position("/a/1/b"), Some((3, 18)));
    }

    #[test]
    fn spellings_are_kept() {
        let text = "a: 007\nb: no\nc: 0755\nd: 1.50\ne: ~\nf: 'x'\n";
        let document = Document::parse(text, "p").unwrap();
        let root = serde_json::to_string(&document.root).unwrap();
        assert_eq!(root, r#"{"a":"007","b":"no","c":"0755","d":1.5,"e":null,"f":"x"}"#);
    }

    #[test]
    fn wrong_texts_are_refused_with_their_place() {
        for (text, code, place) in [
            ("a: 1\nb: [1\n", "bad-syntax", true),
            ("a: 1\nb:\n  c: 1\n  c: 2\n", "duplicate-key", true),
            ("{\"a\": 1, \"a\": 2}", "duplicate-key", true),
            ("- a\n", "not-a-mapping", true),
            ("", "not-a-mapping", true),
            ("# only a comment\n", "not-a-mapping", true),
            ("text", "not-a-mapping", true),
            ("{\"a\": ", "bad-syntax", true),
            ("a: 1\n---\n- b\n", "not-a-mapping", true),
            ("a: 1\n---\nb: [\n", "bad-syntax", true),
        ] {
            let error = Document::parse(text, "p.yaml").unwrap_err();
            let finding = &error.findings[0];
            assert_eq!((finding.code, finding.line.is_some()), (code, place), "{text:?}: {error}");
        }
    }

    #[test]
    fn alias_bombs_are_refused() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let row = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{row}]\n"));
        }
        assert!(Document::parse(&text, "p").is_err());
        assert!(Document::parse(&format!("a: {}", "[".repeat(100_000)), "p").is_err());
        assert!(Document::parse(&format!("{{\"a\": {}", "[".repeat(100_000)), "p").is_err());
    }

    #[test]
    fn a_place_inside_a_scalar_is_found() {
        let text = "a: 'x = ''y'' AND'\nb: |\n  x =\n  y z\nc: \"q\\\"w\"\nd: >\n  folded\n";
        let document = Document::parse(text, "p").unwrap();
        let at = |pointer: &str, offset| {
            document.position_in(pointer, document.root[&pointer[1..]].as_str().unwrap(), offset)
        };
        assert_eq!(at("/a", 8), Some((1, 15)));
        assert_eq!(at("/b", 6), Some((4, 5)));
        assert_eq!(at("/c", 2), Some((5, 8)));
        assert_eq!(at("/d", 2), Some((7, 5)));
    }

    #[test]
    fn a_place_inside_a_folded_or_aliased_scalar_is_found() {
        let text = "a: one two\n   three\nb: 'it''s\n  four'\nc: >-\n\n  five six\n  seven\n\n  eight\nd: |2\n   in\n  out\n\
e: \"x\\ty\\\n  z\"\nf: {k: &k 'one two'}\ng: *k\nh: {<<: {m: nine ten}}\ni: >  # folded\n  \"q r\" = s\n";
        let document = Document::parse(text, "p").unwrap();
        for (pointer, word, place) in [
            ("/a", "three", (2, 4)),
            ("/b", "s", (3, 9)),
            ("/b", "four", (4, 3)),
            ("/c", "six", (7, 8)),
            ("/c", "seven", (8, 3)),
            ("/c", "eight", (10, 3)),
            ("/d", "in", (12, 4)),
            ("/d", "out", (13, 3)),
            ("/e", "y", (14, 8)),
            ("/e", "z", (15, 3)),
            ("/f/k", "two", (16, 16)),
            ("/g", "two", (16, 16)),
            ("/h/m", "ten", (18, 18)),
            ("/i", "s", (20, 11)),
        ] {
            let scalar = document.value(pointer).unwrap().as_str().unwrap();
            let found = document.position_in(pointer, scalar, scalar.find(word).unwrap());
            assert_eq!(found, Some(place), "{pointer} {word} in {scalar:?}");
        }
    }

    #[test]
    fn anchors_and_merge_keys_work() {
        let text = "x-base: &base {table: t, database: d}\nevents:\n  - {<<: *base, name: a}\n";
        let document = Document::parse(text, "p").unwrap();
        assert_eq!(document.root["events"][0]["table"], "t");
    }
}

//! The document: a tree, and where its parts stand in the text that it was read from.

use super::dialect::{RequestBody, SourceLayout};
use super::finding::Finding;
use super::scalar;
use super::tree::{Positions, TextPlace, escape};
use super::written::{AsWritten, keep_characters, read_positions};
use serde_json::{Map, Value};
use std::sync::{Arc, OnceLock};

/// A plan document: its tree, where it came from, and where its parts stand in the text.
#[derive(Debug, Clone)]
pub struct Document {
    /// The tree, in the one form that everything else reads.
    pub root: Map<String, Value>,
    /// File name, `stdin` or `flags`.
    pub origin: String,
    pub(super) text: Option<Arc<str>>,
    pub(super) positions: OnceLock<Positions>,
    pub(super) layout: SourceLayout,
    pub(super) findings: Vec<Finding>,
    pub(super) body: Option<RequestBody>,
    pub(super) settled: bool,
}

impl Document {
    /// A document that was never text, for example one made from flags.
    pub fn from_root(root: Map<String, Value>, origin: impl Into<String>) -> Document {
        let origin = origin.into();
        Document {
            root,
            origin,
            text: None,
            positions: OnceLock::new(),
            layout: SourceLayout::default(),
            findings: Vec::new(),
            body: None,
            settled: true,
        }
    }

    /// The value of a key at the root, in which each number that prints in other characters than it was
    /// written in is a string of those: for input that is no plan, where nothing says what is a string.
    pub fn as_written(&self, key: &str) -> Option<Value> {
        let mut value = self.root.get(key)?.clone();
        let written = AsWritten { text: self.text.as_deref(), positions: &self.positions };
        keep_characters(&mut value, &format!("/{}", escape(key)), &written);
        Some(value)
    }

    /// The characters of a number or boolean of the tree, as they are written.
    pub(super) fn written(&self, pointer: &str, value: &Value) -> Option<String> {
        if self.settled {
            return Some(value.to_string());
        }
        let written = AsWritten { text: self.text.as_deref(), positions: &self.positions };
        written.get(&self.layout.source(pointer), value)
    }

    /// Whether strings have the characters that are written; before, they are being looked for.
    pub(super) fn is_settled(&self) -> bool {
        self.settled
    }

    /// The body of which request this is, when it is no plan.
    pub fn body(&self) -> Option<RequestBody> {
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
        let inner = pointer.get(1..)?;
        let (key, rest) = inner.split_at_checked(inner.find('/').unwrap_or(inner.len()))?;
        self.root.get(&key.replace("~1", "/").replace("~0", "~"))?.pointer(rest)
    }

    /// Whether the mapping at a pointer has any of these keys; the empty pointer is the document itself.
    pub fn gives(&self, at: &str, keys: &[&str]) -> bool {
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

pub(super) fn line_and_column(place: &TextPlace) -> (usize, usize) {
    (place.line, place.column)
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

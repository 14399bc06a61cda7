//! Which part of the text a part of the canonical tree comes from.

use std::collections::HashMap;
use std::ops::Range;

/// Pointers of the canonical tree and what they are in the text.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct SourceLayout {
    /// Whether the text is a stream of several documents: the first part of a pointer into the text
    /// is then the document's index.
    pub(in crate::plan) stream: bool,
    places: HashMap<String, String>,
    spans: HashMap<String, Vec<(Range<usize>, String)>>,
}

impl SourceLayout {
    /// A layout whose root stands at `at`; everything in it keeps its place.
    pub(super) fn rooted(at: String) -> Self {
        SourceLayout { places: HashMap::from([(String::new(), at)]), ..SourceLayout::default() }
    }

    /// Notes where a part of the canonical tree, with all in it, comes from.
    pub(super) fn place(&mut self, canonical: String, source: String) {
        self.places.insert(canonical, source);
    }

    /// Notes which byte ranges of a text that we wrote come from where.
    pub(super) fn spans(&mut self, canonical: String, spans: Vec<(Range<usize>, String)>) {
        self.spans.insert(canonical, spans);
    }

    /// Takes over what another layout says about `from`, which stands at `to` here.
    pub(super) fn adopt(&mut self, other: &SourceLayout, from: &str, to: &str) {
        self.place(to.to_owned(), other.source(from));
        let below = |pointer: &str| {
            pointer.strip_prefix(from).filter(|rest| rest.starts_with('/')).map(|rest| format!("{to}{rest}"))
        };
        for (canonical, source) in &other.places {
            if let Some(canonical) = below(canonical) {
                self.places.insert(canonical, source.clone());
            }
        }
        for (canonical, spans) in &other.spans {
            if let Some(canonical) = below(canonical) {
                self.spans.insert(canonical, spans.clone());
            }
        }
    }

    /// The pointer into the text: that of the nearest part that moved, and the rest as it is.
    pub(in crate::plan) fn source(&self, canonical: &str) -> String {
        let mut head = canonical;
        loop {
            if let Some(source) = self.places.get(head) {
                let rest = canonical.get(head.len()..).unwrap_or_default();
                return format!("{source}{rest}");
            }
            match head.rsplit_once('/') {
                Some((parent, _)) => head = parent,
                None => return canonical.to_owned(),
            }
        }
    }

    /// Where the byte `offset` of a text comes from, when we wrote that text.
    pub(in crate::plan) fn source_in(&self, canonical: &str, offset: usize) -> Option<&str> {
        let spans = self.spans.get(canonical)?;
        // The end of the text belongs to its last part.
        let part = spans.iter().find(|(span, _)| offset < span.end).or(spans.last())?;
        Some(&part.1)
    }
}

//! The things that a command lists.

use super::cells::{tsv, value_at};
use serde_json::Value;

/// The things of a document that is a list or has one.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// The field of the document that has them; none where the document is the list.
    pub at: Option<&'static str>,
    /// The columns that people see first; all where there are none.
    pub shown: &'static [&'static str],
    /// All columns, by their names in the document, a dot before those of a mapping inside.
    pub columns: Vec<String>,
}

impl Rows {
    /// The things of a document; one that is no list is its only one.
    pub(super) fn of<'d>(&self, document: &'d Value) -> &'d [Value] {
        let list = self.at.and_then(|field| document.get(field)).unwrap_or(document);
        list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice)
    }

    /// The document as lines of tab-separated cells, the names of the columns first.
    pub(super) fn push_tsv(&self, text: &mut String, document: &Value) {
        let mut line = |cells: Vec<String>| text.push_str(&(cells.join("\t") + "\n"));
        line(self.columns.clone());
        for row in self.of(document) {
            line(self.columns.iter().map(|column| tsv(value_at(row, column))).collect());
        }
    }
}

//! Documents for people: a list as a table, a mapping as lines of names and values.

use super::cells::{cell, style};
use super::shown::{BOLD, PLAIN, Shown, Style};
use super::table::{Page, record, table};
use super::wrap::{wrap, wrapped};
use serde_json::Value;

/// A report: what a command did or found, laid out for a page.
#[derive(Debug, Clone)]
pub struct Report {
    shown: Shown,
    page: Page,
}

impl Report {
    /// An empty one.
    pub fn new(page: Page) -> Self {
        Report { shown: Shown::new(page.colours), page }
    }

    /// A document whose form no command has a report for. Lists of things have these columns; where none are
    /// known, those that the things have.
    pub fn of(document: &Value, columns: &[&str], page: Page) -> Self {
        Report::new(page).value(document, columns, "")
    }

    /// With a line.
    #[must_use]
    pub fn line(mut self, style: Style, text: &str) -> Self {
        for line in text.split('\n').flat_map(|line| wrapped(line, self.page.width)) {
            self.shown = self.shown.with(style, &line).with(PLAIN, "\n");
        }
        self
    }

    /// With a line that has a sign or a word before it; further lines of it stand below its text.
    #[must_use]
    pub fn item(mut self, (style, sign): (Style, &str), text: &str) -> Self {
        let text = wrap(text, &format!("{sign} "), self.page.width);
        self.shown = self.shown.with(style, sign).with(PLAIN, &format!(" {text}\n"));
        self
    }

    /// With a title over what follows, and a blank line before it where it is not the first.
    #[must_use]
    pub fn title(self, text: &str) -> Self {
        self.blank().line(BOLD, text)
    }

    /// With a blank line, where anything stands before it.
    #[must_use]
    pub fn blank(mut self) -> Self {
        if !self.shown.as_str().is_empty() {
            self.shown = self.shown.with(PLAIN, "\n");
        }
        self
    }

    /// With lines as they are, two columns in.
    #[must_use]
    pub fn verbatim<'l>(mut self, lines: impl Iterator<Item = &'l str>) -> Self {
        for line in lines {
            self.shown = self.shown.with(PLAIN, "  ").with(PLAIN, line).with(PLAIN, "\n");
        }
        self
    }

    /// With names and values, a line for each.
    #[must_use]
    pub fn record(mut self, values: &[(&str, &Value)]) -> Self {
        self.shown = record(self.shown, values, "", self.page);
        self
    }

    /// With rows as a table.
    #[must_use]
    pub fn table(mut self, rows: &[Value], columns: &[&str]) -> Self {
        self.shown = self.shown.and(table(rows, columns, self.page));
        self
    }

    /// With the things of a list as a table; nothing where it is none.
    #[must_use]
    pub fn rows(self, list: Option<&Value>, columns: &[&str]) -> Self {
        match list.and_then(Value::as_array) {
            Some(rows) => self.table(rows, columns),
            None => self,
        }
    }

    /// With a document as it is.
    #[must_use]
    pub fn document(self, document: &Value) -> Self {
        self.value(document, &[], "")
    }

    fn value(mut self, value: &Value, columns: &[&str], indent: &str) -> Self {
        let inner = format!("{indent}  ");
        match value {
            Value::Object(map) => {
                let simple = |value: &Value| match value {
                    Value::Object(map) => !map.values().any(|value| value.is_object() || value.is_array()),
                    Value::Array(items) => !items.iter().any(Value::is_object),
                    _ => true,
                };
                let (lines, nested): (Vec<_>, Vec<_>) = map.iter().partition(|(_, value)| simple(value));
                let lines: Vec<_> = lines.iter().map(|(name, value)| (name.as_str(), *value)).collect();
                self.shown = record(self.shown, &lines, indent, self.page);
                for (name, value) in nested {
                    if indent.is_empty() {
                        self = self.blank();
                    }
                    self.shown = self.shown.with(PLAIN, indent).with(BOLD, name).with(PLAIN, "\n");
                    self = self.value(value, columns, &inner);
                }
                self
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                let own = keys(items);
                let columns = if columns.iter().any(|name| own.contains(name)) { columns } else { &own };
                let width = self.page.width.map(|width| width.saturating_sub(indent.len()));
                let table = table(items, columns, Page { width, ..self.page });
                self.shown = self.shown.and(table.indented(indent));
                self
            }
            Value::Array(items) => {
                items.iter().fold(self, |report, item| report.value(item, columns, indent))
            }
            scalar => {
                self.shown = self.shown.with(PLAIN, indent).with(style("", scalar), &cell(scalar));
                self.shown = self.shown.with(PLAIN, "\n");
                self
            }
        }
    }
}

impl From<Report> for Shown {
    fn from(report: Report) -> Self {
        report.shown
    }
}

/// The fields of some things, in the order in which they come.
fn keys(items: &[Value]) -> Vec<&str> {
    let mut keys = Vec::new();
    for key in items.iter().filter_map(Value::as_object).flat_map(|map| map.keys()) {
        if !keys.contains(&key.as_str()) {
            keys.push(key.as_str());
        }
    }
    keys
}

//! How the writer writes.

use std::path::PathBuf;

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How errors are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ErrorFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// Text.
    Text,
    /// One JSON object.
    Json,
}

/// The form of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// For people on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// JSON.
    Json,
    /// One line for each element of an array.
    Jsonl,
    /// YAML: for plans to keep.
    Yaml,
    /// For people: a table of a list, a report of any other document.
    Table,
    /// A line for each thing of a list, with a line of column names before them.
    Tsv,
}

/// How the writer writes.
#[derive(Debug, Clone, Default)]
pub struct UiOptions {
    /// When to colour.
    pub color: ColorChoice,
    /// Whether `NO_COLOR` is set.
    pub no_color: bool,
    /// How errors are written.
    pub error_format: ErrorFormat,
    /// No status, summary or progress on stderr.
    pub quiet: bool,
    /// File for the document instead of stdout.
    pub output: Option<PathBuf>,
    /// The form of the document.
    pub format: Format,
    /// Columns of a text that goes to no terminal, where they are limited.
    pub columns: Option<usize>,
}

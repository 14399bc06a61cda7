//! The check against the schemas of the commands and what they really print.

mod corpus;
mod mutants;
mod rules;
mod sound;

use crate::commands::SCHEMAS;
use serde_json::Value;

/// A file of `tests/golden`.
fn golden(name: &str) -> String {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A line of a corpus: what the filter is run on, and the filter.
struct Case {
    schema: Value,
    document: Value,
    filter: String,
    /// The line as it stands in the file.
    line: String,
    /// What stands after the filter.
    more: Vec<String>,
}

/// The lines of a corpus: a file of `tests/golden/jq_check`. In front stands a file of
/// `tests/golden/outputs`, whose name begins with its schema's.
fn corpus(name: &str) -> Vec<Case> {
    let text = golden(&format!("jq_check/{name}"));
    let case = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        let (file, filter) = (parts.next().unwrap(), parts.next().expect(line));
        let schemas = SCHEMAS.names().filter(|name| file.starts_with(&name.replace(' ', "-")));
        let schema = schemas.max_by_key(|name| name.len()).expect(line);
        Case {
            schema: SCHEMAS.of(schema).expect(line),
            document: serde_json::from_str(&golden(&format!("outputs/{file}.json"))).expect(line),
            filter,
            line: line.to_owned(),
            more: parts.collect(),
        }
    };
    text.lines().map(case).collect()
}

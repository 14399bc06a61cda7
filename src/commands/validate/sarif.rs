//! SARIF 2.1.0 (OASIS): one run, with the rules that have findings.

use super::STDIN;
use super::placed::Placed;
use crate::explain::{Entry, Kind, entries};
use crate::plan::Severity;
use serde_json::{Map, Value, json};

/// Where the schema of the format is.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document.
pub(super) fn sarif(all: &[Placed<'_>]) -> Value {
    let mut codes: Vec<&str> = all.iter().map(|placed| placed.finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let explained = entries();
    let explained =
        |code: &&str| explained.iter().find(|entry| entry.kind == Kind::Finding && entry.code == *code);
    let rules: Vec<Value> = codes.iter().filter_map(explained).map(rule).collect();
    let results: Vec<Value> = all.iter().map(|placed| result(placed, &codes)).collect();
    let mut driver = Map::new();
    driver.insert("name".into(), "tdx-rt".into());
    driver.insert("semanticVersion".into(), env!("CARGO_PKG_VERSION").into());
    if let Some(address) = Some(env!("CARGO_PKG_REPOSITORY")).filter(|address| !address.is_empty()) {
        driver.insert("informationUri".into(), address.into());
    }
    driver.insert("rules".into(), rules.into());
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    })
}

/// A rule with what `explain` says of it.
fn rule(entry: &Entry) -> Value {
    let Entry { code, meaning, cause, what_to_do, commands, example, .. } = entry;
    let mut text = format!("{cause}.\n\nWhat to do: {what_to_do}.\n");
    let mut markdown = format!("{cause}.\n\n**What to do:** {what_to_do}.\n");
    if let Some(example) = example {
        for (title, plan) in [("With it", example.bad), ("Without it", example.good)] {
            let plan = plan.trim_end();
            text.push_str(&format!("\n{title}:\n\n{plan}\n"));
            markdown.push_str(&format!("\n{title}:\n\n```yaml\n{plan}\n```\n"));
        }
    }
    for command in *commands {
        text.push_str(&format!("\n{command}\n"));
        markdown.push_str(&format!("\n`{command}`\n"));
    }
    json!({
        "id": code,
        "shortDescription": {"text": meaning},
        "fullDescription": {"text": format!("{cause}.")},
        "help": {"text": text, "markdown": markdown},
    })
}

fn result(placed: &Placed<'_>, codes: &[&str]) -> Value {
    let finding = placed.finding;
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut physical = Map::new();
    physical.insert("artifactLocation".into(), artifact(placed.file.as_deref()));
    if let Some(line) = finding.line {
        let mut region = Map::new();
        region.insert("startLine".into(), line.into());
        region.extend(finding.column.map(|column| ("startColumn".to_owned(), column.into())));
        physical.insert("region".into(), region.into());
    }
    let mut location = Map::new();
    location.insert("physicalLocation".into(), physical.into());
    if !finding.path.is_empty() {
        location.insert("logicalLocations".into(), json!([{"fullyQualifiedName": finding.path}]));
    }
    json!({
        "ruleId": finding.code,
        "ruleIndex": codes.iter().position(|code| *code == finding.code),
        "level": level,
        "message": {"text": placed.sentence()},
        "locations": [location],
        "partialFingerprints": {"tdxRtFinding/v1": placed.fingerprint},
    })
}

/// A file below the root of the repository, as a URI reference.
fn artifact(file: Option<&str>) -> Value {
    let Some(file) = file else { return json!({"uri": STDIN}) };
    let uri = escaped(file);
    match file.starts_with('/') {
        true => json!({"uri": format!("file://{uri}")}),
        false => json!({"uri": uri, "uriBaseId": "%SRCROOT%"}),
    }
}

/// With what a URI's path cannot have as `%XX`.
fn escaped(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

//! Answers for people: a line for each item, and a table below it where the answer is a list.

use super::Bulk;
use crate::ui::shown::{GREEN, RED, YELLOW};
use crate::ui::{Report, cell, value_at};
use serde_json::Value;

/// An answer, as a line of JSON has it.
pub(super) fn answer<F>(answer: &Value, bulk: &Bulk<'_, F>, report: Report) -> Report {
    let name = cell(&(bulk.label)(value_at(answer, "input")));
    if let Value::String(message) = value_at(answer, "error.message") {
        return report.item((RED, "failed"), &format!("{name}: {message}"));
    }
    if let Value::String(note) = value_at(answer, "note") {
        return report.item((YELLOW, "-"), &format!("{name}: {note}"));
    }
    let ok = (GREEN, "ok");
    match (bulk.flat)(value_at(answer, "result")) {
        Value::Array(rows) if rows.is_empty() => report.item(ok, &format!("{name}: none")),
        rows @ Value::Array(_) if bulk.shown.is_empty() => report.item(ok, &name).document(&rows).blank(),
        Value::Array(rows) => report.item(ok, &name).table(&rows, bulk.shown).blank(),
        one => {
            let said = bulk.shown.iter().map(|column| (column, cell(value_at(&one, column))));
            let said =
                said.filter(|(_, text)| *text != name).map(|(column, text)| format!("{column} {text}"));
            report.item(ok, &format!("{name}: {}", said.collect::<Vec<_>>().join(", ")))
        }
    }
}

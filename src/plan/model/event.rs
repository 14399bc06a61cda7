//! Key events.

use crate::plan::criteria;
use crate::plan::keys;
use crate::plan::read::{Fields, Reader};
use crate::plan::wire_rule;
use crate::platform::pattern::Pattern;
use crate::platform::rule::{Operand, Operator, OperatorKind, Rule};
use crate::platform::wire::{EventTable, KeyEvent};
use serde_json::Value;

/// A key event of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Unique within the parent segment.
    pub name: String,
    /// The name that it had, for an item that is live under that one.
    pub renamed_from: Option<String>,
    /// Database of its table.
    pub database: String,
    /// Its table.
    pub table: String,
    /// Free text.
    pub description: Option<String>,
    /// Which of the table's events count.
    pub filter: Rule,
    /// Where it stands in the document (JSON pointer).
    pub at: String,
}

impl Event {
    /// The wire form, without an id.
    pub fn key_event(&self) -> KeyEvent {
        KeyEvent {
            id: None,
            name: self.name.clone(),
            database_name: self.database.clone(),
            table_name: self.table.clone(),
            description: self.description.clone(),
            filter_rule: self.filter.clone(),
        }
    }

    /// The table it comes from.
    pub fn event_table(&self) -> EventTable {
        EventTable::new(&*self.database, &*self.table)
    }

    /// The columns that its filter reads, each once, for a check against the table's schema.
    pub fn columns(&self) -> Vec<&str> {
        rule_columns(&self.filter)
    }

    pub(super) fn read(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<Event> {
        let fields = reader.fields(at, value, "an event", keys::of("events"))?;
        let name = fields.required_name(reader, "name", "an event");
        let renamed_from = fields.name(reader, "renamed_from");
        let table = read_table(reader, &fields);
        let description = fields.text(reader, "description");
        let filter = read_filter(reader, &fields, FILTER);
        let (database, table) = table?;
        Some(Event { name: name?, renamed_from, database, table, description, filter, at: at.to_owned() })
    }
}

/// `database` and `table`, or both in `table: "db.tbl"`.
fn read_table(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<(String, String)> {
    let table = fields.required_name(reader, "table", "an event");
    if let Some((database, table)) = table.as_deref().and_then(|table| table.split_once('.')) {
        match fields.name(reader, "database") {
            Some(other) if other != database => {
                let message = format!("the table says database '{database}', 'database' says '{other}'");
                reader.error("bad-table", &fields.at("table"), message);
            }
            _ => {}
        }
        if database.is_empty() || table.is_empty() || table.contains('.') {
            reader.error("bad-table", &fields.at("table"), "a table is written as database.table");
            return None;
        }
        return Some((database.to_owned(), table.to_owned()));
    }
    let database = fields.required_name(reader, "database", "an event");
    Some((database?, table?))
}

/// An event table without a key event: `database.table`, or a mapping of both.
pub(super) fn read_event_table(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<EventTable> {
    let Some(text) = value.as_str() else {
        let fields = reader.fields(at, value, "an event table", keys::of("event_tables"))?;
        let (database, table) = read_table(reader, &fields)?;
        return Some(EventTable::new(database, table));
    };
    match text.split_once('.') {
        Some((database, table)) if !database.is_empty() && !table.is_empty() && !table.contains('.') => {
            Some(EventTable::new(database, table))
        }
        _ => {
            reader.error("bad-table", at, "a table is written as database.table");
            None
        }
    }
}

/// The two keys that a filter may stand under: `filter` and `where`.
#[derive(Debug, Clone, Copy)]
pub(super) struct FilterKeys {
    pub(super) filter: &'static str,
    pub(super) criteria: &'static str,
}

/// The keys of a filter where nothing else could be meant.
pub(super) const FILTER: FilterKeys = FilterKeys { filter: "filter", criteria: "where" };

/// `filter` (one `{field, pattern}`, a list of them, criteria like `where`, or a rule as the wire has
/// it) and `where`, together as one rule. An error leaves out the part that is wrong, so that
/// reading goes on.
pub(super) fn read_filter(reader: &mut Reader<'_>, fields: &Fields<'_>, keys: FilterKeys) -> Rule {
    let mut rules = Vec::new();
    match fields.get(keys.filter) {
        None => {}
        Some(Value::Array(_)) => {
            for (at, item) in fields.items(reader, keys.filter) {
                rules.extend(read_pattern(reader, &at, item));
            }
        }
        Some(Value::String(_)) => rules.push(read_where(reader, fields, keys.filter)),
        // The wire's own form, for rules that the language has no words for.
        Some(rule) if rule.get("type").is_some() => {
            reader.take(wire_rule::check(rule, &fields.at(keys.filter)));
            reader.check_digits(&fields.at(keys.filter), rule);
            rules.push(Rule::from_json(rule));
        }
        Some(item) => rules.extend(read_pattern(reader, &fields.at(keys.filter), item)),
    }
    if fields.get(keys.criteria).is_some() {
        rules.push(read_where(reader, fields, keys.criteria));
    }
    criteria::canonical(&Rule::And(rules))
}

/// `{field: td_path, pattern: "^/product"}`. An empty mapping filters nothing.
fn read_pattern(reader: &mut Reader<'_>, at: &str, value: &Value) -> Option<Rule> {
    let fields = reader.fields(at, value, "a filter", keys::of("events.filter"))?;
    if value.as_object().is_some_and(serde_json::Map::is_empty) {
        return None;
    }
    let field = fields.required_name(reader, "field", "a filter");
    let pattern = match fields.get("pattern") {
        None => {
            fields.missing(reader, "pattern", "a filter");
            None
        }
        Some(_) => fields.text(reader, "pattern"),
    };
    let pattern = check_regex(reader, &fields.at("pattern"), pattern?)?;
    let operator = Operator::new(OperatorKind::Regexp, pattern.into());
    Some(Rule::Column { column: field?, operator })
}

/// A pattern that compiles.
pub(super) fn check_regex(reader: &mut Reader<'_>, at: &str, pattern: String) -> Option<String> {
    match Pattern::new(&pattern) {
        Ok(_) => Some(pattern),
        Err(why) => {
            reader.error("bad-regex", at, format!("the pattern '{pattern}' is not valid: {why}"));
            None
        }
    }
}

/// The columns that a rule reads, each once.
pub(super) fn rule_columns(rule: &Rule) -> Vec<&str> {
    let mut columns = Vec::new();
    for operand in rule.operands() {
        if let Operand::Column(column) = operand
            && !columns.contains(&column)
        {
            columns.push(column);
        }
    }
    columns
}

fn read_where(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Rule {
    super::read_criteria(reader, fields, key).map(|expr| expr.to_column_rule()).unwrap_or_default()
}

//! The tables of a seed.

use super::columns::Evidence;
use super::customers::{Customer, fitted, sample};
use super::form::{SeedDatabase, SeedTable};
use crate::platform::wire::{Column, EventTable};
use indexmap::IndexMap;
use serde_json::Value;
use serde_saphyr::{FlowMap, FlowSeq};
use std::collections::HashMap;

/// Tables with the columns that are needed, and their made-up records.
pub(super) struct Tables<'a> {
    /// Columns as the account has them.
    known: &'a HashMap<EventTable, Vec<Column>>,
    all: IndexMap<EventTable, TableContent>,
}

#[derive(Default)]
struct TableContent {
    /// Columns that the account does not have.
    needed: IndexMap<String, Evidence>,
    rows: Vec<Customer>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(known: &'a HashMap<EventTable, Vec<Column>>) -> Self {
        Tables { known, all: IndexMap::new() }
    }

    /// Whether the account has the table.
    pub(super) fn is_known(&self, table: &EventTable) -> bool {
        self.known.contains_key(table)
    }

    /// Whether the table has a column.
    pub(super) fn has(&self, table: &EventTable, column: &str) -> bool {
        let needed = self.all.get(table).is_some_and(|table| table.needed.contains_key(column));
        needed || self.schema(table).iter().any(|there| there.name == column)
    }

    fn schema(&self, table: &EventTable) -> &'a [Column] {
        self.known.get(table).map_or(&[], Vec::as_slice)
    }

    /// Adds a table.
    pub(super) fn add(&mut self, table: &EventTable) {
        self.all.entry(table.clone()).or_default();
    }

    /// Adds a column to a table, where it does not have it.
    pub(super) fn need(&mut self, table: &EventTable, column: &str, evidence: Evidence) {
        let exists = self.schema(table).iter().any(|there| there.name == column);
        let content = self.all.entry(table.clone()).or_default();
        if !exists && column != "time" {
            let known = content.needed.entry(column.to_owned()).or_default();
            *known = evidence.max(*known);
        }
    }

    /// The type of a column.
    fn kind(&self, table: &EventTable, column: &str) -> &str {
        let known = self.schema(table).iter().find(|there| there.name == column);
        let needed = || self.all.get(table)?.needed.get(column).map(|evidence| evidence.kind());
        known.map(|column| column.kind.as_str()).or_else(needed).unwrap_or("long")
    }

    /// A placeholder for a value.
    pub(super) fn sample(&self, table: &EventTable, column: &str, number: usize) -> Value {
        sample(self.kind(table, column), column, number)
    }

    /// Adds a record, with its values as the columns take them, and returns it.
    pub(super) fn push(&mut self, table: &EventTable, row: Customer) -> Customer {
        let row: Customer = row
            .into_iter()
            .map(|(name, value)| (name.clone(), fitted(self.kind(table, &name), &value)))
            .collect();
        self.all.entry(table.clone()).or_default().rows.push(row.clone());
        row
    }

    /// Adds a record of placeholders to a table that has none.
    pub(super) fn sample_row(&mut self, table: &EventTable) {
        let Some(content) = self.all.get(table).filter(|content| content.rows.is_empty()) else { return };
        let names = self.schema(table).iter().map(|column| &column.name).chain(content.needed.keys());
        let names: Vec<String> = names.filter(|name| *name != "time").cloned().collect();
        let row = names.into_iter().map(|name| (name.clone(), self.sample(table, &name, 1))).collect();
        self.push(table, row);
    }

    /// All tables by their databases.
    pub(super) fn databases(self) -> Vec<SeedDatabase> {
        let mut databases: IndexMap<String, Vec<SeedTable>> = IndexMap::new();
        for (table, content) in self.all {
            let schema = self.known.get(&table).map_or(&[][..], Vec::as_slice);
            let time = [vec!["time".to_owned(), "long".to_owned()]];
            let time = time.into_iter().filter(|_| schema.is_empty());
            let of_schema = schema.iter().map(|column| {
                let cells = [column.name.clone(), column.kind.clone()].into_iter();
                cells.chain(column.description.clone()).collect::<Vec<_>>()
            });
            let needed =
                content.needed.iter().map(|(name, evidence)| vec![name.clone(), evidence.kind().to_owned()]);
            let columns = time.chain(of_schema).chain(needed).map(FlowSeq).collect();
            let made = SeedTable {
                name: table.table,
                columns,
                rows: content.rows.into_iter().map(FlowMap).collect(),
            };
            databases.entry(table.database).or_default().push(made);
        }
        databases.into_iter().map(|(name, tables)| SeedDatabase { name, tables }).collect()
    }
}

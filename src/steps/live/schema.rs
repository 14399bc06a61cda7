//! The real columns of event tables: the platform accepts names that do not exist and then does
//! nothing, so they are checked first.

use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::nearest::{did_you_mean, nearest};
use crate::platform::wire::{Column, Database, EventTable, Table};
use crate::steps::all;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// The column that every table has, whether its schema lists it or not.
static TIME: LazyLock<Column> = LazyLock::new(|| Column {
    name: "time".to_owned(),
    kind: "long".to_owned(),
    alias: None,
    description: None,
});

/// Columns by table, and the tables that do not exist.
#[derive(Debug, Clone, Default)]
pub struct TableSchemas {
    columns: HashMap<EventTable, Vec<Column>>,
    missing: HashMap<EventTable, Missing>,
}

impl TableSchemas {
    /// Reads the given tables, each once. A table that does not exist is an error that names the
    /// nearest one.
    pub async fn load<'a>(
        client: &Client,
        tables: impl IntoIterator<Item = &'a EventTable> + Clone,
    ) -> Result<Self, Error> {
        let schemas = TableSchemas::look(client, tables.clone()).await?;
        tables.into_iter().try_for_each(|table| schemas.exists(table))?;
        Ok(schemas)
    }

    /// Reads the given tables, each once, and lists those that do not exist separately.
    pub async fn look<'a>(
        client: &Client,
        tables: impl IntoIterator<Item = &'a EventTable>,
    ) -> Result<Self, Error> {
        let mut schemas = TableSchemas::default();
        for (table, found) in read(client, tables).await? {
            match found {
                Some(columns) => drop(schemas.columns.insert(table, columns)),
                None => {
                    let missing = no_table(client, &table).await;
                    schemas.missing.insert(table, missing);
                }
            }
        }
        Ok(schemas)
    }

    /// The same, but tables that do not exist (any more) are left out: they were configured by others.
    pub async fn look_existing<'a>(
        client: &Client,
        tables: impl IntoIterator<Item = &'a EventTable>,
    ) -> Result<Self, Error> {
        let found = read(client, tables).await?.into_iter();
        let columns = found.filter_map(|(table, columns)| Some((table, columns?))).collect();
        Ok(TableSchemas { columns, ..TableSchemas::default() })
    }

    /// An error when a table was looked for and does not exist.
    pub fn exists(&self, table: &EventTable) -> Result<(), Error> {
        self.missing.get(table).map_or(Ok(()), |missing| Err(missing.error.clone()))
    }

    /// What is known of a table that was looked for and does not exist.
    pub fn missing(&self, table: &EventTable) -> Option<&Missing> {
        self.missing.get(table)
    }

    /// Whether a table was read.
    pub fn has(&self, table: &EventTable) -> bool {
        self.columns.contains_key(table)
    }

    /// The columns of a table that was read.
    pub fn columns(&self, table: &EventTable) -> &[Column] {
        self.columns.get(table).map_or(&[], Vec::as_slice)
    }

    /// A column of a table; an error that names the nearest one when it does not exist.
    pub fn column(&self, table: &EventTable, name: &str, wanted_by: &str) -> Result<&Column, Error> {
        let columns = self.columns(table);
        columns
            .iter()
            .chain(Some(&*TIME))
            .find(|column| column.name == name)
            .ok_or_else(|| unknown_column(name, &table.to_string(), wanted_by, columns.iter()))
    }

    /// Checks the columns of an event that is sent: those of the table, and what every event has.
    pub fn check_event<'n>(
        &self,
        table: &EventTable,
        mut names: impl Iterator<Item = &'n String>,
    ) -> Result<(), Error> {
        names.try_for_each(|name| match name.as_str() {
            "time" | "uuid" => Ok(()),
            name => self.column(table, name, "the event").map(drop),
        })
    }

    /// The value of a column of such an event, which is given as a string.
    pub fn value(&self, table: &EventTable, name: &str, text: &str) -> Result<Value, Error> {
        let column = self.column(table, name, "the event")?;
        if !column.is_number() {
            return Ok(text.into());
        }
        serde_json::from_str(text).map(Value::Number).map_err(|_| {
            let message = format!("the column '{name}' is a {}, and '{text}' is no number", column.kind);
            Error::new(Code::Usage, message)
        })
    }

    /// Checks that at least one of the tables has the column.
    pub fn anywhere(&self, name: &str, wanted_by: &str) -> Result<(), Error> {
        if name == TIME.name || self.columns.values().flatten().any(|column| column.name == name) {
            return Ok(());
        }
        let mut tables: Vec<_> = self.columns.keys().map(ToString::to_string).collect();
        tables.sort();
        let tables = if tables.is_empty() { "any event table".to_owned() } else { tables.join(", ") };
        Err(unknown_column(name, &tables, wanted_by, self.columns.values().flatten()))
    }

    /// Tables with text columns, without reading any.
    #[cfg(test)]
    pub fn of<'a>(tables: impl IntoIterator<Item = (EventTable, Vec<&'a str>)>) -> Self {
        let column = |name: &str| Column {
            name: name.to_owned(),
            kind: "string".to_owned(),
            alias: None,
            description: None,
        };
        let of =
            |(table, columns): (EventTable, Vec<&str>)| (table, columns.into_iter().map(column).collect());
        TableSchemas { columns: tables.into_iter().map(of).collect(), ..TableSchemas::default() }
    }

    /// Without one table, for a reason.
    #[cfg(test)]
    pub fn without(mut self, table: EventTable, missing: Missing) -> Self {
        self.missing.insert(table, missing);
        self
    }

    /// Adds what another load read.
    pub fn extend(&mut self, other: TableSchemas) {
        self.columns.extend(other.columns);
        self.missing.extend(other.missing);
    }
}

/// A table that does not exist.
#[derive(Debug, Clone)]
pub struct Missing {
    /// Whether its database does not exist either.
    pub database: bool,
    /// The error about it, with the nearest one.
    pub error: Error,
}

fn unknown_column<'a>(
    name: &str,
    tables: &str,
    wanted_by: &str,
    columns: impl Iterator<Item = &'a Column> + Clone,
) -> Error {
    let error =
        Error::new(Code::UnknownColumn, format!("{wanted_by}: there is no column '{name}' in {tables}"));
    let names: BTreeSet<&str> = columns.clone().map(|column| column.name.as_str()).collect();
    let near = did_you_mean(name, columns.map(|column| column.name.as_str()));
    error.hint(near.unwrap_or_else(|| match names.is_empty() {
        true => "the tables have no columns yet; check that events are being ingested".to_owned(),
        false => format!("it has: {}", names.into_iter().collect::<Vec<_>>().join(", ")),
    }))
}

/// Decodes a table's columns.
pub fn columns(table: &Table) -> Result<Vec<Column>, Error> {
    table.columns().map_err(|error| {
        let message = format!("the schema of table '{}' is not what the contract says: {error}", table.name);
        Error::new(Code::Server, message)
    })
}

/// The columns of these tables, each read once; `None` for one that does not exist.
async fn read<'a>(
    client: &Client,
    tables: impl IntoIterator<Item = &'a EventTable>,
) -> Result<Vec<(EventTable, Option<Vec<Column>>)>, Error> {
    let tables: BTreeSet<&EventTable> = tables.into_iter().collect();
    all(tables.into_iter().map(|table| async move {
        match client.table(&table.database, &table.table).await {
            Ok(found) => Ok((table.clone(), Some(columns(&found)?))),
            Err(error) if error.is_not_found() => Ok((table.clone(), None)),
            Err(error) => Err(error.into()),
        }
    }))
    .await
}

/// A table that its database lacks, with the nearest one that it has.
pub fn unknown_table(table: &EventTable, tables: &[Table]) -> Error {
    let error = Error::new(Code::NotFound, format!("there is no table {table}"));
    match nearest(&table.table, tables.iter().map(|t| t.name.as_str())) {
        Some(near) => error.hint(format!("did you mean {}.{near}?", table.database)),
        None => error.hint(format!("`tdx-rt discover tables {}` lists the tables", table.database)),
    }
}

async fn no_table(client: &Client, table: &EventTable) -> Missing {
    let error = Error::new(Code::NotFound, format!("there is no table {table}"));
    match client.tables(&table.database).await {
        Ok(tables) => Missing { database: false, error: unknown_table(table, &tables) },
        Err(_) => match client.databases().await {
            Ok(databases) => Missing { database: true, error: no_database(error, table, &databases) },
            Err(_) => Missing { database: false, error },
        },
    }
}

fn no_database(error: Error, table: &EventTable, databases: &[Database]) -> Error {
    match nearest(&table.database, databases.iter().map(|d| d.name.as_str())) {
        Some(near) => {
            error.hint(format!("there is no database '{}'; did you mean '{near}'?", table.database))
        }
        None => error.hint("`tdx-rt discover databases` lists the databases"),
    }
}

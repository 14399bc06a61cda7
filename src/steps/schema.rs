//! The real columns of event tables: the platform accepts names that do not exist and then does
//! nothing, so they are checked first.

use super::all;
use crate::api::Client;
use crate::error::{Code, Error};
use crate::plan::nearest::{meant, nearest};
use crate::platform::wire::{Column, Database, EventTable, Table};
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// The column that every table has, whether its schema lists it or not.
static TIME: LazyLock<Column> = LazyLock::new(|| Column {
    name: "time".to_owned(),
    kind: "long".to_owned(),
    alias: None,
    description: None,
});

/// Columns by table.
#[derive(Debug, Clone, Default)]
pub struct Schemas(HashMap<EventTable, Vec<Column>>);

impl Schemas {
    /// Reads the given tables, each once. A table that does not exist is an error that names the
    /// nearest one.
    pub async fn load<'a>(
        client: &Client,
        tables: impl IntoIterator<Item = &'a EventTable>,
    ) -> Result<Self, Error> {
        let tables: BTreeSet<&EventTable> = tables.into_iter().collect();
        let loaded = all(tables.into_iter().map(|table| async move {
            let columns = columns(&table_of(client, table).await?)?;
            Ok((table.clone(), columns))
        }))
        .await?;
        Ok(Schemas(loaded.into_iter().collect()))
    }

    /// Like [`Schemas::load`], but tables that do not exist (any more) are left out: what somebody
    /// else configured must not stop us.
    pub async fn load_existing<'a>(
        client: &Client,
        tables: impl IntoIterator<Item = &'a EventTable>,
    ) -> Result<Self, Error> {
        let tables: BTreeSet<&EventTable> = tables.into_iter().collect();
        let loaded = all(tables.into_iter().map(|table| async move {
            match client.table(&table.database, &table.table).await {
                Ok(found) => Ok(Some((table.clone(), columns(&found)?))),
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => Err(error.into()),
            }
        }))
        .await?;
        Ok(Schemas(loaded.into_iter().flatten().collect()))
    }

    /// Reads the given tables, each once, and tells those that do not exist apart.
    pub async fn look<'a>(
        client: &Client,
        tables: impl IntoIterator<Item = &'a EventTable>,
    ) -> Result<(Self, HashMap<EventTable, Missing>), Error> {
        let tables: BTreeSet<&EventTable> = tables.into_iter().collect();
        let looked = all(tables.into_iter().map(|table| async move {
            match client.table(&table.database, &table.table).await {
                Ok(found) => Ok((table.clone(), Ok(columns(&found)?))),
                Err(error) if error.is_not_found() => Ok((table.clone(), Err(no_table(client, table).await))),
                Err(error) => Err(error.into()),
            }
        }))
        .await?;
        let (mut schemas, mut missing) = (Schemas::default(), HashMap::new());
        for (table, found) in looked {
            match found {
                Ok(columns) => drop(schemas.0.insert(table, columns)),
                Err(why) => drop(missing.insert(table, why)),
            }
        }
        Ok((schemas, missing))
    }

    /// Whether a table was read.
    pub fn has(&self, table: &EventTable) -> bool {
        self.0.contains_key(table)
    }

    /// The columns of a table that was read.
    pub fn columns(&self, table: &EventTable) -> &[Column] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }

    /// A column of a table; an error that names the nearest one when it is not there.
    pub fn column(&self, table: &EventTable, name: &str, wanted_by: &str) -> Result<&Column, Error> {
        let columns = self.columns(table);
        columns
            .iter()
            .chain(Some(&*TIME))
            .find(|column| column.name == name)
            .ok_or_else(|| unknown_column(name, &table.to_string(), wanted_by, columns.iter()))
    }

    /// Checks that at least one of the tables has the column.
    pub fn anywhere(&self, name: &str, wanted_by: &str) -> Result<(), Error> {
        if name == TIME.name || self.0.values().flatten().any(|column| column.name == name) {
            return Ok(());
        }
        let mut tables: Vec<_> = self.0.keys().map(ToString::to_string).collect();
        tables.sort();
        let tables = if tables.is_empty() { "any event table".to_owned() } else { tables.join(", ") };
        Err(unknown_column(name, &tables, wanted_by, self.0.values().flatten()))
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
        Schemas(tables.into_iter().map(of).collect())
    }

    /// Adds what another load read.
    pub fn extend(&mut self, other: Schemas) {
        self.0.extend(other.0);
    }
}

/// A table that does not exist.
#[derive(Debug, Clone)]
pub struct Missing {
    /// Whether its database does not exist either.
    pub database: bool,
    /// What is said of it, with the nearest one.
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
    match nearest(name, columns.clone().map(|column| column.name.as_str())) {
        Some(near) => error.hint(meant(name, near)),
        None => {
            let mut names: Vec<_> = columns.map(|column| column.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            match names.is_empty() {
                true => error.hint("the tables have no columns yet; check that events are being ingested"),
                false => error.hint(format!("it has: {}", names.join(", "))),
            }
        }
    }
}

/// Decodes a table's columns.
pub fn columns(table: &Table) -> Result<Vec<Column>, Error> {
    table.columns().map_err(|error| {
        let message = format!("the schema of table '{}' is not what the contract says: {error}", table.name);
        Error::new(Code::Server, message)
    })
}

/// Reads a table; when it does not exist, says which one is near.
async fn table_of(client: &Client, table: &EventTable) -> Result<Table, Error> {
    match client.table(&table.database, &table.table).await {
        Ok(found) => Ok(found),
        Err(error) if error.is_not_found() => Err(no_table(client, table).await.error),
        Err(error) => Err(error.into()),
    }
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

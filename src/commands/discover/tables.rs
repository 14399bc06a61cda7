//! The tables that a pattern names.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::plan::nearest::did_you_mean;
use crate::plan::presets::is_event_like;
use crate::platform::wire::{EventTable, Table};
use crate::steps::all;
use crate::steps::live::unknown_table;
use regex::Regex;

/// A table with its database, columns and likeness to an event table.
pub(super) struct Found {
    pub(super) database: String,
    pub(super) table: Table,
    pub(super) rank: Option<usize>,
}

/// The tables that a pattern names; without one, those of the default database.
pub(super) async fn find_tables(ctx: &Context, pattern: Option<&str>) -> Result<Vec<Found>, Error> {
    let client = ctx.client()?;
    let default = ctx.settings()?.database.as_ref().map(|database| database.value.as_str());
    let Some(pattern) = pattern.or(default) else {
        return Err(Error::new(Code::Usage, "no database is named")
            .hint("pass DB or \"DB.*\"; `tdx-rt discover databases` lists them"));
    };
    let (database, table) = pattern.split_once('.').unwrap_or((pattern, "*"));
    let one_database = !database.contains(['*', '?']);
    let databases: Vec<String> = if one_database {
        vec![database.to_owned()]
    } else {
        let glob = glob(database)?;
        let names = client.databases().await?.into_iter().map(|db| db.name);
        names.filter(|name| glob.is_match(name)).collect()
    };
    let glob = &glob(table)?;
    let found = all(databases.into_iter().map(|database| async move {
        let tables = match client.tables(&database).await {
            Ok(tables) => tables,
            Err(error) if error.is_not_found() => return Err(no_database(ctx, &database).await),
            Err(error) => return Err(error.into()),
        };
        if one_database && !table.contains(['*', '?']) && !tables.iter().any(|there| there.name == table) {
            let wanted = EventTable::new(database, table);
            return Err(unknown_table(&wanted, &tables));
        }
        let fitting = tables.into_iter().filter(|table| glob.is_match(&table.name));
        let with =
            |table: Table| Found { rank: is_event_like(&table.name), database: database.clone(), table };
        Ok(fitting.map(with).collect::<Vec<_>>())
    }))
    .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn no_database(ctx: &Context, wanted: &str) -> Error {
    let error = Error::new(Code::NotFound, format!("there is no database '{wanted}'"));
    let Ok(client) = ctx.client() else { return error };
    let all = client.databases().await.unwrap_or_default();
    let near = did_you_mean(wanted, all.iter().map(|db| db.name.as_str()));
    error.hint(near.unwrap_or_else(|| "`tdx-rt discover databases` lists the databases".to_owned()))
}

/// `*` is any characters, `?` one character, everything else itself.
fn glob(pattern: &str) -> Result<Regex, Error> {
    let pattern = regex::escape(pattern).replace(r"\*", ".*").replace(r"\?", ".");
    Regex::new(&format!("^(?:{pattern})$"))
        .map_err(|error| Error::new(Code::Usage, format!("the pattern is not valid: {error}")))
}

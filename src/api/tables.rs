//! Databases and tables (TD API v3).

use super::{ApiError, Call, Client, Host, Path};
use crate::platform::wire::{Database, DatabaseList, Table, TableList};

impl Client {
    /// All databases that the key may see.
    pub async fn databases(&self) -> Result<Vec<Database>, ApiError> {
        let list: DatabaseList =
            self.fetch(Call::get(Host::Td, Path::of(&["v3", "database", "list"]))).await?;
        Ok(list.databases)
    }

    /// The tables of a database, with their schemas.
    pub async fn tables(&self, database: &str) -> Result<Vec<Table>, ApiError> {
        let call = Call::get(Host::Td, Path::of(&["v3", "table", "list", database]));
        Ok(self.fetch::<TableList>(call).await?.tables)
    }

    /// One table with its schema; its columns' descriptions come only where they are asked for.
    pub async fn table(&self, database: &str, table: &str) -> Result<Table, ApiError> {
        let call = Call::get(Host::Td, Path::of(&["v3", "table", "show", database, table]));
        self.fetch(call.query("include_descriptions", "true")).await
    }
}

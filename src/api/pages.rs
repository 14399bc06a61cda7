//! Listings, followed to their end.

use super::{ApiError, Call, Client, Failure, Host, Path};
use crate::platform::limits::PAGE_SIZE_MAX;
use crate::platform::wire::Page;
use serde::de::DeserializeOwned;
use std::collections::HashSet;

impl Client {
    /// Every item of a paginated listing. A listing that leads back to a page it has shown before,
    /// or away from the platform's paths, is an error rather than an endless loop.
    pub(super) async fn all<T: DeserializeOwned>(&self, path: Path) -> Result<Vec<T>, ApiError> {
        let mut items = Vec::new();
        let mut seen = HashSet::new();
        let mut call = Call::get(Host::Cdp, path).query("page[size]", PAGE_SIZE_MAX.to_string());
        loop {
            let operation = call.operation();
            let page: Page<T> = self.send(call).await?;
            items.extend(page.data);
            let Some(next) = page.pagination.next_page.filter(|next| !next.is_empty()) else {
                return Ok(items);
            };
            if !next.starts_with('/') || next.starts_with("//") || !seen.insert(next.clone()) {
                let message = format!("{operation}: the listing's next page '{next}' leads nowhere new");
                return Err(ApiError::local(Failure::Unreadable, message));
            }
            call = Call { path: next, query: Vec::new(), ..Call::get(Host::Cdp, Path::of(&[])) };
        }
    }
}

/// Some answers stand in a `data` field, some don't; both are read.
pub(super) fn unwrap_data(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(mut map) if map.get("data").is_some_and(|data| data.is_object()) => {
            map.remove("data").unwrap_or_default()
        }
        other => other,
    }
}

/// Reads an answer that may stand in a `data` field.
pub(super) fn read<T: DeserializeOwned>(operation: &str, value: serde_json::Value) -> Result<T, ApiError> {
    serde_json::from_value(unwrap_data(value)).map_err(|error| {
        let message = format!("{operation}: the answer is not what the contract says: {error}");
        ApiError::local(Failure::Unreadable, message)
    })
}

//! Listings, followed to their end.

use super::lenient::{Operation, id_text, items, read, read_all, read_named, unreadable};
use super::{ApiError, Call, Client, Host, Path};
use crate::platform::limits::PAGE_SIZE_MAX;
use crate::platform::wire::Pagination;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashSet;

impl Client {
    /// Every item of a listing, paginated or not. A listing that leads back to a page it has shown
    /// before, away from the platform's paths, or on beyond the limits, is an error rather than an endless
    /// loop.
    pub(super) async fn all<T: DeserializeOwned>(&self, path: Path) -> Result<Vec<T>, ApiError> {
        let mut all = Vec::new();
        let mut seen = HashSet::new();
        let (limits, mut bytes) = (self.limits(), 0);
        let mut call = Call::get(Host::Cdp, path).query("page[size]", PAGE_SIZE_MAX.to_string());
        loop {
            let operation = self.operation(&call);
            let (answer, size): (Value, usize) = self.send_sized(call).await?;
            bytes = size.saturating_add(bytes);
            let pagination = answer.get("pagination").filter(|pagination| !pagination.is_null()).cloned();
            all.extend(read_named::<T>(&operation, items(&operation, answer)?)?);
            let next = match pagination {
                Some(pagination) => read::<Pagination>(&operation, pagination)?.next_page,
                None => None,
            };
            let Some(next) = next.filter(|next| !next.is_empty()) else { return Ok(all) };
            if !next.starts_with('/') || next.starts_with("//") || !seen.insert(next.clone()) {
                let why = format!("the listing's next page '{next}' leads nowhere new");
                return Err(unreadable(&operation, &why));
            }
            if seen.len() >= limits.pages || bytes > limits.bytes {
                let (pages, size) = (limits.pages, limits.bytes >> 20);
                let why =
                    format!("the listing goes on after {pages} pages or {size} MiB, and is not read on");
                return Err(unreadable(&operation, &why));
            }
            call = Call { path: next, query: Vec::new(), ..Call::get(Host::Cdp, Path::of(&[])) };
        }
    }

    /// Every item of a listing that has no pages.
    pub(super) async fn list<T: DeserializeOwned>(&self, call: Call) -> Result<Vec<T>, ApiError> {
        let operation = self.operation(&call);
        read_all(&operation, items(&operation, self.send(call).await?)?)
    }

    /// Reads one thing.
    pub(super) async fn fetch<T: DeserializeOwned>(&self, call: Call) -> Result<T, ApiError> {
        let operation = self.operation(&call);
        read_one(&operation, self.send(call).await?)
    }
}

/// Some answers stand in a `data` field, some don't; both are read.
pub(super) fn unwrap_data(value: Value) -> Value {
    match value {
        Value::Object(mut map) if map.get("data").is_some_and(|data| data.is_object()) => {
            map.remove("data").unwrap_or_default()
        }
        other => other,
    }
}

/// Reads an answer that may stand in a `data` field.
pub(super) fn read_one<T: DeserializeOwned>(operation: &Operation, value: Value) -> Result<T, ApiError> {
    read(operation, unwrap_data(value))
}

/// Reads the answer to a create. Only the id is needed of it: `sent` is what it says otherwise.
pub(super) fn read_made<T: DeserializeOwned>(
    operation: &Operation,
    answer: Value,
    sent: impl FnOnce(String) -> T,
) -> Result<T, ApiError> {
    let id = unwrap_data(answer.clone()).get("id").and_then(id_text);
    match (read_one(operation, answer), id) {
        (Err(_), Some(id)) => Ok(sent(id)),
        (read, _) => read,
    }
}

//! Pages of listings.

use super::call::RouteCall;
use super::render::{Answer, json};
use crate::platform::limits::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use crate::sandbox::refusal::{Reason, Refusal};
use serde_json::Value;
use std::fmt::Write as _;

impl RouteCall {
    /// The page that the query asks for. Sizes outside 1 to 1,000 are refused (the contract's
    /// bounds; what the platform does beyond them is not documented).
    pub fn page(&self) -> Result<PageRequest<'_>, Refusal> {
        let size = match self.query("page[size]") {
            None => PAGE_SIZE_DEFAULT,
            Some(text) => {
                text.parse().ok().filter(|size| (1..=PAGE_SIZE_MAX).contains(size)).ok_or_else(|| {
                    Refusal::bad_request(
                        Reason::PageSizeInvalid,
                        format!("page[size] must be a number from 1 to {PAGE_SIZE_MAX}"),
                    )
                })?
            }
        };
        Ok(PageRequest { call: self, size })
    }
}

/// A page that a query asks for.
#[derive(Debug)]
pub struct PageRequest<'a> {
    call: &'a RouteCall,
    size: usize,
}

/// The sort keys of a listing.
#[derive(Debug, Clone)]
pub struct SortKeys<'a> {
    /// Id, digits as a string.
    pub id: &'a str,
    /// Display name.
    pub name: &'a str,
    /// Milliseconds since the epoch.
    pub created: i64,
    /// Milliseconds since the epoch.
    pub updated: i64,
}

impl PageRequest<'_> {
    /// Sorts, selects the page and renders it. `page[after]` is the last id of the page before.
    pub fn cut<'i, T>(
        &self,
        mut items: Vec<&'i T>,
        keys: impl Fn(&'i T) -> SortKeys<'i>,
        render: impl Fn(&'i T) -> Value,
    ) -> Answer {
        sort(&mut items, self.call.query("sorted_by").unwrap_or("id:asc"), &keys)?;
        let start = match self.call.query("page[after]") {
            None => 0,
            Some(after) => match items.iter().position(|item| keys(item).id == after) {
                Some(index) => index.saturating_add(1),
                None => {
                    return Err(Refusal::bad_request(
                        Reason::PageCursorUnknown,
                        "page[after] is no cursor of this listing",
                    ));
                }
            },
        };
        let behind = items.get(start..).unwrap_or_default();
        let (page, rest) = behind.split_at_checked(self.size).unwrap_or((behind, &[]));
        let last = page.last().filter(|_| !rest.is_empty()).map(|item| keys(item).id);
        let data: Vec<Value> = page.iter().map(|item| render(item)).collect();
        let next = last.map(|id| self.next_page(id));
        json(&serde_json::json!({"data": data, "pagination": {"nextPage": next}}))
    }

    /// Path and query of the page after `last`, with this query's other parameters.
    fn next_page(&self, last: &str) -> String {
        let size = self.size.to_string();
        let others = self.call.queries().iter().filter(|(name, _)| !name.starts_with("page["));
        let mut target = format!("{}?", self.call.uri.path());
        for (name, value) in others.map(|(n, v)| (n.as_str(), v.as_str())) {
            let _ = write!(target, "{}={}&", encode(name), encode(value));
        }
        let _ = write!(target, "{}={size}&{}={}", encode("page[size]"), encode("page[after]"), encode(last));
        target
    }
}

fn sort<'i, T>(
    items: &mut [&'i T],
    order: &str,
    keys: &impl Fn(&'i T) -> SortKeys<'i>,
) -> Result<(), Refusal> {
    let (field, direction) = order.split_once(':').unwrap_or((order, "asc"));
    let number = |id: &str| id.parse::<u64>().unwrap_or(u64::MAX);
    match field {
        "id" => items.sort_by_key(|item| number(keys(item).id)),
        "name" => items.sort_by(|a, b| keys(a).name.cmp(keys(b).name)),
        "createdAt" | "created_at" => items.sort_by_key(|item| keys(item).created),
        "updatedAt" | "updated_at" => items.sort_by_key(|item| keys(item).updated),
        _ => {
            return Err(Refusal::bad_request(
                Reason::SortFieldUnknown,
                format!("sorted_by does not know the field '{field}'"),
            ));
        }
    }
    match direction {
        "asc" => {}
        "desc" => items.reverse(),
        _ => {
            return Err(Refusal::bad_request(
                Reason::SortOrderUnknown,
                "sorted_by must be <field>:asc or <field>:desc",
            ));
        }
    }
    Ok(())
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String never fails.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
